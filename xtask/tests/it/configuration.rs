//! What is configured once and for all, what is asked at a terminal, and how a plan is shown there.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::support::skipped;
use crate::trust::{Ground, ended};

const TASKS: &str = "\
# Tasks: Guest Clock

## Phase 1: All

- [ ] T001 **Feature Gate Registration**
  - File: `pkg/virt-config/featuregate/active.go`
- [ ] T002 **Sync it**
  - File: `pkg/virt-[component]/clock.go`
  - Function: `syncClock()`
";

/// A checkout, a feature's folder in it, and the user's configuration.
struct Desk {
    ground: Ground,
}

impl Desk {
    fn new() -> Self {
        let ground = Ground::new();
        for folder in [ground.path("specs/clock"), ground.beside("config/kubevirt-scaffold")] {
            fs::create_dir_all(folder).unwrap();
        }
        fs::write(ground.path("specs/clock/tasks.md"), TASKS).unwrap();
        Self { ground }
    }

    fn user(&self, text: &str) {
        fs::write(self.ground.beside("config/kubevirt-scaffold/config.toml"), text).unwrap();
    }

    fn checkout(&self, text: &str) {
        fs::write(self.ground.path(".kubevirt-scaffold.toml"), text).unwrap();
    }

    fn feature(&self, text: &str) {
        fs::write(self.ground.path("specs/clock/.kubevirt-scaffold.toml"), text).unwrap();
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = self.ground.command(words);
        command.current_dir(self.ground.path("specs/clock")).env("XDG_CONFIG_HOME", self.ground.beside("config"));
        command
    }

    fn run(&self, words: &[&str]) -> Output {
        self.command(words).output().unwrap()
    }

    /// What a terminal shows, from a folder of the checkout, when somebody types some lines there.
    fn typed(&self, folder: &str, words: &str, keys: &str, variables: &[(&str, &str)]) -> String {
        let line = format!("'{}' {words}", env!("CARGO_BIN_EXE_xtask"));
        let mut command = Command::new("script");
        command.args(["-qec", &line, "/dev/null"]).current_dir(self.ground.path(folder));
        command.env("KUBEVIRT_DIR", &self.ground.checkout).env("PAGER", "cat").env("TERM", "xterm");
        command.env("XDG_CONFIG_HOME", self.ground.beside("config")).env_remove("NO_COLOR").env_remove("COLUMNS");
        command.envs(variables.iter().copied());
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(keys.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        String::from_utf8_lossy(&output.stdout).replace('\r', "")
    }
}

fn shown(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn has_terminals() -> bool {
    let is_there = Command::new("script").arg("--version").output().is_ok_and(|output| output.status.success());
    if !is_there {
        skipped("there is no `script` to make a terminal with");
    }
    is_there
}

const SCAFFOLD: &[&str] = &["scaffold", "tasks.md", "--dry-run"];

#[test]
fn the_nearest_file_has_the_value() {
    let desk = Desk::new();
    let (code, said) = ended(&desk.run(SCAFFOLD));
    assert!(code == Some(2) && said.contains("error[placeholder]"), "{said}");
    desk.user("owner = \"sig-user\"\nrelease = \"v1.3.0\"\ncomponents = [\"api\"]\n");
    let diff = shown(&desk.run(SCAFFOLD));
    assert!(diff.contains("sig-user") && diff.contains("v1.3.0") && diff.contains("b/pkg/virt-api/clock.go"), "{diff}");
    desk.checkout("owner = \"sig-checkout\"\n[set]\ncomponent = \"handler\"\n");
    let diff = shown(&desk.run(SCAFFOLD));
    assert!(diff.contains("sig-checkout") && diff.contains("v1.3.0") && diff.contains("b/pkg/virt-handler/"), "{diff}");
    desk.feature("owner = \"sig-feature / @me\"\nset.featur = \"x\"\n");
    let output = desk.run(SCAFFOLD);
    assert!(shown(&output).contains("sig-feature / @me"), "{}", shown(&output));
    // What stands beside the tasks.md stands there for it.
    let said = ended(&output).1;
    assert!(said.contains("warning[set-unused]") && said.contains(".kubevirt-scaffold.toml:2:"), "{said}");
    assert!(!said.contains("[component]"), "{said}");
    let words = [SCAFFOLD, &["--owner", "sig-typed", "--set", "component=controller", "--release", "v1.4.0"]].concat();
    let diff = shown(&desk.run(&words));
    assert!(diff.contains("sig-typed") && diff.contains("v1.4.0") && !diff.contains("sig-feature"), "{diff}");
    // Other commands know it, too.
    let status = desk.run(&["status"]);
    assert_eq!(ended(&status).0, Some(0), "{}", ended(&status).1);
}

#[test]
fn where_a_value_comes_from_is_shown() {
    let desk = Desk::new();
    desk.user("hooks = \"none\"\nowner = \"sig-user\"\n");
    desk.feature("\n[set]\ncomponent = \"handler\"\n");
    let output = desk.run(&["config", "show"]);
    let text = shown(&output);
    let row = |key: &str| text.lines().find(|line| line.starts_with(key)).unwrap_or_default().to_owned();
    assert!(row("checkout").ends_with("$KUBEVIRT_DIR"), "{text}");
    assert!(row("hooks").contains("none") && row("hooks").ends_with("config.toml:1"), "{text}");
    assert!(row("owner").contains("sig-user") && row("owner").ends_with("config.toml:2"), "{text}");
    assert!(row("release").ends_with("the highest that the gate files name"), "{text}");
    assert!(row("set.component").ends_with(".kubevirt-scaffold.toml:3"), "{text}");
    assert!(text.contains("/.kubevirt-scaffold.toml (not found)"), "{text}");
    let json: Value = serde_json::from_slice(&desk.run(&["config", "show", "--format", "json"]).stdout).unwrap();
    assert_eq!(json["settings"][1]["line"], 1);
    assert_eq!(json["files"][1]["found"], false);
    // What it was scaffolded with comes before what is configured.
    let words = ["scaffold", "--owner", "sig-typed", "--gate-layout", "active", "--yes"];
    let output = desk.run(&words);
    assert_eq!(ended(&output).0, Some(0), "{}", ended(&output).1);
    let text = shown(&desk.run(&["config", "show"]));
    let owner = text.lines().find(|line| line.starts_with("owner")).unwrap();
    assert!(owner.contains("sig-typed") && owner.ends_with("what the tasks.md was scaffolded with"), "{text}");
    assert!(text.lines().any(|line| line.starts_with("gate-layout") && line.contains("active")), "{text}");
}

#[test]
fn a_checkout_and_steps_are_the_users_own_business() {
    let desk = Desk::new();
    let elsewhere = |words: &[&str]| {
        let mut command = desk.command(words);
        ended(&command.env_remove("KUBEVIRT_DIR").current_dir(desk.ground.folder.path()).output().unwrap())
    };
    desk.user(&format!(
        "checkout = '{}'\nhooks = \"none\"\n[set]\ncomponent = \"handler\"\n",
        desk.ground.checkout.display()
    ));
    let (code, said) = elsewhere(&["gates"]);
    assert!(matches!(code, Some(0 | 1)), "{said}");
    let (code, said) = ended(&desk.run(&["scaffold", "--dry-run"]));
    assert!(code == Some(0) && !said.contains("make bazel-generate"), "{said}");
    let (code, said) = ended(&desk.run(&["scaffold", "--dry-run", "--hooks", "auto"]));
    assert!(code == Some(0) && said.contains("bazel-generate"), "{said}");
    desk.user("owner = \"x\"\ncheckout = \"/nowhere/at/all\"\n");
    let (code, said) = elsewhere(&["gates"]);
    assert!(code == Some(2) && said.contains("error[not-kubevirt]") && said.contains("config.toml:2:12"), "{said}");
    desk.user("");
    for text in ["hooks = \"auto\"\n", "checkout = \"/x\"\n"] {
        desk.feature(text);
        let (code, said) = ended(&desk.run(SCAFFOLD));
        assert!(code == Some(2) && said.contains("error[config-scope]"), "{text}: {said}");
        desk.feature("");
        desk.checkout(text);
        let (code, said) = ended(&desk.run(SCAFFOLD));
        assert!(code == Some(2) && said.contains("error[config-scope]"), "{text}: {said}");
        desk.checkout("");
    }
}

#[test]
fn nothing_is_done_under_a_configuration_that_is_not_understood() {
    let desk = Desk::new();
    desk.user("\nownr = \"x\"\n");
    for words in
        [&["scaffold", "tasks.md", "--yes"][..], &["gates"], &["undo", "--yes"], &["config", "show"], &["status"]]
    {
        let (code, said) = ended(&desk.run(words));
        assert!(code == Some(2) && said.contains("error[config-key]"), "{words:?}: {said}");
        assert!(said.contains("config.toml:2:1") && said.contains("did you mean `owner`?"), "{words:?}: {said}");
    }
    let output = desk.run(&["scaffold", "tasks.md", "--format", "json"]);
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["diagnostics"][0]["code"], "config-key");
    desk.user("");
    desk.feature("release = 1.5\ncomponents = \"handler\"\n");
    for words in [&["scaffold", "tasks.md", "--yes"][..], &["status"], &["commit", "--dry-run"], &["config", "show"]] {
        let (code, said) = ended(&desk.run(words));
        assert!(code == Some(2) && said.matches("error[config-type]").count() == 2, "{words:?}: {said}");
    }
    // Neither a pipe nor a folder is waited for.
    fs::remove_file(desk.ground.path("specs/clock/.kubevirt-scaffold.toml")).unwrap();
    assert!(Command::new("mkfifo").arg(desk.ground.path(".kubevirt-scaffold.toml")).status().unwrap().success());
    let (code, said) = ended(&desk.run(SCAFFOLD));
    assert!(code == Some(2) && said.contains("error[file-unreadable]"), "{said}");
}

#[test]
fn what_is_missing_is_asked_and_remembered() {
    if !has_terminals() {
        return;
    }
    let desk = Desk::new();
    let memory = desk.ground.path("specs/clock/.kubevirt-scaffold.toml");
    let words = "scaffold --hooks none --color never";
    // Without an answer it is as without a terminal.
    let text = desk.typed("specs/clock", words, "\n", &[]);
    assert!(text.contains("error[placeholder]") && !memory.exists(), "{text}");
    // A dry run writes nothing.
    let text = desk.typed("specs/clock", &format!("{words} --dry-run"), "handler\n", &[]);
    assert!(text.contains("pkg/virt-handler/clock.go") && !memory.exists(), "{text}");
    let text = desk.typed("specs/clock", words, "../x\nhandler\ny\n", &[]);
    assert!(text.contains("tasks.md:8:") && text.contains("has no place in a name or a path"), "{text}");
    assert!(text.contains("Saved the answers in") && desk.ground.path("pkg/virt-handler/clock.go").exists(), "{text}");
    assert_eq!(fs::read_to_string(&memory).unwrap(), "[set]\ncomponent = \"handler\"\n");
    let text = desk.typed("specs/clock", words, "", &[]);
    assert!(text.contains("Nothing to do."), "{text}");
    // What the user has there stays.
    fs::write(&memory, "# mine\nowner = \"sig-x\"\n").unwrap();
    let more = format!("{TASKS}- [ ] T003 **User guide**\n  - File: `docs/[hand]-guide.md`\n");
    fs::write(desk.ground.path("specs/clock/tasks.md"), more).unwrap();
    desk.typed("specs/clock", &format!("{words} --set component=handler"), "minute\ny\n", &[]);
    assert_eq!(fs::read_to_string(&memory).unwrap(), "# mine\nowner = \"sig-x\"\n\n[set]\nhand = \"minute\"\n");
    assert!(desk.ground.path("docs/minute-guide.md").exists());
}

#[test]
fn a_preview_is_read_from_where_one_stands() {
    if !has_terminals() {
        return;
    }
    let desk = Desk::new();
    let words = "scaffold ../../specs/clock/tasks.md --dry-run --set component=handler";
    let text = desk.typed("pkg/virt-config", words, "", &[]);
    let plain = desk.typed("pkg/virt-config", &format!("{words} --color never"), "", &[]);
    assert!(
        plain.contains("  featuregate/active.go (T001)") && plain.contains("  ../virt-handler/clock.go (T002)"),
        "{plain}"
    );
    assert!(!plain.contains('\u{1b}'), "{plain}");
    // The summary comes first, the counts last.
    let at = |words: &str| plain.find(words).unwrap_or_else(|| panic!("{words}: {plain}"));
    assert!(at("to create in") < at("diff --git") && at("diff --git") < at("left to you."), "{plain}");
    assert!(
        text.contains("\u{1b}]8;;file://") && text.contains("featuregate/active.go\u{1b}\\featuregate/active.go"),
        "{text:?}"
    );
    // What is not there yet is no link.
    assert!(!text.contains("clock.go\u{1b}\\"), "{text:?}");
    for variables in [("TERM", "dumb"), ("NO_COLOR", "1"), ("TERM", "linux")] {
        let text = desk.typed("pkg/virt-config", words, "", &[variables]);
        assert!(!text.contains("\u{1b}]8"), "{variables:?}: {text:?}");
    }
    let piped = desk.run(&[SCAFFOLD, &["--color", "always", "--set", "component=handler"]].concat());
    assert!(!shown(&piped).contains("\u{1b}]8") && !ended(&piped).1.contains("\u{1b}]8"));
    // A diagnostic leads to its place.
    let text = desk.typed("specs/clock", "scaffold tasks.md --dry-run --set component=handler --set featur=x", "", &[]);
    assert!(text.contains("warning"), "{text}");
    let text = desk.typed("specs/clock", "scaffold tasks.md --dry-run", "\n", &[]);
    assert!(text.contains("tasks.md\u{1b}\\tasks.md:8:"), "{text:?}");
}

#[test]
fn lines_are_counted() {
    let desk = Desk::new();
    desk.checkout("components = [\"handler\"]\n");
    let whole = shown(&desk.run(SCAFFOLD));
    let lines =
        |sign: char, head: &str| whole.lines().filter(|line| line.starts_with(sign) && !line.starts_with(head)).count();
    let (added, removed) = (lines('+', "+++"), lines('-', "---"));
    for columns in ["40", "80", "200"] {
        let output = desk.command(&[SCAFFOLD, &["--stat"]].concat()).env("COLUMNS", columns).output().unwrap();
        let text = shown(&output);
        let rows: Vec<&str> = text.lines().filter(|line| line.contains(" | ")).collect();
        let numbers = rows.iter().map(|row| row.split(" | ").nth(1).unwrap().split_whitespace().next().unwrap());
        assert_eq!(numbers.map(|number| number.parse::<usize>().unwrap()).sum::<usize>(), added + removed, "{text}");
        assert!(rows.iter().all(|row| row.chars().count() <= columns.parse().unwrap()), "{text}");
        assert!(rows.iter().all(|row| row.contains('+')), "{text}");
        assert!(text.ends_with(&format!("+{added} -{removed} lines; 0 tasks left to you.\n")), "{text}");
        assert!(!text.contains("diff --git"), "{text}");
        assert!(!String::from_utf8_lossy(&output.stderr).contains(" to create in "), "the table has every file");
    }
    let (code, said) = ended(&desk.run(&[SCAFFOLD, &["--stat", "--format", "json"]].concat()));
    assert!(code == Some(2) && said.contains("--stat"), "{said}");
    assert!(Path::new(&desk.ground.checkout).exists());
}
