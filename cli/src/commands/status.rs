//! `status`

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use kubevirt_scaffold_core::diagnostic::{visible, visible_json};
use kubevirt_scaffold_core::graph::{graph, unread};
use kubevirt_scaffold_core::pipeline::{Color, diff_texts};
use kubevirt_scaffold_core::plan::slug;
use kubevirt_scaffold_core::status::{State, Status, status};
use kubevirt_scaffold_core::survey::Survey;
use kubevirt_scaffold_core::task::{TaskFile, parse};
use kubevirt_scaffold_core::text::{Source, TextEdits};
use kubevirt_scaffold_core::vep::{self, HeldState, Vep};
use serde_json::json;

use crate::carry_out::mention_unfinished;
use crate::checkout::Checkout;
use crate::exit::{CommandError, ExitStatus};
use crate::flags::{CheckoutFlag, ColorFlag, Format, OR_SAMPLE};
use crate::options::PlanFlags;
use crate::terminal::{self, Colors};
use crate::watch::{Watch, told};
use crate::{apply, baseline, input};

/// What the user typed.
#[derive(clap::Args, Debug)]
#[command(mut_arg("kubevirt", |flag| flag.help(OR_SAMPLE)))]
pub struct Args {
    /// The tasks.md, or a vep.md [default: the tasks.md in the current folder, or in the nearest parent of the same
    /// repository].
    #[arg(value_name = "TASKS.md")]
    pub tasks: Option<PathBuf>,
    #[command(flatten)]
    checkout: CheckoutFlag,
    #[command(flatten)]
    plan: PlanFlags,
    /// Show which boxes would change, as a diff; with --yes, write the changes.
    #[arg(long)]
    pub tick: bool,
    /// Keep running, and print each task whose state changes, until Ctrl-C.
    #[arg(long, conflicts_with_all = ["tick", "format"])]
    pub watch: bool,
    /// Write the changed boxes without asking.
    #[arg(long, short, requires = "tick")]
    pub yes: bool,
    /// What to print: a table, or one JSON document.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: Format,
    #[command(flatten)]
    pub(super) color: ColorFlag,
}

/// Runs the command.
pub fn run(args: &Args, command_line: &Source) -> Result<ExitStatus, CommandError> {
    let path = input::tasks_or_vep(args.tasks.as_deref(), command_line)?;
    if args.watch {
        return watch(args, &path, command_line);
    }
    let source = input::read(&path, command_line)?;
    let named = args.checkout.kubevirt.as_deref();
    let checkout = Checkout::find(named);
    mention_unfinished(&checkout, Colors::new(args.color).stderr)?;
    if Vep::is_vep(&source) {
        let survey = checkout.survey(checkout.tree(), named, command_line)?;
        return of_vep(args, &source, &survey, &checkout);
    }
    let (file, found) = found(args, &source, &checkout, command_line)?;
    let unread = unread(&file, &graph(&file));
    if !unread.is_empty() {
        terminal::say(&terminal::rendered(&unread, Colors::new(args.color).stderr));
    }
    let product = match args.format {
        Format::Text => table(&file, &found, |_| true, Colors::new(args.color).stdout),
        Format::Json => document(&file, &found, &checkout.name()),
    };
    terminal::deliver(&product, args.yes)?;
    if args.tick {
        tick(args, &file, &found)?;
    }
    Ok(ExitStatus::Done)
}

/// How far each task is.
fn found(
    args: &Args,
    source: &Source,
    checkout: &Checkout,
    command_line: &Source,
) -> Result<(TaskFile, Vec<Status>), CommandError> {
    let path = Path::new(source.name());
    let survey = checkout.survey(checkout.tree(), args.checkout.kubevirt.as_deref(), command_line)?;
    let standing = baseline::standing(checkout.root(), path)?;
    let mut options = args.plan.options(Some(path), &standing, command_line)?;
    if let Some(root) = checkout.root() {
        options.earlier = baseline::read(root, || slug(&parse(source), &options))?;
    }
    let found = status(source, &survey, &options)?;
    checkout.is_legible()?;
    Ok(found)
}

/// Tells it again each time that something has changed: then only what is different.
fn watch(args: &Args, path: &Path, command_line: &Source) -> Result<ExitStatus, CommandError> {
    input::read(path, command_line)?;
    let colors = Colors::new(args.color);
    let mut watch = Watch::default();
    let mut known: Option<BTreeMap<String, String>> = None;
    loop {
        let checkout = Checkout::find(args.checkout.kubevirt.as_deref());
        let now = input::read(path, command_line).map_err(CommandError::from).and_then(|source| {
            if Vep::is_vep(&source) {
                let survey = checkout.survey(checkout.tree(), args.checkout.kubevirt.as_deref(), command_line)?;
                return of_vep(args, &source, &survey, &checkout).map(|_| None);
            }
            found(args, &source, &checkout, command_line).map(Some)
        });
        match now {
            Ok(None) => {}
            Ok(Some((file, found))) => {
                let row = |status: &Status| row(&file, status, 0, Color::Never);
                let rows: BTreeMap<String, String> =
                    found.iter().map(|status| (file.tasks[status.task].id.clone(), row(status))).collect();
                let is_other = |status: &Status| {
                    let id = &file.tasks[status.task].id;
                    known.as_ref().is_none_or(|known| known.get(id) != rows.get(id))
                };
                let gone = known.iter().flat_map(BTreeMap::keys).filter(|id| !rows.contains_key(*id));
                let gone: Vec<String> = gone.map(|id| format!("    {} is gone\n", visible(id))).collect();
                terminal::product(&(table(&file, &found, is_other, colors.stdout) + &gone.concat()))?;
                known = Some(rows);
            }
            Err(CommandError::Refused(found)) => terminal::diagnostics(&found, colors.stderr),
            Err(error) => return Err(error),
        }
        watch.note(input::beside(path).into_iter().chain(checkout.seen()));
        terminal::say(&told(&watch.wait()));
    }
}

/// What of a VEP the checkout has.
fn of_vep(args: &Args, source: &Source, survey: &Survey<'_>, checkout: &Checkout) -> Result<ExitStatus, CommandError> {
    let vep = Vep::read(source)?;
    let found = vep::held(&vep, &vep::facts(&vep, survey), survey);
    checkout.is_legible()?;
    let product = match args.format {
        Format::Text => {
            let mut text = String::new();
            for one in &found {
                let places: Vec<&str> = one.place.iter().chain(&one.file).map(String::as_str).collect();
                let what = visible(&format!("{} ({})", one.what, places.join(", "))).replace(" ()", "");
                let _ = writeln!(text, "{:8} {what}\n         {}", one.state.name(), visible(&one.note));
            }
            let of = |state: HeldState| found.iter().filter(|one| one.state == state).count();
            let states = [HeldState::There, HeldState::Other, HeldState::Missing];
            let counts: Vec<String> = states.iter().map(|state| format!("{} {}", of(*state), state.name())).collect();
            let _ = writeln!(text, "{} facts: {}", found.len(), counts.join(", "));
            text
        }
        Format::Json => {
            let fact = |one: &vep::Held| json!({"what": one.what, "state": one.state.name(), "vep": one.place, "file": one.file, "note": one.note});
            let facts: Vec<_> = found.iter().map(fact).collect();
            let document = json!({"version": 1, "file": source.name(), "kubevirt": checkout.name(), "facts": facts});
            visible_json(&serde_json::to_string_pretty(&document).expect("strings become JSON")) + "\n"
        }
    };
    terminal::deliver(&product, args.yes)?;
    Ok(ExitStatus::Done)
}

/// Columns that are wider than this are not lined up.
const WIDEST: usize = 40;
/// The longest name of a state.
const STATE: usize = 11;
/// How much of a title is shown.
const TITLE: usize = 60;

/// What a task is, and why.
fn row(file: &TaskFile, status: &Status, width: usize, color: Color) -> String {
    let task = &file.tasks[status.task];
    let mark = if task.done { "x" } else { " " };
    let differs = if differs(file, status) { " *" } else { "" };
    // A table is not wider than the terminal, where that is possible.
    let before = width + STATE + 8;
    let room = if terminal::is_shown() { terminal::width().saturating_sub(before).clamp(20, TITLE) } else { TITLE };
    let title: String = visible(&task.title.text).chars().take(room).collect();
    let state = painted(status.state, color);
    format!("[{mark}] {:width$}  {state} {title}{differs}\n    {:width$}  {}\n", task.id, "", status.reason)
}

/// A line for each task that is `wanted`, the counts of all, and what the boxes say otherwise.
fn table(file: &TaskFile, found: &[Status], wanted: impl Fn(&Status) -> bool, color: Color) -> String {
    let width = file.tasks.iter().map(|task| task.id.len()).max().unwrap_or(0).min(WIDEST);
    let mut text: String =
        found.iter().filter(|status| wanted(status)).map(|status| row(file, status, width, color)).collect();
    let of = |name: &str| found.iter().filter(|status| status.state.name() == name).count();
    let states = ["missing", "scaffolded", "red", "implemented", "manual"];
    let counts: Vec<String> = states.iter().map(|name| format!("{} {name}", of(name))).collect();
    let _ = writeln!(text, "{} tasks: {}", found.len(), counts.join(", "));
    let different = found.iter().filter(|status| differs(file, status)).count();
    if different > 0 {
        let boxes = if different == 1 { "1 box is".to_owned() } else { format!("{different} boxes are") };
        let _ =
            writeln!(text, "* {boxes} out of date; `--tick` updates {}", if different == 1 { "it" } else { "them" });
    }
    text
}

/// The name of a state, as wide as the longest of them, in its colour.
fn painted(state: State, color: Color) -> String {
    let name = format!("{:STATE$}", state.name());
    let code = match state {
        _ if color == Color::Never => return name,
        State::Implemented => 32,
        State::Red | State::Missing => 31,
        State::Scaffolded => 33,
        State::Manual => 36,
    };
    format!("\u{1b}[{code}m{name}\u{1b}[0m")
}

/// Whether a task's box says something else than the tree.
fn differs(file: &TaskFile, status: &Status) -> bool {
    status.state.is_done().is_some_and(|done| done != file.tasks[status.task].done)
}

fn document(file: &TaskFile, found: &[Status], kubevirt: &str) -> String {
    let task = |status: &Status| {
        let task = &file.tasks[status.task];
        json!({
            "id": task.id,
            "title": task.title.text,
            "phase": file.phase_number(task),
            "line": file.line(task),
            "done": task.done,
            "state": status.state.name(),
            "reason": status.reason,
            "agrees": !differs(file, status),
        })
    };
    let tasks: Vec<_> = found.iter().map(task).collect();
    let document = json!({"version": 1, "file": file.source.name(), "kubevirt": kubevirt, "tasks": tasks});
    visible_json(&serde_json::to_string_pretty(&document).expect("strings and numbers become JSON")) + "\n"
}

/// Brings the boxes up to date: those of tasks that the tree tells about, and no other byte.
fn tick(args: &Args, file: &TaskFile, found: &[Status]) -> anyhow::Result<()> {
    let wanted = found.iter().filter_map(|status| file.tasks[status.task].ticked(status.state.is_done()?));
    let edits = TextEdits::new(wanted.collect()).map_err(|overlap| anyhow::anyhow!("{overlap}"))?;
    let source = &file.source;
    if edits.is_empty() {
        terminal::say("The boxes are up to date.\n");
        return Ok(());
    }
    let after = edits.apply(source.text());
    let diff = diff_texts(
        &input::diff_name(Path::new(source.name())),
        Some(source.text()),
        &after,
        Colors::new(args.color).stdout,
    );
    if args.format == Format::Text {
        terminal::deliver(&diff, args.yes)?;
    }
    if !terminal::may_write(args.yes)? {
        return Ok(());
    }
    apply::replace_document(Path::new(source.name()), source.text(), &after)?;
    let boxes = if edits.len() == 1 { "1 box".to_owned() } else { format!("{} boxes", edits.len()) };
    terminal::say(&format!("Ticked {boxes} in {}.\n", source.name()));
    Ok(())
}
