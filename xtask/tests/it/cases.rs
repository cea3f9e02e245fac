//! Every folder in `tests/cases/` is a case: a command line, what it runs on, and what must come out. Adding
//! a case is adding a folder; its README says how.

use std::collections::BTreeSet;
use std::fmt::{Debug, Write as _};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use kubevirt_scaffold::apply::{FileEdit, Record, Transaction, interrupted};
use tempfile::TempDir;
use xtask::test::case::{Case, PARTS, copy, folders, root, temporary};

use crate::support::{Fault, Snapshot, at, restore, restore_from, snapshot, unchanged};

const UPDATE: &str = "UPDATE_CASES=1 cargo test --release -p xtask --test it cases";

#[test]
fn every_case_comes_out_as_expected() {
    let cases: Vec<Case> = folders().unwrap().iter().map(|folder| Case::new(folder)).collect();
    let (next, failures, refused) = (AtomicUsize::new(0), Mutex::new(Vec::new()), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    match Trial::new(case).check() {
                        Ok(calls) => _ = refused.fetch_add(calls, Ordering::Relaxed),
                        Err(failure) => failures.lock().unwrap().push(format!("{}: {failure}", case.name())),
                    }
                }
            });
        }
    });
    let (failures, refused) = (failures.into_inner().unwrap(), refused.into_inner());
    assert!(failures.is_empty(), "{}\n\nto accept what came out: {UPDATE}", failures.join("\n\n"));
    println!("{} cases, with {refused} refused calls", cases.len());
    let scaffolds = cases.iter().filter(|case| case.is_scaffold()).count();
    assert!(scaffolds >= 85 && cases.len() - scaffolds >= 21, "the cases are not where they should be");
    assert!(refused > 2000, "{refused} calls were refused");
}

#[test]
fn no_case_and_no_part_of_one_is_forgotten() {
    let mut failures = Vec::new();
    for folder in folders().unwrap() {
        let case = Case::new(&folder);
        failures.extend(case.faults().unwrap().into_iter().map(|fault| format!("{}: {fault}", case.name())));
    }
    // What looks like a case stands where the cases are.
    let (mut open, mut found) = (vec![root().join("tests")], BTreeSet::new());
    while let Some(path) = open.pop() {
        for entry in fs::read_dir(&path).unwrap().map(Result::unwrap) {
            let name = entry.file_name().to_string_lossy().into_owned();
            if entry.file_type().unwrap().is_dir() {
                open.push(entry.path());
            } else if name.starts_with("expected.") {
                found.insert(path.clone());
            }
        }
    }
    let known: BTreeSet<PathBuf> = folders().unwrap().into_iter().collect();
    failures.extend(known.symmetric_difference(&found).map(|path| format!("{} is no case", path.display())));
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    let readme = fs::read_to_string(root().join("tests/cases/README.md")).unwrap();
    for part in PARTS {
        assert!(readme.contains(&format!("`{part}")), "tests/cases/README.md does not explain {part}");
    }
}

struct Trial<'a> {
    case: &'a Case,
    desk: TempDir,
    checkout: TempDir,
}

impl<'a> Trial<'a> {
    fn new(case: &'a Case) -> Self {
        Self { case, desk: case.desk().unwrap(), checkout: case.checkout().unwrap() }
    }

    fn run(&self, more: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command.arg(&self.case.command).args(&self.case.args).args(more).current_dir(self.desk.path());
        command.env("HOME", self.desk.path()).env_remove("XDG_CACHE_HOME").env_remove("XDG_CONFIG_HOME");
        if self.case.folder.join("no-checkout").exists() {
            command.env_remove("KUBEVIRT_DIR");
        } else {
            command.env("KUBEVIRT_DIR", self.checkout.path());
        }
        command.output().unwrap()
    }

    /// The goldens, and the laws; how many calls were refused for the last of them.
    fn check(&self) -> Result<usize, String> {
        let (before, desk) = (snapshot(self.checkout.path()), snapshot(self.desk.path()));
        let (more, out) =
            if self.case.is_scaffold() { (&["--dry-run"][..], "expected.diff") } else { (&[][..], "expected.out") };
        let output = self.run(more);
        let root = self.checkout.path().display().to_string();
        let clean = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap().replace(&root, "[ROOT]");
        let code = output.status.code().unwrap_or(-1);
        let shown = clean(output.stdout);
        self.golden(out, &shown)?;
        self.golden("expected.err", &format!("{}exit {code}\n", clean(output.stderr)))?;
        self.golden("expected.files", &written(&desk, &snapshot(self.desk.path())).replace(&root, "[ROOT]"))?;
        unchanged(&before, &snapshot(self.checkout.path()), "what only shows")?;
        if !self.case.is_scaffold() {
            return Ok(0);
        }
        self.json(code)?;
        if code == 2 {
            same("the exit code with --yes", &self.run(&["--yes"]).status.code(), &Some(2))?;
            unchanged(&before, &snapshot(self.checkout.path()), "a refusal")?;
            return Ok(0);
        }
        self.applying_is_what_the_diff_says(&shown)?;
        self.a_second_run_is_empty()?;
        self.a_failed_write_changes_nothing(&before)
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

    /// `--yes`, `git apply` of `--patch`, and `git apply` of the preview lead to the same tree.
    fn applying_is_what_the_diff_says(&self, diff: &str) -> Result<(), String> {
        let before = temporary().unwrap();
        copy(self.checkout.path(), before.path()).unwrap();
        let aside = temporary().unwrap();
        let patch = aside.path().join("plan.patch");
        let output = self.run(&["--yes", "--hooks", "none", "--patch", patch.to_str().unwrap()]);
        same("the exit code with --yes", &output.status.code(), &Some(0))?;
        same("the diff with --yes", &String::from_utf8(output.stdout).unwrap().as_str(), &diff)?;
        for text in [fs::read_to_string(&patch).unwrap(), diff.to_owned()] {
            if text.is_empty() {
                unchanged(&snapshot(before.path()), &snapshot(self.checkout.path()), "an empty diff")?;
                continue;
            }
            let by_git = temporary().unwrap();
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

    /// Makes what was applied once more, and refuses every call of it in turn: it fails and the tree is the old
    /// one, or it goes well all the same and the tree is the new one.
    fn a_failed_write_changes_nothing(&self, before: &Snapshot) -> Result<usize, String> {
        let root = self.checkout.path();
        let after = snapshot(root);
        let record = Record { files: edits(before, &after), ..Record::default() };
        if record.files.is_empty() {
            return Ok(0);
        }
        restore(root, before);
        let (applied, calls) = apply_refusing(root, &record, usize::MAX);
        same("whether it can be made again", &applied, &true)?;
        unchanged(&after, &snapshot(root), "making it again")?;
        let mut failed = 0;
        restore_from(root, &after, before);
        for refused in 0..calls {
            let (applied, taken) = apply_refusing(root, &record, refused);
            let (expected, how) = if applied { (&after, "went well") } else { (before, "failed") };
            let now = snapshot(root);
            unchanged(expected, &now, &format!("call {refused}, refused, {how}, and it"))?;
            restore_from(root, &now, before);
            same("whether something is left to recover", &interrupted(root), &false)?;
            same("whether the call was made", &(taken > refused), &true)?;
            failed += usize::from(!applied);
        }
        // Clearing up may fail; writing may not.
        if failed * 2 < calls {
            return Err(format!("only {failed} of {calls} refused calls were noticed"));
        }
        Ok(calls)
    }

    fn golden(&self, name: &str, actual: &str) -> Result<(), String> {
        let path = self.case.folder.join(name);
        let expected = fs::read_to_string(&path).unwrap_or_default();
        if expected == actual {
            return Ok(());
        }
        if std::env::var_os("UPDATE_CASES").is_some() {
            match actual {
                "" => drop(fs::remove_file(&path)),
                text => fs::write(&path, text).unwrap(),
            }
            return Ok(());
        }
        let diff = similar::TextDiff::from_lines(expected.as_str(), actual);
        Err(format!("{name}\n{}", diff.unified_diff().header("expected", "actual")))
    }
}

/// Files that are new or changed, each whole.
fn written(before: &Snapshot, after: &Snapshot) -> String {
    let mut text = String::new();
    for (path, (_, bytes)) in after.iter().filter(|(path, entry)| before.get(*path) != Some(entry)) {
        let _ = write!(text, "== {path}\n{}", String::from_utf8_lossy(bytes));
    }
    text
}

/// What leads from one tree to another.
fn edits(before: &Snapshot, after: &Snapshot) -> Vec<FileEdit> {
    let is_folder = |path: &str| after.keys().any(|other| Path::new(other).parent() == Some(Path::new(path)));
    let changed = after.iter().filter(|(path, entry)| before.get(*path) != Some(entry) && !is_folder(path));
    let edit = |(path, (_, bytes)): (&String, &(u32, Vec<u8>))| FileEdit {
        path: path.clone(),
        mode: None,
        before: before.get(path).map(|(_, bytes)| bytes.clone()),
        after: Some(bytes.clone()),
    };
    changed.map(edit).collect()
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
