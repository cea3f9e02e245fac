//! Runs generators in the copy: those that do not touch the same files side by side, and the others in order.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use kubevirt_scaffold_core::diagnostic::{Diagnostic, visible};
use kubevirt_scaffold_core::generate::{Action, Chosen, Plan, Program, ROOT, Run, SCRIPT};
use kubevirt_scaffold_core::text::{Source, Span, line_span};
use kubevirt_scaffold_core::tree::parent;

use super::scratch::{Cache, Scratch};
use super::tools::TRIMMED;
use crate::files;
use crate::process::{Event, Runner, TICK};
use crate::progress::Progress;
use crate::terminal;

/// How many of a command's last lines are shown when it fails.
const LAST_LINES: usize = 20;

/// How a command ended: what it said, and why that is a failure, if it is.
struct Ended {
    said: Vec<String>,
    failure: Option<String>,
}

/// Runs commands, and says how long each took. The error is that of the first that failed; those that run beside it come
/// to their end.
pub(super) fn run(
    scratch: &Scratch<'_>,
    cache: &Cache,
    tools: &BTreeMap<String, PathBuf>,
    goroot: &str,
    plan: &Plan,
    limit: Duration,
) -> Result<Vec<String>, Diagnostic> {
    let tree = scratch.tree();
    let earlier = (!plan.earlier.is_empty()).then(|| scratch.overlay(&plan.earlier)).transpose();
    let overlay = earlier.map_err(|error| wrong("what was there before cannot be copied", &error))?;
    let (own, building) = (Mutex::default(), Mutex::default());
    let bench = Bench { scratch, cache, tools, tree: &tree, goroot, limit, overlay, own, building };
    let chosen = plan.chosen.as_slice();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let (mut log, log_path) = scratch.log().map_err(|error| wrong("the log cannot be written", &error))?;
    let mut progress = Progress::new("generators");
    let (mut waiting, mut done): (BTreeSet<usize>, BTreeSet<usize>) = ((0..chosen.len()).collect(), BTreeSet::new());
    let mut failed: Option<(usize, Ended)> = None;
    let mut ran = Vec::new();
    std::thread::scope(|scope| {
        let (sender, ends) = mpsc::channel::<(usize, Duration, Ended)>();
        let mut running = BTreeSet::new();
        loop {
            while running.len() < threads && failed.is_none() {
                let is_ready = |at: &&usize| chosen[**at].after.iter().all(|earlier| done.contains(earlier));
                let Some(at) = waiting.iter().find(is_ready).copied() else { break };
                waiting.remove(&at);
                running.insert(at);
                let (bench, sender, next) = (&bench, sender.clone(), &chosen[at]);
                let beside = buildable(chosen, &done);
                scope.spawn(move || {
                    let started = Instant::now();
                    let ended = bench.carry_out(next, &beside);
                    let _ = sender.send((at, started.elapsed(), ended));
                });
            }
            if running.is_empty() {
                break;
            }
            let (at, took, ended) = match ends.recv_timeout(TICK) {
                Ok(end) => end,
                Err(RecvTimeoutError::Timeout) => {
                    progress.show();
                    continue;
                }
                Err(RecvTimeoutError::Disconnected) => break,
            };
            running.remove(&at);
            let name = chosen[at].name();
            let _ = writeln!(log, "== {name}\n{}", ended.said.join("\n"));
            progress.line(&name);
            if ended.failure.is_some() {
                failed.get_or_insert((at, ended));
            } else {
                done.insert(at);
                if !chosen[at].is_generator() {
                    continue;
                }
                ran.push(format!("{name}: {:.1} s", took.as_secs_f64()));
            }
        }
    });
    progress.end(if failed.is_some() { "failed" } else { "done" });
    match failed {
        None => Ok(ran),
        Some((at, ended)) => Err(bench.failure(&chosen[at], &ended, &log_path)),
    }
}

/// The checkout's own programs whose code nothing that is still to come may write.
fn buildable(chosen: &[Chosen], done: &BTreeSet<usize>) -> BTreeSet<String> {
    let ready = chosen.iter().filter(|next| next.code_from.iter().all(|earlier| done.contains(earlier)));
    let program = |next: &Chosen| match &next.step.action {
        Action::Run(Run { program: Program::Own(package), .. }) => Some(package.clone()),
        _ => None,
    };
    ready.filter_map(program).collect()
}

/// An error of the system's.
fn wrong(what: &str, error: &io::Error) -> Diagnostic {
    let help = "nothing was written to the checkout; when that is fixed, run the command again";
    Diagnostic::error("generate-copy", format!("{what}: {error}")).help(help)
}

/// What the commands are run with.
struct Bench<'a> {
    scratch: &'a Scratch<'a>,
    cache: &'a Cache,
    tools: &'a BTreeMap<String, PathBuf>,
    tree: &'a Path,
    goroot: &'a str,
    /// How long one command may take.
    limit: Duration,
    /// Tells Go what the checkout's own programs need not see of the change.
    overlay: Option<PathBuf>,
    /// The checkout's own programs: each is built once, by whoever needs it first.
    own: Mutex<BTreeMap<String, Arc<OnceLock<Option<String>>>>>,
    /// Those that were built with others. One command builds at a time: two would compile the packages that they share
    /// twice.
    building: Mutex<BTreeSet<String>>,
}

impl Bench<'_> {
    /// Carries out a command; `beside` are the programs that can be built now.
    fn carry_out(&self, chosen: &Chosen, beside: &BTreeSet<String>) -> Ended {
        let mut said = Vec::new();
        let ended = match &chosen.step.action {
            Action::Run(run) => self.program(chosen, run, beside, &mut said),
            Action::GoGenerate => {
                let folders: Vec<String> = chosen.folders.iter().map(|folder| format!("./{folder}")).collect();
                let arguments: Vec<&str> = ["generate"].into_iter().chain(folders.iter().map(String::as_str)).collect();
                let folder = self.tree.join(&chosen.step.folder);
                self.watched(&self.runner(&folder, &[]), "go", &arguments, &mut said)
            }
            Action::Same(one, other) => self.scratch.is_same(one, other).map(|same| {
                let differ = || format!("{one} differs from {other}: the API's rules are broken in a new place");
                (!same).then(differ)
            }),
            Action::DropHead(lines) => self.scratch.drop_head(&chosen.step.folder, *lines).map(|()| None),
            Action::Clear(folder, ends) => self.scratch.clear(folder, ends).map(|()| None),
            Action::RemoveFolder(folder) => self.scratch.remove_folder(folder).map(|()| None),
            Action::Rename(from, to) => self.scratch.rename(from, to).map(|()| None),
            Action::Replace { path, from, to } => self.scratch.replace(path, from, to).map(|()| None),
        };
        let failure = ended.unwrap_or_else(|error| Some(error.to_string()));
        Ended { said, failure }
    }

    /// Runs a generator. The inner value says why it failed.
    fn program(
        &self,
        chosen: &Chosen,
        run: &Run,
        beside: &BTreeSet<String>,
        said: &mut Vec<String>,
    ) -> io::Result<Option<String>> {
        let folder = self.tree.join(&chosen.step.folder);
        let program = match &run.program {
            Program::Go => "go".to_owned(),
            Program::Pinned(name) => {
                let path = self.tools.get(name).ok_or_else(|| io::Error::other(format!("{name} was not built")))?;
                path.display().to_string()
            }
            Program::Own(package) => {
                if let Some(why) = self.build(package, beside, said) {
                    return Ok(Some(why));
                }
                self.scratch.own(package).display().to_string()
            }
        };
        let root = self.tree.display().to_string();
        // What is vendored need not be downloaded, and is the same.
        let is_vendored = self.tree.join("vendor/modules.txt").is_file();
        let arguments = run.arguments.iter().filter(|word| !(is_vendored && *word == "-mod=readonly"));
        let arguments: Vec<String> = arguments.map(|word| word.replace(ROOT, &root)).collect();
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let runner = self.runner(&folder, &run.variables);
        let failure = match &run.output {
            None => self.watched(&runner, &program, &arguments, said)?,
            Some(path) => {
                let output = runner.capture(&program, &arguments, self.limit)?;
                said.extend(String::from_utf8_lossy(&output.stderr).lines().map(str::to_owned));
                if output.status.success() {
                    self.scratch.write(path, &output.stdout)?;
                }
                (!output.status.success()).then(|| output.status.to_string())
            }
        };
        Ok(failure.filter(|_| !run.may_fail))
    }

    fn runner<'f>(&self, folder: &'f Path, variables: &[(String, String)]) -> Runner<'f> {
        let bins = self.tools.values().filter_map(|path| path.parent().map(Path::to_path_buf));
        let path = std::env::var_os("PATH").unwrap_or_default();
        let go = [Path::new(self.goroot).join("bin")];
        let path = std::env::join_paths(bins.chain(go).chain(std::env::split_paths(&path))).unwrap_or(path);
        let mut runner = Runner::new(folder)
            .with("PATH", path)
            .with("GOPATH", self.cache.modules())
            .with("KUBEVIRT_DIR", self.tree)
            // A program that was built with trimmed paths does not know where Go's own packages are.
            .with("GOROOT", self.goroot)
            .with("GOTOOLCHAIN", "local")
            .without("GOBIN")
            .without("GOWORK")
            .without("GO111MODULE");
        if std::env::var_os("GOGC").is_none() {
            // They end soon: collecting their garbage costs a third of their time.
            runner = runner.with("GOGC", "400");
        }
        let flags = variables.iter().find(|(name, _)| name == "GOFLAGS");
        runner = match flags {
            // The script takes the vendored code away from it, so it may download.
            Some((_, flags)) => runner.with("GOFLAGS", format!("{flags} {TRIMMED}")),
            None => runner.with("GOFLAGS", format!("-mod=vendor {TRIMMED}")).with("GOPROXY", "off"),
        };
        for (name, value) in variables.iter().filter(|(name, _)| name != "GOFLAGS") {
            runner = runner.with(name.clone(), value);
        }
        runner
    }

    /// Runs a program to its end, or kills it when its time is over.
    fn watched(
        &self,
        runner: &Runner<'_>,
        program: &str,
        arguments: &[&str],
        said: &mut Vec<String>,
    ) -> io::Result<Option<String>> {
        let started = Instant::now();
        let ended = runner.watch(program, arguments, |event| {
            if let Event::Line(line) = event {
                said.push(line.to_owned());
            }
            if started.elapsed() > self.limit {
                let why = format!("it did not end within {} s", self.limit.as_secs());
                return Err(io::Error::new(io::ErrorKind::TimedOut, why));
            }
            Ok(())
        })?;
        let interrupted = ended.interrupted.then(|| "it was interrupted".to_owned());
        Ok(interrupted.or_else(|| (!ended.status.success()).then(|| ended.status.to_string())))
    }

    /// Builds a program of the checkout's own, and those beside it that lie in the same folder. The text says why it
    /// cannot be built.
    fn build(&self, package: &str, beside: &BTreeSet<String>, said: &mut Vec<String>) -> Option<String> {
        let cell = {
            let mut own = self.own.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(own.entry(package.to_owned()).or_default())
        };
        cell.get_or_init(|| {
            let mut built = self.building.lock().unwrap_or_else(PoisonError::into_inner);
            let runner = self.runner(self.tree, &[]);
            let overlay = self.overlay.as_ref().map(|place| format!("-overlay={}", place.display()));
            // Nobody debugs it, and what a debugger needs is most of a linker's work.
            let build = |overlay: Option<&str>, place: &str, packages: &[&str], said: &mut Vec<String>| {
                let packages: Vec<String> = packages.iter().map(|package| format!("./{package}")).collect();
                let head = ["build", "-ldflags=-s -w", "-o", place].into_iter().chain(overlay);
                let words: Vec<&str> = head.chain(packages.iter().map(String::as_str)).collect();
                self.watched(&runner, "go", &words, said).unwrap_or_else(|error| Some(error.to_string()))
            };
            let neighbours = beside.iter().filter(|other| parent(other) == parent(package) && !built.contains(*other));
            let all: Vec<&str> = neighbours.map(String::as_str).collect();
            if all.len() > 1 && all.contains(&package) {
                let folder = format!("{}/", self.scratch.own(parent(package)).display());
                // A failure is told by those that are built alone.
                if build(overlay.as_deref(), &folder, &all, &mut Vec::new()).is_none() {
                    built.extend(all.into_iter().map(str::to_owned));
                }
            }
            if built.contains(package) {
                return None;
            }
            let place = self.scratch.own(package).display().to_string();
            // What does not go together with the earlier files is built as it stands, and says itself what is wrong.
            let failure =
                overlay.and_then(|overlay| build(Some(&overlay), &place, &[package], said).is_none().then_some(None));
            let failure = failure.unwrap_or_else(|| build(None, &place, &[package], said));
            failure.map(|how| format!("`go build ./{package}` failed ({how})"))
        })
        .clone()
    }

    /// The failure of a command, with the place in the checkout that it names and its last lines.
    fn failure(&self, chosen: &Chosen, ended: &Ended, log: &Path) -> Diagnostic {
        let root = format!("{}/", self.tree.display());
        let lines: Vec<String> = ended.said.iter().map(|line| line.replace(&root, "")).collect();
        let last: String = lines
            .iter()
            .rev()
            .take(LAST_LINES)
            .rev()
            .flat_map(|l| ["  ".to_owned(), visible(l), "\n".to_owned()])
            .collect();
        let log = format!("The whole output is in {}.\n", log.display());
        terminal::say(&(last + &log));
        let why = ended.failure.as_deref().unwrap_or_default();
        let first = lines.iter().find_map(|line| self.place(line, &chosen.step.folder));
        let said = first.as_ref().map(|(_, _, rest)| format!(": {rest}")).unwrap_or_default();
        let message = format!("`{}` failed ({why}){said}", chosen.name());
        let help = "nothing was written; fix that and run the command again";
        let diagnostic = Diagnostic::error("generate-failed", message).help(help);
        if let Some((source, span, _)) = first {
            return diagnostic.at(&source, span);
        }
        let script = self.read(SCRIPT);
        let span = line_span(script.text(), chosen.step.line);
        diagnostic.at(&script, span)
    }

    /// The place that a line begins with, `path.go:3:4: message`, and the message.
    fn place(&self, line: &str, folder: &str) -> Option<(Source, Span, String)> {
        let at = line.find(".go:")?;
        let start = line[..at].rfind(|c: char| c.is_whitespace() || c == '"').map_or(0, |at| at + 1);
        let path = kubevirt_scaffold_core::generate::repo_path(folder, &line[start..at + 3])?;
        let mut parts = line[at + 4..].splitn(3, ':');
        let number: usize = parts.next()?.parse().ok()?;
        let column: Option<usize> = parts.next().and_then(|column| column.parse().ok());
        let rest = parts.next().unwrap_or_default().trim().trim_end_matches('"').to_owned();
        let candidates = [path.clone(), path.strip_prefix(&format!("{folder}/")).unwrap_or(&path).to_owned()];
        let source = candidates.iter().map(|path| self.read(path)).find(|source| !source.text().is_empty())?;
        let whole = line_span(source.text(), number);
        let start = (whole.start + column.unwrap_or(1).saturating_sub(1)).min(whole.end);
        let is_boundary = source.text().is_char_boundary(start);
        Some((source, if is_boundary { Span::new(start, whole.end) } else { whole }, rest))
    }

    fn read(&self, path: &str) -> Source {
        let text = files::read(&self.tree.join(path), 4 << 20).unwrap_or_default();
        Source::new(path, String::from_utf8_lossy(&text).into_owned())
    }
}
