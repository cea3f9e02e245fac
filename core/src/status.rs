//! How far each task is, from the tree itself.

use crate::pipeline::{Change, propose};
use crate::plan::{Options, Role, Selection};
use crate::repo_path::RepoPath;
use crate::survey::Survey;
use crate::task::TaskFile;
use crate::text::Source;

/// How far a task is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    /// Something of it is not there.
    Missing,
    /// It is there as this tool made it, and still to be written.
    Scaffolded,
    /// Its specs are there and fail.
    Red,
    /// It is there, and nothing of the scaffold is left in it.
    Implemented,
    /// No file says how far it is.
    Manual,
}

impl State {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Scaffolded => "scaffolded",
            Self::Red => "red",
            Self::Implemented => "implemented",
            Self::Manual => "manual",
        }
    }

    /// Whether its box ought to be ticked; nothing if the tree cannot tell.
    pub fn is_done(self) -> Option<bool> {
        match self {
            Self::Manual => None,
            state => Some(state == Self::Implemented),
        }
    }
}

/// A task and how far it is.
#[derive(Clone, Debug)]
pub struct Status {
    /// The index in the task file.
    pub task: usize,
    /// How far it is.
    pub state: State,
    /// How that is known: the files that lack something, or what is left in them.
    pub reason: String,
}

/// How far every task is; an error is the first reason why that cannot be told.
pub fn status(
    source: &Source,
    survey: &Survey<'_>,
    options: &Options,
) -> Result<(TaskFile, Vec<Status>), Vec<crate::diagnostic::Diagnostic>> {
    let options = Options { ignore_compliance: true, selection: Selection::default(), ..options.clone() };
    let whole = propose(source, survey, &options);
    if whole.is_refused() {
        return Err(whole.diagnostics().cloned().collect());
    }
    let owned: Vec<Vec<RepoPath>> = (0..whole.plan.tasks.len()).map(|task| whole.plan.files(task)).collect();
    let lacking = lacking(&owned, &whole.set.changes, |task| {
        let only = Some(whole.plan.tasks[task].id.clone());
        let alone = propose(source, survey, &Options { selection: Selection { only, phase: None }, ..options.clone() });
        alone.set.changes.into_iter().map(|change| change.path).collect()
    });
    let mut found = Vec::new();
    for (index, task) in whole.plan.tasks.iter().enumerate() {
        let (state, reason) = if owned[index].is_empty() {
            (State::Manual, whole.plan.left(index).map(ToString::to_string).unwrap_or_default())
        } else if let Some(lacking) = &lacking[index] {
            (State::Missing, lacking.clone())
        } else {
            present(survey, task.role(), &task.id, &owned[index])
        };
        found.push(Status { task: task.index, state, reason });
    }
    Ok((whole.file, found))
}

/// What each task's own files lack, if anything. A file that several tasks share may lack something
/// for one of them alone: `alone` tells what scaffolding one task would change.
fn lacking(owned: &[Vec<RepoPath>], changes: &[Change], alone: impl Fn(usize) -> Vec<RepoPath>) -> Vec<Option<String>> {
    let mut lacking: Vec<Option<String>> = vec![None; owned.len()];
    for change in changes {
        let owners: Vec<usize> = (0..owned.len()).filter(|&task| owned[task].contains(&change.path)).collect();
        if change.is_new() {
            for task in owners {
                lacking[task] = Some(format!("{} is not there", change.path));
            }
            continue;
        }
        let guilty: Vec<usize> = match owners.len() {
            0 | 1 => owners.clone(),
            _ => owners.iter().copied().filter(|&task| alone(task).contains(&change.path)).collect(),
        };
        // What none of them needs by itself, they need together.
        let guilty = if guilty.is_empty() { owners } else { guilty };
        for task in guilty {
            lacking[task].get_or_insert_with(|| format!("{} lacks something", change.path));
        }
    }
    lacking
}

/// Whether what is there is still the scaffold.
fn present(survey: &Survey<'_>, role: Option<Role>, id: &str, files: &[RepoPath]) -> (State, String) {
    let mark = format!("{id}:");
    let mut left = Vec::new();
    for file in files {
        let Ok(Some(text)) = survey.text(file) else { continue };
        let stubs = text.lines().filter(|line| is_stub(line, &mark)).count();
        if stubs > 0 {
            let noun = if stubs == 1 { "stub" } else { "stubs" };
            left.push(format!("{file}: {stubs} {noun}"));
        }
    }
    let is_test = role.is_some_and(Role::is_test);
    match (left.is_empty(), is_test) {
        (true, _) => (State::Implemented, joined(files)),
        (false, true) => (State::Red, left.join("; ")),
        (false, false) => (State::Scaffolded, left.join("; ")),
    }
}

fn joined(files: &[RepoPath]) -> String {
    files.iter().map(|file| &**file).collect::<Vec<&str>>().join(", ")
}

/// A line that this tool wrote to be replaced: `Fail("T006: not implemented")`.
fn is_stub(line: &str, mark: &str) -> bool {
    let Some(at) = line.find(mark) else { return false };
    let rest = &line[at + mark.len()..];
    let whole = line[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
    let said = ["not implemented", "to be written", "not called yet"].iter().any(|words| rest.contains(words));
    let step = line.trim_start().starts_with("//")
        && line.trim_start().trim_start_matches("//").trim_start().starts_with(mark);
    whole && (said || step)
}
