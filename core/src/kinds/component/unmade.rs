//! Types that tasks name as new, and that nothing makes.

use super::super::planned_types::is_planned;
use super::shape::has;
use super::stubs::Outcome;
use crate::demand::{Piece, words};
use crate::name::{is_go_identifier, is_predeclared};
use crate::plan::{Key, ManualReason, Planner};
use crate::repo_path::RepoPath;
use crate::tree::parent;

/// Says of types that lines name as new and that nothing makes that they are left to people: "a default implementation `x`".
pub(super) fn leave(planner: &mut Planner<'_, '_>, file: &RepoPath, outcome: &Outcome) {
    const NOUNS: &[&str] = &["implementation", "type", "struct", "mock", "fake"];
    let folder = parent(file);
    let mut left = Vec::new();
    for &task in &outcome.tasks {
        let is_stub = |name: &str| outcome.wanted.stubs.iter().any(|stub| stub.name == name);
        let lines = planner.task(task).lines_of(&[Key::Task, Key::Prose, Key::Implementation]);
        let title = std::iter::once((planner.task(task).line, planner.task(task).title.as_str()));
        for (line, text) in title.chain(lines.map(|line| (line.line, line.text.as_str()))) {
            let words = words(text);
            let named = words.windows(2).filter(|pair| pair[0].is(NOUNS) && pair[1].piece == Piece::Code);
            for name in named.map(|pair| pair[1].text).filter(|name| is_go_identifier(name) && !is_predeclared(name)) {
                if !has(planner, folder, name) && !is_planned(planner, folder, name) && !is_stub(name) {
                    let why = format!("line {line} names `{name}`, and what it is made of is not said");
                    left.push((task, ManualReason::Inexact { why, places: Vec::new() }));
                }
            }
        }
    }
    for (task, reason) in left {
        planner.manual(&[task], &reason);
    }
}
