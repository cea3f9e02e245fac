//! The texts of components: stubs, constants, metrics.

use serde::Serialize;

use super::metric::Metric;
use super::stub::Stub;
use super::{Enumeration, Wanted};
use crate::go::{ImportSpec, comment_lines, import_declaration, string, wrapped_signature};
use crate::plan::Planner;
use crate::template::{Context, Template, Text};
use crate::tree::parent;

/// How wide comments in code are.
const COMMENT: usize = 110;

pub(super) const TEMPLATES: &[Text] = &[CodeFile::FILE, Register::FILE];

#[derive(Serialize, Context, Template, Debug)]
#[template("scaffolds/component/new/__folder__/__file__.go.hbs")]
pub(super) struct CodeFile {
    header: String,
    package: String,
    imports: Option<String>,
    enumerations: Vec<EnumerationContext>,
    metrics_list: String,
    metrics: Vec<MetricContext>,
    stubs: Vec<StubContext>,
}

#[derive(Serialize, Context, Debug)]
struct EnumerationContext {
    name: String,
    values_in_words: String,
    constants: Vec<String>,
}

#[derive(Serialize, Context, Debug)]
struct MetricContext {
    variable: String,
    constructor: String,
    name: String,
    help: String,
    labels: Option<String>,
}

#[derive(Serialize, Context, Debug)]
struct StubContext {
    task: String,
    doc: Vec<String>,
    unused: bool,
    receiver: String,
    #[serde(skip)]
    receiver_type: Option<String>,
    name: String,
    signature: String,
    guard: Option<String>,
    skipped: String,
    steps: Vec<String>,
    /// Variables that stand for results.
    declares: Vec<String>,
    returns: bool,
    result: String,
}

#[derive(Serialize, Context, Template, Debug)]
#[template("scaffolds/component/edit/pkg/monitoring/metrics/__component__/metrics.go/register.hbs")]
pub(super) struct Register {
    pub(super) metrics_list: String,
}

impl CodeFile {
    /// The names that it declares, each with the type of its receiver if it is a method.
    pub(super) fn names(&self) -> Vec<(Option<&str>, &str)> {
        let enumerations = self.enumerations.iter().flat_map(|enumeration| {
            let constants = enumeration.constants.iter().filter_map(|line| line.split(' ').next());
            std::iter::once(enumeration.name.as_str()).chain(constants)
        });
        let metrics = self.metrics.iter().map(|metric| metric.variable.as_str());
        let lists = (!self.metrics.is_empty()).then_some(self.metrics_list.as_str());
        let plain = enumerations.chain(metrics).chain(lists).map(|name| (None, name));
        plain.chain(self.stubs.iter().map(|stub| (stub.receiver_type.as_deref(), stub.name.as_str()))).collect()
    }
}

/// The file with what is wanted.
pub(super) fn code(planner: &Planner<'_, '_>, file: &str, wanted: &Wanted) -> CodeFile {
    let survey = planner.survey;
    let mut imports: Vec<ImportSpec> = wanted.stubs.iter().flat_map(|stub| stub.imports.clone()).collect();
    // A file that has `fmt` needs no other package for an error.
    let source = survey.go(file).ok().flatten();
    let has = |path: &str| source.as_ref().is_some_and(|source| source.file.import(path).is_some());
    let formats = has("fmt") && !has("errors");
    if wanted.stubs.iter().any(|stub| stub.fails() || stub.command(parent(file)).is_some()) {
        imports.push(ImportSpec::plain(if formats { "fmt" } else { "errors" }));
    }
    let error = if formats { "fmt.Errorf" } else { "errors.New" };
    if !wanted.metrics.is_empty() {
        imports.extend(survey.operator_metrics(parent(file)));
    }
    CodeFile {
        header: survey.header().to_owned(),
        package: survey.package_name(parent(file)),
        imports: (!imports.is_empty()).then(|| import_declaration(&imports, survey.module())),
        enumerations: wanted.enumerations.iter().map(enumeration).collect(),
        metrics_list: wanted.metrics_list.clone(),
        metrics: wanted.metrics.iter().map(|(_, known)| metric(known)).collect(),
        stubs: wanted.stubs.iter().map(|one| stub(one, parent(file), error)).collect(),
    }
}

fn enumeration(enumeration: &Enumeration) -> EnumerationContext {
    let name = &enumeration.name;
    let values = &enumeration.values;
    let width = values.iter().map(|(constant, _)| constant.len()).max().unwrap_or(0);
    let line = |(constant, value): &(String, String)| format!("{constant:width$} {name} = {}", string(value));
    let words: Vec<&str> = values.iter().map(|(_, value)| value.as_str()).collect();
    EnumerationContext {
        name: name.clone(),
        values_in_words: words.join(", "),
        constants: values.iter().map(line).collect(),
    }
}

fn metric(metric: &Metric) -> MetricContext {
    let kind = if metric.is_counter { "Counter" } else { "Gauge" };
    let vector = if metric.labels.is_empty() { "" } else { "Vec" };
    let labels: Vec<String> = metric.labels.iter().map(|label| string(label)).collect();
    MetricContext {
        variable: metric.variable(),
        constructor: format!("New{kind}{vector}"),
        name: metric.name.clone(),
        help: string(&metric.help),
        labels: (!labels.is_empty()).then(|| format!("[]string{{{}}}", labels.join(", "))),
    }
}

fn stub(stub: &Stub, folder: &str, error: &str) -> StubContext {
    let listed =
        |values: Vec<String>| if values.is_empty() { String::new() } else { format!(" {}", values.join(", ")) };
    let error = format!("{error}({})", string(&format!("{}: {} is not implemented", stub.task, stub.name)));
    let command = stub.command(folder).map(|name| command(&name, &error));
    let error = if stub.fails() { error.as_str() } else { "nil" };
    let returns = !stub.results.is_empty();
    // A stub that gives back no error says in a comment what is to be done.
    let mut steps: Vec<String> = [stub.says.as_slice(), &stub.steps].concat();
    // What one of them says, another one need not repeat.
    let all = steps.clone();
    let is_again = |at: usize| {
        all.iter()
            .enumerate()
            .any(|(other, text)| other != at && text.contains(&all[at]) && (other < at || *text != all[at]))
    };
    steps = (0..all.len()).filter(|at| !is_again(*at)).map(|at| all[at].clone()).collect();
    if steps.is_empty() && !stub.fails() && command.is_none() {
        steps.push(format!("{} is not implemented", stub.name));
    }
    let steps = steps.iter().flat_map(|step| comment_lines(&format!("{}: {step}", stub.task), COMMENT)).collect();
    StubContext {
        task: stub.task.clone(),
        doc: comment_lines(&stub.doc, COMMENT),
        unused: stub.unused,
        receiver: stub.receiver.clone(),
        receiver_type: stub.receiver_type().map(str::to_owned),
        name: stub.name.clone(),
        signature: wrapped_signature(stub.receiver.len() + stub.name.len(), &stub.signature),
        guard: stub.guard.clone(),
        skipped: listed(stub.values("nil")),
        steps,
        declares: stub
            .results
            .iter()
            .filter(|one| one.declared)
            .map(|one| format!("{} {}", one.zero, one.ty))
            .collect(),
        returns,
        result: command.map_or_else(|| listed(stub.values(error)), |command| format!(" {command}")),
    }
}

/// A command that says that it is not implemented: none at all would end every other one with a panic.
fn command(name: &str, error: &str) -> String {
    let run = format!("RunE: func(_ *cobra.Command, _ []string) error {{\n\t\t\treturn {error}\n\t\t}},");
    format!("&cobra.Command{{\n\t\tUse: {},\n\t\t{run}\n\t}}", string(name))
}
