//! Text as Go data: strings and comments that cannot be broken out of.

use std::fmt::Write as _;

use crate::diagnostic::is_invisible;

/// The longest line that KubeVirt's linter accepts.
pub const LINE: usize = 140;

/// A Go string literal in double quotes with this value.
pub fn string(text: &str) -> String {
    let mut literal = String::with_capacity(text.len() + 2);
    literal.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => literal.extend(['\\', c]),
            '\n' => literal.push_str("\\n"),
            '\t' => literal.push_str("\\t"),
            c if is_invisible(c) && u32::from(c) > 0xffff => {
                let _ = write!(literal, "\\U{:08x}", u32::from(c));
            }
            c if is_invisible(c) => {
                let _ = write!(literal, "\\u{:04x}", u32::from(c));
            }
            c => literal.push(c),
        }
    }
    literal.push('"');
    literal
}

/// A string literal among several arguments, broken at words where the line would be too long:
/// `used` columns stand before it and `after` behind it; further lines begin with `indentation`.
pub fn wrapped_string(text: &str, used: usize, after: usize, indentation: &str) -> String {
    if used + string(text).chars().count() + after <= LINE {
        return string(text);
    }
    let mut parts: Vec<String> = vec![String::new()];
    let mut room = LINE.saturating_sub(used + after + 3);
    for word in text.split_inclusive(' ') {
        let part = parts.last_mut().expect("there is always one part");
        if !part.is_empty() && string(part).chars().count() + word.chars().count() > room {
            parts.push(word.to_owned());
            room = LINE.saturating_sub(indentation.len() + after + 3);
        } else {
            part.push_str(word);
        }
    }
    let literals: Vec<String> = parts.iter().map(|part| string(part)).collect();
    literals.join(&format!("+\n{indentation}"))
}

/// What tools read as an order to them where a comment, or a line of one, begins with it.
const ORDERS: &[&str] = &["+", "go:", "nolint", "lint:", "revive:", "export", "line ", "Deprecated:", "#nosec", "Code"];

/// A text as the lines of a comment, without the marks: at most `width` columns wide, and broken where the text is. No line
/// begins with what a tool would obey.
pub fn comment_lines(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let is_order = |word: &str| ORDERS.iter().any(|order| word.starts_with(order));
    for stated in text.split('\n') {
        let stated = crate::diagnostic::visible(stated);
        let mut is_first = true;
        for word in stated.split_whitespace() {
            let fits = |line: &str| !is_first && line.chars().count() + 1 + word.chars().count() <= width;
            match lines.last_mut().filter(|line| !line.is_empty()) {
                Some(line) if is_order(word) || fits(line) => {
                    line.push(' ');
                    line.push_str(word);
                }
                None if is_order(word) => lines.push(format!("- {word}")),
                _ => lines.push(word.to_owned()),
            }
            is_first = false;
        }
        if is_first && !lines.is_empty() {
            lines.push(String::new());
        }
    }
    lines
}

/// A signature behind so many columns of its function's head: on one line if that fits, or with each parameter on one of its
/// own.
pub fn wrapped_signature(before: usize, signature: &str) -> String {
    let length = "func  {".len() + before + signature.len();
    match parameters_end(signature).filter(|close| length > LINE && *close > 1) {
        Some(close) => format!("({}{}", wrapped_parameters(&signature[1..close]), &signature[close..]),
        None => signature.to_owned(),
    }
}

/// Where the parenthesis closes that a signature begins with.
fn parameters_end(signature: &str) -> Option<usize> {
    let mut depth = 0_usize;
    signature.char_indices().find_map(|(at, c)| {
        match c {
            '(' => depth += 1,
            ')' if depth == 1 => return Some(at),
            ')' => depth -= 1,
            _ => {}
        }
        None
    })
}

/// The parameters of a head that is too long for a line, each on one of its own. Names that share a type stay together.
fn wrapped_parameters(parameters: &str) -> String {
    let (mut depth, mut has_type, mut wrapped) = (0_usize, false, String::from("\n\t"));
    for c in parameters.chars() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        has_type |= depth > 0 || c == ' ' && !wrapped.ends_with([',', '\t']);
        match c {
            ',' if depth == 0 && has_type => {
                wrapped.push_str(",\n\t");
                has_type = false;
            }
            ' ' if wrapped.ends_with('\t') => {}
            c => wrapped.push(c),
        }
    }
    wrapped + ",\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::go::{strings, tokens};

    #[test]
    fn a_literal_holds_any_text() {
        for text in ["plain", "a \"b\" \\ c", "x\ny\t", "`raw`", "\u{202e}", "\u{e0001}", "{{braces}} */ //"] {
            let literal = string(text);
            assert!(!literal.contains(is_invisible));
            if !text.contains(is_invisible) || text.contains('\n') {
                assert_eq!(strings(&literal, &tokens(&literal).unwrap()), [text]);
            }
        }
        assert_eq!(string("\u{202e}"), "\"\\u202e\"");
        assert_eq!(string("\u{e0001}"), "\"\\U000e0001\"");
    }

    #[test]
    fn long_literals_are_broken_at_words() {
        let text = "word ".repeat(60);
        let literal = wrapped_string(&text, 5, 12, "\t\t\t");
        assert!(literal.lines().all(|line| line.len() + 12 <= LINE), "{literal}");
        assert_eq!(strings(&literal, &tokens(&literal).unwrap()), [text]);
        assert_eq!(wrapped_string("short", 5, 12, "\t"), "\"short\"");
    }

    #[test]
    fn comments_are_wrapped() {
        assert_eq!(comment_lines("one two  three", 8), ["one two", "three"]);
        assert_eq!(
            comment_lines("one\ntwo three\n\n+optional\nx\n", 9),
            ["one", "two three", "", "- +optional", "x", ""]
        );
        assert_eq!(
            wrapped_parameters("a, b int, c func(d, e int) error"),
            "\n\ta, b int,\n\tc func(d, e int) error,\n"
        );
        assert_eq!(comment_lines("one two +optional x", 8), ["one two +optional", "x"]);
        assert_eq!(comment_lines("+k8s:deepcopy-gen=false", 80), ["- +k8s:deepcopy-gen=false"]);
    }
}
