//! A new admitter: its type, its constructor and `Admit`, in the shape of its neighbours.

use serde::Serialize;

use super::head::{Resolved, resolve};
use super::purpose::purposes;
use super::requests::Request;
use super::site::RESPONSE;
use super::stated::StatedTest;
use super::texts::COMMENT;
use super::{listed_specs, note, own_texts, tasks_of};
use crate::go::{FunctionHead, ImportSpec, comment_lines, import_declaration, string, wrapped_signature};
use crate::kinds::component::functions;
use crate::kinds::specs::{self, SpecGroup, Suite};
use crate::kinds::struct_field;
use crate::pending::{Declared, PendingFiles, Refusal};
use crate::plan::{Gate, Key, ManualReason, Planner, ResolvedPath, Unit, Use, WhileOff};
use crate::repo_path::RepoPath;
use crate::template::{Context, Template};
use crate::tree::{join, parent};

/// Where the handlers of the API server are registered.
const API: &str = "pkg/virt-api/api.go";
/// The functions that serve admitters.
const SERVE: &str = "pkg/virt-api/webhooks/validating-webhook/validating-webhook.go";
/// What virt-operator registers with the cluster.
const REGISTERED: &str = "pkg/virt-operator/resource/generate/components/webhooks.go";

/// The package of reviews and responses.
const ADMISSION: &str = "k8s.io/api/admission/v1";

/// The files that admitters are registered in.
pub(super) const REGISTRATION: &[&str] = &[API, SERVE, REGISTERED];

#[derive(Serialize, Context, Template, Debug)]
#[template("scaffolds/admission/new/__admitter__/__file__.go.hbs")]
pub(super) struct AdmitterText {
    header: String,
    package: String,
    imports: String,
    doc: Vec<String>,
    name: String,
    /// The fields of the type, and what the constructor gives them.
    fields: Vec<String>,
    values: Vec<String>,
    constructor: String,
    signature: String,
    /// `Admit`: what it calls its admitter and what it is given, and the package of that.
    receiver: String,
    admit: String,
    review: String,
    admission: String,
    /// What it is for: the group and the resource.
    group: String,
    resource: Option<String>,
    /// The condition under which the gate is off.
    off: Option<String>,
    constant: String,
    steps: Vec<String>,
}

#[derive(Debug)]
struct Admitter {
    file: RepoPath,
    test_file: RepoPath,
    text: AdmitterText,
    declared: Declared,
    test: Option<StatedTest>,
    suite: Option<Suite>,
    own_specs: Vec<String>,
    groups: Vec<SpecGroup>,
    task: String,
}

/// The type that a constructor makes, if it is an admitter's.
pub(super) fn made_by(head: &FunctionHead) -> Option<&str> {
    let name = head.name.strip_prefix("New")?;
    let makes = matches!(head.results.as_slice(), [one] if one.ty.text.strip_prefix('*') == Some(name));
    (makes && name.ends_with("Admitter") && head.receiver.is_none()).then_some(name)
}

/// `Admit` as a task states it, or as the neighbours have it.
struct Admit {
    /// The line that states it.
    line: Option<usize>,
    receiver: String,
    /// From the opening parenthesis on.
    signature: String,
    review: String,
    imports: Vec<ImportSpec>,
}

impl Admit {
    /// As tasks state it; otherwise the line that does so, and why it cannot be written.
    fn new(planner: &Planner<'_, '_>, file: &RepoPath, request: &Request, name: &str) -> Result<Self, (usize, String)> {
        const PASSING: &str = "pkg/util/webhooks/validating-webhooks";
        const GIVEN: [&str; 2] = ["\"context\".Context", "*\"k8s.io/api/admission/v1\".AdmissionReview"];
        if !planner.survey.exists(PASSING) {
            let line = request.named.as_ref().map_or_else(|| planner.task(request.tasks[0]).line, |named| named.line);
            return Err((line, format!("{PASSING}, whose response an admitter returns, is not in this checkout")));
        }
        let stated = request.tasks.iter().flat_map(|&task| functions(planner.task(task)).0);
        let stated = stated.filter_map(|function| Some((function.line, function.head.ok()?)));
        let mut stated = stated.filter(|(_, head)| {
            let receiver = head.receiver.as_ref().map(|one| one.ty.text.trim_start_matches('*'));
            head.name == "Admit" && receiver.is_none_or(|ty| ty == name)
        });
        let Some((line, mut head)) = stated.find(|(_, head)| !head.parameters.is_empty() || !head.results.is_empty())
        else {
            return Ok(Self::customary());
        };
        let receiver = head.receiver.take().and_then(|one| one.names.into_iter().next());
        let receiver = receiver.unwrap_or_else(|| "admitter".to_owned());
        let resolved = resolve(planner, file, &head)
            .map_err(|why| (line, format!("`Admit` cannot be written as stated: {why}")))?;
        let given: Vec<&str> = resolved.callee.parameters.iter().map(|(_, ty)| ty.as_str()).collect();
        if given != GIVEN || resolved.callee.results != [RESPONSE] {
            let why = "`Admit` of an admitter takes a context and a review, and returns a response".to_owned();
            return Err((line, why));
        }
        let names: Vec<&str> = resolved.callee.parameters.iter().map(|(name, _)| name.as_str()).collect();
        let packages = ["fmt", "webhookutils", "validating_webhooks"];
        let hides = |name: &&str| packages.contains(name) || resolved.imports.iter().any(|spec| spec.name() == *name);
        if ["", "_"].contains(&names[1]) || receiver == "_" || names.iter().chain([&receiver.as_str()]).any(hides) {
            let why = "the parameters of `Admit` have no names that its body could use".to_owned();
            return Err((line, why));
        }
        let review = names[1].to_owned();
        Ok(Self { line: Some(line), receiver, review, signature: resolved.signature, imports: resolved.imports })
    }

    fn customary() -> Self {
        Self {
            line: None,
            receiver: "admitter".to_owned(),
            signature: "(_ context.Context, ar *admissionv1.AdmissionReview) *admissionv1.AdmissionResponse".to_owned(),
            review: "ar".to_owned(),
            imports: Vec::new(),
        }
    }
}

/// Plans the admitter that a constructor makes.
pub(super) fn plan(
    planner: &mut Planner<'_, '_>,
    place: &ResolvedPath,
    request: &Request,
    resolved: &Resolved,
) -> Result<(), Refusal> {
    let survey = planner.survey;
    let folder = parent(&place.path);
    let function = request.named.as_ref().expect("an admitter has a constructor");
    let name = resolved.callee.name.trim_start_matches("New").to_owned();
    if let Some(reason) = elsewhere(planner, place, &name) {
        planner.manual(&request.tasks, &reason);
        return Ok(());
    }
    let admit = match Admit::new(planner, &place.path, request, &name) {
        Ok(admit) => admit,
        Err((line, why)) => {
            planner.manual(&request.tasks, &ManualReason::Unwritable { line, why });
            return Ok(());
        }
    };
    let stated = admit.line;
    let test_file = RepoPath::known(place.path.replace(".go", "_test.go"));
    planner.open(&place.path)?;
    // A kind that belongs to a gate is not created while the gate is off, as its neighbours have it, unless a line says
    // otherwise.
    let rejects = |gate: &&Gate| {
        let mut tasks = request.tasks.iter().map(|&task| planner.task(task));
        tasks.all(|task| task.while_off(function.said.first(), &gate.name) != Some(WhileOff::Skips))
    };
    let gate = planner.gate().filter(rejects).cloned();
    let gates = gate.as_ref().map(|_| survey.gates()).transpose()?;
    let config = resolved.callee.parameters.iter().find(|(_, ty)| ty.ends_with("\".ClusterConfig"));
    let constructor = FunctionHead::parse(&format!("x({})", resolved.parameters));
    let parameters = constructor.map(|head| head.parameters).unwrap_or_default();
    let given = struct_field::held(planner, &place.path, &name, &parameters);
    let off = config.zip(gate.as_ref()).and_then(|((name, _), gate)| {
        let (_, field, _) = given.iter().find(|(parameter, ..)| parameter == name)?;
        Some(format!("!{}.{field}.{}()", admit.receiver, gate.accessor))
    });
    let constant = gates.as_ref().zip(gate.as_ref()).map(|(gates, gate)| gates.qualified(&gate.identifier));
    let resource = resource(planner, request);
    let mut unique = imports(planner, (resolved, &admit), resource.is_some() || off.is_some());
    if let Some(gates) = gates.filter(|_| off.is_some()) {
        unique.push(gates.import(survey));
    }
    unique.extend(resource.as_ref().and_then(|(_, _, import)| import.clone()));
    let width = given.iter().map(|(_, field, _)| field.len()).max().unwrap_or(0);
    let admission =
        unique.iter().find(|spec| spec.path == ADMISSION).map_or("admissionv1", ImportSpec::name).to_owned();
    let id = planner.task(request.tasks[0]).id.clone();
    let steps = steps(planner, request, &name, resource.is_some());
    let signature = wrapped_signature(function.name.len(), &resolved.signature);
    let groups: Vec<SpecGroup> = request.tested.iter().flat_map(|&task| SpecGroup::of(planner, task)).collect();
    let purpose = purposes(planner.task(request.tasks[0]), &[&function.name, "Admit"]);
    let (has_specs, has_gates) = listed_specs(planner, &test_file);
    let of = (&*name, request.is_first);
    let own_specs = match &off {
        Some(_) => own_texts(&[], Some("should admit only while the feature gate is enabled"), of, has_gates),
        None => own_texts(&purpose, None, of, has_specs || !groups.is_empty()),
    };
    let test = StatedTest::new(planner, &test_file, &name, &own_specs, &id, &groups)?;
    if test.is_some() {
        planner.open(&test_file)?;
    }
    let names = [(None, name.as_str()), (None, function.name.as_str()), (Some(name.as_str()), "Admit")];
    let facts = Admitter {
        declared: planner.declared(folder, names)?,
        suite: if test.is_some() { Suite::lacking(planner, folder)? } else { None },
        test,
        text: AdmitterText {
            header: survey.header().to_owned(),
            package: survey.package_name(folder),
            imports: import_declaration(&unique, survey.module()),
            doc: doc(planner, &name),
            fields: given.iter().map(|(_, field, ty)| format!("{field:width$} {ty}")).collect(),
            values: given
                .iter()
                .map(|(name, field, _)| format!("{:1$} {name}", format!("{field}:"), width + 1))
                .collect(),
            constructor: function.name.clone(),
            signature,
            receiver: admit.receiver,
            admit: admit.signature,
            review: admit.review,
            admission,
            group: resource.as_ref().map(|(group, ..)| group.clone()).unwrap_or_default(),
            resource: resource.map(|(_, resource, _)| string(&resource)),
            constant: constant.filter(|_| off.is_some()).unwrap_or_default(),
            off,
            steps,
            name: name.clone(),
        },
        file: place.path.clone(),
        test_file: test_file.clone(),
        own_specs,
        groups,
        task: id,
    };
    note(planner, request, [&place.path, &test_file]);
    if let Some(line) = stated {
        planner.note(request.tasks[0], line, Use::Change, std::slice::from_ref(&place.path));
    }
    planner.push(facts, &tasks_of(request));
    register(planner, request, &function.name, &name);
    Ok(())
}

/// The comment of an admitter, if the feature has a name.
fn doc(planner: &Planner<'_, '_>, name: &str) -> Vec<String> {
    let feature = planner.feature().in_words();
    feature.map(|of| comment_lines(&format!("{name} validates the use of {of}"), COMMENT)).unwrap_or_default()
}

/// Another file of the package that declares the admitter.
fn elsewhere(planner: &Planner<'_, '_>, place: &ResolvedPath, name: &str) -> Option<ManualReason> {
    let folder = parent(&place.path);
    let file = planner.survey.declares(folder, name).filter(|file| join(folder, file) != *place.path)?;
    let seams = vec![format!("{name} in {}", join(folder, &file))];
    Some(ManualReason::NothingNew { file: place.path.to_string(), seams })
}

/// What an admitter imports: what its constructor is given, and what `Admit` needs.
fn imports(planner: &Planner<'_, '_>, (resolved, admit): (&Resolved, &Admit), refuses: bool) -> Vec<ImportSpec> {
    let util = join(planner.survey.module(), "pkg/util/webhooks");
    let mut own = admit.imports.clone();
    if own.is_empty() {
        own = vec![ImportSpec::plain("context"), ImportSpec::named("admissionv1", ADMISSION)];
    }
    own.push(ImportSpec::named("validating_webhooks", join(&util, "validating-webhooks")));
    if refuses {
        own.push(ImportSpec::plain("fmt"));
        own.push(ImportSpec::named("webhookutils", util));
    }
    let given = resolved.imports.iter().filter(|spec| own.iter().all(|known| known.path != spec.path)).cloned();
    let given: Vec<ImportSpec> = given.collect();
    own.extend(given);
    own
}

/// What remains to be done in `Admit`.
fn steps(planner: &Planner<'_, '_>, request: &Request, name: &str, refuses: bool) -> Vec<String> {
    let task = planner.task(request.tasks[0]);
    let own = request.named.as_ref().map_or(name, |function| &function.name);
    let said = purposes(task, &[own, "Admit"]);
    let mut steps = if said.is_empty() { vec![format!("{name} is not implemented")] } else { said };
    if !refuses {
        steps.insert(0, "refuse any other resource, as the neighbours do".to_owned());
    }
    steps.iter().flat_map(|step| comment_lines(&format!("{}: {step}", task.id), COMMENT)).collect()
}

/// Leaves to people what serves an admitter, with the places.
fn register(planner: &mut Planner<'_, '_>, request: &Request, constructor: &str, name: &str) {
    let survey = planner.survey;
    let served = [SERVE, API].iter().all(|file| {
        let text = survey.text(file).ok().flatten();
        let mark = if *file == SERVE { constructor.to_owned() } else { serve_name(name) };
        text.is_some_and(|text| text.contains(&mark))
    });
    if !served {
        let line = |file: &str, name: &str| {
            let source = survey.go(file).ok().flatten();
            let decl = source.as_ref().and_then(|source| {
                let mut decls = source.file.decls.iter();
                decls.find(|decl| decl.name() == name).map(|decl| source.source.line(decl.span.start))
            });
            decl.map_or_else(|| file.to_owned(), |line| format!("{file}:{line}"))
        };
        let handlers = line(API, "registerValidatingWebhooks");
        let registered = line(REGISTERED, "NewVirtAPIValidatingWebhookConfiguration");
        let why = format!(
            "serve it in {SERVE}, give its path a handler at {handlers}, and register the path at {registered}, as the neighbours do"
        );
        planner.manual(&request.tasks, &ManualReason::NotCalled { name: constructor.to_owned(), why });
        // So is the line that asks for it.
        for &task in &request.tasks {
            let lines = planner.task(task).lines_of(&[Key::Integration]);
            let asking: Vec<usize> =
                lines.filter(|line| line.text.contains("-validate")).map(|line| line.line).collect();
            for line in asking {
                planner.note(task, line, Use::Ignored, &[]);
            }
        }
    }
}

/// `ServeVMBackups` of `VMBackupAdmitter`.
fn serve_name(admitter: &str) -> String {
    format!("Serve{}", admitter.trim_end_matches("Admitter"))
}

/// The group and the resource that an admitter is for, as Go, if tasks tell both: the resource as its path, the group as
/// that of the only API package which has such a kind.
fn resource(planner: &Planner<'_, '_>, request: &Request) -> Option<(String, String, Option<ImportSpec>)> {
    const APIS: &str = "staging/src/kubevirt.io/api";
    let survey = planner.survey;
    let texts = request.tasks.iter().map(|&task| planner.task(task));
    let mut lines =
        texts.flat_map(|task| task.details.iter().map(|line| line.text.as_str()).chain([task.title.as_str()]));
    let resource = lines.find_map(|line| {
        let mut words = line.split(|c: char| !(c.is_ascii_alphanumeric() || c == '/' || c == '-'));
        let path = words.find_map(|word| word.strip_prefix('/')?.strip_suffix("-validate"))?;
        path.chars().all(|c| c.is_ascii_lowercase()).then(|| path.to_owned())
    })?;
    let is_kind = |name: &str| format!("{}s", name.to_lowercase()) == resource;
    // An API package of the checkout that declares the kind.
    let mut found = Vec::new();
    for group in &survey.tree().list(APIS) {
        for version in survey.tree().list(&join(APIS, group)).iter().filter(|version| version.starts_with('v')) {
            let folder = join(&join(APIS, group), version);
            let declares = |file: &&String| {
                let source = survey.go(&join(&folder, file)).ok().flatten();
                source.is_some_and(|source| source.file.decls.iter().any(|decl| is_kind(decl.name())))
            };
            let file = survey.go_files(&folder).iter().filter(|file| *file == "types.go").cloned().collect::<Vec<_>>();
            if file.iter().any(|file| declares(&file)) && survey.declares(&folder, "SchemeGroupVersion").is_some() {
                found.push((group.clone(), folder));
            }
        }
    }
    if let [(group, folder)] = found.as_slice() {
        let alias = format!("{group}v1");
        let import = survey.imported(parent(API), &alias).filter(|known| known.path == survey.import_path(folder));
        let import = import.unwrap_or_else(|| ImportSpec::named(&alias, survey.import_path(folder)));
        return Some((format!("{}.SchemeGroupVersion.Group", import.name()), resource, Some(import)));
    }
    // One that tasks add, whose group they spell out.
    let words = |text: &str| -> Vec<String> {
        let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '.' || c == '-'));
        words.map(|word| word.trim_matches('.').to_owned()).collect()
    };
    let mut groups: Vec<String> = Vec::new();
    let mut has_kind = false;
    for (index, claims) in planner.claims.iter().enumerate() {
        let task = planner.task(index);
        let folders: Vec<&str> =
            claims.iter().filter_map(|(_, place)| place.as_ref()).map(|place| parent(&place.path)).collect();
        if !folders.iter().any(|folder| folder.starts_with(APIS)) {
            continue;
        }
        for text in task.details.iter().map(|line| line.text.as_str()).chain([task.title.as_str()]) {
            for word in words(text) {
                has_kind |= is_kind(&word);
                let group = word.strip_suffix(".kubevirt.io").filter(|group| !group.contains('.'));
                let own =
                    group.is_some_and(|group| folders.iter().any(|folder| folder.split('/').any(|part| part == group)));
                if own && !groups.contains(&word) {
                    groups.push(word);
                }
            }
        }
    }
    match groups.as_slice() {
        [one] if has_kind => Some((string(one), resource, None)),
        _ => None,
    }
}

impl Unit for Admitter {
    fn files(&self) -> Vec<&RepoPath> {
        std::iter::once(&self.file).chain(self.test.as_ref().map(|_| &self.test_file)).collect()
    }

    fn render(&self, pending: &mut PendingFiles<'_>) -> Result<(), Refusal> {
        pending.write_go(&self.file, &self.text, &self.declared)?;
        if let Some(test) = &self.test {
            pending.write_go(&self.test_file, test, &Declared::default())?;
        }
        Suite::render(self.suite.as_ref(), pending)
    }

    fn uses_gate(&self) -> bool {
        self.text.off.is_some()
    }

    fn specs(&self, task: &str) -> Vec<(RepoPath, String)> {
        let own =
            self.own_specs.iter().filter(|_| self.task == task).map(|text| (self.test_file.clone(), text.clone()));
        own.chain(specs::expected(&self.groups, task, &self.test_file)).collect()
    }
}
