//! What earlier runs have made in a checkout, and what was there before.

use std::collections::BTreeMap;
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
    /// Where a stub that was filled in has a newer form that it cannot be brought together with, it
    /// stays as it is.
    pub keep_edited: bool,
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
