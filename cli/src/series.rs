//! Commits: what the checkout must be like before any is made, and how a series of them is made.
//!
//! Each commit is made from an index of its own, so that nothing of the user's gets into it. The user's index is brought
//! along first: whatever happens then, it holds our change and never the opposite of it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use kubevirt_scaffold_core::diagnostic::{Diagnostic, visible_lines};
use kubevirt_scaffold_core::series::Message;
use kubevirt_scaffold_core::tree::parent;
use tempfile::TempDir;

use crate::apply::Refusal;
use crate::carry_out::committed;
use crate::git::{Committer, Git};
use crate::work_tree::{different, is_kept_by_git};

/// One commit that is to be made.
#[derive(Clone, Debug)]
pub struct Commit {
    /// Its message, without the sign-off.
    pub message: Message,
    /// What each file holds in it; nothing if it is removed. Sorted.
    pub files: BTreeMap<String, Option<String>>,
}

/// The texts of a commit for all files that differ from it in the work tree.
pub type Base = BTreeMap<String, Option<Arc<str>>>;

/// The last commit, as far as the work tree differs from it.
pub fn base(root: &Path) -> Result<Base, Refusal> {
    let unknown = |reason: String| {
        Refusal::new("commit-git", root, format!("git cannot tell what has changed: {reason}"), "fix git here")
    };
    let paths = different(root).map_err(|error| unknown(error.to_string()))?;
    let paths: Vec<&str> = paths.iter().map(String::as_str).filter(|path| !path.contains('\n')).collect();
    if paths.is_empty() {
        return Ok(Base::new());
    }
    let texts = committed(&Git::new(root), &paths).map_err(unknown)?.unwrap_or_default();
    let text = |bytes: Option<Vec<u8>>| bytes.map(|bytes| Arc::from(String::from_utf8_lossy(&bytes)));
    Ok(paths.into_iter().map(str::to_owned).zip(texts.into_iter().map(text)).collect())
}

/// What must be so before a commit is made; everything that is not. `files` are those that are committed.
pub fn obstacles(root: &Path, any_branch: bool, commits: &[Commit]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut refuse =
        |code, message: String, help: &str| found.push(Refusal::new(code, root, message, help).into_inner());
    let git = Git::new(root);
    let line = |arguments: &[&str]| git.line(arguments).ok().flatten();
    if !is_kept_by_git(root) || line(&["rev-parse", "--verify", "--quiet", "HEAD"]).is_none() {
        let message = format!("{} is not a git repository with a commit", root.display());
        refuse("commit-git", message, "commit into a clone of KubeVirt");
        return found;
    }
    let identity = |name: &str, key: &str| {
        let set =
            ["GIT_AUTHOR_", "GIT_COMMITTER_"].iter().all(|who| std::env::var_os(format!("{who}{name}")).is_some());
        set || line(&["config", "--get", key]).is_some()
    };
    if !identity("NAME", "user.name") || !identity("EMAIL", "user.email") && std::env::var_os("EMAIL").is_none() {
        let message = "git has no name and email address for the sign-off".to_owned();
        refuse(
            "commit-identity",
            message,
            "set it: git config --global user.name \"…\" && git config --global user.email …",
        );
    }
    if let Some(what) = under_way(root, &git) {
        refuse("commit-conflict", format!("{what} is not finished"), "finish or abort it first; git status says how");
    }
    match line(&["symbolic-ref", "--quiet", "--short", "HEAD"]) {
        _ if any_branch => {}
        None => refuse(
            "commit-branch",
            "HEAD is detached: no branch would hold the commits".to_owned(),
            "make a branch: git switch -c my-feature; or pass --any-branch",
        ),
        Some(branch) if is_shared(&branch, &git) => refuse(
            "commit-branch",
            format!("the branch is {branch}, which others share"),
            "make a branch of your own: git switch -c my-feature; or pass --any-branch",
        ),
        Some(_) => {}
    }
    match staged(&git, commits) {
        Ok(staged) if staged.is_empty() => {}
        Ok(staged) => refuse(
            "commit-staged",
            format!("changes of yours are staged in files that would be committed: {}", staged.join(", ")),
            "commit them, or unstage them: git restore --staged FILE",
        ),
        Err(reason) => {
            refuse("commit-git", format!("git cannot tell what is staged: {reason}"), "fix git here");
        }
    }
    found
}

/// What git is in the middle of, if it is.
fn under_way(root: &Path, git: &Git<'_>) -> Option<&'static str> {
    const STATES: &[(&str, &str)] = &[
        ("MERGE_HEAD", "a merge"),
        ("CHERRY_PICK_HEAD", "a cherry-pick"),
        ("REVERT_HEAD", "a revert"),
        ("rebase-merge", "a rebase"),
        ("rebase-apply", "a rebase, or git am"),
    ];
    let is_there = |name: &str| {
        let place = git.line(&["rev-parse", "--git-path", name]).ok().flatten();
        place.is_some_and(|place| root.join(place).exists())
    };
    let unmerged = git.ask(&["ls-files", "--unmerged"]).is_ok_and(|said| !said.is_empty());
    let state = STATES.iter().find(|(name, _)| is_there(name)).map(|(_, what)| *what);
    state.or(unmerged.then_some("the resolution of conflicts"))
}

/// Whether a branch is one that others build on: by its name, or because a remote calls it its own.
fn is_shared(branch: &str, git: &Git<'_>) -> bool {
    let heads =
        git.ask(&["for-each-ref", "--format=%(refname:short) %(symref:short)", "refs/remotes"]).unwrap_or_default();
    let heads = String::from_utf8_lossy(&heads);
    let main = heads.lines().filter_map(|line| line.split_once(' ')?.1.split_once('/')).any(|(_, name)| name == branch);
    main || matches!(branch, "main" | "master") || branch.starts_with("release-")
}

/// The files of commits that have something in the index that is neither the last commit's nor ours.
fn staged(git: &Git<'_>, commits: &[Commit]) -> Result<Vec<String>, String> {
    let said = git.ask(&["diff-index", "--cached", "-z", "--no-renames", "HEAD"])?;
    let said = String::from_utf8_lossy(&said);
    let mut parts = said.split_terminator('\0');
    let mut found = Vec::new();
    while let (Some(about), Some(path)) = (parts.next(), parts.next()) {
        let of_path = || commits.iter().filter_map(|commit| commit.files.get(path));
        if of_path().next().is_none() {
            continue;
        }
        let staged = about.split(' ').nth(3).unwrap_or_default().to_owned();
        // A run that was killed leaves ours there.
        let mut ours = of_path().flatten().filter_map(|text| {
            let id = git.feed(&["hash-object", "--stdin", "--no-filters"], text).ok()?;
            Some(String::from_utf8_lossy(&id).trim().to_owned())
        });
        if !ours.any(|id| id == staged) {
            found.push(path.to_owned());
        }
    }
    Ok(found)
}

/// How far a series came.
#[derive(Debug)]
pub struct Made {
    /// The IDs of the commits, in order.
    pub commits: Vec<String>,
    /// Why it stopped, if it did: what git or a hook said.
    pub failure: Option<String>,
}

/// Makes the commits, one after the other, until one fails. After each, `then` is told which.
pub fn make(root: &Path, commits: &[Commit], then: &mut dyn FnMut(usize, &str)) -> anyhow::Result<Made> {
    let aside = TempDir::new()?;
    let mut made = Made { commits: Vec::new(), failure: None };
    for (number, commit) in commits.iter().enumerate() {
        match (Making { root, aside: aside.path(), commit }).make() {
            Ok(id) => {
                then(number, &id);
                made.commits.push(id);
            }
            Err(reason) => {
                made.failure = Some(visible_lines(&reason).into_owned());
                break;
            }
        }
    }
    Ok(made)
}

struct Making<'a> {
    root: &'a Path,
    aside: &'a Path,
    commit: &'a Commit,
}

impl Making<'_> {
    fn make(&self) -> Result<String, String> {
        let git = Committer::new(self.root);
        let parent = git.run(&["rev-parse", "HEAD"], "")?;
        let entries = self.entries(&git)?;
        let own = self.aside.join("index");
        // The stamps in it save git from reading every file.
        let index = PathBuf::from(git.run(&["rev-parse", "--git-path", "index"], "")?);
        std::fs::copy(self.root.join(index), &own).map_err(|error| format!("the index cannot be read: {error}"))?;
        let with_own = Committer::new(self.root).with_index(own);
        with_own.run(&["read-tree", "-m", "HEAD"], "").or_else(|_| with_own.run(&["read-tree", "HEAD"], ""))?;
        with_own.run(&["update-index", "-z", "--index-info"], &entries.after)?;
        let tree = with_own.run(&["write-tree"], "")?;
        git.run(&["update-index", "-z", "--index-info"], &entries.after)?;
        let message = self.commit.message.text();
        let commit = ["commit", "--quiet", "--signoff", "--cleanup=whitespace", "--file=-"];
        let ended = with_own.run(&commit, &message);
        let now = git.run(&["rev-parse", "HEAD"], "")?;
        if let Err(reason) = ended {
            // A hook that runs after the commit may fail, too.
            if now == parent {
                git.run(&["update-index", "-z", "--index-info"], &entries.before)?;
                return Err(reason);
            }
        }
        let is_ours =
            git.run(&["rev-parse", "HEAD^{tree}"], "")? == tree && git.run(&["rev-parse", "HEAD^"], "")? == parent;
        if !is_ours {
            return Err(format!(
                "the commit {now} does not hold what it should: a hook changed it; look at it with git show"
            ));
        }
        Ok(now)
    }

    /// What the index gets, and what it had, as `git update-index --index-info` reads it.
    fn entries(&self, git: &Committer<'_>) -> Result<Entries, String> {
        let mut entries = Entries { after: String::new(), before: String::new() };
        for (path, text) in &self.commit.files {
            let known = git.run(&["ls-tree", "-z", "HEAD", "--", path], "")?;
            let known = known.trim_end_matches('\0').split_once('\t').map(|(entry, _)| entry.to_owned());
            let mode = known.as_deref().and_then(|entry| entry.split(' ').next()).unwrap_or("100644");
            let none = format!("0 {}\t{path}\0", "0".repeat(40));
            let before = known.as_ref().map(|entry| entry.rsplit(' ').next().unwrap_or_default());
            let before = before.map_or_else(|| none.clone(), |id| format!("{mode} {id}\t{path}\0"));
            entries.before.push_str(&before);
            let hash = |text| git.run(&["hash-object", "-w", "--stdin", "--no-filters"], text);
            let after = text.as_deref().map(hash).transpose()?.map_or(none, |id| format!("{mode} {id}\t{path}\0"));
            entries.after.push_str(&after);
        }
        Ok(entries)
    }
}

struct Entries {
    after: String,
    before: String,
}

/// The subjects of the last commits that touched a folder, or the first one above it that any touched.
pub fn subjects(root: &Path, folder: &str) -> Vec<String> {
    let git = Git::new(root);
    let mut folder = folder;
    loop {
        // Folders below it have areas of their own.
        let place = if folder.is_empty() { ":(glob)*".to_owned() } else { format!(":(glob){folder}/*") };
        let said =
            git.ask(&["log", "--no-merges", "--max-count=60", "--format=%s", "HEAD", "--", &place]).unwrap_or_default();
        let found: Vec<String> = String::from_utf8_lossy(&said).lines().map(str::to_owned).collect();
        if !found.is_empty() || folder.is_empty() {
            return found;
        }
        folder = parent(folder);
    }
}

/// Paths that differ from the last commit, and that a rule or a record says are generated.
pub fn generated(base: &Base, recorded: &BTreeSet<String>) -> Vec<String> {
    let is_generated =
        |path: &str| kubevirt_scaffold_core::repo_path::generated(path).is_some() || recorded.contains(path);
    base.keys().filter(|path| is_generated(path)).cloned().collect()
}
