//! Functional tests: SIGs, their folders, and the helpers that specs are written with.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::Survey;
use crate::go::{DeclKind, Import, ImportSpec, TokenKind};
use crate::tree::{file_name, join};

/// KubeVirt's own check for tests that no SIG's lane runs.
const UNASSIGNED: &str = "hack/check-unassigned-tests.sh";

/// The suite that pulls the folders of `tests/` in.
pub(crate) const SUITE: &str = "tests/tests_suite_test.go";

/// What functional tests can use.
#[derive(Clone, Debug, Default)]
pub struct Specs {
    /// The SIG labels: `SigCompute` is `sig-compute`.
    pub labels: BTreeMap<String, String>,
    /// The folders that the suite imports.
    pub imported: Vec<String>,
    /// Those among them that it imports for their specs alone, `_ "…/tests/network"`.
    pub folders: Vec<String>,
    /// What the lanes run, if the checkout says so.
    pub lanes: Option<Lanes>,
}

/// What KubeVirt's own check takes for assigned: a spec must have one of the texts and, where the
/// check looks at labels, one of those as well.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Lanes {
    /// `[sig-compute]`, `GPU`, …
    pub texts: Vec<String>,
    /// `sig-compute`, `GPU`, …
    pub labels: Vec<String>,
}

impl Lanes {
    /// Reads the check: what it skips by text, and what it leaves out by label.
    fn parse(script: &str) -> Option<Self> {
        let value = |name: &str| {
            let line = script.lines().find_map(|line| line.trim().strip_prefix(name))?;
            Some(line.trim_matches('"').to_owned())
        };
        let texts = value("skip=")?.replace('\\', "");
        let labels = value("labels=").unwrap_or_default();
        let labels = labels.trim_start_matches("!(").trim_end_matches(')');
        let list = |text: &str, by: char| {
            text.split(by).map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
        };
        Some(Self { texts: list(&texts, '|'), labels: list(labels, ',') })
    }
}

impl Specs {
    /// Why no lane runs a spec, from its texts and its labels; nothing if one does.
    pub fn unassigned(&self, text: &str, labels: &[String]) -> Option<&'static str> {
        let Some(lanes) = &self.lanes else {
            let labelled = labels.iter().any(|label| label.starts_with("sig-"));
            return (!labelled && !text.contains("[sig-")).then_some("it names no SIG, so no lane runs it");
        };
        if !lanes.texts.iter().any(|known| text.contains(known)) {
            return Some("its texts name no SIG that has a lane, such as [sig-compute]");
        }
        let labelled = lanes.labels.is_empty() || labels.iter().any(|label| lanes.labels.contains(label));
        (!labelled).then_some("it has no label of a SIG that has a lane, such as decorators.SigCompute")
    }
}

/// A folder below `tests/`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SpecFolder {
    /// The function of its package that gives specs their SIG.
    pub helper: Option<SigHelper>,
    /// The label that its specs carry: `SigMonitoring`.
    pub label: Option<String>,
    /// The function gives them a SIG that has a lane, and not only a name of the folder's own.
    pub helper_assigns: bool,
    /// What nearly every container of the folder carries beside its SIG: `SigComputeInstancetype`.
    pub decorators: Vec<String>,
    /// The suite imports it, so that its specs run.
    pub is_imported: bool,
}

/// A function that gives specs their SIG.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum SigHelper {
    /// Its results are the arguments of a container: `Describe(SIG("…", func() { … }))`.
    Arguments,
    /// It is the container: `SIGDescribe("…", func() { … })`.
    Container(String),
}

/// How a spec launches a VMI.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Launch {
    /// The call, without its semicolon.
    pub call: String,
    /// What it needs.
    pub imports: Vec<ImportSpec>,
}

/// A function of a test package, as specs call it.
struct Helper {
    name: String,
    import: ImportSpec,
}

impl Survey<'_> {
    /// What functional tests can use.
    pub fn specs(&self) -> Rc<Specs> {
        self.specs
            .get_or_init(|| {
                let imports = self.suite_imports();
                let folders = imports.iter().filter(|(_, blank)| *blank).map(|(folder, _)| folder.clone()).collect();
                let imported = imports.into_iter().map(|(folder, _)| folder).collect();
                let lanes = self.text(UNASSIGNED).ok().flatten().and_then(|script| Lanes::parse(&script));
                Rc::new(Specs { labels: self.sig_labels(), imported, folders, lanes })
            })
            .clone()
    }

    /// `SigCompute = Label("sig-compute")` in `tests/decorators`.
    fn sig_labels(&self) -> BTreeMap<String, String> {
        let mut labels = BTreeMap::new();
        let Some(go) = self.go("tests/decorators/decorators.go").ok().flatten() else { return labels };
        let text = go.source.text();
        let tokens: Vec<_> = go.file.tokens.iter().filter(|token| token.kind != TokenKind::Comment).collect();
        for window in tokens.windows(5) {
            let word = |at: usize| window[at].span.of(text);
            if word(0).starts_with("Sig") && word(1) == "=" && word(2) == "Label" && window[4].kind == TokenKind::String
            {
                labels.insert(word(0).to_owned(), word(4).trim_matches('"').to_owned());
            }
        }
        labels
    }

    /// The folders that the suite imports, and whether it does so for their specs alone.
    fn suite_imports(&self) -> Vec<(String, bool)> {
        let suite = self.go(SUITE).ok().flatten();
        let imports = suite.iter().flat_map(|go| &go.file.imports);
        let folder = |import: &Import| Some((self.folder_of(&import.path)?, import.alias.as_deref() == Some("_")));
        imports.filter_map(folder).collect()
    }

    /// A folder below `tests/`, there or yet to be made.
    pub fn spec_folder(&self, folder: &str) -> SpecFolder {
        let files = self.go_files(folder);
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        let (mut heads, mut carried) = (0, BTreeMap::<String, usize>::new());
        for file in files.iter() {
            let Some(text) = self.text(&join(folder, file)).ok().flatten() else { continue };
            for head in container_heads(&text) {
                heads += 1;
                for name in head {
                    *carried.entry(name).or_default() += 1;
                }
            }
            for at in memchr::memmem::find_iter(text.as_bytes(), "decorators.Sig") {
                let name: String = text[at + 11..].chars().take_while(|c| c.is_alphanumeric()).collect();
                *counts.entry(name).or_default() += 1;
            }
        }
        // The widest label of a spec is its SIG; `SigComputeMigrations` comes beside `SigCompute`.
        let label =
            counts.into_iter().max_by(|a, b| a.1.cmp(&b.1).then(b.0.len().cmp(&a.0.len()))).map(|(name, _)| name);
        let is_common =
            |(name, count): &(String, usize)| heads > 2 && count * 5 >= heads * 4 && label.as_ref() != Some(name);
        let decorators = carried.into_iter().filter(is_common).map(|(name, _)| name).collect();
        SpecFolder {
            helper: self.sig_helper(folder),
            helper_assigns: self.helper_assigns(folder),
            decorators,
            label,
            is_imported: self.specs().imported.iter().any(|known| known == folder),
        }
    }

    /// Whether the function that gives specs their SIG names one: in `tests/virtctl` it says `[virtctl]` alone.
    fn helper_assigns(&self, folder: &str) -> bool {
        let file = self.declares(folder, "SIG").unwrap_or_else(|| "framework.go".to_owned());
        let text = self.text(&join(folder, &file)).ok().flatten().unwrap_or_default();
        text.contains("[sig-") || text.contains("decorators.Sig")
    }

    fn sig_helper(&self, folder: &str) -> Option<SigHelper> {
        if self.declares(folder, "SIG").is_some() {
            return Some(SigHelper::Arguments);
        }
        let go = self.go(&join(folder, "framework.go")).ok().flatten()?;
        let helper = go.file.decls.iter().find(|decl| {
            decl.kind == DeclKind::Func && decl.name().starts_with("SIG") && decl.name().ends_with("Describe")
        });
        helper.map(|decl| SigHelper::Container(decl.name().to_owned()))
    }

    /// How a spec launches a VMI, if this checkout has what it takes.
    pub fn launch(&self) -> Option<Launch> {
        let factory = self.helper(&["tests/libvmifact", "tests/libvmi"], "NewAlpine")?;
        let run = self.helper(&["tests/libvmops", "tests"], "RunVMIAndExpectLaunch")?;
        let timeout = "StartupTimeoutSecondsMedium";
        let timeout =
            self.helper(&["tests/flags"], timeout).map(|helper| (format!("{}()", helper.name), helper.import));
        let timeout = timeout.or_else(|| {
            let constant = self.helper(&["tests/libvmops"], "StartupTimeoutSecondsMedium")?;
            Some((constant.name, constant.import))
        });
        // Before timeouts had names, specs wrote seconds, this one more than any other.
        let (timeout, import) = timeout.map_or(("240".to_owned(), None), |(call, import)| (call, Some(import)));
        let mut imports = vec![factory.import, run.import];
        imports.extend(import.filter(|import| !imports.contains(import)));
        Some(Launch { call: format!("{}({}(), {timeout})", run.name, factory.name), imports })
    }

    /// What specs call to switch a feature gate on, and what it needs.
    pub fn enable_gate(&self) -> Option<(String, ImportSpec)> {
        let helper = self.helper(&["tests/libkubevirt/config", "tests"], "EnableFeatureGate")?;
        Some((helper.name, helper.import))
    }

    /// A function or constant of the first of some packages that has it.
    fn helper(&self, folders: &[&str], name: &str) -> Option<Helper> {
        let folder = folders.iter().find(|folder| self.declares(folder, name).is_some())?;
        let path = join(self.module(), folder);
        let import = match file_name(folder) {
            // A package with too plain a name: specs rename it.
            "config" => ImportSpec::named("kvconfig", path),
            _ => ImportSpec::plain(path),
        };
        Some(Helper { name: format!("{}.{name}", import.name()), import })
    }
}

/// The names of the decorators of each outermost container of a file, once each.
fn container_heads(text: &str) -> Vec<Vec<String>> {
    let heads = text.split("\nvar _ = ").skip(1).filter(|rest| rest.contains("Describe("));
    let names = |head: &str| {
        let head = head.split("func()").next().unwrap_or_default();
        let mut found: Vec<String> = Vec::new();
        for rest in head.split("decorators.").skip(1) {
            let name: String = rest.chars().take_while(|c| c.is_alphanumeric()).collect();
            if !found.contains(&name) {
                found.push(name);
            }
        }
        found
    };
    heads.map(names).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::MemoryTree;

    #[test]
    fn folders_know_their_sig() {
        let tree = MemoryTree::new([
            ("go.mod", "module kubevirt.io/kubevirt\n"),
            ("staging/src/kubevirt.io/api/doc.go", "package api\n"),
            ("pkg/virt-config/x.go", "package virtconfig\n"),
            (
                "tests/tests_suite_test.go",
                "package tests_test\n\nimport (\n\t_ \"kubevirt.io/kubevirt/tests/network\"\n)\n",
            ),
            (
                "tests/decorators/decorators.go",
                "package decorators\n\nvar (\n\tSigCompute = Label(\"sig-compute\")\n\tSigNetwork = Label(\"sig-network\")\n\tGPU = Label(\"GPU\")\n)\n",
            ),
            (
                "tests/network/framework.go",
                "package network\n\nfunc SIG(text string) (string, []any) {\n\treturn decorators.SIG(\"[sig-network]\", text, decorators.SigNetwork)\n}\n",
            ),
        ]);
        let survey = Survey::new(&tree).unwrap();
        let folder = survey.spec_folder("tests/network");
        assert_eq!(
            folder,
            SpecFolder {
                helper: Some(SigHelper::Arguments),
                helper_assigns: true,
                label: Some("SigNetwork".into()),
                is_imported: true,
                ..SpecFolder::default()
            }
        );
        assert_eq!(survey.spec_folder("tests/usb"), SpecFolder::default());
        assert_eq!(survey.specs().labels["SigCompute"], "sig-compute");
        assert_eq!(survey.specs().labels.len(), 2);
    }

    #[test]
    fn a_spec_needs_what_the_check_for_unassigned_tests_asks_for() {
        let script = "main() {\n    skip=\"GPU|\\\\[sig-compute\\\\]|\\\\[sig-network\\\\]\"\n    labels=\"!(GPU,sig-compute,sig-network)\"\n}\n";
        let lanes = Lanes::parse(script).unwrap();
        assert_eq!(lanes.texts, ["GPU", "[sig-compute]", "[sig-network]"]);
        assert_eq!(lanes.labels, ["GPU", "sig-compute", "sig-network"]);
        let specs = |lanes| Specs { lanes, ..Specs::default() };
        let labels = |label: &str| vec![label.to_owned()];
        let both = specs(Some(lanes.clone()));
        assert_eq!(both.unassigned("[sig-compute]Clock ticks", &labels("sig-compute")), None);
        assert_eq!(both.unassigned("GPU ticks", &labels("GPU")), None);
        assert!(both.unassigned("[sig-clocks]Clock ticks", &labels("sig-compute")).unwrap().contains("texts"));
        assert!(both.unassigned("[sig-compute]Clock ticks", &labels("Serial")).unwrap().contains("label"));
        // An older check looks at the texts alone, and the oldest checkouts have none.
        let texts = specs(Some(Lanes { labels: Vec::new(), ..lanes }));
        assert_eq!(texts.unassigned("[sig-compute]Clock ticks", &[]), None);
        assert_eq!(specs(None).unassigned("Clock ticks", &labels("sig-compute")), None);
        assert!(specs(None).unassigned("Clock ticks", &[]).is_some());
    }
}
