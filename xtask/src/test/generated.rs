//! `cargo xtask parity --generated`: what `generate` makes against what authors committed, on the commits that changed
//! types of the API together with generated files. A run that was stopped goes on where it was.

use anyhow::{Context as _, Result};
use kubevirt_scaffold_core::repo_path::generated;
use serde::{Deserialize, Serialize};

use super::store::{Store, key};
use super::work_tree::{self, WorkTree, done};
use kubevirt_scaffold::exit::ExitStatus;
use kubevirt_scaffold::process::Runner;

const API: &str = "staging/src/kubevirt.io/api";
/// What counts for a change of what generators do; raising it compares everything again.
const ROUND: &str = "1";

/// How the generated files of one commit compare.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Compared {
    equal: usize,
    different: Vec<String>,
    /// Why nothing was generated, if nothing was.
    failure: Option<String>,
}

/// Compares the newest `count` commits, and prints the rate and each difference.
pub(super) fn run(count: usize, again: bool) -> Result<ExitStatus> {
    let (kubevirt, head) = work_tree::checkout().map_err(anyhow::Error::msg)?;
    let store = Store::new("generated", again);
    let tree = WorkTree::new(&kubevirt, &head)?;
    let (mut equal, mut all, mut compared_commits) = (0, 0, 0);
    let listed = done(&kubevirt, &["log", "--no-merges", "--format=%H %s", &head, "--", API])?;
    for line in listed.lines() {
        let (commit, title) = line.split_once(' ').unwrap_or((line, ""));
        let Some((by_hand, made)) = parts(&kubevirt, commit)? else { continue };
        let key = key(&commit[..12], [commit, ROUND]);
        let compared = if let Some(known) = store.get::<Compared>(&key) {
            known
        } else {
            let compared = compare(&tree, commit, &by_hand, &made)?;
            store.put(&key, &compared)?;
            compared
        };
        let number = compared.equal + compared.different.len();
        println!("{} {title}: {} of {number} equal", &commit[..12], compared.equal);
        for path in &compared.different {
            println!("  {path} differs");
        }
        if let Some(failure) = &compared.failure {
            println!("  nothing was generated: {failure}");
        }
        equal += compared.equal;
        all += number;
        compared_commits += 1;
        if compared_commits == count {
            break;
        }
    }
    let hundredths = equal * 10_000 / all.max(1);
    println!(
        "{compared_commits} commits: {equal} of {all} generated files equal: {}.{:02} %",
        hundredths / 100,
        hundredths % 100
    );
    Ok(if equal == all { ExitStatus::Done } else { ExitStatus::Found })
}

/// Whether a generator makes a file.
fn is_made(path: &str) -> bool {
    generated(path).is_some() || path.contains("/testdata/HEAD/") || path == "api/api-rule-violations.list"
}

/// The files of a commit that people wrote, and those that generators did; nothing unless there are both.
fn parts(kubevirt: &std::path::Path, commit: &str) -> Result<Option<(Vec<String>, Vec<String>)>> {
    let parent = format!("{commit}^");
    let listed = done(kubevirt, &["diff", "--name-only", "--no-renames", &parent, commit])?;
    let (made, by_hand): (Vec<String>, Vec<String>) = listed.lines().map(str::to_owned).partition(|path| is_made(path));
    let has_types = by_hand.iter().any(|path| path.starts_with(API) && path.ends_with(".go"));
    Ok((has_types && !made.is_empty()).then_some((by_hand, made)))
}

fn compare(tree: &WorkTree, commit: &str, by_hand: &[String], made: &[String]) -> Result<Compared> {
    tree.reset()?;
    done(tree.path(), &["checkout", "--quiet", "--detach", &format!("{commit}^")])?;
    for path in by_hand {
        let there = done(tree.path(), &["cat-file", "-e", &format!("{commit}:{path}")]).is_ok();
        let arguments: &[&str] = if there {
            &["checkout", "--quiet", commit, "--", path]
        } else {
            &["rm", "--quiet", "--force", "--", path]
        };
        done(tree.path(), arguments)?;
    }
    let program = std::env::current_exe()?;
    let root = tree.path().display().to_string();
    let arguments = ["generate", "--kubevirt", &root, "--base", "HEAD", "--yes"];
    let output = Runner::new(tree.path()).run(&program.to_string_lossy(), &arguments).context("starting generate")?;
    done(tree.path(), &["add", "--all"])?;
    let ours = done(tree.path(), &["diff", "--cached", "--name-only", "--no-renames", "HEAD"])?;
    let mut paths: Vec<&str> = ours.lines().filter(|path| is_made(path)).collect();
    paths.extend(made.iter().map(String::as_str));
    paths.sort_unstable();
    paths.dedup();
    let mut compared = Compared::default();
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        compared.failure = said.lines().find(|line| line.starts_with("error")).map(str::to_owned);
    }
    for path in paths {
        if done(tree.path(), &["diff", "--cached", "--quiet", commit, "--", path]).is_ok() {
            compared.equal += 1;
        } else {
            compared.different.push(path.to_owned());
        }
    }
    Ok(compared)
}
