//! Colours of code, line by line.

use super::escape;
use crate::code::{Language, Part, parts};

/// Writes a line, escaped, with its colours.
pub(super) fn paint(text: &mut String, line: &str, language: Language) {
    for (part, piece) in parts(line, language) {
        let class = match part {
            Part::Plain => {
                text.push_str(&escape(piece));
                continue;
            }
            Part::Comment => "m",
            Part::Text => "s",
            Part::Keyword => "k",
        };
        text.extend(["<span class=\"", class, "\">", &escape(piece), "</span>"]);
    }
}
