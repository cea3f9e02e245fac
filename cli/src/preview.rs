//! A plan, shown: what it comes to, then the diff, and the counts last. On a terminal summary and diff go through one
//! pager. Elsewhere stdout carries the diff alone, which `git apply` accepts, and stderr what is said of it.

use std::io;
use std::path::{Path, PathBuf};

use kubevirt_scaffold_core::diagnostic::visible;
use kubevirt_scaffold_core::pipeline::{Hook, Look, Proposal, counts, stat, summary};

use crate::checkout::Checkout;
use crate::terminal::{self, Colors, Stream, linked};
use crate::vep_tasks;

/// How a plan is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// With its diff.
    Diff,
    /// With the lines that each file gains and loses.
    Stat,
    /// In words alone: stdout carries something else.
    Words,
}

/// What stands around a plan that is shown.
pub struct View<'a> {
    /// The checkout.
    pub checkout: &'a Checkout,
    /// The steps that follow.
    pub hooks: &'a [Hook],
    /// The colours.
    pub colors: Colors,
    /// How it is shown.
    pub form: Form,
}

/// Shows a plan. That nobody reads stdout is no error if the run `writes` something else.
pub fn show(proposal: &Proposal, view: &View<'_>, writes: bool) -> io::Result<()> {
    let is_refused = proposal.is_refused();
    let nothing = proposal.set.changes.is_empty();
    let is_whole = terminal::is_shown() && view.form != Form::Words;
    let mut said = terminal::rendered(proposal.diagnostics(), view.colors.stderr);
    let mut shown = String::new();
    if !is_refused {
        let stream = if is_whole { Stream::stdout(view.colors) } else { Stream::stderr(view.colors) };
        let text = summarized(proposal, view, &stream, is_whole);
        if is_whole { &mut shown } else { &mut said }.push_str(&text);
    }
    if nothing && !is_refused && !is_whole {
        said.push_str("Nothing to do.\n");
    }
    terminal::styled(&said);
    if view.form == Form::Words {
        return Ok(());
    }
    let color = view.colors.stdout;
    let product = match view.form {
        _ if is_refused => proposal.conflicts(color),
        Form::Stat => stat(proposal, terminal::width(), color),
        _ => proposal.diff(color),
    };
    if !shown.is_empty() && !product.is_empty() {
        shown.push('\n');
    }
    shown.push_str(&product);
    let last = if nothing { "Nothing to do.\n".to_owned() } else { counts(proposal) };
    if view.form == Form::Stat && !is_refused && !is_whole && !nothing {
        shown.push_str(&last);
    }
    terminal::deliver(&shown, writes)?;
    if is_whole && !is_refused {
        terminal::say(&last);
    }
    Ok(())
}

/// The summary, as it is read from where the user stands.
fn summarized(proposal: &Proposal, view: &View<'_>, stream: &Stream, is_near: bool) -> String {
    let root = view.checkout.root();
    let current = std::env::current_dir().and_then(|current| current.canonicalize()).ok().filter(|_| is_near);
    let place = current.zip(root.and_then(|root| root.canonicalize().ok()));
    let path = |path: &str| {
        let Some(root) = root else { return visible(path) };
        let whole = root.join(path);
        let near = place.as_ref().and_then(|(current, root)| near(current, root, path));
        let text = near.map_or_else(|| visible(path), |near| visible(&near.display().to_string()));
        // What is not there yet cannot be opened.
        if whole.exists() { linked(&text, &whole, None, stream) } else { text }
    };
    let tasks = proposal.file.source.name();
    let line = |line: usize| {
        let origin = vep_tasks::origin(&proposal.file.source, line);
        let (path, line) = origin.unwrap_or_else(|| (PathBuf::from(tasks), Some(line)));
        let name = visible(&path.display().to_string());
        let text = line.map_or_else(|| name.clone(), |line| format!("{name}:{line}"));
        if path.exists() { linked(&text, &path, line, stream) } else { text }
    };
    let look = Look { color: stream.color, path: &path, files: view.form != Form::Stat, place: &line };
    summary(proposal, &view.checkout.name(), view.hooks, &look)
}

/// A path of a checkout from a folder inside of it or around it, both without links; nothing if they have nothing to do
/// with each other.
fn near(current: &Path, root: &Path, path: &str) -> Option<PathBuf> {
    if let Ok(below) = root.strip_prefix(current) {
        return Some(below.join(path));
    }
    let folder = current.strip_prefix(root).ok()?;
    let path = Path::new(path);
    let shared = folder.components().zip(path.components()).take_while(|(a, b)| a == b).count();
    let up = folder.components().skip(shared).map(|_| "..");
    Some(
        up.map(PathBuf::from)
            .chain(path.components().skip(shared).map(|part| PathBuf::from(part.as_os_str())))
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_count_from_where_one_stands() {
        for (folder, path, expected) in [
            ("/src", "pkg/x.go", Some("kubevirt/pkg/x.go")),
            ("/src/kubevirt", "pkg/x.go", Some("pkg/x.go")),
            ("/src/kubevirt/pkg", "pkg/x.go", Some("x.go")),
            ("/src/kubevirt/pkg/virt-api", "pkg/virt-handler/x.go", Some("../virt-handler/x.go")),
            ("/src/kubevirt/pkg/virt-api", "docs/x.md", Some("../../docs/x.md")),
            ("/src/kubevirt2", "docs/x.md", None),
            ("/tmp", "docs/x.md", None),
        ] {
            let found = near(Path::new(folder), Path::new("/src/kubevirt"), path);
            assert_eq!(found.as_deref().map(Path::to_str), expected.map(Some), "{folder} {path}");
        }
    }
}
