//! What lines ask for beside the code that is made of a task, and what is left to people because of that.

use super::prose::other_steps;
use super::shape::has;
use crate::demand::{Word, words};
use crate::plan::{ManualReason, Planner};
use crate::repo_path::RepoPath;
use crate::tree::parent;

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
        Some(format!("{name} at {file}:{}", source.source.line(decl.span.start)))
    };
    names.filter_map(place).collect()
}
