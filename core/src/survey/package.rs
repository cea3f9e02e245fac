//! Packages: names, suites, and what they declare.

use std::rc::Rc;

use super::{GoSource, Survey};
use crate::go::{ImportSpec, default_name};
use crate::name::Name;
use crate::tree::{file_name, join, parent};

/// A folder of Go files, there or yet to be made.
#[derive(Clone, Debug)]
pub struct Package {
    /// The folder.
    pub folder: String,
    /// The Go files in it, sorted.
    pub files: Rc<[String]>,
    /// The name in its package clauses, or the one that a new package gets.
    pub name: String,
    /// The name that its tests use: the package's own, or that with `_test`.
    pub test_name: String,
    /// Whether a file starts Ginkgo's suite.
    pub has_suite: bool,
}

impl Package {
    /// Whether the folder has Go files already.
    pub fn exists(&self) -> bool {
        !self.files.is_empty()
    }

    /// Whether tests stand in a package of their own.
    pub fn tests_are_external(&self) -> bool {
        self.test_name != self.name
    }
}

/// A type whose methods can read the cluster's configuration.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Receiver {
    /// The type.
    pub type_name: String,
    /// What its methods call it.
    pub name: String,
    /// The field with the configuration.
    pub field: String,
}

impl Receiver {
    /// As it stands in the declaration of a method.
    pub fn declaration(&self) -> String {
        format!("({} *{}) ", self.name, self.type_name)
    }
}

impl Survey<'_> {
    /// The package in a folder.
    pub fn package(&self, folder: &str) -> Rc<Package> {
        if let Some(package) = self.packages.borrow().get(folder) {
            return package.clone();
        }
        let package = Rc::new(self.read_package(folder));
        self.packages.borrow_mut().insert(folder.to_owned(), package.clone());
        package
    }

    /// The name in a folder's package clauses, or the one that a new package gets.
    pub fn package_name(&self, folder: &str) -> String {
        let files = self.go_files(folder);
        let clause =
            |name: &String| self.text(&join(folder, name)).ok().flatten().and_then(|text| package_clause(&text));
        let own = files.iter().filter(|name| !name.ends_with("_test.go")).find_map(clause);
        let test = || files.iter().find_map(clause).map(|name| name.trim_end_matches("_test").to_owned());
        own.or_else(test).unwrap_or_else(|| {
            if self.is_new_command(folder) { "main".to_owned() } else { Name::parse(file_name(folder)).flat() }
        })
    }

    /// Whether a folder without code stands in `cmd/` among programs only.
    fn is_new_command(&self, folder: &str) -> bool {
        if !folder.starts_with("cmd/") {
            return false;
        }
        let above = parent(folder);
        let names = self.tree.list(above);
        let clauses = names.iter().filter_map(|name| {
            let beside = join(above, name);
            let file = self.go_files(&beside).iter().find(|name| !name.ends_with("_test.go")).cloned()?;
            package_clause(&self.text(&join(&beside, &file)).ok().flatten()?)
        });
        let clauses: Vec<String> = clauses.collect();
        !clauses.is_empty() && clauses.iter().all(|name| name == "main")
    }

    /// The Go files in a folder, sorted.
    pub fn go_files(&self, folder: &str) -> Rc<[String]> {
        if let Some(files) = self.listings.borrow().get(folder) {
            return files.clone();
        }
        let files: Rc<[String]> = self.tree.list(folder).into_iter().filter(|name| name.ends_with(".go")).collect();
        self.listings.borrow_mut().insert(folder.to_owned(), files.clone());
        files
    }

    fn read_package(&self, folder: &str) -> Package {
        let files = self.go_files(folder);
        let mut has_suite = false;
        let mut external = 0_i32;
        let mut external_suite = None;
        for test in files.iter().filter(|name| name.ends_with("_test.go")) {
            let index = self.test_file(&join(folder, test));
            let Some(name) = &index.package else { continue };
            let is_external = name.ends_with("_test");
            if index.starts_suite {
                has_suite = true;
                external_suite = Some(is_external);
            } else {
                external += if is_external { 1 } else { -1 };
            }
        }
        let name = self.package_name(folder);
        // The majority of the specs decides; where there are none, the suite does.
        let is_external = external > 0 || external == 0 && external_suite == Some(true);
        let test_name = if is_external { format!("{name}_test") } else { name.clone() };
        Package { folder: folder.to_owned(), files, name, test_name, has_suite }
    }

    /// The file of a package that declares a name, methods aside. Cheap: only files in which the
    /// name occurs are read closely.
    pub fn declares(&self, folder: &str, name: &str) -> Option<String> {
        self.find(folder, name, |go| go.file.declares(name).is_some())
    }

    /// The file of a package that declares a method.
    pub fn declares_method(&self, folder: &str, receiver: &str, name: &str) -> Option<String> {
        self.find(folder, name, |go| go.file.method(Some(receiver), name).is_some())
    }

    /// The package that the files of a package know by a name.
    pub fn imported(&self, folder: &str, name: &str) -> Option<ImportSpec> {
        let import =
            |file: &GoSource| file.file.imports.iter().find(|import| import.name() == name).map(ImportSpec::from);
        let file = self.find(folder, name, |go| import(go).is_some())?;
        import(&*self.go(&join(folder, &file)).ok().flatten()?)
    }

    /// The package that metrics of a folder are made with: what the folder imports, or its neighbours, or
    /// what is vendored. It has moved between organisations, and early releases have none.
    pub fn operator_metrics(&self, folder: &str) -> Option<ImportSpec> {
        const NAME: &str = "operatormetrics";
        let above = parent(folder);
        let neighbours = self.tree.list(above).into_iter().map(|name| join(above, &name));
        let mut folders = std::iter::once(folder.to_owned()).chain(neighbours.filter(|other| other != folder));
        folders.find_map(|folder| self.imported(&folder, NAME)).or_else(|| {
            let homes = ["rhobs/operator-observability-toolkit", "machadovilaca/operator-observability"];
            let paths = homes.map(|home| format!("github.com/{home}/pkg/{NAME}"));
            let path = paths.into_iter().find(|path| self.exists(&join("vendor", path)))?;
            Some(ImportSpec::plain(path))
        })
    }

    /// The first file of a package that holds a word and satisfies a condition. Generated files
    /// are big and declare nothing that people name.
    fn find(&self, folder: &str, word: &str, condition: impl Fn(&GoSource) -> bool) -> Option<String> {
        let files = self.go_files(folder);
        let mut written = files.iter().filter(|file| !file.contains("generated"));
        let found = written.find(|file| {
            let path = join(folder, file);
            let occurs = if file.ends_with("_test.go") {
                self.test_file(&path).names.iter().any(|name| name == word)
            } else {
                self.text(&path).ok().flatten().is_some_and(|text| occurs(&text, word))
            };
            occurs && self.go(&path).ok().flatten().is_some_and(|go| condition(&go))
        });
        found.cloned()
    }

    /// What is worth knowing about a test file. Tests are the longest files, and hardly ever asked
    /// about: they are not kept.
    fn test_file(&self, path: &str) -> Rc<TestFileIndex> {
        if let Some(known) = self.test_files.borrow().get(path) {
            return known.clone();
        }
        let mut index = TestFileIndex::default();
        self.tree().show(path, &mut |text| index = TestFileIndex::new(text));
        let index = Rc::new(index);
        self.test_files.borrow_mut().insert(path.to_owned(), index.clone());
        index
    }

    /// The type of a package whose methods can ask for feature gates: a struct with a field that
    /// is a `*ClusterConfig`, or one that embeds such a struct.
    pub fn config_receiver(&self, folder: &str) -> Option<Receiver> {
        let package = self.package(folder);
        let direct = self.structs(&package, ".ClusterConfig", config_field);
        let mut candidates = direct.clone();
        for (inner, field) in &direct {
            let embeds = |body: &str| {
                occurs(body, inner) && body.lines().any(|line| line.trim().trim_start_matches('*') == inner)
            };
            candidates.extend(self.structs(&package, inner, |body| embeds(body).then(|| field.clone())));
        }
        let rank = |name: &str| match name {
            "VirtualMachineController" => 0,
            "Controller" => 1,
            _ => 2,
        };
        // A struct that only serves as a part of others, and helpers, are no place for a feature.
        candidates.retain(|(name, _)| rank(name) < 2 || name.ends_with("Controller") && !name.starts_with("Base"));
        candidates.sort_by_key(|(name, _)| rank(name));
        let (type_name, field) = candidates.into_iter().next()?;
        let name = self.receiver_name(&package, &type_name);
        Some(Receiver { type_name, name, field })
    }

    /// The structs of a package whose body yields something. Only the declarations of types in
    /// files with `mark` are looked at; reading whole files closely would cost more than the rest.
    fn structs(&self, package: &Package, mark: &str, pick: impl Fn(&str) -> Option<String>) -> Vec<(String, String)> {
        let mut found = Vec::new();
        for file in package.files.iter().filter(|file| !file.ends_with("_test.go")) {
            let text = self.text(&join(&package.folder, file)).ok().flatten();
            let Some(text) = text.filter(|text| occurs(text, mark)) else { continue };
            for (name, body) in structs(&text) {
                found.extend(pick(body).map(|value| (name.to_owned(), value)));
            }
        }
        found
    }

    fn receiver_name(&self, package: &Package, type_name: &str) -> String {
        let mark = format!("{type_name}) ");
        let name = |file: &String| {
            let text = self.text(&join(&package.folder, file)).ok().flatten()?;
            memchr::memmem::find_iter(text.as_bytes(), &mark).find_map(|at| {
                let line = &text[text[..at].rfind('\n')? + 1..at];
                let name = line.strip_prefix("func (")?.split(' ').next()?;
                (name != "_" && line.trim_end_matches('*').ends_with(' ')).then(|| name.to_owned())
            })
        };
        package.files.iter().find_map(name).unwrap_or_else(|| "c".to_owned())
    }
}

/// What is known about a test file that nobody edits.
#[derive(Debug, Default)]
pub(super) struct TestFileIndex {
    /// Its package clause.
    package: Option<String>,
    starts_suite: bool,
    /// Everything that it may declare at its top level, methods included.
    names: Vec<String>,
}

impl TestFileIndex {
    fn new(text: &str) -> Self {
        let mut names = Vec::new();
        for keyword in ["func ", "type ", "var ", "const "] {
            for at in memchr::memmem::find_iter(text.as_bytes(), keyword) {
                if at > 0 && text.as_bytes()[at - 1] != b'\n' {
                    continue;
                }
                let line = text[at + keyword.len()..].lines().next().unwrap_or_default();
                if line == "(" {
                    names.extend(block(&text[at..]));
                }
                // Behind the receiver of a method.
                let line = line.strip_prefix('(').and_then(|line| line.split_once(") ")).map_or(line, |(_, rest)| rest);
                names.extend(word(line));
            }
        }
        Self { package: package_clause(text), starts_suite: starts_suite(text), names }
    }
}

/// The names that a gofmt-ed block of declarations may declare.
fn block(text: &str) -> impl Iterator<Item = String> {
    let lines = text.lines().skip(1).take_while(|line| *line != ")");
    lines.filter_map(|line| line.strip_prefix('\t')).flat_map(|line| line.split(',').map(str::trim)).filter_map(word)
}

fn word(text: &str) -> Option<String> {
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(text.len());
    (end > 0).then(|| text[..end].to_owned())
}

/// The structs that a gofmt-ed file declares at its top level: name and declaration.
fn structs(text: &str) -> impl Iterator<Item = (&str, &str)> {
    memchr::memmem::find_iter(text.as_bytes(), "\ntype ").filter_map(|at| {
        let decl = &text[at + 1..];
        let (name, rest) = decl["type ".len()..].split_once(' ')?;
        let end = decl.find("\n}").unwrap_or(decl.len());
        rest.starts_with("struct {").then(|| (name, &decl[..end]))
    })
}

/// The field of a struct that is a `*virtconfig.ClusterConfig`.
fn config_field(body: &str) -> Option<String> {
    if !occurs(body, ".ClusterConfig") {
        return None;
    }
    body.lines().find_map(|line| {
        let (name, ty) = line.trim().split_once(char::is_whitespace)?;
        let ty = ty.trim();
        let is_config = ty.starts_with('*') && ty.ends_with(".ClusterConfig");
        (is_config && default_name(name) == name).then(|| name.to_owned())
    })
}

fn occurs(text: &str, name: &str) -> bool {
    memchr::memmem::find(text.as_bytes(), name.as_bytes()).is_some()
}

fn starts_suite(text: &str) -> bool {
    occurs(text, "KubeVirtTestSuiteSetup(") || occurs(text, "RunSpecs(")
}

/// The name in the package clause, found without reading the whole file.
pub(crate) fn package_clause(text: &str) -> Option<String> {
    let mut rest = text.trim_start_matches('\u{feff}');
    loop {
        rest = rest.trim_start();
        if let Some(comment) = rest.strip_prefix("//") {
            rest = comment.split_once('\n')?.1;
        } else if let Some(comment) = rest.strip_prefix("/*") {
            rest = comment.split_once("*/")?.1;
        } else {
            let name = rest.strip_prefix("package")?.trim_start();
            let end = name.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(name.len());
            return Some(name[..end].to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::MemoryTree;

    #[test]
    fn an_index_has_what_a_test_declares() {
        let text = "// Copyright\n\npackage x_test\n\nconst (\n\ta = 1\n\tb, c = 2, 3\n)\n\nvar d int\n\nfunc (e *f) g() {}\n\nfunc TestX(t *testing.T) {\n\tvar h int\n\tRunSpecs(t, \"\")\n}\n";
        let index = TestFileIndex::new(text);
        assert_eq!((index.package.as_deref(), index.starts_suite), (Some("x_test"), true));
        for name in ["a", "b", "c", "d", "g", "TestX"] {
            assert!(index.names.iter().any(|known| known == name), "{name} in {:?}", index.names);
        }
        assert!(!index.names.iter().any(|known| known == "h"));
    }

    #[test]
    fn metrics_are_made_with_what_is_there() {
        let found = |more: &[(&str, &str)]| {
            let mut tree = tree();
            for (path, text) in more {
                tree.set(path, Some(text));
            }
            let survey = Survey::new(&tree).unwrap();
            survey.operator_metrics("pkg/monitoring/metrics/virt-api").map(|import| import.path)
        };
        let vendored = ("vendor/github.com/machadovilaca/operator-observability/pkg/operatormetrics/m.go", "");
        let used = ("pkg/monitoring/metrics/virt-handler/m.go", "package m\n\nimport \"x.io/pkg/operatormetrics\"\n");
        assert_eq!(found(&[]), None);
        assert_eq!(found(&[vendored]).unwrap(), "github.com/machadovilaca/operator-observability/pkg/operatormetrics");
        assert_eq!(found(&[vendored, used]).unwrap(), "x.io/pkg/operatormetrics");
    }

    fn tree() -> MemoryTree {
        MemoryTree::new([
            ("go.mod", "module kubevirt.io/kubevirt\n"),
            ("staging/src/kubevirt.io/api/doc.go", "package api\n"),
            ("pkg/virt-config/x.go", "package virtconfig\n\nimport \"kubevirt.io/kubevirt/pkg/pointer\"\n"),
            ("pkg/pointer/p.go", "package pointer\n"),
            (
                "pkg/virt-handler/a.go",
                "// Package x\n\npackage virthandler\n\ntype BaseController struct {\n\tclusterConfig *virtconfig.ClusterConfig\n}\n\ntype VirtualMachineController struct {\n\t*BaseController\n}\n\nfunc (c *VirtualMachineController) Run() {}\n",
            ),
            (
                "pkg/virt-handler/a_suite_test.go",
                "package virthandler\n\nfunc TestX(t *testing.T) { testutils.KubeVirtTestSuiteSetup(t) }\n",
            ),
            ("pkg/ext/e.go", "package ext\n\nfunc Known() {}\n"),
            ("pkg/ext/e_test.go", "package ext_test\n"),
        ])
    }

    #[test]
    fn names_come_from_package_clauses() {
        let tree = tree();
        let survey = Survey::new(&tree).unwrap();
        let handler = survey.package("pkg/virt-handler");
        assert_eq!(
            (handler.name.as_str(), handler.test_name.as_str(), handler.has_suite),
            ("virthandler", "virthandler", true)
        );
        let ext = survey.package("pkg/ext");
        assert_eq!((ext.test_name.as_str(), ext.has_suite), ("ext_test", false));
        let new = survey.package("pkg/virt-controller/watch/guest-heartbeat");
        assert_eq!((new.name.as_str(), new.exists()), ("guestheartbeat", false));
    }

    #[test]
    fn the_type_that_can_ask_for_gates_is_found_through_embedding() {
        let tree = tree();
        let survey = Survey::new(&tree).unwrap();
        let receiver = survey.config_receiver("pkg/virt-handler").unwrap();
        assert_eq!(
            receiver,
            Receiver { type_name: "VirtualMachineController".into(), name: "c".into(), field: "clusterConfig".into() }
        );
        assert_eq!(survey.config_receiver("pkg/ext"), None);
    }

    #[test]
    fn declarations_are_found_and_cycles_known() {
        let tree = tree();
        let survey = Survey::new(&tree).unwrap();
        assert_eq!(survey.declares("pkg/ext", "Known").as_deref(), Some("e.go"));
        assert_eq!(survey.declares("pkg/ext", "Know"), None);
        assert!(survey.may_import_config("pkg/ext") && !survey.may_import_config("pkg/pointer"));
    }
}
