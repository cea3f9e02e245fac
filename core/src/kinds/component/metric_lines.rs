//! The lines of a task that speak of metrics.

use super::metric_place::{is_list, is_variable, says_place};
use crate::demand::{Piece, Word, words};
use crate::plan::{Key, TaskLine};

/// Lines that say more of the metric that a line before them names.
pub(super) const PARTS: &[Key] = &[Key::Labels, Key::Help, Key::Description, Key::Name];

/// What a metric may be called.
pub(super) const KINDS: &[&str] =
    &["metric", "gauge", "counter", "histogram", "gaugevec", "countervec", "histogramvec"];

/// Whether a line that names a metric defines it, and does not only compare.
pub(super) fn defines(line: &TaskLine) -> bool {
    let words = words(&line.text);
    let says = |known: &[&str]| words.iter().any(|word| word.is(known));
    line.key == Key::Metric || says(KINDS) && !says(&["like", "same", "as", "unlike"])
}

/// The metrics that a line names which may define them.
pub(super) fn names(line: &TaskLine) -> Vec<&str> {
    let mut names: Vec<&str> = metric_names(&line.text).collect();
    names.dedup();
    if matches!(line.key, Key::Metric | Key::Task | Key::Content) || is_item_of_one(line) { names } else { Vec::new() }
}

/// Whether an item without a key defines a metric: "new counter `kubevirt_…`".
pub(super) fn is_item_of_one(line: &TaskLine) -> bool {
    const MAKES: &[&str] = &["a", "add", "an", "create", "define", "introduce", "new", "the"];
    let words = words(&line.text);
    let kind = words.iter().find(|word| !word.is(MAKES));
    line.key == Key::Prose
        && line.is_item
        && kind.is_some_and(|word| word.is(KINDS))
        && metric_names(&line.text).next().is_some()
}

/// The names of metrics in a text.
pub(super) fn metric_names(text: &str) -> impl Iterator<Item = &str> {
    let is_name = |word: &&str| {
        word.starts_with("kubevirt_") && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    };
    text.split(['`', ' ', ',', '(', ')', ':']).filter(is_name)
}

/// Whether a line says something of a metric: it names it, or has a word of metrics and no other name.
pub(super) fn speaks(line: &TaskLine, name: &str) -> bool {
    #[rustfmt::skip]
    const WORDS: &[&str] = &[
        "metric", "metrics", "gauge", "counter", "histogram", "vec", "vector", "label", "labels", "bucket", "buckets",
    ];
    let words = words(&line.text);
    let is_other = |word: &Word<'_>| word.piece == Piece::Code && word.text.contains(|c: char| c.is_ascii_uppercase());
    let own = words.iter().any(|word| word.is(WORDS)) && !words.iter().any(is_other);
    match line.key {
        Key::Task | Key::Content => line.text.contains(name) || own,
        Key::Metric => true,
        Key::Prose => is_item_of_one(line) || says_place(&line.text),
        _ => PARTS.contains(&line.key) || is_variable(&line.key) || is_list(&line.key),
    }
}
