//! Where a checkout's code goes on with what a VEP states: its webhooks, its specs, and names that changed on the way.

use std::collections::{BTreeMap, BTreeSet};

use super::api::API;
use super::held::{Held, HeldState};
use super::{Topic, Vep};
use crate::name::Name;
use crate::survey::{Gates, Survey};
use crate::tree::{Kind, join};

/// The folders of webhooks.
const WEBHOOKS: &[&str] = &[
    "pkg/virt-api/webhooks",
    "pkg/virt-api/webhooks/validating-webhook/admitters",
    "pkg/virt-api/webhooks/mutating-webhook/mutators",
    "pkg/network/admitter",
    "pkg/storage/admitters",
    "pkg/dra/admitter",
    "pkg/virt-operator/webhooks",
];

/// What code calls a gate: its constant and its accessor.
pub(super) fn names(gates: &Gates, gate: &str) -> Vec<String> {
    let Some((_, identifier)) = gates.constant(gate) else { return Vec::new() };
    // A constant of a common name is told by its package.
    let mut found = vec![format!("{}.{identifier}", gates.package)];
    let text = gates.accessors.source.text();
    let functions = text.split("\nfunc ").skip(1);
    found.extend(
        functions.filter(|function| has_word(function.split("\n}").next().unwrap_or_default(), identifier)).filter_map(
            |function| {
                let head = function.lines().next()?;
                let name = head.split(") ").nth(1)?.split('(').next()?;
                Some(name.to_owned())
            },
        ),
    );
    found
}

/// The webhooks that speak of names.
pub(super) fn admission(names: &[String], about: &str, survey: &Survey<'_>) -> Held {
    let mut files = Vec::new();
    for folder in WEBHOOKS {
        for file in
            survey.tree().list(folder).iter().filter(|file| file.ends_with(".go") && !file.ends_with("_test.go"))
        {
            let path = join(folder, file);
            if mentions(survey, &path, names) {
                files.push(path);
            }
        }
    }
    let (state, note) = match files.len() {
        0 => (HeldState::Missing, format!("no webhook mentions {}", listed(names))),
        1 => (HeldState::There, format!("it mentions {}", listed(names))),
        _ => (HeldState::There, format!("so do {}", files[1..].join(", "))),
    };
    Held { what: format!("admission of {about}"), state, place: None, file: files.into_iter().next(), note }
}

/// The functional specs that speak of names, and whether they carry the label of the VEP's SIG.
pub(super) fn specs(names: &[String], about: &str, vep: &Vep, survey: &Survey<'_>) -> Held {
    let mut files: Vec<(String, String)> = Vec::new();
    let mut open = vec!["tests".to_owned()];
    while let Some(folder) = open.pop() {
        for name in survey.tree().list(&folder) {
            let path = join(&folder, &name);
            match survey.kind(&path) {
                Some(Kind::Folder) => open.push(path),
                Some(Kind::File) if name.ends_with(".go") => {
                    let text = survey.text(&path).ok().flatten();
                    let Some(text) = text.filter(|text| names.iter().any(|name| has_word(text, name))) else {
                        continue;
                    };
                    // Helpers hold no specs.
                    if text.contains("Describe(") {
                        let label = label(&path, &text);
                        files.push((path, label));
                    }
                }
                _ => {}
            }
        }
    }
    files.sort();
    let what = format!("specs of {about}");
    let place = vep.sections(Topic::Testing).next().map(|heading| vep.place(heading.span));
    let sig = vep.sig.as_deref().map(|sig| Name::parse(sig).pascal());
    let own = sig.as_ref().and_then(|sig| files.iter().find(|(_, label)| label.starts_with(sig.as_str())));
    let (state, file, note) = match (own, files.first()) {
        (Some((file, label)), _) => (HeldState::There, Some(file.clone()), format!("their label is {label}")),
        (None, Some((file, label))) => {
            let of = vep.sig.as_deref().unwrap_or("no SIG");
            let has = if label.is_empty() {
                "they have no label of a SIG".to_owned()
            } else {
                format!("their label is {label}")
            };
            let state = if sig.is_some() { HeldState::Other } else { HeldState::There };
            (state, Some(file.clone()), format!("{has}, and the VEP is of {of}"))
        }
        (None, None) => (HeldState::Missing, None, format!("no spec mentions {}", listed(names))),
    };
    Held { what, state, place, file, note }
}

/// The SIG's label that a file of specs uses most, or that of its folder.
fn label(path: &str, text: &str) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, _) in text.match_indices("decorators.Sig") {
        let rest = &text[at + "decorators.".len()..];
        *counts.entry(&rest[..rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len())]).or_default() += 1;
    }
    if let Some((label, _)) = counts.into_iter().max_by_key(|(_, count)| *count) {
        return label.to_owned();
    }
    match path.split('/').nth(1).filter(|_| text.contains("SIG(")) {
        Some(folder) => format!("Sig{}", Name::parse(folder).pascal()),
        None => String::new(),
    }
}

fn listed(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" or ")
}

fn mentions(survey: &Survey<'_>, path: &str, names: &[String]) -> bool {
    let text = survey.text(path).ok().flatten();
    text.is_some_and(|text| names.iter().any(|name| has_word(&text, name)))
}

fn has_word(text: &str, word: &str) -> bool {
    let inner = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word).any(|(at, _)| !text[..at].ends_with(inner) && !text[at + word.len()..].starts_with(inner))
}

/// What the API has in place of a field that it lacks: a field beside it with most of its words, or one of its name in
/// another struct.
pub(super) fn elsewhere(parent: &str, json: &str, beside: &[String], survey: &Survey<'_>) -> Option<String> {
    let own = Name::parse(json).words().to_vec();
    let stem = |word: &String| word.to_lowercase().trim_end_matches('s').to_owned();
    let near = beside.iter().find(|other| {
        let theirs = Name::parse(other).words().to_vec();
        let shared = own.iter().filter(|word| theirs.iter().any(|their| stem(their) == stem(word))).count();
        shared >= 1 && shared * 2 > own.len().max(theirs.len())
            || strsim::osa_distance(other, json) <= 2 && json.len() > 4
    });
    if let Some(near) = near {
        return Some(format!("the checkout has `{parent}.{near}`: was it renamed?"));
    }
    let tag = format!("json:\"{json}");
    let mut owners = BTreeSet::new();
    for file in ["types.go", "schema.go"] {
        let path = join(&join(API, "core/v1"), file);
        let Some(text) = survey.text(&path).ok().flatten() else { continue };
        for (at, _) in text.match_indices(&tag) {
            let head = text[..at].rfind("\ntype ").map(|from| &text[from + 6..]);
            let owner = head.and_then(|head| head.split_whitespace().next()).unwrap_or_default();
            if text[at + tag.len()..].starts_with(['"', ',']) && owner != parent && !owner.is_empty() {
                owners.insert(owner.to_owned());
            }
        }
    }
    let owner = owners.first().filter(|_| owners.len() == 1 && json.len() > 7)?;
    Some(format!("the checkout has `{owner}.{json}`: did it move?"))
}
