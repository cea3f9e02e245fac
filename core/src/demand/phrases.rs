//! Other words for the same: clauses whose order is turned round, so that one reader is enough for all of them.

use super::places::without_files;
use super::words::{Piece, Word};
use crate::name::is_go_identifier;

/// Verbs of what has something new: "`CPU` gets a field".
const HAS: &[&str] = &[
    "get", "gets", "gain", "gains", "receive", "receives", "carry", "carries", "has", "have", "need", "needs", "grow",
    "grows", "contain", "contains", "hold", "holds", "take", "takes", "offer", "offers", "+=",
];

/// Verbs of what has something, where a field that is written out follows.
const TELLS: &[&str] = &[
    "report",
    "reports",
    "expose",
    "exposes",
    "store",
    "stores",
    "include",
    "includes",
    "consist",
    "consists",
    "comprise",
    "comprises",
    "accept",
    "accepts",
    "learn",
    "learns",
    "show",
    "shows",
    "track",
    "tracks",
];

/// Words between such a subject and its verb.
const MODALS: &[&str] =
    &["should", "must", "will", "shall", "also", "now", "to", "struct", "type", "is", "be", "then", "can"];

/// Articles, and words of what is new.
const NEW: &[&str] = &[
    "a",
    "an",
    "the",
    "one",
    "two",
    "new",
    "optional",
    "required",
    "another",
    "additional",
    "further",
    "more",
    "field",
    "fields",
    "following",
    "member",
];

/// How something is used by a struct.
const USED: &[&str] =
    &["used", "referenced", "reference", "references", "consumed", "embedded", "included", "include", "use", "uses"];

/// A clause in the order in which the reader takes it.
pub(super) fn plain<'a>(clause: &[Word<'a>]) -> Vec<Word<'a>> {
    let mut clause = without_files(clause);
    // "Of the new type `T`" is of type `T`.
    let is = |word: Option<&Word<'_>>, list: &[&str]| word.is_some_and(|word| word.is(list));
    let mut at = 0;
    while at < clause.len() {
        let end = at + 1 + clause[at + 1..].iter().take_while(|word| word.is(&["the", "a", "new"])).count();
        let is_new = clause[at + 1..end].iter().any(|word| word.is(&["new"]));
        if is_new && is(clause.get(at), &["of"]) && is(clause.get(end), &["type"]) {
            clause.drain(at + 1..end).for_each(drop);
        }
        at += 1;
    }
    // "the annotation key `k`"
    for at in (1..clause.len()).rev() {
        let is_key = clause[at].is(&["key"]) && clause[at - 1].is(&["annotation", "label"]);
        if is_key && clause.get(at + 1).is_some_and(|next| next.piece == Piece::Code) {
            clause.remove(at);
        }
    }
    let clause = of_its_type(apposed(without_head(without_area(without_place(clause)))));
    subject(more_values(where_it_is(where_it_has(used_by(clause)))))
}

/// A clause without the summary before its colon: "The VMI reports its load: `S` gets `load *Load`".
fn without_head(clause: Vec<Word<'_>>) -> Vec<Word<'_>> {
    const KINDS: &[&str] = &["label", "annotation", "condition", "reason", "constant", "optional", "required", "field"];
    let Some(colon) = clause.iter().position(|word| word.is_mark(":")) else { return clause };
    let is_summary = |word: &Word<'_>| word.piece == Piece::Prose && !(word.is_code() && is_type(word));
    let rest = &clause[colon + 1..];
    let first = rest.iter().take_while(|word| word.is(&["the", "a", "an", "new"])).count();
    let next = |at: usize| rest.get(first + at);
    let owned = next(0).is_some_and(is_type)
        && next(1).is_some_and(|word| [HAS, TELLS, MODALS].iter().any(|words| word.is(words)));
    let adds = next(0).is_some_and(|word| word.is(&["add", "extend", "introduce", "define"]) || word.is(KINDS));
    let is_one = clause[..colon].iter().all(|word| is_summary(word) || word.is_mark(",") || word.is_mark("."));
    if colon > 0 && is_one && (owned || adds && next(1).is_some_and(|next| next.piece != Piece::Mark)) {
        return rest.to_vec();
    }
    clause
}

/// "Status: `S` gets …" without the area before its colon.
fn without_area(mut clause: Vec<Word<'_>>) -> Vec<Word<'_>> {
    const API: &[&str] = &["api", "types", "schema"];
    let is_word = |word: &&Word<'_>| word.piece == Piece::Prose && (!word.is_code() || word.is(API));
    let area = clause.iter().take_while(is_word).count();
    let is_area = (1..=2).contains(&area) && clause.get(area).is_some_and(|word| word.is_mark(":"));
    let verb = clause.get(area + 2).is_some_and(|word| [HAS, TELLS, MODALS].iter().any(|words| word.is(words)));
    // "API: a `T` string type …"
    let rest = clause.get(area + 1..).unwrap_or_default();
    let begins = rest.iter().find(|word| !word.is(&["a", "an", "the", "new"])).is_some_and(is_type);
    let is_api = area == 1 && clause[0].is(API) && begins;
    if is_area && (verb && clause.get(area + 1).is_some_and(is_type) || is_api) {
        clause.drain(..=area);
    }
    clause
}

/// "`S` in `x/types.go` gets …" without the place.
fn without_place(mut clause: Vec<Word<'_>>) -> Vec<Word<'_>> {
    let owner = clause.iter().position(is_type);
    let Some(at) = owner.filter(|at| *at < 4) else { return clause };
    let is_place = |word: &Word<'_>| word.piece == Piece::Code && word.text.ends_with(".go");
    let placed = clause.get(at + 1).is_some_and(|word| word.is(&["in", "from", "of"]))
        && clause.get(at + 2).is_some_and(is_place);
    let comma = usize::from(clause.get(at + 3).is_some_and(|word| word.is_mark(",")));
    let verb = clause.get(at + 3 + comma).is_some_and(|word| [HAS, TELLS, MODALS].iter().any(|words| word.is(words)));
    if placed && verb {
        clause.drain(at + 1..at + 3 + comma);
    }
    clause
}

/// "`x`, a `*T`" is "`x` (`*T`)".
fn apposed(mut clause: Vec<Word<'_>>) -> Vec<Word<'_>> {
    const BUILTIN: &[&str] = &["bool", "string", "int32", "int64", "uint32", "uint64"];
    let is_ty = |word: &Word<'_>| word.piece == Piece::Code && !word.text.contains(' ') || word.is(BUILTIN);
    let is_apposed = |four: &[Word<'_>]| {
        let name = four[0].piece == Piece::Code && four[0].text.split('.').all(is_go_identifier);
        let article = four[1].is_mark(",") && four[2].is(&["a", "an"]);
        name && article && is_ty(&four[3]) && four[3].text != four[0].text
    };
    let mut at = 0;
    while let Some(next) = clause.get(at..).and_then(|rest| rest.windows(4).position(is_apposed)) {
        at += next;
        let ends = clause
            .get(at + 4)
            .is_none_or(|next| next.piece == Piece::Mark || next.is(&["and", "in", "to", "with", "which", "on"]));
        let field = clause[at].text.starts_with(char::is_lowercase) || clause[at + 3].text.contains(['*', '.', '[']);
        if ends && field {
            let mark = |text, like: Word<'_>| Word { piece: Piece::Mark, text, at: like.at };
            let (open, close) = (mark("(", clause[at + 1]), mark(")", clause[at + 3]));
            clause.splice(at + 1..at + 4, [open, clause[at + 3], close]).for_each(drop);
        }
        at += 1;
    }
    clause
}

/// "extend `S` with `x *T`, with `a int`" is "… plus struct `T` with `a int`": what the type of a field has is its own.
fn of_its_type(clause: Vec<Word<'_>>) -> Vec<Word<'_>> {
    for at in 1..clause.len() {
        let (word, rest) = (clause[at], &clause[at + 1..]);
        let has = usize::from(word.is(&["which", "that"]) && rest.first().is_some_and(|next| next.is(OWNS)));
        let Some(first) = rest.get(has).filter(|_| has > 0 || word.is(&["with", "holding", "containing"])) else {
            continue;
        };
        let typed = rest.get(has + 1).is_some_and(|next| next.is_mark("(")) && is_go_identifier(first.text);
        let spelled = first.text.split_once(' ').is_some_and(|(name, _)| is_go_identifier(name));
        let before = clause[..at].iter().rev().find(|word| !word.is_mark(",") && !word.is_mark(")"));
        let ty = before.filter(|word| word.piece == Piece::Code).and_then(|word| {
            let (name, ty) = word.text.split_once(' ').unwrap_or(("x", word.text));
            let bare = ty.trim_start_matches('*');
            let is_own = is_go_identifier(name) && bare.starts_with(char::is_uppercase) && is_go_identifier(bare);
            // `*T`, or `x T`: what stands alone may be the struct that gets the fields.
            (is_own && word.text != bare).then_some(Word { text: bare, ..*word })
        });
        if let Some(name) = ty.filter(|_| first.piece == Piece::Code && (typed || spelled)) {
            let end = at - usize::from(clause[at - 1].is_mark(","));
            let mut turned = clause[..end].to_vec();
            turned.extend([prose("plus", name), prose("struct", name), name, prose("with", name)]);
            turned.extend(&rest[has..]);
            return turned;
        }
    }
    clause
}

/// Verbs of a type that has fields.
const OWNS: &[&str] = &["has", "holds", "contains", "carries"];

fn prose<'a>(text: &'a str, like: Word<'a>) -> Word<'a> {
    Word { piece: Piece::Prose, text, at: like.at }
}

/// Whether a word can be the name of a type: an acronym only in backticks.
fn is_type(word: &Word<'_>) -> bool {
    let bare = word.text.trim_start_matches('*');
    let bare = match bare.rsplit_once('.') {
        // The part of a kind.
        Some((kind, "spec" | "status")) => kind,
        Some((_, name)) => name,
        None => bare,
    };
    let is_name = is_go_identifier(bare) && bare.starts_with(char::is_uppercase);
    is_name && word.is_code() && (word.piece == Piece::Code || bare.contains(char::is_lowercase))
}

/// "`A`, `B` and `C` each get `x`" and "add `x` to both `A` and `B`": the clause once for each.
pub(super) fn each_owner<'a>(clause: &[Word<'a>]) -> Vec<Vec<Word<'a>>> {
    const EACH: &[&str] = &["each", "both", "all"];
    // The types that are listed from a place on, and where the list ends.
    let listed = |from: usize| {
        let joins = |word: &Word<'_>| word.is(&["and"]) || word.is_mark(",");
        let length = clause[from..].iter().take_while(|word| is_type(word) || joins(word)).count();
        let types: Vec<Word<'a>> = clause[from..from + length].iter().copied().filter(is_type).collect();
        (types, from + length)
    };
    let begins = clause.iter().take_while(|word| word.is(EACH) || word.is(&["of", "the"])).count();
    let (owners, end) = listed(begins);
    let has =
        end + clause[end..].iter().take_while(|word| word.is(EACH) || word.is(MODALS) || word.is(&["structs"])).count();
    if owners.len() > 1 && clause.get(has).is_some_and(|word| word.is(HAS)) {
        return owners.iter().map(|owner| [&[*owner], &clause[has..]].concat()).collect();
    }
    for (at, word) in clause.iter().enumerate() {
        let each = clause.get(at + 1).is_some_and(|next| next.is(EACH));
        if !each || !word.is(&["to", "on", "in"]) {
            continue;
        }
        let from = at + 2 + clause[at + 2..].iter().take_while(|word| word.is(&["of", "the", "structs"])).count();
        let (owners, end) = listed(from);
        if owners.len() > 1 && clause.get(end).is_none_or(|next| next.piece == Piece::Mark) {
            return owners.iter().map(|owner| [&clause[..=at], &[*owner], &clause[end..]].concat()).collect();
        }
    }
    vec![clause.to_vec()]
}

/// "`S` gets a field `x`" and "give `S` a field `x`" are "extend `S` with a field `x`".
fn subject(clause: Vec<Word<'_>>) -> Vec<Word<'_>> {
    const BEFORE: &[&str] = &["the", "struct", "type", "let", "have", "make", "give", "where", "and"];
    let at = clause.iter().position(|word| !word.is(BEFORE)).unwrap_or(0);
    let Some(owner) = clause.get(at).filter(|word| is_type(word)).copied() else { return clause };
    let is_new = |at: usize| clause.get(at).is_some_and(|word| word.is(NEW) || word.piece == Piece::Code);
    let extend = |from: usize| {
        let mut turned = vec![prose("extend", owner), owner, prose("with", owner)];
        turned.extend(&clause[from..]);
        turned
    };
    if clause[..at].iter().any(|word| word.is(&["give"])) {
        let same = clause.get(at + 2).is_some_and(|word| word.is(&["same"]));
        return if is_new(at + 1) && !same { extend(at + 1) } else { clause };
    }
    let mut verb = at + 1;
    while clause.get(verb).is_some_and(|word| word.is(MODALS)) {
        verb += 1;
    }
    let extended = clause.get(verb).is_some_and(|word| word.is(&["extended", "enriched", "enhanced", "augmented"]));
    // "`X` is a string enum with …" is "add enum `X` with …".
    let mut noun = verb;
    while clause.get(noun).is_some_and(|word| word.is(&["a", "an", "new", "string", "closed"])) {
        noun += 1;
    }
    let is = clause[at + 1..verb].iter().any(|word| word.is(&["is", "be"])) && noun > verb;
    if is && let Some(kind) = clause.get(noun).filter(|word| word.is(&["enum", "enumeration", "struct"])) {
        let mut turned = vec![prose("add", owner), *kind, owner];
        turned.extend(&clause[noun + 1..]);
        return turned;
    }
    // "`X` is one of `A`, `B`" is "add enum `X` with values `A`, `B`".
    let one_of = clause.get(verb).is_some_and(|word| word.is(&["one", "either"]));
    let from = verb + 1 + usize::from(clause.get(verb + 1).is_some_and(|word| word.is(&["of"])));
    if one_of && at + 1 < verb && clause.get(from).is_some_and(|word| word.piece == Piece::Code) {
        let mut turned =
            vec![prose("add", owner), prose("enum", owner), owner, prose("with", owner), prose("values", owner)];
        turned.extend(&clause[from..]);
        return turned;
    }
    let mut rest = verb + 1;
    rest += usize::from(clause.get(rest).is_some_and(|word| word.is(&["of"])));
    let is_spec = clause.get(rest).is_some_and(|word| word.piece == Piece::Code && word.text.contains(' '));
    // "`x` (`*T`)"
    let is_typed = clause
        .get(rest..rest + 3)
        .is_some_and(|three| three[0].piece == Piece::Code && three[1].is_mark("(") && three[2].piece != Piece::Mark);
    let tells = (is_spec || is_typed) && clause.get(verb).is_some_and(|word| word.is(TELLS));
    let has = tells || rest == verb + 1 && clause.get(verb).is_some_and(|word| word.is(HAS));
    if extended && clause.get(rest).is_some_and(|word| word.is(&["by", "with"])) {
        rest += 1;
    }
    if is_new(rest) && (has || extended) { extend(rest) } else { clause }
}

/// "another `DiskBus` value `nvme`" is "extend `DiskBus` with value `nvme`".
fn more_values(clause: Vec<Word<'_>>) -> Vec<Word<'_>> {
    let at = clause.windows(3).position(|three| {
        three[0].is(&["new", "further", "another", "additional", "more"])
            && is_type(&three[1])
            && three[2].is(&["value", "values"])
    });
    let Some(at) = at else { return clause };
    let mut turned = vec![prose("extend", clause[at]), clause[at + 1], prose("with", clause[at]), clause[at + 2]];
    turned.extend(clause[at + 3..].iter().filter(|word| !word.is_mark(",") && !word.is_mark(":")));
    turned
}

/// "used by `S` as `x`" is "and field `x` to `S`".
fn used_by(clause: Vec<Word<'_>>) -> Vec<Word<'_>> {
    let skip = |mut at: usize, words: &[&str]| {
        while clause.get(at).is_some_and(|word| word.is(words)) {
            at += 1;
        }
        at
    };
    for (at, word) in clause.iter().enumerate() {
        if !word.is(USED) {
            continue;
        }
        let from = skip(at + 1, &["it"]);
        if !clause.get(from).is_some_and(|word| word.is(&["by", "from", "in"])) {
            continue;
        }
        let owner = skip(from + 1, &["the", "struct"]);
        let Some(struct_name) = clause.get(owner).filter(|word| is_type(word)).copied() else { continue };
        let field = skip(owner + 1, &["struct", "as", "in", "through", "via", "with", "a", "an", "the", "new", "its"]);
        if field == owner + 1 {
            continue;
        }
        let optional = clause.get(field).filter(|word| word.is(&["optional", "required"])).copied();
        let name = skip(field, &["optional", "required", "field", "called", "named"]);
        let Some(name) = clause.get(name).filter(|word| word.piece == Piece::Code).map(|_| name) else { continue };
        let mut end = name + 1;
        // Its type may follow: "`x` (`*T`)", "`x` of type `T`".
        if clause.get(end).is_some_and(|word| word.is_mark("(")) {
            end = clause[end..].iter().position(|word| word.is_mark(")")).map_or(clause.len(), |close| end + close + 1);
        } else if clause.get(end).is_some_and(|word| word.is(&["of"])) {
            end = (end + 3).min(clause.len());
        }
        let mut turned: Vec<Word<'_>> = clause[..at].to_vec();
        while turned.last().is_some_and(|word| word.is_mark(",") || word.is(&["and", "is", "to", "be", "which"])) {
            turned.pop();
        }
        turned.push(prose("and", *word));
        turned.push(prose("a", *word));
        turned.extend(optional);
        turned.push(prose("field", *word));
        turned.extend(&clause[name..end]);
        turned.push(prose("to", *word));
        turned.push(struct_name);
        turned.extend(&clause[end..]);
        return turned;
    }
    clause
}

/// "where `T` has `A int`" is "plus struct `T` with `A int`".
fn where_it_has(clause: Vec<Word<'_>>) -> Vec<Word<'_>> {
    let at = clause.windows(4).position(|four| {
        four[0].is(&["where", "whereby", "and", "with"])
            && is_type(&four[1])
            && four[2].is(&["has", "holds", "contains", "having", "holding", "containing", "carries", "consists"])
            && (four[3].piece == Piece::Code || four[3].is(NEW))
    });
    let Some(at) = at else { return clause };
    let mut turned = clause[..at].to_vec();
    turned.extend([prose("plus", clause[at]), prose("struct", clause[at]), clause[at + 1], prose("with", clause[at])]);
    turned.extend(&clause[at + 3..]);
    turned
}

/// "where `T` is a new struct with `A int`" is "plus struct `T` with `A int`".
fn where_it_is(clause: Vec<Word<'_>>) -> Vec<Word<'_>> {
    const HOLDS: &[&str] = &["with", "of", "holding", "containing", "having", "made"];
    const BETWEEN: &[&str] = &["a", "an", "the", "new", "string", "small", "simple", "plain"];
    for (at, word) in clause.iter().enumerate() {
        let [name, is, rest @ ..] = &clause[at + 1..] else { break };
        if !(word.is(&["where", "whereby", "and", "with"]) || word.is_mark(",")) || !is_type(name) {
            continue;
        }
        let between = rest.iter().take_while(|word| word.is(BETWEEN)).count();
        let Some(kind) = rest.get(between).filter(|word| word.is(&["struct", "enum", "enumeration"])) else { continue };
        let behind = &rest[between + 1..];
        let holds = behind.first().is_some_and(|word| word.is(HOLDS) || word.is_mark(":"));
        let is_new = rest[..between].iter().any(|word| word.is(&["new"]));
        if is.is(&["is", "being", "as"]) && (holds || is_new) {
            let mut turned = clause[..at].to_vec();
            turned.extend([prose("plus", *word), *kind, *name]);
            turned.extend(behind);
            return turned;
        }
    }
    clause
}
