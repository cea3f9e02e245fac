//! What has changed in a checkout since a commit.

use std::collections::BTreeSet;
use std::path::Path;

use kubevirt_scaffold_core::diagnostic::Diagnostic;
use kubevirt_scaffold_core::generate::Changed;
use kubevirt_scaffold_core::text::Source;

use crate::git::{Git, MODULES};
use crate::input;
use crate::work_tree::is_kept_by_git;

/// The branches that a change is compared with if none is named: the first that exists.
const MAIN: &[&str] = &["upstream/main", "origin/main", "main"];

/// The commit that a checkout is compared with.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Base {
    /// The commit.
    pub commit: String,
    /// What it is called.
    pub name: String,
}

impl Base {
    /// The commit that `--base` names, or where the branch left main.
    pub fn find(root: &Path, named: Option<&str>, command_line: &Source) -> Result<Self, Diagnostic> {
        let refuse = |message: String, help: &str| {
            let diagnostic = Diagnostic::error("generate-base", message).help(help);
            input::at_word(diagnostic, command_line, named.unwrap_or_default())
        };
        if !is_kept_by_git(root) {
            let message = format!("{} is not the root of a git work tree, so what changed is unknown", root.display());
            return Err(refuse(message, "`make generate` needs no git"));
        }
        let git = Git::new(root);
        let ask = |arguments: &[&str]| git.line(arguments).map_err(|why| refuse(why, "fix git here"));
        let commit = |name: &str| {
            let asked = format!("{name}^{{commit}}");
            ask(&["rev-parse", "--verify", "--quiet", "--end-of-options", &asked])
        };
        if let Some(name) = named {
            let found = commit(name)?;
            let found =
                found.ok_or_else(|| refuse(format!("`{name}` names no commit here"), "such as main or HEAD~1"))?;
            return Ok(Self { commit: found, name: name.to_owned() });
        }
        for name in MAIN {
            if let Some(main) = commit(name)?
                && let Some(found) = ask(&["merge-base", "HEAD", &main])?
            {
                return Ok(Self { commit: found, name: format!("{name} was left") });
            }
        }
        let head =
            commit("HEAD")?.ok_or_else(|| refuse("there is no commit yet".to_owned(), "name one with --base"))?;
        Ok(Self { commit: head, name: "the last commit".to_owned() })
    }
}

/// The files that differ from a commit, with what they held then.
pub fn changed(root: &Path, base: &Base) -> Result<Vec<Changed>, Diagnostic> {
    let git = Git::new(root);
    let list = |arguments: &[&str]| -> Result<BTreeSet<String>, Diagnostic> {
        let said = git
            .ask(arguments)
            .map_err(|why| Diagnostic::error("generate-base", why).help("fix git here, or use `make generate`"))?;
        Ok(String::from_utf8_lossy(&said).split_terminator('\0').map(str::to_owned).collect())
    };
    let mut paths = list(&["diff", "--name-only", "-z", "--no-renames", "--no-ext-diff", MODULES, &base.commit])?;
    paths.extend(list(&["ls-files", "-z", "--others", "--exclude-standard"])?);
    Ok(since(root, &base.commit, paths))
}

/// Some files, with what they held in a commit.
pub fn since(root: &Path, commit: &str, paths: impl IntoIterator<Item = String>) -> Vec<Changed> {
    let git = Git::new(root);
    let before = |path: &str| {
        // What was not there, or is not text, is no Go file that somebody could compare.
        let text = git.ask(&["cat-file", "blob", &format!("{commit}:./{path}")]).ok()?;
        String::from_utf8(text).ok().map(Into::into)
    };
    let is_type = |path: &str| path.ends_with(".go") && path.starts_with("staging/");
    let known = |path: String| Changed { before: is_type(&path).then(|| before(&path)).flatten(), path };
    paths.into_iter().map(known).collect()
}
