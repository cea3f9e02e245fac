//! A checkout on disk, read-only.

use std::cell::{Cell, RefCell, RefMut};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use kubevirt_scaffold_core::diagnostic::Diagnostic;
use kubevirt_scaffold_core::survey::unreadable;
use kubevirt_scaffold_core::tree::{Kind, ReadError, Tree};

use crate::files;

/// The largest file that is read: KubeVirt's largest source file has 3 MB.
const LIMIT: u64 = 64 << 20;
/// The most that is read of all files together: a preview of KubeVirt reads 2 MB.
const TOTAL: u64 = 1 << 30;

/// A tree over a folder. It remembers what the system refused to tell, which is not the same as what is not there.
#[derive(Clone, Debug)]
pub struct DiskTree {
    root: PathBuf,
    /// One buffer for all reads: touching fresh memory costs more than reading.
    buffer: RefCell<Vec<u8>>,
    left: Cell<u64>,
    refused: RefCell<BTreeMap<String, String>>,
    seen: RefCell<BTreeSet<String>>,
}

impl DiskTree {
    /// The tree below a folder.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self {
            root: root.into(),
            buffer: RefCell::default(),
            left: Cell::new(TOTAL),
            refused: RefCell::default(),
            seen: RefCell::default(),
        }
    }

    /// The folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// What could not be read, listed or looked at until now: one diagnostic for each path.
    pub fn refusals(&self) -> Vec<Diagnostic> {
        let refused = self.refused.borrow();
        refused.iter().map(|(path, reason)| unreadable(path, &ReadError::Refused(reason.clone()))).collect()
    }

    /// Every path that was read, listed or looked at until now.
    pub fn seen(&self) -> Vec<PathBuf> {
        self.seen.borrow().iter().map(|path| self.root.join(path)).collect()
    }

    fn note(&self, path: &str) {
        let mut seen = self.seen.borrow_mut();
        if !seen.contains(path) {
            seen.insert(path.to_owned());
        }
    }

    /// Reads a regular file into the buffer.
    fn fill(&self, path: &str) -> io::Result<RefMut<'_, Vec<u8>>> {
        self.note(path);
        let mut buffer = self.buffer.borrow_mut();
        buffer.clear();
        files::read_into(&mut buffer, &self.root.join(path), LIMIT)?;
        let left = self.left.get().checked_sub(buffer.len() as u64);
        self.left.set(left.ok_or_else(|| io::Error::other(format!("more than {TOTAL} bytes were read before it")))?);
        Ok(buffer)
    }

    /// Whether an error means that there is nothing; remembers any other.
    fn is_absent(&self, path: &str, error: &io::Error) -> bool {
        let absent = matches!(
            error.kind(),
            ErrorKind::NotFound | ErrorKind::NotADirectory | ErrorKind::IsADirectory | ErrorKind::InvalidInput
        );
        if !absent {
            self.refused.borrow_mut().entry(path.to_owned()).or_insert_with(|| error.to_string());
        }
        absent
    }
}

impl Tree for DiskTree {
    fn read(&self, path: &str) -> Result<Option<Arc<str>>, ReadError> {
        match self.fill(path) {
            Ok(buffer) => match str::from_utf8(&buffer) {
                Ok(text) => Ok(Some(text.into())),
                Err(error) => Err(ReadError::NotUtf8(error.valid_up_to())),
            },
            Err(error) if self.is_absent(path, &error) => Ok(None),
            Err(error) => Err(ReadError::Refused(error.to_string())),
        }
    }

    fn show(&self, path: &str, look: &mut dyn FnMut(&str)) {
        match self.fill(path) {
            Ok(buffer) => {
                if let Ok(text) = str::from_utf8(&buffer) {
                    look(text);
                }
            }
            Err(error) => {
                self.is_absent(path, &error);
            }
        }
    }

    fn kind(&self, path: &str) -> Option<Kind> {
        self.note(path);
        let kind = match fs::symlink_metadata(self.root.join(path)) {
            Ok(metadata) => metadata.file_type(),
            Err(error) => {
                self.is_absent(path, &error);
                return None;
            }
        };
        Some(if kind.is_symlink() {
            Kind::Link
        } else if kind.is_dir() {
            Kind::Folder
        } else if kind.is_file() {
            Kind::File
        } else {
            Kind::Other
        })
    }

    fn list(&self, folder: &str) -> Vec<String> {
        self.note(folder);
        let names = || -> io::Result<Vec<String>> {
            let mut names = Vec::new();
            for entry in fs::read_dir(self.root.join(folder))? {
                // A name that is not UTF-8 is none that anybody can mean.
                names.extend(entry?.file_name().into_string());
            }
            Ok(names)
        };
        let mut names = names().unwrap_or_else(|error| {
            self.is_absent(folder, &error);
            Vec::new()
        });
        names.sort();
        names
    }
}
