//! `cargo xtask bench`: what a preview costs.
//!
//! The unit is `git rev-parse HEAD` in the same checkout and the same run: starting a process and
//! reading a little of a repository. A ratio to it holds on a fast machine as on a slow one.

mod apply;
mod growth;
mod inputs;

use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use kubevirt_scaffold_core::check::{Against, Checked, check};
use kubevirt_scaffold_core::documents::Documents;
use kubevirt_scaffold_core::pipeline::{Color, propose};
use kubevirt_scaffold_core::plan::Options;
use kubevirt_scaffold_core::survey::Survey;
use kubevirt_scaffold_core::text::Source;

use apply::{Cost, cost};

use crate::flags::Bench;
use crate::test::case::{Case, root};
use kubevirt_scaffold::checkout::Checkout;
use kubevirt_scaffold::commands::scaffold::options;
use kubevirt_scaffold::exit::ExitStatus;
use kubevirt_scaffold::process::Runner;

/// Measures and prints.
pub fn run(args: &Bench) -> Result<ExitStatus> {
    if args.growth {
        return growth::run(args.only.as_deref(), args.divide);
    }
    let case = Case::new(&root().join("tests/cases/template"));
    let checkout = Checkout::find(args.kubevirt.as_deref());
    let folder =
        checkout.root().context("there is no KubeVirt checkout to measure on: name one with --kubevirt DIR")?;
    let (path, flags) = match &args.tasks {
        Some(path) => (path.clone(), args.set.iter().flat_map(|pair| ["--set".to_owned(), pair.clone()]).collect()),
        None => (case.folder.join("tasks.md"), case.flags().to_vec()),
    };
    let (preview, git) = processes(folder, &path, &flags, args.runs)?;
    let ratio = preview.as_secs_f64() / git.as_secs_f64();
    println!("medians of {} runs on {}", args.runs, checkout.name());
    println!("  git rev-parse HEAD            {:>8.2} ms", milliseconds(git));
    println!("  preview, the whole process    {:>8.2} ms  {ratio:.1} times git", milliseconds(preview));
    let parts = parts(&checkout, &path, &flags, args.runs)?;
    let whole = parts.whole();
    for (name, part) in [("survey", parts.survey), ("plan and texts", parts.plan), ("diff", parts.diff)] {
        let share = 100.0 * part.as_secs_f64() / whole.as_secs_f64();
        println!("  {name:<28}  {:>8.2} ms  {share:.0} % of the work", milliseconds(part));
    }
    let Cost { files, plain, applied, journal } = writing(&checkout, &path, &flags, args.runs)?;
    println!("  {files} files written and synced    {:>8.2} ms", milliseconds(plain));
    let times = applied.as_secs_f64() / plain.as_secs_f64();
    let share = 100.0 * journal.as_secs_f64() / applied.as_secs_f64();
    println!("  the same applied              {:>8.2} ms  {times:.1} times as long", milliseconds(applied));
    println!("  the journal in that           {:>8.2} ms  {share:.0} % of it", milliseconds(journal));
    let [small, large] = checking(&checkout, args.runs);
    println!("  check of 1,000 tasks          {:>8.2} ms", milliseconds(small));
    let growth = large.as_secs_f64() / small.as_secs_f64();
    println!("  check of 10,000 tasks         {:>8.2} ms  {growth:.1} times as long", milliseconds(large));
    Ok(ExitStatus::Done)
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// A preview as the user starts it and git, by turns, so that both see the same machine.
fn processes(folder: &Path, tasks: &Path, flags: &[String], runs: usize) -> Result<(Duration, Duration)> {
    let xtask = std::env::current_exe()?;
    let (xtask, tasks, kubevirt) = (xtask.to_string_lossy(), tasks.to_string_lossy(), folder.to_string_lossy());
    let mut arguments = vec!["scaffold", &tasks, "--kubevirt", &kubevirt, "--dry-run"];
    arguments.extend(flags.iter().map(String::as_str));
    let place = Runner::new(folder);
    let timed = |program: &str, arguments: &[&str]| -> Result<Duration> {
        let started = Instant::now();
        let status = place.run_silently(program, arguments).with_context(|| format!("starting {program}"))?;
        let time = started.elapsed();
        ensure!(status.success(), "{program} {}: {status}", arguments.join(" "));
        Ok(time)
    };
    let (mut previews, mut gits) = (Vec::new(), Vec::new());
    // The first run fills the caches of the system, and is not counted.
    for run in 0..=runs.max(1) {
        let pair = (timed(&xtask, &arguments)?, timed("git", &["rev-parse", "HEAD"])?);
        if run > 0 {
            previews.push(pair.0);
            gits.push(pair.1);
        }
    }
    Ok((median(previews), median(gits)))
}

/// What writing costs.
fn writing(checkout: &Checkout, path: &Path, flags: &[String], runs: usize) -> Result<Cost> {
    let (tasks, options) = input(path, flags)?;
    let survey = Survey::new(checkout.tree()).map_err(|reason| anyhow::anyhow!(reason.0))?;
    cost(&propose(&tasks, &survey, &options), runs)
}

/// The tasks, and what the flags ask for.
fn input(path: &Path, flags: &[String]) -> Result<(Source, Options)> {
    let text = std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
    Ok((Source::new(path.display().to_string(), text), options(flags)?))
}

struct Parts {
    survey: Duration,
    plan: Duration,
    diff: Duration,
}

impl Parts {
    fn whole(&self) -> Duration {
        self.survey + self.plan + self.diff
    }
}

/// The parts of the work, inside one process. The survey is made as the plan asks for it: its cost
/// is what a plan with a fresh survey takes longer than one whose survey has answered before.
fn parts(checkout: &Checkout, path: &Path, flags: &[String], runs: usize) -> Result<Parts> {
    let (tasks, options) = input(path, flags)?;
    let (mut fresh, mut known, mut diffs) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..runs.max(1) {
        let started = Instant::now();
        let survey = Survey::new(checkout.tree()).map_err(|reason| anyhow::anyhow!(reason.0))?;
        drop(propose(&tasks, &survey, &options));
        fresh.push(started.elapsed());
        let started = Instant::now();
        let proposal = propose(&tasks, &survey, &options);
        known.push(started.elapsed());
        let started = Instant::now();
        let diff = proposal.diff(Color::Never);
        diffs.push(started.elapsed());
        ensure!(!diff.is_empty(), "the tasks lead to no diff on {}", checkout.name());
    }
    let (fresh, plan, diff) = (median(fresh), median(known), median(diffs));
    Ok(Parts { survey: fresh.saturating_sub(plan), plan, diff })
}

/// Reading and checking tasks.md files, paths looked up in the checkout: one of a thousand tasks,
/// and one of ten thousand. Ten small ones are measured together, so that both need the same
/// memory: what is left is how the work grows.
fn checking(checkout: &Checkout, runs: usize) -> [Duration; 2] {
    let documents = Documents::default();
    let against = Against { documents: &documents, tree: Some(checkout.tree()) };
    let [small, large] = [1_000, 10_000].map(|tasks| Source::new("tasks.md", many_tasks(tasks)));
    let timed = |source: &Source, times: u32| {
        let started = Instant::now();
        let checked: Vec<Checked> = (0..times).map(|_| check(source, against)).collect();
        let time = started.elapsed();
        assert_eq!(checked.iter().map(|one| one.file.tasks.len()).sum::<usize>(), 10_000, "every task is read");
        time / times
    };
    let (mut one, mut ten) = (Vec::new(), Vec::new());
    for _ in 0..runs.max(1) {
        one.push(timed(&small, 10));
        ten.push(timed(&large, 1));
    }
    [median(one), median(ten)]
}

/// A tasks.md in the template's form: phases of 50 tasks, each phase before the next.
fn many_tasks(count: usize) -> String {
    const PHASE: usize = 50;
    let mut text = String::from("# Tasks: Large\n\n**Feature ID**: 900\n");
    for task in 1..=count {
        let phase = (task - 1) / PHASE + 1;
        if task % PHASE == 1 {
            let _ = writeln!(text, "\n## Phase {phase}: Part {phase}\n");
        }
        let (parallel, test) = if task % 5 < 3 { ("[P] ", "_test") } else { ("", "") };
        let before = task.saturating_sub(1).max(1);
        let _ = write!(
            text,
            "- [ ] T{task:05} {parallel}**Piece {task}** of a KubeVirt feature\n  \
             - File: `pkg/virt-handler/part{phase}/piece{task}{test}.go`\n  \
             - Test: it does what T{before:05} made possible\n  - Function: `piece{task}()`\n\n"
        );
    }
    text.push_str("\n## Dependencies\n\n");
    for first in (1..=count.saturating_sub(PHASE)).step_by(PHASE) {
        let (last, next, end) = (first + PHASE - 1, first + PHASE, (first + 2 * PHASE - 1).min(count));
        let _ = writeln!(text, "- T{first:05}-T{last:05} before T{next:05}-T{end:05}");
    }
    text
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_one() {
        let times = [5, 1, 9].map(Duration::from_millis).to_vec();
        assert_eq!(median(times), Duration::from_millis(5));
        assert_eq!(median(Vec::new()), Duration::ZERO);
    }
}
