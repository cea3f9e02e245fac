//! What the tool has to say about its input.

use std::borrow::Cow;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
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
        let title = level.primary_title(message.as_str()).id(self.code);
        let mut group = match &self.place {
            None => Group::with_title(title),
            Some((source, span)) => {
                let span = clamp(source.text(), *span);
                let (start, lines) = shown(source.text(), span);
                title.element(
                    Snippet::source(lines)
                        .line_start(source.line_column(start).line)
                        .path(source.name())
                        .annotation(AnnotationKind::Primary.span(span.start - start..span.end - start)),
                )
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
    text.chars()
        .map(|c| match c {
            '\n' => "\\n".to_owned(),
            c if is_invisible(c) => c.escape_unicode().to_string(),
            c => c.to_string(),
        })
        .collect()
}

/// Whether a character changes how its neighbours are shown instead of being shown itself.
pub fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// The lines that a snippet is about and where they start: where they hold characters that a terminal obeys
/// and the renderer does not know, others of the same length stand for them.
fn shown(text: &str, span: Span) -> (usize, Cow<'_, str>) {
    let (start, end) = (line_start(text, span.start), next_line(text, span.end));
    let lines = &text[start..end];
    let hidden = |c: char| !c.is_ascii() && is_invisible(c);
    if !lines.contains(hidden) {
        return (start, Cow::Borrowed(lines));
    }
    let stand_in = |c: char| match c.len_utf8() {
        _ if !hidden(c) => c,
        2 => '\u{b7}',
        _ => char::REPLACEMENT_CHARACTER,
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
    fn a_span_outside_the_text_is_still_shown() {
        let source = Source::new("x", "ä");
        let text = Diagnostic::error("x", "x").at(&source, Span::new(1, 9)).render(false);
        assert!(text.contains("x:1:1"), "{text}");
    }

    #[test]
    fn control_and_bidirectional_characters_are_shown_not_obeyed() {
        assert_eq!(visible("a\u{1b}[31m\u{202e}b\nc"), "a\\u{1b}[31m\\u{202e}b\\nc");
    }
}
