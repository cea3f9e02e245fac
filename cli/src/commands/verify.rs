//! `verify`

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use kubevirt_scaffold_core::text::Source;

use crate::apply::{self, Form};
use crate::carry_out::mention_unfinished;
use crate::checkout::Checkout;
use crate::exit::{CommandError, ExitStatus};
use crate::flags::{CheckoutFlag, ColorFlag, Format};
use crate::options::PlanFlags;
use crate::terminal::{self, Colors};
use crate::verify::{Request, prove};
use crate::watch::{Watch, told};
use crate::{completion, input};

/// What the user typed.
#[derive(clap::Args, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub struct Args {
    /// The tasks.md [default: the one in the current folder, or in the nearest parent of the same repository].
    #[arg(value_name = "TASKS.md")]
    pub tasks: Option<PathBuf>,
    #[command(flatten)]
    checkout: CheckoutFlag,
    #[command(flatten)]
    plan: PlanFlags,
    /// Limit the run to these tasks, by ID or range, such as T001,T004-T009.
    #[arg(long, value_name = "IDS", add = completion::tasks())]
    pub only: Option<String>,
    /// Also run golangci-lint with KubeVirt's configuration on the changed packages.
    #[arg(long)]
    pub lint: bool,
    /// Compile the whole functional test suite instead of single files, and look for the specs in its dry run; takes
    /// minutes.
    #[arg(long)]
    pub suite: bool,
    /// Keep running, and verify the affected tasks again whenever a file changes, until Ctrl-C.
    #[arg(long, conflicts_with_all = ["junit", "format"])]
    pub watch: bool,
    /// Also write the findings as JUnit XML.
    #[arg(long, value_name = "FILE")]
    pub junit: Option<PathBuf>,
    /// Let --junit replace a file that is not a JUnit report.
    #[arg(long)]
    pub force: bool,
    /// What to print: the findings, or one JSON document.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: Format,
    #[command(flatten)]
    pub(super) color: ColorFlag,
}

/// Runs the command.
pub fn run(args: &Args, command_line: &Source) -> Result<ExitStatus, CommandError> {
    let tasks = input::tasks(args.tasks.as_deref(), command_line)?;
    let request = Request {
        tasks: &tasks,
        kubevirt: args.checkout.kubevirt.as_deref(),
        plan: &args.plan,
        only: args.only.as_deref(),
        lint: args.lint,
        suite: args.suite,
    };
    if args.watch {
        return watch(args, &request, command_line);
    }
    mention_unfinished(&Checkout::find(args.checkout.kubevirt.as_deref()), Colors::new(args.color).stderr)?;
    let proof = prove(&request, command_line)?;
    if let Some(path) = &args.junit {
        apply::write_product(path, &proof.junit(), Form::Report, args.force)?;
    }
    let product = match args.format {
        Format::Text => proof.text(Colors::new(args.color).stdout),
        Format::Json => proof.json(),
    };
    terminal::deliver(&product, args.junit.is_some())?;
    Ok(if !proof.is_compiled() {
        ExitStatus::Refused
    } else if proof.is_wrong() {
        ExitStatus::Found
    } else {
        ExitStatus::Done
    })
}

/// Verifies again each time that something has changed.
fn watch(args: &Args, request: &Request<'_>, command_line: &Source) -> Result<ExitStatus, CommandError> {
    input::read(request.tasks, command_line)?;
    let colors = Colors::new(args.color);
    let mut watch = Watch::default();
    let mut places: BTreeMap<String, BTreeSet<PathBuf>> = BTreeMap::new();
    let mut only = args.only.clone();
    loop {
        match prove(&Request { only: only.as_deref(), ..*request }, command_line) {
            Ok(proof) => {
                terminal::product(&proof.text(colors.stdout))?;
                watch.note(proof.seen);
                places.extend(proof.places);
            }
            Err(found) => terminal::diagnostics(&found, colors.stderr),
        }
        let files = places.values().flatten().flat_map(|place| go_files(place));
        watch.note(files.chain(input::beside(request.tasks)).collect::<Vec<_>>());
        let changed = watch.wait();
        terminal::say(&told(&changed));
        let affected = affected(&changed, &places);
        only = affected.map(|ids| ids.join(",")).or_else(|| args.only.clone());
    }
}

/// A file; of a folder, itself and its Go files: what is compiled together.
fn go_files(place: &Path) -> Vec<PathBuf> {
    let inside = fs::read_dir(place).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path()));
    let is_go = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "go");
    inside.filter(is_go).chain([place.to_path_buf()]).collect()
}

/// The tasks that a change can matter to; nothing if it can matter to all of them.
fn affected(changed: &BTreeSet<PathBuf>, places: &BTreeMap<String, BTreeSet<PathBuf>>) -> Option<Vec<String>> {
    let is_at = |path: &PathBuf, at: &BTreeSet<PathBuf>| {
        at.contains(path) || path.parent().is_some_and(|above| at.contains(above))
    };
    let mut ids = BTreeSet::new();
    for path in changed {
        let here: Vec<&String> = places.iter().filter(|(_, at)| is_at(path, at)).map(|(id, _)| id).collect();
        // An ID with a dash would be read as a range.
        if here.is_empty() || here.iter().any(|id| id.contains(['-', ','])) {
            return None;
        }
        ids.extend(here);
    }
    Some(ids.into_iter().cloned().collect())
}
