//! Fields that point to a type which the words before them declare: "`Status.Drift` points to it".

use crate::demand::{ApiDemand, Piece, Word, words};
use crate::name::is_go_identifier;

/// Words behind such a field, and whether it is a pointer.
const PHRASES: &[(&[&str], bool)] = &[
    (&["points", "to"], true),
    (&["is", "a", "pointer", "to"], true),
    (&["holds", "a", "pointer", "to"], true),
    (&["is", "of"], false),
];

/// A text in which such a field is written out: "Add field `Drift *ClockDrift` to `Status`". The type is the last one that
/// the text declares before, or else that of the lines above.
pub(super) fn written_out(text: String, above: &[(usize, ApiDemand)]) -> String {
    found(&text, above).unwrap_or(text)
}

fn found(text: &str, above: &[(usize, ApiDemand)]) -> Option<String> {
    let all = words(text);
    for (at, word) in all.iter().enumerate().filter(|(_, word)| word.piece == Piece::Code) {
        let Some((owner, field)) = word.text.split_once('.').filter(|(owner, field)| is_type(owner) && is_type(field))
        else {
            continue;
        };
        let rest = &all[at + 1..];
        let said = PHRASES.iter().find_map(|(phrase, is_pointer)| {
            let own = rest.len() > phrase.len() && phrase.iter().zip(rest).all(|(one, word)| word.is(&[one]));
            let count = own.then(|| types_of(&rest[phrase.len()..]))??;
            Some((phrase.len() + count, *is_pointer))
        });
        let Some((count, is_pointer)) = said else { continue };
        let name = declared(&all[..at]).map(str::to_owned).or_else(|| above.iter().rev().find_map(new_type))?;
        let last = rest[count - 1];
        let star = if is_pointer { "*" } else { "" };
        let (before, behind) = (&text[..word.at - 1], &text[last.at + last.text.len()..]);
        return Some(format!("{before}Add field `{field} {star}{name}` to `{owner}`{behind}"));
    }
    None
}

fn is_type(name: &str) -> bool {
    is_go_identifier(name) && name.starts_with(char::is_uppercase)
}

/// How many words mean the type before: "it", "this type", "the new struct".
fn types_of(rest: &[Word<'_>]) -> Option<usize> {
    let first = rest.first()?;
    if first.is(&["it"]) {
        return Some(1);
    }
    let leads = rest.iter().take_while(|word| word.is(&["this", "that", "the", "new"])).count();
    (leads > 0 && rest.get(leads).is_some_and(|noun| noun.is(&["type", "struct", "enum", "one"]))).then_some(leads + 1)
}

/// The last type that words declare: "struct `ClockDrift`".
fn declared<'t>(before: &[Word<'t>]) -> Option<&'t str> {
    let is_noun = |word: &Word<'_>| word.is(&["struct", "type", "enum"]);
    let is_name = |word: &Word<'_>| word.piece == Piece::Code && is_type(word.text);
    before.windows(2).rev().find_map(|pair| match pair {
        [noun, name] if is_noun(noun) && is_name(name) => Some(name.text),
        [name, noun] if is_noun(noun) && is_name(name) => Some(name.text),
        _ => None,
    })
}

/// The name of a type that a line above asks for.
fn new_type((_, demand): &(usize, ApiDemand)) -> Option<String> {
    match demand {
        ApiDemand::Struct(known) => Some(known.name.clone()),
        ApiDemand::Enum(known) => Some(known.name.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::found;

    #[test]
    fn a_field_that_points_to_a_new_type_is_found() {
        assert_eq!(
            found("Add struct `Chime` with `Tone int32`. `Bell.Chime` points to it (`json:\"chime\"`)", &[]).as_deref(),
            Some("Add struct `Chime` with `Tone int32`. Add field `Chime *Chime` to `Bell` (`json:\"chime\"`)")
        );
        assert_eq!(
            found("New enum `Tone` with values `a` and `b`; `Bell.Tone` is of this type", &[]).as_deref(),
            Some("New enum `Tone` with values `a` and `b`; Add field `Tone Tone` to `Bell`")
        );
        for text in ["`Bell.Chime` points to it", "struct `Chime`; `Bell.Chime` points to the tower"] {
            assert_eq!(found(text, &[]), None, "{text}");
        }
    }
}
