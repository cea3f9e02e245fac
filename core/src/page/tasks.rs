//! The tasks.md, line by line, each with what became of it and where that is.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::links::Links;
use super::{File, escape};
use crate::pipeline::Proposal;
use crate::plan::{LineUse, PlannedTask, Use};

/// How many files one line leads to.
const FILES: usize = 20;

/// What became of lines, in the words of the page.
const WORDS: [(Use, &str); 4] =
    [(Use::Change, "used"), (Use::Context, "prose"), (Use::Ignored, "left out"), (Use::Unread, "not understood")];

pub(super) fn lines(text: &mut String, proposal: &Proposal, files: &[File<'_>], links: &Links) {
    let (file, plan) = (&proposal.file, &proposal.plan);
    let _ = writeln!(text, "<h2 id=\"tasks-title\">{}</h2>\n<p class=\"legend\">", escape(file.source.file_name()));
    let mut uses: BTreeMap<usize, (&PlannedTask, &LineUse)> = BTreeMap::new();
    for task in &plan.tasks {
        uses.extend(task.lines.iter().map(|line| (line.line, (task, line))));
    }
    for (used, word) in WORDS {
        let count = uses.values().filter(|(_, line)| line.used == used).count();
        let _ = writeln!(text, "<span class=\"{}\">{word} {count}</span>", used.name());
    }
    text.push_str("</p>\n<ol class=\"lines\">\n");
    for (at, line) in file.source.text().lines().enumerate() {
        let number = at + 1;
        if let Some((task, used)) = uses.get(&number) {
            of_task(text, line, task, used);
        } else {
            let heading = if line.starts_with('#') { " class=\"h\"" } else { "" };
            let _ = write!(text, "<li id=\"L{number}\" data-n=\"{number}\"{heading}><span>{}</span>", escape(line));
        }
        for (&at, places) in links.of_tasks.get(&number).into_iter().flatten().take(FILES) {
            let path = &files[at].change.path;
            let name = escape(path.rsplit('/').next().unwrap_or_default());
            let mut places = places.iter().map(|place| place + 1);
            let _ = match places.next() {
                Some(place) => {
                    write!(text, " <a href=\"#F{at}L{place}\" title=\"{}\">→&nbsp;{name}:{place}</a>", escape(path))
                }
                None => write!(text, " <a href=\"#F{at}\" title=\"{}\">→&nbsp;{name}</a>", escape(path)),
            };
            for place in places {
                let _ = write!(text, " <a href=\"#F{at}L{place}\">:{place}</a>");
            }
        }
        text.push_str("</li>\n");
    }
    text.push_str("</ol>\n");
}

/// The start of a line that belongs to a task.
fn of_task(text: &mut String, line: &str, task: &PlannedTask, used: &LineUse) {
    let (id, phase) = (escape(&task.id), escape(task.phase.as_deref().unwrap_or_default()));
    let word = WORDS.iter().find(|(known, _)| *known == used.used).map_or("", |(_, word)| word);
    let reason = used.reason.as_deref().or(used.kind);
    let reason = reason.map(|reason| format!(" title=\"{word}: {}\"", escape(reason))).unwrap_or_default();
    let _ = write!(
        text,
        "<li id=\"L{0}\" data-n=\"{0}\" class=\"{1}\" data-task=\"{id}\" data-phase=\"{phase}\"{reason}>",
        used.line,
        used.used.name()
    );
    let is_first = task.line == used.line;
    if is_first {
        let _ = write!(text, "<input type=\"checkbox\" data-id=\"{id}\" aria-label=\"Choose {id}\" hidden> ");
    }
    let _ = write!(text, "<span>{}</span>", escape(line));
    if let Some(reason) = used.reason.as_deref().filter(|_| is_first && used.used < Use::Context) {
        let _ = write!(text, " <em>{}</em>", escape(reason));
    }
}
