//! Another state of a feature gate: promoted, deprecated, discontinued. Its comment, its registration, and the
//! file that both stand in.

mod title;

use serde::Serialize;

use crate::diagnostic::Diagnostic;
use crate::go::{Constant, FuncName, Target, TokenKind, string};
use crate::name::{Name, nearest};
use crate::pending::{PendingFiles, Refusal};
use crate::plan::{
    Assigned, Candidate, Claimed, GateChoice, Key, Kind, ManualReason, Named, Options, PlannedTask, Planner, Role, Row,
    Unit, Use, is_release, slug,
};
use crate::repo_path::RepoPath;
use crate::survey::{ACCESSORS, FEATURE_GATES, GateFile, Gates, Registration, Stage, Survey, registrations};
use crate::task::TaskFile;
use crate::template::{Context, Template, Text};
use crate::text::{Span, TextEdit, code_spans};
use crate::tree::{Kind as TreeKind, join, parent};
use title::target;

#[derive(Debug)]
pub(super) struct GateStateKind;

#[derive(Serialize, Context, Template, Debug)]
#[template("scaffolds/feature-gate-state/edit/pkg/virt-config/featuregate/inactive.go/constant.hbs")]
struct Moved {
    comment: Vec<String>,
    constant: String,
}

#[derive(Serialize, Context, Template, Debug)]
#[template("scaffolds/feature-gate-state/edit/pkg/virt-config/featuregate/inactive.go/init.hbs")]
struct Registered {
    identifier: String,
    state: String,
    message: Option<String>,
}

/// A gate, and the state that it is brought into.
#[derive(Debug)]
struct Facts {
    /// The Go constant.
    identifier: String,
    /// Its state afterwards.
    to: Stage,
    /// The release in which it is.
    release: Option<String>,
    /// What users are told who list it.
    message: Option<String>,
    /// The file that it stands in now.
    from: RepoPath,
    /// The file that it stands in afterwards.
    file: RepoPath,
    /// It is in that state already.
    is_there: bool,
    /// The file with the gates that are on for all functional tests, and how it names the gates' package, where
    /// switching the gate on has become pointless.
    suite: Option<(RepoPath, String)>,
    /// The file of the accessors, and the one that nobody needs any more.
    accessor: Option<(RepoPath, String)>,
}

/// The file with the gates that are on for all functional tests.
const SUITE_GATES: &str = "tests/testsuite/kubevirtresource.go";

const INIT: FuncName<'static> = FuncName { receiver: None, name: "init" };

impl Kind for GateStateKind {
    fn name(&self) -> &'static str {
        "feature-gate-state"
    }

    fn role(&self) -> Role {
        Role::GateState
    }

    fn row(&self) -> Row {
        Row {
            names: "promoting, deprecating or discontinuing a feature gate",
            makes: "its comment, registration and file, updated for the new state",
        }
    }

    fn templates(&self) -> &'static [Text] {
        &[Moved::FILE, Registered::FILE]
    }

    /// The task as a whole; the gate's own files go with its state.
    fn claim(&self, task: &Candidate<'_, '_>, named: &Named<'_>) -> Option<Claimed> {
        let own = match named {
            Named::Task => true,
            Named::Nothing => false,
            Named::Folder(folder) => *folder == FEATURE_GATES,
            Named::File { place, .. } => {
                place.path == ACCESSORS || parent(&place.path) == FEATURE_GATES && !place.path.ends_with("_test.go")
            }
        };
        (own && target(task.task, task.survey).is_some()).then_some(Claimed::Task)
    }

    /// Its own verbs move a gate.
    fn refuses(&self, task: &Candidate<'_, '_>) -> Option<ManualReason> {
        title::has_several_states(task.task, task.survey).then_some(ManualReason::SeveralStates)
    }

    fn plan(&self, planner: &mut Planner<'_, '_>, assigned: &Assigned) {
        for &task in &assigned.tasks {
            if let Err(refusal) = plan(planner, task) {
                planner.diagnose(refusal);
            }
        }
    }
}

/// The change of state that a task asks for.
fn plan(planner: &mut Planner<'_, '_>, index: usize) -> Result<(), Refusal> {
    let survey = planner.survey;
    let (task, span) = (planner.task(index), planner.span(index));
    let Some(to) = target(&planner.file.tasks[task.index], survey) else { return Ok(()) };
    let gates = survey.gates()?;
    if !gates.registers {
        planner.manual(&[index], &ManualReason::NoGateStates);
        return Ok(());
    }
    let known = named(planner.file, planner.options, task, &gates);
    let known = known.map_err(|wanted| unknown(&wanted, &gates).at(&planner.file.source, span))?;
    for (gate, identifier) in known {
        bring(planner, index, &gates, (gate, identifier), to)?;
    }
    Ok(())
}

/// The change of state of one gate.
fn bring(
    planner: &mut Planner<'_, '_>,
    index: usize,
    gates: &Gates,
    (gate, identifier): (String, String),
    to: Stage,
) -> Result<(), Refusal> {
    let survey = planner.survey;
    let (task, span) = (planner.task(index), planner.span(index));
    let from = gates.registration(&identifier).and_then(|(_, registration)| registration.stage);
    if let Some(from) = from.filter(|from| *from > to) {
        let message = format!("{gate} is {from} already; it cannot become {to} any more");
        let refusal = Diagnostic::error("gate-state", message).at(&planner.file.source, span);
        return Err(refusal.help("take the task out, or name the gate that is meant"));
    }
    let detail = |key: Key| task.details(&[key]).next().map(|text| text.trim_matches('`').to_owned());
    let release = planner.options.release.clone().or_else(|| detail(Key::Release)).or_else(|| gates.release.clone());
    let release = release.filter(|release| is_release(release));
    let message = detail(Key::Message).or_else(|| {
        let word = to.name().to_lowercase();
        let since = release.as_deref().map(|release| format!(" since {release}")).unwrap_or_default();
        (!to.is_active() && to != Stage::Ga).then(|| format!("{gate} has been {word}{since}"))
    });
    let Some((declared, _)) = gates.constant(&gate) else { return Ok(()) };
    let declared = RepoPath::known(declared.source.path());
    let file = RepoPath::known(if to.is_active() { gates.active.clone() } else { inactive(gates) });
    planner.open(&declared)?;
    planner.open(&file)?;
    let accessor = accessor(planner, index, gates, &identifier, to)?;
    let suite = RepoPath::known(SUITE_GATES);
    let is_suite = to.is_settled() && survey.exists(SUITE_GATES);
    if is_suite {
        planner.open(&suite)?;
    }
    let suite = is_suite.then(|| (suite, gates.package.clone()));
    let is_there = from == Some(to);
    let files = [file.clone()];
    planner.note_keys(index, &[Key::Gate, Key::Name, Key::Release, Key::Message], Use::Change, &files);
    planner.push(Facts { identifier, to, release, message, from: declared, file, is_there, suite, accessor }, &[index]);
    Ok(())
}

/// The accessor that goes, because its answer is always the same and nobody asks it. If somebody does, that is
/// left to people.
fn accessor(
    planner: &mut Planner<'_, '_>,
    task: usize,
    gates: &Gates,
    identifier: &str,
    to: Stage,
) -> Result<Option<(RepoPath, String)>, Refusal> {
    let Some(accessor) = gates.accessor(identifier).filter(|_| to.is_settled()) else { return Ok(None) };
    let callers = callers(planner.survey, accessor);
    if !callers.is_empty() {
        let reason = ManualReason::AccessorAsked { accessor: accessor.to_owned(), always: to == Stage::Ga, callers };
        planner.manual(&[task], &reason);
        return Ok(None);
    }
    let path = RepoPath::known(ACCESSORS);
    planner.open(&path)?;
    Ok(Some((path, accessor.to_owned())))
}

/// The gates that a task names, or the one that its tasks.md is about; what was looked for, if it is not there.
fn named(
    file: &TaskFile,
    options: &Options,
    task: &PlannedTask,
    gates: &Gates,
) -> Result<Vec<(String, String)>, String> {
    let find = |name: &str| {
        let (file, identifier) = gates.constant(name)?;
        let (_, value) = file.constants.iter().find(|(known, _)| known == identifier)?;
        Some((value.clone(), identifier.to_owned()))
    };
    let stated = task.details(&[Key::Gate, Key::Name]).map(|text| text.trim().trim_matches('`').to_owned());
    let stated: Vec<String> = stated.collect();
    let gate = task.details(&[Key::Gate]).flat_map(|text| text.split([',', ' '])).map(|name| name.trim_matches('`'));
    let gate: Vec<&str> = gate.filter(|name| !name.is_empty() && *name != "and").collect();
    if gate.len() > 1 && gate.iter().any(|name| find(name).is_some()) {
        return gate.into_iter().map(|name| find(name).ok_or_else(|| name.to_owned())).collect();
    }
    if let Some(first) = stated.first() {
        return stated.iter().find_map(|name| find(name)).map(|found| vec![found]).ok_or_else(|| first.clone());
    }
    if let GateChoice::Named(name) = &options.gate {
        return find(name).map(|found| vec![found]).ok_or_else(|| name.clone());
    }
    let coded = code_spans(&task.title).next();
    let listed = title::listed(&task.title, |word| find(word).is_some());
    if !listed.is_empty() {
        let mut found: Vec<(String, String)> = Vec::new();
        for name in listed {
            let gate = find(&name).ok_or(name)?;
            if !found.contains(&gate) {
                found.push(gate);
            }
        }
        return Ok(found);
    }
    let header = file.metadata("Feature Gate").map(|field| field.value.text.trim().trim_matches('`').to_owned());
    let feature = slug(file, options);
    let feature = Name::parse(&feature).pascal();
    let wanted = coded.map(str::to_owned).or(header).unwrap_or(feature);
    find(&wanted).map(|found| vec![found]).ok_or(wanted)
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
    let settled =
        |file: &&GateFile| file.registered.iter().any(|known| known.stage.is_some_and(|stage| !stage.is_active()));
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
                if path == ACCESSORS {
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
            } else if survey.tree().kind(&path) == Some(TreeKind::Folder) {
                open.push(path);
            }
        }
    }
    found.sort();
    found
}

impl Unit for Facts {
    fn files(&self) -> Vec<&RepoPath> {
        vec![&self.file]
    }

    fn render(&self, pending: &mut PendingFiles<'_>) -> Result<(), Refusal> {
        if !self.is_there && self.file == self.from {
            in_place(pending, self)?;
        } else if !self.is_there {
            move_over(pending, self)?;
        }
        if let Some((suite, package)) = &self.suite {
            pending.anchor_go(suite, |target| {
                Ok(target.remove_element(package, &self.identifier).into_iter().collect())
            })?;
        }
        if let Some((path, accessor)) = &self.accessor {
            let method = FuncName { receiver: Some("ClusterConfig"), name: accessor };
            pending.anchor_go(path, |target| Ok(vec![target.remove_method(method)?]))?;
        }
        Ok(())
    }
}

/// One more line in the comment, and another word in the registration.
fn in_place(pending: &mut PendingFiles<'_>, unit: &Facts) -> Result<(), Refusal> {
    let line = registered(pending, unit)?;
    pending.anchor_go(&unit.from, |target| {
        let constant = target.constant(&unit.identifier)?;
        let mut edits = Vec::new();
        if let Some((at, text)) = stage_line(&constant, unit) {
            let place = line_of(target.text, constant.span, at);
            edits.push(TextEdit::insert(place, format!("\t{text}\n")));
        }
        let here = registration(target, unit);
        edits.push(match (&here, here.as_ref().and_then(|known| state_word(target, known.span))) {
            // Only an active state needs no other change than its word.
            (_, Some(word)) if unit.to.is_active() => TextEdit::replace(word, unit.to.name()),
            (Some(known), _) => TextEdit::replace(known.span, line.trim()),
            (None, _) => target.append_statement(INIT, &line)?,
        });
        Ok(edits)
    })
}

/// Out of the active gates, and to the others.
fn move_over(pending: &mut PendingFiles<'_>, unit: &Facts) -> Result<(), Refusal> {
    let mut taken: Option<Constant> = None;
    pending.anchor_go(&unit.from, |target| {
        taken = Some(target.constant(&unit.identifier)?);
        let mut edits = vec![target.remove_constant(&unit.identifier)?];
        if let Some(known) = registration(target, unit) {
            edits.push(target.remove_lines(INIT, known.span)?);
        }
        Ok(edits)
    })?;
    let Some(constant) = taken else { return Ok(()) };
    let mut comment = constant.comment.clone();
    if let Some((at, text)) = stage_line(&constant, unit) {
        comment.insert(at, text);
    }
    // Above it stood no comment: the release is all there is to say.
    if comment.is_empty() {
        comment.extend(unit.release.as_ref().map(|release| format!("// {}: {release}", unit.to)));
    }
    let value = constant.line.split_once('=').map_or(String::new(), |(_, value)| value.trim().to_owned());
    let moved = pending.render(&Moved { comment, constant: format!("{} = {value}", unit.identifier) })?;
    let line = registered(pending, unit)?;
    pending.anchor_go(&unit.file, |target| {
        let registered = match registration(target, unit) {
            Some(known) => TextEdit::replace(known.span, line.trim()),
            None => target.append_statement(INIT, &line)?,
        };
        Ok(vec![target.append_constant(&moved)?, registered])
    })
}

fn registered(pending: &PendingFiles<'_>, unit: &Facts) -> Result<String, Refusal> {
    pending.render(&Registered {
        identifier: unit.identifier.clone(),
        state: unit.to.name().to_owned(),
        message: unit.message.as_deref().map(string),
    })
}

/// The registration as it is so far: another unit may have moved it.
fn registration(target: &Target<'_>, unit: &Facts) -> Option<Registration> {
    let all = registrations(target.text, target.file);
    all.into_iter().find(|known| known.identifier == unit.identifier)
}

/// The line that tells since when, and before which line of the comment it goes. Nothing where there
/// is no comment, or no release to tell.
fn stage_line(constant: &Constant, unit: &Facts) -> Option<(usize, String)> {
    let release = unit.release.as_ref()?;
    let is_about = |line: &&String, word: &str| {
        let text = line.trim_start_matches('/').trim_start();
        text.strip_prefix(word).is_some_and(|rest| rest.trim_start().starts_with(':'))
    };
    if constant.comment.is_empty() || constant.comment.iter().any(|line| is_about(&line, unit.to.name())) {
        return None;
    }
    let stages = [Stage::Alpha, Stage::Beta, Stage::Ga, Stage::Deprecated];
    let is_stage = |line: &String| stages.iter().any(|stage| is_about(&line, stage.name()));
    let after = constant.comment.iter().rposition(is_stage);
    let after = after.or_else(|| constant.comment.iter().rposition(|line| is_about(&line, "Owner")));
    let at = after.map_or(constant.comment.len(), |after| after + 1);
    Some((at, format!("// {}: {release}", unit.to)))
}

/// Where a line of some lines starts.
fn line_of(text: &str, lines: Span, index: usize) -> usize {
    let before = lines.of(text).split_inclusive('\n').take(index);
    lines.start + before.map(str::len).sum::<usize>()
}

/// The `Alpha` of `State: Alpha` in a registration.
fn state_word(target: &Target<'_>, registration: Span) -> Option<Span> {
    let text = target.text;
    let inside = target.file.tokens.iter().filter(|token| registration.contains(token.span.start));
    let tokens: Vec<_> = inside.filter(|token| token.kind != TokenKind::Comment).collect();
    let at = tokens.windows(3).position(|three| {
        three[0].span.of(text) == "State" && three[1].span.of(text) == ":" && three[2].kind == TokenKind::Word
    })?;
    Some(tokens[at + 2].span)
}
