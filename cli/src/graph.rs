//! `cargo xtask graph`

use anyhow::Result;
use kubevirt_scaffold_core::graph::{analyse, dot, graph, json, mermaid, text};
use kubevirt_scaffold_core::preview::Color;
use kubevirt_scaffold_core::task::parse;
use kubevirt_scaffold_core::text::Source;

use crate::flags::{self, GraphFormat};
use crate::scaffold::End;
use crate::{input, report};

/// Runs the command.
pub fn run(args: &flags::Graph, command_line: &Source) -> Result<End> {
    let source = match input::read(&args.tasks, command_line) {
        Ok(source) => source,
        Err(diagnostic) => {
            report::diagnostics([&diagnostic], Color::Never);
            return Ok(End::Refused);
        }
    };
    let file = parse(&source);
    let graph = graph(&file);
    let analysis = analyse(&file, &graph);
    report::product(&match args.format {
        GraphFormat::Text => text(&file, &graph, &analysis),
        GraphFormat::Mermaid => mermaid(&file, &graph),
        GraphFormat::Dot => dot(&file, &graph),
        GraphFormat::Json => json(&file, &graph, &analysis) + "\n",
    })?;
    Ok(End::Done)
}
