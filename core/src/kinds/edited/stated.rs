//! Code that a line states for a function that is there: "`virtualMachineOptions` sets `Pulse: config.PulseEnabled()`".
//!
//! It is put in as it stands there, if every word of the line is read, and its place is certain.

use std::collections::{BTreeMap, BTreeSet};

use super::demand::{Demand, Form, function, read};
use super::known::{gives, lacks_field};
use super::launch_flag::{When, flag_of};
use super::phrases::{check, is_bare, is_checked, returned, stated_import};
use super::scope::{Seat, imports};
use crate::demand::{CodeChange, words};
use crate::go::{
    AnchorError, Decl, FuncName, ImportSpec, Position, Stated, add_imports, is_called, one_statement, one_value,
};
use crate::name::is_go_identifier;
use crate::pending::{PendingFiles, Refusal};
use crate::plan::{Key, ManualReason, PlannedTask, Planner, Unit, Use};
use crate::repo_path::RepoPath;
use crate::survey::{Func, Survey};
use crate::text::find_word;

/// Code that goes into a function.
#[derive(Debug)]
struct Facts {
    file: RepoPath,
    function: (Option<String>, String),
    stated: Stated,
    position: Option<Position>,
    apart: Vec<String>,
    imports: Vec<ImportSpec>,
}

/// What lines have put into functions so far: the code, by the function.
pub(super) type Made = BTreeMap<String, Vec<String>>;

/// What became of the lines of a task that state code for functions that are there.
pub(super) struct Put {
    /// These lines.
    pub(super) lines: BTreeSet<usize>,
    /// Why some of their code is not put in.
    pub(super) left: Vec<ManualReason>,
    /// Other lines ask for more.
    pub(super) is_part: bool,
}

/// Puts in what the lines of a task state; nothing if they state no code.
pub(super) fn plan(
    planner: &mut Planner<'_, '_>,
    task: usize,
    file: &str,
    made: &mut Made,
) -> Result<Option<Put>, Refusal> {
    const KEYS: &[Key] = &[Key::Task, Key::Logic, Key::Implementation, Key::Integration, Key::Prose];
    let planned = planner.task(task).clone();
    let whole = default(planner.survey, &planned, file);
    let title = (planned.line, planned.subject.clone());
    let lines = planned.lines_of(KEYS).map(|line| (line.line, line.text.clone()));
    let mut texts: Vec<(usize, String)> = std::iter::once(title).chain(lines).collect();
    let (packages, of_imports) = packages(&mut texts);
    let mut put = Put { lines: BTreeSet::new(), left: Vec::new(), is_part: false };
    let mut demands = Vec::new();
    for (line, text) in &texts {
        match read(planner.survey, text, file, whole.as_ref()) {
            Some(demand) => demands.push((*line, demand)),
            None => put.is_part |= *line != planned.line && text.contains('`'),
        }
    }
    let mut found = Vec::new();
    let of_lines: Vec<(String, &str)> =
        demands.iter().filter_map(|(_, demand)| Some((key(&demand.function), demand.declares()?))).collect();
    for (line, demand) in &demands {
        put.lines.insert(*line);
        let own = key(&demand.function);
        let others = of_lines.iter().filter(|(of, name)| *of == own && demand.declares() != Some(*name));
        let more = others.map(|(_, name)| (*name).to_owned()).collect();
        let outcome = facts(planner, demand, made, (more, &packages));
        if outcome.is_ok() {
            made.entry(own).or_default().push(demand.code().to_owned());
        }
        found.push((*line, demand, outcome));
    }
    // A variable that nothing uses does not compile.
    let used = |name: &str, of: &Demand<'_>| {
        if is_passed(planner, name) {
            return true;
        }
        found.iter().any(|(_, demand, outcome)| {
            let is_other = demand.declares() != Some(name) && key(&demand.function) == key(&of.function);
            outcome.is_ok() && is_other && find_word(demand.code(), name).is_some()
        })
    };
    let lonely: BTreeSet<usize> = found
        .iter()
        .filter(|(_, demand, _)| demand.declares().is_some_and(|name| !used(name, demand)))
        .map(|(line, ..)| *line)
        .collect();
    let mut kept = Vec::new();
    for (line, demand, outcome) in found {
        let is_lonely = lonely.contains(&line);
        let used =
            |facts| if is_lonely { Err("nothing that is stated uses the variable".to_owned()) } else { Ok(facts) };
        match outcome.and_then(used) {
            Ok(facts) => kept.push((line, facts)),
            Err(why) => {
                let place = format!("{} at {}", demand.function.name, demand.function.place());
                let why = format!("the code in line {line} is put in by hand: {why}");
                put.left.push(ManualReason::Inexact { why, places: vec![place] });
            }
        }
    }
    if !put.lines.is_empty() {
        put.lines.extend(&of_imports);
    }
    for (line, facts) in kept {
        planner.open(&facts.file)?;
        for line in of_imports.iter().copied().chain([line]) {
            planner.note(task, line, Use::Change, std::slice::from_ref(&facts.file));
        }
        planner.push(facts, &[task]);
    }
    Ok((!put.lines.is_empty()).then_some(put))
}

/// Takes out of lines what they want imported: the packages, and the lines that say nothing else.
fn packages(texts: &mut Vec<(usize, String)>) -> (Vec<ImportSpec>, Vec<usize>) {
    let (mut found, mut bare) = (Vec::new(), Vec::new());
    for (line, text) in &mut *texts {
        let Some((import, rest)) = stated_import(text).map(|(import, rest)| (import, rest.into_owned())) else {
            continue;
        };
        found.push(import);
        if is_bare(&rest) {
            bare.push(*line);
        }
        *text = rest;
    }
    texts.retain(|(line, text)| !(bare.contains(line) && is_bare(text)));
    (found, bare)
}

/// Whether a call that a line changes passes a variable.
fn is_passed(planner: &Planner<'_, '_>, name: &str) -> bool {
    planner.plan.tasks.iter().any(|task| {
        task.changes.iter().any(|(line, change)| {
            let CodeChange::Passed { arguments, .. } = change else { return false };
            let is_done = task.lines.iter().any(|used| used.line == *line && used.used == Use::Change);
            is_done && arguments.iter().any(|one| find_word(one, name).is_some())
        })
    })
}

/// Whether a line declares a variable in a function, at a place that is certain.
pub(in crate::kinds) fn will_declare(planner: &Planner<'_, '_>, file: &str, function: &Decl, name: &str) -> bool {
    let receiver = function.receiver.as_ref().map(|one| one.type_name.as_str());
    let begins = format!("`{name} := ");
    planner.plan.tasks.iter().filter(|task| task.selected).any(|task| {
        let whole = default(planner.survey, task, file);
        let texts = std::iter::once(task.subject.as_str()).chain(task.details.iter().map(|line| line.text.as_str()));
        texts.filter(|text| text.contains(&begins)).any(|text| {
            read(planner.survey, text, file, whole.as_ref()).is_some_and(|demand| {
                let is_own = demand.function.name == function.name() && demand.function.receiver.as_deref() == receiver;
                is_own
                    && demand.declares() == Some(name)
                    && facts(planner, &demand, &Made::new(), (Vec::new(), &[])).is_ok()
            })
        })
    })
}

/// The function that a task is about, if its title or its `Location:` names one.
fn default(survey: &Survey<'_>, task: &PlannedTask, file: &str) -> Option<Func> {
    let places = task.details(&[Key::Location, Key::Function]);
    let mut texts = std::iter::once(task.whole_title()).chain(places.map(str::to_owned));
    texts.find_map(|text| words(&text).iter().find_map(|word| function(survey, file, word)))
}

/// Which function code goes into.
fn key(function: &Func) -> String {
    format!("{} {}", function.source.path(), function.func_name())
}

/// The code as it goes into the function, or why it does not.
fn facts(
    planner: &Planner<'_, '_>,
    demand: &Demand<'_>,
    made: &Made,
    (more, packages): (Vec<String>, &[ImportSpec]),
) -> Result<Facts, String> {
    let Demand { function, form, position, .. } = demand;
    let (target, func) = (function.source.target(), function.func_name());
    let forms = forms(planner, demand)?;
    let apart = made.get(&key(function)).cloned().unwrap_or_default();
    let is_made = |name: &str| apart.iter().any(|code| is_called(code, name));
    let put = |stated: Stated| (target.put_inside(func, &stated, position.as_ref(), &apart), stated);
    let mut tried: Vec<_> = forms.into_iter().map(put).collect();
    // A call may be a statement or stand in a list: where one of them is certain, it is that.
    let there = tried.iter().position(|(edit, _)| matches!(edit, Ok(None)));
    let fits: Vec<usize> = (0..tried.len()).filter(|at| tried[*at].0.is_ok()).collect();
    let at = match (there, fits.as_slice()) {
        (Some(at), _) => at,
        (None, [at]) => *at,
        (None, []) => 0,
        (None, _) => return Err("it may be a statement, or stand in a list".to_owned()),
    };
    let (edit, stated) = tried.swap_remove(at);
    let end = function.source.file.method(func.receiver, func.name).map_or(0, |decl| decl.span.end.saturating_sub(1));
    let place = match edit {
        Ok(None) => None,
        Ok(Some(edit)) => Some(edit.span.start),
        // What it stands beside may be what another line puts in.
        Err(_) if position.as_ref().and_then(Position::anchor).is_some_and(is_made) => Some(end),
        Err(why) => return Err(why),
    };
    let imports = match (place, form) {
        (Some(place), Form::Code(code) | Form::Flag(_, When::Holds(code))) => {
            let seat = Seat::of(function).ok_or_else(|| format!("{} is not there", function.name))?;
            let (declared, value) = code.split_once(" := ").map_or((None, *code), |(name, value)| (Some(name), value));
            if declared.is_some_and(|name| function.source.target().sees(seat.decl(), name, place).is_some()) {
                return Err(format!("{} declares it already", function.name));
            }
            imports(planner, &seat.with(more).importing(packages), value, place)?
        }
        (None, _) | (_, Form::Flag(_, When::Gate(_))) => Vec::new(),
    };
    match (place, &stated, form) {
        (Some(place), Stated::Statement(code), Form::Code(call)) if code.starts_with("if err := ") => {
            match gives(planner, function, call, place).as_deref() {
                Some([only]) if only == "error" => {}
                Some(_) => return Err(format!("`{call}` does not give an error alone")),
                None => return Err("whether it gives an error cannot be told".to_owned()),
            }
        }
        (Some(place), Stated::Statement(code), Form::Code(_)) if !code.contains(" = ") && !code.contains(" := ") => {
            match gives(planner, function, code, place).as_deref() {
                Some([]) => {}
                Some(_) => return Err("what becomes of its result is not said".to_owned()),
                None => return Err("whether it gives something back cannot be told".to_owned()),
            }
        }
        (Some(_), Stated::Entry { key, literal, .. }, _) => {
            if let Some(why) = lacks_field(planner, function, key, (literal.as_deref(), position.as_ref())) {
                return Err(why);
            }
        }
        _ => {}
    }
    let owner = (function.receiver.clone(), function.name.clone());
    let file = RepoPath::known(function.source.path());
    Ok(Facts { file, function: owner, stated, position: position.clone(), apart, imports })
}

/// What the code of a line can be in its function.
fn forms(planner: &Planner<'_, '_>, demand: &Demand<'_>) -> Result<Vec<Stated>, String> {
    let Demand { function, form, position, within, .. } = demand;
    let code = match form {
        Form::Flag(flag, when) => {
            return Ok(vec![Stated::Statement(flag_of(planner, function, (flag, *when, *within))?)]);
        }
        Form::Code(code) => code,
    };
    if let Some(items) = demand.other {
        return Err(format!("whether `{code}` is one of the {items} is not known"));
    }
    let forms = read_code(code, *within, demand.is_last);
    let mut forms = forms.ok_or_else(|| format!("`{code}` is neither an entry, a call nor an assignment"))?;
    if demand.in_list && forms.len() > 1 {
        forms.retain(|form| matches!(form, Stated::Element { .. }));
    }
    let is_call = |form: &Stated| matches!(form, Stated::Statement(one) if one.ends_with(')') && !one.contains(" = "));
    if demand.is_checked {
        if !forms.iter().any(is_call) {
            return Err(format!("`{code}` is no call whose error could be returned"));
        }
        return Ok(vec![Stated::Statement(check(code, &returned(function)?))]);
    }
    // Beside a call whose error is returned, that of another call is returned, too.
    let anchor = position.as_ref().and_then(Position::anchor).filter(|_| forms.iter().any(is_call));
    let blocks = anchor.and_then(|_| function.source.target().body(function.func_name()).ok());
    let is_alike = anchor.zip(blocks).is_some_and(|(anchor, blocks)| is_checked(&blocks, anchor));
    let gives = gives(planner, function, code, usize::MAX);
    if is_alike && gives.is_some_and(|gives| gives == ["error"]) {
        forms.retain(|form| !is_call(form));
        forms.insert(0, Stated::Statement(check(code, &returned(function)?)));
    }
    Ok(forms)
}

/// What code can be: an entry, an assignment, a call, or a value of a list.
fn read_code(code: &str, within: Option<&str>, is_last: bool) -> Option<Vec<Stated>> {
    if let Some((key, value)) = code.split_once(": ").filter(|(key, _)| is_go_identifier(key)) {
        let value = value.trim().trim_end_matches(',');
        return one_value(value).then(|| {
            vec![Stated::Entry { key: key.to_owned(), value: value.to_owned(), literal: within.map(str::to_owned) }]
        });
    }
    let code = code.trim().trim_end_matches(',');
    let element = || Stated::Element { code: code.to_owned(), list: within.map(str::to_owned), is_last };
    if code.split('.').all(is_go_identifier) {
        return Some(vec![element()]);
    }
    let is_call = code.ends_with(')') && !code.contains(" = ") && !code.contains(":=");
    let declares = code.split_once(" := ").is_some_and(|(name, _)| is_go_identifier(name));
    if !one_statement(code) || !(is_call || declares || code.contains(" = ")) {
        return None;
    }
    let statement = Stated::Statement(code.to_owned());
    match within {
        Some(_) => is_call.then(|| vec![element()]),
        None if is_call => Some(vec![statement, element()]),
        None => Some(vec![statement]),
    }
}

impl Unit for Facts {
    fn files(&self) -> Vec<&RepoPath> {
        vec![&self.file]
    }

    fn render(&self, pending: &mut PendingFiles<'_>) -> Result<(), Refusal> {
        let module = pending.module();
        pending.anchor_go(&self.file, |target| {
            let func = FuncName { receiver: self.function.0.as_deref(), name: &self.function.1 };
            let near = target.file.method(func.receiver, func.name).map_or(target.file.package.span, |decl| decl.span);
            let put = target.put_inside(func, &self.stated, self.position.as_ref(), &self.apart);
            let edit = put.map_err(|expected| AnchorError::Missing { expected, candidates: Vec::new(), near })?;
            let Some(edit) = edit else { return Ok(Vec::new()) };
            let mut edits = vec![edit];
            edits.extend(add_imports(target.text, target.file, &self.imports, module));
            Ok(edits)
        })
    }
}
