//! Types that a line declares: interfaces with their methods, and types that it writes as Go does.

use super::member_demand::MemberDemand;
use super::member_words::{ADDS, FILLERS, FIRM, INTO};
use super::{Piece, Word, words};
use crate::go::FunctionHead;
use crate::name::is_go_identifier;

/// "Add interface `Clock` with methods `Now() time.Time` and `Reset()`", "introduce a `Clock` interface with `Now()`", if a
/// line says that.
pub(super) fn interface(all: &[Word<'_>]) -> Option<Result<MemberDemand, String>> {
    let at = all.iter().position(|word| word.is(&["interface"]))?;
    let named = |at: usize| all.get(at).filter(|word| word.piece == Piece::Code && is_go_identifier(word.text));
    let (name, start) = match (named(at + 1), at.checked_sub(1)) {
        (Some(name), _) => (name, at),
        (None, Some(before)) => (named(before)?, before),
        (None, None) => return None,
    };
    // Before the name, only a verb of making says that the interface is not there: "extend the `T` interface with".
    let is_new = |word: &Word<'_>| word.is(FIRM) || word.is(&["create"]) || start == at && word.is(ADDS);
    let verb = all[..start].iter().rev().find(|word| !word.is(FILLERS));
    let begins = start == at || all[..start].iter().any(|word| word.is(&["a", "an", "new"]));
    let adds = verb.map_or(begins, is_new);
    let rest = &all[at + 1 + usize::from(start == at)..];
    let into = all[..at].iter().any(|word| word.is(INTO));
    if !adds || into || !rest.iter().any(|word| word.is(&["method", "methods", "with"]) || word.is_mark("(")) {
        return None;
    }
    Some(methods(name.text, rest))
}

/// The methods that the words behind an interface list, up to what they say of something else.
fn methods(name: &str, rest: &[Word<'_>]) -> Result<MemberDemand, String> {
    const OTHERS: &[&str] =
        &["function", "functions", "func", "helper", "helpers", "constructor", "type", "struct", "plus"];
    let end = rest.iter().position(|word| word.is(OTHERS) || word.is_mark(";") || word.is_mark("."));
    let codes = rest[..end.unwrap_or(rest.len())].iter().filter(|word| word.piece == Piece::Code);
    let codes = codes.filter(|word| !word.text.contains('/') || word.text.contains('('));
    let methods = codes.map(|word| match FunctionHead::parse(word.text) {
        Ok(head) if head.receiver.is_none() && word.text.contains('(') => Ok(head),
        _ => Err(format!("`{}` is not written as a method of an interface", word.text)),
    });
    let methods = methods.collect::<Result<Vec<_>, _>>()?;
    if methods.is_empty() {
        return Err(format!("it does not give a method of `{name}`"));
    }
    let (new_struct, methods) = (Some(name.to_owned()), Some(methods));
    Ok(MemberDemand { new_struct, methods, ..MemberDemand::default() })
}

/// The names of the methods that a line gives to an interface which it declares; all that it spells out, if they cannot be
/// told.
pub fn interface_methods(line: &str) -> Option<Result<Vec<String>, String>> {
    let aside = beside(line).map(|(_, text)| text);
    let read = interface(&words(aside.as_deref().unwrap_or(line)))?;
    Some(read.map(|demand| demand.methods.unwrap_or_default().into_iter().map(|head| head.name).collect()))
}

/// A line without the types that it writes as Go does, and each of those in words: `type Clock interface { Now() }` is
/// "interface `Clock` with methods `Now()`".
pub fn go_types(line: &str) -> (String, Vec<String>) {
    if let Some((rest, text)) = beside(line) {
        let (rest, mut found) = go_types(&rest);
        found.push(text);
        return (rest, found);
    }
    // A field may have a type without a name.
    let whole = words(line).iter().any(|word| word.is(&["field", "fields", "parameter", "parameters", "argument"]));
    let mut rest = String::new();
    let mut found = Vec::new();
    let parts: Vec<&str> = line.split('`').collect();
    for (index, part) in parts.iter().enumerate() {
        let is_code = index % 2 == 1 && index + 1 < parts.len();
        // "the type `option func(*Clock)`"
        let is_typed = rest.trim_end().ends_with(" type") && part.contains(" func(");
        let typed = format!("type {}", part.trim_start_matches("type "));
        if let Some(text) = go_type(if is_typed { &typed } else { part }, !whole).filter(|_| is_code) {
            found.push(text);
            continue;
        }
        rest.push_str(if index % 2 == 1 { "`" } else { "" });
        rest.push_str(part);
        rest.push_str(if is_code { "`" } else { "" });
    }
    (rest, found)
}

/// Where it stands for itself, an interface needs no `type` before it: `Clock interface { Now() }`.
fn go_type(code: &str, alone: bool) -> Option<String> {
    let typed = code.trim().strip_prefix("type ");
    let (name, ty) = typed.unwrap_or(code).trim().split_once(char::is_whitespace)?;
    let ty = ty.trim();
    // `Clock struct` without its fields.
    let is_named = ty == "struct";
    let is_bare = is_named || alone && ty.starts_with("interface") && ty.ends_with('}') && ty.contains('(');
    if !is_go_identifier(name) || ty.starts_with('=') || typed.is_none() && !is_bare {
        return None;
    }
    let body = |keyword: &str| ty.strip_prefix(keyword)?.trim().strip_prefix('{')?.strip_suffix('}');
    let listed = |body: &str| {
        let parts = body.split([';', '\n']).map(str::trim).filter(|part| !part.is_empty());
        parts.map(|part| format!("`{part}`")).collect::<Vec<_>>().join(", ")
    };
    Some(match (body("interface").map(listed), body("struct").map(listed)) {
        (Some(methods), _) if !methods.is_empty() => format!("interface `{name}` with methods {methods}"),
        (_, Some(fields)) if fields.is_empty() => format!("empty struct `{name}`"),
        (_, Some(fields)) => format!("struct `{name}` with fields {fields}"),
        _ if is_named => format!("struct `{name}`"),
        _ => format!("type `{name} {ty}`"),
    })
}

/// A line without the interface that a clause of it declares beside a field, and that interface in words: ", where `Clock`
/// is a new interface with `Now()`", "a new interface `Clock` (`Now()`), and a field `clock Clock` in `T`".
fn beside(line: &str) -> Option<(String, String)> {
    const LEADS: &[&str] = &[
        "a",
        "an",
        "the",
        "new",
        "small",
        "one-method",
        "single-method",
        "narrow",
        "local",
        "private",
        "unexported",
        "go",
        "tiny",
    ];
    const LINKS: &[&str] = &[
        "with", "having", "that", "which", "has", "of", "whose", "the", "a", "an", "its", "single", "one", "only",
        "method", "methods", "and", "is",
    ];
    let all = words(line);
    let is_name = |at: usize| all.get(at).is_some_and(|word| word.piece == Piece::Code && is_go_identifier(word.text));
    let at = all.iter().position(|word| word.is(&["interface"]))?;
    let lead = |end: usize| end - all[..end].iter().rev().take_while(|word| word.is(LEADS)).count();
    let says_new = |from: usize, to: usize| all[from..to].iter().any(|word| word.is(&["a", "an", "new"]));
    let from = lead(at);
    let (name, mut start, next) = if from > 1 && all[from - 1].is(&["is"]) && is_name(from - 2) && from < at {
        (from - 2, from - 2, at + 1)
    } else if is_name(at + 1) && says_new(from, at) {
        (at + 1, from, at + 2)
    } else {
        let name = at.checked_sub(1).filter(|name| is_name(*name) && says_new(lead(*name), *name))?;
        (name, lead(name), at + 1)
    };
    let mut heads = Vec::new();
    let mut end = next;
    for (at, word) in all.iter().enumerate().skip(next) {
        let is_head = || FunctionHead::parse(word.text).is_ok_and(|head| head.receiver.is_none());
        match word.piece {
            Piece::Code if word.text.contains('(') && is_head() => {
                heads.push(format!("`{}`", word.text));
                end = at + 1;
            }
            Piece::Mark if word.is_mark(")") && end == at => end = at + 1,
            Piece::Mark if ["(", ",", ":"].iter().any(|mark| word.is_mark(mark)) => {}
            Piece::Prose if word.is(LINKS) => {}
            Piece::Code | Piece::Mark | Piece::Prose => break,
        }
    }
    while start > 0
        && (all[start - 1].is(&["where", "and"]) || [",", ";"].iter().any(|mark| all[start - 1].is_mark(mark)))
    {
        start -= 1;
    }
    let (before, behind) = (&all[..start], &all[end..]);
    if heads.is_empty() || !before.iter().chain(behind).any(|word| word.is(&["field", "fields"])) {
        return None;
    }
    let edge = |at: usize| all.get(at).map_or(line.len(), |word| word.at - usize::from(word.piece == Piece::Code));
    let (mut first, mut rest) = (line[..edge(start)].trim_end().to_owned(), &line[edge(end)..]);
    // Its file, and the verb that the field has as well.
    if !before.iter().any(|word| word.is(&["field", "fields"])) {
        let skipped = behind.iter().take_while(|word| {
            word.is(&["in", "and", "of", "plus"]) || word.piece == Piece::Mark || word.text.ends_with(".go")
        });
        rest = &line[edge(end + skipped.count())..];
        if !before.iter().any(|word| word.is(ADDS)) {
            first = String::from("Add");
        }
    }
    let text = format!("interface `{}` with methods {}", all[name].text, heads.join(", "));
    Some((format!("{first} {rest}").trim().to_owned(), text))
}

/// The methods of a declaration of an interface that has nothing else.
pub fn declared_methods(decl: &str) -> Option<Vec<&str>> {
    let (head, body) = decl.split_once('{')?;
    let body = body.trim_end().strip_suffix('}')?;
    let members = body.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//"));
    let members: Vec<&str> = members.collect();
    let are_methods = !members.is_empty() && members.iter().all(|member| FunctionHead::parse(member).is_ok());
    (head.trim_end().ends_with(" interface") && are_methods).then_some(members)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_that_are_written_as_go_are_told_in_words() {
        for (line, rest, types) in [
            (
                "`type A interface { F(x int) error; G() }` in x",
                " in x",
                &["interface `A` with methods `F(x int) error`, `G()`"][..],
            ),
            ("Add `f()`, plus `type A string`", "Add `f()`, plus ", &["type `A string`"]),
            (
                "Add `type A struct{}` and `type B struct { c, d int }`",
                "Add  and ",
                &["empty struct `A`", "struct `B` with fields `c, d int`"],
            ),
            ("Add `type A = B`", "Add `type A = B`", &[]),
            ("Add `A interface { F() }` to `a.go`", "Add  to `a.go`", &["interface `A` with methods `F()`"]),
            ("Add field `a interface { F() }`", "Add field `a interface { F() }`", &[]),
            (
                "`T` gets the field `a A`, where `A` is a new interface with the single method `F() error`.",
                "`T` gets the field `a A` .",
                &["interface `A` with methods `F() error`"],
            ),
            (
                "New one-method interface `A` (`F()`) in `a.go`, and a field `a A` in `T`",
                "Add a field `a A` in `T`",
                &["interface `A` with methods `F()`"],
            ),
            (
                "Add a new `A` interface with `F()` and `G()`, and the field `a A` to `T`",
                "Add the field `a A` to `T`",
                &["interface `A` with methods `F()`, `G()`"],
            ),
            (
                "Extend the `A` interface with `F()`, field `a A`",
                "Extend the `A` interface with `F()`, field `a A`",
                &[],
            ),
            ("the `type` of `A`, an open ` tick", "the `type` of `A`, an open ` tick", &[]),
        ] {
            let (kept, found) = go_types(line);
            assert_eq!((kept.as_str(), found), (rest, types.iter().map(|one| (*one).to_owned()).collect()), "{line}");
        }
    }
}
