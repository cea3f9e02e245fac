//! The field of the feature itself, for a task that asks for one and says nothing of it.

use super::asked::HELP;
use super::{Left, facts};
use crate::demand::{Piece, words};
use crate::name::Name;
use crate::plan::{Key, ManualReason, Planner, ResolvedPath};
use crate::task::LineKind;
use crate::tree::file_name;

/// A block of code or a table that stands below a task, before the next one.
fn stands_below(planner: &Planner<'_, '_>, task: usize) -> Option<&'static str> {
    let (file, own) = (planner.file, planner.task(task).index);
    let from = file.tasks[own].span.start;
    let to = file.tasks.get(own + 1).map_or(usize::MAX, |next| next.span.start);
    let below = file.lines.iter().filter(|line| line.span.start > from && line.span.start < to);
    let mut below = below.take_while(|line| !matches!(line.kind, LineKind::Heading(_)));
    below.find_map(|line| match line.kind {
        LineKind::Fence => Some("a block of code"),
        LineKind::Table => Some("a table"),
        _ => None,
    })
}

/// The struct that gets the field of the feature, for a task that asks for a field and says nothing of it. Words that
/// are about something else need a field that is named.
pub(super) fn of_the_feature(planner: &Planner<'_, '_>, task: usize, place: &ResolvedPath) -> Result<String, Left> {
    const PLAIN: &[&str] = &[
        "add",
        "adds",
        "adding",
        "a",
        "an",
        "the",
        "new",
        "optional",
        "field",
        "fields",
        "for",
        "of",
        "to",
        "in",
        "on",
        "api",
        "feature",
        "feature's",
        "features",
        "type",
        "types",
        "change",
        "changes",
        "update",
        "integration",
        "definition",
        "definitions",
        "extension",
        "spec",
        "vmi",
        "struct",
        "and",
        "with",
        "its",
        "crd",
        "schema",
        "extend",
        "implement",
        "define",
        "core",
        "second",
        "first",
        "more",
        "configuration",
        "any",
        "required",
        "needed",
        "v1",
        "kubevirt",
    ];
    let file = &*place.path;
    if !place.exists {
        return Err(Left::Manual(ManualReason::NoApiFile(file.to_owned())));
    }
    let planned = planner.task(task);
    if let Some(what) = stands_below(planner, task) {
        let why = format!("{what} below it is not understood");
        return Err(Left::Line(why, HELP.to_owned()));
    }
    // A task that says of a field what it is asks for that field, and not for the feature's.
    if let Some(word) = facts::spoken_of(planned) {
        return Err(Left::Manual(ManualReason::NoField { file: file.to_owned(), word }));
    }
    let lines: Vec<&str> = planned.details(&[Key::Task, Key::Prose, Key::Logic, Key::Implementation]).collect();
    let lines = if lines.is_empty() { vec![planned.subject.as_str()] } else { lines };
    let feature = Name::parse(&planner.feature().name);
    let own = |word: &str| {
        let word = word.to_lowercase();
        PLAIN.contains(&word.as_str()) || feature.words().iter().any(|known| word.starts_with(known.as_str()))
    };
    let context = super::asked::asked(planned).context;
    for line in lines {
        let words = words(line);
        let other = words.iter().find(|word| {
            let named =
                context.as_deref() == Some(word.text) || word.text.contains('/') || word.text.starts_with("make");
            word.piece != Piece::Mark && !named && !own(word.text)
        });
        if let Some(word) = other {
            const CHANGES: &[&str] = &["change", "changes", "rename", "remove", "replace", "convert", "deprecate"];
            if let Some(verb) = words.iter().find(|word| word.is(CHANGES)) {
                return Err(Left::Manual(ManualReason::OtherWork(verb.text.to_lowercase())));
            }
            let code = words.iter().find(|word| word.is_code() && !word.text.contains('/'));
            let word = code.unwrap_or(word).text.to_owned();
            return Err(Left::Manual(ManualReason::NoField { file: file.to_owned(), word }));
        }
    }
    Ok(context.unwrap_or_else(|| {
        match file_name(file) {
            "schema.go" => "DomainSpec",
            _ => "VirtualMachineInstanceSpec",
        }
        .to_owned()
    }))
}
