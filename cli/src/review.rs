//! The review page of a plan: written to a file, and opened.

use std::path::{Path, PathBuf};

use kubevirt_scaffold_core::page::{View, page};
use kubevirt_scaffold_core::pipeline::{Hook, Proposal};

use crate::apply::{Form, Refusal, write_product};
use crate::command_name::command;
use crate::process;

/// What the page says of the run that made it.
pub struct Run<'a> {
    /// The name of the checkout.
    pub checkout: String,
    /// The tasks.md.
    pub tasks: Option<PathBuf>,
    /// The checkout, as it was named.
    pub kubevirt: Option<PathBuf>,
    /// The values of `--set`.
    pub placeholders: Vec<String>,
    /// The steps that follow.
    pub hooks: &'a [Hook],
}

/// Writes the page, and opens it if `open` says so.
pub fn write(path: &Path, proposal: &Proposal, run: &Run<'_>, force: bool, open: bool) -> Result<(), Refusal> {
    let mut words = vec!["scaffold".to_owned()];
    words.extend(run.tasks.as_ref().map(|path| quoted(&path.display().to_string())));
    let kubevirt = run.kubevirt.iter().map(|path| ("--kubevirt", path.display().to_string()));
    let set = run.placeholders.iter().map(|pair| ("--set", pair.clone()));
    words.extend(kubevirt.chain(set).flat_map(|(flag, value)| [flag.to_owned(), quoted(&value)]));
    let typed = command(&words.join(" "));
    let typed = typed.trim_matches('`');
    let view = View { checkout: &run.checkout, command: typed, hooks: run.hooks };
    write_product(path, &page(proposal, &view), Form::Page, force)?;
    crate::terminal::tell!("Wrote the review page to {}.", path.display());
    if open && let Err(error) = process::open(path) {
        crate::terminal::tell!("warning: no browser could be started: {error}");
    }
    Ok(())
}

/// A word as a shell reads it.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-=,:@+".contains(c);
    if !word.is_empty() && word.chars().all(plain) && !word.starts_with('-') {
        return word.to_owned();
    }
    let word = if word.starts_with('-') { format!("./{word}") } else { word.to_owned() };
    format!("'{}'", word.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_word_is_quoted_for_a_shell() {
        for (word, shown) in
            [("a/b.md", "a/b.md"), ("a b", "'a b'"), ("it's", "'it'\\''s'"), ("$(x)", "'$(x)'"), ("", "''")]
        {
            assert_eq!(quoted(word), shown);
        }
    }
}
