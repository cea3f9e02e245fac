//! A field whose line is not understood by its words, by the shapes of the code in it: a name with a type, its name in JSON,
//! and the struct that gets it.

use super::spelling::{CHANGES, HEDGES, field_of, is_json_name, is_place, is_type_name};
use super::{ApiDemand, ApiField, ApiReading};
use crate::demand::member_words::is_builtin;
use crate::demand::words::{Piece, Word, words};
use crate::go::TypeText;
use crate::name::is_go_identifier;

/// Words that say more of a field than its name, its type and its struct, or speak of something else.
#[rustfmt::skip]
const OTHERS: &[&str] = &[
    // What it can hold.
    "default", "defaults", "defaulting", "min", "minimum", "max", "maximum", "enum", "enumeration", "values", "value",
    "either", "one", "pattern", "set", "keyed", "map", "atomic", "immutable", "deprecated", "inline", "embedded",
    "embed", "embeds", "nullable", "listtype", "between", "allowed", "valid",
    // Other things.
    "constant", "constants", "const", "annotation", "label", "condition", "reason", "function", "method", "variable",
    "marker", "markers", "interface", "package", "import", "comment",
    // What is done with it.
    "validate", "validates", "check", "checks", "reject", "rejects", "read", "reads", "copy", "copies", "return",
    "returns", "call", "calls", "pass", "passes", "log", "logs", "test", "tests", "verify", "document", "generate",
    "wire", "propagate", "convert", "compute", "sync", "update", "fill", "fills", "populate", "render", "ensure",
    // What it is compared with.
    "like", "similar", "same", "as-is", "existing", "already", "instead", "than", "both", "each", "all", "unless",
    "except", "if", "when", "once", "while", "until", "because", "since", "so", "where", "whose", "before", "after",
    "above", "below", "behind", "next", "copied", "from", "new-style", "or", "nor",
];

/// What a piece of a line is, by its shape.
enum Shape<'a> {
    /// `Drift *int64`
    Field(String, TypeText),
    /// `Clock.Drift`, and its type where the code has one.
    Path(&'a str, String, Option<TypeText>),
    Name(&'a str),
    Type(TypeText),
    Json(&'a str, bool),
}

/// The only field that the code of a line can mean; nothing if a word says more.
pub(super) fn by_shape(line: &str) -> Option<ApiReading> {
    let all = words(line);
    let denied = |word: &Word<'_>| word.is(OTHERS) || word.is(CHANGES) || word.is(HEDGES) || word.is_mark("?");
    // "new struct `T`" declares one.
    let declares = |two: &[Word<'_>]| two[0].is(&["new", "add", "a"]) && two[1].is(&["struct", "type", "enum"]);
    if all.iter().any(denied) || all.windows(2).any(declares) {
        return None;
    }
    let shapes = all.iter().enumerate().filter(|(at, _)| is_code(&all, *at));
    let shapes: Vec<Shape<'_>> =
        shapes.filter_map(|(at, word)| shape(&all, at, word).transpose()).collect::<Result<_, ()>>().ok()?;
    let mut field = ApiField::default();
    let mut names = Vec::new();
    let once = |free: bool| free.then_some(());
    for shape in shapes {
        match shape {
            Shape::Field(name, ty) => {
                once(field.name.is_empty() && field.ty.is_none())?;
                (field.name, field.ty) = (name, Some(ty));
            }
            Shape::Path(owner, name, ty) => {
                once(field.name.is_empty() && field.parent.is_none())?;
                (field.name, field.parent) = (name, Some(owner.to_owned()));
                once(ty.is_none() || field.ty.is_none())?;
                field.ty = field.ty.or(ty);
            }
            Shape::Name(name) => names.push(name),
            Shape::Type(ty) => {
                once(field.ty.is_none())?;
                field.ty = Some(ty);
            }
            Shape::Json(name, omit) => {
                once(field.json.is_none())?;
                (field.json, field.omit) = (Some(name.to_owned()), omit.then_some(true));
            }
        }
    }
    names.dedup();
    // Its name in JSON may stand as a plain word: "(clockSkew)".
    let in_prose = |name: &str| {
        let own = |word: &Word<'_>| word.text != name && word.text.eq_ignore_ascii_case(name) && is_camel(word.text);
        all.iter().any(|word| word.piece == Piece::Prose && own(word))
    };
    let is_own =
        |name: &&str| field.json.as_ref().map_or_else(|| in_prose(name), |json| json.eq_ignore_ascii_case(name));
    let (own, others): (Vec<&str>, Vec<&str>) = match names.as_slice() {
        [] => (Vec::new(), Vec::new()),
        [_] if field.parent.is_none() && !field.name.is_empty() => (Vec::new(), names),
        [_, _] if field.name.is_empty() && field.parent.is_none() => names.into_iter().partition(is_own),
        _ => return None,
    };
    match (own.as_slice(), others.as_slice()) {
        ([], []) => {}
        ([], [owner]) => field.parent = Some((*owner).to_owned()),
        ([name], [owner]) => (field.name, field.parent) = ((*name).to_owned(), Some((*owner).to_owned())),
        _ => return None,
    }
    let says = |known: &[&str]| all.iter().any(|word| word.is(known));
    field.optional = match (says(&["optional", "omitempty"]), says(&["required", "mandatory"])) {
        (true, true) => return None,
        (true, false) => Some(true),
        (false, true) => Some(false),
        (false, false) => None,
    };
    let is_whole = field.ty.is_some() && field.parent.as_ref().is_some_and(|parent| *parent != field.name);
    is_whole.then(|| ApiReading { demands: vec![ApiDemand::Field(field)], ..ApiReading::default() })
}

/// Whether a word is code that counts: prose is where it is spelled like no other word, or called a field.
fn is_code(all: &[Word<'_>], at: usize) -> bool {
    let word = &all[at];
    let is_called = at > 0 && all[at - 1].is(&["field", "member"]) && word.text.starts_with(char::is_uppercase);
    let is_spelled =
        || word.is_code() && (is_type_name(word.text) && is_camel(word.text) || word.text.starts_with(['*', '[']));
    word.piece == Piece::Code
        || word.piece == Piece::Prose && (is_called && is_go_identifier(word.text) || is_spelled())
}

/// Whether what stands before a place leads to a name in JSON: a mark, or a word that says so.
fn leads_json(all: &[Word<'_>], at: usize) -> bool {
    const LEADS: &[&str] = &["json", "yaml", "as", "key", "tag", "name", "called", "named", "is"];
    at > 0 && (all[at - 1].piece == Piece::Mark || all[at - 1].is(LEADS))
}

/// Whether a name has a small letter before a capital: `ClockSkew`.
fn is_camel(text: &str) -> bool {
    text.as_bytes().windows(2).any(|two| two[0].is_ascii_lowercase() && two[1].is_ascii_uppercase())
}

/// The shape of a piece of code; nothing of a path, an error where it has none.
fn shape<'a>(all: &[Word<'a>], at: usize, word: &Word<'a>) -> Result<Option<Shape<'a>>, ()> {
    let text = word.text;
    if is_place(text) || text == "omitempty" {
        return Ok(None);
    }
    if let Some(tag) = text.strip_prefix("json:\"").and_then(|tag| tag.strip_suffix('"')) {
        let (name, rest) = tag.split_once(',').unwrap_or((tag, ""));
        return if is_json_name(name) { Ok(Some(Shape::Json(name, rest == "omitempty"))) } else { Err(()) };
    }
    let is_exported = |name: &str| is_go_identifier(name) && name.starts_with(char::is_uppercase);
    if let Some((path, ty)) = text.split_once(' ').or(Some((text, "")))
        && let Some((owner, name)) = path.split_once('.')
        && is_exported(owner)
        && is_exported(name)
    {
        let ty = Some(ty.trim()).filter(|ty| !ty.is_empty()).map(TypeText::parse).transpose().map_err(|_| ())?;
        return Ok(Some(Shape::Path(owner, name.to_owned(), ty)));
    }
    if is_exported(text) {
        let of_type =
            at > 0 && (all[at - 1].is(&["type"]) || at > 1 && all[at - 1].is_mark(":") && all[at - 2].is(&["type"]));
        return Ok(Some(if of_type { Shape::Type(TypeText::parse(text).map_err(|_| ())?) } else { Shape::Name(text) }));
    }
    if let Some(found) = field_of(text).filter(|found| found.name.as_ref().is_some_and(|name| is_exported(name))) {
        return Ok(Some(Shape::Field(found.name.unwrap_or_default(), found.ty)));
    }
    let (name, rest) = text.split_once(',').unwrap_or((text, ""));
    let is_small = name.starts_with(|c: char| c.is_ascii_lowercase()) && !is_builtin(text);
    if is_small && is_json_name(name) && matches!(rest, "" | "omitempty") {
        return if leads_json(all, at) { Ok(Some(Shape::Json(name, rest == "omitempty"))) } else { Err(()) };
    }
    TypeText::parse(text).map(|ty| Some(Shape::Type(ty))).map_err(|_| ())
}

#[cfg(test)]
mod tests {
    use super::super::tests::shown;

    #[test]
    fn a_field_is_told_by_the_shapes_of_its_code() {
        for line in [
            "Surface it as `Skew *metav1.Duration` (`skew`) on `Status` in `x/types.go`",
            "`Status` in `x/types.go`: new field Skew of type `*metav1.Duration` (`skew`)",
            "`Status.Skew`: `*metav1.Duration`, `skew`",
            "struct `Status`, field `Skew *metav1.Duration`, tag `json:\"skew\"`",
            "`Status` learns a member, `Skew *metav1.Duration` (`skew`)",
        ] {
            assert!(
                shown("", line).starts_with("Status.Skew *metav1.Duration json skew"),
                "{line}: {}",
                shown("", line)
            );
        }
        for line in [
            "Validate `Status.Skew`, a `*metav1.Duration`",
            "Surface it as `Skew *metav1.Duration` on `Status`, default 5",
            "Move `Skew *metav1.Duration` (`skew`) from `Spec` to `Status`",
            "`Skew *metav1.Duration` (`skew`) on `Status` and `Spec`",
        ] {
            assert!(!shown("", line).starts_with("Status.Skew"), "{line}: {}", shown("", line));
        }
    }
}
