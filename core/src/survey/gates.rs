//! Feature gates: where they live, which there are, and which release is being made.

use std::rc::Rc;

use super::{GoSource, Survey};
use crate::diagnostic::Diagnostic;
use crate::go::{Decl, DeclKind, GoFile, TokenKind, unquote};
use crate::text::{Source, Span};
use crate::tree::join;

/// The folder of KubeVirt's feature gates.
pub const FEATURE_GATES: &str = "pkg/virt-config/featuregate";

/// Everything about the feature gates of a checkout.
#[derive(Debug)]
pub struct Gates {
    /// The file that new gates go into: the one with most registrations.
    pub active: String,
    /// The files of the folder that declare or register gates.
    pub files: Vec<GateFile>,
    /// The file with the accessors.
    pub accessors: Rc<GoSource>,
    /// The highest release that a comment names: the one under development.
    pub release: Option<String>,
}

/// One file with gates.
#[derive(Debug)]
pub struct GateFile {
    /// The file.
    pub source: Rc<GoSource>,
    /// The constants: identifier and value.
    pub constants: Vec<(String, String)>,
    /// The identifiers that are registered.
    pub registered: Vec<String>,
}

impl Gates {
    /// The constant of a gate, by its identifier or its value: its file and its identifier.
    pub fn constant(&self, gate: &str) -> Option<(&GateFile, &str)> {
        self.files.iter().find_map(|file| {
            let found = file.constants.iter().find(|(identifier, value)| identifier == gate || value == gate);
            found.map(|(identifier, _)| (file, identifier.as_str()))
        })
    }

    /// Whether a gate's constant is registered anywhere.
    pub fn is_registered(&self, identifier: &str) -> bool {
        self.files.iter().any(|file| file.registered.iter().any(|known| known == identifier))
    }

    /// The method of `ClusterConfig` that asks for a gate: names are irregular, so bodies tell.
    pub fn accessor(&self, identifier: &str) -> Option<&str> {
        let asks = format!("featuregate.{identifier})");
        let GoSource { source, file } = &*self.accessors;
        let methods = file.decls.iter().filter(|decl| is_accessor(decl));
        methods
            .into_iter()
            .find(|decl| decl.body.is_some_and(|body| body.of(source.text()).replace(' ', "").contains(&asks)))
            .map(Decl::name)
    }
}

fn is_accessor(decl: &Decl) -> bool {
    decl.kind == DeclKind::Func && decl.receiver.as_ref().is_some_and(|receiver| receiver.type_name == "ClusterConfig")
}

impl Survey<'_> {
    /// The feature gates of the checkout.
    pub fn gates(&self) -> Result<Rc<Gates>, Diagnostic> {
        self.gates.get_or_init(|| self.read_gates().map(Rc::new)).clone()
    }

    fn read_gates(&self) -> Result<Gates, Diagnostic> {
        let mut files = Vec::new();
        let mut release = None;
        for name in self.go_files(FEATURE_GATES).iter() {
            if name.ends_with("_test.go") {
                continue;
            }
            let path = join(FEATURE_GATES, name);
            let Some(source) = self.go(&path)? else { continue };
            release = release.max(highest_release(source.source.text()));
            files.push(gate_file(source));
        }
        let nothing = |path: &str, what: &str| {
            Diagnostic::error("anchor-missing", format!("{path}: expected {what}, which this checkout does not have"))
                .at(&Source::new(path, ""), Span::at(0))
                .help("gates live in pkg/virt-config/featuregate since KubeVirt v1.5; older layouts are not known")
        };
        // A file that declares nothing but messages of discontinued gates is no place for a new one.
        let active = files.iter().max_by_key(|file| file.registered.len() + file.constants.len());
        let active = files.iter().find(|file| file.source.path().ends_with("/active.go")).or(active);
        let active = active.ok_or_else(|| nothing(FEATURE_GATES, "a file that registers feature gates"))?;
        let accessors = "pkg/virt-config/feature-gates.go";
        let active = active.source.path().to_owned();
        let accessors = self.go(accessors)?.ok_or_else(|| nothing(accessors, "the accessors of feature gates"))?;
        let release = release.map(|(major, minor)| format!("v{major}.{minor}.0"));
        Ok(Gates { active, files, accessors, release })
    }
}

fn gate_file(source: Rc<GoSource>) -> GateFile {
    let text = source.source.text();
    let constants = constants(text, &source.file);
    let registered = registered(text, &source.file);
    GateFile { source, constants, registered }
}

/// `X = "X"` in every group of constants.
fn constants(text: &str, file: &GoFile) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for decl in file.decls.iter().filter(|decl| decl.kind == DeclKind::Const) {
        for name in &decl.names {
            let after = file.tokens.partition_point(|token| token.span.start < name.span.end);
            let mut rest = file.tokens[after..].iter().take_while(|token| token.kind != TokenKind::Semicolon);
            if let Some(value) = rest.find(|token| token.kind == TokenKind::String) {
                found.push((name.text.clone(), unquote(value.span.of(text))));
            }
        }
    }
    found
}

/// The `X` of every `FeatureGate{Name: X, …}` that is registered.
fn registered(text: &str, file: &GoFile) -> Vec<String> {
    let tokens: Vec<_> = file.tokens.iter().filter(|token| token.kind != TokenKind::Comment).collect();
    let mut found = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        if token.kind != TokenKind::Word || token.span.of(text) != "RegisterFeatureGate" {
            continue;
        }
        let call = tokens[index..].iter().take_while(|token| token.kind != TokenKind::Semicolon);
        let words: Vec<&str> = call.filter(|token| token.kind == TokenKind::Word).map(|t| t.span.of(text)).collect();
        if let Some(at) = words.iter().position(|word| *word == "Name") {
            found.extend(words.get(at + 1).map(|word| (*word).to_owned()));
        }
    }
    found
}

/// The highest `vX.Y.Z` in a text.
fn highest_release(text: &str) -> Option<(u32, u32)> {
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '.'));
    words
        .filter_map(|word| {
            let mut numbers = word.strip_prefix('v')?.split('.').map(|n| n.parse::<u32>().ok());
            let release = (numbers.next()??, numbers.next()??);
            numbers.next()??;
            numbers.next().is_none().then_some(release)
        })
        .max()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::MemoryTree;

    fn tree() -> MemoryTree {
        MemoryTree::new([
            ("go.mod", "module kubevirt.io/kubevirt\n"),
            ("staging/src/kubevirt.io/api/doc.go", "package api\n"),
            (
                "pkg/virt-config/featuregate/active.go",
                "package featuregate\n\nconst (\n\t// Alpha: v1.9.0\n\tA = \"A\"\n\tBGate = \"B\" // v1.10.0\n)\n\nfunc init() {\n\tRegisterFeatureGate(FeatureGate{Name: A, State: Alpha})\n}\n",
            ),
            ("pkg/virt-config/featuregate/inactive.go", "package featuregate\n\nconst C = \"C\"\n"),
            (
                "pkg/virt-config/feature-gates.go",
                "package virtconfig\n\nfunc (config *ClusterConfig) AOn() bool {\n\treturn config.isFeatureGateEnabled(featuregate.A)\n}\n",
            ),
        ])
    }

    #[test]
    fn gates_are_known_by_constant_registration_and_accessor() {
        let tree = tree();
        let survey = Survey::new(&tree).unwrap();
        let gates = survey.gates().unwrap();
        assert_eq!(gates.active, "pkg/virt-config/featuregate/active.go");
        assert_eq!(gates.constant("B").unwrap().1, "BGate");
        assert!(gates.constant("C").is_some() && gates.constant("D").is_none());
        assert!(gates.is_registered("A") && !gates.is_registered("BGate"));
        assert_eq!(gates.accessor("A"), Some("AOn"));
        assert_eq!(gates.release.as_deref(), Some("v1.10.0"));
    }

    #[test]
    fn a_checkout_without_gates_is_named() {
        let mut tree = tree();
        tree.set("pkg/virt-config/feature-gates.go", None);
        let survey = Survey::new(&tree).unwrap();
        assert!(survey.gates().unwrap_err().message.contains("feature-gates.go"));
    }
}
