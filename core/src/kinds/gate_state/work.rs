//! Titles about a feature gate that ask for something else than to make it.

use crate::demand::{Piece, Word, words};
use crate::name::{is_gate_name, letters};
use crate::plan::{Candidate, Key};

/// Verbs that make a gate.
#[rustfmt::skip]
const MAKES: &[&str] = &[
    "add", "adds", "adding", "register", "registers", "registering", "create", "creates", "creating", "define",
    "defines", "defining", "introduce", "introduces", "introducing", "implement", "implements", "implementing",
    "declare", "declares", "declaring", "insert", "setup", "set", "wire", "write", "provide", "support", "expose",
    "build", "put", "scaffold", "generate", "establish", "make", "new", "extend", "update", "finish", "complete",
    "do", "prepare",
];

/// How many words from one on are a noun for a gate; nothing if none is.
pub(super) fn gate_noun(words: &[Word<'_>], at: usize) -> Option<usize> {
    const NOUNS: &[&str] =
        &["featuregate", "featuregates", "feature-gate", "feature-gates", "fg", "fgs", "gate", "gates"];
    let word = words.get(at)?;
    let two = || word.is(&["feature"]) && words.get(at + 1).is_some_and(|next| next.is(&["gate", "gates"]));
    if word.is(NOUNS) { Some(1) } else { two().then_some(2) }
}

/// Whether a title asks for something to be made.
pub(super) fn makes(words: &[Word<'_>], start: usize) -> bool {
    #[rustfmt::skip]
    const MAKES_ANEW: &[&str] = &[
        "add", "adds", "adding", "register", "registers", "registering", "create", "define", "introduce",
        "implement", "declare", "insert", "setup", "wire", "extend",
    ];
    words.get(start).is_some_and(|word| word.is(MAKES_ANEW))
        || words.get(start).is_some_and(|word| word.is(&["set"]))
            && words.get(start + 1).is_some_and(|word| word.is(&["up"]))
}

/// What a task about a gate asks for, if that is not to make it: the words, as far as they say so.
pub(super) fn other(task: &Candidate<'_, '_>) -> Option<String> {
    const EXACT: &[Key] = &[Key::Constant, Key::Accessor, Key::Owner, Key::Stage, Key::Function, Key::Description];
    if task.planned.details(EXACT).next().is_some() {
        return None;
    }
    let all = words(&task.planned.title);
    let at = (0..all.len()).find(|&at| gate_noun(&all, at).is_some());
    before(task, &all, at).or_else(|| behind(&all, at?)).or_else(|| compared(&all))
}

/// A word in front of the gate that neither makes it nor belongs to its name: "Turn on the feature gate".
fn before(task: &Candidate<'_, '_>, all: &[Word<'_>], at: Option<usize>) -> Option<String> {
    #[rustfmt::skip]
    const SMALL: &[&str] = &[
        "the", "a", "an", "new", "own", "alpha", "beta", "our", "its", "for", "of", "and", "constant", "accessor",
        "registration", "definition", "declaration", "with", "this", "feature",
    ];
    let names = task.file.metadata("Feature Name").map(|field| field.value.text.as_str());
    let feature = names.into_iter().chain(task.file.title.as_ref().map(|title| title.text.as_str()));
    let stated = feature.chain(task.planned.details(&[Key::Gate, Key::Name])).map(letters);
    let stated: Vec<String> = stated.collect();
    // Without a file and the word "gate", a name is that of a gate only if something says so: it may be any type.
    let is_gate = |name: &str| {
        let own = letters(name);
        !task.task.paths.is_empty()
            || stated.iter().any(|known| known.contains(&own))
            || task.survey.gates().is_ok_and(|gates| gates.constant(name).is_some())
    };
    let is_name = |word: &Word<'_>| word.piece == Piece::Code && is_gate_name(word.text) && is_gate(word.text);
    let at = at.or_else(|| all.iter().position(is_name))?;
    let ahead = &all[..at];
    let from = ahead.iter().rposition(|word| word.is_mark(":") || matches!(word.text, "-" | "–" | "—"));
    let ahead = &ahead[from.map_or(0, |from| from + 1)..];
    if ahead.iter().any(|word| word.is(MAKES)) {
        return None;
    }
    let named = all[at..].iter().filter(|word| is_gate_name(word.text)).map(|word| letters(word.text));
    let known: Vec<String> = stated.iter().cloned().chain(named).collect();
    let belongs = |word: &Word<'_>| {
        let plain = letters(word.text);
        word.piece != Piece::Prose
            || word.is(SMALL)
            || is_gate_name(word.text) && word.is_code()
            || plain.len() > 2 && known.iter().any(|known| known.contains(&plain))
    };
    if ahead.iter().all(belongs) {
        return None;
    }
    Some(shown(&all[..at + gate_noun(all, at).unwrap_or(1)]))
}

/// What stands behind the noun where that is not the gate itself: "feature gate checks", "to the CI lanes".
fn behind(all: &[Word<'_>], at: usize) -> Option<String> {
    #[rustfmt::skip]
    const PARTS: &[&str] = &[
        "constant", "constants", "const", "registration", "accessor", "accessors", "definition", "declaration",
        "entry", "infrastructure", "plumbing", "setup", "support", "helper", "helpers", "method", "methods", "state",
        "stage", "wiring", "scaffolding", "boilerplate", "implementation", "itself", "code", "name", "function",
        "skeleton", "framework", "foundation", "integration", "configuration", "config", "mechanism",
    ];
    #[rustfmt::skip]
    const JOINTS: &[&str] = &[
        "for", "to", "in", "into", "as", "with", "named", "called", "and", "that", "which", "behind", "of", "on",
        "at", "by", "under", "using", "is", "so", "if", "via", "from", "(if", "or", "unlike", "like", "plus",
        "through", "alongside", "where", "when", "guarding", "controlling", "enabling", "gating", "following", "per",
        "gate", "gates", "within", "inside", "only", "first", "before", "after", "also", "then",
    ];
    #[rustfmt::skip]
    const ELSEWHERE: &[&str] = &[
        "ci", "lane", "lanes", "job", "jobs", "e2e", "suite", "docs", "documentation", "guide", "matrix",
        "dashboard", "kubevirtci", "prow", "periodics", "presubmits", "changelog",
    ];
    let mut next = at + gate_noun(all, at)?;
    let is_name = |word: &Word<'_>| word.piece == Piece::Code || is_gate_name(word.text);
    let word = all.get(next)?;
    let plain =
        word.piece == Piece::Prose && !is_name(word) && word.text.chars().all(|c| c.is_alphabetic() || c == '-');
    if plain && !word.is(PARTS) && !word.is(JOINTS) {
        return Some(shown(&all[at..=next]));
    }
    // "Add the feature gate X to the CI lanes"
    next += all[next..].iter().take_while(|word| is_name(word)).count();
    let joins = all.get(next).is_some_and(|word| word.is(&["to", "in", "into", "on"]));
    let near = &all[next..all.len().min(next + 5)];
    (joins && near.iter().any(|word| word.is(ELSEWHERE))).then(|| shown(near))
}

/// Which of two gates is made is not certain where one is named for comparison: "Register A, unlike `B`".
fn compared(all: &[Word<'_>]) -> Option<String> {
    let is_name = |word: &Word<'_>| is_gate_name(word.text) && (word.piece == Piece::Code || word.is_code());
    let at = all.iter().position(|word| word.is(&["unlike", "than", "instead"]))?;
    let two = all[..at].iter().any(is_name) && all[at..].iter().any(is_name);
    two.then(|| shown(&all[at..]))
}

fn shown(words: &[Word<'_>]) -> String {
    const MOST: usize = 6;
    words.iter().take(MOST).map(|word| word.text).collect::<Vec<_>>().join(" ")
}
