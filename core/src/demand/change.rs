//! Code that is there and that a line wants otherwise: another parameter of a function and what its callers pass for it,
//! one expression for another, another name.

use super::change_words::{EVERY, IN, Places, TESTS, are_parameters, is_file, is_head, is_path, places};
use super::words::{Piece, Word, words};
use crate::go::FunctionHead;
use crate::name::is_go_identifier;
use names::{renamed, retitled};

/// What a clause wants.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum CodeChange {
    /// More parameters for functions.
    Parameters {
        /// The functions, as the line has them.
        functions: Vec<String>,
        /// The parameters, as Go.
        parameters: String,
        /// Where they stand among the others.
        place: Slot,
        /// The line can be about nothing but parameters.
        is_sure: bool,
    },
    /// Another head for a function.
    Head {
        /// The new one.
        head: String,
        /// The line says that the head is another one.
        is_sure: bool,
    },
    /// What callers pass for new parameters.
    Passed {
        /// The arguments, in order.
        arguments: Vec<String>,
        /// The function that they call; the one that the other clauses speak of, if there is none.
        function: Option<String>,
        /// Who passes it.
        by: Vec<By>,
    },
    /// Code that stands in the place of other code.
    Replaced {
        /// The code that is there.
        old: String,
        /// What replaces it.
        new: String,
        /// The functions and files that have it; any of the task's files if there are none.
        within: Vec<By>,
        /// Wherever it stands, and not once.
        every: bool,
    },
    /// Another name for a function, wherever it is called.
    Renamed {
        /// Its name.
        old: String,
        /// The new name.
        new: String,
        /// The line can be about nothing but the name.
        is_sure: bool,
    },
}

/// A place of code.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum By {
    /// A function, as the line has it.
    Function(String),
    /// A file, or a folder with all of its files: `cmd/x/`.
    File(String),
    /// The tests.
    Tests,
    /// Every caller.
    Callers,
}

/// A place among parameters.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Slot {
    /// Behind the others.
    Last,
    /// The place with a number, counted from 0.
    At(usize),
    /// Behind the one of a name.
    After(String),
    /// Before the one of a name.
    Before(String),
}

/// Words that say nothing but that something is there, or is to be.
#[rustfmt::skip]
const PLAIN: &[&str] = &[
    "the", "a", "an", "its", "their", "it", "so", "that", "and", "both", "also", "now", "then", "too", "as", "well", "should",
    "must", "will", "can", "there", "each", "of", "new", "additional", "another", "extra", "further", "one", "more", "two",
    "function", "functions", "method", "methods", "helper", "constructor", "parameter", "parameters", "param", "params",
    "argument", "arguments", "arg", "args", "signature", "type", "value", "call", "calls", "caller", "callers", "existing", "same",
    "with", "for", "at", "which", "have", "has", "let", "make", "update", "adjust", "adapt", "accordingly", "site", "sites",
];

/// What is passed.
const PASS: &[&str] = &["pass", "passes", "passing", "hand", "hands", "supply", "supplies", "forward", "forwards"];

const SET: &[&str] = &["set", "sets"];

/// What gets a parameter.
#[rustfmt::skip]
const GROW: &[&str] = &[
    "add", "adds", "give", "gives", "gets", "get", "takes", "take", "accept", "accepts", "receive", "receives", "gains", "gain",
    "needs", "need", "extend", "extends", "expects", "expect", "introduce", "append",
];

/// Everything that a line wants otherwise; nothing if it has a word that is not read.
pub fn changes(line: &str) -> Option<Vec<CodeChange>> {
    let all = words(line);
    let clauses = clauses(&all);
    let (mut found, mut bare): (Vec<CodeChange>, usize) = (Vec::new(), 0);
    for (at, clause) in clauses.iter().enumerate() {
        let one = passed(clause).or_else(|| replaced(clause)).or_else(|| renamed(clause)).or_else(|| retitled(clause));
        let one = one.or_else(|| head(clause)).or_else(|| grown(clause));
        match one.or_else(|| bare_head(clause).inspect(|_| bare += 1)) {
            Some(one) => found.push(one),
            // "virt-launcher: `f` becomes `g`"
            None if at == 0 && clauses.len() > 1 && is_label(clause) => {}
            None => return None,
        }
    }
    let skips = found.len() < clauses.len();
    let are_renames = found.iter().all(|one| matches!(one, CodeChange::Renamed { .. }));
    let passes = found.iter().any(|one| matches!(one, CodeChange::Passed { .. }));
    (!found.is_empty() && (!skips || are_renames) && (bare == 0 || passes)).then_some(found)
}

/// Whether a clause is a word before a colon that says what a line is about.
fn is_label(clause: &[Word<'_>]) -> bool {
    clause.len() < 3 && clause.iter().all(|word| word.piece == Piece::Prose && !word.text.contains(['.', '(', '/']))
}

/// The head that a function gets, alone: what its callers pass says that it is another one.
fn bare_head(clause: &[Word<'_>]) -> Option<CodeChange> {
    let own: Vec<&Word<'_>> = clause.iter().filter(|word| word.piece != Piece::Mark).collect();
    let [head] = own[..] else { return None };
    let is_one = head.piece == Piece::Code && is_head(head.text);
    is_one.then(|| CodeChange::Head { head: head.text.to_owned(), is_sure: false })
}

/// The clauses of a line: between full stops, semicolons, colons, and before who passes something.
fn clauses<'w, 'a>(words: &'w [Word<'a>]) -> Vec<&'w [Word<'a>]> {
    let mut found = Vec::new();
    let mut start = 0;
    for at in 0..words.len() {
        let ends = [";", ".", ":", "-", "–", "—"].iter().any(|mark| words[at].is_mark(mark));
        // "In `a/b.go`: …" says where.
        let is_place = |word: &Word<'_>| word.is(IN) || word.is(&["the", "file"]) || is_file(word);
        if words[at].is_mark(":") && at > start && words[start..at].iter().all(is_place) {
            continue;
        }
        let joins = words[at].is_mark(",") || words[at].is(&["and", "so"]) && !words[at + 1..].is_empty();
        // "`f`, `g` and `h` pass": the first ones are who passes, too.
        let is_lead = || words[start..at].iter().all(|word| leads(word));
        if ends || joins && at > start && begins_pass(&words[at + 1..]) && !is_lead() {
            found.push(&words[start..at]);
            start = at + 1;
        }
    }
    found.push(&words[start..]);
    found.retain(|clause| clause.iter().any(|word| word.piece != Piece::Mark));
    found
}

/// Whether words say who passes something: "`sync` passes …", "all callers pass …", "pass …".
fn begins_pass(words: &[Word<'_>]) -> bool {
    let verb = words.iter().position(|word| word.is(PASS) || word.is(SET));
    verb.is_some_and(|verb| {
        words[..verb].iter().all(leads) && (words[verb].is(PASS) || sets(&words[verb + 1..]).is_some())
    })
}

/// What callers set a new parameter to: "which all callers set to `false`", "set it to `x`".
fn sets<'w, 'a>(behind: &'w [Word<'a>]) -> Option<&'w [Word<'a>]> {
    let to = behind.iter().position(|word| !word.is(&["it", "this"]))?;
    behind[to].is(&["to"]).then(|| &behind[to + 1..]).filter(|values| values.iter().any(Word::is_code))
}

/// Whether a word can stand before what is passed.
fn leads(word: &Word<'_>) -> bool {
    let named = word.is_code() && (is_path(word.text) || is_file(word)) || is_program(word);
    named || [PLAIN, EVERY, TESTS, IN].iter().any(|list| word.is(list)) || word.piece == Piece::Mark
}

/// "virt-launcher passes": its command does.
fn is_program(word: &Word<'_>) -> bool {
    word.text.strip_prefix("virt-").is_some_and(|name| name.chars().all(|c| c.is_ascii_lowercase()))
}

fn codes<'w, 'a>(words: &[&'w Word<'a>]) -> Vec<&'w Word<'a>> {
    words.iter().filter(|word| word.is_code()).copied().collect()
}

/// Whether all prose is read.
fn is_read(words: &[&Word<'_>], own: &[&[&str]]) -> bool {
    words.iter().all(|word| {
        word.piece != Piece::Prose || word.is_code() || word.is(PLAIN) || own.iter().any(|list| word.is(list))
    })
}

/// "`sync` passes `c.config`", "pass `nil` to `New` in the tests"
fn passed(clause: &[Word<'_>]) -> Option<CodeChange> {
    let (clause, tests_too) = without_tests(clause);
    let Places { rest, mut within } = places(clause);
    let verb = rest.iter().position(|word| word.is(PASS) || word.is(SET))?;
    let (lead, mut tail) = (&rest[..verb], &rest[verb + 1..]);
    if rest[verb].is(SET) {
        let to = tail.iter().position(|word| word.is(&["to"]))?;
        let is_bare = tail[..to].iter().all(|word| word.is(&["it", "this"]));
        tail = Some(&tail[to + 1..]).filter(|_| is_bare)?;
    }
    let others: Vec<&Word<'_>> = lead.iter().filter(|word| !is_program(word)).copied().collect();
    if !is_read(&others, &[TESTS, EVERY]) || !is_read(tail, &[&["to", "into", "on"], EVERY]) {
        return None;
    }
    let mut by: Vec<By> = Vec::new();
    for word in lead {
        if word.is(&["callers"]) {
            by.push(By::Callers);
        } else if word.is(&["tests", "specs"]) {
            by.push(By::Tests);
        } else if is_program(word) {
            by.push(By::File(format!("cmd/{}/", word.text)));
        } else if word.is_code() {
            by.push(By::Function(is_path(word.text).then(|| word.text.to_owned())?));
        }
    }
    // "`f` in `a/b.go` passes": the file is that of the function.
    if by.iter().any(|by| matches!(by, By::Function(_))) {
        within.retain(|place| !matches!(place, By::File(_)));
    }
    by.append(&mut within);
    by.extend(tests_too.then_some(By::Tests));
    if by.is_empty() && tail.iter().any(|word| word.is(EVERY)) {
        by.push(By::Callers);
    }
    let to = tail.iter().position(|word| word.is(&["to", "into"]));
    let arguments = codes(&tail[..to.unwrap_or(tail.len())]);
    let callees = to.map(|to| codes(&tail[to..])).unwrap_or_default();
    let function = match callees.as_slice() {
        [] => None,
        [one] if is_path(one.text) => Some(one.text.to_owned()),
        _ => return None,
    };
    let is_value = |word: &&Word<'_>| word.piece == Piece::Code && !are_parameters(word.text);
    let arguments = arguments.into_iter().map(|word| is_value(&word).then(|| word.text.to_owned()));
    let arguments: Vec<String> = arguments.collect::<Option<_>>()?;
    (!arguments.is_empty()).then_some(CodeChange::Passed { arguments, function, by })
}

/// A clause without the tests at its end that do the same: "…, the unit tests too", "… and so do the tests".
fn without_tests<'w, 'a>(clause: &'w [Word<'a>]) -> (&'w [Word<'a>], bool) {
    const SAME: &[&str] = &["too", "also", "likewise", "well", "same", "so"];
    let is_end = |word: &Word<'_>| word.is(TESTS) || word.is(SAME) || word.is(&["the", "as", "do", "and", "in", "all"]);
    let begins = |word: &Word<'_>| word.is_mark(",") || word.is_mark("(") || word.is(&["and"]);
    let at = clause.iter().rposition(Word::is_code).map_or(0, |code| code + 1);
    let tail = clause.get(at..).unwrap_or_default();
    let says = |list: &[&str]| tail.iter().any(|word| word.is(list));
    let is_whole =
        tail.first().is_some_and(begins) && tail.iter().all(|word| is_end(word) || begins(word) || word.is_mark(")"));
    if is_whole && says(&["tests", "specs"]) && says(SAME) { (&clause[..at], true) } else { (clause, false) }
}

/// "replace `a` with `b` in `f`", "`f` uses `b` instead of `a`"
fn replaced(clause: &[Word<'_>]) -> Option<CodeChange> {
    const USE: &[&str] =
        &["use", "uses", "call", "calls", "ask", "asks", "check", "checks", "read", "reads", "return", "returns"];
    let Some(first) =
        clause.iter().position(|word| word.is(&["replace", "replaces", "swap", "swaps", "switch", "change"]))
    else {
        let instead = clause.iter().position(|word| word.is(&["instead"]))?;
        let of = clause.get(instead + 1).filter(|word| word.is(&["of"])).map(|_| instead + 2)?;
        let (lead, tail) = (places(&clause[..instead]), places(&clause[of..]));
        let verb = lead.rest.iter().position(|word| word.is(USE))?;
        let subject = codes(&lead.rest[..verb]);
        let (old, new) = (codes(&tail.rest), codes(&lead.rest[verb..]));
        let ([old], [new]) = (old.as_slice(), new.as_slice()) else { return None };
        if !is_read(&lead.rest, &[USE, EVERY]) || !is_read(&tail.rest, &[EVERY]) {
            return None;
        }
        let mut within: Vec<By> = subject
            .iter()
            .map(|word| is_path(word.text).then(|| By::Function(word.text.to_owned())))
            .collect::<Option<_>>()?;
        within.extend(lead.within.into_iter().chain(tail.within));
        let every = lead.rest.iter().chain(&tail.rest).any(|word| word.is(EVERY));
        return code(old, new).map(|(old, new)| CodeChange::Replaced { old, new, within, every });
    };
    let joint =
        clause.iter().rposition(|word| word.is(&["with", "by", "to", "into", "for"])).filter(|at| *at > first)?;
    let (lead, tail) = (places(&clause[..first]), places(&clause[joint + 1..]));
    let of = places(&clause[first + 1..joint]);
    let (old, new) = (codes(&of.rest), codes(&tail.rest));
    let is_whole = lead.rest.iter().all(|word| word.is(PLAIN) || word.piece == Piece::Mark)
        && is_read(&of.rest, &[EVERY, &["use", "uses", "usage", "usages", "occurrence", "occurrences", "from"]])
        && is_read(&tail.rest, &[EVERY]);
    // "all calls of `a`": what is behind "of" is what is replaced.
    let spoken: Vec<&By> = of.within.iter().filter(|by| matches!(by, By::Function(_))).collect();
    let old = match (old.as_slice(), spoken.as_slice()) {
        ([old], []) => (old.piece == Piece::Code).then(|| old.text.to_owned()),
        ([], [By::Function(name)]) => Some(name.clone()),
        // "replace `a` in `f` with `b`"
        ([old], _) => (old.piece == Piece::Code).then(|| old.text.to_owned()),
        _ => None,
    };
    let is_object = old.as_ref().is_some_and(|old| of.within.iter().any(|by| *by == By::Function(old.clone())));
    let ([new], true) = (new.as_slice(), is_whole && new.len() == 1) else { return None };
    let mut within: Vec<By> = lead.within;
    within.extend(if is_object { Vec::new() } else { of.within });
    within.extend(tail.within);
    let every = of.rest.iter().chain(&tail.rest).any(|word| word.is(EVERY));
    let new = (new.piece == Piece::Code).then(|| new.text.to_owned())?;
    let old = old.filter(|old| *old != new && !is_file_name(old) && !is_head(&new))?;
    Some(CodeChange::Replaced { old, new, within, every })
}

fn is_file_name(code: &str) -> bool {
    code.ends_with(".go") || code.contains('/')
}

/// Code for other code, each in backticks.
fn code(old: &Word<'_>, new: &Word<'_>) -> Option<(String, String)> {
    let is_code = old.piece == Piece::Code && new.piece == Piece::Code && old.text != new.text;
    is_code.then(|| (old.text.to_owned(), new.text.to_owned()))
}

/// "change the signature of `f` to `f(a A, b B)`"
fn head(clause: &[Word<'_>]) -> Option<CodeChange> {
    const OWN: &[&str] =
        &["change", "changes", "to", "becomes", "become", "is", "in", "of", "be", "extended", "changed"];
    let says = |list: &[&str]| clause.iter().any(|word| word.is(list));
    let files = |word: &&Word<'_>| !is_file(word);
    let rest: Vec<&Word<'_>> = clause.iter().filter(files).collect();
    let is_about = says(&["signature", "becomes"]) || says(&["change", "changes"]) && says(&["to"]);
    if !is_about || !is_read(&rest, &[OWN]) {
        return None;
    }
    let (name, head) = match codes(&rest)[..] {
        [head] if says(&["signature"]) => (None, head),
        [name, head] => (Some(name), head),
        _ => return None,
    };
    let parsed = FunctionHead::parse(head.text).ok().filter(|_| head.piece == Piece::Code)?;
    let is_same = name.is_none_or(|name| {
        let known = FunctionHead::parse(name.text).map(|head| head.name).ok();
        known.or_else(|| name.text.rsplit(['.', ' ']).next().map(|name| name.trim_end_matches("()").to_owned()))
            == Some(parsed.name.clone())
    });
    is_same.then(|| CodeChange::Head { head: head.text.to_owned(), is_sure: true })
}

/// "add the parameter `x X` to `f`", "`f` takes another argument, `x X`, after `y`"
fn grown(clause: &[Word<'_>]) -> Option<CodeChange> {
    const NOUNS: &[&str] = &["parameter", "parameters", "param", "params", "argument", "arguments", "arg", "args"];
    const TAKES: &[&str] = &["takes", "take", "accept", "accepts", "receive", "receives", "expects", "expect"];
    const PLACES: &[&str] =
        &["first", "last", "leading", "trailing", "final", "second", "third", "fourth", "after", "before"];
    let rest: Vec<&Word<'_>> = clause.iter().filter(|word| !is_file(word)).collect();
    let says = |list: &[&str]| rest.iter().any(|word| word.is(list));
    let own: &[&str] = &["to", "in", "on", "is", "gets", "be", "position", "place", "called", "named", "behind"];
    if !says(GROW) || !(says(NOUNS) || says(TAKES) || says(&["signature"])) || !is_read(&rest, &[GROW, PLACES, own]) {
        return None;
    }
    let (mut functions, mut parameters, mut place) = (Vec::new(), Vec::new(), Slot::Last);
    for (at, word) in rest.iter().enumerate() {
        let behind = |list: &[&str]| rest[..at].last().is_some_and(|word| word.is(list));
        if word.is(&["first", "leading"]) {
            place = Slot::At(0);
        } else if let Some(nth) = ["second", "third", "fourth"].iter().position(|nth| word.is(&[nth])) {
            place = Slot::At(nth + 1);
        } else if word.is_code() && behind(&["after", "behind"]) {
            place = Slot::After(is_go_identifier(word.text).then(|| word.text.to_owned())?);
        } else if word.is_code() && behind(&["before"]) {
            place = Slot::Before(is_go_identifier(word.text).then(|| word.text.to_owned())?);
        } else if word.piece == Piece::Code && are_parameters(word.text) {
            parameters.push(word.text);
        } else if word.piece == Piece::Code && is_head(word.text) {
            // The whole head that it has now.
            functions.push(FunctionHead::parse(word.text).ok()?.called());
        } else if word.is_code()
            && behind(&["of", "on"])
            && word.text.starts_with(char::is_uppercase)
            && !functions.is_empty()
        {
            // "`f` of `T`"
            let of_type = functions.pop().map(|name: String| format!("{}.{name}", word.text));
            functions.extend(of_type.filter(|name| name.matches('.').count() == 1 && is_path(name)));
        } else if word.is_code() && is_path(word.text) {
            functions.push(word.text.to_owned());
        } else if word.is_code()
            || word.is(&["after", "before"]) && !rest.get(at + 1).is_some_and(|next| next.is_code())
        {
            return None;
        }
    }
    let is_one = !functions.is_empty() && !parameters.is_empty();
    let is_sure = says(NOUNS) || says(&["signature"]);
    is_one.then(|| CodeChange::Parameters { functions, parameters: parameters.join(", "), place, is_sure })
}

#[path = "change_names.rs"]
mod names;

#[cfg(test)]
#[path = "change_tests.rs"]
mod tests;
