//! What a line states for a function: the code, its place, and what it goes into.

use super::launch_flag::When;
use super::phrases::{apart_from_error, ends_list};
use crate::demand::{Piece, Word, function_parts, words};
use crate::go::Position;
use crate::name::is_go_identifier;
use crate::survey::{Func, Survey};
use crate::tree::parent;

/// What a line states.
#[derive(Debug)]
pub(super) enum Form<'a> {
    Code(&'a str),
    /// A flag of a command line, and when it is passed.
    Flag(&'a str, When<'a>),
}

pub(super) struct Demand<'a> {
    pub(super) function: Func,
    pub(super) form: Form<'a>,
    pub(super) position: Option<Position>,
    /// The literal, or the list, that it goes into.
    pub(super) within: Option<&'a str>,
    /// It is said to go into a list.
    pub(super) in_list: bool,
    /// Things that the list is said to have, and that the code is not called by.
    pub(super) other: Option<&'a str>,
    /// It is the last of the list.
    pub(super) is_last: bool,
    /// The error that it gives is returned.
    pub(super) is_checked: bool,
}

impl Demand<'_> {
    /// The code that the line has.
    pub(super) fn code(&self) -> &str {
        let (Form::Code(code) | Form::Flag(code, _)) = self.form;
        code
    }

    /// The variable that the code declares.
    pub(super) fn declares(&self) -> Option<&str> {
        self.code().split_once(" := ").map(|(name, _)| name)
    }
}

/// The function of a file that a piece of code names: `f`, `f()`, `T.f`, `(t *T) f`.
pub(super) fn function(survey: &Survey<'_>, file: &str, word: &Word<'_>) -> Option<Func> {
    let (receiver, name) = function_parts(word.text);
    if !word.is_code() || !is_go_identifier(name) {
        return None;
    }
    let funcs = survey.funcs(parent(file), name);
    let own =
        |func: &&Func| func.source.path() == file && receiver.is_none_or(|one| func.receiver.as_deref() == Some(one));
    let mut found = funcs.iter().filter(own);
    found.next().filter(|_| found.next().is_none()).cloned()
}

/// Words that say no more than that code stands in a function.
#[rustfmt::skip]
const PLAIN: &[&str] = &[
    "in", "inside", "within", "add", "adds", "set", "sets", "put", "puts", "pass", "passes", "call", "calls", "also",
    "the", "a", "an", "to", "of", "with", "as", "it", "launcher", "virt-launcher", "launcher's", "virt-launcher's",
    "command", "line", "flag", "field", "literal", "entry", "option", "options", "argument", "list", "chain", "slice",
    "statement", "then", "new", "append", "appends", "extend", "extends", "fill", "fills", "function", "method", "its",
    "existing", "declare", "declares", "define", "defines", "variable", "must", "should", "is", "on", "enabled", "gate", "feature", "directly", "right", "just", "immediately",
    "register", "registers", "entries", "values", "arguments",
];

/// What a line states; nothing if it has a word that is not read.
pub(super) fn read<'a>(survey: &Survey<'_>, line: &'a str, file: &str, whole: Option<&Func>) -> Option<Demand<'a>> {
    let (line, is_checked) = apart_from_error(line);
    let all = words(line);
    let (mut own, mut is_last) = (None, false);
    let (mut codes, mut condition): (Vec<&Word<'_>>, Vec<&Word<'_>>) = Default::default();
    let (mut role, mut within, mut position, mut items) = ("", None, None, Vec::new());
    for (at, word) in all.iter().enumerate() {
        if let Some(end) = ends_list(&all, at) {
            is_last = true;
            role = if end { "in" } else { role };
        } else if word.is(&["after", "behind", "below", "following"]) {
            role = "after";
        } else if word.is(&["before", "above"]) {
            role = "before";
        } else if word.is(&["if", "when", "while"]) {
            role = "if";
        } else if word.is(&["in", "inside", "within", "to", "from"]) {
            role = "in";
        } else if word.is(&["call", "calls", "set", "sets", "add", "adds", "append", "appends", "pass", "passes"])
            || word.is(&["register", "registers"])
        {
            role = "verb";
        } else if word.piece == Piece::Prose && word.text.ends_with('s') && codes.len() == 1 && !word.is(PLAIN) {
            items.push(word.text);
        } else if word.is_code() {
            match role {
                "after" => position = Some(Position::After(word.text.to_owned())),
                "before" => position = Some(Position::Before(word.text.to_owned())),
                "if" => condition.push(word),
                "verb" => codes.push(word),
                _ => match function(survey, file, word).filter(|_| own.is_none()) {
                    Some(func) => own = Some(func),
                    None if role == "in" && within.is_none() => within = Some(word.text),
                    None => codes.push(word),
                },
            }
            role = if role == "if" { "if" } else { "" };
        } else if !word.is(PLAIN) && !word.is_mark(",") && !word.is_mark(".") && !word.is_mark(":") {
            return None;
        }
    }
    let gated = all.iter().any(|word| word.is(&["gate", "enabled"]));
    let says_set = all.iter().rev().take_while(|word| !word.is_code()).any(|word| word.is(&["set", "is", "on"]));
    let function = own.or_else(|| whole.cloned())?;
    let [code] = codes.as_slice() else { return None };
    let (mut other, mut in_list) = (None, all.iter().any(|word| word.is(&["list", "slice"])) || within.is_some());
    for items in items {
        in_list = true;
        let decl = function.source.file.method(function.receiver.as_deref(), &function.name);
        if decl.is_some_and(|decl| function.source.target().sees(decl, items, 0).is_some()) {
            within = within.or(Some(items));
        } else if !is_item(code.text, items) {
            other = Some(items);
        }
    }
    let form = match code.text.strip_prefix("--") {
        Some(name) if !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') => return None,
        Some(_) => match condition.as_slice() {
            // "If `x` is set" is no condition in Go.
            [one] if one.text.contains(['.', '(']) && !gated && !says_set => {
                Form::Flag(code.text, When::Holds(one.text))
            }
            [one] if one.text.contains(['.', '(']) => return None,
            [] if gated => Form::Flag(code.text, When::Gate(None)),
            [name] if gated => Form::Flag(code.text, When::Gate(Some(name.text))),
            _ => return None,
        },
        None if condition.is_empty() && !gated => Form::Code(code.text),
        None => return None,
    };
    // A function may stand in a list by its name.
    let is_value = || code.text.contains('.') && code.text.split('.').all(is_go_identifier) && in_list;
    let is_go = code.text.contains(['(', ':', '=']) || code.text.starts_with("--") || is_value();
    let is_go = code.piece == Piece::Code && is_go;
    is_go.then_some(Demand { function, form, position, within, in_list, other, is_last, is_checked })
}

/// Whether code is one of some things: `x.NewDomainConfigurator()` of "configurators".
fn is_item(code: &str, items: &str) -> bool {
    let name = code.split(['(', '{']).next().unwrap_or_default();
    name.to_lowercase().contains(&items.trim_end_matches('s').to_lowercase())
}
