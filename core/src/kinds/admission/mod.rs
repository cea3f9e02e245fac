//! Admission: a validation function, its call, and a spec that switches the gate off and on.

mod admitter;
mod head;
mod requests;
mod site;
mod stated;
mod texts;

use super::api_field::{self, ApiField, Field};
use super::component::{Fault, Function as GoFunction, leave};
use super::specs::{self, SpecGroup, Suite};
use crate::go::{DeclKind, FuncName, ImportSpec, Token, add_imports};
use crate::pending::{Declared, PendingFiles, Refusal, bug};
use crate::plan::{
    Assigned, Candidate, Claimed, Key, Kind, ManualReason, Named, PlannedTask, Planner, ResolvedPath, Role, Row, Unit,
    Use, stem,
};
use crate::repo_path::RepoPath;
use crate::survey::{EntryPoint, TypedField, Validator};
use crate::template::Text;
use crate::tree::{file_name, join, parent};
use head::{Resolved, resolve};
use requests::{Accessor, Request, Requests, requests};
use site::{CAUSES, Callee, RESPONSE, Site, site};
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
    test: FunctionTest,
    suite: Option<Suite>,
    /// The text of its own spec, which the task need not name.
    own_spec: String,
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

/// The lines that say what is to be validated.
const PURPOSE: &[Key] = &[Key::Task, Key::Logic, Key::Validation, Key::Integration];

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
            makes: "a validation function, its call, and a spec that switches the gate off and on",
        }
    }

    fn templates(&self) -> &'static [Text] {
        texts::TEMPLATES
    }

    fn claim(&self, task: &Candidate<'_, '_>, named: &Named<'_>) -> Option<Claimed> {
        let Named::File { place, .. } = named else { return None };
        let folder = parent(&place.path);
        if !place.path.ends_with(".go") {
            return None;
        }
        let named = requests::named(task.survey, folder, task.planned);
        let validates = |function: &GoFunction| {
            function.head.as_ref().is_ok_and(|head| {
                let mut results = head.results.iter();
                results.any(|result| {
                    result.ty.text.ends_with(".StatusCause") || result.ty.text.ends_with(".AdmissionResponse")
                })
            })
        };
        let states = |function: &GoFunction| {
            function.head.as_ref().is_ok_and(|head| {
                !head.results.is_empty() && head.results.iter().all(|result| result.ty.text != "error")
            })
        };
        if requests::is_caller_file(task.planned, &place.path) && requests::makes_admitter(task.planned) {
            return Some(Claimed::File);
        }
        let makes = |function: &GoFunction| function.head.as_ref().is_ok_and(|head| admitter::made_by(head).is_some());
        let validates = |function: &GoFunction| validates(function) || makes(function);
        let own = match task.survey.entry_point(folder) {
            // What only helps is any other code.
            Some(_) => named.is_empty() || !named.iter().all(|function| states(function) && !validates(function)),
            None => folder.starts_with("pkg/") && named.iter().any(validates),
        };
        own.then_some(Claimed::File)
    }

    fn plan(&self, planner: &mut Planner<'_, '_>, assigned: &Assigned) {
        let Some(place) = &assigned.place else { return };
        let Requests { functions, accessors, left } = requests(planner, place, &assigned.tasks);
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
    }
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
    callee.receiver.is_none() && callee.results == [CAUSES] && named && given == usual
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
    let purpose = purposes(task, site.is_some());
    let said = (!function.purpose.is_empty()).then(|| function.purpose.clone());
    let stub = Stub {
        file: &place.path,
        test_file: &test_file,
        name: &function.name,
        resolved,
        named_results,
        purpose: said.into_iter().chain(purpose).collect(),
        doc: String::new(),
        task: task.id.clone(),
        groups: request.tested.iter().map(|&task| SpecGroup::of(planner, task)).collect(),
        is_first: request.is_first,
        site,
    };
    let facts = Stated::new(planner, stub)?;
    note(planner, request, [&place.path, &test_file]);
    planner.push(facts, &tasks_of(request));
    Ok(())
}

/// What a task says that is to be validated; the lines that only say who calls it are done with the call.
fn purposes(task: &PlannedTask, is_called: bool) -> Vec<String> {
    let lines = task.lines_of(PURPOSE).filter(|line| !(is_called && requests::is_call(line)));
    lines.map(|line| line.text.clone()).collect()
}

/// The call that a task asks for, or that of the only place that makes sense. What is not done is said.
fn called(
    planner: &mut Planner<'_, '_>,
    place: &ResolvedPath,
    request: &Request,
    callee: &Callee,
    is_needed: bool,
) -> Option<Site> {
    match site(planner, &place.path, callee, request.call.as_ref()) {
        Ok(site) => Some(site),
        Err(_) if is_called(planner, callee) => None,
        Err(_) if request.is_called_by_another => {
            let caller = request.call.as_ref().and_then(|call| call.caller.as_ref()).map(ToString::to_string);
            let why = format!("{}, which calls it, is to be written, too", caller.unwrap_or_default());
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

/// Whether code of its package, or of the admitters', calls a function.
fn is_called(planner: &Planner<'_, '_>, callee: &Callee) -> bool {
    let survey = planner.survey;
    let calls = |text: &str| {
        let call = format!("{}(", callee.name);
        text.match_indices(&call).any(|(at, _)| {
            let before = &text[..at];
            let declares = before.ends_with("func ")
                || before.ends_with(") ") && before.lines().last().is_some_and(|line| line.starts_with("func ("));
            !declares && !before.ends_with(|c: char| c.is_alphanumeric() || c == '_')
        })
    };
    let mut folders = vec![callee.folder.as_str(), ADMITTERS];
    folders.dedup();
    folders.into_iter().any(|folder| {
        let files = survey.go_files(folder);
        let mut code = files.iter().filter(|file| !file.ends_with("_test.go"));
        code.any(|file| survey.text(&join(folder, file)).ok().flatten().is_some_and(|text| calls(&text)))
    })
}

/// Notes the lines that a function was read from.
fn note(planner: &mut Planner<'_, '_>, request: &Request, files: [&RepoPath; 2]) {
    let files = files.map(RepoPath::clone);
    planner.note_keys(request.tasks[0], PURPOSE, Use::Change, &files[..1]);
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

/// A method of an interface that stands for the cluster's configuration, and of its double.
#[derive(Debug)]
struct Grown(Growth);

impl Unit for Grown {
    fn files(&self) -> Vec<&RepoPath> {
        std::iter::once(&self.0.file).chain(self.0.double.as_ref().map(|(_, file, ..)| file)).collect()
    }

    fn render(&self, pending: &mut PendingFiles<'_>) -> Result<(), Refusal> {
        self.0.render(pending)
    }
}

fn grow(planner: &mut Planner<'_, '_>, place: &ResolvedPath, accessor: &Accessor) -> Result<(), Refusal> {
    if let Some(growth) = growth(planner, parent(&place.path), &accessor.interface, &accessor.method)? {
        let files: Vec<RepoPath> = vec![growth.file.clone()];
        planner.note(accessor.task, accessor.line, Use::Change, &files);
        planner.push(Grown(growth), &[accessor.task]);
    }
    Ok(())
}

/// A validation function, its call, and its test.
#[derive(Debug)]
struct Wanted {
    /// The file of the function.
    file: RepoPath,
    /// The file of its test.
    test_file: RepoPath,
    /// The function.
    function: String,
    /// Where it is called from.
    entry: EntryPoint,
    /// The field that it guards, if this plan or the checkout has one.
    field: Option<Field>,
    /// The task's ID.
    task: String,
    /// What the task says is to be validated.
    purpose: Vec<String>,
    /// Specs that the task names beyond the test of the gate.
    groups: Vec<SpecGroup>,
    /// It is the first one of its file.
    is_first: bool,
    /// What it is given, where a task states that.
    stated: Option<StatedHead>,
    /// Where it is called, where that is another place than usual.
    called: Called,
}

/// What a function is given, as a task states it.
#[derive(Debug)]
struct StatedHead {
    names: Names,
    parameters: String,
    imports: Vec<ImportSpec>,
}

/// Where a function is called.
#[derive(Debug)]
enum Called {
    /// Where the functions of its folder are.
    Usually,
    /// In another function.
    At(Site),
    /// Nowhere yet.
    Nowhere,
}

impl Wanted {
    /// What it calls what it is given.
    fn names(&self) -> Names {
        let usual = || Names { field: "field".into(), spec: "spec".into(), config: "config".into() };
        self.stated.as_ref().map_or_else(usual, |stated| stated.names.clone())
    }

    /// Whether what is validated can be set in a spec.
    fn sets_field(&self) -> bool {
        let Some(field) = &self.field else { return false };
        self.entry.validator == Validator::KubeVirt || field.below_vmi_spec().is_some()
    }

    /// The text of its own spec, which the task need not name.
    fn spec(&self, has_gate: bool) -> String {
        let text = match (has_gate, self.sets_field()) {
            (true, true) => "should accept the field only while the feature gate is enabled",
            (true, false) => "should validate only while the feature gate is enabled",
            (false, true) => "should accept a valid field",
            (false, false) => "should reject what is not valid",
        };
        if self.is_first { text.to_owned() } else { format!("{text} ({})", self.function) }
    }

    /// The function that calls it.
    fn caller(&self) -> FuncName<'_> {
        FuncName { receiver: self.entry.receiver.as_deref(), name: &self.entry.function }
    }
}

/// The facts of the validation function that tasks ask for.
fn facts(
    planner: &mut Planner<'_, '_>,
    place: &ResolvedPath,
    request: &Request,
    entry: EntryPoint,
    resolved: Option<Resolved>,
) -> Result<Option<Facts>, Refusal> {
    let survey = planner.survey;
    let folder = parent(&place.path);
    let is_elsewhere = request.call.as_ref().is_some_and(|call| !is_usual_call(call, &entry))
        || request.call.is_none() && is_among_others(planner, place, &entry);
    let entry_fault = request.named.as_ref().filter(|_| !is_elsewhere).and_then(|function| fault(function, &entry));
    if let Some((line, fault)) = entry_fault {
        leave(planner, &request.tasks, line, &fault);
        return Ok(None);
    }
    let mut wanted = wanted(planner, place, request, entry, resolved.as_ref());
    if is_elsewhere {
        let callee = resolved.map_or_else(|| usual_callee(planner, &wanted, folder), |resolved| resolved.callee);
        let at = called(planner, place, request, &callee, true);
        wanted.called = at.map_or(Called::Nowhere, Called::At);
    }
    planner.give(&wanted.function);
    let test_file = wanted.test_file.clone();
    let caller = match &wanted.called {
        Called::Usually => Some(RepoPath::known(&*wanted.entry.file)),
        Called::At(site) => Some(site.file.clone()),
        Called::Nowhere => None,
    };
    for path in [&wanted.file, &test_file].into_iter().chain(&caller) {
        planner.open(path)?;
    }
    let gate = planner.gate().cloned();
    let growth = match (&wanted.entry.validator, &gate) {
        (Validator::Interface { interface, .. }, Some(gate)) => growth(planner, folder, interface, &gate.accessor)?,
        _ => None,
    };
    Ok(Some(Facts {
        function: texts::function(planner, &wanted, gate.as_ref())?,
        declared: planner.declared(folder, [(None, wanted.function.as_str())])?,
        import: ImportSpec::plain(survey.import_path(folder)),
        growth,
        test: texts::test(planner, &wanted, gate.as_ref())?,
        suite: Suite::lacking(planner, folder)?,
        own_spec: wanted.spec(gate.is_some()),
        wanted,
    }))
}

/// Whether a task's caller is that of the folder's functions.
fn is_usual_call(call: &crate::demand::Call, entry: &EntryPoint) -> bool {
    use crate::demand::Place;
    let same = call.caller.as_ref().is_some_and(|caller| {
        caller.name == entry.function
            && match (&caller.qualifier, &entry.receiver) {
                (Some(qualifier), Some(receiver)) => qualifier == receiver,
                (Some(qualifier), None) => qualifier == "admitters",
                (None, Some(_)) => entry.function != "Admit",
                (None, None) => true,
            }
    });
    same && matches!(call.place, Place::Open | Place::End)
        && call.condition.as_ref().is_none_or(|condition| condition.contains("gate"))
        && call.file.as_ref().is_none_or(|file| entry.file.ends_with(file.as_str()))
}

/// Whether a file has an admitter of its own that is not the folder's usual caller.
fn is_among_others(planner: &Planner<'_, '_>, place: &ResolvedPath, entry: &EntryPoint) -> bool {
    let source = planner.survey.go(&place.path).ok().flatten();
    *place.path != *entry.file
        && source.is_some_and(|source| {
            let mut decls = source.file.decls.iter().filter(|decl| decl.kind == DeclKind::Func);
            decls.any(|decl| decl.receiver.is_some() && decl.name() == "Admit")
        })
}

/// A function that is given what the folder's functions are given, to be called.
fn usual_callee(planner: &Planner<'_, '_>, wanted: &Wanted, folder: &str) -> Callee {
    let types = usual_types(planner, &wanted.entry, folder);
    let names: &[&str] = if types.len() == 1 { &["config"] } else { &["field", "spec", "config"] };
    Callee {
        name: wanted.function.clone(),
        receiver: None,
        folder: folder.to_owned(),
        parameters: names.iter().map(|name| (*name).to_owned()).zip(types).collect(),
        results: vec![CAUSES.to_owned()],
    }
}

/// Why the validation function cannot be what tasks ask for: the line, and what is wrong.
fn fault(function: &GoFunction, entry: &EntryPoint) -> Option<(usize, Fault)> {
    let hidden = entry.exported && !function.name.starts_with(char::is_uppercase);
    let unexported = || {
        let why = format!("`{}` is called from another package, so its name begins with a capital", function.name);
        Fault { code: "name-reserved", why }
    };
    let fault = function.fault().or_else(|| hidden.then(unexported))?;
    Some((function.line, fault))
}

fn wanted(
    planner: &Planner<'_, '_>,
    place: &ResolvedPath,
    request: &Request,
    entry: EntryPoint,
    resolved: Option<&Resolved>,
) -> Wanted {
    let named = request.named.as_ref();
    let stated = resolved.map(|resolved| {
        let name = |at: usize| resolved.callee.parameters.get(at).map(|(name, _)| name.clone()).unwrap_or_default();
        let one = entry.validator == Validator::KubeVirt;
        let names = if one {
            Names { field: String::new(), spec: String::new(), config: name(0) }
        } else {
            Names { field: name(0), spec: name(1), config: name(2) }
        };
        StatedHead { names, parameters: resolved.parameters.clone(), imports: resolved.imports.clone() }
    });
    let said = named.map(|function| function.purpose.clone()).filter(|purpose| !purpose.is_empty());
    let function = named.map_or_else(|| default_name(planner, place, &entry), |function| function.name.clone());
    let task = planner.task(request.tasks[0]);
    let purpose = said.into_iter().chain(purposes(task, true)).collect();
    Wanted {
        file: place.path.clone(),
        test_file: RepoPath::known(place.path.replace(".go", "_test.go")),
        function,
        field: field(planner, &entry, named.map(|function| function.name.as_str()), &request.tasks),
        entry,
        task: task.id.clone(),
        purpose,
        groups: request.tested.iter().map(|&task| SpecGroup::of(planner, task)).collect(),
        is_first: request.is_first,
        stated,
        called: Called::Usually,
    }
}

/// A method that an interface of a folder gets, and its double in the tests.
fn growth(
    planner: &mut Planner<'_, '_>,
    folder: &str,
    interface: &str,
    accessor: &str,
) -> Result<Option<Growth>, Refusal> {
    let Some((file, double)) = planner.survey.interface_with_double(folder, interface)? else { return Ok(None) };
    let file = RepoPath::known(&*file);
    planner.open(&file)?;
    let double = match double {
        None => None,
        Some((double, file)) => {
            let file = RepoPath::known(&*file);
            planner.open(&file)?;
            let (field, method) = texts::double_members(&double, accessor);
            Some((double, file, field, method))
        }
    };
    let (interface, accessor) = (interface.to_owned(), accessor.to_owned());
    let method = texts::interface_method(&accessor);
    Ok(Some(Growth { interface, file, accessor, method, double }))
}

/// `validateGuestHeartbeat`; exported where another package calls it.
fn default_name(planner: &Planner<'_, '_>, place: &ResolvedPath, entry: &EntryPoint) -> String {
    let verb = if entry.exported { "Validate" } else { "validate" };
    let name = format!("{verb}{}", planner.identifier());
    if planner.has_given(&name) {
        let words = stem(&place.path).without_suffix(&["webhook"]).without_suffix(&["admitter"]);
        return format!("{verb}{}", words.pascal());
    }
    name
}

/// The API field of the feature: one that this plan adds, or one that a former run added.
fn field(planner: &Planner<'_, '_>, entry: &EntryPoint, name: Option<&str>, tasks: &[usize]) -> Option<Field> {
    // Of a type that does not tell whether it is set, nothing is known.
    let reaches = |field: &Field| {
        let below = match entry.validator {
            Validator::KubeVirt => field.struct_name == "KubeVirtConfiguration",
            _ => field.below_vmi_spec().is_some(),
        };
        below && field.unset("x").is_some()
    };
    let is_api = |kind: &dyn Kind| kind.name() == ApiField.name();
    let planned = planner.assigned.iter().filter(|file| is_api(file.kind));
    let fields = |place: &ResolvedPath, tasks: &[usize]| {
        api_field::fields(planner, place, tasks).into_iter().filter_map(|(_, field)| field.ok()).collect::<Vec<_>>()
    };
    let planned = planned.filter_map(|file| Some(fields(file.place.as_ref()?, &file.tasks)));
    let reached: Vec<Field> = planned.flatten().filter(reaches).collect();
    // Of several, or for a function with a name of its own, the names tell.
    let tells = |field: &&Field| {
        let word = field.name.to_lowercase();
        let by_name = name.is_some_and(|name| name.to_lowercase().contains(&word));
        let texts = tasks.iter().map(|&task| planner.task(task));
        let mut lines = texts.flat_map(|task| task.details.iter().map(|line| &line.text).chain([&task.title]));
        by_name || lines.any(|line| line.contains(&field.json) || line.contains(&field.name))
    };
    let own: Vec<&Field> = reached.iter().filter(tells).collect();
    let chosen = match (own.as_slice(), reached.as_slice()) {
        ([one], _) => Some((*one).clone()),
        ([], [one]) if name.is_none() || is_of_feature(planner, name) => Some(one.clone()),
        _ => None,
    };
    if !reached.is_empty() {
        return chosen;
    }
    chosen.or_else(|| {
        // Tasks that are not selected now may have been done before.
        let others = planner.claims.iter().enumerate().filter(|(index, _)| !planner.task(*index).selected);
        let places = others.flat_map(|(index, claims)| {
            let own = claims.iter().filter(|(kind, _)| is_api(*kind));
            own.filter_map(move |(_, place)| Some((index, place.as_ref()?)))
        });
        let named = places.flat_map(|(index, place)| fields(place, &[index]));
        let mut there = named.filter_map(|field| {
            let source = planner.survey.go(&field.file).ok().flatten()?;
            api_field::has_field(&source.target(), &field.struct_name, &field.name).map(|_| field)
        });
        there.find(reaches)
    })
}

/// The fields that this plan adds to structs of the API: the struct's type, and the field.
fn planned_fields(planner: &Planner<'_, '_>) -> Vec<(String, TypedField)> {
    let survey = planner.survey;
    let mut found = Vec::new();
    for file in planner.assigned.iter().filter(|file| file.kind.name() == ApiField.name()) {
        let Some(place) = &file.place else { continue };
        for field in api_field::fields(planner, place, &file.tasks).into_iter().filter_map(|(_, field)| field.ok()) {
            let folder = parent(&field.file);
            let Some(source) = survey.go(&field.file).ok().flatten() else { continue };
            let Some(ty) = survey.qualified(folder, &source.file, field.ty()) else { continue };
            let owner = format!("\"{}\".{}", survey.import_path(folder), field.struct_name);
            found.push((owner, TypedField { name: field.name, ty, json: Some(field.json) }));
        }
    }
    found
}

/// Whether a function is called after the feature.
fn is_of_feature(planner: &Planner<'_, '_>, name: Option<&str>) -> bool {
    name.is_some_and(|name| name.to_lowercase().ends_with(&planner.identifier().to_lowercase()))
}

impl Unit for Facts {
    fn files(&self) -> Vec<&RepoPath> {
        vec![&self.wanted.file, &self.wanted.test_file]
    }

    fn render(&self, pending: &mut PendingFiles<'_>) -> Result<(), Refusal> {
        pending.write_go(&self.wanted.file, &self.function, &self.declared)?;
        match &self.wanted.called {
            Called::Usually => self.call(pending)?,
            Called::At(site) => site.render(pending)?,
            Called::Nowhere => {}
        }
        if let Some(growth) = &self.growth {
            growth.render(pending)?;
        }
        pending.write_go(&self.wanted.test_file, &self.test, &Declared::default())?;
        Suite::render(self.suite.as_ref(), pending)
    }

    fn uses_gate(&self) -> bool {
        true
    }

    fn specs(&self, task: &str) -> Vec<(RepoPath, String)> {
        let file = &self.wanted.test_file;
        let own = (self.wanted.task == task).then(|| (file.clone(), self.own_spec.clone()));
        own.into_iter().chain(specs::expected(&self.wanted.groups, task, file)).collect()
    }
}

impl Facts {
    /// One more line in the entry point, and the import that it needs.
    fn call(&self, pending: &mut PendingFiles<'_>) -> Result<(), Refusal> {
        let entry = &self.wanted.entry;
        let name = &self.wanted.function;
        let (module, renderer) = (pending.module(), pending.renderer());
        let mut failed = None;
        pending.anchor_go(&RepoPath::known(&*entry.file), |target| {
            let caller = self.wanted.caller();
            let body = target.file.method(caller.receiver, caller.name).map(|decl| decl.span);
            let calls = |token: &Token| {
                body.is_some_and(|body| body.contains(token.span.start)) && token.span.of(target.text) == name
            };
            if target.file.tokens.iter().any(calls) {
                return Ok(Vec::new());
            }
            let known = target.file.import(&self.import.path);
            let package = known.map_or_else(|| self.import.name(), |known| known.name());
            let function = if entry.exported { format!("{package}.{name}") } else { name.clone() };
            let line = |causes: &str| {
                let call = Call { causes: causes.to_owned(), function, arguments: entry.arguments.join(", ") };
                renderer.render(&call).unwrap_or_else(|error| {
                    failed = Some(error);
                    String::new()
                })
            };
            let mut edits = vec![match entry.validator {
                Validator::KubeVirt => target.after_last_append(caller, line)?,
                _ => target.before_final_return(caller, line)?,
            }];
            if entry.exported && known.is_none() {
                edits.extend(add_imports(target.text, target.file, std::slice::from_ref(&self.import), module));
            }
            Ok(edits)
        })?;
        failed.map_or(Ok(()), |error| Err(bug("scaffolds", &error.to_string())))
    }
}

impl Growth {
    fn render(&self, pending: &mut PendingFiles<'_>) -> Result<(), Refusal> {
        let method = pending.render(&self.method)?;
        pending.anchor_go(&self.file, |target| {
            let declared = target.file.declares(&self.interface).map_or("", |decl| decl.span.of(target.text));
            let is_there = declared.contains(&format!("{}()", self.accessor));
            Ok(if is_there { Vec::new() } else { vec![target.append_member(&self.interface, &method)?] })
        })?;
        let Some((double, file, field, method)) = &self.double else { return Ok(()) };
        let member = pending.render(field)?;
        let method = pending.render(method)?;
        pending.anchor_go(file, |target| {
            if target.file.method(Some(double), &self.accessor).is_some() {
                return Ok(Vec::new());
            }
            Ok(vec![target.append_field(double, &member)?, target.append_declaration(&method)])
        })
    }
}
