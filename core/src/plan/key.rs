//! The keys of the lines below a task: `File:`, `Test:`, `Function:`.

use std::fmt;

use crate::go::FunctionHead;
use crate::name::is_go_identifier;

/// What a line below a task says that it is. Spellings that people use for one thing are one key.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Key {
    /// The line has no key: prose.
    Prose,
    /// `File`, `Files`, `In`: where it goes.
    File,
    /// `Field`, `Fields`: a field of the API.
    Field,
    /// `Struct`: a struct of the API, or the one that gets a field.
    Struct,
    /// `Enum`: a type of strings with its values.
    Enum,
    /// `Function`, `Func`, `Method`, `Signature`: a function to be written.
    Function,
    /// `Task`: what is to be done.
    Task,
    /// `Logic`: how.
    Logic,
    /// `Implementation`: how.
    Implementation,
    /// `Integration`: what calls it.
    Integration,
    /// `Location`: where in a file.
    Location,
    /// `Validation`: what is to be validated.
    Validation,
    /// `Test`, `Tests`: the text of a spec.
    Test,
    /// `Test: none`, `Test: TBD`: a line for the text of a spec that has none.
    NoTest,
    /// `Verify`: the text of a spec.
    Verify,
    /// `Scenario`: the text of a spec.
    Scenario,
    /// `Content`, `Section`: headings of a document.
    Content,
    /// `Gate`, `Feature Gate`: the name of a feature gate.
    Gate,
    /// `Name`: of a feature gate or a metric.
    Name,
    /// `Constant`: the feature gate's Go constant.
    Constant,
    /// `Accessor`: the feature gate's method of `ClusterConfig`.
    Accessor,
    /// `Owner`: who owns the feature gate.
    Owner,
    /// `Release`, `Version`: in which the feature gate reaches its stage.
    Release,
    /// `Description`: a sentence about the feature gate or the metric.
    Description,
    /// `Configuration`, `State`, `Stage`: of a feature gate.
    Stage,
    /// `Message`: for users who list a feature gate that is no longer active.
    Message,
    /// `Metric`: its name.
    Metric,
    /// `Labels`: of a metric.
    Labels,
    /// `Help`: what a metric measures.
    Help,
    /// `Constants`, `Type`, `Types`: a set of constants.
    Constants,
    /// `Command`: a make target.
    Command,
    /// `Comment`: what stands above something in Go.
    Comment,
    /// `Markers`: the markers and the tag of a field.
    Markers,
    /// `Pattern`: where to look for an example.
    Pattern,
    /// Anything else, in lower case.
    Other(String),
}

/// Each key, and the spellings of it in lower case; the first one is its name.
const SPELLINGS: &[(Key, &[&str])] = &[
    (Key::Prose, &[""]),
    (Key::File, &["file", "files", "in", "into"]),
    (Key::Field, &["field", "fields", "new field", "new fields"]),
    (Key::Struct, &["struct", "structs", "new struct", "new structs"]),
    (Key::Enum, &["enum", "enumeration", "new enum"]),
    (Key::Function, &["function", "functions", "func", "method", "methods", "signature"]),
    (Key::Task, &["task"]),
    (Key::Logic, &["logic"]),
    (Key::Implementation, &["implementation"]),
    (
        Key::Integration,
        &[
            "integration",
            "caller",
            "callers",
            "called",
            "called by",
            "called from",
            "called in",
            "invoked",
            "invoked by",
            "invoked from",
            "invocation",
            "call site",
            "call sites",
            "callsite",
            "call from",
            "call it from",
            "call",
            "wire",
            "wired",
            "wired into",
            "wire into",
            "wiring",
            "registration",
            "registered in",
            "registered by",
            "hook",
            "hook into",
            "hooked into",
            "integration point",
            "integration points",
            "used by",
            "used in",
            "used from",
            "consumer",
            "consumers",
            "triggered by",
            "executed by",
            "executed in",
            "run by",
            "run in",
        ],
    ),
    (Key::Location, &["location"]),
    (Key::Validation, &["validation"]),
    (Key::Test, &["test", "tests", "test case", "test cases", "cases", "specs", "new specs", "new tests"]),
    (Key::Verify, &["verify"]),
    (Key::Scenario, &["scenario"]),
    (Key::Content, &["content", "contents", "section", "sections"]),
    (Key::Gate, &["gate", "feature gate"]),
    (Key::Name, &["name"]),
    (Key::Constant, &["constant", "const", "new constant", "go constant", "go const", "constant name", "go name"]),
    (Key::Accessor, &["accessor"]),
    (Key::Owner, &["owner"]),
    (Key::Release, &["release", "version"]),
    (Key::Description, &["description"]),
    (Key::Stage, &["configuration", "state", "stage"]),
    (Key::Message, &["message"]),
    (Key::Metric, &["metric", "metrics"]),
    (Key::Labels, &["labels", "label"]),
    (Key::Help, &["help"]),
    (Key::Constants, &["constants", "consts", "types", "type", "new constants"]),
    (Key::Command, &["command", "commands"]),
    (Key::Comment, &["comment"]),
    (Key::Markers, &["markers"]),
    (Key::Pattern, &["pattern"]),
];

/// Keys of functions where a head stands behind them; else they may say anything.
const NEW_FUNCTIONS: &[&str] = &[
    "helper",
    "helpers",
    "helper function",
    "constructor",
    "new function",
    "new functions",
    "new func",
    "new method",
    "new methods",
    "new helper",
    "new helpers",
    "handler",
    "validator",
    "accessor",
    "accessors",
];

/// Keys of what is checked, in words or by a function whose head stands behind them.
const CHECKS: &[&str] = &["check", "checks", "new check", "validation", "guard"];

/// Keys that are about the work and not about code or documents, and who reads them.
const ABOUT_THE_WORK: &[(&str, &str)] = &[
    ("depends", "the order of the tasks: `graph` and `check` read it"),
    ("depends on", "the order of the tasks: `graph` and `check` read it"),
    ("dependencies", "the order of the tasks: `graph` and `check` read it"),
    ("dependency", "the order of the tasks: `graph` and `check` read it"),
    ("blocked by", "the order of the tasks: `graph` and `check` read it"),
    ("blocks", "the order of the tasks: `graph` and `check` read it"),
    ("parallel", "the order of the tasks: `graph` and `check` read it"),
    ("functions of", "the lines below it name the functions"),
    ("part of a head", "a part of the head of the function above it"),
    ("method of the interface", "the line above it declares the interface"),
    ("priority", "about the work, not about what is made"),
    ("estimate", "about the work, not about what is made"),
    ("effort", "about the work, not about what is made"),
    ("assignee", "about the work, not about what is made"),
    ("status", "about the work, not about what is made"),
    ("review", "what reviewers look at"),
    ("question", "what is open: `tasks` reads its answer"),
    ("source", "where the task comes from"),
    ("requirement", "where the task comes from"),
    ("requirements", "where the task comes from"),
    ("reference", "where the task comes from"),
    ("references", "where the task comes from"),
    (RUN, "a command to run, which is no spec"),
];

/// The key of a `Verify:` or a `Test:` that is a command.
const RUN: &str = "command to run";

impl Key {
    /// The key that a word in lower case means.
    pub fn parse(word: &str) -> Self {
        let known = SPELLINGS.iter().find(|(_, spellings)| spellings.contains(&word));
        known.map_or_else(|| Self::Other(word.to_owned()), |(key, _)| key.clone())
    }

    /// The key of an item that begins with a word for what stands behind it in backticks, without a colon, and the text
    /// behind the word: "new field `mode string` in `Clock`", "method `stop()` on `*Clock`".
    pub(crate) fn noted(text: &str) -> Option<(Self, &str)> {
        const SAYS: &[&str] = &["is", "are", "was", "must", "should", "gets", "has", "can", "may", "no", "stays"];
        let mut rest = text;
        let mut word = "";
        while !rest.starts_with('`') {
            (word, rest) = rest.split_once(' ')?;
            let is_before =
                ["a", "an", "new", "the", "unexported", "exported", "optional"].contains(&&*word.to_lowercase());
            if !is_before && !rest.starts_with('`') {
                return None;
            }
        }
        let (code, behind) = rest.strip_prefix('`')?.split_once('`')?;
        let key = match &*word.to_lowercase() {
            "field" | "fields" if code.contains(' ') => Self::Field,
            "func" | "funcs" | "function" | "functions" | "method" | "methods" | "constructor" | "helper"
                if code.contains('(') =>
            {
                Self::Function
            }
            _ => return None,
        };
        // What is said of something that is there names nothing new.
        let next = behind.split_whitespace().next().unwrap_or_default();
        (!SAYS.contains(&next)).then_some((key, rest))
    }

    /// The key of a line with its text: a `Test:` without a test is none.
    pub(crate) fn of(word: &str, text: &str) -> Self {
        let key = Self::parse(word);
        if matches!(key, Self::Test | Self::Verify | Self::Scenario) && names_no_test(text) {
            Self::NoTest
        } else if matches!(word, "type" | "types") && declares_fields(text) {
            Self::Struct
        } else if matches!(key, Self::Test | Self::Verify) && is_command(text) {
            Self::Other(RUN.to_owned())
        } else if NEW_FUNCTIONS.contains(&word) && text.trim_start().starts_with('`') && text.contains('(')
            || CHECKS.contains(&word) && begins_with_head(text)
        {
            Self::Function
        } else if says_caller(word) {
            Self::Integration
        } else {
            key
        }
    }

    /// Whether a line with this key asks for something to be made.
    pub(crate) fn is_demand(&self) -> bool {
        matches!(
            self,
            Self::Function
                | Self::Field
                | Self::Struct
                | Self::Enum
                | Self::Task
                | Self::Logic
                | Self::Implementation
                | Self::Integration
                | Self::Validation
                | Self::Test
                | Self::NoTest
                | Self::Verify
                | Self::Scenario
                | Self::Content
                | Self::Metric
                | Self::Constants
        )
    }

    /// Why no kind of scaffold reads a line with this key, where that is as it should be.
    pub(crate) fn ignored(&self) -> Option<&'static str> {
        match self {
            Self::Pattern => Some("an example to look at"),
            Self::Other(word) => ABOUT_THE_WORK.iter().find(|(known, _)| known == word).map(|(_, why)| *why),
            _ => None,
        }
    }
}

/// Whether a text begins with the head of a function that says what it is given.
fn begins_with_head(text: &str) -> bool {
    let code = text.trim_start().strip_prefix('`').and_then(|rest| rest.split_once('`')).map(|(code, _)| code);
    code.and_then(|code| FunctionHead::parse(code).ok())
        .is_some_and(|head| head.parameters.iter().any(|one| !one.names.is_empty()))
}

/// Whether a key says in words of its own who calls the function: "runs as the last check of", "called at the end of".
pub(crate) fn says_caller(word: &str) -> bool {
    const BEGINS: &[&str] = &["call", "called", "invoked", "run", "runs", "executed", "hooked"];
    const PLACES: &[&str] = &["as", "at", "last", "first", "early", "right"];
    const ENDS: &[&str] = &["of", "in", "by", "from"];
    let words: Vec<&str> = word.split(' ').collect();
    matches!(words.as_slice(), [first, second, .., last] if words.len() > 2
        && BEGINS.contains(first) && PLACES.contains(second) && ENDS.contains(last))
}

/// Whether a text is a name with fields: "`clock` with `zone string` and `drift int`".
fn declares_fields(text: &str) -> bool {
    let mut codes = text.split('`').skip(1);
    let (name, between, field) = (codes.next(), codes.next(), codes.next());
    let is_name = name.is_some_and(is_go_identifier);
    let joins =
        between.is_some_and(|words| matches!(words.trim(), "with" | "with fields" | "with the fields" | "struct with"));
    is_name && joins && field.is_some_and(|field| field.contains(' '))
}

/// Whether the text of a `Test:` line says that there is no test, or not yet, or somewhere else.
fn names_no_test(text: &str) -> bool {
    /// The whole text, or all of it up to a mark.
    #[rustfmt::skip]
    const WHOLE: &[&str] = &[
        "", "none", "no", "nil", "na", "n/a", "tbd", "tba", "todo", "wip", "later", "manual", "manually", "by hand",
        "skip", "skipped", "pending", "unknown", "nothing", "not applicable", "untested", "not tested", "optional",
        "as above", "see above", "see below", "same as above", "yes", "ditto", "existing", "tbc", "deferred",
        "exempt",
    ];
    /// What it begins with.
    #[rustfmt::skip]
    const STARTS: &[&str] = &[
        "tbd ", "tba ", "todo ", "see ", "covered by ", "covered in ", "no test", "no new test",
        "no additional test", "no extra test", "no further test", "no unit test", "no functional test", "no spec",
        "no need", "none needed", "none required", "none necessary", "none yet", "none for ", "not needed",
        "not required", "not necessary", "not yet", "not applicable", "no automated", "existing test",
        "existing spec", "the existing tests", "existing coverage", "manual test", "manual verification",
        "manual check", "manual qa", "manually test", "manually verif", "manually check", "tested manually",
        "verified manually", "tested by hand", "to be ", "same as ", "will be ", "needs clarification",
        "tests are not ", "tests exist", "already covered", "already tested", "left to ", "out of scope",
        "cannot be tested", "can't be tested", "as in ", "follow-up", "nothing to test",
    ];
    let lower = text.to_lowercase();
    if lower.contains("[needs clarification") {
        return true;
    }
    let plain = lower.trim_matches(|c: char| !c.is_alphanumeric());
    let end = plain.find([',', ';', ':', '.', '(', '–', '—']).or_else(|| plain.find(" - ")).unwrap_or(plain.len());
    WHOLE.contains(&plain[..end].trim()) || STARTS.iter().any(|start| plain.starts_with(start))
}

/// Whether the text of a `Verify:` or `Test:` line is a command, and nothing that a spec could check.
fn is_command(text: &str) -> bool {
    /// Programs that build and check: what stands behind one says that it passes.
    const CHECKS: &[&str] = &["go", "make", "bazel", "bazelisk", "ginkgo", "gofmt", "golangci-lint", "git", "dlv"];
    /// Programs that a spec may be about.
    const CLIENTS: &[&str] = &["kubectl", "virtctl", "oc", "virsh"];
    const GO: &[&str] = &["test", "vet", "build", "run", "generate"];
    let text = text.trim().trim_end_matches('.');
    let lower = text.to_lowercase();
    let text =
        ["run ", "running "].iter().find(|lead| lower.starts_with(**lead)).map_or(text, |lead| &text[lead.len()..]);
    let code = text.strip_prefix('`').and_then(|rest| rest.split_once('`'));
    let mut words = code.map_or(text, |(code, _)| code).split_whitespace().skip_while(|word| word.contains('='));
    let first = words.next().unwrap_or_default();
    let is_script = first.ends_with(".sh") && first.contains('/');
    match code {
        Some((_, rest)) => is_script || CHECKS.contains(&first) || CLIENTS.contains(&first) && rest.trim().is_empty(),
        // "make sure …" is a spec.
        None => match (first, words.next()) {
            ("go", Some(verb)) => GO.contains(&verb),
            ("make", Some(_)) => words.next().is_none(),
            _ => is_script,
        },
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named = SPELLINGS.iter().find(|(key, _)| key == self).and_then(|(_, spellings)| spellings.first());
        f.write_str(match self {
            Self::Other(word) => word,
            _ => named.copied().unwrap_or_default(),
        })
    }
}

#[cfg(test)]
#[path = "key_tests.rs"]
mod tests;
