//! The lines that stand below a task, also those behind its last item: its tables and blocks of code.

use crate::task::{Line, LineKind, Task, TaskFile};
use crate::text::Span;

/// The lines below a task, deeper than its own and before the next one, each with its number. A table may stand at any
/// depth, and below a task that is no item everything may.
pub(super) fn lines<'f>(file: &'f TaskFile, task: &Task) -> Vec<(usize, &'f Line)> {
    let first = file.lines.partition_point(|line| line.span.start < task.body.start);
    let is_own = |line: &&Line| matches!(line.kind, LineKind::Item | LineKind::Heading(_) | LineKind::Text);
    let Some(own) = file.lines.get(first).filter(is_own) else { return Vec::new() };
    let is_item = own.kind == LineKind::Item;
    // Whether a line is that of another task.
    let is_task = |line: Span| {
        let at = file.tasks.partition_point(|other| other.span.start < line.start);
        file.tasks.get(at).is_some_and(|other| other.span.start < line.end)
    };
    let mut is_open = false;
    let mut found = Vec::new();
    for (at, line) in file.lines.iter().enumerate().skip(first + 1) {
        let is_above = is_item && line.indent <= own.indent;
        match line.kind {
            LineKind::Fence if !is_open && is_above => break,
            LineKind::Fence => is_open = !is_open,
            LineKind::Code | LineKind::Blank | LineKind::Comment | LineKind::Table => {}
            LineKind::Heading(_) => break,
            _ if is_above || is_task(line.span) => break,
            _ => {}
        }
        found.push((at + 1, line));
    }
    found
}

/// Whether the line above a block says that it shows what is there, or an example: "Current:", "For example:".
pub(super) fn is_example(above: &str) -> bool {
    const LEADS: &[&str] =
        &["current", "today", "before", "for example", "example", "e.g.", "old", "existing", "at the moment", "as is"];
    let text = above.trim().trim_start_matches(['-', '*', '+', ' ']).to_lowercase();
    LEADS.iter().any(|lead| text.starts_with(lead)) && text.split_whitespace().count() < 6
}

/// Whether a line stands for code that is left out: `...`, `// ... existing fields`.
pub(super) fn is_elision(line: &str) -> bool {
    const OTHERS: &[&str] =
        &["existing", "other", "others", "fields", "more", "the", "rest", "unchanged", "omitted", "snip"];
    let text = line.trim().trim_start_matches('/').trim();
    let rest = text.trim_start_matches(['.', '…']).trim_end_matches(['.', '…']).trim();
    let is_marked = text.starts_with("...") || text.starts_with('…');
    is_marked && rest.split_whitespace().all(|word| OTHERS.contains(&word.to_lowercase().as_str()))
}

/// The lines of comments in a text, without their marks.
pub(super) fn comments(text: &str) -> Vec<&str> {
    let lines = text.lines().filter_map(|line| line.trim().strip_prefix("//"));
    lines.map(str::trim).filter(|line| !is_elision(line)).collect()
}

/// A field in backticks, with its tag.
pub(super) fn code(field: &str, tag: Option<&str>) -> String {
    let whole: Vec<&str> = std::iter::once(field).chain(tag).collect();
    format!("`{}`", whole.join(" "))
}

/// A line of a diff as the Go that it adds: what is there already is left out, but for what it is added to.
pub(super) fn added(line: &str) -> &str {
    if let Some(new) = line.strip_prefix('+').filter(|new| !new.starts_with("++ ")) {
        return new;
    }
    let old = line.strip_prefix(' ').unwrap_or(line).trim_end();
    let is_frame = old.starts_with("type ") && old.ends_with('{') || old == "}";
    match () {
        () if old.is_empty() => "\n",
        () if is_frame => line.strip_prefix(' ').unwrap_or(line),
        // What is taken out stays as it is, which is no Go.
        () if line.starts_with('-') && !line.starts_with("--- ") => line,
        () if ["@@", "+++ ", "--- ", "diff ", "index "].iter().any(|head| line.starts_with(head)) => "\n",
        () => "//...\n",
    }
}
