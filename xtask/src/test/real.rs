//! The real-tree tier: cases on a KubeVirt checkout, with Go's own judgement.

use std::path::PathBuf;

use anyhow::{Result, bail, ensure};
use serde_json::Value;
use tempfile::TempDir;

use super::case::{Case, folders, root};
use super::work_tree::{self, WorkTree, done};
use super::{Tier, broken, generated, replay, script, versions};
use kubevirt_scaffold::go::{GO_FLAGS, Go, Run as SpecRun, groups};

pub(super) fn tier() -> Result<Tier> {
    let (kubevirt, commit) = match work_tree::checkout() {
        Ok(found) => found,
        Err(reason) => return Ok(Tier::Skipped(reason)),
    };
    if let Err(reason) = Go::find(&kubevirt, GO_FLAGS) {
        return Ok(Tier::Skipped(reason));
    }
    let tree = WorkTree::new(&kubevirt, &commit)?;
    let (mut failures, mut counts) = (Vec::new(), Counts::default());
    for case in cases()? {
        eprintln!("real tree: {}", case.name());
        let found = Run::new(&case, &tree)?.check(&mut counts).unwrap_or_else(|error| vec![format!("{error:#}")]);
        failures.extend(found.into_iter().map(|failure| format!("{}: {failure}", case.name())));
    }
    eprintln!("real tree: verify");
    let (found, breaks) = broken::check(&tree)?;
    failures.extend(found.into_iter().map(|failure| format!("verify: {failure}")));
    eprintln!("real tree: releases");
    let mut skipped = Vec::new();
    let releases = match versions::short(&tree, &commit)? {
        Ok((found, releases)) => {
            failures.extend(found.into_iter().map(|failure| format!("releases: {failure}")));
            releases
        }
        Err(why) => {
            skipped.push(format!("releases: {why}"));
            "no releases".to_owned()
        }
    };
    let generated = format!("{}; {}", generated::short(&kubevirt, &commit)?, script::short(&commit));
    eprintln!("real tree: replay");
    let (found, replayed) = replay::short(&kubevirt, &commit);
    failures.extend(found.into_iter().map(|failure| format!("replay: {failure}")));
    let Counts { cases, files, green, red } = counts;
    let short = &commit[..12.min(commit.len())];
    Ok(if failures.is_empty() {
        let what = format!(
            "{cases} cases on {short}: {files} Go files vetted, {green} new specs green, {red} red; verify told {breaks} broken stubs; {releases}; {generated}; {replayed}"
        );
        Tier::Passed { what, skipped }
    } else {
        Tier::Failed(failures)
    })
}

/// The sample, and every case that says that it runs on a real tree.
pub(super) fn cases() -> Result<Vec<Case>> {
    let mut found = vec![Case::new(&root().join("tests/sample"))];
    found.extend(folders()?.iter().map(|folder| Case::new(folder)).filter(Case::is_for_real_trees));
    Ok(found)
}

#[derive(Default)]
struct Counts {
    cases: usize,
    files: usize,
    green: usize,
    red: usize,
}

/// One case on the work tree.
struct Run<'a> {
    case: &'a Case,
    tree: &'a WorkTree,
    xtask: PathBuf,
}

impl<'a> Run<'a> {
    /// Starts from a clean tree.
    fn new(case: &'a Case, tree: &'a WorkTree) -> Result<Self> {
        let run = Self { case, tree, xtask: std::env::current_exe()? };
        run.tree.reset()?;
        Ok(run)
    }

    fn scaffold(&self, flags: &[&str]) -> Result<Value> {
        let output = self.case.scaffold(&self.xtask, self.tree.path(), &[flags, &["--format", "json"]].concat())?;
        if !output.status.success() {
            bail!("scaffold {}: {}", output.status, String::from_utf8_lossy(&output.stderr));
        }
        Ok(serde_json::from_slice(&output.stdout)?)
    }

    fn check(&self, counts: &mut Counts) -> Result<Vec<String>> {
        let clean = self.tree.state()?;
        let patch = TempDir::new()?;
        let patch = patch.path().join("plan.patch");
        let name = patch.to_string_lossy();
        self.scaffold(&["--dry-run", "--patch", &name])?;
        ensure!(self.tree.state()? == clean, "a dry run changed the tree");
        done(self.tree.path(), &["apply", "--check", &name])?;
        done(self.tree.path(), &["apply", &name])?;
        let patched = self.tree.state()?;
        self.tree.reset()?;
        let plan = self.scaffold(&["--yes", "--hooks", "none"])?;
        let applied = self.tree.state()?;
        ensure!(applied == patched, "applying and the patch lead to different trees");
        let again = self.scaffold(&["--yes", "--hooks", "none"])?;
        ensure!(again["changes"].as_array().is_some_and(Vec::is_empty), "a second run finds something to do");
        ensure!(self.tree.state()? == applied, "a second run changed the tree");
        counts.cases += 1;
        self.judge(&plan, counts)
    }

    /// What Go says about the files of a plan.
    fn judge(&self, plan: &Value, counts: &mut Counts) -> Result<Vec<String>> {
        let changes = plan["changes"].as_array().into_iter().flatten();
        let files: Vec<&str> =
            changes.filter_map(|change| change["path"].as_str()).filter(|path| path.ends_with(".go")).collect();
        let tasks = plan["tasks"].as_array().into_iter().flatten();
        let ids: Vec<&str> = tasks.filter_map(|task| task["id"].as_str()).collect();
        counts.files += files.len();
        let go = Go::find(self.tree.path(), GO_FLAGS).map_err(anyhow::Error::msg)?;
        let mut failures = go.unformatted(&files)?;
        for group in groups(&files) {
            failures.extend(go.vet(&group.targets(), &files)?);
            for folder in &group.tested {
                match go.specs(folder, &[])? {
                    Ok(specs) => failures.extend(wrong(&specs, &files, &ids, counts)),
                    Err(reason) => failures.push(reason),
                }
            }
        }
        Ok(failures)
    }
}

/// A new spec is green in the gate's own test, and elsewhere red with its task; others stay green.
fn wrong(runs: &[SpecRun], files: &[&str], ids: &[&str], counts: &mut Counts) -> Vec<String> {
    let is_ours = |run: &SpecRun| files.contains(&run.file.as_str());
    counts.green += runs.iter().filter(|run| run.state == "passed" && is_ours(run)).count();
    counts.red += runs.iter().filter(|run| run.is_red()).count();
    let mut found = Vec::new();
    for run in runs.iter().filter(|run| run.is_red()) {
        let named = ids.iter().any(|id| run.message.contains(&format!("{id}: ")));
        if run.state != "failed" || !named || !is_ours(run) || run.file.contains("/featuregate/") {
            found.push(format!("{}: {}: {}: {}", run.file, run.name, run.state, run.message));
        }
    }
    found
}
