//! The feature that the tasks are about, and its feature gate.

use super::gate_text::{
    called_gate, coded_gate, coded_gates, declared_gate, default_accessor, described, documented, identifier,
    is_release, owner, staged, titled_gate,
};
use super::gate_title::{
    beside_quoted, gate_below, keyed_constant, keyed_gate, leading_name, quoted_gate, said_accessor, said_comment,
    said_constant, said_owner,
};
use super::locate::stem;
use super::owner::{Guess, guessed, sig, stated_sig};
use super::reference::is_reference;
use super::{Assigned, Key, Options, PlannedTask, Role, TaskLine};
use crate::diagnostic::{Diagnostic, has_errors, is_invisible};
use crate::name::{Name, is_gate_name, is_go_identifier};
use crate::survey::{FEATURE_GATES, Stage, Survey};
use crate::task::{Spanned, Style, TaskFile};
use crate::text::{Span, unquoted};
use crate::tree::{file_name, parent};

/// The feature that a tasks.md is about.
#[derive(Clone, Debug)]
pub struct Feature {
    /// Its number, as written.
    pub id: Option<String>,
    /// Its name, for people.
    pub name: String,
    /// Its name, for files.
    pub slug: String,
    /// Its feature gate, if it has one.
    pub gate: Option<Gate>,
}

/// A feature gate.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Gate {
    /// The string that users write.
    pub name: String,
    /// The Go constant.
    pub identifier: String,
    /// The method of `ClusterConfig`.
    pub accessor: String,
    /// Its stage.
    pub stage: Stage,
    /// The release that it first appears in; nothing where gates do not say.
    pub release: Option<String>,
    /// Who owns it.
    pub owner: String,
    /// What it enables, as a sentence that begins with the identifier.
    pub description: String,
    /// Code that asks for it compiles: it is there, or this plan makes it.
    pub usable: bool,
}

/// What the user says about the feature gate.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum GateChoice {
    /// What the tasks say.
    #[default]
    Tasks,
    /// A gate of this name, whether or not a task asks for it.
    Named(String),
    /// No gate.
    None,
}

/// The feature's name for files, without deciding anything else.
pub fn slug(file: &TaskFile, options: &Options) -> String {
    let given = options.placeholders.get("feature").map(Name::parse);
    given.unwrap_or_else(|| Name::parse(&feature_name(file, options, &mut Vec::new()))).kebab()
}

/// The feature's name: `--set feature=…`, the header, or the title.
pub(crate) fn feature_name(file: &TaskFile, options: &Options, diagnostics: &mut Vec<Diagnostic>) -> String {
    let given = options.placeholders.get("feature");
    let header = file.metadata("Feature Name").or_else(|| file.metadata("Feature"));
    let spanned = header.map(|field| &field.value).or(file.title.as_ref());
    let (text, place) = match (spanned, given) {
        (Some(spanned), _) => (options.placeholders.resolve(&spanned.text, Style::Text), Some(spanned.span)),
        (None, Some(given)) => ((Name::parse(given).title(), Vec::new()), None),
        (None, None) => ((String::new(), Vec::new()), None),
    };
    let (text, missing) = text;
    let at = |diagnostic: Diagnostic| match place {
        // A value from the command line is shown where it was given.
        Some(span) if given.is_none_or(is_plain) => diagnostic.at(&file.source, span),
        _ => options.point_at(diagnostic, given.unwrap_or_default()),
    };
    if missing.iter().any(|missing| missing.key == "feature") {
        let diagnostic = Diagnostic::error("placeholder", "the feature has no name yet");
        diagnostics.push(at(diagnostic).help("pass --set feature=NAME, such as --set feature=guest-heartbeat"));
        return text;
    }
    let shown = given.filter(|given| !is_plain(given)).unwrap_or(&text);
    if !is_plain(shown) {
        let message = format!("the feature's name contains characters that no name may have: `{shown}`");
        let help = "names are made of letters, digits, spaces and - _ . , / & + : ( ); quotes, braces and control characters would end up in source code";
        diagnostics.push(at(Diagnostic::error("feature-name", message)).help(help));
    } else if text.is_empty() {
        let diagnostic = Diagnostic::error("feature-name", "the feature has no name").at(&file.source, Span::at(0));
        diagnostics.push(diagnostic.help("add a title, `# Tasks: NAME`, or a line `**Feature Name**: NAME`"));
    }
    text
}

/// Whether a name can be put into comments, strings and documents as it is.
fn is_plain(name: &str) -> bool {
    let apostrophe = |at: usize| {
        let letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
        letter(name[..at].chars().next_back()) && letter(name[at + 1..].chars().next())
    };
    name.char_indices().all(|(at, c)| {
        let punctuation = matches!(c, ' ' | '-' | '_' | '.' | ',' | '/' | '&' | '+' | ':' | '(' | ')' | '–' | '—');
        !is_invisible(c) && (c.is_alphanumeric() || punctuation || c == '\'' && apostrophe(at))
    })
}

/// The feature with its gate.
pub(crate) fn feature(
    name: String,
    file: &TaskFile,
    survey: &Survey<'_>,
    options: &Options,
    assigned: &[Assigned],
    tasks: &[PlannedTask],
    diagnostics: &mut Vec<Diagnostic>,
) -> Feature {
    let id = file.metadata("Feature ID").map(|field| options.placeholders.resolve(&field.value.text, Style::Text));
    let id = id.filter(|(_, missing)| missing.is_empty()).map(|(id, _)| id);
    let given = options.placeholders.get("feature").map(Name::parse);
    let slug = given.unwrap_or_else(|| Name::parse(&name)).kebab();
    let mut finder = GateFinder { file, survey, options, assigned, tasks, diagnostics };
    let gate = if name.is_empty() { None } else { finder.find(&name) };
    Feature { id, name, slug, gate }
}

struct GateFinder<'a, 't> {
    file: &'a TaskFile,
    survey: &'a Survey<'t>,
    options: &'a Options,
    assigned: &'a [Assigned],
    tasks: &'a [PlannedTask],
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl GateFinder<'_, '_> {
    fn find(&mut self, feature: &str) -> Option<Gate> {
        let has = |role: Role| self.tasks.iter().position(|task| task.role() == Some(role));
        // Which task would make it, selected or not.
        let maker = has(Role::Gate);
        let made = self.assigned.iter().any(|file| file.kind.role() == Role::Gate);
        let (name, made) = match &self.options.gate {
            GateChoice::None => {
                self.diagnostics.push(Diagnostic::note("gate-none", "no feature gate is made: --no-gate says so"));
                return None;
            }
            GateChoice::Named(name) => (name.clone(), true),
            GateChoice::Tasks => {
                let not_needed = self.file.gate_denial().cloned();
                if maker.is_none() {
                    // A gate that only changes its state is not made.
                    if has(Role::GateState).is_none() {
                        self.explain(not_needed);
                    }
                    return None;
                }
                if let Some(statement) = not_needed {
                    let message = "this says that no feature gate is needed, but a task registers one";
                    let warning =
                        Diagnostic::warning("gate-contradiction", message).at(&self.file.source, statement.span);
                    self.diagnostics.push(warning.help("the task is followed; pass --no-gate to follow this line"));
                }
                (self.name(feature, maker), made)
            }
        };
        if !is_gate_name(&name) {
            self.refuse(&name);
            return None;
        }
        self.gate(name, feature, maker, made)
    }

    /// Why there is no gate.
    fn explain(&mut self, not_needed: Option<Spanned>) {
        if has_errors(self.diagnostics) {
            return;
        }
        let source = &self.file.source;
        self.diagnostics.push(match not_needed {
            Some(statement) => {
                Diagnostic::note("gate-not-needed", "no feature gate is made: the tasks say that none is needed")
                    .at(source, statement.span)
                    .help("pass --gate NAME to make one anyway")
            }
            None => Diagnostic::note("gate-none", "no feature gate is made: no task asks for one")
                .help("pass --gate NAME to make one; new functionality needs one"),
        });
    }

    fn refuse(&mut self, name: &str) {
        let message = if is_go_identifier(name) {
            format!("`{name}` is not a name for a feature gate")
        } else {
            format!("`{name}` is not a Go identifier, so it cannot be a feature gate")
        };
        let suggestion = Name::parse(name).pascal();
        let help = if is_gate_name(&suggestion) {
            format!("feature gates are written like `{suggestion}`: pass --gate {suggestion}")
        } else {
            "feature gates are written like `GuestHeartbeat`: pass --gate NAME".to_owned()
        };
        let diagnostic = self.options.point_at(Diagnostic::error("gate-name", message), name).help(help);
        let header = self.file.metadata("Feature Name").map(|field| field.value.span);
        self.diagnostics.push(match (&self.options.gate, header) {
            (GateChoice::Tasks, Some(span)) => diagnostic.at(&self.file.source, span),
            _ => diagnostic,
        });
    }

    /// The gate's name, from the most explicit statement to the least.
    fn name(&self, feature: &str, maker: Option<usize>) -> String {
        let header = self.file.metadata("Feature Gate").and_then(|field| identifier(&field.value.text));
        let task = maker.map(|maker| &self.tasks[maker]);
        let written = task.and_then(|task| {
            let named = task.details(&[Key::Gate, Key::Name]).find_map(keyed_gate);
            let details = task.details.iter().filter(|line| !matches!(line.key, Key::Constant | Key::Accessor));
            let words = std::iter::once(task.title.as_str()).chain(details.map(|line| line.text.as_str()));
            let titled = || titled_gate(&task.title);
            let accessor = said_accessor(&task.title);
            let constant = words.clone().find_map(said_constant);
            let is_part = |name: &str| [&accessor, &constant].iter().any(|part| part.as_deref() == Some(name));
            let coded = || words.clone().flat_map(coded_gates);
            let declared_by = || constant.clone().filter(|name| coded().any(|coded| coded == name));
            // "The gate IOMMUFD, constant `IOMMUFDGate`"
            let short = || {
                let name = constant.as_ref()?.strip_suffix("Gate")?;
                let mut words = task.title.split(|c: char| !c.is_alphanumeric());
                words.any(|word| word == name).then(|| name.to_owned())
            };
            let called = || words.clone().find_map(called_gate);
            let declared = || words.clone().find_map(declared_gate).map(|(_, name)| name);
            named
                .or_else(declared)
                .or_else(|| quoted_gate(&task.title))
                .or_else(called)
                .or_else(|| coded().find(|name| !is_part(name)).map(str::to_owned))
                .or_else(titled)
                .or_else(short)
                .or_else(declared_by)
                .or_else(|| self.in_group(task))
                .or_else(|| leading_name(&task.title))
        });
        let documented = || self.options.documents.iter().find_map(documented).map(|(name, _)| name);
        // The file that the task names is called after the gate.
        let file = || {
            let task = &self.file.tasks[self.tasks[maker?].index];
            let paths = task.paths.iter().map(|path| self.options.placeholders.resolve(&path.text, Style::Path).0);
            let mut own = paths.filter(|path| parent(path) == FEATURE_GATES && path.ends_with(".go"));
            own.find(|path| !self.survey.exists(path) && file_name(path) != "active.go")
                .map(|path| stem(&path).pascal())
        };
        let from_feature = || Name::parse(feature).without_suffix(&["support"]).without_suffix(&["feature"]).pascal();
        header.or(written).or_else(documented).or_else(file).unwrap_or_else(from_feature)
    }

    /// "`HyperVLayered` feature gate implemented and functional".
    fn in_group(&self, task: &PlannedTask) -> Option<String> {
        let group = &self.file.groups[self.file.tasks[task.index].group?];
        let about = group.fields.iter().filter(|field| field.value.text.to_lowercase().contains("feature gate"));
        about.into_iter().find_map(|field| coded_gate(&field.value.text))
    }

    /// A Go name that the task states: `Constant:`, `Accessor:`.
    fn stated(&mut self, maker: Option<usize>, key: &str) -> Option<String> {
        let task = &self.file.tasks[self.tasks[maker?].index];
        let detail = task.details.iter().find(|detail| Key::parse(&detail.key) == Key::parse(key))?;
        let text = detail.text.text.trim();
        // "`X` in `x/y.go`"
        let coded = text.strip_prefix('`').and_then(|text| text.split_once('`')).map(|(name, _)| name);
        let name = coded.unwrap_or(text);
        let name = name.strip_suffix("()").filter(|name| is_gate_name(name)).unwrap_or(name);
        if is_gate_name(name) && is_go_identifier(name) {
            return Some(name.to_owned());
        }
        let refusal = Diagnostic::error("gate-name", format!("`{name}` is not an exported Go identifier"));
        let help =
            format!("the {key} is written like `GuestHeartbeat`, or follows from the gate's name if the line is gone");
        self.diagnostics.push(refusal.at(&self.file.source, detail.text.span).help(help));
        None
    }

    /// The constant of a gate that a line of its task declares.
    fn declared(&self, maker: Option<usize>, name: &str) -> Option<String> {
        let task = &self.tasks[maker?];
        let texts = std::iter::once(task.title.as_str()).chain(task.details.iter().map(|line| line.text.as_str()));
        texts.filter_map(declared_gate).find(|(_, declared)| declared == name).map(|(constant, _)| constant)
    }

    fn gate(&mut self, name: String, feature: &str, maker: Option<usize>, made: bool) -> Option<Gate> {
        let gates = match self.survey.gates() {
            Ok(gates) => gates,
            Err(diagnostic) => {
                self.diagnostics.push(diagnostic);
                return None;
            }
        };
        let known = gates.constant(&name).map(|(_, identifier)| identifier.to_owned());
        let identifier = known.clone().or_else(|| self.declared(maker, &name));
        let identifier = identifier.or_else(|| self.stated(maker, "constant"));
        let told = |read: fn(&str) -> Option<String>| maker.and_then(|maker| said_below(&self.tasks[maker], read));
        let keyed = || self.tasks[maker?].details(&[Key::Gate]).find_map(keyed_constant);
        let identifier = identifier
            .or_else(|| told(said_constant))
            .or_else(keyed)
            .or_else(|| beside_quoted(&self.tasks[maker?].title));
        let identifier = identifier.unwrap_or_else(|| name.clone());
        let accessor = gates.accessor(&identifier).map(str::to_owned);
        let is_there = known.is_some() && accessor.is_some() && gates.is_registered(&identifier);
        let accessor = accessor.or_else(|| self.stated(maker, "accessor"));
        let title = maker.map(|maker| self.tasks[maker].whole_title());
        let title = title.as_deref();
        let accessor = accessor.or_else(|| said_accessor(title?)).unwrap_or_else(|| default_accessor(&name));
        let detail = |key: Key| {
            let task = &self.tasks[maker?];
            task.details(&[key]).next().map(|text| text.trim_matches('`').to_owned())
        };
        let (said, since) = maker.map(|maker| first_stage(&self.tasks[maker])).unwrap_or_default();
        let stage = self.options.stage.or(said).unwrap_or(Stage::Alpha);
        let release = self.options.release.clone().or_else(|| detail(Key::Release)).or(since).or(gates.release.clone());
        // Before gates were registered, hardly any said since when it is there.
        let silent = release.is_none() && !gates.registers;
        let release = release.filter(|release| is_release(release));
        if release.is_none() && !silent {
            let diagnostic = Diagnostic::error("release", "the release that the gate first appears in is not known");
            let task = maker.map(|maker| self.file.tasks[self.tasks[maker].index].span);
            let diagnostic = match (&self.options.release, task) {
                (None, Some(span)) => diagnostic.at(&self.file.source, span),
                (given, _) => self.options.point_at(diagnostic, given.as_deref().unwrap_or_default()),
            };
            self.diagnostics.push(diagnostic.help("pass --release vX.Y.0, such as --release v1.10.0"));
            return None;
        }
        let owner = self.options.owner.clone().or_else(|| Some(owner(&detail(Key::Owner)?).to_owned()));
        let owner = owner.or_else(|| said_owner(title?));
        let owner = owner.or_else(|| self.file.metadata("Owner").map(|field| field.value.text.clone()));
        let owner = owner.or_else(|| stated_sig(self.tasks)).unwrap_or_else(|| {
            let Guess { sig, tied } = sig(self.assigned);
            // Of a gate that is there, the owner is not written.
            if tied.len() > 1 || tied.is_empty() && made && known.is_none() && !silent {
                self.diagnostics.push(guessed(sig, &tied));
            }
            sig.to_owned()
        });
        let commented = || comment_line(&self.tasks[maker?]).map(|line| unquoted(&line.text).to_owned());
        let description = detail(Key::Description).or_else(|| told(said_comment)).or_else(commented).map_or_else(
            || {
                let feature = if is_reference(feature) { Name::parse(&name).title() } else { feature.to_owned() };
                format!("{identifier} enables the {feature} feature.")
            },
            |text| {
                let text = described(&identifier, &name, &text);
                // One sentence stays as it is stated.
                let is_open = text.contains(". ") && text.ends_with(|c: char| c.is_alphanumeric() || c == ')');
                if is_open { text + "." } else { text }
            },
        );
        Some(Gate { name, identifier, accessor, stage, release, owner, description, usable: made || is_there })
    }
}

/// What the title of a task, or a sentence below it, says of its gate.
fn said_below(task: &PlannedTask, read: fn(&str) -> Option<String>) -> Option<String> {
    let below = task.details(&[Key::Prose, Key::Task, Key::Comment, Key::Gate]).find_map(read);
    read(&task.whole_title()).or(below)
}

/// The line that says what the gate of a task is for, where that is all the task asks for.
fn comment_line(task: &PlannedTask) -> Option<&TaskLine> {
    let is_comment = |line: &&TaskLine| {
        line.key == Key::Comment
            || ["purpose", "godoc", "doc"].iter().any(|key| line.key == Key::Other((*key).to_owned()))
    };
    let others = task.details(&[Key::Field, Key::Struct, Key::Enum, Key::Metric]).next().is_some();
    task.details.iter().find(is_comment).filter(|_| !others)
}

/// The gate that a task itself names as the one which it adds.
pub(crate) fn stated_gate(task: &PlannedTask) -> Option<String> {
    let named = task.details(&[Key::Gate, Key::Name]).find_map(keyed_gate);
    let titled = || called_gate(&task.title).or_else(|| titled_gate(&task.title));
    named.or_else(titled).or_else(|| gate_below(task).map(|(_, gate)| gate))
}

/// The lines of a task that declare a gate, or say since when it is at a stage.
pub(crate) fn gate_lines(task: &PlannedTask, gate: &Gate) -> Vec<usize> {
    let stage = Key::Other(gate.stage.name().to_lowercase());
    let says = |line: &&TaskLine| {
        line.key == stage && gate.release.as_deref() == Some(line.text.trim_matches('`'))
            || declared_gate(&line.text)
                .is_some_and(|(constant, name)| constant == gate.identifier && name == gate.name)
    };
    let comment = comment_line(task).map(|line| line.line);
    let below =
        gate_below(task).filter(|(_, name)| *name == gate.name).map(|(line, _)| line).into_iter().chain(comment);
    task.details.iter().filter(says).map(|line| line.line).chain(below).collect()
}

/// The stage that a task gives a new gate, and the release of it: its own lines say it before its title does.
fn first_stage(task: &PlannedTask) -> (Option<Stage>, Option<String>) {
    let own = task.details(&[Key::Stage]).chain(task.details(&[Key::Owner]));
    let begins = |text: &&str| staged(text.split_whitespace().next().unwrap_or_default()).0.is_some();
    let prose = task.details(&[Key::Prose, Key::Task]);
    let prose = prose.filter(|text| begins(text) || declared_gate(text).is_some());
    // "Alpha: v1.10.0"
    let keyed = [Stage::Alpha, Stage::Beta].into_iter().find_map(|stage| {
        let key = Key::Other(stage.name().to_lowercase());
        let mut lines = task.details.iter().filter(|line| line.key == key);
        lines.find(|line| is_release(line.text.trim_matches('`'))).map(|line| (stage, line.text.trim_matches('`')))
    });
    if let Some((stage, release)) = keyed {
        return (Some(stage), Some(release.to_owned()));
    }
    let texts: Vec<&str> = own.chain(prose).chain([task.title.as_str()]).collect();
    let found: Vec<_> = texts.into_iter().map(staged).filter(|(stage, _)| stage.is_some()).collect();
    let stage = found.first().and_then(|(stage, _)| *stage);
    let release = found.into_iter().find_map(|(own, release)| release.filter(|_| own == stage));
    (stage, release)
}
