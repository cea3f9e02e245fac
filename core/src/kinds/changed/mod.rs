//! Code that is there and becomes other code, exactly as lines state it: another parameter of a function with what every
//! caller passes, an expression in the place of another, another name.
//!
//! All of a change is made or nothing: a function that takes more than its callers pass does not compile.

mod edits;
mod grown;
mod reading;
mod replaced;
mod seats;

use std::collections::{BTreeMap, BTreeSet};

use super::edited::tests_of_change;
use crate::demand::CodeChange;
use crate::plan::{Assigned, Candidate, Claimed, Kind, ManualReason, Named, Planner, Role, Row, Use};
use crate::repo_path::RepoPath;
use crate::template::Text;
use edits::{Edit, Facts};
use reading::Stated;
pub(crate) use reading::split;

#[derive(Debug)]
pub(super) struct ChangedCode;

/// How many places a reason shows.
const SHOWN: usize = 6;

/// Why a change is not made, and where it belongs.
struct Left {
    why: String,
    places: Vec<String>,
}

impl From<String> for Left {
    fn from(why: String) -> Self {
        Self { why, places: Vec::new() }
    }
}

/// The edits of a change, by file.
type Edits = BTreeMap<RepoPath, Vec<Edit>>;

impl Kind for ChangedCode {
    fn name(&self) -> &'static str {
        "changed-code"
    }

    fn role(&self) -> Role {
        Role::Implementation
    }

    fn row(&self) -> Row {
        Row {
            names: "another parameter of a function and what its callers pass, code that replaces other code, another name of a function",
            makes: "the change, in the function and in every caller, if all of it is certain",
        }
    }

    fn templates(&self) -> &'static [Text] {
        &[]
    }

    fn claim(&self, task: &Candidate<'_, '_>, named: &Named<'_>) -> Option<Claimed> {
        let is_own = matches!(named, Named::Task | Named::File { .. }) && task.planned.is_change;
        is_own.then_some(Claimed::Task)
    }

    fn refuses(&self, _: &Candidate<'_, '_>) -> Option<ManualReason> {
        None
    }

    fn plan(&self, _: &mut Planner<'_, '_>, _: &Assigned) {}

    /// What a function takes and what its callers pass may stand in different tasks.
    fn plan_last(&self, planner: &mut Planner<'_, '_>) {
        let all = planner.plan.tasks.iter().enumerate();
        let own = all.filter(|(_, task)| task.selected && !task.changes.is_empty());
        let tasks: Vec<usize> = own.map(|(at, _)| at).collect();
        let stated: Vec<Stated> = tasks.iter().flat_map(|task| reading::stated(planner, *task)).collect();
        let grown = grown::plan(planner, &stated);
        for (lines, outcome) in grown {
            put(planner, &lines, outcome);
        }
        for one in &stated {
            let outcome = match &one.change {
                CodeChange::Replaced { .. } => replaced::plan(planner, one),
                CodeChange::Renamed { .. } => replaced::rename(planner, one),
                _ => continue,
            };
            put(planner, &[(one.task, one.line)], outcome);
        }
        let whole: Vec<usize> = tasks.into_iter().filter(|task| planner.whole(*task).is_change).collect();
        for task in whole {
            let file = planner.task(task).named.first().map(|(file, _)| file.clone());
            let made = file.map_or(Ok(()), |file| tests_of_change(planner, task, &file));
            if let Err(refusal) = made {
                planner.diagnose(refusal);
            }
        }
    }
}

/// Plans the edits of a change, or tells the tasks why it is left.
fn put(planner: &mut Planner<'_, '_>, lines: &[(usize, usize)], outcome: Result<Edits, Left>) {
    let tasks: BTreeSet<usize> = lines.iter().map(|(task, _)| *task).collect();
    let tasks: Vec<usize> = tasks.into_iter().collect();
    let edits = match outcome {
        Ok(edits) => edits,
        Err(left) => return planner.manual(&tasks, &ManualReason::Inexact { why: left.why, places: left.places }),
    };
    let files: Vec<RepoPath> = edits.keys().cloned().collect();
    for file in &files {
        if let Err(refusal) = planner.open(file) {
            return planner.diagnose(refusal);
        }
    }
    for (task, line) in lines {
        planner.note(*task, *line, Use::Change, &files);
    }
    for (file, edits) in edits {
        planner.push(Facts { file, edits }, &tasks);
    }
}
