//! BUILD.bazel: what the Go files on the desk need in it.

use std::collections::{BTreeMap, BTreeSet};

use super::desk::Desk;
use crate::build_file::{RuleKind, Wanted, create, update};
use crate::diagnostic::Diagnostic;
use crate::go::{GoFile, Import};
use crate::text::{LineEnding, Source, apply};
use crate::tree::{file_name, join, parent};

/// What one folder's BUILD.bazel needs, and for whom.
#[derive(Default)]
struct Need {
    wanted: Wanted,
    tasks: BTreeSet<usize>,
}

pub(super) fn write(desk: &mut Desk<'_, '_>) {
    let mut needs: BTreeMap<String, Need> = BTreeMap::new();
    for (path, draft) in &desk.drafts {
        let Some(file) = draft.file.as_ref().filter(|_| draft.is_changed()) else { continue };
        let before = draft.before.as_ref().and_then(|_| desk.survey.go(path).ok().flatten());
        let need = needs.entry(parent(path).to_owned()).or_default();
        if add(desk, path, file, before.as_ref().map(|before| &before.file), need) {
            need.tasks.extend(&draft.tasks);
        }
    }
    for (folder, mut need) in needs {
        complete(desk, &folder, &mut need.wanted);
        if !need.wanted.rules.is_empty() {
            desk.on_behalf_of(need.tasks);
            write_one(desk, &folder, &need.wanted);
        }
    }
}

/// What one Go file needs. Whether it needs anything.
fn add(desk: &Desk<'_, '_>, path: &str, file: &GoFile, before: Option<&GoFile>, need: &mut Need) -> bool {
    let (folder, name) = (parent(path), file_name(path));
    let survey = desk.survey;
    let importpath = survey.import_path(folder);
    let kind = if name.ends_with("_test.go") { RuleKind::Test } else { RuleKind::Library };
    let is_new = |import: &&Import| before.is_none_or(|before| before.import(&import.path).is_none());
    let labels = file.imports.iter().filter(is_new).filter_map(|import| survey.labels().of(&import.path, &importpath));
    let labels: Vec<String> = labels.collect();
    if before.is_some() && labels.is_empty() {
        return false;
    }
    let internal = kind == RuleKind::Test && !file.package.text.ends_with("_test");
    let rule = need.wanted.rule(kind);
    rule.deps.extend(labels);
    if before.is_none() {
        rule.srcs.push(name.to_owned());
        rule.embed |= internal;
    }
    true
}

/// What does not follow from one file alone.
fn complete(desk: &Desk<'_, '_>, folder: &str, wanted: &mut Wanted) {
    wanted.importpath = desk.survey.import_path(folder);
    let raced = ["pkg/", "cmd/", "staging/", "tests/framework", "tools/util", "tools/cache"];
    wanted.race = raced.iter().any(|prefix| folder.starts_with(prefix));
    // A folder of tests alone has no library to embed.
    let package = desk.survey.package(folder);
    let has_library =
        package.files.iter().any(|file| !file.ends_with("_test.go")) || wanted.rules.contains_key(&RuleKind::Library);
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
        Some(text) => {
            let source = Source::new(&path, text.as_str());
            let help = "`make bazel-generate` may mend it; nothing is edited that is not understood";
            match update(&text, wanted) {
                Ok(edits) => {
                    let ending = LineEnding::of(&text);
                    let edits: Vec<_> = edits
                        .into_iter()
                        .map(|mut edit| {
                            edit.text = ending.apply(edit.text);
                            edit
                        })
                        .collect();
                    apply(&text, &edits).map_err(|overlap| Diagnostic::error("internal", format!("{path}: {overlap}")))
                }
                Err(error) => {
                    let message = format!("{path}: {}", error.message);
                    Err(Diagnostic::error("build-file", message).at(&source, error.span).help(help))
                }
            }
        }
        None if desk.survey.package(folder).exists() => {
            let message = format!("{folder} has Go files but no BUILD.bazel; `make bazel-generate` makes one");
            return desk.refuse(Diagnostic::warning("build-file-missing", message));
        }
        None => Ok(create(wanted)),
    };
    match result {
        Ok(text) => {
            if let Err(refusal) = desk.put(&path, text, None) {
                desk.refuse(refusal);
            }
        }
        Err(diagnostic) => desk.refuse(diagnostic),
    }
}
