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
    /// Compare predicted BUILD.bazel files with the real gazelle's, on a real KubeVirt tree.
    Parity(Parity),
    /// Replay KubeVirt's history of feature gates, compare the results, and print a page.
    Replay(Replay),
    /// Scaffold one tasks.md on every minor release of KubeVirt, compile it, and print a page.
    Versions(Versions),
    /// Test review pages in a headless Chromium: links, keys, filters, accessibility.
    PageCheck(PageCheck),
    /// Measure a preview against `git rev-parse HEAD` in the same run.
    Bench(Bench),
}

/// `cargo xtask test`
#[derive(Args, Debug)]
pub struct Test {
    /// Fail if a tier cannot run.
    #[arg(long)]
    pub all: bool,
}

/// `cargo xtask parity`
#[derive(Args, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub struct Parity {
    /// How many packages to draw for each comparison.
    #[arg(long, value_name = "N", default_value_t = 400)]
    pub packages: usize,
    /// The seed of the draw.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// Instead, compare the output of `generate` with what authors committed.
    #[arg(long)]
    pub generated: bool,
    /// Instead, write every shape of API type, run the generators, and check the result with the API's rules and
    /// tests; takes minutes.
    #[arg(long, conflicts_with = "generated")]
    pub shapes: bool,
    /// With --generated: how many commits to compare, newest first.
    #[arg(long, value_name = "N", default_value_t = 40, requires = "generated")]
    pub commits: usize,
    /// With --generated: instead, compare with the output of hack/generate.sh itself for some changes.
    #[arg(long, requires = "generated", conflicts_with_all = ["commits", "again"])]
    pub script: bool,
    /// With --generated: instead, measure what one new API field costs, and what the checkout's own scripts cost.
    #[arg(long, requires = "generated", conflicts_with_all = ["commits", "again", "script"])]
    pub time: bool,
    /// With --generated: also compare commits that have cached results.
    #[arg(long, requires = "generated")]
    pub again: bool,
}

/// `cargo xtask replay`
#[derive(Args, Debug)]
pub struct Replay {
    /// Replay commits from this day on.
    #[arg(long, value_name = "DATE", default_value = "2024-06-01")]
    pub since: String,
    /// Also compile each replay; takes minutes instead of seconds unless the result is cached.
    #[arg(long)]
    pub compile: bool,
    /// Ignore cached results, and compile again.
    #[arg(long, requires = "compile")]
    pub again: bool,
    /// Instead, replay the pull requests in an answer key: a JSON list of features with what their pull requests added.
    #[arg(long, value_name = "FILE", conflicts_with = "show")]
    pub key: Option<std::path::PathBuf>,
    /// With --key: type-check the changed packages and their tests; takes most of a minute each, --compile takes
    /// minutes.
    #[arg(long, requires = "key", conflicts_with = "veps")]
    pub types: bool,
    /// Save the tasks.md of each pull request to a folder.
    #[arg(long, value_name = "DIR", conflicts_with = "show")]
    pub inputs: Option<std::path::PathBuf>,
    /// With --key: generate the tasks.md of each feature from its VEP in this clone of the enhancements repository.
    #[arg(long, value_name = "DIR", requires = "key")]
    pub veps: Option<std::path::PathBuf>,
    /// Show a single commit: its tasks.md and the scaffolded diff.
    #[arg(long, value_name = "COMMIT")]
    pub show: Option<String>,
}

/// `cargo xtask versions`
#[derive(Args, Debug)]
pub struct Versions {
    /// Select releases, such as v1.4.1,main.
    #[arg(long, value_name = "RELEASES", value_delimiter = ',')]
    pub only: Vec<String>,
    /// Plan only, and compile nothing.
    #[arg(long)]
    pub dry: bool,
    /// Ignore cached results, and compile again.
    #[arg(long, conflicts_with = "dry")]
    pub again: bool,
}

/// `cargo xtask page-check`
#[derive(Args, Debug)]
pub struct PageCheck {
    /// The tasks.md whose page to test [default: some of the cases, and one of 2,000 tasks].
    #[arg(value_name = "TASKS.md")]
    pub tasks: Option<PathBuf>,
    /// The KubeVirt checkout for that tasks.md [default: the sample tree].
    #[arg(long, value_name = "DIR", requires = "tasks")]
    pub kubevirt: Option<PathBuf>,
    /// Set a placeholder of that tasks.md; repeatable.
    #[arg(long, value_name = "KEY=VALUE", requires = "tasks")]
    pub set: Vec<String>,
    /// Select the pages whose names contain this.
    #[arg(long, value_name = "NAME", conflicts_with = "tasks")]
    pub only: Option<String>,
    /// Also check accessibility, with this axe.min.js of the axe-core package.
    #[arg(long, value_name = "FILE")]
    pub axe: Option<PathBuf>,
    /// Save screenshots of the pages to a folder.
    #[arg(long, value_name = "DIR")]
    pub pictures: Option<PathBuf>,
}

/// `cargo xtask bench`
#[derive(Args, Debug)]
pub struct Bench {
    /// The KubeVirt checkout [default: as for `scaffold`].
    #[arg(long, value_name = "DIR")]
    pub kubevirt: Option<PathBuf>,
    /// The tasks.md to preview [default: a built-in one in the format of the template].
    #[arg(long, value_name = "TASKS.md")]
    pub tasks: Option<PathBuf>,
    /// Set a placeholder of that tasks.md; repeatable.
    #[arg(long, value_name = "KEY=VALUE", requires = "tasks")]
    pub set: Vec<String>,
    /// How often to run each command.
    #[arg(long, value_name = "N", default_value_t = 40)]
    pub runs: usize,
    /// Instead, measure how time and memory grow with very large inputs.
    #[arg(long, conflicts_with_all = ["kubevirt", "tasks", "set", "runs"])]
    pub growth: bool,
    /// Select the inputs whose names contain this.
    #[arg(long, value_name = "WORDS", requires = "growth")]
    pub only: Option<String>,
    /// Divide the size of each input by this.
    #[arg(long, value_name = "N", requires = "growth", default_value_t = 1)]
    pub divide: usize,
}
