//! The values that a line allows for a field of strings: "one of `low` and `high`".

use super::asked::Asked;
use crate::demand::{ApiDemand, Piece, Word, are_unlisted, words};
use crate::go::StructField;
use crate::name::is_go_identifier;
use crate::plan::PlannedTask;

/// The values that a line allows for a field.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Values {
    /// The field.
    pub(super) field: String,
    /// Its type, if that has a name of its own.
    pub(super) of_type: Option<String>,
    /// What it can be.
    pub(super) allowed: Vec<String>,
}

/// A line without the values that it allows for a field of strings, and those: "one of `low` and `high`".
pub(super) fn without_values(key: &str, text: &str) -> (String, Option<Values>) {
    let plain = || (text.to_owned(), None);
    let all = words(text);
    let declares = |word: &Word<'_>| word.is(&["type", "types", "enum", "enumeration", "struct", "constants"]);
    if matches!(key, "enum" | "struct" | "type" | "types" | "constants" | "constant") {
        return plain();
    }
    for at in 1..all.len() {
        let Some(lead) = leads_values(&all, at) else { continue };
        let field = all[..at].iter().rev().find_map(|word| {
            let field = StructField::parse(word.text).ok().filter(|_| word.piece == Piece::Code)?;
            Some((field.name?, field.ty.text, word.at))
        });
        let Some((name, ty, from)) = field else { continue };
        let ty = ty.trim_start_matches('*');
        let of_type = Some(ty).filter(|ty| is_go_identifier(ty) && ty.starts_with(char::is_uppercase));
        if of_type.is_none() && ty != "string" || all.iter().take_while(|word| word.at < from).any(declares) {
            continue;
        }
        let Some((values, end)) = listed(&all, at + lead) else { continue };
        let begin = all[at].at - usize::from(all[at].piece == Piece::Code);
        let before = text[..begin].trim_end_matches([' ', ',', ';', '-', '–', '—']);
        let behind = all[end].at + all[end].text.len() + usize::from(all[end].piece == Piece::Code);
        let rest = text[behind..].trim_start_matches('"');
        let of_type = of_type.map(str::to_owned);
        return (format!("{before}{rest}"), Some(Values { field: name, of_type, allowed: values }));
    }
    plain()
}

/// How many words here say that the values of a field come.
fn leads_values(words: &[Word<'_>], at: usize) -> Option<usize> {
    let said = |at: usize, known: &[&str]| words.get(at).is_some_and(|word| word.is(known));
    let skip = |mut at: usize, known: &[&str]| {
        while said(at, known) || words.get(at).is_some_and(|word| word.is_mark(":")) {
            at += 1;
        }
        at
    };
    let kind = skip(at, &["the", "valid", "allowed", "possible", "accepted", "supported", "permitted"]);
    let end = if said(kind, &["value", "values"]) && (kind > at || said(kind, &["values"])) {
        skip(kind + 1, &["are", "is"])
    } else {
        let must = skip(at, &["which", "that", "must", "can", "may", "be", "is"]);
        if said(must, &["one"]) && said(must + 1, &["of"]) {
            skip(must + 2, &["the"])
        } else if said(must, &["either"]) || said(must, &["enum"]) {
            skip(must + 1, &["of"])
        } else {
            return None;
        }
    };
    Some(end - at)
}

/// The values that are listed from a place on, and the last word of the list; nothing if it is not exactly one.
fn listed(words: &[Word<'_>], from: usize) -> Option<(Vec<String>, usize)> {
    const ENDS: &[&str] = &["default", "defaults", "defaulting", "optional", "required", "with", "json"];
    let piece = words.get(from)?.piece;
    let (mut values, mut last, mut joined) = (Vec::new(), from, true);
    for (at, word) in words.iter().enumerate().skip(from) {
        let text = word.text.trim_matches('"');
        let is_value = word.piece == piece
            && piece != Piece::Mark
            && !word.is(ENDS)
            && !text.is_empty()
            && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
        if word.is_mark(",") || word.is(&["and", "or"]) || matches!(word.text, "|" | "/") {
            joined = true;
        } else if is_value && joined {
            values.push(text.to_owned());
            (last, joined) = (at, false);
        } else if joined && piece == Piece::Code && word.piece == Piece::Prose
            || word.is_mark(";")
            || word.is_mark(".")
            || word.is_mark(")")
            || word.is(ENDS)
        {
            break;
        } else {
            return None;
        }
    }
    (values.len() > 1).then_some((values, last))
}

/// Tells types whose values the API is not to list.
pub(super) fn unlisted(task: &PlannedTask, asked: &mut Asked) {
    let lines = std::iter::once((task.line, task.title.as_str()));
    let lines = lines.chain(task.details.iter().map(|line| (line.line, line.text.as_str())));
    let enums = |demand: &ApiDemand| matches!(demand, ApiDemand::Enum(_));
    if !asked.demands.iter().any(|(_, demand)| enums(demand)) {
        return;
    }
    for (line, text) in lines {
        let parts = text.split([';', ',']).flat_map(|part| part.split(". "));
        if !parts.clone().any(are_unlisted) {
            continue;
        }
        let says_no_more = parts.clone().all(are_unlisted);
        for (own, demand) in &mut asked.demands {
            if let ApiDemand::Enum(known) = demand {
                known.unlisted = true;
                let is_all = *own != line && says_no_more;
                asked.notes.extend(is_all.then(|| (line, known.name.clone())));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::without_values;

    #[test]
    fn only_what_is_exactly_a_list_of_values_is_one() {
        for (text, values) in [
            ("Add `Mode string` to `Spec`, must be either `a` or `b`.", "a b"),
            ("Add `Mode *string` (enum: `a`, `b`; optional) to `Spec`", "a b"),
            ("Add `Mode string` to `Spec`. Allowed values: Low and High", "Low High"),
        ] {
            let (_, read) = without_values("task", text);
            let read = read.expect(text);
            assert_eq!((read.field.as_str(), read.allowed.join(" ").as_str()), ("Mode", values), "{text}");
        }
        for text in [
            "Add type `Mode string` with values `a` and `b`",
            "Add `Mode []Mode` to `Spec`, one of `a` and `b`",
            "Add `Mode string` to `Spec`, one of the modes of the fan",
            "Add `Mode string` to `Spec`, one of `a` (the default), `b`",
            "Add `Mode string` to `Spec`, enum of fast, and slow of old",
        ] {
            assert_eq!(without_values("task", text), (text.to_owned(), None));
        }
    }
}
