//! Words of lines about calls.

/// What calls something: each verb, whether it stands for a call by itself, and its forms. The last form is passive.
pub(super) const VERBS: &[(bool, &[&str], &str)] = &[
    (true, &["call", "calls", "calling"], "called"),
    (true, &["invoke", "invokes", "invoking"], "invoked"),
    (true, &["wire", "wires", "wiring"], "wired"),
    (true, &["hook", "hooks", "hooking"], "hooked"),
    (true, &["defer", "defers", "deferring"], "deferred"),
    (false, &["enforce", "enforces", "check", "checks"], "checked"),
    (false, &["evaluate", "evaluates"], "evaluated"),
    (false, &["plug", "plugs", "plugging"], "plugged"),
    (false, &["use", "uses", "using"], "used"),
    (false, &["trigger", "triggers", "triggering"], "triggered"),
    (false, &["launch", "launches", "launching"], "launched"),
    (false, &["perform", "performs", "performing"], "performed"),
    (false, &["execute", "executes", "executing"], "executed"),
    (false, &["run", "runs", "running"], "run"),
    (false, &["register", "registers", "registering"], "registered"),
    (false, &["start", "starts", "starting"], "started"),
    (false, &["add", "adds", "adding", "insert", "inserts", "append", "appends"], "added"),
];

/// Words before the caller.
pub(super) const FROM: &[&str] =
    &["from", "in", "into", "inside", "within", "by", "to", "with", "at", "on", "through", "via"];

/// Words that say when something happens, or how often.
pub(super) const CONDITIONS: &[&str] = &[
    "when", "whenever", "if", "unless", "only", "once", "while", "until", "for", "per", "every", "each", "where",
    "instead", "under", "behind", "after", "before", "with", "between",
];

/// What a call gives back.
#[rustfmt::skip]
pub(super) const GIVEN: &[&str] = &[
    "causes", "cause", "result", "results", "answer", "errors", "output", "findings", "conflicts", "value", "values",
];

/// Words between a subject and its verb.
pub(super) const MODALS: &[&str] = &[
    "is", "are", "be", "gets", "get", "being", "to", "must", "should", "will", "shall", "has", "then", "also", "now",
    "can", "function", "method", "helper", "it", "that",
];

/// Nouns beside a function's name.
pub(super) const NOUNS: &[&str] = &[
    "function",
    "functions",
    "method",
    "methods",
    "func",
    "helper",
    "helpers",
    "validator",
    "validation",
    "check",
    "logic",
    "call",
    "calls",
    "code",
    "result",
    "body",
    "handler",
    "loop",
];

/// Words that say nothing about it.
pub(super) const FILLERS: &[&str] =
    &["the", "a", "an", "new", "existing", "this", "that", "its", "main", "up", "same", "own"];
