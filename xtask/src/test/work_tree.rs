//! A work tree of a real checkout, in which the project's own tests may do as they like.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use tempfile::TempDir;

use kubevirt_scaffold::apply::state_path;
use kubevirt_scaffold::checkout::{cache, is_kubevirt};
use kubevirt_scaffold::git::commit;
use kubevirt_scaffold::process::Runner;

/// The checkout for tests, and its commit; or why there is none.
pub(crate) fn checkout() -> Result<(PathBuf, String), String> {
    let named = std::env::var_os("KUBEVIRT_DIR").map(PathBuf::from);
    let kubevirt = named.or_else(cache).ok_or("there is no home folder to keep a checkout in")?;
    let commit = commit(&kubevirt).filter(|_| is_kubevirt(&kubevirt));
    let commit = commit.ok_or_else(|| format!("no KubeVirt checkout at $KUBEVIRT_DIR or {}", kubevirt.display()))?;
    Ok((kubevirt, commit))
}

/// How the folders of our work trees begin.
const PREFIX: &str = "kubevirt-scaffold-laboratory-";

/// What lies beside a work tree; who uses it has it locked.
const LOCK: &str = "lock";

/// A work tree of the checkout, for us alone.
pub(crate) struct WorkTree {
    kubevirt: PathBuf,
    path: PathBuf,
    lock: File,
    _folder: TempDir,
}

impl WorkTree {
    pub(crate) fn new(kubevirt: &Path, commit: &str) -> Result<Self> {
        prune(kubevirt)?;
        let folder = tempfile::Builder::new().prefix(PREFIX).tempdir()?;
        let path = folder.path().join("kubevirt");
        // Before git knows the tree: whoever finds it there finds it locked.
        let lock = File::create(folder.path().join(LOCK))?;
        lock.try_lock().context("locking a new work tree")?;
        let tree = Self { kubevirt: kubevirt.to_path_buf(), path, lock, _folder: folder };
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
        let _ = fs::remove_dir_all(state_path(&self.path));
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
        let _ = self.lock.unlock();
    }
}

/// Takes away what runs that were killed have left: work trees of ours that nobody has locked.
fn prune(kubevirt: &Path) -> Result<()> {
    for path in left(&done(kubevirt, &["worktree", "list", "--porcelain"])?) {
        let folder = path.parent().unwrap_or(&path);
        // The lock of a process ends with it. Without a folder there is nobody, either.
        let lock = File::open(folder.join(LOCK));
        if lock.as_ref().is_ok_and(|lock| lock.try_lock().is_err()) {
            continue;
        }
        eprintln!("removing the work tree of a run that was killed: {}", path.display());
        // Twice: even one that git has locked because it was still being made.
        done(kubevirt, &["worktree", "remove", "--force", "--force", &path.to_string_lossy()])?;
        let _ = fs::remove_dir_all(folder);
    }
    Ok(())
}

/// Our own among the work trees that git lists.
fn left(listed: &str) -> Vec<PathBuf> {
    let paths = listed.lines().filter_map(|line| line.strip_prefix("worktree ")).map(PathBuf::from);
    let is_ours = |path: &PathBuf| {
        let folder = path.parent().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
        path.ends_with("kubevirt") && folder.is_some_and(|name| name.starts_with(PREFIX))
    };
    paths.filter(is_ours).collect()
}

pub(crate) fn done(folder: &Path, arguments: &[&str]) -> Result<String> {
    let output = Runner::new(folder).run("git", arguments).context("starting git")?;
    let (said, error) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    ensure!(output.status.success(), "git {}: {}", arguments.join(" "), error.trim());
    Ok(said.trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_killed_run_leaves_is_taken_away_and_what_a_living_one_has_is_not() {
        let folder = TempDir::new().unwrap();
        let kubevirt = folder.path();
        let git = |arguments: &[&str]| {
            done(kubevirt, &[&["-c", "user.name=x", "-c", "user.email=x@example.org"], arguments].concat()).unwrap()
        };
        git(&["init", "--quiet"]);
        git(&["commit", "--quiet", "--allow-empty", "--message", "x"]);
        let theirs = folder.path().join("theirs");
        git(&["worktree", "add", "--quiet", "--detach", &theirs.to_string_lossy()]);
        let [killed, vanished, alive] = [0; 3].map(|_| WorkTree::new(kubevirt, "HEAD").unwrap());
        let paths = [&killed, &vanished, &alive].map(|tree| tree.path().to_path_buf());
        // As a kill does it: the locks end, and nothing is cleared up.
        for tree in [killed, vanished] {
            tree.lock.unlock().unwrap();
            std::mem::forget(tree);
        }
        fs::remove_dir_all(paths[1].parent().unwrap()).unwrap();
        let next = WorkTree::new(kubevirt, "HEAD").unwrap();
        assert_eq!(paths.map(|path| path.exists()), [false, false, true]);
        let listed = git(&["worktree", "list", "--porcelain"]);
        assert_eq!(left(&listed).len(), 2, "{listed}");
        assert!(theirs.exists() && next.path().exists(), "{listed}");
        drop((next, alive));
        assert_eq!(left(&git(&["worktree", "list", "--porcelain"])), Vec::<PathBuf>::new());
    }
}
