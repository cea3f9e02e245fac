//! What a line says of a function beside what it is for: what is to be done with it elsewhere.

use super::functions::Function;
use super::registry;
use super::stub::Stub;
use super::stubs::Maker;
use crate::demand::{calls, is_position, position};
use crate::go::Position;
use crate::plan::{ManualReason, PlannedTask};
use crate::text::{code_spans, find_word};
use crate::tree::join;

impl Maker<'_, '_, '_> {
    /// Where the line of a function wants it to stand in its file, if that has such a place. When it is to be called is
    /// something else.
    pub(super) fn position(&self, planned: &PlannedTask, function: &Function) -> Option<(usize, Position)> {
        let lines = planned.details.iter().map(|line| (line.line, line.text.as_str()));
        let lines = lines.chain([(planned.line, planned.title.as_str())]);
        let (line, text) = lines.into_iter().find(|(line, _)| *line == function.line)?;
        let position = position(text, &function.name, false).filter(|_| calls(text, false).is_empty())?;
        let anchor = position.anchor()?;
        // What stands beside another new function stands where that does.
        let planned = self.wanted.stubs.iter().find(|stub| stub.name == anchor).map(|stub| stub.position.as_ref());
        if let Some(other) = planned {
            return other.map(|(_, position)| (line, position.clone()));
        }
        let source = self.planner.survey.go(&self.place.path).ok().flatten()?;
        source.target().has_declaration(anchor).then_some((line, position))
    }

    /// What the line of a function says that has to be done with it elsewhere, and that nothing reads.
    pub(super) fn beside(&self, planned: &PlannedTask, function: &Function, stub: &Stub) -> Option<ManualReason> {
        let name = &function.name;
        let by_hand = |why: String| Some(ManualReason::Inexact { why, places: Vec::new() });
        match self.stated_guard(planned, function, stub) {
            Some(Ok(_)) => return None,
            Some(Err(said)) if stub.guard.is_none() => {
                return by_hand(format!(
                    "{name} cannot ask for the gate, as it is not given the configuration: \"{said}\""
                ));
            }
            _ => {}
        }
        // What asks for a call is read as one.
        let is_call = |clause: &&str| !calls(&format!("`{name}()`, {clause}"), false).is_empty();
        let enters = |clause: &&str| {
            let mut holders = code_spans(clause);
            holders.any(|holder| registry::enters(self.planner, self.folder, planned, holder))
        };
        let clauses = function.said.left.as_ref()?.split("; ");
        let is_placed = |clause: &&str| stub.position.is_some() && is_position(clause);
        let left = clauses.filter(|clause| !is_call(clause) && !enters(clause) && !is_placed(clause));
        let left = left.collect::<Vec<_>>().join("; ");
        // How another function of the package relates to what is new is asked of the whole title.
        let is_func = |code: &str| !self.planner.survey.funcs(self.folder, code).is_empty();
        let is_asked = function.line == planned.line && calls(&planned.title, false).is_empty();
        let is_known = is_asked && !is_position(&left) && !left.contains("; ") && code_spans(&left).any(is_func);
        if left.is_empty() || is_known {
            return None;
        }
        let there = code_spans(&left).filter_map(|code| self.planner.survey.declares(self.folder, code));
        let mut places: Vec<String> = there.map(|file| join(self.folder, &file)).collect();
        places.dedup();
        Some(ManualReason::Inexact {
            why: format!(
                "line {} also says of {name} \"{left}\", which is not read; that part is up to you",
                function.line
            ),
            places,
        })
    }
}

impl Stub {
    /// Whether its comments name something.
    pub(super) fn speaks_of(&self, name: &str) -> bool {
        let mut texts = self.steps.iter().chain(&self.says).chain([&self.doc]);
        texts.any(|text| find_word(text, name).is_some())
    }
}
