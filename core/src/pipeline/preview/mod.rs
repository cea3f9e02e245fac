//! What a plan looks like before it is carried out: a diff, a summary, JSON.

mod diff;
mod json;
mod summary;

pub use diff::{diff_texts, line_counts, patch, unified};
pub use json::{Outcome, diagnostics as diagnostics_json, plan as plan_json, sha256};
pub use summary::{Look, counts, left, stat, summary};

use std::fmt::Write as _;

use super::{Change, ChangeSet, Conflict};
use crate::diagnostic::visible;
use crate::plan::{Plan, PlannedTask};
use crate::task::{TaskFile, open_keys};

/// Whether a text is for a terminal that shows colours.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Color {
    /// It is.
    Always,
    /// It is not.
    Never,
}

/// Everything that applying a plan needs from planning: the result of one run of the pipeline.
#[derive(Debug)]
pub struct Proposal {
    /// The tasks.
    pub file: TaskFile,
    /// The decisions.
    pub plan: Plan,
    /// The texts.
    pub set: ChangeSet,
}

impl Proposal {
    /// Everything that there is to say, decisions first.
    pub fn diagnostics(&self) -> impl Iterator<Item = &crate::diagnostic::Diagnostic> {
        self.plan.diagnostics.iter().chain(&self.set.diagnostics)
    }

    /// Whether the input is refused.
    pub fn is_refused(&self) -> bool {
        self.diagnostics().any(|diagnostic| diagnostic.severity == crate::diagnostic::Severity::Error)
    }

    /// The keys of placeholders whose values somebody has to give before anything can be planned, in the order of the
    /// file.
    pub fn open_placeholders(&self) -> Vec<String> {
        let mut keys = Vec::new();
        let text = self.file.source.text();
        for diagnostic in self.diagnostics().filter(|diagnostic| diagnostic.code == "placeholder") {
            let Some((_, span)) = &diagnostic.place else { continue };
            let found = open_keys(text.get(span.start..span.end).unwrap_or_default());
            keys.extend(found.into_iter().filter(|key| !keys.contains(key)).collect::<Vec<_>>());
        }
        keys
    }

    /// The changes, in the order in which a reviewer reads them: as the tasks come, and each
    /// BUILD.bazel after the files that it lists.
    pub fn ordered(&self) -> Vec<&Change> {
        let mut changes: Vec<&Change> = self.set.changes.iter().collect();
        changes.sort_by_key(|change| {
            let first = change.tasks.first().copied().unwrap_or(0);
            // What follows from all of them stands behind them.
            (change.is_generated, first, change.path.ends_with("BUILD.bazel"), change.order)
        });
        changes
    }

    /// The diff, file by file, each with the tasks that ask for it.
    pub fn diff(&self, color: Color) -> String {
        let mut text = String::new();
        for change in self.ordered() {
            text.push_str(&self.heading(change, color));
            text.push_str(&unified(change, color));
        }
        text
    }

    /// What stands against each other, file by file: your text, and it with both forms of each stub.
    pub fn conflicts(&self, color: Color) -> String {
        let mut text = String::new();
        for Conflict { path, before, merged } in &self.set.conflicts {
            text.push_str(&paint(color, diff::HEADING, &format!("# conflict {path}")));
            text.push('\n');
            text.push_str(&diff_texts(path, Some(before), merged, color));
        }
        text
    }

    /// The lines above a file's diff. `git apply` skips them.
    fn heading(&self, change: &Change, color: Color) -> String {
        let action = action(change);
        let mut text = paint(color, diff::HEADING, &format!("# {action} {}", change.path)) + "\n";
        for &task in &change.tasks {
            let PlannedTask { id, said, line, optional, .. } = &self.plan.tasks[task];
            let title = visible(said);
            let optional = if *optional { " (if needed)" } else { "" };
            let _ = writeln!(text, "#   {id} {title}{optional} ({}:{line})", visible(self.file.source.name()));
        }
        if change.tasks.is_empty() {
            text.push_str("#   asked for on the command line\n");
        }
        text
    }
}

/// What happens to a file, in a word.
fn action(change: &Change) -> &'static str {
    if change.is_generated {
        "generate"
    } else if change.is_new() {
        "create"
    } else {
        "edit"
    }
}

fn paint(color: Color, style: anstyle::Style, text: &str) -> String {
    match color {
        Color::Always => format!("{style}{text}{style:#}"),
        Color::Never => text.to_owned(),
    }
}

#[cfg(test)]
#[path = "preview_tests.rs"]
mod tests;
