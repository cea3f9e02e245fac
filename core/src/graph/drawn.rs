//! Drawn trees: `├─▶ US1 (T002)` hangs below the line that its branch starts from.

use std::collections::BTreeMap;

use super::Origin;
use super::sentence::{ARROWS, sentences, split};
use super::statement::{Claim, Statement};
use crate::task::{Line, LineKind, TaskFile, references};
use crate::text::Span;

/// What a branch starts with.
const BRANCHES: &[char] = &['├', '└', '╰', '┗', '┣', '↳', '⤷', '↘'];
/// What branches and arrows are drawn with.
const ART: &[char] = &[
    '│', '|', '├', '└', '╰', '┗', '┣', '┃', '┌', '┐', '┘', '╭', '╮', '─', '━', '┬', '┴', '┼', '▶', '►', '▸', '→', '>',
    '+', '`', '\\', '-', '–', '*', '•', '↓', '▼', '↳', '⤷', '↘',
];

/// Whether some lines draw a tree.
pub(super) fn is_tree(file: &TaskFile, lines: &[Line]) -> bool {
    lines.iter().any(|line| branch(line.span.of(file.ordered())).is_some())
}

/// Whether a line begins with a branch, and so hangs below another one.
pub(super) fn hangs(raw: &str) -> bool {
    raw.trim_start().starts_with(BRANCHES)
}

/// How far into the label of a node an ID is looked for.
const LABEL: usize = 120;

/// Whether lines of a drawing run together again, which is not read.
pub(super) fn joins(text: &str) -> bool {
    text.contains(['┐', '┘', '┤', '╮', '╯'])
}

/// The nodes of a diagram that have a name of their own, `A[T001 base]`: the name, and where its IDs stand.
pub(super) fn aliases<'a>(source: &'a str, lines: &[Line]) -> BTreeMap<&'a str, Span> {
    let mut known = BTreeMap::new();
    for line in lines {
        let raw = line.span.of(source);
        for (open, _) in raw.match_indices(['[', '(', '{']) {
            let name = node(raw[..open].trim_end());
            let behind = &raw[open..raw.floor_char_boundary(open + LABEL)];
            let close = behind.find([']', ')', '}']).map_or(open + behind.len(), |at| open + at);
            let label = Span::new(open, close).shifted(line.span.start);
            if !name.is_empty()
                && references(name, Span::new(0, name.len())).is_empty()
                && !references(source, label).is_empty()
            {
                known.entry(name).or_insert(label);
            }
        }
    }
    known
}

/// The name that a text ends with.
fn node(text: &str) -> &str {
    let start = text.rfind(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).map_or(0, |at| at + 1);
    text.get(start..).unwrap_or_default()
}

/// `A --> B & C` by the names of nodes; whether the line is one.
pub(super) fn by_alias(source: &str, span: Span, known: &BTreeMap<&str, Span>, found: &mut Vec<Statement>) -> bool {
    let raw = span.of(source);
    let sides = split(raw, ARROWS);
    if known.is_empty() || sides.len() < 2 {
        return false;
    }
    // `A -->|label| B`, `A -- label --> B`, `A[T001 base]`
    let side = |side: &Span| -> Vec<Span> {
        let text = side.of(raw).trim_start();
        let text = text.strip_prefix('|').and_then(|text| text.split_once('|')).map_or(text, |(_, behind)| behind);
        let text = text.split(" --").next().unwrap_or(text);
        let name = |part: &str| {
            let part = part.trim();
            let end = part.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(part.len());
            known.get(&part[..end]).copied()
        };
        text.split('&').filter_map(name).collect()
    };
    let sides: Vec<Vec<Span>> = sides.iter().map(side).collect();
    if sides.iter().any(Vec::is_empty) {
        return false;
    }
    for pair in sides.windows(2) {
        let (first, then) = (Claim::Texts(pair[0].clone()), Claim::Texts(pair[1].clone()));
        found.push(Statement { first, then, origin: Origin::Stated, span });
    }
    true
}

/// The column of the branch in front of a line.
fn branch(raw: &str) -> Option<usize> {
    let before = raw.find(|c: char| !(c.is_whitespace() || ART.contains(&c))).unwrap_or(raw.len());
    let front = &raw[..before];
    let ascii = ["|--", "+--", "`--", "\\--", "|-", "+-"].iter().filter_map(|mark| front.rfind(mark)).max();
    let at = front.rfind(BRANCHES).or(ascii)?;
    (before < raw.trim_end().len()).then(|| raw[..at].chars().count())
}

/// The statements of a tree: what is above comes first.
pub(super) fn tree(file: &TaskFile, lines: &[Line], found: &mut Vec<Statement>) {
    let source = file.ordered();
    // The lines that the current one may hang below: the column of the branch, 0 for a line without one, and the text.
    let mut open: Vec<(usize, Span)> = Vec::new();
    for line in lines {
        let raw = line.span.of(source).trim_end();
        let Some(start) = raw.find(|c: char| !(c.is_whitespace() || ART.contains(&c))) else { continue };
        let text = Span::new(line.span.start + start, line.span.start + raw.len());
        let column = branch(raw).map(|column| column + 1);
        match column {
            Some(column) => {
                open.retain(|(known, _)| *known < column);
            }
            None => open.clear(),
        }
        let parts = parts(text, text.of(source));
        let Some(first) = parts.first().copied() else { continue };
        if let Some((_, parent)) = open.last().filter(|_| column.is_some()) {
            found.push(Statement {
                first: Claim::Text(*parent),
                then: Claim::Text(first),
                origin: Origin::Stated,
                span: text,
            });
        }
        open.push((column.unwrap_or(0), first));
        if column.is_none() && parts.len() == 1 && line.kind != LineKind::Code {
            sentences(file, text, found);
        }
        for pair in parts.windows(2) {
            found.push(Statement {
                first: Claim::Text(pair[0]),
                then: Claim::Text(pair[1]),
                origin: Origin::Stated,
                span: text,
            });
            // A branch starts from below a `┬`, or from below the part itself.
            let before = source[line.span.start..pair[1].start].rfind(['┬', '┼']).map(|at| at + '┬'.len_utf8());
            let own = source[line.span.start..pair[1].start].len();
            let column = raw[..before.unwrap_or(own)].chars().count();
            open.push((column, pair[1]));
        }
    }
}

/// `T001 ──┬──▶ T002` has two parts.
fn parts(text: Span, raw: &str) -> Vec<Span> {
    let parts = split(raw, ARROWS);
    let trim = |part: &Span| {
        let inner =
            part.of(raw).trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '─' | '━' | '┬' | '┼' | '-'));
        let start = part.start + (inner.len() - inner.trim_start().len());
        Span::new(start, part.start + inner.len())
    };
    let parts = parts.iter().map(trim).filter(|part| part.start < part.end);
    let parts: Vec<Span> = parts.collect();
    // Words between arrows that name no task are a remark.
    let named = parts.iter().all(|part| !references(raw, *part).is_empty());
    let parts = if named { parts } else { parts.into_iter().take(1).collect() };
    parts.into_iter().map(|part| part.shifted(text.start)).collect()
}
