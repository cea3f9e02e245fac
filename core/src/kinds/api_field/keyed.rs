//! Lines below a task that say one thing together: a field with a line for each of its parts, and the items of a list.
//!
//! `- Field: quiet`, `- Type: *bool`, `- JSON: quietDisk` are one field; the items below `- Constants:` are constants.

use crate::demand::words;
use crate::go::TypeText;
use crate::name::{is_go_identifier, is_keyword};
use crate::plan::{Key, PlannedTask, TaskLine};

/// A line as it is read: with what the lines around it say of the same thing.
pub(super) struct Said {
    /// The line that names the thing.
    pub(super) line: usize,
    /// The lines that say more of it.
    pub(super) more: Vec<usize>,
    /// What the line says that it is.
    pub(super) key: String,
    pub(super) text: String,
}

/// Keys that name the struct of the fields beside them.
const PARENT: &[&str] = &["parent", "parent struct", "in struct", "on struct", "to struct"];

/// The lines of a task with some keys, those that say one thing as one.
pub(super) fn lines(task: &PlannedTask, keys: &[Key]) -> Vec<Said> {
    let parent = parent(task);
    let mut found: Vec<Said> = Vec::new();
    let mut opened: Option<(usize, &'static str)> = None;
    let mut at = 0;
    while let Some(line) = task.details.get(at) {
        at += 1;
        let item = opened.filter(|_| line.key == Key::Prose && line.is_item && line.text.trim_start().starts_with('`'));
        if let Some((opener, key)) = item {
            let more = vec![opener];
            found.push(Said { line: line.line, more, key: key.to_owned(), text: line.text.clone() });
            continue;
        }
        opened = opens(line).map(|key| (line.line, key));
        let is_parent = parent.as_ref().is_some_and(|(_, known)| *known == line.line);
        if !keys.contains(&line.key) || is_parent {
            continue;
        }
        let said = Said { line: line.line, more: Vec::new(), key: line.key.to_string(), text: line.text.clone() };
        let name = bare_name(line).filter(|_| line.key == Key::Field);
        let Some(name) = name else {
            found.push(said);
            continue;
        };
        let parts: Vec<Part<'_>> = task.details[at..].iter().map_while(part).collect();
        at += parts.len();
        found.push(field(said, name, &parts, parent.as_ref()));
    }
    found
}

/// A part of a field on a line of its own.
struct Part<'a> {
    line: usize,
    what: What,
    text: &'a str,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    Type,
    Json,
    Default,
    /// It can be left out, or cannot.
    Optional(bool),
    Description,
}

fn part(line: &TaskLine) -> Option<Part<'_>> {
    let text = line.text.trim();
    let what = match &line.key {
        Key::Constants if TypeText::parse(text.trim_matches('`')).is_ok() => What::Type,
        Key::Description => What::Description,
        Key::Other(word) => match word.as_str() {
            "json" | "json name" | "json tag" | "yaml" => What::Json,
            "default" | "default value" => What::Default,
            "optional" => What::Optional(is_yes(text)?),
            "required" => What::Optional(!is_yes(text)?),
            _ => return None,
        },
        _ => return None,
    };
    Some(Part { line: line.line, what, text: text.trim_matches('`') })
}

fn is_yes(text: &str) -> Option<bool> {
    match text.trim_matches('`').to_lowercase().as_str() {
        "yes" | "true" | "y" => Some(true),
        "no" | "false" | "n" => Some(false),
        _ => None,
    }
}

/// A field in one line, as one would write it: ``Quiet *bool` (json `quietDisk`, defaults to false) in `Disk` - why``.
fn field(said: Said, name: &str, parts: &[Part<'_>], parent: Option<&(String, usize)>) -> Said {
    let of = |what: What| parts.iter().find(|part| part.what == what).map(|part| part.text);
    let mut text = match of(What::Type) {
        Some(ty) => format!("`{name} {ty}`"),
        None => format!("`{name}`"),
    };
    let mut beside: Vec<String> = Vec::new();
    beside.extend([true, false].into_iter().filter(|yes| of(What::Optional(*yes)).is_some()).map(|yes| {
        if yes { "optional".to_owned() } else { "required".to_owned() }
    }));
    beside.extend(of(What::Json).map(|json| format!("json `{json}`")));
    beside.extend(of(What::Default).map(|value| format!("defaults to {value}")));
    if !beside.is_empty() {
        text += &format!(" ({})", beside.join(", "));
    }
    if let Some((parent, _)) = parent {
        text += &format!(" in `{parent}`");
    }
    if let Some(description) = of(What::Description) {
        text += " - ";
        text += description;
    }
    let more = parts.iter().map(|part| part.line).chain(parent.map(|(_, line)| *line)).collect();
    Said { more, text, ..said }
}

/// The name that is all of a line.
fn bare_name(line: &TaskLine) -> Option<&str> {
    let name = line.text.trim().trim_matches('`');
    (is_go_identifier(name) || is_keyword(name)).then_some(name)
}

/// The struct of a task's fields, and its line: one that a key of its own names, or `Struct:` behind the fields. Before
/// them, `Struct:` may be a new one.
fn parent(task: &PlannedTask) -> Option<(String, usize)> {
    let first = task.details.iter().position(|line| line.key == Key::Field)?;
    let is_parent = |(at, line): &(usize, &TaskLine)| match &line.key {
        Key::Other(word) => PARENT.contains(&word.as_str()),
        Key::Struct => *at > first,
        _ => false,
    };
    let mut named = task.details.iter().enumerate().filter(is_parent);
    let (_, line) = named.next().filter(|_| named.next().is_none())?;
    Some((bare_name(line)?.to_owned(), line.line))
}

/// What the items below a line are, where it says so and nothing else: "Constants:", "New fields of `Disk`:".
fn opens(line: &TaskLine) -> Option<&'static str> {
    let text = line.text.trim();
    let own = match &line.key {
        Key::Field => "fields",
        Key::Constants | Key::Constant => "constants",
        Key::Labels => "label",
        Key::Other(word) if matches!(word.as_str(), "annotation" | "annotations") => "annotation",
        _ => "",
    };
    if text.is_empty() {
        return Some(own).filter(|own| !own.is_empty());
    }
    if !text.ends_with(':') || !matches!(line.key, Key::Prose | Key::Task) {
        return None;
    }
    let words = words(text);
    let says = |known: &[&str]| words.iter().any(|word| word.is(known));
    if says(&["enum", "enumeration", "type", "value", "values", "test", "tests", "spec"]) {
        return None;
    }
    let nouns: [(&[&str], &'static str); 4] = [
        (&["field", "fields"], "fields"),
        (&["annotation", "annotations"], "annotation"),
        (&["label", "labels"], "label"),
        (&["constant", "constants", "reason", "reasons", "condition", "conditions"], "constants"),
    ];
    nouns.into_iter().find(|(known, _)| says(known)).map(|(_, key)| key)
}
