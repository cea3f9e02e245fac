//! Words that mean tasks without naming one: "all previous tasks", "everything else".

use crate::task::references;
use crate::text::Span;

/// Words that mean whatever tasks there are.
const SWEEPING: &[&str] = &[
    "all",
    "every",
    "everything",
    "anything",
    "nothing",
    "none",
    "no",
    "else",
    "other",
    "others",
    "rest",
    "remaining",
];

/// Words that mean the tasks that stand before one.
const EARLIER: &[&str] = &["previous", "prior", "preceding", "earlier", "above", "foregoing"];

/// Words that say nothing of which tasks are meant.
const EMPTY: &[&str] = &[
    "",
    "the",
    "of",
    "any",
    "each",
    "task",
    "tasks",
    "it",
    "this",
    "that",
    "must",
    "should",
    "may",
    "can",
    "be",
    "is",
    "are",
    "done",
    "complete",
    "completed",
    "finished",
    "start",
    "has",
    "have",
    "been",
    "in",
    "list",
    "phase",
];

fn words(text: &str) -> Vec<String> {
    text.to_lowercase().split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect()
}

fn consists_of(text: &str, known: &[&[&str]]) -> bool {
    words(text)
        .iter()
        .all(|word| EMPTY.contains(&word.as_str()) || known.iter().any(|list| list.contains(&word.as_str())))
}

/// Whether a side names nothing, or everything: "all tasks", "nothing else".
pub(super) fn is_vague(text: &str, side: Span) -> bool {
    references(text, side).is_empty() && consists_of(side.of(text), &[SWEEPING])
}

/// Whether a side that names no task means all others.
pub(super) fn means_all(text: &str, side: Span) -> bool {
    words(side.of(text)).iter().any(|word| matches!(word.as_str(), "all" | "everything" | "every" | "any" | "anything"))
}

/// Whether a text means all tasks that stand before one: "all the above", "every earlier task".
pub(super) fn means_earlier(text: &str) -> bool {
    let words = words(text);
    let has = |known: &[&str]| words.iter().any(|word| known.contains(&word.as_str()));
    has(EARLIER) && has(&["all", "every", "everything", "each"]) && consists_of(text, &[SWEEPING, EARLIER])
}

/// Whether a line says something of all tasks, or of none.
pub(super) fn is_sweeping(text: &str) -> bool {
    const ORDER: &[&str] = &["before", "until", "after", "first", "last", "ahead", "prior", "once", "wait", "waits"];
    let words = words(text);
    let has = |known: &[&str]| words.iter().any(|word| known.contains(&word.as_str()));
    has(SWEEPING) && (has(ORDER) || has(EARLIER))
}

/// Whether a text says of its tasks that they come one after the other, without saying how.
pub(super) fn is_row(text: &str) -> bool {
    let lower = text.to_lowercase();
    ["sequential", "in sequence", "in order", "one after another", "one after the other", "one by one", "in this order"]
        .iter()
        .any(|words| lower.contains(words))
}

/// Whether a side that names no task by its ID speaks of tasks nevertheless.
pub(super) fn is_about_tasks(text: &str) -> bool {
    words(text).iter().any(|word| {
        let word = word.as_str();
        EARLIER.contains(&word) || matches!(word, "tasks" | "task" | "all" | "everything" | "following" | "below")
    })
}
