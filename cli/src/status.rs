//! `cargo xtask status`

use std::fmt::Write as _;

use anyhow::Result;
use kubevirt_scaffold_core::diagnostic::{Diagnostic, visible};
use kubevirt_scaffold_core::preview::{Outcome, diagnostics_json, diff_texts};
use kubevirt_scaffold_core::status::{Status, status};
use kubevirt_scaffold_core::survey::Survey;
use kubevirt_scaffold_core::task::TaskFile;
use kubevirt_scaffold_core::text::{Source, TextEdits};
use serde_json::json;

use crate::checkout::Checkout;
use crate::flags::{self, Format, Scaffold};
use crate::report::{self, Colors};
use crate::scaffold::{End, options};
use crate::{apply, input};

/// Runs the command.
pub fn run(args: &flags::Status, command_line: &Source) -> Result<End> {
    let colors = Colors::new(args.color);
    let refuse = |found: &[Diagnostic]| {
        report::diagnostics(found, colors.stderr);
        if args.format == Format::Json {
            report::product(&(diagnostics_json(found, &Outcome::default()) + "\n"))?;
        }
        Ok(End::Refused)
    };
    let source = match input::read(&args.tasks, command_line) {
        Ok(source) => source,
        Err(diagnostic) => return refuse(&[diagnostic]),
    };
    let checkout = Checkout::find(args.kubevirt.as_deref());
    let survey = match Survey::new(checkout.tree()) {
        Ok(survey) => survey,
        Err(reason) => {
            let message = format!("{} is no KubeVirt checkout: {}", checkout.name(), reason.0);
            let found = input::at_word(Diagnostic::error("not-kubevirt", message), command_line, "--kubevirt");
            return refuse(&[found.help("name one with --kubevirt DIR or $KUBEVIRT_DIR")]);
        }
    };
    let flags = Scaffold {
        tasks: Some(args.tasks.clone()),
        set: args.set.clone(),
        gate: args.gate.clone(),
        ..Scaffold::default()
    };
    let options = match options(&flags, command_line) {
        Ok(options) => options,
        Err(diagnostic) => return refuse(&[diagnostic]),
    };
    let (file, found) = match status(&source, &survey, &options) {
        Ok(result) => result,
        Err(diagnostics) => return refuse(&diagnostics),
    };
    match args.format {
        Format::Text => report::product(&table(&file, &found))?,
        Format::Json => report::product(&document(&file, &found, &checkout.name()))?,
    }
    if args.tick {
        tick(args, &file, &found, colors)?;
    }
    Ok(End::Done)
}

/// A line for each task, and what the boxes say otherwise.
fn table(file: &TaskFile, found: &[Status]) -> String {
    let mut text = String::new();
    let width = file.tasks.iter().map(|task| task.id.len()).max().unwrap_or(0);
    for status in found {
        let task = &file.tasks[status.task];
        let mark = if task.done { "x" } else { " " };
        let differs = if differs(file, status) { " *" } else { "" };
        let title: String = visible(&task.title.text).chars().take(60).collect();
        let _ = writeln!(text, "[{mark}] {:width$}  {:11} {title}{differs}", task.id, status.state.name());
        let _ = writeln!(text, "    {:width$}  {}", "", status.reason);
    }
    let of = |name: &str| found.iter().filter(|status| status.state.name() == name).count();
    let states = ["missing", "scaffolded", "red", "implemented", "manual"];
    let counts: Vec<String> = states.iter().map(|name| format!("{} {name}", of(name))).collect();
    let _ = writeln!(text, "{} tasks: {}", found.len(), counts.join(", "));
    let different = found.iter().filter(|status| differs(file, status)).count();
    if different > 0 {
        let _ = writeln!(text, "* {different} boxes say otherwise; `--tick` brings them up to date");
    }
    text
}

/// Whether a task's box says something else than the tree.
fn differs(file: &TaskFile, status: &Status) -> bool {
    status.state.is_done().is_some_and(|done| done != file.tasks[status.task].done)
}

fn document(file: &TaskFile, found: &[Status], kubevirt: &str) -> String {
    let task = |status: &Status| {
        let task = &file.tasks[status.task];
        json!({
            "id": task.id,
            "title": task.title.text,
            "phase": file.phase_number(task),
            "line": file.line(task),
            "done": task.done,
            "state": status.state.name(),
            "reason": status.reason,
            "agrees": !differs(file, status),
        })
    };
    let tasks: Vec<_> = found.iter().map(task).collect();
    let document = json!({"version": 1, "file": file.source.name(), "kubevirt": kubevirt, "tasks": tasks});
    serde_json::to_string_pretty(&document).expect("strings and numbers become JSON") + "\n"
}

/// Brings the boxes up to date: those of tasks that the tree tells about, and no other byte.
fn tick(args: &flags::Status, file: &TaskFile, found: &[Status], colors: Colors) -> Result<()> {
    let wanted = found.iter().filter_map(|status| file.tasks[status.task].ticked(status.state.is_done()?));
    let edits = TextEdits::new(wanted.collect()).map_err(|overlap| anyhow::anyhow!("{overlap}"))?;
    let source = &file.source;
    if edits.is_empty() {
        report::say("The boxes are up to date.\n");
        return Ok(());
    }
    let after = edits.apply(source.text());
    let diff = diff_texts(source.name(), Some(source.text()), &after, colors.stdout);
    if args.format == Format::Text {
        report::product(&diff)?;
    }
    if !report::may_write(args.yes)? {
        return Ok(());
    }
    apply::replace_document(&args.tasks, source.text(), &after)?;
    report::say(&format!("Ticked {} boxes in {}.\n", edits.len(), source.name()));
    Ok(())
}
