//! What lines state of the API in forms that are no sentences, as the lines that ask for the same: "`S.F` (`*T`, "f")",
//! "S: F — *T — f,omitempty", "E += C ("c")", and things with a line below them for each of their parts.

mod braces;
mod line;
mod nested;
mod parts;

use crate::demand::{ApiDemand, Word, api, words};
use crate::name::is_go_identifier;
use crate::plan::{Key, PlannedTask, TaskLine};

/// A task in plain lines, and the lines that say more of another one.
pub(super) struct Told {
    pub(super) task: PlannedTask,
    pub(super) more: Vec<(usize, usize)>,
}

/// What a task speaks of whose title is a path, `S.F`, or whose lines say what something is: "Go type: `*T`".
pub(super) fn spoken_of(task: &PlannedTask) -> Option<String> {
    let all = words(&task.title);
    let is_path = |word: &&Word<'_>| {
        let path = word.text.split_once('.');
        path.is_some_and(|(owner, name)| [owner, name].iter().all(|part| is_go_identifier(part)))
            && word.text.starts_with(char::is_uppercase)
    };
    let path = all.iter().find(is_path).map(|word| word.text.to_owned());
    let is_part = task.details.iter().any(|line| matches!(&line.key, Key::Other(word) if nested::is_part(word)));
    let first = all.iter().find(|word| word.is_code()).or(all.first()).map(|word| word.text.to_owned());
    path.or(first.filter(|_| is_part))
}

/// The plain lines of a task, and the lines that say more of another one.
type Lines = (Vec<TaskLine>, Vec<(usize, usize)>);

/// What a line comes to: its key, and its text.
type Plain = (Key, String);

/// A task whose lines of such forms are plain ones; nothing if it has none.
pub(super) fn told(task: &PlannedTask) -> Option<Told> {
    if let Some((details, mut more)) = nested::lines(task).or_else(|| braces::lines(task)) {
        let details = with_their_fields(details, &mut more);
        return Some(Told { task: PlannedTask { title: String::new(), details, ..task.clone() }, more });
    }
    let mut title = task.title.clone();
    let mut details = Vec::new();
    let mut is_other = false;
    let mut add = |plain: Vec<Plain>, line: usize, is_item: bool| {
        is_other = true;
        details.extend(plain.into_iter().map(|(key, text)| TaskLine { key, text, line, is_item }));
    };
    if let Some(plain) = of_line(&Key::Prose, &title) {
        add(plain, task.line, true);
        title.clear();
    }
    let mut kept = Vec::new();
    for own in &task.details {
        match of_line(&own.key, &own.text) {
            Some(plain) => add(plain, own.line, own.is_item),
            None => kept.push(own.clone()),
        }
    }
    if !is_other {
        return None;
    }
    // A line that names a struct stands before those with its fields.
    details.extend(kept);
    details.sort_by_key(|own| own.line);
    let mut more = Vec::new();
    let details = with_their_fields(details, &mut more);
    Some(Told { task: PlannedTask { title, details, ..task.clone() }, more })
}

/// Lines in which a struct has its fields where these are not each on a line of its own.
fn with_their_fields(mut details: Vec<TaskLine>, more: &mut Vec<(usize, usize)>) -> Vec<TaskLine> {
    let is_part =
        |line: &TaskLine| line.key == Key::Field && !line.text.contains("` to `") && !line.text.contains(") to `");
    let mut at = 0;
    while at < details.len() {
        let end = details[at + 1..].iter().position(|line| line.key == Key::Struct);
        let end = end.map_or(details.len(), |length| at + 1 + length);
        let head = details[at].line;
        let fields: Vec<usize> = (at + 1..end).filter(|own| is_part(&details[*own])).collect();
        let mut numbers: Vec<usize> = fields.iter().map(|own| details[*own].line).chain([head]).collect();
        numbers.dedup();
        let is_apart = numbers.len() == fields.len() + 1;
        if details[at].key == Key::Struct && !fields.is_empty() && !is_apart && !details[at].text.contains(' ') {
            let listed: Vec<String> = fields.iter().map(|own| details[*own].text.clone()).collect();
            details[at].text = format!("{} with fields {}", details[at].text, listed.join(", "));
            let has_note = |line: usize| details.iter().any(|own| own.line == line && own.key == Key::Comment);
            let own = fields.iter().map(|own| details[*own].line).filter(|line| *line != head && !has_note(*line));
            more.extend(own.map(|line| (line, head)));
            for own in fields.into_iter().rev() {
                details.remove(own);
            }
        }
        at += 1;
    }
    more.dedup();
    details
}

fn of_line(key: &Key, text: &str) -> Option<Vec<Plain>> {
    let is_open = matches!(key, Key::Prose | Key::Task | Key::Field | Key::Struct | Key::Enum | Key::Other(_));
    let found = line::plain(key, text).or_else(|| braces::plain(text)).filter(|_| is_open)?;
    (!is_understood(key, text)).then_some(found)
}

/// Whether a line is read as it is.
fn is_understood(key: &Key, text: &str) -> bool {
    let reading = api(&key.to_string(), text);
    let is_whole = |demand: &ApiDemand| match demand {
        ApiDemand::Field(field) => field.ty.is_some() && field.parent.is_some(),
        ApiDemand::Struct(known) => !known.fields.is_empty() && known.fields.iter().all(|field| field.ty.is_some()),
        ApiDemand::Enum(known) => !known.values.is_empty(),
        ApiDemand::Constant(known) => known.value.is_some(),
    };
    reading.fault.is_none() && !reading.demands.is_empty() && reading.demands.iter().all(is_whole)
}
