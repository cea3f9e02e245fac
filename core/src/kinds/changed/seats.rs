//! What a caller passes: what a line says of it, or else the one thing there that can be meant.

use super::grown::Growth;
use super::reading::Stated;
use crate::demand::{By, CodeChange, function_parts};
use crate::go::{Decl, DeclKind, ImportSpec, one_value};
use crate::kinds::edited::{Seat, as_here, imports, will_declare};
use crate::kinds::wiring;
use crate::name::is_go_identifier;
use crate::plan::Planner;
use crate::survey::{Func, Reference};

/// The arguments of a call, and what the file imports for them.
pub(super) type Passed = (String, Vec<ImportSpec>);

/// What the lines say of what callers pass.
pub(super) struct Lines<'a> {
    /// The functions that get parameters, which what they call can be given.
    pub(super) growths: Vec<&'a Growth>,
    /// Those of the function, each with the files of its task where the function grows in another one.
    pub(super) stated: Vec<(&'a Stated, Option<Vec<String>>)>,
}

impl Lines<'_> {
    /// What a call passes.
    pub(super) fn passed(
        &self,
        planner: &Planner<'_, '_>,
        growth: &Growth,
        reference: &Reference,
    ) -> Result<Passed, String> {
        let source = &reference.source;
        let decl = source.file.around(reference.site.name.start).ok_or("it is outside of every declaration")?;
        let mut found: Option<(usize, &[String])> = None;
        for (one, files) in &self.stated {
            let CodeChange::Passed { arguments, by, .. } = &one.change else { continue };
            let Some(rank) = rank(by, files.as_deref(), source.path(), decl, self.tells_tests()) else { continue };
            match found {
                Some((known, other)) if known == rank && other != arguments.as_slice() => {
                    return Err(format!(
                        "both {} and {} are said to be passed",
                        other.join(", "),
                        arguments.join(", ")
                    ));
                }
                Some((known, _)) if known >= rank => {}
                _ => found = Some((rank, arguments)),
            }
        }
        let own: Vec<_> = self.growths.iter().filter(|growth| growth.is_of(source, decl)).collect();
        let mut more: Vec<String> =
            own.iter().flat_map(|growth| &growth.wanted).map(|(name, _)| name.clone()).collect();
        let arguments = found.map(|(_, arguments)| arguments).unwrap_or_default();
        let plain = arguments.iter().filter(|one| is_go_identifier(one));
        more.extend(plain.filter(|name| will_declare(planner, source.path(), decl, name)).cloned());
        let (seat, at) = (Seat::new(source, decl).with(more), reference.site.name.start);
        let Some((_, arguments)) = found else {
            let given = own.iter().find(|other| growth.wanted.iter().all(|one| other.wanted.contains(one)));
            return match given {
                Some(_) => Ok((names(growth), Vec::new())),
                None => inferred(planner, growth, reference, decl).map(|one| (one, Vec::new())),
            };
        };
        if arguments.len() != growth.wanted.len() {
            return Err(format!("it would pass {} for {} parameters", arguments.len(), growth.wanted.len()));
        }
        let mut needed = Vec::new();
        let arguments: Vec<String> = arguments.iter().map(|one| as_here(planner, &seat, one, at)).collect();
        for argument in &arguments {
            if !one_value(argument) {
                return Err(format!("`{argument}` is not a value in Go"));
            }
            needed.extend(imports(planner, &seat, argument, at)?);
        }
        Ok((arguments.join(", "), needed))
    }

    /// A function that a line takes for a caller, and is none.
    pub(super) fn stranger(&self, references: &[Reference]) -> Option<&str> {
        let callers =
            || references.iter().filter_map(|reference| reference.source.file.around(reference.site.name.start));
        let named = self.stated.iter().flat_map(|(one, _)| match &one.change {
            CodeChange::Passed { by, .. } => by.as_slice(),
            _ => &[],
        });
        let mut functions = named.filter_map(|by| match by {
            By::Function(name) => Some(function_parts(name).1),
            _ => None,
        });
        functions.find(|name| !callers().any(|decl| decl.name() == *name))
    }

    /// Whether a line says what tests pass.
    fn tells_tests(&self) -> bool {
        let tells = |one: &Stated| matches!(&one.change, CodeChange::Passed { by, .. } if by.contains(&By::Tests));
        self.stated.iter().any(|(one, _)| tells(one))
    }
}

/// The names of new parameters.
fn names(growth: &Growth) -> String {
    growth.wanted.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ")
}

/// The one value in the caller that each new parameter can get.
fn inferred(planner: &Planner<'_, '_>, growth: &Growth, reference: &Reference, decl: &Decl) -> Result<String, String> {
    if decl.kind != DeclKind::Func {
        return Err("what it passes is not said".to_owned());
    }
    let receiver = decl.receiver.as_ref().map(|one| one.type_name.clone());
    let func = Func { source: reference.source.clone(), receiver, name: decl.name().to_owned() };
    let values = wiring::values(planner.survey, &func, reference.site.name.start, &growth.wanted)?;
    Ok(values.join(", "))
}

/// How closely a line is about a call; nothing if it is about others.
fn rank(by: &[By], files: Option<&[String]>, path: &str, decl: &Decl, tells_tests: bool) -> Option<usize> {
    let is_test = path.ends_with("_test.go") || path.starts_with("tests/");
    let is_in = |folder: &String| folder.ends_with('/') && path.starts_with(folder);
    let is_file = |file: &String| path == file || path.ends_with(&format!("/{file}")) || is_in(file) && !is_test;
    let here = files.is_none_or(|files| files.iter().any(is_file));
    let one = |by: &By| match by {
        By::Function(name) => {
            let (holder, name) = function_parts(name);
            let receiver = decl.receiver.as_ref().map(|one| one.type_name.as_str());
            let is_own = holder.is_none() || receiver == holder || receiver.is_none();
            (decl.kind == DeclKind::Func && decl.name() == name && is_own).then_some(3)
        }
        By::File(file) => is_file(file).then_some(2),
        By::Tests => is_test.then_some(1),
        By::Callers => (!(is_test && tells_tests)).then_some(0),
    };
    if by.is_empty() {
        return (here && !(is_test && tells_tests)).then_some(0);
    }
    by.iter().filter_map(one).max()
}
