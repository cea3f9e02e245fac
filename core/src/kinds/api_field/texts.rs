//! Changes of the API as Go.

use serde::Serialize;

use super::change::{Change, NewEnum, NewStruct, imports};
use super::place::has_field;
use super::{Facts, Field};
use crate::demand::Description;
use crate::go::{Target, add_imports, indent, string};
use crate::kinds::sentence::behind;
use crate::name::{Name, lower_first};
use crate::pending::{PendingFiles, Refusal};
use crate::plan::{Gate, Planner};
use crate::survey::Stage;
use crate::template::{Context, Template, Text};
use crate::text::TextEdit;

pub(super) const TEMPLATES: &[Text] = &[FieldText::FILE, TypeText::FILE, EnumText::FILE, ConstantText::FILE];

#[derive(Serialize, Context, Template, Debug)]
#[template("scaffolds/api-field/edit/staging/src/kubevirt.io/api/core/v1/types.go/field.hbs")]
pub(super) struct FieldText {
    /// What the comment says behind the subject; nothing of a type that is embedded.
    doc: Option<String>,
    deprecated: Option<String>,
    gate: Option<String>,
    stage: &'static str,
    markers: Vec<String>,
    /// What the comment is about.
    subject: String,
    /// The name, and a blank behind it; nothing if the type is embedded.
    name: String,
    ty: String,
    tag: String,
}

#[derive(Serialize, Context, Template, Debug)]
#[template("scaffolds/api-field/edit/staging/src/kubevirt.io/api/core/v1/types.go/type.hbs")]
pub(super) struct TypeText {
    name: String,
    doc: String,
    /// The fields, each on lines of its own.
    fields: Option<String>,
}

#[derive(Serialize, Context, Template, Debug)]
#[template("scaffolds/api-field/edit/staging/src/kubevirt.io/api/core/v1/types.go/enum.hbs")]
pub(super) struct EnumText {
    name: String,
    doc: String,
    /// The values behind the marker; nothing where one of them cannot stand there.
    choices: Option<String>,
    constants: String,
}

#[derive(Clone, Serialize, Context, Template, Debug)]
#[template("scaffolds/api-field/edit/staging/src/kubevirt.io/api/core/v1/types.go/constant.hbs")]
pub(super) struct ConstantText {
    doc: String,
    name: String,
    ty: Option<String>,
    value: String,
}

/// The texts of a change.
#[derive(Debug)]
pub(super) enum Texts {
    Field(FieldText, Option<TypeText>),
    Struct(Vec<FieldText>, String),
    Enum(Vec<ConstantText>, String),
    Constant(ConstantText),
}

/// What is rendered for a change.
pub(super) fn facts(planner: &mut Planner<'_, '_>, change: Change) -> Facts {
    let feature = planner.feature().name.clone();
    let gate = planner.gate().cloned();
    let texts = match &change {
        Change::Field(field) => {
            let doc = describe(&field.struct_name, &feature);
            let new_type = field
                .new_type
                .as_ref()
                .filter(|name| planner.survey.declares(crate::tree::parent(&field.file), name).is_none());
            let new_type = new_type.filter(|name| planner.give(name)).cloned();
            let new_type =
                new_type.map(|name| TypeText { name, doc: format!("configures the {feature} feature"), fields: None });
            Texts::Field(field_text(field, &doc, gate.as_ref()), new_type)
        }
        Change::Struct(new) => {
            let owner = prose(&new.name);
            let text = |field: &Field| {
                let words = prose(&field.name);
                field_text(field, &format!("is the {words} of the {owner}"), None)
            };
            Texts::Struct(
                new.fields.iter().map(text).collect(),
                said(&new.doc, &new.name, || describe(&new.name, &feature)),
            )
        }
        Change::Enum(new) => {
            let owner = prose(&new.name);
            let text = |(name, value): &(String, String)| ConstantText {
                doc: format!("is the {owner} {}", string(value)),
                name: name.clone(),
                ty: Some(new.name.clone()),
                value: string(value),
            };
            Texts::Enum(
                new.values.iter().map(text).collect(),
                said(&new.doc, &new.name, || describe(&new.name, &feature)),
            )
        }
        Change::Constant(new) => {
            let what = said(&new.doc, &new.name, || match new.role {
                Some(role) => format!("is the {role} of the {feature} feature"),
                None => format!("belongs to the {feature} feature"),
            });
            let (name, ty, value) = (new.name.clone(), new.ty.clone(), string(&new.value));
            Texts::Constant(ConstantText { doc: what, name, ty, value })
        }
    };
    let package = planner.survey.package_name(crate::tree::parent(change.file()));
    Facts { header: planner.survey.header().to_owned(), package, change, texts }
}

/// A type's name in prose: its words, small.
fn prose(name: &str) -> String {
    let title = Name::parse(name).title();
    title.split(' ').map(lower_first).collect::<Vec<_>>().join(" ")
}

/// What something in a struct, or the struct itself, does for the feature.
fn describe(owner: &str, feature: &str) -> String {
    let reports = ["Status", "State", "Condition", "Info"].iter().any(|end| owner.ends_with(end));
    if reports { format!("reports on the {feature} feature") } else { format!("configures the {feature} feature") }
}

/// What the task says of something, or else what there is to say.
fn said(description: &Description, name: &str, or: impl FnOnce() -> String) -> String {
    description.0.as_ref().map_or_else(or, |text| behind(name, text))
}

fn field_text(field: &Field, doc: &str, gate: Option<&Gate>) -> FieldText {
    let mut markers = Vec::new();
    if field.optional {
        markers.push("+optional".to_owned());
    }
    markers.extend(field.markers.iter().cloned());
    let omit = if field.optional { ",omitempty" } else { "" };
    let mut doc = said(&field.doc, &field.name, || doc.to_owned());
    if let Some(value) = field.default.as_ref().filter(|_| !doc.to_lowercase().contains("default")) {
        doc += ". Defaults to ";
        doc += value;
    }
    FieldText {
        doc: (!field.embedded).then_some(doc),
        deprecated: field.deprecated.clone(),
        gate: gate.map(|gate| gate.name.clone()),
        stage: match gate.map(|gate| gate.stage) {
            Some(Stage::Beta) => "a beta",
            _ => "an alpha",
        },
        markers,
        name: if field.embedded { String::new() } else { format!("{} ", field.name) },
        subject: field.name.clone(),
        ty: field.ty.clone(),
        tag: if field.embedded { "`json:\",inline\"`".to_owned() } else { format!("`json:\"{}{omit}\"`", field.json) },
    }
}

/// A type that is embedded has no comment: without a blank line before it, gofmt would align it with its neighbour.
fn set_off(text: String, field: &Field) -> String {
    if field.embedded { format!("\n{text}") } else { text }
}

/// Writes a change, as far as the file lacks it.
pub(super) fn render(facts: &Facts, pending: &mut PendingFiles<'_>) -> Result<(), Refusal> {
    if pending.text(facts.change.file())?.is_none() {
        let head = format!("{}\n\npackage {}\n", facts.header, facts.package);
        pending.put(facts.change.file(), head)?;
    }
    let (file, module) = (facts.change.file(), pending.module());
    match (&facts.change, &facts.texts) {
        (Change::Field(field), Texts::Field(text, new_type)) => {
            let text = set_off(pending.render(text)?, field);
            let new_type = new_type.as_ref().map(|text| pending.render(text)).transpose()?;
            pending.anchor_go(file, |target| {
                let mut edits = Vec::new();
                if has_field(target, &field.struct_name, &field.name).is_none() {
                    edits.push(target.append_member(&field.struct_name, &text)?);
                    edits.extend(add_imports(target.text, target.file, &field.imports, module));
                }
                if let Some(new_type) = new_type {
                    edits.push(target.after_type(&field.struct_name, &new_type)?);
                }
                Ok(edits)
            })
        }
        (Change::Struct(new), Texts::Struct(fields, doc)) => {
            let all = new.fields.iter().zip(fields).enumerate();
            let texts = all.map(|(at, (field, text))| {
                let text = pending.render(text)?;
                Ok(if at == 0 { text } else { set_off(text, field) })
            });
            let texts = texts.collect::<Result<String, Refusal>>()?;
            let fields = (!texts.is_empty()).then(|| indent(&texts, "\t").trim_end().to_owned());
            let text = pending.render(&TypeText { name: new.name.clone(), doc: doc.clone(), fields })?;
            pending.anchor_go(file, |target| {
                if target.file.declares(&new.name).is_some() {
                    return Ok(Vec::new());
                }
                let mut edits = vec![beside(target, new.beside.as_deref(), &text)?];
                edits.extend(add_imports(target.text, target.file, &imports(&new.fields), module));
                Ok(edits)
            })
        }
        (Change::Enum(new), Texts::Enum(constants, doc)) => new.render(constants, doc, pending),
        (Change::Constant(new), Texts::Constant(text)) => {
            let text = pending.render(text)?;
            pending.anchor_go(file, |target| {
                let there = target.file.declares(&new.name).is_some();
                if there { Ok(Vec::new()) } else { Ok(vec![target.append_constant_beside(&new.beside, &text)?]) }
            })
        }
        _ => Ok(()),
    }
}

fn beside(target: &Target<'_>, ty: Option<&str>, text: &str) -> Result<TextEdit, crate::go::AnchorError> {
    match ty {
        Some(ty) => target.after_type(ty, text),
        None => Ok(target.append_declaration(text)),
    }
}

impl NewEnum {
    fn render(&self, texts: &[ConstantText], doc: &str, pending: &mut PendingFiles<'_>) -> Result<(), Refusal> {
        let Some((beside_name, known)) = &self.group else {
            let (name, first) = (&self.name, &self.values[0].0);
            let constants = texts.iter().map(|text| pending.render(text)).collect::<Result<String, _>>()?;
            let plain = |value: &str| {
                !value.is_empty() && value.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
            };
            let all = self.values.iter().all(|(_, value)| plain(value));
            let choices: Vec<&str> = self.values.iter().map(|(_, value)| value.as_str()).collect();
            let text = EnumText {
                name: self.name.clone(),
                doc: doc.to_owned(),
                choices: all.then(|| choices.join(";")),
                constants: indent(&constants, "\t").trim_end().to_owned(),
            };
            let text = if self.bare { format!("const (\n{}\n)", text.constants) } else { pending.render(&text)? };
            return pending.anchor_go(&self.file, |target| {
                let there = target.file.declares(if self.bare { first } else { name }).is_some();
                let ty = if self.bare { Some(name.as_str()) } else { self.beside.as_deref() };
                if there { Ok(Vec::new()) } else { Ok(vec![beside(target, ty, &text)?]) }
            });
        };
        let texts = texts.iter().map(|text| Ok((text.name.clone(), pending.render(text)?)));
        let texts = texts.collect::<Result<Vec<_>, Refusal>>()?;
        pending.anchor_go(&self.file, |target| {
            let lacking = |name: &str| target.file.declares(name).is_none();
            let new: String = texts.iter().filter(|(name, _)| lacking(name)).map(|(_, text)| text.as_str()).collect();
            if new.is_empty() {
                return Ok(Vec::new());
            }
            let mut edits = vec![target.append_constant_beside(beside_name, &new)?];
            let more: String = self
                .values
                .iter()
                .filter(|(name, _)| lacking(name))
                .fold(String::new(), |more, (_, value)| more + ";" + value);
            edits.extend(markers(target.text, known).map(|at| TextEdit::insert(at, more.clone())));
            Ok(edits)
        })
    }
}

/// The ends of the markers that list exactly some values.
fn markers<'t>(text: &'t str, known: &'t [String]) -> impl Iterator<Item = usize> + 't {
    const MARKER: &str = "+kubebuilder:validation:Enum=";
    text.match_indices(MARKER).filter_map(move |(at, _)| {
        let list = text[at + MARKER.len()..].lines().next().unwrap_or_default().trim_end();
        let mut listed: Vec<&str> = list.split(';').collect();
        let mut wanted: Vec<&str> = known.iter().map(String::as_str).filter(|value| !value.is_empty()).collect();
        listed.sort_unstable();
        wanted.sort_unstable();
        (listed == wanted).then_some(at + MARKER.len() + list.len())
    })
}

/// The struct behind which a new type stands: the one that has a field of it.
pub(super) fn set_beside<L>(changes: &mut [(Change, L)], has: impl Fn(&str, &str) -> bool) {
    let users: Vec<(String, String, String)> = changes
        .iter()
        .filter_map(|(change, _)| match change {
            Change::Field(field) => Some((field.file.to_string(), field.ty.clone(), field.struct_name.clone())),
            _ => None,
        })
        .collect();
    let user = |file: &str, name: &str| {
        let is_of = |ty: &str| ty.trim_start_matches(['*', '[', ']']) == name;
        let user = users.iter().find(|(path, ty, owner)| path == file && is_of(ty) && has(file, owner))?;
        Some(user.2.clone())
    };
    for (change, _) in changes {
        match change {
            Change::Struct(NewStruct { file, name, beside, .. }) | Change::Enum(NewEnum { file, name, beside, .. }) => {
                *beside = user(file, name);
            }
            _ => {}
        }
    }
}
