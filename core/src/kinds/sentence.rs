//! Sentences of comments: what tasks say of a thing, behind its name.

use super::component::verb_form;
use crate::name::lower_first;
use crate::plan::{Key, PlannedTask, TaskLine};

/// What a comment says behind a name: "is the time that it may take" of "The time that it may take."
pub(super) fn behind(name: &str, text: &str) -> String {
    let text = text.replace('`', "");
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = text.trim_end_matches('.');
    if let Some(rest) = text.strip_prefix(name).filter(|rest| rest.starts_with(' ')) {
        return rest.trim_start().to_owned();
    }
    let text = ["It ", "it "].iter().find_map(|it| text.strip_prefix(it)).unwrap_or(text);
    let (first, rest) = text.split_once(' ').unwrap_or((text, ""));
    let small = first.to_lowercase();
    if let Some(verb) = verb_form(first, rest) {
        return format!("{verb} {rest}").trim_end().to_owned();
    }
    let is_name = first.chars().skip(1).any(|c| c.is_uppercase() || !c.is_alphabetic());
    let begun = if is_name { text.to_owned() } else { lower_first(text) };
    let is = |words: &[&str]| words.contains(&small.as_str());
    // "The names of bells" are several.
    let second = rest.split(' ').next().unwrap_or_default();
    let third = rest.split(' ').nth(1).unwrap_or_default();
    let plural = second.ends_with('s') && !["ss", "us", "is", "as", "'s"].iter().any(|end| second.ends_with(end));
    let plural = plural && matches!(third, "" | "of" | "that" | "which" | "for" | "in" | "on" | "to" | "with" | "by");
    if small == "the" && plural && second.chars().all(char::is_lowercase) {
        format!("are {begun}")
    } else if is(&["is", "are", "has", "must", "can", "may", "will", "should", "cannot", "does"]) {
        begun
    } else if is(&["whether", "how", "when", "where", "which", "what", "if"]) {
        format!("says {begun}")
    } else if is(&["the", "a", "an", "one", "set", "given", "only", "used", "for"]) || small.ends_with("ed") {
        format!("is {begun}")
    } else if small.ends_with('s') && !small.ends_with("ss") {
        format!("are the {begun}")
    } else {
        format!("is the {begun}")
    }
}

/// The comment that a line of its own states for the only thing of a task: "Comment: Foo is the time that it takes".
pub(super) fn stated(task: &PlannedTask, name: &str) -> Option<(usize, String)> {
    const ORDERS: &[&str] =
        &["add", "create", "implement", "introduce", "define", "write", "extend", "update", "register", "make", "new"];
    let words = ["doc", "godoc", "doc comment", "documentation"].map(|word| Key::Other(word.to_owned()));
    let is_doc = |line: &&TaskLine| matches!(line.key, Key::Comment | Key::Description) || words.contains(&line.key);
    let mut lines = task.details.iter().filter(is_doc);
    let line = lines.next().filter(|_| lines.next().is_none())?;
    let text = line.text.trim().trim_matches(['"', '“', '”']);
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
            ("Chime is the bell. It rings", "is the bell. It rings"),
            ("The number of `bells`.", "is the number of bells"),
            ("maximum number of seconds", "is the maximum number of seconds"),
            ("added when a migration waits", "is added when a migration waits"),
            ("Names of bells", "are the names of bells"),
            ("the names of bells", "are the names of bells"),
            ("the status of bells", "is the status of bells"),
            ("It may ring, e.g. at noon. It is loud.", "may ring, e.g. at noon. It is loud"),
            ("limits the bells", "limits the bells"),
            ("Enable the bells", "enables the bells"),
            ("whether it rings", "says whether it rings"),
            ("VMs that ring", "are the VMs that ring"),
        ] {
            assert_eq!(behind("Chime", text), sentence, "{text}");
        }
    }
}
