//! Doing something again each time that the files which it depends on have changed, until Ctrl-C.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::{process, terminal};

/// How often files are looked at. Asking for some hundred of them takes a millisecond, works on every file system, and
/// needs no limit of the system's to be raised.
const PAUSE: Duration = Duration::from_millis(250);

/// When a file was written, and how long it is; nothing if it is not there.
type Stamp = Option<(SystemTime, u64)>;

/// Files that are watched.
#[derive(Debug)]
pub struct Watch {
    known: BTreeMap<PathBuf, Stamp>,
    started: SystemTime,
}

impl Default for Watch {
    fn default() -> Self {
        process::end_on_interrupt();
        // A pager would wait for somebody to leave it.
        terminal::never_page();
        Self { known: BTreeMap::new(), started: SystemTime::now() }
    }
}

impl Watch {
    /// Watches these, too. What was written since the last run began counts as changed: the run may have read what was
    /// there before.
    pub fn note(&mut self, paths: impl IntoIterator<Item = PathBuf>) {
        for path in paths {
            let now = stamp(&path);
            let is_new = now.is_some_and(|(time, _)| time > self.started);
            self.known.entry(path).or_insert(if is_new { Some((SystemTime::UNIX_EPOCH, u64::MAX)) } else { now });
        }
    }

    /// Waits until something has changed, and then until nothing changes any more: an editor writes a file in several
    /// steps, and git many files. What changed.
    pub fn wait(&mut self) -> BTreeSet<PathBuf> {
        terminal::say(&format!("Watching {} files; press Ctrl-C to stop.\n", self.known.len()));
        loop {
            std::thread::sleep(PAUSE);
            process::end_on_interrupt();
            let mut now = self.stamps();
            if now == self.known {
                continue;
            }
            loop {
                std::thread::sleep(PAUSE);
                process::end_on_interrupt();
                let later = self.stamps();
                if later == now {
                    break;
                }
                now = later;
            }
            self.started = SystemTime::now();
            let changed: BTreeSet<PathBuf> = now
                .iter()
                .filter(|(path, stamp)| self.known.get(*path) != Some(stamp))
                .map(|(path, _)| path.clone())
                .collect();
            self.known = now;
            // They may have changed and changed back.
            if !changed.is_empty() {
                return changed;
            }
        }
    }

    fn stamps(&self) -> BTreeMap<PathBuf, Stamp> {
        self.known.keys().map(|path| (path.clone(), stamp(path))).collect()
    }
}

fn stamp(path: &Path) -> Stamp {
    let found = fs::metadata(path).ok()?;
    let length = if found.is_file() { found.len() } else { 0 };
    Some((found.modified().ok()?, length))
}

/// What changed, in a line.
pub fn told(changed: &BTreeSet<PathBuf>) -> String {
    let current = std::env::current_dir().unwrap_or_default();
    let shown = |path: &PathBuf| path.strip_prefix(&current).unwrap_or(path).display().to_string();
    let first: Vec<String> = changed.iter().filter(|path| !path.is_dir()).take(3).map(shown).collect();
    let first = if first.is_empty() { changed.iter().take(3).map(shown).collect() } else { first };
    let more = changed.len() - first.len().min(changed.len());
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    format!("\nChanged: {}{more}\n", first.join(", "))
}
