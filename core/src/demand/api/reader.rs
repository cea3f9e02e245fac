//! The words of a clause: which of them say what the code between them stands for.

use super::spelling::{ADDS, ASIDES, CHANGES, HEDGES, field_of, is_key, path_of, role};
use super::{ApiDemand, ApiReading};
use crate::demand::words::{Piece, Word};
use crate::go::TypeText;

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
    /// A type that is embedded.
    Embedded,
    /// Nothing.
    Aside,
}

/// Words for a type that has no name of its own in a struct.
const EMBEDS: &[&str] = &["inline", "inlined", "inlines", "inlining", "embed", "embeds", "embedded", "embedding"];

#[expect(clippy::struct_excessive_bools, reason = "each is a fact of the clause that is read")]
pub(super) struct Reader<'r, 'w, 'a> {
    pub(super) words: &'w [Word<'a>],
    pub(super) reading: &'r mut ApiReading,
    /// The demands of this clause begin here.
    pub(super) from: usize,
    pub(super) noun: Noun,
    pub(super) optional: Option<bool>,
    /// What the line says of the fields that come: that they are deprecated.
    pub(super) deprecated: bool,
    /// Markers that the line says of the fields that come.
    pub(super) markers: Vec<String>,
    /// The words before this one are read.
    pub(super) next: usize,
    pub(super) parent: Option<String>,
    /// It stood before everything that it gets: "extend `X` with …".
    pub(super) parent_first: bool,
    /// The line says that a struct has no fields.
    pub(super) empty: bool,
    /// What something is added to is a file: "add to `x/types.go` the label …".
    pub(super) placed: bool,
    /// The type that is said before the field: "a string field `x`".
    pub(super) said_type: Option<String>,
    /// How many parentheses are open.
    pub(super) depth: usize,
    /// The parenthesis that is open belongs to the value before it.
    pub(super) beside_value: bool,
    /// Names of constants come, and not their values.
    pub(super) names_constants: bool,
    /// What code stood for before the parenthesis that is open.
    outer: Noun,
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
            "reason" => Noun::Constant(Some("reason")),
            "condition" => Noun::Constant(Some("condition")),
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
            markers: Vec::new(),
            next: 0,
            parent: None,
            parent_first: false,
            empty: false,
            placed: false,
            said_type: None,
            depth: 0,
            beside_value: false,
            names_constants: false,
            outer: Noun::Aside,
            key,
        }
    }

    pub(super) fn fail(&mut self, why: String) {
        self.reading.fault.get_or_insert(why);
    }

    pub(super) fn clause(&mut self) {
        let first = self.words.iter().position(|word| word.piece != Piece::Mark);
        let Some(first) = first.map(|at| &self.words[at]) else { return };
        let joins = self.words.iter().take_while(|word| word.is(&["and", "also", "plus"])).count();
        let begins = |words: &[&str], nouns: &[&str]| {
            self.words[joins..].windows(2).next().is_some_and(|two| two[0].is(words) && two[1].is(nouns))
        };
        // "A struct named `X` with …", "… as `type X struct { A int }`".
        let declares = begins(&["a", "an"], &["struct", "enum", "enumeration", "type", "field", "constant", "label"])
            || self.words.iter().any(|word| word.piece == Piece::Code && word.text.starts_with("type "))
                && !self.words.iter().any(|word| word.is(ASIDES));
        let adds = declares || self.words.iter().any(|word| word.is(ADDS));
        // ``Overhead *resource.Quantity` in `Status` `` needs no verb.
        // So does ``optional `Overhead *resource.Quantity` ``.
        // And ``in `Status`, `Overhead *resource.Quantity` ``.
        let own = self.words.get(self.owner_ahead()..).unwrap_or_default();
        let named =
            own.iter().find(|word| !word.is(&["optional", "required", "nullable", "new", "field"])).unwrap_or(first);
        // ``Status.Overhead *resource.Quantity`: so does a field behind its struct.
        let is_owned = |text: &str| {
            text.split_once(' ').is_some_and(|(path, ty)| path_of(path).is_some() && TypeText::parse(ty.trim()).is_ok())
        };
        let is_field = |text: &str| field_of(text).is_some_and(|field| field.name.is_some()) || is_owned(text);
        let is_spec = named.piece == Piece::Code && is_field(named.text);
        // "inline `v1.X`"
        let embeds = first.is(EMBEDS) && self.words.get(1).is_some_and(|word| word.piece == Piece::Code)
            || first.piece == Piece::Code
                && field_of(first.text).is_some_and(|field| field.name.is_none())
                && self.words.iter().any(|word| word.is(EMBEDS));
        let is_spec = is_spec || first.piece == Piece::Code && first.text.starts_with("type ") || self.is_headline();
        // "Annotation constant `X = "x"`"
        let nouns =
            self.words.iter().take_while(|word| word.is(&["constant", "constants", "const"]) || role(**word).is_some());
        let states = self
            .words
            .get(nouns.count())
            .is_some_and(|word| word.piece == Piece::Code && word.text.contains(" = \"") && word.at > first.at);
        if !adds && !is_spec && !embeds && !states && self.noun == Noun::Aside {
            return;
        }
        self.lead();
        if is_spec {
            self.noun = Noun::Thing;
        } else if embeds && first.piece == Piece::Code {
            self.noun = Noun::Embedded;
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
            "," if self.goes_on_with_values(at) => self.listed_values(at),
            "(" => {
                if self.names_value(at) {
                    return;
                }
                self.depth += 1;
                self.beside_value = self.is_beside_value(at);
                self.outer = self.noun;
                let untyped = match self.reading.demands[self.from..].last() {
                    Some(ApiDemand::Field(field)) => field.ty.is_none(),
                    Some(ApiDemand::Struct(known)) if self.noun == Noun::Part => {
                        known.fields.last().is_some_and(|field| field.ty.is_none())
                    }
                    _ => false,
                };
                let unvalued = matches!(self.reading.demands[self.from..].last(), Some(ApiDemand::Constant(known)) if known.value.is_none());
                if self.behind_type(at) || unvalued {
                    self.noun = Noun::Value;
                } else if untyped {
                    self.noun = Noun::TypeOf;
                }
            }
            ")" => {
                self.depth = self.depth.saturating_sub(1);
                self.beside_value = false;
                let in_struct = matches!(self.reading.demands[self.from..].last(), Some(ApiDemand::Struct(_)));
                if self.outer == Noun::Part && in_struct {
                    self.noun = Noun::Part;
                } else if matches!(self.outer, Noun::Constant(_))
                    || self.outer == Noun::Value
                        && matches!(self.reading.demands[self.from..].last(), Some(ApiDemand::Enum(_)))
                {
                    self.noun = self.outer;
                } else if self.noun != Noun::Aside {
                    self.noun = Noun::Thing;
                }
            }
            // "(json: `pulseRate`)"
            ":" if self.noun == Noun::Json => {}
            ":" => match self.reading.demands[self.from..].last() {
                Some(ApiDemand::Field(field)) if field.ty.is_none() => self.noun = Noun::TypeOf,
                Some(ApiDemand::Struct(_)) => self.noun = Noun::Part,
                Some(ApiDemand::Enum(known)) => {
                    self.noun = Noun::Value;
                    if known.values.is_empty() {
                        self.listed_values(at);
                    }
                }
                Some(ApiDemand::Constant(known)) if known.value.is_none() => self.noun = Noun::Value,
                // "Extend `S`: `x *T`"
                None if self.noun == Noun::Parent && self.parent.is_some() => self.noun = Noun::Thing,
                _ => {}
            },
            // "New struct `X` — required `A int`"
            "-" | "–" | "—" if self.awaits_fields() && self.lists_fields(at) => self.noun = Noun::Part,
            "-" | "–" | "—" | "->" | "→" if self.from < self.reading.demands.len() => self.noun = Noun::Aside,
            _ => {}
        }
    }

    /// Whether the word before this place is the name of a new type, which may have values behind it.
    fn behind_type(&self, at: usize) -> bool {
        let last = self.reading.demands[self.from..].last();
        // "`X` enum (A, B)"
        let noun = at > 1 && self.words[at - 1].is(&["enum", "enumeration", "type"]);
        let name = at.checked_sub(if noun { 2 } else { 1 }).map_or("", |at| self.words[at].text);
        matches!(last, Some(ApiDemand::Enum(known)) if name.ends_with(known.name.as_str()) && !name.is_empty())
    }

    #[expect(clippy::too_many_lines, reason = "one word after another")]
    fn prose(&mut self, at: usize) {
        let word = self.words[at];
        let before = at.checked_sub(1).map(|at| self.words[at]);
        let says = |words: &[&str]| before.is_some_and(|before| before.is(words));
        let last_is_struct = matches!(self.reading.demands[self.from..].last(), Some(ApiDemand::Struct(_)));
        let last_is_enum = matches!(self.reading.demands[self.from..].last(), Some(ApiDemand::Enum(_)));
        if self.completes(at)
            || is_key(word.text) && matches!(self.noun, Noun::Constant(_) | Noun::Value) && self.keyed(word.text)
        {
            return;
        }
        if self.list_type(at) || self.types_what_comes(at) {
            return;
        }
        // "the same field to `Y`"
        let words = self.words;
        let is = |at: usize, list: &[&str]| words.get(at).is_some_and(|word| word.is(list));
        if word.is(&["same"]) && is(at + 1, &["field", "fields"]) && is(at + 2, &["to", "in", "into", "on"]) {
            let skipped = at + 3 + usize::from(is(at + 3, &["the", "struct"]));
            if let Some(owner) = words.get(skipped).filter(|owner| owner.is_code()) {
                self.next = skipped + 1;
                return self.same_fields(owner.text, words[at + 1].is(&["fields"]));
            }
        }
        // "… to the same struct"
        if word.is(&["same"]) && self.noun == Noun::Parent && is(at + 1, &["struct", "type", "one"]) {
            let last = self.reading.demands.iter().rev().find_map(|demand| match demand {
                ApiDemand::Field(field) => field.parent.clone(),
                _ => None,
            });
            self.next = at + 2;
            self.parent = self.parent.take().or(last);
            return;
        }
        if word.is(HEDGES) || word.is(CHANGES) {
            self.fail(format!("it also says `{}`", word.text));
        } else if word.is(EMBEDS) {
            // "inline `v1.X`", "`v1.X` (inline)"
            if self.words.get(at + 1).is_some_and(|next| next.piece == Piece::Code) {
                self.noun = Noun::Embedded;
            } else {
                self.embeds_last();
            }
        } else if word.is(&["extend", "extends"]) {
            self.noun = Noun::Parent;
        } else if word.is(ADDS) {
            self.noun = Noun::Thing;
        } else if word.is(&["called", "named"]) && self.noun == Noun::Parent && self.parent.is_some() {
            self.noun = Noun::Field;
        } else if word.is(&["called", "named"]) && last_is_struct && before.is_some_and(|word| word.is_mark(",")) {
            self.fail(format!("what it says is `{}` is not understood", word.text));
        } else if word.is(&["empty", "marker"]) {
            self.empty = true;
        } else if word.is(&["optional", "optionally", "nullable"]) {
            self.adjective(true, at);
            if word.is(&["nullable"]) {
                self.nullable(at);
            }
        } else if word.is(&["required", "mandatory", "non-optional"]) || self.must_be_set(at) {
            self.adjective(false, at);
        } else if word.is(&["deprecated"]) {
            self.deprecated(at);
        } else if word.is(&["field", "fields", "member", "members", "property", "properties"]) {
            self.field_noun(at, last_is_struct);
        } else if word.is(&["struct", "structs", "structure"]) {
            self.type_noun(at, Noun::Struct);
        } else if word.is(&["enum", "enumeration"]) {
            self.type_noun(at, Noun::Type);
        } else if word.is(&["type", "types", "typed"]) {
            let of = says(&["of", "with", "has", "the", "go"]) || before.is_some_and(|before| before.is_mark("("));
            let open = match self.reading.demands[self.from..].last() {
                Some(ApiDemand::Field(_)) => true,
                Some(ApiDemand::Struct(known)) => known.fields.last().is_some_and(|field| field.ty.is_none()),
                _ => false,
            };
            let constant = matches!(self.reading.demands[self.from..].last(), Some(ApiDemand::Constant(known)) if known.ty.is_none());
            if of && (open || constant) {
                self.noun = Noun::TypeOf;
            } else if !matches!(self.noun, Noun::Constant(_)) {
                self.type_noun(at, Noun::Type);
            }
        } else if word.is(&["json", "yaml", "serialised", "serialized", "marshalled", "marshaled"]) {
            self.noun = Noun::Json;
        } else if word.is(&["constant", "constants", "const"]) {
            match self.noun {
                Noun::Constant(_) => {}
                _ if last_is_enum && self.are_its_constants(at) => {
                    (self.noun, self.names_constants) = (Noun::Value, true);
                }
                _ => self.noun = Noun::Constant(None),
            }
        } else if let Some(role) = role(word).filter(|_| self.noun != Noun::Parent || self.placed) {
            self.role_of(at, role);
        } else if word.is(&["value", "values"]) {
            (self.noun, self.names_constants) = (Noun::Value, false);
            if last_is_enum {
                self.listed_values(at);
            }
        } else if word.is(&["to"]) && says(&["pointer", "pointers"]) {
            // Of a type, which comes.
        } else if word.is(&["to"]) && says(&["next", "close", "similar", "equal", "due"]) {
            self.noun = Noun::Aside;
        } else if self.is_used(at) || word.is(&["rather"]) && is(at + 1, &["than"]) {
            let ends = |word: &Word<'_>| word.piece == Piece::Mark && matches!(word.text, "," | ";" | ".");
            let length = self.words[at..].iter().position(ends).unwrap_or(self.words.len() - at);
            (self.noun, self.next) = (Noun::Aside, at + length);
        } else if word.is(&["to", "into", "in", "on", "inside", "within", "onto", "under"]) {
            if let Some(owner) = self.owner_as_well(at) {
                self.next = owner + 1;
                return self.same_fields(self.words[owner].text, true);
            }
            self.noun = Noun::Parent;
        } else if word.is(&["of"]) {
            // `a field of X`, but `of type T`.
            let at_end = says(&["end", "bottom"]) && at > 1 && self.words[at - 2].is(&["the"]);
            if at_end || matches!(self.noun, Noun::Field) && says(&["field", "fields"]) {
                self.noun = Noun::Parent;
            }
        } else if word.is(&["by"]) && self.noun == Noun::Aside {
            // "guarded by", "gated by"
        } else if word.is(&["with", "by", "has", "have", "having", "containing", "holding", "holds", "contains"]) {
            if last_is_struct {
                self.noun = Noun::Part;
            } else if last_is_enum {
                self.noun = Noun::Value;
            } else if self.noun == Noun::Parent || self.parent.is_some() {
                self.noun = Noun::Thing;
            }
        } else if word.is(&["and", "or"]) && self.goes_on_with_values(at) {
            self.listed_values(at);
        } else if word.is(&["and", "or", "as", "well", "plus", "also"]) {
            if word.is(&["as"]) && self.declares_last(at) {
                // "`X` as a string enum"
            } else if word.is(&["as"])
                && matches!(self.reading.demands[self.from..].last(), Some(ApiDemand::Field(field)) if field.ty.is_none())
            {
                self.noun = Noun::TypeOf;
            } else if word.is(&["and", "plus"]) && self.noun == Noun::Parent && self.parent.is_some() {
                self.noun = self.behind_parent(at);
            }
        } else if word.is(&["default", "defaults", "defaulting"]) && self.default(at) || word.is(ASIDES) {
            self.noun = Noun::Aside;
        } else if self.takes(at) {
            self.code(at);
        }
    }

    fn adjective(&mut self, optional: bool, at: usize) {
        let behind = at > 0 && (self.words[at - 1].is_mark("(") || self.words[at - 1].is_mark(","));
        if behind && self.depth > 0 {
            let field = match self.reading.demands[self.from..].last_mut() {
                Some(ApiDemand::Field(field)) => Some(field),
                Some(ApiDemand::Struct(known)) => known.fields.last_mut(),
                _ => None,
            };
            if let Some(field) = field {
                field.optional = Some(optional);
                return;
            }
        }
        // "`S.field`: optional, `*T`"
        if let Some(ApiDemand::Field(field)) = self.reading.demands[self.from..].last_mut()
            && self.noun == Noun::TypeOf
            && field.ty.is_none()
        {
            field.optional = Some(optional);
            return;
        }
        // "…, both optional": of what was named.
        let is_field = |demand: &ApiDemand| matches!(demand, ApiDemand::Field(_));
        if self.reading.demands[self.from..].iter().any(is_field) && !self.words[at..].iter().any(Word::is_code) {
            for demand in &mut self.reading.demands[self.from..] {
                if let ApiDemand::Field(field) = demand {
                    field.optional.get_or_insert(optional);
                }
            }
            return;
        }
        self.optional = Some(optional);
        if self.noun != Noun::Part {
            self.noun = Noun::Thing;
        }
    }
}
