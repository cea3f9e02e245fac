//! What a task says that is to be validated.

use super::{requests, struct_field};
use crate::plan::{Key, PlannedTask, TaskLine};

/// The lines that say what is to be validated.
pub(super) const PURPOSE: &[Key] = &[Key::Task, Key::Logic, Key::Validation, Key::Integration];

/// What a task says that is to be validated; the lines that only say who calls it are done with the call, and those that
/// say who calls another function are that one's.
pub(super) fn purposes(task: &PlannedTask, name: &str, is_called: bool) -> Vec<String> {
    let own = |line: &TaskLine| !line.text.contains(&format!("{name}(")) && !struct_field::is_declaration(&line.text);
    let lines = task.details.iter().filter(|line| PURPOSE.contains(&line.key) || requests::is_rule(line));
    let lines = lines.filter(|line| own(line));
    let lines =
        lines.filter(|line| !(requests::is_call(line) && (is_called || requests::calls_other(task, line, name))));
    lines.map(|line| line.text.clone()).collect()
}
