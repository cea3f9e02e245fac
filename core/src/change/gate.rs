//! The feature gate: three edits that belong together, and its test.

use serde::Serialize;

use super::desk::{Desk, Refusal};
use crate::diagnostic::Diagnostic;
use crate::go::{FuncName, ImportSpec, comment_lines, import_declaration, string};
use crate::plan::{Gate, Stage};
use crate::survey::Judge;
use crate::template::{Context, Template, Text};
use crate::tree::parent;

pub(super) const TEMPLATES: &[Text] =
    &[Constant::FILE, Registration::FILE, Accessor::FILE, OwnFile::FILE, GateTest::FILE];

#[derive(Serialize, Context, Template)]
#[template("scaffolds/feature-gate/edit/pkg/virt-config/featuregate/active.go/constant.hbs")]
struct Constant {
    owner: String,
    stage: String,
    /// Nothing where no gate says since when it is there.
    release: Option<String>,
    description: Vec<String>,
    identifier: String,
    value: String,
}

#[derive(Serialize, Context, Template)]
#[template("scaffolds/feature-gate/edit/pkg/virt-config/featuregate/active.go/init.hbs")]
struct Registration {
    identifier: String,
    stage: String,
}

#[derive(Serialize, Context, Template)]
#[template("scaffolds/feature-gate/edit/pkg/virt-config/feature-gates.go/accessor.hbs")]
struct Accessor {
    accessor: String,
    constant: String,
}

#[derive(Serialize, Context, Template)]
#[template("scaffolds/feature-gate/new/pkg/virt-config/featuregate/__file__.go.hbs")]
struct OwnFile {
    header: String,
    package: String,
    owner: String,
    stage: String,
    release: Option<String>,
    description: Vec<String>,
    identifier: String,
    value: String,
}

#[derive(Serialize, Context, Template)]
#[template("scaffolds/feature-gate-test/new/pkg/virt-config/featuregate/__file___test.go.hbs")]
struct GateTest {
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

/// How wide the prose above a gate is.
const PROSE: usize = 95;

pub(super) fn write(desk: &mut Desk<'_, '_>, path: &str, own_file: bool) -> Result<(), Refusal> {
    let Some(gate) = desk.gate() else { return Ok(()) };
    let gates = desk.survey.gates()?;
    if own_file {
        desk.write_go(path, &own(desk, path, gate))?;
    } else {
        let constant = gates.constant(&gate.name).is_none();
        let registration = !gates.is_registered(&gate.identifier);
        let constant = if constant { Some(desk.render(&constant_of(gate))?) } else { None };
        let line = Registration { identifier: gate.identifier.clone(), stage: gate.stage.name().to_owned() };
        let registration = if registration { Some(desk.render(&line)?) } else { None };
        if constant.is_none() && registration.is_none() {
            return accessor(desk, gate);
        }
        desk.anchor_go(path, |target| {
            let constant = constant.map(|snippet| target.append_constant(&snippet)).transpose()?;
            let init = FuncName { receiver: None, name: "init" };
            let registration = registration.map(|snippet| target.append_statement(init, &snippet)).transpose()?;
            Ok(constant.into_iter().chain(registration).collect())
        })?;
    }
    accessor(desk, gate)
}

fn accessor(desk: &mut Desk<'_, '_>, gate: &Gate) -> Result<(), Refusal> {
    let gates = desk.survey.gates()?;
    let path = gates.accessors.path();
    if gates.accessor(&gate.identifier).is_some() {
        return Ok(());
    }
    if let Some(taken) = gates.accessors.file.method(Some("ClusterConfig"), &gate.accessor) {
        let message = format!("{path} has a method {} already, which asks for another gate", gate.accessor);
        let refusal = Diagnostic::error("gate-accessor", message).at(&gates.accessors.source, taken.span);
        return Err(refusal.help("choose another name with --gate"));
    }
    let helper = FuncName { receiver: Some("ClusterConfig"), name: "isFeatureGateEnabled" };
    let template = Accessor { accessor: gate.accessor.clone(), constant: gates.in_accessors(&gate.identifier) };
    let snippet = desk.render(&template)?;
    desk.anchor_go(path, |target| {
        target.require(helper)?;
        Ok(vec![target.append_declaration(&snippet)])
    })
}

fn constant_of(gate: &Gate) -> Constant {
    Constant {
        owner: comment_lines(&gate.owner, usize::MAX).concat(),
        stage: gate.stage.name().to_owned(),
        release: gate.release.clone(),
        description: comment_lines(&gate.description, PROSE),
        identifier: gate.identifier.clone(),
        value: string(&gate.name),
    }
}

fn own(desk: &Desk<'_, '_>, path: &str, gate: &Gate) -> OwnFile {
    let Constant { owner, stage, release, description, identifier, value } = constant_of(gate);
    let package = desk.survey.package_name(parent(path));
    let header = desk.survey.header().to_owned();
    OwnFile { header, package, owner, stage, release, description, identifier, value }
}

pub(super) fn write_test(desk: &mut Desk<'_, '_>, path: &str) -> Result<(), Refusal> {
    let Some(gate) = desk.gate() else { return Ok(()) };
    let survey = desk.survey;
    let gates = survey.gates()?;
    let mut imports = vec![
        ImportSpec::named(".", "github.com/onsi/ginkgo/v2"),
        ImportSpec::named(".", "github.com/onsi/gomega"),
        ImportSpec::named("v1", "kubevirt.io/api/core/v1"),
        gates.import(survey),
    ];
    let decides = gates.judge != Judge::Accessor;
    if !decides {
        imports.push(ImportSpec::plain(survey.import_path("pkg/testutils")));
    }
    let on = gate.stage == Stage::Beta && gates.judge == Judge::Package { beta_is_on: true };
    let test = GateTest {
        header: survey.header().to_owned(),
        // Its subject is named with its package, so it stands outside of it.
        package: format!("{}_test", survey.package_name(parent(path))),
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
    desk.write_go(path, &test)?;
    super::specs::write_suite(desk, parent(path))
}
