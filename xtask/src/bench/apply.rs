//! What it costs that nothing is ever lost: applying, compared with writing the same files plainly and
//! bringing each to the disk, by turns, in folders of the same disk.

use std::cell::RefCell;
use std::fs;
use std::path::Path;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow};
use kubevirt_scaffold_core::pipeline::Proposal;
use kubevirt_scaffold_core::text::Source;
use tempfile::TempDir;

use super::median;
use crate::test::case::root;
use kubevirt_scaffold::apply::{Call, CallKind, FaultAction, FaultHook, Transaction};
use kubevirt_scaffold::baseline::record;

/// The costs of one proposal.
pub(super) struct Cost {
    /// How many files are written.
    pub(super) files: usize,
    /// Writing and syncing them plainly.
    pub(super) plain: Duration,
    /// Applying.
    pub(super) applied: Duration,
    /// What the journal has of that.
    pub(super) journal: Duration,
}

/// Measures.
pub(super) fn cost(proposal: &Proposal, runs: usize) -> Result<Cost> {
    let record = record(proposal, &Source::new("", "bench"), None, Vec::new());
    let (mut plain, mut applied, mut journal) = (Vec::new(), Vec::new(), Vec::new());
    let folder = root().join("target");
    fs::create_dir_all(&folder)?;
    for _ in 0..runs.max(1) {
        let ground = TempDir::new_in(&folder)?;
        prepare(ground.path(), proposal)?;
        let started = Instant::now();
        for change in &proposal.set.changes {
            let path = ground.path().join(&change.path);
            fs::create_dir_all(path.parent().unwrap_or(&path))?;
            let mut file = fs::File::create(path)?;
            std::io::Write::write_all(&mut file, change.after.as_bytes())?;
            file.sync_all()?;
        }
        plain.push(started.elapsed());

        let ground = TempDir::new_in(&folder)?;
        prepare(ground.path(), proposal)?;
        let calls = Rc::new(RefCell::new(Vec::new()));
        let clock = calls.clone();
        let hook: FaultHook = Rc::new(RefCell::new(move |call: &Call| {
            clock.borrow_mut().push((Instant::now(), call.clone()));
            FaultAction::Go
        }));
        let started = Instant::now();
        let transaction = Transaction::begin(ground.path(), Some(&hook));
        transaction
            .and_then(|transaction| transaction.apply(record.clone()))
            .map_err(|refusal| anyhow!(refusal.message.clone()))?;
        let ended = Instant::now();
        applied.push(ended - started);
        journal.push(of_the_journal(&calls.borrow(), ended));
    }
    let files = proposal.set.changes.len();
    Ok(Cost { files, plain: median(plain), applied: median(applied), journal: median(journal) })
}

/// The files as they are before.
fn prepare(ground: &Path, proposal: &Proposal) -> Result<()> {
    fs::create_dir(ground.join(".git"))?;
    for change in &proposal.set.changes {
        if let Some(before) = &change.before {
            let path = ground.join(&change.path);
            fs::create_dir_all(path.parent().unwrap_or(&path))?;
            fs::write(path, &**before)?;
        }
    }
    Ok(())
}

/// From the first call that writes the journal to the one behind its folder's sync, and its end.
fn of_the_journal(calls: &[(Instant, Call)], ended: Instant) -> Duration {
    let at = |from: usize, is: &dyn Fn(&Call) -> bool| {
        calls.iter().enumerate().skip(from).find(|(_, (_, call))| is(call)).map(|(index, _)| index)
    };
    let Some(begun) = at(0, &|call| call.kind == CallKind::Remove) else { return Duration::ZERO };
    let Some(synced) = at(begun, &|call| call.kind == CallKind::SyncFolder) else { return Duration::ZERO };
    let written = calls.get(synced + 1).map_or(ended, |call| call.0) - calls[begun].0;
    let Some(kept) = at(synced, &|call| call.kind == CallKind::Replace) else { return written };
    written + (ended - calls[kept].0)
}
