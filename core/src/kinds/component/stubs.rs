//! The functions, constants and metrics that tasks ask for in a file.

use super::Wanted;
use super::functions::{Fault, Function, functions};
use super::metric::{self, Metric, metric};
use super::prose::{doc, enumeration, steps, texts};
use super::signature::{Known, Signature, signature, zero};
use crate::go::{DeclKind, ImportSpec};
use crate::name::{Name, is_free_name, is_go_identifier};
use crate::plan::{Key, ManualReason, PlannedTask, Planner, ResolvedPath, Use, stem};
use crate::survey::Receiver;
use crate::tree::{join, parent};

/// A function that does nothing yet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Stub {
    /// The task's ID.
    pub(super) task: String,
    /// The function.
    pub(super) name: String,
    /// `(c *Controller) `, or nothing.
    pub(super) receiver: String,
    /// From the opening parenthesis on.
    pub(super) signature: String,
    /// The types that it gives back.
    pub(super) results: Vec<String>,
    /// The sentence that says what it is for.
    pub(super) doc: String,
    /// The condition under which it returns at once.
    pub(super) guard: Option<String>,
    /// What remains to be done, in the task's words.
    pub(super) steps: Vec<String>,
    /// The lines of the tasks.md that say so.
    pub(super) lines: Vec<usize>,
    /// Packages that the signature and the guard need.
    pub(super) imports: Vec<ImportSpec>,
    /// Nothing calls it yet, and the linter would say so.
    pub(super) unused: bool,
}

/// The lines that a metric is read from.
const METRIC_KEYS: &[Key] = &[Key::Metric, Key::Labels, Key::Help, Key::Description, Key::Name, Key::Task];

/// What comes of the tasks about one file.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    /// The code, for the tasks that ask for some.
    pub(super) wanted: Wanted,
    /// Those tasks.
    pub(super) tasks: Vec<usize>,
    /// The other ones, and why nothing is made for them.
    pub(super) manual: Vec<(usize, ManualReason)>,
    /// Tasks with a line that no code can be made of: the line, and why.
    pub(super) faulty: Vec<(usize, usize, Fault)>,
    /// Lines that were used: task, number, and how.
    pub(super) used: Vec<(usize, usize, Use)>,
}

/// The code that tasks ask for in a file.
pub(super) fn outcome(planner: &Planner<'_, '_>, place: &ResolvedPath, tasks: &[usize]) -> Outcome {
    let folder = parent(&place.path);
    let mut maker = Maker { planner, place, folder, wanted: Wanted::default(), used: Vec::new() };
    let mut outcome = Outcome::default();
    for &task in tasks {
        if maker.metric(planner.task(task)).is_some() && planner.survey.operator_metrics(folder).is_none() {
            outcome.manual.push((task, ManualReason::NoMetrics));
            continue;
        }
        if let Some((line, fault)) = maker.fault(task) {
            outcome.faulty.push((task, line, fault));
            continue;
        }
        match maker.task(task) {
            Ok(()) => outcome.tasks.push(task),
            Err(seams) => {
                outcome.manual.push((task, ManualReason::NothingNew { file: place.path.to_string(), seams }));
            }
        }
    }
    outcome.wanted = maker.wanted;
    outcome.used = maker.used;
    outcome
}

struct Maker<'a, 'p, 't> {
    planner: &'a Planner<'p, 't>,
    place: &'a ResolvedPath,
    folder: &'a str,
    wanted: Wanted,
    used: Vec<(usize, usize, Use)>,
}

impl Maker<'_, '_, '_> {
    /// The metric that a task defines.
    fn metric(&self, planned: &PlannedTask) -> Option<Metric> {
        metric(planned).filter(|_| self.folder.starts_with("pkg/monitoring/metrics"))
    }

    /// The first line of a task that no code can be made of, and why.
    fn fault(&self, index: usize) -> Option<(usize, Fault)> {
        let planned = self.planner.task(index);
        if let Some(metric) = self.metric(planned) {
            let names = [metric.variable(), self.metrics_list()];
            let name = names.into_iter().find(|name| !is_free_name(name));
            return name.map(|name| (planned.line, Fault::reserved(&name)));
        }
        let (wanted, _) = functions(planned);
        let unsound = wanted.iter().find_map(|function| Some((function.line, function.fault()?)));
        unsound.or_else(|| {
            // A name that the file, or a neighbour, has for a package.
            let plain =
                wanted.iter().filter(|function| function.head.as_ref().is_ok_and(|head| head.receiver.is_none()));
            let taken =
                |name: &str| PACKAGES.contains(&name) || self.planner.survey.imported(self.folder, name).is_some();
            let function = plain.into_iter().find(|function| taken(&function.name))?;
            let why = format!("`{}` is the name of a package here", function.name);
            Some((function.line, Fault { code: "name-reserved", why }))
        })
    }

    /// Notes what a task asks for. In an existing file a task that names nothing new is left to
    /// people, who are told of the places that it speaks of.
    fn task(&mut self, index: usize) -> Result<(), Vec<String>> {
        let planned = self.planner.task(index);
        let (wanted, existing) = functions(planned);
        let enumeration = enumeration(planned);
        let metric = self.metric(planned);
        let defines_values = enumeration.is_some() || metric.is_some();
        self.use_lines(index, enumeration.iter().map(|enumeration| enumeration.line));
        self.wanted.enumerations.extend(enumeration);
        if let Some(metric) = metric {
            self.wanted.metrics.push((index, metric));
            self.wire_metrics();
            self.use_lines(index, planned.lines_of(METRIC_KEYS).map(|line| line.line));
        }
        let mut elsewhere = Vec::new();
        for function in &wanted {
            let stub = self.named(planned, function);
            if let Some(place) = self.elsewhere(&stub).or_else(|| self.asked_for(&stub)) {
                elsewhere.push(place);
            } else {
                self.use_lines(index, std::iter::once(function.line).chain(stub.lines.clone()));
                self.wanted.stubs.push(stub);
            }
        }
        if !elsewhere.is_empty() && elsewhere.len() == wanted.len() && !defines_values {
            return Err(elsewhere);
        }
        if defines_values || !wanted.is_empty() || metric::registers(self.planner, &self.place.path, planned) {
            return Ok(());
        }
        let stub = self.unnamed(planned);
        // In a file that a former run made, the stub is there.
        if self.place.exists && self.declared_in(&stub).is_none() {
            return Err(self.seams(planned, &existing));
        }
        if let Some(place) = self.elsewhere(&stub).or_else(|| self.asked_for(&stub)) {
            return Err(vec![place]);
        }
        self.use_lines(index, stub.lines.clone());
        self.wanted.stubs.push(stub);
        Ok(())
    }

    fn use_lines(&mut self, task: usize, lines: impl IntoIterator<Item = usize>) {
        self.used.extend(lines.into_iter().map(|line| (task, line, Use::Change)));
    }

    /// The other file of the package that has the function already.
    fn elsewhere(&self, stub: &Stub) -> Option<String> {
        let path = join(self.folder, &self.declared_in(stub)?);
        (*path != *self.place.path).then(|| format!("{} in {path}", stub.name))
    }

    /// The task that asks for the same function of this file.
    fn asked_for(&self, stub: &Stub) -> Option<String> {
        let same = |other: &&Stub| other.name == stub.name && other.receiver_type() == stub.receiver_type();
        self.wanted.stubs.iter().find(same).map(|other| format!("{}, which {} asks for", stub.name, other.task))
    }

    /// Whether the package declares a type.
    fn declares_type(&self, name: &str) -> bool {
        let Some(file) = self.planner.survey.declares(self.folder, name) else { return false };
        let source = self.planner.survey.go(&join(self.folder, &file)).ok().flatten();
        source.is_some_and(|go| go.file.declares(name).is_some_and(|decl| decl.kind == DeclKind::Type))
    }

    fn declared_in(&self, stub: &Stub) -> Option<String> {
        match stub.receiver_type() {
            Some(receiver) => self.planner.survey.declares_method(self.folder, receiver, &stub.name),
            None => self.planner.survey.declares(self.folder, &stub.name),
        }
    }

    /// A function that the task names.
    fn named(&self, task: &PlannedTask, function: &Function) -> Stub {
        let declared = |name: &str| self.declares_type(name);
        let imported = |name: &str| self.planner.survey.imported(self.folder, name);
        let head = function.head.as_ref().ok();
        let known = head.and_then(|head| signature(head, &Known { declared: &declared, imported: &imported }));
        let predicate = ["has", "is", "can", "should", "supports", "needs", "requires"]
            .iter()
            .any(|verb| function.name.strip_prefix(verb).is_some_and(|rest| rest.starts_with(char::is_uppercase)));
        let default = if predicate { "bool" } else { "error" };
        let work = steps(task, &function.name);
        let mut stub = Stub {
            task: task.id.clone(),
            receiver: String::new(),
            doc: doc(&function.name, &function.purpose, task),
            steps: texts(&work),
            lines: work.iter().map(|line| line.line).collect(),
            unused: self.is_unused(&function.name),
            name: function.name.clone(),
            signature: format!("() {default}"),
            results: vec![default.to_owned()],
            guard: None,
            imports: Vec::new(),
        };
        if let Some(head) = head.filter(|head| known.is_none() && !head.parameters.is_empty()) {
            let written = format!("{}{}", function.name, head.signature());
            stub.steps.push(format!("the task's signature names types that are not known here: {written}"));
        }
        if let Some(receiver) = head.and_then(|head| head.receiver.as_ref()) {
            let ty = &receiver.ty.text;
            let name = receiver.names.first().map(|name| format!("{name} ")).unwrap_or_default();
            let base = ty.strip_prefix('*').unwrap_or(ty);
            if is_go_identifier(base) && declared(base) {
                stub.receiver = format!("({name}{ty}) ");
            } else {
                stub.steps.push(format!("the task's receiver is not known here: {name}{ty}"));
            }
        }
        match known {
            Some(Signature { text, imports, results }) => {
                stub.signature = text;
                stub.imports = imports;
                stub.results = results;
            }
            // What the task leaves open is ours to say; virt-launcher has nothing to ask for the gate.
            None if !self.folder.starts_with("pkg/virt-launcher") && stub.receiver.is_empty() => {
                let receiver = self.planner.survey.config_receiver(self.folder);
                if let Some((guard, parameter, import)) = self.guard(receiver.as_ref()) {
                    stub.receiver = receiver.map(|receiver| receiver.declaration()).unwrap_or_default();
                    stub.signature = format!("({}) {default}", parameter.unwrap_or_default());
                    stub.imports.extend(import);
                    stub.guard = Some(guard);
                }
            }
            None => {}
        }
        stub
    }

    /// The function of a task that names none.
    fn unnamed(&self, task: &PlannedTask) -> Stub {
        let detects = self.detects(task);
        let (verb, name) = self.verb_and_name(task, detects);
        let receiver = self.planner.survey.config_receiver(self.folder);
        let is_method = receiver.is_some();
        let exported = !is_method && self.planner.survey.package_name(self.folder) != "main";
        let verb = if exported { Name::parse(verb).pascal() } else { verb.to_owned() };
        let name = format!("{verb}{}", name.pascal());
        let guarded = self.guard(receiver.as_ref());
        let mut parameters: Vec<String> = Vec::new();
        let mut imports = Vec::new();
        if !detects && self.handles_vmis() {
            parameters.push("vmi *v1.VirtualMachineInstance".to_owned());
            imports.push(ImportSpec::named("v1", "kubevirt.io/api/core/v1"));
        }
        let guard = guarded.map(|(guard, parameter, import)| {
            parameters.extend(parameter);
            imports.extend(import);
            guard
        });
        let results: Vec<String> = if detects { vec!["bool".into(), "error".into()] } else { vec!["error".into()] };
        let work = steps(task, &name);
        let result_list = if detects { "(bool, error)" } else { "error" };
        Stub {
            task: task.id.clone(),
            receiver: receiver.map(|receiver| receiver.declaration()).unwrap_or_default(),
            signature: format!("({}) {result_list}", parameters.join(", ")),
            results,
            doc: doc(&name, "", task),
            steps: texts(&work),
            lines: work.iter().map(|line| line.line).collect(),
            unused: self.is_unused(&name),
            name,
            guard,
            imports,
        }
    }

    fn detects(&self, task: &PlannedTask) -> bool {
        let mut texts = task.details(&[Key::Function, Key::Task]).chain([task.title.as_str()]);
        texts.any(|text| text.to_lowercase().contains("detect")) || self.place.path.contains("detect")
    }

    fn verb_and_name(&self, task: &PlannedTask, detects: bool) -> (&'static str, Name) {
        let words = stem(&self.place.path);
        // The second function of a file is called after its task.
        let words = if self.wanted.stubs.is_empty() { words } else { named_after(task) };
        if detects {
            return ("detect", words.without_suffix(&["detection"]).without_suffix(&["detector"]));
        }
        let verb = match self.folder {
            folder if folder.starts_with("pkg/virt-launcher") => "configure",
            folder if folder.starts_with("pkg/virt-operator") => "reconcile",
            folder if folder.starts_with("pkg/virt-api") => "handle",
            folder if folder.starts_with("pkg/virt-controller") || folder.starts_with("pkg/virt-handler") => "sync",
            _ => "apply",
        };
        (verb, words)
    }

    fn handles_vmis(&self) -> bool {
        let folders = ["pkg/virt-launcher", "pkg/virt-controller", "pkg/virt-handler", "pkg/network", "pkg/storage"];
        folders.iter().any(|folder| self.folder.starts_with(folder))
    }

    /// How a function asks whether the feature is on: the condition, and what it needs for that.
    fn guard(&self, receiver: Option<&Receiver>) -> Option<Guard> {
        let gate = self.planner.gate()?;
        // virt-launcher cannot see the cluster's configuration, and staging modules are not ours.
        if self.folder.starts_with("pkg/virt-launcher") || self.folder.starts_with("staging/") {
            let is_launcher = self.folder.starts_with("pkg/virt-launcher");
            return is_launcher.then(|| ("!enabled".to_owned(), Some("enabled bool".to_owned()), None));
        }
        if let Some(receiver) = receiver {
            return Some((format!("!{}.{}.{}()", receiver.name, receiver.field, gate.accessor), None, None));
        }
        // Helpers of tests see a cluster from outside.
        if self.folder.starts_with("tests/") || !self.planner.survey.may_import_config(self.folder) {
            return None;
        }
        let import = ImportSpec::named("virtconfig", join(self.planner.survey.module(), "pkg/virt-config"));
        let parameter = "clusterConfig *virtconfig.ClusterConfig".to_owned();
        Some((format!("!clusterConfig.{}()", gate.accessor), Some(parameter), Some(import)))
    }

    /// Unexported and in a folder where the linter asks for a use.
    fn is_unused(&self, name: &str) -> bool {
        name.starts_with(char::is_lowercase) && self.planner.survey.is_linted(self.folder)
    }

    fn wire_metrics(&mut self) {
        self.wanted.metrics_list = self.metrics_list();
        self.wanted.wiring = metric::wiring(self.planner.survey, self.folder);
    }

    /// The variable that lists the metrics of the file.
    fn metrics_list(&self) -> String {
        let words = stem(&self.place.path);
        let words = words.without_suffix(&["metrics"]).without_suffix(&["metric"]);
        format!("{}Metrics", words.camel())
    }

    /// Places in an existing file that the task speaks of.
    fn seams(&self, task: &PlannedTask, existing: &[String]) -> Vec<String> {
        let mut seams = Vec::new();
        if let Some(source) = self.planner.survey.go(&self.place.path).ok().flatten() {
            for name in existing {
                let decl = source.file.decls.iter().find(|decl| decl.names.iter().any(|known| known.text == *name));
                let place = decl.map(|decl| source.source.line_column(decl.span.start).line);
                seams.extend(place.map(|line| format!("{name} at {}:{line}", self.place.path)));
            }
        }
        let task = &self.planner.file.tasks[task.index];
        let lines = task.paths.iter().filter_map(|path| path.lines);
        seams.extend(lines.map(|(first, last)| format!("lines {first} to {last}, as the task says")));
        seams
    }
}

/// Packages that the files of stubs import.
const PACKAGES: &[&str] = &["errors", "v1", "virtconfig", "operatormetrics"];

/// The words of a task that can stand in a Go name; its ID, if there are none.
fn named_after(task: &PlannedTask) -> Name {
    let plain: String = task.subject.chars().map(|c| if c.is_ascii() { c } else { ' ' }).collect();
    let words = Name::parse(&plain);
    if words.is_empty() { Name::parse(&task.id) } else { words }
}

/// A condition, a parameter and an import.
type Guard = (String, Option<String>, Option<ImportSpec>);

impl Stub {
    /// The type of its receiver.
    pub(super) fn receiver_type(&self) -> Option<&str> {
        let declaration = self.receiver.trim_end_matches([')', ' ']);
        declaration.rsplit([' ', '*']).next().filter(|ty| !ty.is_empty())
    }

    /// What it gives back when it does nothing: the error, if there is one, is `error`.
    pub(super) fn values(&self, error: &str) -> Vec<String> {
        let value = |ty: &String| if ty == "error" { error.to_owned() } else { zero(ty) };
        self.results.iter().map(value).collect()
    }
}
