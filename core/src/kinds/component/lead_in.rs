//! What the functions of a list are methods of, by the line that leads to them: "Replace `f` by these methods of `T`:".

use super::receivers::{spoken, type_ref};
use super::{owner, phrased::GETS};
use crate::demand::{Piece, Word, words};
use crate::go::TypeText;

/// Words that say of the functions below only that they are new.
const PLAIN: &[&str] = &[
    "the",
    "these",
    "this",
    "following",
    "new",
    "two",
    "three",
    "four",
    "five",
    "some",
    "more",
    "a",
    "an",
    "methods",
    "method",
    "functions",
    "function",
    "helpers",
    "helper",
    "accessors",
    "private",
    "public",
    "exported",
    "unexported",
    "small",
    "as",
    "also",
    "receiver",
];

/// Words of asking for something new.
const MAKES: &[&str] = &["add", "adds", "implement", "introduce", "create", "define", "write", "declare", "new"];

/// The type that the functions below a line are methods of, and whether the line says nothing else.
pub(in crate::kinds) fn of_list(lead: &str) -> Option<(TypeText, bool)> {
    let all = words(lead);
    // A head of its own says what it is.
    if all.iter().any(|word| word.piece == Piece::Code && word.text.contains('(') && !word.text.starts_with('(')) {
        return None;
    }
    if let Some(ty) = only_type(&all) {
        return Some((ty, true));
    }
    let known = spoken(lead).or_else(|| owner(lead)?.of_type());
    let end = all.iter().rposition(|word| word.piece != Piece::Mark)? + 1;
    let from = all[..end].iter().rposition(|word| [".", ";", "!"].iter().any(|mark| word.is_mark(mark)));
    let from = from.map_or(0, |mark| mark + 1);
    let bare: Vec<&Word<'_>> = without_places(&all[from..end]);
    let only = |words: &[&Word<'_>]| words.iter().all(|word| word.is(PLAIN) || word.is(MAKES));
    let (ty, whole) = behind(&bare).or_else(|| before(&bare)).map(|(ty, rest)| (ty, only(rest))).unzip();
    let is_known = known.is_some();
    let whole = is_known && !lead.contains('(') || from == 0 && whole.unwrap_or(false);
    Some((known.or(ty)?, whole))
}

/// The type that is all of a line: "interface `T`", "on `*T`:".
fn only_type(all: &[Word<'_>]) -> Option<TypeText> {
    let mut said = all.iter().filter(|word| {
        let is_noun =
            word.is(&["struct", "interface", "type", "on", "in", "methods", "method", "the", "existing", "of"]);
        !(word.is_mark(":") || is_noun)
    });
    let one = said.next().filter(|word| word.piece == Piece::Code)?;
    said.next().is_none().then(|| type_ref(one))?
}

/// The type that a line begins with, where it lists what that gets: "On `*T`: `a()`, `b()`".
pub(super) fn leading_type(text: &str) -> Option<TypeText> {
    let (lead, _) = text.split_once(": ")?;
    of_list(lead).filter(|(_, is_whole)| *is_whole).map(|(ty, _)| ty)
}

/// A clause without the files that it names, and without marks.
fn without_places<'w, 'a>(clause: &'w [Word<'a>]) -> Vec<&'w Word<'a>> {
    let mut bare: Vec<&Word<'_>> = Vec::new();
    for word in clause.iter().filter(|word| word.piece != Piece::Mark) {
        if !word.text.ends_with(".go") {
            bare.push(word);
        } else if bare.last().is_some_and(|last| last.is(&["in", "of", "to", "into", "from"])) {
            bare.pop();
        }
    }
    bare
}

/// The type that ends a clause: "… into the methods of `T`", "add to `T`", "methods (receiver `t *T`)"; and what stands
/// before it.
fn behind<'s, 'w, 'a>(clause: &'s [&'w Word<'a>]) -> Option<(TypeText, &'s [&'w Word<'a>])> {
    let (last, rest) = clause.split_last()?;
    let ty = type_ref(last).filter(|_| last.is_code())?;
    let nouns =
        rest.iter().rev().take_while(|word| word.is(&["the", "type", "struct", "interface", "existing"])).count();
    let (lead, rest) = rest[..rest.len() - nouns].split_last()?;
    if lead.is(&["receiver"]) {
        return Some((ty, rest));
    }
    let (noun, front) = rest.split_last()?;
    if !lead.is(&["of", "on", "to", "for", "in", "into"]) {
        return None;
    }
    if !noun.is(&["method", "methods", "accessors"]) {
        // "Add the following to `T`"
        let adds = rest.first().is_some_and(|verb| verb.is(&["add"]));
        let plain = rest.iter().skip(1).all(|word| word.is(PLAIN));
        return (adds && plain && lead.is(&["to", "on"])).then_some((ty, rest));
    }
    // Those that a list is "for" or "used by" are there already.
    let words = front.iter().rev().take_while(|word| word.is(PLAIN)).count();
    let (verb, said) = front.split_at(front.len() - words);
    let is_new = said.iter().any(|word| word.is(&["these", "following", "new", "as", "two", "three", "four", "five"]));
    let uses =
        verb.last().is_some_and(|word| word.is(&["for", "by", "from", "in", "with", "of", "use", "uses", "call"]));
    (is_new || !uses).then_some((ty, front))
}

/// The type that begins a clause which says that it gets what follows: "`T` should have", "`T` learns these methods".
fn before<'s, 'w, 'a>(clause: &'s [&'w Word<'a>]) -> Option<(TypeText, &'s [&'w Word<'a>])> {
    const HAS: &[&str] = &["has", "have", "offers", "offer", "provides", "implements", "implement", "exposes"];
    let nouns = clause.iter().take_while(|word| word.is(&["the", "type", "struct", "interface"])).count();
    let (first, rest) = clause[nouns..].split_first()?;
    let ty = type_ref(first).filter(|_| first.is_code())?;
    let modal =
        rest.iter().take_while(|word| word.is(&["should", "must", "shall", "will", "now", "also", "struct"])).count();
    let (verb, rest) = rest[modal..].split_first()?;
    let gets = verb.is(GETS) || verb.is(HAS);
    (gets && rest.iter().all(|word| word.is(PLAIN))).then_some((ty, rest))
}

#[cfg(test)]
mod tests {
    use super::of_list;

    #[test]
    fn what_leads_to_a_list_says_what_its_functions_are_methods_of() {
        for (lead, read) in [
            ("Replace `verify` by these methods of `T`:", Some(("T", false))),
            ("Add the following methods to `T` in `x/y.go`:", Some(("T", true))),
            ("Split the release into the methods of `T`", Some(("T", false))),
            ("It is checked by new methods on `*T`:", Some(("*T", false))),
            ("`T` (`x/y.go`) learns these methods:", Some(("T", true))),
            ("extract the following helpers as methods of `T`: in `x/y.go`", Some(("T", false))),
            ("Break it up. `T` should have:", Some(("T", false))),
            ("Add to `T`:", Some(("T", true))),
            ("Methods (receiver `t *T`):", Some(("*T", true))),
            ("Methods of `T`:", Some(("T", true))),
            ("Helpers that the methods of `T` use:", None),
            ("Helpers for the methods of `T`:", None),
            ("Add what is used by the methods of `T`", None),
            ("Helpers of `f`:", None),
            ("interface `T`", Some(("T", true))),
            ("`*T`", Some(("*T", true))),
            ("on `*T`:", Some(("*T", true))),
            ("Functions:", None),
        ] {
            let found = of_list(lead);
            let found = found.as_ref().map(|(ty, whole)| (ty.text.as_str(), *whole));
            assert_eq!(found, read, "{lead}");
        }
    }
}
