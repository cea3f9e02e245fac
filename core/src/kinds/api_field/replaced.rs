//! Fields that take the place of others: the new one is added, and people are told to take the old one out.

use crate::go::StructField;
use crate::name::is_go_identifier;

/// A line that replaces a field, as one that adds the new one.
pub(super) struct Replaced {
    pub(super) text: String,
    /// What is left of it to do.
    pub(super) left: String,
}

/// "Replace `X T` of `S` by `Y U` (…)": "Add `Y U` (…) to `S`".
pub(super) fn replaced(text: &str) -> Option<Replaced> {
    let rest = text.strip_prefix("Replace ").or_else(|| text.strip_prefix("replace "))?;
    let (old, rest) = field(rest)?;
    let (owner, rest) = owner(rest).map_or((None, rest), |(owner, rest)| (Some(owner), rest));
    let rest = [" by ", " with "].iter().find_map(|lead| rest.strip_prefix(lead))?;
    let (new, rest) = field(rest)?;
    let (owner, rest) = match owner {
        Some(owner) => (owner, rest),
        None => self::owner(rest)?,
    };
    let (old_name, new_name) = (old.split(' ').next()?, new.split(' ').next()?);
    // Another type of the same field is a change of it.
    if old_name == new_name {
        return None;
    }
    let text = format!("Add `{new}` to `{owner}`{}", aside(rest));
    let left =
        format!("`{old_name}` of `{owner}` is to be replaced by `{new_name}`: take it out by hand, with its uses");
    Some(Replaced { text, left })
}

/// What follows, without a blank before a parenthesis that would not be about the field.
fn aside(rest: &str) -> String {
    if rest.starts_with(" (") {
        format!(",{}", rest.replacen(" (", " ", 1).replacen(')', "", 1))
    } else {
        rest.to_owned()
    }
}

/// The field in backticks that a text begins with, and what follows it.
fn field(text: &str) -> Option<(&str, &str)> {
    let text = ["the field ", "field ", "the new field ", "a field "]
        .iter()
        .find_map(|lead| text.strip_prefix(lead))
        .unwrap_or(text);
    let (code, rest) = text.strip_prefix('`')?.split_once('`')?;
    let parsed = StructField::parse(code).ok()?;
    parsed.name.filter(|name| name.starts_with(char::is_uppercase)).map(|_| (code, rest))
}

/// The struct that a text begins with, and what follows it.
fn owner(text: &str) -> Option<(&str, &str)> {
    let rest = [" of ", " in ", " on "].iter().find_map(|lead| text.strip_prefix(lead))?;
    let (name, rest) = rest.strip_prefix("the ").unwrap_or(rest).strip_prefix('`')?.split_once('`')?;
    (is_go_identifier(name) && name.starts_with(char::is_uppercase)).then_some((name, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_replaces_a_field_is_added() {
        let found =
            replaced("Replace `Rpm *int32` of `Fan` by `Speeds []string` (json `speeds`, optional) in `x/types.go`")
                .unwrap();
        assert_eq!(found.text, "Add `Speeds []string` to `Fan`, json `speeds`, optional in `x/types.go`");
        assert!(found.left.contains("`Rpm` of `Fan`"));
        for text in
            ["Replace `Rpm *int32` of `Fan` by `Rpm *int64`", "Replace `rpm()` by `speed()`", "Replace `Rpm` of `Fan`"]
        {
            assert!(replaced(text).is_none(), "{text}");
        }
    }
}
