//! Finds the KubeVirt checkout to work on.

use std::env;
use std::path::{Path, PathBuf};

use kubevirt_scaffold_core::diagnostic::Diagnostic;
use kubevirt_scaffold_core::survey::Survey;
use kubevirt_scaffold_core::text::Source;
use kubevirt_scaffold_core::tree::{MemoryTree, Tree};

use crate::config::Set;
use crate::disk::DiskTree;
use crate::{config, files, input, sample};

/// A tree to plan for.
#[derive(Debug)]
pub enum Checkout {
    /// One on disk.
    Disk(DiskTree),
    /// The built-in one, which cannot be written.
    Sample(MemoryTree),
}

impl Checkout {
    /// `--kubevirt`, `$KUBEVIRT_DIR`, the checkout around the current folder, the one that the user configured, the
    /// cache, or the built-in sample.
    pub fn find(flag: Option<&Path>) -> Self {
        located(flag).map_or_else(|| Self::Sample(sample::tree()), |(path, _)| Self::Disk(DiskTree::new(path)))
    }

    /// The tree.
    pub fn tree(&self) -> &dyn Tree {
        match self {
            Self::Disk(tree) => tree,
            Self::Sample(tree) => tree,
        }
    }

    /// The folder, if it can be written.
    pub fn root(&self) -> Option<&Path> {
        match self {
            Self::Disk(tree) => Some(tree.root()),
            Self::Sample(_) => None,
        }
    }

    /// That everything that was asked of it was answered: what cannot be read is not taken for absent.
    pub fn is_legible(&self) -> Result<(), Vec<Diagnostic>> {
        let refusals = self.refusals();
        if refusals.is_empty() { Ok(()) } else { Err(refusals) }
    }

    /// What could not be read of it.
    pub fn refusals(&self) -> Vec<Diagnostic> {
        match self {
            Self::Disk(tree) => tree.refusals(),
            Self::Sample(_) => Vec::new(),
        }
    }

    /// Every path of it that was looked at until now.
    pub fn seen(&self) -> Vec<PathBuf> {
        match self {
            Self::Disk(tree) => tree.seen(),
            Self::Sample(_) => Vec::new(),
        }
    }

    /// Its name in messages.
    pub fn name(&self) -> String {
        match self {
            Self::Disk(tree) => tree.root().display().to_string(),
            Self::Sample(_) => "the built-in sample tree".to_owned(),
        }
    }

    /// The folder, for a command that cannot use the sample.
    pub fn required_root(&self, command_line: &Source) -> Result<&Path, Diagnostic> {
        self.root().ok_or_else(|| not_kubevirt("there is no KubeVirt checkout here", None, command_line))
    }

    /// A survey of the checkout, through `tree`. `flag` is what the user called the checkout.
    pub fn survey<'t>(
        &self,
        tree: &'t dyn Tree,
        flag: Option<&Path>,
        command_line: &Source,
    ) -> Result<Survey<'t>, Diagnostic> {
        Survey::new(tree).map_err(|reason| {
            let message = format!("{} is not a KubeVirt checkout: {}", self.name(), reason.0);
            match located(flag) {
                Some((_, Origin::Configured(set))) => {
                    let found = Diagnostic::error("not-kubevirt", message).at(&set.source, set.span);
                    found.help("name one there, with --kubevirt DIR, or with $KUBEVIRT_DIR")
                }
                _ => not_kubevirt(message, flag, command_line),
            }
        })
    }
}

/// Who says which checkout is meant.
#[derive(Clone, Debug)]
pub enum Origin {
    /// `--kubevirt`.
    Flag,
    /// `$KUBEVIRT_DIR`.
    Variable,
    /// The current folder is in it.
    Around,
    /// The user's configuration.
    Configured(Set<PathBuf>),
    /// It is the one that is kept for trials.
    Cache,
}

/// The folder of the checkout that is meant, and who says so.
pub fn located(flag: Option<&Path>) -> Option<(PathBuf, Origin)> {
    // A configuration that is wrong has been refused before.
    let configured = || config::user().ok()?.checkout.map(|set| (set.value.clone(), Origin::Configured(set)));
    (flag.map(|path| (path.to_path_buf(), Origin::Flag)))
        .or_else(|| env::var_os("KUBEVIRT_DIR").map(|path| (PathBuf::from(path), Origin::Variable)))
        .or_else(|| enclosing().map(|path| (path, Origin::Around)))
        .or_else(configured)
        .or_else(|| cache().filter(|path| is_kubevirt(path)).map(|path| (path, Origin::Cache)))
}

/// The diagnostic that no checkout was found. It points at `flag` on the command line, or at its start.
pub fn not_kubevirt(message: impl Into<String>, flag: Option<&Path>, command_line: &Source) -> Diagnostic {
    let typed = flag.map(|path| path.display().to_string()).unwrap_or_default();
    input::at_word(Diagnostic::error("not-kubevirt", message), command_line, &typed)
        .help("name one with --kubevirt DIR or $KUBEVIRT_DIR")
}

/// Whether a folder holds KubeVirt itself.
pub fn is_kubevirt(path: &Path) -> bool {
    files::read(&path.join("go.mod"), LIMIT).is_ok_and(|text| text.starts_with(b"module kubevirt.io/kubevirt"))
}

/// The largest go.mod that is read: KubeVirt's has 20 KB.
const LIMIT: u64 = 4 << 20;

/// The checkout that the user stands in.
fn enclosing() -> Option<PathBuf> {
    let current = env::current_dir().ok()?;
    current.ancestors().find(|path| is_kubevirt(path)).map(Path::to_path_buf)
}

/// Where a checkout for trials is kept.
pub fn cache() -> Option<PathBuf> {
    Some(cache_folder()?.join("kubevirt"))
}

/// Where this program keeps what can be made again.
pub fn cache_folder() -> Option<PathBuf> {
    let base = env::var_os("XDG_CACHE_HOME").filter(|value| !value.is_empty()).map(PathBuf::from);
    let base = base.or_else(|| env::home_dir().map(|home| home.join(".cache")))?;
    Some(base.join("kubevirt-scaffold"))
}
