//! What somebody may do: `virt-handler may get and list plugins of plugin.kubevirt.io`.

use std::collections::BTreeMap;

use super::access_grants::{beyond, segments, stranger, unlike_its_reason};
use super::access_group::{CUSTOMARY, spoken};
use super::access_words::{
    DENIALS, grants, is_filler, reason, restriction, unknown_role, unknown_verb, vague, without_asides,
};
use super::words::{Piece, Word, words};
use crate::name::nearest;

/// The verbs of Kubernetes' access rules.
const VERBS: &[&str] = &["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"];

/// What a line asks to be allowed.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Access {
    /// Who may, in the words of the line: `virt-handler`, `kubevirt.io:admin`, `newHandlerRole`.
    pub roles: Vec<String>,
    /// It is about objects in KubeVirt's own namespace, or about those of the whole cluster, if the line says so.
    pub cluster: Option<bool>,
    /// What may be done: nothing where the line is about the role alone.
    pub grants: Vec<Grant>,
}

/// Verbs on resources of one API group.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Grant {
    /// The API group; empty for Kubernetes' core, nothing if the line names none.
    pub group: Option<String>,
    /// The resources.
    pub resources: Vec<String>,
    /// The verbs.
    pub verbs: Vec<String>,
}

/// What a reader knows of the checkout.
pub struct Vocabulary<'a> {
    /// Whether a word is the name of somebody who has a role.
    pub is_role: &'a dyn Fn(&str) -> bool,
    /// Whether a word is a resource that some rule names.
    pub is_resource: &'a dyn Fn(&str) -> bool,
    /// The names of those who have a role.
    pub roles: &'a [String],
    /// The API groups that rules name.
    pub groups: &'a [String],
    /// What a constant of the package of roles means.
    pub meaning: &'a dyn Fn(&str) -> Option<String>,
}

/// A word as access rules have it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Part {
    Verbs(Vec<String>),
    Resource(String),
    Group(String),
    Role(String),
    /// A comma, "and", a slash: what lists are made of.
    Joint,
    Other(String),
}

/// What a line asks to be allowed; an error says what is not understood of it. Nothing if it is about something else.
pub fn access(line: &str, known: &Vocabulary<'_>) -> Result<Option<Access>, String> {
    let words = without_asides(&words(line));
    let words = &words[..reason(&words)];
    let said = spoken(words, known);
    let parts = parts(words, known, said.as_ref().unwrap_or(&BTreeMap::new()));
    let mut access = Access { cluster: cluster(words), ..Access::default() };
    for part in &parts {
        match part {
            Part::Role(role) if !access.roles.contains(role) => access.roles.push(role.clone()),
            _ => {}
        }
    }
    let has_verbs = parts.iter().any(|part| matches!(part, Part::Verbs(_)));
    let has_resources = parts.iter().any(|part| matches!(part, Part::Resource(_)));
    if !(has_resources || has_verbs && grants(words)) {
        return Ok((!access.roles.is_empty()).then_some(access));
    }
    if let Some(word) = words.iter().find(|word| word.is(DENIALS)) {
        return Err(format!("it says \"{}\", and rules only allow", word.text));
    }
    if let Some(word) = words.iter().find(|word| word.is(&["if", "unless", "until"])) {
        return Err(format!("it says \"{}\", and rules hold at all times", word.text));
    }
    if words.iter().any(|word| word.is(&["named", "resourceNames", "resourceName"])) {
        return Err("it is about objects of one name".to_owned());
    }
    if let Some(word) = restriction(words) {
        return Err(format!("it says \"{word}\", and a rule is given without such a bound"));
    }
    let is_wide = |word: &Word<'_>| word.is(&["cluster-wide", "cluster-scoped"]);
    let is_narrow = |two: &[Word<'_>]| two[0].is(&["own", "install", "installation"]) && two[1].is(&["namespace"]);
    if words.iter().any(is_wide) && words.windows(2).any(is_narrow) {
        return Err("it speaks of the whole cluster and of one namespace: write a line for each".to_owned());
    }
    if let Some(word) = lost(&parts) {
        return Err(format!("`{word}` is not known as a resource: write it in backticks"));
    }
    if let Some(who) = unknown_role(words, known) {
        let near = nearest(who, known.roles.iter().map(String::as_str));
        let near = near.first().map_or_else(String::new, |near| format!("; a similar one is `{near}`"));
        return Err(format!("no role is called `{who}`{near}"));
    }
    if let Some(said) = vague(words) {
        return Err(format!("it says \"{said}\": which verbs are these?"));
    }
    let is_no_verb = |word: &str| format!("`{word}` is not a verb of access rules, which are {}", VERBS.join(", "));
    if !has_verbs && let Some(word) = unknown_verb(words) {
        return Err(is_no_verb(word));
    }
    if !has_verbs {
        return Err(format!("it names no verb, such as {}", VERBS[..3].join(", ")));
    }
    if !has_resources {
        return Err("it names no resource".to_owned());
    }
    if let Some(word) = stranger(&parts) {
        return Err(is_no_verb(word));
    }
    said?;
    if let Some(word) = beyond(&parts) {
        return Err(format!("it says \"{word}\", and a rule says who may do what"));
    }
    let of = |words: &[Word<'_>]| segments(&self::parts(words, known, &BTreeMap::new())).unwrap_or_default();
    if let Some(reason) = unlike_its_reason(words, &of) {
        return Err(format!("whether \"{reason}\" is to be allowed as well is not said"));
    }
    access.grants = segments(&parts)?;
    Ok(Some(access))
}

/// Whether a line says which of the two roles of somebody it is about.
fn cluster(words: &[Word<'_>]) -> Option<bool> {
    words.iter().enumerate().find_map(|(index, word)| {
        let next = |text: &[&str]| words.get(index + 1).is_some_and(|next| next.is(text));
        let names_role = word.text == "Role" && (index > 0 || word.piece == Piece::Code);
        if word.text.eq_ignore_ascii_case("ClusterRole")
            || word.is(&["cluster-wide"])
            || word.is(&["cluster"]) && next(&["role"])
        {
            Some(true)
        } else {
            let own = word.is(&["own", "install", "installation", "KubeVirt"]) && next(&["namespace"]);
            (names_role || own || word.is(&["namespaced"])).then_some(false)
        }
    })
}

/// The words of a line as access rules have them.
fn parts(words: &[Word<'_>], known: &Vocabulary<'_>, said: &BTreeMap<usize, String>) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let names_resources =
        words.iter().any(|word| listed(word.text).iter().any(|one| is_resource(one, word.piece, known)));
    // Where verbs stand in code, "get" is what a role does: "the role gets `list`", "`admin` and `edit` get `list`".
    let names_verbs =
        words.iter().any(|word| word.piece == Piece::Code && listed(word.text).iter().any(|one| is_verb(one)));
    for (index, word) in words.iter().enumerate() {
        if names_verbs && word.is(&["get"]) && word.piece == Piece::Prose {
            parts.push(Part::Other(word.text.to_owned()));
            continue;
        }
        if word.piece == Piece::Mark {
            let joins = matches!(word.text, ",");
            parts.push(if joins { Part::Joint } else { Part::Other(word.text.to_owned()) });
            continue;
        }
        let text = word.text.trim_end_matches("'s");
        let before = |words: &[&str]| index > 0 && self::before(&parts, words);
        let meaning = word.is_code().then(|| (known.meaning)(text)).flatten();
        if word.is(&["and", "or", "&", "+", "/", "plus"]) {
            parts.push(Part::Joint);
        } else if let Some(group) = said.get(&index) {
            parts.push(Part::Group(group.clone()));
        } else if let Some(meaning) = meaning.filter(|meaning| !(known.is_role)(meaning)) {
            let is_group = is_group(&meaning) || known.groups.contains(&meaning);
            parts.push(if is_group { Part::Group(meaning) } else { Part::Resource(meaning) });
        } else if (known.is_role)(text) {
            parts.push(Part::Role(text.to_owned()));
        } else if let Some((group, resource)) = grouped(text).filter(|_| word.is_code()) {
            parts.extend([Part::Resource(resource.to_owned()), Part::Group(group.to_owned())]);
        } else if is_group(text) && (names_resources || before(&["of", "group", "in", "from", "apigroup", "("])) {
            parts.push(Part::Group(text.to_owned()));
        } else if word.is_code() && CUSTOMARY.contains(&text) && before(&["of", "in", "from"]) {
            parts.push(Part::Group(if text == "core" { String::new() } else { text.to_owned() }));
        } else if before(&["group", "apigroup", "apigroups"])
            && (word.piece == Piece::Code || CUSTOMARY.contains(&text))
        {
            let core = matches!(text, "\"\"" | "''" | "core");
            parts.push(Part::Group(if core { String::new() } else { text.trim_matches(['"', '\'']).to_owned() }));
        } else if is_called_group(&words[index + 1..]) && (word.piece == Piece::Code || CUSTOMARY.contains(&text)) {
            parts.push(Part::Group(if text == "core" {
                String::new()
            } else {
                text.trim_matches(['"', '\'']).to_owned()
            }));
        } else if is_group(text) && !text.contains(':') {
            // The name of a custom resource definition: the resource, and its group.
            let (resource, group) = text.split_once('.').unwrap_or((text, ""));
            parts.extend([Part::Resource(resource.to_owned()), Part::Group(group.to_owned())]);
        } else {
            several(word, known, &mut parts);
            // In prose, a word is a resource only where one is expected: `roles` is also what rules stand in.
            let is_expected = match &parts[..] {
                [.., Part::Verbs(_), _]
                | [.., Part::Resource(_), Part::Joint, _]
                | [.., Part::Resource(_), Part::Joint, Part::Joint, _]
                | [_] => true,
                [.., Part::Other(word), _] => {
                    matches!(word.as_str(), "on" | "of" | "for" | "to" | "all" | "the" | "their" | ":")
                }
                _ => false,
            };
            if word.piece == Piece::Prose && !is_expected && matches!(parts.last(), Some(Part::Resource(_))) {
                parts.pop();
                parts.push(Part::Other(word.text.to_owned()));
            }
        }
    }
    name_resources(&mut parts);
    merged(parts)
}

/// A resource behind its group: `metrics.k8s.io/nodes`.
fn grouped(text: &str) -> Option<(&str, &str)> {
    let (group, resource) = text.split_once('/')?;
    let is_plain = resource.chars().all(|c| c.is_ascii_lowercase() || c == '/');
    (is_group(group) && resource.len() > 2 && is_plain).then_some((group, resource))
}

/// Right behind verbs, and before the API group that it is in, a plural is a resource, known or not: `get widgets of w.io`.
fn name_resources(parts: &mut [Part]) {
    const PLAIN: &[&str] = &["permissions", "rights", "rules", "access", "objects", "resources", "verbs", "its", "all"];
    for at in 1..parts.len() {
        let leads = matches!(&parts[at - 1], Part::Verbs(_))
            || matches!((&parts[at - 1], at.checked_sub(2).map(|at| &parts[at])), (Part::Other(word), Some(Part::Verbs(_))) if matches!(word.as_str(), "on" | "of"));
        let in_group = matches!(&parts[at + 1..], [Part::Group(_), ..])
            || matches!(&parts[at + 1..], [Part::Other(word), Part::Group(_), ..] if matches!(word.as_str(), "of" | "in" | "("));
        let Part::Other(word) = &parts[at] else { continue };
        let plural = word.len() > 3 && word.ends_with('s') && word.chars().all(|c| c.is_ascii_lowercase());
        if leads && in_group && plural && !PLAIN.contains(&word.as_str()) {
            parts[at] = Part::Resource(word.clone());
        }
    }
}

/// Whether the last word of prose is one of some.
fn before(parts: &[Part], words: &[&str]) -> bool {
    let last = parts.last().map(|part| match part {
        Part::Other(word) => word.to_ascii_lowercase(),
        _ => String::new(),
    });
    last.is_some_and(|last| words.contains(&last.as_str()))
}

/// Whether the words behind a name say that it is an API group: `apps` API group.
fn is_called_group(behind: &[Word<'_>]) -> bool {
    let skip = usize::from(behind.first().is_some_and(|word| word.is(&["API"])));
    behind.get(skip).is_some_and(|word| word.is(&["group", "apigroup"]))
}

/// `get, list` and `["get", "list"]` in one piece of code, `get/list` in one word.
fn listed(text: &str) -> Vec<&str> {
    let inner = text.trim_matches(['[', ']', '{', '}']);
    let parts: Vec<&str> =
        inner.split([',', ' ']).map(|part| part.trim_matches(['"', '\''])).filter(|part| !part.is_empty()).collect();
    match parts.as_slice() {
        [one] if one.contains('/') && one.split('/').all(is_verb) => one.split('/').collect(),
        _ => parts,
    }
}

fn is_verb(word: &str) -> bool {
    VERBS.contains(&word)
}

/// A word, or each word of a list that one piece of code holds.
fn several(word: &Word<'_>, known: &Vocabulary<'_>, parts: &mut Vec<Part>) {
    let list = listed(word.text);
    let read = |one: &str| {
        if is_verb(one) || one == "*" && word.piece == Piece::Code {
            Some(Part::Verbs(vec![one.to_owned()]))
        } else if is_resource(one, word.piece, known) {
            Some(Part::Resource(one.to_owned()))
        } else {
            None
        }
    };
    let all: Option<Vec<Part>> = list.iter().map(|one| read(one)).collect();
    match all {
        Some(all) if !all.is_empty() => {
            for (index, part) in all.into_iter().enumerate() {
                if index > 0 {
                    parts.push(Part::Joint);
                }
                parts.push(part);
            }
        }
        _ => parts.push(Part::Other(word.text.to_owned())),
    }
}

/// A resource: in code whatever can be one, in prose what rules name already, and subresources.
fn is_resource(text: &str, piece: Piece, known: &Vocabulary<'_>) -> bool {
    let mut pieces = text.split('/');
    let shaped = pieces.clone().count() <= 3
        && pieces.next().is_some_and(|first| {
            first.len() > 2 && first.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        })
        && pieces.all(|piece| {
            !piece.is_empty() && piece.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        });
    let plural = text.split('/').next().is_some_and(|first| first.ends_with('s') || first == "endpoints");
    let customary = |text: &str| {
        (known.is_resource)(text) || text.split_once('/').is_some_and(|(base, _)| (known.is_resource)(base))
    };
    shaped
        && !is_verb(text)
        && !(known.is_role)(text)
        && if piece == Piece::Code { plural || customary(text) } else { customary(text) }
}

/// An API group: `plugin.kubevirt.io`, `apps` only where the line says that it is one.
fn is_group(text: &str) -> bool {
    let labels: Vec<&str> = text.split('.').collect();
    let label = |label: &&str| {
        !label.is_empty() && label.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
    };
    labels.len() > 1
        && labels.iter().all(label)
        && matches!(labels.last(), Some(&("io" | "com" | "org" | "dev" | "net")))
}

/// Neighbouring verbs are one list.
fn merged(parts: Vec<Part>) -> Vec<Part> {
    let mut result: Vec<Part> = Vec::new();
    for part in parts {
        let joins = matches!(
            result.as_slice(),
            [.., Part::Verbs(_), Part::Joint] | [.., Part::Verbs(_), Part::Joint, Part::Joint]
        );
        match part {
            Part::Verbs(verbs) if joins || matches!(result.last(), Some(Part::Verbs(_))) => {
                while result.last() == Some(&Part::Joint) {
                    result.pop();
                }
                if let Some(Part::Verbs(known)) = result.last_mut() {
                    known.extend(verbs.into_iter().filter(|verb| !known.contains(verb)).collect::<Vec<_>>());
                }
            }
            part => result.push(part),
        }
    }
    result
}

/// A word of prose in a list of resources that nothing knows: "nodes and leases".
fn lost(parts: &[Part]) -> Option<&str> {
    const NOUNS: &[&str] = &["verbs", "rules", "resources", "subresources", "groups", "roles", "rights", "permissions"];
    parts.windows(3).find_map(|window| match window {
        [Part::Resource(_), Part::Joint, Part::Other(word)]
            if !NOUNS.contains(&word.as_str())
                && word.len() > 4
                && word.ends_with('s')
                && word.chars().all(|c| c.is_ascii_lowercase())
                && !is_filler(word) =>
        {
            Some(word.as_str())
        }
        _ => None,
    })
}

#[cfg(test)]
#[path = "access_tests.rs"]
mod tests;
