//! Functions that a task spells out without a verb beside each: "with `f(x int) error` and `g(s string)`", a list.

use crate::demand::{Piece, Word, words};
use crate::go::FunctionHead;
use crate::name::is_go_identifier;
use crate::plan::{Key, PlannedTask, intent};
use crate::text::code_spans;

/// The lines that can spell out a function.
const KEYS: &[Key] = &[Key::Function, Key::Task, Key::Logic, Key::Implementation, Key::Location, Key::Prose];

/// Whether code is the head of a function and no call: it says `func`, or every parameter has a name and a type.
pub(in crate::kinds) fn is_head(code: &str) -> bool {
    let says = code.trim_start().starts_with("func ");
    let code = code.trim().trim_start_matches("func ").trim();
    let dotted = code.split('(').next().and_then(|name| name.rfind('.')).map_or(0, |dot| dot + 1);
    FunctionHead::parse(&code[dotted..]).is_ok_and(|head| {
        let named = head.parameters.iter().all(|parameter| !parameter.names.is_empty());
        named && (says || !head.parameters.is_empty() || !head.results.is_empty())
    })
}

/// Whether a function is listed as what a file gets: "`a/b.go` with", "put", behind another one that is new.
pub(super) fn is_listed(before: &str, code: &str) -> bool {
    is_head(code) && (is_content(before) || puts(before))
}

/// "Create `a/b.go` with", "a new file `a/b.go` with the functions": what a file that is made or extended holds.
fn is_content(before: &str) -> bool {
    const NOUNS: &[&str] = &[
        "file",
        "package",
        "function",
        "functions",
        "helper",
        "helpers",
        "func",
        "funcs",
        "the",
        "a",
        "an",
        "two",
        "three",
        "these",
        "new",
        "following",
        "exported",
        "unexported",
    ];
    let all = words(before);
    let Some(with) = all.iter().rposition(|word| word.is(&["with"])) else { return false };
    let holder = all[..with].iter().rev().find(|word| word.piece != Piece::Mark);
    let holds = holder.is_some_and(|word| word.text.ends_with(".go") || word.is(&["file", "package"]));
    let makes = all[..with].iter().any(|word| {
        word.is(&["create", "add", "new", "introduce", "extend", "implement", "write", "provide", "make", "start"])
    });
    let only = all[with + 1..].iter().all(|word| word.is(NOUNS) || word.piece == Piece::Mark);
    holds && makes && only
}

/// "Put `f(x int) error` into".
fn puts(before: &str) -> bool {
    let all = words(before);
    let verb = all.iter().rposition(|word| word.is(&["put", "place", "house", "export", "offer"]));
    let plain = |word: &crate::demand::Word<'_>| {
        word.is(&["the", "a", "an", "two", "new", "function", "functions", "helper", "helpers", "both", "and"])
    };
    verb.is_some_and(|verb| all[verb + 1..].iter().all(|word| plain(word) || word.piece != Piece::Prose))
}

/// The first head that a task spells out.
pub(in crate::kinds) fn spelled(task: &PlannedTask) -> Option<String> {
    task.once("spelled", || {
        let lines = task.details(KEYS).chain([task.title.as_str()]);
        lines.flat_map(code_spans).find(|code| is_head(code)).map(name_of)
    })
}

/// A name of Go that a title asks for, as the object of its verb: "Add the option `WithPulse` to …".
pub(in crate::kinds) fn object(title: &str) -> Option<String> {
    #[rustfmt::skip]
    const JOINTS: &[&str] = &[
        "in", "to", "for", "of", "from", "with", "on", "into", "that", "which", "when", "so", "using", "by", "at",
        "behind", "via", "as",
    ];
    const NOUNS: &[&str] = &[
        "type",
        "types",
        "struct",
        "structs",
        "interface",
        "option",
        "options",
        "helper",
        "helpers",
        "function",
        "functions",
        "method",
        "methods",
        "constant",
        "constants",
        "variable",
        "field",
    ];
    let all = words(title);
    let end = all.iter().position(|word| word.piece == Piece::Prose && word.is(JOINTS)).unwrap_or(all.len());
    let clause = &all[..end];
    let is_named = |word: &Word<'_>| {
        let (upper, lower) = (char::is_uppercase, char::is_lowercase);
        word.piece == Piece::Code
            && is_go_identifier(word.text)
            && word.text.contains(upper)
            && word.text.contains(lower)
    };
    // "The `GuestPulse` controller" is called after something.
    let ends = |at: usize| {
        clause.get(at + 1).is_none_or(|next| next.piece != Piece::Prose || next.is(NOUNS) || next.is(&["and"]))
    };
    let mut found = (0..clause.len()).filter(|&at| is_named(&clause[at]) && ends(at));
    found.next().filter(|_| intent::adds(title)).map(|at| clause[at].text.to_owned())
}

/// The names of all heads that a task spells out, in its title and below it.
pub(in crate::kinds) fn all_spelled(task: &PlannedTask) -> Vec<String> {
    let lines = std::iter::once(task.title.as_str()).chain(task.details(KEYS));
    let mut names: Vec<String> = lines.flat_map(code_spans).filter(|code| is_head(code)).map(name_of).collect();
    names.dedup();
    names
}

/// The name in a head, without its receiver, package or type parameters.
fn name_of(code: &str) -> String {
    let code = code.trim().trim_start_matches("func ");
    let receiver = if code.starts_with('(') { code.find(')').map_or(0, |close| close + 1) } else { 0 };
    let name = code[receiver..].split(['(', '[']).next().unwrap_or_default().trim();
    name.rsplit('.').next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_are_told_from_calls() {
        for code in ["f(x int) error", "func f()", "f(a, b string)", "f() error", "(t *T) f(x int)", "T.f(x int) bool"]
        {
            assert!(is_head(code), "{code}");
        }
        for code in ["f()", "f(a, b)", "f", "f(x)", "append(a, b...)"] {
            assert!(!is_head(code), "{code}");
        }
    }

    #[test]
    fn the_object_of_a_title_is_a_name_of_go() {
        for title in [
            "Add the option `WithPulse` and `WithBeat` to `pkg/a.go`",
            "Add `WithPulse`",
            "Create `PulseReader` type in `pkg/a.go`",
            "Introduce the struct `PulseReader`",
        ] {
            assert!(object(title).is_some(), "{title}");
        }
        for title in [
            "Add a reader for `DomainStats` in `pkg/a.go`",
            "Implement the `GuestPulse` controller",
            "Add `pkg/a.go`",
            "Add the `pulse` reader",
            "Guest pulse in `PulseReader`",
        ] {
            assert_eq!(object(title), None, "{title}");
        }
    }

    #[test]
    fn what_a_task_spells_is_found() {
        let spelled = |title| spelled(&PlannedTask::sample(title, &[]));
        assert_eq!(spelled("What `(t *T) f(x int)` and `g()` do").as_deref(), Some("f"));
        assert_eq!(spelled("What `g()` does"), None);
    }
}
