//! What the pieces of a line of code are, for who reads it in colours: comments, texts, keywords.

use crate::name::is_keyword;

/// What a file is written in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Language {
    /// Go.
    Go,
    /// Starlark and YAML: `#` begins a comment.
    Hash,
    /// Anything else.
    Plain,
}

impl Language {
    /// The language of a file, by its name.
    pub fn of(path: &str) -> Self {
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

/// What a piece of a line is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Part {
    /// Nothing special.
    Plain,
    /// A comment.
    Comment,
    /// A text in quotes.
    Text,
    /// A keyword, or a word that every file knows.
    Keyword,
}

/// Words that stand out as Go's keywords do, in Go and in Starlark.
const WORDS: &[&str] = &["nil", "true", "false", "load", "True", "False", "None"];

/// The pieces of a line, one behind the other.
pub fn parts(line: &str, language: Language) -> Vec<(Part, &str)> {
    // What spans lines is not known here, but nothing else begins so.
    let start = line.trim_start();
    let is_inside = start == "*" || ["/*", "* ", "*/"].iter().any(|mark| start.starts_with(mark));
    if language == Language::Plain {
        return vec![(Part::Plain, line)];
    }
    if language == Language::Go && is_inside {
        return vec![(Part::Comment, line)];
    }
    let comment = if language == Language::Go { "//" } else { "#" };
    let (mut rest, mut found) = (line, Vec::new());
    while let Some(first) = rest.chars().next() {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let (length, part) = if rest.starts_with(comment) {
            (rest.len(), Part::Comment)
        } else if matches!(first, '"' | '`' | '\'') {
            (string(rest, first), Part::Text)
        } else if is_word(first) {
            let length = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
            let word = &rest[..length];
            (length, if is_keyword(word) || WORDS.contains(&word) { Part::Keyword } else { Part::Plain })
        } else {
            let at = rest.find(|c| is_word(c) || matches!(c, '"' | '`' | '\'' | '/' | '#')).filter(|&at| at > 0);
            (at.unwrap_or(first.len_utf8()), Part::Plain)
        };
        found.push((part, &rest[..length]));
        rest = &rest[length..];
    }
    found
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_line_is_lost() {
        let special = |line: &'static str, language| {
            let found = parts(line, language);
            assert_eq!(found.iter().map(|(_, text)| *text).collect::<String>(), line);
            found.into_iter().filter(|(part, _)| *part != Part::Plain).collect::<Vec<_>>()
        };
        for (line, language, expected) in [
            (
                "\treturn \"a\\\"b\" // x",
                Language::Go,
                &[(Part::Keyword, "return"), (Part::Text, "\"a\\\"b\""), (Part::Comment, "// x")][..],
            ),
            (" * inside", Language::Go, &[(Part::Comment, " * inside")]),
            ("a / b # c", Language::Go, &[]),
            ("srcs = ['é'], # é", Language::Hash, &[(Part::Text, "'é'"), (Part::Comment, "# é")]),
            ("func `open", Language::Go, &[(Part::Keyword, "func"), (Part::Text, "`open")]),
            ("func \"x\"", Language::Plain, &[]),
            ("", Language::Go, &[]),
        ] {
            assert_eq!(special(line, language), expected, "{line}");
        }
    }
}
