//! The validation functions that tasks ask for in a file.

use std::rc::Rc;

use super::super::component::{Function as GoFunction, functions, like_others, spelled};
use super::admitter::{REGISTRATION, made_by};
use super::described::{self, described, is_caller};
use super::spoken::seams;
use crate::demand;
use crate::go::FunctionHead;
use crate::name::is_go_identifier;
use crate::plan::{Key, ManualReason, PlannedTask, Planner, ResolvedPath, TaskLine};
use crate::survey::Survey;
use crate::tree::parent;

/// A validation function that tasks ask for.
pub(super) struct Request {
    /// The tasks that ask for it.
    pub(super) tasks: Vec<usize>,
    /// The function, where a task names it.
    pub(super) named: Option<GoFunction>,
    /// Where it is called from, where a task says that.
    pub(super) call: Option<demand::Call>,
    /// The tasks whose `Test:` lines become specs beside it.
    pub(super) tested: Vec<usize>,
    /// It is the first one of its file.
    pub(super) is_first: bool,
    /// What calls it is another function that tasks ask for in this file.
    pub(super) is_called_by_another: bool,
}

/// A method that an interface gets.
pub(super) struct Accessor {
    /// The task.
    pub(super) task: usize,
    /// The line that asks for it.
    pub(super) line: usize,
    /// The interface.
    pub(super) interface: String,
    /// The method, which says whether something is enabled.
    pub(super) method: String,
}

/// What tasks ask for in one file.
#[derive(Default)]
pub(super) struct Requests {
    pub(super) functions: Vec<Request>,
    pub(super) accessors: Vec<Accessor>,
    pub(super) left: Vec<(usize, ManualReason)>,
}

/// The functions that a task names, with their heads where it says them.
pub(super) fn named(survey: &Survey<'_>, folder: &str, task: &PlannedTask) -> Vec<GoFunction> {
    let accessors = accessors(survey, folder, 0, task);
    let mut found = functions(task).0;
    found.retain(|function| !accessors.iter().any(|accessor| accessor.method == function.name));
    for (name, line) in verbs(task) {
        if !found.iter().any(|known| known.name == name) {
            let head = FunctionHead::parse(&format!("{name}()"));
            found.push(GoFunction::new(name, head, line));
        }
    }
    like_others(survey, folder, task, &mut found);
    let is_bare = |function: &GoFunction| {
        function.head.as_ref().is_ok_and(|head| head.parameters.is_empty() && head.results.is_empty())
    };
    for function in described(task) {
        match found.iter_mut().find(|known| known.name == function.name) {
            Some(known) if is_bare(known) => known.head = function.head,
            Some(_) => {}
            None => found.push(function),
        }
    }
    found
}

/// "Implement `validateX`": names of functions that stand behind a verb of making without their parentheses.
fn verbs(task: &PlannedTask) -> Vec<(String, usize)> {
    task.once("admission verbs", || read_verbs(task))
}

fn read_verbs(task: &PlannedTask) -> Vec<(String, usize)> {
    const MAKES: &[&str] =
        &["implement", "add", "create", "introduce", "write", "define", "provide", "new", "function", "validator"];
    const NAMES: &[&str] = &["validate", "Validate", "admit", "Admit", "ensure", "Ensure", "verify", "Verify"];
    let keys = [Key::Task, Key::Logic, Key::Implementation, Key::Validation, Key::Prose];
    let lines = task.lines_of(&keys).map(|line| (line.text.as_str(), line.line));
    let mut found = Vec::new();
    for (text, line) in std::iter::once((task.title.as_str(), task.line)).chain(lines) {
        let words = demand::words(text);
        for (at, word) in words.iter().enumerate() {
            // "gets a `validateX` check"
            let before = words[..at].iter().rev().find(|word| !word.is(&["a", "an", "the"]));
            let gets = at > 1 && words[at - 1].is(&["a", "an"]) && words[at - 2].is(&["gets", "gains", "needs", "get"]);
            if !gets && !before.is_some_and(|before| before.is(MAKES)) {
                continue;
            }
            let name = word.text;
            let verb = NAMES.iter().find_map(|verb| name.strip_prefix(verb));
            if word.is_code() && is_go_identifier(name) && verb.is_some_and(|rest| rest.starts_with(char::is_uppercase))
            {
                found.push((name.to_owned(), line));
            }
        }
    }
    found
}

/// The name of a validation function that a title speaks of, and that its folder does not have.
fn unread(survey: &Survey<'_>, folder: &str, title: &str) -> Option<String> {
    let words = demand::words(title);
    let mut names = words.iter().filter(|word| word.is_code()).filter_map(|word| {
        let name = word.text.split('(').next().filter(|name| is_go_identifier(name))?;
        let rest = name.strip_prefix("validate").or_else(|| name.strip_prefix("Validate"))?;
        rest.starts_with(char::is_uppercase).then_some(name)
    });
    names.find(|name| survey.funcs(folder, name).is_empty()).map(str::to_owned)
}

/// Whether a function gives back causes or an answer.
pub(super) fn validates(function: &GoFunction) -> bool {
    let is_verdict = |ty: &str| ty.ends_with(".StatusCause") || ty.ends_with(".AdmissionResponse");
    function.head.as_ref().is_ok_and(|head| head.results.iter().any(|result| is_verdict(&result.ty.text)))
}

/// Whether a function that a task spells out gives back no verdict: neither causes nor an answer, nor an error.
pub(super) fn is_helper(function: &GoFunction) -> bool {
    let states =
        |head: &FunctionHead| !head.results.is_empty() && head.results.iter().all(|result| result.ty.text != "error");
    function.head.as_ref().is_ok_and(states) && !validates(function)
}

/// Takes the functions out that only help the others; their names. The first one of the others has all the specs.
pub(super) fn take_helpers(found: &mut Vec<Request>) -> Vec<String> {
    let helps = |request: &Request| {
        let makes = |function: &GoFunction| function.head.as_ref().is_ok_and(|head| made_by(head).is_some());
        request.named.as_ref().is_some_and(|function| is_helper(function) && !makes(function))
    };
    if !found.iter().any(helps) || found.iter().all(helps) {
        return Vec::new();
    }
    let (helpers, mut others): (Vec<Request>, Vec<Request>) = std::mem::take(found).into_iter().partition(helps);
    for helper in &helpers {
        let own = others.iter().position(|other| other.tasks.iter().any(|task| helper.tasks.contains(task)));
        if let Some(own) = own {
            others[own].tested.extend(&helper.tested);
        }
    }
    others[0].is_first = true;
    *found = others;
    helpers.into_iter().filter_map(|helper| Some(helper.named?.name)).collect()
}

/// The calls that a task asks for.
pub(super) fn calls(task: &PlannedTask) -> Rc<Vec<demand::Call>> {
    task.once("admission calls", || Rc::new(read_calls(task)))
}

fn read_calls(task: &PlannedTask) -> Vec<demand::Call> {
    let title = demand::calls(&task.title, false);
    let lines = task
        .details
        .iter()
        .filter(|line| !matches!(line.key, Key::Test | Key::NoTest | Key::Verify | Key::Scenario | Key::File));
    let read = |line: &TaskLine| {
        if is_caller(line) {
            demand::calls(&format!("called by {}", line.text), true)
        } else {
            demand::calls(&line.text, line.key == Key::Integration)
        }
    };
    title.into_iter().chain(lines.flat_map(read)).collect()
}

/// The lines of prose that a function was read from: its call, and what it is to turn down.
pub(super) fn other_lines(task: &PlannedTask, request: &Request) -> Vec<usize> {
    let calls =
        |line: &TaskLine| request.call.as_ref().is_some_and(|call| demand::calls(&line.text, false).contains(call));
    task.lines_of(&[Key::Prose]).filter(|line| is_rule(line) || calls(line)).map(|line| line.line).collect()
}

/// Verbs of what is turned down, or let through.
#[rustfmt::skip]
pub(super) const RULES: &[&str] = &[
    "reject", "rejects", "refuse", "refuses", "deny", "denies", "forbid", "forbids", "accept", "accepts", "allow", "allows",
];

/// Whether an item says what is turned down, or let through: "rejects negative delays".
pub(super) fn is_rule(line: &TaskLine) -> bool {
    line.key == Key::Prose && line.is_item && demand::words(&line.text).first().is_some_and(|word| word.is(RULES))
}

/// Whether a file is only where a task's functions are called from.
pub(super) fn is_caller_file(task: &PlannedTask, path: &str) -> bool {
    let named = |line: &str| line.contains(path);
    let calls = calls(task).iter().any(|call| call.file.as_deref() == Some(path));
    // Of one file, nothing is elsewhere.
    let others = task.details.iter().map(|line| line.text.as_str()).chain([task.said.as_str()]);
    let is_other = |word: &demand::Word<'_>| word.text.ends_with(".go") && !path.ends_with(word.text);
    let several = others.into_iter().any(|text| demand::words(text).iter().any(is_other));
    let own = !several || task.details.iter().any(|line| line.key == Key::File && named(&line.text));
    (calls || REGISTRATION.contains(&path) && makes_admitter(task)) && !own
}

/// Whether a task names the constructor of an admitter.
pub(super) fn makes_admitter(task: &PlannedTask) -> bool {
    task.once("makes admitter", || {
        functions(task).0.iter().any(|function| function.head.as_ref().is_ok_and(|head| made_by(head).is_some()))
    })
}

/// The type of an admitter that a task asks for, and that its folder does not have: "New admitter `XAdmitter`".
fn new_admitter(survey: &Survey<'_>, folder: &str, task: &PlannedTask) -> Option<String> {
    const MAKES: &[&str] = &["new", "add", "create", "introduce", "implement", "write", "define", "provide"];
    const BETWEEN: &[&str] =
        &["a", "an", "the", "admitter", "type", "struct", "webhook", "validating", "new", "called"];
    let lines = task.details.iter().filter(|line| matches!(line.key, Key::Task | Key::Prose | Key::Struct));
    let texts = std::iter::once(task.title.as_str()).chain(lines.map(|line| line.text.as_str()));
    texts.into_iter().find_map(|text| {
        let words = demand::words(text);
        let named = words.iter().position(|word| word.is_code() && word.text.ends_with("Admitter"))?;
        let name = words[named].text.trim_start_matches('*');
        let before = words[..named].iter().rev().find(|word| !word.is(BETWEEN) || word.is(MAKES))?;
        let is_new = before.is(MAKES) && is_go_identifier(name) && survey.declares(folder, name).is_none();
        is_new.then(|| name.to_owned())
    })
}

/// The methods that a task adds to interfaces which stand for the cluster's configuration.
fn accessors(survey: &Survey<'_>, folder: &str, index: usize, task: &PlannedTask) -> Vec<Accessor> {
    let lines = task
        .details
        .iter()
        .filter(|line| !matches!(line.key, Key::Test | Key::NoTest | Key::Verify | Key::Scenario | Key::File));
    let lines = lines.map(|line| (line.text.as_str(), line.line));
    let mut found = Vec::new();
    // Without one there is no interface that counts.
    let texts = std::iter::once((task.title.as_str(), task.line)).chain(lines);
    for (text, line) in texts.filter(|(text, _)| text.contains("Checker")) {
        let words = demand::words(text);
        let code = |word: &&demand::Word<'_>| word.is_code();
        let interface =
            words.iter().filter(code).map(|word| word.text).find(|name| stands_for_config(survey, folder, name));
        let Some(interface) = interface else { continue };
        for word in words.iter().filter(code) {
            let text = word.text.strip_suffix(" bool").unwrap_or(word.text);
            let name = text.strip_suffix("()").unwrap_or(text);
            let is_method = name != interface && is_go_identifier(name) && name.starts_with(char::is_uppercase);
            if is_method && (text.ends_with("()") || name.ends_with("Enabled")) {
                let (interface, method) = (interface.to_owned(), name.to_owned());
                found.push(Accessor { task: index, line, interface, method });
            }
        }
    }
    found
}

/// Whether a folder has an interface of this name that asks for the cluster's configuration.
fn stands_for_config(survey: &Survey<'_>, folder: &str, name: &str) -> bool {
    name.ends_with("Checker")
        && is_go_identifier(name)
        && survey.is_declared(&survey.import_path(folder), name) == Some(true)
}

/// Whether two functions are one: a method may be called as a function is.
fn is_same(one: &GoFunction, other: &GoFunction) -> bool {
    let of = |function: &GoFunction| function.receiver().map(|ty| ty.trim_start_matches('*').to_owned());
    one.name == other.name && of(one) == of(other)
}

/// What tasks ask for in one file, in order, and what is left to people. The first task that names no function has
/// that of the feature.
pub(super) fn requests(planner: &Planner<'_, '_>, place: &ResolvedPath, tasks: &[usize]) -> Requests {
    let mut all = Requests::default();
    let folder = parent(&place.path);
    let survey = planner.survey;
    let mut each: Vec<(usize, Vec<GoFunction>)> = Vec::new();
    for &task in tasks {
        let planned = planner.task(task);
        if is_caller_file(planned, &place.path) {
            continue;
        }
        let mut functions = named(survey, folder, planned);
        // `Admit` is part of the admitter that a constructor makes.
        if functions.iter().any(|function| function.head.as_ref().is_ok_and(|head| made_by(head).is_some())) {
            let made: Vec<String> = functions
                .iter()
                .filter_map(|function| made_by(function.head.as_ref().ok()?).map(str::to_owned))
                .collect();
            let is_own = |function: &GoFunction| {
                function.receiver().is_none_or(|ty| made.iter().any(|name| name == ty.trim_start_matches('*')))
            };
            functions.retain(|function| function.name != "Admit" || !is_own(function));
        }
        let accessors = accessors(survey, folder, task, planned);
        if functions.is_empty() && !accessors.is_empty() {
            all.accessors.extend(accessors);
            continue;
        }
        all.accessors.extend(accessors);
        each.push((task, functions));
    }
    described::follow(planner, folder, &mut each);
    let found = &mut all.functions;
    let mut first = each.iter().find(|(_, named)| !named.is_empty()).map(|(task, _)| *task);
    let has_specs = |task: &usize| planner.task(*task).details(&[Key::Test]).next().is_some();
    let mut unnamed: Vec<usize> = Vec::new();
    for (task, named) in each {
        if named.is_empty() {
            let seams = seams(planner, place, task);
            if !seams.is_empty() {
                all.left.push((task, ManualReason::NothingNew { file: place.path.to_string(), seams }));
                continue;
            }
            if planner.task(task).withholds() {
                continue;
            }
            let title = &planner.task(task).title;
            if let Some(name) = spelled(planner.task(task)).or_else(|| unread(planner.survey, folder, title)) {
                let why = format!("it is unclear whether {name}, which the task spells out, is to be written");
                all.left.push((task, ManualReason::Inexact { why, places: Vec::new() }));
                continue;
            }
            if let Some(name) = new_admitter(planner.survey, folder, planner.task(task)) {
                let why = format!("the task states no constructor of `{name}`, `New{name}(…) *{name}`");
                all.left.push((task, ManualReason::Inexact { why, places: Vec::new() }));
                continue;
            }
            if let Some(first) = first {
                let (file, first) = (place.path.to_string(), planner.task(first).id.clone());
                all.left.push((task, ManualReason::NothingOfItsOwn { file, what: "function", first }));
                unnamed.extend(has_specs(&task).then_some(task));
                continue;
            }
            first = Some(task);
            let tested = has_specs(&task).then_some(task).into_iter().collect();
            let is_first = found.is_empty();
            let call = call_of(planner.task(task), None);
            found.push(Request { tasks: vec![task], named: None, call, tested, is_first, is_called_by_another: false });
            continue;
        }
        let several = named.len() > 1;
        for (at, function) in named.into_iter().enumerate() {
            if let Some(known) =
                found.iter_mut().find(|known| known.named.as_ref().is_some_and(|known| is_same(known, &function)))
            {
                known.tasks.push(task);
                known.tested.extend((at == 0 && has_specs(&task)).then_some(task));
                continue;
            }
            let tested = (at == 0 && has_specs(&task)).then_some(task).into_iter().collect();
            let call = call_of(planner.task(task), Some(&function.name).filter(|_| several));
            let is_first = found.is_empty();
            found.push(Request {
                tasks: vec![task],
                named: Some(function),
                call,
                tested,
                is_first,
                is_called_by_another: false,
            });
        }
    }
    if let Some(first) = found.first_mut() {
        first.tested.extend(unnamed);
    }
    let names: Vec<String> = found.iter().filter_map(|request| Some(request.named.as_ref()?.name.clone())).collect();
    for request in &mut *found {
        let caller = request.call.as_ref().and_then(|call| call.caller.as_ref());
        request.is_called_by_another = caller.is_some_and(|caller| names.contains(&caller.name));
    }
    all
}

/// The call of a function that a task asks for: that which names it; else, if it is the task's only one, "it".
fn call_of(task: &PlannedTask, name: Option<&String>) -> Option<demand::Call> {
    let all = calls(task);
    let mut calls = all.iter().filter(|call| call.verb == demand::Verb::Call);
    let found = match name {
        Some(name) => calls.find(|call| call.callee.as_ref().is_some_and(|callee| callee.name == *name)),
        None => calls.next(),
    };
    found.cloned()
}
