//! `graph`

use std::path::PathBuf;

use clap::ValueEnum;
use kubevirt_scaffold_core::graph::{analyse, dot, graph, json, mermaid, nothing_read, text, unread};
use kubevirt_scaffold_core::pipeline::Color;
use kubevirt_scaffold_core::task::parse;
use kubevirt_scaffold_core::text::Source;

use crate::exit::{CommandError, ExitStatus};
use crate::flags::ColorFlag;
use crate::input;
use crate::terminal::{self, Colors};

/// What the user typed.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// The tasks.md [default: the one in the current folder, or in the nearest parent of the same repository].
    #[arg(value_name = "TASKS.md")]
    pub tasks: Option<PathBuf>,
    /// The output format.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: Format,
    #[command(flatten)]
    pub(super) color: ColorFlag,
}

/// What `graph` prints.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// A tree of phases, the critical path, and the batches that can run in parallel.
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
    let color = Colors::new(args.color);
    let source = input::read(&input::tasks(args.tasks.as_deref(), command_line)?, command_line)?;
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
        terminal::styled(&terminal::rendered(&unread, color.stderr));
    }
    let analysis = analyse(&file, &graph);
    terminal::product(&match args.format {
        Format::Text => painted(text(&file, &graph, &analysis), color.stdout),
        Format::Mermaid => mermaid(&file, &graph),
        Format::Dot => dot(&file, &graph),
        Format::Json => json(&file, &graph, &analysis) + "\n",
    })?;
    Ok(ExitStatus::Done)
}

/// The text with its headings bold: what is not indented.
fn painted(text: String, color: Color) -> String {
    if color == Color::Never {
        return text;
    }
    let is_heading = |line: &str| line.starts_with(|c: char| c.is_alphabetic());
    let bold = |line: &str| format!("\u{1b}[1m{}\u{1b}[0m\n", line.trim_end_matches('\n'));
    text.split_inclusive('\n').map(|line| if is_heading(line) { bold(line) } else { line.to_owned() }).collect()
}
