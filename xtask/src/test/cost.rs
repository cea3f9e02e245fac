//! `cargo xtask parity --generated --time`: what `generate` costs for one field of the API, beside the whole of the checkout's
//! own scripts for the same field.

use std::fs;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use kubevirt_scaffold::exit::ExitStatus;
use kubevirt_scaffold::process::Runner;

use super::script::{self, SCHEMA};
use super::work_tree::{self, WorkTree};

/// Where a field goes.
const STRUCT: &str = "type Watchdog struct {\n";

/// Measures, and prints a table.
pub(super) fn run() -> Result<ExitStatus> {
    let (kubevirt, head) = work_tree::checkout().map_err(anyhow::Error::msg)?;
    let tree = WorkTree::new(&kubevirt, &head)?;
    // Programs are built and packages compiled before anything is measured.
    field(&tree, "Warm")?;
    generate(&tree)?;
    field(&tree, "Warmer")?;
    script::script(tree.path())?;
    println!("| run | elapsed | CPU |\n|---|---|---|");
    tree.reset()?;
    let clean = row("`generate` where nothing has changed", || generate(&tree))?;
    field(&tree, "Bell")?;
    let ours = row("`generate`, one new API field", || generate(&tree))?;
    row("`generate`, the same field again", || generate(&tree))?;
    let theirs = row("the scripts of `make generate`, the same field", || script::script(tree.path()))?;
    let share = |ours: Duration, theirs: Duration| 100.0 * ours.as_secs_f64() / theirs.as_secs_f64();
    println!(
        "{:.0} % of the scripts' CPU time, and {:.0} % where nothing has changed",
        share(ours, theirs),
        share(clean, theirs)
    );
    Ok(ExitStatus::Done)
}

/// The commit with one more field, which no run has seen.
fn field(tree: &WorkTree, name: &str) -> Result<()> {
    tree.reset()?;
    let place = tree.path().join(SCHEMA);
    let text = fs::read_to_string(&place)?;
    ensure!(text.contains(STRUCT), "{SCHEMA} has no `{}`", STRUCT.trim());
    let seconds = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?.as_secs();
    let json = format!("{}{seconds}", name.to_lowercase());
    let more =
        format!("\t// {name}{seconds} is new.\n\t// +optional\n\t{name}{seconds} *int32 `json:\"{json},omitempty\"`\n");
    Ok(fs::write(place, text.replacen(STRUCT, &format!("{STRUCT}{more}"), 1))?)
}

fn generate(tree: &WorkTree) -> Result<()> {
    let program = std::env::current_exe()?.display().to_string();
    let root = tree.path().display().to_string();
    let arguments = ["generate", "--kubevirt", &root, "--base", "HEAD"];
    let output = Runner::new(tree.path()).run(&program, &arguments).context("starting generate")?;
    ensure!(output.status.success(), "generate: {}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}

/// Runs something, and prints what it cost. The value is its CPU time.
fn row(name: &str, work: impl FnOnce() -> Result<()>) -> Result<Duration> {
    let (started, before) = (Instant::now(), children()?);
    work()?;
    let (elapsed, cpu) = (started.elapsed(), children()?.saturating_sub(before));
    println!("| {name} | {:.1} s | {:.1} s |", elapsed.as_secs_f64(), cpu.as_secs_f64());
    Ok(cpu)
}

/// The CPU time, user and system, of the processes that this one has waited for.
fn children() -> Result<Duration> {
    const TICKS: f64 = 100.0;
    let stat = fs::read_to_string("/proc/self/stat").context("CPU time is measured on Linux only")?;
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|field| field.parse::<f64>().ok());
    // The 16th and 17th; two stand before the last parenthesis.
    let (user, system) = ticks(13).zip(ticks(14)).context("/proc/self/stat has a form that is not known")?;
    Ok(Duration::from_secs_f64((user + system) / TICKS))
}
