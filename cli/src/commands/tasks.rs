//! `tasks`

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use kubevirt_scaffold_core::check::{Against, check};
use kubevirt_scaffold_core::diagnostic::{Diagnostic, Severity};
use kubevirt_scaffold_core::documents::Documents;
use kubevirt_scaffold_core::draft::{Drafted, draft};
use kubevirt_scaffold_core::name::is_gate_name;
use kubevirt_scaffold_core::pipeline::diff_texts;
use kubevirt_scaffold_core::task::parse;
use kubevirt_scaffold_core::text::Source;
use kubevirt_scaffold_core::vep::{self, Vep};

use crate::apply::{self, Form, Refusal};
use crate::checkout::Checkout;
use crate::exit::{CommandError, ExitStatus};
use crate::flags::{CheckoutFlag, ColorFlag, OR_SAMPLE};
use crate::terminal::{self, Colors};
use crate::{files, input};

/// What the user typed.
#[derive(clap::Args, Debug)]
#[command(mut_arg("kubevirt", |flag| flag.help(OR_SAMPLE)))]
pub struct Args {
    /// A vep.md, a folder that holds one, or a feature's folder with plan.md and optionally spec.md, research.md,
    /// data-model.md, quickstart.md and contracts/.
    #[arg(value_name = "PATH")]
    pub folder: PathBuf,
    #[command(flatten)]
    checkout: CheckoutFlag,
    /// Rename the feature gate OLD to NEW in an existing tasks.md.
    #[arg(long, value_name = "OLD=NEW")]
    pub rename_gate: Option<String>,
    /// Write the tasks to this file; `-` is stdout. An existing tasks.md is updated only after you agree, or with
    /// --yes.
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// The constitution file [default: the one beside the documents, one folder up, or in `.specify/memory/`].
    #[arg(long, value_name = "FILE")]
    pub constitution: Option<PathBuf>,
    /// Update an existing tasks.md without asking.
    #[arg(long, short)]
    pub yes: bool,
    /// Let --output replace a file that is not a tasks.md.
    #[arg(long)]
    pub force: bool,
    #[command(flatten)]
    pub(super) color: ColorFlag,
}

/// Runs the command.
pub fn run(args: &Args, command_line: &Source) -> Result<ExitStatus, CommandError> {
    let colors = Colors::new(args.color);
    if let Err(error) = args.folder.metadata() {
        let name = args.folder.display().to_string();
        let message = match error.kind() {
            ErrorKind::NotFound => format!("{name} does not exist"),
            _ => format!("{name} cannot be read: {error}"),
        };
        let found = input::at_word(Diagnostic::error("tasks-missing", message), command_line, &name);
        return Err(found.help("name a vep.md, or the folder of a feature with a vep.md or a plan.md").into());
    }
    let vep = input::vep(&args.folder);
    let folder = vep.as_deref().map_or(args.folder.as_path(), |vep| vep.parent().unwrap_or(Path::new("")));
    let beside = folder.join("tasks.md");
    // What is to be brought up to date: the file that is written, or the one in the folder.
    let target = args.output.as_deref().filter(|output| *output != Path::new("-"));
    let existing_path = target.unwrap_or(&beside);
    let existing = existing(existing_path, target.is_some() && !args.force)?;
    let name = existing_path.display().to_string();
    let before = existing.as_ref().map(|text| Source::new(name.as_str(), text.as_str()));
    let mut documents = Documents::default();
    let drafted = if let Some(vep) = &vep {
        from_vep(args, vep, before.as_ref(), command_line)?
    } else {
        documents = Documents::new(input::design(&args.folder, args.constitution.as_deref())?);
        documents.tasks = before;
        draft(&documents, &args.folder.display().to_string())?
    };
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
    let diff = diff_texts(&input::diff_name(existing_path), existing.as_deref(), text, colors.stdout);
    if diff.is_empty() {
        terminal::say(&format!("{name} is up to date.\n"));
        return Ok(ExitStatus::Done);
    }
    if let (None, Some(target)) = (&existing, target) {
        apply::write_product(target, text, Form::Tasks, args.force)?;
    } else {
        terminal::deliver(&diff, args.yes)?;
        if !terminal::may_write(args.yes)? {
            return Ok(ExitStatus::Done);
        }
        apply::replace_document(existing_path, existing.as_deref().unwrap_or_default(), text)?;
    }
    terminal::say(&format!("Wrote {name}.\n"));
    Ok(ExitStatus::Done)
}

/// The tasks of a VEP, read against the checkout.
fn from_vep(
    args: &Args,
    path: &Path,
    existing: Option<&Source>,
    command_line: &Source,
) -> Result<Drafted, CommandError> {
    let checkout = Checkout::find(args.checkout.kubevirt.as_deref());
    let survey = checkout.survey(checkout.tree(), args.checkout.kubevirt.as_deref(), command_line)?;
    let vep = Vep::read(&input::read(path, command_line)?)?;
    let rename = args.rename_gate.as_deref().map(|pair| renaming(pair, command_line)).transpose()?;
    let drafted = vep::draft(&vep, &survey, existing, rename.as_ref());
    checkout.is_legible()?;
    Ok(Drafted { text: drafted.text, diagnostics: drafted.diagnostics, questions: drafted.questions })
}

/// `OLD=NEW`, two names of gates.
fn renaming(pair: &str, command_line: &Source) -> Result<(String, String), Diagnostic> {
    let names = pair.split_once('=').filter(|(old, new)| is_gate_name(old) && is_gate_name(new));
    names.map(|(old, new)| (old.to_owned(), new.to_owned())).ok_or_else(|| {
        let found = Diagnostic::error("rename-gate", format!("`{pair}` is not of the form OLD=NEW"));
        input::at_word(found, command_line, pair).help("such as --rename-gate MemoryOverheadReport=ResourceMetrics")
    })
}

/// The largest tasks.md that is brought up to date.
const LIMIT: u64 = 4 << 20;

/// The tasks.md that is to be brought up to date, if there is one. With `strictly`, a file that is none is an error:
/// the command line names it, and it would be lost. Otherwise such a file is taken for nothing.
fn existing(path: &Path, strictly: bool) -> Result<Option<String>, Refusal> {
    let refused = |what: String, help: &str| {
        let message = format!("{} already exists, and {what}", path.display());
        Refusal::new("output-exists", path, message, help)
    };
    // A pipe or a device that the command line names is written to.
    if strictly && path.metadata().is_ok_and(|found| !found.is_file() && !found.is_dir()) {
        return Ok(None);
    }
    let bytes = match files::read(path, LIMIT) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(refused(format!("cannot be read: {error}"), "name another file")),
    };
    match String::from_utf8(bytes) {
        Ok(text) if text.trim().is_empty() || is_tasks(path, &text) => Ok(Some(text)),
        Ok(_) if strictly => Err(refused("is not a tasks.md".to_owned(), "name another file, or pass --force")),
        Ok(text) => Ok(Some(text)),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            Err(refused(format!("is not UTF-8 (at byte {at})"), "name another file, or save it as UTF-8"))
        }
    }
}

/// Whether a text is a tasks.md: it says so, or has a task.
fn is_tasks(path: &Path, text: &str) -> bool {
    let title = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    title.trim_start_matches('\u{feff}').starts_with("# Tasks") || {
        !parse(&Source::new(path.display().to_string(), text)).tasks.is_empty()
    }
}
