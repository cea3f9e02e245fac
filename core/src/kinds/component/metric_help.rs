//! What the help of a metric says.

use super::metric::labelled;
use super::metric_lines::KINDS;
use crate::demand::without_orders;
use crate::name::{Name, lower_first, upper_first};

/// What stands behind a metric's name: `counter, number of throttled snapshots`.
pub(super) fn described(after: &str) -> Option<String> {
    // The name may have stood in backticks. A sentence in quotes is the help as it is.
    let after = after.trim_start_matches('`');
    // "… in `x/y.go`: counts them"
    let placed =
        ["in `", "to `", "of `"].iter().find_map(|lead| after.trim_start().strip_prefix(lead)?.split_once('`'));
    let after = placed.filter(|(path, _)| path.ends_with(".go")).map_or(after, |(_, rest)| rest);
    let quoted = after.replace(['“', '”'], "\"");
    let sentence = quoted.split('"').nth(1).filter(|text| {
        let is_help = after.split('"').next().is_some_and(|before| {
            let before = before.trim_end().trim_end_matches(':');
            ["help", "help text", "text of help", "the help is"].iter().any(|lead| before.ends_with(lead))
        });
        (is_help || text.split(' ').count() > 2) && !text.contains('\\')
    });
    if let Some(sentence) = sentence.filter(|_| quoted.matches('"').count() == 2) {
        return Some(sentence.trim().to_owned());
    }
    // `(gauge; labels name, mode): what it tells`
    let behind = after.trim_start().strip_prefix('(').and_then(|rest| rest.split_once(')')).map(|(_, rest)| rest);
    let stated = behind.and_then(|rest| rest.trim_start().strip_prefix([':', '-', '–', '—']));
    // "with labels a and b - what it tells"
    let dashed = || {
        let (front, text) = [" - ", " – ", " — "].iter().find_map(|mark| after.split_once(mark))?;
        (!labelled(front).is_empty() && labelled(text).is_empty()).then_some(text)
    };
    let stated = stated.or_else(dashed);
    let after = stated.unwrap_or(after);
    // Files are no description, nor are labels, unless one stands behind a mark of its own.
    if after.contains("pkg/") || stated.is_none() && !labelled(after).is_empty() {
        return None;
    }
    let marks = [" - ", " – ", " — ", ": ", ", "];
    let text = match stated {
        Some(text) => text,
        None => marks.iter().find_map(|mark| after.split_once(mark)).map(|(_, text)| text)?,
    };
    let text = without_kind(without_orders(text, ORDERS).trim())?.replace('`', "");
    let text = text.trim().trim_end_matches('.');
    let least = if stated.is_some() { 2 } else { 3 };
    Some(format!("{}.", upper_first(text))).filter(|_| text.split(' ').count() >= least)
}

/// Words with which a clause says what is done with a metric, and not what it tells.
#[rustfmt::skip]
const ORDERS: &[&str] = &[
    "hidden", "deprecated", "only", "exposed", "emitted", "registered", "set", "reset", "incremented", "increment",
    "updated", "raised", "never", "not", "must", "should", "behind", "disabled", "label", "labels", "labelled",
    "labeled", "partitioned", "grouped", "keyed", "without", "no", "removed", "requires", "stability",
];

/// What a text says behind the kind of a metric: "failed drops" of "a counter of failed drops"; nothing of "a gauge that
/// is 0 while …".
fn without_kind(text: &str) -> Option<&str> {
    let bare =
        ["a ", "an ", "the ", "new "].iter().fold(text, |text, article| text.strip_prefix(article).unwrap_or(text));
    let (kind, rest) = bare.split_once(' ').unwrap_or((bare, ""));
    if !KINDS.iter().any(|known| known.eq_ignore_ascii_case(kind.trim_end_matches(','))) {
        return Some(text);
    }
    ["of ", "for ", "which counts ", "that counts ", "counting "].iter().find_map(|lead| rest.strip_prefix(lead))
}

/// The labels that the help of a metric ends with: "…, per node and namespace".
pub(super) fn help_labels(help: &str) -> Vec<String> {
    const LABELS: &[&str] =
        &["node", "namespace", "name", "pod", "phase", "reason", "type", "status", "state", "resource", "verb", "code"];
    let Some((_, list)) = grouped(help) else { return Vec::new() };
    let labels: Vec<&str> = list.split([',', ' ']).filter(|word| !matches!(*word, "" | "and")).collect();
    let are_known = labels.iter().all(|label| LABELS.contains(label));
    if are_known { labels.into_iter().map(str::to_owned).collect() } else { Vec::new() }
}

/// Whether the help of a metric ends with a clause that groups what it counts: "…, per guest and mode".
pub(super) fn is_apart(help: &str) -> bool {
    grouped(help).is_some_and(|(before, _)| before.ends_with(','))
}

/// What stands before and behind the last "per" or "by" of a help.
fn grouped(help: &str) -> Option<(&str, &str)> {
    let help = help.trim_end_matches('.');
    let (at, lead) = [" per ", " by "].iter().filter_map(|lead| Some((help.rfind(lead)?, *lead))).max()?;
    let list = &help[at + lead.len()..];
    let is_list = list.split(' ').count() < 6 && list.chars().all(|c| c.is_ascii_lowercase() || " ,_".contains(c));
    is_list.then_some((&help[..at], list))
}

/// A metric's name as a sentence.
pub(super) fn help(name: &str) -> String {
    let words = name.trim_start_matches("kubevirt_");
    let prose = |words: &str| Name::parse(words).title().split(' ').map(lower_first).collect::<Vec<_>>().join(" ");
    if let Some(subject) = words.strip_suffix("_info") {
        format!("Information about the {}.", prose(subject))
    } else if let Some(subject) = words.strip_suffix("_total") {
        format!("The total number of {}.", prose(subject))
    } else {
        let unit = ["_bytes", "_seconds", "_percent"].iter().find(|unit| words.ends_with(**unit)).copied();
        let subject = words.strip_suffix(unit.unwrap_or_default()).unwrap_or(words);
        let unit = unit.map(|unit| unit.replace('_', " in ")).unwrap_or_default();
        format!("The {}{unit}.", prose(subject))
    }
}
