//! Structs that a line declares with what belongs to them: "a `Store` struct in `x.go` with `Run(stop <-chan struct{})`".

use super::member::field;
use super::member_demand::{FieldDemand, MemberDemand};
use super::{Piece, Word, words};
use crate::go::FunctionHead;
use crate::name::is_go_identifier;

/// A struct that a line declares.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DeclaredStruct {
    /// Its name.
    pub name: String,
    /// Its fields.
    pub fields: Vec<FieldDemand>,
    /// Its methods, as they stand in the line.
    pub methods: Vec<String>,
    /// The interface that it is to implement.
    pub implements: Option<String>,
}

impl DeclaredStruct {
    /// What the line asks of the structs of a file.
    pub fn member(&self) -> MemberDemand {
        MemberDemand {
            new_struct: Some(self.name.clone()),
            fields: self.fields.clone(),
            is_empty: self.fields.is_empty() && !self.methods.is_empty(),
            rest: self.implements.as_ref().map(|interface| format!("implements `{interface}`")),
            ..MemberDemand::default()
        }
    }
}

/// The struct that a line declares with its fields and methods, where every word of it is understood.
pub fn declared_struct(line: &str) -> Option<DeclaredStruct> {
    let all = words(line);
    let at = all.iter().position(|word| word.is(&["struct"]))?;
    let name = name_at(&all, at)?;
    if !is_new(&all[..name]) {
        return None;
    }
    let name_text = all[name].text.to_owned();
    let mut found = DeclaredStruct { name: name_text, fields: Vec::new(), methods: Vec::new(), implements: None };
    let (mut makes, mut is_made) = (false, false);
    let rest = &all[name.max(at) + 1..];
    for (at, word) in rest.iter().enumerate() {
        let leads = rest[..at].iter().rev().find(|word| !word.is(&["the"]));
        if word.piece == Piece::Code && leads.is_some_and(|word| word.is(IMPLEMENTS)) {
            if found.implements.replace(word.text.to_owned()).is_some() {
                return None;
            }
        } else if word.piece != Piece::Code || is_path(word) {
            let is_mark = word.piece == Piece::Mark && !word.is_mark("?");
            if !(is_mark || is_path(word) || word.is(BETWEEN) || word.is(IMPLEMENTS)) {
                return None;
            }
            makes |= word.is(MADE);
        } else if word.text.split(' ').next().is_some_and(|first| first.contains('(')) {
            let head = FunctionHead::parse(word.text).ok().filter(|head| head.receiver.is_none())?;
            // Who makes one is no method of it.
            if makes && head.name.starts_with("New") || is_constructor(&head, &found.name) {
                is_made = true;
            } else {
                found.methods.push(word.text.to_owned());
            }
            makes = false;
        } else {
            found.fields.push(field(word.text)?);
        }
    }
    let has_some = !found.methods.is_empty() || !found.fields.is_empty() || found.implements.is_some() || is_made;
    has_some.then_some(found)
}

/// Whether a function makes a struct: `NewStore(size int) *Store`.
fn is_constructor(head: &FunctionHead, name: &str) -> bool {
    let gives = head.results.first().map(|one| one.ty.text.trim_start_matches('*'));
    head.name.to_lowercase().starts_with("new") && gives == Some(name)
}

/// Words before an interface that a struct implements.
const IMPLEMENTS: &[&str] = &["implements", "implementing", "satisfies", "satisfying", "implement"];

/// What stands between the parts of a struct.
const BETWEEN: &[&str] = &[
    "in",
    "with",
    "having",
    "holding",
    "which",
    "that",
    "holds",
    "has",
    "and",
    "a",
    "an",
    "the",
    "its",
    "field",
    "fields",
    "method",
    "methods",
    "plus",
    "struct",
    "both",
    "two",
    "three",
    "constructor",
    "by",
    "via",
    "built",
    "constructed",
    "created",
];

/// Words before the function that makes one.
const MADE: &[&str] = &["constructor", "built", "constructed", "created"];

/// Where the name of the struct stands that the word at `at` speaks of: "`T` struct", "struct `T`", "type `T` (struct)",
/// "type `T` in `x.go`: a struct".
fn name_at(all: &[Word<'_>], at: usize) -> Option<usize> {
    let is_name =
        |at: &usize| all.get(*at).is_some_and(|word| word.piece == Piece::Code && is_go_identifier(word.text));
    let behind = Some(at + 1).filter(is_name);
    let skipped = |word: &&Word<'_>| word.piece == Piece::Mark || word.is(&["a", "an", "in", "as"]) || is_path(word);
    let before = at.checked_sub(1 + all[..at].iter().rev().take_while(skipped).count()).filter(is_name);
    let is_near = |before: usize| before + 1 == at || before > 0 && all[before - 1].is(&["type"]);
    before.filter(|before| is_near(*before)).or(behind)
}

/// Whether the words before a name say that it is new, and nothing else.
fn is_new(front: &[Word<'_>]) -> bool {
    const MAKES: &[&str] = &["add", "create", "introduce", "define", "declare", "implement", "new", "gets", "gains"];
    const PLAIN: &[&str] = &["a", "an", "type", "struct", "small", "exported", "unexported", "private", "go"];
    let from = front.iter().rposition(|word| word.is_mark(":")).map_or(0, |mark| mark + 1);
    // What stands before a colon is an area, or the file.
    let is_area = from < 6 && !front[..from].iter().any(|word| word.piece == Piece::Code && !is_path(word));
    let front = &front[from..];
    let is_known = front.iter().all(|word| word.is(MAKES) || word.is(PLAIN) || is_path(word) || word.is(&["in"]));
    // "`x.go`: struct `T`", "`x.go`: `T` struct"
    let is_bare = from > 0 && (front.is_empty() || matches!(front, [noun] if noun.is(&["struct"])));
    is_area && is_known && (is_bare || front.iter().any(|word| word.is(MAKES) || word.is(&["a", "an", "type"])))
}

fn is_path(word: &Word<'_>) -> bool {
    word.text.ends_with(".go")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn structs_are_declared_with_their_methods() {
        for (line, shown) in [
            (
                "virt-x: a `store` struct in `a/b.go` with `Run(stop <-chan struct{})` and `sync(a A) error`",
                "store  Run sync",
            ),
            ("`a/b.go`: type `Sum` (struct) with a method `Add(a int) (int, error)`", "Sum  Add"),
            (
                "Type `State` in `a/b.go`: a struct with `Size uint64`, `Full bool`; method `Reset()`",
                "State Size Full Reset",
            ),
            ("Add a `Store` struct holding a `client p.Client`, with `Get() error`", "Store client Get"),
            ("`a/b.go` gets a `Store` struct, built with `NewStore(a A) *Store`, with `Get() error`", "Store  Get"),
            ("The `Store` struct gets `Get() error`", "-"),
            ("Extend the `Store` struct with `Get() error`", "-"),
            ("Add a `Store` struct that is safe, with `Get() error`", "-"),
            ("Add `size int` to the `Store` struct", "-"),
            ("a `Store` struct", "-"),
        ] {
            let found = declared_struct(line).map(|found| {
                let fields: Vec<&str> = found.fields.iter().map(|field| field.name.as_str()).collect();
                let names = found.methods.iter().map(|head| head.split('(').next().unwrap_or_default());
                format!("{} {} {}", found.name, fields.join(" "), names.collect::<Vec<_>>().join(" "))
            });
            assert_eq!(found.as_deref().unwrap_or("-"), shown, "{line}");
        }
    }
}
