//! From what was said to what is proven.

use kubevirt_scaffold_core::plan::Role;
use kubevirt_scaffold_core::survey::Specs;
use kubevirt_scaffold_core::verify::{Claim, Written};

use super::Evidence;
use crate::command_name::command;
use crate::go::Run;

/// What is known about a task.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Verdict {
    /// Its ID.
    pub(super) id: String,
    /// Its title.
    pub(super) title: String,
    /// Each thing that was looked at.
    pub(super) findings: Vec<Finding>,
}

/// One thing that was looked at.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Finding {
    /// A file, or a spec.
    pub(super) about: String,
    /// What came of it.
    pub(super) state: State,
    /// Why, in a few words.
    pub(super) detail: String,
}

/// What came of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum State {
    /// It is as it should be: it compiles, it is formatted.
    Sound,
    /// A spec fails by its own assertion, with the ID of its task.
    Red,
    /// A spec passes.
    Green,
    /// It was not as it should be before the scaffolds either.
    Before,
    /// Something that follows has not been done: `make generate`.
    Pending,
    /// It is not as it should be.
    Wrong,
    /// Nothing could be proven.
    Unproven,
    /// There is nothing to prove: people do it.
    Manual,
}

impl State {
    /// Its name.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Sound => "sound",
            Self::Red => "red",
            Self::Green => "green",
            Self::Before => "before",
            Self::Pending => "pending",
            Self::Wrong => "wrong",
            Self::Unproven => "unproven",
            Self::Manual => "manual",
        }
    }
}

impl Verdict {
    /// Whether something is not as it should be.
    pub(super) fn is_wrong(&self) -> bool {
        self.findings.iter().any(|finding| finding.state == State::Wrong)
    }

    fn say(&mut self, about: impl Into<String>, state: State, detail: impl Into<String>) {
        self.findings.push(Finding { about: about.into(), state, detail: detail.into() });
    }
}

/// The verdict on each task.
pub(super) fn verdicts(claims: &[Claim], evidence: &Evidence, tests: &Specs) -> Vec<Verdict> {
    claims.iter().map(|claim| verdict(claim, evidence, tests)).collect()
}

fn verdict(claim: &Claim, evidence: &Evidence, tests: &Specs) -> Verdict {
    let mut verdict = Verdict { id: claim.id.clone(), title: claim.title.clone(), findings: Vec::new() };
    if claim.files.is_empty() {
        verdict.say(&claim.id, State::Manual, claim.manual.as_deref().unwrap_or("no file shows whether it is done"));
        return verdict;
    }
    for file in &claim.files {
        if claim.lacking.contains(file) {
            verdict.say(file, State::Wrong, format!("it lacks what the task asks for: run {}", command("scaffold")));
        } else if let Some((state, said)) = evidence.complaint(file) {
            let alone = folder(file) == "tests" && evidence.suite.is_none() && said.contains("undefined: ");
            let hint = if alone { " (compiled by itself: --suite compiles the whole package)" } else { "" };
            verdict.say(file, state, said + hint);
        } else if !file.ends_with(".go") {
            verdict.say(file, State::Sound, "it is there");
        } else if let Some((state, reason)) = evidence.broken(folder(file)) {
            verdict.say(file, state, format!("its package does not compile: {reason}"));
        } else if evidence.go.is_ok() {
            verdict.say(file, State::Sound, "formatted, compiled and vetted");
        } else {
            verdict.say(file, State::Unproven, "Go is not installed");
        }
    }
    if let Some(reason) = &claim.manual {
        verdict.say(&claim.id, State::Manual, reason.as_str());
    }
    if !claim.ungenerated.is_empty() {
        let fields = claim.ungenerated.join(", ");
        let detail = format!("the generated code has no {fields} yet, and until it has, {API_TESTS} fails");
        verdict.say("make generate", State::Pending, detail);
    }
    for (file, text) in &claim.specs {
        let (state, detail) = spec(claim, file, text, evidence, tests);
        verdict.say(format!("{file}: {text}"), state, detail);
    }
    // Specs that the plan would not make any more, such as in a folder that the suite does not import.
    for file in claim.files.iter().filter(|file| file.starts_with("tests/")) {
        let specs = evidence.written.get(file).and_then(Option::as_ref).into_iter().flatten();
        let known = |spec: &Written| claim.specs.iter().any(|(other, text)| other == file && same(text, &spec.text));
        for spec in specs.filter(|spec| spec.fails.contains(&claim.id) && !known(spec)) {
            let (state, detail) = functional(claim, file, spec, evidence, tests);
            verdict.say(format!("{file}: {}", spec.text), state, detail);
        }
    }
    if claim.role == Some(Role::Proof) {
        for file in claim.files.iter().filter(|file| file.ends_with("_test.go")) {
            gate(&mut verdict, file, evidence);
        }
    }
    verdict
}

/// KubeVirt's own tests of what is generated.
const API_TESTS: &str = "go test kubevirt.io/api/apitesting/...";

/// A gate's own specs, which pass, and which the plan does not name one by one.
fn gate(verdict: &mut Verdict, file: &str, evidence: &Evidence) {
    let Some(runs) = evidence.runs.get(folder(file)) else {
        return verdict.say(file, State::Unproven, "its specs did not run");
    };
    let own: Vec<&Run> = runs.iter().filter(|run| run.file == *file).collect();
    if own.is_empty() {
        let reason =
            evidence.broken.get(folder(file)).map_or("no suite runs its specs", |_| "its specs do not compile");
        return verdict.say(file, State::Wrong, reason);
    }
    for run in own {
        let (state, detail) = match run.state.as_str() {
            "passed" => (State::Green, "it passes".to_owned()),
            state => (evidence.failure(folder(file), run), format!("{state}: {}", first_line(&run.message))),
        };
        verdict.say(format!("{file}: {}", run.text), state, detail);
    }
}

fn spec(claim: &Claim, file: &str, text: &str, evidence: &Evidence, tests: &Specs) -> (State, String) {
    let Some(specs) = evidence.written.get(file) else {
        return (State::Wrong, "the file does not exist".to_owned());
    };
    let Some(specs) = specs else { return (State::Wrong, "the file is not Go".to_owned()) };
    let Some(written) = specs.iter().find(|spec| same(&spec.text, text)) else {
        return (State::Wrong, "there is no such spec in the file".to_owned());
    };
    if let Some(how) = &written.skipped {
        return (State::Wrong, format!("it never runs: {how}"));
    }
    if claim.role == Some(Role::Test { functional: true }) || file.starts_with("tests/") {
        return functional(claim, file, written, evidence, tests);
    }
    if let Err(reason) = &evidence.go {
        return (State::Unproven, reason.clone());
    }
    let runs = evidence.runs.get(folder(file)).map(Vec::as_slice).unwrap_or_default();
    if let Some(run) = runs.iter().find(|run| run.file == *file && same(&run.text, text)) {
        let (state, detail) = ran(claim, run, written);
        return (if state == State::Wrong { evidence.failure(folder(file), run) } else { state }, detail);
    }
    match evidence.broken(folder(file)) {
        Some((state, reason)) => (state, format!("it does not compile: {reason}")),
        None => (State::Wrong, "no suite runs it".to_owned()),
    }
}

/// What a spec did when it ran.
fn ran(claim: &Claim, run: &Run, written: &Written) -> (State, String) {
    match run.state.as_str() {
        "passed" if !written.asserts => (State::Wrong, "it passes because it asserts nothing".to_owned()),
        "passed" => (State::Green, "it passes".to_owned()),
        "failed" if run.message.contains(&format!("{}: ", claim.id)) => {
            (State::Red, first_line(&run.message).to_owned())
        }
        "failed" if written.fails.is_empty() => {
            (State::Red, format!("filled in, and failing: {}", first_line(&run.message)))
        }
        "failed" => (State::Wrong, format!("it fails for another reason: {}", first_line(&run.message))),
        state => (State::Wrong, format!("{state}: {}", first_line(&run.message))),
    }
}

/// A functional spec needs a cluster to run: what it would do is read from it, and where it is listed.
fn functional(claim: &Claim, file: &str, written: &Written, evidence: &Evidence, tests: &Specs) -> (State, String) {
    let home = folder(file);
    let is_reached = if home == "tests" {
        file.ends_with("_test.go")
    } else {
        !file.ends_with("_test.go") && tests.imported.iter().any(|folder| folder == home)
    };
    if !is_reached {
        return (State::Wrong, "no suite reaches it: the suite in tests/ does not import its package".to_owned());
    }
    if let Some(reason) = written.unassigned(tests) {
        return (State::Wrong, reason.to_owned());
    }
    if let Some(suite) = &evidence.suite {
        match suite {
            Err(reason) => return (State::Wrong, format!("the suite does not compile: {}", first_line(reason))),
            Ok(runs) => {
                let Some(run) = runs.iter().find(|run| same(&run.text, &written.text) && run.file == *file) else {
                    return (State::Wrong, "the suite's dry run does not list it".to_owned());
                };
                if let Some(reason) = tests.unassigned(&run.name, &run.labels) {
                    return (State::Wrong, format!("in the suite's dry run, {reason}"));
                }
            }
        }
    }
    if let Some((state, reason)) = evidence.broken(home) {
        return (state, format!("it does not compile: {reason}"));
    }
    match evidence.go {
        _ if !written.asserts => (State::Wrong, "it asserts nothing".to_owned()),
        Err(_) => (State::Unproven, "Go is not installed to compile it".to_owned()),
        Ok(_) if written.fails.contains(&claim.id) => {
            (State::Red, format!("it compiles and fails with {}; it needs a cluster to run", claim.id))
        }
        Ok(_) if written.fails.is_empty() => (State::Unproven, "it is filled in; it needs a cluster to run".to_owned()),
        Ok(_) => (State::Wrong, format!("it fails with {}, not with {}", written.fails.join(", "), claim.id)),
    }
}

impl Evidence {
    /// What is said about a file, and whether that was said before the scaffolds, too.
    fn complaint(&self, file: &str) -> Option<(State, String)> {
        let all = self.complaints.get(file)?;
        let known = self.before.as_ref().and_then(|before| before.complaints.get(file));
        let is_known = |what: &String| known.is_some_and(|known| known.iter().any(|old| said(old) == said(what)));
        let new: Vec<&str> = all.iter().filter(|what| !is_known(what)).map(String::as_str).collect();
        if new.is_empty() {
            return Some((State::Before, format!("{} (as before the scaffolds)", all.join("; "))));
        }
        Some((State::Wrong, new.join("; ")))
    }

    /// Why a package does not compile, and whether it did before the scaffolds.
    fn broken(&self, folder: &str) -> Option<(State, String)> {
        let reason = first_line(self.broken.get(folder)?);
        let known = self.before.as_ref().and_then(|before| before.broken.get(folder));
        if known.is_some_and(|known| said(first_line(known)) == said(reason)) {
            return Some((State::Before, format!("{reason} (as before the scaffolds)")));
        }
        Some((State::Wrong, reason.to_owned()))
    }

    /// Whether a spec fails because of something that failed before the scaffolds, too: itself, or what its neighbours
    /// share with it.
    fn failure(&self, folder: &str, run: &Run) -> State {
        let known = self.before.as_ref().and_then(|before| before.runs.get(folder));
        let is_same = |old: &Run| old.is_red() && first_line(&old.message) == first_line(&run.message);
        if known.is_some_and(|known| known.iter().any(is_same)) { State::Before } else { State::Wrong }
    }
}

/// What a complaint says, wherever it stands: lines move. It begins with `line 3:` or with `path:3:1:`.
fn said(complaint: &str) -> &str {
    let place = if complaint.starts_with("line ") { 1 } else { 3 };
    complaint.splitn(place + 1, ':').nth(place).unwrap_or(complaint).trim()
}

/// Texts of specs begin with a small letter, whatever the task writes.
fn same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
        || one.to_lowercase().trim_end_matches('.') == other.to_lowercase().trim_end_matches('.')
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn first_line(text: &str) -> &str {
    text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default()
}

#[cfg(test)]
#[path = "judge_tests.rs"]
mod tests;
