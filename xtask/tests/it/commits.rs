//! Series of commits, and the text of the pull request: made in a repository of git's, and refused where it is not fit.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::{Command, Output};

use kubevirt_scaffold_core::series::{Message, complaints};
use tempfile::TempDir;
use xtask::test::case::{copy, root, temporary};

const SCAFFOLD: &[&str] = &["scaffold", "tasks.md", "--yes"];
const COMMIT: &[&str] = &["commit", "tasks.md", "--yes"];
const GENERATED: &str = "api/openapi-spec/swagger.json";

/// A clone of the sample on a branch of its own, beside the sample's tasks.md.
struct Desk {
    folder: TempDir,
    checkout: PathBuf,
}

impl Desk {
    fn new() -> Self {
        let folder = temporary().unwrap();
        let checkout = folder.path().join("kubevirt");
        copy(&root().join("tests/sample/kubevirt"), &checkout).unwrap();
        let makefile =
            format!("generate:\n\t@mkdir -p api/openapi-spec && echo new > {GENERATED}\nbazel-generate:\n\t@true\n");
        fs::write(checkout.join("Makefile"), makefile).unwrap();
        fs::copy(root().join("tests/sample/tasks.md"), folder.path().join("tasks.md")).unwrap();
        fs::write(folder.path().join("gitconfig"), "[user]\n\tname = Jane Doe\n\temail = jane@example.org\n").unwrap();
        let desk = Self { folder, checkout };
        for arguments in [
            &["init", "--quiet", "--initial-branch=main"][..],
            &["add", "--all"],
            &["commit", "--quiet", "--message", "virt-handler: Begin"],
            &["switch", "--quiet", "--create", "heartbeat"],
        ] {
            desk.git(arguments);
        }
        desk
    }

    fn scaffolded() -> Self {
        let desk = Self::new();
        let output = desk.run(SCAFFOLD);
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        desk
    }

    fn run(&self, words: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command.args(words).current_dir(self.folder.path()).env("KUBEVIRT_DIR", &self.checkout);
        command.env("XDG_CONFIG_HOME", self.folder.path().join("config"));
        self.surroundings(&mut command);
        command.output().unwrap()
    }

    fn surroundings(&self, command: &mut Command) {
        command.env("GIT_CONFIG_GLOBAL", self.folder.path().join("gitconfig")).env("GIT_CONFIG_NOSYSTEM", "1");
        for name in ["NAME", "EMAIL"] {
            command.env_remove(format!("GIT_AUTHOR_{name}")).env_remove(format!("GIT_COMMITTER_{name}"));
        }
        command.env_remove("EMAIL");
    }

    fn git(&self, arguments: &[&str]) -> String {
        let mut git = Command::new("git");
        git.args(arguments).current_dir(&self.checkout);
        self.surroundings(&mut git);
        let output = git.output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", said(&output));
        String::from_utf8(output.stdout).unwrap()
    }

    fn subjects(&self) -> Vec<String> {
        self.git(&["log", "--reverse", "--format=%s", "main.."]).lines().map(str::to_owned).collect()
    }

    fn hook(&self, name: &str, script: &str) {
        let path = self.checkout.join(".git/hooks").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn write(&self, path: &str, text: &str) {
        fs::write(self.checkout.join(path), text).unwrap();
    }

    fn append(&self, path: &str, text: &str) {
        let old = fs::read_to_string(self.checkout.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
        self.write(path, &(old + text));
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn what_it_was_scaffolded_with_is_remembered() {
    let desk = Desk::new();
    let tasks = "# Tasks: Guest Keeper\n\n## Phase 1: Build\n\n- [ ] T001 **Feature Gate Registration**\n  - File: `pkg/virt-config/featuregate/active.go`\n\
                 - [ ] T002 **Keep it**\n  - File: `pkg/virt-[component]/guest_[thing].go`\n  - Function: `keepHeartbeat()`\n";
    let place = desk.folder.path().join("tasks.md");
    fs::write(&place, tasks).unwrap();
    let set = ["--set", "component=handler", "--set", "thing=keeper"];
    let flags = ["--owner", "sig-network / @keeper", "--release", "v1.2.0"];
    let output = desk.run(&[SCAFFOLD, &set].concat());
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    // The last run counts: it brought up to date what was there.
    fs::write(&place, format!("{tasks}- [ ] T003 **User guide**\n  - File: `docs/keeper.md`\n")).unwrap();
    let output = desk.run(&[SCAFFOLD, &["--only", "T003"], &set, &flags].concat());
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    for words in [
        &["status", "tasks.md"][..],
        &["commit", "tasks.md", "--dry-run"],
        COMMIT,
        &["pr", "tasks.md", "--base", "main"],
    ] {
        let output = desk.run(words);
        assert_eq!(output.status.code(), Some(0), "{words:?}: {}", said(&output));
        if words[0] == "commit" {
            assert!(said(&output).contains("--owner sig-network / @keeper"), "{}", said(&output));
        }
    }
    assert_eq!(desk.git(&["status", "--porcelain"]), "", "all of it is committed");
    assert!(desk.git(&["grep", "sig-network / @keeper"]).contains("featuregate"));
    assert!(desk.git(&["ls-files"]).contains("pkg/virt-handler/guest_keeper.go"));
}

#[test]
fn what_was_scaffolded_becomes_a_series() {
    let desk = Desk::scaffolded();
    // What is the user's: in a file of ours, in another one, and in the index.
    desk.append("pkg/virt-handler/guest_heartbeat.go", "\n// Mine.\n");
    desk.append("docs/README.md", "Mine.\n");
    desk.write("docs/staged.md", "Mine.\n");
    desk.git(&["add", "docs/staged.md"]);
    let before = desk.git(&["status", "--porcelain"]);
    let dry = desk.run(&["commit", "tasks.md", "--dry-run"]);
    assert_eq!((dry.status.code(), desk.subjects().len()), (Some(0), 0), "{}", said(&dry));
    assert_eq!(desk.git(&["status", "--porcelain"]), before);
    let output = desk.run(COMMIT);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let subjects = desk.subjects();
    assert!(subjects[0].ends_with(": Add the GuestHeartbeat feature gate"), "{subjects:?}");
    assert!(subjects.len() >= 7, "{subjects:?}");
    let status = desk.git(&["status", "--porcelain"]);
    assert_eq!(status, " M docs/README.md\nA  docs/staged.md\n M pkg/virt-handler/guest_heartbeat.go\n");
    assert!(!desk.git(&["show", "HEAD:pkg/virt-handler/guest_heartbeat.go"]).contains("Mine"));
    // Each commit keeps the guidelines, is signed off, and has what it says.
    for id in desk.git(&["rev-list", "main.."]).lines() {
        let text = desk.git(&["log", "-1", "--format=%B", id]);
        let (subject, rest) = text.split_once("\n\n").unwrap();
        let (body, trailer) = rest.split_once("\n\nSigned-off-by: ").unwrap();
        assert_eq!(trailer.trim(), "Jane Doe <jane@example.org>");
        let message = Message { subject: subject.to_owned(), body: body.to_owned() };
        assert_eq!(complaints(&message), [""; 0], "{text}");
    }
    let types = "staging/src/kubevirt.io/api/core/v1/types.go";
    let [api, generated] = [types, GENERATED].map(|path| desk.git(&["log", "--format=%H", "main..", "--", path]));
    assert!(!api.is_empty() && api == generated, "{api} {generated}");
    let again = desk.run(COMMIT);
    assert!(said(&again).contains("Nothing to commit."), "{}", said(&again));
    // A commit of the middle stands alone: its BUILD.bazel names no file that is not there.
    let middle = desk.git(&["rev-list", "--reverse", "main.."]).lines().nth(2).unwrap().to_owned();
    let listed = desk.git(&["show", &format!("{middle}:tests/BUILD.bazel")]);
    for file in listed.lines().filter_map(|line| line.trim().strip_prefix('"')?.strip_suffix(".go\",")) {
        desk.git(&["cat-file", "-e", &format!("{middle}:tests/{file}.go")]);
    }
}

/// What is refused: its name, what prepares it, and the arguments.
type Prepared<'a> = (&'a str, &'a dyn Fn(&Desk), &'a [&'a str]);

#[test]
fn what_stands_in_the_way_is_said_before_anything_is_done() {
    let prepared: &[Prepared<'_>] = &[
        ("commit-branch", &|desk| drop(desk.git(&["switch", "--quiet", "main"])), &[]),
        ("commit-branch", &|desk| drop(desk.git(&["switch", "--quiet", "--detach"])), &[]),
        (
            "commit-identity",
            &|desk| fs::write(desk.folder.path().join("gitconfig"), "[user]\n\tname = J\n").unwrap(),
            &[],
        ),
        ("commit-staged", &|desk| drop(desk.git(&["add", "pkg/virt-config/feature-gates.go"])), &[]),
        ("commit-conflict", &|desk| desk.write(".git/MERGE_HEAD", &desk.git(&["rev-parse", "HEAD"])), &[]),
        ("commit-unscaffolded", &|desk| fs::remove_file(desk.checkout.join("docs/guest-heartbeat.md")).unwrap(), &[]),
        ("commit-unscaffolded", &|_| (), &["--owner", "sig-network"]),
        ("commit-generated", &|desk| fs::remove_file(desk.checkout.join(GENERATED)).unwrap(), &[]),
        ("commit-git", &|desk| fs::rename(desk.checkout.join(".git"), desk.folder.path().join("gone")).unwrap(), &[]),
        ("pr-empty", &|_| (), &["pr"]),
        ("pr-base", &|_| (), &["pr", "--base", "nowhere"]),
    ];
    for (code, prepare, more) in prepared {
        let desk = Desk::scaffolded();
        if *code == "commit-staged" {
            // Of the user's, on top of ours.
            desk.append("pkg/virt-config/feature-gates.go", "\n// Mine.\n");
        }
        prepare(&desk);
        let words = match more.split_first() {
            Some((&"pr", more)) => [&["pr", "tasks.md"], more].concat(),
            _ => [COMMIT, more].concat(),
        };
        let output = desk.run(&words);
        let said = said(&output);
        assert_eq!(output.status.code(), Some(2), "{code}: {said}");
        assert!(said.contains(&format!("error[{code}]")), "{code}: {said}");
        if desk.checkout.join(".git").exists() {
            assert_eq!(desk.git(&["rev-list", "--count", "--all"]).trim(), "1", "{code}");
        }
    }
}

#[test]
fn a_hook_that_fails_leaves_the_good_commits() {
    let desk = Desk::scaffolded();
    desk.hook("commit-msg", "grep -q 'T004' \"$1\" && { echo 'not this one' >&2; exit 1; }; exit 0");
    let output = desk.run(COMMIT);
    let words = said(&output);
    assert_eq!(output.status.code(), Some(3), "{words}");
    assert!(words.contains("not this one") && words.contains("error[commit-failed]"), "{words}");
    let good = desk.subjects();
    assert!(!good.is_empty() && words.contains("run the command again to go on"), "{good:?}: {words}");
    // The index has nothing of the commit that failed, and the work tree all of it.
    assert_eq!(desk.git(&["diff", "--cached", "--name-only"]), "");
    assert!(desk.checkout.join("tests/guest_heartbeat_test.go").exists());
    fs::remove_file(desk.checkout.join(".git/hooks/commit-msg")).unwrap();
    let output = desk.run(COMMIT);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert_eq!(desk.subjects()[..good.len()], good);
    assert_eq!(desk.git(&["status", "--porcelain"]), "");
    // The first of all.
    let desk = Desk::scaffolded();
    desk.hook("pre-commit", "exit 1");
    let output = desk.run(COMMIT);
    assert_eq!((output.status.code(), desk.subjects().len()), (Some(2), 0), "{}", said(&output));
    assert!(said(&output).contains("nothing was committed"), "{}", said(&output));
    assert_eq!(desk.git(&["diff", "--cached", "--name-only"]), "");
}

#[test]
fn chosen_tasks_are_committed_with_their_boxes() {
    let desk = Desk::new();
    fs::create_dir(desk.checkout.join("specs")).unwrap();
    fs::copy(root().join("tests/sample/tasks.md"), desk.checkout.join("specs/tasks.md")).unwrap();
    desk.git(&["add", "specs"]);
    desk.git(&["commit", "--quiet", "--message", "specs: Plan"]);
    let tasks = desk.checkout.join("specs/tasks.md").display().to_string();
    assert_eq!(desk.run(&["scaffold", &tasks, "--yes"]).status.code(), Some(0));
    let output = desk.run(&["commit", &tasks, "--yes", "--tick", "--only", "T001,T002", "--area", "gates"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let subjects = desk.git(&["log", "--reverse", "--format=%s", "main.."]);
    assert_eq!(subjects.lines().filter(|line| line.starts_with("gates: Add ")).count(), 2, "{subjects}");
    assert!(desk.git(&["show", "HEAD~1:specs/tasks.md"]).contains("[x] T001"));
    assert!(!desk.git(&["show", "HEAD~1:specs/tasks.md"]).contains("[x] T002"));
    assert!(desk.git(&["show", "HEAD:specs/tasks.md"]).contains("[x] T002"));
    let disk = fs::read_to_string(&tasks).unwrap();
    assert!(disk.contains("[x] T002") && disk.contains("[ ] T004"), "{disk}");
    let left = desk.git(&["status", "--porcelain"]);
    assert!(!left.contains("specs/tasks.md") && left.contains("tests/guest_heartbeat_test.go"), "{left}");
}

#[test]
fn a_pull_request_says_what_is_done_and_what_is_left() {
    let desk = Desk::scaffolded();
    assert_eq!(desk.run(COMMIT).status.code(), Some(0));
    fs::create_dir(desk.checkout.join(".github")).unwrap();
    let template = "### What this PR does\n#### Before this PR:\n\n#### After this PR:\n\n### Special notes for your reviewer\n\n### Release note\n```release-note\n\n```\n";
    desk.write(".github/PULL_REQUEST_TEMPLATE.md", template);
    let spec = "# Spec\n\n## Overview\n\nGuests hang. Fixes #7, says @jane.\n/lgtm\n\n## Goals\n\n- Notice it\n";
    fs::write(desk.folder.path().join("spec.md"), spec).unwrap();
    let output = desk.run(&["pr", "tasks.md"]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(
        text.starts_with(
            "### What this PR does\n#### Before this PR:\nGuests hang. Fixes \\#7, says @<!-- -->jane.\n\\/lgtm\n"
        ),
        "{text}"
    );
    assert!(text.contains("After this PR:\n- ") && text.contains("Add the GuestHeartbeat feature gate\n"), "{text}");
    assert!(text.contains("- T003 Guest With An Agent: by hand"), "{text}");
    assert!(
        text.contains(
            "```release-note\nGuest Heartbeat: the new feature gate `GuestHeartbeat` (Alpha) is off by default.\n```"
        ),
        "{text}"
    );
    assert!(text.contains("### Why we need it\n- Notice it"), "{text}");
    assert!(said(&output).contains("Nothing was verified"), "{}", said(&output));
    // A VEP that lies elsewhere is named. What it says twice is said once.
    let tasks = fs::read_to_string(desk.folder.path().join("tasks.md")).unwrap();
    fs::write(desk.folder.path().join("tasks.md"), tasks + "\n- From: vep.md:3\n").unwrap();
    fs::remove_file(desk.folder.path().join("spec.md")).unwrap();
    assert!(said(&desk.run(&["pr", "tasks.md"])).contains("pass --vep FILE"));
    let vep = "# VEP #7: Beats\n\n## Overview\n\n## Motivation\n\nGuests hang.\n\n## Goals\n\n- Notice it\n\n## Non Goals\n\n- To heal\n\n## User Stories\n\n- I see it\n\n## Repos\n\nkubevirt/kubevirt\n\n## Design\n\nIt counts.\n\n## Alternatives\n\nTo wait.\n";
    fs::create_dir(desk.folder.path().join("7-beats")).unwrap();
    fs::write(desk.folder.path().join("7-beats/vep.md"), vep).unwrap();
    let output = desk.run(&["pr", "tasks.md", "--vep", "7-beats"]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.contains("Before this PR:\nGuests hang.\n"), "{text}{}", said(&output));
    assert_eq!(text.matches("Guests hang.").count(), 1, "{text}");
    assert!(text.contains("- Notice it") && text.contains("issues/7\n"), "{text}");
    assert!(!said(&output).contains("--vep"), "{}", said(&output));
    assert_eq!(desk.run(&["pr", "tasks.md", "--vep", "gone"]).status.code(), Some(2));
    // Undo leaves the commits, and says so.
    let output = desk.run(&["undo", "--yes"]);
    assert!(said(&output).contains("to take commits back, use `git revert` or `git reset`"), "{}", said(&output));
}
