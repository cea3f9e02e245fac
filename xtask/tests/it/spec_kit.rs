//! The extension for spec-kit: its manifest, what its commands tell an agent to run, and that spec-kit takes it.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use clap::CommandFactory as _;
use kubevirt_scaffold::commands::Cli;
use xtask::test::case::{root, temporary};

use crate::support::skipped;

fn read(path: &str) -> String {
    fs::read_to_string(root().join("spec-kit").join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The values of a key in the manifest, in its order.
fn values<'a>(manifest: &'a str, key: &str) -> Vec<&'a str> {
    let lines = manifest.lines().filter_map(|line| line.trim_start().trim_start_matches("- ").strip_prefix(key));
    lines.map(|value| value.trim().trim_matches('"')).collect()
}

#[test]
fn the_manifest_names_what_is_there() {
    let manifest = read("extension.yml");
    let version = values(&manifest, "version:");
    assert_eq!(version, [env!("CARGO_PKG_VERSION")], "the extension has the version of the program");
    let names: BTreeSet<&str> =
        values(&manifest, "name:").into_iter().filter(|name| name.starts_with("speckit.")).collect();
    let called: BTreeSet<&str> = values(&manifest, "command:").into_iter().collect();
    assert_eq!(called, names, "a hook for every command, and no other");
    let files: BTreeSet<String> = values(&manifest, "file:").into_iter().map(str::to_owned).collect();
    let there = fs::read_dir(root().join("spec-kit/commands")).unwrap();
    let there: BTreeSet<String> =
        there.map(|entry| format!("commands/{}", entry.unwrap().file_name().to_string_lossy())).collect();
    assert_eq!(files, there);
    assert_eq!(values(&manifest, "optional:"), ["true"; 3], "each is offered, and none forced on anybody");
}

#[test]
fn what_an_agent_is_told_to_run_can_be_run() {
    let cli = Cli::command();
    let mut count = 0;
    for file in ["check", "scaffold", "verify"] {
        let text = read(&format!("commands/{file}.md"));
        for told in text.split('`').filter_map(|code| code.strip_prefix("kubevirt-scaffold ")) {
            count += 1;
            let words: Vec<&str> = told.split(' ').collect();
            if words[0] == "--explain" {
                continue;
            }
            let command = cli.find_subcommand(words[0]).unwrap_or_else(|| panic!("{file}: there is no `{told}`"));
            for flag in words.iter().filter_map(|word| word.strip_prefix("--")) {
                let known = command.get_arguments().any(|argument| argument.get_long() == Some(flag));
                assert!(known, "{file}: `{told}`: there is no --{flag}");
            }
        }
        // Whatever writes stands behind a question.
        let head = text.split("--yes").next().unwrap();
        assert!(!text.contains("--yes") || head.contains("ask") || head.contains("agree"), "{file} writes unasked");
    }
    assert!(count >= 9, "{count} commands");
}

#[test]
fn spec_kit_takes_the_extension() {
    let Ok(version) = Command::new("specify").arg("--version").output() else {
        return skipped("there is no `specify` on PATH, the program of spec-kit (package specify-cli)");
    };
    let folder = temporary().unwrap();
    let specify = |words: &[&str]| {
        let output = Command::new("specify").args(words).current_dir(folder.path()).env("NO_COLOR", "1").output();
        let output = output.unwrap();
        let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
        assert!(output.status.success(), "{words:?}: {said}");
        said
    };
    assert!(Command::new("git").args(["init", "--quiet"]).current_dir(folder.path()).status().unwrap().success());
    let init = ["init", "--here", "--force", "--non-interactive", "--integration", "claude", "--ignore-agent-tools"];
    specify(&init);
    let extension = root().join("spec-kit").display().to_string();
    specify(&["extension", "add", "--dev", &extension]);
    assert!(specify(&["extension", "list"]).contains("Commands: 3 | Hooks: 3"), "{version:?}");
    let hooks = fs::read_to_string(folder.path().join(".specify/extensions.yml")).unwrap();
    for (event, command) in [("after_tasks", "check"), ("before_implement", "scaffold"), ("after_implement", "verify")]
    {
        let entry = hooks.split_once(&format!("{event}:")).unwrap_or_else(|| panic!("{event}: {hooks}")).1;
        let first = entry.lines().find_map(|line| line.trim().strip_prefix("command: ")).unwrap();
        assert_eq!(first, format!("speckit.kubevirt-scaffold.{command}"));
        let path = format!(".claude/skills/speckit-kubevirt-scaffold-{command}/SKILL.md");
        let skill = fs::read_to_string(folder.path().join(path)).unwrap();
        let script = ".specify/scripts/bash/check-prerequisites.sh";
        assert!(skill.contains(&format!("`{script} --json")) && !skill.contains("{SCRIPT}"), "{skill}");
        assert!(folder.path().join(script).is_file(), "the script that an agent is told to run");
    }
}
