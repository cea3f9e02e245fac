//! Bringing earlier scaffolds up to date: what nobody has touched becomes what the templates make now,
//! what somebody has filled in is brought together with it, and nothing is taken away.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Conflict;
use crate::diagnostic::Diagnostic;
use crate::go::{Block, GoFile, Import, ImportSpec, Target, add_imports, blocks, tokens};
use crate::merge::three_way;
use crate::pending::{PendingFiles, Refusal};
use crate::plan::{Baseline, Earlier, Plan};
use crate::repo_path::RepoPath;
use crate::text::{Source, Span, TextEdit, TextEdits, line_end, line_start, next_line};

const YOURS: &str = "yours";
const NEWER: &str = "what the templates make now";

/// What is made when no earlier scaffold is there: texts, and the tasks that ask for them.
pub(super) type Fresh = BTreeMap<RepoPath, (Arc<str>, Vec<String>)>;

/// Brings the pending files up to date; what cannot be brought together is given back.
pub(super) fn renew(
    pending: &mut PendingFiles<'_>,
    plan: &Plan,
    earlier: &Earlier,
    fresh: &Fresh,
) -> Result<Vec<Conflict>, Refusal> {
    let mut renewal = Renewal { pending, keep: earlier.keep_edited, conflicts: Vec::new() };
    for (path, file) in &earlier.files {
        let (Some((new, _)), Some(now)) = (fresh.get(path), renewal.pending.text(path)?) else { continue };
        if *new == file.emitted || now == *new {
            continue;
        }
        renewal.pending.on_behalf_of(tasks_of(plan, &file.tasks));
        let text = if now == file.emitted {
            new.to_string()
        } else if path.ends_with(".go") {
            match renewal.go(path, &now, file, new) {
                Some(text) => text,
                None => continue,
            }
        } else {
            let merged = three_way(&file.emitted, (&now, YOURS), (new, NEWER));
            if merged.conflicts > 0 {
                renewal.conflict(path, &now, Span::at(0), merged.text);
                continue;
            }
            merged.text
        };
        if text != *now {
            renewal.pending.put(path, text)?;
        }
    }
    Ok(renewal.conflicts)
}

/// The indices of tasks with some IDs.
fn tasks_of(plan: &Plan, ids: &[String]) -> Vec<usize> {
    let tasks = plan.tasks.iter().enumerate();
    tasks.filter(|(_, task)| ids.contains(&task.id)).map(|(index, _)| index).collect()
}

struct Renewal<'r, 'a> {
    pending: &'r mut PendingFiles<'a>,
    /// Keep what was edited, where it conflicts with what is newer.
    keep: bool,
    conflicts: Vec<Conflict>,
}

impl Renewal<'_, '_> {
    /// A Go file with its stubs up to date; nothing if that leads nowhere.
    fn go(&mut self, path: &RepoPath, now: &Arc<str>, file: &Baseline, new: &str) -> Option<String> {
        let [current, emitted, wanted] = [now, &*file.emitted, new].map(|text| Some((text, GoFile::parse(text).ok()?)));
        let (current, emitted, wanted) = (current?, emitted?, wanted?);
        let pristine = file.pristine.as_deref().map_or_else(BTreeMap::new, pieces_of);
        let [current_pieces, emitted_pieces, wanted_pieces] =
            [&current, &emitted, &wanted].map(|(text, file)| pieces(&Target::new(text, file)));
        let mut edits = Vec::new();
        for (key, before) in &emitted_pieces {
            let before = before.1;
            // What was there before us is nobody's stub.
            if pristine.get(key).is_some_and(|text| text.as_str() == before) {
                continue;
            }
            let (Some((span, ours)), Some((_, theirs))) = (current_pieces.get(key), wanted_pieces.get(key)) else {
                continue;
            };
            if *theirs == before || ours == theirs {
                continue;
            }
            if *ours == before {
                edits.push(TextEdit::replace(*span, *theirs));
                continue;
            }
            let lines = [before, ours, theirs].map(|text| format!("{text}\n"));
            let merged = three_way(&lines[0], (&lines[1], YOURS), (&lines[2], NEWER));
            let text = merged.text.strip_suffix('\n').unwrap_or(&merged.text);
            if merged.conflicts > 0 {
                let whole = TextEdits::from(TextEdit::replace(*span, text)).apply(now);
                self.conflict(path, now, *span, whole);
            } else {
                edits.push(TextEdit::replace(*span, text));
            }
        }
        let text = TextEdits::new(edits).ok()?.apply(now);
        if text == **now {
            return Some(text);
        }
        with_imports(&text, &emitted.1.imports, &wanted.1.imports, self.pending.module())
    }

    fn conflict(&mut self, path: &RepoPath, now: &Arc<str>, span: Span, merged: String) {
        let source = Source::new(&**path, now.clone());
        let line = line_end(now, span.start);
        let span = Span::new(span.start, line.min(span.end.max(span.start)));
        if self.keep {
            let note = Diagnostic::note("stub-kept", format!("{path}: a newer form of this stub was left out"));
            return self.pending.say(note.at(&source, span));
        }
        let message = format!("{path}: you changed this stub, and the templates now make another one");
        let help = "merge them by hand as shown, or keep yours with --keep-edited";
        self.pending.say(Diagnostic::error("stub-conflict", message).at(&source, span).help(help));
        self.conflicts.push(Conflict { path: path.clone(), before: now.clone(), merged: merged.into() });
    }
}

/// A text with the imports that its newer stubs need, and without those that only its older ones did.
fn with_imports(text: &str, before: &[Import], after: &[Import], module: &str) -> Option<String> {
    let file = GoFile::parse(text).ok()?;
    let has = |imports: &[Import], path: &str| imports.iter().any(|import| import.path == path);
    let added = after.iter().filter(|import| !has(before, &import.path));
    let added: Vec<ImportSpec> = added.map(ImportSpec::from).collect();
    let mut edits = add_imports(text, &file, &added, module);
    let used: BTreeSet<&str> = file.tokens.iter().map(|token| token.span.of(text)).collect();
    for import in before.iter().filter(|import| !has(after, &import.path)) {
        let Some(there) = file.import(&import.path).filter(|there| !matches!(there.name(), "." | "_")) else {
            continue;
        };
        // The name in the import itself is a token of its own only where it is an alias.
        let count = file.tokens.iter().filter(|token| token.span.of(text) == there.name()).count();
        if !used.contains(there.name()) || there.alias.is_some() && count == 1 {
            let start = line_start(text, there.span.start);
            let end = next_line(text, there.span.end);
            edits.push(TextEdit::replace(Span::new(start, end), ""));
        }
    }
    let result = TextEdits::new(edits).ok()?.apply(text);
    tokens(&result).is_ok().then_some(result)
}

fn pieces<'a>(target: &Target<'a>) -> BTreeMap<String, (Span, &'a str)> {
    let found = blocks(target).unwrap_or_default();
    found.into_iter().rev().map(|Block { key, span }| (key, (span, span.of(target.text)))).collect()
}

fn pieces_of(text: &str) -> BTreeMap<String, String> {
    let Ok(file) = GoFile::parse(text) else { return BTreeMap::new() };
    pieces(&Target::new(text, &file)).into_iter().map(|(key, (_, text))| (key, text.to_owned())).collect()
}

/// Whether something of what earlier runs made is still in a file: it may have been thrown away since.
fn is_left(pending: &PendingFiles<'_>, path: &RepoPath, file: &Baseline) -> bool {
    let Ok(Some(now)) = pending.before(path) else { return false };
    let Some(pristine) = &file.pristine else { return true };
    if !path.ends_with(".go") {
        return *pristine != now;
    }
    let [pristine, emitted, now] = [&**pristine, &*file.emitted, &*now].map(pieces_of);
    emitted.iter().any(|(key, text)| pristine.get(key) != Some(text) && now.get(key) == Some(text))
}

/// What earlier runs were asked for and this one is not: it stays, and is named.
pub(super) fn gone(
    pending: &PendingFiles<'_>,
    plan: &Plan,
    earlier: &Earlier,
    fresh: &Fresh,
    tasks: &Source,
) -> Vec<Diagnostic> {
    let known: Vec<(&str, &str)> = plan.tasks.iter().map(|task| (task.id.as_str(), task.title.as_str())).collect();
    let left: BTreeMap<&RepoPath, &Baseline> =
        earlier.files.iter().filter(|(path, file)| is_left(pending, path, file)).collect();
    let mut found = Vec::new();
    for (id, title) in &earlier.tasks {
        let files: Vec<&str> =
            left.iter().filter(|(_, file)| file.tasks.contains(id)).map(|(path, _)| &***path).collect();
        if files.is_empty() {
            continue;
        }
        let files = files.join(", ");
        let message = match known.iter().find(|(known, _)| known == id) {
            None => {
                format!("{id} was scaffolded, and no task has this ID now; what was made for it stays: {files}")
            }
            Some((_, now)) if now != title => {
                format!(
                    "{id} was scaffolded as \"{title}\" and now reads differently; what was made for it stays: {files}"
                )
            }
            Some(_) => continue,
        };
        found.push(Diagnostic::note("task-gone", message).at(tasks, Span::at(0)));
    }
    for (path, file) in left.iter().filter(|(path, _)| !fresh.contains_key(**path)) {
        let all_known = file.tasks.iter().all(|id| known.iter().any(|(known, _)| known == id));
        if all_known {
            let message =
                format!("{path} was made for {}, and no task asks for it now; it stays", file.tasks.join(", "));
            found.push(Diagnostic::note("task-gone", message).at(tasks, Span::at(0)));
        }
    }
    found
}

/// What is written down for the next run: every file with scaffolds of the feature.
pub(super) fn emitted(
    pending: &PendingFiles<'_>,
    plan: &Plan,
    earlier: &Earlier,
    fresh: Option<&Fresh>,
) -> BTreeMap<RepoPath, Baseline> {
    let mut all = earlier.files.clone();
    for (path, baseline) in &mut all {
        if let Some((text, tasks)) = fresh.and_then(|fresh| fresh.get(path)) {
            baseline.emitted = text.clone();
            baseline.tasks.clone_from(tasks);
        }
    }
    let changed = pending.files.iter().filter(|(path, file)| file.is_changed() && !path.ends_with("BUILD.bazel"));
    for (path, file) in changed {
        all.entry(path.clone()).or_insert_with(|| Baseline {
            pristine: file.before.clone(),
            emitted: file.text.clone(),
            tasks: file.tasks.iter().map(|task| plan.tasks[*task].id.clone()).collect(),
        });
    }
    all
}
