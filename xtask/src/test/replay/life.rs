//! Changes of a feature gate's state, made again by this tool and compared with what was committed.

use std::fmt::Write as _;

use anyhow::{Result, bail};

use kubevirt_scaffold_core::plan::ManualReason;

use super::additions::{Item, outcome, proposal};
use super::git_tree::Repository;
use super::history::{Event, state};
use super::view::{Line, View};

/// What is compared, in the order of the page's columns.
pub(super) const ITEMS: [&str; 5] = ["file", "state", "release", "accessor", "tests' list"];

/// A change of state, replayed.
#[derive(Debug)]
pub(super) struct Replayed {
    pub(super) event: Event,
    /// One for each of [`ITEMS`].
    pub(super) items: Vec<Item>,
    pub(super) tasks: String,
    pub(super) compiles: Option<Result<(), String>>,
}

/// The facts of a change as a tasks.md.
pub(super) fn tasks(event: &Event) -> String {
    let to = state(&event.after).unwrap_or_default();
    let verb = match to {
        "Deprecated" => "Deprecate the feature gate".to_owned(),
        "Discontinued" => "Discontinue the feature gate".to_owned(),
        to => format!("Graduate the feature gate to {to}"),
    };
    let mut text = format!("# Tasks: {0}\n\n- [ ] T001 {verb}\n  - Gate: `{0}`\n", event.gate);
    if let Some(release) = added_release(event) {
        let _ = writeln!(text, "  - Release: {release}");
    }
    text
}

/// The release that the comment names for the new state, and did not before.
fn added_release(event: &Event) -> Option<&str> {
    let to = state(&event.after)?;
    let before = event.before.as_ref().and_then(|before| before.release(to));
    event.after.release(to).filter(|release| Some(*release) != before && release.matches('.').count() == 2)
}

/// Replays a change.
pub(super) fn replay(repository: &Repository<'_>, event: &Event) -> Result<Replayed> {
    let tree = repository.tree(&event.parent());
    let tasks = tasks(event);
    let proposal = proposal(&tree, &tasks)?;
    let Some(ours) = outcome(&tree, &proposal, &event.gate) else { bail!("the gate is not there afterwards") };
    let callers = proposal.plan.manual.iter().any(|manual| matches!(manual.reason, ManualReason::AccessorAsked { .. }));
    let items = compare(event, &ours, callers);
    Ok(Replayed { event: event.clone(), items, tasks, compiles: None })
}

fn compare(event: &Event, ours: &View, callers: bool) -> Vec<Item> {
    let author = &event.after;
    let file =
        if ours.file == author.file { Item::Same } else { Item::Ours(format!("{}, not {}", author.file, ours.file)) };
    let registration = match (state(author), state(ours)) {
        (theirs, ours) if theirs == ours => Item::Same,
        (theirs, ours) => Item::Ours(format!("{}, not {}", theirs.unwrap_or("none"), ours.unwrap_or("none"))),
    };
    vec![
        file,
        message(author, ours, registration),
        release(event, ours),
        accessor(event, ours, callers),
        listed(author, ours),
    ]
}

/// The gates that are on for all functional tests.
fn listed(author: &View, ours: &View) -> Item {
    match (author.is_listed, ours.is_listed) {
        (theirs, ours) if theirs == ours => Item::Same,
        (true, _) => Item::Choice("switched on for the functional tests, too".to_owned()),
        (false, _) => Item::Ours("taken out, and we keep it".to_owned()),
    }
}

/// The words of a message are the author's.
fn message(author: &View, ours: &View, registration: Item) -> Item {
    let text = |view: &View| view.registration.as_ref().map_or(String::new(), |(_, text, _)| text.clone());
    match (text(author), text(ours)) {
        _ if registration != Item::Same => registration,
        (theirs, ours) if theirs == ours => Item::Same,
        (theirs, ours) => Item::Choice(format!("`{theirs}`, not `{ours}`")),
    }
}

/// The stage lines of the comment.
fn release(event: &Event, ours: &View) -> Item {
    let stages = |view: &View| -> Vec<String> {
        view.comment
            .iter()
            .filter_map(|line| match line {
                Line::Stage(stage, release) => Some(format!("{stage} {release}")),
                _ => None,
            })
            .collect()
    };
    let (theirs, ours) = (stages(&event.after), stages(ours));
    if theirs == ours {
        Item::Same
    } else {
        let shown = |list: &[String]| if list.is_empty() { "none".to_owned() } else { list.join(", ") };
        Item::Choice(format!("{}; not {}", shown(&theirs), shown(&ours)))
    }
}

fn accessor(event: &Event, ours: &View, callers: bool) -> Item {
    match (event.after.accessor.is_some(), ours.accessor.is_some()) {
        (theirs, ours) if theirs == ours => Item::Same,
        (false, true) if callers => Item::Choice("removed with its callers, which we name".to_owned()),
        // A deprecated gate can still be on.
        (false, true) if state(&event.after) == Some("Deprecated") => {
            Item::Choice("moved elsewhere: the gate can still be on".to_owned())
        }
        (false, true) => Item::Ours("removed, and we keep it".to_owned()),
        _ => Item::Choice("kept, though nobody asks for it any more".to_owned()),
    }
}
