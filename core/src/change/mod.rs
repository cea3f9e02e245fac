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
mod specs;

use std::sync::Arc;
use std::sync::mpsc::Sender;

pub use build_files::predict;
pub use desk::check_edited;
pub use hooks::Hook;

use crate::diagnostic::Diagnostic;
use crate::plan::{Plan, UnitKind};
use crate::survey::Survey;
use crate::template::{Renderer, Text};
use crate::text::Source;
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
    [gate::TEMPLATES, specs::TEMPLATES, component::TEMPLATES, api::TEMPLATES, admission::TEMPLATES, docs::TEMPLATES]
        .concat()
}

/// Renders a plan. A set with an error must not be applied. Files that are edited go to `edited` as
/// they were, for [`check_edited`].
pub fn build(plan: &Plan, survey: &Survey<'_>, renderer: &Renderer, edited: Sender<Source>) -> ChangeSet {
    if plan.is_refused() {
        return ChangeSet::default();
    }
    let mut desk = Desk::new(plan, survey, renderer, edited);
    for unit in &plan.units {
        desk.begin(unit);
        let done = match &unit.kind {
            UnitKind::Gate { file, own_file } => gate::write(&mut desk, file, *own_file),
            UnitKind::GateTest { file } => gate::write_test(&mut desk, file),
            UnitKind::Specs(unit) => specs::write(&mut desk, unit),
            UnitKind::Admission(unit) => admission::write(&mut desk, unit),
            UnitKind::Component(unit) => component::write(&mut desk, unit),
            UnitKind::ApiField(unit) => api::write(&mut desk, unit),
            UnitKind::Docs(unit) => docs::write(&mut desk, unit),
        };
        if let Err(diagnostic) = done {
            desk.refuse(diagnostic);
        }
    }
    build_files::write(&mut desk);
    let mut set = desk.finish();
    set.hooks = hooks::hooks(plan, &set.changes);
    set
}
