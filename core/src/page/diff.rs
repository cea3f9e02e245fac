//! Diffs side by side, each line beside the tasks that asked for it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use similar::{ChangeTag, TextDiff};

use super::links::Asked;
use super::{code, escape};
use crate::code::Language;
use crate::plan::PlannedTask;

/// How many tasks stand beside one line.
const ASKED: usize = 6;
/// How much of an ID stands there.
pub(super) const ID: usize = 12;

/// A file, before and after.
#[derive(Clone, Copy)]
pub(super) struct Texts<'a> {
    pub(super) path: &'a str,
    pub(super) before: Option<&'a str>,
    pub(super) after: &'a str,
}

/// Who asked for what in a file.
pub(super) struct From<'a> {
    /// The number of the file.
    pub(super) file: usize,
    pub(super) asked: &'a BTreeMap<usize, BTreeSet<Asked>>,
    pub(super) tasks: &'a [PlannedTask],
}

type Numbered<'a> = (Option<usize>, &'a str);

/// The diff of a file: old lines left, new ones right; a new file has one side.
pub(super) fn table(text: &mut String, texts: &Texts<'_>, from: &From<'_>) {
    let mut table = Table { text, language: Language::of(texts.path), from };
    let Some(before) = texts.before else {
        table.text.push_str("<table><colgroup><col class=\"t\"><col class=\"n\"><col></colgroup><tbody>\n");
        for (at, line) in texts.after.lines().enumerate() {
            table.begin(Some(at));
            table.side(Some((Some(at), line)), "new");
            table.text.push_str("</tr>\n");
        }
        return table.text.push_str("</tbody></table>\n");
    };
    table
        .text
        .push_str("<table><colgroup><col class=\"t\"><col class=\"n\"><col><col class=\"n\"><col></colgroup><tbody>\n");
    let diff = TextDiff::from_lines(before, texts.after);
    for hunk in diff.unified_diff().context_radius(3).iter_hunks() {
        let _ = writeln!(table.text, "<tr class=\"hunk\"><td colspan=\"5\">{}</td></tr>", hunk.header());
        let (mut old, mut new) = (Vec::new(), Vec::new());
        for line in hunk.iter_changes() {
            let value = line.value().trim_end_matches(['\n', '\r']);
            match line.tag() {
                ChangeTag::Delete => old.push((line.old_index(), value)),
                ChangeTag::Insert => new.push((line.new_index(), value)),
                ChangeTag::Equal => {
                    table.pairs(&mut old, &mut new);
                    table.row(Some((line.old_index(), value)), Some((line.new_index(), value)), ["", ""]);
                }
            }
        }
        table.pairs(&mut old, &mut new);
    }
    table.text.push_str("</tbody></table>\n");
}

struct Table<'a> {
    text: &'a mut String,
    language: Language,
    from: &'a From<'a>,
}

impl Table<'_> {
    /// Changed lines, old beside new.
    fn pairs(&mut self, old: &mut Vec<Numbered<'_>>, new: &mut Vec<Numbered<'_>>) {
        for at in 0..old.len().max(new.len()) {
            self.row(old.get(at).copied(), new.get(at).copied(), ["old", "new"]);
        }
        old.clear();
        new.clear();
    }

    fn row(&mut self, old: Option<Numbered<'_>>, new: Option<Numbered<'_>>, classes: [&str; 2]) {
        self.begin(new.and_then(|(number, _)| number));
        self.side(old, classes[0]);
        self.side(new, classes[1]);
        self.text.push_str("</tr>\n");
    }

    /// The start of a row, with links to what asked for the new line.
    fn begin(&mut self, line: Option<usize>) {
        let From { file, asked, tasks } = self.from;
        let Some((line, asked)) = line.and_then(|line| Some((line, asked.get(&line)?))) else {
            return self.text.push_str("<tr><td></td>");
        };
        let _ = write!(self.text, "<tr id=\"F{file}L{}\"><td class=\"t\">", line + 1);
        let mut last = None;
        for (at, (task, number)) in asked.iter().take(ASKED).enumerate() {
            let space = if at > 0 { " " } else { "" };
            let id: String = tasks[*task].id.chars().take(ID).collect();
            let label = match (last == Some(task), *number == tasks[*task].line) {
                (true, _) => format!(":{number}"),
                (false, true) => escape(&id),
                (false, false) => format!("{}:{number}", escape(&id)),
            };
            let _ = write!(self.text, "{space}<a href=\"#L{number}\">{label}</a>");
            last = Some(task);
        }
        if asked.len() > ASKED {
            let _ = write!(self.text, " +{}", asked.len() - ASKED);
        }
        self.text.push_str("</td>");
    }

    fn side(&mut self, side: Option<Numbered<'_>>, class: &str) {
        let number = side.and_then(|(number, _)| number).map(|number| (number + 1).to_string());
        let class = if side.is_none() { "none" } else { class };
        let _ = write!(self.text, "<td class=\"n\">{}</td><td class=\"c {class}\">", number.unwrap_or_default());
        code::paint(self.text, side.map_or("", |(_, line)| line), self.language);
        self.text.push_str("</td>");
    }
}
