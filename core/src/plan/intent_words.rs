//! Words of work that adds nothing, and of what is new.

/// Verbs of work that adds nothing.
#[rustfmt::skip]
pub(super) const OTHERS: &[&str] = &[
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
pub(super) const BEHAVIOURS: &[&str] = &[
    "publish", "announce", "skip", "ignore", "mute", "silence", "mark", "unmark", "relabel", "annotate", "reduce",
    "decrease", "increase", "raise", "relax", "tighten", "disable", "deactivate", "detach", "trim", "strip", "prune",
    "discard", "purge", "sort", "resolve", "evaluate", "convert", "format", "align", "combine", "merge", "downgrade",
];

/// Their nouns, and other words that say the same.
pub(super) const NAMES_OF_OTHERS: &[(&str, &str)] = &[
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
    ("todos", "resolve"),
];

/// Forms with an S of verbs that are hardly the plural of a noun.
pub(super) const THIRD_PERSON: &[&str] =
    &["removes", "retires", "deletes", "drops", "renames", "moves", "fixes", "refactors", "bumps", "replaces"];

/// What a title says, wherever it stands, of something that is to be there no more, or to stay as it is.
pub(super) const NO_MORE: &[&str] = &[
    " no longer need",
    " no longer use",
    " go away",
    " goes away",
    " not needed",
    " not necessary",
    "nothing to do",
    " add nothing",
    " already done",
    " already implemented",
    " already in place",
    " already landed",
    " already merged",
    " already registered",
    " already wired",
    " as it is",
    " as-is",
    " untouched",
    " dead code",
    " nothing new",
    " no change",
    " no changes",
];

/// Verbs of work that changes what is there: it may add something to code, but no spec by its own name.
pub(super) const CHANGES: &[&str] =
    &["update", "modify", "adapt", "adjust", "change", "rerun", "re-run", "run", "execute"];

/// Verbs of work that looks at what is there. A spec may begin with them.
pub(super) const LOOKS: &[&str] =
    &["verify", "check", "confirm", "double-check", "run", "rerun", "re-run", "execute", "make sure"];

/// What a title begins with that asks for nothing.
pub(super) const DENIALS: &[&str] = &["no", "not", "don't", "don’t", "never", "without", "avoid", "refrain"];

/// Nouns that make the word before them one of a name: "Drop handling".
pub(super) const NOUNS: &[&str] = &[
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

/// Verbs of what is new, or of what changes with it.
pub(super) const MORE: &[&str] = &[
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

/// Nouns of such work that stand last: "Pulse spec cleanup in `x_test.go`", "Pulse removal". A migration is of guests.
#[rustfmt::skip]
pub(super) const NOUNS_OF_OTHERS: &[(&str, &str)] = &[
    ("cleanup", "clean up"), ("cleanups", "clean up"), ("clean-up", "clean up"), ("removal", "remove"),
    ("deletion", "delete"), ("rename", "rename"), ("renaming", "rename"), ("refactoring", "refactor"),
    ("refactor", "refactor"), ("rework", "rework"), ("rewrite", "rewrite"), ("bugfix", "fix"), ("bugfixes", "fix"),
    ("fix", "fix"), ("fixes", "fix"), ("hotfix", "fix"), ("deprecation", "deprecate"), ("quarantine", "quarantine"),
    ("deduplication", "deduplicate"), ("consolidation", "consolidate"), ("relocation", "relocate"),
    ("rollback", "revert"), ("revert", "revert"), ("retirement", "retire"), ("investigation", "investigate"),
    ("audit", "audit"), ("bump", "bump"),
];

/// What a verb stands before as a part of its name: "quarantine struct".
#[rustfmt::skip]
pub(super) const THINGS: &[&str] = &[
    "struct", "structs", "type", "types", "enum", "limit", "limits", "timeout", "phase", "phases", "state", "states",
    "policy", "mode", "modes", "reason", "reasons", "condition", "constants", "field", "fields",
];
