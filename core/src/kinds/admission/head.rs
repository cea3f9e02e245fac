//! The head of a validation function as a task writes it, with every type in it resolved.

use super::super::component::{Types, declaration};
use super::super::planned_types::is_planned;
use super::site::Callee;
use crate::go::{FunctionHead, ImportSpec, is_standard};
use crate::name::nearest;
use crate::plan::Planner;
use crate::repo_path::RepoPath;
use crate::survey::{Survey, is_builtin, qualified, renamed};
use crate::tree::{join, parent};

/// Packages that people name without saying which they are: the name, and the path or its end in this repository.
const CUSTOMARY: &[(&str, &str)] = &[
    ("v1", "kubevirt.io/api/core/v1"),
    ("virtv1", "kubevirt.io/api/core/v1"),
    ("k8sv1", "k8s.io/api/core/v1"),
    ("corev1", "k8s.io/api/core/v1"),
    ("metav1", "k8s.io/apimachinery/pkg/apis/meta/v1"),
    ("k8sfield", "k8s.io/apimachinery/pkg/util/validation/field"),
    ("field", "k8s.io/apimachinery/pkg/util/validation/field"),
    ("admissionv1", "k8s.io/api/admission/v1"),
    ("kubecli", "kubevirt.io/client-go/kubecli"),
    ("cache", "k8s.io/client-go/tools/cache"),
    ("context", "context"),
    ("time", "time"),
    ("virtconfig", "pkg/virt-config"),
    ("featuregate", "pkg/virt-config/featuregate"),
    ("webhooks", "pkg/virt-api/webhooks"),
];

/// Folders whose files tell what a package is called in admission.
const NEIGHBOURS: &[&str] = &[super::ADMITTERS, "pkg/storage/admitters", "pkg/virt-operator/webhooks"];

/// A head that compiles in its file.
#[derive(Clone, Debug)]
pub(super) struct Resolved {
    /// From the opening parenthesis on, with the packages called as the file calls them.
    pub(super) signature: String,
    /// `(admitter *VMsAdmitter) `, or nothing.
    pub(super) receiver: String,
    /// What stands between the parentheses.
    pub(super) parameters: String,
    /// What it needs.
    pub(super) imports: Vec<ImportSpec>,
    /// It, to be called.
    pub(super) callee: Callee,
}

/// Resolves a head in a file; otherwise what is not known.
pub(super) fn resolve(planner: &Planner<'_, '_>, file: &RepoPath, head: &FunctionHead) -> Result<Resolved, String> {
    let survey = planner.survey;
    let folder = parent(file);
    let source = survey.go(file).ok().flatten();
    let import = |package: &str| -> Option<ImportSpec> {
        let own = source.as_ref().and_then(|source| source.file.imports.iter().find(|known| known.name() == package));
        own.map(ImportSpec::from)
            .or_else(|| survey.imported(folder, package))
            .or_else(|| customary(survey, package))
            .or_else(|| NEIGHBOURS.iter().find_map(|folder| survey.imported(folder, package)))
            .or_else(|| {
                let mut names = head.type_names();
                let (_, name) = names.find(|(of, _)| of.as_deref() == Some(package))?;
                Types { planner, folder, file }.import(package, name).ok()
            })
    };
    let own_type = |name: &str| {
        survey.is_declared(&survey.import_path(folder), name) == Some(true) || is_planned(planner, folder, name)
    };
    let mut imports: Vec<ImportSpec> = Vec::new();
    for (package, name) in head.type_names() {
        match package {
            Some(package) => {
                let spec = import(package).ok_or_else(|| format!("no package is called `{package}` here"))?;
                known_type(planner, &spec, package, name)?;
                if !imports.contains(&spec) {
                    imports.push(spec);
                }
            }
            None if is_builtin(name) || own_type(name) => {}
            None => return Err(format!("{folder} declares no type `{name}`")),
        }
    }
    // A package that the file calls by another name is called so.
    let called = |spec: &ImportSpec| {
        let known = source.as_ref().and_then(|source| source.file.import(&spec.path));
        known.map_or_else(|| spec.name().to_owned(), |known| known.name().to_owned())
    };
    let rewritten = |ty: &str| {
        let name = |package: Option<&str>, name: &str| match package {
            Some(package) => Some(format!("{}.{name}", called(&import(package)?))),
            None => Some(name.to_owned()),
        };
        renamed(ty, &name)
    };
    let mut own = head.clone();
    for parameter in own.parameters.iter_mut().chain(&mut own.results) {
        let text = rewritten(&parameter.ty.text);
        parameter.ty.text = text.ok_or_else(|| format!("`{}` is not understood", parameter.ty.text))?;
    }
    let path = |package: &str| import(package).map(|spec| spec.path);
    let full = |ty: &str| qualified(ty, &survey.import_path(folder), &path);
    let callee = Callee::new(head, folder, &full).ok_or("its types are not understood")?;
    let receiver = match &head.receiver {
        None => String::new(),
        Some(receiver) => {
            let base = receiver.ty.text.trim_start_matches('*');
            if !own_type(base) {
                return Err(format!("{folder} declares no type `{base}`"));
            }
            declaration(planner, file, receiver)
        }
    };
    let lacking = |spec: &ImportSpec| source.as_ref().is_none_or(|source| source.file.import(&spec.path).is_none());
    imports.retain(lacking);
    Ok(Resolved { signature: own.signature(), parameters: own.parameter_list(), receiver, imports, callee })
}

/// That a package has a type, or that a task adds it.
fn known_type(planner: &Planner<'_, '_>, spec: &ImportSpec, package: &str, name: &str) -> Result<(), String> {
    let survey = planner.survey;
    if survey.is_declared(&spec.path, name) != Some(false) || is_standard(&spec.path) {
        return Ok(());
    }
    let folder = survey.package_folder(&spec.path).unwrap_or_default();
    if is_planned(planner, &folder, name) {
        return Ok(());
    }
    // Another task may add it there.
    let adds = |text: &str| {
        let mut words = text.split(|c: char| !(c.is_alphanumeric() || c == '_'));
        words.any(|word| word == name)
    };
    let planned = planner.claims.iter().enumerate().any(|(index, claims)| {
        let there = |place: &crate::plan::ResolvedPath| parent(&place.path) == folder;
        let task = planner.task(index);
        let mut lines = task.details.iter().map(|line| line.text.as_str()).chain([task.title.as_str()]);
        claims.iter().any(|(_, place)| place.as_ref().is_some_and(there)) && lines.any(adds)
    });
    if planned {
        return Ok(());
    }
    let files = survey.go_files(&folder);
    let mut names: Vec<String> = Vec::new();
    for file in files.iter().filter(|file| !file.contains("generated") && !file.ends_with("_test.go")) {
        if let Some(source) = survey.go(&join(&folder, file)).ok().flatten() {
            let types = source.file.decls.iter().filter(|decl| decl.kind == crate::go::DeclKind::Type);
            names.extend(types.flat_map(|decl| &decl.names).map(|name| name.text.clone()));
        }
    }
    let near = nearest(name, names.iter().map(String::as_str)).first().map(|near| format!("; did you mean `{near}`?"));
    Err(format!("`{package}.{name}` does not exist{}", near.unwrap_or_default()))
}

fn customary(survey: &Survey<'_>, package: &str) -> Option<ImportSpec> {
    let (name, path) = CUSTOMARY.iter().find(|(name, _)| *name == package)?;
    let path = if path.starts_with("pkg/") { join(survey.module(), path) } else { (*path).to_owned() };
    let plain = is_standard(&path) || path.rsplit('/').next() == Some(name);
    Some(if plain { ImportSpec::plain(path) } else { ImportSpec::named(name, path) })
}
