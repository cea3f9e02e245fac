//! `cargo xtask parity --shapes`: every shape of the API that a task can ask for, and what the checkout's own generators,
//! its API rules and the tests of its API say of it.

use std::collections::BTreeSet;
use std::fs;

use anyhow::{Context as _, Result, bail};
use kubevirt_scaffold_core::tree::parent;
use serde_json::Value;

use super::case::root;
use super::work_tree::{self, WorkTree, done};
use kubevirt_scaffold::exit::ExitStatus;
use kubevirt_scaffold::go::{GO_FLAGS, Go, package};
use kubevirt_scaffold::process::Runner;

/// The tasks, from the project's root.
const TASKS: &str = "tests/shapes/tasks.md";
/// What openapi-gen has found wrong, as people have accepted it.
const KNOWN: &str = "api/api-rule-violations-known.list";
/// The round trips of every kind, and what they once were.
const TESTS: &str = "kubevirt.io/api/apitesting/...";

/// Makes them on a work tree, and prints what came of it.
pub(super) fn run() -> Result<ExitStatus> {
    let (kubevirt, head) = work_tree::checkout().map_err(anyhow::Error::msg)?;
    let tree = WorkTree::new(&kubevirt, &head)?;
    let program = std::env::current_exe()?.to_string_lossy().into_owned();
    let at = tree.path().to_string_lossy().into_owned();
    let tasks = root().join(TASKS);
    let asked = fs::read_to_string(&tasks)?.lines().filter(|line| line.trim_start().starts_with("- Task: Add")).count();
    let run = |arguments: &[&str]| Runner::new(tree.path()).run(&program, arguments).context("starting the product");
    let scaffold = ["scaffold", &tasks.to_string_lossy(), "--kubevirt", &at, "--yes", "--hooks", "none"];
    let output = run(&[&scaffold[..], &["--format", "json"]].concat())?;
    let plan: Value = serde_json::from_slice(&output.stdout).context("reading the plan")?;
    if !output.status.success() {
        bail!("scaffold {}: {}", output.status, String::from_utf8_lossy(&output.stderr));
    }
    let mut wrong = Vec::new();
    let manual = plan["manual"].as_array().cloned().unwrap_or_default();
    // A new kind of a group that is there has steps of its own.
    let unmade = manual.iter().filter_map(|one| one["reason"].as_str()).filter(|why| why.starts_with("line "));
    wrong.extend(unmade.map(|why| format!("not made: {why}")));
    let changes = plan["changes"].as_array().into_iter().flatten().filter_map(|change| change["path"].as_str());
    let files: Vec<&str> = changes.filter(|path| path.ends_with(".go")).collect();
    let folders: BTreeSet<String> = files.iter().map(|file| package(parent(file))).collect();
    let mut packages: Vec<&str> = folders.iter().map(String::as_str).collect();
    println!("{asked} lines of {TASKS} on {}: {} Go files", &head[..12], files.len());
    let go = Go::find(tree.path(), GO_FLAGS).map_err(anyhow::Error::msg)?;
    judge("formatted", go.unformatted(&files)?, &mut wrong);
    judge("vetted before the generators", go.vet(&packages, &files)?, &mut wrong);
    let output = run(&["generate", "--kubevirt", &at, "--base", "HEAD", "--yes"])?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let errors: Vec<String> = if output.status.success() { Vec::new() } else { vec![said] };
    judge("generated; the API's rules are kept", errors, &mut wrong);
    let grown = done(tree.path(), &["status", "--porcelain", "--", "api/api-rule-violations.list", KNOWN])?;
    judge("no exception to the API's rules more", grown.lines().map(str::to_owned).collect(), &mut wrong);
    let made = done(tree.path(), &["status", "--porcelain", "--untracked-files=all"])?.lines().count();
    println!("{made} files differ from the commit, with what the generators made");
    packages.extend(["kubevirt.io/client-go/kubevirt/...", "./pkg/virt-operator/resource/generate/components"]);
    judge("vetted after them, with the clients", go.vet(&packages, &files)?, &mut wrong);
    let runner = Runner::new(tree.path()).with("GOPROXY", "off").with("GOFLAGS", GO_FLAGS);
    let output = runner.run("go", &["test", TESTS])?;
    let failed =
        if output.status.success() { Vec::new() } else { vec![String::from_utf8_lossy(&output.stdout).into()] };
    judge(TESTS, failed, &mut wrong);
    for text in &wrong {
        println!("\n{text}");
    }
    Ok(if wrong.is_empty() { ExitStatus::Done } else { ExitStatus::Found })
}

/// Says how a check ended, and keeps what it found.
fn judge(what: &str, found: Vec<String>, wrong: &mut Vec<String>) {
    println!("{what}: {}", if found.is_empty() { "yes" } else { "no" });
    wrong.extend(found);
}
