//! From facts to tasks, in KubeVirt's order: compliance, feature gate, detection, integration
//! tests, implementation, documentation, security review.

use super::facts::{Fact, Facts, FileFact, GateFact};
use super::release::{api, release};
use crate::diagnostic::Diagnostic;
use crate::documents::{Documents, Function};
use crate::name::Name;

/// A task before it has a number.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    pub(crate) title: String,
    /// The file, if a document states it or KubeVirt has one place for it.
    pub(crate) file: Option<String>,
    pub(crate) extends: bool,
    /// The lines below, in order.
    pub(crate) lines: Vec<(&'static str, String)>,
    pub(crate) sources: Vec<String>,
}

/// Tasks that belong together.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    pub(crate) title: String,
    pub(crate) done_when: &'static str,
    pub(crate) tasks: Vec<Draft>,
}

/// A question that no document answers.
#[derive(Clone, Debug)]
pub(crate) struct Question {
    pub(crate) text: String,
}

/// The tasks of a feature, by phase.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tasks {
    pub(crate) foundation: Vec<Group>,
    pub(crate) tests: Vec<Draft>,
    pub(crate) implementation: Vec<Group>,
    pub(crate) release: Vec<Group>,
    pub(crate) questions: Vec<Question>,
}

impl Tasks {
    /// The number of a question; the same question is asked once.
    pub(crate) fn ask(&mut self, text: String) -> String {
        let known = self.questions.iter().position(|question| question.text == text);
        let at = known.unwrap_or_else(|| {
            self.questions.push(Question { text });
            self.questions.len() - 1
        });
        format!("Q{}", at + 1)
    }
}

impl Draft {
    pub(crate) fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), file: None, extends: false, lines: Vec::new(), sources: Vec::new() }
    }

    pub(super) fn file(mut self, file: &FileFact) -> Self {
        (self.file, self.extends) = (Some(file.path.clone()), !file.new);
        self
    }

    pub(crate) fn line(mut self, key: &'static str, text: impl Into<String>) -> Self {
        self.lines.push((key, text.into()));
        self
    }

    pub(crate) fn from(mut self, place: &str) -> Self {
        if !self.sources.iter().any(|known| known == place) {
            self.sources.push(place.to_owned());
        }
        self
    }

    pub(super) fn facts(mut self, key: &'static str, facts: &[Fact]) -> Self {
        for fact in facts {
            self = self.line(key, fact.text.clone()).from(&fact.place);
        }
        self
    }
}

/// The tasks that the facts ask for, phase by phase, and the questions they leave open.
pub(super) fn build(facts: &Facts, documents: &Documents, diagnostics: &mut Vec<Diagnostic>) -> Tasks {
    let mut tasks = Tasks::default();
    gate(facts, documents, &mut tasks, diagnostics);
    let (detection, rest) = split(facts);
    let unit = unit_test_file(facts);
    foundation(facts, &detection, unit, &mut tasks);
    tests(facts, unit, &mut tasks);
    implementation(facts, &rest, &mut tasks);
    release(facts, documents, &mut tasks);
    tasks
}

fn gate(facts: &Facts, documents: &Documents, tasks: &mut Tasks, diagnostics: &mut Vec<Diagnostic>) {
    let register = |name: Option<&str>, fact: &Fact| {
        let mut task = Draft::new("Feature Gate Registration")
            .line("Configuration", "Alpha stage, default false")
            .from(&fact.place);
        task.file = Some("pkg/virt-config/featuregate/active.go".to_owned());
        task.extends = true;
        match name {
            Some(name) => task.line("Gate", format!("`{name}`")),
            None => task.line("Configuration", fact.text.clone()),
        }
    };
    let test = |name: &str, fact: &Fact| {
        let mut task = Draft::new("Feature Gate Tests")
            .line("Verify", "the feature gate can be enabled and disabled")
            .line("Verify", "nothing changes while it is disabled")
            .from(&fact.place);
        task.file = Some(format!("pkg/virt-config/featuregate/{}_test.go", Name::parse(name).snake()));
        task
    };
    let group = |title: &str, made: Vec<Draft>| Group {
        title: title.to_owned(),
        done_when: "the feature gate is decided, registered and tested",
        tasks: made,
    };
    match &facts.gate {
        GateFact::Named(name) => {
            tasks
                .foundation
                .push(group("Feature Gate Setup", vec![register(Some(&name.text), name), test(&name.text, name)]));
        }
        GateFact::Wanted(fact) => {
            let feature = facts.name.as_ref().map_or("feature", |name| name.text.as_str());
            let question = tasks.ask("What is the feature gate called? No document names it.".to_owned());
            let made = vec![register(None, fact).line("Question", question), test(feature, fact)];
            tasks.foundation.push(group("Feature Gate Setup", made));
        }
        GateFact::Denied(said) => {
            let Some((constitution, principle)) = documents.gate_principle() else { return };
            let title = &principle.title.text;
            let places: Vec<&str> = said.iter().map(|fact| fact.place.as_str()).collect();
            let own = constitution.place(principle.title.span);
            let question = tasks.ask(format!(
                "{} say that no feature gate is needed; {own} `{title}` allows no exception. Which holds?",
                places.join(" and ")
            ));
            let mut task = Draft::new("Feature Gate Decision")
                .line("Review", "register a feature gate, or have the constitution amended");
            task = task.line("Question", question);
            task.sources = said.iter().map(|fact| fact.place.clone()).chain([own.clone()]).collect();
            tasks.foundation.push(group("Feature Gate Decision", vec![task]));
            let source = &documents.plan.as_ref().expect("there is a plan").source;
            let span = documents
                .plan
                .as_ref()
                .and_then(|plan| plan.field("Feature Gate Strategy"))
                .map(|field| field.value.span);
            let diagnostic =
                Diagnostic::warning("gate-denied", "the documents deny the feature gate that the constitution demands");
            diagnostics.push(
                diagnostic
                    .at(source, span.unwrap_or_default())
                    .help(format!("{own} `{title}`; the tasks hold the question")),
            );
        }
        GateFact::Unsaid => {
            let why = super::gate::mentioned(documents).map_or("No document says so.".to_owned(), |place| {
                format!("{place} mentions one, and no line `**Feature Gate**: NAME` names it.")
            });
            let question = tasks.ask(format!("Is there a feature gate, and what is it called? {why}"));
            let task = Draft::new("Feature Gate Decision")
                .line("Review", "new functionality starts behind a feature gate")
                .line("Question", question);
            tasks.foundation.push(group("Feature Gate Decision", vec![task]));
        }
    }
}

type Work<'a> = (&'a FileFact, Vec<&'a (Function, String)>);

/// Functions that find out whether the feature is there, and everything else.
fn split(facts: &Facts) -> (Vec<Work<'_>>, Vec<Work<'_>>) {
    let detects = |name: &str| {
        let lower = name.to_lowercase();
        ["detect", "has", "supports", "is", "discover", "probe"].iter().any(|verb| lower.starts_with(verb))
    };
    let (mut detection, mut rest) = (Vec::new(), Vec::new());
    for file in facts.files.iter().filter(|file| is_production(&file.path)) {
        let (first, others): (Vec<_>, Vec<_>) =
            file.functions.iter().partition(|(function, _)| detects(&function.name));
        if !first.is_empty() {
            detection.push((file, first));
        }
        rest.push((file, others));
    }
    (detection, rest)
}

fn is_production(path: &str) -> bool {
    path.ends_with(".go")
        && !path.ends_with("_test.go")
        && !path.starts_with("tests/")
        && !path.contains("/featuregate/")
        && path != "pkg/virt-config/feature-gates.go"
}

fn unit_test_file(facts: &Facts) -> Option<&FileFact> {
    facts.files.iter().find(|file| file.path.ends_with("_test.go") && !file.path.starts_with("tests/"))
}

/// The only new file that documents name, for what they do not place themselves.
fn home(facts: &Facts) -> Option<&FileFact> {
    let mut new = facts.files.iter().filter(|file| file.new && is_production(&file.path));
    new.next().filter(|_| new.next().is_none())
}

fn placed(facts: &Facts, tasks: &mut Tasks, task: Draft, file: Option<&String>, what: &str) -> Draft {
    let known = file.and_then(|path| facts.files.iter().find(|known| known.path == *path)).or_else(|| home(facts));
    if let Some(known) = known {
        return task.file(known).from(&known.place);
    }
    let question = tasks.ask(format!("Which file holds {what}? No document says so."));
    task.line("Question", question)
}

fn foundation(facts: &Facts, detection: &[Work<'_>], unit: Option<&FileFact>, tasks: &mut Tasks) {
    let mut made = Vec::new();
    for (fact, values, file) in &facts.types {
        let mut task =
            Draft::new(format!("{} Type", Name::parse(&fact.text).title().trim_end_matches(" Type"))).from(&fact.place);
        let values = if values.is_empty() { String::new() } else { format!(" ({})", values.join(", ")) };
        task = task.line("Task", format!("Define {} constants{values}", fact.text));
        made.push(placed(facts, tasks, task, file.as_ref(), &format!("`{}`", fact.text)));
    }
    let is_detection = |fact: &&Fact| {
        let lower = fact.text.to_lowercase();
        lower.contains("detect") || lower.contains("parse") || lower.contains("parsing")
    };
    if let (Some(unit), false) = (unit, detection.is_empty()) {
        let lines: Vec<Fact> = unit_lines(facts).into_iter().filter(|fact| is_detection(&fact)).collect();
        let mut task = Draft::new("Detection Unit Tests").file(unit).from(&unit.place).facts("Test", &lines);
        for failure in &facts.failures {
            task = task.line("Test", failure.text.clone()).from(&failure.place);
        }
        // Tests come before what they test.
        made.insert(0, task);
    }
    for (file, functions) in detection {
        for (function, place) in functions {
            made.push(function_task(function, place).file(file));
        }
    }
    if !made.is_empty() {
        let done_when = "the feature's state is detected, and tests say so";
        tasks.foundation.push(Group { title: "Detection Logic".to_owned(), done_when, tasks: made });
    }
    if !facts.environment.is_empty() || !facts.decisions.is_empty() {
        let task = Draft::new("Test Environment")
            .facts("Environment", &facts.environment)
            .facts("Validation", &facts.decisions);
        let done_when = "the environment is ready for integration tests";
        tasks.foundation.push(Group { title: "Environment Setup".to_owned(), done_when, tasks: vec![task] });
    }
}

fn function_task(function: &Function, place: &str) -> Draft {
    let title = Name::parse(&function.name).title();
    Draft::new(title).line("Function", format!("`{}{}`", function.name, function.signature)).from(place)
}

fn unit_lines(facts: &Facts) -> Vec<Fact> {
    facts.contracts.iter().flat_map(|contract| contract.unit.clone()).chain(facts.unit.clone()).collect()
}

fn tests(facts: &Facts, unit: Option<&FileFact>, tasks: &mut Tasks) {
    let stated = facts.files.iter().find(|file| file.path.starts_with("tests/") && file.path.ends_with(".go"));
    let mut made: Vec<Draft> = Vec::new();
    for story in &facts.stories {
        let title = format!("E2E Test - Story {}", story.number);
        made.push(
            Draft::new(title)
                .line("Story", story.wish.text.clone())
                .from(&story.wish.place)
                .facts("Test", &story.criteria),
        );
    }
    if !facts.lifecycle.is_empty() {
        made.push(Draft::new("Integration Test - Lifecycle Events").facts("Test", &facts.lifecycle));
    }
    if !facts.integration.is_empty() {
        made.push(Draft::new("Integration Test - Testing Strategy").facts("Test", &facts.integration));
    }
    for contract in facts.contracts.iter().filter(|contract| !contract.integration.is_empty()) {
        let title = format!("Contract Test - {}", contract.name.split(':').next().unwrap_or_default().trim());
        made.push(Draft::new(title).from(&contract.place).facts("Test", &contract.integration));
    }
    let fallbacks: Vec<Fact> =
        facts.contracts.iter().flat_map(|contract| contract.fallbacks.clone()).chain(facts.edges.clone()).collect();
    if !fallbacks.is_empty() {
        made.push(Draft::new("Integration Test - Fallback").facts("Test", &fallbacks));
    }
    for mut task in made {
        if let Some(stated) = stated {
            task = task.file(stated).from(&stated.place);
        } else {
            let question =
                tasks.ask("Which file in `tests/` holds the functional tests? No document names one.".to_owned());
            task.file = Some("tests/".to_owned());
            task = task.line("Question", question);
        }
        tasks.tests.push(task);
    }
    if let Some(unit) = unit {
        let is_other = |fact: &Fact| {
            let lower = fact.text.to_lowercase();
            !(lower.contains("detect") || lower.contains("parse") || lower.contains("parsing"))
        };
        let lines: Vec<Fact> = unit_lines(facts).into_iter().filter(is_other).collect();
        let mut task = Draft::new("Unit Tests").file(unit).from(&unit.place).facts("Test", &lines);
        if !unit.note.is_empty() {
            task = task.line("Verify", unit.note.clone());
        }
        tasks.tests.push(task);
    }
}

fn implementation(facts: &Facts, work: &[Work<'_>], tasks: &mut Tasks) {
    for (file, functions) in work {
        let mut made = Vec::new();
        for (fact, kind, labels, path) in &facts.metrics {
            let own = path
                .as_ref()
                .map_or_else(|| home(facts).is_some_and(|home| home.path == file.path), |path| *path == file.path);
            if own {
                let kind = kind.trim_start_matches("New");
                let mut task = Draft::new("Metric Definition and Registration").file(file).from(&fact.place);
                task = task.line("Task", format!("Define `{}` {kind} metric using operatormetrics", fact.text));
                if !labels.is_empty() {
                    task = task.line("Labels", labels.join(", "));
                }
                made.push(task);
            }
        }
        made.extend(functions.iter().map(|(function, place)| function_task(function, place).file(file)));
        let covered = !made.is_empty() || file.functions.len() > functions.len();
        if !file.note.is_empty() && (!file.new || !covered) {
            made.push(Draft::new(first_words(&file.note)).file(file).line("Task", file.note.clone()).from(&file.place));
        } else if !covered {
            made.push(
                Draft::new(
                    Name::parse(file.path.rsplit('/').next().unwrap_or_default().trim_end_matches(".go")).title(),
                )
                .file(file)
                .from(&file.place),
            );
        }
        if !made.is_empty() {
            let title = file.path.rsplit('/').next().unwrap_or_default().to_owned();
            tasks.implementation.push(Group { title, done_when: "the tests of phase 2 pass", tasks: made });
        }
    }
    if tasks.implementation.is_empty() && tasks.foundation.len() < 2 {
        let why = match facts.unmarked.as_slice() {
            [] => "No document lists them.".to_owned(),
            [first, ..] => {
                let files: Vec<String> = facts.unmarked.iter().map(|file| format!("`{}`", file.text)).collect();
                format!("{} names {}, and does not say whether any of them is new.", first.place, files.join(", "))
            }
        };
        let question = tasks.ask(format!("Which files does the feature change? {why}"));
        let task = Draft::new("Implementation").line("Question", question);
        tasks.implementation.push(Group {
            title: "Component Logic".to_owned(),
            done_when: "the tests of phase 2 pass",
            tasks: vec![task],
        });
    }
    api(facts, tasks);
}

/// The title of a task from a note: its first words, up to a comma or a full stop.
fn first_words(note: &str) -> String {
    let plain = note.replace('`', "");
    let end = plain.find([',', '.', ';']).unwrap_or(plain.len());
    let words: Vec<&str> = plain[..end].split_whitespace().take(8).collect();
    let mut title = words.join(" ");
    if let Some(first) = title.get(..1) {
        title = format!("{}{}", first.to_uppercase(), &title[1..]);
    }
    title
}
