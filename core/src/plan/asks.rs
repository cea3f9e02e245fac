//! Whether a title asks for something to be made: a spec, or a function. The verbs of other work cannot all be known, so a
//! title asks for one only where it says so.

use super::spec_title::is_of_file;
use super::{Key, PlannedTask};
use crate::demand::{Piece, Word, words};
use crate::name::Name;

#[rustfmt::skip]
const MAKES: &[&str] = &[
    "add", "write", "create", "implement", "provide", "introduce", "extend", "develop", "build", "define", "generate",
    "scaffold", "set", "setup", "expand", "adding", "writing", "creating", "implementing", "adds", "implements", "draft",
    "prepare", "make", "new", "more", "put", "finish", "complete",
];

/// Verbs that say what code does, in titles of functions.
#[rustfmt::skip]
const DOES: &[&str] = &[
    "handle", "detect", "sync", "synchronize", "reconcile", "validate", "parse", "collect", "report", "emit", "expose",
    "compute", "calculate", "configure", "apply", "store", "persist", "load", "read", "render", "send", "receive",
    "watch", "monitor", "start", "launch", "schedule", "reject", "allow", "admit", "mutate", "register", "wire", "hook",
    "support", "enable", "enforce", "check", "verify", "ensure", "record", "log", "publish", "notify", "map", "translate",
    "resolve", "lookup", "find", "fetch", "get", "list", "patch", "set", "clear", "reset", "propagate", "forward",
    "expire", "limit", "restrict", "protect", "guard", "filter", "select", "discover", "inject", "mount", "attach",
    "encode", "decode", "serialize", "populate", "return", "respond", "query", "poll", "count", "measure", "plug",
    "integrate", "connect", "listen", "serve", "call", "invoke", "use", "open", "close", "save", "cache", 
    "show", "print", "display", "refuse", "deny", "inherit", "prefer", "default", "generate", "teach",
];

/// Nouns for specs.
#[rustfmt::skip]
const TESTS: &[&str] = &[
    "test", "tests", "spec", "specs", "testing", "coverage", "e2e", "suite", "testcase", "testcases", "test-case",
    "test-cases", "case", "cases", "scenario", "scenarios",
];

/// Words that say what kind of test is meant.
#[rustfmt::skip]
const KINDS: &[&str] = &[
    "unit", "functional", "integration", "end-to-end", "regression", "failing", "negative", "positive", "smoke",
    "conformance", "contract", "performance", "acceptance", "lifecycle", "api", "upgrade", "migration", "basic", "main",
    "initial", "core", "table", "happy", "path", "edge", "error", "validation", "storage", "network", "compute", "webhook",
    "converter", "controller", "handler", "launcher", "admitter", "webhooks", "the", "a", "an", "for", "of", "and", "more",
    "new", "all", "some", "with", "in", "to", "first", "red", "tdd", "stress", "scale", "other", "another", "hotplug", "backup", "restore",
];

/// Whether a task without a text of a spec asks for one: it names tests, or says what is so. `own` are texts with names of
/// what it is about: its files, its feature.
pub(crate) fn for_spec(task: &PlannedTask, own: &[String]) -> bool {
    let below = task.details(&[Key::Task, Key::Prose, Key::Logic, Key::Implementation]);
    // "`x_test.go` covers "should ring""
    let last = task.subject.rsplit(": ").next().unwrap_or_default();
    let quotes = last.starts_with("cover") && last.contains(['"', '“']);
    // "`x_test.go` gains a test that checks that it rings"
    let all = words(task.says());
    let gains = all.iter().find(|word| word.piece == Piece::Prose).is_some_and(is_of_file)
        && all.iter().any(|word| word.is(TESTS));
    quotes || gains || std::iter::once(task.subject.as_str()).chain(below).any(|text| is_spec(text, own))
}

/// Whether a task that names no function asks for one.
pub(crate) fn for_code(task: &PlannedTask, own: &[String]) -> bool {
    #[rustfmt::skip]
    const OF_PEOPLE: &[&str] = &[
        "approve", "estimate", "wait", "compare", "track", "manually", "sign", "schedule", "plan", "prioritize", "assign",
        "ask", "hold", "ping", "remind", "meet", "learn", "study", "talk", "agree", "align", "coordinate", "own",
        "demo", "vote", "propose", "revisit", "proofread", "sync-up", "celebrate", "await",
    ];
    if task.details.iter().any(|line| line.key.is_demand() && line.key != Key::NoTest || line.key == Key::Prose) {
        return true;
    }
    let known = known(own);
    let all = words(&task.subject);
    // A file on a line of its own is to be made, whatever the title calls it.
    if task.subject == task.title {
        let first = starts(&all).last().and_then(|at| all.get(*at));
        return !first.is_some_and(|word| word.is(OF_PEOPLE) && !is_own(word, &known));
    }
    starts(&all).into_iter().any(|at| {
        let first = all[at..].iter().find(|word| word.piece != Piece::Mark && !word.is(&["the", "a", "an"]));
        first.is_some_and(|word| {
            word.is(MAKES) && !(word.is(&["set"]) && is_done_to_file(task))
                || word.is(DOES) && !is_done_to_file(task)
                || word.is(KINDS)
                || word.is_code()
                || is_own(word, &known)
        })
    })
}

/// Whether the verb of a title is about a file, which it works on then: "Reconcile `pkg/fan.go` with upstream".
fn is_done_to_file(task: &PlannedTask) -> bool {
    let second = task.said.split_whitespace().nth(1).unwrap_or_default();
    second.starts_with('`') && second.contains('/') && second.contains(".go")
}

fn is_spec(text: &str, own: &[String]) -> bool {
    #[rustfmt::skip]
    const PROVES: &[&str] = &[
        "test", "verify", "verifies", "check", "ensure", "validate", "confirm", "assert", "prove", "exercise", "cover",
        "given", "when", "make", "should", "double-check", "testing", "verifying", "demonstrate", "expect",
    ];
    let known = known(own);
    let all = words(text);
    starts(&all).into_iter().any(|at| {
        let all = &all[at..];
        let Some(first) = all.iter().find(|word| word.piece != Piece::Mark) else { return false };
        let noun = all.iter().position(|word| word.is(TESTS));
        let belongs = |word: &Word<'_>| {
            word.piece != Piece::Prose || word.is(KINDS) || word.is(TESTS) || word.is_code() || is_own(word, &known)
        };
        first.is(PROVES)
            || first.is(MAKES) && noun.is_some()
            || noun.is_some_and(|noun| all[..noun].iter().all(belongs))
            || all.iter().all(belongs)
            || is_statement(all, &known)
    })
}

/// Whether words say what is so: "A VMI boots", "Guests are told".
fn is_statement(all: &[Word<'_>], known: &[String]) -> bool {
    #[rustfmt::skip]
    const AUXILIARIES: &[&str] = &[
        "should", "must", "can", "cannot", "may", "is", "are", "does", "has", "have", "will", "gets", "get", "do", "stays",
        "remains", "becomes", "isn't", "aren't", "doesn't", "can't", "won't",
    ];
    let turn = all.iter().position(|word| word.piece == Piece::Mark);
    let clause = &all[..turn.unwrap_or(all.len())];
    let Some((first, rest)) = clause.split_first() else { return false };
    let subject = first.is(&[
        "a",
        "an",
        "the",
        "each",
        "every",
        "no",
        "guest",
        "guests",
        "node",
        "nodes",
        "pod",
        "pods",
        "user",
        "users",
        "virt-handler",
        "virt-launcher",
        "virt-controller",
        "virt-api",
        "virt-operator",
        "libvirt",
        "qemu",
    ]) || first.is_code()
        || first.text.len() > 1 && first.text.trim_end_matches('s').chars().all(|c| c.is_ascii_uppercase())
        || is_own(first, known);
    let verb = |word: &Word<'_>| {
        let text = word.text;
        word.piece == Piece::Prose
            && text.len() > 3
            && text.ends_with('s')
            && !text.ends_with("ss")
            && text.chars().all(|c| c.is_ascii_lowercase())
    };
    subject && !first.is(AUXILIARIES) && rest.iter().any(|word| word.is(AUXILIARIES) || verb(word))
        || subject && rest.iter().any(|word| word.text.ends_with("ed") && word.piece == Piece::Prose)
}

/// Where a text begins: at its start, and behind a prefix such as "Functional tests: ".
fn starts(all: &[Word<'_>]) -> Vec<usize> {
    const LONGEST: usize = 7;
    let prefix = all.iter().take(LONGEST).position(|word| word.is_mark(":") || matches!(word.text, "-" | "–" | "—"));
    std::iter::once(0).chain(prefix.map(|at| at + 1).filter(|at| *at < all.len())).collect()
}

/// The words of names, in lower case.
fn known(own: &[String]) -> Vec<String> {
    let plain = own.iter().map(|text| text.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' }).collect());
    plain
        .flat_map(|text: String| Name::parse(&text).words().iter().map(|word| word.to_lowercase()).collect::<Vec<_>>())
        .collect()
}

/// Whether a word is one of a name, in the singular or the plural.
fn is_own(word: &Word<'_>, known: &[String]) -> bool {
    let text = word.text.to_lowercase();
    let parts: Vec<&str> = text.split(['-', '/']).filter(|part| !part.is_empty()).collect();
    let is = |part: &str| {
        let bare = part.trim_end_matches('s');
        known.iter().any(|known| known == part || bare.len() > 2 && known.trim_end_matches('s') == bare)
    };
    !parts.is_empty() && parts.into_iter().all(is)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own() -> Vec<String> {
        vec!["tests/vmi_lifecycle_test.go".to_owned(), "Cold Fan".to_owned()]
    }

    #[test]
    fn a_title_is_a_spec_only_where_it_reads_as_one() {
        for title in [
            "Unit tests for the planner",
            "Add e2e coverage of restarts",
            "Cold fan lifecycle tests",
            "VMI boots with a fan",
            "A guest that is hot spins its fan",
            "Verify that the fan spins",
            "Tests: cold fan",
            "Guests are told of the fan",
            "Cold fan",
            "Functional tests - spinning",
            "Write specs",
            "Node drains evict the VMI",
            "Test the fan",
        ] {
            assert!(for_spec(&PlannedTask::sample(title, &[]), &own()), "{title}");
        }
        for title in [
            "Lower the timeout",
            "Label the specs as conformance",
            "Address review comments",
            "Exclude arm64",
            "Use libvmops",
            "Parallelize",
            "Revisit",
            "Proofread",
            "Tag the slow ones",
            "Unfocus",
            "must not be run on arm64",
            "Typo",
            "Hold until the VEP is merged",
            "Bring forward",
            "Rerecord timings",
            "Ship to the other repository",
            "Shard across three lanes",
            "Parallelize runs",
        ] {
            assert!(!for_spec(&PlannedTask::sample(title, &[]), &own()), "{title}");
        }
    }

    #[test]
    fn a_title_is_a_function_only_where_it_asks_for_one() {
        let task =
            |title: &str| PlannedTask { title: format!("{title} in `pkg/fan.go`"), ..PlannedTask::sample(title, &[]) };
        for title in ["Add the planner", "Cold fan controller", "Detect hot guests", "Planner: compute the speed"] {
            assert!(for_code(&task(title), &own()), "{title}");
        }
        for title in
            ["Manually verify", "Approve", "Estimate the work", "Wait for the rebase", "Compare", "Track", "Ship"]
        {
            assert!(!for_code(&task(title), &own()), "{title}");
        }
        assert!(for_code(&PlannedTask::sample("Chiming", &[]), &own()));
        assert!(!for_code(&PlannedTask::sample("Approve", &[]), &own()));
        assert!(for_code(&PlannedTask::sample("Ponder", &[("task", "Add a planner")]), &own()));
    }
}
