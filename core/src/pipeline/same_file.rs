//! The file that a task means which names none: "in the same file", or that of all tasks of its section.

use std::collections::BTreeSet;

use crate::demand::{Word, words};
use crate::plan::{Checker, Located};
use crate::repo_path::RepoPath;
use crate::survey::Survey;
use crate::task::{LineKind, Task, TaskFile};

/// The file that a task means by "the same file": the only one of the task above, or of the one that it names.
pub(super) fn same_file(file: &TaskFile, survey: &Survey<'_>, index: usize) -> Option<Result<RepoPath, String>> {
    let says = |task: &Task| {
        let all = words(&task.title.text);
        let is_file = |two: &[Word<'_>]| two[0].is(&["same"]) && two[1].is(&["file"]);
        all.windows(2).any(is_file)
            || all.windows(3).any(|three| is_file(&[three[0], three[2]]) && three[1].is(&["go", "test", "spec"]))
    };
    let tasks = &file.tasks;
    let mut at = index;
    while tasks[at].paths.is_empty() && says(&tasks[at]) {
        let named = words(&tasks[at].title.text);
        let named = named.iter().find_map(|word| tasks[..at].iter().position(|task| task.id == word.text));
        at = named.or(at.checked_sub(1))?;
    }
    if at == index {
        return None;
    }
    let files: BTreeSet<&str> = tasks[at].paths.iter().map(|path| path.text.as_str()).collect();
    let mut files = files.into_iter();
    match (files.next(), files.next()) {
        (Some(raw), None) => {
            let mut said = Vec::new();
            let span = tasks[at].span;
            let mut checker = Checker { survey, source: &file.source, span, diagnostics: &mut said };
            match checker.check(raw) {
                Some(Located::File(place)) => Some(Ok(place.path)),
                _ => Some(Err(format!("{} does not name a file that can be meant", tasks[at].id))),
            }
        }
        (None, _) => Some(Err(format!("{}, whose file it means, names none", tasks[at].id))),
        _ => Some(Err(format!("{}, whose file it means, names several", tasks[at].id))),
    }
}

/// The file that a section gives to all of its tasks: "## API: `x/types.go`", "All tasks of this phase are about `x/y.go`."
pub(super) fn of_section(file: &TaskFile, survey: &Survey<'_>, index: usize) -> Option<RepoPath> {
    const ALL: &[&str] = &["all", "every", "everything", "each", "these"];
    let text = file.source.text();
    let start = file.tasks[index].span.start;
    let is_of_task = |at: usize| file.tasks[..index].iter().any(|task| task.body.start <= at && at < task.body.end);
    let above = file.lines.iter().rev().skip_while(|line| line.span.start >= start);
    let mut intro = Vec::new();
    let mut heading = "";
    for line in above.filter(|line| !is_of_task(line.span.start)) {
        match line.kind {
            LineKind::Heading(_) => {
                heading = line.span.of(text).trim();
                break;
            }
            LineKind::Text | LineKind::Quote => intro.push(line.span.of(text).trim()),
            _ => {}
        }
    }
    intro.reverse();
    let intro = intro.join(" ");
    let says_all = words(&intro).iter().any(|word| word.is(ALL));
    let said = [heading, if says_all { &intro } else { "" }];
    let paths: BTreeSet<&str> = said
        .iter()
        .flat_map(|text| text.split(['`', ' ', '(', ')']))
        .map(|word| word.trim_end_matches(['.', ',', ':', ';']))
        .filter(|word| word.contains('/') && word.ends_with(".go"))
        .collect();
    let mut paths = paths.into_iter();
    let raw = paths.next().filter(|_| paths.next().is_none())?;
    let mut said = Vec::new();
    let span = file.tasks[index].span;
    match (Checker { survey, source: &file.source, span, diagnostics: &mut said }).check(raw) {
        Some(Located::File(place)) => Some(place.path),
        _ => None,
    }
}
