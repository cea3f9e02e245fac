//! A constant and the string that it stands for, which people write apart: "`A` = `a`", "`A` = a", "`A` -> "a"".

use super::super::words::words;
use super::values::ends;
use crate::name::is_go_identifier;

/// What stands between a constant and its string.
const EQUALS: &[&str] = &[" = ", "=", " := "];

/// What does so as well where a line lists values, and the string is nothing but the end of the constant's name.
const LINKS: &[&str] = &[
    " -> ",
    " → ",
    " => ",
    ": ",
    " - ",
    " – ",
    " — ",
    " (",
    " for ",
    " is ",
    " as ",
    " which is ",
    " with the value ",
    " with value ",
];

/// `` `A` = `a` ``, `` `A` = "a" `` and `` `A` = a `` are `` `A = "a"` ``, as Go has it.
pub fn equal_within(line: &str) -> String {
    const LISTS: &[&str] = &["enum", "enumeration", "values", "value", "constants", "constant"];
    let all = words(line);
    // Behind a field, its name in JSON may stand in the same way.
    let says = |known: &[&str]| all.iter().any(|word| word.is(known));
    let lists = (says(LISTS) || line.contains("(string)") || line.contains("string type"))
        && !says(&["field", "fields", "json", "tag"]);
    let mut parts = line.split('`');
    let mut told = parts.next().unwrap_or_default().to_owned();
    let mut rest = &line[told.len()..];
    // Each turn begins at the backtick that opens a piece of code.
    while let Some((name, behind)) = rest.strip_prefix('`').and_then(|inside| inside.split_once('`')) {
        let found = if is_go_identifier(name) { beside(name, behind, lists) } else { None };
        let (code, behind) = match found {
            Some((value, behind)) => (format!("`{name} = {value}`"), behind),
            None => (format!("`{name}`"), behind),
        };
        let plain = behind.find('`').unwrap_or(behind.len());
        told.extend([code.as_str(), &behind[..plain]]);
        rest = &behind[plain..];
    }
    told + rest
}

/// The value that stands behind a name, as Go writes it, and what follows it.
fn beside<'l>(name: &str, behind: &'l str, lists: bool) -> Option<(String, &'l str)> {
    let equals = EQUALS.iter().find_map(|link| behind.strip_prefix(link));
    let linked = || LINKS.iter().find_map(|link| Some((behind.strip_prefix(link)?, *link))).filter(|_| lists);
    let (text, link) = equals.map(|text| (text, "=")).or_else(linked)?;
    let quoted = text.strip_prefix('"').and_then(|text| text.split_once('"'));
    let coded = || text.strip_prefix('`').and_then(|text| text.split_once('`'));
    let marked = quoted.or_else(coded);
    let (value, behind) = marked.or_else(|| bare(text))?;
    let behind = if link == " (" { behind.strip_prefix(')')? } else { behind };
    // "`A` = `x` | `y`" lists values.
    if value.is_empty() || value.contains(['"', '`']) || behind.trim_start().starts_with(['|', '/']) {
        return None;
    }
    let is_number = value.parse::<f64>().is_ok() || matches!(value, "true" | "false");
    let is_sure = link == "=" || marked.is_none() && name != value && ends(name, value);
    let is_sure = is_sure || (link.contains("value") || link == " which is ") && marked.is_some() && !is_number;
    if !is_sure || is_number && marked.is_none() {
        return None;
    }
    Some((if is_number { value.to_owned() } else { format!("\"{value}\"") }, behind))
}

/// A word that is all there is up to the next mark, or to the next piece of code.
fn bare(text: &str) -> Option<(&str, &str)> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
    let (word, _) = text.split_at(text.find(|c| !is_part(c)).unwrap_or(text.len()));
    let word = word.trim_end_matches('.');
    let behind = &text[word.len()..];
    let goes_on = [" and ", " or ", " in `", " to `", ", ", "; ", ".", ")", " ("];
    let ends = behind.is_empty() || goes_on.iter().any(|mark| behind.starts_with(mark));
    (ends && word.starts_with(|c: char| c.is_ascii_alphanumeric())).then_some((word, behind))
}
