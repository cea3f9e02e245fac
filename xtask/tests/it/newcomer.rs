//! What somebody meets who uses this for the first time.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use crate::trust::{Ground, TASKS, YES};
use xtask::test::case::temporary;

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn shown(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// A command in a folder.
fn within(ground: &Ground, folder: &Path, words: &[&str]) -> Output {
    let mut command = ground.command(words);
    command.current_dir(folder).output().unwrap()
}

#[test]
fn without_a_tasks_md_the_sample_is_never_written() {
    let ground = Ground::new();
    let empty = temporary().unwrap();
    let output = within(&ground, empty.path(), &["scaffold", "--yes", "--hooks", "none"]);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(said(&output).contains("error[tasks-missing]"), "{}", said(&output));
    let output = within(&ground, empty.path(), &["status"]);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
}

#[test]
fn the_folder_that_one_stands_in_is_enough() {
    let ground = Ground::new();
    let deep = ground.path("specs/001-heartbeat/notes");
    fs::create_dir_all(&deep).unwrap();
    fs::write(ground.path("specs/001-heartbeat/tasks.md"), TASKS).unwrap();
    for words in [&["scaffold", "--dry-run"][..], &["status"], &["graph"], &["check"]] {
        let output = within(&ground, &deep, words);
        assert!(said(&output).contains("Using ../tasks.md."), "{words:?}: {}", said(&output));
        let all = shown(&output) + &said(&output);
        assert!(all.contains("T001") || all.contains("tasks.md: 2 tasks"), "{words:?}: {all}");
    }
    // Not one of another repository around this one.
    fs::write(ground.beside("tasks.md"), TASKS).unwrap();
    let output = within(&ground, &ground.path("docs"), &["graph"]);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
}

#[test]
fn what_is_meant_is_asked() {
    let ground = Ground::new();
    fs::create_dir(ground.beside("feature")).unwrap();
    fs::write(ground.beside("feature/tasks.md"), TASKS).unwrap();
    for (words, expected) in [
        (&["check", "feature"][..], "did you mean feature/tasks.md?"),
        (&["graph", "task.md"], "did you mean tasks.md?"),
        (&["check", "nofile.txt/x"], "name the tasks.md of a feature"),
        (&["scaffold", "tasks.md", "--json"], "--format json"),
        (&["--explain", "path-escape"], "did you mean path-escapes?"),
        (&["explain", "path-escapes"], "tip: `cargo xtask --explain CODE` explains a code"),
        (&["tasks", "nowhere"], "nowhere does not exist"),
        (&["tasks", "feature"], "this folder has neither a vep.md nor a plan.md"),
        (&["scaffold", "tasks.md", "--set", "featur=x"], "warning[set-unused]"),
    ] {
        let output = ground.command(words).output().unwrap();
        assert!(said(&output).contains(expected), "{words:?}: {}", said(&output));
        assert!(!said(&output).contains("as a value"), "{words:?}: {}", said(&output));
    }
    let output = ground.command(&["scaffold", "tasks.md", "--set", "a"]).output().unwrap();
    assert!(said(&output).contains("command line:1:25"), "the caret is at the last word: {}", said(&output));
}

#[test]
fn a_code_is_explained() {
    let ground = Ground::new();
    for code in ["path-escapes", "error[path-escapes]", "tests-late", "commit-branch"] {
        let output = ground.command(&["--explain", code]).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{code}: {}", said(&output));
        assert!(shown(&output).lines().count() > 2, "{code}: {}", shown(&output));
    }
    // Its commands are those of the program that is asked, and without a code all codes are listed.
    let output = ground.command(&["--explain", "interrupted"]).output().unwrap();
    assert!(shown(&output).contains("`cargo xtask recover`"), "{}", shown(&output));
    let output = ground.command(&["--explain"]).output().unwrap();
    assert!(shown(&output).lines().any(|code| code == "path-escapes"), "{}", shown(&output));
}

#[test]
fn the_command_that_is_told_works() {
    let ground = Ground::new();
    let checkout = ground.checkout.display().to_string();
    let mut save =
        ground.command(&["scaffold", "tasks.md", "--kubevirt", &checkout, "--plan", "p.json", "--hooks", "none"]);
    let output = save.env_remove("KUBEVIRT_DIR").output().unwrap();
    let words = said(&output);
    let told = words.split('`').find(|part| part.starts_with("cargo xtask apply")).unwrap().to_owned();
    let words: Vec<&str> = told.split(' ').skip(2).chain(["--yes"]).collect();
    let output = ground.command(&words).env_remove("KUBEVIRT_DIR").output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{told}: {}", said(&output));
}

#[test]
fn a_diff_of_a_document_can_be_applied() {
    let ground = Ground::new();
    let text = TASKS.replace("- [ ] T002", "- [ ] T002 [P]").replace("- [ ] T001", "- [x] T001");
    fs::write(ground.beside("tasks.md"), text).unwrap();
    let whole = ground.beside("tasks.md").display().to_string();
    let output = ground.command(&["status", &whole, "--tick"]).output().unwrap();
    assert!(shown(&output).contains("--- a/tasks.md\n"), "{}", shown(&output));
    fs::write(
        ground.beside("x.patch"),
        shown(&output).split_once("diff --git").map(|(_, diff)| format!("diff --git{diff}")).unwrap(),
    )
    .unwrap();
    let git =
        Command::new("git").args(["apply", "--check", "x.patch"]).current_dir(ground.folder.path()).output().unwrap();
    assert!(git.status.success(), "{}", said(&git));
}

#[test]
fn undo_says_what_it_does() {
    let ground = Ground::new();
    assert_eq!(ground.run(YES).0, Some(0));
    let path = ground.path(crate::trust::COUNTER);
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("func countHeartbeats()", "func countHeartbeats(all bool)")).unwrap();
    let (code, said) = ground.run(&["undo", "--yes"]);
    assert!(code == Some(2) && said.contains("error[undo-conflict]"), "{said}");
    assert!(!said.contains("left as it is") && !said.contains("1 |"), "{said}");
    let (code, said) = ground.run(&["undo", "--yes", "--keep-edited"]);
    assert!(code == Some(0) && said.contains("left as it is"), "{said}");
}

#[test]
fn status_names_what_is_lacking() {
    let ground = Ground::new();
    assert_eq!(ground.run(YES).0, Some(0));
    let more = TASKS.replace("counts them\n", "counts them\n  - Function: `forgetHeartbeats()` - forgets them\n");
    fs::write(ground.beside("tasks.md"), more).unwrap();
    let output = ground.command(&["status", "tasks.md", "--color", "always"]).output().unwrap();
    let text = shown(&output);
    assert!(text.contains("counter.go lacks `func") && text.contains("forgetHeartbeats()"), "{text}");
    assert!(text.contains("\u{1b}[31mmissing"), "{text}");
    let graph = ground.command(&["graph", "tasks.md", "--color", "always"]).output().unwrap();
    assert!(shown(&graph).contains("\u{1b}[1mPhase 1"), "{}", shown(&graph));
}

#[test]
fn the_tasks_of_help_can_be_typed() {
    let ground = Ground::new();
    let (code, said) = ground.run(&["scaffold", "tasks.md", "--only", "T017"]);
    assert!(code == Some(2) && said.contains("error[task-unknown]"), "{said}");
    let (_, told) = said.split_once("the tasks are ").unwrap_or_else(|| panic!("{said}"));
    let told = told.lines().next().unwrap();
    let ids = told.replace(" to ", "-").replace(", ", ",");
    let (code, said) = ground.run(&["scaffold", "tasks.md", "--only", &ids, "--dry-run"]);
    assert_eq!(code, Some(0), "{ids}: {said}");
}

#[test]
fn each_help_is_about_its_own_command() {
    let ground = Ground::new();
    for (command, has_diff) in
        [("status", true), ("gates", false), ("verify", false), ("graph", false), ("scaffold", true)]
    {
        let help = shown(&ground.command(&[command, "--help"]).output().unwrap());
        let (_, format) = help.split_once("--format").unwrap();
        let format = format.split("\n  -").next().unwrap();
        assert!(format.contains("json"), "{command}: {help}");
        assert!(command == "scaffold" || !format.contains("diff"), "{command}: {format}");
        assert!(has_diff || !help.contains("The diff"), "{command}: {help}");
    }
}

#[test]
fn a_help_says_what_its_command_does() {
    let ground = Ground::new();
    for (command, said, unsaid) in [
        ("scaffold", &["such as --patch", "built-in sample tree", "change nothing in the checkout"][..], &[][..]),
        ("commit", &["Show the series, and commit nothing", "Commit without asking"], &["--patch", "sample"]),
        ("generate", &["Show the result, and write nothing", "Write without asking"], &["--patch", "sample"]),
        ("undo", &["Show the result, and write nothing"], &["--patch", "sample"]),
        ("status", &["built-in sample tree"], &[]),
    ] {
        let help = shown(&ground.command(&[command, "--help"]).output().unwrap());
        let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said.iter().all(|words| help.contains(words)), "{command}: {help}");
        assert!(!unsaid.iter().any(|words| help.contains(words)), "{command}: {help}");
    }
    // The commands come in the order in which a feature needs them.
    let help = shown(&ground.command(&["--help"]).output().unwrap());
    let place = |name: &str| help.find(&format!("\n  {name} ")).unwrap_or_else(|| panic!("{name}: {help}"));
    let order = ["tasks", "check", "scaffold", "verify", "commit", "pr", "completions"];
    assert!(order.windows(2).all(|pair| place(pair[0]) < place(pair[1])), "{help}");
}

#[test]
fn one_is_not_many() {
    let ground = Ground::new();
    fs::write(ground.beside("tasks.md"), TASKS.replace("- [ ] T001", "- [x] T001")).unwrap();
    let output = ground.command(&["status", "tasks.md"]).output().unwrap();
    assert!(shown(&output).contains("* 1 box is out of date; `--tick` updates it"), "{}", shown(&output));
    let output = ground.command(&["status", "tasks.md", "--tick", "--yes"]).output().unwrap();
    assert!(said(&output).contains("Ticked 1 box in tasks.md."), "{}", said(&output));
}

#[test]
fn the_folder_of_a_vep_is_enough() {
    let ground = Ground::new();
    let vep = "tests/cases/vep/documents/veps/sig-compute/412-chime";
    xtask::test::case::copy(&xtask::test::case::root().join(vep), &ground.beside("412-chime")).unwrap();
    for command in ["check", "status", "scaffold"] {
        let output = ground.command(&[command, "412-chime"]).output().unwrap();
        let all = said(&output);
        assert!(all.contains("Using 412-chime/vep.md.") && !all.contains("error["), "{command}: {all}");
        // What is in memory only has no lines: those of the VEP are cited.
        assert!(command != "scaffold" || all.contains("(412-chime/vep.md:28): the task names no file"), "{all}");
    }
    let output = ground.command(&["scaffold", "412-chime", "--patch", "x.patch"]).output().unwrap();
    assert!(said(&output).contains("Wrote the diff to x.patch."), "{}", said(&output));
}

#[test]
fn the_readme_can_be_followed() {
    let readme = fs::read_to_string(xtask::test::case::root().join("README.md")).unwrap();
    let building = readme.split("cargo xtask").next().unwrap().len();
    assert!(readme[building..].contains("minutes"), "the first build takes its time, and that is said");
    // What it gives for placeholders is all that the template asks for.
    let (_, flags) = readme.split_once("`--set ").unwrap();
    let flags = flags.split('`').next().unwrap();
    let words: Vec<&str> = std::iter::once("--set").chain(flags.split_whitespace()).collect();
    let ground = Ground::new();
    let template = xtask::test::case::root().join("tests/cases/template/tasks.md");
    fs::copy(template, ground.beside("template.md")).unwrap();
    let (code, said) =
        ground.run(&[&["scaffold", "template.md", "--dry-run", "--ignore-compliance"], &*words].concat());
    assert_eq!(code, Some(0), "{words:?}: {said}");
}

#[test]
fn a_message_about_a_whole_file_has_no_line_of_it() {
    let ground = Ground::new();
    fs::write(ground.beside("plan.json"), "{}\n").unwrap();
    for words in [&["apply", "plan.json", "--yes"][..], &["apply", "nowhere.json", "--yes"]] {
        let (code, said) = ground.run(words);
        assert!(code == Some(2) && said.contains("error[plan-"), "{said}");
        assert!(!said.contains("1 |") && !said.contains('^'), "{said}");
    }
    fs::write(ground.path("tests/BUILD.bazel"), "# mine\n").unwrap();
    let text = fs::read_to_string(ground.path("pkg/virt-config/feature-gates.go")).unwrap();
    fs::write(ground.path("pkg/virt-config/feature-gates.go"), text + "\n// mine\n").unwrap();
    fs::write(
        ground.beside("gate.md"),
        "# Tasks: Clock\n\n## Phase 1: A\n\n- [ ] T001 **Feature Gate Registration**\n",
    )
    .unwrap();
    let (code, said) = ground.run(&["scaffold", "gate.md", "--yes", "--hooks", "none"]);
    assert!(code == Some(2) && said.contains("error[dirty]"), "{said}");
    assert!(!said.contains("1 |") && !said.contains('^'), "{said}");
}

#[test]
fn a_help_has_no_backticks_in_backticks() {
    let ground = Ground::new();
    let text = "# Tasks: Clock\n\n## Phase 1: A\n\n- [ ] T001 **Implement the clock**\n";
    fs::write(ground.beside("none.md"), text).unwrap();
    let (_, said) = ground.run(&["check", "none.md"]);
    let help =
        said.lines().find(|line| line.contains("help:") && line.contains("File:")).unwrap_or_else(|| panic!("{said}"));
    assert_eq!(help.matches('`').count(), 2, "{help}");
    assert!(help.contains("- File: `pkg/virt-handler/feature.go`"), "what it shows can be pasted: {help}");
}

/// The tasks of design documents are what `check` would have: what it still finds is what the documents leave open.
#[test]
fn what_is_generated_has_no_error_of_form() {
    let ground = Ground::new();
    fs::create_dir(ground.beside("feature")).unwrap();
    let plan = "# Implementation Plan: Clock\n\n## Summary\n\nA clock for guests, behind the feature gate `GuestClock`, in virt-handler.\n";
    fs::write(ground.beside("feature/plan.md"), plan).unwrap();
    let whole = ground.beside("feature/tasks.md").display().to_string();
    let output = ground.command(&["tasks", "feature", "-o", &whole]).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let (code, said) = ground.run(&["check", &whole]);
    assert!(code != Some(2) && !said.contains("error["), "{said}");
    // A diff of it names it as `git apply` takes it.
    let more = plan.replace("virt-handler", "virt-handler and virt-controller");
    fs::write(ground.beside("feature/plan.md"), more + "\n## API\n\nThe VMI gets a status field.\n").unwrap();
    let output = ground.command(&["tasks", &ground.beside("feature").display().to_string()]).output().unwrap();
    let all = shown(&output);
    assert!(!all.contains("--- a//") && !all.contains(&format!("a/{whole}")), "{all}");
}

#[test]
fn an_edge_of_the_graph_is_drawn_once() {
    let ground = Ground::new();
    let text = TASKS.replace("counter**", "counter** (depends on T001, after T001)")
        + "\n## Dependencies\n\n- T001 before T002\n- T001 → T002\n";
    fs::write(ground.beside("twice.md"), text).unwrap();
    for format in ["mermaid", "dot"] {
        let output = ground.command(&["graph", "twice.md", "--format", format]).output().unwrap();
        let shown = shown(&output);
        let edges: Vec<&str> = shown.lines().filter(|line| line.contains("->") || line.contains("-.")).collect();
        let once: std::collections::BTreeSet<&str> = edges.iter().copied().collect();
        assert!(!edges.is_empty() && edges.len() == once.len(), "{format}: {shown}");
    }
}

#[test]
fn check_and_scaffold_agree_on_who_names_a_file() {
    let ground = Ground::new();
    let cases = xtask::test::case::root().join("tests");
    // The last one is drafted: where a task comes from is no file that it names.
    for path in
        ["sample/tasks.md", "cases/deliverables/tasks.md", "cases/compliance-held/tasks.md", "cases/vep/expected.out"]
    {
        fs::copy(cases.join(path), ground.beside("these.md")).unwrap();
        let output = ground.command(&["check", "these.md", "--format", "json"]).output().unwrap();
        let found: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let none = |found: &&serde_json::Value| found["code"] == "path-none";
        let without = found["diagnostics"].as_array().unwrap().iter().filter(none);
        let mut without: Vec<&str> =
            without.map(|found| found["message"].as_str().unwrap().split(' ').next().unwrap()).collect();
        let words = ["scaffold", "these.md", "--dry-run", "--ignore-compliance", "--format", "json"];
        let output = ground.command(&words).output().unwrap();
        let plan: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let left = plan["manual"].as_array().unwrap().iter();
        let left = left.filter(|left| left["reason"].as_str().unwrap().contains("names no file"));
        let mut left: Vec<&str> = left.map(|left| left["task"].as_str().unwrap()).collect();
        without.sort_unstable();
        left.sort_unstable();
        assert_eq!(without, left, "{path}");
    }
}
