//! Completions and manual pages, as a shell and `man` find them.

use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

fn program(home: &Path, words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kubevirt-scaffold"));
    command.args(words).current_dir(home).env("HOME", home);
    for name in ["XDG_DATA_HOME", "XDG_CONFIG_HOME", "KUBEVIRT_DIR"] {
        command.env_remove(name);
    }
    command.output().unwrap()
}

/// What a shell is told when the last of some words is begun.
fn completed(home: &Path, words: &[&str]) -> Vec<String> {
    let index = words.len().to_string();
    let mut command = Command::new(env!("CARGO_BIN_EXE_kubevirt-scaffold"));
    command.args([&["--", "kubevirt-scaffold"], words].concat()).current_dir(home).env("HOME", home);
    command.env("KUBEVIRT_SCAFFOLD_COMPLETE", "bash").env("_CLAP_IFS", "\n").env("_CLAP_COMPLETE_INDEX", index);
    let output = command.output().unwrap();
    String::from_utf8(output.stdout).unwrap().lines().map(|line| line.trim_end().to_owned()).collect()
}

#[test]
fn values_are_completed() {
    let home = TempDir::new().unwrap();
    let tasks = "# Tasks: X\n\n## Phase 1: A\n\n- [ ] T001 **A** in `pkg/[component]/x.go`\n- [ ] T002 **\u{1b}[2J**\n- [ ] T013 **C**\n";
    std::fs::write(home.path().join("tasks.md"), tasks).unwrap();
    let home = home.path();
    for (words, expected) in [
        (&["rec"][..], &["recover"][..]),
        (&["scaffold", "tasks.md", "--only", "T00"], &["T001", "T002"]),
        (&["commit", "--only", "T001,T01"], &["T001,T013"]),
        (&["scaffold", "--set", "component=h"], &["component=handler"]),
        (&["--explain", "tests-l"], &["tests-late"]),
        (&["completions", "z"], &["zsh"]),
    ] {
        assert_eq!(completed(home, words), expected, "{words:?}");
    }
}

#[test]
fn one_command_installs_them() {
    let home = TempDir::new().unwrap();
    for _ in 0..2 {
        for shell in ["bash", "zsh", "fish"] {
            let output = program(home.path(), &["completions", shell, "--install"]);
            assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        }
    }
    let data = home.path().join(".local/share");
    let page = std::fs::read_to_string(data.join("man/man1/kubevirt-scaffold-commit.1")).unwrap();
    assert!(page.contains("\\-\\-any\\-branch"), "{page}");
    assert!(data.join("zsh/site-functions/_kubevirt-scaffold").is_file());
    // What is somebody else's stays.
    let bash = data.join("bash-completion/completions/kubevirt-scaffold");
    std::fs::write(&bash, "# mine\n").unwrap();
    let output = program(home.path(), &["completions", "bash", "--install"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(std::fs::read_to_string(&bash).unwrap(), "# mine\n");
    let script = program(home.path(), &["completions", "zsh"]);
    assert!(String::from_utf8_lossy(&script.stdout).starts_with("#compdef kubevirt-scaffold"));
}
