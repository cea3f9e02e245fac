//! Types that tasks name as new, and that nothing makes.

use super::super::planned_types::is_planned;
use super::shape::has;
use super::stubs::Outcome;
use crate::demand::{Piece, words};
use crate::name::{is_go_identifier, is_predeclared};
use crate::plan::{Key, ManualReason, PlannedTask, Planner};
use crate::repo_path::RepoPath;
use crate::tree::parent;

/// Says of types that lines name as new and that nothing makes that they are left to people: "a default implementation `x`".
pub(super) fn leave(planner: &mut Planner<'_, '_>, file: &RepoPath, outcome: &Outcome) {
    let folder = parent(file);
    let mut left = Vec::new();
    for &task in &outcome.tasks {
        let is_stub = |name: &str| outcome.wanted.stubs.iter().any(|stub| stub.name == name);
        for (line, name) in named(planner.task(task)) {
            if !has(planner, folder, &name) && !is_planned(planner, folder, &name) && !is_stub(&name) {
                let why = format!("line {line} names `{name}`, and what it is made of is not said");
                left.push((task, ManualReason::Inexact { why, places: Vec::new() }));
            }
        }
    }
    for (task, reason) in left {
        planner.manual(&[task], &reason);
    }
}

/// The types that the lines of a task name as new, each with its line.
fn named(task: &PlannedTask) -> Vec<(usize, String)> {
    const NOUNS: &[&str] = &["implementation", "type", "struct", "mock", "fake"];
    task.once("types named as new", || {
        let lines = task.lines_of(&[Key::Task, Key::Prose, Key::Implementation]);
        let texts = lines.map(|line| (line.line, line.text.as_str()));
        let named = std::iter::once((task.line, task.title.as_str())).chain(texts).flat_map(|(line, text)| {
            let words = words(text);
            let pairs = words.windows(2).filter(|pair| pair[0].is(NOUNS) && pair[1].piece == Piece::Code);
            pairs.map(|pair| (line, pair[1].text.to_owned())).collect::<Vec<_>>()
        });
        named.filter(|(_, name)| is_go_identifier(name) && !is_predeclared(name)).collect()
    })
}
