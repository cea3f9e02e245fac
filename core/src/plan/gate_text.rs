//! What texts say about a feature gate.

use crate::name::{is_gate_name, is_go_identifier};
use crate::text::{Source, Span, code_spans};

/// The method that asks for a gate: its name and `Enabled`, whatever its constant is called.
pub(super) fn default_accessor(name: &str) -> String {
    let name = name.strip_suffix("Gate").filter(|rest| !rest.is_empty()).unwrap_or(name);
    if name.ends_with("Enabled") { name.to_owned() } else { format!("{name}Enabled") }
}

/// Go's convention: the comment begins with the name, the constant's or the gate's.
pub(super) fn described(identifier: &str, name: &str, text: &str) -> String {
    let mut first = text.split(|c: char| !c.is_alphanumeric()).take(3);
    if first.any(|word| word == identifier || word == name) {
        return text.to_owned();
    }
    // `GuestClockGate allows …`: it begins with another name of the same gate.
    if let Some((other, rest)) = text.split_once(' ')
        && other.starts_with(name)
        && is_go_identifier(other)
    {
        return format!("{identifier} {rest}");
    }
    let mut words = text.splitn(2, ' ');
    let first = words.next().unwrap_or_default();
    let verb = first.to_lowercase();
    let rest = words.next().map(|rest| format!(" {rest}")).unwrap_or_default();
    if verb.ends_with('s') {
        format!("{identifier} {verb}{rest}")
    } else {
        format!("{identifier} enables {}", crate::name::lower_first(text))
    }
}

/// `- **Feature Gate**: X` in another document.
pub(super) fn documented(document: &Source) -> Option<(String, Span)> {
    let mut at = 0;
    for line in document.text().split_inclusive('\n') {
        let plain = line.trim().trim_start_matches(['-', '*', ' ']).replace("**", "");
        if let Some(value) = plain.strip_prefix("Feature Gate:")
            && let Some(name) = identifier(value)
        {
            return Some((name, Span::new(at, at + line.len())));
        }
        at += line.len();
    }
    None
}

/// The gate that a value names: one identifier, perhaps in backticks, perhaps with a remark.
pub(super) fn identifier(value: &str) -> Option<String> {
    let coded = value.trim().starts_with('`');
    let word = value.trim().trim_start_matches('`');
    let end = word.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(word.len());
    let word = &word[..end];
    let says_no = matches!(word, "None" | "Not" | "Nothing");
    // `IOMMUFD` in backticks is a name; outside, TBD and NONE look the same.
    let is_like = coded || word.chars().any(char::is_lowercase);
    (is_gate_name(word) && word.len() > 2 && is_like && !says_no).then(|| word.to_owned())
}

/// A gate's name in backticks: capitals inside a word tell it from other code.
pub(super) fn coded_gate(text: &str) -> Option<String> {
    const MACHINERY: &[&str] = &[
        "RegisterFeatureGate",
        "FeatureGate",
        "FeatureGates",
        "ClusterConfig",
        "KubeVirt",
        "DeveloperConfiguration",
        "IsEnabled",
    ];
    code_spans(text).find_map(|code| {
        let humps = code.chars().filter(char::is_ascii_uppercase).count();
        let named = is_gate_name(code) && humps >= 2 && code.chars().any(char::is_lowercase);
        (named && !MACHINERY.contains(&code)).then(|| code.to_owned())
    })
}

/// "Add the feature gate GuestPulse", "Register the GuestPulse feature gate".
pub(super) fn titled_gate(title: &str) -> Option<String> {
    let words: Vec<&str> =
        title.split(|c: char| !(c.is_alphanumeric() || c == '-')).filter(|word| !word.is_empty()).collect();
    let is_gate = |word: &str| {
        ["gate", "featuregate", "feature-gate", "named", "called"].iter().any(|known| word.eq_ignore_ascii_case(known))
    };
    let behind = words
        .windows(2)
        .find(|pair| is_gate(pair[0]) && coded_gate(&format!("`{}`", pair[1])).is_some())
        .map(|pair| pair[1]);
    let ahead = || {
        let begins = |word: &str| {
            ["feature", "featuregate", "feature-gate", "gate"].iter().any(|known| word.eq_ignore_ascii_case(known))
        };
        let pair = words.windows(2).find(|pair| begins(pair[1]) && coded_gate(&format!("`{}`", pair[0])).is_some());
        pair.map(|pair| pair[0])
    };
    behind.or_else(ahead).map(str::to_owned)
}

/// Whether a text is a release, such as `v1.10.0`.
pub fn is_release(text: &str) -> bool {
    let Some(numbers) = text.strip_prefix('v') else { return false };
    let parts: Vec<&str> = numbers.split('.').collect();
    parts.len() == 3
        && parts.iter().all(|part| (1..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit()))
}
