//! Words of lines about fields and structs.

/// Words that begin a line about something new.
pub(super) const ADDS: &[&str] = &[
    "add",
    "adds",
    "adding",
    "introduce",
    "define",
    "declare",
    "create",
    "new",
    "extend",
    "give",
    "include",
    "implement",
    "store",
    "keep",
    "hold",
];

/// Those that are about something new, whatever follows.
pub(super) const FIRM: &[&str] = &["add", "adds", "adding", "introduce", "define", "declare", "new"];

/// Words before the struct that gets a field.
pub(super) const INTO: &[&str] = &["to", "in", "into", "on", "inside", "within", "extend", "give"];

/// Words that say nothing between a preposition and a name.
pub(super) const FILLERS: &[&str] = &[
    "the",
    "a",
    "an",
    "libvirt",
    "domain",
    "existing",
    "api",
    "struct",
    "type",
    "launcher",
    "virtwrap",
    "internal",
    "our",
    "its",
    "xml",
    "schema",
    "optional",
    "new",
    "called",
    "private",
    "unexported",
    "small",
    "exported",
    "public",
    "local",
    "named",
    "go",
    "pointer",
    "string",
    "list",
    "empty",
];

/// Words before a type that a struct embeds.
pub(super) const EMBEDS: &[&str] = &["embed", "embeds", "embedding", "embedded"];

/// What may be a tag, or introduce one.
pub(super) const TAG_WORDS: &[&str] = &["xml", "json", "tag", "tags", "tagged"];

/// Whether a word is a type that Go has.
pub(crate) fn is_builtin(word: &str) -> bool {
    matches!(
        word,
        "bool"
            | "string"
            | "int"
            | "int8"
            | "int16"
            | "int32"
            | "int64"
            | "uint"
            | "uint8"
            | "uint16"
            | "uint32"
            | "uint64"
            | "float32"
            | "float64"
            | "byte"
            | "any"
    )
}
