//! A piece of code in a clause: what it adds, by what the words before it say that it is.

use super::more_fields::embed;
use super::reader::{Noun, Reader};
use super::spelling::{field_of, is_json_name, is_key, is_patch, is_place, path_of, string};
use super::{ApiConstant, ApiDemand, ApiField};
use crate::go::{StructField, TypeText};
use crate::name::{is_go_identifier, is_keyword};

impl Reader<'_, '_, '_> {
    pub(super) fn code(&mut self, at: usize) {
        let text = self.words[at].text;
        // `// +optional`, as the file has it.
        let text = text.strip_prefix("//").map(str::trim_start).filter(|text| text.starts_with('+')).unwrap_or(text);
        // What its values match, and how its items merge, is read where the field is known.
        let is_rule = text.starts_with('^') || is_patch(text);
        // "default 5, `+kubebuilder:default=5`"
        let before = at.checked_sub(1).map(|at| self.words[at]);
        let listed = before.is_some_and(|word| {
            word.is(&["and", "with"]) || [",", "(", ";", "."].iter().any(|mark| word.is_mark(mark))
        });
        let is_marker = listed && text.starts_with('+') && self.last_field().is_some();
        if self.noun == Noun::Aside && !is_marker || is_rule && self.last_field().is_some() {
            return;
        }
        // "give `Y` the same field"
        let behind = |at: usize, words: &[&str]| self.words.get(at).is_some_and(|word| word.is(words));
        let same = behind(at + 1, &["the"]) && behind(at + 2, &["same"]) && behind(at + 3, &["field", "fields"]);
        if same {
            self.next = at + 4;
            return self.same_fields(text, self.words[at + 3].is(&["fields"]));
        }
        if is_key(text) && self.keyed(text) {
            return;
        }
        if is_place(text) {
            self.placed |= self.noun == Noun::Parent && self.parent.is_none();
            return;
        }
        if text.starts_with('+') {
            return self.marker(text);
        }
        // "a field `x`, enum `A;B`"
        if text.contains(';') && at > 0 && self.words[at - 1].is(&["enum"]) {
            return self.marker(&format!("+kubebuilder:validation:Enum={text}"));
        }
        if let Some(rest) = text.strip_prefix("type ").filter(|rest| !self.is_field_called_type(rest)) {
            return self.declaration(rest);
        }
        if let Some(tag) = text.strip_prefix("json:").or_else(|| text.strip_prefix("`json:")) {
            self.json(tag.trim_matches(['"', '`']));
            // A tag as Go has it is the whole of it.
            if let Some(field) = self.last_field().filter(|_| tag.starts_with('"')) {
                field.omit.get_or_insert(false);
            }
            return;
        }
        if text.trim_start_matches(',') == "omitempty"
            && let Some(field) = self.last_field()
        {
            field.omit = Some(true);
            return;
        }
        // "(`pulseRate` in JSON)"
        let is_json = self.words.get(at + 1).is_some_and(|next| next.is(&["in", "as"]))
            && self.words.get(at + 2).is_some_and(|next| next.is(&["json", "yaml"]));
        if is_json {
            self.next = at + 3;
            return self.json(text);
        }
        // "Expose `Ticks int` in `S` as `ticks`"
        let is_name = |field: &mut ApiField| field.json.is_none() && field.name.eq_ignore_ascii_case(text);
        let is_called =
            before.is_some_and(|word| word.is(&["as"])) && text.starts_with(|c: char| c.is_ascii_lowercase());
        if self.is_json_beside(at) || is_called && self.last_field().is_some_and(is_name) {
            return self.json(text);
        }
        if at > 0 && self.words[at - 1].is(&["both", "all", "each"]) && self.types_all(text) {
            return;
        }
        match self.noun {
            Noun::Json => self.json(text),
            Noun::TypeOf => self.types(at),
            // "Add to `S` the list `x []T`"
            Noun::Parent
                if (self.parent.is_some() || self.placed)
                    && field_of(text).is_some_and(|field| field.name.is_some()) =>
            {
                self.thing(text);
            }
            Noun::Parent => self.parent(text),
            Noun::Part => self.part(at),
            Noun::Value if self.beside_value => self.value_beside(at),
            Noun::Value => self.value(text),
            Noun::Struct | Noun::Type => self.type_name(at),
            Noun::Constant(role) => self.constant(text, role),
            Noun::Embedded => self.embedded(at),
            Noun::Field | Noun::Thing => self.thing(text),
            Noun::Aside => {}
        }
    }

    pub(super) fn marker(&mut self, text: &str) {
        let plain = text.chars().all(|c| c.is_ascii_alphanumeric() || "+:=,;._/-".contains(c));
        if let Some(known) = self.last_enum().filter(|known| plain && text.len() < 200 && !known.extends) {
            return known.markers.push(text.to_owned());
        }
        match self.last_field() {
            Some(field) if plain && text.len() < 200 => match text {
                "+optional" => field.optional = Some(true),
                _ => field.markers.push(text.to_owned()),
            },
            _ => self.fail(format!("`{text}` is not a marker of a field here")),
        }
    }

    fn json(&mut self, text: &str) {
        let (name, rest) = text.split_once(',').unwrap_or((text, ""));
        // What Go keeps for itself, `type`, is a name in JSON like any other.
        let plain = is_json_name(name) && (rest.is_empty() || rest == "omitempty");
        if name.is_empty() && rest == "inline" {
            match self.last_field() {
                Some(field) if field.embedded || field.ty.is_none() => {
                    embed(field);
                    self.noun = if self.last_is_part() { Noun::Part } else { Noun::Thing };
                }
                _ => self.fail(format!("`{text}` is about a field without a name of its own")),
            }
            return;
        }
        match self.last_field() {
            Some(field) if plain => {
                field.json = Some(name.to_owned());
                if rest == "omitempty" {
                    field.omit = Some(true);
                }
            }
            _ => self.fail(format!("`{text}` is not the JSON name of a field")),
        }
        self.noun = if self.last_is_part() { Noun::Part } else { Noun::Thing };
    }

    /// "`Kind string` (`kind`, required)": what stands alone behind a field is its name in JSON.
    fn is_json_beside(&mut self, at: usize) -> bool {
        let text = self.words[at].text;
        let ends = self.words.get(at + 1).is_some_and(|next| next.is_mark(",") || next.is_mark(")"));
        let field = at.checked_sub(2).filter(|_| ends && self.words[at - 1].is_mark("(")).map(|at| self.words[at].text);
        let is_field = field.and_then(field_of).is_some_and(|field| field.name.is_some());
        is_field
            && is_json_name(text)
            && text.starts_with(|c: char| c.is_ascii_lowercase())
            && self.last_field().is_some_and(|field| field.ty.is_some() && field.json.is_none())
    }

    fn last_is_part(&self) -> bool {
        matches!(self.reading.demands[self.from..].last(), Some(ApiDemand::Struct(_)))
    }

    pub(super) fn last_field(&mut self) -> Option<&mut ApiField> {
        match self.reading.demands[self.from..].last_mut()? {
            ApiDemand::Field(field) => Some(field),
            ApiDemand::Struct(known) => known.fields.last_mut(),
            _ => None,
        }
    }

    fn parent(&mut self, text: &str) {
        // `spec.configuration.migrations`: a path of the API.
        let is_path =
            path_of(&format!("{text}.x")).is_some() && text.contains('.') || matches!(text, "spec" | "status");
        if is_path {
            if let Some(known) = self.parent.clone().filter(|known| known != text) {
                return self.fail(format!("it names both `{known}` and `{text}`: which one gets it?"));
            }
            self.parent_first = !self.reading.demands[self.from..].iter().any(|one| matches!(one, ApiDemand::Field(_)));
            self.parent = Some(text.trim_start_matches('.').to_owned());
            return;
        }
        let bare = text.trim_start_matches('*');
        let bare =
            bare.rsplit_once('.').map_or(bare, |(package, name)| if is_go_identifier(package) { name } else { bare });
        let bare = bare.trim_end_matches("{}");
        if !is_go_identifier(bare) || !bare.starts_with(char::is_uppercase) {
            return self.fail(format!("`{text}` is not the name of a struct"));
        }
        match &self.parent {
            Some(known) if known != bare => {
                let why = format!("it names both `{known}` and `{bare}`: which one gets it?");
                self.fail(why);
            }
            _ => {
                self.parent_first =
                    !self.reading.demands[self.from..].iter().any(|one| matches!(one, ApiDemand::Field(_)));
                self.parent = Some(bare.to_owned());
            }
        }
    }

    /// What the comment of a field says where the word "deprecated" stands before it.
    fn is_deprecated(&self) -> Option<String> {
        self.deprecated.then(|| "Do not use".to_owned())
    }

    fn part(&mut self, at: usize) {
        let deprecated = self.is_deprecated();
        let text = self.words[at].text;
        // "… and `B` with field `Y *A`": another struct.
        let holds = self.words.get(at + 1).is_some_and(|word| word.is(&["with", "has", "having", "holding"]));
        if holds && is_go_identifier(text) && text.starts_with(char::is_uppercase) {
            return self.declare(Noun::Struct, text.to_owned());
        }
        let Some(ApiDemand::Struct(known)) = self.reading.demands[self.from..].last_mut() else {
            return self.thing(text);
        };
        let field = match field_of(text) {
            Some(StructField { name: Some(name), ty }) => ApiField { name, ty: Some(ty), ..ApiField::default() },
            Some(StructField { name: None, .. }) if is_go_identifier(text) => {
                let ty = self.said_type.take().and_then(|said| TypeText::parse(&said).ok());
                ApiField { name: text.to_owned(), ty, ..ApiField::default() }
            }
            _ if is_keyword(text) => ApiField { name: text.to_owned(), ..ApiField::default() },
            // `metav1.TypeMeta`
            Some(StructField { name: None, ty }) if ty.names.len() == 1 => {
                let name = ty.names[0].1.clone();
                ApiField { name, ty: Some(ty), embedded: true, ..ApiField::default() }
            }
            _ => return self.fail(format!("`{text}` is not a field")),
        };
        let own = field.ty.as_ref().is_some_and(|ty| ty.text.trim_start_matches('*') == known.name);
        if own {
            let why = format!("it does not say which struct gets `{text}`");
            return self.fail(why);
        }
        let markers = self.markers.clone();
        known.fields.push(ApiField { optional: self.optional, markers, deprecated, ..field });
    }

    fn value(&mut self, text: &str) {
        if let (Some(text), Some(ApiDemand::Constant(constant))) =
            (string(text), self.reading.demands[self.from..].last_mut())
            && constant.value.is_none()
        {
            constant.value = Some(text);
            self.noun = Noun::Thing;
            return;
        }
        if let Some(ApiDemand::Constant(known)) = self.reading.demands[self.from..].last_mut()
            && known.value.is_none()
            && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
        {
            known.value = Some(text.to_owned());
            self.noun = Noun::Thing;
            return;
        }
        // "`X` (`A int`, `B string`)": a struct.
        let is_part = field_of(text).is_some_and(|field| field.name.is_some());
        if is_part && self.is_struct_now() {
            self.noun = Noun::Part;
            let field = field_of(text)
                .and_then(|field| Some(ApiField { name: field.name?, ty: Some(field.ty), ..ApiField::default() }));
            if let (Some(ApiDemand::Struct(known)), Some(field)) = (self.reading.demands[self.from..].last_mut(), field)
            {
                known.fields.push(field);
            }
            return;
        }
        self.enum_value(text);
    }

    fn type_name(&mut self, at: usize) {
        let text = self.words[at].text;
        // `X string`, `X struct { A int }`, `X { A int }`
        if let Some((name, rest)) = text.split_once(char::is_whitespace) {
            let rest = rest.trim();
            // "The new `X` struct carries `A int`", whatever the verb.
            if !rest.starts_with('{') && !rest.starts_with("struct") && self.awaits_fields() {
                self.noun = Noun::Part;
                return self.part(at);
            }
            let whole = if rest.starts_with('{') { format!("{name} struct {rest}") } else { text.to_owned() };
            self.declaration(&whole);
            return;
        }
        if !is_go_identifier(text) || !text.starts_with(char::is_uppercase) {
            return self.fail(format!("`{text}` is not the name of a type"));
        }
        self.declare(self.noun, text.to_owned());
        if self.noun == Noun::Struct && self.key.starts_with("struct") {
            self.noun = Noun::Part;
        }
    }

    /// Whether the struct before this place still lacks its fields.
    pub(super) fn awaits_fields(&self) -> bool {
        let last = self.reading.demands[self.from..].last();
        matches!(last, Some(ApiDemand::Struct(known)) if known.fields.is_empty() && !known.empty)
    }

    /// Whether `type string` is a field of that name here, and no declaration.
    fn is_field_called_type(&self, rest: &str) -> bool {
        matches!(self.noun, Noun::Part | Noun::Field) && !rest.trim().contains(char::is_whitespace)
    }

    /// The key of a label or an annotation, `kubevirt.io/pulse`: of the constant before it, or of the one behind it.
    pub(super) fn keyed(&mut self, text: &str) -> bool {
        match self.reading.demands[self.from..].last_mut() {
            Some(ApiDemand::Constant(known)) if known.value.is_none() => known.value = Some(text.to_owned()),
            _ => {
                let Noun::Constant(role @ Some(_)) = self.noun else { return false };
                let known = ApiConstant { value: Some(text.to_owned()), role, ..ApiConstant::default() };
                self.reading.demands.push(ApiDemand::Constant(known));
            }
        }
        true
    }

    fn constant(&mut self, text: &str, role: Option<&'static str>) {
        // "a list of label selectors, `NodeSelectors []metav1.LabelSelector`": a field.
        let field = field_of(text).filter(|field| field.name.is_some() && !is_go_identifier(&field.ty.text));
        if role.is_some() && field.is_some() && !text.contains('=') {
            return self.thing(text);
        }
        if let Some(ApiDemand::Constant(known)) = self.reading.demands[self.from..].last_mut()
            && known.name.is_empty()
            && is_go_identifier(text)
        {
            text.clone_into(&mut known.name);
            return;
        }
        let (name, value) = match text.split_once('=') {
            Some((name, value)) => (name.trim(), string(value.trim())),
            None => (text, None),
        };
        let mut parts = name.split_whitespace();
        let (name, ty) = (parts.next().unwrap_or_default(), parts.next());
        // A name, and then its value in quotes.
        if let (Some(quoted), Some(ApiDemand::Constant(known))) =
            (string(text), self.reading.demands[self.from..].last_mut())
            && known.value.is_none()
        {
            known.value = Some(quoted);
            return;
        }
        if !is_go_identifier(name) || parts.next().is_some() || text.contains('=') && value.is_none() {
            return self.fail(format!("`{text}` is not a constant with a string"));
        }
        let (name, ty) = (name.to_owned(), ty.map(str::to_owned));
        self.reading.demands.push(ApiDemand::Constant(ApiConstant { name, value, ty, role, ..ApiConstant::default() }));
    }

    fn thing(&mut self, text: &str) {
        if text.contains('=') {
            return self.constant(text, None);
        }
        let optional = self.optional;
        // `spec.domain.pulse`, `spec.domain.pulse *Pulse`
        let (path, ty) = text.split_once(' ').map_or((text, None), |(path, ty)| (path, Some(ty)));
        if let Some((parent, name)) = path_of(path) {
            let (name, parent) = (name.to_owned(), Some(parent.to_owned()));
            let read = ty.map(|ty| TypeText::parse(ty.trim()));
            if let Some(Err(_)) = read {
                return self.fail(format!("`{text}` is not a field"));
            }
            let ty = read.and_then(Result::ok);
            let field = ApiField { name, ty, parent, optional, ..ApiField::default() };
            return self.reading.demands.push(ApiDemand::Field(field));
        }
        if path.contains('.') && ty.is_some() {
            return self.fail(format!("`{text}` is not a field"));
        }
        let field = match field_of(text) {
            Some(StructField { name: Some(name), ty }) => ApiField { name, ty: Some(ty), ..ApiField::default() },
            Some(StructField { name: None, .. }) if is_go_identifier(text) => {
                ApiField { name: text.to_owned(), ..ApiField::default() }
            }
            _ if self.noun == Noun::Field && is_keyword(text) => {
                ApiField { name: text.to_owned(), ..ApiField::default() }
            }
            // `*Pulse`
            Some(StructField { name: None, ty })
                if self.noun == Noun::Field && text.starts_with('*') && ty.names.len() == 1 =>
            {
                let name = ty.names[0].1.clone();
                ApiField { name, ty: Some(ty), embedded: true, ..ApiField::default() }
            }
            _ if self.noun == Noun::Field => return self.fail(format!("`{text}` is not a field")),
            _ => return,
        };
        // "`a` to `A` and `b` to `B`": what stands before this one has its struct.
        if !self.parent_first
            && let Some(parent) = self.parent.take()
        {
            for demand in &mut self.reading.demands[self.from..] {
                if let ApiDemand::Field(known) = demand {
                    known.parent.get_or_insert_with(|| parent.clone());
                }
            }
        }
        let deprecated = self.is_deprecated();
        let said = self.said_type.take().and_then(|said| TypeText::parse(&said).ok());
        let ty = field.ty.clone().or(said);
        let markers = self.markers.clone();
        self.reading.demands.push(ApiDemand::Field(ApiField { ty, optional, markers, deprecated, ..field }));
    }
}
