//! The rules of `check` about a VEP: what reviewers ask first, as far as a program can tell.

use super::gate::{OWN, misspelled};
use super::held::same_type;
use super::test_words::HOW;
use super::unmentioned::unmentioned;
use super::{CaseKind, Facts, GateFact, Heading, Origin, Topic, Vep, mentions, stage_of};
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
    for (topic, _) in Topic::TEMPLATE.iter().filter(|(topic, _)| *topic != Topic::Targets) {
        let Some(heading) = vep.sections(*topic).next() else { continue };
        let Some(what) = hollow(vep, heading) else { continue };
        let message = format!("the section {} {what}", heading.title);
        let diagnostic = Diagnostic::warning("vep-section", message);
        say(heading.span, diagnostic, "write what it is for, or that there is nothing to say and why");
    }
    if !vep.has_target() {
        let ships = vep.ships.as_ref().map(|(_, span)| *span);
        let span = vep.targets.first().map(|(.., span)| *span).or(ships);
        let span = span.or_else(|| vep.sections(Topic::Targets).next().map(|heading| heading.span)).unwrap_or(title);
        let message = "the VEP targets no release";
        say(span, Diagnostic::warning("vep-target", message), "write `- This VEP targets alpha for version: v1.9`");
    }
    gate(vep, facts, &mut say);
    for field in facts.api.fields.iter().filter(|field| field.origin == Origin::Derived) {
        let message = format!("`{}` of {} is shown, and no Go block declares it", field.json, field.parent);
        let help = match &field.near {
            Some(near) => format!("did you mean `{near}`? If it is new, show the Go field that the API gets"),
            None => "show the Go field that the API gets".to_owned(),
        };
        say(field.span, Diagnostic::warning("vep-undeclared", message), &help);
    }
    for field in facts.api.fields.iter().filter(|field| field.origin == Origin::Stated) {
        let base = field.ty.as_deref().unwrap_or_default().trim_start_matches(['*', '[', ']']);
        let is_own = base.starts_with(char::is_uppercase) && !base.contains('.');
        let declared = facts.blocks.iter().any(|block| block.name == base);
        if is_own && !declared && !facts.api.known_types.iter().any(|known| known == base) {
            let message = format!("`{base}`, the type of `{}`, is declared nowhere", field.json);
            say(
                field.span,
                Diagnostic::warning("vep-undeclared", message),
                "show its Go type, or name an existing one",
            );
        }
    }
    known(facts, source.text(), &mut say);
    for (item, what) in unmentioned(vep, facts) {
        let message = format!("the testing section does not mention this {what}");
        say(item.span, Diagnostic::note("vep-untested", message), "say which test shows it, or why none does");
    }
    for item in &facts.goals {
        let lower = item.text.to_lowercase();
        if lower.split_whitespace().next().is_some_and(|word| stage_of(word).is_some()) || lower.contains("graduate") {
            let message = "a goal mentions a stage";
            say(item.span, Diagnostic::note("vep-goal", message), "stages belong to Graduation Requirements");
        }
    }
    let only_how = facts.tests.cases.iter().all(|case| case.kind == CaseKind::NoCase(HOW));
    if only_how
        && let Some(heading) = vep.sections(Topic::Testing).next().filter(|heading| hollow(vep, heading).is_none())
    {
        let message = "the testing section names no case";
        say(heading.span, Diagnostic::warning("vep-test", message), "list what a functional test shows, a bullet each");
    }
    graduation(vep, facts, &mut say);
    let halted = super::tasks::halted(vep);
    let read = halted.iter().chain(&facts.api.unread).chain(&facts.api.contradictions).cloned().map(|diagnostic| {
        let span = diagnostic.place.as_ref().map_or(title, |(_, span)| *span);
        (span, diagnostic)
    });
    found.extend(read);
    found.sort_by_key(|(span, _)| span.start);
    found.into_iter().map(|(_, diagnostic)| diagnostic).collect()
}

/// What is said of the feature gate.
fn gate(vep: &Vep, facts: &Facts, say: &mut dyn FnMut(Span, Diagnostic, &str)) {
    // One that the checkout has by now may be its own.
    let names_one = mentions(vep).iter().any(|mention| mention.score >= OWN);
    match &facts.gate {
        _ if names_one => {}
        GateFact::Wanted(_) if misspelled(vep).is_some() => {
            let (name, span) = misspelled(vep).unwrap_or_default();
            let message = format!("`{name}` is not the name of a feature gate: it begins with a small letter");
            say(span, Diagnostic::warning("vep-gate", message), "write it as the others, such as `MyFeature`");
        }
        GateFact::Wanted(span) => {
            let message = "a feature gate is mentioned, but the VEP does not name one of its own";
            say(
                *span,
                Diagnostic::warning("vep-gate", message),
                "name it: ``A new feature gate `MyFeature` guards it``",
            );
        }
        GateFact::Unsaid => {
            let message = "the VEP does not mention a feature gate";
            say(
                vep.title.span,
                Diagnostic::warning("vep-gate", message),
                "name it, or say that none is needed and why",
            );
        }
        GateFact::Named { .. } | GateFact::Denied(_) => {}
    }
    if let (GateFact::Named { name, span }, Some(Some(now))) = (&facts.gate, facts.registered) {
        let targeted = vep.targets.iter().any(|(_, release, _)| release.is_some());
        if now > vep.stage() && targeted {
            let message = format!("the checkout has `{name}` in {now}, and the VEP targets {}", vep.stage());
            say(*span, Diagnostic::warning("vep-gate", message), "bring the targets up to date, or name another gate");
        } else if now == facts.stage {
            let message = format!("the checkout has `{name}` already, in {now}");
            say(*span, Diagnostic::note("vep-gate", message), "if it is not this VEP's own, name another one");
        }
    }
}

/// What is required of the stage that is next.
fn graduation(vep: &Vep, facts: &Facts, say: &mut dyn FnMut(Span, Diagnostic, &str)) {
    for heading in vep.headings.iter().filter(|heading| {
        heading.topic == Topic::Graduation && heading.stage == Some(facts.stage) && stage_of(&heading.title).is_some()
    }) {
        let lines = vep.document.lines_in(heading.body);
        let items: Vec<_> = vep.items().into_iter().filter(|item| heading.body.contains(item.span.start)).collect();
        let text = vep.document.source.text();
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
}

/// What is wrong with a section that says nothing itself.
fn hollow(vep: &Vep, heading: &Heading) -> Option<&'static str> {
    let text = vep.document.source.text();
    let mut said = vep.document.lines_in(heading.body).iter().filter(|line| {
        !matches!(line.kind, LineKind::Blank | LineKind::Comment | LineKind::Rule | LineKind::Heading(_))
            && !line.span.of(text).trim().is_empty()
    });
    let Some(first) = said.next() else { return Some("is empty") };
    if said.next().is_some() {
        return None;
    }
    let line = first.span.of(text).trim().to_lowercase();
    let line = line.trim_start_matches(['-', '*', ' ', '_', '(']);
    let is_link = line.starts_with('[') && line.ends_with(')') && line.matches("](").count() == 1;
    let redirected = line.starts_with("see ") || line.starts_with("refer to ") || is_link;
    // The repositories are links.
    if redirected && heading.topic != Topic::Repos {
        return Some("only refers to another place");
    }
    let open =
        matches!(line.trim_end_matches(['.', ')', '_', '*']), "tbd" | "todo" | "to be defined" | "to be determined");
    open.then_some("is left open")
}

/// Fields that the Go blocks show as new and that the checkout has.
fn known(facts: &Facts, text: &str, say: &mut dyn FnMut(Span, Diagnostic, &str)) {
    for block in facts.blocks.iter().filter(|block| block.is_struct) {
        let shown: Vec<&str> =
            block.fields.iter().map(|own| own.json.as_str()).filter(|json| !matches!(*json, "" | "-")).collect();
        let there: Vec<_> = facts.api.present.iter().filter(|known| known.parent == block.name).collect();
        let is_marked = |span: Span| {
            let line = &text[text[..span.start].rfind('\n').map_or(0, |at| at + 1)..];
            line.starts_with('+')
        };
        let has_all = !there.is_empty() && there.len() == shown.len();
        let shown: Vec<_> = there.iter().filter(|known| has_all || is_marked(known.span)).collect();
        for known in shown.iter().filter(|known| !same_type(&known.stated, &known.has)) {
            let message = format!(
                "`{}.{}` is in the checkout already, as `{}` and not `{}`",
                known.parent, known.json, known.has, known.stated
            );
            say(known.span, Diagnostic::note("vep-known", message), "the type of a released field cannot change");
        }
        let same: Vec<_> = shown.into_iter().filter(|known| same_type(&known.stated, &known.has)).collect();
        if let Some(first) = same.first() {
            let names: Vec<String> = same.iter().map(|known| format!("`{}`", known.json)).collect();
            let verb = if names.len() == 1 { "is" } else { "are" };
            let message = format!("{} of `{}` {verb} in the checkout already", names.join(", "), first.parent);
            say(first.span, Diagnostic::note("vep-known", message), "show only what is new, or say that it exists");
        }
    }
}
