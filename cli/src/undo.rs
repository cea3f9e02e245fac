//! A change that takes other changes back.

use std::collections::BTreeMap;

use kubevirt_scaffold_core::merge::three_way;
use kubevirt_scaffold_core::pipeline::{Color, diff_texts};

use crate::apply::{About, FileEdit, Record, Refusal};
use crate::baseline::now;

/// Gives what the file at a path holds now.
type Current<'a> = &'a dyn Fn(&str) -> Result<Option<Vec<u8>>, Refusal>;

/// The way back over some changes.
pub struct Backwards {
    files: BTreeMap<String, Way>,
    emptied: Vec<String>,
    merged: Vec<String>,
    /// Files that cannot be taken back: the user changed the same lines since, or the file would be lost.
    pub edited: Vec<String>,
}

/// A file on its way back.
struct Way {
    now: Option<Vec<u8>>,
    then: Option<Vec<u8>>,
    /// The permissions it gets if it does not exist now.
    mode: Option<u32>,
}

/// The diff of one file, which may come or go away, as `git apply` takes it.
pub fn diff(path: &str, now: Option<&[u8]>, then: Option<&[u8]>, color: Color) -> String {
    let [now, then] = [now, then].map(|text| text.map(String::from_utf8_lossy));
    let diff = diff_texts(path, now.as_deref(), then.as_deref().unwrap_or_default(), color);
    match then {
        Some(_) => diff,
        // A file that goes away, in git's words.
        None => diff
            .replacen(&format!("--- a/{path}"), &format!("deleted file mode 100644\n--- a/{path}"), 1)
            .replacen(&format!("+++ b/{path}"), "+++ /dev/null", 1),
    }
}

impl Backwards {
    /// Works out the way back over `chosen`, newest first, from what the files hold now.
    pub fn new(chosen: &[&Record], current: Current<'_>) -> Result<Self, Refusal> {
        let mut back = Self { files: BTreeMap::new(), emptied: Vec::new(), merged: Vec::new(), edited: Vec::new() };
        for record in chosen {
            for file in &record.files {
                if !back.files.contains_key(&file.path) {
                    let now = current(&file.path)?;
                    back.files.insert(file.path.clone(), Way { then: now.clone(), now, mode: None });
                }
                back.file(file);
            }
            let folders = record.folders.iter().rev().filter(|folder| !back.emptied.contains(folder));
            let folders: Vec<String> = folders.cloned().collect();
            back.emptied.extend(folders);
        }
        back.files.retain(|_, way| way.now != way.then);
        back.emptied.sort_by_key(|folder| std::cmp::Reverse(folder.matches('/').count()));
        Ok(back)
    }

    fn file(&mut self, file: &FileEdit) {
        let Some(way) = self.files.get_mut(&file.path) else { return };
        if way.then == file.after {
            way.then.clone_from(&file.before);
            way.mode = file.mode;
            return;
        }
        // It is as before already, or taken away by the user: there is nothing to take back.
        if way.then == file.before || way.then.is_none() {
            return;
        }
        let texts =
            [&file.after, &way.then, &file.before].map(|text| text.as_deref().and_then(|t| str::from_utf8(t).ok()));
        let [Some(after), Some(now), Some(before)] = texts else { return self.edited.push(file.path.clone()) };
        let merged = three_way(after, (now, "yours"), (before, "before"));
        if merged.conflicts > 0 {
            return self.edited.push(file.path.clone());
        }
        way.then = Some(merged.text.into_bytes());
        self.merged.push(file.path.clone());
    }

    /// The way back as a diff that `git apply` takes.
    pub fn diff(&self, color: Color) -> String {
        self.files.iter().map(|(path, way)| diff(path, way.now.as_deref(), way.then.as_deref(), color)).collect()
    }

    /// Sentences about the files that the user changed since, and that are taken back or `kept`; empty if there are none.
    pub fn words(&self, kept: bool) -> String {
        let list = |what: &str, files: &[String]| match files {
            [] => String::new(),
            files => format!("{what}: {}\n", files.join(", ")),
        };
        list("Changed by you since, and merged", &self.merged)
            + &list("Changed by you since, and left as it is", if kept { &self.edited } else { &[] })
    }

    /// The way back as a change to apply.
    pub fn record(self, chosen: &[&Record]) -> Record {
        let commands: Vec<&str> = chosen.iter().map(|record| record.about.command.as_str()).collect();
        let about = About {
            time: now(),
            command: format!("undo: {}", commands.join("; ")),
            undoes: chosen.iter().map(|record| record.about.id).collect(),
            ..About::default()
        };
        let files = self.files.into_iter();
        let files = files.map(|(path, Way { now, then, mode })| FileEdit { path, mode, before: now, after: then });
        Record { about, emptied: self.emptied, files: files.collect(), ..Record::default() }
    }
}
