//! The rules by name. Each has a page in `docs/rules/`.

/// A rule of `cargo xtask check`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rule {
    /// The code that diagnostics carry and `allow:` comments name. It does not change.
    pub code: &'static str,
    /// What it finds, in a few words.
    pub summary: &'static str,
    /// Whether a file can allow it.
    pub may_be_allowed: bool,
    /// Whether `--fix` can fix some of what it finds.
    pub fixable: bool,
}

const fn rule(code: &'static str, summary: &'static str) -> Rule {
    Rule { code, summary, may_be_allowed: true, fixable: false }
}

const fn fixable(code: &'static str, summary: &'static str) -> Rule {
    Rule { code, summary, may_be_allowed: true, fixable: true }
}

const fn firm(code: &'static str, summary: &'static str) -> Rule {
    Rule { code, summary, may_be_allowed: false, fixable: false }
}

/// Every rule, sorted by code.
pub const RULES: &[Rule] = &[
    firm("allow-unknown", "an allowance names no rule"),
    firm("allow-unused", "an allowance allows nothing"),
    rule("api-generate", "a change of the API without `make generate`"),
    rule("api-validation", "a new API field without validation"),
    rule("article-unknown", "the plan cites an article that the constitution does not have"),
    rule("clarification-open", "a question is open in a document"),
    rule("compliance-unticked", "a constitutional compliance box is not ticked"),
    rule("component-separation", "one task reaches into two components"),
    rule("contract-format", "a contract is not in the format that its name says"),
    rule("dependency-cycle", "tasks wait for each other"),
    rule("dependency-later", "a task waits for one further down"),
    rule("documents-disagree", "two documents say different things"),
    rule("done-early", "a task is ticked before what it waits for"),
    rule("estimate-off", "the plan expects another number of tasks"),
    rule("gate-absent", "no task registers a feature gate"),
    rule("gate-denied", "a document denies the gate that the constitution demands"),
    firm("id-duplicate", "two tasks have one ID"),
    fixable("id-gap", "numbers are missing"),
    fixable("id-order", "a task comes after one with a higher number"),
    fixable("id-start", "the first task is not T001"),
    rule("integration-late", "functional tests come after the implementation"),
    rule("integration-missing", "unit tests without functional ones"),
    rule("link-wrong", "a header link leads to the wrong document"),
    rule("make-unknown", "a make target does not exist"),
    firm("name-reserved", "a function has a name that Go keeps for itself"),
    rule("notation-unread", "something looks like a task, a phase or an order, and is not read"),
    fixable("parallel-dependent", "a task with [P] waits for one of its phase"),
    fixable("parallel-file", "tasks with [P] share a file"),
    firm("path-absolute", "a path does not count from the root of the repository"),
    firm("path-escapes", "a path leads out of the repository"),
    rule("path-none", "a task names no file"),
    fixable("path-unknown", "the checkout has no such path"),
    firm("placeholder", "a placeholder is not filled in"),
    rule("sample-left", "a sample of the template remains"),
    rule("security-review-absent", "no task reviews the security"),
    firm("signature-wrong", "a function is not written as one head"),
    rule("task-missing", "a task is mentioned that does not exist"),
    firm("tasks-none", "the file has no tasks"),
    rule("tests-late", "tests come after the code that they cover"),
    rule("todo-left", "a note to oneself remains"),
    rule("total-wrong", "the declared number of tasks is wrong"),
    firm("vep-contradiction", "an example and a Go block of a VEP contradict each other"),
    firm("vep-field", "an example of a VEP has a field of another struct"),
    firm("vep-gate", "a VEP names no feature gate, or an existing one"),
    firm("vep-goal", "a goal of a VEP mentions a stage"),
    firm("vep-graduation", "the graduation requirements of a VEP are missing or no checkboxes"),
    firm("vep-known", "a VEP shows an existing field as new"),
    firm("vep-section", "a section of a VEP is missing or says nothing"),
    firm("vep-status", "a VEP says that it is not to be built now"),
    firm("vep-target", "a VEP targets no release"),
    firm("vep-test", "the testing section of a VEP names no case"),
    firm("vep-undeclared", "a VEP shows a field that nothing declares"),
    firm("vep-untested", "no test of a VEP mentions a goal or story"),
];
