//! Types, as a file of the API can write them.

use std::collections::{BTreeMap, BTreeSet};

use super::place::{declares_type, near_types};
use super::settle::settled;
use super::{ApiField, Left, changes};
use crate::demand::ApiDemand;
use crate::go::{ImportSpec, TypeText, is_standard};
use crate::plan::{Kind, PlannedType, PlannedTypes, Planner, ResolvedPath};
use crate::repo_path::RepoPath;
use crate::survey::Survey;
use crate::tree::{file_name, join, parent};

/// Packages that people name by a customary alias.
const CUSTOMARY: &[(&str, &str)] = &[
    ("v1", "kubevirt.io/api/core/v1"),
    ("virtv1", "kubevirt.io/api/core/v1"),
    ("kubevirtv1", "kubevirt.io/api/core/v1"),
    ("k8sv1", "k8s.io/api/core/v1"),
    ("corev1", "k8s.io/api/core/v1"),
    ("metav1", "k8s.io/apimachinery/pkg/apis/meta/v1"),
    ("resource", "k8s.io/apimachinery/pkg/api/resource"),
    ("intstr", "k8s.io/apimachinery/pkg/util/intstr"),
    ("runtime", "k8s.io/apimachinery/pkg/runtime"),
    ("types", "k8s.io/apimachinery/pkg/types"),
    ("appsv1", "k8s.io/api/apps/v1"),
    ("networkv1", "k8s.io/api/networking/v1"),
    ("time", "time"),
];

/// Go's own types that the API can hold.
const BUILTIN: &[&str] = &[
    "bool", "byte", "float32", "float64", "int", "int16", "int32", "int64", "int8", "string", "uint", "uint16",
    "uint32", "uint64", "uint8",
];

/// The types that tasks of this plan, selected or not, add to the API: those that are made. One that cannot be written
/// may have been needed by another.
pub(super) fn planned_types(planner: &Planner<'_, '_>) -> BTreeSet<(String, String)> {
    made(planner).keys().cloned().collect()
}

fn made<'p>(planner: &'p Planner<'_, '_>) -> &'p BTreeMap<(String, String), PlannedType> {
    planner.api_types.get_or_init(|| {
        let mut files: Vec<(ResolvedPath, Vec<usize>)> = Vec::new();
        for (task, claims) in planner.claims.iter().enumerate() {
            let own = claims.iter().filter(|(kind, _)| kind.name() == ApiField.name());
            for place in own.filter_map(|(_, place)| place.as_ref()) {
                match files.iter_mut().find(|(known, _)| known == place) {
                    Some((_, tasks)) => tasks.push(task),
                    None => files.push((place.clone(), vec![task])),
                }
            }
        }
        let stated = files.iter().flat_map(|(place, tasks)| {
            let folder = parent(&place.path).to_owned();
            let asked = tasks.iter().flat_map(|task| settled(planner, place, *task));
            asked.filter_map(|(_, demand)| added(&demand).map(str::to_owned)).map(move |name| (folder.clone(), name))
        });
        let mut known: BTreeSet<(String, String)> = stated.collect();
        loop {
            let all = files.iter().flat_map(|(place, tasks)| changes(planner, place, tasks, &known).0);
            let made: BTreeMap<_, _> = all.filter_map(|(change, _)| change.new_type()).collect();
            if known.iter().all(|name| made.contains_key(name)) {
                return made;
            }
            known.retain(|name| made.contains_key(name));
        }
    })
}

/// The name of a type that a demand adds.
pub(super) fn added(demand: &ApiDemand) -> Option<&str> {
    match demand {
        ApiDemand::Struct(known) => Some(&known.name),
        ApiDemand::Enum(known) if !known.extends => Some(&known.name),
        _ => None,
    }
}

/// The types that tasks of this plan add to a folder of the API.
pub(in crate::kinds) fn types(planner: &Planner<'_, '_>, folder: &str) -> PlannedTypes {
    let own = made(planner).iter().filter(|((known, _), _)| known == folder);
    own.map(|((_, name), ty)| (name.clone(), ty.clone())).collect()
}

/// The only folder of the API that gets a type, where a package's alias speaks of its group: `backupv1`.
pub(in crate::kinds) fn home_of(planner: &Planner<'_, '_>, alias: &str, name: &str) -> Option<String> {
    let own = made(planner).keys().filter(|(folder, known)| {
        let group = file_name(parent(folder));
        known == name && alias.strip_prefix(group).is_some_and(|version| version.starts_with('v'))
    });
    let folders: Vec<String> = own.map(|(folder, _)| folder.clone()).collect();
    <[String; 1]>::try_from(folders).ok().map(|[folder]| folder)
}

/// A type as a file writes it, and what it has to import for it.
pub(super) fn resolve(
    survey: &Survey<'_>,
    planned: &BTreeSet<(String, String)>,
    file: &RepoPath,
    ty: &TypeText,
) -> Result<(String, Vec<ImportSpec>), Left> {
    let folder = parent(file);
    let own = |name: &str| {
        planned.contains(&(folder.to_owned(), name.to_owned())) || declares_type(survey, folder, name).is_some()
    };
    let (mut text, mut imports) = (ty.text.clone(), Vec::new());
    let forbidden = ["func(", "chan ", "chan<-", "interface{", "struct{"].iter().any(|part| ty.text.contains(part));
    if forbidden {
        return Err(Left::Line(format!("`{}` cannot be the type of an API field", ty.text), HELP.to_owned()));
    }
    for (package, name) in &ty.names {
        let Some(package) = package else {
            if !BUILTIN.contains(&name.as_str()) && !own(name) {
                return Err(unknown(survey, folder, name));
            }
            continue;
        };
        let import = import(survey, planned, file, package, name, &own)?;
        let alias = import.as_ref().map(ImportSpec::name);
        if alias != Some(package) {
            let new = alias.map_or_else(|| name.clone(), |alias| format!("{alias}.{name}"));
            text = replaced(&text, &format!("{package}.{name}"), &new);
        }
        imports.extend(import);
    }
    Ok((text, imports))
}

const HELP: &str = "name a type that the package declares or that an API package can import";

fn unknown(survey: &Survey<'_>, folder: &str, name: &str) -> Left {
    let near = near_types(survey, folder, name);
    let why = format!("{folder} declares no type `{name}`, and no task of this file adds it");
    let help = match near.as_slice() {
        [] => format!("say what it is: ``Add struct `{name}` with fields …``"),
        near => format!("did you mean {}? Or say what it is: ``Add struct `{name}` with fields …``", near.join(" or ")),
    };
    Left::Line(why, help)
}

/// The package of a type; nothing if that is the file's own.
fn import(
    survey: &Survey<'_>,
    planned: &BTreeSet<(String, String)>,
    file: &RepoPath,
    package: &str,
    name: &str,
    own: &dyn Fn(&str) -> bool,
) -> Result<Option<ImportSpec>, Left> {
    let folder = parent(file);
    let this = survey.import_path(folder);
    let source = survey.go(file).ok().flatten();
    let imports = source.as_ref().map_or(&[][..], |source| &source.file.imports);
    let here = imports.iter().find(|import| import.name() == package).map(ImportSpec::from);
    let neighbours = || survey.imported(folder, package);
    let customary = || {
        let (alias, path) = CUSTOMARY.iter().find(|(alias, _)| *alias == package)?;
        let known = imports.iter().find(|import| import.path == *path).map(ImportSpec::from);
        Some(known.unwrap_or_else(|| {
            if is_standard(path) || crate::go::default_name(path) == *alias {
                ImportSpec::plain(*path)
            } else {
                ImportSpec::named(alias, *path)
            }
        }))
    };
    let mut tried = Vec::new();
    for candidate in [here, neighbours(), customary()].into_iter().flatten() {
        if candidate.path == this {
            if own(name) {
                return Ok(None);
            }
            continue;
        }
        let added =
            survey.package_folder(&candidate.path).is_some_and(|folder| planned.contains(&(folder, name.to_owned())));
        if !added && !has_type(survey, &candidate.path, name) {
            tried.push(candidate.path);
            continue;
        }
        if imports_back(survey, &candidate.path, &this) {
            let why = format!("{} imports {this}, so `{package}.{name}` would make an import cycle", candidate.path);
            return Err(Left::Line(why, "name a type that this package can import".to_owned()));
        }
        if candidate.path.starts_with(&format!("{}/", survey.module())) {
            let why = format!("the API is a module of its own and cannot import {}", candidate.path);
            return Err(Left::Line(why, HELP.to_owned()));
        }
        // What a neighbour imports, the file may import under another name.
        let known = imports.iter().find(|import| import.path == candidate.path).map(ImportSpec::from);
        return Ok(Some(known.unwrap_or(candidate)));
    }
    // `v1.PortRange` in the package v1 itself.
    let is_own_name = survey.package_name(folder) == package || package.ends_with("v1");
    if is_own_name && own(name) {
        return Ok(None);
    }
    let (why, help) = match tried.first() {
        Some(path) => {
            let near = survey.package_folder(path).map(|folder| near_types(survey, &folder, name)).unwrap_or_default();
            let help = if near.is_empty() { HELP.to_owned() } else { format!("did you mean {}?", near.join(" or ")) };
            (format!("{path} declares no type `{name}`"), help)
        }
        None => (format!("no package is known as `{package}` in {folder}"), HELP.to_owned()),
    };
    Err(Left::Line(why, help))
}

/// Whether a package declares a type. Of Go's own packages, and where nothing is vendored, nothing is known.
fn has_type(survey: &Survey<'_>, path: &str, name: &str) -> bool {
    match survey.package_folder(path) {
        Some(folder) => declares_type(survey, &folder, name).is_some(),
        None => is_standard(path) || !survey.exists("vendor"),
    }
}

/// Whether a package of the API imports another one.
fn imports_back(survey: &Survey<'_>, path: &str, this: &str) -> bool {
    let Some(folder) = survey.package_folder(path).filter(|folder| folder.starts_with("staging/")) else {
        return false;
    };
    let files = survey.go_files(&folder);
    files.iter().filter(|file| !file.ends_with("_test.go")).any(|file| {
        let source = survey.go(&join(&folder, file)).ok().flatten();
        source.is_some_and(|source| source.file.imports.iter().any(|import| import.path == this))
    })
}

/// A text with a qualified name written otherwise, wherever it stands as a whole.
fn replaced(text: &str, old: &str, new: &str) -> String {
    let mut result = String::with_capacity(text.len() + new.len());
    let mut rest = text;
    while let Some(at) = rest.find(old) {
        let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
        let whole = !rest[..at].ends_with(is_part) && !rest[at + old.len()..].starts_with(is_part);
        result.push_str(&rest[..at]);
        result.push_str(if whole { new } else { old });
        rest = &rest[at + old.len()..];
    }
    result + rest
}
