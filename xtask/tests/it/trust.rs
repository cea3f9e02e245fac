//! A checkout is not trusted: not its journals, not its git configuration, not its links, pipes and devices; and
//! neither are the streams that the user gives us.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::support::{install, snapshot, unchanged};
use tempfile::TempDir;
use xtask::test::case::{copy, root, temporary};

pub(crate) const TASKS: &str = "# Tasks: Guest Heartbeat\n\n## Phase 1: Build\n\n\
    - [ ] T001 **Heartbeats are counted**\n  - File: `tests/heartbeat_test.go`\n  - Test: Heartbeats arrive\n\
    - [ ] T002 **Heartbeat counter**\n  - File: `pkg/virt-handler/heartbeat/counter.go`\n  - Function: `countHeartbeats()` - counts them\n";
pub(crate) const COUNTER: &str = "pkg/virt-handler/heartbeat/counter.go";
/// A file that the tasks edit.
const EDITED: &str = "tests/BUILD.bazel";
pub(crate) const YES: &[&str] = &["scaffold", "tasks.md", "--hooks", "none", "--yes"];

pub(crate) struct Ground {
    pub(crate) folder: TempDir,
    pub(crate) checkout: PathBuf,
}

impl Ground {
    /// A checkout of git's, with everything committed, and a tasks.md beside it.
    pub(crate) fn new() -> Self {
        Self::at("kubevirt", "kubevirt")
    }

    /// A checkout in one folder, and git's root in another.
    fn at(checkout: &str, repository: &str) -> Self {
        let folder = temporary().unwrap();
        let repository = folder.path().join(repository);
        let checkout = folder.path().join(checkout);
        copy(&root().join("tests/sample/kubevirt"), &checkout).unwrap();
        for arguments in [&["init", "--quiet"][..], &["add", "--all"], &["commit", "--quiet", "--message", "x"]] {
            git(&repository, arguments);
        }
        fs::write(folder.path().join("tasks.md"), TASKS).unwrap();
        Self { folder, checkout }
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.checkout.join(path)
    }

    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A command that is ended if it hangs.
    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new("timeout");
        command.args(["-k", "1", "20", env!("CARGO_BIN_EXE_xtask")]).args(words);
        command.current_dir(self.folder.path()).env("KUBEVIRT_DIR", &self.checkout);
        // What the one who runs the tests has configured is no part of them.
        command.env("XDG_CONFIG_HOME", self.folder.path().join("config"));
        command
    }

    /// The exit code, and what was said on stderr.
    pub(crate) fn run(&self, words: &[&str]) -> (Option<i32>, String) {
        ended(&self.command(words).output().unwrap())
    }

    fn refused(&self, words: &[&str], code: &str) -> String {
        let (status, said) = self.run(words);
        assert_eq!(status, Some(2), "{words:?}: {said}");
        assert!(said.contains(&format!("error[{code}]")), "{words:?}: {said}");
        said
    }
}

pub(crate) fn ended(output: &Output) -> (Option<i32>, String) {
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

fn git(folder: &Path, arguments: &[&str]) {
    let identity = ["-c", "user.name=x", "-c", "user.email=x@example.org"];
    let status = Command::new("git").args(identity).args(arguments).current_dir(folder).status().unwrap();
    assert!(status.success(), "{arguments:?}");
}

fn script(path: &Path, text: &str) {
    fs::write(path, format!("#!/bin/sh\n{text}\n")).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

fn pipe(path: &Path) {
    let _ = fs::remove_file(path);
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

/// A journal as a version without seals wrote it.
fn forged(path: &str, more: &str) -> String {
    format!(
        "{{\"version\":1,\"id\":1,\"time\":0,\"command\":\"x\",\"feature\":\"\",\"tasks\":[],\"plan\":null,\"undoes\":[],\
         \"hooks\":[],{more},\"files\":[{{\"path\":\"{path}\",\"mode\":493,\"before\":null,\"after\":0}}],\
         \"bases\":[],\"texts\":[5]}}\nevil\n"
    )
}

#[test]
fn a_journal_that_came_with_the_tree_is_refused() {
    for words in [&["recover"][..], &["recover", "--finish"], YES, &["status", "tasks.md"]] {
        let ground = Ground::new();
        let state = ground.path(".git/kubevirt-scaffold");
        fs::create_dir_all(&state).unwrap();
        fs::write(state.join("pending"), forged("../evil.go", "\"folders\":[],\"emptied\":[]")).unwrap();
        let before = snapshot(ground.folder.path());
        let said = ground.refused(words, "journal-foreign");
        assert!(said.contains(".git/kubevirt-scaffold/pending"), "{said}");
        unchanged(&before, &snapshot(ground.folder.path()), &words.join(" ")).unwrap();
    }
    let ground = Ground::new();
    let history = ground.path(".git/kubevirt-scaffold/history");
    fs::create_dir_all(&history).unwrap();
    fs::create_dir(ground.beside("empty")).unwrap();
    let record = forged("docs/none.md", "\"folders\":[\"../empty\"],\"emptied\":[]");
    fs::write(history.join("000001"), record).unwrap();
    for words in [&["undo", "--yes"][..], &["undo", "--list"], YES] {
        let said = ground.refused(words, "journal-foreign");
        assert!(said.contains("history/000001"), "{said}");
    }
    assert!(ground.beside("empty").exists());
}

#[test]
fn a_journal_of_another_user_or_checkout_is_refused() {
    let ground = Ground::new();
    assert_eq!(ground.run(YES).0, Some(0));
    let other = ground.beside("other");
    let undo = ["undo", "--yes"];
    let (code, said) = ended(&ground.command(&undo).env("XDG_STATE_HOME", &other).output().unwrap());
    assert!(code == Some(2) && said.contains("error[journal-foreign]"), "{said}");
    // Copied into another checkout.
    let elsewhere = Ground::new();
    copy(&ground.path(".git/kubevirt-scaffold"), &elsewhere.path(".git/kubevirt-scaffold")).unwrap();
    elsewhere.refused(&undo, "journal-foreign");
    // Changed since.
    let journal = ground.path(".git/kubevirt-scaffold/history/000001");
    let sound = fs::read(&journal).unwrap();
    let mut changed = sound.clone();
    *changed.last_mut().unwrap() ^= 1;
    fs::write(&journal, &changed).unwrap();
    ground.refused(&undo, "journal-foreign");
    fs::write(ground.path(".git/kubevirt-scaffold/history/000007"), &sound).unwrap();
    fs::write(&journal, &sound).unwrap();
    ground.refused(&undo, "journal-foreign");
    fs::remove_file(ground.path(".git/kubevirt-scaffold/history/000007")).unwrap();
    assert_eq!(ground.run(&undo).0, Some(0));
}

#[test]
fn a_saved_plan_that_was_changed_is_refused() {
    let ground = Ground::new();
    assert_eq!(ground.run(&["scaffold", "tasks.md", "--plan", "plan.json"]).0, Some(0));
    let text = fs::read_to_string(ground.beside("plan.json")).unwrap();
    let apply = ["apply", "plan.json", "--yes", "--hooks", "none"];
    fs::write(ground.beside("plan.json"), text.replace("counts them", "evil")).unwrap();
    ground.refused(&apply, "plan-foreign");
    fs::write(ground.beside("plan.json"), &text).unwrap();
    let other = ground.command(&apply).env("XDG_STATE_HOME", ground.beside("other")).output().unwrap();
    assert!(ended(&other).1.contains("error[plan-foreign]"));
    assert_eq!(ground.run(&apply).0, Some(0));
}

#[test]
fn a_git_folder_that_knows_nothing_of_the_checkout_stays_clean() {
    let ground = Ground::new();
    let elsewhere = Ground::new();
    fs::remove_dir_all(ground.path(".git")).unwrap();
    let target = elsewhere.path(".git");
    fs::write(ground.path(".git"), format!("gitdir: {}\n", target.display())).unwrap();
    let (code, said) = ground.run(&[YES, &["--allow-dirty"]].concat());
    assert_eq!(code, Some(0), "{said}");
    assert!(!target.join("kubevirt-scaffold").exists());
    assert_eq!(ground.run(&["undo", "--yes"]).0, Some(0));
    // Neither is a link followed.
    fs::remove_file(ground.path(".git")).unwrap();
    symlink(&target, ground.path(".git")).unwrap();
    let (code, said) = ground.run(&[YES, &["--allow-dirty"]].concat());
    assert_eq!(code, Some(0), "{said}");
    assert!(!target.join("kubevirt-scaffold").exists());
}

#[test]
fn a_submodule_has_a_journal_of_its_own() {
    let inner = Ground::new();
    let outer = inner.beside("outer");
    fs::create_dir(&outer).unwrap();
    git(&outer, &["init", "--quiet"]);
    let allowed = ["-c", "protocol.file.allow=always", "submodule", "--quiet", "add"];
    git(&outer, &[&allowed[..], &[inner.checkout.to_str().unwrap(), "kubevirt"]].concat());
    let (code, said) = inner.run(&[YES, &["--kubevirt", "outer/kubevirt"]].concat());
    assert_eq!(code, Some(0), "{said}");
    assert!(outer.join(".git/modules/kubevirt/kubevirt-scaffold/history/000001").exists());
}

#[test]
fn runs_side_by_side_make_one_key() {
    let ground = Ground::new();
    let home = ground.beside("home");
    let start = |_| {
        let mut command = ground.command(YES);
        command.env("XDG_STATE_HOME", &home).stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
        command.spawn().unwrap()
    };
    let children: Vec<_> = (0..8).map(start).collect();
    for mut child in children {
        assert!(matches!(child.wait().unwrap().code(), Some(0 | 2)));
    }
    let undo = ended(&ground.command(&["undo", "--yes"]).env("XDG_STATE_HOME", &home).output().unwrap());
    assert_eq!(undo.0, Some(0), "{}", undo.1);
    assert_eq!(fs::read_dir(home.join("kubevirt-scaffold")).unwrap().count(), 1);
}

#[test]
fn git_runs_nothing_that_the_checkout_names() {
    let ground = Ground::new();
    let [program, mark] = ["program", "mark"].map(|name| ground.beside(name));
    script(&program, &format!("echo \"$0 $*\" >> {}; cat", mark.display()));
    let program = program.to_str().unwrap();
    for name in [
        "core.fsmonitor",
        "core.pager",
        "core.sshCommand",
        "diff.external",
        "diff.x.command",
        "diff.x.textconv",
        "filter.x.clean",
        "filter.x.smudge",
        "filter.x=y.clean",
        "filter.long.process",
        "gpg.program",
    ] {
        git(&ground.checkout, &["config", name, program]);
    }
    for name in ["filter.x.required", "filter.long.required", "log.showSignature"] {
        git(&ground.checkout, &["config", name, "true"]);
    }
    let places =
        [ground.path(".git/info/attributes"), ground.path(".gitattributes"), ground.beside("config/git/attributes")];
    for (place, filter) in places.iter().zip(["x", "long", "x=y"]) {
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(place, format!("* filter={filter} diff=x\n")).unwrap();
        // Git has to look into it: its time is another one.
        let touch = || {
            let file = fs::File::options().write(true).open(ground.path(EDITED)).unwrap();
            file.set_modified(std::time::UNIX_EPOCH + std::time::Duration::from_secs(1)).unwrap();
        };
        for words in [
            &["generate", "--dry-run", "--base", "HEAD"][..],
            &["commit", "--dry-run"],
            &["pr"],
            &["status"],
            YES,
            &["undo", "--yes"],
        ] {
            touch();
            let (_, said) = ground.run(words);
            assert!(!mark.exists(), "{words:?}: {said}{}", fs::read_to_string(&mark).unwrap());
            assert!(words != YES || fs::exists(ground.path(COUNTER)).unwrap(), "{said}");
        }
        fs::remove_file(place).unwrap();
    }
}

#[test]
fn where_git_cannot_tell_nothing_is_taken_for_committed() {
    let allowed = [YES, &["--allow-dirty"]].concat();
    // Not on PATH.
    let ground = Ground::new();
    let mut direct = Command::new(env!("CARGO_BIN_EXE_xtask"));
    direct.args(YES).current_dir(ground.folder.path()).env("KUBEVIRT_DIR", &ground.checkout).env("PATH", "/nowhere");
    let (code, said) = ended(&direct.output().unwrap());
    assert!(code == Some(2) && said.contains("error[dirty-unknown]"), "{said}");
    // A configuration that it does not understand.
    let config = ground.path(".git/config");
    let sound = fs::read_to_string(&config).unwrap();
    fs::write(&config, "[broken").unwrap();
    ground.refused(YES, "dirty-unknown");
    assert!(!ground.path(COUNTER).exists());
    assert_eq!(ground.run(&allowed).0, Some(0));
    fs::write(&config, sound).unwrap();
    // Another repository in the environment.
    let other = Ground::new();
    let ground = Ground::new();
    fs::write(ground.path(EDITED), format!("# mine\n{}", fs::read_to_string(ground.path(EDITED)).unwrap())).unwrap();
    let mut command = ground.command(YES);
    command.env("GIT_DIR", other.path(".git")).env("GIT_WORK_TREE", &other.checkout);
    let (code, said) = ended(&command.output().unwrap());
    assert!(code == Some(2) && said.contains("error[dirty]") && said.contains(EDITED), "{said}");
    // A part of a larger repository.
    let ground = Ground::at("all/kubevirt", "all");
    fs::write(ground.path(EDITED), format!("# mine\n{}", fs::read_to_string(ground.path(EDITED)).unwrap())).unwrap();
    let said = ground.refused(YES, "dirty");
    assert!(said.contains(EDITED), "{said}");
}

#[test]
fn pipes_and_devices_are_not_read() {
    let active = "pkg/virt-config/featuregate/active.go";
    let tasks = format!("{TASKS}- [ ] T003 **Gate**\n  - File: `{active}`\n");
    for path in [active, EDITED, "go.mod", "tests/tests_suite_test.go", "pkg/virt-config/virt-config.go"] {
        for zero in [false, true] {
            let ground = Ground::new();
            fs::write(ground.beside("tasks.md"), &tasks).unwrap();
            pipe(&ground.path(path));
            if zero {
                fs::remove_file(ground.path(path)).unwrap();
                symlink("/dev/zero", ground.path(path)).unwrap();
            }
            let (code, said) = ground.run(YES);
            assert_eq!(code, Some(2), "{path}: {said}");
        }
    }
    let ground = Ground::new();
    pipe(&ground.beside("pipe"));
    for words in [&["scaffold", "pipe", "--yes"][..], &["check", "pipe"], &["apply", "pipe", "--yes"]] {
        let (code, said) = ground.run(words);
        assert_eq!(code, Some(2), "{words:?}: {said}");
    }
    // Git would wait for it.
    let config = fs::read(ground.path(".git/config")).unwrap();
    pipe(&ground.path(".git/config"));
    let said = ground.refused(YES, "dirty-unknown");
    assert!(said.contains("git hangs"), "{said}");
    fs::remove_file(ground.path(".git/config")).unwrap();
    fs::write(ground.path(".git/config"), config).unwrap();
    // Together they are more than is read.
    fs::create_dir_all(ground.beside("large/contracts")).unwrap();
    fs::write(ground.beside("large/plan.md"), "# Implementation Plan: Clock\n").unwrap();
    for n in 0..17 {
        let file = fs::File::create(ground.beside(&format!("large/contracts/{n}.yaml"))).unwrap();
        file.set_len(4 << 20).unwrap();
    }
    ground.refused(&["tasks", "large"], "file-unreadable");
    fs::create_dir(ground.beside("feature")).unwrap();
    pipe(&ground.beside("feature/plan.md"));
    assert_eq!(ground.run(&["tasks", "feature"]).0, Some(2));
    assert_eq!(ground.run(YES).0, Some(0));
    pipe(&ground.path(".git/kubevirt-scaffold/history/000001"));
    assert_eq!(ground.run(&["undo", "--yes"]).0, Some(2));
    fs::remove_dir_all(ground.path(".git")).unwrap();
    pipe(&ground.path(".git"));
    let (code, said) = ground.run(&["undo", "--list"]);
    assert_eq!(code, Some(0), "{said}");
}

/// Runs a command as somebody who may not do everything, if we may.
fn without_privileges(ground: &Ground, words: &[&str]) -> (Option<i32>, String) {
    let program = ground.beside("xtask");
    install(Path::new(env!("CARGO_BIN_EXE_xtask")), &program);
    let mut command = Command::new(&program);
    command.args(words).current_dir(ground.folder.path()).env("KUBEVIRT_DIR", &ground.checkout);
    command.env("HOME", ground.folder.path()).env_remove("XDG_STATE_HOME");
    if fs::metadata(&program).unwrap().uid() == 0 {
        let own = Command::new("chown").args(["-R", "65534:65534"]).arg(ground.folder.path()).status().unwrap();
        assert!(own.success());
        command.uid(65534).gid(65534);
    }
    ended(&command.output().unwrap())
}

#[test]
fn what_cannot_be_read_is_not_taken_for_absent() {
    for path in ["tests/libvmops", "tests/flags", "hack", "tests/decorators", "pkg/virt-handler"] {
        let ground = Ground::new();
        if !ground.path(path).exists() {
            continue;
        }
        let rights = fs::metadata(ground.path(path)).unwrap().permissions();
        fs::set_permissions(ground.path(path), fs::Permissions::from_mode(0o000)).unwrap();
        let (code, said) = without_privileges(&ground, YES);
        fs::set_permissions(ground.path(path), rights).unwrap();
        assert_eq!(code, Some(2), "{path}: {said}");
        assert!(said.contains("error[file-unreadable]") && said.contains(path), "{path}: {said}");
        assert!(!ground.path(COUNTER).exists());
    }
    // A design document that cannot be understood is not ignored either.
    let ground = Ground::new();
    fs::write(ground.beside("spec.md"), b"# Spec \xff\n").unwrap();
    ground.refused(YES, "file-unreadable");
    ground.refused(&["check", "tasks.md"], "file-unreadable");
}

#[test]
fn the_log_of_a_step_is_not_written_through_a_link() {
    let ground = Ground::new();
    let tasks = "# Tasks: Guest Heartbeat\n\n## Phase 1: Build\n\n- [ ] T001 Add the field `heartbeat` of type `*bool` to \
        `VirtualMachineInstanceSpec`\n  - File: `staging/src/kubevirt.io/api/core/v1/types.go`\n";
    fs::write(ground.beside("tasks.md"), tasks).unwrap();
    fs::write(ground.path("Makefile"), "generate bazel-generate:\n\t@echo step\n").unwrap();
    git(&ground.checkout, &["add", "--all"]);
    git(&ground.checkout, &["commit", "--quiet", "--message", "x"]);
    let kept = ground.beside("kept");
    fs::write(&kept, "the user's\n").unwrap();
    let state = ground.path(".git/kubevirt-scaffold");
    fs::create_dir(&state).unwrap();
    fs::set_permissions(&state, fs::Permissions::from_mode(0o700)).unwrap();
    for step in ["make-generate.log", "make-bazel-generate.log", "generate.log", "bazel-generate.log"] {
        symlink(&kept, state.join(step)).unwrap();
    }
    let (status, said) = ground.run(&["scaffold", "tasks.md", "--ignore-compliance", "--yes"]);
    assert_eq!(status, Some(0), "{said}");
    let logs = fs::read_dir(&state).unwrap().map(|entry| entry.unwrap().path());
    let written = logs.filter(|path| fs::read(path).is_ok_and(|text| text.starts_with(b"step"))).count();
    assert_eq!((written > 0, fs::read_to_string(&kept).unwrap().as_str()), (true, "the user's\n"), "{said}");
}
