//! What a line says in words of the values of a field: bounds that its markers hold, and what no marker holds.

use crate::demand::{ApiDemand, ApiField, Piece, Word, words};

/// Gives the one field of a line the bounds and the default that the line states in words. Why the line asks for more
/// than the field, if something of it goes into no marker.
pub(super) fn take(text: &str, demands: &mut [ApiDemand]) -> Option<String> {
    let mut fields: Vec<&mut ApiField> = demands
        .iter_mut()
        .filter_map(|demand| match demand {
            ApiDemand::Field(field) => Some(field),
            _ => None,
        })
        .collect();
    if fields.is_empty() {
        return None;
    }
    let words = words(text);
    let mut read = Vec::new();
    for at in 0..words.len() {
        let Some(field) = said_of(&words[..at], &mut fields) else { continue };
        let taken = bounded(&words, at, field).or_else(|| defaulted(&words, at, field));
        read.extend(taken.into_iter().flat_map(|length| at..at + length));
    }
    unread(&words, &read)
}

/// The field that words behind some others are about: the only one of the line, or the one that stands right before.
fn said_of<'f>(before: &[Word<'_>], fields: &'f mut [&mut ApiField]) -> Option<&'f mut ApiField> {
    if let [only] = fields {
        return Some(only);
    }
    let last = before.iter().rev().find(|word| word.piece == Piece::Code)?;
    let name = last.text.split_once(' ').map_or(last.text, |(name, _)| name);
    let mut own = fields.iter_mut().filter(|field| field.name == name);
    own.next().filter(|_| own.next().is_none()).map(|field| &mut **field)
}

/// "at most 8", "between 1 and 9": markers of a field whose type has such bounds; how many words say it.
fn bounded(words: &[Word<'_>], at: usize, field: &mut ApiField) -> Option<usize> {
    let said = |at: usize, known: &[&str]| words.get(at).is_some_and(|word| word.is(known));
    let number = |at: usize| words.get(at).and_then(|word| word.text.parse::<i64>().ok());
    let (bounds, length) = if said(at, &["at"]) && said(at + 1, &["least"]) {
        (vec![("Min", number(at + 2)?)], 3)
    } else if said(at, &["at"]) && said(at + 1, &["most"]) {
        (vec![("Max", number(at + 2)?)], 3)
    } else if said(at, &["minimum", "min", "maximum", "max"]) {
        let skipped = (at + 1..at + 3)
            .take_while(|at| said(*at, &["of", "is", "value"]) || words.get(*at).is_some_and(|word| word.is_mark(":")))
            .count();
        let bound = if said(at, &["minimum", "min"]) { "Min" } else { "Max" };
        (vec![(bound, number(at + 1 + skipped)?)], 2 + skipped)
    } else if said(at, &["between"]) && said(at + 2, &["and"]) || said(at, &["from"]) && said(at + 2, &["to"]) {
        (vec![("Min", number(at + 1)?), ("Max", number(at + 3)?)], 4)
    } else if said(at, &["non-negative", "nonnegative"]) {
        (vec![("Min", 0)], 1)
    } else {
        return None;
    };
    let ty = field.ty.as_ref()?.text.trim_start_matches('*');
    let is_number = ty.trim_start_matches('u').starts_with("int");
    // "from 1 to 9 are allowed"
    let allowed = said(at + length, &["is", "are"]) && said(at + length + 1, &["allowed", "accepted", "valid"]);
    let length = length + if allowed { 2 } else { 0 };
    // What is counted, where it is not the value itself.
    let next = words.get(at + length).filter(|word| word.piece == Piece::Prose);
    let (suffix, counted) = match next {
        Some(word) if ty.starts_with("[]") && word.is(&["items", "item", "entries", "elements"]) => ("Items", 1),
        Some(word) if ty == "string" && word.is(&["characters", "chars", "bytes"]) => ("Length", 1),
        Some(word)
            if !word.is(&["and", "or", "inclusive", "with", "default", "defaults", "defaulting", "to", "in"]) =>
        {
            return None;
        }
        _ if is_number => ("imum", 0),
        _ => return None,
    };
    for (bound, value) in bounds {
        let marker = format!("+kubebuilder:validation:{bound}{suffix}={value}");
        if !field.markers.contains(&marker) {
            field.markers.push(marker);
        }
    }
    Some(length + counted)
}

/// "; default 300": the default of a field in a clause of its own.
fn defaulted(words: &[Word<'_>], at: usize, field: &mut ApiField) -> Option<usize> {
    if field.default.is_some() || !stands_apart(words, at) {
        return None;
    }
    let skipped = words[at + 1..].iter().take_while(|word| word.is(&["to", "is", "value", "of"])).count();
    let value = words.get(at + 1 + skipped).filter(|word| word.piece != Piece::Mark)?;
    let is_end = words.get(at + 2 + skipped).is_none_or(|word| word.piece == Piece::Mark);
    let plain = value.text.len() <= 60 && value.text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.\"".contains(c));
    (is_end && plain).then(|| {
        field.default = Some(value.text.trim_matches('"').to_owned());
        2 + skipped
    })
}

/// Whether the word "default" begins a clause here.
fn stands_apart(words: &[Word<'_>], at: usize) -> bool {
    let begins = at > 0 && [";", "."].iter().any(|mark| words[at - 1].is_mark(mark));
    begins && words[at].is(&["default", "defaults", "defaulting"])
}

/// Why a line that asks for a field asks for more than the field, apart from the words that are read.
fn unread(words: &[Word<'_>], read: &[usize]) -> Option<String> {
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
    let at = (0..words.len()).find(|&at| !read.contains(&at) && (bound(at) || stands_apart(words, at)))?;
    let shown: Vec<&str> = words[at..].iter().take(5).map(|word: &Word<'_>| word.text).collect();
    Some(format!("it says \"{}\", which goes into no marker", shown.join(" ")))
}

#[cfg(test)]
mod tests {
    use super::take;
    use crate::demand::{ApiDemand, ApiField, api};

    fn field(text: &str) -> (ApiField, Option<String>) {
        let mut demands = api("task", text).demands;
        let why = take(text, &mut demands);
        let [ApiDemand::Field(field)] = demands.as_slice() else { panic!("{text}: {demands:?}") };
        (field.clone(), why)
    }

    #[test]
    fn what_no_marker_holds_is_named() {
        for text in [
            "Add optional field `Rpm *int32` to `Spec`, must be greater than 0",
            "Add field `Rpm *resource.Quantity` to `Spec` (minimum of 5)",
            "Add field `Rpm int32` to `Spec`, at most 5 minutes",
            "Add field `Name string` to `Spec`. It is immutable.",
            "Add field `Names []string` to `Spec`: at most 300",
        ] {
            assert!(field(text).1.is_some(), "{text}");
        }
        for text in [
            "Add optional field `MaxRpm *int32` to `Spec`, `+kubebuilder:validation:Minimum=1`",
            "Add optional field `Rpm *int32` to `Spec`, default 300",
            "Add the field `Between bool` to `Spec` which says how the fan must turn",
            "Add field `Rpm int32` to `Spec`, the maximum of all fans",
        ] {
            assert_eq!(field(text).1, None, "{text}");
        }
    }

    #[test]
    fn bounds_in_words_are_markers() {
        for (text, markers) in [
            ("Add field `Rpm int32` to `Spec` (minimum of 5)", "Minimum=5"),
            ("Add field `Rpm *uint32` to `Spec`, between 1 and 9", "Minimum=1 Maximum=9"),
            ("Add field `Rpm int32` to `Spec`: at most 300", "Maximum=300"),
            ("Add field `Names []string` to `Spec`, at most 8 items", "MaxItems=8"),
            ("Add field `Name string` to `Spec` (at most 63 characters)", "MaxLength=63"),
        ] {
            let (field, why) = field(text);
            let markers: Vec<String> =
                markers.split(' ').map(|marker| format!("+kubebuilder:validation:{marker}")).collect();
            assert_eq!((field.markers, why), (markers, None), "{text}");
        }
        let (field, why) = field("Add optional field `Rpm *int32` to `Spec`; default 300");
        assert_eq!((field.default.as_deref(), why), (Some("300"), None));
    }
}
