//! What a plan comes to, in a few lines.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::diff::line_counts;
use super::{Color, Proposal, diff, paint};
use crate::diagnostic::visible;
use crate::pipeline::{Change, Hook};
use crate::plan::{PlannedTask, Role};
use crate::task::{LineKind, TaskFile};
use crate::text::squeezed;

/// How a summary looks to who reads it.
pub struct Look<'a> {
    /// Whether it has colours.
    pub color: Color,
    /// A path of the checkout as the reader has it.
    pub path: &'a dyn Fn(&str) -> String,
    /// Whether it lists the files: a table of them may follow.
    pub files: bool,
    /// A line of the tasks.md as the reader has it.
    pub place: &'a dyn Fn(usize) -> String,
}

/// The summary above a diff.
pub fn summary(proposal: &Proposal, root: &str, hooks: &[Hook], look: &Look<'_>) -> String {
    let color = look.color;
    let mut text = String::new();
    let plan = &proposal.plan;
    let heading = |title: &str| paint(color, diff::HEADING, title) + "\n";
    let gate = plan.feature.gate.as_ref().map(|gate| {
        format!(
            ", feature gate {} ({}, {}owner {})",
            gate.name,
            gate.stage.name(),
            gate.release.as_ref().map(|release| format!("{release}, ")).unwrap_or_default(),
            visible(&gate.owner)
        )
    });
    let _ = writeln!(text, "{}{}", visible(&plan.feature.name), gate.unwrap_or_default());
    let (generated, ordered): (Vec<_>, Vec<_>) = proposal.ordered().into_iter().partition(|change| change.is_generated);
    let (created, edited): (Vec<_>, Vec<_>) = ordered.into_iter().partition(|change| change.is_new());
    for (verb, changes) in [("create", created), ("edit", edited)] {
        if changes.is_empty() || !look.files {
            continue;
        }
        text.push_str(&heading(&format!("{} to {verb} in {root}:", count(changes.len(), "file"))));
        for change in changes {
            let ids: Vec<&str> = change.tasks.iter().map(|&task| plan.tasks[task].id.as_str()).collect();
            let ids = if ids.is_empty() { "--gate".to_owned() } else { ids.join(", ") };
            let _ = writeln!(text, "  {} ({ids})", (look.path)(&change.path));
        }
    }
    if !generated.is_empty() && look.files {
        let ids: BTreeSet<&str> =
            generated.iter().flat_map(|change| &change.tasks).map(|&task| plan.tasks[task].id.as_str()).collect();
        let ids = ids.into_iter().collect::<Vec<_>>().join(", ");
        let files = count(generated.len(), "generated file");
        let _ = writeln!(text, "{}  by the checkout's own generators ({ids})", heading(&format!("{files} in {root}:")));
    }
    if !plan.blocked.is_empty() {
        text.push_str(&heading("Held back:"));
        for blocked in &plan.blocked {
            let task = &plan.tasks[blocked.task];
            let place = (look.place)(task.line);
            let _ = writeln!(text, "  {} {} ({place}): {}", task.id, visible(&task.said), visible(&blocked.reason));
        }
    }
    text.push_str(&left(proposal, "Left to you:", look));
    let functional =
        plan.tasks.iter().any(|task| task.selected && task.role() == Some(Role::Test { functional: true }));
    if functional && !proposal.set.changes.is_empty() {
        text.push_str("The functional specs run and fail in their SIG's lane until they are written.\n");
    }
    if !hooks.is_empty() {
        text.push_str(&heading("Then:"));
        for hook in hooks {
            let _ = writeln!(text, "  {} ({})", hook.command(), hook.reason);
        }
    }
    text
}

/// What is left to people: tasks, each with the reason, below a title, and the lines that nothing has understood.
pub fn left(proposal: &Proposal, title: &str, look: &Look<'_>) -> String {
    let (plan, mut text) = (&proposal.plan, String::new());
    let heading = |title: &str| paint(look.color, diff::HEADING, title) + "\n";
    if !plan.manual.is_empty() {
        text.push_str(&heading(title));
        for manual in &plan.manual {
            let task = &plan.tasks[manual.task];
            let said = visible(&task.said);
            let place = (look.place)(task.line);
            let _ = writeln!(text, "  {} {said} ({place}): {}", task.id, visible(&manual.reason.to_string()));
        }
    }
    let dropped = dropped(&proposal.file, &plan.tasks);
    if !dropped.is_empty() {
        text.push_str(&heading("Not understood, so not scaffolded:"));
        for (task, line, words) in dropped.iter().take(DROPPED) {
            let words = words.as_deref().map_or_else(|| "code".to_owned(), visible);
            let _ = writeln!(text, "  {} ({}): {words}", task.id, (look.place)(*line));
        }
        if let Some(more) = dropped.len().checked_sub(DROPPED).filter(|more| *more > 0) {
            let _ = writeln!(text, "  and {more} more, which --html shows");
        }
    }
    text
}

/// How many lines that nothing has understood are shown.
const DROPPED: usize = 20;

/// The lines that nothing has understood, of tasks for which something is made, as they stand in the file. Of code the
/// first stands for all, and so it does of a line that goes on.
fn dropped<'p>(file: &TaskFile, tasks: &'p [PlannedTask]) -> Vec<(&'p PlannedTask, usize, Option<String>)> {
    let lines = tasks.iter().flat_map(|task| task.lines.iter().map(move |line| (task, line)));
    let dropped = lines.filter(|(task, line)| line.is_dropped() && line.line != task.line);
    let mut found: Vec<(&PlannedTask, usize, Option<String>)> = Vec::new();
    let mut last = 0;
    for (task, line) in dropped {
        let own = &file.lines[line.line - 1];
        let is_table = own.kind == LineKind::Table;
        let is_said = is_table || task.details.iter().any(|detail| detail.line == line.line);
        let goes_on = !is_said && last + 1 == line.line;
        last = line.line;
        let text = own.span.of(file.text()).trim();
        // The line below the head of a table says nothing.
        let is_rule = is_table && !text.contains(char::is_alphanumeric);
        if !goes_on && !is_rule {
            let words = ["- ", "* ", "+ "].iter().find_map(|bullet| text.strip_prefix(bullet)).unwrap_or(text);
            let words = squeezed(&words.replace("**", ""));
            found.push((task, line.line, is_said.then_some(words)));
        }
    }
    found
}

/// The last line of a preview: how many files and lines.
pub fn counts(proposal: &Proposal) -> String {
    let each = proposal.set.changes.iter().map(line_counts);
    let (added, removed) = each.fold((0, 0), |all, one| (all.0 + one.0, all.1 + one.1));
    let created = proposal.set.changes.iter().filter(|change| change.is_new()).count();
    let edited = proposal.set.changes.len() - created;
    let people = proposal.plan.manual.iter().map(|manual| manual.task).collect::<BTreeSet<_>>().len();
    format!(
        "{} to create, {edited} to edit, +{added} -{removed} lines; {} left to you.\n",
        count(created, "file"),
        count(people, "task")
    )
}

/// How many lines each file gains and loses, in as many columns as there are.
pub fn stat(proposal: &Proposal, width: usize, color: Color) -> String {
    let row = |change: &Change| (visible(&change.path), line_counts(change));
    let rows: Vec<(String, (usize, usize))> = proposal.ordered().into_iter().map(row).collect();
    let most = rows.iter().map(|(_, (added, removed))| added + removed).max().unwrap_or(0).max(1);
    let digits = most.to_string().len();
    let longest = rows.iter().map(|(path, _)| path.chars().count()).max().unwrap_or(0);
    // ` path | 12 +++--`: a quarter of the line is for the bars, and what the paths leave.
    let room = width.saturating_sub(digits + 5);
    let name = longest.min(room - room / 4).max(1);
    let bars = room.saturating_sub(name).clamp(1, 40);
    let mut text = String::new();
    for (path, (added, removed)) in rows {
        let length = path.chars().count();
        let shown: String = if length <= name {
            path
        } else {
            ['…'].into_iter().chain(path.chars().skip(length + 1 - name)).collect()
        };
        // Whatever there is has a sign, and both together fit.
        let whole = if most <= bars { added + removed } else { ((added + removed) * bars).div_ceil(most) };
        let plus = match (added, removed) {
            (0, _) => 0,
            (_, 0) => whole,
            _ => (whole * added / (added + removed)).clamp(1, whole.max(2) - 1),
        };
        let minus = if removed == 0 { 0 } else { (whole - plus.min(whole)).max(1) };
        let paint = |style, sign: &str, number| {
            if number == 0 { String::new() } else { paint(color, style, &sign.repeat(number)) }
        };
        let (plus, minus) = (paint(diff::NEW, "+", plus), paint(diff::OLD, "-", minus));
        let _ = writeln!(text, " {shown:<name$} | {:>digits$} {plus}{minus}", added + removed);
    }
    text
}

/// `1 file`, `2 files`.
pub(super) fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}
