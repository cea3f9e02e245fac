//! Functions that take more than they did.

use std::collections::{BTreeMap, BTreeSet};

use super::edits::{Edit, Owner, owner};
use super::reading::{Stated, functions_named, only};
use super::seats::Lines;
use super::{Edits, Left, SHOWN};
use crate::demand::{CodeChange, Slot, function_parts};
use crate::go::{Decl, DeclKind, FunctionHead, ImportSpec, Parameter, TokenKind};
use crate::kinds::component::Types;
use crate::kinds::edited::flag_of;
use crate::plan::Planner;
use crate::repo_path::{RepoPath, generated};
use crate::survey::{Func, GoSource, Reference};
use crate::tree::parent;

/// A function that gets more parameters.
pub(super) struct Growth {
    func: Func,
    /// The new parameters, as Go.
    text: String,
    /// Each of them: its name, and its type written out.
    pub(super) wanted: Vec<(String, Option<String>)>,
    /// How many values its calls pass before that.
    count: usize,
    /// Where the new ones stand.
    at: usize,
    /// What its file imports for them.
    imports: Vec<ImportSpec>,
    /// It has them already.
    is_there: bool,
    /// Its calls pass any number of values at their end.
    is_open: bool,
}

impl Growth {
    /// Whether a declaration is that of the function.
    pub(super) fn is_of(&self, source: &GoSource, decl: &Decl) -> bool {
        let receiver = decl.receiver.as_ref().map(|one| one.type_name.as_str());
        source.path() == self.func.source.path()
            && decl.kind == DeclKind::Func
            && decl.name() == self.func.name
            && receiver == self.func.receiver.as_deref()
    }
}

/// The lines that a change is made for, each with its task.
pub(super) type LinesOf = Vec<(usize, usize)>;

/// A function that takes more, the lines that say so, and what they say of its callers.
struct Asked {
    growth: Growth,
    lines: LinesOf,
    /// Which of the stated changes are about what its callers pass.
    passed: Vec<usize>,
    references: Vec<Reference>,
}

/// Every function that takes more, with what its callers pass.
pub(super) fn plan(planner: &Planner<'_, '_>, stated: &[Stated]) -> Vec<(LinesOf, Result<Edits, Left>)> {
    let mut found: Vec<(LinesOf, Result<Edits, Left>)> = Vec::new();
    let mut all: Vec<Asked> = Vec::new();
    let mut used: BTreeSet<usize> = BTreeSet::new();
    for one in stated {
        for (func, growth) in grown(planner, one) {
            let about = |other: &Stated| match &other.change {
                CodeChange::Passed { function: Some(called), .. } => {
                    func.is_some() && function(planner, other, called).map(|func| func.place()).ok() == func
                }
                CodeChange::Passed { function: None, .. } => other.task == one.task,
                _ => false,
            };
            let passed: Vec<usize> = (0..stated.len()).filter(|at| about(&stated[*at])).collect();
            used.extend(&passed);
            let mut lines: LinesOf = vec![(one.task, one.line)];
            lines.extend(passed.iter().map(|at| (stated[*at].task, stated[*at].line)));
            let referred = growth.and_then(|growth| {
                let references = planner.survey.references(&growth.func).map_err(Left::from)?;
                Ok((growth, references))
            });
            match referred {
                Ok((growth, references)) => all.push(Asked { growth, lines, passed, references }),
                Err(left) => found.push((lines, Err(left))),
            }
        }
    }
    // What one function is given can be what another one gets, if that is made.
    loop {
        let outcomes: Vec<Result<Edits, Left>> = all.iter().map(|one| of_one(planner, stated, &all, one)).collect();
        let has_failed = outcomes.iter().any(Result::is_err);
        let mut kept = Vec::new();
        for (one, outcome) in all.into_iter().zip(outcomes) {
            if outcome.is_err() || !has_failed {
                found.push((one.lines, outcome));
            } else {
                kept.push(one);
            }
        }
        all = kept;
        if !has_failed {
            break;
        }
    }
    for (at, one) in stated.iter().enumerate() {
        if let (CodeChange::Passed { function: name, .. }, false) = (&one.change, used.contains(&at)) {
            let name = name.as_deref().unwrap_or("the function");
            let why = format!("no task says which parameter of {name} gets what line {} passes", one.line);
            found.push((vec![(one.task, one.line)], Err(why.into())));
        }
    }
    found
}

/// The functions that a line gives parameters, each with its place, as far as it is known.
fn grown(planner: &Planner<'_, '_>, one: &Stated) -> Vec<(Option<String>, Result<Growth, Left>)> {
    let with = |name: &str, grow: &dyn Fn(Func) -> Result<Growth, Left>| {
        let func = function(planner, one, name);
        (func.as_ref().ok().map(Func::place), func.and_then(grow))
    };
    match &one.change {
        CodeChange::Parameters { functions, parameters, place, .. } => {
            let grow = |func| grow(planner, func, parameters, place);
            functions.iter().map(|name| with(name, &grow)).collect()
        }
        CodeChange::Head { head, .. } => {
            let name = FunctionHead::parse(head).map_or_else(|_| head.clone(), |head| head.called());
            vec![with(&name, &|func| reshaped(planner, func, head))]
        }
        _ => Vec::new(),
    }
}

/// The edits of one function and of its callers, beside those of all.
fn of_one(planner: &Planner<'_, '_>, stated: &[Stated], all: &[Asked], one: &Asked) -> Result<Edits, Left> {
    let task = one.lines.first().map(|(task, _)| *task);
    let files = |other: &Stated| {
        let named = || planner.whole(other.task).named.iter().map(|(file, _)| file.to_string()).collect();
        (Some(other.task) != task).then(named)
    };
    let growths = all.iter().map(|one| &one.growth).collect();
    let stated = one.passed.iter().map(|at| (&stated[*at], files(&stated[*at]))).collect();
    edits(planner, one, &Lines { growths, stated })
}

/// The function that a line means.
fn function(planner: &Planner<'_, '_>, one: &Stated, name: &str) -> Result<Func, Left> {
    let task = planner.whole(one.task);
    let files: Vec<&str> = task.named.iter().map(|(file, _)| &**file).collect();
    let mut found = functions_named(planner.survey, &files, name);
    // A name that another line gives.
    if found.is_empty() {
        let changes = planner.plan.tasks.iter().flat_map(|task| &task.changes);
        let former = changes.into_iter().find_map(|(_, change)| match change {
            CodeChange::Renamed { old, new, .. } if new == function_parts(name).1 => Some(old),
            _ => None,
        });
        found = former.map(|old| functions_named(planner.survey, &files, old)).unwrap_or_default();
    }
    only(found, name)
}

fn count(parameters: &[Parameter]) -> usize {
    parameters.iter().map(|one| one.names.len().max(1)).sum()
}

/// A function with more parameters.
fn grow(planner: &Planner<'_, '_>, func: Func, parameters: &str, place: &Slot) -> Result<Growth, Left> {
    let name = func.name.clone();
    let at_place = |why: String| Left { why, places: vec![func.place()] };
    let head = func.head().ok_or_else(|| at_place(format!("{name} has type parameters")))?;
    let wanted = FunctionHead::parse(&format!("{name}({parameters})")).map_err(|error| at_place(error.to_string()))?;
    let is_open = head.parameters.iter().any(|one| one.variadic);
    if is_open && *place == Slot::Last || wanted.parameters.iter().any(|one| one.variadic) {
        return Err(at_place(format!("{name} takes any number of values at its end")));
    }
    let names: Vec<&String> = wanted.parameters.iter().flat_map(|one| &one.names).collect();
    let known: Vec<&String> = head.parameters.iter().flat_map(|one| &one.names).collect();
    let has = |name: &String| known.contains(&name);
    let is_there = names.iter().all(|name| has(name));
    if is_there {
        let same = wanted.parameters.iter().all(|one| {
            let of = |name: &String| head.parameters.iter().find(|known| known.names.contains(name));
            one.names.iter().all(|name| of(name).is_some_and(|known| known.ty.text == one.ty.text))
        });
        if !same {
            return Err(at_place(format!("{name} has a parameter of that name and of another type")));
        }
    } else if let Some(taken) = names.iter().find(|name| has(name)) {
        return Err(at_place(format!("{name} has a parameter {taken} already")));
    }
    let before = count(&head.parameters) - if is_there { names.len() } else { 0 };
    if !is_there && before > 0 && known.is_empty() {
        return Err(at_place(format!("the parameters of {name} have no names")));
    }
    let of_name = |one: &String| {
        let at = known.iter().position(|known| *known == one);
        at.ok_or_else(|| at_place(format!("{name} has no parameter {one}")))
    };
    let at = match place {
        _ if is_there => known.iter().position(|known| *known == names[0]).unwrap_or(before),
        Slot::Last => before,
        Slot::At(at) if *at <= before => *at,
        Slot::At(at) => {
            return Err(at_place(format!("{name} has {before} parameters, and none before the place {}", at + 1)));
        }
        Slot::After(one) => of_name(one)? + 1,
        Slot::Before(one) => of_name(one)?,
    };
    let mut text = wanted.parameter_list();
    let decl = func.source.file.method(func.receiver.as_deref(), &name);
    let values = decl.and_then(|decl| func.source.file.parameters(decl));
    if let (Some(values), false) = (&values, is_there) {
        let written = |at: usize| values.values.get(at).map(|span| span.of(func.source.source.text()));
        // "a, b int": the type is that of both.
        if at > 0 && written(at - 1).is_some_and(|one| !one.contains(' ')) {
            return Err(at_place(format!("the new parameter would stand between two that share a type in {name}")));
        }
    }
    let folder = parent(func.source.path()).to_owned();
    let types = Types { planner, folder: &folder, file: func.source.path() };
    let signature = types.signature(&wanted).map_err(|fault| at_place(fault.why.clone()))?;
    let mut imports = signature.map(|signature| signature.imports).unwrap_or_default();
    for import in &mut imports {
        let Some(known) = func.source.file.import(&import.path) else { continue };
        let (stated, here) = (import.name().to_owned(), known.name().to_owned());
        if stated != here {
            text = text.replace(&format!("{stated}."), &format!("{here}."));
            *import = ImportSpec::from(known);
        }
    }
    if !is_there && let Some(taken) = decl.and_then(|decl| taken(&func, decl, &names)) {
        return Err(taken);
    }
    let own = planner.survey.import_path(&folder);
    let imported = |name: &str| {
        let new = imports.iter().find(|import| import.name() == name).map(|import| import.path.clone());
        new.or_else(|| planner.survey.import_named(&func.source.file, name))
    };
    let written = |one: &Parameter| planner.survey.written_out(&one.ty.text, &own, &imported);
    let wanted = wanted.parameters.iter().flat_map(|one| one.names.iter().map(move |name| (name.clone(), one)));
    let wanted = wanted.map(|(name, one)| (name, written(one))).collect();
    Ok(Growth { text, wanted, count: before, at, imports, is_there, is_open, func })
}

/// That a name of a parameter has a meaning in the function already.
fn taken(func: &Func, decl: &Decl, names: &[&String]) -> Option<Left> {
    let (text, file) = (func.source.source.text(), &func.source.file);
    let body = decl.body?;
    let tokens: Vec<_> = file.tokens.iter().filter(|token| body.contains(token.span.start)).collect();
    tokens.iter().enumerate().find_map(|(at, token)| {
        let op = |at: Option<usize>, op: u8| {
            at.and_then(|at| tokens.get(at)).is_some_and(|one| one.kind == TokenKind::Op(op))
        };
        let is_name = token.kind == TokenKind::Word && names.iter().any(|name| *name == token.span.of(text));
        let is_part = op(at.checked_sub(1), b'.') || op(Some(at + 1), b':') && !op(Some(at + 2), b'=');
        (is_name && !is_part).then(|| Left {
            why: format!("{} means something else in {}", token.span.of(text), func.name),
            places: vec![format!("{}:{}", func.source.path(), func.source.source.line(token.span.start))],
        })
    })
}

/// A function whose new head is stated: what it has more than the old one.
fn reshaped(planner: &Planner<'_, '_>, func: Func, head: &str) -> Result<Growth, Left> {
    let new = FunctionHead::parse(head).map_err(|error| Left::from(error.to_string()))?;
    let name = &func.name;
    let at_place = |why: String| Left { why, places: vec![func.place()] };
    let old = func.head().ok_or_else(|| at_place(format!("{name} has type parameters")))?;
    let Some((at, parameters)) = new.more_than(&old) else {
        // An earlier run has done it.
        if old.signature() == new.signature() {
            let (wanted, imports, count) = (Vec::new(), Vec::new(), count(&old.parameters));
            let (text, at) = (String::new(), 0);
            return Ok(Growth {
                text,
                wanted,
                count,
                at,
                imports,
                is_there: true,
                is_open: old.parameters.iter().any(|one| one.variadic),
                func,
            });
        }
        let callers = planner.survey.references(&func).unwrap_or_default();
        let places = std::iter::once(func.place()).chain(callers.iter().take(SHOWN).map(Reference::place)).collect();
        let why = format!("the new signature of {name} does more than add parameters in one place");
        return Err(Left { why, places });
    };
    let place = if at == count(&old.parameters) { Slot::Last } else { Slot::At(at) };
    grow(planner, func, &parameters.join(", "), &place)
}

/// What the calls of a file pass by who calls, what the file imports for it, and one of the calls.
type OfFile<'a> = (BTreeMap<Owner, String>, Vec<ImportSpec>, &'a Reference);

/// The edits of a function and of all that call it.
fn edits(planner: &Planner<'_, '_>, asked: &Asked, lines: &Lines<'_>) -> Result<Edits, Left> {
    let Asked { growth, references, .. } = asked;
    let (func, name) = (&growth.func, &growth.func.name);
    let mut edits = Edits::new();
    let own = RepoPath::known(func.source.path());
    let function = (func.receiver.clone(), name.clone());
    let first = growth.wanted.first().map(|(name, _)| name.clone()).unwrap_or_default();
    let head = Edit::Parameters { function, text: growth.text.clone(), name: first, at: growth.at };
    let head = if growth.is_there { Vec::new() } else { vec![head, Edit::Imports(growth.imports.clone())] };
    edits.insert(own, head);
    let mut failed: Vec<(&Reference, String)> = Vec::new();
    let mut passed: BTreeMap<RepoPath, OfFile<'_>> = BTreeMap::new();
    for reference in references {
        let call = reference.site.call.as_ref();
        let values = call.map(|call| call.values.len());
        let path = reference.source.path();
        let is_done = values == Some(growth.count + growth.wanted.len()) || growth.is_open;
        if growth.is_there && is_done {
            edits.entry(RepoPath::known(path)).or_default();
            continue;
        }
        let outcome = match call {
            None => Err(format!("{name} is used there, and not called")),
            Some(_) if generated(path).is_some() => Err(format!("{path} is generated")),
            Some(call) if call.values.len() != growth.count && !growth.is_open => {
                Err(format!("it passes {} values, and {name} takes {}", call.values.len(), growth.count))
            }
            Some(_) => lines.passed(planner, growth, reference),
        };
        match outcome {
            Err(why) => failed.push((reference, why)),
            Ok((text, needed)) => {
                let Some(decl) = reference.source.file.around(reference.site.name.start) else { continue };
                for word in text.split(|c: char| !(c.is_alphanumeric() || c == '_')) {
                    if let Some(flag) = flag_of(planner, path, word) {
                        let of_file = edits.entry(RepoPath::known(path)).or_default();
                        of_file.push(Edit::Flag { flag, variable: word.to_owned() });
                    }
                }
                let of_file =
                    passed.entry(RepoPath::known(path)).or_insert_with(|| (BTreeMap::new(), Vec::new(), reference));
                if of_file.0.insert(owner(decl), text.clone()).is_some_and(|other| other != text) {
                    failed.push((reference, "its calls pass different values".to_owned()));
                }
                of_file.1.extend(needed);
            }
        }
    }
    if let Some(other) = lines.stranger(references) {
        return Err(Left { why: format!("{other} does not call {name}"), places: vec![func.place()] });
    }
    if let Some((_, why)) = failed.first() {
        let count = failed.len();
        let rest = if count > SHOWN { format!(", {count} places in all") } else { String::new() };
        let why = format!("{name} is changed with all of its callers or not at all, and of these {why}{rest}");
        let places = failed.iter().take(SHOWN).map(|(reference, _)| reference.place());
        return Err(Left { why, places: std::iter::once(func.place()).chain(places).collect() });
    }
    for (file, (passed, needed, reference)) in passed {
        let edit = Edit::Arguments {
            name: name.clone(),
            spelling: reference.spelling.clone(),
            count: (!growth.is_open).then_some(growth.count),
            at: growth.at,
            passed,
        };
        edits.entry(file).or_default().extend([edit, Edit::Imports(needed)]);
    }
    Ok(edits)
}
