//! Files in which the work of a VEP happens: those that it names, and those that what it says belongs to.
//!
//! The guide for authors tells them not to name files. So each rule here is one of KubeVirt's habits, with words that
//! speak of nothing else; a rule that is right in fewer than nine of ten VEPs does not belong here.

use super::domain_xml::{self, SCHEMA};
use super::left_out::LeftOut;
use super::paths::paths;
use super::sentences::Sentence;
use super::{GateFact, Topic, Vep, admission};
use crate::survey::Survey;
use crate::task::LineKind;
use crate::text::Span;
use crate::tree::{Kind, join};

/// A file of the checkout that a VEP speaks of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PlaceFact {
    /// The path, as the checkout has it.
    pub path: String,
    /// The lines that speak of it.
    pub spans: Vec<Span>,
    /// The rule by which they do; nothing where they name it.
    pub rule: Option<&'static str>,
    /// What changes in it, as far as the rule tells.
    pub what: String,
}

const TEMPLATE: &str = "pkg/virt-controller/services/template.go";
const RESOURCES: &str = "pkg/virt-controller/services/renderresources.go";
const DEVICES: &str = "pkg/virt-handler/device-manager/device_controller.go";
const CONVERTER: &str = "pkg/virt-launcher/virtwrap/converter/converter.go";
const MANAGER: &str = "pkg/virt-launcher/virtwrap/manager.go";
const TYPES: &str = "staging/src/kubevirt.io/api/core/v1/types.go";

/// Code of features that declares annotations and labels for itself.
const KEYS: &[&str] = &[
    TEMPLATE,
    "pkg/network/downwardapi/networkinfo.go",
    "pkg/hooks/hooks.go",
    "pkg/storage/velero/annotations.go",
    "pkg/storage/types/pvc.go",
    "pkg/virt-config/configuration.go",
];

/// A habit: the words of a sentence that speak of it, one of each group, those that it must not have, and its files.
pub(super) struct Habit {
    pub(super) rule: &'static str,
    pub(super) what: &'static str,
    pub(super) said: &'static [&'static [&'static str]],
    pub(super) unless: &'static [&'static str],
    pub(super) files: &'static [&'static str],
}

const HABITS: &[Habit] = &[
    Habit {
        rule: "rule: virt-controller renders the launcher's pod there",
        what: "what the pod of virt-launcher gets",
        said: &[
            &["launcher pod", "launcher manifest"],
            &[
                " specification",
                " spec ",
                " specs ",
                " templat",
                " annotation",
                " label ",
                " labels ",
                " resource request",
                " scheduling",
                " affinity",
                " manifests ",
            ],
            &[
                " include ",
                " includes ",
                " added to ",
                " add ",
                " adds ",
                " created with ",
                " generat",
                " templat",
                " populat",
                " inject",
                " adjust",
                " render",
            ],
        ],
        unless: &[" patch", " validat", " observ", " by hand ", " manually "],
        files: &[TEMPLATE],
    },
    Habit {
        rule: "rule: virt-handler labels nodes there, and pods select them",
        what: "what nodes are labelled with",
        said: &[
            &[" node labeller", " node-labeller", " node labels ", " node label "],
            &[" label ", " labels "],
            &[" add ", " adds ", " apply ", " applies ", " advertise", " detect", " extend"],
        ],
        unless: &[" not ", " no labels ", " without "],
        files: &[
            "pkg/virt-handler/node-labeller/node_labeller.go",
            "pkg/virt-controller/services/nodeselectorrenderer.go",
        ],
    },
    Habit {
        rule: "rule: virt-handler starts its device plugins there, and pods request the devices",
        what: "the device plugin that is new",
        said: &[
            &[" device plugin ", " device-plugin "],
            &[" new ", " introduce", " add ", " adds "],
            &[" virt-handler", " kubevirt", " we "],
            &[" introduce", " add ", " adds ", " implement"],
        ],
        unless: &[" not ", " existing ", " external ", " third-party ", " vendor"],
        files: &[DEVICES, RESOURCES, TEMPLATE],
    },
    Habit {
        rule: "rule: virt-controller writes virt-launcher's command line there",
        what: "what virt-launcher is told on its command line",
        said: &[
            &[" virt-launcher"],
            &[" command-line ", " command line ", " cli flag", " command-line flag"],
            &[" add", " via ", " pass", " through ", " new "],
        ],
        unless: &[" qemu ", " not "],
        files: &["cmd/virt-launcher/virt-launcher.go", TEMPLATE],
    },
];

/// The files, each once. `all` are the sentences with their headings, `built` those that say what is to be built.
pub(super) fn places(
    vep: &Vep,
    gate: &GateFact,
    all: &[Sentence],
    built: &[Sentence],
    survey: &Survey<'_>,
    left_out: &mut Vec<LeftOut>,
) -> Vec<PlaceFact> {
    let mut places = Places { survey, found: Vec::new() };
    for (path, span) in paths(vep, all, survey, left_out) {
        places.add(&path, span, None, "what the design says about it");
    }
    let design: Vec<&Sentence> = built
        .iter()
        .filter(|said| {
            matches!(
                said.topic,
                Topic::Head | Topic::Overview | Topic::Goals | Topic::Design | Topic::Api | Topic::Other
            )
        })
        .collect();
    for habit in HABITS.iter().chain(admission::HABITS) {
        for said in &design {
            // The rows of a table are scenarios: what happens in them is told of elsewhere.
            let is_scenario =
                said.text.starts_with('|') && habit.files.iter().all(|file| admission::is_admission(file));
            if !is_scenario && habit.said.iter().all(|any| said.has(any)) && !said.has(habit.unless) {
                for file in habit.files {
                    places.add(file, said.span, Some(habit.rule), habit.what);
                }
            }
        }
    }
    for (path, span, what) in admission::of_known_fields(&design, survey) {
        places.add(path, span, Some("rule: fields of a VMI are admitted there"), &what);
    }
    places.roles(&design);
    places.domain(vep, gate, (all, &design), left_out);
    places.devices(&design);
    let names = places.keys(all, vep);
    left_out.extend(names);
    left_out.retain(|left| !places.found.iter().any(|place| left.what.trim_matches('`') == place.path));
    places.found
}

struct Places<'s, 't> {
    survey: &'s Survey<'t>,
    found: Vec<PlaceFact>,
}

impl Places<'_, '_> {
    fn add(&mut self, path: &str, span: Span, rule: Option<&'static str>, what: &str) {
        if let Some(known) = self.found.iter_mut().find(|known| known.path == path) {
            if !known.spans.contains(&span) {
                known.spans.push(span);
            }
        } else if self.survey.kind(path) == Some(Kind::File) {
            self.found.push(PlaceFact { path: path.to_owned(), spans: vec![span], rule, what: what.to_owned() });
        }
    }

    /// What a component may do: "the virt-controller and virt-operator ClusterRole". Of the roles of users, which
    /// virt-operator only creates, nothing is said here.
    fn roles(&mut self, design: &[&Sentence]) {
        for said in design {
            let words: Vec<&str> = said.words.split_whitespace().collect();
            for (component, file) in [
                ("virt-api", "apiserver"),
                ("virt-controller", "controller"),
                ("virt-handler", "handler"),
                ("virt-operator", "operator"),
            ] {
                let near = words.iter().enumerate().filter(|(_, word)| **word == component).any(|(at, _)| {
                    let behind = words[at + 1..].iter().take_while(|word| {
                        word.starts_with("virt-")
                            || matches!(**word, "s" | "and" | "or" | "cluster" | "component" | "role")
                    });
                    let next = words.get(at + 1 + behind.clone().count()).copied().unwrap_or_default();
                    behind.clone().any(|word| *word == "role")
                        || next.starts_with("clusterrole")
                        || matches!(next, "roles" | "rbac" | "permissions")
                });
                if near {
                    let path = format!("pkg/virt-operator/resource/generate/rbac/{file}.go");
                    self.add(
                        &path,
                        said.span,
                        Some("rule: the component's role is there"),
                        "what the component may do",
                    );
                }
            }
        }
    }

    /// The domain's XML: its schema, the converter, and how a feature gate reaches that.
    fn domain(
        &mut self,
        vep: &Vep,
        gate: &GateFact,
        (all, design): (&[Sentence], &[&Sentence]),
        left_out: &mut Vec<LeftOut>,
    ) {
        let context = ["types", ""].iter().find_map(|folder| {
            let folder = join("pkg/virt-launcher/virtwrap/converter", folder);
            let folder = folder.trim_end_matches('/');
            Some(join(folder, &self.survey.declares(folder, "ConverterContext")?))
        });
        let passes = "rule: virt-launcher has no feature gates; its manager hands them to the converter";
        for said in design.iter().filter(|said| said.has(&[" convertercontext ", " converter context "])) {
            for path in context.iter().map(String::as_str).chain([MANAGER]) {
                self.add(path, said.span, Some(passes), "what the converter is told");
            }
        }
        let lacking = domain_xml::lacking(vep, all, self.survey, left_out);
        for (name, span) in &lacking {
            let what = format!("`{name}` of the domain's XML, which the checkout lacks");
            self.add(SCHEMA, *span, Some("rule: the domain's XML is declared there"), &what);
            self.add(CONVERTER, *span, Some("rule: VMIs become domains there"), &what);
            if matches!(gate, GateFact::Named { .. } | GateFact::Wanted(_)) {
                for path in context.iter().map(String::as_str).chain([MANAGER]) {
                    self.add(path, *span, Some(passes), "how the feature gate reaches the converter");
                }
            }
        }
    }

    /// `devices.kubevirt.io/tdx`: a device that no plugin of the checkout offers.
    fn devices(&mut self, design: &[&Sentence]) {
        const GROUP: &str = "devices.kubevirt.io/";
        let mut known = None;
        for said in design {
            for (at, _) in said.text.match_indices(GROUP) {
                let rest = &said.text[at + GROUP.len()..];
                let name = &rest[..rest.find(|c: char| !(c.is_alphanumeric() || c == '-')).unwrap_or(rest.len())];
                let known = known.get_or_insert_with(|| {
                    let text = |path: &str| self.survey.text(path).ok().flatten();
                    let files = [
                        DEVICES,
                        RESOURCES,
                        TEMPLATE,
                        "cmd/virt-handler/virt-handler.go",
                        "pkg/storage/reservation/pr.go",
                    ];
                    files.iter().filter_map(|path| text(path)).collect::<Vec<_>>()
                });
                let is_known = known
                    .iter()
                    .any(|text| [format!("\"{name}\""), format!("/{name}\"")].iter().any(|word| text.contains(word)));
                if !name.is_empty() && !is_known {
                    let what = format!("the device `{GROUP}{name}`, which the checkout lacks");
                    let rule = "rule: virt-handler starts its device plugins there, and pods request the devices";
                    for path in [DEVICES, RESOURCES, TEMPLATE] {
                        self.add(path, said.span, Some(rule), &what);
                    }
                }
            }
        }
    }

    /// Annotations and labels of KubeVirt's that the API has no constant for; given are those that are not built.
    fn keys(&mut self, sentences: &[Sentence], vep: &Vep) -> Vec<LeftOut> {
        let mut known = None;
        let mut left: Vec<LeftOut> = Vec::new();
        let said = sentences.iter().filter(|said| said.has(&[" annotation", " label"]) && said.topic != Topic::Testing);
        let said = said.filter(|said| !matches!(said.kind, LineKind::Heading(_)));
        let said = said.map(|said| (said.text.as_str(), said.span, Some(said)));
        let text = vep.document.source.text();
        let examples = vep.code().into_iter().filter(|(_, topic)| *topic != Topic::Testing).flat_map(|(code, _)| {
            let documents = super::yaml_documents(&vep.document, &code).unwrap_or_default();
            let keys = documents.into_iter().flatten();
            keys.filter(|key| key.path.iter().any(|part| part == "annotations" || part == "labels")).map(|key| key.span)
        });
        let examples: Vec<Span> = examples.collect();
        for (text, span, said) in said.chain(examples.iter().map(|span| (span.of(text), *span, None))) {
            for (at, _) in text.match_indices("kubevirt.io/") {
                let is_inner = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
                let start = text[..at]
                    .rfind(|c| !is_inner(c))
                    .map_or(0, |before| before + text[before..].chars().next().map_or(1, char::len_utf8));
                let rest = &text[at + "kubevirt.io/".len()..];
                let length = rest.find(|c| !is_inner(c)).unwrap_or(rest.len());
                let (name, behind) = rest.split_at(length);
                let key = format!("{}kubevirt.io/{}", &text[start..at], name.trim_end_matches(['.', '-']));
                let is_version = name.starts_with('v') && name[1..].starts_with(|c: char| c.is_ascii_digit());
                let is_path = behind.starts_with('/') || start > 0 && text[..start].ends_with('/');
                // Of other groups, their own packages have the constants.
                if name.len() < 3 || is_version || is_path || start != at {
                    continue;
                }
                let known = known.get_or_insert_with(|| {
                    let text = |path: &&str| self.survey.text(path).ok().flatten();
                    std::iter::once(&TYPES).chain(KEYS).filter_map(text).collect::<Vec<_>>()
                });
                if known.iter().any(|text| text.contains(&key)) {
                    continue;
                }
                if let Some(stance) = said.and_then(|said| said.stance(at)) {
                    let span = said.map_or(span, |said| said.line(at));
                    left.push(LeftOut { what: format!("`{key}`"), span, why: stance.why() });
                } else {
                    let what = format!("`{key}`, for which the checkout has no constant; its name is a decision");
                    self.add(TYPES, span, Some("rule: annotations and labels of the API are constants there"), &what);
                }
            }
        }
        left
    }
}
