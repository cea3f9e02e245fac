//! `check`

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::ValueEnum;
use kubevirt_scaffold_core::check::{Against, Checked, LeftJson, check, fixes, json, sarif};
use kubevirt_scaffold_core::diagnostic::{Diagnostic, Severity, visible};
use kubevirt_scaffold_core::documents::Documents;
use kubevirt_scaffold_core::pipeline::{Look, Proposal, diff_texts, left, propose};
use kubevirt_scaffold_core::plan::Options;
use kubevirt_scaffold_core::survey::Survey;
use kubevirt_scaffold_core::text::{Source, Span, TextEdits};
use kubevirt_scaffold_core::tree::Tree;
use kubevirt_scaffold_core::vep::{self, Vep};

use crate::carry_out::mention_unfinished;
use crate::checkout::{Checkout, is_kubevirt, not_kubevirt};
use crate::exit::{CommandError, ExitStatus};
use crate::flags::ColorFlag;
use crate::terminal::{self, Colors};
use crate::{apply, input};

/// What the user typed.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// The tasks.md, or a vep.md [default: the tasks.md in the current folder, or in the nearest parent of the same
    /// repository].
    #[arg(value_name = "TASKS.md")]
    pub tasks: Option<PathBuf>,
    /// The KubeVirt checkout in which to look up paths [default: as for `scaffold`; without a checkout, paths are not
    /// checked].
    #[arg(long, value_name = "DIR")]
    pub kubevirt: Option<PathBuf>,
    /// The constitution file [default: the one beside the tasks.md, one folder up, or in `.specify/memory/`].
    #[arg(long, value_name = "FILE")]
    pub constitution: Option<PathBuf>,
    /// Show the automatic fixes as a diff; with --yes, write them.
    #[arg(long)]
    pub fix: bool,
    /// Write the fixes without asking.
    #[arg(long, short, requires = "fix")]
    pub yes: bool,
    /// How to report the findings.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: Format,
    #[command(flatten)]
    pub(super) color: ColorFlag,
}

/// What `check` prints.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Text on stderr, with the affected lines.
    #[default]
    Text,
    /// One JSON document on stdout.
    Json,
    /// One SARIF 2.1.0 document on stdout, for code hosts.
    Sarif,
}

/// Runs the command.
pub fn run(args: &Args, command_line: &Source) -> Result<ExitStatus, CommandError> {
    let colors = Colors::new(args.color);
    let path = input::tasks_or_vep(args.tasks.as_deref(), command_line)?;
    let source = input::read(&path, command_line)?;
    if Vep::is_vep(&source) {
        return of_vep(args, &source, colors, command_line);
    }
    let folder = path.parent().unwrap_or(Path::new(""));
    let documents = Documents::new(input::design(folder, args.constitution.as_deref())?);
    let checkout = Checkout::find(args.kubevirt.as_deref());
    let tree = checkout.root().is_some().then(|| checkout.tree());
    if let Some(named) = args.kubevirt.as_deref().filter(|named| !is_kubevirt(named)) {
        let message = format!("{} is not a KubeVirt checkout", named.display());
        return Err(not_kubevirt(message, Some(named), command_line).into());
    }
    mention_unfinished(&checkout, colors.stderr)?;
    let against = Against { documents: &documents, tree };
    let mut checked = check(&source, against);
    let proposal = tree.and_then(|tree| proposal(&checked, &source, tree));
    if let Some(proposal) = &proposal {
        forgive(&mut checked, &source, proposal);
    }
    checkout.is_legible()?;
    if args.format == Format::Text {
        let mut said = terminal::rendered(&checked.diagnostics, colors.stderr);
        if let Some(proposal) = &proposal {
            let place = |line: usize| format!("{}:{line}", visible(source.name()));
            let look = Look { color: colors.stderr, path: &str::to_owned, files: false, place: &place };
            said.push_str(&left(proposal, "`scaffold` would leave to you:", &look));
        }
        said.push_str(&summary(&checked, tree.is_some().then(|| checkout.name()).as_deref()));
        terminal::styled(&said);
    }
    if args.fix
        && let Some(fixed) = fix(args, &source, &checked, against, colors)?
    {
        checked = check(&fixed, against);
    }
    let manual = proposal.as_ref().map(manual);
    if let Some(document) = document(args, Some(&checked), &checked.diagnostics, manual.as_deref()) {
        terminal::deliver(&(document + "\n"), args.yes)?;
    }
    Ok(if checked.is_faulty() { ExitStatus::Found } else { ExitStatus::Done })
}

/// The rules about a VEP, which is held against the checkout.
fn of_vep(args: &Args, source: &Source, colors: Colors, command_line: &Source) -> Result<ExitStatus, CommandError> {
    let checkout = Checkout::find(args.kubevirt.as_deref());
    let survey = checkout.survey(checkout.tree(), args.kubevirt.as_deref(), command_line)?;
    let vep = Vep::read(source)?;
    let found = vep::review(&vep, &vep::facts(&vep, &survey));
    checkout.is_legible()?;
    if args.format == Format::Text {
        let mut said = terminal::rendered(&found, colors.stderr);
        let count = |severity: Severity| found.iter().filter(|one| one.severity == severity).count();
        let _ = writeln!(
            said,
            "{}: {}, {}, {}; compared with {}",
            visible(source.name()),
            number(count(Severity::Error), "error"),
            number(count(Severity::Warning), "warning"),
            number(count(Severity::Note), "note"),
            checkout.name()
        );
        terminal::styled(&said);
    }
    if let Some(document) = named_document(args.format, source.name(), None, &found, None) {
        terminal::deliver(&(document + "\n"), args.yes)?;
    }
    let is_faulty = found.iter().any(|one| one.severity > Severity::Note);
    Ok(if is_faulty { ExitStatus::Found } else { ExitStatus::Done })
}

fn number(number: usize, noun: &str) -> String {
    match number {
        0 => format!("no {noun}s"),
        1 => format!("1 {noun}"),
        _ => format!("{number} {noun}s"),
    }
}

/// More tasks than this are not planned here: the largest real files have some hundreds.
const PLANNED: usize = 1_000;

/// What `scaffold` would do with the tasks.
fn proposal(checked: &Checked, source: &Source, tree: &dyn Tree) -> Option<Proposal> {
    let survey = Survey::new(tree).ok().filter(|_| checked.file.tasks.len() <= PLANNED)?;
    let proposal = propose(source, &survey, &Options { ignore_compliance: true, ..Options::default() });
    (!proposal.set.is_refused()).then_some(proposal)
}

/// What `scaffold` would leave to people.
fn manual(proposal: &Proposal) -> Vec<LeftJson> {
    let plan = &proposal.plan;
    let left = plan.manual.iter();
    left.map(|left| LeftJson { task: plan.tasks[left.task].id.clone(), reason: left.reason.to_string() }).collect()
}

/// Takes out what is said of tasks that name no file, and that are scaffolded without one.
fn forgive(checked: &mut Checked, source: &Source, proposal: &Proposal) {
    const CODE: &str = "path-none";
    let plan = &proposal.plan;
    let made: BTreeSet<usize> =
        plan.units.iter().flat_map(|unit| &unit.tasks).map(|&task| plan.tasks[task].line).collect();
    let line = |span: &Span| source.line(span.start);
    let place = |found: &Diagnostic| found.place.as_ref().map(|(_, span)| line(span));
    checked.diagnostics.retain(|found| found.code != CODE || !place(found).is_some_and(|line| made.contains(&line)));
}

/// What stdout carries, unless that is text; without `checked`, of a tasks.md that could not be checked. `manual` is
/// what `scaffold` would leave to people.
pub fn document(
    args: &Args,
    checked: Option<&Checked>,
    found: &[Diagnostic],
    manual: Option<&[LeftJson]>,
) -> Option<String> {
    let name = args.tasks.as_deref().unwrap_or(Path::new("")).display().to_string();
    named_document(args.format, &name, checked, found, manual)
}

fn named_document(
    format: Format,
    name: &str,
    checked: Option<&Checked>,
    found: &[Diagnostic],
    manual: Option<&[LeftJson]>,
) -> Option<String> {
    match format {
        Format::Text => None,
        Format::Json => Some(json(name, checked.map(|checked| &checked.file), found, manual)),
        Format::Sarif => Some(sarif(found)),
    }
}

/// `tasks.md: 18 tasks, 3 errors, 1 warning, no notes; paths looked up in …`
fn summary(checked: &Checked, tree: Option<&str>) -> String {
    let count = |severity: Severity, noun: &str| {
        number(checked.diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count(), noun)
    };
    let tree = tree.map_or("paths were not looked up: no KubeVirt checkout".to_owned(), |tree| {
        format!("paths looked up in {tree}")
    });
    format!(
        "{}: {} tasks, {}, {}, {}; {tree}\n",
        visible(checked.file.source.name()),
        checked.file.tasks.len(),
        count(Severity::Error, "error"),
        count(Severity::Warning, "warning"),
        count(Severity::Note, "note"),
    )
}

/// Shows the fixes as a diff, and writes them if that is wanted; the new text, if it was written.
fn fix(
    args: &Args,
    source: &Source,
    checked: &Checked,
    against: Against<'_>,
    colors: Colors,
) -> Result<Option<Source>> {
    let fixes = fixes(checked, against);
    let mut edits = TextEdits::default();
    let mut made = Vec::new();
    for fix in &fixes {
        // Two fixes of one place: the first is made, the other the next time.
        if edits.join(&fix.edits) {
            made.push(format!("  {} ({})\n", fix.message, fix.code));
        }
    }
    if edits.is_empty() {
        terminal::say("There is nothing to fix automatically.\n");
        return Ok(None);
    }
    let after = edits.apply(source.text());
    if args.format == Format::Text {
        let diff = diff_texts(&input::diff_name(Path::new(source.name())), Some(source.text()), &after, colors.stdout);
        terminal::deliver(&diff, args.yes)?;
    }
    terminal::say(&format!("Fixes:\n{}", made.concat()));
    if !terminal::may_write(args.yes)? {
        return Ok(None);
    }
    apply::replace_document(Path::new(source.name()), source.text(), &after)?;
    terminal::say(&format!("Wrote {}.\n", source.name()));
    Ok(Some(Source::new(source.name(), after)))
}
