//! The values that flags choose from.

use clap::ValueEnum;
use kubevirt_scaffold_core::change::Hook;

/// Where a new feature gate goes.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum GateLayout {
    /// The file that the task names.
    #[default]
    Named,
    /// The file with the other gates, as upstream does.
    Active,
}

/// The first stage of a gate.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum State {
    /// Off by default.
    Alpha,
    /// On by default.
    Beta,
}

/// What stdout carries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// The diff.
    #[default]
    Text,
    /// One JSON document.
    Json,
}

/// What `check` prints.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum CheckFormat {
    /// Findings with the lines they are about, on stderr.
    #[default]
    Text,
    /// One JSON document.
    Json,
    /// One SARIF 2.1.0 document, for code hosts.
    Sarif,
}

/// What `graph` prints.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum GraphFormat {
    /// A tree of phases, the critical path, and the batches.
    #[default]
    Text,
    /// A Mermaid flowchart.
    Mermaid,
    /// A Graphviz digraph.
    Dot,
    /// One JSON document.
    Json,
}

/// The follow-up steps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Hooks {
    /// Those that the changes make necessary.
    #[default]
    Auto,
    /// None.
    None,
    /// `make generate` alone, if it is necessary.
    Generate,
    /// `make bazel-generate` alone, if it is necessary.
    Gazelle,
}

impl Hooks {
    /// Whether the user wants a step to run.
    pub fn includes(self, hook: &Hook) -> bool {
        match self {
            Self::Auto => true,
            Self::None => false,
            Self::Generate => hook.name == "generate",
            Self::Gazelle => hook.name == "bazel-generate",
        }
    }
}

/// When to use colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum When {
    /// On a terminal.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}
