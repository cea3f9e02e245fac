//! Whether what is made on an old tree compiles there.

use std::fs;

use anyhow::{Context as _, Result};

use super::super::work_tree::{WorkTree, done};
use super::additions::proposal;
use super::git_tree::Repository;
use super::history::Event;
use kubevirt_scaffold::go::{GO_FLAGS, Go};

/// The packages that hold gates.
const PACKAGES: &[&str] = &["./pkg/virt-config/..."];

pub(super) struct Compiler<'a> {
    pub(super) repository: &'a Repository<'a>,
    pub(super) tree: &'a WorkTree,
}

impl Compiler<'_> {
    /// Makes a tasks.md's changes on the tree before a commit, and vets them.
    pub(super) fn compile(&self, event: &Event, tasks: &str) -> Result<Result<(), String>> {
        self.tree.reset()?;
        done(self.tree.path(), &["checkout", "--quiet", "--force", "--detach", &event.parent()])?;
        let proposal = proposal(&self.repository.tree(&event.parent()), tasks)?;
        let mut files = Vec::new();
        for change in &proposal.set.changes {
            fs::write(self.tree.path().join(&change.path), &*change.after)
                .with_context(|| format!("writing {}", change.path))?;
            files.push(&*change.path);
        }
        files.retain(|path| path.ends_with(".go"));
        let go = Go::find(self.tree.path(), GO_FLAGS).map_err(anyhow::Error::msg)?;
        let mut said = go.unformatted(&files)?;
        said.extend(go.vet(PACKAGES, &files)?);
        eprintln!(
            "{} {}: {}",
            event.short(),
            event.gate,
            if said.is_empty() { "compiles" } else { "does not compile" }
        );
        Ok(if said.is_empty() { Ok(()) } else { Err(said.join("\n")) })
    }
}
