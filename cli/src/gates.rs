//! `cargo xtask gates`

use std::fmt::Write as _;

use anyhow::Result;
use kubevirt_scaffold_core::diagnostic::{Diagnostic, visible};
use kubevirt_scaffold_core::gates::{Known, gates};
use kubevirt_scaffold_core::preview::{Outcome, diagnostics_json};
use kubevirt_scaffold_core::survey::{Stage, Survey};
use kubevirt_scaffold_core::text::Source;
use serde_json::{Value, json};

use crate::checkout::Checkout;
use crate::flags::{self, Format};
use crate::input;
use crate::report::{self, Colors};
use crate::scaffold::End;

/// Runs the command.
pub fn run(args: &flags::Gates, command_line: &Source) -> Result<End> {
    let colors = Colors::new(args.color);
    let checkout = Checkout::find(args.kubevirt.as_deref());
    let read = Survey::new(checkout.tree()).map_err(|reason| {
        let message = format!("{} is no KubeVirt checkout: {}", checkout.name(), reason.0);
        input::at_word(Diagnostic::error("not-kubevirt", message), command_line, "--kubevirt")
            .help("name one with --kubevirt DIR or $KUBEVIRT_DIR")
    });
    let (known, found) = match read.and_then(|survey| gates(&survey)) {
        Ok(read) => read,
        Err(diagnostic) => {
            report::diagnostics([&diagnostic], colors.stderr);
            if args.format == Format::Json {
                report::product(&(diagnostics_json(&[diagnostic], &Outcome::default()) + "\n"))?;
            }
            return Ok(End::Refused);
        }
    };
    match args.format {
        Format::Text => report::product(&table(&known))?,
        Format::Json => report::product(&document(&checkout.name(), &known, &found))?,
    }
    report::diagnostics(&found, colors.stderr);
    Ok(if found.is_empty() { End::Done } else { End::Found })
}

/// A line for each gate.
fn table(known: &[Known]) -> String {
    let cells = |gate: &Known| -> [String; 5] {
        let or_none = |text: Option<&str>| text.map(str::to_owned).unwrap_or_else(|| "-".to_owned());
        let (file, line) = &gate.place;
        let constant = visible(&gate.constant);
        [
            visible(&gate.name),
            or_none(gate.state.map(Stage::name)),
            constant,
            or_none(gate.accessor.as_deref()),
            format!("{file}:{line}"),
        ]
    };
    let head = ["GATE", "STATE", "CONSTANT", "ACCESSOR", "PLACE"].map(str::to_owned);
    let rows: Vec<[String; 5]> = std::iter::once(head).chain(known.iter().map(cells)).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].len()).max().unwrap_or(0);
    let widths = [width(0), width(1), width(2), width(3)];
    let mut text = String::new();
    for row in &rows {
        for (cell, width) in row.iter().zip(widths) {
            let _ = write!(text, "{cell:width$}  ");
        }
        let _ = writeln!(text, "{}", row[4]);
    }
    text
}

fn document(kubevirt: &str, known: &[Known], found: &[Diagnostic]) -> String {
    let gate = |gate: &Known| {
        json!({
            "name": gate.name,
            "constant": gate.constant,
            "state": gate.state.map(Stage::name),
            "accessor": gate.accessor,
            "file": gate.place.0,
            "line": gate.place.1,
        })
    };
    let gates: Vec<Value> = known.iter().map(gate).collect();
    let said: Value = serde_json::from_str(&diagnostics_json(found, &Outcome::default())).unwrap_or_default();
    let document = json!({"version": 1, "kubevirt": kubevirt, "gates": gates, "diagnostics": said["diagnostics"]});
    serde_json::to_string_pretty(&document).expect("strings and numbers become JSON") + "\n"
}
