//! What the tool has to say about its input.

use std::borrow::Cow;
use std::fmt::Write as _;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use serde::Serialize;

use crate::text::{Source, Span, line_start, next_line};

/// How much a diagnostic matters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Severity {
    /// Worth knowing; nothing is wrong.
    Note,
    /// Probably not what was meant.
    Warning,
    /// The input is refused.
    Error,
}

impl Severity {
    /// The word for it, in text and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// One finding, with the place that it is about and a way out.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// How much it matters.
    pub severity: Severity,
    /// A stable name, such as `path-absolute`.
    pub code: &'static str,
    /// What is so, in one sentence.
    pub message: String,
    /// Where, if it is about a place.
    pub place: Option<(Source, Span)>,
    /// What to do about it.
    pub help: Option<String>,
}

impl Diagnostic {
    /// What the tool refuses to go on with. `code` has a section in docs/diagnostics.md.
    pub fn error(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, message)
    }

    /// What is probably wrong, and is worked with nevertheless.
    pub fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, message)
    }

    /// What people should know and need not change.
    pub fn note(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Note, code, message)
    }

    fn new(severity: Severity, code: &'static str, message: impl Into<String>) -> Self {
        Self { severity, code, message: message.into(), place: None, help: None }
    }

    /// The same, about a place.
    pub fn at(mut self, source: &Source, span: Span) -> Self {
        self.place = Some((source.clone(), span));
        self
    }

    /// The same, with advice.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The finding as text, with the source lines it is about.
    pub fn render(&self, color: bool) -> String {
        let level = match self.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
            Severity::Note => Level::NOTE,
        };
        let message = visible(&self.message);
        let help = self.help.as_deref().map(visible);
        let name = self.place.as_ref().map(|(source, _)| visible(source.name())).unwrap_or_default();
        let title = level.primary_title(message.as_str()).id(self.code);
        let mut group = match &self.place {
            None => Group::with_title(title),
            // It is about a file or a folder as a whole.
            Some((source, _)) if source.text().is_empty() => title.element(Origin::path(name.as_str())),
            Some((source, span)) => {
                let span = clamp(source.text(), *span);
                let (start, lines) = shown(source.text(), span);
                let (begin, place) = (source.line_column(start), source.line_column(span.start));
                let end = span.end.min(start + lines.len());
                let snippet = Snippet::source(lines)
                    .line_start(begin.line)
                    .annotation(AnnotationKind::Primary.span(span.start - start..end - start));
                if begin.column == 1 {
                    title.element(snippet.path(name.as_str()))
                } else {
                    let origin = Origin::path(name.as_str()).line(place.line).char_column(place.column);
                    title.element(origin).element(snippet)
                }
            }
        };
        if let Some(help) = &help {
            group = group.element(Level::HELP.message(help.as_str()));
        }
        let renderer = if color { Renderer::styled() } else { Renderer::plain() };
        renderer.render(&[group])
    }
}

/// A diagnostic as the JSON documents have it.
#[derive(Serialize)]
pub struct DiagnosticJson<'a> {
    severity: &'static str,
    code: &'static str,
    message: &'a str,
    file: Option<&'a str>,
    line: Option<usize>,
    column: Option<usize>,
    help: Option<&'a str>,
}

impl<'a> From<&'a Diagnostic> for DiagnosticJson<'a> {
    fn from(diagnostic: &'a Diagnostic) -> Self {
        let place = diagnostic.place.as_ref().map(|(source, span)| (source, source.line_column(span.start)));
        Self {
            severity: diagnostic.severity.name(),
            code: diagnostic.code,
            message: &diagnostic.message,
            file: place.map(|(source, _)| source.name()),
            line: place.map(|(_, place)| place.line),
            column: place.map(|(_, place)| place.column),
            help: diagnostic.help.as_deref(),
        }
    }
}

/// `text` on one line, with control and bidirectional characters made visible: a terminal obeys
/// them, and a reviewer does not see them.
pub fn visible(text: &str) -> String {
    // Most of it is plain, and can be long.
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return text.to_owned();
    }
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => shown.push_str("\\n"),
            c if is_invisible(c) => shown.extend(c.escape_unicode()),
            c => shown.push(c),
        }
    }
    shown
}

/// Whether a character changes how its neighbours are shown instead of being shown itself, or is not shown at all:
/// controls, what turns the direction of writing, line separators, fillers, and tags. Variation selectors are
/// none of them: emoji have them.
pub fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
                | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
                | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
                | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}'
        )
}

/// A JSON document in which every character can be seen: what JSON lets stand in strings as it is, and a terminal
/// obeys, is escaped. The document means the same.
pub fn visible_json(document: &str) -> String {
    let mut text = String::with_capacity(document.len());
    for c in document.chars() {
        if is_invisible(c) && !matches!(c, '\n' | '\t' | '\r') {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(text, "\\u{unit:04x}");
            }
        } else {
            text.push(c);
        }
    }
    text
}

/// A text of several lines in which every character can be seen: line ends and tabs stay.
pub fn visible_lines(text: &str) -> Cow<'_, str> {
    let stays = |c: char| !is_invisible(c) || matches!(c, '\n' | '\t');
    // Most of it is plain, and long.
    if text.chars().all(stays) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            // The end of a line, as Windows writes it.
            '\r' if chars.peek() == Some(&'\n') => {}
            c if stays(c) => shown.push(c),
            c => shown.extend(c.escape_unicode()),
        }
    }
    Cow::Owned(shown)
}

/// A line that is longer than this is shown in part.
const LONG: usize = 2_000;

/// The lines that a snippet is about and where they start, or the part of a long one that it is about: where they hold characters that a terminal obeys
/// and the renderer does not know, others of the same length stand for them.
fn shown(text: &str, span: Span) -> (usize, Cow<'_, str>) {
    let (start, end) = (line_start(text, span.start), next_line(text, span.end));
    let is_long = end - start > LONG && !text[start..end].trim_end().contains('\n');
    let (start, end) = if is_long {
        let near = |at: usize| text.floor_char_boundary(at.clamp(start, end));
        (near(span.start.saturating_sub(LONG / 10)), near(span.end.min(span.start + LONG / 10) + LONG / 10))
    } else {
        (start, end)
    };
    let lines = &text[start..end];
    let hidden = |c: char| !c.is_ascii() && is_invisible(c);
    if !lines.contains(hidden) {
        return (start, Cow::Borrowed(lines));
    }
    let stand_in = |c: char| match c.len_utf8() {
        _ if !hidden(c) => c,
        2 => '\u{b7}',
        3 => char::REPLACEMENT_CHARACTER,
        _ => '\u{1f6c7}',
    };
    (start, Cow::Owned(lines.chars().map(stand_in).collect()))
}

/// A span that lies in `text` and on character boundaries, whatever was asked for.
fn clamp(text: &str, span: Span) -> Span {
    let start = text.floor_char_boundary(span.start);
    Span::new(start, text.floor_char_boundary(span.end).max(start))
}

/// Whether any of them is an error.
pub fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|d| d.severity == Severity::Error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_diagnostic_shows_file_line_column_snippet_and_help() {
        let source = Source::new("tasks.md", "# Tasks\n- [ ] T001 /etc/passwd\n");
        let span = Span::new(19, 30);
        let text = Diagnostic::error("path-absolute", "an absolute path")
            .at(&source, span)
            .help("name it from the root of the checkout")
            .render(false);
        assert!(text.contains("error[path-absolute]: an absolute path"), "{text}");
        assert!(text.contains("tasks.md:2:12"), "{text}");
        assert!(text.contains("- [ ] T001 /etc/passwd"), "{text}");
        assert!(text.contains("help: name it"), "{text}");
    }

    #[test]
    fn a_long_line_is_shown_in_part() {
        let text = format!("- x\n{}é HERE {}\n", "a ".repeat(5_000), "b ".repeat(5_000));
        let at = text.find("HERE").unwrap();
        let found = Diagnostic::error("x", "y").at(&Source::new("t.md", text.as_str()), Span::new(at, at + 4));
        let shown = found.render(false);
        assert!(shown.contains("t.md:2:10003\n") && shown.contains("HERE") && shown.contains("^^^^"), "{shown}");
        assert!(shown.len() < 2_000, "{shown}");
    }

    #[test]
    fn a_span_outside_the_text_is_still_shown() {
        let source = Source::new("x", "ä");
        let text = Diagnostic::error("x", "x").at(&source, Span::new(1, 9)).render(false);
        assert!(text.contains("x:1:1"), "{text}");
    }

    #[test]
    fn control_and_bidirectional_characters_are_shown_not_obeyed() {
        assert_eq!(visible("a\u{1b}[31m\u{202e}b\nc"), "a\\u{1b}[31m\\u{202e}b\\nc");
        assert_eq!(visible_lines("a\u{1b}[31m\tb\r\nc\u{9b}\r"), "a\\u{1b}[31m\tb\nc\\u{9b}\\u{d}");
    }

    /// Characters that people do not see and programs obey, one of each kind.
    const HIDDEN: &str = "\u{0}\u{1b}\u{7f}\u{85}\u{9b}\u{ad}\u{61c}\u{115f}\u{180e}\u{200b}\u{200f}\u{2028}\u{2029}\u{202e}\
        \u{2066}\u{2069}\u{3164}\u{feff}\u{ffa0}\u{fff9}\u{e0001}\u{e0041}\u{e007f}\u{e0100}";

    #[test]
    fn nothing_hidden_is_shown_anywhere() {
        let source = Source::new(format!("x{HIDDEN}\n.md"), format!("- [ ] {HIDDEN} x"));
        let found = Diagnostic::error("x", HIDDEN).at(&source, Span::new(0, 3)).help(HIDDEN);
        for shown in [found.render(false), visible(HIDDEN), visible_lines(HIDDEN).into_owned(), visible_json(HIDDEN)] {
            let hidden: Vec<char> = shown.chars().filter(|c| is_invisible(*c) && *c != '\n').collect();
            assert_eq!(hidden, [], "{shown:?}");
        }
        assert!(!"⚠️ é日本😀 \u{a0}".contains(is_invisible));
    }

    #[test]
    fn a_json_document_means_the_same_when_it_can_be_seen() {
        let document = serde_json::to_string_pretty(&[HIDDEN, "plain\n"]).unwrap();
        let read: Vec<String> = serde_json::from_str(&visible_json(&document)).unwrap();
        assert_eq!(read, [HIDDEN, "plain\n"]);
    }
}
