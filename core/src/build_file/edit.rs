//! Writing rules, and adding to those that are there.

use std::fmt::Write as _;

use super::label::{key, sorted};
use super::platform::Deps;
use super::read::{BuildError, BuildFile, Call, List, Value, is_plain};
use super::{LIBRARY, RuleKind, Wanted, WantedRule};
use crate::text::{Span, TextEdit, TextEdits, indentation, line_end, line_start};

const BINARY: &str = "go_binary";
const RULES: &str = "@io_bazel_rules_go//go:def.bzl";

/// The text of a BUILD.bazel that holds what is wanted and nothing else.
pub fn create(wanted: &Wanted) -> String {
    let mut functions: Vec<&str> = wanted.rules.keys().map(|kind| kind.function()).collect();
    if wanted.binary.is_some() && wanted.rules.contains_key(&RuleKind::Library) {
        functions.insert(0, BINARY);
    }
    let functions: Vec<String> = functions.iter().map(|function| format!("\"{function}\"")).collect();
    let mut text = format!("load(\"{RULES}\", {})\n", functions.join(", "));
    for (kind, rule) in &wanted.rules {
        text.push('\n');
        text.push_str(&new_rule(*kind, rule, wanted));
        if let (RuleKind::Library, Some(name)) = (kind, &wanted.binary) {
            text.push('\n');
            text.push_str(&new_binary(name));
        }
    }
    text
}

fn new_rule(kind: RuleKind, rule: &WantedRule, wanted: &Wanted) -> String {
    let mut text = format!("{}(\n    name = \"{}\",\n", kind.function(), kind.target());
    attribute(&mut text, "srcs", &rule.srcs);
    if rule.cgo {
        text.push_str("    cgo = True,\n");
    }
    match kind {
        RuleKind::Library => {
            attribute(&mut text, "embedsrcs", &rule.embedsrcs);
            let _ = writeln!(text, "    importpath = \"{}\",", wanted.importpath);
            let visibility = if wanted.command { "private" } else { "public" };
            let _ = writeln!(text, "    visibility = [\"//visibility:{visibility}\"],");
        }
        RuleKind::Test => {
            if wanted.testdata {
                text.push_str("    data = glob([\"testdata/**\"]),\n");
            }
            if rule.embed {
                let _ = writeln!(text, "    embed = [\":{LIBRARY}\"],");
            }
            attribute(&mut text, "embedsrcs", &rule.embedsrcs);
            if wanted.race {
                text.push_str("    race = \"on\",\n");
            }
        }
    }
    let deps = Deps::new(deps(rule, rule.embed), &rule.conditional);
    if let Some(value) = deps.text("    ") {
        let _ = writeln!(text, "    deps = {value},");
    }
    text + ")\n"
}

fn new_binary(name: &str) -> String {
    let visibility = "visibility = [\"//visibility:public\"]";
    format!("{BINARY}(\n    name = \"{name}\",\n    embed = [\":{LIBRARY}\"],\n    {visibility},\n)\n")
}

fn deps(rule: &WantedRule, embeds: bool) -> Vec<String> {
    let library = format!(":{LIBRARY}");
    rule.deps.iter().filter(|dep| !embeds || **dep != library).cloned().collect()
}

fn attribute(text: &mut String, name: &str, items: &[String]) {
    if items.is_empty() {
        return;
    }
    let _ = writeln!(text, "    {name} = {},", list(items, "    "));
}

pub(super) fn list(items: &[String], indentation: &str) -> String {
    let items = sorted(items.to_vec());
    match items.as_slice() {
        [] => "[]".to_owned(),
        [item] => format!("[\"{item}\"]"),
        items => {
            let mut text = String::from("[\n");
            for item in items {
                let _ = writeln!(text, "{indentation}    \"{item}\",");
            }
            text + indentation + "]"
        }
    }
}

/// The edits that give a BUILD.bazel what it must hold.
pub fn update(text: &str, wanted: &Wanted) -> Result<TextEdits, BuildError> {
    let edits = lacking(text, wanted)?;
    let Some(first) = edits.first().map(|edit| edit.span) else { return Ok(TextEdits::default()) };
    // Files that buildifier has never seen can be laid out in ways that no rule above expects.
    let is_enough = |edits: &TextEdits| lacking(&edits.apply(text), wanted).is_ok_and(|rest| rest.is_empty());
    if let Some(edits) = TextEdits::new(edits).ok().filter(is_enough) {
        return Ok(edits);
    }
    let message = "this is laid out so that nothing can be added here; buildifier can fix that".to_owned();
    Err(BuildError { span: Span::new(first.start, first.end.max(line_end(text, first.start))), message })
}

fn lacking(text: &str, wanted: &Wanted) -> Result<Vec<TextEdit>, BuildError> {
    let file = BuildFile::parse(text)?;
    let mut edits = Vec::new();
    for (kind, rule) in &wanted.rules {
        match file.rule(kind.function(), kind.target()) {
            Some(call) => {
                let srcs = call.attribute("srcs").filter(|srcs| srcs.span.of(text).contains("select("));
                if let Some(srcs) = srcs.filter(|_| !rule.srcs.is_empty()) {
                    let message = "`srcs` depends on a select, so where a file belongs in it is not known".to_owned();
                    return Err(BuildError { span: srcs.span, message });
                }
                add_to_list(&file, call, "srcs", &rule.srcs, &mut edits)?;
                if rule.embed {
                    add_to_list(&file, call, "embed", &[format!(":{LIBRARY}")], &mut edits)?;
                }
                // A test that embeds the library does not depend on it as well.
                let embeds = rule.embed || call.attribute("embed").is_some();
                add_deps(&file, call, rule, &deps(rule, embeds), &mut edits)?;
                add_to_list(&file, call, "embedsrcs", &rule.embedsrcs, &mut edits)?;
                if embeds && !rule.srcs.is_empty() {
                    edits.extend(without_own_library(&file, call));
                }
                if rule.cgo && call.attribute("cgo").is_none() {
                    edits.push(insert_attribute(text, call, "cgo", "True")?);
                }
            }
            None if rule.srcs.is_empty() => {
                let message = format!("there is no {} rule whose deps could be added to", kind.function());
                return Err(BuildError { span: Span::at(0), message });
            }
            None => {
                let other = file.calls.iter().find(|call| call.name() == Some(kind.target()));
                if let Some(other) = other {
                    let (function, target) = (&other.function, kind.target());
                    let message = format!("{target} is made by `{function}`, which is not known here");
                    return Err(BuildError { span: other.span, message });
                }
                load(&file, kind.function(), &mut edits);
                edits.push(at_the_end(text, &new_rule(*kind, rule, wanted)));
            }
        }
    }
    let has_binary = file.calls.iter().any(|call| call.function == BINARY);
    if let Some(name) = wanted.binary.as_ref().filter(|_| !has_binary) {
        load(&file, BINARY, &mut edits);
        edits.push(at_the_end(text, &new_binary(name)));
    }
    Ok(edits)
}

fn at_the_end(text: &str, rule: &str) -> TextEdit {
    let gap = match text {
        "" => "",
        text if text.ends_with("\n\n") => "",
        text if text.ends_with('\n') => "\n",
        _ => "\n\n",
    };
    TextEdit::insert(text.len(), format!("{gap}{rule}"))
}

fn load(file: &BuildFile<'_>, function: &str, edits: &mut Vec<TextEdit>) {
    let statement = file
        .calls
        .iter()
        .find(|call| call.function == "load" && call.strings.first().is_some_and(|(first, _)| first == RULES));
    let Some(statement) = statement else {
        edits.push(TextEdit::insert(0, format!("load(\"{RULES}\", \"{function}\")\n\n")));
        return;
    };
    let names = &statement.strings[1..];
    if names.iter().any(|(name, _)| name == function) {
        return;
    }
    edits.push(match names.iter().find(|(name, _)| name.as_str() > function) {
        Some((_, next)) => TextEdit::insert(next.start, format!("\"{function}\", ")),
        None => TextEdit::insert(statement.strings[names.len()].1.end, format!(", \"{function}\"")),
    });
}

/// Adds to `deps`: by single lines in a list, by writing the whole anew where platforms matter.
fn add_deps(
    file: &BuildFile<'_>,
    call: &Call,
    rule: &WantedRule,
    deps: &[String],
    edits: &mut Vec<TextEdit>,
) -> Result<(), BuildError> {
    let Some(attribute) = call.attribute("deps") else {
        let deps = Deps::new(deps.to_vec(), &rule.conditional);
        if let Some(value) = deps.text("    ") {
            edits.push(insert_attribute(file.text, call, "deps", &value)?);
        }
        return Ok(());
    };
    let text = attribute.span.of(file.text);
    let start = attribute.span.start + text.find('=').unwrap_or(0) + 1;
    let start = start + file.text[start..].len() - file.text[start..].trim_start().len();
    let value = Span::new(start, attribute.span.end);
    if rule.conditional.is_empty() && !value.of(file.text).contains("select(") {
        return add_to_list(file, call, "deps", deps, edits);
    }
    let Some(mut known) = super::read::sum(value.of(file.text)).and_then(Deps::of) else {
        // Conditions of somebody's own: what is needed everywhere still goes into the first list.
        if rule.conditional.is_empty() {
            return add_to_list(file, call, "deps", deps, edits);
        }
        let message = "these deps depend on the platform in a way that is not understood here".to_owned();
        return Err(BuildError { span: attribute.span, message });
    };
    let before = known.clone();
    known.add(Deps::new(deps.to_vec(), &rule.conditional));
    if known != before
        && let Some(new) = known.text(indentation(file.text, attribute.span.start))
    {
        edits.push(TextEdit::replace(value, new));
    }
    Ok(())
}

/// A test that comes to embed the library does not depend on it any more.
fn without_own_library(file: &BuildFile<'_>, call: &Call) -> Option<TextEdit> {
    let Value::List(deps) = &call.attribute("deps")?.value else { return None };
    let own = format!(":{LIBRARY}");
    let (_, span) = deps.items.iter().find(|(item, _)| *item == own)?;
    let line = line_start(file.text, span.start)..file.text[span.end..].find('\n').map(|at| span.end + at + 1)?;
    let alone = file.text[line.clone()].trim().trim_end_matches(',').trim_matches('"') == own;
    alone.then(|| TextEdit::replace(Span::new(line.start, line.end), String::new()))
}

/// Adds what is missing to a list attribute, in buildifier's order.
fn add_to_list(
    file: &BuildFile<'_>,
    call: &Call,
    name: &str,
    items: &[String],
    edits: &mut Vec<TextEdit>,
) -> Result<(), BuildError> {
    let Some(attribute) = call.attribute(name) else {
        if !items.is_empty() {
            edits.push(new_attribute(file.text, call, name, items)?);
        }
        return Ok(());
    };
    let Value::List(there) = &attribute.value else {
        let message = format!("`{name}` is not a list of strings, so nothing can be added to it");
        return Err(BuildError { span: attribute.span, message });
    };
    let is_there = |item: &String| there.items.iter().any(|(known, _)| known == item);
    let missing = sorted(items.iter().filter(|item| !is_there(item)).cloned().collect());
    if missing.is_empty() {
        return Ok(());
    }
    let inside = there.span.of(file.text);
    if has_own_lines(file.text, there) {
        edits.extend(missing.iter().map(|item| line(file.text, there, item)));
        edits.extend(missing_comma(file.text, there));
    } else {
        // What is written anew loses its comments.
        if inside.contains('#') || !is_plain(inside) {
            let message = format!("`{name}` does not have one item on each line, so nothing can be added to it");
            return Err(BuildError { span: attribute.span, message });
        }
        let all = there.items.iter().map(|(item, _)| item.clone()).chain(missing).collect::<Vec<_>>();
        let indentation = indentation(file.text, attribute.span.start);
        edits.push(TextEdit::replace(there.span, self::list(&all, indentation)));
    }
    Ok(())
}

/// Whether every item of a list stands on a line of its own, and so do the brackets.
fn has_own_lines(text: &str, list: &List) -> bool {
    let alone = |span: Span| {
        let before = &text[line_start(text, span.start)..span.start];
        let behind = text[span.end..line_end(text, span.end)].trim_start();
        let behind = behind.strip_prefix(',').unwrap_or(behind).trim_start();
        before.trim().is_empty() && (behind.is_empty() || behind.starts_with('#'))
    };
    let close = list.span.end - 1;
    let first = list.items.first().is_some_and(|(_, first)| line_start(text, first.start) > list.span.start);
    first && list.items.iter().all(|(_, span)| alone(*span)) && text[line_start(text, close)..close].trim().is_empty()
}

/// A line in a list that has one line for each item.
fn line(text: &str, list: &List, item: &str) -> TextEdit {
    let first = list.items[0].1.start;
    let indentation = &text[line_start(text, first)..first];
    let next = list.items.iter().find(|(known, _)| key(known) > key(item));
    let at = if let Some((_, next)) = next {
        above_comments(text, line_start(text, next.start))
    } else {
        let last = list.items[list.items.len() - 1].1.end;
        text[last..].find('\n').map_or(list.span.end - 1, |at| last + at + 1)
    };
    TextEdit::insert(at, format!("{indentation}\"{item}\",\n"))
}

/// A comment above an item belongs to it.
fn above_comments(text: &str, mut line: usize) -> usize {
    while line > 0 {
        let above = line_start(text, line - 1);
        if !text[above..line].trim_start().starts_with('#') {
            break;
        }
        line = above;
    }
    line
}

fn missing_comma(text: &str, list: &List) -> Option<TextEdit> {
    let last = list.items.last()?.1.end;
    (!text[last..list.span.end].trim_start().starts_with(',')).then(|| TextEdit::insert(last, ","))
}

/// A new attribute where buildifier would sort it: `deps` last, the others by name after `srcs`.
fn new_attribute(text: &str, call: &Call, name: &str, items: &[String]) -> Result<TextEdit, BuildError> {
    insert_attribute(text, call, name, &list(items, margin(text, call)))
}

fn insert_attribute(text: &str, call: &Call, name: &str, value: &str) -> Result<TextEdit, BuildError> {
    let rank = |name: &str| match name {
        "name" => (0, String::new()),
        "srcs" => (1, String::new()),
        "deps" => (3, String::new()),
        other => (2, other.to_owned()),
    };
    let next = call.attributes.iter().find(|attribute| rank(&attribute.name) > rank(name));
    let at = match next {
        Some(next) => above_comments(text, line_start(text, next.span.start)),
        None => line_start(text, call.span.end - 1),
    };
    if !call.span.of(text).contains('\n') {
        let message = format!("this rule is on one line, so `{name}` cannot be added to it");
        return Err(BuildError { span: call.span, message });
    }
    Ok(TextEdit::insert(at, format!("{}{name} = {value},\n", margin(text, call))))
}

/// The white space before the attributes of a rule.
fn margin<'a>(text: &'a str, call: &Call) -> &'a str {
    call.attributes.first().map_or("    ", |first| indentation(text, first.span.start))
}

#[cfg(test)]
#[path = "edit_tests.rs"]
mod tests;
