//! Sentences of comments: what tasks say of a thing, behind its name.

use super::component::verb_form;
use crate::name::lower_first;

/// What a comment says behind a name: "is the time that it may take" of "The time that it may take."
pub(super) fn behind(name: &str, text: &str) -> String {
    let text = text.replace('`', "");
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = text.trim_end_matches('.');
    if let Some(rest) = text.strip_prefix(name).filter(|rest| rest.starts_with(' ')) {
        return rest.trim_start().to_owned();
    }
    let (first, rest) = text.split_once(' ').unwrap_or((text, ""));
    let small = first.to_lowercase();
    if let Some(verb) = verb_form(first, rest) {
        return format!("{verb} {rest}").trim_end().to_owned();
    }
    let is_name = first.chars().skip(1).any(|c| c.is_uppercase() || !c.is_alphabetic());
    let begun = if is_name { text.to_owned() } else { lower_first(text) };
    let is = |words: &[&str]| words.contains(&small.as_str());
    if is(&["is", "are", "has", "must", "can", "may", "will", "should", "cannot", "does"]) {
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
            ("limits the bells", "limits the bells"),
            ("Enable the bells", "enables the bells"),
            ("whether it rings", "says whether it rings"),
            ("VMs that ring", "are the VMs that ring"),
        ] {
            assert_eq!(behind("Chime", text), sentence, "{text}");
        }
    }
}
