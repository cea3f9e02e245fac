//! Paths: what is refused, and what is put right.

use super::ManualReason;
use crate::diagnostic::Diagnostic;
use crate::go::is_platform;
use crate::name::Name;
use crate::repo_path::{Reason, RepoPath, forbidden, generated, is_generated, normalized, odd};
use crate::survey::{Survey, relocated};
use crate::text::{Source, Span};
use crate::tree::{Kind, file_name, join, parent};

/// A file that a task is about, where the checkout has it or would have it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct ResolvedPath {
    /// The path, put right.
    pub path: RepoPath,
    /// Whether there is such a file.
    pub exists: bool,
}

/// What is found out about a path.
pub(crate) enum Located {
    /// It is a file that can be worked on.
    File(ResolvedPath),
    /// It is a folder.
    Folder(String),
    /// People must do it, for this reason.
    Manual(ManualReason),
}

/// What a path is checked against.
pub(crate) struct Checker<'a, 't> {
    pub(crate) survey: &'a Survey<'t>,
    pub(crate) source: &'a Source,
    pub(crate) span: Span,
    pub(crate) diagnostics: &'a mut Vec<Diagnostic>,
}

impl Checker<'_, '_> {
    /// Checks a path and puts it right. Nothing if it is refused; a diagnostic says why.
    pub(crate) fn check(&mut self, raw: &str) -> Option<Located> {
        if let Some(refusal) = forbidden(raw) {
            self.refuse(refusal);
            return None;
        }
        let normal = normalized(raw);
        let (folder_marked, normal) = (raw.ends_with('/'), normal.as_str());
        if normal.contains('*') || normal.contains('{') {
            return Some(Located::Manual(ManualReason::Pattern(raw.to_owned())));
        }
        if let Some(refusal) = odd(normal) {
            self.refuse(refusal);
            return None;
        }
        let path = self.relocated(normal);
        if let Some(refusal) = self.in_the_way(&path) {
            self.refuse(refusal);
            return None;
        }
        if folder_marked || self.survey.kind(&path) == Some(Kind::Folder) {
            return Some(Located::Folder(path));
        }
        let exists = self.survey.exists(&path);
        match generated(&path).or_else(|| self.says_generated(&path)) {
            Some(by) if exists || path.ends_with(".pb.go") => {
                return Some(Located::Manual(ManualReason::Generated(path, by)));
            }
            Some(by) => {
                let message = format!("`{raw}` cannot be made: {by} would delete it");
                self.refuse((
                    "path-generated",
                    message,
                    "choose a name without `generated`, outside generated folders",
                ));
                return None;
            }
            None => {}
        }
        if !path.contains('/') {
            return Some(Located::Manual(ManualReason::NoFolder(raw.to_owned())));
        }
        let top = path.split('/').next().unwrap_or_default();
        if !self.survey.exists(top) {
            return Some(Located::Manual(ManualReason::NotInCheckout(top.to_owned())));
        }
        let path = if exists { path } else { self.spelled(&path).unwrap_or_else(|| self.renamed(&path)) };
        let exists = self.survey.exists(&path);
        Some(Located::File(ResolvedPath { path: RepoPath::known(path), exists }))
    }

    /// What writes a Go file whose head says that it is generated.
    fn says_generated(&self, path: &str) -> Option<&'static str> {
        let text = self.survey.text(path).ok().flatten().filter(|_| path.ends_with(".go"))?;
        is_generated(&text).then_some("the program that its head names")
    }

    fn refuse(&mut self, (code, message, help): Reason) {
        self.diagnostics.push(Diagnostic::error(code, message).at(self.source, self.span).help(help));
    }

    fn note(&mut self, message: String) {
        let note = Diagnostic::note("path-corrected", message).at(self.source, self.span);
        if !self.diagnostics.iter().any(|known| known.message == note.message) {
            self.diagnostics.push(note);
        }
    }

    /// Why a file that is not there is not made: the task takes it for existing, `(extend existing)`, or its name is that of
    /// a neighbour but for a letter or two.
    pub(crate) fn missing(&self, path: &str, note: Option<&str>, is_new: bool) -> Option<ManualReason> {
        let note = note.unwrap_or_default().to_lowercase();
        let expected = ["extend", "existing", "modify", "update"].iter().any(|word| note.contains(word));
        let mut near = if is_new { Vec::new() } else { self.misspelled(path) };
        if near.is_empty() && !expected {
            return None;
        }
        if near.is_empty() {
            near = self.namesakes(path);
        }
        let why = if near.is_empty() {
            format!("{path} does not exist, so there is nothing to extend")
        } else {
            format!("{path} does not exist; did you mean {}?", near.join(" or "))
        };
        Some(ManualReason::Inexact { why, places: Vec::new() })
    }

    /// The files of its folder whose names differ from that of a path by a letter or two.
    fn misspelled(&self, path: &str) -> Vec<String> {
        const SHORT: usize = 5;
        const LONG: usize = 10;
        let (name, folder) = (file_name(path), parent(path));
        let Some(stem) = name.strip_suffix(".go") else { return Vec::new() };
        let letters = |text: &str| text.chars().filter(|c| c.is_alphabetic()).collect::<String>();
        let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
        // `vm_x.go` beside `vmi_x.go` is about something else; `vms_x.go` is not.
        let is_apart = |one: &str, other: &str| {
            let (one, other): (Vec<&str>, Vec<&str>) =
                (one.split(['-', '_']).collect(), other.split(['-', '_']).collect());
            let mut pairs = one.iter().zip(&other).filter(|(a, b)| a != b);
            let short =
                |a: &str, b: &str| a.len().min(b.len()) < 4 && a.trim_end_matches('s') != b.trim_end_matches('s');
            one.len() == other.len() && pairs.any(|(a, b)| short(a, b))
        };
        let is_near = |other: &str| {
            let Some(full) = other.strip_suffix(".go") else { return false };
            let same_end = stem.ends_with("_test") == full.ends_with("_test") && digits(stem) == digits(full);
            let (one, other) = (letters(stem), letters(full));
            let length = one.chars().count().min(other.chars().count());
            let allowed = if length > LONG { 2 } else { usize::from(length > SHORT) };
            same_end && !is_apart(stem, full) && strsim::damerau_levenshtein(&one, &other) <= allowed
        };
        let names = self.survey.tree().list(folder);
        names.iter().filter(|other| is_near(other)).map(|other| join(folder, other)).take(3).collect()
    }

    /// Files and folders near a path that its name may stand for.
    fn namesakes(&self, path: &str) -> Vec<String> {
        let (folder, name) = (parent(path), file_name(path));
        let folder = if self.survey.exists(folder) { folder.to_owned() } else { self.survey.nearest_folder(path) };
        let stem = name.split('.').next().unwrap_or(name);
        let tree = self.survey.tree();
        let is_like = |other: &String| other.as_str() == name || other.split('.').next() == Some(stem);
        let here = tree.list(&folder);
        let inside = here.iter().filter(|other| !other.contains('.')).map(|other| join(&folder, other));
        let mut found: Vec<String> = here.iter().filter(|o| is_like(o)).map(|other| join(&folder, other)).collect();
        found.extend(inside.flat_map(|inner| {
            tree.list(&inner).into_iter().filter(is_like).map(|other| join(&inner, &other)).collect::<Vec<_>>()
        }));
        found.truncate(3);
        found
    }

    /// A link or a file where a folder should be.
    fn in_the_way(&self, path: &str) -> Option<Reason> {
        let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
        for end in ends {
            let part = &path[..end];
            match self.survey.kind(part) {
                Some(Kind::Link) => {
                    let message = format!("`{part}` is a symbolic link; nothing is written through links");
                    return Some(("path-symlink", message, "name the file by the path that the link leads to"));
                }
                Some(Kind::File | Kind::Other) if end < path.len() => {
                    let message = format!("`{part}` is a file, so nothing can be below it");
                    return Some(("path-not-folder", message, "name a file in a folder"));
                }
                Some(Kind::Other) => {
                    let message = format!("`{part}` is neither a file nor a folder");
                    return Some(("path-not-folder", message, "name a file in a folder"));
                }
                Some(_) => {}
                None => return self.other_case(path, part),
            }
        }
        None
    }

    /// A name that differs from one that is there in case only: where case does not matter, it is that.
    fn other_case(&self, path: &str, missing: &str) -> Option<Reason> {
        let name = file_name(missing);
        let names = self.survey.tree().list(parent(missing));
        let alike = names.iter().find(|known| known.as_str() != name && known.eq_ignore_ascii_case(name))?;
        let message = format!("`{path}` and {} differ in case only", join(parent(missing), alike));
        Some(("path-case", message, "name it as the checkout has it: not every file system tells them apart"))
    }

    /// The path where this checkout has the file, or would have it.
    fn relocated(&mut self, path: &str) -> String {
        if self.survey.exists(path) {
            return path.to_owned();
        }
        let Some(found) = relocated(self.survey.tree(), path) else { return path.to_owned() };
        let why = match parent(path) {
            "pkg/virt-controller" => "pkg/virt-controller is not a Go package".to_owned(),
            _ => format!("{path} does not exist"),
        };
        self.note(format!("{why}; this is about {found}"));
        found
    }

    /// A Go file of the folder whose name differs in separators only: nobody wants `vm-pool.go` beside `vmpool.go`.
    fn spelled(&mut self, path: &str) -> Option<String> {
        // Go reads no meaning into the separators of a name, but into these.
        let has_meaning = |name: &str| name.starts_with(['_', '.']) || name.rsplit('_').next().is_some_and(is_platform);
        let plain = |name: &str| if has_meaning(name) { name.to_owned() } else { name.replace(['-', '_'], "") };
        let folder = parent(path);
        let stem = file_name(path).strip_suffix(".go").filter(|stem| !has_meaning(stem))?;
        let (stem, end) = stem.strip_suffix("_test").map_or((stem, ".go"), |stem| (stem, "_test.go"));
        let names = self.survey.tree().list(folder);
        let is_alike = |name: &&String| {
            name.strip_suffix(end).is_some_and(|other| !other.ends_with("_test") && plain(other) == plain(stem))
        };
        let mut alike = names.iter().filter(is_alike);
        let only = alike.next().filter(|_| alike.next().is_none())?;
        let found = join(folder, only);
        self.note(format!("{path} does not exist; this is about {found}"));
        Some(found)
    }

    /// The name that a new Go file must have to be compiled and run.
    fn renamed(&mut self, path: &str) -> String {
        let (folder, name) = (parent(path), file_name(path));
        let Some(stem) = name.strip_suffix(".go") else { return path.to_owned() };
        let mut stem = stem.to_owned();
        let mut test = stem.ends_with("_test");
        if folder == "tests" && !test {
            self.note(format!("{path} would be a package of its own; specs in tests/ itself belong in {stem}_test.go"));
            test = true;
        } else if folder.starts_with("tests/") && test && !self.survey.package(folder).has_suite {
            let plain = stem.trim_end_matches("_test");
            self.note(format!("{path} would never run: below tests/, specs are in plain files, such as {plain}.go"));
            test = false;
        }
        stem = stem.trim_end_matches("_test").to_owned();
        if let Some(constraint) = stem.rsplit('_').next().filter(|last| stem.contains('_') && is_platform(last)) {
            self.note(format!("{name} would be compiled on {constraint} only; {stem}_support.go is always compiled"));
            stem.push_str("_support");
        }
        let suffix = if test { "_test" } else { "" };
        join(folder, &format!("{stem}{suffix}.go"))
    }
}

/// The words of a Go file's name, without what says that it is a test.
pub(crate) fn stem(path: &str) -> Name {
    let name = file_name(path);
    Name::parse(name.trim_end_matches(".go").trim_end_matches("_test"))
}
