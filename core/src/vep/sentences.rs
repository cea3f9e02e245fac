//! The sentences of a VEP: prose wraps, and a sentence says something only as a whole.

use super::{Topic, Vep};
use crate::task::LineKind;
use crate::text::Span;

/// A sentence, or a line of a table.
#[derive(Clone, Debug)]
pub(super) struct Sentence {
    /// Its text, on one line.
    pub(super) text: String,
    /// Its words, small, each between two blanks, without marks: ` the virt-launcher pod `.
    pub(super) words: String,
    /// The line where it begins.
    pub(super) span: Span,
    /// What its section is about.
    pub(super) topic: Topic,
}

impl Sentence {
    /// One that is whole already.
    pub(super) fn new(text: &str, span: Span, topic: Topic) -> Self {
        Self { text: text.to_owned(), words: words(text), span, topic }
    }

    /// Whether it has one of some words, which begin with a blank where they begin a word.
    pub(super) fn has(&self, any: &[&str]) -> bool {
        any.iter().any(|word| self.words.contains(word))
    }
}

/// The sentences of the sections that may say what is to be built.
pub(super) fn sentences(vep: &Vep) -> Vec<Sentence> {
    let text = vep.document.source.text();
    let mut found = Vec::new();
    let mut open: Vec<(usize, Span)> = Vec::new();
    let mut joined = String::new();
    for line in &vep.document.lines {
        let raw = line.span.of(text).trim();
        let goes_on = matches!(line.kind, LineKind::Text | LineKind::Quote) && !raw.is_empty();
        if !goes_on {
            close(vep, &mut joined, &mut open, &mut found);
        }
        let is_prose = goes_on || matches!(line.kind, LineKind::Item | LineKind::Table);
        if is_prose && !vep.topic_at(line.span.start).is_no_source() {
            open.push((joined.len(), line.span));
            joined.push_str(raw.trim_start_matches(['>', ' ']));
            joined.push(' ');
        }
        if line.kind == LineKind::Table {
            close(vep, &mut joined, &mut open, &mut found);
        }
    }
    close(vep, &mut joined, &mut open, &mut found);
    found
}

/// Splits a paragraph.
fn close(vep: &Vep, joined: &mut String, open: &mut Vec<(usize, Span)>, found: &mut Vec<Sentence>) {
    let mut from = 0;
    let ends = joined.match_indices(['.', '!', '?']).map(|(at, _)| at + 1).filter(|at| {
        let mut rest = joined[*at..].chars();
        rest.next() == Some(' ') && rest.next().is_some_and(|c| c.is_uppercase() || matches!(c, '`' | '*' | '_'))
    });
    for end in ends.chain([joined.len()]) {
        let text = joined[from..end].trim();
        let begins = end - joined[from..end].trim_start().len();
        let start = open.iter().rev().find(|(at, _)| *at <= begins).or(open.first());
        if let (false, Some((_, span))) = (text.is_empty(), start) {
            let topic = vep.topic_at(span.start);
            found.push(Sentence::new(text, *span, topic));
        }
        from = end;
    }
    joined.clear();
    open.clear();
}

fn words(text: &str) -> String {
    let mut words = String::with_capacity(text.len() + 2);
    words.push(' ');
    for c in text.chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() || matches!(c, '-' | '/' | '.' | '_') {
            words.push(c);
        } else if !words.ends_with(' ') {
            words.push(' ');
        }
    }
    // A full stop ends a word, and stands within a path.
    let mut words = words.trim_end_matches(['.', ' ']).to_owned();
    words.push(' ');
    words
}
