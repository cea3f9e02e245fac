//! The question below a preview: all of it, nothing, or a part. The keys are those of `git add -p`.

use std::collections::BTreeSet;
use std::io;

use kubevirt_scaffold_core::diagnostic::visible;
use kubevirt_scaffold_core::pipeline::{Change, Proposal, unified};

use crate::terminal::{self, Colors};

/// What is to be written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Answer {
    /// All of it.
    Yes,
    /// Nothing.
    No,
    /// The tasks with these IDs. These paths were left.
    Only {
        /// The IDs.
        ids: BTreeSet<String>,
        /// The paths.
        left: BTreeSet<String>,
    },
}

const HELP: &str = "\
y - write all of it
n - write nothing
f - choose file by file
t - choose task by task
p - show the diff again
q - quit, same as n
? - show this help
";

const ITEM_HELP: &str = "\
y - take this one
n - skip it
a - take it and everything after it
d - skip it and everything after it
k - go back to the previous one
p - show the diff again
q - quit, and write nothing
? - show this help
";

/// Asks what is to be written of a plan that was shown.
pub fn ask(proposal: &Proposal, colors: Colors) -> io::Result<Answer> {
    loop {
        let answer = terminal::answer("Apply? [y,n,f,t,p,q,?]")?.map(|answer| answer.to_lowercase());
        let chosen = match answer.as_deref() {
            Some("y" | "yes") => return Ok(Answer::Yes),
            None | Some("" | "n" | "no" | "q") => None,
            Some("f") => one_by_one(&files(proposal, colors))?,
            Some("t") => one_by_one(&tasks(proposal, colors))?,
            Some("p") => {
                terminal::product(&proposal.diff(colors.stdout))?;
                continue;
            }
            Some(_) => {
                terminal::say(HELP);
                continue;
            }
        };
        return Ok(match chosen {
            Some((ids, left)) if !ids.is_empty() => Answer::Only { ids, left },
            _ => {
                terminal::say("Nothing was written.\n");
                Answer::No
            }
        });
    }
}

/// Says what came with what was chosen.
pub fn tell(part: &Proposal, added: &[String], left: &BTreeSet<String>) {
    let came = part.set.changes.iter().filter(|change| left.contains(&*change.path));
    let came = came.map(|change| {
        let ids: Vec<&str> = change.tasks.iter().map(|&task| part.plan.tasks[task].id.as_str()).collect();
        format!("{} is included because {} also needs it.", change.path, ids.join(", "))
    });
    for line in added.iter().cloned().chain(came) {
        terminal::say(&format!("{}\n", visible(&line)));
    }
}

/// Something that is taken or left.
struct Item {
    question: String,
    /// What it is.
    shown: String,
    ids: Vec<String>,
    /// Its file, where one is asked for.
    path: Option<String>,
}

/// The files. A BUILD.bazel follows the files that it lists, and is not asked for.
fn files(proposal: &Proposal, colors: Colors) -> Vec<Item> {
    let asked = |change: &&Change| !change.tasks.is_empty() && !change.path.ends_with("BUILD.bazel");
    let item = |change: &Change| {
        let ids: Vec<String> = change.tasks.iter().map(|&task| proposal.plan.tasks[task].id.clone()).collect();
        Item {
            question: format!("Write {} ({})?", change.path, visible(&ids.join(", "))),
            shown: unified(change, colors.stderr),
            path: Some(change.path.to_string()),
            ids,
        }
    };
    proposal.ordered().into_iter().filter(asked).map(item).collect()
}

/// The tasks that something is made for.
fn tasks(proposal: &Proposal, colors: Colors) -> Vec<Item> {
    let mut items = Vec::new();
    for (index, task) in proposal.plan.tasks.iter().enumerate() {
        let changes: Vec<&Change> =
            proposal.ordered().into_iter().filter(|change| change.tasks.contains(&index)).collect();
        let paths: Vec<&str> = changes.iter().map(|change| &*change.path).collect();
        if !paths.is_empty() {
            items.push(Item {
                question: format!("Scaffold {} {}?", visible(&task.id), visible(&task.said)),
                shown: changes.iter().map(|change| unified(change, colors.stderr)).collect(),
                ids: vec![task.id.clone()],
                path: None,
            });
        }
    }
    items
}

/// The IDs of what is taken and the paths that are left; nothing if the user has had enough.
fn one_by_one(items: &[Item]) -> io::Result<Option<(BTreeSet<String>, BTreeSet<String>)>> {
    let mut taken = vec![false; items.len()];
    let (mut at, mut is_new) = (0, true);
    while let Some(item) = items.get(at) {
        if is_new {
            terminal::styled(&item.shown);
        }
        is_new = true;
        let question = format!("({}/{}) {} [y,n,a,d,k,p,q,?]", at + 1, items.len(), item.question);
        let answer = terminal::answer(&question)?.map(|answer| answer.to_lowercase());
        match answer.as_deref() {
            None | Some("q") => return Ok(None),
            Some(key @ ("y" | "yes" | "n" | "no")) => {
                taken[at] = key.starts_with('y');
                at += 1;
            }
            Some(key @ ("a" | "d")) => {
                taken[at..].fill(key == "a");
                break;
            }
            Some("k") => at = at.saturating_sub(1),
            Some("p") => {}
            Some(_) => {
                terminal::say(ITEM_HELP);
                is_new = false;
            }
        }
    }
    let both = || items.iter().zip(&taken);
    let ids = both().filter(|(_, taken)| **taken).flat_map(|(item, _)| item.ids.clone()).collect();
    let left = both().filter(|(_, taken)| !**taken).filter_map(|(item, _)| item.path.clone()).collect();
    Ok(Some((ids, left)))
}
