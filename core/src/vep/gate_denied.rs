//! Whether a VEP says that it needs no feature gate, in whatever words: what is denied is the gate itself, and not what
//! happens while it is off, nor that it is needed once the feature is stable.

use super::Vep;
use super::sentences::{Sentence, said};
use crate::task::LineKind;
use crate::text::Span;

/// The stems of what somebody does with a gate, or needs one for, where a denial of that denies the gate.
const VERBS: &[&str] = &[
    "need", "requir", "warrant", "justif", "plan", "introduc", "add", "propos", "want", "creat", "regist", "deserv",
    "includ", "involv", "hid", "guard", "gat", "protect", "place",
];

/// Those whose beginnings are those of other words.
const SHORT: &[&str] = &["put", "have", "has", "be", "use", "uses", "using"];

/// What is said of a gate that there is not to be.
const SUPERFLUOUS: &[&str] =
    &["unnecessary", "superfluous", "redundant", "overkill", "needless", "unneeded", "moot", "pointless"];

/// What a gate is not, that there is not to be.
const WISHED: &[&str] = &[
    "needed",
    "required",
    "necessary",
    "used",
    "planned",
    "introduced",
    "added",
    "warranted",
    "applicable",
    "justified",
    "proposed",
    "foreseen",
    "envisaged",
    "wanted",
];

/// What may stand between a verb and the gate. With "the", it is a gate that there is.
const FILLS: &[&str] = &[
    "a",
    "an",
    "any",
    "it",
    "this",
    "to",
    "be",
    "behind",
    "by",
    "with",
    "for",
    "of",
    "api",
    "nor",
    "or",
    "graduation",
    "phases",
];

/// What may stand between "not" and the verb: "does not make sense to create", "we do not intend to add".
const LEADS: &[&str] =
    &["make", "sense", "aim", "intend", "think", "believe", "seem", "currently", "really", "necessarily"];

/// With these, a sentence tells of a time or of a state, and denies nothing for good.
const CONDITIONS: &[&str] = &[
    "when", "if", "unless", "until", "while", "once", "after", "longer", "anymore", "ga", "stable", "removed", "drop",
    "dropped", "disabled", "enabled", "off",
];

/// Where the VEP says so.
pub(super) fn denial(vep: &Vep) -> Option<Span> {
    let all = said(vep).iter().filter(|sentence| !sentence.is_given_up());
    let mut all = all.filter(|sentence| !matches!(sentence.kind, LineKind::Heading(_)));
    all.find(|sentence| denies(sentence))
        .map(|sentence| sentence.line(sentence.text.to_lowercase().find("gate").unwrap_or_default()))
}

fn denies(sentence: &Sentence) -> bool {
    let plain = plain(&sentence.words);
    let tokens: Vec<&str> = plain.split_whitespace().collect();
    if !tokens.iter().any(|token| is_gate(token)) {
        return false;
    }
    if is_labelled(sentence) {
        return true;
    }
    // "Setting it does nothing while the gate is off."
    if tokens.iter().any(|token| CONDITIONS.contains(token)) {
        return false;
    }
    (0..tokens.len()).any(|at| has_none(&tokens, at) || not_done(&tokens, at) || not_wished(&tokens, at))
}

/// The words with one word for a gate, however it is written, and without what tells nothing.
fn plain(words: &str) -> String {
    const SAME: &[(&str, &str)] = &[
        (" feature gates ", " gate "),
        (" feature gate ", " gate "),
        (" feature-gates ", " gate "),
        (" feature-gate ", " gate "),
        (" feature flags ", " gate "),
        (" feature flag ", " gate "),
        (" featuregates ", " gate "),
        (" featuregate ", " gate "),
        (" fg ", " gate "),
        (" gates ", " gate "),
        (" feature-gated ", " gated "),
        (" new ", " "),
        (" dedicated ", " "),
        (" separate ", " "),
        (" additional ", " "),
        (" own ", " "),
        (" kubevirt ", " "),
        (" special ", " "),
    ];
    SAME.iter().fold(words.to_owned(), |words, (from, to)| words.replace(from, to))
}

fn is_gate(token: &str) -> bool {
    matches!(token, "gate" | "gated")
}

/// `Feature gate: none`, `| Feature gate | not needed |`.
fn is_labelled(sentence: &Sentence) -> bool {
    const NONE: &[&str] = &[
        "none",
        "no",
        "n/a",
        "na",
        "not needed",
        "not required",
        "not necessary",
        "not applicable",
        "not used",
        "not planned",
        "unnecessary",
        "without",
    ];
    let text = sentence.text.trim_matches(['|', ' ']);
    let Some((label, value)) = text.split_once([':', '|']) else { return false };
    let label = plain(&super::sentences::words(label));
    let label = label.trim().trim_start_matches("is ").trim_end_matches(" needed").trim_end_matches(" required");
    let value = value.split(['|', ',', ';', '(']).next().unwrap_or_default();
    let value = super::sentences::words(value);
    label == "gate" && NONE.iter().any(|none| value.trim() == *none || value.starts_with(&format!(" {none} because ")))
}

/// "no gate is planned", "without a gate", "neither an API nor a gate".
fn has_none(tokens: &[&str], at: usize) -> bool {
    let behind = &tokens[at + 1..];
    match tokens[at] {
        "no" => match behind {
            ["gate", ..] => true,
            // "no need for a gate", "no reason to hide it behind a gate"
            ["need" | "reason" | "point" | "value" | "benefit" | "use", rest @ ..] => leads_to_gate(rest, 6),
            _ => false,
        },
        // "without a gate set" is a state.
        "without" => {
            matches!(behind, ["gate"] | ["a" | "any", "gate"] | ["gate", "as" | "because" | "since" | "so", ..])
                || matches!(behind, ["a" | "any", "gate", "as" | "because" | "since" | "so", ..])
        }
        "neither" => {
            let nor = behind.iter().position(|token| *token == "nor");
            let (before, after) = behind.split_at(nor.unwrap_or(behind.len()));
            nor.is_some()
                && (leads_to_gate(before, 4) || after.iter().take(4).any(|token| *token == "gate"))
                && !after.contains(&"the")
        }
        "nothing" => behind
            .iter()
            .take(6)
            .position(|token| is_verb(token))
            .is_some_and(|verb| leads_to_gate(&behind[verb + 1..], 3)),
        _ => false,
    }
}

/// "does not require a gate", "will not be hidden behind a gate", "is not gated".
fn not_done(tokens: &[&str], at: usize) -> bool {
    if !matches!(tokens[at], "not" | "t" | "never") {
        return false;
    }
    // "This VEP does not aim to introduce a gate."
    let behind = &tokens[at + 1..];
    let Some(verb) = behind.iter().take(5).position(|token| is_verb(token)) else { return false };
    if !behind[..verb].iter().all(|token| FILLS.contains(token) || LEADS.contains(token)) {
        return false;
    }
    let gated = behind[verb..].iter().take(4).any(|token| *token == "gated");
    gated && !behind[verb..].contains(&"by") || leads_to_gate(&behind[verb + 1..], 6)
}

/// "a gate is not needed", "a gate is deemed superfluous".
fn not_wished(tokens: &[&str], at: usize) -> bool {
    if tokens[at] != "gate" {
        return false;
    }
    let before = at.checked_sub(1).map(|before| tokens[before]);
    if before.is_some_and(|before| !matches!(before, "a" | "any" | "hence" | "so" | "that" | "think" | "and")) {
        return false;
    }
    let behind = &tokens[at + 1..tokens.len().min(at + 7)];
    let no = behind.iter().position(|token| matches!(*token, "not" | "t"));
    behind.iter().any(|token| SUPERFLUOUS.contains(token))
        || no.is_some_and(|no| behind[no + 1..].iter().take(3).any(|token| WISHED.contains(token)))
}

fn is_verb(token: &str) -> bool {
    SHORT.contains(&token) || VERBS.iter().any(|stem| token.starts_with(stem))
}

/// Whether words go on to a gate, with nothing of their own before it.
fn leads_to_gate(tokens: &[&str], widest: usize) -> bool {
    let Some(gate) = tokens.iter().take(widest).position(|token| *token == "gate") else { return false };
    tokens[..gate].iter().all(|token| FILLS.contains(token) || is_verb(token))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Source;

    fn denied(line: &str) -> bool {
        let text = format!("# VEP #1: Lamps\n\n## Design\n\nA lamp.\n\n## Graduation Requirements\n\n{line}\n");
        denial(&Vep::new(&Source::new("vep.md", text))).is_some()
    }

    #[test]
    fn a_gate_is_denied_in_many_words() {
        for line in [
            "No feature gate will be introduced.",
            "There will be no feature gate for this change.",
            "A feature gate is deemed unnecessary, as this is a bug fix.",
            "We do not plan a feature gate.",
            "This does not warrant a new feature\ngate.",
            "The change is complete from the start, hence no feature gate.",
            "Feature gate: not applicable.",
            "- **Feature gates**: none",
            "| Feature gate | Not needed |",
            "We propose to go without a feature gate.",
            "Given that the API is opt-in, a gate is superfluous.",
            "The feature is not gated because the API itself is opt-in.",
            "There is no need of a feature gate.",
            "We see no reason to hide it behind a feature gate.",
            "It will not be hidden behind a feature-gate.",
            "A feature gate is not used.",
            "This VEP introduces neither an API nor a feature gate.",
            "As it is opt-in, a feature gate isn't needed.",
            "Nothing here needs a feature gate.",
            "No new feature gates are required.",
            "It does not need to be gated.",
            "This VEP adds no new feature-gate.",
            "It wouldn't make sense to create a gate for it.",
            "This will not have graduation phases guarded by a feature gate.",
        ] {
            assert!(denied(line), "{line}");
        }
    }

    #[test]
    fn what_holds_at_times_denies_no_gate() {
        for line in [
            "Without the feature gate, the field is rejected.",
            "In GA, no feature gate is needed anymore.",
            "At GA the `GuestLamp` feature gate will not be required.",
            "A cluster without a feature gate set behaves as before.",
            "virt-api does not accept the field if the feature gate is off.",
            "The feature gate is not enabled by default.",
            "It does not need the `Sidecar` feature gate.",
            "The `GuestLamp` feature gate is not gated by another one.",
            "No VM is touched by the feature gate.",
        ] {
            assert!(!denied(line), "{line}");
        }
    }
}
