//! Other Go code: functions, constants and metrics that tasks ask for.

use super::functions::{Function, Signature, functions, signature, zero};
use super::path::{Placed, stem};
use super::unit::Builder;
use crate::go::{FuncName, ImportSpec};
use crate::name::{Name, lower_first};
use crate::survey::Receiver;
use crate::tree::{join, parent};

/// A Go file with stubs.
#[derive(Clone, Debug, Default)]
pub struct ComponentUnit {
    /// The file.
    pub file: String,
    /// The file is there already.
    pub exists: bool,
    /// Sets of constants.
    pub enumerations: Vec<Enumeration>,
    /// Metrics, and the list that holds them.
    pub metrics: Vec<Metric>,
    /// The name of that list.
    pub metrics_list: String,
    /// Where the list is registered, if a place for that was found.
    pub wiring: Option<MetricWiring>,
    /// Functions.
    pub stubs: Vec<Stub>,
    /// A domain configurator of virt-launcher.
    pub configurator: Option<Stub>,
}

impl ComponentUnit {
    /// Whether its code asks for the feature gate.
    pub fn uses_gate(&self) -> bool {
        self.stubs.iter().any(|stub| stub.guard.is_some())
    }
}

/// A type with constants: `Define HypervisorType constants (kvm, qemu-tcg)`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Enumeration {
    /// The task's ID.
    pub task: String,
    /// The type.
    pub name: String,
    /// The values, as strings.
    pub values: Vec<String>,
}

/// A metric of the operator-observability toolkit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Metric {
    /// The task's ID.
    pub task: String,
    /// Its name, `kubevirt_…`.
    pub name: String,
    /// What it measures.
    pub help: String,
    /// It only ever grows.
    pub is_counter: bool,
    /// Its labels.
    pub labels: Vec<String>,
}

/// A call that registers lists of metrics.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MetricWiring {
    /// The file.
    pub file: String,
    /// The function that makes the call.
    pub function: String,
    /// The variable that lists the lists, where the call is given one.
    pub list: Option<String>,
}

/// A function that does nothing yet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stub {
    /// The task's ID.
    pub task: String,
    /// The function.
    pub name: String,
    /// `(c *Controller) `, or nothing.
    pub receiver: String,
    /// From the opening parenthesis on.
    pub signature: String,
    /// The types that it gives back.
    pub results: Vec<String>,
    /// The sentence that says what it is for.
    pub doc: String,
    /// The condition under which it returns at once.
    pub guard: Option<String>,
    /// What remains to be done, in the task's words.
    pub steps: Vec<String>,
    /// Packages that the signature and the guard need.
    pub imports: Vec<ImportSpec>,
    /// Nothing calls it yet, and the linter would say so.
    pub unused: bool,
}

/// The code that tasks ask for in a file, or why there is none.
pub(super) fn unit(builder: &Builder<'_, '_>, place: &Placed, tasks: &[usize]) -> Result<ComponentUnit, String> {
    let mut maker = Maker { builder, place, folder: parent(&place.path), unit: ComponentUnit::default() };
    maker.unit.file.clone_from(&place.path);
    maker.unit.exists = place.exists;
    let mut seams: Vec<String> = Vec::new();
    for &task in tasks {
        maker.task(task, &mut seams);
    }
    let unit = maker.unit;
    let empty = unit.stubs.is_empty() && unit.enumerations.is_empty() && unit.metrics.is_empty() && unit.configurator.is_none();
    if !empty || builder.registers_metrics(&place.path) {
        return Ok(unit);
    }
    let seams = if seams.is_empty() { String::new() } else { format!(": see {}", seams.join(", ")) };
    Err(format!("{} exists and the task names no new function{seams}", place.path))
}

struct Maker<'a, 'b, 't> {
    builder: &'a Builder<'b, 't>,
    place: &'a Placed,
    folder: &'a str,
    unit: ComponentUnit,
}

impl Maker<'_, '_, '_> {
    fn task(&mut self, task: usize, seams: &mut Vec<String>) {
        let planned = &self.builder.plan.tasks[task];
        let (wanted, existing) = functions(planned);
        let enumeration = enumeration(planned);
        let metric = metric(planned).filter(|_| self.folder.starts_with("pkg/monitoring/metrics"));
        let found_something = enumeration.is_some() || metric.is_some() || !wanted.is_empty();
        self.unit.enumerations.extend(enumeration);
        if let Some(metric) = metric {
            self.unit.metrics.push(metric);
            self.wire_metrics();
        }
        for function in &wanted {
            let stub = self.named(planned, function);
            self.unit.stubs.push(stub);
        }
        if found_something {
            return;
        }
        if self.place.exists {
            seams.extend(self.seams(task, &existing));
        } else if self.folder.ends_with("virtwrap/converter/compute") && self.unit.configurator.is_none() {
            self.unit.configurator = Some(self.configurator(planned));
        } else {
            let stub = self.unnamed(planned);
            self.unit.stubs.push(stub);
        }
    }

    /// A function that the task names.
    fn named(&self, task: &super::PlannedTask, function: &Function) -> Stub {
        let declared = |name: &str| self.builder.survey.declares(self.folder, name).is_some();
        let known = signature(function, &declared);
        let predicate = ["has", "is", "can", "should", "supports", "needs", "requires"]
            .iter()
            .any(|verb| function.name.strip_prefix(verb).is_some_and(|rest| rest.starts_with(char::is_uppercase)));
        let default = if predicate { "bool" } else { "error" };
        let mut stub = Stub {
            task: task.id.clone(),
            receiver: String::new(),
            doc: doc(&function.name, &function.purpose, task),
            steps: steps(task, &function.name),
            unused: self.is_unused(&function.name),
            name: function.name.clone(),
            signature: format!("() {default}"),
            results: vec![default.to_owned()],
            guard: None,
            imports: Vec::new(),
        };
        match known {
            Some(Signature { text, imports, results }) => {
                stub.signature = text;
                stub.imports = imports;
                stub.results = results;
            }
            // What the task leaves open is ours to say; virt-launcher has nothing to ask for the gate.
            None if !self.folder.starts_with("pkg/virt-launcher") => {
                let receiver = self.builder.survey.config_receiver(self.folder);
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
    fn unnamed(&self, task: &super::PlannedTask) -> Stub {
        let detects = self.detects(task);
        let (verb, name) = self.verb_and_name(task, detects);
        let receiver = self.builder.survey.config_receiver(self.folder);
        let is_method = receiver.is_some();
        let exported = !is_method && self.builder.survey.package(self.folder).name != "main";
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
        let result_list = if detects { "(bool, error)" } else { "error" };
        Stub {
            task: task.id.clone(),
            receiver: receiver.map(|receiver| receiver.declaration()).unwrap_or_default(),
            signature: format!("({}) {result_list}", parameters.join(", ")),
            results,
            doc: doc(&name, "", task),
            steps: steps(task, &name),
            unused: self.is_unused(&name),
            name,
            guard,
            imports,
        }
    }

    /// `compute`'s shape: a value with `Configure`, in the list of configurators of the converter.
    fn configurator(&self, task: &super::PlannedTask) -> Stub {
        let name = format!("{}DomainConfigurator", stem(&self.place.path).pascal());
        Stub {
            task: task.id.clone(),
            doc: doc(&name, "", task),
            steps: steps(task, &name),
            name,
            receiver: String::new(),
            signature: String::new(),
            results: Vec::new(),
            guard: None,
            imports: Vec::new(),
            unused: false,
        }
    }

    fn detects(&self, task: &super::PlannedTask) -> bool {
        let mut texts = task.details(&["function", "task"]).chain([task.title.as_str()]);
        texts.any(|text| text.to_lowercase().contains("detect")) || self.place.path.contains("detect")
    }

    fn verb_and_name(&self, task: &super::PlannedTask, detects: bool) -> (&'static str, Name) {
        let words = stem(&self.place.path);
        // The second function of a file is called after its task.
        let words = if self.unit.stubs.is_empty() { words } else { Name::parse(&task.title) };
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
        let gate = self.builder.plan.feature.gate.as_ref()?;
        // virt-launcher cannot see the cluster's configuration, and staging modules are not ours.
        if self.folder.starts_with("pkg/virt-launcher") || self.folder.starts_with("staging/") {
            let is_launcher = self.folder.starts_with("pkg/virt-launcher");
            return is_launcher.then(|| ("!enabled".to_owned(), Some("enabled bool".to_owned()), None));
        }
        if let Some(receiver) = receiver {
            return Some((format!("!{}.{}.{}()", receiver.name, receiver.field, gate.accessor), None, None));
        }
        if !self.builder.survey.may_import_config(self.folder) {
            return None;
        }
        let import = ImportSpec::named("virtconfig", join(self.builder.survey.module(), "pkg/virt-config"));
        let parameter = "clusterConfig *virtconfig.ClusterConfig".to_owned();
        Some((format!("!clusterConfig.{}()", gate.accessor), Some(parameter), Some(import)))
    }

    /// Unexported and in a folder where the linter asks for a use.
    fn is_unused(&self, name: &str) -> bool {
        name.starts_with(char::is_lowercase) && self.builder.survey.is_linted(self.folder)
    }

    fn wire_metrics(&mut self) {
        let words = stem(&self.place.path);
        let words = words.without_suffix(&["metrics"]).without_suffix(&["metric"]);
        self.unit.metrics_list = format!("{}Metrics", words.camel());
        self.unit.wiring = self.builder.metric_wiring(self.folder);
    }

    /// Places in an existing file that the task speaks of.
    fn seams(&self, task: usize, existing: &[String]) -> Vec<String> {
        let mut seams = Vec::new();
        if let Some(source) = self.builder.survey.go(&self.place.path).ok().flatten() {
            for name in existing {
                let decl = source.file.decls.iter().find(|decl| decl.names.iter().any(|known| known.text == *name));
                let place = decl.map(|decl| source.source.line_column(decl.span.start).line);
                seams.extend(place.map(|line| format!("{name} at {}:{line}", self.place.path)));
            }
        }
        let task = &self.builder.file.tasks[self.builder.plan.tasks[task].index];
        let lines = task.paths.iter().filter_map(|path| path.lines);
        seams.extend(lines.map(|(first, last)| format!("lines {first} to {last}, as the task says")));
        seams
    }
}

/// A condition, a parameter and an import.
type Guard = (String, Option<String>, Option<ImportSpec>);

impl Builder<'_, '_> {
    /// The call that registers the metrics of a package.
    pub(super) fn metric_wiring(&self, folder: &str) -> Option<MetricWiring> {
        const CALLEE: &str = "operatormetrics.RegisterMetrics(";
        let function = "SetupMetrics";
        let file = join(folder, &self.survey.declares(folder, function)?);
        let source = self.survey.go(&file).ok().flatten()?;
        let FuncName { receiver, name } = FuncName { receiver: None, name: function };
        let body = source.file.method(receiver, name)?.span.of(source.source.text());
        let arguments = &body[body.find(CALLEE)? + CALLEE.len()..];
        let first = arguments.split(')').next()?.trim();
        let list = first.strip_suffix("...").map(str::to_owned);
        Some(MetricWiring { file, function: function.to_owned(), list })
    }

    /// Whether a file is edited to register metrics that another task of this plan defines.
    fn registers_metrics(&self, path: &str) -> bool {
        let folder = parent(path);
        let defines = |index: &usize| metric(&self.plan.tasks[*index]).is_some();
        let defined = self.assigned.files.iter().any(|file| {
            file.place.as_ref().is_some_and(|place| parent(&place.path) == folder) && file.tasks.iter().any(defines)
        });
        let here = self.assigned.files.iter().filter(|file| file.place.as_ref().is_some_and(|place| place.path == path));
        let asks = here.flat_map(|file| &file.tasks).any(|&task| {
            let task = &self.plan.tasks[task];
            let mut texts = task.details.iter().map(|(_, text)| text.as_str()).chain([task.title.as_str()]);
            texts.any(|text| text.to_lowercase().contains("metric") && text.to_lowercase().contains("regist"))
        });
        defined && asks && self.metric_wiring(folder).is_some_and(|wiring| wiring.file == path)
    }
}

/// The sentence above a function. Go wants it to begin with the name.
fn doc(name: &str, purpose: &str, task: &super::PlannedTask) -> String {
    let purpose = purpose.trim_end_matches('.');
    let first = purpose.split(' ').next().unwrap_or_default();
    if purpose.is_empty() {
        format!("{name} implements {}: {}.", task.id, lower_first(task.title.trim_end_matches('.')))
    } else if first.ends_with('s') && !first.ends_with("ss") {
        format!("{name} {}.", lower_first(purpose))
    } else {
        let link = if first == "for" { "is" } else { "is to" };
        format!("{name} {link} {}.", lower_first(purpose))
    }
}

/// What a task says about the work, where it is more than the function's name.
fn steps(task: &super::PlannedTask, function: &str) -> Vec<String> {
    let details = task.details(&["task", "function", "logic", "integration", "implementation"]);
    let says_more = |text: &&str| !text.contains(&format!("{function}(")) && !text.contains("()");
    details.filter(says_more).map(|text| text.replace('`', "")).collect()
}

/// `Define HypervisorType constants (kvm, qemu-tcg, unknown)`.
fn enumeration(task: &super::PlannedTask) -> Option<Enumeration> {
    task.details(&["task", "constants", "types", "type"]).find_map(|text| {
        let plain = text.replace('`', "");
        let (before, after) = plain.split_once(" constants")?;
        let name = before.rsplit(' ').next()?.to_owned();
        let values = after.trim_start_matches([':', ' ']).strip_prefix('(')?.split(')').next()?.to_owned();
        let values: Vec<String> = values.split(',').map(|value| value.trim().trim_matches('"').to_owned()).collect();
        let plain = |value: &String| !value.is_empty() && value.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
        let usable = crate::name::is_gate_name(&name) && values.iter().all(plain);
        usable.then(|| Enumeration { task: task.id.clone(), name, values })
    })
}

/// `Define kubevirt_vmi_info InfoVec metric`, with a `Labels:` line.
fn metric(task: &super::PlannedTask) -> Option<Metric> {
    let texts: Vec<&str> = task.details(&["task", "metric", "metrics"]).chain([task.title.as_str()]).collect();
    let is_name = |word: &&str| {
        word.starts_with("kubevirt_") && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    };
    let name = texts.iter().find_map(|text| text.split(['`', ' ', ',', '(', ')']).find(is_name).map(str::to_owned))?;
    let lower = texts.join(" ").to_lowercase();
    if lower.contains("histogram") || !["define", "add", "creat", "implement", "metric"].iter().any(|w| lower.contains(w)) {
        return None;
    }
    let labels = task.details(&["labels", "label"]).flat_map(|text| text.split(','));
    let labels = labels.map(|label| label.trim().trim_matches('`').to_owned()).filter(|label| !label.is_empty());
    let is_counter = name.ends_with("_total") || lower.contains("counter");
    let help = task.details(&["help", "description"]).next().map_or_else(|| help(&name), str::to_owned);
    Some(Metric { task: task.id.clone(), name, help, is_counter, labels: labels.collect() })
}

/// A metric's name as a sentence.
fn help(name: &str) -> String {
    let words = name.trim_start_matches("kubevirt_");
    let prose = |words: &str| Name::parse(words).title().split(' ').map(lower_first).collect::<Vec<_>>().join(" ");
    if let Some(subject) = words.strip_suffix("_info") {
        format!("Information about the {}.", prose(subject))
    } else if let Some(subject) = words.strip_suffix("_total") {
        format!("The total number of {}.", prose(subject))
    } else {
        format!("The {}.", prose(words))
    }
}

impl Stub {
    /// What it gives back when it does nothing: the error, if there is one, is `error`.
    pub fn values(&self, error: &str) -> Vec<String> {
        let value = |ty: &String| if ty == "error" { error.to_owned() } else { zero(ty) };
        self.results.iter().map(value).collect()
    }
}

#[cfg(test)]
#[path = "component_tests.rs"]
mod tests;
