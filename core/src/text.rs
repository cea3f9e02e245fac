//! Texts, spans in them, and edits to them.

use std::fmt;
use std::ops::{Deref, Range};
use std::sync::{Arc, OnceLock};

/// A half-open range of bytes in a text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Span {
    /// The offset of the first byte.
    pub start: usize,
    /// The byte after the last one.
    pub end: usize,
}

/// Where a word stands in a text, such as an argument on a command line: as a whole word if it does that anywhere.
pub fn find_word(text: &str, word: &str) -> Option<Span> {
    let ends = |c: char| c.is_whitespace() || matches!(c, '=' | ',' | '"' | '\'');
    let is_whole = |at: &usize| {
        let (before, after) = (text[..*at].chars().next_back(), text[at + word.len()..].chars().next());
        before.is_none_or(ends) && after.is_none_or(ends)
    };
    let places = || text.match_indices(word).map(|(at, _)| at);
    let start = places().find(is_whole).or_else(|| places().next())?;
    Some(Span::new(start, start + word.len()))
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
    /// The number of the line.
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
    /// How many characters stand before each block of [`BLOCK`] bytes: a line may be as long as the text.
    characters: OnceLock<Vec<usize>>,
}

const BLOCK: usize = 1 << 10;

impl Source {
    /// A text and the name that people know it by.
    pub fn new(name: impl Into<String>, text: impl Into<Arc<str>>) -> Self {
        let (line_starts, characters) = (OnceLock::new(), OnceLock::new());
        Self(Arc::new(Inner { name: name.into(), text: text.into(), line_starts, characters }))
    }

    /// The name: a path, or something like "command line".
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// The text that every span and offset counts in.
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// The name without folders.
    pub fn file_name(&self) -> &str {
        self.name().rsplit(['/', '\\']).next().unwrap_or_default()
    }

    /// The file and the line of a byte, for a sentence: `plan.md:12`.
    pub fn place(&self, offset: usize) -> String {
        format!("{}:{}", self.file_name(), self.line(offset))
    }

    /// The line of a byte, counted from 1.
    pub fn line(&self, offset: usize) -> usize {
        self.line_starts().partition_point(|&start| start <= offset)
    }

    fn line_starts(&self) -> &[usize] {
        self.0.line_starts.get_or_init(|| line_starts(self.text()))
    }

    /// The line and column of a byte.
    pub fn line_column(&self, offset: usize) -> LineColumn {
        let starts = self.line_starts();
        let line = self.line(offset);
        let (start, end) = (starts[line - 1], offset.min(self.text().len()));
        let before = if end - start < BLOCK {
            characters(&self.text().as_bytes()[start..end])
        } else {
            self.characters(end) - self.characters(start)
        };
        LineColumn { line, column: before + 1 }
    }

    /// How many characters stand before a byte.
    fn characters(&self, offset: usize) -> usize {
        let bytes = self.text().as_bytes();
        let blocks = self.0.characters.get_or_init(|| {
            let counts = bytes.chunks(BLOCK).scan(0, |sum, block| {
                *sum += characters(block);
                Some(*sum)
            });
            std::iter::once(0).chain(counts).collect()
        });
        let block = offset / BLOCK;
        blocks[block] + characters(&bytes[block * BLOCK..offset])
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

/// A line counted from 1, without its ending.
pub fn line_span(text: &str, line: usize) -> Span {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let length = text[start..].lines().next().unwrap_or_default().len();
    Span::new(start, start + length)
}

/// Where the line of an offset starts.
pub fn line_start(text: &str, offset: usize) -> usize {
    text[..offset].rfind('\n').map_or(0, |at| at + 1)
}

/// Where the line of an offset ends: at its line feed, or at the end of the text.
pub fn line_end(text: &str, offset: usize) -> usize {
    memchr::memchr(b'\n', &text.as_bytes()[offset..]).map_or(text.len(), |length| offset + length)
}

/// Where the line below that of an offset starts: behind its line feed, or at the end of the text.
pub fn next_line(text: &str, offset: usize) -> usize {
    (line_end(text, offset) + 1).min(text.len())
}

/// Where the lines of a comment begin that stand right above a line; that line, if none do.
pub fn comment_above(text: &str, mut line: usize) -> usize {
    while let Some(above) = line.checked_sub(1).map(|end| line_start(text, end)) {
        if !text[above..line].trim_start().starts_with("//") {
            break;
        }
        line = above;
    }
    line
}

/// The words of a text with one blank between them.
pub fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A text without the quotes or backticks around all of it. It may have quotes of its own.
pub fn unquoted(text: &str) -> &str {
    let inner = |(open, close): (char, char)| {
        let inner = text.trim().trim_end_matches('.').strip_prefix(open)?.strip_suffix(close)?;
        let first = inner.find([open, close]);
        let opens = |at: usize| open == '"' && inner[..at].ends_with([' ', '(', '[', '=']);
        first.is_none_or(opens).then(|| inner.trim())
    };
    [('"', '"'), ('“', '”'), ('`', '`'), ('\'', '\'')].into_iter().find_map(inner).unwrap_or(text)
}

/// What stands in backticks in a line. One that nothing closes opens nothing.
pub fn code_spans(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2).take(line.matches('`').count() / 2)
}

/// The blanks and tabs that the line of an offset starts with.
pub fn indentation(text: &str, offset: usize) -> &str {
    let line = &text[line_start(text, offset)..];
    &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
}

/// How many characters begin in some bytes of UTF-8.
fn characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&byte| !matches!(byte, 0x80..=0xbf)).count()
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
    /// The bytes that are replaced; none for an insertion.
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

    /// The replacement of the bytes of `span`; of nothing by `text` if the span is empty.
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

/// Edits of one text: sorted by place, and none in the way of another.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct TextEdits(Vec<TextEdit>);

impl TextEdits {
    /// Sorts edits. Insertions at one place keep the order in which they are given, and come before
    /// what replaces the bytes behind it.
    pub fn new(mut edits: Vec<TextEdit>) -> Result<Self, Overlap> {
        edits.sort_by_key(|edit| edit.span);
        let clash = edits.windows(2).find(|pair| pair[1].span.start < pair[0].span.end);
        match clash {
            Some([first, second]) => Err(Overlap(first.span, second.span)),
            _ => Ok(Self(edits)),
        }
    }

    /// Takes in `more`, all or none: whether none of them is in the way of an edit that is there.
    pub fn join(&mut self, more: &Self) -> bool {
        let place = |edits: &[TextEdit], edit: &TextEdit| edits.partition_point(|known| known.span <= edit.span);
        let is_free = |edit: &TextEdit| {
            let (before, after) = self.0.split_at(place(&self.0, edit));
            before.last().is_none_or(|before| before.span.end <= edit.span.start)
                && after.first().is_none_or(|after| edit.span.end <= after.span.start)
        };
        let all_free = more.iter().all(is_free);
        for edit in more.iter().filter(|_| all_free) {
            self.0.insert(place(&self.0, edit), edit.clone());
        }
        all_free
    }

    /// The same edits, whose lines end as those of the text that they are made for.
    pub fn with_ending(mut self, ending: LineEnding) -> Self {
        for edit in &mut self.0 {
            edit.text = ending.apply(std::mem::take(&mut edit.text));
        }
        self
    }

    /// `text` with all edits made.
    ///
    /// # Panics
    ///
    /// If an edit is not for this text: its span ends behind it, or inside a character.
    pub fn apply(&self, text: &str) -> String {
        let mut result = String::with_capacity(text.len() + self.iter().map(|edit| edit.text.len()).sum::<usize>());
        let mut done = 0;
        for edit in self.iter() {
            result.push_str(&text[done..edit.span.start]);
            result.push_str(&edit.text);
            done = edit.span.end;
        }
        result + &text[done..]
    }
}

impl From<TextEdit> for TextEdits {
    fn from(edit: TextEdit) -> Self {
        Self(vec![edit])
    }
}

impl Deref for TextEdits {
    type Target = [TextEdit];

    fn deref(&self) -> &[TextEdit] {
        &self.0
    }
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
    fn columns_of_long_lines_count_characters_as_well() {
        let text = format!("ä\n{}", "aäö€".repeat(2_000));
        let source = Source::new("x", text.as_str());
        for (at, (offset, _)) in text.char_indices().enumerate().skip(2) {
            assert_eq!(source.line_column(offset), LineColumn { line: 2, column: at - 1 });
        }
        assert_eq!(source.line_column(text.len() + 9), LineColumn { line: 2, column: 8_001 });
    }

    #[test]
    fn a_line_is_found_from_any_of_its_bytes() {
        let text = "a\n\t b\nc";
        assert_eq!([2, 4, 5].map(|at| (line_start(text, at), line_end(text, at), next_line(text, at))), [(2, 5, 6); 3]);
        assert_eq!((line_start(text, 7), line_end(text, 7), next_line(text, 7)), (6, 7, 7));
        assert_eq!((indentation(text, 4), indentation(text, 6)), ("\t ", ""));
    }

    #[test]
    fn edits_keep_the_order_given_at_one_place() {
        let edits = vec![
            TextEdit::replace(Span::new(1, 2), "c"),
            TextEdit::insert(1, "1"),
            TextEdit::insert(0, "0"),
            TextEdit::insert(1, "2"),
        ];
        assert_eq!(TextEdits::new(edits).unwrap().apply("ab"), "0a12c");
    }

    #[test]
    fn overlapping_edits_are_refused() {
        let edits = vec![TextEdit::insert(1, "y"), TextEdit::replace(Span::new(0, 2), "x")];
        assert_eq!(TextEdits::new(edits), Err(Overlap(Span::new(0, 2), Span::at(1))));
    }

    #[test]
    fn edits_join_others_as_a_whole_or_not_at_all() {
        let mut edits = TextEdits::from(TextEdit::replace(Span::new(0, 2), "x"));
        let near = vec![TextEdit::insert(1, "y"), TextEdit::insert(3, "z")];
        assert!(!edits.join(&TextEdits::new(near).unwrap()));
        assert!(edits.join(&TextEdit::insert(2, "y").into()));
        assert_eq!(edits.apply("abc"), "xyc");
    }

    #[test]
    fn insertions_take_the_line_ending_of_the_file() {
        assert_eq!(LineEnding::of("a\r\nb\r\n"), LineEnding::CrLf);
        assert_eq!(LineEnding::of("\n"), LineEnding::Lf);
        assert_eq!(LineEnding::CrLf.apply("a\nb\n".into()), "a\r\nb\r\n");
    }
}
