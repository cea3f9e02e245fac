//! Sentences that say what comes before what.

use super::attached::at_task;
use super::table::table;
use super::{Origin, drawn};
use crate::task::{Line, LineKind, SectionKind, TaskFile, is_about_dependencies, references};
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
    /// The tasks of a phase, by its index.
    Phase(usize),
}

/// What a file states, and the lines that look like a statement and are not read.
#[derive(Debug, Default)]
pub(super) struct Statements {
    pub(super) found: Vec<Statement>,
    /// Lines of dependency sections.
    pub(super) unread: Vec<Span>,
    /// Rows of tables that name tasks in an order.
    pub(super) tables: Vec<Span>,
}

/// Every statement of a file: in its dependency sections, and at its tasks.
pub(super) fn statements(file: &TaskFile) -> Statements {
    let mut all = Statements::default();
    let sections = sections(file);
    for body in &sections {
        let from = file.lines.partition_point(|line| line.span.start < body.start);
        let to = file.lines.partition_point(|line| line.span.start < body.end);
        section(file, &file.lines[from..to], &mut all);
    }
    elsewhere(file, &sections, &mut all);
    for index in 0..file.tasks.len() {
        at_task(file, index, &mut all.found);
    }
    all
}

/// The sections about the order of the tasks. One that has tasks of its own is about something else.
fn sections(file: &TaskFile) -> Vec<Span> {
    let mut found: Vec<Span> = Vec::new();
    for section in &file.sections {
        let named = || {
            let lower = section.title.text.to_lowercase();
            let order = ["execution order", "task order", "implementation order", "build order", "order of execution"];
            section.level > 1 && (is_about_dependencies(&lower) || order.iter().any(|words| lower.contains(words)))
        };
        let empty = || {
            let first = file.tasks.partition_point(|task| task.span.start < section.body.start);
            file.tasks.get(first).is_none_or(|task| !section.body.contains(task.span.start))
        };
        let own = section.kind == SectionKind::Dependencies || section.kind == SectionKind::Other && named() && empty();
        if own && found.last().is_none_or(|known| !known.contains(section.body.start)) {
            found.push(section.body);
        }
    }
    found
}

/// The lines of a dependency section.
fn section(file: &TaskFile, lines: &[Line], all: &mut Statements) {
    let source = file.source.text();
    // A diagram that runs downwards: IDs, an arrow, IDs.
    let mut above: Option<Span> = None;
    let mut falls = false;
    let mut at = 0;
    // Where the lines of one kind end that the current one is one of.
    let mut end = 0;
    while let Some(line) = lines.get(at) {
        if at >= end {
            end = at + lines[at..].iter().take_while(|next| next.kind == line.kind).count();
            let run = &lines[at..end];
            let is_drawn = matches!(line.kind, LineKind::Code | LineKind::Text | LineKind::Quote);
            if is_drawn && drawn::is_tree(file, run) {
                drawn::tree(file, run, &mut all.found);
                at = end;
                continue;
            }
            if line.kind == LineKind::Table {
                table(file, run, true, all);
                at = end;
                continue;
            }
        }
        at += 1;
        let raw = line.span.of(source);
        let span = Span::new(line.span.start, line.span.start + raw.trim_end().len());
        match line.kind {
            LineKind::Item | LineKind::Text => {
                let before = all.found.len();
                sentences(file, span, &mut all.found);
                if all.found.len() == before && is_unread(source, span) {
                    all.unread.push(span);
                }
            }
            LineKind::Code => {
                let is_arrow = !raw.trim().is_empty()
                    && raw.trim().chars().all(|c| matches!(c, '↓' | '|' | '│' | 'v' | 'V' | '▼' | ' '));
                let first = above.filter(|_| falls && !is_arrow);
                let before = all.found.len();
                sentences(file, span, &mut all.found);
                let has_ids = !references(source, span).is_empty();
                if let Some(above) = first.filter(|_| has_ids && all.found.len() == before) {
                    let (first, then) = (Claim::Text(above), Claim::Text(span));
                    all.found.push(Statement { first, then, origin: Origin::Stated, span });
                }
                if has_ids {
                    above = Some(span).filter(|_| all.found.len() == before || first.is_some());
                }
                falls = is_arrow && above.is_some();
            }
            LineKind::Fence => (above, falls) = (None, false),
            _ => {}
        }
    }
}

/// Whether a line of a dependency section names two tasks and says something about them that is not read. What may
/// run side by side is no order.
fn is_unread(source: &str, span: Span) -> bool {
    let text = span.of(source);
    let named = references(source, span);
    let lower = text.to_lowercase();
    let beside = ["parallel", "[p]", "together", "same time", "simultan", "concurrent", "independent", "any order"];
    let is_said = text.chars().any(|c| c.is_alphabetic() && !c.is_ascii()) || lower.split(' ').count() > 2;
    named.len() > 1 && is_said && !beside.iter().any(|word| lower.contains(word)) && !is_denied(text) && {
        // A list of IDs with a title says which tasks belong together.
        let between = &source[named[0].span.end..named[1].span.start];
        between.chars().any(char::is_alphabetic) && !matches!(between.trim(), "and" | "or" | "to" | "through")
    }
}

/// Statements outside of the dependency sections that can mean nothing else: a line of IDs and arrows, a field
/// `**Dependencies**: …`, a table with a column about it.
fn elsewhere(file: &TaskFile, sections: &[Span], all: &mut Statements) {
    let source = file.source.text();
    let is_read = |start: usize| {
        let begun = sections.partition_point(|body| body.start <= start);
        sections[..begun].last().is_some_and(|body| body.contains(start))
    };
    let mut task = 0;
    let mut at = 0;
    while let Some(line) = file.lines.get(at) {
        let start = line.span.start;
        at += 1;
        while file.tasks.get(task).is_some_and(|task| task.body.end <= start) {
            task += 1;
        }
        let in_task = file.tasks.get(task).is_some_and(|task| task.span.start < line.span.end);
        if in_task || is_read(start) || file.around(start).any(|section| section.kind == SectionKind::Remarks) {
            continue;
        }
        let raw = line.span.of(source);
        let span = Span::new(start, start + raw.trim_end().len());
        match line.kind {
            LineKind::Table => {
                let run = file.lines[at - 1..].iter().take_while(|next| next.kind == LineKind::Table).count();
                table(file, &file.lines[at - 1..at - 1 + run], false, all);
                at += run - 1;
            }
            LineKind::Item | LineKind::Text | LineKind::Code if is_bare_arrow(source, span) => {
                sentences(file, span, &mut all.found);
            }
            LineKind::Item | LineKind::Text => field(file, span, &mut all.found),
            _ => {}
        }
    }
}

/// `T001 → T002, T003`, and nothing else.
fn is_bare_arrow(source: &str, span: Span) -> bool {
    let text = span.of(source);
    if !ARROWS.iter().any(|arrow| text.contains(arrow)) {
        return false;
    }
    let named = references(source, span);
    let mut rest = String::new();
    let mut from = span.start;
    for reference in &named {
        rest.push_str(&source[from..reference.span.start]);
        from = reference.span.end;
    }
    rest.push_str(&source[from..span.end]);
    let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ')'));
    named.len() > 1 && !rest.chars().any(char::is_alphanumeric)
}

/// `**Dependencies**: T001 → T002`; without an arrow, what the phase that it stands in waits for.
fn field(file: &TaskFile, span: Span, found: &mut Vec<Statement>) {
    let source = file.source.text();
    let text = span.of(source).trim_start_matches(['-', '+', ' ', '\t']);
    let lower = text.to_lowercase();
    let bare = lower.trim_start_matches(['*', '_']);
    let key = bare.split([':', '：']).next().unwrap_or_default();
    let is_key = key.len() < bare.len() && key.split(' ').count() <= 3;
    if !is_key || !(is_about_dependencies(key) || key.starts_with("depends on")) {
        return;
    }
    let Some(colon) = text.find([':', '：']) else { return };
    let value = text[colon..].trim_start_matches([':', '：', '*', '_', ' ']);
    let value = Span::new(span.end - value.len(), span.end);
    let before = found.len();
    sentences(file, value, found);
    let inside = file.around(span.start).find(|section| matches!(section.kind, SectionKind::Phase(_)));
    let Some(SectionKind::Phase(phase)) = inside.map(|section| section.kind) else { return };
    if found.len() == before && !is_denied(value.of(source)) {
        found.push(Statement { first: Claim::Text(value), then: Claim::Phase(phase), origin: Origin::Stated, span });
    }
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

/// The statements of a line: of each clause, and of each part that a comma divides and that is one by itself.
pub(super) fn sentences(file: &TaskFile, span: Span, found: &mut Vec<Statement>) {
    let text = span.of(file.source.text());
    let masked = without_remarks(text);
    for clause in split(&masked, &["; ", "；", "。", ". "]) {
        for part in parts(text, &masked, clause) {
            sentence(file, part.shifted(span.start), span, found);
        }
    }
}

/// `T001 → T003, T002 → T004` and `T001 before T002 and T003 before T004` are two statements; `T001 → T002, T003`
/// is one.
fn parts(text: &str, masked: &str, clause: Span) -> Vec<Span> {
    let inner = clause.of(masked);
    for separator in [", ", ",", " and ", "，"] {
        let parts: Vec<Span> = split(inner, &[separator]).into_iter().map(|part| part.shifted(clause.start)).collect();
        let is_one = |part: &Span| {
            let raw = part.of(masked);
            let sides = split(raw, ARROWS);
            let sides: Vec<Span> = if sides.len() > 1 {
                sides
            } else {
                let word = WORDS.iter().find_map(|(word, ..)| Some((raw.find(word)?, word.len())));
                word.map_or_else(Vec::new, |(at, length)| vec![Span::new(0, at), Span::new(at + length, raw.len())])
            };
            sides.len() > 1 && sides.iter().all(|side| !references(text, side.shifted(part.start)).is_empty())
        };
        if parts.len() > 1 && parts.iter().all(is_one) {
            return parts;
        }
    }
    vec![clause]
}

fn sentence(file: &TaskFile, span: Span, line: Span, found: &mut Vec<Statement>) {
    // `Services before routes: T001 before T002`: what stands before the colon is a title.
    let raw = span.of(file.source.text());
    let has_ids = |text: &str| !references(text, Span::new(0, text.len())).is_empty();
    let title = raw.find(": ").map(|at| at + 2).filter(|&at| !has_ids(&raw[..at]) && has_ids(&raw[at..]));
    let span = Span::new(span.start + title.unwrap_or(0), span.end);
    let text = span.of(file.source.text());
    let masked = without_remarks(text);
    if is_denied(&masked) {
        return;
    }
    let mut state = |first: Span, then: Span, origin: Origin| {
        if first.start < first.end && then.start < then.end {
            let side = |part: Span| Claim::Text(part.shifted(span.start));
            found.push(Statement { first: side(first), then: side(then), origin, span: line });
        }
    };
    let sides = split(&masked, ARROWS);
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
    let lower = masked;
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

/// "T013 and T014 don't depend on each other", "must not land before".
pub(super) fn is_denied(text: &str) -> bool {
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

pub(super) fn split(text: &str, separators: &[&str]) -> Vec<Span> {
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
