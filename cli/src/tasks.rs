//! `cargo xtask tasks`

use std::path::Path;

use anyhow::Result;
use kubevirt_scaffold_core::check::{Against, check};
use kubevirt_scaffold_core::diagnostic::Severity;
use kubevirt_scaffold_core::documents::Documents;
use kubevirt_scaffold_core::draft::draft;
use kubevirt_scaffold_core::preview::diff_texts;
use kubevirt_scaffold_core::text::Source;

use crate::report::{self, Colors};
use crate::scaffold::End;
use crate::{apply, flags, input};

/// Runs the command.
pub fn run(args: &flags::Tasks) -> Result<End> {
    let colors = Colors::new(args.color);
    let beside = args.folder.join("tasks.md");
    // What is to be brought up to date: the file that is written, or the one in the folder.
    let target = args.output.as_deref().filter(|output| *output != Path::new("-"));
    let existing_path = target.unwrap_or(&beside);
    let existing = std::fs::read_to_string(existing_path).ok();
    let mut documents = Documents::new(input::design(&args.folder, args.constitution.as_deref()));
    let name = existing_path.display().to_string();
    documents.tasks = existing.as_ref().map(|text| Source::new(name.as_str(), text.as_str()));
    let drafted = match draft(&documents, &args.folder.display().to_string()) {
        Ok(drafted) => drafted,
        Err(diagnostics) => {
            report::diagnostics(&diagnostics, colors.stderr);
            return Ok(End::Refused);
        }
    };
    report::diagnostics(&drafted.diagnostics, colors.stderr);
    for (at, question) in drafted.questions.iter().enumerate() {
        report::say(&format!("Question {}: {question}\n", at + 1));
    }
    // The template's step 8: what is returned passes our own check.
    let text = &drafted.text;
    let written = Source::new(name.as_str(), text.as_str());
    let checked = check(&written, Against { documents: &documents, tree: None });
    let own = checked.diagnostics.iter().filter(|diagnostic| {
        diagnostic.severity > Severity::Note
            && diagnostic.place.as_ref().is_some_and(|(source, _)| source.name() == name)
    });
    let own: Vec<_> = own.collect();
    report::diagnostics(own.iter().copied(), colors.stderr);
    let open = drafted.questions.len();
    let questions = if open == 1 { "1 open question".to_owned() } else { format!("{open} open questions") };
    report::say(&format!("{} tasks, {questions}\n", checked.file.tasks.len()));
    if args.output.as_deref() == Some(Path::new("-")) || args.output.is_none() && existing.is_none() {
        report::product(text)?;
        return Ok(End::Done);
    }
    let diff = diff_texts(&name, existing.as_deref(), text, colors.stdout);
    if diff.is_empty() {
        report::say(&format!("{name} is up to date.\n"));
        return Ok(End::Done);
    }
    if let (None, Some(target)) = (&existing, target) {
        apply::write_product(target, text)?;
    } else {
        report::product(&diff)?;
        if !report::may_write(args.yes)? {
            return Ok(End::Done);
        }
        apply::replace_document(existing_path, existing.as_deref().unwrap_or_default(), text)?;
    }
    report::say(&format!("Wrote {name}.\n"));
    Ok(End::Done)
}
