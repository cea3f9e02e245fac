//! Go code blocks below a task: the heads of the functions in them are lines of the task.

use crate::demand::Stance;
use crate::plan::{Key, NotAsked, TaskLine};
use crate::task::{LineKind, Task, TaskFile};

/// A line `func …` for each function that a Go block below a task declares, and what else it declares, which is not
/// read. Bodies are for who writes the function.
pub(super) fn functions(file: &TaskFile, task: &Task) -> (Vec<TaskLine>, Vec<NotAsked>) {
    let text = file.source.text();
    let from = file.lines.partition_point(|line| line.span.start < task.body.start);
    let indent = file.lines.get(file.line(task) - 1).map_or(0, |line| line.indent);
    let (mut found, mut unread) = (Vec::new(), Vec::new());
    let mut is_go = false;
    for (index, line) in file.lines.iter().enumerate().skip(from) {
        let raw = line.span.of(text).trim();
        match line.kind {
            LineKind::Fence => {
                let info = raw.trim_start_matches(['`', '~']).trim().to_lowercase();
                is_go = line.indent > indent && matches!(info.split([' ', ',', '{']).next(), Some("go" | "golang"));
            }
            LineKind::Code if is_go => {
                let head = raw.strip_suffix('{').or_else(|| raw.split_once(" {").map(|(head, _)| head)).unwrap_or(raw);
                if head.starts_with("func ") && head.contains('(') && !head.contains('`') {
                    found.push(TaskLine { key: Key::Function, text: format!("`{}`", head.trim()), line: index + 1 });
                } else if ["type ", "const ", "var "].iter().any(|word| raw.starts_with(word)) {
                    unread.push(NotAsked { line: index + 1, stance: Stance::Unread, makes: true, is_all: true });
                }
            }
            LineKind::Code | LineKind::Blank => {}
            _ if line.span.start >= task.body.end => break,
            _ => {}
        }
    }
    (found, unread)
}
