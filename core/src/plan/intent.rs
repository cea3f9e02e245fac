//! What a task asks to be done: scaffolds only add, so a verb that asks for something else is left to people.

use super::{Key, PlannedTask};

/// Verbs of work that adds nothing, in every form in which a title begins with them.
const OTHERS: &[(&str, &[&str])] = &[
    ("remove", &["remove", "removes", "removing", "removal", "strip", "purge", "eliminate", "retire"]),
    ("delete", &["delete", "deletes", "deleting", "deletion"]),
    ("drop", &["drop", "drops", "dropping"]),
    ("rename", &["rename", "renames", "renaming"]),
    ("move", &["move", "moves", "moving", "relocate", "relocating"]),
    ("quarantine", &["quarantine", "quarantining"]),
    ("take out of quarantine", &["unquarantine", "dequarantine", "de-quarantine", "un-quarantine"]),
    ("fix", &["fix", "fixes", "fixing", "repair", "bugfix", "hotfix", "deflake"]),
    ("refactor", &["refactor", "refactors", "refactoring", "rework", "rewrite", "restructure", "reorganize"]),
    ("simplify", &["simplify", "simplifying", "deduplicate", "tidy", "inline"]),
    ("clean up", &["clean", "cleanup", "clean-up"]),
    ("document", &["document", "documenting", "describe", "explain"]),
    ("investigate", &["investigate", "investigating", "investigation", "debug", "research", "bisect", "triage"]),
    ("review", &["review", "audit", "inspect"]),
    ("revert", &["revert", "reverting", "undo"]),
    ("disable", &["disable", "disabling", "deactivate"]),
    ("skip", &["skip", "skipping", "unskip"]),
    ("migrate", &["migrate", "migrating"]),
    ("split", &["split", "splitting"]),
    ("merge", &["merge", "merging"]),
    ("replace", &["replace", "replacing", "swap"]),
    ("extract", &["extract", "extracting"]),
    ("unregister", &["unregister", "deregister"]),
    ("deprecate", &["deprecate", "deprecating", "discontinue", "demote", "downgrade"]),
];

/// Nouns that make the word before them one of a name: "Drop handling".
const NOUNS: &[&str] = &[
    "handling",
    "handler",
    "detection",
    "logic",
    "support",
    "validation",
    "controller",
    "admitter",
    "metric",
    "metrics",
    "command",
    "api",
    "test",
    "tests",
    "testing",
    "spec",
    "specs",
    "policy",
    "operation",
    "request",
    "requests",
    "hook",
    "page",
    "guide",
    "path",
    "flow",
    "semantics",
];

/// The verb, if a task asks for work that adds nothing.
pub(crate) fn other_work(task: &PlannedTask) -> Option<&'static str> {
    verb_of(&task.title)
}

/// The verb of a `Task:` line that asks for work that adds nothing.
pub(crate) fn other_work_below(task: &PlannedTask) -> Option<&'static str> {
    task.details(&[Key::Task, Key::Prose]).find_map(verb_of)
}

/// The verb of a second thing that a title asks for: "Register X and remove Y".
pub(crate) fn also_asks(title: &str) -> Option<&'static str> {
    let words = words(title);
    let at = (1..words.len()).find(|&at| {
        let joined = words[at - 1] == "and" || words[at - 1] == "then" || words[at - 1].ends_with([',', ';']);
        joined && known(&words[at..]).is_some()
    })?;
    known(&words[at..])
}

/// The verb that a text begins with, behind a prefix such as "virt-config: ".
fn verb_of(text: &str) -> Option<&'static str> {
    let words = words(text);
    let after = (1..words.len()).find(|&at| {
        let before = words[at - 1].as_str();
        before.ends_with(':') || matches!(before, "-" | "–" | "—")
    });
    known(&words).or_else(|| known(&words[after.filter(|&at| at <= 6)?..]))
}

fn words(text: &str) -> Vec<String> {
    text.to_lowercase().split_whitespace().map(|word| word.trim_matches(['*', '`', '"', '(']).to_owned()).collect()
}

/// The verb that some words begin with.
fn known(words: &[String]) -> Option<&'static str> {
    const BEFORE: &[&str] = &["please", "then", "also", "finally", "first", "now", "to"];
    let at = words.iter().position(|word| !BEFORE.contains(&word.as_str()))?;
    let bare = |at: usize| words.get(at).map_or("", |word| word.trim_end_matches([',', ':', ';', '.']));
    let (first, second) = (bare(at), bare(at + 1));
    let phrase = match (first, second) {
        ("get", "rid") => Some("remove"),
        ("take", "out") | ("turn" | "switch", "off") | ("stop", _) => Some("take out"),
        _ => None,
    };
    let is_name = NOUNS.contains(&second) && !words[at].ends_with(':');
    let single = OTHERS.iter().find(|(_, forms)| forms.contains(&first)).map(|(verb, _)| *verb);
    phrase.or(single.filter(|_| !is_name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verbs_that_add_nothing_are_known() {
        for (title, verb) in [
            ("Remove the accessor", Some("remove")),
            ("tests: quarantine the spec", Some("quarantine")),
            ("Please fix the leak", Some("fix")),
            ("Get rid of the gate", Some("remove")),
            ("Drop handling", None),
            ("Fix: the leak", Some("fix")),
            ("Guest pulse", None),
            ("Register the gate", None),
        ] {
            assert_eq!(verb_of(title), verb, "{title}");
        }
        assert_eq!(also_asks("Register A and remove B"), Some("remove"));
        assert_eq!(also_asks("Register A, then rename B"), Some("rename"));
        assert_eq!(also_asks("Register A and B"), None);
    }
}
