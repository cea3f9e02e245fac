//! Feature gates: where they live, which there are, and which release is being made.

use std::fmt;
use std::rc::Rc;

use super::{GoSource, Survey};
use crate::diagnostic::Diagnostic;
use crate::go::{Decl, DeclKind, GoFile, ImportSpec, Token, TokenKind, unquote};
use crate::text::{Source, Span};
use crate::tree::{Kind, file_name, join, parent};

/// The folder of KubeVirt's feature gates, where it has one of its own.
pub const FEATURE_GATES: &str = "pkg/virt-config/featuregate";
/// The folder of the cluster's configuration.
const CONFIG: &str = "pkg/virt-config";
/// The file with the accessors, in every release.
pub const ACCESSORS: &str = "pkg/virt-config/feature-gates.go";

/// Everything about the feature gates of a checkout.
#[derive(Debug)]
pub struct Gates {
    /// The file that new gates go into.
    pub active: String,
    /// The files that declare or register gates.
    pub files: Vec<GateFile>,
    /// The file with the accessors.
    pub accessors: Rc<GoSource>,
    /// The release under development: the highest that a comment names.
    pub release: Option<String>,
    /// The package of the constants.
    pub package: String,
    /// An active gate is registered with its state; elsewhere its constant is all there is.
    pub registers: bool,
    /// A gate can be listed as disabled.
    pub disables: bool,
    /// What tells whether a gate is on.
    pub lookup: GateLookup,
}

/// What tells whether a gate is on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum GateLookup {
    /// Its accessor alone.
    Accessor,
    /// `IsEnabled` of the gates' own package, too.
    Package {
        /// Beta gates are on by default.
        beta_is_on: bool,
    },
}

/// The stages of a feature gate's life, in order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub enum Stage {
    /// Off by default.
    #[default]
    Alpha,
    /// On by default.
    Beta,
    /// Always on.
    Ga,
    /// Will be discontinued.
    Deprecated,
    /// Gone; users who list it are told.
    Discontinued,
}

impl Stage {
    /// All of them, in order.
    pub const ALL: [Self; 5] = [Self::Alpha, Self::Beta, Self::Ga, Self::Deprecated, Self::Discontinued];

    /// The Go constant, and the word in comments.
    pub fn name(self) -> &'static str {
        match self {
            Self::Alpha => "Alpha",
            Self::Beta => "Beta",
            Self::Ga => "GA",
            Self::Deprecated => "Deprecated",
            Self::Discontinued => "Discontinued",
        }
    }

    /// The stage of a Go constant.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.name() == name)
    }

    /// Whether a gate in it belongs with the active ones.
    pub fn is_active(self) -> bool {
        matches!(self, Self::Alpha | Self::Beta)
    }

    /// Whether asking for the gate has one answer only.
    pub fn is_settled(self) -> bool {
        matches!(self, Self::Ga | Self::Discontinued)
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One file with gates.
#[derive(Debug)]
pub struct GateFile {
    /// The file.
    pub source: Rc<GoSource>,
    /// The constants: identifier and value.
    pub constants: Vec<(String, String)>,
    /// What is registered.
    pub registered: Vec<Registration>,
}

/// `RegisterFeatureGate(FeatureGate{Name: X, State: Alpha})`
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Registration {
    /// The gate's constant.
    pub identifier: String,
    /// Its state; nothing if it is none that is known.
    pub stage: Option<Stage>,
    /// The call.
    pub span: Span,
}

impl Gates {
    /// The constant of a gate, by its identifier or its value: its file and its identifier.
    pub fn constant(&self, gate: &str) -> Option<(&GateFile, &str)> {
        self.files.iter().find_map(|file| {
            let found = file.constants.iter().find(|(identifier, value)| identifier == gate || value == gate);
            found.map(|(identifier, _)| (file, identifier.as_str()))
        })
    }

    /// Where a gate's constant is registered.
    pub fn registration(&self, identifier: &str) -> Option<(&GateFile, &Registration)> {
        self.files.iter().find_map(|file| {
            let known = file.registered.iter().find(|known| known.identifier == identifier);
            known.map(|known| (file, known))
        })
    }

    /// Whether a gate is known as far as this checkout wants it known.
    pub fn is_registered(&self, identifier: &str) -> bool {
        !self.registers || self.registration(identifier).is_some()
    }

    /// The method of `ClusterConfig` that asks for a gate: names are irregular, so bodies tell.
    pub fn accessor(&self, identifier: &str) -> Option<&str> {
        let source = &self.accessors.source;
        let asks = |decl: &&Decl| {
            decl.body.is_some_and(|body| asked(body.of(source.text())).iter().any(|asked| asked == identifier))
        };
        self.accessors.file.decls.iter().filter(|decl| is_accessor(decl)).find(asks).map(Decl::name)
    }

    /// How the file with the accessors names a constant.
    pub fn in_accessors(&self, identifier: &str) -> String {
        if parent(&self.active) == CONFIG { identifier.to_owned() } else { self.qualified(identifier) }
    }

    /// How other packages name a constant.
    pub fn qualified(&self, identifier: &str) -> String {
        format!("{}.{identifier}", self.package)
    }

    /// What other packages import for it.
    pub fn import(&self, survey: &Survey<'_>) -> ImportSpec {
        let folder = parent(&self.active);
        let path = survey.import_path(folder);
        if file_name(folder) == self.package { ImportSpec::plain(path) } else { ImportSpec::named(&self.package, path) }
    }
}

/// The constants that an accessor's body asks for: `isFeatureGateEnabled(featuregate.X)`.
pub fn asked(body: &str) -> Vec<String> {
    let calls = body.split("isFeatureGateEnabled(").skip(1);
    let argument = |rest: &str| rest.split(')').next().map(|word| word.trim().rsplit('.').next().map(str::to_owned));
    calls.filter_map(argument).flatten().filter(|word| !word.is_empty()).collect()
}

fn is_accessor(decl: &Decl) -> bool {
    decl.kind == DeclKind::Func && decl.receiver.as_ref().is_some_and(|receiver| receiver.type_name == "ClusterConfig")
}

impl Survey<'_> {
    /// The feature gates of the checkout.
    pub fn gates(&self) -> Result<Rc<Gates>, Diagnostic> {
        self.gates.get_or_init(|| self.read_gates().map(Rc::new)).clone()
    }

    /// What there is to say about a checkout that is older than those that are supported. v1.0 came with decorators for
    /// the tests; later trees have a package for the gates.
    pub fn too_old(&self) -> Option<Diagnostic> {
        let is_old = !self.exists("tests/decorators/decorators.go") && self.go_files(FEATURE_GATES).is_empty();
        let message = "this checkout is older than KubeVirt v1.0, the first release that is supported";
        is_old.then(|| {
            Diagnostic::warning("checkout-old", message).help("what is read of it, and made in it, may be wrong")
        })
    }

    fn read_gates(&self) -> Result<Gates, Diagnostic> {
        let nothing = |path: &str, what: &str| {
            Diagnostic::error("anchor-missing", format!("{path}: expected {what}, which this checkout does not have"))
                .at(&Source::new(path, ""), Span::at(0))
                .help("is it a checkout of KubeVirt v1.0 or later?")
        };
        let accessors = self.go(ACCESSORS)?.ok_or_else(|| nothing(ACCESSORS, "the accessors of feature gates"))?;
        // Constants beside the accessors are how gates were kept before they had a package; then the
        // packages below hold those that are no longer active.
        let beside = gate_file(accessors.clone());
        let mut files = Vec::new();
        let folders = self.tree.list(CONFIG).into_iter().map(|name| join(CONFIG, &name));
        for folder in folders.filter(|folder| self.kind(folder) == Some(Kind::Folder)) {
            for name in self.go_files(&folder).iter().filter(|name| !name.ends_with("_test.go")) {
                let Some(source) = self.go(&join(&folder, name))? else { continue };
                files.push(gate_file(source));
            }
        }
        let named = files.iter().find(|file| file.source.path().ends_with("/active.go"));
        let active = match named {
            Some(named) => named.source.path().to_owned(),
            None if !beside.constants.is_empty() => {
                files.insert(0, beside);
                ACCESSORS.to_owned()
            }
            None => {
                // A file that declares nothing but messages of discontinued gates is no place for a new one.
                let most = files.iter().max_by_key(|file| file.registered.len() + file.constants.len());
                let most = most.ok_or_else(|| nothing(FEATURE_GATES, "a file that registers feature gates"))?;
                most.source.path().to_owned()
            }
        };
        let home = parent(&active);
        let own: Vec<&GateFile> = files.iter().filter(|file| parent(file.source.path()) == home).collect();
        let releases = files.iter().filter_map(|file| highest_release(file.source.source.text()));
        let release = releases.max().or_else(|| self.next_release());
        let decides = own.iter().find_map(|file| {
            let source = &file.source;
            let body = source.file.declares("IsEnabled").filter(|decl| decl.kind == DeclKind::Func)?.body?;
            Some(body.of(source.source.text()))
        });
        let says = |text: &str| text.contains("DisabledFeatureGates");
        Ok(Gates {
            registers: home != CONFIG,
            disables: decides.is_some_and(says) || says(accessors.source.text()),
            lookup: decides
                .map_or(GateLookup::Accessor, |body| GateLookup::Package { beta_is_on: body.contains("Beta") }),
            package: self.package_name(home),
            release: release.map(|(major, minor)| format!("v{major}.{minor}.0")),
            active,
            files,
            accessors,
        })
    }

    /// One minor release after the last one whose API is kept for comparison.
    fn next_release(&self) -> Option<(u32, u32)> {
        let kept = self.tree.list("staging/src/kubevirt.io/api/apitesting/testdata");
        let releases = kept.iter().filter_map(|name| {
            let (major, minor) = name.strip_prefix("release-")?.split_once('.')?;
            Some((major.parse().ok()?, minor.parse::<u32>().ok()? + 1))
        });
        releases.max()
    }
}

fn gate_file(source: Rc<GoSource>) -> GateFile {
    let text = source.source.text();
    let constants = constants(text, &source.file);
    let registered = registrations(text, &source.file);
    GateFile { source, constants, registered }
}

/// `X = "X"` in every group of constants.
fn constants(text: &str, file: &GoFile) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for decl in file.decls.iter().filter(|decl| decl.kind == DeclKind::Const) {
        for name in &decl.names {
            let after = file.tokens.partition_point(|token| token.span.start < name.span.end);
            // `Alpha State = "Alpha"` has a type: it is a state, not a gate. Older trees write it without one.
            if Stage::parse(&name.text).is_some() && file.declares("State").is_some() {
                continue;
            }
            let rest: Vec<_> = file.tokens[after..].iter().take(2).collect();
            if let [equals, value] = rest[..]
                && equals.kind == TokenKind::Op(b'=')
                && value.kind == TokenKind::String
            {
                found.push((name.text.clone(), unquote(value.span.of(text))));
            }
        }
    }
    found
}

/// Every `FeatureGate{Name: X, State: S, …}` that is registered.
pub fn registrations(text: &str, file: &GoFile) -> Vec<Registration> {
    let tokens: Vec<_> = file.tokens.iter().filter(|token| token.kind != TokenKind::Comment).collect();
    let mut found = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        if token.kind != TokenKind::Word || token.span.of(text) != "RegisterFeatureGate" {
            continue;
        }
        let call: Vec<_> = tokens[index..].iter().take_while(|token| token.kind != TokenKind::Semicolon).collect();
        let words: Vec<&str> =
            call.iter().filter(|token| token.kind == TokenKind::Word).map(|token| token.span.of(text)).collect();
        let value = |key: &str| {
            let at = words.iter().position(|word| *word == key)?;
            words.get(at + 1).map(|word| (*word).to_owned())
        };
        let span = Span::new(token.span.start, call.last().map_or(token.span.end, |last| last.span.end));
        let stage = value("State").as_deref().and_then(Stage::parse);
        found.extend(value("Name").map(|identifier| Registration { identifier, stage, span }));
    }
    if found.is_empty() && file.declares("featureGates").is_some() {
        found = listed(text, &tokens);
    }
    found
}

/// `{Name: X, State: S}` in a list, as gates that are no longer active were kept before they were registered.
fn listed(text: &str, tokens: &[&Token]) -> Vec<Registration> {
    let word = |at: usize| tokens[at].span.of(text);
    let is_element = |at: &usize| word(*at) == "Name" && word(at + 1) == ":" && word(at + 4) == "State";
    let elements = (0..tokens.len().saturating_sub(6)).filter(is_element);
    elements
        .map(|at| Registration {
            identifier: word(at + 2).to_owned(),
            stage: Stage::parse(word(at + 6)),
            span: Span::new(tokens[at].span.start, tokens[at + 6].span.end),
        })
        .collect()
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
    fn constants_beside_accessors_need_no_registration() {
        let mut tree = MemoryTree::new([
            ("go.mod", "module kubevirt.io/kubevirt\n"),
            ("staging/src/kubevirt.io/api/doc.go", "package api\n"),
            (
                "pkg/virt-config/feature-gates.go",
                "package virtconfig\n\nconst (\n\tAGate = \"A\"\n)\n\nfunc (config *ClusterConfig) AOn() bool {\n\treturn config.isFeatureGateEnabled(AGate)\n}\n",
            ),
            (
                "pkg/virt-config/deprecation/feature-gates.go",
                "package deprecation\n\nconst B = \"B\"\n\nfunc init() {\n\tRegisterFeatureGate(FeatureGate{Name: B, State: GA})\n}\n",
            ),
        ]);
        tree.set("staging/src/kubevirt.io/api/apitesting/testdata/release-1.2/x.json", Some("{}"));
        let survey = Survey::new(&tree).unwrap();
        let gates = survey.gates().unwrap();
        assert_eq!((gates.active.as_str(), gates.registers, gates.lookup), (ACCESSORS, false, GateLookup::Accessor));
        assert!(gates.is_registered("AGate") && gates.registration("B").unwrap().1.stage == Some(Stage::Ga));
        assert_eq!((gates.accessor("AGate"), gates.in_accessors("AGate").as_str()), (Some("AOn"), "AGate"));
        assert_eq!(gates.qualified("AGate"), "virtconfig.AGate");
        assert_eq!(gates.import(&survey).alias.as_deref(), Some("virtconfig"));
        assert_eq!(gates.release.as_deref(), Some("v1.3.0"));
    }

    #[test]
    fn a_checkout_without_gates_is_named() {
        let mut tree = tree();
        tree.set("pkg/virt-config/feature-gates.go", None);
        let survey = Survey::new(&tree).unwrap();
        assert!(survey.gates().unwrap_err().message.contains("feature-gates.go"));
    }
}
