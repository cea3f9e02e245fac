//! Brings the files of one change into place, one after the other, and back.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::rc::Rc;

use kubevirt_scaffold_core::tree::{file_name, join, parent};

use super::folder::{Folder, Found};
use super::journal::{FileEdit, Record};
use super::place::STATE;

/// The ending of the temporary name of a text that is put back.
const BACK: &str = "-back";
/// How many folders are kept open.
const OPEN: usize = 64;

/// What stands at a path.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum State {
    /// Nothing.
    Nothing,
    /// A file.
    File {
        /// What it holds.
        text: Vec<u8>,
        /// Its permissions.
        mode: u32,
    },
    /// A folder, a link, a device: nothing that is written.
    Other,
}

impl State {
    /// The text and the permissions of a file; nothing if there is no file.
    pub fn file(self) -> Option<(Vec<u8>, u32)> {
        match self {
            Self::File { text, mode } => Some((text, mode)),
            Self::Nothing | Self::Other => None,
        }
    }
}

/// Moves the files of one change, and keeps the folders open on the way.
pub(super) struct FileMover<'a> {
    root: &'a Folder,
    id: u64,
    open: BTreeMap<String, Rc<Folder>>,
}

impl<'a> FileMover<'a> {
    pub(super) fn new(root: &'a Folder, id: u64) -> Self {
        Self { root, id, open: BTreeMap::new() }
    }

    /// Opens a folder of the checkout; nothing if it does not exist.
    fn folder(&mut self, path: &str) -> io::Result<Option<Rc<Folder>>> {
        if let Some(known) = self.open.get(path) {
            return Ok(Some(known.clone()));
        }
        let opened = if path.is_empty() {
            self.root.folder(".")
        } else {
            match self.folder(parent(path))? {
                Some(above) => above.folder(file_name(path)),
                None => return Ok(None),
            }
        };
        match opened {
            Ok(folder) => {
                let folder = Rc::new(folder);
                // A process may have few folders open at a time.
                if self.open.len() >= OPEN {
                    self.open.clear();
                }
                self.open.insert(path.to_owned(), folder.clone());
                Ok(Some(folder))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn there(&mut self, path: &str) -> io::Result<Rc<Folder>> {
        let gone = || io::Error::new(io::ErrorKind::NotFound, format!("{path} is gone"));
        self.folder(path)?.ok_or_else(gone)
    }

    /// Opens a folder, and makes it if it does not exist.
    fn made(&mut self, path: &str) -> io::Result<Rc<Folder>> {
        if let Some(folder) = self.folder(path)? {
            return Ok(folder);
        }
        let above = self.made(parent(path))?;
        above.make_folder(file_name(path))?;
        self.there(path)
    }

    pub(super) fn current(&mut self, path: &str) -> io::Result<Option<Vec<u8>>> {
        match self.folder(parent(path))? {
            Some(folder) => folder.read(file_name(path)),
            None => Ok(None),
        }
    }

    /// What is at a path. Links are not followed.
    pub(super) fn state(&mut self, path: &str) -> io::Result<State> {
        let folder = match self.folder(parent(path)) {
            Ok(Some(folder)) => folder,
            Ok(None) => return Ok(State::Nothing),
            Err(error) if error.kind() == io::ErrorKind::NotADirectory => return Ok(State::Other),
            Err(error) => return Err(error),
        };
        Ok(match folder.look(file_name(path))? {
            Found::Nothing => State::Nothing,
            Found::File(mode) => {
                folder.read(file_name(path))?.map_or(State::Nothing, |text| State::File { text, mode })
            }
            Found::Folder | Found::Other => State::Other,
        })
    }

    /// Whether a file, or nothing, stands at a path, and no link leads there.
    pub(super) fn is_straight(&mut self, path: &str) -> io::Result<bool> {
        match self.folder(parent(path)) {
            Ok(Some(folder)) => Ok(matches!(folder.look(file_name(path))?, Found::Nothing | Found::File(_))),
            Ok(None) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::NotADirectory => Ok(false),
            Err(error) => Err(error),
        }
    }

    pub(super) fn carry_out(&mut self, record: &Record) -> io::Result<()> {
        for folder in &record.folders {
            self.there(parent(folder))?.make_folder(file_name(folder)).map_err(|error| about(folder, &error))?;
        }
        for (index, file) in record.files.iter().enumerate() {
            if let Some(after) = &file.after {
                let folder = self.there(parent(&file.path))?;
                let staged = folder.create(&self.beside(index, ""), after, file.mode);
                let staged = staged.and_then(|()| match &file.before {
                    Some(_) => folder.adopt(file_name(&file.path), &self.beside(index, "")),
                    None => Ok(()),
                });
                staged.map_err(|error| about(&file.path, &error))?;
            }
        }
        for (index, file) in record.files.iter().enumerate() {
            let folder = self.there(parent(&file.path))?;
            let (before, after) = (file.before.as_deref(), file.after.as_deref());
            Self::commit(&folder, &self.beside(index, ""), file_name(&file.path), before, after.is_some())
                .map_err(|error| about(&file.path, &error))?;
        }
        // As late as can be: a save that came in between is found.
        for (index, file) in record.files.iter().enumerate() {
            if let Some(before) = &file.before {
                let folder = self.there(parent(&file.path))?;
                Self::settle(&folder, &self.beside(index, ""), file_name(&file.path), before, file.after.is_some())
                    .map_err(|error| about(&file.path, &error))?;
            }
        }
        self.close(record)
    }

    /// Removes empty folders, and syncs every name to the disk.
    fn close(&mut self, record: &Record) -> io::Result<()> {
        for folder in &record.emptied {
            if let Some(above) = self.folder(parent(folder))? {
                above.remove_folder(file_name(folder))?;
            }
        }
        let files = record.files.iter().map(|file| file.path.as_str());
        let folders = record.folders.iter().chain(&record.emptied).map(String::as_str);
        let touched: BTreeSet<&str> = files.chain(folders).map(parent).collect();
        for folder in touched {
            if let Some(folder) = self.folder(folder)? {
                folder.sync()?;
            }
        }
        Ok(())
    }

    /// Moves a staged text into its place, or the file there aside, if the place still holds `expected`. What was there
    /// is kept beside it until [`Self::settle`].
    fn commit(folder: &Folder, aside: &str, name: &str, expected: Option<&[u8]>, stays: bool) -> io::Result<()> {
        let Some(expected) = expected else {
            return if stays { folder.rename_to_free(aside, name) } else { Ok(()) };
        };
        let swapped = if stays {
            folder.swap(aside, name)?
        } else {
            folder.rename_to_free(name, aside)?;
            true
        };
        if swapped { Self::is_still(folder, aside, name, expected, stays) } else { Ok(()) }
    }

    /// Removes what was moved aside, if nobody has written into it meanwhile, as a program can that had it open.
    fn settle(folder: &Folder, aside: &str, name: &str, expected: &[u8], stays: bool) -> io::Result<()> {
        if folder.read(aside)?.is_some() {
            Self::is_still(folder, aside, name, expected, stays)?;
        }
        folder.remove(aside)
    }

    /// That what was moved aside is what was expected. If it is not, another process wrote it just now, and it goes back
    /// into its place.
    fn is_still(folder: &Folder, aside: &str, name: &str, expected: &[u8], stays: bool) -> io::Result<()> {
        if folder.read(aside)?.as_deref() == Some(expected) {
            return Ok(());
        }
        if stays {
            folder.swap(aside, name)?;
        } else {
            folder.rename_to_free(aside, name)?;
        }
        Err(io::Error::other("it was changed by somebody else just now"))
    }

    pub(super) fn take_back(&mut self, record: &Record) -> io::Result<Vec<String>> {
        let mut left = Vec::new();
        for (index, file) in record.files.iter().enumerate().rev() {
            let now = self.current(&file.path)?;
            if now != file.before {
                if now == file.after {
                    self.put(index, file, file.after.as_deref(), file.before.as_deref())?;
                } else {
                    left.push(file.path.clone());
                }
            }
            left.extend(self.clear(index, file)?);
        }
        for folder in record.folders.iter().rev() {
            self.open.remove(folder);
            if let Some(above) = self.folder(parent(folder))? {
                above.remove_folder(file_name(folder))?;
            }
        }
        self.close(&Record { emptied: Vec::new(), ..record.clone() })?;
        Ok(left)
    }

    pub(super) fn go_on(&mut self, record: &Record) -> io::Result<Vec<String>> {
        let mut left = Vec::new();
        for folder in &record.folders {
            self.made(folder)?;
        }
        for (index, file) in record.files.iter().enumerate() {
            let now = self.current(&file.path)?;
            if now != file.after {
                if now == file.before {
                    self.put(index, file, file.before.as_deref(), file.after.as_deref())?;
                } else {
                    left.push(file.path.clone());
                }
            }
            left.extend(self.clear(index, file)?);
        }
        self.close(record)?;
        Ok(left)
    }

    /// Replaces `expected`, which the file holds, with `new`.
    fn put(&mut self, index: usize, file: &FileEdit, expected: Option<&[u8]>, new: Option<&[u8]>) -> io::Result<()> {
        let folder = if new.is_some() { self.made(parent(&file.path))? } else { self.there(parent(&file.path))? };
        let aside = self.beside(index, BACK);
        left_over(&folder, &aside, file)?;
        if let Some(new) = new {
            folder.create(&aside, new, file.mode)?;
            if expected.is_some() {
                folder.adopt(file_name(&file.path), &aside)?;
            }
        }
        let name = file_name(&file.path);
        Self::commit(&folder, &aside, name, expected, new.is_some())?;
        expected.map_or(Ok(()), |expected| Self::settle(&folder, &aside, name, expected, new.is_some()))
    }

    /// Removes staged texts beside a file. Gives the path of one that is neither of the file's texts, which stays.
    fn clear(&mut self, index: usize, file: &FileEdit) -> io::Result<Option<String>> {
        let Some(folder) = self.folder(parent(&file.path))? else { return Ok(None) };
        let mut stays = None;
        for name in ["", BACK].map(|more| self.beside(index, more)) {
            if left_over(&folder, &name, file)? {
                stays = Some(join(parent(&file.path), &name));
            }
        }
        Ok(stays)
    }

    /// The temporary name of a staged text, in the folder of its file.
    fn beside(&self, index: usize, more: &str) -> String {
        format!(".{STATE}-{}-{index}{more}", self.id)
    }
}

/// Removes a staged text if it is one of the file's texts, or the beginning of one. True if it is not.
fn left_over(folder: &Folder, name: &str, file: &FileEdit) -> io::Result<bool> {
    let Some(text) = folder.read(name)? else { return Ok(false) };
    let ours = [&file.before, &file.after].into_iter().flatten().any(|known| known.starts_with(&text));
    if ours {
        folder.remove(name)?;
    }
    Ok(!ours)
}

fn about(path: &str, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{path}: {error}"))
}
