//! Lines that give a function another name.

use super::{By, CodeChange, PLAIN, codes, is_read};
use crate::demand::change_words::{EVERY, is_path, places};
use crate::demand::words::{Piece, Word};
use crate::name::is_go_identifier;

/// "rename `f` to `g`"
pub(super) fn renamed(clause: &[Word<'_>]) -> Option<CodeChange> {
    let first = clause.iter().position(|word| word.is(&["rename", "renames"]))?;
    let all = places(&clause[first + 1..]);
    let [old, new] = codes(&all.rest)[..] else { return None };
    let lead = places(&clause[..first]);
    let is_whole = lead.rest.iter().all(|word| word.piece == Piece::Mark || word.is(PLAIN));
    let own: &[&str] = &["to", "into", "uses", "usages", "references", "rename"];
    let is_inside = lead.within.iter().chain(&all.within).any(|by| matches!(by, By::Function(_)));
    if !is_whole || !is_read(&all.rest, &[own, EVERY]) || is_inside {
        return None;
    }
    renaming(old, new, true)
}

fn renaming(old: &Word<'_>, new: &Word<'_>, is_sure: bool) -> Option<CodeChange> {
    let name = |word: &Word<'_>| is_path(word.text).then(|| word.text.trim_end_matches("()").to_owned());
    let (old, new) = (name(old)?, name(new).filter(|new| is_go_identifier(new))?);
    (old.rsplit('.').next() != Some(&*new)).then_some(CodeChange::Renamed { old, new, is_sure })
}

/// "`f` becomes `g`", "`f` is called `g` from now on", "`f` -> `g`": a rename where `f` is a function.
pub(super) fn retitled(clause: &[Word<'_>]) -> Option<CodeChange> {
    const BECOMES: &[&str] = &["becomes", "become", "called", "named", "renamed"];
    const OWN: &[&str] = &["is", "be", "to", "on", "from", "onwards", "henceforth", "everywhere", "rename"];
    // Without its file, "in `x.go` the function `f` becomes" is "in the function `f` becomes".
    let is_lead = |words: &[Word<'_>]| words.iter().all(|word| word.is(&["in", "the", "function", "method"]));
    let lead = clause.iter().position(Word::is_code).filter(|at| *at > 1 && is_lead(&clause[..*at]));
    let lead = lead.filter(|at| {
        clause[at - 1].is(&["function", "method"]) && clause.get(at + 1).is_some_and(|next| next.is(&["becomes"]))
    });
    let clause = &clause[lead.unwrap_or_default()..];
    let all = places(clause);
    let is_joint = |word: &&Word<'_>| word.is(BECOMES) || word.is_mark("->") || word.is_mark("→");
    let joint = all.rest.iter().position(is_joint)?;
    let ([old], [new]) = (&codes(&all.rest[..joint])[..], &codes(&all.rest[joint + 1..])[..]) else { return None };
    // "A new `f` called `g`" makes something.
    let makes = all.rest.iter().any(|word| word.is(&["new", "another", "additional", "with"]));
    let is_inside = all.within.iter().any(|by| matches!(by, By::Function(_)));
    if makes || is_inside || !is_read(&all.rest, &[OWN, BECOMES, EVERY]) {
        return None;
    }
    renaming(old, new, false)
}
