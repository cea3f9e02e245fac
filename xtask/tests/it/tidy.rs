//! The rules of this repository that no compiler knows.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use clap::CommandFactory as _;
use kubevirt_scaffold_core::check::RULES;
use kubevirt_scaffold_core::kinds::ALL;
use xtask::flags::Cli;
use xtask::test::case::root;

/// Files may be a little longer than the 400 lines that the rule names.
const LINES: usize = 430;

/// Every file below some folders, with its path from the root and its text.
fn files(folders: &[&str], extension: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut open: Vec<PathBuf> = folders.iter().map(|folder| root().join(folder)).collect();
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|found| found == extension) {
            let name = path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
            found.push((name, fs::read_to_string(&path).unwrap()));
        }
    }
    found.sort();
    assert!(!found.is_empty(), "no .{extension} in {folders:?}");
    found
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The words that stand behind a prefix, as far as they are made of letters, digits, `_` and `-`.
fn words_after<'a>(text: &'a str, prefix: &str) -> Vec<&'a str> {
    let behind = text.match_indices(prefix).map(|(at, _)| &text[at + prefix.len()..]);
    let word = |rest: &'a str| rest.split(|c: char| !(c.is_ascii_alphanumeric() || "_-".contains(c))).next();
    behind.filter_map(word).filter(|word| !word.is_empty()).collect()
}

#[test]
fn modules_use_only_those_above_them() {
    for folder in ["core/src", "cli/src"] {
        let list = read(&format!("{folder}/lib.rs"));
        let order = words_after(&list, "pub mod ");
        for (path, text) in files(&[folder], "rs") {
            let module = path[folder.len() + 1..].split(['/', '.']).next().unwrap();
            let module = module.trim_end_matches("_tests");
            let Some(own) = order.iter().position(|name| *name == module) else { continue };
            for used in modules_used(&text) {
                let place = order.iter().position(|name| *name == used).unwrap_or(0);
                assert!(place <= own, "{path} uses crate::{used}, which stands below {module} in {folder}/lib.rs");
            }
        }
    }
}

/// The modules of its own crate that a file uses, also those of `use crate::{a, b::C}`.
fn modules_used(text: &str) -> Vec<&str> {
    let mut used = words_after(text, "crate::");
    for (at, start) in text.match_indices("crate::{") {
        let list = text[at + start.len()..].split("};").next().unwrap();
        used.extend(list.split(',').filter_map(|item| item.trim().split("::").next()));
    }
    used
}

#[test]
fn commands_do_not_use_each_other() {
    for (path, text) in files(&["cli/src/commands"], "rs") {
        let uses = text.contains("crate::commands") || text.contains("super::");
        assert!(!uses, "{path} uses another command: what two of them need stands beside cli/src/commands");
    }
}

#[test]
fn files_are_short() {
    for (path, text) in files(&["core/src", "macros/src", "cli/src", "xtask/src", "xtask/tests"], "rs") {
        let lines = text.lines().count();
        assert!(lines <= LINES, "{path} has {lines} lines: split it where it falls apart by itself");
    }
}

#[test]
fn only_one_module_starts_processes_and_few_write() {
    for (path, text) in files(&["cli/src", "xtask/src"], "rs") {
        let starts = text.contains("Command::new(") || text.contains("cmd!(");
        assert!(!starts || path == "cli/src/process.rs", "{path} starts a process: cli/src/process.rs does that");
        let writes = ["fs::write(", "fs::rename(", "fs::remove_", "fs::create_dir", "File::create("];
        // The logs of steps, the files as they were for `verify`, the copy that generators write to, and the project's
        // own tests and measurements, are no files of the checkout.
        let may = path.starts_with("cli/src/apply/")
            || path == "cli/src/hooks.rs"
            || path == "cli/src/verify/before.rs"
            || path == "cli/src/generate/scratch.rs"
            || path.starts_with("xtask/src/bench/")
            || path.starts_with("xtask/src/page_check/")
            || path.starts_with("xtask/src/test/");
        assert!(may || !writes.iter().any(|call| text.contains(call)), "{path} writes: cli/src/apply/ does that");
    }
}

#[test]
fn only_one_module_writes_to_the_terminal() {
    for (path, text) in files(&["cli/src"], "rs") {
        let writes = [
            "print!(",
            "println!(",
            "eprint!(",
            "eprintln!(",
            "io::stdout()",
            "io::stderr()",
            "error.print()",
            "dbg!(",
        ];
        let writes = writes.iter().find(|call| text.contains(**call));
        let may = path == "cli/src/terminal.rs" || writes.is_none();
        assert!(
            may,
            "{path} has {}: cli/src/terminal.rs does that, and lets no hidden character through",
            writes.unwrap()
        );
    }
}

#[test]
fn no_test_file_is_forgotten() {
    for krate in
        ["core", "macros", "cli", "xtask"].into_iter().filter(|krate| root().join(krate).join("tests").exists())
    {
        let own = format!("{krate}/tests/it/");
        let main = read(&format!("{own}main.rs"));
        let modules = words_after(&main, "mod ");
        for (path, _) in files(&[format!("{krate}/tests").as_str()], "rs") {
            let name = path.strip_prefix(&own).and_then(|path| path.strip_suffix(".rs"));
            let runs = name.is_some_and(|name| name == "main" || modules.contains(&name));
            assert!(runs, "{path} is not compiled: it belongs into {own}, with a `mod` in main.rs");
        }
    }
}

#[test]
fn every_template_is_used_and_every_kind_is_explained() {
    let used: BTreeSet<&str> = kubevirt_scaffold_core::kinds::templates().iter().map(|template| template.0).collect();
    for (path, _) in files(&["scaffolds"], "hbs") {
        assert!(used.contains(path.as_str()), "no context uses {path}");
    }
    for entry in fs::read_dir(root().join("scaffolds")).unwrap() {
        let readme = entry.unwrap().path().join("README.md");
        assert!(readme.exists(), "{} is missing", readme.display());
    }
}

#[test]
fn the_documents_list_the_kinds() {
    let table = kubevirt_scaffold_core::kinds::table()
        + "| no file, but a struct that exactly one API file declares | the fields that the task states |\n"
        + "| none of these | nothing: the task is listed as manual |\n";
    for path in ["README.md", "docs/guide.md"] {
        let text = read(path);
        let start =
            text.find(table.lines().next().unwrap()).unwrap_or_else(|| panic!("{path} has no table of the kinds"));
        let rows = text[start..].split_inclusive('\n').take_while(|line| line.starts_with('|'));
        let end = start + rows.map(str::len).sum::<usize>();
        if text[start..end] != table && std::env::var_os("UPDATE_CASES").is_some() {
            fs::write(root().join(path), format!("{}{table}{}", &text[..start], &text[end..])).unwrap();
            continue;
        }
        assert_eq!(text[start..end], table, "{path}: UPDATE_CASES=1 brings the table of the kinds up to date");
    }
}

#[test]
fn nothing_but_the_kinds_tells_them_apart() {
    // Their types are private to `kinds`; what is left to tell them apart by are their names.
    let names: Vec<String> = ALL.iter().map(|kind| format!("\"{}\"", kind.name())).collect();
    for (path, text) in files(&["core/src", "cli/src"], "rs") {
        let about = text.lines().filter(|line| line.contains("kind") && line.contains("name()"));
        let named = about.into_iter().find(|line| names.iter().any(|name| line.contains(name)));
        let own = path.starts_with("core/src/kinds/");
        assert!(own || named.is_none(), "{path} knows a kind, which only core/src/kinds/ may: {}", named.unwrap());
    }
    for kind in ALL {
        let folder = root().join("scaffolds").join(kind.name());
        assert!(folder.is_dir(), "{} has no folder in scaffolds/", kind.name());
    }
}

#[test]
fn rendering_cannot_see_the_survey() {
    let list = read("core/src/lib.rs");
    let order = words_after(&list, "pub mod ");
    let place = |name: &str| order.iter().position(|known| *known == name).unwrap();
    assert!(place("pending") < place("survey"), "pending, all that a unit is rendered with, must not use the survey");
    // In `build_files` the survey is asked while the plan is made, and for the laboratory.
    for name in ["texts", "renew", "steps", "preview/mod", "preview/diff", "preview/json", "preview/summary"] {
        let text = read(&format!("core/src/pipeline/{name}.rs"));
        assert!(!text.contains("urvey"), "core/src/pipeline/{name}.rs renders, and speaks of the survey");
    }
}

#[test]
fn every_diagnostic_is_explained() {
    let page = read("docs/diagnostics.md");
    let mut explained: BTreeSet<&str> = page.lines().filter_map(|line| line.strip_prefix("### ")).collect();
    explained.extend(RULES.iter().map(|rule| rule.code));
    let mut known = BTreeSet::new();
    let sources = files(&["core/src", "cli/src", "xtask/src"], "rs");
    for (path, text) in sources.iter().filter(|(path, _)| !path.ends_with("_tests.rs")) {
        let text = text.split("#[cfg(test)]").next().unwrap();
        let words = [
            "Refusal::new(\"",
            "Diagnostic::error(\"",
            "Diagnostic::warning(\"",
            "Diagnostic::note(\"",
            "((\"path-",
            "(\"path-",
        ];
        for prefix in words {
            for word in words_after(text, prefix) {
                let code = if prefix.contains("path-") { format!("path-{word}") } else { word.to_owned() };
                assert!(explained.contains(code.as_str()), "{path}: docs/diagnostics.md does not explain {code}");
                known.insert(code);
            }
        }
    }
    for code in explained {
        let quoted = format!("\"{code}\"");
        let used = known.contains(code) || sources.iter().any(|(_, text)| text.contains(&quoted));
        assert!(used, "docs/diagnostics.md explains {code}, which nothing says");
    }
}

#[test]
fn every_rule_has_a_page() {
    let list = read("docs/rules/README.md");
    assert!(RULES.is_sorted_by_key(|rule| rule.code), "the rules are sorted by code");
    for rule in RULES {
        let page = read(&format!("docs/rules/{}.md", rule.code));
        let parts = ["# ", "## What", "## Why", "## Example", "## Fix", "## Allow"];
        assert!(parts.iter().all(|part| page.contains(part)), "docs/rules/{}.md lacks a part", rule.code);
        assert!(
            page.contains("<!-- allow: ") == rule.may_be_allowed || rule.code.starts_with("allow-"),
            "{}",
            rule.code
        );
        let row = format!("| [{0}]({0}.md) |", rule.code);
        let line =
            list.lines().find(|line| line.starts_with(&row)).unwrap_or_else(|| panic!("{} is not listed", rule.code));
        assert_eq!(line.ends_with("| yes |"), rule.fixable, "{}", rule.code);
    }
    for (path, _) in files(&["docs/rules"], "md") {
        let code = path.trim_start_matches("docs/rules/").trim_end_matches(".md");
        assert!(code == "README" || RULES.iter().any(|rule| rule.code == code), "{path} is about no rule");
    }
}

#[test]
fn every_flag_is_in_the_guide() {
    let guide = read("docs/guide.md");
    let cli = Cli::command();
    let product = kubevirt_scaffold::commands::Cli::command();
    for command in cli.get_subcommands() {
        let name = command.get_name();
        let is_product = product.get_subcommands().any(|own| own.get_name() == name);
        let program = if is_product { "kubevirt-scaffold" } else { "cargo xtask" };
        let values = command.get_positionals().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        let values = values.replace(['<', '>'], "");
        let heading = format!("## `{program} {name} {values}").trim_end().to_owned();
        assert!(guide.contains(&heading), "the guide has no heading {heading}");
        for flag in command.get_arguments().filter_map(clap::Arg::get_long).filter(|flag| *flag != "help") {
            let flag = format!("--{flag}");
            assert!(guide.contains(&flag), "the guide does not explain {flag} of {}", command.get_name());
        }
    }
}

#[test]
fn links_in_documents_lead_somewhere() {
    let mut documents = files(&["docs", "scaffolds", "tests/cases/README.md", "tests/stubs"], "md");
    documents.extend(["README.md", "CONTRIBUTING.md"].map(|path| (path.to_owned(), read(path))));
    for (path, text) in documents {
        let folder = Path::new(&path).parent().unwrap();
        for (at, _) in text.match_indices("](") {
            let link = text[at + 2..].split([')', '#']).next().unwrap();
            let there = link.is_empty() || link.contains("://") || root().join(folder).join(link).exists();
            assert!(there, "{path}: {link} is not there");
        }
    }
}

#[test]
fn ci_runs_the_test_command_of_the_readme() {
    let (readme, ci) = (read("README.md"), read(".ci/run"));
    let command = readme.lines().find(|line| line.starts_with("cargo xtask test")).unwrap();
    let command = command.split('#').next().unwrap().trim();
    assert_eq!(ci.lines().rfind(|line| !line.trim().is_empty()).unwrap(), command);
}
