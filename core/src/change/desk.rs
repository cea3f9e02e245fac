//! The desk that files lie on while they are written: each file once, whoever writes to it.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::mpsc::Sender;

use super::{Change, ChangeSet, Conflict};
use crate::diagnostic::Diagnostic;
use crate::go::{AnchorError, Broken, GoFile, Import, Target, check, merge};
use crate::plan::{Gate, Plan, Unit};
use crate::survey::{Survey, not_go};
use crate::template::{Renderer, Template};
use crate::text::{LineEnding, Source, Span, TextEdit, TextEdits};
use crate::tree::{join, parent};

/// Why something is not done.
pub(super) type Refusal = Diagnostic;

/// A Go file's text and outline.
type Parsed = (Arc<str>, Rc<GoFile>);

/// A file that is being written.
pub(super) struct Draft {
    pub(super) before: Option<Arc<str>>,
    pub(super) text: Arc<str>,
    /// The outline of `text`, if it is Go and has been read already.
    file: Option<Rc<GoFile>>,
    /// What it imports now and did not before.
    pub(super) imported: Vec<String>,
    pub(super) tasks: BTreeSet<usize>,
    /// How many files lay on the desk before it: the order in which a reviewer reads them.
    order: usize,
}

impl Draft {
    pub(super) fn is_changed(&self) -> bool {
        self.before.as_deref() != Some(&*self.text)
    }
}

pub(super) struct Desk<'a, 't> {
    pub(super) plan: &'a Plan,
    pub(super) survey: &'a Survey<'t>,
    pub(super) drafts: BTreeMap<String, Draft>,
    diagnostics: Vec<Diagnostic>,
    /// Stubs that cannot be brought up to date.
    pub(super) conflicts: Vec<Conflict>,
    pub(super) renderer: &'a Renderer,
    /// The tasks of the unit that is being written.
    tasks: BTreeSet<usize>,
    edited: Sender<Source>,
}

impl<'a, 't> Desk<'a, 't> {
    pub(super) fn new(plan: &'a Plan, survey: &'a Survey<'t>, renderer: &'a Renderer, edited: Sender<Source>) -> Self {
        let (drafts, tasks) = (BTreeMap::new(), BTreeSet::new());
        Self { plan, survey, drafts, diagnostics: Vec::new(), conflicts: Vec::new(), renderer, tasks, edited }
    }

    pub(super) fn begin(&mut self, unit: &Unit) {
        self.tasks = unit.tasks.iter().copied().collect();
    }

    /// Tasks on whose behalf the next edits are made.
    pub(super) fn on_behalf_of(&mut self, tasks: BTreeSet<usize>) {
        self.tasks = tasks;
    }

    pub(super) fn refuse(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    pub(super) fn say(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// The indices of tasks with some IDs.
    pub(super) fn tasks_of(&self, ids: &[String]) -> BTreeSet<usize> {
        let tasks = self.plan.tasks.iter().enumerate();
        tasks.filter(|(_, task)| ids.contains(&task.id)).map(|(index, _)| index).collect()
    }

    pub(super) fn gate(&self) -> Option<&'a Gate> {
        self.plan.feature.gate.as_ref()
    }

    /// A template filled in. That it cannot be is a bug, but one that is better reported than panicked.
    pub(super) fn render(&self, template: &impl Template) -> Result<String, Refusal> {
        self.renderer.render(template).map_err(|error| bug("scaffolds", &error.to_string()))
    }

    /// The text of a file as it lies on the desk.
    pub(super) fn text(&self, path: &str) -> Result<Option<Arc<str>>, Refusal> {
        match self.drafts.get(path) {
            Some(draft) => Ok(Some(draft.text.clone())),
            None => self.survey.text(path),
        }
    }

    /// Puts a new text in a file's place.
    pub(super) fn put(&mut self, path: &str, text: impl Into<Arc<str>>) -> Result<(), Refusal> {
        self.put_go(path, text.into(), None, Vec::new())
    }

    fn put_go(
        &mut self,
        path: &str,
        text: Arc<str>,
        file: Option<GoFile>,
        imported: Vec<String>,
    ) -> Result<(), Refusal> {
        if !self.drafts.contains_key(path) {
            let (before, order) = (self.survey.text(path)?, self.drafts.len());
            let (file, imported, tasks) = (None, Vec::new(), BTreeSet::new());
            if let Some(before) = before.as_ref().filter(|text| path.ends_with(".go") && text.len() <= WHOLE) {
                // Nobody listens any more only if the other side has panicked, which is reported there.
                let _ = self.edited.send(Source::new(path, before.clone()));
            }
            self.drafts.insert(path.to_owned(), Draft { before, text: "".into(), file, imported, tasks, order });
        }
        let draft = self.drafts.get_mut(path).expect("it was just put there");
        draft.text = text;
        draft.file = file.map(Rc::new);
        draft.imported.extend(imported);
        draft.tasks.extend(&self.tasks);
        Ok(())
    }

    /// A Go file as it lies on the desk.
    fn go(&self, path: &str) -> Result<Option<Parsed>, Refusal> {
        if let Some(draft) = self.drafts.get(path) {
            let parse = || parse(path, &draft.text).map(Rc::new);
            let file = draft.file.clone().map_or_else(parse, Ok)?;
            return Ok(Some((draft.text.clone(), file)));
        }
        let (Some(text), Some(source)) = (self.survey.text(path)?, self.survey.go(path)?) else { return Ok(None) };
        Ok(Some((text, source.file.clone())))
    }

    /// Writes a Go file: a new one as rendered, an existing one where it lacks something.
    pub(super) fn write_go(&mut self, path: &str, template: &impl Template) -> Result<(), Refusal> {
        let rendered = self.render(template)?;
        let new = GoFile::parse(&rendered).map_err(|error| broken(path, &rendered, &error))?;
        let Some((existing, old)) = self.go(path)? else {
            self.check_names(path, &new)?;
            let imported = new.imports.iter().map(|import| import.path.clone()).collect();
            return self.put_go(path, rendered.into(), Some(new), imported);
        };
        let folder = parent(path);
        let declared = |name: &str| self.survey.declares(folder, name).is_some();
        let (there, wanted) = (Target::new(&existing, &old), Target::new(&rendered, &new));
        let edits = merge(&there, &wanted, self.survey.module(), &declared);
        let edits = edits.map_err(|error| anchor(path, &existing, &error))?;
        self.edit_go(path, &there, edits)
    }

    /// That no other file of the package declares what a new one does.
    fn check_names(&self, path: &str, new: &GoFile) -> Result<(), Refusal> {
        let folder = parent(path);
        let declared = new.decls.iter().flat_map(|decl| decl.names.iter().map(move |name| (decl, name.text.as_str())));
        for (decl, name) in declared.filter(|(_, name)| !matches!(*name, "_" | "init" | "main")) {
            let taken = match &decl.receiver {
                Some(receiver) => self.survey.declares_method(folder, &receiver.type_name, name),
                None => self.survey.declares(folder, name),
            };
            let Some(file) = taken else { continue };
            let message = format!("{path} cannot declare {name}: {file} in the same folder does");
            let refusal = Diagnostic::error("name-taken", message);
            let refusal = refusal.help("name another function in the task, or the file that has it");
            let Some(source) = self.survey.go(&join(folder, &file))? else { return Err(refusal) };
            let there = source.file.decls.iter().flat_map(|decl| &decl.names).find(|known| known.text == name);
            return Err(match there {
                Some(there) => refusal.at(&source.source, there.span),
                None => refusal,
            });
        }
        Ok(())
    }

    /// Edits a Go file at an anchor.
    pub(super) fn anchor_go(
        &mut self,
        path: &str,
        edit: impl FnOnce(&Target<'_>) -> Result<Vec<TextEdit>, AnchorError>,
    ) -> Result<(), Refusal> {
        let Some((text, file)) = self.go(path)? else {
            let missing = Diagnostic::error("anchor-missing", format!("{path} is not there, so it cannot be edited"));
            return Err(missing.at(&Source::new(path, ""), Span::at(0)));
        };
        let target = Target::new(&text, &file);
        let edits = edit(&target).map_err(|error| anchor(path, &text, &error))?;
        self.edit_go(path, &target, edits)
    }

    /// Makes edits, and proves that what they touch is still Go.
    fn edit_go(&mut self, path: &str, target: &Target<'_>, edits: Vec<TextEdit>) -> Result<(), Refusal> {
        if edits.is_empty() {
            return Ok(());
        }
        let edits = TextEdits::new(edits).map_err(|overlap| bug(path, &overlap.to_string()))?;
        let edits = edits.with_ending(LineEnding::of(target.text));
        let result = target.apply(&edits).map_err(|Broken(result, error)| broken(path, &result, &error))?;
        let imported = new_imports(path, target, &edits, &result)?;
        self.put_go(path, result.into(), None, imported)
    }

    /// Everything that differs from the checkout.
    pub(super) fn finish(self) -> ChangeSet {
        let mut changes = Vec::new();
        for (path, draft) in self.drafts.into_iter().filter(|(_, draft)| draft.is_changed()) {
            let Draft { before, text: after, tasks, order, .. } = draft;
            changes.push(Change { path, before, after, tasks: tasks.into_iter().collect(), order });
        }
        ChangeSet { changes, diagnostics: self.diagnostics, conflicts: self.conflicts, ..ChangeSet::default() }
    }
}

/// Files up to this size are parsed as a whole before they are edited; in longer ones, only the
/// declarations that an edit touches are.
const WHOLE: usize = 32 << 10;

/// What is wrong in a short file as it was, outside of what an edit touches.
pub fn check_edited(source: &Source) -> Option<Diagnostic> {
    check(source.text()).err().map(|error| not_go(source, &error))
}

/// What is wrong in new files.
pub(super) fn check_new(changes: &[Change]) -> Vec<Diagnostic> {
    let new = changes.iter().filter(|change| change.is_new() && change.path.ends_with(".go"));
    let wrong = |change: &Change| check(&change.after).err().map(|error| broken(&change.path, &change.after, &error));
    new.filter_map(wrong).collect()
}

/// The import paths that edits add.
fn new_imports(path: &str, target: &Target<'_>, edits: &[TextEdit], result: &str) -> Result<Vec<String>, Refusal> {
    let head = target.file.import_blocks.last().map_or(target.file.package.span.end, |span| span.end);
    let grown: usize = edits.iter().filter(|edit| edit.span.start <= head).map(|edit| edit.text.len()).sum();
    if grown == 0 {
        return Ok(Vec::new());
    }
    let head = &result[..head + grown];
    let file = GoFile::parse(head).map_err(|error| broken(path, result, &error))?;
    let is_new = |import: &&Import| target.file.import(&import.path).is_none();
    Ok(file.imports.iter().filter(is_new).map(|import| import.path.clone()).collect())
}

fn bug(path: &str, message: &str) -> Refusal {
    let help = "this is a bug of the tool, please report it with your tasks.md";
    Diagnostic::error("internal", format!("{path}: {message}")).help(help)
}

fn parse(path: &str, text: &str) -> Result<GoFile, Refusal> {
    GoFile::parse(text).map_err(|error| not_go(&Source::new(path, text), &error))
}

fn broken(path: &str, text: &str, error: &crate::go::SyntaxError) -> Refusal {
    let source = Source::new(format!("{path} (as it would be)"), text);
    let help = "this is a bug of the tool, please report it with your tasks.md; nothing was written";
    Diagnostic::error("internal", format!("the edit of {path} would break it")).at(&source, error.span).help(help)
}

/// The diagnostic for an anchor that is not there.
fn anchor(path: &str, text: &str, error: &AnchorError) -> Refusal {
    let source = Source::new(path, text);
    match error {
        AnchorError::Syntax(error) => not_go(&source, error),
        AnchorError::Missing { expected, candidates, near } => {
            let help = match candidates.as_slice() {
                [] => "there is nothing like it in the file".to_owned(),
                candidates => format!("the nearest candidates are: {}", candidates.join("; ")),
            };
            let message = format!("{path}: expected {expected}, which is not there");
            Diagnostic::error("anchor-missing", message).at(&source, *near).help(help)
        }
    }
}
