//! The tree of a commit, read from git without a checkout.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

use kubevirt_scaffold_core::tree::{Kind, ReadError, Tree, file_name, parent};

use kubevirt_scaffold::process::Runner;

/// A repository, and the texts that were read from it: neighbouring commits share most of them.
#[derive(Debug)]
pub(super) struct Repository<'a> {
    place: Runner<'a>,
    texts: RefCell<BTreeMap<String, Result<Arc<str>, usize>>>,
}

impl<'a> Repository<'a> {
    pub(super) fn new(folder: &'a Path) -> Self {
        Self { place: Runner::new(folder), texts: RefCell::default() }
    }

    /// What git says; nothing if it fails.
    pub(super) fn git(&self, arguments: &[&str]) -> Option<String> {
        let output = self.place.run("git", arguments).ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim_end().to_owned())
    }

    /// The tree of a commit.
    pub(super) fn tree(&self, commit: &str) -> GitTree<'_> {
        GitTree { repository: self, commit: commit.to_owned(), folders: RefCell::default() }
    }

    fn text(&self, blob: &str) -> Result<Arc<str>, usize> {
        if let Some(text) = self.texts.borrow().get(blob) {
            return text.clone();
        }
        let output = self.place.run("git", &["cat-file", "blob", blob]).map(|output| output.stdout).unwrap_or_default();
        let text = String::from_utf8(output).map(Arc::from).map_err(|error| error.utf8_error().valid_up_to());
        self.texts.borrow_mut().insert(blob.to_owned(), text.clone());
        text
    }
}

/// The names in a folder, each with what it is and its object.
type Folder = BTreeMap<String, (Kind, String)>;

/// The tree of a commit.
#[derive(Debug)]
pub(super) struct GitTree<'a> {
    repository: &'a Repository<'a>,
    commit: String,
    folders: RefCell<BTreeMap<String, Rc<Folder>>>,
}

impl GitTree<'_> {
    fn folder(&self, folder: &str) -> Rc<Folder> {
        if let Some(known) = self.folders.borrow().get(folder) {
            return known.clone();
        }
        let listed = self.repository.git(&["ls-tree", "-z", &format!("{}:{folder}", self.commit)]).unwrap_or_default();
        let entries = listed.split('\0').filter_map(|entry| {
            let (about, name) = entry.split_once('\t')?;
            let words: Vec<&str> = about.split(' ').collect();
            let kind = match words[..] {
                ["120000", ..] => Kind::Link,
                [_, "tree", _] => Kind::Folder,
                [_, "blob", _] => Kind::File,
                _ => Kind::Other,
            };
            Some((name.to_owned(), (kind, (*words.last()?).to_owned())))
        });
        let entries = Rc::new(entries.collect::<Folder>());
        self.folders.borrow_mut().insert(folder.to_owned(), entries.clone());
        entries
    }
}

impl Tree for GitTree<'_> {
    fn read(&self, path: &str) -> Result<Option<Arc<str>>, ReadError> {
        let folder = self.folder(parent(path));
        let Some((Kind::File, blob)) = folder.get(file_name(path)) else { return Ok(None) };
        self.repository.text(blob).map(Some).map_err(ReadError::NotUtf8)
    }

    fn kind(&self, path: &str) -> Option<Kind> {
        if path.is_empty() {
            return Some(Kind::Folder);
        }
        self.folder(parent(path)).get(file_name(path)).map(|(kind, _)| *kind)
    }

    fn list(&self, folder: &str) -> Vec<String> {
        self.folder(folder).keys().cloned().collect()
    }
}
