//! What a task's prose says about code: constants, metrics, and the sentences above functions.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::super::struct_field::is_declaration;
use super::Enumeration;
use super::functions::named;
use crate::demand::words;
use crate::kinds::constant;
use crate::name::{Name, is_gate_name};
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
        // A title that names the function says nothing else about it.
        if purpose.is_empty() && what.contains(&format!("`{name}")) {
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

/// A line that says something about the work, and the functions of the task that an `Integration:` names.
struct Step {
    /// Its place among the task's lines.
    at: usize,
    names: Vec<String>,
}

/// The lines in which a task says about the work what is more than a function's name.
pub(in crate::kinds) fn steps<'a>(task: &'a PlannedTask, function: &str) -> Vec<&'a TaskLine> {
    let all: Rc<Vec<Step>> = task.once("steps", || Rc::new(all_steps(task)));
    let head = format!("{function}(");
    // What calls one function is nothing to the others of the task.
    let is_own = |line: &TaskLine, step: &Step| {
        step.names.iter().all(|name| name == function)
            || words(&line.text).iter().any(|word| word.is_code() && word.text.starts_with(function))
    };
    let lines = all.iter().map(|step| (&task.details[step.at], step));
    lines.filter(|(line, step)| !line.text.contains(&head) && is_own(line, step)).map(|(line, _)| line).collect()
}

/// The lines that are steps of any function.
fn all_steps(task: &PlannedTask) -> Vec<Step> {
    let functions = named(task);
    let lines = task.details.iter().enumerate().filter(|(_, line)| match line.key {
        Key::Task | Key::Logic | Key::Implementation => !is_declaration(&line.text),
        Key::Integration => true,
        Key::Function => !line.text.contains('(') && !line.text.starts_with('`'),
        _ => false,
    });
    let says_more = |line: &TaskLine| !line.text.contains("()") && !constant::spells(&line.text);
    let known: BTreeSet<&str> = functions.0.iter().map(|function| function.name.as_str()).collect();
    let names = |line: &TaskLine| -> Vec<String> {
        let words = words(&line.text);
        let code = words.iter().filter(|word| word.is_code()).map(|word| word.text);
        let starts = code.flat_map(|code| code.char_indices().map(|(at, c)| &code[..at + c.len_utf8()]));
        starts.filter(|start| known.contains(start)).map(str::to_owned).collect()
    };
    let step = |(at, line): (usize, &TaskLine)| Step {
        at,
        names: if line.key == Key::Integration { names(line) } else { Vec::new() },
    };
    lines.filter(|(_, line)| says_more(line)).map(step).collect()
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
