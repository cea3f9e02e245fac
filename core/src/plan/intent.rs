//! What a task asks to be done: scaffolds only add, so a verb that asks for something else is left to people.

use super::{Key, PlannedTask, TaskLine};
use crate::name::is_go_identifier;

/// Verbs of work that adds nothing.
#[rustfmt::skip]
const OTHERS: &[&str] = &[
    "remove", "strip", "purge", "eliminate", "retire", "sunset", "decommission", "prune", "erase", "discard", "scrap",
    "unwire", "detach", "delete", "drop", "nuke", "rip", "excise", "rename", "move", "relocate", "reorder",
    "rearrange", "sort", "quarantine", "unquarantine", "un-quarantine", "dequarantine", "de-quarantine", "fix",
    "repair", "deflake", "de-flake", "stabilize", "stabilise", "correct", "resolve", "harden", "troubleshoot",
    "diagnose", "refactor", "rework", "rewrite", "restructure", "reorganize", "reorganise", "convert", "modernize",
    "modernise", "redesign", "simplify", "deduplicate", "dedupe", "tidy", "inline", "unify", "consolidate", "shrink",
    "shorten", "trim", "streamline", "clean", "format", "reformat", "gofmt", "lint", "reword", "rephrase", "polish",
    "align", "optimize", "optimise", "tune", "accelerate", "benchmark", "profile", "document", "describe", "explain",
    "investigate", "debug", "research", "bisect", "triage", "analyze", "analyse", "explore", "evaluate", "assess",
    "prototype", "reproduce", "decide", "discuss", "consider", "brainstorm", "clarify", "review", "re-review",
    "audit", "inspect", "revert", "undo", "backport", "forward-port", "cherry-pick", "cherrypick", "rebase",
    "publish", "announce", "bump", "disable", "deactivate", "skip", "unskip", "un-skip", "ignore", "mute",
    "silence", "mark", "unmark", "relabel", "annotate", "reduce", "decrease", "increase", "raise", "relax", "tighten",
    "migrate", "split", "merge", "combine", "squash", "replace", "swap", "substitute", "extract", "factor",
    "unregister", "deregister", "deprecate", "discontinue", "demote", "downgrade",
];

/// Those of them that also say what code does: "publish the hint", "mark the node".
#[rustfmt::skip]
const BEHAVIOURS: &[&str] = &[
    "publish", "announce", "skip", "ignore", "mute", "silence", "mark", "unmark", "relabel", "annotate", "reduce",
    "decrease", "increase", "raise", "relax", "tighten", "disable", "deactivate", "detach", "trim", "strip", "prune",
    "discard", "purge", "sort", "resolve", "evaluate", "convert", "format", "align", "combine", "merge", "downgrade",
];

/// Their nouns, and other words that say the same.
const NAMES_OF_OTHERS: &[(&str, &str)] = &[
    ("removal", "remove"),
    ("obsolete", "remove"),
    ("deletion", "delete"),
    ("bugfix", "fix"),
    ("hotfix", "fix"),
    ("cleanup", "clean up"),
    ("clean-up", "clean up"),
    ("investigation", "investigate"),
    ("roll-back", "revert"),
    ("rollback", "revert"),
    ("backout", "revert"),
];

/// Forms with an S of verbs that are hardly the plural of a noun.
const THIRD_PERSON: &[&str] =
    &["removes", "retires", "deletes", "drops", "renames", "moves", "fixes", "refactors", "bumps", "replaces"];

/// What a title says, wherever it stands, of something that is to be there no more, or to stay as it is.
const NO_MORE: &[&str] = &[
    " no longer need",
    " no longer use",
    " go away",
    " goes away",
    " not needed",
    " not necessary",
    "nothing to do",
    " as it is",
    " as-is",
    " untouched",
    " dead code",
    " nothing new",
    " no change",
    " no changes",
];

/// Verbs of work that changes what is there: it may add something to code, but no spec by its own name.
const CHANGES: &[&str] = &["update", "modify", "adapt", "adjust", "change", "rerun", "re-run", "run", "execute"];

/// Verbs of work that looks at what is there. A spec may begin with them.
const LOOKS: &[&str] =
    &["verify", "check", "confirm", "double-check", "run", "rerun", "re-run", "execute", "make sure"];

/// What is said of a task that asks for nothing new.
const AS_IT_IS: &str = "leave or remove existing code";

/// What a title begins with that asks for nothing.
const DENIALS: &[&str] = &["no", "not", "don't", "don’t", "never", "without", "avoid", "refrain"];

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
    "strategy",
    "strategies",
    "threshold",
    "node",
    "nodes",
    "pages",
    "source",
    "proxy",
    "format",
    "size",
    "level",
];

/// The verb, if a task asks for work that adds nothing.
pub(crate) fn other_work(task: &PlannedTask) -> Option<&'static str> {
    verb_of(&task.title)
}

/// The verb, if what a task asks for without a word of what is new is that something is there no more, or stays.
pub(crate) fn nothing_new(task: &PlannedTask) -> Option<&'static str> {
    const NEW: &[Key] = &[Key::Function, Key::Test, Key::Content];
    let title = format!(" {}", words(&task.title).join(" "));
    let ensures = first_of(&task.title, &["ensure", "make sure"]).is_some();
    let is_over = NO_MORE.iter().any(|words| title.contains(words)) || ensures && title.contains(" no longer ");
    let spells = spells_head(&task.title);
    (is_over && !spells && task.details(NEW).next().is_none()).then_some(AS_IT_IS)
}

/// The verb of a `Task:` line that asks for work that adds nothing.
pub(crate) fn other_work_below(task: &PlannedTask) -> Option<&'static str> {
    task.details(&[Key::Task, Key::Prose]).find_map(verb_of)
}

/// The verb of a line, if it asks for work that adds nothing.
pub(crate) fn other_work_in(line: &TaskLine) -> Option<&'static str> {
    verb_of(&line.text).filter(|_| matches!(line.key, Key::Task | Key::Prose))
}

/// Whether what a title asks for is what a function does that the task spells out below.
pub(crate) fn is_of_function(verb: &str, task: &PlannedTask) -> bool {
    BEHAVIOURS.contains(&verb) && task.details(&[Key::Function]).any(spells_head)
}

/// Whether a text spells out the head of a function.
fn spells_head(text: &str) -> bool {
    text.split('`').skip(1).step_by(2).any(|code| code.contains('(') && code.contains(' '))
}

/// The same below tests, where an item may say what something does: "drops labels that are gone".
pub(crate) fn other_work_below_tests(task: &PlannedTask) -> Option<&'static str> {
    let says = |text: &str| words(text).first().is_some_and(|word| THIRD_PERSON.contains(&word.as_str()));
    let lines = task.lines_of(&[Key::Task, Key::Prose]).filter(|line| !(line.is_item && says(&line.text)));
    lines.map(|line| line.text.as_str()).find_map(verb_of)
}

/// The verb, if a task only looks at what is there, where looking is no test.
pub(crate) fn only_looks(task: &PlannedTask) -> Option<&'static str> {
    first_of(&task.title, LOOKS)
}

/// The verb, if a task changes what is there and states nothing that is new.
pub(crate) fn only_changes(task: &PlannedTask) -> Option<&'static str> {
    let states = task.details(&[Key::Test]).next().is_some();
    first_of(&task.title, CHANGES).filter(|_| !states)
}

/// Verbs of what is new, or of what changes with it.
const MORE: &[&str] = &[
    "add",
    "create",
    "register",
    "introduce",
    "implement",
    "write",
    "define",
    "update",
    "extend",
    "test",
    "wire",
    "adapt",
    "change",
    "modify",
    "verify",
    "promote",
    "graduate",
    "deprecate",
    "discontinue",
];

/// Whether a text begins with a verb of what is new, or of what changes with it.
pub(crate) fn adds(text: &str) -> bool {
    first_of(text, MORE).is_some()
}

/// The verb of another thing that a title about a feature gate asks for: "Register X and remove Y", "Graduate X and
/// update the docs". Some verbs are those of the kind itself.
pub(crate) fn also_asks(title: &str, own: fn(&str) -> bool) -> Option<String> {
    let words = words(title);
    let bare = |at: usize| words[at].trim_end_matches([',', ':', ';', '.']).to_owned();
    let is_start = |at: usize| {
        at == 0 || words[at - 1] == "and" || words[at - 1] == "then" || words[at - 1].ends_with([',', ';', '.', '&'])
    };
    (0..words.len()).filter(|&at| is_start(at)).find_map(|at| {
        let first = bare(at);
        let is_name = words.get(at + 1).is_some_and(|word| NOUNS.contains(&word.as_str()));
        let more = || (MORE.contains(&first.as_str()) && !is_name).then(|| first.clone());
        let other = || (at > 0).then(|| known(&words[at..]).map(str::to_owned)).flatten();
        other().or_else(more).filter(|_| !own(&first))
    })
}

/// The verb of a second thing that a title asks for, if it adds nothing: "Extend X and remove Y".
pub(crate) fn also_changes(title: &str) -> Option<&'static str> {
    let words = words(title);
    let is_joined = |at: &usize| matches!(&*words[at - 1], "and" | "then") || words[at - 1].ends_with([',', ';']);
    (1..words.len()).filter(is_joined).find_map(|at| known(&words[at..]))
}

/// The verb of a second sentence of a title, if it adds nothing: "Add X; remove Y".
pub(crate) fn also_removes(title: &str) -> Option<&'static str> {
    let words = words(title);
    let starts = (1..words.len()).filter(|&at| words[at - 1] == "then" || words[at - 1].ends_with([';', '.']));
    starts.into_iter().find_map(|at| known(&words[at..]))
}

/// The verb that a text begins with, behind a prefix such as "virt-config: ".
fn verb_of(text: &str) -> Option<&'static str> {
    if embeds(text) {
        return None;
    }
    let words = words(text);
    // Behind what is to be made, "remove the owners" says what that does.
    let behind = || behind_prefix(&words).filter(|_| !spells_out(text, &words));
    known(&words).or_else(|| known(&words[behind()?..]))
}

/// Whether a text begins with a verb of making, and spells out the head of a function.
fn spells_out(text: &str, words: &[String]) -> bool {
    let makes = leading(words).is_some_and(|(first, _)| {
        matches!(first, "add" | "create" | "introduce" | "implement" | "define" | "write" | "provide" | "new" | "put")
    });
    makes && spells_head(text)
}

/// "Inline `v1.PersistentVolumeClaim`": a type that a struct embeds, and no work on code that is there.
fn embeds(text: &str) -> bool {
    let Some((verb, rest)) = text.trim_start().split_once(' ') else { return false };
    let code = rest.trim_start().strip_prefix('`').and_then(|rest| rest.split('`').next()).unwrap_or_default();
    let name = code.rsplit(['.', '*']).next().unwrap_or_default();
    verb.to_lowercase().starts_with("inline") && is_go_identifier(name) && name.starts_with(char::is_uppercase)
}

/// One of some verbs, if a text begins with it.
fn first_of(text: &str, verbs: &[&'static str]) -> Option<&'static str> {
    let words = words(text);
    let from = [Some(0), behind_prefix(&words)];
    from.into_iter().flatten().find_map(|at| {
        let (at, word) = leading(&words[at..]).map(|(word, behind)| (behind, word))?;
        let two = format!("{word} {}", at.unwrap_or_default());
        let is_name = at.is_some_and(|next| NOUNS.contains(&next));
        verbs.iter().find(|verb| **verb == word || **verb == two).copied().filter(|_| !is_name && at.is_some())
    })
}

/// Where the words behind a prefix such as "virt-config: " begin.
fn behind_prefix(words: &[String]) -> Option<usize> {
    let after = (1..words.len()).find(|&at| {
        let before = words[at - 1].as_str();
        before.ends_with(':') || matches!(before, "-" | "–" | "—")
    });
    after.filter(|&at| at <= 6)
}

fn words(text: &str) -> Vec<String> {
    text.to_lowercase().split_whitespace().map(|word| word.trim_matches(['*', '`', '"', '(']).to_owned()).collect()
}

/// The first word that is none of politeness or order, and the one behind it.
fn leading(words: &[String]) -> Option<(&str, Option<&str>)> {
    const BEFORE: &[&str] = &["please", "then", "also", "finally", "first", "now", "to"];
    let words: Vec<&str> = words.iter().map(|word| word.trim_end_matches([',', ':', ';', '.'])).collect();
    let at = words.iter().position(|word| !BEFORE.contains(word))?;
    Some((words[at], words.get(at + 1).copied()))
}

/// The verb that some words begin with.
fn known(words: &[String]) -> Option<&'static str> {
    let (first, second) = leading(words)?;
    let second = second.unwrap_or_default();
    let has = |word: &str| words.iter().any(|one| one == word);
    let phrase = match (first, second) {
        ("get", "rid") | ("phase" | "tear" | "cut", "out") => Some("remove"),
        ("comment" | "opt", "out") => Some("disable"),
        ("cut", _) if has("from") => Some("remove"),
        ("take", "out") | ("turn" | "switch", "off") | ("stop", _) => Some("take out"),
        ("back", "out") | ("roll", "back") => Some("revert"),
        ("clean", _) => Some("clean up"),
        ("speed", "up") => Some("optimize"),
        ("look", "into") => Some("investigate"),
        ("find" | "figure", "out") if ["why", "who", "how", "what"].into_iter().any(has) => Some("investigate"),
        ("wait", "for") if ["release", "review", "approval", "upstream"].into_iter().any(has) => Some("wait"),
        ("port", path) if path.contains('/') => Some("port"),
        ("copy", path) if path.contains('/') => Some("copy"),
        ("upgrade", path) if path.contains('/') => Some("upgrade"),
        ("regenerate", path) if path.contains('/') => Some("regenerate"),
        ("ask", _) if has("about") => Some("ask"),
        ("leave", _) if has("alone") || has("unchanged") => Some("leave something as it is"),
        ("do", "not") => Some("leave something as it is"),
        _ if DENIALS.contains(&first) => Some("leave something as it is"),
        _ => None,
    };
    let is_name = NOUNS.contains(&second) && !words.iter().any(|word| word == &format!("{first}:"));
    let single = || OTHERS.iter().copied().find(|verb| is_form(first, verb));
    let noun = || NAMES_OF_OTHERS.iter().find(|(name, _)| *name == first).map(|(_, verb)| *verb);
    phrase.or_else(|| single().or_else(noun).filter(|_| !is_name))
}

/// Whether a word is a verb, in a form in which a title begins with it.
fn is_form(word: &str, verb: &str) -> bool {
    let stem = || word.strip_suffix("ing");
    let doubled = |stem: &str| stem.strip_prefix(verb).is_some_and(|last| verb.ends_with(last) && last.len() == 1);
    word == verb
        || stem().is_some_and(|stem| stem == verb || verb.strip_suffix('e') == Some(stem) || doubled(stem))
        || THIRD_PERSON.contains(&word)
            && word.strip_suffix('s').is_some_and(|one| one == verb || one.strip_suffix('e') == Some(verb))
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
            ("Do not add a gate", Some("leave something as it is")),
            ("Phase out the gate", Some("remove")),
            ("Profile pages", None),
            ("Dropping the gate", Some("drop")),
            ("Relocating the gate", Some("relocate")),
            ("Fixes the leak", Some("fix")),
            ("Profiles of guests", None),
            ("String handling", None),
            ("Reword the comment", Some("reword")),
            ("Look into the leak", Some("investigate")),
            ("Find out why it leaks", Some("investigate")),
            ("Find out which node runs it", None),
            ("Ask the guest", None),
            ("Wait for the agent", None),
            ("Regenerate the certificate", None),
            ("Leave maintenance", None),
            ("Inline `v1.PersistentVolumeClaim`", None),
            ("Inline `Foo()`", Some("inline")),
            ("Inline the helper", Some("inline")),
            ("Speed up the spec", Some("optimize")),
            ("Guest pulse", None),
            ("Register the gate", None),
        ] {
            assert_eq!(verb_of(title), verb, "{title}");
        }
        // One word is a name.
        assert_eq!(first_of("Run", LOOKS), None);
        assert_eq!(first_of("Run the specs", LOOKS), Some("run"));
        assert_eq!(also_removes("Add the pulse; remove the old one"), Some("remove"));
        assert_eq!(also_removes("Handle create and delete events"), None);
        let own = |verb: &str| verb == "register";
        for (title, verb) in [
            ("Register A and remove B", Some("remove")),
            ("Register A, then rename B", Some("rename")),
            ("Register A and update the docs", Some("update")),
            ("Add C and register A", Some("add")),
            ("Register A and test coverage", Some("test")),
            ("Register A and B", None),
        ] {
            assert_eq!(also_asks(title, own).as_deref(), verb, "{title}");
        }
    }
}
