//! Texts, spans in them, and edits to them.

use std::fmt;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// A half-open range of bytes in a text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// The byte after the last one.
    pub end: usize,
}

impl Span {
    /// The span from `start` to `end`.
    pub fn new(start: usize, end: usize) -> Self {
        debug_assert!(start <= end, "span {start}..{end} is reversed");
        Self { start, end }
    }

    /// The span of no bytes at `offset`.
    pub fn at(offset: usize) -> Self {
        Self::new(offset, offset)
    }

    /// The same span, `by` bytes further on.
    pub fn shifted(self, by: usize) -> Self {
        Self::new(self.start + by, self.end + by)
    }

    /// The bytes of `text` that the span covers.
    pub fn of(self, text: &str) -> &str {
        &text[self.start..self.end]
    }

    /// Whether `offset` lies in the span.
    pub fn contains(self, offset: usize) -> bool {
        self.start <= offset && offset < self.end
    }
}

impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Self {
        Self::new(range.start, range.end)
    }
}

/// A place as people count it: both numbers start at 1, columns are characters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct LineColumn {
    /// The line.
    pub line: usize,
    /// The character in the line.
    pub column: usize,
}

/// A named text, cheap to clone: what diagnostics and plans point into.
#[derive(Clone)]
pub struct Source(Arc<Inner>);

struct Inner {
    name: String,
    text: Arc<str>,
    line_starts: OnceLock<Vec<usize>>,
}

impl Source {
    /// A text and the name that people know it by.
    pub fn new(name: impl Into<String>, text: impl Into<Arc<str>>) -> Self {
        Self(Arc::new(Inner { name: name.into(), text: text.into(), line_starts: OnceLock::new() }))
    }

    /// The name: a path, or something like "command line".
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// The line and column of a byte.
    pub fn line_column(&self, offset: usize) -> LineColumn {
        let starts = self.0.line_starts.get_or_init(|| line_starts(self.text()));
        let line = starts.partition_point(|&start| start <= offset);
        let start = starts[line - 1];
        let column = self.text()[start..offset.min(self.text().len())].chars().count() + 1;
        LineColumn { line, column }
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Source({:?}, {} bytes)", self.name(), self.text().len())
    }
}

/// Whether a long text holds a part. Much faster than [`str::contains`] where it does not.
pub fn holds(text: &str, part: &str) -> bool {
    memchr::memmem::find(text.as_bytes(), part.as_bytes()).is_some()
}

fn line_starts(text: &str) -> Vec<usize> {
    let mut starts = vec![0];
    starts.extend(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1));
    starts
}

/// The line ending that a text uses.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LineEnding {
    /// `\n`
    Lf,
    /// `\r\n`
    CrLf,
}

impl LineEnding {
    /// The ending of the first line, which the rest of a well-kept file shares.
    pub fn of(text: &str) -> Self {
        match memchr::memchr(b'\n', text.as_bytes()) {
            Some(at) if at > 0 && text.as_bytes()[at - 1] == b'\r' => Self::CrLf,
            _ => Self::Lf,
        }
    }

    /// `text`, whose lines end in `\n`, with this ending.
    pub fn apply(self, text: String) -> String {
        match self {
            Self::Lf => text,
            Self::CrLf => text.replace('\n', "\r\n"),
        }
    }
}

/// The replacement of one range by a text. Almost every edit of this project replaces no byte.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TextEdit {
    /// What is replaced.
    pub span: Span,
    /// What takes its place.
    pub text: String,
}

impl TextEdit {
    /// An insertion: nothing is replaced.
    pub fn insert(offset: usize, text: impl Into<String>) -> Self {
        Self { span: Span::at(offset), text: text.into() }
    }

    /// By how many bytes the text gets longer.
    pub fn growth(&self) -> isize {
        self.text.len().cast_signed() - (self.span.end - self.span.start).cast_signed()
    }

    /// A replacement.
    pub fn replace(span: Span, text: impl Into<String>) -> Self {
        Self { span, text: text.into() }
    }
}

/// Two edits of one text that cannot both be made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Overlap(pub Span, pub Span);

impl fmt::Display for Overlap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(first, second) = self;
        write!(f, "the edits of bytes {}..{} and {}..{} overlap", first.start, first.end, second.start, second.end)
    }
}

/// `text` with all `edits` made. Insertions at one place keep the order in which they are given.
pub fn apply(text: &str, edits: &[TextEdit]) -> Result<String, Overlap> {
    let mut sorted: Vec<&TextEdit> = edits.iter().collect();
    sorted.sort_by_key(|edit| edit.span.start);
    let mut result = String::with_capacity(text.len() + edits.iter().map(|e| e.text.len()).sum::<usize>());
    let mut last = Span::at(0);
    for edit in sorted {
        if edit.span.start < last.end {
            return Err(Overlap(last, edit.span));
        }
        result.push_str(&text[last.end..edit.span.start]);
        result.push_str(&edit.text);
        last = edit.span;
    }
    result.push_str(&text[last.end..]);
    Ok(result)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_from_one() {
        let source = Source::new("x", "ab\näöx\n");
        let x = source.text().find('x').unwrap();
        assert_eq!(source.line_column(0), LineColumn { line: 1, column: 1 });
        assert_eq!(source.line_column(x), LineColumn { line: 2, column: 3 });
        assert_eq!(source.line_column(source.text().len()), LineColumn { line: 3, column: 1 });
    }

    #[test]
    fn edits_keep_the_order_given_at_one_place() {
        let edits = [TextEdit::insert(1, "1"), TextEdit::insert(0, "0"), TextEdit::insert(1, "2")];
        assert_eq!(apply("ab", &edits).unwrap(), "0a12b");
    }

    #[test]
    fn overlapping_edits_are_refused() {
        let edits = [TextEdit::replace(Span::new(0, 2), "x"), TextEdit::insert(1, "y")];
        assert_eq!(apply("abc", &edits), Err(Overlap(Span::new(0, 2), Span::at(1))));
    }

    #[test]
    fn insertions_take_the_line_ending_of_the_file() {
        assert_eq!(LineEnding::of("a\r\nb\r\n"), LineEnding::CrLf);
        assert_eq!(LineEnding::of("\n"), LineEnding::Lf);
        assert_eq!(LineEnding::CrLf.apply("a\nb\n".into()), "a\r\nb\r\n");
    }
}
