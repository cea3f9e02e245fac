//! Types that a line declares as Go does.

use super::reader::{Noun, Reader};
use super::spelling::field_of;
use super::{ApiDemand, ApiField, ApiStruct};
use crate::go::StructField;
use crate::name::is_go_identifier;

impl Reader<'_, '_, '_> {
    /// `X struct { A int; B string }`, `X string`.
    pub(super) fn declaration(&mut self, text: &str) {
        let Some((name, rest)) = text.split_once(char::is_whitespace) else {
            return self.fail(format!("`type {text}` is not a declaration"));
        };
        if !is_go_identifier(name) || !name.starts_with(char::is_uppercase) {
            return self.fail(format!("`{name}` is not the name of a type"));
        }
        let rest = rest.trim();
        if rest == "string" {
            return self.declare(Noun::Type, name.to_owned());
        }
        let body = rest.strip_prefix("struct").and_then(|rest| rest.trim().strip_prefix('{')?.strip_suffix('}'));
        let Some(body) = body else {
            return self.fail(format!("`type {text}` is neither a struct nor a type of strings"));
        };
        let mut fields = Vec::new();
        for part in body.split(';').map(str::trim).filter(|part| !part.is_empty()) {
            let (part, json) = part.split_once(" json:").map_or((part, None), |(part, tag)| (part, Some(tag)));
            let Some(StructField { name: Some(name), ty }) = field_of(part) else {
                return self.fail(format!("`{part}` is not a field"));
            };
            let json = json.map(|tag| tag.trim_matches(['"', '`']));
            let optional = json.map(|tag| tag.ends_with(",omitempty"));
            let json = json.and_then(|tag| tag.split(',').next()).map(str::to_owned);
            fields.push(ApiField { name, ty: Some(ty), json, optional, ..ApiField::default() });
        }
        let empty = fields.is_empty();
        self.reading.demands.push(ApiDemand::Struct(ApiStruct {
            name: name.to_owned(),
            fields,
            empty,
            ..ApiStruct::default()
        }));
    }
}
