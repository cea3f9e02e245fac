//! A function that does nothing yet.

use super::signature::Given;
use crate::go::{FunctionHead, ImportSpec, Position};
use crate::kinds::wiring::{COBRA, makes_command};
use crate::name::Name;
use crate::tree::file_name;

/// A function that does nothing yet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Stub {
    /// The task's ID.
    pub(super) task: String,
    /// The function.
    pub(super) name: String,
    /// `(c *Controller) `, or nothing.
    pub(super) receiver: String,
    /// From the opening parenthesis on.
    pub(super) signature: String,
    /// What it gives back.
    pub(super) results: Vec<Given>,
    /// The sentence that says what it is for.
    pub(super) doc: String,
    /// The condition under which it returns at once.
    pub(super) guard: Option<String>,
    /// What the line of the function says of its work.
    pub(super) says: Vec<String>,
    /// What remains to be done, in the task's words.
    pub(super) steps: Vec<String>,
    /// The lines of the tasks.md that say so.
    pub(super) lines: Vec<usize>,
    /// Packages that the signature and the guard need.
    pub(super) imports: Vec<ImportSpec>,
    /// Nothing calls it yet, and the linter would say so.
    pub(super) unused: bool,
    /// Something calls it now, and must go on as before.
    pub(super) called: bool,
    /// Where its line wants it to stand.
    pub(super) position: Option<(usize, Position)>,
}

impl Stub {
    /// The type of its receiver.
    pub(super) fn receiver_type(&self) -> Option<&str> {
        let declaration = self.receiver.trim_start_matches('(').trim_end_matches([')', ' ']);
        declaration.rsplit([' ', '*']).next().filter(|ty| !ty.is_empty())
    }

    /// Whether it gives back that it is not implemented.
    pub(super) fn fails(&self) -> bool {
        !self.called && self.results.iter().any(|one| one.ty == "error")
    }

    /// What a command is called whose constructor it is: `NewGuestInfoCommand` makes `guest-info`, and `NewCommand` what its
    /// folder is called. Nothing if it makes none.
    pub(super) fn command(&self, folder: &str) -> Option<String> {
        let head = FunctionHead::parse(&format!("f{}", self.signature)).ok()?;
        let has_name = self.imports.iter().any(|import| import.path == COBRA && import.name() == "cobra");
        if !has_name || !self.receiver.is_empty() || !makes_command(&head, &self.imports) {
            return None;
        }
        let name = self.name.trim_start_matches("New").trim_end_matches("Command");
        Some(if name.is_empty() { file_name(folder).to_owned() } else { Name::parse(name).kebab() })
    }

    /// What it gives back when it does nothing: the error, if there is one, is `error`.
    pub(super) fn values(&self, error: &str) -> Vec<String> {
        let value = |one: &Given| if one.ty == "error" { error.to_owned() } else { one.zero.clone() };
        self.results.iter().map(value).collect()
    }
}
