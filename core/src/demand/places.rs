//! The files that a clause names.

use super::words::{Piece, Word};

/// A clause without the files that it names, and the words that lead to them: who reads it knows the file.
pub(super) fn without_files<'a>(clause: &[Word<'a>]) -> Vec<Word<'a>> {
    const LEADS: &[&str] = &["in", "at", "from", "of", "into", "inside", "under", "within", "the", "file"];
    let mut kept: Vec<Word<'a>> = Vec::new();
    let mut words = clause.iter().copied().peekable();
    while let Some(word) = words.next() {
        let is_file = word.piece == Piece::Code && word.text.ends_with(".go") && word.text.contains('/');
        if !is_file {
            kept.push(word);
            continue;
        }
        let lead = kept.len() - kept.iter().rev().take_while(|word| word.is(LEADS)).count();
        // "To a file" is kept: it may be what something is added to.
        let is_led = lead < kept.len() && kept[lead..].iter().any(|word| !word.is(&["the", "file"]));
        let is_aside =
            kept.last().is_some_and(|word| word.is_mark("(")) && words.peek().is_some_and(|word| word.is_mark(")"));
        if is_aside {
            kept.pop();
            words.next();
        } else if is_led {
            kept.truncate(lead);
        } else {
            kept.push(word);
            continue;
        }
        if kept.is_empty() {
            words.next_if(|word| word.is_mark(",") || word.is_mark(":"));
        }
    }
    kept
}
