//! Options of `pkg/libvmi`: `func WithX(x v1.X) Option`.

mod place;

use serde::Serialize;

use super::component::{Component, Types};
use super::constant::Constant;
use super::sentence::comment;
use crate::demand::{Quoted, quoted_comment};
use crate::go::{DeclKind, FunctionHead, ImportSpec, LINE, Position, add_imports, comment_lines};
use crate::pending::{PendingFiles, Refusal};
use crate::plan::{
    Assigned, Candidate, Claimed, Kind, ManualReason, Named, PlannedTask, Planner, Role, Row, TaskLine, Unit, Use,
};
use crate::repo_path::RepoPath;
use crate::survey::{GoSource, Survey};
use crate::template::{Context, Template, Text};
use crate::text::code_spans;
use crate::tree::{join, parent};
use place::stated_position;

#[derive(Debug)]
pub(super) struct LibvmiOption;

#[derive(Clone, Serialize, Context, Template, Debug)]
#[template("scaffolds/libvmi-option/edit/pkg/libvmi/__file__.go/option.hbs")]
struct OptionText {
    doc: Option<String>,
    name: String,
    parameters: String,
    option: String,
    argument: String,
    target: String,
    body: String,
}

#[derive(Debug)]
struct Facts {
    file: RepoPath,
    task: String,
    text: OptionText,
    imports: Vec<ImportSpec>,
    /// The only parameter, and its type, where there is one.
    parameter: Option<(String, String)>,
    /// The file reaches a VM's template.
    templates: bool,
    /// Where it is to stand.
    position: Option<Position>,
}

const FOLDER: &str = "pkg/libvmi";

/// The files with the structs that options set.
const API: [&str; 2] =
    ["staging/src/kubevirt.io/api/core/v1/types.go", "staging/src/kubevirt.io/api/core/v1/schema.go"];

impl Kind for LibvmiOption {
    fn name(&self) -> &'static str {
        "libvmi-option"
    }

    fn role(&self) -> Role {
        Role::Implementation
    }

    fn row(&self) -> Row {
        Row { names: "a function `With…` in `pkg/libvmi`", makes: "an option like those beside it" }
    }

    fn templates(&self) -> &'static [Text] {
        &[OptionText::FILE]
    }

    fn claim(&self, task: &Candidate<'_, '_>, named: &Named<'_>) -> Option<Claimed> {
        let Named::File { place, .. } = named else { return None };
        let own = place.exists && parent(&place.path) == FOLDER && !place.path.ends_with("_test.go");
        (own && !heads(task.planned).is_empty()).then_some(Claimed::File)
    }

    fn plan(&self, planner: &mut Planner<'_, '_>, assigned: &Assigned) {
        let Some(place) = &assigned.place else { return };
        let options = assigned.tasks.iter().flat_map(|&task| heads(planner.task(task)));
        let options: Vec<String> = options.map(|(_, head)| head.name).collect();
        Component::plan_functions(planner, assigned, &options);
        Constant::plan_constants(planner, assigned);
        for &task in &assigned.tasks {
            for (line, head) in heads(planner.task(task)) {
                let found = unknown_type(planner, &head).map_or(Ok(()), Err);
                let found = found.and_then(|()| facts(planner, &place.path, task, &head));
                match found {
                    Err(why) => planner.manual(&[task], &ManualReason::Inexact { why, places: Vec::new() }),
                    Ok(mut facts) => {
                        facts.position = stated_position(planner, &place.path, (task, line, &head.name), &options);
                        let opened = std::iter::once(place.path.clone()).chain(API.map(RepoPath::known));
                        let refusals: Vec<Refusal> = opened.filter_map(|path| planner.open(&path).err()).collect();
                        if let Some(refusal) = refusals.into_iter().next() {
                            planner.diagnose(refusal);
                            continue;
                        }
                        planner.note(task, line, Use::Change, std::slice::from_ref(&place.path));
                        planner.push(facts, &[task]);
                    }
                }
            }
        }
    }
}

/// The options that a task names, each with its line: a name with its parameters, in code.
fn heads(task: &PlannedTask) -> Vec<(usize, FunctionHead)> {
    let lines = std::iter::once((task.line, task.title.as_str()));
    let lines = lines.chain(task.details.iter().map(|line| (line.line, line.text.as_str())));
    let mut found: Vec<(usize, FunctionHead)> = Vec::new();
    for (line, text) in lines {
        for code in code_spans(text) {
            let code = code.trim().trim_start_matches("func ").trim();
            let rest = ["Without", "With"].iter().find_map(|verb| code.strip_prefix(verb));
            let is_option = rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()));
            let Some(head) = FunctionHead::parse(code).ok().filter(|_| is_option && code.contains('(')) else {
                continue;
            };
            if head.receiver.is_none() && !found.iter().any(|(_, known)| known.name == head.name) {
                found.push((line, head));
            }
        }
    }
    found
}

/// Why a type of a head is not there, if one is not: neither its package nor another task of the plan has it.
fn unknown_type(planner: &Planner<'_, '_>, head: &FunctionHead) -> Option<String> {
    let survey = planner.survey;
    head.type_names().find_map(|(package, name)| {
        let package = package.as_ref()?;
        let path = survey.imported(FOLDER, package)?.path;
        let own = survey.folder_of(&path);
        let homes = [join("staging/src", &path), join("vendor", &path)];
        let folder = own.or_else(|| homes.into_iter().find(|folder| survey.exists(folder)))?;
        let made = planner.assigned.iter().any(|file| {
            let in_folder = file.place.as_ref().is_some_and(|place| parent(&place.path) == folder);
            in_folder && file.tasks.iter().any(|&task| speaks_of(planner.task(task), name))
        });
        let known = made || survey.declares(&folder, name).is_some();
        (!known).then(|| format!("{folder} declares no type {name}"))
    })
}

/// Whether a name stands in a task.
fn speaks_of(task: &PlannedTask, name: &str) -> bool {
    let mut texts = std::iter::once(task.title.as_str()).chain(task.details.iter().map(|line| line.text.as_str()));
    texts.any(|text| text.split(|c: char| !(c.is_alphanumeric() || c == '_')).any(|word| word == name))
}

/// A type of options: its name, the name of its argument, the argument's type.
#[derive(Clone, PartialEq, Eq, Debug)]
struct OptionType {
    name: String,
    argument: String,
    target: String,
}

/// `type Option func(vmi *v1.VirtualMachineInstance)`.
fn option_types(survey: &Survey<'_>) -> Vec<OptionType> {
    let mut found = Vec::new();
    for file in survey.go_files(FOLDER).iter().filter(|file| !file.ends_with("_test.go")) {
        let Ok(Some(source)) = survey.go(&join(FOLDER, file)) else { continue };
        let text = source.source.text();
        for decl in source.file.decls.iter().filter(|decl| decl.kind == DeclKind::Type) {
            let declared = decl.span.of(text).trim_start_matches("type ");
            let read = || {
                let (name, rest) = declared.split_once(" func(")?;
                let (argument, target) = rest.strip_suffix(')')?.split_once(' ')?;
                let plain = !name.contains(char::is_whitespace) && !target.contains(',') && target.starts_with('*');
                plain.then(|| OptionType {
                    name: name.to_owned(),
                    argument: argument.to_owned(),
                    target: target.to_owned(),
                })
            };
            found.extend(read());
        }
    }
    found
}

/// An option: its type, the argument of its closure with its type, and whether a comment stands above it.
type Neighbour<'s> = (&'s OptionType, Option<(String, String)>, bool);

/// The results of the options of a file, in order, each with the closure's head.
fn neighbours<'s>(source: &'s GoSource, types: &'s [OptionType]) -> Vec<Neighbour<'s>> {
    let text = source.source.text();
    let functions =
        source.file.decls.iter().filter(|decl| decl.kind == DeclKind::Func && decl.name().starts_with("With"));
    let read = |decl: &crate::go::Decl| {
        let body = decl.body?;
        let head = text[decl.span.start..body.start].trim_end();
        let ty = types.iter().find(|ty| head.ends_with(&format!(") {}", ty.name)))?;
        let inner = body.of(text);
        let closure = inner.split_once("return func(").and_then(|(_, rest)| rest.split_once(')')?.0.split_once(' '));
        Some((ty, closure.map(|(name, ty)| (name.to_owned(), ty.to_owned())), decl.doc.is_some()))
    };
    functions.filter_map(read).collect()
}

/// The comment that a task states of an option.
fn stated_doc(task: &PlannedTask, name: &str) -> Option<String> {
    let own =
        |line: &&TaskLine| code_spans(&line.text).next().is_some_and(|code| code.starts_with(&format!("{name}(")));
    let line = task.details.iter().find(own)?;
    let is_own = |found: &Quoted| found.is_called || found.text.starts_with(name);
    quoted_comment(&line.text).filter(is_own).map(|found| comment(name, &found.text))
}

fn facts(planner: &Planner<'_, '_>, file: &RepoPath, task: usize, head: &FunctionHead) -> Result<Facts, String> {
    let (survey, name) = (planner.survey, &head.name);
    let doc = stated_doc(planner.task(task), name).map(|doc| comment_lines(&doc, LINE).join("\n// "));
    let task = &planner.task(task).id;
    let source = survey.go(file).ok().flatten().ok_or_else(|| format!("{file} cannot be read"))?;
    let elsewhere = survey.declares(FOLDER, name).map(|known| join(FOLDER, &known)).filter(|known| **known != **file);
    if let Some(other) = elsewhere {
        return Err(format!("{name} is in {other} already"));
    }
    let types = option_types(survey);
    let beside = neighbours(&source, &types);
    let results = head.result_types().unwrap_or_default();
    let option = match results.as_slice() {
        [] => only_option(file, name, &types, &beside, &source)?,
        [one] => {
            types.iter().find(|ty| ty.name == *one).ok_or_else(|| format!("{FOLDER}/ has no options of type {one}"))?
        }
        _ => return Err(format!("{name} returns more than an option")),
    };
    // The options' own type is always known.
    let with_result = format!("{name}({}) {}", head.parameter_list(), option.name);
    let whole =
        FunctionHead::parse(&with_result).map_err(|_| format!("`{with_result}` is not the head of a function"))?;
    let types = Types { planner, folder: FOLDER, file };
    let found = types.signature(&whole).map_err(|fault| fault.why)?;
    let found = found.ok_or_else(|| format!("{name} has no parameters and returns nothing"))?;
    // The file may know a package by another name than its neighbours.
    let mut parameters = format!("({})", head.parameter_list());
    let mut imports = Vec::new();
    for import in found.imports {
        match source.file.import(&import.path) {
            Some(own) if own.name() != import.name() => {
                parameters = qualified(&parameters, import.name(), own.name());
            }
            Some(_) => {}
            None => imports.push(import),
        }
    }
    let closure = beside.iter().filter(|(ty, ..)| *ty == option).find_map(|(_, closure, _)| closure.clone());
    let (argument, target) = closure.unwrap_or_else(|| (option.argument.clone(), option.target.clone()));
    let parameter = match whole.parameters.as_slice() {
        [one] if one.names.len() == 1 => {
            let ty = bare(&one.ty.text);
            Some((one.names[0].clone(), if one.variadic { format!("[]{ty}") } else { ty }))
        }
        _ => None,
    };
    let text = OptionText {
        doc,
        name: name.clone(),
        parameters,
        option: option.name.clone(),
        argument,
        target,
        body: String::new(),
    };
    let templates = source.source.text().contains(".Spec.Template.Spec.");
    Ok(Facts { file: file.clone(), task: task.to_owned(), text, imports, parameter, templates, position: None })
}

/// The type of options that all of a file are of; of a file without options, the one that it declares.
fn only_option<'t>(
    file: &str,
    name: &str,
    types: &'t [OptionType],
    beside: &[Neighbour<'t>],
    source: &GoSource,
) -> Result<&'t OptionType, String> {
    let mut used: Vec<&OptionType> = Vec::new();
    for (ty, ..) in beside {
        if !used.contains(ty) {
            used.push(ty);
        }
    }
    if used.is_empty() {
        used = types.iter().filter(|ty| source.file.declares(&ty.name).is_some()).collect();
    }
    match used.as_slice() {
        [one] => Ok(one),
        [] => Err(format!("the task does not say which option {name} returns, and {file} has none")),
        several => {
            let names: Vec<&str> = several.iter().map(|ty| ty.name.as_str()).collect();
            Err(format!("the task does not say which option {name} returns: {file} has {}", names.join(" and ")))
        }
    }
}

/// Types of one package under another name.
fn qualified(text: &str, from: &str, to: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(&format!("{from}.")) {
        let before = &rest[..at];
        let starts =
            before.ends_with("...") || !before.ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '.');
        result.push_str(&rest[..at]);
        result.push_str(if starts { to } else { from });
        rest = &rest[at + from.len()..];
    }
    result + rest
}

/// A type of the API as the API's own package writes it.
fn bare(ty: &str) -> String {
    ["v1.", "virtv1.", "kvirtv1.", "k6tv1."].iter().fold(ty.to_owned(), |ty, alias| {
        let at = ty.trim_start_matches(['*', '[', ']']).len();
        let (stars, name) = ty.split_at(ty.len() - at);
        name.strip_prefix(alias).map_or(ty.clone(), |name| format!("{stars}{name}"))
    })
}

/// The fields of a struct of the API: name and type.
fn fields(sources: &[(std::sync::Arc<str>, crate::go::GoFile)], name: &str) -> Vec<(String, String)> {
    let Some((text, decl)) = sources.iter().find_map(|(text, file)| Some((text, file.declares(name)?))) else {
        return Vec::new();
    };
    if !decl.span.of(text).starts_with(&format!("type {name} struct {{")) {
        return Vec::new();
    }
    let lines = decl.span.of(text).lines().skip(1).filter_map(|line| {
        let mut words = line.split_whitespace();
        let (field, ty) = (words.next()?, words.next()?);
        let is_field = field.starts_with(|c: char| c.is_ascii_uppercase()) && field.chars().all(char::is_alphanumeric);
        (is_field && !ty.starts_with('`')).then(|| (field.to_owned(), ty.to_owned()))
    });
    lines.collect()
}

impl Facts {
    /// The assignment, where exactly one field that the option reaches has the name and the type, or else the type.
    fn assignment(&self, sources: &[(std::sync::Arc<str>, crate::go::GoFile)]) -> Option<String> {
        let (parameter, ty) = self.parameter.as_ref()?;
        let root = self.text.target.rsplit(['*', '.']).next()?;
        let mut open = vec![(self.text.argument.clone(), root.to_owned(), 0)];
        let mut reached = Vec::new();
        while let Some((path, name, depth)) = open.pop() {
            for (field, field_ty) in fields(sources, &name) {
                let place = format!("{path}.{field}");
                let template =
                    self.templates && field == "Template" && field_ty.ends_with("VirtualMachineInstanceTemplateSpec");
                let inner = if template { field_ty.trim_start_matches('*') } else { field_ty.as_str() };
                if depth < 5 && field != "Status" && inner.starts_with(|c: char| c.is_ascii_uppercase()) {
                    open.push((place.clone(), inner.to_owned(), depth + 1));
                }
                reached.push((place, field, field_ty));
            }
        }
        let fits = |field_ty: &str| field_ty == ty || field_ty.strip_prefix('*').is_some_and(|inner| inner == ty);
        let wanted = self.text.name.trim_start_matches("With");
        let own = reached.iter().filter(|(_, _, field_ty)| fits(field_ty));
        let named: Vec<_> = own.clone().filter(|(_, field, _)| field.eq_ignore_ascii_case(wanted)).collect();
        let plain = ty.trim_start_matches(['*', '[', ']']);
        let particular = plain.starts_with(|c: char| c.is_ascii_uppercase()) && !plain.contains('.');
        let typed: Vec<_> = own.filter(|_| particular).collect();
        let (([one], _) | ([], [one])) = (named.as_slice(), typed.as_slice()) else { return None };
        let (place, _, field_ty) = one;
        let address = if field_ty == ty { "" } else { "&" };
        Some(format!("{place} = {address}{parameter}"))
    }
}

impl Unit for Facts {
    fn files(&self) -> Vec<&RepoPath> {
        vec![&self.file]
    }

    fn render(&self, pending: &mut PendingFiles<'_>) -> Result<(), Refusal> {
        let mut sources = Vec::new();
        for path in API.map(RepoPath::known) {
            if let Some(text) = pending.text(&path)?
                && let Ok(file) = crate::go::GoFile::parse(&text)
            {
                sources.push((text, file));
            }
        }
        let name = self.text.name.clone();
        let body = self.assignment(&sources).unwrap_or_else(|| format!("// {}: {name} is not implemented", self.task));
        let snippet = pending.render(&OptionText { body, ..self.text.clone() })?;
        let module = pending.module();
        pending.anchor_go(&self.file, |target| {
            if target.file.func(&name).is_some() {
                return Ok(Vec::new());
            }
            let mut edits = add_imports(target.text, target.file, &self.imports, module);
            edits.push(self.placed(target, &snippet));
            Ok(edits)
        })
    }
}
