//! Diffs side by side.

use std::fmt::Write as _;

use similar::{ChangeTag, TextDiff};

use super::code;
use crate::pipeline::Change;

/// How many lines a file gains and loses.
pub(super) fn counts(change: &Change) -> (usize, usize) {
    let Some(before) = change.before.as_deref() else { return (change.after.lines().count(), 0) };
    let diff = TextDiff::from_lines(before, &*change.after);
    let of = |tag: ChangeTag| diff.iter_all_changes().filter(|line| line.tag() == tag).count();
    (of(ChangeTag::Insert), of(ChangeTag::Delete))
}

/// The diff of a file: old lines left, new ones right; a new file has one side.
pub(super) fn table(text: &mut String, change: &Change) {
    let language = code::Language::of(&change.path);
    let _ = writeln!(text, "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Diff\"><table>");
    let Some(before) = change.before.as_deref() else {
        for (at, line) in change.after.lines().enumerate() {
            let _ = write!(text, "<tr><td class=\"n\">{}</td>", at + 1);
            cell(text, Some(line), "new", language);
            text.push_str("</tr>\n");
        }
        text.push_str("</table></div>\n");
        return;
    };
    let diff = TextDiff::from_lines(before, &*change.after);
    for hunk in diff.unified_diff().context_radius(3).iter_hunks() {
        let _ = writeln!(text, "<tr class=\"hunk\"><td colspan=\"4\">{}</td></tr>", hunk.header());
        let (mut old, mut new) = (Vec::new(), Vec::new());
        for line in hunk.iter_changes() {
            let value = line.value().trim_end_matches(['\n', '\r']);
            match line.tag() {
                ChangeTag::Delete => old.push((line.old_index(), value)),
                ChangeTag::Insert => new.push((line.new_index(), value)),
                ChangeTag::Equal => {
                    pairs(text, &mut old, &mut new, language);
                    row(text, Some((line.old_index(), value)), Some((line.new_index(), value)), ["", ""], language);
                }
            }
        }
        pairs(text, &mut old, &mut new, language);
    }
    text.push_str("</table></div>\n");
}

type Numbered<'a> = (Option<usize>, &'a str);

/// Changed lines, old beside new.
fn pairs(text: &mut String, old: &mut Vec<Numbered<'_>>, new: &mut Vec<Numbered<'_>>, language: code::Language) {
    for at in 0..old.len().max(new.len()) {
        row(text, old.get(at).copied(), new.get(at).copied(), ["old", "new"], language);
    }
    old.clear();
    new.clear();
}

fn row(
    text: &mut String,
    old: Option<Numbered<'_>>,
    new: Option<Numbered<'_>>,
    classes: [&str; 2],
    language: code::Language,
) {
    text.push_str("<tr>");
    for (side, class) in [old, new].into_iter().zip(classes) {
        let number = side.and_then(|(number, _)| number).map(|number| (number + 1).to_string());
        let _ = write!(text, "<td class=\"n\">{}</td>", number.unwrap_or_default());
        cell(text, side.map(|(_, line)| line), class, language);
    }
    text.push_str("</tr>\n");
}

fn cell(text: &mut String, line: Option<&str>, class: &str, language: code::Language) {
    let class = if line.is_none() { "none" } else { class };
    let _ = write!(text, "<td class=\"c {class}\">");
    code::paint(text, line.unwrap_or_default(), language);
    text.push_str("</td>");
}
