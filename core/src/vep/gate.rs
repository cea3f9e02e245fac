//! The feature gate of a VEP: every name that stands near the words "feature gate", scored by what is said of it.

use super::gate_denied::denial;
use super::gate_said::{GateMention, mentions};
use super::{Topic, Vep};
use crate::name::is_gate_name;
use crate::survey::Stage;
use crate::text::Span;

/// What a VEP says about its feature gate.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum GateFact {
    /// Its own gate, by name.
    Named {
        /// The name.
        name: String,
        /// Where it is said best.
        span: Span,
    },
    /// It wants one, and names none that is its own.
    Wanted(Span),
    /// It says that there is to be none.
    Denied(Span),
    /// It does not speak of one.
    Unsaid,
}

/// Words that are written like gates and are none.
const NO_GATES: &[&str] = &[
    "KubeVirt",
    "Kubernetes",
    "VirtualMachine",
    "VirtualMachineInstance",
    "VirtualMachineInstances",
    "VirtualMachines",
    "FeatureGate",
    "FeatureGates",
    "DeveloperConfiguration",
    "KubeVirtConfiguration",
    "VMI",
    "VMIs",
    "VMs",
    "VEP",
    "ConfigMap",
    "CustomResource",
    "OpenShift",
    "GitHub",
    "DaemonSet",
    "Alpha",
    "Beta",
    "CRD",
    "API",
    "TODO",
    "NOTE",
    "DRA",
    "VEPs",
    "RBAC",
    "Feature",
    "Gate",
    "Gates",
    "KubeVirtCR",
    "TBD",
    "YAML",
    "JSON",
    "Add",
    "Introduce",
    "PVC",
    "CDI",
    "VMExport",
    "DataVolume",
    "The",
    "Enabled",
    "Disabled",
    "Default",
    "LibVirt",
    "This",
    "When",
];

/// Where a text speaks of feature gates.
pub(super) fn gate_words(text: &str) -> Vec<usize> {
    let lower = text.to_ascii_lowercase();
    let mut found = Vec::new();
    for word in ["feature gate", "featuregate", "feature-gate", "feature_gate", "feature flag", " fg ", " fg.", "`fg`"]
    {
        found.extend(lower.match_indices(word).map(|(at, _)| at));
    }
    found.sort_unstable();
    found
}

/// Where a text speaks of gates or of what is gated, of whatever kind: whole words. With a name in code beside it, that is
/// a feature gate.
pub(super) fn loose_words(text: &str) -> Vec<usize> {
    let lower = text.to_ascii_lowercase();
    let mut found = Vec::new();
    for word in ["gate", "gates", "gated", "guarded by"] {
        let all = lower.match_indices(word).filter(|(at, _)| {
            let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
            !lower[..*at].ends_with(is_part) && !lower[at + word.len()..].starts_with(is_part)
        });
        found.extend(all.map(|(at, _)| at));
    }
    // Of pods and of CI, others are.
    let other = ["scheduling gate", "readiness gate", "quality gate", "scheduling gates"];
    if other.iter().any(|word| lower.contains(word)) {
        found.clear();
    }
    found.sort_unstable();
    found
}

/// Words of a text that may be gates: where they start, and whether they are marked as code, bold or quoted.
pub(super) fn names(text: &str) -> Vec<(usize, String, bool)> {
    let mut found = Vec::new();
    let mut at = 0;
    for part in text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')) {
        let start = at;
        at += part.len() + text[start + part.len()..].chars().next().map_or(0, char::len_utf8);
        let before = text[..start].chars().next_back();
        let after = text[start + part.len()..].chars().next();
        let mark = |c: Option<char>| matches!(c, Some('`' | '"' | '\'' | '*' | '“' | '”'));
        let pathlike = matches!(before, Some('.' | '/' | '-' | '<' | '['))
            || matches!(after, Some('/' | '-' | '>' | '(' | ']'))
            || after == Some('.') && text[start + part.len() + 1..].starts_with(|c: char| c.is_alphanumeric());
        // "the feature gate in the `X` CR": a kind.
        let behind = text[start + part.len()..].trim_start_matches(['`', '"', '\'', '*', '”', ' ']);
        let is_kind = ["CR ", "CR.", "CR,", "CRs", "CRD", "custom resource", "object", "resource", "API "]
            .iter()
            .any(|word| behind.starts_with(word) || behind == word.trim_end());
        let name = part.strip_suffix("Gate").filter(|name| name.len() > 4 && !mark(before)).unwrap_or(part);
        if name.len() >= 4
            && is_gate_name(name)
            && !pathlike
            && !is_kind
            && !NO_GATES.contains(&name)
            && !name.ends_with("FeatureGates")
        {
            found.push((start, name.to_owned(), mark(before) && mark(after)));
        }
    }
    found
}

/// The score of a gate that is a VEP's own.
pub(super) const OWN: i32 = 5;

/// The score of a gate beside which the words stand.
const NAMED: i32 = 2;

/// The score of a gate that is named in passing no longer: it outweighs a sentence that says no.
const CLEAR: i32 = 8;

/// Whether the checkout has a gate, and its stage.
pub(super) type Known<'k> = &'k dyn Fn(&str) -> Option<Option<Stage>>;

/// The gates that may be the VEP's own, the best first. One that is there already is the VEP's own only where the VEP
/// takes it to its next stage, or where it puts the feature behind it: then it was implemented since.
fn own(vep: &Vep, is_known: Known<'_>) -> Vec<GateMention> {
    let advances = vep.stage() > Stage::Alpha;
    let is_own = |mention: &GateMention| {
        let is_new = is_known(&mention.name).is_none();
        mention.score >= OWN && (is_new || advances || mention.is_introduced && mention.score >= CLEAR - 1)
    };
    let all = mentions(vep);
    let mut own: Vec<GateMention> = all.iter().filter(|mention| is_own(mention)).cloned().collect();
    if own.is_empty() {
        // One that is written wrong is asked about, and not another one taken in its place.
        own.extend(only(&all, is_known).filter(|_| misspelled(vep).is_none()));
    }
    // What stands in a list of requirements weighs less than the sentence that introduces the gate.
    own.sort_by_key(|mention| (mention.is_second, !mention.is_introduced));
    own
}

/// The only gate that the VEP names and the checkout lacks, where nothing says that it is another's: little needs to be
/// said for that one.
fn only(all: &[GateMention], is_known: Known<'_>) -> Option<GateMention> {
    let mut new = all.iter().filter(|mention| !mention.is_rejected && is_known(&mention.name).is_none());
    let one = new.next().filter(|one| one.score >= NAMED && one.is_unopposed && one.is_plain)?;
    (new.next().is_none() && !all.iter().any(|mention| mention.is_rejected)).then(|| one.clone())
}

/// What the VEP says of its gate.
pub(super) fn gate(vep: &Vep, is_known: Known<'_>) -> GateFact {
    match (own(vep, is_known).into_iter().next(), denial(vep)) {
        (Some(mention), Some(span)) if mention.score < CLEAR => GateFact::Denied(span),
        (Some(mention), _) => GateFact::Named { name: mention.name, span: mention.span },
        (None, Some(span)) => GateFact::Denied(span),
        (None, None) => {
            let speaks = |line: &str| !gate_words(line).is_empty() && !line.trim_start().starts_with("- [ ] (R)");
            let wanted = vep.prose().find(|(line, ..)| speaks(line));
            // What the title is about may be gates themselves.
            let better = vep
                .prose()
                .find(|(line, span, topic)| *topic != Topic::Head && speaks(line) && span.start > vep.title.span.end);
            let loose = || vep.prose().find(|(line, ..)| has_gate(line));
            better.or(wanted).or_else(loose).map_or(GateFact::Unsaid, |(_, span, _)| GateFact::Wanted(span))
        }
    }
}

/// Gates that the VEP introduces beside its first one, and that the checkout lacks.
pub(super) fn more(vep: &Vep, gate: &GateFact, is_known: Known<'_>) -> Vec<(String, Span)> {
    let GateFact::Named { name, .. } = gate else { return Vec::new() };
    let others = own(vep, is_known).into_iter().filter(|other| {
        other.name != *name && other.is_introduced && other.score >= CLEAR - 2 && is_known(&other.name).is_none()
    });
    others.map(|other| (other.name, other.span)).collect()
}

/// Whether a line speaks of a gate, or of what is gated.
fn has_gate(line: &str) -> bool {
    loose_words(line).iter().any(|at| line[*at..].to_ascii_lowercase().starts_with("gate"))
}

/// A name that stands beside the words in code and begins with a small letter.
pub(super) fn misspelled(vep: &Vep) -> Option<(String, Span)> {
    vep.prose().filter(|(_, _, topic)| *topic != Topic::Excluded).find_map(|(line, span, _)| {
        let name = line.split('`').skip(1).step_by(2).find(|name| {
            let near =
                line.contains(&format!("`{name}` feature gate")) || line.contains(&format!("feature gate `{name}`"));
            let plain =
                name.chars().all(|c| c.is_ascii_alphanumeric()) && name.contains(|c: char| c.is_ascii_uppercase());
            near && plain && name.starts_with(|c: char| c.is_ascii_lowercase())
        })?;
        Some((name.to_owned(), span))
    })
}
