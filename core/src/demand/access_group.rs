//! API groups that a line names in plain words: "the subresources group", "the API group of the snapshots".

use std::collections::BTreeMap;

use super::access::Vocabulary;
use super::{Piece, Word};
use crate::name::nearest;

/// API groups without a dot.
pub(super) const CUSTOMARY: &[&str] = &["core", "apps", "batch", "policy", "autoscaling", "extensions"];

/// What a group is called.
const NOUNS: &[&str] = &["group", "groups", "apigroup", "apigroups"];

/// Words around "group" that name none.
const NEUTRAL: &[&str] = &[
    "a", "add", "all", "an", "and", "any", "api", "as", "at", "by", "each", "every", "for", "from", "has", "in", "is",
    "it", "its", "may", "new", "of", "on", "or", "other", "our", "own", "right", "same", "so", "that", "the", "their",
    "this", "to", "under", "which", "whose", "with", "within",
];

/// The groups that a line names in words, by the places of these words; an error names a group that no rule has.
pub(super) fn spoken(words: &[Word<'_>], known: &Vocabulary<'_>) -> Result<BTreeMap<usize, String>, String> {
    let mut found = BTreeMap::new();
    for at in (0..words.len()).filter(|at| words[*at].is(NOUNS)) {
        let before = at.checked_sub(1 + usize::from(at > 0 && words[at - 1].is(&["API"])));
        let skips = |word: &&Word<'_>| {
            word.is(&["of", "for", "the", "called", "named", "is"]) || word.is_mark(":") || word.is_mark("(")
        };
        let fillers = words[at + 1..].iter().take_while(skips).count();
        let behind = at + 1 + fillers;
        // What another reading takes for a group needs no name beside it.
        if before.is_some_and(|before| is_spelled(&words[before])) || words.get(behind).is_some_and(is_spelled) {
            continue;
        }
        let before = before.filter(|at| is_name(&words[*at], known));
        let behind =
            (fillers > 0).then_some(behind).filter(|at| words.get(*at).is_some_and(|word| is_name(word, known)));
        let code = Some(at + 1).filter(|at| words.get(*at).is_some_and(|word| word.piece == Piece::Code));
        let code = code.filter(|at| fillers == 0 && is_name(&words[*at], known));
        if let Some(at) = before.or(behind).or(code) {
            found.insert(at, resolved(words[at].text, known)?);
        }
    }
    Ok(found)
}

/// Whether a word is a group as rules have it.
fn is_spelled(word: &Word<'_>) -> bool {
    let text = word.text.trim_matches(['"', '\'']);
    word.piece != Piece::Mark && (text.is_empty() || text.contains('.') || CUSTOMARY.contains(&text))
}

fn is_name(word: &Word<'_>, known: &Vocabulary<'_>) -> bool {
    let text = word.text.trim_end_matches("'s");
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let is_word = text.len() > 1 && text.chars().all(plain) && !word.is(NEUTRAL);
    // A resource beside the word is in the group, and does not name it.
    let resource = word.piece == Piece::Code && (known.is_resource)(text);
    word.piece != Piece::Mark && is_word && !resource && !(known.is_role)(text)
}

/// The group that rules have under a name: whole, or its first label in the singular or plural.
fn resolved(name: &str, known: &Vocabulary<'_>) -> Result<String, String> {
    let name = name.trim_end_matches("'s").to_ascii_lowercase();
    let bare = |text: &str| text.trim_end_matches('s').to_owned();
    let is_called =
        |group: &&String| **group == name || bare(group.split('.').next().unwrap_or_default()) == bare(&name);
    let all: Vec<&String> = known.groups.iter().filter(is_called).collect();
    match all.as_slice() {
        [one] => Ok((*one).clone()),
        [] => {
            let labels = known.groups.iter().map(|group| group.split('.').next().unwrap_or_default());
            let near: Vec<String> = nearest(&name, labels)
                .into_iter()
                .filter_map(|label| known.groups.iter().find(|group| group.split('.').next() == Some(label)))
                .map(|group| format!("`{group}`"))
                .collect();
            let near = if near.is_empty() { String::new() } else { format!("; a similar one is {}", near[0]) };
            Err(format!("no rule has an API group called `{name}`{near}"))
        }
        several => {
            let all: Vec<&str> = several.iter().map(|group| group.as_str()).collect();
            Err(format!("the `{name}` group may be {}", all.join(" or ")))
        }
    }
}
