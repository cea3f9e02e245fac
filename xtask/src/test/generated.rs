//! `cargo xtask parity --generated`: what `generate` makes against what authors committed, on the commits that changed
//! types of the API together with generated files. A run that was stopped goes on where it was.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result};
use kubevirt_scaffold_core::generate::{SCRIPT, TEST_DATA, read, read_test_data};
use kubevirt_scaffold_core::repo_path::generated;
use serde::{Deserialize, Serialize};

use super::store::{Store, key};
use super::versions::releases;
use super::work_tree::{self, WorkTree, done};
use kubevirt_scaffold::exit::ExitStatus;
use kubevirt_scaffold::process::Runner;

const API: &str = "staging/src/kubevirt.io/api";
/// What counts for a change of what generators do; raising it compares everything again.
const ROUND: &str = "2";

/// How the generated files of one commit compare.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Compared {
    equal: usize,
    different: Vec<String>,
    /// Why nothing was generated, if nothing was.
    failure: Option<String>,
}

const PAGE: &str = "\
# Generated files, compared with history

For the newest commits that changed types of the API together with generated files: what people wrote is put onto the tree before
the commit, [`generate`](generate.md) makes the rest, and every generated file of the commit, and every other one that came out, is
compared with what the author committed, byte for byte.

This page is what `cargo xtask parity --generated` prints.
";

/// Compares the newest `count` commits, and prints the page.
pub(super) fn run(count: usize, again: bool) -> Result<ExitStatus> {
    let (kubevirt, head) = work_tree::checkout().map_err(anyhow::Error::msg)?;
    let store = Store::new("generated", again);
    let mut tree = None;
    let (mut equal, mut all, mut ran, mut rows) = (0, 0, 0, Vec::new());
    for (commit, title, by_hand, made) in commits(&kubevirt, &head)?.take(count) {
        let key = key(&commit[..12], [commit.as_str(), ROUND]);
        let compared = if let Some(known) = store.get::<Compared>(&key) {
            known
        } else {
            let tree = match &mut tree {
                Some(tree) => tree,
                none => none.insert(WorkTree::new(&kubevirt, &head)?),
            };
            let compared = compare(tree, &commit, &by_hand, &made)?;
            // What cannot be generated today may be tomorrow.
            if compared.failure.is_none() {
                store.put(&key, &compared)?;
            }
            compared
        };
        let number = compared.equal + compared.different.len();
        eprintln!("{} {title}: {} of {number} equal", &commit[..12], compared.equal);
        if compared.failure.is_none() {
            (equal, all, ran) = (equal + compared.equal, all + number, ran + 1);
        }
        rows.push(row(&commit, &title, &compared));
    }
    let rate = rate(rows.len(), ran, equal, all);
    let short = &head[..12.min(head.len())];
    println!(
        "{PAGE}\nMade on main {short}.\n\n{rate}.\n\n| commit | equal | what differs |\n|---|---|---|\n{}\n{}",
        rows.concat(),
        recipes(&kubevirt, &head)?.trim_end()
    );
    Ok(if equal == all && ran == rows.len() { ExitStatus::Done } else { ExitStatus::Found })
}

/// What the laboratory found out about the newest commit. To generate anew takes minutes, and the module proxy.
pub(super) fn short(kubevirt: &Path, head: &str) -> Result<String> {
    let Some((commit, ..)) = commits(kubevirt, head)?.next() else {
        return Ok("no generated files".to_owned());
    };
    let short = &commit[..12];
    let Some(compared) = Store::new("generated", false).get::<Compared>(&key(short, [commit.as_str(), ROUND])) else {
        return Ok("generated files not compared yet (`cargo xtask parity --generated --commits 1` does)".to_owned());
    };
    let all = compared.equal + compared.different.len();
    Ok(format!("{} of {all} generated files as in {short}", compared.equal))
}

/// A commit, its title, and its files: those that people wrote, and those that generators did.
type Listed = (String, String, Vec<String>, Vec<String>);

/// The commits that changed types of the API together with generated files, the newest first.
fn commits<'k>(kubevirt: &'k Path, head: &str) -> Result<impl Iterator<Item = Listed> + 'k> {
    let listed = done(kubevirt, &["log", "--no-merges", "--format=%H %s", head, "--", API])?;
    let listed: Vec<String> = listed.lines().map(str::to_owned).collect();
    Ok(listed.into_iter().filter_map(move |line| {
        let (commit, title) = line.split_once(' ').unwrap_or((&line, ""));
        let (by_hand, made) = parts(kubevirt, commit).ok().flatten()?;
        Some((commit.to_owned(), title.to_owned(), by_hand, made))
    }))
}

/// What is understood of the scripts of every release.
fn recipes(kubevirt: &Path, head: &str) -> Result<String> {
    let mut text = "\
## Recipes

How many commands of hack/generate.sh and hack/update-generated-api-testdata.sh are understood, and what is left to `make generate`
whenever it has something to do.

| release | understood | left |
|---|---|---|
"
    .to_owned();
    for release in releases(kubevirt, head)? {
        let script = |path: &str| done(kubevirt, &["show", &format!("{}:{path}", release.commit)]).ok();
        let data = script(TEST_DATA).map(|text| read_test_data(&text)).unwrap_or_default();
        let recipe = script(SCRIPT).map(|text| read(&text)).unwrap_or_default();
        let left = recipe.left.iter().chain(&data.left);
        let left: Vec<String> =
            left.map(|left| format!("{}:{} `{}`: {}", left.script, left.line, left.text, left.reason)).collect();
        let understood = recipe.steps.len() + data.steps.len();
        let left = left.join("<br>").replace('|', "\\|");
        let _ = writeln!(text, "| {} | {understood} | {left} |", release.name);
    }
    Ok(text)
}

fn rate(commits: usize, ran: usize, equal: usize, all: usize) -> String {
    let hundredths = equal * 10_000 / all.max(1);
    let (whole, part) = (hundredths / 100, hundredths % 100);
    format!(
        "{ran} of {commits} commits could be generated: {equal} of {all} generated files equal: {whole}.{part:02} %"
    )
}

fn row(commit: &str, title: &str, compared: &Compared) -> String {
    let number = compared.equal + compared.different.len();
    let differ: Vec<String> = compared.different.iter().map(|path| format!("`{path}`")).collect();
    let more = compared.failure.iter().map(|why| format!("nothing was generated: {why}"));
    let differ: Vec<String> = differ.into_iter().chain(more).collect();
    let title = title.replace('|', "\\|");
    format!("| {} {title} | {} of {number} | {} |\n", &commit[..12], compared.equal, differ.join("<br>"))
}

/// Whether a generator makes a file.
fn is_made(path: &str) -> bool {
    generated(path).is_some() || path.contains("/testdata/HEAD/") || path == "api/api-rule-violations.list"
}

/// The files of a commit that people wrote, and those that generators did; nothing unless there are both.
fn parts(kubevirt: &Path, commit: &str) -> Result<Option<(Vec<String>, Vec<String>)>> {
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
