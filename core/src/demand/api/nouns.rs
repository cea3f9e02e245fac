//! What the nouns of a clause make of the words around them, and what is known only at its end.

use super::reader::{Noun, Reader};
use super::spelling::is_type_name;
use super::values::pair;
use super::{ApiDemand, ApiEnum, ApiStruct};
use crate::demand::words::{Piece, Word};
use crate::go::TypeText;
use crate::name::{is_go_identifier, is_predeclared};

impl Reader<'_, '_, '_> {
    /// "(must be set)"
    pub(super) fn must_be_set(&self, at: usize) -> bool {
        let two = self.words.get(at + 1..at + 3);
        self.words[at].is(&["must"])
            && two.is_some_and(|two| two[0].is(&["be"]) && two[1].is(&["set", "given", "present", "specified"]))
    }

    /// "(nullable)" is about the field before it, "the nullable fields" about those that come.
    pub(super) fn nullable(&mut self, at: usize) {
        const KINDS: &[&str] = &["field", "fields", "optional", "and", "pointer", "pointers", "property"];
        let comes = self.words.get(at + 1).is_some_and(|next| next.is(KINDS) || next.piece == Piece::Code);
        match self.last_field().filter(|_| !comes) {
            Some(field) => field.markers.push("+nullable".to_owned()),
            None => self.markers.push("+nullable".to_owned()),
        }
    }

    /// The word "deprecated": before a field, or behind it with what takes its place.
    pub(super) fn deprecated(&mut self, at: usize) {
        const DO_NOT: &str = "Do not use";
        let rest = &self.words[at + 1..];
        let end = rest.iter().position(|word| word.is_mark(")") || word.is_mark(",")).unwrap_or(rest.len());
        let said: Vec<Word<'_>> = rest[..end].iter().copied().filter(|word| word.piece != Piece::Mark).collect();
        if !matches!(self.reading.demands[self.from..].last(), Some(ApiDemand::Field(_) | ApiDemand::Struct(_))) {
            self.deprecated = true;
            return;
        }
        let says = |word: &Word<'_>| word.piece == Piece::Prose;
        let head: Vec<String> =
            said.iter().take_while(|word| says(word)).map(|word| word.text.to_lowercase()).collect();
        let code: Vec<&Word<'_>> = said.iter().filter(|word| word.piece == Piece::Code).collect();
        let only = said.iter().skip_while(|word| !word.is_code()).skip(1).all(|word| word.is(&["instead"]));
        let text = match (head.join(" ").as_str(), code.as_slice()) {
            ("" | "field", []) => DO_NOT.to_owned(),
            (
                "in favour of" | "in favor of" | "use" | "please use" | "replaced by" | "superseded by"
                | "and replaced by" | "",
                [one],
            ) if only && one.text.split('.').all(is_go_identifier) => format!("Use {} instead", one.text),
            _ => {
                let said: Vec<&str> = said.iter().map(|word| word.text).collect();
                return self
                    .fail(format!("what takes the place of it is not understood: deprecated {}", said.join(" ")));
            }
        };
        if let Some(field) = self.last_field() {
            field.deprecated = Some(text);
        }
        self.next = at + 1 + end;
    }

    /// Whether a word of prose completes what stands before it: a value, a type, a string.
    pub(super) fn completes(&mut self, at: usize) -> bool {
        let word = self.words[at];
        let before = at.checked_sub(1).map(|at| self.words[at]);
        let last_is_struct = matches!(self.reading.demands[self.from..].last(), Some(ApiDemand::Struct(_)));
        let last_is_enum = matches!(self.reading.demands[self.from..].last(), Some(ApiDemand::Enum(_)));
        // In the parentheses behind a type, everything is a value of it.
        if self.noun == Noun::Value && self.depth > 0 && last_is_enum {
            if self.beside_value {
                self.value_beside(at);
            } else {
                self.bare_value(at);
            }
            return true;
        }
        // "an optional `x` string"
        let untyped = matches!(self.reading.demands[self.from..].last(),
            Some(ApiDemand::Field(field)) if field.ty.is_none() && before.is_some_and(|word| word.text == field.name));
        let is_kind = self.words.get(at + 1).is_some_and(|next| next.is(&["enum", "enumeration", "type", "constant"]));
        if untyped && !is_kind && word.is(&["string", "bool", "int", "int32", "int64", "uint32", "uint64"]) {
            self.type_of(word.text);
            return true;
        }
        // "without fields", "with no fields"
        let no_fields = self.words.get(at + 1).is_some_and(|next| next.is(&["fields", "members", "any"]));
        if no_fields && last_is_struct && word.is(&["without", "no"]) {
            self.empty = true;
            self.noun = Noun::Aside;
            return true;
        }
        // A constant's string, whose quotes are no words.
        let unvalued = matches!(self.reading.demands[self.from..].last(), Some(ApiDemand::Constant(known)) if known.value.is_none());
        let last = self.words.get(at + 1).is_none_or(|next| next.is_mark(")") || next.is_mark(","));
        let alone = self.depth > 0 && before.is_some_and(|before| before.is_mark("(")) && last
            || before.is_some_and(|before| before.is(&["value"]))
                && (last || self.words.get(at + 1).is_some_and(|next| next.is(&["to", "in", "on", "and"])));
        let said = before.is_some_and(|before| before.text == "=");
        if unvalued && self.noun == Noun::Value && (alone || said || word.is_code()) {
            self.code(at);
            return true;
        }
        if last_is_enum && matches!(word.text, "=" | ":=") {
            self.noun = Noun::Value;
            self.listed_values(at);
            return true;
        }
        if unvalued && word.text == "=" {
            self.noun = Noun::Value;
            return true;
        }
        false
    }

    /// "defaults to 60": the value of the field before it.
    pub(super) fn default(&mut self, at: usize) -> bool {
        let value = self.words[at + 1..]
            .iter()
            .find(|word| !word.is(&["to", "is", "value", "of", "it"]) && !word.is_mark(":") && !word.is_mark("\""));
        let plain =
            |text: &&str| text.len() <= 60 && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_./\"".contains(c));
        // "Defaults to the page of the VM" names no value.
        let value = value
            .filter(|word| word.piece != Piece::Mark && !word.is(&["the", "a", "an", "what", "whatever", "its"]))
            .map(|word| word.text)
            .filter(plain);
        match (value, self.last_field()) {
            (Some(value), Some(field)) => {
                field.default = Some(value.trim_matches('"').to_owned());
                true
            }
            _ => false,
        }
    }

    /// The word "field": what comes is one, or what came.
    pub(super) fn field_noun(&mut self, at: usize, behind_struct: bool) {
        const BETWEEN: &[&str] = &["the", "following", "two", "three", "optional", "these", "a", "an"];
        self.reading.asks = true;
        let next = self.words.get(at + 1).filter(|next| next.is_code());
        self.said_type = self.said_before(at).filter(|_| next.is_some());
        // "the type `X` with the fields …" is a struct.
        let before = self.words[..at].iter().rev().find(|word| !word.is(BETWEEN));
        if before
            .is_some_and(|word| word.is(&["with", "has", "having", "holding", "containing", "whose", "of", "have"]))
            && self.is_struct_now()
        {
            self.noun = Noun::Part;
            return;
        }
        let own = self.words.get(at.wrapping_sub(1)).filter(|word| word.piece == Piece::Code);
        if own.is_some() && !matches!(self.noun, Noun::Part | Noun::Parent) {
            self.noun = Noun::Field;
            return;
        }
        let part = behind_struct && (self.noun == Noun::Part || self.depth > 0);
        self.noun = if part && !self.begins_anew(at) { Noun::Part } else { Noun::Field };
    }

    /// Makes the new type before this place, of which no value is known, a struct.
    pub(super) fn is_struct_now(&mut self) -> bool {
        let Some(last @ ApiDemand::Enum(_)) = self.reading.demands[self.from..].last_mut() else { return false };
        let ApiDemand::Enum(ApiEnum { name, values, extends: false, .. }) = &*last else { return false };
        let is_bare = values.is_empty() && !name.is_empty();
        if is_bare {
            *last = ApiDemand::Struct(ApiStruct { name: name.clone(), ..ApiStruct::default() });
        }
        is_bare
    }

    /// Whether "and a field `x` to `S`" leaves the struct that stands before it.
    fn begins_anew(&self, at: usize) -> bool {
        const BETWEEN: &[&str] = &["a", "an", "the", "new", "optional", "required", "one"];
        let before = self.words[..at].iter().rev().find(|word| !word.is(BETWEEN));
        let singular = self.words[at].is(&["field", "member", "property"]);
        let goes = self.words[at..].iter().any(|word| word.is(&["to", "into", "in"]));
        singular && goes && before.is_some_and(|word| word.is(&["and", "plus"]))
    }

    /// The words "struct", "enum" and "type": of what comes, or of what came just before.
    pub(super) fn type_noun(&mut self, at: usize, noun: Noun) {
        // "`X` string enum"
        let of_strings = self.words.get(at.wrapping_sub(1)).is_some_and(|word| word.is(&["string"]));
        let name = at.wrapping_sub(if of_strings { 2 } else { 1 });
        let mut before = self.words.get(name).filter(|word| word.is_code());
        // "`X` (string enum: …)"
        if self.depth > 0 && before.is_none() {
            let open = self.words[..at].iter().rposition(|word| word.is_mark("(")).unwrap_or(0);
            let plain = self.words[open + 1..at].iter().all(|word| word.is(&["a", "an", "new", "string"]));
            before = open.checked_sub(1).map(|name| &self.words[name]).filter(|word| plain && word.is_code());
        }
        if self.noun == Noun::Parent {
            // "to the struct `X`", "to the `X` struct".
            return;
        }
        let (Some(before), Some(ApiDemand::Field(field))) = (before, self.reading.demands[self.from..].last()) else {
            self.noun = noun;
            return;
        };
        let is_string = self.depth > 0 && field.ty.as_ref().is_some_and(|ty| ty.text == "string");
        if before.text == field.name && (field.ty.is_none() || is_string) {
            let name = field.name.clone();
            self.reading.demands.pop();
            self.declare(noun, name);
            if self.depth > 0 {
                self.noun = if noun == Noun::Struct { Noun::Part } else { Noun::Value };
                return;
            }
        }
        self.noun = noun;
    }

    /// "define `X` as a string enum": the name before is that of a type.
    pub(super) fn declares_last(&mut self, at: usize) -> bool {
        let rest = &self.words[at + 1..];
        let front = rest.iter().take_while(|word| word.is(&["a", "an", "new", "string"])).count();
        let Some(noun) = rest.get(front) else { return false };
        let noun = match () {
            () if noun.is(&["enum", "enumeration", "type"]) => Noun::Type,
            () if noun.is(&["struct"]) => Noun::Struct,
            () => return false,
        };
        let name = match self.reading.demands[self.from..].last() {
            Some(ApiDemand::Field(field)) if field.ty.is_none() && self.words[at - 1].text == field.name => {
                field.name.clone()
            }
            _ => return false,
        };
        self.reading.demands.pop();
        self.declare(noun, name);
        (self.noun, self.next) = (if noun == Noun::Struct { Noun::Part } else { Noun::Value }, at + 2 + front);
        true
    }

    pub(super) fn declare(&mut self, noun: Noun, name: String) {
        // "an optional field `x` and a struct `T` with …": the fields of the struct are others.
        self.optional = None;
        let demand = match noun {
            Noun::Struct => ApiDemand::Struct(ApiStruct { name, ..ApiStruct::default() }),
            _ => ApiDemand::Enum(ApiEnum { name, ..ApiEnum::default() }),
        };
        self.reading.demands.push(demand);
    }

    /// Whether a word of prose is a name here, although it stands in no backticks.
    pub(super) fn takes(&self, at: usize) -> bool {
        let word = self.words[at];
        if matches!(self.noun, Noun::Aside | Noun::Json) || word.text.contains('/') || word.text.starts_with("http") {
            return false;
        }
        let next = self.words.get(at + 1);
        let typed =
            next.is_some_and(|next| next.is(&["of"])) && self.words.get(at + 2).is_some_and(|next| next.is(&["type"]));
        match self.noun {
            Noun::Field => is_go_identifier(word.text) && (word.is_code() || typed),
            Noun::TypeOf => is_predeclared(word.text) && !word.is(&["new"]) || word.is_code(),
            Noun::Struct | Noun::Type => is_type_name(word.text) && word.is_code(),
            Noun::Parent => {
                let (package, name) = word.text.rsplit_once('.').unwrap_or(("v1", word.text));
                // "… to Firmware": a capital where a clause ends is that of a name.
                let ends = self.words.get(at + 1).is_none_or(|next| next.piece == Piece::Mark || next.is(&["struct"]));
                is_go_identifier(package) && is_type_name(name) && (word.is_code() || ends)
            }
            Noun::Value | Noun::Part => false,
            // `API` and `VMI` are words.
            _ => {
                let is_name = word.text.contains(char::is_lowercase) && is_go_identifier(word.text);
                word.is_code() && word.text.len() > 2 && is_name && word.text != "KubeVirt"
            }
        }
    }

    /// What is known only at the end of a clause: where the fields go, and whose type a new type is.
    pub(super) fn finish(&mut self) {
        let parent = self.parent.clone();
        let types: Vec<String> = self.reading.demands[self.from..]
            .iter()
            .filter_map(|demand| match demand {
                ApiDemand::Struct(known) => Some(known.name.clone()),
                ApiDemand::Enum(known) if !known.extends => Some(known.name.clone()),
                _ => None,
            })
            .collect();
        let own = &self.reading.demands[self.from..];
        let is_whole =
            |one: &ApiDemand| matches!(one, ApiDemand::Constant(one) if !one.name.is_empty() && one.value.is_some());
        let extends = self.words.first().is_some_and(|word| word.is(&["extend", "extends"]));
        let extended = extends && parent.as_deref().is_some_and(is_type_name) && own.iter().all(is_whole);
        let empty = self.empty;
        let mut used = false;
        let mut fault = None;
        for demand in &mut self.reading.demands[self.from..] {
            if let ApiDemand::Enum(known) = demand
                && let (true, Some(parent)) = (known.name.is_empty(), &parent)
            {
                known.name.clone_from(parent);
                used = true;
            }
            match demand {
                ApiDemand::Field(field) => {
                    // "`spec.x` to `X`"
                    let below = |own: &str| own == "spec" || own == "status" || own.starts_with("spec.");
                    field.parent = match (field.parent.take(), &parent) {
                        (Some(own), Some(kind)) if below(&own) && is_type_name(kind) => Some(format!("{kind}.{own}")),
                        (own, _) => own.or_else(|| parent.clone()),
                    };
                    used = true;
                    // "type X and field `x`": the field has that type.
                    let same = types.iter().find(|name| name.eq_ignore_ascii_case(&field.name));
                    if let (None, Some(name)) = (&field.ty, same) {
                        let star = if field.optional == Some(false) { "" } else { "*" };
                        field.ty = TypeText::parse(&format!("{star}{name}")).ok();
                    }
                }
                ApiDemand::Enum(known) if known.name.is_empty() => {
                    fault = Some("it does not say which type the value belongs to".to_owned());
                }
                ApiDemand::Enum(known) => fault = pair(known).err().or(fault),
                // "Extend `T` by `C = "c"`"
                ApiDemand::Constant(constant) if extended && constant.ty.is_none() && constant.role.is_none() => {
                    constant.ty.clone_from(&parent);
                }
                ApiDemand::Constant(constant) if constant.name.is_empty() => {
                    let value = constant.value.as_deref().unwrap_or_default();
                    fault = Some(format!("it does not name the constant for `{value}`"));
                }
                ApiDemand::Constant(constant) if constant.value.is_none() => {
                    fault = Some(format!("it does not give the value of `{}`", constant.name));
                }
                ApiDemand::Struct(known) => known.empty |= empty,
                ApiDemand::Constant(_) => {}
            }
        }
        if let Some(fault) = fault {
            self.fail(fault);
        }
        // A name without a type behind a field that is written out: who knows what it is.
        let fields = self.reading.demands[self.from..].iter().filter_map(|demand| match demand {
            ApiDemand::Field(field) => Some(field),
            _ => None,
        });
        let typed = fields.clone().position(|field| field.ty.is_some());
        let odd = fields.enumerate().find(|(at, field)| {
            typed.is_some_and(|typed| typed < *at) && field.ty.is_none() && field.name.starts_with(char::is_lowercase)
        });
        if let Some(name) = odd.map(|(_, field)| field.name.clone()) {
            self.fail(format!("the purpose of `{name}` is not understood"));
        }
        let only_types = self.reading.demands[self.from..]
            .iter()
            .all(|demand| matches!(demand, ApiDemand::Struct(_) | ApiDemand::Enum(ApiEnum { extends: false, .. })));
        if let Some(parent) = parent
            .as_ref()
            .filter(|parent| !used && only_types && self.from < self.reading.demands.len() && !types.contains(parent))
        {
            self.fail(format!("which field `{parent}` gets is not understood"));
        }
        if !used && self.from == self.reading.demands.len() {
            self.reading.context = self.reading.context.take().or(parent);
        }
    }
}
