//! What a task's prose says about functions: the sentences above them, and what is to be done in them.

use super::super::struct_field::is_member;
use super::enumerations::enumerations;
use super::functions::named;
use super::joined::member_of;
use super::structural::is_structural;
use super::verbs::{is_does, is_finite, is_third_person, is_verb, order_form, verb_form};
use crate::demand::{Piece, Word, dropped_calls, sentence_end, words};
use crate::kinds::constant;
use crate::kinds::edited::is_change_of;
use crate::name::{is_go_identifier, lower_first};
use crate::plan::{Key, PlannedTask, TaskLine, intent};

/// The sentence above a function, which Go wants to begin with the name; nothing where the task says nothing of what it
/// does. A title speaks of the only function of its task.
pub(super) fn doc(name: &str, purpose: &str, task: &PlannedTask) -> String {
    said_of(name, purpose).or_else(|| said_of(name, &titled(name, task))).unwrap_or_default()
}

/// A purpose as the sentence above a function, where it says what the function does.
pub(super) fn said_of(name: &str, purpose: &str) -> Option<String> {
    const ANSWERS: &[&str] = &["true", "false", "nil"];
    let what = purpose.trim_end_matches('.');
    // A function that is called `read` may be said to "read the clock".
    if let Some(rest) = what.strip_prefix(name).filter(|rest| rest.starts_with(' ') && !is_verb(name)) {
        return Some(format!("{name}{rest}."));
    }
    let (first, rest) = what.split_once(' ')?;
    let is = |words: &[&str]| words.contains(&first.to_lowercase().as_str());
    let second = rest.split(' ').next().unwrap_or_default();
    // "Restore targets can be asked" has a subject of its own.
    let is_behind = |word: &&str| {
        matches!(*word, "that" | "which" | "whether" | "if" | "when" | "how" | "what" | "where" | "while")
    };
    if is_verb(&first.to_lowercase()) && rest.split(' ').take_while(|word| !is_behind(word)).take(4).any(is_finite) {
        return None;
    }
    let verb = match () {
        () if is(&["for"]) => "is for".to_owned(),
        () if is(&["whether"]) => "reports whether".to_owned(),
        () if is(ANSWERS) && matches!(second, "if" | "when" | "unless" | "for" | "while") => {
            format!("returns {}", first.to_lowercase())
        }
        () => verb_form(first, rest).or_else(|| order_form(first, rest))?,
    };
    Some(format!("{name} {verb} {rest}."))
}

/// What the title of a task says of its only function, if it says anything beside the function's name and file.
fn titled(name: &str, task: &PlannedTask) -> String {
    const GENERAL: &[&str] = &[
        "api",
        "change",
        "changes",
        "code",
        "component",
        "core",
        "go",
        "logic",
        "main",
        "primary",
        "secondary",
        "type",
        "types",
        "update",
        "updates",
    ];
    // A title that asks for more than the function, or says what is not there, is not about it.
    let denies = words(&task.subject).first().is_some_and(|word| word.is(&["no", "without"]));
    if denies || intent::in_part(task).is_some() {
        return String::new();
    }
    let what = clause(&task.subject);
    let what =
        ["implementation", "Implementation"].iter().find_map(|word| what.strip_suffix(word)).unwrap_or(&what).trim();
    let what = what.strip_prefix("Implement ").unwrap_or(what);
    let is_named = what.contains(&format!("`{name}`")) || what.contains(&format!("{name}("));
    let is_path = what.contains('/') && !what.contains(' ');
    let said = words(what);
    // A title above changes of other functions is about all of them.
    let is_other = |line: &&TaskLine| {
        let first = line.text.strip_prefix('`').and_then(|text| text.split(['`', '(']).next());
        line.is_item
            && matches!(line.key, Key::Prose | Key::Task)
            && first.is_some_and(|first| first != name && is_go_identifier(first))
    };
    if task.details.iter().any(|line| is_other(&line)) {
        return String::new();
    }
    // "Add to the controller" does not say what.
    let is_open = said.get(1).is_some_and(|word| word.is(&["to", "into", "in", "on", "for"]))
        && is_verb(&said[0].text.to_lowercase());
    let says_nothing = is_open || said.iter().all(|word| word.is(GENERAL));
    if is_named || is_path || says_nothing || task.says().is_empty() || named(task).0.len() > 1 {
        return String::new();
    }
    what.replace('`', "").split(' ').map(lower_first).collect::<Vec<_>>().join(" ")
}

/// What words say of a function, where they are whole: the first sentence, or nothing.
pub(super) fn clause(text: &str) -> String {
    const ENDS: &[&str] = &[
        "is", "are", "be", "to", "not", "and", "or", "the", "a", "an", "of", "in", "by", "with", "from", "for",
        "which", "that", "as", "also", "then", "both", "at", "on", "so", "into", "must", "should", "will", "only",
        "but", "its", "whose", "new",
    ];
    #[rustfmt::skip]
    const BEGINS: &[&str] = &[
        "is", "are", "be", "it", "and", "or", "both", "unlike", "by", "from", "with", "to", "into", "at", "on", "so",
        "but", "called", "also", "then", "not", "like", "as", "whose", "must", "should", "will", "if", "when", "once",
        "instead", "of", "in", "plus", "where", "while", "they", "them", "these", "run", "runs", "used", "wired",
        "invoked", "executed", "triggered", "launched", "performed", "deferred", "hooked", "appended", "taken",
        "copied", "extracted", "derived", "behind", "after", "before", "below", "above", "beside", "next",
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
    let marks = [";", " - ", " – ", " — "].iter().filter_map(|mark| text.find(mark));
    let open = marks.min().unwrap_or(text.len()).min(sentence_end(text));
    let text = text[..open].trim().trim_end_matches(['.', ',', ':', ' ']);
    // "Which resolves it" says what the function does.
    let said = ["which ", "that ", "it ", "It "].iter().find_map(|word| text.strip_prefix(word));
    if said.is_some_and(|said| !is_does(said)) {
        return String::new();
    }
    let text = said.unwrap_or(text);
    let bare = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let first = text.split_whitespace().next().map(bare).unwrap_or_default();
    let last = text.split_whitespace().last().map(bare).unwrap_or_default();
    let closed = text.matches('(').count() == text.matches(')').count() && text.matches('`').count() % 2 == 0;
    let begins = text.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '`' | '"' | '/' | '(' | '[' | '*'));
    let plain = text.split_whitespace().map(bare).all(|word| PLAIN.contains(&word.as_str()));
    let has_head = text.split('`').skip(1).step_by(2).any(|code| code.contains('('));
    // What it is to be implemented for is no deed of its own.
    if ["implement", "implements", "implemented"].contains(&first.as_str())
        && words(text).get(1).is_some_and(|word| word.is(&["it", "this", "them", "by"]))
    {
        return String::new();
    }
    let whole =
        closed && begins && !plain && !has_head && !ENDS.contains(&last.as_str()) && !BEGINS.contains(&first.as_str());
    if whole && !last.is_empty() { text.to_owned() } else { String::new() }
}

/// The lines in which a task says about the work of a function what is more than its name. A line that names another of
/// the task's functions is that one's, and one that names none is that of the function above it. What is done to something
/// else is no work of the function: `there` knows the names that its package has.
pub(in crate::kinds) fn steps<'a>(
    task: &'a PlannedTask,
    function: &str,
    there: &dyn Fn(&str) -> bool,
) -> Vec<&'a TaskLine> {
    let read = named(task);
    let all = &read.0;
    let states = |line: &TaskLine| all.iter().any(|other| other.line == line.line);
    let types = enumerations(task);
    let declares = |line: &TaskLine| types.iter().any(|known| known.line == line.line);
    let is_own = |line: &&TaskLine| match line.key {
        Key::Task | Key::Logic | Key::Implementation => {
            let is_other = is_member(&line.text) || declares(line) || states(line) && !names(line, function);
            !is_other
                && !changes_other(&line.text, function, there)
                && !is_structural(&line.text, there)
                && is_about(task, line, function)
        }
        // What calls a function is nothing that it does.
        Key::Function => !line.text.contains('(') && !line.text.starts_with('`') && !line.text.trim().is_empty(),
        _ => false,
    };
    let says_more = |line: &&TaskLine| {
        let says = line.text.contains(char::is_alphanumeric);
        // What is left of a sentence whose beginning is denied says nothing alone.
        says && dropped_calls(&line.text, false).is_empty()
            && member_of(&line.text).is_none()
            && !line.text.trim_start().starts_with([';', ','])
            && !line.text.contains(&format!("{function}("))
            && !line.text.contains("()")
            && !constant::spells(&line.text)
    };
    task.details.iter().filter(is_own).filter(says_more).collect()
}

/// Whether a line is about one of the functions that its task names: it names it, or names none and stands below it or
/// speaks of all.
pub(in crate::kinds) fn is_about(task: &PlannedTask, line: &TaskLine, function: &str) -> bool {
    const SHARED: &[&str] = &["all", "both", "each", "every", "they"];
    let read = named(task);
    let all = &read.0;
    let names_other = all.iter().any(|other| other.name != function && names(line, &other.name));
    // What leads to a list is about what is in it.
    let led = all.iter().find(|other| other.line > line.line && line.text.trim_end().ends_with(':'));
    let above = || all.iter().rfind(|other| other.line < line.line && other.line != task.line);
    let last = led.or_else(above).or(all.first());
    let is_below = last.is_none_or(|last| last.name == function || !all.iter().any(|other| other.name == function));
    names(line, function) || !names_other && (is_below || words(&line.text).iter().any(|word| word.is(SHARED)))
}

/// Whether a line has a name, alone or at the beginning of code.
fn names(line: &TaskLine, name: &str) -> bool {
    words(&line.text).iter().any(|word| word.is_code() && word.text.starts_with(name))
}

/// The lines of a task that say what is to be done to something else that the package has. A function that is changed has a
/// spec of its own: `edited` knows the names of functions.
pub(super) fn other_steps<'a>(
    task: &'a PlannedTask,
    there: &dyn Fn(&str) -> bool,
    edited: &dyn Fn(&str) -> bool,
) -> Vec<&'a TaskLine> {
    let lines = task.lines_of(&[Key::Task, Key::Logic, Key::Implementation]);
    let read = named(task);
    let all = &read.0;
    let has_specs = task.named.iter().any(|(path, _)| path.ends_with("_test.go"));
    let is_edited = |line: &TaskLine| {
        let is_change = !has_specs && line.key == Key::Task && is_change_of(&line.text);
        is_change && words(&line.text)[0].is(CHANGES) && changes_other(&line.text, "", edited)
    };
    let is_read = |line: &TaskLine| is_member(&line.text) || all.iter().any(|function| function.line == line.line);
    let is_there = |word: &Word<'_>| word.is_code() && there(word.text.trim_end_matches("()"));
    let is_apart = |text: &str| is_structural(text, there) && words(text).iter().any(is_there);
    let is_other = |text: &str| changes_other(text, "", there) || is_apart(text);
    lines.filter(|line| !is_read(line) && is_other(&line.text) && !is_edited(line)).collect()
}

/// Verbs whose object is there.
pub(in crate::kinds) const CHANGES: &[&str] =
    &["extend", "change", "update", "modify", "adjust", "adapt", "alter", "amend", "teach"];

/// Whether a line says what is to be done to something that is there: "Extend `plan`", "Add `A` to `labels`", "`plan` gets a
/// parameter", "`plan` and `apply` return an error", "In `plan`, …".
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
    if first.is_some_and(|word| word.is(&["in", "inside", "within"])) {
        return is_there(object(1));
    }
    // The names that the line is about.
    let is_subject = |word: &&Word<'_>| word.is_code() || word.is_mark(",") || word.is(&["and"]);
    let end = line.iter().take_while(is_subject).count();
    let mut names = (0..end).filter(|at| line[*at].is_code());
    let Some(verb) = line.get(end).filter(|_| is_there(0) && names.all(is_there)) else { return false };
    let rest = line.get(end + 1).map_or("", |word| word.text);
    // What several do ends with no S.
    let does = if end > 1 { format!("{}s", verb.text) } else { verb.text.to_owned() };
    verb.is(GETS) || verb.piece == Piece::Prose && is_third_person(&does, rest)
}

/// Lines as comments have them.
pub(in crate::kinds) fn texts(lines: &[&TaskLine]) -> Vec<String> {
    lines.iter().map(|line| line.text.trim_end_matches(':').replace('`', "")).collect()
}

#[cfg(test)]
#[path = "prose_tests.rs"]
mod tests;
