//! The titles of tasks that change the state of a feature gate.

use crate::survey::{Stage, Survey};
use crate::task::Task;

/// The state that a task brings a gate into; nothing if it is about something else.
pub(super) fn target(task: &Task, survey: &Survey<'_>) -> Option<Stage> {
    let title = &task.title.text;
    let words = words(title);
    let stated = task.details.iter().any(|detail| matches!(&*detail.key, "gate" | "feature gate"));
    // "Test the graduation of …", "Document that … was deprecated".
    let is_aside = |words: &[&str]| {
        let begins = |word: &str, stem: &str| word.to_lowercase().starts_with(stem);
        words.iter().any(|word| begins(word, "test") || begins(word, "document"))
    };
    if let Some((at, to)) = transition(title, &words) {
        return (!is_aside(&words[..at]) && (stated || is_about_gate(&words, survey))).then_some(to);
    }
    // "Make room, and deprecate X": a verb that is about something else does not hide the next one.
    words.iter().enumerate().find_map(|(at, word)| {
        let verb = Verb::of(word, at)?;
        let (before, after) = (&words[..at], &words[at + 1..]);
        if is_aside(before) {
            return None;
        }
        let state = match verb {
            Verb::Deprecate => Stage::Deprecated,
            Verb::Discontinue => Stage::Discontinued,
            Verb::Promote if at == 0 && word.eq_ignore_ascii_case("ga") => Stage::Ga,
            Verb::Promote => states(after).find(|state| *state <= Stage::Ga)?,
            Verb::Mark => states(after).next()?,
            Verb::Enable if is_aside(after) => return None,
            Verb::Enable => {
                let says = |two: &[&str]| two[0].eq_ignore_ascii_case("by") && two[1].eq_ignore_ascii_case("default");
                after.windows(2).any(says).then_some(Stage::Beta)?
            }
        };
        // "Deprecate the old field in favour of the feature gate X" is about the field.
        (stated || is_about_gate(&after[..after.len().min(NEAR)], survey)).then_some(state)
    })
}

/// The words of a title, as far as anybody reads.
fn words(title: &str) -> Vec<&str> {
    const MOST: usize = 500;
    title.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).take(MOST).collect()
}

/// Whether a title brings gates into more than one state: "Graduate X to GA and deprecate Y".
pub(super) fn has_several_states(task: &Task, survey: &Survey<'_>) -> bool {
    let Some(first) = target(task, survey) else { return false };
    let title = &task.title.text;
    let words = words(title);
    let verbs = words
        .iter()
        .enumerate()
        .filter(|(at, word)| *at > 0 && words[at - 1].eq_ignore_ascii_case("and") && Verb::of(word, *at).is_some());
    let mut further = verbs.filter_map(|(at, word)| {
        let after = &words[at + 1..];
        match Verb::of(word, at)? {
            Verb::Deprecate => Some(Stage::Deprecated),
            Verb::Discontinue => Some(Stage::Discontinued),
            Verb::Promote | Verb::Mark => states(after).next(),
            Verb::Enable => None,
        }
    });
    let states: Vec<Stage> = (0..words.len()).filter_map(|at| state(&words, at)).collect();
    // "Promote A to GA and B to Beta"
    let both = words.iter().filter(|word| word.eq_ignore_ascii_case("to")).count() > 1
        && states.iter().any(|state| *state != first)
        && !words.iter().any(|word| word.eq_ignore_ascii_case("from"));
    further.any(|state| state != first) || both
}

/// The gates that a title names together: the first one that is known, and those that "and" or a comma joins to it.
pub(super) fn listed(title: &str, is_gate: impl Fn(&str) -> bool) -> Vec<String> {
    let is_word = |c: char| c.is_alphanumeric();
    let mut words: Vec<(usize, &str)> = Vec::new();
    let mut at = 0;
    for part in title.split(|c: char| !is_word(c)) {
        if !part.is_empty() {
            words.push((at, part));
        }
        at += part.len() + title[at + part.len()..].chars().next().map_or(0, char::len_utf8);
    }
    let Some(first) = words.iter().position(|(_, word)| is_gate(word)) else { return Vec::new() };
    let joins = |from: usize, to: usize| {
        let between = title[from..to].trim().trim_matches('`').trim();
        matches!(between, "," | "&" | "+" | "/" | "") && !between.is_empty()
    };
    let filler = |word: &str| {
        ["feature", "gate", "gates", "featuregate", "fg", "the", "and", "as", "well"]
            .iter()
            .any(|known| word.eq_ignore_ascii_case(known))
    };
    // A name that no gate has is one all the same, where it is written like one.
    let like = |word: &str| {
        let capitals = word.chars().filter(|c| c.is_uppercase()).count();
        capitals > 1 && word.chars().any(char::is_lowercase)
    };
    let mut found = vec![words[first].1.to_owned()];
    let mut joined = false;
    for pair in words.windows(2).skip(first) {
        let ((before, left), (start, word)) = (pair[0], pair[1]);
        joined |= joins(before + left.len(), start) || word.eq_ignore_ascii_case("and");
        if filler(word) {
            continue;
        }
        if !joined || !(is_gate(word) || like(word)) {
            break;
        }
        found.push(word.to_owned());
        joined = false;
    }
    // A name in front of the first one that is known: "Promote Typo and VSOCK".
    for pair in words[..=first].windows(2).rev() {
        let ((before, left), (start, word)) = (pair[0], pair[1]);
        if filler(left) && !left.eq_ignore_ascii_case("and") {
            continue;
        }
        let comma = joins(before + left.len(), start);
        if left.eq_ignore_ascii_case("and") || word.eq_ignore_ascii_case("and") && like(left) || comma && like(left) {
            if like(left) {
                found.insert(0, left.to_owned());
            }
            continue;
        }
        break;
    }
    found
}

/// "Alpha -> Beta" says what happens whatever the verb is: where it stands, and the state after the arrow.
fn transition(title: &str, words: &[&str]) -> Option<(usize, Stage)> {
    if !["->", "→", "=>"].iter().any(|arrow| title.contains(arrow)) {
        return None;
    }
    (1..words.len()).find_map(|at| {
        let is_state = words[at - 1].eq_ignore_ascii_case("alpha") || state(words, at - 1).is_some();
        Some((at - 1, state(words, at).filter(|_| is_state)?))
    })
}

/// What a task does to a gate.
#[derive(Clone, Copy)]
enum Verb {
    Promote,
    Deprecate,
    Discontinue,
    /// "Mark X as Deprecated", "Set X to Beta".
    Mark,
    /// "Enable X by default".
    Enable,
}

impl Verb {
    fn of(word: &str, at: usize) -> Option<Self> {
        let word = word.to_lowercase();
        let begins = |stem: &str| word.starts_with(stem);
        if begins("deprecat") {
            Some(Self::Deprecate)
        } else if begins("discontinu") {
            Some(Self::Discontinue)
        } else if matches!(word.as_str(), "mark" | "set" | "switch" | "make" | "change" | "transition" | "advance") {
            Some(Self::Mark)
        } else if word == "enable" {
            Some(Self::Enable)
        } else {
            let moves = matches!(word.as_str(), "move" | "moves" | "bump") || word == "ga" && at == 0;
            (begins("promot") || begins("graduat") || moves).then_some(Self::Promote)
        }
    }
}

/// The states that some words name, the last one first: of "from Beta to GA" that one counts.
fn states(words: &[&str]) -> impl Iterator<Item = Stage> {
    (0..words.len()).rev().filter_map(|at| state(words, at))
}

/// The state that a word names which a gate can be brought into.
fn state(words: &[&str], at: usize) -> Option<Stage> {
    match words[at].to_lowercase().as_str() {
        "beta" => Some(Stage::Beta),
        "ga" => Some(Stage::Ga),
        "availability" if at > 0 && words[at - 1].eq_ignore_ascii_case("general") => Some(Stage::Ga),
        "deprecated" => Some(Stage::Deprecated),
        "discontinued" => Some(Stage::Discontinued),
        _ => None,
    }
}

/// Whether some words are about a gate.
fn is_about_gate(near: &[&str], survey: &Survey<'_>) -> bool {
    let is_word = |word: &str, known: &[&str]| known.iter().any(|known| word.eq_ignore_ascii_case(known));
    let says = near.iter().any(|word| is_word(word, &["featuregate", "featuregates", "fg"]))
        || near.windows(2).any(|two| is_word(two[0], &["feature"]) && is_word(two[1], &["gate", "gates"]));
    says || survey.gates().is_ok_and(|gates| near.iter().any(|word| gates.constant(word).is_some()))
}

/// How many words may stand between a verb and what it is about, and that included.
const NEAR: usize = 5;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::task::parse;
    use crate::text::Source;
    use crate::tree::MemoryTree;

    #[test]
    fn titles_tell_what_becomes_of_a_gate() {
        let tree = MemoryTree::new([
            ("go.mod", "module kubevirt.io/kubevirt\n"),
            ("staging/src/kubevirt.io/api/doc.go", "package api\n"),
            ("pkg/virt-config/feature-gates.go", "package virtconfig\n\nconst VMExportGate = \"VMExport\"\n"),
        ]);
        let survey = Survey::new(&tree).unwrap();
        let state = |title: &str| {
            let file = parse(&Source::new("tasks.md", format!("# Tasks: X\n\n- [ ] T001 {title}\n")));
            target(&file.tasks[0], &survey)
        };
        let cases = [
            ("Promote the `DiskMirroring` feature gate to Beta", Some(Stage::Beta)),
            ("Promote PanicDevices FG: Alpha -> Beta", Some(Stage::Beta)),
            ("config: Graduate NUMA featuregate to GA", Some(Stage::Ga)),
            ("Graduate VMExport from Beta to general availability", Some(Stage::Ga)),
            ("GA VMExport feature-gate", Some(Stage::Ga)),
            ("virt-config: Move VMExport FG to Beta after its tests", Some(Stage::Beta)),
            ("Deprecate VMExport", Some(Stage::Deprecated)),
            ("virt-config, fg: Discontinue VMExport", Some(Stage::Discontinued)),
            ("Promote something else to Beta", None),
            ("Graduate the VMExport feature gate", None),
            ("Test the graduation of the VMExport feature gate to GA", None),
            ("Deprecate the old field of the API in favour of the feature gate VMExport", None),
            ("Register the VMExport feature gate as Beta", None),
            ("Mark feature gate `VMExport` as Deprecated", Some(Stage::Deprecated)),
            ("Set the state of VMExport to Discontinued", Some(Stage::Discontinued)),
            ("Enable the `VMExport` feature gate by default", Some(Stage::Beta)),
            ("Enable the `VMExport` feature gate", None),
            ("Enable VMExport by default in all functional tests", None),
            ("VMExport feature gate: Alpha → Beta", Some(Stage::Beta)),
            ("Test VMExport: Beta -> GA", None),
            ("Make exports faster", None),
            ("Make room in the API and deprecate VMExport", Some(Stage::Deprecated)),
            ("Promote high availability of the VMExport feature gate", None),
            ("Set a VMI's beta field", None),
        ];
        for (title, expected) in cases {
            assert_eq!(state(title), expected, "{title}");
        }
    }
}
