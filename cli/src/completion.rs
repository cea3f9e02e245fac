//! What completes the values of flags: the tasks of the file, and its placeholders.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use clap_complete::engine::{ArgValueCompleter, CompletionCandidate};
use kubevirt_scaffold_core::diagnostic::visible;
use kubevirt_scaffold_core::task::{TaskFile, parse, placeholder_keys};
use kubevirt_scaffold_core::text::Source;

use crate::input;

/// The variable by which a shell asks for completions.
pub const VARIABLE: &str = "KUBEVIRT_SCAFFOLD_COMPLETE";

/// The components that a placeholder stands for.
const COMPONENTS: &[&str] = &["api", "controller", "handler", "launcher", "operator"];

/// Completes a list of IDs: `T001,T00`.
pub fn tasks() -> ArgValueCompleter {
    ArgValueCompleter::new(|current: &OsStr| {
        let current = current.to_string_lossy().into_owned();
        let (before, begun) =
            current.rsplit_once(',').map_or(("", current.as_str()), |(before, begun)| (before, begun));
        let file = file();
        let is_named = |id: &str| before.split(',').any(|named| named == id);
        let tasks = file.iter().flat_map(|file| &file.tasks);
        let tasks = tasks.filter(|task| task.id.starts_with(begun) && !is_named(&task.id));
        let value = |id: &str| if before.is_empty() { id.to_owned() } else { format!("{before},{id}") };
        tasks.map(|task| candidate(value(&task.id), &task.title.text)).collect()
    })
}

/// Completes the number of a phase.
pub fn phases() -> ArgValueCompleter {
    ArgValueCompleter::new(|current: &OsStr| {
        let current = current.to_string_lossy().into_owned();
        let file = file();
        let phases = file.iter().flat_map(|file| &file.phases).filter(|phase| phase.number.starts_with(&current));
        phases.map(|phase| candidate(phase.number.clone(), &phase.title.text)).collect()
    })
}

/// Completes `KEY=VALUE` of a placeholder: the keys of the file, and the components.
pub fn placeholders() -> ArgValueCompleter {
    ArgValueCompleter::new(|current: &OsStr| {
        let current = current.to_string_lossy().into_owned();
        let keys = file().map(|file| placeholder_keys(file.source.text())).unwrap_or_default();
        let values = keys.iter().flat_map(|key| match key.as_str() {
            key if key.starts_with("component") => COMPONENTS.iter().map(|name| format!("{key}={name}")).collect(),
            key => vec![format!("{key}=")],
        });
        values.filter(|value| value.starts_with(&current)).map(CompletionCandidate::new).collect()
    })
}

fn candidate(value: String, help: &str) -> CompletionCandidate {
    CompletionCandidate::new(value).help(Some(visible(help).into()))
}

/// The tasks.md that the command line so far names, or that of the folder that the user stands in.
fn file() -> Option<TaskFile> {
    let named = || std::env::args_os().skip(1).map(PathBuf::from).find(|path| is_document(path) && path.is_file());
    let path = named().or_else(input::around)?;
    let text = String::from_utf8(input::limited(&path, LIMIT).ok()?).ok()?;
    Some(parse(&Source::new(path.display().to_string(), text)))
}

fn is_document(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "md")
}

/// The largest file that is read for a completion.
const LIMIT: u64 = 4 << 20;
