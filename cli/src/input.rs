//! Reading what the user names.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use kubevirt_scaffold_core::diagnostic::Diagnostic;
use kubevirt_scaffold_core::name::nearest;
use kubevirt_scaffold_core::text::{Source, Span, find_word};
use kubevirt_scaffold_core::vep::Vep;

use crate::files;
use crate::git::is_in_repository;
use crate::terminal::say;

/// The largest tasks.md that is read: real ones have at most 160 KB.
const LIMIT: u64 = 4 << 20;

/// The most that is read of all documents of a feature together.
const TOTAL: u64 = 64 << 20;

/// The documents beside a tasks.md that may say more about the feature.
const DOCUMENTS: &[&str] = &["spec.md", "feature-spec.md", "plan.md", "implementation-plan.md"];

/// Reads a tasks.md.
pub fn read(path: &Path, command_line: &Source) -> Result<Source, Diagnostic> {
    let name = path.display().to_string();
    let at_argument = |diagnostic: Diagnostic| at_word(diagnostic, command_line, &name);
    let bytes = limited(path, LIMIT).map_err(|error| {
        let help = meant(path).map_or_else(
            || "name the tasks.md of a feature".to_owned(),
            |near| format!("did you mean {}?", near.display()),
        );
        at_argument(Diagnostic::error("tasks-missing", format!("{name} cannot be read: {error}")).help(help))
    })?;
    if bytes.len() as u64 > LIMIT {
        let message = format!("{name} has more than {LIMIT} bytes, which are not read");
        return Err(at_argument(Diagnostic::error("tasks-size", message).help("is this the right file?")));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let source = Source::new(&name, String::from_utf8_lossy(error.as_bytes()));
        let message = format!("{name} is not UTF-8: byte {valid} is not part of a character");
        let span = Span::new(valid, valid + char::REPLACEMENT_CHARACTER.len_utf8());
        Diagnostic::error("tasks-encoding", message).at(&source, span).help("save it as UTF-8")
    })?;
    let source = Source::new(&name, text);
    if source.text().trim().is_empty() {
        let help = "a tasks.md starts from KubeVirt's template";
        let diagnostic = Diagnostic::error("tasks-empty", format!("{name} is empty")).at(&source, Span::at(0));
        return Err(diagnostic.help(help));
    }
    Ok(source)
}

/// The tasks.md that is probably meant by a path that is none: the one in a folder, or another file beside it.
fn meant(path: &Path) -> Option<PathBuf> {
    let (folder, wanted) = if path.is_dir() { (path, None) } else { (path.parent()?, path.file_name()?.to_str()) };
    let inside = folder.join(TASKS);
    if wanted.is_none() {
        return inside.is_file().then_some(inside);
    }
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let names: Vec<String> =
        fs::read_dir(folder).ok()?.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
    let documents = names.iter().map(String::as_str).filter(|name| name.ends_with(".md"));
    let near = nearest(wanted?, documents).first().map(|near| path.with_file_name(near));
    near.or_else(|| inside.is_file().then_some(inside))
}

/// The name of the file.
const TASKS: &str = "tasks.md";

/// The tasks.md of the feature's folder that the user stands in: in the current folder, or above it in its repository.
pub fn around() -> Option<PathBuf> {
    let current = std::env::current_dir().ok()?;
    let mut up = PathBuf::new();
    for folder in current.ancestors() {
        if folder.join(TASKS).is_file() {
            return Some(up.join(TASKS));
        }
        if folder.join(".git").exists() || !is_in_repository(folder) {
            return None;
        }
        up.push("..");
    }
    None
}

/// The tasks.md that a command is about: the one that is named, or the one of the folder that the user stands in.
pub fn tasks(named: Option<&Path>, command_line: &Source) -> Result<PathBuf, Diagnostic> {
    if let Some(path) = named {
        return Ok(path.to_path_buf());
    }
    let found = around().ok_or_else(|| {
        let message = "no tasks.md was given, and there is none in this folder or its parents";
        let found = Diagnostic::error("tasks-missing", message).at(command_line, Span::at(command_line.text().len()));
        found.help("name one, or go to the feature's folder")
    })?;
    say(&format!("Using {}.\n", found.display()));
    Ok(found)
}

/// The document that a command is about which reads a VEP as well: as for [`tasks`], or the VEP of a folder that has no
/// tasks.md.
pub fn tasks_or_vep(named: Option<&Path>, command_line: &Source) -> Result<PathBuf, Diagnostic> {
    let path = tasks(named, command_line)?;
    let is_of_vep = path.is_dir() && !path.join(TASKS).exists();
    let Some(vep) = is_of_vep.then(|| vep(&path)).flatten() else { return Ok(path) };
    say(&format!("Using {}.\n", vep.display()));
    Ok(vep)
}

/// How a document is called in a diff that `git apply` takes: by its path below the current folder, below its
/// repository, or else by its name.
pub fn diff_name(path: &Path) -> String {
    let whole = fs::canonicalize(path).or_else(|_| std::path::absolute(path)).unwrap_or_else(|_| path.to_path_buf());
    let current = std::env::current_dir().and_then(fs::canonicalize).ok();
    let repository = || whole.ancestors().skip(1).find(|folder| folder.join(".git").exists()).map(Path::to_path_buf);
    let below = |root: Option<PathBuf>| Some(whole.strip_prefix(root?).ok()?.display().to_string());
    let name = || path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    below(current).or_else(|| below(repository())).unwrap_or_else(name)
}

/// The VEP that a path names: a file, or a folder that holds one and no plan.
pub fn vep(path: &Path) -> Option<PathBuf> {
    if path.is_file() {
        return Some(path.to_path_buf());
    }
    if ["plan.md", "implementation-plan.md"].iter().any(|plan| path.join(plan).exists()) {
        return None;
    }
    let named = path.join("vep.md");
    if named.is_file() {
        return Some(named);
    }
    // The older form is `<slug>.md`, alone.
    let entries = fs::read_dir(path).ok()?.filter_map(|entry| Some(entry.ok()?.path()));
    let is_other = |path: &PathBuf| {
        let name = path.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
        !name.ends_with(".md") || name == "tasks.md" || name == "readme.md" || DESIGN.contains(&name.as_str())
    };
    let mut found = entries.filter(|path| !is_other(path));
    let only = found.next().filter(|_| found.next().is_none())?;
    read(&only, &Source::new("", "")).is_ok_and(|source| Vep::is_vep(&source)).then_some(only)
}

/// Reads at most `limit` + 1 bytes of a file, so that the caller can tell when there are more. A pipe or a
/// device is an error: it may have no end.
pub fn limited(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    files::open(path)?.take(limit + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Reads documents, as long as they are not too many.
struct Reader {
    left: u64,
}

impl Reader {
    fn new() -> Self {
        Self { left: TOTAL }
    }

    /// A document; nothing if it is not there. One that is there and cannot be read is an error.
    fn document(&mut self, path: &Path) -> Result<Option<Source>, Diagnostic> {
        let name = path.display().to_string();
        let refused = |reason: String, help: &str| {
            let diagnostic = Diagnostic::error("file-unreadable", format!("{name} {reason}"));
            Err(diagnostic.at(&Source::new(name.as_str(), ""), Span::at(0)).help(help))
        };
        let bytes = match files::read(path, LIMIT) {
            Ok(bytes) => bytes,
            Err(error) if is_absent(&error) => return Ok(None),
            Err(error) => {
                return refused(format!("cannot be read: {error}"), "make it readable, or move it out of the folder");
            }
        };
        let Some(left) = self.left.checked_sub(bytes.len() as u64) else {
            let message = format!("is more than is read: the documents have more than {TOTAL} bytes together");
            return refused(message, "move what does not describe the feature out of its folder");
        };
        self.left = left;
        match String::from_utf8(bytes) {
            Ok(text) => Ok(Some(Source::new(name, text))),
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                refused(format!("is not UTF-8 (at byte {at})"), "save it as UTF-8")
            }
        }
    }

    fn documents(&mut self, paths: impl IntoIterator<Item = PathBuf>) -> Result<Vec<Source>, Diagnostic> {
        let read = paths.into_iter().map(|path| self.document(&path));
        read.filter_map(Result::transpose).collect()
    }
}

/// Whether an error means that there is no file at a path.
pub fn is_absent(error: &io::Error) -> bool {
    use io::ErrorKind::{IsADirectory, NotADirectory, NotFound};
    matches!(error.kind(), NotFound | NotADirectory | IsADirectory)
}

/// Places a diagnostic at a word of the command line, or at its start if the word is not there.
pub fn at_word(diagnostic: Diagnostic, command_line: &Source, word: &str) -> Diagnostic {
    diagnostic.at(command_line, find_word(command_line.text(), word).unwrap_or(Span::at(0)))
}

/// The other design documents in the folder of a tasks.md, as far as they are there.
pub fn documents(tasks: &Path) -> Result<Vec<Source>, Diagnostic> {
    let folder = tasks.parent().unwrap_or(Path::new(""));
    Reader::new().documents(DOCUMENTS.iter().map(|name| folder.join(name)))
}

/// The files beside a tasks.md that say something about it, and itself, whether or not they are there.
pub fn beside(tasks: &Path) -> Vec<PathBuf> {
    let folder = tasks.parent().unwrap_or(Path::new(""));
    let names = DOCUMENTS.iter().copied().chain([CONFIGURATION]);
    names.map(|name| folder.join(name)).chain([tasks.to_path_buf()]).collect()
}

/// The name of the configuration in a feature's folder, and in a checkout.
pub const CONFIGURATION: &str = ".kubevirt-scaffold.toml";

/// Every design document in a feature's folder, the files of its contracts, and the constitution.
pub fn design(folder: &Path, constitution: Option<&Path>) -> Result<Vec<Source>, Diagnostic> {
    let mut reader = Reader::new();
    let mut found = reader.documents(DESIGN.iter().map(|name| folder.join(name)))?;
    found.extend(reader.documents(contracts(&folder.join("contracts"))?)?);
    let around = || {
        let folder = std::path::absolute(folder).ok()?;
        let beside = [folder.join("constitution.md"), folder.parent()?.join("constitution.md")];
        let memory = folder.ancestors().flat_map(|folder| {
            [".specify/memory/constitution.md", "memory/constitution.md"].map(|name| folder.join(name))
        });
        beside.into_iter().chain(memory).find(|path| path.symlink_metadata().is_ok())
    };
    let place = constitution.map(Path::to_path_buf).or_else(around);
    let text = place.as_deref().map(|path| reader.document(path)).transpose()?.flatten();
    if let (Some(named), None) = (constitution, &text) {
        let message = format!("{} does not exist", named.display());
        let place = Source::new(named.display().to_string(), "");
        let help = "name the constitution file, or omit --constitution";
        return Err(Diagnostic::error("file-unreadable", message).at(&place, Span::at(0)).help(help));
    }
    found.extend(text);
    Ok(found)
}

/// The files in the folder of the contracts, sorted.
fn contracts(folder: &Path) -> Result<Vec<PathBuf>, Diagnostic> {
    let list = || -> io::Result<Vec<PathBuf>> { fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect() };
    let mut found = match list() {
        Ok(found) => found,
        Err(error) if is_absent(&error) => Vec::new(),
        Err(error) => {
            let place = Source::new(folder.display().to_string(), "");
            let message = format!("{} cannot be read: {error}", folder.display());
            let diagnostic = Diagnostic::error("file-unreadable", message).at(&place, Span::at(0));
            return Err(diagnostic.help("make it readable"));
        }
    };
    found.sort();
    Ok(found)
}

/// The documents of a feature, besides its contracts.
const DESIGN: &[&str] = &[
    "spec.md",
    "feature-spec.md",
    "plan.md",
    "implementation-plan.md",
    "research.md",
    "data-model.md",
    "quickstart.md",
    "component-integration.md",
];
