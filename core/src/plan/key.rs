//! The keys of the lines below a task: `File:`, `Test:`, `Function:`.

use std::fmt;

/// What a line below a task says that it is. Spellings that people use for one thing are one key.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Key {
    /// The line has no key: prose.
    Prose,
    /// `File`, `Files`: where it goes.
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
    (Key::File, &["file", "files"]),
    (Key::Field, &["field", "fields"]),
    (Key::Struct, &["struct", "structs"]),
    (Key::Enum, &["enum", "enumeration"]),
    (Key::Function, &["function", "functions", "func", "method", "methods", "signature"]),
    (Key::Task, &["task"]),
    (Key::Logic, &["logic"]),
    (Key::Implementation, &["implementation"]),
    (Key::Integration, &["integration"]),
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
    (Key::Comment, &["comment"]),
    (Key::Markers, &["markers"]),
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
