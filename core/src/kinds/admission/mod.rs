//! Admission: a validation function, its call, and a spec that switches the gate off and on.

mod texts;

use super::api_field::{self, ApiField, Field};
use super::component::{Fault, Function as GoFunction, functions, leave};
use super::specs::{self, SpecGroup, Suite};
use crate::go::{FuncName, ImportSpec, Token, add_imports};
use crate::pending::{Declared, PendingFiles, Refusal, bug};
use crate::plan::{
    Assigned, Candidate, Claimed, Gate, Key, Kind, ManualReason, Named, Planner, ResolvedPath, Role, Row, Unit, Use,
    stem,
};
use crate::repo_path::RepoPath;
use crate::survey::{EntryPoint, Validator};
use crate::template::Text;
use crate::tree::parent;
use texts::{Call, DoubleField, DoubleMethod, Function, FunctionTest, InterfaceMethod};

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
        let own = place.path.ends_with(".go") && task.survey.entry_point(parent(&place.path)).is_some();
        own.then_some(Claimed::File)
    }

    fn plan(&self, planner: &mut Planner<'_, '_>, assigned: &Assigned) {
        let Some(place) = &assigned.place else { return };
        let (requests, left) = requests(planner, place, &assigned.tasks);
        for (task, reason) in left {
            planner.manual(&[task], &reason);
        }
        for request in requests {
            match facts(planner, place, &request) {
                Ok(None) => {}
                Ok(Some(facts)) => {
                    let files = [facts.wanted.file.clone(), facts.wanted.test_file.clone()];
                    planner.note_keys(request.tasks[0], PURPOSE, Use::Change, &files[..1]);
                    for &task in &request.tested {
                        planner.note_keys(task, &[Key::Test], Use::Change, &files[1..]);
                    }
                    if let Some(line) = facts.wanted.line {
                        planner.note(line.0, line.1, Use::Change, &files[..1]);
                    }
                    let mut tasks = request.tasks.clone();
                    tasks.extend(request.tested.iter().filter(|task| !request.tasks.contains(task)));
                    planner.push(facts, &tasks);
                }
                Err(refusal) => planner.diagnose(refusal),
            }
        }
    }
}

/// A validation function that tasks ask for.
struct Request {
    /// The tasks that ask for it.
    tasks: Vec<usize>,
    /// The function, where a task names it.
    named: Option<GoFunction>,
    /// The tasks whose `Test:` lines become specs beside it.
    tested: Vec<usize>,
    /// It is the first one of its file.
    is_first: bool,
}

/// The functions that tasks ask for in one file, in order, and what is left to people. The first task that names
/// none has the function of the feature.
fn requests(
    planner: &Planner<'_, '_>,
    place: &ResolvedPath,
    tasks: &[usize],
) -> (Vec<Request>, Vec<(usize, ManualReason)>) {
    let mut found: Vec<Request> = Vec::new();
    let mut left = Vec::new();
    let all: Vec<_> = tasks.iter().map(|&task| (task, functions(planner.task(task)).0)).collect();
    let mut first = all.iter().find(|(_, named)| !named.is_empty()).map(|(task, _)| *task);
    let has_specs = |task: &usize| planner.task(*task).details(&[Key::Test]).next().is_some();
    let mut unnamed: Vec<usize> = Vec::new();
    for (task, named) in all {
        if named.is_empty() {
            if let Some(first) = first {
                let (file, first) = (place.path.to_string(), planner.task(first).id.clone());
                left.push((task, ManualReason::NothingOfItsOwn { file, what: "function", first }));
                unnamed.extend(has_specs(&task).then_some(task));
                continue;
            }
            first = Some(task);
            let tested = has_specs(&task).then_some(task).into_iter().collect();
            found.push(Request { tasks: vec![task], named: None, tested, is_first: found.is_empty() });
            continue;
        }
        for (at, function) in named.into_iter().enumerate() {
            if let Some(known) =
                found.iter_mut().find(|known| known.named.as_ref().is_some_and(|known| known.name == function.name))
            {
                known.tasks.push(task);
                known.tested.extend((at == 0 && has_specs(&task)).then_some(task));
                continue;
            }
            let tested = (at == 0 && has_specs(&task)).then_some(task).into_iter().collect();
            found.push(Request { tasks: vec![task], named: Some(function), tested, is_first: found.is_empty() });
        }
    }
    if let Some(first) = found.first_mut() {
        first.tested.extend(unnamed);
    }
    (found, left)
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
    /// The line that names the function: the task and the line's number.
    line: Option<(usize, usize)>,
    /// It is the first one of its file.
    is_first: bool,
}

impl Wanted {
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
fn facts(planner: &mut Planner<'_, '_>, place: &ResolvedPath, request: &Request) -> Result<Option<Facts>, Refusal> {
    let survey = planner.survey;
    let folder = parent(&place.path);
    let entry = survey.entry_point(folder).expect("the kind has claimed it because of its entry point");
    let span = planner.span(request.tasks[0]);
    let entry = entry.map_err(|diagnostic| diagnostic.at(&planner.file.source, span))?;
    if let Some((line, fault)) = request.named.as_ref().and_then(|function| fault(function, &entry)) {
        leave(planner, &request.tasks, line, &fault);
        return Ok(None);
    }
    let wanted = wanted(planner, place, request, entry);
    planner.give(&wanted.function);
    let test_file = wanted.test_file.clone();
    for path in [&wanted.file, &test_file, &RepoPath::known(&*wanted.entry.file)] {
        planner.open(path)?;
    }
    let gate = planner.gate().cloned();
    let growth = match (&wanted.entry.validator, &gate) {
        (Validator::Interface { interface, file, double }, Some(gate)) => {
            Some(growth(planner, interface, file, double.as_ref(), gate)?)
        }
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

fn wanted(planner: &Planner<'_, '_>, place: &ResolvedPath, request: &Request, entry: EntryPoint) -> Wanted {
    let named = request.named.as_ref();
    let line = named.map(|function| (request.tasks[0], function.line));
    let said = named.map(|function| function.purpose.clone()).filter(|purpose| !purpose.is_empty());
    let function = named.map_or_else(|| default_name(planner, place, &entry), |function| function.name.clone());
    let task = planner.task(request.tasks[0]);
    let purpose = said.into_iter().chain(task.details(PURPOSE).map(str::to_owned)).collect();
    Wanted {
        file: place.path.clone(),
        test_file: RepoPath::known(place.path.replace(".go", "_test.go")),
        function,
        field: field(planner, &entry),
        entry,
        task: task.id.clone(),
        purpose,
        groups: request.tested.iter().map(|&task| SpecGroup::of(planner, task)).collect(),
        line,
        is_first: request.is_first,
    }
}

fn growth(
    planner: &mut Planner<'_, '_>,
    interface: &str,
    file: &str,
    double: Option<&(String, String)>,
    gate: &Gate,
) -> Result<Growth, Refusal> {
    let file = RepoPath::known(file);
    planner.open(&file)?;
    let double = match double {
        None => None,
        Some((double, file)) => {
            let file = RepoPath::known(&**file);
            planner.open(&file)?;
            let (field, method) = texts::double_members(double, gate);
            Some((double.clone(), file, field, method))
        }
    };
    let (interface, accessor) = (interface.to_owned(), gate.accessor.clone());
    Ok(Growth { interface, file, accessor, method: texts::interface_method(gate), double })
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
fn field(planner: &Planner<'_, '_>, entry: &EntryPoint) -> Option<Field> {
    let reaches = |field: &Field| match entry.validator {
        Validator::KubeVirt => field.struct_name == "KubeVirtConfiguration",
        _ => field.below_vmi_spec().is_some(),
    };
    let is_api = |kind: &dyn Kind| kind.name() == ApiField.name();
    let planned = planner.assigned.iter().filter(|file| is_api(file.kind));
    let fields = |place: &ResolvedPath, tasks: &[usize]| {
        api_field::fields(planner, place, tasks).into_iter().filter_map(|(_, field)| field.ok()).collect::<Vec<_>>()
    };
    let planned = planned.filter_map(|file| Some(fields(file.place.as_ref()?, &file.tasks)));
    let mut planned = planned.flatten();
    planned.find(reaches).or_else(|| {
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

impl Unit for Facts {
    fn files(&self) -> Vec<&RepoPath> {
        vec![&self.wanted.file, &self.wanted.test_file]
    }

    fn render(&self, pending: &mut PendingFiles<'_>) -> Result<(), Refusal> {
        pending.write_go(&self.wanted.file, &self.function, &self.declared)?;
        self.call(pending)?;
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
