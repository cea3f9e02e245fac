//! `verify`

use std::path::PathBuf;

use kubevirt_scaffold_core::text::Source;

use crate::apply::{self, Form};
use crate::carry_out::mention_unfinished;
use crate::checkout::Checkout;
use crate::exit::{CommandError, ExitStatus};
use crate::flags::{CheckoutFlag, ColorFlag, Format};
use crate::options::PlanFlags;
use crate::terminal::{self, Colors};
use crate::verify::{Request, prove};
use crate::{completion, input};

/// What the user typed.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// The tasks.md [default: that of the feature's folder that you stand in].
    #[arg(value_name = "TASKS.md")]
    pub tasks: Option<PathBuf>,
    #[command(flatten)]
    checkout: CheckoutFlag,
    #[command(flatten)]
    plan: PlanFlags,
    /// Only these tasks: IDs and ranges, such as T001,T004-T009.
    #[arg(long, value_name = "IDS", add = completion::tasks())]
    pub only: Option<String>,
    /// Also run golangci-lint with KubeVirt's configuration on the touched packages.
    #[arg(long)]
    pub lint: bool,
    /// Also compile the whole suite of functional tests, and ask it for the specs: minutes, the first time.
    #[arg(long)]
    pub suite: bool,
    /// Also write the verdicts as JUnit's XML.
    #[arg(long, value_name = "FILE")]
    pub junit: Option<PathBuf>,
    /// Let --junit replace a file that is not a JUnit report.
    #[arg(long)]
    pub force: bool,
    /// Print the verdicts, or one JSON document.
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
