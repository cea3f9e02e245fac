//! What a user sees who is not helped by a case: streams, exit codes, follow-up steps.
#![cfg(unix)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;
use xtask::test::case::{Case, root};

/// The tasks of a case, and a checkout of our own in which they run.
struct Desk {
    case: Case,
    checkout: TempDir,
}

impl Desk {
    fn new(case: &str) -> Self {
        let case = Case::new(&root().join("tests/cases").join(case));
        let checkout = case.checkout().unwrap();
        Self { case, checkout }
    }

    fn run(&self, flags: &[&str]) -> Output {
        self.case.scaffold(Path::new(env!("CARGO_BIN_EXE_xtask")), self.checkout.path(), flags).unwrap()
    }

    /// A stand-in for the checkout's Makefile. Each target leaves its name behind.
    fn makefile(&self, generate: &str) {
        let text = format!(
            "generate:\n\t@echo generate >> steps\n{generate}\nbazel-generate:\n\t@echo bazel-generate >> steps\n"
        );
        fs::write(self.checkout.path().join("Makefile"), text).unwrap();
    }

    fn steps(&self) -> String {
        fs::read_to_string(self.checkout.path().join("steps")).unwrap_or_default()
    }
}

/// The command without a checkout and without a home.
fn alone(arguments: &[&str]) -> Output {
    let empty = TempDir::new().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.current_dir(empty.path()).env("HOME", empty.path()).env_remove("XDG_CACHE_HOME").env_remove("KUBEVIRT_DIR");
    command.args(arguments).output().unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn json(output: &Output) -> serde_json::Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", out(output)))
}

#[test]
fn without_anything_the_sample_is_shown() {
    let output = alone(&["scaffold"]);
    assert_eq!(code(&output), 0);
    let (diff, said) = (out(&output), err(&output));
    assert!(diff.contains("+\tGuestHeartbeat = \"GuestHeartbeat\"\n"), "{diff}");
    assert!(diff.contains("diff --git a/pkg/virt-config/featuregate/active.go"), "{diff}");
    assert!(said.contains("This is the built-in sample tree: it is only shown."), "{said}");
    assert!(said.contains("make generate"), "{said}");
    assert_eq!(code(&alone(&["scaffold", "--yes"])), 0);
    assert_eq!(code(&alone(&["scaffold", "--check"])), 1);
    assert_eq!(json(&alone(&["scaffold", "--format", "json"]))["feature"]["gate"], "GuestHeartbeat");
}

#[test]
fn colours_are_asked_for() {
    let output = alone(&["scaffold", "--color", "always"]);
    assert!(out(&output).contains("\x1b[32m"), "an added line is green");
    assert!(!out(&alone(&["scaffold"])).contains('\x1b'), "a pipe gets no colours");
}

#[test]
fn what_is_not_there_is_named() {
    let output = alone(&["scaffold", "nowhere.md"]);
    let said = err(&output);
    assert_eq!((code(&output), out(&output).as_str()), (2, ""));
    assert!(said.contains("error[tasks-missing]: nowhere.md cannot be read"), "{said}");
    assert!(said.contains("command line:1:10"), "{said}");
    let document = json(&alone(&["scaffold", "nowhere.md", "--format", "json"]));
    assert_eq!(document["diagnostics"][0]["code"], "tasks-missing");
    assert_eq!(document["applied"], false);
    let output = alone(&["scaffold", "--kubevirt", "nowhere"]);
    assert_eq!(code(&output), 2);
    assert!(err(&output).contains("error[not-kubevirt]"), "{}", err(&output));
}

#[test]
fn a_wrong_flag_still_gets_one_document() {
    let output = alone(&["scaffold", "--format", "json", "--hook", "none"]);
    assert_eq!(code(&output), 2);
    assert_eq!(json(&output)["diagnostics"][0]["code"], "usage");
    let output = alone(&["scaffold", "--gate", "X", "--no-gate"]);
    assert_eq!((code(&output), out(&output).as_str()), (2, ""));
    assert_eq!(code(&alone(&["--help"])), 0);
}

#[test]
fn a_name_with_a_line_break_is_refused() {
    let desk = Desk::new("template");
    for name in ["guest\nheartbeat", "guest*/heartbeat", "guest\"heartbeat", "{{guest}}", "guest\u{202e}heartbeat"] {
        let output = desk.run(&["--set", &format!("feature={name}"), "--yes"]);
        assert_eq!(code(&output), 2, "{name:?}: {}", out(&output));
        assert!(err(&output).contains("error[feature-name]"), "{name:?}: {}", err(&output));
    }
}

#[test]
fn a_dry_run_is_the_default_without_a_terminal() {
    let desk = Desk::new("api-named");
    let output = desk.run(&[]);
    assert_eq!(code(&output), 0);
    assert!(err(&output).contains("Nothing was written; pass --yes to write it."));
    assert_eq!(code(&desk.run(&["--check"])), 1);
    assert_eq!(code(&desk.run(&["--yes", "--hooks", "none"])), 0);
    assert_eq!(code(&desk.run(&["--check"])), 0);
}

#[test]
fn steps_run_once_and_in_order() {
    let desk = Desk::new("api-named");
    desk.makefile("");
    let output = desk.run(&["--yes"]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    assert_eq!(desk.steps(), "generate\nbazel-generate\n");
    assert!(err(&output).contains("make generate: done after"), "{}", err(&output));
    assert_eq!(code(&desk.run(&["--yes"])), 0);
    assert_eq!(desk.steps(), "generate\nbazel-generate\n", "nothing changed, so nothing runs");
}

#[test]
fn steps_are_chosen() {
    for (choice, steps) in [("none", ""), ("generate", "generate\n"), ("gazelle", "bazel-generate\n")] {
        let desk = Desk::new("api-named");
        desk.makefile("");
        assert_eq!(code(&desk.run(&["--yes", "--hooks", choice])), 0);
        assert_eq!(desk.steps(), steps, "--hooks {choice}");
    }
}

#[test]
fn a_step_that_fails_leaves_the_files_and_shows_the_end_of_its_log() {
    let desk = Desk::new("api-named");
    desk.makefile("\t@for i in $$(seq 30); do echo line $$i; done\n\t@echo the last word >&2\n\t@exit 7\n");
    let status = Command::new("git").args(["init", "--quiet"]).current_dir(desk.checkout.path()).status().unwrap();
    assert!(status.success());
    let output = desk.run(&["--yes", "--format", "json"]);
    let said = err(&output);
    assert_eq!(code(&output), 3, "{said}");
    assert_eq!(json(&output)["applied"], true);
    assert_eq!(desk.steps(), "generate\n", "the next step does not run");
    assert!(said.contains("`make generate` failed"), "{said}");
    assert!(said.contains("the last word") && said.contains("line 29"), "{said}");
    assert!(!said.contains("line 2\n"), "only the end is shown: {said}");
    let log = fs::read_to_string(desk.checkout.path().join(".git/kubevirt-scaffold/generate.log")).unwrap();
    assert!(log.contains("line 1\n") && log.contains("the last word"), "{log}");
    assert!(desk.checkout.path().join("pkg/virt-config/featuregate/active.go").exists());
}

#[test]
fn a_filled_in_stub_keeps_every_byte() {
    let desk = Desk::new("component-functions");
    assert_eq!(code(&desk.run(&["--yes", "--hooks", "none"])), 0);
    let plan = json(&Desk::new("component-functions").run(&["--format", "json"]));
    let changes = plan["changes"].as_array().unwrap().iter();
    let mut created =
        changes.filter(|change| change["action"] == "create").filter_map(|change| change["path"].as_str());
    let path = desk.checkout.path().join(created.rfind(|path| path.ends_with(".go")).unwrap());
    let stub = fs::read_to_string(&path).unwrap();
    let filled = stub.replace("\treturn ", "\t// Decided here.\n\treturn ");
    assert_ne!(filled, stub);
    fs::write(&path, &filled).unwrap();
    let output = desk.run(&["--yes", "--hooks", "none"]);
    assert_eq!(code(&output), 0);
    assert!(err(&output).contains("Nothing to do."), "{}", err(&output));
    assert_eq!(fs::read_to_string(&path).unwrap(), filled);
}
