//! Fields of the API: an optional field of a struct, with a struct of its own where its type is new.

use serde::Serialize;

use crate::go::{DeclKind, Target};
use crate::name::{Name, is_gate_name, is_go_identifier};
use crate::pending::{PendingFiles, Refusal};
use crate::plan::{
    Assigned, Candidate, Claimed, Key, Kind, ManualReason, Named, Planner, ResolvedPath, Role, Row, TaskLine, Unit,
    Use, intent,
};
use crate::repo_path::RepoPath;
use crate::template::{Context, Template, Text};
use crate::tree::{file_name, parent};

#[derive(Debug)]
pub(super) struct ApiField;

#[derive(Serialize, Context, Template, Debug)]
#[template("scaffolds/api-field/edit/staging/src/kubevirt.io/api/core/v1/types.go/field.hbs")]
struct FieldText {
    name: String,
    feature: String,
    gate: Option<String>,
    ty: String,
    tag: String,
}

#[derive(Serialize, Context, Template, Debug)]
#[template("scaffolds/api-field/edit/staging/src/kubevirt.io/api/core/v1/types.go/type.hbs")]
struct TypeText {
    name: String,
    feature: String,
}

#[derive(Debug)]
struct Facts {
    field: Field,
    text: FieldText,
    /// The struct that its package lacks.
    new_type: Option<TypeText>,
}

impl Kind for ApiField {
    fn name(&self) -> &'static str {
        "api-field"
    }

    fn role(&self) -> Role {
        Role::Implementation
    }

    fn row(&self) -> Row {
        Row { names: "API types", makes: "an optional field, with its struct" }
    }

    fn templates(&self) -> &'static [Text] {
        &[FieldText::FILE, TypeText::FILE]
    }

    fn claim(&self, _: &Candidate<'_, '_>, named: &Named<'_>) -> Option<Claimed> {
        let Named::File { place, .. } = named else { return None };
        let is_api = parent(&place.path).starts_with("staging/src/kubevirt.io/api/");
        (is_api && matches!(file_name(&place.path), "types.go" | "schema.go")).then_some(Claimed::File)
    }

    fn refuses(&self, task: &Candidate<'_, '_>) -> Option<ManualReason> {
        let verb = intent::other_work(task.planned).or_else(|| intent::other_work_below(task.planned))?;
        Some(ManualReason::OtherWork(verb.to_owned()))
    }

    fn plan(&self, planner: &mut Planner<'_, '_>, assigned: &Assigned) {
        let Some(place) = &assigned.place else { return };
        let mut made: Vec<(Field, Vec<usize>)> = Vec::new();
        for (task, field) in fields(planner, place, &assigned.tasks) {
            match field {
                Err(reason) => planner.manual(&[task], &reason),
                Ok(field) => match made.iter_mut().find(|(known, _)| *known == field) {
                    Some((_, tasks)) => tasks.push(task),
                    None => made.push((field, vec![task])),
                },
            }
        }
        for (field, tasks) in made {
            if let Err(refusal) = planner.open(&field.file) {
                return planner.diagnose(refusal);
            }
            let feature = planner.feature().name.clone();
            let text = FieldText {
                name: field.name.clone(),
                feature: feature.clone(),
                gate: planner.gate().map(|gate| gate.name.clone()),
                ty: field.ty.clone(),
                tag: format!("`json:\"{},omitempty\"`", field.json),
            };
            let lacks = |name: &&String| planner.survey.declares(parent(&field.file), name).is_none();
            let new_type = field.new_type.as_ref().filter(lacks);
            let new_type = new_type.filter(|name| planner.give(name));
            let new_type = new_type.map(|name| TypeText { name: name.clone(), feature });
            for &task in &tasks {
                note(planner, task, &field);
            }
            planner.push(Facts { field, text, new_type }, &tasks);
        }
    }
}

/// Notes the lines that the field was read from.
fn note(planner: &mut Planner<'_, '_>, task: usize, field: &Field) {
    let names = |line: &&TaskLine| {
        let codes = line.text.split('`').skip(1).step_by(2);
        let mut words = codes.flat_map(|code| code.split(|c: char| !c.is_alphanumeric()));
        words.any(|word| word == field.struct_name || word == field.json || word == field.name)
    };
    let lines: Vec<usize> = planner.task(task).details.iter().filter(names).map(|line| line.line).collect();
    for line in lines {
        planner.note(task, line, Use::Change, std::slice::from_ref(&field.file));
    }
}

impl Unit for Facts {
    fn files(&self) -> Vec<&RepoPath> {
        vec![&self.field.file]
    }

    fn render(&self, pending: &mut PendingFiles<'_>) -> Result<(), Refusal> {
        let field = pending.render(&self.text)?;
        let new_type = self.new_type.as_ref().map(|text| pending.render(text)).transpose()?;
        pending.anchor_go(&self.field.file, |target| {
            let mut edits = Vec::new();
            if has_field(target, &self.field.struct_name, &self.field.name).is_none() {
                edits.push(target.append_member(&self.field.struct_name, &field)?);
            }
            if let Some(new_type) = new_type {
                edits.push(target.after_type(&self.field.struct_name, &new_type)?);
            }
            Ok(edits)
        })
    }

    fn stubs(&self) -> Vec<(RepoPath, String)> {
        self.field.new_type.iter().map(|name| (self.field.file.clone(), name.clone())).collect()
    }

    fn outdates(&self) -> Option<String> {
        Some(format!("{}.{} changes the API", self.field.struct_name, self.field.name))
    }
}

/// A field to be added to the API.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Field {
    /// The file of the struct.
    pub(super) file: RepoPath,
    /// The struct.
    pub(super) struct_name: String,
    /// The field's name in Go.
    pub(super) name: String,
    /// The field's name in JSON.
    pub(super) json: String,
    /// The field's type.
    ty: String,
    /// A struct to be declared for it.
    new_type: Option<String>,
}

impl Field {
    /// How code that has a VMI's spec reaches the field: the Go path before it, and its JSON path.
    pub(super) fn below_vmi_spec(&self) -> Option<(&'static str, Vec<&str>)> {
        let (before, mut path) = match self.struct_name.as_str() {
            "VirtualMachineInstanceSpec" => ("", vec![]),
            "DomainSpec" => ("Domain.", vec!["domain"]),
            "Devices" => ("Domain.Devices.", vec!["domain", "devices"]),
            _ => return None,
        };
        path.push(self.json.as_str());
        Some((before, path))
    }

    /// A value of the field that is set, as Go.
    pub(super) fn example(&self) -> String {
        match &self.new_type {
            Some(name) if self.ty.starts_with('*') => format!("&v1.{name}{{}}"),
            _ => match self.ty.as_str() {
                "*bool" => "pointer.P(true)".to_owned(),
                "*string" => "pointer.P(\"value\")".to_owned(),
                other if other.starts_with('*') => format!("new({})", qualified(&other[1..])),
                other => match other.strip_prefix("[]") {
                    Some(element) => format!("[]{}{{}}", qualified(element)),
                    None => format!("{}{{}}", qualified(other)),
                },
            },
        }
    }
}

fn qualified(ty: &str) -> String {
    if ty.starts_with(|c: char| c.is_uppercase()) { format!("v1.{ty}") } else { ty.to_owned() }
}

/// The fields that tasks ask for, each with its task, or why there is none. The first task that names none has the
/// field of the feature.
pub(super) fn fields(
    planner: &Planner<'_, '_>,
    place: &ResolvedPath,
    tasks: &[usize],
) -> Vec<(usize, Result<Field, ManualReason>)> {
    let folder = parent(&place.path);
    let declared = |name: &str| planner.survey.declares(folder, name).is_some();
    let named: Vec<_> = tasks.iter().map(|&task| names_of(planner, task, &declared)).collect();
    let mut first = tasks.iter().zip(&named).find(|(_, names)| !names.is_empty()).map(|(task, _)| *task);
    let mut found = Vec::new();
    for (&task, names) in tasks.iter().zip(named) {
        if let (true, Some(first)) = (names.is_empty(), first) {
            let (file, first) = (place.path.to_string(), planner.task(first).id.clone());
            found.push((task, Err(ManualReason::NothingOfItsOwn { file, what: "field", first })));
            continue;
        }
        first = first.or(Some(task));
        let names = if names.is_empty() { vec![(planner.identifier(), None)] } else { names };
        found.extend(names.into_iter().map(|name| (task, field(planner, place, (task, tasks), name))));
    }
    found
}

/// The fields that a task names: the first one, and others that have a type, or that a line about fields lists.
fn names_of(planner: &Planner<'_, '_>, task: usize, declared: &dyn Fn(&str) -> bool) -> Vec<(String, Option<Type>)> {
    let mut found: Vec<(String, Option<Type>)> = Vec::new();
    for text in texts(planner, task) {
        let lists = text.to_lowercase().contains("fields");
        for (name, ty) in text.split('`').skip(1).step_by(2).filter_map(|code| name_and_type(code, declared)) {
            let is_new =
                !found.iter().any(|(known, _)| *known == name || ty.is_none() && known.eq_ignore_ascii_case(&name));
            if is_new && (found.is_empty() || ty.is_some() || lists) {
                found.push((name, ty));
            }
        }
    }
    found
}

/// The field that a task asks for, or why there is none.
fn field(
    planner: &Planner<'_, '_>,
    place: &ResolvedPath,
    (task, all): (usize, &[usize]),
    (name, ty): (String, Option<Type>),
) -> Result<Field, ManualReason> {
    let source = planner.survey.go(&place.path).ok().flatten();
    let source = source.ok_or_else(|| ManualReason::NoApiFile(place.path.to_string()))?;
    let folder = parent(&place.path).to_owned();
    let is_struct = |name: &str| {
        source
            .file
            .declares(name)
            .is_some_and(|decl| decl.kind == DeclKind::Type && decl.span.of(source.source.text()).contains("struct"))
    };
    let default = match file_name(&place.path) {
        "schema.go" => "DomainSpec",
        _ => "VirtualMachineInstanceSpec",
    };
    // Its own struct; where it names none, the one that the other tasks of the file name.
    let codes = code_spans(planner, task);
    let mut structs: Vec<&String> = codes.iter().filter(|code| is_struct(code)).collect();
    structs.sort();
    structs.dedup();
    if structs.len() > 1 {
        let names = structs.into_iter().cloned().collect();
        return Err(ManualReason::SeveralStructs { file: place.path.to_string(), names });
    }
    let others: Vec<String> = all.iter().flat_map(|&task| code_spans(planner, task)).collect();
    let struct_name = codes.iter().chain(&others).find(|code| is_struct(code)).map_or(default, String::as_str);
    if !is_struct(struct_name) {
        return Err(ManualReason::NoStruct { file: place.path.to_string(), name: struct_name.to_owned() });
    }
    let declared = |name: &str| planner.survey.declares(&folder, name).is_some();
    let words = Name::parse(&name);
    // What a task spells as Go does is taken as it is.
    let go_name = if is_gate_name(&name) { name } else { words.pascal() };
    let (ty, new_type) = match ty {
        Some(Type { text, made }) => (text, made),
        None if declared(&go_name) => {
            let taken = format!("{go_name}Configuration");
            (format!("*{taken}"), Some(taken))
        }
        None => (format!("*{go_name}"), Some(go_name.clone())),
    };
    // A second run finds the field, and the struct made for it, in place.
    let (ty, new_type) = match has_field(&source.target(), struct_name, &go_name) {
        Some(there) => {
            let made = there.trim_start_matches(['*', '[', ']']).to_owned();
            let made = made.starts_with(|c: char| c.is_uppercase()).then_some(made);
            (there, made)
        }
        None => (ty, new_type),
    };
    Ok(Field {
        file: place.path.clone(),
        struct_name: struct_name.to_owned(),
        name: go_name,
        json: words.camel(),
        ty,
        new_type,
    })
}

/// The type of a struct's field, if it has one of that name.
pub(super) fn has_field(target: &Target<'_>, struct_name: &str, field: &str) -> Option<String> {
    let decl = target.file.declares(struct_name)?;
    decl.span.of(target.text).lines().skip(1).find_map(|line| {
        let mut words = line.split_whitespace();
        (words.next() == Some(field)).then(|| words.next().unwrap_or_default().to_owned())
    })
}

/// The texts of a task that may name a field.
fn texts<'p>(planner: &'p Planner<'_, '_>, task: usize) -> impl Iterator<Item = &'p str> {
    let task = planner.task(task);
    let lines = task.details.iter().filter(|line| !matches!(line.key, Key::File | Key::Command | Key::Pattern));
    std::iter::once(task.title.as_str()).chain(lines.map(|line| line.text.as_str()))
}

/// The code in backticks in a task's lines.
fn code_spans(planner: &Planner<'_, '_>, task: usize) -> Vec<String> {
    texts(planner, task).flat_map(|text| text.split('`').skip(1).step_by(2)).map(str::to_owned).collect()
}

/// A field's type as a task writes it.
struct Type {
    text: String,
    /// The struct that is to be declared for it.
    made: Option<String>,
}

/// `guestHeartbeat`, `spec.domain.heartbeat` or `Heartbeat *HeartbeatPolicy`: a field's name and type.
fn name_and_type(code: &str, declared: &dyn Fn(&str) -> bool) -> Option<(String, Option<Type>)> {
    let mut words = code.split_whitespace();
    let (path, ty) = (words.next()?, words.next());
    let name = path.rsplit('.').next().unwrap_or(path);
    // `___` is an identifier, and has no word that a field could be called after.
    let worded = name.is_ascii() && Name::parse(name).pascal().starts_with(|c: char| c.is_ascii_uppercase());
    let plain = is_go_identifier(name) && worded && name.len() > 2 && words.next().is_none() && !path.contains('/');
    if !plain || declared(name) || name == "make" {
        return None;
    }
    let ty = ty.and_then(|ty| {
        let inner = ty.trim_start_matches(['*', '[', ']']);
        let known = matches!(inner, "bool" | "string" | "int32" | "int64" | "uint32" | "uint64") || declared(inner);
        let text = if ty.starts_with("[]") { format!("[]{inner}") } else { format!("*{inner}") };
        (known || is_gate_name(inner)).then(|| Type { text, made: (!known).then(|| inner.to_owned()) })
    });
    Some((name.to_owned(), ty))
}
