//! What a line says of the values of a field that no marker of it holds.

use crate::demand::{Piece, Word, words};

/// Why a line that asks for a field asks for more than the field: a default in a clause of its own, a bound in words.
pub(super) fn unread(text: &str) -> Option<String> {
    let words = words(text);
    let prose = |at: usize| words.get(at).filter(|word| word.piece == Piece::Prose);
    let said = |at: usize, known: &[&str]| prose(at).is_some_and(|word| word.is(known));
    let number = |at: usize| {
        words.get(at).is_some_and(|word| word.text.trim_start_matches('-').starts_with(|c: char| c.is_ascii_digit()))
    };
    let bound = |at: usize| {
        said(at, &["minimum", "maximum", "min", "max"]) && (1..4).any(|next| number(at + next))
            || said(at, &["greater", "less", "larger", "smaller", "more", "fewer", "higher", "lower"])
                && said(at + 1, &["than"])
            || said(at, &["at"]) && said(at + 1, &["least", "most"]) && number(at + 2)
            || said(at, &["between"]) && number(at + 1)
            || said(at, &["from"]) && number(at + 1) && said(at + 2, &["to"]) && number(at + 3)
            || said(at, &["immutable", "non-negative", "nonnegative", "non-empty"])
            || said(at, &["must", "should"])
                && said(at + 1, &["be"])
                && said(at + 2, &["positive", "negative", "unique", "one"])
    };
    // "; default 300": a field's own clause has it.
    let apart = |at: usize| {
        said(at, &["default", "defaults", "defaulting"])
            && at > 0
            && [";", "."].iter().any(|mark| words[at - 1].is_mark(mark))
    };
    let at = (0..words.len()).find(|&at| bound(at) || apart(at))?;
    let shown: Vec<&str> = words[at..].iter().take(5).map(|word: &Word<'_>| word.text).collect();
    Some(format!("it says \"{}\", which goes into no marker", shown.join(" ")))
}

#[cfg(test)]
mod tests {
    use super::unread;

    #[test]
    fn what_no_marker_holds_is_named() {
        for text in [
            "Add optional field `Rpm *int32` to `Spec`; default 300",
            "Add optional field `Rpm *int32` to `Spec`, must be greater than 0",
            "Add field `Rpm int32` to `Spec` (minimum of 5)",
            "Add field `Rpm int32` to `Spec`, between 1 and 9",
            "Add field `Name string` to `Spec`. It is immutable.",
            "Add field `Rpm int32` to `Spec`: at most 300",
        ] {
            assert!(unread(text).is_some(), "{text}");
        }
        for text in [
            "Add optional field `MaxRpm *int32` to `Spec`, `+kubebuilder:validation:Minimum=1`",
            "Add optional field `Rpm *int32` to `Spec`, default 300",
            "Add the field `Between bool` to `Spec` which says how the fan must turn",
            "Add field `Rpm int32` to `Spec`, the maximum of all fans",
        ] {
            assert_eq!(unread(text), None, "{text}");
        }
    }
}
