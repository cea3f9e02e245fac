//! What a line says around what it asks for: where, in an aside; how often, before a type; of all fields, behind them.

use super::reader::Reader;
use super::spelling::{CHANGES, field_of, is_key, is_place, is_type_name, path_of};
use super::{ApiDemand, ApiField, ApiReading};
use crate::demand::words::{Piece, Word};
use crate::name::is_go_identifier;

/// Words that begin an aside in parentheses which only says where, or where to read more.
const WHERE: &[&str] = &["in", "file", "files", "path", "see", "at", "cf", "per"];

/// A line without asides such as "(in `x/types.go`)" and "(see the VEP)".
pub(super) fn without_asides<'a>(words: &[Word<'a>]) -> Vec<Word<'a>> {
    let mut kept = Vec::with_capacity(words.len());
    // "In `x/types.go`, `S` gets …"
    let leads = matches!(words, [first, place, comma, ..]
        if first.is(&["in", "within", "inside"]) && is_place(place.text) && comma.is_mark(","));
    let mut at = if leads { 3 } else { 0 };
    while let Some(word) = words.get(at) {
        if word.is_mark("(") {
            let length = words[at..].iter().position(|word| word.is_mark(")"));
            let inside = length.map(|length| &words[at + 1..at + length]);
            if let Some(inside) = inside.filter(|inside| is_aside(inside)) {
                at += inside.len() + 2;
                continue;
            }
        }
        kept.push(*word);
        at += 1;
    }
    kept
}

fn is_aside(inside: &[Word<'_>]) -> bool {
    let begins = inside.first().is_some_and(|word| word.is(WHERE));
    let refers = inside.first().is_some_and(|word| word.is(&["see", "cf"]));
    // "(`x/types.go`)"
    let is_where = !inside.is_empty()
        && inside.iter().all(|word| word.piece != Piece::Mark && is_place(word.text) && !is_key(word.text));
    is_where
        || begins
            && inside.iter().all(|word| word.piece != Piece::Code || is_place(word.text))
            && (refers || inside.iter().any(|word| is_place(word.text)))
}

/// What a clause that asks for nothing seems to ask for all the same: it writes a field out, or begins with a change.
pub(super) fn lost(clause: &[Word<'_>]) -> Option<String> {
    let is_field = |word: &&Word<'_>| {
        let field = field_of(word.text).filter(|field| field.name.is_some());
        let is_owned = || word.text.split_once(' ').is_some_and(|(path, _)| path_of(path).is_some());
        word.piece == Piece::Code && word.text.contains(' ') && (field.is_some() || is_owned())
    };
    let first = clause.iter().find(|word| word.piece != Piece::Mark && !word.is(&["and", "then", "also"]));
    let change = first.filter(|word| word.is(CHANGES) && !word.is(&["not", "without", "never", "instead", "don't"]));
    // "`S` points at it through `x`"
    let of_it = || {
        let is_type = |word: &&Word<'_>| word.piece == Piece::Code && is_type_name(word.text);
        let owner = clause.iter().find(|word| !word.is(&["the", "and", "then"])).filter(is_type)?;
        let it = clause.iter().position(|word| word.is(&["it", "them"]))?;
        let last = clause.iter().rev().find(|word| word.piece != Piece::Mark)?;
        let ends = last.piece == Piece::Code && last.at > clause[it].at && is_go_identifier(last.text);
        (ends && last.text != owner.text).then_some(last)
    };
    let found = clause.iter().find(is_field).or(change).or_else(of_it)?;
    Some(format!("what it says about `{}` is not understood", found.text))
}

/// Whether a sentence only says of the fields before it whether they can be left out: "It is required."
pub(super) fn says_of_all(clause: &[Word<'_>], reading: &mut ApiReading) -> bool {
    let said: Vec<String> = clause.iter().map(|word| word.text.to_lowercase()).collect();
    let said: Vec<&str> = said.iter().map(String::as_str).collect();
    let (["it" | "this" | "they" | "both" | "all", "is" | "are" | "must", rest @ ..]
    | ["the", "field" | "fields", "is" | "are" | "must", rest @ ..]
    | ["both" | "all", "fields", "are" | "must", rest @ ..]) = said.as_slice()
    else {
        return false;
    };
    let optional = match rest {
        ["optional"] => true,
        ["required" | "mandatory"] | ["not", "optional"] | ["be", "set" | "given" | "present" | "specified"] => false,
        _ => return false,
    };
    let mut fields = reading.demands.iter_mut().flat_map(|demand| match demand {
        ApiDemand::Field(field) => std::slice::from_mut(field),
        ApiDemand::Struct(known) => known.fields.as_mut_slice(),
        _ => &mut [],
    });
    let mut found = false;
    fields.by_ref().for_each(|field: &mut ApiField| (field.optional, found) = (Some(optional), true));
    found
}

impl Reader<'_, '_, '_> {
    /// A type with what the words around it say of it: "list of `T`", "`T` list", "pointer to `T`", "(`T`, pointer)".
    pub(super) fn shaped(&self, at: usize) -> Result<String, String> {
        let text = self.words[at].text;
        let front: Vec<&Word<'_>> =
            self.words[..at].iter().rev().take_while(|word| word.piece == Piece::Prose).take(4).collect();
        let is = |word: Option<&&Word<'_>>, list: &[&str]| word.is_some_and(|word| word.is(list));
        let of = is(front.first(), &["of"]);
        let unclear =
            |word: &Word<'_>| Err(format!("what `{}` makes of the type `{text}` is not understood", word.text));
        let before = match front.get(usize::from(of || is(front.first(), &["to"]))) {
            Some(word) if of && word.is(LISTS) => "[]",
            Some(word) if of && word.is(&["map", "maps", "set", "sets", "pair", "pairs"]) => return unclear(word),
            Some(word) if word.is(&["pointer"]) => "*",
            Some(word) if word.is(&["many", "several", "multiple", "pointers"]) => return unclear(word),
            _ => "",
        };
        // "a pointer field `x` of type `T`"
        let name = self.words[..at].iter().rposition(|word| word.piece == Piece::Code);
        let adjective = name.and_then(|name| {
            let rest = &self.words[..name];
            rest.iter().rev().find(|word| !word.is(&["field", "called", "named"])).filter(|word| word.is(&["pointer"]))
        });
        let before = if before.is_empty() && adjective.is_some() && is_go_identifier(text) { "*" } else { before };
        let mut rest = self.words[at + 1..].iter();
        let next = rest.next();
        let next = if next.is_some_and(|word| word.is_mark(",")) && self.depth > 0 { rest.next() } else { next };
        let behind = match next {
            Some(word) if word.is(LISTS) => "[]",
            Some(word) if word.is(&["pointer"]) => "*",
            Some(word) if word.is(&["map", "maps", "pointers"]) => return unclear(word),
            _ => "",
        };
        let sign = match (before, behind) {
            ("", sign) | (sign, "") => sign,
            (one, other) if one == other => one,
            _ => return Err(format!("the statements about the type `{text}` contradict each other")),
        };
        // `[]T` and "list": the same once more.
        Ok(if text.starts_with(sign) { text.to_owned() } else { format!("{sign}{text}") })
    }
}

const LISTS: &[&str] = &["list", "lists", "slice", "slices", "array", "arrays"];
