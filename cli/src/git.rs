//! Asking git about a checkout, without running what the checkout's configuration names.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::time::Duration;

use crate::process::Runner;

/// What git is told each time: no monitor, no hook, no pager, no program that shows differences or judges signatures.
const SETTINGS: &[&str] = &[
    "core.fsmonitor=false",
    "core.untrackedCache=false",
    "core.hooksPath=/dev/null",
    "core.pager=cat",
    "core.editor=false",
    "core.sshCommand=false",
    "core.alternateRefsCommand=false",
    "diff.external=",
    "log.showSignature=false",
    "submodule.recurse=false",
];

/// What git is asked that reads no file of the work tree and writes none, so that it has nothing to filter.
const UNFILTERED: &[&str] = &[
    "cat-file",
    "check-attr",
    "check-ignore",
    "config",
    "for-each-ref",
    "hash-object",
    "log",
    "ls-files",
    "ls-tree",
    "merge-base",
    "read-tree",
    "rev-parse",
    "symbolic-ref",
];

/// A variable that is empty: the value of a setting whose name may hold any character.
const NOTHING: &str = "KUBEVIRT_SCAFFOLD_NOTHING";

/// What is told a command that looks through the work tree: a module of git's has a configuration of its own, which
/// nothing here takes away, so only its commit is looked at.
pub const MODULES: &str = "--ignore-submodules=dirty";

/// Variables of our environment that would lead git to another repository, or change what it says.
const VARIABLES: &[&str] = &[
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_COMMON_DIR",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_NAMESPACE",
    "GIT_PREFIX",
    "GIT_QUARANTINE_PATH",
    "GIT_REPLACE_REF_BASE",
    "GIT_SHALLOW_FILE",
    "GIT_ATTR_SOURCE",
    "GIT_GRAFT_FILE",
    "GIT_EXTERNAL_DIFF",
    "GIT_DIFF_OPTS",
    "GIT_LITERAL_PATHSPECS",
    "GIT_GLOB_PATHSPECS",
    "GIT_NOGLOB_PATHSPECS",
    "GIT_ICASE_PATHSPECS",
    "GIT_TRACE",
    "GIT_TRACE2",
    "GIT_TRACE2_EVENT",
    "GIT_IMPLICIT_WORK_TREE",
];

/// Git in a folder.
#[derive(Clone, Debug)]
pub struct Git<'a> {
    runner: Runner<'a>,
}

impl<'a> Git<'a> {
    /// Git in a folder. It takes no lock, fetches nothing, and replaces no object by another.
    pub fn new(root: &'a Path) -> Self {
        let runner = VARIABLES.iter().fold(Runner::new(root), |runner, name| runner.without(name));
        let runner = runner
            .with("GIT_OPTIONAL_LOCKS", "0")
            .with("GIT_NO_LAZY_FETCH", "1")
            .with("GIT_ALLOW_PROTOCOL", "none")
            .with("GIT_NO_REPLACE_OBJECTS", "1")
            .with("GIT_TERMINAL_PROMPT", "0")
            .with(NOTHING, "");
        Self { runner }
    }

    /// With an index of its own.
    #[must_use]
    pub fn with_index(self, path: PathBuf) -> Self {
        Self { runner: self.runner.with("GIT_INDEX_FILE", path) }
    }

    /// What git prints. The error says why it prints nothing that can be trusted.
    pub fn ask(&self, arguments: &[&str]) -> Result<Vec<u8>, String> {
        self.feed(arguments, "")
    }

    /// Like [`Self::ask`], with a text on stdin.
    pub fn feed(&self, arguments: &[&str], stdin: &str) -> Result<Vec<u8>, String> {
        answer(&self.run(arguments, stdin, LONG)?)
    }

    /// Like [`Self::feed`], where git tells by its exit code 1 that it has found nothing.
    pub fn find(&self, arguments: &[&str], stdin: &str) -> Result<Vec<u8>, String> {
        let output = self.run(arguments, stdin, LONG)?;
        let nothing = output.status.code() == Some(1) && output.stderr.is_empty();
        if nothing { Ok(output.stdout) } else { answer(&output) }
    }

    /// A line that git prints; nothing if it finds nothing, which it tells by its exit code 1.
    pub fn line(&self, arguments: &[&str]) -> Result<Option<String>, String> {
        let output = self.run(arguments, "", SHORT)?;
        if output.status.code() == Some(1) && output.stdout.is_empty() {
            return Ok(None);
        }
        let text = String::from_utf8(answer(&output)?).map_err(|_| "git prints what is not UTF-8".to_owned())?;
        let text = text.trim_end_matches('\n');
        Ok((!text.is_empty()).then(|| text.to_owned()))
    }

    fn run(&self, arguments: &[&str], stdin: &str, limit: Duration) -> Result<Output, String> {
        let is_unfiltered = arguments.first().is_some_and(|command| UNFILTERED.contains(command));
        let filters = if is_unfiltered { Vec::new() } else { self.without_filters()? };
        let settings = SETTINGS.iter().flat_map(|setting| ["-c", setting]);
        let arguments: Vec<&str> =
            settings.chain(filters.iter().map(String::as_str)).chain(arguments.iter().copied()).collect();
        self.runner.ask("git", &arguments, stdin, limit).map_err(|error| match error.kind() {
            ErrorKind::TimedOut => format!("git hangs: {error}"),
            _ => format!("git cannot be started ({error})"),
        })
    }
}

impl Git<'_> {
    /// The options that take away every filter, wherever it is set. Which files it is for does not matter then: the
    /// attributes may stand in the tree, in the repository, or with the user.
    fn without_filters(&self) -> Result<Vec<String>, String> {
        let output = self.run(&["config", "--null", "--name-only", "--get-regexp", r"^filter\."], "", SHORT)?;
        let is_none = output.status.code() == Some(1) && output.stdout.is_empty();
        let said = if is_none { Vec::new() } else { answer(&output)? };
        let said = String::from_utf8(said).map_err(|_| "git knows a filter whose name is not UTF-8".to_owned())?;
        Ok(said.split_terminator('\0').map(|name| format!("--config-env={name}={NOTHING}")).collect())
    }
}

/// Git as the user has it: with the hooks, the signing and the identity of the user's configuration. It writes commits;
/// what is asked of a checkout goes through [`Git`].
#[derive(Clone, Debug)]
pub struct Committer<'a> {
    runner: Runner<'a>,
}

impl<'a> Committer<'a> {
    /// Git in a folder.
    pub fn new(root: &'a Path) -> Self {
        Self { runner: VARIABLES.iter().fold(Runner::new(root), |runner, name| runner.without(name)) }
    }

    /// With an index of its own.
    #[must_use]
    pub fn with_index(self, path: PathBuf) -> Self {
        Self { runner: self.runner.with("GIT_INDEX_FILE", path) }
    }

    /// What git prints. The error is everything that it, or a hook, says.
    pub fn run(&self, arguments: &[&str], stdin: &str) -> Result<String, String> {
        let output = self.runner.ask("git", arguments, stdin, LONG).map_err(|error| error.to_string())?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned());
        }
        let said = [output.stderr, output.stdout].concat();
        let said = String::from_utf8_lossy(&said).trim().to_owned();
        Err(if said.is_empty() { format!("git ends with {}", output.status) } else { said })
    }
}

/// How long git may take to look a name up. A pipe in place of its configuration lets it wait for ever.
const SHORT: Duration = Duration::from_secs(10);
/// How long it may take to look through a work tree.
const LONG: Duration = Duration::from_mins(10);

fn answer(output: &Output) -> Result<Vec<u8>, String> {
    if output.status.success() {
        return Ok(output.stdout.clone());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let line = said.lines().find(|line| !line.trim().is_empty()).unwrap_or("it says nothing");
    Err(format!("git fails: {}", line.trim_start_matches("fatal: ")))
}

/// The commit of a checkout, if git knows one.
pub fn commit(root: &Path) -> Option<String> {
    Git::new(root).line(&["rev-parse", "--verify", "--quiet", "HEAD"]).ok().flatten()
}

/// Whether a folder lies in a repository: its own, or that of a folder above it.
pub fn is_in_repository(root: &Path) -> bool {
    let Ok(root) = std::fs::canonicalize(root) else { return false };
    root.ancestors().map(|folder| folder.join(".git")).any(|git| git.is_file() || git.join("HEAD").exists())
}
