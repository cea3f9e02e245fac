//! Where a file says what comes before what.

use std::collections::BTreeSet;

use super::apart::has_arrow;
use super::attached::{at_task, below_item};
use super::left::{is_unread, is_unread_in_part};
use super::sentence::{WORDS, is_beside, is_denied, sentences};
use super::table::table;
use super::waves::waves;
use super::{Origin, drawn};
use crate::task::{Line, LineKind, Reference, SectionKind, TaskFile, is_about_dependencies, references};
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
    /// The IDs in several parts of the text.
    Texts(Vec<Span>),
    /// All tasks but those of a part of the text: "before everything else".
    Others(Span),
    /// All tasks that stand before those of a part of the text: "all previous tasks".
    Earlier(Span),
    /// All tasks that stand before one, by its index.
    EarlierThan(usize),
    /// A task, by its index.
    Task(usize),
    /// The tasks of a phase, by its index.
    Phase(usize),
}

/// What a file states, and the lines that look like a statement and are not read.
#[derive(Debug, Default)]
pub(super) struct Statements {
    pub(super) found: Vec<Statement>,
    /// Lines that speak of several tasks where an order is stated.
    pub(super) unread: Vec<Span>,
    /// Rows of tables that name tasks in an order.
    pub(super) tables: Vec<Span>,
}

/// Every statement of a file: in its dependency sections, at its tasks, and elsewhere.
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
        at_task(file, index, &mut all);
    }
    all.unread.sort_unstable();
    all.unread.dedup();
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
    let source = file.ordered();
    let mut falling = Falling::default();
    let mut list = List::default();
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let run = lines[at..].iter().take_while(|next| next.kind == line.kind).count();
        let lines = &lines[at..at + run];
        at += run;
        match line.kind {
            LineKind::Table => table(file, lines, true, all),
            LineKind::Code => drawing(file, lines, all),
            LineKind::Text | LineKind::Quote if drawn::is_tree(file, lines) => drawing(file, lines, all),
            LineKind::Heading(_) => list = List { beside: is_beside(line.span.of(source)), ..List::default() },
            LineKind::Item | LineKind::Text | LineKind::Quote => {
                for line in lines {
                    let span = trimmed(source, *line);
                    let before = all.found.len();
                    if line.kind == LineKind::Item {
                        list.item(file, *line, span, all);
                    } else {
                        falling.line(file, span, all);
                    }
                    let is_title = references(source, span).is_empty() && span.of(source).ends_with([':', '*']);
                    if is_title {
                        list.beside = is_beside(span.of(source));
                    } else if !list.beside
                        && (all.found.len() == before && is_unread(source, span)
                            || all.found.len() > before && is_unread_in_part(source, span, &all.found[before..]))
                    {
                        all.unread.push(span);
                    }
                }
            }
            _ => {}
        }
    }
}

/// A line without its end.
fn trimmed(source: &str, line: Line) -> Span {
    Span::new(line.span.start, line.span.start + line.span.of(source).trim_end().len())
}

/// A diagram that runs downwards: IDs, an arrow, IDs.
#[derive(Default)]
struct Falling {
    above: Option<Span>,
    falls: bool,
}

impl Falling {
    fn line(&mut self, file: &TaskFile, span: Span, all: &mut Statements) {
        let source = file.ordered();
        let raw = span.of(source).trim();
        let is_arrow =
            !raw.is_empty() && raw.chars().all(|c| matches!(c, '↓' | '⬇' | '|' | '│' | 'v' | 'V' | '▼' | ' '));
        let above = self.above.filter(|_| self.falls && !is_arrow);
        let before = all.found.len();
        sentences(file, span, &mut all.found);
        let has_ids = !references(source, span).is_empty();
        let is_below = above.is_some() && has_ids && all.found.len() == before;
        if let Some(above) = above.filter(|_| is_below) {
            let (first, then) = (Claim::Text(above), Claim::Text(span));
            all.found.push(Statement { first, then, origin: Origin::Stated, span });
        }
        if has_ids {
            self.above = Some(span).filter(|_| all.found.len() == before || is_below);
        }
        self.falls = is_arrow && self.above.is_some();
    }
}

/// The items of a list that begin with an ID.
#[derive(Default)]
struct List {
    /// The items that the current one stands below: their indents and IDs.
    open: Vec<(usize, Span)>,
    /// The numbered item above, if it begins with an ID and says no more.
    above: Option<(usize, Span)>,
    /// Whether what stands above says that the tasks run side by side.
    beside: bool,
}

impl List {
    fn item(&mut self, file: &TaskFile, line: Line, span: Span, all: &mut Statements) {
        let source = file.ordered();
        while self.open.last().is_some_and(|(indent, _)| *indent >= line.indent) {
            self.open.pop();
        }
        let before = all.found.len();
        if let Some((_, parent)) = self.open.last() {
            below_item(file, span, *parent, &mut all.found);
        }
        if all.found.len() == before {
            sentences(file, span, &mut all.found);
        }
        let raw = span.of(source);
        let bare = raw.trim_start();
        let inner =
            bare.trim_start_matches(|c: char| c.is_ascii_digit() || c.is_whitespace() || "-*+.)_`[".contains(c));
        let first = references(source, span).into_iter().next();
        let begins = first.filter(|first| first.span.start == span.end - inner.len());
        let is_numbered = bare.starts_with(|c: char| c.is_ascii_digit());
        let said = all.found.len() > before;
        let above = self.above.take();
        let Some(first) = begins else { return };
        if !said && !self.beside {
            // One below the other, or numbered: what the list means by that is not known.
            let numbered = above.filter(|(indent, _)| is_numbered && *indent == line.indent);
            if !self.open.is_empty() || numbered.is_some() {
                all.unread.extend(numbered.map(|(_, above)| above));
                all.unread.push(span);
            }
            self.above = Some((line.indent, span)).filter(|_| is_numbered);
        }
        self.open.push((line.indent, first.span));
    }
}

/// A drawing, or code that tells an order otherwise.
fn drawing(file: &TaskFile, lines: &[Line], all: &mut Statements) {
    let source = file.ordered();
    let (Some(first), Some(last)) = (lines.first(), lines.last()) else { return };
    let whole = Span::new(first.span.start, last.span.end);
    let before = all.found.len();
    let joined = drawn::joins(whole.of(source));
    let aliases = drawn::aliases(source, lines);
    if !joined && drawn::is_tree(file, lines) {
        drawn::tree(file, lines, &mut all.found);
    } else if !joined {
        let mut falling = Falling::default();
        for line in lines {
            let span = trimmed(source, *line);
            if !drawn::by_alias(source, span, &aliases, &mut all.found) {
                falling.line(file, span, all);
            }
        }
    }
    let named =
        |span: Span| references(source, span).into_iter().map(|named| named.first).collect::<BTreeSet<_>>().len();
    // `↳ T002` below an item of a list: what it hangs below is no part of the drawing.
    if named(whole) == 1 && drawn::hangs(first.span.of(source)) && all.found.len() == before {
        all.unread.push(trimmed(source, *first));
    }
    if named(whole) < 2
        || is_beside(whole.of(source))
        || ["task:", "task("].iter().any(|word| whole.of(source).to_lowercase().contains(word))
    {
        return;
    }
    let said: BTreeSet<usize> = all.found[before..].iter().map(|statement| statement.span.start).collect();
    let lines = lines.iter().map(|line| trimmed(source, *line));
    if said.is_empty() {
        all.unread.extend(lines.into_iter().find(|span| named(*span) > 0));
        return;
    }
    // A node with a title tells no order.
    all.unread
        .extend(lines.filter(|span| said.range(span.start..=span.end).next().is_none() && is_unread(source, *span)));
}

/// Statements outside of the dependency sections: a line of IDs and arrows, a field `**Dependencies**: …`, a table with
/// a column about it, a diagram, waves, and sentences with the IDs on both sides, which are less sure.
fn elsewhere(file: &TaskFile, sections: &[Span], all: &mut Statements) {
    let source = file.ordered();
    let remarks: Vec<Span> =
        file.sections.iter().filter(|s| s.kind == SectionKind::Remarks).map(|section| section.body).collect();
    let mut outside: Vec<Line> = Vec::new();
    let mut task = 0;
    let mut at = 0;
    while let Some(line) = file.lines.get(at) {
        let start = line.span.start;
        at += 1;
        while file.tasks.get(task).is_some_and(|task| task.body.end <= start) {
            task += 1;
        }
        let in_task = file.tasks.get(task).is_some_and(|task| task.span.start < line.span.end);
        if in_task || remarks.iter().any(|body| body.contains(start)) {
            continue;
        }
        outside.push(*line);
        if sections.iter().any(|body| body.contains(start)) {
            continue;
        }
        // A run is looked at where it begins.
        let begins = at < 2 || file.lines[at - 2].kind != line.kind;
        let run =
            if begins { file.lines[at - 1..].iter().take_while(|next| next.kind == line.kind).count() } else { 0 };
        let lines = &file.lines[at - 1..at - 1 + run];
        let span = trimmed(source, *line);
        match line.kind {
            LineKind::Table => {
                table(file, lines, false, all);
                at += run.saturating_sub(1);
            }
            LineKind::Fence
                if ["mermaid", "dot", "graphviz"].iter().any(|name| span.of(source).trim_end().ends_with(name)) =>
            {
                let run = file.lines[at..].iter().take_while(|next| next.kind == LineKind::Code).count();
                drawing(file, &file.lines[at..at + run], all);
                at += run;
            }
            LineKind::Code | LineKind::Text if drawn::is_tree(file, lines) => {
                // What hangs below a task may be a part of it.
                let mut found = Vec::new();
                drawn::tree(file, lines, &mut found);
                all.unread.extend(found.iter().find(|said| is_direct(source, said)).map(|said| said.span));
                at += run.saturating_sub(1);
            }
            LineKind::Heading(_) => heading(file, span, &mut all.found),
            LineKind::Item | LineKind::Text | LineKind::Code if is_bare_arrow(source, span) => {
                sentences(file, span, &mut all.found);
            }
            LineKind::Item | LineKind::Text | LineKind::Quote | LineKind::Code => {
                let before = all.found.len();
                if line.kind != LineKind::Code {
                    field(file, span, &mut all.found);
                }
                if all.found.len() == before {
                    remark(file, span, line.kind, all);
                }
            }
            _ => {}
        }
    }
    waves(file, &outside, sections, &mut all.found);
}

/// A sentence outside of the dependency sections.
fn remark(file: &TaskFile, span: Span, kind: LineKind, all: &mut Statements) {
    let source = file.ordered();
    let named: Vec<Reference> = references(source, span);
    if named.len() < 2 {
        return;
    }
    let mut found = Vec::new();
    sentences(file, span, &mut found);
    found.retain(|said| is_direct(source, said));
    let lower = format!(" {} ", span.of(source).to_lowercase());
    let more = [" wait", " first", " until ", " prerequisite", " once "];
    let is_order = || WORDS.iter().map(|(word, ..)| *word).chain(more).any(|word| lower.contains(word));
    if found.is_empty() && kind != LineKind::Code && is_order() && is_unread(source, span) {
        all.unread.push(span);
    }
    all.found.extend(found.into_iter().map(|said| Statement { origin: Origin::Prose, ..said }));
}

/// Whether both sides of a statement name tasks by their IDs.
fn is_direct(source: &str, said: &Statement) -> bool {
    let names = |claim: &Claim| matches!(claim, Claim::Text(span) if !references(source, *span).is_empty());
    names(&said.first) && names(&said.then)
}

/// `T001 → T002, T003`, and nothing else.
fn is_bare_arrow(source: &str, span: Span) -> bool {
    let text = span.of(source);
    if !has_arrow(text) {
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

/// `## Phase 3: Late (depends on Phase 1)`
fn heading(file: &TaskFile, span: Span, found: &mut Vec<Statement>) {
    let source = file.ordered();
    let lower = span.of(source).to_ascii_lowercase();
    let at = ["(depends on ", "(blocked by ", "(after ", "(requires "].iter().find_map(|word| {
        let start = lower.find(word)? + word.len();
        Some(start..start + lower[start..].find(')')?)
    });
    let Some(at) = at else { return };
    let own = file.sections.iter().find(|section| span.contains(section.title.span.start));
    let Some(SectionKind::Phase(phase)) = own.map(|section| section.kind) else { return };
    let value = Span::new(at.start, at.end).shifted(span.start);
    if !is_denied(value.of(source)) {
        found.push(Statement { first: Claim::Text(value), then: Claim::Phase(phase), origin: Origin::Stated, span });
    }
}

/// `**Dependencies**: T001 → T002`; without an arrow, what the phase that it stands in waits for.
fn field(file: &TaskFile, span: Span, found: &mut Vec<Statement>) {
    let source = file.ordered();
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
