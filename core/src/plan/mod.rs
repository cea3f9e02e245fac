//! What planning decides: which kind of scaffold takes each task, for which files, and with which facts.
//!
//! A plan holds everything that rendering needs: the facts of every unit and the texts of every file that
//! is edited. Nothing asks the checkout after it.

mod account;
pub(crate) mod asks;
mod baseline;
mod case_lines;
mod cases;
mod feature;
mod gate_text;
mod gate_title;
pub(crate) mod intent;
mod intent_words;
pub(crate) mod key;
mod kind;
mod locate;
mod not_asked;
mod owner;
pub(crate) mod planner;
mod polarity;
mod readings;
mod reason;
mod reference;
mod spec_lines;
mod spec_node;
mod spec_texts;
mod spec_title;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;
use std::rc::Rc;

pub(crate) use account::NOTHING_READS;
pub use account::{LineUse, Use};
pub use baseline::{Baseline, Earlier};
pub use cases::Cases;
pub(crate) use cases::is_test_file;
pub use feature::{Feature, Gate, GateChoice, slug};
pub(crate) use feature::{feature, feature_name, gate_lines, stated_gate};
pub use gate_text::is_release;
pub(crate) use gate_title::{gate_below, is_behind_gate, more_than_gate, says_new_gate, titles_new_gate};
pub use key::Key;
pub use kind::{Candidate, Claimed, Kind, Named, Role, Row, Unit};
pub use locate::ResolvedPath;
pub(crate) use locate::{Checker, Located, stem};
pub use not_asked::NotAsked;
pub(crate) use not_asked::withhold;
pub(crate) use owner::{GUESSED, Guess, guessed, sig};
pub use planner::{Claims, PlannedType, PlannedTypes, Planner, Views};
pub(crate) use polarity::{WhileOff, while_off};
pub(crate) use readings::Readings;
pub use reason::ManualReason;
pub(crate) use reason::other_work;
pub(crate) use spec_lines::{ENTRIES, OF_CASES, REFERS, is_written, placed_spec, refers};
pub use spec_node::Container;
pub(crate) use spec_texts::{is_leftover, is_no_text};
pub(crate) use spec_title::is_heading;

use crate::build_file::Labels;
use crate::demand::CodeChange;
use crate::diagnostic::{Diagnostic, has_errors};
use crate::pending::{Folder, Texts};
use crate::repo_path::RepoPath;
use crate::survey::Stage;
use crate::task::Placeholders;
use crate::text::{Source, Span, find_word};

/// What the user asked for on the command line.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Which tasks.
    pub selection: Selection,
    /// The values of placeholders.
    pub placeholders: Placeholders,
    /// Whether there is a feature gate, and how it is called.
    pub gate: GateChoice,
    /// Where it goes.
    pub layout: GateLayout,
    /// Who owns it.
    pub owner: Option<String>,
    /// The release that it first appears in: `vX.Y.0`.
    pub release: Option<String>,
    /// Its first stage.
    pub stage: Option<Stage>,
    /// The documents beside tasks.md, as far as they are there.
    pub documents: Vec<Source>,
    /// Scaffold the implementation even if the constitution is not complied with yet.
    pub ignore_compliance: bool,
    /// What earlier runs have left in the checkout.
    pub earlier: Earlier,
    /// The command line, for diagnostics about it.
    pub command_line: Option<Source>,
    /// Where keys and values stand that are not on the command line.
    pub places: Vec<(String, Source, Span)>,
}

/// Which tasks are wanted.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// `T001,T004-T009`; all if not given.
    pub only: Option<String>,
    /// The number of a phase; all if not given.
    pub phase: Option<String>,
    /// The IDs that were chosen one by one, of those; all if nobody chose.
    pub chosen: Option<BTreeSet<String>>,
}

impl Selection {
    /// Whether some tasks may not be wanted.
    pub fn is_partial(&self) -> bool {
        self.only.is_some() || self.phase.is_some() || self.chosen.is_some()
    }
}

/// Where a new feature gate goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum GateLayout {
    /// Where the task says.
    #[default]
    Named,
    /// Into the file with the other gates, as upstream does.
    Active,
}

impl Options {
    /// Puts a diagnostic where a word stands: on the command line, or where it comes from otherwise.
    pub fn point_at(&self, diagnostic: Diagnostic, word: &str) -> Diagnostic {
        let typed = self.command_line.as_ref().and_then(|source| Some((source, find_word(source.text(), word)?)));
        let elsewhere =
            || self.places.iter().find(|(known, ..)| known == word).map(|(_, source, span)| (source, *span));
        match typed.or_else(elsewhere).or_else(|| self.command_line.as_ref().map(|source| (source, Span::at(0)))) {
            Some((source, span)) => diagnostic.at(source, span),
            None => diagnostic,
        }
    }
}

/// A line below a task, with its placeholders filled in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TaskLine {
    /// What it says that it is.
    pub key: Key,
    /// The text behind the key.
    pub text: String,
    /// Its number in the tasks.md, counted from 1.
    pub line: usize,
    /// It is an item of a list, and no paragraph.
    pub is_item: bool,
}

impl TaskLine {
    /// Whether the line reads as if it asked for something: it has a key that is not known, names code, or begins with a
    /// verb of what is new.
    pub(crate) fn asks(&self) -> bool {
        match &self.key {
            Key::Prose => self.text.contains('`') || intent::adds(&self.text),
            key => matches!(key, Key::Other(_)),
        }
    }
}

/// A task with its placeholders filled in, and what becomes of it.
#[derive(Clone, Debug)]
pub struct PlannedTask {
    /// The index in the task file.
    pub index: usize,
    /// Its ID.
    pub id: String,
    /// Its title, without what it does not ask for.
    pub title: String,
    /// Its title as it stands there.
    pub said: String,
    /// Its title without the files that it names.
    pub subject: String,
    /// What stands in brackets before its title: `[P]`, `[US1]`, `[sig-storage]`.
    pub labels: Vec<String>,
    /// The number of its phase.
    pub phase: Option<String>,
    /// The number of its first line in the tasks.md, counted from 1.
    pub line: usize,
    /// The lines below it.
    pub details: Vec<TaskLine>,
    /// "(if needed)" stands in it.
    pub optional: bool,
    /// The kind of scaffold that takes the first file of it; nothing if none does.
    pub kind: Option<&'static dyn Kind>,
    /// Whether it is planned: the user wants it, and nothing holds it back.
    pub selected: bool,
    /// What its lines speak of and do not ask for now.
    pub withheld: Vec<NotAsked>,
    /// Blocks of Go below it that are not understood, each with its line and why.
    pub(crate) unread: Vec<(usize, String)>,
    /// The changes of code that is there which its lines state, each with its line; no kind reads these lines but one.
    pub(crate) changes: Vec<(usize, CodeChange)>,
    /// It asks for these changes alone.
    pub(crate) is_change: bool,
    /// What became of each of its lines, in order.
    pub lines: Vec<LineUse>,
    /// The files that it names, put right, each with its line; sorted.
    pub named: Vec<(RepoPath, usize)>,
    /// What was read of its lines.
    pub(crate) readings: Readings,
}

impl PlannedTask {
    /// The title with what stands behind it on its line.
    pub(crate) fn whole_title(&self) -> String {
        let behind = self.details.iter().filter(|detail| detail.line == self.line && detail.key == Key::Task);
        std::iter::once(self.title.as_str())
            .chain(behind.map(|detail| detail.text.as_str()))
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// The lines with one of the keys.
    pub fn lines_of<'a>(&'a self, keys: &'a [Key]) -> impl Iterator<Item = &'a TaskLine> {
        self.details.iter().filter(move |line| keys.contains(&line.key))
    }

    /// The texts of the lines with one of the keys.
    pub fn details<'a>(&'a self, keys: &'a [Key]) -> impl Iterator<Item = &'a str> {
        self.lines_of(keys).map(|line| line.text.as_str())
    }

    /// What it says of the code, each text with its line: its title, and the lines that are not of its files, its tests
    /// or its commands.
    pub fn prose(&self) -> impl Iterator<Item = (usize, &str)> {
        let apart =
            |key: &Key| matches!(key, Key::File | Key::Pattern | Key::Test | Key::NoTest | Key::Verify | Key::Command);
        let lines = self.details.iter().filter(move |line| !apart(&line.key));
        std::iter::once((self.line, self.title.as_str())).chain(lines.map(|line| (line.line, line.text.as_str())))
    }

    /// What the task is to the others, if a kind takes it.
    pub fn role(&self) -> Option<Role> {
        self.kind.map(Kind::role)
    }
}

#[cfg(test)]
impl PlannedTask {
    /// A task of a test.
    pub(crate) fn sample(title: &str, details: &[(&str, &str)]) -> Self {
        let line = |(key, text): &(&str, &str)| TaskLine {
            key: Key::of(key, text),
            text: (*text).to_owned(),
            line: 2,
            is_item: true,
        };
        Self {
            index: 0,
            id: "T004".into(),
            title: title.into(),
            said: title.into(),
            withheld: Vec::new(),
            unread: Vec::new(),
            changes: Vec::new(),
            is_change: false,
            subject: title.into(),
            labels: Vec::new(),
            phase: None,
            line: 1,
            details: details.iter().map(line).collect(),
            optional: false,
            kind: None,
            selected: true,
            lines: Vec::new(),
            named: Vec::new(),
            readings: Readings::default(),
        }
    }
}

/// A task, or a part of one, that is left to people.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Manual {
    /// The index in [`Plan::tasks`].
    pub task: usize,
    /// Why.
    pub reason: ManualReason,
}

/// A task that must wait.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Blocked {
    /// The index in [`Plan::tasks`].
    pub task: usize,
    /// Why.
    pub reason: String,
}

/// Something that a task needs, and the selection lacks.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Need {
    /// The index in [`Plan::tasks`].
    pub task: usize,
    /// The task that makes it, by its index.
    pub on: usize,
    /// Why, behind the ID of the task.
    pub why: &'static str,
}

/// A file, the kind that takes it, and the tasks that are about it.
#[derive(Clone, Debug)]
pub struct Assigned {
    /// The kind.
    pub kind: &'static dyn Kind,
    /// The file; nothing where a kind takes a task whatever files it names.
    pub place: Option<ResolvedPath>,
    /// Indices in [`Plan::tasks`], in order.
    pub tasks: Vec<usize>,
}

/// Something to render, and for whom.
#[derive(Clone, Debug)]
pub struct PlannedUnit {
    /// The kind that planned it.
    pub kind: &'static dyn Kind,
    /// Its facts.
    pub facts: Rc<dyn Unit>,
    /// The tasks that ask for it: indices in [`Plan::tasks`]. None if only the command line does.
    pub tasks: Vec<usize>,
}

/// What is rendered, and which of it each task asks for.
#[derive(Clone, Debug, Default)]
pub struct Units {
    all: Vec<PlannedUnit>,
    of: BTreeMap<usize, Vec<usize>>,
}

impl Units {
    pub(crate) fn push(&mut self, unit: PlannedUnit) {
        for task in unit.tasks.iter().collect::<BTreeSet<_>>() {
            self.of.entry(*task).or_default().push(self.all.len());
        }
        self.all.push(unit);
    }
}

impl Deref for Units {
    type Target = [PlannedUnit];

    fn deref(&self) -> &[PlannedUnit] {
        &self.all
    }
}

/// Everything decided.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The feature that the tasks are about.
    pub feature: Feature,
    /// Every task of the file, in order.
    pub tasks: Vec<PlannedTask>,
    /// What is rendered, in the order of the tasks.
    pub units: Units,
    /// What is left to people, in the order of the tasks.
    pub manual: Vec<Manual>,
    /// The functions whose heads tasks spell out and that their packages lack: what is made has them, or a person is told.
    pub spelled: Vec<(usize, String)>,
    /// The tasks and lines of which something stands where the line wants it.
    pub placed: BTreeSet<(usize, usize)>,
    /// What is held back.
    pub blocked: Vec<Blocked>,
    /// What selected tasks need of those that are not selected.
    pub needs: Vec<Need>,
    /// Make targets that tasks name in a `Command:` line: target and task.
    pub commands: BTreeMap<String, usize>,
    /// What there is to say.
    pub diagnostics: Vec<Diagnostic>,
    /// The files that rendering may touch, as they are now.
    pub texts: Texts,
    /// The folders of the Go files among them, as far as BUILD.bazel files depend on them.
    pub folders: BTreeMap<RepoPath, Folder>,
    /// How imports become labels.
    pub labels: Labels,
    /// The prefix of the repository's own import paths.
    pub module: String,
}

impl Plan {
    /// Whether something in the input is refused.
    pub fn is_refused(&self) -> bool {
        has_errors(&self.diagnostics)
    }

    /// Leaves more to people, in the order of the tasks.
    pub(crate) fn leave(&mut self, more: Vec<Manual>) {
        self.manual.extend(more);
        self.manual.sort_by_key(|manual| manual.task);
    }

    /// The units that a task asks for.
    pub fn units_of(&self, task: usize) -> impl Iterator<Item = &PlannedUnit> {
        self.units.of.get(&task).into_iter().flatten().map(|&at| &self.units[at])
    }

    /// The files that a task asks for.
    pub fn files(&self, task: usize) -> Vec<RepoPath> {
        let mut files: Vec<RepoPath> = self.units_of(task).flat_map(|unit| unit.facts.files()).cloned().collect();
        files.sort();
        files.dedup();
        files
    }

    /// Why a task is left to people, if it is.
    pub fn left(&self, task: usize) -> Option<&ManualReason> {
        self.reasons(task).next()
    }

    /// Everything of a task that is left to people.
    pub(crate) fn reasons(&self, task: usize) -> impl Iterator<Item = &ManualReason> {
        // They are in the order of the tasks.
        let first = self.manual.partition_point(|manual| manual.task < task);
        self.manual[first..].iter().take_while(move |manual| manual.task == task).map(|manual| &manual.reason)
    }
}
