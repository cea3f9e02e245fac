//! The baseline of a renewal: what earlier runs left in a checkout, read from its history; and what this run
//! leaves.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use kubevirt_scaffold_core::diagnostic::Diagnostic;
use kubevirt_scaffold_core::pipeline::Change;
use kubevirt_scaffold_core::pipeline::Proposal;
use kubevirt_scaffold_core::plan::Earlier;
use kubevirt_scaffold_core::text::Source;

use crate::apply::{About, FileEdit, Record, Refusal, effective_changes, finished, summaries};
use crate::config::Settings;
use crate::options::{Asked, Standing, identity};

/// What earlier runs for a feature left in a checkout. `feature` gives its slug, and is called only if the
/// checkout has a history.
pub fn read(root: &Path, feature: impl FnOnce() -> String) -> Result<Earlier, Refusal> {
    let summaries = summaries(root)?;
    let effective_changes = effective_changes(&summaries);
    if effective_changes.is_empty() {
        return Ok(Earlier::default());
    }
    let feature = feature();
    // Each change carries everything that its feature has in the checkout.
    let Some(last) = effective_changes.iter().rev().find(|about| about.feature == feature) else {
        return Ok(Earlier::default());
    };
    let last = finished(root, last.id)?;
    Ok(Earlier { files: last.baselines, tasks: last.about.tasks, keep_edited: false, ..Earlier::default() })
}

/// What stands behind the command line, for a plan of a tasks.md in a checkout that it may have been scaffolded in.
pub fn standing(root: Option<&Path>, tasks: &Path) -> Result<Standing, Vec<Diagnostic>> {
    let settings = Settings::read(Some(tasks), root)?;
    let summaries = root.map(summaries).transpose().map_err(|refusal| vec![refusal.into_inner()])?;
    Ok(Standing { settings, asked: asked(&summaries.unwrap_or_default(), &identity(tasks)) })
}

/// What a tasks.md was scaffolded with. The last run says it for all tasks: it brought up to date what was there.
fn asked(summaries: &[About], file: &str) -> Option<Asked> {
    let runs = effective_changes(summaries).into_iter().filter_map(|about| about.asked.as_ref());
    runs.rev().find(|asked| asked.file == file).cloned()
}

/// The record of a proposal, ready to be applied. `plan` is the ID of a saved plan, `hooks` are names of steps.
pub fn record(proposal: &Proposal, command_line: &Source, plan: Option<&str>, hooks: Vec<String>) -> Record {
    let scaffolded: BTreeSet<&String> = proposal.set.emitted.values().flat_map(|file| &file.tasks).collect();
    let tasks = proposal.plan.tasks.iter().filter(|task| scaffolded.contains(&task.id));
    Record {
        about: About {
            time: now(),
            command: command_line.text().to_owned(),
            feature: proposal.plan.feature.slug.clone(),
            tasks: tasks.map(|task| (task.id.clone(), task.title.clone())).collect(),
            plan: plan.map(str::to_owned),
            hooks,
            generated: {
                let made = proposal.set.changes.iter().filter(|change| change.is_generated);
                made.map(|change| change.path.to_string()).collect()
            },
            ..About::default()
        },
        files: proposal.set.changes.iter().map(edit).collect(),
        baselines: proposal.set.emitted.clone(),
        ..Record::default()
    }
}

/// The edit of one file that a change asks for.
pub fn edit(change: &Change) -> FileEdit {
    FileEdit {
        path: change.path.to_string(),
        mode: None,
        before: change.before.as_deref().map(|text| text.as_bytes().to_vec()),
        after: Some(change.after.as_bytes().to_vec()),
    }
}

/// Seconds since 1970.
pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs())
}
