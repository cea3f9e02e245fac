//! The CRD of a kind in virt-operator, and its place in the list of the install strategy.

use serde::Serialize;

use super::{API, Left, NAME, STRATEGY, below_api, crd_of, kind_of};
use crate::go::{AnchorError, DeclKind, ImportSpec, Target, add_imports};
use crate::kinds::planned_types::is_planned;
use crate::pending::{PendingFiles, Refusal};
use crate::plan::{ManualReason, Planner, Unit, Use};
use crate::repo_path::RepoPath;
use crate::template::{Context, Template, Text};
use crate::text::{TextEdit, next_line};
use crate::tree::{file_name, join, parent};

pub(super) const TEMPLATE: Text = CrdText::FILE;

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

/// A CRD of virt-operator, and its place in the list of the strategy.
#[derive(Debug)]
struct CrdFacts {
    file: RepoPath,
    text: CrdText,
    import: ImportSpec,
    strategy: Option<RepoPath>,
}

pub(super) fn plan(planner: &mut Planner<'_, '_>, file: &RepoPath, task: usize) -> Result<(), Left> {
    let survey = planner.survey;
    let planned = planner.task(task);
    let Some((name, function)) = crd_of(planned) else { return Ok(()) };
    let line = function.line;
    let says =
        |words: &[&str]| planned.prose().any(|(_, text)| words.iter().any(|word| text.to_lowercase().contains(word)));
    let scope = if says(&["cluster-scoped", "cluster scoped"]) { "Cluster" } else { "Namespaced" };
    let wired = planned
        .prose()
        .find(|(_, text)| text.contains("strategy.go") || text.to_lowercase().contains("install strategy"))
        .map(|(line, _)| line);
    planner.open(file)?;
    let source = survey.go(file)?.ok_or_else(|| Left::Manual(line, format!("{file} does not exist")))?;
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
            let has = |name: &str| survey.declares(&folder, name).is_some() || is_planned(planner, &folder, name);
            if has(&name) && survey.declares(&folder, "SchemeGroupVersion").is_some() {
                let status = has(&format!("{name}Status"));
                folders.push((folder, status));
            }
        }
    }
    let own = planner.assigned.iter().filter(|assigned| assigned.kind.name() == NAME);
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
                || survey.declares(&folder, "SchemeGroupVersion").is_some()
        };
        if let Some(&other) = kind
            && below_api(&place.path).len() == 3
            && !folders.iter().any(|(known, _)| *known == folder)
            && registered()
        {
            let status = planner.task(other).prose().any(|(_, text)| text.contains(&format!("{name}Status")));
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
                let mut functions = target.file.decls.iter().filter(|decl| is_crd(decl.name()));
                let last = functions.next_back().map(|decl| decl.span.end);
                edits.push(match last {
                    Some(end) => TextEdit::insert(next_line(target.text, end), format!("\n{}\n", snippet.trim_end())),
                    None => target.append_declaration(&snippet),
                });
                edits.extend(add_imports(target.text, target.file, std::slice::from_ref(&self.import), module));
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
fn behind_names(target: &Target<'_>, name: &str, value: &str) -> Result<Vec<TextEdit>, AnchorError> {
    let is_name = |text: &str| text.len() > 3 && text.chars().all(|c| c.is_ascii_uppercase());
    let groups = target.file.decls.iter().filter(|decl| decl.kind == DeclKind::Var && decl.body.is_some());
    let last = groups.flat_map(|decl| &decl.names).rfind(|known| is_name(&known.text));
    target.value_after(last.map_or("VIRTUALMACHINE", |last| last.text.as_str()), name, value)
}
