//! Phrases of sentences that ask for nothing: verdicts, later times, conditions.

use super::asks_words::{AGREEMENTS, CALLS, GUESSES, LATER_NOUNS, TEXTS, VERDICTS};
use super::words::{Piece, Word};
use crate::task::is_id;

/// Whether words say that something is not to be: "not", "won't", "nobody".
pub(super) fn is_denial(word: &Word<'_>) -> bool {
    let lower = word.text.to_ascii_lowercase().replace('’', "'");
    word.piece == Piece::Prose
        && (lower.ends_with("n't")
            || matches!(
                &*lower,
                "not" | "never" | "nobody" | "no" | "none" | "nothing" | "neither" | "nor" | "cannot" | "nowhere"
            ))
}

/// Whether words before a verb make it only thought of: "we may", "may be", "it would be nice to". What others may do is
/// what they are allowed to.
pub(super) fn guesses(window: &[Word<'_>]) -> bool {
    const MODALS: &[&str] = &["may", "might", "could", "would"];
    let Some(at) = window.iter().position(|word| word.is(GUESSES)) else { return false };
    if !window[at].is(MODALS) {
        return true;
    }
    let passive = window.last().is_some_and(|last| last.is(&["be", "to"]));
    let people = ["we", "i", "you", "one", "they", "someone", "somebody", "it", "pr", "change", "release", "team"];
    passive
        || window[..at].iter().all(|word| word.is(&people) || !word.is_code() && word.text.len() < 3)
        || window[..at].iter().any(|word| word.is(&people))
}

/// Whether words are nothing but a verdict: "dropped after review", "in a follow-up", "won't do".
pub(super) fn is_verdict(words: &[Word<'_>]) -> bool {
    const RUNS: &[&str] = &["when", "if", "unless", "while", "at", "on", "for", "as", "with", "only"];
    #[rustfmt::skip]
    const REASONS: &[&str] = &[
        "by", "after", "in", "to", "for", "until", "because", "due", "already", "again", "upstream", "do", "fix",
        "from", "now",
    ];
    let mut skipped =
        words.iter().skip_while(|word| word.is(&["was", "is", "has", "been", "will", "be", "now", "not", "for"]));
    if words.is_empty() || words.iter().any(|word| word.piece == Piece::Code || word.is(RUNS) && !word.is(&["for"])) {
        return false;
    }
    let first = skipped.next();
    let denied = words.iter().any(is_denial)
        && words.len() < 5
        && words
            .iter()
            .any(|word| word.is(&["needed", "now", "yet", "do", "fix", "required", "necessary", "done", "planned"]));
    denied
        || first.is_some_and(|first| first.is(VERDICTS)) && skipped.next().is_none_or(|next| next.is(REASONS))
        || words.len() < 6 && is_postponed(words)
        || words.len() == 1
            && words[0].is(&[
                "later",
                "future",
                "eventually",
                "someday",
                "maybe",
                "perhaps",
                "follow-up",
                "followup",
                "non-goal",
            ])
        || words.len() == 2 && words[0].is(&["future", "out", "non"]) && words[1].is(&["work", "goal"])
        || words.len() == 3 && words[0].is(&["out"]) && words[2].is(&["scope"])
}

/// Whether words put something off: "in a follow-up", "in the future", "with the next release", ", later".
pub(super) fn is_postponed(words: &[Word<'_>]) -> bool {
    let ends = |at: usize| words.get(at).is_none_or(|word| word.piece == Piece::Mark);
    (0..words.len()).any(|at| {
        let word = &words[at];
        if word.is(&["eventually", "someday"]) || word.is(&["later"]) && (ends(at + 1) || words[at + 1].is(&["on"])) {
            return at == 0 || !words[at - 1].is(&["for", "or", "and", "sooner", "seconds", "minutes", "is", "are"]);
        }
        if !word.is(&["in", "with", "by", "until", "during", "at", "for", "as", "to"]) {
            return false;
        }
        let article = usize::from(words.get(at + 1).is_some_and(|word| word.is(&["a", "an", "the", "some", "our"])));
        let Some(first) = words.get(at + 1 + article) else { return false };
        let second = words.get(at + 2 + article);
        let noun = |word: Option<&Word<'_>>| word.is_some_and(|word| word.is(LATER_NOUNS));
        first.is(&["follow-up", "followup", "follow-ups", "followups", "future"]) && !noun_of_use(second)
            || first.is(&[
                "later",
                "next",
                "subsequent",
                "future",
                "separate",
                "different",
                "another",
                "upcoming",
                "second",
            ]) && noun(second)
    })
}

pub(super) fn noun_of_use(word: Option<&Word<'_>>) -> bool {
    word.is_some_and(|word| word.is(&["use", "reference", "uses", "extension", "extensions", "compatibility"]))
}

/// Whether words about a call say that it is to go, or when it is not made, which is more than that nothing is to be done:
/// "no longer calls", "stop calling", "must not call it while paused".
pub(super) fn calls_no_more(before: &[Word<'_>], words: &[Word<'_>]) -> bool {
    const CASES: &[&str] = &["while", "when", "whenever", "if", "unless", "until", "during", "anymore"];
    let [verb, rest @ ..] = words else { return false };
    let calls =
        verb.is(CALLS) && !verb.is(&["start", "starts", "started"]) || verb.is(&["calling", "invoking", "using"]);
    let stops = before.last().is_some_and(|word| word.is(&["longer", "stop", "stops", "cease", "ceases"]))
        || before.iter().rev().take(2).any(|word| word.is(&["longer"]));
    let never = before.iter().any(|word| word.is(&["not", "never", "mustn't", "shouldn't"]));
    let mut clause = rest.iter().take_while(|word| !word.is_mark(",") && !word.is_mark(";") && !word.is_mark("."));
    let depends = clause.clone().any(|word| word.is(CASES))
        || clause.any(|word| word.is(&["any"])) && rest.iter().any(|word| word.is(&["more", "longer"]));
    calls && (stops || never && depends)
}

/// Whether words make what stands before them depend on people or releases: "once T002 is accepted", "if they agree". A
/// call may be made "depending on the gate".
pub(super) fn agrees_later(words: &[Word<'_>], is_call: bool) -> bool {
    let starts = |word: &Word<'_>| {
        word.is(&[
            "if",
            "unless",
            "once",
            "when",
            "until",
            "after",
            "pending",
            "provided",
            "assuming",
            "subject",
            "depending",
        ])
    };
    (0..words.len()).filter(|&at| starts(&words[at])).any(|at| {
        let rest: Vec<&Word<'_>> = words[at + 1..].iter().take(8).take_while(|word| !word.is_mark(",")).collect();
        let is_task = rest.iter().any(|word| word.piece == Piece::Prose && is_id(word.text));
        let firm = words[at].is(&["if", "unless"]);
        let pending = words[at].is(&["pending", "subject", "depending", "provided", "assuming"]);
        rest.iter().any(|word| word.is(AGREEMENTS)) && (!is_task || firm)
            || pending && !rest.is_empty() && !is_task && !is_call
    })
}

/// Whether what is made is a test or a comment: "a test that `f()` is called", "a TODO to `f()`".
pub(super) fn is_about_text(words: &[Word<'_>]) -> bool {
    let plain = [
        "a",
        "an",
        "the",
        "some",
        "one",
        "more",
        "new",
        "unit",
        "functional",
        "regression",
        "short",
        "doc",
        "code",
        "go",
        "e2e",
        "failing",
        "small",
        "another",
    ];
    let at = words.iter().position(|word| !word.is(&plain)).unwrap_or(words.len());
    let links = [
        "that", "which", "for", "of", "to", "about", "in", "on", "at", "where", "when", "whether", "saying",
        "covering", "checking", "above", "behind", "near", "beside",
    ];
    words.get(at).is_some_and(|word| word.is(TEXTS))
        && words.get(at + 1).is_some_and(|next| next.is(&links) || next.is_mark(":") || next.is_mark("("))
}
