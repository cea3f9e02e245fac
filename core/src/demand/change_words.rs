//! The words of a line that wants code otherwise: names of functions, parameters, and places.

use super::change::By;
use super::words::Word;
use crate::go::FunctionHead;
use crate::name::is_go_identifier;

/// Words before a place.
pub(super) const IN: &[&str] = &["in", "inside", "within", "from", "by", "of"];

/// Words for all of the places.
pub(super) const EVERY: &[&str] = &["all", "every", "each", "everywhere", "any"];

/// The tests.
pub(super) const TESTS: &[&str] = &["tests", "test", "specs", "spec", "unit"];

/// A file of Go.
pub(super) fn is_file(word: &Word<'_>) -> bool {
    word.text.ends_with(".go") && !word.text.contains(['(', ' '])
}

/// The name of a function, or what a function is known by: `f`, `f()`, `T.f`, `p.F`, `(t *T) f`.
pub(super) fn is_path(code: &str) -> bool {
    let bare = code.strip_suffix("()").unwrap_or(code);
    let bare = match bare.strip_prefix('(').and_then(|rest| rest.split_once(')')) {
        Some((receiver, name)) if receiver.chars().all(|c| c.is_alphanumeric() || " *_".contains(c)) => {
            name.trim().trim_start_matches('.')
        }
        _ => bare,
    };
    let bare = bare.trim_start_matches('*');
    bare.split('.').count() < 3 && bare.split('.').all(is_go_identifier)
}

/// Parameters as Go has them, each with its name.
pub(super) fn are_parameters(code: &str) -> bool {
    is_head(&format!("f({code})"))
}

/// The head of a function, whose parameters have names.
pub(super) fn is_head(code: &str) -> bool {
    let head = FunctionHead::parse(code);
    head.is_ok_and(|head| !head.parameters.is_empty() && head.parameters.iter().all(|one| !one.names.is_empty()))
}

/// What stands in files and functions behind "in", and is about the place alone.
pub(super) struct Places<'w, 'a> {
    /// The other words.
    pub(super) rest: Vec<&'w Word<'a>>,
    pub(super) within: Vec<By>,
}

/// The words of a clause apart from the files that it names, and the functions behind "in".
pub(super) fn places<'w, 'a>(clause: &'w [Word<'a>]) -> Places<'w, 'a> {
    let (mut rest, mut within): (Vec<&Word<'_>>, Vec<By>) = Default::default();
    let mut is_in = false;
    for (at, word) in clause.iter().enumerate() {
        let before = at.checked_sub(1).map(|at| &clause[at]);
        if word.is(IN) {
            is_in = true;
        } else if word.is(&["the", "function", "method", "file"]) && is_in {
        } else if is_file(word) {
            // "`f` (`a/b.go`)", "`f` in `a/b.go`": the file of the function.
            let led = before.is_some_and(|word| word.is_mark("(") || word.is(IN) || word.is(&["file"]));
            let is_of_function = led && at > 1 && within.iter().any(|by| matches!(by, By::Function(_)));
            if !is_of_function {
                within.push(By::File(word.text.to_owned()));
            }
            is_in = false;
        } else if is_in && word.is_code() && is_path(word.text) {
            within.push(By::Function(word.text.to_owned()));
            // "in `f` and `g`"
            let next = clause.get(at + 1);
            is_in = next.is_some_and(|next| next.is(&["and"]) || next.is_mark(","))
                && clause.get(at + 2).is_some_and(Word::is_code);
        } else if is_in && (word.is(&["and"]) || word.is_mark(",")) {
        } else if is_in && (word.is(TESTS) || word.is(&["callers", "caller"]) || word.is(EVERY)) {
            if word.is(&["tests", "specs"]) {
                within.push(By::Tests);
            } else if word.is(&["callers"]) {
                within.push(By::Callers);
            }
            is_in = word.is(&["unit", "all", "every", "its"]);
        } else {
            is_in = false;
            rest.push(word);
        }
    }
    Places { rest, within }
}

/// The last part of what a line calls a function, `T.f`, `(t *T) f`, `p.F()`, and what stands before it: a package, a
/// type, or nothing.
pub fn function_parts(name: &str) -> (Option<&str>, &str) {
    let bare = name.trim_end_matches("()");
    match bare.strip_prefix('(').and_then(|rest| rest.split_once(')')) {
        Some((receiver, name)) => (receiver.rsplit([' ', '*']).next(), name.trim().trim_start_matches('.')),
        None => {
            bare.rsplit_once('.').map_or((None, bare), |(holder, name)| (Some(holder.trim_start_matches('*')), name))
        }
    }
}
