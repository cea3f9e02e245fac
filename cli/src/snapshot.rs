//! The state of a work tree, kept by git: what a step changed, and how to get it back.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use tempfile::TempDir;

use crate::process::{Runner, git};

/// A work tree as it was. Its files are objects in git's store; neither the index nor any branch
/// knows of them.
#[derive(Debug)]
pub struct Snapshot {
    root: PathBuf,
    tree: String,
}

impl Snapshot {
    /// The work tree as it is; nothing if it is not git's.
    pub fn take(root: &Path) -> Option<Self> {
        // The root of a work tree: git may also answer for a folder far above.
        let top = git(root, &["rev-parse", "--show-toplevel"])?;
        if std::fs::canonicalize(&top).ok()? != std::fs::canonicalize(root).ok()? {
            return None;
        }
        Some(Self { root: root.to_path_buf(), tree: write_tree(root)? })
    }

    /// What has changed since, a line for each file: how, and its path.
    pub fn changes(&self) -> Option<Vec<String>> {
        let now = write_tree(&self.root)?;
        let said = git(&self.root, &["diff", "--name-status", "--no-renames", &self.tree, &now]).unwrap_or_default();
        Some(said.lines().map(|line| line.replacen('\t', " ", 1)).collect())
    }

    /// The files that are gone.
    pub fn removed(&self) -> Vec<String> {
        let deleted = |line: &String| line.strip_prefix("D ").map(str::to_owned);
        self.changes().unwrap_or_default().iter().filter_map(deleted).collect()
    }

    /// The arguments with which git puts back the files that a list in another file names.
    pub fn restore_arguments(&self, list: &Path) -> Vec<String> {
        let list = format!("--pathspec-from-file={}", list.display());
        ["restore", "--worktree", "--source", &self.tree, &list].map(str::to_owned).to_vec()
    }

    /// Puts back the files that a list names.
    pub fn restore(&self, list: &Path) -> Result<()> {
        let arguments = self.restore_arguments(list);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let output = Runner::new(&self.root).run("git", &arguments).context("starting git")?;
        ensure!(output.status.success(), "git restore: {}", String::from_utf8_lossy(&output.stderr).trim());
        Ok(())
    }
}

/// The work tree as a tree of git, through an index of our own.
fn write_tree(root: &Path) -> Option<String> {
    let folder = TempDir::new().ok()?;
    let index = folder.path().join("index");
    // A copy of the real one knows which files have not changed.
    let real = git(root, &["rev-parse", "--absolute-git-dir"]).map(|folder| Path::new(&folder).join("index"))?;
    if real.exists() {
        std::fs::copy(real, &index).ok()?;
    }
    let place = Runner::new(root).with("GIT_INDEX_FILE", OsString::from(&index));
    let run = |arguments: &[&str]| place.run("git", arguments).ok().filter(|output| output.status.success());
    run(&["add", "--all"])?;
    let tree = String::from_utf8(run(&["write-tree"])?.stdout).ok()?;
    Some(tree.trim().to_owned())
}
