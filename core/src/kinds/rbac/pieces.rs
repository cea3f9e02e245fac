//! Rules whose pieces stand on lines below each other: "API group `x`", "resource `y`", "verb `z`".

use std::collections::BTreeMap;

use super::asked::PIECES;
use crate::demand::{Piece, words};
use crate::plan::{Key, PlannedTask};

/// A rule with its lines.
#[derive(Clone, Default, Debug)]
pub(super) struct Nested<'t> {
    pub(super) lines: Vec<usize>,
    pub(super) pieces: BTreeMap<&'static str, Vec<&'t str>>,
}

/// The order in which pieces stand below each other.
const ORDER: &[&str] = &["role", "group", "resources", "verbs"];

/// The rules that the lines of a task spell out piece by piece. What is said above a piece is said of it, too.
pub(super) fn nested(task: &PlannedTask) -> Result<Vec<Nested<'_>>, String> {
    let lines = task.details.iter().filter(|line| line.key == Key::Prose);
    let lines = lines.filter_map(|line| Some((line.line, piece_of(&line.text)?)));
    let (mut found, mut open): (Vec<Nested<'_>>, Nested<'_>) = Default::default();
    let mut last = 0;
    for (line, (piece, text)) in lines {
        let rank = ORDER.iter().position(|known| *known == piece).unwrap_or_default();
        if rank < last {
            if last != ORDER.len() - 1 {
                return Err(format!("line {line} begins another rule before the one above has its verbs"));
            }
            found.push(open.clone());
            open.pieces.retain(|known, _| ORDER.iter().position(|one| one == known).is_some_and(|one| one < rank));
        }
        last = rank;
        open.lines.push(line);
        open.pieces.entry(piece).or_default().push(text);
    }
    // One piece alone may be prose.
    if open.pieces.contains_key("verbs") && open.pieces.contains_key("resources") {
        found.push(open);
    }
    Ok(found)
}

/// The piece that a line is, and the code in it: a word for the piece, and code.
fn piece_of(text: &str) -> Option<(&'static str, &str)> {
    let at = text.find('`')?;
    let label = text[..at].trim().trim_end_matches(':').trim().to_lowercase();
    let (piece, _) = PIECES.iter().find(|(piece, words)| *piece != "whole" && words.contains(&&*label))?;
    let rest = &text[at..];
    let is_list = words(rest)
        .iter()
        .all(|word| word.piece == Piece::Code || word.is(&["and"]) || word.is_mark(",") || word.is_mark("."));
    is_list.then_some((piece, rest))
}

#[cfg(test)]
mod tests {
    use super::piece_of;

    #[test]
    fn a_line_is_a_piece_of_a_rule() {
        for (text, piece) in [
            ("API group `a.io`", Some(("group", "`a.io`"))),
            ("resources `a` and `b`", Some(("resources", "`a` and `b`"))),
            ("verb: `get`, `list`", Some(("verbs", "`get`, `list`"))),
            ("verb `get` for virt-api", None),
            ("the group `a.io` may get it", None),
        ] {
            assert_eq!(piece_of(text), piece, "{text}");
        }
    }
}
