//! Code that is there and that a task changes: the change is left to people, and its failing spec is made.

mod demand;
mod known;
mod launch_flag;
mod named;
mod phrases;
mod place;
mod scope;
mod stated;
mod wording;

use std::collections::BTreeSet;

use super::component::CHANGES;
use super::spec_place::{Placed, PlacedFile};
use super::specs::{SPEC_KEYS, begun};
use super::spelled_heads;
use crate::demand::words;
use crate::name::{is_go_identifier, lower_first};
use crate::pending::{PendingFiles, Refusal};
use crate::plan::{
    Assigned, Candidate, Claimed, Container, Key, Kind, Manual, ManualReason, Named, Planner, Role, Row, Unit,
};
use crate::plan::{PlannedTask, TaskLine, Use, intent, is_leftover, is_no_text, other_work, refers};
use crate::repo_path::RepoPath;
use crate::task::LineKind;
use crate::template::Text;
use named::Edit;
pub(super) use named::is_change_of;
pub(super) use scope::{Seat, as_here, flag_of, imports};
use stated::Made;
pub(super) use stated::will_declare;

#[derive(Debug)]
pub(super) struct EditedFunction;

#[derive(Debug)]
struct Facts {
    file: RepoPath,
    template: PlacedFile,
    placed: Placed,
}

impl Kind for EditedFunction {
    fn name(&self) -> &'static str {
        "edited-function"
    }

    fn role(&self) -> Role {
        Role::Implementation
    }

    fn row(&self) -> Row {
        Row {
            names: "a change to existing code",
            makes: "one failing spec for each `Test:` line, beside the function's other specs. Code that a line states is put in; any other change is left to you",
        }
    }

    fn templates(&self) -> &'static [Text] {
        launch_flag::TEMPLATES
    }

    fn claim(&self, _: &Candidate<'_, '_>, _: &Named<'_>) -> Option<Claimed> {
        None
    }

    fn plan(&self, _: &mut Planner<'_, '_>, _: &Assigned) {}

    /// What the other kinds have left to people is known once they are done.
    fn plan_last(&self, planner: &mut Planner<'_, '_>) {
        let left = planner.plan.manual.iter().enumerate();
        let left = left.filter(|(_, manual)| matches!(manual.reason, ManualReason::NothingNew { .. }));
        let left: Vec<(usize, Manual)> = left.map(|(index, manual)| (index, manual.clone())).collect();
        let (mut done, mut put_in, mut made) = (BTreeSet::new(), BTreeSet::new(), Made::new());
        for (index, manual) in left {
            let Manual { task, reason: ManualReason::NothingNew { file, seams } } = manual else { continue };
            let mut apart = BTreeSet::new();
            match stated::plan(planner, task, &file, &mut made) {
                Ok(Some(put)) => {
                    put_in.insert(task);
                    apart = put.lines;
                    for reason in put.left {
                        planner.manual(&[task], &reason);
                    }
                    if !put.is_part {
                        done.insert(index);
                        if let Err(refusal) = tests_of_change(planner, task, &file) {
                            planner.diagnose(refusal);
                        }
                        continue;
                    }
                }
                Ok(None) => {}
                Err(refusal) => {
                    planner.diagnose(refusal);
                    continue;
                }
            }
            match reason(planner, task, (&file, seams), apart) {
                Ok(Some(reason)) => planner.plan.manual[index].reason = reason,
                Ok(None) => {}
                Err(refusal) => planner.diagnose(refusal),
            }
        }
        planner.take_back(&done);
        for (task, place) in place::beside(planner).into_iter().filter(|(task, _)| !put_in.contains(task)) {
            let made = if place.exists { also(planner, task, &place.path) } else { Ok(()) };
            if let Err(refusal) = made.and_then(|()| tests_of_new(planner, task, &place.path)) {
                planner.diagnose(refusal);
            }
        }
    }
}

/// Whether a task says of something that is there that it changes.
pub(super) fn is_change(task: &PlannedTask) -> bool {
    let lines = std::iter::once(task.subject.as_str()).chain(task.details(&[Key::Task]));
    lines
        .map(words)
        .any(|line| line.iter().find(|word| word.is_code() || word.is(CHANGES)).is_some_and(|word| word.is(CHANGES)))
}

/// Whether a task states the specs of what it asks for.
fn states_specs(task: &PlannedTask) -> bool {
    task.once("specs", || task.details(SPEC_KEYS).next().is_some())
}

/// Makes the specs that a task states of a function that it asks for.
fn tests_of_new(planner: &mut Planner<'_, '_>, task: usize, file: &RepoPath) -> Result<(), Refusal> {
    let planned = planner.task(task);
    if !states_specs(planned) || planner.is_tested(task) {
        return Ok(());
    }
    let names = spelled_heads(planned);
    if !names.is_empty() {
        make(planner, task, &Edit::of_new(file, names))?;
    }
    Ok(())
}

/// Makes the specs that a task states of a function that it changes.
pub(super) fn tests_of_change(planner: &mut Planner<'_, '_>, task: usize, file: &str) -> Result<(), Refusal> {
    if !states_specs(planner.task(task)) || planner.is_tested(task) {
        return Ok(());
    }
    let edit = Edit::of(planner, task, file, BTreeSet::new())?;
    if make(planner, task, &edit)?.is_none() {
        let why = format!("its specs are written by hand: no test file has the specs of {file}");
        planner.manual(&[task], &ManualReason::Inexact { why, places: Vec::new() });
    }
    Ok(())
}

/// Makes the specs of what a task changes beside what it makes. Where the task states them, they are made once.
fn also(planner: &mut Planner<'_, '_>, task: usize, file: &RepoPath) -> Result<(), Refusal> {
    let states = states_specs(planner.task(task));
    for (index, edit) in Edit::beside(planner, task, file)?.into_iter().enumerate() {
        let (file, places) = (edit.file.clone(), edit.places(Vec::new()));
        let spec = if states && index > 0 { None } else { make(planner, task, &edit)? };
        let reason = if let Some(spec) = spec {
            ManualReason::Edit { file, places, spec: spec.to_string() }
        } else {
            for line in texts(planner, task, &edit).1 {
                planner.note(task, line, Use::Context, &[]);
            }
            ManualReason::Inexact { why: format!("existing code in {file} is changed by hand"), places }
        };
        planner.manual(&[task], &reason);
    }
    Ok(())
}

/// Makes the spec of a task that changes a file, if it can be placed, and says why the rest is left to people.
fn reason(
    planner: &mut Planner<'_, '_>,
    task: usize,
    (file, seams): (&str, Vec<String>),
    apart: BTreeSet<usize>,
) -> Result<Option<ManualReason>, Refusal> {
    let edit = Edit::of(planner, task, file, apart)?;
    let seams = edit.places(seams);
    let other = intent::other_work_below(planner.task(task));
    let nothing_new = |seams| {
        Ok(Some(match other {
            Some(verb) => ManualReason::Inexact { why: other_work(verb), places: seams },
            None => ManualReason::NothingNew { file: file.to_owned(), seams },
        }))
    };
    if let Some(reason) = edit.missing() {
        return Ok(Some(reason));
    }
    let planned = planner.task(task);
    if let Some(why) = unmade(planner, planned, &edit) {
        return Ok(Some(ManualReason::Inexact { why, places: seams }));
    }
    // A task that names a test file as well has its specs there.
    let has_specs = planner.plan.units_of(task).any(|unit| !unit.facts.specs(&planned.id).is_empty());
    let other = intent::other_work_below(planned)
        .or_else(|| intent::also_changes(&planned.title))
        .or_else(|| intent::also_removes(&planned.title));
    // What the tests of a change say is known, and so is what a function should do once it is rewritten.
    let states = states_specs(planned);
    let should = || {
        let (texts, lines) = texts(planner, task, &edit);
        let own = planned.details.iter().find(|known| lines.contains(&known.line));
        let said = own.map_or(&planned.subject, |line| &line.text);
        let plain = lower_first(said.replace('`', "").trim().trim_end_matches('.'));
        texts.iter().all(|text| *text != plain)
    };
    let is_other = other.is_some_and(|verb| !(states || matches!(verb, "refactor" | "replace" | "fix") && should()));
    if has_specs || is_other || !edit.is_understood() || file.starts_with("tests/") {
        return nothing_new(seams);
    }
    // What a line of integration says is no behaviour, nor is its title.
    let is_wired = !states && edit.name().is_some_and(|name| place::wires(planned, name));
    let Some(spec) = (if is_wired { None } else { make(planner, task, &edit)? }) else {
        let why = format!("existing code in {file} is changed by hand");
        return if edit.name().is_some() {
            Ok(Some(ManualReason::Inexact { why, places: seams }))
        } else {
            nothing_new(seams)
        };
    };
    Ok(Some(ManualReason::Edit { file: file.to_owned(), places: seams, spec: spec.to_string() }))
}

/// What a task that states no spec asks for and nothing reads: no spec stands in its place.
fn unmade(planner: &Planner<'_, '_>, task: &PlannedTask, edit: &Edit) -> Option<String> {
    if states_specs(task) {
        return None;
    }
    if refers(task.says()) {
        return Some("it refers to something else, and says nothing of its own".to_owned());
    }
    let behind = |name: &str| {
        let file = &edit.file;
        [" in ", " to ", " ("].iter().any(|joint| task.said.contains(&format!("`{name}`{joint}`{file}`")))
    };
    let codes = task.said.split('`').skip(1).step_by(2);
    let is_known = |code: &str| edit.identifiers().any(|known| known == code) || place::is_there(planner, task, code);
    let is_new = |code: &&str| is_go_identifier(code) && behind(code) && !is_known(code);
    if let Some(name) = codes.into_iter().find(is_new).filter(|_| edit.is_of_function()) {
        return Some(format!("it is unclear whether {name}, which {} does not declare, is to be written", edit.file));
    }
    if edit.name().is_some() {
        return None;
    }
    let is_variable = |code: &&str| code.starts_with("var ") || code.contains(" = ") && !code.starts_with("const ");
    let variable = task.title.split('`').skip(1).step_by(2).find(is_variable);
    if let Some(name) = variable.and_then(|code| code.trim_start_matches("var ").split(' ').next()) {
        return Some(format!("`{name}` is a package variable, which is written by hand"));
    }
    let read: BTreeSet<usize> = task.details.iter().map(|line| line.line).collect();
    let is_row = |line: &usize| {
        let kind = planner.file.lines.get(line.wrapping_sub(1)).map(|line| &line.kind);
        matches!(kind, Some(LineKind::Table)) && !read.contains(line)
    };
    let row = task.lines.iter().map(|line| line.line).find(is_row).filter(|_| wording::is_thing(task.says()));
    row.map(|line| format!("the table in line {line} is not understood"))
}

/// Makes the spec of a change; the file that it stands in, if there is a place for it.
fn make(planner: &mut Planner<'_, '_>, task: usize, edit: &Edit) -> Result<Option<RepoPath>, Refusal> {
    // `Test: none` asks for no spec.
    let planned = planner.task(task);
    if planned.details(&[Key::NoTest]).next().is_some() && !states_specs(planned) {
        return Ok(None);
    }
    if states_specs(planned) {
        super::spec_place::unread(planner, task, None);
    }
    let (texts, lines) = texts(planner, task, edit);
    let mut first = None;
    for group in groups(planner.task(task), texts) {
        let Some((path, containers)) = place::place(planner, task, edit, &group) else { continue };
        let containers = match containers {
            Ok(containers) => containers,
            Err(why) => {
                let (line, why) = (planner.task(task).line, format!("{path}: {why}"));
                planner.manual(&[task], &ManualReason::Unwritable { line, why });
                continue;
            }
        };
        for &line in &lines {
            planner.note(task, line, Use::Change, std::slice::from_ref(&path));
        }
        let is_stated = !group.within.is_empty();
        let specs = told_apart(planner, task, group.texts, &path);
        let specs = specs.into_iter().map(|text| (text, Vec::new())).collect();
        planner.open(&path)?;
        let placed = Placed { task: planner.task(task).id.clone(), path: containers, is_stated, specs };
        let template = PlacedFile::new(planner, &path, &placed);
        planner.note_keys(task, SPEC_KEYS, Use::Change, std::slice::from_ref(&path));
        planner.push(Facts { file: path.clone(), template, placed }, &[task]);
        first = first.or(Some(path));
    }
    Ok(first)
}

/// Specs of a task that go to one place.
struct Group {
    texts: Vec<String>,
    /// The containers that the task states for them.
    within: Vec<Container>,
    /// The file that it states.
    file: Option<String>,
}

/// The specs of a task, by the places that it states for them.
fn groups(task: &PlannedTask, texts: Vec<String>) -> Vec<Group> {
    let cases = task.cases_of(false);
    let mut groups: Vec<Group> = Vec::new();
    for (at, text) in texts.into_iter().enumerate() {
        let stated = states_specs(task);
        let within = cases.within.get(at).filter(|_| stated).cloned().unwrap_or_default();
        let file = cases.files.get(at).filter(|_| stated).cloned().flatten();
        match groups.iter_mut().find(|group| group.within == within && group.file == file) {
            Some(group) => group.texts.push(text),
            None => groups.push(Group { texts: vec![text], within, file }),
        }
    }
    groups
}

/// The lines that say what is to be changed.
const WORK: &[Key] = &[Key::Task, Key::Logic, Key::Implementation];

/// The texts of the specs of a task: its own, or what its `Task:` line asks of the function, with the lines that say so.
fn texts(planner: &Planner<'_, '_>, task: usize, edit: &Edit) -> (Vec<String>, Vec<usize>) {
    let planned = planner.task(task);
    if states_specs(planned) {
        let cases = planned.cases_of(false);
        return (cases.specs.iter().map(|text| begun(planner, text)).collect(), cases.lines);
    }
    let names_it = |line: &&TaskLine| edit.name().is_some_and(|name| line.text.contains(name));
    let own = || planned.details.iter().filter(|line| !edit.apart.contains(&line.line));
    let item = || own().filter(|line| line.key == Key::Prose && line.is_item).find(names_it);
    let work = || own().filter(|line| WORK.contains(&line.key));
    let head = || own().filter(|line| line.key == Key::Function).find(names_it);
    let line = work().find(names_it).or_else(item).or_else(head).or_else(|| work().next());
    // Below a title that names no function, the items say what holds: "the target must be stopped".
    let items: Vec<&TaskLine> = planned.details.iter().filter(|line| is_rule(line)).collect();
    if line.is_none() && edit.name().is_none() && !items.is_empty() {
        let plain = |line: &&TaskLine| lower_first(line.text.replace('`', "").trim_end_matches('.'));
        return (items.iter().map(plain).collect(), items.iter().map(|line| line.line).collect());
    }
    // The file is no part of what the function does.
    let file = ["in", "of", "from"].iter().map(|joint| format!(" {joint} `{}`", edit.file));
    let mut files = file.chain([format!(" (`{}`)", edit.file)]);
    let whole = line.map_or(planned.says(), |line| &line.text);
    let text = &files.find(|file| whole.contains(file)).map_or(whole.to_owned(), |file| whole.replacen(&file, "", 1));
    let text = &edit.name().map_or(text.clone(), |name| wording::shortened(text, name));
    let is_code = wording::declares(text)
        || wording::is_about_code(text)
        || wording::states_facts(text)
        || text.contains("; `")
        || !wording::says_something(text)
        // What calls what is no behaviour that the title speaks of.
        || line.is_none() && planned.details(&[Key::Integration]).next().is_some()
        || edit.name().is_none()
            && (wording::is_thing(text) || is_no_text(text) || planned.details.iter().any(wording::is_fact));
    let said = (!text.is_empty() && !is_code && !refers(text)).then(|| wording::behaviour(text, edit.name()));
    let said = said.filter(|said| is_text(said));
    (said.into_iter().collect(), line.map(|line| line.line).into_iter().collect())
}

/// Whether what is left of a text can be the text of a spec: it says more than a word, and orders no code.
fn is_text(said: &str) -> bool {
    let orders = ["let ", "before the call", "after the call", "before calling", "after calling"];
    let said = said.trim();
    let words = said.split(' ').count();
    // "should reject" what the lines below say; "in plan"
    let is_open = ["should ", "in ", "of ", "at ", "to "].iter().any(|word| said.starts_with(word));
    let says = words > 2 || words == 2 && !is_open;
    says && !orders.iter().any(|order| said.starts_with(order)) && !is_leftover(said)
}

/// Whether an item says what must be so, and names no code that is to be made.
fn is_rule(line: &TaskLine) -> bool {
    const RULES: &[&str] = &[
        "must",
        "should",
        "shall",
        "cannot",
        "rejects",
        "refuses",
        "denies",
        "rejected",
        "refused",
        "denied",
        "forbidden",
    ];
    let all = words(&line.text);
    line.key == Key::Prose && line.is_item && all.iter().any(|word| word.is(RULES)) && !wording::declares(&line.text)
}

/// Texts that no other task has in the file: the same words twice would be one spec for every tool that looks.
fn told_apart(planner: &Planner<'_, '_>, task: usize, texts: Vec<String>, path: &RepoPath) -> Vec<String> {
    let others = planner.plan.tasks.iter().enumerate().filter(|(other, _)| *other != task);
    let others = others.flat_map(|(other, known)| {
        planner.plan.units_of(other).flat_map(|unit| unit.facts.specs(&known.id)).collect::<Vec<_>>()
    });
    let taken: Vec<String> = others.filter(|(file, _)| file == path).map(|(_, text)| text).collect();
    let id = &planner.task(task).id;
    let told_apart = |text: String| if taken.contains(&text) { format!("{text} ({id})") } else { text };
    texts.into_iter().map(told_apart).collect()
}

impl Unit for Facts {
    fn files(&self) -> Vec<&RepoPath> {
        vec![&self.file]
    }

    fn render(&self, pending: &mut PendingFiles<'_>) -> Result<(), Refusal> {
        pending.write_specs(&self.file, &self.template, self.placed.is_stated)
    }

    fn specs(&self, task: &str) -> Vec<(RepoPath, String)> {
        let own = self.placed.specs.iter().filter(|_| self.placed.task == task);
        own.map(|(text, _)| (self.file.clone(), text.clone())).collect()
    }
}
