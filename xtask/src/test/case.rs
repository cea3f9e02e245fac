//! The folders in `tests/cases/`: what they hold, and the checkout that each starts from.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use anyhow::{Context as _, Result};
use tempfile::TempDir;

use kubevirt_scaffold::process::Runner;
use kubevirt_scaffold::sample::built_name;

/// The folder of this project.
pub fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest).to_path_buf()
}

/// The folders of all cases, by name.
pub fn folders() -> Result<Vec<PathBuf>> {
    let folder = root().join("tests/cases");
    let entries = fs::read_dir(&folder).with_context(|| format!("reading {}", folder.display()))?;
    let mut found = Vec::new();
    for entry in entries {
        found.push(entry?.path());
    }
    found.retain(|path| path.is_dir());
    found.sort();
    Ok(found)
}

/// One case: a tasks.md and flags.
#[derive(Clone, Debug)]
pub struct Case {
    /// Its folder.
    pub folder: PathBuf,
    /// Its flags.
    pub args: Vec<String>,
}

impl Case {
    /// The case in a folder.
    pub fn new(folder: &Path) -> Self {
        let args = fs::read_to_string(folder.join("args")).unwrap_or_default();
        let args = args.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect();
        Self { folder: folder.to_path_buf(), args }
    }

    /// Its name.
    pub fn name(&self) -> String {
        self.folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
    }

    /// Whether its tasks lead to a plan.
    pub fn is_planned(&self) -> bool {
        self.folder.join("expected.diff").exists()
    }

    /// The checkout that it starts from: the sample tree, what the case lays over it, and without
    /// what it takes away.
    pub fn checkout(&self) -> Result<TempDir> {
        let checkout = TempDir::new()?;
        copy(&root().join("tests/sample/kubevirt"), checkout.path())?;
        copy(&self.folder.join("repo"), checkout.path())?;
        // Where git would be; what is written down about changes goes there.
        fs::create_dir_all(checkout.path().join(".git"))?;
        for gone in fs::read_to_string(self.folder.join("removed")).unwrap_or_default().lines() {
            fs::remove_file(checkout.path().join(gone)).with_context(|| format!("removing {gone}"))?;
        }
        Ok(checkout)
    }

    /// Scaffolds its tasks in a checkout, with its flags and more.
    pub fn scaffold(&self, xtask: &Path, checkout: &Path, more: &[&str]) -> Result<Output> {
        let program = xtask.to_string_lossy();
        let mut arguments = vec!["scaffold", "tasks.md"];
        arguments.extend(self.args.iter().map(String::as_str));
        arguments.extend(more);
        let place = Runner::new(&self.folder).with("KUBEVIRT_DIR", checkout);
        place.run(&program, &arguments).with_context(|| format!("starting {program}"))
    }
}

/// Copies a folder, if it is there; symbolic links stay links.
pub fn copy(from: &Path, to: &Path) -> Result<()> {
    let Ok(entries) = fs::read_dir(from) else { return Ok(()) };
    fs::create_dir_all(to)?;
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let (path, target) = (entry.path(), to.join(built_name(&name)));
        let kind = entry.file_type()?;
        if kind.is_symlink() {
            #[cfg(unix)]
            std::os::unix::fs::symlink(fs::read_link(&path)?, target)?;
        } else if kind.is_dir() {
            copy(&path, &target)?;
        } else {
            fs::copy(path, target)?;
        }
    }
    Ok(())
}
