//! The steps that follow a scaffold.

use std::env;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result};
use kubevirt_scaffold_core::diagnostic::visible;
use kubevirt_scaffold_core::generate::GENERATORS;
use kubevirt_scaffold_core::pipeline::{Color, Hook};

use crate::apply::{About, FileEdit, Record, Transaction};
use crate::baseline::now;
use crate::command_name;
use crate::disk::DiskTree;
use crate::generate;
use crate::git::is_in_repository;
use crate::go::package;
use crate::process::{Event, Runner, is_on_path};
use crate::progress::Progress;
use crate::terminal;
use crate::work_tree::{Changes, WorkTree};

/// How many of a log's last lines are shown when a step fails.
const LAST_LINES: usize = 20;
/// How many files that a step changed are shown.
const FILES: usize = 20;

/// What KubeVirt's scripts call besides the generators when they run outside of the builder container.
const BESIDES: [&[&str]; 2] = [&["go"], &["protoc", "bazel"]];

/// What a step runs that needs no container: this program itself.
const NATIVE: &str = "kubevirt-scaffold";

/// The steps, with this program in place of `make generate`.
pub fn native(hooks: Vec<Hook>) -> Vec<Hook> {
    let native = |mut hook: Hook| {
        if hook.name == "generate" {
            NATIVE.clone_into(&mut hook.program);
            hook.arguments = ["generate", "--yes"].map(str::to_owned).to_vec();
        }
        hook
    };
    hooks.into_iter().map(native).collect()
}

/// The steps as this machine can run them. Without a container engine, and with gazelle on PATH, gazelle runs
/// by itself in the folders that changed.
pub fn resolve(root: &Path, hooks: Vec<Hook>, changed: &[&str]) -> Vec<Hook> {
    let alone = hooks.iter().any(|hook| hook.name == "bazel-generate")
        && is_dockerized(root)
        && !is_unnested()
        && env::var_os("KUBEVIRT_CRI").is_none()
        && !["podman", "docker"].iter().any(|engine| is_on_path(engine))
        && is_on_path("gazelle");
    if !alone {
        return hooks;
    }
    let direct = |hook: Hook| if hook.name == "bazel-generate" { by_itself(hook, changed) } else { hook };
    hooks.into_iter().map(direct).collect()
}

/// `make bazel-generate` without its container: gazelle, in the folders that changed.
fn by_itself(mut hook: Hook, changed: &[&str]) -> Hook {
    let mut folders: Vec<&str> = changed
        .iter()
        .filter(|path| path.ends_with(".go"))
        .map(|path| path.rsplit_once('/').map_or(".", |(folder, _)| folder))
        .collect();
    folders.sort_unstable();
    folders.dedup();
    "gazelle".clone_into(&mut hook.program);
    let arguments = ["update", "-repo_root", ".", "-build_tags", "selinux"].into_iter().chain(folders);
    hook.arguments = arguments.map(str::to_owned).collect();
    hook.reason.push_str("; neither podman nor docker is there, so gazelle runs by itself");
    hook
}

/// Whether a checkout's targets run in KubeVirt's builder container.
fn is_dockerized(root: &Path) -> bool {
    root.join("hack/dockerized").is_file()
}

fn is_unnested() -> bool {
    env::var_os("KUBEVIRT_RUN_UNNESTED").is_some_and(|value| value == "true")
}

/// Where steps are recorded, so that undo takes them back with the change that they follow.
#[derive(Clone, Copy)]
pub struct Journal<'a> {
    /// The checkout, locked.
    pub transaction: &'a Transaction,
    /// The number of the change that they follow.
    pub change: u64,
}

/// Runs steps in order, and stops at the first that fails. True if all of them succeeded.
pub fn run(root: &Path, hooks: &[Hook], changed: &[&str], journal: &Journal<'_>) -> Result<bool> {
    let mut last = journal.change;
    for (index, hook) in hooks.iter().enumerate() {
        let mut step = Step { root, hook: hook.clone() };
        // An engine may be installed and not run, which takes too long to find out for a preview.
        if hook.name == "bazel-generate" && step.is_make() && step.lacks_engine() && is_on_path("gazelle") {
            step.hook = by_itself(hook.clone(), changed);
            terminal::say("Neither podman nor docker runs, so gazelle runs by itself.\n");
        }
        let later: Vec<String> = hooks[index..].iter().map(Hook::command).collect();
        if hook.program == NATIVE {
            if !step.run_natively(changed, journal, &mut last) {
                terminal::say(&format!("The files are in place. To go on: {}\n", later.join(" && ")));
                return Ok(false);
            }
            continue;
        }
        if let Err(reason) = step.check(changed)? {
            terminal::say(&format!(
                "error: `{}` cannot run: {reason}\nThe files are in place. Once fixed, run: {}\n",
                hook.command(),
                later.join(" && ")
            ));
            return Ok(false);
        }
        if !step.run(&later, journal, &mut last)? {
            return Ok(false);
        }
    }
    Ok(true)
}

struct Step<'a> {
    root: &'a Path,
    hook: Hook,
}

impl Step<'_> {
    fn is_make(&self) -> bool {
        self.hook.program == "make"
    }

    /// Checks what the step needs. The inner error says why it cannot start. `make generate` deletes before it
    /// makes, so it does not start on code that does not compile.
    fn check(&self, changed: &[&str]) -> Result<Result<(), String>> {
        if !self.is_make() {
            return Ok(Ok(()));
        }
        if !is_on_path("make") {
            return Ok(Err("make is not on PATH".to_owned()));
        }
        if !is_dockerized(self.root) {
            return Ok(Ok(()));
        }
        if is_unnested() {
            let needed = if self.hook.name == "generate" {
                [BESIDES[0], GENERATORS, BESIDES[1]].concat()
            } else {
                vec!["bazel"]
            };
            let is_needed = |tool: &&str| *tool != "bazel" || self.root.join("hack/bazel-generate.sh").is_file();
            let missing: Vec<&str> = needed.into_iter().filter(is_needed).filter(|tool| !is_on_path(tool)).collect();
            if !missing.is_empty() {
                let tools = missing.join(", ");
                return Ok(Err(format!("KUBEVIRT_RUN_UNNESTED is true, and these are not on PATH: {tools}")));
            }
        } else if self.lacks_engine() {
            let help = "start one, or set KUBEVIRT_RUN_UNNESTED=true with the generators on PATH";
            let other = match self.hook.name.as_str() {
                "generate" => format!(", or run {}, which needs no container", command_name::command("generate")),
                _ => String::new(),
            };
            let why = "neither `podman ps` nor `docker ps` works, and its container needs one";
            return Ok(Err(format!("{why}; {help}{other}")));
        }
        if self.hook.name == "generate" { self.compiles(changed) } else { Ok(Ok(())) }
    }

    /// Runs the checkout's generators for what changed, and writes what they make. True if they succeeded.
    fn run_natively(&self, changed: &[&str], journal: &Journal<'_>, last: &mut u64) -> bool {
        let changed = generate::since(self.root, "HEAD", changed.iter().map(|path| (*path).to_owned()));
        let tree = DiskTree::new(self.root);
        let generated = match generate::prepare(&tree, &changed).and_then(|plan| plan.run(self.root, &tree, &[])) {
            Ok(generated) => generated,
            Err(found) => {
                terminal::diagnostics([&found], Color::Never);
                return false;
            }
        };
        terminal::say(&generated.words());
        let command = self.hook.command();
        let changes = Changes { files: generated.files, ..Changes::default() };
        if !changes.files.is_empty() {
            let record = record(&command, journal.change, &changes);
            match journal.transaction.apply(record) {
                Ok(id) => *last = id,
                Err(refusal) => {
                    terminal::diagnostics([&*refusal], Color::Never);
                    return false;
                }
            }
        }
        terminal::say(&listed(&command, &changes));
        true
    }

    /// Whether the step needs a container engine and none works.
    fn lacks_engine(&self) -> bool {
        if !is_dockerized(self.root) || is_unnested() || env::var_os("KUBEVIRT_CRI").is_some() {
            return false;
        }
        let works = |engine: &&str| {
            is_on_path(engine)
                && Runner::new(self.root).run_silently(engine, &["ps"]).is_ok_and(|status| status.success())
        };
        !["podman", "docker"].iter().any(works)
    }

    /// Compiles the packages that changed, if Go and the vendored code are there. The inner error has the
    /// compiler's output.
    fn compiles(&self, changed: &[&str]) -> Result<Result<(), String>> {
        let folders = changed.iter().filter(|path| path.ends_with(".go") && !path.ends_with("_test.go"));
        let mut packages: Vec<String> =
            folders.filter_map(|path| path.rsplit_once('/')).map(|(folder, _)| package(folder)).collect();
        packages.sort();
        packages.dedup();
        if packages.is_empty() || !is_on_path("go") || !self.root.join("vendor/modules.txt").is_file() {
            return Ok(Ok(()));
        }
        let mut arguments = vec!["build", "-tags", "selinux,libvirt_dlopen"];
        arguments.extend(packages.iter().map(String::as_str));
        let runner = Runner::new(self.root).with("GOPROXY", "off").with("GOFLAGS", "");
        let mut progress = Progress::new("go build of what changed");
        let mut said = Vec::new();
        let ended = runner.watch("go", &arguments, |event| {
            if let Event::Line(line) = event {
                said.push(line.to_owned());
                progress.line(line);
            } else {
                progress.show();
            }
            Ok(())
        })?;
        progress.end(if ended.status.success() { "done" } else { "failed" });
        let errors = indented(&said);
        Ok(if ended.status.success() { Ok(()) } else { Err(format!("the code does not compile:\n{errors}")) })
    }

    /// Runs the step, records what it changed, and reports that. True if it succeeded. `last` holds the number of
    /// the change before it, and gets that of its own.
    fn run(&self, later: &[String], journal: &Journal<'_>, last: &mut u64) -> Result<bool> {
        let before = WorkTree::look(self.root)?;
        let command = self.hook.command();
        if before.is_none() && is_in_repository(self.root) {
            terminal::say(&format!("git cannot tell what `{command}` changes here, so undo cannot revert it.\n"));
        }
        let (mut file, log) = journal.transaction.log(&self.hook.name)?;
        let mut progress = Progress::new(&command);
        let mut last_lines: Vec<String> = Vec::new();
        let arguments: Vec<&str> = self.hook.arguments.iter().map(String::as_str).collect();
        let ended = Runner::new(self.root).watch(&self.hook.program, &arguments, |event| {
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
        let failure = match &ended {
            Ok(ended) if ended.interrupted => Some("was interrupted".to_owned()),
            Ok(ended) if ended.status.success() => None,
            Ok(ended) => Some(format!("failed ({})", ended.status)),
            Err(error) => Some(format!("failed ({error})")),
        };
        progress.end(failure.as_deref().unwrap_or("done"));
        if let Some(how) = &failure {
            let (shown, log) = (indented(&last_lines), log.display());
            terminal::say(&format!(
                "error: `{command}` {how}; the files are in place\n{shown}The whole output is in {log}.\n"
            ));
        }
        let earlier = *last;
        let changes = before.map(|before| before.changes()).transpose().and_then(|changes| {
            let changes = changes.unwrap_or_default();
            if !changes.files.is_empty() {
                *last = journal.transaction.note_done(record(&command, journal.change, &changes))?;
            }
            Ok(changes)
        });
        let changes = changes.with_context(|| format!("what `{command}` changed could not be written down"))?;
        if failure.is_none() {
            terminal::say(&listed(&command, &changes));
            return Ok(true);
        }
        terminal::say(&left_behind(&command, &changes, earlier));
        terminal::say(&format!("To go on: {}\n", later.join(" && ")));
        Ok(false)
    }
}

/// What a step did, as a change that can be taken back.
fn record(command: &str, follows: u64, changes: &Changes) -> Record {
    Record {
        about: About { time: now(), command: command.to_owned(), follows: Some(follows), ..About::default() },
        folders: changes.folders.clone(),
        files: changes.files.clone(),
        ..Record::default()
    }
}

/// The report of what a step changed beyond the plan.
fn listed(command: &str, changes: &Changes) -> String {
    let letter = |file: &FileEdit| match (&file.before, &file.after) {
        (None, _) => 'A',
        (_, None) => 'D',
        _ => 'M',
    };
    let lines: Vec<String> = changes.files.iter().map(|file| format!("{} {}", letter(file), file.path)).collect();
    let mut text = String::new();
    if !lines.is_empty() {
        let shown = indented(&lines[..FILES.min(lines.len())]);
        text = format!("`{command}` changed {} beyond the plan:\n{shown}", counted(lines.len()));
        if lines.len() > FILES {
            let _ = writeln!(text, "  and {} more", lines.len() - FILES);
        }
    }
    text + &not_restorable(changes)
}

/// The report of what a failed step left behind, and how to take that back to change `earlier`. A step may have
/// deleted what it was about to make.
fn left_behind(command: &str, changes: &Changes, earlier: u64) -> String {
    let mut text = String::new();
    let mut removed = changes.files.iter().filter(|file| file.after.is_none());
    if let Some(first) = removed.next() {
        let files = counted(1 + removed.count());
        text = format!("It left {files} deleted, such as {}.\n", visible(&first.path));
    }
    if !changes.files.is_empty() {
        let undo = command_name::command(&format!("undo --to {earlier}"));
        let _ = writeln!(text, "To undo what `{command}` changed: {undo}");
    }
    text + &not_restorable(changes)
}

fn not_restorable(changes: &Changes) -> String {
    if changes.others.is_empty() {
        return String::new();
    }
    let others: Vec<String> = changes.others.iter().map(|path| visible(path)).collect();
    format!("It also changed these files, which undo does not revert: {}\n", others.join(", "))
}

fn counted(files: usize) -> String {
    if files == 1 { "1 file".to_owned() } else { format!("{files} files") }
}

/// The lines of another program's output, indented.
fn indented(lines: &[String]) -> String {
    lines.iter().flat_map(|line| ["  ".to_owned(), visible(line), "\n".to_owned()]).collect()
}
