//! What functions are methods of, by the words around them.

use super::phrased::GROWS;
use crate::demand::{Piece, Word, words};
use crate::go::{FunctionHead, TypeText};
use crate::name::is_go_identifier;

/// The type that the words around a function say it is a method of: "on `*T`", "to the `T` interface", "of type `T`".
pub(super) fn of_type(before: &str, after: &str, makes: bool) -> Option<TypeText> {
    let behind = words(after);
    let at = noun_at(&behind);
    let methods = says_method(before, after);
    let noun =
        |word: &Word<'_>| word.is(&["method", "methods", "function", "functions", "func", "both", "all", "each"]);
    let at = at + usize::from(behind.get(at).is_some_and(noun));
    let is_place = |word: &Word<'_>| word.is(&["on", "of", "for"]) || makes && word.is(&["to", "in"]);
    if let Some(place) = behind.get(at).filter(|word| is_place(word))
        && let Some(ty) = place_type(&behind[at + 1..], methods || place.is(&["to", "on"]))
    {
        return Some(ty);
    }
    let front = words(before);
    if let Some(ty) = led(&front) {
        return Some(ty);
    }
    // "Extend the `T` interface with", "Add to the interface `T` the method".
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

/// The type that a line begins with: "On `T`, add", "Add to `T` the methods".
fn led(front: &[Word<'_>]) -> Option<TypeText> {
    const MAKES: &[&str] = &["add", "implement", "introduce", "create", "define", "write", "declare"];
    const PLAIN: &[&str] = &["the", "type", "struct", "interface", "receiver"];
    let is = |at: usize, list: &[&str]| front.get(at).is_some_and(|word| word.is(list));
    let adds = is(0, MAKES);
    let from = usize::from(adds);
    let named = from + 1 + front.get(from + 1..)?.iter().take_while(|word| word.is(PLAIN)).count();
    let ty =
        type_ref(front.get(named)?).filter(|ty| ty.text.starts_with(|c: char| c == '*' || c.is_ascii_uppercase()))?;
    let behind = named + 1 + front[named + 1..].iter().take_while(|word| word.is(PLAIN) || word.is_mark(",")).count();
    let leads = if adds { is(from, &["to", "on"]) } else { is(from, &["on", "in"]) && is(behind, MAKES) };
    leads.then_some(ty)
}

/// The type whose methods a line speaks of before it lists them: "two methods of `T`: `a()`, `b()`", "on the receiver
/// `(t *T)`", "as `T` methods".
pub(in crate::kinds) fn spoken(text: &str) -> Option<TypeText> {
    const NOUNS: &[&str] = &["method", "methods", "accessor", "accessors"];
    // What may stand before them where they are the object of the line.
    const BEFORE: &[&str] = &[
        "add",
        "adds",
        "implement",
        "introduce",
        "create",
        "define",
        "write",
        "new",
        "two",
        "three",
        "four",
        "some",
        "more",
        "a",
        "an",
        "the",
        "these",
        "following",
        "as",
        "exported",
        "unexported",
        "private",
        "small",
        "and",
        "both",
        "all",
        "they",
        "it",
        "is",
        "are",
        "be",
    ];
    let words = words(text);
    let is_open = |at: usize| {
        let front =
            words[..at].iter().rev().take_while(|word| word.piece == Piece::Prose && !word.text.ends_with("()"));
        front.into_iter().all(|word| word.is(BEFORE) || word.is(FORMS))
    };
    words.iter().enumerate().find_map(|(at, word)| {
        let next = words[at + 1..].iter().find(|next| !next.is_mark(":") && !next.is_mark("(") && !next.is(&["is"]));
        // "Both belong to `T`".
        if word.is(&["belong", "belongs"]) && words.get(at + 1).is_some_and(|to| to.is(&["to"])) {
            return place_type(&words[at + 2..], false);
        }
        if word.is(&["receiver"]) {
            let is_head = |next: &Word<'_>| next.text.trim_start_matches('(').contains('(');
            return next.filter(|next| next.piece == Piece::Code && !is_head(next)).and_then(type_ref);
        }
        if !word.is(NOUNS) {
            return None;
        }
        // "a `T` method"
        let before = at.checked_sub(1).filter(|&before| words[before].piece == Piece::Code && is_open(before));
        let own = before
            .map(|before| &words[before])
            .filter(|owner| owner.text.trim_start_matches('*').starts_with(|c: char| c.is_ascii_uppercase()));
        own.and_then(type_ref).or_else(|| {
            let place = next.filter(|next| is_open(at) && next.is(&["of", "on", "to", "for", "in"]))?;
            let from = words.iter().position(|word| word.at == place.at)? + 1;
            place_type(&words[from..], true)
        })
    })
}

/// The type that a preposition leads to: "the existing `T`"; words of which nobody knows what they say, "the pool
/// `*T`", stand before a pointer, or where a method is spoken of.
fn place_type(rest: &[Word<'_>], loose: bool) -> Option<TypeText> {
    const KNOWN: &[&str] = &["the", "a", "type", "struct", "existing", "interface", "receiver", "pointer", "value"];
    // "A pointer to `T`".
    let leads = |at: usize| at > 0 && rest[at].is(&["to", "of"]) && rest[at - 1].is(FORMS);
    let first = (0..rest.len()).find(|&at| !rest[at].is(KNOWN) && !leads(at))?;
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

/// The words behind a function that say of what it is a method, and no name: "on the monitor", "of the source controller".
pub(super) fn owner_in_words(after: &str) -> Option<Vec<String>> {
    let behind = words(after);
    let end = behind.iter().position(|word| word.piece != Piece::Prose || word.is(&["in"])).unwrap_or(behind.len());
    match &behind[..end] {
        [on, the, own @ ..] if on.is(&["on", "of"]) && the.is(&["the", "this"]) && matches!(own.len(), 1..=3) => {
            Some(own.iter().map(|word| word.text.to_lowercase()).collect())
        }
        _ => None,
    }
}

/// Whether words behind a function say of what it is a method, and no name.
pub(super) fn of_words(after: &str) -> bool {
    owner_in_words(after).is_some_and(|own| own.last().is_some_and(|last| HOLDERS.contains(&last.as_str())))
}

/// What has methods, in words.
const HOLDERS: &[&str] = &[
    "admitter",
    "builder",
    "cache",
    "client",
    "controller",
    "handler",
    "manager",
    "mock",
    "monitor",
    "plugin",
    "reconciler",
    "recorder",
    "renderer",
    "server",
    "store",
    "watcher",
];

/// Whether the words around a function lead to a type without its name: "to the interface".
pub(super) fn lacks_name(before: &str, after: &str) -> bool {
    let (front, behind) = (words(before), words(after));
    let behind = &behind[behind_list(&behind)..];
    let leads = |words: &[Word<'_>]| {
        words.windows(3).any(|three| {
            three[0].is(&["to", "on"])
                && three[1].is(&["the", "this", "that", "its", "our"])
                && three[2].is(&["interface", "struct", "type", "receiver"])
        })
    };
    // A name beside it is what the type is called.
    let named = |words: &[Word<'_>]| words.iter().any(|word| word.piece == Piece::Code && !word.text.ends_with(".go"));
    // "Method of the restore controller: `f(x int) error`"
    let begins = matches!(&front[..], [noun, of, ..] if noun.is(&["method", "methods"]) && of.is(&["of", "on", "for"]));
    if begins && !named(&front) && !front.iter().any(|word| type_ref(word).is_some() && word.is_code()) {
        return true;
    }
    leads(&behind[..behind.len().min(3)]) && !named(&behind[..behind.len().min(4)]) || leads(&front) && !named(&front)
}

/// Where the words begin that may say of what a list of functions are methods: "`b()` method", "as methods", "(both on".
fn noun_at(behind: &[Word<'_>]) -> usize {
    let at = behind_form(behind, behind_list(behind));
    let rest = &behind[at..];
    let marks = rest.iter().take_while(|word| word.piece == Piece::Mark).count();
    let skipped =
        rest[marks..].iter().take_while(|word| word.is(&["as", "a", "an", "new", "exported", "unexported"])).count();
    let plain = rest[..marks].iter().all(|word| word.is_mark(","));
    let next = |at: usize, list: &[&str]| rest.get(at).is_some_and(|word| word.is(list));
    if plain && marks + skipped > 0 && next(marks + skipped, &["method", "methods"]) {
        return at + marks + skipped;
    }
    // "(on `T`)", and "- on `T`" where nothing else follows.
    let ends = rest.get(marks + 2).is_none_or(|word| word.piece == Piece::Mark);
    let is_aside = marks == 1 && (rest[0].is_mark("(") || !plain && ends) && next(marks, &["on", "of"]);
    let shared = next(marks, &["both", "all", "each"]) && next(marks + 1, &["on", "of"]);
    if plain && next(marks, &["on", "to", "of"]) || is_aside || shared { at + marks } else { at }
}

/// Words of a receiver's form.
pub(super) const FORMS: &[&str] = &[
    "pointer",
    "pointers",
    "value",
    "values",
    "receiver",
    "receivers",
    "pointer-receiver",
    "pointer-receivers",
    "value-receiver",
    "value-receivers",
];

/// Behind the words that say of what form a receiver is, where they stand at a place: "with a value receiver".
fn behind_form(behind: &[Word<'_>], at: usize) -> usize {
    let is_lead = |word: &&Word<'_>| {
        let mark = ["(", ")", ","].iter().any(|mark| word.is_mark(mark));
        mark || word.is(&["with", "a", "an", "the", "as", "by", "new"]) || word.is(FORMS)
    };
    let run = behind[at..].iter().take_while(is_lead).count();
    let says = behind[at..at + run].iter().any(|word| word.is(FORMS));
    if says { at + run } else { at }
}

/// Whether words state that a receiver is a pointer, or that it is none: "(value receiver)", "a pointer-receiver method",
/// "to `T` by value".
fn form(text: &str) -> Option<bool> {
    let words = words(text);
    let is = |at: usize, list: &[&str]| words.get(at).is_some_and(|word| word.is(list));
    (0..words.len()).find_map(|at| {
        let back = |by: usize| at.wrapping_sub(by);
        let whole = is(at, &["pointer-receiver", "pointer-receivers", "value-receiver", "value-receivers"]);
        let is_form = is(at, &["pointer", "value", "pointers", "values"]);
        let of_type = words.get(back(2)).is_some_and(Word::is_code) && is(back(3), &["on", "to", "of"]);
        let opens = words.get(back(2)).is_some_and(|word| word.is_mark("("));
        let by = is(back(1), &["by"]) && (opens || of_type || is(back(2), &["receiver", "receivers", "received"]));
        let ends = words.get(at + 1).is_none_or(|word| word.piece == Piece::Mark || word.is(&["to"]));
        let on = is(back(1), &["a", "the"]) && is(back(2), &["on"]) && ends;
        let says = whole || is_form && (is(at + 1, &["receiver", "receivers"]) || by || on);
        says.then(|| words[at].text.to_ascii_lowercase().starts_with("pointer"))
    })
}

/// What a line states of a receiver's form: beside a function and those that it is listed with, or before all of them.
pub(super) fn stated_form(before: &str, after: &str) -> Option<bool> {
    let (front, behind) = (words(before), words(after));
    let list = behind_list(&behind);
    let end = behind[list..].iter().find(|word| is_head(word)).map_or(after.len(), |next| next.at);
    let first = front.iter().find(|word| is_head(word)).map_or(before.len(), |first| first.at);
    form(&after[..end]).or_else(|| form(&before[..first]))
}

/// Takes what a line states of the receiver's form. Where its type says otherwise, the receiver is not known.
pub(super) fn state_form(head: &mut FunctionHead, pointer: bool) {
    let Some(receiver) = &mut head.receiver else { return };
    if pointer && receiver.is_spoken && !receiver.ty.text.starts_with('*') {
        receiver.ty.text.insert(0, '*');
    }
    receiver.is_spoken = false;
    if pointer != receiver.ty.text.starts_with('*') {
        head.receiver = None;
    }
}

/// Whether a line says of what it names that it is a method: "both are methods of the poller".
pub(super) fn predicates(text: &str) -> bool {
    let words = words(text);
    let plain = |word: &&Word<'_>| word.is(&["a", "an", "the", "new", "exported", "unexported"]) || word.is(FORMS);
    let of_own = words.windows(2).any(|two| two[0].is(&["its", "their"]) && two[1].is(&["receiver", "receivers"]));
    of_own
        || (0..words.len()).filter(|&at| words[at].is(&["method", "methods"])).any(|at| {
            let verb = words[..at].iter().rev().find(|word| !plain(word));
            verb.is_some_and(|verb| verb.is(&["is", "are", "be", "both", "as"]))
        })
}

/// `*T` or `T`, where it can be the name of a type.
pub(super) fn type_ref(word: &Word<'_>) -> Option<TypeText> {
    let text = word.text.strip_suffix("'s").unwrap_or(word.text);
    let text = text.trim_start_matches('(').trim_end_matches(')');
    let text = text.rsplit(' ').next()?;
    let (star, bare) = text.strip_prefix('*').map_or(("", text), |bare| ("*", bare));
    let is_type = word.is_code() || bare.starts_with(char::is_uppercase) && word.is(&[word.text]);
    // An article begins a sentence.
    let is_article = word.piece == Piece::Prose && word.is(&["the", "a", "an", "this", "each", "every"]);
    // "Pointer receiver `t`" names the receiver.
    let is_short = bare.len() < 3 && star.is_empty() && bare.starts_with(char::is_lowercase);
    let is_type = is_type && is_go_identifier(bare) && !is_article && !is_short;
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
    let first = front.first().is_some_and(|word| word.is(GROWS));
    let with = front.iter().rposition(|word| word.is(&["with", "by"]));
    let only = with.is_some_and(|at| {
        front[at + 1..].iter().all(|word| {
            word.piece != Piece::Prose || word.is(&["a", "an", "the", "new", "method", "methods", "and", "function"])
        })
    });
    first && only && front.iter().any(|word| word.is(&["interface"]))
}

#[cfg(test)]
mod tests {
    use super::spoken;

    #[test]
    fn methods_are_spoken_of_before_they_are_listed() {
        for (text, ty) in [
            ("Scale in: on the receiver `(c *Controller)`, add `a(count int) error`", Some("*Controller")),
            ("Add `a(count int) error` (receiver `*Controller`)", Some("*Controller")),
            ("Add a `Controller` method `a(count int) error`", Some("Controller")),
            ("Methods of `Controller`: `a(count int) error`, `b() bool`", Some("Controller")),
            ("new method of the pool `Controller`: `a(count int) error`", Some("Controller")),
            ("Add two methods to `Controller` in `x/y.go`: `a()` and `b()`", Some("Controller")),
            ("Add accessors to `ClusterConfig`: `A() bool`", Some("ClusterConfig")),
            ("VMExport: new methods on `VMExportAdmitter`: `a()`", Some("VMExportAdmitter")),
            ("Add `a()` and `b()` as `Controller` methods", Some("Controller")),
            ("Add `a()` and `b()`; both are methods of `Controller`", Some("Controller")),
            ("Add `a()`; receiver is `*Controller`", Some("*Controller")),
            ("Add `a()` and `b()`. Both belong to `Controller`", Some("Controller")),
            ("Value-receiver methods of `Controller`: `a()`", Some("Controller")),
            ("Add `a() bool` with a value receiver", None),
            ("Add `a()`; it is called by the methods of `Controller`", None),
            ("Add `a()`, which uses the method `b()` of `Controller`", None),
            ("Add the accessor `XEnabled`", None),
        ] {
            assert_eq!(spoken(text).map(|ty| ty.text).as_deref(), ty, "{text}");
        }
    }
}
