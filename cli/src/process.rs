//! The only module that starts processes.

use std::borrow::Cow;
use std::ffi::OsString;
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Output, Stdio};
use std::sync::Once;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use xshell::{Cmd, Shell, cmd};

/// How long to wait for output before reporting that a process is still running.
pub const TICK: Duration = Duration::from_millis(200);

/// How long the output of a process that has ended is waited for.
const LEFT_OPEN: Duration = Duration::from_secs(2);

/// What a process does while it runs.
#[derive(Debug)]
pub enum Event<'a> {
    /// It wrote a line, to stdout or stderr.
    Line(&'a str),
    /// It wrote nothing for [`TICK`].
    Tick,
}

/// Runs programs in a folder.
#[derive(Clone, Debug)]
pub struct Runner<'a> {
    /// The folder.
    pub folder: &'a Path,
    /// Variables that are added to our environment.
    env: Vec<(Cow<'static, str>, OsString)>,
    /// Variables of our environment that it does not get.
    unset: Vec<&'static str>,
}

impl<'a> Runner<'a> {
    /// A folder, with our own environment.
    pub fn new(folder: &'a Path) -> Self {
        Self { folder, env: Vec::new(), unset: Vec::new() }
    }

    /// With one more variable.
    #[must_use]
    pub fn with(mut self, name: impl Into<Cow<'static, str>>, value: impl Into<OsString>) -> Self {
        self.env.push((name.into(), value.into()));
        self
    }

    /// Without a variable of our environment.
    #[must_use]
    pub fn without(mut self, name: &'static str) -> Self {
        self.unset.push(name);
        self
    }

    /// A shell in the folder, with the variables. This process keeps its own folder and environment.
    fn shell(&self) -> xshell::Result<Shell> {
        let shell = Shell::new()?;
        shell.change_dir(self.folder);
        for (name, value) in &self.env {
            shell.set_var(&**name, value);
        }
        Ok(shell)
    }

    fn command<'s>(&self, shell: &'s Shell, program: &str, arguments: &[&str]) -> Cmd<'s> {
        let unset = self.unset.iter().filter(|name| self.env.iter().all(|(set, _)| set != *name));
        unset.fold(cmd!(shell, "{program} {arguments...}"), Cmd::env_remove)
    }

    /// Runs a program and collects its output. An error means that it could not be started; its exit status is
    /// not checked.
    pub fn run(&self, program: &str, arguments: &[&str]) -> xshell::Result<Output> {
        let shell = self.shell()?;
        self.command(&shell, program, arguments).quiet().ignore_status().output()
    }

    /// Like [`Self::run`], with a text on stdin. It is an error if it takes longer than `limit`, and then it is killed.
    pub fn ask(&self, program: &str, arguments: &[&str], stdin: &str, limit: Duration) -> io::Result<Output> {
        self.collect(program, arguments, stdin, limit, || false)
    }

    /// Like [`Self::ask`] without a text, and Ctrl-C ends it.
    pub fn capture(&self, program: &str, arguments: &[&str], limit: Duration) -> io::Result<Output> {
        let seen = interrupts();
        self.collect(program, arguments, "", limit, || interrupts() > seen)
    }

    fn collect(
        &self,
        program: &str,
        arguments: &[&str],
        stdin: &str,
        limit: Duration,
        is_stopped: impl Fn() -> bool,
    ) -> io::Result<Output> {
        let shell = self.shell().map_err(io::Error::other)?;
        let mut command = Command::from(self.command(&shell, program, arguments));
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        let (input, text) = (child.stdin.take(), stdin.to_owned());
        // What it does not read of that it does not need.
        std::thread::spawn(move || input.map(|mut input| input.write_all(text.as_bytes())));
        let (stdout, stderr) = (collected(child.stdout.take()), collected(child.stderr.take()));
        let until = Instant::now() + limit;
        let mut take = |from: &Receiver<Vec<u8>>| loop {
            let left = until.saturating_duration_since(Instant::now());
            let (kind, why) = match from.recv_timeout(left.min(TICK)) {
                Ok(bytes) => return Ok(bytes),
                Err(_) if is_stopped() => (io::ErrorKind::Interrupted, "it was interrupted".to_owned()),
                Err(RecvTimeoutError::Timeout) if !left.is_zero() => continue,
                Err(_) => (io::ErrorKind::TimedOut, format!("it does not answer within {} s", limit.as_secs())),
            };
            signal(&mut child, Signal::Kill);
            let _ = child.wait();
            return Err(io::Error::new(kind, why));
        };
        let (stdout, stderr) = (take(&stdout)?, take(&stderr)?);
        Ok(Output { status: child.wait()?, stdout, stderr })
    }

    /// Like [`Self::run`], but drops the output.
    pub fn run_silently(&self, program: &str, arguments: &[&str]) -> xshell::Result<ExitStatus> {
        let shell = self.shell()?;
        let command = self.command(&shell, program, arguments).quiet().ignore_status();
        Ok(command.ignore_stdout().ignore_stderr().output()?.status)
    }

    /// Starts a program that is talked to over its stdin and stdout.
    pub fn talk(&self, program: &str, arguments: &[&str]) -> io::Result<Talk> {
        let shell = self.shell().map_err(io::Error::other)?;
        let mut command = Command::from(self.command(&shell, program, arguments));
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let pipes = child.stdin.take().zip(child.stdout.take());
        let (input, output) = pipes.ok_or_else(|| io::Error::other("it has no pipes"))?;
        Ok(Talk { input, output: BufReader::new(output), child })
    }

    /// Runs a program in a process group of its own and reports each line and each pause to `tell`. An error of
    /// `tell` kills the group; Ctrl-C ends it.
    pub fn watch(
        &self,
        program: &str,
        arguments: &[&str],
        mut tell: impl FnMut(Event<'_>) -> io::Result<()>,
    ) -> io::Result<Ended> {
        // One pipe for both streams: two would be read in an order that nobody wrote.
        let (reader, writer) = io::pipe()?;
        let shell = self.shell().map_err(io::Error::other)?;
        // What xshell starts has two pipes, and lives in our group.
        let mut command = Command::from(self.command(&shell, program, arguments));
        command.stdin(Stdio::null()).stdout(writer.try_clone()?).stderr(writer);
        // A group of its own: an interrupt reaches us first, and we pass it on to all of it.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let seen = interrupts();
        let mut child = command.spawn()?;
        // It holds the ends of the pipe that must be closed for the reader to come to an end.
        drop(command);
        let (sender, lines) = mpsc::channel::<String>();
        std::thread::spawn(move || {
            for line in BufReader::new(reader).split(b'\n').map_while(Result::ok) {
                if sender.send(String::from_utf8_lossy(&line).into_owned()).is_err() {
                    break;
                }
            }
        });
        let mut stopping: Option<Stopping> = None;
        let mut ended: Option<Instant> = None;
        loop {
            let is_over = ended.is_some_and(|at| at.elapsed() > LEFT_OPEN)
                && stopping.as_ref().is_none_or(|stopping| stopping.sent == Some(Signal::Kill));
            let told = match lines.recv_timeout(TICK) {
                Ok(line) => tell(Event::Line(&line)),
                // What it leaves running holds the pipe open for as long as it likes.
                Err(RecvTimeoutError::Timeout) if is_over => break,
                Err(RecvTimeoutError::Timeout) => tell(Event::Tick),
                Err(RecvTimeoutError::Disconnected) => break,
            };
            if ended.is_none() && child.try_wait()?.is_some() {
                ended = Some(Instant::now());
            }
            if let Err(error) = told {
                signal(&mut child, Signal::Kill);
                return Err(error);
            }
            if interrupts() > seen {
                stopping.get_or_insert_with(Stopping::default).go_on(&mut child, interrupts() > seen + 1);
            }
        }
        let status = child.wait()?;
        Ok(Ended { status, interrupted: stopping.is_some() })
    }
}

/// Everything that comes out of a pipe, once it is closed.
fn collected(pipe: Option<impl io::Read + Send + 'static>) -> Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = pipe {
            let _ = pipe.read_to_end(&mut bytes);
        }
        let _ = sender.send(bytes);
    });
    receiver
}

/// A program that is talked to. It ends with this.
#[derive(Debug)]
pub struct Talk {
    /// What it reads.
    pub input: ChildStdin,
    /// What it says.
    pub output: BufReader<ChildStdout>,
    child: Child,
}

impl Drop for Talk {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// How a watched process ended.
#[derive(Clone, Copy, Debug)]
pub struct Ended {
    /// Its exit status.
    pub status: ExitStatus,
    /// Whether the user pressed Ctrl-C while it ran.
    pub interrupted: bool,
}

static INTERRUPTS: AtomicUsize = AtomicUsize::new(0);
/// How many pagers are open: Ctrl-C is theirs.
static PAGERS: AtomicUsize = AtomicUsize::new(0);
/// Whether a process has been watched. From then on, Ctrl-C does not end this process.
static WATCHES: AtomicBool = AtomicBool::new(false);

/// How often the user has pressed Ctrl-C since the first process was watched.
fn interrupts() -> usize {
    WATCHES.store(true, Ordering::SeqCst);
    listen();
    INTERRUPTS.load(Ordering::Relaxed)
}

/// Makes Ctrl-C mean what it means to what is running.
fn listen() {
    static HANDLER: Once = Once::new();
    HANDLER.call_once(|| {
        // Without the handler Ctrl-C ends us as ever, and the child with the terminal.
        let _ = ctrlc::set_handler(|| {
            if WATCHES.load(Ordering::SeqCst) {
                INTERRUPTS.fetch_add(1, Ordering::Relaxed);
            } else if PAGERS.load(Ordering::SeqCst) == 0 {
                std::process::exit(INTERRUPTED);
            }
        });
    });
}

/// From now on Ctrl-C ends this process with the code that shells give to that, whatever it waits for.
pub fn end_on_interrupt() {
    listen();
    if INTERRUPTS.load(Ordering::Relaxed) > 0 {
        std::process::exit(INTERRUPTED);
    }
}

/// The exit code of a program that Ctrl-C ends, as shells give it.
const INTERRUPTED: i32 = 130;

/// Ways to end a process.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Signal {
    Interrupt,
    Terminate,
    Kill,
}

/// A process that has to end: interrupted first, terminated after two seconds, killed after five.
#[derive(Default)]
struct Stopping {
    since: Option<Instant>,
    sent: Option<Signal>,
}

impl Stopping {
    fn go_on(&mut self, child: &mut Child, at_once: bool) {
        let waited = self.since.get_or_insert_with(Instant::now).elapsed().as_secs();
        let next = match waited {
            _ if at_once => Signal::Kill,
            0..2 => Signal::Interrupt,
            2..5 => Signal::Terminate,
            _ => Signal::Kill,
        };
        if self.sent < Some(next) {
            signal(child, next);
            self.sent = Some(next);
        }
    }
}

/// Signals a process and everything that it started.
fn signal(child: &mut Child, how: Signal) {
    #[cfg(unix)]
    if let Ok(id) = i32::try_from(child.id()) {
        use nix::sys::signal::{Signal as Number, killpg};
        let number = match how {
            Signal::Interrupt => Number::SIGINT,
            Signal::Terminate => Number::SIGTERM,
            Signal::Kill => Number::SIGKILL,
        };
        let _ = killpg(nix::unistd::Pid::from_raw(id), number);
    }
    #[cfg(not(unix))]
    let _ = (how, child.kill());
}

/// From now on a write beyond the limit on the size of files fails, and does not end this process.
pub fn survive_limits() {
    #[cfg(unix)]
    {
        use nix::sys::signal::{SigSet, Signal as Number};
        // What is started gets an empty mask.
        let _ = SigSet::from_iter([Number::SIGXFSZ]).thread_block();
    }
}

/// Whether a program is on PATH.
pub fn is_on_path(program: &str) -> bool {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let names = [program.to_owned(), format!("{program}{}", std::env::consts::EXE_SUFFIX)];
    std::env::split_paths(&folders).any(|folder| names.iter().any(|name| folder.join(name).is_file()))
}

/// Opens a file in the user's browser, and does not wait for it.
pub fn open(path: &Path) -> io::Result<()> {
    let browser = std::env::var("BROWSER").ok().filter(|browser| is_on_path(browser) || Path::new(browser).is_file());
    let usual = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let mut command = Command::new(browser.as_deref().unwrap_or(usual));
    command.arg(path).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().map(drop)
}

/// Shows a text in `$PAGER`, or in less with the options that git gives it.
pub fn page(text: &str) -> io::Result<()> {
    let pager =
        std::env::var("PAGER").ok().filter(|pager| !pager.trim().is_empty()).unwrap_or_else(|| "less".to_owned());
    let mut words = pager.split_whitespace();
    let program = words.next().unwrap_or("less");
    // Not by xshell: for that, a pager that is left before its end is an error.
    listen();
    PAGERS.fetch_add(1, Ordering::SeqCst);
    let shown = shown_in(program, words, text);
    // The handler has a thread of its own: what was pressed last in the pager may reach it only now.
    std::thread::sleep(Duration::from_millis(50));
    PAGERS.fetch_sub(1, Ordering::SeqCst);
    shown
}

fn shown_in<'w>(program: &str, words: impl Iterator<Item = &'w str>, text: &str) -> io::Result<()> {
    let mut child = Command::new(program)
        .args(words)
        .env("LESS", std::env::var_os("LESS").unwrap_or_else(|| "FRX".into()))
        .stdin(Stdio::piped())
        .spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        // Leaving the pager early closes the pipe.
        let _ = stdin.write_all(text.as_bytes());
    }
    child.wait().map(|_| ())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn what_a_process_leaves_running_is_not_waited_for() {
        let started = Instant::now();
        let mut lines = Vec::new();
        let script = "sleep 60 & echo $!; echo done";
        let ended = Runner::new(Path::new("/")).watch("sh", &["-c", script], |event| {
            if let Event::Line(line) = event {
                lines.push(line.to_owned());
            }
            Ok(())
        });
        let _ = Runner::new(Path::new("/")).run("kill", &[&lines[0]]);
        assert!(ended.is_ok_and(|ended| ended.status.success()));
        assert_eq!(lines[1..], ["done"]);
        assert!(started.elapsed() < Duration::from_secs(30), "{:?}", started.elapsed());
    }
}
