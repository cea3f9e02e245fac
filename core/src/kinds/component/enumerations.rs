//! Types of strings with their values, as tasks define them beside functions.

use super::Enumeration;
use crate::demand::{ApiDemand, ApiEnum, api};
use crate::name::{Name, is_free_name};
use crate::plan::{Key, PlannedTask, TaskLine};

/// Types of strings with their values: `Define HypervisorType constants (kvm, qemu-tcg, unknown)`, ``Enum: `Mode` (on, off)``.
pub(super) fn enumerations(task: &PlannedTask) -> Vec<Enumeration> {
    let worded = |line: &TaskLine| {
        let plain = line.text.replace('`', "");
        let (before, after) = plain.split_once(" constants")?;
        let name = before.rsplit(' ').next()?.to_owned();
        let (values, rest) = after.trim_start_matches([':', ' ']).strip_prefix('(')?.split_once(')')?;
        // What closes twice is not one list.
        if rest.matches(')').count() > rest.matches('(').count() {
            return None;
        }
        let values = values.split(',').map(|value| (None, value.trim().trim_matches('"').to_owned())).collect();
        let mut found = ApiEnum { name, values, extends: false, ..ApiEnum::default() };
        found.pair().ok().map(|()| found)
    };
    let keyed = |line: &TaskLine| {
        // Outside of the API a type may begin small.
        let start = line.text.find(|c: char| c.is_alphabetic())?;
        let (before, rest) = line.text.split_at(start);
        let small = rest.starts_with(|c: char| c.is_ascii_lowercase());
        let text =
            if small { format!("{before}{}{}", rest[..1].to_uppercase(), &rest[1..]) } else { line.text.clone() };
        let reading = api("enum", &text);
        match <[ApiDemand; 1]>::try_from(reading.demands).ok()? {
            [ApiDemand::Enum(known)] if !known.extends && reading.fault.is_none() => {
                let name =
                    if small { format!("{}{}", known.name[..1].to_lowercase(), &known.name[1..]) } else { known.name };
                Some(ApiEnum { name, ..known })
            }
            _ => None,
        }
    };
    // "Add type `Mode string` with the values `ModeOn = "on"` and …": every value has its constant.
    let typed = |line: &TaskLine| {
        let reading = api("task", &line.text);
        match <[ApiDemand; 1]>::try_from(reading.demands).ok()? {
            [ApiDemand::Enum(known)] if !known.extends && reading.fault.is_none() => {
                known.values.iter().all(|(constant, _)| constant.is_some()).then_some(known)
            }
            _ => None,
        }
    };
    let read = |line: &TaskLine| {
        let found = if line.key == Key::Enum { keyed(line) } else { worded(line).or_else(|| typed(line)) };
        let ApiEnum { name, values, .. } = found?;
        let plain = |(_, value): &(Option<String>, String)| {
            !value.is_empty()
                && value.len() <= 100
                && value.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
        };
        if !values.iter().all(plain) {
            return None;
        }
        let named = |(constant, value): (Option<String>, String)| {
            let own = format!("{name}{}", Name::parse(&value).pascal());
            (constant.unwrap_or(own), value)
        };
        let values: Vec<(String, String)> = values.into_iter().map(named).collect();
        // Each value is a constant of its own, under a name of its own.
        let mut constants: Vec<&String> = values.iter().map(|(constant, _)| constant).collect();
        constants.sort_unstable();
        constants.dedup();
        let distinct = constants.len() == values.len() && constants.iter().all(|constant| **constant != name);
        let usable = !values.is_empty() && is_free_name(&name) && name.is_ascii() && name.len() <= 100 && distinct;
        usable.then_some(Enumeration { line: line.line, name, values })
    };
    task.lines_of(&[Key::Task, Key::Constants, Key::Enum]).filter_map(read).collect()
}
