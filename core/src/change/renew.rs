//! Bringing earlier scaffolds up to date: what nobody has touched becomes what the templates make now,
//! what somebody has filled in is brought together with it, and nothing is taken away.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::desk::{Desk, Refusal};
use super::{Conflict, EmittedFile};
use crate::diagnostic::Diagnostic;
use crate::go::{Block, GoFile, Import, ImportSpec, Target, add_imports, blocks, tokens};
use crate::merge::three_way;
use crate::plan::{Earlier, EarlierFile};
use crate::text::{Source, Span, TextEdit, TextEdits};

const YOURS: &str = "yours";
const NEWER: &str = "what the templates make now";

/// What is made when no earlier scaffold is there: texts, and the tasks that ask for them.
pub type Fresh = BTreeMap<String, (Arc<str>, Vec<String>)>;

/// Brings the files on the desk up to date.
pub(super) fn renew(desk: &mut Desk<'_, '_>, earlier: &Earlier, fresh: &Fresh) -> Result<(), Refusal> {
    for (path, file) in &earlier.files {
        let (Some((new, _)), Some(now)) = (fresh.get(path), desk.text(path)?) else { continue };
        if *new == file.emitted || now == *new {
            continue;
        }
        let tasks = desk.tasks_of(&file.tasks);
        desk.on_behalf_of(tasks);
        let text = if now == file.emitted {
            new.to_string()
        } else if path.ends_with(".go") {
            match renewed(path, &now, file, new, desk, earlier.keep_edited) {
                Some(text) => text,
                None => continue,
            }
        } else {
            let merged = three_way(&file.emitted, (&now, YOURS), (new, NEWER));
            if merged.conflicts > 0 {
                conflict(desk, path, &now, Span::at(0), merged.text, earlier.keep_edited);
                continue;
            }
            merged.text
        };
        if text != *now {
            desk.put(path, text)?;
        }
    }
    Ok(())
}

/// A Go file with its stubs up to date; nothing if that leads nowhere.
fn renewed(
    path: &str,
    now: &Arc<str>,
    file: &EarlierFile,
    new: &str,
    desk: &mut Desk<'_, '_>,
    keep: bool,
) -> Option<String> {
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
            conflict(desk, path, now, *span, whole, keep);
        } else {
            edits.push(TextEdit::replace(*span, text));
        }
    }
    let text = TextEdits::new(edits).ok()?.apply(now);
    if text == **now {
        return Some(text);
    }
    with_imports(&text, &emitted.1.imports, &wanted.1.imports, desk.survey.module())
}

/// A text with the imports that its newer stubs need, and without those that only its older ones did.
fn with_imports(text: &str, before: &[Import], after: &[Import], module: &str) -> Option<String> {
    let file = GoFile::parse(text).ok()?;
    let has = |imports: &[Import], path: &str| imports.iter().any(|import| import.path == path);
    let added = after.iter().filter(|import| !has(before, &import.path) && file.import(&import.path).is_none());
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
            let start = text[..there.span.start].rfind('\n').map_or(0, |at| at + 1);
            let end = text[there.span.end..].find('\n').map_or(text.len(), |at| there.span.end + at + 1);
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

fn conflict(desk: &mut Desk<'_, '_>, path: &str, now: &Arc<str>, span: Span, merged: String, keep: bool) {
    let source = Source::new(path, now.clone());
    let line = now[span.start..].find('\n').map_or(now.len(), |length| span.start + length);
    let span = Span::new(span.start, line.min(span.end.max(span.start)));
    if keep {
        let note = Diagnostic::note("stub-kept", format!("{path}: a newer form of this stub was left out"));
        desk.say(note.at(&source, span));
        return;
    }
    let message = format!("{path}: this stub was changed by you, and by what the templates make now");
    let help = "bring them together by hand as shown, or keep yours with --keep-edited";
    desk.refuse(Diagnostic::error("stub-conflict", message).at(&source, span).help(help));
    desk.conflicts.push(Conflict { path: path.to_owned(), before: now.clone(), merged: merged.into() });
}

/// Whether something of what earlier runs made is still in a file: it may have been thrown away since.
fn is_left(desk: &Desk<'_, '_>, path: &str, file: &EarlierFile) -> bool {
    let Ok(Some(now)) = desk.text(path) else { return false };
    let Some(pristine) = &file.pristine else { return true };
    if !path.ends_with(".go") {
        return *pristine != now;
    }
    let [pristine, emitted, now] = [&**pristine, &*file.emitted, &*now].map(pieces_of);
    emitted.iter().any(|(key, text)| pristine.get(key) != Some(text) && now.get(key) == Some(text))
}

/// What earlier runs were asked for and this one is not: it stays, and is named.
pub(super) fn gone(desk: &Desk<'_, '_>, earlier: &Earlier, fresh: &Fresh, tasks: &Source) -> Vec<Diagnostic> {
    let known: Vec<(&str, &str)> = desk.plan.tasks.iter().map(|task| (task.id.as_str(), task.title.as_str())).collect();
    let left: BTreeMap<&String, &EarlierFile> =
        earlier.files.iter().filter(|(path, file)| is_left(desk, path, file)).collect();
    let mut found = Vec::new();
    for (id, title) in &earlier.tasks {
        let files: Vec<&str> =
            left.iter().filter(|(_, file)| file.tasks.contains(id)).map(|(path, _)| path.as_str()).collect();
        if files.is_empty() {
            continue;
        }
        let files = files.join(", ");
        let message = match known.iter().find(|(known, _)| known == id) {
            None => {
                format!("{id} was scaffolded, and no task has this ID any more; what was made for it stays: {files}")
            }
            Some((_, now)) if now != title => {
                format!(
                    "{id} was scaffolded as \"{title}\" and reads otherwise now; what was made for it stays: {files}"
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
                format!("{path} was made for {}, and no task asks for it any more; it stays", file.tasks.join(", "));
            found.push(Diagnostic::note("task-gone", message).at(tasks, Span::at(0)));
        }
    }
    found
}

/// What is written down for the next run: every file with scaffolds of the feature.
pub(super) fn emitted(desk: &Desk<'_, '_>, earlier: &Earlier, fresh: Option<&Fresh>) -> Vec<EmittedFile> {
    let mut all: BTreeMap<&str, EmittedFile> = BTreeMap::new();
    for (path, file) in &earlier.files {
        let fresh = fresh.and_then(|fresh| fresh.get(path));
        all.insert(
            path,
            EmittedFile {
                path: path.clone(),
                pristine: file.pristine.clone(),
                emitted: fresh.map_or_else(|| file.emitted.clone(), |(text, _)| text.clone()),
                tasks: fresh.map_or_else(|| file.tasks.clone(), |(_, tasks)| tasks.clone()),
            },
        );
    }
    let changed = desk.drafts.iter().filter(|(path, draft)| draft.is_changed() && !path.ends_with("BUILD.bazel"));
    for (path, draft) in changed {
        all.entry(path).or_insert_with(|| EmittedFile {
            path: path.clone(),
            pristine: draft.before.clone(),
            emitted: draft.text.clone(),
            tasks: draft.tasks.iter().map(|task| desk.plan.tasks[*task].id.clone()).collect(),
        });
    }
    all.into_values().collect()
}
