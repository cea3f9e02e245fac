//! What a task says of one of its files, where it says of several what each of them gets.

use std::collections::BTreeSet;

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

/// The task as one of its files has it: with the lines below the `File:` lines of that file, up to the next one, and
/// those above the first. Nothing if its lines are about all of its files: these stand together. Which file of the API a
/// line is about is a matter of where the types are.
pub(super) fn view(file: &TaskFile, task: &Task, planned: &PlannedTask, path: &TaskPath) -> Option<PlannedTask> {
    if task.paths.len() < 2 || is_api_file(&path.text) {
        return None;
    }
    let line = |path: &TaskPath| file.source.line_column(path.span.start).line;
    let files: BTreeSet<usize> = task.paths.iter().map(line).filter(|line| *line > planned.line).collect();
    let own: BTreeSet<usize> = task.paths.iter().filter(|other| other.text == path.text).map(line).collect();
    let scoped: Vec<usize> =
        planned.details.iter().filter(|detail| is_of_a_file(&detail.key)).map(|detail| detail.line).collect();
    // `File:` lines with nothing between them are one group.
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for at in files {
        let last = groups.last().and_then(|group| group.last().copied());
        match groups.last_mut() {
            Some(group) if !scoped.iter().any(|line| last.is_some_and(|last| (last..at).contains(line))) => {
                group.push(at);
            }
            _ => groups.push(vec![at]),
        }
    }
    if groups.len() < 2 {
        return None;
    }
    let first = groups[0][0];
    let group_of = |line: usize| groups.iter().rfind(|group| group[0] <= line);
    let is_own = |line: usize| group_of(line).is_some_and(|group| group.iter().any(|at| own.contains(at)));
    let mut view = planned.clone();
    view.details.retain(|detail| !is_of_a_file(&detail.key) || detail.line < first || is_own(detail.line));
    (view.lines, view.named) = (Vec::new(), Vec::new());
    view.readings = crate::plan::Readings::default();
    Some(view)
}
