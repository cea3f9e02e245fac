//! What a run says, and where it writes what the user keeps: neither decides what is done, and nothing else is lost.

use std::cell::RefCell;
use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::process::Stdio;
use std::rc::Rc;

use crate::support::{Fault, at, snapshot, unchanged};
use crate::trust::{COUNTER, Ground, TASKS, YES, ended};
use kubevirt_scaffold::apply::{FileEdit, Record, Transaction, replace_document_through};
use xtask::test::case::root;

#[test]
fn lost_streams_change_nothing_of_what_is_done() {
    let full = || fs::File::options().write(true).open("/dev/full").unwrap();
    // Nobody reads.
    let ground = Ground::new();
    let mut child = ground.command(YES).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop((child.stdout.take(), child.stderr.take()));
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert!(ground.path(COUNTER).exists());
    let mut undo = ground.command(&["undo", "--yes"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop((undo.stdout.take(), undo.stderr.take()));
    assert_eq!(undo.wait().unwrap().code(), Some(0));
    assert!(!ground.path(COUNTER).exists());
    // One byte is read.
    let mut child = ground.command(YES).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    child.stderr.take().unwrap().read_exact(&mut [0]).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert!(ground.path(COUNTER).exists());
    // There is no room for what is said.
    for format in ["json", "text"] {
        let ground = Ground::new();
        let mut command = ground.command(&[YES, &["--format", format]].concat());
        let (code, said) = ended(&command.stdout(full()).output().unwrap());
        assert_eq!(code, Some(0), "{format}: {said}");
        assert!(ground.path(COUNTER).exists(), "{format}: {said}");
        assert!(said.contains("stdout cannot be written"), "{said}");
        let (code, _) = ended(&ground.command(&["undo", "--yes"]).stdout(full()).stderr(full()).output().unwrap());
        assert_eq!(code, Some(0));
        assert!(!ground.path(COUNTER).exists());
    }
    // Where nothing is written but stdout, that is all there is.
    let (code, _) = ended(&ground.command(&["graph", "tasks.md"]).stdout(full()).output().unwrap());
    assert_eq!(code, Some(2));
}

#[test]
fn what_the_user_keeps_replaces_its_own_kind_only() {
    let ground = Ground::new();
    let other = "# Notes\n";
    fs::write(ground.beside("notes.md"), other).unwrap();
    fs::write(ground.beside("latin"), b"# Tasks \xe9\n").unwrap();
    fs::create_dir(ground.beside("feature")).unwrap();
    fs::write(ground.beside("feature/plan.md"), "# Implementation Plan: Clock\n").unwrap();
    let before = snapshot(ground.folder.path());
    for words in [
        &["scaffold", "tasks.md", "--dry-run", "--patch", "notes.md"][..],
        &["scaffold", "tasks.md", "--plan", "notes.md"],
        &["verify", "tasks.md", "--junit", "notes.md"],
        &["tasks", "feature", "--yes", "-o", "notes.md"],
        &["tasks", "feature", "--yes", "-o", "latin"],
        &["tasks", "feature", "--yes", "--force", "-o", "latin"],
    ] {
        // Without Go, `verify` has nothing to do that takes long.
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_xtask"));
        command.args(words).current_dir(ground.folder.path()).env("KUBEVIRT_DIR", &ground.checkout);
        let (code, said) = ended(&command.env("PATH", "/nowhere").output().unwrap());
        assert!(code == Some(2) && said.contains("error[output-exists]"), "{words:?}: {said}");
        unchanged(&before, &snapshot(ground.folder.path()), &words.join(" ")).unwrap();
    }
    // The same kind is replaced, as a whole.
    for _ in 0..2 {
        for words in [["--dry-run", "--patch", "x.patch"], ["--dry-run", "--plan", "plan.json"]] {
            let (code, said) = ground.run(&[&["scaffold", "tasks.md"], &words[..]].concat());
            assert_eq!(code, Some(0), "{said}");
        }
    }
    assert!(fs::read_to_string(ground.beside("x.patch")).unwrap().contains("+++ b/"));
    let (code, said) = ground.run(&["scaffold", "tasks.md", "--dry-run", "--force", "--patch", "notes.md"]);
    assert_eq!(code, Some(0), "{said}");
    assert_ne!(fs::read_to_string(ground.beside("notes.md")).unwrap(), other);
    assert!(!ground.path(COUNTER).exists());
}

#[test]
fn few_open_files_are_enough_for_many_folders() {
    let ground = Ground::new();
    let task = |n: usize| format!("- [ ] T{n:03} **Page {n}**\n  - File: `docs/page{n}/page.md`\n");
    fs::write(ground.beside("tasks.md"), TASKS.to_owned() + &(3..303).map(task).collect::<String>()).unwrap();
    let mut command = std::process::Command::new("sh");
    let script = "ulimit -n 128; exec \"$@\"";
    command.args(["-c", script, "sh", env!("CARGO_BIN_EXE_xtask")]).args(YES).current_dir(ground.folder.path());
    let (code, said) = ended(&command.env("KUBEVIRT_DIR", &ground.checkout).output().unwrap());
    assert_eq!(code, Some(0), "{said}");
    assert!(ground.path("docs/page302/page.md").exists());
}

#[test]
fn an_odd_mask_locks_nobody_out() {
    let ground = Ground::new();
    let before = snapshot(&ground.checkout);
    for words in [YES, &["undo", "--yes"]] {
        let mut command = std::process::Command::new("sh");
        command.args(["-c", "umask 0277; exec \"$@\"", "sh", env!("CARGO_BIN_EXE_xtask")]).args(words);
        command.current_dir(ground.folder.path()).env("KUBEVIRT_DIR", &ground.checkout);
        let (code, said) = ended(&command.output().unwrap());
        assert_eq!(code, Some(0), "{said}");
    }
    unchanged(&before, &snapshot(&ground.checkout), "undo").unwrap();
    // What was written down is for nobody else.
    for (path, right) in [("", 0o700), ("history", 0o700), ("history/000001", 0o600), ("history/000002", 0o600)] {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(ground.path(".git/kubevirt-scaffold").join(path)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, right, "{path}");
    }
}

fn edit(path: &str, before: Option<&str>, after: &str) -> FileEdit {
    let bytes = |text: &str| text.as_bytes().to_vec();
    FileEdit { path: path.to_owned(), mode: None, before: before.map(bytes), after: Some(bytes(after)) }
}

#[test]
fn every_command_says_that_a_change_is_half_way() {
    let ground = Ground::new();
    let files = vec![edit("docs/half.md", None, "# Half\n"), edit("docs/more.md", None, "# More\n")];
    let transaction = Transaction::begin(&ground.checkout, Some(&at(30, Fault::Die).0)).unwrap();
    assert!(transaction.apply(Record { files, ..Record::default() }).is_err());
    drop(transaction);
    for words in [&["status", "tasks.md"][..], &["check", "tasks.md"], &["gates"]] {
        let (_, said) = ground.run(words);
        assert!(said.contains("warning[interrupted]") && said.contains("was interrupted"), "{words:?}: {said}");
    }
}

#[test]
fn names_that_differ_in_case_only_are_refused_at_the_last_moment() {
    let ground = Ground::new();
    let refused = |path: &str| {
        let transaction = Transaction::begin(&ground.checkout, None).unwrap();
        let record = Record { files: vec![edit(path, None, "package x\n")], ..Record::default() };
        transaction.apply(record).unwrap_err().into_inner().code
    };
    assert_eq!(refused("pkg/virt-config/Virt-Config.go"), "path-case");
    assert_eq!(refused("PKG/x/x.go"), "path-case");
    assert_eq!(refused("staging/src/kubevirt.io/client-go/kubecli/generated_mock_x.go"), "path-generated");
    assert!(!Path::new(&ground.path("PKG")).exists());
}

#[test]
fn what_belongs_to_a_file_stays_with_it() {
    use std::os::unix::fs::MetadataExt as _;
    let ground = Ground::new();
    let edited = ground.path("tests/BUILD.bazel");
    let value = |path: &Path| {
        let mut bytes = [0; 16];
        rustix::fs::getxattr(path, "user.mine", &mut bytes[..]).map(|length| bytes[..length].to_vec())
    };
    let has_attributes = rustix::fs::setxattr(&edited, "user.mine", b"kept", rustix::fs::XattrFlags::empty()).is_ok();
    let is_root = std::os::unix::fs::chown(&edited, Some(65534), Some(65534)).is_ok();
    fs::hard_link(&edited, ground.beside("linked")).unwrap();
    let (code, said) = ground.run(YES);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("These files have other hard links") && said.contains("tests/BUILD.bazel"), "{said}");
    assert_ne!(fs::read(&edited).unwrap(), fs::read(ground.beside("linked")).unwrap());
    if is_root {
        let found = fs::metadata(&edited).unwrap();
        assert_eq!((found.uid(), found.gid()), (65534, 65534));
    }
    if has_attributes {
        assert_eq!(value(&edited).unwrap(), b"kept");
    }
}

#[test]
fn a_limit_on_the_size_of_files_is_told() {
    let ground = Ground::new();
    let before = snapshot(&ground.checkout);
    let mut command = std::process::Command::new("sh");
    command.args(["-c", "ulimit -f 2; exec \"$@\"", "sh", env!("CARGO_BIN_EXE_xtask")]).args(YES);
    command.current_dir(ground.folder.path()).env("KUBEVIRT_DIR", &ground.checkout);
    let (code, said) = ended(&command.output().unwrap());
    assert!(code == Some(2) && said.contains("File too large"), "{code:?}: {said}");
    unchanged(&before, &snapshot(&ground.checkout), "a refusal").unwrap();
}

#[test]
fn a_save_while_a_document_is_replaced_is_kept() {
    use kubevirt_scaffold::apply::{Call, CallKind, FaultAction, FaultHook};
    let folder = xtask::test::case::temporary().unwrap();
    let path = folder.path().join("tasks.md");
    fs::write(&path, TASKS).unwrap();
    // Somebody saves when everything has been compared.
    let (saved, mut done) = (path.clone(), false);
    let judge: FaultHook = Rc::new(RefCell::new(move |call: &Call| {
        if call.kind == CallKind::Swap && !done {
            fs::write(&saved, "mine\n").unwrap();
            done = true;
        }
        FaultAction::Go
    }));
    let refused = replace_document_through(&path, TASKS, "other\n", Some(judge)).unwrap_err();
    assert!(refused.to_string().contains("was changed meanwhile"), "{refused}");
    assert_eq!(fs::read_to_string(&path).unwrap(), "mine\n");
    // A call that fails leaves it as it is, and nothing beside it.
    for nth in 0..8 {
        fs::write(&path, TASKS).unwrap();
        let replaced = replace_document_through(&path, TASKS, "other\n", Some(at(nth, Fault::Half).0));
        let expected = if replaced.is_ok() { "other\n" } else { TASKS };
        assert_eq!(fs::read_to_string(&path).unwrap(), expected, "call {nth}");
    }
}

#[test]
fn the_tasks_of_a_vep_are_kept_and_not_replaced() {
    let ground = Ground::new();
    fs::copy(root().join("tests/cases/vep/documents/veps/sig-compute/412-chime/vep.md"), ground.beside("vep.md"))
        .unwrap();
    let words = ["scaffold", "vep.md", "-o", "kept.md", "--dry-run"];
    assert_eq!(ground.run(&words).0, Some(0));
    let kept = fs::read_to_string(ground.beside("kept.md")).unwrap();
    assert!(kept.starts_with("# Tasks: "), "{kept}");
    assert_eq!(ground.run(&words).0, Some(0), "what is the same is no conflict");
    let answered = format!("{kept}\nAnswer: mine\n");
    fs::write(ground.beside("kept.md"), &answered).unwrap();
    let (status, said) = ground.run(&words);
    assert_eq!(status, Some(2), "{said}");
    assert!(said.contains("error[output-exists]"), "{said}");
    assert_eq!(fs::read_to_string(ground.beside("kept.md")).unwrap(), answered);
    assert_eq!(ground.run(&[&words[..], &["--force"]].concat()).0, Some(0));
    assert_eq!(fs::read_to_string(ground.beside("kept.md")).unwrap(), kept);
    let (status, said) = ground.run(&["scaffold", "tasks.md", "-o", "other.md", "--dry-run"]);
    assert_eq!((status, ground.beside("other.md").exists()), (Some(2), false), "{said}");
}
