//! Which lines ask for a change of code that is there.

use std::collections::BTreeSet;

use super::Left;
use crate::demand::{By, CodeChange, Piece, changes, function_parts, words};
use crate::go::{FunctionHead, one_statement, one_value};
use crate::name::is_go_identifier;
use crate::plan::{Key, PlannedTask, Planner, is_test_file};
use crate::survey::{Func, Survey};
use crate::task::TaskFile;
use crate::tree::parent;

/// A change that a line states.
#[derive(Clone, Debug)]
pub(super) struct Stated {
    pub(super) task: usize,
    pub(super) line: usize,
    pub(super) change: CodeChange,
}

/// Lines that say nothing of the code.
const APART: &[Key] =
    &[Key::File, Key::Location, Key::Test, Key::NoTest, Key::Verify, Key::Scenario, Key::Command, Key::Pattern];

/// Takes the changes of code that is there out of the lines of tasks: no other kind is to make something of them.
pub(crate) fn split(survey: &Survey<'_>, file: &TaskFile, tasks: &mut [PlannedTask]) {
    let read: Vec<(Vec<(usize, CodeChange)>, bool)> = tasks.iter().map(read).collect();
    let growing: BTreeSet<String> =
        read.iter().flat_map(|(found, _)| found).flat_map(|(_, change)| grows(change)).collect();
    for (task, (found, is_whole)) in tasks.iter_mut().zip(read).filter(|(_, (found, _))| !found.is_empty()) {
        let files: Vec<&str> = file.tasks[task.index].paths.iter().map(|path| path.text.as_str()).collect();
        let own: Vec<String> = found.iter().flat_map(|(_, change)| grows(change)).collect();
        let is_sure = |change: &CodeChange| match change {
            CodeChange::Parameters { functions, is_sure, .. } => {
                let known = |name: &String| !functions_named(survey, &files, name).is_empty();
                functions.iter().all(known) || *is_sure && is_whole
            }
            // Once it is done, the head is no other one.
            CodeChange::Head { head, is_sure } => {
                let passes = |change: &CodeChange| matches!(change, CodeChange::Passed { .. });
                is_other_head(survey, &files, head, *is_sure || found.iter().any(|(_, change)| passes(change)))
            }
            CodeChange::Passed { function: Some(name), .. } => growing.contains(function_parts(name).1),
            CodeChange::Passed { function: None, .. } => !own.is_empty(),
            CodeChange::Replaced { old, new, within, .. } => {
                let is_named = |by: &By| matches!(by, By::Function(_));
                let says = |code: &str| code.contains(['(', '.', '"']);
                is_code(old) && is_code(new) && (within.iter().any(is_named) || says(old) || says(new))
            }
            CodeChange::Renamed { old, new, is_sure } => {
                let named = |name: &String| functions_named(survey, &files, name);
                !named(old).is_empty()
                    || !named(new).is_empty()
                    || *is_sure && is_whole && files.iter().any(|file| file.ends_with(".go"))
            }
        };
        let lines: BTreeSet<usize> =
            found.iter().filter(|(_, change)| !is_sure(change)).map(|(line, _)| *line).collect();
        // Specs of a test file are made there.
        let is_tests = !files.is_empty() && files.iter().all(|file| is_test_file(file));
        let states = task.details.iter().any(|line| matches!(line.key, Key::Test | Key::Verify | Key::Scenario));
        let (title, is_whole) = (task.line, is_whole && lines.is_empty() && !(is_tests && states));
        // A title is one for all of its task.
        task.changes =
            found.into_iter().filter(|(line, _)| !lines.contains(line) && (is_whole || *line != title)).collect();
        task.is_change = is_whole;
        let taken: BTreeSet<usize> = task.changes.iter().map(|(line, _)| *line).collect();
        task.details.retain(|detail| APART.contains(&detail.key) || !taken.contains(&detail.line));
    }
}

/// The functions that get parameters.
pub(super) fn grows(change: &CodeChange) -> Vec<String> {
    match change {
        CodeChange::Parameters { functions, .. } => {
            functions.iter().map(|name| function_parts(name).1.to_owned()).collect()
        }
        CodeChange::Head { head, .. } => FunctionHead::parse(head).map(|head| head.name).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// Whether a head is that of a function which is there and takes less, or with `any` of one that is there.
fn is_other_head(survey: &Survey<'_>, files: &[&str], head: &str, any: bool) -> bool {
    let Ok(head) = FunctionHead::parse(head) else { return false };
    match functions_named(survey, files, &head.called()).as_slice() {
        [func] => any || func.head().is_some_and(|known| head.more_than(&known).is_some()),
        known => any && !known.is_empty(),
    }
}

/// The changes that the lines of a task state, each with its line, and whether the task says nothing else.
fn read(task: &PlannedTask) -> (Vec<(usize, CodeChange)>, bool) {
    let (mut found, mut said, mut is_whole): (Vec<(usize, CodeChange)>, _, _) = (Vec::new(), String::new(), true);
    for line in task.details.iter().filter(|line| !APART.contains(&line.key)) {
        let head = line.text.trim_matches('`');
        let own = match line.key {
            Key::Function if FunctionHead::parse(head).is_ok() => {
                Some(vec![CodeChange::Head { head: head.to_owned(), is_sure: false }])
            }
            Key::Integration => changes(&line.text).map(everywhere),
            Key::Prose | Key::Task | Key::Logic | Key::Implementation | Key::Function => changes(&line.text),
            _ => None,
        };
        is_whole &= own.is_some();
        found.extend(own.into_iter().flatten().map(|change| (line.line, change)));
        said.push_str(&line.text);
    }
    match changes(&task.subject) {
        Some(own) => found.extend(own.into_iter().map(|change| (task.line, change))),
        None => is_whole &= !found.is_empty() && is_summary(&task.subject, &said),
    }
    found.sort_by_key(|(line, _)| *line);
    (found, is_whole)
}

/// Whether a title says in short what lines say: it names what they name, or what that belongs to.
fn is_summary(title: &str, said: &str) -> bool {
    let words = words(title);
    let codes: Vec<&str> = words.iter().filter(|word| word.piece == Piece::Code).map(|word| word.text).collect();
    let is_said = |code: &&str| said.contains(code.trim_end_matches("()"));
    let is_owner = |code: &str| is_go_identifier(code) && code.starts_with(char::is_uppercase);
    let of = |code: &str| words.windows(2).any(|pair| pair[0].is(&["of", "in", "on"]) && pair[1].text == code);
    codes.iter().all(|code| is_said(code) || is_owner(code) && of(code) && codes.iter().any(is_said))
}

/// `Callers: pass …` is about all of them.
fn everywhere(mut changes: Vec<CodeChange>) -> Vec<CodeChange> {
    for change in &mut changes {
        if let CodeChange::Passed { by, .. } = change
            && by.is_empty()
        {
            by.push(By::Callers);
        }
    }
    changes
}

/// Whether text is an expression or a statement of Go.
pub(super) fn is_code(code: &str) -> bool {
    one_value(code) || one_statement(code)
}

/// The changes that a task states.
pub(super) fn stated(planner: &Planner<'_, '_>, task: usize) -> Vec<Stated> {
    let found = planner.whole(task).changes.iter();
    found.map(|(line, change)| Stated { task, line: *line, change: change.clone() }).collect()
}

/// The functions that a name can mean in a task about files.
pub(super) fn functions_named(survey: &Survey<'_>, files: &[&str], name: &str) -> Vec<Func> {
    let (holder, name) = function_parts(name);
    if !is_go_identifier(name) {
        return Vec::new();
    }
    let mut found: Vec<Func> = Vec::new();
    let mut add = |func: Func| {
        let place = func.place();
        if found.iter().all(|known| known.place() != place) {
            found.push(func);
        }
    };
    for file in files.iter().filter(|file| file.ends_with(".go")) {
        let folder = parent(file);
        for func in survey.funcs(folder, name) {
            let is_meant = match holder {
                None => true,
                Some(holder) => {
                    func.receiver.as_deref() == Some(holder)
                        || func.receiver.is_none() && survey.package_name(folder) == holder
                }
            };
            if is_meant {
                add(func);
            }
        }
        let package = holder.and_then(|holder| {
            let source = survey.go(file).ok().flatten()?;
            survey.package_folder(&survey.import_named(&source.file, holder)?)
        });
        for func in
            package.iter().filter(|folder| !folder.starts_with("vendor/")).flat_map(|one| survey.funcs(one, name))
        {
            if func.receiver.is_none() {
                add(func);
            }
        }
    }
    // A name that a task's own file declares is that one.
    if found.len() > 1 {
        let own: Vec<Func> = found.iter().filter(|func| files.contains(&func.source.path())).cloned().collect();
        if own.len() == 1 {
            return own;
        }
    }
    found
}

/// The one function that a name means in a task about files.
pub(super) fn one_function(survey: &Survey<'_>, files: &[&str], name: &str) -> Result<Func, Left> {
    only(functions_named(survey, files, name), name)
}

/// The only one of the functions that a name can mean, or why it is not certain.
pub(super) fn only(found: Vec<Func>, name: &str) -> Result<Func, Left> {
    match <[Func; 1]>::try_from(found) {
        Ok([func]) => Ok(func),
        Err(none) if none.is_empty() => Err(format!("the packages of the task's files have no function {name}").into()),
        Err(several) => {
            let why = format!("{name} is more than one function");
            Err(Left { why, places: several.iter().map(Func::place).collect() })
        }
    }
}
