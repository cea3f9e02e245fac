//! What a user sees who is not helped by a case: streams, exit codes, follow-up steps.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::support::install;
use tempfile::TempDir;
use xtask::test::case::{Case, root, temporary};

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

    /// Makes the checkout git's, with everything in it committed.
    fn commit(&self) {
        fs::write(self.checkout.path().join(".gitignore"), "steps\n").unwrap();
        let identity = ["-c", "user.name=x", "-c", "user.email=x@example.org"];
        for arguments in [&["init", "--quiet"][..], &["add", "--all"], &["commit", "--quiet", "--message", "x"]] {
            let git = Command::new("git").args(identity).args(arguments).current_dir(self.checkout.path()).output();
            assert!(git.unwrap().status.success(), "{arguments:?}");
        }
    }

    /// The command itself, to be started with other surroundings.
    fn command(&self, flags: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command.current_dir(&self.case.folder).arg(&self.case.command).args(&self.case.args).args(flags);
        command.env("KUBEVIRT_DIR", self.checkout.path());
        command.env_remove("KUBEVIRT_CRI").env_remove("KUBEVIRT_RUN_UNNESTED");
        command
    }

    /// A folder for PATH with some programs of the machine, and stand-ins for others.
    fn programs(&self, real: &[&str], stand_ins: &[(&str, &str)]) -> TempDir {
        let folder = temporary().unwrap();
        let path = std::env::var_os("PATH").unwrap();
        for program in real {
            let found = std::env::split_paths(&path).map(|folder| folder.join(program)).find(|path| path.is_file());
            std::os::unix::fs::symlink(found.unwrap(), folder.path().join(program)).unwrap();
        }
        for (program, script) in stand_ins {
            let text = folder.path().join("text");
            fs::write(&text, format!("#!/bin/sh\n{script}\n")).unwrap();
            install(&text, &folder.path().join(program));
        }
        fs::create_dir_all(self.checkout.path().join("hack")).unwrap();
        fs::write(self.checkout.path().join("hack/dockerized"), "#!/bin/sh\n").unwrap();
        folder
    }

    fn steps(&self) -> String {
        fs::read_to_string(self.checkout.path().join("steps")).unwrap_or_default()
    }
}

/// The command without a checkout and without a home.
fn alone(arguments: &[&str]) -> Output {
    let empty = temporary().unwrap();
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
    assert!(said.contains("Preview only: this is the built-in sample tree."), "{said}");
    assert!(said.contains("make generate"), "{said}");
    assert_eq!(code(&alone(&["scaffold", "--yes"])), 2);
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
    desk.commit();
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

#[test]
fn what_a_step_changes_beyond_the_plan_is_shown() {
    let desk = Desk::new("api-named");
    desk.makefile("\t@echo more >> go.mod\n\t@echo new > surprise.txt\n");
    desk.commit();
    let output = desk.run(&["--yes"]);
    let said = err(&output);
    assert_eq!(code(&output), 0, "{said}");
    assert!(
        said.contains("`make generate` changed 2 files beyond the plan:\n  M go.mod\n  A surprise.txt\n"),
        "{said}"
    );
    assert!(!said.contains("`make bazel-generate` changed"), "{said}");
}

#[test]
fn what_a_failed_step_deleted_can_be_restored() {
    let desk = Desk::new("api-named");
    desk.makefile("\t@rm go.mod tests/*.go\n\t@exit 1\n");
    desk.commit();
    let output = desk.run(&["--yes"]);
    let said = err(&output);
    assert_eq!(code(&output), 3, "{said}");
    assert!(said.contains("files deleted, such as go.mod."), "{said}");
    assert!(said.contains("To go on: make generate && make bazel-generate"), "{said}");
    assert!(!desk.checkout.path().join("go.mod").exists());
    assert!(said.contains("To undo what `make generate` changed: `cargo xtask undo --to 1`"), "{said}");
    let mut undo = Command::new(env!("CARGO_BIN_EXE_xtask"));
    undo.args(["undo", "--to", "1", "--yes", "--kubevirt"]).arg(desk.checkout.path());
    assert_eq!(code(&undo.output().unwrap()), 0);
    let sample = fs::read(root().join("tests/sample/kubevirt/go.mod")).unwrap();
    assert_eq!(fs::read(desk.checkout.path().join("go.mod")).unwrap(), sample);
    assert_eq!(code(&desk.run(&["--check"])), 0, "what was scaffolded is still there");
}

#[test]
fn an_interrupt_ends_the_step_and_everything_that_it_started() {
    // A terminal that closes and a service that stops ask for the same.
    for signal in ["-INT", "-TERM", "-HUP"] {
        interrupted(signal);
    }
}

fn interrupted(signal: &str) {
    use std::io::{BufRead as _, BufReader, Read as _};
    let desk = Desk::new("api-named");
    desk.makefile("\t@sleep 60 & echo $$! > pid; wait\n");
    let mut command = desk.command(&["--yes"]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    let mut said = String::new();
    while !said.contains("running make generate") {
        assert_ne!(stderr.read_line(&mut said).unwrap(), 0, "{said}");
    }
    let pid = desk.checkout.path().join("pid");
    let sleeper = loop {
        let text = fs::read_to_string(&pid).unwrap_or_default();
        if text.ends_with('\n') {
            break text.trim().to_owned();
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    };
    // A process that nobody waited for is dead all the same.
    let runs = || {
        let state = fs::read_to_string(format!("/proc/{sleeper}/stat")).unwrap_or_default();
        !state.is_empty() && !state.contains(") Z ")
    };
    assert!(runs() || !Path::new("/proc/self/stat").exists(), "the step runs");
    let kill = Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
    assert!(kill.success());
    stderr.read_to_string(&mut said).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(3), "{said}");
    assert!(said.contains("`make generate` was interrupted; the files are in place"), "{said}");
    assert!(said.contains("To go on: make generate && make bazel-generate"), "{said}");
    // It closes what we wait for a moment before it is gone.
    for _ in 0..100 {
        if runs() {
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
    }
    assert!(!runs(), "nothing is left running");
}

#[test]
fn without_a_container_engine_the_step_says_what_is_missing() {
    let desk = Desk::new("api-named");
    desk.makefile("");
    let programs = desk.programs(&["make", "git"], &[]);
    let output = desk.command(&["--yes"]).env("PATH", programs.path()).output().unwrap();
    let said = err(&output);
    assert_eq!(code(&output), 3, "{said}");
    assert!(said.contains("neither `podman ps` nor `docker ps` works"), "{said}");
    assert!(said.contains("Once fixed, run: make generate && make bazel-generate"), "{said}");
    assert_eq!(desk.steps(), "");
}

#[test]
fn without_its_tools_an_unnested_step_says_which_are_missing() {
    let desk = Desk::new("api-named");
    desk.makefile("");
    let programs = desk.programs(&["make", "git"], &[("go", "exit 0"), ("mockgen", "exit 0")]);
    let mut command = desk.command(&["--yes"]);
    let output = command.env("PATH", programs.path()).env("KUBEVIRT_RUN_UNNESTED", "true").output().unwrap();
    let said = err(&output);
    assert_eq!(code(&output), 3, "{said}");
    assert!(said.contains("not on PATH: swagger-doc, deepcopy-gen"), "{said}");
    assert!(!said.contains("mockgen"), "{said}");
}

#[test]
fn without_a_container_engine_gazelle_runs_by_itself() {
    let desk = Desk::new("component-functions");
    desk.makefile("");
    let programs = desk.programs(&["make", "git"], &[("gazelle", "echo \"$@\" >> steps")]);
    let mut command = desk.command(&["--dry-run", "--format", "json"]);
    let plan = json(&command.env("PATH", programs.path()).output().unwrap());
    let shown = plan["hooks"][0]["command"].as_str().unwrap().to_owned();
    assert!(shown.starts_with("gazelle update -repo_root . -build_tags selinux pkg/virt-config "), "{shown}");
    let output = desk.command(&["--yes"]).env("PATH", programs.path()).output().unwrap();
    assert_eq!(code(&output), 0, "{}", err(&output));
    assert!(err(&output).contains("so gazelle runs by itself"), "{}", err(&output));
    assert_eq!(format!("gazelle {}", desk.steps()), format!("{shown}\n"));

    let desk = Desk::new("component-functions");
    let stand_ins = [("gazelle", "echo \"$@\" >> steps"), ("docker", "exit 1")];
    let programs = desk.programs(&["make", "git"], &stand_ins);
    let output = desk.command(&["--yes"]).env("PATH", programs.path()).output().unwrap();
    assert_eq!(code(&output), 0, "{}", err(&output));
    assert!(err(&output).contains("Neither podman nor docker runs"), "{}", err(&output));
    assert_eq!(format!("gazelle {}", desk.steps()), format!("{shown}\n"));
}

#[test]
fn an_engine_that_works_is_enough() {
    let desk = Desk::new("api-named");
    desk.makefile("");
    let programs = desk.programs(&["make", "git"], &[("podman", "exit 0"), ("gazelle", "exit 1")]);
    let output = desk.command(&["--yes"]).env("PATH", format!("{}:/bin", programs.path().display())).output().unwrap();
    assert_eq!(code(&output), 0, "{}", err(&output));
    assert_eq!(desk.steps(), "generate\nbazel-generate\n");
}

#[test]
fn a_read_only_file_is_not_replaced() {
    let desk = Desk::new("component-functions");
    let build = desk.checkout.path().join("pkg/virt-handler/BUILD.bazel");
    let before = fs::read(&build).unwrap();
    fs::set_permissions(&build, std::os::unix::fs::PermissionsExt::from_mode(0o444)).unwrap();
    let output = desk.run(&["--yes", "--format", "json"]);
    assert_eq!(code(&output), 2);
    assert!(err(&output).contains("error[apply]: pkg/virt-handler/BUILD.bazel is read-only"), "{}", err(&output));
    let plan = json(&output);
    let said = plan["diagnostics"].as_array().unwrap();
    assert!(plan["applied"] == false && said.iter().any(|said| said["code"] == "apply"), "{plan}");
    assert_eq!(fs::read(&build).unwrap(), before);
    assert!(!desk.checkout.path().join("pkg/virt-handler/guest_clock.go").exists());
}
