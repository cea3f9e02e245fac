//! What is struck out or commented away: nobody asks for it any more, and no reader sees it.

use super::heading::is_about_dependencies;
use super::line::{bare_head, head};
use super::lines::{Line, LineKind, bullet};
use super::reference::references;
use crate::text::Span;

/// The tags that strike a text out.
const TAGS: &[(&str, &str)] = &[("<del>", "</del>"), ("<s>", "</s>"), ("<strike>", "</strike>")];

/// The text with blanks for what is struck out or commented away, so that every offset stays. A task that is struck
/// out as a whole stays as it is: it is a task that is dropped. Nothing if nothing is to be blanked.
pub(super) fn without(text: &str, lines: &[Line]) -> Option<String> {
    if !["~~", "<!--", "</del>", "</s>", "</strike>"].iter().any(|mark| text.contains(mark)) {
        return None;
    }
    let mut bytes = text.as_bytes().to_vec();
    // The level of the heading above that is about the order of tasks.
    let mut order = None;
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let more = lines[at + 1..].iter().take_while(|next| next.kind == LineKind::Text);
        let length = match line.kind {
            LineKind::Item | LineKind::Text | LineKind::Quote => 1 + more.count(),
            LineKind::Heading(level) => {
                if order.is_none_or(|order| level <= order) {
                    let title = line.span.of(text).to_lowercase();
                    order = Some(level).filter(|_| is_about_dependencies(&title));
                }
                1
            }
            LineKind::Table | LineKind::Html => 1,
            _ => 0,
        };
        if length == 0 {
            at += 1;
            continue;
        }
        let span = Span::new(line.span.start, lines[at + length - 1].span.end);
        at += length;
        let start = span.end - span.of(text).trim_start_matches(['\u{feff}', ' ', '\t']).len();
        let raw = &text[start..span.end];
        for region in regions(raw) {
            if order.is_none() && keeps(raw, region, line.kind) {
                continue;
            }
            for byte in &mut bytes[start + region.start..start + region.end] {
                if !matches!(byte, b'\n' | b'\r') {
                    *byte = b' ';
                }
            }
        }
    }
    // Regions begin and end between characters.
    String::from_utf8(bytes).ok()
}

/// Whether what is struck out is a whole task, which is read to be called dropped.
fn keeps(raw: &str, region: Span, kind: LineKind) -> bool {
    if region.of(raw).starts_with("<!--") {
        return false;
    }
    let heading = raw.len() - raw.trim_start_matches(['#', ' ', '\t']).len();
    let (item, shift) = if matches!(kind, LineKind::Heading(_)) { (&raw[heading..], heading) } else { (raw, 0) };
    let own = Span::new(region.start.max(shift) - shift, region.end.max(shift) - shift);
    let boxed = head(item).filter(|head| head.id.is_some());
    let has_box = boxed.is_some();
    // `~~[ ] T001 Title~~` is no task, and is named as not read.
    if region.of(raw).trim_start_matches(['~', '*', ' ']).starts_with('[') && bullet(raw).is_some() {
        return true;
    }
    // A phase that is struck out keeps its heading, which tells that its tasks are.
    if shift > 0 && !is_about_dependencies(&item.to_lowercase()) && is_whole(item, None, 0, own) {
        return true;
    }
    let Some(head) = boxed.or_else(|| bare_head(item)) else { return false };
    let is_order = !has_box && references(raw, region).len() > 1;
    !is_order && is_whole(item, head.id_span, head.text, own)
}

/// Whether a region holds the ID of a line, or all of its title but for a remark behind it.
fn is_whole(item: &str, id: Option<Span>, title: usize, region: Span) -> bool {
    if id.is_some_and(|id| region.contains(id.start)) {
        return true;
    }
    let line = item[title.min(item.len())..].find('\n').map_or(item.len(), |at| title + at);
    let marks = |c: char| c.is_whitespace() || matches!(c, '*' | '~' | ':' | '`');
    let before = item.get(title..region.start.max(title)).unwrap_or_default().trim_matches(marks);
    let behind = item.get(region.end..line.max(region.end)).unwrap_or_default().trim_matches(marks);
    before.is_empty()
        && title <= region.end
        && (behind.is_empty() || behind.starts_with(['(', '[', '-', '–', '—', '.', ',', ';', '→']))
}

/// Whether the task of a line is struck out; `id` and `title` are where these begin.
pub(super) fn is_struck(line: &str, id: Option<Span>, title: usize) -> bool {
    let struck = regions(line).into_iter().filter(|region| !region.of(line).starts_with("<!--"));
    struck.into_iter().any(|region| is_whole(line, id, title, region))
}

/// What is struck out or commented away within a paragraph, with its marks; code is not looked into.
fn regions(text: &str) -> Vec<Span> {
    let mut found = Vec::new();
    let bytes = text.as_bytes();
    let (mut tildes, mut tag): (Option<usize>, Option<(usize, &str)>) = (None, None);
    let mut is_open_ended = false;
    let mut at = 0;
    while at < bytes.len() {
        let rest = &text[at..];
        let run = |mark: u8| bytes[at..].iter().take_while(|byte| **byte == mark).count();
        match bytes[at] {
            b'`' => {
                let ticks = run(b'`');
                let closer = &text[at..at + ticks];
                at += ticks;
                at += text[at..].find(closer).map_or(0, |length| length + ticks);
            }
            b'~' => {
                let length = run(b'~');
                let end = at + length;
                let spaced_before = text[..at].ends_with(char::is_whitespace);
                match tildes {
                    Some(start) if length == 2 && !spaced_before => {
                        found.push(Span::new(start, end));
                        tildes = None;
                    }
                    // `~~>` is an arrow.
                    None if length == 2 && !text[end..].starts_with(|c: char| c.is_whitespace() || c == '>') => {
                        tildes = Some(at);
                    }
                    _ => {}
                }
                at = end;
            }
            b'<' if rest.starts_with("<!--") => {
                if let Some(length) = rest.find("-->").filter(|_| !is_open_ended) {
                    found.push(Span::new(at, at + length + 3));
                    at += length + 3;
                } else {
                    is_open_ended = true;
                    at += 4;
                }
            }
            b'<' => {
                let starts = |mark: &str| rest.get(..mark.len()).is_some_and(|start| start.eq_ignore_ascii_case(mark));
                if let Some((start, close)) = tag.filter(|(_, close)| starts(close)) {
                    found.push(Span::new(start, at + close.len()));
                    tag = None;
                } else if let Some((_, close)) = TAGS.iter().find(|(open, _)| tag.is_none() && starts(open)) {
                    tag = Some((at, close));
                }
                at += 1;
            }
            _ => at += 1,
        }
        while !text.is_char_boundary(at) {
            at += 1;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::lines::lines;
    use super::*;
    use crate::text::squeezed;

    fn left(text: &str) -> String {
        squeezed(&without(text, &lines(text)).unwrap_or_else(|| text.to_owned()))
    }

    #[test]
    fn what_is_struck_out_is_not_said() {
        for (text, expected) in [
            ("- ~~Function: `a()`~~\n- b", "- - b"),
            ("- a <!-- b\n  c --> d", "- a d"),
            ("- [ ] T003 Add ~~`a.go`~~ `b.go`", "- [ ] T003 Add `b.go`"),
            ("- [ ] T003 ~~Old~~ New", "- [ ] T003 New"),
            ("- Test: <del>a</del> b <s>c</s>", "- Test: b"),
            ("- é ~~ü~~ ß", "- é ß"),
            // Neither of these is struck out.
            ("- `~~a~~` and ~~ b ~~ and ~~~c~~~", "- `~~a~~` and ~~ b ~~ and ~~~c~~~"),
            ("- T001 ~~> T002 ~~> T003", "- T001 ~~> T002 ~~> T003"),
            ("- ~~a", "- ~~a"),
            ("```\n~~a~~\n```", "``` ~~a~~ ```"),
            // Whole tasks are, and stay.
            ("- [ ] ~~T001 a~~ (b)", "- [ ] ~~T001 a~~ (b)"),
            ("- [ ] T001 ~~**a**~~ (b)", "- [ ] T001 ~~**a**~~ (b)"),
            ("### ~~T001: a~~", "### ~~T001: a~~"),
            // A statement is no task.
            ("- ~~T001 → T002~~", "-"),
            ("## Dependencies\n- ~~T001 first~~", "## Dependencies -"),
        ] {
            assert_eq!(left(text), expected, "{text}");
        }
    }
}
