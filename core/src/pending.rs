//! Files while they are written: each once, whoever writes to it. All there is to know of the checkout was
//! put down when the plan was made.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::go::{
    AnchorError, Broken, DeclKind, Fragment, GoFile, Import, Places, Position, SyntaxError, Target, check, merge,
};
use crate::origin::Origins;
use crate::repo_path::RepoPath;
use crate::template::{Renderer, Template};
use crate::text::{LineEnding, Source, Span, TextEdit, TextEdits};

/// Why something is not done.
pub type Refusal = Diagnostic;

/// A file as it was when the plan was made.
#[derive(Clone, Debug, Default)]
pub struct PlannedFile {
    /// Its text; nothing if it was not there.
    pub text: Option<Arc<str>>,
    /// Its outline, if it is Go.
    pub go: Option<Rc<GoFile>>,
}

/// The files that rendering may touch.
pub type Texts = BTreeMap<RepoPath, PlannedFile>;

/// What a folder's BUILD.bazel depends on, beside the Go files that change.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Folder {
    /// The import path of its package.
    pub importpath: String,
    /// Bazel builds it: a BUILD.bazel lies beside its Go files, or beside those of its neighbours if it is new.
    pub is_bazels: bool,
    /// It has Go files that are no tests.
    pub has_library: bool,
    /// It has a `testdata`.
    pub has_testdata: bool,
}

/// The names that a rendered Go file declares, and where its package has them already.
#[derive(Clone, Debug, Default)]
pub struct Declared {
    names: BTreeMap<(Option<String>, String), Option<Taken>>,
    /// Where functions are to stand in a file that is there.
    places: Places,
}

/// Where a name is declared already.
#[derive(Clone, Debug)]
pub struct Taken {
    /// The name of the file.
    pub file: String,
    /// The place in it.
    pub place: Option<(Source, Span)>,
}

impl Declared {
    /// Adds a function, type, variable, constant or, with the type of its receiver, method.
    pub fn add(&mut self, receiver: Option<&str>, name: &str, taken: Option<Taken>) {
        self.names.insert((receiver.map(str::to_owned), name.to_owned()), taken);
    }

    /// Says where a function or method is to stand.
    pub fn place(&mut self, name: &str, position: Position) {
        self.places.insert(name.to_owned(), position);
    }

    fn get(&self, receiver: Option<&str>, name: &str) -> Option<&Option<Taken>> {
        self.names.get(&(receiver.map(str::to_owned), name.to_owned()))
    }
}

/// A Go file's text and outline.
type Parsed = (Arc<str>, Rc<GoFile>);

/// A file that is being written.
pub(crate) struct PendingFile {
    pub(crate) before: Option<Arc<str>>,
    pub(crate) text: Arc<str>,
    /// The outline of `text`, if it is Go and has been read already.
    file: Option<Rc<GoFile>>,
    /// Its declarations that are parsed already: the next edit is often beside the last one.
    fragments: Vec<Rc<Fragment>>,
    /// What it imports now and did not before.
    pub(crate) imported: Vec<String>,
    pub(crate) tasks: BTreeSet<usize>,
    /// How many files were pending before it: the order in which a reviewer reads them.
    pub(crate) order: usize,
}

impl PendingFile {
    pub(crate) fn is_changed(&self) -> bool {
        self.before.as_deref() != Some(&*self.text)
    }
}

/// The files of a plan while its units are rendered.
pub struct PendingFiles<'a> {
    texts: &'a Texts,
    module: &'a str,
    renderer: &'a Renderer,
    pub(crate) files: BTreeMap<RepoPath, PendingFile>,
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// The tasks of the unit that is being written.
    tasks: BTreeSet<usize>,
    /// Who asked for each line, if somebody wants to know.
    pub(crate) origins: Option<Origins>,
}

impl<'a> PendingFiles<'a> {
    pub(crate) fn new(texts: &'a Texts, module: &'a str, renderer: &'a Renderer) -> Self {
        let (files, tasks) = (BTreeMap::new(), BTreeSet::new());
        Self { texts, module, renderer, files, diagnostics: Vec::new(), tasks, origins: None }
    }

    /// Tasks on whose behalf the next edits are made.
    pub fn on_behalf_of(&mut self, tasks: impl IntoIterator<Item = usize>) {
        self.tasks = tasks.into_iter().collect();
    }

    pub(crate) fn say(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// The prefix of the repository's own import paths.
    pub fn module(&self) -> &'a str {
        self.module
    }

    /// What fills templates in.
    pub(crate) fn renderer(&self) -> &'a Renderer {
        self.renderer
    }

    /// A template filled in. That it cannot be is a bug, but one that is better reported than panicked.
    pub fn render(&self, template: &impl Template) -> Result<String, Refusal> {
        let text = self.renderer.render(template).map_err(|error| bug("scaffolds", &error.to_string()))?;
        // An empty line of a comment.
        Ok(text.replace("// \n", "//\n"))
    }

    /// The text of a file as it is so far.
    pub fn text(&self, path: &RepoPath) -> Result<Option<Arc<str>>, Refusal> {
        match self.files.get(path) {
            Some(file) => Ok(Some(file.text.clone())),
            None => self.before(path),
        }
    }

    /// A file's text in the checkout, without what this plan adds to it.
    pub(crate) fn before(&self, path: &RepoPath) -> Result<Option<Arc<str>>, Refusal> {
        Ok(self.planned(path)?.text.clone())
    }

    fn planned(&self, path: &RepoPath) -> Result<&'a PlannedFile, Refusal> {
        self.texts.get(path).ok_or_else(|| bug(path, "the plan does not say that it is touched"))
    }

    /// Puts a new text in a file's place.
    pub fn put(&mut self, path: &RepoPath, text: impl Into<Arc<str>>) -> Result<(), Refusal> {
        self.put_go(path, text.into(), None, Vec::new())
    }

    fn put_go(
        &mut self,
        path: &RepoPath,
        text: Arc<str>,
        file: Option<GoFile>,
        imported: Vec<String>,
    ) -> Result<(), Refusal> {
        if !self.files.contains_key(path) {
            let (before, order) = (self.planned(path)?.text.clone(), self.files.len());
            let (file, fragments, imported, tasks) = (None, Vec::new(), Vec::new(), BTreeSet::new());
            let text = before.clone().unwrap_or_default();
            let empty = PendingFile { before, text, file, fragments, imported, tasks, order };
            self.files.insert(path.clone(), empty);
        }
        let pending = self.files.get_mut(path).expect("it was just put there");
        if let Some(origins) = &mut self.origins {
            origins.note(path, &pending.text, &text, &self.tasks);
        }
        pending.text = text;
        pending.file = file.map(Rc::new);
        pending.fragments = Vec::new();
        pending.imported.extend(imported);
        pending.tasks.extend(&self.tasks);
        Ok(())
    }

    /// A Go file as it is so far.
    fn go(&self, path: &RepoPath) -> Result<Option<Parsed>, Refusal> {
        if let Some(pending) = self.files.get(path) {
            let parse = || parse(path, &pending.text).map(Rc::new);
            let file = pending.file.clone().map_or_else(parse, Ok)?;
            return Ok(Some((pending.text.clone(), file)));
        }
        let planned = self.planned(path)?;
        Ok(planned.text.clone().zip(planned.go.clone()))
    }

    /// Writes a Go file: a new one as rendered, an existing one where it lacks something. `declared` has every
    /// name that the template declares.
    pub fn write_go(&mut self, path: &RepoPath, template: &impl Template, declared: &Declared) -> Result<(), Refusal> {
        self.write(path, template, declared, false)
    }

    /// Writes a file with specs. Where their containers are stated, a spec of another one is not it.
    pub fn write_specs(&mut self, path: &RepoPath, file: &impl Template, is_placed: bool) -> Result<(), Refusal> {
        self.write(path, file, &Declared::default(), is_placed)
    }

    fn write(
        &mut self,
        path: &RepoPath,
        template: &impl Template,
        declared: &Declared,
        is_placed: bool,
    ) -> Result<(), Refusal> {
        let rendered = self.render(template)?;
        let new = GoFile::parse(&rendered).map_err(|error| broken(path, &rendered, &error))?;
        let existing = self.go(path)?;
        check_names(path, &new, declared, existing.is_none())?;
        let Some((existing, old)) = existing else {
            let imported = new.imports.iter().map(|import| import.path.clone()).collect();
            return self.put_go(path, rendered.into(), Some(new), imported);
        };
        let is_declared = |name: &str| declared.get(None, name).is_some_and(Option::is_some);
        let (there, wanted) = (Target::new(&existing, &old), Target::new(&rendered, &new));
        let edits = merge(&there, &wanted, self.module, (&is_declared, &declared.places), is_placed);
        let edits = edits.map_err(|error| anchor(path, &existing, &error))?;
        self.edit_go(path, &there, edits)
    }

    /// Edits a Go file at an anchor.
    pub fn anchor_go(
        &mut self,
        path: &RepoPath,
        edit: impl FnOnce(&Target<'_>) -> Result<Vec<TextEdit>, AnchorError>,
    ) -> Result<(), Refusal> {
        let Some((text, file)) = self.go(path)? else {
            let missing = Diagnostic::error("anchor-missing", format!("{path} does not exist, so it cannot be edited"));
            return Err(missing.at(&Source::new(&**path, ""), Span::at(0)));
        };
        let known = self.files.get(path).map(|pending| pending.fragments.clone()).unwrap_or_default();
        let target = Target::new(&text, &file).knowing(known);
        let edits = edit(&target).map_err(|error| anchor(path, &text, &error))?;
        self.edit_go(path, &target, edits)
    }

    /// Makes edits, and proves that what they touch is still Go.
    fn edit_go(&mut self, path: &RepoPath, target: &Target<'_>, edits: Vec<TextEdit>) -> Result<(), Refusal> {
        if edits.is_empty() {
            return Ok(());
        }
        let edits = TextEdits::new(edits).map_err(|overlap| bug(path, &overlap.to_string()))?;
        let edits = edits.with_ending(LineEnding::of(target.text));
        let result = target.apply(&edits).map_err(|Broken(result, error)| broken(path, &result, &error))?;
        let imported = new_imports(path, target, &edits, &result)?;
        self.put_go(path, result.into(), None, imported)?;
        if let Some(pending) = self.files.get_mut(path) {
            pending.fragments = target.edited();
        }
        Ok(())
    }
}

/// That a rendered file declares what the plan says, each once, and that the names are free in its package.
fn check_names(path: &RepoPath, new: &GoFile, declared: &Declared, is_new: bool) -> Result<(), Refusal> {
    let names = new.decls.iter().flat_map(|decl| decl.names.iter().map(move |name| (decl, name.text.as_str())));
    let mut seen = BTreeSet::new();
    for (decl, name) in names {
        // The tree of a file with specs.
        if name == "_" && decl.kind == DeclKind::Var {
            continue;
        }
        let receiver = decl.receiver.as_ref().map(|receiver| receiver.type_name.as_str());
        let Some(taken) = declared.get(receiver, name) else {
            return Err(bug(path, &format!("the plan does not say that it declares {name}")));
        };
        if !seen.insert((receiver, name)) {
            let refusal = Diagnostic::error("name-taken", format!("{path} cannot declare {name} twice"));
            return Err(refusal.help("two tasks ask for this name in one file: give it to one of them"));
        }
        let Some(taken) = taken.as_ref().filter(|_| is_new) else { continue };
        let message = format!("{path} cannot declare {name}: {} in the same folder does", taken.file);
        let refusal = Diagnostic::error("name-taken", message);
        let refusal = refusal.help("name another function in the task, or the file that has it");
        return Err(match &taken.place {
            Some((source, span)) => refusal.at(source, *span),
            None => refusal,
        });
    }
    Ok(())
}

/// Files up to this size, in bytes, are parsed as a whole before they are edited; in longer ones, only the
/// declarations that an edit touches are.
const WHOLE: usize = 32 << 10;

/// What is wrong in a short file as it was, outside of what an edit touches.
pub(crate) fn check_edited(path: &str, text: &Arc<str>) -> Option<Diagnostic> {
    let error = (text.len() <= WHOLE).then(|| check(text).err())??;
    Some(not_go(&Source::new(path, text.clone()), &error))
}

/// What is wrong in a file that is made.
pub(crate) fn check_new(path: &str, text: &str) -> Option<Diagnostic> {
    check(text).err().map(|error| broken(path, text, &error))
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

pub(crate) fn bug(path: &str, message: &str) -> Refusal {
    let help = "this is a bug of the tool, please report it with your tasks.md";
    Diagnostic::error("internal", format!("{path}: {message}")).help(help)
}

fn parse(path: &str, text: &str) -> Result<GoFile, Refusal> {
    GoFile::parse(text).map_err(|error| not_go(&Source::new(path, text), &error))
}

fn broken(path: &str, text: &str, error: &SyntaxError) -> Refusal {
    let source = Source::new(format!("{path} (after the edit)"), text);
    let help = "this is a bug of the tool, please report it with your tasks.md; nothing was written";
    Diagnostic::error("internal", format!("the edit would break {path}")).at(&source, error.span).help(help)
}

/// The diagnostic for an anchor that is not there.
fn anchor(path: &str, text: &str, error: &AnchorError) -> Refusal {
    let source = Source::new(path, text);
    match error {
        AnchorError::Syntax(error) => not_go(&source, error),
        AnchorError::Missing { expected, candidates, near } => {
            let help = match candidates.as_slice() {
                [] => "the file has nothing similar".to_owned(),
                candidates => format!("the nearest candidates are: {}", candidates.join("; ")),
            };
            let message = format!("{path}: expected {expected}, which is missing");
            Diagnostic::error("anchor-missing", message).at(&source, *near).help(help)
        }
    }
}

/// The diagnostic for a file that does not parse as Go.
pub fn not_go(source: &Source, error: &SyntaxError) -> Diagnostic {
    Diagnostic::error("go-syntax", format!("{} does not parse: {}", source.name(), error.message))
        .at(source, error.span)
        .help("fix the file first: nothing is edited that is not understood")
}
