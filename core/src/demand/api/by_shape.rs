//! A field whose line is not understood by its words, by the shapes of the code in it: a name with a type, its name in JSON,
//! and the struct that gets it.

use super::spelling::{CHANGES, HEDGES, field_of, is_json_name, is_place, is_type_name};
use super::{ApiDemand, ApiField, ApiReading};
use crate::demand::comment::quoted_comment;
use crate::demand::member_words::is_builtin;
use crate::demand::words::{Piece, Word, words};
use crate::go::TypeText;
use crate::name::is_go_identifier;

/// Words that say more of a field than its name, its type and its struct, or speak of something else.
#[rustfmt::skip]
const OTHERS: &[&str] = &[
    // What it can hold.
    "default", "defaults", "defaulting", "min", "minimum", "max", "maximum", "enum", "enumeration", "values", "value",
    "either", "one", "pattern", "set", "keyed", "map", "immutable", "deprecated", "inline", "embedded",
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
    /// `spec.drift`: the section, and the name in JSON.
    Section(&'a str, &'a str),
    Type(TypeText),
    Json(&'a str, bool),
    Marker(&'a str),
}

/// Verbs before the name in JSON of what something gets.
const GETS: &[&str] = &["get", "gets", "receive", "receives", "gain", "gains", "carries", "needs"];

/// Words before the name of what a field stands beside.
const BESIDE: &[&str] = &["after", "before", "below", "behind", "above"];

/// The only field that the code of a line can mean; nothing if a word says more.
pub(super) fn by_shape(line: &str) -> Option<ApiReading> {
    let (line, comment) = match quoted_comment(line).filter(|quoted| quoted.rest.contains('`')) {
        Some(quoted) => (quoted.rest, Some(quoted.text)),
        None => (line.to_owned(), None),
    };
    let (line, bounds) = own_sentence(&line);
    let all = without_position(words(&line));
    let denied = |word: &Word<'_>| word.is(OTHERS) || word.is(CHANGES) || word.is(HEDGES) || word.is_mark("?");
    // "new struct `T`" declares one.
    let declares = |two: &[Word<'_>]| two[0].is(&["new", "add", "a"]) && two[1].is(&["struct", "type", "enum"]);
    if all.iter().any(denied) || all.windows(2).any(declares) {
        return None;
    }
    let shapes = all.iter().enumerate().filter(|(at, _)| is_code(&all, *at));
    let shapes: Vec<Shape<'_>> =
        shapes.filter_map(|(at, word)| shape(&all, at, word).transpose()).collect::<Result<_, ()>>().ok()?;
    let (mut field, names, section) = gathered(shapes)?;
    field.markers.extend(bounds);
    field.ty = field.ty.take().or_else(|| worded_type(&all));
    owned(&mut field, names, &all)?;
    let says = |known: &[&str]| all.iter().any(|word| word.is(known));
    let is_marked = field.optional == Some(true);
    field.optional = match (is_marked || says(&["optional", "omitempty"]), says(&["required", "mandatory"])) {
        (true, true) => return None,
        (true, false) => Some(true),
        (false, true) => Some(false),
        (false, false) => None,
    };
    if says(&["omitempty"]) {
        field.omit = Some(true);
    }
    if says(&["atomic"]) {
        field.ty.as_ref().filter(|ty| ty.text.starts_with("[]"))?;
        field.markers.push("+listType=atomic".to_owned());
    }
    let of_section = |parent: &str| section.is_none_or(|section| parent.to_lowercase().ends_with(section));
    let is_whole =
        field.ty.is_some() && field.parent.as_ref().is_some_and(|parent| *parent != field.name && of_section(parent));
    field.doc.0 = comment;
    is_whole.then(|| ApiReading { demands: vec![ApiDemand::Field(field)], ..ApiReading::default() })
}

/// What the shapes of a line say of one field, the names among them, and the section that the field is said to be in.
fn gathered(shapes: Vec<Shape<'_>>) -> Option<(ApiField, Vec<&str>, Option<&str>)> {
    let mut field = ApiField::default();
    let (mut names, mut section) = (Vec::new(), None);
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
            Shape::Section(of, name) => {
                once(field.name.is_empty() && section.is_none())?;
                name.clone_into(&mut field.name);
                section = Some(of).filter(|of| !of.is_empty());
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
            Shape::Marker("+optional") => field.optional = Some(true),
            Shape::Marker(marker) => field.markers.push(marker.to_owned()),
        }
    }
    names.dedup();
    Some((field, names, section))
}

/// Gives a field the struct and the name that stand beside it.
fn owned(field: &mut ApiField, names: Vec<&str>, all: &[Word<'_>]) -> Option<()> {
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
    Some(())
}

/// A line without sentences that only say why, and the markers that a sentence at its end states.
fn own_sentence(line: &str) -> (String, Vec<String>) {
    const EMPTY: &[&str] = &[
        "is left out when empty",
        "left out when empty",
        "is left out if empty",
        "is omitted when empty",
        "omitted when empty",
        "is omitted if empty",
        "omitted if empty",
    ];
    let mut text = line.to_owned();
    for said in EMPTY {
        text = text.replace(said, "omitempty");
    }
    let mut sentences: Vec<&str> = text.split(". ").collect();
    while sentences.len() > 1 && !sentences[0].contains('`') && !words(sentences[0]).iter().any(Word::is_code) {
        sentences.remove(0);
    }
    let mut markers = Vec::new();
    if sentences.len() > 1
        && let Some(found) = sentences.last().and_then(|last| marked(last))
    {
        sentences.pop();
        markers = found;
    }
    let own = sentences.join(". ");
    (own.strip_prefix("So ").unwrap_or(&own).to_owned(), markers)
}

/// The markers of a sentence that says no more than they do: "The values 0 and 100 are its bounds, as `+…Minimum=0` …".
fn marked(sentence: &str) -> Option<Vec<String>> {
    let all = words(sentence);
    let code: Vec<&str> = all.iter().filter(|word| word.piece == Piece::Code).map(|word| word.text).collect();
    let is_sound = |code: &&str| code.starts_with('+') && is_plain_marker(code);
    let number = |word: &&Word<'_>| word.piece == Piece::Prose && word.text.starts_with(|c: char| c.is_ascii_digit());
    let is_held = |word: &Word<'_>| code.iter().any(|code| code.ends_with(&format!("={}", word.text)));
    let plain = !all.iter().any(|word| word.is(CHANGES) || word.is(HEDGES));
    (plain && !code.is_empty() && code.iter().all(is_sound) && all.iter().filter(number).all(is_held))
        .then(|| code.into_iter().map(str::to_owned).collect())
}

fn is_plain_marker(text: &str) -> bool {
    text.len() < 200 && text.chars().all(|c| c.is_ascii_alphanumeric() || "+:=,;._/-".contains(c))
}

/// A line without what says beside which field the new one stands, which is read elsewhere.
fn without_position(all: Vec<Word<'_>>) -> Vec<Word<'_>> {
    let is_place = |two: &[Word<'_>]| two[0].is(BESIDE) && two[1].piece == Piece::Code && is_go_identifier(two[1].text);
    let Some(at) = all.windows(2).position(is_place) else { return all };
    let is_near = at > 0 && all[at - 1].is(&["right", "directly", "just"]);
    let from = if is_near { at - 1 } else { at };
    all.into_iter().enumerate().filter(|(own, _)| *own < from || *own > at + 1).map(|(_, word)| word).collect()
}

/// The type that words say: "an optional string pointer", "a pointer to a bool".
fn worded_type(all: &[Word<'_>]) -> Option<TypeText> {
    const SEVERAL: &[&str] = &["list", "lists", "slice", "array", "map", "maps", "strings", "of"];
    let mut named = all.iter().enumerate().filter(|(_, word)| word.piece == Piece::Prose && is_builtin(word.text));
    let (at, name) = named.next().filter(|_| named.next().is_none())?;
    let around = &all[at.saturating_sub(3)..(at + 2).min(all.len())];
    if around.iter().any(|word| word.is(SEVERAL)) {
        return None;
    }
    let behind = all.get(at + 1).is_some_and(|word| word.is(&["pointer"]));
    let before = all[..at].iter().rev().take(3).any(|word| word.is(&["pointer"]));
    let star = if behind || before { "*" } else { "" };
    TypeText::parse(&format!("{star}{}", name.text)).ok()
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
    if text.starts_with('+') {
        return if is_plain_marker(text) { Ok(Some(Shape::Marker(text))) } else { Err(()) };
    }
    let section = text.split_once('.').filter(|(section, _)| matches!(*section, "spec" | "status"));
    if let Some((section, name)) = section.filter(|(_, name)| is_json_name(name)) {
        return Ok(Some(Shape::Section(section, name)));
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
        // "Requirements get `architecture`": its name, as JSON spells it.
        if rest.is_empty() && at > 0 && all[at - 1].is(GETS) {
            return Ok(Some(Shape::Section("", name)));
        }
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
            "The clock drifts. So the struct `Status` receives, after `Phase`, an optional duration named `Skew`, of Go type `*metav1.Duration`, which serialises as `skew`",
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
        ] {
            let read = shown("", line);
            assert!(!read.starts_with("Status.Skew") || read.contains("| ! "), "{line}: {read}");
        }
    }

    #[test]
    fn a_field_may_be_told_by_its_name_in_json_and_a_type_in_words() {
        for (line, told) in [
            ("Clocks get `skew`, also an optional string pointer, in `ClockSpec`", "ClockSpec.skew *string optional"),
            (
                "The kind gets `spec.skew`: an optional `*string` in `ClockSpec`, \"Skew is how far it is off\"",
                "ClockSpec.skew *string optional",
            ),
            (
                "`ClockSpec` carries an optional, atomic list: `Skews []string`, known to users as `skews`",
                "ClockSpec.Skews []string json skews optional",
            ),
        ] {
            assert!(shown("", line).starts_with(told), "{line}: {}", shown("", line));
        }
        for line in [
            "The kind gets `spec.skew`: an optional `*string` in `ClockStatus`",
            "Clocks get `skew`, a list of strings, in `ClockSpec`",
            "Clocks get `skew`, a string or an int32, in `ClockSpec`",
        ] {
            assert!(!shown("", line).contains("skew"), "{line}: {}", shown("", line));
        }
    }
}
