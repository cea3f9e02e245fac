//! `#[derive(Context)]`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Error, Fields, GenericArgument, PathArguments, Result, Type};

pub(crate) fn derive(input: &DeriveInput) -> Result<TokenStream> {
    let Data::Struct(data) = &input.data else {
        return Err(Error::new_spanned(input, "a context is a struct"));
    };
    let Fields::Named(fields) = &data.fields else {
        return Err(Error::new_spanned(&data.fields, "the fields of a context have names"));
    };
    let name = &input.ident;
    let (impl_generics, type_generics, bounds) = input.generics.split_for_impl();
    let entries = fields.named.iter().map(|field| {
        let field_name = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
        if let Some(inner) = element(&field.ty) {
            quote!((#field_name, Some(<#inner as crate::template::Context>::SCHEMA)))
        } else {
            quote!((#field_name, None))
        }
    });
    Ok(quote! {
        impl #impl_generics crate::template::Context for #name #type_generics #bounds {
            const SCHEMA: crate::template::Schema = crate::template::Schema(&[#(#entries),*]);
        }
    })
}

/// The struct in a field: `T` of `T`, `Vec<T>` and `Option<T>`, unless it is a plain value.
fn element(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last()?;
    match last.ident.to_string().as_str() {
        "Vec" | "Option" => {
            let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
            arguments.args.iter().find_map(|argument| match argument {
                GenericArgument::Type(inner) => element(inner),
                _ => None,
            })
        }
        "String" | "bool" | "usize" | "str" => None,
        _ => Some(ty),
    }
}
