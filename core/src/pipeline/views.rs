//! What a task says of one of its files, where it says of several what each of them gets.

use std::collections::{BTreeMap, BTreeSet};

use crate::kinds::is_api_file;
use crate::plan::{Key, PlannedTask, Readings, is_test_file};
use crate::task::{Task, TaskFile, TaskPath};

/// Whether a line with a key is about the file above it, and not about the task. Specs are, where all files are tests.
fn is_of_a_file(key: &Key, tests: bool) -> bool {
    const OTHERS: &[&str] = &["receiver", "interface", "xml field", "attribute", "element", "tag", "xml tag", "flag"];
    #[rustfmt::skip]
    const OF_SPECS: &[&str] = &[
        "context", "container", "describe", "when", "it", "table", "describetable", "entry", "entries", "decorator",
        "decorators", "ginkgo decorators",
    ];
    match key {
        Key::Other(word) => OTHERS.contains(&word.as_str()) || tests && OF_SPECS.contains(&word.as_str()),
        Key::Test | Key::Verify | Key::Scenario => tests,
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
    /// The task without its lines.
    bare: PlannedTask,
    /// The lines that are about all files, as places in the task's.
    shared: Vec<usize>,
    /// The same of those below each group of lines that name files, and have nothing between them.
    below: Vec<Vec<usize>>,
    /// The groups that name each file.
    naming: BTreeMap<&'p str, BTreeSet<usize>>,
}

impl<'p> Scopes<'p> {
    /// Nothing if the lines of a task are about all of its files.
    pub(super) fn new(file: &TaskFile, task: &'p Task, planned: &'p PlannedTask) -> Option<Self> {
        let tests = task.paths.iter().all(|path| is_test_file(&path.text));
        let scoped = planned.details.iter().filter(|detail| is_of_a_file(&detail.key, tests));
        let scoped: Vec<usize> = scoped.map(|detail| detail.line).collect();
        if task.paths.len() < 2 || scoped.is_empty() {
            return None;
        }
        let named: Vec<(&str, usize)> =
            task.paths.iter().map(|path| (path.text.as_str(), file.source.line(path.span.start))).collect();
        let lines: BTreeSet<usize> = named.iter().map(|(_, line)| *line).filter(|line| *line > planned.line).collect();
        let mut groups: Vec<Vec<usize>> = Vec::new();
        for line in lines {
            match groups.last_mut() {
                Some(group) if group.last().is_none_or(|last| is_none_between(&scoped, *last, line)) => {
                    group.push(line);
                }
                _ => groups.push(vec![line]),
            }
        }
        if groups.len() < 2 {
            return None;
        }
        let group_of = |line: usize| groups.partition_point(|group| group[0] <= line).checked_sub(1);
        let mut naming: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
        for (text, line) in named {
            naming.entry(text).or_default().extend(group_of(line));
        }
        let (mut shared, mut below) = (Vec::new(), vec![Vec::new(); groups.len()]);
        for (at, detail) in planned.details.iter().enumerate() {
            let is_scoped = detail.key == Key::File || is_of_a_file(&detail.key, tests);
            let group = group_of(detail.line).filter(|_| is_scoped);
            group.map_or(&mut shared, |group| &mut below[group]).push(at);
        }
        let (details, lines, named) = (Vec::new(), Vec::new(), Vec::new());
        let bare = PlannedTask { details, lines, named, readings: Readings::default(), ..planned.clone() };
        Some(Self { planned, bare, shared, below, naming })
    }

    /// The task as one of its files has it: with the lines below the `File:` lines of that file, up to the next one, and
    /// those above the first. Which file of the API a line is about is a matter of where the types are.
    pub(super) fn of(&self, path: &TaskPath) -> Option<PlannedTask> {
        if is_api_file(&path.text) {
            return None;
        }
        let naming = self.naming.get(path.text.as_str())?;
        let own = naming.iter().flat_map(|group| &self.below[*group]);
        let places: BTreeSet<usize> = self.shared.iter().chain(own).copied().collect();
        let details = places.into_iter().map(|at| self.planned.details[at].clone()).collect();
        Some(PlannedTask { details, ..self.bare.clone() })
    }
}

/// Whether no line about a file stands between two lines; lines stand in order.
fn is_none_between(scoped: &[usize], first: usize, last: usize) -> bool {
    scoped.get(scoped.partition_point(|line| *line < first)).is_none_or(|line| *line >= last)
}
