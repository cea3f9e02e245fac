//! Facts of a new gate in the words of a title: its owners, and what it does.

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

/// The sentences of a title about its gate: "… It compresses pages.", "… - PageRate limits the pages.",
/// "… Description: limits the pages".
pub(super) fn said_sentence(title: &str) -> Option<String> {
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
        let (subject, rest) = text.split_once(' ')?;
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
