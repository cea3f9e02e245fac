//! The types of a new kind, and the registration of its group and version.

use std::fmt::Debug;

use serde::Serialize;

use super::fields::{api_field, lines, own_name};
use super::{Left, NAME, kind_of, names};
use crate::demand::{ApiDemand, api};
use crate::go::{ImportSpec, Member, comment_lines, import_declaration};
use crate::pending::{Declared, PendingFiles, Refusal};
use crate::plan::{Key, ManualReason, PlannedTask, Planner, Unit, Use};
use crate::repo_path::RepoPath;
use crate::template::{Context, Template, Text};
use crate::text::code_spans;
use crate::tree::{file_name, join, parent};

/// How wide comments in code are.
const COMMENT: usize = 110;

pub(super) const TEMPLATES: [Text; 4] = [GroupFile::FILE, DocFile::FILE, VersionFile::FILE, TypesFile::FILE];

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
    spec: bool,
    status: bool,
    spec_fields: Vec<String>,
    status_fields: Vec<String>,
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

impl<T: Template + Debug> Unit for Files<T> {
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
        let text = task.prose().map(|(_, text)| text.to_owned()).collect::<Vec<_>>().join(" ");
        text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '.' || c == '-'))
            .any(|word| word.trim_end_matches('.') == wanted)
    };
    let all = (0..planner.claims.len()).any(|task| says(planner.task(task)));
    if all { Ok(wanted) } else { Err(Left::Manual(line, format!("no task states the group's name, such as {wanted}"))) }
}

/// A file of a group's package: the name of the group.
pub(super) fn group(planner: &mut Planner<'_, '_>, file: &RepoPath, task: usize) -> Result<(), Left> {
    let folder = parent(file);
    let line = planner.task(task).line;
    planner.open(file)?;
    let group = group_name(planner, folder, line)?;
    let asks_version = planner.task(task).prose().any(|(_, text)| text.to_lowercase().contains("version"));
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
pub(super) fn version(planner: &mut Planner<'_, '_>, file: &RepoPath, task: usize) -> Result<(), Left> {
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
            format!("{group_folder}/register.go does not exist, and no task makes it: it has the group's name"),
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
    let own = planner.assigned.iter().filter(|assigned| assigned.kind.name() == NAME);
    let own = own.filter(|assigned| {
        assigned
            .place
            .as_ref()
            .is_some_and(|place| parent(&place.path) == folder && file_name(&place.path) != "register.go")
    });
    own.flat_map(|assigned| &assigned.tasks).filter_map(|&task| kind_of(planner.task(task))).collect()
}

/// Whether a task says that its kind is in no namespace.
fn is_cluster_scoped(task: &PlannedTask) -> bool {
    task.prose().any(|(_, text)| text.contains("cluster-scoped") || text.contains("cluster scoped"))
}

/// The types that a task about a kind declares: the kind, its list, and what of it the task speaks of.
pub(super) fn names_of(task: &PlannedTask) -> Vec<String> {
    if is_cluster_scoped(task) {
        return Vec::new();
    }
    let Some(name) = kind_of(task) else { return Vec::new() };
    let speaks = |part: &&str| {
        task.prose().any(|(line, text)| {
            let own = line != task.line && text.trim_start().trim_start_matches('`').starts_with(&part.to_lowercase());
            own || names(text).any(|word| word.strip_prefix(name.as_str()) == Some(part))
                || line != task.line && text.trim_start().trim_start_matches('`').starts_with(part)
        })
    };
    let parts = ["Spec", "Status"].into_iter().filter(speaks);
    ["", "List"].into_iter().chain(parts).map(|part| format!("{name}{part}")).collect()
}

/// The types of a kind.
pub(super) fn types(planner: &mut Planner<'_, '_>, file: &RepoPath, task: usize) -> Result<(), Left> {
    let folder = parent(file).to_owned();
    planner.open(file)?;
    let survey = planner.survey;
    let planned = planner.task(task);
    let line = planned.line;
    let Some(name) = kind_of(planned) else { return Err(Left::Manual(line, "it names no kind".to_owned())) };
    if is_cluster_scoped(planned) {
        return Err(Left::Manual(line, format!("`{name}` is cluster-scoped, and only kinds in namespaces are made")));
    }
    let all: Vec<&str> = planned.prose().flat_map(|(_, text)| names(text)).collect();
    let has = |suffix: &str| all.iter().any(|other| *other == format!("{name}{suffix}"));
    let mut imports = vec![ImportSpec::named("metav1", "k8s.io/apimachinery/pkg/apis/meta/v1")];
    let mut left = Vec::new();
    let mut fields = |part: &str| -> Vec<String> {
        let mut rows: Vec<(Vec<String>, Member)> = Vec::new();
        for (line, text) in planned.prose().filter(|(line, _)| *line != planned.line) {
            let first = text.trim_start().trim_start_matches('`');
            let own = first.strip_prefix(&name).filter(|_| first.starts_with(&name)).unwrap_or(first);
            let head = own.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
            if head != part && head != part.to_lowercase() {
                continue;
            }
            let quoted = text.trim_start().starts_with('`');
            let said = &first[own_name(first).len()..];
            let said =
                said.strip_prefix('`').filter(|_| quoted).unwrap_or(said).trim_start_matches([':', '-', '–', ' ']);
            if !code_spans(said).any(|code| code.contains(' ')) {
                continue;
            }
            let reading = api("fields", said);
            left.extend(reading.fault.map(|why| (line, why)));
            for demand in reading.demands {
                let field = match demand {
                    ApiDemand::Field(field) => api_field(planner, &folder, &field),
                    _ => Err("it lists something else than fields".to_owned()),
                };
                match field {
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
    for reason in steps_left(planner, &folder, &name) {
        planner.manual(&[task], &reason);
    }
    for (line, why) in left {
        planner.manual(&[task], &ManualReason::Unwritable { line, why });
    }
    let outdates = format!("{name} is a new kind of the API");
    planner.push(Files { file: file.clone(), template, declared, doc, outdates }, &[task]);
    Ok(())
}

/// What a kind of a group that is there needs beside its types, and no task brings.
fn steps_left(planner: &Planner<'_, '_>, folder: &str, name: &str) -> Vec<ManualReason> {
    let survey = planner.survey;
    let mut steps = Vec::new();
    let file = join(folder, "register.go");
    let asked = planner.assigned.iter().filter_map(|one| one.place.as_ref()).any(|place| *place.path == *file);
    if let Some(source) = survey.go(&file).ok().flatten().filter(|_| !asked) {
        let text = source.source.text();
        let known = source.file.tokens.iter().any(|token| token.span.of(text) == name);
        if let Some(at) = text.find("AddKnownTypes(").filter(|_| !known) {
            steps.push(ManualReason::Inexact {
                why: format!(
                    "`&{name}{{}}` and `&{name}List{{}}` are registered by hand: they compile there once make generate has written their deepcopy functions"
                ),
                places: vec![format!("{file}:{}", source.source.line(at))],
            });
        }
    }
    let function = format!("New{name}Crd");
    let crds = parent(super::CRDS);
    let is_asked =
        (0..planner.claims.len()).any(|task| super::crd_of(planner.task(task)).is_some_and(|(other, _)| other == name));
    if !is_asked && survey.exists(super::CRDS) && survey.declares(crds, &function).is_none() {
        steps.push(ManualReason::Inexact {
            why: format!("no task asks for its CRD, `{function}() (*extv1.CustomResourceDefinition, error)`"),
            places: vec![super::CRDS.to_owned(), super::STRATEGY.to_owned()],
        });
    }
    steps
}

/// The lines of a task that a whole file is made from.
fn note_all(planner: &mut Planner<'_, '_>, task: usize, file: &RepoPath) {
    let keys = [Key::Task, Key::Function, Key::Prose, Key::Other("kind".to_owned())];
    planner.note_keys(task, &keys, Use::Change, std::slice::from_ref(file));
}
