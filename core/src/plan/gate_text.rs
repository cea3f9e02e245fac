//! What texts say about a feature gate.

use super::gate_title::{is_condition, release_before};
use crate::demand::{Piece, Word, words};
use crate::name::{is_gate_name, is_go_identifier};
use crate::survey::Stage;
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
    // "With it, owners set it"
    if is_condition(text) {
        let (lead, rest) = text.split_once(',').unwrap_or((text, ""));
        let lead = ["the feature gate", "this feature gate", "the gate", "this gate", "it"]
            .iter()
            .find_map(|subject| lead.split_once(&format!(" {subject}")));
        return lead.map_or_else(|| text.to_owned(), |(when, state)| format!("{when} {identifier}{state},{rest}"));
    }
    // "Owners may set it"
    if text.split(' ').skip(1).take(3).any(|word| matches!(word, "may" | "can")) {
        return crate::name::upper_first(text);
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
    coded_gates(text).next().map(str::to_owned)
}

/// All names in backticks that can be those of gates.
pub(super) fn coded_gates(text: &str) -> impl Iterator<Item = &str> {
    const MACHINERY: &[&str] = &[
        "RegisterFeatureGate",
        "FeatureGate",
        "FeatureGates",
        "ClusterConfig",
        "KubeVirt",
        "DeveloperConfiguration",
        "IsEnabled",
    ];
    code_spans(text).filter(|code| {
        let humps = code.chars().filter(char::is_ascii_uppercase).count();
        let named = is_gate_name(code) && humps >= 2 && code.chars().any(char::is_lowercase);
        named && !MACHINERY.contains(code)
    })
}

/// The gate that a text calls one: "the `Root` feature gate", "feature gate `VSOCK`", "register `Root`". Beside such words, and
/// in backticks, any exported name is one.
pub(super) fn called_gate(text: &str) -> Option<String> {
    const BETWEEN: &[&str] = &["named", "called", "is", "the", "new", "constant", "name"];
    let words = words(text);
    let is_name = |word: &Word<'_>| {
        let name = word.text.strip_prefix("featuregate.").unwrap_or(word.text);
        word.piece == Piece::Code && is_gate_name(name) && name.len() > 1
    };
    let is_gate = |word: &Word<'_>| word.is(&["gate", "featuregate", "feature-gate", "gate's"]);
    let ahead = |at: usize| {
        let rest = &words[at + 1..];
        let rest = rest.strip_prefix(&rest[..usize::from(rest.first().is_some_and(|word| word.is(&["feature"])))]);
        rest.is_some_and(|rest| rest.first().is_some_and(is_gate))
    };
    let behind = |at: usize| {
        let says_nothing = |word: &&Word<'_>| word.is(BETWEEN) || word.is_mark(":") || word.is_mark("(");
        words[..at].iter().rev().find(|word| !says_nothing(word)).is_some_and(is_gate)
    };
    let registers = |at: usize| {
        let first = words.first().is_some_and(|word| word.is(&["register", "declare"]));
        first && words[1..at].iter().all(|word| word.is(BETWEEN))
    };
    let found =
        (0..words.len()).filter(|at| is_name(&words[*at])).find(|at| ahead(*at) || behind(*at) || registers(*at));
    found.map(|at| words[at].text.trim_start_matches("featuregate.").to_owned())
}

/// The constant and the name of a gate that a text declares in code: `GuestPulseGate = "GuestPulse"`.
pub(crate) fn declared_gate(text: &str) -> Option<(String, String)> {
    code_spans(text).find_map(|code| {
        let (constant, value) = code.trim().trim_start_matches("const ").split_once('=')?;
        let name = value.trim().strip_prefix('"')?.strip_suffix('"')?;
        let constant = constant.split_whitespace().next()?;
        (is_gate_name(name) && is_gate_name(constant)).then(|| (constant.to_owned(), name.to_owned()))
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

/// The first stage that a text names in words, and the release behind it: "Register `X` as Beta in v1.8.0".
pub(super) fn staged(text: &str) -> (Option<Stage>, Option<String>) {
    let words = words(text);
    let stage = |word: &Word<'_>| match () {
        () if word.is(&["alpha"]) => Some(Stage::Alpha),
        () if word.is(&["beta"]) => Some(Stage::Beta),
        () => None,
    };
    let Some((at, found)) = words.iter().enumerate().find_map(|(at, word)| Some((at, stage(word)?))) else {
        return (None, None);
    };
    let behind = words[at + 1..].iter().find(|word| {
        word.piece != Piece::Mark
            && !word.is(&["in", "since", "from", "for", "as", "of", "at", "the", "release", "stage"])
    });
    let release =
        behind.map(
            |word| if word.text.matches('.').count() == 1 { format!("{}.0", word.text) } else { word.text.to_owned() },
        );
    let release = release.filter(|release| is_release(release)).or_else(|| release_before(&words, at));
    (Some(found), release)
}

/// Who owns a gate: a SIG and handles, without what is said behind them.
pub(super) fn owner(text: &str) -> &str {
    let sentence = text.split([';', '\n']).next().unwrap_or_default();
    let sentence = sentence.split_once(". ").map_or(sentence, |(first, _)| first);
    let is_owner = |part: &str| part.trim().starts_with('@') || part.trim().to_lowercase().starts_with("sig");
    let more = sentence.match_indices(',').map(|(at, _)| at).find(|at| !is_owner(&sentence[at + 1..]));
    sentence[..more.unwrap_or(sentence.len())].trim().trim_end_matches('.').trim_matches('`')
}

/// Whether a text is a release, such as `v1.10.0`.
pub fn is_release(text: &str) -> bool {
    let Some(numbers) = text.strip_prefix('v') else { return false };
    let parts: Vec<&str> = numbers.split('.').collect();
    parts.len() == 3
        && parts.iter().all(|part| (1..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stage_and_its_release_are_read() {
        for (text, stage, release) in [
            ("Register `X` as Beta in v1.8.0", Some(Stage::Beta), Some("v1.8.0")),
            ("sig-compute / @ada, Alpha: v1.9.0", Some(Stage::Alpha), Some("v1.9.0")),
            ("Alpha since v1.9", Some(Stage::Alpha), Some("v1.9.0")),
            ("RateCap with version v1.8 alpha", Some(Stage::Alpha), Some("v1.8.0")),
            ("Alpha stage, default false", Some(Stage::Alpha), None),
            ("Alpha in v1.9.0, Beta in v1.10.0", Some(Stage::Alpha), Some("v1.9.0")),
            ("Register `BetaProgram` for libvirt v10.0.0", None, None),
        ] {
            assert_eq!(staged(text), (stage, release.map(str::to_owned)), "{text}");
        }
    }

    #[test]
    fn a_gate_is_called_one() {
        for (text, gate) in [
            ("Add the `Alpine` feature gate in `pkg/virt-config/featuregate/active.go`", Some("Alpine")),
            ("Introduce a feature gate named `VSOCK`", Some("VSOCK")),
            ("Feature gate: `IOMMUFD`", Some("IOMMUFD")),
            ("Register `Root` in `active.go`", Some("Root")),
            ("`featuregate.Root` gate", Some("Root")),
            ("Add `Root` to `Spec` behind the feature gate", None),
            ("Add feature gate for the `Root` user", None),
        ] {
            assert_eq!(called_gate(text).as_deref(), gate, "{text}");
        }
    }

    #[test]
    fn an_owner_ends_where_something_else_begins() {
        for (text, expected) in [
            ("sig-compute / @ada", "sig-compute / @ada"),
            ("sig-compute / @ada, @bob", "sig-compute / @ada, @bob"),
            ("sig-compute / @ada, Alpha in v1.9.0. When it is enabled, …", "sig-compute / @ada"),
            ("@ada. It is off by default.", "@ada"),
            ("`sig-network`", "sig-network"),
        ] {
            assert_eq!(owner(text), expected, "{text}");
        }
    }
}
