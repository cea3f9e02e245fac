//! Templates: Handlebars files under `scaffolds/`, each with a struct that is its context.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use handlebars::{Handlebars, no_escape};
use serde::Serialize;

pub use kubevirt_scaffold_macros::{Context, Template};

/// The names that a template may use.
#[derive(Clone, Copy, Debug)]
pub struct Schema(pub &'static [(&'static str, Option<Schema>)]);

impl Schema {
    /// Whether `fields` lead from the top to a value.
    pub const fn has(&self, fields: &[&str]) -> bool {
        // A loop over a list of strings uses `this` in it: no field more.
        let Some((first, rest)) = fields.split_first() else { return true };
        let mut at = 0;
        while at < self.0.len() {
            let (name, inner) = &self.0[at];
            if same(name, first) {
                return match inner {
                    Some(schema) => schema.has(rest),
                    None => rest.is_empty(),
                };
            }
            at += 1;
        }
        false
    }
}

/// `==` of strings, in a constant.
const fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut at = 0;
    while at < a.len() && at < b.len() && a[at] == b[at] {
        at += 1;
    }
    at == a.len() && at == b.len()
}

/// What a template is rendered with. Derive it.
pub trait Context: Serialize {
    /// The names in it.
    const SCHEMA: Schema;
}

/// A context that knows its template. Derive it.
pub trait Template: Context + Sized {
    /// Where the template stands, from the root of this project.
    const PATH: &'static str;
    /// The template.
    const TEXT: &'static str;
    /// Both.
    const FILE: Text = Text(Self::PATH, Self::TEXT);
}

/// A template's path and text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Text(pub &'static str, pub &'static str);

/// Fills templates in, strictly and without escaping. Each is read when it is first rendered: a run needs some of them.
pub struct Renderer {
    registry: Mutex<Handlebars<'static>>,
}

impl Default for Renderer {
    fn default() -> Self {
        let mut registry = Handlebars::new();
        registry.set_strict_mode(true);
        registry.register_escape_fn(no_escape);
        Self { registry: Mutex::new(registry) }
    }
}

impl Renderer {
    /// The template of a context, filled in with it.
    pub fn render<T: Template>(&self, context: &T) -> Result<String, RenderError> {
        let mut registry = self.registry.lock().unwrap_or_else(PoisonError::into_inner);
        let failed = |message: String| RenderError { template: T::PATH, message };
        if !registry.has_template(T::PATH) {
            let template = handlebars::Template::compile_with_name(T::TEXT, T::PATH.to_owned());
            registry.register_template(T::PATH, template.map_err(|error| failed(error.to_string()))?);
        }
        registry.render(T::PATH, context).map_err(|error| failed(error.to_string()))
    }
}

/// A template that could not be filled in: a bug, since compiling checks every name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RenderError {
    /// The template.
    pub template: &'static str,
    /// What Handlebars says.
    pub message: String,
}

impl fmt::Display for RenderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.template, self.message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schema_follows_fields_through_lists() {
        const INNER: Schema = Schema(&[("b", None)]);
        const OUTER: Schema = Schema(&[("a", Some(INNER)), ("ab", None)]);
        assert!(OUTER.has(&["a"]) && OUTER.has(&["a", "b"]) && OUTER.has(&["ab"]) && OUTER.has(&[]));
        assert!(!OUTER.has(&["b"]) && !OUTER.has(&["a", "c"]) && !OUTER.has(&["ab", "c"]));
    }
}
