//! Calls that tasks ask for: which function of a task is meant, and which file is only that of the caller.

use std::rc::Rc;

use super::super::wiring::makes_command;
use super::Wanted;
use super::functions::{Function, functions};
use super::registry;
use super::stubs::{Outcome, Stub};
use crate::demand::{Call, FuncRef, Piece, Place, Said, Verb, Word, calls, words};
use crate::go::{FunctionHead, ImportSpec};
use crate::name::is_go_identifier;
use crate::plan::{Key, ManualReason, PlannedTask, Planner, ResolvedPath};
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
}

/// The lines that can ask for a call.
const KEYS: &[Key] =
    &[Key::Integration, Key::Task, Key::Function, Key::Implementation, Key::Logic, Key::Location, Key::Prose];

/// The calls that the lines of a task ask for: the line, and the call.
fn lines(task: &PlannedTask) -> Rc<Vec<(usize, Call)>> {
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
            // What one of the task's own functions calls is part of writing it.
            let calls_itself = call.caller.as_ref().is_some_and(|caller| {
                wanted.stubs.iter().any(|stub| stub.name == caller.name)
                    || named.iter().any(|function| function.name == caller.name)
            });
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
            found.extend(callees.into_iter().flatten().map(|(file, head, imports)| Asked {
                task: index,
                line,
                file,
                head,
                imports,
                call: call.clone(),
            }));
        }
        found.extend(enlisted(planner, place, index, wanted));
    }
    found
}

/// The functions that a line means by "it", "both" or "them"; none where that is not clear.
fn meant<'f>(task: &PlannedTask, line: usize, call: &Call, named: &'f [Function]) -> Vec<&'f Function> {
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
fn enlisted(planner: &Planner<'_, '_>, place: &ResolvedPath, index: usize, wanted: &Wanted) -> Option<Asked> {
    let task = planner.whole(index);
    let own = wanted.stubs.iter().filter(|stub| stub.task == task.id);
    let mut commands = own.filter_map(|stub| of_stub(place, stub));
    let (file, head, imports) = commands.find(|(_, head, imports)| makes_command(head, imports))?;
    let (line, path) = brought(task).into_iter().find(|(_, path)| *path != *place.path)?;
    let call = Call {
        verb: Verb::Other,
        callee: None,
        said: Said::It,
        at: 0,
        caller: None,
        file: Some(path),
        place: Place::Open,
        condition: None,
    };
    Some(Asked { task: index, line, file, head, imports, call })
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
const BRINGS: &[&str] = &[
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

/// Whether code in a text is the name of a function of a folder.
fn names_func(planner: &Planner<'_, '_>, folder: &str, text: &str) -> bool {
    let all = words(text);
    let mut names = all.iter().filter(|word| word.piece == Piece::Code).map(|word| word.text.trim_end_matches("()"));
    names.any(|name| {
        let name = name.rsplit('.').next().unwrap_or_default();
        is_go_identifier(name) && !planner.survey.funcs(folder, name).is_empty()
    })
}

/// What a title leaves open of a function that is there: it names one beside the new one, and asks for no call that is
/// understood, "assign its result to `size` in `sync`".
fn unrelated(planner: &Planner<'_, '_>, place: &ResolvedPath, outcome: &Outcome, index: usize) -> Option<ManualReason> {
    // What only says where, or what the new one resembles.
    const BESIDE: &[&str] = &[
        "like", "as", "beside", "after", "behind", "below", "above", "before", "than", "to", "mirrors", "near", "with",
    ];
    let (folder, task) = (parent(&place.path), planner.task(index));
    let makes = outcome.wanted.stubs.iter().any(|stub| stub.task == task.id);
    if !makes || !lines(task).is_empty() {
        return None;
    }
    let names = task.once("names in the title", || {
        let all = words(&task.title);
        let code = all.iter().enumerate().filter(|(_, word)| word.piece == Piece::Code);
        let is_beside = |at: usize| at.checked_sub(1).is_some_and(|before| all[before].is(BESIDE));
        let names = code.filter(|(at, _)| !is_beside(*at)).map(|(_, word)| word.text.trim_end_matches("()"));
        names.filter(|name| is_go_identifier(name)).map(str::to_owned).collect::<Vec<String>>()
    });
    let is_new = |name: &String| {
        outcome.wanted.stubs.iter().any(|stub| stub.name == *name) || registry::enters(planner, folder, task, name)
    };
    let mut may_be_meant = names.iter().filter(|name| !is_new(name));
    let named = may_be_meant.find_map(|name| planner.survey.funcs(folder, name).into_iter().next())?;
    let why = format!("how {} relates to what is new is not understood", named.name);
    Some(ManualReason::Inexact { why, places: vec![named.place()] })
}

/// Says of the first call of a function that neither the package nor a task has that it is not made.
fn unknown(planner: &Planner<'_, '_>, folder: &str, task: usize, calls: &[Call]) -> Option<ManualReason> {
    let (new, _) = functions(planner.task(task));
    let is_new = |name: &str| new.iter().any(|function| function.name == name);
    let named = calls.iter().filter_map(|call| Some((call.callee.as_ref()?, call.caller.as_ref()?)));
    let mut lost =
        named.filter(|(callee, _)| !is_new(&callee.name) && planner.survey.funcs(folder, &callee.name).is_empty());
    let (callee, caller) = lost.next()?;
    let why = format!("{caller} is to call {callee}, which {folder} does not have");
    Some(ManualReason::Inexact { why, places: Vec::new() })
}

/// Says of "both" and "them" that it is not clear which functions they are.
fn unclear(planner: &Planner<'_, '_>, index: usize) -> Option<ManualReason> {
    let (task, whole) = (planner.task(index), planner.whole(index));
    let (named, _) = functions(task);
    let all = lines(task);
    let is_unclear = |(line, call): &&(usize, Call)| {
        let is_open = call.callee.is_none() && call.said != Said::It;
        is_open && !named.is_empty() && meant(whole, *line, call, &named).is_empty()
    };
    let (line, _) = all.iter().find(is_unclear)?;
    let why = format!("which functions line {line} means is not clear");
    Some(ManualReason::Inexact { why, places: Vec::new() })
}

/// Says of a new function which a line of integration names, beside calls of others, that what calls it is not read.
fn uncalled(planner: &Planner<'_, '_>, index: usize) -> Option<ManualReason> {
    let (task, whole) = (planner.task(index), planner.whole(index));
    let (named, _) = functions(task);
    let calls = lines(task);
    task.lines_of(&[Key::Integration]).find_map(|line| {
        let own: Vec<&Call> = calls.iter().filter(|(at, _)| *at == line.line).map(|(_, call)| call).collect();
        let is_read = |name: &str| {
            own.iter().any(|call| {
                let beside = match &call.place {
                    Place::After(other) | Place::Before(other) => Some(other),
                    _ => None,
                };
                let said = if call.callee.is_none() { meant(whole, line.line, call, &named) } else { Vec::new() };
                [call.callee.as_ref(), call.caller.as_ref(), beside].into_iter().flatten().any(|one| one.name == name)
                    || said.iter().any(|function| function.name == name)
                    || call.condition.as_ref().is_some_and(|condition| condition.contains(name))
            })
        };
        let all = words(&line.text);
        let lost = named.iter().find(|function| {
            let is_named = |word: &Word<'_>| word.is_code() && word.text.split('(').next() == Some(&function.name);
            all.iter().any(is_named) && !is_read(&function.name)
        });
        let lost = lost.filter(|_| !own.is_empty())?;
        let why = format!("what line {} says of {} is not understood", line.line, lost.name);
        Some(ManualReason::Inexact { why, places: Vec::new() })
    })
}

/// Says of lines of integration that name a function which is there, and ask for something else than a call, that they are
/// left to people.
pub(super) fn unread(planner: &mut Planner<'_, '_>, place: &ResolvedPath, outcome: &Outcome) {
    let folder = parent(&place.path);
    let mut left = Vec::new();
    for &task in &outcome.tasks {
        left.extend(unrelated(planner, place, outcome, task).map(|reason| (task, reason)));
        let open = unclear(planner, task).into_iter().chain(uncalled(planner, task));
        left.extend(open.map(|reason| (task, reason)));
        let lists = enlisted(planner, place, task, &outcome.wanted).map(|asked| asked.line);
        for line in &planner.task(task).details {
            let other = matches!(line.key, Key::Other(_)) && line.key.ignored().is_none();
            if other && names_func(planner, folder, &line.text) {
                let why =
                    format!("line {} names a function, and what `{}` says about it is not read", line.line, line.key);
                left.push((task, ManualReason::Inexact { why, places: Vec::new() }));
            }
            let is_keyed = line.key == Key::Integration;
            let is_used = !is_keyed && outcome.used.iter().any(|(user, used, _)| (*user, *used) == (task, line.line))
                || lists == Some(line.line);
            if !(is_keyed || matches!(line.key, Key::Task | Key::Prose)) || is_used {
                continue;
            }
            let read = calls(&line.text, is_keyed);
            if !read.is_empty() {
                let is_alone = is_keyed && planner.claims[task].len() == 1;
                left.extend(unknown(planner, folder, task, &read).filter(|_| is_alone).map(|why| (task, why)));
                continue;
            }
            let all = words(&line.text);
            let names =
                all.iter().filter(|word| word.piece == Piece::Code).map(|word| word.text.trim_end_matches("()"));
            let names = names.map(|name| name.rsplit('.').next().unwrap_or_default());
            let funcs = names.filter(|name| is_go_identifier(name)).flat_map(|name| planner.survey.funcs(folder, name));
            let is_new = |name: &str| outcome.wanted.stubs.iter().any(|stub| stub.name == name);
            let places: Vec<String> = funcs.filter(|func| !is_new(&func.name)).map(|func| func.place()).collect();
            let brings = all.first().is_some_and(|word| word.is(BRINGS));
            let files = all.iter().map(|word| word.text).filter(|path| path.ends_with(".go") && **path != *place.path);
            let files: Vec<String> = files.filter(|path| planner.survey.exists(path)).map(str::to_owned).collect();
            let is_name = |word: &&Word<'_>| is_go_identifier(word.text.trim_end_matches("()").trim_start_matches('*'));
            let is_code = all.iter().filter(|word| word.piece == Piece::Code).any(|word| is_name(&word));
            let asks =
                if is_keyed { !places.is_empty() || !files.is_empty() || is_code } else { brings && !files.is_empty() };
            let places = if places.is_empty() { files } else { places };
            if asks {
                let why = if brings || !places.is_empty() {
                    format!("line {} asks for something else than a call, which is made by hand", line.line)
                } else {
                    format!("line {} is not understood as that of a call", line.line)
                };
                left.push((task, ManualReason::Inexact { why, places }));
            }
        }
    }
    for (task, reason) in left {
        planner.manual(&[task], &reason);
    }
}
