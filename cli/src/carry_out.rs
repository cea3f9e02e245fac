//! Makes a change that was shown: asks what has to be asked before, and reports after.

use std::collections::BTreeMap;
use std::path::Path;

use kubevirt_scaffold_core::diagnostic::{Diagnostic, visible};
use kubevirt_scaffold_core::pipeline::{Color, Hook};
use kubevirt_scaffold_core::text::{Source, Span};

use crate::apply::{Record, Refusal, Transaction, effective_changes, history, interrupted};
use crate::checkout::Checkout;
use crate::command_name::command;
use crate::exit::ExitStatus;
use crate::git::{Git, is_in_repository};
use crate::hooks::Journal;
use crate::{apply, hooks, terminal};

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
        match terminal::choose("Complete it, or roll it back? [finish/back]", &["finish", "back"]) {
            Some(0) => true,
            Some(_) => false,
            None => return Err(unfinished(root, what)),
        }
    } else {
        return Err(unfinished(root, what));
    };
    settle(&transaction, &record, finish)
}

/// Says it when an earlier change of a checkout was left half-way, to those who read it only.
pub fn mention_unfinished(checkout: &Checkout, color: Color) -> Result<(), Refusal> {
    let Some(root) = checkout.root() else { return Ok(()) };
    if let Some(about) = apply::unfinished(root)? {
        let message = format!("an earlier change of {} was interrupted: `{}`", root.display(), visible(&about.command));
        let place = Source::new(root.display().to_string(), "");
        let help = format!("{} puts everything back, {} finishes it", command("recover"), command("recover --finish"));
        let warning = Diagnostic::warning("interrupted", message).at(&place, Span::at(0)).help(help);
        terminal::diagnostics([&warning], color);
    }
    Ok(())
}

/// Finishes an interrupted change, or puts everything back, and says so.
pub fn settle(transaction: &Transaction, record: &Record, finish: bool) -> Result<(), Refusal> {
    let left = if finish { transaction.finish(record)? } else { transaction.roll_back(record)? };
    let done = if finish { "finished" } else { "put back as it was before" };
    crate::terminal::tell!("Everything is {done}: `{}`.", visible(&record.about.command));
    if !left.is_empty() {
        crate::terminal::tell!("These files have changed since, and stay as they are: {}", left.join(", "));
    }
    Ok(())
}

fn unfinished(root: &Path, what: String) -> Refusal {
    let help = format!("{} puts everything back, {} finishes it", command("recover"), command("recover --finish"));
    Refusal::new("interrupted", root, what, help)
}

/// How a change is to be made.
pub struct Execution<'a> {
    /// The checkout.
    pub root: &'a Path,
    /// Do not ask.
    pub yes: bool,
    /// Files with changes that git does not have may be edited.
    pub allow_dirty: bool,
}

impl Execution<'_> {
    /// Whether the files may be edited although git does not have all changes in them. With `yes` it is an error if
    /// not; otherwise the user is asked, and told that nothing was written.
    pub fn ask_about_dirty(&self, record: &Record) -> Result<bool, Refusal> {
        if self.allow_dirty {
            return Ok(true);
        }
        let dirty = dirty(self.root, record)?;
        if dirty.is_empty() {
            return Ok(true);
        }
        let list = dirty.join(", ");
        if self.yes {
            let message = format!("git does not have your changes of {list}");
            let help = format!("commit them, or pass --allow-dirty; {} keeps them too", command("undo"));
            return Err(Refusal::new("dirty", self.root, message, help));
        }
        crate::terminal::tell!("You have uncommitted changes in {list}.");
        let may = terminal::confirm("Edit these files anyway?").unwrap_or(false);
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
        mention_links(self.root, &record);
        let id = transaction.apply(record)?;
        let count = files.len();
        let files_word = if count == 1 { "file" } else { "files" };
        crate::terminal::tell!("Wrote {count} {files_word}; to undo this, run {}.", command("undo"));
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

/// Says which files have more names than the one that is about to get another text.
pub fn mention_links(root: &Path, record: &Record) {
    use std::os::unix::fs::MetadataExt as _;
    let is_linked =
        |path: &&str| root.join(path).symlink_metadata().is_ok_and(|found| found.is_file() && found.nlink() > 1);
    let paths: Vec<&str> = record.files.iter().map(|file| file.path.as_str()).filter(is_linked).collect();
    if !paths.is_empty() {
        let list = paths.join(", ");
        terminal::say(&format!("These files have other hard links, which keep the old text: {list}.\n"));
    }
}

/// The files of a change that hold changes of the user's: they differ from the commit, and from what this program
/// left there. It is an error if git cannot tell.
fn dirty(root: &Path, record: &Record) -> Result<Vec<String>, Refusal> {
    // What a generator owns, nobody else changes.
    let is_edited = |path: &String| !record.about.generated.contains(path);
    let edited: Vec<(&str, &[u8])> = record
        .files
        .iter()
        .filter(|file| is_edited(&file.path))
        .filter_map(|file| Some((file.path.as_str(), file.before.as_deref()?)))
        .collect();
    if edited.is_empty() || !is_in_repository(root) {
        return Ok(Vec::new());
    }
    let unknown = |reason: String| {
        let message = format!("git cannot tell whether it has your changes: {reason}");
        let help = "fix git here, or pass --allow-dirty to edit these files whatever they contain";
        Refusal::new("dirty-unknown", root, message, help)
    };
    let committed =
        committed(&Git::new(root), &edited.iter().map(|(path, _)| *path).collect::<Vec<_>>()).map_err(unknown)?;
    let Some(committed) = committed else { return Ok(Vec::new()) };
    let history = history(root)?;
    let mut ours: BTreeMap<&str, &[u8]> = BTreeMap::new();
    for record in effective_changes(&history) {
        for file in &record.files {
            ours.extend(file.after.as_deref().map(|after| (file.path.as_str(), after)));
        }
    }
    let is_known = |path: &str, now: &[u8], committed: Option<&[u8]>| {
        committed.is_some_and(|text| is_same(text, now)) || ours.get(path).copied() == Some(now)
    };
    let known = edited.into_iter().zip(&committed).filter(|((path, now), text)| !is_known(path, now, text.as_deref()));
    Ok(known.map(|((path, _), _)| path.to_owned()).collect())
}

/// What the commit has of some files, byte for byte: no filter of the checkout's runs. Nothing if there is no commit
/// yet, because then git has nothing and everything would be dirty.
pub fn committed(git: &Git<'_>, files: &[&str]) -> Result<Option<Vec<Option<Vec<u8>>>>, String> {
    if git.line(&["rev-parse", "--is-inside-work-tree"])?.as_deref() != Some("true") {
        return Err("the checkout is not inside the work tree that git's configuration names".to_owned());
    }
    if git.line(&["rev-parse", "--verify", "--quiet", "HEAD"])?.is_none() {
        return Ok(None);
    }
    let names: String = files.iter().flat_map(|path| ["HEAD:./", path, "\n"]).collect();
    let said = git.feed(&["cat-file", "--batch"], &names)?;
    let cut = || "git's answer is cut off".to_owned();
    let mut rest = said.as_slice();
    let mut found = Vec::new();
    for _ in files {
        let end = rest.iter().position(|byte| *byte == b'\n').ok_or_else(cut)?;
        let line = String::from_utf8_lossy(&rest[..end]).into_owned();
        rest = &rest[end + 1..];
        let mut words = line.split(' ').rev();
        let size = words.next().and_then(|size| size.parse::<usize>().ok());
        match (size, words.next()) {
            (Some(size), Some(_)) => {
                let (text, more) = rest.split_at_checked(size).ok_or_else(cut)?;
                rest = more.strip_prefix(b"\n").ok_or_else(cut)?;
                found.push(Some(text.to_vec()));
            }
            _ => found.push(None),
        }
    }
    Ok(Some(found))
}

/// Whether a file holds what git has of it. Git may keep line ends in another form.
fn is_same(committed: &[u8], now: &[u8]) -> bool {
    let without_returns = |text: &[u8]| text.split(|byte| *byte == b'\n').map(trimmed).collect::<Vec<_>>().join(&b'\n');
    committed == now || now.contains(&b'\r') && committed == without_returns(now)
}

fn trimmed(line: &[u8]) -> Vec<u8> {
    line.strip_suffix(b"\r").unwrap_or(line).to_vec()
}
