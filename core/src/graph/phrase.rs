//! Which tasks a phrase means: "Integration tests (T006-T009)", "Phase 3", "core implementation".

use super::statement::Claim;
use crate::task::{Reference, Register, TaskFile, references};
use crate::text::Span;

/// The tasks that one side of a statement means, sorted. References to nothing are noted.
pub(super) fn tasks(
    file: &TaskFile,
    phases: &[Vec<usize>],
    register: &Register<'_>,
    claim: &Claim,
    unknown: &mut Vec<(Reference, String)>,
) -> Vec<usize> {
    let mut found = Vec::new();
    match claim {
        Claim::Task(index) => found.push(*index),
        Claim::Phase(index) => found.extend(&phases[*index]),
        Claim::Text(span) => {
            let named = references(file.source.text(), *span);
            if named.is_empty() {
                found = phrase(file, phases, *span);
            }
            for reference in named {
                match register.resolve(&reference) {
                    Ok(tasks) => found.extend(tasks),
                    Err(id) => unknown.push((reference, id)),
                }
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// The tasks of the phase or group that a phrase names.
fn phrase(file: &TaskFile, by_phase: &[Vec<usize>], span: Span) -> Vec<usize> {
    let lower = span.of(file.source.text()).to_lowercase();
    let wanted = words(&lower);
    if wanted.is_empty() {
        return Vec::new();
    }
    let word = lower.trim_matches(|c: char| !c.is_alphanumeric());
    let word = word.strip_prefix("phase ").unwrap_or(word);
    let numbered =
        file.phases.iter().position(|phase| phase.number.eq_ignore_ascii_case(word) && phase.number.len() > 1);
    if let Some(phase) = numbered.filter(|&phase| file.phases[phase].number.chars().any(|c| c.is_ascii_digit())) {
        return by_phase[phase].clone();
    }
    if let Some(number) = phase_number(&lower) {
        let phase = file.phases.iter().position(|phase| phase.number == number);
        return phase.map(|phase| by_phase[phase].clone()).unwrap_or_default();
    }
    let phases = file.phases.iter().map(|phase| words(&phase.title.text.to_lowercase()));
    let fitting: Vec<usize> = phases.enumerate().filter(|(_, title)| fits(&wanted, title)).map(|(at, _)| at).collect();
    if let [phase] = fitting[..] {
        return by_phase[phase].clone();
    }
    let groups = file.groups.iter().map(|group| words(&group.title.to_lowercase()));
    let fitting: Vec<usize> = groups.enumerate().filter(|(_, title)| fits(&wanted, title)).map(|(at, _)| at).collect();
    match fitting[..] {
        [group] => (0..file.tasks.len()).filter(|&task| file.tasks[task].group == Some(group)).collect(),
        _ => Vec::new(),
    }
}

/// The number of "Phase 3.1", if that is all that a phrase says.
fn phase_number(lower: &str) -> Option<&str> {
    let start = lower.find("phase ")? + 6;
    let rest = &lower[start..];
    let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '.')).unwrap_or(rest.len());
    let number = rest[..end].trim_end_matches('.');
    number.starts_with(|c: char| c.is_ascii_digit()).then_some(number)
}

/// A phrase means a title that has all its words, in order: "core implementation" is "Core
/// Implementation (ONLY after tests are failing)".
fn fits(wanted: &[String], title: &[String]) -> bool {
    let starts = title.len() >= wanted.len() && title[..wanted.len()] == *wanted;
    let holds = wanted.len() >= 2 && title.windows(wanted.len()).any(|part| part == wanted);
    starts || holds
}

/// The words of a phrase that say something.
fn words(lower: &str) -> Vec<String> {
    const EMPTY: &[&str] =
        &["the", "all", "any", "each", "every", "tasks", "task", "phase", "phases", "must", "complete", "done", "be"];
    let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty() && !EMPTY.contains(word));
    words.map(str::to_owned).collect()
}
