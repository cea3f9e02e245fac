//! Placeholders that have no value: asked for at a terminal, and remembered beside the tasks.md.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use kubevirt_scaffold_core::diagnostic::visible;
use kubevirt_scaffold_core::task::open_keys;
use kubevirt_scaffold_core::text::Source;

use crate::apply::{self, Form};
use crate::config::{FILE, fitting, with_values};
use crate::terminal::{self, tell};
use crate::{files, input};

/// Values by their keys.
pub type Values = BTreeMap<String, String>;

/// Asks for the value of a placeholder. Nothing means that the user has none.
pub fn ask(key: &str, tasks: &Source) -> io::Result<Option<String>> {
    let lines = tasks.text().lines().enumerate().filter(|(_, line)| line.contains('['));
    if let Some((number, line)) = lines.into_iter().find(|(_, line)| open_keys(line).contains(key)) {
        let line: String = visible(line.trim()).chars().take(100).collect();
        tell!("{}:{}: {line}", tasks.name(), number + 1);
    }
    let example = match key {
        "feature" => "guest-heartbeat",
        key if key.starts_with("component") => "handler",
        _ => "a word",
    };
    loop {
        let answer = terminal::answer(&format!("Value for [{key}], such as {example} (Enter to leave it open):"))?;
        let Some(value) = answer.filter(|answer| !answer.is_empty()) else { return Ok(None) };
        let is_visible = !value.contains(kubevirt_scaffold_core::diagnostic::is_invisible);
        match fitting(key, &value) {
            Ok(()) if is_visible => return Ok(Some(value)),
            Ok(()) => tell!("The value of `{key}` is not allowed in a name or a path."),
            Err(why) => tell!("{}", upper(&why)),
        }
    }
}

fn upper(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect::<String>() + ".")
}

/// The largest file that is added to.
const LIMIT: u64 = 256 << 10;

/// Writes down what was answered, in the file beside the tasks.md, if that `may` be written. What cannot be written
/// down is said: it is no reason to stop.
pub fn remember(tasks: &Path, values: &Values, may: bool) {
    let path = tasks.parent().unwrap_or(Path::new("")).join(FILE);
    let shown = path.display();
    let lines = || values.iter().map(|(key, value)| format!("--set {key}={value}")).collect::<Vec<_>>().join(" ");
    if !may {
        return tell!("Nothing is written, so these answers are not saved: {}", lines());
    }
    let written = match files::read(&path, LIMIT) {
        Ok(bytes) => add(&path, bytes, values),
        Err(error) if input::is_absent(&error) => {
            with_values("", values).ok_or_else(|| "they cannot be written".to_owned()).and_then(|text| {
                apply::write_product(&path, &text, Form::Own, false).map_err(|refusal| refusal.to_string())
            })
        }
        Err(error) => Err(error.to_string()),
    };
    match written {
        Ok(()) => tell!("Saved the answers in {shown}."),
        Err(why) => tell!("warning: could not save {} in {shown}: {why}", lines()),
    }
}

fn add(path: &Path, bytes: Vec<u8>, values: &Values) -> Result<(), String> {
    let before = String::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned())?;
    let after = with_values(&before, values).ok_or_else(|| "its table `[set]` is in another form".to_owned())?;
    apply::replace_document(path, &before, &after).map_err(|error| format!("{error:#}"))
}
