//! What no kind has spoken of: a task of which nothing comes, and heads that a task spells out and nothing writes. Kinds
//! read words that they know; what they do not know must not get lost beside what they make.

use std::collections::BTreeSet;

use super::ChangeSet;
use crate::go::DeclKind;
use crate::go::body::Members;
use crate::kinds::spelled_heads;
use crate::plan::{Manual, ManualReason, Plan, PlannedTask, Planner, Role, Use};
use crate::tree::parent;

/// Leaves tasks to people of which nothing came, and notes which functions tasks spell out.
pub(super) fn check(planner: &mut Planner<'_, '_>) {
    let mut spelled = Vec::new();
    let spoken = spoken(&planner.plan);
    for index in 0..planner.plan.tasks.len() {
        let task = &planner.plan.tasks[index];
        if !task.selected {
            continue;
        }
        let unread = task.unread.clone();
        if !unread.is_empty() && task.role() == Some(Role::Implementation) {
            for (line, why) in unread {
                planner.manual(&[index], &ManualReason::Unwritable { line, why });
            }
            continue;
        }
        let task = &planner.plan.tasks[index];
        if !spoken.contains(&index) && is_silent(task) {
            let why = "how the task changes the files that it names is not understood".to_owned();
            planner.manual(&[index], &ManualReason::Inexact { why, places: Vec::new() });
            continue;
        }
        let folders: BTreeSet<&str> = task.named.iter().map(|(path, _)| parent(path)).collect();
        let there = |name: &String| {
            let has = |folder| planner.survey.declares(folder, name).is_some();
            folders.iter().any(|folder| has(folder) || !planner.survey.funcs(folder, name).is_empty())
                || task.named.iter().any(|(path, _)| is_member(planner, path, name))
        };
        spelled.extend(spelled_heads(task).into_iter().filter(|name| !there(name)).map(|name| (index, name)));
    }
    planner.plan.spelled = spelled;
}

/// Whether an interface of a file has a method of a name.
fn is_member(planner: &Planner<'_, '_>, path: &str, name: &str) -> bool {
    let Some(source) = planner.survey.go(path).ok().flatten() else { return false };
    let mark = format!("\t{name}(");
    let has = |methods: &[(Option<String>, String)]| methods.iter().any(|(known, _)| known.as_deref() == Some(name));
    let mut types = source.file.decls.iter().filter(|decl| decl.kind == DeclKind::Type);
    types.any(|decl| {
        decl.span.of(source.source.text()).contains(&mark)
            && matches!(source.target().members(decl.name()), Ok(Some(Members::Interface(methods))) if has(&methods))
    })
}

/// The tasks of which a unit or a word comes.
fn spoken(plan: &Plan) -> BTreeSet<usize> {
    let units = plan.units.iter().flat_map(|unit| unit.tasks.iter().copied());
    let left = plan.manual.iter().map(|manual| manual.task).chain(plan.blocked.iter().map(|blocked| blocked.task));
    units.chain(left).chain(plan.commands.values().copied()).collect()
}

/// Whether a task names files, and nothing of it is used.
fn is_silent(task: &PlannedTask) -> bool {
    let is_used = task.lines.iter().any(|line| line.used == Use::Change);
    !task.named.is_empty() && task.withheld.is_empty() && !is_used
}

/// Leaves to people what the tasks spell out and what is made does not have.
pub(super) fn leave(plan: &mut Plan, set: &ChangeSet) {
    if set.is_refused() || plan.is_refused() || !set.conflicts.is_empty() {
        return;
    }
    if plan.spelled.is_empty() {
        return;
    }
    // Read once, and not for each name: a task can spell out thousands.
    let made: BTreeSet<&str> = set.changes.iter().flat_map(|change| before_brackets(&change.after)).collect();
    let mut left = Vec::new();
    for of_task in plan.spelled.chunk_by(|(one, _), (other, _)| one == other) {
        let task = of_task[0].0;
        // Of a task that is left as a whole, all is said.
        if plan.units_of(task).next().is_none() {
            continue;
        }
        let reasons: Vec<String> = plan.reasons(task).map(ManualReason::to_string).collect();
        let said: BTreeSet<&str> = reasons.iter().flat_map(|reason| reason.split(is_no_part)).collect();
        let names = of_task.iter().map(|(_, name)| name);
        for name in names.filter(|name| !said.contains(name.as_str()) && !made.contains(name.as_str())) {
            let why = format!("it is unclear whether {name}, which the task spells out, is to be written");
            left.push(Manual { task, reason: ManualReason::Inexact { why, places: Vec::new() } });
        }
    }
    plan.leave(left);
}

/// The words of a text that have a bracket right behind them: what it declares and calls.
fn before_brackets(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices('(').filter_map(|(at, _)| text[..at].rsplit(is_no_part).next())
}

/// Whether a character is no part of a name.
fn is_no_part(c: char) -> bool {
    !(c.is_alphanumeric() || c == '_')
}
