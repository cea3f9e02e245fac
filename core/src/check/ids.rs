//! IDs: their order, and what is said about tasks that are not there.

use std::collections::{BTreeMap, BTreeSet};

use super::Subject;
use crate::diagnostic::Diagnostic;
use crate::graph::{defined_ids, nothing_read, unread_ids};
use crate::task::{LineKind, Register, SectionKind, number, references};
use crate::text::{Span, holds};

pub(super) fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let file = subject.file;
    if let Some(nothing) = nothing_read(file) {
        found.retain(|said| said.code != "notation-unread");
        found.push(nothing);
        return;
    }
    duplicates(subject, found);
    order(subject, found);
    unknown(subject, found);
    total(subject, found);
}

fn duplicates(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for (index, task) in subject.file.tasks.iter().enumerate() {
        let Some(span) = task.id_span else { continue };
        if let Some(&first) = seen.get(task.id.as_str()) {
            let line = subject.file.line(&subject.file.tasks[first]);
            let diagnostic = Diagnostic::error("id-duplicate", format!("{} is already used on line {line}", task.id));
            let other = &subject.file.tasks[first];
            let help = match (task.title.text == other.title.text, task.done == other.done) {
                (false, _) => "give it a number of its own".to_owned(),
                (true, true) => format!("it repeats the task of line {line}: remove one of the two lines"),
                (true, false) => {
                    format!("it repeats the task of line {line}, and one of the two is ticked: keep that one")
                }
            };
            found.push(diagnostic.at(&subject.file.source, span).help(help));
        } else {
            seen.insert(&task.id, index);
        }
    }
}

fn order(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let file = subject.file;
    let numbered = file.tasks.iter().filter_map(|task| Some((task, task.id_span?, number(&task.id)?)));
    let numbered: Vec<_> = numbered.collect();
    // A task that is there and not read is said elsewhere.
    let unread = unread_ids(file).into_iter().filter_map(number);
    let present: BTreeSet<usize> = numbered.iter().map(|(.., number)| *number).chain(unread).collect();
    let in_order = rising(&numbered.iter().map(|(.., number)| *number).collect::<Vec<_>>());
    let mut highest: Option<(usize, &str)> = None;
    for (at, (task, span, number)) in numbered.into_iter().enumerate() {
        let note = |code, message: String| Diagnostic::note(code, message).at(&file.source, span);
        if !in_order[at] {
            let before = highest.is_some_and(|(highest, _)| number < highest);
            let place = if before { "after a task with a higher number" } else { "before tasks with lower numbers" };
            found.push(note("id-order", format!("{} stands {place}", task.id)));
            continue;
        }
        match highest {
            None if number > 1 && !present.contains(&1) => found.push(
                note("id-start", format!("the first task is {}, not T001", task.id))
                    .help("this is fine if the list continues another one"),
            ),
            // What stands elsewhere in the file is not left out.
            Some((highest, id)) if (highest + 1..number).take(TASKS).any(|between| !present.contains(&between)) => {
                found.push(note("id-gap", format!("numbers are missing between {id} and {}", task.id)));
            }
            _ => {}
        }
        highest = highest.max(Some((number, task.id.as_str())));
    }
}

/// As many numbers as any file has tasks.
const TASKS: usize = 20_000;

/// Which of some numbers stand in order, so that as few as can be do not. The same number again is in order.
fn rising(numbers: &[usize]) -> Vec<bool> {
    // From the back, so that of two rows of one length the one that begins first is kept: the index of the last
    // number of the best row of each length, and what comes after each.
    let (mut ends, mut after) = (Vec::<usize>::new(), vec![None; numbers.len()]);
    for (at, number) in numbers.iter().enumerate().rev() {
        let length = ends.partition_point(|&end| numbers[end] >= *number);
        after[at] = length.checked_sub(1).map(|length| ends[length]);
        if length == ends.len() {
            ends.push(at);
        } else {
            ends[length] = at;
        }
    }
    let mut kept = vec![false; numbers.len()];
    let mut at = ends.last().copied();
    while let Some(index) = at {
        kept[index] = true;
        at = after[index];
    }
    kept
}

/// Mentions of tasks that are not there.
fn unknown(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let file = subject.file;
    if !file.tasks.iter().any(|task| task.id_written) {
        return;
    }
    let tasks = &file.tasks;
    let range = match (tasks.first(), tasks.last()) {
        (Some(first), Some(last)) => format!("the tasks are {} to {}", first.id, last.id),
        _ => String::new(),
    };
    let defined = defined_ids(file);
    let mut known_wrong = BTreeSet::new();
    for (reference, id) in &subject.graph.unknown {
        known_wrong.insert(reference.span);
        if defined.contains(id.as_str()) {
            continue;
        }
        let diagnostic = Diagnostic::error("task-missing", format!("there is no task {id}, which a dependency names"));
        found.push(diagnostic.at(&file.source, reference.span).help(range.clone()));
    }
    let register = Register::new(tasks);
    // A list that goes on from an earlier one may speak of that one's tasks.
    let first = tasks.iter().filter_map(|task| number(&task.id)).min().unwrap_or(0);
    let mut reported: BTreeSet<String> = BTreeSet::new();
    // A task that is there and not read is said elsewhere.
    let is_unread = found.iter().any(|said| said.code == "notation-unread");
    for line in &file.lines {
        if !matches!(line.kind, LineKind::Item | LineKind::Text | LineKind::Table) {
            continue;
        }
        for reference in references(file.ordered(), line.span) {
            let Some(id) = register.missing(&reference) else { continue };
            let earlier = number(id).is_some_and(|number| number < first);
            let known = || is_unread && defined.contains(id);
            if earlier || known_wrong.contains(&reference.span) || reported.contains(id) || known() {
                continue;
            }
            reported.insert(id.to_owned());
            let diagnostic = Diagnostic::warning("task-missing", format!("there is no task {id}"));
            found.push(diagnostic.at(&file.source, reference.span).help(range.clone()));
        }
    }
}

/// "Total tasks: 45"
fn total(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let file = subject.file;
    let text = file.source.text();
    // Looking once at the whole is cheaper than looking at every line.
    if !["otal", "OTAL"].iter().any(|part| holds(text, part)) {
        return;
    }
    let highest = file.tasks.iter().filter_map(|task| number(&task.id)).max().unwrap_or(0);
    let in_phases = |span: Span| file.around(span.start).any(|section| matches!(section.kind, SectionKind::Phase(_)));
    for line in &file.lines {
        if !matches!(line.kind, LineKind::Item | LineKind::Text | LineKind::Quote) {
            continue;
        }
        let Some((declared, span)) = declared_total(text, line.span) else { continue };
        if declared != file.tasks.len() && declared != highest && !in_phases(line.span) {
            let message = format!("the file says that it has {declared} tasks; it has {}", file.tasks.len());
            let diagnostic = Diagnostic::warning("total-wrong", message).at(&file.source, span);
            found.push(diagnostic.help("correct the number, or remove it"));
        }
    }
}

/// The number behind "total tasks", and where it stands.
fn declared_total(text: &str, span: Span) -> Option<(usize, Span)> {
    let line = span.of(text);
    let lower = line.to_ascii_lowercase();
    let at = ["total tasks", "total task count", "total number of tasks", "total: "]
        .iter()
        .find_map(|words| lower.find(words).map(|at| at + words.len()))?;
    let rest = &line[at..];
    let digits = rest.find(|c: char| c.is_ascii_digit())?;
    let between = &rest[..digits];
    if between.chars().any(|c| c.is_alphanumeric() || matches!(c, '(' | '|' | '~' | '<' | '>')) {
        return None;
    }
    let behind = &rest[digits..];
    let length = behind.len() - behind.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let after = behind[length..].trim_start_matches([' ', '*']);
    let whole = !after.starts_with(['-', '–', '/', '+', '.', '%', '~']);
    let about_tasks = !lower.contains("total: ") || after.starts_with("task");
    let start = span.start + at + digits;
    let number = behind[..length].parse().ok()?;
    (whole && about_tasks).then(|| (number, Span::new(start, start + length)))
}
