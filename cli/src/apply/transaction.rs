//! Changes a checkout under a lock: all of a change, or nothing of it.
//!
//! The journal is written and synced first. Then every new text is written beside its place, under a
//! temporary name, and synced; only then are the texts moved into place, one after the other. Whatever fails
//! or ends the process on the way, the journal tells how to go back, or on.

use std::collections::BTreeSet;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use kubevirt_scaffold_core::tree::{file_name, join, parent};

use super::file_mover::{FileMover, State};
use super::folder::{FaultHook, Folder, Found};
use super::journal::{Record, Seal};
use super::past::{self, HISTORY, PENDING, keyless, number, read_history, unlawful};
use super::place::{make_state, state_path};
use super::refusal::{Refusal, failed};
use super::seal::{Key, Place};
use crate::command_name::command;

const DRAFT: &str = "pending.new";
const LOCK: &str = "lock";

/// What is at a path of a checkout. Takes no lock.
pub fn peek(root: &Path, path: &str) -> Result<State, Refusal> {
    let found = Folder::open(root, None).and_then(|folder| FileMover::new(&folder, 0).state(path));
    found.map_err(|error| failed(root, &format!("reading {path}"), &error))
}

/// A checkout, locked.
pub struct Transaction {
    path: PathBuf,
    root: Folder,
    state: Folder,
    history: Folder,
    key: Key,
    place: Place,
    _lock: File,
}

impl Transaction {
    /// Locks a checkout.
    pub fn begin(path: &Path, faults: Option<&FaultHook>) -> Result<Self, Refusal> {
        let state_path = state_path(path);
        let key = Key::find_or_make().map_err(|error| keyless(path, &error))?;
        let open = || -> io::Result<_> {
            let root = Folder::open(path, faults.cloned())?;
            let state = make_state(path, faults)?;
            let history = state.private_folder(HISTORY)?;
            let lock = state.lock(LOCK)?;
            Ok((root, state, history, lock))
        };
        let what = format!("preparing {}", state_path.display());
        let (root, state, history, lock) = open().map_err(|error| failed(path, &what, &error))?;
        let Some(lock) = lock else {
            let message = format!("another run of this program is changing {}", path.display());
            return Err(Refusal::new("busy", path, message, "wait until it has ended, and run the command again"));
        };
        Ok(Self { path: path.to_path_buf(), root, state, history, key, place: Place::of(path), _lock: lock })
    }

    /// The change that was not finished.
    pub fn pending(&self) -> Result<Option<Record>, Refusal> {
        past::pending(&self.state, &self.path, &self.seal())
    }

    /// Every change that was finished, oldest first.
    pub fn history(&self) -> Result<Vec<Record>, Refusal> {
        read_history(&self.history, &self.path, &self.seal())
    }

    fn seal(&self) -> Seal {
        Seal { key: Some(self.key.clone()), place: self.place.clone() }
    }

    /// What a file of a checkout holds; nothing if it does not exist. Takes no lock.
    pub fn peek(root: &Path, path: &str) -> Result<Option<Vec<u8>>, Refusal> {
        let found = Folder::open(root, None).and_then(|folder| FileMover::new(&folder, 0).current(path));
        found.map_err(|error| failed(root, &format!("reading {path}"), &error))
    }

    /// Makes a change: all of it, or nothing. Returns its number.
    pub fn apply(&self, mut record: Record) -> Result<u64, Refusal> {
        self.check(&mut record)?;
        record.about.id = self.next_id()?;
        if let Err(error) = self.note(&record) {
            // Nothing was begun: a journal without a change would only be in the way.
            let _ = self.forget();
            return Err(self.failed("writing the journal; nothing was changed", &error));
        }
        let done = FileMover::new(&self.root, record.about.id).carry_out(&record).and_then(|()| self.keep(&record));
        let Err(error) = done else { return Ok(record.about.id) };
        match self.roll_back(&record) {
            Ok(left) if left.is_empty() => Err(self.failed("nothing was changed", &error)),
            Ok(left) => {
                let message = format!("{error}; changed by somebody else meanwhile, and left so: {}", left.join(", "));
                Err(Refusal::new("apply", &self.path, message, "look at these files; everything else is as it was"))
            }
            Err(_) => {
                let message = format!("{error}, and it could not be undone at once");
                let help = format!("when that is fixed, {} puts everything back", command("recover"));
                Err(Refusal::new("interrupted", &self.path, message, help))
            }
        }
    }

    /// Records a change that another program has made already, so that it can be taken back. Returns its
    /// number.
    pub fn note_done(&self, mut record: Record) -> Result<u64, Refusal> {
        record.about.id = self.next_id()?;
        let kept = self.draft(&record).and_then(|()| {
            self.state.rename_into(DRAFT, &self.history, &number(record.about.id))?;
            self.history.sync()
        });
        kept.map_err(|error| self.failed("writing the journal", &error))?;
        Ok(record.about.id)
    }

    /// A new log of a step, in place of that of an earlier run, and where it lies.
    pub fn log(&self, step: &str) -> Result<(File, PathBuf), Refusal> {
        let name = format!("{step}.log");
        let path = state_path(&self.path).join(&name);
        let file = self.state.remove(&name).and_then(|()| self.state.create_open(&name));
        Ok((file.map_err(|error| self.failed(&format!("writing {}", path.display()), &error))?, path))
    }

    fn next_id(&self) -> Result<u64, Refusal> {
        let names = self.history.names().map_err(|error| self.failed("reading the history", &error))?;
        Ok(names.iter().filter_map(|name| name.parse::<u64>().ok()).max().unwrap_or(0) + 1)
    }

    /// Puts everything back as it was before an unfinished change. Returns the files that were changed since,
    /// which are left alone.
    pub fn roll_back(&self, record: &Record) -> Result<Vec<String>, Refusal> {
        self.is_straight(record)?;
        let left = FileMover::new(&self.root, record.about.id).take_back(record);
        let left = left.map_err(|error| self.failed("putting everything back", &error))?;
        let end = if left.is_empty() { self.forget() } else { self.put_aside(record) };
        end.map_err(|error| self.failed("closing the journal", &error))?;
        Ok(left)
    }

    /// Finishes an unfinished change. Returns the files that were changed since, which are left alone.
    pub fn finish(&self, record: &Record) -> Result<Vec<String>, Refusal> {
        self.is_straight(record)?;
        let left = FileMover::new(&self.root, record.about.id).go_on(record);
        let left = left.map_err(|error| self.failed("finishing", &error))?;
        self.keep(record).map_err(|error| self.failed("closing the journal", &error))?;
        Ok(left)
    }

    /// That nothing would be written through a link, before anything is written.
    fn is_straight(&self, record: &Record) -> Result<(), Refusal> {
        let mut mover = FileMover::new(&self.root, record.about.id);
        for file in &record.files {
            let straight = mover.is_straight(&file.path);
            if !straight.map_err(|error| self.failed(&format!("looking at {}", file.path), &error))? {
                let message = format!("{} is not a file, or a link leads to it", file.path);
                return Err(Refusal::new("path-symlink", &self.path, message, "nothing is written through links"));
            }
        }
        Ok(())
    }

    /// Checks that every file is as it was when the change was planned and may be written. Fills in permissions
    /// and the folders to make.
    fn check(&self, record: &mut Record) -> Result<(), Refusal> {
        if self.pending()?.is_some() {
            let message = format!("an earlier change of {} was not finished", self.path.display());
            return Err(Refusal::new("interrupted", &self.path, message, format!("run {} first", command("recover"))));
        }
        let mut folders = BTreeSet::new();
        if let Some((code, message, help)) = unlawful(record) {
            return Err(Refusal::new(code, &self.path, message, help));
        }
        let is_scaffold = record.about.undoes.is_empty();
        for file in &mut record.files {
            let what = format!("looking at {}", file.path);
            let mut folder = self.root.folder(".").map_err(|error| self.failed(&what, &error))?;
            let mut walked = String::new();
            let mut missing = false;
            for part in parent(&file.path).split('/').filter(|part| !part.is_empty()) {
                walked = join(&walked, part);
                if missing {
                    folders.insert(walked.clone());
                    continue;
                }
                match folder.look(part).map_err(|error| self.failed(&what, &error))? {
                    Found::Folder => {
                        folder = folder.folder(part).map_err(|error| self.failed(&what, &error))?;
                    }
                    Found::Nothing => {
                        self.is_alone(&folder, &walked, is_scaffold)?;
                        missing = true;
                        folders.insert(walked.clone());
                    }
                    Found::File(_) | Found::Other => {
                        let message = format!("{walked} is not a folder; nothing is written through links");
                        return Err(Refusal::new("path-symlink", &self.path, message, "make it a folder again"));
                    }
                }
            }
            let name = file_name(&file.path);
            let found = if missing { Ok(Found::Nothing) } else { folder.look(name) };
            let now = match found.map_err(|error| self.failed(&what, &error))? {
                Found::Nothing => {
                    if !missing {
                        self.is_alone(&folder, &file.path, is_scaffold && file.after.is_some())?;
                    }
                    None
                }
                Found::File(mode) => {
                    if mode & 0o222 == 0 {
                        let message = format!("{} is read-only", file.path);
                        return Err(Refusal::new(
                            "apply",
                            &self.path,
                            message,
                            "make it writable, if it may be changed",
                        ));
                    }
                    file.mode = Some(mode);
                    folder.read(name).map_err(|error| self.failed(&what, &error))?
                }
                Found::Folder | Found::Other => {
                    let message = format!("{} is a symbolic link, or not a file", file.path);
                    return Err(Refusal::new("path-symlink", &self.path, message, "nothing is written through links"));
                }
            };
            if now != file.before {
                let message = format!("{} changed since it was read", file.path);
                return Err(Refusal::new("moved", &self.path, message, "run the command again"));
            }
        }
        record.folders = folders.into_iter().collect();
        Ok(())
    }

    /// That no name in a folder differs from a new one in case only, if that matters.
    fn is_alone(&self, folder: &Folder, path: &str, matters: bool) -> Result<(), Refusal> {
        if !matters {
            return Ok(());
        }
        let name = file_name(path);
        let names = folder.names().map_err(|error| self.failed(&format!("looking at {path}"), &error))?;
        let Some(alike) = names.iter().find(|known| known.eq_ignore_ascii_case(name)) else { return Ok(()) };
        let message = format!("`{path}` and {} differ in case only", join(parent(path), alike));
        let help = "name it as the checkout has it: not every file system tells them apart";
        Err(Refusal::new("path-case", &self.path, message, help))
    }

    /// Writes the journal of a change that is about to be made.
    fn note(&self, record: &Record) -> io::Result<()> {
        self.draft(record)?;
        self.state.rename_into(DRAFT, &self.state, PENDING)?;
        self.state.sync()
    }

    fn draft(&self, record: &Record) -> io::Result<()> {
        self.state.remove(DRAFT)?;
        self.state.create(DRAFT, &record.to_bytes(&self.key, &self.place)?, Some(0o600))
    }

    /// Moves the journal into the history: from now on the change is done.
    fn keep(&self, record: &Record) -> io::Result<()> {
        self.state.rename_into(PENDING, &self.history, &number(record.about.id))?;
        // It is done. Whether it is on the disk already is a question of the next seconds.
        let _ = self.history.sync().and_then(|()| self.state.sync());
        Ok(())
    }

    fn forget(&self) -> io::Result<()> {
        self.state.remove(PENDING)?;
        self.state.sync()
    }

    /// Keeps the journal of a change that could not be taken back as a whole, for people to look at.
    fn put_aside(&self, record: &Record) -> io::Result<()> {
        self.state.rename_into(PENDING, &self.state, &format!("left-{}", number(record.about.id)))?;
        self.state.sync()
    }

    fn failed(&self, what: &str, error: &io::Error) -> Refusal {
        failed(&self.path, what, error)
    }
}
