//! The page: tables, scores, and every difference with its cause.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::additions::{self, Item};
use super::skeleton::Sort;
use super::{Record, life};

/// The items that the score counts: the constant, its value, the registration, the accessor, its body.
const COUNTED: [usize; 5] = [0, 1, 3, 4, 5];

/// How many of the counted parts are as committed, and how many there are.
pub(super) fn score<'a>(replayed: impl Iterator<Item = &'a additions::Replayed>) -> (usize, usize) {
    let items = replayed.flat_map(|replayed| COUNTED.map(|index| replayed.items[index] == Item::Same));
    items.fold((0, 0), |(same, all), is_same| (same + usize::from(is_same), all + 1))
}

pub(super) fn page(record: &Record, head: &str, since: &str) -> String {
    let mut page = String::from(include_str!("page.md"));
    let _ = writeln!(page, "Made on main {}, for commits since {since}.\n", &head[..12.min(head.len())]);
    scores(record, &mut page);
    let _ = writeln!(
        page,
        "\nContent: the constant, its value, the registration, the accessor, its body. Differences that are faults of this tool: {}.",
        record.faults().len()
    );
    additions(record, &mut page);
    half_wired(record, &mut page);
    changes(record, &mut page);
    skeletons(record, &mut page);
    if !record.failed.is_empty() {
        page.push_str("\n## Not replayed\n\n");
        for failed in &record.failed {
            let _ = writeln!(page, "- {failed}");
        }
    }
    page
}

fn scores(record: &Record, page: &mut String) {
    page.push_str("## Scores\n\n| | as committed | of |\n|---|---|---|\n");
    let mut row = |name: &str, (same, all): (usize, usize)| {
        let mills = (same * 1000).checked_div(all).unwrap_or_default();
        let _ = writeln!(page, "| {name} | {same} ({}.{} %) | {all} |", mills / 10, mills % 10);
    };
    row("content of additions, names derived", score(record.added.iter().map(|(derived, _)| derived)));
    row("content of additions, names stated", score(record.added.iter().map(|(_, stated)| stated)));
    for (index, name) in additions::ITEMS.iter().enumerate() {
        let of = |items: &[Item]| usize::from(items[index] == Item::Same);
        let derived = record.added.iter().map(|(derived, _)| of(&derived.items)).sum();
        let stated = record.added.iter().map(|(_, stated)| of(&stated.items)).sum();
        row(&format!("- {name}, names derived"), (derived, record.added.len()));
        row(&format!("- {name}, names stated"), (stated, record.added.len()));
    }
    for (index, name) in ["constant", "registration", "accessor"].iter().enumerate() {
        let places: Vec<bool> = record.added.iter().filter_map(|(derived, _)| derived.last[index]).collect();
        let last = places.iter().filter(|last| **last).count();
        row(&format!("position: {name} last, where we put it"), (last, places.len()));
    }
    for (index, name) in life::ITEMS.iter().enumerate() {
        let same = record.changed.iter().filter(|replayed| replayed.items[index] == Item::Same).count();
        row(&format!("changes of state: {name}"), (same, record.changed.len()));
    }
    let compiled = record.added.iter().map(|(derived, _)| &derived.compiles);
    let compiled: Vec<bool> = compiled
        .chain(record.changed.iter().map(|replayed| &replayed.compiles))
        .filter_map(|compiles| compiles.as_ref().map(Result::is_ok))
        .collect();
    if !compiled.is_empty() {
        row("replays that compile", (compiled.iter().filter(|ok| **ok).count(), compiled.len()));
    }
}

fn additions(record: &Record, page: &mut String) {
    let _ = writeln!(
        page,
        "\n## Additions\n\nNames derived from the gate's. `=` is as committed, `author` the author's choice, `tool` a fault of this tool; the\nlast column says what the author put last in its list: constant, registration, accessor.\n"
    );
    let _ = writeln!(page, "| commit | date | gate | {} | last |", additions::ITEMS.join(" | "));
    let _ = writeln!(page, "|---|---|---|{}---|", "---|".repeat(additions::ITEMS.len()));
    for (derived, _) in &record.added {
        let event = &derived.event;
        let cells: Vec<&str> = derived.items.iter().map(cell).collect();
        let marks = ["c", "r", "a"].into_iter().zip(derived.last);
        let last: String = marks.map(|(mark, last)| if last == Some(true) { mark } else { "-" }).collect();
        let _ =
            writeln!(page, "| {} | {} | {} | {} | {last} |", event.short(), event.date, event.gate, cells.join(" | "));
    }
    page.push_str("\n### Every difference\n\n");
    for (derived, stated) in &record.added {
        for (index, item) in derived.items.iter().enumerate() {
            let also = if stated.items[index] == Item::Same { "; same once stated" } else { "" };
            difference(page, &derived.event, additions::ITEMS[index], item, also);
        }
        for (index, item) in stated.items.iter().enumerate() {
            if derived.items[index] == Item::Same {
                difference(page, &stated.event, additions::ITEMS[index], item, " (names stated)");
            }
        }
        broken(page, &derived.event, derived.compiles.as_ref());
    }
}

/// Gates that were merged half-wired, and what finds them now.
fn half_wired(record: &Record, page: &mut String) {
    page.push_str("\n### Merged half-wired\n\nWhat `cargo xtask gates` says on the tree with the commit:\n\n");
    for found in &record.half_wired {
        let _ = writeln!(page, "- {found}");
    }
}

fn changes(record: &Record, page: &mut String) {
    let _ =
        writeln!(page, "\n## Changes of state\n\n| commit | date | gate | from | to | {} |", life::ITEMS.join(" | "));
    let _ = writeln!(page, "|---|---|---|---|---|{}", "---|".repeat(life::ITEMS.len()));
    for replayed in &record.changed {
        let event = &replayed.event;
        let from = event.before.as_ref().and_then(super::history::state).unwrap_or_default();
        let to = super::history::state(&event.after).unwrap_or_default();
        let cells: Vec<&str> = replayed.items.iter().map(cell).collect();
        let _ = writeln!(
            page,
            "| {} | {} | {} | {from} | {to} | {} |",
            event.short(),
            event.date,
            event.gate,
            cells.join(" | ")
        );
    }
    page.push_str("\n### Every difference\n\n");
    for replayed in &record.changed {
        for (index, item) in replayed.items.iter().enumerate() {
            difference(page, &replayed.event, life::ITEMS[index], item, "");
        }
        broken(page, &replayed.event, replayed.compiles.as_ref());
    }
}

fn skeletons(record: &Record, page: &mut String) {
    let _ = writeln!(
        page,
        "\n## The wider skeleton\n\n| files of {} pull requests | touched by the author | by us, too |\n|---|---|---|",
        record.skeletons.len()
    );
    let mut totals: BTreeMap<Sort, (usize, usize)> = BTreeMap::new();
    let mut left: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut extra: BTreeMap<&str, usize> = BTreeMap::new();
    for skeleton in &record.skeletons {
        for (sort, (author, ours)) in &skeleton.counts {
            let total = totals.entry(*sort).or_default();
            *total = (total.0 + author, total.1 + ours);
        }
        for (reason, paths) in &skeleton.left {
            left.entry(reason).or_default().extend(paths.iter().map(String::as_str));
        }
        for path in &skeleton.extra {
            *extra.entry(sort_of_extra(path)).or_default() += 1;
        }
    }
    for sort in Sort::ALL {
        let (author, ours) = totals.get(&sort).copied().unwrap_or_default();
        let _ = writeln!(page, "| {} | {author} | {ours} |", sort.name());
    }
    let list = |counts: &BTreeMap<&str, usize>| {
        let mut counts: Vec<(&&str, &usize)> = counts.iter().collect();
        counts.sort_by_key(|(name, count)| (std::cmp::Reverse(**count), **name));
        counts.iter().map(|(name, count)| format!("{name}: {count}")).collect::<Vec<_>>().join(", ")
    };
    page.push_str(
        "\nThe skeleton of a change of code that is there is its spec: such a file counts where the author has changed the\n\
         test file of the spec, too.\n",
    );
    let _ = writeln!(page, "\nTouched by us alone: {}.\n", list(&extra));
    let _ = writeln!(page, "Named and not touched:\n");
    let mut left: Vec<(&str, Vec<&str>)> = left.into_iter().collect();
    left.sort_by_key(|(reason, paths)| (std::cmp::Reverse(paths.len()), *reason));
    for (reason, paths) in left {
        let named = if paths.len() <= 5 { format!(" ({})", paths.join(", ")) } else { String::new() };
        let _ = writeln!(page, "- {}: {reason}{named}", paths.len());
    }
    let _ = writeln!(
        page,
        "\n### By pull request\n\nFiles that a tasks.md could name, and the BUILD.bazel files beside new ones.\n\n| merge | gate | by the author | by us, too | by us alone |\n|---|---|---|---|---|"
    );
    for skeleton in &record.skeletons {
        let (author, ours) = skeleton.scaffolded();
        let (merge, alone) = (&skeleton.merge[..10], skeleton.extra.len());
        let _ = writeln!(page, "| {merge} | {} | {author} | {ours} | {alone} |", skeleton.gate);
    }
}

fn sort_of_extra(path: &str) -> &'static str {
    if path.ends_with("BUILD.bazel") {
        "BUILD.bazel"
    } else if path.ends_with("_suite_test.go") {
        "suites"
    } else if path.ends_with("_test.go") {
        "tests of what is made"
    } else {
        "callers"
    }
}

fn cell(item: &Item) -> &'static str {
    match item {
        Item::Same => "=",
        Item::Choice(_) => "author",
        Item::Ours(_) => "**tool**",
    }
}

fn difference(page: &mut String, event: &super::Event, name: &str, item: &Item, more: &str) {
    let (whose, what) = match item {
        Item::Same => return,
        Item::Choice(what) => ("author's choice", what),
        Item::Ours(what) => ("**a fault of this tool**", what),
    };
    let _ = writeln!(page, "- {} {}, {name}: {what} ({whose}{more})", event.short(), event.gate);
}

fn broken(page: &mut String, event: &super::Event, compiles: Option<&Result<(), String>>) {
    if let Some(Err(reason)) = compiles {
        let _ =
            writeln!(page, "- {} {} **does not compile**: {}", event.short(), event.gate, reason.replace('\n', " "));
    }
}
