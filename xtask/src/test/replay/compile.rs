//! Whether what is made on an old tree compiles there.

use std::fs;

use anyhow::{Context as _, Result};

use super::super::store::{Store, key};
use super::super::work_tree::{WorkTree, done};
use super::additions::proposal;
use super::git_tree::Repository;
use super::history::Event;
use kubevirt_scaffold::go::{GO_FLAGS, Go};
use kubevirt_scaffold_core::pipeline::Proposal;

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
        let packages = PACKAGES.iter().map(|package| (*package).to_owned()).collect::<Vec<_>>();
        self.vet((&event.commit, &event.gate), &event.parent(), &proposal, &packages)
    }

    /// Writes changes to the tree of a commit, and vets packages. `what` is a commit, and what it is about.
    pub(super) fn vet(
        &self,
        (commit, about): (&str, &str),
        before: &str,
        proposal: &Proposal,
        packages: &[String],
    ) -> Result<Result<(), String>> {
        let changes = proposal.set.changes.iter().flat_map(|change| [&*change.path, &change.after]);
        let parts = [EDITION, self.go, GO_FLAGS].into_iter().chain(packages.iter().map(String::as_str)).chain(changes);
        let key = key(&format!("{commit}-{about}"), parts);
        let short = &commit[..10];
        if self.store.get(&key) == Some(true) {
            eprintln!("{short} {about}: compiles, as is known");
            return Ok(Ok(()));
        }
        self.tree.reset()?;
        done(self.tree.path(), &["checkout", "--quiet", "--force", "--detach", before])?;
        let mut files = Vec::new();
        for change in &proposal.set.changes {
            let path = self.tree.path().join(&change.path);
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
            }
            fs::write(path, &*change.after).with_context(|| format!("writing {}", change.path))?;
            files.push(&*change.path);
        }
        files.retain(|path| path.ends_with(".go"));
        let go = Go::find(self.tree.path(), GO_FLAGS).map_err(anyhow::Error::msg)?;
        let mut said = go.unformatted(&files)?;
        let packages: Vec<&str> = packages.iter().map(String::as_str).collect();
        if !packages.is_empty() {
            said.extend(go.vet(&packages, &files)?);
        }
        eprintln!("{short} {about}: {}", if said.is_empty() { "compiles" } else { "does not compile" });
        if !said.is_empty() {
            // It may have been the machine: it is tried again.
            return Ok(Err(said.join("\n")));
        }
        self.store.put(&key, &true)?;
        Ok(Ok(()))
    }
}
