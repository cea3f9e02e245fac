//! `config`

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::Subcommand;
use kubevirt_scaffold_core::diagnostic::{visible, visible_json};
use serde_json::json;

use crate::baseline;
use crate::checkout::{Origin, located};
use crate::config::{FILE, Set};
use crate::exit::{CommandError, ExitStatus};
use crate::flags::{CheckoutFlag, ColorFlag, Format, Hooks};
use crate::options::Standing;
use crate::{config, input, terminal};

/// What the user typed.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// What to do.
    #[command(subcommand)]
    pub what: What,
    #[command(flatten)]
    pub(super) color: ColorFlag,
}

/// What can be done with the configuration.
#[derive(Debug, Subcommand)]
pub enum What {
    /// Show every value, its source, and the files that are searched.
    Show {
        /// The tasks.md whose folder may hold a configuration file [default: as for `scaffold`].
        #[arg(value_name = "TASKS.md")]
        tasks: Option<PathBuf>,
        /// Which checkout is meant.
        #[command(flatten)]
        checkout: CheckoutFlag,
        /// What to print: a table, or one JSON document.
        #[arg(long, value_name = "FORMAT", default_value = "text")]
        format: Format,
    },
}

/// Runs the command.
pub fn run(args: &Args) -> Result<ExitStatus, CommandError> {
    let What::Show { tasks, checkout, format } = &args.what;
    let place = located(checkout.kubevirt.as_deref());
    let root = place.as_ref().map(|(path, _)| path.as_path());
    let tasks = tasks.clone().or_else(input::around);
    // Without a tasks.md there is no feature whose folder could say something.
    let standing = match &tasks {
        Some(tasks) => baseline::standing(root, tasks)?,
        None => Standing { settings: config::Settings::read(None, root)?, asked: None },
    };
    let rows = rows(place.as_ref(), &standing);
    let files: Vec<(&Path, bool)> =
        standing.settings.layers.iter().map(|layer| (layer.path.as_path(), layer.config.is_some())).collect();
    terminal::product(&match format {
        Format::Text => text(&rows, &files, tasks.is_none()),
        Format::Json => document(&rows, &files),
    })?;
    Ok(ExitStatus::Done)
}

/// A value, and where it comes from.
struct Row {
    key: String,
    value: Option<String>,
    from: String,
    place: Option<(String, usize)>,
}

impl Row {
    fn new(key: &str, value: Option<String>, from: &str) -> Self {
        Self { key: key.to_owned(), value, from: from.to_owned(), place: None }
    }

    fn of<T>(key: &str, value: String, set: &Set<T>) -> Self {
        let place = (set.source.name().to_owned(), set.line());
        Self { key: key.to_owned(), value: Some(value), from: "configuration".to_owned(), place: Some(place) }
    }
}

/// What the tasks.md was scaffolded with, as the source of a value.
const BEFORE: &str = "what the tasks.md was scaffolded with";

fn rows(place: Option<&(PathBuf, Origin)>, standing: &Standing) -> Vec<Row> {
    let Standing { settings, asked } = standing;
    let mut rows = vec![match place {
        None => Row::new("checkout", None, "there is none; a built-in sample is shown"),
        Some((path, Origin::Configured(set))) => Row::of("checkout", path.display().to_string(), set),
        Some((path, origin)) => {
            let from = match origin {
                Origin::Flag => "--kubevirt",
                Origin::Variable => "$KUBEVIRT_DIR",
                Origin::Around => "it contains the current folder",
                Origin::Cache | Origin::Configured(_) => "the one in the cache",
            };
            Row::new("checkout", Some(path.display().to_string()), from)
        }
    }];
    let hooks = |hooks: Hooks| clap::ValueEnum::to_possible_value(&hooks).map(|value| value.get_name().to_owned());
    rows.push(match settings.first(|config| config.hooks.as_ref()) {
        Some(set) => Row::of("hooks", hooks(set.value).unwrap_or_default(), set),
        None => Row::new("hooks", hooks(Hooks::default()), "default"),
    });
    let owner = settings.first(|config| config.owner.as_ref());
    let release = settings.first(|config| config.release.as_ref());
    let was = |of: fn(&crate::options::Asked) -> Option<&String>| asked.as_ref().map(|asked| of(asked).cloned());
    for (key, set, before, default) in [
        ("owner", owner, was(|asked| asked.owner.as_ref()), "what the tasks say, or the SIG of the files"),
        ("release", release, was(|asked| asked.release.as_ref()), "the highest that the gate files name"),
    ] {
        rows.push(match (before, set) {
            (Some(Some(value)), _) => Row::new(key, Some(value), BEFORE),
            (None, Some(set)) => Row::of(key, set.value.clone(), set),
            _ => Row::new(key, None, default),
        });
    }
    let more = asked.as_ref().map(|asked| (asked.gate.clone(), asked.no_gate, asked.layout, asked.state));
    if let Some((gate, no_gate, layout, state)) = more {
        let name = |value: Option<clap::builder::PossibleValue>| value.map(|value| value.get_name().to_owned());
        let gate = if no_gate { Some("none".to_owned()) } else { gate };
        let layout = name(layout.and_then(|layout| clap::ValueEnum::to_possible_value(&layout)));
        let state = name(state.and_then(|state| clap::ValueEnum::to_possible_value(&state)));
        let known = [("gate", gate), ("gate-layout", layout), ("state", state)];
        rows.extend(
            known.into_iter().filter(|(_, value)| value.is_some()).map(|(key, value)| Row::new(key, value, BEFORE)),
        );
    }
    let configured = settings.configs().flat_map(|(_, config)| config.set.keys());
    let mut keys: Vec<&String> = configured.chain(asked.iter().flat_map(|asked| asked.set.keys())).collect();
    keys.sort();
    keys.dedup();
    for key in keys {
        let shown = format!("set.{key}");
        let before = asked.as_ref().and_then(|asked| asked.set.get(key));
        let set = settings.first(|config| config.set.get(key));
        // The same value is where somebody can change it.
        match (before, set) {
            (Some(value), None) => rows.push(Row::new(&shown, Some(value.clone()), BEFORE)),
            (Some(value), Some(set)) if *value != set.value => rows.push(Row::new(&shown, Some(value.clone()), BEFORE)),
            (_, Some(set)) => rows.push(Row::of(&shown, set.value.clone(), set)),
            (None, None) => {}
        }
    }
    rows
}

fn text(rows: &[Row], files: &[(&Path, bool)], is_alone: bool) -> String {
    let mut text = String::new();
    let value = |row: &Row| row.value.as_deref().map_or_else(|| "-".to_owned(), visible);
    let width = |of: &dyn Fn(&Row) -> String| rows.iter().map(|row| of(row).chars().count()).max().unwrap_or(0).min(48);
    let (keys, values) = (width(&|row| visible(&row.key)), width(&value));
    for row in rows {
        let from =
            row.place.as_ref().map_or_else(|| row.from.clone(), |(file, line)| format!("{}:{line}", visible(file)));
        let line = format!("{:keys$}  {:values$}", visible(&row.key), value(row));
        let is_wide = terminal::is_shown() && line.chars().count() + 2 + from.chars().count() > terminal::width();
        let gap = if is_wide { format!("\n{:keys$}  ", "") } else { "  ".to_owned() };
        let _ = writeln!(text, "{}{gap}{from}", if is_wide { line.trim_end() } else { &line });
    }
    text.push_str("\nFiles, highest priority first; the command line overrides all of them:\n");
    for (path, is_there) in files {
        let note = if *is_there { "" } else { " (not found)" };
        let _ = writeln!(text, "  {}{note}", visible(&path.display().to_string()));
    }
    if is_alone {
        let _ = writeln!(text, "There is no tasks.md here, so no {FILE} beside one.");
    }
    text
}

fn document(rows: &[Row], files: &[(&Path, bool)]) -> String {
    let row = |row: &Row| {
        let (file, line) = row.place.clone().unzip();
        json!({"key": row.key, "value": row.value, "from": row.from, "file": file, "line": line})
    };
    let rows: Vec<_> = rows.iter().map(row).collect();
    let files: Vec<_> =
        files.iter().map(|(path, found)| json!({"path": path.display().to_string(), "found": found})).collect();
    let document = json!({"version": 1, "settings": rows, "files": files});
    visible_json(&serde_json::to_string_pretty(&document).expect("strings and numbers become JSON")) + "\n"
}
