//! What fails on the way, and what ends the process there: every call to the file system in turn, in
//! applying, in taking back, and in recovering from either.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::support::{Fault, Snapshot, at, restore, skipped, snapshot, unchanged};
use kubevirt_scaffold::apply::{FaultHook, FileEdit, Record, Transaction, history, interrupted};
use kubevirt_scaffold::undo::Backwards;
use tempfile::TempDir;
use xtask::test::case::temporary;

/// A checkout of a few files, a change of it, and the trees on both sides.
struct Ground {
    _folder: TempDir,
    root: PathBuf,
    old: Snapshot,
    new: Snapshot,
}

const FILES: &[(&str, u32, &str)] = &[
    ("pkg/a/plain.go", 0o644, "package a\n"),
    ("pkg/a/BUILD.bazel", 0o755, "go_library()\n"),
    ("pkg/b/windows.go", 0o640, "package b\r\n\r\nvar x = 1\r\n"),
    ("docs/bom.md", 0o644, "\u{feff}# Title without an end of line"),
    ("go.mod", 0o644, "module kubevirt.io/kubevirt\n"),
];

/// What is written: edits of every file of a kind that is edited, new files, and new folders.
fn change() -> Record {
    let text = |path: &str| FILES.iter().find(|file| file.0 == path).map(|file| file.2.as_bytes().to_vec());
    let edit = |path: &str, after: &str| FileEdit {
        path: path.to_owned(),
        mode: None,
        before: text(path),
        after: Some(after.as_bytes().to_vec()),
    };
    Record {
        files: vec![
            edit("docs/bom.md", "\u{feff}# Title without an end of line\n\n## More"),
            edit("docs/new/deeper/page.md", "# Page\n"),
            edit("pkg/a/BUILD.bazel", "go_library(\n    name = \"a\",\n)\n"),
            edit("pkg/a/new.go", "package a\n\nfunc New() {}\n"),
            edit("pkg/a/plain.go", "package a\n\nfunc Plain() {}\n"),
            edit("pkg/b/windows.go", "package b\r\n\r\nvar x = 1\r\n\r\nvar y = 2\r\n"),
            edit("pkg/c/c.go", "package c\n"),
        ],
        ..Record::default()
    }
}

impl Ground {
    fn new() -> Self {
        Self::in_folder(temporary().unwrap())
    }

    fn in_folder(folder: TempDir) -> Self {
        let root = folder.path().join("checkout");
        fs::create_dir_all(root.join(".git")).unwrap();
        for (path, mode, text) in FILES {
            let path = root.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, text).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(*mode)).unwrap();
        }
        let old = snapshot(&root);
        apply(&root, None).unwrap();
        let new = snapshot(&root);
        assert_eq!(new["pkg/a/BUILD.bazel"].0, 0o755, "rights stay");
        assert_eq!(new["pkg/b/windows.go"].0, 0o640, "rights stay");
        let ground = Self { _folder: folder, root, old, new };
        ground.reset();
        ground
    }

    /// The old tree, and no history.
    fn reset(&self) {
        restore(&self.root, &self.old);
        let _ = fs::remove_dir_all(self.root.join(".git/kubevirt-scaffold"));
    }

    /// The new tree, with the change in the history.
    fn applied(&self) {
        self.reset();
        apply(&self.root, None).unwrap();
    }

    fn is(&self, tree: &Snapshot, what: &str) {
        unchanged(tree, &snapshot(&self.root), what).unwrap();
    }

    fn is_either(&self, what: &str) {
        let now = snapshot(&self.root);
        let old = unchanged(&self.old, &now, what);
        assert!(old.is_ok() || unchanged(&self.new, &now, what).is_ok(), "{what}: neither old nor new: {old:?}");
    }
}

fn apply(root: &Path, judge: Option<&FaultHook>) -> Result<(), String> {
    let transaction = Transaction::begin(root, judge).map_err(|refusal| refusal.into_inner().message)?;
    transaction.apply(change()).map(|_| ()).map_err(|refusal| refusal.into_inner().message)
}

fn undo(root: &Path, judge: Option<&FaultHook>) -> Result<(), String> {
    let transaction = Transaction::begin(root, judge).map_err(|refusal| refusal.into_inner().message)?;
    let history = history(root).map_err(|refusal| refusal.into_inner().message)?;
    let chosen = [history.last().unwrap()];
    let back = Backwards::new(&chosen, &|path| Transaction::peek(root, path))
        .map_err(|refusal| refusal.into_inner().message)?;
    transaction.apply(back.record(&chosen)).map(|_| ()).map_err(|refusal| refusal.into_inner().message)
}

fn recover(root: &Path, finish: bool, judge: Option<&FaultHook>) -> Result<(), String> {
    let transaction = Transaction::begin(root, judge).map_err(|refusal| refusal.into_inner().message)?;
    let Some(record) = transaction.pending().map_err(|refusal| refusal.into_inner().message)? else { return Ok(()) };
    let left = if finish { transaction.finish(&record) } else { transaction.roll_back(&record) };
    assert_eq!(left.map_err(|refusal| refusal.into_inner().message)?, Vec::<String>::new());
    Ok(())
}

/// Its name, how it is done, and what prepares the ground for it.
type Work = (&'static str, fn(&Path, Option<&FaultHook>) -> Result<(), String>, fn(&Ground));

const WORKS: [Work; 2] = [("apply", apply, Ground::reset), ("undo", undo, Ground::applied)];

/// How many calls some work makes.
fn calls(work: impl FnOnce(FaultHook) -> Result<(), String>) -> usize {
    let (judge, taken) = at(usize::MAX, Fault::Fail);
    work(judge).unwrap();
    taken.get()
}

#[test]
fn a_call_that_fails_leaves_the_old_tree_or_the_new_one() {
    let ground = Ground::new();
    let tried = Cell::new(0);
    for (name, work, prepare) in WORKS {
        prepare(&ground);
        let before = snapshot(&ground.root);
        let count = calls(|judge| work(&ground.root, Some(&judge)));
        let after = snapshot(&ground.root);
        assert_ne!(before, after);
        for nth in 0..count {
            for fault in [Fault::Fail, Fault::Half] {
                prepare(&ground);
                let (judge, _) = at(nth, fault);
                let what = format!("{name} with call {nth} failing ({fault:?})");
                match work(&ground.root, Some(&judge)) {
                    Ok(()) => ground.is(&after, &what),
                    Err(_) => ground.is(&before, &what),
                }
                assert!(!interrupted(&ground.root), "{what}: it was put back at once");
                tried.set(tried.get() + 1);
            }
        }
    }
    println!("{} points of failure tried", tried.get());
    assert!(tried.get() > 200);
}

#[test]
fn a_process_that_is_killed_leaves_what_can_be_put_back_or_finished() {
    let ground = Ground::new();
    let mut tried = 0;
    for (name, work, prepare) in WORKS {
        prepare(&ground);
        let before = snapshot(&ground.root);
        let count = calls(|judge| work(&ground.root, Some(&judge)));
        let after = snapshot(&ground.root);
        for nth in 0..count {
            for finish in [false, true] {
                prepare(&ground);
                kill(&ground.root, name, nth);
                let begun = interrupted(&ground.root);
                recover(&ground.root, finish, None).unwrap();
                let what = format!("{name} killed at call {nth}, and recovered (finished: {finish})");
                match (begun, finish) {
                    (true, true) => ground.is(&after, &what),
                    (true, false) => ground.is(&before, &what),
                    (false, _) => ground.is_either(&what),
                }
                // Whatever happened, the next run goes well.
                if snapshot(&ground.root) == ground.old {
                    apply(&ground.root, None).unwrap();
                    ground.is(&ground.new, &what);
                }
                tried += 1;
            }
        }
    }
    println!("{tried} kills tried");
    assert!(tried > 200);
}

/// Kills a process of its own at a call.
fn kill(root: &Path, work: &str, nth: usize) {
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--ignored", "--exact", "faults::child"]).env("FAULT_WORK", work).env("FAULT_ROOT", root);
    child.env("FAULT_AT", nth.to_string()).stdout(Stdio::null()).stderr(Stdio::null());
    assert_eq!(child.status().unwrap().signal(), Some(9), "{work} is killed at {nth}");
}

#[test]
#[ignore = "it is what `kill` starts, and proves nothing by itself"]
fn child() {
    let [root, work, nth] = ["FAULT_ROOT", "FAULT_WORK", "FAULT_AT"].map(|name| std::env::var(name).unwrap());
    let (judge, _) = at(nth.parse().unwrap(), Fault::Kill);
    let work = WORKS.iter().find(|known| known.0 == work).unwrap().1;
    work(Path::new(&root), Some(&judge)).unwrap();
}

#[test]
fn recovery_can_fail_and_be_killed_too() {
    let ground = Ground::new();
    // All of it takes minutes; a part of it is in every run.
    let step = if std::env::var_os("FAULTS_ALL").is_some() { 1 } else { 17 };
    let mut tried = 0;
    for (name, work, prepare) in WORKS {
        prepare(&ground);
        let before = snapshot(&ground.root);
        let count = calls(|judge| work(&ground.root, Some(&judge)));
        let after = snapshot(&ground.root);
        for nth in (0..count).step_by(step) {
            for finish in [false, true] {
                let break_off = |fault| {
                    prepare(&ground);
                    let _ = work(&ground.root, Some(&at(nth, fault).0));
                    interrupted(&ground.root)
                };
                let expected = if finish { &after } else { &before };
                if !break_off(Fault::DieHalfWay) {
                    continue;
                }
                let inner = calls(|judge| recover(&ground.root, finish, Some(&judge)));
                ground.is(expected, "recovery");
                for second in (0..inner).step_by(step.min(3)) {
                    for fault in [Fault::Fail, Fault::DieHalfWay] {
                        break_off(Fault::DieHalfWay);
                        let _ = recover(&ground.root, finish, Some(&at(second, fault).0));
                        let what = format!("{name} dead at {nth}, recovery ({finish}) {fault:?} at {second}");
                        recover(&ground.root, finish, None).unwrap_or_else(|error| panic!("{what}: {error}"));
                        ground.is(expected, &what);
                        tried += 1;
                    }
                }
            }
        }
    }
    println!("{tried} points of recovery tried");
    assert!(tried > 200);
}

#[test]
fn a_checkout_may_be_on_another_file_system_than_temporary_files() {
    let folders = [TempDir::new().ok(), TempDir::new_in("/dev/shm").ok()].into_iter().flatten();
    let mut devices = BTreeSet::new();
    for folder in folders {
        devices.insert(fs::metadata(folder.path()).unwrap().dev());
        let ground = Ground::in_folder(folder);
        apply(&ground.root, None).unwrap();
        ground.is(&ground.new, "applying elsewhere");
        undo(&ground.root, None).unwrap();
        ground.is(&ground.old, "undo elsewhere");
    }
    if devices.len() < 2 {
        skipped("/dev/shm is no file system beside that of temporary files");
    }
}

#[test]
fn a_file_that_vanished_or_grew_is_noticed() {
    let ground = Ground::new();
    let plain = ground.root.join("pkg/a/plain.go");
    fs::remove_file(&plain).unwrap();
    assert!(apply(&ground.root, None).unwrap_err().contains("pkg/a/plain.go changed since it was read"));
    fs::write(&plain, "package a\n\n// mine\n").unwrap();
    let mine = snapshot(&ground.root);
    assert!(apply(&ground.root, None).unwrap_err().contains("pkg/a/plain.go changed since it was read"));
    ground.is(&mine, "refusing");
    fs::create_dir_all(ground.root.join("pkg/c")).unwrap();
    fs::write(&plain, "package a\n").unwrap();
    fs::write(ground.root.join("pkg/c/c.go"), "package c // mine\n").unwrap();
    assert!(apply(&ground.root, None).unwrap_err().contains("pkg/c/c.go changed since it was read"));
}

#[test]
fn what_somebody_writes_at_the_last_moment_is_kept() {
    use kubevirt_scaffold::apply::{Call, CallKind, FaultAction};
    use std::cell::RefCell;
    use std::rc::Rc;
    // Just before a file is swapped, somebody saves it; just before one is made, somebody makes it.
    for (kind, name, path) in
        [(CallKind::Swap, "plain.go", "pkg/a/plain.go"), (CallKind::Move, "new.go", "pkg/a/new.go")]
    {
        let ground = Ground::new();
        let target = ground.root.join(path);
        let saved = target.clone();
        let judge: FaultHook = Rc::new(RefCell::new(move |call: &Call| {
            if call.kind == kind && call.name == name && fs::read(&saved).ok().as_deref() != Some(b"mine\n") {
                fs::write(&saved, "mine\n").unwrap();
            }
            FaultAction::Go
        }));
        assert!(apply(&ground.root, Some(&judge)).is_err());
        assert_eq!(fs::read_to_string(&target).unwrap(), "mine\n");
        fs::remove_file(&target).unwrap();
        restore(&ground.root, &ground.old);
        ground.is(&ground.old, "everything else");
    }
}

#[test]
fn what_is_written_through_an_open_file_is_kept() {
    use kubevirt_scaffold::apply::{Call, CallKind, FaultAction};
    use std::cell::RefCell;
    use std::io::Write as _;
    use std::rc::Rc;
    let ground = Ground::new();
    let target = ground.root.join("pkg/a/plain.go");
    let mut open = fs::File::options().append(true).open(&target).unwrap();
    let (mut swapped, mut wrote) = (false, false);
    // Somebody has the file open, and writes when it has been swapped and looked at.
    let judge: FaultHook = Rc::new(RefCell::new(move |call: &Call| {
        if swapped && !wrote && call.name == "windows.go" {
            open.write_all(b"// mine\n").unwrap();
            wrote = true;
        }
        swapped |= call.kind == CallKind::Swap && call.name == "plain.go";
        FaultAction::Go
    }));
    assert!(apply(&ground.root, Some(&judge)).is_err());
    assert_eq!(fs::read_to_string(&target).unwrap(), "package a\n// mine\n");
}

#[test]
fn a_folder_that_becomes_a_link_leads_nowhere() {
    use kubevirt_scaffold::apply::{Call, CallKind, FaultAction};
    use std::cell::RefCell;
    use std::rc::Rc;
    let ground = Ground::new();
    let outside = temporary().unwrap();
    fs::write(outside.path().join("plain.go"), "package a\n").unwrap();
    fs::write(outside.path().join("BUILD.bazel"), "go_library()\n").unwrap();
    let (folder, target) = (ground.root.join("pkg/a"), outside.path().to_path_buf());
    let away = ground.root.join("pkg/away");
    // It is swapped for a link when everything has been checked.
    let judge: FaultHook = Rc::new(RefCell::new(move |call: &Call| {
        if call.kind == CallKind::Create && !away.exists() && call.name.starts_with(".kubevirt-scaffold") {
            fs::rename(&folder, &away).unwrap();
            std::os::unix::fs::symlink(&target, &folder).unwrap();
        }
        FaultAction::Go
    }));
    let before = snapshot(outside.path());
    assert!(apply(&ground.root, Some(&judge)).is_err());
    unchanged(&before, &snapshot(outside.path()), "a link").unwrap();
}

#[test]
fn two_processes_do_not_change_one_checkout() {
    let ground = Ground::new();
    let transaction = Transaction::begin(&ground.root, None).unwrap();
    let refusal = Transaction::begin(&ground.root, None).err().unwrap();
    assert_eq!(refusal.code, "busy");
    drop(transaction);
    apply(&ground.root, None).unwrap();
}

#[test]
fn a_journal_that_cannot_be_read_stops_everything() {
    let ground = Ground::new();
    apply(&ground.root, None).unwrap();
    let journal = ground.root.join(".git/kubevirt-scaffold/history/000001");
    let bytes = fs::read(&journal).unwrap();
    fs::write(&journal, &bytes[..bytes.len() - 3]).unwrap();
    assert_eq!(history(&ground.root).unwrap_err().code, "journal");
}
