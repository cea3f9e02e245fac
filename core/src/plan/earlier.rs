//! What earlier runs have left in a checkout, as far as it was written down.

use std::collections::BTreeMap;
use std::sync::Arc;

/// The scaffolds of a feature that are in a checkout already.
#[derive(Clone, Debug, Default)]
pub struct Earlier {
    /// The files that they are in, by path.
    pub files: BTreeMap<String, EarlierFile>,
    /// The tasks that asked for them: IDs and titles.
    pub tasks: Vec<(String, String)>,
    /// Where a stub that was filled in has a newer form that it cannot be brought together with, it
    /// stays as it is.
    pub keep_edited: bool,
}

/// A file with scaffolds in it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EarlierFile {
    /// What it held before the first of them; nothing if it was not there.
    pub pristine: Option<Arc<str>>,
    /// That, with the scaffolds as the templates made them last.
    pub emitted: Arc<str>,
    /// The tasks that asked for them.
    pub tasks: Vec<String>,
}
