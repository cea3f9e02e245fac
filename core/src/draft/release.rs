//! The tasks at the end: the API, documents, performance, the security review.

use super::build::{Draft, Group, Tasks};
use super::facts::{Fact, Facts};
use crate::documents::Documents;

/// An API change that documents ask for: the field, its generated code, its validation.
pub(super) fn api(facts: &Facts, tasks: &mut Tasks) {
    let Some(types) = facts.files.iter().find(|file| file.path.ends_with("types.go") && file.path.contains("api/"))
    else {
        return;
    };
    if facts.no_api.is_some() {
        return;
    }
    let question = tasks.ask("Where is the new field validated? No document names the admitter.".to_owned());
    let generated =
        Draft::new("Generated Code").line("Command", "Run `make generate` after the API change").from(&types.place);
    let validation = Draft::new("Validation Logic")
        .line("Validation", "of the new field")
        .line("Question", question)
        .from(&types.place);
    let done_when = "the API change is generated and validated";
    tasks.implementation.push(Group {
        title: "API Integration".to_owned(),
        done_when,
        tasks: vec![generated, validation],
    });
}

pub(super) fn release(facts: &Facts, documents: &Documents, tasks: &mut Tasks) {
    let stated = facts.files.iter().find(|file| file.path.starts_with("docs/") && file.path.ends_with(".md"));
    let mut task = Draft::new("User Guide").facts("Content", &facts.docs);
    if let Some(stated) = stated {
        task = task.file(stated).from(&stated.place);
    } else {
        let question = tasks.ask("Which file in `docs/` describes the feature? No document names one.".to_owned());
        task.file = Some("docs/".to_owned());
        task = task.line("Question", question);
    }
    tasks.release.push(Group {
        title: "Documentation".to_owned(),
        done_when: "users can enable the feature and troubleshoot it",
        tasks: vec![task],
    });
    let performance: Vec<Fact> = facts
        .contracts
        .iter()
        .flat_map(|contract| contract.performance.clone())
        .chain(facts.performance.clone())
        .collect();
    if !performance.is_empty() {
        let task = Draft::new("Performance Validation").facts("Validation", &performance);
        tasks.release.push(Group {
            title: "Performance".to_owned(),
            done_when: "the goals of the plan are measured",
            tasks: vec![task],
        });
    }
    let mut task = Draft::new("Security Review")
        .line("Review", "no new privileges beyond those of pods")
        .line("Review", "isolation is kept");
    task = task.facts("Review", &facts.security);
    if let Some(principle) =
        documents.constitution.as_ref().and_then(|constitution| Some((constitution, constitution.section("security")?)))
    {
        task = task.from(&principle.0.place(principle.1.title.span));
    }
    tasks.release.push(Group {
        title: "Security Review".to_owned(),
        done_when: "the review is done, without open issues",
        tasks: vec![task],
    });
}
