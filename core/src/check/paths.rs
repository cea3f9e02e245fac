//! The files that tasks name: whether they name any, where these lie, whether the checkout has them.

use std::cell::{LazyCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;
use std::sync::Arc;

use super::Subject;
use super::tests_first::{Work, work};
use crate::diagnostic::{Diagnostic, Severity};
use crate::documents::{Document, entries};
use crate::name::nearest;
use crate::survey::relocated;
use crate::task::{Task, TaskPath};
use crate::text::{Source, Span};
use crate::tree::{Kind, ReadError, Tree, parent};

pub(super) fn check(subject: &Subject<'_>, tree: Option<&dyn Tree>, found: &mut Vec<Diagnostic>) {
    // How many tasks name each file, and do not take it for existing.
    let mut made: BTreeMap<&str, usize> = BTreeMap::new();
    for path in subject.file.tasks.iter().flat_map(|task| &task.paths).filter(|path| path.note.is_none()) {
        *made.entry(path.text.as_str()).or_default() += 1;
    }
    let known = tree.map(|tree| Known { tree, kinds: RefCell::default() });
    for task in &subject.file.tasks {
        let runs = LazyCell::new(|| work(subject.file, task) == Work::Other && task.only_runs());
        let paths = subject.file.mentions(task);
        if paths.iter().all(|path| is_source(task, path)) {
            without_path(subject, task, found);
        }
        for path in paths {
            outside(subject, path, found);
            if let Some(tree) = &known {
                in_tree(subject, tree, (path, &runs), &made, found);
            }
        }
    }
    if let Some(tree) = tree {
        for document in subject.documents.design() {
            drawings(document, tree, found);
            make_targets(&document.source, document.all(), tree, found);
        }
        let source = &subject.file.source;
        make_targets(source, Span::new(0, source.text().len()), tree, found);
    }
}

/// A tree that is asked once for each path.
struct Known<'t> {
    tree: &'t dyn Tree,
    kinds: RefCell<BTreeMap<String, Option<Kind>>>,
}

impl Tree for Known<'_> {
    fn read(&self, path: &str) -> Result<Option<Arc<str>>, ReadError> {
        self.tree.read(path)
    }

    fn kind(&self, path: &str) -> Option<Kind> {
        if let Some(kind) = self.kinds.borrow().get(path) {
            return *kind;
        }
        // Below what is not there, nothing is.
        let above = parent(path);
        let kind = if above.is_empty() || self.kind(above).is_some() { self.tree.kind(path) } else { None };
        self.kinds.borrow_mut().insert(path.to_owned(), kind);
        kind
    }

    fn list(&self, folder: &str) -> Vec<String> {
        self.tree.list(folder)
    }
}

/// Whether a path is what a task says that it comes from, as drafted tasks do: a document, which nothing changes.
fn is_source(task: &Task, path: &TaskPath) -> bool {
    let sources = task.details.iter().filter(|detail| detail.key == "source");
    sources.into_iter().any(|detail| detail.text.text.contains(path.text.as_str()))
}

/// A task should say which file it is about, unless it changes none. Of a drafted task it is known that its document
/// names none.
fn without_path(subject: &Subject<'_>, task: &Task, found: &mut Vec<Diagnostic>) {
    const NO_FILE: &[&str] =
        &["environment", "review", "command", "validation", "coverage", "documentation", "gate", "question", "source"];
    let changes_none = task.only_runs() || task.details.iter().any(|detail| NO_FILE.contains(&&*detail.key));
    // "In the same spec file" names the file of the task above.
    let lower = task.title.text.to_lowercase();
    let same = lower.split("same ").skip(1).any(|rest| rest.split(' ').take(3).any(|word| word.starts_with("file")));
    if same && task.index > 0 {
        return;
    }
    let message = format!("{} names no file", task.id);
    let diagnostic =
        if changes_none { Diagnostic::note("path-none", message) } else { Diagnostic::warning("path-none", message) };
    let help = "add a line such as - File: `pkg/virt-handler/feature.go`, or name a path in the text";
    found.push(diagnostic.at(&subject.file.source, task.title.span).help(help));
}

/// Absolute paths, and those that lead out of the repository.
fn outside(subject: &Subject<'_>, path: &TaskPath, found: &mut Vec<Diagnostic>) {
    let text = path.text.as_str();
    let drive = text.as_bytes().get(1) == Some(&b':') && text.as_bytes()[0].is_ascii_alphabetic();
    let at = |diagnostic: Diagnostic| diagnostic.at(&subject.file.source, path.span);
    if text.starts_with(['/', '~']) || drive {
        const ROOTS: &[&str] = &["/pkg/", "/tests/", "/docs/", "/staging/", "/cmd/", "/tools/", "/api/", "/specs/"];
        let first = ROOTS.iter().filter_map(|root| text.find(root)).min();
        let short = first.map(|at| format!("; perhaps `{}`", &text[at + 1..]));
        let help = format!("name it from the root of the repository{}", short.unwrap_or_default());
        found.push(at(Diagnostic::error("path-absolute", format!("`{text}` is absolute"))).help(help));
        return;
    }
    let mut depth = 0_i32;
    let mut escapes = false;
    for part in text.split(['/', '\\']) {
        match part {
            ".." => depth -= 1,
            "" | "." => {}
            _ => depth += 1,
        }
        escapes |= depth < 0;
    }
    if escapes {
        let help = "name it from the root of the repository, without `..`";
        found.push(at(Diagnostic::error("path-escapes", format!("`{text}` leads out of the repository"))).help(help));
    }
}

/// A path that the checkout does not have and cannot get by adding one file.
fn in_tree(
    subject: &Subject<'_>,
    tree: &dyn Tree,
    (path, runs): (&TaskPath, &dyn Deref<Target = bool>),
    made: &BTreeMap<&str, usize>,
    found: &mut Vec<Diagnostic>,
) {
    let text = path.text.trim_start_matches("./");
    let relative = !text.starts_with(['/', '~', '.']) && !text.contains(['*', '{', '[', '\\', '<', ':']);
    if !relative || !text.contains('/') || text.contains("..") || text.starts_with("specs/") {
        return;
    }
    let bare = text.trim_end_matches('/');
    if tree.kind(bare).is_some() {
        return;
    }
    let note = path.note.as_deref().unwrap_or_default().to_lowercase();
    let existing = ["extend", "existing", "modify", "update"].iter().any(|word| note.contains(word));
    let folder = if text.ends_with('/') { bare } else { parent(bare) };
    // The folder may be as new as the file, inside of what is there.
    let placed = tree.kind(folder) == Some(Kind::Folder)
        || folder.matches('/').count() >= 2 && tree.kind(&top(folder)).is_some();
    let candidate = relocated(tree, bare);
    // Another task may make the file.
    let made = made.get(path.text.as_str()).is_some_and(|tasks| *tasks > 1);
    if placed && !existing && candidate.is_none() || made && placed {
        return;
    }
    let message = if placed && existing {
        format!("{text} does not exist, so it cannot be extended")
    } else if placed {
        format!("{text} does not exist")
    } else {
        format!("{}/ does not exist", missing_folder(tree, folder))
    };
    let help = match &candidate {
        Some(found) => format!("did you mean {found}?"),
        None => "correct the path".to_owned(),
    };
    let mut diagnostic = Diagnostic::warning("path-unknown", message).at(&subject.file.source, path.span).help(help);
    if **runs {
        diagnostic.severity = Severity::Note;
    }
    found.push(diagnostic);
}

/// The first two folders of a path.
fn top(folder: &str) -> String {
    folder.split('/').take(2).collect::<Vec<_>>().join("/")
}

/// The first folder on the way that is not there.
fn missing_folder(tree: &dyn Tree, folder: &str) -> String {
    let ends = folder.match_indices('/').map(|(at, _)| at).chain([folder.len()]);
    let parts = ends.map(|end| &folder[..end]);
    parts.into_iter().find(|part| tree.kind(part).is_none()).unwrap_or(folder).to_owned()
}

/// Folders in a drawing that the checkout does not have.
fn drawings(document: &Document, tree: &dyn Tree, found: &mut Vec<Diagnostic>) {
    let mut reported: BTreeSet<String> = BTreeSet::new();
    for entry in entries(document) {
        let path = entry.path.trim_end_matches('/');
        let known_root = path.split('/').next().is_some_and(|root| tree.kind(root).is_some());
        if entry.is_open() || !known_root || entry.marked("NEW") || tree.kind(path).is_some() {
            continue;
        }
        // One message for a folder says enough about what is in it.
        let ends = entry.path.match_indices('/').map(|(at, _)| at + 1).chain([entry.path.len()]);
        let inside = ends.into_iter().any(|end| reported.contains(&entry.path[..end]));
        if inside || !entry.path.ends_with('/') && !entry.marked("MODIFY") {
            continue;
        }
        reported.insert(entry.path.clone());
        let help = match relocated(tree, path) {
            Some(other) => format!("did you mean {other}?"),
            None => "correct the drawing: tasks follow it".to_owned(),
        };
        let diagnostic = Diagnostic::warning("path-unknown", format!("{} does not exist", entry.path));
        found.push(diagnostic.at(&document.source, entry.span).help(help));
    }
}

/// `make …` with a target that the Makefile does not have.
fn make_targets(source: &Source, span: Span, tree: &dyn Tree, found: &mut Vec<Diagnostic>) {
    let Ok(Some(makefile)) = tree.read("Makefile") else { return };
    let targets: BTreeSet<&str> = makefile
        .lines()
        .filter(|line| !line.starts_with(['\t', '#', ' ', '.']))
        .filter_map(|line| line.split_once(':').filter(|(_, rest)| !rest.starts_with('=')))
        .flat_map(|(names, _)| names.split_whitespace())
        .collect();
    let text = span.of(source.text());
    let mut reported: BTreeSet<&str> = BTreeSet::new();
    for (at, _) in text.match_indices("make ") {
        let before = text[..at].chars().next_back();
        // A command: in code, or at the start of a line of a code block.
        if !matches!(before, None | Some('`' | '\n' | ';' | '&')) {
            continue;
        }
        let start = at + 5;
        let rest = &text[start..];
        let length = rest.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))).unwrap_or(rest.len());
        let target = &rest[..length];
        let is_variable = rest[length..].starts_with(['=', '/', '.', '$']);
        if target.len() < 3
            || is_variable
            || target.starts_with('-')
            || targets.contains(target)
            || reported.contains(target)
        {
            continue;
        }
        // Prose that begins a line with "make sure".
        if !target.contains('-') && before == Some('\n') && rest[length..].starts_with(' ') {
            continue;
        }
        reported.insert(target);
        let near = nearest(target, targets.iter().copied()).first().copied().or_else(|| {
            let last = target.rsplit('-').next()?;
            let shared = |name: &&&str| name.contains(last.get(..4).unwrap_or(last));
            targets.iter().filter(shared).min_by_key(|name| name.len()).copied()
        });
        let help =
            near.map_or("see the Makefile for its targets".to_owned(), |near| format!("did you mean `make {near}`?"));
        let span = Span::new(start, start + length).shifted(span.start);
        found.push(
            Diagnostic::warning("make-unknown", format!("there is no `make {target}`")).at(source, span).help(help),
        );
    }
}
