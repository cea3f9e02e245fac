//! Additions to the API: fields of structs, structs, enumerations and constants, as the task states them.

mod asked;
mod change;
mod columns;
mod constants;
mod earlier;
mod enumerated;
mod facts;
mod fields;
mod keyed;
mod known;
mod lists;
mod names;
mod notes;
mod of_feature;
mod owner;
mod place;
mod pointed;
mod replaced;
mod resolve;
mod restated;
mod rules;
mod settle;
mod texts;
mod values;
mod wording;

use std::collections::BTreeSet;

use asked::{Asked, asked};
pub(crate) use asked::{help, only_type};
use change::{Change, change, twice};
pub(super) use known::{adds, is_value};
pub(super) use place::has_field;
pub(crate) use place::implied_file;
pub(super) use resolve::{home_of, types};

use crate::demand::{ApiDemand, Description};
use crate::diagnostic::Diagnostic;
use crate::go::Position;
use crate::plan::{
    Assigned, Candidate, Claimed, Key, Kind, ManualReason, Named, PlannedTask, Planner, ResolvedPath, Role, Row, Use,
    intent,
};
use crate::repo_path::RepoPath;
use crate::survey::Survey;
use crate::template::Text;
use crate::tree::{file_name, join, parent};
use settle::feature_field;

#[derive(Debug)]
pub(super) struct ApiField;

/// Why a demand is left to people.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Left {
    /// For a reason that other tasks have as well.
    Manual(ManualReason),
    /// For what one line says: why, and what would help.
    Line(String, String),
}

impl Kind for ApiField {
    fn name(&self) -> &'static str {
        "api-field"
    }

    fn role(&self) -> Role {
        Role::Implementation
    }

    fn row(&self) -> Row {
        Row {
            names: "`types.go` or `schema.go` of an API group",
            makes: "the fields, structs, enumerations and constants that the task states",
        }
    }

    fn templates(&self) -> &'static [Text] {
        texts::TEMPLATES
    }

    fn claim(&self, task: &Candidate<'_, '_>, named: &Named<'_>) -> Option<Claimed> {
        let Named::File { place, .. } = named else { return None };
        // The struct that a line names is somewhere else than in a file that is not there.
        let lost = || {
            let folder = parent(&place.path);
            let types = ["types.go", "schema.go"].iter().any(|file| task.survey.exists(&join(folder, file)));
            let fields = asked(task.planned).demands;
            let is_field =
                |(_, demand): &(usize, ApiDemand)| matches!(demand, ApiDemand::Field(field) if field.parent.is_some());
            types && place.path.ends_with(".go") && !fields.is_empty() && fields.iter().all(is_field)
        };
        let own = is_api_file(&place.path) || place.path.starts_with(place::API) && !place.exists && lost();
        // A function beside the types is code like any other.
        let code = task.planned.details(&[Key::Function]).next().is_some() && asked(task.planned).demands.is_empty();
        (own && !code).then_some(Claimed::File)
    }

    fn refuses(&self, task: &Candidate<'_, '_>) -> Option<ManualReason> {
        // Beside a line that adds something, the others are left alone.
        let below = || intent::other_work_below(task.planned).filter(|_| asked(task.planned).demands.is_empty());
        let is_other = |_: &&str| replaced::replaced(&task.planned.title).is_none();
        let verb = intent::other_work(task.planned).filter(is_other).or_else(below);
        let looks = || intent::only_looks(task.planned).filter(|verb| !matches!(*verb, "make sure" | "run"));
        let verb = verb.or_else(looks)?;
        Some(ManualReason::OtherWork(verb.to_owned()))
    }

    fn plan(&self, planner: &mut Planner<'_, '_>, assigned: &Assigned) {
        let Some(place) = &assigned.place else { return };
        columns::leave(planner, &assigned.tasks);
        let known = resolve::planned_types(planner);
        let (changes, left) = changes(planner, place, &assigned.tasks, &known);
        for (task, line, left) in left {
            leave(planner, task, line, left);
        }
        let mut units = fields::Units::default();
        let mut before = Vec::new();
        for (change, lines) in changes {
            // Files of one folder are one package.
            let folder = parent(change.file());
            let given = change.declares().into_iter().map(|name| (name, planner.give(&join(folder, name))));
            let taken: Vec<String> = given.filter(|(_, is_new)| !is_new).map(|(name, _)| name.to_owned()).collect();
            if let Some(name) = taken.first() {
                for (task, line) in lines {
                    leave(planner, task, line, twice(name));
                }
                continue;
            }
            if let Err(refusal) = planner.open(change.file()) {
                planner.diagnose(refusal);
                break;
            }
            if matches!(&change, Change::Enum(new) if new.unlisted) {
                for (task, line) in &lines {
                    planner.placed(*task, *line);
                }
            }
            let position = place::position(planner, &change, &lines, &before);
            before.push((change.clone(), position.clone()));
            let facts = Facts { position, ..texts::facts(planner, change) };
            let mut tasks: Vec<usize> = lines.iter().map(|(task, _)| *task).collect();
            tasks.dedup();
            for (task, line) in lines {
                planner.note(task, line, Use::Change, std::slice::from_ref(facts.change.file()));
            }
            if let Some(note) = facts.change.moved() {
                let span = planner.span(tasks[0]);
                planner.diagnose(Diagnostic::note("path-corrected", note).at(&planner.file.source.clone(), span));
            }
            if let Change::Field(field) = &facts.change
                && let Some(why) = field.grows(planner.survey)
            {
                let span = planner.span(tasks[0]);
                let help = "make its type a pointer that can be left out, unless every object is to have it";
                planner.diagnose(Diagnostic::note("api-grows", why).at(&planner.file.source.clone(), span).help(help));
            }
            units.add(facts, tasks);
        }
        units.push(planner);
    }
}

/// A change, with the tasks and lines that ask for it.
type Wanted = (Change, Vec<(usize, usize)>);

/// What tasks ask of an API file, each once, in the order in which it is written; and what is left to people:
/// the task, the line, and why. `known` are the types that the plan adds.
fn changes(
    planner: &Planner<'_, '_>,
    place: &ResolvedPath,
    tasks: &[usize],
    known: &BTreeSet<(String, String)>,
) -> (Vec<Wanted>, Vec<(usize, usize, Left)>) {
    let mut wanted: Vec<Wanted> = Vec::new();
    let mut left = Vec::new();
    let all: Vec<_> = tasks.iter().map(|&task| (task, asked(planner.whole(task)))).collect();
    let mut first = all.iter().find(|(_, asked)| !asked.demands.is_empty()).map(|(task, _)| *task);
    for (task, asked) in all {
        let demands = settle::settled(planner, place, task);
        let Asked { faults, rules, others, context, .. } = asked.clone();
        left.extend(others.into_iter().map(|(line, verb)| (task, line, asked::other_work(line, verb))));
        let rules =
            rules.into_iter().map(|(line, why)| (task, line, Left::Manual(ManualReason::Remains { line, why })));
        left.extend(rules);
        left.extend(faults.into_iter().map(|(line, why)| (task, line, asked::unread(why))));
        let line = planner.task(task).line;
        if demands.is_empty() && !left.iter().any(|(known, _, _)| *known == task) {
            // What a line does not ask for is not made in another way.
            if planner.task(task).withholds() {
                continue;
            }
            if let Some(first) = first {
                let (file, first) = (place.path.to_string(), planner.task(first).id.clone());
                let nothing = || Left::Manual(ManualReason::NothingOfItsOwn { file, what: "field", first });
                left.push((task, line, of_feature::of_the_feature(planner, task, place).err().unwrap_or_else(nothing)));
                continue;
            }
            first = Some(task);
            let field = of_feature::of_the_feature(planner, task, place)
                .and_then(|struct_name| feature_field(planner, place, struct_name));
            match field {
                Ok(field) => {
                    let more = planner.task(task).lines_of(&[Key::Task]).map(|more| (task, more.line));
                    wanted.push((Change::Field(field), std::iter::once((task, line)).chain(more).collect()));
                }
                Err(why) => left.push((task, line, why)),
            }
            continue;
        }
        first = first.or(Some(task));
        for (line, demand) in demands {
            match owner::is_asked(planner, place, known, (task, line), (&demand, context.as_deref())) {
                Ok(true) => {}
                Ok(false) => continue,
                Err(why) => {
                    left.push((task, line, why));
                    continue;
                }
            }
            match change(planner, place, known, &demand, context.as_deref()) {
                Err(why) => left.push((task, line, why)),
                Ok(change) => {
                    let own = asked.lines_of(line, &demand).into_iter().map(|line| (task, line));
                    match wanted.iter_mut().find(|(known, _)| *known == change || known.takes(&change)) {
                        Some((known, lines)) => {
                            known.take(change);
                            lines.extend(own);
                        }
                        None => wanted.push((change, own.collect())),
                    }
                }
            }
        }
    }
    // Two changes of one name contradict each other.
    let mut at = 0;
    while at < wanted.len() {
        let clash = wanted[..at].iter().find_map(|(known, _)| known.clash(&wanted[at].0));
        match clash {
            Some(name) => {
                let (_, lines) = wanted.remove(at);
                left.extend(lines.into_iter().map(|(task, line)| (task, line, twice(&name))));
            }
            None => at += 1,
        }
    }
    // A struct stands before the field that has it.
    wanted.sort_by_key(|(change, _)| change.order());
    owner::set_beside(&mut wanted, |file, name| {
        let source = planner.survey.go(file).ok().flatten();
        source.is_some_and(|source| place::is_struct(&source.target(), name))
    });
    (wanted, left)
}

/// The fields that tasks ask for.
pub(super) fn fields(planner: &Planner<'_, '_>, place: &ResolvedPath, tasks: &[usize]) -> Vec<Field> {
    let (changes, _) = changes(planner, place, tasks, &resolve::planned_types(planner));
    let field = |(change, _)| if let Change::Field(field) = change { Some(field) } else { None };
    changes.into_iter().filter_map(field).collect()
}

fn leave(planner: &mut Planner<'_, '_>, task: usize, line: usize, left: Left) {
    match left {
        Left::Manual(reason) => planner.manual(&[task], &reason),
        Left::Line(why, help) => planner.leave_line(&[task], line, "api-unclear", &why, &help),
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
    /// The field's type, as the file writes it.
    ty: String,
    /// Its type is embedded under no name of its own.
    embedded: bool,
    /// It can be left out.
    optional: bool,
    /// Its tag leaves it out when it is empty.
    omit: bool,
    /// Its comment, a paragraph each, where the task states it.
    comment: Vec<String>,
    /// The value that it has where nobody says another.
    default: Option<String>,
    /// The key by which a strategic merge patch merges its items.
    merge_key: Option<String>,
    /// What its tag has beside its name in JSON.
    tag: Option<String>,
    /// Markers above it.
    markers: Vec<String>,
    /// What its comment says of its being deprecated.
    deprecated: Option<String>,
    /// What the task says of it.
    doc: Description,
    /// What its type needs.
    imports: Vec<crate::go::ImportSpec>,
    /// A struct without fields to be declared for it.
    new_type: Option<String>,
    /// Its type, where the package itself declares it: the file, and the name.
    own_type: Option<(RepoPath, String)>,
    /// The file that the task names, where the struct is in another one.
    asked: Option<RepoPath>,
}

impl Field {
    /// What KubeVirt's own tests of the API say of the field, if it is written into objects that were stored without it.
    fn grows(&self, survey: &Survey<'_>) -> Option<String> {
        const STRUCTS: &[&str] = &[".Quantity", ".Duration", ".Time", ".LabelSelector", ".IntOrString", ".ObjectMeta"];
        place::declares_type(survey, parent(&self.file), &self.struct_name)?;
        let by_value = || {
            let declared = || {
                let (file, name) = self.own_type.as_ref()?;
                let source = survey.go(file).ok().flatten()?;
                Some(place::is_struct(&source.target(), name))
            };
            let is_new = self.new_type.as_deref() == Some(self.ty.as_str());
            let has_nil = self.ty.starts_with(['*', '[']) || self.ty.starts_with("map[");
            !has_nil && (is_new || STRUCTS.iter().any(|end| self.ty.ends_with(end)) || declared() == Some(true))
        };
        let why = if self.embedded {
            return None;
        } else if !self.omit {
            "it cannot be left out"
        } else if by_value() {
            "its type is a struct, which is never left out"
        } else {
            return None;
        };
        let (name, owner) = (&self.json, &self.struct_name);
        Some(format!(
            "`{name}` of `{owner}` is written into objects that were stored without it, and fails KubeVirt's API tests: {why}"
        ))
    }

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

    /// Its type, as its file writes it.
    pub(super) fn ty(&self) -> &str {
        &self.ty
    }

    /// The condition under which the field, reached as `value`, is not set; nothing where its type does not tell, or is
    /// another package's.
    pub(super) fn unset(&self, value: &str) -> Option<String> {
        if self.ty.contains('.') || self.embedded {
            return None;
        }
        let ty = self.ty.as_str();
        Some(match ty {
            "string" => format!("{value} == \"\""),
            "bool" => format!("!{value}"),
            "int" | "int32" | "int64" | "uint32" | "uint64" => format!("{value} == 0"),
            _ if ty.starts_with('*') || ty.starts_with("[]") || ty.starts_with("map[") => format!("{value} == nil"),
            _ => return None,
        })
    }

    /// A value of the field that is set, as Go.
    pub(super) fn example(&self) -> String {
        match &self.new_type {
            Some(name) if self.ty.starts_with('*') => format!("&v1.{name}{{}}"),
            _ => match self.ty.as_str() {
                "*bool" => "pointer.P(true)".to_owned(),
                "*string" => "pointer.P(\"value\")".to_owned(),
                "bool" => "true".to_owned(),
                "string" => "\"value\"".to_owned(),
                "int" | "int32" | "int64" | "uint32" | "uint64" => "1".to_owned(),
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

/// What is rendered: the change, and the texts of it.
#[derive(Debug)]
struct Facts {
    /// What a new file begins with.
    header: String,
    package: String,
    change: Change,
    texts: texts::Texts,
    /// Where it stands, if a line says so.
    position: Option<Position>,
}

/// Why a line about the API cannot be read exactly, if it cannot.
pub(crate) fn fault(key: &str, line: &str) -> Option<String> {
    crate::demand::api(key, line).fault
}

/// Whether a task spells a struct out, field by field.
pub(super) fn spells_out(task: &PlannedTask, name: &str) -> bool {
    asked(task).demands.iter().any(|(_, demand)| matches!(demand, ApiDemand::Struct(known) if known.name == name))
}

/// Whether a path is that of an API group's types.
pub(crate) fn is_api_file(path: &str) -> bool {
    path.starts_with(place::API) && matches!(file_name(path), "types.go" | "schema.go")
}
