//! Domain configurators: what writes a part of the domain's XML, and its place in the converter's list.

use std::collections::BTreeSet;

use serde::Serialize;

use super::component::{functions, step_texts, steps};
use super::struct_field;
use crate::go::{
    FuncName, FunctionHead, ImportSpec, Parameter, ValueList, add_imports, comment_lines, import_declaration,
};
use crate::name::lower_first;
use crate::pending::{Declared, PendingFiles, Refusal};
use crate::plan::{
    Assigned, Candidate, Claimed, Key, Kind, ManualReason, Named, PlannedTask, Planner, Role, Row, Unit, Use, stem,
};
use crate::repo_path::RepoPath;
use crate::survey::{GoSource, Survey};
use crate::template::{Context, Template, Text};
use crate::tree::{file_name, join, parent};

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
    steps: Vec<String>,
}

#[derive(Debug)]
struct Facts {
    file: RepoPath,
    template: ConfiguratorFile,
    declared: Declared,
    wiring: Option<Wiring>,
}

/// A configurator's place in the converter's list.
#[derive(Debug)]
struct Wiring {
    file: RepoPath,
    import: ImportSpec,
    /// `XDomainConfigurator{}` or `NewXDomainConfigurator(c.X)`, without the package.
    value: String,
    name: String,
}

/// A configurator that a task asks for.
struct Wanted {
    name: String,
    /// The line that states it, and its constructor.
    constructor: Option<(usize, FunctionHead)>,
    wired: Option<usize>,
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
            makes: "a domain configurator, and its place in the converter's list",
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
    let task = planner.task(tasks[0]);
    let work: Vec<_> = steps(task, name).into_iter().filter(|line| !is_wiring(&line.text)).collect();
    let lines: Vec<usize> = work.iter().map(|line| line.line).collect();
    let id = task.id.clone();
    let mut comments = step_texts(&work);
    comments.push(format!("{name} is not implemented"));
    let comments = comments.iter().flat_map(|step| comment_lines(&format!("{id}: {step}"), COMMENT)).collect();
    let names: Vec<&String> = parameters.iter().flat_map(|parameter| &parameter.names).collect();
    let width = names.iter().map(|name| name.len()).max().unwrap_or(0);
    let fields = parameters
        .iter()
        .flat_map(|parameter| parameter.names.iter().map(move |name| format!("{name:width$} {}", parameter.ty.text)));
    let value = |name: &&String| format!("{:w$} {name},", format!("{name}:"), w = width + 1);
    let constructor = Some(&wanted.constructor).filter(|_| !parameters.is_empty()).and_then(Option::as_ref);
    let template = ConfiguratorFile {
        header: survey.header().to_owned(),
        package: survey.package_name(&folder),
        imports: import_declaration(&imports, survey.module()),
        constructor: constructor.map(|(_, head)| format!("({})", head.parameter_list())),
        fields: fields.collect(),
        values: names.iter().map(value).collect(),
        receiver: lower_first(&name[..1]).to_lowercase(),
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
    let is_own =
        |function: &&super::component::Function| function.name == "Configure" || function.name == constructor_name;
    let others: Vec<_> = functions.iter().filter(|function| !is_own(function)).cloned().collect();
    for other in others {
        let why = format!("`{}` is neither the constructor of {name} nor its method Configure", other.name);
        planner.manual(&tasks[..1], &ManualReason::Unwritable { line: other.line, why });
    }
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

/// The texts of a task in which a configurator may be named.
fn texts(task: &PlannedTask) -> impl Iterator<Item = (usize, &str)> {
    let lines = task
        .details
        .iter()
        .filter(|line| !matches!(line.key, Key::File | Key::Pattern | Key::Test | Key::Verify | Key::Command));
    std::iter::once((task.line, task.title.as_str())).chain(lines.map(|line| (line.line, line.text.as_str())))
}

/// Whether a task is about a configurator: it speaks of one, or names its method.
fn names_one(task: &PlannedTask) -> bool {
    texts(task).any(|(_, text)| text.to_lowercase().contains("configurator"))
        || functions(task).0.iter().any(|function| function.name == "Configure")
}

/// The type that a task names, `RebootPolicyDomainConfigurator`; of several, nothing.
fn named(task: &PlannedTask) -> Option<String> {
    let words = texts(task).flat_map(|(_, text)| text.split(|c: char| !(c.is_alphanumeric() || c == '_')));
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
    let constructor = stated.into_iter().find(|function| function.name == constructor_name);
    let constructor = constructor.and_then(|function| Some((function.line, function.head.ok()?)));
    let wired = texts(task).find(|(line, text)| {
        let key = task.details.iter().find(|detail| detail.line == *line).map(|detail| &detail.key);
        is_wiring(text)
            && (*line != task.line
                || key.is_some()
                || text.to_lowercase().contains("builder")
                || text.contains("converter.go"))
    });
    Wanted { name, constructor, wired: wired.map(|(line, _)| line) }
}

/// Why a constructor cannot be written as a task states it; what it needs goes to the imports.
fn constructor_fault(
    head: &FunctionHead,
    name: &str,
    declared: &dyn Fn(&str) -> bool,
    imported: &dyn Fn(&str) -> Option<ImportSpec>,
    imports: &mut Vec<ImportSpec>,
) -> Option<String> {
    let results: Vec<&str> = head.results.iter().map(|result| result.ty.text.as_str()).collect();
    if !results.is_empty() && results != [name] {
        return Some(format!(
            "New{name} gives back {}, and the constructors beside it give back the type",
            results.join(", ")
        ));
    }
    if head.parameters.iter().any(|parameter| parameter.variadic || parameter.names.is_empty()) {
        return Some(format!("the fields of `{name}` cannot be told from the constructor's parameters"));
    }
    for (package, ty) in head.parameters.iter().flat_map(|parameter| &parameter.ty.names) {
        match package {
            None if crate::name::is_predeclared(ty) || declared(ty) => {}
            None => return Some(format!("no type `{ty}` is known here")),
            Some(package) if package == "v1" || package == "api" => {}
            Some(package) => match imported(package) {
                Some(import) => imports.push(import),
                None => return Some(format!("no package `{package}` is known here")),
            },
        }
    }
    None
}

/// The converter, if it has one list of configurators.
fn list(survey: &Survey<'_>) -> Result<(std::rc::Rc<GoSource>, ValueList), String> {
    let path = format!("{CONVERTER}/converter.go");
    let source = survey.go(&path).ok().flatten().ok_or_else(|| format!("{path} is not there"))?;
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
fn place(planner: &Planner<'_, '_>, folder: &str, name: &str, parameters: &[Parameter]) -> Result<Wiring, String> {
    let survey = planner.survey;
    let (source, list) = list(survey)?;
    let line = source.source.line_column(list.close).line;
    let at = format!("{}:{line}", source.path());
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
    let path = survey.import_path(folder);
    let import = source.file.import(&path).map(ImportSpec::from);
    let import = import.unwrap_or_else(|| {
        let package = survey.package_name(folder);
        let plain = ImportSpec::plain(path.clone());
        if plain.name() == package { plain } else { ImportSpec::named(&package, path) }
    });
    Ok(Wiring { file: RepoPath::known(source.path()), import, value, name: name.to_owned() })
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
fn wiring_alone(planner: &Planner<'_, '_>, wanted_name: &str) -> Result<Wiring, String> {
    let survey = planner.survey;
    let made = planner.assigned.iter().filter(|assigned| assigned.kind.name() == DomainConfigurator.name());
    for assigned in made {
        let Some(place_of) = assigned.place.as_ref().filter(|place| !is_converter(&place.path)) else { continue };
        for &task in &assigned.tasks {
            if name(planner.task(task), &place_of.path) == *wanted_name {
                let wanted = wanted(planner.task(task), wanted_name.to_owned());
                let parameters = wanted.constructor.map(|(_, head)| head.parameters).unwrap_or_default();
                return place(planner, parent(&place_of.path), wanted_name, &parameters);
            }
        }
    }
    let folders: Vec<String> = survey.tree().list(CONVERTER).into_iter().map(|name| join(CONVERTER, &name)).collect();
    let folder = folders.into_iter().find(|folder| survey.declares(folder, wanted_name).is_some());
    let folder = folder.ok_or_else(|| format!("no package below {CONVERTER} declares `{wanted_name}`"))?;
    let constructor = head(survey, &folder, &format!("New{wanted_name}"));
    place(planner, &folder, wanted_name, &constructor.map(|head| head.parameters).unwrap_or_default())
}

impl Wiring {
    fn render(&self, pending: &mut PendingFiles<'_>) -> Result<(), Refusal> {
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
            if target.file.import(&self.import.path).is_none() {
                edits.extend(add_imports(target.text, target.file, std::slice::from_ref(&self.import), module));
            }
            Ok(edits)
        })
    }
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
