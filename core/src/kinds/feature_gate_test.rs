//! The feature gate's test: specs that prove its registration, and pass at once.

use serde::Serialize;

use super::specs::{GINKGO, GOMEGA, SPEC_KEYS, Suite};
use crate::go::{ImportSpec, import_declaration};
use crate::pending::{Declared, PendingFiles, Refusal};
use crate::plan::{Assigned, Candidate, Claimed, Gate, Kind, ManualReason, Named, Planner, Role, Row, Unit, Use};
use crate::repo_path::RepoPath;
use crate::survey::{FEATURE_GATES, GateLookup, Stage};
use crate::template::{Context, Template, Text};
use crate::tree::parent;

#[derive(Debug)]
pub(super) struct FeatureGateTest;

#[derive(Serialize, Context, Template, Debug)]
#[template("scaffolds/feature-gate-test/new/pkg/virt-config/featuregate/__file___test.go.hbs")]
struct TestFile {
    header: String,
    package: String,
    imports: String,
    gate: String,
    constant: String,
    /// The package that answers, and the state that it should tell, where gates are registered.
    registry: Option<String>,
    stage: String,
    /// The package itself decides; elsewhere an accessor has to be asked.
    decides: bool,
    accessor: String,
    disables: bool,
    default: String,
    default_word: String,
}

#[derive(Debug)]
struct Facts {
    file: RepoPath,
    template: TestFile,
    suite: Option<Suite>,
}

impl Kind for FeatureGateTest {
    fn name(&self) -> &'static str {
        "feature-gate-test"
    }

    fn role(&self) -> Role {
        Role::Proof
    }

    fn row(&self) -> Row {
        Row { names: "`pkg/virt-config/featuregate/*_test.go`", makes: "specs that check the registration" }
    }

    fn templates(&self) -> &'static [Text] {
        &[TestFile::FILE]
    }

    /// Without a package of their own, gates are tested elsewhere than where the task asks for it.
    fn claim(&self, _: &Candidate<'_, '_>, named: &Named<'_>) -> Option<Claimed> {
        let Named::File { place, asked } = named else { return None };
        let own = parent(&place.path) == FEATURE_GATES || parent(asked) == FEATURE_GATES;
        (own && place.path.ends_with("_test.go")).then_some(Claimed::File)
    }

    fn plan(&self, planner: &mut Planner<'_, '_>, assigned: &Assigned) {
        let Some(place) = &assigned.place else { return };
        let Some(gate) = planner.gate().cloned() else {
            return planner.manual(&assigned.tasks, &ManualReason::NoGateToTest);
        };
        match facts(planner, &place.path, &gate) {
            Ok(facts) => {
                for &task in &assigned.tasks {
                    note(planner, task, &place.path);
                }
                planner.push(facts, &assigned.tasks);
            }
            Err(refusal) => planner.diagnose(refusal),
        }
    }
}

/// Notes the lines that ask for what the specs prove; another one is not read.
fn note(planner: &mut Planner<'_, '_>, task: usize, file: &RepoPath) {
    const PROVEN: &[&str] = &[
        "enabled",
        "disabled",
        "enable",
        "disable",
        "default",
        "unknown",
        "registered",
        "state",
        "stage",
        "accessor",
        "switch",
        "switched",
        "toggle",
        "toggled",
        "on",
        "off",
    ];
    let proves = |text: &str| {
        let lower = text.to_lowercase();
        lower.split(|c: char| !c.is_alphanumeric()).any(|word| PROVEN.contains(&word))
    };
    let lines = planner.task(task).lines_of(SPEC_KEYS).filter(|line| proves(&line.text));
    let lines: Vec<usize> = lines.map(|line| line.line).collect();
    for line in lines {
        planner.note(task, line, Use::Change, std::slice::from_ref(file));
    }
}

fn facts(planner: &mut Planner<'_, '_>, file: &RepoPath, gate: &Gate) -> Result<Facts, Refusal> {
    let survey = planner.survey;
    let gates = survey.gates()?;
    planner.open(file)?;
    let mut imports = vec![
        ImportSpec::named(".", GINKGO),
        ImportSpec::named(".", GOMEGA),
        ImportSpec::named("v1", "kubevirt.io/api/core/v1"),
        gates.import(survey),
    ];
    let decides = gates.lookup != GateLookup::Accessor;
    if !decides {
        imports.push(ImportSpec::plain(survey.import_path("pkg/testutils")));
    }
    let on = gate.stage == Stage::Beta && gates.lookup == GateLookup::Package { beta_is_on: true };
    let template = TestFile {
        header: survey.header().to_owned(),
        // Its subject is named with its package, so it stands outside of it.
        package: format!("{}_test", survey.package_name(parent(file))),
        imports: import_declaration(&imports, survey.module()),
        gate: gate.name.clone(),
        constant: gates.qualified(&gate.identifier),
        registry: gates.registers.then(|| gates.package.clone()),
        stage: gate.stage.name().to_owned(),
        decides,
        accessor: gate.accessor.clone(),
        disables: gates.disables,
        default: on.to_string(),
        default_word: if on { "enabled" } else { "disabled" }.to_owned(),
    };
    let suite = Suite::lacking(planner, parent(file))?;
    Ok(Facts { file: file.clone(), template, suite })
}

impl Unit for Facts {
    fn files(&self) -> Vec<&RepoPath> {
        vec![&self.file]
    }

    fn render(&self, pending: &mut PendingFiles<'_>) -> Result<(), Refusal> {
        pending.write_go(&self.file, &self.template, &Declared::default())?;
        Suite::render(self.suite.as_ref(), pending)
    }

    fn uses_gate(&self) -> bool {
        true
    }
}
