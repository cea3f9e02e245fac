//! Colours of code, line by line: comments, strings, keywords.

use super::escape;
use crate::name::is_keyword;

/// What a file is written in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Language {
    Go,
    /// Starlark and YAML: `#` begins a comment.
    Hash,
    Plain,
}

impl Language {
    pub(super) fn of(path: &str) -> Self {
        let hash = [".bazel", ".bzl", ".yaml", ".yml", ".sh", ".py"];
        if path.ends_with(".go") {
            Self::Go
        } else if hash.iter().any(|end| path.ends_with(end)) {
            Self::Hash
        } else {
            Self::Plain
        }
    }
}

/// Words that stand out as Go's keywords do, in Go and in Starlark.
const WORDS: &[&str] = &["nil", "true", "false", "load", "True", "False", "None"];

/// Writes a line, escaped, with its colours.
pub(super) fn paint(text: &mut String, line: &str, language: Language) {
    if language == Language::Plain {
        return text.push_str(&escape(line));
    }
    // What spans lines is not known here, but nothing else begins so.
    let start = line.trim_start();
    if language == Language::Go && (start == "*" || ["/*", "* ", "*/"].iter().any(|mark| start.starts_with(mark))) {
        return text.extend(["<span class=\"m\">", &escape(line), "</span>"]);
    }
    let comment = if language == Language::Go { "//" } else { "#" };
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let (length, class) = if rest.starts_with(comment) {
            (rest.len(), "m")
        } else if matches!(first, '"' | '`' | '\'') {
            (string(rest, first), "s")
        } else if is_word(first) {
            let length = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
            let word = &rest[..length];
            (length, if is_keyword(word) || WORDS.contains(&word) { "k" } else { "" })
        } else {
            let at = rest.find(|c| is_word(c) || matches!(c, '"' | '`' | '\'' | '/' | '#')).filter(|&at| at > 0);
            (at.unwrap_or(first.len_utf8()), "")
        };
        let piece = escape(&rest[..length]);
        match class {
            "" => text.push_str(&piece),
            class => text.extend(["<span class=\"", class, "\">", &piece, "</span>"]),
        }
        rest = &rest[length..];
    }
}

/// The length of a string that a text begins with; to the end of the line if nothing closes it.
fn string(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' if quote != '`' => escaped = true,
            c if c == quote => return at + 1,
            _ => {}
        }
    }
    text.len()
}
