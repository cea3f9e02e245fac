//! How a command ends.

use std::process::ExitCode;

use kubevirt_scaffold_core::diagnostic::Diagnostic;

/// The exit code of a command that ran.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ExitStatus {
    /// Done, or nothing to do.
    Done = 0,
    /// `--check` found something.
    Found = 1,
    /// Refused; nothing was written.
    Refused = 2,
    /// A step failed; the files are in place.
    HookFailed = 3,
}

impl From<ExitStatus> for ExitCode {
    fn from(status: ExitStatus) -> Self {
        Self::from(status as u8)
    }
}

/// Why a command stopped.
#[derive(Debug)]
pub enum CommandError {
    /// The input or the checkout is at fault, and the user can fix it. Nothing was written.
    Refused(Vec<Diagnostic>),
    /// The system failed: reading, writing or starting a process.
    Failed(anyhow::Error),
}

impl From<Diagnostic> for CommandError {
    fn from(found: Diagnostic) -> Self {
        Self::Refused(vec![found])
    }
}

impl From<Vec<Diagnostic>> for CommandError {
    fn from(found: Vec<Diagnostic>) -> Self {
        Self::Refused(found)
    }
}

impl From<anyhow::Error> for CommandError {
    fn from(error: anyhow::Error) -> Self {
        Self::Failed(error)
    }
}

impl From<std::io::Error> for CommandError {
    fn from(error: std::io::Error) -> Self {
        Self::Failed(error.into())
    }
}
