//! Checks Handlebars templates against their contexts when the project is compiled.
//!
//! `#[derive(Context)]` gives a struct its schema: the names of its fields, and the schemas of the
//! structs in them. `#[derive(Template)]` with `#[template("path/of/the.hbs")]` parses the template
//! with Handlebars' own parser, embeds it, and lets the compiler prove that every variable in it
//! names a field. The error says which line of the template is wrong.

mod context;
mod template;
mod uses;

use proc_macro::TokenStream;

/// Derives the schema of a context: `Context::SCHEMA`.
#[proc_macro_derive(Context)]
pub fn derive_context(input: TokenStream) -> TokenStream {
    finish(syn::parse(input).and_then(|input| context::derive(&input)))
}

/// Derives `Template` for a context: its path, its text, and the check of one against the other.
/// The path is relative to the root of the workspace.
#[proc_macro_derive(Template, attributes(template))]
pub fn derive_template(input: TokenStream) -> TokenStream {
    finish(syn::parse(input).and_then(|input| template::derive(&input)))
}

fn finish(result: syn::Result<proc_macro2::TokenStream>) -> TokenStream {
    result.unwrap_or_else(|error| error.to_compile_error()).into()
}
