//! Why tasks are left to people.

use std::fmt;

/// Why a task, or a part of one, is left to people.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ManualReason {
    /// It names no file, and no kind takes it without one.
    NoFile,
    /// It asks for `make generate` or `make bazel-generate`, which run by themselves.
    FollowUpStep,
    /// A path is a folder.
    Folder(String),
    /// A path is a pattern.
    Pattern(String),
    /// A path names no folder.
    NoFolder(String),
    /// The first folder of a path is not one of the checkout.
    NotInCheckout(String),
    /// A generated file: what writes it.
    Generated(String, &'static str),
    /// A BUILD.bazel, which follows from the Go files beside it.
    BuildFile(String),
    /// Neither Go nor Markdown.
    OtherLanguage(String),
    /// There is no feature gate to make.
    NoGate,
    /// There is no feature gate to test.
    NoGateToTest,
    /// The checkout keeps no states of feature gates.
    NoGateStates,
    /// An accessor with one answer is still asked for in these places, `path:line`.
    AccessorAsked {
        /// The accessor.
        accessor: String,
        /// Its answer.
        always: bool,
        /// The places.
        callers: Vec<String>,
    },
    /// The file of an API field is not there.
    NoApiFile(String),
    /// A task about an API file names no field, and speaks of more than the feature.
    NoField {
        /// The file.
        file: String,
        /// A word that no field is made of.
        word: String,
    },
    /// The file of an API field lacks the struct.
    NoStruct {
        /// The file.
        file: String,
        /// The struct.
        name: String,
    },
    /// The task asks for work that adds nothing: its verb.
    OtherWork(String),
    /// A line speaks of something and does not ask for it.
    NotAsked(super::NotAsked),
    /// The task asks for more than is done: the verb of the rest.
    AlsoAsks(String),
    /// The task names more than one new feature gate.
    SeveralGates(Vec<String>),
    /// The task adds another feature gate than the one that is made.
    SecondGate {
        /// The one that it adds.
        name: String,
        /// The one that is made.
        made: String,
    },
    /// The title names a feature gate that is there already.
    OtherGate {
        /// That gate.
        name: String,
        /// The one that would be made.
        made: String,
    },
    /// The title names more than one new state.
    SeveralStates,
    /// The task was dropped: how the file says so.
    Dropped(&'static str),
    /// Another task has what a file gets where nothing is named.
    NothingOfItsOwn {
        /// The file.
        file: String,
        /// What it gets: "field", "section".
        what: &'static str,
        /// The task that has it.
        first: String,
    },
    /// A page is there, and the task names no section for it.
    NoSection(String),
    /// What a line asks for cannot be written as code.
    Unwritable {
        /// The line of the tasks.md.
        line: usize,
        /// Why.
        why: String,
    },
    /// A line says more than what is written for it.
    Remains {
        /// The line of the tasks.md.
        line: usize,
        /// What is not done.
        why: String,
    },
    /// What the task asks for is not said exactly enough to be written: why, and the places where it belongs.
    Inexact {
        /// Why.
        why: String,
        /// The places, `path:line`.
        places: Vec<String>,
    },
    /// The checkout has nothing to make metrics with.
    NoMetrics,
    /// A method is not written: what is not certain about it.
    MethodByHand {
        /// The method.
        method: String,
        /// What it belongs to.
        of: String,
        /// Why.
        why: String,
    },
    /// The type that a method belongs to is not there.
    NoType {
        /// The method.
        method: String,
        /// The type.
        name: String,
        /// The folder that was looked into.
        folder: String,
        /// The nearest types, each with its place.
        near: Vec<String>,
    },
    /// The task names no function, and asks for something that a skeleton of one is not.
    NoFunction {
        /// The file.
        file: String,
        /// What it asks for.
        what: &'static str,
    },
    /// A function that the task asks for is there, and nothing calls it.
    NotCalled {
        /// The function.
        name: String,
        /// Why no call is made.
        why: String,
    },
    /// A call that a task asks for is not written: where it goes, the line as far as it is known, and what is not certain.
    CallByHand {
        /// `path:line`.
        place: String,
        /// The line.
        line: String,
        /// What is not certain.
        why: String,
    },
    /// A function is to be registered or started somewhere: more than a call, or something else.
    BroughtInByHand {
        /// The function.
        callee: String,
        /// `path:line`.
        place: String,
    },
    /// What is to call a function is not there, or not named.
    NoCaller {
        /// The function that is to be called.
        callee: String,
        /// What is to call it; empty if the task does not say.
        caller: String,
        /// The file or folder that was looked into.
        place: String,
        /// The nearest functions, each with its place.
        near: Vec<String>,
    },
    /// What is to call a function is there more than once.
    SeveralCallers {
        /// The function that is to be called.
        callee: String,
        /// What is to call it.
        caller: String,
        /// The places, `path:line`.
        places: Vec<String>,
    },
    /// The task names no function that is new to a file; places in it that the task speaks of.
    NothingNew {
        /// The file.
        file: String,
        /// The places.
        seams: Vec<String>,
    },
    /// The task changes something that nothing declares.
    NotThere {
        /// The file.
        file: String,
        /// The name.
        name: String,
        /// What may be meant, with its place.
        near: Option<String>,
    },
    /// The task changes code that is there: its spec is made, the change is not.
    Edit {
        /// The file.
        file: String,
        /// The places of the change.
        places: Vec<String>,
        /// The file with the spec.
        spec: String,
    },
}

impl ManualReason {
    /// What follows by itself, and is nobody's work.
    pub fn is_done_by_itself(&self) -> bool {
        matches!(self, Self::FollowUpStep | Self::BuildFile(_) | Self::Generated(..))
    }

    /// Whether it is about whatever the task says of code that is there.
    pub(crate) fn is_of_all(&self) -> bool {
        matches!(self, Self::Edit { .. } | Self::NothingNew { .. })
    }

    /// What the next run finds gone once somebody has done it: until then it is missing.
    pub fn is_seen(&self) -> bool {
        matches!(
            self,
            Self::AccessorAsked { .. }
                | Self::NoApiFile(_)
                | Self::NoStruct { .. }
                | Self::CallByHand { .. }
                | Self::NoCaller { .. }
                | Self::SeveralCallers { .. }
                | Self::NoType { .. }
                | Self::NotCalled { .. }
        )
    }
}

/// How many places are named one by one.
const SHOWN: usize = 8;

/// That a task asks for work that adds nothing.
pub(crate) fn other_work(verb: &str) -> String {
    match verb {
        "rename" => "the task asks to rename; only a function whose two names are stated is renamed".to_owned(),
        "replace" | "swap" => {
            format!("the task asks to {verb}; only code that is stated, the old and the new, is replaced")
        }
        _ => format!("the task asks to {verb}; scaffolds only add"),
    }
}

impl fmt::Display for ManualReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoFile => write!(f, "the task names no file"),
            Self::FollowUpStep => write!(f, "the steps that follow run it where it is needed"),
            Self::Folder(folder) => write!(f, "{folder}/ is a folder; the task names no file in it"),
            Self::Pattern(path) => write!(f, "`{path}` is a pattern, not one file"),
            Self::NoFolder(path) => write!(f, "`{path}` names no folder"),
            Self::NotInCheckout(folder) => write!(f, "{folder}/ is not a folder of this checkout"),
            Self::Generated(path, by) => write!(f, "{path} is generated: {by} writes it"),
            Self::BuildFile(path) => write!(f, "{path} is updated with the Go files beside it"),
            Self::OtherLanguage(path) => write!(f, "{path} is neither Go nor Markdown"),
            Self::NoGate => write!(f, "no feature gate is made"),
            Self::NoGateToTest => write!(f, "no feature gate is made, so there is nothing to test"),
            Self::NoGateStates => {
                write!(f, "this checkout registers no states of feature gates; only comments tell them")
            }
            Self::AccessorAsked { accessor, always, callers } => {
                let shown: Vec<&str> = callers.iter().take(SHOWN).map(String::as_str).collect();
                let more = callers.len().saturating_sub(SHOWN);
                let more = if more == 0 { String::new() } else { format!(" and {more} more") };
                write!(
                    f,
                    "{accessor}() is always {always} now: remove the question from {}{more}; the next run then removes the accessor",
                    shown.join(", ")
                )
            }
            Self::NoApiFile(path) => write!(f, "{path} does not exist; new API groups are made by hand"),
            Self::NoField { file, word } => {
                write!(f, "the task names no field, struct or constant for {file}; what is `{word}` in Go?")
            }
            Self::NoStruct { file, name } => write!(f, "{file} declares no struct {name}; the task names no other"),
            Self::OtherWork(verb) => f.write_str(&other_work(verb)),
            Self::NotAsked(part) => write!(f, "{part}"),
            Self::AlsoAsks(verb) => write!(f, "the task also asks to {verb}; that part is up to you"),
            Self::SeveralGates(names) => {
                write!(f, "the task names more than one feature gate: {}; one task adds one", names.join(", "))
            }
            Self::SecondGate { name, made } => {
                write!(
                    f,
                    "one run makes one feature gate, and this one makes {made}; for {name}, run it again with --gate {name}"
                )
            }
            Self::OtherGate { name, made } => {
                write!(f, "the task is about {name}, which already exists; {made} is the feature gate that is made")
            }
            Self::SeveralStates => write!(f, "the title names more than one new state; one task has one"),
            Self::Dropped(how) => write!(f, "the task is dropped: {how}"),
            Self::NothingOfItsOwn { file, what, first } => {
                write!(f, "the task names no {what} of its own; what {file} gets is that of {first}")
            }
            Self::NoSection(file) => write!(f, "{file} exists, and the task names no section for it"),
            Self::Unwritable { line, why } => write!(f, "line {line} asks for code that cannot be generated: {why}"),
            Self::Remains { line, why } => write!(f, "line {line} is not done as a whole: {why}"),
            Self::Inexact { why, places } if places.is_empty() => f.write_str(why),
            Self::Inexact { why, places } => write!(f, "{why}; see {}", places.join(", ")),
            Self::NoMetrics => {
                write!(f, "this checkout has no operatormetrics package: define the metric as its neighbours do")
            }
            Self::MethodByHand { method, of, why } => write!(f, "{method} of {of} is written by hand: {why}"),
            Self::NoType { method, name, folder, near } => {
                write!(f, "{method} is to be a method of {name}, which {folder} does not declare")?;
                if near.is_empty() { Ok(()) } else { write!(f, "; did you mean {}?", near.join(" or ")) }
            }
            Self::NoFunction { file, what } => {
                write!(f, "the task asks for {what} in {file}, and names no function; none is invented")
            }
            Self::NotCalled { name, why } => write!(f, "nothing calls {name} yet: {why}"),
            Self::CallByHand { place, line, why } => {
                write!(f, "the call goes to {place} by hand, as `{line}`: {why}")
            }
            Self::BroughtInByHand { callee, place } => {
                write!(f, "{callee} is added at {place} by hand: the task asks for more than a call")
            }
            Self::NoCaller { callee, caller, place, .. } if caller.is_empty() => {
                write!(f, "what calls {callee} is not named as a function of {place}")
            }
            Self::NoCaller { callee, caller, place, near } => {
                write!(f, "{callee} is to be called from {caller}, which {place} does not have")?;
                if near.is_empty() { Ok(()) } else { write!(f, "; did you mean {}?", near.join(" or ")) }
            }
            Self::SeveralCallers { callee, caller, places } => {
                write!(f, "{callee} is to be called from {caller}, which exists more than once: {}", places.join(", "))
            }
            Self::NothingNew { file, seams } if seams.is_empty() => {
                write!(f, "the task names no function that is new to {file}")
            }
            Self::NothingNew { file, seams } => {
                write!(f, "the task names no function that is new to {file}; see {}", seams.join(", "))
            }
            Self::NotThere { file, name, near: None } => write!(f, "{file} has no {name}, nor has its package"),
            Self::NotThere { file, name, near: Some(near) } => write!(f, "{file} has no {name}; is {near} meant?"),
            Self::Edit { file, places, spec } => {
                // A place without a file is one of the file that the task names.
                let file = Some(file).filter(|_| !places.iter().any(|place| place.contains(".go:")));
                let what: Vec<&str> = file.into_iter().chain(places).map(String::as_str).collect();
                let what = what.join(", ");
                write!(f, "change {what}; until that is done, the spec in {spec} fails")
            }
        }
    }
}
