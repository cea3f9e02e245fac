//! Tables below a task about Go code, as the lines that would ask for the same: a row is a field, a constant or a value.

use super::{below, table_rows};
use crate::demand::words;
use crate::go::TypeText;
use crate::kinds::{comment, is_api_file};
use crate::name::{is_go_identifier, is_keyword};
use crate::plan::{Key, OF_CASES, TaskLine, is_test_file};
use crate::task::{Line, LineKind, Task, TaskFile};

/// What a column says of its rows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Column {
    Field,
    Constant,
    Name,
    Type,
    Json,
    Tag,
    Struct,
    Optional,
    Required,
    Default,
    Markers,
    Value,
    After,
    Before,
    Text,
}

/// The words that stand above columns.
const HEADS: &[(Column, &[&str])] = &[
    (Column::Field, &["field", "fields", "field name", "go field", "new field"]),
    (Column::Constant, &["constant", "constants", "const", "go constant", "constant name", "identifier"]),
    (Column::Name, &["name", "go name", "go"]),
    (Column::Type, &["type", "go type", "field type"]),
    (Column::Json, &["json", "json name", "json key", "json tag", "json field", "yaml"]),
    (Column::Tag, &["tag", "struct tag", "tags", "xml", "xml tag"]),
    (Column::Struct, &["struct", "parent", "parent struct", "in struct", "owner"]),
    (Column::Optional, &["optional", "optional?"]),
    (Column::Required, &["required", "required?"]),
    (Column::Default, &["default", "default value", "defaults"]),
    (Column::Markers, &["marker", "markers"]),
    (Column::After, &["after", "behind", "below"]),
    (Column::Before, &["before", "above"]),
    (Column::Value, &["value", "values", "string", "key"]),
    (
        Column::Text,
        &[
            "description",
            "comment",
            "comments",
            "meaning",
            "purpose",
            "notes",
            "note",
            "semantics",
            "details",
            "doc",
            "what",
            "used for",
            "explanation",
            "why",
        ],
    ),
];

/// What the tables below a task say. A table of which not all is understood says nothing.
pub(super) fn lines(file: &TaskFile, task: &Task) -> Vec<TaskLine> {
    if !task.paths.is_empty() && task.paths.iter().all(|path| is_test_file(&path.text)) {
        return specs(file, task);
    }
    let is_go = |path: &str| path.ends_with(".go") && !path.ends_with("_test.go") && !path.starts_with("tests/");
    if !task.paths.iter().any(|path| is_go(&path.text)) {
        return Vec::new();
    }
    let is_api = task.paths.iter().any(|path| is_api_file(&path.text));
    let text = file.text();
    let below = below::lines(file, task).into_iter();
    let below: Vec<(usize, LineKind, &str)> =
        below.map(|(number, line)| (number, line.kind, line.span.of(text).trim())).collect();
    let tables = below.chunk_by(|one, other| (one.1 == LineKind::Table) == (other.1 == LineKind::Table));
    let tables = tables.filter(|lines| lines[0].1 == LineKind::Table);
    tables
        .filter_map(|lines| {
            let rows: Vec<(usize, Vec<String>)> = lines.iter().map(|(line, _, text)| (*line, cells(text))).collect();
            let go = task.paths.iter().map(|path| path.text.as_str()).find(|path| is_go(path))?;
            let apart = || {
                let [(_, heads), _, body @ ..] = rows.as_slice() else { return None };
                is_whole(&rows).then(|| table_rows::lines(go, heads, body))?
            };
            table(&rows, is_api, said(&task.title.text)).or_else(apart)
        })
        .flatten()
        .collect()
}

/// What the tables below a task of tests say: the texts of specs, where a column is called so; else that they are there.
fn specs(file: &TaskFile, task: &Task) -> Vec<TaskLine> {
    const TEXTS: &[&str] = &["spec", "specs", "test", "tests", "it", "text", "spec text", "should", "description"];
    const NUMBERS: &[&str] = &["#", "id", "no", "no.", "nr", "number"];
    const CONTAINERS: &[&str] = &["context", "describe", "when", "container"];
    let text = file.text();
    let below = below::lines(file, task);
    let tables = below.chunk_by(|one, other| (one.1.kind == LineKind::Table) == (other.1.kind == LineKind::Table));
    let mut found = Vec::new();
    for table in tables.filter(|lines| lines[0].1.kind == LineKind::Table) {
        let rows: Vec<(usize, Vec<String>)> =
            table.iter().map(|(at, line)| (*at, cells(line.span.of(text).trim()))).collect();
        let [(first, heads), _, rows @ ..] = rows.as_slice() else { continue };
        let heads: Vec<String> = heads.iter().map(|head| head.trim_matches(['*', '`', '_']).to_lowercase()).collect();
        let of = |names: &[&str]| heads.iter().position(|head| names.contains(&head.as_str()));
        let known = |head: &String| [TEXTS, NUMBERS, CONTAINERS].iter().any(|names| names.contains(&head.as_str()));
        let is_whole = rows.iter().all(|(_, cells)| cells.len() == heads.len()) && heads.iter().all(known);
        let Some(spec) = of(TEXTS).filter(|_| is_whole) else {
            let (key, text) = (Key::Other(OF_CASES.to_owned()), heads.join(" | "));
            found.push(TaskLine { key, text, line: *first, is_item: true });
            continue;
        };
        let container = of(CONTAINERS);
        found.extend(rows.iter().map(|(line, cells)| {
            let call = |at: usize| format!("{}{}", heads[at][..1].to_uppercase(), &heads[at][1..]);
            let within = container.map(|at| format!("{} \"{}\": ", call(at), cells[at].trim_matches(['`', '"'])));
            let text = format!("{}{}", within.unwrap_or_default(), cells[spec]);
            TaskLine { key: Key::Test, text, line: *line, is_item: true }
        }));
    }
    found
}

/// The rows of the tables that stand behind the lines of a task and belong to it.
pub(super) fn rows_behind(file: &TaskFile, task: &Task) -> Vec<usize> {
    let text = file.text();
    let is_row = |line: &str| line.contains(char::is_alphanumeric);
    let below = below::lines(file, task).into_iter().filter(|(_, line)| line.span.start >= task.body.end);
    let tables: Vec<(usize, &str)> =
        below.filter(|(_, line)| line.kind == LineKind::Table).map(|(at, line)| (at, line.span.of(text))).collect();
    let heads = tables.windows(2).filter(|two| !is_row(two[1].1)).map(|two| two[0].0).collect::<Vec<_>>();
    tables.into_iter().filter(|(at, row)| is_row(row) && !heads.contains(at)).map(|(at, _)| at).collect()
}

/// The first row of a table below a task that names a Go file: its number.
pub(super) fn row_with_file(file: &TaskFile, task: &Task) -> Option<usize> {
    let next = file.tasks.partition_point(|other| other.span.start <= task.span.start);
    let end = file.tasks.get(next).map_or(usize::MAX, |next| next.span.start);
    let first = file.lines.partition_point(|line| line.span.start <= task.span.start);
    let is_below = |line: &&Line| line.span.start < end && !matches!(line.kind, LineKind::Heading(_));
    let mut below = (first..).zip(file.lines[first..].iter().take_while(is_below));
    let names = |text: &str| cells(text.trim()).iter().any(|cell| cell.trim_matches('`').ends_with(".go"));
    below.find(|(_, line)| line.kind == LineKind::Table && names(line.span.of(file.text()))).map(|(at, _)| at + 1)
}

/// The cells of a row. A bar within backticks or behind a backslash is text.
fn cells(row: &str) -> Vec<String> {
    let inner = row.trim_matches('|');
    let mut found = vec![String::new()];
    let mut in_code = false;
    let mut is_escaped = false;
    for c in inner.chars() {
        match c {
            '|' if !in_code && !is_escaped => found.push(String::new()),
            _ => {
                in_code ^= c == '`';
                let last = found.len() - 1;
                found[last].push(c);
            }
        }
        is_escaped = c == '\\';
    }
    found.into_iter().map(|cell| cell.replace("\\|", "|").trim().to_owned()).collect()
}

/// Whether a table has heads, a rule below them, and rows with as many cells.
fn is_whole(rows: &[(usize, Vec<String>)]) -> bool {
    let [(_, heads), (_, rule), rows @ ..] = rows else { return false };
    let is_rule = |cell: &String| !cell.is_empty() && cell.chars().all(|c| matches!(c, '-' | ':' | ' '));
    let is_like = |cells: &Vec<String>| cells.len() == heads.len();
    !rows.is_empty() && is_like(rule) && rule.iter().all(is_rule) && rows.iter().all(|(_, cells)| is_like(cells))
}

/// What a title says of all the fields of a table: "Two new optional string fields".
fn said(title: &str) -> Said {
    let words: Vec<String> = words(title).iter().map(|word| word.text.to_lowercase()).collect();
    let at = words.iter().position(|word| word == "fields" || word == "field").unwrap_or(0);
    let before = &words[at.saturating_sub(4)..at];
    let is = |word: &str| before.iter().any(|known| known == word);
    let ty = ["string", "bool", "int32", "int64"].into_iter().find(|ty| is(ty));
    Said { ty, optional: is("optional"), is_apart: false }
}

#[derive(Clone, Copy)]
struct Said {
    ty: Option<&'static str>,
    optional: bool,
    /// What a row says of its field stands on a line of its own.
    is_apart: bool,
}

fn table(rows: &[(usize, Vec<String>)], is_api: bool, said: Said) -> Option<Vec<TaskLine>> {
    if !is_whole(rows) {
        return None;
    }
    let [(_, heads), _, rows @ ..] = rows else { return None };
    let column = |head: &String| {
        let head = head.trim_matches(['*', '`', '_']).to_lowercase();
        HEADS.iter().find(|(_, heads)| heads.contains(&head.as_str())).map(|(column, _)| *column)
    };
    let columns: Vec<Column> = heads.iter().map(column).collect::<Option<_>>()?;
    let twice = (0..columns.len()).any(|at| columns[..at].contains(&columns[at]));
    if twice {
        return None;
    }
    // Elsewhere, a name and a type may be those of a flag or of an argument.
    if !is_api && columns.contains(&Column::Name) {
        return None;
    }
    let is_comment = |head: &String| {
        let head = head.trim_matches(['*', '`', '_']).to_lowercase();
        ["comment", "comments", "doc", "godoc"].contains(&head.as_str())
    };
    let is_comment = is_api && heads.iter().any(is_comment);
    let of_row = |(line, cells): &(usize, Vec<String>)| {
        let row = Row { columns: &columns, cells, said, is_comment };
        let comment = row.comment().filter(|_| is_api);
        let row = Row { columns: &columns, cells, said: Said { is_apart: comment.is_some(), ..said }, is_comment };
        let own = std::iter::once(row.line(is_api)?);
        let lines = own.chain(comment.map(|text| (Key::Comment, text)));
        Some(lines.map(|(key, text)| TaskLine { key, text, line: *line, is_item: true }).collect::<Vec<_>>())
    };
    Some(rows.iter().map(of_row).collect::<Option<Vec<_>>>()?.into_iter().flatten().collect())
}

struct Row<'a> {
    columns: &'a [Column],
    cells: &'a [String],
    said: Said,
    /// A column states comments.
    is_comment: bool,
}

impl Row<'_> {
    /// What a column says, without backticks around all of it; nothing for an empty cell, or a dash.
    fn cell(&self, column: Column) -> Option<&str> {
        let at = self.columns.iter().position(|known| *known == column)?;
        let text = self.cells[at].as_str();
        let bare = text.strip_prefix('`').and_then(|text| text.strip_suffix('`')).filter(|text| !text.contains('`'));
        Some(bare.unwrap_or(text)).filter(|text| !matches!(*text, "" | "-" | "–" | "—" | "n/a"))
    }

    fn line(&self, is_api: bool) -> Option<(Key, String)> {
        let has = |column: Column| self.columns.contains(&column);
        let (stated, said) = self.stated();
        let about = said.filter(|_| !self.said.is_apart).map(|text| format!(" - {text}")).unwrap_or_default();
        let is_constant = has(Column::Constant) || has(Column::Name) && has(Column::Value);
        if has(Column::Value) && is_constant {
            return Some((Key::Constants, format!("`{}`{about}", self.constant()?)));
        }
        let is_value =
            has(Column::Value) && self.columns.iter().all(|known| matches!(known, Column::Value | Column::Text));
        if is_value && is_api {
            return Some((Key::Prose, format!("`{}`{about}", self.cell(Column::Value)?)));
        }
        let is_field = has(Column::Field) || has(Column::Name);
        (is_field && (has(Column::Type) || self.said.ty.is_some()) && !has(Column::Value)).then_some(())?;
        Some((Key::Field, self.field(is_api, stated)? + &about))
    }

    /// The comment that a row states of its field: ``Struct.Field` The number of …``. A description may say more.
    fn comment(&self) -> Option<String> {
        const FACTS: &[&str] =
            &["default", "one of", "enum", "immutable", "deprecated", "must", "atomic", "valid", "allowed", "pattern"];
        let text = self.stated().1?;
        let small = text.to_lowercase();
        let is_plain = !FACTS.iter().any(|fact| small.contains(fact)) && text.split(' ').count() > 2;
        let bounds = ["minimum ", "maximum ", "at least", "at most", "between", "up to"];
        let is_bound = bounds.iter().any(|word| small.contains(word)) && text.contains(|c: char| c.is_ascii_digit());
        let name = self.cell(Column::Field).or_else(|| self.cell(Column::Name))?;
        let is_field = self.columns.contains(&Column::Type) && !self.columns.contains(&Column::Value);
        let own = name.rsplit('.').next().unwrap_or(name);
        let target = match self.cell(Column::Struct).filter(|_| !name.contains('.')) {
            Some(owner) => format!("{owner}.{name}"),
            None => name.to_owned(),
        };
        let is_said = self.is_comment || is_plain && !is_bound;
        let is_one = is_field && is_said && !text.contains('`') && own.starts_with(char::is_uppercase);
        // A comment stands as it is.
        let is_whole = self.is_comment && text.starts_with(char::is_uppercase);
        let stated = || format!("{}.", text.trim_end_matches('.'));
        is_one.then(|| format!("`{target}` {}", if is_whole { stated() } else { comment(own, text) }))
    }

    /// What a description says first of the field, "optional; how fast it is", and the rest of it.
    fn stated(&self) -> (Option<&'static str>, Option<&str>) {
        let Some(text) = self.cell(Column::Text) else { return (None, None) };
        let known = ["optional", "required"].into_iter().find_map(|word| {
            let rest = text.strip_prefix(word)?;
            let rest = if rest.is_empty() { rest } else { rest.strip_prefix([';', '.'])?.trim_start() };
            Some((word, rest))
        });
        match known {
            Some((word, rest)) => (Some(word), Some(rest).filter(|rest| !rest.is_empty())),
            None => (None, Some(text)),
        }
    }

    /// `Name Type = "value"`
    fn constant(&self) -> Option<String> {
        let name = self.cell(Column::Constant).or_else(|| self.cell(Column::Name))?;
        let value = self.cell(Column::Value)?;
        let is_only = |known: &Column| {
            matches!(known, Column::Constant | Column::Name | Column::Value | Column::Type | Column::Text)
        };
        let ty = self.cell(Column::Type).map(|ty| format!(" {ty}")).unwrap_or_default();
        let is_literal = value.starts_with('"') || matches!(value, "true" | "false") || value.parse::<f64>().is_ok();
        let value = if is_literal { value.to_owned() } else { format!("\"{value}\"") };
        let is_sound = is_go_identifier(name) && self.columns.iter().all(is_only) && !value.contains('`');
        is_sound.then(|| format!("{name}{ty} = {value}"))
    }

    /// ``Name Type` (optional, json `name`, `+marker`, defaults to x) to `Struct` ``
    fn field(&self, is_api: bool, stated: Option<&str>) -> Option<String> {
        let name = self.cell(Column::Field).or_else(|| self.cell(Column::Name))?;
        let (owner, name) = match name.rsplit_once('.') {
            Some((owner, name)) => (Some(owner), name),
            None => (self.cell(Column::Struct), name),
        };
        let of_all = self.said.ty.filter(|_| !self.columns.contains(&Column::Type));
        let ty = self.cell(Column::Type).or(of_all).filter(|ty| TypeText::parse(ty).is_ok())?;
        if !(is_go_identifier(name) || is_keyword(name)) {
            return None;
        }
        let stated = stated.or(self.said.optional.then_some("optional"));
        let mut beside: Vec<String> = stated.map(str::to_owned).into_iter().collect();
        for (column, words) in
            [(Column::Optional, ["optional", "required"]), (Column::Required, ["required", "optional"])]
        {
            match self.cell(column).map(str::to_lowercase).as_deref() {
                Some("yes" | "true" | "y" | "x" | "✓" | "✔" | "✅") => beside.push(words[0].to_owned()),
                Some("no" | "false" | "n" | "✗" | "❌") => beside.push(words[1].to_owned()),
                Some(_) => return None,
                None => {}
            }
        }
        beside.extend(self.cell(Column::Json).map(|json| format!("json `{json}`")));
        let tag = self.cell(Column::Tag).map(|tag| tag.trim_matches('`'));
        if let Some(tag) = tag.filter(|_| is_api) {
            let json = tag.strip_prefix("json:\"").and_then(|json| json.strip_suffix('"')).unwrap_or(tag);
            beside.push(format!("json `{json}`"));
        }
        let markers = self.cell(Column::Markers).into_iter().flat_map(|text| text.split([',', ' ', '`']));
        for marker in markers.filter(|marker| !marker.is_empty()) {
            marker.starts_with('+').then(|| beside.push(format!("`{marker}`")))?;
        }
        beside.extend(self.cell(Column::Default).map(|value| format!("defaults to {value}")));
        let tag = tag.filter(|_| !is_api).map(|tag| format!(" {tag}")).unwrap_or_default();
        let mut text = format!("`{name} {ty}{tag}`");
        if !beside.is_empty() {
            text = format!("{text} ({})", beside.join(", "));
        }
        if let Some(owner) = owner {
            text = format!("{text} to `{owner}`");
        }
        for (column, word) in [(Column::After, "after"), (Column::Before, "before")] {
            text.extend(self.cell(column).map(|name| format!(" {word} `{name}`")));
        }
        Some(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::task::parse;
    use crate::text::Source;

    fn shown(rows: &[&str], path: &str) -> Vec<String> {
        let text = format!("- [ ] T001 A table in `{path}`\n\n  {}\n\n- [ ] T002 More\n", rows.join("\n  "));
        let file = parse(&Source::new("tasks.md", text));
        lines(&file, &file.tasks[0]).iter().map(|line| format!("{} {}: {}", line.line, line.key, line.text)).collect()
    }

    #[test]
    fn a_row_asks_for_what_its_columns_say() {
        const API: &str = "staging/src/kubevirt.io/api/core/v1/types.go";
        const CODE: &str = "pkg/x/y.go";
        for (rows, path, read) in [
            (
                &["| Field | Type | JSON | Required |", "|---|:-:|---|---|", "| `Rpm` | `*int32` | rpm | no |"][..],
                API,
                vec!["5 field: `Rpm *int32` (optional, json `rpm`)"],
            ),
            (
                &[
                    "| Name | Type | Struct | Meaning |",
                    "|---|---|---|---|",
                    "| range | *Range | Fan | how far \\| near |",
                ],
                API,
                vec!["5 field: `range *Range` to `Fan` - how far | near"],
            ),
            (
                &["| Constant | Value |", "|---|---|", "| `A` | `kubevirt.io/a` |", "| B | 5 |"],
                CODE,
                vec!["5 constants: `A = \"kubevirt.io/a\"`", "6 constants: `B = 5`"],
            ),
            (&["| Value | Meaning |", "|---|---|", "| `On` | it runs |"], API, vec!["5 : `On` - it runs"]),
            (
                &["| Field | Type | Tag |", "|---|---|---|", "| `A` | `int` | `xml:\"a,attr\"` |"],
                CODE,
                vec!["5 field: `A int xml:\"a,attr\"`"],
            ),
            (&["| Value | Meaning |", "|---|---|", "| `On` | it runs |"], CODE, vec![]),
            (&["| Field | Type | Since |", "|---|---|---|", "| `A` | `int` | v1.9 |"], API, vec![]),
            (&["| Field | Type |", "|---|---|", "| `A` | a number |"], API, vec![]),
            (&["| Field | Type |", "|---|---|", "| `A` | `int` | more |"], API, vec![]),
            (
                &["| Field | Type |", "|---|---|", "| `A` | `int` |"],
                "pkg/x/y_test.go",
                vec!["3 table of cases: field | type"],
            ),
            (
                &["| # | When | Spec |", "|---|---|---|", "| 1 | on | boots |"],
                "pkg/x/y_test.go",
                vec!["5 test: When \"on\": boots"],
            ),
        ] {
            assert_eq!(shown(rows, path), read, "{rows:?}");
        }
    }
}
