//! Clauses of a line that another reader takes: ``Add field `a int` to `T`, and a function `f(a int) error` ``.

use super::words::{Piece, Word};

/// Words that begin such a clause.
const OPENS: &[&str] = &[
    "and",
    "then",
    "also",
    "plus",
    "add",
    "adds",
    "introduce",
    "define",
    "declare",
    "create",
    "implement",
    "write",
    "a",
    "an",
    "the",
    "new",
    "its",
    "private",
    "exported",
    "function",
    "functions",
    "func",
    "method",
    "methods",
    "helper",
    "helpers",
    "constructor",
    "with",
    "signature",
];

/// Words behind the function that say where it goes.
const PLACES: &[&str] =
    &["in", "to", "into", "on", "of", "for", "the", "same", "file", "package", "struct", "type", "it"];

/// A line without the clauses that only ask for a function. Nothing else of it is lost.
pub(super) fn without_functions<'a>(words: &[Word<'a>]) -> Vec<Word<'a>> {
    let mut clauses: Vec<&[Word<'a>]> = Vec::new();
    let mut start = 0;
    for at in 1..words.len() {
        let ends = [",", ";", "."].iter().any(|mark| words[at].is_mark(mark));
        // A mark and an "and" are one end.
        if ends || words[at].is(&["and", "plus"]) && words[at - 1].piece != Piece::Mark {
            clauses.push(&words[start..at]);
            start = at;
        }
    }
    clauses.push(&words[start..]);
    let mut beside = false;
    let kept: Vec<&[Word<'a>]> = clauses
        .iter()
        .copied()
        .filter(|clause| {
            beside = is_function(clause) || beside && goes_on(clause);
            !beside
        })
        .collect();
    if kept.len() == clauses.len() {
        return words.to_vec();
    }
    let kept = kept.concat();
    let start = kept.iter().position(|word| word.piece != Piece::Mark && !word.is(&["and", "then", "plus"]));
    start.map_or_else(|| words.to_vec(), |start| kept[start..].to_vec())
}

/// Whether a clause asks for one function, and for nothing else.
fn is_function(clause: &[Word<'_>]) -> bool {
    let is_code_head = |word: &Word<'_>| word.piece == Piece::Code && is_head(word.text);
    let Some(at) = clause.iter().position(is_code_head) else { return false };
    let opens = clause[..at].iter().all(|word| word.piece == Piece::Mark || word.is(OPENS));
    let said = clause[..at].iter().any(|word| word.is(&OPENS[4..]));
    let is_place = |word: &Word<'_>| {
        word.piece == Piece::Mark && word.text != ":" || word.is(PLACES) || word.is_code() && !word.text.contains('(')
    };
    opens && said && clause[at + 1..].iter().all(is_place)
}

/// Whether a clause says more of the function before it: "and `g()`", "both used by `h`".
fn goes_on(clause: &[Word<'_>]) -> bool {
    let mut words = clause.iter().filter(|word| word.piece != Piece::Mark && !word.is(&["and", "plus", "then"]));
    let first = words.next();
    first.is_none_or(|word| {
        word.piece == Piece::Code && is_head(word.text)
            || word.is(&["both", "used", "called", "invoked", "which", "call", "calls", "wire", "it", "each"])
    })
}

/// `name(…)`, `func name(…)`, `(r *T) name(…)`, `T.name(…)`.
fn is_head(code: &str) -> bool {
    let code = code.trim_start_matches("func ").trim();
    let behind = if code.starts_with('(') { code.split_once(')').map_or("", |(_, rest)| rest) } else { code };
    let name = behind.split('(').next().unwrap_or_default().trim();
    behind.contains('(') && !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.'))
}

#[cfg(test)]
mod tests {
    use super::super::words::words;
    use super::*;

    #[test]
    fn what_asks_for_a_function_is_taken_out() {
        for (line, left) in [
            ("Add field `a int` to `T` and a function `f(a int) error`", "Add field `a int` to `T`"),
            ("Add `a int` and `b int` to `T`; add `f(a int)` to `x/y.go`", "Add `a int` and `b int` to `T`"),
            ("Add a function `f() error` to `x/y.go` and extend `T` with `a int`", "extend `T` with `a int`"),
            ("Add field `a int` to `T`, and the method `f()` on `*T`", "Add field `a int` to `T`"),
            ("Add field `a int` to `T` and set it in `New()`", "Add field `a int` to `T` and set it in `New()`"),
            ("Add field `a int` to `T`, used by `f()`", "Add field `a int` to `T` , used by `f()`"),
            ("Add `a int` to `T`; add `f(a int)` and `g(b int)`, both used by `h`", "Add `a int` to `T`"),
            ("Add `f()`", "Add `f()`"),
        ] {
            let all = words(line);
            let kept = without_functions(&all);
            let shown = kept.iter().map(|word| match word.piece {
                Piece::Code => format!("`{}`", word.text),
                _ => word.text.to_owned(),
            });
            assert_eq!(shown.collect::<Vec<_>>().join(" "), left, "{line}");
        }
    }
}
