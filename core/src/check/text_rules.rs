//! What was left in the text: placeholders, samples, open questions, notes to self.

use std::collections::BTreeMap;

use super::Subject;
use crate::diagnostic::Diagnostic;
use crate::documents::open_questions;
use crate::task::{LineKind, Placeholders, Style};
use crate::text::{Span, holds};

pub(super) fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    placeholders(subject, found);
    samples(subject, found);
    notes(subject, found);
    found.extend(open_questions(&subject.file.source, &subject.file.lines));
    for document in [&subject.documents.spec, &subject.documents.plan].into_iter().flatten() {
        found.extend(open_questions(&document.source, &document.lines));
    }
}

/// `[feature]` and its like, each once.
fn placeholders(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let file = subject.file;
    let text = file.text();
    let none = Placeholders::default();
    let mut seen: BTreeMap<String, (Span, usize)> = BTreeMap::new();
    let mut note = |span: Span, in_path: bool| {
        if !span.of(text).contains('[') {
            return;
        }
        let (_, missing) = none.resolve(span.of(text), if in_path { Style::Path } else { Style::Text });
        for missing in missing {
            let shown = missing.span.of(span.of(text)).to_owned();
            if in_path || is_template_word(&missing.key) {
                seen.entry(shown).or_insert((missing.span.shifted(span.start), 0)).1 += 1;
            }
        }
    };
    if let Some(title) = &file.title {
        note(title.span, false);
    }
    file.metadata.iter().for_each(|field| note(field.value.span, false));
    for task in &file.tasks {
        note(task.title.span, false);
        for path in task.paths.iter().filter(|path| is_kubevirt_path(&path.text)) {
            note(path.span, true);
        }
    }
    for (shown, (span, times)) in seen {
        let times = if times == 1 { String::new() } else { format!(", {times} times") };
        let message = format!("the placeholder `{shown}` is not filled in{times}");
        let diagnostic = Diagnostic::error("placeholder", message).at(&file.source, span);
        found.push(diagnostic.help("replace it with its value, or pass the value to `scaffold` with --set"));
    }
}

/// Paths with brackets are common where routes are files; in KubeVirt they are placeholders.
fn is_kubevirt_path(path: &str) -> bool {
    ["pkg/", "tests/", "docs/", "api/", "staging/", "cmd/", "tools/"].iter().any(|root| path.starts_with(root))
        && (path.ends_with(".go") || path.ends_with(".md"))
}

/// The words in brackets that the templates ask people to replace.
fn is_template_word(key: &str) -> bool {
    const WORDS: &[&str] = &[
        "feature",
        "id",
        "date",
        "component",
        "component2",
        "detection_logic",
        "integration",
        "title",
        "service",
        "file",
        "location",
        "name",
        "brief_description",
        "story",
        "description",
        "brief description of what this story delivers",
    ];
    WORDS.contains(&key)
}

/// The template's own sample tasks.
fn samples(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let file = subject.file;
    let text = file.source.text();
    if !holds(text, "SAMPLE") && !holds(text, "TXXX") {
        return;
    }
    for line in &file.lines {
        let raw = line.span.of(text);
        let sample = matches!(line.kind, LineKind::Comment | LineKind::Html) && raw.contains("SAMPLE TASKS")
            || line.kind == LineKind::Comment && raw.contains("The tasks below are SAMPLE");
        let open = matches!(line.kind, LineKind::Item) && raw.contains("] TXXX");
        if sample || open {
            let (what, help) = if sample {
                ("the template's remark about sample tasks remains", "remove it, with the samples")
            } else {
                ("`TXXX` is not an ID", "give the task a number, or remove it")
            };
            let trimmed = Span::new(line.span.start, line.span.start + raw.trim_end().len());
            found.push(Diagnostic::error("sample-left", what).at(&file.source, trimmed).help(help));
        }
    }
}

/// TODO, TBD, ???
fn notes(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let file = subject.file;
    let text = file.source.text();
    if !NOTES.iter().any(|note| holds(text, note)) {
        return;
    }
    for line in &file.lines {
        if !matches!(line.kind, LineKind::Item | LineKind::Text | LineKind::Heading(_)) {
            continue;
        }
        let Some(span) = note_to_self(text, line.span) else { continue };
        let message = format!("`{}` is left", span.of(text).trim_end_matches([':', '(']));
        found.push(
            Diagnostic::warning("todo-left", message).at(&file.source, span).help("settle it, or make it a task"),
        );
    }
}

const NOTES: &[&str] = &["TODO:", "FIXME:", "TBD", "???"];

fn note_to_self(text: &str, line: Span) -> Option<Span> {
    let raw = line.of(text);
    let outside_code = |at: usize| raw[..at].matches('`').count().is_multiple_of(2);
    let alone = |at: usize, word: &str| {
        let before =
            raw[..at].chars().next_back().is_none_or(|c| !(c.is_alphanumeric() || matches!(c, '_' | '/' | '"' | '\'')));
        let after = raw[at + word.len()..].chars().next();
        before && after.is_none_or(|c| !(c.is_alphanumeric() || matches!(c, '_' | '/' | '"' | '\'' | '-')))
    };
    for word in NOTES.iter().copied() {
        if let Some(at) = raw.find(word)
            && outside_code(at)
            && (word.ends_with(':') || alone(at, word))
            // "resolve all TBD markers" speaks about them.
            && !raw[at + word.len()..].trim_start().starts_with("marker")
        {
            return Some(Span::new(at, at + word.len()).shifted(line.start));
        }
    }
    None
}
