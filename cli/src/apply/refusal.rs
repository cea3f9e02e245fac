//! A diagnostic that ends a command.

use std::fmt;
use std::io;
use std::ops::Deref;
use std::path::Path;

use kubevirt_scaffold_core::diagnostic::Diagnostic;
use kubevirt_scaffold_core::text::{Source, Span};

use crate::exit::CommandError;

/// Why a command stops, as one diagnostic.
#[derive(Debug)]
pub struct Refusal(Box<Diagnostic>);

impl Refusal {
    /// A refusal about a file or a folder as a whole.
    pub fn new(code: &'static str, about: &Path, message: impl Into<String>, help: impl Into<String>) -> Self {
        let place = Source::new(about.display().to_string(), "");
        Self(Box::new(Diagnostic::error(code, message).at(&place, Span::at(0)).help(help)))
    }

    /// The diagnostic itself.
    pub fn into_inner(self) -> Diagnostic {
        *self.0
    }
}

/// The refusal of a call that the system refused.
pub(super) fn failed(path: &Path, what: &str, error: &io::Error) -> Refusal {
    Refusal::new("apply", path, format!("{what}: {error}"), "fix that, and run the command again")
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl std::error::Error for Refusal {}

impl From<Refusal> for CommandError {
    fn from(refusal: Refusal) -> Self {
        refusal.into_inner().into()
    }
}

impl Deref for Refusal {
    type Target = Diagnostic;

    fn deref(&self) -> &Diagnostic {
        &self.0
    }
}
