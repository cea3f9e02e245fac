//! Words of sentences that ask for nothing.

/// Verbs of making.
#[rustfmt::skip]
pub(super) const MAKES: &[&str] = &[
    "add", "adds", "added", "create", "creates", "created", "introduce", "introduces", "introduced", "define",
    "defines", "defined", "declare", "declares", "declared", "implement", "implements", "implemented", "write",
    "writes", "written", "provide", "provides", "provided", "extend", "extends", "extended", "expose", "exposes",
    "exposed", "put", "puts", "store", "stores",
];

/// Verbs of calling, and of bringing something in.
#[rustfmt::skip]
pub(super) const CALLS: &[&str] = &[
    "call", "calls", "called", "invoke", "invokes", "invoked", "wire", "wires", "wired", "hook", "hooks", "hooked",
    "plug", "plugs", "plugged", "use", "uses", "used", "execute", "executes", "executed", "run", "runs", "register",
    "registers", "registered", "start", "starts", "started", "insert", "inserts", "inserted", "append", "appends",
    "appended", "evaluate", "evaluates", "evaluated", "enforce", "enforces", "enforced", "checked",
];

/// Verbs of what has something new, in front of it.
pub(super) const HAS: &[&str] = &["get", "gets", "gain", "gains", "receive", "receives", "give", "gives"];

/// Words that deny like "not" does.
#[rustfmt::skip]
pub(super) const DENIALS: &[&str] = &[
    "avoid", "avoids", "avoiding", "refrain", "refrains", "premature", "early", "unnecessary", "needless",
    "pointless", "superfluous", "unwanted", "rejected", "dropped", "against",
];

/// Words of what is only thought of.
#[rustfmt::skip]
pub(super) const GUESSES: &[&str] = &[
    "may", "might", "could", "would", "maybe", "perhaps", "possibly", "consider", "considered", "considering",
    "considers", "proposed", "suggested", "hypothetically", "wondered", "tempting", "alternatively",
];

/// Words before a verb with "-ing" that is not asked for.
#[rustfmt::skip]
pub(super) const GERUNDS_BEHIND: &[&str] = &[
    "consider", "considered", "considering", "considers", "avoid", "avoids", "avoiding", "against", "without",
    "than", "of", "about", "discuss", "discussed", "propose", "proposed", "suggest", "suggested", "no", "not", "from",
    "postpone", "postponed", "defer", "deferred", "stop",
];

/// Words that begin a condition.
pub(super) const CONDITIONS: &[&str] = &[
    "if",
    "once",
    "unless",
    "until",
    "provided",
    "assuming",
    "when",
    "whenever",
    "depending",
    "subject",
    "pending",
    "after",
];

/// Words that begin what code asks for when it runs.
pub(super) const CASES: &[&str] = &["if", "when", "whenever", "unless"];

/// What people do before something is decided.
#[rustfmt::skip]
pub(super) const AGREEMENTS: &[&str] = &[
    "agree", "agrees", "agreed", "accept", "accepts", "accepted", "approve", "approves", "approved", "approval",
    "merge", "merged", "merges", "land", "lands", "landed", "ga", "graduates", "graduated", "graduation", "object",
    "objects", "objections", "decide", "decides", "decided", "consensus", "vote", "voted", "demand", "interest",
    "freeze", "maintainers", "reviewers", "sig", "approvers", "community",
];

/// What comes some day.
pub(super) const EVENTS: &[&str] =
    &["release", "releases", "released", "ga", "beta", "freeze", "deprecation", "branch", "cut", "vacation"];

/// Words of later times.
pub(super) const LATER: &[&str] =
    &["later", "eventually", "someday", "future", "follow-up", "followup", "follow-ups", "subsequent"];

/// What comes later, behind "next" and its like.
#[rustfmt::skip]
pub(super) const LATER_NOUNS: &[&str] = &[
    "pr", "prs", "change", "commit", "release", "version", "cycle", "task", "step", "iteration", "patch", "milestone",
    "time", "date", "point", "stage", "phase", "team", "effort", "sprint", "vep", "proposal", "series", "person",
];

/// Who else does it.
pub(super) const OTHERS: &[&str] = &["someone", "somebody", "else"];

/// Words that are a verdict of their own.
#[rustfmt::skip]
pub(super) const VERDICTS: &[&str] = &[
    "rejected", "dropped", "declined", "deferred", "postponed", "wontfix", "won't", "won’t", "cancelled", "canceled",
    "obsolete", "superseded", "example", "alternative", "idea", "question", "abandoned", "withdrawn", "descoped", "de-scoped", "unneeded", "non-goal", "non-goals",
];

/// Texts about code.
#[rustfmt::skip]
pub(super) const TEXTS: &[&str] = &[
    "test", "tests", "testcase", "testcases", "spec", "specs", "comment", "comments", "todo", "todos", "note", "notes",
    "documentation", "docs", "mention", "assertion", "assertions", "benchmark", "issue", "ticket",
];
