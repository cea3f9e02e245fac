//! Any other Go code: functions behind the gate, constants and metrics that tasks spell out.

mod functions;
mod metric;
mod prose;
mod signature;
mod stubs;
mod texts;

pub(super) use functions::{Fault, Function, faults, functions, leave};
pub(super) use metric::metric;
pub(super) use prose::{steps, texts as step_texts};

use crate::go::FuncName;
use crate::pending::{Declared, PendingFiles, Refusal};
use crate::plan::{Assigned, Candidate, Claimed, Kind, Named, Planner, Role, Row, Unit};
use crate::repo_path::RepoPath;
use crate::template::Text;
use crate::tree::parent;
pub(super) use metric::Metric;
use metric::MetricWiring;
pub(super) use signature::{Known, signature};
use stubs::{Stub, outcome};
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
}

/// A type with constants: `Define HypervisorType constants (kvm, qemu-tcg)`.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Enumeration {
    /// The line of the tasks.md that defines it.
    line: usize,
    /// The type.
    name: String,
    /// The values, as strings.
    values: Vec<String>,
}

#[derive(Debug)]
struct Facts {
    file: RepoPath,
    code: Option<(CodeFile, Declared)>,
    registration: Option<Registration>,
    uses_gate: bool,
    /// The name of the first metric.
    metric: Option<String>,
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
            makes: "functions behind the gate, constants and metrics that the task spells out",
        }
    }

    fn templates(&self) -> &'static [Text] {
        texts::TEMPLATES
    }

    fn claim(&self, _: &Candidate<'_, '_>, named: &Named<'_>) -> Option<Claimed> {
        matches!(named, Named::File { place, .. } if place.path.ends_with(".go")).then_some(Claimed::File)
    }

    fn plan(&self, planner: &mut Planner<'_, '_>, assigned: &Assigned) {
        let Some(place) = &assigned.place else { return };
        let outcome = outcome(planner, place, &assigned.tasks);
        for (task, reason) in &outcome.manual {
            planner.manual(&[*task], reason);
        }
        for (task, line, fault) in &outcome.faulty {
            leave(planner, &[*task], *line, fault);
        }
        if outcome.tasks.is_empty() {
            return;
        }
        let files = std::slice::from_ref(&place.path);
        match facts(planner, &place.path, &outcome.wanted) {
            Ok(facts) => {
                for (task, line, used) in outcome.used {
                    planner.note(task, line, used, files);
                }
                planner.push(facts, &outcome.tasks);
            }
            Err(refusal) => planner.diagnose(refusal),
        }
    }
}

fn facts(planner: &mut Planner<'_, '_>, file: &RepoPath, wanted: &Wanted) -> Result<Facts, Refusal> {
    planner.open(file)?;
    let folder = parent(file);
    let is_empty = wanted.stubs.is_empty() && wanted.enumerations.is_empty() && wanted.metrics.is_empty();
    let code = if is_empty {
        None
    } else {
        let template = texts::code(planner, file, wanted);
        let declared = planner.declared(folder, template.names())?;
        Some((template, declared))
    };
    let registration = match &wanted.wiring {
        None => None,
        Some(wiring) => Some(registration(planner, wiring, &wanted.metrics_list)?),
    };
    Ok(Facts {
        file: file.clone(),
        code,
        registration,
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
            tasks.extend(outcome(planner, place, &assigned.tasks).tasks);
        } else if parent(&place.path) == parent(&wiring.file) {
            let wanted = outcome(planner, place, &assigned.tasks).wanted;
            tasks.extend(wanted.metrics.iter().map(|(task, _)| *task));
        }
    }
    let template = Register { metrics_list: metrics_list.to_owned() };
    Ok(Registration { file, wiring: wiring.clone(), metrics_list: metrics_list.to_owned(), template, tasks })
}

impl Unit for Facts {
    fn files(&self) -> Vec<&RepoPath> {
        vec![&self.file]
    }

    fn render(&self, pending: &mut PendingFiles<'_>) -> Result<(), Refusal> {
        if let Some((template, declared)) = &self.code {
            pending.write_go(&self.file, template, declared)?;
        }
        self.registration.as_ref().map_or(Ok(()), |registration| registration.render(pending))
    }

    fn uses_gate(&self) -> bool {
        self.uses_gate
    }

    fn outdates(&self) -> Option<String> {
        let metric = self.metric.as_ref()?;
        Some(format!("{metric} changes the list of metrics in docs/observability"))
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
