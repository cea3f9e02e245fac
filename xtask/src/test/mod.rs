//! `cargo xtask test`: the project's own tests, in three tiers.

mod broken;
pub mod case;
mod golang;
pub mod parity;
mod real;
pub mod replay;
pub mod versions;
pub(crate) mod work_tree;

use std::time::Instant;

use anyhow::Result;

use crate::flags;
use crate::process::{Event, Place};
use crate::scaffold::End;

/// How a tier ended.
#[derive(Debug)]
enum Tier {
    /// It passed; in words, what it saw.
    Passed(String),
    /// It cannot run here, and why.
    Skipped(String),
    /// What is wrong.
    Failed(Vec<String>),
}

/// Runs every tier that this machine can run.
pub fn run(args: &flags::Test) -> Result<End> {
    let mut failed = false;
    for (name, tier) in [("offline", offline as fn() -> Result<Tier>), ("Go", golang::tier), ("real tree", real::tier)]
    {
        let started = Instant::now();
        let ended = tier()?;
        let seconds = started.elapsed().as_secs_f64();
        match ended {
            Tier::Passed(what) => eprintln!("{name} tier: passed: {what} ({seconds:.1} s)"),
            Tier::Skipped(why) => {
                eprintln!("{name} tier: skipped: {why}");
                failed |= args.all;
            }
            Tier::Failed(what) => {
                eprintln!("{name} tier: failed ({seconds:.1} s)\n{}", what.join("\n"));
                failed = true;
            }
        }
    }
    Ok(if failed { End::Found } else { End::Done })
}

/// What needs Rust and git alone.
fn offline() -> Result<Tier> {
    let root = case::root();
    let mut tests = 0;
    // Built as this program was, so that the dependencies are not built a second time.
    let arguments = ["test", "--workspace", "--release", "--locked"];
    let ended = Place::new(&root).watch("cargo", &arguments, |event| {
        if let Event::Line(line) = event {
            tests += passed(line);
            eprintln!("{line}");
        }
        Ok(())
    })?;
    let cases = case::folders()?.len();
    Ok(if ended.status.success() {
        Tier::Passed(format!("{tests} tests and {cases} cases"))
    } else {
        Tier::Failed(vec![format!("cargo {}: {}", arguments.join(" "), ended.status)])
    })
}

/// How many tests a line of cargo's output says have passed.
fn passed(line: &str) -> usize {
    let count = line.strip_prefix("test result: ok. ").and_then(|rest| rest.split(' ').next());
    count.and_then(|count| count.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargo_says_how_many_tests_passed() {
        assert_eq!(passed("test result: ok. 96 passed; 0 failed; 0 ignored"), 96);
        assert_eq!(passed("test text::tests::lines ... ok"), 0);
    }
}
