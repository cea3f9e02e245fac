//! What is said of a function, without the words that say what it is a method of.

use super::receivers::{FORMS, type_ref};
use crate::demand::{Piece, Word, words};

/// A purpose without the words that say what the function is a method of.
pub(super) fn without_type(purpose: &str) -> String {
    let place = ["on ", "to the ", "to ", "of ", "in the "].iter().find_map(|word| purpose.strip_prefix(word));
    let Some(rest) = place else { return purpose.to_owned() };
    let is_type = words(rest).iter().find(|word| !word.is(&["the", "type", "struct", "interface"])).and_then(type_ref);
    if is_type.is_none() {
        return purpose.to_owned();
    }
    behind_mark(rest).unwrap_or_default()
}

/// What stands behind the first mark that ends the words about a type.
fn behind_mark(rest: &str) -> Option<String> {
    let marks = [" - ", " – ", " — ", ": ", ", ", "; "].iter();
    let (at, mark) = marks.filter_map(|mark| Some((rest.find(mark)?, mark))).min()?;
    Some(rest[at + mark.len()..].trim().to_owned())
}

/// A purpose without the words that lead to the type which the function is a method of: "to the pool *Controller".
pub(super) fn without_receiver(purpose: &str, ty: &str) -> String {
    let leads = ["on ", "to ", "of ", "for ", "in ", "as "].iter().any(|word| purpose.starts_with(word));
    let Some(at) = purpose.find(ty).filter(|at| leads && purpose[..*at].split_whitespace().count() < 6) else {
        return purpose.to_owned();
    };
    let rest = &purpose[at + ty.len()..];
    behind_mark(rest).unwrap_or_default()
}

/// A purpose without the words that only say what kind of method it is: "(value receiver)", "method of T".
pub(super) fn without_kind(purpose: &str) -> &str {
    const KIND: &[&str] = &["a", "an", "as", "is", "are", "both", "all", "new", "exported", "unexported", "existing"];
    const LEADS: &[&str] = &["on", "of", "to", "for", "by", "with", "the", "type", "struct"];
    let all = words(purpose);
    let is_type = |word: &Word<'_>| type_ref(word).is_some();
    let says = |word: &Word<'_>| word.is(&["method", "methods"]) || word.is(FORMS);
    let kind = |word: &&Word<'_>| {
        let mark = ["(", ")", ","].iter().any(|mark| word.is_mark(mark));
        mark || word.is(KIND) || word.is(LEADS) || says(word) || is_type(word)
    };
    let end = all.iter().take_while(kind).count();
    let is_open = end < all.len() && all[..end].last().is_some_and(|last| last.is(LEADS) || last.is(KIND));
    if is_open || !all[..end].iter().any(says) {
        return purpose;
    }
    let rest = all.get(end).map_or("", |next| &purpose[next.at - usize::from(next.piece == Piece::Code)..]);
    rest.trim_start_matches([' ', '-', '–', '—', ':'])
}
