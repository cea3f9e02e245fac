//! A checkout on disk, read-only.

use std::cell::{RefCell, RefMut};
use std::fs::{self, File};
use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use kubevirt_scaffold_core::tree::{Kind, ReadError, Tree};

/// The largest file that is read: KubeVirt's largest source file has 3 MB.
const LIMIT: u64 = 64 << 20;

/// A tree over a folder.
#[derive(Clone, Debug)]
pub struct DiskTree {
    root: PathBuf,
    /// One buffer for all reads: touching fresh memory costs more than reading.
    buffer: RefCell<Vec<u8>>,
}

impl DiskTree {
    /// The tree below a folder.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into(), buffer: RefCell::default() }
    }

    /// The folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Reads a regular file of at most [`LIMIT`] bytes into the buffer.
    fn fill(&self, path: &str) -> std::io::Result<RefMut<'_, Vec<u8>>> {
        let mut buffer = self.buffer.borrow_mut();
        buffer.clear();
        let file = File::open(self.root.join(path))?;
        // A pipe would be waited for, and a device has no end.
        let metadata = file.metadata()?;
        if !metadata.is_file() {
            return Err(std::io::Error::from(ErrorKind::NotFound));
        }
        if metadata.len() > LIMIT {
            return Err(std::io::Error::other(format!("it has {} bytes, more than {LIMIT}", metadata.len())));
        }
        file.take(LIMIT).read_to_end(&mut buffer)?;
        Ok(buffer)
    }
}

impl Tree for DiskTree {
    fn read(&self, path: &str) -> Result<Option<Arc<str>>, ReadError> {
        match self.fill(path) {
            Ok(buffer) => match str::from_utf8(&buffer) {
                Ok(text) => Ok(Some(text.into())),
                Err(error) => Err(ReadError::NotUtf8(error.valid_up_to())),
            },
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
            Err(error) => Err(ReadError::Refused(error.to_string())),
        }
    }

    fn show(&self, path: &str, look: &mut dyn FnMut(&str)) {
        if let Ok(buffer) = self.fill(path)
            && let Ok(text) = str::from_utf8(&buffer)
        {
            look(text);
        }
    }

    fn kind(&self, path: &str) -> Option<Kind> {
        let kind = fs::symlink_metadata(self.root.join(path)).ok()?.file_type();
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
        let Ok(entries) = fs::read_dir(self.root.join(folder)) else { return Vec::new() };
        let mut names: Vec<String> = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
        names.sort();
        names
    }
}
