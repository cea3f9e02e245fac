//! The commands. Each file holds the arguments of one command, whose comments are its help, and what it does.
//! No command uses another one: what two of them need stands beside this module.

pub mod apply;
pub mod check;
pub mod commit;
pub mod completions;
pub mod config;
pub mod gates;
pub mod generate;
pub mod graph;
pub mod pr;
pub mod recover;
pub mod scaffold;
pub mod status;
pub mod tasks;
pub mod undo;
pub mod verify;

use clap::{CommandFactory as _, Parser, Subcommand};
use kubevirt_scaffold_core::check::json as check_json;
use kubevirt_scaffold_core::diagnostic::Diagnostic;
use kubevirt_scaffold_core::pipeline::{Outcome, diagnostics_json};
use kubevirt_scaffold_core::text::{Source, Span};

use crate::exit::{CommandError, ExitStatus};
use crate::explain::{ExplainFlag, explain};
use crate::flags::ColorFlag;
use crate::terminal::{self, Colors};

/// Scaffolds KubeVirt features from their tasks.md.
#[derive(Debug, Parser)]
#[command(name = "kubevirt-scaffold", version, max_term_width = 100)]
#[command(arg_required_else_help = true, args_conflicts_with_subcommands = true)]
pub struct Cli {
    #[command(flatten)]
    explain: ExplainFlag,
    /// What to do.
    #[command(subcommand)]
    pub command: Option<Command>,
}

impl Cli {
    /// Carries the command out, or explains a code. `command_line` is what the user typed, for diagnostics about it.
    pub fn run(&self, command_line: &Source) -> anyhow::Result<ExitStatus> {
        self.command.as_ref().map_or_else(|| answer(&self.explain, command_line), |command| command.run(command_line))
    }
}

/// Explains a code, in place of a command.
pub fn answer(flag: &ExplainFlag, command_line: &Source) -> anyhow::Result<ExitStatus> {
    let code = flag.explain.as_deref().unwrap_or_default();
    match explain(code, command_line) {
        Ok(()) => Ok(ExitStatus::Done),
        Err(CommandError::Failed(error)) => Err(error),
        Err(CommandError::Refused(found)) => {
            terminal::diagnostics(&found, Colors::new(ColorFlag::default()).stderr);
            Ok(ExitStatus::Refused)
        }
    }
}

/// The commands, in the order in which a feature needs them.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Generate a feature's tasks.md from its VEP or its design documents.
    Tasks(tasks::Args),
    /// Check a tasks.md: format, dependencies, paths, and KubeVirt's constitution.
    Check(check::Args),
    /// Show the dependencies of tasks, and which can run in parallel.
    Graph(graph::Args),
    /// Preview the files for all tasks as one diff, and write all of them or none.
    Scaffold(Box<scaffold::Args>),
    /// Apply a plan saved by `scaffold --plan FILE`, unless its inputs have changed.
    Apply(apply::Args),
    /// Undo the last run but keep your later changes.
    Undo(undo::Args),
    /// Roll back or complete a run that was killed.
    Recover(recover::Args),
    /// Update generated files after a change, without a container.
    Generate(generate::Args),
    /// Compile and run the scaffolded code, and report the findings for each task.
    Verify(verify::Args),
    /// Show the state of each task in the checkout, and update the checkboxes.
    Status(status::Args),
    /// Commit the scaffolded files as a signed-off series that builds commit by commit.
    Commit(commit::Args),
    /// Print the text of a pull request, in the checkout's own template.
    Pr(pr::Args),
    /// List the feature gates of a checkout, and warn about partly wired ones.
    Gates(gates::Args),
    /// Show the configuration, and the source of each value.
    Config(config::Args),
    /// Print a shell's completion script, or install it with the manual pages.
    Completions(completions::Args),
}

impl Command {
    /// Carries the command out. `command_line` is what the user typed, for diagnostics about it.
    pub fn run(&self, command_line: &Source) -> anyhow::Result<ExitStatus> {
        // Nothing is done under a configuration that is not understood: it may say which checkout is meant.
        let is_free = matches!(self, Self::Completions(_));
        let configured = if is_free { Ok(()) } else { crate::config::user().map(drop).map_err(CommandError::from) };
        let (result, color) = match self {
            _ if configured.is_err() => (configured.map(|()| ExitStatus::Done), ColorFlag::default()),
            Self::Scaffold(args) => (scaffold::run(args, command_line), args.color),
            Self::Apply(args) => (apply::run(args), args.color),
            Self::Undo(args) => (undo::run(args, command_line), args.color),
            Self::Recover(args) => (recover::run(args, command_line), args.color),
            Self::Check(args) => (check::run(args, command_line), args.color),
            Self::Graph(args) => (graph::run(args, command_line), args.color),
            Self::Status(args) => (status::run(args, command_line), args.color),
            Self::Gates(args) => (gates::run(args, command_line), args.color),
            Self::Generate(args) => (generate::run(args, command_line), args.color),
            Self::Verify(args) => (verify::run(args, command_line), args.color),
            Self::Commit(args) => (commit::run(args, command_line), args.color),
            Self::Pr(args) => (pr::run(args, command_line), args.color),
            Self::Completions(args) => (completions::run(args, Cli::command()), args.color),
            Self::Config(args) => (config::run(args), args.color),
            Self::Tasks(args) => (tasks::run(args, command_line), args.color),
        };
        match result {
            Ok(status) => Ok(status),
            Err(CommandError::Failed(error)) => Err(error),
            Err(CommandError::Refused(found)) => {
                terminal::diagnostics(&found, Colors::new(color).stderr);
                if let Some(document) = self.refusal(&found) {
                    terminal::product(&(document + "\n"))?;
                }
                Ok(ExitStatus::Refused)
            }
        }
    }

    /// What stdout carries when the command is refused, if that is not text.
    fn refusal(&self, found: &[Diagnostic]) -> Option<String> {
        match self {
            Self::Scaffold(args) => scaffold::refusal(args, found),
            Self::Check(args) => check::document(args, None, found, None),
            Self::Status(args) => args.format.refusal(found),
            Self::Gates(args) => args.format.refusal(found),
            Self::Verify(args) => args.format.refusal(found),
            Self::Apply(_)
            | Self::Undo(_)
            | Self::Recover(_)
            | Self::Graph(_)
            | Self::Generate(_)
            | Self::Tasks(_)
            | Self::Commit(_)
            | Self::Pr(_)
            | Self::Config(_)
            | Self::Completions(_) => None,
        }
    }
}

/// The JSON document of a command whose command line could not be read.
pub fn usage_json(command: Option<&str>, message: &str, command_line: &Source) -> String {
    let found = [Diagnostic::error("usage", message.trim()).at(command_line, Span::at(0))];
    if command == Some("check") {
        check_json("", None, &found, None)
    } else {
        diagnostics_json(&found, &Outcome::default())
    }
}
