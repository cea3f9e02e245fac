//! What can be fixed automatically: false `[P]` marks, numbers, paths that have one right form.

use std::collections::{BTreeMap, BTreeSet};

use super::dependencies::{dependent_marks, shared_files};
use super::{Against, Checked, Subject};
use crate::survey::relocated;
use crate::task::{LineKind, TaskFile, number, references};
use crate::text::{Span, TextEdit, TextEdits};
use crate::tree::Tree;

/// One thing that is fixed.
#[derive(Clone, Debug)]
pub struct Fix {
    /// The rule that asks for it.
    pub code: &'static str,
    /// What the edits do, for people.
    pub message: String,
    /// The edits of the tasks.md that do it.
    pub edits: TextEdits,
}

/// Every fix of a checked file. Two may be about one place: see [`TextEdits::join`].
pub fn fixes(checked: &Checked, against: Against<'_>) -> Vec<Fix> {
    let subject = Subject {
        file: &checked.file,
        graph: &checked.graph,
        analysis: &checked.analysis,
        documents: against.documents,
    };
    let reported = |code: &str| checked.diagnostics.iter().any(|diagnostic| diagnostic.code == code);
    let mut found = Vec::new();
    marks(&subject, &reported, &mut found);
    if ["id-gap", "id-order", "id-start"].into_iter().any(reported) {
        found.extend(renumber(&checked.file));
    }
    if reported("path-unknown") {
        paths(&subject, against.tree, &mut found);
    }
    found
}

/// `[P]` stays on the first task about a file.
fn marks(subject: &Subject<'_>, reported: &impl Fn(&str) -> bool, found: &mut Vec<Fix>) {
    let file = subject.file;
    let mut false_marks: BTreeMap<usize, &'static str> = BTreeMap::new();
    if reported("parallel-dependent") {
        false_marks.extend(dependent_marks(subject).into_iter().map(|(task, _)| (task, "parallel-dependent")));
    }
    if reported("parallel-file") {
        for group in shared_files(subject) {
            let kept = group.tasks.iter().find(|task| !false_marks.contains_key(task)).copied();
            let others = group.tasks.iter().copied().filter(|&task| Some(task) != kept);
            false_marks.extend(others.map(|task| (task, "parallel-file")));
        }
    }
    for (task, code) in false_marks {
        let Some(label) = file.tasks[task].parallel else { continue };
        let text = file.source.text();
        let bold = text[..label.start].ends_with("**") && text[label.end..].starts_with("**");
        let label = if bold { Span::new(label.start - 2, label.end + 2) } else { label };
        let spaces = text[label.end..].len() - text[label.end..].trim_start_matches(' ').len();
        // Between two words one space stays.
        let end = if text[..label.start].ends_with([' ', '*']) { label.end + spaces } else { label.end };
        let edits = TextEdit::replace(Span::new(label.start, end), "").into();
        found.push(Fix { code, message: format!("{} loses its [P]", file.tasks[task].id), edits });
    }
}

/// Numbers from T001 on, in order, with every mention. Nothing, if an ID is of another form or
/// stands twice, or a mention could not follow.
fn renumber(file: &TaskFile) -> Option<Fix> {
    let plain = |id: &str| {
        id.strip_prefix('T').is_some_and(|digits| digits.len() >= 3 && digits.bytes().all(|b| b.is_ascii_digit()))
    };
    let unique: BTreeSet<&str> = file.tasks.iter().map(|task| task.id.as_str()).collect();
    if !file.tasks.iter().all(|task| plain(&task.id) && task.id_written) || unique.len() != file.tasks.len() {
        return None;
    }
    let new: BTreeMap<usize, usize> =
        file.tasks.iter().enumerate().filter_map(|(at, task)| Some((number(&task.id)?, at + 1))).collect();
    let text = file.ordered();
    let mut edits = Vec::new();
    for line in file.lines.iter().filter(|line| !matches!(line.kind, LineKind::Comment | LineKind::FrontMatter)) {
        for reference in references(text, line.span) {
            let (first, last) = (number(&reference.first)?, reference.last.as_deref().and_then(number));
            let span = reference.span;
            let raw = span.of(text);
            let Some(&now) = new.get(&first) else { continue };
            let mut written = raw.to_owned();
            if let Some(last) = last {
                // A range whose tasks no longer stand side by side cannot be written as one.
                let end = *new.get(&last)?;
                if last < first || end < now || end - now + 1 != new.range(first..=last).count() {
                    return None;
                }
                let head = raw.trim_end_matches(|c: char| c.is_ascii_digit());
                written = format!("{head}{end:03}");
            }
            let digits = written[1..].bytes().take_while(u8::is_ascii_digit).count();
            written = format!("T{now:03}{}", &written[1 + digits..]);
            if written != raw {
                edits.push(TextEdit::replace(span, written));
            }
        }
    }
    let edits = TextEdits::new(edits).ok().filter(|edits| !edits.is_empty())?;
    Some(Fix { code: "id-gap", message: "the tasks are numbered from T001".to_owned(), edits })
}

/// Paths that the checkout has elsewhere.
fn paths(subject: &Subject<'_>, tree: Option<&dyn Tree>, found: &mut Vec<Fix>) {
    let Some(tree) = tree else { return };
    for task in &subject.file.tasks {
        for path in subject.file.mentions(task) {
            let bare = path.text.trim_end_matches('/');
            if tree.kind(bare).is_some() {
                continue;
            }
            if let Some(right) = relocated(tree, bare) {
                let message = format!("{} becomes {right}", path.text);
                let span = Span::new(path.span.start, path.span.start + bare.len());
                found.push(Fix { code: "path-unknown", message, edits: TextEdit::replace(span, right).into() });
            }
        }
    }
}
