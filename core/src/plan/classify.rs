//! Which scaffold each file of a task needs.

use std::collections::BTreeMap;

use super::life;
use super::path::{Checker, Outcome, Placed};
use super::{Held, Manual, Options, PlannedTask, Scaffold};
use crate::diagnostic::Diagnostic;
use crate::survey::{ACCESSORS, FEATURE_GATES, Survey};
use crate::task::{Style, Task, TaskFile, TaskPath};
use crate::tree::{file_name, parent};

/// A file, and the tasks that are about it, in order.
#[derive(Clone, Debug)]
pub(super) struct Assigned {
    pub(super) scaffold: Scaffold,
    /// Nothing for a feature gate that no task names a file for.
    pub(super) place: Option<Placed>,
    /// Indices in the list of tasks.
    pub(super) tasks: Vec<usize>,
}

/// Every file that some selected task is about, and what is left to people.
#[derive(Clone, Debug, Default)]
pub(super) struct Assignment {
    pub(super) files: Vec<Assigned>,
    pub(super) manual: Vec<Manual>,
    pub(super) commands: BTreeMap<String, usize>,
}

pub(super) struct Classifier<'a, 't> {
    pub(super) file: &'a TaskFile,
    pub(super) survey: &'a Survey<'t>,
    pub(super) options: &'a Options,
    pub(super) tasks: &'a mut [PlannedTask],
    pub(super) diagnostics: &'a mut Vec<Diagnostic>,
}

impl Classifier<'_, '_> {
    /// Gives every task the scaffold that its first file needs.
    pub(super) fn classify(&mut self) {
        for index in 0..self.tasks.len() {
            self.tasks[index].scaffold = self.guess(&self.file.tasks[self.tasks[index].index]);
        }
    }

    /// Finds the files of the selected tasks.
    pub(super) fn assign(&mut self, held: &[Held]) -> Assignment {
        let mut assignment = Assignment::default();
        let mut missing: Vec<(String, Diagnostic)> = Vec::new();
        for index in 0..self.tasks.len() {
            let task = &self.file.tasks[self.tasks[index].index];
            if self.tasks[index].selected {
                self.tasks[index].scaffold = Scaffold::Manual;
                self.commands(index, &mut assignment);
                self.task(index, task, &mut assignment, &mut missing);
            } else if held.iter().any(|held| held.task == index) {
                // What is missing in it is better known now than once it is let through.
                for path in &task.paths {
                    self.resolve(path, &mut missing);
                }
            }
        }
        self.report(missing);
        assignment
    }

    fn task(
        &mut self,
        index: usize,
        task: &Task,
        assignment: &mut Assignment,
        missing: &mut Vec<(String, Diagnostic)>,
    ) {
        let is_gate = self.is_gate_task(task);
        let changes_state = life::target(task, self.survey).is_some();
        if changes_state {
            self.add(assignment, index, Scaffold::FeatureGateState, None);
        }
        if task.paths.is_empty() {
            if changes_state {
                return;
            }
            if is_gate {
                self.add(assignment, index, Scaffold::FeatureGate, None);
            } else {
                assignment.manual.push(Manual { task: index, reason: self.without_file(index) });
            }
            return;
        }
        for path in &task.paths {
            let Some(raw) = self.resolve(path, missing) else { continue };
            for raw in braces(&raw) {
                let span = path.span;
                let (survey, source) = (self.survey, &self.file.source);
                let mut checker = Checker { survey, source, span, diagnostics: self.diagnostics };
                let Some(outcome) = checker.check(&raw) else { continue };
                if let (Outcome::File(place), Some(note)) = (&outcome, &path.note) {
                    checker.expect_there(place, note);
                }
                match outcome {
                    // The gate's own files go with its state.
                    Outcome::File(place) if changes_state && holds_gates(&place.path) => {}
                    Outcome::File(place) => match self.scaffold(&place, &raw) {
                        Ok(scaffold) => self.add(assignment, index, scaffold, Some(place)),
                        Err(reason) => assignment.manual.push(Manual { task: index, reason }),
                    },
                    Outcome::Folder(folder) if changes_state && folder == FEATURE_GATES => {}
                    Outcome::Folder(folder) if is_gate && folder == FEATURE_GATES => {
                        self.add(assignment, index, Scaffold::FeatureGate, None);
                    }
                    Outcome::Folder(folder) => {
                        let reason = format!("{folder}/ is a folder; the task names no file in it");
                        assignment.manual.push(Manual { task: index, reason });
                    }
                    Outcome::Manual(reason) => assignment.manual.push(Manual { task: index, reason }),
                }
            }
        }
    }

    fn without_file(&self, index: usize) -> String {
        let title = self.tasks[index].title.to_lowercase();
        if ["make generate", "make bazel-generate"].iter().any(|command| title.contains(command)) {
            return "the steps that follow run it where it is needed".to_owned();
        }
        "the task names no file".to_owned()
    }

    /// One file is made once, whoever asks for it.
    fn add(&mut self, assignment: &mut Assignment, task: usize, scaffold: Scaffold, place: Option<Placed>) {
        if self.tasks[task].scaffold == Scaffold::Manual {
            self.tasks[task].scaffold = scaffold;
        }
        match assignment.files.iter_mut().find(|file| file.scaffold == scaffold && file.place == place) {
            Some(known) if known.tasks.contains(&task) => {}
            Some(known) => known.tasks.push(task),
            None => assignment.files.push(Assigned { scaffold, place, tasks: vec![task] }),
        }
    }

    fn resolve(&self, path: &TaskPath, missing: &mut Vec<(String, Diagnostic)>) -> Option<String> {
        let (text, open) = self.options.placeholders.resolve(&path.text, Style::Path);
        if open.is_empty() {
            return Some(text);
        }
        for placeholder in open {
            if missing.iter().any(|(key, _)| *key == placeholder.key) {
                continue;
            }
            let shown = placeholder.span.of(&path.text);
            let diagnostic = Diagnostic::error("placeholder", format!("the placeholder `{shown}` has no value"))
                .at(&self.file.source, placeholder.span.shifted(path.span.start));
            missing.push((placeholder.key, diagnostic));
        }
        None
    }

    /// All placeholders without a value, each with its flag; the first with all of them.
    fn report(&mut self, missing: Vec<(String, Diagnostic)>) {
        let flag = |key: &str| match key {
            "component" => "--set component=handler".to_owned(),
            "component2" => "--set component2=controller".to_owned(),
            "feature" => "--set feature=guest-heartbeat".to_owned(),
            key => format!("--set {key}=NAME"),
        };
        // What follows from the feature needs no flag of its own.
        let follows = |key: &str| matches!(key, "detection_logic" | "integration");
        let flags: Vec<String> = missing.iter().filter(|(key, _)| !follows(key)).map(|(key, _)| flag(key)).collect();
        for (index, (key, diagnostic)) in missing.into_iter().enumerate() {
            let help = match (index, flags.len()) {
                (0, 2..) => format!("pass {}; all that is missing: {}", flag(&key), flags.join(" ")),
                _ if follows(&key) => format!("it follows from --set feature=…, or pass {}", flag(&key)),
                _ => format!("pass {}", flag(&key)),
            };
            self.diagnostics.push(diagnostic.help(help));
        }
    }

    /// A task that asks for a gate without naming a file.
    fn is_gate_task(&self, task: &Task) -> bool {
        let title = task.title.text.to_lowercase();
        let group = task.group.map(|group| self.file.groups[group].title.to_lowercase()).unwrap_or_default();
        let acts = ["regist", "setup", "set up", "add", "implement", "creat", "defin", "introduc"];
        let about_gate = title.contains("feature gate") || group.contains("feature gate") && title.contains("regist");
        about_gate && !title.contains("test") && acts.iter().any(|act| title.contains(act) || group.contains(act))
    }

    /// The scaffold for a file, or why there is none. Without a package of their own, gates are tested
    /// elsewhere than where the task asks for it.
    fn scaffold(&self, place: &Placed, asked: &str) -> Result<Scaffold, String> {
        let path = place.path.as_str();
        let (folder, name) = (parent(path), file_name(path));
        if name.ends_with(".md") {
            return Ok(Scaffold::Docs);
        }
        if matches!(name, "BUILD.bazel" | "BUILD") {
            return Err(format!("{path} is brought up to date with the Go files beside it"));
        }
        if !name.ends_with(".go") {
            return Err(format!("{path} is neither Go nor Markdown"));
        }
        let is_test = name.ends_with("_test.go");
        Ok(if is_test && (folder == FEATURE_GATES || parent(asked) == FEATURE_GATES) {
            Scaffold::FeatureGateTest
        } else if folder == FEATURE_GATES || path == ACCESSORS {
            Scaffold::FeatureGate
        } else if folder == "tests" || folder.starts_with("tests/") && self.holds_specs(folder, is_test) {
            Scaffold::FunctionalTest
        } else if is_test {
            Scaffold::UnitTest
        } else if self.survey.entry_point(folder).is_some() {
            Scaffold::Admission
        } else if folder.starts_with("staging/src/kubevirt.io/api/") && matches!(name, "types.go" | "schema.go") {
            Scaffold::ApiField
        } else {
            Scaffold::Component
        })
    }

    /// A folder that the suite runs, or a new one; the others below `tests/` hold helpers.
    fn holds_specs(&self, folder: &str, is_test: bool) -> bool {
        !is_test
            && (self.survey.specs().folders.iter().any(|known| known == folder)
                || self.survey.go_files(folder).is_empty())
    }

    /// What a task that is not selected would be, for the list of tasks.
    fn guess(&self, task: &Task) -> Scaffold {
        if life::target(task, self.survey).is_some() {
            return Scaffold::FeatureGateState;
        }
        match task.paths.first() {
            None if self.is_gate_task(task) => Scaffold::FeatureGate,
            None => Scaffold::Manual,
            Some(path) => {
                let place =
                    Placed { path: self.options.placeholders.resolve(&path.text, Style::Path).0, exists: false };
                self.scaffold(&place, &place.path).unwrap_or(Scaffold::Manual)
            }
        }
    }

    /// `make …` in a `Command:` line.
    fn commands(&self, index: usize, assignment: &mut Assignment) {
        for text in self.tasks[index].details(&["command", "commands"]) {
            let words: Vec<&str> = text.split(|c: char| c.is_whitespace() || c == '`').collect();
            for pair in words.windows(2).filter(|pair| pair[0] == "make") {
                assignment.commands.entry(pair[1].to_owned()).or_insert(index);
            }
        }
    }
}

/// A file that a gate's constant, registration or accessor stands in.
fn holds_gates(path: &str) -> bool {
    path == ACCESSORS || parent(path) == FEATURE_GATES && !path.ends_with("_test.go")
}

/// `pkg/{a,b}.go` is two paths.
fn braces(path: &str) -> Vec<String> {
    let (Some(open), Some(close)) = (path.find('{'), path.find('}')) else { return vec![path.to_owned()] };
    if close < open {
        return vec![path.to_owned()];
    }
    let parts = path[open + 1..close].split(',');
    parts.flat_map(|part| braces(&format!("{}{}{}", &path[..open], part.trim(), &path[close + 1..]))).collect()
}
