//! Where a line wants what it names to stand: "after `X`", "right before `X`", "as its first field".

use super::rank::ranked;
use super::words::{Piece, Word, words};
use crate::go::{Position, StructField};
use crate::name::is_go_identifier;

/// Words that lead to a place, and are about nothing else.
const SURE: &[&str] = &[
    "right",
    "just",
    "directly",
    "immediately",
    "placed",
    "place",
    "put",
    "inserted",
    "insert",
    "goes",
    "go",
    "stands",
    "stand",
    "standing",
    "sits",
    "located",
    "positioned",
    "listed",
    "declared",
    "defined",
    "belongs",
    "somewhere",
];

/// Words between the name of something and its place that say neither how it is used nor when.
#[rustfmt::skip]
const PLAIN: &[&str] = &[
    "to", "in", "of", "on", "into", "inside", "the", "a", "an", "and", "it", "is", "its", "as", "with", "tag", "called", "named",
    "struct", "type", "types", "field", "fields", "constant", "constants", "const", "enum", "function", "method", "helper",
    "optional", "required", "json", "name", "pointer", "string", "bool", "integer", "value", "new", "same", "file", "both",
    "group", "list", "slice", "among", "default", "defaults", "which", "that", "should", "must", "be", "there", "interface",
    "xml", "attribute", "element", "condition", "reason", "annotation", "label", "gets", "needs", "option",
    "add", "adds", "introduce", "create", "define", "declare", "following", "libvmi", "two", "three", "these", "this",
];

/// Where a line wants something of a name to stand, if it says so beside the name, or of all that it names.
pub fn position(text: &str, name: &str, is_type: bool) -> Option<Position> {
    let words = words(text);
    let found = places(&words);
    // "`X *X` … and a struct `X`"
    let bare = |word: &Word<'_>| is_type && word.piece == Piece::Code && word.text == name;
    let own = words.iter().position(bare);
    let own = own.or_else(|| words.iter().position(|word| word.piece == Piece::Code && is_of(word.text, name)));
    let next = own.map(|own| {
        let is_field = |word: &Word<'_>| StructField::parse(word.text).is_ok_and(|field| field.name.is_some());
        let next = words[own + 1..].iter().position(|word| word.piece == Piece::Code && is_field(word));
        next.map_or(words.len(), |next| own + 1 + next)
    });
    let beside = own.zip(next).and_then(|(own, next)| found.iter().find(|(at, _)| (own..next).contains(at)));
    let alone = || found.first().filter(|_| found.len() == 1);
    let (_, one) = beside.or_else(alone)?;
    (one.anchor() != Some(name)).then(|| one.clone())
}

/// A line whose place is beside a type where it says beside the constants of it.
pub fn beside_type(text: &str) -> String {
    const GROUPS: &[&str] = &["the constants of ", "the values of ", "the consts of ", "constants of "];
    let mut told = text.to_owned();
    for place in ["fter ", "elow ", "ehind ", "eneath ", "efore ", "bove "] {
        for group in GROUPS {
            told = told.replace(&format!("{place}{group}"), place);
        }
    }
    told
}

/// Whether a clause says that the API does not list the values of a type: "not by the CRD schema", "no enum marker".
pub fn are_unlisted(clause: &str) -> bool {
    const NOT: &[&str] = &["not", "no", "without", "never", "doesn't", "don't", "isn't", "aren't"];
    const LIST: &[&str] = &["schema", "marker", "markers", "crd", "openapi", "kubebuilder"];
    let all = words(clause);
    let not = all.iter().position(|word| word.is(NOT));
    let is_list = |word: &Word<'_>| word.is(LIST) || word.text.contains("validation:Enum");
    not.is_some_and(|_| all.iter().any(is_list)) && !all.iter().any(|word| word.is(&["field", "optional"]))
}

/// Whether a clause says where something is to stand, and nothing else.
pub fn is_position(clause: &str) -> bool {
    let clause = format!(", {clause}");
    let (words, rank) = ranked(&words(&clause));
    let is_plain = |word: &Word<'_>| word.piece != Piece::Prose || word.is(PLAIN) || word.is(SURE) || word.is(PLACES);
    let places = places(&words).len() + usize::from(rank.is_some());
    words.iter().all(is_plain) && places == 1 && words.iter().filter(|word| word.is_code()).count() < 3
}

/// Whether a line only says where in its file that stands which comes below it: "Add to `x/y.go`, behind `T`:".
pub fn is_lead(line: &str) -> bool {
    let is_name = |word: &&Word<'_>| word.is_code() && !word.text.ends_with(".go");
    let is_open = [":", " add", " following", " put"].iter().any(|end| line.trim_end().ends_with(end));
    is_open && is_position(line.trim_end_matches([' ', ':'])) && words(line).iter().filter(is_name).count() == 1
}

/// Whether a piece of code names something: `Name`, `name`, `Name T`, `S.Name`, `f(a int)`.
fn is_of(code: &str, name: &str) -> bool {
    let head = code.split([' ', '(', '=', ':']).next().unwrap_or_default();
    head.rsplit('.').next().is_some_and(|head| head.eq_ignore_ascii_case(name))
        || super::words(code).iter().any(|word| word.text == name) && code.starts_with("func ")
}

/// Every place that a line speaks of.
fn places(words: &[Word<'_>]) -> Vec<(usize, Position)> {
    (0..words.len()).filter_map(|at| Some((at, first(words, at).or_else(|| beside(words, at))?))).collect()
}

/// "as its first field", "at the top of `S`"
fn first(words: &[Word<'_>], at: usize) -> Option<Position> {
    let is = |at: usize, list: &[&str]| words.get(at).is_some_and(|word| word.is(list));
    let nouns = ["field", "member", "one", "entry", "item", "element"];
    let skipped = at + 1 + usize::from(is(at + 1, &["its", "the", "their"]));
    let as_first = is(at, &["as"]) && is(skipped, &["first"]) && is(skipped + 1, &nouns);
    let top = is(at, &["at"]) && is(at + 1, &["the"]) && is(at + 2, &["top", "beginning", "start", "head"]);
    let top = top && is(at + 3, &["of"]) && !is(at + 4, &["file", "spec", "list"]) && !is(at + 5, &["file", "list"]);
    (as_first || top).then_some(Position::First)
}

/// Before the name of a type beside whose constants something is to stand.
pub const CONSTANTS_OF: &str = "constants of ";

/// What the name may be said to be that of.
const NOUNS: &[&str] =
    &["the", "existing", "field", "type", "struct", "constant", "const", "function", "method", "option", "enum"];

/// Words before the name of what something is to stand beside.
const PLACES: &[&str] = &[
    "after",
    "before",
    "below",
    "above",
    "behind",
    "beneath",
    "beside",
    "near",
    "alongside",
    "between",
    "next",
    "first",
    "at",
    "top",
];

fn beside(words: &[Word<'_>], at: usize) -> Option<Position> {
    let is = |at: usize, list: &[&str]| words.get(at).is_some_and(|word| word.is(list));
    let (is_before, next) = if is(at, &["before", "above"]) {
        (true, at + 1)
    } else if is(at, &["after", "below", "behind", "beneath", "beside", "near", "alongside", "between"]) {
        (false, at + 1)
    } else if is(at, &["next"]) && is(at + 1, &["to"]) {
        (false, at + 2)
    } else {
        return None;
    };
    let mut skipped = words[next..].iter().take_while(|word| word.is(NOUNS)).count();
    // "after the constants of `T`"
    let is_group = is(next + skipped, &["constants", "consts", "values"]) && is(next + skipped + 1, &["of"]);
    let of = next + skipped + 2;
    if is_group {
        skipped += 2 + words[of..].iter().take_while(|word| word.is(NOUNS)).count();
    }
    let other = words.get(next + skipped).filter(|word| word.piece == Piece::Code)?;
    let name = other.text.trim_start_matches("func ").split([' ', '(']).next()?;
    let name = name.trim_start_matches('*');
    let parts: Vec<&str> = name.split('.').collect();
    if parts.len() > 2 || !parts.iter().all(|part| is_go_identifier(part)) {
        return None;
    }
    let rest = &words[next + skipped + 1..];
    let is_between =
        words[at].is(&["between"]) && matches!(rest, [and, other, ..] if and.is(&["and"]) && other.is_code());
    (leads(words, at) && (is_between || ends(rest))).then(|| {
        let name = if is_group { format!("{CONSTANTS_OF}{name}") } else { name.to_owned() };
        if is_before { Position::Before(name) } else { Position::After(name) }
    })
}

/// Whether what stands before a place says only what it is the place of.
fn leads(words: &[Word<'_>], at: usize) -> bool {
    // A clause of its own: "…, right after `X`".
    let begins = |word: &Word<'_>| word.is(SURE) || word.is_mark(",") || word.is_mark("(");
    if words[..at].last().is_none_or(begins) {
        return true;
    }
    let own = |word: &&Word<'_>| word.piece == Piece::Code && word.text.contains([' ', '=', '(']);
    let between = |word: &&Word<'_>| {
        word.piece == Piece::Code
            || word.is(PLAIN)
            || word.is(SURE)
            || word.piece == Piece::Mark && !matches!(word.text, ":" | "-" | "–" | "—")
            || word.text.ends_with(".go")
            || word.text.contains('/')
    };
    // Between it and what is spelled out before it, or the beginning of the line.
    words[..at].iter().rev().take_while(|word| !own(word)).all(|word| between(&word))
}

/// Whether what stands behind a place goes on with something else: "after `X` is set" is a time.
fn ends(rest: &[Word<'_>]) -> bool {
    const ON: &[&str] =
        &["in", "of", "with", "as", "to", "on", "inside", "field", "constant", "struct", "type", "function"];
    match rest {
        [] => true,
        [and, other, ..] if and.is(&["and"]) => other.piece != Piece::Code || other.text.contains(' '),
        [next, ..] => next.piece == Piece::Mark || next.is(ON),
    }
}
