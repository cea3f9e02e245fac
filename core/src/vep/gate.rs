//! The feature gate of a VEP: every name that stands near the words "feature gate", scored by what is said of it.

use std::collections::BTreeMap;

use super::{Topic, Vep, yaml_documents};
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

/// A name of a gate in a VEP, with how much speaks for it being the VEP's own.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GateMention {
    /// The name.
    pub name: String,
    /// What speaks for it, less what speaks against.
    pub score: i32,
    /// Where most is said for it.
    pub span: Span,
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

/// Every name near the words, the best first.
pub fn mentions(vep: &Vep) -> Vec<GateMention> {
    let mut found: BTreeMap<String, (i32, i32, Span)> = BTreeMap::new();
    let mut add = |name: &str, score: i32, span: Span| {
        let entry = found.entry(name.to_owned()).or_insert((0, i32::MIN, span));
        entry.0 += score;
        if score > entry.1 {
            (entry.1, entry.2) = (score, span);
        }
    };
    let lines: Vec<(&str, Span, Topic)> = vep.prose().collect();
    for (at, (line, span, topic)) in lines.iter().enumerate() {
        if *topic == Topic::Excluded {
            continue;
        }
        // A sentence may be wrapped before the name.
        let next = lines.get(at + 1).filter(|next| next.1.start == span.end && gate_words(line).last().is_some());
        let whole = next.map_or_else(|| (*line).to_owned(), |next| format!("{line} {}", next.0));
        let under_heading = vep.heading_at(span.start).is_some_and(|heading| !gate_words(&heading.title).is_empty());
        let places = gate_words(&whole);
        if places.is_empty() && !under_heading {
            continue;
        }
        let lower = whole.to_lowercase();
        let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
        let mut base = 1;
        for (words, score) in WORDS {
            if has(words) {
                base += score;
            }
        }
        if matches!(topic, Topic::Graduation | Topic::Targets)
            || vep.heading_at(span.start).is_some_and(|h| h.stage.is_some())
        {
            base += 2;
        }
        for (start, name, marked) in names(&whole) {
            let distance =
                places.iter().map(|place| place.abs_diff(start).min(place.abs_diff(start + name.len()))).min();
            let near = match distance {
                Some(distance) if distance <= 16 => 3,
                Some(distance) if distance <= 40 => 1,
                Some(_) => -1,
                None => i32::from(marked),
            };
            let capitals = name.chars().filter(char::is_ascii_uppercase).count();
            let lowers = name.chars().any(|c| c.is_ascii_lowercase());
            if near < 1 || !marked && (capitals < 2 || !lowers) || capitals < 2 && near < 3 {
                continue;
            }
            let foreign = foreign(&lower, start);
            add(&name, base + near + foreign, *span);
        }
    }
    for (code, topic) in vep.code() {
        if topic == Topic::Excluded {
            continue;
        }
        let text = vep.document.source.text();
        if matches!(code.language.as_str(), "go" | "golang") {
            for line in vep.document.lines_in(code.body) {
                let raw = line.span.of(text);
                let Some((left, right)) = raw.split_once('=') else { continue };
                let name = right.trim().trim_matches('"');
                if left.trim_end().ends_with("Gate") && right.trim().starts_with('"') && is_gate_name(name) {
                    add(name, 6, line.span);
                }
            }
        }
        for document in yaml_documents(&vep.document, &code).unwrap_or_default() {
            for field in document.iter().filter(|field| field.path.last().is_some_and(|key| key == "featureGates[]")) {
                if let Some(value) = field.value.as_deref().filter(|value| is_gate_name(value)) {
                    add(value, 3, field.span);
                }
            }
        }
    }
    let mut found: Vec<GateMention> =
        found.into_iter().map(|(name, (score, _, span))| GateMention { name, score, span }).collect();
    found.sort_by(|a, b| b.score.cmp(&a.score).then(a.span.start.cmp(&b.span.start)));
    found
}

/// What a sentence says of the gate that it names.
const WORDS: &[(&[&str], i32)] = &[
    (&["new feature gate", "a new `", "new gate", "introduc"], 4),
    (&["will be guarded", "guarded by", "gated by", "behind", "protected by", "controlled by", "guards all"], 3),
    (&["will be added", "is added", "add ", "adding", "named", "called", "registered"], 2),
    (&["enable", "disable"], 1),
    (&["existing", "requires", "depends on", "already", "other feature", "relies on"], -4),
    (&["deprecated", "kubernetes feature gate", "k8s", "upstream kubernetes", "cdi feature gate"], -5),
];

/// "the `X` feature gate of VEP 10" is that VEP's.
fn foreign(lower: &str, at: usize) -> i32 {
    let around =
        &lower[lower.floor_char_boundary(at.saturating_sub(40))..lower.ceil_char_boundary((at + 80).min(lower.len()))];
    // "the deprecated `X` feature gate", "`X` will be deprecated": not what is built here.
    let before = &lower[lower.floor_char_boundary(at.saturating_sub(24))..at.min(lower.len())];
    let behind = &lower[at.min(lower.len())..lower.ceil_char_boundary((at + 70).min(lower.len()))];
    if before.contains("deprecated") || behind.contains("be deprecated") || behind.contains("is deprecated") {
        return -12;
    }
    let other = around.contains("vep ") || around.contains("vep-") || around.contains("vep #");
    if other || around.contains("kubernetes") { -3 } else { 0 }
}

/// Where a text speaks of feature gates.
fn gate_words(text: &str) -> Vec<usize> {
    let lower = text.to_ascii_lowercase();
    let mut found = Vec::new();
    for word in ["feature gate", "featuregate", "feature-gate", "feature_gate", "feature flag", " fg ", " fg.", "`fg`"]
    {
        found.extend(lower.match_indices(word).map(|(at, _)| at));
    }
    found.sort_unstable();
    found
}

/// Words of a text that may be gates: where they start, and whether they are marked as code, bold or quoted.
fn names(text: &str) -> Vec<(usize, String, bool)> {
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
        if name.len() >= 4 && is_gate_name(name) && !pathlike && !is_kind && !NO_GATES.contains(&name) {
            found.push((start, name.to_owned(), mark(before) && mark(after)));
        }
    }
    found
}

/// The score of a gate that is a VEP's own.
pub(super) const OWN: i32 = 5;

/// The score of a gate that a VEP introduces by name, and not only in passing.
const INTRODUCED: i32 = 14;

/// What the VEP says of its gate. `is_known` tells whether the checkout has a gate, and its stage.
pub(super) fn gate(vep: &Vep, is_known: &dyn Fn(&str) -> Option<Option<Stage>>) -> GateFact {
    let advances = vep.stage() > Stage::Alpha;
    let mentions = mentions(vep);
    let own = mentions.iter().filter(|mention| mention.score >= OWN);
    // One that is there already is the VEP's own only where the VEP takes it to its next stage.
    // What it introduces in so many words is its own, too, and was implemented since.
    let mut own = own.filter(|mention| is_known(&mention.name).is_none() || advances || mention.score >= INTRODUCED);
    let denied = denial(vep);
    match (own.next(), denied) {
        // What is named in passing does not outweigh a sentence that says no.
        (Some(mention), Some(span)) if mention.score < 8 => GateFact::Denied(span),
        (Some(mention), _) => GateFact::Named { name: mention.name.clone(), span: mention.span },
        (None, Some(span)) => GateFact::Denied(span),
        (None, None) => {
            let wanted = vep.prose().find(|(line, _, topic)| {
                *topic != Topic::Excluded && !gate_words(line).is_empty() && !line.trim_start().starts_with("- [ ] (R)")
            });
            // What the title is about may be gates themselves.
            let better = vep.prose().find(|(line, span, topic)| {
                !matches!(topic, Topic::Excluded | Topic::Head)
                    && !gate_words(line).is_empty()
                    && span.start > vep.title.span.end
            });
            better.or(wanted).map_or(GateFact::Unsaid, |(_, span, _)| GateFact::Wanted(span))
        }
    }
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

/// Where the VEP says that it needs no gate.
fn denial(vep: &Vep) -> Option<Span> {
    const PHRASES: &[&str] = &[
        "no feature gate",
        "no new feature gate",
        "without a feature gate",
        "not require a feature gate",
        "not need a feature gate",
        "feature gate is not",
        "feature gate not",
        "not be behind a feature gate",
        "not be guarded",
        "no need for a feature gate",
        "not introduce a feature gate",
        "not require a new feature gate",
        "not require feature gate",
        "no feature-gate",
        "not feature gated",
        "not feature-gated",
        "no featuregate",
        "not protected by a feature gate",
        "not introducing a feature gate",
        "n't need a feature gate",
        "n't require a feature gate",
        "feature gate: none",
        "feature flag: none",
        "feature flag: n/a",
        "not have graduation phases guarded by",
        "n't make sense to create a feature gate",
        "not make sense to create a feature gate",
        "feature gate: n/a",
        "feature gate is needed: no",
    ];
    let said = vep.prose().find(|(line, _, topic)| {
        let lower = line.to_lowercase().replace("**", "").replace("any ", "a ");
        *topic != Topic::Excluded && PHRASES.iter().any(|phrase| lower.contains(phrase))
    });
    said.map(|(_, span, _)| span)
}
