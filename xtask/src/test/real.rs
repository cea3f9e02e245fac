//! The real-tree tier: cases on a KubeVirt checkout, with Go's own judgement.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::Value;
use tempfile::TempDir;

use super::Tier;
use super::case::{Case, folders, root};
use super::go::{Go, Red, Specs};
use crate::checkout;
use crate::process::{Place, git};

/// Paths in object files are trimmed, so that Go's cache serves every work tree.
const GO_FLAGS: &str = "-trimpath";

pub(super) fn tier() -> Result<Tier> {
    let named = std::env::var_os("KUBEVIRT_DIR").map(PathBuf::from);
    let Some(kubevirt) = named.or_else(checkout::cache) else {
        return Ok(Tier::Skipped("there is no home folder to keep a checkout in".to_owned()));
    };
    let Some(commit) = git(&kubevirt, &["rev-parse", "HEAD"]).filter(|_| checkout::is_kubevirt(&kubevirt)) else {
        return Ok(Tier::Skipped(format!("no KubeVirt checkout at $KUBEVIRT_DIR or {}", kubevirt.display())));
    };
    if let Err(reason) = Go::find(&kubevirt, GO_FLAGS) {
        return Ok(Tier::Skipped(reason));
    }
    let tree = WorkTree::new(&kubevirt, &commit)?;
    let (mut failures, mut counts) = (Vec::new(), Counts::default());
    for case in cases()? {
        eprintln!("real tree: {}", case.name());
        let found = Run::new(&case, tree.path())?.check(&mut counts).unwrap_or_else(|error| vec![format!("{error:#}")]);
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
fn cases() -> Result<Vec<Case>> {
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

/// A work tree of the checkout, for us alone.
struct WorkTree {
    kubevirt: PathBuf,
    folder: TempDir,
}

impl WorkTree {
    fn new(kubevirt: &Path, commit: &str) -> Result<Self> {
        let folder = TempDir::new()?;
        let tree = Self { kubevirt: kubevirt.to_path_buf(), folder };
        let path = tree.path();
        done(kubevirt, &["worktree", "add", "--quiet", "--detach", &path.to_string_lossy(), commit])?;
        Ok(tree)
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("kubevirt")
    }
}

impl Drop for WorkTree {
    fn drop(&mut self) {
        let path = self.path();
        let _ = done(&self.kubevirt, &["worktree", "remove", "--force", &path.to_string_lossy()]);
    }
}

fn done(folder: &Path, arguments: &[&str]) -> Result<String> {
    let output = Place::new(folder).run("git", arguments).context("starting git")?;
    let (said, error) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    ensure!(output.status.success(), "git {}: {}", arguments.join(" "), error.trim());
    Ok(said.trim_end().to_owned())
}

/// One case on the work tree.
struct Run<'a> {
    case: &'a Case,
    tree: PathBuf,
    xtask: PathBuf,
}

impl<'a> Run<'a> {
    /// Starts from a clean tree.
    fn new(case: &'a Case, tree: PathBuf) -> Result<Self> {
        let run = Self { case, tree, xtask: std::env::current_exe()? };
        run.reset()?;
        Ok(run)
    }

    fn reset(&self) -> Result<()> {
        done(&self.tree, &["reset", "--quiet", "--hard"])?;
        done(&self.tree, &["clean", "--quiet", "-fd"]).map(|_| ())
    }

    /// The tree as git would commit it.
    fn state(&self) -> Result<String> {
        done(&self.tree, &["add", "--all"])?;
        done(&self.tree, &["write-tree"])
    }

    fn scaffold(&self, flags: &[&str]) -> Result<Value> {
        let output = self.case.scaffold(&self.xtask, &self.tree, &[flags, &["--format", "json"]].concat())?;
        if !output.status.success() {
            bail!("scaffold {}: {}", output.status, String::from_utf8_lossy(&output.stderr));
        }
        Ok(serde_json::from_slice(&output.stdout)?)
    }

    fn check(&self, counts: &mut Counts) -> Result<Vec<String>> {
        let clean = self.state()?;
        let patch = TempDir::new()?;
        let patch = patch.path().join("plan.patch");
        let name = patch.to_string_lossy();
        self.scaffold(&["--dry-run", "--patch", &name])?;
        ensure!(self.state()? == clean, "a dry run changed the tree");
        done(&self.tree, &["apply", "--check", &name])?;
        done(&self.tree, &["apply", &name])?;
        let patched = self.state()?;
        self.reset()?;
        let plan = self.scaffold(&["--yes", "--hooks", "none"])?;
        let applied = self.state()?;
        ensure!(applied == patched, "applying and the patch lead to different trees");
        let again = self.scaffold(&["--yes", "--hooks", "none"])?;
        ensure!(again["changes"].as_array().is_some_and(Vec::is_empty), "a second run finds something to do");
        ensure!(self.state()? == applied, "a second run changed the tree");
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
        let go = Go::find(&self.tree, GO_FLAGS).map_err(anyhow::Error::msg)?;
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
