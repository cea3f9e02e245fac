//! Functions that are there and that tasks speak of.

use super::requests::{Request, calls};
use crate::demand;
use crate::go::DeclKind;
use crate::name::is_go_identifier;
use crate::plan::{Key, Planner, ResolvedPath};
use crate::tree::parent;

/// A function that is there and that a task speaks of beside the one that is to be written, where nobody knows what it
/// has to do with it. What it is like is told.
pub(super) fn other(planner: &Planner<'_, '_>, place: &ResolvedPath, request: &Request) -> Vec<String> {
    let planned = planner.task(request.tasks[0]);
    let own = request.named.as_ref().map_or("", |function| &function.name);
    let keys = [Key::Task, Key::Logic, Key::Validation, Key::Integration, Key::Prose];
    let mut found = Vec::new();
    for text in planned.details(&keys).chain([planned.title.as_str()]) {
        let words = demand::words(text);
        for (at, word) in words.iter().enumerate().filter(|(_, word)| word.is_code()) {
            let name = word.text.strip_suffix("()").unwrap_or(word.text).rsplit('.').next().unwrap_or_default();
            let before = at.checked_sub(1).map(|at| &words[at]);
            let is_like = before.is_some_and(|word| word.is(&["as", "like", "than", "beside", "unlike", "following"]));
            let is_func = is_go_identifier(name) && name != own && !is_like;
            if is_func && !planner.survey.funcs(parent(&place.path), name).is_empty() {
                found.push(name.to_owned());
            }
        }
    }
    found
}

/// The functions of a file that a task which names no new one speaks of.
pub(super) fn seams(planner: &Planner<'_, '_>, place: &ResolvedPath, task: usize) -> Vec<String> {
    let Some(source) = planner.survey.go(&place.path).ok().flatten() else { return Vec::new() };
    let planned = planner.task(task);
    let lines = planned
        .details
        .iter()
        .filter(|line| !matches!(line.key, Key::Test | Key::NoTest | Key::Verify | Key::Scenario));
    let texts = std::iter::once(planned.title.as_str()).chain(lines.map(|line| line.text.as_str()));
    let callers: Vec<String> =
        calls(planned).iter().filter_map(|call| Some(call.caller.as_ref()?.name.clone())).collect();
    let mut found = Vec::new();
    for text in texts {
        for word in demand::words(text).iter().filter(|word| word.is_code()) {
            let name = word.text.strip_suffix("()").unwrap_or(word.text).rsplit('.').next().unwrap_or_default();
            if callers.iter().any(|caller| caller == name) {
                continue;
            }
            let mut decls = source.file.decls.iter().filter(|decl| decl.kind == DeclKind::Func);
            let Some(decl) = decls.find(|decl| decl.name() == name) else { continue };
            let line = source.source.line(decl.span.start);
            let seam = format!("{name} at {}:{line}", place.path);
            if !found.contains(&seam) {
                found.push(seam);
            }
        }
    }
    found
}

/// That calls in functions of the file are made by hand.
pub(super) fn by_hand(planner: &Planner<'_, '_>, place: &ResolvedPath, names: &[String]) -> String {
    let of = |name: &String| {
        let mut funcs = planner.survey.funcs(parent(&place.path), name);
        let is_here = funcs.iter().any(|func| func.source.path() == &*place.path);
        funcs.retain(|func| !is_here || func.source.path() == &*place.path);
        funcs.into_iter().map(|func| format!("{} at {}", func.name, func.place())).collect::<Vec<_>>()
    };
    let places: Vec<String> = names.iter().flat_map(of).collect();
    format!("the task speaks of {}, and calls are made by hand there", places.join(", "))
}
