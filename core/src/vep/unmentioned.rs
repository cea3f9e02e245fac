//! Stories and goals of which the testing section has no word.

use std::collections::BTreeSet;

use super::{Facts, Topic, Vep, VepItem};
use crate::task::LineKind;

/// Words that are in every VEP and tell none apart.
const COMMON: &[&str] = &[
    "able",
    "about",
    "admin",
    "administrator",
    "admins",
    "allow",
    "allows",
    "also",
    "always",
    "been",
    "being",
    "change",
    "cluster",
    "create",
    "creation",
    "current",
    "define",
    "does",
    "enable",
    "enabled",
    "ensure",
    "every",
    "existing",
    "feature",
    "features",
    "from",
    "have",
    "into",
    "keep",
    "kubevirt",
    "like",
    "machine",
    "machines",
    "maintain",
    "make",
    "more",
    "need",
    "needs",
    "only",
    "operator",
    "other",
    "owner",
    "owners",
    "provide",
    "running",
    "should",
    "some",
    "specific",
    "support",
    "supported",
    "than",
    "that",
    "their",
    "them",
    "then",
    "there",
    "these",
    "they",
    "this",
    "through",
    "user",
    "users",
    "using",
    "virtual",
    "virtualmachine",
    "virtualmachines",
    "want",
    "what",
    "when",
    "where",
    "which",
    "will",
    "with",
    "without",
    "work",
    "workload",
    "workloads",
    "would",
    "vmis",
    "vms",
    "vmi",
    "api",
];

/// The stories and goals, each with what it is. Nothing where the testing section says too little to be held against.
pub(super) fn unmentioned<'f>(vep: &Vep, facts: &'f Facts) -> Vec<(&'f VepItem, &'static str)> {
    let text = vep.document.source.text();
    let mut tested: BTreeSet<String> = BTreeSet::new();
    for line in &vep.document.lines {
        let is_said =
            !matches!(line.kind, LineKind::Blank | LineKind::Fence | LineKind::Comment | LineKind::Heading(_));
        if is_said && vep.topic_at(line.span.start) == Topic::Testing {
            tested.extend(words(line.span.of(text)));
        }
    }
    if facts.tests.count() < 2 || tested.len() < 8 {
        return Vec::new();
    }
    let of = |items: &'f [VepItem], what: &'static str| {
        let lowest = items.iter().map(|item| item.indent).min().unwrap_or_default();
        let whole = items.iter().filter(move |item| item.indent == lowest);
        whole.map(move |item| (item, what)).collect::<Vec<_>>()
    };
    let mut all = of(&facts.goals, "goal");
    all.extend(of(&facts.stories, "user story"));
    all.retain(|(item, _)| {
        let own: BTreeSet<String> = words(&item.text).collect();
        let spoken = |word: &String| {
            tested.iter().any(|other| {
                other == word
                    || word.len() > 3
                        && other.len() > 3
                        && (other.starts_with(word.as_str()) || word.starts_with(other.as_str()))
            })
        };
        let lower = item.text.to_lowercase();
        let is_elsewhere =
            ["separate vep", "another vep", "out of scope", "follow-up"].iter().any(|word| lower.contains(word));
        own.len() >= 2 && !is_elsewhere && !own.iter().any(spoken)
    });
    all
}

/// The words of a text that tell it from others, by their beginnings: "migrates" and "migration" are one. Short ones
/// tell something where they are names: "GPU".
fn words(text: &str) -> impl Iterator<Item = String> {
    let words = text.split(|c: char| !c.is_alphanumeric());
    let is_name = |word: &str| {
        word.len() > 1 && word.chars().any(char::is_alphabetic) && !word.contains(|c: char| c.is_ascii_lowercase())
    };
    let telling = words.filter(move |word| word.chars().count() > 3 || is_name(word)).map(str::to_lowercase);
    let telling = telling.filter(|word| word != "vm" && !COMMON.contains(&word.as_str()));
    telling.map(|word| word.chars().take(5).collect())
}
