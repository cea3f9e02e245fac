//! `gates`

use std::fmt::Write as _;

use kubevirt_scaffold_core::diagnostic::{Diagnostic, DiagnosticJson, visible, visible_json};
use kubevirt_scaffold_core::gates::{Known, gates};
use kubevirt_scaffold_core::survey::Stage;
use kubevirt_scaffold_core::text::Source;
use serde_json::{Value, json};

use crate::carry_out::mention_unfinished;
use crate::checkout::Checkout;
use crate::exit::{CommandError, ExitStatus};
use crate::flags::{CheckoutFlag, ColorFlag, Format, OR_SAMPLE};
use crate::terminal::{self, Colors, Stream, linked};

/// What the user typed.
#[derive(clap::Args, Debug)]
#[command(mut_arg("kubevirt", |flag| flag.help(OR_SAMPLE)))]
pub struct Args {
    #[command(flatten)]
    checkout: CheckoutFlag,
    /// What to print: a table, or one JSON document.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: Format,
    #[command(flatten)]
    pub(super) color: ColorFlag,
}

/// Runs the command.
pub fn run(args: &Args, command_line: &Source) -> Result<ExitStatus, CommandError> {
    let named = args.checkout.kubevirt.as_deref();
    let checkout = Checkout::find(named);
    mention_unfinished(&checkout, Colors::new(args.color).stderr)?;
    let (known, found) = gates(&checkout.survey(checkout.tree(), named, command_line)?)?;
    checkout.is_legible()?;
    let stream = Stream::stdout(Colors::new(args.color));
    let link = |place: &str| {
        let (file, line) = place.rsplit_once(':').unwrap_or((place, ""));
        let line = line.parse().ok();
        checkout
            .root()
            .filter(|_| line.is_some())
            .map_or_else(|| place.to_owned(), |root| linked(place, &root.join(file), line, &stream))
    };
    terminal::product(&match args.format {
        Format::Text => table(&known, terminal::is_shown().then(terminal::width), link),
        Format::Json => document(&checkout.name(), &known, &found),
    })?;
    terminal::diagnostics(&found, Colors::new(args.color).stderr);
    Ok(if found.is_empty() { ExitStatus::Done } else { ExitStatus::Found })
}

/// Columns that are wider than this are not lined up.
const WIDEST: usize = 80;

/// A line for each gate; two if there is no `room` for one. A `link` leads to its place.
fn table(known: &[Known], room: Option<usize>, link: impl Fn(&str) -> String) -> String {
    let cells = |gate: &Known| -> [String; 5] {
        let or_none = |text: Option<&str>| text.map_or_else(|| "-".to_owned(), str::to_owned);
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
    let width = |column: usize| rows.iter().map(|row| row[column].len()).max().unwrap_or(0).min(WIDEST);
    let widths = [width(0), width(1), width(2), width(3)];
    let mut text = String::new();
    let place = rows.iter().map(|row| row[4].len()).max().unwrap_or(0);
    if room.is_some_and(|room| widths.iter().map(|width| width + 2).sum::<usize>() + place > room) {
        for row in &rows {
            let [name, state, constant, accessor, place] = row;
            let _ = writeln!(text, "{name:0$}  {state:1$}  {2}", widths[0], widths[1], link(place));
            let _ = writeln!(text, "    {constant}, {accessor}");
        }
        return text;
    }
    for row in &rows {
        for (cell, width) in row.iter().zip(widths) {
            let _ = write!(text, "{cell:width$}  ");
        }
        let _ = writeln!(text, "{}", link(&row[4]));
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
    let found: Vec<DiagnosticJson<'_>> = found.iter().map(DiagnosticJson::from).collect();
    let document = json!({"version": 1, "kubevirt": kubevirt, "gates": gates, "diagnostics": found});
    visible_json(&serde_json::to_string_pretty(&document).expect("strings and numbers become JSON")) + "\n"
}
