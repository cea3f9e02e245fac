//! What a task's prose says about code: constants, metrics, and the sentences above functions.

use super::super::struct_field::is_member;
use super::Enumeration;
use super::functions::functions;
use crate::demand::words;
use crate::kinds::constant;
use crate::kinds::edited::is_change_of;
use crate::name::{Name, is_gate_name, is_go_identifier};
use crate::plan::{Key, PlannedTask, TaskLine};

/// The sentence above a function. Go wants it to begin with the name.
pub(super) fn doc(name: &str, purpose: &str, task: &PlannedTask) -> String {
    let purpose = purpose.trim_end_matches('.');
    let (first, rest) = purpose.split_once(' ').unwrap_or((purpose, ""));
    let verb = first.to_lowercase();
    if verb == "for" {
        format!("{name} is for {rest}.")
    } else if VERBS.contains(&verb.as_str()) {
        format!("{name} {} {rest}.", third_person(&verb))
    } else if VERBS.iter().any(|known| third_person(known) == verb) || is_third_person(first, rest) {
        format!("{name} {verb} {rest}.")
    } else {
        let what = if purpose.is_empty() { task.subject.trim_end_matches('.') } else { purpose };
        // A title that names the function, or only its file, says nothing else about it.
        if purpose.is_empty() && (what.contains(&format!("`{name}")) || task.says().is_empty()) {
            return format!("{name} implements {}.", task.id);
        }
        format!("{name} implements {}: {what}.", task.id)
    }
}

/// `forgets everything`, but not `details of it` or `VMs`.
fn is_third_person(first: &str, rest: &str) -> bool {
    const BEHIND_NOUNS: &[&str] =
        &["of", "for", "in", "on", "and", "or", "to", "from", "with", "are", "is", "per", "must"];
    let verb = first.len() > 3 && first.ends_with('s') && !first.ends_with("ss");
    let second = rest.split(' ').next().unwrap_or_default();
    verb && first.chars().all(char::is_lowercase) && !second.is_empty() && !BEHIND_NOUNS.contains(&second)
}

/// Whether a word is a verb that functions begin with.
pub(super) fn is_verb(word: &str) -> bool {
    VERBS.contains(&word)
}

/// What functions are asked to do.
const VERBS: &[&str] = &[
    "add",
    "admit",
    "allocate",
    "apply",
    "ask",
    "build",
    "calculate",
    "check",
    "collect",
    "compute",
    "configure",
    "convert",
    "count",
    "create",
    "delete",
    "detect",
    "determine",
    "disable",
    "emit",
    "enable",
    "ensure",
    "expose",
    "fetch",
    "find",
    "generate",
    "get",
    "handle",
    "initialize",
    "inject",
    "list",
    "load",
    "map",
    "mount",
    "notify",
    "parse",
    "patch",
    "probe",
    "process",
    "publish",
    "query",
    "read",
    "reconcile",
    "record",
    "register",
    "reject",
    "remove",
    "render",
    "report",
    "reset",
    "resolve",
    "restore",
    "return",
    "select",
    "send",
    "set",
    "start",
    "stop",
    "sync",
    "translate",
    "update",
    "validate",
    "verify",
    "wait",
    "watch",
    "write",
];

/// `checks`, `applies`, `watches`.
fn third_person(verb: &str) -> String {
    let vowel_before_y = verb.len() > 1 && verb[..verb.len() - 1].ends_with(['a', 'e', 'o', 'u']);
    match verb.strip_suffix('y') {
        Some(stem) if !vowel_before_y => format!("{stem}ies"),
        _ if verb.ends_with("ch") || verb.ends_with("sh") || verb.ends_with(['s', 'x', 'z']) => format!("{verb}es"),
        _ => format!("{verb}s"),
    }
}

/// The lines in which a task says about the work of a function what is more than its name. A line that names another of
/// the task's functions is that one's, and one that names none is that of the function above it. What is done to something
/// else is no work of the function: `there` knows the names that its package has.
pub(in crate::kinds) fn steps<'a>(
    task: &'a PlannedTask,
    function: &str,
    there: &dyn Fn(&str) -> bool,
) -> Vec<&'a TaskLine> {
    let (all, _) = functions(task);
    let names = |line: &TaskLine, name: &str| {
        words(&line.text).iter().any(|word| word.is_code() && word.text.starts_with(name))
    };
    let is_shared =
        |line: &TaskLine| words(&line.text).iter().any(|word| word.is(&["all", "both", "each", "every", "they"]));
    let named = |line: &TaskLine| all.iter().any(|other| other.name != function && names(line, &other.name));
    let above = |line: &TaskLine| {
        let last = all.iter().rfind(|other| other.line < line.line && other.line != task.line).or(all.first());
        last.is_none_or(|last| last.name == function || !all.iter().any(|other| other.name == function))
    };
    let states = |line: &TaskLine| all.iter().any(|other| other.line == line.line);
    let is_own = |line: &&TaskLine| match line.key {
        Key::Task | Key::Logic | Key::Implementation => {
            let is_other = is_member(&line.text) || states(line) && !names(line, function);
            !is_other
                && !changes_other(&line.text, function, there)
                && (names(line, function) || !named(line) && (is_shared(line) || above(line)))
        }
        // What calls one function is nothing to the others of the task.
        Key::Integration => names(line, function) || !named(line),
        Key::Function => !line.text.contains('(') && !line.text.starts_with('`'),
        _ => false,
    };
    let says_more = |line: &&TaskLine| {
        !line.text.contains(&format!("{function}(")) && !line.text.contains("()") && !constant::spells(&line.text)
    };
    task.details.iter().filter(is_own).filter(says_more).collect()
}

/// The lines of a task that say what is to be done to something else that the package has. A function that is changed has a
/// spec of its own: `edited` knows the names of functions.
pub(super) fn other_steps<'a>(
    task: &'a PlannedTask,
    there: &dyn Fn(&str) -> bool,
    edited: &dyn Fn(&str) -> bool,
) -> Vec<&'a TaskLine> {
    let lines = task.lines_of(&[Key::Task, Key::Logic, Key::Implementation]);
    let (all, _) = functions(task);
    let has_specs = task.named.iter().any(|(path, _)| path.ends_with("_test.go"));
    let is_edited = |line: &TaskLine| {
        let is_change = !has_specs && line.key == Key::Task && is_change_of(&line.text);
        is_change && words(&line.text)[0].is(CHANGES) && changes_other(&line.text, "", edited)
    };
    let is_read = |line: &TaskLine| is_member(&line.text) || all.iter().any(|function| function.line == line.line);
    lines.filter(|line| !is_read(line) && changes_other(&line.text, "", there) && !is_edited(line)).collect()
}

/// Verbs whose object is there.
const CHANGES: &[&str] = &["extend", "change", "update", "modify", "adjust", "adapt", "alter", "amend", "teach"];

/// Whether a line says what is to be done to something that is there: "Extend `plan`", "Add `A` to `labels`", "`plan` gets a
/// parameter".
fn changes_other(text: &str, function: &str, there: &dyn Fn(&str) -> bool) -> bool {
    const ADDS: &[&str] = &["add", "append", "insert", "put", "list"];
    const INTO: &[&str] = &["to", "into", "in"];
    const GETS: &[&str] = &["gets", "gains", "takes", "receives", "returns", "calls", "skips", "must", "should", "no"];
    let line = words(text);
    let is_there = |at: usize| {
        let name = line.get(at).filter(|word| word.is_code()).map(|word| word.text.trim_end_matches("()"));
        name.is_some_and(|name| name != function && !name.contains('.') && is_go_identifier(name) && there(name))
    };
    let first = line.first();
    let object =
        |from: usize| from + line[from..].iter().take_while(|word| word.is(&["the", "existing", "function"])).count();
    if first.is_some_and(|word| word.is(CHANGES)) {
        return is_there(object(1));
    }
    if first.is_some_and(|word| word.is(ADDS)) {
        return (1..line.len()).any(|at| line[at].is(INTO) && is_there(object(at + 1)));
    }
    is_there(0) && line.get(1).is_some_and(|word| word.is(GETS))
}

/// Lines as comments have them.
pub(in crate::kinds) fn texts(lines: &[&TaskLine]) -> Vec<String> {
    lines.iter().map(|line| line.text.replace('`', "")).collect()
}

/// `Define HypervisorType constants (kvm, qemu-tcg, unknown)`.
pub(super) fn enumeration(task: &PlannedTask) -> Option<Enumeration> {
    task.lines_of(&[Key::Task, Key::Constants]).find_map(|line| {
        let plain = line.text.replace('`', "");
        let (before, after) = plain.split_once(" constants")?;
        let name = before.rsplit(' ').next()?.to_owned();
        let (values, rest) = after.trim_start_matches([':', ' ']).strip_prefix('(')?.split_once(')')?;
        // What closes twice is not one list.
        if rest.matches(')').count() > rest.matches('(').count() {
            return None;
        }
        let values: Vec<String> = values.split(',').map(|value| value.trim().trim_matches('"').to_owned()).collect();
        let plain = |value: &String| {
            !value.is_empty()
                && value.len() <= 100
                && value.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
        };
        // Each value is a constant of its own, under a name of its own.
        let mut words: Vec<String> = values.iter().map(|value| Name::parse(value).pascal()).collect();
        words.sort_unstable();
        words.dedup();
        let distinct = words.len() == values.len() && words.iter().all(|word| !word.is_empty());
        let usable = is_gate_name(&name) && name.len() <= 100 && values.iter().all(plain) && distinct;
        usable.then_some(Enumeration { line: line.line, name, values })
    })
}

#[cfg(test)]
#[path = "prose_tests.rs"]
mod tests;
