//! The steps that follow: which make targets have to run, and why.

use super::Change;
use crate::plan::{Plan, PlannedTask};
use crate::tree::parent;

/// A step to run after the files are written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hook {
    /// The make target.
    pub name: String,
    /// The program that runs.
    pub program: String,
    /// Its arguments.
    pub arguments: Vec<String>,
    /// Why it has to run.
    pub reason: String,
}

impl Hook {
    /// A make target as a step.
    pub fn make(target: &str, reason: impl Into<String>) -> Self {
        let (program, arguments) = ("make".to_owned(), vec![target.to_owned()]);
        Self { name: target.to_owned(), program, arguments, reason: reason.into() }
    }

    /// The command as people type it.
    pub fn command(&self) -> String {
        [std::slice::from_ref(&self.program), self.arguments.as_slice()].concat().join(" ")
    }
}

/// Whether a task asks for one of the steps that follow.
pub(super) fn is_step(task: &PlannedTask) -> bool {
    let title = task.title.to_lowercase();
    task.named.is_empty() && ["make generate", "make bazel-generate"].iter().any(|command| title.contains(command))
}

/// The steps that changes make necessary, in the order in which they have to run.
pub(super) fn hooks(plan: &Plan, changes: &[Change]) -> Vec<Hook> {
    let mut hooks = Vec::new();
    let mut add = |name: &str, reason: String| hooks.push(Hook::make(name, reason));
    let says_so = |name: &str| plan.commands.get(name).map(|&task| format!("{} says so", plan.tasks[task].id));
    if changes.is_empty() {
        return hooks;
    }
    if let Some(reason) = says_so("deps-update") {
        add("deps-update", reason);
    }
    if let Some(reason) = generate(plan, changes) {
        add("generate", reason);
    }
    let is_bazels = |path: &str| plan.folders.get(parent(path)).is_some_and(|folder| folder.is_bazels);
    let go = changes.iter().filter(|change| change.path.ends_with(".go") && is_bazels(&change.path)).count();
    if go > 0 {
        let files = if go == 1 { "1 Go file changes".to_owned() } else { format!("{go} Go files change") };
        add("bazel-generate", format!("{files}, so BUILD.bazel files may"));
    }
    if let Some(reason) = says_so("format") {
        add("format", reason);
    }
    hooks
}

/// Why generated files are out of date, if they are.
fn generate(plan: &Plan, changes: &[Change]) -> Option<String> {
    let changed = |path: &str| changes.iter().any(|change| change.path == path);
    let outdated = plan.units.iter().filter(|unit| unit.facts.files().iter().any(|file| changed(file)));
    let reason = outdated.into_iter().find_map(|unit| unit.facts.outdates());
    let asked = plan.commands.get("generate");
    reason.or_else(|| asked.map(|&task| format!("{} says so", plan.tasks[task].id)))
}
