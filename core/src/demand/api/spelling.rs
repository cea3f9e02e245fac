//! How words and pieces of code are spelled.

use crate::demand::words::Word;
use crate::go::{StructField, unquote};
use crate::name::is_go_identifier;

pub(super) const ADDS: &[&str] = &[
    "add",
    "adds",
    "adding",
    "introduce",
    "introduces",
    "define",
    "defines",
    "create",
    "creates",
    "declare",
    "declares",
    "extend",
    "extends",
    "implement",
    "expose",
    "new",
    "give",
    "include",
    "register",
    "append",
    "insert",
    "put",
];

/// Verbs of work that takes something away, or changes it: the line asks for more than is added.
pub(super) const CHANGES: &[&str] = &[
    "remove",
    "removes",
    "delete",
    "rename",
    "renames",
    "replace",
    "replaces",
    "drop",
    "move",
    "moves",
    "change",
    "changes",
    "convert",
    "instead",
    "deprecate",
    "don't",
    "without",
    "not",
    "never",
];

/// Words behind which code says why, and not what.
pub(super) const ASIDES: &[&str] = &[
    "so",
    "because",
    "which",
    "that",
    "when",
    "if",
    "while",
    "where",
    "since",
    "until",
    "unless",
    "via",
    "using",
    "like",
    "such",
    "similar",
    "follow",
    "following",
    "mirroring",
    "mirrors",
    "after",
    "before",
    "next",
    "beside",
    "below",
    "above",
    "see",
    "for",
    "behind",
    "guarded",
    "gated",
    "e.g",
    "i.e",
    "analogous",
    "matching",
    "same",
    "used",
    "read",
    "set",
    "defaults",
    "default",
    "defaulting",
];

/// One field, if the text is exactly that; a type alone is one that is embedded.
pub(super) fn field_of(text: &str) -> Option<StructField> {
    StructField::parse(text).ok()
}

/// Whether prose can mean a type by a word: `DomainSpec`, but not `API`.
pub(super) fn is_type_name(text: &str) -> bool {
    is_go_identifier(text) && text.starts_with(char::is_uppercase) && text.contains(char::is_lowercase)
}

pub(super) fn role(word: Word<'_>) -> Option<&'static str> {
    const ROLES: &[(&str, &[&str])] = &[
        ("annotation", &["annotation", "annotations"]),
        ("label", &["label", "labels"]),
        ("reason", &["reason", "reasons"]),
        ("condition", &["condition", "conditions"]),
        ("finalizer", &["finalizer"]),
    ];
    ROLES.iter().find(|(_, words)| word.is(words)).map(|(role, _)| *role)
}

/// A path, or a command.
pub(super) fn is_place(text: &str) -> bool {
    let is_path = text.contains('/') && !text.contains('"') && !text.contains('=') || text.ends_with(".go");
    is_path || ["make ", "go ", "./"].iter().any(|head| text.starts_with(head))
}

/// What a string in quotes says.
pub(super) fn string(text: &str) -> Option<String> {
    let plain =
        |value: &String| value.len() <= 253 && value.chars().all(|c| c.is_ascii_graphic() && !"\"\\`".contains(c));
    (text.starts_with('"') && text.ends_with('"') && text.len() > 1).then(|| unquote(text)).filter(plain)
}

/// `Reboot`, `"zstd"`, `PolicyReboot = "Reboot"`: the constant, if it is named, and its string.
pub(super) fn value(text: &str) -> Option<(Option<String>, String)> {
    if let Some((name, value)) = text.split_once('=') {
        let name = name.split_whitespace().next().filter(|name| is_go_identifier(name))?;
        return Some((Some(name.to_owned()), string(value.trim())?));
    }
    let plain = |text: &str| {
        !text.is_empty() && text.len() <= 100 && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
    };
    if text.starts_with('"') {
        return string(text).filter(|text| plain(text)).map(|text| (None, text));
    }
    plain(text).then(|| (None, text.to_owned()))
}
