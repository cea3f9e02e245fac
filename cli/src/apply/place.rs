//! Where the journals of a checkout lie: in its git folder, so that the work tree stays clean; for a linked work tree,
//! in its part of the git folder; without git, in the user's state folder. Never behind a link.

use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};

use kubevirt_scaffold_core::pipeline::sha256;

use super::folder::{FaultHook, Folder};
use super::seal::home;
use crate::files;
use crate::git::Git;

pub(super) const STATE: &str = "kubevirt-scaffold";
/// The most that is read of a `.git` file and of a back-reference to it.
const LIMIT: u64 = 16 << 10;

/// The folder of the journals of a checkout.
pub fn state_path(root: &Path) -> PathBuf {
    let beside = || root.join(format!(".{STATE}"));
    git_folder(root).map(|git| git.join(STATE)).or_else(|| without_git(root)).unwrap_or_else(beside)
}

/// It, open; nothing if it does not exist.
pub(super) fn open_state(root: &Path) -> io::Result<Option<Folder>> {
    let (above, name) = parts(root);
    match Folder::open(&above, None).and_then(|above| above.folder(&name)) {
        Ok(folder) => Ok(Some(folder)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// It, open, and made if it does not exist: for this user alone.
pub(super) fn make_state(root: &Path, faults: Option<&FaultHook>) -> io::Result<Folder> {
    let (above, name) = parts(root);
    DirBuilder::new().recursive(true).mode(0o700).create(&above)?;
    Folder::open(&above, faults.cloned())?.private_folder(&name)
}

fn parts(root: &Path) -> (PathBuf, String) {
    let path = state_path(root);
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    (path.parent().unwrap_or(root).to_path_buf(), name)
}

/// The git folder of a work tree, if it is that of this one. A `.git` that is a link, or a file that names a folder
/// which knows nothing of it, leads nowhere.
fn git_folder(root: &Path) -> Option<PathBuf> {
    let git = root.join(".git");
    let kind = fs::symlink_metadata(&git).ok()?.file_type();
    if kind.is_dir() {
        return Some(git);
    }
    let text = kind.is_file().then(|| read(&git))??;
    let folder = root.join(text.strip_prefix("gitdir:")?.trim());
    let is_git = folder.join("HEAD").is_file() && fs::symlink_metadata(&folder).is_ok_and(|found| found.is_dir());
    (is_git && (is_linked_to(&folder, &git) || is_module_of(&folder, root))).then_some(folder)
}

/// Whether a part of a git folder is that of the work tree with this `.git` file.
fn is_linked_to(folder: &Path, git: &Path) -> bool {
    read(&folder.join("gitdir")).is_some_and(|text| is_same(&folder.join(text.trim()), git))
}

/// Whether a git folder is that of this submodule.
fn is_module_of(folder: &Path, root: &Path) -> bool {
    // Git runs in the root, and a path of ours may be relative to where we are.
    let Ok(config) = fs::canonicalize(folder.join("config")) else { return false };
    let Some(config) = config.to_str() else { return false };
    let tree = Git::new(root).line(&["config", "--file", config, "--no-includes", "core.worktree"]);
    tree.ok().flatten().is_some_and(|tree| is_same(&folder.join(tree), root))
}

fn is_same(one: &Path, other: &Path) -> bool {
    let [one, other] = [one, other].map(|path| fs::canonicalize(path).ok());
    one.is_some() && one == other
}

fn read(path: &Path) -> Option<String> {
    String::from_utf8(files::read(path, LIMIT).ok()?).ok()
}

/// A folder for one checkout alone: the key has its inode, so a later checkout at the same path has another.
fn without_git(root: &Path) -> Option<PathBuf> {
    let base = home()?;
    let path = fs::canonicalize(root).ok()?;
    let metadata = fs::metadata(&path).ok()?;
    let key = sha256(&format!("{} {} {}", path.display(), metadata.dev(), metadata.ino()));
    Some(base.join(STATE).join(&key[..16]))
}
