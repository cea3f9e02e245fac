//! Whether what is made on an old tree compiles there.

use std::fs;

use anyhow::{Context as _, Result};

use super::super::store::{Store, key};
use super::super::work_tree::{WorkTree, done};
use super::additions::proposal;
use super::git_tree::Repository;
use super::history::Event;
use kubevirt_scaffold::go::{GO_FLAGS, Go};

/// The packages that hold gates.
const PACKAGES: &[&str] = &["./pkg/virt-config/..."];

/// To be raised when what is made, or how it is judged, changes here: what is known was judged otherwise.
const EDITION: &str = "1";

pub(super) struct Compiler<'a> {
    pub(super) repository: &'a Repository<'a>,
    pub(super) tree: &'a WorkTree,
    /// What is known to compile.
    pub(super) store: &'a Store,
    /// The Go release of this machine.
    pub(super) go: &'a str,
}

impl Compiler<'_> {
    /// Makes a tasks.md's changes on the tree before a commit, and vets them.
    pub(super) fn compile(&self, event: &Event, tasks: &str) -> Result<Result<(), String>> {
        let proposal = proposal(&self.repository.tree(&event.parent()), tasks)?;
        let changes = proposal.set.changes.iter().flat_map(|change| [&*change.path, &change.after]);
        let parts = [EDITION, self.go, GO_FLAGS].into_iter().chain(PACKAGES.iter().copied()).chain(changes);
        let key = key(&format!("{}-{}", event.commit, event.gate), parts);
        if self.store.get(&key) == Some(true) {
            eprintln!("{} {}: compiles, as is known", event.short(), event.gate);
            return Ok(Ok(()));
        }
        self.tree.reset()?;
        done(self.tree.path(), &["checkout", "--quiet", "--force", "--detach", &event.parent()])?;
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
        if !said.is_empty() {
            // It may have been the machine: it is tried again.
            return Ok(Err(said.join("\n")));
        }
        self.store.put(&key, &true)?;
        Ok(Ok(()))
    }
}
