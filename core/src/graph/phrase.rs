//! Which tasks a phrase means: "Integration tests (T006-T009)", "Phase 3", "core implementation".

use std::collections::BTreeMap;

use super::statement::Claim;
use super::{TaskSet, by_phase};
use crate::task::{Reference, Register, TaskFile, references};
use crate::text::Span;

/// What phrases can mean in a file.
pub(super) struct Phrases<'a> {
    file: &'a TaskFile,
    register: Register<'a>,
    phases: Titles,
    groups: Titles,
    /// The first phase with each number.
    numbers: BTreeMap<&'a str, usize>,
    /// What was found out about phrases and ranges: many statements may hold the same.
    known: BTreeMap<&'a str, TaskSet>,
    ranges: BTreeMap<(String, Option<String>), Result<TaskSet, String>>,
}

/// The titles of phases or groups, and their tasks.
struct Titles {
    words: Vec<Vec<String>>,
    tasks: Vec<TaskSet>,
    /// The titles that hold each word.
    with: BTreeMap<String, Vec<usize>>,
}

impl<'a> Phrases<'a> {
    pub(super) fn new(file: &'a TaskFile) -> Self {
        let mut numbers = BTreeMap::new();
        for (at, phase) in file.phases.iter().enumerate() {
            numbers.entry(phase.number.as_str()).or_insert(at);
        }
        let mut groups = vec![Vec::new(); file.groups.len()];
        for (index, task) in file.tasks.iter().enumerate() {
            if let Some(group) = task.group {
                groups[group].push(index);
            }
        }
        let phase_titles = file.phases.iter().map(|phase| phase.title.text.as_str());
        let group_titles = file.groups.iter().map(|group| group.title.as_str());
        Self {
            file,
            register: Register::new(&file.tasks),
            phases: Titles::new(phase_titles, by_phase(file)),
            groups: Titles::new(group_titles, groups),
            numbers,
            known: BTreeMap::new(),
            ranges: BTreeMap::new(),
        }
    }

    /// The tasks that one side of a statement means. References to nothing are noted.
    pub(super) fn tasks(&mut self, claim: &Claim, unknown: &mut Vec<(Reference, String)>) -> TaskSet {
        let named = match claim {
            Claim::Task(index) => return TaskSet::of([*index]),
            Claim::Phase(index) => return self.phases.tasks[*index].clone(),
            Claim::Others(span) => {
                let those = self.tasks(&Claim::Text(*span), unknown);
                return TaskSet::of(0..self.file.tasks.len()).without(&those);
            }
            Claim::Earlier(span) => {
                let those = self.tasks(&Claim::Text(*span), unknown);
                return TaskSet::of(0..those.first().unwrap_or(0));
            }
            Claim::EarlierThan(index) => return TaskSet::of(0..*index),
            Claim::Text(span) => {
                let named = references(self.file.ordered(), *span);
                return if named.is_empty() { self.phrase(*span) } else { self.named(named, unknown) };
            }
            Claim::Texts(spans) => {
                spans.iter().flat_map(|span| references(self.file.ordered(), *span)).collect::<Vec<_>>()
            }
        };
        self.named(named, unknown)
    }

    /// The tasks of some references.
    fn named(&mut self, named: Vec<Reference>, unknown: &mut Vec<(Reference, String)>) -> TaskSet {
        let mut found: Vec<TaskSet> = Vec::new();
        for reference in named {
            let key = (reference.first.clone(), reference.last.clone());
            let register = &self.register;
            let tasks =
                self.ranges.entry(key).or_insert_with(|| register.resolve(&reference).map(TaskSet::of_stretches));
            match tasks {
                Ok(tasks) => found.push(tasks.clone()),
                Err(id) => unknown.push((reference, id.clone())),
            }
        }
        match &found[..] {
            [only] => only.clone(),
            _ => TaskSet::of_stretches(found.iter().flat_map(|tasks| tasks.stretches().iter().copied()).collect()),
        }
    }

    /// The tasks of the phase or group that a phrase names.
    fn phrase(&mut self, span: Span) -> TaskSet {
        let phrase = span.of(self.file.ordered());
        if let Some(known) = self.known.get(phrase) {
            return known.clone();
        }
        let found = self.meaning(&phrase.to_lowercase());
        self.known.insert(phrase, found.clone());
        found
    }

    fn meaning(&self, lower: &str) -> TaskSet {
        let none = || TaskSet::of([]);
        let wanted = words(lower);
        if wanted.is_empty() {
            return none();
        }
        let word = lower.trim_matches(|c: char| !c.is_alphanumeric());
        let word = word.strip_prefix("phase ").unwrap_or(word);
        // `3.1a`, `2B`: a digit tells a number from a word.
        let is_number = word.len() > 1 && word.chars().any(|c| c.is_ascii_digit());
        let mut numbers = self.numbers.iter().filter(|_| is_number);
        if let Some((_, &phase)) = numbers.find(|(number, _)| number.eq_ignore_ascii_case(word)) {
            return self.phases.tasks[phase].clone();
        }
        if let Some(number) = phase_number(lower) {
            let phase = self.numbers.get(number);
            return phase.map_or_else(none, |&phase| self.phases.tasks[phase].clone());
        }
        self.phases.only(&wanted).or_else(|| self.groups.only(&wanted)).cloned().unwrap_or_else(none)
    }
}

impl Titles {
    fn new<'t>(titles: impl Iterator<Item = &'t str>, tasks: Vec<Vec<usize>>) -> Self {
        let words: Vec<Vec<String>> = titles.map(|title| words(&title.to_lowercase())).collect();
        let mut with: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, word) in words.iter().enumerate().flat_map(|(at, title)| title.iter().map(move |word| (at, word))) {
            let titles = with.entry(word.clone()).or_default();
            if titles.last() != Some(&at) {
                titles.push(at);
            }
        }
        Self { words, tasks: tasks.into_iter().map(TaskSet::of).collect(), with }
    }

    /// The tasks of the only title that fits.
    fn only(&self, wanted: &[String]) -> Option<&TaskSet> {
        let titles = wanted.iter().map(|word| self.with.get(word).map_or(&[][..], Vec::as_slice));
        let rarest = titles.min_by_key(|titles| titles.len())?;
        let mut fitting = rarest.iter().filter(|&&title| fits(wanted, &self.words[title]));
        let only = fitting.next()?;
        fitting.next().is_none().then(|| &self.tasks[*only])
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
