//! Types: where a name leads, and what a type consists of. A type is written out when its packages are import paths:
//! `*k8s.io/api/core/v1.Pod`. Two files may know one package under two names; written out, they say the same.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::{GoSource, Survey};
use crate::go::body::Members;
use crate::go::{DeclKind, FuncName, FunctionHead, GoFile, ImportSpec, default_name};
use crate::tree::{Kind, join};

/// The types that Go has in every package.
pub const BUILTIN: &[&str] = &[
    "any",
    "bool",
    "byte",
    "complex128",
    "complex64",
    "error",
    "float32",
    "float64",
    "int",
    "int16",
    "int32",
    "int64",
    "int8",
    "rune",
    "string",
    "uint",
    "uint16",
    "uint32",
    "uint64",
    "uint8",
    "uintptr",
];

/// How deep embedded structs are looked into.
const DEPTH: usize = 3;

/// The function that a name stands for: where it is declared, and its head.
#[derive(Clone, Debug)]
pub struct Func {
    /// Its file.
    pub source: Rc<GoSource>,
    /// The type of its receiver.
    pub receiver: Option<String>,
    /// Its name.
    pub name: String,
}

impl Func {
    /// What an edit calls it.
    pub fn func_name(&self) -> FuncName<'_> {
        FuncName { receiver: self.receiver.as_deref(), name: &self.name }
    }

    /// Its head; nothing if it has type parameters.
    pub fn head(&self) -> Option<FunctionHead> {
        self.source.target().head(self.source.file.method(self.receiver.as_deref(), &self.name)?)
    }

    /// `path:line`.
    pub fn place(&self) -> String {
        let decl = self.source.file.method(self.receiver.as_deref(), &self.name);
        let start = decl.map_or(0, |decl| decl.span.start);
        format!("{}:{}", self.source.path(), self.source.source.line(start))
    }
}

impl Survey<'_> {
    /// The folder of the package with an import path, as far as the checkout has it: its own, staged or vendored.
    pub fn package_folder(&self, path: &str) -> Option<String> {
        let own = self.folder_of(path).filter(|folder| self.kind(folder) == Some(Kind::Folder));
        let other = || {
            let places = [format!("staging/src/{path}"), format!("vendor/{path}")];
            places.into_iter().find(|folder| self.kind(folder) == Some(Kind::Folder))
        };
        own.or_else(other).filter(|folder| !self.go_files(folder).is_empty())
    }

    /// The import path that a file knows by a name.
    pub fn import_named(&self, file: &GoFile, name: &str) -> Option<String> {
        let named = file.imports.iter().find(|import| import.name() == name);
        let by_clause = || {
            let plain = file.imports.iter().filter(|import| import.alias.is_none());
            plain.into_iter().find(|import| {
                let flat = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
                flat(default_name(&import.path)) == flat(name)
                    && self.package_folder(&import.path).is_some_and(|folder| self.package_name(&folder) == name)
            })
        };
        named.or_else(by_clause).map(|import| import.path.clone())
    }

    /// The import of a package as a new file has it: under another name where its last part is not its own.
    pub fn import_of(&self, folder: &str) -> ImportSpec {
        let (path, name) = (self.import_path(folder), self.package_name(folder));
        if default_name(&path) == name { ImportSpec::plain(path) } else { ImportSpec::named(&name, path) }
    }

    /// Functions and methods of a package with a name, tests apart.
    pub fn funcs(&self, folder: &str, name: &str) -> Vec<Func> {
        let files = self.go_files(folder);
        let written = files.iter().filter(|file| !file.ends_with("_test.go") && !file.contains("generated"));
        let mut found = Vec::new();
        for file in written {
            let path = join(folder, file);
            let occurs = self.text(&path).ok().flatten().is_some_and(|text| text.contains(name));
            let Some(source) = occurs.then(|| self.go(&path).ok().flatten()).flatten() else { continue };
            let own = source.file.decls.iter().filter(|decl| decl.kind == DeclKind::Func && decl.name() == name);
            found.extend(own.map(|decl| Func {
                source: source.clone(),
                receiver: decl.receiver.as_ref().map(|receiver| receiver.type_name.clone()),
                name: name.to_owned(),
            }));
        }
        found
    }

    /// The names of everything of some kind that a package declares, tests apart.
    pub fn declared_names(&self, folder: &str, kind: DeclKind) -> Vec<String> {
        let files = self.go_files(folder);
        let written = files.iter().filter(|file| !file.ends_with("_test.go") && !file.contains("generated"));
        let sources = written.filter_map(|file| self.go(&join(folder, file)).ok().flatten());
        let mut names: Vec<String> = sources
            .flat_map(|source| {
                let own = source.file.decls.iter().filter(|decl| decl.kind == kind);
                own.flat_map(|decl| decl.names.iter().map(|name| name.text.clone())).collect::<Vec<_>>()
            })
            .collect();
        names.sort();
        names.dedup();
        names
    }

    /// The type of a package, wherever its folder declares it.
    pub fn type_source(&self, folder: &str, name: &str) -> Option<Rc<GoSource>> {
        let source = self.go(&join(folder, &self.declares(folder, name)?)).ok().flatten()?;
        source.file.declares(name).is_some_and(|decl| decl.kind == DeclKind::Type).then_some(source)
    }

    /// A type written out. `own` is the path of the package that the text stands in, `imported` says what names stand
    /// for. Nothing if a name stands for nothing.
    pub fn written_out(&self, ty: &str, own: &str, imported: &dyn Fn(&str) -> Option<String>) -> Option<String> {
        const KEYWORDS: &[&str] = &["map", "chan", "func", "interface", "struct"];
        let mut out = String::new();
        let mut rest = ty.trim();
        while let Some(c) = rest.chars().next() {
            if !(c.is_alphabetic() || c == '_') {
                out.push(c);
                rest = &rest[c.len_utf8()..];
                continue;
            }
            let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
            let (word, behind) = rest.split_at(end);
            rest = behind;
            if KEYWORDS.contains(&word) || BUILTIN.contains(&word) {
                out.push_str(if word == "any" { "interface{}" } else { word });
            } else if let Some(behind) = rest.strip_prefix('.').filter(|behind| !behind.starts_with('.')) {
                let end = behind.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(behind.len());
                out.extend([imported(word)?.as_str(), ".", &behind[..end]]);
                rest = &behind[end..];
            } else {
                out.extend([own, ".", word]);
            }
        }
        Some(out)
    }

    /// A type as a file has it, written out.
    pub fn written_out_in(&self, source: &GoSource, ty: &str) -> Option<String> {
        let own = self.import_path(crate::tree::parent(source.path()));
        self.written_out(ty, &own, &|name| self.import_named(&source.file, name))
    }

    /// What the field of a type has for a type; both written out.
    pub fn field_type(&self, ty: &str, field: &str) -> Option<String> {
        self.field_below(ty, field, DEPTH)
    }

    fn field_below(&self, ty: &str, field: &str, depth: usize) -> Option<String> {
        let (source, members) = self.members_of(ty)?;
        let Members::Struct(fields) = members else { return None };
        let own = fields.iter().find(|(name, _)| name.as_deref() == Some(field));
        if let Some((_, ty)) = own {
            return self.written_out_in(&source, ty);
        }
        let mut embedded = fields.iter().filter(|(name, _)| name.is_none());
        embedded.find_map(|(_, ty)| {
            let ty = self.written_out_in(&source, ty)?;
            if ty.rsplit(['.', '*']).next() == Some(field) {
                return Some(ty);
            }
            self.field_below(&ty, field, depth.checked_sub(1)?)
        })
    }

    /// The members of a type that is written out, and the file that declares it.
    pub fn members_of(&self, ty: &str) -> Option<(Rc<GoSource>, Members)> {
        let (path, name) = ty.trim_start_matches('*').rsplit_once('.')?;
        let source = self.type_source(&self.package_folder(path)?, name)?;
        let members = source.target().members(name).ok().flatten()?;
        Some((source, members))
    }

    /// What a function of a package gives back, written out.
    pub fn func_results(&self, path: &str, name: &str) -> Option<Vec<String>> {
        let funcs = self.funcs(&self.package_folder(path)?, name);
        self.results_of(funcs.iter().find(|func| func.receiver.is_none())?)
    }

    /// What a function gives back, written out.
    pub fn results_of(&self, func: &Func) -> Option<Vec<String>> {
        self.types_of(&func.source, &func.head()?.results)
    }

    /// What a function is given, written out.
    pub fn takes(&self, func: &Func) -> Option<Vec<String>> {
        self.types_of(&func.source, &func.head()?.parameters)
    }

    pub(super) fn types_of(&self, source: &GoSource, list: &[crate::go::Parameter]) -> Option<Vec<String>> {
        let mut types = Vec::new();
        for one in list {
            let dots = if one.variadic { "..." } else { "" };
            let ty = format!("{dots}{}", self.written_out_in(source, &one.ty.text)?);
            types.extend(std::iter::repeat_n(ty, one.names.len().max(1)));
        }
        Some(types)
    }

    /// The packages that files know by a name: that of the folder first, then all of the checkout, by their number.
    pub fn customary_imports(&self, folder: &str, name: &str) -> Vec<ImportSpec> {
        let mut found: Vec<ImportSpec> = self.imported(folder, name).into_iter().collect();
        let mut known: Vec<(&String, &usize)> = self.customs().get(name).into_iter().flatten().collect();
        known.sort_by_key(|(path, count)| (std::cmp::Reverse(**count), path.as_str()));
        for (path, _) in known {
            let plain = default_name(path) == name;
            let import = if plain { ImportSpec::plain(path.as_str()) } else { ImportSpec::named(name, path.as_str()) };
            if found.iter().all(|one| one.path != import.path) {
                found.push(import);
            }
        }
        found
    }

    /// How often files import packages under a name, all over the checkout.
    fn customs(&self) -> &BTreeMap<String, BTreeMap<String, usize>> {
        self.customs.get_or_init(|| {
            let mut found: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
            self.every_file(&mut |path, text| {
                if !path.contains("generated") {
                    count_imports(text, &mut found);
                }
            });
            found
        })
    }

    /// The receivers of the methods of a type, `c *Controller` or without a name `*Controller`, each once, the most
    /// frequent first.
    pub fn receivers(&self, folder: &str, type_name: &str) -> Vec<String> {
        let files = self.go_files(folder);
        let written = files.iter().filter(|file| !file.contains("generated") && !file.ends_with("_test.go"));
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for source in written.filter_map(|file| {
            let path = join(folder, file);
            let occurs = self.text(&path).ok().flatten().is_some_and(|text| text.contains(&format!("{type_name}) ")));
            occurs.then(|| self.go(&path).ok().flatten()).flatten()
        }) {
            let own = |receiver: &crate::go::Receiver| receiver.type_name == type_name;
            for decl in source.file.decls.iter().filter(|decl| decl.receiver.as_ref().is_some_and(own)) {
                let text = &source.source.text()[decl.span.start + "func ".len()..decl.names[0].span.start];
                let text = text.trim().trim_start_matches('(').trim_end_matches(')').trim();
                let text = text.trim_start_matches("_ ");
                *counts.entry(text.to_owned()).or_default() += 1;
            }
        }
        let mut found: Vec<(String, usize)> = counts.into_iter().collect();
        found.sort_by_key(|(text, count)| (std::cmp::Reverse(*count), text.clone()));
        found.into_iter().map(|(text, _)| text).collect()
    }

    /// Every method of a name in the checkout: the file, and the type of the receiver. Generated files are among them.
    pub fn methods_named(&self, name: &str) -> Vec<(String, String)> {
        let mark = format!(") {name}(");
        let mut found = Vec::new();
        self.every_file(&mut |path, text| {
            for at in memchr::memmem::find_iter(text.as_bytes(), &mark) {
                let line = &text[text[..at].rfind('\n').map_or(0, |line| line + 1)..at];
                let Some(receiver) = line.strip_prefix("func (") else { continue };
                let ty = receiver.rsplit([' ', '*']).next().unwrap_or_default();
                if crate::name::is_go_identifier(ty) {
                    found.push((path.to_owned(), ty.to_owned()));
                }
            }
        });
        found.sort();
        found.dedup();
        found
    }

    /// Shows every Go file of the checkout but those that are vendored.
    pub(super) fn every_file(&self, look: &mut dyn FnMut(&str, &str)) {
        let mut open: Vec<String> =
            ["pkg", "cmd", "tests", "tools", "staging/src/kubevirt.io"].map(str::to_owned).to_vec();
        while let Some(folder) = open.pop() {
            for name in self.tree().list(&folder) {
                let path = join(&folder, &name);
                if name.ends_with(".go") {
                    self.tree().show(&path, &mut |text| look(&path, text));
                } else if !name.contains('.') && self.tree().kind(&path) == Some(Kind::Folder) {
                    open.push(path);
                }
            }
        }
    }

    /// Whether the code of a folder imports a path.
    pub fn imports_path(&self, folder: &str, path: &str) -> bool {
        let files = self.go_files(folder);
        let mut code = files.iter().filter(|name| !name.ends_with("_test.go"));
        let quoted = format!("\"{path}\"");
        code.any(|name| self.text(&join(folder, name)).ok().flatten().is_some_and(|text| text.contains(&quoted)))
    }

    /// Whether a package of this module would need itself if another folder imported it.
    pub fn would_cycle(&self, importer: &str, path: &str) -> bool {
        let Some(folder) = self.folder_of(path) else { return false };
        folder == importer || self.closure(&folder).contains(importer)
    }
}

/// The imports of a file, read line by line as gofmt leaves them.
fn count_imports(text: &str, found: &mut BTreeMap<String, BTreeMap<String, usize>>) {
    let mut inside = false;
    for line in text.lines() {
        let line = line.trim();
        if line == "import (" {
            inside = true;
        } else if inside && line == ")" {
            inside = false;
        } else if line.starts_with("func ") || line.starts_with("type ") {
            return;
        }
        let spec = if inside { Some(line) } else { line.strip_prefix("import ") };
        let Some((alias, rest)) = spec.and_then(|spec| spec.split_once('"')) else { continue };
        let Some((path, _)) = rest.split_once('"') else { continue };
        let name = match alias.trim() {
            "" => default_name(path),
            "." | "_" => continue,
            alias => alias,
        };
        *found.entry(name.to_owned()).or_default().entry(path.to_owned()).or_default() += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::MemoryTree;

    fn tree() -> MemoryTree {
        MemoryTree::new([
            ("go.mod", "module kubevirt.io/kubevirt\n"),
            ("pkg/virt-config/x.go", "package virtconfig\n\ntype ClusterConfig struct{}\n"),
            (
                "staging/src/kubevirt.io/api/core/v1/types.go",
                "package v1\n\ntype VMI struct {\n\tMeta\n\tSpec Spec\n}\n\ntype Meta struct {\n\tLabels map[string]string\n}\n\ntype Spec struct {\n\tDevices []Device\n}\n\ntype Device struct{}\n",
            ),
            (
                "pkg/a/a.go",
                "package a\n\nimport (\n\tvirtv1 \"kubevirt.io/api/core/v1\"\n\t\"kubevirt.io/kubevirt/pkg/virt-config\"\n)\n\ntype C struct {\n\tconfig *virtconfig.ClusterConfig\n}\n\nfunc (c *C) Find(\n\tvmi *virtv1.VMI,\n) (*virtv1.Spec, error) {\n\treturn nil, nil\n}\n\ntype I interface {\n\tGet(name string) *virtv1.VMI\n}\n",
            ),
        ])
    }

    #[test]
    fn types_are_followed_through_files() {
        let tree = tree();
        let survey = Survey::new(&tree).unwrap();
        let a = survey.go("pkg/a/a.go").unwrap().unwrap();
        let vmi = survey.written_out_in(&a, "*virtv1.VMI").unwrap();
        assert_eq!(vmi, "*kubevirt.io/api/core/v1.VMI");
        let spec = survey.field_type(&vmi, "Spec").unwrap();
        assert_eq!(survey.field_type(&spec, "Devices").as_deref(), Some("[]kubevirt.io/api/core/v1.Device"));
        assert_eq!(survey.field_type(&vmi, "Labels").as_deref(), Some("map[string]string"));
        let c = "kubevirt.io/kubevirt/pkg/a.C";
        assert_eq!(
            survey.field_type(c, "config").as_deref(),
            Some("*kubevirt.io/kubevirt/pkg/virt-config.ClusterConfig")
        );
        assert_eq!(survey.method_results(c, "Find").unwrap(), ["*kubevirt.io/api/core/v1.Spec", "error"]);
        assert_eq!(survey.method_results("kubevirt.io/kubevirt/pkg/a.I", "Get").unwrap(), [vmi.as_str()]);
        assert_eq!(survey.written_out_in(&a, "map[string]nothing.X"), None);
        assert_eq!(survey.customary_imports("pkg/b", "virtv1")[0].path, "kubevirt.io/api/core/v1");
        assert_eq!(survey.funcs("pkg/a", "Find")[0].place(), "pkg/a/a.go:12");
    }
}
