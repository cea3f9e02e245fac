//! A checkout, read-only: what the planner may know about it.

use std::collections::BTreeMap;
use std::sync::Arc;

/// What stands at a path.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link. The tool reads through links, but never writes through one.
    Link,
    /// Anything else: a socket, a device.
    Other,
}

/// Why a file that exists cannot be read as text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ReadError {
    /// It is not UTF-8; the offset is that of the first wrong byte.
    NotUtf8(usize),
    /// The system refused, in its own words.
    Refused(String),
}

/// A read-only tree of files. Paths are relative to its root and use `/`.
pub trait Tree {
    /// The text of a file; nothing if there is no file.
    fn read(&self, path: &str) -> Result<Option<Arc<str>>, ReadError>;
    /// Shows the text of a file without keeping it; nothing is shown if there is none.
    fn show(&self, path: &str, look: &mut dyn FnMut(&str)) {
        if let Ok(Some(text)) = self.read(path) {
            look(&text);
        }
    }
    /// What stands at a path, links not followed.
    fn kind(&self, path: &str) -> Option<Kind>;
    /// The names in a folder, sorted; none if there is no such folder.
    fn list(&self, folder: &str) -> Vec<String>;
}

/// A tree in memory: the built-in sample, and tests.
#[derive(Clone, Debug, Default)]
pub struct MemoryTree {
    files: BTreeMap<String, Arc<str>>,
}

impl MemoryTree {
    /// A tree of the given files.
    pub fn new<P: Into<String>, T: Into<Arc<str>>>(files: impl IntoIterator<Item = (P, T)>) -> Self {
        Self { files: files.into_iter().map(|(path, text)| (path.into(), text.into())).collect() }
    }

    /// Puts a file into the tree, or takes it out.
    pub fn set(&mut self, path: &str, text: Option<&str>) {
        match text {
            Some(text) => self.files.insert(path.to_owned(), text.into()),
            None => self.files.remove(path),
        };
    }

    /// All files, sorted by path.
    pub fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(path, text)| (path.as_str(), &**text))
    }

    fn below<'a>(&'a self, folder: &str) -> impl Iterator<Item = &'a str> {
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let after = self.files.range(prefix.clone()..);
        after.map_while(move |(path, _)| path.strip_prefix(prefix.as_str()))
    }
}

impl Tree for MemoryTree {
    fn read(&self, path: &str) -> Result<Option<Arc<str>>, ReadError> {
        Ok(self.files.get(path).cloned())
    }

    fn kind(&self, path: &str) -> Option<Kind> {
        if self.files.contains_key(path) { Some(Kind::File) } else { self.below(path).next().map(|_| Kind::Folder) }
    }

    fn list(&self, folder: &str) -> Vec<String> {
        let mut names: Vec<String> =
            self.below(folder).map(|rest| rest.split('/').next().unwrap_or(rest).to_owned()).collect();
        names.dedup();
        names
    }
}

/// The folder that a path stands in.
pub fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The last part of a path.
pub fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// A path below a folder.
pub fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_memory_tree_lists_files_and_folders() {
        let tree = MemoryTree::new([("a/b.go", "1"), ("a/c/d.go", "2"), ("a-b/x", "3"), ("go.mod", "4")]);
        assert_eq!(tree.list(""), ["a-b", "a", "go.mod"]);
        assert_eq!(tree.list("a"), ["b.go", "c"]);
        assert_eq!(tree.kind("a"), Some(Kind::Folder));
        assert_eq!(tree.kind("a/b.go"), Some(Kind::File));
        assert_eq!(tree.kind("x"), None);
        assert_eq!(tree.read("go.mod").unwrap().as_deref(), Some("4"));
        assert_eq!((parent("a/b.go"), file_name("a/b.go"), parent("x")), ("a", "b.go", ""));
    }
}
