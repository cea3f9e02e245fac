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
