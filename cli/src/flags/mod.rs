//! The command line. Types only: the comments are the help texts.

mod values;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

pub use values::{CheckFormat, Format, GateLayout, GraphFormat, Hooks, State, When};

/// Scaffolds KubeVirt features from their tasks.md.
#[derive(Debug, Parser)]
#[command(name = "kubevirt-scaffold", version, max_term_width = 100)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Plan the files of every task, show them as one diff, and write all of them or none.
    Scaffold(Box<Scaffold>),
    /// Carry out a plan that `scaffold --plan FILE` saved, if nothing that it was made from has changed.
    Apply(Apply),
    /// Take back the last change that was written, exactly; with your own changes since brought together.
    Undo(Undo),
    /// After a run that was killed: put everything back, or finish it.
    Recover(Recover),
    /// Check a tasks.md: its form, its dependencies, its paths, KubeVirt's constitution.
    Check(Check),
    /// Show what has to come before what, and what can run side by side.
    Graph(Graph),
    /// Tell how far each task is, from the checkout itself, and bring the boxes up to date.
    Status(Status),
    /// List the feature gates of a checkout, and find those that are wired half-way only.
    Gates(Gates),
    /// Compile and run what was scaffolded, and say of each task what that proves.
    Verify(Verify),
    /// Write a feature's tasks.md from its design documents: the template's main().
    Tasks(Tasks),
}

/// `cargo xtask scaffold`
#[derive(Args, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub struct Scaffold {
    /// The tasks.md; without it, a built-in sample feature is shown.
    #[arg(value_name = "TASKS.md")]
    pub tasks: Option<PathBuf>,
    /// The KubeVirt checkout [default: $KUBEVIRT_DIR, the checkout around the current folder, or
    /// the cache; without any of them, a built-in sample tree].
    #[arg(long, value_name = "DIR")]
    pub kubevirt: Option<PathBuf>,
    /// Show what would be done, and write nothing.
    #[arg(long, conflicts_with_all = ["yes", "check"])]
    pub dry_run: bool,
    /// Write without asking.
    #[arg(long, short, conflicts_with = "check")]
    pub yes: bool,
    /// Write nothing; exit with 1 if there is something to do.
    #[arg(long)]
    pub check: bool,
    /// Only these tasks: IDs and ranges, such as T001,T004-T009.
    #[arg(long, value_name = "IDS")]
    pub only: Option<String>,
    /// Only the tasks of this phase.
    #[arg(long, value_name = "N")]
    pub phase: Option<String>,
    /// Give a placeholder its value: `--set feature=guest-heartbeat` for `[feature]`.
    #[arg(long, value_name = "KEY=VALUE")]
    pub set: Vec<String>,
    /// Make this feature gate, whether or not a task asks for one.
    #[arg(long, value_name = "NAME", conflicts_with = "no_gate")]
    pub gate: Option<String>,
    /// Make no feature gate, whether or not a task asks for one.
    #[arg(long)]
    pub no_gate: bool,
    /// Where a new feature gate goes: the file that the task names, or the one with the others.
    #[arg(long, value_name = "LAYOUT", default_value = "named")]
    pub gate_layout: GateLayout,
    /// The owner in the gate's comment, such as "sig-compute / @user".
    #[arg(long, value_name = "TEXT")]
    pub owner: Option<String>,
    /// The release in the gate's comment [default: the highest that the gate files name].
    #[arg(long, value_name = "vX.Y.0")]
    pub release: Option<String>,
    /// The gate's first stage [default: alpha, unless its task says beta].
    #[arg(long, value_name = "STAGE")]
    pub state: Option<State>,
    /// What stdout carries: the diff, or one JSON document.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: Format,
    /// Also write the diff to a file, for `git apply`.
    #[arg(long, value_name = "FILE")]
    pub patch: Option<PathBuf>,
    /// Save the plan to a file, for `cargo xtask apply FILE`; nothing else is written.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["yes", "check"])]
    pub plan: Option<PathBuf>,
    /// Which follow-up steps to run after writing.
    #[arg(long, value_name = "HOOKS", default_value = "auto")]
    pub hooks: Hooks,
    /// Before the follow-up steps: compile and run what was written; stop if something is wrong.
    #[arg(long)]
    pub verify: bool,
    /// With --yes: edit files that have changes which git does not have.
    #[arg(long)]
    pub allow_dirty: bool,
    /// Where a stub that you changed has a newer form that does not go together with it, keep yours.
    #[arg(long)]
    pub keep_edited: bool,
    /// Scaffold the implementation although compliance boxes are not ticked, or its tests are not there.
    #[arg(long)]
    pub ignore_compliance: bool,
    /// When to use colours.
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub color: When,
}

/// `cargo xtask apply`
#[derive(Args, Debug)]
pub struct Apply {
    /// The saved plan.
    #[arg(value_name = "PLAN")]
    pub plan: PathBuf,
    /// The KubeVirt checkout [default: as for `scaffold`; it must be the one that the plan was made for].
    #[arg(long, value_name = "DIR")]
    pub kubevirt: Option<PathBuf>,
    /// Show what would be done, and write nothing.
    #[arg(long, conflicts_with = "yes")]
    pub dry_run: bool,
    /// Write without asking.
    #[arg(long, short)]
    pub yes: bool,
    /// With --yes: edit files that have changes which git does not have.
    #[arg(long)]
    pub allow_dirty: bool,
    /// Which follow-up steps to run after writing.
    #[arg(long, value_name = "HOOKS", default_value = "auto")]
    pub hooks: Hooks,
    /// When to use colours.
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub color: When,
}

/// `cargo xtask undo`
#[derive(Args, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub struct Undo {
    /// The KubeVirt checkout [default: as for `scaffold`].
    #[arg(long, value_name = "DIR")]
    pub kubevirt: Option<PathBuf>,
    /// Show the changes that can be taken back, newest first.
    #[arg(long, conflicts_with_all = ["to", "yes", "dry_run"])]
    pub list: bool,
    /// Go back to how it was after this change: take back every later one. 0 takes back all.
    #[arg(long, value_name = "ID")]
    pub to: Option<u64>,
    /// Show what would be done, and write nothing.
    #[arg(long, conflicts_with = "yes")]
    pub dry_run: bool,
    /// Write without asking.
    #[arg(long, short)]
    pub yes: bool,
    /// Leave files as they are that you changed in the same places, and take back the rest.
    #[arg(long)]
    pub keep_edited: bool,
    /// When to use colours.
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub color: When,
}

/// `cargo xtask recover`
#[derive(Args, Debug)]
pub struct Recover {
    /// The KubeVirt checkout [default: as for `scaffold`].
    #[arg(long, value_name = "DIR")]
    pub kubevirt: Option<PathBuf>,
    /// Finish what was interrupted, instead of putting everything back.
    #[arg(long)]
    pub finish: bool,
    /// When to use colours.
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub color: When,
}

/// `cargo xtask check`
#[derive(Args, Debug)]
pub struct Check {
    /// The tasks.md.
    #[arg(value_name = "TASKS.md")]
    pub tasks: PathBuf,
    /// The KubeVirt checkout that paths are looked up in [default: as for `scaffold`; without any,
    /// they are not].
    #[arg(long, value_name = "DIR")]
    pub kubevirt: Option<PathBuf>,
    /// The constitution [default: beside the tasks.md, one folder up, or in `.specify/memory/`].
    #[arg(long, value_name = "FILE")]
    pub constitution: Option<PathBuf>,
    /// Show what can be mended without thinking, as a diff; with --yes, write it.
    #[arg(long)]
    pub fix: bool,
    /// Write the fixes without asking.
    #[arg(long, short, requires = "fix")]
    pub yes: bool,
    /// What stdout carries: nothing or the diff, one JSON document, or one of SARIF.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: CheckFormat,
    /// When to use colours.
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub color: When,
}

/// `cargo xtask status`
#[derive(Args, Debug)]
pub struct Status {
    /// The tasks.md.
    #[arg(value_name = "TASKS.md")]
    pub tasks: PathBuf,
    /// The KubeVirt checkout [default: as for `scaffold`].
    #[arg(long, value_name = "DIR")]
    pub kubevirt: Option<PathBuf>,
    /// Give a placeholder its value: `--set feature=guest-heartbeat` for `[feature]`.
    #[arg(long, value_name = "KEY=VALUE")]
    pub set: Vec<String>,
    /// The feature gate's name, if the tasks do not give it.
    #[arg(long, value_name = "NAME")]
    pub gate: Option<String>,
    /// Show how the boxes would be ticked, as a diff; with --yes, write it.
    #[arg(long)]
    pub tick: bool,
    /// Tick without asking.
    #[arg(long, short, requires = "tick")]
    pub yes: bool,
    /// What stdout carries: a table, or one JSON document.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: Format,
    /// When to use colours.
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub color: When,
}

/// `cargo xtask gates`
#[derive(Args, Debug)]
pub struct Gates {
    /// The KubeVirt checkout [default: as for `scaffold`].
    #[arg(long, value_name = "DIR")]
    pub kubevirt: Option<PathBuf>,
    /// What stdout carries: a table, or one JSON document.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: Format,
    /// When to use colours.
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub color: When,
}

/// `cargo xtask verify`
#[derive(Args, Debug, Default)]
pub struct Verify {
    /// The tasks.md.
    #[arg(value_name = "TASKS.md")]
    pub tasks: PathBuf,
    /// The KubeVirt checkout [default: as for `scaffold`].
    #[arg(long, value_name = "DIR")]
    pub kubevirt: Option<PathBuf>,
    /// Give a placeholder its value: `--set feature=guest-heartbeat` for `[feature]`.
    #[arg(long, value_name = "KEY=VALUE")]
    pub set: Vec<String>,
    /// The feature gate's name, if the tasks do not give it.
    #[arg(long, value_name = "NAME")]
    pub gate: Option<String>,
    /// Only these tasks: IDs and ranges, such as T001,T004-T009.
    #[arg(long, value_name = "TASKS")]
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
    /// What stdout carries: the verdicts, or one JSON document.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: Format,
    /// When to use colours.
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub color: When,
}

/// `cargo xtask tasks`
#[derive(Args, Debug)]
pub struct Tasks {
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
    /// When to use colours.
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub color: When,
}

/// `cargo xtask graph`
#[derive(Args, Debug)]
pub struct Graph {
    /// The tasks.md.
    #[arg(value_name = "TASKS.md")]
    pub tasks: PathBuf,
    /// What stdout carries.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: GraphFormat,
}

/// The flags of `scaffold` in words.
pub fn scaffold(words: &[String]) -> Result<Scaffold, clap::Error> {
    #[derive(Parser)]
    struct Alone {
        #[command(flatten)]
        scaffold: Scaffold,
    }
    let words = std::iter::once("scaffold").chain(words.iter().map(String::as_str));
    Alone::try_parse_from(words).map(|alone| alone.scaffold)
}
