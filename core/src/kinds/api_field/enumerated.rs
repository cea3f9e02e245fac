//! Types of strings whose values are listed: behind a colon, or below their line.

use super::asked::Asked;
use crate::demand::{ApiConstant, ApiDemand, ApiEnum, ApiReading, api};
use crate::kinds::component::verb_form;
use crate::kinds::sentence::comment;
use crate::name::is_go_identifier;
use crate::plan::PlannedTask;

/// A type with the values that its line lists behind a colon, each maybe with what it means: "Type `Mode` (string):
/// `ModeOff = "off"`, turns it off; …". Nothing if the line was read without that.
pub(super) fn enum_with_values(key: &str, text: &str, reading: &ApiReading) -> Option<ApiReading> {
    let is_read = matches!(&reading.demands[..], [ApiDemand::Enum(known)] if !known.values.is_empty());
    let (head, tail) = text.split_once(": ").filter(|_| reading.fault.is_some() || !is_read)?;
    let mut whole = api(key, head);
    let [ApiDemand::Enum(known)] = &mut whole.demands[..] else { return None };
    if whole.fault.is_some() || known.extends || !known.values.is_empty() {
        return None;
    }
    let mark = if tail.contains("; ") { "; " } else { ", " };
    for item in tail.trim_end_matches('.').split(mark) {
        let (value, said) = listed_value(item.strip_prefix("and ").unwrap_or(item))?;
        known.add(value, &said);
    }
    Some(whole)
}

/// Gives a type without values those that the items below it are: "- `Abort`".
pub(super) fn values_below(task: &PlannedTask, asked: &mut Asked) {
    let Some((at, (line, _))) =
        asked.demands.iter().enumerate().find(
            |(_, (_, demand))| matches!(demand, ApiDemand::Enum(known) if known.values.is_empty() && !known.extends),
        )
    else {
        return;
    };
    let below = task
        .details
        .iter()
        .filter(|one| one.line > *line && one.is_item)
        .map(|one| (one.line, listed_value(&one.text)));
    let below: Vec<_> = below.map_while(|(line, value)| Some((line, value?))).collect();
    if below.len() < 2 {
        return constants_below(asked, at);
    }
    if let Some((_, ApiDemand::Enum(known))) = asked.demands.get_mut(at) {
        for (_, (value, said)) in &below {
            known.add(value.clone(), said);
        }
        let name = known.name.clone();
        let lines: Vec<usize> = below.iter().map(|(line, _)| *line).collect();
        asked.demands.retain(|(line, demand)| !lines.contains(line) || !matches!(demand, ApiDemand::Constant(_)));
        asked.faults.retain(|(line, _)| !lines.contains(line));
        asked.notes.extend(lines.into_iter().map(|line| (line, name.clone())));
    }
}

impl ApiEnum {
    /// Adds a value of a list, and what the list says of it, which stands above its constant.
    fn add(&mut self, (constant, string): (Option<String>, String), said: &str) {
        let own = constant.clone().unwrap_or_else(|| string.clone());
        let (first, rest) = said.split_once(' ').unwrap_or((said, ""));
        let is_verb =
            matches!(first, "is" | "means" | "has" | "are") || verb_form(first, rest).as_deref() == Some(first);
        let text = if is_verb { format!("{own} {said}.") } else { format!("{own}: {said}.") };
        self.value_docs.extend(Some((own, text.replace('`', ""))).filter(|_| !said.is_empty()));
        self.values.push((constant, string));
    }
}

/// A value of a list, the constant that stands for it if the item names it, and what the item says of it: "`Abort`: …",
/// "`PolicyAbort` ("Abort")", "`PolicyAbort = "Abort"`", "Abort - …".
fn listed_value(item: &str) -> Option<((Option<String>, String), String)> {
    let is_plain =
        |code: &str| code.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c)) && !code.is_empty();
    let item = item.trim().replace("**", "");
    let (code, rest) = match item.strip_prefix('`') {
        Some(rest) => rest.split_once('`')?,
        None => item.split_at(item.find([' ', ':', ',', ';', '=']).unwrap_or(item.len())),
    };
    let string = |text: &str| text.trim().strip_prefix('"')?.strip_suffix('"').map(str::to_owned);
    // `PolicyFirst Policy = "First"`
    let (code, beside, rest) = match code.split_once('=') {
        Some((name, value)) => (name.split_whitespace().next()?, Some(string(value)?), rest),
        None => match beside(rest) {
            Some((value, rest)) if is_go_identifier(code) => (code, Some(value), rest),
            _ => (code, None, rest),
        },
    };
    let is_end = rest.is_empty()
        || rest.starts_with([':', ',', ';', '.'])
        || [" -", " –", " —", " (", " is "].iter().any(|mark| rest.starts_with(mark));
    let said = rest.trim_start_matches([':', ',', ';', '-', '–', '—', ' ']).trim_end_matches('.').to_owned();
    // Without backticks a value looks like one: it is no word of a sentence.
    let bare = item.starts_with('`') || item.starts_with('"') || code.starts_with(|c: char| c.is_ascii_uppercase());
    let read = match (beside, string(code)) {
        (Some(value), _) => (Some(code.to_owned()).filter(|code| is_go_identifier(code))?.into(), value),
        (None, Some(value)) => (None, value),
        (None, None) => (None, code.to_owned()),
    };
    (is_plain(&read.1) && is_end && bare).then_some((read, said))
}

/// The string that stands behind the name of a constant, and what follows it: ` ("First")`, ` = "First"`, `: "First"`.
fn beside(rest: &str) -> Option<(String, &str)> {
    let (open, close) = match rest.strip_prefix(" (") {
        Some(inside) => (inside, ")"),
        None => ([" = ", " → ", " -> ", ": "].iter().find_map(|mark| rest.strip_prefix(mark))?, ""),
    };
    let (value, rest) = match open.trim_start_matches('`').strip_prefix('"') {
        Some(quoted) => quoted.split_once('"')?,
        None => open.strip_prefix('`')?.split_once('`')?,
    };
    Some((value.to_owned(), rest.trim_start_matches('`').strip_prefix(close)?))
}

/// Gives a type without values the constants below it that have no type of their own.
fn constants_below(asked: &mut Asked, at: usize) {
    let below: Vec<(usize, ApiConstant)> = asked.demands[at + 1..]
        .iter()
        .map_while(|(line, demand)| match demand {
            ApiDemand::Constant(one) if one.ty.is_none() && one.role.is_none() => Some((*line, one.clone())),
            _ => None,
        })
        .collect();
    let Some((line, ApiDemand::Enum(known))) = asked.demands.get_mut(at).filter(|_| below.len() > 1) else { return };
    asked.more.extend(below.iter().map(|(more, _)| (*more, *line)));
    let length = below.len();
    for (_, one) in below {
        let said = one.doc.0.map(|text| comment(&one.name, &text));
        known.value_docs.extend(one.comment.into_iter().chain(said).map(|text| (one.name.clone(), text)));
        known.values.push((Some(one.name), one.value.unwrap_or_default()));
    }
    asked.demands.drain(at + 1..=at + length);
}
