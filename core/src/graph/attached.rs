//! What a task says about its own place in the order: `(depends on T012)`, `[depends: T004]`, `Depends on: T012`.

use super::Origin;
use super::sentence::{is_beside, is_denied};
use super::statement::{Claim, Statement, Statements};
use super::sweeping::{is_about_tasks, means_earlier};
use crate::task::{TaskFile, references};
use crate::text::Span;

/// What the words mean for the task that they stand at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    /// It waits for the others.
    Waits,
    /// The others wait for it.
    Leads,
}
use Side::{Leads, Waits};

/// The words, and how sure they are; longer ones first.
const WORDS: &[(&str, Side, Origin)] = &[
    ("dependencies", Waits, Origin::Stated),
    ("dependency", Waits, Origin::Stated),
    ("depends on", Waits, Origin::Stated),
    ("depends upon", Waits, Origin::Stated),
    ("depends-on", Waits, Origin::Stated),
    ("depends_on", Waits, Origin::Stated),
    ("dependson", Waits, Origin::Stated),
    ("depend on", Waits, Origin::Stated),
    ("dependent on", Waits, Origin::Stated),
    ("depends", Waits, Origin::Stated),
    ("deps", Waits, Origin::Stated),
    ("dep", Waits, Origin::Stated),
    ("blocked-by", Waits, Origin::Stated),
    ("blocked_by", Waits, Origin::Stated),
    ("blockedby", Waits, Origin::Stated),
    ("blocked by", Waits, Origin::Prose),
    ("blocked on", Waits, Origin::Prose),
    ("waits for", Waits, Origin::Prose),
    ("waits on", Waits, Origin::Prose),
    ("wait for", Waits, Origin::Prose),
    ("wait on", Waits, Origin::Prose),
    ("waiting for", Waits, Origin::Prose),
    ("waiting on", Waits, Origin::Prose),
    ("prerequisites", Waits, Origin::Prose),
    ("prerequisite", Waits, Origin::Prose),
    ("prereqs", Waits, Origin::Prose),
    ("prereq", Waits, Origin::Prose),
    ("predecessors", Waits, Origin::Prose),
    ("predecessor", Waits, Origin::Prose),
    ("requires", Waits, Origin::Prose),
    ("needs", Waits, Origin::Prose),
    ("must not start before", Waits, Origin::Prose),
    ("must not start until", Waits, Origin::Prose),
    ("cannot start before", Waits, Origin::Prose),
    ("cannot start until", Waits, Origin::Prose),
    ("do not start before", Waits, Origin::Prose),
    ("do not start until", Waits, Origin::Prose),
    ("don't start before", Waits, Origin::Prose),
    ("don't start until", Waits, Origin::Prose),
    ("not before", Waits, Origin::Prose),
    ("must come after", Waits, Origin::Prose),
    ("comes after", Waits, Origin::Prose),
    ("runs after", Waits, Origin::Prose),
    ("run after", Waits, Origin::Prose),
    ("start after", Waits, Origin::Prose),
    ("do after", Waits, Origin::Prose),
    ("only after", Waits, Origin::Prose),
    ("after", Waits, Origin::Prose),
    ("following", Waits, Origin::Prose),
    ("follows", Waits, Origin::Prose),
    ("once", Waits, Origin::Prose),
    ("依赖", Waits, Origin::Stated),
    ("依賴", Waits, Origin::Stated),
    ("blocks", Leads, Origin::Stated),
    ("unblocks", Leads, Origin::Prose),
    ("before", Leads, Origin::Prose),
    ("required by", Leads, Origin::Prose),
    ("needed by", Leads, Origin::Prose),
    ("successors", Leads, Origin::Prose),
    ("successor", Leads, Origin::Prose),
];

/// What a task's text and the lines below it state.
pub(super) fn at_task(file: &TaskFile, index: usize, all: &mut Statements) {
    let task = &file.tasks[index];
    let source = file.ordered();
    let before = all.found.len();
    in_text(file, index, task.text, &mut all.found);
    // `- Dependencies:` with the IDs in the lines below it.
    let mut above: Option<Side> = None;
    for detail in &task.details {
        let span = detail.text.span;
        let key = detail.key.trim_matches(['*', '_', ' ', '`']);
        let side = WORDS.iter().find(|(word, ..)| *word == key).map(|(_, side, _)| *side);
        let text = span.of(source);
        let is_empty = text.trim_matches(['*', '_', ' ', ':']).is_empty();
        let bare = text.trim_matches(['*', '_', ' ', ':']).to_lowercase();
        if key.is_empty() || is_empty {
            let named =
                if is_empty { side } else { WORDS.iter().find(|(word, ..)| *word == bare).map(|(_, side, _)| *side) };
            if named.is_some() {
                above = named;
                continue;
            }
        }
        let begins_with_id = || {
            references(source, span)
                .first()
                .is_some_and(|first| text[..first.span.start - span.start].chars().all(|c| "*`[ _".contains(c)))
        };
        let side = side.or(above.filter(|_| key.is_empty() && begins_with_id()));
        if side.is_none() {
            above = None;
        }
        let Some(side) = side else {
            // `- depends_on: [T001]`, `_Depends on T001_`
            let inner = text.trim_start_matches(['(', '[', '{', '*', '_', '`', ' ', '（', '@']);
            begins(file, Claim::Task(index), Span::new(span.end - inner.len(), span.end), &mut all.found);
            in_text(file, index, span, &mut all.found);
            continue;
        };
        if side == Waits && means_earlier(text) {
            state(&mut all.found, side, Claim::EarlierThan(index), Claim::Task(index), Origin::Stated, span);
            continue;
        }
        if is_denied(text) || references(source, span).is_empty() {
            if !is_denied(text) && (is_about_tasks(text) || is_only_numbers(text)) {
                all.unread.push(span);
            }
            continue;
        }
        state(&mut all.found, side, Claim::Text(span), Claim::Task(index), Origin::Stated, span);
    }
    left_over(file, index, before, all);
}

/// Whether a text is nothing but numbers that may be those of tasks: `1, 2`, `#1`, `T1`.
fn is_only_numbers(text: &str) -> bool {
    let mut words =
        text.split(|c: char| c.is_whitespace() || ",;&[](){}`*.".contains(c)).filter(|word| !word.is_empty());
    let is_number = |word: &str| {
        let digits = word.trim_start_matches(['#', 'T', 't', '-']);
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    words.clone().next().is_some() && words.all(|word| word == "and" || is_number(word))
}

/// What stands below an item of a list that begins with an ID, in a dependency section.
pub(super) fn below_item(file: &TaskFile, span: Span, parent: Span, found: &mut Vec<Statement>) {
    let raw = span.of(file.ordered());
    let inner = raw.trim_start_matches(['-', '+', '(', '[', '{', '*', '_', '`', ' ', '\t', '（', '@']);
    begins(file, Claim::Text(parent), Span::new(span.end - inner.len(), span.end), found);
}

fn state(found: &mut Vec<Statement>, side: Side, other: Claim, own: Claim, origin: Origin, span: Span) {
    let (first, then) = if side == Waits { (other, own) } else { (own, other) };
    found.push(Statement { first, then, origin, span });
}

/// Mentions of other tasks beside words about an order, where nothing was read.
fn left_over(file: &TaskFile, index: usize, before: usize, all: &mut Statements) {
    const BEFORE: &[&str] = &[
        "after",
        "before",
        "once",
        "until",
        "following",
        "follow",
        "follows",
        "predecessor",
        "predecessors",
        "successor",
        "upstream",
        "downstream",
        "parent",
        "prerequisite",
        "prerequisites",
        "wait",
        "waits",
        "waiting",
        "depend",
        "depends",
        "dependent",
        "dependency",
        "dependencies",
        "requires",
        "needs",
        "block",
        "blocks",
        "blocked",
        "precedes",
    ];
    /// How far around an ID its words are looked for.
    const NEAR: usize = 60;
    let task = &file.tasks[index];
    let source = file.ordered();
    let mut known: Vec<Span> = all.found[before..].iter().map(|statement| statement.span).collect();
    known.sort_unstable_by_key(|span| span.start);
    let said = |at: usize| {
        let next = known.partition_point(|span| span.start <= at);
        known[..next].last().is_some_and(|span| at < span.end)
    };
    for span in std::iter::once(task.text).chain(task.details.iter().map(|detail| detail.text.span)) {
        let named = references(source, span);
        if named.iter().all(|named| named.first == task.id) {
            continue;
        }
        // The key of a detail stands before it.
        let line = crate::text::line_start(source, span.start);
        let lower = source[line..span.end].to_lowercase();
        // "must fail until T007", "passes once T007 is there": what a test waits for is its green.
        let is_test = ["fail", "pass", "green"].iter().any(|word| lower.contains(word));
        if is_test || is_denied(span.of(source)) || is_beside(&lower) {
            continue;
        }
        let is_order = named.iter().filter(|named| named.first != task.id && !said(named.span.start)).any(|named| {
            let from = source.floor_char_boundary(named.span.start.saturating_sub(NEAR)).max(line);
            let to = source.floor_char_boundary(named.span.end + NEAR).min(span.end);
            let ahead = source[from..named.span.start].to_lowercase();
            let behind = source[named.span.end..to.max(named.span.end)].to_lowercase();
            let clause = ahead.rsplit([';', '.']).next().unwrap_or_default();
            let near = |c: char| !(c.is_alphanumeric() || c == '\'');
            let mut ahead_words = clause.split(near).filter(|word| !word.is_empty()).rev().take(4);
            let mut behind_words = behind.split(near).filter(|word| !word.is_empty()).take(5);
            let pointed = clause.trim_end().ends_with(['→', '←', '⛔', '➜', '➡', '⇒', '⬅', '>', '↦']);
            pointed || ahead_words.any(|word| BEFORE.contains(&word)) || behind_words.any(|word| word == "first")
        });
        if is_order {
            all.unread.push(span);
        }
    }
}

/// Where a remark about an order begins within a list of tasks: `T003 (after T001), T004`.
pub(super) fn remark_start(text: &str) -> usize {
    let opens = text.match_indices(['(', '[']).map(|(at, _)| at);
    opens.into_iter().find(|at| word(&text[at + 1..]).is_some()).unwrap_or(text.len())
}

/// A line that begins with one of the words, directly before IDs.
fn begins(file: &TaskFile, own: Claim, span: Span, found: &mut Vec<Statement>) {
    let source = file.ordered();
    let text = span.of(source);
    let Some((word, side, origin)) = word(text) else { return };
    let rest = Span::new(span.start + word, span.end);
    if let Claim::Task(index) = own
        && side == Waits
        && means_earlier(rest.of(source))
    {
        state(found, side, Claim::EarlierThan(index), own, origin, span);
    } else if is_direct(source, rest) && !is_denied(rest.of(source)) {
        state(found, side, Claim::Text(rest), own, origin, span);
    }
}

/// The word that a text begins with, its length, and how sure it is.
fn word(text: &str) -> Option<(usize, Side, Origin)> {
    // Longer than any of the words.
    let lower = text[..text.floor_char_boundary(24)].to_ascii_lowercase();
    WORDS.iter().find_map(|(word, side, origin)| {
        let rest = lower.strip_prefix(word)?;
        let ends =
            !word.ends_with(char::is_alphabetic) || !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '-');
        ends.then_some((word.len(), *side, *origin))
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
        let between = source[rest.start..first.span.start].to_ascii_lowercase();
        // "depends on tasks T001", "after completion of T001"
        let filler = ["completion of ", "the ", "tasks ", "task "];
        let between = filler.iter().fold(between, |text, word| text.replace(word, ""));
        between
            .chars()
            .all(|c| c.is_whitespace() || matches!(c, ':' | '：' | '(' | '[' | '*' | '_' | '`' | '"' | '{' | '\''))
    })
}

/// The words within a text: behind a bracket, a dash, an `@`, or the end of a clause.
fn in_text(file: &TaskFile, index: usize, span: Span, found: &mut Vec<Statement>) {
    let source = file.ordered();
    let text = span.of(source);
    if !text
        .as_bytes()
        .iter()
        .any(|byte| matches!(byte, b'(' | b'[' | b'{' | b'<' | b'|' | b'#' | b'@' | b',' | b';' | b'.' | b'-' | 0x80..))
    {
        return;
    }
    let mut from = 0;
    for (at, c) in text.char_indices() {
        if at < from || !"([{<|#@（【—–-,;.，；←".contains(c) {
            continue;
        }
        let behind = &text[at + c.len_utf8()..];
        let inner = behind.trim_start_matches([' ', '*', '_', '`']);
        let spaced = inner.len() < behind.len();
        let dashes = if c == '<' { behind.len() - behind.trim_start_matches(['-', '=']).len() } else { 0 };
        let is_arrow = c == '←' || dashes > 0;
        let arrow = is_arrow.then_some((dashes, Waits, Origin::Stated));
        let Some((length, side, origin)) = arrow.or_else(|| word(inner)) else { continue };
        let start = at + c.len_utf8() + (behind.len() - inner.len());
        let closer = match c {
            _ if is_arrow => None,
            '(' => Some(')'),
            '[' => Some(']'),
            '{' => Some('}'),
            '<' => Some('>'),
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
        if side == Waits && means_earlier(claim.of(source)) {
            state(found, side, Claim::EarlierThan(index), Claim::Task(index), origin, whole);
            from = start + length + end;
            continue;
        }
        let direct = closer.is_none() && is_direct(source, claim);
        // In brackets a remark may stand before the IDs; elsewhere they follow at once, and only a sure word counts.
        let is_said = match closer {
            Some(_) => !references(source, claim).is_empty(),
            None => {
                direct
                    && (is_arrow
                        || matches!(c, '@' | '#' | '|')
                        || spaced && origin == Origin::Stated
                        || spaced && matches!(c, '—' | '–'))
            }
        };
        if is_said && !is_denied(claim.of(source)) {
            state(found, side, Claim::Text(claim), Claim::Task(index), origin, whole);
            from = start + length + end;
        }
    }
}
