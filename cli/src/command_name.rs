//! What the user types to start this program, for messages that say what to run next.

use std::sync::OnceLock;

static NAME: OnceLock<&str> = OnceLock::new();

/// Keeps the name. The first one counts: a process is started once.
pub(crate) fn set(name: &'static str) {
    let _ = NAME.set(name);
}

/// A command as the user would type it: `kubevirt-scaffold undo`, in backticks.
pub fn command(words: &str) -> String {
    format!("`{} {words}`", NAME.get().unwrap_or(&env!("CARGO_PKG_NAME")))
}
