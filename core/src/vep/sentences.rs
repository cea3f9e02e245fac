//! The sentences of a VEP: prose wraps, and a sentence says something only as a whole.

use super::stance::{Stance, bare, changes, clause, stance};
use super::{Topic, Vep};
use crate::task::{Line, LineKind};
use crate::text::Span;

/// A sentence, a heading or a line of a table.
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
    /// What it is part of.
    pub(super) kind: LineKind,
    /// How far that is indented.
    indent: usize,
    /// Where in the text its lines begin.
    lines: Vec<(usize, Span)>,
    /// What is said of it before or behind it: "Not in this VEP:", "It was rejected."
    around: Option<Stance>,
    /// The line with a colon above it speaks of changes.
    is_changed: bool,
}

impl Sentence {
    /// Whether it has one of some words, which begin with a blank where they begin a word.
    pub(super) fn has(&self, any: &[&str]) -> bool {
        any.iter().any(|word| self.words.contains(word))
    }

    /// The line of a place in its text.
    pub(super) fn line(&self, at: usize) -> Span {
        self.lines.iter().rev().find(|(start, _)| *start <= at).map_or(self.span, |(_, span)| *span)
    }

    /// Where its last line ends.
    pub(super) fn end(&self) -> usize {
        self.lines.last().map_or(self.span.end, |(_, span)| span.end)
    }

    /// Whether it speaks of a change, or stands below a line that does.
    pub(super) fn changes(&self) -> bool {
        self.is_changed || changes(&self.words)
    }

    /// What it says of what stands at a place in its text.
    pub(super) fn stance(&self, at: usize) -> Option<Stance> {
        let (start, end) = clause(&self.text, at);
        let own = &self.text[start..end];
        self.around.or_else(|| stance(&words(own))).or_else(|| self.labelled())
    }

    /// What stands around it puts it off or gives it up.
    pub(super) fn is_given_up(&self) -> bool {
        self.around.is_some()
    }

    /// Nothing of it is built.
    pub(super) fn is_left_out(&self) -> bool {
        self.around.or_else(|| self.labelled()).is_some() || {
            let mut at = 0;
            let mut all = true;
            while all && at < self.text.len() {
                let (start, end) = clause(&self.text, at);
                all = stance(&words(&self.text[start..end])).is_some();
                at = end.max(at + 1);
            }
            all
        }
    }

    /// `virt-handler: none`, and a row whose other cells say no.
    fn labelled(&self) -> Option<Stance> {
        if self.kind == LineKind::Table {
            let cells = self.text.trim_matches('|').split('|').skip(1).map(str::trim).filter(|cell| !cell.is_empty());
            let of = |cell: &str| match cell {
                "-" | "–" | "—" => Some(Stance::Unchanged),
                cell => bare(&words(cell)),
            };
            let said: Vec<_> = cells.map(of).collect();
            return said.first().copied().flatten().filter(|_| said.iter().all(Option::is_some));
        }
        let (_, behind) = self.text.split_once([':', '—', '–'])?;
        bare(&words(behind))
    }
}

/// The sentences of the sections that may say what is to be built, and the headings above them.
pub(super) fn said(vep: &Vep) -> &[Sentence] {
    &vep.said
}

/// Reads the sentences, as far as it is known which sections say what is to be built.
pub(super) fn read(vep: &Vep) -> Vec<Sentence> {
    let text = vep.document.source.text();
    let mut found = Vec::new();
    let mut open: Vec<(usize, &Line)> = Vec::new();
    let mut joined = String::new();
    for line in &vep.document.lines {
        let raw = line.span.of(text).trim();
        let goes_on = matches!(line.kind, LineKind::Text | LineKind::Quote) && !raw.is_empty();
        if !goes_on {
            close(vep, &mut joined, &mut open, &mut found);
        }
        let is_heading = matches!(line.kind, LineKind::Heading(_));
        let is_prose = goes_on || is_heading || matches!(line.kind, LineKind::Item | LineKind::Table);
        if is_prose && !vep.topic_at(line.span.start).is_no_source() {
            open.push((joined.len(), line));
            joined.push_str(raw.trim_start_matches(['>', ' ']));
            joined.push(' ');
        }
        if is_heading || line.kind == LineKind::Table {
            close(vep, &mut joined, &mut open, &mut found);
        }
    }
    close(vep, &mut joined, &mut open, &mut found);
    hand_on(&mut found);
    found
}

/// Splits a paragraph.
fn close(vep: &Vep, joined: &mut String, open: &mut Vec<(usize, &Line)>, found: &mut Vec<Sentence>) {
    let mut from = 0;
    let is_text = open.first().is_some_and(|(_, line)| !matches!(line.kind, LineKind::Heading(_)));
    let ends = joined.match_indices(['.', '!', '?']).map(|(at, _)| at + 1).filter(|at| {
        let mut rest = joined[*at..].chars();
        let begins = rest.next() == Some(' ') && rest.next().is_some_and(|c| !c.is_whitespace() && c != '(');
        is_text && begins && !is_short(&joined[..*at])
    });
    for end in ends.chain([joined.len()]) {
        let text = joined[from..end].trim();
        let begins = end - joined[from..end].trim_start().len();
        let start = open.iter().rposition(|(at, _)| *at <= begins).unwrap_or(0);
        if let (false, Some((_, line))) = (text.is_empty(), open.get(start)) {
            let own = open[start..].iter().take_while(|(at, _)| *at < end);
            let lines = own.map(|(at, line)| (at.saturating_sub(begins), line.span)).collect();
            found.push(Sentence {
                text: text.to_owned(),
                words: words(text),
                span: line.span,
                topic: vep.topic_at(line.span.start),
                kind: open[0].1.kind,
                indent: open[0].1.indent,
                lines,
                around: None,
                is_changed: false,
            });
        }
        from = end;
    }
    joined.clear();
    open.clear();
}

/// "e.g.", "1.": no end of a sentence.
fn is_short(text: &str) -> bool {
    let word = text.trim_end_matches('.').rsplit([' ', '(', '*']).next().unwrap_or_default().to_lowercase();
    matches!(word.as_str(), "e.g" | "i.e" | "etc" | "vs" | "cf" | "resp" | "incl" | "approx" | "ca" | "no" | "-")
        || word.chars().all(|c| c.is_ascii_digit()) && word.len() < 3
}

/// What a sentence says of those around it: a list below "Not in this VEP:", a heading above "No change required.", and
/// what "It was rejected." is about.
fn hand_on(found: &mut [Sentence]) {
    let mut above: Option<(Stance, usize, bool)> = None;
    let mut changed = false;
    for at in 0..found.len() {
        let is_item = found[at].kind == LineKind::Item;
        let is_heading = matches!(found[at].kind, LineKind::Heading(_));
        let goes_on = at > 0 && found[at - 1].kind == LineKind::Item && is_item;
        if let Some((stance, indent, of_item)) = above {
            let is_below = is_item && (!of_item || found[at].indent > indent);
            if is_below {
                found[at].around = Some(stance);
            } else if !goes_on || of_item {
                above = None;
            }
        }
        let is_lead = found[at].text.trim_end_matches('*').ends_with(':') && !is_heading;
        changed = if is_item {
            changed || is_lead && changes(&found[at].words)
        } else {
            is_lead && changes(&found[at].words)
        };
        found[at].is_changed = changed;
        let said = stance(&found[at].words);
        if is_lead {
            above = said.map(|said| (said, found[at].indent, is_item)).or(above);
        }
        let Some(before) = at.checked_sub(1) else { continue };
        let first = found[at].words.split_whitespace().next().unwrap_or_default();
        let points = matches!(first, "it" | "they" | "this" | "that" | "these" | "those" | "both");
        let answer = bare(&found[at].words);
        let of_heading = matches!(found[before].kind, LineKind::Heading(_));
        let is_same = found[at].span.start <= found[before].end();
        let is_near = found[before].kind == found[at].kind && !is_item && found[at].kind != LineKind::Table && is_same
            || is_item && found[before].kind == LineKind::Item && found[at].indent > found[before].indent;
        let back = match (said, answer) {
            _ if of_heading => answer.or(said.filter(|_| points)),
            // A long sentence, and one that names something, is about more than the one before it.
            (Some(said), _) if is_near && !found[at].text.contains('`') => {
                let is_short = found[at].words.split_whitespace().count() < 9;
                (points && is_short || answer.is_some()).then_some(said)
            }
            _ => None,
        };
        if back.is_some() && found[before].around.is_none() {
            found[before].around = back;
        }
    }
}

/// The words of a text, small, each between two blanks.
pub(super) fn words(text: &str) -> String {
    let mut words = String::with_capacity(text.len() + 2);
    words.push(' ');
    for c in text.chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() || matches!(c, '-' | '/' | '.' | '_') {
            words.push(c);
        } else if !words.ends_with(' ') {
            words.push(' ');
        }
    }
    // A full stop ends a word, and stands within a path; the mark of an item is no word.
    let words = words.trim_end_matches(['.', ' ']).trim_start();
    format!(" {} ", words.strip_prefix("- ").unwrap_or(words))
}
