//! How far each task is, from the tree itself.

use std::collections::BTreeMap;

use similar::{ChangeTag, TextDiff};

use crate::diagnostic::visible;
use crate::generated::lacks;
use crate::go::{GoFile, Target, pending_specs};
use crate::hollow::hollow;
use crate::pipeline::{Change, propose};
use crate::plan::{Earlier, LineUse, ManualReason, Options, Plan, Role, Selection, TaskLine, Use};
use crate::repo_path::RepoPath;
use crate::survey::Survey;
use crate::task::TaskFile;
use crate::text::Source;

/// How far a task is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    /// Something of it is not there.
    Missing,
    /// It is there as this tool made it, and still to be written.
    Scaffolded,
    /// Its specs are there and fail.
    Red,
    /// It is there, and nothing of the scaffold is left in it.
    Implemented,
    /// No file says how far it is.
    Manual,
}

impl State {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Scaffolded => "scaffolded",
            Self::Red => "red",
            Self::Implemented => "implemented",
            Self::Manual => "manual",
        }
    }

    /// Whether its box ought to be ticked; nothing if the tree cannot tell.
    pub fn is_done(self) -> Option<bool> {
        match self {
            Self::Manual => None,
            state => Some(state == Self::Implemented),
        }
    }
}

/// A task and how far it is.
#[derive(Clone, Debug)]
pub struct Status {
    /// The index in the task file.
    pub task: usize,
    /// How far it is.
    pub state: State,
    /// How that is known: the files that lack something, or what is left in them.
    pub reason: String,
}

/// How far every task is; an error is the first reason why that cannot be told.
pub fn status(
    source: &Source,
    survey: &Survey<'_>,
    options: &Options,
) -> Result<(TaskFile, Vec<Status>), Vec<crate::diagnostic::Diagnostic>> {
    // Earlier scaffolds say whose a stub is, and change nothing of what the file asks for.
    let earlier = &options.earlier;
    let options = Options {
        ignore_compliance: true,
        selection: Selection::default(),
        earlier: earlier.alone(),
        ..options.clone()
    };
    let whole = propose(source, survey, &options);
    if whole.is_refused() {
        return Err(whole.diagnostics().cloned().collect());
    }
    let owned: Vec<Vec<RepoPath>> = (0..whole.plan.tasks.len()).map(|task| whole.plan.files(task)).collect();
    let owners = owners(&owned);
    let lacking = lacking(&owners, owned.len(), &whole.set.changes, |task| {
        let only = Some(whole.plan.tasks[task].id.clone());
        let selection = Selection { only, ..Selection::default() };
        let alone = propose(source, survey, &Options { selection, ..options.clone() });
        alone.set.changes
    });
    let stubs = Stubs { survey, plan: &whole.plan, earlier, owned: &owned, owners: &owners };
    let mut found = Vec::new();
    for (index, task) in whole.plan.tasks.iter().enumerate() {
        let left = whole.plan.left(index);
        let (state, reason) = if owned[index].is_empty() {
            (State::Manual, left.map(ToString::to_string).unwrap_or_default())
        } else if let Some(lacking) = &lacking[index] {
            (State::Missing, lacking.clone())
        } else {
            match present(&stubs, index) {
                (State::Implemented, files) => ungenerated(survey, &owned[index])
                    .or_else(|| rest(&whole.plan, index))
                    .unwrap_or((State::Implemented, files)),
                unfinished => unfinished,
            }
        };
        found.push(Status { task: task.index, state, reason });
    }
    Ok((whole.file, found))
}

/// API types whose generated code does not have their fields yet.
fn ungenerated(survey: &Survey<'_>, files: &[RepoPath]) -> Option<(State, String)> {
    let lacking: Vec<String> = files.iter().flat_map(|file| lacks(survey, file)).collect();
    let fields = lacking.join(", ");
    (!lacking.is_empty()).then(|| (State::Scaffolded, format!("`make generate` is pending: it has no {fields} yet")))
}

/// What a task asks for that nobody has read, or that is left to people: then its files do not tell that it is done.
pub(crate) fn rest(plan: &Plan, index: usize) -> Option<(State, String)> {
    let left: Vec<&ManualReason> = plan.reasons(index).filter(|reason| !reason.is_done_by_itself()).collect();
    if let Some(reason) = left.iter().find(|reason| reason.is_seen()) {
        return Some((State::Missing, reason.to_string()));
    }
    if let Some(reason) = left.first() {
        return Some((State::Manual, format!("the rest is up to you: {reason}")));
    }
    let task = &plan.tasks[index];
    let details: BTreeMap<usize, &TaskLine> = task.details.iter().rev().map(|line| (line.line, line)).collect();
    let is_demand = |line: &&LineUse| match details.get(&line.line) {
        Some(detail) => line.used == Use::Unread && (detail.key.is_demand() || line.is_dropped() && detail.asks()),
        // Such as a line of code below the task.
        None => line.is_dropped(),
    };
    let unread = task.lines.iter().find(is_demand)?;
    Some((State::Manual, format!("line {} was not understood", unread.line)))
}

/// What each task's own files lack, if anything. A file that several tasks share may lack something
/// for one of them alone: `alone` tells what scaffolding one task would change.
fn lacking(
    owners: &BTreeMap<&RepoPath, Vec<usize>>,
    count: usize,
    changes: &[Change],
    alone: impl Fn(usize) -> Vec<Change>,
) -> Vec<Option<String>> {
    let mut lacking: Vec<Option<String>> = vec![None; count];
    for change in changes {
        let owners = owners.get(&change.path).map_or(&[][..], Vec::as_slice);
        if change.is_new() {
            for &task in owners {
                lacking[task] = Some(format!("{} does not exist", change.path));
            }
            continue;
        }
        let of_one = |task: &usize| alone(*task).into_iter().find(|own| own.path == change.path);
        let guilty: Vec<(usize, String)> = match owners.len() {
            0 | 1 => Vec::new(),
            _ => owners.iter().filter_map(|task| Some((*task, first_added(&of_one(task)?)))).collect(),
        };
        // What none of them needs by itself, they need together.
        let together = || owners.iter().map(|task| (*task, first_added(change))).collect();
        let guilty = if guilty.is_empty() { together() } else { guilty };
        for (task, line) in guilty {
            lacking[task].get_or_insert_with(|| format!("{} lacks {line}", change.path));
        }
    }
    lacking
}

/// The tasks of each file.
fn owners(owned: &[Vec<RepoPath>]) -> BTreeMap<&RepoPath, Vec<usize>> {
    let mut owners: BTreeMap<&RepoPath, Vec<usize>> = BTreeMap::new();
    for (task, path) in owned.iter().enumerate().flat_map(|(task, files)| files.iter().map(move |path| (task, path))) {
        let tasks = owners.entry(path).or_default();
        if tasks.last() != Some(&task) {
            tasks.push(task);
        }
    }
    owners
}

/// The first line that a change adds and that says something, in backticks.
fn first_added(change: &Change) -> String {
    const WIDEST: usize = 60;
    let before = change.before.as_deref().unwrap_or_default();
    let diff = TextDiff::from_lines(before, &*change.after);
    let added = diff.iter_all_changes().filter(|line| line.tag() == ChangeTag::Insert).map(|line| line.value().trim());
    let mut added = added.filter(|line| line.contains(char::is_alphanumeric)).peekable();
    let first = added.peek().copied().unwrap_or_default();
    let line = added.find(|line| !line.starts_with("//")).unwrap_or(first);
    let mut shown: String = line.chars().take(WIDEST).collect();
    if shown.len() < line.len() {
        shown.push('…');
    }
    if shown.is_empty() { "a line".to_owned() } else { format!("`{}`", visible(&shown.replace('`', "'"))) }
}

/// What is needed to know whose stub a line is.
struct Stubs<'a, 't> {
    survey: &'a Survey<'t>,
    plan: &'a Plan,
    earlier: &'a Earlier,
    owned: &'a [Vec<RepoPath>],
    owners: &'a BTreeMap<&'a RepoPath, Vec<usize>>,
}

impl Stubs<'_, '_> {
    /// Whether a stub with a mark is a task's. Numbers change: who had the number when the stub was made says whose
    /// it is, then who has it now. What is nobody's else is everybody's whose file it is.
    fn is_of(&self, index: usize, file: &RepoPath, mark: &str) -> bool {
        let tasks = &self.plan.tasks;
        let owners = || self.owners.get(file).into_iter().flatten().copied();
        let is_ours = self.earlier.files.contains_key(file);
        let title = self.earlier.tasks.iter().find(|(id, _)| is_ours && id == mark).map(|(_, title)| title);
        let same = title.and_then(|title| owners().find(|&task| tasks[task].title == *title));
        match same.or_else(|| owners().find(|&task| tasks[task].id == mark)) {
            Some(owner) => owner == index,
            // Another task's, of another file, or one whose number is gone.
            None => true,
        }
    }

    /// The stubs of a task that are left in one of its files.
    fn left_in(&self, index: usize, file: &RepoPath, text: &str) -> usize {
        let marked = text.lines().filter_map(stub).filter(|mark| self.is_of(index, file, mark)).count();
        let earlier = self.earlier.files.get(file);
        let hollow = earlier.map(|earlier| hollow(&earlier.emitted, text, stub)).unwrap_or_default();
        let hollow = hollow.into_iter().filter(|mark| self.is_of(index, file, mark)).count();
        let types = self.plan.units_of(index).flat_map(|unit| unit.facts.stubs());
        marked + hollow + types.filter(|(path, name)| path == file && is_empty_struct(text, name)).count()
    }
}

impl Stubs<'_, '_> {
    /// The specs of a task that one of its files keeps from running, so that they tell nothing.
    fn pending_in(&self, index: usize, file: &RepoPath, text: &str) -> usize {
        let task = &self.plan.tasks[index].id;
        let own: Vec<(RepoPath, String)> = self.plan.units_of(index).flat_map(|unit| unit.facts.specs(task)).collect();
        if !own.iter().any(|(path, _)| path == file) {
            return 0;
        }
        let Ok(go) = GoFile::parse(text) else { return 0 };
        let pending = pending_specs(&Target::new(text, &go)).unwrap_or_default();
        pending.iter().filter(|spec| own.iter().any(|(path, text)| path == file && text == *spec)).count()
    }
}

/// Whether what is there is still the scaffold.
fn present(stubs: &Stubs<'_, '_>, index: usize) -> (State, String) {
    let files = &stubs.owned[index];
    let mut left = Vec::new();
    for file in files {
        let Ok(Some(text)) = stubs.survey.text(file) else { continue };
        let count = stubs.left_in(index, file, &text);
        if count > 0 {
            let noun = if count == 1 { "stub" } else { "stubs" };
            left.push(format!("{file}: {count} {noun}"));
            continue;
        }
        let pending = stubs.pending_in(index, file, &text);
        if pending > 0 {
            let noun = if pending == 1 { "spec is" } else { "specs are" };
            left.push(format!("{file}: {pending} {noun} pending"));
        }
    }
    // Of a change of code that is there, only its specs are made.
    let only_specs = files.iter().all(|file| file.ends_with("_test.go"));
    let is_test = only_specs || stubs.plan.tasks[index].role().is_some_and(Role::is_test);
    match (left.is_empty(), is_test) {
        (true, _) => (State::Implemented, joined(files)),
        (false, true) => (State::Red, left.join("; ")),
        (false, false) => (State::Scaffolded, left.join("; ")),
    }
}

fn joined(files: &[RepoPath]) -> String {
    files.iter().map(|file| &**file).collect::<Vec<&str>>().join(", ")
}

/// Whether a struct has no field yet; comments are none.
fn is_empty_struct(text: &str, name: &str) -> bool {
    let Ok(file) = GoFile::parse(text) else { return false };
    let Some(decl) = file.declares(name) else { return false };
    let declared = decl.span.of(text);
    let Some(at) = declared.find(&format!("type {name} struct")).or_else(|| declared.find(&format!("{name} struct")))
    else {
        return false;
    };
    let Some((_, body)) = declared[at..].split_once('{') else { return false };
    let body = body.split('}').next().unwrap_or_default();
    body.lines().all(|line| line.trim().is_empty() || line.trim().starts_with("//"))
}

/// The mark of a line that this tool wrote to be replaced: `T006` of `Fail("T006: not implemented")`, and the name of
/// the feature before ": to be written."; nothing if it is another line.
fn stub(line: &str) -> Option<&str> {
    let page = line.trim_end().strip_suffix(": to be written.").filter(|mark| !mark.trim().is_empty());
    let (at, colon) = line
        .match_indices(':')
        .find_map(|(colon, _)| {
            let is_id = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
            let at = colon - line[..colon].bytes().rev().take_while(|byte| is_id(char::from(*byte))).count();
            crate::task::is_id(&line[at..colon]).then_some((at, colon))
        })
        .or_else(|| page.map(|mark| (0, mark.len())))?;
    let (mark, rest) = (&line[at..colon], &line[colon + 1..]);
    let whole = line[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
    let said = ["not implemented", "to be written", "not called yet"].iter().any(|words| rest.contains(words));
    let step = line.trim_start().strip_prefix("//").is_some_and(|comment| comment.trim_start().starts_with(mark));
    (whole && (said || step)).then_some(mark)
}
