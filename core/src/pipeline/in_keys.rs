//! Functions whose heads stand in lines with keys: "function `plan`", with "parameters: `nodes []string`" and "returns:
//! `error`" below it.

use crate::demand::{Piece, words};
use crate::go::FunctionHead;
use crate::name::is_go_identifier;
use crate::plan::{Key, TaskLine};

/// The key of a line that is a part of a head above it.
const PART: &str = "part of a head";

/// What a line with a key says of a function.
#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    Parameters,
    Results,
}

/// Gives each such function a line with its head.
pub(super) fn spell_out(title: &str, details: &mut [TaskLine]) {
    for at in 0..details.len() {
        let of_title = kind(&details[at]).then(|| only_name(title)).flatten();
        let Some(name) = of_title.or_else(|| named(&details[at])) else { continue };
        let name = name.to_owned();
        let parts = details[at + 1..].iter().take_while(|line| part(line).is_some() || is_between(line)).count();
        let own = at + 1..at + 1 + parts;
        let stated = |what: What| {
            let mut texts = details[own.clone()].iter().filter_map(part).filter(|(own, _)| *own == what);
            texts.next().filter(|_| texts.next().is_none()).map(|(_, text)| listed(text))
        };
        let (given, back) = (stated(What::Parameters), stated(What::Results));
        if given.is_none() && back.is_none() {
            continue;
        }
        let back = back.unwrap_or_default();
        let back = if back.contains([',', ' ']) && !back.starts_with("func(") { format!("({back})") } else { back };
        let head = format!("{name}({}) {back}", given.unwrap_or_default());
        if FunctionHead::parse(head.trim()).is_err() {
            continue;
        }
        (details[at].key, details[at].text) = (Key::Function, format!("`{}`", head.trim()));
        for line in details[own].iter_mut().filter(|line| part(line).is_some()) {
            line.key = Key::Other(PART.to_owned());
        }
    }
}

/// What a line says of a head, and the text behind its key: `In:` is read as a file elsewhere.
fn part(line: &TaskLine) -> Option<(What, &str)> {
    let (word, text) = match &line.key {
        Key::Other(word) => (word.as_str(), line.text.as_str()),
        Key::File if line.text.contains(' ') && !line.text.contains('/') => ("in", line.text.as_str()),
        Key::Prose if line.is_item => line.text.split_once(": ")?,
        _ => return None,
    };
    match word {
        "parameters" | "parameter" | "params" | "arguments" | "args" | "in" | "input" | "inputs" | "takes"
        | "given" => Some((What::Parameters, text)),
        "returns" | "return" | "results" | "result" | "out" | "output" | "outputs" | "gives back" => {
            Some((What::Results, text))
        }
        _ => None,
    }
}

/// Whether a line may stand between the parts of a head.
fn is_between(line: &TaskLine) -> bool {
    matches!(&line.key, Key::Other(word) if matches!(word.as_str(), "receiver" | "comment"))
        || matches!(line.key, Key::Comment | Key::Description | Key::Integration)
}

/// Whether a line says that the task is about a function.
fn kind(line: &TaskLine) -> bool {
    let is_key = matches!(&line.key, Key::Other(word) if word == "kind" || word == "what");
    is_key && words(&line.text).iter().any(|word| word.is(&["function", "func", "method", "helper", "validator"]))
}

/// The name that is all of a title beside files: "`plan` in `x.go`", "plan".
fn only_name(title: &str) -> Option<&str> {
    let all = words(title);
    let mut named = all.iter().filter(|word| {
        word.piece != Piece::Mark
            && !word.text.ends_with(".go")
            && !word.is(&["in", "function", "method", "the", "new"])
    });
    let one = named.next().filter(|word| is_go_identifier(word.text))?;
    named.next().is_none().then_some(one.text)
}

/// The function that a line names and says nothing else of: "function `plan`", "Function: plan".
fn named(line: &TaskLine) -> Option<&str> {
    const NOUNS: &[&str] = &["function", "func", "method", "helper", "constructor", "a", "the", "new"];
    let text = line.text.trim().trim_end_matches(':');
    match line.key {
        Key::Function => Some(text.trim_matches('`').trim_end_matches("()")).filter(|name| is_go_identifier(name)),
        Key::Prose if line.is_item => {
            let all = words(text);
            let (last, front) = all.split_last()?;
            let is_said = !front.is_empty() && front.iter().all(|word| word.is(NOUNS));
            let name = last.text.trim_end_matches("()");
            (is_said && last.piece == Piece::Code && is_go_identifier(name)).then_some(name)
        }
        _ => None,
    }
}

/// What stands in the code of a line, with commas: "`a int`, `b string`", or nothing.
fn listed(text: &str) -> String {
    let codes: Vec<&str> = text.split('`').skip(1).step_by(2).collect();
    let bare = text.trim().trim_end_matches('.');
    match codes.as_slice() {
        [] if ["none", "nothing", "-", "void"].contains(&bare.to_lowercase().as_str()) => String::new(),
        [] => bare.to_owned(),
        [one] => one.trim_matches(['(', ')']).to_owned(),
        codes => codes.join(", "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_in_keys_is_one_line() {
        let line = |key: &str, text: &str| TaskLine {
            key: if key.is_empty() { Key::Prose } else { Key::parse(key) },
            text: text.to_owned(),
            line: 1,
            is_item: true,
        };
        for (title, mut details, head) in [
            (
                "Clock",
                vec![line("", "function `plan`"), line("parameters", "`a int`"), line("returns", "`error`")],
                Some("`plan(a int) error`"),
            ),
            (
                "plan",
                vec![line("kind", "function"), line("in", "`a int`, `b string`"), line("out", "`int`, `error`")],
                Some("`plan(a int, b string) (int, error)`"),
            ),
            (
                "plan",
                vec![line("kind", "function"), line("in", "`a int`"), line("out", "nothing")],
                Some("`plan(a int)`"),
            ),
            ("Clock", vec![line("function", "plan"), line("takes", "`a int`")], Some("`plan(a int)`")),
            ("Clock", vec![line("", "function `plan`"), line("", "it ticks")], None),
        ] {
            spell_out(title, &mut details);
            let found = details
                .iter()
                .find(|line| line.key == Key::Function && line.text.contains('('))
                .map(|line| line.text.as_str());
            assert_eq!(found, head, "{title}");
        }
    }
}
