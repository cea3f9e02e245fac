//! The types of what a clause names.

use super::ApiDemand;
use super::reader::{Noun, Reader};
use super::spelling::field_of;
use crate::demand::words::Piece;
use crate::go::{StructField, TypeText};
use crate::name::is_go_identifier;

impl Reader<'_, '_, '_> {
    /// The type of the fields before it; of two, "(`A` and `B`)", each has its own.
    pub(super) fn types(&mut self, at: usize) {
        let text = match self.shaped(at) {
            Ok(text) => text,
            Err(why) => return self.fail(why),
        };
        let rest = self.words[at..].iter().take_while(|word| !word.is_mark(")"));
        let all: Vec<&str> = rest.clone().filter(|word| word.piece == Piece::Code).map(|word| word.text).collect();
        let only = rest
            .clone()
            .all(|word| word.piece == Piece::Code || word.is(&["and", "or", "respectively"]) || word.is_mark(","));
        if self.depth == 0 || all.len() < 2 || !only {
            return self.type_of(&text);
        }
        let open = self.reading.demands[self.from..]
            .iter()
            .filter(|one| matches!(one, ApiDemand::Field(field) if field.ty.is_none()));
        if open.count() != all.len() || rest.clone().any(|word| word.is(&["or"])) {
            return self.fail(format!("it does not say which of the types `{}` it is", all.join("`, `")));
        }
        let mut types = all.into_iter().map(|text| TypeText::parse(text).ok());
        for demand in &mut self.reading.demands[self.from..] {
            if let ApiDemand::Field(field) = demand
                && field.ty.is_none()
            {
                field.ty = types.next().flatten();
            }
        }
        self.next = at + rest.count();
        self.noun = Noun::Thing;
    }

    pub(super) fn type_of(&mut self, text: &str) {
        // "Allow a `size` per interface: `Size *uint16`": the field again, in full.
        if let Some(StructField { name: Some(name), ty }) = field_of(text)
            && let Some(ApiDemand::Field(field)) = self.reading.demands[self.from..].last_mut()
            && field.name.eq_ignore_ascii_case(&name)
        {
            (field.name, field.ty) = (name, Some(ty));
            self.noun = Noun::Thing;
            return;
        }
        let Ok(ty) = TypeText::parse(text) else {
            return self.fail(format!("`{text}` is not a type"));
        };
        let mut open = 0;
        for demand in &mut self.reading.demands[self.from..] {
            match demand {
                ApiDemand::Field(field) if field.ty.is_none() => {
                    field.ty = Some(ty.clone());
                    open += 1;
                }
                ApiDemand::Struct(known) => {
                    for field in known.fields.iter_mut().filter(|field| field.ty.is_none()) {
                        field.ty = Some(ty.clone());
                        open += 1;
                    }
                }
                ApiDemand::Constant(constant) if constant.ty.is_none() && is_go_identifier(text) => {
                    constant.ty = Some(text.to_owned());
                    open += 1;
                }
                _ => {}
            }
        }
        let is_part = matches!(self.reading.demands[self.from..].last(), Some(ApiDemand::Struct(_)));
        if open == 0 {
            self.fail(format!("everything that the line names already has a type other than `{text}`"));
        }
        self.noun = if is_part { Noun::Part } else { Noun::Thing };
    }
}
