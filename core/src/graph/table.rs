//! Tables about the order of tasks.

use super::Origin;
use super::statement::{Claim, Statement, Statements, split};
use crate::task::{Line, TaskFile, references};
use crate::text::Span;

/// A table with a column of tasks and one of what they wait for. One that shows an order otherwise is not read.
pub(super) fn table(file: &TaskFile, rows: &[Line], is_order: bool, all: &mut Statements) {
    let source = file.source.text();
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
    let waits = column(&["depend", "blocked by", "prereq", "requires", "waits for"]);
    let leads = column(&["blocks"]);
    let is_wave = column(&["wave", "batch"]).is_some();
    for row in &rows[1..] {
        let cells = cells(row);
        let named = |at: &usize| cells.get(*at).is_some_and(|cell| !references(source, *cell).is_empty());
        let other = waits.or(leads);
        let own = (0..cells.len()).filter(|at| Some(*at) != waits && Some(*at) != leads).find(named);
        match (own, other) {
            (Some(own), Some(other)) if named(&other) => {
                let (own, other) = (Claim::Text(cells[own]), Claim::Text(cells[other]));
                let (first, then) = if waits.is_some() { (other, own) } else { (own, other) };
                all.found.push(Statement { first, then, origin: Origin::Stated, span: row.span });
            }
            (Some(_), None) if is_order || is_wave => all.tables.push(row.span),
            _ => {}
        }
    }
}
