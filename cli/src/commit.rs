//! Makes a change that was shown: asks what has to be asked before, and reports after.

use std::collections::BTreeMap;
use std::path::Path;

use kubevirt_scaffold_core::diagnostic::visible;
use kubevirt_scaffold_core::pipeline::Hook;

use crate::apply::{Record, Refusal, Transaction, effective_changes, history, interrupted};
use crate::command_name::command;
use crate::exit::ExitStatus;
use crate::hooks::Journal;
use crate::process::{Runner, git};
use crate::{hooks, terminal};

/// Settles an earlier change that was interrupted, if there is one: as the user says, or with `yes`, by
/// putting everything back. Without an answer it is an error, because a preview of half a change would be wrong.
pub fn recover_first(root: &Path, yes: bool, may_ask: bool) -> Result<(), Refusal> {
    if !interrupted(root) {
        return Ok(());
    }
    let transaction = Transaction::begin(root, None)?;
    let Some(record) = transaction.pending()? else { return Ok(()) };
    let what = format!("`{}` was interrupted while it changed {}", visible(&record.about.command), root.display());
    let finish = if yes {
        false
    } else if may_ask && terminal::is_interactive() {
        crate::terminal::tell!("{what}.");
        match terminal::choose("Finish it, or put everything back? [finish/back]", &["finish", "back"]) {
            Some(0) => true,
            Some(_) => false,
            None => return Err(unfinished(root, what)),
        }
    } else {
        return Err(unfinished(root, what));
    };
    settle(&transaction, &record, finish)
}

/// Finishes an interrupted change, or puts everything back, and says so.
pub fn settle(transaction: &Transaction, record: &Record, finish: bool) -> Result<(), Refusal> {
    let left = if finish { transaction.finish(record)? } else { transaction.roll_back(record)? };
    let done = if finish { "finished" } else { "put back as it was before" };
    crate::terminal::tell!("Everything is {done}: `{}`.", visible(&record.about.command));
    if !left.is_empty() {
        crate::terminal::tell!("These files were changed since, and are left as they are: {}", left.join(", "));
    }
    Ok(())
}

fn unfinished(root: &Path, what: String) -> Refusal {
    let help = format!("{} puts everything back, {} finishes it", command("recover"), command("recover --finish"));
    Refusal::new("interrupted", root, what, help)
}

/// How a change is to be made.
pub struct Commit<'a> {
    /// The checkout.
    pub root: &'a Path,
    /// Do not ask.
    pub yes: bool,
    /// Files with changes that git does not have may be edited.
    pub allow_dirty: bool,
}

impl Commit<'_> {
    /// Whether the files may be edited although git does not have all changes in them. With `yes` it is an error if
    /// not; otherwise the user is asked, and told that nothing was written.
    pub fn ask_about_dirty(&self, record: &Record) -> Result<bool, Refusal> {
        let dirty = dirty(self.root, record)?;
        if dirty.is_empty() || self.allow_dirty {
            return Ok(true);
        }
        let list = dirty.join(", ");
        if self.yes {
            let message = format!("git does not have your changes of {list}");
            let help = format!("commit them, or pass --allow-dirty; {} keeps them too", command("undo"));
            return Err(Refusal::new("dirty", self.root, message, help));
        }
        crate::terminal::tell!("git does not have your changes of {list}.");
        let may = terminal::confirm("Edit these files all the same?").unwrap_or(false);
        if !may {
            crate::terminal::tell!("Nothing was written.");
        }
        Ok(may)
    }

    /// Makes the change and runs the steps, if what was written is sound.
    pub fn carry_out(
        &self,
        record: Record,
        steps: &[Hook],
        is_sound: &dyn Fn() -> bool,
    ) -> Result<ExitStatus, Refusal> {
        let files: Vec<String> = record.files.iter().map(|file| file.path.clone()).collect();
        let transaction = Transaction::begin(self.root, None)?;
        let id = transaction.apply(record)?;
        let count = files.len();
        let files_word = if count == 1 { "file" } else { "files" };
        crate::terminal::tell!("Wrote {count} {files_word}; {} takes that back.", command("undo"));
        let files: Vec<&str> = files.iter().map(String::as_str).collect();
        if !is_sound() {
            crate::terminal::tell!("The files are in place; no step was run.");
            return Ok(ExitStatus::HookFailed);
        }
        match hooks::run(self.root, steps, &files, &Journal { transaction: &transaction, change: id }) {
            Ok(true) => Ok(ExitStatus::Done),
            Ok(false) => Ok(ExitStatus::HookFailed),
            Err(error) => {
                crate::terminal::tell!("error: after change {id}: {error:#}");
                Ok(ExitStatus::HookFailed)
            }
        }
    }
}

/// The files of a change that hold changes of the user's: they differ from the commit, and from what this program
/// left there.
fn dirty(root: &Path, record: &Record) -> Result<Vec<String>, Refusal> {
    let edited: Vec<&str> =
        record.files.iter().filter(|file| file.before.is_some()).map(|file| file.path.as_str()).collect();
    if edited.is_empty() {
        return Ok(Vec::new());
    }
    let mut arguments = vec!["status", "--porcelain", "-z", "--no-renames", "--untracked-files=all", "--ignored", "--"];
    arguments.extend(&edited);
    let output = Runner::new(root).with("GIT_OPTIONAL_LOCKS", "0").run("git", &arguments);
    let Some(output) = output.ok().filter(|output| output.status.success()) else { return Ok(Vec::new()) };
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let found: Vec<&str> = text.split('\0').filter_map(|entry| entry.get(3..)).collect();
    // Before the first commit git has nothing, and everything would be dirty.
    if found.is_empty() || git(root, &["rev-parse", "--verify", "--quiet", "HEAD"]).is_none() {
        return Ok(Vec::new());
    }
    let history = history(root)?;
    let mut ours: BTreeMap<&str, &[u8]> = BTreeMap::new();
    for record in effective_changes(&history) {
        for file in &record.files {
            ours.extend(file.after.as_deref().map(|after| (file.path.as_str(), after)));
        }
    }
    let is_ours = |path: &str| {
        let now = record.files.iter().find(|file| file.path == path).and_then(|file| file.before.as_deref());
        now.is_some() && ours.get(path).copied() == now
    };
    Ok(edited.into_iter().filter(|path| found.contains(path) && !is_ours(path)).map(str::to_owned).collect())
}
