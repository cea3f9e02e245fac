//! The words of a clause: which of them say what the code between them stands for.

use super::spelling::{ADDS, ASIDES, CHANGES, field_of, is_type_name, role};
use super::{ApiDemand, ApiEnum, ApiReading, ApiStruct};
use crate::demand::words::{Piece, Word};
use crate::go::TypeText;
use crate::name::{is_go_identifier, is_predeclared};

/// What a code span stands for where it comes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Noun {
    /// Something to be added; its spelling says what.
    Thing,
    Field,
    Struct,
    /// A type: an enumeration if it has values.
    Type,
    Constant(Option<&'static str>),
    /// A value of a constant, or values of an enumeration.
    Value,
    /// The type of the fields before it.
    TypeOf,
    /// The name in JSON of the field before it.
    Json,
    /// What something is added to.
    Parent,
    /// A field of the new struct before it.
    Part,
    /// Nothing.
    Aside,
}

pub(super) struct Reader<'r, 'w, 'a> {
    pub(super) words: &'w [Word<'a>],
    pub(super) reading: &'r mut ApiReading,
    /// The demands of this clause begin here.
    pub(super) from: usize,
    pub(super) noun: Noun,
    pub(super) optional: Option<bool>,
    /// What the line says of the fields that come: that they are deprecated.
    pub(super) deprecated: bool,
    /// The words before this one are read.
    next: usize,
    pub(super) parent: Option<String>,
    /// It stood before everything that it gets: "extend `X` with …".
    pub(super) parent_first: bool,
    /// The line says that a struct has no fields.
    pub(super) empty: bool,
    /// How many parentheses are open.
    depth: usize,
    /// The struct or type that the words in parentheses belong to.
    pub(super) key: &'a str,
}

impl<'r, 'w, 'a> Reader<'r, 'w, 'a> {
    pub(super) fn new(key: &'a str, words: &'w [Word<'a>], reading: &'r mut ApiReading) -> Self {
        let noun = match key {
            "field" | "fields" => Noun::Field,
            "struct" | "structs" | "parent" => Noun::Struct,
            "type" | "types" | "enum" => Noun::Type,
            "constant" | "constants" | "const" => Noun::Constant(None),
            "annotation" => Noun::Constant(Some("annotation")),
            "label" => Noun::Constant(Some("label")),
            "json" => Noun::Json,
            _ => Noun::Aside,
        };
        let from = reading.demands.len();
        Self {
            words,
            from,
            reading,
            noun,
            optional: None,
            deprecated: false,
            next: 0,
            parent: None,
            parent_first: false,
            empty: false,
            depth: 0,
            key,
        }
    }

    pub(super) fn fail(&mut self, why: String) {
        self.reading.fault.get_or_insert(why);
    }

    pub(super) fn clause(&mut self) {
        let first = self.words.iter().position(|word| word.piece != Piece::Mark);
        let Some(first) = first.map(|at| &self.words[at]) else { return };
        let adds = self.words.iter().any(|word| word.is(ADDS));
        // ``Overhead *resource.Quantity` in `Status` `` needs no verb.
        let is_spec = first.piece == Piece::Code && field_of(first.text).is_some_and(|field| field.name.is_some());
        if !adds && !is_spec && self.noun == Noun::Aside {
            return;
        }
        if is_spec {
            self.noun = Noun::Thing;
        }
        for at in 0..self.words.len() {
            let word = self.words[at];
            if at < self.next {
                continue;
            }
            match word.piece {
                Piece::Mark => self.mark(at),
                Piece::Code => self.code(at),
                Piece::Prose => self.prose(at),
            }
        }
        self.finish();
    }

    fn mark(&mut self, at: usize) {
        match self.words[at].text {
            "(" => {
                self.depth += 1;
                let untyped = matches!(self.reading.demands[self.from..].last(), Some(ApiDemand::Field(field)) if field.ty.is_none());
                if self.behind_type(at) {
                    self.noun = Noun::Value;
                } else if untyped {
                    self.noun = Noun::TypeOf;
                }
            }
            ")" => {
                self.depth = self.depth.saturating_sub(1);
                if self.noun != Noun::Aside {
                    self.noun = Noun::Thing;
                }
            }
            ":" => match self.reading.demands[self.from..].last() {
                Some(ApiDemand::Field(field)) if field.ty.is_none() => self.noun = Noun::TypeOf,
                Some(ApiDemand::Struct(_)) => self.noun = Noun::Part,
                Some(ApiDemand::Enum(_)) => self.noun = Noun::Value,
                _ => {}
            },
            "-" | "–" | "—" | "->" | "→" if self.from < self.reading.demands.len() => self.noun = Noun::Aside,
            _ => {}
        }
    }

    /// Whether the word before this place is the name of a new type, which may have values behind it.
    fn behind_type(&self, at: usize) -> bool {
        let last = self.reading.demands[self.from..].last();
        matches!(last, Some(ApiDemand::Enum(known)) if at > 0 && self.words[at - 1].text.ends_with(known.name.as_str()))
    }

    fn prose(&mut self, at: usize) {
        let word = self.words[at];
        let before = at.checked_sub(1).map(|at| self.words[at]);
        let says = |words: &[&str]| before.is_some_and(|before| before.is(words));
        let last_is_struct = matches!(self.reading.demands[self.from..].last(), Some(ApiDemand::Struct(_)));
        let last_is_enum = matches!(self.reading.demands[self.from..].last(), Some(ApiDemand::Enum(_)));
        // In the parentheses behind a type, everything is a value of it.
        if self.noun == Noun::Value && self.depth > 0 && last_is_enum {
            if !word.is(&["or", "and", "default", "values", "value", "one", "of", "string", "strings", "constants"]) {
                self.code(at);
            }
            return;
        }
        if word.is(CHANGES) {
            self.fail(format!("it also says `{}`", word.text));
        } else if word.is(&["extend", "extends"]) {
            self.noun = Noun::Parent;
        } else if word.is(ADDS) {
            self.noun = Noun::Thing;
        } else if word.is(&["empty", "marker"]) {
            self.empty = true;
        } else if word.is(&["optional", "nullable"]) {
            self.adjective(true, at);
        } else if word.is(&["required", "mandatory"]) {
            self.adjective(false, at);
        } else if word.is(&["deprecated"]) {
            self.deprecated(at);
        } else if word.is(&["field", "fields", "member", "members", "property", "properties"]) {
            self.field_noun(at, last_is_struct);
        } else if word.is(&["struct", "structs", "structure"]) {
            self.type_noun(at, Noun::Struct);
        } else if word.is(&["enum", "enumeration"]) {
            self.type_noun(at, Noun::Type);
        } else if word.is(&["type", "types"]) {
            let of = says(&["of", "with", "has", "the", "go"]) || before.is_some_and(|before| before.is_mark("("));
            if of && matches!(self.reading.demands[self.from..].last(), Some(ApiDemand::Field(_))) {
                self.noun = Noun::TypeOf;
            } else if !matches!(self.noun, Noun::Constant(_)) {
                self.type_noun(at, Noun::Type);
            }
        } else if word.is(&["json"]) {
            self.noun = Noun::Json;
        } else if word.is(&["constant", "constants", "const"]) {
            match self.noun {
                Noun::Constant(_) => {}
                _ if last_is_enum && says(&["with", "and", "its", "string"]) => self.noun = Noun::Value,
                _ => self.noun = Noun::Constant(None),
            }
        } else if let Some(role) = role(word).filter(|_| self.noun != Noun::Parent) {
            self.noun = Noun::Constant(Some(role));
        } else if word.is(&["value", "values"]) {
            self.noun = Noun::Value;
        } else if word.is(&["to", "into", "in", "on", "inside", "within", "onto", "under"]) {
            self.noun = Noun::Parent;
        } else if word.is(&["of"]) {
            // `a field of X`, but `of type T`.
            if matches!(self.noun, Noun::Field) && says(&["field", "fields"]) {
                self.noun = Noun::Parent;
            }
        } else if word.is(&["with", "by", "has", "have", "having", "containing", "holding", "holds", "contains"]) {
            if last_is_struct {
                self.noun = Noun::Part;
            } else if last_is_enum {
                self.noun = Noun::Value;
            } else if self.noun == Noun::Parent || self.parent.is_some() {
                self.noun = Noun::Thing;
            }
        } else if word.is(&["and", "or", "as", "well", "plus", "also"]) {
            if word.is(&["as"])
                && matches!(self.reading.demands[self.from..].last(), Some(ApiDemand::Field(field)) if field.ty.is_none())
            {
                self.noun = Noun::TypeOf;
            } else if word.is(&["and", "plus"]) && self.noun == Noun::Parent && self.parent.is_some() {
                self.noun = Noun::Thing;
            }
        } else if word.is(ASIDES) {
            self.noun = Noun::Aside;
        } else if self.takes(at) {
            self.code(at);
        }
    }

    fn adjective(&mut self, optional: bool, at: usize) {
        let behind = at > 0 && (self.words[at - 1].is_mark("(") || self.words[at - 1].is_mark(","));
        if behind
            && self.depth > 0
            && let Some(ApiDemand::Field(field)) = self.reading.demands[self.from..].last_mut()
        {
            field.optional = Some(optional);
            return;
        }
        self.optional = Some(optional);
        if self.noun != Noun::Part {
            self.noun = Noun::Thing;
        }
    }

    /// The word "deprecated": before a field, or behind it with what takes its place.
    fn deprecated(&mut self, at: usize) {
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

    /// The word "field": what comes is one, or what came.
    fn field_noun(&mut self, at: usize, behind_struct: bool) {
        self.reading.asks = true;
        let own = self.words.get(at.wrapping_sub(1)).filter(|word| word.piece == Piece::Code);
        if own.is_some() && !matches!(self.noun, Noun::Part | Noun::Parent) {
            self.noun = Noun::Field;
            return;
        }
        let part = behind_struct && (self.noun == Noun::Part || self.depth > 0);
        self.noun = if part && !self.begins_anew(at) { Noun::Part } else { Noun::Field };
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
    fn type_noun(&mut self, at: usize, noun: Noun) {
        let before = self.words.get(at.wrapping_sub(1)).filter(|word| word.is_code());
        if self.noun == Noun::Parent {
            // "to the struct `X`", "to the `X` struct".
            return;
        }
        let (Some(before), Some(ApiDemand::Field(field))) = (before, self.reading.demands[self.from..].last()) else {
            self.noun = noun;
            return;
        };
        if before.text == field.name && field.ty.is_none() {
            let name = field.name.clone();
            self.reading.demands.pop();
            self.declare(noun, name);
        }
        self.noun = noun;
    }

    pub(super) fn declare(&mut self, noun: Noun, name: String) {
        let demand = match noun {
            Noun::Struct => ApiDemand::Struct(ApiStruct { name, ..ApiStruct::default() }),
            _ => ApiDemand::Enum(ApiEnum { name, values: Vec::new(), extends: false }),
        };
        self.reading.demands.push(demand);
    }

    /// Whether a word of prose is a name here, although it stands in no backticks.
    fn takes(&self, at: usize) -> bool {
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
                is_go_identifier(package) && is_type_name(name) && word.is_code()
            }
            Noun::Value | Noun::Part => false,
            _ => word.is_code() && word.text.len() > 2 && is_go_identifier(word.text),
        }
    }

    /// What is known only at the end of a clause: where the fields go, and whose type a new type is.
    fn finish(&mut self) {
        let parent = self.parent.clone();
        let types: Vec<String> = self.reading.demands[self.from..]
            .iter()
            .filter_map(|demand| match demand {
                ApiDemand::Struct(known) => Some(known.name.clone()),
                ApiDemand::Enum(known) if !known.extends => Some(known.name.clone()),
                _ => None,
            })
            .collect();
        let empty = self.empty;
        let mut used = false;
        let mut fault = None;
        for demand in &mut self.reading.demands[self.from..] {
            match demand {
                ApiDemand::Field(field) => {
                    field.parent = field.parent.take().or_else(|| parent.clone());
                    used = true;
                    // "type X and field `x`": the field has that type.
                    let same = types.iter().find(|name| name.eq_ignore_ascii_case(&field.name));
                    if let (None, Some(name)) = (&field.ty, same) {
                        let star = if field.optional == Some(false) { "" } else { "*" };
                        field.ty = TypeText::parse(&format!("{star}{name}")).ok();
                    }
                }
                ApiDemand::Enum(known) if known.name.is_empty() => {
                    used = true;
                    match &parent {
                        Some(parent) => known.name.clone_from(parent),
                        None => fault = Some("it says no type that the value belongs to".to_owned()),
                    }
                }
                ApiDemand::Constant(constant) if constant.value.is_none() => {
                    fault = Some(format!("it says no value of `{}`", constant.name));
                }
                ApiDemand::Struct(known) => known.empty |= empty,
                _ => {}
            }
        }
        if let Some(fault) = fault {
            self.fail(fault);
        }
        if !used && self.from == self.reading.demands.len() {
            self.reading.context = self.reading.context.take().or(parent);
        }
    }
}
