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

/// A tree in which some files are as they were at another time.
pub struct Overlay<'a> {
    under: &'a dyn Tree,
    files: BTreeMap<String, Option<Arc<str>>>,
}

impl<'a> Overlay<'a> {
    /// A tree with other texts for some files; nothing for files that are not there.
    pub fn new(under: &'a dyn Tree, files: BTreeMap<String, Option<Arc<str>>>) -> Self {
        Self { under, files }
    }

    /// Whether files are hidden below a folder, so that it may be empty now.
    fn is_thinned(&self, folder: &str) -> bool {
        let hidden = |path: &str| path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
        self.files.iter().any(|(path, text)| text.is_none() && hidden(path))
    }
}

impl Tree for Overlay<'_> {
    fn read(&self, path: &str) -> Result<Option<Arc<str>>, ReadError> {
        self.files.get(path).map_or_else(|| self.under.read(path), |text| Ok(text.clone()))
    }

    fn show(&self, path: &str, look: &mut dyn FnMut(&str)) {
        match self.files.get(path) {
            Some(text) => text.iter().for_each(|text| look(text)),
            None => self.under.show(path, look),
        }
    }

    fn kind(&self, path: &str) -> Option<Kind> {
        match self.files.get(path) {
            Some(text) => text.as_ref().map(|_| Kind::File),
            None => self
                .under
                .kind(path)
                .filter(|kind| *kind != Kind::Folder || !self.is_thinned(path) || !self.list(path).is_empty()),
        }
    }

    fn list(&self, folder: &str) -> Vec<String> {
        let mut names = self.under.list(folder);
        names.retain(|name| {
            let path = join(folder, name);
            match self.files.get(&path) {
                Some(text) => text.is_some(),
                None => !self.is_thinned(&path) || self.kind(&path).is_some(),
            }
        });
        let back = self.files.iter().filter(|(path, text)| text.is_some() && parent(path) == folder);
        for (path, _) in back {
            let name = file_name(path);
            if let Err(at) = names.binary_search_by(|known| known.as_str().cmp(name)) {
                names.insert(at, name.to_owned());
            }
        }
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
    fn an_overlay_hides_files_and_the_folders_that_they_leave_empty() {
        let tree = MemoryTree::new([("a/b/c.go", "1"), ("a/d.go", "2"), ("e.go", "3")]);
        let hidden = [("a/b/c.go", None), ("e.go", Some("old"))];
        let overlay = Overlay::new(
            &tree,
            hidden.into_iter().map(|(path, text)| (path.to_owned(), text.map(Arc::from))).collect(),
        );
        assert_eq!((overlay.list(""), overlay.list("a")), (vec!["a".into(), "e.go".into()], vec!["d.go".into()]));
        assert_eq!(
            (overlay.kind("a"), overlay.kind("a/b"), overlay.kind("a/b/c.go")),
            (Some(Kind::Folder), None, None)
        );
        assert_eq!(overlay.read("e.go").unwrap().as_deref(), Some("old"));
        assert_eq!(overlay.read("a/d.go").unwrap().as_deref(), Some("2"));
    }

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
