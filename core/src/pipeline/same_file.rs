//! The file that a task means which names none: "in the same file".

use std::collections::BTreeSet;

use crate::demand::{Word, words};
use crate::plan::{Checker, Located};
use crate::repo_path::RepoPath;
use crate::survey::Survey;
use crate::task::{Task, TaskFile};

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
