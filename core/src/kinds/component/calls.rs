//! Calls that tasks ask for: which function of a task is meant, and which file is only that of the caller.

use std::rc::Rc;

use super::super::wiring::makes_command;
use super::Wanted;
use super::functions::{Function, functions};
use super::stub::Stub;
use crate::demand::{Call, FuncRef, Place, Said, Verb, Word, calls, words};
use crate::go::{FunctionHead, ImportSpec};
use crate::plan::{Key, PlannedTask, Planner, ResolvedPath};
use crate::repo_path::RepoPath;
use crate::tree::parent;

/// A call that a task asks for.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    /// The task.
    pub(super) task: usize,
    /// The line that says so.
    pub(super) line: usize,
    /// The file of the function that is to be called.
    pub(super) file: RepoPath,
    /// Its head.
    pub(super) head: FunctionHead,
    /// What the names in it stand for.
    pub(super) imports: Vec<ImportSpec>,
    /// What the line says.
    pub(super) call: Call,
    /// The task that makes the caller, if it is not there yet.
    pub(super) made_by: Option<String>,
}

/// The lines that can ask for a call.
pub(super) const KEYS: &[Key] =
    &[Key::Integration, Key::Task, Key::Function, Key::Implementation, Key::Logic, Key::Location, Key::Prose];

/// The calls that the lines of a task ask for: the line, and the call.
pub(super) fn lines(task: &PlannedTask) -> Rc<Vec<(usize, Call)>> {
    task.once("component calls", || Rc::new(read_lines(task)))
}

fn read_lines(task: &PlannedTask) -> Vec<(usize, Call)> {
    let own = task.lines_of(KEYS).map(|line| (line.line, line.text.as_str(), line.key == Key::Integration));
    let all = std::iter::once((task.line, task.title.as_str(), false)).chain(own);
    all.flat_map(|(line, text, bare)| calls(text, bare).into_iter().map(move |call| (line, call))).collect()
}

/// Whether a task names a file only as that of a caller, or of another place of integration.
pub(super) fn is_callers_file(planner: &Planner<'_, '_>, index: usize, path: &str) -> bool {
    let task = planner.task(index);
    let own = |place: &Option<ResolvedPath>| place.as_ref().is_some_and(|place| *place.path == *path);
    let others = planner.claims[index].iter().filter(|(_, place)| place.is_some() && !own(place)).count();
    if others == 0 {
        return false;
    }
    let is_named = |line: &str| line.contains(path) || path.ends_with(line.trim_matches('`').trim());
    let is_own = task.details(&[Key::File]).any(is_named);
    let by_integration = task.details(&[Key::Integration]).any(|text| text.contains(path));
    let by_call = lines(task)
        .iter()
        .any(|(_, call)| call.file.as_deref().is_some_and(|file| file == path || path.ends_with(&format!("/{file}"))));
    let elsewhere = || task.title.matches(path).count() > usize::from(by_call);
    (by_integration || by_call) && !is_own && !elsewhere()
}

/// Whether a task names a file only as the one in which what it asks for is registered: "registered in `x.go`".
pub(super) fn is_registry(planner: &Planner<'_, '_>, index: usize, path: &str) -> bool {
    let task = planner.task(index);
    let others = planner.claims[index].iter().filter_map(|(_, place)| place.as_ref());
    let registers = |text: &str| {
        let all = words(text);
        let at = all.windows(3).any(|three| {
            let says = three[0].is(&["registered", "register", "wired", "plugged", "hooked"]);
            says && three[1].is(&["in", "into"]) && three[2].text == path
        });
        at && text.matches(path).count() == 1
    };
    others.into_iter().any(|place| *place.path != *path) && !functions(task).0.is_empty() && registers(&task.said)
}

/// Whether a file of a task is the one in which a command of it is registered, which is done where the command is made.
pub(super) fn lists_command(planner: &Planner<'_, '_>, index: usize, path: &str) -> bool {
    let task = planner.task(index);
    let is_command = |head: &FunctionHead| head.results.iter().any(|one| one.ty.text == "*cobra.Command");
    let makes = functions(task).0.iter().any(|function| function.head.as_ref().is_ok_and(is_command));
    makes && brought(task).iter().any(|(_, file)| file == path)
}

/// The calls that tasks about a file ask for.
pub(super) fn asked(planner: &Planner<'_, '_>, place: &ResolvedPath, tasks: &[usize], wanted: &Wanted) -> Vec<Asked> {
    let mut found = Vec::new();
    for &index in tasks {
        if is_callers_file(planner, index, &place.path) {
            continue;
        }
        let task = planner.task(index);
        let (named, _) = functions(task);
        // A line below the caller's file may name what stands in another one.
        for (line, call) in (*lines(planner.whole(index))).clone() {
            // What one of the task's own functions calls is part of writing it, and stands in its comment, or is told.
            let caller = call.caller.as_ref();
            let made_by = caller.and_then(|caller| wanted.stubs.iter().find(|stub| stub.name == caller.name));
            let calls_itself = made_by.is_none()
                && caller.is_some_and(|caller| named.iter().any(|function| function.name == caller.name));
            // A title that says so shortly: "Call in two places".
            let says_more = |(other, read): &(usize, Call)| *other != line && read.caller.is_some();
            let is_short = line == task.line && call.caller.is_none() && call.file.is_none();
            if calls_itself || is_short && lines(planner.whole(index)).iter().any(says_more) {
                continue;
            }
            let callees: Vec<Option<Callee>> = if let Some(callee) = &call.callee {
                let stub = stub_named(wanted, callee).and_then(|stub| of_stub(place, stub));
                vec![stub.or_else(|| there(planner, place, callee))]
            } else {
                let own = |function: &&Function| {
                    let own = |stub: &&Stub| stub.name == function.name && stub.task == task.id;
                    wanted.stubs.iter().find(own).and_then(|stub| of_stub(place, stub))
                };
                meant(task, line, &call, &named).iter().map(own).collect()
            };
            let is_told =
                |head: &FunctionHead| made_by.is_some_and(|stub| stub.name == head.name || stub.speaks_of(&head.name));
            let callees = callees.into_iter().flatten().filter(|(_, head, _)| !is_told(head));
            found.extend(callees.map(|(file, head, imports)| Asked {
                task: index,
                line,
                file,
                head,
                imports,
                call: call.clone(),
                made_by: made_by.map(|stub| stub.task.clone()),
            }));
        }
        found.extend(enlisted(planner, place, index, wanted));
    }
    found
}

/// The functions that a line means by "it", "both" or "them"; none where that is not clear.
pub(super) fn meant<'f>(task: &PlannedTask, line: usize, call: &Call, named: &'f [Function]) -> Vec<&'f Function> {
    let texts = task.details.iter().map(|own| (own.line, own.text.as_str()));
    let text = std::iter::once((task.line, task.title.as_str())).chain(texts).find(|(at, _)| *at == line);
    let place = |function: &Function| {
        let text = text.map_or("", |(_, text)| text);
        let is_it = |word: &&Word<'_>| word.is_code() && word.text.contains(&format!("{}(", function.name));
        words(text).iter().find(is_it).map_or(0, |word| word.at)
    };
    // Several lines may speak of one function.
    let mut known: Vec<&Function> = Vec::new();
    for function in named {
        if !known.iter().any(|other| other.name == function.name) {
            known.push(function);
        }
    }
    let here: Vec<&Function> =
        known.iter().copied().filter(|function| function.line == line && place(function) <= call.at).collect();
    let all = if here.len() > 1 { &here } else { &known };
    match call.said {
        Said::It => {
            let above = || known.iter().copied().rfind(|function| function.line < line);
            here.last().copied().or_else(above).or(known.first().copied()).into_iter().collect()
        }
        Said::Both if all.len() == 2 => all.clone(),
        Said::All if all.len() > 1 => all.clone(),
        Said::Both | Said::All => Vec::new(),
    }
}

/// A new command of a task that a line brings into a file: "Register it in `pkg/virtctl/root.go`".
pub(super) fn enlisted(
    planner: &Planner<'_, '_>,
    place: &ResolvedPath,
    index: usize,
    wanted: &Wanted,
) -> Option<Asked> {
    let task = planner.whole(index);
    let own = wanted.stubs.iter().filter(|stub| stub.task == task.id);
    let mut commands = own.filter_map(|stub| of_stub(place, stub));
    let (file, head, imports) = commands.find(|(_, head, imports)| makes_command(head, imports))?;
    let (line, path) = brought(task).into_iter().find(|(_, path)| *path != *place.path)?;
    let call = Call {
        verb: Verb::Other,
        callee: None,
        arguments: None,
        said: Said::It,
        at: 0,
        caller: None,
        file: Some(path),
        place: Place::Open,
        condition: None,
    };
    Some(Asked { task: index, line, file, head, imports, call, made_by: None })
}

/// The files that a task brings something into, each with its line: "registered in `x.go`", "add it to `x.go`".
fn brought(task: &PlannedTask) -> Vec<(usize, String)> {
    let own = task.lines_of(KEYS).map(|line| (line.line, line.text.as_str()));
    let texts = std::iter::once((task.line, task.title.as_str())).chain(own);
    let read = |(line, text)| {
        let all = words(text);
        // "Add X in `x.go`" says where X is, "add X to `x.go`" that the file is there.
        let brings = |at: usize| {
            let adds = all[at].is(&["add", "added", "append", "insert", "list"]);
            let into: &[&str] = if adds { &["to", "into"] } else { &["in", "into", "to"] };
            let mut behind = all[at + 1..].iter().take(if adds { 5 } else { 14 }).skip_while(|word| !word.is(into));
            behind.next()?;
            behind.next().filter(|word| all[at].is(BRINGS) && word.text.ends_with(".go"))
        };
        let file = (0..all.len()).find_map(brings)?;
        Some((line, file.text.to_owned()))
    };
    texts.filter(|(_, text)| calls(text, false).is_empty()).filter_map(read).collect()
}

type Callee = (RepoPath, FunctionHead, Vec<ImportSpec>);

fn stub_named<'w>(wanted: &'w Wanted, callee: &FuncRef) -> Option<&'w Stub> {
    let mut same = wanted.stubs.iter().filter(|stub| stub.name == callee.name);
    let first = same.next()?;
    same.next().is_none().then_some(first)
}

/// A function that is written now, as it will stand there.
fn of_stub(place: &ResolvedPath, stub: &Stub) -> Option<Callee> {
    let head = FunctionHead::parse(&format!("{}{}{}", stub.receiver, stub.name, stub.signature)).ok()?;
    Some((place.path.clone(), head, stub.imports.clone()))
}

/// A function that the package has already.
fn there(planner: &Planner<'_, '_>, place: &ResolvedPath, callee: &FuncRef) -> Option<Callee> {
    let mut funcs = planner.survey.funcs(parent(&place.path), &callee.name);
    if callee.qualifier.is_some() {
        funcs.retain(|func| func.receiver == callee.qualifier);
    }
    let [func] = funcs.as_slice() else { return None };
    let imports = func.source.file.imports.iter().map(ImportSpec::from).collect();
    Some((RepoPath::known(func.source.path()), func.head()?, imports))
}

/// Verbs that bring something in: "Register it in `pkg/virtctl/root.go`".
pub(super) const BRINGS: &[&str] = &[
    "register",
    "registered",
    "add",
    "added",
    "wire",
    "wired",
    "serve",
    "served",
    "mount",
    "plug",
    "append",
    "insert",
    "start",
    "started",
    "expose",
    "list",
];
