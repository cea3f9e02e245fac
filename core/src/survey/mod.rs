//! What a checkout has, looked up when a task asks for it.
//!
//! Nothing about KubeVirt's layout is assumed where the tree can tell: which file holds the gates,
//! what a folder's package is called, which SIG a test folder belongs to. Only what the tasks touch
//! is read, so the cost does not grow with the repository.

mod admission;
mod constant;
mod gates;
mod heads;
mod locate;
mod package;
mod promoted;
mod references;
mod roles;
mod scope;
mod specs;
mod types;

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

pub use admission::{EntryPoint, Validator};
pub use gates::{ACCESSORS, FEATURE_GATES, GateFile, GateLookup, Gates, Registration, Stage, asked, registrations};
pub use locate::relocated;
use package::TestFileIndex;
pub(crate) use package::package_clause;
pub use package::{Package, Receiver};
pub use references::Reference;
pub use roles::{Meanings, ROLES, Role, Rule, groups, rule_of, rules_of};
pub(crate) use scope::PATH;
pub use scope::{InScope, Meaning, TypedField, is_builtin, qualified, renamed};
pub(crate) use specs::SUITE;
pub use specs::{Lanes, Launch, SigHelper, SpecFolder, Specs};
pub use types::{BUILTIN, Func};

use crate::build_file::{Labels, resolve_directives};
use crate::diagnostic::Diagnostic;
use crate::go::{GoFile, Target};
use crate::pending::not_go;
use crate::text::{Source, Span};
use crate::tree::{Kind, ReadError, Tree, join, parent};

/// A Go file of the checkout.
#[derive(Debug)]
pub struct GoSource {
    /// Its path and text.
    pub source: Source,
    /// Its outline.
    pub file: Rc<GoFile>,
}

impl GoSource {
    /// Its path.
    pub fn path(&self) -> &str {
        self.source.name()
    }

    /// It, to be edited.
    pub fn target(&self) -> Target<'_> {
        Target::new(self.source.text(), &self.file)
    }
}

/// Facts about a checkout.
pub struct Survey<'t> {
    tree: &'t dyn Tree,
    module: String,
    kinds: RefCell<BTreeMap<String, Option<Kind>>>,
    texts: RefCell<BTreeMap<String, Option<Arc<str>>>>,
    files: RefCell<BTreeMap<String, Option<Rc<GoSource>>>>,
    packages: RefCell<BTreeMap<String, Rc<Package>>>,
    test_files: RefCell<BTreeMap<String, Rc<TestFileIndex>>>,
    listings: RefCell<BTreeMap<String, Rc<[String]>>>,
    entry_points: RefCell<BTreeMap<String, Option<Result<EntryPoint, Diagnostic>>>>,
    header: OnceCell<String>,
    gates: OnceCell<Result<Rc<Gates>, Diagnostic>>,
    linted: OnceCell<Vec<String>>,
    labels: OnceCell<Labels>,
    specs: OnceCell<Rc<Specs>>,
    config_closure: OnceCell<BTreeSet<String>>,
    customs: OnceCell<BTreeMap<String, BTreeMap<String, usize>>>,
}

/// Why a folder is no KubeVirt checkout.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NotKubeVirt(pub String);

impl<'t> Survey<'t> {
    /// Facts about a tree, if it is KubeVirt's.
    pub fn new(tree: &'t dyn Tree) -> Result<Self, NotKubeVirt> {
        let module = match tree.read("go.mod") {
            Ok(Some(text)) => module(&text).ok_or_else(|| NotKubeVirt("its go.mod names no module".to_owned()))?,
            Ok(None) => return Err(NotKubeVirt("it has no go.mod".to_owned())),
            Err(error) => return Err(NotKubeVirt(format!("its go.mod cannot be read: {error:?}"))),
        };
        for needed in ["pkg/virt-config", "staging/src/kubevirt.io/api"] {
            if tree.kind(needed) != Some(Kind::Folder) {
                return Err(NotKubeVirt(format!("it has no folder {needed}")));
            }
        }
        Ok(Self {
            tree,
            module,
            kinds: RefCell::default(),
            texts: RefCell::default(),
            files: RefCell::default(),
            packages: RefCell::default(),
            test_files: RefCell::default(),
            listings: RefCell::default(),
            entry_points: RefCell::default(),
            header: OnceCell::new(),
            gates: OnceCell::new(),
            linted: OnceCell::new(),
            labels: OnceCell::new(),
            specs: OnceCell::new(),
            config_closure: OnceCell::new(),
            customs: OnceCell::new(),
        })
    }

    /// The tree itself.
    pub fn tree(&self) -> &'t dyn Tree {
        self.tree
    }

    /// The module's prefix: `kubevirt.io/kubevirt`.
    pub fn module(&self) -> &str {
        &self.module
    }

    /// The text of a file, if there is one that can be read.
    pub fn text(&self, path: &str) -> Result<Option<Arc<str>>, Diagnostic> {
        if let Some(text) = self.texts.borrow().get(path) {
            return Ok(text.clone());
        }
        let text = self.tree.read(path).map_err(|error| unreadable(path, &error))?;
        self.texts.borrow_mut().insert(path.to_owned(), text.clone());
        Ok(text)
    }

    /// A Go file, if there is one. It must be valid Go as far as its declarations.
    pub fn go(&self, path: &str) -> Result<Option<Rc<GoSource>>, Diagnostic> {
        if let Some(file) = self.files.borrow().get(path) {
            return Ok(file.clone());
        }
        let parsed = match self.text(path)? {
            None => None,
            Some(text) => {
                let source = Source::new(path, text.clone());
                let file = Rc::new(GoFile::parse(&text).map_err(|error| not_go(&source, &error))?);
                Some(Rc::new(GoSource { source, file }))
            }
        };
        self.files.borrow_mut().insert(path.to_owned(), parsed.clone());
        Ok(parsed)
    }

    /// Whether something stands at a path.
    pub fn exists(&self, path: &str) -> bool {
        self.kind(path).is_some()
    }

    /// What stands at a path.
    pub fn kind(&self, path: &str) -> Option<Kind> {
        if let Some(kind) = self.kinds.borrow().get(path) {
            return *kind;
        }
        // Below what is not there, nothing is.
        let above = parent(path);
        let kind = if above.is_empty() || self.kind(above).is_some() { self.tree.kind(path) } else { None };
        self.kinds.borrow_mut().insert(path.to_owned(), kind);
        kind
    }

    /// The licence header of hand-written Go files: the generators' boilerplate, with a star on
    /// every line.
    pub fn header(&self) -> &str {
        self.header.get_or_init(|| {
            let boilerplate = self.text("hack/boilerplate/boilerplate.go.txt").ok().flatten();
            let boilerplate = boilerplate.as_deref().map(starred).unwrap_or_default();
            // Older checkouts have a placeholder there.
            if boilerplate.contains(" YEAR ") { boilerplate.replace(" YEAR ", &self.year()) } else { boilerplate }
        })
    }

    /// The latest year in the headers of some files, between blanks; one blank if none has any.
    fn year(&self) -> String {
        let files = self.go_files("pkg/virt-config");
        let texts = files.iter().filter_map(|file| self.text(&join("pkg/virt-config", file)).ok().flatten());
        let years = texts.filter_map(|text| {
            let behind = text.split_once("Copyright ")?.1;
            behind.split(' ').next()?.parse::<u16>().ok()
        });
        years.max().map_or_else(|| " ".to_owned(), |year| format!(" {year} "))
    }

    /// Whether golangci-lint covers a folder.
    pub fn is_linted(&self, folder: &str) -> bool {
        let paths = self.linted.get_or_init(|| {
            let list = self.text("hack/linter/lint-paths.txt").ok().flatten().unwrap_or_default();
            list.lines().map(|line| line.trim().trim_end_matches("/...").to_owned()).filter(|l| !l.is_empty()).collect()
        });
        paths
            .iter()
            .any(|path| folder == path || folder.strip_prefix(path.as_str()).is_some_and(|rest| rest.starts_with('/')))
    }

    /// How imports become labels.
    pub fn labels(&self) -> &Labels {
        self.labels.get_or_init(|| {
            let vendor = self.module.split('/').next().unwrap_or(&self.module);
            let staging = self.tree.list(&format!("staging/src/{vendor}"));
            Labels {
                module: self.module.clone(),
                staging: staging.iter().map(|name| format!("{vendor}/{name}")).collect(),
                resolved: self.text("BUILD.bazel").ok().flatten().map_or_else(Vec::new, |t| resolve_directives(&t)),
            }
        })
    }

    /// The package whose `slices.Contains` this checkout can use: the standard one since Go 1.21.
    pub fn slices(&self) -> &'static str {
        let text = self.text("go.mod").ok().flatten().unwrap_or_default();
        let version = text.lines().find_map(|line| line.strip_prefix("go 1."));
        let minor = version.and_then(|rest| rest.split('.').next()?.trim().parse::<u32>().ok());
        if minor.is_some_and(|minor| minor < 21) { "k8s.io/utils/strings/slices" } else { "slices" }
    }

    /// The import path of a folder: staging modules have their own.
    pub fn import_path(&self, folder: &str) -> String {
        match folder.strip_prefix("staging/src/") {
            Some(path) => path.to_owned(),
            None => join(&self.module, folder),
        }
    }

    /// The folder of an import path of this repository.
    pub fn folder_of(&self, import: &str) -> Option<String> {
        let own = import.strip_prefix(self.module.as_str()).and_then(|rest| rest.strip_prefix('/'));
        own.map(str::to_owned)
    }

    /// Whether a package may import `pkg/virt-config`: it must not be one that virt-config needs.
    pub fn may_import_config(&self, folder: &str) -> bool {
        let closure = self.config_closure.get_or_init(|| self.closure("pkg/virt-config"));
        !closure.contains(folder)
    }

    /// The folders of this module that a folder's package imports, itself included.
    pub(super) fn closure(&self, folder: &str) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let mut open = vec![folder.to_owned()];
        while let Some(folder) = open.pop() {
            if !found.insert(folder.clone()) {
                continue;
            }
            let sources = self.tree.list(&folder);
            for name in sources.iter().filter(|name| name.ends_with(".go") && !name.ends_with("_test.go")) {
                if let Ok(Some(file)) = self.go(&join(&folder, name)) {
                    open.extend(file.file.imports.iter().filter_map(|import| self.folder_of(&import.path)));
                }
            }
        }
        found
    }

    /// The nearest folder above a path that is there.
    pub fn nearest_folder(&self, path: &str) -> String {
        let mut folder = parent(path);
        while !folder.is_empty() && !self.exists(folder) {
            folder = parent(folder);
        }
        folder.to_owned()
    }
}

fn module(text: &str) -> Option<String> {
    text.lines().find_map(|line| Some(line.trim().strip_prefix("module ")?.trim().trim_matches('"').to_owned()))
}

fn starred(boilerplate: &str) -> String {
    let mut text = String::from("/*\n");
    let inner = boilerplate.trim().trim_start_matches("/*").trim_end_matches("*/").trim();
    for line in inner.lines() {
        let line = line.trim_start_matches([' ', '*']).trim_end();
        // The licence's address is set in.
        let line = if line.starts_with("http") { format!("    {line}") } else { line.to_owned() };
        text.push_str(format!(" * {line}").trim_end());
        text.push('\n');
    }
    text + " *\n */"
}

/// The diagnostic of a file that is there and cannot be read.
pub fn unreadable(path: &str, error: &ReadError) -> Diagnostic {
    match error {
        ReadError::NotUtf8(at) => Diagnostic::error("file-unreadable", format!("{path} is not UTF-8 (at byte {at})")),
        ReadError::Refused(reason) => Diagnostic::error("file-unreadable", format!("{path} cannot be read: {reason}")),
    }
    .at(&Source::new(path, ""), Span::at(0))
    .help("fix the file, or leave out the tasks that need it with --only")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::MemoryTree;

    #[test]
    fn a_checkout_is_known_by_its_module_and_folders() {
        let mut tree = MemoryTree::new([
            ("go.mod", "module kubevirt.io/kubevirt\n\ngo 1.26.0\n"),
            ("pkg/virt-config/virt-config.go", "package virtconfig\n"),
            ("staging/src/kubevirt.io/api/doc.go", "package api\n"),
        ]);
        assert_eq!(Survey::new(&tree).unwrap().module(), "kubevirt.io/kubevirt");
        tree.set("pkg/virt-config/virt-config.go", None);
        assert!(Survey::new(&tree).err().unwrap().0.contains("pkg/virt-config"));
        assert!(Survey::new(&MemoryTree::default()).is_err());
    }

    #[test]
    fn the_header_is_the_boilerplate_with_stars() {
        let text = starred("/*\nThis file is X\n\nhttp://x\n\nThe end.\n*/\n\n");
        assert_eq!(text, "/*\n * This file is X\n *\n *     http://x\n *\n * The end.\n *\n */");
    }
}
