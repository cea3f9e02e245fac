//! The rules of `check` about a VEP: what reviewers ask first, as far as a program can tell.

use super::gate::OWN;
use super::{Facts, GateFact, Origin, Topic, Vep, mentions, stage_of};
use crate::diagnostic::Diagnostic;
use crate::task::LineKind;
use crate::text::Span;

/// What is to be said of a VEP, in the order of its lines.
pub fn review(vep: &Vep, facts: &Facts) -> Vec<Diagnostic> {
    let source = &vep.document.source;
    let mut found: Vec<(Span, Diagnostic)> = Vec::new();
    let mut say = |span: Span, diagnostic: Diagnostic, help: &str| {
        let line = Span::new(span.start, span.start + span.of(source.text()).trim_end().len());
        found.push((span, diagnostic.at(source, line).help(help.to_owned())));
    };
    let title = vep.title.span;
    for (topic, heading) in Topic::TEMPLATE {
        // Some write the requirements of each stage below the phases of the implementation.
        let staged = *topic == Topic::Graduation && vep.headings.iter().any(|heading| heading.stage.is_some());
        if vep.sections(*topic).next().is_none() && !staged {
            let message = format!("the template's section {heading} is missing");
            say(
                title,
                Diagnostic::warning("vep-section", message),
                "reviewers look for it: add it, even if it is short",
            );
        }
    }
    if !vep.targets.iter().any(|(_, release, _)| release.is_some()) {
        let span = vep.targets.first().map(|(.., span)| *span);
        let span = span.or_else(|| vep.sections(Topic::Targets).next().map(|heading| heading.span)).unwrap_or(title);
        let message = "the VEP targets no release";
        say(span, Diagnostic::warning("vep-target", message), "write `- This VEP targets alpha for version: v1.9`");
    }
    // One that the checkout has by now may be its own.
    let names_one = mentions(vep).iter().any(|mention| mention.score >= OWN);
    match &facts.gate {
        _ if names_one => {}
        GateFact::Wanted(span) => {
            let message = "a feature gate is spoken of, and none of the VEP's own is named";
            say(
                *span,
                Diagnostic::warning("vep-gate", message),
                "name it: ``A new feature gate `MyFeature` guards it``",
            );
        }
        GateFact::Unsaid => {
            let message = "nothing is said of a feature gate";
            say(title, Diagnostic::warning("vep-gate", message), "name it, or say that none is needed and why");
        }
        GateFact::Named { .. } | GateFact::Denied(_) => {}
    }
    for field in facts.api.fields.iter().filter(|field| field.origin == Origin::Derived) {
        let message = format!("`{}` of {} is shown, and no Go block declares it", field.json, field.parent);
        say(field.span, Diagnostic::warning("vep-undeclared", message), "show the Go field that the API gets");
    }
    for field in facts.api.fields.iter().filter(|field| field.origin == Origin::Stated) {
        let base = field.ty.as_deref().unwrap_or_default().trim_start_matches(['*', '[', ']']);
        let is_own = base.starts_with(char::is_uppercase) && !base.contains('.');
        let declared = facts.api.types.iter().any(|ty| ty.block.name == base);
        if is_own && !declared && !facts.api.known_types.iter().any(|known| known == base) {
            let message = format!("`{base}`, the type of `{}`, is declared nowhere", field.json);
            say(
                field.span,
                Diagnostic::warning("vep-undeclared", message),
                "show its Go type, or name one that there is",
            );
        }
    }
    for item in &facts.goals {
        let lower = item.text.to_lowercase();
        if lower.split_whitespace().next().is_some_and(|word| stage_of(word).is_some()) || lower.contains("graduate") {
            let message = "a goal speaks of a stage";
            say(item.span, Diagnostic::note("vep-goal", message), "stages belong to Graduation Requirements");
        }
    }
    if facts.tests.is_empty()
        && let Some(heading) = vep.sections(Topic::Testing).next()
    {
        let message = "the testing section names no case";
        say(heading.span, Diagnostic::warning("vep-test", message), "list what a functional test shows, a bullet each");
    }
    for heading in vep.headings.iter().filter(|heading| {
        heading.topic == Topic::Graduation && heading.stage == Some(facts.stage) && stage_of(&heading.title).is_some()
    }) {
        let lines = vep.document.lines_in(heading.body);
        let items: Vec<_> = vep.items().into_iter().filter(|item| heading.body.contains(item.span.start)).collect();
        let text = source.text();
        let filled = lines.iter().any(|line| {
            matches!(line.kind, LineKind::Text | LineKind::Item | LineKind::Table)
                && !line.span.of(text).trim().is_empty()
        });
        if !filled {
            let message = format!("nothing is required for {}", facts.stage);
            say(heading.span, Diagnostic::warning("vep-graduation", message), "list what must hold, a checkbox each");
        } else if !items.iter().any(|item| item.ticked.is_some()) {
            let message = format!("the requirements of {} are not checkboxes", facts.stage);
            say(
                heading.span,
                Diagnostic::note("vep-graduation", message),
                "write `- [ ] …`, so that they can be ticked",
            );
        }
    }
    let read = facts.api.unread.iter().cloned().map(|diagnostic| {
        let span = diagnostic.place.as_ref().map_or(title, |(_, span)| *span);
        (span, diagnostic)
    });
    found.extend(read);
    found.sort_by_key(|(span, _)| span.start);
    found.into_iter().map(|(_, diagnostic)| diagnostic).collect()
}
