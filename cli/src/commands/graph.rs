//! `graph`

use std::path::PathBuf;

use anyhow::Result;
use clap::ValueEnum;
use kubevirt_scaffold_core::graph::{analyse, dot, graph, json, mermaid, text};
use kubevirt_scaffold_core::preview::Color;
use kubevirt_scaffold_core::task::parse;
use kubevirt_scaffold_core::text::Source;

use crate::exit::ExitStatus;
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
pub fn run(args: &Args, command_line: &Source) -> Result<ExitStatus> {
    let source = match input::read(&args.tasks, command_line) {
        Ok(source) => source,
        Err(diagnostic) => {
            terminal::diagnostics([&diagnostic], Color::Never);
            return Ok(ExitStatus::Refused);
        }
    };
    let file = parse(&source);
    let graph = graph(&file);
    let analysis = analyse(&file, &graph);
    terminal::product(&match args.format {
        Format::Text => text(&file, &graph, &analysis),
        Format::Mermaid => mermaid(&file, &graph),
        Format::Dot => dot(&file, &graph),
        Format::Json => json(&file, &graph, &analysis) + "\n",
    })?;
    Ok(ExitStatus::Done)
}
