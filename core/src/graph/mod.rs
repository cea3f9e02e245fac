//! What has to come before what: the dependencies that a tasks.md states, and those that follow
//! from its phases and files.

mod analysis;
mod phrase;
mod render;
mod statement;

pub use analysis::{Analysis, Batch, analyse};
pub use render::{dot, json, mermaid, text};
pub use statement::{Claim, Statement, statements};

use std::collections::BTreeMap;

use crate::task::{Reference, Register, Task, TaskFile};
use crate::text::Span;

/// All that is known about the order of the tasks of a file.
#[derive(Clone, Debug)]
pub struct Graph {
    /// The links, stated ones first.
    pub links: Vec<Link>,
    /// References in dependencies to tasks that are not there.
    pub unknown: Vec<(Reference, String)>,
}

/// Some tasks come before others: each of `from` before each of `to`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Link {
    /// The indices of the tasks that come first.
    pub from: Vec<usize>,
    /// The indices of those that wait.
    pub to: Vec<usize>,
    /// Why.
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
    /// Its name.
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
    let register = Register::new(&file.tasks);
    let mut unknown = Vec::new();
    let mut links: Vec<Link> = Vec::new();
    for statement in statements(file) {
        let mut side = |claim: &Claim| phrase::tasks(file, &register, claim, &mut unknown);
        let (mut from, mut to) = (side(&statement.first), side(&statement.then));
        // `Tests (T020-T027) → Implementation (T023-T029)`: what is on both sides is in neither.
        let both: Vec<usize> = from.iter().copied().filter(|task| to.binary_search(task).is_ok()).collect();
        from.retain(|task| both.binary_search(task).is_err());
        to.retain(|task| both.binary_search(task).is_err());
        if !from.is_empty() && !to.is_empty() {
            links.push(Link { from, to, origin: statement.origin, span: Some(statement.span) });
        }
    }
    links.sort_by_key(|link| link.origin);
    let phases = phase_links(file, &links);
    links.extend(phases);
    let files = file_links(file, &links);
    links.extend(files);
    Graph { links, unknown }
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
/// first story, and what comes after the last waits for all of them.
fn phase_links(file: &TaskFile, stated: &[Link]) -> Vec<Link> {
    let tasks = by_phase(file);
    let phases: Vec<usize> = (0..tasks.len()).filter(|&phase| !tasks[phase].is_empty()).collect();
    let is_story = |phase: usize| is_story(&file.phases[phase].title.text);
    let mut links = Vec::new();
    let mut before: Vec<usize> = Vec::new();
    let mut stories: Vec<usize> = Vec::new();
    for &phase in &phases {
        let waits_for = if is_story(phase) {
            stories.push(phase);
            before.clone()
        } else {
            let waits_for = if stories.is_empty() { before } else { std::mem::take(&mut stories) };
            before = vec![phase];
            waits_for
        };
        for first in waits_for {
            if !contradicted(stated, file, first, phase) {
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
    ["user story", "story ", "us1", "us2", "us3", "用户故事", "ユーザーストーリー"]
        .iter()
        .any(|word| lower.contains(word))
}

/// Whether the file says that something of the later phase comes before something of the earlier.
fn contradicted(stated: &[Link], file: &TaskFile, first: usize, then: usize) -> bool {
    let phase = |task: &usize| file.tasks[*task].phase;
    stated.iter().any(|link| {
        link.from.iter().any(|task| phase(task).is_some_and(|phase| phase >= then))
            && link.to.iter().any(|task| phase(task).is_some_and(|phase| phase <= first))
    })
}

/// Tasks about one file come in the order of what is stated, and else of the file.
fn file_links(file: &TaskFile, links: &[Link]) -> Vec<Link> {
    let depth = analysis::depths(file.tasks.len(), links);
    let mut by_file: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, task) in file.tasks.iter().enumerate() {
        for target in targets(file, task) {
            by_file.entry(target).or_default().push(index);
        }
    }
    let mut found = Vec::new();
    for mut tasks in by_file.into_values().filter(|tasks| tasks.len() > 1) {
        tasks.sort_by_key(|&task| (depth[task], task));
        for pair in tasks.windows(2) {
            let link = Link { from: vec![pair[0]], to: vec![pair[1]], origin: Origin::File, span: None };
            if !found.contains(&link) {
                found.push(link);
            }
        }
    }
    found
}

/// The files that a task changes, as far as that is sure: those of its `File:` lines, or the only
/// one that its text names.
pub fn targets(file: &TaskFile, task: &Task) -> Vec<String> {
    let is_file = |path: &str| {
        let name = path.rsplit('/').next().unwrap_or_default();
        !path.ends_with('/') && name.contains('.') && !path.contains(['*', '{'])
    };
    let keyed = |key: &str| matches!(key, "file" | "files" | "path" | "paths" | "file path");
    let own = task.details.iter().any(|detail| keyed(&detail.key));
    let mentions = task.mentions(&file.source);
    let mut files: Vec<String> = mentions
        .iter()
        .filter(|path| is_file(&path.text))
        .filter(|path| !own || task.details.iter().any(|d| keyed(&d.key) && d.text.span.contains(path.span.start)))
        .map(|path| path.text.trim_start_matches("./").to_owned())
        .collect();
    files.sort();
    files.dedup();
    if own {
        return files;
    }
    let in_text = mentions.iter().all(|path| task.text.contains(path.span.start));
    if files.len() == 1 && mentions.len() == 1 && in_text && !only_runs(task) { files } else { Vec::new() }
}

/// Whether a task runs or reads something, and changes nothing by itself.
pub fn only_runs(task: &Task) -> bool {
    const VERBS: &[&str] = &[
        "run",
        "execute",
        "verify",
        "validate",
        "confirm",
        "review",
        "check",
        "ensure",
        "measure",
        "benchmark",
        "audit",
        "research",
        "investigate",
        "read",
        "test",
        "manual",
        "manually",
        "commit",
        "push",
        "deploy",
        "rerun",
        "re-run",
        "profile",
        "inspect",
        "monitor",
        "checkpoint",
        "smoke",
        "lint",
        "build",
        "compile",
        "start",
        "install",
        "demo",
        "运行",
        "执行",
        "验证",
        "确认",
        "検証",
        "実行",
        "確認",
        "analyze",
        "analyse",
        "identify",
        "explore",
        "study",
        "perform",
        "conduct",
        "執行",
        "驗證",
    ];
    let title = task.title.text.to_lowercase();
    let title = title.trim_start_matches(|c: char| !c.is_alphanumeric());
    let first = title.split(|c: char| !(c.is_alphanumeric() || c == '-')).next().unwrap_or_default();
    const ACTS: &[&str] = &["validation", "review", "verified", "validated", "passes", "passing"];
    let head = title.split([':', '(']).next().unwrap_or_default();
    let act = head.split(' ').next_back().is_some_and(|last| ACTS.contains(&last));
    VERBS.contains(&first) || act || VERBS.iter().any(|verb| !verb.is_ascii() && title.starts_with(verb))
}

#[cfg(test)]
#[path = "graph_tests.rs"]
mod tests;
