//! What a generator reads and writes: the packages that its arguments name, and all that these import.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::recipe::{Program, Run, Step};
use super::repo_path;
use crate::go::GoFile;
use crate::tree::{Kind, Tree, join, parent};

/// Where modules of the checkout lie that have import paths of their own.
const STAGING: &str = "staging/src/";

/// The packages of a checkout.
pub(super) struct Packages<'t> {
    tree: &'t dyn Tree,
    module: String,
    imports: RefCell<BTreeMap<String, Rc<BTreeSet<String>>>>,
}

/// What a command reads and writes: files and folders.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Inputs {
    /// Folders of packages: those that are named, and what they import.
    pub packages: BTreeSet<String>,
    /// The named ones, if it looks at nothing of others but the types that its own hold.
    pub types: Option<BTreeSet<String>>,
    /// Single files.
    pub files: BTreeSet<String>,
    /// What it writes; nothing if that is not known.
    pub writes: Option<BTreeSet<String>>,
}

impl<'t> Packages<'t> {
    pub(super) fn new(tree: &'t dyn Tree) -> Self {
        let text = tree.read("go.mod").ok().flatten().unwrap_or_default();
        let module = text.lines().find_map(|line| Some(line.trim().strip_prefix("module ")?.trim().to_owned()));
        Self { tree, module: module.unwrap_or_default(), imports: RefCell::default() }
    }

    /// The folder of a package of the checkout.
    pub(super) fn folder(&self, import: &str) -> Option<String> {
        let import = import.trim_end_matches('/');
        let own = import.strip_prefix(&self.module).and_then(|rest| rest.strip_prefix('/'));
        let folder = own.map_or_else(|| format!("{STAGING}{import}"), str::to_owned);
        (self.tree.kind(&folder) == Some(Kind::Folder)).then_some(folder)
    }

    /// The Go files of a folder.
    pub(super) fn go_files(&self, folder: &str) -> Vec<String> {
        let names = self.tree.list(folder).into_iter().filter(|name| name.ends_with(".go"));
        names.map(|name| join(folder, &name)).collect()
    }

    /// The folders of some packages, and of all of the checkout that they import.
    pub(super) fn closure(&self, roots: impl IntoIterator<Item = String>, with_tests: bool) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let mut open: Vec<String> = Vec::new();
        for root in roots {
            if with_tests {
                open.extend(self.read_imports(&root, true));
            }
            open.push(root);
        }
        while let Some(folder) = open.pop() {
            if !found.contains(&folder) {
                open.extend(self.imports(&folder).iter().cloned());
                found.insert(folder);
            }
        }
        found
    }

    fn imports(&self, folder: &str) -> Rc<BTreeSet<String>> {
        if let Some(known) = self.imports.borrow().get(folder) {
            return Rc::clone(known);
        }
        let found = Rc::new(self.read_imports(folder, false));
        self.imports.borrow_mut().insert(folder.to_owned(), Rc::clone(&found));
        found
    }

    fn read_imports(&self, folder: &str, with_tests: bool) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        for path in self.go_files(folder) {
            if with_tests || !path.ends_with("_test.go") {
                // A file that does not parse stops the generators, which say it better.
                self.tree.show(&path, &mut |text| {
                    let imports = GoFile::parse(text).map(|file| file.imports).unwrap_or_default();
                    found.extend(imports.iter().filter_map(|import| self.folder(&import.path)));
                });
            }
        }
        found
    }

    /// What a run of a generator reads and writes.
    pub(super) fn of(&self, step: &Step, run: &Run) -> Inputs {
        let mut inputs = Inputs::default();
        let mut roots = BTreeSet::new();
        let words = named(run);
        for word in &words {
            let path = repo_path(&step.folder, word)
                .filter(|path| word.contains("./") || word.starts_with("${") || self.is_file(path));
            match path {
                Some(path) if self.go_files(&path).is_empty() => drop(inputs.files.insert(path)),
                Some(path) => drop(roots.insert(path)),
                None => roots.extend(self.folder(word).filter(|folder| !self.go_files(folder).is_empty())),
            }
        }
        inputs.files.extend(run.output.clone());
        let flag = |name: &str| flag(run, name).and_then(|value| repo_path(&step.folder, value));
        let generator = match &run.program {
            Program::Pinned(name) => name.as_str(),
            Program::Own(folder) => {
                roots = [folder.clone()].into();
                "own"
            }
            Program::Go => "go",
        };
        inputs.writes = match generator {
            "swagger-doc" => flag("in").map(|path| [parent(&path).to_owned()].into()),
            "deepcopy-gen" | "defaulter-gen" | "conversion-gen" => Some(roots.clone()),
            "openapi-gen" | "client-gen" => written(step, run),
            "controller-gen" => {
                let group = roots.iter().next().map(|folder| parent(folder).replace('/', "_"));
                Some([join(&step.folder, &format!("config/crd/{}", group.unwrap_or_default()))].into())
            }
            "mockgen" => flag("destination").map(|path| [path].into()),
            // The programs of the checkout write what they are told to; without that, nobody says what.
            "own" => Some(inputs.files.clone()).filter(|files| !files.is_empty()),
            _ => None,
        };
        inputs.types = matches!(generator, "deepcopy-gen" | "conversion-gen").then(|| roots.clone());
        inputs.packages = match generator {
            // These look at the types of their own packages only.
            "client-gen" => roots,
            // These read one file.
            "swagger-doc" | "mockgen" => BTreeSet::new(),
            "go" => self.closure(roots, true),
            _ => self.closure(roots, false),
        };
        inputs
    }

    fn is_file(&self, path: &str) -> bool {
        self.tree.kind(path) == Some(Kind::File)
    }
}

/// The words of a run that may name files and packages.
fn named(run: &Run) -> Vec<String> {
    let base = flag(run, "input-base");
    let mut words = Vec::new();
    for argument in &run.arguments {
        let value = match argument.split_once('=') {
            Some((_, value)) => value,
            None if argument.starts_with('-') => continue,
            None => argument,
        };
        for word in value.split(',') {
            words.push(word.to_owned());
            words.extend(base.map(|base| format!("{base}/{word}")));
        }
    }
    words
}

/// The value of a flag.
fn flag<'r>(run: &'r Run, name: &str) -> Option<&'r str> {
    let mut arguments = run.arguments.iter();
    while let Some(argument) = arguments.next() {
        let Some(found) = argument.strip_prefix('-') else { continue };
        let found = found.trim_start_matches('-');
        if found == name {
            return arguments.next().map(String::as_str);
        }
        if let Some(value) = found.strip_prefix(name).and_then(|rest| rest.strip_prefix('=')) {
            return Some(value);
        }
    }
    None
}

/// The folders and files that flags say a generator writes.
fn written(step: &Step, run: &Run) -> Option<BTreeSet<String>> {
    let folder = match (flag(run, "output-dir"), flag(run, "output-base"), flag(run, "output-package")) {
        (Some(folder), ..) => repo_path(&step.folder, folder)?,
        (None, Some(base), Some(package)) => join(&repo_path(&step.folder, base)?, package.trim_end_matches('/')),
        _ => return None,
    };
    let folder = flag(run, "clientset-name").map_or(folder.clone(), |name| join(&folder, name));
    let report = flag(run, "report-filename").and_then(|path| repo_path(&step.folder, path));
    Some([folder].into_iter().chain(report).chain(run.output.clone()).collect())
}
