//! Folders drawn with `├──` and `└──`.

use super::markdown::{Document, trimmed};
use crate::text::Span;

/// A file or a folder in a drawing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// Its path from the root of the drawing; folders end in `/`.
    pub path: String,
    /// What stands behind `#`.
    pub note: String,
    /// Where its name stands.
    pub span: Span,
}

impl Entry {
    /// Whether it is marked as new, or as to be changed.
    pub fn marked(&self, mark: &str) -> bool {
        self.note.to_uppercase().starts_with(mark)
    }

    /// Whether some part of the path is left open: `[FEATURE]`.
    pub fn is_open(&self) -> bool {
        self.path.contains(['[', '{', '<', '*']) || self.path.contains("...")
    }
}

/// The files and folders that a document's drawings name.
pub fn entries(document: &Document) -> Vec<Entry> {
    let text = document.source.text();
    let mut found = Vec::new();
    for code in document.code(document.all()) {
        if !["├", "└"].iter().any(|branch| code.body.of(text).contains(branch)) {
            continue;
        }
        // Column and name of every folder above the current line.
        let mut above: Vec<(usize, String)> = Vec::new();
        for line in document.lines_in(code.body) {
            let raw = line.span.of(text).trim_end();
            let name_at =
                raw.find(|c: char| !matches!(c, ' ' | '\t' | '│' | '├' | '└' | '─' | '|')).unwrap_or(raw.len());
            let column = raw[..name_at].chars().count();
            let rest = &raw[name_at..];
            let (name, note) = rest.split_once(" #").unwrap_or((rest, ""));
            let name = name.trim();
            if name.is_empty() || name.starts_with('#') || name.contains(' ') || name.contains(['┌', '▼', '◄', '▶'])
            {
                continue;
            }
            above.retain(|(other, _)| *other < column);
            let parent = above.last().map_or(String::new(), |(_, path)| path.clone());
            let path = format!("{parent}{name}");
            let start = line.span.start + name_at;
            let span = trimmed(text, Span::new(start, start + name.len()), char::is_whitespace).span;
            if name.ends_with('/') {
                above.push((column, path.clone()));
            }
            found.push(Entry { path, note: note.trim().to_owned(), span });
        }
    }
    found
}
