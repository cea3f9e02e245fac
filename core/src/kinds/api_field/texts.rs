//! Changes of the API as Go.

use serde::Serialize;

use super::change::{Change, NewEnum, NewStruct, imports};
use super::wording::{commented, constants_in_columns, of_field, of_type, part, prose};
use super::{Facts, Field};
use crate::demand::Description;
use crate::go::{AnchorError, DeclKind, Position, Target, add_imports, align, comment_lines, indent, string};
use crate::kinds::sentence::comment;
use crate::pending::{PendingFiles, Refusal};
use crate::plan::{Gate, Planner};
use crate::survey::Stage;
use crate::template::{Context, Template, Text};
use crate::text::TextEdit;

/// How wide the prose above a field is.
const WIDTH: usize = 95;

pub(super) const TEMPLATES: &[Text] = &[FieldText::FILE, TypeText::FILE, EnumText::FILE, ConstantText::FILE];

#[derive(Serialize, Context, Template, Debug)]
#[template("scaffolds/api-field/edit/staging/src/kubevirt.io/api/core/v1/types.go/field.hbs")]
pub(super) struct FieldText {
    /// Its comment; nothing of a type that is embedded.
    comment: Vec<String>,
    deprecated: Option<String>,
    gate: Option<String>,
    stage: &'static str,
    markers: Vec<String>,
    /// The name, and a blank behind it; nothing if the type is embedded.
    name: String,
    ty: String,
    tag: String,
}

#[derive(Serialize, Context, Template, Debug)]
#[template("scaffolds/api-field/edit/staging/src/kubevirt.io/api/core/v1/types.go/type.hbs")]
pub(super) struct TypeText {
    name: String,
    comment: Vec<String>,
    markers: Vec<String>,
    /// The fields, each on lines of its own.
    fields: Option<String>,
}

#[derive(Serialize, Context, Template, Debug)]
#[template("scaffolds/api-field/edit/staging/src/kubevirt.io/api/core/v1/types.go/enum.hbs")]
pub(super) struct EnumText {
    name: String,
    comment: Vec<String>,
    /// Its markers, among them the list of its values, where all of them can stand there.
    markers: Vec<String>,
    constants: String,
}

#[derive(Clone, Serialize, Context, Template, Debug)]
#[template("scaffolds/api-field/edit/staging/src/kubevirt.io/api/core/v1/types.go/constant.hbs")]
pub(super) struct ConstantText {
    comment: Vec<String>,
    name: String,
    ty: Option<String>,
    value: String,
}

/// The texts of a change.
#[derive(Debug)]
pub(super) enum Texts {
    Field(FieldText, Option<TypeText>),
    Struct(Vec<FieldText>, Vec<String>),
    Enum(Vec<ConstantText>, Vec<String>),
    Constant(ConstantText),
}

/// What is rendered for a change.
pub(super) fn facts(planner: &mut Planner<'_, '_>, mut change: Change) -> Facts {
    let customary = customary(planner, change.file());
    if let Change::Struct(NewStruct { markers, exact: false, .. })
    | Change::Enum(NewEnum { markers, apart: None, .. }) = &mut change
    {
        let lacking: Vec<String> = customary.iter().filter(|marker| !markers.contains(marker)).cloned().collect();
        markers.splice(..0, lacking);
    }
    let feature = planner.feature().in_words();
    let feature = feature.as_deref();
    let gate = planner.gate().cloned();
    let texts = match &change {
        Change::Field(field) => {
            let doc = of_field(field, feature);
            let new_type = field
                .new_type
                .as_ref()
                .filter(|name| planner.survey.declares(crate::tree::parent(&field.file), name).is_none());
            let new_type = new_type.filter(|name| planner.give(name)).cloned();
            let new_type = new_type.map(|name| {
                let what = of_type(&name, feature);
                let comment = vec![format!("{name} {what}.")];
                TypeText { name, comment, markers: customary, fields: None }
            });
            Texts::Field(field_text(field, &doc, gate.as_ref()), new_type)
        }
        Change::Struct(new) => {
            let text = |field: &Field| field_text(field, &part(field, &new.name), None);
            let doc = said(&new.comment, &worded(&new.doc, &new.name, || of_type(&new.name, feature)));
            Texts::Struct(new.fields.iter().map(text).collect(), doc)
        }
        Change::Enum(new) => {
            let owner = prose(&new.name);
            let text = |(name, value): &(String, String)| ConstantText {
                comment: {
                    let own = new.value_docs.iter().filter(|(own, _)| own == name || own == value);
                    // What is said of a value is said of its constant.
                    let own = own.map(|(own, text)| match text.strip_prefix(own.as_str()) {
                        Some(rest) => format!("{name}{rest}"),
                        None => text.clone(),
                    });
                    match own.collect::<Vec<_>>() {
                        none if none.is_empty() && new.apart.is_some() => none,
                        own => said(&own, &format!("{name} is the {owner} {}.", string(value))),
                    }
                },
                name: name.clone(),
                ty: Some(new.name.clone()),
                value: string(value),
            };
            let doc = said(&new.comment, &worded(&new.doc, &new.name, || of_type(&new.name, None)));
            Texts::Enum(new.values.iter().map(text).collect(), doc)
        }
        Change::Constant(new) => {
            // One more of a type: what is said of the others can be said of it.
            let others = new.ty.as_ref().and_then(|ty| commented(planner, change.file(), ty));
            let ty = new.ty.as_deref().filter(|_| new.role.is_none() && others.is_some());
            let what = worded(&new.doc, &new.name, || match (new.role, feature.filter(|_| ty.is_none())) {
                (Some(role), Some(feature)) => format!("is the {role} of the {feature} feature"),
                (None, Some(feature)) => format!("belongs to the {feature} feature"),
                (role, None) => {
                    let ty = new.ty.as_deref().map(prose).filter(|ty| ty != "string");
                    let what = role.map(str::to_owned).or(ty).unwrap_or_else(|| "string".to_owned());
                    format!("is the {what} {}", string(&new.value))
                }
            });
            let (name, ty, value) = (new.name.clone(), new.ty.clone(), string(&new.value));
            let is_bare = others == Some(false) && new.role.is_none() && new.doc.0.is_none() && new.comment.is_empty();
            let comment = if is_bare { Vec::new() } else { said(&new.comment, &what) };
            Texts::Constant(ConstantText { comment, name, ty, value })
        }
    };
    let package = planner.survey.package_name(crate::tree::parent(change.file()));
    Facts { header: planner.survey.header().to_owned(), package, change, texts, position: None }
}

/// The markers for the generators of Kubernetes that most types of a file have.
fn customary(planner: &Planner<'_, '_>, file: &str) -> Vec<String> {
    const MARKERS: [&str; 2] = ["+k8s:openapi-gen=true", "+k8s:deepcopy-gen=true"];
    let Some(source) = planner.survey.go(file).ok().flatten() else { return Vec::new() };
    let text = source.source.text();
    let types: Vec<_> = source.file.decls.iter().filter(|decl| decl.kind == DeclKind::Type).collect();
    let has = |marker: &str| {
        let comments = types.iter().filter_map(|decl| Some(decl.doc?.of(text)));
        comments.filter(|doc| doc.lines().any(|line| line.trim_start_matches("//").trim() == marker)).count()
    };
    let most = MARKERS.into_iter().filter(|marker| has(marker) * 2 > types.len());
    most.map(str::to_owned).collect()
}

/// A comment: what the task states, or what can be said of any.
fn said(stated: &[String], or: &str) -> Vec<String> {
    if stated.is_empty() {
        return vec![or.to_owned()];
    }
    // The lines of a block of code stay as they are.
    let width = |text: &str| if text.starts_with('\n') { usize::MAX } else { WIDTH };
    stated.iter().flat_map(|text| comment_lines(text, width(text))).collect()
}

/// What the task says of something, or else what there is to say, as a sentence.
fn worded(description: &Description, name: &str, or: impl FnOnce() -> String) -> String {
    description.0.as_ref().map_or_else(|| format!("{name} {}.", or()), |text| comment(name, text))
}

fn field_text(field: &Field, doc: &str, gate: Option<&Gate>) -> FieldText {
    let mut markers = Vec::new();
    if field.optional {
        markers.push("+optional".to_owned());
    }
    markers.extend(field.markers.iter().cloned());
    let omit = if field.omit { ",omitempty" } else { "" };
    let merge = field.merge_key.as_ref();
    let merge = merge.map_or_else(String::new, |key| format!(" patchStrategy:\"merge\" patchMergeKey:\"{key}\""));
    let more = field.tag.as_ref().map(|tag| format!(" {tag}")).unwrap_or_default();
    let is_stated = field.doc.0.as_ref().is_some_and(|text| text.starts_with(&format!("{} ", field.name)));
    let mut doc = worded(&field.doc, &field.name, || doc.to_owned());
    if let Some(value) = field.default.as_ref().filter(|_| !doc.to_lowercase().contains("default")) {
        doc += " Defaults to ";
        doc += value;
        doc += ".";
    }
    FieldText {
        comment: if field.embedded && field.comment.is_empty() { Vec::new() } else { said(&field.comment, &doc) },
        deprecated: field.deprecated.clone(),
        // What its own comment says of the gate is enough, and one that the task spells out is left as it is.
        gate: gate
            .map(|gate| gate.name.clone())
            .filter(|name| !is_stated && !names_gate(&field.comment, name, &field.name)),
        stage: match gate.map(|gate| gate.stage) {
            Some(Stage::Beta) => "a beta",
            _ => "an alpha",
        },
        markers,
        name: if field.embedded { String::new() } else { format!("{} ", field.name) },
        ty: field.ty.clone(),
        tag: if field.embedded {
            "`json:\",inline\"`".to_owned()
        } else {
            format!("`json:\"{}{omit}\"{merge}{more}`", field.json)
        },
    }
}

/// Whether a field's comment is about the gate, too. It begins with the field's name, which may be that of the gate.
fn names_gate(comment: &[String], gate: &str, field: &str) -> bool {
    let has = |word: &str| comment.iter().any(|line| line.contains(word));
    if gate == field { has("gate") } else { has(gate) }
}

/// A type that is embedded has no comment: without a blank line before it, gofmt would align it with its neighbour.
pub(super) fn set_off(text: String, field: &Field) -> String {
    if field.embedded { format!("\n{text}") } else { text }
}

/// What is put behind something that stands, with its comment, apart from what is above it, does so as well.
fn set_apart(text: &str, mut edit: TextEdit) -> TextEdit {
    if is_set_apart(&text[..edit.span.start], &edit) {
        edit.text.insert(0, '\n');
    }
    edit
}

/// Whether what is put below something stands apart from it.
pub(super) fn is_set_apart(above: &str, edit: &TextEdit) -> bool {
    edit.span.start == edit.span.end && !edit.text.starts_with('\n') && is_apart(above.lines().rev())
}

/// Whether the last of some lines, which are read from the end, stands with its comment apart from what is above it.
pub(super) fn is_apart<'l>(lines: impl Iterator<Item = &'l str>) -> bool {
    let mut above = lines.map(str::trim).skip(1).peekable();
    let has_comment = above.peek().is_some_and(|line| line.starts_with("//"));
    has_comment && above.find(|line| !line.starts_with("//")) == Some("")
}

/// The fields of a new struct, apart as the task has them, in the columns of gofmt.
fn in_columns(new: &NewStruct, fields: &[FieldText], rendered: &[String]) -> String {
    let mut rows: Vec<Vec<&str>> = Vec::new();
    for (at, (field, text)) in new.fields.iter().zip(fields).enumerate() {
        let is_apart = match &new.apart {
            Some(apart) => apart.contains(&field.name),
            None => at > 0 && (field.embedded || new.fields[at - 1].embedded),
        };
        rows.extend((at > 0 && is_apart).then(|| vec![""]));
        let lines: Vec<&str> = rendered[at].trim_end().lines().collect();
        rows.extend(lines.iter().take(lines.len().saturating_sub(1)).map(|line| vec![*line]));
        let cells = [text.name.trim(), text.ty.as_str(), text.tag.as_str()];
        rows.push(cells.into_iter().filter(|cell| !cell.is_empty()).collect());
    }
    align(&rows).join("\n")
}

/// Writes a change, as far as the file lacks it. Fields are written together, by `Written`.
pub(super) fn render(
    change: &Change,
    texts: &Texts,
    position: Option<&Position>,
    pending: &mut PendingFiles<'_>,
) -> Result<(), Refusal> {
    let (file, module) = (change.file(), pending.module());
    match (change, texts) {
        (Change::Struct(new), Texts::Struct(fields, doc)) => {
            let rendered = fields.iter().map(|text| pending.render(text));
            let texts = in_columns(new, fields, &rendered.collect::<Result<Vec<String>, Refusal>>()?);
            let fields = (!texts.is_empty()).then(|| indent(&texts, "\t").trim_end().to_owned());
            let text = pending.render(&TypeText {
                name: new.name.clone(),
                comment: doc.clone(),
                markers: new.markers.clone(),
                fields,
            })?;
            pending.anchor_go(file, |target| {
                if target.file.declares(&new.name).is_some() {
                    return Ok(Vec::new());
                }
                let mut edits = vec![beside(target, (position, new.beside.as_deref()), &text)?];
                edits.extend(add_imports(target.text, target.file, &imports(&new.fields), module));
                Ok(edits)
            })
        }
        (Change::Enum(new), Texts::Enum(constants, doc)) => new.render(constants, doc, position, pending),
        (Change::Constant(new), Texts::Constant(text)) => {
            let text = pending.render(text)?;
            pending.anchor_go(file, |target| {
                let there = target.file.declares(&new.name).is_some();
                if there {
                    return Ok(Vec::new());
                }
                Ok(vec![constants_beside(target, (position, &new.beside), &text)?])
            })
        }
        _ => Ok(()),
    }
}

/// Beside what a line names, or behind the type that uses it.
fn beside(
    target: &Target<'_>,
    (position, ty): (Option<&Position>, Option<&str>),
    text: &str,
) -> Result<TextEdit, AnchorError> {
    if let Some(edit) = position.and_then(|position| target.put_declaration(position, text)) {
        return Ok(edit);
    }
    match ty {
        Some(ty) => target.after_type(ty, text),
        None => Ok(target.append_declaration(text)),
    }
}

/// Beside the constant that a line names, or behind those of a group.
fn constants_beside(
    target: &Target<'_>,
    (position, group): (Option<&Position>, &str),
    text: &str,
) -> Result<TextEdit, AnchorError> {
    match position.and_then(|position| target.put_constant(position, text)) {
        Some(edit) => Ok(edit),
        None => Ok(set_apart(target.text, target.append_constant_beside(group, text)?)),
    }
}

impl NewEnum {
    fn render(
        &self,
        texts: &[ConstantText],
        doc: &[String],
        position: Option<&Position>,
        pending: &mut PendingFiles<'_>,
    ) -> Result<(), Refusal> {
        let Some((beside_name, known)) = &self.group else {
            let (name, first) = (&self.name, &self.values[0].0);
            let is_apart = |name: &String| self.apart.as_ref().is_some_and(|apart| apart.contains(name));
            let gap = |text: &ConstantText| if is_apart(&text.name) { "\n" } else { "" };
            let constants = texts.iter().map(|text| Ok(gap(text).to_owned() + &pending.render(text)?));
            let constants = constants.collect::<Result<String, Refusal>>()?;
            let plain = |value: &str| {
                !value.is_empty() && value.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
            };
            let all = self.values.iter().all(|(_, value)| plain(value));
            let choices: Vec<&str> = self.values.iter().map(|(_, value)| value.as_str()).collect();
            let mut markers = self.markers.clone();
            let is_listed = self.apart.is_none() && !self.unlisted;
            if all && is_listed && !markers.iter().any(|marker| marker.starts_with(LIST)) {
                markers.push(format!("{LIST}{}", choices.join(";")));
            }
            let text = EnumText {
                name: self.name.clone(),
                comment: doc.to_vec(),
                markers,
                constants: indent(&constants_in_columns(&constants), "\t").trim_end().to_owned(),
            };
            let text = if self.bare { format!("const (\n{}\n)", text.constants) } else { pending.render(&text)? };
            return pending.anchor_go(&self.file, |target| {
                let there = target.file.declares(if self.bare { first } else { name }).is_some();
                let ty = if self.bare { Some(name.as_str()) } else { self.beside.as_deref() };
                if there { Ok(Vec::new()) } else { Ok(vec![beside(target, (position, ty), &text)?]) }
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
            let mut edits = vec![constants_beside(target, (position, beside_name), &new)?];
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

/// What lists the values of a type of strings.
const LIST: &str = "+kubebuilder:validation:Enum=";

/// The ends of the markers that list exactly some values.
fn markers<'t>(text: &'t str, known: &'t [String]) -> impl Iterator<Item = usize> + 't {
    text.match_indices(LIST).filter_map(move |(at, _)| {
        let list = text[at + LIST.len()..].lines().next().unwrap_or_default().trim_end();
        let mut listed: Vec<&str> = list.split(';').collect();
        let mut wanted: Vec<&str> = known.iter().map(String::as_str).filter(|value| !value.is_empty()).collect();
        listed.sort_unstable();
        wanted.sort_unstable();
        (listed == wanted).then_some(at + LIST.len() + list.len())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_names_the_gate_apart_from_its_own_field() {
        let names = |comment: &str, field| names_gate(&[comment.to_owned()], "BootSplash", field);
        assert!(names("Splash needs BootSplash.", "Splash"));
        assert!(!names("Splash is shown.", "Splash"));
        assert!(!names("BootSplash is shown.", "BootSplash"));
        assert!(names("BootSplash needs the feature gate of its name.", "BootSplash"));
    }
}
