//! Waves: `Wave 1: T001`, `Wave 2: T002, T003`, each of which waits for the one before it.

use super::Origin;
use super::attached::remark_start;
use super::statement::{Claim, Statement};
use crate::task::{Line, LineKind, TaskFile, references};
use crate::text::Span;

/// What such a group is called everywhere, and where an order is stated.
const WAVES: &[&str] = &["wave", "batch"];
const STEPS: &[&str] = &["step", "round", "stage", "tier", "level", "layer"];

/// The groups of one list or table, as far as they were read.
#[derive(Default)]
pub(super) struct Waves {
    /// Each with its number, its tasks, and the line that says it.
    found: Vec<(usize, Vec<Span>, Span)>,
}

impl Waves {
    pub(super) fn add(&mut self, number: usize, tasks: Span, line: Span) {
        match self.found.last_mut() {
            Some((last, known, _)) if *last == number => known.push(tasks),
            _ => self.found.push((number, vec![tasks], line)),
        }
    }

    /// One after the other, if their numbers say so.
    pub(super) fn state(self, found: &mut Vec<Statement>) {
        for pair in self.found.windows(2) {
            if pair[0].0 >= pair[1].0 {
                continue;
            }
            let side = |wave: &(usize, Vec<Span>, Span)| Claim::Texts(wave.1.clone());
            let (first, then) = (side(&pair[0]), side(&pair[1]));
            found.push(Statement { first, then, origin: Origin::Prose, span: pair[1].2 });
        }
    }
}

/// The waves among some lines, of which those in the sections state an order.
pub(super) fn waves(file: &TaskFile, lines: &[Line], sections: &[Span], found: &mut Vec<Statement>) {
    let source = file.ordered();
    let mut word = "";
    let mut waves = Waves::default();
    // The wave whose tasks stand in the lines below it.
    let mut open: Option<(usize, Span)> = None;
    for line in lines {
        if !matches!(
            line.kind,
            LineKind::Heading(_) | LineKind::Item | LineKind::Text | LineKind::Quote | LineKind::Code
        ) {
            continue;
        }
        let raw = line.span.of(source).trim_end();
        let span = Span::new(line.span.start, line.span.start + raw.len());
        let is_order = sections.iter().any(|body| body.contains(span.start));
        let words = WAVES.iter().chain(if is_order { STEPS } else { &[] });
        let Some((label, number, length)) = words
            .copied()
            .find_map(|word| Some(word).zip(label(raw, word)).map(|(word, (number, length))| (word, number, length)))
        else {
            if matches!(line.kind, LineKind::Heading(_)) {
                std::mem::take(&mut waves).state(found);
                open = None;
            } else if let Some((number, title)) = open.filter(|_| !references(source, span).is_empty()) {
                waves.add(number, span, title);
            }
            continue;
        };
        if label != word {
            std::mem::take(&mut waves).state(found);
            word = label;
        }
        let tasks = Span::new(span.start + length, span.end);
        let tasks = Span::new(tasks.start, tasks.start + remark_start(tasks.of(source)));
        if references(source, tasks).is_empty() {
            open = Some((number, span));
        } else {
            waves.add(number, tasks, span);
            open = None;
        }
    }
    waves.state(found);
}

/// The number behind a word that a line begins with, and where that ends.
fn label(raw: &str, word: &str) -> Option<(usize, usize)> {
    let inner = raw.trim_start_matches(|c: char| c.is_ascii_digit() || !c.is_alphanumeric());
    let lower = inner.get(..word.len())?.to_ascii_lowercase();
    let rest = inner[word.len()..].trim_start_matches([' ', '#', '-']);
    let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let number = (lower == word).then(|| rest[..digits].parse().ok())??;
    Some((number, raw.len() - rest.len() + digits))
}
