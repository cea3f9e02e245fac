//! The file that a task means which names none: "in the same file", or that of all tasks of its section.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::demand::{Word, words};
use crate::plan::{Checker, Located};
use crate::repo_path::RepoPath;
use crate::survey::Survey;
use crate::task::{LineKind, Task, TaskFile};

/// What tasks without files of their own mean, read once for the whole list: it can have thousands of them.
pub(super) struct Meant {
    /// For each task, the one whose files it means: mostly itself.
    same: Vec<Option<usize>>,
    /// For each task, the file that its section gives to all of them, as it is spelled.
    sections: Vec<Option<Rc<str>>>,
}

impl Meant {
    pub(super) fn new(file: &TaskFile) -> Self {
        if file.tasks.iter().all(|task| !task.paths.is_empty()) {
            return Self { same: Vec::new(), sections: Vec::new() };
        }
        Self { same: same(file), sections: sections(file) }
    }

    /// The file that a task means and the words for it; an error if what it says leads to none.
    pub(super) fn file(
        &self,
        file: &TaskFile,
        survey: &Survey<'_>,
        index: usize,
    ) -> Option<(Result<RepoPath, String>, &'static str)> {
        let other = self.same.get(index).copied().flatten().filter(|other| *other != index);
        if let Some(other) = other {
            return Some((only_file(file, survey, &file.tasks[other]), "the same file is"));
        }
        let raw = self.sections.get(index)?.as_ref()?;
        let path = checked(file, survey, &file.tasks[index], raw)?;
        Some((Ok(path), "that of its section is"))
    }
}

/// The tasks whose files tasks mean: the one above where it says "the same file", or the one that it names.
fn same(file: &TaskFile) -> Vec<Option<usize>> {
    let mut known: BTreeMap<&str, usize> = BTreeMap::new();
    let mut found: Vec<Option<usize>> = Vec::new();
    for (at, task) in file.tasks.iter().enumerate() {
        let all = if task.paths.is_empty() { words(&task.title.text) } else { Vec::new() };
        let meant = if says_same(&all) {
            let named = all.iter().find_map(|word| known.get(word.text).copied());
            named.or(at.checked_sub(1)).and_then(|other| found[other])
        } else {
            Some(at)
        };
        found.push(meant);
        known.entry(&task.id).or_insert(at);
    }
    found
}

fn says_same(all: &[Word<'_>]) -> bool {
    let is_file = |same: &Word<'_>, file: &Word<'_>| same.is(&["same"]) && file.is(&["file"]);
    all.windows(2).any(|two| is_file(&two[0], &two[1]))
        || all.windows(3).any(|three| is_file(&three[0], &three[2]) && three[1].is(&["go", "test", "spec"]))
}

/// The only file of a task, or why there is none.
fn only_file(file: &TaskFile, survey: &Survey<'_>, task: &Task) -> Result<RepoPath, String> {
    let files: BTreeSet<&str> = task.paths.iter().map(|path| path.text.as_str()).collect();
    let mut files = files.into_iter();
    match (files.next(), files.next()) {
        (Some(raw), None) => checked(file, survey, task, raw)
            .ok_or_else(|| format!("{} does not name a file that can be meant", task.id)),
        (None, _) => Err(format!("{}, whose file it means, names none", task.id)),
        _ => Err(format!("{}, whose file it means, names several", task.id)),
    }
}

/// A path of a task, put right; nothing if it is not that of a file.
fn checked(file: &TaskFile, survey: &Survey<'_>, task: &Task, raw: &str) -> Option<RepoPath> {
    let mut said = Vec::new();
    let mut checker = Checker { survey, source: &file.source, span: task.span, diagnostics: &mut said };
    match checker.check(raw)? {
        Located::File(place) => Some(place.path),
        _ => None,
    }
}

/// The files that sections give to all of their tasks: "## API: `x/types.go`", "All tasks of this phase are about `x/y.go`."
fn sections(file: &TaskFile) -> Vec<Option<Rc<str>>> {
    let text = file.source.text();
    let mut tasks = file.tasks.iter().peekable();
    let mut found: Vec<Option<Rc<str>>> = Vec::new();
    // Up to where the tasks before reach, and what stands above the next one outside of them.
    let (mut covered, mut heading, mut intro) = (0, "", String::new());
    let mut stated: Option<Option<Rc<str>>> = None;
    for line in &file.lines {
        while let Some(task) = tasks.next_if(|task| task.span.start <= line.span.start) {
            found.push(stated.get_or_insert_with(|| only_path(heading, &intro)).clone());
            covered = covered.max(task.body.end);
        }
        if line.span.start < covered {
            continue;
        }
        match line.kind {
            LineKind::Heading(_) => (heading, intro, stated) = (line.span.of(text).trim(), String::new(), None),
            LineKind::Text | LineKind::Quote => {
                intro.push_str(line.span.of(text).trim());
                intro.push(' ');
                stated = None;
            }
            _ => {}
        }
    }
    found
}

/// The only Go file that a heading names, or the sentences below it where they speak of all tasks.
fn only_path(heading: &str, intro: &str) -> Option<Rc<str>> {
    const ALL: &[&str] = &["all", "every", "everything", "each", "these"];
    let intro = if words(intro).iter().any(|word| word.is(ALL)) { intro } else { "" };
    let words = [heading, intro].into_iter().flat_map(|text| text.split(['`', ' ', '(', ')']));
    let words = words.map(|word| word.trim_end_matches(['.', ',', ':', ';']));
    let paths: BTreeSet<&str> = words.filter(|word| word.contains('/') && word.ends_with(".go")).collect();
    let mut paths = paths.into_iter();
    paths.next().filter(|_| paths.next().is_none()).map(Rc::from)
}
