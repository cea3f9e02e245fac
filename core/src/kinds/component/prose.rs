//! What a task's prose says about code: constants, metrics, and the sentences above functions.

use super::super::struct_field::is_declaration;
use super::Enumeration;
use super::functions::functions;
use crate::demand::{ApiDemand, ApiEnum, api, words};
use crate::kinds::constant;
use crate::name::{Name, is_free_name};
use crate::plan::{Key, PlannedTask, TaskLine};

/// The sentence above a function. Go wants it to begin with the name.
pub(super) fn doc(name: &str, purpose: &str, task: &PlannedTask) -> String {
    let purpose = purpose.trim_end_matches('.');
    let (first, rest) = purpose.split_once(' ').unwrap_or((purpose, ""));
    if first.eq_ignore_ascii_case("for") {
        format!("{name} is for {rest}.")
    } else if let Some(verb) = verb_form(first, rest) {
        format!("{name} {verb} {rest}.")
    } else {
        let what = if purpose.is_empty() { clause(&task.subject) } else { purpose.to_owned() };
        // A title that names the function says nothing else about it.
        if what.is_empty() || purpose.is_empty() && what.contains(&format!("`{name}")) {
            return format!("{name} implements {}.", task.id);
        }
        format!("{name} implements {}: {what}.", task.id)
    }
}

/// The form of a verb behind a name, where a text begins with one.
pub(in crate::kinds) fn verb_form(first: &str, rest: &str) -> Option<String> {
    let verb = first.to_lowercase();
    if VERBS.contains(&verb.as_str()) {
        return Some(third_person(&verb));
    }
    let is_one = VERBS.iter().any(|known| third_person(known) == verb) || is_third_person(first, rest);
    is_one.then_some(verb)
}

/// What words say of a function, where they are whole: the first sentence, or nothing.
pub(super) fn clause(text: &str) -> String {
    const ENDS: &[&str] = &[
        "is", "are", "be", "to", "not", "and", "or", "the", "a", "an", "of", "in", "by", "with", "from", "for",
        "which", "that", "as", "also", "then", "both", "at", "on", "so", "into", "must", "should", "will", "only",
        "but", "its", "whose", "new",
    ];
    const BEGINS: &[&str] = &[
        "is",
        "are",
        "be",
        "it",
        "and",
        "or",
        "both",
        "unlike",
        "by",
        "from",
        "with",
        "to",
        "into",
        "at",
        "on",
        "so",
        "but",
        "called",
        "also",
        "then",
        "not",
        "like",
        "as",
        "whose",
        "must",
        "should",
        "will",
        "if",
        "when",
        "once",
        "instead",
        "of",
        "in",
        "plus",
        "where",
        "while",
        "they",
        "them",
        "these",
        "run",
        "runs",
        "used",
        "wired",
        "invoked",
        "executed",
        "triggered",
        "launched",
        "performed",
        "deferred",
        "hooked",
        "appended",
    ];
    const PLAIN: &[&str] = &[
        "add",
        "new",
        "create",
        "put",
        "introduce",
        "implement",
        "define",
        "file",
        "helper",
        "helpers",
        "function",
        "functions",
        "method",
        "methods",
        "a",
        "an",
        "the",
        "two",
        "three",
        "some",
        "following",
        "with",
    ];
    let open = [";", ". ", " - ", " – ", " — "].iter().filter_map(|mark| text.find(mark)).min().unwrap_or(text.len());
    let text = text[..open].trim().trim_end_matches(['.', ',', ':', ' ']);
    // "Which resolves it" says what the function does.
    let said = ["which ", "that ", "it "].iter().find_map(|word| text.strip_prefix(word));
    let text = match said {
        Some(said) if is_does(said) => said,
        Some(_) => return String::new(),
        None => text,
    };
    let bare = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let first = text.split_whitespace().next().map(bare).unwrap_or_default();
    let last = text.split_whitespace().last().map(bare).unwrap_or_default();
    let closed = text.matches('(').count() == text.matches(')').count() && text.matches('`').count() % 2 == 0;
    let begins = text.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '`' | '"' | '/' | '(' | '[' | '*'));
    let plain = text.split_whitespace().map(bare).all(|word| PLAIN.contains(&word.as_str()));
    let has_head = text.split('`').skip(1).step_by(2).any(|code| code.contains('('));
    let whole =
        closed && begins && !plain && !has_head && !ENDS.contains(&last.as_str()) && !BEGINS.contains(&first.as_str());
    if whole && !last.is_empty() { text.to_owned() } else { String::new() }
}

/// Whether a sentence says what a function does: "it resolves", "checks".
pub(super) fn is_said(text: &str) -> bool {
    is_does(["which ", "that ", "it ", "It "].iter().find_map(|word| text.strip_prefix(word)).unwrap_or(text))
}

/// Whether words begin with a verb in the third person: "resolves it".
fn is_does(text: &str) -> bool {
    let (first, rest) = text.split_once(' ').unwrap_or((text, ""));
    VERBS.iter().any(|known| third_person(known) == first) || is_third_person(first, rest)
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

/// The lines in which a task says about the work what is more than the function's name.
pub(in crate::kinds) fn steps<'a>(task: &'a PlannedTask, function: &str) -> Vec<&'a TaskLine> {
    let lines = task.details.iter().filter(|line| match line.key {
        Key::Task | Key::Logic | Key::Implementation => !is_declaration(&line.text),
        Key::Integration => true,
        Key::Function => !line.text.contains('(') && !line.text.starts_with('`'),
        _ => false,
    });
    let says_more = |line: &&TaskLine| !line.text.contains(&format!("{function}(")) && !line.text.contains("()");
    // What calls one function is nothing to the others of the task.
    let names = |line: &TaskLine, name: &str| {
        words(&line.text).iter().any(|word| word.is_code() && word.text.starts_with(name))
    };
    let others = functions(task).0.into_iter().map(|other| other.name).filter(|name| name != function);
    let others: Vec<String> = others.collect();
    let is_own = |line: &&TaskLine| {
        line.key != Key::Integration || names(line, function) || !others.iter().any(|other| names(line, other))
    };
    let says_more = |line: &&TaskLine| says_more(line) && !constant::spells(&line.text);
    lines.filter(says_more).filter(is_own).collect()
}

/// Lines as comments have them.
pub(in crate::kinds) fn texts(lines: &[&TaskLine]) -> Vec<String> {
    lines.iter().map(|line| line.text.replace('`', "")).collect()
}

/// Types of strings with their values: `Define HypervisorType constants (kvm, qemu-tcg, unknown)`, ``Enum: `Mode` (on, off)``.
pub(super) fn enumerations(task: &PlannedTask) -> Vec<Enumeration> {
    let worded = |line: &TaskLine| {
        let plain = line.text.replace('`', "");
        let (before, after) = plain.split_once(" constants")?;
        let name = before.rsplit(' ').next()?.to_owned();
        let (values, rest) = after.trim_start_matches([':', ' ']).strip_prefix('(')?.split_once(')')?;
        // What closes twice is not one list.
        if rest.matches(')').count() > rest.matches('(').count() {
            return None;
        }
        let values = values.split(',').map(|value| (None, value.trim().trim_matches('"').to_owned())).collect();
        let mut found = ApiEnum { name, values, extends: false, ..ApiEnum::default() };
        found.pair().ok().map(|()| found)
    };
    let keyed = |line: &TaskLine| {
        // Outside of the API a type may begin small.
        let start = line.text.find(|c: char| c.is_alphabetic())?;
        let (before, rest) = line.text.split_at(start);
        let small = rest.starts_with(|c: char| c.is_ascii_lowercase());
        let text =
            if small { format!("{before}{}{}", rest[..1].to_uppercase(), &rest[1..]) } else { line.text.clone() };
        let reading = api("enum", &text);
        match <[ApiDemand; 1]>::try_from(reading.demands).ok()? {
            [ApiDemand::Enum(known)] if !known.extends && reading.fault.is_none() => {
                let name =
                    if small { format!("{}{}", known.name[..1].to_lowercase(), &known.name[1..]) } else { known.name };
                Some(ApiEnum { name, ..known })
            }
            _ => None,
        }
    };
    let read = |line: &TaskLine| {
        let ApiEnum { name, values, .. } = if line.key == Key::Enum { keyed(line) } else { worded(line) }?;
        let plain = |(_, value): &(Option<String>, String)| {
            !value.is_empty()
                && value.len() <= 100
                && value.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
        };
        if !values.iter().all(plain) {
            return None;
        }
        let named = |(constant, value): (Option<String>, String)| {
            let own = format!("{name}{}", Name::parse(&value).pascal());
            (constant.unwrap_or(own), value)
        };
        let values: Vec<(String, String)> = values.into_iter().map(named).collect();
        // Each value is a constant of its own, under a name of its own.
        let mut constants: Vec<&String> = values.iter().map(|(constant, _)| constant).collect();
        constants.sort_unstable();
        constants.dedup();
        let distinct = constants.len() == values.len() && constants.iter().all(|constant| **constant != name);
        let usable = !values.is_empty() && is_free_name(&name) && name.is_ascii() && name.len() <= 100 && distinct;
        usable.then_some(Enumeration { line: line.line, name, values })
    };
    task.lines_of(&[Key::Task, Key::Constants, Key::Enum]).filter_map(read).collect()
}

#[cfg(test)]
#[path = "prose_tests.rs"]
mod tests;
