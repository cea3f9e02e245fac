//! What lines say of stated code beside the code: the package that it needs, that its error is returned, that it is the
//! last of a list.

use std::borrow::Cow;

use crate::demand::{Piece, Word, words};
use crate::go::ImportSpec;
use crate::go::body::{BodyBlock, Form};
use crate::name::is_go_identifier;
use crate::survey::Func;

/// A line without the end that says that the error is returned: "… and returns its error"; whether it says that.
pub(super) fn apart_from_error(line: &str) -> (&str, bool) {
    const RETURNS: &[&str] = &["return", "returns", "returning", "propagate", "propagates"];
    let all = words(line);
    let is = |at: usize, list: &[&str]| all.get(at).is_some_and(|word| word.is(list));
    let says = |at: usize| {
        let error = at + 1 + usize::from(is(at + 1, &["its", "the", "any", "an", "that"]));
        let rest: Vec<&str> = all[(error + 1).min(all.len())..]
            .iter()
            .filter(|word| word.piece != Piece::Mark)
            .map(|word| word.text)
            .collect();
        let is_end = rest.is_empty() || ["if any", "if it fails", "if there is one"].contains(&&*rest.join(" "));
        is(at, RETURNS) && is(error, &["error", "errors", "err"]) && is_end
    };
    let Some(mut at) = (1..all.len()).find(|at| says(*at)) else { return (line, false) };
    while at > 1 && (is(at - 1, &["and", "then"]) || all[at - 1].is_mark(",")) {
        at -= 1;
    }
    (line[..all[at].at].trim_end(), true)
}

/// Whether a word is part of "as the last argument of": the end of it leads to what the list is of.
pub(super) fn ends_list(all: &[Word<'_>], at: usize) -> Option<bool> {
    const ITEMS: &[&str] = &["argument", "element", "entry", "value", "item"];
    let is = |at: Option<usize>, list: &[&str]| at.and_then(|at| all.get(at)).is_some_and(|word| word.is(list));
    if is(Some(at), &["last"]) && is(Some(at + 1), ITEMS) {
        return Some(false);
    }
    let of = is(Some(at), &["of"]) && is(at.checked_sub(1), ITEMS) && is(at.checked_sub(2), &["last"]);
    of.then_some(true)
}

/// The package that a line wants imported, "import `x/y` as `z`", and the line without that.
pub(super) fn stated_import(line: &str) -> Option<(ImportSpec, Cow<'_, str>)> {
    let all = words(line);
    let is = |at: usize, list: &[&str]| all.get(at).is_some_and(|word| word.is(list));
    let at = (0..all.len()).find(|at| is(*at, &["import", "imports", "importing", "imported"]))?;
    let next = (at + 1..all.len()).find(|next| !is(*next, &["the", "package", "from"]))?;
    let path = all[next].text.trim_matches('"');
    let is_path = path.contains('/') && !path.contains([' ', '(']) && !path.ends_with(".go");
    let alias = (next + 1..all.len()).find(|next| !is(*next, &["as", "under", "called", "the", "name", "alias"]));
    let alias = alias.filter(|alias| *alias > next + 1 && is_go_identifier(all[*alias].text));
    let last = &all[alias.unwrap_or(next)];
    let import = match alias {
        Some(alias) => ImportSpec::named(all[alias].text, path),
        None => ImportSpec::plain(path),
    };
    let before = line[..all[at].at].trim_end_matches([' ', ',', ';', '(']).trim_end_matches(" and");
    let behind = line[last.at + last.text.len()..].trim_start_matches(['`', '"', ')', '.', ' ']);
    is_path.then(|| (import, format!("{before} {behind}").trim().to_owned().into()))
}

/// Whether a line asks for an import alone: what is left of it says nothing.
pub(super) fn is_bare(rest: &str) -> bool {
    const PLAIN: &[&str] = &["also", "the", "file", "there", "in", "it", "for", "that", "this", "and", "add", "an"];
    words(rest).iter().all(|word| word.piece == Piece::Mark || word.is(PLAIN) || word.text.ends_with(".go"))
}

/// What a function gives back with the error of a call: as its other checks do, or the error alone.
pub(super) fn returned(function: &Func) -> Result<String, String> {
    let head = function.head().ok_or_else(|| format!("{} has type parameters", function.name))?;
    let results: Vec<&str> =
        head.results.iter().flat_map(|one| std::iter::repeat_n(&*one.ty.text, one.names.len().max(1))).collect();
    match results.as_slice() {
        ["error"] => Ok("err".to_owned()),
        [.., "error"] => {
            let blocks = function.source.target().body(function.func_name()).map_err(|error| error.message)?;
            let calls = blocks.iter().flat_map(|block| &block.statements).filter_map(|one| one.call.as_ref());
            let mut found: Vec<Vec<String>> = calls
                .filter_map(|(form, _)| match form {
                    Form::Check { returns } if returns.len() == results.len() => Some(returns.clone()),
                    _ => None,
                })
                .collect();
            for returns in &mut found {
                returns.pop();
            }
            let plain = |value: &String| matches!(value.as_str(), "nil" | "false" | "\"\"" | "0");
            found.sort();
            found.dedup();
            match found.as_slice() {
                [others] if others.iter().all(plain) => Ok(format!("{}, err", others.join(", "))),
                _ => Err(format!("what {} gives back with an error is not certain", function.name)),
            }
        }
        _ => Err(format!("{} does not return an error as its last value", function.name)),
    }
}

/// A call whose error is returned.
pub(super) fn check(call: &str, returns: &str) -> String {
    format!("if err := {call}; err != nil {{\n\treturn {returns}\n}}")
}

/// Whether the call that a place is beside has its error checked there and returned.
pub(super) fn is_checked(blocks: &[BodyBlock], anchor: &str) -> bool {
    let bare = |code: &str| code.split('(').next().unwrap_or_default().to_owned();
    let mut own = blocks.iter().flat_map(|block| &block.statements).filter_map(|one| one.call.as_ref());
    own.any(|(form, call)| matches!(form, Form::Check { .. }) && bare(&call.function) == bare(anchor))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_returned() {
        for (line, said) in [
            (
                "`f` calls `x.G()` right after `y.H()` and returns its error",
                ("`f` calls `x.G()` right after `y.H()`", true),
            ),
            ("Call `x.G()` in `f`, returning the error if it fails.", ("Call `x.G()` in `f`", true)),
            ("`f` calls `x.G()`, and returns any error", ("`f` calls `x.G()`", true)),
            ("`f` calls `x.G()` and returns `nil`", ("`f` calls `x.G()` and returns `nil`", false)),
            ("`f` returns the error of `x.G()`", ("`f` returns the error of `x.G()`", false)),
        ] {
            assert_eq!(apart_from_error(line), said, "{line}");
        }
    }

    #[test]
    fn an_import_is_stated() {
        for (line, said) in [
            ("import `a.io/b/c` as `d`", Some(("d a.io/b/c", ""))),
            (
                "In `f` add `d.G()` after `h` (import `a.io/b/c` as `d`)",
                Some(("d a.io/b/c", "In `f` add `d.G()` after `h`")),
            ),
            ("`f` calls `c.G()`, importing the package `a.io/b/c`", Some(("c a.io/b/c", "`f` calls `c.G()`"))),
            ("import `x.yaml`", None),
            ("`f` imports the disk", None),
        ] {
            let found = stated_import(line);
            let shown = found.as_ref().map(|(import, rest)| (format!("{} {}", import.name(), import.path), &**rest));
            assert_eq!(shown, said.map(|(import, rest)| (import.to_owned(), rest)), "{line}");
        }
    }
}
