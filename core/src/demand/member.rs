//! Fields of structs: ``Add `Mode string` (xml `mode,attr`) to `Clock` ``, and structs with their fields.

use super::beside::without_functions;
use super::interface::interface;
use super::lead::{begins_with_verb, declared};
use super::member_demand::{FieldDemand, MemberDemand};
use super::member_words::{ADDS, EMBEDS, FILLERS, FIRM, INTO, TAG_WORDS, is_builtin};
use super::phrases::plain;
use super::rank::ranked;
use super::tag::{quoted_tags, tag_at, whole_tag};
use super::{Piece, Word, words};
use crate::go::TypeText;
use crate::name::is_go_identifier;

/// What a piece of a line is.
#[derive(PartialEq, Eq, Debug)]
enum Item<'a> {
    Word(String),
    Mark,
    /// A name and a type, and maybe a tag.
    Field(FieldDemand),
    Code(&'a str, bool),
}

/// What a line asks of structs: nothing if it is about something else, an error if it cannot be told exactly. `bare`
/// lines need no verb. Where only the beginning of a line can be told, it comes with the rest.
pub fn members(line: &str, bare: bool) -> Result<Option<MemberDemand>, String> {
    let whole = whole(line, bare);
    if matches!(whole, Ok(Some(_))) {
        return whole;
    }
    #[rustfmt::skip]
    let cuts = [
        "; ", ", which ", ", that ", " which ", ", set ", " and set ", " and initiali", " and fill", ", filled ", ". ",
        ", and ",
    ];
    let mut cuts: Vec<usize> = cuts.iter().flat_map(|cut| line.match_indices(cut)).map(|(at, _)| at).collect();
    cuts.sort_unstable();
    let is_open = |at: &usize| line[..*at].matches('`').count().is_multiple_of(2);
    let part = cuts.into_iter().filter(is_open).rev().find_map(|at| {
        let demand = self::whole(&line[..at], bare).ok()??;
        let rest = line[at..].trim_start_matches([';', ',', '.', ' ']).trim_end_matches('.').to_owned();
        // A struct that is to be declared is read as a whole.
        let is_field = demand.parent.is_some() && !demand.fields.is_empty();
        (is_field && !rest.is_empty()).then_some(MemberDemand { rest: Some(rest), ..demand })
    });
    part.map_or(whole, |part| Ok(Some(part)))
}

fn whole(line: &str, bare: bool) -> Result<Option<MemberDemand>, String> {
    let line = &declared(&quoted_tags(line));
    let whole = words(line);
    let all = plain(&without_functions(&whole));
    let (rest, rank) = ranked(&all);
    match read(&rest, &whole, bare) {
        // The fields of a new struct stand as they are listed.
        Ok(Some(found)) if rank.is_some() && found.new_struct.is_some() => read(&all, &whole, bare),
        found => found.map(|found| found.map(|found| MemberDemand { rank, ..found })),
    }
}

fn read(all: &[Word<'_>], whole: &[Word<'_>], bare: bool) -> Result<Option<MemberDemand>, String> {
    if !bare && !begins_with_verb(all) {
        return Ok(None);
    }
    // What looks like a function beside an interface may be a method of it.
    if let Some(found) = interface(whole) {
        return found.map(Some);
    }
    // Calls and values are asked for by other kinds.
    let codes = || all.iter().filter(|word| word.piece == Piece::Code);
    if codes().any(|word| is_call(word.text) || word.text.contains(" = ") || word.text.starts_with("--")) {
        return Ok(None);
    }
    let items: Vec<Item<'_>> = all.iter().filter_map(item).collect();
    let speaks = |word: &str| items.iter().any(|item| matches!(item, Item::Word(text) if text == word));
    let named = items.iter().any(|item| matches!(item, Item::Field(_)));
    let about = ["field", "fields", "struct", "structs", "attribute", "element", "member", "tag", "xml"];
    if !named && !about.iter().any(|word| speaks(word)) {
        return Ok(None);
    }
    let mut reader = Reader { found: MemberDemand::default(), items: &items, at: 0, bare };
    // To extend something may be to change what it does: only a field that is written out tells otherwise.
    let firm = bare || named || all.iter().any(|word| word.is(FIRM));
    let read = reader.read();
    let mut found = reader.found;
    if !firm && (read.is_err() || found.fields.iter().any(|field| field.ty.is_none())) {
        return Ok(None);
    }
    read?;
    if found.underlying.is_some() {
        return Ok(Some(found));
    }
    found.is_empty = found.new_struct.is_some() && found.fields.is_empty() && speaks("empty");
    found.is_open = found.new_struct.is_some() && found.fields.is_empty() && !found.is_empty;
    if found.new_struct.is_none() && found.fields.is_empty() {
        return Ok(None);
    }
    match found.fields.iter().find(|field| field.ty.is_none()) {
        Some(field) => Err(format!("the line does not give the type of `{}`", field.name)),
        None => Ok(Some(found)),
    }
}

fn is_call(code: &str) -> bool {
    code.contains('(') && !code.contains("func(") && !code.contains(":\"")
}

fn item<'a>(word: &Word<'a>) -> Option<Item<'a>> {
    Some(match word.piece {
        Piece::Mark => Item::Mark,
        // A path says where, and who reads the line knows.
        _ if word.text.contains(".go") || word.text.contains('/') && !word.text.contains(":\"") => return None,
        Piece::Code => match field(word.text) {
            Some(field) => Item::Field(field),
            None => Item::Code(word.text, true),
        },
        Piece::Prose => {
            let known = |list: &[&str]| list.iter().any(|known| known.eq_ignore_ascii_case(word.text));
            let acronym =
                ["XML", "JSON", "YAML", "API", "VM", "VMI", "VMIs", "VMs", "QEMU", "KVM"].contains(&word.text);
            let plain = known(FILLERS) || known(TAG_WORDS) || known(ADDS) || known(INTO) || acronym;
            if word.is_code() && !plain { Item::Code(word.text, false) } else { Item::Word(word.text.to_lowercase()) }
        }
    })
}

/// `Mode string` or `Mode string xml:"mode,attr"`.
pub(super) fn field(code: &str) -> Option<FieldDemand> {
    let (name, rest) = code.split_once(char::is_whitespace)?;
    if !is_go_identifier(name) {
        return None;
    }
    let rest = rest.trim();
    let (ty, tag) = match tag_at(rest) {
        Some(at) => (rest[..at].trim(), Some(rest[at..].trim())),
        None => (rest, None),
    };
    let tag = match tag {
        Some(tag) => Some(whole_tag(tag)?),
        None => None,
    };
    Some(FieldDemand { name: name.to_owned(), ty: Some(TypeText::parse(ty).ok()?), tag })
}

struct Reader<'i, 'a> {
    found: MemberDemand,
    items: &'i [Item<'a>],
    at: usize,
    bare: bool,
}

impl Reader<'_, '_> {
    fn read(&mut self) -> Result<(), String> {
        while let Some(item) = self.items.get(self.at) {
            match item {
                Item::Field(field) if self.is_type(field) => {
                    self.found.new_struct = Some(field.name.clone());
                    self.found.underlying.clone_from(&field.ty);
                }
                Item::Field(_) if self.found.underlying.is_some() => {
                    return Err("it declares one type and states another".to_owned());
                }
                Item::Field(field) => self.found.fields.push(field.clone()),
                Item::Code(text, quoted) => {
                    // A type among the words that declare a struct is that of a field, whose name is no code.
                    let is_bare = !quoted && self.found.new_struct.is_some() && text.contains(['*', '[', '.']);
                    let taken = !is_bare && self.code(text);
                    if !taken && (*quoted || is_bare) {
                        return Err(format!("the purpose of `{text}` is not understood"));
                    }
                }
                Item::Word(word) => self.word(&word.clone()),
                Item::Mark => {}
            }
            self.at += 1;
        }
        Ok(())
    }

    /// A type that is written as a plain word behind a name, and what follows a tag.
    fn word(&mut self, word: &str) {
        let after_name = self.at > 0 && matches!(self.items[self.at - 1], Item::Code(..));
        let after_type = self.before(0).is_some_and(|before| before == "type" || before == "of");
        let after_mark = self.at > 0 && self.items[self.at - 1] == Item::Mark;
        let is_tag = TAG_WORDS.contains(&word);
        match self.found.fields.last_mut() {
            Some(field) if field.ty.is_none() && (after_name || after_type || after_mark) && is_builtin(word) => {
                field.ty = TypeText::parse(word).ok();
            }
            Some(field) if is_tag && word == "xml" && field.tag.is_none() => {}
            Some(field) if word == "omitempty" => {
                if let Some(tag) = field.tag.as_mut().filter(|tag| !tag.contains(",omitempty")) {
                    let end = tag.len() - 1;
                    tag.insert_str(end, ",omitempty");
                }
            }
            _ => {}
        }
        // `xml tag mode`: a tag that looks like any other word.
        let key = self.tag_key();
        let sounds = word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b',');
        let direct = self.before(0).is_some_and(|before| before == "tag");
        if let (Some(key), Some(field)) = (key.filter(|_| sounds && direct), self.found.fields.last_mut())
            && field.tag.is_none()
            && !TAG_WORDS.contains(&word)
        {
            field.tag = Some(format!("{key}:\"{word}\""));
        }
    }

    /// A name, a type or a tag; whether it is known which.
    fn code(&mut self, text: &str) -> bool {
        if text.contains(":\"") {
            return self.tag(whole_tag(text));
        }
        if let Some(key) = self.tag_key() {
            let attribute = self.look_back(4).iter().any(|word| word == "attribute") && !text.contains(",attr");
            let sound = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | ',' | ':' | '.');
            let text = if attribute { text.replacen(',', ",attr,", 1) } else { text.to_owned() };
            let text = if attribute && !text.contains(',') { format!("{text},attr") } else { text };
            return self.tag(text.chars().all(sound).then(|| format!("{key}:\"{text}\"")));
        }
        let before = self.words_before();
        let last = before.first().map(String::as_str);
        // "after `Volumes`"
        // "no tags, like `T`"
        if last == Some("like") && before.iter().any(|word| word == "tags") && !self.found.fields.is_empty() {
            return true;
        }
        let beside = last == Some("to") && before.get(1).is_some_and(|word| word == "next");
        // "for sizes above `X`" is no place.
        let is_led = before.get(1).is_none_or(|word| ["right", "just", "directly", "placed"].contains(&word.as_str()));
        let near = last.filter(|word| ["below", "above", "beside"].contains(word) && is_led);
        let place = last.filter(|word| ["after", "before", "behind"].contains(word)).or(near);
        if let Some(place) = place.or(beside.then_some("after"))
            && is_go_identifier(text)
            && !self.found.fields.is_empty()
        {
            let place =
                if matches!(place, "before" | "above") { &mut self.found.ahead } else { &mut self.found.behind };
            return place.replace(text.to_owned()).is_none();
        }
        let open = self.found.fields.last().is_some_and(|field| field.ty.is_none());
        let of_type = last == Some("type") && (before.get(1).map(String::as_str) == Some("of") || open);
        let adjacent = self.at > 0 && matches!(self.items[self.at - 1], Item::Code(..) | Item::Mark);
        if open && (of_type || adjacent || last == Some("of")) {
            return match (TypeText::parse(text).ok(), self.found.fields.last_mut()) {
                (Some(ty), Some(field)) => {
                    field.ty = Some(ty);
                    true
                }
                _ => false,
            };
        }
        // What has no name of its own among the fields of a struct is embedded.
        let listed = matches!(last, Some("field" | "fields" | "with" | "and")) || before.is_empty() && adjacent;
        let nameless = !is_go_identifier(text) && listed && self.found.new_struct.is_some();
        if nameless || last.is_some_and(|word| EMBEDS.contains(&word)) {
            let ty = TypeText::parse(text).ok().filter(|_| is_embeddable(text));
            let is_one = ty.is_some();
            self.found.fields.push(FieldDemand { name: String::new(), ty, tag: None });
            return is_one;
        }
        if !is_go_identifier(text) {
            return false;
        }
        let fillers = |word: &&String| FILLERS.contains(&word.as_str());
        let significant = before.iter().find(|word| !fillers(word)).map(String::as_str);
        let next = self.items.get(self.at + 1).and_then(|item| match item {
            Item::Word(word) => Some(word.as_str()),
            _ => None,
        });
        let struct_word = before.iter().take_while(|word| fillers(word)).any(|word| word == "struct" || word == "type")
            || next == Some("struct");
        let is_new = |word: Option<&str>| word.is_none() && (self.bare || before.iter().any(|word| word == "new"));
        // "at the end of `T`"
        let at_end = significant == Some("of") && before.iter().take(3).any(|word| word == "end");
        match significant {
            Some(word)
                if (at_end || INTO.contains(&word))
                    && (self.found.parent.is_none() || self.found.parent.as_deref() == Some(text)) =>
            {
                self.found.parent = Some(text.to_owned());
                true
            }
            word if struct_word
                && self.is_first()
                && (word.is_some_and(|word| ADDS.contains(&word)) || is_new(word)) =>
            {
                self.found.new_struct = Some(text.to_owned());
                true
            }
            Some("field" | "fields" | "attribute" | "member" | "and" | "with") => self.open_field(text),
            Some(word) if ADDS.contains(&word) => self.open_field(text),
            None if self.bare => self.open_field(text),
            _ => false,
        }
    }

    /// Whether a name and a type declare a type: "Add type `Mask map[int]bool`".
    fn is_type(&self, field: &FieldDemand) -> bool {
        let before = self.words_before();
        let says = before.first().is_some_and(|word| word == "type");
        says && self.is_first()
            && self.found.parent.is_none()
            && field.tag.is_none()
            && !before.iter().any(|word| matches!(word.as_str(), "field" | "fields" | "of" | "attribute" | "element"))
    }

    fn is_first(&self) -> bool {
        self.found.new_struct.is_none() && self.found.fields.is_empty()
    }

    fn open_field(&mut self, name: &str) -> bool {
        // The name again, as in "`A *B` (field `A`)", is no other field.
        if !self.found.fields.iter().any(|field| field.name == name) {
            self.found.fields.push(FieldDemand { name: name.to_owned(), ty: None, tag: None });
        }
        true
    }

    fn tag(&mut self, tag: Option<String>) -> bool {
        match (tag, self.found.fields.last_mut()) {
            (Some(tag), Some(field)) if field.tag.is_none() || field.tag.as_ref() == Some(&tag) => {
                field.tag = Some(tag);
                true
            }
            _ => false,
        }
    }

    /// The key of the tag that comes next, if words before it say that one does.
    fn tag_key(&self) -> Option<&'static str> {
        let before = self.look_back(4);
        let skipped = ["tag", "tags", "tagged", "name", "attribute", "element", "as", "the", "with", "is", "called"];
        let last = before.iter().find(|word| !skipped.contains(&word.as_str()))?;
        match last.as_str() {
            "xml" => Some("xml"),
            "json" => Some("json"),
            _ => None,
        }
    }

    /// The words directly before, nearest first, up to the next code.
    fn look_back(&self, most: usize) -> Vec<String> {
        let mut found = Vec::new();
        for item in self.items[..self.at].iter().rev() {
            match item {
                Item::Word(word) if found.len() < most => found.push(word.clone()),
                Item::Mark if found.is_empty() => {}
                _ => break,
            }
        }
        found
    }

    fn words_before(&self) -> Vec<String> {
        let mut found = Vec::new();
        for item in self.items[..self.at].iter().rev() {
            match item {
                Item::Word(word) => found.push(word.clone()),
                Item::Mark if found.is_empty() && self.at + 1 > 1 => {}
                _ => break,
            }
        }
        found
    }

    fn before(&self, back: usize) -> Option<&str> {
        match self.items.get(self.at.checked_sub(back + 1)?)? {
            Item::Word(word) => Some(word),
            _ => None,
        }
    }
}

/// Whether a struct can embed a type: `T`, `*T`, `p.T`.
fn is_embeddable(text: &str) -> bool {
    let mut parts = text.trim_start_matches('*').split('.');
    text.matches('*').count() < 2 && parts.clone().count() < 3 && parts.all(is_go_identifier)
}

#[cfg(test)]
#[path = "member_tests.rs"]
mod tests;
