//! The steps that follow a scaffold.

use std::fs::File;
use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context as _, Result};
use kubevirt_scaffold::change::Hook;
use kubevirt_scaffold::diagnostic::visible;

use crate::process::{Event, Place, git};

/// How many of a log's last lines are shown when a step fails.
const LAST_LINES: usize = 20;

/// A step that failed.
#[derive(Debug)]
pub struct Failure {
    /// The command.
    pub command: String,
    /// How it ended.
    pub status: String,
    /// Where all of its output is.
    pub log: PathBuf,
    /// The end of its output.
    pub last_lines: Vec<String>,
}

/// Runs steps in order, and stops at the first that fails.
pub fn run(root: &Path, hooks: &[Hook]) -> Result<Option<Failure>> {
    let logs = log_folder(root)?;
    for hook in hooks {
        let log = logs.join(format!("{}.log", hook.name));
        if let Some(failure) = run_one(root, hook, &log)? {
            return Ok(Some(failure));
        }
    }
    Ok(None)
}

/// Inside git's own folder, so that the work tree stays clean; in the temporary folder without git.
fn log_folder(root: &Path) -> Result<PathBuf> {
    let git = git(root, &["rev-parse", "--absolute-git-dir"]).map(PathBuf::from);
    let folder = git.unwrap_or_else(std::env::temp_dir).join("kubevirt-scaffold");
    std::fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
    Ok(folder)
}

fn run_one(root: &Path, hook: &Hook, log: &Path) -> Result<Option<Failure>> {
    let mut file = File::create(log).with_context(|| format!("writing {}", log.display()))?;
    let mut progress = Progress::new(&hook.command);
    let mut last_lines: Vec<String> = Vec::new();
    let ended = Place::new(root).watch("make", &[&hook.name], |event| {
        let Event::Line(line) = event else {
            progress.show();
            return Ok(());
        };
        writeln!(file, "{line}")?;
        progress.line(line);
        if last_lines.len() == LAST_LINES {
            last_lines.remove(0);
        }
        last_lines.push(line.to_owned());
        Ok(())
    });
    let status = match ended {
        Ok(status) if status.success() => {
            progress.end("done");
            return Ok(None);
        }
        Ok(status) => status.to_string(),
        Err(error) => error.to_string(),
    };
    progress.end("failed");
    Ok(Some(Failure { command: hook.command.clone(), status, log: log.to_owned(), last_lines }))
}

/// One live line on a terminal; elsewhere a line at the start and one at the end.
#[derive(Debug)]
pub struct Progress {
    what: String,
    started: Instant,
    last: String,
    live: bool,
}

impl Progress {
    /// Starts to show progress.
    pub fn new(what: &str) -> Self {
        let live = std::io::stderr().is_terminal();
        if !live {
            eprintln!("running {what}");
        }
        let progress = Self { what: what.to_owned(), started: Instant::now(), last: String::new(), live };
        progress.show();
        progress
    }

    /// Shows the newest line of output.
    pub fn line(&mut self, line: &str) {
        self.last = visible(line.trim());
        self.show();
    }

    /// Shows the time that has passed.
    pub fn show(&self) {
        if self.live {
            let shown: String = self.last.chars().take(80).collect();
            eprint!("\r\x1b[K{} {}s {shown}", self.what, self.started.elapsed().as_secs());
            let _ = std::io::stderr().flush();
        }
    }

    /// The last word.
    pub fn end(&self, how: &str) {
        let start = if self.live { "\r\x1b[K" } else { "" };
        eprintln!("{start}{}: {how} after {:.1} s", self.what, self.started.elapsed().as_secs_f64());
    }
}
