//! From a plan to texts: what every touched file will hold. A function of the plan; nothing here can ask the
//! checkout.
//!
//! The preview shows these changes and applying writes them; nothing is rendered twice.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::build_files;
use super::renew::{self, Fresh};
use super::steps::{Hook, hooks};
use super::twice::twice;
use crate::diagnostic::Diagnostic;
use crate::origin::Origins;
use crate::pending::PendingFiles;
use crate::plan::{Baseline, Earlier, Plan};
use crate::repo_path::RepoPath;
use crate::template::Renderer;
use crate::text::{Source, Span, line_span};

/// One file that will be made or edited.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Change {
    /// Its path.
    pub path: RepoPath,
    /// Its text now; nothing if it is made.
    pub before: Option<Arc<str>>,
    /// Its text then.
    pub after: Arc<str>,
    /// The tasks that ask for it: indices in [`Plan::tasks`].
    pub tasks: Vec<usize>,
    /// Its place among the changes, in the order in which they were made.
    pub order: usize,
    /// A generator of the checkout made it.
    pub is_generated: bool,
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
    pub emitted: BTreeMap<RepoPath, Baseline>,
}

impl ChangeSet {
    /// Adds a file that a generator makes of changes of `sources`, on behalf of the tasks that ask for these.
    pub fn add_generated(&mut self, path: &str, before: Option<&str>, after: &str, sources: &BTreeSet<String>) {
        let causes = self.changes.iter().filter(|change| sources.contains(&*change.path));
        let tasks: BTreeSet<usize> = causes.flat_map(|change| change.tasks.iter().copied()).collect();
        // One that the tasks touch too is theirs, with what the generator made of it.
        if let Some(change) = self.changes.iter_mut().find(|change| change.path == *path) {
            change.after = after.into();
            return;
        }
        let order = self.changes.len();
        let (before, tasks) = (before.map(Into::into), tasks.into_iter().collect());
        let path = RepoPath::known(path);
        self.changes.push(Change { path, before, after: after.into(), tasks, order, is_generated: true });
        self.changes.sort_by(|one, other| one.path.cmp(&other.path));
    }
}

/// A file with a stub that cannot be brought up to date.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Conflict {
    /// Its path.
    pub path: RepoPath,
    /// Its text.
    pub before: Arc<str>,
    /// Its text with both forms of the stub between markers.
    pub merged: Arc<str>,
}

/// Renders a plan. A set with an error must not be applied. `fresh` is what the tasks lead to in a checkout that
/// earlier runs have left nothing in, where they have.
pub(super) fn render(
    plan: &Plan,
    renderer: &Renderer,
    earlier: &Earlier,
    fresh: Option<&Fresh>,
    is_partial: bool,
    tasks: &Source,
) -> ChangeSet {
    if plan.is_refused() {
        return ChangeSet::default();
    }
    let mut pending = PendingFiles::new(&plan.texts, &plan.module, renderer);
    write_units(plan, &mut pending);
    let mut conflicts = Vec::new();
    if let Some(fresh) = fresh {
        match renew::renew(&mut pending, plan, earlier, fresh) {
            Ok(found) => conflicts = found,
            Err(diagnostic) => pending.say(diagnostic),
        }
    }
    let emitted = renew::emitted(&pending, plan, earlier, fresh);
    let gone = match fresh {
        Some(fresh) if !is_partial => renew::gone(&pending, plan, earlier, fresh, tasks),
        _ => Vec::new(),
    };
    build_files::write(&mut pending, plan);
    let (changes, mut diagnostics) = finish(pending);
    diagnostics.extend(alike(&changes, plan, tasks));
    diagnostics.extend(twice(&changes, plan, tasks));
    diagnostics.extend(gone);
    ChangeSet { hooks: hooks(plan, &changes), changes, diagnostics, conflicts, emitted }
}

/// The texts of a plan that was made where earlier runs have left nothing. `BUILD.bazel` files are not among
/// them: they follow from the others.
pub(super) fn fresh(plan: &Plan, renderer: &Renderer) -> Option<Fresh> {
    if plan.is_refused() {
        return None;
    }
    let mut pending = PendingFiles::new(&plan.texts, &plan.module, renderer);
    write_units(plan, &mut pending);
    let (changes, diagnostics) = finish(pending);
    if !diagnostics.is_empty() {
        return None;
    }
    let ids = |change: &Change| change.tasks.iter().map(|task| plan.tasks[*task].id.clone()).collect();
    Some(changes.iter().map(|change| (change.path.clone(), (change.after.clone(), ids(change)))).collect())
}

/// Which tasks asked for each line of what changes. Everything is rendered once more for it: a preview needs it not.
pub(super) fn origins(plan: &Plan, changes: &[Change], renderer: &Renderer) -> Origins {
    let mut pending = PendingFiles::new(&plan.texts, &plan.module, renderer);
    pending.origins = Some(Origins::default());
    write_units(plan, &mut pending);
    build_files::write(&mut pending, plan);
    let mut origins = pending.origins.take().unwrap_or_default();
    // What brings earlier scaffolds up to date is nobody's edit: the tasks of the file have it.
    for change in changes {
        let traced = pending.files.get(&change.path).map_or(change.before.as_deref(), |file| Some(&*file.text));
        let traced = traced.unwrap_or_default();
        if *traced != *change.after {
            origins.note(&change.path, traced, &change.after, &change.tasks.iter().copied().collect());
        }
    }
    origins
}

fn write_units(plan: &Plan, pending: &mut PendingFiles<'_>) {
    for unit in plan.units.iter() {
        pending.on_behalf_of(unit.tasks.iter().copied());
        if let Err(diagnostic) = unit.facts.render(pending) {
            pending.say(diagnostic);
        }
    }
}

/// Everything that differs from the checkout.
fn finish(pending: PendingFiles<'_>) -> (Vec<Change>, Vec<Diagnostic>) {
    let diagnostics = pending.diagnostics;
    let changed = pending.files.into_iter().filter(|(_, file)| file.is_changed());
    let change = |(path, file): (RepoPath, crate::pending::PendingFile)| Change {
        path,
        before: file.before,
        after: file.text,
        tasks: file.tasks.into_iter().collect(),
        order: file.order,
        is_generated: false,
    };
    (changed.map(change).collect(), diagnostics)
}

/// Two new names that differ in case only: not every file system can hold both.
fn alike(changes: &[Change], plan: &Plan, tasks: &Source) -> Vec<Diagnostic> {
    let mut known: BTreeMap<String, &str> = BTreeMap::new();
    let mut found = Vec::new();
    for change in changes {
        let path: &str = &change.path;
        let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
        let other = ends.map(|end| &path[..end]).find_map(|part| {
            let first = *known.entry(part.to_ascii_lowercase()).or_insert(part);
            (first != part).then_some((first, part))
        });
        let Some((first, part)) = other else { continue };
        let line = change.tasks.first().map_or(1, |task| plan.tasks[*task].line);
        let start = line_span(tasks.text(), line).start;
        let message = format!("{first} and {part} differ in case only");
        let help = "name them so that every file system tells them apart";
        found.push(Diagnostic::error("path-case", message).at(tasks, Span::at(start)).help(help));
    }
    found
}
