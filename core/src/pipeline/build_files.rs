//! BUILD.bazel: what the Go files on the desk need in it.

use std::collections::{BTreeMap, BTreeSet};

use crate::build_file::{Labels, RuleKind, Wanted, create, update};
use crate::diagnostic::Diagnostic;
use crate::go::{Platforms, platforms};
use crate::pending::{Folder, PendingFiles};
use crate::plan::Plan;
use crate::repo_path::RepoPath;
use crate::survey::{Survey, package_clause};
use crate::text::{LineEnding, Source};
use crate::tree::{Kind, file_name, join, parent};

/// What one folder's BUILD.bazel needs, and for whom.
#[derive(Default)]
struct Need {
    wanted: Wanted,
    tasks: BTreeSet<usize>,
}

pub(super) fn write(pending: &mut PendingFiles<'_>, plan: &Plan) {
    let mut needs: BTreeMap<RepoPath, Need> = BTreeMap::new();
    for (path, file) in pending.files.iter().filter(|(path, file)| path.ends_with(".go") && file.is_changed()) {
        let Some(folder) = plan.folders.get(parent(path)).filter(|folder| folder.is_bazels) else { continue };
        let build =
            plan.texts.get(&RepoPath::known(join(parent(path), "BUILD.bazel"))).and_then(|file| file.text.as_deref());
        if build.is_some_and(|text| is_excluded(text, file_name(path))) {
            continue;
        }
        let need = needs.entry(RepoPath::known(parent(path))).or_default();
        let imports: Vec<&str> = file.imported.iter().map(String::as_str).collect();
        let go = GoFileNeed { path, text: &file.text, is_new: file.before.is_none(), imports: &imports };
        if add(&plan.labels, folder, &go, &mut need.wanted) {
            need.tasks.extend(&file.tasks);
        }
    }
    for (path, mut need) in needs {
        let Some(folder) = plan.folders.get(&path) else { continue };
        complete(folder, &path, &mut need.wanted);
        if !need.wanted.rules.is_empty() {
            pending.on_behalf_of(need.tasks);
            write_one(pending, &path, &need.wanted);
        }
    }
}

/// Whether a BUILD.bazel tells gazelle to pass a file over: `# gazelle:exclude meter.go`.
fn is_excluded(text: &str, name: &str) -> bool {
    let patterns = text.lines().filter_map(|line| line.trim().strip_prefix("# gazelle:exclude "));
    patterns.map(str::trim).any(|pattern| match pattern.split_once('*') {
        Some((before, after)) => {
            name.len() >= before.len() + after.len() && name.starts_with(before) && name.ends_with(after)
        }
        None => pattern == name,
    })
}

/// What a folder's BUILD.bazel depends on.
pub(super) fn folder(survey: &Survey<'_>, folder: &str) -> Folder {
    let files = survey.go_files(folder);
    Folder {
        importpath: survey.import_path(folder),
        is_bazels: is_bazels(survey, folder),
        has_library: files.iter().any(|file| !file.ends_with("_test.go")),
        has_testdata: survey.exists(&join(folder, "testdata")),
    }
}

/// Whether Bazel builds a folder. A tree may have left Bazel, or be on its way: each folder tells by itself, and a new one
/// is built as the nearest ones with Go files.
fn is_bazels(survey: &Survey<'_>, folder: &str) -> bool {
    let has_build_file = |folder: &str| survey.exists(&join(folder, "BUILD.bazel"));
    if has_build_file(folder) || !survey.go_files(folder).is_empty() {
        return has_build_file(folder);
    }
    let mut above = folder;
    while !above.is_empty() {
        above = parent(above);
        let below = survey.tree().list(above).into_iter().filter(|name| !name.contains('.'));
        let near = std::iter::once(above.to_owned()).chain(below.map(|name| join(above, &name)));
        let near: Vec<String> = near.filter(|folder| !survey.go_files(folder).is_empty()).collect();
        if !near.is_empty() {
            return near.iter().any(|folder| has_build_file(folder));
        }
    }
    false
}

/// A package's BUILD.bazel as gazelle would write it when Go files that stand in the folder already
/// become known to it.
pub fn predict(survey: &Survey<'_>, path: &str, names: &[&str]) -> Result<String, Diagnostic> {
    let mut wanted = Wanted::default();
    let folder = folder(survey, path);
    for name in names {
        let Some(source) = survey.go(&join(path, name))? else { continue };
        let imports: Vec<&str> = source.file.imports.iter().map(|import| import.path.as_str()).collect();
        let text = source.source.text();
        let go = GoFileNeed { path: source.path(), text, is_new: true, imports: &imports };
        if add(survey.labels(), &folder, &go, &mut wanted) {
            let kind = kind(name);
            wanted.rule(kind).embedsrcs.extend(embedded(survey, path, text));
        }
    }
    complete(&folder, path, &mut wanted);
    let path = join(path, "BUILD.bazel");
    let text = survey.text(&path)?;
    text.map_or_else(|| Ok(create(&wanted)), |text| updated(&path, &text, &wanted))
}

/// A Go file that BUILD.bazel has to follow.
struct GoFileNeed<'a> {
    path: &'a str,
    text: &'a str,
    is_new: bool,
    imports: &'a [&'a str],
}

fn kind(name: &str) -> RuleKind {
    if name.ends_with("_test.go") { RuleKind::Test } else { RuleKind::Library }
}

/// What one Go file needs: its imports, and its name if it is new. Whether it needs anything.
fn add(known: &Labels, folder: &Folder, go: &GoFileNeed<'_>, wanted: &mut Wanted) -> bool {
    let name = file_name(go.path);
    let kind = kind(name);
    let labels: Vec<String> = go.imports.iter().filter_map(|import| known.of(import, &folder.importpath)).collect();
    if !go.is_new && labels.is_empty() {
        return false;
    }
    let rule = wanted.rule(kind);
    match platforms(name, go.text) {
        Some(Platforms::All) => rule.deps.extend(labels),
        Some(some) => rule.conditional.extend(labels.into_iter().map(|label| (label, some.clone()))),
        None => {}
    }
    if go.is_new {
        let package = package_clause(go.text).unwrap_or_default();
        rule.srcs.push(name.to_owned());
        rule.embed |= kind == RuleKind::Test && !package.ends_with("_test");
        rule.cgo |= go.imports.contains(&"C");
        if package == "main" && kind == RuleKind::Library {
            wanted.command = true;
            if go.text.lines().any(|line| line.starts_with("func main()")) {
                wanted.binary = Some(file_name(parent(go.path)).to_owned());
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
fn complete(folder: &Folder, path: &str, wanted: &mut Wanted) {
    wanted.importpath.clone_from(&folder.importpath);
    let raced = ["pkg/", "cmd/", "staging/", "tests/framework", "tools/util", "tools/cache"];
    wanted.race = raced.iter().any(|prefix| path.starts_with(prefix));
    wanted.testdata = folder.has_testdata;
    // A folder of tests alone has no library to embed.
    let has_library = folder.has_library || wanted.rules.contains_key(&RuleKind::Library);
    if let Some(test) = wanted.rules.get_mut(&RuleKind::Test) {
        test.embed &= has_library;
    }
}

fn write_one(pending: &mut PendingFiles<'_>, path: &str, wanted: &Wanted) {
    let path = RepoPath::known(join(path, "BUILD.bazel"));
    let result = pending.text(&path).and_then(|text| match text {
        Some(text) => updated(&path, &text, wanted),
        None => Ok(create(wanted)),
    });
    let done = result.and_then(|text| pending.put(&path, text));
    if let Err(refusal) = done {
        pending.say(refusal);
    }
}

fn updated(path: &str, text: &str, wanted: &Wanted) -> Result<String, Diagnostic> {
    let edits = update(text, wanted).map_err(|error| {
        let message = format!("{path}: {}", error.message);
        let help = "`make bazel-generate` may fix it; nothing is edited that is not understood";
        Diagnostic::error("build-file", message).at(&Source::new(path, text), error.span).help(help)
    })?;
    Ok(edits.with_ending(LineEnding::of(text)).apply(text))
}
