//! One line that calls a function, where a task says what calls it: a service for kinds.
//!
//! The line is written only if everything about it is certain: one caller, an argument for each parameter, a place, and
//! what becomes of the result. Else people get the place, and the line as far as it is known.

mod command;
mod line;
mod names;
mod place;
mod scope;

use std::collections::BTreeSet;

use serde::Serialize;

use super::component::functions;
use crate::demand::{Call, FuncRef, Place, Verb, calls as asked};
use crate::go::body::{BodyBlock, Spot};
use crate::go::{AnchorError, DeclKind, FunctionHead, GoFile, ImportSpec, TokenKind, add_imports};
use crate::name::nearest;
use crate::pending::{PendingFiles, Refusal};
use crate::plan::{ManualReason, Planner};
use crate::repo_path::RepoPath;
use crate::survey::{Func, Survey};
use crate::template::{Context, Template, Text};
use crate::tree::parent;
pub(in crate::kinds) use command::{COBRA, makes_command};
use command::{enlist, is_constructor};
use line::Wirer;
pub(in crate::kinds) use names::Names;

/// The templates that it renders from.
pub(super) const TEMPLATES: &[Text] = &[Line::FILE];

#[derive(Serialize, Context, Template, Clone, Debug)]
#[template("scaffolds/wiring/edit/__caller__/line.hbs")]
struct Line {
    /// The list that the result is appended to.
    list: Option<String>,
    /// What is returned with the error.
    returns: Option<String>,
    call: String,
}

/// A function that is to be called.
pub(in crate::kinds) struct Callee<'a> {
    /// The file that has it, or gets it.
    pub file: &'a RepoPath,
    /// Its head.
    pub head: &'a FunctionHead,
    /// What the names in its head stand for.
    pub imports: &'a [ImportSpec],
}

/// What comes of a call that a task asks for.
#[derive(Debug)]
pub(in crate::kinds) enum Wired {
    /// It is there.
    There,
    /// A line is put into the caller.
    Line(Wiring),
    /// It is left to people.
    Manual(ManualReason),
}

/// A line that is put into a function.
#[derive(Clone, Debug)]
pub(in crate::kinds) struct Wiring {
    /// The file of the caller.
    pub file: RepoPath,
    /// The function that is called, without what stands before its name.
    callee: String,
    /// The caller: the type of its receiver, and its name.
    caller: (Option<String>, String),
    spot: Spot,
    line: Line,
    /// What the caller's file imports for it.
    import: Option<ImportSpec>,
}

impl Wiring {
    /// Puts the line in, if it is not there.
    pub(in crate::kinds) fn render(&self, pending: &mut PendingFiles<'_>) -> Result<(), Refusal> {
        let snippet = pending.render(&self.line)?;
        let module = pending.module();
        pending.anchor_go(&self.file, |target| {
            let caller = crate::go::FuncName { receiver: self.caller.0.as_deref(), name: &self.caller.1 };
            target.require(caller)?;
            if let Spot::Value(neighbor) = &self.spot {
                let expected = "a list of commands".to_owned();
                let near = target.file.package.span;
                let missing = || AnchorError::Missing { expected, candidates: Vec::new(), near };
                let list = target.value_list(&is_constructor).ok_or_else(missing)?;
                if list.values.contains(&self.line.call) {
                    return Ok(Vec::new());
                }
                let mut edits = vec![target.add_value(&list, neighbor, &self.line.call)?];
                edits.extend(add_imports(target.text, target.file, self.import.as_slice(), module));
                return Ok(edits);
            }
            if calls(target.file, target.text, caller.receiver, caller.name, &self.callee) {
                return Ok(Vec::new());
            }
            let mut edits = vec![target.insert_line(caller, &self.spot, &snippet)?];
            edits.extend(add_imports(target.text, target.file, self.import.as_slice(), module));
            Ok(edits)
        })
    }
}

/// The one value that each of some parameters can get at a place in a function: each has a name, and its type written out.
pub(in crate::kinds) fn values(
    survey: &Survey<'_>,
    func: &Func,
    at: usize,
    wanted: &[(String, Option<String>)],
) -> Result<Vec<String>, String> {
    let blocks = func.source.target().body(func.func_name()).map_err(|error| error.message)?;
    let head = func.head().ok_or_else(|| format!("{} has type parameters", func.func_name()))?;
    let around = |block: &&BodyBlock| block.statements.iter().any(|one| one.span.contains(at));
    let inner = blocks.iter().filter(around).min_by_key(|block| {
        block.statements.iter().filter(|one| one.span.contains(at)).map(|one| one.span.end - one.span.start).min()
    });
    let block = inner.ok_or_else(|| format!("where {} calls it is not understood", func.func_name()))?;
    let file = RepoPath::known(func.source.path());
    let callee = Callee { file: &file, head: &head, imports: &[] };
    let (call, planned) = (Call::plain(), BTreeSet::new());
    let wirer = Wirer { survey, callee: &callee, call: &call, func, planned: &planned };
    let scope = wirer.scope(&head, block, at);
    wirer.arguments(wanted, &scope, &[]).map_err(|failed| failed.why)
}

/// Whether a function calls another one, by its bare name.
pub(in crate::kinds) fn does_call(func: &Func, callee: &str) -> bool {
    calls(&func.source.file, func.source.source.text(), func.receiver.as_deref(), &func.name, callee)
}

/// Whether a function's body calls another one, by its bare name.
fn calls(file: &GoFile, text: &str, receiver: Option<&str>, caller: &str, callee: &str) -> bool {
    let Some(body) = file.method(receiver, caller).and_then(|decl| decl.body) else { return false };
    let mut tokens = file.tokens.iter().filter(|token| body.contains(token.span.start)).peekable();
    while let Some(token) = tokens.next() {
        let is_called = tokens.peek().is_some_and(|next| next.kind == TokenKind::Op(b'('));
        if is_called && token.kind == TokenKind::Word && token.span.of(text) == callee {
            return true;
        }
    }
    false
}

/// What comes of a call that a task asks for.
pub(in crate::kinds) fn wire(
    planner: &mut Planner<'_, '_>,
    callee: &Callee<'_>,
    call: &Call,
) -> Result<Wired, Refusal> {
    let survey = planner.survey;
    if call.verb == Verb::Other && call.caller.is_none() && makes_command(callee.head, callee.imports) {
        return enlist(planner, callee, call.file.as_deref().unwrap_or_default());
    }
    let func = match caller(survey, callee, call) {
        Ok(func) => func,
        Err(reason) => return Ok(Wired::Manual(reason)),
    };
    let source = &func.source;
    if call.verb == Verb::Other && makes_command(callee.head, callee.imports) {
        let path = source.path().to_owned();
        return enlist(planner, callee, &path);
    }
    if does_call(&func, &callee.head.name) {
        return Ok(Wired::There);
    }
    if call.verb == Verb::Other {
        let (callee, place) = (callee.head.name.clone(), func.place());
        return Ok(Wired::Manual(ManualReason::BroughtInByHand { callee, place }));
    }
    let file = RepoPath::known(source.path());
    let planned = planned(planner);
    Ok(match (Wirer { survey, callee, call, func: &func, planned: &planned }).plan() {
        Ok((spot, line, import)) => {
            planner.open(&file)?;
            let caller = (func.receiver.clone(), func.name.clone());
            Wired::Line(Wiring { file, callee: callee.head.name.clone(), caller, spot, line, import })
        }
        Err(left) => Wired::Manual(ManualReason::CallByHand {
            place: left.place.unwrap_or_else(|| func.place()),
            line: left.line,
            why: left.why,
        }),
    })
}

/// The names of the functions that tasks ask to be written or called. What calls one of them was put there by an
/// earlier run, and says nothing about another one.
fn planned(planner: &Planner<'_, '_>) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for index in 0..planner.claims.len() {
        let task = planner.task(index);
        names.extend(functions(task).0.into_iter().map(|function| function.name));
        let texts = task.details.iter().map(|line| line.text.as_str()).chain([task.title.as_str()]);
        let callees = texts.flat_map(|text| asked(text, false)).filter_map(|call| call.callee);
        names.extend(callees.map(|callee| callee.name));
    }
    names
}

/// The functions of a package that call one of it, each with the place of a call.
fn callers(survey: &Survey<'_>, folder: &str, other: &FuncRef) -> Vec<(Func, String)> {
    let mut own = survey.funcs(folder, &other.name);
    own.retain(|func| other.qualifier.is_none() || func.receiver == other.qualifier);
    let [own] = own.as_slice() else { return Vec::new() };
    let references = survey.references(own).unwrap_or_default();
    let here = references.iter().filter(|one| {
        parent(one.source.path()) == folder && !one.source.path().ends_with("_test.go") && one.site.call.is_some()
    });
    let of = here.filter_map(|one| {
        let decl = one.source.file.around(one.site.name.start).filter(|decl| decl.kind == DeclKind::Func)?;
        let receiver = decl.receiver.as_ref().map(|receiver| receiver.type_name.clone());
        Some((Func { source: one.source.clone(), receiver, name: decl.name().to_owned() }, one.place()))
    });
    of.collect()
}

/// The function that is to call.
fn caller(survey: &Survey<'_>, callee: &Callee<'_>, call: &Call) -> Result<Func, ManualReason> {
    let name = &callee.head.name;
    let own_folder = parent(callee.file);
    let no = |wanted: &str, place: &str, near: Vec<String>| ManualReason::NoCaller {
        callee: name.clone(),
        caller: wanted.to_owned(),
        place: place.to_owned(),
        near,
    };
    let (folder, file) = match &call.file {
        Some(file) if file.ends_with(".go") && file.contains('/') => (parent(file).to_owned(), Some(file.clone())),
        Some(file) if file.ends_with(".go") => (own_folder.to_owned(), Some(crate::tree::join(own_folder, file))),
        Some(folder) => (folder.trim_end_matches('/').to_owned(), None),
        None => (own_folder.to_owned(), None),
    };
    if let (None, Place::After(other) | Place::Before(other)) = (&call.caller, &call.place) {
        let mut callers = callers(survey, &folder, other);
        callers.retain(|(func, _)| file.as_deref().is_none_or(|file| func.source.path() == file));
        // Where one function of the package calls it once, that is the one.
        if let [(func, _)] = callers.as_slice() {
            return Ok(func.clone());
        }
        let side = if matches!(call.place, Place::Before(_)) { "before" } else { "after" };
        let why = format!("{name} is to be called {side} {other}, and in which function is not said");
        let own = || survey.funcs(&folder, &other.name).iter().map(Func::place).collect();
        let places: Vec<String> = callers.into_iter().map(|(_, place)| place).collect();
        return Err(ManualReason::Inexact { why, places: if places.is_empty() { own() } else { places } });
    }
    let Some(wanted) = &call.caller else {
        let place = file.clone().unwrap_or(folder);
        return Err(no("", &place, Vec::new()));
    };
    let mut folders = vec![folder.clone()];
    let mut receiver = wanted.qualifier.clone();
    if let Some(qualifier) = &wanted.qualifier {
        // `x.F`: a type here, or a package that this one, or the one above, knows by the name.
        if survey.type_source(&folder, qualifier).is_none() && file.is_none() {
            let package = survey.imported(&folder, qualifier).and_then(|import| survey.package_folder(&import.path));
            let beside = || survey.customary_imports(&folder, qualifier).into_iter().next();
            let package = package.or_else(|| survey.package_folder(&beside()?.path));
            if let Some(package) = package.filter(|folder| !folder.starts_with("vendor/")) {
                (folders, receiver) = (vec![package], None);
            }
        }
    }
    let mut found: Vec<Func> = folders.iter().flat_map(|folder| survey.funcs(folder, &wanted.name)).collect();
    let here = |func: &Func| file.as_deref().is_none_or(|file| func.source.path() == file);
    let all = found.clone();
    found.retain(|func| here(func) && (receiver.is_none() || func.receiver == receiver));
    // The caller's file is elsewhere in its package: the name says more than the file.
    if found.is_empty() {
        found = all.into_iter().filter(|func| receiver.is_none() || func.receiver == receiver).collect();
    }
    if found.len() > 1 && receiver.is_none() {
        let own = callee.head.receiver.as_ref().map(|own| own.ty.text.trim_start_matches('*').to_owned());
        let of_own: Vec<Func> = found.iter().filter(|func| own.is_some() && func.receiver == own).cloned().collect();
        let in_own: Vec<Func> = found.iter().filter(|func| func.source.path() == &**callee.file).cloned().collect();
        match (of_own.as_slice(), in_own.as_slice()) {
            ([_], _) => found = of_own,
            ([], [_]) => found = in_own,
            _ => {}
        }
    }
    match found.as_slice() {
        [one] => Ok(one.clone()),
        [] => {
            let place = file.unwrap_or_else(|| folders.join(" or "));
            let names: Vec<String> =
                folders.iter().flat_map(|folder| survey.declared_names(folder, DeclKind::Func)).collect();
            let near = nearest(&wanted.name, names.iter().map(String::as_str)).into_iter().take(3);
            let places = near.flat_map(|near| {
                let funcs = folders.iter().flat_map(|folder| survey.funcs(folder, near));
                funcs.map(|func| format!("{} at {}", func.func_name(), func.place())).collect::<Vec<_>>()
            });
            Err(no(&wanted.to_string(), &place, places.take(3).collect()))
        }
        several => Err(ManualReason::SeveralCallers {
            callee: name.clone(),
            caller: wanted.to_string(),
            places: several.iter().map(Func::place).collect(),
        }),
    }
}
