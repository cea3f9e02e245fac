//! Questions that a document leaves open: `[NEEDS CLARIFICATION: which one?]`.

use crate::diagnostic::Diagnostic;
use crate::task::{Line, LineKind};
use crate::text::{Source, Span, holds};

/// An error for each line with an open question: tasks cannot rest on it. Code does not count, nor
/// does the template's advice on how to ask.
pub fn open_questions(source: &Source, lines: &[Line]) -> Vec<Diagnostic> {
    const MARK: &str = "[NEEDS CLARIFICATION:";
    let text = source.text();
    if !holds(text, MARK) {
        return Vec::new();
    }
    let prose = lines.iter().filter(|line| matches!(line.kind, LineKind::Item | LineKind::Text | LineKind::Table));
    let open = |line: &Line| {
        let raw = line.span.of(text);
        let at = raw.find(MARK)?;
        let question = raw[at + MARK.len()..].split(']').next().unwrap_or_default().trim();
        let is_advice = question.starts_with("specific question") || raw[..at].trim_end().ends_with("Use");
        let in_code = raw[..at].matches('`').count() % 2 == 1;
        if question.is_empty() || is_advice || in_code {
            return None;
        }
        let end = raw[at..].find(']').map_or(raw.trim_end().len(), |end| at + end + 1);
        let diagnostic = Diagnostic::error("clarification-open", format!("a question is open: {question}"));
        let diagnostic = diagnostic.at(source, Span::new(at, end).shifted(line.span.start));
        Some(diagnostic.help("answer it in the document before tasks rest on it"))
    };
    prose.filter_map(open).collect()
}
