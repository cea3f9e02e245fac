//! Which file of a task a demand is about, where the task names several files of the API.

use std::collections::BTreeSet;

use super::change::{Change, NewEnum, NewStruct};
use super::place::declares_type;
use super::{ApiField, Left};
use crate::demand::ApiDemand;
use crate::plan::{Kind, Planner, ResolvedPath};
use crate::repo_path::RepoPath;
use crate::tree::parent;

/// Whether a line of a task asks this file for something; or why nobody can tell.
///
/// A field goes where its struct is. Else the lines below a `File:` line are about that file, up to the next one. Files
/// that stand together at the top are versions of one group, each of which gets it, or the first file of one package.
pub(super) fn is_asked(
    planner: &Planner<'_, '_>,
    place: &ResolvedPath,
    planned: &BTreeSet<(String, String)>,
    (task, line): (usize, usize),
    (demand, context): (&ApiDemand, Option<&str>),
) -> Result<bool, Left> {
    let own = |(path, at): &&(RepoPath, usize)| {
        let of_file = |known: &ResolvedPath| known.path == *path;
        let claims = &planner.claims[task];
        let is_api = |(kind, known): &(&'static dyn Kind, Option<ResolvedPath>)| {
            kind.name() == ApiField.name() && known.as_ref().is_some_and(of_file)
        };
        *at > 0 && claims.iter().any(is_api)
    };
    let mut files: Vec<(RepoPath, usize)> = Vec::new();
    let mut named: Vec<_> = planner.task(task).named.iter().filter(own).cloned().collect();
    named.sort_by_key(|(_, at)| *at);
    for (path, at) in named {
        if !files.iter().any(|(known, _)| *known == path) {
            files.push((path, at));
        }
    }
    if files.len() < 2 {
        return Ok(true);
    }
    let lines: Vec<usize> = super::asked(planner.task(task)).demands.iter().map(|(line, _)| *line).collect();
    let (first, last) = (files[0].1, files[files.len() - 1].1);
    let between = lines.iter().any(|line| (first..last).contains(line));
    let below = files.iter().rfind(|(_, at)| *at <= line && between).map(|(path, _)| path.clone());
    let parent_of = match demand {
        ApiDemand::Field(field) => field.parent.as_deref().or(context),
        ApiDemand::Enum(known) if known.extends => Some(known.name.as_str()),
        _ => None,
    };
    if let Some(name) = parent_of {
        let survey = planner.survey;
        let has = |path: &RepoPath| {
            let folder = parent(path);
            planned.contains(&(folder.to_owned(), name.to_owned())) || declares_type(survey, folder, name).is_some()
        };
        let there: Vec<RepoPath> = files.iter().map(|(path, _)| path.clone()).filter(has).collect();
        if !there.is_empty() {
            // Of two files of one package the one with the struct.
            let exact = |path: &RepoPath| declares_type(survey, parent(path), name).is_some_and(|file| file == *path);
            let best = |path: &RepoPath| {
                let same: Vec<&RepoPath> = there.iter().filter(|other| parent(other) == parent(path)).collect();
                let exact = same.iter().find(|other| exact(other)).or(same.first());
                exact.is_some_and(|other| *other == path)
            };
            let own = there.contains(&place.path) && best(&place.path);
            let several = there.iter().map(|path| parent(path)).collect::<BTreeSet<_>>().len() > 1;
            return Ok(own && (!several || below.is_none_or(|path| parent(&path) == parent(&place.path))));
        }
    }
    if let Some(path) = below {
        return Ok(path == place.path);
    }
    let folders: BTreeSet<&str> = files.iter().map(|(path, _)| parent(path)).collect();
    let groups: BTreeSet<&str> = folders.iter().map(|folder| parent(folder)).collect();
    let first_of_folder = files.iter().find(|(path, _)| parent(path) == parent(&place.path));
    if groups.len() > 1 {
        // Said once, not for each file.
        let names: Vec<&str> = files.iter().map(|(path, _)| &**path).collect();
        let why = format!("the line does not say which of {} gets it", names.join(" and "));
        let help = "put the line below the `File:` line of its file, before the next one";
        let says = files[0].0 == place.path;
        return if says { Err(Left::Line(why, help.to_owned())) } else { Ok(false) };
    }
    Ok(first_of_folder.is_some_and(|(path, _)| *path == place.path))
}

/// The struct behind which a new type stands: the one that has a field of it.
pub(super) fn set_beside<L>(changes: &mut [(Change, L)], has: impl Fn(&str, &str) -> bool) {
    let users: Vec<(String, String, String)> = changes
        .iter()
        .filter_map(|(change, _)| match change {
            Change::Field(field) => Some((field.file.to_string(), field.ty.clone(), field.struct_name.clone())),
            _ => None,
        })
        .collect();
    let user = |file: &str, name: &str| {
        let is_of = |ty: &str| ty.trim_start_matches(['*', '[', ']']) == name;
        let user = users.iter().find(|(path, ty, owner)| path == file && is_of(ty) && has(file, owner))?;
        Some(user.2.clone())
    };
    for (change, _) in changes {
        match change {
            Change::Struct(NewStruct { file, name, beside, .. }) | Change::Enum(NewEnum { file, name, beside, .. }) => {
                *beside = user(file, name);
            }
            _ => {}
        }
    }
}
