//! What a line says of a flag beside its type and default: other flags, a letter, and what holds it.

use super::words::clauses;
use super::{Piece, Word};

/// The names that a line gives what belongs to a flag.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct FlagNames {
    /// The constant of its name.
    pub constant: Option<String>,
    /// The field or variable that holds its value.
    pub holder: Option<String>,
    /// Its letter.
    pub letter: Option<char>,
    /// The flag that it is to stand behind, or before.
    pub place: Option<(bool, String)>,
    /// Other flags that it has to do with.
    pub others: Vec<String>,
}

/// The flag beside which a flag is to stand: "after `--y`", "before the `--y` flag"; and whether before it.
fn place(all: &[Word<'_>]) -> Option<(bool, String)> {
    (1..all.len()).filter(|at| is_flag(&all[*at])).find_map(|at| {
        let front = all[..at].iter().rev().find(|word| !word.is(&["the", "flag", "existing"]))?;
        let is_before = front.is(&["before", "above"]);
        let name = all[at].text.trim_start_matches('-').split([' ', '=']).next()?;
        (is_before || front.is(&["after", "behind", "below", "beneath"])).then(|| (is_before, name.to_owned()))
    })
}

/// Whether a word is a flag.
pub(super) fn is_flag(word: &Word<'_>) -> bool {
    word.text.starts_with("--") && word.text.len() > 2
}

/// The flags that a line is about, without those that only another sentence, or what relates to them, names.
pub(super) fn own<'w, 'a>(all: &'w [Word<'a>]) -> (Vec<&'w Word<'a>>, Vec<String>) {
    const RELATES: &[&str] = &[
        "excludes",
        "exclude",
        "exclusive",
        "requires",
        "require",
        "needs",
        "conflicts",
        "together",
        "overrides",
        "unlike",
        "without",
        "implies",
        "ignored",
        "beside",
        "besides",
        "like",
        "as",
        "than",
        "before",
        "after",
        "behind",
        "below",
        "beneath",
        "above",
        "with",
    ];
    let name = |word: &Word<'_>| word.text.split([' ', '=']).next().unwrap_or_default().to_owned();
    let (mut found, mut others): (Vec<&Word<'a>>, Vec<String>) = (Vec::new(), Vec::new());
    for clause in clauses(all) {
        let mut relates = false;
        for word in clause {
            relates |= word.is(RELATES) || word.is(&["it"]);
            let known = found.iter().any(|known| name(known) == name(word));
            match is_flag(word) {
                true if found.is_empty() => found.push(word),
                true if relates && !known => others.push(name(word)),
                true if !known => found.push(word),
                _ => {}
            }
        }
    }
    others.sort_unstable();
    others.dedup();
    (found, others)
}

/// The names that a line gives.
pub(super) fn names(all: &[Word<'_>], mut others: Vec<String>) -> FlagNames {
    let place = place(all);
    others.retain(|other| place.as_ref().is_none_or(|(_, name)| other.trim_start_matches('-') != name));
    let behind = |nouns: &[&str]| {
        let at = all.iter().position(|word| word.is(nouns))?;
        let said = all[at + 1..].iter().find(|word| !word.is(&["is", "named", "called", "the", "to", "in"]))?;
        (said.piece == Piece::Code).then(|| said.text.to_owned())
    };
    let letter = |word: &Word<'_>| {
        let mut letters = word.text.trim_matches(['"', '\'']).strip_prefix('-').unwrap_or(word.text).chars();
        letters.next().filter(|c| c.is_ascii_alphabetic() && letters.next().is_none())
    };
    let short = all.iter().position(|word| word.is(&["shorthand", "short", "abbreviated", "letter"]));
    let said = short.and_then(|at| all[at + 1..].iter().take(3).find_map(letter));
    let dashed = || all.iter().filter(|word| word.text.len() == 2 && word.text.starts_with('-')).find_map(letter);
    FlagNames {
        constant: behind(&["constant", "const"]),
        holder: behind(&["variable", "field", "bound", "stored"]),
        letter: said.or_else(dashed),
        place,
        others,
    }
}

/// What a line says that a flag is for, in a clause of its own: "which skips the checks", "so that nothing is asked".
pub(super) fn purpose(line: &str) -> Option<String> {
    let text = [" which ", " that "].iter().find_map(|mark| line.split_once(mark)).map(|(_, text)| text)?;
    let text = text.split(['(', ';', ',']).next()?.replace('`', "");
    let text = text.split(" in pkg/").next()?.trim().trim_end_matches('.').to_owned();
    let is_verb = text.split(' ').next().is_some_and(|word| word.len() > 3 && word.ends_with('s') && word != "this");
    let first = text.chars().next()?;
    (is_verb && text.split(' ').count() > 2).then(|| format!("{}{}", first.to_uppercase(), &text[first.len_utf8()..]))
}
