//! Rules whose pieces stand on lines below each other: "API group `x`", "resource `y`", "verb `z`".

use std::collections::BTreeMap;

use super::asked::{PIECES, piece};
use crate::demand::{Piece, words};
use crate::plan::{Key, PlannedTask, TaskLine};

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
    // Beside lines of prose, those with a key are of the same rules.
    let is_prose = |line: &&TaskLine| line.key == Key::Prose && piece_of(&line.text).is_some();
    if !task.details.iter().any(|line| is_prose(&line)) {
        return Ok(Vec::new());
    }
    let lines = task.details.iter().filter_map(|line| {
        let keyed = piece(&line.key).filter(|piece| *piece != "whole").map(|piece| (piece, line.text.as_str()));
        let own = if line.key == Key::Prose { piece_of(&line.text) } else { keyed };
        Some((line.line, own?))
    });
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

/// The lines of these rules.
pub(super) fn lines(task: &PlannedTask) -> Vec<usize> {
    nested(task).unwrap_or_default().into_iter().flat_map(|rule| rule.lines).collect()
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

/// Whether a title gives names to resources: "Define apiVMX for virtualmachines/x".
pub(super) fn defines_constants(title: &str) -> bool {
    let all = words(title);
    let names = all.windows(3).any(|three| {
        let is_name = three[0].text.starts_with("api") && three[0].is_code() && !three[0].text.contains('/');
        is_name && three[1].is(&["for", "as"]) && three[2].text.contains('/')
    });
    names && all.first().is_some_and(|word| word.is(&["define", "add", "introduce", "declare", "new"]))
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
