//! Functional tests: specs in `tests/`, which need a cluster.

use serde::Serialize;

use super::component::{Component, functions};
use super::spec_place::Containers;
use super::specs::{self, GINKGO, Group, SpecGroup};
use super::suite_gate;
use crate::go::{ImportSpec, add_imports, import_declaration, string};
use crate::pending::{Declared, PendingFiles, Refusal};
use crate::plan::{Assigned, Candidate, Claimed, Container, Key, Kind, Named, PlannedTask, Planner, Role, Row, Unit};
use crate::repo_path::RepoPath;
use crate::survey::{SUITE, SigHelper, SpecFolder, Survey};
use crate::template::{Context, Template, Text};
use crate::tree::{join, parent};

#[derive(Debug)]
pub(super) struct FunctionalTest;

#[derive(Serialize, Context, Template, Debug)]
#[template("scaffolds/functional-test/new/tests/__file__.go.hbs")]
struct TestFile {
    header: String,
    package: String,
    imports: String,
    /// What opens the container, up to its title, and what closes it.
    opening: String,
    closing: String,
    /// The call that switches the gate on.
    enable: Option<String>,
    /// The same call, where each container of a task makes it.
    own_enable: Option<String>,
    title: String,
    /// What the container needs, as Go.
    marks: Vec<String>,
    /// Labels of `tests/decorators`.
    decorators: Vec<String>,
    launch: Option<String>,
    groups: Vec<Group>,
}

#[derive(Debug)]
struct Facts {
    file: RepoPath,
    template: TestFile,
    groups: Vec<SpecGroup>,
    /// What the suite has to import to run a folder that it does not know.
    joins: Option<(RepoPath, ImportSpec)>,
}

impl Kind for FunctionalTest {
    fn name(&self) -> &'static str {
        "functional-test"
    }

    fn role(&self) -> Role {
        Role::Test { functional: true }
    }

    fn row(&self) -> Row {
        Row { names: "`tests/**`", makes: "one failing functional spec for each `Test:` line" }
    }

    fn templates(&self) -> &'static [Text] {
        &[TestFile::FILE]
    }

    fn claim(&self, task: &Candidate<'_, '_>, named: &Named<'_>) -> Option<Claimed> {
        let Named::File { place, .. } = named else { return None };
        let folder = parent(&place.path);
        let is_go = place.path.ends_with(".go");
        let own = folder == "tests"
            || folder.starts_with("tests/") && holds_specs(task.survey, folder, place.path.ends_with("_test.go"));
        // A new file of helpers is code like any other.
        let states = task.planned.details(specs::SPEC_KEYS).next().is_some();
        let is_helpers = !place.exists && !place.path.ends_with("_test.go") && spells_helper(task.planned) && !states;
        (is_go && own && !is_helpers).then_some(Claimed::File)
    }

    fn plan(&self, planner: &mut Planner<'_, '_>, assigned: &Assigned) {
        let Some(place) = &assigned.place else { return };
        // Helpers of the specs, where a `Function:` line spells them out.
        let helpers: Vec<usize> =
            assigned.tasks.iter().copied().filter(|task| spells_helper(planner.task(*task))).collect();
        let states = |task: &usize| planner.task(*task).details(specs::SPEC_KEYS).next().is_some();
        let own: Vec<usize> =
            assigned.tasks.iter().copied().filter(|task| !helpers.contains(task) || states(task)).collect();
        let tasks = specs::stating(planner, &own, &place.path);
        if !tasks.is_empty() {
            match facts(planner, &place.path, &tasks) {
                Ok(facts) => {
                    specs::note(planner, &tasks, &place.path);
                    planner.push(facts, &tasks);
                }
                Err(refusal) => return planner.diagnose(refusal),
            }
        }
        Component::plan_functions(planner, &Assigned { tasks: helpers, ..assigned.clone() }, &[]);
    }
}

/// Whether a task spells out a function that no type has.
fn spells_helper(task: &PlannedTask) -> bool {
    let is_keyed = |line: usize| task.details.iter().any(|one| one.line == line && one.key == Key::Function);
    functions(task).0.iter().any(|function| is_keyed(function.line) && function.receiver().is_none())
}

/// A folder that the suite runs, or a new one; the others below `tests/` hold helpers.
fn holds_specs(survey: &Survey<'_>, folder: &str, is_test: bool) -> bool {
    !is_test && (survey.specs().folders.iter().any(|known| known == folder) || survey.go_files(folder).is_empty())
}

/// The `Describe` that all specs of some tasks state as the outermost container.
fn outermost(planner: &Planner<'_, '_>, tasks: &[usize]) -> Option<String> {
    let mut groups = tasks.iter().flat_map(|&task| SpecGroup::open(planner, task));
    let first = groups.next()?.within.first().filter(|one| one.call == "Describe")?.clone();
    groups.all(|group| group.within.first() == Some(&first)).then_some(first.text)
}

/// A group in a container that is the file's own.
fn inside(mut group: SpecGroup, outermost: &str) -> SpecGroup {
    if group.within.first().is_some_and(|first| first.text == outermost) {
        group.within.remove(0);
        group.title = group.within.iter().map(Container::title).collect::<Vec<_>>().join(" ");
    }
    group
}

fn facts(planner: &mut Planner<'_, '_>, file: &RepoPath, tasks: &[usize]) -> Result<Facts, Refusal> {
    let survey = planner.survey;
    let folder = parent(file);
    let in_root = folder == "tests";
    planner.open(file)?;
    // `tests/` itself holds too much to be looked through, and belongs to no SIG.
    let spec_folder = if in_root { SpecFolder::default() } else { survey.spec_folder(folder) };
    let helper = spec_folder.helper;
    // A helper may name the folder alone: then each spec has its SIG.
    let helped = helper.is_some() && spec_folder.helper_assigns;
    let local = |path: &str| join(survey.module(), path);
    let mut imports = vec![ImportSpec::named(".", GINKGO)];
    let enable = match (planner.gate(), survey.enable_gate()) {
        (Some(gate), Some((function, import))) => {
            let gates = survey.gates()?;
            let written = gates.qualified(&gate.identifier);
            let is_on = suite_gate::switches(planner, &written);
            imports.extend((!is_on).then(|| [gates.import(survey), import]).into_iter().flatten());
            (!is_on).then(|| format!("{function}({written})"))
        }
        _ => None,
    };
    let (opening, closing) = match &helper {
        Some(SigHelper::Arguments) => ("Describe(SIG".to_owned(), "}))"),
        Some(SigHelper::Container(name)) => (name.clone(), "})"),
        None => ("Describe".to_owned(), "})"),
    };
    let decorators = ImportSpec::plain(local("tests/decorators"));
    let launch = survey.launch();
    imports.extend(launch.iter().flat_map(|launch| launch.imports.clone()));
    // What the file has, what the tasks state, what the folder has; everything else is a guess.
    let own = specs::sig_of_file(planner, file)?;
    let stated = specs::stated_sig(planner, file, tasks).filter(|_| !helped);
    let spec_folder_label = spec_folder.label.clone();
    let sig = match own.or(stated).or(spec_folder.label) {
        Some(sig) => sig,
        None if helped => String::new(),
        None => specs::sig_label(planner),
    };
    let runs_as = if sig.is_empty() { spec_folder_label.unwrap_or_default() } else { sig.clone() };
    specs::say_other_sigs(planner, file, tasks, &runs_as);
    let known = survey.specs();
    let label = known.labels.get(&sig).map_or("sig-compute", String::as_str);
    // The container that the file has goes on; what the gate needs stands inside of it then.
    let source = planner.survey.go(file)?;
    let is_new = source.is_none();
    let there = source.map(|source| Containers::of(&source)).unwrap_or_default();
    let labelled = |title: String| if helped || title.starts_with('[') { title } else { format!("[{label}]{title}") };
    let said = outermost(planner, tasks);
    let said = said.filter(|said| is_new || there.any(|known| known == labelled(said.clone())));
    let title = labelled(said.clone().unwrap_or_else(|| specs::title(file)));
    let other = if there.any(|known| known == title) { None } else { there.outermost(file).map(str::to_owned) };
    let (enable, own_enable) = if other.is_some() { (None, enable) } else { (enable, None) };
    let feature = planner.feature().name.clone();
    let mut needs = Vec::new();
    for &task in tasks {
        let needed = specs::decorators(planner, task, file);
        let is_serial = |one: &String| one == "Serial" && (enable.is_some() || own_enable.is_some());
        needs.push(needed.into_iter().filter(|one| !is_serial(one)).collect::<Vec<String>>());
    }
    // What all specs of a container that tasks state need is the container's.
    let of_all = needs.first().filter(|first| is_new && said.is_some() && needs.iter().all(|one| one == *first));
    let marks = of_all.cloned().unwrap_or_default();
    // Where a task states what its specs need, what others of the folder need is no guess of ours.
    let usual = if needs.iter().all(Vec::is_empty) { spec_folder.decorators.clone() } else { Vec::new() };
    if !helped || !usual.is_empty() {
        imports.push(decorators.clone());
    }
    let mut groups = Vec::new();
    for (&task, needed) in tasks.iter().zip(needs) {
        if needed.iter().any(|one| one.starts_with("decorators.")) && !imports.contains(&decorators) {
            imports.push(decorators.clone());
        }
        let needed = if marks.is_empty() { needed } else { Vec::new() };
        let own = SpecGroup::open(planner, task).into_iter();
        let own = own.map(|group| inside(group, said.as_deref().unwrap_or_default()));
        groups.extend(own.map(|group| group.with(own_enable.is_some().then_some(&feature), needed.clone())));
    }
    let title = other.unwrap_or(title);
    // A folder below `tests/` runs only if the suite imports it.
    let joins = if in_root || spec_folder.is_imported {
        None
    } else {
        let suite = RepoPath::known(SUITE);
        planner.open(&suite)?;
        Some((suite, ImportSpec::named("_", local(folder))))
    };
    let template = TestFile {
        header: survey.header().to_owned(),
        package: if in_root { "tests_test".to_owned() } else { survey.package_name(folder) },
        imports: import_declaration(&imports, survey.module()),
        opening,
        closing: closing.to_owned(),
        enable,
        own_enable,
        title: string(&title),
        marks,
        decorators: (!helped).then_some(sig).into_iter().chain(usual).collect(),
        launch: launch.map(|launch| launch.call),
        groups: specs::groups(&groups),
    };
    Ok(Facts { file: file.clone(), template, groups, joins })
}

impl Unit for Facts {
    fn files(&self) -> Vec<&RepoPath> {
        vec![&self.file]
    }

    fn render(&self, pending: &mut PendingFiles<'_>) -> Result<(), Refusal> {
        pending.write_go(&self.file, &self.template, &Declared::default())?;
        let Some((suite, spec)) = &self.joins else { return Ok(()) };
        let module = pending.module();
        pending.anchor_go(suite, |target| Ok(add_imports(target.text, target.file, std::slice::from_ref(spec), module)))
    }

    fn uses_gate(&self) -> bool {
        true
    }

    fn specs(&self, task: &str) -> Vec<(RepoPath, String)> {
        specs::expected(&self.groups, task, &self.file)
    }
}
