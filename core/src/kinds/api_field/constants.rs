//! Constants, and types of strings with theirs.

use std::collections::BTreeSet;

use super::Left;
use super::change::{Change, Checkout, NewConstant, NewEnum, line};
use super::place::{declares_type, is_type_of};
use crate::demand::{ApiConstant, ApiEnum};
use crate::go::Target;
use crate::name::{Name, is_go_identifier, pascal};
use crate::repo_path::RepoPath;
use crate::tree::parent;

const SAY_NAME: &str = "state the constant's name: `Name = \"value\"`";

impl Checkout<'_, '_, '_> {
    pub(super) fn new_enum(&self, asked: &ApiEnum) -> Result<NewEnum, Left> {
        let survey = self.planner.survey;
        let folder = parent(&self.place.path);
        let there = declares_type(survey, folder, &asked.name);
        if asked.values.is_empty() {
            let why = format!("it says nothing about `{}`: neither fields nor values", asked.name);
            return Err(line(
                why,
                "say what it is: ``Add type `Policy` (First, Second)``, or ``Add struct `Policy` with fields …``",
            ));
        }
        let Some(there) = there else {
            if asked.extends {
                let near = super::place::near_types(survey, folder, &asked.name);
                let help = if near.is_empty() {
                    "name the type as the API declares it".to_owned()
                } else {
                    format!("did you mean {}?", near.join(" or "))
                };
                return Err(Left::Line(format!("{folder} declares no type `{}`", asked.name), help));
            }
            if let Some(file) = survey.declares(folder, &asked.name) {
                let why = format!("{folder}/{file} declares `{}` already, and not as a type", asked.name);
                return Err(line(why, "name another type"));
            }
            let file = self.type_file(&asked.name)?;
            let values = named(asked)?;
            self.free(&values, None)?;
            return Ok(new_enum(asked, file, values));
        };
        let source = survey.go(&there).ok().flatten();
        let known = source.as_ref().map(|source| constants(&source.target())).unwrap_or_default();
        let own: Vec<&Constant> = known.iter().filter(|known| known.ty.as_deref() == Some(&asked.name)).collect();
        let Some(last) = own.last() else {
            if !source.is_some_and(|source| is_type_of(&source.target(), &asked.name, "string")) {
                let why = format!("{there} declares `{}`, which is not a type of strings", asked.name);
                return Err(line(why, "name the type of strings that gets the values"));
            }
            let values = named(asked)?;
            self.free(&values, Some(&asked.name))?;
            return Ok(NewEnum { bare: true, ..new_enum(asked, there, values) });
        };
        let mut values = Vec::new();
        for (name, value) in &asked.values {
            if let Some(known) = own.iter().find(|known| known.value == *value) {
                values.push((known.name.clone(), value.clone()));
                continue;
            }
            if !asked.extends {
                let why = format!("{there} declares `{}` already, without the value \"{value}\"", asked.name);
                return Err(line(why, "say that it gets one more: ``Add value `…` to `…` ``"));
            }
            // `PolicyStage = "Stage"`: what stands around the value in the names of the others.
            let pattern = last.name.split_once(&pascal(&last.value));
            let twice = pattern.is_some_and(|(before, _)| is_constant_of(before, value));
            let name = match (name, pattern) {
                (Some(name), _) => name.clone(),
                (None, _) if twice || is_constant_of(&asked.name, value) => return Err(unvalued(value)),
                (None, Some((before, after))) => format!("{before}{}{after}", own_words(value)?),
                (None, None) => {
                    let why = format!("the constants of `{}` are not named after their values", asked.name);
                    return Err(line(why, SAY_NAME));
                }
            };
            values.push((name, value.clone()));
        }
        self.free(&values, Some(&asked.name))?;
        let strings = own.iter().map(|known| known.value.clone()).collect();
        let group = Some((last.name.clone(), strings));
        Ok(NewEnum { group, ..new_enum(asked, there, values) })
    }

    /// That constants are not there as something else.
    fn free(&self, values: &[(String, String)], ty: Option<&str>) -> Result<(), Left> {
        let survey = self.planner.survey;
        let folder = parent(&self.place.path);
        let (mut names, mut texts) = (BTreeSet::new(), BTreeSet::new());
        for (name, value) in values {
            let twice = !names.insert(name) | !texts.insert(value);
            if twice || !is_go_identifier(name) || !name.starts_with(char::is_uppercase) {
                let why = if twice {
                    format!("`{name}` is given twice")
                } else {
                    format!("`{name}` cannot be the name of a constant")
                };
                return Err(line(why, "name each value once"));
            }
            let Some(file) = survey.declares(folder, name) else { continue };
            let source = survey.go(&crate::tree::join(folder, &file)).ok().flatten();
            let known = source.map(|source| constants(&source.target())).unwrap_or_default();
            let same =
                known.iter().any(|known| known.name == *name && known.value == *value && known.ty.as_deref() == ty);
            if !same {
                return Err(line(
                    format!("{folder}/{file} declares `{name}` already"),
                    "choose another name: `Name = \"value\"`",
                ));
            }
        }
        Ok(())
    }

    pub(super) fn constant(&self, asked: &ApiConstant) -> Result<Change, Left> {
        let (file, folder) = (self.own_file()?, parent(&self.place.path));
        let (name, value) = (asked.name.clone(), asked.value.clone().unwrap_or_default());
        let survey = self.planner.survey;
        let source = survey.go(&file).ok().flatten();
        let known = source.map(|source| constants(&source.target())).unwrap_or_default();
        if let Some(there) = known.iter().find(|known| known.name == name && known.value == value) {
            let (ty, beside) = (there.ty.clone(), name.clone());
            return Ok(Change::Constant(NewConstant {
                file,
                doc: asked.doc.clone(),
                name,
                value,
                ty,
                role: asked.role,
                comment: asked.comment.clone(),
                beside,
            }));
        }
        if let Some(there) = survey.declares(parent(&file), &name) {
            let why = format!("{}/{there} declares `{name}` already", parent(&file));
            return Err(line(why, "name another constant"));
        }
        if !name.starts_with(char::is_uppercase) {
            return Err(line(format!("`{name}` is not exported"), "a constant of the API begins with a capital"));
        }
        // The first value of a type.
        let typed = asked.ty.as_ref().filter(|ty| {
            declares_type(survey, folder, ty).is_some() && !known.iter().any(|known| known.ty.as_ref() == Some(ty))
        });
        if let Some(ty) = typed {
            let values = vec![(Some(name), value)];
            return self
                .new_enum(&ApiEnum { name: ty.clone(), values, extends: true, ..ApiEnum::default() })
                .map(Change::Enum);
        }
        let beside = neighbour(&known, asked).ok_or_else(|| {
            let why = format!("{file} has no group of constants like `{name}`");
            line(why, "state its type, or add it by hand")
        })?;
        let ty = asked.ty.clone().or_else(|| beside.ty.clone());
        let (role, comment, beside) = (asked.role, asked.comment.clone(), beside.name.clone());
        Ok(Change::Constant(NewConstant { file, doc: asked.doc.clone(), name, value, ty, role, comment, beside }))
    }
}

fn new_enum(asked: &ApiEnum, file: RepoPath, values: Vec<(String, String)>) -> NewEnum {
    NewEnum {
        file,
        doc: asked.doc.clone(),
        name: asked.name.clone(),
        values,
        beside: None,
        group: None,
        bare: false,
        comment: asked.comment.clone(),
        markers: asked.markers.clone(),
        value_docs: asked.value_docs.clone(),
        apart: asked.apart.clone(),
        unlisted: asked.unlisted,
    }
}

/// The values, each with its constant: named after the type where nothing else is said.
fn named(asked: &ApiEnum) -> Result<Vec<(String, String)>, Left> {
    let named = |(name, value): &(Option<String>, String)| {
        let name = match name {
            Some(name) => name.clone(),
            None if is_constant_of(&asked.name, value) => return Err(unvalued(value)),
            None => format!("{}{}", asked.name, own_words(value)?),
        };
        Ok((name, value.clone()))
    };
    asked.values.iter().map(named).collect()
}

/// Whether a text begins as the constants of a type do, and is the name of one rather than a value.
fn is_constant_of(front: &str, text: &str) -> bool {
    let rest = text.strip_prefix(front).filter(|_| front.len() > 1);
    rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase() || c.is_ascii_digit()))
}

fn unvalued(name: &str) -> Left {
    let why = format!("`{name}` is the name of a constant, and the line does not say which value it stands for");
    line(why, SAY_NAME)
}

/// What a constant that is named after its value is called, beside its type.
fn own_words(value: &str) -> Result<String, Left> {
    let words = pascal(value);
    if words.is_empty() {
        let why = format!("no constant can be named after \"{value}\", which has neither a letter nor a digit");
        return Err(line(why, SAY_NAME));
    }
    Ok(words)
}

/// The last constant of the group that has most of the kind that is asked for.
fn neighbour<'k>(known: &'k [Constant], asked: &ApiConstant) -> Option<&'k Constant> {
    let words = |name: &str| Name::parse(name).words().to_vec();
    let own = words(&asked.name);
    // `XAnnotation = "kubevirt.io/x"` says what it is.
    let is_key = asked.value.as_ref().is_some_and(|value| value.contains('/'));
    let spoken = ["annotation", "label"].into_iter().find(|role| is_key && own.last().is_some_and(|last| last == role));
    let role = asked.role.or(spoken);
    let is_like = |known: &&Constant| {
        if let Some(ty) = &asked.ty {
            return known.ty.as_ref() == Some(ty);
        }
        match role {
            Some("condition") => known.ty.as_ref().is_some_and(|ty| {
                let subject = ty.strip_suffix("ConditionType");
                subject.is_some_and(|subject| asked.name.starts_with(subject))
            }),
            Some("annotation" | "label") => {
                let role = role.unwrap_or_default();
                words(&known.name).iter().any(|word| word == role) && known.value.contains('/')
            }
            Some(role) => words(&known.name).iter().any(|word| word == role),
            None if asked.value.as_ref().is_some_and(|value| value.contains('/')) => {
                let domain = |value: &str| value.split_once('/').map(|(domain, _)| domain.to_owned());
                asked.value.as_deref().and_then(domain) == domain(&known.value)
            }
            None => {
                let theirs = words(&known.name);
                let shared = own.iter().zip(&theirs).take_while(|(one, other)| one == other).count();
                shared > 1 || shared > 0 && own.len() < 3 || own.last() == theirs.last()
            }
        }
    };
    // Of a type of its own is only what the task says, or what its name says as such names do: `RunStrategyAlways`.
    let own_type = |known: &&Constant| {
        known.ty.as_deref().is_none_or(|ty| {
            asked.ty.is_some() || ty == "string" || asked.role == Some("condition") || asked.name.starts_with(ty)
        })
    };
    let mut likes: Vec<&Constant> = known.iter().filter(is_like).filter(own_type).collect();
    if likes.is_empty() && asked.ty.is_none() && asked.role.is_none() {
        // A key beside the constants of its kind: `ClockKind`, `ClockFinalizer`.
        let shares = |name: &str| own.iter().zip(words(name)).take_while(|(one, other)| **one == *other).count() > 2;
        likes = known.iter().filter(|known| known.ty.is_none() && shares(&known.name)).collect();
    }
    let count = |group: usize| likes.iter().filter(|known| known.group == group).count();
    let most = likes.iter().map(|known| count(known.group)).max()?;
    let group = likes.iter().find(|known| count(known.group) == most)?.group;
    // Most of them say whether the type is written.
    let own: Vec<&Constant> = likes.into_iter().filter(|known| known.group == group).collect();
    own.iter().rev().find(|like| own.iter().filter(|known| known.ty == like.ty).count() * 2 > own.len()).copied()
}

/// A constant of a group.
#[derive(Clone, Debug)]
pub(super) struct Constant {
    group: usize,
    name: String,
    ty: Option<String>,
    value: String,
}

impl Constant {
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Whether its type has this name.
    pub(super) fn is_one_of(&self, ty: &str) -> bool {
        self.ty.as_deref() == Some(ty)
    }

    /// Whether it is of a type, and a word is its name or its value.
    pub(super) fn is_of(&self, ty: &str, word: &str) -> bool {
        self.ty.as_deref() == Some(ty) && (self.name == word || self.value == word)
    }
}

/// The constants with a string in the groups of a file, one a line as gofmt leaves them.
pub(super) fn constants(target: &Target<'_>) -> Vec<Constant> {
    let groups = target
        .file
        .decls
        .iter()
        .enumerate()
        .filter(|(_, decl)| decl.kind == crate::go::DeclKind::Const && decl.body.is_some());
    let lines =
        groups.flat_map(|(group, decl)| decl.span.of(target.text).lines().map(move |line| (group, line.trim())));
    let constant = |(group, line): (usize, &str)| {
        let (head, rest) = line.split_once('=')?;
        let value = rest.trim().strip_prefix('"')?.split('"').next()?;
        let mut head = head.split_whitespace();
        let name = head.next().filter(|name| is_go_identifier(name))?;
        Some(Constant { group, name: name.to_owned(), ty: head.next().map(str::to_owned), value: value.to_owned() })
    };
    lines.filter_map(constant).collect()
}
