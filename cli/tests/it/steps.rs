//! What follow-up steps change is written down like every other change, and taken back with it.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use kubevirt_scaffold::sample::built_name;
use tempfile::TempDir;

const TASKS: &str = "# Tasks: Guest Heartbeat\n\n## Phase 1: Build\n\n\
    - [ ] T001 **Heartbeats are counted**\n  - File: `tests/heartbeat_test.go`\n  - Test: Heartbeats arrive\n\
    - [ ] T002 **Generate**\n  - Command: `make generate`\n";

/// A step that makes, changes and deletes files: committed ones, changed ones, and new ones.
const GENERATE: &str = "\t@mkdir -p api/gen/deep vendor/x && echo new > api/gen/deep/zz_generated.json && \
    echo more >> go.mod && echo more >> vendor/x/x.go && echo more >> mine.txt && rm tests/tests_suite_test.go && \
    chmod +x tool.sh && rm tool.sh && echo '// generated' >> tests/heartbeat_test.go && echo secret >> ignored";

/// Every file and folder but for git's: rights and bytes.
type Tree = BTreeMap<PathBuf, (u32, Option<Vec<u8>>)>;

struct Ground {
    folder: TempDir,
    checkout: PathBuf,
}

impl Ground {
    /// A checkout of git's with a stand-in for KubeVirt's Makefile, and with files of the user's that git does
    /// not have.
    fn new(generate: &str) -> Self {
        let folder = TempDir::new().unwrap();
        let checkout = folder.path().join("kubevirt");
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/sample/kubevirt"), &checkout);
        let ground = Self { folder, checkout };
        ground.write("Makefile", &format!("generate:\n{generate}\nbazel-generate:\n\t@echo done\n"));
        ground.write(".gitignore", "ignored\n");
        ground.write("tool.sh", "#!/bin/sh\n");
        fs::set_permissions(ground.checkout.join("tool.sh"), fs::Permissions::from_mode(0o755)).unwrap();
        fs::create_dir_all(ground.checkout.join("vendor/x")).unwrap();
        ground.write("vendor/x/x.go", "package x\n");
        for arguments in [&["init", "--quiet"][..], &["add", "--all"], &["commit", "--quiet", "--message", "x"]] {
            let mut git = Command::new("git");
            git.args(["-c", "user.name=x", "-c", "user.email=x@example.org"]).args(arguments);
            assert!(git.current_dir(&ground.checkout).status().unwrap().success());
        }
        ground.write("mine.txt", "mine\n");
        fs::write(ground.folder.path().join("tasks.md"), TASKS).unwrap();
        ground
    }

    fn write(&self, path: &str, text: &str) {
        fs::write(self.checkout.join(path), text).unwrap();
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kubevirt-scaffold"));
        command.args(words).current_dir(self.folder.path()).env("KUBEVIRT_DIR", &self.checkout);
        command
    }

    /// Runs a command that ends with a code: what it says on stderr, and on stdout.
    fn run(&self, words: &[&str], code: i32) -> (String, String) {
        let Output { status, stdout, stderr } = self.command(words).output().unwrap();
        let [out, err] = [stdout, stderr].map(|bytes| String::from_utf8(bytes).unwrap());
        assert_eq!(status.code(), Some(code), "{err}");
        (err, out)
    }

    fn tree(&self) -> Tree {
        let (mut found, mut open) = (Tree::new(), vec![self.checkout.clone()]);
        while let Some(folder) = open.pop() {
            for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
                if path.ends_with(".git") || path.ends_with("ignored") {
                    continue;
                }
                let mode = fs::metadata(&path).unwrap().permissions().mode();
                let bytes = path.is_file().then(|| fs::read(&path).unwrap());
                open.extend(path.is_dir().then(|| path.clone()));
                found.insert(path, (mode, bytes));
            }
        }
        found
    }
}

pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for path in fs::read_dir(from).unwrap().map(|entry| entry.unwrap().path()) {
        let target = to.join(built_name(&path.file_name().unwrap().to_string_lossy()));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(path, target).unwrap();
        }
    }
}

#[test]
fn undo_takes_back_what_a_step_changed() {
    let ground = Ground::new(GENERATE);
    let before = ground.tree();
    let (said, _) = ground.run(&["scaffold", "tasks.md", "--yes"], 0);
    assert!(said.contains("`make generate` changed 7 files beyond the plan:\n  A api/gen/deep/"), "{said}");
    assert!(said.contains("  D tool.sh\n"), "{said}");
    assert_ne!(ground.tree(), before);
    let (_, list) = ground.run(&["undo", "--list"], 0);
    assert!(list.contains("make generate (after 1)"), "{list}");
    let (said, _) = ground.run(&["undo", "--yes"], 0);
    assert!(said.contains("Undone: `make generate`, `scaffold tasks.md --yes`."), "{said}");
    assert!(!said.contains("still there"), "{said}");
    assert_eq!(ground.tree(), before);
    assert_eq!(fs::read_to_string(ground.checkout.join("ignored")).unwrap(), "secret\n", "git does not know it");
    let (said, _) = ground.run(&["undo", "--yes"], 0);
    assert!(said.contains("There is nothing to undo."), "{said}");
}

#[test]
fn what_a_failed_step_changed_can_be_taken_back_alone() {
    let ground = Ground::new("\t@rm go.mod tests/*.go; exit 1");
    let before = ground.tree();
    let (said, _) = ground.run(&["scaffold", "tasks.md", "--yes", "--hooks", "none"], 0);
    assert!(!said.contains("make generate: "), "{said}");
    let scaffolded = ground.tree();
    ground.run(&["undo", "--yes"], 0);
    assert_eq!(ground.tree(), before);

    let (said, _) = ground.run(&["scaffold", "tasks.md", "--yes"], 3);
    assert!(said.contains("files deleted, such as go.mod."), "{said}");
    assert!(said.contains("To undo what `make generate` changed: `kubevirt-scaffold undo --to 3`"), "{said}");
    assert!(said.contains("To go on: make generate && make bazel-generate"), "{said}");
    ground.run(&["undo", "--to", "3", "--yes"], 0);
    assert_eq!(ground.tree(), scaffolded);
    ground.run(&["undo", "--yes"], 0);
    assert_eq!(ground.tree(), before);
}

#[test]
fn what_an_interrupted_step_changed_is_taken_back() {
    for signal in ["-INT", "-TERM", "-HUP"] {
        interrupted(signal);
    }
}

fn interrupted(signal: &str) {
    let ground = Ground::new("\t@echo more >> go.mod; echo begun; sleep 60");
    let before = ground.tree();
    let mut command = ground.command(&["scaffold", "tasks.md", "--yes"]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    let mut said = String::new();
    while !said.contains("running make generate") {
        assert_ne!(stderr.read_line(&mut said).unwrap(), 0, "{said}");
    }
    while !fs::read_to_string(ground.checkout.join("go.mod")).unwrap().ends_with("more\n") {
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
    stderr.read_to_string(&mut said).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(3), "{said}");
    assert!(said.contains("`make generate` was interrupted; the files are in place"), "{said}");
    ground.run(&["undo", "--yes"], 0);
    assert_eq!(ground.tree(), before);
}

#[test]
fn files_that_git_ignored_are_left_alone() {
    let ground = Ground::new("\t@echo > .gitignore");
    ground.write("ignored", "mine\n");
    ground.run(&["scaffold", "tasks.md", "--yes"], 0);
    ground.run(&["undo", "--yes"], 0);
    assert_eq!(fs::read_to_string(ground.checkout.join("ignored")).unwrap(), "mine\n");
}

#[test]
fn logs_do_not_follow_links() {
    let ground = Ground::new("\t@echo made");
    let outside = ground.folder.path().join("outside");
    fs::write(&outside, "mine\n").unwrap();
    let state = ground.checkout.join(".git/kubevirt-scaffold");
    fs::create_dir_all(&state).unwrap();
    std::os::unix::fs::symlink(&outside, state.join("generate.log")).unwrap();
    ground.run(&["scaffold", "tasks.md", "--yes"], 0);
    assert_eq!(fs::read_to_string(&outside).unwrap(), "mine\n");
    assert_eq!(fs::read_to_string(state.join("generate.log")).unwrap(), "made\n");
    // The whole folder is a link.
    let ground = Ground::new("\t@echo made");
    let outside = ground.folder.path().join("outside");
    fs::create_dir(&outside).unwrap();
    std::os::unix::fs::symlink(&outside, ground.checkout.join(".git/kubevirt-scaffold")).unwrap();
    ground.run(&["scaffold", "tasks.md", "--yes"], 2);
    assert_eq!(fs::read_dir(&outside).unwrap().count(), 0);
}

#[test]
fn without_git_logs_are_private() {
    let ground = Ground::new("\t@echo made");
    fs::remove_dir_all(ground.checkout.join(".git")).unwrap();
    let [shared, home] = ["shared", "home"].map(|name| ground.folder.path().join(name));
    fs::create_dir(&shared).unwrap();
    let mut command = ground.command(&["scaffold", "tasks.md", "--yes"]);
    let output = command.env("TMPDIR", &shared).env("XDG_STATE_HOME", &home).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(fs::read_dir(&shared).unwrap().count(), 0);
    assert_eq!(fs::metadata(home.join("kubevirt-scaffold")).unwrap().permissions().mode() & 0o777, 0o700);
}
