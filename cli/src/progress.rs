//! How long a piece of work takes, told while it runs.

use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Instant;

use kubevirt_scaffold_core::diagnostic::visible;

use crate::process;
use crate::terminal::{is_live, say, shortened, width, write};

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
        let live = is_live();
        if !live {
            say(&format!("running {what}\n"));
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
            let line = format!("{} {}s {}", self.label(), self.started.elapsed().as_secs(), self.last);
            // A line that wraps is not taken back by the next one.
            write(&format!("\r\x1b[K{}", shortened(&line, width().saturating_sub(1))));
        }
    }

    /// The last word.
    pub fn end(&self, how: &str) {
        let start = if self.live { "\r\x1b[K" } else { "" };
        let (what, how) = (self.label(), visible(how));
        write(&format!("{start}{what}: {how} after {:.1} s\n", self.started.elapsed().as_secs_f64()));
    }

    /// What is done, in so many words that there is room for the time beside it.
    fn label(&self) -> String {
        shortened(&self.what, if self.live { 50.min(width() / 2) } else { 50 })
    }
}

/// Shows how long a piece of work takes, while it takes it.
pub fn timed<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let progress = Progress::new(what);
    let (done, waiting) = mpsc::channel::<()>();
    let result = std::thread::scope(|scope| {
        let progress = &progress;
        scope.spawn(move || {
            while waiting.recv_timeout(process::TICK) == Err(RecvTimeoutError::Timeout) {
                progress.show();
            }
        });
        let result = work();
        drop(done);
        result
    });
    progress.end("done");
    result
}
