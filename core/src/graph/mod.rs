//! What has to come before what: the dependencies that a tasks.md states, and those that follow
//! from its phases and files.

mod analysis;
mod apart;
mod attached;
mod drawn;
mod left;
mod phrase;
mod render;
mod sentence;
mod set;
mod statement;
mod sweeping;
mod table;
mod unread;
mod waves;

pub use analysis::{Analysis, analyse};
pub(crate) use render::edges;
pub use render::{dot, json, mermaid, text};
pub use set::TaskSet;
pub use unread::{defined_ids, nothing_read, unread, unread_ids};

use std::collections::{BTreeMap, BTreeSet};

use set::Segments;
use statement::{Claim, statements};

use crate::task::{Reference, TaskFile};
use crate::text::Span;

/// All that is known about the order of the tasks of a file.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    /// The links, stated ones first.
    pub links: Vec<Link>,
    /// References in dependencies to tasks that are not there.
    pub unknown: Vec<(Reference, String)>,
    /// Lines about the order of tasks that are not read.
    pub unread: Vec<Span>,
    /// Rows of tables about the order of tasks that are not read.
    pub tables: Vec<Span>,
}

/// Some tasks come before others: each of `from` before each of `to`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Link {
    /// The tasks that come first.
    pub from: TaskSet,
    /// Those that wait.
    pub to: TaskSet,
    /// How the order is known; decides whether a rule may rest on it.
    pub origin: Origin,
    /// Where it is said.
    pub span: Option<Span>,
}

/// Where a link comes from.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Origin {
    /// In a notation that can mean nothing else: an arrow, "before", "blocks", "(depends on …)".
    Stated,
    /// In prose that may mean something weaker: "requires", "after".
    Prose,
    /// One phase comes after another.
    Phase,
    /// Two tasks are about one file.
    File,
}

impl Origin {
    /// The name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Stated => "stated",
            Self::Prose => "prose",
            Self::Phase => "phase",
            Self::File => "file",
        }
    }
}

/// The graph of a file.
pub fn graph(file: &TaskFile) -> Graph {
    let mut phrases = phrase::Phrases::new(file);
    let mut unknown = Vec::new();
    let mut links: Vec<Link> = Vec::new();
    let mut stated = statements(file);
    let apart = apart::phases(file, &mut stated.unread);
    for statement in stated.found {
        let known = unknown.len();
        let mut side = |claim: &Claim| phrases.tasks(claim, &mut unknown);
        let (mut from, mut to) = (side(&statement.first), side(&statement.then));
        // `Tests (T020-T027) → Implementation (T023-T029)`: what is on both sides is in neither.
        let both = from.and(&to);
        (from, to) = (from.without(&both), to.without(&both));
        if from.is_empty() != to.is_empty() && both.is_empty() && unknown.len() == known {
            // "T008 depends on the tasks above": what is meant is not known.
            let side = if from.is_empty() { &statement.first } else { &statement.then };
            let means_tasks = |span: &Span| sweeping::is_about_tasks(span.of(file.ordered()));
            if matches!(side, Claim::Text(span) if means_tasks(span)) {
                stated.unread.push(statement.span);
            }
        }
        if !from.is_empty() && !to.is_empty() {
            links.push(Link { from, to, origin: statement.origin, span: Some(statement.span) });
        }
    }
    links.sort_by_key(|link| link.origin);
    stated.unread.sort_unstable();
    stated.unread.dedup();
    let phases = phase_links(file, &links, &apart);
    links.extend(phases);
    let files = file_links(file, &links);
    links.extend(files);
    Graph { links, unknown, unread: stated.unread, tables: stated.tables }
}

impl Graph {
    /// The links of the notations that can be trusted.
    pub fn trusted(&self) -> impl Iterator<Item = &Link> {
        self.links.iter().filter(|link| link.origin == Origin::Stated)
    }

    /// The links that the file states, in whatever words.
    pub fn stated(&self) -> impl Iterator<Item = &Link> {
        self.links.iter().filter(|link| matches!(link.origin, Origin::Stated | Origin::Prose))
    }
}

/// The links by the tasks that wait by them.
pub(crate) struct Incoming {
    segments: Segments,
    /// The indices of the links that lead to each node.
    nodes: Vec<Vec<usize>>,
}

impl Incoming {
    pub(crate) fn new<'a>(count: usize, links: impl IntoIterator<Item = &'a Link>) -> Self {
        let segments = Segments::new(count);
        let mut nodes = vec![Vec::new(); 2 * segments.leaves];
        for (index, link) in links.into_iter().enumerate() {
            for &stretch in link.to.stretches() {
                segments.cover(stretch, |node| nodes[node].push(index));
            }
        }
        Self { segments, nodes }
    }

    /// The links by which a task waits, by their places in what this was made from.
    pub(crate) fn of(&self, task: usize) -> impl Iterator<Item = usize> {
        self.segments.above(task).flat_map(|node| self.nodes[node].iter().copied())
    }
}

/// The tasks of each phase, in order.
pub fn by_phase(file: &TaskFile) -> Vec<Vec<usize>> {
    let mut phases = vec![Vec::new(); file.phases.len()];
    for (index, task) in file.tasks.iter().enumerate() {
        if let Some(phase) = task.phase {
            phases[phase].push(index);
        }
    }
    phases
}

/// A phase waits for the one before it. Phases of user stories wait for what comes before the
/// first story, and what comes after the last waits for all of them. A phase that runs beside another one, by what
/// the file says, waits for what that one waits for.
fn phase_links(file: &TaskFile, stated: &[Link], apart: &BTreeSet<(usize, usize)>) -> Vec<Link> {
    let tasks: Vec<TaskSet> = by_phase(file).into_iter().map(TaskSet::of).collect();
    let phases: Vec<usize> = (0..tasks.len()).filter(|&phase| !tasks[phase].is_empty()).collect();
    // What is stated the other way round breaks the order of two phases.
    // For each phase, the earliest that waits for it or for a later one.
    let mut earliest = vec![usize::MAX; tasks.len()];
    for (from, to) in phases_apart(stated, file) {
        earliest[from] = earliest[from].min(to);
    }
    for phase in (1..earliest.len()).rev() {
        earliest[phase - 1] = earliest[phase - 1].min(earliest[phase]);
    }
    let is_story = |phase: usize| is_story(&file.phases[phase].title.text);
    let mut links = Vec::new();
    let mut before: Vec<usize> = Vec::new();
    let mut stories: Vec<usize> = Vec::new();
    let mut waiting: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for &phase in &phases {
        let waits_for = if is_story(phase) {
            stories.push(phase);
            before.clone()
        } else {
            let waits_for = if stories.is_empty() { before } else { std::mem::take(&mut stories) };
            before = vec![phase];
            waits_for
        };
        // What the one beside it waits for, however far back that is.
        let (mut beside, mut kept) = (waits_for, BTreeSet::new());
        let mut seen = BTreeSet::new();
        let mut is_outer = true;
        while !beside.is_empty() {
            let (out, inner): (Vec<usize>, Vec<usize>) =
                beside.into_iter().partition(|&first| apart.contains(&(first, phase)));
            kept.extend(inner);
            if is_outer && !out.is_empty() && !is_story(phase) {
                before = out.iter().copied().chain([phase]).collect();
            }
            is_outer = false;
            let back = out.into_iter().filter(|first| seen.insert(*first));
            beside = back.flat_map(|first| waiting.get(&first).cloned().unwrap_or_default()).collect();
        }
        let kept: Vec<usize> = kept.into_iter().collect();
        waiting.insert(phase, kept.clone());
        for first in kept {
            if earliest[phase] > first {
                links.push(Link {
                    from: tasks[first].clone(),
                    to: tasks[phase].clone(),
                    origin: Origin::Phase,
                    span: Some(file.phases[phase].title.span),
                });
            }
        }
    }
    links
}

fn is_story(title: &str) -> bool {
    let lower = title.to_lowercase();
    ["user story", "story ", "us1", "us2", "us3"].iter().any(|word| lower.contains(word))
}

/// For each statement, the latest phase that comes first by it, and the earliest that waits.
fn phases_apart(links: &[Link], file: &TaskFile) -> Vec<(usize, usize)> {
    let segments = Segments::new(file.tasks.len());
    // The earliest and the latest phase below each node; none is later than the earliest and earlier than any.
    let mut below = vec![(usize::MAX, None); 2 * segments.leaves];
    for (index, task) in file.tasks.iter().enumerate() {
        below[segments.leaves + index] = (task.phase.unwrap_or(usize::MAX), task.phase);
    }
    for node in (1..segments.leaves).rev() {
        let (left, right) = (below[2 * node], below[2 * node + 1]);
        below[node] = (left.0.min(right.0), left.1.max(right.1));
    }
    let of = |tasks: &TaskSet| {
        let mut found = (usize::MAX, None);
        for &stretch in tasks.stretches() {
            segments.cover(stretch, |node| found = (found.0.min(below[node].0), found.1.max(below[node].1)));
        }
        found
    };
    let apart = |link: &Link| Some((of(&link.from).1?, Some(of(&link.to).0).filter(|&phase| phase != usize::MAX)?));
    links.iter().filter_map(apart).collect()
}

/// Tasks about one file come in the order of what is stated, and else of the file.
fn file_links(file: &TaskFile, links: &[Link]) -> Vec<Link> {
    let depth = analysis::depths(file.tasks.len(), links);
    let mut by_file: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, task) in file.tasks.iter().enumerate() {
        for target in file.targets(task) {
            by_file.entry(target).or_default().push(index);
        }
    }
    let (mut found, mut seen) = (Vec::new(), BTreeSet::new());
    let mut shared: Vec<Vec<usize>> = by_file.into_values().filter(|tasks| tasks.len() > 1).collect();
    shared.sort_unstable();
    for mut tasks in shared {
        tasks.sort_by_key(|&task| (depth[task], task));
        for pair in tasks.windows(2) {
            if seen.insert((pair[0], pair[1])) {
                let (from, to) = (TaskSet::of([pair[0]]), TaskSet::of([pair[1]]));
                found.push(Link { from, to, origin: Origin::File, span: None });
            }
        }
    }
    found
}

#[cfg(test)]
#[path = "graph_tests.rs"]
mod tests;

#[cfg(test)]
mod order_tests;
