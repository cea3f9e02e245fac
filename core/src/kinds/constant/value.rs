//! Values of constants.

use crate::go::{number_expression, string, unquote};
use crate::name::{is_free_name, is_predeclared};

/// A value as it is written into code, if it is one that compiles: a string, a number, a span of time, true or false, or
/// strings and other constants put together.
pub(super) fn value(text: &str, ty: Option<&str>) -> Option<String> {
    let is_bool = matches!(text, "true" | "false");
    let number = || number_expression(text);
    match ty {
        Some("string") => joined(text),
        Some("bool") => is_bool.then(|| text.to_owned()),
        Some("error" | "any" | "comparable") => None,
        Some("float32" | "float64") => number(),
        Some(ty) if is_predeclared(ty) => {
            number().filter(|number| !(number.contains('.') || number.starts_with('-') && ty.starts_with('u')))
        }
        _ if is_bool => Some(text.to_owned()),
        _ => number().or_else(|| duration(text)).or_else(|| joined(text)),
    }
}

/// The other constants that a value is put together from: those of `prefix + "/" + name`.
pub(super) fn names(value: &str) -> impl Iterator<Item = &str> {
    parts(value).into_iter().filter(|part| is_name(part))
}

/// A span of time as gofmt writes it, `30 * time.Second`, if a text is one.
pub(super) fn duration(text: &str) -> Option<String> {
    const UNITS: &[&str] = &["Nanosecond", "Microsecond", "Millisecond", "Second", "Minute", "Hour"];
    let is_unit = |text: &str| text.strip_prefix("time.").is_some_and(|unit| UNITS.contains(&unit));
    let is_number = |text: &str| !text.contains(' ') && number_expression(text).is_some_and(|known| known == text);
    match text.split_once('*').map(|(one, other)| (one.trim(), other.trim())) {
        Some((one, other)) => {
            (is_number(one) && is_unit(other) || is_unit(one) && is_number(other)).then(|| format!("{one} * {other}"))
        }
        None => is_unit(text).then(|| text.to_owned()),
    }
}

/// A string, a constant of the package, or several of them with `+` between, as gofmt writes it.
fn joined(text: &str) -> Option<String> {
    let parts = parts(text);
    parts.iter().all(|part| is_string(part) || is_name(part)).then(|| parts.join(" + "))
}

/// What stands between the `+` of an expression.
fn parts(text: &str) -> Vec<&str> {
    let (mut parts, mut start, mut in_string) = (Vec::new(), 0, false);
    for (at, c) in text.char_indices() {
        match c {
            '"' => in_string = !in_string,
            '+' if !in_string => {
                parts.push(text[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(text[start..].trim());
    parts
}

fn is_string(text: &str) -> bool {
    text.len() > 1 && text.starts_with('"') && text.ends_with('"') && string(&unquote(text)) == text
}

fn is_name(text: &str) -> bool {
    is_free_name(text)
}
