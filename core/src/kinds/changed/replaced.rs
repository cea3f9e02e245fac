//! Code that replaces other code, and functions that get another name.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::edits::{Edit, owner, places};
use super::reading::{Stated, functions_named, grows, one_function, only};
use super::{Edits, Left, SHOWN};
use crate::demand::{By, CodeChange, function_parts};
use crate::go::{Decl, DeclKind, Spelling, TokenKind, tokens};
use crate::kinds::edited::{Seat, as_here, imports};
use crate::plan::Planner;
use crate::repo_path::{RepoPath, generated};
use crate::survey::{Func, GoSource, Reference};
use crate::text::{Span, find_word, squeezed};
use crate::tree::parent;

/// A place that a line speaks of: a declaration of a file.
struct Place {
    source: Rc<GoSource>,
    decl: usize,
}

impl Place {
    fn decl(&self) -> &Decl {
        &self.source.file.decls[self.decl]
    }

    fn seat(&self) -> Seat<'_> {
        Seat::new(&self.source, self.decl())
    }

    /// Code with the names that the file has for packages.
    fn spelled(&self, planner: &Planner<'_, '_>, code: &str) -> String {
        as_here(planner, &self.seat(), code, self.decl().span.end)
    }

    fn at(&self, span: Span) -> String {
        format!("{}:{}", self.source.path(), self.source.source.line(span.start))
    }
}

/// The edits that replace code.
pub(super) fn plan(planner: &Planner<'_, '_>, one: &Stated) -> Result<Edits, Left> {
    let CodeChange::Replaced { old, new, within, every } = &one.change else { return Ok(Edits::new()) };
    if let Some((name, id)) = changed_elsewhere(planner, one, old) {
        return Err(format!("{id} changes how {name} is called, so that `{old}` is not there any more").into());
    }
    let seats = seats(planner, one, within)?;
    let mut found: Vec<(usize, Span)> = Vec::new();
    let mut there = Vec::new();
    for (at, place) in seats.iter().enumerate() {
        let (target, new) = (place.source.target(), &place.spelled(planner, new));
        found.extend(places(&target, place.decl(), old, new).into_iter().map(|span| (at, span)));
        there.extend(target.expressions(place.decl(), new).into_iter().map(|span| (at, span)));
    }
    let shown = |found: &[(usize, Span)]| -> Vec<String> {
        found.iter().take(SHOWN).map(|(at, span)| seats[*at].at(*span)).collect()
    };
    if found.is_empty() {
        let whole = || seats.first().map(|place| place.source.path().to_owned()).unwrap_or_default();
        let wherever = within_name(within).unwrap_or_else(whole);
        return match there.first() {
            // An earlier run has put it there.
            Some((at, _)) => Ok([(RepoPath::known(seats[*at].source.path()), Vec::new())].into()),
            None => Err(Left {
                why: format!("{wherever} has no `{old}`"),
                places: seats
                    .first()
                    .filter(|_| !within.is_empty())
                    .map(|one| one.at(one.decl().span))
                    .into_iter()
                    .collect(),
            }),
        };
    }
    let functions = within.iter().filter(|by| matches!(by, By::Function(_))).count();
    let by_seat: BTreeSet<usize> = found.iter().map(|(at, _)| *at).collect();
    // Each function that a line names is to have it once.
    let is_certain =
        found.len() == 1 || *every || functions > 1 && by_seat.len() == found.len() && functions == found.len();
    if !is_certain {
        let why = format!("`{old}` stands there {} times, and which of them is meant is not said", found.len());
        return Err(Left { why, places: shown(&found) });
    }
    let mut edits = Edits::new();
    for at in by_seat {
        let place = &seats[at];
        if let Some(how) = generated(place.source.path()) {
            return Err(format!("{} is written by {how}", place.source.path()).into());
        }
        let spans: Vec<Span> = found.iter().filter(|(seat, _)| *seat == at).map(|(_, span)| *span).collect();
        let refused = |why: String| Left { why, places: shown(&found) };
        let (seat, new) = (place.seat(), &place.spelled(planner, new));
        let needed = imports(planner, &seat, new, spans[0].start).map_err(refused)?;
        results(planner, place, old, new).map_err(refused)?;
        if let Some(name) = lonely(place, old, new, &spans) {
            return Err(refused(format!("{name} would be used nowhere in {}", place.decl().name())));
        }
        let of_file = edits.entry(RepoPath::known(place.source.path())).or_default();
        of_file.push(Edit::Code { owner: owner(place.decl()), old: old.clone(), new: new.clone() });
        of_file.push(Edit::Imports(needed));
    }
    for (file, edits) in &mut edits {
        let source = seats.iter().find(|place| place.source.path() == &**file).map(|place| place.source.clone());
        let roots = source.map(|source| packages(&source, old)).unwrap_or_default();
        edits.extend(roots.into_iter().map(Edit::Unused));
    }
    Ok(edits)
}

/// A function in some code that another line gives a name or parameters, and the task of that line.
fn changed_elsewhere(planner: &Planner<'_, '_>, one: &Stated, code: &str) -> Option<(String, String)> {
    planner.plan.tasks.iter().find_map(|task| {
        let changes =
            task.changes.iter().filter(|(line, _)| (task.line, *line) != (planner.whole(one.task).line, one.line));
        let names = changes.flat_map(|(_, change)| match change {
            CodeChange::Renamed { old, .. } => vec![function_parts(old).1.to_owned()],
            change => grows(change),
        });
        let name = names.into_iter().find(|name| find_word(code, name).is_some())?;
        Some((name, task.id.clone()))
    })
}

fn within_name(within: &[By]) -> Option<String> {
    within.iter().find_map(|by| match by {
        By::Function(name) => Some(function_parts(name).1.to_owned()),
        By::File(file) => Some(file.clone()),
        _ => None,
    })
}

/// The declarations that a line speaks of: its functions, or all of the task's files that it names.
fn seats(planner: &Planner<'_, '_>, one: &Stated, within: &[By]) -> Result<Vec<Place>, Left> {
    let task = planner.whole(one.task);
    let named: Vec<&str> = task.named.iter().map(|(file, _)| &**file).filter(|file| file.ends_with(".go")).collect();
    let mut found = Vec::new();
    let stated: Vec<&str> = within
        .iter()
        .filter_map(|by| match by {
            By::File(file) => Some(
                named
                    .iter()
                    .find(|known| *known == file || known.ends_with(&format!("/{file}")))
                    .copied()
                    .unwrap_or(file),
            ),
            _ => None,
        })
        .collect();
    for by in within {
        let By::Function(name) = by else {
            if matches!(by, By::Tests | By::Callers) {
                return Err(String::from("in which functions the code stands is not said").into());
            }
            continue;
        };
        let files: Vec<&str> = if stated.is_empty() { named.clone() } else { stated.clone() };
        found.push(place_of(&one_function(planner.survey, &files, name)?)?);
    }
    if found.is_empty() {
        let files = if stated.is_empty() { named } else { stated };
        for file in files {
            let Ok(Some(source)) = planner.survey.go(file) else {
                return Err(format!("{file} is not a Go file of the checkout").into());
            };
            let is_code = |decl: &Decl| decl.kind != DeclKind::Type;
            let decls = (0..source.file.decls.len()).filter(|at| is_code(&source.file.decls[*at]));
            found.extend(decls.map(|decl| Place { source: source.clone(), decl }));
        }
    }
    Ok(found)
}

fn place_of(func: &Func) -> Result<Place, Left> {
    let decls = func.source.file.decls.iter();
    let is_own = |decl: &Decl| {
        decl.kind == DeclKind::Func
            && decl.name() == func.name
            && decl.receiver.as_ref().map(|one| one.type_name.as_str()) == func.receiver.as_deref()
    };
    let decl = decls.into_iter().position(is_own).ok_or_else(|| Left::from(format!("{} is not there", func.name)))?;
    Ok(Place { source: func.source.clone(), decl })
}

/// The packages of a file that code names.
fn packages(source: &GoSource, code: &str) -> Vec<String> {
    let all = tokens(code).unwrap_or_default();
    let names = all.iter().filter(|token| token.kind == TokenKind::Word).map(|token| token.span.of(code));
    let imported = |name: &&str| source.file.imports.iter().any(|import| import.name() == *name);
    let mut found: Vec<String> = names.filter(imported).map(str::to_owned).collect();
    found.dedup();
    found
}

/// A variable of a function that nothing would use any more.
fn lonely(place: &Place, old: &str, new: &str, spans: &[Span]) -> Option<String> {
    let (text, file) = (place.source.source.text(), &place.source.file);
    let all = tokens(old).unwrap_or_default();
    let names = all.iter().filter(|token| token.kind == TokenKind::Word).map(|token| token.span.of(old));
    let body = place.decl().body?;
    names.into_iter().filter(|name| find_word(new, name).is_none()).find_map(|name| {
        place.source.target().sees(place.decl(), name, spans[0].start)?;
        let uses = file.tokens.iter().filter(|token| {
            token.span.of(text) == name
                && body.contains(token.span.start)
                && !spans.iter().any(|span| span.contains(token.span.start))
        });
        (uses.count() < 2).then(|| name.to_owned())
    })
}

/// That what a call gives stays as it was, as far as both functions are known.
fn results(planner: &Planner<'_, '_>, place: &Place, old: &str, new: &str) -> Result<(), String> {
    let own = planner.survey.import_path(parent(place.source.path()));
    let gives = |code: &str| {
        let callee = code.split('(').next().unwrap_or_default();
        match callee.rsplit_once('.') {
            None => planner.survey.func_results(&own, callee),
            Some((package, name)) => {
                planner.survey.func_results(&planner.survey.import_named(&place.source.file, package)?, name)
            }
        }
    };
    let is_call = |code: &str| code.ends_with(')') && !squeezed(code).contains(" = ");
    match (gives(old), gives(new)) {
        (Some(before), Some(after)) if is_call(old) == is_call(new) && before.len() != after.len() => {
            Err(format!("`{old}` gives {} values, and `{new}` {}", before.len(), after.len()))
        }
        _ => Ok(()),
    }
}

/// The edits that give a function another name.
pub(super) fn rename(planner: &Planner<'_, '_>, one: &Stated) -> Result<Edits, Left> {
    let CodeChange::Renamed { old, new, .. } = &one.change else { return Ok(Edits::new()) };
    let task = planner.whole(one.task);
    let files: Vec<&str> = task.named.iter().map(|(file, _)| &**file).collect();
    let known = functions_named(planner.survey, &files, old);
    if known.is_empty()
        && let [func] = functions_named(planner.survey, &files, new).as_slice()
    {
        // An earlier run has done it.
        return Ok([(RepoPath::known(func.source.path()), Vec::new())].into());
    }
    let func = &only(known, old)?;
    let at_place = |why: String| Left { why, places: vec![func.place()] };
    let folder = parent(func.source.path());
    let taken = match &func.receiver {
        Some(receiver) => planner.survey.declares_method(folder, receiver, new),
        None => planner.survey.declares(folder, new),
    };
    if let Some(file) = taken {
        return Err(at_place(format!("{folder}/{file} declares {new} already")));
    }
    let references = planner.survey.references(func).map_err(at_place)?;
    let is_inner = new.starts_with(char::is_lowercase);
    let mut edits = Edits::new();
    let edit = |spelling, declared| Edit::Name { old: func.name.clone(), spelling, new: new.clone(), declared };
    for reference in &references {
        let path = reference.source.path();
        let refused = |why: String| Left { why, places: vec![reference.place()] };
        if let Some(how) = generated(path) {
            return Err(refused(format!("{path} names {} and is written by {how}", func.name)));
        }
        if is_inner && parent(path) != folder {
            return Err(refused(format!("{new} cannot be seen in {}", parent(path))));
        }
        if reference.site.call.is_none() && func.receiver.is_none() && !is_value(reference) {
            return Err(refused(format!("whether {} is the function there is not certain", func.name)));
        }
        let of_file = edits.entry(RepoPath::known(path)).or_default();
        if of_file.is_empty() {
            of_file.push(edit(reference.spelling.clone(), false));
        }
    }
    let spelling = if func.receiver.is_some() { Spelling::Method } else { Spelling::Bare };
    edits.insert(RepoPath::known(func.source.path()), vec![edit(spelling, true)]);
    Ok(edits)
}

/// Whether a name that is not called can be nothing but the function: it stands behind the name of its package.
fn is_value(reference: &Reference) -> bool {
    matches!(reference.spelling, Spelling::Of(_))
}
