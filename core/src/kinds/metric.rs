//! Metrics in files that have some: the variable, and its entry in the list that is registered or collected.

use serde::Serialize;

use super::component::{Component, Metric, Place, metrics};
use super::metric_list::{self, Entries, LIST, variable_of};
use crate::go::{AnchorError, DeclKind, ImportSpec, Target, Value, add_imports, indent, string, wrapped_string};
use crate::pending::{PendingFiles, Refusal};
use crate::plan::{Assigned, Candidate, Claimed, Kind, ManualReason, Named, Planner, Role, Row, Unit, Use};
use crate::repo_path::RepoPath;
use crate::survey::{GoSource, Survey};
use crate::template::{Context, Template, Text};
use crate::text::{Span, TextEdit, next_line};
use crate::tree::{join, parent};

#[derive(Debug)]
pub(super) struct MetricKind;

#[derive(Serialize, Context, Template, Debug)]
#[template("scaffolds/metric/edit/pkg/monitoring/metrics/__component__/__file__.go/metric.hbs")]
struct MetricText {
    variable: String,
    constructor: String,
    name: String,
    help: String,
    buckets: Option<String>,
    labels: Option<String>,
}

#[derive(Debug)]
struct Facts {
    file: RepoPath,
    text: MetricText,
    imports: Vec<ImportSpec>,
    /// The collector or list that it joins, where the task names it.
    list: Option<String>,
    place: Option<Place>,
}

/// The folder of all metrics.
const METRICS: &str = "pkg/monitoring/metrics";

impl Kind for MetricKind {
    fn name(&self) -> &'static str {
        "metric"
    }

    fn role(&self) -> Role {
        Role::Implementation
    }

    fn row(&self) -> Row {
        Row {
            names: "a metric, in a file that already defines some",
            makes: "its definition, and its entry in the file's list or collector",
        }
    }

    fn templates(&self) -> &'static [Text] {
        &[MetricText::FILE]
    }

    fn claim(&self, task: &Candidate<'_, '_>, named: &Named<'_>) -> Option<Claimed> {
        let Named::File { place, .. } = named else { return None };
        let is_code = place.path.ends_with(".go") && !place.path.ends_with("_test.go");
        if !is_code || !place.path.starts_with(METRICS) {
            return None;
        }
        let metrics = metrics(task.planned);
        let is_unclear = |metric: &Metric| {
            metric.fault.is_some() || metric.is_histogram || metric.is_vector && metric.labels.is_empty()
        };
        if metrics.is_empty() {
            return None;
        }
        let unclear = metrics.iter().any(is_unclear);
        let known = task.survey.operator_metrics(parent(&place.path)).is_some();
        (known && (unclear || place.exists)).then_some(Claimed::File)
    }

    fn plan(&self, planner: &mut Planner<'_, '_>, assigned: &Assigned) {
        let Some(place) = &assigned.place else { return };
        let mut variables = Vec::new();
        for &task in &assigned.tasks {
            for metric in metrics(planner.task(task)) {
                plan(planner, &place.path, task, &metric);
                variables.push(metric.variable());
            }
        }
        if place.exists {
            Component::plan_functions(planner, assigned, &variables);
        }
    }
}

/// Plans one metric of a task.
fn plan(planner: &mut Planner<'_, '_>, file: &RepoPath, task: usize, metric: &Metric) {
    let (facts, rest) = match facts(planner.survey, file, metric) {
        Ok(found) => found,
        Err(reason) => return planner.manual(&[task], &reason),
    };
    if let Err(refusal) = planner.open(file) {
        return planner.diagnose(refusal);
    }
    for line in &metric.lines {
        planner.note(task, *line, Use::Change, std::slice::from_ref(file));
    }
    planner.push(facts, &[task]);
    if let Some(rest) = rest {
        planner.manual(&[task], &rest);
    }
}

/// The metric as its file has it, and what is left to people.
fn facts(survey: &Survey<'_>, file: &RepoPath, metric: &Metric) -> Result<(Facts, Option<ManualReason>), ManualReason> {
    let inexact = |why: String, places: Vec<String>| ManualReason::Inexact { why, places };
    let name = &metric.name;
    if let Some(why) = &metric.fault {
        let source = survey.go(file).ok().flatten();
        let at = source.and_then(|source| {
            let at = source.source.text().find(&format!("\"{name}\""))?;
            Some(format!("{file}:{}", source.source.line(at)))
        });
        return Err(inexact(why.clone(), at.into_iter().collect()));
    }
    if metric.is_vector && metric.labels.is_empty() {
        return Err(inexact(format!("the task says that {name} has labels, and names none"), Vec::new()));
    }
    let source = survey.go(file).ok().flatten();
    let Some(source) = source else {
        return Err(inexact(
            format!("{file} does not exist, so its list and its registration are unknown"),
            Vec::new(),
        ));
    };
    let target = source.target();
    let listed = entries(&source, file, metric)?;
    let place = match &metric.stated.place {
        Some(Place::Before(other, of_list) | Place::Behind(other, of_list)) if !listed.holds(target.text, other) => {
            if *of_list {
                return Err(inexact(
                    format!("{other}, beside which {name} is to be listed, is not in the list"),
                    Vec::new(),
                ));
            }
            None
        }
        place => place.clone(),
    };
    let made = definitions(&source);
    let known =
        made.iter().find(|(_, text)| text.contains(&format!("\"{name}\""))).map(|(variable, _)| variable.clone());
    if let (Some(known), Some(stated)) = (&known, &metric.stated.variable)
        && known != stated
    {
        return Err(inexact(
            format!("{name} is defined already, and its variable is {known}, not {stated}"),
            Vec::new(),
        ));
    }
    let variable = known.clone().unwrap_or_else(|| metric.variable());
    let folder = parent(file);
    if known.is_none() && survey.declares(folder, &variable).is_some() {
        return Err(inexact(
            format!("{variable} is declared in {folder}/ already, and is not a variable of {name}"),
            Vec::new(),
        ));
    }
    if let Some((_, text)) = made.iter().find(|(variable, _)| Some(variable) == known.as_ref()) {
        let spells = text.contains("[]string{\"") || !text.contains("[]string");
        let other = metric.labels.iter().find(|label| spells && !text.contains(&string(label)));
        if let Some(label) = other {
            let place = target_place(&source, file, &variable);
            return Err(inexact(format!("{name} is defined already, without the label {label}"), place));
        }
    }
    let (buckets, mut imports) = (histogram_buckets(survey, folder, metric)?, Vec::new());
    if buckets.is_some() {
        imports
            .extend(survey.imported(folder, "prometheus").filter(|import| source.file.import(&import.path).is_none()));
    }
    let kind = match (metric.is_histogram, metric.is_counter) {
        (true, _) => "Histogram",
        (false, true) => "Counter",
        _ => "Gauge",
    };
    let vector = if metric.labels.is_empty() { "" } else { "Vec" };
    let labels: Vec<String> = metric.labels.iter().map(|label| string(label)).collect();
    let text = MetricText {
        variable: variable.clone(),
        constructor: format!("New{kind}{vector}"),
        name: name.clone(),
        // A field's value is spaced as an expression by itself.
        help: wrapped_string(&metric.help, 18, 2, "\t\t\t").replace("+\n", " +\n"),
        buckets,
        labels: (!labels.is_empty()).then(|| format!("[]string{{{}}}", labels.join(", "))),
    };
    let rest = emitted(survey, &source, &variable, name);
    let list = metric.stated.list.clone();
    Ok((Facts { file: file.clone(), text, imports, list, place }, rest))
}

/// Where a file declares a name, as `path:line`.
fn target_place(source: &GoSource, file: &RepoPath, name: &str) -> Vec<String> {
    let target = source.target();
    let at = target.text.find(&format!("{name} ")).filter(|_| !name.is_empty());
    at.map(|at| format!("{file}:{}", source.source.line(at))).into_iter().collect()
}

/// The list that a metric joins: of the collector that the task names, or the only one of its file.
fn entries(source: &GoSource, file: &RepoPath, metric: &Metric) -> Result<Entries, ManualReason> {
    let inexact = |why: String, places: Vec<String>| ManualReason::Inexact { why, places };
    let (target, name) = (source.target(), &metric.name);
    if let Some(list) = &metric.stated.list {
        let at = target.file.declares(list).map(|decl| format!("{file}:{}", source.source.line(decl.span.start)));
        let why = match at {
            Some(_) => format!("the metrics of {list} are not listed one by one, so {name} is added by hand"),
            None => format!("{file} declares no {list}, which is to list {name}"),
        };
        return metric_list::named(&target, list).ok().flatten().ok_or_else(|| inexact(why, at.into_iter().collect()));
    }
    let lists = target.values_of(LIST).unwrap_or_default();
    let at = |list: &Value| format!("{file}:{}", source.source.line(list.body.start));
    // A list that the file itself reads holds metrics of one sort, which may be another one.
    if let [list] = lists.as_slice()
        && let Some((variable, line)) = reader(source, list)
    {
        let why = format!("whether {name} belongs to {variable}, which is read at {file}:{line}, is not certain");
        return Err(inexact(why, lists.iter().map(at).collect()));
    }
    metric_list::only(&target).ok().flatten().ok_or_else(|| {
        let why = match lists.len() {
            0 => format!("{file} has no list of metrics for {name}"),
            count => format!("{file} has {count} lists of metrics"),
        };
        inexact(why, lists.iter().map(at).collect())
    })
}

/// The variable that a list is the value of, and the line of a loop over it or of what is put together from it.
fn reader(source: &GoSource, list: &Value) -> Option<(String, usize)> {
    let text = source.source.text();
    let variable = variable_of(&source.target(), list.body)?;
    let reads = [format!("range {variable} "), format!("append({variable},")];
    let at = reads.iter().filter_map(|read| text.find(read)).min()?;
    Some((variable, source.source.line(at)))
}

/// The metrics that a file defines: the variable, and the text of its definition.
fn definitions(source: &GoSource) -> Vec<(String, String)> {
    let text = source.source.text();
    let vars = source.file.decls.iter().filter(|decl| decl.kind == DeclKind::Var);
    let mut found = Vec::new();
    for decl in vars {
        for (index, name) in decl.names.iter().enumerate() {
            let end = decl.names.get(index + 1).map_or(decl.span.end, |next| next.span.start);
            let own = &text[name.span.end..end];
            if own.trim_start_matches([' ', '=']).starts_with("operatormetrics.New") {
                found.push((name.text.clone(), own.to_owned()));
            }
        }
    }
    found
}

/// The buckets of a histogram: those that the task states, or those that its neighbours have.
fn histogram_buckets(survey: &Survey<'_>, folder: &str, metric: &Metric) -> Result<Option<String>, ManualReason> {
    match metric.buckets.as_slice() {
        _ if !metric.is_histogram => Ok(None),
        [] => buckets(survey, folder, &metric.name).map(Some),
        bounds => Ok(Some(format!("[]float64{{{}}}", bounds.join(", ")))),
    }
}

/// The buckets that all histograms of a package have.
fn buckets(survey: &Survey<'_>, folder: &str, name: &str) -> Result<String, ManualReason> {
    let mut found: Vec<(String, String)> = Vec::new();
    for file in survey.go_files(folder).iter().filter(|file| !file.ends_with("_test.go")) {
        let path = join(folder, file);
        let Ok(Some(source)) = survey.go(&path) else { continue };
        for value in source.target().values_of("prometheus.HistogramOpts").unwrap_or_default() {
            let element = value.elements.iter().find(|element| element.key.as_deref() == Some("Buckets"));
            let Some((_, text)) = element.and_then(|element| element.span.of(source.source.text()).split_once(':'))
            else {
                continue;
            };
            let line = source.source.line(value.body.start);
            found.push((text.trim().to_owned(), format!("{path}:{line}")));
        }
    }
    match found.first() {
        Some((first, _)) if found.iter().all(|(text, _)| text == first) => Ok(first.clone()),
        _ => {
            let why = format!("{name} is a histogram, and {folder}/ has no buckets that all its histograms share");
            Err(ManualReason::Inexact { why, places: found.into_iter().map(|(_, place)| place).collect() })
        }
    }
}

/// Where a collector emits its metrics, if the file's list is one's, or the place of the others; nothing once the metric
/// is used beyond its list.
fn emitted(survey: &Survey<'_>, source: &GoSource, variable: &str, name: &str) -> Option<ManualReason> {
    let text = source.source.text();
    let collector = source.target().values_of("operatormetrics.Collector").unwrap_or_default();
    let callback = collector.iter().find_map(|value| {
        let element = value.elements.iter().find(|element| element.key.as_deref() == Some("CollectCallback"))?;
        Some(element.span.of(text).split_once(':')?.1.trim().to_owned())
    });
    let methods = source.file.decls.iter().filter(|decl| decl.kind == DeclKind::Func && decl.receiver.is_some());
    let collects = methods.into_iter().find(|decl| decl.name() == "Collect");
    let decl = callback.as_deref().and_then(|name| source.file.func(name)).or(collects);
    let uses = source.file.tokens.iter().filter(|token| token.span.of(text) == variable).count();
    let elsewhere = || {
        let folder = parent(source.path());
        survey.go_files(folder).iter().filter(|file| join(folder, file) != source.path()).any(|file| {
            survey.go(&join(folder, file)).ok().flatten().is_some_and(|other| {
                let text = other.source.text();
                text.contains(variable) && other.file.tokens.iter().any(|token| token.span.of(text) == variable)
            })
        })
    };
    let decl = decl.filter(|_| uses <= 2 && !elsewhere())?;
    let line = source.source.line(decl.span.start);
    let why = format!("what {} emits for {name} is written by hand", decl.name());
    Some(ManualReason::Inexact { why, places: vec![format!("{}:{line}", source.path())] })
}

impl Facts {
    fn edits(&self, target: &Target<'_>, module: &str, definition: &str) -> Result<Vec<TextEdit>, AnchorError> {
        let missing = |expected: &str| AnchorError::Missing {
            expected: expected.to_owned(),
            candidates: Vec::new(),
            near: target.file.package.span,
        };
        let variable = &self.text.variable;
        let entries = match &self.list {
            Some(list) => metric_list::named(target, list)?,
            None => metric_list::only(target)?,
        };
        let entries = entries.ok_or_else(|| missing("one list of metrics"))?;
        let mut edits = Vec::new();
        if !entries.holds(target.text, variable) {
            edits.push(entries.edit(target, variable, self.place.as_ref())?);
        }
        if target.file.declares(variable).is_none() {
            let groups = target.file.decls.iter().filter(|decl| decl.kind == DeclKind::Var && decl.body.is_some());
            let holds = |decl: &&crate::go::Decl| decl.span.of(target.text).contains("operatormetrics.New");
            let group = groups.into_iter().rfind(holds).ok_or_else(|| missing("a group of metrics, `var ( … )`"))?;
            edits.push(TextEdit::insert(behind_last(target, group), indent(definition.trim_start_matches('\n'), "\t")));
            if let Some(edit) = edits.last_mut() {
                edit.text.insert(0, '\n');
            }
            edits.extend(add_imports(target.text, target.file, &self.imports, module));
        }
        edits.sort_by_key(|edit| edit.span.start);
        Ok(edits)
    }
}

/// The line behind the last metric of a group.
fn behind_last(target: &Target<'_>, group: &crate::go::Decl) -> usize {
    let close = group.span.end - 1;
    let text = target.text;
    let defines = |start: usize| text[start..].trim_start_matches([' ', '=']).starts_with("operatormetrics.New");
    let last = group.names.iter().rposition(|name| defines(name.span.end));
    let next = last.and_then(|last| group.names.get(last + 1)).map_or(close, |next| next.span.start);
    let own = Span::new(last.map_or(group.span.start, |last| group.names[last].span.start), next).of(text);
    // The definition ends with its parenthesis; a comment or blank lines before the next variable are not its own.
    let end = own.rfind("\n\t)").map_or(own.trim_end().len(), |at| at + 3);
    next_line(text, next - own.len() + end)
}

impl Unit for Facts {
    fn files(&self) -> Vec<&RepoPath> {
        vec![&self.file]
    }

    fn render(&self, pending: &mut PendingFiles<'_>) -> Result<(), Refusal> {
        let (definition, module) = (pending.render(&self.text)?, pending.module());
        pending.anchor_go(&self.file, |target| self.edits(target, module, &definition))
    }

    fn outdates(&self) -> Option<String> {
        Some(format!("{} changes the list of metrics in docs/observability", self.text.name))
    }
}
