//! Proves with Go's own tools what scaffolded tasks claim.

mod before;
mod judge;
mod report;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use kubevirt_scaffold_core::diagnostic::Diagnostic;
use kubevirt_scaffold_core::pipeline::Color;
use kubevirt_scaffold_core::plan::{Earlier, Options, Selection, slug};
use kubevirt_scaffold_core::task::parse;
use kubevirt_scaffold_core::text::Source;
use kubevirt_scaffold_core::tree::parent;
use kubevirt_scaffold_core::verify::{Claim, Written, claims, written};

use crate::apply::Refusal;
use crate::checkout::Checkout;
use crate::go::{GO_FLAGS, Go, Run, groups};
use crate::options::PlanFlags;
use crate::process::{Runner, is_on_path};
use crate::progress::timed;
use crate::terminal::{self, Colors};
use crate::{baseline, files, input};

/// What is to be proven.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The tasks.md.
    pub tasks: &'a Path,
    /// The checkout, if the user names one.
    pub kubevirt: Option<&'a Path>,
    /// What the tasks leave open.
    pub plan: &'a PlanFlags,
    /// Only these tasks.
    pub only: Option<&'a str>,
    /// Whether golangci-lint runs, too.
    pub lint: bool,
    /// Whether the whole suite of functional tests is compiled.
    pub suite: bool,
}

/// What is proven about each task, and from what.
pub struct Proof {
    file: String,
    verdicts: Vec<judge::Verdict>,
    evidence: Evidence,
    /// Every path of the checkout that was looked at to find out what is claimed.
    pub seen: Vec<PathBuf>,
    /// The folders of each task's Go files, and its other files.
    pub places: BTreeMap<String, BTreeSet<PathBuf>>,
}

impl Proof {
    /// Whether Go was there to prove anything.
    pub fn is_compiled(&self) -> bool {
        self.evidence.go.is_ok()
    }

    /// Whether something is not as it should be.
    pub fn is_wrong(&self) -> bool {
        self.verdicts.iter().any(judge::Verdict::is_wrong)
    }

    /// For people.
    pub fn text(&self, color: Color) -> String {
        report::text(&self.verdicts, &self.evidence, color)
    }

    /// What was proven, in a few lines.
    pub fn summary(&self) -> String {
        report::summary(&self.verdicts, &self.evidence)
    }

    /// One JSON document, with the end of its line.
    pub fn json(&self) -> String {
        report::json(&self.file, &self.verdicts, &self.evidence)
    }

    /// JUnit's XML, for CI.
    pub fn junit(&self) -> String {
        report::junit(&self.verdicts)
    }
}

/// Proves what can be proven. The error says why nothing can be.
pub fn prove(request: &Request<'_>, command_line: &Source) -> Result<Proof, Vec<Diagnostic>> {
    let one = |found: Diagnostic| vec![found];
    let checkout = Checkout::find(request.kubevirt);
    let source = input::read(request.tasks, command_line).map_err(one)?;
    let root = checkout.required_root(command_line).map_err(one)?;
    let standing = baseline::standing(Some(root), request.tasks)?;
    let options = Options {
        selection: Selection { only: request.only.map(str::to_owned), ..Selection::default() },
        ..request.plan.options(Some(request.tasks), &standing, command_line).map_err(one)?
    };
    let survey = checkout.survey(checkout.tree(), request.kubevirt, command_line).map_err(one)?;
    let mut claims = claims(&source, &survey, &options)?;
    checkout.is_legible()?;
    // What was written down knows more than the plan: accessors, wiring.
    let earlier = baseline::read(root, || slug(&parse(&source), &options));
    let earlier = earlier.map_err(|refusal| vec![refusal.into_inner()])?;
    add_written(&mut claims, &earlier);
    let failed = |error: anyhow::Error| {
        vec![Refusal::new("apply", root, format!("{error:#}"), "fix that, and run the command again").into_inner()]
    };
    let mut evidence = gather(root, &claims, request).map_err(failed)?;
    let mut verdicts = judge::verdicts(&claims, &evidence, &survey.specs());
    if verdicts.iter().any(judge::Verdict::is_wrong) && evidence.go.is_ok() && !earlier.files.is_empty() {
        evidence.before = before::before(root, &evidence, &earlier).map_err(failed)?;
        verdicts = judge::verdicts(&claims, &evidence, &survey.specs());
    }
    let place = |file: &String| root.join(if file.ends_with(".go") { parent(file) } else { file });
    let places = claims.iter().map(|claim| (claim.id.clone(), claim.files.iter().map(place).collect())).collect();
    Ok(Proof { file: source.name().to_owned(), verdicts, evidence, seen: checkout.seen(), places })
}

/// Verifies what has just been written, and reports on stderr. True if nothing is wrong.
pub fn tell(request: &Request<'_>, command_line: &Source, colors: Colors) -> bool {
    match prove(request, command_line) {
        Ok(proof) => {
            terminal::styled(&proof.text(colors.stderr));
            proof.is_compiled() && !proof.is_wrong()
        }
        Err(found) => {
            terminal::diagnostics(&found, colors.stderr);
            false
        }
    }
}

/// The text of a file of the checkout; nothing if it is not there, or not UTF-8, which the compiler tells.
fn checkout_file(root: &Path, path: &str) -> Result<Option<String>> {
    match files::read(&root.join(path), LIMIT) {
        Ok(bytes) => Ok(String::from_utf8(bytes).ok()),
        Err(error) if input::is_absent(&error) => Ok(None),
        Err(error) => Err(error).with_context(|| format!("{path} cannot be read")),
    }
}

/// The largest file with specs that is read.
const LIMIT: u64 = 64 << 20;

/// Adds the files that earlier runs wrote for each task.
fn add_written(claims: &mut [Claim], earlier: &Earlier) {
    for claim in claims {
        let written = earlier.files.iter().filter(|(_, file)| file.tasks.contains(&claim.id));
        claim.files.extend(written.map(|(path, _)| path.to_string()));
        claim.files.sort();
        claim.files.dedup();
    }
}

/// What Go's tools and the files themselves say.
pub struct Evidence {
    /// The version of Go, or why there is none.
    pub go: Result<String, String>,
    /// Whether the linter ran, or why it did not.
    pub lint: Result<(), String>,
    /// Whether the whole suite was asked for its specs.
    pub suite: Option<Result<Vec<Run>, String>>,
    /// Complaints by file: gofmt, vet, the compiler, the linter.
    pub complaints: BTreeMap<String, Vec<String>>,
    /// Folders whose packages do not compile, with the first reasons.
    pub broken: BTreeMap<String, String>,
    /// The specs that ran, by folder.
    pub runs: BTreeMap<String, Vec<Run>>,
    /// The specs as they stand in the files.
    pub written: BTreeMap<String, Option<Vec<Written>>>,
    /// What was said before the scaffolds; nothing if nobody has asked.
    pub before: Option<Box<Evidence>>,
}

fn gather(root: &Path, claims: &[Claim], request: &Request<'_>) -> Result<Evidence> {
    let mut files: Vec<&str> =
        claims.iter().flat_map(|claim| &claim.files).map(String::as_str).filter(|file| file.ends_with(".go")).collect();
    files.sort_unstable();
    files.dedup();
    files.retain(|file| root.join(file).is_file());
    let mut evidence = Evidence::default();
    for file in files.iter().filter(|file| file.starts_with("tests/") || file.ends_with("_test.go")) {
        let text = checkout_file(root, file)?;
        let specs = text.and_then(|text| written(&text));
        evidence.written.insert((*file).to_owned(), specs);
    }
    let go = match Go::find(root, GO_FLAGS) {
        Ok(go) => go,
        Err(reason) => {
            evidence.go = Err(reason);
            return Ok(evidence);
        }
    };
    evidence.go = Ok(go.version.clone());
    for line in timed("gofmt", || go.unformatted(&files))? {
        evidence.complain(line.trim_start_matches("gofmt: "), "not formatted with gofmt");
    }
    // The whole suite compiles files that are vetted alone as well, and knows what they have from each other.
    for group in groups(&files).iter().filter(|group| !request.suite || group.files.is_empty()) {
        let targets = group.targets();
        for said in timed(&format!("go vet {}", targets.join(" ")), || go.vet(&targets, &files))? {
            evidence.vet(&said);
        }
        for folder in &group.tested {
            match timed(&format!("go test ./{folder}"), || go.specs(folder, &[]))? {
                Ok(runs) => drop(evidence.runs.insert((*folder).to_owned(), runs)),
                Err(reason) => {
                    // An output that names no place in the code is not a compiler error: there was nothing to run.
                    evidence.vet(&reason);
                    evidence.runs.insert((*folder).to_owned(), Vec::new());
                }
            }
        }
    }
    if request.lint {
        evidence.lint = timed("golangci-lint", || lint(root, &files, &mut evidence));
    }
    if request.suite {
        // The suite writes a report of its own, which has no business in the checkout.
        let aside = tempfile::TempDir::new()?;
        let artifacts = format!("-artifacts={}", aside.path().display());
        let specs = || go.specs("tests", &["-ginkgo.dry-run", &artifacts]);
        let suite = timed("go test ./tests --dry-run", specs)?;
        if let Err(reason) = &suite {
            evidence.vet(reason);
        }
        evidence.suite = Some(suite);
    }
    Ok(evidence)
}

impl Default for Evidence {
    fn default() -> Self {
        Self {
            go: Err(String::new()),
            lint: Err("pass --lint".to_owned()),
            suite: None,
            complaints: BTreeMap::new(),
            broken: BTreeMap::new(),
            runs: BTreeMap::new(),
            written: BTreeMap::new(),
            before: None,
        }
    }
}

impl Evidence {
    fn complain(&mut self, file: &str, what: &str) {
        let known = self.complaints.entry(file.trim_start_matches("./").to_owned()).or_default();
        if !known.iter().any(|known| known == what) {
            known.push(what.to_owned());
        }
    }

    /// Lines of the compiler and of vet: `vet: ./pkg/x.go:3:2: undefined: y`.
    fn vet(&mut self, said: &str) {
        for line in said.lines() {
            let line = line.trim().trim_start_matches("vet: ").trim_start_matches("./");
            let mut parts = line.splitn(4, ':');
            let (Some(file), Some(number), Some(_), Some(what)) =
                (parts.next(), parts.next(), parts.next(), parts.next())
            else {
                continue;
            };
            if file.ends_with(".go") && number.bytes().all(|byte| byte.is_ascii_digit()) {
                self.complain(file, &format!("line {number}:{what}"));
                let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
                self.broken.entry(folder.to_owned()).or_insert_with(|| line.to_owned());
            }
        }
    }
}

/// KubeVirt's own linters on the touched packages, as far as they complain about the touched files.
fn lint(root: &Path, files: &[&str], evidence: &mut Evidence) -> Result<(), String> {
    if !is_on_path("golangci-lint") {
        return Err("golangci-lint is not on PATH".to_owned());
    }
    let mut folders: Vec<String> =
        files.iter().filter_map(|file| file.rsplit_once('/')).map(|(folder, _)| format!("./{folder}")).collect();
    folders.dedup();
    let mut arguments = vec!["run", "--build-tags", "libvirt_dlopen"];
    arguments.extend(folders.iter().map(String::as_str));
    let runner = Runner::new(root).with("GOPROXY", "off").with("GOFLAGS", "-trimpath");
    let output = runner.run("golangci-lint", &arguments).map_err(|error| error.to_string())?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    // 0 found nothing, 1 found something; anything else is a failure.
    if !matches!(output.status.code(), Some(0 | 1)) {
        let error = String::from_utf8_lossy(&output.stderr).lines().next().unwrap_or_default().to_owned();
        return Err(format!("golangci-lint does not run here: {error}"));
    }
    for line in said.lines() {
        let Some((file, what)) = line.split_once(':') else { continue };
        if files.contains(&file) {
            evidence.complain(file, &format!("line {what}"));
        }
    }
    Ok(())
}
