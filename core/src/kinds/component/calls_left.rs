//! What lines say of calls and functions that nothing is made of, and what people are told of it.

use std::collections::BTreeSet;

use super::super::wiring::{Callee, Wired, Wiring, does_call, wire};
use super::calls::{Asked, BRINGS, KEYS, enlisted, lines, meant};
use super::functions::functions;
use super::registry;
use super::stubs::Outcome;
use crate::demand::{Call, Piece, Place, Said, Word, calls, dropped_calls, spelled_calls, words};
use crate::go::FunctionHead;
use crate::name::is_go_identifier;
use crate::pending::Refusal;
use crate::plan::{Key, ManualReason, PlannedTask, Planner, ResolvedPath, TaskLine, Use};
use crate::survey::Func;
use crate::tree::parent;

/// The lines that call functions, as far as they are certain. What is called is not unused.
pub(super) fn wirings(planner: &mut Planner<'_, '_>, outcome: &mut Outcome) -> Result<Vec<(usize, Wiring)>, Refusal> {
    let mut wirings = Vec::new();
    for asked in std::mem::take(&mut outcome.calls) {
        // An entry of a list is no call.
        let caller = asked.call.caller.as_ref().map(|caller| caller.name.as_str());
        if caller.is_some_and(|name| registry::enters(planner, parent(&asked.file), planner.task(asked.task), name)) {
            continue;
        }
        let callee = Callee { file: &asked.file, head: &asked.head, imports: &asked.imports };
        let wired = match &asked.made_by {
            Some(task) => {
                let why = format!("{}, which {task} makes, is to call {}", caller.unwrap_or_default(), asked.head.name);
                Wired::Manual(ManualReason::Inexact { why, places: Vec::new() })
            }
            None => wire(planner, &callee, &asked.call)?,
        };
        let wired = match (wired, other_way(planner, &asked)) {
            (Wired::There, Some(reason)) => Wired::Manual(reason),
            (wired, _) => wired,
        };
        // The call may be all that the task asks for.
        let is_nothing = |reason: &ManualReason| matches!(reason, ManualReason::NothingNew { .. });
        outcome.manual.retain(|(task, reason)| *task != asked.task || !is_nothing(reason));
        // What is done is no step of what is called, and what is to be done elsewhere is none either.
        for stub in outcome.wanted.stubs.iter_mut().filter(|stub| stub.name == asked.head.name) {
            if let Some(at) = stub.lines.iter().position(|line| *line == asked.line) {
                stub.lines.remove(at);
                stub.steps.remove(at);
            }
        }
        if let Wired::Manual(reason) = wired {
            outcome.manual.push((asked.task, reason));
            planner.note(asked.task, asked.line, Use::Ignored, &[]);
            continue;
        }
        if !outcome.tasks.contains(&asked.task) {
            outcome.tasks.push(asked.task);
        }
        for stub in outcome.wanted.stubs.iter_mut().filter(|stub| stub.name == asked.head.name) {
            (stub.unused, stub.called) = (false, true);
        }
        let mut files = Vec::new();
        if let Wired::Line(wiring) = wired {
            if matches!(asked.call.place, Place::After(_) | Place::Before(_)) {
                planner.placed(asked.task, asked.line);
            }
            files.push(wiring.file.clone());
            wirings.push((asked.task, wiring));
        }
        planner.note(asked.task, asked.line, Use::Change, &files);
    }
    Ok(wirings)
}

/// What a line wants of a call that is there: "`f` calls `g` with `a` instead of `b`", while `f` has `b`.
fn other_way(planner: &Planner<'_, '_>, asked: &Asked) -> Option<ManualReason> {
    let task = planner.whole(asked.task);
    let (_, text, _) = said(task).find(|(line, ..)| *line == asked.line)?;
    let all = words(text);
    let old = all.windows(3).find(|three| {
        let instead = three[0].is(&["instead", "rather", "place"]) && three[1].is(&["of", "than"]);
        instead && three[2].piece == Piece::Code
    })?[2];
    let caller = asked.call.caller.as_ref()?;
    let funcs = planner.survey.funcs(parent(&asked.file), &caller.name);
    let has_old = |func: &&Func| {
        let decl = func.source.file.method(func.receiver.as_deref(), &func.name);
        let body = decl.and_then(|decl| decl.body);
        body.is_some_and(|body| body.of(func.source.source.text()).contains(old.text))
    };
    let func = funcs.iter().find(has_old)?;
    let why = format!("line {} wants {caller} to call {} in another way", asked.line, asked.head.name);
    Some(ManualReason::Inexact { why, places: vec![func.place()] })
}

/// The functions that code in a text names, of a folder or of the files that the text names.
fn named_funcs(planner: &Planner<'_, '_>, folder: &str, text: &str) -> Vec<Func> {
    let all = words(text);
    let files = all.iter().filter(|word| word.text.ends_with(".go")).map(|word| parent(word.text));
    let folders: BTreeSet<&str> = files.chain([folder]).collect();
    let names = all.iter().filter(|word| word.piece == Piece::Code).map(|word| word.text.trim_end_matches("()"));
    let names = names.map(|name| name.rsplit('.').next().unwrap_or_default()).filter(|name| is_go_identifier(name));
    names.flat_map(|name| folders.iter().flat_map(move |folder| planner.survey.funcs(folder, name))).collect()
}

/// What a line with a key that is not known says of a function that is there: "Registration: in `f`, as `x.New(a)`".
fn keyed(planner: &Planner<'_, '_>, folder: &str, line: &TaskLine) -> Option<ManualReason> {
    let funcs = named_funcs(planner, folder, &line.text);
    let places: Vec<String> = funcs.iter().map(Func::place).collect();
    let says = format!("line {} names a function, and what `{}` says about it is not read", line.line, line.key);
    let spelled = spelled_calls(&line.text).into_iter().next();
    Some(match (places.as_slice(), spelled) {
        ([], _) => return None,
        ([place], Some(call)) => ManualReason::CallByHand { place: place.clone(), line: call, why: says },
        _ => ManualReason::Inexact { why: says, places },
    })
}

/// The lines of a task that may say something of calls, each with whether it is one of integration.
fn said(task: &PlannedTask) -> impl Iterator<Item = (usize, &str, bool)> {
    let own = task.lines_of(KEYS).map(|line| (line.line, line.text.as_str(), line.key == Key::Integration));
    std::iter::once((task.line, task.title.as_str(), false)).chain(own)
}

/// Says of calls that are to be made no longer that people take them out.
fn dropped(planner: &Planner<'_, '_>, folder: &str, task: &PlannedTask) -> Vec<ManualReason> {
    let all = said(task).flat_map(|(line, text, bare)| {
        dropped_calls(text, bare).into_iter().filter_map(move |call| Some((line, call.caller?, call.callee?)))
    });
    let mut found = Vec::new();
    for (line, caller, callee) in all {
        let funcs = planner.survey.funcs(folder, &caller.name);
        let places: Vec<String> = funcs.iter().filter(|func| does_call(func, &callee.name)).map(Func::place).collect();
        if !places.is_empty() {
            let why = format!("line {line} wants {caller} to call {callee} no longer: the call is taken out by hand");
            found.push(ManualReason::Inexact { why, places });
        }
    }
    found
}

/// Says of functions that lines spell out with another head than they have that they are others.
fn differing(planner: &Planner<'_, '_>, folder: &str, outcome: &Outcome, task: &PlannedTask) -> Vec<ManualReason> {
    let survey = planner.survey;
    let (named, _) = functions(task);
    // What the task asks for is told where it is made.
    let is_new = |name: &str| {
        outcome.wanted.stubs.iter().any(|stub| stub.name == name) || named.iter().any(|function| function.name == name)
    };
    let reason = |code: &str| {
        let head = FunctionHead::parse(code).ok().filter(|head| !is_new(&head.name))?;
        head.parameters.iter().find(|one| !one.names.is_empty())?;
        let funcs = survey.funcs(folder, &head.name);
        let [func] = funcs.as_slice() else { return None };
        let place = survey.other_head(folder, func.receiver.as_deref(), &head.name, &head)?;
        let why = format!("{} already exists with another signature", head.name);
        Some(ManualReason::Inexact { why, places: vec![place] })
    };
    let texts =
        said(task).map(|(_, text, _)| words(text)).filter(|all| !all.iter().any(|word| word.is(&["interface"])));
    let codes = texts.flatten().filter(|word| word.piece == Piece::Code);
    codes.filter_map(|word| reason(word.text)).collect()
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
    let of = |name: &String| {
        let mut funcs = planner.survey.funcs(folder, name);
        // Of several, the one of the file.
        funcs.sort_by_key(|func| func.source.path() != &*place.path);
        funcs.into_iter().next()
    };
    let named = may_be_meant.find_map(of)?;
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

/// Says of a function which a line of integration names, beside calls of others, that what is said of it is not read.
fn uncalled(planner: &Planner<'_, '_>, folder: &str, index: usize) -> Option<ManualReason> {
    let (task, whole) = (planner.task(index), planner.whole(index));
    let (named, _) = functions(task);
    let calls = lines(task);
    task.lines_of(&[Key::Integration]).find_map(|line| {
        let own: Vec<&Call> = calls.iter().filter(|(at, _)| *at == line.line).map(|(_, call)| call).collect();
        let is_read = |name: &str| {
            own.iter().any(|call| {
                let (beside, behind) = match &call.place {
                    Place::After(other) | Place::Before(other) => (Some(other), None),
                    Place::Between(one, two) => (Some(one), Some(two)),
                    _ => (None, None),
                };
                let said = if call.callee.is_none() { meant(whole, line.line, call, &named) } else { Vec::new() };
                [call.callee.as_ref(), call.caller.as_ref(), beside, behind]
                    .into_iter()
                    .flatten()
                    .any(|one| one.name == name)
                    || said.iter().any(|function| function.name == name)
                    || call.condition.as_ref().is_some_and(|condition| condition.contains(name))
            })
        };
        let all = words(&line.text);
        let gone = dropped_calls(&line.text, true);
        let is_gone = |name: &str| {
            gone.iter().any(|call| [&call.callee, &call.caller].into_iter().flatten().any(|one| one.name == name))
        };
        let names = all.iter().enumerate().filter(|(_, word)| word.is_code()).filter_map(|(at, word)| {
            let name = word.text.split('(').next()?;
            // "`f` must not" asks for nothing.
            let denied = all[at + 1..].iter().take(2).any(|word| word.is(&["not", "never"]));
            let is_new = named.iter().any(|function| function.name == name);
            let there = planner.survey.funcs(folder, name).first().map(Func::place);
            let is_func = is_new || word.piece == Piece::Code && there.is_some() && !denied;
            (is_func && !is_read(name) && !is_gone(name)).then(|| (name.to_owned(), there.filter(|_| !is_new)))
        });
        let (mut lost, places): (Vec<String>, Vec<Option<String>>) = names.unzip();
        lost.dedup();
        let why = format!("what line {} says of {} is not understood", line.line, lost.join(" and of "));
        let is_lost = !lost.is_empty() && !own.is_empty();
        is_lost.then(|| ManualReason::Inexact { why, places: places.into_iter().flatten().collect() })
    })
}

/// Says of lines of integration that name a function which is there, and ask for something else than a call, that they are
/// left to people.
pub(super) fn unread(planner: &mut Planner<'_, '_>, place: &ResolvedPath, outcome: &Outcome) {
    let folder = parent(&place.path);
    let mut left = Vec::new();
    for &task in &outcome.tasks {
        left.extend(unrelated(planner, place, outcome, task).map(|reason| (task, reason)));
        let own = planner.task(task);
        let apart = dropped(planner, folder, own).into_iter().chain(differing(planner, folder, outcome, own));
        left.extend(apart.map(|reason| (task, reason)).filter(|one| !outcome.manual.contains(one)));
        let open = unclear(planner, task).into_iter().chain(uncalled(planner, folder, task));
        left.extend(open.map(|reason| (task, reason)));
        let lists = enlisted(planner, place, task, &outcome.wanted).map(|asked| asked.line);
        let others = planner.whole(task).details.iter();
        let others = others.filter(|line| matches!(line.key, Key::Other(_)) && line.key.ignored().is_none());
        left.extend(others.filter_map(|line| keyed(planner, folder, line)).map(|reason| (task, reason)));
        for line in &planner.task(task).details {
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
            let is_new = |name: &str| outcome.wanted.stubs.iter().any(|stub| stub.name == name);
            let mut funcs = named_funcs(planner, folder, &line.text);
            funcs.retain(|func| !is_new(&func.name));
            // A function of the file that the line names is the one that it speaks of.
            let in_file = |func: &&Func| all.iter().any(|word| word.text == func.source.path());
            let of_files: Vec<String> = funcs.iter().filter(in_file).map(Func::place).collect();
            let places = if of_files.is_empty() { funcs.iter().map(Func::place).collect() } else { of_files };
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
