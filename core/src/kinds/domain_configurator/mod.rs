//! Domain configurators: what writes a part of the domain's XML, and its place in the converter's list.

mod heads;
mod list;

use std::collections::BTreeSet;

use serde::Serialize;

use super::component::{Component, Function, functions, step_texts, steps};
use super::{edited, struct_field};
use crate::go::{FunctionHead, ImportSpec, Parameter, comment_lines, import_declaration};
use crate::name::lower_first;
use crate::pending::{Declared, PendingFiles, Refusal};
use crate::plan::{
    Assigned, Candidate, Claimed, Key, Kind, ManualReason, Named, PlannedTask, Planner, Role, Row, Unit, Use, stem,
};
use crate::repo_path::RepoPath;
use crate::survey::Survey;
use crate::template::{Context, Template, Text};
use crate::tree::{file_name, join, parent};
use heads::{CONFIGURE, configure, constructor_fault};
use list::{Wiring, place, wiring_alone};

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
        let own = parent(parent(path)) == CONVERTER && path.ends_with(".go") && !path.ends_with("_test.go");
        if !own {
            return None;
        }
        let folder = parent(path);
        let is_plain = functions(task.planned).0.is_empty() && task.planned.details(&[Key::Constants]).next().is_none();
        let name = name(task.planned, path);
        let there = task.survey.declares(folder, &name);
        let claimed = match there {
            // What changes one that is there is not made anew.
            Some(_)
                if struct_field::asks(task.planned)
                    || edited::is_change(task.planned)
                    || functions(task.planned).0.iter().any(|function| is_other(task.survey, folder, function)) =>
            {
                false
            }
            Some(file) => file == file_name(path) && (names_one(task.planned) || is_plain && !place_names_other(task)),
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
            let name = name(planner.task(task), &place.path);
            match made.iter_mut().find(|(known, _)| *known == name) {
                Some((_, tasks)) => tasks.push(task),
                None => made.push((name, vec![task])),
            }
        }
        for (name, tasks) in made {
            if let Err(refusal) = make(planner, &place.path, name, &tasks) {
                return planner.diagnose(refusal);
            }
        }
        let named = |&task: &usize| {
            let name = name(planner.task(task), &place.path);
            [format!("New{name}"), "Configure".to_owned()]
        };
        let own: Vec<String> = assigned.tasks.iter().flat_map(named).collect();
        Component::plan_functions(planner, assigned, &own);
    }

    fn types(&self, planner: &Planner<'_, '_>, assigned: &Assigned) -> Vec<String> {
        let own = assigned.place.as_ref().filter(|place| !is_converter(&place.path));
        let tasks = assigned.tasks.iter().filter_map(|&task| Some((planner.task(task), own?)));
        tasks.map(|(task, place)| name(task, &place.path)).collect()
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
    let task = planner.task(tasks[0]);
    let work: Vec<_> = steps(task, name).into_iter().filter(|line| !is_wiring(&line.text)).collect();
    let lines: Vec<usize> = work.iter().map(|line| line.line).collect();
    let id = task.id.clone();
    let mut comments = step_texts(&work);
    comments.push(format!("{name} is not implemented"));
    let comments = comments.iter().flat_map(|step| comment_lines(&format!("{id}: {step}"), COMMENT)).collect();
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
    if let Some(line) = wanted.wired {
        match place(planner, &folder, name, parameters) {
            Ok(found) => {
                planner.open(&found.file)?;
                planner.note(tasks[0], line, Use::Change, std::slice::from_ref(&found.file));
                wiring = Some(found);
            }
            Err(why) => planner.manual(&tasks[..1], &ManualReason::Unwritable { line, why }),
        }
    }
    let stated = wanted.constructor.iter().map(|(line, _)| *line);
    let functions = functions(planner.task(tasks[0])).0;
    let is_own = |function: &&Function| function.name == "Configure" || function.name == constructor_name;
    let stated = stated.chain(functions.iter().filter(is_own).map(|function| function.line)).collect::<Vec<_>>();
    for line in lines.into_iter().chain(stated) {
        planner.note(tasks[0], line, Use::Change, std::slice::from_ref(file));
    }
    planner.push(Facts { file: file.clone(), template, declared, wiring }, tasks);
    Ok(())
}

fn is_converter(path: &str) -> bool {
    path.strip_prefix(CONVERTER) == Some("/converter.go")
}

/// Whether a task that names no configurator is about something else of a file: it names another function.
fn place_names_other(task: &Candidate<'_, '_>) -> bool {
    !functions(task.planned).1.is_empty()
}

/// Whether a task is about a configurator: it speaks of one, or names its method.
fn names_one(task: &PlannedTask) -> bool {
    task.prose().any(|(_, text)| text.to_lowercase().contains("configurator"))
        || functions(task).0.iter().any(|function| function.name == "Configure")
}

/// The type that a task names, `RebootPolicyDomainConfigurator`; of several, nothing.
fn named(task: &PlannedTask) -> Option<String> {
    let words = task.prose().flat_map(|(_, text)| text.split(|c: char| !(c.is_alphanumeric() || c == '_')));
    let mut found: BTreeSet<&str> = BTreeSet::new();
    for word in words {
        let word = word.strip_prefix("New").filter(|rest| rest.starts_with(char::is_uppercase)).unwrap_or(word);
        if word.ends_with("Configurator")
            && !matches!(word, "Configurator" | "DomainConfigurator")
            && word.starts_with(|c: char| c.is_ascii_uppercase())
        {
            found.insert(word);
        }
    }
    let mut found = found.into_iter();
    found.next().filter(|_| found.next().is_none()).map(str::to_owned)
}

/// The type that a task names, or the one that its file is called after.
fn name(task: &PlannedTask, file: &str) -> String {
    named(task).unwrap_or_else(|| format!("{}DomainConfigurator", stem(file).pascal()))
}

/// Whether a text asks for a place in the converter's list.
fn is_wiring(text: &str) -> bool {
    let lower = text.to_lowercase();
    let verbs =
        ["add", "wire", "register", "hook", "append", "plug", "call", "use", "insert", "list", "include", "run"];
    let places = ["builder", "converter", "configurators"];
    let mut words = lower.split(|c: char| !(c.is_alphanumeric() || c == '.' || c == '/' || c == '_'));
    let has_verb =
        lower.split_whitespace().any(|word| verbs.iter().any(|verb| word.trim_matches('`').starts_with(verb)));
    has_verb && words.any(|word| places.contains(&word) || word.ends_with("converter.go"))
}

fn wanted(task: &PlannedTask, name: String) -> Wanted {
    let constructor_name = format!("New{name}");
    let (stated, _) = functions(task);
    let stated = |wanted: &str| {
        let function = stated.iter().find(|function| function.name == wanted)?;
        Some((function.line, function.head.clone().ok()?))
    };
    let (constructor, configure) = (stated(&constructor_name), stated("Configure"));
    let wired = task.prose().find(|(line, text)| {
        let key = task.details.iter().find(|detail| detail.line == *line).map(|detail| &detail.key);
        is_wiring(text)
            && (*line != task.line
                || key.is_some()
                || text.to_lowercase().contains("builder")
                || text.contains("converter.go"))
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
