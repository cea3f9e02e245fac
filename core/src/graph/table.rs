//! Tables about the order of tasks.

use super::Origin;
use super::sentence::split;
use super::statement::{Claim, Statement, Statements};
use super::waves::Waves;
use crate::task::{Line, TaskFile, references};
use crate::text::Span;

/// A table with a column of tasks and one of what they wait for. One that shows an order otherwise is not read.
pub(super) fn table(file: &TaskFile, rows: &[Line], is_order: bool, all: &mut Statements) {
    let source = file.ordered();
    let cells = |row: &Line| {
        let raw = row.span.of(source);
        split(raw, &["|"]).into_iter().map(|cell| cell.shifted(row.span.start)).collect::<Vec<Span>>()
    };
    let Some(header) = rows.first().map(cells) else { return };
    let column = |words: &[&str]| {
        header.iter().position(|cell| {
            let lower = cell.of(source).to_lowercase();
            words.iter().any(|word| lower.contains(word))
        })
    };
    let waits = column(&["depend", "blocked by", "prereq", "predecessor", "requires", "waits for", "after"]);
    let leads = column(&["blocks", "unblocks", "successor", "before"]).filter(|at| Some(*at) != waits);
    // `| From | To |`, `| Before | After |`
    let pair = column(&["from", "before"]).zip(column(&["to", "after"]));
    let pair = pair.filter(|(from, to)| from < to && [from, to].iter().all(|at| is_short(header[**at].of(source))));
    let wave = column(&["wave", "batch"]);
    let mut waves = Waves::default();
    for row in &rows[1..] {
        let cells = cells(row);
        let named = |at: &usize| cells.get(*at).is_some_and(|cell| !references(source, *cell).is_empty());
        let mut state = |first: usize, then: usize| {
            let (first, then) = (Claim::Text(cells[first]), Claim::Text(cells[then]));
            all.found.push(Statement { first, then, origin: Origin::Stated, span: row.span });
        };
        if let Some((from, to)) = pair {
            if named(&from) && named(&to) {
                state(from, to);
            }
            continue;
        }
        let own = (0..cells.len()).filter(|at| Some(*at) != waits && Some(*at) != leads).find(named);
        let Some(own) = own else { continue };
        for other in waits.into_iter().filter(named) {
            state(other, own);
        }
        for other in leads.into_iter().filter(named) {
            state(own, other);
        }
        // Steps and waves by their numbers: `| 2 | T002, T003 | 1 |`
        let says = |at: &usize| cells.get(*at).is_some_and(|cell| !is_nothing(cell.of(source)) && !named(at));
        if waits.iter().chain(&leads).any(says) {
            all.tables.push(row.span);
        }
        if waits.is_none() && leads.is_none() {
            let number = wave.and_then(|at| number(cells.get(at)?.of(source)));
            match number {
                Some(number) => waves.add(number, cells[own], row.span),
                None if is_order || wave.is_some() => all.tables.push(row.span),
                None => {}
            }
        }
    }
    waves.state(&mut all.found);
}

/// A heading of one word is a whole one: "To", and not "Total".
fn is_short(cell: &str) -> bool {
    matches!(cell.trim().to_lowercase().as_str(), "from" | "to" | "before" | "after")
}

/// Whether a cell says that there is nothing to wait for.
fn is_nothing(cell: &str) -> bool {
    let word = cell.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    word.is_empty() || ["none", "nothing", "n/a", "no"].iter().any(|none| word == *none || word.starts_with("none"))
}

/// The number of a wave.
fn number(cell: &str) -> Option<usize> {
    let digits = cell.trim_matches(|c: char| !c.is_ascii_digit());
    digits.parse().ok()
}
