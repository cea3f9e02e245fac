//! The steps that follow: the only module that runs processes of the checkout.

use std::fs::File;
use std::io::{BufRead as _, BufReader, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use kubevirt_scaffold::change::Hook;
use xshell::{Shell, cmd};

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
    let shell = Shell::new()?;
    let name = &hook.name;
    let command = cmd!(shell, "make {name}").quiet();
    let mut command = Command::from(command);
    let spawned = command.current_dir(root).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = match spawned {
        Ok(child) => child,
        Err(error) => {
            progress.end("could not be started");
            let last_lines = vec![error.to_string()];
            let failure = Failure {
                command: hook.command.clone(),
                status: "could not be started".to_owned(),
                log: log.to_owned(),
                last_lines,
            };
            return Ok(Some(failure));
        }
    };
    let (sender, lines) = mpsc::channel::<String>();
    let streams: [Option<Box<dyn std::io::Read + Send>>; 2] =
        [child.stdout.take().map(|out| Box::new(out) as _), child.stderr.take().map(|err| Box::new(err) as _)];
    for stream in streams.into_iter().flatten() {
        let sender = sender.clone();
        std::thread::spawn(move || {
            for line in BufReader::new(stream).split(b'\n').map_while(Result::ok) {
                let _ = sender.send(String::from_utf8_lossy(&line).into_owned());
            }
        });
    }
    drop(sender);
    let mut last_lines: Vec<String> = Vec::new();
    loop {
        match lines.recv_timeout(Duration::from_millis(200)) {
            Ok(line) => {
                writeln!(file, "{line}").with_context(|| format!("writing {}", log.display()))?;
                progress.line(&line);
                last_lines.push(line);
                if last_lines.len() > LAST_LINES {
                    last_lines.remove(0);
                }
            }
            Err(mpsc::RecvTimeoutError::Timeout) => progress.tick(),
            Err(mpsc::RecvTimeoutError::Disconnected) => break,
        }
    }
    let status = child.wait().with_context(|| format!("waiting for {}", hook.command))?;
    if status.success() {
        progress.end("done");
        return Ok(None);
    }
    progress.end("failed");
    Ok(Some(Failure { command: hook.command.clone(), status: status.to_string(), log: log.to_owned(), last_lines }))
}

/// One live line on a terminal; elsewhere a line at the start and one at the end.
struct Progress {
    command: String,
    started: Instant,
    last: String,
    live: bool,
}

impl Progress {
    fn new(command: &str) -> Self {
        let live = std::io::stderr().is_terminal();
        if !live {
            eprintln!("running {command}");
        }
        let mut progress = Self { command: command.to_owned(), started: Instant::now(), last: String::new(), live };
        progress.tick();
        progress
    }

    fn line(&mut self, line: &str) {
        self.last = kubevirt_scaffold::diagnostic::visible(line.trim());
        self.tick();
    }

    fn tick(&mut self) {
        if self.live {
            let shown: String = self.last.chars().take(80).collect();
            eprint!("\r\x1b[K{} {}s {shown}", self.command, self.started.elapsed().as_secs());
            let _ = std::io::stderr().flush();
        }
    }

    fn end(&mut self, how: &str) {
        let start = if self.live { "\r\x1b[K" } else { "" };
        eprintln!("{start}{}: {how} after {:.1} s", self.command, self.started.elapsed().as_secs_f64());
    }
}

/// What git says, in one line; nothing if it says nothing or is not there.
pub fn git(root: &Path, arguments: &[&str]) -> Option<String> {
    let shell = Shell::new().ok()?;
    let output = cmd!(shell, "git -C {root} {arguments...}").quiet().ignore_stderr().read().ok()?;
    (!output.is_empty()).then_some(output)
}
