//! `#[derive(Template)]`.

use std::path::PathBuf;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, Error, LitStr, Result};

use crate::uses::uses;

pub(crate) fn derive(input: &DeriveInput) -> Result<TokenStream> {
    let attribute = input.attrs.iter().find(|attribute| attribute.path().is_ident("template"));
    let attribute = attribute.ok_or_else(|| Error::new_spanned(input, "add `#[template(\"path/of/the.hbs\")]`"))?;
    let path: LitStr = attribute.parse_args()?;
    let relative = path.value();
    let file = workspace().join(&relative);
    let text =
        std::fs::read_to_string(&file).map_err(|error| Error::new(path.span(), format!("{relative}: {error}")))?;
    let uses = uses(&text).map_err(|wrong| {
        Error::new(path.span(), format!("{relative}:{}:{}: {}", wrong.line, wrong.column, wrong.message))
    })?;
    let name = &input.ident;
    let checks = uses.into_iter().map(|used| {
        let fields = &used.fields;
        let message = format!("{relative}:{}:{}: `{}` is no field of {name}", used.line, used.column, fields.join("."));
        quote! {
            const _: () = assert!(<#name as crate::template::Context>::SCHEMA.has(&[#(#fields),*]), #message);
        }
    });
    let absolute = file.to_string_lossy().into_owned();
    Ok(quote! {
        impl crate::template::Template for #name {
            const PATH: &'static str = #relative;
            // Embedding it also makes the compiler look at it again when it changes.
            const TEXT: &'static str = include_str!(#absolute);
        }
        #(#checks)*
    })
}

/// The crate that derives stands one folder below the root of the workspace.
fn workspace() -> PathBuf {
    let manifest = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default();
    let mut path = PathBuf::from(manifest);
    path.pop();
    path
}
