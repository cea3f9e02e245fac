//! Every folder in `tests/cases/` is a case: a tasks.md, flags, what the checkout has beyond the
//! sample tree, and what must come out. Adding a case is adding a folder; its README says how.

mod support;

use std::fmt::Debug;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use kubevirt_scaffold::apply::{Record, Transaction};
use kubevirt_scaffold::baseline::edit;
use kubevirt_scaffold::disk::DiskTree;
use kubevirt_scaffold_core::plan::Options;
use kubevirt_scaffold_core::preview::propose;
use kubevirt_scaffold_core::survey::Survey;
use kubevirt_scaffold_core::text::Source;
use support::{Fault, Snapshot, at, restore, snapshot, unchanged};
use tempfile::TempDir;
use xtask::test::case::{Case, copy, folders};

const UPDATE: &str = "UPDATE_CASES=1 cargo test -p xtask --test cases";

#[test]
fn cases() {
    let folders = folders().unwrap();
    assert!(folders.len() > 30, "the cases are not where they should be");
    let (next, failures) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                while let Some(folder) = folders.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Err(failure) = Trial::new(folder).check() {
                        failures.lock().unwrap().push(format!("{}: {failure}", folder.display()));
                    }
                }
            });
        }
    });
    let failures = failures.into_inner().unwrap();
    assert!(failures.is_empty(), "{}\n\nto accept what came out: {UPDATE}", failures.join("\n\n"));
}

struct Trial {
    case: Case,
    checkout: TempDir,
}

impl Trial {
    fn new(folder: &Path) -> Self {
        let case = Case::new(folder);
        let checkout = case.checkout().unwrap();
        Self { case, checkout }
    }

    fn run(&self, more: &[&str]) -> Output {
        let xtask = Path::new(env!("CARGO_BIN_EXE_xtask"));
        self.case.scaffold(xtask, self.checkout.path(), more).unwrap()
    }

    fn check(&self) -> Result<(), String> {
        let before = snapshot(self.checkout.path());
        let output = self.run(&["--dry-run"]);
        let diff = String::from_utf8(output.stdout).unwrap();
        let root = self.checkout.path().display().to_string();
        let said = String::from_utf8(output.stderr).unwrap().replace(&root, "[ROOT]");
        let code = output.status.code().unwrap_or(-1);
        self.golden("expected.diff", &diff)?;
        self.golden("expected.err", &format!("{said}exit {code}\n"))?;
        unchanged(&before, &snapshot(self.checkout.path()), "a dry run")?;
        self.json(code)?;
        if code == 2 {
            same("the exit code with --yes", &self.run(&["--yes"]).status.code(), &Some(2))?;
            return unchanged(&before, &snapshot(self.checkout.path()), "a refusal");
        }
        self.a_failed_write_changes_nothing(&before)?;
        self.applying_is_what_the_diff_says(&diff)?;
        self.a_second_run_is_empty()
    }

    /// One JSON document, with the same exit code.
    fn json(&self, code: i32) -> Result<(), String> {
        let output = self.run(&["--dry-run", "--format", "json"]);
        let text = String::from_utf8(output.stdout).unwrap();
        let document: serde_json::Value = serde_json::from_str(&text).map_err(|error| format!("{error}: {text}"))?;
        same("the version of the JSON", &document["version"], &1.into())?;
        same("whether the JSON says applied", &document["applied"], &false.into())?;
        same("the exit code with JSON", &output.status.code(), &Some(code))
    }

    /// Refuses every call of applying in turn.
    fn a_failed_write_changes_nothing(&self, before: &Snapshot) -> Result<(), String> {
        // Flags change the plan, not the way in which it is written.
        if !self.case.args.is_empty() {
            return Ok(());
        }
        let root = self.checkout.path();
        let tasks = Source::new("tasks.md", fs::read_to_string(self.case.folder.join("tasks.md")).unwrap());
        let tree = DiskTree::new(root);
        let survey = Survey::new(&tree).map_err(|error| error.0)?;
        let files = propose(&tasks, &survey, &Options::default()).set.changes.iter().map(edit).collect();
        let record = Record { files, ..Record::default() };
        let calls = apply_refusing(root, &record, usize::MAX).1;
        restore(root, before);
        for refused in 0..calls {
            let applied = apply_refusing(root, &record, refused).0;
            let expected = if applied { None } else { Some(before) };
            if let Some(expected) = expected {
                unchanged(expected, &snapshot(root), &format!("a failure of call {refused}"))?;
            }
            restore(root, before);
        }
        Ok(())
    }

    /// `--yes`, `git apply` of `--patch`, and `git apply` of the preview lead to the same tree.
    fn applying_is_what_the_diff_says(&self, diff: &str) -> Result<(), String> {
        let before = TempDir::new().unwrap();
        copy(self.checkout.path(), before.path()).unwrap();
        let aside = TempDir::new().unwrap();
        let patch = aside.path().join("plan.patch");
        let output = self.run(&["--yes", "--hooks", "none", "--patch", patch.to_str().unwrap()]);
        same("the exit code with --yes", &output.status.code(), &Some(0))?;
        same("the diff with --yes", &String::from_utf8(output.stdout).unwrap().as_str(), &diff)?;
        for text in [fs::read_to_string(&patch).unwrap(), diff.to_owned()] {
            if text.is_empty() {
                continue;
            }
            let by_git = TempDir::new().unwrap();
            copy(before.path(), by_git.path()).unwrap();
            fs::write(&patch, text).unwrap();
            for arguments in [vec!["apply", "--check"], vec!["apply"]] {
                let mut git = Command::new("git");
                // In a repository that the temporary folder happens to be in, git would skip every file.
                git.env("GIT_CEILING_DIRECTORIES", by_git.path().parent().unwrap());
                let git = git.current_dir(by_git.path()).args(arguments).arg(&patch).output().unwrap();
                if !git.status.success() {
                    return Err(format!("git apply: {}", String::from_utf8_lossy(&git.stderr)));
                }
            }
            unchanged(&snapshot(by_git.path()), &snapshot(self.checkout.path()), "applying, unlike git apply,")?;
        }
        Ok(())
    }

    fn a_second_run_is_empty(&self) -> Result<(), String> {
        let before = snapshot(self.checkout.path());
        let output = self.run(&["--yes", "--hooks", "none"]);
        same("the diff of a second run", &String::from_utf8(output.stdout).unwrap().as_str(), &"")?;
        same("the exit code of a second run", &output.status.code(), &Some(0))?;
        let said = String::from_utf8(output.stderr).unwrap();
        if !said.contains("Nothing to do.") {
            return Err(format!("a second run says: {said}"));
        }
        unchanged(&before, &snapshot(self.checkout.path()), "a second run")?;
        same("the exit code of --check after applying", &self.run(&["--check"]).status.code(), &Some(0))
    }

    fn golden(&self, name: &str, actual: &str) -> Result<(), String> {
        let path = self.case.folder.join(name);
        let expected = fs::read_to_string(&path).unwrap_or_default();
        if expected == actual {
            return Ok(());
        }
        if std::env::var_os("UPDATE_CASES").is_some() {
            if actual.is_empty() {
                let _ = fs::remove_file(&path);
            } else {
                fs::write(&path, actual).unwrap();
            }
            return Ok(());
        }
        let diff = similar::TextDiff::from_lines(expected.as_str(), actual);
        Err(format!("{name}\n{}", diff.unified_diff().header("expected", "actual")))
    }
}

/// Applies, refusing one call; whether it went well all the same, and the number of calls.
fn apply_refusing(root: &Path, record: &Record, refused: usize) -> (bool, usize) {
    let (judge, taken) = at(refused, Fault::Fail);
    let applied =
        Transaction::begin(root, Some(&judge)).and_then(|transaction| transaction.apply(record.clone())).is_ok();
    (applied, taken.get())
}

fn same<T: PartialEq + Debug>(what: &str, actual: &T, expected: &T) -> Result<(), String> {
    if actual == expected { Ok(()) } else { Err(format!("{what}: expected {expected:?}, got {actual:?}")) }
}
