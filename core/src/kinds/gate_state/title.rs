//! The titles of tasks that change the state of a feature gate. Whoever runs a cluster sees such a change, so a title
//! asks for one only if it says so and nothing else: its own verb, the gate as what that verb is about, and the state.

use super::told;
use super::verb::Verb;
use super::work;
use crate::demand::{Piece, Word, words};
use crate::plan::intent;
use crate::survey::{ACCESSORS, FEATURE_GATES, Stage, Survey};
use crate::task::Task;
use crate::tree::parent;

/// A change of state that a title asks for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Change {
    /// The state that the gate is in so far, if the title says it.
    pub(super) from: Option<Stage>,
    /// The state that it is brought into.
    pub(super) to: Stage,
    /// The word that names the release in which it is, if the title says it.
    pub(super) release: Option<usize>,
}

/// What a title says of the life of gates.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Reading {
    /// Nothing.
    Nothing,
    /// Something that is not a change of state, or not for certain.
    Unclear,
    /// A change of state.
    Change(Change),
}

/// What a task says of the life of gates: its title, or else the one line of it that asks for a change.
pub(super) fn read(task: &Task, survey: &Survey<'_>) -> Reading {
    read_text(task, said(task, survey), survey)
}

/// The text of a task that speaks of the life of gates. A line does only where the title says nothing of it, and all
/// files of the task are those of the gates.
pub(super) fn said<'t>(task: &'t Task, survey: &Survey<'_>) -> &'t str {
    let title = &task.title.text;
    let is_own = |path: &str| path == ACCESSORS || parent(path) == FEATURE_GATES && !path.ends_with("_test.go");
    let is_about_gates = !task.paths.is_empty() && task.paths.iter().all(|path| is_own(&path.text));
    let words_of_title = words(title);
    let makes = |word: &Word<'_>| word.is(&["add", "register", "registration", "new", "introduce", "create", "define"]);
    if !is_about_gates
        || words_of_title.iter().any(makes)
        || read_text(task, title, survey) != Reading::Nothing
        || survey.gates().is_err()
    {
        return title;
    }
    let known = |text: &str| {
        let names_gate = |word: &Word<'_>| survey.gates().is_ok_and(|gates| gates.constant(word.text).is_some());
        words(text).iter().any(names_gate)
    };
    let lines = task.details.iter().filter(|line| matches!(&*line.key, "" | "task"));
    let mut asking = lines
        .map(|line| line.text.text.as_str())
        .filter(|text| known(text) && matches!(read_text(task, text, survey), Reading::Change(_)));
    match (asking.next(), asking.next()) {
        (Some(only), None) => only,
        _ => title,
    }
}

fn read_text(task: &Task, text: &str, survey: &Survey<'_>) -> Reading {
    // As far as anybody reads.
    const MOST: usize = 500;
    let mut all = words(told::apart(text).map_or(text, |(before, _)| before));
    all.truncate(MOST);
    let stated = task.details.iter().any(|detail| matches!(&*detail.key, "gate" | "feature gate"));
    let reader = Reader { words: &all, survey, stated };
    match reader.change() {
        Some(change) => Reading::Change(change),
        None if reader.is_about_life() => Reading::Unclear,
        None => Reading::Nothing,
    }
}

/// Whether a title brings gates into more than one state: "Graduate X to GA and deprecate Y".
pub(super) fn has_several_states(task: &Task, survey: &Survey<'_>) -> bool {
    let Reading::Change(Change { from, to, .. }) = read(task, survey) else { return false };
    let all = words(said(task, survey));
    let reader = Reader { words: &all, survey, stated: false };
    let further = |at: usize| match Verb::of(&all[at])? {
        Verb::Deprecate => Some(Stage::Deprecated),
        Verb::Discontinue => Some(Stage::Discontinued),
        Verb::Ga => Some(Stage::Ga),
        Verb::Promote | Verb::Mark => (at + 1..all.len()).rev().find_map(|at| reader.state(at)).map(|(state, _)| state),
        Verb::Enable => None,
    };
    let joined = (1..all.len()).filter(|&at| all[at - 1].is(&["and"]));
    // "Promote A to GA and B to Beta"
    let both = || {
        let states = (0..all.len()).filter_map(|at| reader.state(at));
        from.is_none() && states.map(|(state, _)| state).any(|state| state != to && state != Stage::Alpha)
    };
    joined.filter_map(further).any(|state| state != to)
        || all.iter().filter(|word| word.is(&["to"])).count() > 1 && both()
}

/// Words that take a request back, put it off, or ask.
#[rustfmt::skip]
const DOUBTS: &[&str] = &[
    "not", "no", "none", "never", "nothing", "without", "cannot", "until", "unless", "if", "whether", "once", "when",
    "pending", "blocked", "later", "maybe", "perhaps", "possibly", "eventually", "someday", "future", "next",
    "should", "could", "would", "might", "tbd", "hold", "instead", "rather", "revert", "undo", "only", "before", "?",
    "postpone", "postponed", "defer", "deferred", "delay", "delayed", "propose", "proposed", "proposal", "planned",
    "decide", "discuss", "consider", "tentative", "tentatively", "except", "provided", "assuming", "depends",
];

struct Reader<'a, 't> {
    words: &'a [Word<'a>],
    survey: &'a Survey<'t>,
    /// A line below the title names the gate.
    stated: bool,
}

impl Reader<'_, '_> {
    /// The change that the title asks for, if every word up to the state is understood, and none behind it takes it back.
    fn change(&self) -> Option<Change> {
        // "Update the docs and deprecate X": what is done first says nothing of the gate.
        #[rustfmt::skip]
        const DONE_FIRST: &[&str] = &[
            "add", "register", "create", "introduce", "implement", "write", "define", "update", "extend", "wire",
            "adapt", "adjust", "modify", "remove", "drop", "delete", "clean", "rename", "make", "fix", "simplify",
        ];
        let negated = |word: &Word<'_>| word.text.ends_with("n't") || word.text.ends_with("n’t");
        if self.words.iter().any(|word| word.piece != Piece::Code && (Self::has(word, DOUBTS) || negated(word))) {
            return None;
        }
        let start = self.start();
        if start > 0 && !self.is_neutral(start - 1) {
            return None;
        }
        if let Some(change) = self.request(start, true) {
            return Some(change);
        }
        if !self.words.get(start)?.is(DONE_FIRST) {
            return None;
        }
        let joins = |at: &usize| self.words[at - 1].is(&["and", "then"]) || self.words[at - 1].is_mark(";");
        (start + 1..self.words.len()).filter(joins).find_map(|at| self.request(at, false))
    }

    fn has(word: &Word<'_>, known: &[&str]) -> bool {
        known.iter().any(|known| word.text.eq_ignore_ascii_case(known))
    }

    /// Where the title begins behind a prefix such as "virt-config, fg: ".
    fn start(&self) -> usize {
        const LONGEST: usize = 6;
        let is_end = |word: &Word<'_>| word.is_mark(":") || matches!(word.text, "-" | "–" | "—");
        let end = self.words.iter().take(LONGEST).position(is_end);
        // "X: Alpha -> Beta" begins with the gate.
        end.filter(|&end| !self.arrow(end + 1) && Verb::at_start(self.words, 0).is_none()).map_or(0, |end| end + 1)
    }

    /// Whether the words of a prefix name an area, a gate or a step, and ask for nothing.
    fn is_neutral(&self, end: usize) -> bool {
        #[rustfmt::skip]
        const AREAS: &[&str] = &[
            "config", "fg", "fgs", "gate", "gates", "feature", "featuregate", "featuregates", "feature-gate",
            "feature-gates", "api", "core", "cluster", "step", "phase", "and", "chore", "feat", "lifecycle", "stage",
            "state", "promotion", "graduation", "deprecation", "discontinuation", "release", "beta", "ga", "stable",
        ];
        self.words[..end].iter().all(|word| {
            let text = word.text;
            let is_folder = |root: &str| self.survey.tree().kind(&format!("{root}/{text}")).is_some();
            word.piece == Piece::Mark && matches!(text, "," | "(" | ")" | ".")
                || Self::has(word, AREAS)
                || text.starts_with("virt-")
                || text.starts_with("sig-")
                || text.chars().all(|c| c.is_ascii_digit())
                || self.is_gate(word)
                || text.chars().all(|c| c.is_ascii_lowercase() || c == '-') && (is_folder("pkg") || is_folder("cmd"))
        })
    }

    /// The change that the words from one on ask for.
    fn request(&self, at: usize, is_first: bool) -> Option<Change> {
        let at = at
            + self.words[at..].iter().take_while(|word| word.is(&["please", "finally", "then", "now", "also"])).count();
        let verb = match Verb::at_start(self.words, at) {
            Some((verb, behind)) if is_first || behind == at + 1 && Verb::of(&self.words[at]).is_some() => {
                Some((verb, behind))
            }
            // "X feature gate: Alpha -> Beta"
            _ if is_first => None,
            _ => return None,
        };
        let mut behind = verb.map_or(at, |(_, behind)| behind);
        let owned = |verb: Verb| matches!(verb, Verb::Mark | Verb::Promote);
        if verb.is_some_and(|(verb, _)| owned(verb)) {
            behind = self.skip_maturity(behind);
        }
        let mut at = self.object(behind)?;
        let verb = verb.map(|(verb, _)| verb);
        let mut from = None;
        let to = match verb {
            Some(Verb::Ga) => Stage::Ga,
            Some(Verb::Deprecate) => Stage::Deprecated,
            Some(Verb::Discontinue) => Stage::Discontinued,
            Some(Verb::Enable) => {
                let two = self.words.get(at)?.is(&["by"]) && self.words.get(at + 1)?.is(&["default"]);
                at = two.then_some(at + 2)?;
                Stage::Beta
            }
            Some(Verb::Promote | Verb::Mark) | None => {
                let (change, behind) = self.states(at, verb)?;
                at = behind;
                from = change.from;
                change.to
            }
        };
        let fits = verb != Some(Verb::Promote) || to <= Stage::Ga;
        let release = (at..self.words.len().min(at + told::NEAR)).find(|&at| self.is_release(at));
        (fits && self.ends(at)).then_some(Change { from, to, release })
    }

    /// Behind "the state of", if that stands there.
    fn skip_maturity(&self, at: usize) -> usize {
        let article = self.words.get(at).is_some_and(|word| word.is(&["the"]));
        let noun = at + usize::from(article);
        let is_noun = self.words.get(noun).is_some_and(|word| word.is(&["state", "stage", "maturity", "status"]));
        if is_noun && self.words.get(noun + 1).is_some_and(|word| word.is(&["of"])) { noun + 2 } else { at }
    }

    /// Where what the verb is about ends: gates, and nothing else.
    fn object(&self, start: usize) -> Option<usize> {
        let mut at = start;
        let (mut named, mut noun) = (false, false);
        let goes_on = |at: usize| {
            let next = self.words.get(at + 1);
            next.is_some_and(|next| self.is_gate(next) || Self::is_like(next) || next.is(&["the", "and"]))
        };
        while let Some(word) = self.words.get(at) {
            let joins = word.is(&["and"]) || word.is_mark(",") || matches!(word.text, "&" | "+");
            if let Some(length) = work::gate_noun(self.words, at) {
                noun = true;
                at += length;
            } else if self.is_gate(word) || Self::is_like(word) || self.is_before_noun(at) {
                named |= self.is_gate(word);
                at += 1;
            } else if joins && at > start && goes_on(at)
                || word.is(&["the", "our", "both"])
                || named && word.is(&["feature", "features"])
                || !named && !noun && word.is(&["old", "existing", "legacy", "alpha", "beta"])
            {
                at += 1;
            } else {
                break;
            }
        }
        (named || noun || self.stated && at == start).then_some(at)
    }

    /// The states that stand at a place, and where they end.
    fn states(&self, at: usize, verb: Option<Verb>) -> Option<(Change, usize)> {
        let is = |at: usize, known: &[&str]| self.words.get(at).is_some_and(|word| word.is(known));
        let opens = |at: usize| self.words.get(at).is_some_and(|word| word.is_mark(":") || word.is_mark("("));
        let arrow = at + usize::from(opens(at) || is(at, &["from"]));
        if self.arrow(arrow) {
            let (from, middle) = self.state(arrow)?;
            let (to, end) = self.state(middle + 1)?;
            let end = end + usize::from(self.words.get(end).is_some_and(|word| word.is_mark(")")));
            return (to != Stage::Alpha).then_some((Change { from: Some(from), to, release: None }, end));
        }
        let verb = verb?;
        let mut at = at;
        let mut from = None;
        if is(at, &["from"]) {
            let (state, behind) = self.state(at + 1)?;
            from = Some(state);
            at = behind;
        }
        let joins = is(at, &["to", "into", "as"]);
        if !joins && verb != Verb::Mark {
            return None;
        }
        at += usize::from(joins);
        at += usize::from(is(at, &["the", "be"]));
        let (to, mut end) = self.state(at)?;
        end += usize::from(is(end, &["stage", "state", "phase", "status", "level", "maturity"]));
        if from.is_none() && is(end, &["from"]) {
            let (state, behind) = self.state(end + 1)?;
            from = Some(state);
            end = behind;
        }
        (to != Stage::Alpha).then_some((Change { from, to, release: None }, end))
    }

    /// Whether one state, an arrow and another state stand at a place.
    fn arrow(&self, at: usize) -> bool {
        let arrow = self.state(at).and_then(|(_, behind)| self.words.get(behind).map(|word| (word, behind)));
        arrow.is_some_and(|(word, at)| matches!(word.text, "->" | "→" | "=>") && self.state(at + 1).is_some())
    }

    /// The state at a place, and where it ends.
    fn state(&self, at: usize) -> Option<(Stage, usize)> {
        let text = self.words.get(at)?.text.to_lowercase();
        let general = || self.words.get(at + 1).is_some_and(|word| word.is(&["availability", "available"]));
        match text.as_str() {
            "alpha" => Some((Stage::Alpha, at + 1)),
            "beta" => Some((Stage::Beta, at + 1)),
            "ga" => Some((Stage::Ga, at + 1)),
            "general" | "generally" if general() => Some((Stage::Ga, at + 2)),
            "deprecated" => Some((Stage::Deprecated, at + 1)),
            "discontinued" => Some((Stage::Discontinued, at + 1)),
            _ => None,
        }
    }

    /// Whether what stands behind the state leaves it as it is: nothing, a release, the place in code, a reason, or
    /// another request. "Promote X to GA in the user guide" is about a page.
    fn ends(&self, at: usize) -> bool {
        let Some(word) = self.words.get(at) else { return true };
        let is = |at: usize, known: &[&str]| self.words.get(at).is_some_and(|word| word.is(known));
        if word.is_mark("(") {
            let inside = at + 1;
            return self.is_release(inside + usize::from(is(inside, &["kubevirt", "release", "version", "in"])))
                || self.state(inside).is_some()
                || is(inside, &["from", "see", "vep", "on", "by"]);
        }
        if word.piece == Piece::Mark {
            return matches!(word.text, "," | ";" | "." | "!" | ")");
        }
        if word.is(&["and", "then"]) {
            return self.follows(at + 1);
        }
        if word.is(&["in"]) && is(at + 1, &["favor", "favour"]) || word.is(&["because", "since", "so", "now"]) {
            return true;
        }
        if word.is(&["after"]) {
            let noun = at + 1 + usize::from(is(at + 1, &["its", "the", "all"]));
            return is(noun, &["tests", "specs"]);
        }
        if word.is(&["with"]) {
            let noun = at + 1 + usize::from(is(at + 1, &["the", "a", "this"]));
            // The message itself is taken apart before.
            if is(noun, &["message"]) || noun >= self.words.len() {
                return true;
            }
        }
        let place = at + 1 + usize::from(is(at + 1, &["release", "version", "kubevirt", "the", "of"]));
        let in_code = |text: &str| text.contains("featuregate") || text.contains("virt-config");
        let is_place = self.is_release(place) || self.words.get(place).is_some_and(|next| in_code(next.text));
        word.is(&["in", "for", "since", "with", "by", "as"])
            && (is_place || is(at + 1, &["this"]) && is(at + 2, &["release"]))
    }

    fn is_release(&self, at: usize) -> bool {
        let number = self.words.get(at).map_or("", |word| word.text.trim_start_matches('v'));
        number.starts_with(|c: char| c.is_ascii_digit()) && number.contains('.')
    }

    /// Whether what stands behind "and" is a request that is read, or named as one that is not.
    fn follows(&self, at: usize) -> bool {
        let Some(word) = self.words.get(at) else { return false };
        let is_named = || intent::also_asks(&format!("x and {} it", word.text), |_| false).is_some();
        // "Promote A to GA and B to Beta"
        let another = || self.words.get(at + 1).is_some_and(|next| next.is(&["to"]));
        Verb::of(word).is_some() || is_named() || (self.is_gate(word) || Self::is_like(word)) && another()
    }

    /// Whether a title speaks of the life of a gate, whatever it says.
    fn is_about_life(&self) -> bool {
        const STEMS: &[&str] = &["promot", "graduat", "deprecat", "discontinu", "demot"];
        let stem = |word: &Word<'_>| {
            let lower = word.text.to_lowercase();
            word.piece == Piece::Prose && STEMS.iter().any(|stem| lower.contains(stem))
        };
        let is_new = work::makes(self.words, self.start());
        let stated = |at: usize| self.state(at).is_some_and(|(state, _)| state != Stage::Alpha);
        let moved = || {
            let verbs = |word: &Word<'_>| Verb::of(word).is_some_and(|verb| verb != Verb::Enable);
            self.words.iter().position(verbs).is_some_and(|at| (at + 1..self.words.len()).any(stated))
        };
        let by_default = || {
            let two = |two: &[Word<'_>]| two[0].is(&["by"]) && two[1].is(&["default"]);
            self.words.iter().any(|word| word.is(&["enable", "enabled"])) && self.words.windows(2).any(two)
        };
        let arrow = || (0..self.words.len()).any(|at| self.arrow(at));
        let is_about = || {
            self.stated
                || (0..self.words.len())
                    .any(|at| work::gate_noun(self.words, at).is_some_and(|_| !self.words[at].is(&["gate", "gates"])))
                || self.words.iter().any(|word| self.is_gate(word))
        };
        !is_new && (self.words.iter().any(stem) || moved() || by_default() || arrow()) && is_about()
    }

    /// Whether a name stands before a noun for a gate: "NUMA feature gate".
    fn is_before_noun(&self, at: usize) -> bool {
        crate::name::is_gate_name(self.words[at].text) && work::gate_noun(self.words, at + 1).is_some()
    }

    /// Whether a word is the name of a gate of the checkout.
    fn is_gate(&self, word: &Word<'_>) -> bool {
        word.piece != Piece::Mark && self.survey.gates().is_ok_and(|gates| gates.constant(word.text).is_some())
    }

    /// Whether a word is written like the name of a gate.
    fn is_like(word: &Word<'_>) -> bool {
        let capitals = word.text.chars().filter(|c| c.is_uppercase()).count();
        crate::name::is_gate_name(word.text)
            && (capitals > 1 || word.piece == Piece::Code)
            && word.text.chars().any(char::is_lowercase)
    }
}

#[cfg(test)]
#[path = "title_tests.rs"]
mod tests;
