//! What a demand means in the file that it is about: the struct, the types, the tags.

use std::collections::BTreeSet;

use super::{Facts, StructText};
use crate::demand::{FieldDemand, MemberDemand};
use crate::go::{DeclKind, ImportSpec, Member, TypeText, aligned_members};
use crate::name::{is_free_name, is_gate_name, is_predeclared, nearest};
use crate::repo_path::RepoPath;
use crate::survey::{GoSource, Survey};
use crate::tree::{join, parent};

/// What reads demands with a file at hand.
pub(super) struct Reader<'a, 't> {
    pub(super) survey: &'a Survey<'t>,
    pub(super) source: &'a GoSource,
    pub(super) file: &'a RepoPath,
    /// The structs that tasks declare.
    pub(super) new: &'a BTreeSet<String>,
}

impl Reader<'_, '_> {
    pub(super) fn read(&self, demand: &MemberDemand, facts: &mut Facts) -> Result<(), String> {
        let fields = demand.fields.iter();
        match (&demand.new_struct, &demand.parent) {
            (Some(name), parent) => {
                if parent.as_ref().is_some_and(|parent| parent != name) {
                    return Err(format!("it declares `{name}` and adds to another struct; one line does one of them"));
                }
                let members =
                    fields.map(|field| self.member(name, field, &mut facts.imports)).collect::<Result<Vec<_>, _>>()?;
                self.declare(name, &members, facts)
            }
            (None, Some(name)) if self.new.contains(name) => {
                let members =
                    fields.map(|field| self.member(name, field, &mut facts.imports)).collect::<Result<Vec<_>, _>>()?;
                self.declare(name, &members, facts)
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
    fn declare(&self, name: &str, members: &[Member], facts: &mut Facts) -> Result<(), String> {
        if !is_gate_name(name) && !is_free_name(name) {
            return Err(format!("`{name}` cannot be the name of a type"));
        }
        if members.is_empty() {
            return Err(format!("it states no field of `{name}`"));
        }
        let folder = parent(self.file);
        if let Some(other) = self.survey.declares(folder, name) {
            // A second run finds the struct as the first one left it, or as somebody changed it since.
            let known = self.known(name).map_err(|_| format!("{folder}/{other} declares `{name}` already"))?;
            for member in members {
                match known.iter().find(|there| there.name == member.name) {
                    Some(there) => same(name, there, member)?,
                    None => return Err(format!("{folder}/{other} declares `{name}` already, without such a field")),
                }
            }
            // It is the task's nevertheless: nothing is missing.
        }
        if facts.structs.iter().any(|(_, text)| text.name == name) {
            return Err(format!("`{name}` is declared by another line; list its fields there"));
        }
        facts.structs.push((String::new(), StructText { name: name.to_owned(), fields: aligned_members(members) }));
        Ok(())
    }

    /// The fields of a struct of the file.
    fn known(&self, name: &str) -> Result<Vec<Member>, String> {
        if let Some(members) = self.source.target().struct_members(name) {
            return Ok(members.into_iter().map(|(member, _)| member).collect());
        }
        let folder = parent(self.file);
        if let Some(other) = self.survey.declares(folder, name) {
            let path = join(folder, &other);
            let why = if *path == **self.file { "is not a struct" } else { "is declared there, name that file" };
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
    pub(super) fn outdates(&self, facts: &Facts) -> Option<String> {
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
pub(in crate::kinds) fn exists(survey: &Survey<'_>, path: &str, name: &str) -> bool {
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
