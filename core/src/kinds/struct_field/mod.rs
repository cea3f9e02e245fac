//! Fields of structs outside of the API: the domain's XML, options, contexts; and structs that are new for them.

mod resolve;

use std::collections::BTreeSet;

use serde::Serialize;

use super::component::Component;
use super::constant::Constant;
use crate::demand::{MemberDemand, members};
use crate::go::{DeclKind, ImportSpec, Member, add_imports};
use crate::name::is_go_identifier;
use crate::pending::{PendingFiles, Refusal};
use crate::plan::{
    Assigned, Candidate, Claimed, Key, Kind, ManualReason, Named, PlannedTask, Planner, Role, Row, Unit, Use,
};
use crate::repo_path::RepoPath;
use crate::survey::GoSource;
use crate::template::{Context, Template, Text};
use resolve::Reader;
pub(super) use resolve::exists;

#[derive(Debug)]
pub(super) struct StructField;

#[derive(Serialize, Context, Template, Debug)]
#[template("scaffolds/struct-field/edit/__folder__/__file__.go/struct.hbs")]
struct StructText {
    name: String,
    fields: Vec<String>,
}

/// What tasks ask of the structs of one file.
#[derive(Debug)]
struct Facts {
    file: RepoPath,
    /// Fields of structs that are there.
    fields: Vec<(String, Member)>,
    /// New structs, each with the type that it stands behind.
    structs: Vec<(String, StructText)>,
    imports: Vec<ImportSpec>,
    outdates: Option<String>,
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
            names: "a field of a struct in any other Go file",
            makes: "the field with its tag, such as an element of the domain's XML, and new structs",
        }
    }

    fn templates(&self) -> &'static [Text] {
        &[StructText::FILE]
    }

    fn claim(&self, task: &Candidate<'_, '_>, named: &Named<'_>) -> Option<Claimed> {
        let Named::File { place, .. } = named else { return None };
        let path = &place.path;
        let own =
            path.ends_with(".go") && !path.ends_with("_test.go") && !path.starts_with("staging/src/kubevirt.io/api/");
        (own && place.exists && !demands(task.planned).is_empty()).then_some(Claimed::File)
    }

    fn plan(&self, planner: &mut Planner<'_, '_>, assigned: &Assigned) {
        let Some(place) = &assigned.place else { return };
        Component.plan_functions(planner, assigned);
        Constant.plan_constants(planner, assigned);
        let source = match planner.open(&place.path).and_then(|()| planner.survey.go(&place.path)) {
            Ok(Some(source)) => source,
            Ok(None) => return,
            Err(refusal) => return planner.diagnose(refusal),
        };
        let mut asked = Vec::new();
        for &task in &assigned.tasks {
            for (line, demand) in demands(planner.task(task)) {
                match demand {
                    Ok(demand) => asked.push(Asked { task, line, demand }),
                    Err(why) => planner.manual(&[task], &ManualReason::Unwritable { line, why }),
                }
            }
        }
        let new: BTreeSet<String> = asked.iter().filter_map(|asked| asked.demand.new_struct.clone()).collect();
        let reader = Reader { survey: planner.survey, source: &source, file: &place.path, new: &new };
        let mut facts = Facts {
            file: place.path.clone(),
            fields: Vec::new(),
            structs: Vec::new(),
            imports: Vec::new(),
            outdates: None,
        };
        let mut tasks = Vec::new();
        for asked in asked {
            match reader.read(&asked.demand, &mut facts) {
                Ok(()) => {
                    if !tasks.contains(&asked.task) {
                        tasks.push(asked.task);
                    }
                    planner.note(asked.task, asked.line, Use::Change, std::slice::from_ref(&place.path));
                }
                Err(why) => {
                    planner.manual(&[asked.task], &ManualReason::Unwritable { line: asked.line, why });
                }
            }
        }
        if tasks.is_empty() {
            return;
        }
        facts.place_structs(&source);
        facts.outdates = reader.outdates(&facts);
        planner.push(facts, &tasks);
    }
}

/// Whether a task asks for fields of structs.
pub(super) fn asks(task: &PlannedTask) -> bool {
    !demands(task).is_empty()
}

/// A demand of a task's line.
struct Asked {
    task: usize,
    line: usize,
    demand: MemberDemand,
}

/// What the lines of a task ask of structs, each with its number.
fn demands(task: &PlannedTask) -> Vec<(usize, Result<MemberDemand, String>)> {
    const KEYS: &[Key] = &[Key::Task, Key::Prose, Key::Implementation, Key::Logic];
    let is_field = |key: &Key| {
        matches!(key, Key::Field)
            || matches!(key, Key::Other(word) if ["xml field", "attribute", "element"].contains(&word.as_str()))
    };
    // Beside a field, `Struct:` says where it goes.
    let has_field = task.details.iter().any(|line| is_field(&line.key));
    let mut found: Vec<(usize, Result<MemberDemand, String>)> = Vec::new();
    let below = task.details.iter().filter_map(|line| {
        let keyed = match &line.key {
            key if is_field(key) => Some(with_keys(task, &line.text)),
            Key::Struct if !has_field => Some(format!("struct {}", line.text)),
            _ => None,
        };
        let bare = keyed.is_some();
        (bare || KEYS.contains(&line.key)).then(|| (line.line, keyed.unwrap_or_else(|| line.text.clone()), bare))
    });
    let lines = std::iter::once((task.line, task.title.clone(), false)).chain(below);
    for (number, text, is_field) in lines {
        // Below a struct, each line may be a field of it.
        let open = found.last_mut().filter(|(_, last)| last.as_ref().is_ok_and(|last| last.is_open));
        let is_listed = open.is_some() && text.trim_start().starts_with('`');
        match members(&text, is_field || is_listed) {
            Ok(None) => {}
            Ok(Some(demand)) if is_listed && demand.new_struct.is_none() && demand.parent.is_none() => {
                if let Some((_, Ok(open))) = found.last_mut() {
                    open.fields.extend(demand.fields);
                }
            }
            Ok(Some(demand)) => found.push((number, Ok(demand))),
            Err(why) => found.push((number, Err(why))),
        }
    }
    found
}

/// The fields that selected tasks add to a struct: name and type.
pub(super) fn asked_of(planner: &Planner<'_, '_>, struct_name: &str) -> Vec<(String, String)> {
    let own = planner.assigned.iter().filter(|assigned| assigned.kind.name() == StructField.name());
    let tasks: BTreeSet<usize> = own.flat_map(|assigned| assigned.tasks.iter().copied()).collect();
    let asked = tasks.into_iter().flat_map(|task| demands(planner.task(task))).filter_map(|(_, demand)| demand.ok());
    let asked = asked.filter(|demand| demand.parent.as_deref() == Some(struct_name));
    asked.flat_map(|demand| demand.fields).filter_map(|field| Some((field.name, field.ty?.text))).collect()
}

/// A `Field:` line with what the lines beside it say: `Type:`, `Struct:`, `Tag:`.
fn with_keys(task: &PlannedTask, text: &str) -> String {
    let value = |names: &[&str]| {
        let line = task.details.iter().find(|line| names.contains(&line.key.to_string().as_str()))?;
        Some(line.text.trim().trim_matches('`').to_owned())
    };
    let mut text = text.trim().to_owned();
    let bare = text.trim_matches('`');
    if let Some(ty) = value(&["constants"]).filter(|_| is_go_identifier(bare)) {
        text = format!("`{bare} {ty}`");
    }
    if let Some(tag) = value(&["tag", "xml tag", "xml", "struct tag"]).filter(|_| !text.contains("xml")) {
        text.push_str(if tag.contains(":\"") { " `" } else { " xml tag `" });
        text.push_str(&tag);
        text.push('`');
    }
    if let Some(into) = value(&["struct", "parent", "in struct", "to"]).filter(|_| !text.contains(" to ")) {
        text.push_str(" to `");
        text.push_str(&into);
        text.push('`');
    }
    text
}

impl Facts {
    /// Puts every new struct behind the type that uses it; behind the last type of the file, where nothing does.
    fn place_structs(&mut self, source: &GoSource) {
        let uses =
            |ty: &str, name: &str| ty.split(|c: char| !(c.is_alphanumeric() || c == '_')).any(|word| word == name);
        let mut types = source.file.decls.iter().filter(|decl| decl.kind == DeclKind::Type);
        let last = types.next_back().map(|decl| decl.name().to_owned()).unwrap_or_default();
        let anchors: Vec<String> = (0..self.structs.len())
            .map(|index| {
                let mut name = self.structs[index].1.name.clone();
                // From a struct to the one that uses it, up to one that is there.
                for _ in 0..=self.structs.len() {
                    if let Some((parent, _)) = self.fields.iter().find(|(_, member)| uses(&member.ty, &name)) {
                        return parent.clone();
                    }
                    let user = self.structs.iter().find(|(_, text)| {
                        text.name != name
                            && text.fields.iter().any(|line| {
                                line.split_once(' ')
                                    .is_some_and(|(_, ty)| uses(ty.split('`').next().unwrap_or(ty), &name))
                            })
                    });
                    match user {
                        Some((_, text)) => name.clone_from(&text.name),
                        None => break,
                    }
                }
                last.clone()
            })
            .collect();
        for ((anchor, _), found) in self.structs.iter_mut().zip(anchors) {
            *anchor = found;
        }
    }
}

impl Unit for Facts {
    fn files(&self) -> Vec<&RepoPath> {
        vec![&self.file]
    }

    fn render(&self, pending: &mut PendingFiles<'_>) -> Result<(), Refusal> {
        let structs = self.structs.iter().map(|(anchor, text)| Ok((anchor, &text.name, pending.render(text)?)));
        let structs = structs.collect::<Result<Vec<_>, Refusal>>()?;
        let module = pending.module();
        pending.anchor_go(&self.file, |target| {
            let mut edits = Vec::new();
            let mut parents: Vec<&String> = self.fields.iter().map(|(parent, _)| parent).collect();
            parents.dedup();
            for parent in parents.iter().collect::<BTreeSet<_>>() {
                let there = target.struct_members(parent).unwrap_or_default();
                let lacks = |member: &Member| there.iter().all(|(known, _)| known.name != member.name);
                let own = self.fields.iter().filter(|(name, member)| *name == ***parent && lacks(member));
                let own: Vec<Member> = own.map(|(_, member)| member.clone()).collect();
                if !own.is_empty() {
                    edits.extend(target.append_members(parent, &own)?);
                }
            }
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
