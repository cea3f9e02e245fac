//! When and how something is called, as a line says it: in words behind the caller, before the clause, or in a sentence of
//! its own.

use super::super::asks_words::CASES;
use super::{CONDITIONS, Call, FILLERS, FROM, MODALS, NOUNS, Piece, VERBS, Word};

/// What a line says of an error that is not given back: "and log the error", "ignore its error".
pub(super) fn handling(line: &str, words: &[Word<'_>]) -> Option<String> {
    const DOES: &[&str] =
        &["log", "logs", "logging", "ignore", "ignores", "ignoring", "swallow", "swallows", "requeue", "retry", "warn"];
    let at = words.iter().position(|word| word.is(DOES))?;
    let speaks = words.iter().any(|word| word.is(&["error", "errors", "failure", "failures", "err", "fails"]));
    speaks.then(|| line[words[at].at..].trim_end_matches('.').trim().to_owned())
}

/// Calls that are made when or as a line says, where they do not say it themselves.
pub(super) fn when(mut calls: Vec<Call>, condition: Option<&str>) -> Vec<Call> {
    for call in calls.iter_mut().filter(|call| call.condition.is_none()) {
        call.condition = condition.map(str::to_owned);
    }
    calls
}

/// Words that make a call depend on something, wherever they stand behind its caller.
pub(super) const GUARDS: &[&str] = &[
    "guarded",
    "gated",
    "protected",
    "except",
    "excepting",
    "excluding",
    "skip",
    "skips",
    "skipped",
    "skipping",
    "omit",
    "omitted",
    "bypass",
    "bypassed",
    "conditionally",
    "conditional",
    "depending",
    "assuming",
    "providing",
];
/// The same, of two words.
#[rustfmt::skip]
const GUARD_PAIRS: &[(&str, &[&str])] = &[
    ("in", &["case", "cases"]), ("long", &["as"]), ("given", &["that"]), ("subject", &["to"]), ("apart", &["from"]),
    ("other", &["than"]), ("on", &["condition"]), ("not", &["for", "if", "when", "while", "in", "on"]),
    ("but", &["only", "if", "when", "unless", "never", "just"]), ("and", &["only"]), ("no", &["call"]),
];

/// Where words of a line end, with the backtick that closes the last.
fn end(line: &str, words: &[Word<'_>]) -> usize {
    let end = words.last().map_or(line.len(), |word| word.at + word.text.len());
    end + usize::from(line[end..].starts_with('`'))
}

/// What makes the calls of a clause depend on something, behind their verb: "guarded by `c.On()`", "in case `a` is set".
pub(super) fn guard(line: &str, words: &[Word<'_>], from: usize) -> Option<String> {
    let next = |at: usize, list: &[&str]| words.get(at + 1).is_some_and(|word| word.is(list));
    let guards = |at: &usize| {
        let word = &words[*at];
        let pair = GUARD_PAIRS.iter().any(|(first, second)| word.is(&[first]) && next(*at, second));
        // "`f`, not from `G`" names another caller, "provided by" who has something.
        let caller = word.is(&["not"]) && words.get(at + 2).is_some_and(Word::is_code);
        word.at > from
            && (word.is(GUARDS) || pair && !caller || word.is(&["provided"]) && !next(*at, &["by", "in", "from"]))
    };
    let at = (0..words.len()).find(guards)?;
    // "As long as", "in the case that".
    let at = if at > 0 && words[at].is(&["long"]) { at - 1 } else { at };
    Some(line[start(&words[at])..end(line, words)].trim().to_owned())
}

/// Words that say no more than that, and where, something is called, and what becomes of what it gives back.
#[rustfmt::skip]
const PLAIN: &[&str] = &[
    "and", "or", "then", "plus", "too", "both", "also", "here", "there", "exactly", "once", "end", "start",
    "beginning", "between", "top", "bottom", "first", "last", "before", "after", "behind", "right", "just", "directly",
    "immediately", "return", "returns", "returning", "returned", "give", "gives", "given", "back", "what", "their",
    "its", "it", "them", "cause", "causes", "error", "errors", "result", "results", "output", "value", "answer",
    "list", "collects", "collect", "adds", "add", "append", "appends", "appended", "file", "same", "of", "thing",
    "step", "place", "line", "where", "next", "other", "others", "checks", "validations", "existing", "very",
    "handed", "argument", "arguments", "pass", "passes", "passing", "early", "prior", "does", "do", "begins",
    "begin", "ends", "finishes", "final", "each", "every", "all", "these", "those", "one", "more", "another",
    "further", "respectively", "second", "sole", "single", "beside", "alongside", "along", "as", "with", "like",
    "is", "are", "statement", "nothing", "anything", "else",
];

/// Words that begin why something is called, and no more of how.
const REASONS: &[&str] = &["so", "because", "since", "which", "that", "whose"];

/// What a clause says of its calls, behind their verb, beside who calls them and where: "in a goroutine", "on amd64".
pub(super) fn unread(line: &str, words: &[Word<'_>], from: usize) -> Option<String> {
    // "Calling `f` in `G` keeps it small" says why.
    let behind = words.iter().position(|word| word.at >= from).filter(|at| !words[*at].text.ends_with("ing"))?;
    let mut at = behind;
    while at < words.len() {
        if let Some(length) = of_what(&words[at..]) {
            at += length;
            continue;
        }
        if explains(words, behind, at) {
            return None;
        }
        if says_more(words, behind, at) {
            // From the words that lead to it.
            let leads = words[behind..at].iter().rev().take_while(|word| word.is(FROM) || word.is(FILLERS)).count();
            // "`F` only if", behind what several do.
            let first = at - leads;
            let names = first > behind + 1 && words[first - 1].piece == Piece::Code && words[first - 2].is_mark(",");
            return Some(
                line[start(&words[first - usize::from(names)])..end(line, words)]
                    .trim_end_matches('.')
                    .trim()
                    .to_owned(),
            );
        }
        at += 1;
    }
    None
}

/// Whether a word says no more than that, and where, something is called.
fn is_plain(word: &Word<'_>) -> bool {
    let is_verb = || VERBS.iter().any(|(_, forms, passive)| word.is(forms) || word.is(&[passive]));
    // "With the VMs that failed" says of which.
    let initials = word.text.strip_suffix('s').is_some_and(|text| text.chars().all(|c| c.is_ascii_uppercase()));
    let is_many = initials && word.piece == Piece::Prose;
    word.piece != Piece::Prose
        || word.is_code() && !is_many
        || [PLAIN, FROM, FILLERS, MODALS, NOUNS].iter().any(|list| word.is(list))
        || is_verb()
        || word.text.contains(['/', '.'])
}

/// "On the rendered pod at the end of `G`": the words that say what it is called for.
fn of_what(words: &[Word<'_>]) -> Option<usize> {
    let on_the = words.len() > 1 && words[0].is(&["on"]) && words[1].is(&["the"]);
    let length = words.iter().skip(1).position(|word| word.is(&["at", "in", "from", "inside"]));
    length.filter(|length| on_the && *length < 5).map(|length| length + 1)
}

/// Whether what stands from a word on says why, or speaks of something else.
fn explains(words: &[Word<'_>], behind: usize, at: usize) -> bool {
    let (word, next) = (&words[at], words.get(at + 1));
    // "To keep it in one place", "— it must not wait"
    let aims = word.is(&["to"]) && next.is_some_and(|next| !is_plain(next) && next.piece == Piece::Prose);
    let marked = at > behind && [":", "-", "–", "—"].iter().any(|mark| word.is_mark(mark));
    // "`F` calls `f`, `G` does the same with `g`": another one's sentence; "`F` only if" is of the same one.
    let is_subject = |word: &Word<'_>| word.piece == Piece::Code && !word.text.contains(['/', ' ', '(']);
    let speaks = |word: &Word<'_>| {
        word.piece == Piece::Prose && !word.is(&["and", "or"]) && !word.is(FROM) && !word.is(CONDITIONS)
    };
    let other =
        at > behind && word.is_mark(",") && next.is_some_and(is_subject) && words.get(at + 2).is_some_and(speaks);
    aims || marked || other || word.is(REASONS)
}

/// Whether a word says more than that, and where, something is called.
fn says_more(words: &[Word<'_>], behind: usize, at: usize) -> bool {
    let (word, next) = (&words[at], words.get(at + 1));
    let back = |by: usize, list: &[&str]| at >= behind + by && words[at - by].is(list);
    // "Not from `H`" names who does not.
    let other =
        word.is(&["not"]) && next.is_some_and(|next| next.is(FROM)) && words.get(at + 2).is_some_and(Word::is_code);
    let loops_over = word.is(&["for"]) && next.is_some_and(|next| next.is(&["each", "every", "all"]));
    let counted = loops_over || back(1, &["each", "every", "all"]) && next.is_some_and(|next| next.is(FROM));
    // "On error", "inside its loop", "`f` only if"
    let fails = word.is(&["error", "errors"]) && back(1, &["on"]);
    let loops = word.is(&["loop"]) && (back(1, FROM) || back(2, FROM));
    // "And returns early", "and returns `nil`": more than to hand an error on.
    let gives =
        word.is(&["return", "returns"]) && (back(1, &["and", "then"]) || at > behind && words[at - 1].is_mark(","));
    let leaves = gives && next.is_none_or(|next| next.piece != Piece::Prose || next.is(&["early"]));
    let depends = word.is(CONDITIONS) && !is_plain(word) && at > behind && words[at - 1].is_code();
    !is_plain(word) && !other && !counted || fails || loops || leaves || depends
}

/// Where a word begins, with the backtick before code.
fn start(word: &Word<'_>) -> usize {
    word.at - usize::from(word.piece == Piece::Code)
}

/// A sentence behind one that asks for calls, if it says when they are made: "The call must be skipped for X", "only for X".
pub(super) fn condition_of(line: &str, words: &[Word<'_>]) -> Option<String> {
    const CALL: &[&str] = &["call", "calls", "called", "calling", "invocation", "invoked", "skip", "skipped", "skips"];
    const WHEN: &[&str] = &["only", "not", "never", "when", "whenever", "if", "unless", "except", "provided", "but"];
    const SAYS: &[&str] = &["only", "depends", "gate", "count", "counts", "excluded", "ignored"];
    let first = words.first()?;
    let short = words.len() < 10 && words.iter().all(|word| !word.text.contains('('));
    let speaks = words.iter().any(|word| word.is(CALL)) || short && words.iter().any(|word| word.is(SAYS));
    let depends = words.iter().any(|word| word.is(WHEN) || word.is(GUARDS) || word.is(SAYS) || word.is(&["don't"]));
    (first.is(WHEN) || first.is(GUARDS) || speaks && depends).then(|| line[start(first)..end(line, words)].to_owned())
}

/// The condition before a clause: "if `a.B` is set, …", "in `G`, unless it is empty, …".
pub(super) fn opening(line: &str, words: &[Word<'_>]) -> Option<String> {
    let comma = |from: usize| words[from..].iter().position(|word| word.is_mark(",")).map(|length| from + length);
    let inside = words.first().is_some_and(|word| word.is(&["in", "inside", "within"]));
    let start = if inside { comma(0)? + 1 } else { 0 };
    let end = comma(start)?;
    // "On amd64, `F` calls it"
    let leads = |word: &Word<'_>| {
        let bare = words[start..end].iter().all(|word| word.piece == Piece::Prose && !word.is_code());
        bare && end > start + 1 && word.is(&["on", "for", "with", "under", "during", "at"])
    };
    let first = words.get(start).filter(|word| word.is(CASES) || leads(word))?;
    Some(line[first.at..words[end].at].trim().to_owned())
}
