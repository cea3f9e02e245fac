//! What a task says of code while its feature gate is off: most of it does nothing then, and some of it rejects.

use super::{Key, PlannedTask, TaskLine};
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

/// Words of doing nothing.
const SKIPS: &[&str] = &["nothing", "skip", "skips", "skipped", "ignore", "ignores", "ignored", "no-op", "noop"];

/// What is said of code while its feature gate is off.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum WhileOff {
    /// It turns something down.
    Rejects,
    /// It does nothing.
    Skips,
}

impl PlannedTask {
    /// Whether it says that something is turned down while the feature gate is off: then code must not return early
    /// there. `own` is what it says of the function itself.
    pub(crate) fn rejects_while_off(&self, own: &str) -> bool {
        let rejects = |text: &str| while_off(text, "") == Some(WhileOff::Rejects);
        let says = || {
            let lines = self.details.iter().filter(|line| !matches!(line.key, Key::File | Key::Command | Key::Pattern));
            let mut texts = lines.map(|line| line.text.as_str()).chain([self.title.as_str()]);
            texts.any(rejects)
        };
        self.once("rejects while off", says) || rejects(own)
    }

    /// What it says of a function while the gate is off. What it says of its other functions and its specs does not count.
    pub(crate) fn while_off(&self, own: &str, gate: &str) -> Option<WhileOff> {
        const SAID: &[Key] =
            &[Key::Task, Key::Logic, Key::Implementation, Key::Validation, Key::Integration, Key::Prose];
        let mut texts = self.details(SAID).chain([own, self.title.as_str()]);
        if self.rejects_while_off(own) {
            return Some(WhileOff::Rejects);
        }
        let said = texts.find_map(|text| while_off(text, gate));
        said.or_else(|| (!self.gate_lines(gate).is_empty()).then_some(WhileOff::Skips))
    }

    /// The lines `Gate: X` of what stands behind the gate.
    pub(crate) fn gate_lines(&self, gate: &str) -> Vec<usize> {
        let is_gate = |line: &&TaskLine| matches!(words(&line.text).as_slice(), [one] if one.text == gate);
        self.lines_of(&[Key::Gate]).filter(is_gate).map(|line| line.line).collect()
    }
}

/// What words say of code while the gate is off.
pub(crate) fn while_off(text: &str, gate: &str) -> Option<WhileOff> {
    let line = words(text);
    let said = clauses(&line).filter_map(|line| {
        let says = |known: &[&str]| line.iter().any(|word| word.is(known));
        let says_two =
            |first: &[&str], second: &[&str]| line.windows(2).any(|pair| pair[0].is(first) && pair[1].is(second));
        let names =
            |text: &str| text.ends_with("Gate") || text.ends_with("Enabled") || text == gate && !gate.is_empty();
        let is_gate = says(&["gate", "gates", "feature", "featuregate", "feature-gate"])
            || line.iter().any(|word| names(word.text.trim_end_matches("()")));
        // "Only with the gate"
        let with = line.iter().position(|word| word.is(&["with"])).is_some_and(|at| {
            let rest = line[at + 1..].iter().take(4);
            says(&["only"])
                && rest.clone().any(|word| word.is(&["gate", "featuregate", "feature-gate"]) || names(word.text))
        });
        let on = with || says(&["enabled", "on", "set", "active"]);
        let off = says(&["disabled", "off", "unless", "without", "inactive", "missing", "unset"])
            || says_two(&["not", "isn't", "isn’t", "never"], &["enabled", "on", "set", "active"]);
        let is_only = says(&["only"]) && on && says(ALLOWS);
        let is_not = says_two(&["not", "never"], ALLOWS);
        let needs = says(&["require", "requires", "need", "needs"]) && !off;
        let rejects = off && (says(REJECTS) || is_not) || is_only || needs;
        let holds = on && !off && says(&["only", "when", "while", "if"]) || says(&["gated", "guarded", "behind"]);
        let kind = match () {
            () if rejects => Some(WhileOff::Rejects),
            () if holds || off && says(SKIPS) => Some(WhileOff::Skips),
            () => None,
        };
        kind.filter(|_| is_gate)
    });
    // What rejects must not return before it does.
    said.min_by_key(|kind| *kind == WhileOff::Skips)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_done_while_the_gate_is_off_is_known() {
        const REJECTS: Option<WhileOff> = Some(WhileOff::Rejects);
        const SKIPS: Option<WhileOff> = Some(WhileOff::Skips);
        for (text, said) in [
            ("rejects chimes while the feature gate is disabled", REJECTS),
            ("Forbid chimes unless the gate is enabled", REJECTS),
            ("chimes are only allowed when the `Chime` feature gate is on", REJECTS),
            ("chimes are only allowed while `Chime` is enabled", REJECTS),
            ("returns a cause if the gate is not enabled", REJECTS),
            ("chimes are not allowed without the feature gate", REJECTS),
            ("chimes require the Chime feature gate", REJECTS),
            ("chimes need the Chime gate", REJECTS),
            ("reject `spec.domain.chime` while the gate is off, and a pitch above 9", REJECTS),
            ("names are unique", None),
            ("rejects names that are there twice", None),
            ("validates the use of a feature", None),
            ("warns while the feature gate is disabled", None),
            ("does nothing while the feature gate is disabled", SKIPS),
            ("validates only while the feature gate is enabled", SKIPS),
            ("validate only when `Chime` is enabled", SKIPS),
            ("skipped unless `ChimeEnabled()`", SKIPS),
            ("behind the feature gate", SKIPS),
            ("works only with the gate", SKIPS),
            ("only with `Chime`", SKIPS),
            ("Admit chimes only with the gate", REJECTS),
            ("rings with the gate", None),
            ("rejects doubles when the feature gate is enabled", SKIPS),
        ] {
            assert_eq!(while_off(text, "Chime"), said, "{text}");
        }
    }
}
