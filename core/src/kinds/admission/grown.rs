//! A method that the interface which stands for the cluster's configuration gets alone.

use super::Growth;
use super::facts::growth;
use super::requests::Accessor;
use crate::pending::{PendingFiles, Refusal};
use crate::plan::{Planner, ResolvedPath, Unit, Use};
use crate::repo_path::RepoPath;
use crate::tree::parent;

/// A method of an interface that stands for the cluster's configuration, and of its double.
#[derive(Debug)]
struct Grown(Growth);

impl Unit for Grown {
    fn files(&self) -> Vec<&RepoPath> {
        std::iter::once(&self.0.file).chain(self.0.double.as_ref().map(|(_, file, ..)| file)).collect()
    }

    fn render(&self, pending: &mut PendingFiles<'_>) -> Result<(), Refusal> {
        self.0.render(pending)
    }
}

/// Plans the method that a task asks for.
pub(super) fn grow(planner: &mut Planner<'_, '_>, place: &ResolvedPath, accessor: &Accessor) -> Result<(), Refusal> {
    if let Some(growth) = growth(planner, parent(&place.path), &accessor.interface, &accessor.method)? {
        let files: Vec<RepoPath> = vec![growth.file.clone()];
        planner.note(accessor.task, accessor.line, Use::Change, &files);
        planner.push(Grown(growth), &[accessor.task]);
    }
    Ok(())
}
