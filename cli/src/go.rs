//! Runs Go's own tools on scaffolded code. They never use the network.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context as _, Result};
use serde_json::Value;
use tempfile::TempDir;

use crate::process::Runner;

/// Paths in object files are trimmed, so that Go's cache serves every work tree. Much of KubeVirt,
/// and before v1.5 even its functional tests, compiles without libvirt's headers by that tag only.
pub const GO_FLAGS: &str = "-trimpath -tags=libvirt_dlopen";

/// Go in one folder.
#[derive(Clone, Debug)]
pub struct Go<'a> {
    runner: Runner<'a>,
    /// What `go version` says.
    pub version: String,
}

/// How one spec ran.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Run {
    /// Its file, relative to the module; empty for setup and teardown.
    pub file: String,
    /// Its own text.
    pub text: String,
    /// The texts of its containers and its own, outermost first.
    pub name: String,
    /// `passed`, `failed`, `panicked`, `skipped`, `pending`, …
    pub state: String,
    /// The message of the failure; empty if it passed.
    pub message: String,
    /// Its own labels and those of its containers.
    pub labels: Vec<String>,
}

impl Run {
    /// Whether it ran and did not pass.
    pub fn is_red(&self) -> bool {
        !matches!(self.state.as_str(), "passed" | "skipped" | "pending")
    }
}

impl<'a> Go<'a> {
    /// Finds Go for a folder. The error says why it cannot run there.
    pub fn find(folder: &'a Path, flags: &'static str) -> Result<Self, String> {
        let runner = Runner::new(folder).with("GOPROXY", "off").with("GOFLAGS", flags);
        let output = runner.run("go", &["version"]).map_err(|error| format!("go cannot be started ({error})"))?;
        if !output.status.success() {
            return Err(format!("go does not run here: {}", String::from_utf8_lossy(&output.stderr).trim()));
        }
        let said = String::from_utf8_lossy(&output.stdout);
        let version = said.split_whitespace().nth(2).unwrap_or("go").to_owned();
        Ok(Self { runner, version })
    }

    /// The same with another release of Go, which must be installed.
    #[must_use]
    pub fn switched(mut self, toolchain: &str) -> Self {
        self.runner = self.runner.with("GOTOOLCHAIN", toolchain);
        toolchain.clone_into(&mut self.version);
        self
    }

    /// The same with some files as an overlay has them.
    #[must_use]
    pub fn overlaid(mut self, flags: &str, overlay: &Path) -> Self {
        self.runner = self.runner.with("GOFLAGS", format!("{flags} -overlay={}", overlay.display()));
        self
    }

    /// The files that gofmt would change, a line each: `gofmt: PATH`.
    pub fn unformatted(&self, files: &[&str]) -> Result<Vec<String>> {
        if files.is_empty() {
            return Ok(Vec::new());
        }
        let arguments: Vec<&str> = [&["-l"], files].concat();
        let output = self.runner.run("gofmt", &arguments).context("starting gofmt")?;
        let said = [output.stdout, output.stderr].concat();
        Ok(String::from_utf8_lossy(&said).lines().map(|line| format!("gofmt: {line}")).collect())
    }

    /// What `go vet` says about `files`, or about code that does not compile. Complaints about other files are
    /// left out.
    pub fn vet(&self, arguments: &[&str], files: &[&str]) -> Result<Vec<String>> {
        self.vetted(arguments, &|line| !is_elsewhere(line, files))
    }

    /// What `go vet` says, as far as a line is one of ours.
    pub fn vetted(&self, arguments: &[&str], is_ours: &dyn Fn(&str) -> bool) -> Result<Vec<String>> {
        let arguments: Vec<&str> = [&["vet"], arguments].concat();
        let output = self.runner.run("go", &arguments).context("starting go")?;
        if output.status.success() {
            return Ok(Vec::new());
        }
        let said = String::from_utf8_lossy(&output.stderr);
        let ours: Vec<&str> = said.lines().filter(|line| is_ours(line)).collect();
        let failure = format!("go {}:\n{}", arguments.join(" "), ours.join("\n"));
        Ok(if ours.is_empty() { Vec::new() } else { vec![failure] })
    }

    /// Runs the specs of a package, with `more` arguments for Ginkgo. The inner error is the output of a run in
    /// which no spec ran.
    pub fn specs(&self, folder: &str, more: &[&str]) -> Result<Result<Vec<Run>, String>> {
        let aside = TempDir::new()?;
        let report = aside.path().join("report.json");
        let package = package(folder);
        let asked = format!("-ginkgo.json-report={}", report.display());
        let arguments = [&["test", &package, "-args", &asked], more].concat();
        let output = self.runner.run("go", &arguments).context("starting go")?;
        let Ok(text) = std::fs::read_to_string(&report) else {
            let said = [output.stdout, output.stderr].concat();
            return Ok(Err(format!("{folder} ran no specs:\n{}", String::from_utf8_lossy(&said).trim_end())));
        };
        let root = format!("{}/", std::fs::canonicalize(self.runner.folder)?.display());
        let mut runs = Vec::new();
        collect(&serde_json::from_str(&text)?, &[&root, "kubevirt.io/kubevirt/"], &mut runs);
        Ok(Ok(runs))
    }
}

/// Packages that Go takes together.
#[derive(Debug, Default)]
pub struct Group<'a> {
    /// The packages, as Go names them.
    pub packages: BTreeSet<String>,
    /// Files that are compiled by themselves.
    pub files: Vec<&'a str>,
    /// The folders whose specs run here.
    pub tested: Vec<&'a str>,
}

impl Group<'_> {
    /// Whether a file belongs to it.
    pub fn holds(&self, file: &str) -> bool {
        let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
        self.files.contains(&file) || self.packages.contains(&package(folder))
    }

    /// The arguments that name the group to Go.
    pub fn targets(&self) -> Vec<&str> {
        self.packages.iter().map(String::as_str).chain(self.files.iter().copied()).collect()
    }
}

/// The package of a folder, as an argument for Go. A staging module is vendored under its import path.
pub fn package(folder: &str) -> String {
    folder.strip_prefix("staging/src/").map_or_else(|| format!("./{folder}"), str::to_owned)
}

/// Groups files for Go. A functional test of the root package stands alone, because the whole package takes
/// minutes. Functional tests never run, because they need a cluster.
pub fn groups<'a>(files: &[&'a str]) -> Vec<Group<'a>> {
    let mut all: Vec<Group<'a>> = Vec::new();
    let mut group = Group::default();
    for &file in files {
        let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
        if folder == "tests" && file.ends_with("_test.go") {
            all.push(Group { files: vec![file], ..Group::default() });
            continue;
        }
        group.packages.insert(package(folder));
        if file.ends_with("_test.go") && !file.starts_with("tests/") && !group.tested.contains(&folder) {
            group.tested.push(folder);
        }
    }
    all.extend((!group.packages.is_empty()).then_some(group));
    all
}

/// Whether a line of vet is a heading, or a complaint about a file that was not touched: such
/// complaints are there before. An error of the compiler says `vet:` first, and always counts.
fn is_elsewhere(line: &str, files: &[&str]) -> bool {
    let place = line.split(':').next().unwrap_or_default().trim_start_matches("./");
    line.starts_with('#') || place.ends_with(".go") && !files.contains(&place)
}

/// Reads Ginkgo's report. A file's name starts with the folder, or with the module when paths are
/// trimmed.
fn collect(report: &Value, prefixes: &[&str], runs: &mut Vec<Run>) {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    for suite in list(report) {
        for spec in list(&suite["SpecReports"]) {
            let is_spec = spec["LeafNodeType"] == "It";
            let state = spec["State"].as_str().unwrap_or_default().to_owned();
            // What runs around the specs matters when it goes wrong.
            if !is_spec && state == "passed" {
                continue;
            }
            let place = if is_spec { &spec["LeafNodeLocation"] } else { &Value::Null };
            let file = place["FileName"].as_str().unwrap_or_default();
            let text = spec["LeafNodeText"].as_str().unwrap_or_default().to_owned();
            let mut texts: Vec<String> = list(&spec["ContainerHierarchyTexts"])
                .iter()
                .filter_map(|text| text.as_str().map(str::to_owned))
                .collect();
            texts.push(text.clone());
            let mut labels = list(&spec["LeafNodeLabels"]);
            labels.extend(list(&spec["ContainerHierarchyLabels"]).iter().flat_map(list));
            runs.push(Run {
                file: prefixes.iter().find_map(|prefix| file.strip_prefix(prefix)).unwrap_or(file).to_owned(),
                text,
                name: texts.join(" "),
                state,
                message: spec["Failure"]["Message"].as_str().unwrap_or_default().to_owned(),
                labels: labels.iter().filter_map(|label| label.as_str().map(str::to_owned)).collect(),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn complaints_about_other_files_are_not_ours() {
        let files = ["tests/network/links.go"];
        assert!(is_elsewhere("# kubevirt.io/kubevirt/tests/network", &files));
        assert!(is_elsewhere("tests/network/old.go:3:2: non-constant format string", &files));
        assert!(!is_elsewhere("tests/network/links.go:3:2: unusedresult", &files));
        assert!(!is_elsewhere("vet: tests/network/old.go:3:2: undefined: x", &files));
    }

    #[test]
    fn a_report_names_what_passed_and_what_failed() {
        let report = serde_json::json!([{"SpecReports": [
            {"LeafNodeType": "It", "State": "passed", "LeafNodeLocation": {"FileName": "/kv/pkg/a_test.go"}},
            {"LeafNodeType": "It", "State": "skipped", "LeafNodeLocation": {"FileName": "/kv/pkg/a_test.go"}},
            {"LeafNodeType": "It", "State": "failed", "LeafNodeText": "rejects", "ContainerHierarchyTexts": ["X", "on"],
             "LeafNodeLocation": {"FileName": "kubevirt.io/kubevirt/pkg/b_test.go"}, "Failure": {"Message": "T001: no"}},
            {"LeafNodeType": "BeforeSuite", "State": "panicked", "Failure": {"Message": "nil"}},
        ]}]);
        let mut runs = Vec::new();
        collect(&report, &["/kv/", "kubevirt.io/kubevirt/"], &mut runs);
        let short: Vec<(&str, &str, bool)> =
            runs.iter().map(|run| (run.file.as_str(), run.name.as_str(), run.is_red())).collect();
        let expected = [
            ("pkg/a_test.go", "", false),
            ("pkg/a_test.go", "", false),
            ("pkg/b_test.go", "X on rejects", true),
            ("", "", true),
        ];
        assert_eq!(short, expected);
    }
}
