//! The life of a feature gate after it was added: promoted, deprecated, discontinued.

use std::fmt;

use super::unit::{Builder, UnitKind};
use super::{Manual, Options};
use crate::diagnostic::Diagnostic;
use crate::name::nearest;
use crate::survey::{Gates, Survey};
use crate::task::{Task, TaskFile};
use crate::tree::{Kind, join};

/// The states that a gate can be brought into.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum GateState {
    /// Can be switched on.
    Alpha,
    /// Can be switched off.
    Beta,
    /// Always on.
    Ga,
    /// Will be discontinued.
    Deprecated,
    /// Gone; users who list it are told.
    Discontinued,
}

impl GateState {
    /// The Go constant, and the word in comments.
    pub fn name(self) -> &'static str {
        match self {
            Self::Alpha => "Alpha",
            Self::Beta => "Beta",
            Self::Ga => "GA",
            Self::Deprecated => "Deprecated",
            Self::Discontinued => "Discontinued",
        }
    }

    /// The state of a name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Alpha, Self::Beta, Self::Ga, Self::Deprecated, Self::Discontinued]
            .into_iter()
            .find(|state| state.name() == name)
    }

    /// Whether a gate in it belongs with the active ones.
    pub fn is_active(self) -> bool {
        matches!(self, Self::Alpha | Self::Beta)
    }

    /// Whether asking for the gate has one answer only.
    pub fn is_settled(self) -> bool {
        matches!(self, Self::Ga | Self::Discontinued)
    }
}

impl fmt::Display for GateState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A gate, and the state that it is brought into.
#[derive(Clone, Debug)]
pub struct GateStateUnit {
    /// The string that users write.
    pub gate: String,
    /// The Go constant.
    pub identifier: String,
    /// Its state afterwards.
    pub to: GateState,
    /// The release in which it is.
    pub release: Option<String>,
    /// What users are told who list it.
    pub message: Option<String>,
    /// The file that it stands in afterwards.
    pub file: String,
    /// The accessor that nobody needs any more.
    pub accessor: Option<String>,
}

/// The state that a task brings a gate into; nothing if it is about something else.
pub(super) fn target(task: &Task, survey: &Survey<'_>) -> Option<GateState> {
    let title = &task.title.text;
    let words: Vec<&str> = title.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let stated = task.details.iter().any(|detail| matches!(&*detail.key, "gate" | "feature gate"));
    // "Test the graduation of …", "Document that … was deprecated".
    let is_aside = |words: &[&str]| {
        let begins = |word: &str, stem: &str| word.to_lowercase().starts_with(stem);
        words.iter().any(|word| begins(word, "test") || begins(word, "document"))
    };
    if let Some((at, to)) = transition(title, &words) {
        return (!is_aside(&words[..at]) && (stated || is_about_gate(&words, survey))).then_some(to);
    }
    // "Make room, and deprecate X": a verb that is about something else does not hide the next one.
    words.iter().enumerate().find_map(|(at, word)| {
        let verb = Verb::of(word, at)?;
        let (before, after) = (&words[..at], &words[at + 1..]);
        if is_aside(before) {
            return None;
        }
        let state = match verb {
            Verb::Deprecate => GateState::Deprecated,
            Verb::Discontinue => GateState::Discontinued,
            Verb::Promote if at == 0 && word.eq_ignore_ascii_case("ga") => GateState::Ga,
            Verb::Promote => states(after).find(|state| *state <= GateState::Ga)?,
            Verb::Mark => states(after).next()?,
            Verb::Enable if is_aside(after) => return None,
            Verb::Enable => {
                let says = |two: &[&str]| two[0].eq_ignore_ascii_case("by") && two[1].eq_ignore_ascii_case("default");
                after.windows(2).any(says).then_some(GateState::Beta)?
            }
        };
        // "Deprecate the old field in favour of the feature gate X" is about the field.
        (stated || is_about_gate(&after[..after.len().min(NEAR)], survey)).then_some(state)
    })
}

/// "Alpha -> Beta" says what happens whatever the verb is: where it stands, and the state after the arrow.
fn transition(title: &str, words: &[&str]) -> Option<(usize, GateState)> {
    if !["->", "→", "=>"].iter().any(|arrow| title.contains(arrow)) {
        return None;
    }
    (1..words.len()).find_map(|at| {
        let is_state = words[at - 1].eq_ignore_ascii_case("alpha") || state(words, at - 1).is_some();
        Some((at - 1, state(words, at).filter(|_| is_state)?))
    })
}

/// What a task does to a gate.
#[derive(Clone, Copy)]
enum Verb {
    Promote,
    Deprecate,
    Discontinue,
    /// "Mark X as Deprecated", "Set X to Beta".
    Mark,
    /// "Enable X by default".
    Enable,
}

impl Verb {
    fn of(word: &str, at: usize) -> Option<Self> {
        let word = word.to_lowercase();
        let begins = |stem: &str| word.starts_with(stem);
        if begins("deprecat") {
            Some(Self::Deprecate)
        } else if begins("discontinu") {
            Some(Self::Discontinue)
        } else if matches!(word.as_str(), "mark" | "set" | "switch" | "make" | "change" | "transition" | "advance") {
            Some(Self::Mark)
        } else if word == "enable" {
            Some(Self::Enable)
        } else {
            let moves = matches!(word.as_str(), "move" | "moves" | "bump") || word == "ga" && at == 0;
            (begins("promot") || begins("graduat") || moves).then_some(Self::Promote)
        }
    }
}

/// The states that some words name, the last one first: of "from Beta to GA" that one counts.
fn states(words: &[&str]) -> impl Iterator<Item = GateState> {
    (0..words.len()).rev().filter_map(|at| state(words, at))
}

/// The state that a word names which a gate can be brought into.
fn state(words: &[&str], at: usize) -> Option<GateState> {
    match words[at].to_lowercase().as_str() {
        "beta" => Some(GateState::Beta),
        "ga" => Some(GateState::Ga),
        "availability" if at > 0 && words[at - 1].eq_ignore_ascii_case("general") => Some(GateState::Ga),
        "deprecated" => Some(GateState::Deprecated),
        "discontinued" => Some(GateState::Discontinued),
        _ => None,
    }
}

/// Whether some words are about a gate.
fn is_about_gate(near: &[&str], survey: &Survey<'_>) -> bool {
    let is_word = |word: &str, known: &[&str]| known.iter().any(|known| word.eq_ignore_ascii_case(known));
    let says = near.iter().any(|word| is_word(word, &["featuregate", "featuregates", "fg"]))
        || near.windows(2).any(|two| is_word(two[0], &["feature"]) && is_word(two[1], &["gate", "gates"]));
    says || survey.gates().is_ok_and(|gates| near.iter().any(|word| gates.constant(word).is_some()))
}

/// How many words may stand between a verb and what it is about, and that included.
const NEAR: usize = 5;

impl Builder<'_, '_> {
    /// The change of state that a task asks for.
    pub(super) fn gate_state(&mut self, index: usize) {
        let task = &self.plan.tasks[index];
        let span = self.file.tasks[task.index].span;
        let Some(to) = target(&self.file.tasks[task.index], self.survey) else { return };
        let gates = match self.survey.gates() {
            Ok(gates) => gates,
            Err(diagnostic) => {
                self.plan.diagnostics.push(diagnostic);
                return;
            }
        };
        if !gates.registers {
            self.manual(&[index], "this checkout registers no states of feature gates; only comments tell them");
            return;
        }
        let known = named(self.file, self.options, task, &gates);
        let (gate, identifier) = match known {
            Ok(known) => known,
            Err(wanted) => {
                let diagnostic = unknown(&wanted, &gates).at(&self.file.source, span);
                self.plan.diagnostics.push(diagnostic);
                return;
            }
        };
        let registered = gates.registration(&identifier);
        let from = registered.and_then(|(_, registration)| GateState::parse(&registration.state));
        if let Some(from) = from.filter(|from| *from > to) {
            let message = format!("{gate} is {from} already; it cannot become {to} any more");
            let diagnostic = Diagnostic::error("gate-state", message).at(&self.file.source, span);
            self.plan.diagnostics.push(diagnostic.help("take the task out, or name the gate that is meant"));
            return;
        }
        let task = &self.plan.tasks[index];
        let detail = |key: &'static str| task.details(&[key]).next().map(|text| text.trim_matches('`').to_owned());
        let release = self.options.release.clone().or_else(|| detail("release")).or_else(|| gates.release.clone());
        let release = release.filter(|release| super::gate_text::is_release(release));
        let file = if to.is_active() { gates.active.clone() } else { inactive(&gates) };
        let accessor = gates.accessor(&identifier).filter(|_| to.is_settled()).map(str::to_owned);
        let callers = accessor.as_deref().map(|accessor| callers(self.survey, accessor)).unwrap_or_default();
        if let (Some(accessor), false) = (&accessor, callers.is_empty()) {
            let always = if to == GateState::Ga { "true" } else { "false" };
            let shown = callers.iter().take(8).cloned().collect::<Vec<_>>().join(", ");
            let more = callers.len().saturating_sub(8);
            let more = if more == 0 { String::new() } else { format!(" and {more} more") };
            let reason = format!(
                "{accessor}() is always {always} now: take the question out of {shown}{more}, then the accessor goes with the next run"
            );
            self.plan.manual.push(Manual { task: index, reason });
        }
        let message = detail("message").or_else(|| {
            let word = to.name().to_lowercase();
            let since = release.as_deref().map(|release| format!(" since {release}")).unwrap_or_default();
            (!to.is_active() && to != GateState::Ga).then(|| format!("{gate} has been {word}{since}"))
        });
        let accessor = accessor.filter(|_| callers.is_empty());
        let unit = GateStateUnit { gate, identifier, to, release, message, file, accessor };
        self.push(UnitKind::GateState(unit), &[index]);
    }
}

/// The gate that a task names, or that its tasks.md is about; what was looked for, if it is not there.
fn named(
    file: &TaskFile,
    options: &Options,
    task: &super::PlannedTask,
    gates: &Gates,
) -> Result<(String, String), String> {
    let find = |name: &str| {
        let (file, identifier) = gates.constant(name)?;
        let (_, value) = file.constants.iter().find(|(known, _)| known == identifier)?;
        Some((value.clone(), identifier.to_owned()))
    };
    let stated = task.details(&["gate", "feature gate", "name"]).map(|text| text.trim().trim_matches('`').to_owned());
    let stated: Vec<String> = stated.collect();
    if let Some(first) = stated.first() {
        return stated.iter().find_map(|name| find(name)).ok_or_else(|| first.clone());
    }
    if let super::GateChoice::Named(name) = &options.gate {
        return find(name).ok_or_else(|| name.clone());
    }
    let words = task.title.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let coded = task.title.split('`').skip(1).step_by(2).next();
    if let Some(found) = words.into_iter().find_map(find) {
        return Ok(found);
    }
    let header = file.metadata("Feature Gate").map(|field| field.value.text.trim().trim_matches('`').to_owned());
    let feature = super::slug(file, options);
    let feature = crate::name::Name::parse(&feature).pascal();
    let wanted = coded.map(str::to_owned).or(header).unwrap_or(feature);
    find(&wanted).ok_or(wanted)
}

fn unknown(wanted: &str, gates: &Gates) -> Diagnostic {
    let names = gates.files.iter().flat_map(|file| file.constants.iter().map(|(_, value)| value.as_str()));
    let mut nearest = nearest(wanted, names);
    nearest.truncate(3);
    let help = match nearest.first() {
        None => "name it in the task: `- Gate: X`".to_owned(),
        Some(first) => format!("is {} meant? Name it in the task: `- Gate: {first}`", nearest.join(" or ")),
    };
    Diagnostic::error("gate-unknown", format!("this checkout has no feature gate `{wanted}`")).help(help)
}

/// The file of the gates that are no longer active.
fn inactive(gates: &Gates) -> String {
    let settled = |file: &&crate::survey::GateFile| {
        file.registered.iter().any(|known| GateState::parse(&known.state).is_some_and(|state| !state.is_active()))
    };
    let most = gates.files.iter().filter(|file| file.source.path() != gates.active);
    let most = most.filter(settled).max_by_key(|file| file.registered.len());
    most.map_or_else(|| gates.active.clone(), |file| file.source.path().to_owned())
}

/// Where an accessor is asked for, besides its own file: paths and lines.
fn callers(survey: &Survey<'_>, accessor: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut open: Vec<String> = ["cmd", "pkg", "tests", "tools"].map(str::to_owned).to_vec();
    while let Some(folder) = open.pop() {
        for name in survey.tree().list(&folder) {
            let path = join(&folder, &name);
            if name.ends_with(".go") {
                if path == crate::survey::ACCESSORS {
                    continue;
                }
                survey.tree().show(&path, &mut |text| {
                    let hits = memchr::memmem::find_iter(text.as_bytes(), accessor.as_bytes());
                    let whole = |at: &usize| {
                        let inside = |c: char| c.is_alphanumeric() || c == '_';
                        let after = text[at + accessor.len()..].chars().next();
                        !text[..*at].ends_with(inside) && !after.is_some_and(inside)
                    };
                    let lines = hits.filter(whole).map(|at| text[..at].matches('\n').count() + 1);
                    found.extend(lines.map(|line| format!("{path}:{line}")));
                });
            } else if survey.tree().kind(&path) == Some(Kind::Folder) {
                open.push(path);
            }
        }
    }
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::task::parse;
    use crate::text::Source;
    use crate::tree::MemoryTree;

    #[test]
    fn titles_tell_what_becomes_of_a_gate() {
        let tree = MemoryTree::new([
            ("go.mod", "module kubevirt.io/kubevirt\n"),
            ("staging/src/kubevirt.io/api/doc.go", "package api\n"),
            ("pkg/virt-config/feature-gates.go", "package virtconfig\n\nconst VMExportGate = \"VMExport\"\n"),
        ]);
        let survey = Survey::new(&tree).unwrap();
        let state = |title: &str| {
            let file = parse(&Source::new("tasks.md", format!("# Tasks: X\n\n- [ ] T001 {title}\n")));
            target(&file.tasks[0], &survey)
        };
        let cases = [
            ("Promote the `DiskMirroring` feature gate to Beta", Some(GateState::Beta)),
            ("Promote PanicDevices FG: Alpha -> Beta", Some(GateState::Beta)),
            ("config: Graduate NUMA featuregate to GA", Some(GateState::Ga)),
            ("Graduate VMExport from Beta to general availability", Some(GateState::Ga)),
            ("GA VMExport feature-gate", Some(GateState::Ga)),
            ("virt-config: Move VMExport FG to Beta after its tests", Some(GateState::Beta)),
            ("Deprecate VMExport", Some(GateState::Deprecated)),
            ("virt-config, fg: Discontinue VMExport", Some(GateState::Discontinued)),
            ("Promote something else to Beta", None),
            ("Graduate the VMExport feature gate", None),
            ("Test the graduation of the VMExport feature gate to GA", None),
            ("Deprecate the old field of the API in favour of the feature gate VMExport", None),
            ("Register the VMExport feature gate as Beta", None),
            ("Mark feature gate `VMExport` as Deprecated", Some(GateState::Deprecated)),
            ("Set the state of VMExport to Discontinued", Some(GateState::Discontinued)),
            ("Enable the `VMExport` feature gate by default", Some(GateState::Beta)),
            ("Enable the `VMExport` feature gate", None),
            ("Enable VMExport by default in all functional tests", None),
            ("VMExport feature gate: Alpha → Beta", Some(GateState::Beta)),
            ("Test VMExport: Beta -> GA", None),
            ("Make exports faster", None),
            ("Make room in the API and deprecate VMExport", Some(GateState::Deprecated)),
            ("Promote high availability of the VMExport feature gate", None),
            ("Set a VMI's beta field", None),
        ];
        for (title, expected) in cases {
            assert_eq!(state(title), expected, "{title}");
        }
    }
}
