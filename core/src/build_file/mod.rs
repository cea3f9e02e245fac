//! BUILD.bazel files: what a new Go file adds to them, as gazelle would write it.

mod edit;
mod label;
mod platform;
mod read;

use std::collections::BTreeMap;

use crate::go::Platforms;

pub use edit::{create, update};
pub use label::{Labels, resolve_directives};
pub use read::BuildError;

/// The name of every Go library rule in KubeVirt.
const LIBRARY: &str = "go_default_library";
/// The name of every Go test rule in KubeVirt.
const TEST: &str = "go_default_test";

/// What a package's BUILD.bazel must hold.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Wanted {
    /// The rules, by kind.
    pub rules: BTreeMap<RuleKind, WantedRule>,
    /// The import path of the package.
    pub importpath: String,
    /// Whether tests are built with the race detector, as everywhere but in `tests/`.
    pub race: bool,
    /// The package is `main`: nobody else may depend on it.
    pub command: bool,
    /// The command that the files make, if `func main` is in one of them: the folder's name.
    pub binary: Option<String>,
    /// The folder has a `testdata`, which new tests may read.
    pub testdata: bool,
}

/// The kinds of rules that Go files belong to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum RuleKind {
    /// `go_library`
    Library,
    /// `go_test`
    Test,
}

impl RuleKind {
    /// The name of the Starlark function: `go_library`.
    pub fn function(self) -> &'static str {
        match self {
            Self::Library => "go_library",
            Self::Test => "go_test",
        }
    }

    /// The name that KubeVirt gives every rule of the kind.
    pub fn target(self) -> &'static str {
        match self {
            Self::Library => LIBRARY,
            Self::Test => TEST,
        }
    }
}

/// What one rule must hold. Lists are added to, never shortened.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct WantedRule {
    /// The Go files of the rule, by their names in the folder.
    pub srcs: Vec<String>,
    /// Labels of what they import.
    pub deps: Vec<String>,
    /// Labels that are needed on some platforms only.
    pub conditional: Vec<(String, Platforms)>,
    /// Files that they embed.
    pub embedsrcs: Vec<String>,
    /// Whether one of the files imports `C`.
    pub cgo: bool,
    /// A test file is in the library's own package, so the test embeds the library.
    pub embed: bool,
}

impl Wanted {
    /// The rule of a kind, to add to.
    pub fn rule(&mut self, kind: RuleKind) -> &mut WantedRule {
        self.rules.entry(kind).or_default()
    }
}
