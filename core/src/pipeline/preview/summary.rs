//! What a plan comes to, in a few lines.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use similar::{ChangeTag, TextDiff};

use super::{Color, Proposal, diff, paint};
use crate::diagnostic::visible;
use crate::pipeline::Hook;
use crate::plan::Role;

/// The summary below a diff.
pub fn summary(proposal: &Proposal, root: &str, hooks: &[Hook], color: Color) -> String {
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
        if changes.is_empty() {
            continue;
        }
        text.push_str(&heading(&format!("{} to {verb} in {root}:", count(changes.len(), "file"))));
        for change in changes {
            let ids: Vec<&str> = change.tasks.iter().map(|&task| plan.tasks[task].id.as_str()).collect();
            let ids = if ids.is_empty() { "--gate".to_owned() } else { ids.join(", ") };
            let _ = writeln!(text, "  {} ({ids})", change.path);
        }
    }
    if !generated.is_empty() {
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
            let place = format!("{}:{}", visible(proposal.file.source.name()), task.line);
            let _ = writeln!(text, "  {} {} ({place}): {}", task.id, visible(&task.title), visible(&blocked.reason));
        }
    }
    if !plan.manual.is_empty() {
        text.push_str(&heading("Left to you:"));
        for manual in &plan.manual {
            let task = &plan.tasks[manual.task];
            let title = visible(&task.title);
            let place = format!("{}:{}", visible(proposal.file.source.name()), task.line);
            let _ = writeln!(text, "  {} {title} ({place}): {}", task.id, visible(&manual.reason.to_string()));
        }
    }
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

/// The last line of a preview: how many files and lines.
pub fn counts(proposal: &Proposal) -> String {
    let mut lines = (0, 0);
    for change in &proposal.set.changes {
        let before = change.before.as_deref().unwrap_or_default();
        for line in TextDiff::from_lines(before, &*change.after).iter_all_changes() {
            match line.tag() {
                ChangeTag::Insert => lines.0 += 1,
                ChangeTag::Delete => lines.1 += 1,
                ChangeTag::Equal => {}
            }
        }
    }
    let created = proposal.set.changes.iter().filter(|change| change.is_new()).count();
    let edited = proposal.set.changes.len() - created;
    let people = proposal.plan.manual.iter().map(|manual| manual.task).collect::<BTreeSet<_>>().len();
    format!(
        "{} to create, {edited} to edit, +{} -{} lines; {} left to you.\n",
        count(created, "file"),
        lines.0,
        lines.1,
        count(people, "task")
    )
}

/// `1 file`, `2 files`.
pub(super) fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}
