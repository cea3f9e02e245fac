//! A demand, held against what the API has.

use std::collections::BTreeSet;

use super::names::{go_name, json_name};
use super::place::{declares_type, file_of, is_struct, struct_at, top_level};
use super::resolve::resolve;
use super::settle::feature_field;
use super::{Field, Left, lists};
use crate::demand::{ApiDemand, ApiField, ApiStruct, Description};
use crate::go::{DeclKind, ImportSpec, Target, TypeText};
use crate::name::{Name, is_free_name, is_go_identifier};
use crate::plan::{ManualReason, PlannedType, Planner, ResolvedPath};
use crate::repo_path::RepoPath;
use crate::tree::parent;

/// Something to be added to the API.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Change {
    Field(Field),
    Struct(NewStruct),
    Enum(NewEnum),
    Constant(NewConstant),
}

/// A struct with its fields.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct NewStruct {
    pub(super) file: RepoPath,
    /// What the task says of it.
    pub(super) doc: Description,
    pub(super) name: String,
    pub(super) fields: Vec<Field>,
    pub(super) comment: Vec<String>,
    pub(super) markers: Vec<String>,
    /// The fields that stand behind a blank line, if the task states which.
    pub(super) apart: Option<Vec<String>>,
    /// It is written as the task has it, without a marker or a comment more.
    pub(super) exact: bool,
    /// The type behind which it stands; the end of the file if there is none.
    pub(super) beside: Option<String>,
}

/// A type of strings, or more values of one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct NewEnum {
    pub(super) file: RepoPath,
    /// What the task says of it.
    pub(super) doc: Description,
    pub(super) name: String,
    /// Constants and their strings.
    pub(super) values: Vec<(String, String)>,
    /// The type behind which it stands.
    pub(super) beside: Option<String>,
    /// The values that it has already, where it is there: a constant among them, and all strings.
    pub(super) group: Option<(String, Vec<String>)>,
    /// The type is there, and has no values yet.
    pub(super) bare: bool,
    pub(super) comment: Vec<String>,
    pub(super) markers: Vec<String>,
    /// Paragraphs of the comments of its constants.
    pub(super) value_docs: Vec<(String, String)>,
    /// The constants that stand behind a blank line, if a block of code states the whole of it.
    pub(super) apart: Option<Vec<String>>,
    /// The API does not list its values.
    pub(super) unlisted: bool,
}

/// A constant.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct NewConstant {
    pub(super) file: RepoPath,
    /// What the task says of it.
    pub(super) doc: Description,
    pub(super) name: String,
    pub(super) value: String,
    pub(super) ty: Option<String>,
    pub(super) role: Option<&'static str>,
    pub(super) comment: Vec<String>,
    /// A constant of the group that it goes into.
    pub(super) beside: String,
}

impl Change {
    pub(super) fn file(&self) -> &RepoPath {
        match self {
            Self::Field(field) => &field.file,
            Self::Struct(new) => &new.file,
            Self::Enum(new) => &new.file,
            Self::Constant(new) => &new.file,
        }
    }

    /// The type that it adds to its package, by its folder and name.
    pub(super) fn new_type(&self) -> Option<((String, String), PlannedType)> {
        let folder = || parent(self.file()).to_owned();
        match self {
            Self::Struct(new) => Some(((folder(), new.name.clone()), PlannedType::Struct)),
            Self::Enum(new) if new.group.is_none() && !new.bare => {
                Some(((folder(), new.name.clone()), PlannedType::Other("string".to_owned())))
            }
            Self::Field(field) => Some(((folder(), field.new_type.clone()?), PlannedType::Struct)),
            Self::Enum(_) | Self::Constant(_) => None,
        }
    }

    /// Its name, as people speak of it.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Field(field) => format!("{}.{}", field.struct_name, field.name),
            Self::Struct(new) => new.name.clone(),
            Self::Enum(new) => new.name.clone(),
            Self::Constant(new) => new.name.clone(),
        }
    }

    /// Its name in Go.
    pub(super) fn own_name(&self) -> &str {
        match self {
            Self::Field(field) => &field.name,
            Self::Struct(new) => &new.name,
            Self::Enum(new) => &new.name,
            Self::Constant(new) => &new.name,
        }
    }

    /// Whether both stand among the same things: the fields of a struct, the constants, the types of a file.
    pub(super) fn is_beside(&self, other: &Self) -> bool {
        let same = match (self, other) {
            (Self::Field(one), Self::Field(other)) => one.struct_name == other.struct_name,
            (one, other) => one.order() == other.order(),
        };
        same && self.file() == other.file()
    }

    /// What has to stand there before what.
    pub(super) fn order(&self) -> u8 {
        match self {
            Self::Struct(_) | Self::Enum(_) => 0,
            Self::Field(_) => 1,
            Self::Constant(_) => 2,
        }
    }

    /// Whether both are values of one type that has none yet.
    pub(super) fn takes(&self, other: &Self) -> bool {
        matches!((self, other), (Self::Enum(one), Self::Enum(other))
            if one.bare && other.bare && one.name == other.name && one.file == other.file
                && one.values.iter().all(|value| other.values.iter().all(|other| value.0 != other.0)))
    }

    /// Adds the values of another one.
    pub(super) fn take(&mut self, other: Self) {
        if let (Self::Enum(one), Self::Enum(other)) = (self, other) {
            let new: Vec<_> = other.values.into_iter().filter(|value| !one.values.contains(value)).collect();
            one.values.extend(new);
        }
    }

    /// The names that its package does not have yet.
    pub(super) fn declares(&self) -> Vec<&str> {
        match self {
            Self::Field(_) => Vec::new(),
            Self::Struct(new) => vec![&new.name],
            Self::Constant(new) => vec![&new.name],
            Self::Enum(new) => {
                let strings = new.group.as_ref().map(|(_, strings)| strings.as_slice()).unwrap_or_default();
                let values = new.values.iter().filter(|(_, value)| !strings.contains(value)).map(|(name, _)| name);
                let own = Some(&new.name).filter(|_| new.group.is_none() && !new.bare);
                own.into_iter().chain(values).map(String::as_str).collect()
            }
        }
    }

    /// The name for which both cannot be.
    pub(super) fn clash(&self, other: &Self) -> Option<String> {
        if let (Self::Field(one), Self::Field(other)) = (self, other) {
            let same = one.file == other.file
                && one.struct_name == other.struct_name
                && (one.name == other.name || one.json == other.json);
            return same.then(|| self.name());
        }
        let theirs = other.declares();
        let is_one_package = parent(self.file()) == parent(other.file());
        self.declares().into_iter().find(|name| is_one_package && theirs.contains(name)).map(str::to_owned)
    }

    /// What there is to say where a task names another file than that of the struct.
    pub(super) fn moved(&self) -> Option<String> {
        let Self::Field(Field { asked: Some(asked), file, struct_name, .. }) = self else { return None };
        Some(format!("{asked} does not declare {struct_name}; {file} does, and gets the field"))
    }
}

pub(super) fn line(why: String, help: &str) -> Left {
    Left::Line(why, help.to_owned())
}

pub(super) fn twice(name: &str) -> Left {
    line(
        format!("`{name}` is asked for twice, in different forms"),
        "ask for it once, or give one of them another name",
    )
}

/// What a demand comes to, or why it is left to people.
pub(super) fn change(
    planner: &Planner<'_, '_>,
    place: &ResolvedPath,
    planned: &BTreeSet<(String, String)>,
    demand: &ApiDemand,
    context: Option<&str>,
) -> Result<Change, Left> {
    let checkout = Checkout { planner, place, planned };
    match demand {
        ApiDemand::Field(field) => checkout.field(field, context).map(Change::Field),
        ApiDemand::Struct(new) => checkout.new_struct(new).map(Change::Struct),
        ApiDemand::Enum(new) => checkout.new_enum(new).map(Change::Enum),
        ApiDemand::Constant(new) => checkout.constant(new),
    }
}

pub(super) struct Checkout<'a, 'p, 't> {
    pub(super) planner: &'a Planner<'p, 't>,
    pub(super) place: &'a ResolvedPath,
    pub(super) planned: &'a BTreeSet<(String, String)>,
}

impl Checkout<'_, '_, '_> {
    fn field(&self, asked: &ApiField, context: Option<&str>) -> Result<Field, Left> {
        let Some(struct_name) = asked.parent.as_deref().or(context) else {
            let why = format!("it does not say which struct gets `{}`", asked.name);
            return Err(line(why, "name it: ``… to `DomainSpec` ``"));
        };
        let survey = self.planner.survey;
        let folder = parent(&self.place.path).to_owned();
        let by_path = struct_at(survey, &folder, struct_name).transpose()?;
        let struct_name = by_path.as_deref().unwrap_or(struct_name);
        let is_new = self.planned.contains(&(folder.clone(), struct_name.to_owned()))
            && declares_type(survey, &folder, struct_name).is_none();
        let file = if is_new { self.place.path.clone() } else { file_of(self.planner, &self.place.path, struct_name)? };
        let source = survey.go(&file).ok().flatten().filter(|_| !is_new);
        let untyped = asked.ty.is_none();
        if untyped && Name::parse(&asked.name) == Name::parse(&self.planner.identifier()) {
            return feature_field(self.planner, self.place, struct_name.to_owned());
        }
        // A field that is there has a type.
        let there = source.as_ref().filter(|_| untyped).and_then(|source| {
            let known = source.target().struct_fields(struct_name).unwrap_or_default();
            let own =
                known.into_iter().find(|known| known.name == asked.name || known.json.as_ref() == Some(&asked.name));
            Some(ApiField { ty: TypeText::parse(&own?.ty).ok(), ..asked.clone() })
        });
        let mut field = self.part(there.as_ref().unwrap_or(asked), &file, struct_name, false)?;
        let Some(source) = source else { return Ok(field) };
        let target = source.target();
        if !is_struct(&target, struct_name) {
            return Err(Left::Manual(ManualReason::NoStruct { file: file.to_string(), name: struct_name.to_owned() }));
        }
        let known = target.struct_fields(struct_name).unwrap_or_default();
        if let Some(there) = known.iter().find(|known| known.name == field.name) {
            if there.ty != field.ty {
                let why = format!("{struct_name} has `{}` already, as `{}`", field.name, there.ty);
                return Err(line(why, "change its type by hand, or name another field"));
            }
            field.json = there.json.clone().unwrap_or(field.json);
        } else if let Some(bare) = field.name.strip_prefix("Deprecated")
            && let Some(old) = known.iter().find(|known| known.name == bare)
        {
            let why = format!("{struct_name} has `{bare}`, which `{}` is the new Go name of", field.name);
            let json = old.json.as_deref().unwrap_or(bare);
            return Err(line(why, &format!("rename it by hand, with all its uses; its JSON name stays `{json}`")));
        } else if let Some(taken) = known.iter().find(|known| known.json.as_ref() == Some(&field.json)) {
            let why = format!("{struct_name}.{} has the JSON name `{}` already", taken.name, field.json);
            return Err(line(why, "name another field, or give its JSON name: (json `…`)"));
        } else {
            top_level(&target, struct_name)?;
        }
        // A struct with fields that can be left out, and no marker for it, gets none from a type alone.
        if asked.optional.is_none() && field.optional && has_no_optional(&target, struct_name) {
            field.optional = false;
        }
        field.asked = (file != self.place.path).then(|| self.place.path.clone());
        Ok(field)
    }

    /// The file that the task names, if it is there.
    pub(super) fn own_file(&self) -> Result<RepoPath, Left> {
        let path = &self.place.path;
        if self.place.exists { Ok(path.clone()) } else { Err(Left::Manual(ManualReason::NoApiFile(path.to_string()))) }
    }

    /// A field, whatever its struct holds already.
    fn part(&self, asked: &ApiField, file: &RepoPath, struct_name: &str, is_new: bool) -> Result<Field, Left> {
        let Some(ty) = &asked.ty else {
            let why = format!("it does not give the type of `{}`", asked.name);
            return Err(line(why, "state it as Go does: `name *Type`"));
        };
        let (ty_text, imports) = resolve(self.planner.survey, self.planned, file, ty)?;
        let base = ty.text.trim_start_matches(['*', '[', ']']);
        let name = go_name(&asked.name, base);
        if !is_go_identifier(&name) || name == "_" {
            return Err(line(format!("`{}` cannot be the name of a field", asked.name), "name it as Go does"));
        }
        let own = match base.rsplit('.').next() {
            // As every kind of Kubernetes has it.
            Some("ObjectMeta") => "metadata".to_owned(),
            _ if asked.name.starts_with(char::is_lowercase) => asked.name.clone(),
            _ => json_name(&name),
        };
        let mut markers = asked.markers.clone();
        if !markers.iter().any(|marker| marker.starts_with("+listType")) {
            markers.extend(lists::markers(self.planner, parent(file), &ty_text));
        }
        let is_usual = asked.omit.unwrap_or(!is_new) || ty.has_nil();
        let optional = asked.optional.unwrap_or(is_usual);
        Ok(Field {
            file: file.clone(),
            struct_name: struct_name.to_owned(),
            json: asked.json.clone().unwrap_or(own),
            embedded: asked.embedded,
            optional,
            omit: asked.omit.unwrap_or(optional),
            comment: asked.comment.clone(),
            name,
            ty: ty_text,
            default: asked.default.clone(),
            merge_key: asked.merge_key.clone(),
            tag: asked.tag.clone(),
            markers,
            deprecated: asked.deprecated.clone(),
            doc: asked.doc.clone(),
            imports,
            own_type: self.own_type(base),
            new_type: None,
            asked: None,
        })
    }

    /// A type that the package has. One that a task of this plan spells out is not looked at: it may be empty.
    fn own_type(&self, base: &str) -> Option<(RepoPath, String)> {
        let folder = parent(&self.place.path);
        let stated = self.planned.contains(&(folder.to_owned(), base.to_owned()));
        let file = declares_type(self.planner.survey, folder, base).filter(|_| !stated)?;
        Some((file, base.to_owned()))
    }

    fn new_struct(&self, asked: &ApiStruct) -> Result<NewStruct, Left> {
        if asked.fields.is_empty() && !asked.empty {
            let why = format!("it does not give the fields of `{}`", asked.name);
            return Err(line(why, "name them: ``with fields `Name string` and …``; or say that it is empty"));
        }
        let file = self.type_file(&asked.name)?;
        let survey = self.planner.survey;
        let fields: Vec<Field> =
            asked.fields.iter().map(|field| self.part(field, &file, &asked.name, true)).collect::<Result<_, _>>()?;
        let new = |fields: Vec<Field>| NewStruct {
            file: file.clone(),
            doc: asked.doc.clone(),
            name: asked.name.clone(),
            fields,
            comment: asked.comment.clone(),
            markers: asked.markers.clone(),
            apart: asked.apart.clone(),
            exact: asked.exact,
            beside: None,
        };
        for (at, field) in fields.iter().enumerate() {
            if fields[..at].iter().any(|known| known.name == field.name || known.json == field.json) {
                return Err(line(format!("`{}` occurs twice in {}", field.name, asked.name), "name each field once"));
            }
        }
        if let Some(there) = declares_type(survey, parent(&file), &asked.name) {
            let source = survey.go(&there).ok().flatten();
            let known = source.and_then(|source| source.target().struct_fields(&asked.name)).unwrap_or_default();
            let lacking =
                fields.iter().find(|field| !known.iter().any(|known| known.ty == field.ty && known.name == field.name));
            if let Some(lacking) = lacking {
                let why =
                    format!("{there} declares `{}` already, without `{} {}`", asked.name, lacking.name, lacking.ty);
                return Err(line(
                    why,
                    "name another struct, or say which fields the existing one gets: ``Add field `…` to `…` ``",
                ));
            }
            return Ok(NewStruct { file: there, ..new(fields) });
        }
        Ok(new(fields))
    }

    /// The file that a new type goes into.
    pub(super) fn type_file(&self, name: &str) -> Result<RepoPath, Left> {
        let file = self.place.path.clone();
        if is_free_name(name) && is_go_identifier(name) && name.starts_with(char::is_uppercase) {
            return Ok(file);
        }
        Err(line(format!("`{name}` cannot be the name of an API type"), "name it as Go does, with a capital"))
    }
}

/// Whether a struct has several fields that can be left out, and marks none of them.
fn has_no_optional(target: &Target<'_>, struct_name: &str) -> bool {
    let Some(decl) = target.file.decls.iter().find(|decl| decl.kind == DeclKind::Type && decl.name() == struct_name)
    else {
        return false;
    };
    let text = decl.span.of(target.text);
    text.matches(",omitempty\"").count() > 2 && !text.contains("+optional") && !text.contains("+nullable")
}

/// What the file of a field has to import.
pub(super) fn imports<'f>(fields: impl IntoIterator<Item = &'f Field>) -> Vec<ImportSpec> {
    let mut all: Vec<ImportSpec> = fields.into_iter().flat_map(|field| field.imports.clone()).collect();
    all.sort();
    all.dedup();
    all
}
