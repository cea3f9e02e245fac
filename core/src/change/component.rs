//! Other Go code: stubs, constants, metrics.

use serde::Serialize;

use super::desk::{Desk, Refusal};
use crate::go::{FuncName, ImportSpec, LINE, comment_lines, import_declaration, string};
use crate::name::Name;
use crate::plan::{ComponentUnit, Enumeration, Metric, MetricWiring, Stub};
use crate::template::{Context, Template, Text};
use crate::tree::{join, parent};

/// How wide comments in code are.
const COMMENT: usize = 110;

pub(super) const TEMPLATES: &[Text] = &[Component::FILE, Configurator::FILE, Register::FILE];

#[derive(Serialize, Context, Template)]
#[template("scaffolds/component/new/__folder__/__file__.go.hbs")]
struct Component {
    header: String,
    package: String,
    imports: Option<String>,
    enumerations: Vec<EnumerationContext>,
    metrics_list: String,
    metrics: Vec<MetricContext>,
    stubs: Vec<StubContext>,
}

#[derive(Serialize, Context)]
struct EnumerationContext {
    name: String,
    values_in_words: String,
    constants: Vec<String>,
}

#[derive(Serialize, Context)]
struct MetricContext {
    variable: String,
    constructor: String,
    name: String,
    help: String,
    labels: Option<String>,
}

#[derive(Serialize, Context)]
struct StubContext {
    task: String,
    doc: Vec<String>,
    unused: bool,
    receiver: String,
    name: String,
    signature: String,
    guard: Option<String>,
    skipped: String,
    steps: Vec<String>,
    returns: bool,
    result: String,
}

#[derive(Serialize, Context, Template)]
#[template("scaffolds/component/new/pkg/virt-launcher/virtwrap/converter/compute/__file__.go.hbs")]
struct Configurator {
    header: String,
    package: String,
    imports: String,
    doc: Vec<String>,
    name: String,
    receiver: String,
    task: String,
    steps: Vec<String>,
}

#[derive(Serialize, Context, Template)]
#[template("scaffolds/component/edit/pkg/monitoring/metrics/__component__/metrics.go/register.hbs")]
struct Register {
    metrics_list: String,
}

pub(super) fn write(desk: &mut Desk<'_, '_>, unit: &ComponentUnit) -> Result<(), Refusal> {
    if let Some(stub) = &unit.configurator {
        configurator(desk, unit, stub)?;
    }
    if unit.configurator.is_none() || !unit.stubs.is_empty() {
        component(desk, unit)?;
    }
    match &unit.wiring {
        Some(wiring) => register(desk, unit, wiring),
        None => Ok(()),
    }
}

fn component(desk: &mut Desk<'_, '_>, unit: &ComponentUnit) -> Result<(), Refusal> {
    if unit.stubs.is_empty() && unit.enumerations.is_empty() && unit.metrics.is_empty() {
        return Ok(());
    }
    let survey = desk.survey;
    let mut imports: Vec<ImportSpec> = unit.stubs.iter().flat_map(|stub| stub.imports.clone()).collect();
    if unit.stubs.iter().any(|stub| stub.results.iter().any(|ty| ty == "error")) {
        imports.push(ImportSpec::plain("errors"));
    }
    if !unit.metrics.is_empty() {
        imports.extend(survey.operator_metrics(parent(&unit.file)));
    }
    let template = Component {
        header: survey.header().to_owned(),
        package: survey.package_name(parent(&unit.file)),
        imports: (!imports.is_empty()).then(|| import_declaration(&imports, survey.module())),
        enumerations: unit.enumerations.iter().map(enumeration).collect(),
        metrics_list: unit.metrics_list.clone(),
        metrics: unit.metrics.iter().map(metric).collect(),
        stubs: unit.stubs.iter().map(stub).collect(),
    };
    desk.write_go(&unit.file, &template)
}

fn enumeration(enumeration: &Enumeration) -> EnumerationContext {
    let name = &enumeration.name;
    let constants: Vec<String> =
        enumeration.values.iter().map(|value| format!("{name}{}", Name::parse(value).pascal())).collect();
    let width = constants.iter().map(String::len).max().unwrap_or(0);
    let line = |(constant, value): (&String, &String)| format!("{constant:width$} {name} = {}", string(value));
    EnumerationContext {
        name: name.clone(),
        values_in_words: enumeration.values.join(", "),
        constants: constants.iter().zip(&enumeration.values).map(line).collect(),
    }
}

fn metric(metric: &Metric) -> MetricContext {
    let kind = if metric.is_counter { "Counter" } else { "Gauge" };
    let vector = if metric.labels.is_empty() { "" } else { "Vec" };
    let labels: Vec<String> = metric.labels.iter().map(|label| string(label)).collect();
    MetricContext {
        variable: Name::parse(metric.name.trim_start_matches("kubevirt_")).camel(),
        constructor: format!("New{kind}{vector}"),
        name: metric.name.clone(),
        help: string(&metric.help),
        labels: (!labels.is_empty()).then(|| format!("[]string{{{}}}", labels.join(", "))),
    }
}

fn stub(stub: &Stub) -> StubContext {
    let listed =
        |values: Vec<String>| if values.is_empty() { String::new() } else { format!(" {}", values.join(", ")) };
    let error = format!("errors.New({})", string(&format!("{}: {} is not implemented", stub.task, stub.name)));
    let returns = !stub.results.is_empty();
    // A stub that can give back no error says in a comment what is to be done.
    let mut steps = stub.steps.clone();
    if steps.is_empty() && !stub.results.iter().any(|ty| ty == "error") {
        steps.push(format!("{} is not implemented", stub.name));
    }
    let steps = steps.iter().flat_map(|step| comment_lines(&format!("{}: {step}", stub.task), COMMENT)).collect();
    StubContext {
        task: stub.task.clone(),
        doc: comment_lines(&stub.doc, COMMENT),
        unused: stub.unused,
        receiver: stub.receiver.clone(),
        name: stub.name.clone(),
        signature: wrapped_signature(stub),
        guard: stub.guard.clone(),
        skipped: listed(stub.values("nil")),
        steps,
        returns,
        result: listed(stub.values(&error)),
    }
}

/// A signature on one line, or with its parameters on a line of their own.
fn wrapped_signature(stub: &Stub) -> String {
    let length = "func ".len() + stub.receiver.len() + stub.name.len() + stub.signature.len() + " {".len();
    let close = stub.signature.find(')').filter(|_| length > LINE);
    match close {
        Some(close) => format!("(\n\t{},\n{}", &stub.signature[1..close], &stub.signature[close..]),
        None => stub.signature.clone(),
    }
}

fn configurator(desk: &mut Desk<'_, '_>, unit: &ComponentUnit, stub: &Stub) -> Result<(), Refusal> {
    let survey = desk.survey;
    let imports = [
        ImportSpec::plain("errors"),
        ImportSpec::named("v1", "kubevirt.io/api/core/v1"),
        ImportSpec::plain(join(survey.module(), "pkg/virt-launcher/virtwrap/api")),
    ];
    let steps = stub.steps.iter().flat_map(|step| comment_lines(&format!("{}: {step}", stub.task), COMMENT)).collect();
    let template = Configurator {
        header: survey.header().to_owned(),
        package: survey.package_name(parent(&unit.file)),
        imports: import_declaration(&imports, survey.module()),
        doc: comment_lines(&stub.doc, COMMENT),
        receiver: stub.name.chars().next().unwrap_or('c').to_lowercase().collect(),
        name: stub.name.clone(),
        task: stub.task.clone(),
        steps,
    };
    desk.write_go(&unit.file, &template)
}

/// Registers a list of metrics where the others are registered.
fn register(desk: &mut Desk<'_, '_>, unit: &ComponentUnit, wiring: &MetricWiring) -> Result<(), Refusal> {
    const CALLEE: &str = "operatormetrics.RegisterMetrics";
    let snippet = desk.render(&Register { metrics_list: unit.metrics_list.clone() })?;
    let tasks = wiring_tasks(desk, wiring);
    desk.on_behalf_of(tasks);
    desk.anchor_go(&wiring.file, |target| {
        let uses = target.file.tokens.iter().any(|token| token.span.of(target.text) == unit.metrics_list);
        if uses {
            return Ok(Vec::new());
        }
        let function = FuncName { receiver: None, name: &wiring.function };
        let edit = match &wiring.list {
            Some(list) => target.append_element(list, &unit.metrics_list)?,
            None => match target.append_argument(function, CALLEE, &unit.metrics_list)? {
                Some(edit) => edit,
                None => target.beside_call(function, CALLEE, &snippet)?,
            },
        };
        Ok(vec![edit])
    })
}

/// The tasks that define the metric, and those that speak of the file it is registered in.
fn wiring_tasks(desk: &Desk<'_, '_>, wiring: &MetricWiring) -> std::collections::BTreeSet<usize> {
    use crate::plan::UnitKind;
    let concerned = desk.plan.units.iter().filter(|unit| match &unit.kind {
        UnitKind::Component(component) => {
            component.file == wiring.file || component.wiring.as_ref() == Some(wiring) && !component.metrics.is_empty()
        }
        _ => false,
    });
    let defines = |task: &usize, unit: &crate::plan::Unit| match &unit.kind {
        UnitKind::Component(component) if component.file != wiring.file => {
            component.metrics.iter().any(|metric| metric.task == desk.plan.tasks[*task].id)
        }
        _ => true,
    };
    concerned
        .flat_map(|unit| unit.tasks.iter().copied().filter(|task| defines(task, unit)).collect::<Vec<_>>())
        .collect()
}
