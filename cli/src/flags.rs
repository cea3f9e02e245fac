//! What the command lines of several commands share: groups of flags, and the values that flags choose from.
//!
//! The comments on flags and values are the help texts.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use kubevirt_scaffold_core::diagnostic::Diagnostic;
use kubevirt_scaffold_core::pipeline::Hook;
use kubevirt_scaffold_core::pipeline::{Outcome, diagnostics_json};

/// Which checkout is meant.
#[derive(Args, Clone, Debug, Default)]
pub struct CheckoutFlag {
    /// The KubeVirt checkout [default: $KUBEVIRT_DIR, else the checkout around the current folder, else the configured
    /// one, else the one in the cache].
    #[arg(long, value_name = "DIR")]
    pub kubevirt: Option<PathBuf>,
}

/// The help of --kubevirt where a command can show the sample.
pub const OR_SAMPLE: &str = "The KubeVirt checkout [default: $KUBEVIRT_DIR, else the checkout around the current \
    folder, else the configured one, else the one in the cache, else a built-in sample tree for previews only]";

/// Whether output is coloured.
#[derive(Args, Clone, Copy, Debug, Default)]
pub struct ColorFlag {
    /// When to colour the output.
    #[arg(long = "color", value_name = "WHEN", default_value = "auto")]
    pub when: When,
}

/// Whether a checkout is changed. A command that makes something else of it says so with `mut_arg`.
#[derive(Args, Clone, Copy, Debug, Default)]
pub struct WriteFlags {
    /// Show the result, and write nothing.
    #[arg(long, conflicts_with = "yes")]
    pub dry_run: bool,
    /// Write without asking.
    #[arg(long, short)]
    pub yes: bool,
}

/// How planned changes are made.
#[derive(Args, Clone, Copy, Debug, Default)]
pub struct ApplyFlags {
    /// Whether they are made.
    #[command(flatten)]
    pub write: WriteFlags,
    /// With --yes: edit files even if they have uncommitted changes.
    #[arg(long)]
    pub allow_dirty: bool,
    /// Which follow-up steps to run after writing [default: the configured value, else auto].
    #[arg(long, value_name = "HOOKS")]
    pub hooks: Option<Hooks>,
}

/// What stdout carries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Human-readable text.
    #[default]
    Text,
    /// One JSON document.
    Json,
}

impl Format {
    /// The document of a command that was refused, if stdout carries JSON.
    pub fn refusal(self, found: &[Diagnostic]) -> Option<String> {
        (self == Self::Json).then(|| diagnostics_json(found, &Outcome::default()))
    }
}

/// The follow-up steps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Hooks {
    /// All steps that the changes require.
    #[default]
    Auto,
    /// No step.
    None,
    /// Only `make generate`, if the changes require it.
    Generate,
    /// The work of `make generate`, if the changes require it, without a container, like the command `generate`.
    Native,
    /// Only `make bazel-generate`, if the changes require it.
    Gazelle,
}

impl Hooks {
    /// Whether the user wants a step to run.
    pub fn includes(self, hook: &Hook) -> bool {
        match self {
            Self::Auto => true,
            Self::None => false,
            Self::Generate | Self::Native => hook.name == "generate",
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
