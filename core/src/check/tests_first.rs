//! Tests before what they test.

use std::collections::BTreeMap;

use super::Subject;
use crate::diagnostic::{Diagnostic, Severity};
use crate::graph::{by_phase, only_runs, targets};
use crate::task::{Task, TaskFile};

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
    // The tasks that write each file, so that a test knows what it tests.
    let mut writers: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, task) in file.tasks.iter().enumerate().filter(|(index, _)| work[*index] == Work::Code) {
        for target in targets(file, task) {
            writers.entry(target).or_default().push(index);
        }
    }
    for tasks in by_phase(file).iter().filter(|tasks| !tasks.is_empty()) {
        let is_test = |task: &&usize| matches!(work[**task], Work::UnitTest | Work::FunctionalTest);
        let tests: Vec<usize> = tasks.iter().filter(is_test).copied().collect();
        let Some(&first_test) = tests.first() else { continue };
        let (mut late, mut early) = (Vec::new(), Vec::new());
        if claims {
            for &task in &tests {
                let twins = targets(file, &file.tasks[task]).into_iter().filter_map(|path| twin(&path));
                let written = twins.filter_map(|twin| writers.get(&twin)).flatten().copied();
                let before: Vec<usize> = written.filter(|&writer| writer < task).collect();
                if !before.is_empty() {
                    late.push(task);
                    early.extend(before);
                }
            }
            early.sort_unstable();
            early.dedup();
        }
        let (place, message) = if let Some(&first) = late.first() {
            let verb = if late.len() == 1 { "stands" } else { "stand" };
            let (late, early) = (subject.ids(&late), subject.ids(&early));
            (first, format!("{late} {verb} behind the code that the tests are for: {early}"))
        } else if let Some(code) = tasks.iter().copied().find(|&task| task < first_test && work[task] == Work::Code) {
            let tasks = &file.tasks;
            let message = format!(
                "the first test of this phase, {}, stands behind its first code, {}",
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
            format!("{}, the first functional test, stands behind {}", file.tasks[test].id, file.tasks[code].id);
        let diagnostic = Diagnostic::warning("integration-late", message).at(&file.source, file.tasks[test].span);
        found.push(diagnostic.help("integration tests come before the implementation: move them to an earlier phase"));
    }
}

/// What kind of work a task is.
pub(super) fn work(file: &TaskFile, task: &Task) -> Work {
    let title = task.title.text.to_lowercase();
    let files = targets(file, task);
    let mentions: Vec<String> = task.mentions(&file.source).into_iter().map(|path| path.text).collect();
    let is_go = |path: &String| path.ends_with(".go");
    if only_runs(task) && !task.details.iter().any(|detail| detail.key == "file") {
        return Work::Other;
    }
    if files.iter().chain(&mentions).any(|path| path.starts_with("tests/") && is_go(path)) {
        return Work::FunctionalTest;
    }
    let named = if files.is_empty() { &mentions } else { &files };
    if named.iter().any(|path| is_test_file(path)) {
        return if title.contains("e2e") || title.contains("integration") || title.contains("end-to-end") {
            Work::FunctionalTest
        } else {
            Work::UnitTest
        };
    }
    let gates = named.iter().any(|path| path.contains("/featuregate/")) || title.contains("feature gate");
    let is_code = |path: &String| {
        const CODE: &[&str] = &[
            "go", "rs", "py", "ts", "tsx", "js", "jsx", "java", "kt", "swift", "c", "cc", "cpp", "cs", "rb", "php",
            "ex", "scala", "vue", "svelte", "dart",
        ];
        path.rsplit_once('.').is_some_and(|(_, extension)| CODE.contains(&extension))
    };
    let writes_tests =
        title.split(|c: char| !c.is_alphanumeric()).any(|word| matches!(word, "test" | "tests" | "spec" | "specs"));
    if gates || writes_tests || files.is_empty() || !files.iter().any(is_code) { Work::Other } else { Work::Code }
}

fn is_test_file(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default().to_lowercase();
    let stem = name.split('.').next().unwrap_or_default();
    // What tests are made with is no test.
    const TOOLS: &[&str] = &["__init__", "conftest", "helper", "mock", "fixture", "util", "setup", "factory", "readme"];
    if TOOLS.iter().any(|tool| stem.contains(tool)) {
        return false;
    }
    name.contains(".test.")
        || name.contains(".spec.")
        || stem.ends_with("_test")
        || stem.ends_with("_tests")
        || stem.starts_with("test_")
        || stem.ends_with("tests") && stem.len() > 5
        || path.rsplit_once('.').is_some()
            && (path.starts_with("tests/") || path.contains("/tests/") || path.contains("/__tests__/"))
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
    phrases.iter().any(|phrase| lower.contains(phrase))
}
