//! Reading what the user names.

use std::path::{Path, PathBuf};

use kubevirt_scaffold_core::diagnostic::Diagnostic;
use kubevirt_scaffold_core::text::{Source, Span};

/// The largest tasks.md that is read: real ones have at most 160 KB.
const LIMIT: u64 = 4 << 20;

/// The documents beside a tasks.md that may say more about the feature.
const DOCUMENTS: &[&str] = &["spec.md", "feature-spec.md", "plan.md", "implementation-plan.md"];

/// Reads a tasks.md.
pub fn read(path: &Path, command_line: &Source) -> Result<Source, Diagnostic> {
    let name = path.display().to_string();
    let at_argument = |diagnostic: Diagnostic| at_word(diagnostic, command_line, &name);
    let bytes = limited(path, LIMIT).map_err(|error| {
        let help = "name a tasks.md, or none to see the built-in sample";
        at_argument(Diagnostic::error("tasks-missing", format!("{name} cannot be read: {error}")).help(help))
    })?;
    if bytes.len() as u64 > LIMIT {
        let message = format!("{name} has more than {LIMIT} bytes, which are not read");
        return Err(at_argument(Diagnostic::error("tasks-size", message).help("is this the right file?")));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let source = Source::new(&name, String::from_utf8_lossy(error.as_bytes()));
        let message = format!("{name} is not UTF-8: byte {valid} is no part of a character");
        let span = Span::new(valid, valid + char::REPLACEMENT_CHARACTER.len_utf8());
        Diagnostic::error("tasks-encoding", message).at(&source, span).help("save it as UTF-8")
    })?;
    let source = Source::new(&name, text);
    if source.text().trim().is_empty() {
        let help = "a tasks.md starts from KubeVirt's template; without an argument, a built-in sample is shown";
        let diagnostic = Diagnostic::error("tasks-empty", format!("{name} is empty")).at(&source, Span::at(0));
        return Err(diagnostic.help(help));
    }
    Ok(source)
}

/// Reads at most `limit` + 1 bytes of a file, so that the caller can tell when there are more. A pipe or a
/// device is an error: it may have no end.
pub fn limited(path: &Path, limit: u64) -> std::io::Result<Vec<u8>> {
    use std::io::Read as _;
    let metadata = std::fs::metadata(path)?;
    if !metadata.is_file() {
        return Err(std::io::Error::other("it is no file"));
    }
    let mut bytes = Vec::new();
    std::fs::File::open(path)?.take(limit + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn document(path: &Path) -> Option<Source> {
    let bytes = limited(path, LIMIT).ok().filter(|bytes| bytes.len() as u64 <= LIMIT)?;
    Some(Source::new(path.display().to_string(), String::from_utf8(bytes).ok()?))
}

/// Places a diagnostic at a word of the command line, or at its start if the word is not there.
pub fn at_word(diagnostic: Diagnostic, command_line: &Source, word: &str) -> Diagnostic {
    match command_line.text().find(word) {
        Some(start) => diagnostic.at(command_line, Span::new(start, start + word.len())),
        None => diagnostic.at(command_line, Span::at(0)),
    }
}

/// The other design documents in the folder of a tasks.md, as far as they are there.
pub fn documents(tasks: &Path) -> Vec<Source> {
    let folder = tasks.parent().unwrap_or(Path::new(""));
    DOCUMENTS.iter().filter_map(|name| document(&folder.join(name))).collect()
}

/// What is read of all documents of a feature together.
const TOTAL: u64 = 64 << 20;

/// Every design document in a feature's folder, the files of its contracts, and the constitution. What there is
/// beyond 64 MiB is not read, and a diagnostic says so.
pub fn design(folder: &Path, constitution: Option<&Path>) -> (Vec<Source>, Option<Diagnostic>) {
    let named = DESIGN.iter().map(|name| folder.join(name));
    let contracts = std::fs::read_dir(folder.join("contracts")).into_iter().flatten().flatten();
    let mut contracts: Vec<PathBuf> = contracts.map(|entry| entry.path()).filter(|path| path.is_file()).collect();
    contracts.sort();
    let around = || {
        let folder = std::path::absolute(folder).ok()?;
        let beside = [folder.join("constitution.md"), folder.parent()?.join("constitution.md")];
        let memory = folder.ancestors().flat_map(|folder| {
            [".specify/memory/constitution.md", "memory/constitution.md"].map(|name| folder.join(name))
        });
        beside.into_iter().chain(memory).find(|path| path.is_file())
    };
    let constitution = constitution.map(Path::to_path_buf).or_else(around);
    // The contracts come last: there may be any number of them.
    let (mut found, mut left) = (Vec::new(), TOTAL);
    for path in named.chain(constitution).chain(contracts) {
        let Some(document) = document(&path) else { continue };
        let Some(rest) = left.checked_sub(document.text().len() as u64) else {
            let message = format!("the documents in {} have more than {TOTAL} bytes together", folder.display());
            let help = format!("{} and what follows it is not read: take out what is no document", path.display());
            return (found, Some(Diagnostic::warning("documents-size", message).at(&document, Span::at(0)).help(help)));
        };
        left = rest;
        found.push(document);
    }
    (found, None)
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
