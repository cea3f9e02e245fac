//! Changes a checkout under a lock: all of a change, or nothing of it.
//!
//! The journal is written and synced first. Then every new text is written beside its place, under a
//! temporary name, and synced; only then are the texts moved into place, one after the other. Whatever fails
//! or ends the process on the way, the journal tells how to go back, or on.

use std::collections::BTreeSet;
use std::env;
use std::fs::{self, File};
use std::io::{self, BufRead as _, BufReader};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use kubevirt_scaffold_core::pipeline::sha256;
use kubevirt_scaffold_core::repo_path::{Reason, forbidden, unwritable};
use kubevirt_scaffold_core::tree::{file_name, join, parent};

use super::file_mover::{FileMover, State};
use super::folder::{FaultHook, Folder, Found};
use super::journal::{About, Record};
use super::refusal::Refusal;
use crate::command_name::command;

pub(super) const STATE: &str = "kubevirt-scaffold";
const PENDING: &str = "pending";
const DRAFT: &str = "pending.new";
const HISTORY: &str = "history";
const LOCK: &str = "lock";

/// The folder of the journals: in the git folder, so that the work tree stays clean; for a linked work tree, in
/// its part of the git folder; without git, in the user's state folder.
pub fn state_path(root: &Path) -> PathBuf {
    let git = root.join(".git");
    if git.is_dir() {
        return git.join(STATE);
    }
    let text = fs::read_to_string(&git).unwrap_or_default();
    match text.strip_prefix("gitdir:") {
        Some(path) => root.join(path.trim()).join(STATE),
        None => without_git(root).unwrap_or_else(|| root.join(format!(".{STATE}"))),
    }
}

/// A folder for one checkout alone: the key has its inode, so a later checkout at the same path has another.
fn without_git(root: &Path) -> Option<PathBuf> {
    let named = env::var_os("XDG_STATE_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    let base = named.or_else(|| env::home_dir().map(|home| home.join(".local/state")))?;
    let path = fs::canonicalize(root).ok()?;
    let metadata = fs::metadata(&path).ok()?;
    let key = sha256(&format!("{} {} {}", path.display(), metadata.dev(), metadata.ino()));
    Some(base.join(STATE).join(&key[..16]))
}

/// Whether an earlier process left a change unfinished.
pub fn interrupted(root: &Path) -> bool {
    state_path(root).join(PENDING).exists()
}

/// Every change that was finished, oldest first, without taking the lock.
pub fn history(root: &Path) -> Result<Vec<Record>, Refusal> {
    let path = state_path(root);
    if !path.join(HISTORY).is_dir() {
        return Ok(Vec::new());
    }
    let open = || Folder::open(&path, None)?.folder(HISTORY);
    read_history(&open().map_err(|error| failed(root, "reading the history", &error))?, &path)
}

/// What is at a path of a checkout. Takes no lock.
pub fn peek(root: &Path, path: &str) -> Result<State, Refusal> {
    let found = Folder::open(root, None).and_then(|folder| FileMover::new(&folder, 0).state(path));
    found.map_err(|error| failed(root, &format!("reading {path}"), &error))
}

/// Whether undo may write a file that another program changed. That is less strict than for scaffolds, because
/// `make` may write anything but git's own files.
pub fn is_restorable(path: &str) -> bool {
    refused_restoring(path).is_none()
}

fn refused_restoring(path: &str) -> Option<Reason> {
    forbidden(path.strip_prefix("vendor/").unwrap_or(path))
}

/// What every finished change is, oldest first. Reads the first line of each journal only.
pub fn summaries(root: &Path) -> Result<Vec<About>, Refusal> {
    let folder = state_path(root).join(HISTORY);
    let Ok(entries) = fs::read_dir(&folder) else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for path in entries.flatten().map(|entry| entry.path()) {
        let mut line = Vec::new();
        let read = File::open(&path).and_then(|file| BufReader::new(file).read_until(b'\n', &mut line));
        read.map_err(|error| failed(root, &format!("reading {}", path.display()), &error))?;
        found.push(Record::about(&line).map_err(|reason| unreadable(&path, &reason))?);
    }
    found.sort_by_key(|about| about.id);
    Ok(found)
}

/// One finished change.
pub fn finished(root: &Path, id: u64) -> Result<Record, Refusal> {
    let path = state_path(root).join(HISTORY).join(number(id));
    let bytes = fs::read(&path).map_err(|error| failed(root, &format!("reading {}", path.display()), &error))?;
    decoded(&bytes, &path)
}

fn read_history(folder: &Folder, path: &Path) -> Result<Vec<Record>, Refusal> {
    let mut records = Vec::new();
    for name in folder.names().map_err(|error| failed(path, "reading the history", &error))? {
        let bytes = folder.read(&name).map_err(|error| failed(path, &format!("reading {name}"), &error))?;
        records.push(decoded(&bytes.unwrap_or_default(), &path.join(HISTORY).join(name))?);
    }
    Ok(records)
}

fn decoded(bytes: &[u8], path: &Path) -> Result<Record, Refusal> {
    Record::from_bytes(bytes).map_err(|reason| unreadable(path, &reason))
}

fn unreadable(path: &Path, reason: &str) -> Refusal {
    let message = format!("the journal {} cannot be read: {reason}", path.display());
    let help = "move that file away; what it would take back can then only be taken back by hand";
    Refusal::new("journal", path, message, help)
}

/// A checkout, locked.
pub struct Transaction {
    path: PathBuf,
    root: Folder,
    state: Folder,
    history: Folder,
    _lock: File,
}

impl Transaction {
    /// Locks a checkout.
    pub fn begin(path: &Path, faults: Option<&FaultHook>) -> Result<Self, Refusal> {
        let state_path = state_path(path);
        let open = || -> io::Result<_> {
            let root = Folder::open(path, faults.cloned())?;
            let above = state_path.parent().unwrap_or(path);
            fs::create_dir_all(above)?;
            let above = Folder::open(above, faults.cloned())?;
            let state = made(&above, file_name(&state_path.to_string_lossy()))?;
            let history = made(&state, HISTORY)?;
            let lock = state.lock(LOCK)?;
            Ok((root, state, history, lock))
        };
        let what = format!("preparing {}", state_path.display());
        let (root, state, history, lock) = open().map_err(|error| failed(path, &what, &error))?;
        let Some(lock) = lock else {
            let message = format!("another run of this program is changing {}", path.display());
            return Err(Refusal::new("busy", path, message, "wait until it has ended, and run the command again"));
        };
        Ok(Self { path: path.to_path_buf(), root, state, history, _lock: lock })
    }

    /// The change that was not finished.
    pub fn pending(&self) -> Result<Option<Record>, Refusal> {
        let bytes = self.state.read(PENDING).map_err(|error| self.failed("reading the journal", &error))?;
        bytes.map(|bytes| decoded(&bytes, &state_path(&self.path).join(PENDING))).transpose()
    }

    /// Every change that was finished, oldest first.
    pub fn history(&self) -> Result<Vec<Record>, Refusal> {
        read_history(&self.history, &state_path(&self.path))
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
                let help = format!("when that is mended, {} puts everything back", command("recover"));
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

    fn next_id(&self) -> Result<u64, Refusal> {
        let names = self.history.names().map_err(|error| self.failed("reading the history", &error))?;
        Ok(names.iter().filter_map(|name| name.parse::<u64>().ok()).max().unwrap_or(0) + 1)
    }

    /// Puts everything back as it was before an unfinished change. Returns the files that were changed since,
    /// which are left alone.
    pub fn roll_back(&self, record: &Record) -> Result<Vec<String>, Refusal> {
        let left = FileMover::new(&self.root, record.about.id).take_back(record);
        let left = left.map_err(|error| self.failed("putting everything back", &error))?;
        let end = if left.is_empty() { self.forget() } else { self.put_aside(record) };
        end.map_err(|error| self.failed("closing the journal", &error))?;
        Ok(left)
    }

    /// Finishes an unfinished change. Returns the files that were changed since, which are left alone.
    pub fn finish(&self, record: &Record) -> Result<Vec<String>, Refusal> {
        let left = FileMover::new(&self.root, record.about.id).go_on(record);
        let left = left.map_err(|error| self.failed("finishing", &error))?;
        self.keep(record).map_err(|error| self.failed("closing the journal", &error))?;
        Ok(left)
    }

    /// Checks that every file is as it was when the change was planned and may be written. Fills in permissions
    /// and the folders to make.
    fn check(&self, record: &mut Record) -> Result<(), Refusal> {
        if self.pending()?.is_some() {
            let message = format!("an earlier change of {} was not finished", self.path.display());
            return Err(Refusal::new("interrupted", &self.path, message, format!("run {} first", command("recover"))));
        }
        let mut folders = BTreeSet::new();
        let refused = if record.about.undoes.is_empty() { unwritable } else { refused_restoring };
        for file in &mut record.files {
            let what = format!("looking at {}", file.path);
            if let Some((code, message, help)) = refused(&file.path) {
                return Err(Refusal::new(code, &self.path, message, help));
            }
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
                        missing = true;
                        folders.insert(walked.clone());
                    }
                    Found::File(_) | Found::Other => {
                        let message = format!("{walked} is no folder; nothing is written through links");
                        return Err(Refusal::new("path-symlink", &self.path, message, "make it a folder again"));
                    }
                }
            }
            let name = file_name(&file.path);
            let found = if missing { Ok(Found::Nothing) } else { folder.look(name) };
            let now = match found.map_err(|error| self.failed(&what, &error))? {
                Found::Nothing => None,
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
                    let message = format!("{} is a symbolic link, or no file", file.path);
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

    /// Writes the journal of a change that is about to be made.
    fn note(&self, record: &Record) -> io::Result<()> {
        self.draft(record)?;
        self.state.rename_into(DRAFT, &self.state, PENDING)?;
        self.state.sync()
    }

    fn draft(&self, record: &Record) -> io::Result<()> {
        self.state.remove(DRAFT)?;
        self.state.create(DRAFT, &record.to_bytes()?, None)
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

fn number(id: u64) -> String {
    format!("{id:06}")
}

/// Opens a folder, and makes it if it does not exist.
fn made(above: &Folder, name: &str) -> io::Result<Folder> {
    if above.look(name)? == Found::Nothing {
        match above.make_folder(name) {
            // Another run was faster.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            result => result?,
        }
    }
    above.folder(name)
}

fn failed(path: &Path, what: &str, error: &io::Error) -> Refusal {
    Refusal::new("apply", path, format!("{what}: {error}"), "mend that, and run the command again")
}
