//! The real-tree tier: cases on a KubeVirt checkout, with Go's own judgement.

use std::collections::BTreeSet;
use std::path::PathBuf;

use anyhow::{Result, bail, ensure};
use serde_json::Value;
use tempfile::TempDir;

use super::Tier;
use super::case::{Case, folders, root};
use super::go::{Go, Red, Specs};
use super::work_tree::{self, WorkTree, done};

/// Paths in object files are trimmed, so that Go's cache serves every work tree.
const GO_FLAGS: &str = "-trimpath";

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
    let Counts { cases, files, green, red } = counts;
    let short = &commit[..12.min(commit.len())];
    Ok(if failures.is_empty() {
        let what = format!("{cases} cases on {short}: {files} Go files vetted, {green} new specs green, {red} red");
        Tier::Passed(what)
    } else {
        Tier::Failed(failures)
    })
}

/// The sample, and every case that says that it runs on a real tree.
pub(super) fn cases() -> Result<Vec<Case>> {
    let mut found = vec![Case::new(&root().join("tests/sample"))];
    let marked = folders()?.into_iter().filter(|folder| folder.join("real-tree").exists());
    found.extend(marked.map(|folder| Case::new(&folder)));
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
            let packages = group.packages.iter().map(String::as_str).chain(group.files.iter().copied());
            failures.extend(go.vet(&group.flags.iter().copied().chain(packages).collect::<Vec<_>>(), &files)?);
            if group.tested.is_empty() {
                continue;
            }
            match go.specs(&group.flags, &group.tested)? {
                Ok(specs) => failures.extend(wrong(&specs, &files, &ids, counts)),
                Err(reason) => failures.push(reason),
            }
        }
        Ok(failures)
    }
}

/// Packages that Go takes together.
#[derive(Default)]
struct Group<'a> {
    flags: Vec<&'static str>,
    packages: BTreeSet<String>,
    files: Vec<&'a str>,
    tested: Vec<&'a str>,
}

/// virt-launcher needs a tag to compile without libvirt's headers. A functional test of the root
/// package is vetted alone: the whole package takes minutes. No functional test runs: they need a
/// cluster.
fn groups<'a>(files: &[&'a str]) -> Vec<Group<'a>> {
    let mut all: Vec<Group<'a>> = Vec::new();
    let mut plain = Group::default();
    let mut launcher = Group { flags: vec!["-tags", "libvirt_dlopen"], ..Group::default() };
    for &file in files {
        let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
        if folder == "tests" && file.ends_with("_test.go") {
            all.push(Group { files: vec![file], ..Group::default() });
            continue;
        }
        let group = if folder.starts_with("pkg/virt-launcher") { &mut launcher } else { &mut plain };
        // A staging module is vendored by its import path.
        group.packages.insert(folder.strip_prefix("staging/src/").map_or_else(|| format!("./{folder}"), str::to_owned));
        if file.ends_with("_test.go") && !file.starts_with("tests/") && !group.tested.contains(&folder) {
            group.tested.push(folder);
        }
    }
    all.extend([plain, launcher].into_iter().filter(|group| !group.packages.is_empty()));
    all
}

/// A new spec is green in the gate's own test, and elsewhere red with its task; others stay green.
fn wrong(specs: &Specs, files: &[&str], ids: &[&str], counts: &mut Counts) -> Vec<String> {
    counts.green += specs.green.iter().filter(|file| files.contains(&file.as_str())).count();
    counts.red += specs.red.len();
    let mut found = Vec::new();
    for Red { file, name, state, message } in &specs.red {
        let named = ids.iter().any(|id| message.contains(&format!("{id}: ")));
        if state != "failed" || !named || !files.contains(&file.as_str()) || file.contains("/featuregate/") {
            found.push(format!("{file}: {name}: {state}: {message}"));
        }
    }
    found
}
