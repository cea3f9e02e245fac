//! Tasks that are dropped: struck out, cancelled.

use super::id::is_id;

const WORDS: &[&str] = &[
    "cancelled",
    "canceled",
    "dropped",
    "wontfix",
    "won't fix",
    "won't do",
    "obsolete",
    "superseded",
    "abandoned",
    "skipped",
    "deferred",
    "postponed",
    "descoped",
    "de-scoped",
    "out of scope",
    "no longer needed",
    "not needed",
    "withdrawn",
];

/// Whether the value of a `Status:` line says that a task is dropped.
pub(super) fn is_dropped(status: &str) -> bool {
    let lower = status.to_lowercase();
    WORDS.iter().any(|word| lower.trim_matches(|c: char| !c.is_alphanumeric()).starts_with(word))
}

/// How a line says that its task is dropped.
pub(super) fn dropped(mark: &str, line: &str, title: &str) -> Option<&'static str> {
    if mark == "-" {
        return Some("its box is `[-]`");
    }
    let struck = line.match_indices("~~").next().map(|(at, _)| at);
    let closed = struck.and_then(|open| line[open + 2..].find("~~").map(|length| &line[open + 2..open + 2 + length]));
    let before = struck.map_or(line, |open| &line[..open]);
    // What is struck out holds the ID, or is the whole title.
    let has_id = |text: &str| text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '.'))).any(is_id);
    if closed.is_some_and(|text| has_id(text) || has_id(before) && line.trim_end().ends_with("~~")) {
        return Some("it is struck out");
    }
    if closed.is_some_and(|text| has_id(before) && text.trim_matches(['*', ' ']) == title.trim_matches(['*', ' '])) {
        return Some("it is struck out");
    }
    // "CANCELLED: …", "(cancelled)", "[DROPPED]", "… — cancelled"
    let lower = line.to_lowercase();
    let says = WORDS.iter().find(|word| {
        lower.match_indices(**word).any(|(at, _)| {
            let (before, after) = (lower[..at].trim_end(), lower[at + word.len()..].trim_start_matches(['*', '_']));
            let opened =
                before.ends_with(['(', '[', '—', '–', '{']) || before.ends_with(" -") || before.ends_with("**");
            let closed = after.is_empty() || after.starts_with([')', ']', ':', '}', ' ', ',', ';']);
            let upper = line.is_ascii() && line[at..at + word.len()].chars().all(|c| !c.is_ascii_lowercase());
            (opened && closed && !after.starts_with(' ')) || upper && closed
        })
    });
    // "Descoped: …", "N/A: …"
    let (first, rest) = title.split_once([':', '—', '–']).unwrap_or((title, ""));
    let first = first.trim().to_lowercase();
    let begins = !rest.is_empty() && (first == "n/a" || WORDS.contains(&first.as_str())) || title.starts_with("N/A ");
    (says.is_some() || begins || lower.contains("(n/a)") || lower.contains("[n/a]")).then_some("it says so")
}
