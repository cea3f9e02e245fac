//! Values of flags: the defaults that lines state, as Go writes them.

use super::flag::{FlagType, NOUNS};
use super::{Piece, Word};

/// Whether a word behind a flag may be a value of it, or say which ones it takes, and nothing has read it.
pub(super) fn is_unread(word: &Word<'_>, has_default: bool) -> bool {
    let is_value = || word.text.starts_with(|c: char| c.is_ascii_digit()) || word.is(&["true", "false"]);
    let says_which = word.piece == Piece::Prose && word.is(&["either", "between", "positive", "negative", "allowed"]);
    says_which || !has_default && word.piece != Piece::Mark && is_value()
}

/// The default that stands without a word for it beside the type: "(duration, 30s)", "int flag (8189)".
pub(super) fn listed_default(all: &[Word<'_>], flag: usize, ty: Option<FlagType>) -> Result<Option<String>, String> {
    // What parentheses may say beside a type and a value.
    const NOTES: &[&str] = &[
        "required",
        "optional",
        "mandatory",
        "repeatable",
        "repeated",
        "multiple",
        "hidden",
        "persistent",
        "new",
        "a",
        "an",
        "the",
        "type",
        "of",
        "slice",
        "list",
        "array",
        "strings",
        "flag",
    ];
    let Some(ty) = ty else { return Ok(None) };
    let is_type = |word: &Word<'_>| FlagType::parse(word.text).is_some();
    let opens = (flag + 1..all.len()).filter(|&at| all[at].is_mark("("));
    for open in opens {
        let close = (open..all.len()).find(|&at| all[at].is_mark(")")).unwrap_or(all.len());
        let inside = &all[open + 1..close];
        let is_beside = all[flag + 1..open].iter().all(|word| is_type(word) || word.is(NOUNS));
        if !(is_beside || inside.iter().any(is_type)) {
            continue;
        }
        let says = |word: &&Word<'_>| {
            word.piece != Piece::Mark && !word.text.ends_with(".go") && !is_type(word) && !word.is(NOTES)
        };
        let said: Vec<&Word<'_>> = inside.iter().filter(says).collect();
        // A plain word may be any text.
        let is_plain = |word: &Word<'_>| ty == FlagType::String && word.piece == Piece::Prose;
        return match said[..] {
            [] => Ok(None),
            [value] if !is_plain(value) || value.text.contains(|c: char| c.is_ascii_digit()) => {
                let unknown = || format!("the default `{}` is not a value of the flag's type", value.text);
                go_value(value, ty).ok_or_else(unknown).map(Some)
            }
            _ => Err(format!("it is unclear what `{}` says of the flag", said[0].text)),
        };
    }
    Ok(None)
}

/// The default that a line states, as Go.
pub(super) fn default(line: &str, all: &[Word<'_>], ty: Option<FlagType>) -> Result<Option<String>, String> {
    let at = all.iter().position(|word| word.is(&["default", "defaults", "defaulting"]));
    let Some(at) = at else { return Ok(None) };
    // Two quotes with nothing between them are no word.
    let behind = line[all[at].at + all[at].text.len()..].trim_start_matches([':', '=', ' ', '`']);
    let behind = ["to ", "is ", "value "].iter().find_map(|word| behind.strip_prefix(word)).unwrap_or(behind);
    if ty == Some(FlagType::String) && behind.trim_start_matches('`').starts_with("\"\"") {
        return Ok(Some("\"\"".to_owned()));
    }
    // "without a default", "no default"
    let article = usize::from(at > 0 && all[at - 1].is(&["a", "any"]));
    if at.checked_sub(1 + article).is_some_and(|before| all[before].is(&["without", "no"])) {
        return Ok(None);
    }
    let skipped = |word: &&Word<'_>| word.is(&["to", "is", "value", "of"]) || word.piece == Piece::Mark;
    // "`30s` by default", "`30s` (default)" say it before.
    let by = at.checked_sub(1).filter(|before| all[*before].is(&["by", "as"]) || all[*before].is_mark("("));
    let closes = all.get(at + 1).is_none_or(|next| next.is_mark(")"));
    let before = match by {
        Some(by) if !all[by].is_mark("(") || closes => by.checked_sub(1),
        _ => None,
    };
    let ends = |word: &&Word<'_>| word.is_mark(",") || word.is_mark(";");
    let behind = || all[at + 1..].iter().take_while(|word| !ends(word)).find(|word| !skipped(word));
    let Some(value) = before.map(|before| &all[before]).or_else(behind).or_else(|| Some(&all[at.checked_sub(1)?]))
    else {
        return Ok(None);
    };
    match ty {
        None => Ok(None),
        Some(ty) => {
            let unknown =
                || format!("the default `{}` is not a value of the flag's type", value.text.trim_matches('"'));
            go_value(value, ty).ok_or_else(unknown).map(Some)
        }
    }
}

/// A value of a flag as Go writes it, if it is one.
fn go_value(value: &Word<'_>, ty: FlagType) -> Option<String> {
    let text = value.text.trim_matches('"');
    let digits = || !text.is_empty() && text.len() < 10 && text.bytes().all(|byte| byte.is_ascii_digit());
    match ty {
        FlagType::Bool if matches!(text, "true" | "false") => Some(text.to_owned()),
        FlagType::Bool if matches!(text, "on" | "enabled") => Some("true".to_owned()),
        FlagType::Bool if matches!(text, "off" | "disabled") => Some("false".to_owned()),
        // "default empty" is no text of its own.
        FlagType::String if value.piece == Piece::Prose && matches!(text, "empty" | "none" | "unset") => {
            Some("\"\"".to_owned())
        }
        FlagType::StringSlice | FlagType::StringToString if matches!(text, "nil" | "empty" | "none") => {
            Some("nil".to_owned())
        }
        FlagType::Duration => duration(text),
        FlagType::String if text.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '"' | '\\')) => {
            Some(format!("\"{text}\""))
        }
        FlagType::Int | FlagType::Int32 | FlagType::Int64 | FlagType::Uint if digits() => Some(text.to_owned()),
        FlagType::Float64 if digits() || is_fraction(text) => Some(text.to_owned()),
        _ => None,
    }
}

/// `0.5`, and no `.5` or `1e3`.
fn is_fraction(text: &str) -> bool {
    let is_number = |part: &str| !part.is_empty() && part.len() < 10 && part.bytes().all(|byte| byte.is_ascii_digit());
    text.split_once('.').is_some_and(|(whole, rest)| is_number(whole) && is_number(rest))
}

/// A time span as Go writes it among arguments: `5s` is `5*time.Second`.
fn duration(text: &str) -> Option<String> {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, unit) = text.split_at(digits);
    let unit = match unit {
        "ms" => "Millisecond",
        "s" => "Second",
        "m" => "Minute",
        "h" => "Hour",
        _ => return None,
    };
    (!number.is_empty() && number.len() < 7).then(|| format!("{number}*time.{unit}"))
}
