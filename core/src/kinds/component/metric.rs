//! Metrics: what tasks define, and where a package registers them.

use crate::name::{Name, lower_first};
use crate::plan::{Key, PlannedTask, Planner};
use crate::survey::Survey;
use crate::tree::{join, parent};

/// A metric of the operator-observability toolkit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Metric {
    /// Its name, `kubevirt_…`.
    pub(super) name: String,
    /// What it measures.
    pub(super) help: String,
    /// It only ever grows.
    pub(super) is_counter: bool,
    /// Its labels.
    pub(super) labels: Vec<String>,
}

impl Metric {
    /// The Go variable that holds it.
    pub(super) fn variable(&self) -> String {
        Name::parse(self.name.trim_start_matches("kubevirt_")).camel()
    }
}

/// A call that registers lists of metrics.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct MetricWiring {
    /// The file.
    pub(super) file: String,
    /// The function that makes the call.
    pub(super) function: String,
    /// The variable that lists the lists, where the call is given one.
    pub(super) list: Option<String>,
}

/// `Define kubevirt_vmi_info InfoVec metric`, with a `Labels:` line.
pub(super) fn metric(task: &PlannedTask) -> Option<Metric> {
    let texts: Vec<&str> =
        task.details(&[Key::Task, Key::Metric, Key::Content, Key::Name]).chain([task.title.as_str()]).collect();
    let is_name = |word: &&str| {
        word.starts_with("kubevirt_") && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    };
    let said = texts.iter().find_map(|text| {
        let name = text.split(['`', ' ', ',', '(', ')', ':']).find(is_name)?;
        Some((name.to_owned(), &text[text.find(name)? + name.len()..]))
    });
    let (name, after) = said?;
    let lower = texts.join(" ").to_lowercase();
    if lower.contains("histogram")
        || !["define", "add", "creat", "implement", "metric"].iter().any(|w| lower.contains(w))
    {
        return None;
    }
    let labels = task.details(&[Key::Labels]).flat_map(|text| text.split(','));
    let labels = labels.map(|label| label.trim().trim_matches('`').to_owned()).filter(|label| !label.is_empty());
    let is_counter = name.ends_with("_total") || lower.contains("counter");
    let written = task.details(&[Key::Help, Key::Description]).next().map(str::to_owned);
    let help = written.or_else(|| described(after)).unwrap_or_else(|| help(&name));
    Some(Metric { name, help, is_counter, labels: labels.collect() })
}

/// What stands behind a metric's name: `counter, number of throttled snapshots`.
fn described(after: &str) -> Option<String> {
    let marks = [" - ", " – ", " — ", ": ", ", "];
    let text = marks.iter().find_map(|mark| after.split_once(mark)).map(|(_, text)| text.replace('`', ""))?;
    let text = text.trim().trim_end_matches('.');
    let mut chars = text.chars();
    let first = chars.next().filter(|_| text.split(' ').count() > 2)?;
    Some(format!("{}{}.", first.to_uppercase(), chars.as_str()))
}

/// A metric's name as a sentence.
fn help(name: &str) -> String {
    let words = name.trim_start_matches("kubevirt_");
    let prose = |words: &str| Name::parse(words).title().split(' ').map(lower_first).collect::<Vec<_>>().join(" ");
    if let Some(subject) = words.strip_suffix("_info") {
        format!("Information about the {}.", prose(subject))
    } else if let Some(subject) = words.strip_suffix("_total") {
        format!("The total number of {}.", prose(subject))
    } else {
        format!("The {}.", prose(words))
    }
}

/// The call that registers the metrics of a package.
pub(super) fn wiring(survey: &Survey<'_>, folder: &str) -> Option<MetricWiring> {
    const CALLEE: &str = "operatormetrics.RegisterMetrics(";
    let function = "SetupMetrics";
    let file = join(folder, &survey.declares(folder, function)?);
    let source = survey.go(&file).ok().flatten()?;
    let body = source.file.func(function)?.span.of(source.source.text());
    let arguments = &body[body.find(CALLEE)? + CALLEE.len()..];
    let first = arguments.split(')').next()?.trim();
    let list = first.strip_suffix("...").map(str::to_owned);
    Some(MetricWiring { file, function: function.to_owned(), list })
}

/// Whether a task asks for the registration, in this file, of metrics that another task of this plan defines.
pub(super) fn registers(planner: &Planner<'_, '_>, path: &str, task: &PlannedTask) -> bool {
    let folder = parent(path);
    let defines = |index: &usize| metric(planner.task(*index)).is_some();
    let defined = planner.assigned.iter().any(|file| {
        file.place.as_ref().is_some_and(|place| parent(&place.path) == folder) && file.tasks.iter().any(defines)
    });
    // Code in backticks says where, not what.
    let prose = |text: &str| text.split('`').step_by(2).collect::<String>().to_lowercase();
    let mut texts = task.details.iter().map(|line| line.text.as_str()).chain([task.title.as_str()]).map(prose);
    let asks = texts.any(|text| text.contains("metric") && text.contains("regist"));
    defined && asks && wiring(planner.survey, folder).is_some_and(|wiring| wiring.file == path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metrics_are_read_from_prose() {
        let found = metric(&PlannedTask::sample(
            "Metric",
            &[("task", "Define `kubevirt_vmi_clock_info` InfoVec metric"), ("labels", "namespace, name")],
        ));
        let found = found.unwrap();
        assert_eq!(found.help, "Information about the VMI clock.");
        assert_eq!((found.is_counter, found.labels), (false, vec!["namespace".into(), "name".into()]));
        assert!(
            metric(&PlannedTask::sample("Metric", &[("task", "Add counter kubevirt_resyncs_total metric")]))
                .unwrap()
                .is_counter
        );
        assert_eq!(metric(&PlannedTask::sample("Metric", &[("task", "Define the metric")])), None);
        let said = metric(&PlannedTask::sample(
            "Metric",
            &[("content", "`kubevirt_resyncs_total` counter, number of lost resyncs")],
        ));
        assert_eq!(said.unwrap().help, "Number of lost resyncs.");
    }
}
