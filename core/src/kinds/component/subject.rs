//! Functions whose line is about a type that its package has, and which are methods of it.

use super::functions::Function;
use super::listed::is_head;
use super::receivers::{FORMS, before_list, type_ref};
use crate::demand::{Piece, Word, words};
use crate::go::{Parameter, TypeText};
use crate::survey::Survey;

/// What a line is about that ends in a head: "`T` can tell the interval: `f() int`", "Make `T` count: `f() int`", "Teach `T` to
/// forget with `f(k string)`". Whether it is a type, and the function a method of it, its package says.
pub(super) fn subject(before: &str, code: &str) -> Option<TypeText> {
    const LEADS: &[&str] =
        &["make", "let", "have", "teach", "allow", "enable", "get", "help", "the", "existing", "type"];
    const USES: &[&str] = &[
        "call",
        "calls",
        "called",
        "calling",
        "use",
        "uses",
        "used",
        "run",
        "runs",
        "invoke",
        "invokes",
        "invoked",
        "pass",
        "passes",
        "passed",
        "return",
        "returns",
        "returned",
        "made",
        "built",
        "created",
        "constructed",
        "by",
    ];
    const ENDS: &[&str] = &[
        "with",
        "via",
        "through",
        "using",
        "offer",
        "offers",
        "provide",
        "provides",
        "expose",
        "exposes",
        "have",
        "has",
        "export",
        "exports",
        "support",
        "supports",
        "implement",
        "implements",
        "answer",
        "answers",
        "know",
        "knows",
    ];
    let all = words(before);
    let front = before_list(&all);
    let plain = |word: &&Word<'_>| {
        word.is(&["a", "an", "the", "new", "method", "methods", "function", "helper", "accessor"]) || word.is(FORMS)
    };
    let end = front.len() - front.iter().rev().take_while(plain).count();
    let (last, front) = front[..end].split_last()?;
    let at = front.iter().position(|word| word.piece == Piece::Code)?;
    let from = front[..at].iter().rposition(|word| word.is_mark(":")).map_or(0, |mark| mark + 1);
    let between = &front[at + 1..];
    let verb = between.first().is_some_and(|word| word.piece == Piece::Prose) || last.is(ENDS);
    let plain = !between.iter().any(|word| word.is(USES) || is_head(word.text));
    let ty = type_ref(&front[at]).filter(|_| front[from..at].iter().all(|word| word.is(LEADS)))?;
    let base = ty.text.trim_start_matches('*');
    // Who is given it, or makes it, is no method of it.
    let is_own = code.split(|c: char| !(c.is_alphanumeric() || c == '_')).any(|word| word == base);
    let makes = code.trim_start_matches("func ").starts_with("New");
    (verb && plain && !is_own && !makes && (last.is_mark(":") || last.is(ENDS))).then_some(ty)
}

impl Function {
    /// Makes it a method of what its line is about, if that is a type. What is spelled like an exported type, and is no
    /// function either, is said to be missing.
    pub(super) fn follow(&mut self, survey: &Survey<'_>, folder: &str) {
        let (Some(ty), Ok(head)) = (self.subject.take(), &mut self.head) else { return };
        let base = ty.text.trim_start_matches('*');
        let may_be = ty.text.starts_with(|c: char| c == '*' || c.is_ascii_uppercase());
        let is_type = survey.type_source(folder, base).is_some() || may_be && survey.funcs(folder, base).is_empty();
        if head.receiver.is_none() && is_type {
            head.receiver = Some(Parameter::spoken(ty));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::subject;

    #[test]
    fn the_type_that_a_line_is_about_is_known() {
        for (text, ty) in [
            ("`T` can tell the interval: `f() int`", Some("T")),
            ("Make `poolHinter` count: `f() int`", Some("poolHinter")),
            ("`T` should offer `f() bool`", Some("T")),
            ("`*T` knows whether it is on: `f() bool`", Some("*T")),
            ("Teach `T` to forget a guest with `f(key string)`", Some("T")),
            ("Let the `T` type answer for itself: `f() bool`", Some("T")),
            ("`T` must be able to tell if `X` is on: `f() bool`", Some("T")),
            ("virt-x: `T` provides a new `f() bool`", Some("T")),
            ("`T` is checked by `f(t int) error`", None),
            ("`G` calls a helper: `f(t int) error`", None),
            ("`T` can be checked: `f(t *x.T) error`", None),
            ("Check `T`: `f(t int) error`", None),
            ("`T`: `f(t int) error`", None),
        ] {
            let (before, head) = text.trim_end_matches('`').rsplit_once('`').unwrap();
            assert_eq!(subject(before, head).map(|ty| ty.text).as_deref(), ty, "{text}");
        }
    }
}
