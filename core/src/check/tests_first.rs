//! Tests before what they test.

use std::collections::BTreeMap;

use super::Subject;
use crate::diagnostic::{Diagnostic, Severity};
use crate::graph::by_phase;
use crate::task::{Task, TaskFile};
use crate::text::holds;

/// What kind of work a task is, as far as tests are concerned.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Work {
    /// It writes tests of a part by itself.
    UnitTest,
    /// It writes tests of the whole.
    FunctionalTest,
    /// It writes code.
    Code,
    /// Documents, set-up, reviews, runs.
    Other,
}

pub(super) fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let file = subject.file;
    let work: Vec<Work> = file.tasks.iter().map(|task| work(file, task)).collect();
    let claims = claims_tests_first(file.source.text());
    let files: Vec<&[String]> = file.tasks.iter().map(|task| file.targets(task)).collect();
    // The tasks that write each file, so that a test knows what it tests.
    let mut writers: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    // The first test of each file in each phase: the code behind it is tested first.
    let mut first_tests: BTreeMap<(&str, Option<usize>), usize> = BTreeMap::new();
    for (index, task) in file.tasks.iter().enumerate() {
        for target in files[index] {
            match work[index] {
                Work::Code => writers.entry(target).or_default().push(index),
                Work::UnitTest => _ = first_tests.entry((target, task.phase)).or_insert(index),
                Work::FunctionalTest | Work::Other => {}
            }
        }
    }
    for tasks in by_phase(file).iter().filter(|tasks| !tasks.is_empty()) {
        let is_test = |task: &&usize| matches!(work[**task], Work::UnitTest | Work::FunctionalTest);
        let tests: Vec<usize> = tasks.iter().filter(is_test).copied().collect();
        let Some(&first_test) = tests.first() else { continue };
        let (mut late, mut early) = (Vec::new(), Vec::new());
        if claims {
            let mut by_file: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
            for &test in &tests {
                files[test].iter().for_each(|path| by_file.entry(path).or_default().push(test));
            }
            for (path, tests) in by_file {
                let Some(written) = twin(path).and_then(|twin| writers.get(twin.as_str())) else { continue };
                let tested = |writer: &usize| {
                    first_tests.get(&(path, file.tasks[*writer].phase)).is_some_and(|first| first < writer)
                };
                let untested: Vec<usize> = written.iter().copied().filter(|writer| !tested(writer)).collect();
                let Some(&first) = untested.first() else { continue };
                let behind: Vec<usize> = tests.into_iter().filter(|&test| test > first).collect();
                let Some(&last) = behind.last() else { continue };
                early.extend(untested.into_iter().filter(|&writer| writer < last));
                late.extend(behind);
            }
            for list in [&mut late, &mut early] {
                list.sort_unstable();
                list.dedup();
            }
        }
        let (place, message) = if let Some(&first) = late.first() {
            let verb = if late.len() == 1 { "stands" } else { "stand" };
            let (late, early) = (subject.ids(&late), subject.ids(&early));
            (first, format!("{late} {verb} after the code that the tests cover: {early}"))
        } else if let Some(code) = tasks.iter().copied().find(|&task| task < first_test && work[task] == Work::Code) {
            let tasks = &file.tasks;
            let message = format!(
                "the first test of this phase, {}, comes after its first code, {}",
                tasks[first_test].id, tasks[code].id
            );
            (first_test, message)
        } else {
            continue;
        };
        let mut diagnostic = Diagnostic::warning("tests-late", message).at(&file.source, file.tasks[place].span);
        let help = if claims {
            diagnostic.severity = Severity::Error;
            "this file says that tests are written first and fail: move them before the code"
        } else {
            "a test that is written first shows that it can fail"
        };
        found.push(diagnostic.help(help));
    }
    integration_first(subject, &work, found);
}

/// The functional tests must be there, and before the phase of implementation.
fn integration_first(subject: &Subject<'_>, work: &[Work], found: &mut Vec<Diagnostic>) {
    let file = subject.file;
    if !subject.is_kubevirt() || !work.contains(&Work::Code) {
        return;
    }
    let Some(test) = work.iter().position(|&work| work == Work::FunctionalTest) else {
        if let Some(unit) = work.iter().position(|&work| work == Work::UnitTest) {
            let message = "there are unit tests and no functional ones";
            let diagnostic = Diagnostic::warning("integration-missing", message);
            let help = "KubeVirt wants behaviour tested in a real cluster first: add a task for a file in `tests/`";
            found.push(diagnostic.at(&file.source, file.tasks[unit].span).help(help));
        }
        return;
    };
    let implements = |phase: usize| file.phases[phase].title.text.to_lowercase().contains("implementation");
    let code =
        (0..file.tasks.len()).find(|&task| work[task] == Work::Code && file.tasks[task].phase.is_some_and(implements));
    if let Some(code) = code.filter(|&code| code < test) {
        let message =
            format!("{}, the first functional test, comes after {}", file.tasks[test].id, file.tasks[code].id);
        let diagnostic = Diagnostic::warning("integration-late", message).at(&file.source, file.tasks[test].span);
        found.push(diagnostic.help("integration tests come before the implementation: move them to an earlier phase"));
    }
}

/// What kind of work a task is.
pub(super) fn work(file: &TaskFile, task: &Task) -> Work {
    let title = task.title.text.to_lowercase();
    let files: Vec<&str> = file.targets(task).iter().map(String::as_str).collect();
    let mentions: Vec<&str> = file.mentions(task).iter().map(|path| path.text.as_str()).collect();
    let is_go = |path: &&str| path.ends_with(".go");
    // What the verb of a title in another script is cannot be told, so whether it writes a test cannot either.
    let letters = title.split('`').step_by(2).flat_map(str::chars).filter(|c| c.is_alphabetic());
    if letters.clone().filter(|c| !c.is_ascii()).count() * 2 > letters.count() {
        return Work::Other;
    }
    if task.only_runs() && !task.details.iter().any(|detail| detail.key == "file") {
        return Work::Other;
    }
    let specs = |path: &&str| *path == "tests/" || path.starts_with("tests/") && is_go(path) && !is_helper(path);
    if files.iter().chain(&mentions).any(specs) {
        return Work::FunctionalTest;
    }
    if files.iter().any(|path| is_helper(path)) {
        return Work::Other;
    }
    let named = if files.is_empty() { &mentions } else { &files };
    if named.iter().any(|path| path.ends_with("_test.go")) {
        return if title.contains("e2e") || title.contains("integration") || title.contains("end-to-end") {
            Work::FunctionalTest
        } else {
            Work::UnitTest
        };
    }
    let gates = named.iter().any(|path| path.contains("/featuregate/")) || title.contains("feature gate");
    let writes_tests =
        title.split(|c: char| !c.is_alphanumeric()).any(|word| matches!(word, "test" | "tests" | "spec" | "specs"));
    if gates || writes_tests || files.is_empty() || !files.iter().any(is_go) { Work::Other } else { Work::Code }
}

/// Whether a file holds what functional specs share, and no specs.
fn is_helper(path: &str) -> bool {
    const FOLDERS: &[&str] = &[
        "decorators",
        "framework",
        "testsuite",
        "flags",
        "errors",
        "exec",
        "console",
        "events",
        "clientcmd",
        "reporter",
    ];
    let first = path.strip_prefix("tests/").and_then(|rest| rest.split_once('/')).map(|(folder, _)| folder);
    first.is_some_and(|folder| FOLDERS.contains(&folder) || folder.starts_with("lib"))
}

/// The Go file that a test stands beside.
fn twin(path: &str) -> Option<String> {
    path.strip_suffix("_test.go").map(|stem| format!("{stem}.go"))
}

/// Whether a file says that tests come first.
fn claims_tests_first(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let phrases = [
        "must be written first",
        "must fail before",
        "tests first",
        "tests must be written and must fail",
        "write these tests first",
        "tests before implementation",
        "test-first",
        "before any implementation",
        "only after tests are failing",
    ];
    phrases.iter().any(|phrase| holds(&lower, phrase))
}
