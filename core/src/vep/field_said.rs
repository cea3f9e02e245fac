//! Fields of the API that prose, lists and tables state: "`Devices` gets a field `muted` of type `*bool`", a table with a
//! column of types, a path such as `spec.domain.devices.sound.muted`.
//!
//! A struct in code with a field and a Go type in code is stated. Everything else is to be confirmed: a word such as
//! "boolean" is no Go type, and a path is walked through the types of the checkout.

use super::api::{API, Checkout, base};
use super::examples::{capital, missing};
use super::sentences::Sentence;
use super::{ApiFacts, BlockType, NewField, Origin, Topic};
use crate::name::is_go_identifier;
use crate::task::LineKind;
use crate::text::Span;
use crate::tree::join;

/// The kinds that a path may begin in.
const KINDS: &[(&str, &str)] = &[
    ("core/v1", "VirtualMachineInstance"),
    ("core/v1", "VirtualMachine"),
    ("core/v1", "KubeVirt"),
    ("core/v1", "VirtualMachineInstanceMigration"),
    ("migrations/v1alpha1", "MigrationPolicy"),
];

/// What calls something a field.
const FIELDS: &[&str] =
    &[" field ", " fields ", " property ", " properties ", " attribute ", " attributes ", " member "];

/// Go's own types, as fields of the API have them.
const BUILTIN: &[&str] =
    &["bool", "string", "int", "int32", "int64", "uint", "uint8", "uint16", "uint32", "uint64", "float64"];

/// What prose calls a type, and the Go type that such a field usually has.
const WORDS: &[(&str, &str)] = &[
    ("boolean", "*bool"),
    ("bool", "*bool"),
    ("string", "string"),
    ("integer", "*int64"),
    ("int32", "*int32"),
    ("int64", "*int64"),
    ("uint32", "*uint32"),
    ("uint64", "*uint64"),
];

/// A name of a field in a text, and the type beside it.
struct Said {
    name: String,
    json: String,
    ty: Option<(String, bool)>,
}

/// Whose field something is.
enum Owner {
    /// A struct of the checkout, by its name.
    Struct(String),
    /// What a path leads to.
    Path(String),
}

/// Adds the fields to what Go blocks and examples state.
pub(super) fn fields(built: &[Sentence], checkout: &Checkout<'_, '_>, blocks: &[BlockType], facts: &mut ApiFacts) {
    let is_design = |topic: Topic| matches!(topic, Topic::Design | Topic::Api | Topic::Other);
    let design: Vec<&Sentence> = built.iter().filter(|said| is_design(said.topic)).collect();
    let mut reader = Reader { checkout, blocks, facts, homeless: Vec::new() };
    let mut lead: Option<&Sentence> = None;
    let mut head: Vec<String> = Vec::new();
    let mut last: Option<(LineKind, usize)> = None;
    for said in &design {
        let goes_on = last.is_some_and(|(kind, end)| kind == said.kind && said.span.start <= end + 1);
        last = Some((said.kind, said.end()));
        match said.kind {
            LineKind::Table if !goes_on => head = cells(&said.text).iter().map(|cell| cell.to_lowercase()).collect(),
            LineKind::Table => reader.row(&head, said, lead),
            LineKind::Item => {
                reader.item(said, lead);
                reader.sentence(said);
            }
            _ => reader.sentence(said),
        }
        // A list and a table are about the sentence before them.
        if !matches!(said.kind, LineKind::Table | LineKind::Item) || said.text.trim_end_matches('*').ends_with(':') {
            lead = Some(said);
        }
    }
    reader.leave_out();
}

struct Reader<'r, 's, 't> {
    checkout: &'r Checkout<'s, 't>,
    blocks: &'r [BlockType],
    facts: &'r mut ApiFacts,
    /// Fields with a type, beside which no struct of the checkout is named, or several are.
    homeless: Vec<(String, Span)>,
}

impl Reader<'_, '_, '_> {
    /// "A new field `muted` of type `*bool` is added to `SoundDevice`", and every path.
    fn sentence(&mut self, said: &Sentence) {
        for (at, code) in codes(&said.text) {
            if code.contains('.') && said.stance(at).is_none() {
                let ty = type_beside(&said.text, at + code.len() + 1);
                self.path(code, ty, said.line(at));
            }
        }
        let is_new = said.changes() || said.has(&[" new ", " gain", " gets ", " get ", " learns ", " receives "]);
        if !(said.has(FIELDS) || said.has(&[" section "])) || !is_new {
            return;
        }
        let Some(owner) = self.owner(&said.text) else {
            let typed =
                named(&said.text).into_iter().filter(|(at, field)| field.ty.is_some() && said.stance(*at).is_none());
            self.homeless.extend(typed.map(|(at, field)| (field.json, said.line(at))));
            return;
        };
        for (at, field) in named(&said.text) {
            if said.stance(at).is_none() {
                self.add(&owner, field, said.line(at));
            }
        }
    }

    /// "- `muted` (`*bool`): mutes the guest", below "New fields of `SoundDevice`:".
    fn item(&mut self, said: &Sentence, lead: Option<&Sentence>) {
        let Some(lead) = lead.filter(|lead| is_lead(lead)) else { return };
        let Some(owner) = self.owner(&lead.text) else { return };
        let first = codes(&said.text).into_iter().next();
        let Some((at, _)) = first.filter(|(at, _)| said.text[..*at].chars().all(|c| !c.is_alphanumeric())) else {
            return;
        };
        let field = named(&said.text).into_iter().find(|(own, _)| *own == at);
        if let (Some((_, field)), None) = (field, said.stance(at)) {
            self.add(&owner, field, said.span);
        }
    }

    /// Says of which fields nobody tells whose they are. What a Go block, an example or another sentence places is none.
    fn leave_out(&mut self) {
        let is_placed = |json: &str| {
            self.facts.fields.iter().any(|known| known.json == json)
                || self.facts.present.iter().any(|known| known.json == json)
                || self.blocks.iter().any(|block| block.fields.iter().any(|own| own.json == json))
        };
        let mut homeless = std::mem::take(&mut self.homeless);
        homeless.retain(|(json, _)| !is_placed(json));
        homeless.dedup_by(|a, b| a.0 == b.0);
        self.facts.homeless = homeless;
    }

    /// A row of a table of fields.
    fn row(&mut self, head: &[String], said: &Sentence, lead: Option<&Sentence>) {
        let cells = cells(&said.text);
        let column = |names: &[&str]| {
            let at = head.iter().position(|cell| names.contains(&cell.trim_matches(['*', '`', ' '])))?;
            cells.get(at).map(|cell| (cell.trim_matches(['`', ' ']).to_owned(), cell.contains('`')))
        };
        let Some((name, _)) = column(&["field", "name", "field name", "path", "new field", "go field"]) else { return };
        let is_go_column = head.iter().any(|cell| cell.trim_matches(['*', '`', ' ']) == "go type");
        let ty = column(&["type", "go type", "field type"]);
        if ty.is_none() || said.stance(0).is_some() {
            return;
        }
        let ty = ty.and_then(|(ty, is_code)| read_type(&ty, is_code || is_go_column));
        if name.contains('.') {
            self.path(&name, ty, said.span);
            return;
        }
        let Some(lead) = lead.filter(|lead| is_lead(lead)) else { return };
        // A table of states has names and types, too.
        let is_about_fields =
            lead.has(FIELDS) || head.iter().any(|cell| cell.contains("field") || cell.contains("json"));
        let Some(owner) = self.owner(&lead.text).filter(|_| is_about_fields || ty.is_some()) else { return };
        let json = column(&["json", "json name", "json tag"]).map(|(json, _)| json);
        let Some((name, json)) = spelled(&name, json.as_deref()) else { return };
        self.add(&owner, Said { name, json, ty }, said.span);
    }

    /// The only struct of the checkout's API that a text names in code, or the only path.
    fn owner(&self, text: &str) -> Option<Owner> {
        let is_type = |code: &&str| is_go_identifier(code) && code.starts_with(char::is_uppercase) && code.len() > 3;
        let mut structs: Vec<&str> = codes(text).into_iter().map(|(_, code)| code).filter(is_type).collect();
        structs.retain(|name| {
            self.checkout.declared(name).is_some_and(|(folder, _)| !self.checkout.fields(&folder, name).is_empty())
        });
        structs.dedup();
        let mut paths: Vec<&str> = codes(text).into_iter().map(|(_, code)| code).collect();
        paths.retain(|code| code.contains("spec.") || code.starts_with("status."));
        match (&structs[..], &paths[..]) {
            ([one], _) => Some(Owner::Struct((*one).to_owned())),
            ([], [one]) => Some(Owner::Path((*one).to_owned())),
            _ => None,
        }
    }

    /// A field of what the checkout has.
    fn add(&mut self, owner: &Owner, said: Said, span: Span) {
        let owner = match owner {
            Owner::Struct(owner) => owner,
            Owner::Path(path) => return self.path(&format!("{path}.{}", said.json), said.ty, span),
        };
        let Some((folder, file)) = self.checkout.declared(owner) else { return };
        let is_whole = said.ty.as_ref().is_some_and(|(ty, is_go)| *is_go && self.is_known(&base(ty)));
        let origin = if is_whole { Origin::Stated } else { Origin::Derived };
        self.push((folder, owner.clone()), file, said, origin, span);
    }

    /// The field that a path ends in, where the checkout has all before it and one kind has them.
    fn path(&mut self, path: &str, ty: Option<(String, bool)>, span: Span) {
        let keys: Vec<String> = path.split('.').map(str::to_owned).collect();
        let is_key = |key: &String| is_go_identifier(key.trim_end_matches("[]"));
        let begin = keys.iter().position(|key| matches!(key.as_str(), "spec" | "status"));
        let Some(keys) = begin.map(|at| &keys[at..]).filter(|keys| keys.len() > 2 && keys.iter().all(is_key)) else {
            return;
        };
        let walked = KINDS.iter().filter_map(|(group, kind)| missing(self.checkout, &join(API, group), kind, keys));
        let mut walked: Vec<((String, String), String)> = walked.collect();
        walked.dedup();
        let Ok([(parent, json)]) = <[_; 1]>::try_from(walked) else { return };
        let Some((_, file)) = self.checkout.declared(&parent.1) else { return };
        if self.checkout.meant(&parent.0, &parent.1, &json, &[]).is_none() {
            let said = Said { name: capital(&json), json, ty };
            self.push(parent, file, said, Origin::Derived, span);
        }
    }

    fn push(&mut self, parent: (String, String), file: String, said: Said, origin: Origin, span: Span) {
        let beside: Vec<String> =
            self.checkout.fields(&parent.0, &parent.1).iter().map(|(json, _)| json.clone()).collect();
        let is_there = beside.iter().any(|json| json.eq_ignore_ascii_case(&said.json));
        let is_known = self.facts.fields.iter().any(|known| known.json == said.json);
        // What a Go block shows, it states better.
        let is_shown = self.blocks.iter().any(|block| block.fields.iter().any(|own| own.json == said.json));
        // A field of a neighbour is spoken of as if it were the struct's own.
        let is_neighbours =
            said.ty.is_none()
                && self.checkout.survey.text(&file).ok().flatten().is_some_and(|text| {
                    [',', '"'].iter().any(|end| text.contains(&format!("json:\"{}{end}", said.json)))
                });
        if is_there || is_known || is_shown || is_neighbours || beside.iter().any(|json| json == "*") {
            return;
        }
        self.facts.fields.push(NewField {
            near: self.checkout.near(&parent.0, &parent.1, &said.json),
            beside,
            parent: parent.1,
            file,
            name: said.name,
            ty: said.ty.map(|(ty, _)| ty),
            json: said.json,
            span,
            origin,
            kind: None,
            block: None,
        });
    }

    /// Whether a type is Go's own, the checkout's, or a Go block's.
    fn is_known(&self, base: &str) -> bool {
        BUILTIN.contains(&base)
            || self.checkout.declared(base).is_some()
            || self.blocks.iter().any(|block| block.name == base)
    }
}

/// Names of fields in a text, each with the type beside it and where it stands.
fn named(text: &str) -> Vec<(usize, Said)> {
    let mut found = Vec::new();
    for (at, code) in codes(text) {
        // `Muted *bool`
        if let Some((name, ty)) = code.split_once(' ') {
            let ty = ty.split('`').next().unwrap_or_default().trim();
            let rest = &text[at + code.len()..];
            let json = rest.split("json:\"").nth(1).and_then(|tag| tag.split(['"', ',']).next());
            if let (Some((name, json)), Some(ty)) = (spelled(name, json), read_type(ty, true)) {
                found.push((at, Said { name, json, ty: Some(ty) }));
            }
            continue;
        }
        let is_json = code.starts_with(|c: char| c.is_ascii_lowercase()) && is_go_identifier(code) && code.len() > 2;
        if !is_json || BUILTIN.contains(&code) || code == "true" || code == "false" {
            continue;
        }
        let ty = type_beside(text, at + code.len() + 1).or_else(|| type_before(&text[..at.saturating_sub(1)]));
        // Without a type or the word beside it, anything may be meant: a value, a function.
        let before = super::sentences::words(&text[..at.saturating_sub(1)]);
        let behind = super::sentences::words(&text[(at + code.len() + 1).min(text.len())..]);
        let is_field = FIELDS.iter().any(|word| before.ends_with(word) || behind.starts_with(word));
        if ty.is_some() || is_field {
            found.push((at, Said { name: capital(code), json: code.to_owned(), ty }));
        }
    }
    found
}

/// Whether a list or a table below a sentence is one of fields: "New fields of `X`:", a heading with a struct.
fn is_lead(lead: &Sentence) -> bool {
    let leads = lead.text.trim_end_matches('*').ends_with(':') || matches!(lead.kind, LineKind::Heading(_));
    let is_new = lead.has(FIELDS) || lead.has(&[" gain", " gets ", " get ", " extend", " add", " new "]);
    leads && is_new && lead.stance(0).is_none() && !lead.has(&[" existing ", " already ", " today ", " current "])
}

/// The pieces of code of a text, and where each begins.
fn codes(text: &str) -> Vec<(usize, &str)> {
    let mut at = 0;
    let mut found = Vec::new();
    for (number, part) in text.split('`').enumerate() {
        if number % 2 == 1 {
            found.push((at, part));
        }
        at += part.len() + 1;
    }
    found
}

fn cells(row: &str) -> Vec<&str> {
    row.trim().trim_matches('|').split('|').map(str::trim).collect()
}

/// The type behind a name: "(`*bool`)", " of type `X`", ": `string`", "(bool, optional)".
fn type_beside(text: &str, from: usize) -> Option<(String, bool)> {
    let rest = text.get(from..)?;
    let rest = rest.trim_start_matches(['*', ' ']);
    for lead in [
        "of type ",
        "with type ",
        "with the type ",
        "(type ",
        "(",
        ": ",
        ", an optional ",
        ", a ",
        ", an ",
        "as a ",
        "as an ",
    ] {
        let Some(behind) = rest.strip_prefix(lead) else { continue };
        let behind = behind.strip_prefix("optional ").or(behind.strip_prefix("new ")).unwrap_or(behind);
        let (word, is_code) = match behind.strip_prefix('`') {
            Some(code) => (code.split('`').next().unwrap_or_default(), true),
            None => (behind.split([' ', ',', ')', ';', '.']).next().unwrap_or_default(), false),
        };
        if let Some(ty) = read_type(word, is_code) {
            return Some(ty);
        }
    }
    None
}

/// The type before a name: "a boolean field `muted`".
fn type_before(text: &str) -> Option<(String, bool)> {
    let words = super::sentences::words(text);
    let mut words = words.split_whitespace().rev().skip_while(|word| FIELDS.iter().any(|field| field.trim() == *word));
    let word = words.next()?;
    WORDS.iter().find(|(known, _)| *known == word).map(|(_, ty)| ((*ty).to_owned(), false))
}

/// A Go type as it is written, or what a word for a type usually is; and which of the two.
fn read_type(text: &str, is_code: bool) -> Option<(String, bool)> {
    let text = text.trim();
    let plain = text.trim_start_matches("[]").trim_start_matches('*');
    let is_go = BUILTIN.contains(&plain) || is_go_identifier(plain) && plain.starts_with(char::is_uppercase);
    if is_code && is_go {
        return Some((text.to_owned(), true));
    }
    let lower = text.to_lowercase();
    WORDS.iter().find(|(word, _)| *word == lower.trim_start_matches('*')).map(|(_, ty)| ((*ty).to_owned(), false))
}

/// A field's name in Go and in JSON, from one of them. Where a name begins with several capitals, JSON's is not told by it.
fn spelled(name: &str, json: Option<&str>) -> Option<(String, String)> {
    if !is_go_identifier(name) {
        return None;
    }
    let json = json.filter(|json| is_go_identifier(json));
    if name.starts_with(|c: char| c.is_ascii_lowercase()) {
        return Some((capital(name), json.unwrap_or(name).to_owned()));
    }
    let mut letters = name.chars();
    let first = letters.next()?;
    let is_told = letters.next().is_some_and(|c| c.is_ascii_lowercase());
    let told = || is_told.then(|| first.to_lowercase().chain(name.chars().skip(1)).collect::<String>());
    Some((name.to_owned(), json.map(str::to_owned).or_else(told)?))
}
