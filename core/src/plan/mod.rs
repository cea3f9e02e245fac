//! From tasks and a checkout to decisions: which file each task is about, and what is made of it.
//!
//! A plan holds no bytes of files yet. It says what will be rendered, for whom, and why; `change`
//! turns it into texts.

mod admission;
mod api;
mod classify;
mod component;
mod earlier;
mod feature;
mod functions;
mod gate_text;
pub mod guard;
mod hold;
mod life;
mod metric;
mod path;
mod prose;
mod select;
mod signature;
mod unit;

use std::collections::BTreeMap;

pub use admission::AdmissionUnit;
pub use api::ApiFieldUnit;
pub(crate) use api::has_field;
pub use component::{ComponentUnit, Enumeration, Stub};
pub use earlier::{Earlier, EarlierFile};
pub use feature::{Feature, Gate, GateChoice, Stage, slug};
pub use life::{GateState, GateStateUnit};
pub use metric::{Metric, MetricWiring};
pub use path::Placed;
pub use select::Selection;
pub use signature::zero;
pub use unit::{DocsUnit, GateLayout, SpecGroup, SpecsUnit, Unit, UnitKind};

use crate::diagnostic::{Diagnostic, has_errors};
use crate::survey::Survey;
use crate::task::{Placeholders, TaskFile};
use crate::text::{Source, Span};

/// What the user asked for on the command line.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Which tasks.
    pub selection: Selection,
    /// The values of placeholders.
    pub placeholders: Placeholders,
    /// Whether there is a feature gate, and how it is called.
    pub gate: GateChoice,
    /// Where it goes.
    pub layout: GateLayout,
    /// Who owns it.
    pub owner: Option<String>,
    /// The release that it first appears in.
    pub release: Option<String>,
    /// Its stage.
    pub stage: Option<Stage>,
    /// The documents beside tasks.md, as far as they are there.
    pub documents: Vec<Source>,
    /// Scaffold the implementation even if the constitution is not complied with yet.
    pub ignore_compliance: bool,
    /// What earlier runs have left in the checkout.
    pub earlier: Earlier,
    /// The command line, for diagnostics about it.
    pub command_line: Option<Source>,
}

impl Options {
    /// Puts a diagnostic where a word stands on the command line.
    pub fn point_at(&self, diagnostic: Diagnostic, word: &str) -> Diagnostic {
        match &self.command_line {
            Some(source) => {
                let start = source.text().find(word).unwrap_or(0);
                let end = if source.text()[start..].starts_with(word) { start + word.len() } else { start };
                diagnostic.at(source, Span::new(start, end))
            }
            None => diagnostic,
        }
    }
}

/// The kinds of scaffolds, as the JSON names them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Scaffold {
    /// A feature gate: constant, registration, accessor.
    FeatureGate,
    /// Another state of a feature gate.
    FeatureGateState,
    /// The gate's test.
    FeatureGateTest,
    /// Specs in `tests/`.
    FunctionalTest,
    /// Specs beside the code.
    UnitTest,
    /// A validation function, wired, with its test.
    Admission,
    /// Other Go code.
    Component,
    /// A field of the API.
    ApiField,
    /// A document.
    Docs,
    /// Nothing: people do it.
    Manual,
}

impl Scaffold {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::FeatureGate => "feature-gate",
            Self::FeatureGateState => "feature-gate-state",
            Self::FeatureGateTest => "feature-gate-test",
            Self::FunctionalTest => "functional-test",
            Self::UnitTest => "unit-test",
            Self::Admission => "admission",
            Self::Component => "component",
            Self::ApiField => "api-field",
            Self::Docs => "docs",
            Self::Manual => "manual",
        }
    }
}

/// A task with its placeholders filled in, and what becomes of it.
#[derive(Clone, Debug)]
pub struct PlannedTask {
    /// The index in the task file.
    pub index: usize,
    /// Its ID.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its title without the files that it names.
    pub subject: String,
    /// The number of its phase.
    pub phase: Option<String>,
    /// Its line.
    pub line: usize,
    /// The lines below it, by key.
    pub details: Vec<(String, String)>,
    /// "(if needed)".
    pub optional: bool,
    /// What is made of it.
    pub scaffold: Scaffold,
    /// Whether the user selected it.
    pub selected: bool,
}

impl PlannedTask {
    /// The texts of the lines with one of the keys.
    pub fn details<'a>(&'a self, keys: &'a [&'a str]) -> impl Iterator<Item = &'a str> {
        self.details.iter().filter(move |(key, _)| keys.contains(&key.as_str())).map(|(_, text)| text.as_str())
    }

    /// What is to be tested: the `Test:` and `Verify:` lines, or else the title.
    pub fn specs(&self) -> Vec<String> {
        let found: Vec<String> = self.details(&["test", "tests", "verify", "scenario"]).map(str::to_owned).collect();
        if found.is_empty() { vec![self.subject.clone()] } else { found }
    }
}

#[cfg(test)]
impl PlannedTask {
    /// A task of a test.
    fn sample(title: &str, details: &[(&str, &str)]) -> Self {
        Self {
            index: 0,
            id: "T004".into(),
            title: title.into(),
            subject: title.into(),
            phase: None,
            line: 1,
            details: details.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())).collect(),
            optional: false,
            scaffold: Scaffold::Component,
            selected: true,
        }
    }
}

/// A task, or a part of one, that is left to people.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Manual {
    /// The index in [`Plan::tasks`].
    pub task: usize,
    /// Why.
    pub reason: String,
}

/// A task that must wait.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Held {
    /// The index in [`Plan::tasks`].
    pub task: usize,
    /// Why.
    pub reason: String,
}

/// Everything decided.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The feature that the tasks are about.
    pub feature: Feature,
    /// Every task of the file, in order.
    pub tasks: Vec<PlannedTask>,
    /// What is rendered, in the order of the tasks.
    pub units: Vec<Unit>,
    /// What is left to people.
    pub manual: Vec<Manual>,
    /// What is held back.
    pub held: Vec<Held>,
    /// Make targets that tasks name in a `Command:` line: target and task.
    pub commands: BTreeMap<String, usize>,
    /// What there is to say.
    pub diagnostics: Vec<Diagnostic>,
}

impl Plan {
    /// Whether something in the input is refused.
    pub fn is_refused(&self) -> bool {
        has_errors(&self.diagnostics)
    }

    /// The files that a task asks for.
    pub fn files(&self, task: usize) -> Vec<String> {
        let units = self.units.iter().filter(|unit| unit.tasks.contains(&task));
        let mut files: Vec<String> = units.flat_map(|unit| unit.kind.files()).map(str::to_owned).collect();
        files.sort();
        files.dedup();
        files
    }

    /// Why a task is left to people, if it is.
    pub fn left(&self, task: usize) -> Option<&str> {
        self.manual.iter().find(|manual| manual.task == task).map(|manual| manual.reason.as_str())
    }
}

/// Decides what becomes of every task.
pub fn plan(file: &TaskFile, survey: &Survey<'_>, options: &Options) -> Plan {
    let mut diagnostics = Vec::new();
    let feature_name = feature::name(file, options, &mut diagnostics);
    let mut tasks = select::tasks(file, options, &mut diagnostics);
    let mut held = Vec::new();
    let mut resolver = classify::Classifier { file, survey, options, tasks: &mut tasks, diagnostics: &mut diagnostics };
    resolver.classify();
    hold::Gates { file, survey, options, tasks: &mut tasks, held: &mut held, diagnostics: &mut diagnostics }.apply();
    let mut resolver = classify::Classifier { file, survey, options, tasks: &mut tasks, diagnostics: &mut diagnostics };
    let assignment = resolver.assign(&held);
    let feature = feature::feature(feature_name, file, survey, options, &assignment, &tasks, &mut diagnostics);
    let mut plan = Plan {
        feature,
        tasks,
        units: Vec::new(),
        manual: assignment.manual.clone(),
        held,
        commands: assignment.commands.clone(),
        diagnostics,
    };
    unit::build(&mut plan, &assignment, survey, options, file);
    plan.manual.sort_by_key(|manual| manual.task);
    plan
}
