//! What a function looks like where the task does not say: as its neighbours do, or not at all.

use super::signature::Signature;
use crate::demand::words;
use crate::kinds::constant;
use crate::name::Name;
use crate::plan::{Key, PlannedTask, Planner};
use crate::survey::{Func, Survey};
use crate::tree::file_name;

/// What a task asks for that no skeleton of a function is: the words that say so, and what it is.
const OTHERS: &[(&[&str], &str)] = &[
    (&["constant", "constants", "const", "consts"], "constants"),
    (&["register", "registers", "registration", "registered", "scheme"], "a registration"),
    (&["command", "commands", "subcommand", "subcommands", "virtctl", "cli", "flag", "flags"], "a command"),
    (&["endpoint", "endpoints", "subresource", "subresources", "route", "routes"], "an endpoint"),
    (
        &["struct", "structs", "interface", "interfaces", "enum", "crd", "crds", "kind", "manifest", "manifests"],
        "types",
    ),
    (&["metric", "metrics", "gauge", "counter", "histogram", "collector"], "metrics"),
    (&["informer", "informers"], "an informer"),
    (&["rbac", "clusterrole", "role", "permissions"], "roles"),
    (&["annotation", "annotations"], "annotations"),
    (&["webhook", "webhooks", "admitter"], "a webhook"),
];

/// Files whose names say that they hold something else than functions behind a gate.
const FILES: &[(&str, &str)] = &[
    ("register.go", "a registration"),
    ("types.go", "types"),
    ("schema.go", "types"),
    ("doc.go", "the package's comment"),
    ("constants.go", "constants"),
    ("consts.go", "constants"),
    ("crds.go", "types"),
];

/// Folders whose files are no functions behind a gate.
const FOLDERS: &[(&str, &str)] = &[
    ("pkg/virtctl", "a command"),
    ("cmd", "a command"),
    ("pkg/virt-api/rest", "an endpoint"),
    ("staging", "an API"),
    ("pkg/monitoring", "metrics"),
];

/// What a task that names no function asks for, where a skeleton of one would be an invention.
pub(super) fn no_function(task: &PlannedTask, path: &str) -> Option<&'static str> {
    let below = |folder: &str| path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
    let by_file = FILES.iter().find(|(name, _)| *name == file_name(path)).map(|(_, what)| *what);
    let by_folder = || FOLDERS.iter().find(|(folder, _)| below(folder)).map(|(_, what)| *what);
    let by_words = || {
        // What stands in backticks says where, and a comparison with something else says how.
        let prose: String = task.subject.split('`').step_by(2).collect::<Vec<_>>().join(" ").to_lowercase();
        let words: Vec<&str> = prose.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        OTHERS.iter().find(|(names, _)| words.iter().any(|word| names.contains(word))).map(|(_, what)| *what)
    };
    let by_value = || constant::is_alone(task).then_some("constants");
    by_file
        .or_else(by_value)
        .or_else(by_folder)
        .or_else(by_words)
        .or_else(|| task.once("unnamed helper", || unnamed_helper(task)).then_some("a function without its name"))
}

/// Whether a line asks for a function and does not say how it is called: "Add a helper that reports it".
fn unnamed_helper(task: &PlannedTask) -> bool {
    const NOUNS: &[&str] = &["helper", "helpers", "function", "functions", "method", "methods"];
    const MAKES: &[&str] = &["add", "implement", "create", "write", "introduce", "provide", "define"];
    let lines = task.details.iter().filter(|line| line.key.is_demand() || line.key == Key::Prose);
    let mut texts = lines.map(|line| line.text.as_str()).chain([task.title.as_str()]);
    texts.any(|text| {
        let words = words(text);
        let verb = words.iter().position(|word| word.is(MAKES));
        let noun = words.iter().position(|word| word.is(NOUNS));
        verb.zip(noun).is_some_and(|(verb, noun)| verb < noun && noun - verb < 5)
    })
}

/// Whether two functions are called alike: `initCloneController`, `initExportController`.
pub(in crate::kinds) fn are_alike(one: &str, other: &str) -> bool {
    let (one, other) = (Name::parse(one), Name::parse(other));
    let (one, other) = (one.words(), other.words());
    one.len() > 2 && other.len() > 2 && one.first() == other.first() && one.last() == other.last()
}

/// Whether a package has a declaration or a method of a name.
pub(in crate::kinds) fn has(planner: &Planner<'_, '_>, folder: &str, name: &str) -> bool {
    planner.survey.declares(folder, name).is_some() || !planner.survey.funcs(folder, name).is_empty()
}

/// The receiver and the signature of a function of which only the name is known, where the functions of its file that
/// are called alike, `init…Controller`, all have the same.
pub(super) fn like_siblings(
    survey: &Survey<'_>,
    (receiver, file): (Option<&str>, &str),
    name: &str,
) -> Option<(String, Signature)> {
    let source = survey.go(file).ok().flatten()?;
    let decls = source
        .file
        .decls
        .iter()
        .filter(|decl| decl.body.is_some() && decl.name() != name && are_alike(decl.name(), name));
    let texts = decls.filter_map(|decl| {
        let func = Func {
            source: source.clone(),
            receiver: decl.receiver.as_ref().map(|one| one.type_name.clone()),
            name: decl.name().to_owned(),
        };
        let head = func.head()?;
        let plain = head.parameters.is_empty() && head.results.is_empty();
        let before = &source.source.text()[decl.span.start + "func ".len()..decl.names[0].span.start];
        plain.then(|| (before.to_owned(), func.receiver))
    });
    let texts: Vec<(String, Option<String>)> = texts.collect();
    let [(text, of), rest @ ..] = texts.as_slice() else { return None };
    let agree = !rest.is_empty() && rest.iter().all(|other| other.1 == *of);
    if !agree || receiver.is_some() && receiver != of.as_deref() {
        return None;
    }
    Some((text.clone(), Signature { text: "()".to_owned(), imports: Vec::new(), results: Vec::new() }))
}
