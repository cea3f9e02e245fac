//! What a user sees of the care that is taken: undo, saved plans, interrupted runs, dirty files, and
//! machines that refuse.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::support::{Fault, at, install, skipped, snapshot, unchanged};
use kubevirt_scaffold::apply::{FileEdit, Record, Transaction};
use tempfile::TempDir;
use xtask::test::case::{copy, root, temporary};

const TASKS: &str = "# Tasks: Guest Heartbeat\n\n## Phase 1: Build\n\n\
    - [ ] T001 **Heartbeats are counted**\n  - File: `tests/heartbeat_test.go`\n  - Test: Heartbeats arrive\n\
    - [ ] T002 **Heartbeat counter**\n  - File: `pkg/virt-handler/heartbeat/counter.go`\n  - Function: `countHeartbeats()` - counts them\n";

const COUNTER: &str = "pkg/virt-handler/heartbeat/counter.go";
const SPECS: &str = "tests/heartbeat_test.go";

/// A checkout of git's, with everything committed, and a tasks.md beside it.
struct Ground {
    folder: TempDir,
    checkout: PathBuf,
}

struct Said {
    code: i32,
    out: String,
    err: String,
}

impl Ground {
    fn new() -> Self {
        let folder = temporary().unwrap();
        let checkout = folder.path().join("kubevirt");
        copy(&root().join("tests/sample/kubevirt"), &checkout).unwrap();
        let ground = Self { folder, checkout };
        ground.git(&["init", "--quiet"]);
        ground.commit();
        ground.tasks(TASKS);
        ground
    }

    fn git(&self, arguments: &[&str]) -> String {
        let identity = ["-c", "user.name=x", "-c", "user.email=x@example.org"];
        let output = Command::new("git").args(identity).args(arguments).current_dir(&self.checkout).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    fn commit(&self) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", "x"]);
    }

    fn tasks(&self, text: &str) {
        fs::write(self.folder.path().join("tasks.md"), text).unwrap();
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command.args(words).current_dir(self.folder.path()).env("KUBEVIRT_DIR", &self.checkout);
        command
    }

    fn run(&self, words: &[&str]) -> Said {
        said(&self.command(words).output().unwrap())
    }

    fn scaffold(&self, more: &[&str]) -> Said {
        self.run(&[&["scaffold", "tasks.md", "--hooks", "none"], more].concat())
    }

    fn path(&self, path: &str) -> PathBuf {
        self.checkout.join(path)
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    fn append(&self, path: &str, text: &str) {
        fs::write(self.path(path), self.read(path) + text).unwrap();
    }
}

fn said(output: &Output) -> Said {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Said { code: output.status.code().unwrap_or(-1), out: text(&output.stdout), err: text(&output.stderr) }
}

#[test]
fn undo_gives_the_old_tree_back() {
    let ground = Ground::new();
    let before = snapshot(&ground.checkout);
    assert_eq!(ground.scaffold(&["--yes"]).code, 0);
    assert_eq!(ground.git(&["status", "--porcelain", "--", ".git"]), "", "the work tree stays clean");
    let list = ground.run(&["undo", "--list"]).out;
    assert!(list.contains("   1  2") && list.contains("scaffold tasks.md --hooks none --yes"), "{list}");
    let dry = ground.run(&["undo"]);
    assert!(dry.out.contains("deleted file mode 100644") && dry.err.contains("Nothing was written"), "{}", dry.err);
    // The diff is what `git apply` takes.
    fs::write(ground.folder.path().join("undo.patch"), &dry.out).unwrap();
    ground.git(&["apply", "--check", "../undo.patch"]);
    let undone = ground.run(&["undo", "--yes"]);
    assert_eq!(undone.code, 0, "{}", undone.err);
    unchanged(&before, &snapshot(&ground.checkout), "undo").unwrap();
    let again = ground.run(&["undo", "--yes"]);
    assert!(again.code == 0 && again.err.contains("There is nothing to undo."), "{}", again.err);
}

#[test]
fn undo_keeps_what_was_changed_since() {
    let ground = Ground::new();
    assert_eq!(ground.scaffold(&["--yes"]).code, 0);
    let build = "tests/BUILD.bazel";
    let mine = format!("# mine\n{}", ground.read(build));
    fs::write(ground.path(build), mine).unwrap();
    ground.append(COUNTER, "\nvar mine = 1\n");
    let refused = ground.run(&["undo", "--yes"]);
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains("undo-conflict") && refused.err.contains(COUNTER), "{}", refused.err);
    assert!(ground.path(SPECS).exists(), "nothing was taken back");
    let kept = ground.run(&["undo", "--yes", "--keep-edited"]);
    assert_eq!(kept.code, 0, "{}", kept.err);
    assert!(ground.read(COUNTER).contains("var mine = 1"));
    assert!(!ground.path(SPECS).exists());
    let build = ground.read(build);
    assert!(build.starts_with("# mine\n") && !build.contains("heartbeat_test.go"), "{build}");
}

#[test]
fn undo_goes_back_over_several_changes() {
    let ground = Ground::new();
    let before = snapshot(&ground.checkout);
    assert_eq!(ground.scaffold(&["--yes", "--only", "T001"]).code, 0);
    let first = snapshot(&ground.checkout);
    assert_eq!(ground.scaffold(&["--yes"]).code, 0);
    ground.tasks(&TASKS.replace("Heartbeats arrive", "Heartbeats arrive\n  - Test: Heartbeats stop"));
    assert_eq!(ground.scaffold(&["--yes"]).code, 0);
    assert_eq!(ground.run(&["undo", "--to", "9", "--yes"]).code, 2);
    assert_eq!(ground.run(&["undo", "--to", "1", "--yes"]).code, 0);
    unchanged(&first, &snapshot(&ground.checkout), "undo --to 1").unwrap();
    assert_eq!(ground.run(&["undo", "--to", "0", "--yes"]).code, 0);
    unchanged(&before, &snapshot(&ground.checkout), "undo --to 0").unwrap();
}

#[test]
fn a_saved_plan_is_carried_out_once_and_only_where_nothing_moved() {
    let ground = Ground::new();
    let before = snapshot(&ground.checkout);
    assert_eq!(ground.scaffold(&["--plan", "plan.json"]).code, 0);
    assert_eq!(ground.scaffold(&["--plan", "other.json"]).code, 0);
    unchanged(&before, &snapshot(&ground.checkout), "saving a plan").unwrap();
    let applied = ground.run(&["apply", "plan.json", "--yes", "--hooks", "none"]);
    assert_eq!(applied.code, 0, "{}", applied.err);
    assert!(ground.path(COUNTER).exists());
    let again = ground.run(&["apply", "plan.json", "--yes"]);
    assert!(again.code == 2 && again.err.contains("error[plan-applied]"), "{}", again.err);
    let moved = ground.run(&["apply", "other.json", "--yes"]);
    assert!(moved.code == 2 && moved.err.contains("error[plan-moved]") && moved.err.contains(COUNTER), "{}", moved.err);
    assert_eq!(ground.run(&["undo", "--yes"]).code, 0);
    unchanged(&before, &snapshot(&ground.checkout), "undo").unwrap();
    let again = ground.run(&["apply", "plan.json", "--yes"]);
    assert!(again.code == 2 && again.err.contains("error[plan-applied]"), "{}", again.err);
    // A file that was only read counts too.
    ground.append("tests/tests_suite_test.go", "\n// mine\n");
    let moved = ground.run(&["apply", "other.json", "--yes"]);
    assert!(moved.code == 2 && moved.err.contains("tests/tests_suite_test.go"), "{}", moved.err);
    // It names its checkout.
    let elsewhere = Ground::new();
    let plan = ground.folder.path().join("other.json");
    let refused = elsewhere.run(&["apply", plan.to_str().unwrap(), "--yes"]);
    assert!(refused.code == 2 && refused.err.contains("error[plan-elsewhere]"), "{}", refused.err);
}

#[test]
fn an_interrupted_run_is_found_and_put_back_or_finished() {
    for (words, finished) in [
        (&["recover"][..], false),
        (&["recover", "--finish"], true),
        (&["scaffold", "tasks.md", "--hooks", "none", "--yes"], true),
    ] {
        let ground = Ground::new();
        let before = snapshot(&ground.checkout);
        let file = |path: &str, before: Option<String>, after: &str| FileEdit {
            path: path.to_owned(),
            mode: None,
            before: before.map(String::into_bytes),
            after: Some(after.as_bytes().to_vec()),
        };
        let files = vec![
            file("docs/half.md", None, "# Half\n"),
            file("tests/tests_suite_test.go", Some(ground.read("tests/tests_suite_test.go")), "package tests_test\n"),
        ];
        let record = Record { files, ..Record::default() };
        let transaction = Transaction::begin(&ground.checkout, Some(&at(40, Fault::Die).0)).unwrap();
        assert!(transaction.apply(record).is_err());
        drop(transaction);
        assert_ne!(before, snapshot(&ground.checkout), "it stopped on the way");
        let refused = ground.scaffold(&[]);
        assert!(refused.code == 2 && refused.err.contains("error[interrupted]"), "{}", refused.err);
        assert_eq!(ground.run(&["undo", "--yes"]).code, 2);
        let recovered = ground.run(words);
        assert_eq!(recovered.code, 0, "{}", recovered.err);
        match words[0] {
            "scaffold" => assert!(!ground.path("docs/half.md").exists() && ground.path(COUNTER).exists()),
            _ if finished => assert_eq!(ground.read("docs/half.md"), "# Half\n"),
            _ => unchanged(&before, &snapshot(&ground.checkout), "recovery").unwrap(),
        }
        assert!(ground.run(&["recover"]).err.contains("Nothing was interrupted."));
    }
}

#[test]
fn a_dirty_file_is_not_edited_without_a_word() {
    let ground = Ground::new();
    // Dirty, but not touched.
    ground.append("go.mod", "// mine\n");
    assert_eq!(ground.scaffold(&["--yes", "--only", "T002"]).code, 0);
    // As this program left it, though not committed.
    assert_eq!(ground.scaffold(&["--yes"]).code, 0);
    ground.tasks(&TASKS.replace("Heartbeats arrive", "Heartbeats arrive\n  - Test: Heartbeats stop"));
    ground.append(SPECS, "\n// mine\n");
    let refused = ground.scaffold(&["--yes"]);
    assert!(
        refused.code == 2 && refused.err.contains("error[dirty]") && refused.err.contains(SPECS),
        "{}",
        refused.err
    );
    assert!(!ground.read(SPECS).contains("heartbeats stop"));
    let allowed = ground.scaffold(&["--yes", "--allow-dirty"]);
    assert_eq!(allowed.code, 0, "{}", allowed.err);
    let specs = ground.read(SPECS);
    assert!(specs.contains("heartbeats stop") && specs.contains("// mine"), "{specs}");
}

#[test]
fn a_checkout_without_git_stays_clean_too() {
    let ground = Ground::new();
    fs::remove_dir_all(ground.path(".git")).unwrap();
    let before = snapshot(ground.folder.path());
    let home = temporary().unwrap();
    let run = |words: &[&str]| said(&ground.command(words).env("XDG_STATE_HOME", home.path()).output().unwrap());
    assert_eq!(run(&["scaffold", "tasks.md", "--hooks", "none", "--yes"]).code, 0);
    assert!(ground.path(COUNTER).exists() && !ground.path(".kubevirt-scaffold").exists());
    assert_eq!(run(&["undo", "--yes"]).code, 0);
    unchanged(&before, &snapshot(ground.folder.path()), "undo").unwrap();
    // The journals of one checkout, and the key that they are sealed with.
    let state = home.path().join("kubevirt-scaffold");
    assert_eq!(fs::read_dir(&state).unwrap().count(), 2);
    for private in [state.clone(), state.join("key")] {
        assert_eq!(fs::metadata(private).unwrap().permissions().mode() & 0o077, 0);
    }
}

#[test]
fn before_the_first_commit_nothing_is_dirty() {
    let ground = Ground::new();
    fs::remove_dir_all(ground.path(".git")).unwrap();
    ground.git(&["init", "--quiet"]);
    assert_eq!(ground.scaffold(&["--yes"]).code, 0);
}

#[test]
fn a_second_run_waits_its_turn() {
    let ground = Ground::new();
    let before = snapshot(&ground.checkout);
    let transaction = Transaction::begin(&ground.checkout, None).unwrap();
    let refused = ground.scaffold(&["--yes"]);
    assert!(refused.code == 2 && refused.err.contains("error[busy]"), "{}", refused.err);
    unchanged(&before, &snapshot(&ground.checkout), "a refusal").unwrap();
    drop(transaction);
    assert_eq!(ground.scaffold(&["--yes"]).code, 0);
}

#[test]
fn a_work_tree_of_git_has_a_journal_of_its_own() {
    let ground = Ground::new();
    ground.git(&["worktree", "add", "--quiet", "--detach", "../tree"]);
    let tree = ground.folder.path().join("tree");
    let words = ["scaffold", "tasks.md", "--hooks", "none", "--yes", "--kubevirt", "tree"];
    assert_eq!(ground.run(&words).code, 0);
    assert!(ground.path(".git/worktrees/tree/kubevirt-scaffold/history/000001").exists());
    assert!(tree.join(COUNTER).exists());
    assert!(ground.run(&["undo", "--list"]).out.contains("There is nothing to undo."));
    assert_eq!(ground.run(&["undo", "--yes", "--kubevirt", "tree"]).code, 0);
    assert!(!tree.join(COUNTER).exists());
}

/// Runs as somebody who may not do everything, if we may.
fn without_privileges(ground: &Ground, refused: &Path, mode: u32, words: &[&str]) -> Said {
    use std::os::unix::fs::MetadataExt as _;
    let program = ground.folder.path().join("xtask");
    install(Path::new(env!("CARGO_BIN_EXE_xtask")), &program);
    let mut command = Command::new(&program);
    command.args(words).current_dir(ground.folder.path()).env("KUBEVIRT_DIR", &ground.checkout);
    command.env("HOME", ground.folder.path());
    let is_root = fs::metadata(&program).unwrap().uid() == 0;
    if is_root {
        let own = Command::new("chown").args(["-R", "65534:65534"]).arg(ground.folder.path()).status().unwrap();
        assert!(own.success());
        command.uid(65534).gid(65534);
    }
    let rights = fs::metadata(refused).unwrap().permissions();
    fs::set_permissions(refused, fs::Permissions::from_mode(mode)).unwrap();
    let output = command.output().unwrap();
    fs::set_permissions(refused, rights).unwrap();
    said(&output)
}

#[test]
fn a_machine_that_refuses_is_told_and_nothing_is_changed() {
    for (path, what) in [("pkg/virt-handler", "a read-only folder"), (".git", "no right to write in git's folder")] {
        let ground = Ground::new();
        let before = snapshot(&ground.checkout);
        let words = ["scaffold", "tasks.md", "--hooks", "none", "--yes"];
        let refused = without_privileges(&ground, &ground.path(path), 0o555, &words);
        assert_eq!(refused.code, 2, "{what}: {}", refused.err);
        assert!(
            refused.err.contains("error[apply]") && refused.err.contains("Permission denied"),
            "{what}: {}",
            refused.err
        );
        unchanged(&before, &snapshot(&ground.checkout), what).unwrap();
        assert!(!ground.path(".git/kubevirt-scaffold/pending").exists(), "{what}");
    }
}

#[test]
fn a_full_disk_is_told_and_nothing_is_changed() {
    let ground = Ground::new();
    // A file system of our own, in a name space of our own; not every machine allows that.
    let script = "mount -t tmpfs -o size=900k none small && cp -r kubevirt small/ && cd small && \
        head -c 100k /dev/zero > filler; cat /dev/zero > more 2>/dev/null; \
        find kubevirt -name .git -prune -o -type f -print | sort | xargs sha256sum > ../before; \
        KUBEVIRT_DIR=$PWD/kubevirt \"$XTASK\" scaffold ../tasks.md --hooks none --yes > ../out 2> ../err; echo $? > ../code; \
        find kubevirt -name .git -prune -o -type f -print | sort | xargs sha256sum > ../after";
    fs::create_dir(ground.folder.path().join("small")).unwrap();
    let _ = fs::remove_dir_all(ground.path(".git/hooks"));
    let mut unshare = Command::new("unshare");
    unshare.args(["--user", "--map-root-user", "--mount", "sh", "-c", script]).current_dir(ground.folder.path());
    let started = unshare.env("XTASK", env!("CARGO_BIN_EXE_xtask")).output();
    let read = |name: &str| fs::read_to_string(ground.folder.path().join(name)).unwrap_or_default();
    if read("code").is_empty() {
        let why = started.map_or_else(|error| error.to_string(), |output| said(&output).err);
        return skipped(&format!("this machine gives us no file system of our own ({})", why.trim()));
    }
    assert_eq!(read("code").trim(), "2", "{}", read("err"));
    assert!(read("err").contains("No space left on device"), "{}", read("err"));
    assert!(!read("before").is_empty());
    assert_eq!(read("before"), read("after"));
}

#[test]
fn without_go_nothing_is_said_to_be_proven() {
    let ground = Ground::new();
    assert_eq!(ground.scaffold(&["--yes"]).code, 0);
    let empty = ground.folder.path().join("empty");
    fs::create_dir(&empty).unwrap();
    let output = ground.command(&["verify", "tasks.md", "--junit", "junit.xml"]).env("PATH", &empty).output().unwrap();
    let said = said(&output);
    assert_eq!(said.code, 2, "{}", said.err);
    assert!(said.out.contains("Nothing was compiled: go cannot be started"), "{}", said.out);
    assert!(said.out.contains("unproven") && !said.out.contains("  red "), "{}", said.out);
    let junit = fs::read_to_string(ground.folder.path().join("junit.xml")).unwrap();
    assert!(junit.contains("<skipped message=") && junit.contains("failures=\"0\""), "{junit}");
    let json = ground.command(&["verify", "tasks.md", "--format", "json"]).env("PATH", &empty).output().unwrap();
    let document: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!((&document["version"], &document["go"]), (&1.into(), &serde_json::Value::Null));
}
