//! Fields of the API: which struct gets which field.

use super::path::Placed;
use super::unit::Builder;
use crate::go::{DeclKind, Target};
use crate::name::{Name, is_gate_name, is_go_identifier};
use crate::tree::{file_name, parent};

/// A field to be added to the API.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ApiFieldUnit {
    /// The file of the struct.
    pub file: String,
    /// The struct.
    pub struct_name: String,
    /// The field's name in Go.
    pub field: String,
    /// The field's name in JSON.
    pub json: String,
    /// The field's type.
    pub ty: String,
    /// A struct to be declared for it.
    pub new_type: Option<String>,
}

impl ApiFieldUnit {
    /// How code that has a VMI's spec reaches the field: the Go path before it, and its JSON path.
    pub fn from_vmi_spec(&self) -> Option<(&'static str, Vec<&str>)> {
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
    pub fn example(&self) -> String {
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

/// The field that tasks ask for, or why there is none.
pub(super) fn unit(builder: &Builder<'_, '_>, place: &Placed, tasks: &[usize]) -> Result<ApiFieldUnit, String> {
    let source = builder.survey.go(&place.path).ok().flatten();
    let source = source.ok_or_else(|| format!("{} does not exist; new API groups are made by hand", place.path))?;
    let folder = parent(&place.path).to_owned();
    let codes: Vec<String> = tasks.iter().flat_map(|&task| code_spans(builder, task)).collect();
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
    let struct_name = codes.iter().find(|code| is_struct(code)).map_or(default, String::as_str);
    if !is_struct(struct_name) {
        return Err(format!("{} declares no struct {struct_name}; the task names no other", place.path));
    }
    let feature = builder.plan.feature.gate.as_ref().map(|gate| gate.name.trim_end_matches("Gate").to_owned());
    let feature = feature.unwrap_or_else(|| Name::parse(&builder.plan.feature.slug).pascal());
    let declared = |name: &str| builder.survey.declares(&folder, name).is_some();
    let (name, ty) = codes.iter().find_map(|code| field(code, &declared)).unwrap_or((feature, None));
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
    Ok(ApiFieldUnit {
        file: place.path.clone(),
        struct_name: struct_name.to_owned(),
        field: go_name,
        json: words.camel(),
        ty,
        new_type,
    })
}

/// The type of a struct's field, if it has one of that name.
pub(crate) fn has_field(target: &Target<'_>, struct_name: &str, field: &str) -> Option<String> {
    let decl = target.file.declares(struct_name)?;
    decl.span.of(target.text).lines().skip(1).find_map(|line| {
        let mut words = line.split_whitespace();
        (words.next() == Some(field)).then(|| words.next().unwrap_or_default().to_owned())
    })
}

/// The code in backticks in a task's lines.
fn code_spans(builder: &Builder<'_, '_>, task: usize) -> Vec<String> {
    let task = &builder.plan.tasks[task];
    let lines =
        task.details.iter().filter(|(key, _)| !matches!(key.as_str(), "file" | "files" | "command" | "pattern"));
    let texts = std::iter::once(&task.title).chain(lines.map(|(_, text)| text));
    texts.flat_map(|text| text.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>()).collect()
}

/// A field's type as a task writes it.
struct Type {
    text: String,
    /// The struct that is to be declared for it.
    made: Option<String>,
}

/// `guestHeartbeat`, `spec.domain.heartbeat` or `Heartbeat *HeartbeatPolicy`: a field's name and type.
fn field(code: &str, declared: &dyn Fn(&str) -> bool) -> Option<(String, Option<Type>)> {
    let mut words = code.split_whitespace();
    let (path, ty) = (words.next()?, words.next());
    let name = path.rsplit('.').next().unwrap_or(path);
    let plain = is_go_identifier(name) && name.len() > 2 && words.next().is_none() && !path.contains('/');
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
