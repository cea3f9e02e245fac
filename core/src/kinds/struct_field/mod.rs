//! Fields of structs outside of the API: the domain's XML, options, contexts; and structs that are new.

mod place;
mod resolve;
mod said;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::rc::Rc;

use serde::Serialize;

use super::component::Component;
use super::constant::Constant;
use super::planned_types::{PlannedType, PlannedTypes, planned};
use super::sentence::with_subject;
use crate::demand::{MemberDemand, go_types, interface_methods, members};
use crate::go::{ImportSpec, Member, Parameter, add_imports};
use crate::pending::{Declared, PendingFiles, Refusal};
use crate::plan::{
    Assigned, Candidate, Claimed, Key, Kind, ManualReason, Named, PlannedTask, Planner, ResolvedPath, Role, Row,
    TaskLine, Unit, Use,
};
use crate::repo_path::RepoPath;
use crate::survey::GoSource;
use crate::template::{Context, Template, Text};
use crate::tree::parent;
use resolve::Reader;
pub(super) use resolve::{exists, standard};
use said::{Said, demands, described};

#[derive(Debug)]
pub(super) struct StructField;

#[derive(Serialize, Context, Template, Clone, Debug)]
#[template("scaffolds/struct-field/edit/__folder__/__file__.go/struct.hbs")]
struct StructText {
    /// The comment above it.
    doc: Vec<String>,
    name: String,
    fields: Vec<String>,
    /// What it is, if it is no struct.
    underlying: Option<String>,
    /// The methods of an interface.
    methods: Vec<String>,
}

impl StructText {
    fn planned(&self) -> PlannedType {
        match &self.underlying {
            Some(text) => PlannedType::Other(text.clone()),
            None if !self.methods.is_empty() => PlannedType::Interface,
            None => PlannedType::Struct,
        }
    }
}

/// Structs that stand behind no other type: in a file that is made for them, or at the end of one.
#[derive(Serialize, Context, Template, Debug)]
#[template("scaffolds/struct-field/new/__folder__/__file__.go.hbs")]
struct StructFile {
    header: String,
    package: String,
    imports: Option<String>,
    structs: Vec<StructText>,
}

/// What tasks ask of the structs of one file.
#[derive(Debug)]
struct Facts {
    file: RepoPath,
    /// Fields of structs that are there.
    fields: Vec<NewField>,
    /// New structs, each with the type that it stands behind.
    structs: Vec<(String, StructText)>,
    /// Those that stand behind none.
    apart: Option<(StructFile, Declared)>,
    imports: Vec<ImportSpec>,
    outdates: Option<String>,
}

/// A field of a struct that is there.
#[derive(Debug)]
struct NewField {
    parent: String,
    /// The field behind which it stands, if that is not the last one; before all fields, its name is empty.
    behind: Option<String>,
    member: Member,
}

impl Kind for StructField {
    fn name(&self) -> &'static str {
        "struct-field"
    }

    fn role(&self) -> Role {
        Role::Implementation
    }

    fn row(&self) -> Row {
        Row {
            names: "a field of a struct in any other Go file, or a new struct",
            makes: "the field with its tag, such as an element of the domain's XML, and new structs",
        }
    }

    fn templates(&self) -> &'static [Text] {
        &[StructText::FILE, StructFile::FILE]
    }

    fn claim(&self, task: &Candidate<'_, '_>, named: &Named<'_>) -> Option<Claimed> {
        let Named::File { place, .. } = named else { return None };
        let asks = || if place.exists { !demands(task.planned).is_empty() } else { declares(task.planned) };
        (is_code(&place.path) && asks()).then_some(Claimed::File)
    }

    /// Structs that tasks spell out beside what another kind makes of their file.
    fn plan_first(&self, planner: &mut Planner<'_, '_>) {
        for assigned in planner.assigned {
            let other = assigned.kind.name() != self.name() && assigned.kind.role() == Role::Implementation;
            if let Some(place) = assigned.place.as_ref().filter(|place| other && is_code(&place.path)) {
                plan_structs(planner, place, assigned, true);
            }
        }
    }

    fn plan(&self, planner: &mut Planner<'_, '_>, assigned: &Assigned) {
        let Some(place) = &assigned.place else { return };
        plan_structs(planner, place, assigned, false);
        Component::plan_functions(planner, assigned, &[]);
        Constant::plan_constants(planner, assigned);
    }
}

/// Whether a path is that of code outside of the API.
fn is_code(path: &str) -> bool {
    path.ends_with(".go") && !path.ends_with("_test.go") && !path.starts_with("staging/src/kubevirt.io/api/")
}

/// Whether a task asks for fields of structs.
pub(super) fn asks(task: &PlannedTask) -> bool {
    !demands(task).is_empty()
}

/// Whether all that a task asks for is fields, each with its type, of structs that it names.
pub(super) fn states(task: &PlannedTask) -> bool {
    let demands = demands(task);
    let is_field = |demand: &MemberDemand| demand.parent.is_some() && !demand.fields.is_empty();
    !demands.is_empty() && demands.iter().all(|said| said.demand.as_ref().is_ok_and(is_field))
}

/// Whether a task declares a struct or an interface. One that cannot be read is no reason to make something else up.
pub(super) fn declares(task: &PlannedTask) -> bool {
    let lines = || std::iter::once(task.title.as_str()).chain(task.details.iter().map(|line| line.text.as_str()));
    let is_new = |said: &Said| said.demand.as_ref().is_ok_and(|demand| demand.new_struct.is_some());
    let is_lost = |said: &Said| said.demand.is_err();
    let spells = |line: &str| !go_types(line).1.is_empty() || interface_methods(line).is_some();
    let demands = demands(task);
    demands.iter().any(is_new) || demands.iter().any(is_lost) && lines().any(spells)
}

/// Whether a line asks for a field or a type, understood or not: it is no step of what a function does.
pub(super) fn is_member(line: &str) -> bool {
    !matches!(members(line, false), Ok(None)) || !go_types(line).1.is_empty()
}

/// Whether a line declares a type, which is no step of what a function does.
pub(super) fn is_declaration(line: &str) -> bool {
    let declares = || matches!(members(line, false), Ok(Some(demand)) if demand.new_struct.is_some());
    !go_types(line).1.is_empty() || declares()
}

/// What was read of the tasks about a file.
struct Read {
    facts: Facts,
    /// What was understood, and what was not: the task, the line, and whether it says where its fields stand, or why not.
    done: Vec<(usize, usize, bool)>,
    left: Vec<(usize, ManualReason)>,
}

/// Reads what tasks about a file ask of structs, with the types that their package gets. Beside another kind, only what
/// declares a struct counts.
fn read(
    planner: &Planner<'_, '_>,
    place: &ResolvedPath,
    source: Option<&GoSource>,
    (assigned, is_beside): (&Assigned, bool),
    known: &PlannedTypes,
) -> Read {
    let mut left = Vec::new();
    let mut asked = Vec::new();
    for &task in &assigned.tasks {
        for Said { lines, demand } in demands(planner.task_in(task, &place.path)) {
            match demand {
                Ok(demand) if !is_beside || demand.new_struct.is_some() => asked.push(Asked { task, lines, demand }),
                Err(why) if !is_beside => left.push((task, ManualReason::Unwritable { line: lines[0], why })),
                _ => {}
            }
        }
    }
    let new: BTreeSet<String> = asked.iter().filter_map(|asked| asked.demand.new_struct.clone()).collect();
    let reader = Reader { planner, source, file: &place.path, new: &new, known };
    let mut facts = Facts {
        file: place.path.clone(),
        fields: Vec::new(),
        structs: Vec::new(),
        apart: None,
        imports: Vec::new(),
        outdates: None,
    };
    let mut done = Vec::new();
    for asked in asked {
        let comments =
            asked.demand.new_struct.as_ref().map_or_else(Vec::new, |name| comments(planner.task(asked.task), name));
        done.extend(comments.iter().map(|(line, ..)| (asked.task, *line, false)));
        let is_placed = asked.demand.is_placed();
        let lines = asked.lines.iter().map(|line| (asked.task, *line, is_placed));
        match reader.read(&asked.demand, &comments, &mut facts) {
            Ok(()) => {
                done.extend(lines);
                let rest = asked.demand.rest.as_ref().map(|rest| match asked.demand.new_struct {
                    None => format!("it also says \"{rest}\", which is more than a field"),
                    Some(_) => format!("it also says \"{rest}\""),
                });
                let name = asked.demand.lacks_fields();
                let holds = name.map(|name| format!("what `{name}` holds is not understood, and up to you"));
                let remains = |why| (asked.task, ManualReason::Remains { line: asked.lines[0], why });
                left.extend(rest.into_iter().chain(holds).map(remains));
            }
            // Another file of the task has the struct.
            Err(_) if is_elsewhere(planner, asked.task, &place.path, &asked.demand) => {}
            Err(why) => left.push((asked.task, ManualReason::Unwritable { line: asked.lines[0], why })),
        }
    }
    facts.outdates = reader.outdates(&facts);
    Read { facts, done, left }
}

/// What a block of Go says of a struct and of its fields: the line, the field or nothing, and the text.
fn comments<'t>(task: &'t PlannedTask, name: &str) -> Vec<(usize, &'t str, Cow<'t, str>)> {
    let own = |line: &'t TaskLine| {
        let (target, text) = line.text.strip_prefix('`')?.split_once("` ")?;
        let field = target.strip_prefix(name)?;
        let part = field.trim_start_matches('.');
        let text = with_subject(line, if part.is_empty() { name } else { part }, text);
        (field.is_empty() || field.starts_with('.')).then_some((line.line, part, text))
    };
    let stated = task.details.iter().filter_map(|line| {
        let (_, _, text) = described(&line.text).filter(|(_, known, _)| known == name)?;
        Some((line.line, "", Cow::Owned(text)))
    });
    task.lines_of(&[Key::Comment]).filter_map(own).chain(stated).collect()
}

/// Whether the struct that gets fields is declared in another file that the task names, and not in this one.
fn is_elsewhere(planner: &Planner<'_, '_>, task: usize, file: &RepoPath, demand: &MemberDemand) -> bool {
    let Some(name) = &demand.parent else { return false };
    let declares = |path: &RepoPath| {
        let source = planner.survey.go(path).ok().flatten();
        source.is_some_and(|source| source.file.declares(name).is_some())
    };
    !declares(file) && planner.whole(task).named.iter().any(|(path, _)| path != file && declares(path))
}

/// The types that tasks about the files of a folder spell out: those of which everything is known.
pub(super) fn types(planner: &Planner<'_, '_>, files: &[&Assigned]) -> PlannedTypes {
    let own = |file: &&&Assigned| file.place.as_ref().is_some_and(|place| is_code(&place.path));
    let files: Vec<&&Assigned> = files.iter().filter(own).collect();
    let tasks = files.iter().filter_map(|file| Some((file, file.place.as_ref()?)));
    let tasks = tasks.flat_map(|(file, place)| file.tasks.iter().map(|task| planner.task_in(*task, &place.path)));
    let asked = tasks.flat_map(demands).filter_map(|said| said.demand.ok()?.new_struct);
    let mut known: PlannedTypes = asked.map(|name| (name, PlannedType::Struct)).collect();
    while !known.is_empty() {
        let made = files.iter().filter_map(|file| Some((file, file.place.as_ref()?))).flat_map(|(file, place)| {
            let source = planner.survey.go(&place.path).ok().flatten();
            read(planner, place, source.as_deref(), (file, true), &known).facts.structs
        });
        let made: PlannedTypes = made.map(|(_, text)| (text.name.clone(), text.planned())).collect();
        // One that is not made may have been needed by another.
        let is_all = made.len() >= known.len();
        known = made;
        if is_all {
            break;
        }
    }
    known
}

fn plan_structs(planner: &mut Planner<'_, '_>, place: &ResolvedPath, assigned: &Assigned, is_beside: bool) {
    if is_beside && !assigned.tasks.iter().any(|&task| declares(planner.task_in(task, &place.path))) {
        return;
    }
    let source: Option<Rc<GoSource>> = match planner.open(&place.path).and_then(|()| planner.survey.go(&place.path)) {
        Ok(source) => source,
        Err(refusal) => return planner.diagnose(refusal),
    };
    let known = planned(planner, parent(&place.path));
    let Read { mut facts, done, left } = read(planner, place, source.as_deref(), (assigned, is_beside), &known);
    for (task, reason) in left {
        planner.manual(&[task], &reason);
    }
    let mut tasks = Vec::new();
    for (task, line, is_placed) in done {
        if !tasks.contains(&task) {
            tasks.push(task);
        }
        planner.note(task, line, Use::Change, std::slice::from_ref(&place.path));
        if is_placed {
            planner.placed(task, line);
        }
    }
    if tasks.is_empty() {
        return;
    }
    facts.place_structs(source.as_deref());
    if let Err(refusal) = facts.set_apart(planner) {
        return planner.diagnose(refusal);
    }
    planner.push(facts, &tasks);
}

/// A demand of a task.
struct Asked {
    task: usize,
    /// The lines that say it, in order.
    lines: Vec<usize>,
    demand: MemberDemand,
}

/// The fields of a struct that selected tasks declare in a file: name and type.
fn stated(planner: &Planner<'_, '_>, file: &RepoPath, name: &str) -> Option<Vec<(String, String)>> {
    let own = planner.assigned.iter().filter(|assigned| assigned.place.as_ref().is_some_and(|one| one.path == *file));
    let tasks: BTreeSet<usize> = own.flat_map(|assigned| assigned.tasks.iter().copied()).collect();
    let mut asked =
        tasks.into_iter().flat_map(|task| demands(planner.task_in(task, file))).filter_map(|said| said.demand.ok());
    let demand = asked.find(|demand| demand.new_struct.as_deref() == Some(name))?;
    Some(demand.fields.into_iter().filter_map(|field| Some((field.name, field.ty?.text))).collect())
}

/// What a type holds of what its constructor gets: the parameter, the field, and the field's type. A struct that tasks
/// spell out has its own fields.
pub(super) fn held(
    planner: &Planner<'_, '_>,
    file: &RepoPath,
    name: &str,
    parameters: &[Parameter],
) -> Vec<(String, String, String)> {
    let given = parameters.iter().flat_map(|one| {
        let ty = if one.variadic { format!("[]{}", one.ty.text) } else { one.ty.text.clone() };
        one.names.iter().map(move |name| (name.clone(), ty.clone()))
    });
    let Some(stated) = stated(planner, file, name) else {
        return given.map(|(name, ty)| (name.clone(), name, ty)).collect();
    };
    let same = |(name, ty): (String, String)| {
        let field = stated.iter().find(|(field, of)| field.eq_ignore_ascii_case(&name) && *of == ty)?;
        Some((name, field.0.clone(), ty))
    };
    given.filter_map(same).collect()
}

/// The fields that selected tasks add to a struct: name and type.
pub(super) fn asked_of(planner: &Planner<'_, '_>, struct_name: &str) -> Vec<(String, String)> {
    let own = planner.assigned.iter().filter(|assigned| assigned.kind.name() == StructField.name());
    let tasks: BTreeSet<usize> = own.flat_map(|assigned| assigned.tasks.iter().copied()).collect();
    let asked = tasks.into_iter().flat_map(|task| demands(planner.whole(task))).filter_map(|said| said.demand.ok());
    let asked = asked.filter(|demand| demand.parent.as_deref() == Some(struct_name));
    asked.flat_map(|demand| demand.fields).filter_map(|field| Some((field.name, field.ty?.text))).collect()
}

impl Unit for Facts {
    fn files(&self) -> Vec<&RepoPath> {
        vec![&self.file]
    }

    fn render(&self, pending: &mut PendingFiles<'_>) -> Result<(), Refusal> {
        if let Some((file, declared)) = &self.apart {
            pending.write_go(&self.file, file, declared)?;
        }
        if self.structs.is_empty() && self.fields.is_empty() {
            return Ok(());
        }
        let structs = self.structs.iter().map(|(anchor, text)| Ok((anchor, &text.name, pending.render(text)?)));
        let structs = structs.collect::<Result<Vec<_>, Refusal>>()?;
        let module = pending.module();
        let places = self.fields.iter().map(|new| (&new.parent, &new.behind)).collect::<BTreeSet<_>>();
        // One after the other: the fields of a struct stand in columns with those that were put there before.
        for (parent, behind) in places {
            pending.anchor_go(&self.file, |target| {
                let there = target.struct_members(parent).unwrap_or_default();
                let lacks = |member: &Member| there.iter().all(|(known, _)| known.called() != member.called());
                let own = self.fields.iter().filter(|new| new.parent == *parent && new.behind == *behind);
                let own: Vec<Member> = own.map(|new| &new.member).filter(|member| lacks(member)).cloned().collect();
                let mut edits = match behind {
                    _ if own.is_empty() => return Ok(Vec::new()),
                    Some(behind) => target.insert_members(parent, behind, &own)?,
                    None => target.append_members(parent, &own)?,
                };
                edits.extend(add_imports(target.text, target.file, &self.imports, module));
                Ok(edits)
            })?;
        }
        pending.anchor_go(&self.file, |target| {
            let mut edits = Vec::new();
            let lacking = |name: &str| target.file.declares(name).is_none();
            let anchors: BTreeSet<&String> = structs.iter().map(|(anchor, _, _)| *anchor).collect();
            for anchor in anchors {
                let own = structs.iter().filter(|(at, name, _)| *at == anchor && lacking(name));
                let texts: Vec<&str> = own.map(|(_, _, text)| text.trim_end()).collect();
                if !texts.is_empty() {
                    edits.push(target.after_type(anchor, &texts.join("\n\n"))?);
                }
            }
            if !edits.is_empty() {
                edits.extend(add_imports(target.text, target.file, &self.imports, module));
            }
            Ok(edits)
        })
    }

    fn outdates(&self) -> Option<String> {
        self.outdates.clone()
    }
}
