//! A design document, as far as facts are read from it: sections, items, tables, code.

use crate::task::{Field, Line, LineKind, Spanned, lines};
use crate::text::{Source, Span, line_start};

/// A document and its outline.
#[derive(Clone, Debug)]
pub struct Document {
    /// The text that all spans point into.
    pub source: Source,
    /// Every line, in order: together they are the text.
    pub lines: Vec<Line>,
    /// Its headings, in order, each with what stands below it.
    pub sections: Vec<Part>,
}

/// A heading and what stands below it, up to the next of its level.
#[derive(Clone, Debug)]
pub struct Part {
    /// The number of `#`.
    pub level: usize,
    /// The text of the heading, without `#`.
    pub title: Spanned,
    /// What stands below it.
    pub body: Span,
}

/// A code block between two fences.
#[derive(Clone, Debug)]
pub struct Code {
    /// The language behind the opening fence.
    pub language: String,
    /// The lines between the fences.
    pub body: Span,
}

/// A list item, whatever the level of its list.
#[derive(Clone, Debug)]
pub struct Item {
    /// Its text on its first line, without bullet and box.
    pub text: Spanned,
    /// How far it is indented.
    pub indent: usize,
    /// Whether its box is ticked, if it has one.
    pub ticked: Option<bool>,
}

impl Document {
    /// Reads a document. Nothing is refused: what is not Markdown is text.
    pub fn new(source: &Source) -> Self {
        let text = source.text();
        let lines = lines(text);
        let mut sections: Vec<Part> = Vec::new();
        let mut open: Vec<usize> = Vec::new();
        for line in &lines {
            let LineKind::Heading(level) = line.kind else { continue };
            while open.last().is_some_and(|&at| sections[at].level >= level) {
                let closed = open.pop().expect("there is a last one");
                sections[closed].body.end = line.span.start;
            }
            open.push(sections.len());
            let title = trimmed(text, line.span, |c| c == '#' || c.is_whitespace());
            sections.push(Part { level, title, body: Span::new(line.span.end, text.len()) });
        }
        Self { source: source.clone(), lines, sections }
    }

    /// The file's name, without folders.
    pub fn name(&self) -> &str {
        self.source.file_name()
    }

    /// `plan.md:12`
    pub fn place(&self, span: Span) -> String {
        self.source.place(span.start)
    }

    /// The first section whose heading has a word, in any case.
    pub fn section(&self, word: &str) -> Option<&Part> {
        self.sections.iter().find(|part| part.title.text.to_lowercase().contains(word))
    }

    /// What stands below a heading, up to the next heading of any level.
    pub fn own(&self, part: &Part) -> Span {
        let next = self.sections.iter().find(|other| other.body.start > part.body.start);
        let end = next.map_or(part.body.end, |next| line_start(self.source.text(), next.title.span.start));
        Span::new(part.body.start, end.clamp(part.body.start, part.body.end))
    }

    /// The lines in a part of the text.
    pub fn lines_in(&self, span: Span) -> &[Line] {
        let from = self.lines.partition_point(|line| line.span.start < span.start);
        let to = self.lines.partition_point(|line| line.span.start < span.end);
        &self.lines[from.min(to)..to]
    }

    /// The code blocks in a part of the text.
    pub fn code(&self, span: Span) -> Vec<Code> {
        let mut found: Vec<Code> = Vec::new();
        let mut open: Option<Code> = None;
        for line in self.lines_in(span) {
            match (line.kind, &mut open) {
                (LineKind::Fence, None) => {
                    let language = line.span.of(self.source.text()).trim().trim_matches(['`', '~', ' ']).to_lowercase();
                    open = Some(Code { language, body: Span::at(line.span.end) });
                }
                (LineKind::Fence, Some(_)) => found.extend(open.take()),
                (LineKind::Code, Some(code)) => code.body.end = line.span.end,
                _ => {}
            }
        }
        found
    }

    /// The list items in a part of the text.
    pub fn items(&self, span: Span) -> Vec<Item> {
        let text = self.source.text();
        let items = self.lines_in(span).iter().filter(|line| line.kind == LineKind::Item);
        items
            .map(|line| {
                let raw = trimmed(text, line.span, char::is_whitespace).span;
                let marker = raw.of(text).find([' ', '\t']).map_or(raw.end, |at| raw.start + at);
                let inner = trimmed(text, Span::new(marker, raw.end), char::is_whitespace).span;
                let rest = inner.of(text);
                let ticked = match rest.get(..3) {
                    Some("[ ]") => Some(false),
                    Some("[x]" | "[X]") => Some(true),
                    _ => None,
                };
                let start = inner.start + if ticked.is_some() { 3 } else { 0 };
                Item {
                    text: trimmed(text, Span::new(start, inner.end), char::is_whitespace),
                    indent: line.indent,
                    ticked,
                }
            })
            .collect()
    }

    /// The rows of the tables in a part of the text, without headings and rules.
    pub fn rows(&self, span: Span) -> Vec<Vec<Spanned>> {
        let text = self.source.text();
        let mut rows = Vec::new();
        let mut body = false;
        for line in self.lines_in(span) {
            if line.kind != LineKind::Table {
                body = false;
                continue;
            }
            let cells = cells(text, line.span);
            let is_rule = cells.iter().all(|cell| cell.text.chars().all(|c| matches!(c, '-' | ':' | ' ')));
            if is_rule {
                body = true;
            } else if body {
                rows.push(cells);
            }
        }
        rows
    }

    /// `**Key**: value` lines in a part of the text, as paragraphs or as items.
    pub fn fields(&self, span: Span) -> Vec<Field> {
        let text = self.source.text();
        let mut found = Vec::new();
        for line in self.lines_in(span).iter().filter(|line| matches!(line.kind, LineKind::Text | LineKind::Item)) {
            let raw = trimmed(text, line.span, |c| c.is_whitespace() || c == '-').span;
            // `**Branch**: x | **Date**: y`
            let mut at = raw.start;
            for part in raw.of(text).split(" | ") {
                let span = Span::new(at, at + part.len());
                at += part.len() + 3;
                let Some(rest) = part.trim_start().strip_prefix("**") else { continue };
                let Some((key, value)) = rest.split_once("**") else { continue };
                let Some(value) = value.strip_prefix(':').or_else(|| Some(value).filter(|_| key.ends_with(':'))) else {
                    continue;
                };
                let value = trimmed(text, Span::new(span.end - value.len(), span.end), char::is_whitespace);
                found.push(Field { key: key.trim_end_matches(':').trim().to_owned(), value });
            }
        }
        found
    }

    /// The first `**Key**: value` line of the document with a key.
    pub fn field(&self, key: &str) -> Option<Field> {
        let all = Span::new(0, self.source.text().len());
        self.fields(all).into_iter().find(|field| field.key.eq_ignore_ascii_case(key))
    }

    /// The span of the whole text.
    pub fn all(&self) -> Span {
        Span::new(0, self.source.text().len())
    }
}

fn cells(text: &str, line: Span) -> Vec<Spanned> {
    let raw = trimmed(text, line, char::is_whitespace).span;
    let inner = raw.of(text).trim_start_matches('|');
    let mut at = raw.end - inner.len();
    let inner = inner.strip_suffix('|').unwrap_or(inner);
    let mut found = Vec::new();
    for cell in inner.split('|') {
        found.push(trimmed(text, Span::new(at, at + cell.len()), char::is_whitespace));
        at += cell.len() + 1;
    }
    found
}

/// A part of a text without what surrounds it.
pub(super) fn trimmed(text: &str, span: Span, out: impl Fn(char) -> bool) -> Spanned {
    let raw = span.of(text);
    let start = span.start + (raw.len() - raw.trim_start_matches(&out).len());
    let inner = &raw[start - span.start..];
    let span = Span::new(start, start + inner.trim_end_matches(&out).len());
    Spanned { text: span.of(text).replace("**", ""), span }
}
