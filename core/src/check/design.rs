//! The design documents beside a tasks.md: whether they agree with it, and with each other.

use saphyr_parser::Parser;

use super::Subject;
use crate::diagnostic::Diagnostic;
use crate::documents::{Document, conflicts};
use crate::text::{Span, line_span};

pub(super) fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    links(subject, found);
    let documents = subject.documents;
    if let Some(plan) = &documents.plan {
        estimate(subject, plan, found);
        articles(subject, plan, found);
    }
    for contract in &documents.contracts {
        format(contract, found);
    }
    for conflict in conflicts(documents) {
        let (source, span) = conflict.first;
        let diagnostic = Diagnostic::warning("documents-disagree", conflict.message).at(&source, span);
        found.push(diagnostic.help(format!("the other place is {}: decide which is right", conflict.second)));
    }
}

/// `**Feature Specification**: [quickstart.md](./quickstart.md)`
fn links(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let file = subject.file;
    let documents = subject.documents;
    for field in &file.metadata {
        let key = field.key.to_lowercase();
        let (word, right) = match key.as_str() {
            "feature specification" | "specification" | "spec" => ("spec", &documents.spec),
            "implementation plan" | "plan" => ("plan", &documents.plan),
            _ => continue,
        };
        let raw = field.value.span.of(file.text());
        let Some(at) = raw.find("](") else { continue };
        let target = raw[at + 2..].split(')').next().unwrap_or_default();
        let name = target.rsplit('/').next().unwrap_or_default().to_lowercase();
        let start = field.value.span.start + at + 2;
        let span = Span::new(start, start + target.len());
        if !name.contains(word) && name.ends_with(".md") {
            let diagnostic =
                Diagnostic::warning("link-wrong", format!("the link of `{}` leads to {target}", field.key));
            let help = right
                .as_ref()
                .map_or(format!("it should lead to {word}.md"), |right| format!("did you mean ./{}?", right.name()));
            found.push(diagnostic.at(&file.source, span).help(help));
        }
    }
}

/// "**Estimated Output**: 25-35 numbered, ordered tasks"
fn estimate(subject: &Subject<'_>, plan: &Document, found: &mut Vec<Diagnostic>) {
    let Some(field) = plan.field("Estimated Output") else { return };
    let numbers: Vec<usize> = (field.value.text.split(" task").next().unwrap_or_default())
        .split(|c: char| !c.is_ascii_digit())
        .filter_map(|word| word.parse().ok())
        .collect();
    let (Some(&low), Some(&high)) = (numbers.first(), numbers.last()) else { return };
    let count = subject.file.tasks.len();
    if numbers.len() <= 2 && !(low..=high).contains(&count) {
        let estimate = if low == high { low.to_string() } else { format!("{low} to {high}") };
        let message = format!("the plan expects {estimate} tasks; there are {count}");
        found.push(Diagnostic::note("estimate-off", message).at(&plan.source, field.value.span));
    }
}

/// "(Constitution Article VII)", of a constitution that ends with VI.
fn articles(subject: &Subject<'_>, plan: &Document, found: &mut Vec<Diagnostic>) {
    let Some(constitution) = &subject.documents.constitution else { return };
    let titles = constitution.sections.iter().map(|part| part.title.text.as_str());
    let numbers: Vec<&str> =
        titles.filter_map(|title| title.split(['.', ':', ' ']).find(|word| is_roman(word))).collect();
    if numbers.is_empty() {
        return;
    }
    let text = plan.source.text();
    for word in ["Article ", "Principle "] {
        for (at, _) in text.match_indices(word) {
            let start = at + word.len();
            let rest = &text[start..];
            let number = &rest[..rest.len() - rest.trim_start_matches(|c: char| "IVX".contains(c)).len()];
            let ends = !rest[number.len()..].starts_with(|c: char| c.is_alphanumeric());
            if is_roman(number) && ends && !numbers.contains(&number) {
                let message = format!("the constitution has no {}{number}", word.to_lowercase());
                let diagnostic = Diagnostic::warning("article-unknown", message);
                let diagnostic = diagnostic.at(&plan.source, Span::new(at, start + number.len()));
                found.push(diagnostic.help(format!("it has {}", numbers.join(", "))));
            }
        }
    }
}

fn is_roman(word: &str) -> bool {
    !word.is_empty() && word.len() <= 5 && word.chars().all(|c| "IVX".contains(c))
}

/// A contract whose name says YAML or JSON, and whose text is neither.
fn format(contract: &Document, found: &mut Vec<Diagnostic>) {
    let text = contract.source.text();
    let name = contract.name();
    let (kind, line) = if name.ends_with(".yaml") || name.ends_with(".yml") {
        let wrong = Parser::new_from_str(text).find_map(Result::err).map(|error| error.marker().line());
        ("YAML", wrong)
    } else if name.ends_with(".json") {
        ("JSON", serde_json::from_str::<serde::de::IgnoredAny>(text).err().map(|error| error.line()))
    } else {
        return;
    };
    let Some(line) = line else { return };
    let looks = if contract.sections.is_empty() { "" } else { "; it is Markdown" };
    let diagnostic = Diagnostic::warning("contract-format", format!("{name} is not {kind}{looks}"));
    let diagnostic = diagnostic.at(&contract.source, line_span(text, line));
    found.push(diagnostic.help("give it the ending of what it is, so that tools can read it"));
}
