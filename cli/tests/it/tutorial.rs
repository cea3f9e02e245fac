//! The tutorial, as somebody follows it: every command in it runs here, and says what the page says.
//! `UPDATE_CASES=1` writes what they say now.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::steps::copy;

const PAGE: &str = "docs/tutorial.md";
/// Stands for lines that are left out.
const GAP: &str = "...";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The home of somebody with a checkout, a clone of the enhancements, and a feature's folder to work in.
fn home() -> (TempDir, PathBuf) {
    let home = TempDir::new().unwrap();
    let (checkout, veps) = (home.path().join("src/kubevirt"), home.path().join("src/enhancements/veps"));
    copy(&root().join("tests/sample/kubevirt"), &checkout);
    copy(&root().join("tests/cases/vep/documents/veps"), &veps);
    let work = checkout.join("specs/412-chime");
    fs::create_dir_all(&work).unwrap();
    let start = "git init --quiet --initial-branch main && git config --global user.name Ada && \
        git config --global user.email ada@example.org && git add --all && git commit --quiet --message Start && \
        git switch --quiet --create sound-chime";
    let (_, code) = run(home.path(), &checkout, start);
    assert_eq!(code, Some(0));
    (home, work)
}

/// What a command says, with the home as people write it.
fn run(home: &Path, folder: &Path, line: &str) -> (String, Option<i32>) {
    let program = Path::new(env!("CARGO_BIN_EXE_kubevirt-scaffold")).parent().unwrap();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths(std::iter::once(program.to_path_buf()).chain(std::env::split_paths(&path)));
    let mut command = Command::new("sh");
    command.args(["-c", &format!("exec 2>&1; {line}")]).current_dir(folder).env_clear();
    command.env("HOME", home).env("PATH", path.unwrap()).env("GIT_CONFIG_NOSYSTEM", "1");
    for name in ["GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"] {
        command.env(name, "2026-01-02T03:04:05Z");
    }
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let whole = fs::canonicalize(home).unwrap().display().to_string();
    (said.replace(&whole, "~").replace(&home.display().to_string(), "~"), output.status.code())
}

/// What a page shows of what was said: all of it, or as many lines around a gap as it showed before.
fn shown(before: &[&str], said: &str) -> String {
    let said: Vec<&str> = said.trim_end().lines().collect();
    let Some(gap) = before.iter().position(|line| *line == GAP) else { return said.join("\n") };
    let (head, tail) = (gap.min(said.len()), (before.len() - gap - 1).min(said.len()));
    [&said[..head], &[GAP], &said[said.len() - tail..]].concat().join("\n")
}

#[test]
fn every_command_of_the_tutorial_says_what_the_page_says() {
    if !Command::new("git").arg("--version").output().is_ok_and(|output| output.status.success()) {
        return;
    }
    let (home, work) = home();
    let page = fs::read_to_string(root().join(PAGE)).unwrap();
    let (mut text, mut rest) = (String::new(), page.as_str());
    let mut count = 0;
    while let Some(at) = rest.find("```console\n$ ").into_iter().chain(rest.find("<!-- $ ")).min() {
        let (before, block) = rest.split_at(at);
        text.push_str(before);
        if let Some(hidden) = block.strip_prefix("<!-- $ ") {
            // What the reader does in an editor.
            let (line, after) = hidden.split_once(" -->").unwrap();
            assert_eq!(run(home.path(), &work, line), (String::new(), Some(0)), "{line}");
            text.push_str(&block[..block.len() - after.len()]);
            rest = after;
            continue;
        }
        let (block, after) = block["```console\n".len()..].split_once("\n```\n").unwrap();
        let mut lines = block.lines();
        let line = lines.next().unwrap();
        let (said, code) = run(home.path(), &work, line.trim_start_matches("$ "));
        assert!(matches!(code, Some(0 | 1)), "{line}: {said}");
        let shown = shown(&lines.collect::<Vec<_>>(), &said);
        text.push_str(format!("```console\n{line}\n{shown}").trim_end());
        text.push_str("\n```\n");
        rest = after;
        count += 1;
    }
    text.push_str(rest);
    assert!(count > 6, "{count} commands");
    if std::env::var_os("UPDATE_CASES").is_some() {
        fs::write(root().join(PAGE), &text).unwrap();
    }
    let now = fs::read_to_string(root().join(PAGE)).unwrap();
    for (page, run) in now.lines().zip(text.lines()) {
        assert_eq!(page, run, "{PAGE} shows something else than the program: UPDATE_CASES=1 brings it up to date");
    }
    assert_eq!(now, text);
}
