//! What a line says of the thing that it asks for: "`Timeout *int64` - how long it may wait".

use super::spelling::CHANGES;
use super::{ApiDemand, ApiReading};
use crate::demand::comment::{quoted_comment, sentence_end};
use crate::demand::words::{Piece, Word, words};

/// What is said of something, in words of the line. It makes it no other thing.
#[derive(Clone, Debug, Default)]
pub struct Description(pub Option<String>);

impl PartialEq for Description {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Description {}

/// Words that begin what is more than a description: it says more of the field, or asks for something else.
const MORE: &[&str] = &[
    "and",
    "also",
    "plus",
    "with",
    "without",
    "json",
    "optional",
    "required",
    "mandatory",
    "nullable",
    "deprecated",
    "default",
    "defaults",
    "defaulting",
    "type",
    "typed",
    "of",
    "in",
    "to",
    "on",
    "into",
    "as",
    "field",
    "fields",
    "struct",
    "enum",
    "constant",
    "values",
    "value",
    "immutable",
    "add",
    "extend",
    "new",
    "then",
    "see",
    "like",
    "both",
    "each",
    "not",
    "no",
    "but",
    "marker",
];

/// Words anywhere in a description that say more of the field than its comment can.
const FIRM: &[&str] = &["required", "mandatory", "deprecated", "json"];

/// Words behind a colon that say more of the field than its comment can.
const FACTS: &[&str] = &[
    "optional",
    "default",
    "defaults",
    "immutable",
    "nullable",
    "enum",
    "struct",
    "fields",
    "atomic",
    "marker",
    "pattern",
];

/// Words that do so beside a number.
const BOUNDS: &[&str] = &["minimum", "maximum", "min", "max", "length", "least", "most", "between", "range"];

/// Verbs of denial, which a description may have.
const DENIALS: &[&str] = &["not", "never", "without", "don't", "instead"];

/// What something does of itself: "how fast it moves" asks for no change.
const DOES: &[&str] = &["removes", "renames", "replaces", "moves", "changes"];

/// A line without the description behind its dash, and the description. Behind a field that is an item of a list, a
/// colon is one as well.
pub(super) fn described(key: &str, line: &str) -> Option<(String, String)> {
    if let Some(found) = quoted(line).or_else(|| of_itself(line)) {
        return Some(found);
    }
    let is_item = matches!(key, "field" | "fields");
    let mut depth = 0_usize;
    let mut in_code = false;
    let mut had_code = false;
    let opens = |(at, c): (usize, char)| {
        match c {
            '`' => (in_code, had_code) = (!in_code, true),
            '(' if !in_code => depth += 1,
            ')' if !in_code => depth = depth.saturating_sub(1),
            '-' | '–' | '—' if !in_code && had_code && depth == 0 => {
                let is_dash = line[..at].ends_with(' ') && line[at + c.len_utf8()..].starts_with(' ');
                return is_dash.then(|| said(line, at, c, true)).flatten();
            }
            ':' if !in_code && had_code && depth == 0 && line[at + 1..].starts_with(' ') => {
                return said(line, at, c, is_item && line[..at].ends_with(['`', ')']));
            }
            _ => {}
        }
        None
    };
    line.char_indices().find_map(opens)
}

/// What stands before and behind a mark, where the words behind it are a description. `is_apart` if nothing else can be
/// meant by the mark: a colon may also open what is said of the field.
fn said(line: &str, at: usize, mark: char, is_apart: bool) -> Option<(String, String)> {
    let (head, said) = (line[..at].trim_end(), line[at + mark.len_utf8()..].trim());
    // "… (optional)" at the end is about the field.
    let (said, more) = match said.strip_suffix(')').and_then(|inner| inner.rsplit_once(" (")) {
        Some((before, inside))
            if words(inside).first().is_some_and(|word| word.is(MORE) || word.text.starts_with('+')) =>
        {
            (before, format!(" ({inside})"))
        }
        _ => (said, String::new()),
    };
    let all = words(said);
    let is_change = |word: &Word<'_>| word.is(FIRM) || word.is(CHANGES) && !word.is(DENIALS) && !word.is(DOES);
    let begins = all.first().is_some_and(|word| word.piece == Piece::Prose && !word.is(MORE));
    let is_plain = begins && all.len() > 1 && !all.iter().any(is_change);
    let declares = |word: &Word<'_>| word.piece == Piece::Code && word.text.contains(' ');
    let has_digit = said.contains(|c: char| c.is_ascii_digit());
    let is_fact = |word: &Word<'_>| declares(word) || word.is(FACTS) || has_digit && word.is(BOUNDS);
    if is_plain && (is_apart || !all.iter().any(is_fact)) {
        return Some((format!("{head}{more}"), said.to_owned()));
    }
    // What sentences behind the first one say of the field is no part of its description.
    let end = sentence_end(said);
    let rest = said[end..].trim_start_matches(['.', ' ']);
    if rest.is_empty() || !begins {
        return None;
    }
    let (_, first) = self::said(&format!("{head}{mark}{}", &said[..end]), head.len(), mark, is_apart)?;
    Some((format!("{head}. {rest}{more}"), first))
}

/// A line without the comment in quotes that it states of what it spells out, and that comment.
fn quoted(line: &str) -> Option<(String, String)> {
    let found = quoted_comment(line)?;
    found.rest.contains('`').then_some((found.rest, found.text))
}

/// A line without the sentence at its end in which "it" does something, and that sentence: "`Load *Load` in `Info`; it
/// tells how busy the guest is".
fn of_itself(line: &str) -> Option<(String, String)> {
    const OTHERS: &[&str] = &[
        "is", "has", "was", "does", "defaults", "needs", "requires", "gets", "goes", "as", "replaces", "stays", "uses",
    ];
    const TELLS: &[&str] = &["says", "tells", "names", "describes", "specifies", "holds", "lists", "contains"];
    let found = ["; it ", ". It "].iter().find_map(|lead| line.split_once(lead));
    let which =
        || line.split_once(", which ").filter(|(_, said)| words(said).first().is_some_and(|verb| verb.is(TELLS)));
    let (head, said) = found.or_else(which)?;
    let all = words(said);
    let does = all.first().filter(|word| {
        word.piece == Piece::Prose && word.text.ends_with('s') && !word.text.ends_with("ss") && !word.is(OTHERS)
    })?;
    let is_change = |word: &Word<'_>| word.is(FIRM) || word.is(CHANGES) && !word.is(DENIALS) && !word.is(DOES);
    let plain = does.at == 0 && all.len() > 2 && !all.iter().any(is_change) && !said.contains(['`', ';']);
    (plain && head.contains('`')).then(|| (head.to_owned(), said.trim().trim_end_matches('.').to_owned()))
}

/// What a line says of what it asks for, behind a dash or in quotes.
pub fn description(line: &str) -> Option<String> {
    described("", line).map(|(_, said)| said)
}

impl ApiReading {
    /// Whether the line asks for one thing, and says all of it, or the rest follows: the fields of a struct, values.
    pub(super) fn is_one(&self, is_open: bool) -> bool {
        self.fault.is_none()
            && match self.demands.as_slice() {
                [ApiDemand::Field(field)] => field.ty.is_some(),
                [ApiDemand::Struct(known)] => is_open || !known.fields.is_empty() || known.empty,
                [ApiDemand::Enum(known)] => (is_open || !known.values.is_empty()) && !known.extends,
                [ApiDemand::Constant(known)] => known.value.is_some(),
                _ => false,
            }
    }
}

impl ApiDemand {
    fn description(&mut self) -> &mut Description {
        match self {
            Self::Field(field) => &mut field.doc,
            Self::Struct(known) => &mut known.doc,
            Self::Enum(known) => &mut known.doc,
            Self::Constant(known) => &mut known.doc,
        }
    }

    /// Takes what is said of it, or of the field that the words begin with.
    pub fn describe(&mut self, text: String) {
        let first = text.split(|c: char| !c.is_alphanumeric()).find(|word| !word.is_empty()).unwrap_or_default();
        let description = match self {
            Self::Struct(known) if known.fields.iter().any(|field| field.name == first) => {
                known.fields.iter_mut().find(|field| field.name == first).map(|field| &mut field.doc)
            }
            _ => Some(self.description()),
        };
        if let Some(description) = description {
            description.0 = Some(text);
        }
    }

    /// Takes what another line says of the same thing.
    pub fn also(&mut self, mut other: Self) {
        if let Some(text) = other.description().0.take() {
            self.description().0.get_or_insert(text);
        }
    }
}
