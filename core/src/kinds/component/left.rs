//! What lines ask for beside the code that is made of a task, and what is left to people because of that.

use super::super::planned_types::is_planned;
use super::prose::other_steps;
use super::shape::has;
use super::stubs::Outcome;
use crate::demand::{Piece, Word, words};
use crate::name::{is_go_identifier, is_predeclared};
use crate::plan::{Key, ManualReason, Planner};
use crate::repo_path::RepoPath;
use crate::tree::parent;

/// Says of types that lines name as new and that nothing makes that they are left to people: "a default implementation `x`".
pub(super) fn unmade(planner: &mut Planner<'_, '_>, file: &RepoPath, outcome: &Outcome) {
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

/// Says of lines that ask for a change of something else that the package has, that they are left to people.
pub(super) fn left_elsewhere(planner: &mut Planner<'_, '_>, file: &RepoPath, tasks: &[usize]) {
    for &task in tasks {
        let there = |name: &str| has(planner, parent(file), name);
        let edited = |name: &str| !planner.survey.funcs(parent(file), name).is_empty();
        let lines: Vec<(usize, Vec<String>)> = other_steps(planner.task(task), &there, &edited)
            .into_iter()
            .map(|line| (line.line, places(planner, file, &line.text)))
            .collect();
        for (line, places) in lines {
            let why = format!("line {line} asks for a change to existing code, which is made by hand");
            planner.manual(&[task], &ManualReason::Inexact { why, places });
        }
    }
}

/// Where a file declares what a line names.
fn places(planner: &Planner<'_, '_>, file: &RepoPath, line: &str) -> Vec<String> {
    let Some(source) = planner.survey.go(file).ok().flatten() else { return Vec::new() };
    let names = words(line).into_iter().filter(Word::is_code).map(|word| word.text.trim_end_matches("()"));
    let place = |name: &str| {
        let decl = source.file.decls.iter().find(|decl| decl.names.iter().any(|known| known.text == name))?;
        Some(format!("{name} at {file}:{}", source.source.line_column(decl.span.start).line))
    };
    names.filter_map(place).collect()
}
