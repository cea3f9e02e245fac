//! The keys of the lines below a task: `File:`, `Test:`, `Function:`.

use std::fmt;

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
    /// `Pattern`: where to look for an example.
    Pattern,
    /// Anything else, in lower case.
    Other(String),
}

/// Each key, and the spellings of it in lower case; the first one is its name.
const SPELLINGS: &[(Key, &[&str])] = &[
    (Key::Prose, &[""]),
    (Key::File, &["file", "files", "in", "into"]),
    (Key::Field, &["field", "fields"]),
    (Key::Struct, &["struct", "structs"]),
    (Key::Enum, &["enum", "enumeration"]),
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
    (Key::Test, &["test", "tests"]),
    (Key::Verify, &["verify"]),
    (Key::Scenario, &["scenario"]),
    (Key::Content, &["content", "contents", "section", "sections"]),
    (Key::Gate, &["gate", "feature gate"]),
    (Key::Name, &["name"]),
    (Key::Constant, &["constant"]),
    (Key::Accessor, &["accessor"]),
    (Key::Owner, &["owner"]),
    (Key::Release, &["release", "version"]),
    (Key::Description, &["description"]),
    (Key::Stage, &["configuration", "state", "stage"]),
    (Key::Message, &["message"]),
    (Key::Metric, &["metric", "metrics"]),
    (Key::Labels, &["labels", "label"]),
    (Key::Help, &["help"]),
    (Key::Constants, &["constants", "types", "type"]),
    (Key::Command, &["command", "commands"]),
    (Key::Pattern, &["pattern"]),
];

/// Keys that are about the work and not about code or documents, and who reads them.
const ABOUT_THE_WORK: &[(&str, &str)] = &[
    ("depends", "the order of the tasks: `graph` and `check` read it"),
    ("depends on", "the order of the tasks: `graph` and `check` read it"),
    ("dependencies", "the order of the tasks: `graph` and `check` read it"),
    ("dependency", "the order of the tasks: `graph` and `check` read it"),
    ("blocked by", "the order of the tasks: `graph` and `check` read it"),
    ("blocks", "the order of the tasks: `graph` and `check` read it"),
    ("parallel", "the order of the tasks: `graph` and `check` read it"),
    ("priority", "about the work, not about what is made"),
    ("estimate", "about the work, not about what is made"),
    ("effort", "about the work, not about what is made"),
    ("assignee", "about the work, not about what is made"),
    ("status", "about the work, not about what is made"),
    ("source", "where the task comes from"),
    ("requirement", "where the task comes from"),
    ("requirements", "where the task comes from"),
    ("reference", "where the task comes from"),
    ("references", "where the task comes from"),
];

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
        let code = rest.strip_prefix('`')?.split('`').next()?;
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
        let behind = rest[code.len() + 2..].split_whitespace().next().unwrap_or_default();
        (!SAYS.contains(&behind)).then_some((key, rest))
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
mod tests {
    use super::*;

    #[test]
    fn a_word_before_code_is_a_key() {
        for (text, key) in [
            ("field `mode string` in `Clock`", Some(Key::Field)),
            ("new fields `mode string` and `on bool` in `Clock`", Some(Key::Field)),
            ("func `stop(now bool) error`", Some(Key::Function)),
            ("a new method `stop()` on `*Clock`", Some(Key::Function)),
            ("field `mode` in `Clock`", None),
            ("field `mode string` is renamed", None),
            ("`stop()` is called", None),
            ("the caller of method `stop()`", None),
        ] {
            assert_eq!(Key::noted(text).map(|(key, _)| key), key, "{text}");
        }
    }
}
