//! A work tree of a real checkout, in which the project's own tests may do as they like.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use tempfile::TempDir;

use kubevirt_scaffold::apply::state_path;
use kubevirt_scaffold::checkout::{cache, is_kubevirt};
use kubevirt_scaffold::process::{Runner, git};

/// The checkout for tests, and its commit; or why there is none.
pub(crate) fn checkout() -> Result<(PathBuf, String), String> {
    let named = std::env::var_os("KUBEVIRT_DIR").map(PathBuf::from);
    let kubevirt = named.or_else(cache).ok_or("there is no home folder to keep a checkout in")?;
    let commit = git(&kubevirt, &["rev-parse", "HEAD"]).filter(|_| is_kubevirt(&kubevirt));
    let commit = commit.ok_or_else(|| format!("no KubeVirt checkout at $KUBEVIRT_DIR or {}", kubevirt.display()))?;
    Ok((kubevirt, commit))
}

/// A work tree of the checkout, for us alone.
pub(crate) struct WorkTree {
    kubevirt: PathBuf,
    path: PathBuf,
    _folder: TempDir,
}

impl WorkTree {
    pub(crate) fn new(kubevirt: &Path, commit: &str) -> Result<Self> {
        let folder = TempDir::new()?;
        let path = folder.path().join("kubevirt");
        let tree = Self { kubevirt: kubevirt.to_path_buf(), path, _folder: folder };
        done(kubevirt, &["worktree", "add", "--quiet", "--detach", &tree.path.to_string_lossy(), commit])?;
        Ok(tree)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Back to the commit.
    pub(crate) fn reset(&self) -> Result<()> {
        done(&self.path, &["reset", "--quiet", "--hard"])?;
        done(&self.path, &["clean", "--quiet", "-fd"])?;
        // What earlier cases left is none of the next one's business.
        let _ = std::fs::remove_dir_all(state_path(&self.path));
        Ok(())
    }

    /// The tree as git would commit it.
    pub(crate) fn state(&self) -> Result<String> {
        done(&self.path, &["add", "--all"])?;
        done(&self.path, &["write-tree"])
    }
}

impl Drop for WorkTree {
    fn drop(&mut self) {
        let _ = done(&self.kubevirt, &["worktree", "remove", "--force", &self.path.to_string_lossy()]);
    }
}

pub(crate) fn done(folder: &Path, arguments: &[&str]) -> Result<String> {
    let output = Runner::new(folder).run("git", arguments).context("starting git")?;
    let (said, error) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    ensure!(output.status.success(), "git {}: {}", arguments.join(" "), error.trim());
    Ok(said.trim_end().to_owned())
}
