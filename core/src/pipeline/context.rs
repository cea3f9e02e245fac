//! Lines around those that were used, which say nothing of their own: the marks of a block of code that was read, the
//! rest of a line that goes on, and what announces them.

use std::collections::{BTreeMap, BTreeSet};

use crate::plan::{LineUse, TaskLine, Use};
use crate::task::{LineKind, TaskFile};

/// Notes what is context of the lines of a task that were used.
pub(super) fn note(file: &TaskFile, lines: &mut [LineUse], details: &BTreeMap<usize, &TaskLine>) {
    let used: BTreeSet<usize> = lines.iter().filter(|line| line.used == Use::Change).map(|line| line.line).collect();
    let is_beside = |line: usize| used.contains(&(line + 1)) || used.contains(&line.saturating_sub(1));
    // A block is read as a whole, or not at all.
    let in_block = |line: usize| {
        is_code(file, line) && block(file, line).is_some_and(|(first, last)| used.range(first..=last).next().is_some())
    };
    let announces = |line: usize| {
        let next = (line + 1..=file.lines.len()).find(|next| file.lines[next - 1].kind != LineKind::Blank);
        details.get(&line).is_some_and(|detail| is_announcement(&detail.text)) && next.is_some_and(in_block)
    };
    for line in lines.iter_mut().filter(|line| line.is_dropped()) {
        let at = line.line;
        if !details.contains_key(&at) && (is_beside(at) || in_block(at)) || announces(at) {
            line.note(Use::Context, None, Some("it goes with a line or a block that was read"));
        }
    }
}

fn is_code(file: &TaskFile, line: usize) -> bool {
    file.lines.get(line - 1).is_some_and(|line| matches!(line.kind, LineKind::Fence | LineKind::Code))
}

/// The first and the last line of the block of code that a line stands in.
fn block(file: &TaskFile, line: usize) -> Option<(usize, usize)> {
    let mut open = None;
    for (index, known) in file.lines.iter().enumerate() {
        match (known.kind, open) {
            (LineKind::Fence, None) => open = Some(index + 1),
            (LineKind::Fence, Some(first)) => {
                if (first..=index + 1).contains(&line) {
                    return Some((first, index + 1));
                }
                open = None;
            }
            _ => {}
        }
    }
    None
}

/// Whether a line only says that something comes: "Add the following types".
fn is_announcement(text: &str) -> bool {
    let lower = text.trim().to_lowercase();
    let points = lower.ends_with(':') || ["following", "below", "these", "this"].iter().any(|word| has(&lower, word));
    points && !text.contains('`')
}

fn has(text: &str, word: &str) -> bool {
    text.split(|c: char| !c.is_alphanumeric()).any(|known| known == word)
}
