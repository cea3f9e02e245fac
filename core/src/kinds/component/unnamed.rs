//! What a new file gets where the task names no function, what a function asks the feature gate, and when one that is there
//! is another one.

use super::functions::Function;
use super::prose::{doc, steps, texts};
use super::shape;
use super::signature::Given;
use super::stub::Stub;
use super::stubs::Maker;
use crate::demand::{Piece, words};
use crate::go::{FunctionHead, ImportSpec};
use crate::kinds::struct_field;
use crate::name::Name;
use crate::plan::{Key, ManualReason, PlannedTask, stem};
use crate::survey::Receiver;
use crate::tree::join;

/// The words of a task that can stand in a Go name; its ID, if there are none.
fn named_after(task: &PlannedTask) -> Name {
    let plain: String = task.subject.chars().map(|c| if c.is_ascii() { c } else { ' ' }).collect();
    let words = Name::parse(&plain);
    if words.is_empty() { Name::parse(&task.id) } else { words }
}

/// A condition, a parameter and an import.
type Guard = (String, Option<String>, Option<ImportSpec>);

impl Maker<'_, '_, '_> {
    /// Whether the package has a declaration or a method of a name.
    pub(super) fn has(&self, name: &str) -> bool {
        shape::has(self.planner, self.folder, name)
    }

    /// Why a function that is there is not what a task states: its head is another one.
    pub(super) fn otherwise(&self, stub: &Stub, function: &Function) -> Option<ManualReason> {
        let stated = function.head.as_ref().ok()?;
        if stated.parameters.is_empty() && stated.results.is_empty() {
            return None;
        }
        let stated = FunctionHead::parse(&format!("f{}", stub.signature)).ok()?;
        let place = self.planner.survey.other_head(self.folder, stub.receiver_type(), &stub.name, &stated)?;
        let why = format!("{} already exists with another signature", stub.name);
        Some(ManualReason::Inexact { why, places: vec![place] })
    }

    /// The function of a task that names none.
    pub(super) fn unnamed(&self, task: &PlannedTask) -> Stub {
        let detects = self.detects(task);
        let (verb, name) = self.verb_and_name(task, detects);
        let receiver = self.planner.survey.config_receiver(self.folder);
        let is_method = receiver.is_some();
        let exported = !is_method && self.planner.survey.package_name(self.folder) != "main";
        let verb = if exported { Name::parse(verb).pascal() } else { verb.to_owned() };
        let name = format!("{verb}{}", name.pascal());
        let guarded = self.guard(receiver.as_ref()).filter(|_| !task.rejects_while_off(""));
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
        let results: &[&str] = if detects { &["bool", "error"] } else { &["error"] };
        let results = results.iter().map(|ty| Given::builtin(ty)).collect();
        let work = steps(task, &name, &|name| self.has(name));
        let result_list = if detects { "(bool, error)" } else { "error" };
        Stub {
            task: task.id.clone(),
            receiver: receiver.map(|receiver| receiver.declaration()).unwrap_or_default(),
            signature: format!("({}) {result_list}", parameters.join(", ")),
            results,
            doc: doc(&name, "", task),
            says: Vec::new(),
            steps: texts(&work),
            lines: work.iter().map(|line| line.line).collect(),
            unused: self.is_unused(&name),
            called: false,
            position: None,
            name,
            guard,
            imports,
        }
    }

    /// Why a skeleton of ours would say something else than a task which names no function: it states what is given or given
    /// back, speaks of more than one guest, or of a field or a type that is elsewhere in the package.
    pub(super) fn invented(&self, task: &PlannedTask) -> Option<ManualReason> {
        const STATES: &[&str] = &["returns", "returning", "return", "takes", "taking", "accepts", "accepting"];
        const MANY: &[&str] = &["every", "each", "all", "which", "whose", "several"];
        let by_hand = |why: String, places: Vec<String>| Some(ManualReason::Inexact { why, places });
        let file = &self.place.path;
        let lines = task.lines_of(&[Key::Task, Key::Logic, Key::Implementation, Key::Prose]);
        let lines = lines.map(|line| (line.line, line.text.as_str())).chain([(task.line, task.subject.as_str())]);
        for (line, text) in lines {
            let words = words(text);
            let names = words.iter().filter(|word| word.piece == Piece::Code).map(|word| word.text);
            let names = names.map(|name| name.trim_start_matches('*').trim_end_matches("()"));
            let places: Vec<String> = names.filter_map(|name| self.place_of(name)).collect();
            if !places.is_empty() {
                return by_hand(format!("line {line} names code of the package that is not in {file}"), places);
            }
            if struct_field::is_member(text) {
                return by_hand(format!("line {line} asks for a field, and {file} does not exist"), places);
            }
            if words.iter().any(|word| word.is(STATES)) {
                return by_hand(format!("line {line} says what a function takes or returns, and not its name"), places);
            }
            if self.handles_vmis() && !self.detects(task) && words.iter().any(|word| word.is(MANY)) {
                return by_hand(
                    format!("line {line} names no function, and what one would be given is not said"),
                    places,
                );
            }
        }
        None
    }

    /// Where the package declares a name.
    fn place_of(&self, name: &str) -> Option<String> {
        let survey = self.planner.survey;
        let ty = survey.type_source(self.folder, name).and_then(|source| {
            let line = source.source.line(source.file.declares(name)?.span.start);
            Some(format!("{name} at {}:{line}", source.path()))
        });
        ty.or_else(|| survey.funcs(self.folder, name).first().map(|func| format!("{name} at {}", func.place())))
    }

    pub(super) fn detects(&self, task: &PlannedTask) -> bool {
        let mut texts = task.details(&[Key::Function, Key::Task]).chain([task.title.as_str()]);
        texts.any(|text| text.to_lowercase().contains("detect")) || self.place.path.contains("detect")
    }

    pub(super) fn verb_and_name(&self, task: &PlannedTask, detects: bool) -> (&'static str, Name) {
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

    pub(super) fn handles_vmis(&self) -> bool {
        let folders = ["pkg/virt-launcher", "pkg/virt-controller", "pkg/virt-handler", "pkg/network", "pkg/storage"];
        folders.iter().any(|folder| self.folder.starts_with(folder))
    }

    /// How a function asks whether the feature is on: the condition, and what it needs for that.
    pub(super) fn guard(&self, receiver: Option<&Receiver>) -> Option<Guard> {
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
}
