//! `tasks`

use std::path::{Path, PathBuf};

use kubevirt_scaffold_core::check::{Against, check};
use kubevirt_scaffold_core::diagnostic::Severity;
use kubevirt_scaffold_core::documents::Documents;
use kubevirt_scaffold_core::draft::draft;
use kubevirt_scaffold_core::pipeline::diff_texts;
use kubevirt_scaffold_core::text::Source;

use crate::exit::{CommandError, ExitStatus};
use crate::flags::ColorFlag;
use crate::terminal::{self, Colors};
use crate::{apply, input};

/// What the user typed.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// The feature's folder: plan.md, and what else there is of spec.md, research.md,
    /// data-model.md, quickstart.md and contracts/.
    #[arg(value_name = "FEATURE_DIR")]
    pub folder: PathBuf,
    /// Write the tasks to this file, without asking; `-` is stdout.
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// The constitution [default: beside the documents, one folder up, or in `.specify/memory/`].
    #[arg(long, value_name = "FILE")]
    pub constitution: Option<PathBuf>,
    /// Bring an existing tasks.md in the folder up to date without asking.
    #[arg(long, short)]
    pub yes: bool,
    #[command(flatten)]
    pub(super) color: ColorFlag,
}

/// Runs the command.
pub fn run(args: &Args) -> Result<ExitStatus, CommandError> {
    let colors = Colors::new(args.color);
    let beside = args.folder.join("tasks.md");
    // What is to be brought up to date: the file that is written, or the one in the folder.
    let target = args.output.as_deref().filter(|output| *output != Path::new("-"));
    let existing_path = target.unwrap_or(&beside);
    let existing = std::fs::read_to_string(existing_path).ok();
    let (design, beyond) = input::design(&args.folder, args.constitution.as_deref());
    terminal::diagnostics(&beyond, colors.stderr);
    let mut documents = Documents::new(design);
    let name = existing_path.display().to_string();
    documents.tasks = existing.as_ref().map(|text| Source::new(name.as_str(), text.as_str()));
    let drafted = draft(&documents, &args.folder.display().to_string())?;
    terminal::diagnostics(&drafted.diagnostics, colors.stderr);
    for (at, question) in drafted.questions.iter().enumerate() {
        terminal::say(&format!("Question {}: {question}\n", at + 1));
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
    terminal::diagnostics(own.iter().copied(), colors.stderr);
    let open = drafted.questions.len();
    let questions = if open == 1 { "1 open question".to_owned() } else { format!("{open} open questions") };
    terminal::say(&format!("{} tasks, {questions}\n", checked.file.tasks.len()));
    if args.output.as_deref() == Some(Path::new("-")) || args.output.is_none() && existing.is_none() {
        terminal::product(text)?;
        return Ok(ExitStatus::Done);
    }
    let diff = diff_texts(&name, existing.as_deref(), text, colors.stdout);
    if diff.is_empty() {
        terminal::say(&format!("{name} is up to date.\n"));
        return Ok(ExitStatus::Done);
    }
    if let (None, Some(target)) = (&existing, target) {
        apply::write_product(target, text)?;
    } else {
        terminal::product(&diff)?;
        if !terminal::may_write(args.yes)? {
            return Ok(ExitStatus::Done);
        }
        apply::replace_document(existing_path, existing.as_deref().unwrap_or_default(), text)?;
    }
    terminal::say(&format!("Wrote {name}.\n"));
    Ok(ExitStatus::Done)
}
