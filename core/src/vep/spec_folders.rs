//! Where the functional specs of a VEP go: the folder of its SIG, or that of the SIG under whose name they are listed.

use super::Vep;
use crate::survey::Survey;
use crate::task::LineKind;
use crate::text::Span;
use crate::tree::Kind;

/// The folder that the words above an item name, a heading or a line that ends with a colon, and where that stands.
pub(super) fn labelled(vep: &Vep, item: Span, survey: &Survey<'_>) -> Option<(String, Span)> {
    let text = vep.document.source.text();
    let section = vep.heading_at(item.start)?;
    let lines = vep.document.lines_in(section.body);
    let indent = lines.iter().rfind(|line| line.span.start <= item.start).map_or(0, |line| line.indent);
    let above = lines.iter().rev().filter(|line| line.span.start < item.start);
    let is_label = |kind: LineKind, at: usize, raw: &str| match kind {
        LineKind::Text => raw.trim_end_matches(['*', '_']).ends_with(':'),
        LineKind::Item => at < indent && raw.trim_end_matches(['*', '_']).ends_with(':'),
        _ => false,
    };
    let mut labels = above.filter(|line| is_label(line.kind, line.indent, line.span.of(text).trim()));
    let (label, span) = match labels.next() {
        Some(line) => (line.span.of(text), line.span),
        None => (section.title.as_str(), section.span),
    };
    let lower = label.to_lowercase();
    let words = lower.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_')));
    let mut folders: Vec<String> = words
        .filter_map(|word| {
            let sig = word.strip_prefix("sig-").map(|sig| format!("tests/{sig}"));
            let path = word.strip_prefix("tests/").filter(|rest| !rest.is_empty());
            sig.or_else(|| path.map(|rest| format!("tests/{}", rest.trim_end_matches('/'))))
        })
        .filter(|folder| survey.kind(folder) == Some(Kind::Folder))
        .collect();
    folders.dedup();
    // A line that names several says nothing of one.
    <[String; 1]>::try_from(folders).ok().map(|[folder]| (folder, span))
}
