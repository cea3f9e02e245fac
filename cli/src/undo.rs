//! `cargo xtask undo` and `cargo xtask recover`

use std::collections::BTreeMap;
use std::path::Path;

use kubevirt_scaffold_core::merge::three_way;
use kubevirt_scaffold_core::preview::{Color, diff_texts};

use crate::apply::{About, FileEdit, Record, Refusal, Transaction, history, interrupted, standing};
use crate::checkout::Checkout;
use crate::earlier::now;
use crate::flags;
use crate::report::{self, Colors};
use crate::scaffold::End;
use crate::write::settle;

/// Runs `undo`.
pub fn run(args: &flags::Undo) -> anyhow::Result<End> {
    let colors = Colors::new(args.color);
    let checkout = Checkout::find(args.kubevirt.as_deref());
    Ok(told(checkout.root().map_or_else(|| Err(nowhere()), |root| undo(root, args, colors)), colors))
}

/// Runs `recover`.
pub fn recover(args: &flags::Recover) -> anyhow::Result<End> {
    let colors = Colors::new(args.color);
    let checkout = Checkout::find(args.kubevirt.as_deref());
    Ok(told(checkout.root().map_or_else(|| Err(nowhere()), |root| settle_interrupted(root, args.finish)), colors))
}

fn told(end: Result<End, Refusal>, colors: Colors) -> End {
    end.unwrap_or_else(|refusal| {
        report::diagnostics([&*refusal], colors.stderr);
        End::Refused
    })
}

fn settle_interrupted(root: &Path, finish: bool) -> Result<End, Refusal> {
    if !interrupted(root) {
        eprintln!("Nothing was interrupted.");
        return Ok(End::Done);
    }
    let transaction = Transaction::begin(root, None)?;
    if let Some(record) = transaction.pending()? {
        settle(&transaction, &record, finish)?;
    }
    Ok(End::Done)
}

fn undo(root: &Path, args: &flags::Undo, colors: Colors) -> Result<End, Refusal> {
    if interrupted(root) {
        let message = format!("an earlier change of {} was not finished", root.display());
        return Err(Refusal::new("interrupted", root, message, "run `cargo xtask recover` first"));
    }
    let history = history(root)?;
    let standing = standing(&history);
    if args.list {
        list(&standing);
        return Ok(End::Done);
    }
    let chosen: Vec<&Record> = match args.to {
        Some(to) if to != 0 && !standing.iter().any(|record| record.about.id == to) => {
            let message = format!("there is no change {to} to go back to");
            return Err(Refusal::new("undo-unknown", root, message, "`cargo xtask undo --list` shows which there are"));
        }
        Some(to) => standing.iter().rev().copied().filter(|record| record.about.id > to).collect(),
        None => standing.last().copied().into_iter().collect(),
    };
    if chosen.is_empty() {
        eprintln!("There is nothing to take back.");
        return Ok(End::Done);
    }
    let current = |path: &str| Transaction::peek(root, path);
    let backwards = Backwards::new(&chosen, &current)?;
    let _ = report::product(&backwards.diff(colors.stdout));
    report::say(&backwards.words());
    if !backwards.edited.is_empty() && !args.keep_edited {
        let message = format!("changed by you since, so that it cannot be taken back: {}", backwards.edited.join(", "));
        let help = "commit or move your changes first, or keep these files as they are with --keep-edited";
        return Err(Refusal::new("undo-conflict", root, message, help));
    }
    if args.dry_run || !args.yes && !report::is_interactive() {
        eprintln!("Nothing was written; pass --yes to write it.");
        return Ok(End::Done);
    }
    if !args.yes && !report::confirm("Take it back?").unwrap_or(false) {
        eprintln!("Nothing was written.");
        return Ok(End::Done);
    }
    let steps: Vec<&str> = chosen.iter().flat_map(|record| record.about.hooks.iter().map(String::as_str)).collect();
    let transaction = Transaction::begin(root, None)?;
    transaction.apply(backwards.record(&chosen))?;
    eprintln!("Took back: {}.", chosen.iter().map(|r| format!("`{}`", r.about.command)).collect::<Vec<_>>().join(", "));
    if steps.contains(&"generate") {
        eprintln!("What `make generate` wrote is still there: run it again.");
    }
    Ok(End::Done)
}

fn list(standing: &[&Record]) {
    if standing.is_empty() {
        println!("There is nothing to take back.");
    }
    for record in standing.iter().rev() {
        let About { id, time, command, .. } = &record.about;
        let time = humantime::format_rfc3339_seconds(std::time::UNIX_EPOCH + std::time::Duration::from_secs(*time));
        let count = record.files.len();
        let command = kubevirt_scaffold_core::diagnostic::visible(command);
        println!("{id:>4}  {time}  {count:>3} {}  {command}", if count == 1 { "file " } else { "files" });
    }
}

/// What a file holds now, by its path.
type Current<'a> = &'a dyn Fn(&str) -> Result<Option<Vec<u8>>, Refusal>;

/// Changes taken back, newest first.
pub struct Backwards {
    files: BTreeMap<String, Step>,
    emptied: Vec<String>,
    merged: Vec<String>,
    /// Files that were changed since, in the same lines, or that would be lost.
    pub edited: Vec<String>,
}

/// A file on its way back.
struct Step {
    now: Option<Vec<u8>>,
    then: Option<Vec<u8>>,
}

impl Backwards {
    /// Takes changes back, newest first, from what files hold now.
    pub fn new(chosen: &[&Record], current: Current<'_>) -> Result<Self, Refusal> {
        let mut back = Self { files: BTreeMap::new(), emptied: Vec::new(), merged: Vec::new(), edited: Vec::new() };
        for record in chosen {
            for file in &record.files {
                if !back.files.contains_key(&file.path) {
                    let now = current(&file.path)?;
                    back.files.insert(file.path.clone(), Step { then: now.clone(), now });
                }
                back.file(file);
            }
            let folders = record.folders.iter().rev().filter(|folder| !back.emptied.contains(folder));
            let folders: Vec<String> = folders.cloned().collect();
            back.emptied.extend(folders);
        }
        back.files.retain(|_, step| step.now != step.then);
        back.emptied.sort_by_key(|folder| std::cmp::Reverse(folder.matches('/').count()));
        Ok(back)
    }

    fn file(&mut self, file: &FileEdit) {
        let Some(step) = self.files.get_mut(&file.path) else { return };
        if step.then == file.after {
            step.then.clone_from(&file.before);
            return;
        }
        // It is as before already, or taken away by the user: there is nothing to take back.
        if step.then == file.before || step.then.is_none() {
            return;
        }
        let texts =
            [&file.after, &step.then, &file.before].map(|text| text.as_deref().and_then(|t| str::from_utf8(t).ok()));
        let [Some(after), Some(now), Some(before)] = texts else { return self.edited.push(file.path.clone()) };
        let merged = three_way(after, (now, "yours"), (before, "before"));
        if merged.conflicts > 0 {
            return self.edited.push(file.path.clone());
        }
        step.then = Some(merged.text.into_bytes());
        self.merged.push(file.path.clone());
    }

    fn diff(&self, color: Color) -> String {
        let mut text = String::new();
        for (path, step) in &self.files {
            let [now, then] = [&step.now, &step.then].map(|text| text.as_deref().map(String::from_utf8_lossy));
            let diff = diff_texts(path, now.as_deref(), then.as_deref().unwrap_or_default(), color);
            text.push_str(&match then {
                Some(_) => diff,
                // A file that goes away, in git's words.
                None => diff
                    .replacen(&format!("--- a/{path}"), &format!("deleted file mode 100644\n--- a/{path}"), 1)
                    .replacen(&format!("+++ b/{path}"), "+++ /dev/null", 1),
            });
        }
        text
    }

    fn words(&self) -> String {
        let list = |what: &str, files: &[String]| match files {
            [] => String::new(),
            files => format!("{what}: {}\n", files.join(", ")),
        };
        list("Changed by you since, and brought together with that", &self.merged)
            + &list("Changed by you since, and left as it is", &self.edited)
    }

    /// It as a change to be made.
    pub fn record(self, chosen: &[&Record]) -> Record {
        let commands: Vec<&str> = chosen.iter().map(|record| record.about.command.as_str()).collect();
        let about = About {
            time: now(),
            command: format!("undo: {}", commands.join("; ")),
            undoes: chosen.iter().map(|record| record.about.id).collect(),
            ..About::default()
        };
        let files = self.files.into_iter();
        let files = files.map(|(path, Step { now, then })| FileEdit { path, mode: None, before: now, after: then });
        Record { about, emptied: self.emptied, files: files.collect(), ..Record::default() }
    }
}

fn nowhere() -> Refusal {
    let message = "there is no KubeVirt checkout here".to_owned();
    Refusal::new("not-kubevirt", Path::new("."), message, "name one with --kubevirt DIR or $KUBEVIRT_DIR")
}
