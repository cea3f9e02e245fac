//! Writing changes: all of them, or none.
//!
//! Every new text is first written beside its place, under another name, and synced; only then
//! are they renamed into place, one after the other. When anything fails, what was renamed is put
//! back and what was made is taken away.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use kubevirt_scaffold::change::Change;
use tempfile::{NamedTempFile, TempPath};

/// What is about to be done to the disk. Tests refuse one of them at a time.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Step {
    /// A folder is made.
    MakeFolder(PathBuf),
    /// A text is written beside its place.
    Stage(PathBuf),
    /// It is renamed into its place.
    Commit(PathBuf),
}

/// Writes changes below a root. `allow` is asked before every step.
pub fn apply(root: &Path, changes: &[Change], allow: &mut dyn FnMut(&Step) -> io::Result<()>) -> Result<()> {
    for change in changes {
        check(root, change)?;
    }
    let mut work = Work::default();
    let result = work.stage(root, changes, allow).and_then(|()| work.commit(allow));
    if let Err(error) = result {
        let left = work.roll_back();
        if left.is_empty() {
            return Err(error.context("nothing was changed"));
        }
        bail!("{error:#}; and these files could not be put back: {}", left.join(", "));
    }
    Ok(())
}

/// Writes what the user wants to keep: a patch. It may replace a file.
pub fn write_product(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).with_context(|| format!("writing {}", path.display()))
}

/// Replaces a document of the user's that was edited: a tasks.md. It must still be as it was read.
pub fn replace_document(path: &Path, before: &str, after: &str) -> Result<()> {
    let shown = path.display();
    // Through a link, the file that it leads to is replaced, and the link stays.
    let path = fs::canonicalize(path).with_context(|| format!("{shown} is gone"))?;
    let now = fs::read(&path).with_context(|| format!("reading {shown}"))?;
    if now != before.as_bytes() {
        bail!("{shown} was changed meanwhile; nothing was written");
    }
    let metadata = fs::metadata(&path)?;
    if metadata.permissions().readonly() {
        bail!("{shown} is read-only");
    }
    let mut file = NamedTempFile::new_in(path.parent().unwrap_or(Path::new(".")))?;
    file.write_all(after.as_bytes())?;
    file.as_file().set_permissions(metadata.permissions())?;
    file.as_file().sync_all()?;
    file.persist(&path).with_context(|| format!("writing {shown}"))?;
    Ok(())
}

/// That a file is still as it was when the change was planned, and not reached through a link.
fn check(root: &Path, change: &Change) -> Result<()> {
    let mut path = root.to_path_buf();
    for part in Path::new(&change.path) {
        path.push(part);
        if fs::symlink_metadata(&path).is_ok_and(|metadata| metadata.is_symlink()) {
            bail!("{} is a symbolic link; nothing is written through links", path.display());
        }
    }
    if change.before.is_some() && fs::metadata(&path).is_ok_and(|metadata| metadata.permissions().readonly()) {
        bail!("{} is read-only", change.path);
    }
    let now = match fs::read(&path) {
        Ok(bytes) => Some(bytes),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error).with_context(|| format!("reading {}", path.display())),
    };
    if now.as_deref() != change.before.as_deref().map(str::as_bytes) {
        bail!("{} changed while the plan was made; run the command again", change.path);
    }
    Ok(())
}

#[derive(Default)]
struct Work {
    /// Folders that were made, outermost first.
    folders: Vec<PathBuf>,
    /// Texts that lie beside their places.
    staged: Vec<Staged>,
    /// Files that were replaced, and what they held; nothing if they were not there.
    replaced: BTreeMap<PathBuf, Option<Vec<u8>>>,
}

struct Staged {
    text: TempPath,
    place: PathBuf,
    before: Option<Vec<u8>>,
}

impl Work {
    fn stage(&mut self, root: &Path, changes: &[Change], allow: &mut dyn FnMut(&Step) -> io::Result<()>) -> Result<()> {
        for change in changes {
            let place = root.join(&change.path);
            let folder = place.parent().unwrap_or(root).to_path_buf();
            self.make_folders(&folder, allow)?;
            allow(&Step::Stage(place.clone())).with_context(|| format!("writing {}", place.display()))?;
            let text = stage(&folder, &place, change).with_context(|| format!("writing {}", place.display()))?;
            let before = change.before.as_deref().map(|text| text.as_bytes().to_vec());
            self.staged.push(Staged { text, place, before });
        }
        Ok(())
    }

    fn make_folders(&mut self, folder: &Path, allow: &mut dyn FnMut(&Step) -> io::Result<()>) -> Result<()> {
        let mut missing = Vec::new();
        let mut at = folder;
        while !at.exists() {
            missing.push(at.to_path_buf());
            at = at.parent().context("a path without a root")?;
        }
        for folder in missing.into_iter().rev() {
            allow(&Step::MakeFolder(folder.clone())).with_context(|| format!("making {}", folder.display()))?;
            fs::create_dir(&folder).with_context(|| format!("making {}", folder.display()))?;
            self.folders.push(folder);
        }
        Ok(())
    }

    fn commit(&mut self, allow: &mut dyn FnMut(&Step) -> io::Result<()>) -> Result<()> {
        for Staged { text, place, before } in std::mem::take(&mut self.staged) {
            let what = || format!("renaming into {}", place.display());
            allow(&Step::Commit(place.clone())).with_context(what)?;
            self.replaced.insert(place.clone(), before);
            if let Err(error) = text.persist(&place) {
                self.replaced.remove(&place);
                return Err(error.error).with_context(what);
            }
        }
        Ok(())
    }

    /// Puts everything back; gives the files for which that failed.
    fn roll_back(&mut self) -> Vec<String> {
        self.staged.clear();
        let mut left = Vec::new();
        for (place, before) in std::mem::take(&mut self.replaced) {
            let done = match &before {
                None => fs::remove_file(&place),
                Some(bytes) => restore(&place, bytes),
            };
            if let Err(error) = done {
                left.push(format!("{} ({error})", place.display()));
            }
        }
        for folder in self.folders.drain(..).rev() {
            // A folder that somebody else put a file into stays.
            let _ = fs::remove_dir(folder);
        }
        left
    }
}

/// Writes a text beside its place, with the rights that the file has or a new one gets.
fn stage(folder: &Path, place: &Path, change: &Change) -> io::Result<TempPath> {
    let mut file = temporary(folder, place)?;
    file.write_all(change.after.as_bytes())?;
    file.as_file().sync_all()?;
    Ok(file.into_temp_path())
}

fn restore(place: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = temporary(place.parent().unwrap_or(place), place)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(place).map_err(|error| error.error)?;
    Ok(())
}

fn temporary(folder: &Path, place: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".kubevirt-scaffold-");
    #[cfg(unix)]
    let new = <fs::Permissions as std::os::unix::fs::PermissionsExt>::from_mode(0o666);
    #[cfg(unix)]
    builder.permissions(new);
    let file = builder.tempfile_in(folder)?;
    if let Ok(metadata) = fs::metadata(place) {
        file.as_file().set_permissions(metadata.permissions())?;
    }
    Ok(file)
}
