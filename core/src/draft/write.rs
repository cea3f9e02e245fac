//! The tasks as a document in the form of KubeVirt's template.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::build::{Draft, Group, Tasks};
use super::facts::{Facts, GateFact};
use crate::diagnostic::visible_lines;
use crate::documents::Documents;

/// A task with its number.
struct Numbered<'a> {
    number: usize,
    parallel: bool,
    task: &'a Draft,
}

/// The text of the tasks.md, numbered from T001.
pub(super) fn write(facts: &Facts, documents: &Documents, tasks: &Tasks) -> String {
    let mut out = String::new();
    header(&mut out, facts, documents, tasks);
    compliance(&mut out, facts);
    out.push_str("## Format: `[ID] [P?] Description`\n\n");
    out.push_str("- **[P]**: can run in parallel (different files, no dependencies)\n");
    out.push_str("- `Source` names the document and line that a task comes from\n");
    if !tasks.questions.is_empty() {
        out.push_str("- `Question` names what no document answers; see [Open Questions](#open-questions)\n");
    }
    body(&mut out, tasks, "Answer each in its document, and run the command `tasks` again.");
    checklist(&mut out, facts, tasks);
    out.split_inclusive('\n').map(plain).collect()
}

/// The phases with their numbered tasks, what waits for what, and the questions. `answers` says where to answer them.
pub(crate) fn body(out: &mut String, tasks: &Tasks, answers: &str) {
    let mut number = 0;
    let foundation = groups(&mut number, &tasks.foundation);
    let tests: Vec<Numbered<'_>> = numbered(&mut number, &tasks.tests);
    let implementation = groups(&mut number, &tasks.implementation);
    let release = groups(&mut number, &tasks.release);
    phase(out, "Phase 1: Foundation", "", "1", &foundation);
    if !tests.is_empty() {
        out.push_str("\n## Phase 2: Integration-First Tests ⚠️ MUST COMPLETE BEFORE PHASE 3\n\n");
        out.push_str("CRITICAL: Integration and E2E tests MUST be written first and MUST FAIL before implementation\n");
        for task in &tests {
            entry(out, task);
        }
    }
    phase(out, "Phase 3: Core Implementation (ONLY after tests are failing)", "", "3", &implementation);
    phase(out, "Phase 4: Release Preparation", "", "4", &release);
    dependencies(out, &foundation, &tests, &implementation, &release);
    questions(out, tasks, answers);
    parallel(out, &foundation, &tests, &implementation);
}

/// A line in which the words of documents are words: neither HTML, such as a comment that hides what follows or allows
/// what `check` finds, nor characters that nobody sees.
pub(crate) fn plain(line: &str) -> String {
    let begins_html = |rest: &str| rest.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'));
    let parts: Vec<&str> = line.split('`').collect();
    let mut shown = String::with_capacity(line.len());
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            shown.push('`');
        }
        // Behind a backtick that nobody closes there is no code.
        let is_code = at % 2 == 1 && at + 1 < parts.len();
        for (place, c) in part.char_indices() {
            if c == '<' && !is_code && begins_html(&part[place + 1..]) {
                shown.push('\\');
            }
            shown.push(c);
        }
    }
    visible_lines(&shown).into_owned()
}

fn header(out: &mut String, facts: &Facts, documents: &Documents, tasks: &Tasks) {
    let name = facts.name.as_ref().map_or("", |name| name.text.as_str());
    let _ = writeln!(out, "# Tasks: {name}\n");
    if let Some(id) = &facts.id {
        let _ = writeln!(out, "**Feature ID**: {id}  ");
    }
    let _ = writeln!(out, "**Feature Name**: {name}  ");
    if let GateFact::Named(gate) = &facts.gate {
        let _ = writeln!(out, "**Feature Gate**: {}  ", gate.text);
    }
    if let Some(date) = &facts.date {
        let _ = writeln!(out, "**Updated**: {date}  ");
    }
    let status = match tasks.questions.len() {
        0 => "Ready for Implementation".to_owned(),
        1 => "Draft: 1 open question".to_owned(),
        count => format!("Draft: {count} open questions"),
    };
    let _ = writeln!(out, "**Status**: {status}  ");
    if let Some(plan) = &documents.plan {
        let _ = writeln!(out, "**Implementation Plan**: [{0}](./{0})  ", plan.name());
    }
    if let Some(spec) = &documents.spec {
        let _ = writeln!(out, "**Feature Specification**: [{0}](./{0})  ", spec.name());
    }
    let contracts = documents.contracts.iter().map(|contract| format!("contracts/{}", contract.name()));
    let others = [&documents.plan, &documents.spec, &documents.research, &documents.data_model, &documents.quickstart];
    let named: Vec<String> =
        others.into_iter().flatten().map(|document| document.name().to_owned()).chain(contracts).collect();
    let _ = writeln!(out, "\n**Prerequisites**: {}\n", named.join(", "));
}

/// The template's boxes, ticked where the plan's own check is.
fn compliance(out: &mut String, facts: &Facts) {
    const BOXES: &[(&str, &[&str], &str)] = &[
        ("KubeVirt Razor", &["razor"], "leverages existing Kubernetes patterns, no VM-specific APIs"),
        ("Feature Gate Requirements", &["feature gate"], "alpha first, disabled by default"),
        ("Security-First", &["security", "privilege", "capabilities beyond"], "no new privileges beyond those of pods"),
        (
            "Integration-First Testing",
            &["integration and e2e", "integration-first", "integration tests"],
            "real environments before mocks",
        ),
        ("Component Architecture", &["choreography", "component"], "choreographed components acting independently"),
        ("API Backward Compatibility", &["backward compat", "api compat"], "no breaking changes to existing APIs"),
        ("Reproducible Build System", &["make", "bazel", "build system"], "established Make and Bazel workflows"),
    ];
    out.push_str("## Constitutional Compliance\n\n");
    for (title, words, meaning) in BOXES {
        // The most telling word first, over all boxes.
        let about = words.iter().find_map(|word| {
            facts
                .checks
                .iter()
                .find(|(fact, _)| fact.text.to_lowercase().split('(').next().unwrap_or_default().contains(word))
        });
        // A denied gate is a question, whatever the plan ticks.
        let open =
            *title == "Feature Gate Requirements" && matches!(facts.gate, GateFact::Denied(_) | GateFact::Unsaid);
        match about.filter(|_| !open) {
            Some((fact, ticked)) => {
                let mark = if *ticked { "x" } else { " " };
                let reason = fact.text.rsplit_once('(').map_or(*meaning, |(_, reason)| reason.trim_end_matches(')'));
                let _ = writeln!(out, "- [{mark}] **{title}**: {reason} ({})", fact.place);
            }
            None => {
                let _ = writeln!(out, "- [ ] **{title}**: {meaning}");
            }
        }
    }
    out.push_str("\n### Compliance Gate\n\nCONSTITUTIONAL COMPLIANCE MUST BE VERIFIED BEFORE IMPLEMENTATION\n\n");
}

fn numbered<'a>(number: &mut usize, tasks: &'a [Draft]) -> Vec<Numbered<'a>> {
    let mut made: Vec<Numbered<'a>> = Vec::new();
    for task in tasks {
        *number += 1;
        made.push(Numbered { number: *number, parallel: false, task });
    }
    mark(&mut made.iter_mut().collect::<Vec<_>>());
    made
}

fn groups<'a>(number: &mut usize, groups: &'a [Group]) -> Vec<(&'a Group, Vec<Numbered<'a>>)> {
    let mut made: Vec<(&Group, Vec<Numbered<'_>>)> = Vec::new();
    for group in groups {
        let tasks = group.tasks.iter().map(|task| {
            *number += 1;
            Numbered { number: *number, parallel: false, task }
        });
        made.push((group, tasks.collect()));
    }
    mark(&mut made.iter_mut().flat_map(|(_, tasks)| tasks).collect::<Vec<_>>());
    // Detection waits for the gate.
    if made.iter().any(|(group, _)| group.title.starts_with("Feature Gate")) {
        let detection = made.iter_mut().filter(|(group, _)| group.title == "Detection Logic");
        detection.flat_map(|(_, tasks)| tasks).for_each(|task| task.parallel = false);
    }
    made
}

/// `[P]` for tasks whose file is theirs alone in the phase. Code waits for the test of its file.
fn mark(tasks: &mut [&mut Numbered<'_>]) {
    let mut uses: BTreeMap<&str, usize> = BTreeMap::new();
    for task in tasks.iter() {
        if let Some(file) = &task.task.file {
            *uses.entry(file.as_str()).or_default() += 1;
        }
    }
    let files: Vec<String> = uses.keys().map(|file| (*file).to_owned()).collect();
    for task in tasks.iter_mut() {
        let Some(file) = &task.task.file else { continue };
        let tested =
            file.strip_suffix(".go").is_some_and(|stem| files.iter().any(|other| *other == format!("{stem}_test.go")));
        task.parallel = uses[file.as_str()] == 1 && !file.ends_with('/') && !tested;
    }
}

fn phase(out: &mut String, title: &str, lead: &str, number: &str, groups: &[(&Group, Vec<Numbered<'_>>)]) {
    if groups.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n## {title}\n{lead}");
    for (at, (group, tasks)) in groups.iter().enumerate() {
        if at > 0 {
            out.push('\n');
        }
        let _ = writeln!(out, "### Task {number}.{}: {}\n", at + 1, group.title);
        let _ = writeln!(out, "**Definition of Done**: {}\n\n**Deliverables**:", group.done_when);
        for task in tasks {
            entry(out, task);
        }
    }
}

fn entry(out: &mut String, task: &Numbered<'_>) {
    let parallel = if task.parallel { " [P]" } else { "" };
    let draft = task.task;
    let _ = writeln!(out, "\n- [ ] T{:03}{parallel} **{}**", task.number, draft.title);
    if let Some(file) = &draft.file {
        let note = if draft.extends { " (extend existing)" } else { "" };
        let _ = writeln!(out, "  - File: `{file}`{note}");
    }
    for (key, text) in &draft.lines {
        let _ = writeln!(out, "  - {key}: {text}");
    }
    if !draft.sources.is_empty() {
        let _ = writeln!(out, "  - Source: {}", draft.sources.join(", "));
    }
}

/// `T003-T007`
fn range(tasks: &[&Numbered<'_>]) -> String {
    match tasks {
        [only] => format!("T{:03}", only.number),
        [first, .., last] => format!("T{:03}-T{:03}", first.number, last.number),
        [] => String::new(),
    }
}

fn dependencies(
    out: &mut String,
    foundation: &[(&Group, Vec<Numbered<'_>>)],
    tests: &[Numbered<'_>],
    implementation: &[(&Group, Vec<Numbered<'_>>)],
    release: &[(&Group, Vec<Numbered<'_>>)],
) {
    out.push_str("\n## Dependencies\n\n- Constitutional compliance verification before Phase 1\n");
    let of = |title: &str, groups: &'_ [(&Group, Vec<Numbered<'_>>)]| -> Option<String> {
        let (_, tasks) = groups.iter().find(|(group, _)| group.title.starts_with(title))?;
        Some(range(&tasks.iter().collect::<Vec<_>>()))
    };
    let all = |groups: &'_ [(&Group, Vec<Numbered<'_>>)]| {
        range(&groups.iter().flat_map(|(_, tasks)| tasks).collect::<Vec<_>>())
    };
    let gate = of("Feature Gate", foundation);
    let detection = of("Detection Logic", foundation);
    if let (Some(gate), Some(detection)) = (&gate, &detection) {
        let _ = writeln!(out, "- Feature gate ({gate}) before detection logic ({detection})");
    }
    let tests: Vec<&Numbered<'_>> = tests.iter().collect();
    if !tests.is_empty() && !implementation.is_empty() {
        let _ = writeln!(out, "- Tests ({}) before implementation ({})", range(&tests), all(implementation));
    }
    if !implementation.is_empty() && !release.is_empty() {
        let _ =
            writeln!(out, "- Implementation ({}) before release preparation ({})", all(implementation), all(release));
    }
    if let (Some(documentation), Some(review)) = (of("Documentation", release), of("Security Review", release)) {
        let _ = writeln!(out, "- Documentation ({documentation}) before security review ({review})");
    }
}

fn questions(out: &mut String, tasks: &Tasks, answers: &str) {
    if tasks.questions.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n## Open Questions\n\nNo document answers these. {answers}\n");
    for (at, question) in tasks.questions.iter().enumerate() {
        let _ = writeln!(out, "- **Q{}**: {}", at + 1, question.text);
    }
}

fn parallel(
    out: &mut String,
    foundation: &[(&Group, Vec<Numbered<'_>>)],
    tests: &[Numbered<'_>],
    implementation: &[(&Group, Vec<Numbered<'_>>)],
) {
    let first: Vec<&Numbered<'_>> = foundation.iter().flat_map(|(_, tasks)| tasks).collect();
    let last: Vec<&Numbered<'_>> = implementation.iter().flat_map(|(_, tasks)| tasks).collect();
    let sets = [first, tests.iter().collect(), last];
    let side_by_side = sets.into_iter().map(|tasks| tasks.into_iter().filter(|task| task.parallel).collect::<Vec<_>>());
    let Some(tasks) = side_by_side.into_iter().find(|tasks| tasks.len() > 1) else { return };
    out.push_str("\n## Parallel Example\n\n```text\n# Launch together:\n");
    for task in tasks {
        let file = task.task.file.as_deref().unwrap_or_default();
        let _ = writeln!(out, "Task: \"T{:03} {} in {file}\"", task.number, task.task.title);
    }
    out.push_str("```\n");
}

/// The template's checklist: what these tasks fulfil is ticked.
fn checklist(out: &mut String, facts: &Facts, tasks: &Tasks) {
    let all = || {
        let groups = tasks.foundation.iter().chain(&tasks.implementation).chain(&tasks.release);
        groups.flat_map(|group| &group.tasks).chain(&tasks.tests)
    };
    let gate = matches!(facts.gate, GateFact::Named(_));
    let functional = !tasks.tests.is_empty();
    let changes = |task: &&Draft| {
        !task.lines.iter().any(|(key, _)| matches!(*key, "Environment" | "Review" | "Validation" | "Command"))
    };
    let placed = all().filter(changes).all(|task| task.file.as_ref().is_some_and(|file| !file.ends_with('/')));
    out.push_str("\n## Validation Checklist\n\nGATE: Checked by main() before returning\n\n");
    let compliant =
        facts.checks.iter().any(|(_, ticked)| *ticked) && facts.checks.iter().all(|(_, ticked)| *ticked) && gate;
    for (done, text) in [
        (compliant, "Constitutional compliance verified"),
        (gate, "Feature gate implemented for new functionality"),
        (functional, "Integration tests prioritized over unit tests"),
        (functional, "Real environment testing planned"),
        (true, "Component boundaries respected"),
        (facts.no_api.is_some(), "API backward compatibility maintained"),
        (true, "Security review included for Alpha release"),
        (placed, "Each task specifies exact KubeVirt file path"),
        (true, "No task violates component separation principles"),
    ] {
        let mark = if done { "x" } else { " " };
        let _ = writeln!(out, "- [{mark}] {text}");
    }
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn words_of_documents_are_words() {
        for (line, shown) in [
            ("- Test: a < b and `<c>`\n", "- Test: a < b and `<c>`\n"),
            ("- Test: x <!-- allow-file: path-none -->\n", "- Test: x \\<!-- allow-file: path-none -->\n"),
            ("- Test: <script>` <b>\n", "- Test: \\<script>` \\<b>\n"),
            ("- Test: \u{202e}x\u{1b}[2J", "- Test: \\u{202e}x\\u{1b}[2J"),
        ] {
            assert_eq!(plain(line), shown);
        }
    }
}
