//! `graph`

use std::path::PathBuf;

use clap::ValueEnum;
use kubevirt_scaffold_core::graph::{analyse, dot, graph, json, mermaid, nothing_read, text, unread};
use kubevirt_scaffold_core::pipeline::Color;
use kubevirt_scaffold_core::task::parse;
use kubevirt_scaffold_core::text::Source;

use crate::exit::{CommandError, ExitStatus};
use crate::{input, terminal};

/// What the user typed.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// The tasks.md.
    #[arg(value_name = "TASKS.md")]
    pub tasks: PathBuf,
    /// What stdout carries.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: Format,
}

/// What `graph` prints.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
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

/// Runs the command.
pub fn run(args: &Args, command_line: &Source) -> Result<ExitStatus, CommandError> {
    let source = input::read(&args.tasks, command_line)?;
    let file = parse(&source);
    if let Some(beyond) = file.beyond_limits() {
        return Err(beyond.into());
    }
    if let Some(nothing) = nothing_read(&file) {
        return Err(vec![nothing].into());
    }
    let graph = graph(&file);
    let unread = unread(&file, &graph);
    if !unread.is_empty() {
        terminal::say(&terminal::rendered(&unread, Color::Never));
    }
    let analysis = analyse(&file, &graph);
    terminal::product(&match args.format {
        Format::Text => text(&file, &graph, &analysis),
        Format::Mermaid => mermaid(&file, &graph),
        Format::Dot => dot(&file, &graph),
        Format::Json => json(&file, &graph, &analysis) + "\n",
    })?;
    Ok(ExitStatus::Done)
}
