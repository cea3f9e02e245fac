//! `cargo xtask bench --growth`: how the cost of a command grows with its input.
//!
//! The unit is the instruction, which valgrind counts the same on every machine; without valgrind, the
//! time. What grows with the input costs at most five times as much for four times as much.

use std::fs;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context as _, Result};
use kubevirt_scaffold::exit::ExitStatus;
use kubevirt_scaffold::process::Runner;

use super::inputs::{Input, inputs};
use crate::test::case::root;

/// What one run of a command costs.
struct Cost {
    seconds: f64,
    /// In millions; nothing without valgrind.
    instructions: Option<f64>,
    /// In MB; nothing without GNU time.
    memory: Option<f64>,
}

/// Measures every input, or those whose name holds some words, and prints the table.
pub(super) fn run(only: Option<&str>, divide: usize) -> Result<ExitStatus> {
    let here = Runner::new(Path::new("."));
    let counts = here.run_silently("valgrind", &["--version"]).is_ok();
    if !counts {
        println!("valgrind is not there: factors are those of the time");
    }
    println!("| input | n | n, 2n, 4n: million instructions | factor | seconds | peak memory in MB |");
    println!("|---|---|---|---|---|---|");
    for input in inputs().iter_mut().filter(|input| only.is_none_or(|words| input.name.contains(words))) {
        input.size = (input.size / divide.max(1)).max(1);
        let costs: Vec<Cost> = [1, 2, 4].iter().map(|&times| cost(input, times, counts)).collect::<Result<_>>()?;
        println!("{}", row(input, &costs));
    }
    Ok(ExitStatus::Done)
}

fn row(input: &Input, costs: &[Cost]) -> String {
    let listed = |value: &dyn Fn(&Cost) -> Option<f64>, digits: usize| {
        let shown = costs.iter().map(|cost| value(cost).map_or("–".to_owned(), |value| format!("{value:.digits$}")));
        shown.collect::<Vec<_>>().join(", ")
    };
    let unit = |cost: &Cost| cost.instructions.unwrap_or(cost.seconds);
    let factor = match costs {
        [first, .., last] => unit(last) / unit(first),
        _ => 1.0,
    };
    format!(
        "| {} | {} | {} | {factor:.1} | {} | {} |",
        input.name,
        input.size,
        listed(&|cost| cost.instructions, 0),
        listed(&|cost| Some(cost.seconds), 2),
        listed(&|cost| cost.memory, 0),
    )
}

/// The cost of the command for some times the size of an input.
fn cost(input: &Input, times: usize, counts: bool) -> Result<Cost> {
    let folder = tempfile::tempdir()?;
    for (path, text) in (input.files)(input.size * times) {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap_or(folder.path()))?;
        fs::write(&path, text).with_context(|| format!("writing {}", path.display()))?;
    }
    let program = std::env::current_exe()?;
    let program = program.to_string_lossy();
    // The sample tree stays the same size, and has the files that code is written into.
    let tree = root().join("tests/sample/kubevirt");
    let runner = Runner::new(folder.path()).with("XDG_CACHE_HOME", folder.path()).with("KUBEVIRT_DIR", tree);
    let mut command = vec![&*program];
    command.extend(input.command);
    let started = Instant::now();
    runner.run_silently(command[0], &command[1..])?;
    let seconds = started.elapsed().as_secs_f64();
    let measured = |tool: &str, arguments: &[&str], output: &str| {
        let all = [arguments, &command].concat();
        runner.run_silently(tool, &all).ok()?;
        fs::read_to_string(folder.path().join(output)).ok()
    };
    let memory = measured("/usr/bin/time", &["-f", "%M", "-o", "time.out"], "time.out");
    // A line above says so if the exit status is not zero.
    let memory = memory.and_then(|text| text.lines().last()?.parse::<f64>().ok()).map(|kilobytes| kilobytes / 1e3);
    let profile = || measured("valgrind", &["--tool=callgrind", "--callgrind-out-file=callgrind.out"], "callgrind.out");
    let instructions = counts.then(profile).flatten().and_then(|profile| {
        let total = profile.lines().rev().find_map(|line| line.strip_prefix("totals: "))?;
        total.trim().parse::<f64>().ok().map(|total| total / 1e6)
    });
    Ok(Cost { seconds, instructions, memory })
}
