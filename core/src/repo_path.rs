//! Paths of a checkout's files, and where nothing is ever written, whatever a tasks.md, a flag or a saved
//! plan says.

use std::borrow::Borrow;
use std::fmt;
use std::ops::Deref;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::diagnostic::{is_invisible, visible};
use crate::tree::file_name;

/// A path from the root of a checkout, in its normal form: parts that people give files, joined by `/`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct RepoPath(String);

impl RepoPath {
    /// The path that somebody typed, with `.` and double slashes taken out; or why it names no file of a
    /// checkout.
    pub fn new(typed: &str) -> Result<Self, Reason> {
        if let Some(reason) = forbidden(typed) {
            return Err(reason);
        }
        let normal = normalized(typed);
        match odd(&normal) {
            Some(reason) => Err(reason),
            None => Ok(Self(normal)),
        }
    }

    /// A path that the checkout has, or that is made of such paths and checked names. It is checked once
    /// more before anything is written.
    pub fn known(path: impl Into<String>) -> Self {
        Self(path.into())
    }
}

impl Deref for RepoPath {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for RepoPath {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for RepoPath {
    type Error = String;

    fn try_from(path: String) -> Result<Self, String> {
        Self::new(&path).map_err(|(_, message, _)| message)
    }
}

impl AsRef<Path> for RepoPath {
    fn as_ref(&self) -> &Path {
        Path::new(&self.0)
    }
}

impl fmt::Display for RepoPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&RepoPath> for String {
    fn from(path: &RepoPath) -> Self {
        path.0.clone()
    }
}

impl PartialEq<str> for RepoPath {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl PartialEq<&str> for RepoPath {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

/// A path without parts that lead nowhere.
pub fn normalized(raw: &str) -> String {
    raw.split('/').filter(|part| !matches!(*part, "" | ".")).collect::<Vec<_>>().join("/")
}

/// Why a path is refused: a code, what is so, and what to do.
pub type Reason = (&'static str, String, &'static str);

/// The longest name of a file or folder. Systems allow 255 bytes, and temporary names need some.
const NAME: usize = 200;
/// The longest path. Systems allow 4096 bytes, from the root of the disk.
const PATH: usize = 1000;

/// Why nothing may be written at a path, whatever the checkout looks like.
pub fn forbidden(raw: &str) -> Option<Reason> {
    let shown = visible(&shortened(raw));
    let drive = raw.as_bytes().get(1) == Some(&b':') && raw.as_bytes()[0].is_ascii_alphabetic();
    if raw.starts_with(['/', '~']) || drive {
        let help = "name it from the root of the checkout, such as `pkg/virt-handler/feature.go`";
        return Some(("path-absolute", format!("`{shown}` is absolute"), help));
    }
    if raw.chars().any(|c| is_invisible(c) || c == '\\') {
        let help = "paths are made of letters, digits, `_`, `-`, `.` and `/`";
        return Some(("path-character", format!("`{shown}` contains a character that no path here has"), help));
    }
    let parts = || raw.split('/').filter(|part| !matches!(*part, "" | "."));
    if parts().any(|part| part == "..") {
        let help = "name it from the root of the checkout, without `..`";
        return Some(("path-escapes", format!("`{shown}` leads out of where it starts"), help));
    }
    if parts().any(is_gits) {
        return Some(("path-forbidden", format!("`{shown}` is git's own"), "nothing is ever written there"));
    }
    if raw.len() > PATH || parts().any(|part| part.len() > NAME) {
        let message = format!("`{shown}` is longer than {PATH} bytes, or a part of it than {NAME}");
        return Some(("path-character", message, "choose a shorter name"));
    }
    if let Some(part) = parts().find(|part| is_reserved(part)) {
        let message =
            format!("`{shown}` cannot be checked out everywhere: {} is reserved on some systems", visible(part));
        return Some((
            "path-reserved",
            message,
            "choose a name that does not end in a dot or a space, and is not a device",
        ));
    }
    parts().next().filter(|first| first.eq_ignore_ascii_case("vendor")).map(|_| {
        let help = "`make deps-update` writes vendor/; change go.mod instead";
        ("path-forbidden", format!("`{shown}` is vendored code"), help)
    })
}

/// Why a path in its normal form is none that anybody would give a file of KubeVirt's.
pub fn odd(path: &str) -> Option<Reason> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+".contains(c);
    let wrong =
        !path.chars().all(plain) || path.split('/').any(|part| matches!(part, "" | ".") || part.starts_with('-'));
    wrong.then(|| {
        let help = "paths are made of letters, digits, `_`, `-`, `.` and `/`";
        ("path-character", format!("`{}` contains a character that no path here has", visible(&shortened(path))), help)
    })
}

/// Why a file is not written, at the last moment: only files of the kinds that scaffolds are made of
/// are, and none that a generator makes.
pub fn unwritable(path: &str) -> Option<Reason> {
    if let Some(reason) = forbidden(path).or_else(|| odd(path)) {
        return Some(reason);
    }
    let shown = visible(path);
    if let Some(by) = generated(path) {
        return Some((
            "path-generated",
            format!("`{shown}` is generated: {by} writes it"),
            "change what it is made from",
        ));
    }
    let name = file_name(path);
    let known = path.contains('/') && (name.ends_with(".go") || name.ends_with(".md") || name == "BUILD.bazel");
    (!known).then(|| {
        let message = format!("`{shown}` is not a kind of file that is edited here");
        ("path-kind", message, "Go files, BUILD.bazel and Markdown in a folder of the checkout are")
    })
}

/// What writes a file, if it is not written by hand.
pub fn generated(path: &str) -> Option<&'static str> {
    let name = file_name(path);
    if name.ends_with(".pb.go") {
        return Some("`make gen-proto`");
    }
    let by_name = name.ends_with(".go") && name.contains("generated");
    let by_folder = path.starts_with("examples/") || path.starts_with("manifests/generated/");
    let by_hand = path.starts_with("tools/") || path.starts_with("tests/");
    let known = matches!(path, "docs/observability/metrics.md" | "api/openapi-spec/swagger.json");
    (by_name && !by_hand || by_folder || known).then_some("`make generate`")
}

/// Whether a generator says that it made a file.
pub fn is_generated(text: &str) -> bool {
    let head = text.lines().take_while(|line| !line.starts_with("package "));
    head.into_iter().any(|line| line.starts_with("// Code generated ") && line.ends_with(" DO NOT EDIT."))
}

/// `.git`, also as a file system that ignores case, or shortens names, would find it.
fn is_gits(part: &str) -> bool {
    let part = part.trim_end_matches([' ', '.']);
    let head = part.split(':').next().unwrap_or(part);
    head.eq_ignore_ascii_case(".git") || head.eq_ignore_ascii_case("git~1")
}

/// Names that not every system can hold.
fn is_reserved(part: &str) -> bool {
    const DEVICES: &[&str] = &["con", "prn", "aux", "nul", "conin$", "conout$"];
    let stem = part.split('.').next().unwrap_or(part).trim_end().to_ascii_lowercase();
    let numbered = ["com", "lpt"].iter().any(|port| {
        stem.strip_prefix(port)
            .is_some_and(|rest| matches!(rest.as_bytes(), [b'0'..=b'9']) || matches!(rest, "¹" | "²" | "³"))
    });
    DEVICES.contains(&stem.as_str()) || numbered || part.ends_with(['.', ' '])
}

fn shortened(text: &str) -> String {
    const SHOWN: usize = 120;
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forbidden_paths_have_a_reason() {
        for (path, code) in [
            ("/etc/passwd", "path-absolute"),
            ("~/x.go", "path-absolute"),
            ("C:/x.go", "path-absolute"),
            ("pkg\\x.go", "path-character"),
            ("pkg/\u{202e}og.x", "path-character"),
            ("pkg/../../x.go", "path-escapes"),
            ("pkg/.git/config", "path-forbidden"),
            ("pkg/.GIT/config", "path-forbidden"),
            ("pkg/git~1/config", "path-forbidden"),
            (".git./hooks/x.go", "path-forbidden"),
            ("vendor/x.go", "path-forbidden"),
            ("./Vendor/x.go", "path-forbidden"),
            ("pkg/aux.go", "path-reserved"),
            ("pkg/COM1/x.go", "path-reserved"),
            ("pkg/x./y.go", "path-reserved"),
        ] {
            assert_eq!(forbidden(path).map(|reason| reason.0), Some(code), "{path}");
        }
        assert!(forbidden(&format!("pkg/{}.go", "x".repeat(300))).is_some());
        assert_eq!(forbidden("pkg/virt-handler/console.go"), None);
    }

    #[test]
    fn only_files_of_known_kinds_are_written() {
        for path in ["pkg/x.go", "docs/x.md", "pkg/BUILD.bazel", "staging/src/kubevirt.io/api/core/v1/types.go"] {
            assert_eq!(unwritable(path), None, "{path}");
        }
        for path in ["go.mod", "Makefile", "pkg/x.sh", "pkg/x.yaml", "pkg//x.go", "pkg/a b.go", "pkg/zz_generated.go"] {
            assert!(unwritable(path).is_some(), "{path}");
        }
    }
}
