//! Types that a struct embeds, and fields that another struct gets as well.

use super::reader::{Noun, Reader};
use super::spelling::{field_of, is_type_name};
use super::{ApiDemand, ApiField};
use crate::demand::words::{Piece, Word};
use crate::go::{StructField, TypeText};
use crate::name::is_go_identifier;

impl Reader<'_, '_, '_> {
    /// Takes the field before a word such as "inline" for a type that is embedded, if it can be one.
    pub(super) fn embeds_last(&mut self) {
        if let Some(field) = self.last_field().filter(|field| !field.embedded && field.ty.is_none()) {
            embed(field);
        }
    }

    /// "the same field to `Y`": the fields that the line has named, of another struct.
    pub(super) fn same_fields(&mut self, text: &str, all: bool) {
        let name = text.trim_start_matches('*').rsplit('.').next().unwrap_or_default().to_owned();
        let fields = match self.reading.demands.last() {
            Some(ApiDemand::Struct(known)) => known.fields.clone(),
            Some(ApiDemand::Field(_)) => {
                let own = self.reading.demands.iter().filter_map(|demand| match demand {
                    ApiDemand::Field(field) => Some(field.clone()),
                    _ => None,
                });
                own.collect()
            }
            _ => Vec::new(),
        };
        if !is_go_identifier(&name)
            || !name.starts_with(char::is_uppercase)
            || fields.is_empty()
            || !all && fields.len() > 1
        {
            return self.fail(format!("which field `{text}` gets as well is not understood"));
        }
        let again = |field: ApiField| {
            let has_nil = field.ty.as_ref().is_some_and(TypeText::has_nil);
            let optional = field.optional.or(Some(has_nil));
            ApiDemand::Field(ApiField { parent: Some(name.clone()), optional, ..field })
        };
        self.reading.demands.extend(fields.into_iter().map(again));
        self.noun = Noun::Thing;
    }

    /// "to `A` and, with the same meaning, to `B`": the other struct that gets what the clause has named.
    pub(super) fn owner_as_well(&self, at: usize) -> Option<usize> {
        const SAME: &[&str] = &[
            "and",
            "with",
            "the",
            "same",
            "meaning",
            "semantics",
            "type",
            "tag",
            "name",
            "also",
            "too",
            "likewise",
            "equally",
            "plus",
            "as",
            "well",
            "comment",
        ];
        let known = self.parent.as_deref()?;
        let named = self.words[..at].iter().rposition(Word::is_code)?;
        let between = &self.words[named + 1..at];
        let is_same =
            between.iter().all(|word| word.is(SAME) || word.is_mark(",") || word.is_mark("(") || word.is_mark(")"));
        let joins = between.iter().any(|word| word.is(&["and", "plus", "well"]));
        let owner = at + 1 + self.words[at + 1..].iter().take_while(|word| word.is(&["the", "struct"])).count();
        let name = self.words.get(owner).filter(|word| word.piece == Piece::Code && is_type_name(word.text))?;
        let is_field =
            matches!(self.reading.demands[self.from..].last(), Some(ApiDemand::Field(field)) if field.ty.is_some());
        let own = self.words[named].text.rsplit('.').next() == Some(known) && name.text != known;
        (is_same && joins && own && is_field).then_some(owner)
    }

    /// What stands behind "and" where a struct is named: something else, but no second struct: "`A int` on `S` and `T`".
    pub(super) fn behind_parent(&mut self, at: usize) -> Noun {
        let ends = self.words.get(at + 2).is_none_or(|next| next.piece == Piece::Mark || next.is(&["in"]));
        let named = self.words.get(at + 1).filter(|word| word.piece == Piece::Code && is_type_name(word.text) && ends);
        let is_typed =
            matches!(self.reading.demands[self.from..].last(), Some(ApiDemand::Field(field)) if field.ty.is_some());
        if let Some(name) = named.filter(|_| is_typed && self.depth == 0) {
            self.fail(format!("whether `{}` gets the field as well is not understood", name.text));
        }
        Noun::Thing
    }

    /// "and set it in `f`": what is done with the field that the clause has named.
    pub(super) fn is_used(&mut self, at: usize) -> bool {
        const VERBS: &[&str] = &[
            "set",
            "sets",
            "fill",
            "fills",
            "populate",
            "populates",
            "use",
            "uses",
            "update",
            "updates",
            "read",
            "reads",
            "compute",
            "computes",
            "initialize",
            "initialise",
            "copy",
            "copies",
            "validate",
            "clear",
            "store",
            "honor",
            "honour",
        ];
        let (Some(word), Some(it)) = (self.words.get(at), self.words.get(at + 1)) else { return false };
        let used = word.is(VERBS) && it.is(&["it", "them", "this"]) && self.last_field().is_some();
        if used {
            let ends = |word: &Word<'_>| word.piece == Piece::Mark && matches!(word.text, "," | ";" | ".");
            let rest = self.words[at..].iter().take_while(|word| !ends(word));
            let said: Vec<String> = rest
                .map(|word| if word.piece == Piece::Code { format!("`{}`", word.text) } else { word.text.to_owned() })
                .collect();
            self.reading.more.push(said.join(" "));
        }
        used
    }

    /// "`x` and `y`, both `*T`": the type of all fields of the clause, if none of them has one.
    pub(super) fn types_all(&mut self, text: &str) -> bool {
        let Ok(ty) = TypeText::parse(text) else { return false };
        let untyped = |demand: &ApiDemand| matches!(demand, ApiDemand::Field(field) if field.ty.is_none());
        let demands = &mut self.reading.demands[self.from..];
        if demands.len() < 2 || !demands.iter().all(untyped) {
            return false;
        }
        for demand in demands {
            if let ApiDemand::Field(field) = demand {
                field.ty = Some(ty.clone());
            }
        }
        true
    }

    /// "inline `v1.X`": a type that is embedded.
    pub(super) fn embedded(&mut self, at: usize) {
        let text = self.words[at].text;
        let ty = match field_of(text) {
            Some(StructField { name: None, ty }) if ty.names.len() == 1 => ty,
            _ => return self.fail(format!("`{text}` is not a type that can be embedded")),
        };
        let name = ty.names[0].1.clone();
        let field = ApiField { name, ty: Some(ty), embedded: true, ..ApiField::default() };
        match self.reading.demands[self.from..].last_mut() {
            Some(ApiDemand::Struct(known)) => known.fields.push(field),
            _ => self.reading.demands.push(ApiDemand::Field(field)),
        }
    }
}

/// Makes a field that is a name alone the type of that name, embedded.
pub(super) fn embed(field: &mut ApiField) {
    if let Ok(ty) = TypeText::parse(&field.name) {
        (field.ty, field.embedded) = (Some(ty), true);
    }
}
