//! The desk that files lie on while they are written: each file once, whoever writes to it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Change, ChangeSet};
use crate::diagnostic::Diagnostic;
use crate::go::{AnchorError, Fragment, GoFile, Target, check, merge};
use crate::plan::{Gate, Plan, Unit};
use crate::survey::{Survey, not_go};
use crate::template::Template;
use crate::text::{LineEnding, Source, Span, TextEdit, apply};
use crate::tree::parent;

/// Why something is not done.
pub(super) type Refusal = Diagnostic;

/// A file that is being written.
pub(super) struct Draft {
    pub(super) before: Option<Arc<str>>,
    pub(super) text: String,
    /// The outline of `text`, if it is Go.
    pub(super) file: Option<GoFile>,
    pub(super) tasks: BTreeSet<usize>,
    /// How many files lay on the desk before it: the order in which a reviewer reads them.
    order: usize,
}

impl Draft {
    pub(super) fn is_changed(&self) -> bool {
        self.before.as_deref() != Some(self.text.as_str())
    }
}

pub(super) struct Desk<'a, 't> {
    pub(super) plan: &'a Plan,
    pub(super) survey: &'a Survey<'t>,
    pub(super) drafts: BTreeMap<String, Draft>,
    diagnostics: Vec<Diagnostic>,
    /// The tasks of the unit that is being written.
    tasks: BTreeSet<usize>,
}

impl<'a, 't> Desk<'a, 't> {
    pub(super) fn new(plan: &'a Plan, survey: &'a Survey<'t>) -> Self {
        Self { plan, survey, drafts: BTreeMap::new(), diagnostics: Vec::new(), tasks: BTreeSet::new() }
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

    pub(super) fn gate(&self) -> Option<&'a Gate> {
        self.plan.feature.gate.as_ref()
    }

    /// The text of a file as it lies on the desk.
    pub(super) fn text(&self, path: &str) -> Result<Option<String>, Refusal> {
        match self.drafts.get(path) {
            Some(draft) => Ok(Some(draft.text.clone())),
            None => Ok(self.survey.text(path)?.map(|text| text.to_string())),
        }
    }

    /// Puts a new text in a file's place.
    pub(super) fn put(&mut self, path: &str, text: String, file: Option<GoFile>) -> Result<(), Refusal> {
        if !self.drafts.contains_key(path) {
            let before = self.survey.text(path)?;
            let order = self.drafts.len();
            let draft = Draft { before, text: String::new(), file: None, tasks: BTreeSet::new(), order };
            self.drafts.insert(path.to_owned(), draft);
        }
        let draft = self.drafts.get_mut(path).expect("it was just put there");
        draft.text = text;
        draft.file = file;
        draft.tasks.extend(&self.tasks);
        Ok(())
    }

    /// A Go file as it lies on the desk.
    fn go(&self, path: &str) -> Result<Option<(String, GoFile)>, Refusal> {
        if let Some(draft) = self.drafts.get(path) {
            let file = draft.file.clone().map_or_else(|| parse(path, &draft.text), Ok)?;
            return Ok(Some((draft.text.clone(), file)));
        }
        let source = self.survey.go(path)?;
        Ok(source.map(|source| (source.source.text().to_owned(), source.file.clone())))
    }

    /// Writes a Go file: a new one as rendered, an existing one where it lacks something.
    pub(super) fn write_go(&mut self, path: &str, template: &impl Template) -> Result<(), Refusal> {
        let rendered = render(template)?;
        let new = GoFile::parse(&rendered).map_err(|error| broken(path, &rendered, &error))?;
        let Some((existing, old)) = self.go(path)? else {
            return self.put(path, rendered, Some(new));
        };
        let folder = parent(path);
        let declared = |name: &str| self.survey.declares(folder, name).is_some();
        let (there, wanted) = (Target { text: &existing, file: &old }, Target { text: &rendered, file: &new });
        let edits = merge(there, wanted, self.survey.module(), &declared);
        let edits = edits.map_err(|error| anchor(path, &existing, &error))?;
        self.edit_go(path, &existing, edits)
    }

    /// Edits a Go file at an anchor.
    pub(super) fn anchor_go(
        &mut self,
        path: &str,
        edit: impl FnOnce(Target<'_>) -> Result<Vec<TextEdit>, AnchorError>,
    ) -> Result<(), Refusal> {
        let Some((text, file)) = self.go(path)? else {
            let missing = Diagnostic::error("anchor-missing", format!("{path} is not there, so it cannot be edited"));
            return Err(missing.at(&Source::new(path, ""), Span::at(0)));
        };
        let edits = edit(Target { text: &text, file: &file }).map_err(|error| anchor(path, &text, &error))?;
        self.edit_go(path, &text, edits)
    }

    /// Makes edits, and proves that what they touch is still Go.
    fn edit_go(&mut self, path: &str, text: &str, mut edits: Vec<TextEdit>) -> Result<(), Refusal> {
        if edits.is_empty() {
            return Ok(());
        }
        let ending = LineEnding::of(text);
        for edit in &mut edits {
            edit.text = ending.apply(std::mem::take(&mut edit.text));
        }
        let result = apply(text, &edits).map_err(|overlap| bug(path, &overlap.to_string()))?;
        let file = GoFile::parse(&result).map_err(|error| broken(path, &result, &error))?;
        for place in inserted(&edits) {
            let touched = file.decls.iter().filter(|decl| decl.span.start < place.end && place.start < decl.span.end);
            for decl in touched {
                Fragment::parse(&result, decl.span).map_err(|error| broken(path, &result, &error))?;
            }
        }
        self.put(path, result, Some(file))
    }

    /// Everything that differs from the checkout. New files are parsed once more, as a whole.
    pub(super) fn finish(mut self) -> ChangeSet {
        let mut changes = Vec::new();
        for (path, draft) in self.drafts {
            if !draft.is_changed() {
                continue;
            }
            if path.ends_with(".go")
                && draft.before.is_none()
                && let Err(error) = check(&draft.text)
            {
                self.diagnostics.push(broken(&path, &draft.text, &error));
            }
            let tasks = draft.tasks.into_iter().collect();
            let order = draft.order;
            changes.push(Change { path, before: draft.before, after: draft.text, tasks, order });
        }
        ChangeSet { changes, hooks: Vec::new(), diagnostics: self.diagnostics }
    }
}

/// Where insertions stand in the text that they lead to.
fn inserted(edits: &[TextEdit]) -> Vec<Span> {
    let mut sorted: Vec<&TextEdit> = edits.iter().collect();
    sorted.sort_by_key(|edit| edit.span.start);
    let mut grown = 0_usize;
    let mut places = Vec::new();
    for edit in sorted {
        let start = edit.span.start + grown;
        places.push(Span::new(start, start + edit.text.len()));
        grown = (grown + edit.text.len()).saturating_sub(edit.span.end - edit.span.start);
    }
    places
}

/// A template filled in. That it cannot be is a bug, but one that is better reported than panicked.
pub(super) fn render(template: &impl Template) -> Result<String, Refusal> {
    template.render().map_err(|error| bug("scaffolds", &error.to_string()))
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
