//! Sentences of comments: what tasks say of a thing, behind its name.

use std::borrow::Cow;

use super::component::{is_finite, is_verb, verb_form};
use crate::demand::sentence_end;
use crate::name::{lower_first, upper_first};
use crate::plan::{Key, PlannedTask, TaskLine};
use crate::text::{squeezed, unquoted};

/// A comment as Go wants it, which begins with the name where what is said can stand behind it, and else as it is said.
pub(crate) fn comment(name: &str, text: &str) -> String {
    let text = text.replace('`', "");
    if text.contains('\n') {
        return text;
    }
    let text = squeezed(&text);
    let text = text.trim_end_matches('.');
    let text = behind(name, text).map_or_else(|| as_said(text), |rest| format!("{name} {rest}"));
    if text.ends_with(['?', '!']) { text } else { text + "." }
}

/// What an item says behind a name in backticks, as a comment: with the name in front, where it goes on with what that does.
pub(super) fn with_subject<'t>(line: &TaskLine, name: &str, text: &'t str) -> Cow<'t, str> {
    const VERBS: &[&str] = &["is", "are", "has", "have", "must", "can", "may", "will", "should", "cannot"];
    let (first, rest) = text.split_once(' ').unwrap_or((text, ""));
    let next = rest.split(' ').next().unwrap_or_default();
    let is_small = first.chars().all(|c| c.is_ascii_lowercase()) && first.len() > 2;
    let is_verb =
        is_small && first.ends_with('s') && !first.ends_with("ss") && !matches!(next, "of" | "that" | "which");
    // What a block of Go says is the whole of a comment.
    let goes_on = line.is_item && !text.contains('\n') && (is_verb || VERBS.contains(&first));
    if goes_on { format!("{name} {text}").into() } else { text.into() }
}

/// A text with a capital at its start; a name keeps its own.
fn as_said(text: &str) -> String {
    let first = text.split([' ', ',', ':']).next().unwrap_or_default();
    if first.chars().all(char::is_alphabetic) && first.chars().skip(1).all(char::is_lowercase) {
        upper_first(text)
    } else {
        text.to_owned()
    }
}

/// What a comment says behind a name: "is the time that it may take" of "The time that it may take"; nothing of what is a
/// sentence of its own.
fn behind(name: &str, text: &str) -> Option<String> {
    if let Some(rest) = text.strip_prefix(name) {
        match rest.chars().next() {
            Some(' ') => return Some(rest.trim_start().to_owned()),
            // "Foo, if set, is …"
            Some(c) if !(c.is_alphanumeric() || c == '_') => return None,
            _ => {}
        }
    }
    // "(Defaults to 5) The time …"
    if text.starts_with('(') {
        return None;
    }
    let text = ["It ", "it "].iter().find_map(|it| text.strip_prefix(it)).unwrap_or(text);
    let (first, rest) = text.split_once(' ').unwrap_or((text, ""));
    let small = first.to_lowercase();
    let (second, third) = (rest.split(' ').next().unwrap_or_default(), rest.split(' ').nth(1).unwrap_or_default());
    let is = |words: &[&str]| words.contains(&small.as_str());
    let is_name = first.chars().skip(1).any(|c| c.is_uppercase() || !c.is_alphabetic());
    let begun = if is_name { text.to_owned() } else { lower_first(text) };
    if small == "set" && matches!(second, "to" | "by" | "if" | "when" | "while" | "on" | "once" | "only") {
        return Some(format!("is {begun}"));
    }
    if is(&["is", "are", "has", "must", "can", "may", "will", "should", "cannot", "does"]) {
        return Some(begun);
    }
    if is_deed(&small, rest) {
        let verb = verb_form(first, rest).unwrap_or(small);
        return Some(format!("{verb} {rest}").trim_end().to_owned());
    }
    // "Optionally specifies it".
    if small.len() > 4 && small.ends_with("ly") && !is_name && is_deed(second, rest.split_once(' ')?.1) {
        return second.ends_with('s').then_some(begun);
    }
    if is(&["whether", "how", "which", "what"]) || is(&["when", "where", "if"]) && !rest.contains(',') {
        return Some(format!("says {begun}"));
    }
    if is(&["used", "given", "added", "shown", "reported", "counted", "kept", "needed", "for"]) {
        return Some(format!("is {begun}"));
    }
    if !is_phrase(text) {
        return None;
    }
    // "The names of bells" are several.
    let plural = second.ends_with('s') && !["ss", "us", "is", "as", "'s"].iter().any(|end| second.ends_with(end));
    let plural = plural && matches!(third, "" | "of" | "that" | "which" | "for" | "in" | "on" | "to" | "with" | "by");
    Some(match () {
        () if small == "the" && plural && second.chars().all(char::is_lowercase) => format!("are {begun}"),
        () if is(&["the", "a", "an", "one"]) => format!("is {begun}"),
        () if small.ends_with('s') && !small.ends_with("ss") => format!("are the {begun}"),
        () => format!("is the {begun}"),
    })
}

/// Words that begin what a verb is done to, or what it says.
#[rustfmt::skip]
const OBJECTS: &[&str] = &[
    "that", "whether", "if", "how", "what", "which", "when", "where", "the", "a", "an", "all", "any", "each", "every",
    "it", "its", "to", "no", "one", "only",
];

/// Whether words begin with a deed: "indicates that it rings", "lists bells", but neither "options that are passed" nor
/// "request timeout".
fn is_deed(first: &str, rest: &str) -> bool {
    let (second, behind) = rest.split_once(' ').unwrap_or((rest, ""));
    let third = behind.split(' ').next().unwrap_or_default();
    let is_object = OBJECTS.contains(&second) && !(second == "that" && (is_finite(third) || third.ends_with("ed")));
    match verb_form(first, rest) {
        Some(_) if is_object => true,
        // A word that is a noun, too, is a verb where an object of its own follows.
        Some(verb) if verb == first => {
            first.chars().all(char::is_lowercase) && is_verb(first.strip_suffix('s').unwrap_or(first))
        }
        Some(_) => {
            ["enable", "disable", "configure", "allow", "specify", "limit", "remove", "hide", "ignore"].contains(&first)
        }
        None => false,
    }
}

/// Whether the first sentence of a text is a noun with what belongs to it: "the time that it may take", "names of bells",
/// but not "the bell cannot ring", "bells ring" or "if set, it rings".
fn is_phrase(text: &str) -> bool {
    #[rustfmt::skip]
    const LEADS: &[&str] = &[
        "of", "for", "in", "on", "to", "at", "by", "with", "without", "from", "between", "per", "until", "before",
        "after", "during", "into", "as", "used",
    ];
    const RELATIVES: &[&str] =
        &["that", "which", "who", "whose", "where", "when", "while", "if", "it", "they", "we", "you", "this", "these"];
    #[rustfmt::skip]
    const OTHERS: &[&str] = &[
        "if", "when", "once", "after", "before", "deprecated", "defaults", "not", "only", "no", "note", "must", "while",
        "unless", "see", "same", "like", "this", "these", "there", "on", "in", "at", "by", "with", "without", "as",
    ];
    let sentence = &text[..sentence_end(text)];
    let words: Vec<&str> = sentence.split(' ').collect();
    let bare = |word: &str| word.trim_end_matches([',', ';', ':']).to_lowercase();
    let first = bare(words[0]);
    let has_article = matches!(first.as_str(), "the" | "a" | "an" | "one");
    if OTHERS.contains(&first.as_str()) || first.ends_with("ly") || words[0].ends_with(':') {
        return false;
    }
    let mut leads = has_article;
    for (at, word) in words.iter().enumerate().skip(1) {
        let small = bare(word);
        let before = bare(words[at - 1]);
        let is_lead = LEADS.contains(&small.as_str());
        let is_article = matches!(small.as_str(), "the" | "a" | "an" | "its" | "each" | "any");
        if RELATIVES.contains(&small.as_str()) {
            // "It means that the bell is broken"
            let next = words.get(at + 1).map(|next| bare(next)).unwrap_or_default();
            let is_said = small == "that" && matches!(next.as_str(), "the" | "a" | "an" | "no" | "its");
            return !(is_said && at > 1 && before.ends_with('s') && !before.ends_with("ss"));
        }
        // "The bell needs a rope", "foo happened".
        let is_deed = is_article
            && at > 1
            && !LEADS.contains(&before.as_str())
            && !matches!(before.as_str(), "and" | "or" | "than");
        // "The guest carries ballast", where no "of" came.
        let next = words.get(at + 1).map(|next| bare(next)).unwrap_or_default();
        let is_object = !next.is_empty() && !next.ends_with("ed") && !LEADS.contains(&next.as_str());
        let is_deed_of_it =
            small.len() > 3 && small.ends_with('s') && !["ss", "us", "is"].iter().any(|end| small.ends_with(end));
        // "The guest hardly hears it"
        let is_adverb = small.ends_with("ly") && next.len() > 3 && next.ends_with('s') && !next.ends_with("ss");
        let carries = has_article
            && at > 1
            && is_object
            && is_deed_of_it
            && word.chars().all(|c| c.is_ascii_lowercase())
            && !["and", "or", "that", "which"].contains(&next.as_str())
            && !words[..at].iter().any(|word| LEADS.contains(&bare(word).as_str()))
            && !before.ends_with('s');
        if carries
            || at > 1 && is_adverb
            || is_finite(&small)
            || is_deed
            || !leads && (small.ends_with("ed") || small.ends_with("ly"))
        {
            return false;
        }
        // "Pages kept per node" are several.
        let is_plural = before.ends_with('s') && !["ss", "us", "is"].iter().any(|end| before.ends_with(end));
        if is_lead && !leads && at > 1 && is_plural {
            return false;
        }
        leads |= is_lead;
        if word.ends_with([',', ';']) {
            break;
        }
    }
    leads || words.len() < 4 && !first.ends_with('s')
}

/// The comment that a line of its own states for the only thing of a task: "Comment: Foo is the time that it takes".
pub(super) fn stated(task: &PlannedTask, name: &str) -> Option<(usize, String)> {
    const ORDERS: &[&str] =
        &["add", "create", "implement", "introduce", "define", "write", "extend", "update", "register", "make", "new"];
    let words = ["doc", "godoc", "doc comment", "documentation"].map(|word| Key::Other(word.to_owned()));
    let is_doc = |line: &&TaskLine| matches!(line.key, Key::Comment | Key::Description) || words.contains(&line.key);
    let mut lines = task.details.iter().filter(is_doc);
    let line = lines.next().filter(|_| lines.next().is_none())?;
    let text = unquoted(line.text.trim());
    let first = text.split(' ').next()?;
    let is_order = line.key == Key::Description && ORDERS.contains(&first.to_lowercase().as_str());
    // A name in front is that of what it is about.
    let is_other = first.starts_with('`') && first.trim_matches('`') != name;
    (text.contains(' ') && !is_order && !is_other).then(|| (line.line, text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_becomes_a_sentence() {
        for (text, sentence) in [
            ("Chime is the bell. It rings", "Chime is the bell. It rings."),
            ("Chime, if set, rings", "Chime, if set, rings."),
            ("The number of `bells`.", "Chime is the number of bells."),
            ("maximum number of seconds", "Chime is the maximum number of seconds."),
            ("added when a migration waits", "Chime is added when a migration waits."),
            ("Names of bells", "Chime are the names of bells."),
            ("the names of bells", "Chime are the names of bells."),
            ("the status of bells", "Chime is the status of bells."),
            ("It may ring, e.g. at noon. It is loud.", "Chime may ring, e.g. at noon. It is loud."),
            ("limits the bells", "Chime limits the bells."),
            ("Enable the bells", "Chime enables the bells."),
            ("Set to true if it rings", "Chime is set to true if it rings."),
            ("whether it rings", "Chime says whether it rings."),
            ("VMs that ring", "Chime are the VMs that ring."),
            ("Optionally specifies whether it rings", "Chime optionally specifies whether it rings."),
            ("Indicates that it rings", "Chime indicates that it rings."),
            ("Options that are passed to it", "Chime are the options that are passed to it."),
            ("Represents the bell", "Chime represents the bell."),
            ("The bell cannot ring", "The bell cannot ring."),
            ("The bell needs a rope", "The bell needs a rope."),
            ("The time the bell may take", "The time the bell may take."),
            ("If set, it rings", "If set, it rings."),
            ("when set, bells ring", "When set, bells ring."),
            (
                "Optional number of bells, none if it is zero",
                "Chime is the optional number of bells, none if it is zero.",
            ),
            ("Bells ring", "Bells ring."),
            ("Deprecated: use bells", "Deprecated: use bells."),
            ("Request timeout in seconds", "Chime is the request timeout in seconds."),
            ("guest bells for each tower", "Guest bells for each tower."),
            ("The bell was rung", "The bell was rung."),
            ("the guest hardly hears it", "The guest hardly hears it."),
            ("Bell panicked", "Bell panicked."),
            ("Reason means that the bell is broken", "Reason means that the bell is broken."),
        ] {
            assert_eq!(comment("Chime", text), sentence, "{text}");
        }
    }
}
