//! Things with a line below them for each of their parts: "struct `S`", "field `F`", "type: `*T`", "json: `f`"; and tasks with
//! keys of their own: "Kind: field", "Go type: `*T`".

use super::Lines;
use super::parts::{Fact, is_type, items};
use crate::kinds::sentence::comment;
use crate::name::{is_go_identifier, pascal};
use crate::plan::{Key, PlannedTask, TaskLine};

/// What a line below a task is.
enum Line<'a> {
    /// Where it goes.
    Place,
    Head(What, String),
    Part(Part, &'a str),
    /// An item of a list, or a line that is nothing else.
    Item(&'a str),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    Field,
    Struct,
    Enum,
    Constant,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Kind,
    Name,
    Owner,
    Type,
    Json,
    Comment,
    Optional(bool),
    Default,
    Markers,
    Value,
    /// Values or fields, which may stand on lines below.
    List,
    /// "right below `X`"
    Position,
}

const PARTS: &[(Part, &[&str])] = &[
    (Part::Kind, &["kind", "what"]),
    (Part::Name, &["name", "go name"]),
    (Part::Owner, &["parent", "parent struct", "owner", "struct", "in struct"]),
    (Part::Type, &["type", "go type", "underlying type", "base type"]),
    (Part::Json, &["json", "json name", "json tag", "json key", "yaml", "serialized as", "serialised as"]),
    (Part::Comment, &["comment", "doc", "godoc", "description", "documentation", "doc comment"]),
    (Part::Optional(true), &["optional"]),
    (Part::Optional(false), &["required", "mandatory"]),
    (Part::Default, &["default", "default value"]),
    (Part::Markers, &["markers", "marker"]),
    (Part::Value, &["value", "string"]),
    (Part::List, &["values", "members", "fields", "constants", "possible values", "allowed values"]),
    (Part::Position, &["position", "placement"]),
];

/// A thing with its parts.
struct Thing<'a> {
    what: What,
    name: String,
    line: usize,
    parts: Vec<(Part, &'a str, usize)>,
    items: Vec<(&'a str, usize)>,
}

/// The plain lines of a task all of whose lines are such, and the lines that say more of another one.
pub(super) fn lines(task: &PlannedTask) -> Option<Lines> {
    let things = things(task)?;
    let mut told = Told::default();
    for (at, thing) in things.iter().enumerate() {
        match thing.what {
            What::Enum => told.values(thing)?,
            What::Struct if thing.items.is_empty() && !thing.has(Part::List) => {
                // It only says where the fields below it go.
                let is_owner =
                    things.get(at + 1).is_some_and(|next| next.what == What::Field) && thing.parts.is_empty();
                is_owner.then_some(())?;
            }
            What::Struct => told.structure(thing)?,
            What::Field => {
                let owner = things[..at].iter().rfind(|one| one.what != What::Field);
                told.field(thing, owner.filter(|one| one.what == What::Struct))?;
            }
            What::Constant => told.constant(thing)?,
        }
    }
    (!told.details.is_empty()).then_some((told.details, told.more))
}

fn things(task: &PlannedTask) -> Option<Vec<Thing<'_>>> {
    let mut found: Vec<Thing<'_>> = Vec::new();
    if let Some(kind) = task.details.iter().find_map(kind_of) {
        let named = task.details.iter().find(|line| matches!(read(line), Some(Line::Part(Part::Name, _))));
        let bare = |text: &str| text.trim().trim_matches(['`', '*', ':']).to_owned();
        let name = named.map_or_else(|| bare(&task.title), |line| bare(&line.text));
        name.split('.').all(is_go_identifier).then_some(())?;
        found.push(Thing { what: kind, name, line: task.line, parts: Vec::new(), items: Vec::new() });
    }
    let is_keyed = !found.is_empty();
    let mut has_parts = is_keyed;
    for line in &task.details {
        match read(line)? {
            Line::Place => {}
            Line::Head(what, name) if !is_keyed => {
                found.push(Thing { what, name, line: line.line, parts: Vec::new(), items: Vec::new() });
            }
            Line::Head(What::Struct, name) if is_keyed => {
                let owner = task.details.iter().find(|own| own.line == line.line).map(|own| own.text.as_str())?;
                (!name.is_empty()).then(|| found.last_mut())??.parts.push((Part::Owner, owner, line.line));
            }
            Line::Head(..) => return None,
            Line::Part(part, text) => {
                has_parts = true;
                found.last_mut()?.parts.push((part, text, line.line));
            }
            Line::Item(text) => {
                let thing = found.last_mut()?;
                let is_listed = thing.has(Part::List) || matches!(thing.what, What::Enum | What::Struct);
                is_listed.then(|| thing.items.push((text, line.line)))?;
            }
        }
    }
    // Without any part, the lines are read as they are.
    (has_parts && !found.is_empty()).then_some(found)
}

/// What "Kind: string enum" says that a task is about.
fn kind_of(line: &TaskLine) -> Option<What> {
    const PLAIN: &[&str] = &["a", "an", "new", "string", "api", "optional", "required", "go", "of", "strings", "type"];
    let Some(Line::Part(Part::Kind, text)) = read(line) else { return None };
    let words: Vec<String> = text.split([' ', ',']).filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
    let mut nouns = words.iter().filter(|word| !PLAIN.contains(&word.as_str()));
    let what = match nouns.next()?.as_str() {
        "enum" | "enumeration" => What::Enum,
        "struct" => What::Struct,
        "field" => What::Field,
        "constant" | "const" => What::Constant,
        _ => return None,
    };
    nouns.next().is_none().then_some(what)
}

fn read(line: &TaskLine) -> Option<Line<'_>> {
    let text = line.text.trim();
    let is_path = |text: &str| text.trim_matches('`').contains('/') && text.trim_matches('`').ends_with(".go");
    let word = match &line.key {
        Key::Prose | Key::Task => return prose(text, is_path),
        Key::File | Key::Location => return is_path(text).then_some(Line::Place),
        Key::Other(word) if word == "where" || word == "path" => return is_path(text).then_some(Line::Place),
        Key::Struct => return name_of(text).map(|name| Line::Head(What::Struct, name)),
        Key::Constants if is_type(text.trim_matches('`')) => return Some(Line::Part(Part::Type, text)),
        Key::Constants | Key::Field => return Some(Line::Part(Part::List, text)),
        Key::Constant => "name".to_owned(),
        key => key.to_string(),
    };
    part(&word).map(|part| Line::Part(part, text))
}

fn part(word: &str) -> Option<Part> {
    PARTS.iter().find(|(_, words)| words.contains(&word)).map(|(part, _)| *part)
}

/// Whether a key says what a field or a type is.
pub(super) fn is_part(word: &str) -> bool {
    part(word).is_some_and(|part| matches!(part, Part::Kind | Part::Type | Part::Json | Part::List))
}

/// A name in backticks, and nothing else.
fn name_of(text: &str) -> Option<String> {
    let name = text.trim().trim_end_matches(':').strip_prefix('`')?.strip_suffix('`')?;
    name.split('.').all(is_go_identifier).then(|| name.to_owned())
}

/// A line without a key: "type `T`", "json: `f`", "optional", "right below `X`", "`A`: `a`".
fn prose(text: &str, is_path: impl Fn(&str) -> bool) -> Option<Line<'_>> {
    const POSITIONS: &[&str] = &[
        "right below ",
        "right after ",
        "directly after ",
        "below ",
        "after ",
        "right before ",
        "before ",
        "above ",
        "behind ",
    ];
    if is_path(text.trim_end_matches(':')) {
        return Some(Line::Place);
    }
    if POSITIONS.iter().any(|lead| text.strip_prefix(lead).and_then(name_of).is_some()) {
        return Some(Line::Part(Part::Position, text));
    }
    let mut words = text.split(' ').skip_while(|word| matches!(*word, "a" | "an" | "the" | "new" | "string"));
    if let (Some(noun), Some(name), None) = (words.next(), words.next().and_then(name_of), words.next()) {
        let what = match noun {
            "type" | "enum" | "enumeration" => Some(What::Enum),
            "struct" => Some(What::Struct),
            "field" => Some(What::Field),
            "constant" | "const" => Some(What::Constant),
            _ => None,
        };
        if let Some(what) = what {
            return Some(Line::Head(what, name));
        }
    }
    if text.starts_with('`') {
        return Some(Line::Item(text));
    }
    let (word, value) = text.split_once(':').unwrap_or((text, ""));
    part(&word.trim().to_lowercase()).map(|part| Line::Part(part, value.trim()))
}

impl Thing<'_> {
    fn has(&self, part: Part) -> bool {
        self.parts.iter().any(|(known, _, _)| *known == part)
    }

    fn of(&self, part: Part) -> Option<&str> {
        self.parts.iter().find(|(known, _, _)| *known == part).map(|(_, text, _)| *text)
    }

    /// Whether each part is one that such a thing has, once.
    fn has_only(&self, known: &[Part]) -> bool {
        let is_once = |part: Part| self.parts.iter().filter(|(own, _, _)| *own == part).count() == 1;
        self.parts.iter().all(|(part, _, _)| known.contains(part) && is_once(*part))
    }

    /// The items of its list, on its line or below it.
    fn listed(&self) -> Vec<(&str, usize)> {
        let inline = self.parts.iter().filter(|(part, text, _)| *part == Part::List && !text.is_empty());
        inline
            .flat_map(|(_, text, line)| items(text).into_iter().map(|item| (item, *line)))
            .chain(self.items.iter().copied())
            .collect()
    }
}

#[derive(Default)]
struct Told {
    details: Vec<TaskLine>,
    more: Vec<(usize, usize)>,
}

impl Told {
    fn line(&mut self, key: Key, text: String, line: usize) {
        self.details.push(TaskLine { key, text, line, is_item: true });
    }

    /// Lines of parts are about the line of their thing.
    fn belong(&mut self, thing: &Thing<'_>) {
        let stated = |part: Part| matches!(part, Part::Comment);
        // Lines with comments say so themselves.
        let has = |line: usize| line == thing.line || self.details.iter().any(|own| own.line == line);
        let own = thing.parts.iter().filter(|(part, _, line)| !stated(*part) && !has(*line));
        self.more.extend(own.map(|(_, _, line)| (*line, thing.line)));
    }

    fn comment(&mut self, target: &str, thing: &Thing<'_>) {
        if let Some((_, text, line)) = thing.parts.iter().find(|(part, _, _)| *part == Part::Comment) {
            let name = target.rsplit('.').next().unwrap_or(target);
            let said = comment(name, text.trim_matches('"'));
            self.line(Key::Comment, format!("`{target}` {said}"), *line);
        }
    }

    fn values(&mut self, thing: &Thing<'_>) -> Option<()> {
        let is_string = thing.of(Part::Type).is_none_or(|ty| ty.trim_matches('`') == "string");
        let known = [Part::Kind, Part::Name, Part::Type, Part::Comment, Part::List, Part::Markers];
        (is_string && thing.has_only(&known)).then_some(())?;
        let listed = thing.listed();
        let values = listed.iter().map(|(item, line)| Some((value(&thing.name, item)?, *line)));
        let values = values.collect::<Option<Vec<_>>>().filter(|values| !values.is_empty())?;
        let spelled = values.iter().map(|((constant, string, _), _)| match constant {
            Some(constant) => format!("`{constant} = \"{string}\"`"),
            None => format!("`{string}`"),
        });
        let spelled: Vec<String> = spelled.collect();
        self.line(Key::Enum, format!("`{}`: {}", thing.name, spelled.join(", ")), thing.line);
        self.comment(&thing.name, thing);
        if let Some(markers) = thing.of(Part::Markers) {
            markers.starts_with("`+").then_some(())?;
            self.line(Key::Markers, format!("`{}` {markers}", thing.name), thing.line);
        }
        let mut bare = Vec::new();
        for ((constant, string, said), line) in values {
            let name = constant.unwrap_or_else(|| format!("{}{}", thing.name, pascal(&string)));
            match said {
                Some(said) => self.line(Key::Comment, format!("`{name}` {}", comment(&name, &said)), line),
                None => bare.push(line),
            }
        }
        bare.retain(|line| self.details.iter().all(|own| own.line != *line));
        self.more.extend(bare.into_iter().map(|line| (line, thing.line)));
        self.belong(thing);
        Some(())
    }

    fn structure(&mut self, thing: &Thing<'_>) -> Option<()> {
        thing.has_only(&[Part::Kind, Part::Name, Part::Comment, Part::List]).then_some(())?;
        self.line(Key::Struct, format!("`{}`", thing.name), thing.line);
        self.comment(&thing.name, thing);
        for (item, line) in thing.listed() {
            let (fact, said) = member(item)?;
            for (key, text) in (Fact { comment: said, ..fact }).plain(Some(&thing.name))? {
                self.line(key, text, line);
            }
        }
        self.belong(thing);
        Some(())
    }

    fn field(&mut self, thing: &Thing<'_>, owner: Option<&Thing<'_>>) -> Option<()> {
        let (path, name) = thing.name.rsplit_once('.').map_or((None, &*thing.name), |(path, name)| (Some(path), name));
        let stated = thing.of(Part::Owner).map(|owner| owner.trim_matches('`'));
        let owner_name = path.or(stated).or(owner.map(|owner| owner.name.as_str()))?;
        let mut fact = Fact { owner: Some(owner_name.to_owned()), name: name.to_owned(), ..Fact::default() };
        for (part, text, _) in &thing.parts {
            let bare = text.trim_matches('`');
            match part {
                Part::Kind => {
                    let said = text.split([' ', ',']).filter(|word| matches!(*word, "optional" | "required"));
                    said.into_iter().try_for_each(|word| fact.part(word))?;
                }
                Part::Type => fact.part(&format!("type {bare}"))?,
                Part::Json => fact.take(&format!("json {bare}"))?,
                Part::Default if !bare.contains(' ') => fact.default = Some(bare.to_owned()),
                Part::Optional(yes) => {
                    let is_yes = match bare.to_lowercase().as_str() {
                        "" | "yes" | "true" => *yes,
                        "no" | "false" => !*yes,
                        _ => return None,
                    };
                    fact.part(if is_yes { "optional" } else { "required" })?;
                }
                Part::Markers => fact.take(text)?,
                Part::Name | Part::Owner | Part::Comment | Part::Position => {}
                _ => return None,
            }
        }
        let target = format!("{owner_name}.{name}");
        for (key, text) in fact.plain(None)? {
            self.line(key, text, thing.line);
        }
        self.comment(&target, thing);
        self.belong(thing);
        self.more.extend(owner.filter(|_| path.is_none()).map(|owner| (owner.line, thing.line)));
        Some(())
    }

    fn constant(&mut self, thing: &Thing<'_>) -> Option<()> {
        thing
            .has_only(&[Part::Kind, Part::Name, Part::Type, Part::Value, Part::Comment, Part::Position])
            .then_some(())?;
        let value = thing.of(Part::Value)?.trim_matches('`');
        let ty = thing.of(Part::Type).map(|ty| format!(" {}", ty.trim_matches('`'))).unwrap_or_default();
        let plain = !value.is_empty() && value.chars().all(|c| c.is_ascii_alphanumeric() || "-_./".contains(c));
        let is_text = plain && value.parse::<f64>().is_err();
        let value = if is_text { format!("\"{value}\"") } else { value.to_owned() };
        self.line(Key::Constant, format!("Add constant `{}{ty} = {value}`", thing.name), thing.line);
        self.comment(&thing.name, thing);
        self.belong(thing);
        Some(())
    }
}

/// A value of a type, its constant if it has one, and what is said of it: "`A` = "a" (what it is)", "`A`: `a`", "`a`".
fn value(ty: &str, item: &str) -> Option<(Option<String>, String, Option<String>)> {
    let (name, rest) = item.strip_prefix('`')?.split_once('`')?;
    let (name, inside) = name.split_once(" = ").map_or((name, None), |(name, value)| (name, Some(value)));
    let name = name.split(' ').next()?;
    let lead = [" = ", ": ", " → ", " -> ", " ("]
        .into_iter()
        .find(|lead| rest.strip_prefix(lead).is_some_and(|rest| rest.starts_with(['"', '`'])));
    let (string, behind) = match (inside, lead) {
        (Some(value), _) => (value.trim_matches('"'), rest),
        (None, Some(lead)) => {
            let quoted = &rest[lead.len()..];
            let (string, behind) = quoted[1..].split_once(&quoted[..1])?;
            (string.trim_matches('"'), if lead == " (" { behind.strip_prefix(')')? } else { behind })
        }
        (None, None) => ("", rest),
    };
    let behind = behind.trim();
    let said = match behind.strip_prefix('(').and_then(|said| said.strip_suffix(')')) {
        Some(said) => Some(said),
        None => behind.strip_prefix(['-', '–', '—', ':', ',']).map(str::trim),
    };
    // Code in what is said may be more than words.
    let is_said = said.is_some_and(|said| !said.contains(['`', '"', '(']) && said.contains(' ')) || behind.is_empty();
    let plain = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
    let is_constant = is_go_identifier(name) && name.starts_with(char::is_uppercase);
    let said = said.filter(|said| !said.is_empty()).map(str::to_owned);
    match string {
        // What can be a constant of the type is no value.
        "" if inside.is_none() => {
            (is_said && plain(name) && !name.starts_with(ty)).then(|| (None, name.to_owned(), said))
        }
        string => (is_said && is_constant && plain(string)).then(|| (Some(name.to_owned()), string.to_owned(), said)),
    }
}

/// A field of a new struct, and what is said of it: "`A *T` (json a, optional) - what it is".
fn member(item: &str) -> Option<(Fact, Option<String>)> {
    let (code, rest) = item.strip_prefix('`')?.split_once('`')?;
    let (name, ty) = code.split_once(' ').unwrap_or((code, ""));
    let mut fact = Fact { name: name.to_owned(), ..Fact::default() };
    if !ty.is_empty() {
        is_type(ty).then_some(())?;
        fact.ty = Some(ty.to_owned());
    }
    let rest = rest.trim().trim_start_matches(':').trim();
    let (beside, said) = match [" - ", " — ", " – "].iter().find_map(|dash| rest.split_once(dash)) {
        Some((beside, said)) => (beside, Some(said)),
        None => (rest, rest.strip_prefix(['-', '—', '–']).map(str::trim)),
    };
    fact.take(if said == Some(beside) || beside.starts_with(['-', '—', '–']) { "" } else { beside })?;
    let said = said.map(|said| said.trim_matches('"').to_owned());
    Some((fact, said.filter(|said| !said.contains(['`', '"']))))
}

#[cfg(test)]
#[path = "nested_tests.rs"]
mod tests;
