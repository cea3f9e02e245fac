//! Design documents in, a validated tasks.md out: the template's `main()`.
//!
//! Nothing is invented. What no document states becomes a named question, and every task says
//! which document and line it comes from.

mod build;
mod facts;
mod merge;
mod release;
mod write;

use crate::diagnostic::{Diagnostic, Severity};
use crate::documents::{Documents, conflicts};
use crate::task::LineKind;
use crate::text::{Source, Span};

/// A tasks.md, and what there is to say about the documents.
#[derive(Clone, Debug)]
pub struct Generated {
    /// The whole text, with what an existing file already had.
    pub text: String,
    /// What is in doubt.
    pub diagnostics: Vec<Diagnostic>,
    /// The questions that no document answers.
    pub questions: Vec<String>,
}

/// Writes the tasks of a feature. `folder` is what a missing plan is reported about.
pub fn generate(documents: &Documents, folder: &str) -> Result<Generated, Vec<Diagnostic>> {
    let Some(plan) = &documents.plan else {
        let place = Source::new(folder, "");
        let help = "write plan.md (or implementation-plan.md) in the feature's folder first";
        let diagnostic = Diagnostic::error("plan-missing", "No implementation plan found");
        return Err(vec![diagnostic.at(&place, Span::at(0)).help(help)]);
    };
    let mut diagnostics = open_questions(documents);
    let facts = facts::facts(documents);
    if facts.name.is_none() {
        let first = Span::new(0, plan.source.text().lines().next().unwrap_or_default().len());
        let diagnostic = Diagnostic::error("feature-name", "the plan does not say what the feature is called");
        let help = "begin plan.md with `# Implementation Plan: NAME`";
        diagnostics.push(diagnostic.at(&plan.source, first).help(help));
    }
    if diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error) {
        return Err(diagnostics);
    }
    for conflict in conflicts(documents) {
        let (source, span) = conflict.first;
        let diagnostic = Diagnostic::warning("documents-disagree", conflict.message).at(&source, span);
        diagnostics.push(diagnostic.help(format!("the other place is {}: decide which is right", conflict.second)));
    }
    let draft = build::build(&facts, documents, &mut diagnostics);
    let fresh = write::write(&facts, documents, &draft);
    let questions: Vec<String> = draft.questions.iter().map(|question| question.text.clone()).collect();
    let text = match &documents.tasks {
        None => fresh,
        Some(existing) => merge::merge(existing, &fresh, &questions),
    };
    Ok(Generated { text, diagnostics, questions })
}

/// `[NEEDS CLARIFICATION: …]` in the specification or the plan: tasks cannot rest on it.
fn open_questions(documents: &Documents) -> Vec<Diagnostic> {
    const MARK: &str = "[NEEDS CLARIFICATION:";
    let mut found = Vec::new();
    for document in [&documents.spec, &documents.plan].into_iter().flatten() {
        let text = document.source.text();
        for line in
            document.lines.iter().filter(|line| matches!(line.kind, LineKind::Item | LineKind::Text | LineKind::Table))
        {
            let raw = line.span.of(text);
            let Some(at) = raw.find(MARK) else { continue };
            let question = raw[at + MARK.len()..].split(']').next().unwrap_or_default().trim();
            let is_advice = question.starts_with("specific question") || raw[..at].trim_end().ends_with("Use");
            if question.is_empty() || is_advice || raw[..at].matches('`').count() % 2 == 1 {
                continue;
            }
            let span = Span::new(line.span.start + at, line.span.start + raw.trim_end().len());
            let diagnostic = Diagnostic::error("clarification-open", format!("a question is open: {question}"));
            found.push(diagnostic.at(&document.source, span).help("answer it in the document before tasks rest on it"));
        }
    }
    found
}
