//! What a task says that is to be validated.

use serde::Serialize;

use super::{Field, Planner, api_field, requests, struct_field};
use crate::demand::{Word, words};
use crate::go::string;
use crate::kinds::component::{is_about, is_structural};
use crate::kinds::constant;
use crate::plan::{Claims, Key, Kind, PlannedTask, Role, TaskLine, WhileOff, while_off};
use crate::template::Context;

/// The lines that say what is to be validated.
pub(super) const PURPOSE: &[Key] = &[Key::Task, Key::Logic, Key::Validation];

/// What a task says that is to be validated; the lines that say what another function does are that one's. A declaration is
/// no rule.
pub(super) fn purposes(task: &PlannedTask, names: &[&str]) -> Vec<String> {
    let declares =
        |text: &str| struct_field::is_declaration(text) || constant::spells(text) || is_structural(text, &|_| false);
    let own = |line: &TaskLine| {
        let states = names.iter().any(|name| line.text.contains(&format!("{name}(")));
        !states && !declares(&line.text) && names.iter().any(|name| is_about(task, line, name))
    };
    // Who calls a function is nothing that it does.
    let lines = task.details.iter().filter(|line| PURPOSE.contains(&line.key) || requests::is_rule(line));
    lines.filter(|line| own(line)).map(|line| line.text.clone()).collect()
}

/// Whether what a task says is turned down while the gate is off is a value of a field, or some of them, and not the field
/// as such: then nobody knows which settings are to be accepted.
pub(super) fn refuses_a_value(
    planner: &Planner<'_, '_>,
    (field, gate): (&Field, &str),
    task: &PlannedTask,
    own: Option<&str>,
) -> bool {
    const SOME: &[&str] =
        &["value", "values", "other", "true", "false", "unless", "except", "strategy", "mode", "more", "less", "over"];
    let lines = task.details.iter().filter(|line| !matches!(line.key, Key::File | Key::Command | Key::Pattern));
    let texts = lines.map(|line| line.text.as_str()).chain([task.title.as_str()]).chain(own);
    let is_some = |word: &Word<'_>| {
        let name = word.text.rsplit('.').next().unwrap_or(word.text);
        let is_field = name.eq_ignore_ascii_case(&field.name) || name == field.json;
        word.is(SOME) && !is_field
            || word.text.starts_with(|c: char| c.is_ascii_digit() || c == '"')
            || word.text.contains([':', '=', '<', '>']) && word.text.len() > 1
            || !is_field && api_field::is_value(planner, field, word.text)
    };
    let rejects = |text: &&str| while_off(text, gate) == Some(WhileOff::Rejects);
    texts.filter(rejects).any(|text| words(text).iter().any(is_some))
}

/// A spec of the function itself, which the task need not name.
#[derive(Serialize, Context, Debug)]
pub(super) struct OwnSpec {
    text: String,
    body: String,
}

impl OwnSpec {
    /// Specs with one body.
    pub(super) fn all(texts: &[String], body: &str) -> Vec<Self> {
        texts.iter().map(|text| Self { text: string(text), body: body.to_owned() }).collect()
    }
}

/// The texts of the specs of a function of which no spec can be written in full: none where tasks state some, those of
/// its rules, or the usual one, if it has one. Nobody asks for more.
pub(super) fn own_texts(
    purpose: &[String],
    usual: Option<&str>,
    (name, is_first): (&str, bool),
    is_stated: bool,
) -> Vec<String> {
    if is_stated {
        return Vec::new();
    }
    // "the function (validateBaz)", where another one may have the same text.
    let suffix = if is_first { String::new() } else { format!(" ({name})") };
    let rule = |text: &String| {
        let plain = text.replace('`', "");
        let all = words(&plain);
        let (first, rest) = (all.first().filter(|word| word.is(requests::RULES))?, all.get(1)?);
        let verb = match first.text.to_lowercase().as_str() {
            "denies" => "deny".to_owned(),
            "refuses" => "refuse".to_owned(),
            verb => verb.trim_end_matches('s').to_owned(),
        };
        Some(format!("should {verb} {}{suffix}", plain[rest.at..].trim_end_matches('.')))
    };
    let rules: Vec<String> = purpose.iter().filter_map(rule).collect();
    if rules.is_empty() { usual.map(|usual| format!("{usual}{suffix}")).into_iter().collect() } else { rules }
}

/// Whether tasks of the list state specs for a file, beside those of a function itself; and whether one of them speaks of
/// the gate.
pub(super) fn listed_specs(planner: &Planner<'_, '_>, file: &str) -> (bool, bool) {
    let gate = planner.gate().map_or("", |gate| gate.name.as_str());
    let is_test = |kind: &dyn Kind| matches!(kind.role(), Role::Test { .. });
    let is_own = |claims: &Claims| {
        claims.iter().any(|(kind, place)| is_test(*kind) && place.as_ref().is_some_and(|place| *place.path == *file))
    };
    let own = planner.claims.iter().enumerate().filter(|(_, claims)| is_own(claims));
    let texts: Vec<String> = own.flat_map(|(task, _)| planner.task(task).specs()).collect();
    let is_gates = |text: &String| text.to_lowercase().contains("gate") || while_off(text, gate).is_some();
    (!texts.is_empty(), texts.iter().any(is_gates))
}
