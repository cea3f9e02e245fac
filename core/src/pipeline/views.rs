//! What a task says of one of its files, where it says of several what each of them gets.

use std::collections::{BTreeMap, BTreeSet};

use crate::kinds::is_api_file;
use crate::plan::{Key, PlannedTask};
use crate::task::{Task, TaskFile, TaskPath};

/// Whether a line with a key is about the file above it, and not about the task.
fn is_of_a_file(key: &Key) -> bool {
    const OTHERS: &[&str] = &["receiver", "interface", "xml field", "attribute", "element", "tag", "xml tag", "flag"];
    match key {
        Key::Other(word) => OTHERS.contains(&word.as_str()),
        key => matches!(
            key,
            Key::Prose
                | Key::Field
                | Key::Struct
                | Key::Enum
                | Key::Function
                | Key::Task
                | Key::Logic
                | Key::Implementation
                | Key::Location
                | Key::Validation
                | Key::Constant
                | Key::Constants
                | Key::Metric
                | Key::Labels
                | Key::Help
                | Key::Content
        ),
    }
}

/// What the files of a task get where its lines are not about all of them.
pub(super) struct Scopes<'p> {
    planned: &'p PlannedTask,
    /// The lines that name files, those together that have nothing between them.
    groups: Vec<Vec<usize>>,
    /// The lines that name each file.
    naming: BTreeMap<&'p str, BTreeSet<usize>>,
}

impl<'p> Scopes<'p> {
    /// Nothing if the lines of a task are about all of its files.
    pub(super) fn new(file: &TaskFile, task: &'p Task, planned: &'p PlannedTask) -> Option<Self> {
        let scoped: Vec<usize> =
            planned.details.iter().filter(|detail| is_of_a_file(&detail.key)).map(|detail| detail.line).collect();
        if task.paths.len() < 2 || scoped.is_empty() {
            return None;
        }
        let mut naming: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
        for path in &task.paths {
            naming.entry(&path.text).or_default().insert(file.source.line(path.span.start));
        }
        let lines: BTreeSet<usize> = naming.values().flatten().copied().filter(|line| *line > planned.line).collect();
        let mut groups: Vec<Vec<usize>> = Vec::new();
        for line in lines {
            match groups.last_mut() {
                Some(group) if group.last().is_none_or(|last| is_none_between(&scoped, *last, line)) => {
                    group.push(line);
                }
                _ => groups.push(vec![line]),
            }
        }
        (groups.len() > 1).then_some(Self { planned, groups, naming })
    }

    /// The task as one of its files has it: with the lines below the `File:` lines of that file, up to the next one, and
    /// those above the first. Which file of the API a line is about is a matter of where the types are.
    pub(super) fn of(&self, path: &TaskPath) -> Option<PlannedTask> {
        if is_api_file(&path.text) {
            return None;
        }
        let naming = self.naming.get(path.text.as_str())?;
        let is_own = |line: usize| match self.groups.partition_point(|group| group[0] <= line) {
            0 => true,
            group => self.groups[group - 1].iter().any(|line| naming.contains(line)),
        };
        let is_scoped = |key: &Key| *key == Key::File || is_of_a_file(key);
        let mut view = self.planned.clone();
        view.details.retain(|detail| !is_scoped(&detail.key) || is_own(detail.line));
        (view.lines, view.named) = (Vec::new(), Vec::new());
        view.readings = crate::plan::Readings::default();
        Some(view)
    }
}

/// Whether no line about a file stands between two lines; lines stand in order.
fn is_none_between(scoped: &[usize], first: usize, last: usize) -> bool {
    scoped.get(scoped.partition_point(|line| *line < first)).is_none_or(|line| *line >= last)
}
