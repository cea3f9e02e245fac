//! The values of an enumeration: plain words, strings, and the constants that stand for them.

use std::collections::BTreeSet;

use super::reader::{Noun, Reader};
use super::spelling::{ADDS, ASIDES, CHANGES, value};
use super::{ApiDemand, ApiEnum};
use crate::demand::words::{Piece, Word};
use crate::name::{is_go_identifier, pascal};

/// What stands for the value of a constant until it is said. No value can be that; one that is empty can be said.
const UNSAID: &str = "\0";

/// What a type with values can be in Go, and is not here: the constants of an enumeration are strings.
const NUMBERS: &[&str] =
    &["int", "int8", "int16", "int32", "int64", "uint", "uint8", "uint16", "uint32", "uint64", "bool"];

/// Words among values that are none.
const NOISE: &[&str] = &[
    "or",
    "and",
    "default",
    "values",
    "value",
    "one",
    "of",
    "string",
    "strings",
    "constants",
    "constant",
    "const",
    "either",
    "go",
    "|",
    "enum",
    "enumeration",
    "type",
    "a",
    "an",
    "the",
];

impl Reader<'_, '_, '_> {
    /// The enumeration that the clause speaks of last.
    pub(super) fn last_enum(&mut self) -> Option<&mut ApiEnum> {
        match self.reading.demands[self.from..].last_mut() {
            Some(ApiDemand::Enum(known)) => Some(known),
            _ => None,
        }
    }

    /// Whether a parenthesis that opens here says something of the value before it, and lists no others.
    pub(super) fn is_beside_value(&mut self, at: usize) -> bool {
        let before = at.checked_sub(1).map_or("", |at| self.words[at].text.trim_matches('"'));
        let inside = self.words[at + 1..].iter().take_while(|word| !word.is_mark(")"));
        let lists = inside.clone().any(|word| word.is(&["constants"]))
            || inside.filter(|word| word.piece == Piece::Code).count() > 1;
        let is_last = |(constant, text): &(Option<String>, String)| {
            before == text.as_str() || constant.as_deref() == Some(before)
        };
        !lists
            && self.noun == Noun::Value
            && self.last_enum().and_then(|known| known.values.last()).is_some_and(is_last)
    }

    /// Takes `PolicyFirst` ("First") for a constant and its string, where nothing has said yet what `PolicyFirst` is.
    pub(super) fn names_value(&mut self, at: usize) -> bool {
        /// Words that say something of a field, and are no string.
        const OF_FIELDS: &[&str] = &[
            "optional",
            "required",
            "nullable",
            "deprecated",
            "string",
            "bool",
            "boolean",
            "pointer",
            "int",
            "set",
            "atomic",
            "map",
            "list",
            "enum",
            "struct",
            "inline",
            "type",
            "embedded",
            "default",
            "new",
        ];
        let [said, close, ..] = &self.words[at + 1..] else { return false };
        let Some(ApiDemand::Field(field)) = self.reading.demands[self.from..].last() else { return false };
        let constant = &field.name;
        let is_value = !said.is(OF_FIELDS)
            && said.text.trim_matches('"').starts_with(|c: char| c.is_ascii_alphanumeric())
            && close.is_mark(")")
            && field.ty.is_none()
            && self.words[at - 1].text == *constant
            && stands_for(constant, said.text.trim_matches('"'));
        if is_value {
            let read = (Some(constant.clone()), said.text.trim_matches('"').to_owned());
            self.reading.demands.pop();
            let known = ApiEnum { values: vec![read], extends: true, ..ApiEnum::default() };
            self.reading.demands.push(ApiDemand::Enum(known));
            (self.noun, self.next) = (Noun::Value, at + 3);
        }
        is_value
    }

    /// Whether the constants that the word at a place speaks of are those of the type before it.
    pub(super) fn are_its_constants(&self, at: usize) -> bool {
        const BETWEEN: &[&str] = &["the", "go", "matching", "corresponding", "following", "string"];
        let before = self.words[..at].iter().rev().find(|word| !word.is(BETWEEN));
        let several = self.words[at].is(&["constants"]);
        before.is_some_and(|word| {
            word.is(&["its", "their"]) || word.piece == Piece::Mark && several || word.is(&["with", "and", "as", "by"])
        }) && (several || !self.words[at.saturating_sub(1)].is(&["the"]))
    }

    /// Adds a value, or the name of a constant whose value is said elsewhere.
    pub(super) fn enum_value(&mut self, text: &str) {
        let names = self.names_constants;
        if NUMBERS.contains(&text) {
            return self.fail(format!("`{text}` is not a type of strings"));
        }
        let Some((constant, string)) = value(text) else {
            return self.fail(format!("`{text}` is not a value"));
        };
        let is_constant = constant.is_none() && is_go_identifier(text) && names;
        let read = if is_constant { (Some(string), UNSAID.to_owned()) } else { (constant, string) };
        if let Some(known) = self.last_enum() {
            known.values.push(read);
        } else {
            // "Add the value `X` to `T`": the type comes later.
            let demand = ApiEnum { name: String::new(), values: vec![read], extends: true, ..ApiEnum::default() };
            self.reading.demands.push(ApiDemand::Enum(demand));
        }
    }

    /// What stands in the parentheses behind a value: its constant, or its string where the value is a constant.
    pub(super) fn value_beside(&mut self, at: usize) {
        let word = self.words[at];
        let inside = self.words[..at].iter().rposition(|word| word.is_mark("(")).map_or(0, |open| open + 1);
        let alone = at == inside && self.words.get(at + 1).is_none_or(|next| next.is_mark(")"));
        if word.piece != Piece::Code && (!alone || word.is(NOISE)) {
            return;
        }
        let Some(known) = self.last_enum() else { return };
        let type_name = known.name.clone();
        let Some((constant, text)) = known.values.last_mut() else { return };
        let said = word.text.trim_matches('"');
        match constant {
            Some(_) if text == UNSAID && value(word.text).is_some() => said.clone_into(text),
            None if stands_for(word.text, text) => *constant = Some(said.to_owned()),
            // `PolicyFirst` ("First"): the constant, and its string.
            None if (is_constant_of(&type_name, text) || stands_for(text, said)) && value(word.text).is_some() => {
                *constant = Some(std::mem::replace(text, said.to_owned()));
            }
            Some(known) if known == word.text => {}
            _ if word.piece == Piece::Code => {
                let why = format!("what `{}` is to the value `{text}` is not understood", word.text);
                self.fail(why);
            }
            _ => {}
        }
    }

    /// A word of prose in the parentheses behind a type: a value where a list has one.
    pub(super) fn bare_value(&mut self, at: usize) {
        let word = self.words[at];
        if word.is(NOISE) {
            self.names_constants |= word.is(&["constants", "constant", "const"]);
            self.names_constants &= !word.is(&["value", "values", "string", "strings"]);
            return;
        }
        let parts = |word: &Word<'_>| word.is(NOISE) || [",", "(", ")", ":"].iter().any(|mark| word.is_mark(mark));
        let before = at.checked_sub(1).map(|at| &self.words[at]);
        let alone = before.is_none_or(parts)
            && self.words.get(at + 1).is_none_or(|next| parts(next) || matches!(next.text, "=" | ":="));
        if alone {
            self.enum_value(word.text);
        } else {
            self.fail(format!("what `{}` says about the values is not understood", word.text));
        }
    }

    /// Whether a list of values goes on here, behind the parentheses of one of them.
    pub(super) fn goes_on_with_values(&self, at: usize) -> bool {
        let behind = at.checked_sub(1).is_some_and(|at| self.words[at].is_mark(")"));
        let last = self.reading.demands[self.from..].last();
        let listed = matches!(last, Some(ApiDemand::Enum(known)) if !known.values.is_empty());
        behind && listed && self.noun == Noun::Value && self.depth == 0
    }

    /// "with values First, Second and Third": words of prose that are exactly a list, and the place behind them.
    pub(super) fn listed_values(&mut self, at: usize) {
        let mut next = at + 1;
        while self.words.get(next).is_some_and(|word| word.is_mark(":") || word.is(&["are", "the", "of", "one"])) {
            next += 1;
        }
        let mut found = Vec::new();
        let mut joined = true;
        while let Some(word) = self.words.get(next) {
            let is_and = word.is(&["and", "or"]) || word.is_mark(",") || matches!(word.text, "|" | "/");
            let is_item = word.piece == Piece::Prose
                && !is_and
                && (!word.text.starts_with(char::is_lowercase) || !is_prose(word))
                && !word.text.contains('/')
                && value(word.text).is_some();
            if is_item && joined {
                found.push(next);
                joined = false;
            } else if is_and {
                joined = true;
            } else {
                break;
            }
            next += 1;
        }
        let ends = match self.words.get(next) {
            None => true,
            // "First, Second, which …"
            Some(_) if joined && self.words[next - 1].is_mark(",") => true,
            Some(word) => word.piece == Piece::Mark || word.is(&["in", "to", "on", "into", "with"]),
        };
        // One small word may be prose like any other.
        let sound = found.len() > 1
            || found.iter().any(|at| self.words[*at].text.starts_with(|c: char| c.is_ascii_uppercase()));
        if !ends || !sound || joined && found.len() < 2 {
            return;
        }
        for at in &found {
            self.enum_value(self.words[*at].text);
        }
        self.next = found.last().map_or(at + 1, |last| last + 1);
    }
}

/// Whether a small word is part of a sentence, and no value.
fn is_prose(word: &Word<'_>) -> bool {
    let lists = [ADDS, ASIDES, CHANGES, &["in", "to", "into", "with", "a", "an", "the", "plus", "also", "as"]];
    lists.iter().any(|list| word.is(list))
}

/// Brings constants and the values that they stand for together; or says why that cannot be told.
pub(super) fn pair(known: &mut ApiEnum) -> Result<(), String> {
    let is_constant = |(constant, text): &(Option<String>, String)| match constant {
        Some(_) => text == UNSAID,
        None => is_constant_of(&known.name, text),
    };
    let (constants, mut values): (Vec<_>, Vec<_>) = known.values.drain(..).partition(is_constant);
    // A value, and the same with its constant.
    let complete = values.iter().filter(|(constant, _)| constant.is_some()).map(|(_, value)| value.clone());
    let complete: BTreeSet<String> = complete.collect();
    values.retain(|(constant, text)| constant.is_some() || !complete.contains(text));
    for (constant, text) in constants {
        let name = constant.unwrap_or(text);
        let mut meant = values.iter_mut().filter(|(_, value)| match name.strip_prefix(known.name.as_str()) {
            Some(rest) if !known.name.is_empty() && !rest.is_empty() => rest.eq_ignore_ascii_case(&pascal(value)),
            _ => ends(&name, value),
        });
        match (meant.next(), meant.next()) {
            (Some((constant @ None, _)), None) => *constant = Some(name),
            (Some((Some(there), _)), None) if *there == name => {}
            _ => {
                return Err(format!(
                    "`{name}` is the name of a constant, and the line does not say which value it stands for"
                ));
            }
        }
    }
    known.values = values;
    Ok(())
}

impl ApiEnum {
    /// Brings constants and the values that they stand for together; or says why that cannot be told.
    pub fn pair(&mut self) -> Result<(), String> {
        pair(self)
    }
}

/// Whether a text can be nothing but the name of a constant of a type: `PolicyFirst` of `Policy`.
fn is_constant_of(type_name: &str, text: &str) -> bool {
    let rest = text.strip_prefix(type_name).filter(|_| !type_name.is_empty() && is_go_identifier(text));
    rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_'))
}

/// Whether a name is that of a constant for a string: it ends like it, and says more.
fn stands_for(name: &str, string: &str) -> bool {
    is_go_identifier(name) && !pascal(string).is_empty() && name.len() > string.len() && ends(name, string)
}

pub(super) fn ends(name: &str, value: &str) -> bool {
    let words = pascal(value).to_lowercase();
    !words.is_empty() && name.to_lowercase().ends_with(&words)
}
