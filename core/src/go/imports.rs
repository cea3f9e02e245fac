//! Import declarations: writing new ones, and adding to those of a file.

use std::collections::BTreeSet;

use super::outline::{GoFile, Import, default_name};
use crate::text::{Span, TextEdit, line_end, line_start, next_line};

/// An import to be made.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct ImportSpec {
    /// The import path, without quotes.
    pub path: String,
    /// The name given to it, if it is not the package's own.
    pub alias: Option<String>,
}

impl ImportSpec {
    /// An import under the package's own name.
    pub fn plain(path: impl Into<String>) -> Self {
        Self { path: path.into(), alias: None }
    }

    /// An import under another name.
    pub fn named(alias: &str, path: impl Into<String>) -> Self {
        Self { path: path.into(), alias: Some(alias.to_owned()) }
    }

    /// The name that the file uses for the package.
    pub fn name(&self) -> &str {
        self.alias.as_deref().unwrap_or_else(|| default_name(&self.path))
    }

    fn line(&self) -> String {
        match &self.alias {
            Some(alias) => format!("\t{alias} \"{}\"\n", self.path),
            None => format!("\t\"{}\"\n", self.path),
        }
    }
}

impl From<&Import> for ImportSpec {
    fn from(import: &Import) -> Self {
        Self { path: import.path.clone(), alias: import.alias.clone() }
    }
}

/// The blocks that KubeVirt separates by blank lines, in their order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Block {
    Standard,
    Test,
    Foreign,
    Api,
    Local,
    LocalTest,
}

fn block(path: &str, module: &str) -> Block {
    let below = |prefix: &str| path.strip_prefix(prefix).is_some_and(|rest| rest.starts_with('/'));
    if path.starts_with("github.com/onsi/") {
        Block::Test
    } else if below(&format!("{module}/tests")) || path.strip_prefix(module) == Some("/tests") {
        Block::LocalTest
    } else if below(module) {
        Block::Local
    } else if module.split('/').next().is_some_and(below) {
        Block::Api
    } else if is_standard(path) {
        Block::Standard
    } else {
        Block::Foreign
    }
}

/// Whether a path is of the standard library: its first part has no dot.
pub fn is_standard(path: &str) -> bool {
    !path.split('/').next().unwrap_or(path).contains('.')
}

/// An import declaration in KubeVirt's order.
pub fn declaration(specs: &[ImportSpec], module: &str) -> String {
    let mut text = String::from("import (\n");
    let sorted: BTreeSet<(Block, &ImportSpec)> = specs.iter().map(|spec| (block(&spec.path, module), spec)).collect();
    let mut last = None;
    for (block, spec) in sorted {
        if last.is_some_and(|last| last != block) {
            text.push('\n');
        }
        text.push_str(&spec.line());
        last = Some(block);
    }
    text + ")"
}

/// The edits that add imports to a file, as far as it lacks them.
pub fn add(text: &str, file: &GoFile, specs: &[ImportSpec], module: &str) -> Vec<TextEdit> {
    let lacks = |spec: &&ImportSpec| file.import(&spec.path).is_none();
    let mut specs: Vec<ImportSpec> = specs.iter().filter(lacks).cloned().collect();
    specs.sort();
    specs.dedup();
    if specs.is_empty() {
        return Vec::new();
    }
    let group = file.import_blocks.iter().find(|span| span.of(text).ends_with(')'));
    let Some(group) = group else { return vec![new_declaration(text, file, &specs, module)] };
    let imports: Vec<&Import> = file.imports.iter().filter(|import| group.contains(import.span.start)).collect();
    specs.iter().map(|spec| insertion(text, *group, &imports, spec, module)).collect()
}

fn new_declaration(text: &str, file: &GoFile, specs: &[ImportSpec], module: &str) -> TextEdit {
    let after = file.import_blocks.last().map_or(file.package.span.end, |span| span.end);
    TextEdit::insert(line_end(text, after), format!("\n\n{}", declaration(specs, module)))
}

/// Into the section that holds the nearest relatives, where gofmt would sort it.
fn insertion(text: &str, group: Span, imports: &[&Import], spec: &ImportSpec, module: &str) -> TextEdit {
    let wanted = block(&spec.path, module);
    let relatives = imports.iter().filter(|import| block(&import.path, module) == wanted);
    let nearest = relatives.max_by_key(|import| common_prefix(&import.path, &spec.path));
    let Some(nearest) = nearest else {
        return new_section(text, group, imports, spec, wanted, module);
    };
    let section = section(text, imports, nearest);
    let next = section.iter().find(|import| (import.path.as_str(), import.name()) > (spec.path.as_str(), spec.name()));
    let at = match next {
        Some(next) => line_start(text, next.span.start),
        None => next_line(text, section.last().map_or(nearest.span.end, |last| last.span.end)),
    };
    TextEdit::insert(at, spec.line())
}

fn new_section(
    text: &str,
    group: Span,
    imports: &[&Import],
    spec: &ImportSpec,
    wanted: Block,
    module: &str,
) -> TextEdit {
    match imports.iter().find(|import| block(&import.path, module) > wanted) {
        Some(next) => {
            let first = section(text, imports, next);
            let start = first.first().map_or(next.span.start, |first| first.span.start);
            TextEdit::insert(line_start(text, start), spec.line() + "\n")
        }
        None => TextEdit::insert(line_start(text, group.end - 1), format!("\n{}", spec.line())),
    }
}

/// The imports that no blank line separates from this one.
fn section<'a>(text: &str, imports: &[&'a Import], of: &Import) -> Vec<&'a Import> {
    let mut sections: Vec<Vec<&Import>> = Vec::new();
    for import in imports {
        let joined = sections.last().and_then(|section| section.last()).is_some_and(|last| {
            !text[last.span.end..import.span.start].replace('\r', "").contains("\n\n")
                && !text[last.span.end..import.span.start].replace([' ', '\t', '\r'], "").contains("\n\n")
        });
        match sections.last_mut() {
            Some(section) if joined => section.push(import),
            _ => sections.push(vec![import]),
        }
    }
    sections.into_iter().find(|section| section.iter().any(|import| import.span == of.span)).unwrap_or_default()
}

fn common_prefix(a: &str, b: &str) -> usize {
    a.split('/').zip(b.split('/')).take_while(|(a, b)| a == b).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::TextEdits;

    const MODULE: &str = "kubevirt.io/kubevirt";

    fn added(text: &str, specs: &[ImportSpec]) -> String {
        let file = GoFile::parse(text).unwrap();
        TextEdits::new(add(text, &file, specs, MODULE)).unwrap().apply(text)
    }

    #[test]
    fn a_new_declaration_has_kubevirts_blocks() {
        let specs = [
            ImportSpec::plain("kubevirt.io/kubevirt/tests/decorators"),
            ImportSpec::plain("kubevirt.io/kubevirt/pkg/virt-config/featuregate"),
            ImportSpec::named("v1", "kubevirt.io/api/core/v1"),
            ImportSpec::named(".", "github.com/onsi/ginkgo/v2"),
            ImportSpec::plain("fmt"),
            ImportSpec::named("metav1", "k8s.io/apimachinery/pkg/apis/meta/v1"),
        ];
        assert_eq!(
            declaration(&specs, MODULE),
            "import (\n\t\"fmt\"\n\n\t. \"github.com/onsi/ginkgo/v2\"\n\n\tmetav1 \"k8s.io/apimachinery/pkg/apis/meta/v1\"\n\n\tv1 \"kubevirt.io/api/core/v1\"\n\n\t\"kubevirt.io/kubevirt/pkg/virt-config/featuregate\"\n\n\t\"kubevirt.io/kubevirt/tests/decorators\"\n)"
        );
    }

    #[test]
    fn an_import_joins_its_relatives_in_order() {
        let text = "package x\n\nimport (\n\t\"fmt\"\n\n\t_ \"kubevirt.io/kubevirt/tests/compute\"\n\t_ \"kubevirt.io/kubevirt/tests/storage\"\n)\n";
        assert_eq!(
            added(text, &[ImportSpec::named("_", "kubevirt.io/kubevirt/tests/network")]),
            text.replace(
                "\t_ \"kubevirt.io/kubevirt/tests/storage\"",
                "\t_ \"kubevirt.io/kubevirt/tests/network\"\n\t_ \"kubevirt.io/kubevirt/tests/storage\""
            )
        );
        assert_eq!(added(text, &[ImportSpec::plain("errors")]), text.replace("\t\"fmt\"", "\t\"errors\"\n\t\"fmt\""));
    }

    #[test]
    fn an_import_without_relatives_gets_a_section() {
        let text = "package x\n\nimport (\n\t\"kubevirt.io/kubevirt/pkg/a\"\n)\n";
        assert_eq!(added(text, &[ImportSpec::plain("errors")]), text.replace("(\n", "(\n\t\"errors\"\n\n"));
        assert_eq!(
            added("package x\n\nimport (\n\t\"fmt\"\n)\n", &[ImportSpec::plain("kubevirt.io/kubevirt/pkg/a")]),
            "package x\n\nimport (\n\t\"fmt\"\n\n\t\"kubevirt.io/kubevirt/pkg/a\"\n)\n"
        );
    }

    #[test]
    fn a_file_without_a_group_gets_one() {
        assert_eq!(
            added("package x\n\nfunc f() {}\n", &[ImportSpec::plain("fmt")]),
            "package x\n\nimport (\n\t\"fmt\"\n)\n\nfunc f() {}\n"
        );
        assert_eq!(
            added("package x\n\nimport \"fmt\"\n", &[ImportSpec::plain("errors")]),
            "package x\n\nimport \"fmt\"\n\nimport (\n\t\"errors\"\n)\n"
        );
    }
}
