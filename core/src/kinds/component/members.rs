//! Where the method of an interface stands, and which types leave it to other tasks.

use super::functions::{Function, functions};
use super::methods::{Interface, Member};
use crate::demand::position;
use crate::go::{AnchorError, Position, Target};
use crate::plan::{ManualReason, PlannedTask, Planner};
use crate::text::TextEdit;
use crate::tree::parent;

impl Interface {
    /// The place that the line of a method states.
    fn stated(task: &PlannedTask, function: &Function) -> Option<Position> {
        let lines = task.details.iter().map(|line| (line.line, line.text.as_str()));
        let lines = lines.chain([(task.line, task.title.as_str())]);
        let (_, text) = lines.into_iter().find(|(line, _)| *line == function.line)?;
        position(text, &function.name, false).filter(|found| found.anchor().is_some())
    }

    fn has(&self, anchor: Option<&str>) -> bool {
        self.methods.iter().any(|(name, _)| Some(name.as_str()) == anchor)
    }

    /// Where the line of a method wants it to stand among the others, and that line.
    pub(super) fn position(&self, task: &PlannedTask, function: &Function) -> Option<(usize, Position)> {
        let place = Self::stated(task, function).filter(|found| self.has(found.anchor()));
        place.map(|place| (function.line, place))
    }

    /// That the interface has no such place, as far as it is its own.
    pub(super) fn misplaced(&self, task: &PlannedTask, function: &Function) -> Option<ManualReason> {
        let place = Self::stated(task, function).filter(|found| !self.has(found.anchor()))?;
        let (name, anchor) = (&self.name, place.anchor()?);
        let why = format!("{name} has no method {anchor}, beside which line {} wants {}", function.line, function.name);
        Some(ManualReason::Inexact { why, places: vec![self.source.path().to_owned()] })
    }
}

/// Whether another task states the method of a type.
pub(super) fn is_stated(
    planner: &Planner<'_, '_>,
    task: &PlannedTask,
    folder: &str,
    receiver: &str,
    method: &str,
) -> bool {
    let is_own = |function: &Function| {
        let of = function.receiver().map(|ty| ty.trim_start_matches('*').to_owned());
        function.name == method && of.as_deref() == Some(receiver)
    };
    let is_here = |other: &&PlannedTask| {
        other.selected && other.id != task.id && other.named.iter().any(|(file, _)| parent(file) == folder)
    };
    planner.plan.tasks.iter().filter(is_here).any(|other| functions(other).0.iter().any(is_own))
}

impl Member {
    /// The edit that puts the line into the interface.
    pub(super) fn edit(&self, target: &Target<'_>) -> Result<Vec<TextEdit>, AnchorError> {
        let declared = target.file.declares(&self.interface).map_or("", |decl| decl.span.of(target.text));
        let beside = self.position.as_ref().map(|(_, place)| target.put_method(&self.interface, place, &self.line));
        if let Some(edit) = beside.transpose()?.flatten() {
            return Ok(vec![edit]);
        }
        let mut edit = target.append_member(&self.interface, &self.line)?;
        // Where methods stand apart, this one does too.
        let mut above = declared.lines().rev().skip(2).map(str::trim);
        if above.find(|line| !line.starts_with("//")) == Some("") {
            edit.text.insert(0, '\n');
        }
        Ok(vec![edit])
    }
}
