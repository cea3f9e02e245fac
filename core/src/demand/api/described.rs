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
    if let Some(found) = quoted(line).or_else(|| of_itself(line)) {
        return Some(found);
    }
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

/// A line without the sentence in quotes at its end, and that sentence: "`Load *Load` in `Info`, \"Load is …\"".
fn quoted(line: &str) -> Option<(String, String)> {
    const LEADS: &[&str] = &[
        "described as",
        "documented as",
        "with the comment",
        "with comment",
        "comment",
        "documentation",
        "and the comment",
        "with the description",
        "with the doc comment",
        "with doc comment",
        "description",
    ];
    let plain = line.replace(['“', '”'], "\"");
    let outside: String = plain.split('`').step_by(2).collect();
    let text =
        plain.trim_end().trim_end_matches('.').strip_suffix('"').filter(|_| outside.matches('"').count() == 2)?;
    let (head, said) = text.rsplit_once('"')?;
    let head = head.trim_end();
    let trim = |text: &str| text.trim_end_matches([',', ':', '-', '–', '—', ' ']).len();
    let lead = LEADS.iter().find_map(|lead| head[..trim(head)].strip_suffix(lead));
    let bare = lead.map_or(&head[..trim(head)], |lead| &lead[..trim(lead)]);
    let is_sentence = said.split_whitespace().count() > 2 && said.starts_with(char::is_alphabetic);
    (bare.len() < head.len() && is_sentence && bare.contains('`')).then(|| (bare.to_owned(), said.to_owned()))
}

/// A line without the sentence at its end in which "it" does something, and that sentence: "`Load *Load` in `Info`; it
/// tells how busy the guest is".
fn of_itself(line: &str) -> Option<(String, String)> {
    const OTHERS: &[&str] = &[
        "is", "has", "was", "does", "defaults", "needs", "requires", "gets", "goes", "as", "replaces", "stays", "uses",
    ];
    let (head, said) = ["; it ", ". It "].iter().find_map(|lead| line.split_once(lead))?;
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
