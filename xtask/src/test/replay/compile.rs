//! Whether what is made on an old tree compiles there.

use std::collections::BTreeSet;
use std::fs;

use anyhow::{Context as _, Result};

use tempfile::TempDir;

use super::super::store::{Store, key};
use super::super::work_tree::{WorkTree, done};
use super::additions::proposal;
use super::git_tree::Repository;
use super::history::Event;
use kubevirt_scaffold::go::{GO_FLAGS, Go};
use kubevirt_scaffold::process::Runner;
use kubevirt_scaffold_core::pipeline::Proposal;

/// The packages that hold gates.
const PACKAGES: &[&str] = &["./pkg/virt-config/..."];

/// To be raised when what is made, or how it is judged, changes here: what is known was judged otherwise.
const EDITION: &str = "1";

/// A program that type-checks packages from source.
const TYPE_CHECK: &str = include_str!("type_check/main.go");

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
        what: (&str, &str),
        before: &str,
        proposal: &Proposal,
        packages: &[String],
    ) -> Result<Result<(), String>> {
        self.once("", what, proposal, packages, |files| {
            self.place(before, proposal)?;
            let go = Go::find(self.tree.path(), GO_FLAGS).map_err(anyhow::Error::msg)?;
            let mut said = go.unformatted(files)?;
            let packages: Vec<&str> = packages.iter().map(String::as_str).collect();
            if !packages.is_empty() {
                said.extend(go.vet(&packages, files)?);
            }
            Ok(said)
        })
    }

    /// Whether an earlier run has found nothing wrong: `types` with the type checker, an empty text with `go vet`.
    pub(super) fn known(&self, how: &str, what: (&str, &str), proposal: &Proposal, packages: &[String]) -> Option<()> {
        self.store.get(&self.key(how, what, proposal, packages)).filter(|known| *known).map(|_: bool| ())
    }

    /// Writes changes to the tree of a commit, and type-checks packages with their tests from source, which takes seconds.
    /// What the tree fails at before is not ours.
    pub(super) fn type_check(
        &self,
        what: (&str, &str),
        before: &str,
        proposal: &Proposal,
        packages: &[String],
    ) -> Result<Result<(), String>> {
        self.once("types", what, proposal, packages, |files| {
            self.place(before, proposal)?;
            let go = Go::find(self.tree.path(), GO_FLAGS).map_err(anyhow::Error::msg)?;
            let mut said = go.unformatted(files)?;
            let found = self.types(packages)?;
            if !found.is_empty() {
                self.tree.reset()?;
                let there: BTreeSet<String> = self.types(packages)?.iter().map(|line| placeless(line)).collect();
                said.extend(found.into_iter().filter(|line| !there.contains(&placeless(line))));
            }
            Ok(said)
        })
    }

    /// What Go's type checker says of packages.
    fn types(&self, packages: &[String]) -> Result<Vec<String>> {
        let folder = TempDir::new()?;
        let program = folder.path().join("main.go");
        fs::write(&program, TYPE_CHECK)?;
        let program = program.to_string_lossy();
        let packages = packages.iter().map(String::as_str);
        let arguments: Vec<&str> = ["run", &program].into_iter().chain(packages).collect();
        let runner = Runner::new(self.tree.path()).with("GOPROXY", "off").with("GOFLAGS", GO_FLAGS);
        let output = runner.run("go", &arguments).context("starting go")?;
        let said = if output.status.success() { Vec::new() } else { [output.stdout, output.stderr].concat() };
        Ok(String::from_utf8_lossy(&said).lines().map(str::to_owned).collect())
    }

    fn key(&self, how: &str, (commit, about): (&str, &str), proposal: &Proposal, packages: &[String]) -> String {
        let changes = proposal.set.changes.iter().flat_map(|change| [&*change.path, &change.after]);
        let how = Some(how).filter(|how| !how.is_empty());
        let parts = [EDITION, self.go, GO_FLAGS].into_iter().chain(packages.iter().map(String::as_str));
        key(&format!("{commit}-{about}"), parts.chain(changes).chain(how))
    }

    /// Looks, unless it is known that all is well. `look` gets the Go files, and gives back what is wrong.
    fn once(
        &self,
        how: &str,
        what: (&str, &str),
        proposal: &Proposal,
        packages: &[String],
        look: impl FnOnce(&[&str]) -> Result<Vec<String>>,
    ) -> Result<Result<(), String>> {
        let (key, (commit, about)) = (self.key(how, what, proposal, packages), what);
        let short = &commit[..10];
        if self.store.get(&key) == Some(true) {
            eprintln!("{short} {about}: compiles, as is known");
            return Ok(Ok(()));
        }
        let mut files: Vec<&str> = proposal.set.changes.iter().map(|change| &*change.path).collect();
        files.retain(|path| path.ends_with(".go"));
        let said = look(&files)?;
        eprintln!("{short} {about}: {}", if said.is_empty() { "compiles" } else { "does not compile" });
        if !said.is_empty() {
            // It may have been the machine: it is tried again.
            return Ok(Err(said.join("\n")));
        }
        self.store.put(&key, &true)?;
        Ok(Ok(()))
    }

    /// Writes changes to the tree of a commit.
    fn place(&self, before: &str, proposal: &Proposal) -> Result<()> {
        self.tree.reset()?;
        done(self.tree.path(), &["checkout", "--quiet", "--force", "--detach", before])?;
        for change in &proposal.set.changes {
            let path = self.tree.path().join(&change.path);
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
            }
            fs::write(path, &*change.after).with_context(|| format!("writing {}", change.path))?;
        }
        Ok(())
    }
}

/// A message without its line and column.
fn placeless(line: &str) -> String {
    let is_number = |part: &&str| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit());
    line.split(':').filter(|part| !is_number(part)).collect::<Vec<_>>().join(":")
}
