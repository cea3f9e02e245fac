//! `commit`

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use kubevirt_scaffold_core::diagnostic::{Diagnostic, visible};
use kubevirt_scaffold_core::pipeline::propose;
use kubevirt_scaffold_core::plan::{Options, Selection};
use kubevirt_scaffold_core::series::{Message, Series, Step, area, folders, series};
use kubevirt_scaffold_core::survey::Survey;
use kubevirt_scaffold_core::task::{TaskFile, parse};
use kubevirt_scaffold_core::text::{Source, TextEdits};
use kubevirt_scaffold_core::tree::{Overlay, Tree, parent};

use crate::apply::{self, Refusal, Transaction, effective_changes, history, interrupted};
use crate::checkout::Checkout;
use crate::command_name::command;
use crate::exit::{CommandError, ExitStatus};
use crate::flags::{CheckoutFlag, ColorFlag, WriteFlags};
use crate::options::{Asked, GateFlags, PlanFlags};
use crate::series::{Base, Commit, base, generated, make, obstacles, subjects};
use crate::terminal::{self, Colors};
use crate::{baseline, completion, input};

/// What the user typed.
#[derive(clap::Args, Debug)]
#[command(mut_arg("dry_run", |flag| flag.help("Show the series, and commit nothing")))]
#[command(mut_arg("yes", |flag| flag.help("Commit without asking")))]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub struct Args {
    /// The tasks.md [default: the one in the current folder, or in the nearest parent of the same repository].
    #[arg(value_name = "TASKS.md")]
    pub tasks: Option<PathBuf>,
    #[command(flatten)]
    checkout: CheckoutFlag,
    #[command(flatten)]
    plan: PlanFlags,
    #[command(flatten)]
    gate: GateFlags,
    /// Limit the run to these tasks, by ID or range, such as T001,T004-T009 [default: all scaffolded tasks].
    #[arg(long, value_name = "IDS", add = completion::tasks())]
    pub only: Option<String>,
    #[command(flatten)]
    write: WriteFlags,
    /// Tick the box of each task in its commit.
    #[arg(long)]
    pub tick: bool,
    /// The area in front of every subject [default: the one that earlier commits to the changed folder use].
    #[arg(long, value_name = "AREA")]
    pub area: Option<String>,
    /// Commit even to a shared branch such as main, or with a detached HEAD.
    #[arg(long)]
    pub any_branch: bool,
    /// Commit API types even if the files generated from them are out of date.
    #[arg(long)]
    pub without_generated: bool,
    /// Commit the implementation even if compliance boxes are unticked or its tests are missing.
    #[arg(long)]
    pub ignore_compliance: bool,
    #[command(flatten)]
    pub(super) color: ColorFlag,
}

/// Runs the command.
pub fn run(args: &Args, command_line: &Source) -> Result<ExitStatus, CommandError> {
    let path = input::tasks(args.tasks.as_deref(), command_line)?;
    let source = input::read(&path, command_line)?;
    let named = args.checkout.kubevirt.as_deref();
    let checkout = Checkout::find(named);
    let root = checkout.required_root(command_line)?;
    if interrupted(root) {
        let message = format!("an earlier change of {} was not finished", root.display());
        return Err(Refusal::new("interrupted", root, message, format!("run {} first", command("recover"))).into());
    }
    let standing = baseline::standing(Some(root), &path)?;
    if let Some(flags) = standing.asked.as_ref().map(Asked::flags).filter(|flags| !flags.is_empty()) {
        terminal::say(&format!(
            "Using the flags of the scaffold, unless the command line overrides them: {}\n",
            flags.join(" ")
        ));
    }
    let options = args.gate.options(args.plan.options(Some(&path), &standing, command_line)?, command_line)?;
    let options = Options { ignore_compliance: args.ignore_compliance, ..options };
    let blind = obstacles(root, args.any_branch, &[]);
    if !blind.is_empty() {
        return Err(blind.into());
    }
    let desk = Desk { args, root, source: &source, options: &options };
    let wanted = desk.wanted(&checkout, named, command_line)?;
    let base = base(root)?;
    let tree = Overlay::new(checkout.tree(), base.clone());
    let survey = Survey::new(&tree).map_err(|reason| {
        Refusal::new(
            "not-kubevirt",
            root,
            format!("the last commit is not KubeVirt: {}", reason.0),
            "commit in a KubeVirt checkout",
        )
    })?;
    let series = series(&source, &survey, &options, &wanted)?;
    let commits = desk.commits(&series, &base, checkout.tree(), &path)?;
    let held: Vec<String> = (series.held.iter())
        .map(|(task, reason)| format!("{}: {}", series.whole.plan.tasks[*task].id, visible(reason)))
        .collect();
    if !held.is_empty() {
        terminal::say(&format!("Held back, and not committed:\n  {}\n", held.join("\n  ")));
    }
    if commits.is_empty() {
        crate::terminal::tell!("Nothing to commit.");
        return Ok(ExitStatus::Done);
    }
    let stopped = obstacles(root, args.any_branch, &commits);
    if !stopped.is_empty() {
        return Err(stopped.into());
    }
    terminal::deliver(&shown(&commits, &base), args.write.yes)?;
    let question = format!("Make {}?", counted(commits.len(), "commit"));
    if !terminal::may_change(args.write, &question)? {
        return Ok(ExitStatus::Done);
    }
    desk.make(&series, &commits, &path)
}

struct Desk<'a> {
    args: &'a Args,
    root: &'a Path,
    source: &'a Source,
    options: &'a Options,
}

impl Desk<'_> {
    /// The IDs of the tasks that are committed: those that are asked for, or were scaffolded. All of them must be in
    /// the checkout as the plan has them.
    fn wanted(
        &self,
        checkout: &Checkout,
        named: Option<&Path>,
        command_line: &Source,
    ) -> Result<Vec<String>, CommandError> {
        let file = parse(self.source);
        let slug = kubevirt_scaffold_core::plan::slug(&file, self.options);
        let earlier = baseline::read(self.root, || slug)?;
        let only = self.args.only.clone().or_else(|| scaffolded(&file, &earlier.tasks));
        let options = Options {
            selection: Selection { only, ..Selection::default() },
            ignore_compliance: true,
            earlier,
            ..self.options.clone()
        };
        let survey = checkout.survey(checkout.tree(), named, command_line)?;
        let now = propose(self.source, &survey, &options);
        checkout.is_legible()?;
        if now.is_refused() {
            return Err(now.diagnostics().cloned().collect::<Vec<_>>().into());
        }
        if let Some(change) = now.set.changes.first() {
            let mut ids: Vec<&str> = (now.set.changes.iter().flat_map(|change| &change.tasks))
                .map(|task| now.plan.tasks[*task].id.as_str())
                .collect();
            ids.sort_unstable();
            ids.dedup();
            let message = format!("{} differs from the plan ({})", change.path, ids.join(", "));
            let help = format!("run {} first; or name what is committed with --only", command("scaffold"));
            return Err(Refusal::new("commit-unscaffolded", self.root, message, help).into());
        }
        Ok(now.plan.tasks.iter().filter(|task| task.selected).map(|task| task.id.clone()).collect())
    }

    /// The commits of a series, with generated files, and what follow-up steps changed beyond the plan.
    fn commits(
        &self,
        series: &Series,
        base: &Base,
        tree: &dyn Tree,
        tasks: &Path,
    ) -> Result<Vec<Commit>, CommandError> {
        let plan = &series.whole.plan;
        let history = history(self.root)?;
        let (mut made, mut beyond) = (BTreeSet::new(), BTreeMap::new());
        for record in effective_changes(&history).into_iter().filter(|record| record.about.follows.is_some()) {
            let is_generate = record.about.command.ends_with("make generate");
            for file in &record.files {
                if is_generate {
                    made.insert(file.path.clone());
                } else {
                    beyond.insert(
                        file.path.clone(),
                        file.after.as_deref().map(|text| String::from_utf8_lossy(text).into_owned()),
                    );
                }
            }
        }
        let own: BTreeSet<&str> =
            series.steps.iter().flat_map(|step| &step.changes).map(|change| &*change.path).collect();
        let with: Vec<String> =
            generated(base, &made).into_iter().filter(|path| !own.contains(path.as_str())).collect();
        let at = series.steps.iter().rposition(|step| step.outdates);
        let needs = series.whole.set.hooks.iter().find(|hook| hook.name == "generate");
        if let (Some(hook), true, false) = (needs, with.is_empty(), self.args.without_generated) {
            let message = format!("`{}` has not run: {}", hook.command(), hook.reason);
            let help = format!(
                "run it, or {}, so that the generated files go into the same commit; or pass --without-generated",
                command("generate")
            );
            return Err(Refusal::new("commit-generated", self.root, message, help).into());
        }
        let mut commits = Vec::new();
        for step in &series.steps {
            let step = Step { outdates: step.outdates && !with.is_empty(), ..step.clone() };
            let folder = folders(&step.changes).into_iter().next().unwrap_or_default();
            let known = subjects(self.root, &folder);
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            let area = self.args.area.clone().unwrap_or_else(|| area(&known, &folder));
            let files = step.changes.iter().map(|change| (change.path.to_string(), Some(change.after.to_string())));
            commits.push(Commit { message: Message::new(plan, &step, &area), files: files.collect() });
        }
        match at {
            Some(at) => {
                for path in with {
                    let text = tree.read(&path).map_err(|_| unreadable(self.root, &path))?;
                    commits[at].files.insert(path, text.map(|text| text.to_string()));
                }
            }
            None if !with.is_empty() => terminal::say(&format!(
                "These generated files differ from the last commit, but belong to no committed task: {}\n",
                with.join(", ")
            )),
            None => {}
        }
        for (path, text) in beyond.into_iter().filter(|(path, _)| base.contains_key(path)) {
            let touches =
                |commit: &Commit| commit.files.keys().any(|known| *known == path || parent(known) == parent(&path));
            if let Some(at) = commits.iter().rposition(touches) {
                commits[at].files.insert(path, text);
            }
        }
        self.ticked(series, base, tree, tasks, &mut commits);
        Ok(commits)
    }

    /// Adds the tasks.md with its boxes to the commits, if it lies in the checkout and git has it.
    fn ticked(&self, series: &Series, base: &Base, tree: &dyn Tree, tasks: &Path, commits: &mut [Commit]) {
        if !self.args.tick {
            return;
        }
        let [whole, root] = [tasks, self.root].map(|path| path.canonicalize().ok());
        let Some(path) =
            whole.zip(root).and_then(|(tasks, root)| Some(tasks.strip_prefix(root).ok()?.display().to_string()))
        else {
            return;
        };
        let committed = match base.get(&path) {
            Some(text) => text.clone(),
            None => tree.read(&path).ok().flatten(),
        };
        let Some(mut text) = committed.map(|text| text.to_string()) else { return };
        for (commit, step) in commits.iter_mut().zip(&series.steps) {
            text = with_boxes(&Source::new(path.as_str(), text.as_str()), &ids(series, &step.tasks));
            commit.files.insert(path.clone(), Some(text.clone()));
        }
    }

    /// Makes the commits.
    fn make(&self, series: &Series, commits: &[Commit], tasks: &Path) -> Result<ExitStatus, CommandError> {
        // Nobody scaffolds meanwhile.
        let _lock = Transaction::begin(self.root, None)?;
        let total = commits.len();
        let mut wrong = None;
        let made = make(self.root, commits, &mut |number, id| {
            let short: String = id.chars().take(10).collect();
            crate::terminal::tell!("{}/{total} {short} {}", number + 1, commits[number].message.subject);
            if self.args.tick {
                wrong = tick(tasks, &ids(series, &series.steps[number].tasks)).err().or(wrong.take());
            }
        })?;
        if let Some(error) = wrong {
            crate::terminal::tell!("warning: the boxes were not ticked: {error:#}");
        }
        let Some(reason) = made.failure else {
            crate::terminal::tell!("Made {}; nothing was pushed.", counted(total, "commit"));
            return Ok(ExitStatus::Done);
        };
        let done = made.commits.len();
        let message = format!("commit {} of {total} (`{}`) could not be made", done + 1, commits[done].message.subject);
        let help = match done {
            0 => "nothing was committed; fix that, and run the command again".to_owned(),
            _ => format!(
                "{} good, and the rest is in the work tree; fix the cause, and run the command again to go on",
                if done == 1 { "the first commit is".to_owned() } else { format!("the first {done} commits are") }
            ),
        };
        terminal::say(&format!("{reason}\n"));
        let found: Diagnostic = Refusal::new("commit-failed", self.root, message, help).into_inner();
        terminal::diagnostics([&found], Colors::new(self.args.color).stderr);
        Ok(if done == 0 { ExitStatus::Refused } else { ExitStatus::HookFailed })
    }
}

fn unreadable(root: &Path, path: &str) -> Refusal {
    Refusal::new(
        "commit-git",
        root,
        format!("{path} cannot be read as text"),
        "commit it yourself, with the API types that it is made from",
    )
}

/// The tasks that an earlier run scaffolded, as `--only` names them; nothing if none is known.
fn scaffolded(file: &TaskFile, earlier: &[(String, String)]) -> Option<String> {
    let known: Vec<&str> = (file.tasks.iter())
        .filter(|task| earlier.iter().any(|(id, _)| *id == task.id))
        .map(|task| task.id.as_str())
        .collect();
    (!known.is_empty()).then(|| known.join(","))
}

fn ids(series: &Series, tasks: &[usize]) -> Vec<String> {
    tasks.iter().map(|task| series.whole.plan.tasks[*task].id.clone()).collect()
}

/// The text of a tasks.md in which the boxes of some tasks are ticked.
fn with_boxes(source: &Source, ids: &[String]) -> String {
    let file = parse(source);
    let edits = file.tasks.iter().filter(|task| ids.contains(&task.id)).filter_map(|task| task.ticked(true));
    TextEdits::new(edits.collect()).map_or_else(|_| source.text().to_owned(), |edits| edits.apply(source.text()))
}

/// Ticks the boxes of some tasks on the disk.
fn tick(path: &Path, ids: &[String]) -> anyhow::Result<()> {
    let text = std::fs::read_to_string(path)?;
    let after = with_boxes(&Source::new(path.display().to_string(), text.as_str()), ids);
    if after == text { Ok(()) } else { apply::replace_document(path, &text, &after) }
}

/// The series, for people.
fn shown(commits: &[Commit], base: &Base) -> String {
    let mut text = String::new();
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for (number, commit) in commits.iter().enumerate() {
        let _ = writeln!(text, "{}/{} {}\n", number + 1, commits.len(), commit.message.subject);
        for line in commit.message.body.lines() {
            text.push_str(format!("    {line}").trim_end());
            text.push('\n');
        }
        text.push('\n');
        for (path, after) in &commit.files {
            let is_new = base.get(path).is_some_and(Option::is_none) && seen.insert(path);
            let letter = if after.is_none() {
                'D'
            } else if is_new {
                'A'
            } else {
                'M'
            };
            let _ = writeln!(text, "    {letter} {path}");
        }
        text.push('\n');
    }
    text
}

fn counted(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}
