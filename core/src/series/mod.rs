//! A series of commits: what was scaffolded, cut where a reviewer of KubeVirt wants it cut.
//!
//! Each step is a plan of the tasks until then, on the tree of the last commit: so it holds what the scaffold of these
//! tasks alone is, with its BUILD.bazel files. A step that would not stand alone takes in the task that it lacks.

mod area;
mod imperative;
mod message;
mod names;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub use area::{area, folders};
pub(crate) use message::closes;
pub use message::{Message, NARROW, WIDE, complaints};

use crate::diagnostic::Diagnostic;
use crate::graph::{analyse, graph};
use crate::pipeline::{Change, Proposal, propose};
use crate::plan::{Options, Plan, Selection};
use crate::repo_path::RepoPath;
use crate::survey::Survey;
use crate::text::Source;

/// One commit of a series, before it has a message.
#[derive(Clone, Debug)]
pub struct Step {
    /// The tasks that it does: indices in [`Plan::tasks`], in the order of the file.
    pub tasks: Vec<usize>,
    /// What it changes, from the step before it; sorted by path.
    pub changes: Vec<Change>,
    /// Whether generated files go with it.
    pub outdates: bool,
}

/// A series of commits.
#[derive(Debug)]
pub struct Series {
    /// The plan of all of it.
    pub whole: Proposal,
    /// The commits, in order.
    pub steps: Vec<Step>,
    /// Tasks that are held back, with the reason.
    pub held: Vec<(usize, String)>,
}

/// The series for some tasks, by their IDs, on the tree of the last commit.
pub fn series(
    source: &Source,
    survey: &Survey<'_>,
    options: &Options,
    wanted: &[String],
) -> Result<Series, Vec<Diagnostic>> {
    let cutter = Cutter { source, survey, options };
    let whole = cutter.proposal(wanted.iter().map(String::as_str));
    if whole.is_refused() {
        return Err(whole.diagnostics().cloned().collect());
    }
    let held: Vec<(usize, String)> =
        whole.plan.blocked.iter().map(|blocked| (blocked.task, blocked.reason.clone())).collect();
    let plan = &whole.plan;
    let order: Vec<usize> = analyse(&whole.file, &graph(&whole.file))
        .batches
        .into_iter()
        .flatten()
        .filter_map(|task| plan.tasks.iter().position(|planned| planned.index == task))
        .filter(|task| plan.tasks[*task].selected && plan.units_of(*task).next().is_some())
        .collect();
    let steps = cutter.steps(&whole, &order)?;
    Ok(Series { whole, steps, held })
}

struct Cutter<'a, 't> {
    source: &'a Source,
    survey: &'a Survey<'t>,
    options: &'a Options,
}

type Texts = BTreeMap<RepoPath, Arc<str>>;

impl Cutter<'_, '_> {
    fn proposal<'i>(&self, ids: impl Iterator<Item = &'i str>) -> Proposal {
        let only = Some(ids.collect::<Vec<_>>().join(","));
        let options = Options { selection: Selection { only, ..Selection::default() }, ..self.options.clone() };
        propose(self.source, self.survey, &options)
    }

    fn of_tasks(&self, plan: &Plan, tasks: &BTreeSet<usize>) -> Proposal {
        self.proposal(tasks.iter().map(|task| plan.tasks[*task].id.as_str()))
    }

    fn steps(&self, whole: &Proposal, order: &[usize]) -> Result<Vec<Step>, Vec<Diagnostic>> {
        let plan = &whole.plan;
        let promised = names::declared(&whole.set.changes);
        let outdating: BTreeSet<usize> = order
            .iter()
            .copied()
            .filter(|task| plan.units_of(*task).any(|unit| unit.facts.outdates().is_some()))
            .collect();
        let (mut done, mut texts) = (BTreeSet::new(), Texts::new());
        let mut steps = Vec::new();
        for &first in order {
            if done.contains(&first) {
                continue;
            }
            let mut group = BTreeSet::from([first]);
            let proposal = loop {
                // What is generated is generated from all of them.
                if group.iter().any(|task| outdating.contains(task)) {
                    group.extend(outdating.difference(&done));
                }
                let found = self.of_tasks(plan, &done.union(&group).copied().collect());
                let lack = Lack::of(&found, &group, &promised);
                if lack.is_nothing() {
                    break found;
                }
                let rest: Vec<usize> =
                    order.iter().copied().filter(|task| !done.contains(task) && !group.contains(task)).collect();
                let Some(next) = self.helper(plan, &done, &group, &rest, &lack, &promised) else {
                    return Err(found.diagnostics().cloned().collect());
                };
                group.insert(next);
            };
            done.extend(group.iter().copied());
            let changes = between(&texts, &proposal.set.changes);
            texts = proposal.set.changes.iter().map(|change| (change.path.clone(), change.after.clone())).collect();
            if !changes.is_empty() {
                let outdates = group.iter().any(|task| outdating.contains(task));
                steps.push(Step { tasks: group.into_iter().collect(), changes, outdates });
            }
        }
        Ok(steps)
    }

    /// The task that a group needs beside it: the first one that gives it something of what it lacks, else the next one.
    fn helper(
        &self,
        plan: &Plan,
        done: &BTreeSet<usize>,
        group: &BTreeSet<usize>,
        rest: &[usize],
        lack: &Lack,
        promised: &BTreeSet<String>,
    ) -> Option<usize> {
        let helps = |task: &usize| {
            let mut group = group.clone();
            group.insert(*task);
            let found = self.of_tasks(plan, &done.union(&group).copied().collect());
            Lack::of(&found, &group, promised) < *lack
        };
        rest.iter().copied().take(TRIED).find(helps).or_else(|| rest.first().copied())
    }
}

/// How many tasks are tried for what a group lacks.
const TRIED: usize = 60;

/// What keeps a step from standing alone: worst first, so that less of it is less.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Lack {
    refused: bool,
    held: usize,
    names: usize,
}

impl Lack {
    fn of(found: &Proposal, group: &BTreeSet<usize>, promised: &BTreeSet<String>) -> Self {
        let held = found.plan.blocked.iter().filter(|blocked| group.contains(&blocked.task)).count();
        Self { refused: found.is_refused(), held, names: names::missing(&found.set.changes, promised) }
    }

    fn is_nothing(&self) -> bool {
        !self.refused && self.held == 0 && self.names == 0
    }
}

/// The changes from some texts to those of a proposal.
fn between(before: &Texts, changes: &[Change]) -> Vec<Change> {
    let step = |change: &Change| {
        let known = before.get(&change.path);
        let text = known.cloned().or_else(|| change.before.clone());
        (text.as_ref() != Some(&change.after)).then(|| Change { before: text, ..change.clone() })
    };
    changes.iter().filter_map(step).collect()
}

#[cfg(test)]
#[path = "series_tests.rs"]
mod tests;
