//! What the words around a function say of its head, and what they leave of its purpose.

use super::listed::is_head;
use super::receivers::{FORMS, before_list, of_type, type_ref};
use crate::demand::{Piece, Word, words};
use crate::go::{FunctionHead, TypeText};

/// Whether code is a whole head: every parameter has a name and a type, or it gives something back.
pub(super) fn is_spelled_out(code: &str) -> bool {
    let dotted = code.split('(').next().and_then(|name| name.rfind('.')).map_or(0, |dot| dot + 1);
    FunctionHead::parse(&code[dotted..]).is_ok_and(|head| {
        let named = head.parameters.iter().all(|parameter| !parameter.names.is_empty());
        named && !head.parameters.is_empty() && !head.results.is_empty()
    })
}

/// "Give `*T` a method", "`T` gains a method": the type that gets what comes.
pub(super) fn given(before: &str, after: &str) -> Option<TypeText> {
    const HAS: &[&str] =
        &["gets", "gains", "receives", "needs", "has", "get", "gain", "have", "need", "offers", "offer"];
    let front = words(before);
    let front = before_list(&front);
    let behind = words(after).first().is_some_and(|word| word.is(&["method", "methods"]));
    let last = front.len().checked_sub(1).filter(|last| front[*last].is(&["method", "methods", "receiver"]));
    let method = last.or(behind.then_some(front.len()))?;
    let verb = front[..method].iter().rposition(|word| word.is(HAS) || word.is(&["give", "gives"]))?;
    // Before a type whose name is code, any word may say more of it: "give the pool `*T` a method".
    let typed = front[verb + 1..method].iter().any(|word| word.is_code() && type_ref(word).is_some());
    let plain = front[verb + 1..method].iter().all(|word| {
        word.is(&["a", "an", "the", "new", "unexported", "exported", "private", "public", "second", "another"])
            || word.is(&["two", "three", "following", "these"])
            || word.is(FORMS)
            || type_ref(word).is_some()
            || typed && word.text.chars().all(|c| c.is_ascii_lowercase()) && !word.is(&["with", "in", "by", "from"])
    });
    let mut beside =
        if front[verb].is(&["give", "gives"]) { front[verb + 1..method].iter() } else { front[..verb].iter() };
    beside.find_map(type_ref).filter(|_| plain)
}

/// Verbs of what gets a function.
pub(super) const GETS: &[&str] = &["gets", "gains", "receives", "learns", "grows", "needs", "get", "gain", "need"];

/// What gets a function.
pub(in crate::kinds) enum Owner {
    /// A file.
    File,
    /// A type.
    Type(TypeText),
}

impl Owner {
    /// The type that gets it.
    pub(in crate::kinds) fn of_type(self) -> Option<TypeText> {
        match self {
            Self::File => None,
            Self::Type(ty) => Some(ty),
        }
    }
}

/// What the words before a head say gets it, where nothing else stands before them: a file, which is nothing more, or a
/// type, "virt-x: `T` learns", "Extend the interface `T` with two methods:", "Give `*T`".
pub(in crate::kinds) fn owner(before: &str) -> Option<Owner> {
    let front = words(before);
    let front = before_list(&front);
    let plain = |word: &&Word<'_>| {
        word.is(&["a", "an", "the", "new", "method", "methods", "function", "helper", "exported", "unexported"])
            || word.is(&["two", "three", "four", "these", "following", "also", "more"])
            || word.is(FORMS)
            || word.is_mark(":")
    };
    let end = front.len() - front.iter().rev().take_while(plain).count();
    let is_noun = |word: &&Word<'_>| word.is(&["the", "type", "struct", "interface", "existing"]);
    let clause = |words: &[Word<'_>]| words.iter().rposition(|word| word.is_mark(":")).map_or(0, |mark| mark + 1);
    let (last, rest) = front[..end].split_last()?;
    let mut names: Vec<&Word<'_>> = rest[clause(rest)..].iter().filter(|word| !is_noun(word)).collect();
    // "`T` (`x.go`) can".
    if names.iter().any(|word| word.piece == Piece::Code && !word.text.ends_with(".go")) {
        let is_place = |at: usize, names: &[&Word<'_>]| names.get(at).is_some_and(|word| word.text.ends_with(".go"));
        if let Some(at) = (1..names.len()).find(|at| is_place(*at, &names) && names[at - 1].is_mark("(")) {
            names.drain(at - 1..names.len().min(at + 2));
        }
    }
    // "The interface `T` in `x.go` gets".
    if let [.., within, file] = names[..]
        && within.is(&["in", "of"])
        && file.text.ends_with(".go")
    {
        names.truncate(names.len() - 2);
    }
    let subject = match (last, &names[..]) {
        (verb, [subject]) if verb.is(GETS) || verb.is(&["can", "offers"]) => subject,
        (with, [verb, subject]) if with.is(&["with", "by"]) && (verb.is(GROWS) || verb.is(EQUIPS)) => subject,
        (to, [verb, subject]) if to.is(&["to"]) && verb.is(&["teach"]) => subject,
        (subject, [verb]) if verb.is(&["give", "gives", "teach"]) || verb.is(GROWS) => subject,
        _ => return None,
    };
    if !(subject.piece == Piece::Code || last.is(&["with", "by"]) && subject.text.starts_with(char::is_uppercase)) {
        return None;
    }
    if subject.text.ends_with(".go") { Some(Owner::File) } else { type_ref(subject).map(Owner::Type) }
}

/// Verbs of giving something to what is there.
const EQUIPS: &[&str] = &["equip", "provide", "furnish", "supply"];

/// Verbs of extending what is there.
pub(super) const GROWS: &[&str] = &["extend", "grow", "widen", "enlarge", "expand"];

/// Whether a head is that of what makes a type, by the words before it: "constructed by `NewX(a A)`".
pub(super) fn is_constructed(before: &str, code: &str) -> bool {
    const MADE: &[&str] = &["constructed", "created", "built", "instantiated", "made", "constructible", "initialized"];
    let front = words(before);
    let front: Vec<&Word<'_>> = front.iter().filter(|word| !word.is(&["a", "an", "the", "its", "new"])).collect();
    let is_new =
        code.trim_start_matches("func ").strip_prefix("New").is_some_and(|rest| rest.starts_with(char::is_uppercase));
    let [.., made, by] = front[..] else { return false };
    is_new && is_head(code) && made.is(MADE) && by.is(&["by", "with", "via", "through", "using"])
}

/// Whether what stands behind a head speaks of a function that is there: "`f(x int) error` now drains".
pub(super) fn says_change(after: &str) -> bool {
    const NEWS: &[&str] =
        &["now", "also", "no", "already", "still", "stays", "remains", "today", "currently", "instead", "becomes"];
    let behind = words(after);
    let behind: Vec<&Word<'_>> = behind.iter().filter(|word| word.piece != Piece::Mark).collect();
    // "`f(x int) error` calls it"
    let calls = matches!(behind[..], [verb, it, ..] if verb.is(&["calls", "runs", "uses", "invokes"]) && it.is(&["it", "them", "both"]));
    calls || behind.first().is_some_and(|word| word.is(NEWS))
}

/// Whether what stands behind a head says that it has no receiver: "(plain function)".
pub(super) fn says_plain(after: &str) -> bool {
    const PLAIN: &[&str] =
        &["no receiver", "plain function", "free function", "package function", "without a receiver"];
    let aside = after.trim_start().strip_prefix('(').and_then(|rest| rest.split(')').next());
    aside.is_some_and(|aside| PLAIN.iter().any(|said| aside.contains(said)))
}

/// Whether the words before a head are about somebody else's function: "which sums", "; #1234 adds".
pub(super) fn of_another(before: &str) -> bool {
    let all = words(before);
    let relative = all.iter().rposition(|word| word.is(&["which", "whose"]));
    let ends = |word: &Word<'_>| word.is(&["and", "plus", "add", "implement", "create"]) || word.is_mark(";");
    let in_clause = relative.is_some_and(|at| !all[at..].iter().any(ends));
    let clause = before.rsplit([';', '.']).next().unwrap_or_default().trim_start();
    let subject = clause.split_whitespace().next().unwrap_or_default();
    let is_number = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    let by_other = subject.strip_prefix('#').or_else(|| subject.strip_prefix('T')).is_some_and(is_number);
    in_clause || by_other && clause.len() < before.len()
}

/// A signature that stands in words behind a name: "takes `vm *v1.VirtualMachine`, returns `error`".
pub(super) fn in_words(after: &str) -> String {
    const TAKES: &[&str] =
        &["takes", "taking", "accepts", "accepting", "receives", "receiving", "parameters", "arguments"];
    const RETURNS: &[&str] = &["returns", "returning", "return"];
    let all = words(after);
    let takes = all.iter().position(|word| word.is(TAKES));
    let returns = all.iter().position(|word| word.is(RETURNS));
    let list = |from: Option<usize>, to: usize| {
        let words = from.map_or(&[][..], |from| &all[from + 1..to.max(from + 1)]);
        let mut found = Vec::new();
        for word in words {
            let simple = word.piece == Piece::Prose && word.is(&["error", "bool", "string", "int"]);
            if word.piece == Piece::Code || simple {
                found.push(word.text);
            } else if !word.is(&["a", "an", "the", "and", "as", "parameter", "parameters", "argument", "arguments"])
                && !word.is_mark(",")
                && !word.is_mark(":")
            {
                break;
            }
        }
        found
    };
    let end = |from: Option<usize>, other: Option<usize>| {
        other.filter(|other| from.is_some_and(|from| *other > from)).unwrap_or(all.len())
    };
    let given = list(takes, end(takes, returns));
    let back = list(returns, end(returns, takes));
    // What is said to be there and was not read makes the head one that Go does not have.
    let lost = takes.is_some() && given.is_empty() && !all.iter().any(|word| word.is(&["nothing", "no"]))
        || returns.is_some() && back.is_empty() && !all.iter().any(|word| word.is(&["nothing", "no"]));
    let back = match back.as_slice() {
        [] => String::new(),
        [one] => format!(" {one}"),
        many => format!(" ({})", many.join(", ")),
    };
    if lost { "(?)".to_owned() } else { format!("({}){back}", given.join(", ")) }
}

/// A purpose without the place of the function, and without what calls it.
pub(super) fn without_call(purpose: &str) -> String {
    let kept = without_place(purpose);
    if is_call(&kept) || is_call(purpose) { String::new() } else { kept }
}

/// Whether words say what calls or has a function, and nothing else: "sync runs it first thing", "goes into `sync`".
pub(super) fn is_call(purpose: &str) -> bool {
    #[rustfmt::skip]
    const LEADS: &[&str] = &[
        "have ", "let ", "use its ", "use it in ", "implemented by ", "for use in ", "for use by ", "for use from ", "goes into ", "goes in ", "belongs in ", "belongs into ", "add it to ", "extend the ",
    ];
    const VERBS: &[&str] = &[" runs it", " calls it", " uses it", " invokes it", " executes it"];
    let purpose = purpose.trim_start_matches([',', ';', ' ']);
    let first = purpose.split([',', ';']).next().unwrap_or_default();
    is_called_by(first)
        || LEADS.iter().any(|lead| purpose.starts_with(lead))
        || VERBS.iter().any(|verb| first.contains(verb))
}

/// Whether a clause says who calls a function, several of them: "deletes of pods call it".
pub(super) fn is_called_by(clause: &str) -> bool {
    let said = [" call it", " use it", " run it", " invoke it"].iter().find_map(|verb| clause.split_once(verb));
    said.is_some_and(|(before, _)| !before.is_empty() && !before.ends_with(" and") && !before.ends_with(" to"))
}

fn without_place(purpose: &str) -> String {
    let end = words(purpose).iter().find(|word| word.is(CALLS)).map_or(purpose.len(), |word| word.at);
    let kept = purpose[..end].trim_end();
    let kept = [" and", ",", ";", " is", " -"].iter().fold(kept, |kept, word| kept.strip_suffix(word).unwrap_or(kept));
    let kept = if end < purpose.len() { kept.trim_end() } else { purpose };
    let place = ["in ", "at ", "to ", "into "].iter().find_map(|word| kept.strip_prefix(word));
    match place.and_then(|place| place.split_once(' ').or(Some((place, "")))) {
        Some((path, rest)) if path.contains('/') => {
            rest.trim_start_matches("and ").trim_start_matches(['-', '–', '—', ':', ' ']).to_owned()
        }
        _ => kept.to_owned(),
    }
}

/// Verbs that say what is to call a function.
const CALLS: &[&str] = &[
    "call",
    "called",
    "invoke",
    "invoked",
    "wire",
    "wired",
    "hook",
    "hooked",
    "register",
    "registered",
    "plug",
    "plugged",
];

/// `in pkg/x/plan.go`, "goes to pkg/x/plan.go, next to f": where, not what for.
pub(super) fn is_place(purpose: &str) -> bool {
    const LEADS: &[&str] =
        &["in ", "at ", "to ", "into ", "goes to ", "goes into ", "belongs in ", "belongs to ", "lives in "];
    const BESIDE: &[&str] = &["next to ", "beside ", "after ", "before ", "behind "];
    let mut parts = purpose.trim_matches(['(', ')', ' ', '.']).split(", ");
    let first = parts.next().unwrap_or_default();
    let place = LEADS.iter().find_map(|lead| first.strip_prefix(lead)).unwrap_or(first);
    let is_file = place.contains('/') && !place.trim().contains(' ');
    is_file && parts.all(|part| BESIDE.iter().any(|lead| part.starts_with(lead)))
}

/// The type that a line names with a method before it spells out its head: "Implement `f` in `*T`: `f(x int) error`".
pub(super) fn named_before(before: &str, name: &str) -> Option<TypeText> {
    let bare = format!("`{name}`");
    let after = &before[before.find(&bare)? + bare.len()..];
    of_type("", after, true).filter(|ty| ty.text.starts_with(|c: char| c == '*' || c.is_ascii_uppercase()))
}

/// The type of "`f(x int)`, a method of `T`".
pub(super) fn method_of(after: &str) -> Option<TypeText> {
    let behind = words(after);
    let plain = |word: &&Word<'_>| {
        !(word.is(&["a", "an", "new", "is", "as"]) || word.is(FORMS) || word.is_mark(",") || word.is_mark("("))
    };
    let mut rest = behind.iter().filter(plain);
    let says = rest.next()?.is(&["method"]) && rest.next()?.is(&["of", "on"]);
    let ty = rest.find(|word| !word.is(&["the", "type", "struct", "existing"])).filter(|_| says)?;
    type_ref(ty)
}

/// Whether what stands behind a head only says where it is, or what: "`f(x int)`, a method of `T`".
pub(super) fn is_named(after: &str) -> bool {
    let after = after.trim_start();
    after.is_empty()
        || after.starts_with([',', ')', '.', '-', '–', '—', ';'])
        || ["in ", "on `", "of `"].iter().any(|place| after.starts_with(place))
}

/// A head behind a noun that begins its clause: "Helper `f(x int)`", "…, handler `f(x int)`".
pub(super) fn is_labelled(before: &str, code: &str) -> bool {
    const NOUNS: &[&str] = &[
        "helper",
        "function",
        "func",
        "constructor",
        "handler",
        "validator",
        "method",
        "methods",
        "builder",
        "factory",
        "predicate",
    ];
    let front = words(before);
    let Some((noun, rest)) = front.split_last() else { return false };
    let opens = rest
        .iter()
        .rev()
        .find(|word| !word.is(&["a", "new", "its", "with", "unexported", "exported"]) && !word.is(FORMS));
    noun.is(NOUNS) && is_head(code) && opens.is_none_or(|word| word.piece == Piece::Mark || word.text.ends_with(".go"))
}

/// The words behind a function from its file on: "in `x.go`", ", `x.go`", "(`x.go`)".
pub(super) fn file_behind(after: &str) -> Option<&str> {
    let after = after.trim_start();
    // "On the VMI controller, `x.go`": words say what the receiver is.
    let of_words = ["on the ", "of the "].iter().any(|lead| after.starts_with(lead));
    let plain = after.split_once(", ").filter(|(words, _)| of_words && !words.contains('`'));
    let after = plain.map_or(after, |(_, rest)| rest);
    let listed = || after.trim_start_matches([',', '(', '-', '–', '—', ' ']);
    let is_file =
        |rest: &&str| rest.starts_with('`') && rest.split('`').nth(1).is_some_and(|path| path.ends_with(".go"));
    after.strip_prefix("in ").map(str::trim_start).or_else(|| Some(listed()).filter(is_file))
}

/// Whether words only say in which file something goes, before a mark or the end.
pub(super) fn only_places(after: &str) -> bool {
    let after = after.split(';').next().unwrap_or_default();
    let behind = file_behind(after).unwrap_or_default();
    let rest = behind.split_once(char::is_whitespace).map_or("", |(_, rest)| rest.trim_start());
    rest.is_empty()
        || behind.split_whitespace().next().is_some_and(|path| path.ends_with([',', ';', '.', ':']))
        || rest.starts_with(['(', '-', '–', '—'])
}

/// Whether the words behind a head say that it is to be written: "`T.f(x int) error` is implemented".
pub(super) fn is_passive(after: &str) -> bool {
    const MADE: &[&str] = &["implemented", "added", "introduced", "written", "created", "new"];
    ["is", "gets", "will be", "is to be", "should be", "must be"].iter().any(|verb| {
        let rest = after.trim_start().strip_prefix(verb).unwrap_or_default().trim_start();
        MADE.iter().any(|made| rest.starts_with(made))
    })
}

/// Whether the words before a head only say of what kind it is: "unexported `f(x int) error`".
pub(super) fn only_says_kind(before: &str) -> bool {
    let all = words(before);
    let from = all.iter().rposition(|word| word.is_mark(":")).map_or(0, |mark| mark + 1);
    let kinds = ["a", "an", "new", "exported", "unexported", "private", "small", "pure", "package-level"];
    from < all.len() && all[from..].iter().all(|word| word.is(&kinds))
}

/// Whether the words behind a function say that it stands somewhere else: "moved from `x.go`".
pub(super) fn is_moved(after: &str) -> bool {
    const MOVED: &[&str] = &["move", "moved", "moves", "relocated", "renamed", "factored"];
    // What runs takes something from somewhere, too: "taken from the volumes".
    const TAKEN: &[&str] = &["extracted", "copied", "taken", "split"];
    let all = words(after);
    let from = |at: usize| (at + 1..all.len()).take(3).find(|&at| all[at].is(&["from", "out"]));
    let is_code = |at: usize| {
        let rest = all[at + 1..].iter().find(|word| !word.is(&["of", "the", "existing", "function"]));
        rest.is_some_and(Word::is_code)
    };
    (0..all.len()).any(|at| {
        let is_moved = all[at].is(MOVED) || all[at].is(TAKEN) && from(at).is_some_and(is_code);
        is_moved && from(at).is_some()
    })
}
