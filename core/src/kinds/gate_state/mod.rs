//! Another state of a feature gate: promoted, deprecated, discontinued. Its comment, its registration, and the
//! file that both stand in.

mod names;
mod render;
mod title;
mod told;
mod verb;
mod work;

use serde::Serialize;

use crate::demand::words;
use crate::diagnostic::Diagnostic;
use crate::go::FuncName;
use crate::name::{Name, nearest};
use crate::pending::Refusal;
use crate::plan::{
    Assigned, Candidate, Claimed, GateChoice, Key, Kind, ManualReason, Named, Options, PlannedTask, Planner, Role, Row,
    Use, intent, is_release, says_new_gate, slug,
};
use crate::repo_path::RepoPath;
use crate::survey::{ACCESSORS, FEATURE_GATES, GateFile, Gates, Stage, Survey};
use crate::task::TaskFile;
use crate::template::{Context, Template, Text};
use crate::text::code_spans;
use crate::tree::{Kind as TreeKind, join, parent};
use title::{Change, Reading};

#[derive(Debug)]
pub(super) struct GateStateKind;

#[derive(Serialize, Context, Template, Debug)]
#[template("scaffolds/feature-gate-state/edit/pkg/virt-config/featuregate/inactive.go/constant.hbs")]
struct Moved {
    comment: Vec<String>,
    constant: String,
}

#[derive(Serialize, Context, Template, Debug)]
#[template("scaffolds/feature-gate-state/edit/pkg/virt-config/featuregate/inactive.go/init.hbs")]
struct Registered {
    identifier: String,
    state: String,
    message: Option<String>,
}

/// A gate, and the state that it is brought into.
#[derive(Debug)]
struct Facts {
    /// The Go constant.
    identifier: String,
    /// Its state afterwards.
    to: Stage,
    /// The release in which it is.
    release: Option<String>,
    /// What users are told who list it.
    message: Option<String>,
    /// The file that it stands in now.
    from: RepoPath,
    /// The file that it stands in afterwards.
    file: RepoPath,
    /// It is in that state already.
    is_there: bool,
    /// The file with the gates that are on for all functional tests, and how it names the gates' package, where
    /// switching the gate on has become pointless.
    suite: Option<(RepoPath, String)>,
    /// The file of the accessors, and the one that nobody needs any more.
    accessor: Option<(RepoPath, String)>,
}

/// The file with the gates that are on for all functional tests.
const SUITE_GATES: &str = "tests/testsuite/kubevirtresource.go";

/// The lines that a change is read from.
const KEYS: &[Key] = &[Key::Gate, Key::Name, Key::Release, Key::Message];

const INIT: FuncName<'static> = FuncName { receiver: None, name: "init" };

impl Kind for GateStateKind {
    fn name(&self) -> &'static str {
        "feature-gate-state"
    }

    fn role(&self) -> Role {
        Role::GateState
    }

    fn row(&self) -> Row {
        Row {
            names: "promoting, deprecating or discontinuing a feature gate",
            makes: "its comment, registration and file, updated for the new state",
        }
    }

    fn templates(&self) -> &'static [Text] {
        &[Moved::FILE, Registered::FILE]
    }

    /// The task as a whole; the gate's own files go with its state.
    fn claim(&self, task: &Candidate<'_, '_>, named: &Named<'_>) -> Option<Claimed> {
        let own = match named {
            Named::Task | Named::Nothing => true,
            Named::Folder(folder) => *folder == FEATURE_GATES,
            Named::File { place, .. } => {
                place.path == ACCESSORS || parent(&place.path) == FEATURE_GATES && !place.path.ends_with("_test.go")
            }
        };
        let is_change = || matches!(title::read(task.task, task.survey), Reading::Change(_));
        // What else is done to a gate is nothing that a scaffold of one does. Its tests and pages are other kinds'.
        let takes = match named {
            Named::Task => is_change(),
            _ => own && (is_change() || leaves(task).is_some()),
        };
        takes.then_some(Claimed::Task)
    }

    /// Its own verbs move a gate.
    fn refuses(&self, task: &Candidate<'_, '_>) -> Option<ManualReason> {
        leaves(task)
            .or_else(|| title::has_several_states(task.task, task.survey).then_some(ManualReason::SeveralStates))
    }

    fn plan(&self, planner: &mut Planner<'_, '_>, assigned: &Assigned) {
        let mut moves = Moves { reached: reached(planner, &assigned.tasks), ..Moves::default() };
        for &task in &assigned.tasks {
            if let Err(refusal) = plan(planner, task, &mut moves) {
                planner.diagnose(refusal);
            }
        }
        for (facts, tasks) in moves.all {
            planner.push(facts, &tasks);
        }
    }
}

/// Why a task about a gate is left to people, if it neither makes one nor changes the state of one.
fn leaves(task: &Candidate<'_, '_>) -> Option<ManualReason> {
    let verb = || {
        let verb = intent::other_work(task.planned).or_else(|| intent::only_looks(task.planned));
        verb.map(|verb| ManualReason::OtherWork(verb.to_owned()))
    };
    match title::read(task.task, task.survey) {
        Reading::Change(_) => None,
        Reading::Unclear => Some(verb().unwrap_or_else(|| {
            let why = "the title is about the state of a feature gate, and asks for no change of it for certain; \
                       `Promote X to GA` would"
                .to_owned();
            ManualReason::Inexact { why, places: Vec::new() }
        })),
        Reading::Nothing if says_new_gate(&task.planned.title) => None,
        Reading::Nothing => work::other(task).map(|what| {
            verb().unwrap_or_else(|| {
                let why = format!("the title is about a feature gate (\"{what}\"), but does not ask for a new one");
                ManualReason::Inexact { why, places: Vec::new() }
            })
        }),
    }
}

/// The changes of state, in order, each with the tasks that ask for it.
#[derive(Debug, Default)]
struct Moves {
    all: Vec<(Facts, Vec<usize>)>,
    /// The states that tasks bring gates into, whether they are there yet or not.
    reached: Vec<(String, Stage)>,
}

impl Moves {
    /// Where the tasks before have brought a gate: its state, and the file that it stands in.
    fn latest(&self, identifier: &str) -> Option<&Facts> {
        let made = self.all.iter().rev().map(|(facts, _)| facts).filter(|facts| !facts.is_there);
        made.into_iter().find(|facts| facts.identifier == identifier)
    }

    /// Whether a task brings a gate as far as a state.
    fn reaches(&self, identifier: &str, state: Stage) -> bool {
        self.reached.iter().any(|(known, reached)| known == identifier && *reached >= state)
    }
}

/// The states that tasks ask for.
fn reached(planner: &Planner<'_, '_>, tasks: &[usize]) -> Vec<(String, Stage)> {
    let Ok(gates) = planner.survey.gates() else { return Vec::new() };
    let each = |&task: &usize| {
        let task = planner.task(task);
        let Reading::Change(change) = title::read(&planner.file.tasks[task.index], planner.survey) else {
            return Vec::new();
        };
        let said = title::said(&planner.file.tasks[task.index], planner.survey);
        let known = named(planner.file, planner.options, (task, said), &gates).unwrap_or_default();
        known.into_iter().map(|(_, identifier)| (identifier, change.to)).collect()
    };
    tasks.iter().flat_map(each).collect()
}

/// The change of state that a task asks for.
fn plan(planner: &mut Planner<'_, '_>, index: usize, moves: &mut Moves) -> Result<(), Refusal> {
    let survey = planner.survey;
    let (task, span) = (planner.task(index), planner.span(index));
    let Reading::Change(change) = title::read(&planner.file.tasks[task.index], survey) else { return Ok(()) };
    let gates = survey.gates()?;
    if !gates.registers {
        planner.manual(&[index], &ManualReason::NoGateStates);
        return Ok(());
    }
    let said = title::said(&planner.file.tasks[task.index], survey);
    let known = named(planner.file, planner.options, (task, said), &gates);
    let known = known.map_err(|wanted| unknown(&wanted, &gates).at(&planner.file.source, span))?;
    for (gate, identifier) in known {
        bring(planner, index, &gates, (gate, identifier), change, moves)?;
    }
    Ok(())
}

/// The change of state of one gate.
fn bring(
    planner: &mut Planner<'_, '_>,
    index: usize,
    gates: &Gates,
    (gate, identifier): (String, String),
    change: Change,
    moves: &mut Moves,
) -> Result<(), Refusal> {
    let survey = planner.survey;
    let (task, span) = (planner.task(index), planner.span(index));
    let Change { from: stated, to, .. } = change;
    let said = title::said(&planner.file.tasks[task.index], survey).to_owned();
    // Two tasks that speak of one change ask for it once; of two changes, the second begins where the first ends.
    if let Some((moved, tasks)) =
        moves.all.iter_mut().find(|(facts, _)| facts.identifier == identifier && facts.to == to)
    {
        tasks.push(index);
        let files = [moved.file.clone()];
        planner.note_keys(index, KEYS, Use::Change, &files);
        accessor(planner, index, gates, &identifier, to)?;
        return Ok(());
    }
    let before = moves.latest(&identifier).map(|facts| (facts.to, facts.file.clone()));
    let from = gates.registration(&identifier).and_then(|(_, registration)| registration.stage);
    let from = before.as_ref().map(|(stage, _)| *stage).or(from);
    if let (Some(stated), Some(from)) = (stated, from)
        && stated != from
        && from <= to
        && from != to
    {
        let why = format!("{gate} is {from}, and not {stated} as the title says");
        planner.manual(&[index], &ManualReason::Inexact { why, places: Vec::new() });
        return Ok(());
    }
    // What a later task has moved on is behind this one.
    let is_past = from.is_some_and(|from| from > to && moves.reaches(&identifier, from));
    if let Some(from) = from.filter(|from| *from > to && !is_past) {
        let message = format!("{gate} is {from} already; it cannot become {to}");
        let refusal = Diagnostic::error("gate-state", message).at(&planner.file.source, span);
        return Err(refusal.help("remove the task, or name the gate that is meant"));
    }
    let detail = |key: Key| task.details(&[key]).next().map(|text| text.trim_matches('`').to_owned());
    let of_stage = || {
        let own = task.details.iter().find(|line| line.key == Key::Other(to.name().to_lowercase()))?;
        Some(own.text.trim_matches('`').to_owned()).filter(|release| is_release(release))
    };
    let release = planner.options.release.clone().or_else(|| detail(Key::Release)).or_else(of_stage);
    let release = release.or_else(|| change.release_in(&said)).or_else(|| gates.release.clone());
    let release = release.filter(|release| is_release(release));
    let told = || told::message(&said).map(str::to_owned);
    let speaks = words(&said).iter().any(|word| word.is(&["message"]));
    if !to.is_active() && speaks && detail(Key::Message).is_none() && told().is_none() {
        let why = "the message for users is not in quotes".to_owned();
        planner.manual(&[index], &ManualReason::Inexact { why, places: Vec::new() });
        return Ok(());
    }
    let message = detail(Key::Message).or_else(told).or_else(|| {
        let word = to.name().to_lowercase();
        let since = release.as_deref().map(|release| format!(" since {release}")).unwrap_or_default();
        (!to.is_active() && to != Stage::Ga).then(|| format!("{gate} has been {word}{since}"))
    });
    let Some((declared, _)) = gates.constant(&gate) else { return Ok(()) };
    let declared = before.map_or_else(|| RepoPath::known(declared.source.path()), |(_, file)| file);
    let file = RepoPath::known(if to.is_active() { gates.active.clone() } else { inactive(gates) });
    let file = if is_past { declared.clone() } else { file };
    planner.open(&declared)?;
    planner.open(&file)?;
    let accessor = accessor(planner, index, gates, &identifier, to)?;
    let suite = RepoPath::known(SUITE_GATES);
    let is_suite = to.is_settled() && survey.exists(SUITE_GATES);
    if is_suite {
        planner.open(&suite)?;
    }
    let suite = is_suite.then(|| (suite, gates.package.clone()));
    let is_there = is_past || from == Some(to);
    let files = [file.clone()];
    planner.note_keys(index, KEYS, Use::Change, &files);
    let stage = Key::Other(to.name().to_lowercase());
    let lines = planner.task(index).details.iter().filter(|line| line.key == stage || line.text == said);
    for line in lines.map(|line| line.line).collect::<Vec<_>>() {
        planner.note(index, line, Use::Change, &files);
    }
    let facts = Facts { identifier, to, release, message, from: declared, file, is_there, suite, accessor };
    moves.all.push((facts, vec![index]));
    Ok(())
}

/// The accessor that goes, because its answer is always the same and nobody asks it. If somebody does, that is
/// left to people.
fn accessor(
    planner: &mut Planner<'_, '_>,
    task: usize,
    gates: &Gates,
    identifier: &str,
    to: Stage,
) -> Result<Option<(RepoPath, String)>, Refusal> {
    let Some(accessor) = gates.accessor(identifier).filter(|_| to.is_settled()) else { return Ok(None) };
    let callers = callers(planner.survey, accessor);
    if !callers.is_empty() {
        let reason = ManualReason::AccessorAsked { accessor: accessor.to_owned(), always: to == Stage::Ga, callers };
        planner.manual(&[task], &reason);
        return Ok(None);
    }
    let path = RepoPath::known(ACCESSORS);
    planner.open(&path)?;
    Ok(Some((path, accessor.to_owned())))
}

/// The gates that a task names, or the one that its tasks.md is about; what was looked for, if it is not there.
fn named(
    file: &TaskFile,
    options: &Options,
    (task, said): (&PlannedTask, &str),
    gates: &Gates,
) -> Result<Vec<(String, String)>, String> {
    let find = |name: &str| {
        let (file, identifier) = gates.constant(name)?;
        let (_, value) = file.constants.iter().find(|(known, _)| known == identifier)?;
        Some((value.clone(), identifier.to_owned()))
    };
    let stated = task.details(&[Key::Gate, Key::Name]).map(|text| text.trim().trim_matches('`').to_owned());
    let stated: Vec<String> = stated.collect();
    let gate = task.details(&[Key::Gate]).flat_map(|text| text.split([',', ' '])).map(|name| name.trim_matches('`'));
    let gate: Vec<&str> = gate.filter(|name| !name.is_empty() && *name != "and").collect();
    if gate.len() > 1 && gate.iter().any(|name| find(name).is_some()) {
        return gate.into_iter().map(|name| find(name).ok_or_else(|| name.to_owned())).collect();
    }
    if let Some(first) = stated.first() {
        return stated.iter().find_map(|name| find(name)).map(|found| vec![found]).ok_or_else(|| first.clone());
    }
    if let GateChoice::Named(name) = &options.gate {
        return find(name).map(|found| vec![found]).ok_or_else(|| name.clone());
    }
    let coded = code_spans(said).next();
    let listed = names::listed(said, |word| find(word).is_some());
    if !listed.is_empty() {
        let mut found: Vec<(String, String)> = Vec::new();
        for name in listed {
            let gate = find(&name).ok_or(name)?;
            if !found.contains(&gate) {
                found.push(gate);
            }
        }
        return Ok(found);
    }
    let header = file.metadata("Feature Gate").map(|field| field.value.text.trim().trim_matches('`').to_owned());
    let feature = slug(file, options);
    let feature = Name::parse(&feature).pascal();
    let wanted = coded.map(str::to_owned).or(header).unwrap_or(feature);
    find(&wanted).map(|found| vec![found]).ok_or(wanted)
}

fn unknown(wanted: &str, gates: &Gates) -> Diagnostic {
    let names = gates.files.iter().flat_map(|file| file.constants.iter().map(|(_, value)| value.as_str()));
    let mut nearest = nearest(wanted, names);
    nearest.truncate(3);
    let help = match nearest.first() {
        None => "name it in the task: `- Gate: X`".to_owned(),
        Some(first) => format!("is {} meant? Name it in the task: `- Gate: {first}`", nearest.join(" or ")),
    };
    Diagnostic::error("gate-unknown", format!("this checkout has no feature gate `{wanted}`")).help(help)
}

/// The file of the gates that are no longer active.
fn inactive(gates: &Gates) -> String {
    let settled =
        |file: &&GateFile| file.registered.iter().any(|known| known.stage.is_some_and(|stage| !stage.is_active()));
    let most = gates.files.iter().filter(|file| file.source.path() != gates.active);
    let most = most.filter(settled).max_by_key(|file| file.registered.len());
    most.map_or_else(|| gates.active.clone(), |file| file.source.path().to_owned())
}

/// Where an accessor is asked for, besides its own file: paths and lines.
fn callers(survey: &Survey<'_>, accessor: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut open: Vec<String> = ["cmd", "pkg", "tests", "tools"].map(str::to_owned).to_vec();
    while let Some(folder) = open.pop() {
        for name in survey.tree().list(&folder) {
            let path = join(&folder, &name);
            if name.ends_with(".go") {
                if path == ACCESSORS {
                    continue;
                }
                survey.tree().show(&path, &mut |text| {
                    let hits = memchr::memmem::find_iter(text.as_bytes(), accessor.as_bytes());
                    let whole = |at: &usize| {
                        let inside = |c: char| c.is_alphanumeric() || c == '_';
                        let after = text[at + accessor.len()..].chars().next();
                        !text[..*at].ends_with(inside) && !after.is_some_and(inside)
                    };
                    let lines = hits.filter(whole).map(|at| text[..at].matches('\n').count() + 1);
                    found.extend(lines.map(|line| format!("{path}:{line}")));
                });
            } else if survey.tree().kind(&path) == Some(TreeKind::Folder) {
                open.push(path);
            }
        }
    }
    found.sort();
    found
}
