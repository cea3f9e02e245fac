//! New tasks into a tasks.md that is there already: what stands in it stays, byte for byte.

use crate::task::{Task, TaskFile, number, parse};
use crate::text::{LineEnding, Source, TextEdit, TextEdits, next_line};

/// The existing text with the tasks of the fresh one that it lacks.
pub(super) fn merge(existing: &Source, fresh: &str, questions: &[String]) -> String {
    let old = parse(existing);
    let source = Source::new("draft", fresh);
    let new = parse(&source);
    let free = old.tasks.iter().filter_map(|task| number(&task.id)).max().unwrap_or(0) + 1..;
    let mut edits: Vec<TextEdit> = Vec::new();
    let lacking = new.tasks.iter().filter(|task| !has(&old, existing, &new, task));
    for (next, task) in free.zip(lacking) {
        let block = task.body.of(fresh).trim_end();
        let rest = block.split_once(&task.id).map_or(block, |(_, rest)| rest);
        // The list of questions is not taken over: each stands where it is asked.
        let mut rest = rest.to_owned();
        for (at, question) in questions.iter().enumerate() {
            rest = rest.replace(&format!("  - Question: Q{}\n", at + 1), &format!("  - Question: {question}\n"));
        }
        let text = format!("\n- [ ] T{next:03}{rest}\n");
        edits.push(TextEdit::insert(place(&old, &new, task), text));
    }
    let edits = TextEdits::new(edits).expect("insertions are in nobody's way");
    edits.with_ending(LineEnding::of(existing.text())).apply(existing.text())
}

/// Whether the existing file has a task: by its title, or by its file and one of its functions.
fn has(old: &TaskFile, existing: &Source, new: &TaskFile, task: &Task) -> bool {
    let words = |text: &str| {
        text.to_lowercase()
            .split(|c: char| !c.is_alphanumeric())
            .filter(|w| !w.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    };
    let title = words(&task.title.text);
    let functions: Vec<&str> =
        task.details("function").filter_map(|detail| detail.text.text.trim_matches('`').split('(').next()).collect();
    // "Define HypervisorType constants", "Define `kubevirt_x` InfoVec metric"
    let defined = task.details("task").filter_map(|detail| {
        let word = detail.text.text.strip_prefix("Define ")?.split(' ').next()?;
        Some(word.trim_matches('`'))
    });
    let named: Vec<&str> = functions.into_iter().chain(defined).filter(|name| name.len() > 4).collect();
    let group = |file: &TaskFile, task: &Task| task.group.map(|group| words(&file.groups[group].title));
    old.tasks.iter().any(|known| {
        let body = known.body.of(existing.text());
        let same = words(&known.title.text) == title;
        // "Unit Tests" may stand in two groups.
        same && (known.paths.first().map(|p| &p.text) == task.paths.first().map(|p| &p.text)
            || group(old, known) == group(new, task))
            || !named.is_empty() && named.iter().any(|name| body.contains(name))
    })
}

/// Behind the last task of the same phase, or of the file.
fn place(old: &TaskFile, new: &TaskFile, task: &Task) -> usize {
    let phase = new.phase_number(task);
    let same = old.tasks.iter().rev().find(|known| old.phase_number(known) == phase);
    let last = same.or(old.tasks.last());
    let text = old.source.text();
    let end = last.map_or(text.len(), |task| task.body.end);
    next_line(text, end)
}
