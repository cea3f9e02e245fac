//! Lines that state one thing in short: a field by its path, a value behind `+=`, a struct with its fields.

use super::Plain;
use super::parts::{Fact, is_type, items, without_file};
use crate::kinds::sentence::comment;
use crate::name::{is_go_identifier, upper_first};
use crate::plan::Key;

/// A line in plain ones, if all of it is of such a form.
pub(super) fn plain(key: &Key, text: &str) -> Option<Vec<Plain>> {
    let text = without_label(&without_file(text)).to_owned();
    // "Disk: Iops — *int64 — iops": the key has lost its capital.
    if let Key::Other(word) = key {
        return dashed(&upper_first(word), &text);
    }
    let parted = || text.split_once(": ").and_then(|(owner, rest)| dashed(owner.trim_matches('`'), rest));
    of_path(&text).or_else(|| more_of(&text)).or_else(parted).or_else(|| structure(&text))
}

/// A line without a word for what it is about: "api: …".
fn without_label(text: &str) -> &str {
    let label = text.split_once(": ").filter(|(label, _)| matches!(label.to_lowercase().as_str(), "api" | "types"));
    label.map_or(text, |(_, rest)| rest)
}

fn is_type_name(name: &str) -> bool {
    is_go_identifier(name) && name.starts_with(char::is_uppercase) && name.contains(char::is_lowercase)
}

/// `S.F (*T, "f", omitempty)`, `S.F is a *T with the json name f`, "`S.F` — `*T` — `f`".
fn of_path(text: &str) -> Option<Vec<Plain>> {
    let end = text.find([' ', ':', ',']).unwrap_or(text.len());
    let path = text[..end].trim_matches('`');
    let (owner, name) = path.split_once('.').filter(|(owner, name)| is_type_name(owner) && is_type_name(name))?;
    let rest = text[end..].trim_start_matches([':', ',', ' ']);
    let rest = ["is an ", "is a ", "is ", "as ", "— ", "– ", "- "]
        .iter()
        .find_map(|lead| rest.strip_prefix(lead))
        .unwrap_or(rest);
    // "*T (…)", "a *T with the json name x"
    let rest = rest.replace(" the ", " ");
    let mut fact = Fact { owner: Some(owner.to_owned()), name: name.to_owned(), ..Fact::default() };
    match rest.split_once(' ').filter(|(ty, _)| is_type(ty.trim_matches('`'))) {
        Some((ty, more)) => {
            fact.ty = Some(ty.trim_matches('`').to_owned());
            fact.take(more.strip_prefix("with ").unwrap_or(more))?;
        }
        None => fact.take(&rest)?,
    }
    fact.plain(None)
}

/// `F — *T — f,omitempty (optional)` of a struct.
fn dashed(owner: &str, text: &str) -> Option<Vec<Plain>> {
    let dash = [" — ", " – ", " - "].into_iter().find(|dash| text.contains(dash))?;
    let (name, rest) = text.split_once(dash)?;
    let mut fact = Fact { owner: Some(owner.to_owned()), name: name.trim_matches('`').to_owned(), ..Fact::default() };
    // The type comes first, and what it is called in JSON next: words alone are a description.
    let ty = rest.split([' ', ',']).next().unwrap_or_default().trim_matches('`');
    if !is_type_name(owner) || !is_type_name(&fact.name) && fact.name.len() > 3 || !is_type(ty) {
        return None;
    }
    fact.take(rest)?;
    fact.plain(None)
}

/// `E += C ("c"), "what it is"`.
fn more_of(text: &str) -> Option<Vec<Plain>> {
    let (ty, rest) = text.split_once(" += ")?;
    let (ty, rest) = (ty.trim_matches('`'), rest.trim());
    let end = rest.find([' ', '(', '=']).unwrap_or(rest.len());
    let name = rest[..end].trim_matches('`');
    let value = rest[end..].trim_start().trim_start_matches(['(', '=']).trim_start().replacen('`', "", 2);
    let (value, behind) = value.strip_prefix('"')?.split_once('"')?;
    if !is_type_name(ty) || !is_type_name(name) || value.is_empty() || value.contains(' ') {
        return None;
    }
    let behind = behind.trim_start_matches([')', ',', ' ', ':', '-', '–', '—']).trim();
    let said = behind.strip_prefix('"').and_then(|said| said.strip_suffix('"'));
    if !behind.is_empty() && said.is_none_or(|said| said.contains('"')) {
        return None;
    }
    let line = (Key::Prose, format!("Add value `{name} = \"{value}\"` to `{ty}`"));
    let said = said.map(|said| (Key::Comment, format!("`{name}` {}", comment(name, said))));
    Some(std::iter::once(line).chain(said).collect())
}

/// "X is a new struct and represents …", "A new struct X: A bool, B int32", "Its fields, all omitempty: A bool, B int32".
fn structure(text: &str) -> Option<Vec<Plain>> {
    if let Some(fields) = fields_of_it(text) {
        return Some(fields);
    }
    let (name, rest) = headed(text)?;
    let head = (Key::Struct, format!("`{name}`"));
    let rest = rest.trim();
    if let Some(said) =
        rest.strip_prefix("and ").or_else(|| rest.strip_prefix("that ")).or_else(|| rest.strip_prefix("which "))
    {
        let plain = !said.contains(['`', ':', ';', '(', '"']) && said.split(' ').count() > 2;
        let verb = said
            .split(' ')
            .next()
            .filter(|verb| matches!(*verb, "represents" | "describes" | "holds" | "tells" | "defines"));
        verb.filter(|_| plain)?;
        return Some(vec![head, (Key::Comment, format!("`{name}` {}", comment(&name, said)))]);
    }
    let list = [": ", "of ", "with ", "with fields ", "with the fields "]
        .iter()
        .rev()
        .find_map(|lead| rest.strip_prefix(lead.trim_start()))?;
    let fields = fields(list.trim_start_matches("fields ").trim_start_matches("the fields "), &name, |_| Some(()))?;
    Some(std::iter::once(head).chain(fields).collect())
}

/// The new struct that a line begins with, and what follows it.
fn headed(text: &str) -> Option<(String, &str)> {
    for mark in [" is a new struct", " is a struct"] {
        if let Some((name, rest)) = text.split_once(mark) {
            let name = name.trim_matches('`');
            return is_type_name(name).then(|| (name.to_owned(), rest));
        }
    }
    let mut rest = text;
    for lead in ["Add ", "Define ", "Declare ", "A ", "a ", "The ", "the ", "New ", "new ", "plain "] {
        rest = rest.strip_prefix(lead).unwrap_or(rest);
    }
    let rest = rest.strip_prefix("struct ").or_else(|| rest.strip_prefix("Struct "))?;
    let end = rest.find([' ', ':']).unwrap_or(rest.len());
    let name = rest[..end].trim_matches('`');
    is_type_name(name).then(|| (name.to_owned(), &rest[end..]))
}

/// `A bool, B int32`: fields of a struct, each also with what all of them have.
fn fields(list: &str, owner: &str, mut of_all: impl FnMut(&mut Fact) -> Option<()>) -> Option<Vec<Plain>> {
    let mut found = Vec::new();
    for item in items(list) {
        let item = item.trim_matches('`');
        let (name, rest) = item.split_once(' ')?;
        let (ty, beside) = rest.split_once(" (").map_or((rest, ""), |(ty, beside)| (ty, beside));
        let mut fact = Fact { name: name.trim_matches('`').to_owned(), ..Fact::default() };
        let ty = ty.trim_matches('`');
        if !is_type(ty) || !is_go_identifier(&fact.name) || !fact.name.starts_with(char::is_uppercase) {
            return None;
        }
        fact.ty = Some(ty.to_owned());
        fact.take(beside)?;
        of_all(&mut fact)?;
        found.extend(fact.plain(Some(owner))?);
    }
    (!found.is_empty()).then_some(found)
}

/// "Its fields, all omitempty: A bool, B int32; json names are the Go names in lowerCamelCase".
fn fields_of_it(text: &str) -> Option<Vec<Plain>> {
    let rest = ["Its fields", "The fields", "its fields"].iter().find_map(|lead| text.strip_prefix(lead))?;
    let (of_all, list) = rest.split_once(": ").or_else(|| rest.strip_prefix(" are ").map(|list| ("", list)))?;
    let (list, names) = list.split_once("; ").unwrap_or((list, ""));
    let small = names.to_lowercase();
    // A field is called like that in JSON where nothing else is said.
    let is_usual = small.is_empty() || small.starts_with("json names are") && small.contains("camelcase");
    let of_all = of_all.trim_start_matches([',', ' ']).trim_start_matches("all ").trim_start_matches("are ").to_owned();
    fields(list, "", |fact| fact.take(&of_all)).filter(|_| is_usual)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(key: &str, text: &str) -> String {
        let found = plain(&Key::parse(key), text).unwrap_or_default();
        found.into_iter().map(|(key, text)| format!("{key}: {text}")).collect::<Vec<_>>().join(" | ")
    }

    #[test]
    fn a_fact_is_a_plain_line() {
        for (key, text, told) in [
            (
                "",
                "api: Fan.Rpm (*int32, \"rpm\", omitempty) in x/types.go",
                "field: `Rpm *int32` (json `rpm,omitempty`) to `Fan`",
            ),
            ("", "`Fan.Rpm`: `*int32`, optional, `+nullable`", "field: `Rpm *int32` (optional, `+nullable`) to `Fan`"),
            (
                "",
                "Fan.Rpm is a *int32 with the json name rpm and omitempty",
                "field: `Rpm *int32` (json `rpm,omitempty`) to `Fan`",
            ),
            (
                "",
                "CoolFan: Rpm — *int32 — rpm,omitempty (optional)",
                "field: `Rpm *int32` (optional, json `rpm,omitempty`) to `CoolFan`",
            ),
            ("fan", "Rpm — *int32 — rpm", "field: `Rpm *int32` (json `rpm`) to `Fan`"),
            (
                "",
                "FanMode += FanModeOff (\"Off\"), \"means that it stands still\"",
                ": Add value `FanModeOff = \"Off\"` to `FanMode` | comment: `FanModeOff` FanModeOff means that it stands still.",
            ),
            (
                "",
                "FanLoad is a new struct and represents the load of a fan",
                "struct: `FanLoad` | comment: `FanLoad` FanLoad represents the load of a fan.",
            ),
            (
                "",
                "Its fields, all omitempty: Low bool, High float64; json names are the Go names in lowerCamelCase",
                "field: `Low bool` (`omitempty`) | field: `High float64` (`omitempty`)",
            ),
            (
                "",
                "A new struct FanLoad: Low bool, High *int64",
                "struct: `FanLoad` | field: `Low bool` | field: `High *int64`",
            ),
        ] {
            assert_eq!(shown(key, text), told, "{text}");
        }
        for (key, text) in [
            ("", "Fan.Rpm is read by the handler"),
            ("", "Fan.Rpm (*int32, \"rpm\", must be positive)"),
            ("", "Fan.Rpm (*int32, *int64)"),
            ("", "FanMode += FanModeOff"),
            ("note", "Rpm — how fast it turns"),
            ("", "FanLoad is a new struct and the handler fills it"),
            ("", "FanLoad is a struct of ch chan *Report, low bool"),
        ] {
            assert_eq!(shown(key, text), "", "{text}");
        }
    }
}
