//! Which of the fields of a struct a new one is to be: "as its first field", "at the end of `S`", "second to last".

use super::words::{Piece, Word};

/// Counted from the first field, or backwards from the last one, which is -1.
pub type Rank = i32;

const NOUNS: &[&str] = &["field", "fields", "member", "members", "one", "entry", "element", "attribute"];
const ORDINALS: &[&str] = &["first", "second", "third", "fourth", "fifth"];

/// The words of a line without what says which field is asked for, and the rank, if exactly one is said.
pub(super) fn ranked<'a>(words: &[Word<'a>]) -> (Vec<Word<'a>>, Option<Rank>) {
    let mut found = (0..words.len()).filter_map(|at| Some((at, rank_at(words, at)?)));
    let (Some((at, (len, rank))), None) = (found.next(), found.next()) else { return (words.to_vec(), None) };
    let mut rest = words[..at].to_vec();
    let mut behind = words[at + len..].iter().copied();
    // "at the top of `S`" says where it goes, as "to `S`" does.
    match behind.next() {
        Some(of) if of.is(&["of"]) && words.get(at + len + 1).is_some_and(Word::is_code) => {
            rest.push(Word { text: "to", ..of });
        }
        next => rest.extend(next),
    }
    rest.extend(behind);
    (rest, Some(rank))
}

/// A rank that begins at a word: of how many words, and which.
fn rank_at(words: &[Word<'_>], at: usize) -> Option<(usize, Rank)> {
    let is = |at: usize, list: &[&str]| words.get(at).is_some_and(|word| word.is(list));
    let skip = |at: usize, list: &[&str]| at + usize::from(is(at, list));
    // "of the struct", and no other whole than that.
    let whole = |at: usize| {
        let noun = skip(at + 1, &["the", "its", "that"]);
        let ends =
            is(noun, &["struct", "fields", "list", "type", "it"]) && !words.get(noun + 1).is_some_and(Word::is_code);
        if is(at, &["of"]) && ends { noun + 1 } else { at }
    };
    if is(at, &["at", "to"]) && is(at + 1, &["the", "its"]) {
        let edge = skip(at + 2, &["very"]);
        let rank = if is(edge, &["top", "beginning", "start", "head"]) {
            1
        } else if is(edge, &["end", "bottom"]) {
            -1
        } else {
            return None;
        };
        let end = whole(edge + 1);
        // "at the end of the file", "at the start of a migration"
        let is_foreign = end == edge + 1 && is(end, &["of"]) && !words.get(end + 1).is_some_and(Word::is_code);
        return (!is_foreign).then_some((end - at, rank));
    }
    // "a new first field `A int`"
    let led = at > 0 && is(at - 1, &["a", "the", "its", "new"]) && !(at > 1 && is(at - 2, &["as"]));
    if let Some((end, rank)) = ordinal(words, at).filter(|(end, _)| led && is(*end, NOUNS)) {
        return Some((end - at, rank));
    }
    let lead = if is(at, &["as"]) {
        skip(at + 1, &["the", "its", "their", "a"])
    } else if is(at, &["goes", "comes", "stands", "placed", "put"]) {
        skip(at + 1, &["in", "the"])
    } else if words.get(at).is_some_and(|word| word.is_mark(",")) {
        at + 1
    } else {
        return None;
    };
    let (mut end, rank) = ordinal(words, skip(lead, &["very"]))?;
    let is_noun = is(end, NOUNS);
    end += usize::from(is_noun);
    let end = whole(end);
    let ends = words.get(end).is_none_or(|next| next.piece == Piece::Mark || next.is(&["of", "in", "to", "with"]));
    // ", first" is one only where the clause ends.
    (is_noun || ends).then_some((end - at, rank))
}

/// "first", "second", "last", "second to last", "second-to-last", "penultimate": where it ends, and which it is.
fn ordinal(words: &[Word<'_>], at: usize) -> Option<(usize, Rank)> {
    let word = words.get(at).filter(|word| word.piece == Piece::Prose)?.text.to_lowercase();
    let is = |at: usize, list: &[&str]| words.get(at).is_some_and(|word| word.is(list));
    if matches!(&*word, "second-to-last" | "next-to-last" | "last-but-one" | "penultimate" | "second-last") {
        return Some((at + 1, -2));
    }
    if matches!(&*word, "second" | "next") && is(at + 1, &["to"]) && is(at + 2, &["last"]) {
        return Some((at + 3, -2));
    }
    if word == "last" {
        return Some(if is(at + 1, &["but"]) && is(at + 2, &["one"]) { (at + 3, -2) } else { (at + 1, -1) });
    }
    let place = ORDINALS.iter().position(|known| *known == word)?;
    Some((at + 1, i32::try_from(place).ok()? + 1))
}
