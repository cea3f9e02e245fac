//! The way from a tasks.md to the texts of files: select, assign, plan, render, preview.
//!
//! Only the first half sees the checkout: a [`Plan`] holds every fact and every text that the second half needs.

mod assign;
mod below;
mod build_files;
mod choose;
mod context;
mod fences;
mod in_keys;
mod lists;
mod prerequisites;
mod preview;
mod remains;
mod renew;
mod same_file;
mod select;
mod steps;
mod table_rows;
mod tables;
mod texts;
mod twice;
mod unsaid;
mod views;

use std::collections::{BTreeMap, BTreeSet};

pub use build_files::predict;
pub use choose::{Choice, choose};
pub use preview::{
    Color, Look, Outcome, Proposal, counts, diagnostics_json, diff_texts, left, line_counts, patch, plan_json, sha256,
    stat, summary, unified,
};
pub use steps::Hook;
pub use texts::{Change, ChangeSet, Conflict};

use crate::diagnostic::{Diagnostic, has_errors};
use crate::kinds::ALL;
use crate::name::{is_go_identifier, nearest};
use crate::origin::Origins;
use crate::pending::{check_edited, check_new};
use crate::plan::{
    Blocked, ManualReason, Need, Options, Plan, PlannedTask, Planner, Role, Selection, TaskLine, Units, Use,
};
use crate::plan::{NOTHING_READS, feature, feature_name};
use crate::repo_path::RepoPath;
use crate::survey::Survey;
use crate::task::{TaskFile, parse, placeholder_keys};
use crate::template::Renderer;
use crate::text::Source;
use crate::tree::{Overlay, join, parent};

/// The whole way from a tasks.md to the texts of files.
pub fn propose(tasks: &Source, survey: &Survey<'_>, options: &Options) -> Proposal {
    render(decide(tasks, survey, options), options, &Renderer::default())
}

/// Which tasks asked for each line of what changes.
pub fn origins(proposal: &Proposal) -> Origins {
    texts::origins(&proposal.plan, &proposal.set.changes, &Renderer::default())
}

/// Everything that is decided about a tasks.md: the checkout has no part in what follows.
#[derive(Debug)]
pub struct Decided {
    /// The tasks.
    pub file: TaskFile,
    /// The decisions.
    pub plan: Plan,
    /// The decisions where earlier runs have left nothing in the checkout; nothing if they have not.
    fresh: Option<Plan>,
}

/// The first half of the way: what becomes of every task.
pub fn decide(tasks: &Source, survey: &Survey<'_>, options: &Options) -> Decided {
    let file = parse(tasks);
    Decided { plan: plan(&file, survey, options), fresh: fresh_plan(&file, survey, options), file }
}

/// The second half of the way: the texts of files.
pub fn render(decided: Decided, options: &Options, renderer: &Renderer) -> Proposal {
    let Decided { file, mut plan, fresh } = decided;
    let go = plan.texts.iter().filter(|(path, _)| path.ends_with(".go"));
    let texts: Vec<_> = go.filter_map(|(path, file)| Some((path.clone(), file.text.clone()?))).collect();
    let (wrong, mut set) = beside(
        move || {
            let wrong = texts.into_iter().filter_map(|(path, text)| Some((check_edited(&path, &text)?, path)));
            wrong.collect::<Vec<_>>()
        },
        || {
            let fresh = fresh.as_ref().and_then(|plan| texts::fresh(plan, renderer));
            let is_partial = options.selection.is_partial();
            texts::render(&plan, renderer, &options.earlier, fresh.as_ref(), is_partial, &file.source)
        },
    );
    let is_changed = |path: &RepoPath| set.changes.iter().any(|change| change.path == *path);
    let wrong: Vec<Diagnostic> =
        wrong.into_iter().filter(|(_, path)| is_changed(path)).map(|(diagnostic, _)| diagnostic).collect();
    set.diagnostics.extend(wrong);
    unsaid::leave(&mut plan, &set);
    remains::leave(&mut plan, &set);
    Proposal { file, plan, set }
}

/// Does two things at once: parsing short files as a whole takes as long as editing them. A panic aside is a panic here.
fn beside<A: Send, B>(aside: impl FnOnce() -> A + Send, here: impl FnOnce() -> B) -> (A, B) {
    std::thread::scope(|scope| {
        let aside = scope.spawn(aside);
        let here = here();
        (aside.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), here)
    })
}

/// What the tasks lead to in a checkout that earlier runs have left nothing in; nothing if they have not.
fn fresh_plan(file: &TaskFile, survey: &Survey<'_>, options: &Options) -> Option<Plan> {
    if options.earlier.files.is_empty() {
        return None;
    }
    let pristine = options.earlier.files.iter().map(|(path, file)| (path.to_string(), file.pristine.clone()));
    let tree = Overlay::new(survey.tree(), pristine.collect());
    let survey = Survey::new(&tree).ok()?;
    // What is held back now may have been scaffolded before.
    let options = Options { selection: Selection::default(), ignore_compliance: true, ..options.clone() };
    Some(plan(file, &survey, &options))
}

/// Decides what becomes of every task.
pub fn plan(file: &TaskFile, survey: &Survey<'_>, options: &Options) -> Plan {
    let mut diagnostics = Vec::from_iter(survey.too_old());
    let feature_name = feature_name(file, options, &mut diagnostics);
    diagnostics.extend(unused_values(file, options));
    let mut tasks = select::tasks(file, options, &mut diagnostics);
    let classification = assign::classify(file, survey, options, &mut tasks);
    let claims = classification.claims();
    let views = classification.views();
    let (mut blocked, mut needs) = (Vec::new(), Vec::new());
    prerequisites::Prerequisites {
        file,
        survey,
        options,
        classification: &classification,
        tasks: &mut tasks,
        blocked: &mut blocked,
        needs: &mut needs,
        diagnostics: &mut diagnostics,
    }
    .apply();
    let assignment = classification.assign(&tasks, &blocked, &mut diagnostics);
    let feature = feature(feature_name, file, survey, options, &assignment.files, &tasks, &mut diagnostics);
    let plan = Plan {
        feature,
        tasks,
        units: Units::default(),
        manual: assignment.manual,
        spelled: Vec::new(),
        placed: BTreeSet::new(),
        blocked,
        needs,
        commands: assignment.commands,
        diagnostics,
        texts: BTreeMap::new(),
        folders: BTreeMap::new(),
        labels: survey.labels().clone(),
        module: survey.module().to_owned(),
    };
    let mut planner = Planner::new((file, survey, options), &assignment.files, (&claims, &views), plan, ALL[0]);
    if !planner.plan.is_refused() {
        for kind in ALL {
            planner.kind = *kind;
            kind.plan_first(&mut planner);
        }
        for assigned in planner.assigned {
            planner.kind = assigned.kind;
            planner.place = assigned.place.as_ref().map(|place| place.path.clone());
            assigned.kind.plan(&mut planner, assigned);
        }
        planner.place = None;
        for kind in ALL {
            planner.kind = *kind;
            kind.plan_last(&mut planner);
        }
        check_gate(&mut planner);
        unsaid::check(&mut planner);
        folders(&mut planner);
        for path in options.earlier.files.keys() {
            if let Err(refusal) = planner.open_text(path) {
                planner.diagnose(refusal);
            }
        }
    }
    let mut plan = planner.plan;
    plan.manual.sort_by_key(|manual| manual.task);
    account(file, &mut plan);
    plan
}

/// Values of placeholders that stand nowhere in the file.
fn unused_values(file: &TaskFile, options: &Options) -> Vec<Diagnostic> {
    let text = file.source.text();
    let warning = |key: &str| {
        let known = placeholder_keys(text);
        let help = match nearest(key, known.iter().map(String::as_str)).first() {
            Some(near) => format!("did you mean --set {near}=…?"),
            None => "leave it out".to_owned(),
        };
        let message = format!("{} has no placeholder `[{key}]` that --set could give a value", file.source.name());
        options.point_at(Diagnostic::warning("set-unused", message).help(help), key)
    };
    options.placeholders.unused(text).map(warning).collect()
}

/// Code that asks for a gate that is not there would not compile.
fn check_gate(planner: &mut Planner<'_, '_>) {
    let Some(gate) = planner.gate().filter(|gate| !gate.usable) else { return };
    let maker = planner.plan.tasks.iter().position(|task| task.role() == Some(Role::Gate));
    let uses = planner.plan.units.iter().find(|unit| unit.facts.uses_gate());
    let Some(user) = uses.and_then(|unit| unit.tasks.first()) else { return };
    let (task, span) = (planner.task(*user), planner.span(*user));
    let needs = maker.map(|on| Need { task: *user, on, why: "asks for its feature gate" });
    let maker = maker.map_or_else(|| "another task".to_owned(), |maker| planner.plan.tasks[maker].id.clone());
    let message =
        format!("{} needs the feature gate {}, which {maker} makes and which does not exist yet", task.id, gate.name);
    let help = format!("add {maker} to the selection, or scaffold it first");
    planner.plan.needs.extend(needs);
    planner.diagnose(Diagnostic::error("gate-missing", message).at(&planner.file.source, span).help(help));
}

/// What the BUILD.bazel files of the folders of Go files depend on.
fn folders(planner: &mut Planner<'_, '_>) {
    let go = planner.plan.texts.keys().filter(|path| path.ends_with(".go"));
    let folders: Vec<RepoPath> = go.map(|path| RepoPath::known(parent(path))).collect();
    for folder in folders {
        if planner.plan.folders.contains_key(&folder) {
            continue;
        }
        if let Err(refusal) = planner.open(&RepoPath::known(join(&folder, "BUILD.bazel"))) {
            planner.diagnose(refusal);
        }
        let facts = build_files::folder(planner.survey, &folder);
        planner.plan.folders.insert(folder, facts);
    }
}

/// What became of the lines that no kind has spoken of.
fn account(file: &TaskFile, plan: &mut Plan) {
    let blocked: BTreeMap<usize, &Blocked> = plan.blocked.iter().rev().map(|blocked| (blocked.task, blocked)).collect();
    let why_not = |index| why_not(index, plan, blocked.get(&index).copied());
    let reasons: Vec<(Option<String>, bool)> =
        (0..plan.tasks.len()).map(|index| (why_not(index), plan.reasons(index).any(ManualReason::is_of_all))).collect();
    let Plan { tasks, commands, .. } = plan;
    let commanding: BTreeSet<usize> = commands.values().copied().collect();
    let blocks = context::blocks(file);
    for (index, (task, (reason, whole))) in tasks.iter_mut().zip(reasons).enumerate() {
        // Where something is made, a reason is that of its own lines only.
        let is_made = task.lines.iter().any(|line| line.used == Use::Change);
        let PlannedTask { lines, details, line: first, withheld, .. } = task;
        let details: BTreeMap<usize, &TaskLine> = details.iter().rev().map(|detail| (detail.line, detail)).collect();
        let is_command = commanding.contains(&index);
        for line in lines.iter_mut() {
            let detail = details.get(&line.line);
            if let Some(why) = detail.and_then(|detail| detail.key.ignored()) {
                line.note(Use::Ignored, None, Some(why));
            }
            if let Some(part) = withheld.iter().find(|part| part.line == line.line) {
                line.note(Use::Ignored, None, Some(&part.to_string()));
            }
            if is_command && detail.is_some_and(|detail| detail.key == crate::plan::Key::Command) {
                line.note(Use::Change, None, Some("a step that follows"));
            }
            let unread = if line.line == *first { "no kind of scaffold takes the task" } else { NOTHING_READS };
            let text = detail.map_or("", |detail| detail.text.as_str());
            let reason = reason.as_deref().filter(|reason| !is_made || whole || is_about(reason, line.line, text));
            line.note(Use::Unread, None, Some(reason.unwrap_or(unread)));
        }
        context::note(file, &blocks, lines, &details);
    }
}

/// Why nothing is planned for a task, if nothing is.
fn why_not(index: usize, plan: &Plan, blocked: Option<&Blocked>) -> Option<String> {
    if let Some(blocked) = blocked {
        return Some(format!("held back: {}", blocked.reason));
    }
    if !plan.tasks[index].selected {
        return Some("the task is not selected".to_owned());
    }
    let reasons: Vec<String> = plan.reasons(index).map(ManualReason::to_string).collect();
    (!reasons.is_empty()).then(|| format!("up to you: {}", reasons.join("; ")))
}

/// Whether a reason is that of a line: it names the line, or begins with a name that stands in it.
fn is_about(reasons: &str, line: usize, text: &str) -> bool {
    reasons.split("; ").any(|reason| {
        let words: Vec<&str> = reason.split(|c: char| !(c.is_alphanumeric() || c == '_')).collect();
        let is_named = words.windows(2).any(|pair| pair[0] == "line" && pair[1].parse() == Ok(line));
        let first = reason.trim_start_matches("up to you: ").split(' ').next().unwrap_or_default();
        let is_name = is_go_identifier(first) && first.contains(|c: char| c.is_ascii_alphabetic());
        let has = || text.split(|c: char| !(c.is_alphanumeric() || c == '_')).any(|word| word == first);
        is_named || is_name && has()
    })
}

impl ChangeSet {
    /// Parses every new file once more, as a whole. It finds mistakes of templates only, and takes a
    /// quarter of the time of a preview: so it is done when something is to be written.
    pub fn check(&self) -> Vec<Diagnostic> {
        let new = self.changes.iter().filter(|change| change.is_new() && change.path.ends_with(".go"));
        new.filter_map(|change| check_new(&change.path, &change.after)).collect()
    }

    /// Whether something in it must not be written.
    pub fn is_refused(&self) -> bool {
        has_errors(&self.diagnostics)
    }
}
