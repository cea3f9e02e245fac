//! BUILD.bazel: what the Go files on the desk need in it.

use std::collections::{BTreeMap, BTreeSet};

use super::desk::{Desk, Draft};
use crate::build_file::{RuleKind, Wanted, create, update};
use crate::diagnostic::Diagnostic;
use crate::survey::package_clause;
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
    for (path, draft) in desk.drafts.iter().filter(|(path, draft)| path.ends_with(".go") && draft.is_changed()) {
        let need = needs.entry(parent(path).to_owned()).or_default();
        if add(desk, path, draft, need) {
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
fn add(desk: &Desk<'_, '_>, path: &str, draft: &Draft, need: &mut Need) -> bool {
    let (folder, name) = (parent(path), file_name(path));
    let survey = desk.survey;
    let importpath = survey.import_path(folder);
    let kind = if name.ends_with("_test.go") { RuleKind::Test } else { RuleKind::Library };
    let labels: Vec<String> =
        draft.imported.iter().filter_map(|import| survey.labels().of(import, &importpath)).collect();
    if draft.before.is_some() && labels.is_empty() {
        return false;
    }
    let rule = need.wanted.rule(kind);
    rule.deps.extend(labels);
    if draft.before.is_none() {
        let package = package_clause(&draft.text).unwrap_or_default();
        rule.srcs.push(name.to_owned());
        rule.embed |= kind == RuleKind::Test && !package.ends_with("_test");
    }
    true
}

/// What does not follow from one file alone.
fn complete(desk: &Desk<'_, '_>, folder: &str, wanted: &mut Wanted) {
    wanted.importpath = desk.survey.import_path(folder);
    let raced = ["pkg/", "cmd/", "staging/", "tests/framework", "tools/util", "tools/cache"];
    wanted.race = raced.iter().any(|prefix| folder.starts_with(prefix));
    // A folder of tests alone has no library to embed.
    let files = desk.survey.go_files(folder);
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
        Some(text) => {
            let source = Source::new(&path, text.clone());
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
        None if !desk.survey.go_files(folder).is_empty() => {
            let message = format!("{folder} has Go files but no BUILD.bazel; `make bazel-generate` makes one");
            return desk.refuse(Diagnostic::warning("build-file-missing", message));
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
