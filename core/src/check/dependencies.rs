//! Marks and orders that contradict what the file states.

use std::collections::{BTreeMap, BTreeSet};

use super::{LISTED, Subject};
use crate::diagnostic::Diagnostic;
use crate::graph::{Incoming, Link, TaskSet, by_phase};
use crate::text::Span;

pub(super) fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for group in shared_files(subject) {
        let (first, file) = (group.tasks[0], &group.file);
        let message = format!("{} are marked [P] and are all about {file}", subject.ids(&group.tasks));
        let span = subject.file.tasks[first].parallel.unwrap_or(subject.file.tasks[first].span);
        let diagnostic = Diagnostic::error("parallel-file", message).at(&subject.file.source, span);
        found.push(
            diagnostic.help("[P] is for tasks in different files: keep it on one of them at most (`check --fix`)"),
        );
    }
    for (task, on) in dependent_marks(subject) {
        let tasks = &subject.file.tasks;
        let on = subject.ids_of(on.iter().take(LISTED), on.len());
        let message = format!("{} is marked [P] and waits for {on} of its own phase", tasks[task].id);
        let span = tasks[task].parallel.unwrap_or(tasks[task].span);
        let diagnostic = Diagnostic::error("parallel-dependent", message).at(&subject.file.source, span);
        found.push(diagnostic.help("drop its [P] (`check --fix`), or the dependency"));
    }
    cycles(subject, found);
    let done = TaskSet::of(subject.file.tasks.iter().filter(|task| task.done).map(|task| task.index));
    let dropped = subject.file.tasks.iter().filter(|task| task.dropped.is_some());
    let dropped = TaskSet::of(dropped.map(|task| task.index));
    let contradicted = contradicted(subject, found);
    for link in subject.graph.trusted() {
        let is_contradicted = |span: Span| {
            let begun = contradicted.partition_point(|body| body.start <= span.start);
            contradicted[..begun].last().is_some_and(|body| body.contains(span.start))
        };
        if !link.span.is_some_and(is_contradicted) {
            later(subject, link, found);
        }
        open(subject, link, (&done, &dropped), found);
    }
}

/// Tasks with `[P]` that share a file in one phase.
pub(super) struct Shared {
    pub(super) file: String,
    pub(super) tasks: Vec<usize>,
}

pub(super) fn shared_files(subject: &Subject<'_>) -> Vec<Shared> {
    let mut groups: BTreeMap<(Option<usize>, &str), Vec<usize>> = BTreeMap::new();
    for (index, task) in subject.file.tasks.iter().enumerate().filter(|(_, task)| task.is_parallel()) {
        for file in subject.file.targets(task) {
            groups.entry((task.phase, file)).or_default().push(index);
        }
    }
    let mut found: Vec<Shared> = groups
        .into_iter()
        .filter(|(_, tasks)| tasks.len() > 1)
        .map(|((_, file), tasks)| Shared { file: file.to_owned(), tasks })
        .collect();
    found.sort_by(|a, b| (&a.tasks, &a.file).cmp(&(&b.tasks, &b.file)));
    found
}

/// Tasks with `[P]` that wait for others of their phase.
pub(super) fn dependent_marks(subject: &Subject<'_>) -> Vec<(usize, TaskSet)> {
    let tasks = &subject.file.tasks;
    let phases: Vec<TaskSet> = by_phase(subject.file).into_iter().map(TaskSet::of).collect();
    let links: Vec<&Link> = subject.graph.trusted().collect();
    let incoming = Incoming::new(tasks.len(), links.iter().copied());
    let marked = tasks.iter().filter(|task| task.is_parallel());
    let waits = marked.filter_map(|task| {
        let phase = &phases[task.phase?];
        let on = incoming.of(task.index).map(|link| links[link].from.and(phase));
        let on = TaskSet::of_stretches(on.flat_map(|on| on.stretches().to_vec()).collect());
        Some((task.index, on)).filter(|(_, on)| !on.is_empty())
    });
    waits.collect()
}

fn cycles(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for (cycle, spans) in subject.analysis.cycles.iter().zip(&subject.analysis.statements) {
        let message = format!("{} wait for each other", subject.ids(cycle));
        let lines: BTreeSet<usize> = spans.iter().map(|span| subject.file.source.line(span.start)).collect();
        let lines: Vec<String> = lines.iter().map(usize::to_string).collect();
        let span = spans.first().copied().unwrap_or(subject.file.tasks[cycle[0]].span);
        let diagnostic = Diagnostic::error("dependency-cycle", message).at(&subject.file.source, span);
        found.push(diagnostic.help(format!("remove one of the statements in lines {}", lines.join(", "))));
    }
}

/// Sections whose arrows mostly run against the order of the file: one finding each, since their notation is in doubt.
fn contradicted(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) -> Vec<Span> {
    let file = subject.file;
    let mut bodies: Vec<Span> = Vec::new();
    let mut all: Vec<(usize, &Link)> =
        subject.graph.trusted().filter_map(|link| Some((link.span?.start, link))).collect();
    all.sort_by_key(|(start, _)| *start);
    for section in file.sections.iter().filter(|section| section.level > 1) {
        if bodies.last().is_some_and(|body| body.contains(section.body.start)) {
            continue;
        }
        let [from, to] = [section.body.start, section.body.end].map(|at| all.partition_point(|(start, _)| *start < at));
        let links = &all[from..to];
        let back: Vec<&Link> = links.iter().map(|(_, link)| *link).filter(|link| is_reversed(link)).collect();
        let Some(first) = back.first().filter(|_| back.len() >= 3 && back.len() * 2 > links.len()) else { continue };
        let message = format!(
            "{} of the {} dependencies of this section run against the order of the file",
            back.len(),
            links.len()
        );
        let span = first.span.unwrap_or(section.title.span);
        let diagnostic = Diagnostic::warning("dependency-later", message).at(&file.source, span);
        found.push(
            diagnostic.help("an arrow leads from what comes first to what waits: reverse them, or reorder the tasks"),
        );
        bodies.push(section.body);
    }
    bodies
}

/// Ranges that interleave are read as prose means them: mostly in order.
fn is_reversed(link: &Link) -> bool {
    let (Some(from), Some(to)) = (link.from.last(), link.to.first()) else { return false };
    from > to && link.from.first().is_some_and(|first| first == from || first > to)
}

/// A task that waits for one further down.
fn later(subject: &Subject<'_>, link: &Link, found: &mut Vec<Diagnostic>) {
    let (Some(from), Some(to)) = (link.from.last(), link.to.first()) else { return };
    if is_reversed(link) {
        let tasks = &subject.file.tasks;
        let message = format!("{} waits for {}, which comes later in the file", tasks[to].id, tasks[from].id);
        let diagnostic = Diagnostic::warning("dependency-later", message);
        let diagnostic = diagnostic.at(&subject.file.source, link.span.unwrap_or(tasks[to].span));
        found.push(diagnostic.help("move the task up, or reverse the dependency"));
    }
}

/// A task that is done before what it waits for.
fn open(subject: &Subject<'_>, link: &Link, (all_done, dropped): (&TaskSet, &TaskSet), found: &mut Vec<Diagnostic>) {
    if all_done.is_empty() {
        return;
    }
    let tasks = &subject.file.tasks;
    let (done, waiting) = (link.to.and(all_done), link.from.without(all_done).without(dropped));
    if let (Some(first), false) = (done.first(), waiting.is_empty()) {
        let verb = if done.len() == 1 { "is" } else { "are" };
        let ids = |tasks: &TaskSet| subject.ids_of(tasks.iter().take(LISTED), tasks.len());
        let message = format!("{} {verb} ticked before {}", ids(&done), ids(&waiting));
        let span = tasks[first].mark.unwrap_or(tasks[first].span);
        let line = link.span.map(|span| subject.file.source.line(span.start));
        let help = line.map_or(String::new(), |line| format!("line {line} says that it waits"));
        found.push(Diagnostic::warning("done-early", message).at(&subject.file.source, span).help(help));
    }
}
