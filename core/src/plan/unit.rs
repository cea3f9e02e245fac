//! What is rendered: one unit for each file, or for each bundle of edits that belong together.

use super::admission::{self, AdmissionUnit};
use super::api::{self, ApiFieldUnit};
use super::classify::{Assigned, Assignment};
use super::component::{self, ComponentUnit};
use super::feature::sig;
use super::life::GateStateUnit;
use super::{Manual, Options, Plan, Scaffold};
use crate::diagnostic::Diagnostic;
use crate::name::{Name, lower_first};
use crate::survey::{FEATURE_GATES, Survey};
use crate::task::TaskFile;
use crate::tree::{file_name, parent};

/// Something to render.
#[derive(Clone, Debug)]
pub struct Unit {
    /// What.
    pub kind: UnitKind,
    /// The tasks that ask for it: indices in [`Plan::tasks`]. None if only the command line does.
    pub tasks: Vec<usize>,
}

/// The kinds of things to render.
#[derive(Clone, Debug)]
pub enum UnitKind {
    /// The feature gate: constant and registration in `file`, and the accessor.
    Gate {
        /// The file.
        file: String,
        /// It is a file of its own, to be made.
        own_file: bool,
    },
    /// Another state of a gate.
    GateState(GateStateUnit),
    /// The gate's test.
    GateTest {
        /// The file.
        file: String,
    },
    /// A file of specs.
    Specs(SpecsUnit),
    /// A validation function.
    Admission(AdmissionUnit),
    /// Other Go code.
    Component(ComponentUnit),
    /// A field of the API.
    ApiField(ApiFieldUnit),
    /// A document.
    Docs(DocsUnit),
}

impl UnitKind {
    /// The files that it is written to, besides those that it is wired into.
    pub fn files(&self) -> Vec<&str> {
        match self {
            Self::Gate { file, .. } | Self::GateTest { file } => vec![file],
            Self::GateState(unit) => vec![&unit.file],
            Self::Specs(unit) => vec![&unit.file],
            Self::Admission(unit) => vec![&unit.file, &unit.test_file],
            Self::Component(unit) => vec![&unit.file],
            Self::ApiField(unit) => vec![&unit.file],
            Self::Docs(unit) => vec![&unit.file],
        }
    }
}

/// A file of Ginkgo specs.
#[derive(Clone, Debug)]
pub struct SpecsUnit {
    /// The file.
    pub file: String,
    /// The specs run against a cluster.
    pub functional: bool,
    /// The text of the outermost container.
    pub title: String,
    /// The SIG label of functional specs: `SigCompute`.
    pub sig: String,
    /// The specs, by task.
    pub groups: Vec<SpecGroup>,
}

/// The specs of one task.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SpecGroup {
    /// The task's ID.
    pub task: String,
    /// The text of the container.
    pub title: String,
    /// The texts of the specs.
    pub specs: Vec<String>,
}

/// A document.
#[derive(Clone, Debug)]
pub struct DocsUnit {
    /// The file.
    pub file: String,
    /// Its title.
    pub title: String,
    /// Its sections: heading and task.
    pub sections: Vec<(String, String)>,
    /// It says how the feature is switched on.
    pub shows_gate: bool,
}

/// Where a new feature gate goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum GateLayout {
    /// Where the task says.
    #[default]
    Named,
    /// Into the file with the other gates, as upstream does.
    Active,
}

/// Fills in the units of a plan.
pub(super) fn build(plan: &mut Plan, assigned: &Assignment, survey: &Survey<'_>, options: &Options, file: &TaskFile) {
    if plan.is_refused() {
        return;
    }
    let mut builder = Builder { plan, assigned, survey, options, file };
    builder.gate();
    for file in &assigned.files {
        builder.file(file);
    }
    builder.check_gate();
}

pub(super) struct Builder<'a, 't> {
    pub(super) plan: &'a mut Plan,
    pub(super) assigned: &'a Assignment,
    pub(super) survey: &'a Survey<'t>,
    pub(super) options: &'a Options,
    pub(super) file: &'a TaskFile,
}

impl Builder<'_, '_> {
    pub(super) fn manual(&mut self, tasks: &[usize], reason: &str) {
        let entries = tasks.iter().map(|&task| Manual { task, reason: reason.to_owned() });
        self.plan.manual.extend(entries);
    }

    pub(super) fn push(&mut self, kind: UnitKind, tasks: &[usize]) {
        self.plan.units.push(Unit { kind, tasks: tasks.to_vec() });
    }

    /// The gate, once, however many tasks speak of it.
    fn gate(&mut self) {
        let makers: Vec<&Assigned> =
            self.assigned.files.iter().filter(|file| file.scaffold == Scaffold::FeatureGate).collect();
        let tasks: Vec<usize> = makers.iter().flat_map(|maker| maker.tasks.iter().copied()).collect();
        let Some(gate) = self.plan.feature.gate.clone() else {
            self.manual(&tasks, "no feature gate is made");
            return;
        };
        if makers.is_empty() && !matches!(self.options.gate, super::GateChoice::Named(_)) {
            return;
        }
        let Ok(gates) = self.survey.gates() else { return };
        // A new file of its own is made only where a task names one and the gate is nowhere yet.
        let named = makers.iter().filter_map(|maker| maker.place.as_ref());
        let own =
            named.filter(|place| !place.exists && parent(&place.path) == FEATURE_GATES).map(|place| place.path.clone());
        let own = own.into_iter().next();
        let declared = gates.constant(&gate.name).map(|(file, _)| file.source.path().to_owned());
        let (file, own_file) = match (declared, own, self.options.layout) {
            (Some(file), _, _) => (file, false),
            (None, Some(own), GateLayout::Named) => {
                let message =
                    format!("{own} is made, as the task says; upstream keeps active gates in {}", gates.active);
                let note = Diagnostic::note("gate-layout", message).help("pass --gate-layout active to put it there");
                let path = tasks.iter().find_map(|&task| self.file.tasks[self.plan.tasks[task].index].paths.first());
                self.plan.diagnostics.push(match path {
                    Some(path) => note.at(&self.file.source, path.span),
                    None => note,
                });
                (own, true)
            }
            _ => (gates.active.clone(), false),
        };
        self.push(UnitKind::Gate { file, own_file }, &tasks);
    }

    fn file(&mut self, file: &Assigned) {
        if file.scaffold == Scaffold::FeatureGateState {
            file.tasks.iter().for_each(|&task| self.gate_state(task));
            return;
        }
        let Some(place) = &file.place else { return };
        let tasks = file.tasks.as_slice();
        match file.scaffold {
            Scaffold::FeatureGateTest if self.plan.feature.gate.is_none() => {
                self.manual(tasks, "no feature gate is made, so there is nothing to test");
            }
            Scaffold::FeatureGateTest => self.push(UnitKind::GateTest { file: place.path.clone() }, tasks),
            Scaffold::FunctionalTest | Scaffold::UnitTest => {
                let unit = self.specs(&place.path, file.scaffold == Scaffold::FunctionalTest, tasks);
                self.push(UnitKind::Specs(unit), tasks);
            }
            Scaffold::Admission => match admission::unit(self, place, tasks) {
                Ok(unit) => self.push(UnitKind::Admission(unit), tasks),
                Err(diagnostic) => self.plan.diagnostics.push(diagnostic),
            },
            Scaffold::Component => {
                let outcome = component::outcome(self, place, tasks);
                for (task, reason) in outcome.manual {
                    self.manual(&[task], &reason);
                }
                if !outcome.tasks.is_empty() {
                    self.push(UnitKind::Component(outcome.unit), &outcome.tasks);
                }
            }
            Scaffold::ApiField => match api::unit(self, place, tasks) {
                Ok(unit) => self.push(UnitKind::ApiField(unit), tasks),
                Err(reason) => self.manual(tasks, &reason),
            },
            Scaffold::Docs => {
                let unit = self.docs(&place.path, tasks);
                self.push(UnitKind::Docs(unit), tasks);
            }
            Scaffold::FeatureGate | Scaffold::FeatureGateState | Scaffold::Manual => {}
        }
    }

    fn specs(&self, file: &str, functional: bool, tasks: &[usize]) -> SpecsUnit {
        let folder = parent(file);
        let sig = if functional { self.sig_label(folder) } else { String::new() };
        let groups = tasks.iter().map(|&task| self.spec_group(task)).collect();
        SpecsUnit { file: file.to_owned(), functional, title: sentence(&super::path::stem(file)), sig, groups }
    }

    pub(super) fn spec_group(&self, task: usize) -> SpecGroup {
        let task = &self.plan.tasks[task];
        let specs = task.specs().iter().map(|text| lower_first(text)).collect();
        SpecGroup { task: task.id.clone(), title: container(&task.subject), specs }
    }

    /// The SIG of a folder's specs; in `tests/` itself, that of the gate's owner or of the code.
    fn sig_label(&self, folder: &str) -> String {
        let specs = self.survey.specs();
        if folder != "tests"
            && let Some(label) = self.survey.spec_folder(folder).label
        {
            return label;
        }
        let owner = self.plan.feature.gate.as_ref().map(|gate| gate.owner.as_str());
        let owned = owner.and_then(|owner| {
            let named = specs.labels.iter().filter(|(_, text)| owner.contains(text.as_str()));
            named.max_by_key(|(_, text)| text.len()).map(|(label, _)| label.clone())
        });
        let code = sig(self.assigned);
        let by_code = || specs.labels.iter().find(|(_, text)| *text == code).map(|(label, _)| label.clone());
        owned.or_else(by_code).unwrap_or_else(|| "SigCompute".to_owned())
    }

    fn docs(&self, file: &str, tasks: &[usize]) -> DocsUnit {
        let mut sections = Vec::new();
        for &task in tasks {
            let task = &self.plan.tasks[task];
            let heading = |content: &str| content.trim_matches(['#', ' ', '.']).to_owned();
            let contents = task.details(&["content", "contents", "section", "sections"]).flat_map(listed);
            sections.extend(contents.map(|content| (heading(&content), task.id.clone())));
        }
        let stem = file_name(file).trim_end_matches(".md");
        let name = Name::parse(stem);
        let feature = &self.plan.feature.name;
        let title = if name == Name::parse(feature) { feature.clone() } else { name.title() };
        let shows_gate = self.plan.feature.gate.is_some() && !stem.contains("troubleshoot");
        DocsUnit { file: file.to_owned(), title, sections, shows_gate }
    }

    /// Code that asks for a gate that is not there would not compile.
    fn check_gate(&mut self) {
        let Some(gate) = self.plan.feature.gate.as_ref().filter(|gate| !gate.usable) else { return };
        let maker = self.plan.tasks.iter().find(|task| task.scaffold == Scaffold::FeatureGate);
        let uses = |unit: &&Unit| match &unit.kind {
            UnitKind::GateTest { .. } | UnitKind::Admission(_) => true,
            UnitKind::Specs(specs) => specs.functional,
            UnitKind::Component(component) => component.uses_gate(),
            UnitKind::Gate { .. } | UnitKind::GateState(_) | UnitKind::ApiField(_) | UnitKind::Docs(_) => false,
        };
        let Some(user) = self.plan.units.iter().find(uses).and_then(|unit| unit.tasks.first()) else { return };
        let task = &self.plan.tasks[*user];
        let (source, span) = (&self.file.source, self.file.tasks[task.index].span);
        let maker = maker.map_or_else(|| "another task".to_owned(), |maker| maker.id.clone());
        let message =
            format!("{} needs the feature gate {}, which {maker} makes and which is not there yet", task.id, gate.name);
        let help = format!("add {maker} to the selection, or scaffold it first");
        self.plan.diagnostics.push(Diagnostic::error("gate-missing", message).at(source, span).help(help));
    }
}

/// The headings in a `Content:` line: `overview, configuration; limits` has three.
fn listed(content: &str) -> Vec<String> {
    let is_short = |part: &str| part.split_whitespace().count() <= 4;
    let mut parts: Vec<&str> = content.split(';').collect();
    if parts.len() == 1 {
        let by_comma: Vec<&str> = content.split(',').collect();
        if by_comma.iter().all(|part| is_short(part)) {
            parts = by_comma;
        }
    }
    let parts = parts.into_iter().map(|part| part.trim().trim_start_matches("and ").trim());
    let capital = |part: &str| {
        let mut chars = part.chars();
        chars.next().map(|first| first.to_uppercase().chain(chars).collect::<String>())
    };
    parts.filter_map(capital).collect()
}

/// `Guest heartbeat integration`: a name as a sentence begins.
pub(super) fn sentence(name: &Name) -> String {
    let title = name.title();
    let mut words = title.split(' ');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |text, word| format!("{text} {}", lower_first(word)))
}

/// The text of a container: what a task tests, without saying that it is a test.
fn container(title: &str) -> String {
    let says_test = |text: &str| text.to_lowercase().contains("test");
    let about = [" - ", " – ", " — ", ": "].iter().find_map(|mark| {
        let (before, after) = title.split_once(mark)?;
        match (says_test(before), says_test(after)) {
            (true, false) => Some(after),
            (false, true) => Some(before),
            _ => None,
        }
    });
    about.unwrap_or(title).split(' ').map(lower_first).collect::<Vec<_>>().join(" ")
}
