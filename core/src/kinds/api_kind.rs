//! New kinds of the API: their types, the registration of group and version, the CRD in virt-operator, and the
//! controller's place in virt-controller.

use serde::Serialize;

use super::component::{Function, functions};
use super::struct_field::exists;
use crate::demand::type_text;
use crate::go::{
    FuncName, ImportSpec, Member, Target, add_imports, aligned_members, comment_lines, import_declaration,
};
use crate::name::{Name, is_gate_name, is_predeclared};
use crate::pending::{Declared, PendingFiles, Refusal};
use crate::plan::{
    Assigned, Candidate, Claimed, Key, Kind, ManualReason, Named, PlannedTask, Planner, Role, Row, Unit, Use,
};
use crate::repo_path::RepoPath;
use crate::survey::GoSource;
use crate::template::{Context, Template, Text};
use crate::text::{TextEdit, next_line};
use crate::tree::{file_name, join, parent};

/// The groups of the API.
const API: &str = "staging/src/kubevirt.io/api";
const CRDS: &str = "pkg/virt-operator/resource/generate/components/crds.go";
const STRATEGY: &str = "pkg/virt-operator/resource/generate/install/strategy.go";
const APPLICATION: &str = "pkg/virt-controller/watch/application.go";
const INFORMERS: &str = "pkg/controller/virtinformers.go";

/// How wide comments in code are.
const COMMENT: usize = 110;

#[derive(Debug)]
pub(super) struct ApiKind;

#[derive(Serialize, Context, Template, Debug)]
#[template("scaffolds/api-kind/new/staging/src/kubevirt.io/api/__group__/register.go.hbs")]
struct GroupFile {
    header: String,
    package: String,
    group: String,
    version: Option<String>,
}

#[derive(Serialize, Context, Template, Debug)]
#[template("scaffolds/api-kind/new/staging/src/kubevirt.io/api/__group__/__version__/doc.go.hbs")]
struct DocFile {
    header: String,
    package: String,
    group: String,
}

#[derive(Serialize, Context, Template, Debug)]
#[template("scaffolds/api-kind/new/staging/src/kubevirt.io/api/__group__/__version__/register.go.hbs")]
struct VersionFile {
    header: String,
    package: String,
    import: String,
    group_package: String,
    steps: Vec<String>,
}

#[derive(Serialize, Context, Template, Debug)]
#[template("scaffolds/api-kind/new/staging/src/kubevirt.io/api/__group__/__version__/types.go.hbs")]
struct TypesFile {
    header: String,
    package: String,
    imports: String,
    kinds: Vec<KindText>,
}

#[derive(Serialize, Context, Debug)]
struct KindText {
    name: String,
    task: String,
    subject: String,
    spec: bool,
    status: bool,
    spec_fields: Vec<String>,
    status_fields: Vec<String>,
}

#[derive(Serialize, Context, Template, Debug)]
#[template("scaffolds/api-kind/edit/pkg/virt-operator/resource/generate/components/crds.go/crd.hbs")]
struct CrdText {
    name: String,
    variable: String,
    package: String,
    status: bool,
    scope: String,
    plural: String,
    singular: String,
}

#[derive(Serialize, Context, Template, Debug)]
#[template("scaffolds/api-kind/edit/pkg/virt-controller/watch/application.go/init.hbs")]
struct InitText {
    receiver: String,
    receiver_type: String,
    name: String,
    task: String,
}

/// Files that are rendered as a whole.
#[derive(Debug)]
struct Files<T: Template> {
    file: RepoPath,
    template: T,
    declared: Declared,
    doc: Option<(RepoPath, DocFile)>,
    outdates: String,
}

impl<T: Template + std::fmt::Debug> Unit for Files<T> {
    fn files(&self) -> Vec<&RepoPath> {
        std::iter::once(&self.file).chain(self.doc.iter().map(|(file, _)| file)).collect()
    }

    fn render(&self, pending: &mut PendingFiles<'_>) -> Result<(), Refusal> {
        if let Some((file, doc)) = &self.doc {
            pending.write_go(file, doc, &Declared::default())?;
        }
        pending.write_go(&self.file, &self.template, &self.declared)
    }

    fn outdates(&self) -> Option<String> {
        Some(self.outdates.clone())
    }
}

impl Kind for ApiKind {
    fn name(&self) -> &'static str {
        "api-kind"
    }

    fn role(&self) -> Role {
        Role::Implementation
    }

    fn row(&self) -> Row {
        Row {
            names: "a new kind of the API",
            makes: "its types, group, version and CRD, and the controller's place in virt-controller",
        }
    }

    fn templates(&self) -> &'static [Text] {
        &[GroupFile::FILE, DocFile::FILE, VersionFile::FILE, TypesFile::FILE, CrdText::FILE, InitText::FILE]
    }

    fn claim(&self, task: &Candidate<'_, '_>, named: &Named<'_>) -> Option<Claimed> {
        let Named::File { place, .. } = named else { return None };
        let own = match &*place.path {
            CRDS => crd_of(task.planned).is_some(),
            STRATEGY => task.task.paths.iter().any(|path| path.text == CRDS) && crd_of(task.planned).is_some(),
            APPLICATION => init_of(task.planned).is_some(),
            INFORMERS => informer_of(task.planned).is_some(),
            path => match below_api(path)[..] {
                [_, "register.go"] | [_, _, "register.go"] => !place.exists || is_ours(task, path),
                [_, _, _] => kind_of(task.planned).is_some(),
                _ => false,
            },
        };
        own.then_some(Claimed::File)
    }

    fn plan(&self, planner: &mut Planner<'_, '_>, assigned: &Assigned) {
        let Some(place) = &assigned.place else { return };
        for &task in &assigned.tasks {
            let path = &place.path;
            let planned = match &**path {
                CRDS => crd(planner, path, task),
                STRATEGY => Ok(()),
                APPLICATION => init(planner, path, task),
                INFORMERS => informer(planner, path, task),
                other => match below_api(other)[..] {
                    [_, "register.go"] => group(planner, path, task),
                    [_, _, "register.go"] => version(planner, path, task),
                    _ => types(planner, path, task),
                },
            };
            match planned {
                Ok(()) => {}
                Err(Left::Manual(line, why)) => planner.manual(&[task], &ManualReason::Unwritable { line, why }),
                Err(Left::Refused(refusal)) => planner.diagnose(refusal),
            }
        }
    }
}

/// Why something is not planned.
enum Left {
    Manual(usize, String),
    Refused(Refusal),
}

impl From<Refusal> for Left {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// The parts of a path below the groups of the API; none of another path.
fn below_api(path: &str) -> Vec<&str> {
    let below = path.strip_prefix(API).and_then(|rest| rest.strip_prefix('/')).filter(|_| path.ends_with(".go"));
    let parts: Vec<&str> = below.map(|below| below.split('/').collect()).unwrap_or_default();
    match parts[..] {
        [group, _] | [group, _, _] if !matches!(group, "core" | "apitesting") => parts,
        _ => Vec::new(),
    }
}

/// Whether a registration that is there is one that an earlier run has made, for all that can be told: the known types
/// are still missing, or it is that of the group which the task calls by its name.
fn is_ours(task: &Candidate<'_, '_>, path: &str) -> bool {
    let text = task.survey.text(path).ok().flatten().unwrap_or_default();
    let group = format!("{}.kubevirt.io", file_name(parent(path)));
    let is_named = texts(task.planned).any(|(_, said)| said.contains(&group)) && functions(task.planned).0.is_empty();
    text.contains("is not implemented: it compiles once")
        || is_named && text.contains(&format!("GroupName = \"{group}\""))
}

fn texts(task: &PlannedTask) -> impl Iterator<Item = (usize, &str)> {
    let lines = task
        .details
        .iter()
        .filter(|line| !matches!(line.key, Key::File | Key::Pattern | Key::Test | Key::Verify | Key::Command));
    std::iter::once((task.line, task.title.as_str())).chain(lines.map(|line| (line.line, line.text.as_str())))
}

/// The names in code, and words that are spelled like a kind.
fn names(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| is_gate_name(word) && word.len() > 3)
}

/// The kind that a task adds: one whose list, spec or status the task names too, or that it calls a kind or a CRD.
fn kind_of(task: &PlannedTask) -> Option<String> {
    let all: Vec<&str> = texts(task).flat_map(|(_, text)| names(text)).collect();
    let has = |name: &str, suffix: &str| all.iter().any(|other| other.strip_suffix(suffix) == Some(name));
    let mut found: Vec<&str> =
        all.iter().copied().filter(|name| has(name, "List") && (has(name, "Spec") || has(name, "Status"))).collect();
    if found.is_empty() {
        for (_, text) in texts(task) {
            let words: Vec<&str> =
                text.split(|c: char| c.is_whitespace() || c == '`').filter(|word| !word.is_empty()).collect();
            let adds = words.iter().any(|word| {
                ["add", "adds", "introduce", "define", "create", "new"].contains(&word.to_lowercase().as_str())
            });
            let is_new = words.iter().any(|word| ["new", "crd"].contains(&word.to_lowercase().as_str()));
            for pair in words.windows(2).filter(|_| adds && is_new) {
                let is_word = matches!(pair[0].to_lowercase().as_str(), "kind" | "crd");
                if is_word && is_gate_name(pair[1]) && pair[1].len() > 3 {
                    found.push(pair[1]);
                }
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    match found[..] {
        [one] => Some(one.to_owned()),
        _ => None,
    }
}

/// The kind whose CRD a task makes, and the function: `NewXCrd() (*extv1.CustomResourceDefinition, error)`.
fn crd_of(task: &PlannedTask) -> Option<(String, Function)> {
    functions(task).0.into_iter().find_map(|function| {
        let name = function.name.strip_prefix("New")?.strip_suffix("Crd")?.to_owned();
        (is_gate_name(&name)
            && function.head.as_ref().is_ok_and(|head| head.parameters.is_empty() && head.receiver.is_none()))
        .then_some((name, function))
    })
}

fn init_of(task: &PlannedTask) -> Option<Function> {
    let (wanted, _) = functions(task);
    let is_init = |function: &Function| {
        let plain = function.head.as_ref().is_ok_and(|head| head.parameters.is_empty() && head.results.is_empty());
        plain && function.name.starts_with("init") && function.name.ends_with("Controller") && function.name.len() > 14
    };
    wanted.iter().all(is_init).then(|| wanted.into_iter().next()).flatten()
}

fn informer_of(task: &PlannedTask) -> Option<Function> {
    functions(task).0.into_iter().find(|function| {
        let head = function.head.as_ref().ok();
        head.is_some_and(|head| {
            head.parameters.is_empty()
                && head.result_types().is_some_and(|types| types == ["cache.SharedIndexInformer"])
        })
    })
}

/// The name of a group: what its package says, or what the tasks do.
fn group_name(planner: &Planner<'_, '_>, folder: &str, line: usize) -> Result<String, Left> {
    let file = join(folder, "register.go");
    if let Some(source) = planner.survey.go(&file)? {
        let text = source.source.text();
        let known = text.split("GroupName").nth(1).and_then(|rest| rest.split('"').nth(1));
        if let Some(known) = known {
            return Ok(known.to_owned());
        }
    }
    let wanted = format!("{}.kubevirt.io", file_name(folder));
    let says = |task: &PlannedTask| {
        let text = texts(task).map(|(_, text)| text.to_owned()).collect::<Vec<_>>().join(" ");
        text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '.' || c == '-'))
            .any(|word| word.trim_end_matches('.') == wanted)
    };
    let all = (0..planner.claims.len()).any(|task| says(planner.task(task)));
    if all { Ok(wanted) } else { Err(Left::Manual(line, format!("no task states the group's name, such as {wanted}"))) }
}

/// A file of a group's package: the name of the group.
fn group(planner: &mut Planner<'_, '_>, file: &RepoPath, task: usize) -> Result<(), Left> {
    let folder = parent(file);
    let line = planner.task(task).line;
    planner.open(file)?;
    let group = group_name(planner, folder, line)?;
    let asks_version = texts(planner.task(task)).any(|(_, text)| text.to_lowercase().contains("version"));
    let mut versions: Vec<String> = planner
        .assigned
        .iter()
        .filter_map(|assigned| assigned.place.as_ref())
        .filter_map(|place| {
            let inner = parent(&place.path);
            (parent(inner) == folder).then(|| file_name(inner).to_owned())
        })
        .collect();
    versions.sort();
    versions.dedup();
    let version = match &versions[..] {
        _ if !asks_version => None,
        [one] => Some(one.clone()),
        _ => return Err(Left::Manual(line, "no task, or more than one, tells the version of the group".to_owned())),
    };
    let template = GroupFile {
        header: planner.survey.header().to_owned(),
        package: planner.survey.package_name(folder),
        group,
        version,
    };
    let mut declares = vec![(None, "GroupName")];
    declares.extend(template.version.as_ref().map(|_| (None, "Version")));
    let declared = planner.declared(folder, declares)?;
    note_all(planner, task, file);
    let outdates =
        format!("{} is a new group of the API: hack/generate.sh lists the groups, add it there", template.group);
    planner.push(Files { file: file.clone(), template, declared, doc: None, outdates }, &[task]);
    Ok(())
}

/// The registration of a version.
fn version(planner: &mut Planner<'_, '_>, file: &RepoPath, task: usize) -> Result<(), Left> {
    let folder = parent(file).to_owned();
    let group_folder = parent(&folder).to_owned();
    planner.open(file)?;
    let line = planner.task(task).line;
    let made_group = planner
        .assigned
        .iter()
        .filter_map(|assigned| assigned.place.as_ref())
        .any(|place| parent(&place.path) == group_folder);
    if !planner.survey.exists(&join(&group_folder, "register.go")) && !made_group {
        return Err(Left::Manual(
            line,
            format!("{group_folder}/register.go is not there, and no task makes it: it has the group's name"),
        ));
    }
    let kinds = kinds_of(planner, &folder);
    if kinds.is_empty() {
        return Err(Left::Manual(line, format!("no kind of {folder} is known: name its types file in a task")));
    }
    let listed: Vec<String> = kinds.iter().map(|name| format!("&{name}{{}}, &{name}List{{}}")).collect();
    let step = format!(
        "{}: scheme.AddKnownTypes(SchemeGroupVersion, {}) is not implemented: it compiles once make generate has written the deepcopy functions",
        planner.task(task).id,
        listed.join(", ")
    );
    let survey = planner.survey;
    let template = VersionFile {
        header: survey.header().to_owned(),
        package: survey.package_name(&folder),
        import: survey.import_path(&group_folder),
        group_package: survey.package_name(&group_folder),
        steps: comment_lines(&step, COMMENT),
    };
    let names = ["SchemeGroupVersion", "Kind", "Resource", "SchemeBuilder", "AddToScheme", "addKnownTypes"];
    let declared = planner.declared(&folder, names.map(|name| (None, name)))?;
    note_all(planner, task, file);
    let outdates = format!("{folder} is a new version of the API");
    planner.push(Files { file: file.clone(), template, declared, doc: None, outdates }, &[task]);
    Ok(())
}

/// The kinds that tasks add in a folder.
fn kinds_of(planner: &Planner<'_, '_>, folder: &str) -> Vec<String> {
    let own = planner.assigned.iter().filter(|assigned| assigned.kind.name() == ApiKind.name());
    let own = own.filter(|assigned| {
        assigned
            .place
            .as_ref()
            .is_some_and(|place| parent(&place.path) == folder && file_name(&place.path) != "register.go")
    });
    own.flat_map(|assigned| &assigned.tasks).filter_map(|&task| kind_of(planner.task(task))).collect()
}

/// The types of a kind.
fn types(planner: &mut Planner<'_, '_>, file: &RepoPath, task: usize) -> Result<(), Left> {
    let folder = parent(file).to_owned();
    planner.open(file)?;
    let survey = planner.survey;
    let planned = planner.task(task);
    let line = planned.line;
    let Some(name) = kind_of(planned) else { return Err(Left::Manual(line, "it names no kind".to_owned())) };
    if planned
        .details(&[Key::Task, Key::Prose])
        .any(|text| text.contains("cluster-scoped") || text.contains("cluster scoped"))
    {
        return Err(Left::Manual(line, format!("`{name}` is cluster-scoped, and only kinds in namespaces are made")));
    }
    let all: Vec<&str> = texts(planned).flat_map(|(_, text)| names(text)).collect();
    let has = |suffix: &str| all.iter().any(|other| *other == format!("{name}{suffix}"));
    let mut imports = vec![ImportSpec::named("metav1", "k8s.io/apimachinery/pkg/apis/meta/v1")];
    let mut left = Vec::new();
    let mut fields = |part: &str| -> Vec<String> {
        let mut rows: Vec<(Vec<String>, Member)> = Vec::new();
        for (line, text) in texts(planned).filter(|(line, _)| *line != planned.line) {
            let first = text.trim_start().trim_start_matches('`');
            let own = first.strip_prefix(&name).filter(|_| first.starts_with(&name)).unwrap_or(first);
            let head = own.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
            if head != part && head != part.to_lowercase() {
                continue;
            }
            for code in text.split('`').skip(1).step_by(2).filter(|code| code.contains(' ')) {
                match api_field(planner, &folder, code) {
                    Ok((row, mut needed)) => {
                        imports.append(&mut needed);
                        rows.push(row);
                    }
                    Err(why) => left.push((line, why)),
                }
            }
        }
        lines(&rows)
    };
    let (spec_fields, status_fields) = (fields("Spec"), fields("Status"));
    let kind = KindText {
        spec: has("Spec") || !spec_fields.is_empty(),
        status: has("Status") || !status_fields.is_empty(),
        task: planned.id.clone(),
        subject: planned.subject.replace('`', "").trim_end_matches('.').to_owned(),
        name: name.clone(),
        spec_fields,
        status_fields,
    };
    let names = [name.clone(), format!("{name}List"), format!("{name}Spec"), format!("{name}Status")];
    let declares = [true, true, kind.spec, kind.status];
    let declares = names.iter().zip(declares).filter(|(_, made)| *made).map(|(name, _)| (None, name.as_str()));
    let declared = planner.declared(&folder, declares)?;
    let doc_file = RepoPath::known(join(&folder, "doc.go"));
    let doc = if survey.exists(&doc_file) && !planner.options.earlier.files.contains_key(&doc_file) {
        None
    } else {
        planner.open(&doc_file)?;
        let group = group_name(planner, parent(&folder), line)?;
        Some((doc_file, DocFile { header: survey.header().to_owned(), package: survey.package_name(&folder), group }))
    };
    let template = TypesFile {
        header: survey.header().to_owned(),
        package: survey.package_name(&folder),
        imports: import_declaration(&imports, survey.module()),
        kinds: vec![kind],
    };
    note_all(planner, task, file);
    for (line, why) in left {
        planner.manual(&[task], &ManualReason::Unwritable { line, why });
    }
    let outdates = format!("{name} is a new kind of the API");
    planner.push(Files { file: file.clone(), template, declared, doc, outdates }, &[task]);
    Ok(())
}

/// Fields with the markers above them, in line with each other as gofmt has them.
fn lines(rows: &[(Vec<String>, Member)]) -> Vec<String> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < rows.len() {
        let run = 1 + rows[at + 1..].iter().take_while(|(markers, _)| markers.is_empty()).count();
        let members: Vec<Member> = rows[at..at + run].iter().map(|(_, member)| member.clone()).collect();
        found.extend(rows[at].0.iter().cloned());
        found.extend(aligned_members(&members));
        at += run;
    }
    found
}

/// A field with the markers above it, and what its type needs.
type ApiField = ((Vec<String>, Member), Vec<ImportSpec>);

/// A field of an API type, `SourcePath *string`.
fn api_field(planner: &Planner<'_, '_>, folder: &str, code: &str) -> Result<ApiField, String> {
    const KNOWN: &[(&str, &str)] = &[
        ("corev1", "k8s.io/api/core/v1"),
        ("k8sv1", "k8s.io/api/core/v1"),
        ("metav1", "k8s.io/apimachinery/pkg/apis/meta/v1"),
        ("resource", "k8s.io/apimachinery/pkg/api/resource"),
        ("virtv1", "kubevirt.io/api/core/v1"),
    ];
    let survey = planner.survey;
    let (name, ty) = code.split_once(' ').ok_or_else(|| format!("`{code}` is no field"))?;
    if !is_gate_name(name) {
        return Err(format!("`{name}` cannot be the name of a field of the API"));
    }
    let ty = type_text(ty.trim()).ok_or_else(|| format!("`{code}` is not a name and a type"))?;
    let mut imports = Vec::new();
    for (package, own) in &ty.names {
        match package {
            None if is_predeclared(own) || survey.declares(folder, own).is_some() => {}
            None => {
                return Err(format!(
                    "the field `{name}` has the type `{own}`, which {folder} does not declare: add both"
                ));
            }
            Some(package) => {
                let known = survey.imported(folder, package).or_else(|| {
                    KNOWN.iter().find(|(known, _)| known == package).map(|(alias, path)| {
                        if default_is(path, alias) { ImportSpec::plain(*path) } else { ImportSpec::named(alias, *path) }
                    })
                });
                let import = known.ok_or_else(|| format!("no package `{package}` is known in {folder}"))?;
                if !exists(survey, &import.path, own) {
                    return Err(format!("the package {} has no type `{own}`", import.path));
                }
                imports.push(import);
            }
        }
    }
    let optional = ty.text.starts_with('*') || ty.text.starts_with("[]") || ty.text.starts_with("map[");
    let json = Name::parse(name).camel();
    let tag = if optional { format!("`json:\"{json},omitempty\"`") } else { format!("`json:\"{json}\"`") };
    let member = Member { name: Some(name.to_owned()), ty: ty.text.clone(), tag: Some(tag) };
    let mut lines: Vec<String> = Vec::new();
    if optional {
        lines.push("// +optional".to_owned());
    }
    if ty.text.starts_with("[]") {
        lines.push("// +listType=atomic".to_owned());
    }
    Ok(((lines, member), imports))
}

fn default_is(path: &str, alias: &str) -> bool {
    crate::go::default_name(path) == alias
}

/// The lines of a task that a whole file is made from.
fn note_all(planner: &mut Planner<'_, '_>, task: usize, file: &RepoPath) {
    planner.note_keys(task, &[Key::Task, Key::Function, Key::Prose], Use::Change, std::slice::from_ref(file));
}

/// A CRD of virt-operator, and its place in the list of the strategy.
#[derive(Debug)]
struct CrdFacts {
    file: RepoPath,
    text: CrdText,
    import: ImportSpec,
    strategy: Option<RepoPath>,
}

fn crd(planner: &mut Planner<'_, '_>, file: &RepoPath, task: usize) -> Result<(), Left> {
    let survey = planner.survey;
    let planned = planner.task(task);
    let Some((name, function)) = crd_of(planned) else { return Ok(()) };
    let line = function.line;
    let says =
        |words: &[&str]| texts(planned).any(|(_, text)| words.iter().any(|word| text.to_lowercase().contains(word)));
    let scope = if says(&["cluster-scoped", "cluster scoped"]) { "Cluster" } else { "Namespaced" };
    let wired = texts(planned)
        .find(|(_, text)| text.contains("strategy.go") || text.to_lowercase().contains("install strategy"))
        .map(|(line, _)| line);
    planner.open(file)?;
    let source = survey.go(file)?.ok_or_else(|| Left::Manual(line, format!("{file} is not there")))?;
    let helpers = ["newBlankCrd", "patchValidationForAllVersions"];
    if let Some(missing) = helpers.iter().find(|name| survey.declares(parent(file), name).is_none()) {
        return Err(Left::Manual(
            line,
            format!("{} has no {missing}(), which the CRDs here are made with", parent(file)),
        ));
    }
    // The package of the kind: one that is there, or that another task makes.
    let mut folders: Vec<(String, bool)> = Vec::new();
    for group in survey.tree().list(API) {
        for version in survey.tree().list(&join(API, &group)) {
            let folder = join(&join(API, &group), &version);
            if survey.declares(&folder, &name).is_some() && survey.declares(&folder, "SchemeGroupVersion").is_some() {
                let status = survey.declares(&folder, &format!("{name}Status")).is_some();
                folders.push((folder, status));
            }
        }
    }
    let own = planner.assigned.iter().filter(|assigned| assigned.kind.name() == ApiKind.name());
    for assigned in own {
        let Some(place) = &assigned.place else { continue };
        let folder = parent(&place.path).to_owned();
        let kind = assigned.tasks.iter().find(|&&task| kind_of(planner.task(task)).as_deref() == Some(&name));
        let registered = || {
            planner
                .assigned
                .iter()
                .filter_map(|other| other.place.as_ref())
                .any(|other| *other.path == *join(&folder, "register.go"))
        };
        if let Some(&other) = kind
            && below_api(&place.path).len() == 3
            && !folders.iter().any(|(known, _)| *known == folder)
            && registered()
        {
            let status = texts(planner.task(other)).any(|(_, text)| text.contains(&format!("{name}Status")));
            folders.push((folder, status));
        }
    }
    let [(folder, status)] = &folders[..] else {
        let why = match folders.len() {
            0 => format!("no package of the API, and no task, has the kind `{name}` and its registration"),
            _ => format!("more than one version of the API has the kind `{name}`"),
        };
        return Err(Left::Manual(line, why));
    };
    let path = survey.import_path(folder);
    let alias = format!("{}{}", file_name(parent(folder)), file_name(folder));
    let import = source.file.import(&path).map_or_else(|| ImportSpec::named(&alias, path), ImportSpec::from);
    let singular = name.to_lowercase();
    let text = CrdText {
        variable: name.to_uppercase(),
        package: import.name().to_owned(),
        status: *status,
        scope: scope.to_owned(),
        plural: plural(&singular),
        singular,
        name: name.clone(),
    };
    let mut strategy = None;
    if let Some(line) = wired {
        let path = RepoPath::known(STRATEGY);
        planner.open(&path)?;
        let list = survey.go(&path)?.and_then(|source| source.target().value_list(&is_crd));
        match list {
            Some(_) => {
                planner.note(task, line, Use::Change, std::slice::from_ref(&path));
                strategy = Some(path);
            }
            None => planner.manual(
                &[task],
                &ManualReason::Unwritable {
                    line,
                    why: format!("{path} has no list of CRDs: add New{name}Crd where the others are"),
                },
            ),
        }
    }
    planner.note(task, line, Use::Change, std::slice::from_ref(file));
    planner.push(CrdFacts { file: file.clone(), text, import, strategy }, &[task]);
    Ok(())
}

/// The plural that Kubernetes gives a kind by itself, and that the generated clients use.
fn plural(singular: &str) -> String {
    match singular.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None if singular.ends_with('s') => format!("{singular}es"),
        None => format!("{singular}s"),
    }
}

/// `components.NewPluginCrd`.
fn is_crd(value: &str) -> bool {
    let name = value.rsplit('.').next().unwrap_or(value);
    name.starts_with("New") && name.ends_with("Crd") && value.chars().all(|c| c.is_alphanumeric() || c == '.')
}

impl Unit for CrdFacts {
    fn files(&self) -> Vec<&RepoPath> {
        std::iter::once(&self.file).chain(&self.strategy).collect()
    }

    fn render(&self, pending: &mut PendingFiles<'_>) -> Result<(), Refusal> {
        let snippet = pending.render(&self.text)?;
        let module = pending.module();
        let function = format!("New{}Crd", self.text.name);
        pending.anchor_go(&self.file, |target| {
            let mut edits = Vec::new();
            if target.file.declares(&function).is_none() {
                let functions = target.file.decls.iter().filter(|decl| is_crd(decl.name()));
                let last = functions.last().map(|decl| decl.span.end);
                edits.push(match last {
                    Some(end) => TextEdit::insert(next_line(target.text, end), format!("\n{}\n", snippet.trim_end())),
                    None => target.append_declaration(&snippet),
                });
                if target.file.import(&self.import.path).is_none() {
                    edits.extend(add_imports(target.text, target.file, std::slice::from_ref(&self.import), module));
                }
            }
            if target.file.declares(&self.text.variable).is_none() {
                let value = format!("\"{}.\" + {}.SchemeGroupVersion.Group", self.text.plural, self.text.package);
                edits.extend(behind_names(target, &self.text.variable, &value)?);
            }
            Ok(edits)
        })?;
        let Some(strategy) = &self.strategy else { return Ok(()) };
        pending.anchor_go(strategy, |target| {
            let there = target.file.tokens.iter().any(|token| token.span.of(target.text) == function);
            let Some(list) = target.value_list(&is_crd).filter(|_| !there) else { return Ok(Vec::new()) };
            let package =
                list.values.iter().find_map(|value| value.rsplit_once('.')).map(|(package, _)| format!("{package}."));
            Ok(vec![target.append_value(&list, &format!("{}{function}", package.unwrap_or_default()))?])
        })
    }

    fn outdates(&self) -> Option<String> {
        Some(format!("{} is a new CRD: its schema is generated", self.text.name))
    }
}

/// Behind the last name of a CRD, `X = "xs." + …`.
fn behind_names(target: &Target<'_>, name: &str, value: &str) -> Result<Vec<TextEdit>, crate::go::AnchorError> {
    let is_name = |text: &str| text.len() > 3 && text.chars().all(|c| c.is_ascii_uppercase());
    let groups = target.file.decls.iter().filter(|decl| decl.kind == crate::go::DeclKind::Var && decl.body.is_some());
    let last = groups.flat_map(|decl| &decl.names).rfind(|known| is_name(&known.text));
    target.value_after(last.map_or("VIRTUALMACHINE", |last| last.text.as_str()), name, value)
}

/// The method of virt-controller that makes a controller, and its call beside the others.
#[derive(Debug)]
struct InitFacts {
    file: RepoPath,
    text: InitText,
}

fn init(planner: &mut Planner<'_, '_>, file: &RepoPath, task: usize) -> Result<(), Left> {
    let planned = planner.task(task);
    let Some(function) = init_of(planned) else { return Ok(()) };
    let line = function.line;
    let id = planned.id.clone();
    planner.open(file)?;
    let source = planner.survey.go(file)?.ok_or_else(|| Left::Manual(line, format!("{file} is not there")))?;
    let (receiver, ty) = neighbour(&source)
        .ok_or_else(|| Left::Manual(line, format!("{file} has no init…Controller() methods to go by")))?;
    if last_call(&source.target(), &function.name).is_none() {
        return Err(Left::Manual(line, format!("{file} does not call its init…Controller() methods in one place")));
    }
    // What starts the controller needs its type, its field and its informers.
    let starts: Vec<usize> = texts(planner.task(task))
        .filter(|(_, text)| ["onStartedLeading", "start it", "Run"].iter().any(|word| text.contains(word)))
        .map(|(line, _)| line)
        .collect();
    let at = source.file.decls.iter().find(|decl| decl.names.iter().any(|name| name.text == "onStartedLeading"));
    let at =
        at.map_or_else(String::new, |decl| format!(" at {file}:{}", source.source.line_column(decl.span.start).line));
    planner.note(task, line, Use::Change, std::slice::from_ref(file));
    planner.note_keys(task, &[Key::Integration], Use::Change, std::slice::from_ref(file));
    for line in starts {
        let why = format!("the controller's field is not known, so onStartedLeading(){at} does not run it yet");
        planner.manual(&[task], &ManualReason::Unwritable { line, why });
    }
    let text = InitText { receiver, receiver_type: ty, name: function.name, task: id };
    planner.push(InitFacts { file: file.clone(), text }, &[task]);
    Ok(())
}

fn is_init(name: &str) -> bool {
    name.starts_with("init") && name.ends_with("Controller")
}

/// The receiver that the methods of this kind have.
fn neighbour(source: &GoSource) -> Option<(String, String)> {
    let methods = source.file.decls.iter().filter(|decl| is_init(decl.name()));
    let receiver = methods.last()?.receiver.as_ref()?;
    Some((receiver.name.clone()?, receiver.type_name.clone()))
}

/// The end of the last line that calls a method of this kind, without its own, and what it is called on.
fn last_call(target: &Target<'_>, own: &str) -> Option<(usize, String)> {
    let mut found: Option<(usize, String)> = None;
    let mut functions = Vec::new();
    for decl in target.file.decls.iter().filter(|decl| decl.body.is_some() && !is_init(decl.name())) {
        let mut at = decl.span.start;
        for line in decl.span.of(target.text).split_inclusive('\n') {
            at += line.len();
            let call = line.trim().strip_suffix("()").and_then(|call| call.split_once('.'));
            if let Some((variable, _)) =
                call.filter(|(variable, name)| is_init(name) && *name != own && crate::name::is_go_identifier(variable))
            {
                let prefix = &line[..line.len() - line.trim_start().len()];
                found = Some((at, format!("{prefix}{variable}")));
                functions.push(decl.name());
            }
        }
    }
    functions.dedup();
    found.filter(|_| functions.len() == 1)
}

impl Unit for InitFacts {
    fn files(&self) -> Vec<&RepoPath> {
        vec![&self.file]
    }

    fn render(&self, pending: &mut PendingFiles<'_>) -> Result<(), Refusal> {
        let snippet = pending.render(&self.text)?;
        let name = &self.text.name;
        pending.anchor_go(&self.file, |target| {
            let mut edits = Vec::new();
            if target.file.method(Some(&self.text.receiver_type), name).is_none() {
                let last = target.file.decls.iter().filter(|decl| is_init(decl.name())).last();
                let end = last.map_or(target.text.len(), |decl| next_line(target.text, decl.span.end));
                edits.push(TextEdit::insert(end, format!("\n{}\n", snippet.trim_end())));
            }
            let called = target.text.lines().any(|line| line.trim().ends_with(&format!(".{name}()")));
            if let Some((at, variable)) = last_call(target, name).filter(|_| !called) {
                edits.push(TextEdit::insert(at, format!("{variable}.{name}()\n")));
            } else if !called {
                target.require(FuncName { receiver: None, name: "the calls of the other controllers" })?;
            }
            Ok(edits)
        })
    }
}

/// An informer needs the generated client of its group: people add it once that is there.
fn informer(planner: &mut Planner<'_, '_>, file: &RepoPath, task: usize) -> Result<(), Left> {
    let Some(function) = informer_of(planner.task(task)) else { return Ok(()) };
    let source = planner.survey.go(file)?.ok_or_else(|| Left::Manual(function.line, format!("{file} is not there")))?;
    let line_of = |span: crate::text::Span| source.source.line_column(span.start).line;
    let interface = source.file.declares("KubeInformerFactory").map(|decl| line_of(decl.span));
    let last = source
        .file
        .decls
        .iter()
        .filter(|decl| decl.receiver.as_ref().is_some_and(|receiver| receiver.type_name == "kubeInformerFactory"))
        .last();
    let places = format!(
        "{file}:{} (the interface) and :{} (its methods)",
        interface.unwrap_or(1),
        last.map_or(1, |decl| line_of(decl.span))
    );
    let why = format!(
        "an informer lists with its group's generated client, which make generate writes: then add {}() at {places}",
        function.name
    );
    Err(Left::Manual(function.line, why))
}
