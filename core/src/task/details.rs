//! The lines below a task, and the files that they name.

use std::borrow::Cow;

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
            let span = Span::new(item.text.end - inner.len(), item.text.end);
            details.extend(fields(self.text, span).into_iter().filter_map(|field| self.detail(field)));
            self.add_details(&item.children, details);
        }
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
    /// in a `Location:` line.
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
            found = of(&["location"], Expect::Prose);
        }
        // A line that is a path and nothing else says where, too.
        if found.is_empty() {
            let alone = |detail: &&Detail| detail.is_path();
            let lines = details.iter().filter(alone);
            found = lines.flat_map(|detail| paths(self.text, detail.text.span, Expect::Prose)).collect();
        }
        if let [path] = found.as_mut_slice() {
            let location = details.iter().find(|detail| detail.key == "location");
            path.lines = path.lines.or_else(|| lines_in_words(&location?.text.text));
        }
        found
    }
}

/// The parts of a text that fields in bold begin, one below the other: `**File**: …`, `**Depends on**: …`.
fn fields(text: &str, span: Span) -> Vec<Span> {
    let mut found: Vec<Span> = Vec::new();
    for line in lines(text, span) {
        let raw = line.of(text);
        let begins = raw.starts_with("**") && key_value(raw).is_some();
        match found.last_mut() {
            Some(last) if !begins => last.end = line.end.max(last.end),
            None => found.push(Span::new(span.start, line.end)),
            Some(_) => found.push(line),
        }
    }
    found
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
