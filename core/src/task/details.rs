//! The lines below a task, and the files that they name.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::line::{head, key_value, plain};
use super::outline::Item;
use super::parse::Reader;
use super::path::{Expect, lines_in_words, paths};
use super::{Detail, Spanned, TaskPath};
use crate::text::{Span, line_end};

impl Reader<'_> {
    pub(super) fn add_details(&self, items: &[Item], details: &mut Vec<Detail>) {
        for item in items {
            let raw = item.text.of(self.text);
            if head(raw).is_some_and(|head| head.id.is_some()) {
                continue;
            }
            let inner = raw.trim_start_matches(|c: char| {
                matches!(c, '-' | '*' | '+' | '.' | ')' | ' ' | '\t') || c.is_ascii_digit()
            });
            let inner = if raw.trim_start_matches(['-', '+', ' ']).starts_with("**") {
                raw.trim_start_matches(['-', '+', ' '])
            } else {
                inner
            };
            // A box of its own is ticked by hand.
            let inner = inner.strip_prefix("[ ] ").unwrap_or(inner);
            let span = Span::new(item.text.end - inner.len(), item.text.end);
            details.extend(self.parts(span).into_iter().filter_map(|part| self.detail(part)));
            self.add_details(&item.children, details);
        }
    }

    /// A text without bullets, in the lines that people mean: each line with a key begins one, "File: …" below "Task: …",
    /// and so does one that opens a list below them. Any other line goes on with the one above.
    pub(super) fn parts(&self, span: Span) -> Vec<Span> {
        let mut parts: Vec<Span> = Vec::new();
        let begins =
            |line: &str| key_value(line).is_some() || line.starts_with(char::is_uppercase) && line.ends_with(':');
        for line in lines(self.text, span) {
            match parts.last_mut() {
                Some(part) if !begins(line.of(self.text)) => part.end = part.end.max(line.end),
                _ => parts.push(line),
            }
        }
        parts
    }

    pub(super) fn detail(&self, span: Span) -> Option<Detail> {
        let raw = span.of(self.text);
        if raw.trim().is_empty() {
            return None;
        }
        let (key, value) = key_value(raw).map_or((Cow::Borrowed(""), 0), |(key, value)| (lower(key), value));
        let span = Span::new(span.start + value, span.end);
        // All that the key had is struck out.
        let is_empty = |text: &str| !text.contains(|c: char| c.is_alphanumeric());
        let source = self.file.source.text();
        let written = Span::new(span.start, span.end.max(line_end(source, span.start)));
        if is_empty(span.of(self.text)) && !is_empty(written.of(source)) {
            return None;
        }
        Some(Detail { key, text: Spanned { text: plain(span.of(self.text)), span } })
    }

    /// The files of a task: those of its `File:` lines; without any, those in its own text, or
    /// in a `Location:` or a `Where:` line.
    pub(super) fn paths(&self, text: Span, details: &[Detail]) -> Vec<TaskPath> {
        let of = |keys: &[&str], expect| -> Vec<TaskPath> {
            let lines = details.iter().filter(|detail| keys.contains(&&*detail.key));
            lines.flat_map(|detail| paths(self.text, detail.text.span, expect)).collect()
        };
        let mut found = of(&["file", "files", "path", "paths", "target", "in", "into"], Expect::Paths);
        if found.is_empty() {
            found = paths(self.text, text, Expect::Prose);
        }
        if found.is_empty() {
            found = of(&["location", "where"], Expect::Prose);
        }
        // A line that is a path and nothing else says where, too, and so does one that begins with a path and a colon.
        if found.is_empty() {
            let lines = details.iter().filter_map(|detail| detail.leading_path(self.text));
            found = lines.flat_map(|span| paths(self.text, span, Expect::Prose)).collect();
        }
        // So does an item that puts something there: "Add `X` in `pkg/x/y.go`".
        if found.is_empty() {
            let lines = details.iter().filter_map(|detail| detail.stated_path(self.text));
            let mut known = BTreeSet::new();
            let stated = lines.flat_map(|span| paths(self.text, span, Expect::Prose));
            found = stated.filter(|path| known.insert(path.text.clone())).collect();
        }
        if let [path] = found.as_mut_slice() {
            let location = details.iter().find(|detail| detail.key == "location");
            path.lines = path.lines.or_else(|| lines_in_words(&location?.text.text));
        }
        found
    }
}

/// The lines of a span, without indentation and line ends.
pub(super) fn lines(text: &str, span: Span) -> impl Iterator<Item = Span> {
    let mut at = span.start;
    span.of(text).split_inclusive('\n').map(move |line| {
        let start = at + (line.len() - line.trim_start().len());
        let end = at + line.trim_end().len();
        at += line.len();
        Span::new(start.min(end), end)
    })
}

/// A key in lower case. The common ones are many times in a file, and take no memory.
fn lower(key: &str) -> Cow<'static, str> {
    const KEYS: &[&str] =
        &["file", "test", "function", "task", "verify", "pattern", "integration", "content", "source"];
    let known = KEYS.iter().find(|known| known.eq_ignore_ascii_case(key));
    known.map_or_else(|| Cow::Owned(key.to_lowercase()), |known| Cow::Borrowed(*known))
}
