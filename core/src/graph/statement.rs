//! Sentences that say what comes before what.

use super::Origin;
use crate::task::{LineKind, SectionKind, TaskFile, references};
use crate::text::Span;

/// `first` comes before `then`.
#[derive(Clone, Debug)]
pub(super) struct Statement {
    /// The side that the other one waits for.
    pub(super) first: Claim,
    /// What waits for it.
    pub(super) then: Claim,
    /// How sure that is.
    pub(super) origin: Origin,
    /// The line that says it.
    pub(super) span: Span,
}

/// One side of a statement.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Claim {
    /// A part of the text: the IDs in it, or the title of a phase or group.
    Text(Span),
    /// A task, by its index.
    Task(usize),
}

/// Every statement of a file: in its dependency sections, and at its tasks.
pub(super) fn statements(file: &TaskFile) -> Vec<Statement> {
    let mut found = Vec::new();
    for section in file.sections.iter().filter(|section| section.kind == SectionKind::Dependencies) {
        let from = file.lines.partition_point(|line| line.span.start < section.body.start);
        let lines = file.lines[from..].iter().take_while(|line| line.span.start < section.body.end);
        // A diagram that runs downwards: IDs, an arrow, IDs.
        let mut above: Option<Span> = None;
        let mut falls = false;
        for line in lines {
            let raw = line.span.of(file.source.text());
            let span = Span::new(line.span.start, line.span.start + raw.trim_end().len());
            match line.kind {
                LineKind::Item | LineKind::Text => sentences(file, span, &mut found),
                LineKind::Code => {
                    let is_arrow = !raw.trim().is_empty()
                        && raw.trim().chars().all(|c| matches!(c, '↓' | '|' | '│' | 'v' | 'V' | '▼' | ' '));
                    let first = above.filter(|_| falls && !is_arrow);
                    let before = found.len();
                    sentences(file, span, &mut found);
                    let has_ids = !references(file.source.text(), span).is_empty();
                    if let Some(above) = first.filter(|_| has_ids && found.len() == before) {
                        found.push(Statement {
                            first: Claim::Text(above),
                            then: Claim::Text(span),
                            origin: Origin::Stated,
                            span,
                        });
                    }
                    if has_ids {
                        above = Some(span).filter(|_| found.len() == before || first.is_some());
                    }
                    falls = is_arrow && above.is_some();
                }
                LineKind::Fence => (above, falls) = (None, false),
                _ => {}
            }
        }
    }
    for index in 0..file.tasks.len() {
        at_task(file, index, &mut found);
    }
    found
}

/// What stands between the two sides, and which of them comes first.
const WORDS: &[(&str, bool, Origin)] = &[
    (" must be completed before ", true, Origin::Stated),
    (" must complete before ", true, Origin::Stated),
    (" before ", true, Origin::Stated),
    (" blocks ", true, Origin::Stated),
    (" block ", true, Origin::Stated),
    (" unblocks ", true, Origin::Prose),
    (" depends on ", false, Origin::Prose),
    (" depend on ", false, Origin::Prose),
    (" blocked by ", false, Origin::Prose),
    (" requires ", false, Origin::Prose),
    (" require ", false, Origin::Prose),
    (" after ", false, Origin::Prose),
];

const ARROWS: &[&str] = &["-.->", "-->", "==>", "->", "=>", "→", "⇒", "⟶", "➜", "➔"];

fn sentences(file: &TaskFile, span: Span, found: &mut Vec<Statement>) {
    let text = span.of(file.source.text());
    if is_denied(text) {
        return;
    }
    let mut state = |first: Span, then: Span, origin: Origin| {
        if first.start < first.end && then.start < then.end {
            let side = |part: Span| Claim::Text(part.shifted(span.start));
            found.push(Statement { first: side(first), then: side(then), origin, span });
        }
    };
    let sides = split(text, ARROWS);
    if sides.len() > 1 {
        for pair in sides.windows(2) {
            let (mut first, mut then) = (last_clause(text, pair[0]), first_clause(text, pair[1]));
            // `T022 → depends on T020`
            let behind = then.of(text).trim_start().to_ascii_lowercase();
            let waits = ["depends on", "depend on", "requires", "needs", "waits for", "blocked by"];
            if waits.iter().any(|word| behind.starts_with(word)) {
                (first, then) = (then, first);
            } else if behind.contains(" after ") || behind.starts_with("can ") || behind.starts_with('[') {
                // "Phase 3 → can start after Phase 2", "T004 → [tests T003]": the arrow is no order.
                continue;
            }
            state(first, then, Origin::Stated);
        }
        return;
    }
    // `T007 ← T006`
    if let [left, right] = split(text, &["←", "<--", "<-"])[..] {
        state(first_clause(text, right), last_clause(text, left), Origin::Stated);
        return;
    }
    let lower = without_remarks(text);
    let Some((at, word, is_first, origin)) =
        WORDS.iter().find_map(|&(word, is_first, origin)| lower.find(word).map(|at| (at, word, is_first, origin)))
    else {
        return;
    };
    // A second such word makes it a sentence that is not understood.
    let behind = &lower[at + word.len() - 1..];
    if WORDS.iter().any(|(word, ..)| behind.contains(word)) {
        return;
    }
    let left = last_clause(text, Span::new(0, at));
    let right = first_clause(text, Span::new(at + word.len(), text.len()));
    let (first, then) = if is_first { (left, right) } else { (right, left) };
    state(first, then, origin);
}

/// A line in lower case, with blanks for what stands in parentheses without IDs: "(repo before tests)".
fn without_remarks(text: &str) -> String {
    let mut bytes = text.to_ascii_lowercase().into_bytes();
    let mut at = 0;
    while let Some(open) = text[at..].find('(').map(|open| at + open) {
        let Some(close) = text[open..].find(')').map(|close| open + close) else { break };
        if references(text, Span::new(open, close)).is_empty() {
            bytes[open..=close].fill(b' ');
        }
        at = close;
    }
    String::from_utf8(bytes).unwrap_or_default()
}

/// `(depends on T012, T013)` in a task, or a line `Depends on: T012` below it.
fn at_task(file: &TaskFile, index: usize, found: &mut Vec<Statement>) {
    let task = &file.tasks[index];
    let source = file.source.text();
    let text = task.text.of(source);
    let lower = if text.contains('(') { text.to_ascii_lowercase() } else { String::new() };
    for word in ["(depends on ", "(depends on: ", "(requires ", "(blocked by ", "(after "] {
        let Some(at) = lower.find(word) else { continue };
        let from = at + word.len();
        let to = text[from..].find(')').map_or(text.len(), |end| from + end);
        let origin = if word.starts_with("(depends") { Origin::Stated } else { Origin::Prose };
        let span = Span::new(at, to).shifted(task.text.start);
        if !references(source, Span::new(from, to).shifted(task.text.start)).is_empty() && !is_denied(span.of(source)) {
            let first = Claim::Text(Span::new(from, to).shifted(task.text.start));
            found.push(Statement { first, then: Claim::Task(index), origin, span });
        }
    }
    for detail in &task.details {
        let waits = matches!(
            &*detail.key,
            "depends on" | "dependencies" | "dependency" | "depends" | "blocked by" | "prerequisites" | "requires"
        );
        let leads = matches!(&*detail.key, "blocks" | "unblocks");
        let span = detail.text.span;
        if !(waits || leads) || is_denied(span.of(source)) || references(source, span).is_empty() {
            continue;
        }
        let (own, other) = (Claim::Task(index), Claim::Text(span));
        let (first, then) = if waits { (other, own) } else { (own, other) };
        found.push(Statement { first, then, origin: Origin::Stated, span });
    }
}

/// "T013 and T014 don't depend on each other", "must not land before".
fn is_denied(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "not",
        "no",
        "never",
        "none",
        "cannot",
        "independent",
        "independently",
        "without",
        "nothing",
        "neither",
        "optional",
    ];
    let lower = text.to_ascii_lowercase();
    let words = lower.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '\'' | '’')));
    let mut denied = false;
    for word in words {
        denied |= WORDS.contains(&word) || word.ends_with("n't") || word.ends_with("n’t");
    }
    denied
}

fn split(text: &str, separators: &[&str]) -> Vec<Span> {
    let mut parts = Vec::new();
    let (mut from, mut at) = (0, 0);
    while let Some(c) = text[at..].chars().next() {
        match separators.iter().find(|separator| text[at..].starts_with(**separator)) {
            Some(separator) => {
                parts.push(Span::new(from, at));
                at += separator.len();
                from = at;
            }
            None => at += c.len_utf8(),
        }
    }
    parts.push(Span::new(from, text.len()));
    parts
}

/// What stands behind the last end of a sentence.
fn last_clause(text: &str, span: Span) -> Span {
    let part = span.of(text);
    let cut = [". ", "; ", ": ", "；", "。", "："]
        .iter()
        .filter_map(|end| part.rfind(end).map(|at| at + end.len()))
        .max()
        .unwrap_or(0);
    // `**Tests first**: T001 before T002`: what stands before the colon is a title, unless the IDs are there.
    let has_ids = |text: &str| !references(text, Span::new(0, text.len())).is_empty();
    let cut = if has_ids(&part[..cut]) && !has_ids(&part[cut..]) { 0 } else { cut };
    Span::new(span.start + cut, span.end)
}

/// What stands before the first end of a sentence.
fn first_clause(text: &str, span: Span) -> Span {
    let part = span.of(text);
    let cut = [". ", "; ", "；", "。", " (because", ", so ", " because "]
        .iter()
        .filter_map(|end| part.find(end))
        .min()
        .unwrap_or(part.len());
    Span::new(span.start, span.start + cut)
}
