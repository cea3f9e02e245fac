//! Which generators a checkout runs, read from its own scripts; and which of them a change asks for.
//!
//! Nothing is known of KubeVirt's generators by heart: `hack/generate.sh` says what runs, with which arguments and in
//! which order, and the Dockerfile of the builder says at which versions. What is not understood of the script is
//! named, and left to `make generate`.

mod choose;
mod imports;
mod inert;
mod inputs;
mod left;
mod pins;
mod reach;
mod recipe;
mod shell;

pub use choose::{Changed, Chosen, Plan, choose};
pub use imports::regrouped;
pub use left::{Left, When};
pub use pins::{DOCKERFILE, Pin, pins};
pub use recipe::{Action, GENERATORS, Program, ROOT, Recipe, Run, SCRIPT, Step, TEST_DATA, read, read_test_data};

use crate::diagnostic::visible;
use crate::text::squeezed;

/// A path from the root of the checkout, if a word of the script that stands in `folder` is one: without `..`.
pub fn repo_path(folder: &str, word: &str) -> Option<String> {
    let (from, path) = match word.strip_prefix(ROOT) {
        Some(rest) => ("", rest),
        None if word.starts_with(['/', '-', '~']) => return None,
        None => (folder, word),
    };
    let mut parts: Vec<&str> = Vec::new();
    for part in from.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// The beginning of a command, for a sentence.
fn short(text: &str) -> String {
    let line: String = squeezed(text);
    let line = line.replace(&format!("{ROOT}/"), "");
    let head: String = line.chars().take(60).collect();
    visible(&if head.len() < line.len() { format!("{head}…") } else { head })
}
