//! New tasks into a tasks.md that is there already: what stands in it stays, byte for byte.

use std::collections::BTreeMap;

use crate::task::{Task, TaskFile, number, parse};
use crate::text::{LineEnding, Source, TextEdit, TextEdits, holds, next_line};

/// The existing text with the tasks of the fresh one that it lacks.
pub(crate) fn merge(existing: &Source, fresh: &str, questions: &[String]) -> String {
    let old = parse(existing);
    let source = Source::new("draft", fresh);
    let new = parse(&source);
    let free = old.tasks.iter().filter_map(|task| number(&task.id)).max().unwrap_or(0) + 1..;
    let mut edits: Vec<TextEdit> = Vec::new();
    let known = Known::new(&old, existing);
    let lacking = new.tasks.iter().filter(|task| !known.has(&new, task));
    for (next, task) in free.zip(lacking) {
        let block = task.body.of(fresh).trim_end();
        let rest = block.split_once(&task.id).map_or(block, |(_, rest)| rest);
        // The list of questions is not taken over: each stands where it is asked.
        let mut rest = rest.to_owned();
        for (at, question) in questions.iter().enumerate() {
            rest = rest.replace(&format!("  - Question: Q{}\n", at + 1), &format!("  - Question: {question}\n"));
        }
        let text = format!("\n- [ ] T{next:03}{rest}\n");
        edits.push(TextEdit::insert(known.place(new.phase_number(task)), text));
    }
    let edits = TextEdits::new(edits).expect("insertions are in nobody's way");
    edits.with_ending(LineEnding::of(existing.text())).apply(existing.text())
}

/// The tasks of the existing file.
struct Known<'a> {
    old: &'a TaskFile,
    existing: &'a Source,
    /// The tasks with each title.
    titles: BTreeMap<String, Vec<&'a Task>>,
    /// The last task of each phase.
    last: BTreeMap<Option<&'a str>, &'a Task>,
}

fn words(text: &str) -> String {
    let lower = text.to_lowercase();
    lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ")
}

fn group(file: &TaskFile, task: &Task) -> Option<String> {
    task.group.map(|group| words(&file.groups[group].title))
}

impl<'a> Known<'a> {
    fn new(old: &'a TaskFile, existing: &'a Source) -> Self {
        let mut titles: BTreeMap<String, Vec<&Task>> = BTreeMap::new();
        for task in &old.tasks {
            titles.entry(words(&task.title.text)).or_default().push(task);
        }
        let last = old.tasks.iter().map(|task| (old.phase_number(task), task)).collect();
        Self { old, existing, titles, last }
    }

    /// Whether the existing file has a task: by its title, or by its file and one of its functions.
    fn has(&self, new: &TaskFile, task: &Task) -> bool {
        let functions: Vec<&str> = task
            .details("function")
            .filter_map(|detail| detail.text.text.trim_matches('`').split('(').next())
            .collect();
        // "Define HypervisorType constants", "Define `kubevirt_x` InfoVec metric"
        let defined = task.details("task").filter_map(|detail| {
            let word = detail.text.text.strip_prefix("Define ")?.split(' ').next()?;
            Some(word.trim_matches('`'))
        });
        let mut named = functions.into_iter().chain(defined).filter(|name| name.len() > 4);
        let own = group(new, task);
        // "Unit Tests" may stand in two groups.
        let same = self.titles.get(&words(&task.title.text)).is_some_and(|same| {
            same.iter().any(|known| {
                known.paths.first().map(|p| &p.text) == task.paths.first().map(|p| &p.text)
                    || group(self.old, known) == own
            })
        });
        let text = self.existing.text();
        same || named
            .any(|name| holds(text, name) && self.old.tasks.iter().any(|known| holds(known.body.of(text), name)))
    }

    /// Behind the last task of the same phase, or of the file.
    fn place(&self, phase: Option<&str>) -> usize {
        let last = self.last.get(&phase).copied().or(self.old.tasks.last());
        let text = self.existing.text();
        let end = last.map_or(text.len(), |task| task.body.end);
        next_line(text, end)
    }
}
