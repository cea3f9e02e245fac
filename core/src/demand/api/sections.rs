//! The spec and the status of a kind, as people speak of them: "the status of `X`", "`X`'s spec", "the `X` status".

use super::spelling::is_type_name;
use crate::demand::words::{Piece, Word, words};
use crate::name::is_go_identifier;

/// Words before "the `X` status", which then says where something goes.
const PLACES: &[&str] = &["to", "in", "into", "on", "onto", "under", "within", "inside", "extend", "extends", "give"];

/// What "status" can be called, behind it.
const PARTS: &[&str] = &["section", "block", "stanza", "part", "struct", "subresource"];

/// What a kind can be called, behind its name.
const KINDS: &[&str] = &["cr", "crd", "kind", "object", "resource", "api"];

/// What "`X` status" is the beginning of, where it is no place.
const OTHERS: &[&str] = &["condition", "conditions", "field", "fields", "enum", "type", "constant", "value", "reason"];

/// A line in which each of them is the path of the API: `` `X.status` ``.
pub(super) fn as_paths(line: &str) -> String {
    let words = words(line);
    let mut told = String::with_capacity(line.len());
    let (mut kept, mut at) = (0, 0);
    while at < words.len() {
        let found = of_kind(&words, at).or_else(|| of_owner(line, &words, at));
        let Some((length, kind, section)) = found else {
            at += 1;
            continue;
        };
        let ticks = |word: &Word<'_>| usize::from(word.piece == Piece::Code);
        let (first, last) = (&words[at], &words[at + length - 1]);
        told.push_str(&line[kept..first.at - ticks(first)]);
        told.extend(["`", kind, ".", section, "`"]);
        kept = last.at + last.text.len() + ticks(last);
        at += length;
    }
    told + &line[kept..]
}

/// "status of `X`": how many words say it, the kind, and which part of it.
fn of_kind<'a>(words: &[Word<'a>], at: usize) -> Option<(usize, &'a str, &'static str)> {
    let section = section(&words[at])?;
    let of = at + 1 + count(words, at + 1, PARTS);
    words.get(of).filter(|word| word.is(&["of"]))?;
    let owner = of + 1 + count(words, of + 1, &["the", "a", "an", "each", "kind", "struct"]);
    let kind = words.get(owner).and_then(kind)?;
    Some((owner + 1 + count(words, owner + 1, KINDS) - at, kind, section))
}

/// "`X`'s status", "to the `X` status", `X.Status`.
fn of_owner<'a>(line: &str, words: &[Word<'a>], at: usize) -> Option<(usize, &'a str, &'static str)> {
    let word = &words[at];
    let path = word.text.split_once('.').filter(|(owner, _)| is_type_name(owner));
    match path {
        Some((owner, "Status")) => return Some((1, owner, "status")),
        Some((owner, "Spec")) => return Some((1, owner, "spec")),
        _ => {}
    }
    let own = ["'s", "’s"].iter().find_map(|end| word.text.strip_suffix(end));
    let bare = own.map_or(*word, |text| Word { text, ..*word });
    let kind = kind(&bare)?;
    // Behind a backtick it is a word of its own.
    let end = word.at + word.text.len();
    let next = words.get(at + 1).filter(|next| matches!(next.text, "s" | "’s"));
    let apart = next.is_some_and(|next| matches!(&line[end..next.at], "`" | "`'"));
    let mut of = at + 1 + usize::from(apart);
    of += count(words, of, KINDS);
    let section = words.get(of).and_then(section)?;
    let behind = of + 1 + count(words, of + 1, PARTS);
    if own.is_none() && !apart {
        let before = words[..at].iter().rev().find(|word| !word.is(&["the", "kind"]));
        let goes = before.is_none_or(|word| word.is(PLACES));
        if !goes || words.get(behind).is_some_and(|word| word.is(OTHERS)) {
            return None;
        }
    }
    Some((behind - at, kind, section))
}

fn section(word: &Word<'_>) -> Option<&'static str> {
    match word.text {
        "status" | "Status" => Some("status"),
        "spec" | "Spec" | "specification" => Some("spec"),
        _ => None,
    }
}

/// The kind that a word names, without its package.
fn kind<'a>(word: &Word<'a>) -> Option<&'a str> {
    let bare = word.text.trim_start_matches('*');
    let bare = bare.rsplit_once('.').map_or(bare, |(_, name)| name);
    let short = matches!(bare, "VM" | "VMI" | "vm" | "vmi");
    let named = is_go_identifier(bare) && is_type_name(bare) && word.is_code();
    (word.piece != Piece::Mark && (short || named)).then_some(bare)
}

fn count(words: &[Word<'_>], from: usize, known: &[&str]) -> usize {
    words.iter().skip(from).take_while(|word| word.is(known)).count()
}

#[cfg(test)]
mod tests {
    use super::as_paths;

    #[test]
    fn a_part_of_a_kind_is_its_path() {
        for (line, told) in [
            ("Add `A int` to the status of `Clock`.", "Add `A int` to the `Clock.status`."),
            ("Add `A int` under spec of the Clock1X CR", "Add `A int` under `Clock1X.spec`"),
            ("Add `A int` to `Clock`'s status struct", "Add `A int` to `Clock.status`"),
            ("Add `A int` to `Clock`’s `spec`", "Add `A int` to `Clock.spec`"),
            ("Add `A int` to the VMI's spec", "Add `A int` to the `VMI.spec`"),
            ("Add `A int` to the `v1.Clock` spec, optional", "Add `A int` to the `Clock.spec`, optional"),
            ("Extend the VirtualMachine status with `A int`", "Extend the `VirtualMachine.status` with `A int`"),
            ("`Clock.Status` gets `A int`", "`Clock.status` gets `A int`"),
        ] {
            assert_eq!(as_paths(line), told);
        }
        for line in [
            "Add `A int` to `ClockStatus`",
            "Add the `Clock` status condition `Ready`",
            "Add to `Clock` status condition `Ready`",
            "Add `spec.clock` to the API",
            "It shows the status of the clock",
        ] {
            assert_eq!(as_paths(line), line);
        }
    }
}
