//! Finds out, with git, what another program changes in a work tree.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Error, Result};
use kubevirt_scaffold_core::tree::{join, parent};
use tempfile::TempDir;

use crate::apply::{FileEdit, State, is_restorable, peek};
use crate::git::{Git, MODULES, commit};

/// The largest file, in bytes, that is kept for undo.
const LIMIT: u64 = 64 << 20;

/// A work tree before a program runs: its commit, and the files that differ from that. Files that git ignores
/// are left out.
#[derive(Debug)]
pub struct WorkTree<'a> {
    root: &'a Path,
    commit: Option<String>,
    different: BTreeMap<String, State>,
    ignored: BTreeSet<String>,
    folders: BTreeSet<String>,
}

/// What a program changed.
#[derive(Debug, Default)]
pub struct Changes {
    /// The files that undo can restore, sorted.
    pub files: Vec<FileEdit>,
    /// Folders that were made, outermost first.
    pub folders: Vec<String>,
    /// What undo cannot restore: links, files that are too large or of which only the
    /// permissions changed, and odd names.
    pub others: Vec<String>,
}

impl<'a> WorkTree<'a> {
    /// The work tree as it is; nothing if git does not keep it. Reads every file that differs from the commit.
    pub fn look(root: &'a Path) -> Result<Option<Self>> {
        if !is_kept_by_git(root) {
            return Ok(None);
        }
        let Status { different, ignored } = status(root)?;
        Ok(Some(Self {
            root,
            commit: commit(root),
            different: different.into_iter().map(|path| (path.clone(), state(root, &path))).collect(),
            ignored,
            folders: folders(root),
        }))
    }

    /// What has changed since [`Self::look`].
    pub fn changes(&self) -> Result<Changes> {
        let now = status(self.root)?.different;
        let known: BTreeSet<&String> = now.iter().chain(self.different.keys()).collect();
        let committed = self.committed(known.iter().copied().filter(|path| !self.different.contains_key(*path)))?;
        let mut changes = Changes::default();
        let mut made = BTreeSet::new();
        for path in known.into_iter().filter(|path| !self.was_ignored(path)) {
            let before = self.different.get(path).or_else(|| committed.get(path)).cloned().unwrap_or(State::Nothing);
            let after = state(self.root, path);
            if before == after && (before != State::Other || self.different.contains_key(path)) {
                continue;
            }
            let is_special = before == State::Other || after == State::Other;
            let (before, after) = (before.file(), after.file());
            let [old, new] = [&before, &after].map(|file| file.as_ref().map(|(text, _)| text));
            if is_special || old == new || !is_restorable(path) {
                changes.others.push(path.clone());
                continue;
            }
            if after.is_some() {
                let above = std::iter::successors(Some(parent(path)), |folder| Some(parent(folder)));
                let above = above.take_while(|folder| !folder.is_empty() && !self.folders.contains(*folder));
                made.extend(above.map(str::to_owned));
            }
            let mode = before.as_ref().map(|(_, mode)| *mode);
            let [before, after] = [before, after].map(|file| file.map(|(text, _)| text));
            changes.files.push(FileEdit { path: path.clone(), mode, before, after });
        }
        changes.folders = made.into_iter().collect();
        Ok(changes)
    }

    /// Files as the commit has them, with the line ends and permissions that git would write. What a filter would
    /// write is not known.
    fn committed<'p>(&self, paths: impl Iterator<Item = &'p String>) -> Result<BTreeMap<String, State>> {
        let Some(commit) = self.commit.as_deref() else { return Ok(BTreeMap::new()) };
        let aside = TempDir::new()?;
        let files = aside.path().join("files");
        let git = Git::new(self.root).with_index(aside.path().join("index"));
        said(git.ask(&["read-tree", commit]))?;
        let tracked = said(git.ask(&["ls-files", "-z"]))?;
        let tracked: BTreeSet<&str> = tracked.split('\0').collect();
        let paths: Vec<&String> = paths.filter(|path| tracked.contains(path.as_str())).collect();
        if paths.is_empty() {
            return Ok(BTreeMap::new());
        }
        let list: String = paths.iter().flat_map(|path| [path.as_str(), "\0"]).collect();
        let prefix = format!("--prefix={}/", files.display());
        said(git.feed(&["checkout-index", "-z", "--stdin", &prefix], &list))?;
        let filtered = filtered(&git, &list)?;
        let state = |path: &String| {
            let found = if filtered.contains(path) { State::Other } else { peek(&files, path)? };
            Ok((path.clone(), found))
        };
        paths.into_iter().map(state).collect()
    }

    /// Whether git ignored a file before, so that what it held is not known.
    fn was_ignored(&self, path: &str) -> bool {
        let mut above =
            std::iter::successors(Some(path), |path| Some(parent(path))).take_while(|path| !path.is_empty());
        above.any(|path| self.ignored.contains(path))
    }
}

/// The files that git would write through a filter. None runs here, so what they held in the work tree is not known.
fn filtered(git: &Git<'_>, list: &str) -> Result<BTreeSet<String>> {
    let text = said(git.feed(&["check-attr", "-z", "--stdin", "filter"], list))?;
    let fields: Vec<&str> = text.split_terminator('\0').collect();
    let set = fields.chunks_exact(3).filter(|field| !matches!(field[2], "unspecified" | "unset"));
    Ok(set.map(|field| field[0].to_owned()).collect())
}

/// Whether a checkout is the root of a git work tree. Git also answers for a folder far below one.
pub fn is_kept_by_git(root: &Path) -> bool {
    let top = Git::new(root).line(&["rev-parse", "--show-toplevel"]).ok().flatten();
    let [top, root] = [top.as_deref().map(Path::new), Some(root)].map(|path| path?.canonicalize().ok());
    top.is_some() && top == root
}

/// What is at a path. What is too large or cannot be read counts as something that is never written.
fn state(root: &Path, path: &str) -> State {
    let is_large = root.join(path).symlink_metadata().is_ok_and(|metadata| metadata.len() > LIMIT);
    if is_large { State::Other } else { peek(root, path).unwrap_or(State::Other) }
}

/// The files that are not as the commit has them, or that it does not have.
pub fn different(root: &Path) -> Result<BTreeSet<String>> {
    Ok(status(root)?.different)
}

/// What git says of the files in a work tree.
struct Status {
    /// Those that are not as the commit has them, or that it does not have.
    different: BTreeSet<String>,
    /// Files and whole folders that it ignores.
    ignored: BTreeSet<String>,
}

fn status(root: &Path) -> Result<Status> {
    let shown = ["--untracked-files=all", "--ignored=matching", MODULES];
    let arguments = [&["status", "--porcelain", "-z", "--no-renames"], &shown[..]].concat();
    let text = said(Git::new(root).ask(&arguments))?;
    let mut status = Status { different: BTreeSet::new(), ignored: BTreeSet::new() };
    for entry in text.split_terminator('\0') {
        let Some((state, path)) = entry.split_at_checked(3) else { continue };
        let kind = if state == "!! " { &mut status.ignored } else { &mut status.different };
        kind.insert(path.trim_end_matches('/').to_owned());
    }
    Ok(status)
}

/// The answer of git as text.
fn said(answer: Result<Vec<u8>, String>) -> Result<String> {
    Ok(String::from_utf8_lossy(&answer.map_err(Error::msg)?).into_owned())
}

/// Every folder of a checkout, but for git's own.
fn folders(root: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open = vec![String::new()];
    while let Some(folder) = open.pop() {
        let Ok(entries) = std::fs::read_dir(root.join(&folder)) else { continue };
        for entry in entries.flatten().filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir())) {
            let Ok(name) = entry.file_name().into_string() else { continue };
            if name != ".git" {
                open.push(join(&folder, &name));
            }
        }
        found.insert(folder);
    }
    found
}
