//! The lines of a VEP, where the blocks of Markdown end otherwise than a reader of tasks.md sees it.

use super::Topic;
use crate::documents::Document;
use crate::task::{Line, LineKind, lines};
use crate::text::Span;

/// Front matter with comments is front matter, and a block of code within a list item ends where the item does: a
/// heading of the template at the margin is none of its lines.
pub(super) fn settle(document: &mut Document) {
    front_matter(document);
    let source = document.source.clone();
    let text = source.text();
    let mut from = 0;
    while let Some(open) = document.lines[from..].iter().position(|line| line.kind == LineKind::Fence) {
        let open = from + open;
        let end = document.lines[open + 1..].iter().position(|line| line.kind == LineKind::Fence);
        let end = end.map_or(document.lines.len(), |end| open + 1 + end);
        let is_heading = |line: &Line| {
            let raw = line.span.of(text).trim_end();
            let title = raw.trim_start_matches('#');
            let known = Topic::of(title).is_some_and(|topic| Topic::TEMPLATE.iter().any(|(own, _)| *own == topic));
            raw.starts_with("## ") && known
        };
        let indented = document.lines[open].indent > 0;
        let heading = document.lines[open + 1..end].iter().position(is_heading).filter(|_| indented);
        let Some(heading) = heading.map(|heading| open + 1 + heading) else {
            from = (end + 1).min(document.lines.len());
            continue;
        };
        let start = document.lines[heading].span.start;
        let shifted = lines(&text[start..])
            .into_iter()
            .map(|line| Line { span: Span::new(line.span.start + start, line.span.end + start), ..line });
        document.lines.truncate(heading);
        document.lines.extend(shifted.collect::<Vec<_>>());
        from = heading;
    }
}

fn front_matter(document: &mut Document) {
    let source = document.source.clone();
    let raw = |line: &Line| line.span.of(source.text()).trim_end();
    if document.lines.first().is_none_or(|line| raw(line) != "---" || line.kind == LineKind::FrontMatter) {
        return;
    }
    let Some(end) = document.lines[1..].iter().position(|line| raw(line) == "---") else { return };
    let is_yaml = |line: &Line| {
        let raw = raw(line);
        raw.is_empty()
            || raw.starts_with(['#', ' ', '-'])
            || raw.split_once(':').is_some_and(|(key, _)| !key.contains(' '))
    };
    let inner = &document.lines[1..=end];
    if inner.iter().all(is_yaml) && inner.iter().any(|line| raw(line).contains(':')) {
        for line in &mut document.lines[..end + 2] {
            line.kind = LineKind::FrontMatter;
        }
    }
}
