//! The tasks of a VEP as a document in the form of KubeVirt's template.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::api::API;
use super::{Answers, Facts, GateFact, Origin, Topic, Vep, front_matter};
use crate::draft::{Tasks, body, plain};
use crate::task::LineKind;

/// The text of the tasks.md.
pub(super) fn write(vep: &Vep, facts: &Facts, tasks: &Tasks, answers: &Answers) -> String {
    let mut out = String::new();
    let name = &vep.title.text;
    let file = vep.document.name();
    let _ = writeln!(out, "# Tasks: {name}\n");
    if let Some(number) = &vep.number {
        let _ = writeln!(out, "**Feature ID**: {number}  ");
    }
    let _ = writeln!(out, "**Feature Name**: {name}  ");
    if let GateFact::Named { name, .. } = &facts.gate {
        let _ = writeln!(out, "**Feature Gate**: {name}  ");
    }
    if let Some(sig) = &vep.sig {
        let _ = writeln!(out, "**SIG**: {sig}  ");
    }
    let open = tasks.questions.iter().filter(|question| !answers.contains_key(&question.text)).count();
    let status = match open {
        0 => "Ready for Implementation".to_owned(),
        1 => "Draft: 1 open question".to_owned(),
        _ => format!("Draft: {open} open questions"),
    };
    let _ = writeln!(out, "**Status**: {status}  ");
    let _ = writeln!(out, "**Stage**: {}  ", facts.stage);
    if let Some((word, span)) = front_matter::halted(vep) {
        let _ = writeln!(out, "**VEP Status**: {word} ({})  ", vep.place(span));
    }
    let _ = writeln!(out, "\n**Prerequisites**: {file}\n");
    compliance(&mut out, vep, facts);
    out.push_str("## Format: `[ID] [P?] Description`\n\n");
    out.push_str("- **[P]**: can run in parallel (different files, no dependencies)\n");
    out.push_str("- `Source` names the line of the VEP, or the rule, that a task comes from\n");
    if !tasks.questions.is_empty() {
        out.push_str(
            "- `Question` names what neither the VEP nor the checkout answers; see [Open Questions](#open-questions)\n",
        );
    }
    body(&mut out, tasks, "Answer each with an `Answer:` line below its `Question:` and run the command again.");
    success(&mut out, vep, facts);
    left_out(&mut out, vep, facts);
    unread(&mut out, vep);
    let mut out: String = out.split_inclusive('\n').map(|line| quoted_notes(&plain(line))).collect();
    let why = match &facts.gate {
        GateFact::Denied(_) => Some("the VEP says that it needs none"),
        GateFact::Wanted(_) | GateFact::Unsaid => Some("the VEP names none; the question is in the file"),
        GateFact::Named { .. } => facts.registered.map(|_| "the checkout has the gate"),
    };
    if let Some(why) = why.filter(|_| !out.contains("**Feature Gate Registration**") && !out.contains("**Promote")) {
        let _ = writeln!(out, "\n<!-- allow-file: gate-absent ({why}) -->");
    }
    if let Some(why) = unvalidated(facts, tasks) {
        let _ = writeln!(out, "\n<!-- allow-file: api-validation ({why}) -->");
    }
    out
}

/// Why a change of the API has no task that validates it, if that is so.
fn unvalidated(facts: &Facts, tasks: &Tasks) -> Option<&'static str> {
    let all = || tasks.implementation.iter().flat_map(|group| &group.tasks);
    let validates = all().any(|task| {
        let title = task.title.to_lowercase();
        let of_webhook = |path: &String| path.starts_with("pkg/virt-api/webhooks") || path.contains("admitter");
        title.contains("validat")
            || title.contains("webhook")
            || title.contains("admitter")
            || task.file.as_ref().is_some_and(of_webhook)
    });
    let changes =
        all().any(|task| task.file.as_ref().is_some_and(|path| path.starts_with(API) && path.ends_with("types.go")));
    // A new kind is admitted, or somebody decides that it is not.
    let has_kinds = !(facts.kinds.is_empty() && facts.api.kinds.is_empty());
    if validates || !changes || has_kinds {
        return None;
    }
    Some(match facts.api.fields.iter().find(|field| field.origin != Origin::Derived) {
        Some(_) => "no webhook admits the types that are extended",
        None if facts.api.fields.is_empty() => "no field is added to the API",
        None => "the fields of the examples are to be confirmed first",
    })
}

/// A line in which what the VEP leaves open is a quotation, and no note of this file.
fn quoted_notes(line: &str) -> String {
    let mut out = line.to_owned();
    for note in ["TODO:", "FIXME:", "TBD", "???"] {
        let quoted = format!("`{note}`");
        let parts: Vec<&str> = out.split('`').collect();
        let quote = |(at, part): (usize, &&str)| {
            if at % 2 == 0 { part.replace(note, &quoted) } else { (*part).to_owned() }
        };
        out = parts.iter().enumerate().map(quote).collect::<Vec<_>>().join("`");
    }
    out
}

/// The template's boxes, with the lines of the VEP that speak to each. Reviewers tick them: a text proves none but the
/// gate's.
fn compliance(out: &mut String, vep: &Vep, facts: &Facts) {
    let of = |topic: Topic| vep.sections(topic).next().map(|heading| vep.place(heading.span));
    let gate = match &facts.gate {
        GateFact::Named { span, .. } => (true, Some(vep.place(*span))),
        GateFact::Denied(span) | GateFact::Wanted(span) => (false, Some(vep.place(*span))),
        GateFact::Unsaid => (false, None),
    };
    let boxes = [
        ("KubeVirt Razor", "leverages existing Kubernetes patterns, no VM-specific APIs", (false, of(Topic::Design))),
        ("Feature Gate Requirements", "alpha first, disabled by default", gate),
        ("Security-First", "no new privileges beyond those of pods", (false, of(Topic::Security))),
        ("Integration-First Testing", "real environments before mocks", (false, of(Topic::Testing))),
        ("Component Architecture", "choreographed components acting independently", (false, of(Topic::Design))),
        ("API Backward Compatibility", "no breaking changes to existing APIs", (false, of(Topic::Update))),
        ("Reproducible Build System", "established Make and Bazel workflows", (false, None)),
    ];
    out.push_str("## Constitutional Compliance\n\n");
    for (title, meaning, (ticked, place)) in boxes {
        let mark = if ticked { "x" } else { " " };
        let place = place.map_or(String::new(), |place| format!(" ({place})"));
        let _ = writeln!(out, "- [{mark}] **{title}**: {meaning}{place}");
    }
    out.push_str("\n### Compliance Gate\n\nCONSTITUTIONAL COMPLIANCE MUST BE VERIFIED BEFORE IMPLEMENTATION\n\n");
}

/// The graduation items of the stage.
fn success(out: &mut String, vep: &Vep, facts: &Facts) {
    if facts.graduation.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n## Success Criteria - {} Release\n", facts.stage);
    for item in &facts.graduation {
        let _ = writeln!(out, "- [ ] {} ({})", item.text.trim_end_matches('.'), vep.place(item.span));
    }
}

/// What the VEP names and does not give work to.
fn left_out(out: &mut String, vep: &Vep, facts: &Facts) {
    if facts.left_out.is_empty() {
        return;
    }
    out.push_str("\n## Named Without a Task\n\nThe VEP names these, and no task comes from them:\n\n");
    for left in &facts.left_out {
        let _ = writeln!(out, "- {} ({}): {}", left.what, vep.place(left.span), left.why);
    }
}

/// The sections of which no task names a line: what stands there is left to people.
fn unread(out: &mut String, vep: &Vep) {
    let file = format!("{}:", vep.document.name());
    let used: BTreeSet<usize> = out
        .match_indices(&file)
        .filter_map(|(at, _)| {
            let rest = &out[at + file.len()..];
            rest[..rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())].parse().ok()
        })
        .collect();
    let line = |offset: usize| vep.document.source.line(offset);
    let text = vep.document.source.text();
    let mut found = Vec::new();
    let mut covered = 0;
    for heading in vep.headings.iter().filter(|heading| heading.level > 1) {
        let chrome = matches!(heading.topic, Topic::Metadata | Topic::Targets | Topic::Signoff | Topic::Head);
        let (first, last) = (line(heading.span.start), line(heading.body.end.max(heading.span.start + 1) - 1));
        if chrome || heading.span.start < covered || used.range(first..=last).next().is_some() {
            continue;
        }
        // What stands below it is said with it.
        covered = heading.body.end;
        let says = vep.document.lines_in(heading.body).iter().any(|line| {
            matches!(line.kind, LineKind::Text | LineKind::Item | LineKind::Table | LineKind::Quote | LineKind::Code)
                && !line.span.of(text).trim().is_empty()
        });
        if says {
            found.push((heading, first));
        }
    }
    if found.is_empty() {
        return;
    }
    out.push_str("\n## Sections Without Tasks\n\nNo task comes from these; what they say is up to you:\n\n");
    for (heading, line) in found {
        let why = if heading.topic.is_no_source() { ": not a part of what is built" } else { "" };
        let _ = writeln!(out, "- {} ({file}{line}){why}", heading.title);
    }
}
