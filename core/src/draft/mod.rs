//! Drafts a tasks.md from design documents: the template's `main()`.
//!
//! Nothing is invented. What no document states becomes a named question, and every task says
//! which document and line it comes from.

mod build;
mod facts;
mod gate;
mod merge;
mod release;
mod write;

pub(crate) use build::{Draft, Group, Tasks};
pub(crate) use merge::merge;
pub(crate) use write::{body, plain};

use crate::diagnostic::{Diagnostic, has_errors};
use crate::documents::{Documents, conflicts, open_questions};
use crate::text::{Source, Span};

/// A drafted tasks.md, and what there is to say about the documents.
#[derive(Clone, Debug)]
pub struct Drafted {
    /// The whole text, with what an existing file already had.
    pub text: String,
    /// What is in doubt.
    pub diagnostics: Vec<Diagnostic>,
    /// The questions that no document answers.
    pub questions: Vec<String>,
}

/// Drafts the tasks of a feature, or says why they cannot be. `folder` is what a missing plan is
/// reported about.
pub fn draft(documents: &Documents, folder: &str) -> Result<Drafted, Vec<Diagnostic>> {
    let Some(plan) = &documents.plan else {
        let place = Source::new(folder, "");
        let help = "write plan.md (or implementation-plan.md) in the feature's folder first, or name a VEP";
        let message = "No implementation plan found: this folder has neither a vep.md nor a plan.md";
        let diagnostic = Diagnostic::error("plan-missing", message);
        return Err(vec![diagnostic.at(&place, Span::at(0)).help(help)]);
    };
    let asked = [&documents.spec, &documents.plan].into_iter().flatten();
    let mut diagnostics: Vec<Diagnostic> =
        asked.flat_map(|document| open_questions(&document.source, &document.lines)).collect();
    let facts = facts::facts(documents);
    if facts.name.is_none() {
        let first = Span::new(0, plan.source.text().lines().next().unwrap_or_default().len());
        let diagnostic = Diagnostic::error("feature-name", "the plan does not say what the feature is called");
        let help = "begin plan.md with `# Implementation Plan: NAME`";
        diagnostics.push(diagnostic.at(&plan.source, first).help(help));
    }
    if has_errors(&diagnostics) {
        return Err(diagnostics);
    }
    for conflict in conflicts(documents) {
        let (source, span) = conflict.first;
        let diagnostic = Diagnostic::warning("documents-disagree", conflict.message).at(&source, span);
        diagnostics.push(diagnostic.help(format!("the other place is {}: decide which is right", conflict.second)));
    }
    let tasks = build::build(&facts, documents, &mut diagnostics);
    let fresh = write::write(&facts, documents, &tasks);
    let questions: Vec<String> = tasks.questions.iter().map(|question| question.text.clone()).collect();
    let text = match &documents.tasks {
        None => fresh,
        Some(existing) => merge(existing, &fresh, &questions),
    };
    Ok(Drafted { text, diagnostics, questions })
}
