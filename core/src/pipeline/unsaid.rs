//! What no kind has spoken of: a task of which nothing comes, and heads that a task spells out and nothing writes. Kinds
//! read words that they know; what they do not know must not get lost beside what they make.

use super::ChangeSet;
use crate::kinds::spelled_heads;
use crate::plan::{Manual, ManualReason, Plan, Planner, Use};
use crate::tree::parent;

/// Leaves tasks to people of which nothing came, and notes which functions tasks spell out.
pub(super) fn check(planner: &mut Planner<'_, '_>) {
    let mut spelled = Vec::new();
    for index in 0..planner.plan.tasks.len() {
        let task = &planner.plan.tasks[index];
        if !task.selected {
            continue;
        }
        if is_silent(&planner.plan, index) {
            let why = "how the task changes the files that it names is not understood".to_owned();
            planner.manual(&[index], &ManualReason::Inexact { why, places: Vec::new() });
            continue;
        }
        let there = |name: &String| {
            let mut folders = task.named.iter().map(|(path, _)| parent(path));
            let has = |folder| planner.survey.declares(folder, name).is_some();
            folders.any(|folder| has(folder) || !planner.survey.funcs(folder, name).is_empty())
        };
        spelled.extend(spelled_heads(task).into_iter().filter(|name| !there(name)).map(|name| (index, name)));
    }
    planner.plan.spelled = spelled;
}

/// Whether a task names files, and neither a unit nor a word comes of it.
fn is_silent(plan: &Plan, index: usize) -> bool {
    let task = &plan.tasks[index];
    let is_used = task.lines.iter().any(|line| line.used == Use::Change);
    let is_command = plan.commands.values().any(|&known| known == index);
    let is_left = plan.manual.iter().any(|manual| manual.task == index)
        || plan.blocked.iter().any(|blocked| blocked.task == index)
        || !task.withheld.is_empty();
    let is_made = is_used || is_command || plan.units_of(index).next().is_some();
    !task.named.is_empty() && !is_left && !is_made
}

/// Leaves to people what the tasks spell out and what is made does not have.
pub(super) fn leave(plan: &mut Plan, set: &ChangeSet) {
    if set.is_refused() || plan.is_refused() || !set.conflicts.is_empty() {
        return;
    }
    let mut left = Vec::new();
    for (task, name) in &plan.spelled {
        let says = |reason: &ManualReason| has_word(&reason.to_string(), name, "");
        // Of a task that is left as a whole, all is said.
        let is_said = plan.reasons(*task).any(says) || plan.units_of(*task).next().is_none();
        if is_said || set.changes.iter().any(|change| has_word(&change.after, name, "(")) {
            continue;
        }
        let why = format!("it is unclear whether {name}, which the task spells out, is to be written");
        left.push(Manual { task: *task, reason: ManualReason::Inexact { why, places: Vec::new() } });
    }
    plan.manual.extend(left);
    plan.manual.sort_by_key(|manual| manual.task);
}

/// Whether a name stands in a text as a word of its own, with something behind it.
fn has_word(text: &str, name: &str, behind: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(name).any(|(at, _)| {
        let rest = &text[at + name.len()..];
        !text[..at].ends_with(is_part) && !rest.starts_with(is_part) && rest.starts_with(behind)
    })
}
