//! What `scaffold` is asked.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Parser;
use kubevirt_scaffold_core::diagnostic::Diagnostic;
use kubevirt_scaffold_core::plan::{Options, Selection};
use kubevirt_scaffold_core::text::Source;

use crate::flags::{ApplyFlags, CheckoutFlag, ColorFlag, Format, OR_SAMPLE};
use crate::options::{GateFlags, PlanFlags, Standing};
use crate::{completion, review, verify};

/// What the user typed.
#[derive(clap::Args, Debug, Default)]
#[command(mut_arg("kubevirt", |flag| flag.help(OR_SAMPLE)))]
#[command(mut_arg("dry_run", |flag| flag.help("Show the plan, and write only the files that other flags name, such as --patch")))]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub struct Args {
    // The first field: reading the others takes from it.
    #[command(flatten)]
    pub(super) typed: review::Typed,
    /// The tasks.md, or a vep.md [default: the tasks.md in the current folder, or in the nearest parent of the same
    /// repository, else a built-in sample, for previews only].
    #[arg(value_name = "TASKS.md")]
    pub tasks: Option<PathBuf>,
    #[command(flatten)]
    pub(super) checkout: CheckoutFlag,
    #[command(flatten)]
    pub(super) apply: ApplyFlags,
    /// Write nothing, and exit with 1 if there is something to do.
    #[arg(long, conflicts_with_all = ["dry_run", "yes"])]
    pub check: bool,
    /// Limit the run to these tasks, by ID or range, such as T001,T004-T009.
    #[arg(long, value_name = "IDS", add = completion::tasks())]
    pub only: Option<String>,
    /// Limit the run to the tasks of this phase.
    #[arg(long, value_name = "N", add = completion::phases())]
    pub phase: Option<String>,
    #[command(flatten)]
    pub(super) plan_flags: PlanFlags,
    #[command(flatten)]
    pub(super) gate: GateFlags,
    /// What to print to stdout: the diff, or one JSON document.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: Format,
    /// Instead of the diff, show how many lines each file gains and loses.
    #[arg(long, conflicts_with = "format")]
    pub stat: bool,
    /// Also write the diff to a file, for `git apply`.
    #[arg(long, value_name = "FILE")]
    pub patch: Option<PathBuf>,
    /// Save the plan to a file for `apply FILE`, and change nothing in the checkout.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["yes", "check"])]
    pub plan: Option<PathBuf>,
    /// Save the tasks of a VEP to a file.
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Also write an HTML page to review the plan in a browser.
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// Open the page of --html in a browser.
    #[arg(long, requires = "html")]
    pub open: bool,
    /// Let --output, --patch, --plan and --html replace a file of another kind.
    #[arg(long)]
    pub force: bool,
    /// Include the output of `make generate` in the same diff and the same change, without a container.
    #[arg(long, conflicts_with_all = ["plan", "check"])]
    pub generate: bool,
    /// After writing, compile the code and run the specs; if something is wrong, skip the follow-up steps.
    #[arg(long)]
    pub verify: bool,
    /// Keep your version of a stub where the new version conflicts with it.
    #[arg(long)]
    pub keep_edited: bool,
    /// Scaffold the implementation even if compliance boxes are unticked or its tests are missing.
    #[arg(long)]
    pub ignore_compliance: bool,
    #[command(flatten)]
    pub(crate) color: ColorFlag,
}

/// What the words of a command line ask of a plan. The tasks.md is not read.
pub fn options(words: &[String]) -> Result<Options> {
    #[derive(Parser)]
    struct Alone {
        #[command(flatten)]
        args: Args,
    }
    let words = std::iter::once("scaffold").chain(words.iter().map(String::as_str));
    let args = Alone::try_parse_from(words)?.args;
    args.options(args.tasks.as_deref(), &Standing::default(), &Source::new("command line", ""))
        .map_err(|found| anyhow::anyhow!(found.message))
}

impl Args {
    /// What the flags ask of the plan.
    pub(super) fn options(
        &self,
        tasks: Option<&Path>,
        standing: &Standing,
        command_line: &Source,
    ) -> Result<Options, Diagnostic> {
        let options = self.gate.options(self.plan_flags.options(tasks, standing, command_line)?, command_line)?;
        Ok(Options {
            selection: Selection { only: self.only.clone(), phase: self.phase.clone(), chosen: None },
            ignore_compliance: self.ignore_compliance,
            ..options
        })
    }

    /// What is verified of what was written, if the user wants that.
    pub(super) fn verification<'r>(&'r self, tasks: Option<&'r Path>) -> Option<verify::Request<'r>> {
        let tasks = tasks.filter(|_| self.verify)?;
        Some(verify::Request {
            tasks,
            kubevirt: self.checkout.kubevirt.as_deref(),
            plan: &self.plan_flags,
            only: self.only.as_deref(),
            lint: false,
            suite: false,
        })
    }
}
