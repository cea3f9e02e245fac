//! The folders in `tests/cases/`: what they hold, and what each starts from.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use anyhow::{Context as _, Result};
use tempfile::TempDir;

use kubevirt_scaffold::process::Runner;
use kubevirt_scaffold::sample::built_name;

/// What a case may consist of; its README says what each is.
pub const PARTS: &[&str] = &[
    "args",
    "documents",
    "expected.diff",
    "expected.err",
    "expected.files",
    "expected.out",
    "no-checkout",
    "real-tree",
    "removed",
    "repo",
    "tasks.md",
];

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

/// An empty folder that goes away by itself. Every change is brought to the disk, which is most of what the
/// tests would wait for; memory is a disk, too.
pub fn temporary() -> Result<TempDir> {
    Ok(TempDir::new_in("/dev/shm").or_else(|_| TempDir::new())?)
}

/// One case: a command line, and what it runs on.
#[derive(Clone, Debug)]
pub struct Case {
    /// Its folder.
    pub folder: PathBuf,
    /// The command.
    pub command: String,
    /// What stands behind the command.
    pub args: Vec<String>,
}

impl Case {
    /// The case in a folder.
    pub fn new(folder: &Path) -> Self {
        let words = fs::read_to_string(folder.join("args")).unwrap_or_default();
        let mut words: Vec<String> = words.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect();
        if words.first().is_none_or(|word| word.starts_with('-')) {
            words.splice(0..0, ["scaffold".to_owned(), "tasks.md".to_owned()]);
        }
        let command = words.remove(0);
        Self { folder: folder.to_path_buf(), command, args: words }
    }

    /// Its name.
    pub fn name(&self) -> String {
        self.folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
    }

    /// Whether it scaffolds.
    pub fn is_scaffold(&self) -> bool {
        self.command == "scaffold"
    }

    /// What stands behind the command and its tasks.md.
    pub fn flags(&self) -> &[String] {
        let tasks = self.args.first().is_some_and(|arg| !arg.starts_with('-'));
        &self.args[usize::from(tasks)..]
    }

    /// Whether its tasks lead to a plan.
    pub fn is_planned(&self) -> bool {
        self.folder.join("expected.diff").exists()
    }

    /// Whether it also runs on a real KubeVirt checkout.
    pub fn is_for_real_trees(&self) -> bool {
        self.folder.join("real-tree").exists()
    }

    /// The folder that the command runs in: the tasks.md, and the documents.
    pub fn desk(&self) -> Result<TempDir> {
        let desk = temporary()?;
        let tasks = self.folder.join("tasks.md");
        if tasks.exists() {
            fs::copy(tasks, desk.path().join("tasks.md"))?;
        }
        copy(&self.folder.join("documents"), desk.path())?;
        Ok(desk)
    }

    /// The checkout that it starts from: the sample tree, what the case lays over it, and without
    /// what it takes away.
    pub fn checkout(&self) -> Result<TempDir> {
        let checkout = temporary()?;
        copy(&root().join("tests/sample/kubevirt"), checkout.path())?;
        copy(&self.folder.join("repo"), checkout.path())?;
        // Where git would be; what is written down about changes goes there.
        fs::create_dir_all(checkout.path().join(".git"))?;
        for gone in fs::read_to_string(self.folder.join("removed")).unwrap_or_default().lines() {
            fs::remove_file(checkout.path().join(gone)).with_context(|| format!("removing {gone}"))?;
        }
        Ok(checkout)
    }

    /// Scaffolds its tasks in a checkout, with its flags and more. It runs at a desk: what it writes beside the tasks
    /// must not stay in the case.
    pub fn scaffold(&self, xtask: &Path, checkout: &Path, more: &[&str]) -> Result<Output> {
        let program = xtask.to_string_lossy();
        let mut arguments = vec![self.command.as_str()];
        arguments.extend(self.args.iter().map(String::as_str));
        arguments.extend(more);
        let desk = self.desk()?;
        let place = Runner::new(desk.path()).with("KUBEVIRT_DIR", checkout);
        place.run(&program, &arguments).with_context(|| format!("starting {program}"))
    }

    /// What is wrong with the folder itself: a part that nobody reads, or that does not go with the others.
    pub fn faults(&self) -> Result<Vec<String>> {
        let mut found = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            if !PARTS.contains(&name.as_str()) {
                found.push(format!("nothing reads {name}"));
            }
        }
        let has = |part: &str| self.folder.join(part).exists();
        let is_said = |name: &str| self.args.iter().any(|arg| arg.split('/').next() == Some(name));
        let mut demand = |holds: bool, what: &str| found.extend((!holds).then(|| what.to_owned()));
        demand(has("expected.err"), "there is no expected.err");
        demand(has("tasks.md") == is_said("tasks.md") || !has("tasks.md"), "the command does not read tasks.md");
        demand(self.is_scaffold() || !has("real-tree"), "real-tree is for scaffold alone");
        demand(self.is_scaffold() || !has("expected.diff"), "expected.diff is for scaffold alone");
        demand(!self.is_scaffold() || !has("expected.out"), "expected.diff is what scaffold prints");
        demand(!self.is_scaffold() || !has("no-checkout"), "scaffold has a checkout");
        demand(!has("no-checkout") || !has("repo") && !has("removed"), "there is no checkout to lay something over");
        for part in PARTS.iter().filter(|part| **part != "no-checkout" && **part != "real-tree") {
            let path = self.folder.join(part);
            let is_empty = if path.is_dir() {
                fs::read_dir(&path)?.next().is_none()
            } else {
                path.exists() && fs::metadata(&path)?.len() == 0 && *part != "tasks.md"
            };
            demand(!is_empty, &format!("{part} is empty"));
        }
        if let Ok(entries) = fs::read_dir(self.folder.join("documents")) {
            for entry in entries {
                let name = entry?.file_name().to_string_lossy().into_owned();
                demand(is_said(&name), &format!("the command does not read documents/{name}"));
            }
        }
        Ok(found)
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
