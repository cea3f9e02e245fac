//! Validation functions whose heads lines say in words or under keys of their own: "its parameters are `a A` and `b B`, and
//! its result is `[]C`", "In: `a A`", "Receiver: `x *T`".

use super::requests;
use crate::demand::{Piece, Word, words};
use crate::go::FunctionHead;
use crate::kinds::component::{Function as GoFunction, functions};
use crate::name::is_go_identifier;
use crate::plan::{Key, ManualReason, PlannedTask, Planner, TaskLine};

/// Keys of parameters, of results, and of receivers.
const IN: &[&str] = &["in", "input", "inputs", "params", "parameter", "parameters", "arguments", "args", "takes"];
const OUT: &[&str] = &["out", "output", "result", "results", "returns", "return"];
const RECEIVER: &[&str] = &["receiver"];

/// Keys of what calls it.
const CALLER: &[&str] = &["caller", "callers", "called by", "called from", "called in", "invoked by", "invoked from"];

/// Lines that may say of a head.
const KEYS: &[Key] = &[Key::Task, Key::Logic, Key::Implementation, Key::Validation, Key::Prose];

/// Whether the work that a task is left for is what its function does: "Check the delay", with the head of what checks it.
pub(super) fn is_deed(reason: &ManualReason, task: &PlannedTask) -> bool {
    const DEEDS: &[&str] = &["check", "validate", "verify", "ensure", "make sure"];
    let ManualReason::OtherWork(verb) = reason else { return false };
    let spells = || functions(task).0.iter().any(requests::validates) || !described(task).is_empty();
    DEEDS.contains(&&**verb) && spells()
}

fn is_other(line: &TaskLine, keys: &[&str]) -> bool {
    matches!(&line.key, Key::Other(key) if keys.contains(&key.as_str()))
}

/// Whether a line says what calls a function, under a key of its own.
pub(super) fn is_caller(line: &TaskLine) -> bool {
    is_other(line, CALLER)
}

/// The validation functions of a task that its other readers do not know.
pub(super) fn described(task: &PlannedTask) -> Vec<GoFunction> {
    task.once("described validations", || read(task))
}

fn read(task: &PlannedTask) -> Vec<GoFunction> {
    let lines = task.lines_of(KEYS).map(|line| (line.line, line.text.as_str()));
    let texts: Vec<(usize, &str)> = std::iter::once((task.line, task.title.as_str())).chain(lines).collect();
    let mut found: Vec<GoFunction> = Vec::new();
    for (line, text) in &texts {
        let all = words(text);
        for word in all.iter().filter(|word| word.piece == Piece::Code) {
            let Some(head) = spelled(word.text) else { continue };
            let receiver =
                if head.receiver.is_some() { String::new() } else { receiver(task, &all).unwrap_or_default() };
            let code = word.text.trim_start_matches("func ");
            if !found.iter().any(|known| known.name == head.name) {
                found.push(GoFunction::new(
                    head.name.clone(),
                    FunctionHead::parse(&format!("{receiver}{code}")),
                    *line,
                ));
            }
        }
    }
    if found.is_empty() {
        found.extend(in_words(task, &texts));
    }
    found
}

/// The head of a validation function that is spelled out: its parameters have names, and it gives back a verdict.
fn spelled(code: &str) -> Option<FunctionHead> {
    let head = FunctionHead::parse(code.trim_start_matches("func ")).ok()?;
    let named = !head.parameters.is_empty() && head.parameters.iter().all(|one| !one.names.is_empty());
    let verdict = |ty: &str| ty.ends_with(".StatusCause") || ty.ends_with(".AdmissionResponse");
    (named && head.results.iter().any(|one| verdict(&one.ty.text))).then_some(head)
}

/// The one function whose name stands first, with the head that lines say in words.
fn in_words(task: &PlannedTask, texts: &[(usize, &str)]) -> Option<GoFunction> {
    let (line, name) = texts.iter().find_map(|(line, text)| Some((*line, name(text)?)))?;
    let all: Vec<Vec<Word<'_>>> = texts.iter().map(|(_, text)| words(text)).collect();
    let keyed = |keys: &[&str]| {
        let is_params = |line: &&TaskLine| line.key == Key::File && keys == IN && !line.text.contains('/');
        task.details.iter().find(|line| is_other(line, keys) || is_params(line)).map(|line| line.text.as_str())
    };
    let parameters = keyed(IN).map(codes).or_else(|| all.iter().find_map(|line| behind(line, TAKES)))?;
    let results = keyed(OUT).map(codes).or_else(|| all.iter().find_map(|line| behind(line, GIVES)))?;
    let receiver = all.iter().find_map(|line| receiver(task, line)).or_else(|| receiver(task, &[]));
    let results = match results.as_slice() {
        [one] => one.clone(),
        several => format!("({})", several.join(", ")),
    };
    let head = format!("{}{name}({}) {results}", receiver.unwrap_or_default(), parameters.join(", "));
    spelled(&head)?;
    Some(GoFunction::new(name.to_owned(), FunctionHead::parse(&head), line))
}

/// The name of a validation function that a line begins with: "`validateX` rejects", "validateX", "the method `validateX`".
fn name(text: &str) -> Option<&str> {
    let all = words(text);
    let first = all.iter().find(|word| word.is_code() && is_go_identifier(word.text))?;
    validates(first.text).then_some(first.text)
}

/// Whether a function is called as a validation.
fn validates(name: &str) -> bool {
    const VERBS: &[&str] = &["validate", "check", "admit", "ensure", "verify", "reject"];
    let lower = name.to_lowercase();
    let behind = |verb: &str| name.get(verb.len()..).is_some_and(|rest| rest.starts_with(char::is_uppercase));
    is_go_identifier(name) && VERBS.iter().any(|verb| lower.starts_with(verb) && behind(verb))
}

/// Whether a task says of a validation that it is like another one.
pub(super) fn is_like(task: &PlannedTask) -> bool {
    task.once("validation like another", || like(task).is_some())
}

/// The lines of a task that state the head of a function, or its caller, under keys of their own.
pub(super) fn lines(task: &PlannedTask, name: &str) -> Vec<usize> {
    if !described(task).iter().any(|known| known.name == name) {
        return Vec::new();
    }
    let is_kind = |line: &TaskLine| {
        is_other(line, &["kind"]) && words(&line.text).iter().any(|word| word.is(&["function", "method", "validator"]))
    };
    let states = |line: &&TaskLine| {
        let keyed = [IN, OUT, RECEIVER, CALLER].iter().any(|keys| is_other(line, keys));
        keyed || is_kind(line) || line.key == Key::File && !line.text.contains('/')
    };
    task.details.iter().filter(states).map(|line| line.line).collect()
}

/// What a task says that a function is to validate: lines about it, and what a sentence says behind its name.
pub(super) fn purposes(task: &PlannedTask, name: &str) -> Vec<String> {
    let mut found = super::purpose::purposes(task, &[name]);
    let known = described(task);
    let own = known.iter().find(|known| known.name == name);
    let texts = task.details.iter().map(|line| (line.line, line.text.as_str())).chain([(task.line, &*task.title)]);
    let text = own.and_then(|own| texts.into_iter().find(|(line, _)| *line == own.line)).map(|(_, text)| text);
    let deed = text.and_then(|text| {
        let rest = text.strip_prefix(&format!("`{name}` "))?;
        let end = [". ", "; "].iter().filter_map(|end| rest.find(end)).min().unwrap_or(rest.len());
        let said = rest[..end].trim_end_matches('.');
        let is_deed = words(said).first().is_some_and(|word| word.is(requests::RULES) || word.is(DEEDS));
        is_deed.then(|| said.to_owned())
    });
    found.extend(deed.filter(|deed| !found.contains(deed)));
    found
}

/// What a validation does beside turning something down.
const DEEDS: &[&str] = &["checks", "ensures", "verifies", "validates", "makes"];

/// Words that lead to parameters, and to results.
const TAKES: &[&str] = &["parameters", "parameter", "arguments", "argument", "takes", "taking"];
const GIVES: &[&str] = &["result", "results", "returns", "returning", "return"];

/// The code of a list behind one of some words: "its parameters are `a A` and `b B`".
fn behind(line: &[Word<'_>], leads: &[&str]) -> Option<Vec<String>> {
    let at = line.iter().position(|word| word.piece == Piece::Prose && word.is(leads))?;
    let skipped = |word: &&Word<'_>| word.is(&["is", "are", "the", "a", "an", "two"]) || word.is_mark(":");
    let rest = &line[at + 1..];
    let start = rest.iter().take_while(skipped).count();
    let list =
        rest[start..].iter().take_while(|word| word.piece == Piece::Code || word.is(&["and"]) || word.is_mark(","));
    let found: Vec<String> = list.filter(|word| word.piece == Piece::Code).map(|word| word.text.to_owned()).collect();
    (!found.is_empty()).then_some(found)
}

/// All the code of a text.
fn codes(text: &str) -> Vec<String> {
    words(text).iter().filter(|word| word.piece == Piece::Code).map(|word| word.text.to_owned()).collect()
}

/// The function whose parameters and results a task says that another one has: "whose parameters, results and receiver are
/// those of `f`", "with the same parameters and result as `f`"; its name, that of the other, and whether its receiver is
/// the same.
fn like(task: &PlannedTask) -> Option<(usize, String, String, bool)> {
    let lines = task.lines_of(KEYS).map(|line| (line.line, line.text.as_str()));
    let mut texts = std::iter::once((task.line, task.title.as_str())).chain(lines);
    texts.find_map(|(line, text)| {
        let all = words(text);
        let noun = all.iter().position(|word| word.is(&["parameters", "signature", "arguments", "head"]))?;
        let rest = &all[noun + 1..];
        let link = rest.iter().take(12).position(|word| word.is(&["as", "of"]))?;
        let between = rest[..link].iter().all(|word| {
            let plain = word.is(&["and", "is", "are", "the", "same", "those", "that", "ones"]) || word.is_mark(",");
            plain || word.is(GIVES) || word.is(RECEIVER)
        });
        let model = rest.get(link + 1).filter(|word| word.is_code())?.text.trim_end_matches("()");
        let own = all[..noun].iter().rev().find(|word| word.is_code() && validates(word.text))?.text;
        let is_one = between && is_go_identifier(model) && model != own;
        let same = rest[..link].iter().any(|word| word.is(RECEIVER));
        is_one.then(|| (line, own.to_owned(), model.to_owned(), same))
    })
}

/// Gives the functions of tasks the heads of those which they are said to be like, of the file's tasks or of its package.
pub(super) fn follow(planner: &Planner<'_, '_>, folder: &str, each: &mut [(usize, Vec<GoFunction>)]) {
    for at in 0..each.len() {
        let Some((line, name, model, same)) = like(planner.task(each[at].0)) else { continue };
        let is_open = |function: &GoFunction| {
            let bare = |head: &FunctionHead| head.parameters.is_empty() && head.results.is_empty();
            function.name == name && function.head.as_ref().map_or(true, bare)
        };
        let known = each.iter().flat_map(|(_, functions)| functions).filter(|function| function.name == model);
        let mut heads: Vec<FunctionHead> = known.filter_map(|function| function.head.clone().ok()).collect();
        if heads.is_empty() {
            heads = planner.survey.funcs(folder, &model).iter().filter_map(crate::survey::Func::head).collect();
        }
        let own = &mut each[at].1;
        let is_free = own.is_empty() || own.iter().all(is_open);
        let (true, [head]) = (is_free, heads.as_slice()) else { continue };
        let mut head = head.clone();
        head.name.clone_from(&name);
        head.receiver = head.receiver.filter(|_| same);
        *own = vec![GoFunction::new(name, Ok(head), line)];
    }
}

/// The receiver that a line, or a line with that key, states, as Go: "the receiver `x *T`", "to `*T`".
fn receiver(task: &PlannedTask, line: &[Word<'_>]) -> Option<String> {
    let keyed = task.details.iter().find(|line| is_other(line, RECEIVER)).map(|line| codes(&line.text));
    let code = |word: &Word<'_>| {
        let bare = word.text.trim_start_matches('(').trim_end_matches(')');
        let ty = bare.rsplit([' ', '*']).next().unwrap_or_default();
        let is_one = word.piece == Piece::Code && is_go_identifier(ty) && ty.starts_with(char::is_uppercase);
        is_one.then(|| bare.to_owned())
    };
    let is = |at: usize, list: &[&str]| line.get(at).is_some_and(|word| word.is(list));
    let stated = || {
        (0..line.len()).find_map(|at| {
            let noun = is(at, &["receiver"]);
            let next = at + 1 + usize::from(is(at + 1, &["is", "of"]));
            let own = line.get(next).filter(|_| noun).and_then(code);
            // "Add `f(…)` to `*T`", "a method of `*T`"
            let pointer = |word: &&Word<'_>| word.piece == Piece::Code && word.text.starts_with('*');
            let of = is(at, &["to", "on", "of"]).then(|| line.get(at + 1)).flatten().filter(pointer).and_then(code);
            own.or(of)
        })
    };
    let found = keyed.and_then(|mut found| (found.len() == 1).then(|| found.remove(0))).or_else(stated)?;
    Some(format!("({found}) "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_said_in_words() {
        let read = |text: &str| {
            let all = words(text);
            (behind(&all, TAKES), behind(&all, GIVES))
        };
        let some = |list: &[&str]| Some(list.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>());
        let line = "`f`: its parameters are `a A` and `b *B`, and its result is `[]C`";
        assert_eq!(read(line), (some(&["a A", "b *B"]), some(&["[]C"])));
        assert_eq!(read("`f` takes `a A`, `b B`; it returns `[]C`"), (some(&["a A", "b B"]), some(&["[]C"])));
        assert_eq!(read("`f` takes the causes"), (None, None));
    }

    #[test]
    fn only_a_validation_is_named() {
        for (text, found) in [
            ("`validateX` rejects `y`", Some("validateX")),
            ("checkX", Some("checkX")),
            ("`Admit` calls `validateX`", None),
            ("`validates` it", None),
        ] {
            assert_eq!(name(text), found, "{text}");
        }
    }
}
