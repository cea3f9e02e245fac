//! How words and pieces of code are spelled.

use crate::demand::words::Word;
use crate::go::{StructField, unquote};
use crate::name::{is_go_identifier, is_keyword, pascal};

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
    "carry",
    "model",
    "allow",
    "provide",
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

/// Words of what is not decided.
pub(super) const HEDGES: &[&str] = &["maybe", "perhaps", "possibly", "eventually", "tbd"];

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
    "between",
    "how",
    "see",
    "for",
    "behind",
    "near",
    "alongside",
    "guarded",
    "gated",
    "feature-gated",
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
    // `type string`: Go has no such name, and JSON has.
    let keyword =
        text.split_once(' ').filter(|(name, ty)| is_keyword(name) && *name != "chan" && !ty.starts_with(['(', '{']));
    if let Some((name, ty)) = keyword {
        return StructField::parse(&format!("{} {ty}", pascal(name))).ok();
    }
    // `pulse: *Pulse`
    let named = text.split_once(": ").filter(|(name, _)| is_go_identifier(name));
    match named {
        Some((name, ty)) => StructField::parse(&format!("{name} {ty}")).ok(),
        None => StructField::parse(text).ok(),
    }
}

/// Whether a text can be the name of a field in JSON.
pub(super) fn is_json_name(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '$');
    text.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '_' | '$')) && text.chars().all(plain)
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

/// The key of a label or an annotation: `kubevirt.io/pulse`.
pub(super) fn is_key(text: &str) -> bool {
    let Some((domain, name)) = text.split_once('/') else { return false };
    let sound = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
    let is_domain = domain.rsplit('.').next().is_some_and(|end| ["io", "com", "org", "dev", "net"].contains(&end));
    sound(domain) && domain.contains('.') && is_domain && sound(name) && !name.ends_with(".go")
}

/// A field by its path: `spec.domain.pulse`, `DomainSpec.pulse`. The struct, or the path to it, and the field.
pub(super) fn path_of(text: &str) -> Option<(&str, &str)> {
    let (parent, name) = text.trim_start_matches('.').rsplit_once('.')?;
    let parts: Vec<&str> = parent.split('.').collect();
    let sound = parts.iter().all(|part| is_go_identifier(part)) && is_go_identifier(name);
    // Behind the name of a kind, `vmi.spec.domain`, too.
    let at_root = |part: Option<&&str>| matches!(part, Some(&"spec" | &"status"));
    let from_root =
        (at_root(parts.first()) || at_root(parts.get(1))) && name.starts_with(|c: char| c.is_ascii_lowercase());
    let of_type = parts.len() == 1 && is_type_name(parts[0]);
    (sound && (from_root || of_type)).then_some((parent, name))
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

/// How the items of a list merge: `patchStrategy`, `patchMergeKey:"name"`.
pub(super) fn is_patch(text: &str) -> bool {
    ["patchStrategy", "patchMergeKey"].iter().any(|head| text.starts_with(head))
}
