//! The files that tasks speak of, whether they can be scaffolded or not.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use super::path::{Expect, paths};
use super::{Task, TaskFile, TaskPath};
use crate::text::Span;

/// What is found out about all tasks when it is first asked for.
#[derive(Clone, Debug, Default)]
pub(super) struct Found {
    mentions: OnceLock<Vec<Vec<TaskPath>>>,
    targets: OnceLock<Vec<Vec<String>>>,
}

impl TaskFile {
    /// Every file and folder that a task speaks of: more than [`Task::paths`], which are those that can
    /// be scaffolded.
    pub fn mentions(&self, task: &Task) -> &[TaskPath] {
        let all = || self.tasks.iter().map(|task| mentions(task, self.text())).collect();
        &self.found.mentions.get_or_init(all)[task.index]
    }

    /// The files that a task changes, as far as that is sure: those of its `File:` lines, or the
    /// only one that its text names.
    pub fn targets(&self, task: &Task) -> &[String] {
        let all = || self.tasks.iter().map(|task| targets(task, self.mentions(task))).collect();
        &self.found.targets.get_or_init(all)[task.index]
    }
}

fn mentions(task: &Task, text: &str) -> Vec<TaskPath> {
    let mut found = task.paths.clone();
    let mut known: BTreeSet<&str> = task.paths.iter().map(|path| path.text.as_str()).collect();
    let mut merge = |found: &mut Vec<TaskPath>, span: Span| {
        for path in paths(text, span, Expect::Any) {
            if known.insert(path.span.of(text)) {
                found.push(path);
            }
        }
    };
    let files = task.details.iter().filter(|detail| FILE_KEYS.contains(&&*detail.key));
    let spans = files.map(|detail| detail.text.span).chain([task.text]);
    // Without one of these there is no path.
    let may_name = |span: &Span| span.of(text).bytes().any(|b| matches!(b, b'/' | b'.' | b'`' | b'\\'));
    // What `File:` lines name is known already.
    let is_known = task.details.iter().any(|detail| detail.key == "file") && !found.is_empty();
    for span in spans.filter(may_name).filter(|span| !is_known || *span == task.text) {
        merge(&mut found, span);
    }
    if found.is_empty() {
        for detail in &task.details {
            merge(&mut found, detail.text.span);
        }
    }
    found
}

fn targets(task: &Task, mentions: &[TaskPath]) -> Vec<String> {
    let is_file = |path: &str| {
        let name = path.rsplit('/').next().unwrap_or_default();
        !path.ends_with('/') && name.contains('.') && !path.contains(['*', '{'])
    };
    let keyed = |key: &str| matches!(key, "file" | "files" | "path" | "paths" | "file path" | "in" | "into");
    let mut own: Vec<Span> =
        task.details.iter().filter(|detail| keyed(&detail.key)).map(|detail| detail.text.span).collect();
    own.sort_unstable();
    let in_own = |offset: usize| {
        let behind = own.partition_point(|span| span.start <= offset);
        own[..behind].last().is_some_and(|span| span.contains(offset))
    };
    let mut files: Vec<String> = mentions
        .iter()
        .filter(|path| is_file(&path.text))
        .filter(|path| own.is_empty() || in_own(path.span.start))
        .map(|path| path.text.trim_start_matches("./").to_owned())
        .collect();
    files.sort();
    files.dedup();
    if !own.is_empty() {
        return files;
    }
    let in_text = mentions.iter().all(|path| task.text.contains(path.span.start));
    if files.len() == 1 && mentions.len() == 1 && in_text && !task.only_runs() { files } else { Vec::new() }
}

/// The keys of lines that name the files of a task.
const FILE_KEYS: &[&str] =
    &["file", "files", "path", "paths", "target", "in", "into", "file path", "files to create", "files to modify"];

impl Task {
    /// Whether a task runs or reads something, and changes nothing by itself.
    pub fn only_runs(&self) -> bool {
        const ACTS: &[&str] = &["validation", "review", "verified", "validated", "passes", "passing"];
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
            "analyze",
            "analyse",
            "identify",
            "explore",
            "study",
            "perform",
            "conduct",
        ];
        let title = self.title.text.to_lowercase();
        let title = title.trim_start_matches(|c: char| !c.is_alphanumeric());
        let first = title.split(|c: char| !(c.is_alphanumeric() || c == '-')).next().unwrap_or_default();
        let head = title.split([':', '(']).next().unwrap_or_default();
        let act = head.split(' ').next_back().is_some_and(|last| ACTS.contains(&last));
        // "Test in clock_test.go" writes the file; "test with ten nodes" does not.
        let writes = first == "test" && ["_test.go", "tests/"].iter().any(|part| title.contains(part));
        VERBS.contains(&first) && !writes || act
    }
}
