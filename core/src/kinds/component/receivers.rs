//! What functions are methods of, by the words around them.

use crate::demand::{Piece, Word, words};
use crate::go::TypeText;
use crate::name::is_go_identifier;

/// The type that the words around a function say it is a method of: "on `*T`", "to the `T` interface", "of type `T`".
pub(super) fn of_type(before: &str, after: &str, makes: bool) -> Option<TypeText> {
    let behind = words(after);
    let at = noun_at(&behind);
    let methods = says_method(before, after);
    let noun = |word: &Word<'_>| word.is(&["method", "methods", "function", "functions", "func", "both"]);
    let at = at + usize::from(behind.get(at).is_some_and(noun));
    let is_place = |word: &Word<'_>| word.is(&["on", "of", "for"]) || makes && word.is(&["to", "in"]);
    if let Some(place) = behind.get(at).filter(|word| is_place(word))
        && let Some(ty) = place_type(&behind[at + 1..], methods || place.is(&["to", "on"]))
    {
        return Some(ty);
    }
    // "Extend the `T` interface with", "Add to the interface `T` the method".
    let front = words(before);
    let at = front.iter().rposition(|word| word.is(&["interface", "struct"]))?;
    // "Add struct `T` with …, and a function" declares it.
    let article = |word: &&Word<'_>| word.is(&["a", "an", "the", "empty", "exported", "unexported", "go"]);
    let verb = front[..at].iter().rev().find(|word| !article(word) && word.piece == Piece::Prose);
    if verb.is_some_and(|word| word.is(&["add", "create", "define", "introduce", "declare", "implement", "new"])) {
        return None;
    }
    let beside = [at.checked_sub(1), Some(at + 1)];
    let named = |at: usize| front.get(at).filter(|word| at > 0 || word.is_code());
    beside.into_iter().flatten().find_map(|at| type_ref(named(at)?))
}

/// The type that a preposition leads to: "the existing `T`"; words of which nobody knows what they say, "the pool
/// `*T`", stand before a pointer, or where a method is spoken of.
fn place_type(rest: &[Word<'_>], loose: bool) -> Option<TypeText> {
    const KNOWN: &[&str] = &["the", "type", "struct", "existing", "interface", "receiver"];
    let first = rest.iter().position(|word| !word.is(KNOWN))?;
    if let Some(ty) = type_ref(&rest[first]) {
        return Some(ty);
    }
    let plain = |word: &Word<'_>| {
        word.piece == Piece::Prose
            && !word.is_code()
            && word.text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '\''))
            && !word.is(&["and", "or", "so", "that", "which", "when", "to", "in", "by", "from", "with", "for", "of"])
    };
    let code = first + rest[first..].iter().take(4).position(|word| !plain(word))?;
    type_ref(&rest[code]).filter(|_| loose && (rest[code].piece == Piece::Code || rest[code].text.starts_with('*')))
}

/// Where the words begin that stand behind a list which goes on: "and `b()`, `c()` to `*T`".
fn behind_list(behind: &[Word<'_>]) -> usize {
    let mut at = 0;
    loop {
        let joins = behind[at..].iter().take_while(|word| joins(word)).count();
        match behind.get(at + joins) {
            Some(next) if joins > 0 && is_head(next) => at += joins + 1,
            _ => return at,
        }
    }
}

/// Words without the list of functions that they end with: "Add methods `a()` and".
pub(super) fn before_list<'w, 'a>(mut front: &'w [Word<'a>]) -> &'w [Word<'a>] {
    loop {
        let joins = front.iter().rev().take_while(|word| joins(word)).count();
        let rest = &front[..front.len() - joins];
        match rest.split_last() {
            Some((last, rest)) if joins > 0 && is_head(last) => front = rest,
            _ => return front,
        }
    }
}

fn joins(word: &Word<'_>) -> bool {
    word.is(&["and", "or", "as", "well"]) || word.is_mark(",")
}

fn is_head(word: &Word<'_>) -> bool {
    word.piece == Piece::Code && word.text.contains('(') || word.is_code() && word.text.ends_with("()")
}

/// Whether the words around a function say that it is a method.
pub(super) fn says_method(before: &str, after: &str) -> bool {
    const BETWEEN: &[&str] = &["named", "called", "like", "following", "new"];
    let front = words(before);
    let front = before_list(&front);
    let noun = |word: &Word<'_>| word.is(&["method", "methods"]);
    let last = front.iter().rev().find(|word| !word.is(BETWEEN) && !word.is_mark(":") && !word.is_mark(","));
    let behind = words(after);
    last.is_some_and(noun) || behind.get(noun_at(&behind)).is_some_and(noun)
}

/// Where the word "method" may stand behind a list of functions: "`b()` method", "as methods".
fn noun_at(behind: &[Word<'_>]) -> usize {
    let mut at = behind_list(behind);
    let rest = &behind[at..];
    let marks = rest.iter().take_while(|word| word.is_mark(",")).count();
    let skipped =
        rest[marks..].iter().take_while(|word| word.is(&["as", "a", "an", "new", "exported", "unexported"])).count();
    if marks + skipped > 0 && rest.get(marks + skipped).is_some_and(|word| word.is(&["method", "methods"])) {
        at += marks + skipped;
    } else if rest.get(marks).is_some_and(|word| word.is(&["on", "to", "of"])) {
        at += marks;
    }
    at
}

/// `*T` or `T`, where it can be the name of a type.
pub(super) fn type_ref(word: &Word<'_>) -> Option<TypeText> {
    let text = word.text.strip_suffix("'s").unwrap_or(word.text);
    let text = text.trim_start_matches('(').trim_end_matches(')');
    let text = text.rsplit(' ').next()?;
    let (star, bare) = text.strip_prefix('*').map_or(("", text), |bare| ("*", bare));
    let is_type = word.is_code() || bare.starts_with(char::is_uppercase) && word.is(&[word.text]);
    let is_type = is_type && is_go_identifier(bare);
    is_type.then(|| TypeText { text: format!("{star}{bare}"), names: vec![(None, bare.to_owned())] })
}

/// The interface that a line of its own asks to extend, with what other lines name: "Extend the `T` interface".
pub(super) fn grown(text: &str) -> Option<TypeText> {
    let words = words(text);
    let begins = words.first().is_some_and(|word| word.is(&["extend", "grow", "add"]));
    let at = words.iter().position(|word| word.is(&["interface"])).filter(|_| begins)?;
    let ty = [at.checked_sub(1), Some(at + 1)].into_iter().flatten().find_map(|at| type_ref(words.get(at)?));
    let only = words[at + 1..].iter().all(|word| {
        let says_nothing = word.is(&["with", "by", "it", "the", "this", "method", "accordingly", "too"]);
        says_nothing || word.piece == Piece::Mark || type_ref(word) == ty
    });
    let front = words[..at].iter().all(|word| {
        word.is(&["extend", "grow", "add", "it", "them", "to", "the", "both", "method", "this"]) || type_ref(word) == ty
    });
    ty.filter(|_| only && front)
}

/// Whether the words before a method say that an interface gets it: "Extend the `T` interface with".
pub(super) fn grows(before: &str) -> bool {
    let front = words(before);
    let first = front.first().is_some_and(|word| word.is(&["extend", "grow", "widen", "enlarge", "expand"]));
    let with = front.iter().rposition(|word| word.is(&["with", "by"]));
    let only = with.is_some_and(|at| {
        front[at + 1..].iter().all(|word| {
            word.piece != Piece::Prose || word.is(&["a", "an", "the", "new", "method", "methods", "and", "function"])
        })
    });
    first && only && front.iter().any(|word| word.is(&["interface"]))
}
