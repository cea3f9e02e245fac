//! From decisions to texts: what every touched file will hold.
//!
//! The preview shows these changes and applying writes them; nothing is rendered twice.

mod admission;
mod api;
mod build_files;
mod component;
mod desk;
mod docs;
mod gate;
mod hooks;
mod life;
pub mod renew;
mod specs;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::mpsc::Sender;

pub use build_files::predict;
pub use desk::check_edited;
pub use hooks::Hook;

use crate::diagnostic::Diagnostic;
use crate::plan::{Earlier, Plan, UnitKind};
use crate::survey::Survey;
use crate::template::{Renderer, Text};
use crate::text::{Source, Span};
use desk::Desk;

/// One file that will be made or edited.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Change {
    /// Its path.
    pub path: String,
    /// Its text now; nothing if it is made.
    pub before: Option<Arc<str>>,
    /// Its text then.
    pub after: Arc<str>,
    /// The tasks that ask for it: indices in [`Plan::tasks`].
    pub tasks: Vec<usize>,
    /// Its place among the changes, in the order in which they were made.
    pub order: usize,
}

impl Change {
    /// Whether the file is made.
    pub fn is_new(&self) -> bool {
        self.before.is_none()
    }
}

/// Everything that will change, and what has to run after it.
#[derive(Clone, Debug, Default)]
pub struct ChangeSet {
    /// The files, sorted by path.
    pub changes: Vec<Change>,
    /// The steps to run afterwards, in order.
    pub hooks: Vec<Hook>,
    /// What stood in the way.
    pub diagnostics: Vec<Diagnostic>,
    /// Stubs that were changed by people and by the templates. With one, nothing is written.
    pub conflicts: Vec<Conflict>,
    /// What a later run must know.
    pub emitted: Vec<EmittedFile>,
}

/// A file with a stub that cannot be brought up to date.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Conflict {
    /// Its path.
    pub path: String,
    /// Its text.
    pub before: Arc<str>,
    /// Its text with both forms of the stub between markers.
    pub merged: Arc<str>,
}

/// A file with scaffolds, as the templates make it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EmittedFile {
    /// Its path.
    pub path: String,
    /// What it held before the first of them; nothing if it was not there.
    pub pristine: Option<Arc<str>>,
    /// That, with the scaffolds.
    pub emitted: Arc<str>,
    /// The IDs of the tasks that ask for them.
    pub tasks: Vec<String>,
}

impl ChangeSet {
    /// Parses every new file once more, as a whole. It finds mistakes of templates only, and takes a
    /// quarter of the time of a preview: so it is done when something is to be written.
    pub fn check(&self) -> Vec<Diagnostic> {
        desk::check_new(&self.changes)
    }
}

/// Every template that a change can be rendered from, about in the order in which tasks need them.
pub fn templates() -> Vec<Text> {
    [
        gate::TEMPLATES,
        specs::TEMPLATES,
        component::TEMPLATES,
        api::TEMPLATES,
        admission::TEMPLATES,
        docs::TEMPLATES,
        life::TEMPLATES,
    ]
    .concat()
}

/// Renders a plan. A set with an error must not be applied. Files that are edited go to `edited` as
/// they were, for [`check_edited`].
pub fn build(
    plan: &Plan,
    survey: &Survey<'_>,
    renderer: &Renderer,
    edited: Sender<Source>,
    renewal: &Renewal<'_>,
) -> ChangeSet {
    if plan.is_refused() {
        return ChangeSet::default();
    }
    let mut desk = Desk::new(plan, survey, renderer, edited);
    write_units(&mut desk);
    if let Some(fresh) = &renewal.fresh
        && let Err(diagnostic) = renew::renew(&mut desk, renewal.earlier, fresh)
    {
        desk.refuse(diagnostic);
    }
    let emitted = renew::emitted(&desk, renewal.earlier, renewal.fresh.as_ref());
    let gone = match &renewal.fresh {
        Some(fresh) if !renewal.is_partial => renew::gone(&desk, renewal.earlier, fresh, renewal.tasks),
        _ => Vec::new(),
    };
    build_files::write(&mut desk);
    let mut set = desk.finish();
    set.emitted = emitted;
    set.diagnostics.extend(alike(&set.changes, plan, renewal.tasks));
    set.hooks = hooks::hooks(plan, &set.changes);
    set.diagnostics.extend(gone);
    set
}

/// Two new names that differ in case only: not every file system can hold both.
fn alike(changes: &[Change], plan: &Plan, tasks: &Source) -> Vec<Diagnostic> {
    let mut known: BTreeMap<String, &str> = BTreeMap::new();
    let mut found = Vec::new();
    for change in changes {
        let path = change.path.as_str();
        let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
        let other = ends.map(|end| &path[..end]).find_map(|part| {
            let first = *known.entry(part.to_ascii_lowercase()).or_insert(part);
            (first != part).then_some((first, part))
        });
        let Some((first, part)) = other else { continue };
        let line = change.tasks.first().map_or(1, |task| plan.tasks[*task].line);
        let start = tasks.text().split_inclusive('\n').take(line - 1).map(str::len).sum();
        let message = format!("{first} and {part} differ in case only");
        let help = "name them so that every file system tells them apart";
        found.push(Diagnostic::error("path-case", message).at(tasks, Span::at(start)).help(help));
    }
    found
}

/// What is known about earlier runs.
pub struct Renewal<'a> {
    /// What they left.
    pub earlier: &'a Earlier,
    /// What the tasks lead to where nothing was left; nothing if that is not known.
    pub fresh: Option<renew::Fresh>,
    /// Only some of the tasks are asked for.
    pub is_partial: bool,
    /// The tasks.
    pub tasks: &'a Source,
}

/// The texts of a plan as they are in a checkout that earlier runs have left nothing in. `BUILD.bazel`
/// files are not among them: they follow from the others.
pub fn fresh(plan: &Plan, survey: &Survey<'_>, renderer: &Renderer) -> Option<renew::Fresh> {
    if plan.is_refused() {
        return None;
    }
    let (edited, _) = std::sync::mpsc::channel();
    let mut desk = Desk::new(plan, survey, renderer, edited);
    write_units(&mut desk);
    let set = desk.finish();
    if !set.diagnostics.is_empty() {
        return None;
    }
    let ids = |change: &Change| change.tasks.iter().map(|task| plan.tasks[*task].id.clone()).collect();
    Some(set.changes.iter().map(|change| (change.path.clone(), (change.after.clone(), ids(change)))).collect())
}

fn write_units(desk: &mut Desk<'_, '_>) {
    for unit in &desk.plan.units {
        desk.begin(unit);
        let done = match &unit.kind {
            UnitKind::Gate { file, own_file } => gate::write(desk, file, *own_file),
            UnitKind::GateState(unit) => life::write(desk, unit),
            UnitKind::GateTest { file } => gate::write_test(desk, file),
            UnitKind::Specs(unit) => specs::write(desk, unit),
            UnitKind::Admission(unit) => admission::write(desk, unit),
            UnitKind::Component(unit) => component::write(desk, unit),
            UnitKind::ApiField(unit) => api::write(desk, unit),
            UnitKind::Docs(unit) => docs::write(desk, unit),
        };
        if let Err(diagnostic) = done {
            desk.refuse(diagnostic);
        }
    }
}
