//! What stands above the fields and types of Go blocks, as lines of a task that `scaffold` reads.

use super::{Above, BlockType, NewField};
use crate::draft::Draft;

/// What the block states of a field that a struct gets. What is usual is not said.
pub(super) fn of_field(task: Draft, field: &NewField) -> Draft {
    let Some(block) = &field.block else { return task };
    let target = format!("{}.{}", field.parent, field.name);
    let task = comment(task, &target, &block.above);
    if block.above.markers == ["+optional"] && block.omit {
        return task;
    }
    markers(task, &target, &block.above.markers, Some((&block.json, block.omit)))
}

/// What the block states of a new type and of all that is in it.
pub(super) fn of_type(task: Draft, block: &BlockType) -> Draft {
    let mut task = comment(task, &block.name, &block.above);
    if !block.above.markers.is_empty() {
        task = markers(task, &block.name, &block.above.markers, None);
    }
    for (name, above) in &block.values_above {
        task = comment(task, name, above);
    }
    for field in &block.fields {
        let target = format!("{}.{}", block.name, field.name);
        task = comment(task, &target, &field.above);
        if !field.embedded && !field.json.is_empty() {
            task = markers(task, &target, &field.above.markers, Some((&field.json, field.omit)));
        }
    }
    task
}

/// A comment, a line for each paragraph.
pub(super) fn comment(mut task: Draft, target: &str, above: &Above) -> Draft {
    for text in &above.doc {
        task = task.line("Comment", format!("`{target}` {text}"));
    }
    task
}

fn markers(mut task: Draft, target: &str, all: &[String], tag: Option<(&str, bool)>) -> Draft {
    // A code span has no backticks in it.
    let (odd, plain): (Vec<&String>, Vec<&String>) = all.iter().partition(|marker| marker.contains('`'));
    let mut codes: Vec<String> = plain.iter().map(|marker| format!("`{marker}`")).collect();
    if let Some((json, omit)) = tag {
        codes.push(format!("`json:\"{json}{}\"`", if omit { ",omitempty" } else { "" }));
    }
    if !codes.is_empty() {
        task = task.line("Markers", format!("`{target}` {}", codes.join(", ")));
    }
    for marker in odd {
        let shown = marker.replace('`', "'");
        task = task.line(
            "Review",
            format!("{target} has a marker with backticks, which no task can carry: add it by hand: {shown}"),
        );
    }
    task
}
