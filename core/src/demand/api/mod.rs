//! What a line asks of the API: fields of structs, structs, enumerations and constants.

mod by_shape;
mod code;
mod declaration;
mod described;
mod equal;
mod headline;
mod markers;
mod more_fields;
mod nouns;
mod reader;
mod rephrased;
mod sections;
mod shape;
mod spelling;
mod types;
mod values;

pub use described::{Description, description};
pub use equal::equal_within;

use super::phrases::{each_owner, plain};
use super::words::{Piece, Word, clauses, words};
use crate::go::TypeText;
use crate::name::is_go_identifier;
use described::described;
use reader::Reader;

/// Something that a line asks to be added to the API.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ApiDemand {
    /// A field of a struct.
    Field(ApiField),
    /// A struct with its fields.
    Struct(ApiStruct),
    /// A type of strings with its values, or more values of one.
    Enum(ApiEnum),
    /// A constant.
    Constant(ApiConstant),
}

/// A field of a struct.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ApiField {
    /// Its name as the line spells it, in Go or in JSON.
    pub name: String,
    /// Its type, if the line says so.
    pub ty: Option<TypeText>,
    /// It has no name of its own: its type is embedded.
    pub embedded: bool,
    /// The struct that it is added to, if the line says so.
    pub parent: Option<String>,
    /// Its name in JSON, if the line says so.
    pub json: Option<String>,
    /// Whether it can be left out, if the line says so.
    pub optional: Option<bool>,
    /// The value that it has where nobody says another, in the words of the line.
    pub default: Option<String>,
    /// Markers of its comment, without the slashes: `+listType=map`.
    pub markers: Vec<String>,
    /// Its comment, a paragraph each, if the task states it.
    pub comment: Vec<String>,
    /// Whether its tag leaves it out when it is empty, if the task states the tag.
    pub omit: Option<bool>,
    /// The key by which a strategic merge patch merges its items.
    pub merge_key: Option<String>,
    /// What its tag has beside its name in JSON: `protobuf:"…"`.
    pub tag: Option<String>,
    /// It is deprecated from the start: what to use instead, as a sentence without its full stop.
    pub deprecated: Option<String>,
    /// What the line says of it.
    pub doc: Description,
}

/// A new struct.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ApiStruct {
    /// Its name.
    pub name: String,
    /// Its fields.
    pub fields: Vec<ApiField>,
    /// The line says that it has none.
    pub empty: bool,
    /// What the line says of it.
    pub doc: Description,
    /// Its comment, a paragraph each, if the task states it.
    pub comment: Vec<String>,
    /// Its markers, if the task states them.
    pub markers: Vec<String>,
    /// The fields that stand behind a blank line, if the task states which.
    pub apart: Option<Vec<String>>,
    /// A block of Go spells it out: what that does not have, it does not have.
    pub exact: bool,
}

/// A type of strings.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ApiEnum {
    /// Its name.
    pub name: String,
    /// Its values: the constant, if the line names it, and the string.
    pub values: Vec<(Option<String>, String)>,
    /// The type is there, and gets more values.
    pub extends: bool,
    /// What the line says of it.
    pub doc: Description,
    /// Its comment, a paragraph each, if the task states it.
    pub comment: Vec<String>,
    /// Its markers, if the task states them.
    pub markers: Vec<String>,
    /// Paragraphs of the comments of its constants.
    pub value_docs: Vec<(String, String)>,
    /// Those of its constants that stand behind a blank line, if a block of code states the whole of it.
    pub apart: Option<Vec<String>>,
    /// The API does not list its values.
    pub unlisted: bool,
}

/// A constant.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ApiConstant {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: Option<String>,
    /// Its type, if the line says so.
    pub ty: Option<String>,
    /// Its comment, a paragraph each, if the task states it.
    pub comment: Vec<String>,
    /// What it is: `annotation`, `label`, `reason`, `condition`.
    pub role: Option<&'static str>,
    /// What the line says of it.
    pub doc: Description,
}

/// What a line was understood to ask for.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ApiReading {
    /// What is asked for, in order.
    pub demands: Vec<ApiDemand>,
    /// A struct that the line names and asks nothing of.
    pub context: Option<String>,
    /// The line asks for fields and names none.
    pub asks: bool,
    /// What it says is to be done with the fields that it names.
    pub more: Vec<String>,
    /// Why what it asks for cannot be told exactly.
    pub fault: Option<String>,
}

/// Reads one line. `key` is the word before its colon, in lower case: `task`, `field`, `struct`; empty if it has none.
pub fn api(key: &str, line: &str) -> ApiReading {
    let line = &struct_apart(&tag_apart(line));
    let reading = by_words(key, line);
    let is_owned = |demand: &ApiDemand| !matches!(demand, ApiDemand::Field(field) if field.parent.is_none());
    let is_understood = reading.fault.is_none() && !reading.demands.is_empty() && reading.demands.iter().all(is_owned);
    let by_shape = || by_shape::by_shape(line).filter(|_| matches!(key, "" | "task" | "prose" | "field" | "fields"));
    if is_understood { reading } else { by_shape().unwrap_or(reading) }
}

fn by_words(key: &str, line: &str) -> ApiReading {
    let told = rephrased::rephrased(&equal_within(line)).filter(|_| matches!(key, "" | "task"));
    let line = told.as_deref().unwrap_or(line);
    // What is said of one thing behind a dash is its description, and nothing of it is asked for.
    if let Some((head, said)) = described(key, line) {
        let mut reading = read(key, &head);
        // Fields and values may follow on lines of their own.
        let is_open = key == "struct" || head.trim_end().ends_with(':');
        if reading.is_one(is_open) {
            reading.demands[0].describe(said);
            return reading;
        }
    }
    read(key, line)
}

fn read(key: &str, line: &str) -> ApiReading {
    // Braces around fields are parentheses, and a tag within two backticks stands beside its field.
    let line = line.replace("{`", "(`").replace("`}", "`)");
    let line = sections::as_paths(&markers::beside(&equal_within(&line)));
    let words = shape::without_asides(&words(&line));
    let mut reading = ApiReading::default();
    let mut lost = None;
    for clause in sentences(&words) {
        if shape::says_of_all(clause, &mut reading) {
            continue;
        }
        let known = reading.demands.len();
        for clause in each_owner(clause) {
            Reader::new(key, &plain(&clause), &mut reading).clause();
        }
        if reading.demands.len() == known && reading.fault.is_none() {
            lost = lost.or_else(|| shape::lost(clause));
        }
    }
    type_added_to(&words, &mut reading);
    // Nothing of a line is made of which a part is not read.
    if let Some(lost) = lost.filter(|_| !reading.demands.is_empty()) {
        reading.fault = Some(lost);
    }
    reading
}

/// "Add `A = "a"` to `Phase`" says of which type the constants are.
fn type_added_to(words: &[Word<'_>], reading: &mut ApiReading) {
    let is_type = |word: &&Word<'_>| {
        word.piece == Piece::Code && is_go_identifier(word.text) && word.text.starts_with(char::is_uppercase)
    };
    let constant = |word: &Word<'_>| word.piece == Piece::Code && word.text.contains(" = ");
    let to = words.windows(2).position(|pair| constant(&pair[0]) && pair[1].is(&["to"]));
    let behind = to.map_or(&[][..], |at| &words[at + 2..]);
    let Some(ty) = behind.iter().find(|word| !word.is(&["the", "type", "enum"])).filter(is_type) else { return };
    for demand in &mut reading.demands {
        if let ApiDemand::Constant(known) = demand {
            known.ty.get_or_insert_with(|| ty.text.to_owned());
        }
    }
}

/// ``A int `json:"a"` `` within two backticks, or `A int json:"a"` within one, is `A int` and its tag, each in its own.
fn tag_apart(line: &str) -> String {
    if !line.contains("``") {
        let parts = line.split('`').enumerate().map(|(at, part)| {
            let tag = part.find(" json:\"").filter(|_| at % 2 == 1 && part.ends_with('"'));
            tag.map_or_else(|| part.to_owned(), |tag| format!("{}` `{}", part[..tag].trim_end(), part[tag..].trim()))
        });
        return parts.collect::<Vec<_>>().join("`");
    }
    let mut parts = line.split("``");
    let mut told = parts.next().unwrap_or_default().to_owned();
    let mut is_inside = true;
    for part in parts {
        match part.trim().split_once(" `").filter(|_| is_inside) {
            Some((field, tag)) => told.extend(["`", field.trim(), "` `", tag.trim_end_matches('`'), "`"]),
            None if is_inside => told.extend(["`", part.trim(), "`"]),
            None => told.push_str(part),
        }
        is_inside = !is_inside;
    }
    told
}

/// `T struct` and `type T struct` without fields are "struct `T`"; a name in JSON behind an arrow is called one.
fn struct_apart(line: &str) -> String {
    let mut told = String::new();
    let parts: Vec<&str> = line.split('`').collect();
    for (at, part) in parts.iter().enumerate() {
        let is_code = at % 2 == 1 && at + 1 < parts.len();
        let bare = part.trim().strip_prefix("type ").unwrap_or(part.trim());
        let name = bare.strip_suffix(" struct").filter(|name| is_code && is_go_identifier(name));
        let is_json = at > 1
            && is_code
            && matches!(parts[at - 1].trim(), "→" | "->")
            && parts[at - 2].contains(' ')
            && part.starts_with(|c: char| c.is_ascii_lowercase())
            && spelling::is_json_name(part);
        match name {
            Some(name) => {
                let own = told.trim_end_matches('`');
                let own = own.strip_suffix("type ").or_else(|| own.strip_suffix("struct ")).unwrap_or(own);
                told = format!("{own}struct `{name}");
            }
            None if is_json => {
                let end = told.trim_end_matches(['`', ' ', '→', '>', '-']).len();
                told.truncate(end);
                told.extend(["` (json `", part, "`)"]);
                // The backtick that closes it stands there.
                told.push('\u{0}');
            }
            None => told.push_str(part),
        }
        if at + 1 < parts.len() {
            told.push('`');
        }
    }
    told.replace("\u{0}`", "")
}

/// The sentences of a line. What stands in parentheses belongs to the one around them.
fn sentences<'w, 'a>(words: &'w [Word<'a>]) -> Vec<&'w [Word<'a>]> {
    let mut depth = 0_usize;
    let mut ends = Vec::new();
    for (at, word) in words.iter().enumerate().filter(|(_, word)| word.piece == Piece::Mark) {
        match word.text {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            "." | ";" | "!" | "?" if depth == 0 => ends.push(at),
            _ => {}
        }
    }
    // A parenthesis that nobody closes is none.
    if depth > 0 {
        return clauses(words).collect();
    }
    let starts = std::iter::once(0).chain(ends.iter().map(|end| end + 1));
    let all = starts.zip(ends.iter().copied().chain([words.len()])).filter(|(start, end)| start < end);
    let mut found: Vec<(usize, usize)> = Vec::new();
    for (start, end) in all {
        // "`A []string` to `S`; `+listType=set`" is about the field.
        let is_more =
            words[start].piece == Piece::Code && words[start].text.trim_start_matches(['/', ' ']).starts_with('+');
        match found.last_mut().filter(|_| is_more) {
            Some(last) => last.1 = end,
            None => found.push((start, end)),
        }
    }
    found.into_iter().map(|(start, end)| &words[start..end]).collect()
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;

#[cfg(test)]
#[path = "around_tests.rs"]
mod around;
