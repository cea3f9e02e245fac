//! Go's own tools on scaffolded code. They never reach for the network.

use std::path::Path;

use anyhow::{Context as _, Result};
use serde_json::Value;

use crate::process::Place;

/// What Ginkgo writes about a package's specs, into the package's folder.
const REPORT: &str = "kubevirt-scaffold-report.json";

/// A folder in which Go runs.
#[derive(Clone, Debug)]
pub(super) struct Go<'a> {
    place: Place<'a>,
    /// What `go version` says.
    pub version: String,
}

/// A spec that ran and did not pass.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Red {
    /// The file that holds it, relative to the module.
    pub file: String,
    /// Its texts, outermost first.
    pub name: String,
    /// `failed`, `panicked`, …
    pub state: String,
    /// What the failure says.
    pub message: String,
}

/// What the specs of some packages did.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub(super) struct Specs {
    /// How many passed, with the file of each.
    pub green: Vec<String>,
    /// Those that did not.
    pub red: Vec<Red>,
}

impl<'a> Go<'a> {
    /// Go in a folder; why it cannot run there, if it cannot.
    pub(super) fn find(folder: &'a Path, flags: &'static str) -> Result<Self, String> {
        let place = Place::new(folder).with("GOPROXY", "off").with("GOFLAGS", flags);
        let output = place.run("go", &["version"]).map_err(|error| format!("go cannot be started ({error})"))?;
        if !output.status.success() {
            return Err(format!("go does not run here: {}", String::from_utf8_lossy(&output.stderr).trim()));
        }
        let said = String::from_utf8_lossy(&output.stdout);
        let version = said.split_whitespace().nth(2).unwrap_or("go").to_owned();
        Ok(Self { place, version })
    }

    /// What gofmt would write otherwise.
    pub(super) fn unformatted(&self, files: &[&str]) -> Result<Vec<String>> {
        if files.is_empty() {
            return Ok(Vec::new());
        }
        let arguments: Vec<&str> = [&["-l"], files].concat();
        let output = self.place.run("gofmt", &arguments).context("starting gofmt")?;
        let said = [output.stdout, output.stderr].concat();
        Ok(String::from_utf8_lossy(&said).lines().map(|line| format!("gofmt: {line}")).collect())
    }

    /// What `go vet` says about some files, or about code that does not compile.
    pub(super) fn vet(&self, arguments: &[&str], files: &[&str]) -> Result<Vec<String>> {
        let arguments: Vec<&str> = [&["vet"], arguments].concat();
        let output = self.place.run("go", &arguments).context("starting go")?;
        if output.status.success() {
            return Ok(Vec::new());
        }
        let said = String::from_utf8_lossy(&output.stderr);
        let ours: Vec<&str> = said.lines().filter(|line| !is_elsewhere(line, files)).collect();
        let failure = format!("go {}:\n{}", arguments.join(" "), ours.join("\n"));
        Ok(if ours.is_empty() { Vec::new() } else { vec![failure] })
    }

    /// Runs the specs of some packages, one process each.
    pub(super) fn specs(&self, flags: &[&str], folders: &[&str]) -> Result<Result<Specs, String>> {
        let packages: Vec<String> = folders.iter().map(|folder| format!("./{folder}")).collect();
        let report = format!("-ginkgo.json-report={REPORT}");
        let mut arguments = vec!["test"];
        arguments.extend(flags);
        arguments.extend(packages.iter().map(String::as_str));
        arguments.extend(["-args", &report]);
        let output = self.place.run("go", &arguments).context("starting go")?;
        let mut specs = Specs::default();
        for folder in folders {
            let path = self.place.folder.join(folder).join(REPORT);
            let Ok(text) = std::fs::read_to_string(&path) else {
                let said = [output.stdout, output.stderr].concat();
                return Ok(Err(format!("{folder} ran no specs:\n{}", String::from_utf8_lossy(&said).trim_end())));
            };
            std::fs::remove_file(&path)?;
            let root = format!("{}/", std::fs::canonicalize(self.place.folder)?.display());
            collect(&serde_json::from_str(&text)?, &[&root, "kubevirt.io/kubevirt/"], &mut specs);
        }
        Ok(Ok(specs))
    }
}

/// Whether a line of vet is a heading, or a complaint about a file that was not touched: such
/// complaints are there before. An error of the compiler says `vet:` first, and always counts.
fn is_elsewhere(line: &str, files: &[&str]) -> bool {
    let place = line.split(':').next().unwrap_or_default().trim_start_matches("./");
    line.starts_with('#') || place.ends_with(".go") && !files.contains(&place)
}

/// Reads Ginkgo's report. A file's name starts with the folder, or with the module when paths are
/// trimmed.
fn collect(report: &Value, prefixes: &[&str], specs: &mut Specs) {
    for suite in report.as_array().into_iter().flatten() {
        for spec in suite["SpecReports"].as_array().into_iter().flatten() {
            let place = if spec["LeafNodeType"] == "It" { &spec["LeafNodeLocation"] } else { &Value::Null };
            let file = place["FileName"].as_str().unwrap_or_default();
            let file = prefixes.iter().find_map(|prefix| file.strip_prefix(prefix)).unwrap_or(file).to_owned();
            let state = spec["State"].as_str().unwrap_or_default();
            if state == "passed" {
                specs.green.push(file);
            } else if !matches!(state, "skipped" | "pending") {
                let containers = spec["ContainerHierarchyTexts"].as_array().into_iter().flatten();
                let texts: Vec<&str> = containers.chain([&spec["LeafNodeText"]]).filter_map(Value::as_str).collect();
                let message = spec["Failure"]["Message"].as_str().unwrap_or_default().to_owned();
                specs.red.push(Red { file, name: texts.join(" "), state: state.to_owned(), message });
            }
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
        let mut specs = Specs::default();
        collect(&report, &["/kv/", "kubevirt.io/kubevirt/"], &mut specs);
        assert_eq!(specs.green, ["pkg/a_test.go"]);
        assert_eq!((specs.red[0].file.as_str(), specs.red[0].name.as_str()), ("pkg/b_test.go", "X on rejects"));
        assert_eq!((specs.red[1].state.as_str(), specs.red[1].file.as_str()), ("panicked", ""));
    }
}
