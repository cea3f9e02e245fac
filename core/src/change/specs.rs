//! Specs: functional tests, unit tests, and the suites that run them.

use serde::Serialize;

use super::desk::{Desk, Refusal};
use crate::go::{ImportSpec, add_imports, import_declaration, string, wrapped_string};
use crate::name::Name;
use crate::plan::{SpecGroup, SpecsUnit};
use crate::survey::{SUITE, SigHelper};
use crate::template::{Context, Template, Text};
use crate::tree::{file_name, join, parent};

pub(super) const GINKGO: &str = "github.com/onsi/ginkgo/v2";
pub(super) const GOMEGA: &str = "github.com/onsi/gomega";
const TESTUTILS: &str = "kubevirt.io/client-go/testutils";

pub(super) const TEMPLATES: &[Text] = &[FunctionalTest::FILE, UnitTest::FILE, Suite::FILE];

/// The specs of a task, ready for a template.
#[derive(Serialize, Context)]
pub(super) struct Group {
    title: String,
    specs: Vec<Spec>,
}

#[derive(Serialize, Context)]
pub(super) struct Spec {
    text: String,
    task: String,
}

#[derive(Serialize, Context, Template)]
#[template("scaffolds/functional-test/new/tests/__file__.go.hbs")]
struct FunctionalTest {
    header: String,
    package: String,
    imports: String,
    /// What opens the container, up to its title, and what closes it.
    opening: String,
    closing: String,
    /// The call that switches the gate on.
    enable: Option<String>,
    title: String,
    sig: Option<String>,
    launch: Option<String>,
    groups: Vec<Group>,
}

#[derive(Serialize, Context, Template)]
#[template("scaffolds/unit-test/new/pkg/__package__/__file___test.go.hbs")]
struct UnitTest {
    header: String,
    package: String,
    imports: String,
    title: String,
    groups: Vec<Group>,
}

#[derive(Serialize, Context, Template)]
#[template("scaffolds/unit-test/new/pkg/__package__/__package___suite_test.go.hbs")]
struct Suite {
    header: String,
    package: String,
    testutils: String,
    function: String,
}

pub(super) fn write(desk: &mut Desk<'_, '_>, unit: &SpecsUnit) -> Result<(), Refusal> {
    if unit.functional { functional(desk, unit) } else { unit_test(desk, unit) }
}

/// Groups as Go: texts that are told apart, in lines that are short enough.
pub(super) fn groups(groups: &[SpecGroup]) -> Vec<Group> {
    let mut seen: Vec<&str> = Vec::new();
    let mut result = Vec::new();
    for group in groups {
        let mut specs = Vec::new();
        let mut own: Vec<&str> = Vec::new();
        for text in &group.specs {
            if own.contains(&text.as_str()) {
                continue;
            }
            own.push(text);
            // The same words twice in one file would be one spec for every tool that looks.
            let shown = if seen.contains(&text.as_str()) { format!("{text} ({})", group.task) } else { text.clone() };
            seen.push(text);
            specs.push(Spec { text: wrapped_string(&shown, 5, 11, "\t\t\t"), task: group.task.clone() });
        }
        result.push(Group { title: wrapped_string(&group.title, 9, 11, "\t\t"), specs });
    }
    result
}

fn functional(desk: &mut Desk<'_, '_>, unit: &SpecsUnit) -> Result<(), Refusal> {
    let survey = desk.survey;
    let folder = parent(&unit.file);
    let in_root = folder == "tests";
    let helper = if in_root { None } else { survey.spec_folder(folder).helper };
    let local = |path: &str| join(survey.module(), path);
    let mut imports = vec![ImportSpec::named(".", GINKGO)];
    let enable = match (desk.gate(), survey.enable_gate()) {
        (Some(gate), Some((function, import))) => {
            let gates = survey.gates()?;
            imports.extend([gates.import(survey), import]);
            Some(format!("{function}({})", gates.qualified(&gate.identifier)))
        }
        _ => None,
    };
    let (opening, closing) = match &helper {
        Some(SigHelper::Arguments) => ("Describe(SIG".to_owned(), "}))"),
        Some(SigHelper::Container(name)) => (name.clone(), "})"),
        None => ("Describe".to_owned(), "})"),
    };
    if helper.is_none() {
        imports.push(ImportSpec::plain(local("tests/decorators")));
    }
    let launch = survey.launch();
    imports.extend(launch.iter().flat_map(|launch| launch.imports.clone()));
    let specs = survey.specs();
    let label = specs.labels.get(&unit.sig).map_or("sig-compute", String::as_str);
    let title = if helper.is_some() { unit.title.clone() } else { format!("[{label}]{}", unit.title) };
    let test = FunctionalTest {
        header: survey.header().to_owned(),
        package: if in_root { "tests_test".to_owned() } else { survey.package_name(folder) },
        imports: import_declaration(&imports, survey.module()),
        opening,
        closing: closing.to_owned(),
        enable,
        title: string(&title),
        sig: helper.is_none().then(|| unit.sig.clone()),
        launch: launch.map(|launch| launch.call),
        groups: groups(&unit.groups),
    };
    desk.write_go(&unit.file, &test)?;
    if in_root || survey.spec_folder(folder).is_imported { Ok(()) } else { join_suite(desk, folder) }
}

/// A folder below `tests/` runs only if the suite imports it.
fn join_suite(desk: &mut Desk<'_, '_>, folder: &str) -> Result<(), Refusal> {
    let module = desk.survey.module();
    let spec = ImportSpec::named("_", join(module, folder));
    desk.anchor_go(SUITE, |target| {
        let is_there = target.file.import(&spec.path).is_some();
        Ok(if is_there { Vec::new() } else { add_imports(target.text, target.file, &[spec], module) })
    })
}

fn unit_test(desk: &mut Desk<'_, '_>, unit: &SpecsUnit) -> Result<(), Refusal> {
    let survey = desk.survey;
    let folder = parent(&unit.file);
    let test = UnitTest {
        header: survey.header().to_owned(),
        package: survey.package(folder).test_name.clone(),
        imports: import_declaration(&[ImportSpec::named(".", GINKGO)], survey.module()),
        title: string(&unit.title),
        groups: groups(&unit.groups),
    };
    desk.write_go(&unit.file, &test)?;
    write_suite(desk, folder)
}

/// The suite of a package that has none: without it, specs are never run and everything passes.
pub(super) fn write_suite(desk: &mut Desk<'_, '_>, folder: &str) -> Result<(), Refusal> {
    let survey = desk.survey;
    let package = survey.package(folder);
    if package.has_suite {
        return Ok(());
    }
    let words = Name::parse(file_name(folder));
    let mut function = format!("Test{}", words.pascal());
    while survey.declares(folder, &function).is_some() {
        function.push_str("Suite");
    }
    let suite = Suite {
        header: survey.header().to_owned(),
        package: package.test_name.clone(),
        testutils: TESTUTILS.to_owned(),
        function,
    };
    desk.write_go(&join(folder, &format!("{}_suite_test.go", words.snake())), &suite)
}
