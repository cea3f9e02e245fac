//! Types of strings whose values are listed: behind a colon, or below their line.

use super::asked::Asked;
use crate::demand::{ApiConstant, ApiDemand, ApiEnum, ApiReading, api, equal_within, words};
use crate::kinds::component::verb_form;
use crate::kinds::sentence::comment;
use crate::name::{is_go_identifier, pascal};
use crate::plan::{Key, PlannedTask, TaskLine};
use crate::text::unquoted;

/// A type with the values that its line lists behind a colon, each maybe with what it means: "Type `Mode` (string):
/// `ModeOff = "off"`, turns it off; …". Nothing if the line was read without that.
pub(super) fn enum_with_values(key: &str, text: &str, reading: &ApiReading) -> Option<ApiReading> {
    let read = match &reading.demands[..] {
        [ApiDemand::Enum(known)] => known.values.len(),
        _ => 0,
    };
    let listed = |mark: &str| {
        let (head, tail) = text.split_once(mark)?;
        let file = tail.rsplit_once(" in `").filter(|(_, file)| file.ends_with(".go`") && !file.contains(' '));
        let tail = file.map_or(tail, |(tail, _)| tail);
        let named = ["the values ", "values ", "the constants ", "constants ", "the value "];
        let tail = named.iter().find_map(|words| tail.strip_prefix(words)).unwrap_or(tail);
        let found = items(tail).into_iter().map(listed_value).collect::<Option<Vec<_>>>()?;
        // What is said of a value is not read without its list.
        let says_more = found.iter().any(|(_, said)| !said.is_empty());
        (says_more || reading.fault.is_some() || read < found.len()).then_some((head, found))
    };
    let (head, found) = listed(": ").or_else(|| listed(" with "))?;
    let mut whole = api(key, head);
    let [ApiDemand::Enum(known)] = &mut whole.demands[..] else { return None };
    if whole.fault.is_some() || known.extends || !known.values.is_empty() {
        return None;
    }
    for (value, said) in found {
        known.add(value, &said);
    }
    Some(whole)
}

/// The items of a list: between semicolons, or else commas and "and", that stand neither in quotes nor in parentheses.
fn items(list: &str) -> Vec<&str> {
    let list = list.trim().trim_end_matches('.');
    let split = |marks: &[&str]| {
        let (mut found, mut from, mut depth, mut quote) = (Vec::new(), 0, 0_usize, None);
        for (at, c) in list.char_indices() {
            match c {
                '"' | '`' if quote.is_none() => quote = Some(c),
                _ if quote == Some(c) => quote = None,
                _ if quote.is_some() => {}
                '(' => depth += 1,
                ')' => depth = depth.saturating_sub(1),
                _ if depth > 0 || at < from => {}
                _ => {
                    let mark = marks.iter().find(|mark| list[at..].starts_with(**mark));
                    // "First (…) and Second": both are values.
                    let ends = list[from..at].ends_with([')', '`', '"']) || !list[from..at].trim().contains(' ');
                    let joint = [" and ", " or "].iter().find(|joint| list[at..].starts_with(**joint));
                    let joint = joint.filter(|joint| {
                        ends && list[at + joint.len()..].starts_with(|c: char| c.is_ascii_uppercase() || c == '"')
                    });
                    if let Some(mark) = mark {
                        found.push(&list[from..at]);
                        from = at + mark.trim_end_matches('`').len();
                    } else if let Some(joint) = joint.filter(|_| marks.contains(&", ")) {
                        found.push(&list[from..at]);
                        from = at + joint.len();
                    }
                }
            }
        }
        found.push(&list[from..]);
        found
    };
    let parts = split(&["; and ", "; "]);
    if parts.len() > 1 { parts } else { split(&[", and ", ", or ", ", ", " and `", " or `"]) }
}

/// Gives a type without values those that the items below it are: "- `Abort`".
pub(super) fn values_below(task: &PlannedTask, asked: &mut Asked) {
    let Some((at, (line, _))) =
        asked.demands.iter().enumerate().find(
            |(_, (_, demand))| matches!(demand, ApiDemand::Enum(known) if known.values.is_empty() && !known.extends),
        )
    else {
        return;
    };
    // "Values: First, Second", or items. What has another key says something of the type.
    let behind = task.details.iter().filter(|one| one.line > *line);
    let is_header = |one: &&TaskLine| {
        one.key == Key::Other("values".to_owned()) || one.key == Key::Constants && one.text.is_empty()
    };
    let listed = behind.clone().find(is_header);
    let below: Vec<_> = match listed {
        Some(list) if !list.text.trim().is_empty() => {
            let text = equal_within(&list.text);
            items(&text).into_iter().map_while(|item| Some((list.line, listed_value(item)?))).collect()
        }
        _ => {
            let items = behind.filter(|one| one.is_item && one.key == Key::Prose);
            items.map_while(|one| Some((one.line, listed_value(&one.text)?))).collect()
        }
    };
    let is_full = listed.is_none_or(|list| list.text.trim().is_empty() || items(&list.text).len() == below.len());
    // One item alone may say anything, but a constant with its string is a value.
    let is_sure = matches!(&below[..], [(_, ((Some(_), _), _))]) && asked.demands.len() == 1 || below.len() > 1;
    if !is_sure || !is_full {
        return constants_below(asked, at);
    }
    if let Some((_, ApiDemand::Enum(known))) = asked.demands.get_mut(at) {
        for (_, (value, said)) in &below {
            known.add(value.clone(), said);
        }
        let name = known.name.clone();
        let mut lines: Vec<usize> = below.iter().map(|(line, _)| *line).chain(listed.map(|list| list.line)).collect();
        lines.dedup();
        asked.demands.retain(|(line, demand)| !lines.contains(line) || !matches!(demand, ApiDemand::Constant(_)));
        asked.faults.retain(|(line, _)| !lines.contains(line));
        asked.notes.extend(lines.into_iter().map(|line| (line, name.clone())));
    }
}

impl ApiEnum {
    /// Adds a value of a list, and what the list says of it, which stands above its constant.
    fn add(&mut self, (constant, string): (Option<String>, String), said: &str) {
        let own = constant.clone().unwrap_or_else(|| string.clone());
        let (first, rest) = said.split_once(' ').unwrap_or((said, ""));
        let is_verb =
            matches!(first, "is" | "means" | "has" | "are") || verb_form(first, rest).as_deref() == Some(first);
        let begins = said.strip_prefix(&own).is_some_and(|rest| rest.starts_with([' ', ',']));
        let is_noun = matches!(first, "the" | "a" | "an");
        let text = match () {
            () if said == "default" => format!("{own} is the default."),
            () if is_noun => format!("{own} is {said}."),
            () if begins => format!("{said}."),
            () if is_verb => format!("{own} {said}."),
            () => format!("{own}: {said}."),
        };
        self.value_docs.extend(Some((own, text.replace('`', ""))).filter(|_| !said.is_empty()));
        self.values.push((constant, string));
    }
}

/// A value of a list, the constant that stands for it if the item names it, and what the item says of it: "`Abort`: …",
/// "`PolicyAbort` ("Abort")", "`PolicyAbort = "Abort"`", "Abort - …".
fn listed_value(item: &str) -> Option<((Option<String>, String), String)> {
    let is_plain =
        |code: &str| code.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c)) && !code.is_empty();
    let item = item.trim().replace("**", "");
    let (code, rest) = match item.strip_prefix('`') {
        Some(rest) => rest.split_once('`')?,
        None => item.split_at(item.find([' ', ':', ',', ';', '=']).unwrap_or(item.len())),
    };
    let string = |text: &str| text.trim().strip_prefix('"')?.strip_suffix('"').map(str::to_owned);
    // `PolicyFirst Policy = "First"`
    let (code, beside, rest) = match (code.split_once('='), constant_beside(code, rest)) {
        (Some((name, value)), _) => (name.split_whitespace().next()?.to_owned(), Some(string(value)?), rest.to_owned()),
        (None, Some((name, rest))) => (name, Some(code.trim_matches('"').to_owned()), rest.to_owned()),
        (None, None) => match beside(rest) {
            Some((value, rest)) if is_go_identifier(code) => (code.to_owned(), Some(value), rest),
            _ => (code.to_owned(), None, rest.to_owned()),
        },
    };
    let (code, rest) = (code.as_str(), rest.as_str());
    let is_end = rest.is_empty()
        || rest.starts_with([':', ',', ';', '.'])
        || [" -", " –", " —", " (", " is "].iter().any(|mark| rest.starts_with(mark));
    let said = rest.trim_start_matches([':', ',', ';', '-', '–', '—', ' ']).trim();
    let aside = said.strip_prefix('(').and_then(|said| said.strip_suffix(')'));
    // Code in parentheses is more than what is said of a value; a sentence in quotes is that.
    let is_sentence = |aside: &str| unquoted(aside) != aside && aside.contains(' ') && !aside.contains('`');
    let is_said = beside.is_some() && aside.is_some_and(is_sentence);
    if rest.starts_with(" (") && rest.contains(['"', '`']) && !is_said {
        return None;
    }
    let said =
        unquoted(aside.filter(|said| !said.contains(['(', ')'])).unwrap_or(said)).trim_end_matches('.').to_owned();
    // Without backticks a value looks like one: it is no word of a sentence.
    let bare = item.starts_with('`') || item.starts_with('"') || code.starts_with(|c: char| c.is_ascii_uppercase());
    let read = match (beside, string(code)) {
        (Some(value), _) => (Some(code.to_owned()).filter(|code| is_go_identifier(code))?.into(), value),
        (None, Some(value)) => (None, value),
        (None, None) => (None, code.to_owned()),
    };
    (is_plain(&read.1) && is_end && bare).then_some((read, said))
}

/// The string that stands behind the name of a constant, and what follows it: ` ("First")`, ` = "First"`, `: "First"`.
fn beside(rest: &str) -> Option<(String, String)> {
    let (open, is_aside) = match rest.strip_prefix(" (") {
        Some(inside) => (inside, true),
        None => ([" = ", " → ", " -> ", ": "].iter().find_map(|mark| rest.strip_prefix(mark))?, false),
    };
    let (value, rest) = match open.trim_start_matches('`').strip_prefix('"') {
        Some(quoted) => quoted.split_once('"')?,
        None => open.strip_prefix('`')?.split_once('`')?,
    };
    let rest = rest.trim_start_matches('`');
    if !is_aside {
        return Some((value.to_owned(), rest.to_owned()));
    }
    let (said, behind) = rest.split_once(')')?;
    // "("First", the default)": what follows the string is said of it.
    let said = said.trim_start_matches([',', ';', ':', '-', '–', '—', ' ']);
    let said = if said.is_empty() { String::new() } else { format!(": {said}") };
    Some((value.to_owned(), said + behind))
}

/// The constant that stands in parentheses behind its string, and what follows it: " (Go constant `PolicyFirst`)".
fn constant_beside<'r>(code: &str, rest: &'r str) -> Option<(String, &'r str)> {
    let inside = rest.strip_prefix(" (")?;
    let nouns = ["the Go constant ", "Go constant ", "the constant ", "constant ", "const "];
    let noun = nouns.iter().find_map(|noun| inside.strip_prefix(noun));
    let (name, behind) = noun.unwrap_or(inside).strip_prefix('`')?.split_once("`)")?;
    let is_longer = name.len() > code.len() && name.to_lowercase().ends_with(&pascal(code).to_lowercase());
    let is_sure = is_go_identifier(name) && name.starts_with(char::is_uppercase) && (noun.is_some() || is_longer);
    is_sure.then(|| (name.to_owned(), behind))
}

/// A constant of a type that a line names, and that is not among the values that were read of it.
pub(super) fn unread_constant(text: &str, reading: &ApiReading) -> Option<String> {
    let all = words(text);
    reading.demands.iter().find_map(|demand| {
        let ApiDemand::Enum(known) = demand else { return None };
        let is_named = |name: &str| known.values.iter().any(|(constant, _)| constant.as_deref() == Some(name));
        let lost = all.windows(2).find(|two| {
            let leads = two[0].is_mark("(") || two[0].is(&["constant", "constants", "const"]);
            let rest = two[1].text.strip_prefix(known.name.as_str()).filter(|_| !known.name.is_empty());
            let is_one = rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()));
            leads && is_one && is_go_identifier(two[1].text) && !is_named(two[1].text)
        })?;
        let name = lost[1].text;
        Some(format!("`{name}` is the name of a constant, and the line does not say which value it stands for"))
    })
}

/// Gives a type without values the constants below it that have no type of their own.
fn constants_below(asked: &mut Asked, at: usize) {
    let below: Vec<(usize, ApiConstant)> = asked.demands[at + 1..]
        .iter()
        .map_while(|(line, demand)| match demand {
            ApiDemand::Constant(one) if one.ty.is_none() && one.role.is_none() => Some((*line, one.clone())),
            _ => None,
        })
        .collect();
    let Some((line, ApiDemand::Enum(known))) = asked.demands.get_mut(at).filter(|_| below.len() > 1) else { return };
    asked.more.extend(below.iter().map(|(more, _)| (*more, *line)));
    let length = below.len();
    for (_, one) in below {
        let said = one.doc.0.map(|text| comment(&one.name, &text));
        known.value_docs.extend(one.comment.into_iter().chain(said).map(|text| (one.name.clone(), text)));
        known.values.push((Some(one.name), one.value.unwrap_or_default()));
    }
    asked.demands.drain(at + 1..=at + length);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_in_parentheses_may_have_words_behind_it() {
        let read =
            |item| listed_value(item).map(|((constant, string), said)| (constant.unwrap_or_default(), string, said));
        let of =
            |constant: &str, string: &str, said: &str| Some((constant.to_owned(), string.to_owned(), said.to_owned()));
        assert_eq!(read("`ModeOn` (\"On\", the default)"), of("ModeOn", "On", "the default"));
        assert_eq!(read("`ModeOn` (\"On\")"), of("ModeOn", "On", ""));
        assert_eq!(read("On (Go constant `ModeOn`)"), of("ModeOn", "On", ""));
        assert_eq!(read("`On` (`ModeOn`)"), of("ModeOn", "On", ""));
        assert_eq!(read("On (see `ModeOff`)"), None);
        assert_eq!(items("On (a, b) and Off (c)"), ["On (a, b)", "Off (c)"]);
        assert_eq!(items("`On`: it runs and Fans turn"), ["`On`: it runs and Fans turn"]);
    }
}
