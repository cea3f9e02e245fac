//! Sentences: what stands between two sides, and which of them comes first.

use super::Origin;
use super::apart::{is_allowed, is_crossed, is_past};
use super::statement::{Claim, Statement};
use super::sweeping::{is_row, is_vague, means_all, means_earlier};
use crate::task::{TaskFile, references};
use crate::text::Span;

/// What stands between the two sides, and which of them comes first.
pub(super) const WORDS: &[(&str, bool, Origin)] = &[
    (" must be completed before ", true, Origin::Stated),
    (" must complete before ", true, Origin::Stated),
    (" is a prerequisite of ", true, Origin::Prose),
    (" is a prerequisite for ", true, Origin::Prose),
    (" are prerequisites of ", true, Origin::Prose),
    (" are prerequisites for ", true, Origin::Prose),
    (" precedes ", true, Origin::Prose),
    (" precede ", true, Origin::Prose),
    (" enables ", true, Origin::Prose),
    (" enable ", true, Origin::Prose),
    (" unblocked by ", false, Origin::Prose),
    (" before ", true, Origin::Stated),
    (" ahead of ", true, Origin::Prose),
    (" prior to ", true, Origin::Prose),
    (" blocks ", true, Origin::Stated),
    (" block ", true, Origin::Stated),
    (" unlocks ", true, Origin::Prose),
    (" gates ", true, Origin::Prose),
    (" unblocks ", true, Origin::Prose),
    (" depends on ", false, Origin::Prose),
    (" depend on ", false, Origin::Prose),
    (" depends upon ", false, Origin::Prose),
    (" depend upon ", false, Origin::Prose),
    (" dependent on ", false, Origin::Prose),
    (" dependent upon ", false, Origin::Prose),
    (" relies on ", false, Origin::Prose),
    (" rely on ", false, Origin::Prose),
    (" relies upon ", false, Origin::Prose),
    (" rely upon ", false, Origin::Prose),
    (" builds upon ", false, Origin::Prose),
    (" build upon ", false, Origin::Prose),
    (" builds on ", false, Origin::Prose),
    (" build on ", false, Origin::Prose),
    (" blocked by ", false, Origin::Prose),
    (" blocked on ", false, Origin::Prose),
    (" requires ", false, Origin::Prose),
    (" require ", false, Origin::Prose),
    (" needs ", false, Origin::Prose),
    (" presupposes ", false, Origin::Prose),
    (" contingent on ", false, Origin::Prose),
    (" waits for ", false, Origin::Prose),
    (" waits on ", false, Origin::Prose),
    (" wait for ", false, Origin::Prose),
    (" wait on ", false, Origin::Prose),
    (" follows ", false, Origin::Prose),
    (" after ", false, Origin::Prose),
    (" as soon as ", false, Origin::Prose),
    (" once ", false, Origin::Prose),
];

/// Arrows; longer ones first.
pub(super) const ARROWS: &[&str] = &[
    "-.->", "--->", "===>", "-->", "==>", "~~>", "─>", "->", "=>", "~>", "→", "⇒", "⟶", "⟹", "➜", "➔", "➝", "➞", "➡",
    "➤", "⮕", "⇨", "⇢", "↦", "▶", "►", "▸",
];

/// Arrows from what comes later.
const BACK: &[&str] = &["<---", "<--", "<-", "<==", "←", "⇐", "⟵", "⬅", "↤", "◀"];

/// Words that a sentence about an order begins with, and whether what they name comes later.
const OPENERS: &[(&str, bool)] = &[("after ", false), ("once ", false), ("when ", false), ("before ", true)];

/// Words that stand in a row as arrows do.
const ROW: &[&str] = &[
    ", followed by ",
    " followed by ",
    ", and then ",
    " and then ",
    ", then ",
    " then ",
    ", and finally ",
    ", finally ",
    ", lastly ",
];

/// The statements of a line: of each clause, and of each part that a comma divides and that is one by itself.
pub(super) fn sentences(file: &TaskFile, span: Span, found: &mut Vec<Statement>) {
    let text = span.of(file.ordered());
    let masked = without_remarks(text);
    for clause in split(&masked, &["; ", "；", "。", ". ", ", while ", ", whereas ", ", but "]) {
        if is_denied(clause.of(&masked)) {
            // `T002 depends on T001 but not on T003`: what is denied says nothing of the rest.
            for part in
                split(clause.of(&masked), &[", but ", " but ", ", while ", ", whereas ", "  not ", ", and ", ", "])
            {
                sentence(file, part.shifted(clause.start + span.start), span, found);
            }
            continue;
        }
        for part in parts(text, &masked, clause) {
            sentence(file, part.shifted(span.start), span, found);
        }
    }
}

/// `T001 → T003, T002 → T004` and `T001 before T002 and T003 before T004` are two statements; `T001 → T002, T003`
/// is one.
fn parts(text: &str, masked: &str, clause: Span) -> Vec<Span> {
    let inner = clause.of(masked);
    for separator in [", ", ",", " and ", "，"] {
        let parts: Vec<Span> = split(inner, &[separator]).into_iter().map(|part| part.shifted(clause.start)).collect();
        let is_one = |part: &Span| {
            // `T001 → {T002, T003} → T004`
            let brackets = |open: char, close: char| {
                let part = part.of(text);
                part.matches(open).count() == part.matches(close).count()
            };
            if !(brackets('(', ')') && brackets('[', ']') && brackets('{', '}')) {
                return false;
            }
            let raw = part.of(masked);
            let arrows = if ARROWS.iter().any(|arrow| raw.contains(arrow)) { ARROWS } else { BACK };
            let sides = split(raw, arrows);
            let sides: Vec<Span> = if sides.len() > 1 {
                sides
            } else {
                let word = WORDS.iter().find_map(|(word, ..)| Some((raw.find(word)?, word.len())));
                word.map_or_else(Vec::new, |(at, length)| vec![Span::new(0, at), Span::new(at + length, raw.len())])
            };
            sides.len() > 1 && sides.iter().all(|side| !references(text, side.shifted(part.start)).is_empty())
        };
        if parts.len() > 1 && parts.iter().all(is_one) {
            return parts;
        }
    }
    vec![clause]
}

fn sentence(file: &TaskFile, span: Span, line: Span, found: &mut Vec<Statement>) {
    // `Services before routes: T001 before T002`: what stands before the colon is a title.
    let raw = span.of(file.ordered());
    let has_ids = |text: &str| !references(text, Span::new(0, text.len())).is_empty();
    let title = raw.find(": ").map(|at| at + 2).filter(|&at| !has_ids(&raw[..at]) && has_ids(&raw[at..]));
    // "No dependency: T003 → T004", "Old: T001 → T002"
    let title_text = raw[..title.unwrap_or(0)].to_lowercase();
    let span = Span::new(span.start + title.unwrap_or(0), span.end);
    let text = span.of(file.ordered());
    let masked = without_remarks(text);
    if is_denied(&masked) || is_denied(&title_text) || is_past(&title_text, &text.to_lowercase()) {
        return;
    }
    let mut state = |first: Span, then: Span, origin: Origin| {
        if first.start < first.end && then.start < then.end {
            let side = |part: Span| Claim::Text(part.shifted(span.start));
            found.push(Statement { first: side(first), then: side(then), origin, span: line });
        }
    };
    let sides = split(&masked, ARROWS);
    if sides.len() > 1 {
        for pair in sides.windows(2) {
            if is_crossed(pair[0].of(text), pair[1].of(text)) {
                continue;
            }
            let (mut first, mut then) = (last_clause(text, pair[0]), first_clause(text, pair[1]));
            // `T022 → depends on T020`
            let behind = then.of(text).trim_start().to_ascii_lowercase();
            let waits = ["depends on", "depend on", "requires", "needs", "waits for", "blocked by"];
            if waits.iter().any(|word| behind.starts_with(word)) {
                (first, then) = (then, first);
            } else if behind.contains(" after ") || behind.starts_with("can ") || is_label(&behind) {
                // "Phase 3 → can start after Phase 2", "T004 → [tests T003]": the arrow is no order.
                continue;
            }
            state(first, then, Origin::Stated);
        }
        return;
    }
    // `T007 ← T006`
    let sides = split(text, BACK);
    if sides.len() > 1 {
        for pair in sides.windows(2) {
            state(first_clause(text, pair[1]), last_clause(text, pair[0]), Origin::Stated);
        }
        return;
    }
    // "T001-T004 one after another": how these come is not said.
    if is_row(text) {
        return;
    }
    let lower = masked;
    let is_word = WORDS.iter().any(|(word, ..)| lower.contains(word));
    let sides = split(&lower, ROW);
    if sides.len() > 1 && !is_word && sides.iter().all(|side| has_ids(side.of(text))) {
        for pair in sides.windows(2) {
            state(pair[0], pair[1], Origin::Prose);
        }
        return;
    }
    // `After T001, T002 can start`, `Before T005: T002`
    let begun = lower.trim_start_matches(MARKS);
    if let Some((opener, leads)) = OPENERS.iter().find(|(word, _)| begun.starts_with(*word))
        && let Some(comma) = lower.find([',', ':'])
        && !WORDS.iter().any(|(word, ..)| lower[comma..].contains(word))
    {
        let start = lower.len() - begun.len() + opener.len();
        let sides = [Span::new(start.min(comma), comma), Span::new(comma + 1, text.len())];
        if sides.iter().all(|side| has_ids(side.of(text)) && is_one(text, *side)) {
            let [said, then] = sides;
            if *leads { state(then, said, Origin::Prose) } else { state(said, then, Origin::Prose) }
        }
        return;
    }
    let Some((at, word, is_first, origin)) =
        WORDS.iter().find_map(|&(word, is_first, origin)| lower.find(word).map(|at| (at, word, is_first, origin)))
    else {
        return;
    };
    // A second such word makes it a sentence that is not understood.
    let behind = &lower[at + word.len() - 1..];
    if WORDS.iter().any(|(word, ..)| behind.contains(word)) {
        return;
    }
    let left = last_clause(text, Span::new(0, at));
    let right = first_clause(text, Span::new(at + word.len(), text.len()));
    let (first, then) = if is_first { (left, right) } else { (right, left) };
    if !(is_one(text, first) && is_one(text, then)) || is_allowed(&lower[..at]) && is_first {
        return;
    }
    // "T008 depends on all previous tasks"
    if !is_first && means_earlier(first.of(text)) && has_ids(then.of(text)) {
        let then = then.shifted(span.start);
        found.push(Statement { first: Claim::Earlier(then), then: Claim::Text(then), origin, span: line });
        return;
    }
    match (is_vague(text, first), is_vague(text, then)) {
        (false, false) => state(first, then, origin),
        (true, false) if means_all(text, first) && has_ids(then.of(text)) => {
            let then = then.shifted(span.start);
            found.push(Statement { first: Claim::Others(then), then: Claim::Text(then), origin, span: line });
        }
        (false, true) if means_all(text, then) && has_ids(first.of(text)) => {
            let first = first.shifted(span.start);
            found.push(Statement { first: Claim::Text(first), then: Claim::Others(first), origin, span: line });
        }
        _ => {}
    }
}

/// Whether all IDs of a side are one list: "T004 builds upon T003, T005" says more.
fn is_one(text: &str, side: Span) -> bool {
    let named = references(text, side);
    !named.windows(2).any(|pair| relates(&text[pair[0].span.end..pair[1].span.start]))
}

/// Whether a verb stands between two IDs, so that the first says something of the second.
fn relates(between: &str) -> bool {
    const JOINS: &[&str] = &["and", "or", "to", "through", "then", "plus", "also", "both", "task", "tasks", "phase"];
    let words = between.trim_end_matches([' ', '*', '`', '(', '[', '"', '_']);
    let last = words.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    !last.is_empty() && !JOINS.contains(&last.to_ascii_lowercase().as_str())
}

/// Whether a text begins with brackets around more than IDs: `[tests T003]`.
fn is_label(text: &str) -> bool {
    let inner = text.strip_prefix('[').map(|rest| rest.split(']').next().unwrap_or(rest).to_ascii_uppercase());
    inner.is_some_and(|inner| {
        let mut words = inner.split(|c: char| c.is_whitespace() || ",&+/–".contains(c)).filter(|word| !word.is_empty());
        let is_named = |word: &str| !references(word, Span::new(0, word.len())).is_empty() || word == "AND";
        !words.all(is_named)
    })
}

/// What stands before the first word of a line.
const MARKS: &[char] = &['-', '*', '+', '_', ' ', '\t', '>'];

/// A line in lower case, with blanks for what stands in parentheses without IDs, "(repo before tests)", for other
/// brackets, and " after " for "cannot start until".
pub(super) fn without_remarks(text: &str) -> String {
    let mut bytes = text.to_ascii_lowercase().into_bytes();
    let mut at = 0;
    while let Some(open) = text[at..].find('(').map(|open| at + open) {
        let Some(close) = text[open..].find(')').map(|close| open + close) else { break };
        if references(text, Span::new(open, close)).is_empty() {
            bytes[open..=close].fill(b' ');
        }
        at = close;
    }
    for byte in &mut bytes {
        if matches!(byte, b'(' | b')') {
            *byte = b' ';
        }
    }
    let mut lower = String::from_utf8(bytes).unwrap_or_default();
    if let Some(span) = not_until(&lower) {
        let blank = format!("{:<1$}", " after", span.end - span.start - 1) + " ";
        lower.replace_range(span.start..span.end, &blank);
    }
    lower
}

/// `cannot start until`, `must not land before`: from the blank before the words to the one behind them.
fn not_until(lower: &str) -> Option<Span> {
    const DENIED: &[&str] = &[
        " cannot ",
        " can't ",
        " can not ",
        " must not ",
        " mustn't ",
        " may not ",
        " should not ",
        " shouldn't ",
        " won't ",
        " don't ",
        " do not ",
        " never ",
    ];
    const DONE: &[&str] = &[
        "start",
        "started",
        "begin",
        "begun",
        "run",
        "proceed",
        "land",
        "merge",
        "merged",
        "be",
        "go",
        "done",
        "implemented",
        "written",
        "executed",
        "work",
        "happen",
        "ship",
        "on",
    ];
    let (at, length) = DENIED.iter().find_map(|word| Some((lower.find(word)?, word.len())))?;
    let behind = &lower[at + length..];
    let (until, word) =
        [" until ", " before ", " without "].iter().find_map(|word| Some((behind.find(word)?, word.len())))?;
    let between = &behind[..until];
    let fits = !between.is_empty() && between.split(' ').all(|word| DONE.contains(&word));
    fits.then(|| Span::new(at, at + length + until + word))
}

/// Whether a text says that tasks may run side by side.
pub(super) fn is_beside(text: &str) -> bool {
    const WORDS: &[&str] =
        &["parallel", "[p]", "together", "same time", "simultan", "concurrent", "independent", "any order"];
    let lower = text.to_lowercase();
    WORDS.iter().any(|word| lower.contains(word))
}

/// "T013 and T014 don't depend on each other", "must not land before".
pub(super) fn is_denied(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "not",
        "no",
        "never",
        "none",
        "cannot",
        "independent",
        "independently",
        "without",
        "nothing",
        "neither",
        "optional",
    ];
    let lower = text.to_ascii_lowercase();
    let words = lower.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '\'' | '’')));
    let mut denied = false;
    for word in words {
        denied |= WORDS.contains(&word) || word.ends_with("n't") || word.ends_with("n’t");
    }
    denied
}

pub(super) fn split(text: &str, separators: &[&str]) -> Vec<Span> {
    let mut parts = Vec::new();
    let (mut from, mut at) = (0, 0);
    while let Some(c) = text[at..].chars().next() {
        match separators.iter().find(|separator| text[at..].starts_with(**separator)) {
            Some(separator) => {
                parts.push(Span::new(from, at));
                at += separator.len();
                from = at;
            }
            None => at += c.len_utf8(),
        }
    }
    parts.push(Span::new(from, text.len()));
    parts
}

/// What stands behind the last end of a sentence.
fn last_clause(text: &str, span: Span) -> Span {
    let part = span.of(text);
    let cut = [". ", "; ", ": ", "；", "。", "："]
        .iter()
        .filter_map(|end| part.rfind(end).map(|at| at + end.len()))
        .max()
        .unwrap_or(0);
    // `**Tests first**: T001 before T002`: what stands before the colon is a title, unless the IDs are there.
    let has_ids = |text: &str| !references(text, Span::new(0, text.len())).is_empty();
    let cut = if has_ids(&part[..cut]) && !has_ids(&part[cut..]) { 0 } else { cut };
    Span::new(span.start + cut, span.end)
}

/// What stands before the first end of a sentence.
fn first_clause(text: &str, span: Span) -> Span {
    let part = span.of(text);
    let cut = [". ", "; ", "；", "。", " (because", ", so ", " because "]
        .iter()
        .filter_map(|end| part.find(end))
        .min()
        .unwrap_or(part.len());
    Span::new(span.start, span.start + cut)
}
