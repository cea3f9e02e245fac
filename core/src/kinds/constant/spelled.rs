//! How lines spell constants out.

use super::{WORDS, lines};
use crate::demand::{Piece, Word, words};
use crate::name::{is_free_name, is_go_identifier};
use crate::plan::{Key, PlannedTask};
use crate::text::code_spans;

/// Where a line puts its constant, "next to `other`", if it says that: constants stand where their group has them.
pub(super) fn stated_place<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let all = words(text);
    let own = all.iter().position(|word| word.piece == Piece::Code && word.text.starts_with(name))?;
    let lead = |at: &usize| {
        let next = all[*at].is(&["next"]) && all.get(at + 1).is_some_and(|to| to.is(&["to"]));
        next || all[*at].is(&["beside", "after", "below", "behind", "before", "above", "under"])
    };
    let at = (own + 1..all.len()).find(lead)?;
    let other = all[at + 1..].iter().take(2).find(|word| word.piece == Piece::Code)?;
    is_go_identifier(other.text).then_some(other.text)
}

/// Whether a line only mentions a constant, "twice `limit = 20`", "`limit = 20` was too low".
fn is_mentioned(text: &str, code: &str) -> bool {
    const BEFORE: &[&str] =
        &["than", "below", "above", "twice", "half", "as", "was", "were", "like", "until", "unlike", "under", "exceed"];
    const STATES: &[&str] = &["enforced", "already", "there", "set", "used", "defined", "known", "too"];
    let Some(at) = text.find(&format!("`{code}`")) else { return false };
    let (front, behind) = (words(&text[..at]), words(&text[at + code.len() + 2..]));
    let before = front.iter().rev().find(|word| !word.is(&["the", "a", "existing", "("]));
    let next = |at: usize, list: &[&str]| behind.get(at).is_some_and(|word| word.is(list));
    let stated = next(0, &["was", "were", "comes", "stays", "remains"]) || next(0, &["is", "are"]) && next(1, STATES);
    before.is_some_and(|word| word.is(BEFORE)) || stated || is_variable(&front)
}

/// Whether the last noun before a name says that it is a variable.
fn is_variable(front: &[Word<'_>]) -> bool {
    const NOUNS: &[&str] = &["variable", "variables", "var", "vars"];
    let noun = front.iter().rev().find(|word| word.is(NOUNS) || word.is(WORDS));
    noun.is_some_and(|noun| noun.is(NOUNS))
}

/// What lines about constants spell out: the line, the name, the type, and the value.
pub(super) fn spelled(task: &PlannedTask) -> Vec<(usize, &str, Option<&str>, &str)> {
    let speaks = |text: &str, known: &[&str]| words(text).iter().any(|word| word.is(known));
    let title = [speaks(&task.title, WORDS), speaks(&task.title, &WORDS[..3])];
    let mut found = Vec::new();
    for (line, text) in lines(task) {
        let is_keyed = |key: &Key| matches!(key, Key::Constant | Key::Constants);
        let keyed = task.details.iter().any(|detail| detail.line == line && is_keyed(&detail.key));
        let told = title[0] || keyed || speaks(text, WORDS) || only_adds(text) || text.split("; ").any(only_names);
        for code in code_spans(text) {
            let declares = code.trim().starts_with("const ");
            if !(told || declares) || is_mentioned(text, code) {
                continue;
            }
            let start = code.as_ptr() as usize - text.as_ptr() as usize + code.len();
            let outside = text.get(start + 1..).and_then(value_behind);
            let inside = || code.trim().trim_start_matches("const ").split_once('=');
            let Some((left, value)) = outside.map(|value| (code, value)).or_else(inside) else { continue };
            let (mut parts, value) = (left.split_whitespace(), value.trim());
            let (name, ty) = (parts.next().unwrap_or_default(), parts.next());
            let is_name = ty.is_none_or(is_go_identifier) && is_go_identifier(name) && is_free_name(name);
            // "Set the condition `Ready = true`" is no constant.
            let is_sure = || title[1] || keyed || declares || speaks(text, &WORDS[..3]);
            let is_value = !value.is_empty() && !value.starts_with('=');
            let is_value = is_value && (!matches!(value, "true" | "false") || is_sure());
            if is_name && parts.next().is_none() && is_value {
                found.push((line, name, ty, value));
            }
        }
    }
    found
}

/// The value that stands behind a name: ` = "value"`, ` = 30`, ` = `30``, ` with the value 30`.
fn value_behind(rest: &str) -> Option<&str> {
    const LEADS: &[&str] = &[" = ", " with the value ", " with value ", " set to "];
    let rest = LEADS.iter().find_map(|lead| rest.strip_prefix(lead))?;
    if let Some(code) = rest.strip_prefix('`') {
        return code.split_once('`').map(|(code, _)| code);
    }
    if let Some(text) = rest.strip_prefix('"') {
        return text.find('"').map(|end| &rest[..end + 2]);
    }
    let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '.' || c == '_')).unwrap_or(rest.len());
    Some(rest[..end].trim_end_matches('.')).filter(|number| number.starts_with(|c: char| c.is_ascii_digit()))
}

/// The other file that a line names for a constant: "`a = 1` and, in `x/y.go`, `b = 2`", "`b = 2` in `x/y.go`".
pub(super) fn own_file<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let all = words(text);
    let own = all.iter().position(|word| word.piece == Piece::Code && word.text.starts_with(name))?;
    let is_path = |word: &&Word<'_>| word.piece == Piece::Code && word.text.ends_with(".go") && word.text.contains('/');
    let between = |word: &&Word<'_>| word.is_mark(",") || word.is_mark(":") || word.is(&["in", "to", "file", "the"]);
    let front = all[..own].iter().rev().find(|word| !between(word)).filter(is_path);
    // "`b` = `2` in `x/y.go`"
    let value = matches!(&all[own + 1..], [is, value, ..] if is.text == "=" && value.piece == Piece::Code);
    let own = own + 2 * usize::from(value);
    let behind = all[own + 1..].iter().skip_while(|word| word.is_mark(",")).find(|word| !between(word)).filter(is_path);
    let is_led = all.get(own + 1).is_some_and(|word| word.is(&["in", "to"]));
    // "`a = 1` beside `b` in `x/y.go`, which `f` in `x/z.go` reads"
    let states = |word: &&Word<'_>| word.piece == Piece::Code && word.text.contains(" = ");
    let leads_on = |at: usize| all[at + 1..].iter().find(|word| !between(word)).is_some_and(|next| states(&next));
    let first = || {
        let mut paths = (0..all.len()).filter(|at| is_path(&&all[*at]));
        (paths.clone().count() > 1).then(|| paths.find(|at| *at > own && !leads_on(*at)).map(|at| &all[at]))?
    };
    front.or(behind.filter(|_| is_led)).or_else(first).map(|path| path.text)
}

/// Whether a clause is names with strings and where they go: "virtctl: `a = "x"` after `b` in `x/y.go`".
fn only_names(clause: &str) -> bool {
    const PLAIN: &[&str] =
        &["in", "and", "after", "below", "behind", "beneath", "before", "above", "right", "the", "new"];
    let line = words(clause);
    let label = usize::from(line.len() > 2 && line[0].piece == Piece::Prose && line[1].is_mark(":")) * 2;
    let value = |word: &Word<'_>| word.piece == Piece::Code && word.text.contains(" = ");
    let is_plain = |word: &Word<'_>| match word.piece {
        Piece::Code => value(word) || is_go_identifier(word.text) || word.text.ends_with(".go"),
        Piece::Mark => !word.is_mark("("),
        Piece::Prose => word.is(PLAIN),
    };
    let own = &line[label..];
    own.first().is_some_and(|word| value(word) || word.text.ends_with(".go"))
        && own.iter().any(value)
        && own.iter().all(is_plain)
}

/// Whether a line only adds names with strings: "Add `a = "x"` and `b = "y"`".
fn only_adds(text: &str) -> bool {
    const PLAIN: &[&str] = &["the", "a", "new", "two", "three", "and", "these", "following"];
    let line = words(text);
    let adds = line.first().is_some_and(|word| word.is(&["add", "define", "declare", "introduce"]));
    let is_string = |code: &str| code.split_once(" = ").is_some_and(|(_, value)| value.starts_with('"'));
    let is_plain = |word: &Word<'_>| match word.piece {
        Piece::Code => is_string(word.text),
        Piece::Mark => true,
        Piece::Prose => word.is(PLAIN),
    };
    adds && line[1..].iter().all(is_plain)
}
