//! The feature gates that functional tests switch on before they run.

use crate::go::FuncName;
use crate::pending::{PendingFiles, Refusal};
use crate::plan::{Assigned, Candidate, Claimed, Key, Kind, ManualReason, Named, Planner, Role, Row, Unit, Use};
use crate::repo_path::RepoPath;
use crate::survey::Survey;
use crate::template::Text;
use crate::text::code_spans;

#[derive(Debug)]
pub(super) struct SuiteGate;

/// Where functional tests set KubeVirt up, and the function that does.
const FILE: &str = "tests/testsuite/kubevirtresource.go";
const FUNCTION: &str = "AdjustKubeVirtResource";

#[derive(Debug)]
struct Facts {
    file: RepoPath,
    gate: String,
}

impl Kind for SuiteGate {
    fn name(&self) -> &'static str {
        "suite-gate"
    }

    fn role(&self) -> Role {
        Role::Implementation
    }

    fn row(&self) -> Row {
        Row {
            names: "`tests/testsuite/kubevirtresource.go`",
            makes: "the feature gate in the list that functional tests enable",
        }
    }

    fn templates(&self) -> &'static [Text] {
        &[]
    }

    fn claim(&self, task: &Candidate<'_, '_>, named: &Named<'_>) -> Option<Claimed> {
        let Named::File { place, .. } = named else { return None };
        if *place.path != *FILE || !place.exists {
            return None;
        }
        let mut texts = std::iter::once(&task.planned.title).chain(task.planned.details.iter().map(|line| &line.text));
        texts.any(|text| is_about(text)).then_some(Claimed::File)
    }

    fn plan(&self, planner: &mut Planner<'_, '_>, assigned: &Assigned) {
        let Some(place) = &assigned.place else { return };
        for &task in &assigned.tasks {
            match gate(planner, task) {
                Err(reason) => planner.manual(&[task], &reason),
                Ok(gate) => {
                    if let Err(refusal) = planner.open(&place.path) {
                        planner.diagnose(refusal);
                        continue;
                    }
                    for line in lines(planner, task) {
                        planner.note(task, line, Use::Change, std::slice::from_ref(&place.path));
                    }
                    planner.push(Facts { file: place.path.clone(), gate }, &[task]);
                }
            }
        }
    }
}

/// The lines of a task that speak of the gate.
fn lines(planner: &Planner<'_, '_>, task: usize) -> Vec<usize> {
    let about = planner.task(task).details.iter().filter(|line| line.key != Key::File && is_about(&line.text));
    about.map(|line| line.line).collect()
}

fn is_about(text: &str) -> bool {
    let lower = text.to_lowercase();
    lower.contains("gate") || lower.contains("enable")
}

/// Whether all functional tests have a gate, as code writes it: the list has it, or a task that is selected adds it.
pub(super) fn switches(planner: &Planner<'_, '_>, written: &str) -> bool {
    let assigned = planner.assigned.iter().filter(|assigned| assigned.kind.name() == SuiteGate.name());
    let mut tasks = assigned.flat_map(|assigned| &assigned.tasks);
    let is_added = tasks.any(|&task| gate(planner, task).is_ok_and(|gate| gate == written));
    let source = || planner.survey.go(FILE).ok().flatten();
    is_added
        || source().is_some_and(|source| {
            let body = source.file.func(FUNCTION).map_or("", |decl| decl.span.of(source.source.text()));
            longest(body).iter().any(|line| line.trim().trim_end_matches(',') == written)
        })
}

/// The gate that a task is about, as the file writes it: the feature's, or one of the checkout that it names.
fn gate(planner: &Planner<'_, '_>, task: usize) -> Result<String, ManualReason> {
    let inexact = |why: String| ManualReason::Inexact { why, places: vec![FILE.to_owned()] };
    let gates = planner.survey.gates().map_err(|refusal| inexact(refusal.message))?;
    let planned = planner.task(task);
    let texts = std::iter::once(&planned.title).chain(planned.details.iter().map(|line| &line.text));
    let coded: Vec<&str> = texts.flat_map(|text| code_spans(text)).collect();
    let named = coded.iter().map(|code| code.trim_start_matches("featuregate.").trim());
    let named: Vec<&str> = named.filter(|code| *code != FUNCTION && crate::name::is_gate_name(code)).collect();
    let own = planner.gate().filter(|gate| gate.usable);
    let is_own = |name: &str| own.is_some_and(|gate| gate.name == name || gate.identifier == name);
    let known = |name: &str| gates.constant(name).is_some();
    let mut found: Vec<String> = Vec::new();
    for name in named {
        let identifier = match own {
            Some(gate) if is_own(name) => gate.identifier.clone(),
            _ if known(name) => {
                gates.constant(name).map_or_else(|| name.to_owned(), |(_, constant)| constant.to_owned())
            }
            _ => return Err(inexact(format!("`{name}` is not a feature gate that exists or is added"))),
        };
        if !found.contains(&identifier) {
            found.push(identifier);
        }
    }
    let identifier = match found.as_slice() {
        [one] => one.clone(),
        [] => own.map(|gate| gate.identifier.clone()).ok_or(ManualReason::NoGate)?,
        _ => return Err(inexact("the task names more than one feature gate".to_owned())),
    };
    let written = gates.qualified(&identifier);
    let package = written.split('.').next().unwrap_or_default();
    if list(planner.survey).is_none_or(|last| !last.starts_with(&format!("{package}."))) {
        return Err(inexact(format!("{FUNCTION} has no list of feature gates of the package {package}")));
    }
    Ok(written)
}

/// The last line of the longest stretch of gates in the function.
fn list(survey: &Survey<'_>) -> Option<String> {
    let source = survey.go(FILE).ok().flatten()?;
    let decl = source.file.func(FUNCTION)?;
    longest(decl.span.of(source.source.text())).last().map(|line| line.trim().to_owned())
}

/// The longest stretch of lines that are a gate and a comma each.
fn longest(body: &str) -> Vec<&str> {
    let is_gate = |line: &str| {
        let line = line.trim().trim_end_matches(',');
        line.split_once('.').is_some_and(|(package, name)| {
            matches!(package, "featuregate" | "virtconfig") && crate::name::is_go_identifier(name)
        })
    };
    let lines: Vec<&str> = body.split_inclusive('\n').collect();
    let runs = lines.split(|line| !(is_gate(line) && line.trim().ends_with(',')));
    runs.max_by_key(|run| run.len()).unwrap_or_default().to_vec()
}

impl Unit for Facts {
    fn files(&self) -> Vec<&RepoPath> {
        vec![&self.file]
    }

    fn render(&self, pending: &mut PendingFiles<'_>) -> Result<(), Refusal> {
        pending.anchor_go(&self.file, |target| {
            let function = FuncName { receiver: None, name: FUNCTION };
            target.require(function)?;
            let Some(decl) = target.file.func(FUNCTION) else { return Ok(Vec::new()) };
            let body = decl.span.of(target.text);
            let list = longest(body);
            let is_there = list.iter().any(|line| line.trim().trim_end_matches(',') == self.gate);
            let Some(last) = list.last().filter(|_| !is_there) else { return Ok(Vec::new()) };
            let at = decl.span.start + (last.as_ptr() as usize - body.as_ptr() as usize);
            let indentation = &last[..last.len() - last.trim_start().len()];
            let edit = crate::text::TextEdit::insert(at + last.len(), format!("{indentation}{},\n", self.gate));
            Ok(vec![edit])
        })
    }

    fn uses_gate(&self) -> bool {
        true
    }
}
