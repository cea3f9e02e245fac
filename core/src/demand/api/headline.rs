//! Lines without a verb, as titles are: ``Struct `S` with …``, `` `S.field` (`*int32`)``, ``S: new field `x` ``.

use super::reader::{Noun, Reader};
use super::spelling::{field_of, is_key, is_type_name, path_of};
use super::{ApiConstant, ApiDemand};
use crate::demand::words::{Piece, Word};
use crate::name::is_go_identifier;

const NOUNS: &[&str] =
    &["struct", "enum", "enumeration", "type", "field", "constant", "label", "annotation", "condition", "reason"];

/// Nouns of constants, before their names and values.
const CONSTANTS: &[&str] = &[
    "constant",
    "constants",
    "const",
    "consts",
    "label",
    "labels",
    "annotation",
    "annotations",
    "condition",
    "conditions",
    "reason",
    "reasons",
];

/// Words of sentences, which say something of what is there.
const SAYS: &[&str] = &[
    "is", "are", "was", "were", "has", "have", "should", "must", "will", "shall", "can", "may", "does", "do", "gets",
    "needs", "reads", "uses", "works", "looks", "belongs", "wins", "goes", "comes", "stays", "keeps", "becomes",
];

impl Reader<'_, '_, '_> {
    /// Whether the clause is a noun with what it is, and no sentence.
    pub(super) fn is_headline(&self) -> bool {
        let words: Vec<&Word<'_>> = self
            .words
            .iter()
            .skip_while(|word| {
                word.piece == Piece::Mark || word.is(&["a", "an", "the", "and", "also", "plus", "vm", "vmi"])
            })
            .collect();
        let is_said = words.iter().any(|word| word.is(SAYS) || word.is_mark("?"));
        let [first, second, rest @ ..] = words.as_slice() else { return false };
        if is_said || !self.key.is_empty() && self.noun != Noun::Aside {
            return false;
        }
        let is_code = |word: &Word<'_>| word.piece == Piece::Code && is_go_identifier(word.text);
        let is_key = second.piece == Piece::Code && is_key(second.text);
        // "Annotation `X = "x"`"
        let is_constant = |word: &Word<'_>| {
            word.piece == Piece::Code && word.text.split_once(" = ").is_some_and(|(name, _)| is_go_identifier(name))
        };
        // "Enum: `X` (`A`, `B`)"
        let keyed = first.is(&["enum", "struct", "condition", "reason"])
            && second.is_mark(":")
            && rest.first().is_some_and(|word| is_code(word) || is_constant(word));
        let valued = first.is(CONSTANTS) && is_constant(second)
            || second.is(CONSTANTS) && rest.first().is_some_and(|word| is_constant(word));
        // "string type `X`: `A`, `B`"
        let of_strings = first.is(&["string"])
            && second.is(&["type", "enum"])
            && rest.first().is_some_and(|word| is_code(word) && is_type_name(word.text));
        let named = keyed
            || valued
            || of_strings
            || (first.is(NOUNS) || first.is(CONSTANTS)) && (is_code(second) || is_key)
            || first.is(&["field"])
                && second.piece == Piece::Code
                && field_of(second.text).is_some_and(|field| field.name.is_some());
        let kind = second.is(NOUNS)
            || second.is(&["string", "new", "optional", "status", "spec"])
                && rest.first().is_some_and(|word| word.is(NOUNS));
        let path = first.piece == Piece::Code && path_of(first.text).is_some();
        let is_ty = |word: &&Word<'_>| word.piece == Piece::Code || word.is(&["string", "bool", "int32", "int64"]);
        // "`S.field`: optional, `*T`"
        let plain = |word: &&&Word<'_>| word.is(&["optional", "required"]) || word.is_mark(",");
        let typed =
            (second.is_mark("(") || second.is_mark(":")) && rest.iter().find(|word| !plain(word)).is_some_and(is_ty);
        // "`X` (struct): `A int`, `B string`"
        let said = rest.iter().find(|word| !word.is(&["new", "a", "string"]));
        let of_kind = second.is_mark("(") && said.is_some_and(|word| word.is(&["struct", "enum", "enumeration"]));
        // "FanMode enum: `On` | `Off`"
        let is_type = first.is_code() && is_type_name(first.text) && second.is(&["struct", "enum", "enumeration"]);
        // "`S`: field `x T`, optional"
        let plain = |word: &&&Word<'_>| word.is(&["a", "the", "new", "optional", "required", "field", "fields"]);
        let own = rest.iter().find(|word| !plain(word)).filter(|word| word.piece == Piece::Code);
        let led = first.is_code() && is_type_name(first.text) && second.is_mark(":");
        let led = led && own.is_some_and(|word| field_of(word.text).is_some_and(|field| field.name.is_some()));
        named || led || is_type || is_code(first) && (kind || of_kind && is_type_name(first.text)) || path && typed
    }

    /// How many words before a field say whose it is: "in `S`, `x *T`".
    pub(super) fn owner_ahead(&self) -> usize {
        let [to, owner, mark, ..] = self.words else { return 0 };
        let is_owner = owner.piece == Piece::Code && is_type_name(owner.text.rsplit('.').next().unwrap_or_default())
            || path_of(&format!("{}.x", owner.text)).is_some_and(|(path, _)| path.contains('.'));
        let leads = to.is(&["in", "on", "to", "within", "inside"]) && (mark.is_mark(",") || mark.is_mark(":"));
        if leads && is_owner { 3 } else { 0 }
    }

    /// "`S`: new field `x`": the struct before the colon gets it.
    pub(super) fn lead(&mut self) {
        let ahead = self.owner_ahead();
        let is_field = |word: &Word<'_>| word.piece == Piece::Code && field_of(word.text).is_some();
        if ahead > 0 && self.words.get(ahead).is_some_and(is_field) {
            let owner = self.words[1].text;
            let is_path = path_of(&format!("{owner}.x")).is_some_and(|(path, _)| path.contains('.'));
            let name = owner.rsplit('.').next().filter(|_| !is_path).unwrap_or(owner);
            (self.parent, self.parent_first, self.next) = (Some(name.to_owned()), true, ahead);
            return;
        }
        let [first, colon, rest @ ..] = self.words else { return };
        let spells = |word: &Word<'_>| field_of(word.text).is_some_and(|field| field.name.is_some());
        let speaks = rest.iter().any(|word| word.is(&["field", "fields"]) || word.piece == Piece::Code && spells(word));
        let speaks = speaks && !rest.iter().any(|word| word.is(&["to"]));
        let declares = matches!(self.noun, Noun::Struct | Noun::Type);
        if first.is_code() && is_type_name(first.text) && colon.is_mark(":") && speaks && !declares {
            self.parent = Some(first.text.to_owned());
            self.parent_first = true;
            self.next = 2;
        }
    }

    /// The word "label", "condition": of what comes, or of the name just before.
    pub(super) fn role_of(&mut self, at: usize, role: &'static str) {
        let before = at.checked_sub(1).map(|at| self.words[at]).filter(|word| word.piece == Piece::Code);
        let own = matches!((before, self.reading.demands[self.from..].last()),
            (Some(word), Some(ApiDemand::Field(field))) if field.ty.is_none() && field.name == word.text);
        let coming = self.words.get(at + 1).is_some_and(|next| next.piece == Piece::Code);
        // "`X = "x"` (condition type)"
        let opens = at.checked_sub(1).is_some_and(|at| self.words[at].is_mark("("));
        if let Some(ApiDemand::Constant(known)) = self.reading.demands[self.from..].last_mut()
            && known.role.is_none()
            && known.value.is_some()
            && opens
            && !coming
        {
            known.role = Some(role);
            return;
        }
        if own && !coming {
            let Some(ApiDemand::Field(field)) = self.reading.demands.pop() else { return };
            let known = ApiConstant { name: field.name, role: Some(role), ..ApiConstant::default() };
            self.reading.demands.push(ApiDemand::Constant(known));
        }
        self.noun = Noun::Constant(Some(role));
    }

    /// Whether fields are listed behind a dash, and not a description.
    pub(super) fn lists_fields(&self, at: usize) -> bool {
        let mut rest =
            self.words[at + 1..].iter().skip_while(|word| word.is(&["optional", "required", "fields", "field"]));
        rest.next().is_some_and(|word| word.piece == Piece::Code && field_of(word.text).is_some())
    }

    /// A type in front of a name: "a boolean `x`", "an optional bool pointer called `x`".
    pub(super) fn types_what_comes(&mut self, at: usize) -> bool {
        let called = self.words.get(at + 1).is_some_and(|next| next.is(&["called", "named"]));
        let name = at + 1 + usize::from(called);
        let is_name = self.words.get(name).is_some_and(|next| next.piece == Piece::Code && is_go_identifier(next.text));
        if !is_name || !matches!(self.noun, Noun::Thing | Noun::Field | Noun::Part) {
            return false;
        }
        let Some(said) = self.said_before(at + 1) else { return false };
        self.said_type = Some(said);
        self.next = name;
        if self.noun == Noun::Thing {
            self.noun = Noun::Field;
        }
        true
    }

    /// The type in front of the word "field": "an optional string field `x`", "a bool pointer field".
    pub(super) fn said_before(&self, at: usize) -> Option<String> {
        const BUILTIN: &[&str] = &["string", "bool", "boolean", "int", "int32", "int64", "uint32", "uint64"];
        let before = |back: usize| at.checked_sub(back).map(|at| self.words[at]);
        let pointer = before(1).is_some_and(|word| word.is(&["pointer"]));
        let word = before(if pointer { 2 } else { 1 })?;
        let of =
            before(if pointer { 3 } else { 2 }).is_some_and(|word| word.is(&["of", "list", "slice", "array", "map"]));
        let name = BUILTIN.iter().find(|name| word.is(&[name]) && !of)?;
        let name = if *name == "boolean" { "bool" } else { name };
        Some(format!("{}{name}", if pointer { "*" } else { "" }))
    }
}
