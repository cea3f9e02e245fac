//! The list that a metric joins: a literal, or what a call of `append` adds for a collector.

use super::component::Place;
use crate::go::{AnchorError, DeclKind, SyntaxError, Target, Value};
use crate::text::{Span, TextEdit, indentation, line_start};

/// The type of the lists that are registered or collected.
pub(super) const LIST: &str = "[]operatormetrics.Metric";

/// A list of metrics.
pub(super) struct Entries {
    /// The literal; nothing if a call adds them.
    list: Option<Value>,
    /// Its elements, or the arguments of the call.
    elements: Vec<Span>,
}

/// The variable that a value of a file is given to.
pub(super) fn variable_of(target: &Target<'_>, body: Span) -> Option<String> {
    let mut vars = target.file.decls.iter().filter(|decl| decl.kind == DeclKind::Var);
    let own = vars.find(|decl| decl.span.start < body.start && body.end <= decl.span.end)?;
    Some(own.names.iter().rfind(|name| name.span.start < body.start)?.text.clone())
}

/// The list of a collector or variable; nothing if the file has none that is written down.
pub(super) fn named(target: &Target<'_>, name: &str) -> Result<Option<Entries>, SyntaxError> {
    let is_named = |value: &Value| variable_of(target, value.body).as_deref() == Some(name);
    let literal = |list: &Value| Entries {
        elements: list.elements.iter().map(|element| element.span).collect(),
        list: Some(list.clone()),
    };
    if let Some(collector) = target.values_of("operatormetrics.Collector")?.iter().find(|value| is_named(value)) {
        if let Some(list) = collector.field("Metrics") {
            return Ok(Some(literal(list)));
        }
        let metrics = collector.elements.iter().find(|element| element.key.as_deref() == Some("Metrics"));
        return Ok(metrics.and_then(|element| appended(target, element.span)));
    }
    Ok(target.values_of(LIST)?.iter().find(|value| is_named(value)).map(literal))
}

/// The only list of a file.
pub(super) fn only(target: &Target<'_>) -> Result<Option<Entries>, SyntaxError> {
    let lists = target.values_of(LIST)?;
    let [list] = lists.as_slice() else { return Ok(None) };
    let elements = list.elements.iter().map(|element| element.span).collect();
    Ok(Some(Entries { list: Some(list.clone()), elements }))
}

/// What `Metrics: append(more, a, b)` adds: `a` and `b`.
fn appended(target: &Target<'_>, field: Span) -> Option<Entries> {
    let text = target.text;
    let call = field.of(text).split_once(':')?.1.trim_start();
    let open = field.end - call.strip_prefix("append(")?.len();
    let tokens = target.file.tokens.iter().filter(|token| token.span.start >= open && token.span.end <= field.end);
    let (mut depth, mut from, mut arguments) = (0usize, None, Vec::new());
    for token in tokens {
        let is_end = match token.span.of(text) {
            "(" | "[" | "{" => {
                depth += 1;
                false
            }
            ")" if depth == 0 => {
                arguments.extend(from.take());
                break;
            }
            ")" | "]" | "}" => {
                depth -= 1;
                false
            }
            "," => depth == 0,
            _ => false,
        };
        if is_end {
            arguments.extend(from.take());
        } else {
            from = Some(from.map_or(token.span, |from: Span| Span::new(from.start, token.span.end)));
        }
    }
    let is_name = |span: &Span| span.of(text).chars().all(|c| c.is_alphanumeric() || c == '_');
    // `append(a, b...)` adds a list.
    (arguments.len() > 1 && arguments[1..].iter().all(is_name))
        .then(|| Entries { list: None, elements: arguments.split_off(1) })
}

impl Entries {
    pub(super) fn holds(&self, text: &str, name: &str) -> bool {
        self.elements.iter().any(|element| element.of(text) == name)
    }

    /// The edit that lists a variable in its place.
    pub(super) fn edit(&self, target: &Target<'_>, name: &str, place: Option<&Place>) -> Result<TextEdit, AnchorError> {
        let text = target.text;
        let at = |other: &String| self.elements.iter().position(|element| element.of(text) == other);
        let next = match place {
            Some(Place::First) => self.elements.first(),
            Some(Place::Before(other, _)) => at(other).map(|at| &self.elements[at]),
            Some(Place::Behind(other, _)) => at(other).and_then(|at| self.elements.get(at + 1)),
            Some(Place::Last) | None => None,
        };
        match (next, &self.list, self.elements.last()) {
            (Some(next), ..) => {
                let is_first_of_line = text[line_start(text, next.start)..next.start].trim().is_empty();
                let behind =
                    if is_first_of_line { format!("\n{}", indentation(text, next.start)) } else { " ".to_owned() };
                Ok(TextEdit::insert(next.start, format!("{name},{behind}")))
            }
            (None, None, Some(last)) => Ok(TextEdit::insert(last.end, format!(", {name}"))),
            (None, Some(list), _) => target.append_values(list, &[name.to_owned()]),
            (None, None, None) => Err(AnchorError::Missing {
                expected: "a list of metrics".to_owned(),
                candidates: Vec::new(),
                near: target.file.package.span,
            }),
        }
    }
}
