//! The converter's list of configurators, and what a new one is given there.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::{CONVERTER, DomainConfigurator, is_converter, name, wanted};
use crate::demand::stated_arguments;
use crate::go::{FuncName, FunctionHead, ImportSpec, Parameter, ValueList, add_imports};
use crate::kinds::edited::{Seat, imports};
use crate::kinds::struct_field;
use crate::pending::{PendingFiles, Refusal};
use crate::plan::{Kind as _, Planner};
use crate::repo_path::RepoPath;
use crate::survey::{GoSource, Survey};
use crate::tree::{join, parent};

/// A configurator's place in the converter's list.
#[derive(Debug)]
pub(super) struct Wiring {
    pub(super) file: RepoPath,
    import: ImportSpec,
    /// `XDomainConfigurator{}` or `NewXDomainConfigurator(c.X)`, without the package.
    value: String,
    name: String,
}

/// The converter, if it has one list of configurators.
fn list(survey: &Survey<'_>) -> Result<(Rc<GoSource>, ValueList), String> {
    let path = format!("{CONVERTER}/converter.go");
    let source = survey.go(&path).ok().flatten().ok_or_else(|| format!("{path} does not exist"))?;
    let list = source.target().value_list(&is_configurator);
    let list = list.ok_or_else(|| format!("{path} has no list of configurators: call it where the others are"))?;
    Ok((source, list))
}

/// `compute.TPMDomainConfigurator{}` or `compute.NewRNGDomainConfigurator(…)`.
fn is_configurator(value: &str) -> bool {
    let head = value.split(['{', '(']).next().unwrap_or(value);
    head.contains('.') && head.ends_with("Configurator") && head.chars().all(|c| c.is_alphanumeric() || c == '.')
}

/// The place of a configurator in the converter's list, or where a person has to put it.
pub(super) fn place(
    planner: &Planner<'_, '_>,
    folder: &str,
    name: &str,
    parameters: &[Parameter],
    stated: Option<&str>,
) -> Result<Wiring, String> {
    let survey = planner.survey;
    let (source, list) = list(survey)?;
    let line = source.source.line(list.close);
    let at = format!("{}:{line}", source.path());
    let path = survey.import_path(folder);
    let import = source.file.import(&path).map(ImportSpec::from);
    let import = import.unwrap_or_else(|| {
        let package = survey.package_name(folder);
        let plain = ImportSpec::plain(path.clone());
        if plain.name() == package { plain } else { ImportSpec::named(&package, path) }
    });
    if let Some(code) = stated.filter(|code| !parameters.is_empty() || !code.ends_with("{}")) {
        let value = entry(planner, code, (&source, &list), &import, parameters);
        let value = value.map_err(|why| format!("{why}: put New{name} into the list at {at}"))?;
        return Ok(Wiring { file: RepoPath::known(source.path()), import, value, name: name.to_owned() });
    }
    let mut arguments = Vec::new();
    for parameter in parameters {
        for one in &parameter.names {
            let found = argument(planner, &source, &list, one, &parameter.ty.text);
            arguments.push(found.ok_or_else(|| {
                format!(
                    "nothing in {}() is known to be `{one} {}`: put New{name} into the list at {at}",
                    list.function, parameter.ty.text
                )
            })?);
        }
    }
    let value =
        if parameters.is_empty() { format!("{name}{{}}") } else { format!("New{name}({})", arguments.join(", ")) };
    Ok(Wiring { file: RepoPath::known(source.path()), import, value, name: name.to_owned() })
}

/// A value as a task states it, without its package; an error says why it is not written.
fn entry(
    planner: &Planner<'_, '_>,
    code: &str,
    (source, list): (&GoSource, &ValueList),
    import: &ImportSpec,
    parameters: &[Parameter],
) -> Result<String, String> {
    let (package, value) = code.split_once('.').unwrap_or(("", code));
    if package != import.name() {
        return Err(format!("`{code}` is not of the package {}", import.name()));
    }
    let given = stated_arguments(value).ok_or_else(|| format!("`{code}` is no call"))?;
    let wanted: usize = parameters.iter().map(|one| one.names.len()).sum();
    if given.len() != wanted {
        return Err(format!("`{code}` passes {}, and the constructor takes {wanted}", given.len()));
    }
    let funcs = planner.survey.funcs(parent(source.path()), &list.function);
    let func = funcs.iter().find(|func| func.source.path() == source.path());
    let seat = func.and_then(Seat::of).ok_or_else(|| format!("{} is not there", list.function))?;
    imports(planner, &seat, &given.join(", "), list.close)?;
    Ok(value.to_owned())
}

/// What another constructor in the list is given for a parameter of the same name and type, or the field of the
/// converter's context that is called like it.
fn argument(planner: &Planner<'_, '_>, source: &GoSource, list: &ValueList, name: &str, ty: &str) -> Option<String> {
    let survey = planner.survey;
    let mut found: BTreeSet<String> = BTreeSet::new();
    for value in &list.values {
        let Some((callee, arguments)) = value.split_once('(') else { continue };
        let Some((package, constructor)) = callee.split_once('.') else { continue };
        let import = source.file.imports.iter().find(|import| import.name() == package)?;
        let Some(folder) = survey.folder_of(&import.path) else { continue };
        let Some(head) = head(survey, &folder, constructor) else { continue };
        let names = head
            .parameters
            .iter()
            .flat_map(|parameter| parameter.names.iter().map(move |name| (name, &parameter.ty.text)));
        let arguments: Vec<&str> =
            arguments.trim_end_matches(')').split(',').map(str::trim).filter(|text| !text.is_empty()).collect();
        let names: Vec<_> = names.collect();
        // A comma inside of an argument would put them out of step.
        if names.len() == arguments.len() && arguments.iter().all(|argument| !argument.contains(['(', '{'])) {
            found.extend(
                names
                    .iter()
                    .zip(arguments)
                    .filter(|((known, its), _)| *known == name && *its == ty)
                    .map(|(_, argument)| argument.to_owned()),
            );
        }
    }
    if found.len() > 1 {
        return None;
    }
    found.pop_first().or_else(|| context_field(planner, source, &list.function, name, ty))
}

/// `c.SerialConsoleLog` for `serialConsoleLog bool`.
fn context_field(planner: &Planner<'_, '_>, source: &GoSource, function: &str, name: &str, ty: &str) -> Option<String> {
    const CONTEXT: &str = "ConverterContext";
    let survey = planner.survey;
    let head = head_of(source, function)?;
    let context =
        head.parameters.iter().find(|parameter| parameter.ty.names.iter().any(|(_, name)| name == CONTEXT))?;
    let variable = context.names.first()?;
    let folder = match &context.ty.names.first()?.0 {
        None => parent(source.path()).to_owned(),
        Some(package) => {
            let import = source.file.imports.iter().find(|import| import.name() == package)?;
            survey.folder_of(&import.path)?
        }
    };
    let file = survey.declares(&folder, CONTEXT)?;
    let declared = survey.go(&join(&folder, &file)).ok().flatten()?;
    let members = declared.target().struct_members(CONTEXT).unwrap_or_default();
    let members = members.into_iter().filter_map(|(member, _)| Some((member.name?, member.ty)));
    // What another task adds to the context is there, too.
    let asked = struct_field::asked_of(planner, CONTEXT);
    let mut like = members.chain(asked).filter(|(field, its)| field.eq_ignore_ascii_case(name) && its == ty);
    let field = like.next()?.0;
    like.all(|(other, _)| other == field).then(|| format!("{variable}.{field}"))
}

fn head(survey: &Survey<'_>, folder: &str, function: &str) -> Option<FunctionHead> {
    let file = survey.declares(folder, function)?;
    head_of(&*survey.go(&join(folder, &file)).ok().flatten()?, function)
}

fn head_of(source: &GoSource, function: &str) -> Option<FunctionHead> {
    let decl = source.file.func(function)?;
    let end = decl.body.map_or(decl.span.end, |body| body.start);
    FunctionHead::parse(source.source.text().get(decl.span.start..end)?.trim()).ok()
}

/// The place of a configurator that is there, or that another task makes.
pub(super) fn wiring_alone(planner: &Planner<'_, '_>, wanted_name: &str) -> Result<Wiring, String> {
    let survey = planner.survey;
    let made = planner.assigned.iter().filter(|assigned| assigned.kind.name() == DomainConfigurator.name());
    for assigned in made {
        let Some(place_of) = assigned.place.as_ref().filter(|place| !is_converter(&place.path)) else { continue };
        for &task in &assigned.tasks {
            if name(survey, planner.task(task), &place_of.path) == *wanted_name {
                let wanted = wanted(planner.task(task), wanted_name.to_owned());
                let parameters = wanted.constructor.map(|(_, head)| head.parameters).unwrap_or_default();
                return place(planner, parent(&place_of.path), wanted_name, &parameters, None);
            }
        }
    }
    let folders: Vec<String> = survey.tree().list(CONVERTER).into_iter().map(|name| join(CONVERTER, &name)).collect();
    let folder = folders.into_iter().find(|folder| survey.declares(folder, wanted_name).is_some());
    let folder = folder.ok_or_else(|| format!("no package below {CONVERTER} declares `{wanted_name}`"))?;
    let constructor = head(survey, &folder, &format!("New{wanted_name}"));
    place(planner, &folder, wanted_name, &constructor.map(|head| head.parameters).unwrap_or_default(), None)
}

impl Wiring {
    pub(super) fn render(&self, pending: &mut PendingFiles<'_>) -> Result<(), Refusal> {
        let module = pending.module();
        pending.anchor_go(&self.file, |target| {
            let constructor = format!("New{}", self.name);
            let is_there = |word: &str| word == self.name || word == constructor;
            if target.file.tokens.iter().any(|token| is_there(token.span.of(target.text))) {
                return Ok(Vec::new());
            }
            let Some(list) = target.value_list(&is_configurator) else {
                // The plan saw it: this only says why it is gone.
                target.require(FuncName { receiver: None, name: "the list of configurators" })?;
                return Ok(Vec::new());
            };
            let value = format!("{}.{}", self.import.name(), self.value);
            let mut edits = vec![target.append_value(&list, &value)?];
            edits.extend(add_imports(target.text, target.file, std::slice::from_ref(&self.import), module));
            Ok(edits)
        })
    }
}
