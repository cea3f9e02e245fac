//! What a line says in words of the values of a field: bounds that its markers hold, and what no marker holds.

use super::values::Values;
use crate::demand::{ApiDemand, ApiField, Piece, Word, words};

/// Gives the fields of a line the bounds, the values and the default that the line states in words. Why the line asks
/// for more than the fields, if something of it goes into no marker.
pub(super) fn take(text: &str, values: Option<Values>, demands: &mut [ApiDemand]) -> Vec<String> {
    let described: Option<String> = demands.iter().find_map(|demand| match demand {
        ApiDemand::Field(field) => field.doc.0.clone(),
        _ => None,
    });
    let mut all: Vec<&mut ApiField> = Vec::new();
    let mut fields: Vec<&mut ApiField> = Vec::new();
    for demand in demands.iter_mut() {
        match demand {
            ApiDemand::Field(field) => fields.push(field),
            ApiDemand::Struct(known) => all.extend(&mut known.fields),
            _ => {}
        }
    }
    let mut left = Vec::new();
    if let Some(Values { field, allowed: values, .. }) = values {
        let shown = values.join(", ");
        match fields.iter_mut().chain(all.iter_mut()).find(|known| known.name == field) {
            Some(field) if !field.markers.iter().any(|marker| marker.contains(ENUM)) => {
                field.markers.push(format!("+{ENUM}{}", values.join(";")));
            }
            Some(_) => {}
            None => left.push(format!("it says that the values are {shown}, and not clearly of which field")),
        }
    }
    if fields.is_empty() && all.is_empty() {
        return left;
    }
    let words = words(text);
    let mut read = Vec::new();
    for at in 0..words.len() {
        let Some(field) = said_of(&words[..at], &mut fields) else { continue };
        let taken = bounded(&words, at, field).or_else(|| defaulted(&words, at, field));
        let taken = taken.or_else(|| matched(&words, at, field));
        read.extend(taken.into_iter().flat_map(|length| at..at + length));
    }
    left.extend(merged(text, &mut fields));
    if !fields.is_empty() {
        let shown = described.and_then(|said| Some(text.find(&said)?..text.find(&said)? + said.len()));
        left.extend(unread(text, &words, &read, |word| shown.as_ref().is_some_and(|shown| shown.contains(&word.at))));
    }
    left.extend(fields.iter().chain(&all).filter_map(|field| unset(field)));
    left
}

const ENUM: &str = "kubebuilder:validation:Enum=";

/// A default that somebody has to set: the comment only says it. What Go leaves in a field is no such default.
fn unset(field: &ApiField) -> Option<String> {
    let value = field.default.as_deref()?;
    let of_strings = field.ty.as_ref().is_some_and(|ty| ty.text.ends_with("string"));
    let is_zero = matches!(value.to_lowercase().as_str(), "false" | "0" | "nil" | "null" | "unset" | "empty" | "")
        || value.eq_ignore_ascii_case("none") && !of_strings;
    let marked = field.markers.iter().any(|marker| marker.contains("default=") || marker.contains("default:="));
    let left = !is_zero && !marked;
    left.then(|| format!("`{}` is to default to {value}, which its comment says and no code does yet", field.name))
}

/// "matching `^[a-z]+$`": the pattern of a field of strings; how many words say it.
fn matched(words: &[Word<'_>], at: usize, field: &mut ApiField) -> Option<usize> {
    const BETWEEN: &[&str] = &["the", "a", "regular", "expression", "pattern", "regex", "regexp", "is", "of"];
    words[at].is(PATTERNS).then_some(())?;
    let is_between = |word: &&Word<'_>| word.is(BETWEEN) || word.is_mark(":");
    let skipped = words[at + 1..].iter().take_while(is_between).count();
    let pattern = words.get(at + 1 + skipped).filter(|word| word.piece == Piece::Code && is_pattern(word))?;
    field.ty.as_ref().filter(|ty| ty.text.trim_start_matches('*') == "string")?;
    let marker = format!("+kubebuilder:validation:Pattern=`{}`", pattern.text);
    if !field.markers.contains(&marker) {
        field.markers.push(marker);
    }
    Some(2 + skipped)
}

const PATTERNS: &[&str] = &["matching", "match", "matches", "pattern", "regex", "regexp"];

fn is_pattern(word: &Word<'_>) -> bool {
    let whole = word.text.starts_with('^') || word.text.ends_with('$');
    whole && word.text.len() < 200 && word.text.chars().all(|c| c.is_ascii_graphic() || c == ' ')
}

/// `patchStrategy:"merge"` and `patchMergeKey:"name"`: how the items of a list merge. Why not, where it is not known.
fn merged(text: &str, fields: &mut [&mut ApiField]) -> Option<String> {
    let plain = text.replace(['`', '"', ':', '=', ',', '(', ')', '+'], " ");
    let said = |word: &str| {
        let mut words = plain.split_whitespace().skip_while(|known| *known != word).skip(1);
        words.next().map(str::to_owned)
    };
    let (strategy, key) = (said("patchStrategy"), said("patchMergeKey"));
    if strategy.is_none() && key.is_none() {
        return None;
    }
    let why = || Some("how its items merge (patchStrategy, patchMergeKey) is not understood".to_owned());
    let [field] = fields else { return why() };
    let listed = field.markers.iter().filter_map(|marker| marker.strip_prefix("+listMapKey="));
    let listed: Vec<String> = listed.map(str::to_owned).collect();
    let key = key.or_else(|| listed.first().cloned().filter(|_| listed.len() == 1));
    let is_list = field.ty.as_ref().is_some_and(|ty| ty.text.starts_with("[]"));
    let Some(key) = key.filter(|key| key.chars().all(char::is_alphanumeric)) else { return why() };
    let agrees = listed.is_empty() || listed.contains(&key);
    let other = field.markers.iter().any(|marker| marker.starts_with("+listType=") && marker != "+listType=map");
    if strategy.as_deref() != Some("merge") || !is_list || !agrees || other {
        return why();
    }
    let mut wanted =
        vec![format!("+patchMergeKey={key}"), "+patchStrategy=merge".to_owned(), "+listType=map".to_owned()];
    wanted.extend(Some(format!("+listMapKey={key}")).filter(|_| listed.is_empty()));
    let others: Vec<String> = field.markers.iter().filter(|known| !wanted.contains(known)).cloned().collect();
    field.markers = wanted.into_iter().chain(others).collect();
    field.merge_key = Some(key);
    None
}

/// The field that words behind some others are about: the only one of the line, or the one that stands right before.
fn said_of<'f>(before: &[Word<'_>], fields: &'f mut [&mut ApiField]) -> Option<&'f mut ApiField> {
    if let [only] = fields {
        return Some(only);
    }
    let last = before.iter().rev().find(|word| word.piece == Piece::Code)?;
    let name = last.text.split_once(' ').map_or(last.text, |(name, _)| name);
    let mut own = fields.iter_mut().filter(|field| field.name == name);
    own.next().filter(|_| own.next().is_none()).map(|field| &mut **field)
}

/// "at most 8", "between 1 and 9": markers of a field whose type has such bounds; how many words say it.
fn bounded(words: &[Word<'_>], at: usize, field: &mut ApiField) -> Option<usize> {
    let said = |at: usize, known: &[&str]| words.get(at).is_some_and(|word| word.is(known));
    let number = |at: usize| words.get(at).and_then(|word| word.text.parse::<i64>().ok());
    let (bounds, length) = if said(at, &["at"]) && said(at + 1, &["least"]) {
        (vec![("Min", number(at + 2)?)], 3)
    } else if said(at, &["at"]) && said(at + 1, &["most"]) {
        (vec![("Max", number(at + 2)?)], 3)
    } else if said(at, &["minimum", "min", "maximum", "max"]) {
        let skipped = (at + 1..at + 3)
            .take_while(|at| said(*at, &["of", "is", "value"]) || words.get(*at).is_some_and(|word| word.is_mark(":")))
            .count();
        let bound = if said(at, &["minimum", "min"]) { "Min" } else { "Max" };
        (vec![(bound, number(at + 1 + skipped)?)], 2 + skipped)
    } else if said(at, &["between"]) && said(at + 2, &["and"]) || said(at, &["from"]) && said(at + 2, &["to"]) {
        (vec![("Min", number(at + 1)?), ("Max", number(at + 3)?)], 4)
    } else if said(at, &["non-negative", "nonnegative"]) {
        (vec![("Min", 0)], 1)
    } else {
        return None;
    };
    let ty = field.ty.as_ref()?.text.trim_start_matches('*');
    let is_number = ty.trim_start_matches('u').starts_with("int");
    // "from 1 to 9 are allowed"
    let allowed = said(at + length, &["is", "are"]) && said(at + length + 1, &["allowed", "accepted", "valid"]);
    let length = length + if allowed { 2 } else { 0 };
    // What is counted, where it is not the value itself.
    let next = words.get(at + length).filter(|word| word.piece == Piece::Prose);
    let (suffix, counted) = match next {
        Some(word) if ty.starts_with("[]") && word.is(&["items", "item", "entries", "elements"]) => ("Items", 1),
        Some(word) if ty == "string" && word.is(&["characters", "chars", "bytes"]) => ("Length", 1),
        Some(word)
            if !word.is(&["and", "or", "inclusive", "with", "default", "defaults", "defaulting", "to", "in"]) =>
        {
            return None;
        }
        _ if is_number => ("imum", 0),
        _ => return None,
    };
    for (bound, value) in bounds {
        let marker = format!("+kubebuilder:validation:{bound}{suffix}={value}");
        if !field.markers.contains(&marker) {
            field.markers.push(marker);
        }
    }
    Some(length + counted)
}

/// "; default 300": the default of a field in a clause of its own.
fn defaulted(words: &[Word<'_>], at: usize, field: &mut ApiField) -> Option<usize> {
    if field.default.is_some() || !stands_apart(words, at) {
        return None;
    }
    let skipped = words[at + 1..].iter().take_while(|word| word.is(&["to", "is", "value", "of"])).count();
    let value = words.get(at + 1 + skipped).filter(|word| word.piece != Piece::Mark)?;
    let is_end = words.get(at + 2 + skipped).is_none_or(|word| word.piece == Piece::Mark);
    let plain = value.text.len() <= 60 && value.text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.\"".contains(c));
    (is_end && plain).then(|| {
        field.default = Some(value.text.trim_matches('"').to_owned());
        2 + skipped
    })
}

/// Whether the word "default" begins a clause here.
fn stands_apart(words: &[Word<'_>], at: usize) -> bool {
    let begins = at > 0 && [";", "."].iter().any(|mark| words[at - 1].is_mark(mark));
    begins && words[at].is(&["default", "defaults", "defaulting"])
}

/// Why a line that asks for a field asks for more than the field, apart from the words that are read and those that
/// its comment has.
fn unread(text: &str, words: &[Word<'_>], read: &[usize], is_told: impl Fn(&Word<'_>) -> bool) -> Vec<String> {
    const WORK: &[&str] = &[
        "reject",
        "rejects",
        "refuse",
        "refuses",
        "deny",
        "denies",
        "validate",
        "validates",
        "enforce",
        "enforces",
        "check",
        "checks",
        "verify",
        "verifies",
        "propagate",
        "propagates",
        "wire",
        "honor",
        "honour",
        "log",
        "emit",
        "call",
    ];
    const ADMISSION: &[&str] = &["webhook", "webhooks", "admitter", "admitters", "mutator", "mutators"];
    const REASONS: &[&str] = &["so", "because", "since", "as", "like", "see"];
    let prose = |at: usize| words.get(at).filter(|word| word.piece == Piece::Prose);
    let said = |at: usize, known: &[&str]| prose(at).is_some_and(|word| word.is(known));
    let number = |at: usize| {
        words.get(at).is_some_and(|word| word.text.trim_start_matches('-').starts_with(|c: char| c.is_ascii_digit()))
    };
    let bound = |at: usize| {
        said(at, &["minimum", "maximum", "min", "max"]) && (1..4).any(|next| number(at + next))
            || said(at, &["greater", "less", "larger", "smaller", "more", "fewer", "higher", "lower"])
                && said(at + 1, &["than"])
            || said(at, &["at"]) && said(at + 1, &["least", "most"]) && number(at + 2)
            || said(at, &["between"]) && number(at + 1)
            || said(at, &["from"]) && number(at + 1) && said(at + 2, &["to"]) && number(at + 3)
            || said(at, &["immutable", "non-negative", "nonnegative", "non-empty"])
            || said(at, &["must", "should"])
                && said(at + 1, &["be"])
                && said(at + 2, &["positive", "negative", "unique", "one"])
    };
    let mark = |at: usize, marks: &[&str]| marks.iter().any(|mark| words[at].is_mark(mark));
    // "matching `^a$`", "allowed values are …", "the same marker"
    let rule = |at: usize| {
        let is_code = |at: usize| words.get(at).is_some_and(|word| word.piece == Piece::Code && is_pattern(word));
        said(at, PATTERNS) && (1..4).any(|next| is_code(at + next))
            || words[at].piece == Piece::Code && words[at].text.starts_with('^')
            || said(at, &["valid", "allowed", "accepted", "permitted"]) && said(at + 1, &["values"])
            || said(at, &["one"]) && said(at + 1, &["of"]) && (mark_or_code(words, at + 2))
            || said(at, &["same"]) && (1..4).any(|next| said(at + next, &["marker", "markers", "validation"]))
    };
    // "and reject …", "; the webhook sets it"
    let work = |at: usize| {
        let begins = at > 0 && (mark(at - 1, &[",", ";", "."]) || said(at - 1, &["and", "then", "also"]));
        let from = words[..at].iter().rposition(|word| word.is_mark(";") || word.is_mark(".")).map_or(0, |end| end + 1);
        let reason = words[from..at].iter().any(|word| word.is(REASONS));
        !reason && (begins && said(at, WORK) || said(at, ADMISSION))
    };
    let mut left = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let asks = bound(at) || stands_apart(words, at) || !is_told(&words[at]) && (rule(at) || work(at));
        if read.contains(&at) || !asks {
            at += 1;
            continue;
        }
        // The rest of its clause.
        let clause =
            words[..at].iter().rposition(|word| word.is_mark(";") || word.is_mark(".")).map_or(0, |end| end + 1);
        let from = if said(at, ADMISSION) { clause.max(at.saturating_sub(2)) } else { at };
        let rest = words[at..].iter().take_while(|word| !word.is_mark(";") && !word.is_mark(")")).take(7);
        let rest: Vec<&Word<'_>> = rest.collect();
        let ticks = |word: &Word<'_>| usize::from(word.piece == Piece::Code);
        let end = rest.last().map_or(words[at].at, |word| word.at + word.text.len() + ticks(word));
        let what = if work(at) { "which is more than a field" } else { "which goes into no marker" };
        left.push(format!("it says \"{}\", {what}", text[words[from].at..end].trim_end_matches('.')));
        at += rest.len().max(1);
    }
    left
}

fn mark_or_code(words: &[Word<'_>], at: usize) -> bool {
    words.get(at).is_some_and(|word| word.piece != Piece::Prose)
}

#[cfg(test)]
mod tests {
    use super::super::values::without_values;
    use super::take;
    use crate::demand::{ApiDemand, ApiField, api};

    fn field(text: &str) -> (ApiField, Option<String>) {
        let (plain, values) = without_values("task", text);
        let mut demands = api("task", &plain).demands;
        let left = take(&plain, values, &mut demands);
        let [ApiDemand::Field(field)] = demands.as_slice() else { panic!("{text}: {demands:?}") };
        (field.clone(), left.into_iter().next())
    }

    #[test]
    fn what_no_marker_holds_is_named() {
        for text in [
            "Add optional field `Rpm *int32` to `Spec`, must be greater than 0",
            "Add field `Rpm *resource.Quantity` to `Spec` (minimum of 5)",
            "Add field `Rpm int32` to `Spec`, at most 5 minutes",
            "Add field `Name string` to `Spec`. It is immutable.",
            "Add field `Names []string` to `Spec`: at most 300",
            "Add optional field `Rpm *int32` to `Spec`, default 300",
            "Add `Rpm *int32` to `Spec` and reject negative values in the webhook",
            "Add `Rpm *int32` to `Spec`; the mutating webhook sets it to 5",
            "Add `Rpm *int32` to `Spec`, matching `^[0-9]$`",
            "Add `Mode *Mode` to `Spec`, same enum marker, optional",
            "Add `Fans []Fan` to `Spec` with patchStrategy merge",
        ] {
            assert!(field(text).1.is_some(), "{text}");
        }
        for text in [
            "Add optional field `MaxRpm *int32` to `Spec`, `+kubebuilder:validation:Minimum=1`",
            "Add optional field `Rpm *int32` to `Spec`, default 0",
            "Add optional field `Rpm *int32` to `Spec`, default 5, `+kubebuilder:default=5`",
            "Add `Rpm *int32` to `Spec` - checked by the webhook of the fans",
            "Add the field `Between bool` to `Spec` which says how the fan must turn",
            "Add field `Rpm int32` to `Spec`, the maximum of all fans",
        ] {
            assert_eq!(field(text).1, None, "{text}");
        }
    }

    #[test]
    fn bounds_in_words_are_markers() {
        for (text, markers) in [
            ("Add field `Rpm int32` to `Spec` (minimum of 5)", "Minimum=5"),
            ("Add field `Rpm *uint32` to `Spec`, between 1 and 9", "Minimum=1 Maximum=9"),
            ("Add field `Rpm int32` to `Spec`: at most 300", "Maximum=300"),
            ("Add field `Names []string` to `Spec`, at most 8 items", "MaxItems=8"),
            ("Add field `Name string` to `Spec` (at most 63 characters)", "MaxLength=63"),
        ] {
            let (field, why) = field(text);
            let markers: Vec<String> =
                markers.split(' ').map(|marker| format!("+kubebuilder:validation:{marker}")).collect();
            assert_eq!((field.markers, why), (markers, None), "{text}");
        }
        let (field, why) = field("Add optional field `Rpm *int32` to `Spec`; default 300");
        assert_eq!(field.default.as_deref(), Some("300"));
        assert!(why.is_some_and(|why| why.contains("default to 300")));
    }

    #[test]
    fn values_and_patterns_in_words_are_markers() {
        for (text, marker) in [
            ("Add `Mode string` to `Spec`, matching `^[a-z]+$`", "Pattern=`^[a-z]+$`"),
            ("Add `Mode *string` to `Spec` (regex: `^[a-z]+$`)", "Pattern=`^[a-z]+$`"),
            ("Add `Mode *string` to `Spec`; valid values are `low` and `high`", "Enum=low;high"),
            ("Add `Mode *string` to `Spec`, one of `low`, `mid`, `high`, default ``", "Enum=low;mid;high"),
            ("Extend `Spec`: `Mode *string`, enum of gzip, zstd", "Enum=gzip;zstd"),
        ] {
            let (field, why) = field(text);
            assert_eq!((field.markers, why), (vec![format!("+kubebuilder:validation:{marker}")], None), "{text}");
        }
        let (field, why) =
            field("Add `Fans []Fan` to `Spec` with `patchStrategy:\"merge\"` and `patchMergeKey:\"name\"`");
        let markers = ["+patchMergeKey=name", "+patchStrategy=merge", "+listType=map", "+listMapKey=name"];
        assert_eq!((field.markers, why), (markers.map(str::to_owned).to_vec(), None));
        assert_eq!(field.merge_key.as_deref(), Some("name"));
    }
}
