//! Structs with their fields in braces: "`T` = { `A string` as `a`, … }", and "`T` {a, b}" above a line for each field.

use super::parts::{Fact, is_type, items, without_file};
use super::{Lines, Plain};
use crate::demand::quoted_comment;
use crate::kinds::sentence::comment;
use crate::name::is_go_identifier;
use crate::plan::{Key, PlannedTask, TaskLine};

/// "declare `T` = { `A string` as `a`, `B *int32` as `b` }; all but the first are optional".
pub(super) fn plain(text: &str) -> Option<Vec<Plain>> {
    let text = without_file(text);
    let (name, inside, behind) = parted(&text)?;
    let mut fields = Vec::new();
    for item in items(inside) {
        let (code, beside) = item.strip_prefix('`')?.split_once('`')?;
        let (name, ty) = code.split_once(' ').filter(|(_, ty)| is_type(ty))?;
        let mut fact = Fact { name: name.to_owned(), ty: Some(ty.to_owned()), ..Fact::default() };
        let beside = beside.trim();
        let json = ["as `", "→ `", "-> `"].iter().find_map(|lead| beside.strip_prefix(lead)?.strip_suffix('`'));
        match json {
            Some(json) => fact.take(&format!("json {json}"))?,
            None => fact.take(beside)?,
        }
        fields.push(fact);
    }
    for clause in items(behind) {
        of_all(clause, &mut fields)?;
    }
    let head = (Key::Struct, format!("`{name}`"));
    let fields = fields.iter().map(|fact| fact.plain(Some(name))).collect::<Option<Vec<_>>>()?;
    (!fields.is_empty()).then(|| std::iter::once(head).chain(fields.into_iter().flatten()).collect())
}

/// The struct, what stands in its braces, and what stands behind them.
fn parted(text: &str) -> Option<(&str, &str, &str)> {
    let (front, rest) = text.split_once('{')?;
    let (inside, behind) = rest.split_once('}')?;
    let front = front.trim_end().trim_end_matches('=').trim_end();
    let (lead, name) = front.strip_suffix('`')?.rsplit_once('`')?;
    let is_plain = |word: &str| {
        let word = word.to_lowercase();
        matches!(
            &*word,
            "add"
                | "declare"
                | "define"
                | "introduce"
                | "create"
                | "a"
                | "the"
                | "new"
                | "struct"
                | "type"
                | "api"
                | ""
        )
    };
    let sound = is_go_identifier(name) && name.starts_with(char::is_uppercase) && lead.split(' ').all(is_plain);
    // "… } in `x/types.go`; all are optional"
    let placed = behind.trim_start().strip_prefix("in `").and_then(|rest| rest.split_once('`'));
    let behind = placed.filter(|(file, _)| file.ends_with(".go")).map_or(behind, |(_, behind)| behind);
    sound.then_some((name, inside.trim(), behind.trim_start_matches([';', ',', '.', ' '])))
}

/// "all but the first are optional", "all are omitted when empty": of fields.
fn of_all(clause: &str, fields: &mut [Fact]) -> Option<()> {
    let clause = clause.trim().trim_start_matches("and ").to_lowercase();
    let rest = ["all ", "both "].iter().find_map(|lead| clause.strip_prefix(lead))?;
    let (but, said) = match rest.strip_prefix("but the first ") {
        Some(said) => (1, said),
        None => (0, rest),
    };
    let said = said.trim_start_matches("of them ").trim_start_matches("are ");
    let is_known = matches!(said, "optional" | "required" | "omitempty" | "omitted when empty" | "left out when empty");
    is_known.then_some(())?;
    // What is not optional is required.
    let others = fields.iter_mut().take(if said == "optional" { but } else { 0 });
    others.into_iter().try_for_each(|fact| fact.part("required"))?;
    fields.iter_mut().skip(but).try_for_each(|fact| fact.part(said))
}

/// "`T` {a, b}, both required" above "Go: `A string`, documented as "…"" for each field.
pub(super) fn lines(task: &PlannedTask) -> Option<Lines> {
    let title = without_file(&task.title);
    let (name, inside, behind) = parted(&title)?;
    let names = items(inside);
    let is_json = |name: &&str| name.starts_with(|c: char| c.is_ascii_lowercase()) && is_go_identifier(name);
    (!names.is_empty() && names.iter().all(|name| is_json(&name.trim_matches('`')))).then_some(())?;
    let mut fields: Vec<(Fact, usize)> = Vec::new();
    let mut said = None;
    for line in &task.details {
        let quoted = quoted_comment(&line.text);
        let text = quoted.as_ref().map_or(line.text.as_str(), |quoted| quoted.rest.as_str()).trim();
        if line.key == Key::Other("go".to_owned()) {
            let (code, rest) = text.strip_prefix('`')?.split_once('`')?;
            let (name, ty) = code.split_once(' ').filter(|(_, ty)| is_type(ty))?;
            let json = names.iter().map(|json| json.trim_matches('`')).find(|json| json.eq_ignore_ascii_case(name))?;
            let mut fact =
                Fact { name: name.to_owned(), ty: Some(ty.to_owned()), json: Some(json.to_owned()), ..Fact::default() };
            fact.take(rest)?;
            fact.comment = quoted.map(|quoted| quoted.text);
            fields.push((fact, line.line));
        } else if text.to_lowercase().starts_with("the struct itself is") && quoted.is_some() && said.is_none() {
            said = quoted.map(|quoted| (quoted.text, line.line));
        } else if line.key != Key::File {
            return None;
        }
    }
    (fields.len() == names.len()).then_some(())?;
    let mut facts: Vec<Fact> = Vec::new();
    let lines: Vec<usize> = fields.iter().map(|(_, line)| *line).collect();
    facts.extend(fields.into_iter().map(|(fact, _)| fact));
    for clause in items(behind).into_iter().filter(|clause| !is_of_json(clause)) {
        of_all(clause, &mut facts)?;
    }
    let mut details = vec![TaskLine { key: Key::Struct, text: format!("`{name}`"), line: task.line, is_item: true }];
    if let Some((said, line)) = said {
        details.push(TaskLine {
            key: Key::Comment,
            text: format!("`{name}` {}", comment(name, &said)),
            line,
            is_item: true,
        });
    }
    for (fact, line) in facts.iter().zip(lines) {
        details.extend(fact.plain(Some(name))?.into_iter().map(|(key, text)| TaskLine {
            key,
            text,
            line,
            is_item: true,
        }));
    }
    Some((details, Vec::new()))
}

/// "both strings in JSON" says of types in Go nothing that they do not say.
fn is_of_json(clause: &str) -> bool {
    matches!(clause.trim_start_matches("all ").trim_start_matches("both "), "strings in JSON" | "strings" | "in JSON")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_in_braces_are_those_of_a_struct() {
        let shown = |text| {
            let found = plain(text).unwrap_or_default();
            found.into_iter().map(|(key, text)| format!("{key}: {text}")).collect::<Vec<_>>().join(" | ")
        };
        assert_eq!(
            shown(
                "In `x/types.go`, declare `Fan` = { `Name string` as `name`, `Rpm *int32` as `rpm` }; all but the first are optional, and all are omitted when empty."
            ),
            "struct: `Fan` | field: `Name string` (required, json `name,omitempty`) | field: `Rpm *int32` (optional, json `rpm,omitempty`)"
        );
        for text in [
            "`Fan` = { `Name string` as `name` }; the webhook sets it",
            "Read `Fan` { `Name string` }",
            "`Fan` = { name }",
        ] {
            assert_eq!(shown(text), "", "{text}");
        }
    }
}
