//! The copy of a checkout that generators write to, in the user's cache: the only module that writes there.
//!
//! A copy stays from run to run, and only what differs in size or time is copied again. A lock keeps two runs apart.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fs::{self, File, Metadata};
use std::io::{self, Write as _};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use kubevirt_scaffold_core::pipeline::sha256;
use kubevirt_scaffold_core::tree::join;

use crate::apply::FileEdit;
use crate::git::Git;
use crate::{checkout, files};

/// The largest file that a generator may leave.
const LIMIT: u64 = 64 << 20;

/// The folders of the cache that hold what is built and downloaded once.
#[derive(Clone, Debug)]
pub(super) struct Cache {
    folder: PathBuf,
}

impl Cache {
    pub(super) fn find() -> io::Result<Self> {
        let folder =
            checkout::cache_folder().ok_or_else(|| io::Error::other("there is no home folder to keep a cache in"))?;
        fs::create_dir_all(&folder)?;
        // Go takes no relative path for its own folders.
        Ok(Self { folder: fs::canonicalize(folder)? })
    }

    /// Where Go keeps modules for this program; never the user's own.
    pub(super) fn modules(&self) -> PathBuf {
        self.folder.join("go")
    }

    /// Where a program lies, and whether it is there.
    pub(super) fn program(&self, name: &str, key: &str) -> (PathBuf, bool) {
        let path = self.folder.join("tools").join(key).join(name);
        let is_there = path.is_file();
        (path, is_there)
    }

    /// An empty module to build a program in.
    pub(super) fn workshop(&self) -> io::Result<tempfile::TempDir> {
        let folder = tempfile::Builder::new().prefix("build-").tempdir_in(&self.folder)?;
        fs::write(folder.path().join("go.mod"), "module tools\n")?;
        Ok(folder)
    }
}

/// Puts a program that was built into its place: all of it, or nothing.
pub(super) fn keep(built: &Path, place: &Path) -> io::Result<()> {
    fs::create_dir_all(place.parent().unwrap_or(place))?;
    fs::rename(built, place)
}

/// What a file was when it was copied.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Stamp {
    length: u64,
    modified: SystemTime,
    mode: u32,
    is_link: bool,
}

impl Stamp {
    fn of(found: &Metadata) -> io::Result<Self> {
        let (mode, is_link) = (found.permissions().mode() & 0o777, found.is_symlink());
        // The time of a link says nothing: what counts is where it leads.
        let modified = if is_link { SystemTime::UNIX_EPOCH } else { found.modified()? };
        Ok(Self { length: found.len(), modified, mode: if is_link { 0 } else { mode }, is_link })
    }
}

/// A copy, locked.
pub(super) struct Scratch<'a> {
    root: &'a Path,
    folder: PathBuf,
    stamps: BTreeMap<String, Stamp>,
    _lock: File,
}

impl<'a> Scratch<'a> {
    /// The copy of a checkout; nothing if another run uses it.
    pub(super) fn open(cache: &Cache, root: &'a Path) -> io::Result<Option<Self>> {
        let key = sha256(&fs::canonicalize(root)?.to_string_lossy());
        let folder = cache.folder.join("scratch").join(&key[..16]);
        fs::create_dir_all(folder.join("tree"))?;
        fs::create_dir_all(folder.join("own"))?;
        let lock = File::create(folder.join("lock"))?;
        if lock.try_lock().is_err() {
            return Ok(None);
        }
        fs::write(folder.join("root"), fs::canonicalize(root)?.as_os_str().as_bytes())?;
        prune(&cache.folder.join("scratch"));
        Ok(Some(Self { root, folder, stamps: BTreeMap::new(), _lock: lock }))
    }

    /// The root of the copy.
    pub(super) fn tree(&self) -> PathBuf {
        self.folder.join("tree")
    }

    /// Where a program of the checkout's own is built.
    pub(super) fn own(&self, name: &str) -> PathBuf {
        self.folder.join("own").join(name)
    }

    /// A new log, and where it lies.
    pub(super) fn log(&self) -> io::Result<(File, PathBuf)> {
        let path = self.folder.join("generate.log");
        Ok((File::create(&path)?, path))
    }

    /// Brings the copy up to date with the files that git lists, and with `planned` ones.
    pub(super) fn sync(&mut self, planned: &[FileEdit]) -> io::Result<()> {
        self.stamps = stamps(self.root)?;
        let tree = self.tree();
        for (path, stamp) in &self.stamps {
            let (from, to) = (self.root.join(path), tree.join(path));
            let there = to.symlink_metadata().ok();
            let is_same = match &there {
                Some(found) if stamp.is_link => found.is_symlink() && fs::read_link(&to)? == fs::read_link(&from)?,
                Some(found) => Stamp::of(found)? == *stamp,
                None => false,
            };
            if !is_same {
                if let Some(found) = there {
                    if found.is_dir() { fs::remove_dir_all(&to)? } else { fs::remove_file(&to)? }
                }
                copy(&from, &to, stamp)?;
            }
        }
        for path in found(&tree)?.into_iter().filter(|path| !self.stamps.contains_key(path)) {
            fs::remove_file(tree.join(path))?;
        }
        for file in planned {
            let to = tree.join(&file.path);
            match &file.after {
                Some(text) => put(&to, text)?,
                None => fs::remove_file(&to)?,
            }
        }
        Ok(())
    }

    /// What the generators have changed, if the checkout is still as it was when it was copied. A file that git would
    /// ignore is none of theirs.
    pub(super) fn changes(&self, planned: &[FileEdit]) -> io::Result<Vec<FileEdit>> {
        let moved = moved(&self.stamps, &stamps(self.root)?);
        let tree = self.tree();
        let there = found(&tree)?;
        let mut changes = Vec::new();
        let known: BTreeSet<&String> = self.stamps.keys().chain(there.iter()).collect();
        for path in known {
            let stamp = self.stamps.get(path);
            let now = tree.join(path).symlink_metadata().ok().filter(|found| !found.is_dir());
            let is_same = match (&now, stamp) {
                (Some(found), Some(stamp)) => stamp.is_link && found.is_symlink() || Stamp::of(found)? == *stamp,
                _ => false,
            };
            if is_same {
                continue;
            }
            let before = stamp.map(|_| files::read(&self.root.join(path), LIMIT)).transpose()?;
            let after = now.map(|_| files::read(&tree.join(path), LIMIT)).transpose()?;
            let plan = planned.iter().find(|file| file.path == *path);
            let was = plan.map_or(&before, |file| &file.after);
            if *was != after {
                changes.push(FileEdit { path: path.clone(), mode: None, before, after });
            }
        }
        let ignored = ignored(self.root, changes.iter().filter(|file| file.before.is_none()))?;
        changes.retain(|file| !ignored.contains(&file.path));
        let is_result = |path: &&String| changes.iter().any(|file| file.path == **path);
        let in_the_way: Vec<&str> =
            moved.iter().filter(|path| may_be_read(path) || is_result(path)).map(String::as_str).collect();
        if !in_the_way.is_empty() {
            let message = format!("changed while the generators ran: {}", in_the_way.join(", "));
            return Err(io::Error::other(message));
        }
        Ok(changes)
    }

    /// Carries out what the script does to files by itself.
    pub(super) fn drop_head(&self, folder: &str, lines: usize) -> io::Result<()> {
        let folder = self.tree().join(folder);
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            let text = files::read(&path, LIMIT)?;
            let rest: Vec<u8> = text.split_inclusive(|byte| *byte == b'\n').skip(lines).flatten().copied().collect();
            put(&path, &rest)?;
        }
        Ok(())
    }

    pub(super) fn remove_folder(&self, folder: &str) -> io::Result<()> {
        match fs::remove_dir_all(self.tree().join(folder)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            ended => ended,
        }
    }

    /// As `mv` does it to a file.
    pub(super) fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        fs::rename(self.tree().join(from), self.tree().join(to))
    }

    /// Removes the files of a folder that have one of some ends, or all of them.
    pub(super) fn clear(&self, folder: &str, ends: &[String]) -> io::Result<()> {
        for entry in fs::read_dir(self.tree().join(folder))? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let matches = ends.is_empty() || ends.iter().any(|end| name.ends_with(end.as_str()));
            // As the shell does: no folder, and nothing that begins with a dot.
            if matches && !name.starts_with('.') && !path.is_dir() {
                fs::remove_file(&path)?;
            }
        }
        Ok(())
    }

    pub(super) fn replace(&self, path: &str, from: &str, to: &str) -> io::Result<()> {
        let path = self.tree().join(path);
        let text = String::from_utf8(files::read(&path, LIMIT)?).map_err(io::Error::other)?;
        put(&path, text.replace(from, to).as_bytes())
    }

    /// Whether two files hold the same.
    pub(super) fn is_same(&self, one: &str, other: &str) -> io::Result<bool> {
        let [one, other] = [one, other].map(|path| files::read(&self.tree().join(path), LIMIT));
        Ok(one? == other?)
    }

    /// A file that tells Go to compile some files as they were before, and not as they are in the copy.
    pub(super) fn overlay(&self, files: &BTreeMap<String, Arc<str>>) -> io::Result<PathBuf> {
        let folder = self.folder.join("earlier");
        match fs::remove_dir_all(&folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut places = BTreeMap::new();
        for (path, text) in files {
            let (there, earlier) = (self.tree().join(path), folder.join(path));
            put(&earlier, text.as_bytes())?;
            // Vendored code may be a link to it.
            let vendored = path.strip_prefix("staging/src/").map(|path| self.tree().join("vendor").join(path));
            let both = [Some(there), vendored].into_iter().flatten().filter(|place| place.is_file());
            places.extend(both.map(|place| (place, earlier.clone())));
        }
        let json = serde_json::json!({ "Replace": places });
        let place = folder.join("overlay.json");
        put(&place, json.to_string().as_bytes())?;
        Ok(place)
    }

    /// Writes what a generator printed.
    pub(super) fn write(&self, path: &str, text: &[u8]) -> io::Result<()> {
        put(&self.tree().join(path), text)
    }
}

/// Takes away the copies of checkouts that are gone. What cannot be taken away does no harm.
fn prune(copies: &Path) {
    for copy in fs::read_dir(copies).into_iter().flatten().filter_map(Result::ok).map(|entry| entry.path()) {
        let root = fs::read(copy.join("root")).map(OsString::from_vec);
        let is_gone = root.is_ok_and(|root| Path::new(&root).symlink_metadata().is_err());
        let is_free = || File::open(copy.join("lock")).is_ok_and(|lock| lock.try_lock().is_ok());
        if is_gone && is_free() {
            let _ = fs::remove_dir_all(&copy);
        }
    }
}

/// Every file that git has or would have, and what it is like now.
fn stamps(root: &Path) -> io::Result<BTreeMap<String, Stamp>> {
    let arguments = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    let said = Git::new(root).ask(&arguments).map_err(io::Error::other)?;
    let said = String::from_utf8(said).map_err(io::Error::other)?;
    let mut stamps = BTreeMap::new();
    for path in said.split_terminator('\0') {
        // A file that git lists may be gone, and a module of git's is a folder.
        match root.join(path).symlink_metadata() {
            Ok(found) if found.is_file() || found.is_symlink() => {
                stamps.insert(path.to_owned(), Stamp::of(&found)?);
            }
            Ok(_) => {}
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(stamps)
}

/// The files that differ between two times.
fn moved(before: &BTreeMap<String, Stamp>, after: &BTreeMap<String, Stamp>) -> Vec<String> {
    let known: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    known.into_iter().filter(|path| before.get(*path) != after.get(*path)).cloned().collect()
}

/// Whether a generator may read a file. None reads documents, the folders of features, or what belongs to editors.
fn may_be_read(path: &str) -> bool {
    let is_of_people = path.ends_with(".md") || path.starts_with("specs/") || path.starts_with('.');
    path.ends_with(".go") || !is_of_people
}

/// Every file below a folder.
fn found(tree: &Path) -> io::Result<Vec<String>> {
    let mut found = Vec::new();
    let mut open = vec![String::new()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(tree.join(&folder))? {
            let entry = entry?;
            let Ok(name) = entry.file_name().into_string() else { continue };
            let path = join(&folder, &name);
            if entry.file_type()?.is_dir() {
                open.push(path);
            } else {
                found.push(path);
            }
        }
    }
    Ok(found)
}

/// Which of some new files git would ignore.
fn ignored<'f>(root: &Path, new: impl Iterator<Item = &'f FileEdit>) -> io::Result<BTreeSet<String>> {
    let list: String = new.flat_map(|file| [file.path.as_str(), "\0"]).collect();
    if list.is_empty() {
        return Ok(BTreeSet::new());
    }
    // What is not ignored is told apart by an empty rule.
    let arguments = ["check-ignore", "-z", "--stdin", "--no-index", "--verbose", "--non-matching"];
    let said = Git::new(root).find(&arguments, &list).map_err(io::Error::other)?;
    let said = String::from_utf8(said).map_err(io::Error::other)?;
    let fields: Vec<&str> = said.split_terminator('\0').collect();
    let rules = fields.chunks_exact(4).filter(|rule| !rule[2].is_empty() && !rule[2].starts_with('!'));
    Ok(rules.map(|rule| rule[3].to_owned()).collect())
}

fn copy(from: &Path, to: &Path, stamp: &Stamp) -> io::Result<()> {
    fs::create_dir_all(to.parent().unwrap_or(to))?;
    if stamp.is_link {
        return symlink(fs::read_link(from)?, to);
    }
    let mut file = File::create(to)?;
    io::copy(&mut files::open(from)?, &mut file)?;
    file.set_permissions(fs::Permissions::from_mode(stamp.mode))?;
    file.set_modified(stamp.modified)
}

fn put(path: &Path, text: &[u8]) -> io::Result<()> {
    fs::create_dir_all(path.parent().unwrap_or(path))?;
    File::create(path)?.write_all(text)
}
