//! `cargo xtask test`: the project's own tests, in three tiers.

mod broken;
pub mod case;
mod cost;
mod generated;
mod golang;
pub mod parity;
mod real;
pub mod replay;
mod script;
mod shapes;
mod store;
pub mod versions;
pub(crate) mod work_tree;

use std::time::Instant;

use anyhow::Result;

use crate::flags;
use kubevirt_scaffold::exit::ExitStatus;
use kubevirt_scaffold::process::{Event, Runner};

/// How a tier ended.
#[derive(Debug)]
enum Tier {
    /// What ran has passed.
    Passed {
        /// In words, what it saw.
        what: String,
        /// What could not run here, and why.
        skipped: Vec<String>,
    },
    /// It cannot run here, and why.
    Skipped(String),
    /// What is wrong.
    Failed(Vec<String>),
}

/// Runs every tier that this machine can run.
pub fn run(args: &flags::Test) -> Result<ExitStatus> {
    let (mut ends, mut failed, mut skipped) = (Vec::new(), false, false);
    for (name, tier) in [("offline", offline as fn() -> Result<Tier>), ("Go", golang::tier), ("real tree", real::tier)]
    {
        eprintln!("{name} tier: begun");
        let started = Instant::now();
        let ended = tier()?;
        let end = shown(name, &ended, started.elapsed().as_secs_f64());
        eprintln!("{end}");
        failed |= matches!(ended, Tier::Failed(_));
        skipped |= match &ended {
            Tier::Passed { skipped, .. } => !skipped.is_empty(),
            Tier::Skipped(_) => true,
            Tier::Failed(_) => false,
        };
        ends.push(end);
    }
    // What was said on the way is far up by now.
    eprintln!("\n{}", ends.join("\n"));
    if skipped && args.all {
        eprintln!("With --all, what is skipped is an error.");
    }
    Ok(if failed || skipped && args.all { ExitStatus::Found } else { ExitStatus::Done })
}

/// A tier and its end, in plain words.
fn shown(name: &str, tier: &Tier, seconds: f64) -> String {
    match tier {
        Tier::Passed { what, skipped } if skipped.is_empty() => {
            format!("{name} tier: passed: {what} ({seconds:.1} s)")
        }
        Tier::Passed { what, skipped } => {
            let (count, list) = (skipped.len(), skipped.join("\n  "));
            format!("{name} tier: passed: {what} ({seconds:.1} s); skipped: {count}\n  {list}")
        }
        Tier::Skipped(why) => format!("{name} tier: skipped: {why}"),
        Tier::Failed(what) => format!("{name} tier: failed ({seconds:.1} s)\n{}", what.join("\n")),
    }
}

/// What needs Rust and git alone.
fn offline() -> Result<Tier> {
    let root = case::root();
    let (mut tests, mut skipped) = (0, Vec::new());
    // Built as this program was, so that the dependencies are not built a second time.
    let arguments = ["test", "--workspace", "--release", "--locked"];
    let ended = Runner::new(&root).watch("cargo", &arguments, |event| {
        if let Event::Line(line) = event {
            tests += passed(line);
            skipped.extend(skip(line));
            eprintln!("{line}");
        }
        Ok(())
    })?;
    let cases = case::folders()?.len();
    Ok(if ended.status.success() {
        // Cargo knows no third end of a test, and has counted these.
        let what = format!("{} tests and {cases} cases", tests - skipped.len());
        Tier::Passed { what, skipped }
    } else {
        Tier::Failed(vec![format!("cargo {}: {}", arguments.join(" "), ended.status)])
    })
}

/// How many tests a line of cargo's output says have passed.
fn passed(line: &str) -> usize {
    let count = line.strip_prefix("test result: ok. ").and_then(|rest| rest.split(' ').next());
    count.and_then(|count| count.parse().ok()).unwrap_or(0)
}

/// The test that a line of its output says was skipped, and why. It stands behind the name of the test where
/// tests run one at a time.
fn skip(line: &str) -> Option<String> {
    let line = line.strip_prefix("test ").and_then(|rest| rest.split_once(" ... ")).map_or(line, |(_, rest)| rest);
    line.strip_prefix("skipped: ").map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargo_says_how_many_tests_passed() {
        assert_eq!(passed("test result: ok. 96 passed; 0 failed; 0 ignored"), 96);
        assert_eq!(passed("test text::tests::lines ... ok"), 0);
    }

    #[test]
    fn a_test_says_that_it_was_skipped() {
        let expected = Some("care::full: no disk".to_owned());
        assert_eq!(skip("skipped: care::full: no disk"), expected);
        assert_eq!(skip("test care::full ... skipped: care::full: no disk"), expected);
        assert_eq!(skip("test care::skipped: ... ok"), None);
    }

    #[test]
    fn an_end_is_said_in_plain_words() {
        let passed = |skipped| Tier::Passed { what: "2 tests".to_owned(), skipped };
        assert_eq!(shown("Go", &passed(Vec::new()), 1.0), "Go tier: passed: 2 tests (1.0 s)");
        let skipped = vec!["x: no disk".to_owned()];
        assert_eq!(shown("Go", &passed(skipped), 1.0), "Go tier: passed: 2 tests (1.0 s); skipped: 1\n  x: no disk");
        assert_eq!(shown("Go", &Tier::Skipped("no Go".to_owned()), 1.0), "Go tier: skipped: no Go");
    }
}
