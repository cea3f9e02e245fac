//! What was changed in a checkout, read from its journals without taking the lock. A journal is believed if it bears
//! this user's seal, and is held to every rule that a new change is held to.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;

use kubevirt_scaffold_core::diagnostic::visible;
use kubevirt_scaffold_core::repo_path::{Reason, forbidden, normalized, unwritable};

use super::folder::{Folder, Found};
use super::journal::{About, Record, Seal, Unfit};
use super::place::{open_state, state_path};
use super::refusal::{Refusal, failed};
use super::seal::{Key, Place};

pub(super) const PENDING: &str = "pending";
pub(super) const HISTORY: &str = "history";

/// Whether an earlier process left a change unfinished, or something that looks like that.
pub fn interrupted(root: &Path) -> bool {
    let found = open_state(root).and_then(|state| state.map_or(Ok(Found::Nothing), |state| state.look(PENDING)));
    !matches!(found, Ok(Found::Nothing))
}

/// The command that an earlier process left half-way, if it did.
pub fn unfinished(root: &Path) -> Result<Option<About>, Refusal> {
    let state = open_state(root).map_err(|error| failed(root, "opening the folder of the journals", &error))?;
    let Some(state) = state else { return Ok(None) };
    Ok(pending(&state, root, &seal(root)?)?.map(|record| record.about))
}

/// Every change that was finished, oldest first, without taking the lock.
pub fn history(root: &Path) -> Result<Vec<Record>, Refusal> {
    match open_history(root)? {
        Some(folder) => read_history(&folder, root, &seal(root)?),
        None => Ok(Vec::new()),
    }
}

/// What every finished change is, oldest first. Reads the first line of each journal only.
pub fn summaries(root: &Path) -> Result<Vec<About>, Refusal> {
    let Some(folder) = open_history(root)? else { return Ok(Vec::new()) };
    let seal = seal(root)?;
    let path = state_path(root).join(HISTORY);
    let mut found = Vec::new();
    for name in names(&folder, root)? {
        let place = path.join(&name);
        let line = folder.first_line(&name);
        let line = line.map_err(|error| failed(root, &format!("reading {}", place.display()), &error))?;
        let about = Record::about(&line, &seal).map_err(|reason| unfit(&place, &reason))?;
        is_named(&place, &name, &about)?;
        found.push(about);
    }
    found.sort_by_key(|about| about.id);
    Ok(found)
}

/// One finished change.
pub fn finished(root: &Path, id: u64) -> Result<Record, Refusal> {
    let path = state_path(root).join(HISTORY).join(number(id));
    let gone = || failed(root, &format!("reading {}", path.display()), &io::ErrorKind::NotFound.into());
    let folder = open_history(root)?.ok_or_else(gone)?;
    let bytes = folder.read(&number(id));
    let bytes = bytes.map_err(|error| failed(root, &format!("reading {}", path.display()), &error))?;
    let record = decoded(&bytes.ok_or_else(gone)?, &path, &seal(root)?)?;
    is_named(&path, &number(id), &record.about)?;
    Ok(record)
}

/// What this user's journals of a checkout are sealed with.
pub(super) fn seal(root: &Path) -> Result<Seal, Refusal> {
    Ok(Seal { key: Key::find().map_err(|error| keyless(root, &error))?, place: Place::of(root) })
}

/// The refusal of a run without a secret.
pub(super) fn keyless(root: &Path, error: &io::Error) -> Refusal {
    let message = format!("the key that journals and plans are sealed with cannot be used: {error}");
    let help = format!("it is kept in {}; $XDG_STATE_HOME can name another folder", Key::path().display());
    Refusal::new("state-key", root, message, help)
}

pub(super) fn read_history(folder: &Folder, root: &Path, seal: &Seal) -> Result<Vec<Record>, Refusal> {
    let path = state_path(root).join(HISTORY);
    let mut records = Vec::new();
    for name in names(folder, root)? {
        let place = path.join(&name);
        let bytes = folder.read(&name);
        let bytes = bytes.map_err(|error| failed(root, &format!("reading {}", place.display()), &error))?;
        let record = decoded(&bytes.unwrap_or_default(), &place, seal)?;
        is_named(&place, &name, &record.about)?;
        records.push(record);
    }
    Ok(records)
}

/// The change that was not finished.
pub(super) fn pending(state: &Folder, root: &Path, seal: &Seal) -> Result<Option<Record>, Refusal> {
    let bytes = state.read(PENDING).map_err(|error| failed(root, "reading the journal", &error))?;
    bytes.map(|bytes| decoded(&bytes, &state_path(root).join(PENDING), seal)).transpose()
}

/// The name of a finished change's journal.
pub(super) fn number(id: u64) -> String {
    format!("{id:06}")
}

/// Why a change breaks the rules about paths: those of scaffolds; for what a generator made, all but that it is
/// generated; for what another program did, those of undo.
pub(super) fn unlawful(record: &Record) -> Option<Reason> {
    let is_scaffold = record.about.undoes.is_empty() && record.about.follows.is_none();
    let refused = |path: &str| match is_scaffold {
        true if record.about.generated.iter().any(|made| made == path) => forbidden(path),
        true => unwritable(path),
        false => refused_restoring(path),
    };
    let mut known = BTreeSet::new();
    for file in &record.files {
        if let Some(reason) = refused(&file.path).or_else(|| unusual(&file.path)) {
            return Some(reason);
        }
        if !known.insert(file.path.as_str()) {
            let message = format!("`{}` is changed twice", visible(&file.path));
            return Some(("path-kind", message, "every file is changed once"));
        }
    }
    let folders = record.folders.iter().chain(&record.emptied);
    folders.into_iter().find_map(|folder| refused_restoring(folder).or_else(|| unusual(folder)))
}

/// Whether undo may write a file that another program changed. That is less strict than for scaffolds, because
/// `make` may write anything but git's own files.
pub fn is_restorable(path: &str) -> bool {
    refused_restoring(path).is_none()
}

fn refused_restoring(path: &str) -> Option<Reason> {
    forbidden(path.strip_prefix("vendor/").unwrap_or(path))
}

fn unusual(path: &str) -> Option<Reason> {
    let message = || format!("`{}` is not written as this program writes paths", visible(path));
    (path.is_empty() || normalized(path) != path)
        .then(|| ("path-character", message(), "leave out `.` and empty parts"))
}

fn open_history(root: &Path) -> Result<Option<Folder>, Refusal> {
    let open = || -> io::Result<_> {
        let Some(state) = open_state(root)? else { return Ok(None) };
        match state.folder(HISTORY) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            folder => folder.map(Some),
        }
    };
    open().map_err(|error| failed(root, "reading the history", &error))
}

fn names(folder: &Folder, root: &Path) -> Result<Vec<String>, Refusal> {
    folder.names().map_err(|error| failed(root, "reading the history", &error))
}

/// That the journal of a change stands where that change's journal stands.
fn is_named(path: &Path, name: &str, about: &About) -> Result<(), Refusal> {
    if name == number(about.id) {
        return Ok(());
    }
    Err(unfit(path, &Unfit::Foreign(format!("it is the journal of change {}", about.id))))
}

fn decoded(bytes: &[u8], path: &Path, seal: &Seal) -> Result<Record, Refusal> {
    let record = Record::from_bytes(bytes, seal).map_err(|reason| unfit(path, &reason))?;
    match unlawful(&record) {
        Some((code, message, _)) => {
            let message = format!("the journal {} breaks a rule: {message}", path.display());
            Err(Refusal::new(code, path, message, "move that file away; nothing was written"))
        }
        None => Ok(record),
    }
}

fn unfit(path: &Path, reason: &Unfit) -> Refusal {
    let (code, what, reason) = match reason {
        Unfit::Torn(reason) => ("journal", "cannot be read", reason),
        Unfit::Foreign(reason) => ("journal-foreign", "was not made by you with this program", reason),
    };
    let message = format!("the journal {} {what}: {reason}", path.display());
    let help = "move that file away; its change can then only be undone by hand";
    Refusal::new(code, path, message, help)
}
