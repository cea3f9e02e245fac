//! Lines around those that were used, which say nothing of their own: the marks of a block of code that was read, the
//! rest of a line that goes on, and what announces them.

use std::collections::{BTreeMap, BTreeSet};

use crate::plan::{LineUse, TaskLine, Use};
use crate::task::{LineKind, TaskFile};

/// Notes what is context of the lines of a task that were used. The blocks are those of the file.
pub(super) fn note(
    file: &TaskFile,
    blocks: &[(usize, usize)],
    lines: &mut [LineUse],
    details: &BTreeMap<usize, &TaskLine>,
) {
    let used: BTreeSet<usize> = lines.iter().filter(|line| line.used == Use::Change).map(|line| line.line).collect();
    let is_beside = |line: usize| used.contains(&(line + 1)) || used.contains(&line.saturating_sub(1));
    // A block is read as a whole, or not at all.
    let in_block = |line: usize| {
        let block = blocks.get(blocks.partition_point(|(_, last)| *last < line));
        block.is_some_and(|(first, last)| *first <= line && used.range(first..=last).next().is_some())
    };
    let announces = |line: usize| {
        let next = (line + 1..=file.lines.len()).find(|next| file.lines[next - 1].kind != LineKind::Blank);
        details.get(&line).is_some_and(|detail| is_announcement(&detail.text)) && next.is_some_and(in_block)
    };
    // Further lines of a text that began in a line which was used.
    let goes_on = |line: usize| {
        let is_text = |at: &usize| file.lines[at - 1].kind == LineKind::Text && !details.contains_key(at);
        let text = (1..=line).rev().take_while(is_text).count();
        text > 0 && used.contains(&(line - text))
    };
    for line in lines.iter_mut().filter(|line| line.is_dropped()) {
        let at = line.line;
        if !details.contains_key(&at) && (is_beside(at) || in_block(at) || goes_on(at)) || announces(at) {
            line.note(Use::Context, None, Some("it goes with a line or a block that was read"));
        }
    }
}

/// The first and the last line of each closed block of code, in order.
pub(super) fn blocks(file: &TaskFile) -> Vec<(usize, usize)> {
    let mut fences = (1..).zip(&file.lines).filter(|(_, line)| line.kind == LineKind::Fence).map(|(number, _)| number);
    std::iter::from_fn(|| Some((fences.next()?, fences.next()?))).collect()
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
