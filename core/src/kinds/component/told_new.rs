//! Functions that a line spells out in words that nothing else reads: a head with its types is no mention.

use super::listed::is_head;
use super::receivers::type_ref;
use crate::demand::{Piece, Word, words};
use crate::go::FunctionHead;

/// Words before a head that speak of a function which is there, or of what is done with it.
#[rustfmt::skip]
const OTHERS: &[&str] = &[
    "like", "as", "than", "same", "similar", "existing", "call", "calls", "called", "calling", "caller", "callers",
    "from", "replace", "replaces", "rename", "renames", "remove", "removes", "delete", "deletes", "drop", "drops",
    "move", "moves", "instead", "mirror", "mirrors", "see", "via", "use", "uses", "used", "using", "signature", "keep",
    "keeps", "leave", "leaves", "without", "not", "no", "don't", "extract", "change", "changes", "update", "modify",
    "adjust", "adapt", "refactor", "revert", "wrap", "wraps", "pass", "passes", "invoke", "invokes", "run", "runs",
    "register", "registers", "hook", "wire", "fix", "review", "document", "test", "tests", "mock", "stub", "becomes",
    "unlike", "if", "unless", "maybe", "already", "deprecate", "inline", "export", "today", "currently",
];

/// Words right before a head of which it is the place, or a part of something else.
const PLACES: &[&str] =
    &["of", "to", "into", "by", "before", "after", "behind", "beside", "below", "above", "with", "on"];

/// Words right behind a head of a function that is there.
#[rustfmt::skip]
const STATES: &[&str] = &[
    "is", "are", "was", "were", "now", "also", "already", "still", "stays", "exists", "gets", "takes", "becomes",
    "instead", "no", "loses", "moves", "has", "must", "should", "may", "can", "does", "will", "needs",
];

/// Whether a head that stands in a line is to be written, whatever the words around it say: each parameter has its name and
/// its type, and no word speaks of something that is there.
pub(super) fn is_told(before: &str, code: &str, after: &str) -> bool {
    let whole = FunctionHead::parse(code.trim().trim_start_matches("func ").trim());
    let is_whole = whole.is_ok_and(|head| !head.parameters.is_empty()) && is_head(code);
    let (front, behind) = (words(before), words(after));
    let is_other = |word: &Word<'_>| word.is(OTHERS);
    let is_place = front.last().is_some_and(|last| last.is(PLACES));
    let next = behind.iter().find(|word| word.piece == Piece::Prose && !word.is(&["in", "of"]));
    let is_there = next.is_some_and(|word| word.is(STATES)) || behind.iter().any(is_other);
    is_whole && !front.iter().any(is_other) && !is_place && !is_there
}

/// Whether a line names a type beside its heads, of which a function might be a method.
pub(super) fn names_type(text: &str) -> bool {
    let is_type = |word: &Word<'_>| {
        // "VMs" is prose.
        let is_pointer = word.text.starts_with('*');
        let is_name = word.piece == Piece::Code && word.text.starts_with(char::is_uppercase);
        (is_pointer || is_name) && !word.text.contains(['(', '/'])
    };
    words(text).iter().any(|word| is_type(word) && type_ref(word).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_with_its_types_is_told() {
        for (before, after, told) in [
            ("", " in `x/y.go` brings them into order", true),
            ("Compute the order in ", " of `x/y.go`", true),
            ("`x/y.go` offers ", "", true),
            ("like ", "", false),
            ("Pass it to ", "", false),
            ("Keep ", "", false),
            ("", " is gone", false),
            ("", " now drains", false),
            ("", " instead of `g()`", false),
        ] {
            assert_eq!(is_told(before, "f(a int) error", after), told, "{before}|{after}");
        }
        assert!(!is_told("", "f(a)", "") && !is_told("", "f()", ""));
        assert!(names_type("`f(a int)` on `*T`") && !names_type("`f(a int)` in `x/T.go`"));
    }
}
