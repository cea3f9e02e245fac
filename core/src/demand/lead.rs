//! Lines about structs without the verb that other lines have: "`T` gets `a int`", "type `T` (struct with `a int`)".

use super::member::field;
use super::member_words::ADDS;
use super::{Piece, Word, sentence_end, words};
use crate::name::is_go_identifier;

/// A line that begins with a type, maybe behind a path and a colon, with the verb that it lacks: "`x.go`: type `Store` (struct
/// with `a int`)".
pub(super) fn declared(line: &str) -> String {
    let spelled = spelled_out(line);
    let line = spelled.as_deref().unwrap_or(line);
    let words = words(line);
    let behind = words
        .iter()
        .take(8)
        .position(|word| word.is_mark(":"))
        .filter(|at| words[..*at].iter().all(|word| word.text.ends_with(".go") || word.piece != Piece::Code));
    let from = behind.map_or(0, |at| at + 1);
    let code = |at: usize| words.get(at).is_some_and(|word| word.piece == Piece::Code && is_go_identifier(word.text));
    if let Some(given) = given(line, &words) {
        return given;
    }
    // "`Store` (`x.go`): add `a int`"
    if code(0)
        && let Some(at) = words.iter().take(6).position(|word| word.is_mark(":"))
        && words[1..at]
            .iter()
            .all(|word| word.piece == Piece::Mark || word.text.ends_with(".go") || word.is(&["in", "of", "struct"]))
        && let Some(verb) = words.get(at + 1).filter(|verb| verb.is(&["add", "adds", "new", "append", "appends"]))
    {
        let (rest, more) =
            line[verb.at + verb.text.len()..].split_once(';').unwrap_or((&line[verb.at + verb.text.len()..], ""));
        let more = if more.is_empty() { String::new() } else { format!(";{more}") };
        return format!("add{} to `{}`{more}", rest.trim_end_matches('.'), words[0].text);
    }
    // "`Store` struct: `a int`"
    let is_struct = code(from) && words.get(from + 1).is_some_and(|word| word.is(&["struct"]));
    if let Some(next) = words.get(from + 2).filter(|next| is_struct && (next.is_mark(":") || next.is(&["with"]))) {
        return format!("add struct `{}` with {}", words[from].text, line[next.at + next.text.len()..].trim_start());
    }
    let is_new = words.get(from).is_some_and(|word| word.is(&["type", "struct", "interface"])) && code(from + 1);
    // "A `Clock` interface (`Now()`)"
    let article = words[from..].iter().take_while(|word| word.is(&["a", "an", "new"])).count();
    let interface = words.get(from + article + 1).is_some_and(|word| word.is(&["interface"])) && code(from + article);
    let is_new = is_new || interface;
    // "struct `T` (`a int`, `b string`)"
    let bracketed = matches!(&words[from..], [noun, _, open, first, ..] if noun.is(&["struct"]) && open.is_mark("(")
        && field(first.text).is_some_and(|found| found.ty.is_some()));
    let with = words[from..].iter().take(6).any(|word| word.is(&["with"]) || interface && word.is_mark("("));
    let with = with || bracketed;
    if is_new && with { format!("add {}", &line[words[from].at..]) } else { line.to_owned() }
}

/// A struct with its fields in plain words, in backticks: "`Store` is a struct of a int, b string", "struct Store: a int".
fn spelled_out(line: &str) -> Option<String> {
    let (head, list) = ["struct of ", "struct with ", "struct holding ", ": "].iter().find_map(|mark| {
        let at = line.find(mark)?;
        Some((&line[..at], &line[at + mark.len()..]))
    })?;
    let is_code = |text: &str| text.contains('`');
    if is_code(list) || !line.contains("struct") {
        return None;
    }
    let mut parts: Vec<&str> = list.trim_end_matches('.').split(", ").collect();
    let last = parts.pop()?;
    match last.split_once(" and ") {
        Some((one, other)) => parts.extend([one, other]),
        None => parts.push(last.trim_start_matches("and ")),
    }
    let is_field = |part: &&str| field(part).is_some_and(|found| !found.name.is_empty() && found.ty.is_some());
    if parts.len() < 2 || !parts.iter().all(is_field) {
        return None;
    }
    let said = words(head);
    let plain = |word: &Word<'_>| {
        word.piece == Piece::Mark
            || word.is(&[
                "a", "an", "the", "new", "plain", "struct", "is", "add", "type", "no", "tags", "untagged", "small",
            ])
    };
    let mut names = said.iter().filter(|word| !plain(word));
    let name = names.next().filter(|word| is_go_identifier(word.text))?;
    let fields = parts.iter().map(|part| format!("`{part}`")).collect::<Vec<_>>().join(", ");
    names.next().is_none().then(|| format!("add struct `{}` with {fields}", name.text))
}

/// Whether a line begins with a verb of adding, maybe behind a few words that end with a colon or a dash.
pub(super) fn begins_with_verb(all: &[Word<'_>]) -> bool {
    let is_plain = |at: &usize| all[*at].piece == Piece::Prose;
    let first = (0..all.len()).find(is_plain);
    let after = |mark: &str| all.iter().take(8).position(|word| word.is_mark(mark)).map(|at| at + 1);
    // "two more fields in `T`"
    let counts = |at: usize| {
        let rest = all.iter().skip(at);
        let mut rest =
            rest.skip_while(|word| word.is(&["one", "two", "three", "four", "some", "more", "another", "further"]));
        rest.next().is_some_and(|word| word.is(&["field", "fields"])) && rest.next().is_some()
    };
    // "`a int` in `T`", "field `a int` of `T`"
    let spells = |at: usize| {
        let lead = all.iter().skip(at).take_while(|word| word.is(&["a", "the", "new", "optional", "field", "fields"]));
        let at = at + lead.count();
        let is_spec = all.get(at).is_some_and(|word| word.piece == Piece::Code && field(word.text).is_some());
        let is_owner = |two: &[Word<'_>]| {
            two[0].is(&["in", "to", "of", "on"]) && two[1].piece == Piece::Code && is_go_identifier(two[1].text)
        };
        is_spec && all.get(at..).is_some_and(|rest| rest.windows(2).any(is_owner))
    };
    let start = (!all.is_empty()).then_some(0);
    [first, start, after(":"), after("-"), after("–"), after("—")]
        .into_iter()
        .flatten()
        .any(|at| all.get(at).is_some_and(|word| word.is(ADDS)) || counts(at) || spells(at))
}

/// The parts of a line of which each has a struct of its own: "struct `S` with `a int`, and `T` gets `b S`".
pub fn each_struct(line: &str) -> Vec<String> {
    const MARKS: &[&str] = &[". ", "; ", ", and ", ", where ", ", ", " and "];
    let is_open = |at: usize| {
        let front = &line[..at];
        front.matches('`').count().is_multiple_of(2) && front.matches('(').count() == front.matches(')').count()
    };
    let mut marks: Vec<(usize, &str)> = MARKS.iter().flat_map(|mark| line.match_indices(*mark)).collect();
    marks.sort_by_key(|(at, mark)| (*at, std::cmp::Reverse(mark.len())));
    let parts = marks.into_iter().filter(|(at, _)| is_open(*at)).find_map(|(at, mark)| {
        let behind = other_struct(&line[..at], &line[at + mark.len()..])?;
        Some(std::iter::once(line[..at].to_owned()).chain(each_struct(&behind)).collect())
    });
    parts.unwrap_or_else(|| vec![line.to_owned()])
}

/// What stands behind a mark, if it is about a struct that what stands before is not about.
fn other_struct(before: &str, behind: &str) -> Option<String> {
    let all = words(behind);
    let lead =
        all.iter().take_while(|word| word.is(&["then", "also", "in", "a", "the", "new"]) || word.is(ADDS)).count();
    let is_owner = |word: &Word<'_>| word.piece == Piece::Code && is_go_identifier(word.text);
    let is_owned = all.get(lead).is_some_and(is_owner) || all.first().is_some_and(|word| word.is(&["in"]));
    if is_owned && given(behind, &all).is_some() {
        return Some(behind.to_owned());
    }
    match &all[lead..] {
        [noun, name, with, ..] if noun.is(&["struct"]) && is_owner(name) && (with.is(HOLDS) || with.is_mark("(")) => {
            Some(behind.to_owned())
        }
        [name, noun, with, ..] if noun.is(&["struct"]) && is_owner(name) && with.is(HOLDS) => Some(behind.to_owned()),
        // "and a `b S` field to `T`"
        [spec, noun, to, owner, ..]
            if noun.is(&["field"]) && to.is(&["to", "in", "of"]) && is_owner(owner) && field(spec.text).is_some() =>
        {
            Some(format!("add field `{}` to `{}`", spec.text, owner.text))
        }
        [noun, spec, ..] if noun.is(&["field"]) && field(spec.text).is_some() && before.contains("struct ") => {
            Some(behind.to_owned())
        }
        // "`b S`, where `S` is a new struct with `a int`"
        [name, is, rest @ ..] if is_owner(name) && is.is(&["is"]) => {
            let kind = rest.iter().take_while(|word| word.is(&["a", "the", "new"])).count();
            let with =
                rest.get(kind..).filter(|rest| rest.len() > 2 && rest[0].is(&["struct"]) && rest[1].is(HOLDS))?;
            Some(format!("add struct `{}` with {}", name.text, &behind[with[2].at - 1..]))
        }
        _ => None,
    }
}

/// What stands between a struct and its fields.
const HOLDS: &[&str] = &["with", "having", "holding", "of"];

/// Verbs of a struct that gets fields.
const GIVES: &[&str] =
    &["gets", "needs", "gains", "grows", "receives", "get", "know", "knows", "holds", "hold", "carries"];

/// Verbs of a struct that gets its first fields.
const STARTS: &[&str] = &["starts", "begins"];

/// "`T` gets `a int`" and "area: `T` in `x.go` needs a `b string`" as most people put it: "add `a int` to `T`".
fn given(line: &str, words: &[Word<'_>]) -> Option<String> {
    let is_owner = |word: &Word<'_>| word.piece == Piece::Code && is_go_identifier(word.text);
    let is_start = |at: usize| words[at].is(STARTS) && words.get(at + 1).is_some_and(|word| word.is(&["with"]));
    let gives = |at: &usize| words[*at].is(GIVES) || is_start(*at);
    let verb = (0..words.len()).find(gives)?;
    let is_place = |word: &&Word<'_>| {
        word.is(&["in", "of", "struct", "the", "must", "will", "should", "shall"]) || word.text.ends_with(".go")
    };
    let owner = verb.checked_sub(1 + words[..verb].iter().rev().take_while(is_place).count())?;
    let behind_mark = |mark: &&str| words[owner - 1].is_mark(mark);
    // What comes before says why.
    let is_reason = |words: &[Word<'_>]| {
        words.last().is_some_and(|last| last.is_mark(".")) && !words.iter().any(|word| word.piece == Piece::Code)
    };
    let is_place = |words: &[Word<'_>]| matches!(words, [lead, path, comma] if lead.is(&["in"]) && path.text.ends_with(".go") && comma.is_mark(","));
    let begins = owner == 0
        || is_place(&words[..owner])
        || is_reason(&words[..owner])
        || [":", "-", "–", "—"].iter().any(behind_mark)
        || words[owner - 1].is(&["the", "struct"]);
    let article = |word: &&Word<'_>| {
        const COUNTS: &[&str] = &["one", "two", "three", "four", "five", "more", "additional", "following", "another"];
        word.is(&["with", "a", "an", "the", "new", "optional", "field", "fields"])
            || word.is(COUNTS)
            || word.is_mark(":")
    };
    let mut first = verb + 1 + words[verb + 1..].iter().take_while(article).count();
    // "two fields, before `A`: `b int` and `c int`"
    let aside = match words.get(first..) {
        Some([comma, side, name, colon, ..])
            if comma.is_mark(",") && side.is(&["before", "after"]) && is_owner(name) && colon.is_mark(":") =>
        {
            first += 4;
            format!(", {} `{}`", side.text, name.text)
        }
        _ => String::new(),
    };
    let is_given = words.get(first).is_some_and(|word| word.piece == Piece::Code && field(word.text).is_some());
    let places = words[owner + 1..verb].iter().find(|word| word.text.ends_with(".go"));
    let place = places.map_or_else(String::new, |path| format!(" in `{}`", path.text));
    let rest = line[words.get(first)?.at - 1..].trim_end_matches('.');
    let (rest, more) = rest.split_at(rest.find(';').unwrap_or(rest.len()).min(sentence_end(rest)));
    let rank = if words[verb].is(STARTS) && aside.is_empty() { " as its first fields" } else { "" };
    let owner = words[owner];
    (is_owner(&owner) && begins && is_given)
        .then(|| format!("add {rest}{rank} to `{}`{place}{aside}{more}", owner.text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_about_two_structs_is_two() {
        assert_eq!(each_struct("struct `S` with `a int`, and `T` gets `b S`, both in `a/b.go`").len(), 2);
        assert_eq!(each_struct("struct `S` with `a int`, and `T` gets better").len(), 1);
        assert_eq!(each_struct("Add struct `S` with `a int`. `T` gets `b S`, `U` gets `c S`; set it in `f`").len(), 3);
        assert_eq!(
            each_struct("`T` gets `b S`, where `S` is a new struct with `a int`"),
            ["`T` gets `b S`", "add struct `S` with `a int`"]
        );
    }

    #[test]
    fn lines_get_the_verb_that_they_lack() {
        for (line, read) in [
            ("`Clock` gets `Zone string` (`xml:\"zone\"`)", "add `Zone string` (`xml:\"zone\"`) to `Clock`"),
            (
                "Clocks: `Clock` in a/b.go needs a `Zone string` after `Drift`",
                "add `Zone string` after `Drift` to `Clock` in `a/b.go`",
            ),
            ("type `Clock` with `Zone string`", "add type `Clock` with `Zone string`"),
            ("x - `Clock` gets a `Zone string`; set it in `f`", "add `Zone string` to `Clock`; set it in `f`"),
            ("`Clock` gets a zone", "`Clock` gets a zone"),
            (
                "`Clock` starts with two new fields, before `Drift`: `A int` and `B int`",
                "add `A int` and `B int` to `Clock`, before `Drift`",
            ),
            ("What `Clock` needs", "What `Clock` needs"),
            ("Clock is a struct of a int, b *B", "add struct `Clock` with `a int`, `b *B`"),
            ("A plain struct Clock (no tags): a int, b []string", "add struct `Clock` with `a int`, `b []string`"),
            ("Clock is a struct of what it needs, and more", "Clock is a struct of what it needs, and more"),
        ] {
            assert_eq!(declared(line), read, "{line}");
        }
    }
}
