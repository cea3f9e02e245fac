//! Who admits what a VEP adds: the file of the webhook, by rules; where no rule tells, what is to be asked.

use super::api::API;
use super::places::Habit;
use super::sentences::Sentence;
use super::{ApiFacts, NewField, Topic, Vep};
use crate::survey::Survey;
use crate::text::Span;
use crate::tree::join;

const ADMITTERS: &str = "pkg/virt-api/webhooks/validating-webhook/admitters";
const VMI: &str = "pkg/virt-api/webhooks/validating-webhook/admitters/vmi-create-admitter.go";
const VM: &str = "pkg/virt-api/webhooks/validating-webhook/admitters/vms-admitter.go";
const MIGRATION: &str = "pkg/virt-api/webhooks/validating-webhook/admitters/migration-create-admitter.go";
const POLICY: &str = "pkg/virt-api/webhooks/validating-webhook/admitters/migrationpolicy-admitter.go";
const NETWORK: &str = "pkg/network/admitter/admit.go";
const KUBEVIRT: &str = "pkg/virt-operator/webhooks/kubevirt-update-admitter.go";
/// Where each validating webhook is served.
pub(super) const SERVED: &str = "pkg/virt-api/webhooks/validating-webhook/validating-webhook.go";
const VM_MUTATOR: &str = "pkg/virt-api/webhooks/mutating-webhook/mutators/vm-mutator.go";
const VMI_MUTATOR: &str = "pkg/virt-api/webhooks/mutating-webhook/mutators/vmi-mutator.go";

/// What is to be asked about admission.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OpenAdmission {
    /// The lines for which it is asked.
    pub spans: Vec<Span>,
    /// Files of the checkout that admit such things.
    pub candidates: Vec<&'static str>,
}

/// Whether a file decides what users may ask for, or completes it.
pub(super) fn is_admission(path: &str) -> bool {
    ["pkg/virt-api/webhooks/", "pkg/virt-operator/webhooks/", "pkg/storage/admitters/", "pkg/network/admitter/"]
        .iter()
        .any(|folder| path.starts_with(folder))
}

/// The admitter of the type that a field extends; nothing for what nobody admits.
pub(super) fn admitter(field: &NewField) -> Option<String> {
    let parent = field.parent.as_str();
    if parent.contains("Status") || parent.ends_with("State") || parent.ends_with("NetworkInterface") {
        return None;
    }
    if field.kind.as_deref() == Some("MigrationPolicy") {
        return Some(POLICY.to_owned());
    }
    if !field.file.starts_with(&join(API, "core/v1")) {
        let group = if field.file.contains("/pool/") {
            "vmpool"
        } else if field.file.contains("/migrations/") {
            "migrationpolicy"
        } else {
            return None;
        };
        return Some(join(ADMITTERS, &format!("{group}-admitter.go")));
    }
    let file = match parent {
        _ if parent.starts_with("VirtualMachineInstanceMigration") => MIGRATION,
        "Interface" | "Network" | "NetworkSource" => NETWORK,
        "VirtualMachineSpec" | "DataVolumeTemplateSpec" | "InstancetypeMatcher" | "PreferenceMatcher" => VM,
        _ if is_configuration(parent) => KUBEVIRT,
        _ => VMI,
    };
    Some(file.to_owned())
}

/// Types of the KubeVirt resource. Most of their fields are validated by nobody.
fn is_configuration(parent: &str) -> bool {
    parent.starts_with("KubeVirt") || parent.ends_with("Configuration") || parent == "ExperimentalMigrationOptions"
}

/// What sentences say of admission.
pub(super) const HABITS: &[Habit] = &[
    Habit {
        rule: "rule: the validator of SIG network is there",
        what: "what networks and interfaces are admitted",
        said: &[&[" network validator", " network admitter"], &[" adjust", " extend", " will ", " add ", " must "]],
        unless: &[],
        files: &[NETWORK],
    },
    Habit {
        rule: "rule: VMIs are admitted there",
        what: "what VMIs are admitted",
        said: &[
            &[
                " admission reject",
                " admission will reject",
                " admission validation",
                " rejected at admission",
                " rejected by admission",
                " webhook reject",
                " webhook will reject",
                " rejected by the webhook",
            ],
            &[" vmi", " virtualmachineinstance"],
        ],
        unless: &[" not reject", " migration", " pool"],
        files: &[VMI],
    },
    Habit {
        rule: "rule: what VMs get when they are created is written there",
        what: "what VMs get when they are created",
        said: &[
            &[" mutator webhook", " mutating webhook", " mutation webhook"],
            &[" set ", " sets ", " assign", " default", " fills ", " generates "],
            &[" vm.", " new vm ", " new vms ", " vm spec"],
        ],
        unless: &[" vmi ", " vmis ", " pod ", " pods ", " external ", " custom ", " third-party ", " no longer "],
        files: &[VM_MUTATOR],
    },
    Habit {
        rule: "rule: what VMIs get when they are created is written there",
        what: "what VMIs get when they are created",
        said: &[
            &[" mutator webhook", " mutating webhook", " mutation webhook"],
            &[" set ", " sets ", " assign", " default", " fills ", " generates "],
            &[" vmi.", " new vmi ", " new vmis ", " vmi spec"],
        ],
        unless: &[" vm ", " vms ", " pod ", " pods ", " external ", " custom ", " third-party ", " no longer "],
        files: &[VMI_MUTATOR],
    },
];

/// Fields of the VMI's spec that are there, of which a sentence says that the API is to take or refuse something else:
/// "the API has to allow an empty `launchSecurity`".
pub(super) fn of_known_fields(design: &[&Sentence], survey: &Survey<'_>) -> Vec<(&'static str, Span, String)> {
    const VERBS: &[&str] = &[
        " allow for ",
        " to allow ",
        " accept ",
        " accepts ",
        " reject",
        " forbid",
        " prohibit",
        " validated ",
        " validates ",
    ];
    const WHO: &[&str] = &[" api ", " webhook", " admission ", " admitter "];
    let mut found = Vec::new();
    let mut schema = None;
    for said in design.iter().filter(|said| said.has(VERBS) && said.has(WHO) && !said.text.starts_with('|')) {
        for code in said.text.split('`').skip(1).step_by(2) {
            let end = code.find([':', '{', ' ']).unwrap_or(code.len());
            let name = code[..end].rsplit('.').next().unwrap_or_default().trim_end_matches("[]");
            let is_field = name.starts_with(|c: char| c.is_ascii_lowercase())
                && name.len() > 3
                && name.chars().all(|c| c.is_ascii_alphanumeric())
                && !matches!(name, "spec" | "status" | "metadata" | "name" | "kind" | "true" | "false" | "null");
            // A path that begins elsewhere is not one of a VMI.
            if !is_field || code.starts_with(['/', '-']) || code.contains("configuration.") {
                continue;
            }
            let schema = schema.get_or_insert_with(|| survey.text(&join(API, "core/v1/schema.go")).ok().flatten());
            let tag = format!("json:\"{name}");
            let is_there = schema.as_ref().is_some_and(|text| {
                text.match_indices(&tag).any(|(at, _)| text[at + tag.len()..].starts_with(['"', ',']))
            });
            if is_there {
                found.push((VMI, said.span, format!("what is admitted of `{name}`")));
            }
        }
    }
    found
}

/// Whether admission is to be asked about, and with which candidates.
pub(super) fn open(vep: &Vep, said: &[Sentence], api: &ApiFacts, survey: &Survey<'_>) -> Option<OpenAdmission> {
    let mut spans: Vec<Span> = Vec::new();
    let mut candidates: Vec<&'static str> = Vec::new();
    let mut add = |span: Span, files: &[&'static str]| {
        if spans.len() < 3 && !spans.contains(&span) {
            spans.push(span);
        }
        for file in files {
            if !candidates.contains(file) && survey.exists(file) {
                candidates.push(file);
            }
        }
    };
    for field in &api.fields {
        if admitter(field).as_deref() == Some(KUBEVIRT) {
            add(field.span, &[KUBEVIRT]);
        }
    }
    let text = vep.document.source.text();
    for (code, topic) in vep.code() {
        let mut lines = vep.document.lines_in(code.body).iter();
        let is_go = matches!(code.language.as_str(), "go" | "golang");
        if let Some(line) = lines.find(|line| line.span.of(text).trim() == "configuration:" && !is_go)
            && matches!(topic, Topic::Design | Topic::Api)
        {
            add(line.span, &[KUBEVIRT]);
        }
    }
    for sentence in said.iter().filter(|said| {
        matches!(
            said.topic,
            Topic::Overview
                | Topic::Goals
                | Topic::Design
                | Topic::Api
                | Topic::Other
                | Topic::Testing
                | Topic::Graduation
        )
    }) {
        let of_kubevirt =
            sentence.has(&[" kubevirt cr ", " kubevirt cr's ", " kubevirt crd ", " kubevirtconfiguration "])
                && sentence.has(&[" add ", " adds ", " extend", " new ", " change", " validat"])
                && (sentence.has(&[" api "]) || !sentence.has(&[" feature gate", " featuregate"]));
        if of_kubevirt {
            add(sentence.span, &[KUBEVIRT]);
        }
        if sentence.has(&[
            " validating webhook",
            " validation webhook",
            " admission webhook",
            " mutating webhook",
            " mutator webhook",
            " admission time ",
            " admission reject",
            " admission validation",
            " api validation",
            " rejected ",
            " be validated ",
        ]) && !sentence.has(&[" pods ", " libvirt "])
        {
            let files: &[&'static str] = if of_kubevirt {
                &[KUBEVIRT]
            } else if sentence.has(&[" migration"]) {
                &[MIGRATION, VMI]
            } else if sentence.has(&[" vmi ", " vmis ", " virtualmachineinstance "]) {
                &[VMI]
            } else if sentence.has(&[" mutat"]) {
                &[VM_MUTATOR, VMI_MUTATOR]
            } else {
                &[VMI, VM]
            };
            add(sentence.span, files);
        }
    }
    (!spans.is_empty() && !candidates.is_empty()).then_some(OpenAdmission { spans, candidates })
}
