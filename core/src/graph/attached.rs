//! What a task says about its own place in the order: `(depends on T012)`, `[depends: T004]`, `Depends on: T012`.

use super::Origin;
use super::statement::{Claim, Statement, is_denied};
use crate::task::{TaskFile, references};
use crate::text::Span;

/// The words, and how sure they are; longer ones first.
const WORDS: &[(&str, Origin)] = &[
    ("dependencies", Origin::Stated),
    ("dependency", Origin::Stated),
    ("depends on", Origin::Stated),
    ("depends-on", Origin::Stated),
    ("depends_on", Origin::Stated),
    ("dependson", Origin::Stated),
    ("depend on", Origin::Stated),
    ("depends", Origin::Stated),
    ("deps", Origin::Stated),
    ("dep", Origin::Stated),
    ("blocked-by", Origin::Stated),
    ("blocked_by", Origin::Stated),
    ("blockedby", Origin::Stated),
    ("blocked by", Origin::Prose),
    ("waits for", Origin::Prose),
    ("wait for", Origin::Prose),
    ("prerequisites", Origin::Prose),
    ("prerequisite", Origin::Prose),
    ("requires", Origin::Prose),
    ("needs", Origin::Prose),
    ("after", Origin::Prose),
    ("依赖", Origin::Stated),
    ("依賴", Origin::Stated),
];

/// What a task's text and the lines below it state.
pub(super) fn at_task(file: &TaskFile, index: usize, found: &mut Vec<Statement>) {
    let task = &file.tasks[index];
    let source = file.source.text();
    in_text(file, index, task.text, found);
    for detail in &task.details {
        let waits = matches!(
            &*detail.key,
            "depends on"
                | "dependencies"
                | "dependency"
                | "depends"
                | "blocked by"
                | "prerequisites"
                | "prerequisite"
                | "requires"
                | "deps"
                | "depend on"
                | "blockedby"
                | "waits for"
                | "needs"
                | "after"
        );
        let leads = matches!(&*detail.key, "blocks" | "unblocks");
        let span = detail.text.span;
        if !(waits || leads) {
            // `- depends_on: [T001]`, `_Depends on T001_`
            let raw = span.of(source);
            let inner = raw.trim_start_matches(['(', '[', '{', '*', '_', '`', ' ', '（', '@']);
            let start = span.start + (raw.len() - inner.len());
            begins(file, index, Span::new(start, span.end), found);
            continue;
        }
        if is_denied(span.of(source)) || references(source, span).is_empty() {
            continue;
        }
        let (own, other) = (Claim::Task(index), Claim::Text(span));
        let (first, then) = if waits { (other, own) } else { (own, other) };
        found.push(Statement { first, then, origin: Origin::Stated, span });
    }
}

/// A line that begins with one of the words, directly before IDs.
fn begins(file: &TaskFile, index: usize, span: Span, found: &mut Vec<Statement>) {
    let source = file.source.text();
    let text = span.of(source);
    let Some((word, origin)) = word(text) else { return };
    let rest = Span::new(span.start + word, span.end);
    if is_direct(source, rest) && !is_denied(text) {
        found.push(Statement { first: Claim::Text(rest), then: Claim::Task(index), origin, span });
    }
}

/// The word that a text begins with, its length, and how sure it is.
fn word(text: &str) -> Option<(usize, Origin)> {
    WORDS.iter().find_map(|(word, origin)| {
        text.get(..word.len()).filter(|start| start.eq_ignore_ascii_case(word))?;
        let rest = &text[word.len()..];
        (!rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '-')).then_some((word.len(), *origin))
    })
}

/// More than any ID, or range of IDs, has.
const LONGEST_ID: usize = 256;

/// Whether IDs follow with nothing but marks before them.
fn is_direct(source: &str, rest: Span) -> bool {
    // The line goes on, for as long as anybody likes.
    let behind = rest.of(source);
    let marks = behind.len() - behind.trim_start_matches(|c: char| !c.is_alphanumeric()).len();
    let rest = Span::new(rest.start, rest.start + behind.floor_char_boundary(marks + LONGEST_ID));
    references(source, rest).first().is_some_and(|first| {
        let between = &source[rest.start..first.span.start];
        between
            .chars()
            .all(|c| c.is_whitespace() || matches!(c, ':' | '：' | '(' | '[' | '*' | '_' | '`' | '"' | '{' | '\''))
    })
}

/// The words within a text: behind a bracket, a dash, an `@`, or the end of a clause.
fn in_text(file: &TaskFile, index: usize, span: Span, found: &mut Vec<Statement>) {
    let source = file.source.text();
    let text = span.of(source);
    if !text
        .as_bytes()
        .iter()
        .any(|byte| matches!(byte, b'(' | b'[' | b'{' | b'@' | b',' | b';' | b'.' | b'-' | 0x80..))
    {
        return;
    }
    let mut from = 0;
    for (at, c) in text.char_indices() {
        if at < from
            || !matches!(c, '(' | '[' | '{' | '@' | '（' | '【' | '—' | '–' | '-' | ',' | ';' | '.' | '，' | '；')
        {
            continue;
        }
        let behind = &text[at + c.len_utf8()..];
        let inner = behind.trim_start_matches([' ', '*', '_', '`']);
        let spaced = inner.len() < behind.len();
        let Some((length, origin)) = word(inner) else { continue };
        let start = at + c.len_utf8() + (behind.len() - inner.len());
        let closer = match c {
            '(' => Some(')'),
            '[' => Some(']'),
            '{' => Some('}'),
            '（' => Some('）'),
            '【' => Some('】'),
            _ => None,
        };
        let rest = &text[start + length..];
        let end = match closer {
            Some(closer) => rest.find(closer).unwrap_or(rest.len()),
            // `@depends(T009)`
            None if rest.starts_with('(') => rest.find(')').unwrap_or(rest.len()),
            None => {
                [". ", "; ", " — ", " – ", " ("].iter().filter_map(|end| rest.find(end)).min().unwrap_or(rest.len())
            }
        };
        let claim = Span::new(start + length, start + length + end).shifted(span.start);
        let whole = Span::new(start, start + length + end).shifted(span.start);
        let direct = closer.is_none() && is_direct(source, claim);
        // In brackets a remark may stand before the IDs; elsewhere they follow at once, and only a sure word counts.
        let is_said = match closer {
            Some(_) => !references(source, claim).is_empty(),
            None => direct && (c == '@' || spaced && origin == Origin::Stated || spaced && matches!(c, '—' | '–')),
        };
        if is_said && !is_denied(whole.of(source)) {
            found.push(Statement { first: Claim::Text(claim), then: Claim::Task(index), origin, span: whole });
            from = start + length + end;
        }
    }
}
