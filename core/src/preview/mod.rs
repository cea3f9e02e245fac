//! What a plan looks like before it is carried out: a diff, a summary, JSON.

mod diff;
mod json;
mod summary;

pub use diff::{diff_texts, patch, unified};
pub use json::{Outcome, diagnostics as diagnostics_json, plan as plan_json, sha256};
pub use summary::summary;

use std::fmt::Write as _;
use std::sync::mpsc;

use crate::change::renew::Fresh;
use crate::change::{Change, ChangeSet, Conflict, Renewal, build, check_edited, fresh, templates};
use crate::plan::{Options, Plan, PlannedTask, Selection, plan as decide};
use crate::survey::Survey;
use crate::task::{TaskFile, parse};
use crate::template::Renderer;
use crate::text::Source;
use crate::tree::Overlay;

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

/// The whole way from a tasks.md to the texts of files.
pub fn propose(tasks: &Source, survey: &Survey<'_>, options: &Options) -> Proposal {
    let renderer = Renderer::default();
    let (edited, to_check) = mpsc::channel();
    std::thread::scope(|scope| {
        // What can be done aside takes as long as the rest.
        let aside = scope.spawn(|| {
            renderer.prepare(&templates());
            to_check.into_iter().filter_map(|source| check_edited(&source)).collect::<Vec<_>>()
        });
        let file = parse(tasks);
        let plan = decide(&file, survey, options);
        let renewal = Renewal {
            earlier: &options.earlier,
            fresh: fresh_texts(&file, survey, options, &renderer),
            is_partial: options.selection.is_partial(),
            tasks,
        };
        let mut set = build(&plan, survey, &renderer, edited, &renewal);
        renderer.finish();
        set.diagnostics.extend(aside.join().unwrap_or_default());
        Proposal { file, plan, set }
    })
}

/// What the tasks lead to in a checkout that earlier runs have left nothing in.
fn fresh_texts(file: &TaskFile, survey: &Survey<'_>, options: &Options, renderer: &Renderer) -> Option<Fresh> {
    if options.earlier.files.is_empty() {
        return None;
    }
    let pristine = options.earlier.files.iter().map(|(path, file)| (path.clone(), file.pristine.clone()));
    let tree = Overlay::new(survey.tree(), pristine.collect());
    let survey = Survey::new(&tree).ok()?;
    // What is held back now may have been scaffolded before.
    let options = Options { selection: Selection::default(), ignore_compliance: true, ..options.clone() };
    fresh(&decide(file, &survey, &options), &survey, renderer)
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

    /// The changes, in the order in which a reviewer reads them: as the tasks come, and each
    /// BUILD.bazel after the files that it lists.
    pub fn ordered(&self) -> Vec<&Change> {
        let mut changes: Vec<&Change> = self.set.changes.iter().collect();
        changes.sort_by_key(|change| {
            let first = change.tasks.first().copied().unwrap_or(0);
            (first, change.path.ends_with("BUILD.bazel"), change.order)
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
        let action = if change.is_new() { "create" } else { "edit" };
        let mut text = paint(color, diff::HEADING, &format!("# {action} {}", change.path)) + "\n";
        for &task in &change.tasks {
            let PlannedTask { id, title, line, optional, .. } = &self.plan.tasks[task];
            let title = crate::diagnostic::visible(title);
            let optional = if *optional { " (if needed)" } else { "" };
            let _ = writeln!(text, "#   {id} {title}{optional} ({}:{line})", self.file.source.name());
        }
        if change.tasks.is_empty() {
            text.push_str("#   asked for on the command line\n");
        }
        text
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
