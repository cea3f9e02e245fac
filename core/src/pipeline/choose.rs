//! A part of a plan: the tasks that somebody chose, with what they need.

use std::collections::BTreeSet;

use super::Proposal;
use crate::plan::Selection;

/// A part of a plan.
#[derive(Debug)]
pub struct Choice {
    /// The plan of the part.
    pub proposal: Proposal,
    /// What came with what was chosen, and why, a sentence each.
    pub added: Vec<String>,
}

/// Plans a part: the tasks with some IDs, and what they need of the others. `propose` plans a selection, `within` is
/// the one that they were chosen from.
pub fn choose(mut ids: BTreeSet<String>, within: &Selection, propose: &dyn Fn(Selection) -> Proposal) -> Choice {
    let mut added = Vec::new();
    loop {
        let proposal = propose(Selection { chosen: Some(ids.clone()), ..within.clone() });
        let plan = &proposal.plan;
        let count = ids.len();
        for need in &plan.needs {
            let (task, on) = (&plan.tasks[need.task].id, &plan.tasks[need.on].id);
            if ids.insert(on.clone()) {
                added.push(format!("{on} comes with {task}, which {}.", need.why));
            }
        }
        // What is needed may need more. It ends: there are only so many tasks.
        if ids.len() == count {
            return Choice { proposal, added };
        }
    }
}
