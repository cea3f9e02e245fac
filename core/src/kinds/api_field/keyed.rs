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
    /// What a line of its own says of it, and that line.
    pub(super) comment: Option<(usize, String)>,
}

/// The key of a line that names a struct.
pub(super) const STRUCT: &str = "struct";

/// Keys that name the struct of the fields beside them.
const PARENT: &[&str] = &[
    "parent",
    "parent struct",
    "parent type",
    "owner",
    "in struct",
    "on struct",
    "to struct",
    "go struct",
    "api struct",
];

/// The lines of a task with some keys, those that say one thing as one.
pub(super) fn lines(task: &PlannedTask, keys: &[Key]) -> Vec<Said> {
    let parent = parent(task);
    let mut found: Vec<Said> = Vec::new();
    let mut opened: Option<(Option<usize>, &'static str)> = None;
    let mut at = 0;
    let is_item = |line: &TaskLine| line.key == Key::Prose && line.is_item && line.text.trim_start().starts_with('`');
    while let Some(line) = task.details.get(at) {
        at += 1;
        if let Some((opener, key)) = opened.filter(|_| is_item(line)) {
            let is_plain = matches!(key, "fields" | STRUCT | "enum");
            let text = if is_plain { line.text.clone() } else { equated(&line.text) };
            found.push(Said {
                line: line.line,
                more: opener.into_iter().collect(),
                key: key.to_owned(),
                text,
                comment: None,
            });
            continue;
        }
        let lists_fields = task.details.get(at).is_some_and(|next| is_item(next) && next.text.contains(' '));
        if let Some(name) = heads(line).filter(|_| lists_fields) {
            found.push(Said {
                line: line.line,
                more: Vec::new(),
                key: STRUCT.to_owned(),
                text: format!("`{name}`"),
                comment: None,
            });
            opened = Some((None, "fields"));
            continue;
        }
        opened = opens(line).map(|key| (Some(line.line), key));
        if let Some(key) = constant(line).filter(|_| line.text.contains('`')) {
            found.push(Said {
                line: line.line,
                more: Vec::new(),
                key: key.to_owned(),
                text: equated(&line.text),
                comment: None,
            });
            continue;
        }
        let is_parent = parent.as_ref().is_some_and(|(_, known)| *known == line.line);
        let is_field = is_field(&task.details, at - 1);
        if !(keys.contains(&line.key) || is_field) || is_parent || line.text.trim().is_empty() {
            continue;
        }
        // "Type: `Mode` (string)" and "Type: `S` struct" are no constants.
        let text = line.text.trim_end_matches([':', '.']);
        let is_type = text.contains("` (string")
            || (text.ends_with(" string`") || text.ends_with("` string")) && text.matches('`').count() == 2;
        let is_struct = text.ends_with("` struct") || text.ends_with("` (struct)");
        let key = match line.key {
            Key::Constants if is_struct => STRUCT.to_owned(),
            Key::Constants if is_type => Key::Enum.to_string(),
            _ if is_field => Key::Field.to_string(),
            _ => line.key.to_string(),
        };
        // "Type: `X string`"
        let whole = line.text.trim().strip_suffix(" string`").or_else(|| line.text.trim().strip_suffix("` string"));
        let whole = whole.filter(|_| key == "enum" && is_type);
        let text = whole.map_or_else(|| line.text.clone(), |name| format!("{name}` (string)"));
        let text = bare_name(line).filter(|_| key == STRUCT).map_or(text, |name| format!("`{name}`"));
        let said = Said { line: line.line, more: Vec::new(), key, text, comment: None };
        // A field that its line spells out may have its type, too.
        let name = bare_name(line);
        let is_open = name.is_some() || said.text.ends_with(['`', ')']);
        let parts: Vec<Part<'_>> = task.details[at..].iter().map_while(part).collect();
        let is_typed = parts.iter().any(|part| part.what == What::Type);
        if !is_field || name.is_none() && (!is_open || is_typed || parts.is_empty()) {
            let owner = parent.as_ref().filter(|(owner, _)| is_field && !line.text.contains(owner.as_str()));
            found.push(match owner {
                Some((owner, at)) => Said { text: format!("{} in `{owner}`", said.text), more: vec![*at], ..said },
                None => said,
            });
            continue;
        }
        at += parts.len();
        found.push(field(said, name, &parts, parent.as_ref()));
    }
    found
}

/// Whether a line names a field: "Field: `quiet`", or "Go name: Quiet" above its type.
fn is_field(details: &[TaskLine], at: usize) -> bool {
    let line = &details[at];
    let is_name = match &line.key {
        Key::Field => return true,
        Key::Name | Key::Constant => true,
        Key::Other(word) => ["field name", "go field", "go field name"].contains(&word.as_str()),
        _ => false,
    };
    let is_typed = || details[at + 1..].iter().map_while(part).any(|part| part.what == What::Type);
    is_name && bare_name(line).is_some_and(|name| name.starts_with(char::is_uppercase)) && is_typed()
}

/// What a line says that it is, where that is a constant of some role.
fn constant(line: &TaskLine) -> Option<&'static str> {
    match &line.key {
        Key::Labels => Some("label"),
        Key::Other(word) => match word.as_str() {
            "annotation" | "annotations" => Some("annotation"),
            "reason" | "reasons" | "condition reason" => Some("reason"),
            "condition" | "conditions" | "condition type" => Some("condition"),
            _ => None,
        },
        _ => None,
    }
}

/// `X` → `x` is `X` = `x`.
fn equated(text: &str) -> String {
    text.replace("` → ", "` = ").replace("` -> ", "` = ").replace("`: ", "` = ")
}

/// The struct that is all of a line before its colon: "`Fan`:", "Fan (new struct):".
fn heads(line: &TaskLine) -> Option<&str> {
    let text = line.text.trim().strip_suffix(':').filter(|_| matches!(line.key, Key::Prose | Key::Task))?;
    let named = ["(new struct)", "(struct)", "struct"].iter().find_map(|word| text.strip_suffix(word));
    let name = named.unwrap_or(text).trim();
    let coded = name.strip_prefix('`').and_then(|name| name.strip_suffix('`'));
    let name = coded.or(named.map(|_| name))?;
    (is_go_identifier(name) && name.starts_with(char::is_uppercase)).then_some(name)
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
    /// Where it stands: "after `X`".
    Place,
    Markers,
}

fn part(line: &TaskLine) -> Option<Part<'_>> {
    let text = line.text.trim();
    let what = match &line.key {
        Key::Constants if TypeText::parse(text.trim_matches('`')).is_ok() => What::Type,
        Key::Description => What::Description,
        Key::Markers if text.starts_with("`+") => What::Markers,
        // One with a name in front may be about something else.
        Key::Comment if !text.starts_with('`') => What::Description,
        Key::Other(word) => match word.as_str() {
            "go type" if TypeText::parse(text.trim_matches('`')).is_ok() => What::Type,
            "json" | "json name" | "json tag" | "json key" | "json field" | "serialized as" | "yaml" => What::Json,
            "default" | "default value" => What::Default,
            "position" | "place" => What::Place,
            "optional" => What::Optional(is_yes(text)?),
            "required" => What::Optional(!is_yes(text)?),
            _ => return None,
        },
        _ => return None,
    };
    let text = if matches!(what, What::Place | What::Markers) { text } else { text.trim_matches('`') };
    Some(Part { line: line.line, what, text })
}

fn is_yes(text: &str) -> Option<bool> {
    match text.trim_matches('`').to_lowercase().as_str() {
        "yes" | "true" | "y" => Some(true),
        "no" | "false" | "n" => Some(false),
        _ => None,
    }
}

/// A field in one line, as one would write it: ``Quiet *bool` (json `quietDisk`, defaults to false) in `Disk` ``, and its
/// comment.
fn field(said: Said, name: Option<&str>, parts: &[Part<'_>], parent: Option<&(String, usize)>) -> Said {
    let of = |what: What| parts.iter().find(|part| part.what == what).map(|part| part.text);
    let mut text = match (name, of(What::Type)) {
        (Some(name), Some(ty)) => format!("`{name} {ty}`"),
        (Some(name), None) => format!("`{name}`"),
        (None, _) => said.text.clone(),
    };
    let mut beside: Vec<String> = Vec::new();
    beside.extend(
        [true, false]
            .into_iter()
            .filter(|yes| of(What::Optional(*yes)).is_some())
            .map(|yes| if yes { "optional".to_owned() } else { "required".to_owned() }),
    );
    beside.extend(of(What::Json).map(|json| format!("json `{json}`")));
    beside.extend(of(What::Markers).map(str::to_owned));
    beside.extend(of(What::Default).map(|value| format!("defaults to {value}")));
    if !beside.is_empty() {
        text = format!("{text} ({})", beside.join(", "));
    }
    if let Some((parent, _)) = parent {
        text = format!("{text} in `{parent}`");
    }
    if let Some(place) = of(What::Place) {
        text = format!("{text}, {place}");
    }
    let comment = parts.iter().find(|part| part.what == What::Description);
    let comment = comment.map(|part| (part.line, part.text.to_owned()));
    let more = parts.iter().map(|part| part.line).chain(parent.map(|(_, line)| *line)).collect();
    Said { more, text, comment, ..said }
}

/// The name that is all of a line.
fn bare_name(line: &TaskLine) -> Option<&str> {
    let name = line.text.trim().trim_matches('`');
    (is_go_identifier(name) || is_keyword(name)).then_some(name)
}

/// The struct of a task's fields, and its line: one that a key of its own names, or the only `Struct:`, behind the
/// fields. Before fields, `Struct:` may be a new one.
fn parent(task: &PlannedTask) -> Option<(String, usize)> {
    let last = (0..task.details.len()).rev().find(|at| is_field(&task.details, *at))?;
    let is_alone = task.details.iter().filter(|line| line.key == Key::Struct).count() == 1;
    let is_parent = |(at, line): &(usize, &TaskLine)| match &line.key {
        Key::Other(word) => PARENT.contains(&word.as_str()),
        Key::Struct => is_alone && *at > last,
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
        Key::Struct => STRUCT,
        Key::Enum => "enum",
        _ => constant(line).unwrap_or_default(),
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
