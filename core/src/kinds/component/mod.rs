//! Any other Go code: functions behind the gate, constants and metrics that tasks spell out.

mod apart;
mod beside;
mod calls;
mod calls_left;
mod enumerations;
mod fault;
mod functions;
mod joined;
mod lead_in;
mod left;
mod like;
mod listed;
mod members;
mod methods;
mod metric;
mod metric_help;
mod metric_lines;
mod metric_place;
mod named;
mod phrased;
mod prose;
mod purpose;
mod quoted;
mod receivers;
mod registry;
mod shape;
mod signature;
mod structural;
mod stub;
mod stubs;
mod subject;
mod texts;
mod told_new;
mod unmade;
mod unnamed;
mod verbs;
mod without;
mod zero;

use enumerations::enumerations;
pub(super) use fault::{Fault, leave};
pub(super) use functions::{Function, faults, functions};
pub(super) use lead_in::of_list;
pub(super) use like::like_others;
pub(super) use listed::{all_spelled, is_head, spelled};
pub(super) use methods::declaration;
pub(super) use metric::metrics;
pub(super) use phrased::owner;
pub(super) use prose::{CHANGES, is_about, steps, texts as step_texts};
pub(super) use shape::{are_alike, has};
pub(super) use structural::is_structural;
pub(super) use verbs::{is_finite, is_verb, order_form, verb_form};

use super::wiring::Wiring;
use crate::go::{FuncName, add_imports};
use crate::pending::{Declared, PendingFiles, Refusal};
use crate::plan::{
    Assigned, Candidate, Claimed, Key, Kind, ManualReason, Named, PlannedTask, Planner, Role, Row, Unit, Use,
};
use crate::repo_path::RepoPath;
use crate::template::Text;
use crate::tree::parent;
use left::left_elsewhere;
use methods::Member;
pub(super) use metric::Metric;
use metric::MetricWiring;
pub(super) use metric_place::Place;
pub(super) use signature::Types;
use stub::Stub;
use stubs::outcome;
use texts::{CodeFile, Register};

#[derive(Debug)]
pub(super) struct Component;

/// What tasks ask for in a file.
#[derive(Clone, Debug, Default)]
struct Wanted {
    /// Sets of constants.
    enumerations: Vec<Enumeration>,
    /// Metrics, each with the task that defines it.
    metrics: Vec<(usize, Metric)>,
    /// The name of the list that holds them.
    metrics_list: String,
    /// Where the list is registered, if a place for that was found.
    wiring: Option<MetricWiring>,
    /// Functions.
    stubs: Vec<Stub>,
    /// Methods of interfaces, each with the task that asks for it.
    members: Vec<(usize, Member)>,
}

/// A type with constants: `Define HypervisorType constants (kvm, qemu-tcg)`.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Enumeration {
    /// The line of the tasks.md that defines it.
    line: usize,
    /// The type.
    name: String,
    /// The values: constants, and their strings.
    values: Vec<(String, String)>,
}

/// The types of strings that a task defines.
pub(super) fn string_types(task: &PlannedTask) -> Vec<String> {
    enumerations(task).into_iter().map(|known| known.name).collect()
}

#[derive(Debug)]
struct Facts {
    file: RepoPath,
    code: Option<(CodeFile, Declared)>,
    registration: Option<Registration>,
    members: Vec<MemberFacts>,
    /// Lines that call functions, each with the task that asks for it.
    wirings: Vec<(usize, Wiring)>,
    /// The tasks that ask for all of it.
    tasks: Vec<usize>,
    uses_gate: bool,
    /// The name of the first metric.
    metric: Option<String>,
}

/// One more method of an interface, and those of the types that implement it.
#[derive(Debug)]
struct MemberFacts {
    task: usize,
    member: Member,
    codes: Vec<(RepoPath, CodeFile, Declared)>,
}

/// A list of metrics, and where the others are registered.
#[derive(Debug)]
struct Registration {
    file: RepoPath,
    wiring: MetricWiring,
    metrics_list: String,
    template: Register,
    /// The tasks that define the metrics, and those that speak of the file.
    tasks: Vec<usize>,
}

impl Component {
    /// Plans the functions that tasks ask for beside what another kind makes in their file: `made` are the names of what
    /// it has made.
    pub(super) fn plan_functions(planner: &mut Planner<'_, '_>, assigned: &Assigned, made: &[String]) {
        let has_some = |&task: &usize| {
            let mut functions = functions(planner.task(task)).0.into_iter();
            let own = |function: &Function| {
                !made.contains(&function.name)
                    && !assigned
                        .place
                        .as_ref()
                        .is_some_and(|place| apart::is_elsewhere(planner, task, function, &place.path))
            };
            functions.any(|function| own(&function)) || !enumerations(planner.task(task)).is_empty()
        };
        let tasks: Vec<usize> = assigned.tasks.iter().copied().filter(has_some).collect();
        if !tasks.is_empty() {
            plan(planner, &Assigned { tasks, ..assigned.clone() }, made);
        }
    }
}

impl Kind for Component {
    fn name(&self) -> &'static str {
        "component"
    }

    fn role(&self) -> Role {
        Role::Implementation
    }

    fn row(&self) -> Row {
        Row {
            names: "any other Go file",
            makes: "the functions (behind the gate), constants and metrics that the task spells out",
        }
    }

    fn templates(&self) -> &'static [Text] {
        texts::TEMPLATES
    }

    fn claim(&self, _: &Candidate<'_, '_>, named: &Named<'_>) -> Option<Claimed> {
        matches!(named, Named::File { place, .. } if place.path.ends_with(".go")).then_some(Claimed::File)
    }

    fn plan(&self, planner: &mut Planner<'_, '_>, assigned: &Assigned) {
        plan(planner, assigned, &[]);
    }
}

fn plan(planner: &mut Planner<'_, '_>, assigned: &Assigned, made: &[String]) {
    let Some(place) = &assigned.place else { return };
    let mut outcome = outcome(planner, place, &assigned.tasks, made);
    let wirings = match calls_left::wirings(planner, &mut outcome) {
        Ok(wirings) => wirings,
        Err(refusal) => return planner.diagnose(refusal),
    };
    for (task, reason) in &outcome.manual {
        planner.manual(&[*task], reason);
    }
    for (task, line, fault) in &outcome.faulty {
        leave(planner, &[*task], *line, fault);
    }
    if outcome.tasks.is_empty() {
        return;
    }
    calls_left::unread(planner, place, &outcome);
    unmade::leave(planner, &place.path, &outcome);
    let has_stub = |task: &&usize| outcome.wanted.stubs.iter().any(|stub| stub.task == planner.task(**task).id);
    let writing: Vec<usize> = outcome.tasks.iter().filter(has_stub).copied().collect();
    left_elsewhere(planner, &place.path, &writing);
    registry::plan(planner, &place.path, &outcome.tasks, &mut outcome.wanted);
    let files = std::slice::from_ref(&place.path);
    match facts(planner, &place.path, &outcome.wanted, (wirings, &outcome.tasks)) {
        Ok(facts) => {
            let placed = outcome.wanted.stubs.iter().filter_map(|stub| Some((stub, stub.position.as_ref()?.0)));
            for (stub, line) in placed {
                if let Some(task) = outcome.tasks.iter().find(|task| planner.task(**task).id == stub.task) {
                    planner.placed(*task, line);
                }
            }
            for (task, line, used) in outcome.used {
                planner.note(task, line, used, files);
                planner.note_keys(task, &[Key::Other("receiver".to_owned())], used, files);
            }
            for (task, member) in &outcome.wanted.members {
                let files: Vec<RepoPath> = member.implementers.iter().map(|(file, _)| file.clone()).collect();
                for line in joined::stating(planner.task(*task), &member.name) {
                    planner.note(*task, line, Use::Change, &files);
                }
                if let Some((line, _)) = member.position {
                    planner.placed(*task, line);
                }
            }
            planner.push(facts, &outcome.tasks);
        }
        Err(refusal) => planner.diagnose(refusal),
    }
}

fn facts(
    planner: &mut Planner<'_, '_>,
    file: &RepoPath,
    wanted: &Wanted,
    (wirings, tasks): (Vec<(usize, Wiring)>, &[usize]),
) -> Result<Facts, Refusal> {
    planner.open(file)?;
    let folder = parent(file);
    let is_empty = wanted.stubs.is_empty() && wanted.enumerations.is_empty() && wanted.metrics.is_empty();
    let code = if is_empty {
        None
    } else {
        let template = texts::code(planner, file, wanted);
        let mut declared = planner.declared(folder, template.names())?;
        for stub in &wanted.stubs {
            if let Some((_, position)) = &stub.position {
                declared.place(&stub.name, position.clone());
            }
        }
        Some((template, declared))
    };
    if wanted.wiring.is_none() && !wanted.metrics.is_empty() {
        let mut tasks: Vec<usize> = wanted.metrics.iter().map(|(task, _)| *task).collect();
        tasks.dedup();
        let why = format!("nothing registers {} yet, the list of the metrics in {file}", wanted.metrics_list);
        planner.manual(&tasks, &ManualReason::Inexact { why, places: Vec::new() });
    }
    let registration = match &wanted.wiring {
        None => None,
        Some(wiring) => Some(registration(planner, wiring, &wanted.metrics_list)?),
    };
    let mut members = Vec::new();
    for (task, member) in &wanted.members {
        planner.open(&member.file)?;
        let mut codes = Vec::new();
        for (path, stub) in &member.implementers {
            planner.open(path)?;
            let template = texts::code(planner, path, &Wanted { stubs: vec![stub.clone()], ..Wanted::default() });
            let declared = planner.declared(parent(path), template.names())?;
            codes.push((path.clone(), template, declared));
        }
        members.push(MemberFacts { task: *task, member: member.clone(), codes });
    }
    Ok(Facts {
        file: file.clone(),
        code,
        registration,
        members,
        wirings,
        tasks: tasks.to_vec(),
        uses_gate: wanted.stubs.iter().any(|stub| stub.guard.is_some()),
        metric: wanted.metrics.first().map(|(_, metric)| metric.name.clone()),
    })
}

fn registration(
    planner: &mut Planner<'_, '_>,
    wiring: &MetricWiring,
    metrics_list: &str,
) -> Result<Registration, Refusal> {
    let file = RepoPath::known(&*wiring.file);
    planner.open(&file)?;
    let mut tasks = Vec::new();
    for assigned in planner.assigned.iter().filter(|file| file.kind.name() == Component.name()) {
        let Some(place) = &assigned.place else { continue };
        if place.path == *wiring.file {
            tasks.extend(outcome(planner, place, &assigned.tasks, &[]).tasks);
        } else if parent(&place.path) == parent(&wiring.file) {
            let wanted = outcome(planner, place, &assigned.tasks, &[]).wanted;
            tasks.extend(wanted.metrics.iter().map(|(task, _)| *task));
        }
    }
    for &task in &tasks {
        planner.note_keys(task, &[Key::Task], Use::Change, std::slice::from_ref(&file));
    }
    let template = Register { metrics_list: metrics_list.to_owned() };
    Ok(Registration { file, wiring: wiring.clone(), metrics_list: metrics_list.to_owned(), template, tasks })
}

impl Unit for Facts {
    fn files(&self) -> Vec<&RepoPath> {
        let members = self
            .members
            .iter()
            .flat_map(|one| std::iter::once(&one.member.file).chain(one.codes.iter().map(|(file, ..)| file)));
        let mut files: Vec<&RepoPath> = std::iter::once(&self.file).chain(members).collect();
        files.dedup();
        files
    }

    fn render(&self, pending: &mut PendingFiles<'_>) -> Result<(), Refusal> {
        if let Some((template, declared)) = &self.code {
            pending.write_go(&self.file, template, declared)?;
        }
        if let Some(registration) = &self.registration {
            registration.render(pending)?;
        }
        for member in &self.members {
            pending.on_behalf_of([member.task]);
            member.render(pending)?;
        }
        for (task, wiring) in &self.wirings {
            pending.on_behalf_of([*task]);
            wiring.render(pending)?;
        }
        pending.on_behalf_of(self.tasks.iter().copied());
        Ok(())
    }

    fn uses_gate(&self) -> bool {
        self.uses_gate
    }

    fn outdates(&self) -> Option<String> {
        let mock = self.members.iter().find_map(|one| one.member.generated.clone());
        if mock.is_some() {
            return mock;
        }
        let metric = self.metric.as_ref()?;
        Some(format!("{metric} changes the list of metrics in docs/observability"))
    }
}

impl MemberFacts {
    fn render(&self, pending: &mut PendingFiles<'_>) -> Result<(), Refusal> {
        let (member, module) = (&self.member, pending.module());
        pending.anchor_go(&member.file, |target| {
            let declared = target.file.declares(&member.interface).map_or("", |decl| decl.span.of(target.text));
            let mut names = declared.lines().map(|line| line.trim().split('(').next().unwrap_or_default());
            if names.any(|name| name == member.name) {
                return Ok(Vec::new());
            }
            let mut edits = add_imports(target.text, target.file, &member.imports, module);
            edits.extend(member.edit(target)?);
            Ok(edits)
        })?;
        for (file, template, declared) in &self.codes {
            pending.write_go(file, template, declared)?;
        }
        Ok(())
    }
}

impl Registration {
    /// Registers the list where the others are.
    fn render(&self, pending: &mut PendingFiles<'_>) -> Result<(), Refusal> {
        const CALLEE: &str = "operatormetrics.RegisterMetrics";
        let snippet = pending.render(&self.template)?;
        pending.on_behalf_of(self.tasks.iter().copied());
        pending.anchor_go(&self.file, |target| {
            let uses = target.file.tokens.iter().any(|token| token.span.of(target.text) == self.metrics_list);
            if uses {
                return Ok(Vec::new());
            }
            let function = FuncName { receiver: None, name: &self.wiring.function };
            let edit = match &self.wiring.list {
                Some(list) => target.append_element(list, &self.metrics_list)?,
                None => match target.append_argument(function, CALLEE, &self.metrics_list)? {
                    Some(edit) => edit,
                    None => target.beside_call(function, CALLEE, &snippet)?,
                },
            };
            Ok(vec![edit])
        })
    }
}
