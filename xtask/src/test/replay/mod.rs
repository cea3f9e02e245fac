//! `cargo xtask replay`: compares what is emitted with KubeVirt's history.

mod additions;
mod changed;
mod compile;
mod git_tree;
mod history;
mod inside;
mod key;
mod life;
mod page;
mod skeleton;
mod stated;
mod veps;
mod veps_page;
mod view;

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use kubevirt_scaffold_core::diagnostic::Diagnostic;
use kubevirt_scaffold_core::gates::gates;
use kubevirt_scaffold_core::survey::Survey;

use super::store::Store;
use super::work_tree::{self, WorkTree};
use crate::flags;
use additions::{Item, Names};
use compile::Compiler;
use git_tree::Repository;
use history::Event;
use kubevirt_scaffold::exit::ExitStatus;
use kubevirt_scaffold::go::{GO_FLAGS, Go};

/// Everything that was replayed.
#[derive(Default)]
struct Record {
    /// Additions, with what a tasks.md says that states no names, and one that does.
    added: Vec<(additions::Replayed, additions::Replayed)>,
    changed: Vec<life::Replayed>,
    skeletons: Vec<skeleton::Skeleton>,
    /// Gates that their authors left half-wired, as the lint finds them right after the commit.
    half_wired: Vec<String>,
    /// What could not be replayed, and why.
    failed: Vec<String>,
}

/// Prints the page.
pub fn run(args: &flags::Replay) -> Result<ExitStatus> {
    if let Some(file) = &args.key {
        if let Some(veps) = &args.veps {
            return veps::run(veps, file, args);
        }
        return key::run(file, args);
    }
    let (kubevirt, head) = work_tree::checkout().map_err(anyhow::Error::msg)?;
    let repository = Repository::new(&kubevirt);
    let (mut added, mut changed) = history::events(&repository, &head, &args.since);
    if let Some(commit) = &args.show {
        added.retain(|event| event.commit.starts_with(commit.as_str()));
        changed.retain(|event| event.commit.starts_with(commit.as_str()));
        return show(&repository, &added, &changed);
    }
    ensure!(!added.is_empty(), "no commit since {} adds a feature gate: is the history there?", args.since);
    let mut record = record(&repository, &added, &changed);
    eprintln!("{} additions and {} changes of state replayed", record.added.len(), record.changed.len());
    if args.compile {
        let tree = WorkTree::new(&kubevirt, &head)?;
        compile(&repository, &tree, &Store::new("replay", args.again), &mut record)?;
    }
    record.skeletons = skeletons(&repository, &head, &added);
    if let Some(folder) = &args.inputs {
        fs::create_dir_all(folder)?;
        for skeleton in &record.skeletons {
            let path = folder.join(format!("{}.md", &skeleton.merge[..10]));
            fs::write(&path, &skeleton.tasks).with_context(|| format!("writing {}", path.display()))?;
        }
    }
    print!("{}", page::page(&record, &head, &args.since));
    Ok(if record.is_wrong() { ExitStatus::Found } else { ExitStatus::Done })
}

/// What `cargo xtask test` sees of it: everything is replayed, and nothing is compiled.
pub(super) fn short(kubevirt: &Path, head: &str) -> (Vec<String>, String) {
    let repository = Repository::new(kubevirt);
    let (added, changed) = history::events(&repository, head, "2024-06-01");
    let record = record(&repository, &added, &changed);
    let mut failures = record.failed.clone();
    failures.extend(record.faults());
    let (same, all) = page::score(record.added.iter().map(|(_, stated)| stated));
    let what = format!(
        "{} additions ({same} of {all} parts as committed) and {} changes of state replayed",
        record.added.len(),
        record.changed.len()
    );
    if added.len() < 40 || changed.len() < 20 || same * 100 < all * 95 {
        failures.push(format!("{what}, which is less than it should be"));
    }
    (failures, what)
}

impl Record {
    /// Differences that are ours.
    fn faults(&self) -> Vec<String> {
        let ours = |event: &Event, item: &Item| match item {
            Item::Ours(what) => Some(format!("{} {}: {what}", event.short(), event.gate)),
            Item::Same | Item::Choice(_) => None,
        };
        let added = self.added.iter().flat_map(|(derived, stated)| [derived, stated]);
        let added = added.flat_map(|replayed| replayed.items.iter().filter_map(|item| ours(&replayed.event, item)));
        let changed = self.changed.iter();
        let changed = changed.flat_map(|replayed| replayed.items.iter().filter_map(|item| ours(&replayed.event, item)));
        added.chain(changed).collect()
    }

    fn is_wrong(&self) -> bool {
        let broken = |compiles: &Option<Result<(), String>>| matches!(compiles, Some(Err(_)));
        !self.failed.is_empty()
            || !self.faults().is_empty()
            || self.added.iter().any(|(derived, _)| broken(&derived.compiles))
            || self.changed.iter().any(|replayed| broken(&replayed.compiles))
    }
}

fn record(repository: &Repository<'_>, added: &[Event], changed: &[Event]) -> Record {
    let mut record = Record::default();
    let why = |event: &Event, error: anyhow::Error| format!("{} {}: {error:#}", event.short(), event.gate);
    for event in added {
        let derived = additions::replay(repository, event, Names::Derived);
        match derived.and_then(|derived| Ok((derived, additions::replay(repository, event, Names::Stated)?))) {
            Ok(both) => record.added.push(both),
            Err(error) => record.failed.push(why(event, error)),
        }
    }
    record.half_wired = added.iter().flat_map(|event| half_wired(repository, event)).collect();
    for event in changed {
        match life::replay(repository, event) {
            Ok(replayed) => record.changed.push(replayed),
            Err(error) => record.failed.push(why(event, error)),
        }
    }
    record
}

/// What `cargo xtask gates` says of a new gate on the tree with its commit.
fn half_wired(repository: &Repository<'_>, event: &Event) -> Vec<String> {
    let tree = repository.tree(&event.commit);
    let found = Survey::new(&tree).ok().and_then(|survey| gates(&survey).ok()).map(|(_, found)| found);
    let about = |diagnostic: &Diagnostic| diagnostic.message.starts_with(&format!("{} ", event.after.identifier));
    let found = found.unwrap_or_default().into_iter().filter(about);
    found
        .map(|diagnostic| format!("{} {}: {}: {}", event.short(), event.date, diagnostic.code, diagnostic.message))
        .collect()
}

fn compile(repository: &Repository<'_>, tree: &WorkTree, store: &Store, record: &mut Record) -> Result<()> {
    let go = Go::find(tree.path(), GO_FLAGS).map_err(anyhow::Error::msg)?.version;
    let compiler = Compiler { repository, tree, store, go: &go };
    for (derived, _) in &mut record.added {
        derived.compiles = Some(compiler.compile(&derived.event, &derived.tasks)?);
    }
    for replayed in &mut record.changed {
        replayed.compiles = Some(compiler.compile(&replayed.event, &replayed.tasks)?);
    }
    Ok(())
}

/// The pull requests of the additions, each once.
fn skeletons(repository: &Repository<'_>, head: &str, added: &[Event]) -> Vec<skeleton::Skeleton> {
    let merges = skeleton::Merges::new(repository, head);
    let mut found: Vec<skeleton::Skeleton> = Vec::new();
    for event in added {
        let Some(merge) = merges.of(&event.commit) else { continue };
        if !found.iter().any(|known| known.merge == merge) {
            found.extend(skeleton::skeleton(repository, &merge, event));
        }
    }
    found
}

/// One commit: its tasks.md, and what we make of it.
fn show(repository: &Repository<'_>, added: &[Event], changed: &[Event]) -> Result<ExitStatus> {
    let added = added.iter().map(|event| (event, additions::tasks(event, Names::Derived)));
    for (event, tasks) in added.chain(changed.iter().map(|event| (event, life::tasks(event)))) {
        let proposal = additions::proposal(&repository.tree(&event.parent()), &tasks)?;
        println!("{tasks}\n{}", kubevirt_scaffold_core::pipeline::patch(&proposal.set.changes));
    }
    Ok(ExitStatus::Done)
}
