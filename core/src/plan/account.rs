//! What became of each line of a task.

use std::collections::BTreeSet;

use crate::repo_path::RepoPath;

/// What became of a line, from the least to the most.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Use {
    /// Nothing understood it.
    Unread,
    /// It was left out, for a reason.
    Ignored,
    /// It said where or why; what is made would look the same without it.
    Context,
    /// It went into what is made, or into a step that follows.
    Change,
}

impl Use {
    /// Its name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unread => "unread",
            Self::Ignored => "ignored",
            Self::Context => "context",
            Self::Change => "change",
        }
    }
}

/// What is said of a line that nothing has understood, in a task for which something is made.
pub(crate) const NOTHING_READS: &str = "nothing reads it";

/// A line of a task, and what became of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LineUse {
    /// Its number in the tasks.md, counted from 1.
    pub line: usize,
    /// What became of it.
    pub used: Use,
    /// The name of the kind that used it.
    pub kind: Option<&'static str>,
    /// The files that it was used for.
    pub paths: BTreeSet<RepoPath>,
    /// Why it was not, or what for.
    pub reason: Option<String>,
}

impl LineUse {
    /// A line that nobody has looked at.
    pub(crate) fn new(line: usize) -> Self {
        Self { line, used: Use::Unread, kind: None, paths: BTreeSet::new(), reason: None }
    }

    /// Whether it was dropped, although something is made for its task.
    pub fn is_dropped(&self) -> bool {
        self.used == Use::Unread && self.reason.as_deref() == Some(NOTHING_READS)
    }

    /// Notes a use; a lesser one than is known changes nothing.
    pub(crate) fn note(&mut self, used: Use, kind: Option<&'static str>, reason: Option<&str>) {
        if used > self.used || used == self.used && self.kind.is_none() && self.reason.is_none() {
            self.used = used;
            self.kind = kind;
            self.reason = reason.map(str::to_owned);
        }
    }
}
