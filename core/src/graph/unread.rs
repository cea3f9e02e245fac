//! What looks like a task, a phase or an order and is not read: one finding for each notation.

use std::collections::BTreeSet;

use super::Graph;
use crate::diagnostic::Diagnostic;
use crate::task::{Line, LineKind, Register, SectionKind, TaskFile, is_id, is_phase};
use crate::text::Span;

/// A notation that is not read: what it is called, what to do, and its lines.
struct Notation {
    name: &'static str,
    help: &'static str,
    lines: Vec<Span>,
}

const KIRO: (&str, &str) = ("a task list of Kiro (`- [ ] 1. Title`)", "write `- [ ] T001 Title`");
const OPENSPEC: (&str, &str) = ("a task list of OpenSpec (`- [ ] 1.1 Title`)", "write `- [ ] T001 Title`");
const MASTER: (&str, &str) = ("a task file of Task Master (`Task ID: 1`)", "write `- [ ] T001 Title`");
const DETAIL: (&str, &str) =
    ("a line about a task that stands beside it", "indent it below its task: `  - File: pkg/virt-api/guest.go`");
const NUMBER: (&str, &str) = ("a checkbox with a number in place of an ID", "write `- [ ] T001 Title`");
const MASTER_JSON: (&str, &str) = ("a task list in JSON, as Task Master has it", "write `- [ ] T001 Title`");
const YAML: (&str, &str) = ("a task list in YAML", "write `- [ ] T001 Title`");
const HTML: (&str, &str) = ("a checkbox in HTML", "write `- [ ] T001 Title`");
const NUMBERED_ROW: (&str, &str) = ("a table of tasks with numbers", "write tasks as a list: `- [ ] T001 Title`");
const ROW: (&str, &str) = ("a row of a table with an ID", "write tasks as a list: `- [ ] T001 Title`");
const NO_BOX: (&str, &str) = ("a list item with an ID and without a box", "write `- [ ] T001 Title`");
const NO_ID: (&str, &str) = ("a checkbox without an ID", "give it an ID: `- [ ] T001 Title`");
const WIDE: (&str, &str) = ("a checkbox in full-width brackets", "write `- [ ] T001 Title`");
const BOX: (&str, &str) = ("a checkbox whose ID is not read", "write `- [ ] T001 Title`");
const INSIDE: (&str, &str) =
    ("a line with an ID inside another task", "write `- [ ] T001 Title`, with a space after the bullet");
const LINE: (&str, &str) = ("a line that begins with an ID", "write `- [ ] T001 Title`");
const DELIVERABLE: (&str, &str) = ("a deliverable without a box", "write `- [ ] Title`");
const HEADING: (&str, &str) = ("a heading with an ID", "write all tasks as a list: `- [ ] T001 Title`");
const NUMBERED: (&str, &str) = ("a heading with a number in place of an ID", "write `### T002: Title`");
const CODE: (&str, &str) = ("a task inside a code block, a quote or a comment", "move it out of there");
const PHASE: (&str, &str) = ("a heading above tasks that is not read as a phase", "write `## Phase 2: Title`");
const ORDER: (&str, &str) = ("a statement about the order of tasks", "write `T001 → T002`, or `T002 depends on T001`");
const TABLE: (&str, &str) =
    ("a row of a table about the order of tasks", "write `T001 → T002` below `## Dependencies`");

/// What is not read of a file, one finding for each notation, with the first line and the number of lines.
pub fn unread(file: &TaskFile, graph: &Graph) -> Vec<Diagnostic> {
    let mut found: Vec<Notation> = Vec::new();
    tasks(file, &mut found);
    phases(file, &mut found);
    for span in &graph.unread {
        add(&mut found, ORDER, *span);
    }
    for span in &graph.tables {
        add(&mut found, TABLE, *span);
    }
    found.into_iter().map(|notation| finding(file, &notation)).collect()
}

/// Why a file that holds no task is refused: what its lines look like, if they look like anything.
pub fn nothing_read(file: &TaskFile) -> Option<Diagnostic> {
    if !file.tasks.is_empty() {
        return None;
    }
    let mut found: Vec<Notation> = Vec::new();
    tasks(file, &mut found);
    if found.is_empty() {
        foreign(file, &mut found);
    }
    let name = file.source.name();
    let first = Span::new(0, file.ordered().lines().next().unwrap_or_default().len());
    let most = found.into_iter().max_by_key(|notation| notation.lines.len());
    Some(match most {
        None => Diagnostic::error("tasks-none", format!("{name} has no tasks")).at(&file.source, first).help(
            "a task is a line such as `- [ ] T001 **Title**`, or a checkbox below `**Deliverables**:` in a phase",
        ),
        Some(notation) => {
            let message = format!("{name} has no task that can be read: this looks like {}", notation.name);
            Diagnostic::error("tasks-none", message).at(&file.source, notation.lines[0]).help(notation.help)
        }
    })
}

/// What a file looks like that has neither IDs nor boxes of Markdown.
fn foreign(file: &TaskFile, found: &mut Vec<Notation>) {
    let text = file.ordered();
    let whole = text.trim_start();
    let is_json = whole.starts_with(['{', '[']) && text.contains("\"title\"");
    let mut in_table = false;
    for line in &file.lines {
        let bare = line.span.of(text).trim();
        let span = Span::new(line.span.start, line.span.start + line.span.of(text).trim_end().len());
        let item = bare.trim_start_matches(['-', ' ']);
        let mut cells = bare.trim_matches('|').split('|').map(|cell| cell.trim_matches([' ', '*', '`', '#', '.']));
        let is_row = in_table
            && cells.next().is_some_and(|cell| cell.bytes().all(|byte| byte.is_ascii_digit()) && !cell.is_empty());
        let lower = bare.to_lowercase();
        in_table = line.kind == LineKind::Table && (in_table || lower.contains("task"));
        let kind = match line.kind {
            _ if is_json => Some(MASTER_JSON).filter(|_| bare.contains("\"title\"")),
            LineKind::Table => Some(NUMBERED_ROW).filter(|_| is_row),
            _ if lower.contains("<input") && lower.contains("checkbox") => Some(HTML),
            _ if bare.starts_with("- id:") || item.starts_with("title:") && whole.starts_with("tasks:") => Some(YAML),
            _ => None,
        };
        if let Some(kind) = kind {
            add(found, kind, span);
        }
    }
}

fn finding(file: &TaskFile, notation: &Notation) -> Diagnostic {
    let line = file.source.line(notation.lines[0].start);
    let lines = match notation.lines.len() {
        1 => format!("line {line}"),
        count => format!("{count} lines, the first is line {line}"),
    };
    let message = format!("not read: {} ({lines})", notation.name);
    Diagnostic::warning("notation-unread", message).at(&file.source, notation.lines[0]).help(notation.help)
}

fn add(found: &mut Vec<Notation>, (name, help): (&'static str, &'static str), span: Span) {
    match found.iter_mut().find(|known| known.name == name) {
        Some(known) => known.lines.push(span),
        None => found.push(Notation { name, help, lines: vec![span] }),
    }
}

/// Lines that look like tasks.
fn tasks(file: &TaskFile, found: &mut Vec<Notation>) {
    let text = file.ordered();
    let register = Register::new(&file.tasks);
    let is_new = |id: &str| is_id(id) && register.get(id).is_empty();
    let none = file.tasks.is_empty();
    let sections = Places::new(file);
    let (kiro, open_spec) = (text.contains("_Requirements:") || text.contains("# Implementation Plan"), numbered(file));
    let mut task = 0;
    let mut section = 0;
    let mut deliverables = false;
    for (at, line) in file.lines.iter().enumerate() {
        let raw = line.span.of(text);
        let start = line.span.start;
        while file.tasks.get(task).is_some_and(|task| task.body.end <= start) {
            task += 1;
        }
        while sections.0.get(section).is_some_and(|place| place.end <= start) {
            section += 1;
        }
        let place = sections.0.get(section).filter(|place| place.start <= start);
        if place.is_some_and(|place| place.is_aside) {
            continue;
        }
        let end = start + raw.trim_end().len();
        let span = Span::new((start + line.indent).min(end), end);
        let bare = raw.trim();
        if let Some(own) = file.tasks.get(task).filter(|task| task.span.start < line.span.end) {
            if start > own.span.start && line.kind == LineKind::Text && marked(bare).is_some_and(is_new) {
                add(found, INSIDE, span);
            }
            continue;
        }
        // Below `**Deliverables**:`, until the next field or heading.
        match line.kind {
            LineKind::Heading(_) => deliverables = false,
            LineKind::Text if bare.starts_with("**") => {
                let key = bare.trim_matches(['*', ':', ' ']).to_lowercase();
                deliverables = key == "deliverables" && place.is_some_and(|place| place.in_phase);
            }
            LineKind::Item if deliverables && line.indent == 0 && boxed(bare).is_none() => {
                add(found, DELIVERABLE, span);
                continue;
            }
            _ => {}
        }
        match line.kind {
            LineKind::Table => {
                let mut cells = bare.trim_matches('|').split('|').map(|cell| cell.trim_matches([' ', '*', '`']));
                if cells.by_ref().take(3).any(is_new) {
                    add(found, ROW, span);
                }
            }
            LineKind::Heading(_) => {
                let inner = bare.trim_start_matches('#').trim_start();
                if inner.starts_with("Task ID:") {
                    add(found, MASTER, span);
                } else if first_id(worded(inner)).is_some_and(is_new) {
                    add(found, HEADING, span);
                } else if !none && is_numbered_task(file, inner, line.span) {
                    add(found, NUMBERED, span);
                }
            }
            LineKind::Code | LineKind::Comment | LineKind::Quote if none || line.kind == LineKind::Quote => {
                let inner = bare.trim_start_matches(['>', ' ']);
                if boxed(inner).and_then(first_id).is_some_and(is_new) {
                    add(found, CODE, span);
                }
            }
            LineKind::Item | LineKind::Text => {
                // Below a heading of its own in a phase, a checklist may stand; with a file, it is work.
                let names_file = || bare.split('`').skip(1).step_by(2).any(|code| code.contains('/'));
                let inside = place.is_some_and(|place| place.is_phase || place.in_phase && names_file());
                // `Phase 6: Title` above a line of dashes.
                let below = file.lines.get(at + 1).map_or("", |line| line.span.of(text).trim());
                let is_underline =
                    below.len() > 2 && (below.trim_matches('-').is_empty() || below.trim_matches('=').is_empty());
                if line.kind == LineKind::Text && is_underline && is_phase(bare) {
                    add(found, PHASE, span);
                }
                if let Some(kind) = item(bare, *line, &is_new, (inside || none, kiro, open_spec)) {
                    add(found, kind, span);
                }
            }
            _ => {}
        }
    }
}

/// `Task T002: Title` without its first word.
fn worded(text: &str) -> &str {
    ["Task ", "Step "].iter().find_map(|word| text.strip_prefix(word)).unwrap_or(text)
}

/// `Task 2: Title`, which neither is a task here nor holds any.
fn is_numbered_task(file: &TaskFile, inner: &str, line: Span) -> bool {
    let number = worded(inner);
    if number.len() == inner.len() || !number.starts_with(|c: char| c.is_ascii_digit()) {
        return false;
    }
    let place = file.sections.partition_point(|section| section.title.span.start < line.start);
    file.sections.get(place).is_some_and(|section| {
        let within = Span::new(line.start, section.body.end);
        let first = file.tasks.partition_point(|task| task.span.start < within.start);
        file.tasks.get(first).is_none_or(|task| task.span.start >= within.end)
    })
}

/// What a line of a list looks like.
fn item(
    bare: &str,
    line: Line,
    is_new: &dyn Fn(&str) -> bool,
    (expected, kiro, open_spec): (bool, bool, bool),
) -> Option<(&'static str, &'static str)> {
    if bare.trim_start_matches("**").starts_with("Task ID:") {
        return Some(MASTER);
    }
    let inner = bare
        .trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '-' | '*' | '+' | '•' | '.' | ')'))
        .trim_start();
    if inner.starts_with('［') {
        return Some(WIDE);
    }
    let Some(behind) = boxed(bare) else {
        let is_list = line.kind == LineKind::Item && inner.len() < bare.len();
        let has_id = || marked(bare).or_else(|| first_id(inner)).is_some_and(is_new);
        return match line.kind {
            LineKind::Item if is_list && has_id() => Some(NO_BOX),
            LineKind::Item if expected && is_detail(inner) => Some(DETAIL),
            // In prose an ID may begin a line; with a box, or a colon behind it, it is a task.
            LineKind::Text if marked(bare).is_some_and(is_new) => Some(LINE),
            LineKind::Text
                if !bare.contains(['→', '>'])
                    && !bare.ends_with('.')
                    && first_id(bare).is_some_and(|id| is_new(id) && expected) =>
            {
                Some(LINE)
            }
            _ => None,
        };
    };
    let behind = behind.trim_start_matches(['*', ' ', '\\']);
    let number = behind.strip_prefix("Task ").unwrap_or(behind);
    let digits = number.len() - number.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').len();
    let is_number = digits > 0 && number[digits..].starts_with([' ', ':']) && !number.starts_with('.');
    match (is_number, kiro, open_spec) {
        (true, true, _) => Some(KIRO),
        (true, false, true) if number.len() == behind.len() => Some(OPENSPEC),
        (true, ..) => Some(NUMBER),
        (false, ..) if first_id(behind).is_some() => Some(BOX),
        (false, ..) if expected && line.indent == 0 && line.kind == LineKind::Item && first_id(behind).is_none() => {
            Some(NO_ID)
        }
        _ => None,
    }
}

/// `File: …`, `**Function**: …`: what stands below a task.
fn is_detail(text: &str) -> bool {
    const KEYS: &[&str] = &[
        "file",
        "files",
        "path",
        "function",
        "functions",
        "method",
        "struct",
        "field",
        "fields",
        "gate",
        "constant",
        "test",
        "tests",
        "verify",
        "integration",
        "location",
        "metric",
        "flag",
        "rbac",
    ];
    let key = text.split_once(':').map(|(key, _)| key.trim_matches(['*', ' ', '`']).to_lowercase());
    key.is_some_and(|key| KEYS.contains(&key.as_str()))
}

/// The IDs of the tasks that lines define, read or not.
pub fn defined_ids(file: &TaskFile) -> BTreeSet<&str> {
    defined(file).collect()
}

/// The IDs of the tasks that are there and not read.
pub fn unread_ids(file: &TaskFile) -> Vec<&str> {
    let register = Register::new(&file.tasks);
    defined(file).filter(|id| register.get(id).is_empty()).collect()
}

/// The IDs that lines begin with, as those of tasks do.
fn defined(file: &TaskFile) -> impl Iterator<Item = &str> {
    let lines =
        file.lines.iter().filter(|line| matches!(line.kind, LineKind::Item | LineKind::Heading(_) | LineKind::Text));
    lines.filter_map(|line| {
        let bare = line.span.of(file.ordered()).trim();
        let inner = bare.trim_start_matches(['#', '-', '*', '+', '•', ' ', '［', '］', '[', ']', 'x', 'X']);
        first_id(worded(inner)).filter(|_| !inner.contains('→'))
    })
}

/// What stands behind the box of a list item.
fn boxed(bare: &str) -> Option<&str> {
    let inner =
        bare.trim_start_matches(|c: char| matches!(c, '-' | '*' | '+' | '•' | '.' | ')' | ' ') || c.is_ascii_digit());
    let rest = inner.strip_prefix('[').filter(|_| inner.len() < bare.len())?;
    let (mark, behind) = rest.split_once(']')?;
    (mark.trim().chars().count() <= 1 && !behind.starts_with('(')).then(|| behind.trim_start())
}

/// The ID behind a mark of something to do that is no checkbox: `-[ ] T001`, `( ) T001`, `TODO T001`, `~~[ ] T001`.
fn marked(bare: &str) -> Option<&str> {
    const MARKS: &[&str] = &[
        "[ ]", "[]", "[x]", "[X]", "( )", "(x)", "\\[ \\]", "\\[x\\]", "[TODO]", "[DONE]", "[WIP]", "TODO", "DONE",
        "☐", "☑", "✅", "⬜",
    ];
    let inner = bare.trim_start_matches(|c: char| c.is_ascii_digit() || "-*+•–—.)~_ ".contains(c));
    let behind = MARKS.iter().find_map(|mark| inner.strip_prefix(mark))?;
    first_id(behind.trim_start_matches(['*', '~', ':', ' ']))
}

/// The ID that a text begins with.
fn first_id(text: &str) -> Option<&str> {
    let inner = text.trim_start_matches(['*', '`', '~', '[', '(', '#', ' ', '✅', '❌', '☐', '☑']);
    let end = inner.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '.')).unwrap_or(inner.len());
    Some(inner[..end].trim_end_matches(['.', '-'])).filter(|id| is_id(id))
}

/// Whether the sections are numbered, `## 1. Title`, as OpenSpec does.
fn numbered(file: &TaskFile) -> bool {
    file.sections.iter().any(|section| {
        let title = section.title.text.trim_start_matches(|c: char| c.is_ascii_digit());
        section.level == 2 && title.len() < section.title.text.len() && title.starts_with(". ")
    })
}

/// The sections as places, without overlaps, in order.
struct Places(Vec<Place>);

struct Place {
    start: usize,
    end: usize,
    /// What stands here speaks about tasks, or is a checklist.
    is_aside: bool,
    is_phase: bool,
    /// Whether it stands in a phase, at any depth.
    in_phase: bool,
}

impl Places {
    fn new(file: &TaskFile) -> Self {
        let mut places = Vec::new();
        for (index, section) in file.sections.iter().enumerate() {
            let kinds: Vec<SectionKind> = file.outwards(Some(index)).map(|section| section.kind).collect();
            let aside = [SectionKind::Remarks, SectionKind::Dependencies, SectionKind::Compliance];
            let next = file.sections.get(index + 1).map_or(section.body.end, |next| next.title.span.start);
            let start = section.title.span.start;
            places.push(Place {
                start,
                end: next.max(start),
                is_aside: kinds.iter().any(|kind| aside.contains(kind)),
                in_phase: kinds.iter().any(|kind| matches!(kind, SectionKind::Phase(_))),
                is_phase: kinds.iter().any(|kind| matches!(kind, SectionKind::Phase(_)))
                    && section.kind != SectionKind::Other,
            });
        }
        Self(places)
    }
}

/// Headings that tasks stand below without being in a phase, where others are.
fn phases(file: &TaskFile, found: &mut Vec<Notation>) {
    let none = file.phases.is_empty();
    for task in file.tasks.iter().filter(|task| task.phase.is_none()) {
        let above = file.around(task.span.start).next();
        let is_meant = |section: &&crate::task::Section| section.level > 1 && section.kind == SectionKind::Other;
        let Some(section) = above.filter(is_meant).filter(|section| section.dropped.is_none()) else {
            continue;
        };
        // Where there are no phases, a heading is one that was meant as such: `Part 1: Title`.
        let mut words = section.title.text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        let is_numbered = words.next().is_some_and(|word| word.chars().all(char::is_alphabetic))
            && words.next().is_some_and(|word| word.chars().all(|c| c.is_ascii_digit()));
        if none && !is_numbered {
            continue;
        }
        if !found.iter().any(|known| known.name == PHASE.0 && known.lines.last() == Some(&section.title.span)) {
            add(found, PHASE, section.title.span);
        }
    }
}
