//! Which tasks asked for each line of the files that change.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use similar::{DiffTag, TextDiff};

use crate::repo_path::RepoPath;

/// The tasks that asked for a line; nothing for a line that was there before.
pub type Owner = Option<Rc<BTreeSet<usize>>>;

/// The owner of each line of some files, followed from edit to edit.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Origins(BTreeMap<RepoPath, Vec<Owner>>);

impl Origins {
    /// A file got another text, on behalf of some tasks.
    pub fn note(&mut self, path: &RepoPath, before: &str, after: &str, tasks: &BTreeSet<usize>) {
        let diff = TextDiff::from_lines(before, after);
        let known = self.0.remove(path).unwrap_or_else(|| vec![None; diff.old_len()]);
        let tasks = Rc::new(tasks.clone());
        let mut owners = Vec::with_capacity(diff.new_len());
        for op in diff.ops() {
            match op.tag() {
                DiffTag::Equal => owners.extend(op.old_range().map(|line| known.get(line).cloned().flatten())),
                DiffTag::Delete => {}
                DiffTag::Insert | DiffTag::Replace => owners.extend(op.new_range().map(|_| Some(tasks.clone()))),
            }
        }
        self.0.insert(path.clone(), owners);
    }

    /// The owners of a file's lines.
    pub fn of(&self, path: &RepoPath) -> &[Owner] {
        self.0.get(path).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_belongs_to_the_task_that_wrote_it_last() {
        let (mut origins, path) = (Origins::default(), RepoPath::known("a.go"));
        origins.note(&path, "a\nb\n", "a\nx\nb\n", &[1].into());
        origins.note(&path, "a\nx\nb\n", "a\ny\nx\nc\n", &[2, 3].into());
        let owners: Vec<Option<Vec<usize>>> =
            origins.of(&path).iter().map(|owner| owner.as_ref().map(|tasks| tasks.iter().copied().collect())).collect();
        assert_eq!(owners, [None, Some(vec![2, 3]), Some(vec![1]), Some(vec![2, 3])]);
        assert!(origins.of(&RepoPath::known("b.go")).is_empty());
    }
}
