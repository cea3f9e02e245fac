//! What is no order: arrows that are crossed out, what was so once, and phases that run side by side.

use std::collections::{BTreeMap, BTreeSet};

use super::sentence::{ARROWS, is_beside, is_denied, split};
use crate::task::{LineKind, TaskFile};
use crate::text::Span;

/// Whether an arrow between two texts is crossed out, or leads both ways: `-/->`, `✗→`, `<->`.
pub(super) fn is_crossed(before: &str, behind: &str) -> bool {
    const CROSSES: &[char] = &['✗', '✘', '✕', '×', '≠', '❌', '🚫', '⊘', '⛔'];
    before.ends_with(['/', '<', '!', '\\'])
        || ["-x", "-X", "=x", "- x"].iter().any(|cross| before.ends_with(cross))
        || before.trim_end_matches([' ', '-', '=']).ends_with(CROSSES)
        || before.trim_end_matches(['-', '=']).ends_with(['/', '<'])
        || behind.starts_with(['/', '!'])
        || behind.trim_start().starts_with(CROSSES)
}

/// Whether a statement speaks of what was once so, or only may be: "was removed", "Old: …", "can be done before".
pub(super) fn is_past(title: &str, text: &str) -> bool {
    const ONCE: &[&str] = &[
        "old",
        "obsolete",
        "outdated",
        "former",
        "formerly",
        "previously",
        "removed",
        "dropped",
        "deleted",
        "before v",
        "was",
        "wrong",
        "example",
        "rejected",
        "superseded",
        "cancelled",
        "deprecated",
        "no longer",
    ];
    const GONE: &[&str] = &[
        " removed",
        " dropped",
        " deleted",
        " lifted",
        " reverted",
        " obsolete",
        " gone",
        " superseded",
        " withdrawn",
        " no longer true",
        " is wrong",
        " was wrong",
    ];
    let title = title.trim_matches(|c: char| !c.is_alphanumeric());
    let first = title.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let is_once = ONCE.iter().any(|word| first == *word || title.ends_with(word));
    let is_gone = || {
        ["was", "were", "is", "are", "been", "got"].iter().any(|verb| {
            GONE.iter()
                .any(|gone| text.contains(&format!(" {verb}{gone}")) || text.contains(&format!("({}", gone.trim())))
        })
    };
    is_once
        || is_gone()
        || ["formerly ", "previously ", "used to ", "no longer "].iter().any(|word| text.contains(word))
}

/// Whether what stands before "before" only allows it.
pub(super) fn is_allowed(left: &str) -> bool {
    ["can", "may", "could", "might"].iter().any(|word| left.split(' ').any(|known| known == *word))
}

/// The pairs of phases that run side by side by what a file says, the earlier one first; and lines that say something
/// of the kind and are not read.
pub(super) fn phases(file: &TaskFile, unread: &mut Vec<Span>) -> BTreeSet<(usize, usize)> {
    let mut found = BTreeSet::new();
    if file.phases.len() < 2 {
        return found;
    }
    let numbers: BTreeMap<String, usize> =
        file.phases.iter().enumerate().rev().map(|(at, phase)| (phase.number.to_lowercase(), at)).collect();
    let source = file.ordered();
    let mut task = 0;
    for line in &file.lines {
        while file.tasks.get(task).is_some_and(|task| task.body.end <= line.span.start) {
            task += 1;
        }
        let in_task = file.tasks.get(task).is_some_and(|task| task.span.start < line.span.end);
        let is_read = matches!(line.kind, LineKind::Item | LineKind::Text | LineKind::Quote | LineKind::Table);
        let raw = line.span.of(source).trim_end();
        if in_task || !is_read || !raw.to_ascii_lowercase().contains("phase") {
            continue;
        }
        let lower = raw.to_ascii_lowercase();
        for clause in split(&lower, &["; ", ". ", ", but ", ", while ", ", whereas "]) {
            let clause = clause.of(&lower);
            match pairs(clause, &numbers) {
                Some(said) => found.extend(said),
                None => unread.push(Span::new(line.span.start, line.span.start + raw.len())),
            }
        }
    }
    found
}

/// The pairs that a clause holds apart; nothing if it says something of the kind that is not understood.
fn pairs(clause: &str, numbers: &BTreeMap<String, usize>) -> Option<Vec<(usize, usize)>> {
    let every = |left: &[usize], right: &[usize]| {
        let pairs = left.iter().flat_map(|a| right.iter().map(move |b| (*a.min(b), *a.max(b))));
        pairs.filter(|(a, b)| a != b).collect::<Vec<_>>()
    };
    let all = named(clause, numbers);
    let speaks_of_tasks = ["within", "inside", "marked", "[p]", "each phase", "tasks in", "tasks of"];
    if all.is_empty() || speaks_of_tasks.iter().any(|word| clause.contains(word)) {
        return Some(Vec::new());
    }
    // `phase 3 does not depend on phase 2, only on phase 1`, `phase 3 is independent of phase 2`
    for word in [
        "not depend on",
        "not depend upon",
        "n't depend on",
        "not dependent on",
        "independent of",
        "independent from",
        "independently of",
        "not wait for",
        "n't wait for",
        "not need ",
        "n't need ",
        "not require ",
        "n't require ",
        "not blocked by",
        "no dependency on",
        "no dependencies on",
        "without waiting for",
    ] {
        if let Some(at) = clause.find(word) {
            let behind = &clause[at + word.len()..];
            let denied = behind.split([',', '(']).next().unwrap_or_default();
            let behind = if is_list(denied) { denied } else { behind };
            let (left, right) = (named(&clause[..at], numbers), named(behind, numbers));
            if behind.contains("each other") || behind.contains("one another") {
                return Some(every(&left, &left));
            }
            return if left.is_empty() || right.is_empty() { said_elsewhere(&all) } else { Some(every(&left, &right)) };
        }
    }
    // `phase 4 depends only on phase 1`
    for word in
        ["depends only on", "depend only on", "only depends on", "only depend on", "only needs ", "only requires "]
    {
        if let Some(at) = clause.find(word) {
            let (left, right) = (named(&clause[..at], numbers), named(&clause[at + word.len()..], numbers));
            if left.is_empty() || right.is_empty() {
                return said_elsewhere(&all);
            }
            let others = |phase: &usize| (0..*phase).filter(|other| !right.contains(other)).collect::<Vec<_>>();
            return Some(left.iter().flat_map(|phase| every(&[*phase], &others(phase))).collect());
        }
    }
    if all.len() < 2 || !is_beside(clause) {
        return Some(Vec::new());
    }
    // "Phase 2 must not run in parallel with Phase 3" says what holds anyway.
    let rest = clause.replace("independent", "");
    if is_denied(&rest) {
        return Some(Vec::new());
    }
    // More than one relation in a clause is not understood.
    let others = ["after", "before", "once", "until", "depend", "→", "->", "block", "when "];
    let is_plain = !others.iter().any(|word| rest.contains(word));
    if is_plain { Some(every(&all, &all)) } else { after(clause, numbers, &all) }
}

/// `after phase 1, phases 2 and 3 can run in parallel`: the phases behind the comma, or before the word.
fn after(clause: &str, numbers: &BTreeMap<String, usize>, all: &[usize]) -> Option<Vec<(usize, usize)>> {
    let words = ["after ", "once ", "when ", "as soon as "];
    let at = words.iter().filter_map(|word| clause.find(word)).min()?;
    let only = words.iter().map(|word| clause.matches(word).count()).sum::<usize>() == 1
        && !["before", "until", "depend", "→", "->", "block"].iter().any(|word| clause.contains(word));
    let before = named(&clause[..at], numbers);
    let beside = match clause[at..].split_once(',') {
        _ if before.len() > 1 => before,
        Some((_, behind)) if before.is_empty() => named(behind, numbers),
        _ => return said_elsewhere(all),
    };
    let pairs = beside.iter().flat_map(|a| beside.iter().map(move |b| (*a, *b))).filter(|(a, b)| a < b).collect();
    if only && beside.len() > 1 { Some(pairs) } else { said_elsewhere(all) }
}

/// A clause that speaks of one phase alone is about its tasks.
fn said_elsewhere(all: &[usize]) -> Option<Vec<(usize, usize)>> {
    (all.len() < 2).then(Vec::new)
}

fn is_list(text: &str) -> bool {
    text.contains(|c: char| c.is_ascii_digit())
}

/// The phases that a text names: `phase 2`, `phases 2, 3 and 5-7`.
fn named(text: &str, numbers: &BTreeMap<String, usize>) -> Vec<usize> {
    let mut found = BTreeSet::new();
    let mut is_list = false;
    let mut range_from: Option<usize> = None;
    let mut previous: Option<usize> = None;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let length = rest.find(|c: char| !(c.is_alphanumeric() || c == '.')).unwrap_or(rest.len());
        if length == 0 {
            if matches!(c, '-' | '–' | '—') && is_list {
                range_from = previous;
            } else if !(c.is_whitespace() || matches!(c, ',' | '&' | '+' | '/' | '*' | '_')) {
                is_list = false;
            }
            rest = &rest[c.len_utf8()..];
            continue;
        }
        let word = rest[..length].trim_end_matches('.');
        rest = &rest[length..];
        match word {
            "phase" | "phases" => is_list = true,
            "and" | "or" | "through" | "to" if is_list => {
                if matches!(word, "through" | "to") {
                    range_from = previous;
                }
            }
            _ => {
                if let Some(&phase) = numbers.get(word).filter(|_| is_list) {
                    found.extend(range_from.take().map_or(phase, |from| from.min(phase))..=phase);
                    previous = Some(phase);
                } else {
                    (is_list, previous, range_from) = (false, None, None);
                }
            }
        }
    }
    found.into_iter().collect()
}

/// Whether a text has an arrow of an order.
pub(super) fn has_arrow(text: &str) -> bool {
    ARROWS.iter().any(|arrow| text.contains(arrow))
}
