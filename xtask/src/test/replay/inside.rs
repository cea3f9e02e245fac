//! What a contributor would say of code that goes into functions that are there: entries, flags, calls and assignments of
//! one line, each with what it stands behind.

use std::collections::BTreeSet;

use kubevirt_scaffold_core::go::{Decl, DeclKind, Target};
use kubevirt_scaffold_core::text::squeezed;

/// A line for each piece of code that a function gets.
pub(super) fn lines(old: &Target<'_>, new: &Target<'_>) -> Vec<String> {
    let functions = new.file.decls.iter().filter(|decl| decl.kind == DeclKind::Func);
    functions.flat_map(|decl| of_function(old, new, decl)).collect()
}

/// Whether the lines say all that a function gets: `Type.method` for a method.
pub(super) fn is_whole(old: &Target<'_>, new: &Target<'_>, name: &str) -> bool {
    let (receiver, name) = name.split_once('.').map_or((None, name), |(receiver, name)| (Some(receiver), name));
    let text = |target: &Target<'_>| Some(target.file.method(receiver, name)?.span.of(target.text).to_owned());
    let (Some(before), Some(after), Some(decl)) = (text(old), text(new), new.file.method(receiver, name)) else {
        return false;
    };
    let count = |text: &str| text.lines().filter(|line| !line.trim().is_empty()).count();
    // A flag is three lines of code.
    let stated: usize =
        of_function(old, new, decl).iter().map(|line| if line.contains("passes `--") { 3 } else { 1 }).sum();
    stated > 0 && count(&after) == count(&before) + stated
}

fn of_function(old: &Target<'_>, new: &Target<'_>, decl: &Decl) -> Vec<String> {
    let receiver = decl.receiver.as_ref().map(|receiver| receiver.type_name.as_str());
    let Some(before) = old.file.method(receiver, decl.name()) else { return Vec::new() };
    let known: BTreeSet<String> = before.span.of(old.text).lines().map(squeezed).collect();
    let lines: Vec<String> = decl.span.of(new.text).lines().map(squeezed).collect();
    let is_new = |at: usize| lines.get(at).is_some_and(|line| !known.contains(line));
    let name = decl.name();
    let mut found = Vec::new();
    let mut stated = BTreeSet::new();
    for at in (1..lines.len()).filter(|at| is_new(*at)) {
        // A comment is of what stands below it.
        let up = (1..at).rev().find(|up| !lines[*up].starts_with("//") && !lines[*up].is_empty()).unwrap_or(0);
        let (above, line) = (&lines[up], &lines[at]);
        // Beside what is new itself, nothing can be said of the place.
        if is_new(up) && !stated.contains(&up) && condition(line).is_none() {
            continue;
        }
        let stated_before = found.len();
        let is_at = |own: &&str, name: &str| anchor(squeezed(own).as_str()) == Some(name);
        let count = |name: &str| before.span.of(old.text).lines().filter(|own| is_at(own, name)).count();
        let is_one = |name: &&str| entry(line).is_some() || count(name) == 1;
        let next = lines.get(at + 1).filter(|_| !is_new(at + 1)).and_then(|next| anchor(next)).filter(is_one);
        let place = anchor(above).filter(is_one).map(|above| format!(" after `{above}`"));
        let behind = place.or_else(|| next.map(|next| format!(" before `{next}`"))).unwrap_or_default();
        if let Some((key, value)) = entry(line) {
            let is_entry = entry(above).is_some();
            found.extend(is_entry.then(|| format!("Task: `{name}` sets `{key}: {value}`{behind}")));
        } else if let (Some(condition), Some(flag)) = (condition(line), lines.get(at + 1).and_then(|next| flag(next))) {
            found.push(format!("Task: `{name}` passes `{flag}` if `{condition}`"));
        } else if let Some(value) = line.strip_suffix(',').filter(|value| is_value(value, above)) {
            found.push(format!("Task: `{name}` adds `{value}` to its list{behind}"));
        } else if is_call(line) && !behind.is_empty() && flag(line).is_none() {
            found.push(format!("Task: `{name}` calls `{line}`{behind}"));
        } else if is_assignment(line) && !behind.is_empty() && flag(line).is_none() {
            found.push(format!("Task: In `{name}`, set `{line}`{behind}"));
        }
        if found.len() > stated_before {
            stated.insert(at);
        }
    }
    found
}

/// Whether a line is a value of a list, below another one: what is called, or the name of a function.
fn is_value(value: &str, above: &str) -> bool {
    let is_path = |text: &str| text.contains('.') && text.chars().all(|c| c.is_alphanumeric() || c == '.' || c == '_');
    let is_called = is_call(value) && (above.ends_with("),") || above.ends_with("},"));
    is_called || is_path(value) && above.strip_suffix(',').is_some_and(is_path)
}

/// `Key: value` of an entry on one line.
fn entry(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.strip_suffix(',')?.split_once(": ")?;
    (key.chars().all(char::is_alphanumeric) && !value.ends_with(['{', '('])).then_some((key, value))
}

fn condition(line: &str) -> Option<&str> {
    line.strip_prefix("if ")?.strip_suffix(" {").filter(|condition| !condition.contains([';', ' ']))
}

fn flag(line: &str) -> Option<&str> {
    let (_, call) = line.split_once(" = append(")?;
    call.split_once(", \"--").map(|_| call)?.split('"').nth(1).filter(|_| line.matches(',').count() == 1)
}

/// A call on one line, of something with a name.
fn is_call(line: &str) -> bool {
    let head = line.split('(').next().unwrap_or_default();
    let is_path = !head.is_empty() && head.chars().all(|c| c.is_alphanumeric() || c == '.' || c == '_');
    is_path && line.ends_with(')') && line.matches('(').count() == line.matches(')').count()
}

fn is_assignment(line: &str) -> bool {
    line.split_once(" := ").or_else(|| line.split_once(" = ")).is_some_and(|(left, right)| {
        left.chars().all(|c| c.is_alphanumeric() || c == '.' || c == '_') && !right.ends_with(['{', '('])
    })
}

/// What a line is called by: its entry's key, what it calls or sets.
fn anchor(line: &str) -> Option<&str> {
    if let Some((key, _)) = entry(line) {
        return Some(key);
    }
    let line = line.trim_end_matches(',');
    if is_call(line) {
        return line.split('(').next();
    }
    let (left, right) = line.split_once(" := ").or_else(|| line.split_once(" = ")).filter(|_| is_assignment(line))?;
    let is_plain = !left.contains('.') && is_call(right) && !right.starts_with("append(");
    if is_plain { right.split('(').next() } else { Some(left) }
}
