//! What the words of a task say of a configurator: which one, whether it is a new one, and whether it goes into the list.

use std::collections::BTreeSet;

use crate::demand::{Word, words};
use crate::go::DeclKind;
use crate::kinds::component::functions;
use crate::plan::{Candidate, Key, PlannedTask, stem};
use crate::survey::Survey;
use crate::text::code_spans;

/// Verbs of making one.
const NEW: &[&str] =
    &["add", "create", "define", "implement", "introduce", "write", "build", "provide", "new", "make", "scaffold"];

/// Words behind which something else than the object of a verb is named.
const PLACES: &[&str] =
    &["to", "in", "into", "inside", "of", "on", "onto", "for", "from", "by", "with", "within", "through", "via", "so"];

/// Words that go on where a title has named a configurator: "for X", "that does Y".
const GOES_ON: &[&str] = &[
    "for", "of", "that", "which", "to", "in", "and", "with", "at", "as", "called", "named", "below", "under", "beside",
];

/// Whether a task that names no configurator is about something else of a file: it names another function.
pub(super) fn place_names_other(task: &Candidate<'_, '_>) -> bool {
    !functions(task.planned).1.is_empty()
}

/// Whether a task is about a configurator: it speaks of one, or names its method.
pub(super) fn names_one(task: &PlannedTask) -> bool {
    task.prose().any(|(_, text)| text.to_lowercase().contains("configurator"))
        || functions(task).0.iter().any(|function| function.name == "Configure")
}

/// The type that a task names, `RebootPolicyDomainConfigurator`; of several, nothing.
pub(super) fn named(task: &PlannedTask) -> Option<String> {
    let words = task.prose().flat_map(|(_, text)| text.split(|c: char| !(c.is_alphanumeric() || c == '_')));
    let mut found: BTreeSet<&str> = BTreeSet::new();
    for word in words {
        let word = word.strip_prefix("New").filter(|rest| rest.starts_with(char::is_uppercase)).unwrap_or(word);
        if word.ends_with("Configurator")
            && !matches!(word, "Configurator" | "DomainConfigurator")
            && word.starts_with(|c: char| c.is_ascii_uppercase())
        {
            found.insert(word);
        }
    }
    let mut found = found.into_iter();
    found.next().filter(|_| found.next().is_none()).map(str::to_owned)
}

/// The type that a task names, or the one that its file holds or is called after.
pub(super) fn name(survey: &Survey<'_>, task: &PlannedTask, file: &str) -> String {
    named(task).unwrap_or_else(|| {
        let usual = format!("{}DomainConfigurator", stem(file).pascal());
        let source = survey.go(file).ok().flatten();
        let declared = source.iter().flat_map(|source| &source.file.decls).filter(|decl| decl.kind == DeclKind::Type);
        let types = || declared.clone().map(crate::go::Decl::name).filter(|name| name.ends_with("Configurator"));
        // `OSDomainConfigurator` stands in os.go.
        let same = types().find(|name| name.eq_ignore_ascii_case(&usual));
        let only = || types().next().filter(|_| types().count() == 1);
        same.or_else(only).map_or(usual, str::to_owned)
    })
}

/// Why a constructor that a task speaks of cannot be written: its head is not stated. What is stated elsewhere, `NewX()`,
/// is no constructor that gets something.
pub(super) fn unstated_constructor(task: &PlannedTask, name: &str) -> Option<String> {
    let says = |text: &str| words(text).iter().any(|word| word.is(&["constructor", "constructed"]));
    let speaks = task.prose().any(|(_, text)| says(text) && !text.contains(&format!("New{name}()")));
    speaks
        .then(|| format!("the task speaks of a constructor of `{name}`, and does not state it: `New{name}(…) {name}`"))
}

/// Whether a text asks for a place in the converter's list.
pub(super) fn is_wiring(text: &str) -> bool {
    let lower = text.to_lowercase();
    let verbs = [
        "add",
        "wire",
        "register",
        "registration",
        "hook",
        "append",
        "plug",
        "call",
        "use",
        "insert",
        "list",
        "include",
        "run",
    ];
    let places = ["builder", "converter", "configurators", "convert_v1_virtualmachineinstance_to_api_domain"];
    let mut words = lower.split(|c: char| !(c.is_alphanumeric() || c == '.' || c == '/' || c == '_'));
    let has_verb =
        lower.split_whitespace().any(|word| verbs.iter().any(|verb| word.trim_matches('`').starts_with(verb)));
    has_verb && words.any(|word| places.contains(&word) || word.ends_with("converter.go"))
}

/// Whether a task states a value for the list, with what it is given: `compute.NewX(c.Y)`.
pub(super) fn states_entry(task: &PlannedTask) -> bool {
    let mut codes = task.prose().flat_map(|(_, text)| code_spans(text));
    codes.any(|code| {
        code.split_once('(').is_some_and(|(callee, rest)| {
            rest.len() > 1
                && callee.split_once('.').is_some_and(|(_, name)| name.starts_with(|c: char| c.is_uppercase()))
        })
    })
}

/// The value for the list of a configurator that a line states, `compute.NewX(c.Y)`.
pub(super) fn stated_entry<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let is_own = |code: &&str| {
        let bare = code.split(['(', '{']).next().unwrap_or_default();
        let named = bare.rsplit_once('.').map(|(_, named)| named);
        bare.len() < code.len() && named.is_some_and(|named| named.strip_prefix("New").unwrap_or(named) == name)
    };
    code_spans(text).find(is_own)
}

/// Whether a later clause of a title asks for a place in the list: "Add `XConfigurator` to `x.go`; list it in the converter".
pub(super) fn wires_it(title: &str) -> bool {
    let clauses = title.split([';', '–', '—', ',']).skip(1).flat_map(|clause| clause.split(" and "));
    clauses.into_iter().any(|clause| {
        let clause = clause.strip_prefix("and ").unwrap_or(clause);
        let says_list = clause.contains("in the list") || clause.contains("to the list") || is_wiring(clause);
        says_list && words(clause).iter().any(|word| word.is(&["it", "this"]))
    })
}

/// The word of a text that says before or behind which entry of the list something goes.
pub(super) fn orders(text: &str) -> Option<String> {
    let words = words(text);
    let named = words
        .windows(2)
        .find(|pair| pair[0].is(&["after", "before", "behind"]) && (pair[1].is_code() || pair[1].is(&["the"])));
    named.map(|pair| format!("{} {}", pair[0].text, pair[1].text))
}

/// Where a line speaks of a configurator.
fn spoken_of(line: &[Word<'_>]) -> Option<usize> {
    let is_path = |word: &Word<'_>| word.text.contains('/') || word.text.ends_with(".go");
    line.iter().position(|word| word.text.to_lowercase().contains("configurator") && !is_path(word))
}

/// Whether a task is about a configurator, whatever its files are called.
pub(super) fn speaks_of_one(task: &PlannedTask) -> bool {
    task.prose().any(|(_, text)| spoken_of(&words(text)).is_some())
        || functions(task).0.iter().any(|function| function.name == "Configure")
}

/// Whether a task asks for a configurator to be made: it is what a verb of making has for its object.
pub(super) fn asks_for_new(task: &PlannedTask) -> bool {
    let lines = std::iter::once(task.subject.as_str()).chain(task.details(&[Key::Task, Key::Prose]));
    lines.map(words).any(|line| {
        let Some(at) = spoken_of(&line) else { return false };
        let verb = line[..at].iter().rposition(|word| word.is(NEW));
        verb.is_some_and(|verb| !line[verb..at].iter().any(|word| word.is(PLACES)))
    })
}

/// Whether a title says of a configurator what happens to it: "in the CPU configurator", "the CPU configurator gets X".
pub(super) fn changes_one(task: &PlannedTask) -> bool {
    if asks_for_new(task) {
        return false;
    }
    let line = words(&task.subject);
    let Some(at) = spoken_of(&line) else { return false };
    let is_place = line[..at].iter().any(|word| word.is(PLACES));
    let acts = line.get(at + 1).is_some_and(|word| word.piece == crate::demand::Piece::Prose && !word.is(GOES_ON));
    is_place || acts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_configurator_is_made_or_changed() {
        for (title, is_new, changes) in [
            ("Add the clock configurator", true, false),
            ("Implement `ClockDomainConfigurator`", true, false),
            ("Clock configurator", false, false),
            ("Clock configurator for guests", false, false),
            ("The CPU configurator gets a third parameter", false, true),
            ("Add a parameter to the CPU configurator", false, true),
            ("Set the machine type in the OS configurator", false, true),
            ("`CPUDomainConfigurator` keeps it", false, true),
            ("CPU and graphics configurators get a parameter", false, true),
            ("Write the clock in its configurator", false, true),
            ("Keep the count below the limit", false, false),
        ] {
            let task = PlannedTask::sample(title, &[]);
            assert_eq!((asks_for_new(&task), changes_one(&task)), (is_new, changes), "{title}");
        }
    }
}
