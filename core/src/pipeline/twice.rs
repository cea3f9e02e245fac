//! Names that a plan would declare twice in one package: whoever asks for them, that does not compile.

use std::collections::BTreeMap;

use super::texts::Change;
use crate::diagnostic::Diagnostic;
use crate::go::{GoFile, Platforms, platforms};
use crate::plan::Plan;
use crate::text::{Source, Span, line_span};
use crate::tree::{file_name, parent};

/// Names of changed Go files that another changed file of their package declares, too. What both had before is no matter
/// of the plan.
pub(super) fn twice(changes: &[Change], plan: &Plan, tasks: &Source) -> Vec<Diagnostic> {
    // The package, and a receiver and a name in it: the first change that declares it.
    let mut known: BTreeMap<(String, String, Option<String>, String), usize> = BTreeMap::new();
    let mut found = Vec::new();
    for (index, change) in changes.iter().enumerate().filter(|(_, change)| change.path.ends_with(".go")) {
        let Ok(file) = GoFile::parse(&change.after) else { continue };
        let names = file.decls.iter().flat_map(|decl| decl.names.iter().map(move |name| (decl, name)));
        for (decl, name) in names {
            let receiver = decl.receiver.as_ref().map(|receiver| receiver.type_name.clone());
            if name.text == "_" || name.text == "init" && receiver.is_none() {
                continue;
            }
            let (folder, package) = (parent(&change.path).to_owned(), file.package.text.clone());
            let first = *known.entry((folder, package, receiver.clone(), name.text.clone())).or_insert(index);
            let other = &changes[first];
            let declares = |change: &Change| {
                let before = change.before.as_ref().and_then(|before| GoFile::parse(before).ok());
                before.is_some_and(|before| has(&before, receiver.as_deref(), &name.text))
            };
            if first == index || are_apart(change, other) || declares(change) && declares(other) {
                continue;
            }
            let message = format!("{} and {} would both declare {}", other.path, change.path, name.text);
            let line = change.tasks.first().map_or(1, |task| plan.tasks[*task].line);
            let start = line_span(tasks.text(), line).start;
            let help = "they are one package: put the line that asks for it below the `File:` line of one of them";
            found.push(Diagnostic::error("name-taken", message).at(tasks, Span::at(start)).help(help));
        }
    }
    found
}

fn has(file: &GoFile, receiver: Option<&str>, name: &str) -> bool {
    file.decls.iter().any(|decl| {
        let own = decl.receiver.as_ref().map(|receiver| receiver.type_name.as_str());
        own == receiver && decl.names.iter().any(|known| known.text == name)
    })
}

/// Whether two files are compiled on different platforms.
fn are_apart(one: &Change, other: &Change) -> bool {
    let of = |change: &Change| platforms(file_name(&change.path), &change.after);
    let (one, other) = (of(one), of(other));
    let is_some = |platforms: &Option<Platforms>| !matches!(platforms, Some(Platforms::All));
    one != other && is_some(&one) && is_some(&other)
}
