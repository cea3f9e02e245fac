//! Words between a verb and its caller, and callers that take what a function gives back.

use super::{CONDITIONS, Call, FILLERS, FROM, NOUNS, Piece, Place, Reader, Target, Verb, build};

/// What a word between a verb and its caller says.
pub(super) enum Adverb {
    /// Where in the caller.
    At(Place),
    /// How often, or how.
    Often(String),
}

impl Reader<'_, '_> {
    /// "Whose causes `F` appends": `F` calls it for what it gives back.
    pub(super) fn collected(&self) -> Option<Call> {
        const GIVEN: &[&str] =
            &["causes", "cause", "result", "results", "answer", "errors", "output", "findings", "value", "values"];
        const TAKES: &[&str] =
            &["appends", "adds", "collects", "gathers", "returns", "uses", "takes", "aggregates", "includes", "merges"];
        let at = (0..self.words.len()).find(|&at| self.is(at, &["whose"]) && self.is(at + 1, GIVEN))?;
        let caller = self.skip(at + 2, &[FILLERS]);
        let target = Target { callers: vec![self.func(caller)?], ..Target::default() };
        self.is(caller + 1, TAKES).then(|| build(Verb::Call, None, &target)).and_then(|calls| calls.into_iter().next())
    }

    /// Words between a verb and its caller: "called first in", "called twice from"; and where the rest begins.
    pub(super) fn adverb(&self, at: usize) -> (Option<Adverb>, usize) {
        let plain = |at: &usize| {
            let word = &self.words[*at];
            let joins =
                word.is(FROM) || word.is(CONDITIONS) || word.is(FILLERS) || word.is(NOUNS) || word.is(&["and", "or"]);
            word.piece == Piece::Prose && !word.is_code() && !joins
        };
        let end = (at..self.words.len()).find(|at| !plain(at)).unwrap_or(self.words.len());
        if end == at || end > at + 3 || !self.is(end, FROM) {
            return (None, at);
        }
        let said = &self.words[at..end];
        let how = match said {
            [one] if one.is(&["first", "early"]) => Some(Adverb::At(Place::Start)),
            [one] if one.is(&["last", "finally"]) => Some(Adverb::At(Place::End)),
            _ if said.iter().all(|word| {
                word.is(&[
                    "directly",
                    "always",
                    "unconditionally",
                    "also",
                    "then",
                    "only",
                    "straight",
                    "right",
                    "back",
                    "out",
                ])
            }) =>
            {
                None
            }
            _ => Some(Adverb::Often(said.iter().map(|word| word.text).collect::<Vec<_>>().join(" "))),
        };
        (how, end)
    }
}
