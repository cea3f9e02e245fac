//! What earlier runs have made in a checkout, and what was there before.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::repo_path::RepoPath;

/// The scaffolds of a feature that are in a checkout already.
#[derive(Clone, Debug, Default)]
pub struct Earlier {
    /// The files that they are in.
    pub files: BTreeMap<RepoPath, Baseline>,
    /// The tasks that asked for them: IDs and titles.
    pub tasks: Vec<(String, String)>,
    /// The files that are there because of them, where nothing else counts of what they have made.
    pub made: BTreeSet<RepoPath>,
    /// Where a stub that was filled in has a newer form that it cannot be brought together with, it
    /// stays as it is.
    pub keep_edited: bool,
}

impl Earlier {
    /// Whether a file is there because of an earlier run.
    pub fn has_made(&self, path: &RepoPath) -> bool {
        self.made.contains(path) || self.files.get(path).is_some_and(|file| file.pristine.is_none())
    }

    /// The files alone, without what was made of them.
    pub(crate) fn alone(&self) -> Self {
        Self { made: self.files.keys().filter(|path| self.has_made(path)).cloned().collect(), ..Self::default() }
    }
}

/// A file with scaffolds: what was there, and what was made of it. A run reads it, and leaves it for the next.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    /// What the file held before the first scaffold; nothing if it was not there.
    pub pristine: Option<Arc<str>>,
    /// That, with the scaffolds as the templates made them last.
    pub emitted: Arc<str>,
    /// The IDs of the tasks that asked for them.
    pub tasks: Vec<String>,
}
