//! Lines that leave out the backticks around heads and paths, with them.

use std::borrow::Cow;

use crate::go::FunctionHead;
use crate::name::is_go_identifier;

/// A line that is one head without backticks, with them: `check(a int) error - checks it`.
pub(super) fn alone(text: &str) -> Option<String> {
    if text.contains('`') {
        return None;
    }
    let end = [" - ", " – ", " — ", ": "].iter().filter_map(|dash| text.find(dash)).min().unwrap_or(text.len());
    let (head, rest) = text.split_at(end);
    let whole = head.contains('(') && FunctionHead::parse(head.trim()).is_ok();
    whole.then(|| format!("`{}`{rest}", head.trim()))
}

/// A line with its paths in backticks.
pub(super) fn with_paths(text: &str) -> Cow<'_, str> {
    let is_path = |word: &str| word.contains('/') && word.trim_end_matches([',', ';', '.', ')', ':']).ends_with(".go");
    let mut told = String::new();
    for (at, part) in text.split('`').enumerate() {
        told.push_str(if at > 0 { "`" } else { "" });
        if at % 2 == 1 || !part.split(' ').any(is_path) {
            told.push_str(part);
            continue;
        }
        let words = part.split(' ').map(|word| {
            let end = word.trim_end_matches([',', ';', '.', ')', ':']).len();
            let start = word.len() - word.trim_start_matches('(').len();
            if is_path(word) {
                format!("{}`{}`{}", &word[..start], &word[start..end], &word[end..])
            } else {
                word.to_owned()
            }
        });
        told.push_str(&words.collect::<Vec<_>>().join(" "));
    }
    if told.len() == text.len() { text.into() } else { told.into() }
}

/// A line whose heads stand without backticks behind the word `func`, with them: "Add func f(a int) error to `x.go`".
pub(super) fn bare_heads(text: &str) -> Option<String> {
    const LEADS: &[&str] = &["func ", "function ", "method ", "constructor ", "helper ", "mplement ", "dd "];
    let starts = LEADS.iter().flat_map(|lead| text.match_indices(*lead).map(move |(at, _)| (at, *lead)));
    let is_open = |(at, lead): &(usize, &str)| {
        let front = &text[..*at];
        let is_word = front.is_empty() || front.ends_with(' ');
        let is_order = || {
            lead.starts_with('m') && front.ends_with(['i', 'I']) || lead.starts_with('d') && front.ends_with(['a', 'A'])
        };
        front.matches('`').count().is_multiple_of(2) && (is_word || lead.len() < 10 && is_order())
    };
    let mut starts: Vec<(usize, &str)> = starts.filter(is_open).collect();
    starts.sort_unstable();
    starts.into_iter().find_map(|(at, lead)| {
        // The word before `func` is a part of the head.
        let from = if lead == "func " { at } else { at + lead.len() };
        let rest = &text[from..];
        let name = rest.trim_start_matches("func ").split('(').next()?;
        let is_func = lead == "func ";
        if !is_func && !is_go_identifier(name) {
            return None;
        }
        let ends = rest.char_indices().filter(|(_, c)| matches!(c, ' ' | ',' | ';' | '.' | ':')).map(|(end, _)| end);
        // The longest text that Go takes for a head.
        let is_one = |end: &usize| {
            let head = rest[..*end].trim_start_matches("func ");
            !head.contains('`')
                && head.ends_with(|c: char| c.is_alphanumeric() || c == ')')
                && FunctionHead::parse(head)
                    .is_ok_and(|head| is_func || !head.results.is_empty() || !head.parameters.is_empty())
        };
        let end = ends.chain([rest.len()]).filter(is_one).max()?;
        Some(format!("{}`{}`{}", &text[..from], &rest[..end], &rest[end..]))
    })
}
