//! Every folder in `tests/commands/` is a command line: `command` holds its words, a line each;
//! what it prints and which files it changes must be as expected. With a file `checkout`, it runs
//! against the sample tree; with what else stands beside them as the current folder.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;
use xtask::test::case::{Case, copy, root};

const UPDATE: &str = "UPDATE_CASES=1 cargo test -p xtask --test it commands";

#[test]
fn commands() {
    let mut folders: Vec<_> =
        fs::read_dir(root().join("tests/commands")).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.retain(|path| path.is_dir());
    folders.sort();
    assert!(folders.len() >= 10, "the commands are not where they should be");
    let failures: Vec<String> = folders.iter().filter_map(|folder| trial(folder).err()).collect();
    assert!(failures.is_empty(), "{}\n\nto accept what came out: {UPDATE}", failures.join("\n\n"));
}

fn trial(folder: &Path) -> Result<(), String> {
    let place = TempDir::new().unwrap();
    copy(folder, place.path()).unwrap();
    let checkout = folder.join("checkout").exists().then(|| Case::new(folder).checkout().unwrap());
    let words = fs::read_to_string(folder.join("command")).unwrap();
    let before = texts(place.path());
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.args(words.lines()).current_dir(place.path()).env("HOME", place.path()).env_remove("XDG_CACHE_HOME");
    match &checkout {
        Some(checkout) => command.env("KUBEVIRT_DIR", checkout.path()),
        None => command.env_remove("KUBEVIRT_DIR"),
    };
    let output = command.output().unwrap();
    let clean = |bytes: Vec<u8>| {
        let text = String::from_utf8(bytes).unwrap();
        checkout
            .as_ref()
            .map_or(text.clone(), |checkout| text.replace(&checkout.path().display().to_string(), "[ROOT]"))
    };
    let said = format!("{}exit {}\n", clean(output.stderr), output.status.code().unwrap_or(-1));
    let mut files = String::new();
    for (path, text) in texts(place.path()) {
        if before.get(&path) != Some(&text) {
            let _ = write!(files, "== {path}\n{text}");
        }
    }
    golden(folder, "expected.out", &clean(output.stdout))?;
    golden(folder, "expected.err", &said)?;
    golden(folder, "expected.files", &files)
}

/// Every file below a folder, by path; what is expected is none of them.
fn texts(folder: &Path) -> BTreeMap<String, String> {
    let (mut found, mut open) = (BTreeMap::new(), vec![folder.to_path_buf()]);
    while let Some(path) = open.pop() {
        for entry in fs::read_dir(&path).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(folder).unwrap().to_string_lossy().replace('\\', "/");
            if path.is_dir() {
                open.push(path);
            } else if !name.starts_with("expected.") {
                found.insert(name, String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned());
            }
        }
    }
    found
}

/// Compares with what is expected; an empty text has no file.
fn golden(folder: &Path, name: &str, actual: &str) -> Result<(), String> {
    let path = folder.join(name);
    if std::env::var_os("UPDATE_CASES").is_some() {
        match actual {
            "" => drop(fs::remove_file(&path)),
            text => fs::write(&path, text).unwrap(),
        }
        return Ok(());
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    if expected == actual {
        return Ok(());
    }
    let diff = similar::TextDiff::from_lines(expected.as_str(), actual);
    Err(format!("{}: {name}\n{}", folder.display(), diff.unified_diff()))
}
