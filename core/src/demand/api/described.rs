//! What a line says of the thing that it asks for: "`Timeout *int64` - how long it may wait".

use super::spelling::CHANGES;
use super::{ApiDemand, ApiReading};
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

/// Verbs of denial, which a description may have.
const DENIALS: &[&str] = &["not", "never", "without", "don't", "instead"];

/// What something does of itself: "how fast it moves" asks for no change.
const DOES: &[&str] = &["removes", "renames", "replaces", "moves", "changes"];

/// A line without the description behind its dash, and the description. Behind a field that is an item of a list, a
/// colon is one as well.
pub(super) fn described(key: &str, line: &str) -> Option<(String, String)> {
    let is_item = matches!(key, "field" | "fields");
    let mut depth = 0_usize;
    let mut in_code = false;
    let mut had_code = false;
    let dash = line.char_indices().find(|(at, c)| {
        match c {
            '`' => (in_code, had_code) = (!in_code, true),
            '(' if !in_code => depth += 1,
            ')' if !in_code => depth = depth.saturating_sub(1),
            '-' | '–' | '—' if !in_code && had_code && depth == 0 => {
                let rest = &line[at + c.len_utf8()..];
                return line[..*at].ends_with(' ') && rest.starts_with(' ');
            }
            ':' if is_item && !in_code && had_code && depth == 0 => {
                return line[..*at].ends_with(['`', ')']) && line[at + 1..].starts_with(' ');
            }
            _ => {}
        }
        false
    });
    let (at, c) = dash?;
    let (head, said) = (line[..at].trim_end(), line[at + c.len_utf8()..].trim());
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
    let plain = begins && all.len() > 1 && !all.iter().any(is_change);
    plain.then(|| (format!("{head}{more}"), said.to_owned()))
}

/// A line without the sentence that follows it, and what that says of the thing: "… to `Disk`. It shows how fast it is."
pub(super) fn explained(line: &str) -> Option<(String, String)> {
    const SAYS_MORE: &[&str] = &["is", "has", "was", "defaults", "gets", "needs", "goes", "stays", "uses", "belongs"];
    let at =
        line.match_indices(". It ").map(|(at, _)| at).find(|at| line[..*at].matches('`').count().is_multiple_of(2))?;
    let said = line[at + ". It ".len()..].trim().trim_end_matches('.');
    let all = words(said);
    let first = all.first()?;
    let does = first.piece == Piece::Prose && first.text.ends_with('s') && !first.is(SAYS_MORE);
    let is_more = |word: &Word<'_>| word.is(FIRM) || word.is(CHANGES) && !word.is(DENIALS) && !word.is(DOES);
    let is_one = !said.contains(". ") && !said.contains(['`', ';']);
    (does && is_one && all.len() > 2 && !all.iter().any(is_more)).then(|| (line[..at].to_owned(), said.to_owned()))
}

/// What a line says of what it asks for, behind a dash.
pub fn description(line: &str) -> Option<String> {
    described("", line).map(|(_, said)| said)
}

impl ApiReading {
    /// Whether the line asks for one thing, and says all of it; below a struct with a key of its own, its fields follow.
    pub(super) fn is_one(&self, keyed: bool) -> bool {
        self.fault.is_none()
            && match self.demands.as_slice() {
                [ApiDemand::Field(field)] => field.ty.is_some(),
                [ApiDemand::Struct(known)] => keyed || !known.fields.is_empty() || known.empty,
                [ApiDemand::Enum(known)] => !known.values.is_empty() && !known.extends,
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

    pub(super) fn describe(&mut self, text: String) {
        self.description().0 = Some(text);
    }

    /// Takes what another line says of the same thing.
    pub fn also(&mut self, mut other: Self) {
        if let Some(text) = other.description().0.take() {
            self.description().0.get_or_insert(text);
        }
    }
}
