//! Lines about the API in other words, as the reader knows them: "API constant in `x.go`: `X = "x"`", "Condition type `X` of
//! `T`, value "x"", "Field: `X *T` for `S`".

use super::spelling::{ADDS, ASIDES, CHANGES, HEDGES, field_of, is_place, is_type_name};
use crate::demand::words::{Piece, Word, words};
use crate::name::is_go_identifier;

/// What may stand before the name of a constant, beside what it is.
const BESIDE: &[&str] = &[
    "a", "an", "the", "new", "api", "pod", "node", "vm", "vmi", "event", "enum", "type", "key", "in", "string",
    "exported",
];

/// What it is, and how the reader calls it.
const NOUNS: &[(&str, &[&str])] = &[
    ("annotation", &["annotation"]),
    ("label", &["label"]),
    ("reason", &["reason"]),
    ("condition", &["condition"]),
    ("constant", &["constant", "const", "value"]),
];

/// A line as the reader knows it, if it says the same in other words.
pub(super) fn rephrased(line: &str) -> Option<String> {
    constant(line).or_else(|| field(line)).or_else(|| values(line))
}

/// "Give `T` the two values `A = "a"` and `B = "b"`" is "Add the values `A = "a"`, `B = "b"` to `T`".
fn values(line: &str) -> Option<String> {
    let all = words(line);
    let give = all.iter().position(|word| word.is(&["give", "gives", "gets"]))?;
    let said = all.iter().position(|word| word.is(&["value", "values"]))?;
    let code: Vec<&Word<'_>> = all.iter().filter(|word| word.piece == Piece::Code && !is_place(word.text)).collect();
    let (ty, values) = code.split_first()?;
    let is_value = |word: &&Word<'_>| word.text.split_once(" = \"").is_some_and(|(name, _)| is_go_identifier(name));
    let sound = is_type_name(ty.text) && !values.is_empty() && values.iter().all(is_value) && ty.at < all[said].at;
    let is_plain = !all.iter().any(|word| word.is(CHANGES) || word.is(HEDGES) || word.is(&["field", "fields"]));
    let before = all[give].at < ty.at || all[give].text == "gets";
    let listed: Vec<String> = values.iter().map(|word| format!("`{}`", word.text)).collect();
    (sound && is_plain && before).then(|| format!("Add the values {} to `{}`", listed.join(", "), ty.text))
}

fn constant(line: &str) -> Option<String> {
    let all = words(line);
    let is_code = |word: &Word<'_>| word.piece == Piece::Code && !is_place(word.text);
    let at = all.iter().position(is_code)?;
    let front: Vec<&Word<'_>> = all[..at].iter().filter(|word| word.piece == Piece::Prose).collect();
    let noun = NOUNS.iter().find(|(_, known)| front.iter().any(|word| word.is(known)));
    let is_noun = |word: &Word<'_>| NOUNS.iter().any(|(_, known)| word.is(known));
    // "Manifest type `X T = "x"`": a type and a value are those of a constant, whatever it is called.
    let is_whole = all[at].text.split_once(" = \"").is_some_and(|(head, _)| head.contains(' '));
    let says =
        |word: &&&Word<'_>| [ADDS, CHANGES, HEDGES, ASIDES, &["as", "is", "are"]].iter().any(|list| word.is(list));
    let is_label = is_whole && (1..5).contains(&front.len()) && !front.iter().any(|word| says(&word));
    let noun = noun.or_else(|| is_label.then_some(&NOUNS[NOUNS.len() - 1]))?;
    if !is_label && !front.iter().all(|word| is_noun(word) || word.is(BESIDE)) {
        return None;
    }
    let (head, value) =
        all[at].text.split_once(" = ").map_or((all[at].text, None), |(head, value)| (head, Some(value)));
    let (name, ty) = head.split_once(' ').map_or((head, None), |(name, ty)| (name, Some(ty)));
    if !is_go_identifier(name) || ty.is_some_and(|ty| !is_go_identifier(ty)) {
        return None;
    }
    let rest = &line[all[at].at + all[at].text.len() + 1..];
    // The value, and the type, in either order.
    let (mut value, mut ty, mut rest) = (value.map(str::to_owned), ty, rest);
    for _ in 0..2 {
        if value.is_none()
            && let Some((said, behind)) = stated_value(rest)
        {
            (value, rest) = (Some(said), behind);
        } else if ty.is_none()
            && let Some((said, behind)) = stated_type(rest)
        {
            (ty, rest) = (Some(said), behind);
        }
    }
    let value = value?;
    let is_value = front.iter().any(|word| word.is(&["value"]));
    let told = match ty {
        Some(ty) if is_value => format!("Add value `{name} = {value}` to `{ty}`{rest}"),
        ty => {
            let ty = ty.filter(|ty| *ty != "string").map(|ty| format!(" {ty}")).unwrap_or_default();
            format!("{} `{name}{ty} = {value}`{rest}", noun.0)
        }
    };
    (told != line).then_some(told)
}

/// The string that stands behind a name: ` = "x"`, ` ("x")`, `, value "x"`, and what is left of the line.
fn stated_value(rest: &str) -> Option<(String, &str)> {
    const LEADS: &[&str] = &[" = ", ", value ", ", with the value ", " with the value ", " with value ", " ("];
    let lead = LEADS.iter().find(|lead| rest.starts_with(**lead))?;
    let quoted = rest[lead.len()..].strip_prefix('"')?;
    let (value, behind) = quoted.split_once('"')?;
    let behind = if *lead == " (" { behind.strip_prefix(')')? } else { behind };
    Some((format!("\"{value}\""), behind))
}

/// The type that stands behind a constant: ` of `T``, ` for the enum `T``, and the rest of the line.
fn stated_type(rest: &str) -> Option<(&str, &str)> {
    let own = [" of ", " for ", " to "].iter().find_map(|lead| rest.strip_prefix(lead))?;
    let own = own.strip_prefix("the ").unwrap_or(own);
    let own = ["type ", "enum "].iter().find_map(|noun| own.strip_prefix(noun)).unwrap_or(own);
    let (ty, behind) = own.strip_prefix('`')?.split_once('`')?;
    is_type_name(ty).then_some((ty, behind))
}

/// "Field: `X *T` for `S`" is "Field `X *T` in `S`".
fn field(line: &str) -> Option<String> {
    let rest = ["Field: `", "Field `", "field `", "New field `", "Optional field `"]
        .iter()
        .find_map(|lead| line.strip_prefix(lead))?;
    let (code, behind) = rest.split_once('`')?;
    field_of(code).filter(|field| field.name.is_some())?;
    // Beside the field, its tag and more of it may stand.
    let at = behind.match_indices(" for ").map(|(at, _)| at).find(|at| {
        let owner =
            behind[at + " for ".len()..].trim_start_matches("the ").trim_start_matches("struct ").strip_prefix('`');
        let owner = owner.and_then(|owner| owner.split('`').next());
        behind[..*at].matches('(').count() == behind[..*at].matches(')').count() && owner.is_some_and(is_type_name)
    });
    let behind = match at {
        Some(at) => format!("{} in {}", &behind[..at], &behind[at + " for ".len()..]),
        None => behind.to_owned(),
    };
    let behind = behind.replace(", json name ", ", json ");
    let optional = if line.starts_with("Optional") { "Optional field" } else { "Field" };
    let told = format!("{optional} `{code}`{behind}");
    (told != line).then_some(told)
}
