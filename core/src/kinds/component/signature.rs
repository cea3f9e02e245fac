//! Signatures: what a task writes behind a function's name, with every type in it looked up.

use std::collections::BTreeSet;

use super::super::api_field;
use super::super::planned_types::is_planned;
use super::super::struct_field;
use super::fault::Fault;
use super::functions::functions;
use crate::go::{DeclKind, FunctionHead, ImportSpec, is_standard};
use crate::name::nearest;
use crate::plan::{Assigned, Planner};
use crate::survey::BUILTIN;
use crate::tree::parent;

/// Packages that a signature can name without saying which they are.
const QUALIFIERS: &[(&str, &str)] = &[
    ("v1", "kubevirt.io/api/core/v1"),
    ("virtv1", "kubevirt.io/api/core/v1"),
    ("k8sv1", "k8s.io/api/core/v1"),
    ("corev1", "k8s.io/api/core/v1"),
    ("metav1", "k8s.io/apimachinery/pkg/apis/meta/v1"),
    ("context", "context"),
    ("time", "time"),
    ("libvirtxml", "libvirt.org/go/libvirtxml"),
    ("cache", "k8s.io/client-go/tools/cache"),
];

/// A type that a function gives back, and the value of it that means nothing yet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::kinds) struct Given {
    pub ty: String,
    pub zero: String,
    /// `zero` is a variable that is to be declared.
    pub declared: bool,
}

impl Given {
    /// A type that Go has in every package.
    pub(super) fn builtin(ty: &str) -> Self {
        let zero = match ty {
            "bool" => "false",
            "string" => "\"\"",
            "error" | "any" => "nil",
            _ => "0",
        };
        Self { ty: ty.to_owned(), zero: zero.to_owned(), declared: false }
    }
}

/// A signature that compiles.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::kinds) struct Signature {
    /// From the opening parenthesis on.
    pub text: String,
    /// What it needs.
    pub imports: Vec<ImportSpec>,
    /// The types that it gives back.
    pub results: Vec<Given>,
}

/// What the types of a folder's signatures are looked up with.
pub(in crate::kinds) struct Types<'a, 'p, 't> {
    pub planner: &'a Planner<'p, 't>,
    /// The folder.
    pub folder: &'a str,
    /// The file that the signature goes into, there or not.
    pub file: &'a str,
}

impl Types<'_, '_, '_> {
    /// The signature of a function as a task writes it; nothing where it writes none.
    pub(in crate::kinds) fn signature(&self, head: &FunctionHead) -> Result<Option<Signature>, Fault> {
        if head.parameters.is_empty() && head.results.is_empty() {
            return Ok(None);
        }
        let mut imports: Vec<ImportSpec> = Vec::new();
        for (package, name) in head.type_names() {
            match package {
                Some(package) => {
                    let import = self.import(package, name).map_err(|why| fault(head, &why))?;
                    if !imports.contains(&import) {
                        imports.push(import);
                    }
                }
                None if BUILTIN.contains(&name.as_str()) || self.has_type(self.folder, name) => {}
                None => return Err(fault(head, &self.no_type(self.folder, name))),
            }
        }
        let types: Vec<&str> = head
            .results
            .iter()
            .flat_map(|one| std::iter::repeat_n(one.ty.text.as_str(), one.names.len().max(1)))
            .collect();
        let mut zeros: Vec<Option<String>> = types.iter().map(|ty| self.zero(ty, &imports)).collect();
        // What is called without a look at an error must be something that can be called.
        if !types.contains(&"error") {
            for (at, ty) in types.iter().enumerate() {
                if let Some(head_of) = self.function_type(ty, &imports, 3).map_err(|why| fault(head, &why))? {
                    zeros[at] = Some(self.does_nothing(&head_of, &mut imports).map_err(|why| fault(head, &why))?);
                }
            }
        }
        let names: Vec<String> = head.results.iter().flat_map(|one| one.names.iter().cloned()).collect();
        let taken: Vec<&String> = head.parameters.iter().flat_map(|one| &one.names).collect();
        let result = |(at, ty): (usize, &&str)| {
            let known = zeros[at].clone().or_else(|| names.get(at).cloned());
            let declared = known.is_none();
            Given { ty: (*ty).to_owned(), zero: known.unwrap_or_else(|| variable(at, types.len(), &taken)), declared }
        };
        let results = types.iter().enumerate().map(result).collect();
        Ok(Some(Signature { text: head.signature(), imports, results }))
    }

    /// That a folder declares no such type, and what it may be meant for.
    pub(super) fn no_type(&self, folder: &str, name: &str) -> String {
        let types = self.planner.survey.declared_names(folder, DeclKind::Type);
        let near: Vec<&str> = nearest(name, types.iter().map(String::as_str)).into_iter().take(3).collect();
        let meant = if near.is_empty() { String::new() } else { format!("; did you mean {}?", near.join(" or ")) };
        format!("{folder} declares no type {name}{meant}")
    }

    /// Whether a folder's package has a type, or tasks add it.
    pub(super) fn has_type(&self, folder: &str, name: &str) -> bool {
        self.planner.survey.type_source(folder, name).is_some() || is_planned(self.planner, folder, name)
    }

    /// The package that has a type under a name: as the file imports it, its neighbours, the whole checkout.
    pub(in crate::kinds) fn import(&self, package: &str, name: &str) -> Result<ImportSpec, String> {
        let survey = self.planner.survey;
        let own = || {
            let source = survey.go(self.file).ok().flatten()?;
            let path = survey.import_named(&source.file, package)?;
            source.file.import(&path).map(ImportSpec::from)
        };
        let fixed = || {
            let (alias, path) = QUALIFIERS.iter().find(|(alias, _)| *alias == package)?;
            Some(if is_standard(path) { ImportSpec::plain(*path) } else { ImportSpec::named(alias, *path) })
        };
        let mut imports: Vec<ImportSpec> = own().into_iter().collect();
        imports.extend(survey.imported(self.folder, package));
        imports.extend(fixed());
        let mut lacking = None;
        let mut unseen = None;
        // The whole checkout is asked only if what is near does not know.
        for rest in [false, true] {
            if rest {
                // The file has the name for what is near, if another head means that.
                if let Some(why) = lacking.take_if(|_| self.is_taken(package, name, &imports)) {
                    return Err(why);
                }
                imports = survey.customary_imports(self.folder, package);
            }
            let others = self.narrow(package, name, &mut imports);
            for import in &imports {
                if is_standard(&import.path) && struct_field::exists(survey, &import.path, name) {
                    return Ok(import.clone());
                }
                let Some(folder) = survey.package_folder(&import.path) else {
                    // What is not in the checkout cannot be looked into.
                    if !rest || lacking.is_none() {
                        unseen.get_or_insert_with(|| import.clone());
                    }
                    continue;
                };
                if !self.has_type(&folder, name) {
                    lacking.get_or_insert_with(|| {
                        let here =
                            if others { format!("{package} is {} here, and ", import.path) } else { String::new() };
                        here + &self.no_type(&folder, name)
                    });
                    continue;
                }
                let is_known = survey.imports_path(self.folder, &import.path);
                if !is_known && survey.would_cycle(self.folder, &import.path) {
                    return Err(format!("{folder} needs {}: importing it would be a cycle", self.folder));
                }
                return Ok(import.clone());
            }
            if lacking.is_none()
                && let Some(import) = &unseen
            {
                return Ok(import.clone());
            }
        }
        if let Some(path) = struct_field::standard(package, name).filter(|_| lacking.is_none()) {
            return Ok(ImportSpec::plain(path));
        }
        if let Some(import) = self.made(package, name) {
            return Ok(import);
        }
        // A package that the plan itself makes is known by its group: `backupv1` of backup/v1alpha1.
        if let Some(folder) = api_field::home_of(self.planner, package, name) {
            return Ok(ImportSpec::named(package, survey.import_path(&folder)));
        }
        Err(lacking.unwrap_or_else(|| format!("no file of the checkout imports a package as {package}")))
    }

    /// Leaves one package under a name, where the heads that tasks state for the file use it for types of several: the
    /// one that has most of them. A file has a name for one package only. Whether others were left out.
    fn narrow(&self, package: &str, name: &str, imports: &mut Vec<ImportSpec>) -> bool {
        if !imports.iter().any(|import| import.path != imports[0].path) {
            return false;
        }
        let mut names = self.names_of(package);
        names.insert(name.to_owned());
        let count = |import: &ImportSpec| names.iter().filter(|name| self.holds(import, name)).count();
        // The first of those with the most.
        let counted: Vec<usize> = imports.iter().map(count).collect();
        let most = counted.iter().copied().max().unwrap_or_default();
        let Some(at) = counted.iter().position(|count| *count == most).filter(|_| most > 0) else { return false };
        let path = imports[at].path.clone();
        imports.retain(|import| import.path == path);
        true
    }

    /// Whether another head of the file means one of some packages by a name.
    fn is_taken(&self, package: &str, name: &str, imports: &[ImportSpec]) -> bool {
        let others = self.names_of(package);
        let mut others = others.iter().filter(|other| *other != name);
        others.any(|other| imports.iter().any(|import| self.holds(import, other)))
    }

    /// The types that the heads which tasks state for the file name of a package.
    fn names_of(&self, package: &str) -> BTreeSet<String> {
        let is_here = |one: &&Assigned| one.place.as_ref().is_some_and(|place| *place.path == *self.file);
        let tasks = self.planner.assigned.iter().filter(is_here).flat_map(|one| &one.tasks);
        let heads = tasks.flat_map(|&task| functions(self.planner.task(task)).0);
        let heads = heads.filter_map(|function| function.head.ok());
        let names = heads.flat_map(|head| {
            let own = head.type_names().filter(|(known, _)| known.as_deref() == Some(package));
            own.map(|(_, name)| name.clone()).collect::<Vec<_>>()
        });
        names.collect()
    }

    /// Whether a package has a type, as far as it can be looked into.
    fn holds(&self, import: &ImportSpec, name: &str) -> bool {
        match self.planner.survey.package_folder(&import.path) {
            Some(folder) => self.has_type(&folder, name),
            None => is_standard(&import.path) && struct_field::exists(self.planner.survey, &import.path, name),
        }
    }

    /// The one package of which tasks make a file, and which has a type then.
    fn made(&self, package: &str, name: &str) -> Option<ImportSpec> {
        let (planner, survey) = (self.planner, self.planner.survey);
        let folders: BTreeSet<&str> =
            planner.assigned.iter().filter_map(|one| Some(parent(&one.place.as_ref()?.path))).collect();
        let own = |folder: &&&str| {
            **folder != self.folder && survey.package_name(folder) == package && is_planned(planner, folder, name)
        };
        let mut found = folders.iter().filter(own);
        let folder = found.next().filter(|_| found.next().is_none())?;
        let import = survey.import_of(folder);
        (!survey.would_cycle(self.folder, &import.path)).then_some(import)
    }
}

fn fault(head: &FunctionHead, why: &str) -> Fault {
    Fault { code: "signature-unknown", why: format!("the signature of `{}` does not resolve: {why}", head.name) }
}

/// The variable that stands for a result whose value cannot be told.
fn variable(at: usize, results: usize, taken: &[&String]) -> String {
    let mut name = if results > 1 { format!("result{}", at + 1) } else { "result".to_owned() };
    while taken.iter().any(|other| **other == name) {
        name.push('_');
    }
    name
}
