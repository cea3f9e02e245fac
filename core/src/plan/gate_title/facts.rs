//! Facts of a new gate in the words of a title: its owners, and what it does.

use super::is_release;
use crate::demand::{Word, words};
use crate::name::is_gate_name;
use crate::text::code_spans;

/// The owners as a title spells them, where it calls them that: "Owner: sig-compute, sig-storage / @ada".
pub(super) fn as_stated(title: &str, named: &[&str]) -> Option<String> {
    const LEADS: &[&str] = &["owner:", "owners:", "owner", "owners", "owned by", "owner is", "owners are"];
    let from = title.find(named.first()?)?;
    let before = title[..from].trim_end().to_lowercase();
    let mut end = from;
    for name in named {
        let gap = title[end..].find(name)?;
        if !title[end..end + gap].chars().all(|c| matches!(c, ' ' | ',' | '/')) {
            return None;
        }
        end += gap + name.len();
    }
    LEADS.iter().any(|lead| before.ends_with(lead)).then(|| title[from..end].to_owned())
}

/// Whether a sentence says what happens with the gate or without it: "With it, …", "When enabled, …", "While it is off, …".
pub(in crate::plan) fn is_condition(text: &str) -> bool {
    let Some((lead, _)) = text.split_once(',') else { return false };
    let words: Vec<&str> = lead.split(' ').collect();
    let subject =
        |words: &[&str]| matches!(words, ["it"] | ["the" | "this", "gate"] | ["the" | "this", "feature", "gate"]);
    let state = |word: &str| matches!(word, "enabled" | "disabled" | "on" | "off" | "set");
    match words.as_slice() {
        ["With" | "Without", rest @ ..] => subject(rest),
        ["When" | "If" | "Once" | "While" | "Unless", rest @ ..] => match rest {
            [last] => state(last),
            [of @ .., "is", last] => subject(of) && state(last),
            _ => false,
        },
        _ => false,
    }
}

/// The sentences of a title about its gate: "… It compresses pages.", "… - PageRate limits the pages.",
/// "… Description: limits the pages".
pub(super) fn said_sentence(title: &str) -> Option<String> {
    const NAMES: &[&str] = &["The gate ", "This gate ", "The feature gate ", "This feature gate ", "The feature "];
    const FACTS: &[&str] = &[
        "owner", "owners", "owned", "alpha", "beta", "file", "accessor", "constant", "stage", "release", "sig",
        "since", "it", "off", "disabled", "register", "add",
    ];
    const STATES: &[&str] = &["is", "was", "has", "as", "its", "stays", "needs", "starts", "goes", "gets"];
    let is_fact = |sentence: &str| {
        let mut words = sentence.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        let first = words.next().unwrap_or_default().to_lowercase();
        let state = words.next().is_some_and(|next| STATES.contains(&next));
        FACTS.contains(&first.as_str()) && (first != "it" || state)
            || code_spans(sentence).any(|code| code.contains('/'))
    };
    let starts = [". ", " - ", " – ", " — ", ": ", "; "].iter();
    let mut starts: Vec<usize> =
        starts.flat_map(|mark| title.match_indices(mark)).map(|(at, mark)| at + mark.len()).collect();
    starts.sort_unstable();
    let said = starts.into_iter().find_map(|start| {
        let text = &title[start..];
        if let Some(text) = ["Description: ", "description: "].iter().find_map(|key| text.strip_prefix(key)) {
            return Some(text);
        }
        if is_condition(text) || text.split(' ').skip(1).take(3).any(|word| matches!(word, "may" | "can")) {
            return title[..start].ends_with(". ").then_some(text);
        }
        let of_gate = NAMES.iter().find_map(|name| Some(("It", text.strip_prefix(name)?)));
        let (subject, rest) = of_gate.or_else(|| text.split_once(' '))?;
        let verb = rest.split(' ').next()?;
        let does = verb.len() > 2
            && verb.ends_with('s')
            && verb.chars().all(|c| c.is_ascii_lowercase())
            && !STATES.contains(&verb);
        let name = subject.trim_matches('`');
        let is_gate = is_gate_name(name) && title[..start].contains(name);
        match does {
            true if subject == "It" => Some(rest),
            true if is_gate => Some(text),
            _ => None,
        }
    })?;
    let mut sentences = said.split_inclusive(". ").enumerate();
    let told: String =
        sentences.by_ref().take_while(|(at, one)| *at == 0 || !is_fact(one)).map(|(_, one)| one).collect();
    let told = told.trim().replace('`', "");
    // A place behind it is none of it.
    let is_plain =
        !said.split_inclusive(". ").next().is_some_and(|first| code_spans(first).any(|code| code.contains('/')));
    (is_plain && told.split(' ').count() > 2).then_some(told)
}

/// What a title says that the gate does: "Register `X` (Alpha): lets admins set …", "a gate `X` that allows …".
pub(super) fn said_purpose(title: &str) -> Option<String> {
    const DOES: &[&str] = &[
        "adds",
        "allows",
        "controls",
        "disables",
        "enables",
        "enforces",
        "exposes",
        "gives",
        "grants",
        "guards",
        "lets",
        "makes",
        "permits",
        "protects",
        "provides",
        "restricts",
        "supports",
        "turns",
    ];
    let words = words(title);
    let opens =
        |word: &Word<'_>| word.is(&["that", "which"]) || [":", "-", "–", "—"].iter().any(|mark| word.is_mark(mark));
    let may =
        |at: usize| words[at - 1].is_mark(":") && words[at + 1..].iter().take(2).any(|word| word.is(&["may", "can"]));
    let at = (1..words.len()).find(|at| words[*at].is(DOES) && opens(&words[at - 1]) || may(*at))?;
    // What is said of the gate itself is read elsewhere.
    let is_fact = |word: &Word<'_>| {
        let is_place = word.is_code() && word.text.contains('/');
        let is_owner = word.text.starts_with(['@']) || word.text.starts_with("sig-");
        let is_named = word.is(&["owned", "owner", "alpha", "beta", "accessor", "release", "default", "defaults"]);
        is_place || is_owner || is_named || is_release(word.text)
    };
    let ends = |at: usize| {
        let is_aside = words[at].is_mark(",") || words[at].is_mark("(") || words[at].is(&["in"]);
        words[at].is_mark(";") || is_aside && words[at + 1..].iter().take(4).any(is_fact)
    };
    let end = (at + 1..words.len()).find(|at| ends(*at));
    let end = end.map_or(title.len(), |end| words[end].at);
    let told = title[words[at].at..end].trim();
    (told.split(' ').count() > 2).then(|| told.to_owned())
}
