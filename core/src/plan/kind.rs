//! What a kind of scaffold is: the contract that each module in `kinds` fulfils.

use std::fmt;

use super::{
    Assigned, ENTRIES, Key, ManualReason, PlannedTask, Planner, REFERS, ResolvedPath, asks, intent, is_test_file,
    refers,
};
use crate::demand::words;
use crate::pending::{PendingFiles, Refusal};
use crate::repo_path::RepoPath;
use crate::survey::Survey;
use crate::task::{Task, TaskFile};
use crate::template::Text;
use crate::tree::parent;

/// A kind of scaffold. Everything that is particular to one stands in its module; no other place tells
/// kinds apart.
pub trait Kind: Sync {
    /// Its name: in the JSON, and its folder in `scaffolds/`.
    fn name(&self) -> &'static str;

    /// What its tasks are to the others.
    fn role(&self) -> Role;

    /// Its row in the tables of README and guide.
    fn row(&self) -> Row;

    /// The templates that it renders from.
    fn templates(&self) -> &'static [Text];

    /// Whether something that a task names is its own. The first kind of the list that says so has it.
    fn claim(&self, task: &Candidate<'_, '_>, named: &Named<'_>) -> Option<Claimed>;

    /// Why a task whose files are its own is left to people as a whole, if it is. A scaffold adds, and does nothing else.
    fn refuses(&self, task: &Candidate<'_, '_>) -> Option<ManualReason> {
        self.refused(task)
    }

    /// Why no kind of its role takes it.
    fn refused(&self, task: &Candidate<'_, '_>) -> Option<ManualReason> {
        let (planned, role) = (task.planned, self.role());
        // A task of many files is asked once for each.
        let key = match role {
            Role::Test { .. } => "refused test",
            Role::Implementation => "refused implementation",
            _ => "refused",
        };
        planned.once(key, || refused(task, role))
    }

    /// Plans a file that it has claimed, for the tasks that are about it: pushes units, reasons why something
    /// is left to people, and diagnostics.
    fn plan(&self, planner: &mut Planner<'_, '_>, assigned: &Assigned);

    /// The types that tasks about a file add to its package, beside structs that they spell out.
    fn types(&self, _planner: &Planner<'_, '_>, _assigned: &Assigned) -> Vec<String> {
        Vec::new()
    }

    /// Plans what no single file asks for, before any file is planned.
    fn plan_first(&self, _planner: &mut Planner<'_, '_>) {}

    /// Plans what is left once every file is planned.
    fn plan_last(&self, _planner: &mut Planner<'_, '_>) {}
}

/// Why a task on a file of tests has no spec, if neither its lines nor its title tell what one would check.
fn without_spec(task: &Candidate<'_, '_>) -> Option<ManualReason> {
    let planned = task.planned;
    let inexact = |why: String| Some(ManualReason::Inexact { why, places: Vec::new() });
    if let Some(name) = planned.go_test() {
        return inexact(format!("`{name}` is a test of Go's own, and only Ginkgo specs are made"));
    }
    let is_all_tests = task.task.paths.iter().all(|path| is_test_file(&path.text));
    let cases = planned.cases_of(is_all_tests);
    if planned.is_table() && cases.entries.iter().all(Option::is_none) {
        return inexact(ENTRIES.to_owned());
    }
    if !cases.changes.is_empty() {
        return None;
    }
    if planned.details(&[Key::Test, Key::Verify, Key::Scenario]).next().is_some() {
        return None;
    }
    let entries: Vec<String> = planned.entries().iter().map(ToString::to_string).collect();
    if cases.lines.is_empty() && !entries.is_empty() {
        let word = if entries.len() == 1 { "line" } else { "lines" };
        return inexact(format!("{word} {}: {ENTRIES}", entries.join(", ")));
    }
    // "Spec "a" in `x_test.go` and spec "b" in `y_test.go`": each is of one file.
    let files = task.task.paths.iter().filter(|path| is_test_file(&path.text)).count();
    let several = cases.specs.len() > 1 || cases.specs.iter().any(|text| text.contains(") and ("));
    if files > 1 && cases.lines.is_empty() && several {
        return inexact("which spec goes into which file is not clear: write a line for each, `FILE: spec`".to_owned());
    }
    // What stands below a title about tests is what they check, and so are the texts for a container.
    let is_stated = cases.unread.iter().any(|(_, why)| why == ENTRIES)
        || cases.within.first().is_some_and(|within| !within.is_empty())
        || cases.entries.iter().any(Option::is_some);
    if is_stated || !cases.lines.is_empty() && planned.is_about_tests() {
        return None;
    }
    if let Some((name, place)) = task.helper() {
        let why = format!("{name} is a helper that is there, and is changed by hand");
        return Some(ManualReason::Inexact { why, places: vec![place] });
    }
    if let Some(line) = planned.lines_of(&[Key::NoTest]).next() {
        return inexact(format!("line {} names no test", line.line));
    }
    if cases.specs.is_empty() && refers(planned.says()) {
        return inexact(REFERS.to_owned());
    }
    if asks::for_spec(planned, &task.own_names()) {
        return None;
    }
    inexact("neither the title nor a `Test:` line says what a spec would check".to_owned())
}

impl Candidate<'_, '_> {
    /// The function of the functional tests that the title is about, "`waitForIt` in `tests/x/y.go` …", and its place.
    fn helper(&self) -> Option<(String, String)> {
        let words = words(&self.planned.said);
        let name = words.iter().take(2).find(|word| word.is_code())?.text.trim_end_matches("()");
        let folders = self.task.paths.iter().filter(|path| path.text.starts_with("tests/"));
        let place = folders.flat_map(|path| self.survey.funcs(parent(&path.text), name)).next()?.place();
        Some((name.to_owned(), place))
    }

    /// Texts with the names of what the task is about: its files, and the feature.
    fn own_names(&self) -> Vec<String> {
        let paths = self.task.paths.iter().map(|path| path.text.clone());
        let feature = self.file.metadata("Feature Name").map(|field| field.value.text.clone());
        let title = self.file.title.as_ref().map(|title| title.text.clone());
        paths.chain(feature).chain(title).chain(self.planned.details(&[Key::File]).map(str::to_owned)).collect()
    }
}

impl fmt::Debug for dyn Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl PartialEq for dyn Kind {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

/// What a kind's tasks are to other tasks, and what may be expected of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    /// It makes the feature gate that others ask for.
    Gate,
    /// It changes the state of a feature gate that is there.
    GateState,
    /// Its specs pass at once: they prove what the tool has made.
    Proof,
    /// Its specs fail until they are written. The implementation waits for them.
    Test {
        /// They need a cluster.
        functional: bool,
    },
    /// It waits for compliance, and for its tests.
    Implementation,
    /// It is read by people.
    Document,
}

/// What a task asks for that no kind of a role does.
fn refused(task: &Candidate<'_, '_>, role: Role) -> Option<ManualReason> {
    let planned = task.planned;
    let below = || match role {
        Role::Implementation => None,
        Role::Test { .. } => intent::other_work_below_tests(planned),
        _ => intent::other_work_below(planned),
    };
    let lesser = || match role {
        Role::Test { .. } => intent::only_changes(planned),
        _ => intent::only_looks(planned),
    };
    let nothing = || intent::nothing_new(planned).filter(|_| !role.is_test());
    let titled = intent::other_work(planned)
        .filter(|verb| role != Role::Implementation || !intent::is_of_function(verb, planned));
    let verb = titled.or_else(below).or_else(lesser).or_else(nothing);
    match verb {
        Some(verb) => Some(ManualReason::OtherWork(verb.to_owned())),
        None => role.is_test().then(|| without_spec(task)).flatten(),
    }
}

impl Role {
    /// Whether its specs fail until somebody writes them.
    pub fn is_test(self) -> bool {
        matches!(self, Self::Test { .. })
    }
}

/// A kind's row in the tables of the documents.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Row {
    /// What a task names.
    pub names: &'static str,
    /// What is made of it.
    pub makes: &'static str,
}

/// A task that kinds are asked about.
#[derive(Clone, Copy)]
pub struct Candidate<'a, 't> {
    /// The file that it stands in.
    pub file: &'a TaskFile,
    /// The task.
    pub task: &'a Task,
    /// The task with its placeholders filled in.
    pub planned: &'a PlannedTask,
    /// The checkout.
    pub survey: &'a Survey<'t>,
}

/// What a task names.
#[derive(Clone, Copy, Debug)]
pub enum Named<'a> {
    /// The task itself, whatever files it names.
    Task,
    /// No file at all.
    Nothing,
    /// A folder of the checkout.
    Folder(&'a str),
    /// A file, there or to be made.
    File {
        /// Where this checkout has it.
        place: &'a ResolvedPath,
        /// The path as the task has it.
        asked: &'a str,
    },
}

/// How a kind takes what a task names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Claimed {
    /// The file is planned.
    File,
    /// The task is planned as a whole; the kind knows its files.
    Task,
}

/// The facts of something to render. They hold no part of the survey, so rendering cannot ask the checkout.
pub trait Unit: fmt::Debug {
    /// The files that it is written to, besides those that it is wired into.
    fn files(&self) -> Vec<&RepoPath>;

    /// Turns the facts into texts.
    fn render(&self, pending: &mut PendingFiles<'_>) -> Result<(), Refusal>;

    /// Whether its code asks for the feature gate.
    fn uses_gate(&self) -> bool {
        false
    }

    /// The specs of a task, by its ID, that `verify` may expect: file and text.
    fn specs(&self, _task: &str) -> Vec<(RepoPath, String)> {
        Vec::new()
    }

    /// The flag that it defines in a function: the file, the flag's name, and how a variable for its value begins.
    fn flag(&self) -> Option<(&RepoPath, &str, String)> {
        None
    }

    /// Types that are a stub for as long as they are empty: file and name.
    fn stubs(&self) -> Vec<(RepoPath, String)> {
        Vec::new()
    }

    /// Why generated files are out of date when one of its files changes.
    fn outdates(&self) -> Option<String> {
        None
    }
}
