//! Stubs broken on purpose, on a real tree: `verify` must tell each from a spec that fails as it should.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use super::case::Case;
use super::work_tree::{WorkTree, done};

const UNIT: &str = "pkg/virt-handler/clock/clock_test.go";
const FUNCTIONAL: &str = "tests/clock_test.go";
const SUITE: &str = "tests/tests_suite_test.go";

/// A break: its name, the file, what is replaced by what, and what must be said.
type Break = (&'static str, &'static str, &'static str, &'static str, &'static str);

const BREAKS: &[Break] = &[
    ("a compile error", UNIT, "Fail(\"T002", "Fial(\"T002", "undefined: Fial"),
    ("a compile error in the whole suite", FUNCTIONAL, "Fail(\"T004", "Fial(\"T004", "it does not compile"),
    ("a panic", UNIT, "Fail(\"T002: not implemented\")", "panic(\"x\")", "panicked"),
    ("a skip", UNIT, "Fail(\"T002", "Skip(\"T002", "it never runs: Skip"),
    (
        "a wrong label",
        FUNCTIONAL,
        "\"[sig-compute]Clock\", Serial, decorators.SigCompute",
        "\"Clock\", Serial, decorators.Conformance",
        "its texts name no SIG",
    ),
    (
        "a label of no SIG",
        FUNCTIONAL,
        "Serial, decorators.SigCompute",
        "Serial, decorators.Conformance",
        "it has no label of a SIG",
    ),
    ("a SIG that has no lane", FUNCTIONAL, "\"[sig-compute]Clock\"", "\"[sig-clocks]Clock\"", "its texts name no SIG"),
    ("a passing functional stub", FUNCTIONAL, "Fail(\"T004: not implemented\")", "", "it asserts nothing"),
    ("an unreachable file", SUITE, "\t_ \"kubevirt.io/kubevirt/tests/network\"\n", "", "no suite reaches it"),
    ("a file that is never compiled", UNIT, "package clock", "//go:build never\n\npackage clock", "no suite runs it"),
    ("a passing stub", UNIT, "Fail(\"T002: not implemented\")", "", "it passes because it asserts nothing"),
    ("another task's stub", FUNCTIONAL, "Fail(\"T004", "Fail(\"T009", "it fails with T009, not with T004"),
];

/// What `verify` does not see; and how many breaks it was shown.
pub(super) fn check(tree: &WorkTree) -> Result<(Vec<String>, usize)> {
    let case = Case::new(&super::case::root().join("tests/verify"));
    let xtask = std::env::current_exe()?;
    tree.reset()?;
    let output = case.scaffold(&xtask, tree.path(), &["--yes", "--hooks", "none"])?;
    ensure!(output.status.success(), "scaffold: {}", String::from_utf8_lossy(&output.stderr));
    done(tree.path(), &["add", "--all"])?;
    let scaffolded = done(tree.path(), &["write-tree"])?;
    let mut failures = Vec::new();
    let (sound, reds) = wrong(&xtask, &case, tree.path())?;
    if !sound.is_empty() || reds != 7 {
        failures.push(format!("verify finds {reds} red specs of 7, and wrong: {sound:?}"));
    }
    for (name, file, from, to, expected) in BREAKS {
        let path = tree.path().join(file);
        let text = fs::read_to_string(&path).with_context(|| format!("reading {file}"))?;
        ensure!(text.contains(from), "{name}: {file} has no {from:?}");
        fs::write(&path, text.replacen(from, to, 1))?;
        let (found, _) = wrong(&xtask, &case, tree.path())?;
        if !found.iter().any(|detail| detail.contains(expected)) {
            failures.push(format!("verify says nothing of {name}: {found:?}"));
        }
        done(tree.path(), &["checkout", "--quiet", &scaffolded, "--", "."])?;
    }
    Ok((failures, BREAKS.len()))
}

/// What `verify` calls wrong, and how many specs are red.
fn wrong(xtask: &Path, case: &Case, checkout: &Path) -> Result<(Vec<String>, usize)> {
    let place = kubevirt_scaffold::process::Runner::new(&case.folder).with("KUBEVIRT_DIR", checkout);
    let output = place.run(&xtask.to_string_lossy(), &["verify", "tasks.md", "--format", "json"])?;
    let document: Value =
        serde_json::from_slice(&output.stdout).with_context(|| String::from_utf8_lossy(&output.stderr).into_owned())?;
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let findings: Vec<Value> = list(&document["tasks"]).iter().flat_map(|task| list(&task["findings"])).collect();
    let of = |state: &str| findings.iter().filter(|finding| finding["state"] == state).collect::<Vec<_>>();
    let details = of("wrong").iter().filter_map(|finding| finding["detail"].as_str().map(str::to_owned)).collect();
    Ok((details, of("red").len()))
}
