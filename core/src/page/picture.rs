//! The graph of dependencies as a picture: a column for each batch of tasks that can run side by side.

use std::fmt::Write as _;

use super::escape;
use crate::graph::{Analysis, Origin, edges, graph};
use crate::task::TaskFile;

const WIDTH: usize = 110;
const HEIGHT: usize = 26;
/// A column that would be longer goes on beside itself.
const ROWS: usize = 40;
/// More edges than this are a black square.
const EDGES: usize = 3_000;

/// Draws it.
pub(super) fn draw(text: &mut String, file: &TaskFile, analysis: &Analysis) {
    let mut places = vec![(0, 0); file.tasks.len()];
    let (mut column, mut rows) = (0, 1);
    for batch in &analysis.batches {
        for (at, &task) in batch.iter().enumerate() {
            places[task] = (column + at / ROWS, at % ROWS);
        }
        rows = rows.max(batch.len().min(ROWS));
        column += batch.len().div_ceil(ROWS).max(1);
    }
    let all = edges(&graph(file));
    let (width, height) = (column.max(1) * WIDTH + 10, rows * HEIGHT + 10);
    let _ = writeln!(
        text,
        "<p>Each column can start when those before it are done; the order of phases is not drawn.{}</p>\n\
         <div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Graph of dependencies\">\
         <svg role=\"group\" aria-label=\"{} tasks\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\">",
        if all.len() > EDGES {
            format!(" Of {} links, the first {EDGES} are drawn.", all.len())
        } else {
            String::new()
        },
        file.tasks.len()
    );
    for (from, to, origin) in all.into_iter().take(EDGES) {
        let ((a, b), (c, d)) = (places[from], places[to]);
        let (x1, y1) = (a * WIDTH + 84, b * HEIGHT + 20);
        let (x2, y2) = (c * WIDTH + 10, d * HEIGHT + 20);
        let class = if origin == Origin::File { "edge by-file" } else { "edge" };
        let _ = writeln!(
            text,
            "<path class=\"{class}\" d=\"M{x1} {y1}C{} {y1} {} {y2} {x2} {y2}\"/>",
            x1 + 20,
            x2.saturating_sub(20)
        );
    }
    for (task, (column, row)) in file.tasks.iter().zip(&places) {
        let (x, y) = (column * WIDTH + 10, row * HEIGHT + 10);
        let critical = if analysis.critical_path.contains(&task.index) { " critical" } else { "" };
        let label: String = task.id.chars().take(10).collect();
        let _ = writeln!(
            text,
            "<a href=\"#L{}\"><title>{} {}</title><rect class=\"node{critical}\" x=\"{x}\" y=\"{y}\" width=\"74\" height=\"20\" rx=\"4\"/>\
             <text x=\"{}\" y=\"{}\">{}</text></a>",
            file.line(task),
            escape(&task.id),
            escape(&task.title.text),
            x + 6,
            y + 14,
            escape(&label)
        );
    }
    text.push_str("</svg></div>\n");
}
