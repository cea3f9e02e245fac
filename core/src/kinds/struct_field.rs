//! Fields of structs outside of the API: the domain's XML, options, contexts; and structs that are new for them.

use std::collections::BTreeSet;

use serde::Serialize;

use super::component::{Component, functions};
use crate::demand::{FieldDemand, MemberDemand, members};
use crate::go::{DeclKind, ImportSpec, Member, TypeText, add_imports, aligned_members};
use crate::name::{is_gate_name, is_predeclared, nearest};
use crate::pending::{PendingFiles, Refusal};
use crate::plan::{
    Assigned, Candidate, Claimed, Key, Kind, ManualReason, Named, PlannedTask, Planner, Role, Row, Unit, Use,
};
use crate::repo_path::RepoPath;
use crate::survey::{GoSource, Survey};
use crate::template::{Context, Template, Text};
use crate::tree::{join, parent};

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
        // What else tasks ask for in the file.
        let is_left = |&task: &usize| !functions(planner.task(task)).0.is_empty();
        let left: Vec<usize> = assigned.tasks.iter().copied().filter(is_left).collect();
        if !left.is_empty() {
            Component.plan(planner, &Assigned { tasks: left, ..assigned.clone() });
        }
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

/// A demand of a task's line.
struct Asked {
    task: usize,
    line: usize,
    demand: MemberDemand,
}

/// What the lines of a task ask of structs, each with its number.
fn demands(task: &PlannedTask) -> Vec<(usize, Result<MemberDemand, String>)> {
    const KEYS: &[Key] = &[Key::Task, Key::Prose, Key::Implementation, Key::Logic];
    let keyed = |line: &&crate::plan::TaskLine, names: &[&str]| names.contains(&line.key.to_string().as_str());
    let mut found: Vec<(usize, Result<MemberDemand, String>)> = Vec::new();
    let lines = std::iter::once((task.line, task.title.clone(), false)).chain(task.details.iter().filter_map(|line| {
        let is_field = keyed(&line, &["field", "fields", "xml field", "attribute", "element"]);
        let text = if is_field { with_keys(task, &line.text) } else { line.text.clone() };
        (is_field || KEYS.contains(&line.key)).then_some((line.line, text, is_field))
    }));
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
    if let Some(ty) = value(&["constants"]).filter(|_| crate::name::is_go_identifier(bare)) {
        text = format!("`{bare} {ty}`");
    }
    if let Some(tag) = value(&["tag", "xml tag", "xml", "struct tag"]).filter(|_| !text.contains("xml")) {
        text += &if tag.contains(":\"") { format!(" `{tag}`") } else { format!(" xml tag `{tag}`") };
    }
    if let Some(into) = value(&["struct", "parent", "in struct", "to"]).filter(|_| !text.contains(" to ")) {
        text += &format!(" to `{into}`");
    }
    text
}

/// What reads demands with a file at hand.
struct Reader<'a, 't> {
    survey: &'a Survey<'t>,
    source: &'a GoSource,
    file: &'a RepoPath,
    /// The structs that tasks declare.
    new: &'a BTreeSet<String>,
}

impl Reader<'_, '_> {
    fn read(&self, demand: &MemberDemand, facts: &mut Facts) -> Result<(), String> {
        let fields = demand.fields.iter();
        match (&demand.new_struct, &demand.parent) {
            (Some(name), parent) => {
                if parent.as_ref().is_some_and(|parent| parent != name) {
                    return Err(format!("it declares `{name}` and adds to another struct; one line does one of them"));
                }
                let members =
                    fields.map(|field| self.member(name, field, &mut facts.imports)).collect::<Result<Vec<_>, _>>()?;
                self.declare(name, members, facts)
            }
            (None, Some(name)) if self.new.contains(name) => {
                let members =
                    fields.map(|field| self.member(name, field, &mut facts.imports)).collect::<Result<Vec<_>, _>>()?;
                self.declare(name, members, facts)
            }
            (None, Some(name)) => {
                let known = self.known(name)?;
                for field in fields {
                    let member = self.member(name, field, &mut facts.imports)?;
                    if let Some(there) = known.iter().find(|there| there.name == member.name) {
                        same(name, there, &member)?;
                    }
                    tag_is_free(name, &known, &member)?;
                    let same_field = |(parent, other): &&(String, Member)| parent == name && other.name == member.name;
                    match facts.fields.iter().find(same_field) {
                        Some((_, other)) => same(name, other, &member)?,
                        None => facts.fields.push((name.clone(), member)),
                    }
                }
                Ok(())
            }
            (None, None) => Err("it names no struct that gets the field".to_owned()),
        }
    }

    /// A new struct, or more fields of it.
    fn declare(&self, name: &str, members: Vec<Member>, facts: &mut Facts) -> Result<(), String> {
        if !is_gate_name(name) && !crate::name::is_free_name(name) {
            return Err(format!("`{name}` cannot be the name of a type"));
        }
        if members.is_empty() {
            return Err(format!("it states no field of `{name}`"));
        }
        let folder = parent(self.file);
        if let Some(other) = self.survey.declares(folder, name) {
            // A second run finds the struct as the first one left it, or as somebody changed it since.
            let known = self.known(name).map_err(|_| format!("{folder}/{other} declares `{name}` already"))?;
            for member in &members {
                match known.iter().find(|there| there.name == member.name) {
                    Some(there) => same(name, there, member)?,
                    None => return Err(format!("{folder}/{other} declares `{name}` already, without such a field")),
                }
            }
            // It is the task's nevertheless: nothing is missing.
        }
        match facts.structs.iter_mut().find(|(_, text)| text.name == name) {
            Some(_) => Err(format!("`{name}` is declared by another line; list its fields there")),
            None => {
                facts
                    .structs
                    .push((String::new(), StructText { name: name.to_owned(), fields: aligned_members(&members) }));
                Ok(())
            }
        }
    }

    /// The fields of a struct of the file.
    fn known(&self, name: &str) -> Result<Vec<Member>, String> {
        if let Some(members) = self.source.target().struct_members(name) {
            return Ok(members.into_iter().map(|(member, _)| member).collect());
        }
        let folder = parent(self.file);
        if let Some(other) = self.survey.declares(folder, name) {
            let path = join(folder, &other);
            let why = if *path == **self.file { "is no struct" } else { "is declared there, name that file" };
            return Err(format!("`{name}` in {path} {why}"));
        }
        let types = self.source.file.decls.iter().filter(|decl| decl.kind == DeclKind::Type);
        let near = nearest(name, types.flat_map(|decl| decl.names.iter().map(|name| name.text.as_str())));
        let hint = near.first().map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        Err(format!("{} declares no struct `{name}`{hint}", self.file))
    }

    /// A field as Go, if everything in it is known.
    fn member(&self, parent_name: &str, field: &FieldDemand, imports: &mut Vec<ImportSpec>) -> Result<Member, String> {
        let ty = field.ty.as_ref().ok_or_else(|| format!("it states no type of `{}`", field.name))?;
        imports.extend(self.imports(ty)?);
        let keys = self.tag_keys(parent_name);
        let missing = keys.iter().find(|key| !field.tag.as_ref().is_some_and(|tag| tag.contains(&format!("{key}:\""))));
        if let Some(key) = missing {
            return Err(format!(
                "the fields of `{parent_name}` have {key} tags, and it states none for `{}`",
                field.name
            ));
        }
        Ok(Member {
            name: Some(field.name.clone()),
            ty: ty.text.clone(),
            tag: field.tag.as_ref().map(|tag| format!("`{tag}`")),
        })
    }

    /// The tags that every field of a struct has; of a new one, that of the file.
    fn tag_keys(&self, name: &str) -> Vec<&'static str> {
        let members = self.source.target().struct_members(name).unwrap_or_default();
        let has = |key: &str| {
            let named: Vec<_> = members.iter().filter(|(member, _)| member.name.is_some()).collect();
            let tagged = named.iter().filter(|(member, _)| member.tag_of(key).is_some()).count();
            !named.is_empty() && tagged * 2 > named.len()
        };
        if self.new.contains(name) {
            return self.source.file.import("encoding/xml").map(|_| "xml").into_iter().collect();
        }
        ["xml", "json"].into_iter().filter(|key| has(key)).collect()
    }

    /// What the names in a type need, if all of them are known here.
    fn imports(&self, ty: &TypeText) -> Result<Vec<ImportSpec>, String> {
        let folder = parent(self.file);
        let mut found = Vec::new();
        for (package, name) in &ty.names {
            let Some(package) = package else {
                let own = || self.survey.declares(folder, name).is_some();
                if is_predeclared(name) || self.new.contains(name) || own() {
                    continue;
                }
                let types = self.source.file.decls.iter().filter(|decl| decl.kind == DeclKind::Type);
                let near = nearest(name, types.flat_map(|decl| decl.names.iter().map(|name| name.text.as_str())));
                let hint = near.first().map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
                return Err(format!("the package in {folder} has no type `{name}`{hint}"));
            };
            let own = self.source.file.imports.iter().find(|import| import.name() == package).map(ImportSpec::from);
            let import = own.or_else(|| self.survey.imported(folder, package));
            let import = import.ok_or_else(|| format!("no file in {folder} imports a package `{package}`"))?;
            if !exists(self.survey, &import.path, name) {
                return Err(format!("the package {} has no type `{name}`", import.path));
            }
            found.push(import);
        }
        Ok(found)
    }

    /// Whether deepcopy functions of the package are out of date.
    fn outdates(&self, facts: &Facts) -> Option<String> {
        let folder = parent(self.file);
        let generated = self.survey.exists(&join(folder, "deepcopy_generated.go"));
        let deep = |ty: &str| ty.contains(['*', '[']) || ty.starts_with("map");
        let first = facts.fields.iter().find(|(_, member)| deep(&member.ty));
        let name = facts.structs.first().map(|(_, text)| text.name.clone());
        let what = first
            .map(|(parent, member)| format!("{parent}.{}", member.name.as_deref().unwrap_or_default()))
            .or(name)?;
        generated.then(|| format!("{what} changes the deepcopy functions of {folder}"))
    }
}

/// Whether a package is known to have a type. Of the standard library, a few are.
pub(super) fn exists(survey: &Survey<'_>, path: &str, name: &str) -> bool {
    const STANDARD: &[(&str, &[&str])] = &[
        ("context", &["Context", "CancelFunc"]),
        ("encoding/json", &["RawMessage"]),
        ("encoding/xml", &["Name"]),
        ("io", &["Reader", "Writer", "Closer"]),
        ("net", &["IP", "IPNet", "Conn", "Listener"]),
        ("sync", &["Mutex", "RWMutex", "WaitGroup", "Once", "Map"]),
        ("time", &["Duration", "Time", "Ticker", "Timer"]),
    ];
    if let Some((_, names)) = STANDARD.iter().find(|(known, _)| *known == path) {
        return names.contains(&name);
    }
    let folders = [survey.folder_of(path), Some(join("staging/src", path)), Some(join("vendor", path))];
    folders.into_iter().flatten().any(|folder| survey.declares(&folder, name).is_some())
}

/// That a field which is there is the one that a task asks for.
fn same(parent: &str, there: &Member, wanted: &Member) -> Result<(), String> {
    let name = wanted.name.as_deref().unwrap_or_default();
    if there.ty != wanted.ty {
        return Err(format!("{parent}.{name} is there already, as `{}`", there.ty));
    }
    if there.tag != wanted.tag {
        return Err(format!(
            "{parent}.{name} is there already, with the tag {}",
            there.tag.as_deref().unwrap_or("of nothing")
        ));
    }
    Ok(())
}

/// That no other field has the name of a field's element or attribute.
fn tag_is_free(parent: &str, known: &[Member], wanted: &Member) -> Result<(), String> {
    for key in ["xml", "json"] {
        let plain = |tag: &str| tag.replace(",omitempty", "");
        let Some(tag) = wanted.tag_of(key).map(plain).filter(|tag| !tag.starts_with([',', '-'])) else { continue };
        let taken =
            known.iter().find(|other| other.name != wanted.name && other.tag_of(key).map(plain).as_ref() == Some(&tag));
        if let Some(other) = taken {
            let other = other.name.as_deref().unwrap_or(&other.ty);
            return Err(format!("{parent}.{other} has the {key} name `{tag}` already"));
        }
    }
    Ok(())
}

impl Facts {
    /// Puts every new struct behind the type that uses it; behind the last type of the file, where nothing does.
    fn place_structs(&mut self, source: &GoSource) {
        let uses =
            |ty: &str, name: &str| ty.split(|c: char| !(c.is_alphanumeric() || c == '_')).any(|word| word == name);
        let types = source.file.decls.iter().filter(|decl| decl.kind == DeclKind::Type);
        let last = types.last().map(|decl| decl.name().to_owned()).unwrap_or_default();
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
                let new = |import: &&ImportSpec| target.file.import(&import.path).is_none();
                let imports: Vec<ImportSpec> = self.imports.iter().filter(new).cloned().collect();
                edits.extend(add_imports(target.text, target.file, &imports, module));
            }
            Ok(edits)
        })
    }

    fn outdates(&self) -> Option<String> {
        self.outdates.clone()
    }
}
