//! The files that tasks of any project speak of.

use super::path::{Expect, paths};
use super::{Task, TaskPath};
use crate::text::Source;

impl Task {
    /// Every file and folder that the task speaks of, whatever project it is of: more than
    /// [`Task::paths`], which are those that can be scaffolded.
    pub fn mentions(&self, source: &Source) -> Vec<TaskPath> {
        let text = source.text();
        let mut found = self.paths.clone();
        let files = self.details.iter().filter(|detail| FILE_KEYS.contains(&detail.key.as_str()));
        let spans = files.map(|detail| detail.text.span).chain([self.text]);
        for span in spans {
            merge(&mut found, paths(text, span, Expect::Any));
        }
        if found.is_empty() {
            for detail in &self.details {
                merge(&mut found, paths(text, detail.text.span, Expect::Any));
            }
        }
        found
    }
}

fn merge(known: &mut Vec<TaskPath>, more: Vec<TaskPath>) {
    for path in more {
        if !known.iter().any(|known| known.text == path.text) {
            known.push(path);
        }
    }
}

/// The keys of lines that name the files of a task.
const FILE_KEYS: &[&str] =
    &["file", "files", "path", "paths", "target", "file path", "files to create", "files to modify"];
