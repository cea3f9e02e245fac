//! Admission: a validation function, its call, and a spec that switches the gate off and on.

mod admitter;
mod described;
mod facts;
mod grown;
mod head;
mod purpose;
mod requests;
mod site;
mod spoken;
mod stated;
mod texts;
mod unit;

use super::api_field::{self, ApiField, Field};
use super::component::{Component, Fault, Function as GoFunction, functions, leave};
use super::constant::{self, Constant};
use super::specs::{self, SpecGroup, Suite};
use super::struct_field;
use crate::go::{DeclKind, FuncName, ImportSpec, Token, add_imports};
use crate::pending::{Declared, PendingFiles, Refusal, bug};
use crate::plan::{
    Assigned, Candidate, Claimed, Key, Kind, ManualReason, Named, PlannedTask, Planner, ResolvedPath, Role, Row,
    TaskLine, Unit, Use, stem,
};
use crate::repo_path::RepoPath;
use crate::survey::{EntryPoint, TypedField, Validator};
use crate::template::Text;
use crate::text::find_word;
use crate::tree::{file_name, join, parent};
use facts::{Wanted, default_name, facts, field};
use grown::grow;
use head::{Resolved, resolve};
use purpose::{OwnSpec, PURPOSE, listed_specs, own_texts, refuses_a_value};
use requests::{Request, Requests, requests};
use site::{CAUSES, Callee, RESPONSE, Site, is_called, site};
use stated::{Stated, Stub};
use texts::{Call, DoubleField, DoubleMethod, Function, FunctionTest, InterfaceMethod, Names};

/// The folder of the admitters of VMs and VMIs.
pub(super) const ADMITTERS: &str = "pkg/virt-api/webhooks/validating-webhook/admitters";
/// The types of what today's functions are given.
const VMI_SPEC: &str = "*\"kubevirt.io/api/core/v1\".VirtualMachineInstanceSpec";
const KUBEVIRT: &str = "*\"kubevirt.io/api/core/v1\".KubeVirtConfiguration";

#[derive(Debug)]
pub(super) struct Admission;

#[derive(Debug)]
struct Facts {
    wanted: Wanted,
    function: Function,
    declared: Declared,
    /// What the caller imports for it.
    import: ImportSpec,
    growth: Option<Growth>,
    /// Nothing if it has no spec.
    test: Option<FunctionTest>,
    suite: Option<Suite>,
    /// The texts of its own specs, which the task need not name.
    own_specs: Vec<String>,
    asks: bool,
}

/// An accessor that the interface which stands for the configuration lacks, and its double.
#[derive(Debug)]
struct Growth {
    interface: String,
    file: RepoPath,
    accessor: String,
    method: InterfaceMethod,
    double: Option<(String, RepoPath, DoubleField, DoubleMethod)>,
}

impl Kind for Admission {
    fn name(&self) -> &'static str {
        "admission"
    }

    fn role(&self) -> Role {
        Role::Implementation
    }

    fn row(&self) -> Row {
        Row {
            names: "an admitter",
            makes: "a validation function, its call, and its spec, which turns the gate off and on where a line asks for that",
        }
    }

    fn templates(&self) -> &'static [Text] {
        texts::TEMPLATES
    }

    fn claim(&self, task: &Candidate<'_, '_>, named: &Named<'_>) -> Option<Claimed> {
        let Named::File { place, .. } = named else { return None };
        let folder = parent(&place.path);
        if !place.path.ends_with(".go") || constant::is_alone(task.planned) {
            return None;
        }
        let named = requests::named(task.survey, folder, task.planned);
        if named.is_empty() && (struct_field::declares(task.planned) || struct_field::states(task.planned)) {
            return None;
        }
        if requests::is_caller_file(task.planned, &place.path) && requests::makes_admitter(task.planned) {
            return Some(Claimed::File);
        }
        let makes = |function: &GoFunction| function.head.as_ref().is_ok_and(|head| admitter::made_by(head).is_some());
        let validates = |function: &GoFunction| requests::validates(function) || makes(function);
        let own = match task.survey.entry_point(folder) {
            // What only helps is any other code.
            Some(_) => {
                named.is_empty() || !named.iter().all(|function| requests::is_helper(function) && !makes(function))
            }
            None => folder.starts_with("pkg/") && (named.iter().any(validates) || described::is_like(task.planned)),
        };
        own.then_some(Claimed::File)
    }

    /// "Check the delay": what a function does whose head is spelled out.
    fn refuses(&self, task: &Candidate<'_, '_>) -> Option<ManualReason> {
        self.refused(task).filter(|reason| !described::is_deed(reason, task.planned))
    }

    fn types(&self, planner: &Planner<'_, '_>, assigned: &Assigned) -> Vec<String> {
        let Some(place) = &assigned.place else { return Vec::new() };
        let functions = assigned.tasks.iter().flat_map(|&task| functions(planner.task(task)).0);
        let made = functions.filter_map(|function| {
            let mut head = function.head.ok()?;
            let name = admitter::made_by(&head)?.to_owned();
            // What it makes is not there yet.
            head.results.clear();
            resolve(planner, &place.path, &head).ok().map(|_| name)
        });
        made.collect()
    }

    fn plan(&self, planner: &mut Planner<'_, '_>, assigned: &Assigned) {
        let Some(place) = &assigned.place else { return };
        let Requests { mut functions, accessors, left } = requests(planner, place, &assigned.tasks);
        let helpers = requests::take_helpers(&mut functions);
        for (task, reason) in left {
            planner.manual(&[task], &reason);
        }
        for accessor in accessors {
            if let Err(refusal) = grow(planner, place, &accessor) {
                planner.diagnose(refusal);
            }
        }
        for request in functions {
            if let Err(refusal) = plan(planner, place, &request) {
                planner.diagnose(refusal);
            }
        }
        if helpers.is_empty() {
            return;
        }
        // What gives back no cause and no answer validates nothing: it is code like any other.
        let named = assigned.tasks.iter().flat_map(|&task| functions_of(planner.task(task)));
        let made: Vec<String> = named.filter(|name| !helpers.contains(name)).collect();
        Component::plan_functions(planner, assigned, &made);
        Constant::plan_constants(planner, assigned);
    }
}

/// The names of the functions that a task states.
fn functions_of(task: &PlannedTask) -> Vec<String> {
    functions(task).0.into_iter().map(|function| function.name).collect()
}

/// Plans one function.
fn plan(planner: &mut Planner<'_, '_>, place: &ResolvedPath, request: &Request) -> Result<(), Refusal> {
    let folder = parent(&place.path);
    if let Some((line, fault)) = request.named.as_ref().and_then(|function| Some((function.line, function.fault()?))) {
        leave(planner, &request.tasks, line, &fault);
        return Ok(());
    }
    let head = request.named.as_ref().and_then(|function| function.head.as_ref().ok());
    let head = head.filter(|head| !head.parameters.is_empty() || !head.results.is_empty() || head.receiver.is_some());
    if let Some(head) = head.filter(|head| admitter::made_by(head).is_some()) {
        // The type that it makes is not there yet.
        let mut given = head.clone();
        let made = std::mem::take(&mut given.results);
        return match resolve(planner, &place.path, &given) {
            Ok(mut resolved) => {
                let made: Vec<String> = made.into_iter().map(|result| result.ty.text).collect();
                resolved.signature = format!("{} {}", resolved.signature, made.join(", "));
                admitter::plan(planner, place, request, &resolved)
            }
            Err(why) => {
                unknown(planner, request, &why);
                Ok(())
            }
        };
    }
    let resolved = match head.map(|head| resolve(planner, &place.path, head)).transpose() {
        Ok(resolved) => resolved,
        Err(why) => {
            unknown(planner, request, &why);
            return Ok(());
        }
    };
    let span = planner.span(request.tasks[0]);
    let entry = planner.survey.entry_point(folder);
    let entry = entry.transpose().map_err(|diagnostic| diagnostic.at(&planner.file.source, span));
    let named_results = head.is_some_and(|head| head.results.iter().any(|result| !result.names.is_empty()));
    match (entry, resolved) {
        (Ok(Some(entry)), Some(resolved)) if !named_results && is_usual(planner, &entry, &resolved, folder) => {
            usual(planner, place, request, entry, Some(resolved))
        }
        (_, Some(resolved)) => exact(planner, place, request, resolved, named_results),
        (Ok(Some(entry)), None) => match unusual(planner, place, request, &entry) {
            Some(reason) => {
                planner.manual(&request.tasks, &reason);
                Ok(())
            }
            None => usual(planner, place, request, entry, None),
        },
        (Err(refusal), None) => Err(refusal),
        (Ok(None), None) => {
            planner
                .manual(&request.tasks, &ManualReason::NothingNew { file: place.path.to_string(), seams: Vec::new() });
            Ok(())
        }
    }
}

/// Leaves a function to people whose head does not say what is there.
fn unknown(planner: &mut Planner<'_, '_>, request: &Request, why: &str) {
    let function = request.named.as_ref().expect("a head is that of a function");
    let (line, name) = (function.line, &function.name);
    let fault = Fault { code: "signature-unknown", why: format!("`{name}` cannot be written as stated: {why}") };
    leave(planner, &request.tasks, line, &fault);
}

/// Whether a function is given what the folder's functions are given.
fn is_usual(planner: &Planner<'_, '_>, entry: &EntryPoint, resolved: &Resolved, folder: &str) -> bool {
    let callee = &resolved.callee;
    let given: Vec<&str> = callee.parameters.iter().map(|(_, ty)| ty.as_str()).collect();
    let named = callee.parameters.iter().all(|(name, _)| !name.is_empty() && name != "_");
    let usual = usual_types(planner, entry, folder);
    let is_callable = !entry.exported || callee.name.starts_with(char::is_uppercase);
    callee.receiver.is_none() && callee.results == [CAUSES] && named && given == usual && is_callable
}

/// The types of what the folder's functions are given.
fn usual_types(planner: &Planner<'_, '_>, entry: &EntryPoint, folder: &str) -> Vec<String> {
    let survey = planner.survey;
    let config = match &entry.validator {
        Validator::KubeVirt => return vec![KUBEVIRT.to_owned()],
        Validator::VmiSpec => format!("*\"{}\".ClusterConfig", join(survey.module(), "pkg/virt-config")),
        Validator::Interface { interface, .. } => format!("\"{}\".{interface}", survey.import_path(folder)),
    };
    vec![crate::survey::PATH.to_owned(), VMI_SPEC.to_owned(), config]
}

/// Why a function whose head no task states cannot be one of the folder's usual ones, if it cannot.
fn unusual(
    planner: &Planner<'_, '_>,
    place: &ResolvedPath,
    request: &Request,
    entry: &EntryPoint,
) -> Option<ManualReason> {
    let file = &place.path;
    let source = planner.survey.go(file).ok().flatten();
    let admits = source.as_ref().is_some_and(|source| {
        let mut decls = source.file.decls.iter().filter(|decl| decl.kind == DeclKind::Func);
        decls.any(|decl| decl.receiver.is_some() && decl.name() == "Admit")
    });
    let is_entry = **file == *entry.file;
    // The admitter of something else; or no admitter at all.
    let foreign = admits && !is_entry
        || matches!(file_name(file), "validating-webhook.go" | "utils.go")
        || parent(file) == "pkg/virt-operator/webhooks" && source.is_some() && !is_entry;
    match &request.named {
        Some(function) if foreign => {
            let why = format!(
                "the task states no parameters of {}, and {file} does not validate the spec of a VMI",
                function.name
            );
            Some(ManualReason::Unwritable { line: function.line, why })
        }
        Some(_) => None,
        None => {
            let understood = field(planner, entry, None, &request.tasks).is_some();
            let of_its_own = source.is_none() && !stem(file).words().iter().any(|word| word == "admitter");
            // What a former run made is there.
            let made = planner.survey.declares(parent(file), &default_name(planner, place, entry)).is_some();
            let known = made || !foreign && (understood || of_its_own);
            (!known).then(|| ManualReason::NothingNew { file: file.to_string(), seams: Vec::new() })
        }
    }
}

/// A function with the head that a task states.
fn exact(
    planner: &mut Planner<'_, '_>,
    place: &ResolvedPath,
    request: &Request,
    resolved: Resolved,
    named_results: bool,
) -> Result<(), Refusal> {
    let function = request.named.as_ref().expect("a head is that of a function");
    let test_file = RepoPath::known(place.path.replace(".go", "_test.go"));
    let folder = parent(&place.path);
    let taken = match &resolved.callee.receiver {
        Some(receiver) => planner.survey.declares_method(folder, receiver, &function.name),
        None => planner.survey.declares(folder, &function.name),
    };
    if let Some(other) = taken.filter(|other| join(folder, other) != *place.path) {
        let seams = vec![format!("{} in {}", function.name, join(folder, &other))];
        planner.manual(&request.tasks, &ManualReason::NothingNew { file: place.path.to_string(), seams });
        return Ok(());
    }
    planner.give(&function.name);
    let validates = resolved.callee.results.iter().any(|ty| ty == CAUSES || ty == RESPONSE || ty == "error");
    let site = called(planner, place, request, &resolved.callee, validates);
    let task = planner.task(request.tasks[0]);
    let purpose = described::purposes(task, &function.name);
    let said = (!function.said.first().is_empty()).then(|| function.said.first().to_owned());
    let stub = Stub {
        file: &place.path,
        test_file: &test_file,
        name: &function.name,
        resolved,
        named_results,
        while_off: planner.gate().and_then(|gate| task.while_off(function.said.first(), &gate.name)),
        purpose: said.into_iter().chain(purpose).collect(),
        task: task.id.clone(),
        groups: request.tested.iter().flat_map(|&task| SpecGroup::of(planner, task)).collect(),
        is_first: request.is_first,
        site,
    };
    let facts = Stated::new(planner, stub)?;
    note(planner, request, [&place.path, &test_file]);
    planner.push(facts, &tasks_of(request));
    Ok(())
}

/// The call that a task asks for, or that of the only place that makes sense. What is not done is said.
fn called(
    planner: &mut Planner<'_, '_>,
    place: &ResolvedPath,
    request: &Request,
    callee: &Callee,
    is_needed: bool,
) -> Option<Site> {
    let gets = !callee.parameters.is_empty() || callee.receiver.is_some() || request.call.is_some();
    let found = if gets {
        site(planner, &place.path, callee, request.call.as_ref())
    } else {
        Err("it is given nothing to validate".to_owned())
    };
    let others = if request.call.is_none() { spoken::other(planner, place, request) } else { Vec::new() };
    match found {
        Ok(site) if !others.is_empty() && !others.iter().any(|other| site.is_in(other)) => {
            let why = format!("how {} relates to it is not understood", others.join(", "));
            planner.manual(&request.tasks, &ManualReason::NotCalled { name: callee.name.clone(), why });
            None
        }
        Ok(site) => Some(site),
        Err(_) if is_called(planner, callee) => None,
        Err(_) if request.is_called_by_another => {
            let caller = request.call.as_ref().and_then(|call| call.caller.as_ref()).map(ToString::to_string);
            let why = format!("{}, which calls it, is to be written, too", caller.unwrap_or_default());
            planner.manual(&request.tasks, &ManualReason::NotCalled { name: callee.name.clone(), why });
            None
        }
        Err(why) if !others.is_empty() && !others.iter().any(|name| find_word(&why, name).is_some()) => {
            let why = spoken::by_hand(planner, place, &others);
            planner.manual(&request.tasks, &ManualReason::NotCalled { name: callee.name.clone(), why });
            None
        }
        Err(_) if !is_needed && request.call.is_none() => None,
        Err(why) => {
            let reason = ManualReason::NotCalled { name: callee.name.clone(), why };
            planner.manual(&request.tasks, &reason);
            None
        }
    }
}

/// Notes the lines that a function was read from.
fn note(planner: &mut Planner<'_, '_>, request: &Request, files: [&RepoPath; 2]) {
    let files = files.map(RepoPath::clone);
    planner.note_keys(request.tasks[0], PURPOSE, Use::Change, &files[..1]);
    let task = planner.task(request.tasks[0]);
    // A line that says who calls it is done or told with the call; any other one is not read.
    let is_call = |line: &&TaskLine| crate::demand::calls(&line.text, true).iter().any(|call| call.caller.is_some());
    let calls: Vec<usize> = task.lines_of(&[Key::Integration]).filter(is_call).map(|line| line.line).collect();
    let gated = planner.gate().map(|gate| task.gate_lines(&gate.name));
    let stated = request.named.as_ref().map(|function| described::lines(task, &function.name)).unwrap_or_default();
    let others = calls.into_iter().chain(stated).chain(requests::other_lines(task, request));
    for line in gated.into_iter().flatten().chain(others) {
        planner.note(request.tasks[0], line, Use::Change, &files[..1]);
    }
    for &task in &request.tested {
        planner.note_keys(task, &[Key::Test], Use::Change, &files[1..]);
    }
    if let Some(function) = &request.named {
        planner.note(request.tasks[0], function.line, Use::Change, &files[..1]);
    }
}

fn tasks_of(request: &Request) -> Vec<usize> {
    let mut tasks = request.tasks.clone();
    tasks.extend(request.tested.iter().filter(|task| !request.tasks.contains(task)));
    tasks
}

/// A function that is given what the folder's functions are given.
fn usual(
    planner: &mut Planner<'_, '_>,
    place: &ResolvedPath,
    request: &Request,
    entry: EntryPoint,
    resolved: Option<Resolved>,
) -> Result<(), Refusal> {
    let Some(facts) = facts(planner, place, request, entry, resolved)? else { return Ok(()) };
    note(planner, request, [&facts.wanted.file.clone(), &facts.wanted.test_file.clone()]);
    planner.push(facts, &tasks_of(request));
    Ok(())
}
