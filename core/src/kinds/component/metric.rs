//! Metrics: what tasks define, and where a package registers them.

use super::metric_help::{described, help, help_labels, is_apart};
use super::metric_lines::{PARTS, defines, is_item_of_one, metric_names, names, speaks};
use super::metric_place::{Stated, is_variable, stated_of};
use crate::demand::{Piece, Word, before_help, words};
use crate::name::Name;
use crate::plan::{Key, PlannedTask, Planner, Readings, TaskLine};
use crate::survey::Survey;
use crate::text::unquoted;
use crate::tree::{join, parent};

/// A metric of the operator-observability toolkit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::kinds) struct Metric {
    /// Its name, `kubevirt_…`.
    pub(in crate::kinds) name: String,
    /// What it measures.
    pub(in crate::kinds) help: String,
    /// It only ever grows.
    pub(in crate::kinds) is_counter: bool,
    /// It counts values in buckets.
    pub(in crate::kinds) is_histogram: bool,
    /// The task says that it has labels.
    pub(in crate::kinds) is_vector: bool,
    /// Its labels.
    pub(in crate::kinds) labels: Vec<String>,
    /// The bounds of its buckets, where the task states them.
    pub(in crate::kinds) buckets: Vec<String>,
    /// The lines below the title that say so.
    pub(in crate::kinds) lines: Vec<usize>,
    /// What the task says of its variable and of its list.
    pub(in crate::kinds) stated: Stated,
    /// Why it cannot be defined as the task says.
    pub(in crate::kinds) fault: Option<String>,
}

impl Metric {
    /// The Go variable that holds it.
    pub(in crate::kinds) fn variable(&self) -> String {
        let own = || Name::parse(self.name.trim_start_matches("kubevirt_")).camel();
        self.stated.variable.clone().unwrap_or_else(own)
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

/// Verbs of what changes a metric, and is no definition of it.
const CHANGES: &[&str] = &[
    "extend",
    "change",
    "update",
    "modify",
    "adjust",
    "rename",
    "remove",
    "drop",
    "deprecate",
    "fix",
    "stop",
    "replace",
    "delete",
    "split",
    "move",
    "teach",
    "let",
    "make",
];

/// The metrics that a task defines: `Define kubevirt_vmi_info InfoVec metric`, with a `Labels:` line.
pub(in crate::kinds) fn metrics(task: &PlannedTask) -> Vec<Metric> {
    task.once("metrics", || match apart(task) {
        parts if parts.len() > 1 => parts.iter().filter_map(read).collect(),
        _ => read(task).into_iter().collect(),
    })
}

/// The first of them.
pub(in crate::kinds) fn metric(task: &PlannedTask) -> Option<Metric> {
    metrics(task).into_iter().next()
}

/// A task of which several lines name a metric each, as a task for each of them; nothing where it is not certain which
/// metric a line with a part is about.
fn apart(task: &PlannedTask) -> Vec<PlannedTask> {
    let heads: Vec<usize> = (0..task.details.len()).filter(|at| !names(&task.details[*at]).is_empty()).collect();
    let of_head = |(index, at): (usize, &usize)| {
        let end = heads.get(index + 1).copied().unwrap_or(task.details.len());
        let own = std::iter::once(&task.details[*at])
            .chain(task.details[at + 1..end].iter().filter(|line| PARTS.contains(&line.key) || is_variable(&line.key)));
        own.cloned().collect::<Vec<TaskLine>>()
    };
    let parts: Vec<Vec<TaskLine>> = heads.iter().enumerate().map(of_head).collect();
    let has = |lines: &[TaskLine], key: &Key| lines.iter().any(|line| line.key == *key);
    // A part that one metric has, all have; else it may be that of all.
    let is_certain = PARTS.iter().all(|key| {
        let count = parts.iter().filter(|lines| has(lines, key)).count();
        count == parts.len() || !has(&task.details, key)
    });
    let is_certain = is_certain && heads.iter().all(|at| defines(&task.details[*at]));
    let mut all: Vec<&str> = heads.iter().flat_map(|at| names(&task.details[*at])).collect();
    let count = all.len();
    all.sort_unstable();
    all.dedup();
    if count != heads.len() || all.len() != count || !is_certain || metric_names(&task.title).next().is_some() {
        return Vec::new();
    }
    let one = |details| PlannedTask { details, readings: Readings::default(), ..task.clone() };
    parts.into_iter().map(one).collect()
}

fn read(task: &PlannedTask) -> Option<Metric> {
    let is_own = |line: &&TaskLine| {
        matches!(line.key, Key::Task | Key::Metric | Key::Content | Key::Name) || is_item_of_one(line)
    };
    let own = task.details.iter().filter(is_own).map(|line| line.text.as_str());
    let texts: Vec<&str> = own.chain([task.title.as_str()]).collect();
    let said = texts.iter().find_map(|text| {
        let name = metric_names(text).next()?;
        Some((name.to_owned(), &text[text.find(name)? + name.len()..]))
    });
    let (name, after) = said?;
    let lower = texts.join(" ").to_lowercase();
    let keyed = task.details(&[Key::Metric]).any(|text| text.contains(&name));
    let word =
        |word: &str| lower.split(|c: char| !c.is_alphanumeric()).any(|known| known.trim_end_matches('s') == word);
    let is_kind = ["counter", "gauge", "histogram", "summary", "summarie"].iter().any(|kind| word(kind));
    if !keyed && !is_kind && !["define", "add", "creat", "implement", "metric"].iter().any(|w| lower.contains(w)) {
        return None;
    }
    let stated = task.details(&[Key::Labels]).flat_map(|text| text.split(','));
    let stated = stated.map(|label| label.trim().trim_matches('`').to_owned()).filter(|label| !label.is_empty());
    let mut labels: Vec<String> = stated.collect();
    if labels.is_empty() {
        // A title may speak of labels and name none.
        let own = texts.iter().filter(|text| text.contains(&name)).map(|text| labelled(text));
        labels = own.into_iter().find(|labels| !labels.is_empty()).unwrap_or_default();
    }
    let is_histogram = word("histogram") || word("histogramvec");
    let is_gauge = word("gauge") || word("gaugevec") || word("infovec");
    let is_counter = !is_histogram && !is_gauge && (name.ends_with("_total") || word("counter") || word("countervec"));
    let written = task.details(&[Key::Help, Key::Description]).next().map(|text| unquoted(text).to_owned());
    let help = written.or_else(|| described(after)).unwrap_or_else(|| help(&name));
    let has_none = lower.contains("no label") || lower.contains("without label");
    if labels.is_empty() && !has_none {
        labels = help_labels(&help);
    }
    let is_vector = !labels.is_empty()
        || texts.iter().any(|text| text.contains(&name) && by(&words(text)).is_some())
        || texts.iter().any(|text| text.contains(&name) && is_grouped(text))
        || is_apart(&help) && !has_none
        || lower.contains("vec ")
        || lower.contains("vector")
        || word("label") && !has_none
        || lower.ends_with("vec");
    let (buckets, mut fault) = match buckets(&texts) {
        Ok(bounds) => (bounds, None),
        Err(why) => (Vec::new(), Some(why)),
    };
    if word("summary") && !is_histogram {
        fault = Some(format!("{name} is to be a summary, a kind that no metric of this checkout has"));
    }
    let verb = texts.iter().filter(|text| text.contains(&name)).find_map(|text| {
        let words = words(text);
        words.first().filter(|word| word.is(CHANGES)).map(|word| word.text.to_lowercase())
    });
    if let Some(verb) = verb {
        fault = Some(format!("the task asks to {verb} {name}, which is done by hand"));
    }
    if let Some(other) = texts.iter().flat_map(|text| metric_names(text)).find(|other| *other != name) {
        let why = format!("it names both {name} and {other}; state each metric on a `Metric:` line of its own");
        fault.get_or_insert(why);
    }
    // "Add label `x` to `kubevirt_y`" changes a metric that is there.
    let behind = |text: &&&str| {
        let words = words(text);
        let lead = words.iter().position(|word| word.is(&["label", "labels"]));
        let named = words.iter().position(|word| word.text.contains(&name));
        lead.zip(named).is_some_and(|(lead, named)| {
            lead < named && words[lead..named].iter().any(|word| word.is(&["to", "of", "on"]))
        })
    };
    if texts.iter().find(behind).is_some() && labels.is_empty() {
        fault = Some(format!("the labels of {name} are changed by hand, with what emits it"));
    }
    let said = stated_of(task, &name).unwrap_or_else(|why| {
        fault.get_or_insert(why);
        Stated::default()
    });
    let lines = task.details.iter().filter(|line| speaks(line, &name)).map(|line| line.line).collect();
    Some(Metric { name, help, is_counter, is_histogram, is_vector, labels, buckets, lines, stated: said, fault })
}

/// The labels that a line names: ``with labels `namespace`, name and `node` ``, `labelled by namespace`.
pub(super) fn labelled(text: &str) -> Vec<String> {
    let words = words(text);
    let is_lead =
        |word: &Word<'_>| word.is(&["labels", "label", "labelled", "labeled", "partitioned", "grouped", "keyed"]);
    let Some(at) = words.iter().position(is_lead).or_else(|| by(&words)) else { return Vec::new() };
    let mut found: Vec<String> = Vec::new();
    let mut joined = true;
    for (index, word) in words.iter().enumerate().skip(at + 1) {
        // In prose, what goes on behind a word tells that it is no label.
        let ends = words.get(index + 1).is_none_or(|next| {
            next.piece == Piece::Mark || next.is(&["and", "plus", "&", "to", "in", "for", "from", "on", "at", "with"])
        });
        let names = word.text.trim_matches(['[', ']', '{', '}']).split([',', ' ']).map(|name| name.trim_matches('"'));
        let names: Vec<&str> = names.filter(|name| !name.is_empty()).collect();
        let is_label = |name: &&str| {
            name.starts_with(|c: char| c.is_ascii_lowercase())
                && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        };
        if found.is_empty()
            && (word.is(&["by", "the", "are", "is", "of", "per"]) || word.is_mark(":") || word.is_mark("("))
        {
        } else if word.is_mark(",") || word.is(&["and", "plus", "&"]) {
            joined = true;
        } else if joined
            && word.piece != Piece::Mark
            && (word.piece == Piece::Code || ends)
            && names.iter().all(is_label)
        {
            found.extend(names.iter().map(|name| (*name).to_owned()));
            joined = false;
        } else {
            break;
        }
    }
    found
}

/// Where "by" stands directly behind the kind of a metric: "gauge by namespace".
fn by(words: &[Word<'_>]) -> Option<usize> {
    const KINDS: &[&str] =
        &["counter", "gauge", "histogram", "vec", "vector", "countervec", "gaugevec", "histogramvec"];
    words.windows(2).position(|two| two[0].is(KINDS) && two[1].is(&["by", "per"])).map(|at| at + 1)
}

/// Whether a line says that a metric has a series for each of something, before it says what the metric is: "per node",
/// "(by node and type)".
fn is_grouped(text: &str) -> bool {
    let words = words(before_help(text));
    words.windows(2).any(|two| {
        let opens = two[0].is_mark("(") || two[0].is_mark(",");
        let noun = two[1].piece != Piece::Mark && !two[1].text.starts_with(|c: char| c.is_ascii_digit());
        two[0].is(&["per"]) && noun && !two[1].is(&["second", "minute", "hour"]) || opens && two[1].is(&["by"])
    })
}

/// The bounds of buckets that lines state: "with buckets 0.1, 1 and 10".
fn buckets(texts: &[&str]) -> Result<Vec<String>, String> {
    let is_number = |text: &str| {
        let mut parts = text.splitn(2, '.');
        let digits = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit());
        parts.all(digits)
    };
    for text in texts {
        let words = words(text);
        let Some(at) = words.iter().position(|word| word.is(&["bucket", "buckets"])) else { continue };
        let mut found: Vec<String> = Vec::new();
        for word in &words[at + 1..] {
            let inner = word.text.trim_start_matches("[]float64").trim_matches(['{', '}', '[', ']']);
            let numbers: Vec<&str> = inner.split([',', ' ']).filter(|one| !one.is_empty()).collect();
            if word.piece != Piece::Mark && numbers.iter().all(|one| is_number(one)) {
                found.extend(numbers.iter().map(|one| (*one).to_owned()));
            } else if word.is(&["from", "between", "starting"]) && found.is_empty() {
                return Err("the buckets are not listed one by one".to_owned());
            } else if word.piece == Piece::Code && found.is_empty() {
                return Err(format!("the buckets `{}` are not a list of numbers", word.text));
            } else if !(word.piece == Piece::Mark || word.is(&["of", "and", "at", "are", "is", "the", "these"])) {
                break;
            }
        }
        if !found.is_empty() {
            return Ok(found);
        }
    }
    Ok(Vec::new())
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
    // Code in backticks says where, not what.
    let prose = |text: &str| text.split('`').step_by(2).collect::<String>().to_lowercase();
    let texts = task.details.iter().map(|line| line.text.as_str()).chain([task.title.as_str()]);
    let asks = |text: &str| text.contains("metric") && text.contains("regist");
    if !task.once("registers", || texts.map(prose).any(|text| asks(&text)))
        || wiring(planner.survey, folder).is_none_or(|wiring| wiring.file != path)
    {
        return false;
    }
    let defines = |index: &usize| metric(planner.task(*index)).is_some();
    planner.assigned.iter().any(|file| {
        file.place.as_ref().is_some_and(|place| parent(&place.path) == folder) && file.tasks.iter().any(defines)
    })
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
        for (text, labels) in [
            ("Add gauge `kubevirt_x_bytes` with labels namespace, name", vec!["namespace", "name"]),
            ("Add counter kubevirt_x_total (labels: `node` and `name`)", vec!["node", "name"]),
            ("Add gauge kubevirt_x labelled by namespace and counted per VMI", vec!["namespace"]),
            ("Add gauge kubevirt_x with label `node` for nodes", vec!["node"]),
            ("Add gauge kubevirt_x", vec![]),
            ("Report `kubevirt_x` as a gauge by namespace and name in `x/y.go`", vec!["namespace", "name"]),
            ("Count in `kubevirt_x`, a counter incremented by the node", vec![]),
            ("Add gauge `kubevirt_x` with labels `namespace`, `name` and `node`", vec!["namespace", "name", "node"]),
        ] {
            let found = metric(&PlannedTask::sample("Metric", &[("task", text)])).unwrap();
            let expected: Vec<String> = labels.into_iter().map(str::to_owned).collect();
            assert_eq!(found.labels, expected, "{text}");
            assert!(!found.help.to_lowercase().contains(" and "), "{text}: {}", found.help);
        }
        let two = PlannedTask::sample(
            "Load of guests",
            &[
                ("metric", "`kubevirt_load_1m` (gauge): Load of the last minute."),
                ("metric", "`kubevirt_loads_total` (counter): Number of loads that were read."),
                ("task", "`GuestCollector` collects the metrics"),
            ],
        );
        let read: Vec<(String, bool, usize)> =
            metrics(&two).into_iter().map(|one| (one.help, one.is_counter, one.lines.len())).collect();
        let expected = [("Load of the last minute.", false, 1), ("Number of loads that were read.", true, 1)];
        assert_eq!(read, expected.map(|(help, is_counter, lines)| (help.to_owned(), is_counter, lines)));
        for unclear in [
            [("metric", "`kubevirt_a`"), ("metric", "`kubevirt_b`"), ("labels", "node")],
            [("metric", "`kubevirt_a`"), ("task", "Like `kubevirt_b`, with the same labels"), ("", "")],
        ] {
            let task = PlannedTask::sample("Add two gauges", &unclear);
            assert!(metrics(&task).iter().all(|one| one.fault.is_some()));
        }
        let said = metric(&PlannedTask::sample(
            "Metric",
            &[("content", "`kubevirt_resyncs_total` counter, number of lost resyncs")],
        ));
        assert_eq!(said.unwrap().help, "Number of lost resyncs.");
    }
}
