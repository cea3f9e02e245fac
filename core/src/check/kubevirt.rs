//! KubeVirt's constitution and the template's checklist.

use std::collections::BTreeSet;

use super::Subject;
use super::tests_first::{Work, work};
use crate::diagnostic::Diagnostic;
use crate::task::{Task, denies_gate};
use crate::text::{Source, Span};

pub(super) fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    if !subject.is_kubevirt() || subject.file.tasks.is_empty() {
        return;
    }
    compliance(subject, found);
    feature_gate(subject, found);
    security_review(subject, found);
    api(subject, found);
    for task in &subject.file.tasks {
        components(subject, task, found);
    }
}

/// Boxes of the compliance section that are not ticked.
fn compliance(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let file = subject.file;
    let open: Vec<_> = file.compliance.iter().filter(|checkbox| !checkbox.done).collect();
    let Some(first) = open.first() else { return };
    let boxes =
        if open.len() == 1 { "1 compliance box is".to_owned() } else { format!("{} compliance boxes are", open.len()) };
    let begun = file.tasks.iter().find(|task| task.done && work(file, task) == Work::Code);
    let message = format!("{boxes} not ticked");
    let diagnostic = match begun {
        Some(task) => Diagnostic::error("compliance-unticked", format!("{message}, and {} is done", task.id)),
        None => Diagnostic::note("compliance-unticked", message),
    };
    let help = "verify each against the constitution and tick it: `scaffold` holds the implementation back until then";
    found.push(diagnostic.at(&file.source, first.text.span).help(help));
}

/// New functionality begins behind a feature gate.
fn feature_gate(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let file = subject.file;
    let about_gate = |task: &Task| {
        let title = task.title.text.to_lowercase();
        title.contains("feature gate")
            || title.contains("feature-gate")
            || task.paths.iter().any(|path| path.text.contains("featuregate"))
            || task.group.is_some_and(|group| file.groups[group].title.to_lowercase().contains("feature gate"))
    };
    if file.tasks.iter().any(about_gate) {
        return;
    }
    let denials = denials(subject);
    match (denials.split_first(), subject.documents.gate_principle()) {
        (None, _) => {
            let span = file.title.as_ref().map_or(file.tasks[0].span, |title| title.span);
            let diagnostic = Diagnostic::error("gate-absent", "no task registers a feature gate");
            let help = "new functionality starts behind a gate: add a task, or say in the compliance section why none is needed";
            found.push(diagnostic.at(&file.source, span).help(help));
        }
        (Some(((source, span), others)), Some((constitution, principle))) => {
            let places: Vec<String> = others.iter().map(|(source, span)| source.place(span.start)).collect();
            let also = if places.is_empty() { String::new() } else { format!(" (so do {})", places.join(", ")) };
            let title = &principle.title.text;
            let message =
                format!("this says that no feature gate is needed{also}; the constitution allows no exception");
            let diagnostic = Diagnostic::error("gate-denied", message).at(source, *span);
            found.push(diagnostic.help(format!(
                "{} `{title}`: add the gate, or have the constitution amended",
                constitution.place(principle.title.span)
            )));
        }
        (Some(_), None) => {}
    }
}

/// Where the file and its documents say that no feature gate is needed, each document once.
fn denials(subject: &Subject<'_>) -> Vec<(Source, Span)> {
    let file = subject.file;
    let documents = subject.documents;
    let own = file.gate_denial();
    let mut found: Vec<(Source, Span)> = own.map(|own| (file.source.clone(), own.span)).into_iter().collect();
    for (document, key) in [(&documents.plan, "Feature Gate Strategy"), (&documents.spec, "Feature Gate")] {
        let Some(document) = document else { continue };
        if let Some(field) = document.field(key).filter(|field| denies_gate(&field.value.text)) {
            found.push((document.source.clone(), field.value.span));
        }
    }
    found
}

fn security_review(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let file = subject.file;
    let about = |text: &str| text.to_lowercase().contains("security");
    let reviewed = file
        .tasks
        .iter()
        .any(|task| about(&task.title.text) || task.group.is_some_and(|group| about(&file.groups[group].title)));
    if !reviewed {
        let last = file.tasks.last().expect("there are tasks");
        let diagnostic = Diagnostic::warning("security-review-absent", "no task reviews the feature's security");
        let help = "the template wants one before Alpha: privileges, isolation, what the gate controls";
        found.push(diagnostic.at(&file.source, last.span).help(help));
    }
}

/// A change of the API needs `make generate` and validation.
fn api(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let file = subject.file;
    let is_api = |task: &&Task| {
        task.paths.iter().any(|path| {
            (path.text.contains("api/core/") || path.text.starts_with("staging/src/kubevirt.io/api/"))
                && path.text.ends_with("types.go")
        })
    };
    let Some(task) = file.tasks.iter().find(is_api) else { return };
    let text = file.text();
    let generates = file.tasks.iter().any(|task| task.body.of(text).contains("make generate"));
    if !generates {
        let message = format!("{} changes the API, and no task runs `make generate`", task.id);
        let diagnostic = Diagnostic::warning("api-generate", message).at(&file.source, task.span);
        found.push(diagnostic.help("add `- Command: Run `make generate` after changes` to the task"));
    }
    let validates = file.tasks.iter().any(|task| {
        let title = task.title.text.to_lowercase();
        title.contains("validat")
            || title.contains("webhook")
            || title.contains("admitter")
            || task
                .paths
                .iter()
                .any(|path| path.text.starts_with("pkg/virt-api/webhooks") || path.text.contains("admitter"))
    });
    if !validates {
        let message = format!("{} adds to the API, and no task validates it", task.id);
        let diagnostic = Diagnostic::warning("api-validation", message).at(&file.source, task.span);
        found.push(diagnostic.help("add a task for an admitter below `pkg/virt-api/webhooks/`"));
    }
}

/// One task, one component.
fn components(subject: &Subject<'_>, task: &Task, found: &mut Vec<Diagnostic>) {
    let component = |path: &str| {
        let mut parts = path.split('/');
        let root = parts.next()?;
        let name = parts.next()?;
        let known = ["virt-api", "virt-controller", "virt-handler", "virt-launcher", "virt-operator"];
        (matches!(root, "pkg" | "cmd") && known.contains(&name)).then(|| name.to_owned())
    };
    let reached: BTreeSet<String> = task.paths.iter().filter_map(|path| component(&path.text)).collect();
    if reached.len() > 1 {
        let names: Vec<&str> = reached.iter().map(String::as_str).collect();
        let message = format!("{} reaches into {}", task.id, names.join(" and "));
        let diagnostic = Diagnostic::warning("component-separation", message);
        found.push(diagnostic.at(&subject.file.source, task.title.span).help("make it one task for each component"));
    }
}
