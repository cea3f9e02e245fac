//! The grammar of task IDs: `T001`, `T-12`, `T001a`, `T002.1`, and with a word behind it `T012-fix`.

/// The length of the ID that a text begins with, without a word behind it.
pub(super) fn length(text: &str) -> Option<usize> {
    let digits = |from: usize| text[from..].bytes().take_while(u8::is_ascii_digit).count();
    let mut length = prefix(text)?;
    let number = digits(length);
    if number == 0 {
        return None;
    }
    length += number;
    while text[length..].starts_with('.') && digits(length + 1) > 0 {
        length += 1 + digits(length + 1);
    }
    length += usize::from(text[length..].starts_with(|c: char| c.is_ascii_alphabetic()));
    // In Chinese or Japanese prose no space separates the ID from the words behind it.
    let glued = text[length..].starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
    (!glued).then_some(length)
}

/// The length of the letters of an ID: `T`, `T-`, `TASK-`.
pub(super) fn prefix(text: &str) -> Option<usize> {
    let letters = if text.starts_with("TASK-") { 4 } else { text.starts_with('T').then_some(1)? };
    Some(letters + usize::from(text[letters..].starts_with('-')))
}

/// The length of the ID that a text begins with, with the word behind it.
pub(super) fn length_with_word(text: &str) -> Option<usize> {
    let length = length(text)?;
    Some(length + word(&text[length..]))
}

/// The `-fix` of `T012-fix`; a number would be the end of a range.
fn word(rest: &str) -> usize {
    let Some(word) = rest.strip_prefix('-') else { return 0 };
    let length = word.len() - word.trim_start_matches(|c: char| c.is_ascii_alphanumeric()).len();
    let is_word = word.starts_with(|c: char| c.is_ascii_alphabetic())
        && !(word.starts_with('T') && word[1..].starts_with(|c: char| c.is_ascii_digit()));
    if is_word && !word[length..].starts_with(['/', '.', '-', '_']) { 1 + length } else { 0 }
}

/// Whether a text is the ID of a task, and nothing else.
pub fn is_id(text: &str) -> bool {
    length_with_word(text) == Some(text.len())
}

/// An ID without its letter, decimal or word.
pub(super) fn stem(id: &str) -> &str {
    &id[..prefix(id).unwrap_or(0) + digits(id).len()]
}

/// The number in an ID, as written.
pub(super) fn digits(id: &str) -> &str {
    let rest = &id[prefix(id).unwrap_or(0)..];
    &rest[..rest.bytes().take_while(u8::is_ascii_digit).count()]
}

/// The number in an ID; none if it is too large for a number.
pub fn number(id: &str) -> Option<usize> {
    digits(id).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_one_grammar() {
        for id in ["T1", "T001", "T-12", "T001a", "T002.1", "T012-fix", "T1-AB2", "TASK-001", "TASK-001a"] {
            assert!(is_id(id), "{id}");
        }
        for text in ["", "T", "T-", "T001x2", "T001_a", "t001", "T001-005", "T001-T002", "T012-a/b", "T001 "] {
            assert!(!is_id(text), "{text}");
        }
        assert_eq!((stem("TASK-07a"), number("TASK-07a")), ("TASK-07", Some(7)));
        assert_eq!(length("T012完成"), Some(4));
        assert_eq!(length("T012-fix"), Some(4));
        assert_eq!((stem("T-12b"), number("T-12b"), number("T002.1")), ("T-12", Some(12), Some(2)));
    }
}
