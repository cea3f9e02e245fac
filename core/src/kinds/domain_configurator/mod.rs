//! Domain configurators: what writes a part of the domain's XML, and its place in the converter's list.

mod heads;
mod list;
mod reading;

use serde::Serialize;

use super::component::{Component, Function, functions, has, step_texts, steps};
use super::constant::Constant;
use super::{edited, struct_field};
use crate::go::{FunctionHead, ImportSpec, Parameter, comment_lines, import_declaration};
use crate::name::lower_first;
use crate::pending::{Declared, PendingFiles, Refusal};
use crate::plan::{
    Assigned, Candidate, Claimed, Key, Kind, ManualReason, Named, PlannedTask, Planner, Role, Row, Unit, Use,
};
use crate::repo_path::RepoPath;
use crate::survey::Survey;
use crate::template::{Context, Template, Text};
use crate::text::code_spans;
use crate::tree::{file_name, join, parent};
use heads::{CONFIGURE, configure, constructor_fault};
use list::{Wiring, place, wiring_alone};
use reading::{
    asks_for_new, changes_one, is_wiring, name, named, names_one, orders, place_names_other, speaks_of_one,
    stated_entry, states_entry, unstated_constructor, wires_it,
};

/// Where configurators live, each in a package below it.
const CONVERTER: &str = "pkg/virt-launcher/virtwrap/converter";

/// How wide comments in code are.
const COMMENT: usize = 110;

#[derive(Debug)]
pub(super) struct DomainConfigurator;

#[derive(Serialize, Context, Template, Debug)]
#[template("scaffolds/domain-configurator/new/pkg/virt-launcher/virtwrap/converter/__package__/__file__.go.hbs")]
struct ConfiguratorFile {
    header: String,
    package: String,
    imports: String,
    name: String,
    /// The constructor's parameters, with their parentheses.
    constructor: Option<String>,
    fields: Vec<String>,
    values: Vec<String>,
    receiver: String,
    /// From the opening parenthesis of `Configure` on.
    configure: String,
    steps: Vec<String>,
}

#[derive(Debug)]
struct Facts {
    file: RepoPath,
    template: ConfiguratorFile,
    declared: Declared,
    wiring: Option<Wiring>,
}

/// A configurator that a task asks for.
struct Wanted {
    name: String,
    /// The line that states it, and its constructor.
    constructor: Option<(usize, FunctionHead)>,
    /// Its method, where a line states it.
    configure: Option<(usize, FunctionHead)>,
    wired: Option<usize>,
}

/// Whether a path is that of a configurator's file.
fn is_near(path: &str) -> bool {
    parent(parent(path)) == CONVERTER && path.ends_with(".go")
}

/// Whether a function is there and is given or gives back something else than a task states.
fn is_other(survey: &Survey<'_>, folder: &str, function: &Function) -> bool {
    let head = function.head.as_ref().ok().filter(|head| !(head.parameters.is_empty() && head.results.is_empty()));
    let receiver = function.receiver().map(|ty| ty.trim_start_matches('*'));
    head.is_some_and(|head| survey.other_head(folder, receiver, &function.name, head).is_some())
}

impl Kind for DomainConfigurator {
    fn name(&self) -> &'static str {
        "domain-configurator"
    }

    fn role(&self) -> Role {
        Role::Implementation
    }

    fn row(&self) -> Row {
        Row {
            names: "`virtwrap/converter/compute/*.go`",
            makes: "a domain configurator, and its entry in the converter's list",
        }
    }

    fn templates(&self) -> &'static [Text] {
        &[ConfiguratorFile::FILE]
    }

    fn claim(&self, task: &Candidate<'_, '_>, named: &Named<'_>) -> Option<Claimed> {
        let Named::File { place, .. } = named else { return None };
        let path = &*place.path;
        if is_converter(path) {
            return place.exists.then(|| names_one(task.planned)).filter(|names| *names).map(|_| Claimed::File);
        }
        let own = is_near(path) && !path.ends_with("_test.go");
        // A file that gets something else of a task is not that of its configurator.
        let is_stated = |function: &Function| function.file().is_some_and(|file| file != path && is_near(file));
        if !own || functions(task.planned).0.iter().any(is_stated) {
            return None;
        }
        let folder = parent(path);
        let is_plain = functions(task.planned).0.is_empty() && task.planned.details(&[Key::Constants]).next().is_none();
        let name = name(task.survey, task.planned, path);
        let there = task.survey.declares(folder, &name);
        let claimed = match there {
            // What changes one that is there is not made anew.
            Some(_)
                if struct_field::asks(task.planned)
                    || edited::is_change(task.planned)
                    || changes_one(task.planned)
                    || functions(task.planned).0.iter().any(|function| is_other(task.survey, folder, function)) =>
            {
                false
            }
            Some(file) => {
                file == file_name(path) && (speaks_of_one(task.planned) || is_plain && !place_names_other(task))
            }
            None => names_one(task.planned) || !place.exists && is_plain && file_name(folder) == "compute",
        };
        claimed.then_some(Claimed::File)
    }

    fn plan(&self, planner: &mut Planner<'_, '_>, assigned: &Assigned) {
        let Some(place) = &assigned.place else { return };
        if is_converter(&place.path) {
            return self.wire(planner, &place.path, &assigned.tasks);
        }
        // One configurator is made once, whoever asks for it.
        let mut made: Vec<(String, Vec<usize>)> = Vec::new();
        for &task in &assigned.tasks {
            let name = name(planner.survey, planner.task(task), &place.path);
            match made.iter_mut().find(|(known, _)| *known == name) {
                Some((_, tasks)) => tasks.push(task),
                None => made.push((name, vec![task])),
            }
        }
        for (name, tasks) in made {
            if let Some(seam) = foreign(planner, &place.path, &name, &tasks) {
                let reason = ManualReason::NothingNew { file: place.path.to_string(), seams: vec![seam] };
                planner.manual(&tasks, &reason);
                continue;
            }
            if wanted(planner.task(tasks[0]), name.clone()).constructor.is_none()
                && let Some(why) = tasks.iter().find_map(|&task| unstated_constructor(planner.task(task), &name))
            {
                planner.manual(&tasks, &ManualReason::Inexact { why, places: Vec::new() });
                continue;
            }
            if let Err(refusal) = make(planner, &place.path, name, &tasks) {
                return planner.diagnose(refusal);
            }
        }
        let named = |&task: &usize| {
            let name = name(planner.survey, planner.task(task), &place.path);
            [format!("New{name}"), "Configure".to_owned()]
        };
        let own: Vec<String> = assigned.tasks.iter().flat_map(named).collect();
        Component::plan_functions(planner, assigned, &own);
        Constant::plan_constants(planner, assigned);
    }

    fn types(&self, planner: &Planner<'_, '_>, assigned: &Assigned) -> Vec<String> {
        let own = assigned.place.as_ref().filter(|place| !is_converter(&place.path));
        let tasks = assigned.tasks.iter().filter_map(|&task| Some((planner.task(task), own?)));
        tasks.map(|(task, place)| name(planner.survey, task, &place.path)).collect()
    }
}

impl DomainConfigurator {
    /// Tasks that name the converter alone: the configurators that they name are put into its list.
    fn wire(&self, planner: &mut Planner<'_, '_>, converter: &RepoPath, tasks: &[usize]) {
        for &task in tasks {
            let has_own = planner.claims[planner.task(task).index].iter().any(|(kind, place)| {
                kind.name() == self.name() && place.as_ref().is_some_and(|place| !is_converter(&place.path))
            });
            if has_own {
                continue;
            }
            // What is put into the list is stated, as code.
            if states_entry(planner.task(task)) {
                let reason = ManualReason::NothingNew { file: converter.to_string(), seams: Vec::new() };
                planner.manual(&[task], &reason);
                continue;
            }
            let line = planner.task(task).line;
            let Some(name) = named(planner.task(task)) else {
                let why = "it names no configurator".to_owned();
                planner.manual(&[task], &ManualReason::Unwritable { line, why });
                continue;
            };
            match wiring_alone(planner, &name) {
                Ok(wiring) => {
                    if let Err(refusal) = planner.open(converter) {
                        return planner.diagnose(refusal);
                    }
                    let facts = WiringFacts { wiring };
                    planner.note_keys(
                        task,
                        &[Key::Task, Key::Integration],
                        Use::Change,
                        std::slice::from_ref(converter),
                    );
                    planner.push(facts, &[task]);
                }
                Err(why) => planner.manual(&[task], &ManualReason::Unwritable { line, why }),
            }
        }
    }
}

/// Where a configurator stands that none of these tasks has made, for all that can be told: no task asks for a new one, no
/// stub of ours is left, and no earlier run has made the file. Then the tasks ask for a change of it.
fn foreign(planner: &Planner<'_, '_>, file: &RepoPath, name: &str, tasks: &[usize]) -> Option<String> {
    let source = planner.survey.go(file).ok().flatten()?;
    let decl = source.file.declares(name)?;
    let is_own = |&task: &usize| {
        let task = planner.task(task);
        asks_for_new(task) || wanted(task, name.to_owned()).wired.is_some() || states_head(task, name)
    };
    let is_stub = source.source.text().contains(&not_implemented(name));
    if is_stub || planner.options.earlier.has_made(file) || tasks.iter().any(is_own) {
        return None;
    }
    Some(format!("{name} at {file}:{}", source.source.line(decl.span.start)))
}

/// Whether a task states the constructor of a configurator, or its method.
fn states_head(task: &PlannedTask, name: &str) -> bool {
    let own = |function: &Function| function.name == "Configure" || function.name == format!("New{name}");
    functions(task).0.iter().any(|function| own(function) && function.head.is_ok())
}

/// What a stub says in its body.
fn not_implemented(name: &str) -> String {
    format!("{name} is not implemented")
}

/// The tasks of one configurator become its file, and its place in the list where one asks for that.
fn make(planner: &mut Planner<'_, '_>, file: &RepoPath, name: String, tasks: &[usize]) -> Result<(), Refusal> {
    let survey = planner.survey;
    let folder = parent(file).to_owned();
    planner.open(file)?;
    let wanted = wanted(planner.task(tasks[0]), name);
    let known = |name: &str| survey.declares(&folder, name).is_some();
    let imported = |name: &str| survey.imported(&folder, name);
    let mut imports = vec![
        ImportSpec::named("v1", "kubevirt.io/api/core/v1"),
        ImportSpec::plain(join(survey.module(), "pkg/virt-launcher/virtwrap/api")),
    ];
    let name = &wanted.name;
    let mut parameters: &[Parameter] = &[];
    if let Some((line, head)) = &wanted.constructor {
        match constructor_fault(head, name, &known, &imported, &mut imports) {
            None => parameters = &head.parameters,
            Some(why) => {
                planner.manual(tasks, &ManualReason::Unwritable { line: *line, why });
                return Ok(());
            }
        }
    }
    let (receiver, configure) = match &wanted.configure {
        None => (lower_first(&name[..1]).to_lowercase(), CONFIGURE.to_owned()),
        Some((line, head)) => match configure(head, name) {
            Ok(read) => read,
            Err(why) => {
                planner.manual(tasks, &ManualReason::Unwritable { line: *line, why });
                return Ok(());
            }
        },
    };
    let mut comments = Vec::new();
    let mut lines: Vec<(usize, usize)> = Vec::new();
    for &index in tasks {
        let task = planner.task(index);
        let work: Vec<_> = steps(task, name, &|other| has(planner, &folder, other))
            .into_iter()
            .filter(|line| !is_wiring(&line.text))
            .collect();
        lines.extend(work.iter().map(|line| (index, line.line)));
        let mut said = step_texts(&work);
        // Of another task that says nothing below it, the title is all that it asks for.
        if said.is_empty() && index != tasks[0] && !is_wiring(&task.title) {
            said.push(task.subject.replace('`', ""));
        }
        said.extend((index == tasks[0]).then(|| not_implemented(name)));
        comments.extend(said.iter().flat_map(|step| comment_lines(&format!("{}: {step}", task.id), COMMENT)));
    }
    let given = struct_field::held(planner, file, name, parameters);
    let width = given.iter().map(|(_, field, _)| field.len()).max().unwrap_or(0);
    let fields = given.iter().map(|(_, field, ty)| format!("{field:width$} {ty}"));
    let value =
        |(name, field, _): &(String, String, String)| format!("{:w$} {name},", format!("{field}:"), w = width + 1);
    let constructor = Some(&wanted.constructor).filter(|_| !parameters.is_empty()).and_then(Option::as_ref);
    let template = ConfiguratorFile {
        header: survey.header().to_owned(),
        package: survey.package_name(&folder),
        imports: import_declaration(&imports, survey.module()),
        constructor: constructor.map(|(_, head)| format!("({})", head.parameter_list())),
        fields: fields.collect(),
        values: given.iter().map(value).collect(),
        receiver,
        configure,
        steps: comments,
        name: name.clone(),
    };
    let constructor_name = format!("New{name}");
    let mut declares = vec![(None, name.as_str()), (Some(name.as_str()), "Configure")];
    declares.extend(constructor.map(|_| (None, constructor_name.as_str())));
    let declared = planner.declared(&folder, declares)?;
    let mut wiring = None;
    let asks = |&task: &usize| Some((task, self::wanted(planner.task(task), name.clone()).wired?));
    if let Some((task, line)) = tasks.iter().find_map(asks) {
        let said = planner.task(task).prose().find(|(known, _)| *known == line);
        let order = said.and_then(|(_, text)| orders(text));
        let place = match order {
            Some(word) => Err(format!("it says where in the list, \"{word}\"")),
            None => place(planner, &folder, name, parameters, said.and_then(|(_, text)| stated_entry(text, name))),
        };
        match place {
            Ok(found) => {
                planner.open(&found.file)?;
                planner.note(task, line, Use::Change, std::slice::from_ref(&found.file));
                wiring = Some(found);
            }
            Err(why) => planner.manual(&[task], &ManualReason::Unwritable { line, why }),
        }
    }
    lines.extend(wanted.constructor.iter().map(|(line, _)| (tasks[0], *line)));
    let is_own = |function: &&Function| function.name == "Configure" || function.name == constructor_name;
    let functions = functions(planner.task(tasks[0])).0;
    lines.extend(functions.iter().filter(is_own).map(|function| (tasks[0], function.line)));
    for (task, line) in lines {
        planner.note(task, line, Use::Change, std::slice::from_ref(file));
    }
    planner.push(Facts { file: file.clone(), template, declared, wiring }, tasks);
    Ok(())
}

fn is_converter(path: &str) -> bool {
    path.strip_prefix(CONVERTER) == Some("/converter.go")
}

fn wanted(task: &PlannedTask, name: String) -> Wanted {
    let constructor_name = format!("New{name}");
    let (stated, _) = functions(task);
    let stated = |wanted: &str| {
        let function = stated.iter().find(|function| function.name == wanted)?;
        Some((function.line, function.head.clone().ok()?))
    };
    // A constructor's head is stated whatever the words around it are.
    let spelled = || {
        let mut codes = task.prose().flat_map(|(line, text)| code_spans(text).map(move |code| (line, code)));
        let head = |code: &str| FunctionHead::parse(code).ok().filter(|head| !head.parameters.is_empty());
        codes.find_map(|(line, code)| Some((line, head(code).filter(|head| head.name == constructor_name)?)))
    };
    let (constructor, configure) = (stated(&constructor_name).or_else(spelled), stated("Configure"));
    let wired = task.prose().find(|(line, text)| {
        let key = task.details.iter().find(|detail| detail.line == *line).map(|detail| &detail.key);
        let is_title = *line == task.line && key.is_none();
        let says_where = || text.to_lowercase().contains("builder") || text.contains("converter.go");
        let is_entry = || key == Some(&Key::Integration) && stated_entry(text, &name).is_some();
        if is_title { is_wiring(text) && says_where() || wires_it(text) } else { is_wiring(text) || is_entry() }
    });
    let configure = configure.filter(|(_, head)| !head.parameters.is_empty() || head.receiver.is_some());
    Wanted { name, constructor, configure, wired: wired.map(|(line, _)| line) }
}

impl Unit for Facts {
    fn files(&self) -> Vec<&RepoPath> {
        std::iter::once(&self.file).chain(self.wiring.iter().map(|wiring| &wiring.file)).collect()
    }

    fn render(&self, pending: &mut PendingFiles<'_>) -> Result<(), Refusal> {
        pending.write_go(&self.file, &self.template, &self.declared)?;
        self.wiring.as_ref().map_or(Ok(()), |wiring| wiring.render(pending))
    }
}

/// A configurator that stands elsewhere, put into the list.
#[derive(Debug)]
struct WiringFacts {
    wiring: Wiring,
}

impl Unit for WiringFacts {
    fn files(&self) -> Vec<&RepoPath> {
        vec![&self.wiring.file]
    }

    fn render(&self, pending: &mut PendingFiles<'_>) -> Result<(), Refusal> {
        self.wiring.render(pending)
    }
}
