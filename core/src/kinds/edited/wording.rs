//! What a task asks of a function, as the text of a spec.

use crate::demand::{Piece, Word, is_builtin, words};
use crate::kinds::component::{is_finite, is_verb, order_form, verb_form};
use crate::name::lower_first;
use crate::plan::{Key, TaskLine};

/// `Extend plan to skip nodes` and `In plan skip nodes` are `should skip nodes`; what is said in another way stays as
/// it is.
pub(super) fn behaviour(text: &str, function: Option<&str>) -> String {
    // "… (`sync`)": the name alone says nothing of what it should do.
    let end = function.and_then(|name| {
        let head = text.trim_end_matches('.').strip_suffix(')')?;
        let (head, code) = head.rsplit_once(" (")?;
        is_named(code.trim_matches('`'), name).then_some(head)
    });
    let text = end.unwrap_or(text);
    let words = words(text);
    let plain = |from: usize| words.get(from).map(|word| tail(text, word));
    let at = function.and_then(|name| words.iter().position(|word| word.is_code() && is_named(word.text, name)));
    let found = at.and_then(|at| {
        let skipped = |next: &usize| {
            words[*next].is(&["function", "method", "helper"])
                || words[*next].is_mark(")") && at > 0 && words[at - 1].is_mark("(")
        };
        let next = (at + 1..words.len()).find(|next| !skipped(next))?;
        if words[next].is_mark(":") && at > 0 {
            return plain(next + 1);
        }
        // "Policies set it: `plan` also merges it"
        let does = words[next..].iter().find(|word| !word.is(&["also", "now", "then"]));
        if at > 0 && words[at - 1].is_mark(":") && does.is_some_and(|word| is_third_person(word)) {
            return plain(next);
        }
        // "Function `plan` also merges it"
        let is_noun = |word: &Word<'_>| word.is(&["the", "existing", "function", "method", "helper"]);
        let is = does.is_some_and(|word| is_third_person(word) || word.is(&["is", "has", "does", "no", "never"]));
        if words[..at].iter().all(is_noun) && is {
            return plain(next);
        }
        // "`plan`: returns early", "`plan` - also true when it is off"
        let behind =
            words.get(next + 1).filter(|_| words[next].piece == Piece::Mark && words[..at].iter().all(is_noun));
        if let Some(word) = behind.filter(|word| is_third_person(word) || word.is(&["also", "no", "now"])) {
            let is = words.get(next + 2).is_some_and(|word| word.is(&["true", "false"]));
            return Some(format!("{}{}", if is { "is " } else { "" }, tail(text, word)));
        }
        let leads = at == 1 && words[0].is(&["in"]) || at == 2 && words[0].is(&["in"]) && words[1].is(&["the"]);
        if words[next].is(&["to"]) {
            verb(&words, next + 1).then(|| plain(next + 1).map(|rest| format!("should {rest}")))?
        } else if words[next].is(&["should", "must", "shall"]) {
            verb(&words, next + 1).then(|| plain(next + 1).map(|rest| format!("should {rest}")))?
        } else if words[next].is(&["so", "such"]) && words.get(next + 1).is_some_and(|word| word.is(&["that"])) {
            plain(next + 2)
        } else if leads {
            let first = if words[next].is_mark(",") { next + 1 } else { next };
            // "In `plan`, when it is off, skip it"
            let is_case = words.get(first).is_some_and(|word| word.is(&["when", "whenever", "if", "unless", "for"]));
            let lead = if is_case { "" } else { "should " };
            verb(&words, first).then(|| plain(first).map(|rest| format!("{lead}{rest}")))?
        } else {
            None
        }
    });
    // "Reject a cap below 1Mi": what code does, and not what is done to code.
    let ordered = || {
        let is_behaviour = words.first().is_some_and(|word| word.is(BEHAVIOUR)) && words.len() > 2;
        let plain = text.replace('`', "");
        if is_behaviour { format!("should {}", lower_first(&plain)) } else { plain }
    };
    let said = found.filter(|said| said.contains(' ')).unwrap_or_else(ordered);
    let said = said.trim().trim_end_matches('.');
    let first = said.split(' ').next().unwrap_or_default();
    if text.contains(&format!("`{first}`")) { said.to_owned() } else { lower_first(said) }
}

/// A text in which the head of a function is its name.
pub(super) fn shortened(text: &str, function: &str) -> String {
    let short = |(at, part)| match at % 2 {
        1 if str::contains(part, '(') && !part.ends_with("()") && is_named(part, function) => function,
        _ => part,
    };
    text.split('`').enumerate().map(short).collect::<Vec<_>>().join("`")
}

/// Whether a text says how code is to be written, and not what it does: it names parameters or variables, statements, or
/// what becomes exported.
pub(super) fn is_about_code(text: &str) -> bool {
    const ORDERS: &[&str] = &["embed", "export", "inline", "label", "loses", "promote", "rename", "renames"];
    #[rustfmt::skip]
    const PARTS: &[&str] = &[
        "parameter", "parameters", "argument", "arguments", "variable", "exported", "unexported", "loop", "receiver",
    ];
    // A call with something in it, an element of a literal, a declaration, a case.
    let is_code = |code: &str| {
        let has_arguments = code.find('(').is_some_and(|open| !code[open..].starts_with("()")) && code.ends_with(')');
        let is_element =
            code.split_once(": ").is_some_and(|(name, _)| name.starts_with(|c: char| c.is_ascii_uppercase()));
        let declares = [" := ", " = ", "[]", "!", "case ", "go ", "if ", "{"].iter().any(|part| code.contains(part));
        has_arguments || is_element || declares
    };
    let all = words(text);
    let calls = all.iter().filter(|word| word.is_code() && word.text.ends_with("()")).count();
    let instead = calls > 1 && all.iter().any(|word| word.is(&["instead", "becomes"]));
    let is_call = calls > 0 && all.iter().any(|word| word.is(&["call", "calls", "called"]));
    instead
        || is_call
        || all.iter().take(3).any(|word| word.piece == Piece::Prose && word.is(ORDERS))
        || all.iter().any(|word| word.piece == Piece::Prose && word.is(PARTS))
        || all.iter().any(|word| word.piece == Piece::Code && is_code(word.text))
}

/// Whether a text states facts of code without backticks, or how code is wired, and not what it does: "`T.f -> g`", "T.a bool",
/// "`f` passes `p.X` to `q.Y`".
pub(super) fn states_facts(text: &str) -> bool {
    const WIRES: &[&str] = &["pass", "passes", "register", "registers", "hand", "hands", "append", "appends"];
    let all = words(text);
    let is_bare = |word: &Word<'_>| {
        word.piece == Piece::Prose && (word.text.starts_with(['*', '(', '[']) || word.text.contains(['(', '=']))
    };
    let is_joint = |word: &Word<'_>| word.piece == Piece::Mark && matches!(word.text, "->" | "→" | "—");
    let is_dotted =
        |word: &&Word<'_>| word.text.split('.').filter(|part| crate::name::is_go_identifier(part)).count() > 1;
    let is_type = |word: &Word<'_>| crate::go::TypeText::parse(word.text).is_ok_and(|_| is_builtin(word.text));
    let is_typed = |two: &[Word<'_>]| is_dotted(&&two[0]) && is_type(&two[1]);
    let joined = all.windows(3).any(|three| is_joint(&three[1]) && (three[0].is_code() || three[2].is_code()));
    let is_renamed =
        text.contains("from now on") || all.windows(2).any(|two| two[0].is(&["called", "named"]) && two[1].is_code());
    // "Drop `f`"
    let is_gone =
        matches!(&all[..], [verb, name, ..] if verb.is(&["drop", "remove", "delete", "retire"]) && name.is_code());
    joined
        || is_renamed
        || is_gone
        || all.iter().any(|word| word.text.ends_with(".go"))
        || all.iter().any(is_bare)
        || all.windows(2).any(is_typed)
        || all.iter().take(3).any(|word| word.is(WIRES)) && all.iter().any(|word| is_dotted(&word))
}

/// Whether an item spells something out: what it says is more than its title.
pub(super) fn is_fact(line: &TaskLine) -> bool {
    let is_code = || words(&line.text).first().is_some_and(Word::is_code);
    line.key == Key::Prose && line.is_item && (declares(&line.text) || states_facts(&line.text) || is_code())
}

/// Whether a text says what becomes of something, or orders something: the name of a thing says neither.
pub(super) fn says_something(text: &str) -> bool {
    let text = text.split_once(": ").filter(|(label, _)| label.split(' ').count() < 3).map_or(text, |(_, rest)| rest);
    let all = words(text);
    let first = all.first().map(|word| (word.text.to_lowercase(), &text[word.at + word.text.len()..]));
    let orders = first.is_some_and(|(first, rest)| {
        let rest = rest.trim_start();
        is_verb(&first)
            || verb_form(&first, rest).is_some()
            || order_form(&first, rest).is_some()
            || BEHAVIOUR.contains(&first.as_str())
            || super::CHANGES.contains(&first.as_str())
    });
    let is_verb = |at: usize| {
        let word = &all[at];
        let rest = &text[word.at + word.text.len()..];
        let does = || verb_form(&word.text.to_lowercase(), rest.trim_start()).is_some();
        word.piece == Piece::Prose && (is_finite(word.text) || word.is(&["never", "no", "not"]) || at > 0 && does())
    };
    orders || (0..all.len()).any(is_verb)
}

/// What code does to what it is given.
const BEHAVIOUR: &[&str] = &[
    "accept", "allow", "block", "deny", "fail", "forbid", "ignore", "prevent", "refuse", "reject", "require", "return",
    "skip", "warn",
];

/// Whether a text spells out something that is to be declared, a function with its parameters or a name with its type: that
/// is no behaviour.
pub(super) fn declares(text: &str) -> bool {
    let is_name = |name: &str| crate::name::is_go_identifier(name.rsplit('.').next().unwrap_or_default());
    let is_type = |ty: &str| crate::go::TypeText::parse(ty).is_ok() && !ty.contains(' ');
    let is_assigned = |code: &str| {
        let head = code.split_once(" = ").or_else(|| code.split_once(" := ")).map(|(head, _)| head);
        ["var ", "const ", "type ", "func "].iter().any(|word| code.starts_with(word))
            || head.is_some_and(|head| head.split(' ').next().is_some_and(crate::name::is_go_identifier))
    };
    let codes = || words(text).into_iter().filter(|word| word.piece == Piece::Code);
    codes().any(|word| is_assigned(word.text))
        || codes().any(|word| match word.text.split_once('(') {
            Some((name, rest)) => {
                // `Clock.set(now int)` has the name of its type before it.
                let head = &word.text[name.rfind('.').map_or(0, |dot| dot + 1)..];
                crate::go::FunctionHead::parse(head).is_ok() && rest.contains(' ')
            }
            None => word.text.split_once(' ').is_some_and(|(name, ty)| is_name(name) && is_type(ty.trim())),
        })
}

/// Whether a title is the name of something that is to be made: "vNIC metric", "Second metric, per running instance".
pub(super) fn is_thing(text: &str) -> bool {
    const THINGS: &[&str] = &[
        "metric",
        "metrics",
        "gauge",
        "gauges",
        "counter",
        "counters",
        "histogram",
        "collector",
        "constant",
        "constants",
        "variable",
        "variables",
        "enum",
        "enums",
        "flag",
        "flags",
        "struct",
        "structs",
        "type",
        "types",
        "table",
        "map",
        "annotation",
        "annotations",
        "label",
        "labels",
        "helper",
        "helpers",
        "field",
        "fields",
        "interface",
        "message",
        "messages",
    ];
    const LONGEST: usize = 4;
    let all = words(text);
    let clause: Vec<&Word<'_>> = all.iter().take_while(|word| word.piece != Piece::Mark).collect();
    let is_order = clause.first().is_some_and(|word| word.is(BEHAVIOUR) || word.is(super::CHANGES));
    let says =
        |word: &&Word<'_>| word.is(&["is", "are", "must", "should", "can", "has", "have", "gets", "get", "stays"]);
    let Some(at) = clause.iter().take(LONGEST).position(|word| word.is(THINGS)) else { return false };
    let is_whole = clause.get(at + 1).is_none_or(|next| next.is(&["for", "of", "with", "that", "called", "named"]));
    // "Bump the counter"
    let is_object =
        clause.iter().take(at).skip(1).any(|word| word.is(&["the", "its", "their", "all", "each", "every"]));
    is_whole && !is_object && !is_order && !clause.iter().any(says)
}

fn is_third_person(word: &Word<'_>) -> bool {
    let text = word.text;
    let is_plain = word.piece == Piece::Prose && text.chars().all(|c| c.is_ascii_lowercase());
    is_plain && text.len() > 3 && text.ends_with('s') && !text.ends_with("ss")
}

/// Whether a word can be the verb of what is asked: prose in small letters.
fn verb(words: &[Word<'_>], at: usize) -> bool {
    words.get(at).is_some_and(|word| {
        word.piece == Piece::Prose && word.text.chars().all(char::is_lowercase) && !word.is(&["the", "a", "an", "be"])
    })
}

/// The line from a word on, without backticks.
fn tail(text: &str, word: &Word<'_>) -> String {
    text[word.at..].replace('`', "")
}

/// Whether a piece of code is a function, by its name alone, as a call, or with its receiver.
pub(super) fn is_named(code: &str, name: &str) -> bool {
    let bare = match code.strip_prefix('(').and_then(|rest| rest.split_once(')')) {
        Some((_, rest)) => rest.trim(),
        None => code,
    };
    let bare = bare.split('(').next().unwrap_or_default().trim();
    bare.rsplit('.').next() == Some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_declaration_is_no_behaviour() {
        for (text, is_one) in [
            ("method `plan(now int) error` on `*Planner`", true),
            ("`Planner.plan(now int)`", true),
            ("two fields, `a string` and `b *int`", true),
            ("Messages: `var a = map[string]int{}`", true),
            ("variable `a = 5`", true),
            ("fails if `a == b`", false),
            ("Extend `plan` to skip nodes", false),
            ("`plan()` returns `nil`", false),
            ("prints `not a type at all`", false),
        ] {
            assert_eq!(declares(text), is_one, "{text}");
        }
    }

    #[test]
    fn a_thing_is_no_behaviour() {
        for (text, is_one) in [
            ("vNIC metric", true),
            ("Second metric, per running instance", true),
            ("Package variable", true),
            ("New gauge for the clocks", true),
            ("Labels of nodes are kept", false),
            ("Bump the counter", false),
            ("Reject unknown labels", false),
            ("nodes are kept", false),
        ] {
            assert_eq!(is_thing(text), is_one, "{text}");
        }
    }

    #[test]
    fn a_spec_says_what_the_function_should_do() {
        for (text, said) in [
            ("Extend `plan` to skip nodes.", "should skip nodes"),
            ("Change `Planner.plan` to read `a.B`, and fall back", "should read a.B, and fall back"),
            ("In `plan` copy a to b", "should copy a to b"),
            ("In plan(), copy a to b", "should copy a to b"),
            ("In `plan`, when `a` is off, skip it", "when a is off, skip it"),
            ("Extend the `plan` method so that each node is one rule", "each node is one rule"),
            ("`plan` must skip nodes", "should skip nodes"),
            ("Make `plan` faster", "make plan faster"),
            ("Pass `a` to `plan`", "pass a to plan"),
            ("Change `plan` to `make`", "change plan to make"),
            ("Change `plan` to be faster", "change plan to be faster"),
            ("Update `plan`", "update plan"),
            ("Bump the timeout", "bump the timeout"),
            ("Reject `a` below 1Mi", "should reject a below 1Mi"),
            ("Modify `plan` such that nodes are skipped", "nodes are skipped"),
            ("Make the planner skip nodes (`plan`)", "make the planner skip nodes"),
            ("Adjust the loop (`Planner.plan`) to skip nodes", "should skip nodes"),
            ("Adapt `plan`: nodes are skipped", "nodes are skipped"),
            ("Policies can set it: `plan` also merges `a`.", "also merges a"),
        ] {
            assert_eq!(behaviour(text, Some("plan")), said, "{text}");
        }
    }
}
