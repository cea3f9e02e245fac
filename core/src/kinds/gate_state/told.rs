//! What the title of a task says beside a change of state: since which release, and what users are told.

use super::title::Change;
use crate::demand::words;
use crate::plan::is_release;

/// How many words behind the state the release stands: "in v1.10.0", "(KubeVirt 1.10)", "as of v1.10".
pub(super) const NEAR: usize = 5;

impl Change {
    /// The release that the title names behind the state: `v1.10.0` of "in KubeVirt 1.10".
    pub(super) fn release_in(&self, text: &str) -> Option<String> {
        let word = words(text).get(self.release?)?.text.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
        let number = word.trim_start_matches('v');
        let patch = if number.matches('.').count() == 1 { ".0" } else { "" };
        Some(format!("v{number}{patch}")).filter(|release| is_release(release))
    }
}

/// What a title tells the users of a gate, at its end: "with the message \"Use plugins\"".
pub(super) fn message(text: &str) -> Option<&str> {
    apart(text).map(|(_, message)| message)
}

/// A title without the message for users, and the message.
pub(super) fn apart(text: &str) -> Option<(&str, &str)> {
    const KEY: &str = "message";
    let at = text.to_ascii_lowercase().find(KEY)?;
    let rest = text[at + KEY.len()..].trim_start_matches([':', ' ']);
    let open = rest.chars().next()?;
    let close = match open {
        '"' | '`' => open,
        '“' => '”',
        _ => return None,
    };
    let (message, behind) = rest[open.len_utf8()..].split_once(close)?;
    let is_end = !behind.contains(char::is_alphanumeric);
    is_end.then(|| (&text[..at], message.trim()))
}
