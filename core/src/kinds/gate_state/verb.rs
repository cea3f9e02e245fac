//! The verbs of changes of state.

use crate::demand::Word;

/// What a task does to a gate.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    Promote,
    /// "GA X"
    Ga,
    Deprecate,
    Discontinue,
    /// "Mark X as Deprecated", "Set X to Beta".
    Mark,
    /// "Enable X by default".
    Enable,
}

impl Verb {
    /// The verb that a word is, as a request has it.
    pub(super) fn of(word: &Word<'_>) -> Option<Self> {
        let table: [(Self, &[&str]); 6] = [
            (Self::Promote, &["promote", "graduate", "move", "bump"]),
            (Self::Ga, &["ga"]),
            (Self::Deprecate, &["deprecate"]),
            (Self::Discontinue, &["discontinue"]),
            (Self::Mark, &["mark", "set", "switch", "make", "change", "transition", "advance"]),
            (Self::Enable, &["enable"]),
        ];
        table.into_iter().find(|(_, known)| word.is(known)).map(|(verb, _)| verb)
    }

    /// The same, or a form in which a title as a whole begins with it: "Graduating X", "Promotes X", "Promotion of X";
    /// with where what it is about begins.
    pub(super) fn at_start(words: &[Word<'_>], at: usize) -> Option<(Self, usize)> {
        let word = words.get(at)?;
        if let Some(verb) = Self::of(word) {
            return Some((verb, at + 1));
        }
        let forms: [(Self, &[&str], &[&str]); 3] = [
            (
                Self::Promote,
                &["promotes", "promoting", "graduates", "graduating", "moves", "moving"],
                &["promotion", "graduation"],
            ),
            (Self::Deprecate, &["deprecates", "deprecating"], &["deprecation"]),
            (Self::Discontinue, &["discontinues", "discontinuing"], &["discontinuation"]),
        ];
        forms.into_iter().find_map(|(verb, forms, nouns)| {
            if word.is(forms) {
                return Some((verb, at + 1));
            }
            (word.is(nouns) && words.get(at + 1)?.is(&["of"])).then_some((verb, at + 2))
        })
    }
}
