//! A gate that the checkout has under another name than the VEP: only where text says so, for a feature that is not
//! built has neighbours of like names.

use std::collections::BTreeSet;

use super::api::API;
use super::{Facts, Vep};
use crate::name::Name;
use crate::survey::{Gates, Stage, Survey};
use crate::task::LineKind;
use crate::tree::join;

/// Words of every gate and every VEP.
const COMMON: &[&str] = &[
    "and",
    "the",
    "for",
    "with",
    "that",
    "this",
    "feature",
    "featuregate",
    "gate",
    "gates",
    "enable",
    "enables",
    "enabled",
    "allow",
    "allows",
    "kubevirt",
    "virtual",
    "machine",
    "machines",
    "vmi",
    "vms",
    "vmis",
    "support",
    "owner",
    "alpha",
    "beta",
    "sig",
    "compute",
    "network",
    "storage",
    "vep",
    "new",
    "when",
    "which",
    "via",
    "into",
    "from",
    "user",
    "users",
    "introduces",
    "virt",
    "using",
    "used",
    "can",
    "are",
    "will",
    "its",
    "api",
    "without",
    "based",
    "spec",
    "kubernetes",
];

/// What a gate that the checkout lacks is called there, if there is evidence: the VEP tells of the new name, the gate's
/// comment names the VEP or a field that it adds, or nearly the same words name both. One that was there before the
/// release that the VEP targets, or that the VEP tells apart from its own, is another one.
pub(super) fn renamed(vep: &Vep, facts: &Facts, name: &str, gates: &Gates) -> Option<String> {
    let path = vep.document.source.name().replace('\\', "/");
    let slug = path.rsplit('/').nth(1).unwrap_or_default();
    let target = first_target(vep);
    let fields: Vec<String> = {
        let new = facts.api.fields.iter().map(|field| field.json.clone());
        let there = facts.api.present.iter().map(|known| known.json.clone());
        let all = new.chain(there).chain(facts.api.misnamed.iter().map(|known| known.json.clone()));
        // A name of one word is said of many things.
        all.filter(|json| json.len() > 8 && json.contains(|c: char| c.is_ascii_uppercase())).collect()
    };
    let told = [telling(&vep.title.text), telling(slug)];
    let mut found: Vec<(u8, &str)> = Vec::new();
    for file in &gates.files {
        for (identifier, value) in &file.constants {
            let comment = comment(file.source.source.text(), identifier);
            let own = telling(value);
            let mention = mentioned(vep, name, value);
            let first = releases(&comment).into_iter().min();
            let is_older = first.zip(target).is_some_and(|(first, target)| first < target);
            if mention == Some(false) || is_older && mention.is_none() {
                continue;
            }
            let of_vep = vep.number.as_ref().is_some_and(|number| names_vep(&comment, number));
            // Without a release, nothing tells that it was not there before.
            let is_dated = first.is_some();
            // A gate that is through its stages is an older feature's, where nothing but its name is like.
            let is_settled =
                gates.registration(identifier).and_then(|(_, known)| known.stage).is_some_and(Stage::is_settled);
            let names_field = is_dated && fields.iter().any(|json| names_field(&comment, json));
            let same_words = is_dated && (!is_settled && is_near(name, value) || is_described(name, &own, &comment));
            let of_title = is_dated
                && told.iter().any(|told| own.len() > 1 && own.is_subset(told) && own.len() * 3 >= told.len() * 2);
            let score = 8 * u8::from(mention == Some(true))
                + 8 * u8::from(of_vep)
                + 2 * u8::from(same_words)
                + 2 * u8::from(of_title)
                + u8::from(names_field && is_about(&own, &told, name, &fields));
            if score > 0 {
                found.push((score, value));
            }
        }
    }
    found.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    let (best, value) = *found.first()?;
    let is_alone = found.get(1).is_none_or(|(second, _)| *second < best);
    is_alone.then(|| value.to_owned())
}

/// The first release that the VEP targets.
fn first_target(vep: &Vep) -> Option<(u32, u32)> {
    let target = vep.targets.iter().filter_map(|(_, release, _)| release.as_deref());
    target.chain(vep.ships.iter().filter_map(|(release, _)| release.as_deref())).filter_map(release).min()
}

/// Whether a gate was there before the first release that the VEP targets; without a release, nothing tells that it was
/// not.
pub(super) fn is_older(vep: &Vep, value: &str, gates: &Gates) -> bool {
    let Some((file, identifier)) = gates.constant(value) else { return true };
    let first = releases(&comment(file.source.source.text(), identifier)).into_iter().min();
    first.zip(first_target(vep)).is_none_or(|(first, target)| first < target)
}

/// The gate of the checkout that is called like a field that the VEP shows and the API has, where it shares a word with
/// the gate that the VEP names or with its title.
pub(super) fn named_as_a_field(vep: &Vep, name: &str, gates: &Gates, survey: &Survey<'_>) -> Option<String> {
    let schema = survey.text(&join(API, "core/v1/schema.go")).ok().flatten()?;
    let text = vep.document.source.text();
    let own: Vec<String> = [name, &vep.title.text].iter().flat_map(|name| Name::parse(name).words().to_vec()).collect();
    let shown = |json: &str| {
        vep.code().iter().any(|(code, _)| {
            let body = code.body.of(text);
            body.match_indices(json).any(|(at, _)| {
                let is_part = |c: char| c.is_alphanumeric() || c == '_';
                !body[..at].ends_with(is_part)
                    && body[at + json.len()..].trim_start_matches('"').starts_with([':', ',', '`', ' '])
            })
        })
    };
    let constants = gates.files.iter().flat_map(|file| &file.constants);
    let other = constants.map(|(_, value)| value.as_str()).find(|other| {
        let json = Name::parse(other).camel();
        let is_near = Name::parse(other).words().iter().any(|word| word.len() > 3 && own.contains(word));
        is_near && shown(&json) && schema.contains(&format!("json:\"{json},")) && *other != name
    })?;
    Some(other.to_owned())
}

/// Whether the VEP says that a gate is its own under another name, or names it as another one.
fn mentioned(vep: &Vep, name: &str, value: &str) -> Option<bool> {
    let text = vep.document.source.text();
    let quoted = format!("`{value}`");
    let lines = vep.document.lines.iter().filter(|line| !matches!(line.kind, LineKind::Code | LineKind::Comment));
    let mut found = None;
    for line in lines.map(|line| line.span.of(text)).filter(|line| line.contains(&quoted)) {
        let lower = line.to_lowercase();
        let is_same = ["renamed", "formerly", "previously", "now called", "used to be", "was called", "new name"]
            .iter()
            .any(|word| lower.contains(word));
        found = Some(found == Some(true) || is_same && (name.is_empty() || line.contains(name)));
    }
    found
}

/// "VEP #172", "VEP-190", a link to its issue.
fn names_vep(comment: &str, number: &str) -> bool {
    let lower = comment.to_lowercase();
    ["vep #", "vep-", "vep ", "vep#", "enhancements/issues/", "enhancements/pull/"].iter().any(|before| {
        let named = format!("{before}{number}");
        lower.match_indices(&named).any(|(at, _)| !lower[at + named.len()..].starts_with(|c: char| c.is_ascii_digit()))
    })
}

/// Whether a comment names a field, in the case of Go or of JSON.
fn names_field(comment: &str, json: &str) -> bool {
    let words = comment.split(|c: char| !c.is_alphanumeric());
    words.into_iter().any(|word| word.len() == json.len() && word.eq_ignore_ascii_case(json))
}

/// Whether a gate's name has a word of what the VEP is called or adds.
fn is_about(own: &BTreeSet<String>, told: &[BTreeSet<String>], name: &str, fields: &[String]) -> bool {
    let named = telling(name);
    let added: BTreeSet<String> = fields.iter().flat_map(|json| telling(json)).collect();
    own.iter().any(|word| named.contains(word) || added.contains(word) || told.iter().any(|told| told.contains(word)))
}

/// More than half of the words of both are the same, two of them at least.
fn is_near(name: &str, other: &str) -> bool {
    let words =
        |name: &str| -> BTreeSet<String> { Name::parse(name).words().iter().map(|word| word.to_lowercase()).collect() };
    let (own, theirs) = (words(name), words(other));
    let shared = own.intersection(&theirs).count();
    shared >= 2 && shared * 2 > own.len().max(theirs.len())
}

/// Every word of a name is one of the other's, two at least, or stands in its comment, there also written out:
/// `NAD` for NetworkAttachmentDefinition.
fn is_described(name: &str, other: &BTreeSet<String>, comment: &str) -> bool {
    let own = telling(name);
    let shared = own.intersection(other).count();
    let said = telling(comment);
    let initials: BTreeSet<String> = comment
        .split(|c: char| !c.is_alphanumeric())
        .map(|word| word.chars().filter(char::is_ascii_uppercase).collect::<String>().to_lowercase())
        .filter(|word| word.len() > 1)
        .collect();
    own.len() > 2
        && shared >= 2
        && own.iter().all(|word| other.contains(word) || said.contains(word) || initials.contains(word))
}

/// `v1.9`, as numbers.
fn release(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.trim_start_matches(['v', 'V']).split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

/// The releases that a gate's comment names for its stages.
fn releases(comment: &str) -> Vec<(u32, u32)> {
    let words: Vec<&str> = comment.split_whitespace().collect();
    let stages =
        words.windows(2).filter(|pair| matches!(pair[0].to_lowercase().trim_end_matches(':'), "alpha" | "beta" | "ga"));
    stages.filter_map(|pair| release(pair[1].trim_end_matches(['.', ',']))).collect()
}

/// The comment above a constant.
fn comment(text: &str, identifier: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let at = lines.iter().position(|line| line.split_whitespace().next() == Some(identifier)).unwrap_or(0);
    let above = lines[..at].iter().rev().take_while(|line| line.trim_start().starts_with("//"));
    above.copied().collect::<Vec<_>>().join(" ")
}

/// The words of a text, also of names in one piece, by their beginnings.
fn telling(text: &str) -> BTreeSet<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|piece| !piece.is_empty())
        .flat_map(|piece| Name::parse(piece).words().to_vec())
        .map(|word| word.to_lowercase())
        .filter(|word| {
            word.len() > 2 && !word.starts_with(|c: char| c.is_ascii_digit()) && !COMMON.contains(&word.as_str())
        })
        .map(|word| word.chars().take(6).collect())
        .collect()
}
