//! The command line of `cargo xtask`: the product's commands, and the laboratory's. Types only: the comments
//! are the help texts.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use kubevirt_scaffold::commands::Command as Product;
use kubevirt_scaffold::explain::ExplainFlag;

/// Scaffolds KubeVirt features from their tasks.md.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", version, max_term_width = 100)]
#[command(arg_required_else_help = true, args_conflicts_with_subcommands = true)]
pub struct Cli {
    /// A question in place of a command.
    #[command(flatten)]
    pub explain: ExplainFlag,
    /// What to do.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// What users have, too.
    #[command(flatten)]
    Product(Product),
    /// Run the project's tests: offline, with Go, and on a real KubeVirt tree.
    Test(Test),
    /// Compare predicted BUILD.bazel files with what the real gazelle writes, on a real KubeVirt tree.
    Parity(Parity),
    /// Make again what KubeVirt's history did with feature gates, compare, and print the page.
    Replay(Replay),
    /// Scaffold one tasks.md on every minor release of KubeVirt, compile it, and print the table.
    Versions(Versions),
    /// Look at review pages in a headless Chromium: links, keys, filters, what axe finds.
    PageCheck(PageCheck),
    /// Measure a preview against `git rev-parse HEAD` in the same run.
    Bench(Bench),
}

/// `cargo xtask test`
#[derive(Args, Debug)]
pub struct Test {
    /// A tier that cannot run is an error.
    #[arg(long)]
    pub all: bool,
}

/// `cargo xtask parity`
#[derive(Args, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub struct Parity {
    /// How many packages are drawn for each comparison.
    #[arg(long, value_name = "N", default_value_t = 400)]
    pub packages: usize,
    /// What the packages are drawn by.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// Compare what `generate` makes with what authors committed instead.
    #[arg(long)]
    pub generated: bool,
    /// Make every shape of the API, run the generators, and ask the API's rules and tests instead: minutes.
    #[arg(long, conflicts_with = "generated")]
    pub shapes: bool,
    /// With --generated: how many commits, the newest first.
    #[arg(long, value_name = "N", default_value_t = 40, requires = "generated")]
    pub commits: usize,
    /// With --generated: compare with what hack/generate.sh itself makes of some changes instead.
    #[arg(long, requires = "generated", conflicts_with_all = ["commits", "again"])]
    pub script: bool,
    /// With --generated: compare what is known, too.
    #[arg(long, requires = "generated")]
    pub again: bool,
}

/// `cargo xtask replay`
#[derive(Args, Debug)]
pub struct Replay {
    /// The day from which on commits count.
    #[arg(long, value_name = "DATE", default_value = "2024-06-01")]
    pub since: String,
    /// Compile each replay, too: minutes instead of seconds, unless it is known to compile.
    #[arg(long)]
    pub compile: bool,
    /// Compile even what is known.
    #[arg(long, requires = "compile")]
    pub again: bool,
    /// Replay the pull requests of an answer key instead: a JSON list of features with what their pull requests did.
    #[arg(long, value_name = "FILE", conflicts_with = "show")]
    pub key: Option<std::path::PathBuf>,
    /// With --key: type-check what is touched, with its tests. Much of a minute each, in place of minutes.
    #[arg(long, requires = "key", conflicts_with = "veps")]
    pub types: bool,
    /// Leave the tasks.md of each pull request in a folder.
    #[arg(long, value_name = "DIR", requires = "key")]
    pub inputs: Option<std::path::PathBuf>,
    /// With --key: make the tasks.md of each feature from its VEP, in a clone of the enhancements repository.
    #[arg(long, value_name = "DIR", requires = "key")]
    pub veps: Option<std::path::PathBuf>,
    /// Show one commit only: its tasks.md and our diff.
    #[arg(long, value_name = "COMMIT")]
    pub show: Option<String>,
}

/// `cargo xtask versions`
#[derive(Args, Debug)]
pub struct Versions {
    /// Only these releases, such as v1.4.1,main.
    #[arg(long, value_name = "RELEASES", value_delimiter = ',')]
    pub only: Vec<String>,
    /// Plan only: compile nothing.
    #[arg(long)]
    pub dry: bool,
    /// Compile even what is known.
    #[arg(long, conflicts_with = "dry")]
    pub again: bool,
}

/// `cargo xtask page-check`
#[derive(Args, Debug)]
pub struct PageCheck {
    /// The tasks.md whose page is looked at [default: some of the cases, and one of 2,000 tasks].
    pub tasks: Option<PathBuf>,
    /// The KubeVirt checkout for that tasks.md [default: the sample tree].
    #[arg(long, value_name = "DIR", requires = "tasks")]
    pub kubevirt: Option<PathBuf>,
    /// Give a placeholder of that tasks.md its value.
    #[arg(long, value_name = "KEY=VALUE", requires = "tasks")]
    pub set: Vec<String>,
    /// Only the pages whose name holds this.
    #[arg(long, value_name = "NAME", conflicts_with = "tasks")]
    pub only: Option<String>,
    /// axe.min.js of the package axe-core: look for what keeps people out, too.
    #[arg(long, value_name = "FILE")]
    pub axe: Option<PathBuf>,
    /// Leave pictures of the pages in a folder.
    #[arg(long, value_name = "DIR")]
    pub pictures: Option<PathBuf>,
}

/// `cargo xtask bench`
#[derive(Args, Debug)]
pub struct Bench {
    /// The KubeVirt checkout [default: as for `scaffold`].
    #[arg(long, value_name = "DIR")]
    pub kubevirt: Option<PathBuf>,
    /// The tasks.md to preview [default: the built-in one in the template's form].
    #[arg(long, value_name = "TASKS.md")]
    pub tasks: Option<PathBuf>,
    /// Give a placeholder of that tasks.md its value.
    #[arg(long, value_name = "KEY=VALUE", requires = "tasks")]
    pub set: Vec<String>,
    /// How often each command runs.
    #[arg(long, value_name = "N", default_value_t = 40)]
    pub runs: usize,
    /// Print instead how time and memory grow with inputs that nobody writes by hand.
    #[arg(long, conflicts_with_all = ["kubevirt", "tasks", "set", "runs"])]
    pub growth: bool,
    /// Only the inputs whose name holds this.
    #[arg(long, value_name = "WORDS", requires = "growth")]
    pub only: Option<String>,
    /// Divide the size of each input by this.
    #[arg(long, value_name = "N", requires = "growth", default_value_t = 1)]
    pub divide: usize,
}
