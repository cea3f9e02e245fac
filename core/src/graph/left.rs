//! Lines about the order of tasks that say more than is read.

use super::sentence::{is_beside, is_denied, split};
use super::statement::{Claim, Statement};
use super::sweeping::{is_row, is_sweeping};
use crate::task::references;
use crate::text::Span;

/// Whether a line names two tasks and says something about them that is not read. What may run side by side is no
/// order, and neither is a list of IDs, each with its title.
pub(super) fn is_unread(source: &str, span: Span) -> bool {
    if is_beside(span.of(source)) {
        return false;
    }
    let named = references(source, span);
    if is_sweeping(span.of(source)) && !named.is_empty() {
        return true;
    }
    if names_group(span.of(source)) && !named.is_empty() {
        return true;
    }
    if is_row(span.of(source)) && (named.len() > 1 || named.iter().any(|named| named.last.is_some())) {
        return true;
    }
    split(span.of(source), &["; ", "；"]).into_iter().any(|clause| {
        let clause = clause.shifted(span.start);
        let text = clause.of(source).to_lowercase();
        let named = references(source, clause);
        let excepts = || [" until ", " unless ", " but ", " only "].iter().any(|word| text.contains(word));
        (!is_denied(&text) || excepts())
            && named.windows(2).any(|pair| says_something(&source[pair[0].span.end..pair[1].span.start]))
    })
}

/// Whether a line gives a group of tasks a place that is not read: `Batch A: T001, T002`, `Day 2: T003`.
fn names_group(text: &str) -> bool {
    const WITH_LETTER: &[&str] = &["wave", "batch", "step", "round", "stage", "tier", "level", "layer"];
    const GROUPS: &[&str] = &["group", "day", "week", "pr", "sprint", "iteration", "milestone", "lane"];
    let Some((label, _)) = text.split_once(':') else { return false };
    let mut words = label.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase);
    let (Some(word), Some(number)) = (words.next(), words.next()) else { return false };
    let has_letter = number.len() == 1 && number.starts_with(|c: char| c.is_ascii_lowercase());
    let has_number = number.bytes().all(|byte| byte.is_ascii_digit());
    GROUPS.contains(&&*word) && (has_letter || has_number) || WITH_LETTER.contains(&&*word) && has_letter
}

/// Whether a clause of a line that was read says the same of another task: "T002 after T001; T003 too".
pub(super) fn is_unread_in_part(source: &str, span: Span, said: &[Statement]) -> bool {
    let sides = || said.iter().flat_map(|said| [&said.first, &said.then]);
    let is_said = |clause: Span| {
        sides().any(|side| match side {
            Claim::Text(side) | Claim::Others(side) | Claim::Earlier(side) => {
                clause.start < side.end && side.start < clause.end
            }
            _ => true,
        })
    };
    // The last one of a list has no number behind it that is read.
    let named = references(source, span);
    let next = named.iter().skip(1).map(|named| named.span.start).chain([span.end]);
    if named.iter().zip(next).any(|(named, next)| lists_short_number(&source[named.span.end.min(next)..next])) {
        return true;
    }
    let also = |text: &str| {
        let lower = text.to_lowercase();
        let mut words = lower.split(|c: char| !c.is_alphanumeric());
        words.any(|word| matches!(word, "too" | "also" | "likewise" | "same" | "ditto" | "well" | "so"))
    };
    split(span.of(source), &["; ", "；", ". ", ", "]).into_iter().any(|clause| {
        let clause = clause.shifted(span.start);
        !references(source, clause).is_empty() && also(clause.of(source)) && !is_said(clause)
    })
}

/// Whether a number follows an ID as one of a list, in another form: `T002,3`, `T002/3`.
fn lists_short_number(behind: &str) -> bool {
    let Some(behind) = behind.strip_prefix(", ").or_else(|| behind.strip_prefix([',', '/', '&'])) else { return false };
    let digits = behind.len() - behind.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let rest = &behind[digits..];
    digits > 0 && (rest.is_empty() || rest.starts_with([',', '/', '&', ')', ']', ' '])) && !is_counted(rest)
}

/// Whether a number counts something: "3 VMs".
fn is_counted(rest: &str) -> bool {
    const VERBS: &[&str] =
        &["depend", "depends", "wait", "need", "require", "block", "follow", "are", "must", "and", "come"];
    let word = rest.split(|c: char| !c.is_alphanumeric()).find(|word| !word.is_empty());
    rest.starts_with(' ') && word.is_some_and(|word| !VERBS.contains(&word))
}

/// Whether what stands between two IDs is more than a comma, an "and", or the title of the first.
fn says_something(between: &str) -> bool {
    let mut open = 0_usize;
    let outside: String = between
        .chars()
        .filter(|c| {
            match c {
                '(' | '[' | '{' => open += 1,
                ')' | ']' | '}' if open > 0 => {
                    open -= 1;
                    return false;
                }
                _ => {}
            }
            open == 0
        })
        .collect();
    let marks = |c: char| c.is_whitespace() || ",/+&-–—|*`\"'.;…()[]{}~、，".contains(c);
    let words: Vec<&str> = outside.split(marks).filter(|word| !word.is_empty()).collect();
    // `T002 (T001)`: what the second is to the first is not said.
    let holds = between.trim_start_matches(['*', '`', '_', ' ']).starts_with(['(', '[', '{']) && open > 0;
    holds
        || outside.contains("---")
        || !words.iter().all(|word| matches!(*word, "and" | "or" | "to" | "through" | "then"))
}
