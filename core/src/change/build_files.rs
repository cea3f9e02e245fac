//! BUILD.bazel: what the Go files on the desk need in it.

use std::collections::{BTreeMap, BTreeSet};

use super::desk::Desk;
use crate::build_file::{RuleKind, Wanted, create, update};
use crate::diagnostic::Diagnostic;
use crate::go::{Platforms, platforms};
use crate::survey::{Survey, package_clause};
use crate::text::{LineEnding, Source, Span};
use crate::tree::{Kind, file_name, join, parent};

/// What one folder's BUILD.bazel needs, and for whom.
#[derive(Default)]
struct Need {
    wanted: Wanted,
    tasks: BTreeSet<usize>,
}

pub(super) fn write(desk: &mut Desk<'_, '_>) {
    let mut needs: BTreeMap<String, Need> = BTreeMap::new();
    for (path, draft) in desk.drafts.iter().filter(|(path, draft)| path.ends_with(".go") && draft.is_changed()) {
        let need = needs.entry(parent(path).to_owned()).or_default();
        let imports: Vec<&str> = draft.imported.iter().map(String::as_str).collect();
        if add(desk.survey, path, &draft.text, draft.before.is_none(), &imports, &mut need.wanted) {
            need.tasks.extend(&draft.tasks);
        }
    }
    for (folder, mut need) in needs {
        complete(desk.survey, &folder, &mut need.wanted);
        if !need.wanted.rules.is_empty() {
            desk.on_behalf_of(need.tasks);
            write_one(desk, &folder, &need.wanted);
        }
    }
}

/// A package's BUILD.bazel as gazelle would write it when Go files that stand in the folder already
/// become known to it.
pub fn predict(survey: &Survey<'_>, folder: &str, names: &[&str]) -> Result<String, Diagnostic> {
    let mut wanted = Wanted::default();
    for name in names {
        let Some(source) = survey.go(&join(folder, name))? else { continue };
        let imports: Vec<&str> = source.file.imports.iter().map(|import| import.path.as_str()).collect();
        add(survey, source.path(), source.source.text(), true, &imports, &mut wanted);
    }
    complete(survey, folder, &mut wanted);
    let path = join(folder, "BUILD.bazel");
    let text = survey.text(&path)?;
    text.map_or_else(|| Ok(create(&wanted)), |text| updated(&path, &text, &wanted))
}

/// What one Go file needs: its imports, and its name if it is new. Whether it needs anything.
fn add(survey: &Survey<'_>, path: &str, text: &str, is_new: bool, imports: &[&str], wanted: &mut Wanted) -> bool {
    let (folder, name) = (parent(path), file_name(path));
    let importpath = survey.import_path(folder);
    let kind = if name.ends_with("_test.go") { RuleKind::Test } else { RuleKind::Library };
    let labels: Vec<String> = imports.iter().filter_map(|import| survey.labels().of(import, &importpath)).collect();
    if !is_new && labels.is_empty() {
        return false;
    }
    let rule = wanted.rule(kind);
    match platforms(name, text) {
        Some(Platforms::All) => rule.deps.extend(labels),
        Some(some) => rule.conditional.extend(labels.into_iter().map(|label| (label, some.clone()))),
        None => {}
    }
    if is_new {
        let package = package_clause(text).unwrap_or_default();
        rule.srcs.push(name.to_owned());
        rule.embed |= kind == RuleKind::Test && !package.ends_with("_test");
        rule.cgo |= imports.contains(&"C");
        rule.embedsrcs.extend(embedded(survey, folder, text));
        if package == "main" && kind == RuleKind::Library {
            wanted.command = true;
            if text.lines().any(|line| line.starts_with("func main()")) {
                wanted.binary = Some(file_name(folder).to_owned());
            }
        }
    }
    true
}

/// The files that `//go:embed` lines name, as gazelle lists them.
fn embedded(survey: &Survey<'_>, folder: &str, text: &str) -> Vec<String> {
    let lines = text.lines().filter_map(|line| line.trim_start().strip_prefix("//go:embed "));
    let patterns = lines.flat_map(str::split_whitespace).map(|pattern| pattern.trim_matches(['"', '`']));
    let mut found = Vec::new();
    for pattern in patterns {
        let (hidden, pattern) = pattern.strip_prefix("all:").map_or((false, pattern), |pattern| (true, pattern));
        let (inner, last) = pattern.rsplit_once('/').map_or(("", pattern), |(inner, last)| (inner, last));
        let names = match last.split_once('*') {
            None => vec![last.to_owned()],
            Some((before, after)) => {
                let matches = |name: &String| {
                    name.len() >= before.len() + after.len() && name.starts_with(before) && name.ends_with(after)
                };
                survey.tree().list(&join(folder, inner)).into_iter().filter(matches).collect()
            }
        };
        for name in names {
            below(survey, folder, join(inner, &name), hidden, &mut found);
        }
    }
    found
}

/// A file, or every file of a folder but the hidden ones.
fn below(survey: &Survey<'_>, folder: &str, path: String, hidden: bool, found: &mut Vec<String>) {
    if survey.kind(&join(folder, &path)) != Some(Kind::Folder) {
        found.push(path);
        return;
    }
    for name in survey.tree().list(&join(folder, &path)) {
        if hidden || !name.starts_with(['.', '_']) {
            below(survey, folder, join(&path, &name), hidden, found);
        }
    }
}

/// What does not follow from one file alone.
fn complete(survey: &Survey<'_>, folder: &str, wanted: &mut Wanted) {
    wanted.importpath = survey.import_path(folder);
    let raced = ["pkg/", "cmd/", "staging/", "tests/framework", "tools/util", "tools/cache"];
    wanted.race = raced.iter().any(|prefix| folder.starts_with(prefix));
    wanted.testdata = survey.exists(&join(folder, "testdata"));
    // A folder of tests alone has no library to embed.
    let files = survey.go_files(folder);
    let has_library =
        files.iter().any(|file| !file.ends_with("_test.go")) || wanted.rules.contains_key(&RuleKind::Library);
    if let Some(test) = wanted.rules.get_mut(&RuleKind::Test) {
        test.embed &= has_library;
    }
}

fn write_one(desk: &mut Desk<'_, '_>, folder: &str, wanted: &Wanted) {
    let path = join(folder, "BUILD.bazel");
    let text = match desk.text(&path) {
        Ok(text) => text,
        Err(refusal) => return desk.refuse(refusal),
    };
    let result = match text {
        Some(text) => updated(&path, &text, wanted),
        None if !desk.survey.go_files(folder).is_empty() => {
            let message = format!("{path} is missing, though {folder} has Go files");
            let help = "run `make bazel-generate` first, or leave the tasks about this folder out with --only";
            let missing = Diagnostic::error("build-file-missing", message);
            return desk.refuse(missing.at(&Source::new(&path, ""), Span::at(0)).help(help));
        }
        None => Ok(create(wanted)),
    };
    match result {
        Ok(text) => {
            if let Err(refusal) = desk.put(&path, text) {
                desk.refuse(refusal);
            }
        }
        Err(diagnostic) => desk.refuse(diagnostic),
    }
}

fn updated(path: &str, text: &str, wanted: &Wanted) -> Result<String, Diagnostic> {
    let edits = update(text, wanted).map_err(|error| {
        let message = format!("{path}: {}", error.message);
        let help = "`make bazel-generate` may mend it; nothing is edited that is not understood";
        Diagnostic::error("build-file", message).at(&Source::new(path, text), error.span).help(help)
    })?;
    Ok(edits.with_ending(LineEnding::of(text)).apply(text))
}
