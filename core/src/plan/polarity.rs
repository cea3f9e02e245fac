//! What a task says of code while its feature gate is off: most of it does nothing then, and some of it rejects.

use super::{Key, PlannedTask};
use crate::demand::{clauses, words};

/// Words of turning something down.
const REJECTS: &[&str] = &[
    "reject",
    "rejects",
    "rejected",
    "rejecting",
    "rejection",
    "refuse",
    "refuses",
    "refused",
    "deny",
    "denies",
    "denied",
    "forbid",
    "forbids",
    "forbidden",
    "disallow",
    "disallows",
    "disallowed",
    "invalid",
    "error",
    "errors",
    "fail",
    "fails",
    "cause",
    "causes",
    "prohibit",
    "prohibits",
    "block",
    "blocks",
    "decline",
    "declines",
];

/// Words of letting something pass, which with "only" turn the rest down.
const ALLOWS: &[&str] = &[
    "allow",
    "allows",
    "allowed",
    "accept",
    "accepts",
    "accepted",
    "permit",
    "permits",
    "permitted",
    "admit",
    "admits",
];

impl PlannedTask {
    /// Whether it says that something is turned down while the feature gate is off: then code must not return early
    /// there. `own` is what it says of the function itself.
    pub(crate) fn rejects_while_off(&self, own: &str) -> bool {
        let says = || {
            let lines = self.details.iter().filter(|line| !matches!(line.key, Key::File | Key::Command | Key::Pattern));
            let mut texts = lines.map(|line| line.text.as_str()).chain([self.title.as_str()]);
            texts.any(rejects_while_off)
        };
        self.once("rejects while off", says) || rejects_while_off(own)
    }
}

fn rejects_while_off(text: &str) -> bool {
    let line = words(text);
    clauses(&line).any(|line| {
        let says = |known: &[&str]| line.iter().any(|word| word.is(known));
        let says_two =
            |first: &[&str], second: &[&str]| line.windows(2).any(|pair| pair[0].is(first) && pair[1].is(second));
        let gate = says(&["gate", "gates", "feature", "featuregate", "feature-gate"])
            || line.iter().any(|word| word.text.ends_with("Gate") || word.text.ends_with("Enabled"));
        let on = says(&["enabled", "on", "set", "active"]);
        let off = says(&["disabled", "off", "unless", "without", "inactive", "missing", "unset"])
            || says_two(&["not", "isn't", "isn’t", "never"], &["enabled", "on", "set", "active"]);
        let is_only = says(&["only"]) && on && says(ALLOWS);
        let is_not = says_two(&["not", "never"], ALLOWS);
        let needs = says(&["require", "requires", "need", "needs"]) && !off;
        gate && (off && (says(REJECTS) || is_not) || is_only || needs)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_rejected_while_the_gate_is_off_is_known() {
        for (text, rejects) in [
            ("rejects chimes while the feature gate is disabled", true),
            ("Forbid chimes unless the gate is enabled", true),
            ("chimes are only allowed when the `Chime` feature gate is on", true),
            ("returns a cause if the gate is not enabled", true),
            ("chimes are not allowed without the feature gate", true),
            ("chimes require the Chime feature gate", true),
            ("chimes need the Chime gate", true),
            ("reject `spec.domain.chime` while the gate is off, and a pitch above 9", true),
            ("names are unique", false),
            ("rejects names that are there twice", false),
            ("does nothing while the feature gate is disabled", false),
            ("validates only while the feature gate is enabled", false),
            ("rejects doubles when the feature gate is enabled", false),
        ] {
            assert_eq!(rejects_while_off(text), rejects, "{text}");
        }
    }
}
