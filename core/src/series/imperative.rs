//! What a task is called, as an order: "Feature gate registration" becomes "Add feature gate registration".

/// Verbs that mean nothing else at the head of a title.
const VERBS: &[&str] = &[
    "add",
    "adjust",
    "adopt",
    "allow",
    "annotate",
    "apply",
    "assert",
    "attach",
    "avoid",
    "bring",
    "bump",
    "clarify",
    "clean",
    "collect",
    "configure",
    "connect",
    "convert",
    "cover",
    "create",
    "declare",
    "define",
    "delete",
    "deprecate",
    "derive",
    "describe",
    "detect",
    "disable",
    "discontinue",
    "drop",
    "emit",
    "enable",
    "enforce",
    "ensure",
    "expose",
    "extend",
    "extract",
    "fix",
    "forbid",
    "forward",
    "generate",
    "graduate",
    "hide",
    "implement",
    "improve",
    "include",
    "inject",
    "instrument",
    "integrate",
    "introduce",
    "keep",
    "let",
    "make",
    "migrate",
    "move",
    "obtain",
    "parse",
    "pass",
    "plumb",
    "populate",
    "prepare",
    "prevent",
    "print",
    "promote",
    "propagate",
    "protect",
    "prove",
    "provide",
    "publish",
    "put",
    "read",
    "reconcile",
    "refactor",
    "refuse",
    "register",
    "reject",
    "remove",
    "rename",
    "render",
    "replace",
    "require",
    "restore",
    "restrict",
    "return",
    "rework",
    "scaffold",
    "send",
    "serve",
    "show",
    "simplify",
    "skip",
    "store",
    "sync",
    "teach",
    "translate",
    "tell",
    "turn",
    "unify",
    "validate",
    "verify",
    "warn",
    "wire",
    "write",
];

/// Verbs that are nouns as well: what follows decides.
const BOTH: &[&str] = &[
    "benchmark",
    "build",
    "call",
    "change",
    "check",
    "count",
    "document",
    "handle",
    "label",
    "limit",
    "list",
    "mark",
    "measure",
    "record",
    "report",
    "run",
    "set",
    "start",
    "stop",
    "support",
    "switch",
    "test",
    "track",
    "update",
    "use",
    "watch",
];

/// Words after which the one before was a verb.
const DETERMINERS: &[&str] =
    &["the", "a", "an", "that", "all", "each", "every", "its", "this", "these", "how", "whether", "new", "no", "and"];

/// Words after which the one before was a noun.
const PREPOSITIONS: &[&str] =
    &["for", "of", "in", "on", "to", "with", "from", "handling", "suite", "environment", "case", "cases"];

/// A title as an order, with a capital in front.
pub(super) fn imperative(title: &str) -> String {
    let title = title.trim().trim_end_matches(['.', ':', ';', ',', '!']).trim();
    let mut words = title.split(' ').filter(|word| !word.is_empty());
    let first = words.next().unwrap_or_default();
    let next = words.next().unwrap_or_default().to_lowercase();
    let rest = title.strip_prefix(first).unwrap_or_default();
    match verb(&first.to_lowercase(), &next) {
        Some(verb) => upper_first(&verb) + rest,
        None if title.is_empty() => "Add what the task asks for".to_owned(),
        None => format!("Add {}", lowered(&phrase(title))),
    }
}

/// A heading of the form `Integration Test - Topic` in one piece.
fn phrase(title: &str) -> String {
    /// Sections of the documents: the tests are not about these.
    const SECTIONS: &[&str] = &["testing approach", "testing strategy", "user stories"];
    match title.split_once(" - ") {
        Some((kind, topic)) if kind.to_lowercase().trim_end_matches('s').ends_with("test") => {
            if SECTIONS.contains(&topic.trim().to_lowercase().as_str()) {
                kind.to_owned()
            } else {
                format!("{kind} for {}", topic.trim())
            }
        }
        _ => title.to_owned(),
    }
}

/// The verb that a word is, in its plain form.
fn verb(word: &str, next: &str) -> Option<String> {
    if VERBS.contains(&word) {
        return Some(word.to_owned());
    }
    if BOTH.contains(&word) {
        let noun = next.is_empty() || PREPOSITIONS.contains(&next);
        let clear = matches!(word, "update" | "use" | "handle" | "support" | "mark" | "measure" | "track" | "run");
        // What is done to a file, or to code: `Change manager.go`.
        let thing = next.contains(['/', '`', '(']) || next.trim_end_matches('.').contains('.');
        return (DETERMINERS.contains(&next) || thing || clear && !noun).then(|| word.to_owned());
    }
    let stems = stems(word);
    stems.into_iter().find(|stem| VERBS.contains(&stem.as_str()))
}

/// What a word may be a form of: `adding`, `adds`, `added`; `stopped`, `applies`.
fn stems(word: &str) -> Vec<String> {
    let mut found = Vec::new();
    for ending in ["ing", "ed", "es", "s", "d"] {
        let Some(stem) = word.strip_suffix(ending).filter(|stem| stem.len() > 1) else { continue };
        found.extend([stem.to_owned(), format!("{stem}e")]);
        let last = stem.chars().next_back().unwrap_or_default();
        if let Some(single) = stem.strip_suffix(last).filter(|single| single.ends_with(last)) {
            found.push(single.to_owned());
        }
        if let Some(stem) = stem.strip_suffix('i') {
            found.push(format!("{stem}y"));
        }
    }
    found
}

/// A title that follows a verb: ordinary words in lower case, where it has capitals as headings have.
fn lowered(title: &str) -> String {
    let is_plain = |word: &str| {
        let mut chars = word.chars();
        chars.next().is_some_and(char::is_uppercase)
            && word.len() > 1
            && chars.all(|c| c.is_lowercase() || matches!(c, '-' | ',' | ')' | ':'))
    };
    let words: Vec<&str> = title.split(' ').collect();
    let long = || words.iter().filter(|word| word.len() > 3 && word.starts_with(char::is_alphabetic));
    let is_heading = words.len() > 1 && long().all(|word| word.starts_with(char::is_uppercase));
    let lower = |(at, word): (usize, &&str)| {
        if is_plain(word) && (at == 0 || is_heading) { word.to_lowercase() } else { (*word).to_owned() }
    };
    words.iter().enumerate().map(lower).collect::<Vec<_>>().join(" ")
}

pub(super) fn upper_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_become_orders() {
        for (title, expected) in [
            ("Feature Gate Registration", "Add feature gate registration"),
            ("Unit tests for the heartbeat", "Add unit tests for the heartbeat"),
            ("Register the gate", "Register the gate"),
            ("Adding SR-IOV support.", "Add SR-IOV support"),
            ("Implements the admitter", "Implement the admitter"),
            ("Wired the handler", "Wire the handler"),
            ("Applies CPU limits", "Apply CPU limits"),
            ("Test Environment", "Add test environment"),
            ("Test the probe", "Test the probe"),
            ("Update VMI status", "Update VMI status"),
            ("Support for vTPM", "Add support for vTPM"),
            ("Support vTPM", "Support vTPM"),
            ("Change manager.go", "Change manager.go"),
            ("List `VMIs` of a node", "List `VMIs` of a node"),
            ("Check pkg/virt-handler/vm.go", "Check pkg/virt-handler/vm.go"),
            ("Change log of the API", "Add change log of the API"),
            ("KubeVirt documentation", "Add KubeVirt documentation"),
            ("API Validation Tests", "Add API validation tests"),
            ("generate CRDs", "Generate CRDs"),
            ("Integration Test - VMI Lifecycle Events", "Add integration test for VMI lifecycle events"),
            ("Functional Tests - Testing Approach", "Add functional tests"),
            ("", "Add what the task asks for"),
        ] {
            assert_eq!(imperative(title), expected, "{title}");
        }
    }
}
