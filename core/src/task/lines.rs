//! The lines of a document: every byte belongs to one, so that they print back to it.
//!
//! Read line by line, and not by a Markdown library: what people write is often not the Markdown
//! that they mean (a fence that nobody closes, a list that is indented like code), and a task
//! that is lost that way is lost without a word.

use crate::text::Span;

/// One line, with its end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Line {
    /// The whole line, with its line end.
    pub span: Span,
    /// The column of its first character that is no white space; tabs reach to multiples of four.
    pub indent: usize,
    /// What the line is by its first characters, and by the blocks around it.
    pub kind: LineKind,
}

/// What a line is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LineKind {
    /// Nothing but white space.
    Blank,
    /// `## Title`: its level.
    Heading(usize),
    /// A list item, task or not.
    Item,
    /// Text of a paragraph or of an item that goes on.
    Text,
    /// The first or last line of a code block.
    Fence,
    /// A line of a code block.
    Code,
    /// Within `<!-- … -->`.
    Comment,
    /// YAML before the document.
    FrontMatter,
    /// `> …`
    Quote,
    /// `| … |`
    Table,
    /// `<details>`
    Html,
    /// `---`
    Rule,
    /// The opening of a code block that nobody closes. What follows is read as if it were not there.
    StrayFence,
}

/// The lines of a text.
pub fn lines(text: &str) -> Vec<Line> {
    let mut lines = split(text);
    let mut from = front_matter(text, &mut lines);
    let closers = Closers::new(text, &lines);
    while from < lines.len() {
        from = closers.block(text, &mut lines, from).unwrap_or_else(|| {
            lines[from].kind = kind(bare(text, lines[from]));
            from + 1
        });
    }
    lines
}

/// A line without its indentation and its end.
pub(super) fn bare(text: &str, line: Line) -> &str {
    line.span.of(text).trim_start_matches('\u{feff}').trim()
}

fn split(text: &str) -> Vec<Line> {
    let mut at = 0;
    let line = |line: &str| {
        let start = at;
        at += line.len();
        let mut indent = 0;
        for c in line.trim_start_matches('\u{feff}').chars() {
            match c {
                ' ' => indent += 1,
                '\t' => indent += 4 - indent % 4,
                _ => break,
            }
        }
        Line { span: Span::new(start, at), indent, kind: LineKind::Text }
    };
    let mut lines = Vec::with_capacity(memchr::memchr_iter(b'\n', text.as_bytes()).count() + 1);
    lines.extend(text.split_inclusive('\n').map(line));
    lines
}

/// YAML between two lines of dashes at the very top; how many lines it takes.
fn front_matter(text: &str, lines: &mut [Line]) -> usize {
    if lines.first().is_none_or(|&line| bare(text, line) != "---") {
        return 0;
    }
    let is_end = |line: &Line| matches!(bare(text, *line), "---" | "...");
    let is_yaml = |line: &&Line| !bare(text, **line).starts_with("# ") && !is_end(line);
    let length = 1 + lines[1..].iter().take_while(is_yaml).count();
    if lines.get(length).is_none_or(|line| !is_end(line)) {
        return 0;
    }
    for line in &mut lines[..=length] {
        line.kind = LineKind::FrontMatter;
    }
    length + 1
}

/// What can still be closed behind each line, so that an opening that never is costs nothing.
struct Closers {
    /// The lines that close a block, last first, each with the longest bare fence of backticks and of tildes from
    /// there on.
    fences: Vec<(usize, [usize; 2])>,
    /// Where the last comment ends.
    comment: Option<usize>,
}

impl Closers {
    fn new(text: &str, lines: &[Line]) -> Self {
        let (mut fences, mut longest) = (Vec::new(), [0, 0]);
        for (index, &line) in lines.iter().enumerate().rev() {
            if let Some((mark, length, "")) = fence(bare(text, line)) {
                longest[mark] = length.max(longest[mark]);
                fences.push((index, longest));
            }
        }
        Self { fences, comment: text.rfind("-->") }
    }

    /// The longest bare fence of a mark from a line on.
    fn longest(&self, from: usize, mark: usize) -> usize {
        let behind = self.fences.partition_point(|(line, _)| *line >= from);
        self.fences[..behind].last().map_or(0, |(_, longest)| longest[mark])
    }

    /// Marks the code block or comment that begins at a line; the line behind it.
    fn block(&self, text: &str, lines: &mut [Line], from: usize) -> Option<usize> {
        let first = bare(text, lines[from]);
        if let Some((mark, length, _)) = fence(first) {
            if self.longest(from + 1, mark) < length {
                lines[from].kind = LineKind::StrayFence;
                return Some(from + 1);
            }
            let closes = |line: &Line| matches!(fence(bare(text, *line)), Some((found, long, "")) if found == mark && long >= length);
            let end = from + 1 + lines[from + 1..].iter().position(closes)?;
            for line in &mut lines[from..=end] {
                line.kind = LineKind::Code;
            }
            lines[from].kind = LineKind::Fence;
            lines[end].kind = LineKind::Fence;
            return Some(end + 1);
        }
        if first.starts_with("<!--") && self.comment.is_some_and(|end| end > lines[from].span.start) {
            let rest = &lines[from..];
            let end = from + rest.iter().position(|line| line.span.of(text).contains("-->"))?;
            for line in &mut lines[from..=end] {
                line.kind = LineKind::Comment;
            }
            return Some(end + 1);
        }
        None
    }
}

/// The mark of a fence, its length, and what stands behind it.
fn fence(line: &str) -> Option<(usize, usize, &str)> {
    let (mark, c) = match line.bytes().next()? {
        b'`' => (0, '`'),
        b'~' => (1, '~'),
        _ => return None,
    };
    let rest = line.trim_start_matches(c);
    let length = line.len() - rest.len();
    (length >= 3 && !rest.contains('`')).then_some((mark, length, rest.trim()))
}

fn kind(line: &str) -> LineKind {
    let Some(first) = line.bytes().next() else { return LineKind::Blank };
    match first {
        b'#' => {
            let level = line.len() - line.trim_start_matches('#').len();
            let spaced = line[level..].starts_with([' ', '\t']) || line.len() == level;
            if level <= 6 && spaced { LineKind::Heading(level) } else { LineKind::Text }
        }
        b'>' => LineKind::Quote,
        b'|' => LineKind::Table,
        b'<' if line[1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!') => LineKind::Html,
        b'-' | b'*' | b'_' if is_rule(line, char::from(first)) => LineKind::Rule,
        _ if bullet(line).is_some() => LineKind::Item,
        _ => LineKind::Text,
    }
}

fn is_rule(line: &str, mark: char) -> bool {
    line.chars().all(|c| c == mark || c == ' ') && line.chars().filter(|&c| c == mark).count() >= 3
}

/// The length of `- `, `* `, `+ `, `1. ` or `1) `, with the white space behind it.
pub(super) fn bullet(line: &str) -> Option<usize> {
    let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let marker = line[digits..].chars().next()?;
    let is_bullet = if digits == 0 {
        matches!(marker, '-' | '*' | '+' | '•')
    } else {
        matches!(marker, '.' | ')') && digits <= 9
    };
    let rest = &line[digits + marker.len_utf8()..];
    let spaces = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    (is_bullet && (spaces > 0 || rest.is_empty())).then_some(line.len() - rest.len() + spaces)
}

#[cfg(test)]
mod tests {
    use super::LineKind::{Blank, Code, Comment, Fence, FrontMatter, Heading, Item, Rule, StrayFence, Text};
    use super::*;

    fn kinds(text: &str) -> Vec<LineKind> {
        let lines = lines(text);
        let printed: String = lines.iter().map(|line| line.span.of(text)).collect();
        assert_eq!(printed, text);
        lines.into_iter().map(|line| line.kind).collect()
    }

    #[test]
    fn every_line_is_of_one_kind() {
        assert_eq!(
            kinds("---\ndescription: x\n---\n# T\r\n\n- a\n  b\n---\n"),
            [FrontMatter, FrontMatter, FrontMatter, Heading(1), Blank, Item, Text, Rule]
        );
        assert_eq!(kinds("1. a\n10) b\n-\n-x\n#x"), [Item, Item, Item, Text, Text]);
        assert_eq!(kinds("---\n# T"), [Rule, Heading(1)]);
    }

    #[test]
    fn code_and_comments_end_where_they_are_closed() {
        assert_eq!(kinds("````\n```\n- a\n````\n- b"), [Fence, Code, Code, Fence, Item]);
        assert_eq!(kinds("<!-- a\n- b\n-->\n- c"), [Comment, Comment, Comment, Item]);
    }

    #[test]
    fn what_nobody_closes_swallows_nothing() {
        assert_eq!(kinds("```go\n- a\n~~~\n"), [StrayFence, Item, StrayFence]);
        assert_eq!(kinds("-->\n<!-- a\n- b"), [Text, LineKind::Html, Item]);
    }
}
