//! `undo`

use std::ffi::OsStr;
use std::path::Path;
use std::time::{Duration, UNIX_EPOCH};

use clap_complete::engine::{ArgValueCompleter, CompletionCandidate};
use kubevirt_scaffold_core::diagnostic::visible;
use kubevirt_scaffold_core::text::Source;

use crate::apply::{About, Record, Refusal, Transaction, effective_changes, history, interrupted};
use crate::carry_out::{committed, mention_links};
use crate::checkout::Checkout;
use crate::command_name::command;
use crate::exit::{CommandError, ExitStatus};
use crate::flags::{CheckoutFlag, ColorFlag, WriteFlags};
use crate::git::{Git, is_in_repository};
use crate::terminal::{self, Colors};
use crate::undo::Backwards;
use crate::work_tree::is_kept_by_git;

/// What the user typed.
#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(flatten)]
    checkout: CheckoutFlag,
    /// List the changes that can be undone, newest first.
    #[arg(long, conflicts_with_all = ["to", "yes", "dry_run"])]
    pub list: bool,
    /// Undo every change after this one; 0 undoes all.
    #[arg(long, value_name = "ID", add = changes())]
    pub to: Option<u64>,
    #[command(flatten)]
    write: WriteFlags,
    /// Skip files in which you changed the same lines, and undo the rest.
    #[arg(long)]
    pub keep_edited: bool,
    #[command(flatten)]
    pub(super) color: ColorFlag,
}

/// Runs the command.
pub fn run(args: &Args, command_line: &Source) -> Result<ExitStatus, CommandError> {
    let checkout = Checkout::find(args.checkout.kubevirt.as_deref());
    let root = checkout.required_root(command_line)?;
    if interrupted(root) {
        let message = format!("an earlier change of {} was not finished", root.display());
        return Err(Refusal::new("interrupted", root, message, format!("run {} first", command("recover"))).into());
    }
    let history = history(root)?;
    let effective = effective_changes(&history);
    if args.list {
        terminal::product(&list(&effective))?;
        return Ok(ExitStatus::Done);
    }
    let chosen = chosen(root, &effective, args.to)?;
    if chosen.is_empty() {
        crate::terminal::tell!("There is nothing to undo.");
        return Ok(ExitStatus::Done);
    }
    let backwards = Backwards::new(&chosen, &|path| Transaction::peek(root, path))?;
    let _ = terminal::product(&backwards.diff(Colors::new(args.color).stdout));
    terminal::say(&backwards.words(args.keep_edited));
    if !backwards.edited.is_empty() && !args.keep_edited {
        let message =
            format!("you have changed these files since, so they cannot be undone: {}", backwards.edited.join(", "));
        let help = "commit or move your changes first, or keep these files as they are with --keep-edited";
        return Err(Refusal::new("undo-conflict", root, message, help).into());
    }
    if !terminal::may_change(args.write, "Undo it?")? {
        return Ok(ExitStatus::Done);
    }
    let record = backwards.record(&chosen);
    mention_links(root, &record);
    let committed = committed_files(root, &record);
    Transaction::begin(root, None)?.apply(record)?;
    crate::terminal::tell!(
        "Undone: {}.",
        chosen.iter().map(|r| format!("`{}`", visible(&r.about.command))).collect::<Vec<_>>().join(", ")
    );
    if committed > 0 {
        let files = if committed == 1 { "1 file".to_owned() } else { format!("{committed} files") };
        terminal::say(&format!(
            "The last commit still has the change in {files}, so undoing it is an uncommitted change now; \
             to take commits back, use `git revert` or `git reset`.\n"
        ));
    }
    let had_generate = chosen.iter().any(|record| record.about.hooks.iter().any(|hook| hook == "generate"));
    if had_generate && !is_kept_by_git(root) {
        terminal::say("What `make generate` wrote is still there: run it again.\n");
    }
    Ok(ExitStatus::Done)
}

/// Of how many files the last commit has what is taken back. If git cannot tell, nothing is said of them.
fn committed_files(root: &Path, record: &Record) -> usize {
    if !is_in_repository(root) {
        return 0;
    }
    let paths: Vec<&str> = record.files.iter().map(|file| file.path.as_str()).collect();
    let Ok(Some(texts)) = committed(&Git::new(root), &paths) else { return 0 };
    let files = record.files.iter().zip(texts);
    files.filter(|(file, text)| text.is_some() && *text == file.before).count()
}

/// Completes the number of a change.
fn changes() -> ArgValueCompleter {
    ArgValueCompleter::new(|current: &OsStr| {
        let current = current.to_string_lossy().into_owned();
        let words: Vec<_> = std::env::args_os().collect();
        let named = words.iter().position(|word| word == "--kubevirt").and_then(|at| words.get(at + 1));
        let checkout = Checkout::find(named.map(Path::new));
        let history = checkout.root().and_then(|root| history(root).ok()).unwrap_or_default();
        let known = effective_changes(&history).into_iter().rev();
        let known = known.map(|record| (record.about.id.to_string(), visible(&record.about.command)));
        let known = known.chain([("0".to_owned(), "before every change".to_owned())]);
        let begun = known.filter(|(id, _)| id.starts_with(&current));
        begun.map(|(id, what)| CompletionCandidate::new(id).help(Some(what.into()))).collect()
    })
}

/// The changes to take back, newest first: those after `to`, or the last one.
fn chosen<'r>(root: &Path, effective: &[&'r Record], to: Option<u64>) -> Result<Vec<&'r Record>, Refusal> {
    let Some(to) = to else {
        let Some(last) = effective.last() else { return Ok(Vec::new()) };
        // What its steps did belongs to a change.
        let first = last.about.follows.unwrap_or(last.about.id);
        let of_it = |about: &About| about.id == first || about.follows == Some(first);
        return Ok(effective.iter().rev().copied().filter(|record| of_it(&record.about)).collect());
    };
    if to != 0 && !effective.iter().any(|record| record.about.id == to) {
        let message = format!("there is no change {to} to go back to");
        return Err(Refusal::new("undo-unknown", root, message, command("undo --list") + " shows which there are"));
    }
    Ok(effective.iter().rev().copied().filter(|record| record.about.id > to).collect())
}

fn list(effective: &[&Record]) -> String {
    if effective.is_empty() {
        return "There is nothing to undo.\n".to_owned();
    }
    let line = |record: &&Record| {
        let About { id, time, command, follows, .. } = &record.about;
        // Whatever a history says, there is no time behind the year 9999.
        let time = UNIX_EPOCH + Duration::from_secs((*time).min(LAST_SECOND));
        let time = humantime::format_rfc3339_seconds(time);
        let count = record.files.len();
        let command = visible(command);
        let after = follows.map(|change| format!(" (after {change})")).unwrap_or_default();
        let files = if count == 1 { "file " } else { "files" };
        format!("{id:>4}  {time}  {count:>3} {files}  {command}{after}\n")
    };
    effective.iter().rev().map(line).collect()
}

/// The last second that has a date of four digits.
const LAST_SECOND: u64 = 253_402_300_799;
