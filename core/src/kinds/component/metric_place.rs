//! The variable that a task gives a metric, and where it is listed.

use super::metric_lines::{KINDS, metric_names};
use crate::demand::{Piece, Word, words};
use crate::name::is_go_identifier;
use crate::plan::{Key, PlannedTask};

/// What a task says of a metric's variable and of the list that it joins.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(in crate::kinds) struct Stated {
    /// The variable that holds it.
    pub(in crate::kinds) variable: Option<String>,
    /// The collector or list that it joins.
    pub(in crate::kinds) list: Option<String>,
    /// Where in the list.
    pub(in crate::kinds) place: Option<Place>,
}

/// A place in a list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::kinds) enum Place {
    First,
    Last,
    /// Before another element, or behind it; `true` where the line speaks of the list.
    Before(String, bool),
    Behind(String, bool),
}

/// Whether a key says how the variable of a metric is called.
pub(super) fn is_variable(key: &Key) -> bool {
    matches!(key, Key::Other(key) if matches!(key.as_str(), "variable" | "var" | "go variable" | "variable name"))
}

/// Whether a key says which list a metric joins.
pub(super) fn is_list(key: &Key) -> bool {
    matches!(key, Key::Other(key) if matches!(key.as_str(), "collector" | "list" | "position" | "place" | "order"))
}

/// Whether a line says no more than where a metric is listed.
pub(super) fn says_place(text: &str) -> bool {
    let words = words(text);
    words.first().is_some_and(|word| word.is(&["first", "last", "before", "after", "behind", "at", "listed"]))
        && place(&words).is_some()
        && words.len() < 12
}

/// What a task says; an error if it says two things.
pub(super) fn stated_of(task: &PlannedTask, name: &str) -> Result<Stated, String> {
    let mut found = Stated::default();
    let mut clash = None;
    let is_about = |key: &Key| matches!(key, Key::Task | Key::Metric | Key::Content | Key::Name | Key::Prose);
    let lines = task.details.iter().filter(|line| is_about(&line.key) || is_variable(&line.key) || is_list(&line.key));
    let lines = lines.map(|line| (Some(&line.key), line.text.as_str()));
    for (key, text) in std::iter::once((None, task.title.as_str())).chain(lines) {
        let words = words(text);
        let variable = match key {
            Some(key) if is_variable(key) => words.first().map(|word| word.text).filter(|text| is_go_identifier(text)),
            _ if metric_names(text).any(|known| known == name) || words.iter().any(|word| word.is(&["variable"])) => {
                variable(&words)
            }
            _ => None,
        };
        if let Some(variable) = variable {
            let known = found.variable.get_or_insert_with(|| variable.to_owned());
            if known != variable {
                clash = Some(format!("the task calls the variable of {name} both {known} and {variable}"));
            }
        }
        let named =
            key.is_some_and(is_list).then(|| words.first()).flatten().filter(|word| is_go_identifier(word.text));
        let list = named.filter(|word| word.is_code()).map(|word| word.text).or_else(|| list(&words));
        found.list = found.list.or(list.map(str::to_owned));
        found.place = found.place.or_else(|| place(&words));
    }
    clash.map_or(Ok(found), Err)
}

fn is_identifier(word: &Word<'_>) -> bool {
    let is_kind = KINDS.iter().any(|kind| kind.eq_ignore_ascii_case(word.text));
    word.is_code() && is_go_identifier(word.text) && !word.text.starts_with("kubevirt_") && !is_kind
}

fn is_collector(text: &str) -> bool {
    text.to_ascii_lowercase().ends_with("collector")
}

/// The variable that a line names: "as `x`", "(variable `x`", "the `x` variable", "Counter `x`: …", "`x` (`kubevirt_y`)".
fn variable<'a>(words: &[Word<'a>]) -> Option<&'a str> {
    const NOUNS: &[&str] = &["variable", "var"];
    let is_one = |at: &usize| {
        let before = |back: usize| at.checked_sub(back).map(|before| &words[before]);
        let noun = |word: Option<&Word<'_>>| word.is_some_and(|word| word.is(NOUNS));
        let named = before(1).is_some_and(|word| word.is(&["named", "called", "is"]) || word.is_mark(":"));
        let kind = before(1).is_some_and(|word| word.is(KINDS));
        let is_sort = kind && before(1).is_some_and(|word| !word.is(&["metric"]));
        let opens = words.get(at + 1).is_some_and(|next| [":", "=", "("].contains(&next.text));
        before(1).is_some_and(|word| word.is(&["as"]))
            || noun(before(1))
            || named && noun(before(2))
            || noun(words.get(at + 1))
            || is_sort
            || opens && (kind || *at == 0)
    };
    (0..words.len())
        .filter(|at| is_identifier(&words[*at]) && !is_collector(words[*at].text))
        .find(is_one)
        .map(|at| words[at].text)
}

/// The collector or list that a line names: "to the metrics of `C`", "in `C`'s list", "`vmCollector` collects it".
fn list<'a>(words: &[Word<'a>]) -> Option<&'a str> {
    let behind_of = |at: &usize| {
        let of = at.checked_sub(1).is_some_and(|before| words[before].is(&["of"]));
        of && at.checked_sub(2).is_some_and(|before| words[before].is(&["list", "metrics"]))
    };
    let is_own = |at: &usize| {
        let plain = words[*at].text.trim_end_matches("'s");
        words[*at].piece != Piece::Mark && is_go_identifier(plain) && words[*at].is_code()
    };
    let found = (0..words.len()).filter(is_own).find(|at| is_collector(words[*at].text) || behind_of(at))?;
    Some(words[found].text)
}

/// Where in a list a line puts it.
fn place(words: &[Word<'_>]) -> Option<Place> {
    let lists = words.iter().any(|word| word.is(&["list", "listed", "metrics", "collector", "entry"]));
    words.iter().enumerate().find_map(|(at, word)| {
        let next = words.get(at + 1);
        let opens = next.is_some_and(|next| next.is(&["in", "of", "among"]));
        if lists && opens && word.is(&["first", "top", "beginning", "start", "front"]) {
            return Some(Place::First);
        }
        if lists && opens && word.is(&["last", "end", "bottom"]) {
            return Some(Place::Last);
        }
        let other = next.filter(|next| is_identifier(next))?.text.to_owned();
        let before = word.is(&["before", "above"]).then(|| Place::Before(other.clone(), lists));
        before.or_else(|| word.is(&["after", "behind", "below"]).then_some(Place::Behind(other, lists)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_variable_and_the_list_are_read() {
        for (text, variable, list, place) in [
            (
                "Counter `kubevirt_x_total` (\"How many there are.\") as `xTotal`, first in the list of `XCollector`",
                Some("xTotal"),
                Some("XCollector"),
                Some(Place::First),
            ),
            ("Metric `xTotal`: counter `kubevirt_x_total`", Some("xTotal"), None, None),
            ("`xTotal` (counter `kubevirt_x_total`)", Some("xTotal"), None, None),
            ("Gauge `kubevirt_x_total` (variable `xTotal`, label node)", Some("xTotal"), None, None),
            ("Gauge `kubevirt_x_total`; it joins the metrics of `xs`", None, Some("xs"), None),
            (
                "Gauge `kubevirt_x_total` in `XCollector`, after `y`",
                None,
                Some("XCollector"),
                Some(Place::Behind("y".into(), false)),
            ),
            ("Gauge `kubevirt_x_total` as a gauge", None, None, None),
            ("Count in `kubevirt_x_total` what is first in line", None, None, None),
        ] {
            let task = PlannedTask::sample("Metric", &[("task", text)]);
            let found = stated_of(&task, "kubevirt_x_total").unwrap();
            let read = (found.variable.as_deref(), found.list.as_deref(), found.place);
            assert_eq!(read, (variable, list, place), "{text}");
        }
    }
}
