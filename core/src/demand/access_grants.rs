//! From the words of a line about access rules to what is granted.

use super::access::{Grant, Part};
use super::access_words::{is_filler, is_plain};
use super::words::Word;

/// A word in a list of verbs that is none.
pub(super) fn stranger(parts: &[Part]) -> Option<&str> {
    parts.windows(3).find_map(|window| match window {
        [Part::Verbs(_), Part::Joint, Part::Other(word)] | [Part::Other(word), Part::Joint, Part::Verbs(_)]
            if word.len() > 2 && word.chars().all(|c| c.is_ascii_lowercase() || c == '/') && !is_filler(word) =>
        {
            Some(word.as_str())
        }
        _ => None,
    })
}

/// A word that no rule can say, behind a headline such as "must be able to stop VMs:".
pub(super) fn beyond(parts: &[Part]) -> Option<&str> {
    let first = parts.iter().position(|part| matches!(part, Part::Verbs(_) | Part::Resource(_))).unwrap_or_default();
    let headline = parts[..first].iter().rposition(|part| matches!(part, Part::Other(mark) if mark == ":"));
    let mut others = parts[headline.unwrap_or_default()..].iter().filter_map(|part| match part {
        Part::Other(word) => Some(word.as_str()),
        _ => None,
    });
    others.find(|word| !is_plain(word))
}

/// Verbs with their resources, or resources with their verbs: whichever the line begins with.
pub(super) fn segments(parts: &[Part]) -> Result<Vec<Grant>, String> {
    let relevant = parts.iter().filter(|part| matches!(part, Part::Verbs(_) | Part::Resource(_) | Part::Group(_)));
    let first = parts.iter().find(|part| matches!(part, Part::Verbs(_) | Part::Resource(_)));
    let verbs_first = matches!(first, Some(Part::Verbs(_)));
    let mut found: Vec<Grant> = Vec::new();
    let mut pending: Option<String> = None;
    let relevant: Vec<&Part> = relevant.collect();
    for (at, part) in relevant.iter().copied().enumerate() {
        // "`delete` on `a` of `g` and on `b` of `h`": the verbs are those of both.
        let has_group = relevant[at..]
            .iter()
            .take_while(|part| !matches!(part, Part::Verbs(_)))
            .any(|part| matches!(part, Part::Group(_)));
        let shared = found
            .last()
            .filter(|last| verbs_first && last.group.is_some() && has_group && matches!(part, Part::Resource(_)));
        if let Some(verbs) = shared.filter(|last| !last.resources.is_empty()).map(|last| last.verbs.clone()) {
            found.push(Grant { verbs, ..Grant::default() });
        }
        let begins = match (part, found.last()) {
            (Part::Group(_), _) => false,
            (_, None) => true,
            (Part::Verbs(_), Some(last)) => verbs_first && !last.resources.is_empty(),
            (Part::Resource(_), Some(last)) => !verbs_first && !last.verbs.is_empty(),
            _ => false,
        };
        if begins {
            found.push(Grant { group: pending.take(), ..Grant::default() });
        }
        let Some(last) = found.last_mut() else {
            if let Part::Group(group) = part {
                pending = Some(group.clone());
            }
            continue;
        };
        match part {
            Part::Verbs(verbs) if last.verbs.is_empty() => last.verbs.clone_from(verbs),
            Part::Verbs(_) => return Err("its verbs are in two places".to_owned()),
            Part::Resource(resource) if !last.resources.contains(resource) => last.resources.push(resource.clone()),
            Part::Group(group) if last.group.as_ref().is_none_or(|known| known == group) => {
                last.group = Some(group.clone());
            }
            Part::Group(_) => return Err("it names two API groups for the same resources".to_owned()),
            _ => {}
        }
    }
    if found.iter().any(|grant| grant.verbs.is_empty() || grant.resources.is_empty()) {
        return Err("some of its verbs have no resource, or some of its resources no verb".to_owned());
    }
    // One group at the end of a line is that of everything before it.
    let last = found.last().and_then(|grant| grant.group.clone());
    let stated = found.iter().filter(|grant| grant.group.is_some()).count();
    if stated == 1 && found.len() > 1 {
        for grant in &mut found {
            grant.group.clone_from(&last);
        }
    }
    Ok(without_parts(&found))
}

/// Grants without those that are part of another one: "virt-api will watch namespaces: allow it `get` and `watch` on
/// `namespaces`" gives a reason first.
fn without_parts(found: &[Grant]) -> Vec<Grant> {
    let is_part = |one: &Grant, other: &Grant| {
        one.group == other.group
            && one.resources.iter().all(|resource| other.resources.contains(resource))
            && one.verbs.iter().all(|verb| other.verbs.contains(verb))
    };
    let of_another = |at: usize| {
        let mut others = found.iter().enumerate();
        others.any(|(known, other)| {
            known != at && is_part(&found[at], other) && !(known > at && is_part(other, &found[at]))
        })
    };
    let kept: Vec<usize> = (0..found.len()).filter(|at| !of_another(*at)).collect();
    kept.into_iter().map(|at| found[at].clone()).collect()
}

/// What a reason before a colon says of rules, where what is asked for behind it is something else: "virt-api will watch
/// pods: allow it to get nodes".
pub(super) fn unlike_its_reason(words: &[Word<'_>], grants: &dyn Fn(&[Word<'_>]) -> Vec<Grant>) -> Option<String> {
    const ORDERS: &[&str] = &["allow", "grant", "permit", "give", "let", "add"];
    let colon = words.iter().position(|word| word.is_mark(":"))?;
    let (reason, order) = (&words[..colon], &words[colon + 1..]);
    let is_reason = reason.iter().any(|word| word.is(&["will", "then", "must", "has", "needs", "now"]));
    let asks = order.first().is_some_and(|word| word.is(ORDERS));
    let (said, asked) = (grants(reason), grants(order));
    let is_said = |one: &Grant| {
        asked.iter().any(|other| {
            one.resources.iter().all(|resource| other.resources.contains(resource))
                && one.verbs.iter().all(|verb| other.verbs.contains(verb))
        })
    };
    let whole = || reason.iter().map(|word| word.text).collect::<Vec<_>>().join(" ");
    (is_reason && asks && !said.is_empty() && !asked.is_empty() && !said.iter().all(is_said)).then(whole)
}
