//! What a kind plans with.

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::{Assigned, Feature, Gate, Kind, LineUse, Manual, ManualReason, Options, Plan, PlannedTask, PlannedUnit};
use super::{Key, ResolvedPath, Unit, Use};
use crate::diagnostic::Diagnostic;
use crate::go::GoFile;
use crate::name::is_go_identifier;
use crate::pending::{Declared, PlannedFile, Refusal, Taken};
use crate::repo_path::RepoPath;
use crate::survey::Survey;
use crate::task::{LineKind, TaskFile};
use crate::text::Span;
use crate::tree::{join, parent};

/// What a task names, by the kinds that take it.
pub type Claims = Vec<(&'static dyn Kind, Option<ResolvedPath>)>;

/// What tasks say of one of their files, where they say of several what each of them gets.
pub type Views = BTreeMap<(usize, RepoPath), PlannedTask>;

/// A type that tasks add.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PlannedType {
    /// A struct.
    Struct,
    /// An interface.
    Interface,
    /// Another type, by its text.
    Other(String),
}

/// The types that a package gets, by their names.
pub type PlannedTypes = BTreeMap<String, PlannedType>;

/// A plan that is being made, and what it is made from.
pub struct Planner<'a, 't> {
    /// The tasks as they were read.
    pub file: &'a TaskFile,
    /// The checkout.
    pub survey: &'a Survey<'t>,
    /// What the user asked for.
    pub options: &'a Options,
    /// The files that selected tasks are about.
    pub assigned: &'a [Assigned],
    /// What each task names, selected or not.
    pub claims: &'a [Claims],
    views: &'a Views,
    /// The file that is planned.
    pub(crate) place: Option<RepoPath>,
    pub(crate) plan: Plan,
    /// The kind that is planning.
    pub(crate) kind: &'static dyn Kind,
    /// What is left of each task, by its place in the plan.
    left: BTreeMap<usize, Vec<usize>>,
    /// The tasks whose lines with paths are noted.
    noted: BTreeSet<usize>,
    /// The tasks for which something is made in a file of tests.
    tested: BTreeSet<usize>,
    /// Names that kinds have given.
    given: BTreeSet<(&'static str, String)>,
    /// The types that tasks add, by folder; nothing yet while they are looked up.
    pub(crate) types: RefCell<BTreeMap<String, Rc<PlannedTypes>>>,
    /// The types that tasks add to the API, by folder and name.
    pub(crate) api_types: OnceCell<BTreeMap<(String, String), PlannedType>>,
}

impl<'a, 't> Planner<'a, 't> {
    pub(crate) fn new(
        (file, survey, options): (&'a TaskFile, &'a Survey<'t>, &'a Options),
        assigned: &'a [Assigned],
        (claims, views): (&'a [Claims], &'a Views),
        plan: Plan,
        kind: &'static dyn Kind,
    ) -> Self {
        let mut left: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (at, manual) in plan.manual.iter().enumerate() {
            left.entry(manual.task).or_default().push(at);
        }
        Self {
            left,
            file,
            survey,
            options,
            assigned,
            claims,
            views,
            place: None,
            plan,
            kind,
            noted: BTreeSet::new(),
            tested: BTreeSet::new(),
            given: BTreeSet::new(),
            types: RefCell::default(),
            api_types: OnceCell::new(),
        }
    }

    /// The feature.
    pub fn feature(&self) -> &Feature {
        &self.plan.feature
    }

    /// Its gate, if it has one.
    pub fn gate(&self) -> Option<&Gate> {
        self.plan.feature.gate.as_ref()
    }

    /// A task by its index in the plan, with what it says of the file that is planned.
    pub fn task(&self, index: usize) -> &PlannedTask {
        match &self.place {
            Some(place) => self.task_in(index, place),
            None => self.whole(index),
        }
    }

    /// A task with what it says of one of its files.
    pub fn task_in(&self, index: usize, file: &RepoPath) -> &PlannedTask {
        // Few tasks say of several files what each of them gets.
        let view = || self.views.get(&(index, file.clone()));
        if self.views.is_empty() { self.whole(index) } else { view().unwrap_or_else(|| self.whole(index)) }
    }

    /// A task with all of its lines, whichever file they are about.
    pub fn whole(&self, index: usize) -> &PlannedTask {
        &self.plan.tasks[index]
    }

    /// The checkbox line of a task.
    pub fn span(&self, index: usize) -> Span {
        self.file.tasks[self.plan.tasks[index].index].span
    }

    /// The feature's name as a Go identifier: its gate's, if it has one.
    pub fn identifier(&self) -> String {
        let gate = self.gate().map(|gate| gate.name.trim_end_matches("Gate").to_owned());
        gate.unwrap_or_else(|| {
            let slug = &self.plan.feature.slug;
            let plain: String = slug.chars().map(|c| if c.is_ascii() { c } else { ' ' }).collect();
            let name = crate::name::Name::parse(&plain).pascal();
            // Behind a verb a digit may come first, in a field's name it may not.
            if is_go_identifier(&name) { name } else { format!("Feature{name}") }
        })
    }

    /// Whether something is made for a task in a file of tests.
    pub(crate) fn is_tested(&self, task: usize) -> bool {
        self.tested.contains(&task)
    }

    /// Leaves tasks to people.
    pub fn manual(&mut self, tasks: &[usize], reason: &ManualReason) {
        for &task in tasks {
            let known = self.left.entry(task).or_default();
            if !known.iter().any(|&at| self.plan.manual[at].reason == *reason) {
                known.push(self.plan.manual.len());
                self.plan.manual.push(Manual { task, reason: reason.clone() });
            }
        }
    }

    /// Takes back what was left to people, by its places in the plan.
    pub(crate) fn take_back(&mut self, places: &BTreeSet<usize>) {
        let mut at = 0..;
        self.plan.manual.retain(|_| at.next().is_none_or(|at| !places.contains(&at)));
        self.left.clear();
        for (at, manual) in self.plan.manual.iter().enumerate() {
            self.left.entry(manual.task).or_default().push(at);
        }
    }

    /// Notes that something stands where a line wants it.
    pub fn placed(&mut self, task: usize, line: usize) {
        self.plan.placed.insert((task, line));
    }

    /// Leaves tasks to people because of what a line says, and shows the line.
    pub fn leave_line(&mut self, tasks: &[usize], line: usize, code: &'static str, why: &str, help: &str) {
        let source = &self.file.source;
        let span = self.file.lines.get(line.saturating_sub(1)).map_or(Span::at(0), |line| line.span);
        let raw = span.of(source.text());
        let start = span.start + raw.len() - raw.trim_start().len();
        let shown = Diagnostic::warning(code, why).at(source, Span::new(start, start + raw.trim().len())).help(help);
        self.manual(tasks, &ManualReason::Unwritable { line, why: why.to_owned() });
        self.diagnose(shown);
    }

    /// Says something, or refuses the input.
    pub fn diagnose(&mut self, diagnostic: Diagnostic) {
        self.plan.diagnostics.push(diagnostic);
    }

    /// Adds a unit that tasks ask for. Their titles and the lines with the paths of its files are used.
    pub fn push(&mut self, facts: impl Unit + 'static, tasks: &[usize]) {
        let files: Vec<RepoPath> = facts.files().into_iter().cloned().collect();
        for &task in tasks {
            let line = self.plan.tasks[task].line;
            self.note(task, line, Use::Change, &files);
            self.note_paths(task, &files);
        }
        if files.iter().any(|file| file.ends_with("_test.go")) {
            self.tested.extend(tasks);
        }
        self.plan.units.push(PlannedUnit { kind: self.kind, facts: Rc::new(facts), tasks: tasks.to_vec() });
    }

    /// The lines of a task that name files: each has those that it names, or all of them if none is named.
    fn note_paths(&mut self, task: usize, files: &[RepoPath]) {
        let named = &self.plan.tasks[task].named;
        let mut pairs = Vec::new();
        for file in files {
            let from = named.partition_point(|(path, _)| path < file);
            let own = named[from..].iter().take_while(|(path, _)| path == file);
            pairs.extend(own.map(|(_, line)| (*line, file)));
        }
        // A task may name thousands of files, and each is a unit.
        if self.noted.insert(task) || pairs.is_empty() {
            let own = &self.file.tasks[self.plan.tasks[task].index];
            let lines = own.paths.iter().map(|path| self.file.source.line(path.span.start));
            let all = if pairs.is_empty() { files } else { &[] };
            for line in lines.collect::<BTreeSet<usize>>() {
                self.note(task, line, Use::Change, all);
            }
        }
        for (line, file) in pairs {
            self.note(task, line, Use::Change, std::slice::from_ref(file));
        }
    }

    /// Notes that a line of a task was used by the kind that is planning.
    pub fn note(&mut self, task: usize, line: usize, used: Use, files: &[RepoPath]) {
        let kind = self.kind.name();
        let lines = &mut self.plan.tasks[task].lines;
        let Ok(at) = lines.binary_search_by_key(&line, |known| known.line) else { return };
        let known = &mut lines[at];
        known.note(used, Some(kind), None);
        if used == Use::Change {
            known.paths.extend(files.iter().cloned());
        }
    }

    /// Notes the lines of a task with some keys.
    pub fn note_keys(&mut self, task: usize, keys: &[Key], used: Use, files: &[RepoPath]) {
        let lines: Vec<usize> = self.plan.tasks[task].lines_of(keys).map(|line| line.line).collect();
        for line in lines {
            self.note(task, line, used, files);
        }
    }

    /// Reads a file that rendering may touch, there or not. A Go file must parse as far as its declarations.
    pub fn open(&mut self, path: &RepoPath) -> Result<(), Refusal> {
        self.open_text(path)?;
        let known = self.plan.texts.get(path).is_none_or(|file| file.go.is_some());
        if path.ends_with(".go") && !known {
            self.check_package(path)?;
            let go = self.survey.go(path)?.map(|source| source.file.clone());
            self.plan.texts.entry(path.clone()).or_default().go = go;
        }
        Ok(())
    }

    /// That the name of a folder that becomes a package can be the name of one.
    fn check_package(&self, path: &RepoPath) -> Result<(), Refusal> {
        let folder = parent(path);
        let name = self.survey.package_name(folder);
        if is_go_identifier(&name) {
            return Ok(());
        }
        let refusal = Diagnostic::error("package-name", format!("`{name}` cannot be the name of a Go package"));
        let refusal = refusal.help(format!("{folder}/ has no Go file yet that tells the name: choose another folder"));
        let mut named = self.file.tasks.iter().flat_map(|task| &task.paths);
        Err(match named.find(|named| named.text == **path) {
            Some(named) => refusal.at(&self.file.source, named.span),
            None => refusal,
        })
    }

    /// Reads a file of which rendering needs the text alone.
    pub(crate) fn open_text(&mut self, path: &RepoPath) -> Result<(), Refusal> {
        if !self.plan.texts.contains_key(path) {
            let text = self.survey.text(path)?;
            self.plan.texts.insert(path.clone(), PlannedFile { text, go: None });
        }
        Ok(())
    }

    /// Which of some names, each with the type of its receiver if it is a method, a package declares already.
    pub fn declared<'n>(
        &self,
        folder: &str,
        names: impl IntoIterator<Item = (Option<&'n str>, &'n str)>,
    ) -> Result<Declared, Refusal> {
        let mut declared = Declared::default();
        for (receiver, name) in names {
            let file = match receiver {
                Some(receiver) => self.survey.declares_method(folder, receiver, name),
                None => self.survey.declares(folder, name),
            };
            let taken = match file {
                None => None,
                Some(file) => {
                    let source = self.survey.go(&join(folder, &file))?;
                    let place = source.and_then(|go| Some((go.source.clone(), name_span(&go.file, name)?)));
                    Some(Taken { file, place })
                }
            };
            declared.add(receiver, name, taken);
        }
        Ok(declared)
    }

    /// Whether the kind that is planning gives a name for the first time.
    pub fn give(&mut self, name: &str) -> bool {
        self.given.insert((self.kind.name(), name.to_owned()))
    }

    /// Whether the kind that is planning has given a name.
    pub fn has_given(&self, name: &str) -> bool {
        self.given.contains(&(self.kind.name(), name.to_owned()))
    }
}

fn name_span(file: &GoFile, name: &str) -> Option<Span> {
    file.decls.iter().flat_map(|decl| &decl.names).find(|known| known.text == name).map(|known| known.span)
}

/// Every line that belongs to a task, with nothing known about it.
pub(crate) fn unread_lines(file: &TaskFile, task: &crate::task::Task) -> Vec<LineUse> {
    let (text, read) = (file.source.text(), file.text());
    let from = file.lines.partition_point(|line| line.span.start < task.body.start);
    let inside = file.lines[from..].iter().enumerate().take_while(|(_, line)| line.span.start < task.body.end);
    let own = inside.filter(|(_, line)| !line.span.of(text).trim().is_empty());
    own.map(|(index, line)| {
        let mut known = LineUse::new(from + index + 1);
        let says = |text: &str| text.contains(|c: char| c.is_alphanumeric());
        let is_table = |line: &crate::task::Line| line.kind == LineKind::Table;
        if is_table(line)
            && file.lines.get(from + index + 1).is_some_and(|next| is_table(next) && !says(next.span.of(text)))
        {
            // What the columns of a table are.
            known.note(Use::Context, None, Some("it names the columns of a table"));
        }
        if line.kind == LineKind::Comment || says(line.span.of(text)) && !says(line.span.of(read)) {
            known.note(Use::Ignored, None, Some("it is struck out, or a comment"));
        }
        known
    })
    .collect()
}
