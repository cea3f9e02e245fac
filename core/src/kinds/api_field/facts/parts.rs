//! The parts of a field that stand beside it, each between marks: its type, its name in JSON, whether it can be left out.

use super::Plain;
use crate::demand::is_builtin;
use crate::go::TypeText;
use crate::kinds::sentence::comment;
use crate::name::is_go_identifier;
use crate::plan::Key;

/// A field and what is said of it.
#[derive(Default)]
pub(super) struct Fact {
    pub(super) owner: Option<String>,
    pub(super) name: String,
    pub(super) ty: Option<String>,
    pub(super) json: Option<String>,
    pub(super) omit: bool,
    pub(super) optional: Option<bool>,
    pub(super) markers: Vec<String>,
    pub(super) default: Option<String>,
    pub(super) comment: Option<String>,
    /// Where it stands: "after `X`".
    pub(super) place: Option<String>,
}

/// Words before a name in JSON.
const JSON: &[&str] = &[
    "json name is ",
    "json name ",
    "json key ",
    "json tag ",
    "json field ",
    "json: ",
    "json ",
    "serialised as ",
    "serialized as ",
    "known to users as ",
    "yaml ",
    "spelled ",
    "tag ",
];

impl Fact {
    /// Takes what stands beside the field; nothing if a part of it is not understood.
    pub(super) fn take(&mut self, text: &str) -> Option<()> {
        split(text).into_iter().try_for_each(|part| self.part(part))
    }

    pub(super) fn part(&mut self, part: &str) -> Option<()> {
        let bare = part.replace('`', "");
        let bare = bare.trim();
        let small = bare.to_lowercase();
        match small.as_str() {
            "omitempty" | "omitted when empty" | "left out when empty" => self.omit = true,
            "optional" | "+optional" | "not required" => self.leave_out(true)?,
            "required" | "mandatory" | "not optional" => self.leave_out(false)?,
            "atomic" | "atomic list" | "set" => {
                self.markers.push(format!("+listType={}", small.trim_end_matches(" list")));
            }
            "a" | "an" | "the" | "new" | "field" | "" => {}
            _ => return self.spelled(bare, &small),
        }
        Some(())
    }

    fn leave_out(&mut self, yes: bool) -> Option<()> {
        let is_same = self.optional.is_none_or(|known| known == yes);
        self.optional = Some(yes);
        is_same.then_some(())
    }

    fn spelled(&mut self, bare: &str, small: &str) -> Option<()> {
        if bare.starts_with('+') {
            let plain = |c: char| c.is_ascii_alphanumeric() || "+:=,;._/-".contains(c);
            return bare.chars().all(plain).then(|| self.markers.push(bare.to_owned()));
        }
        if let Some(tag) = bare.strip_prefix("json:\"").and_then(|tag| tag.strip_suffix('"')) {
            return self.named(tag);
        }
        if let Some(lead) = JSON.iter().find(|lead| small.starts_with(**lead)) {
            return self.named(bare[lead.len()..].trim().trim_matches('"'));
        }
        if let Some(text) = bare.strip_prefix('"').and_then(|text| text.strip_suffix('"')) {
            let is_sentence = text.split_whitespace().count() > 2;
            if is_sentence && self.comment.is_none() && !text.contains('"') {
                self.comment = Some(text.to_owned());
                return Some(());
            }
            return self.named(text);
        }
        for lead in ["right after ", "directly after ", "after ", "right before ", "before ", "right below ", "below "]
        {
            if let Some(name) = bare.strip_prefix(lead).filter(|name| is_go_identifier(name)) {
                let lead = if lead.contains("before") { "before" } else { "after" };
                self.place = Some(format!("{lead} `{name}`"));
                return Some(());
            }
        }
        let ty = ["of type ", "go type ", "type ", "a ", "an "].iter().find_map(|lead| bare.strip_prefix(lead));
        let ty = ty.unwrap_or(bare);
        if self.ty.is_none() && is_type(ty) {
            self.ty = Some(ty.to_owned());
            return Some(());
        }
        // What is spelled like the field with a small letter is its name in JSON.
        bare.eq_ignore_ascii_case(&self.name).then(|| self.named(bare))?
    }

    /// Its name in JSON, with what the tag says beside it.
    fn named(&mut self, tag: &str) -> Option<()> {
        let (name, rest) = tag.split_once(',').unwrap_or((tag, ""));
        let sound =
            name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(|c| c.is_ascii_alphanumeric());
        let is_new = self.json.as_ref().is_none_or(|known| known == name);
        self.omit |= rest == "omitempty";
        self.json = Some(name.to_owned());
        (sound && is_new && matches!(rest, "" | "omitempty")).then_some(())
    }

    /// The field as a line, and its comment. `owner` is the new struct that it is a part of.
    pub(super) fn plain(&self, owner: Option<&str>) -> Option<Vec<Plain>> {
        let is_exported = is_go_identifier(&self.name) && self.name.starts_with(char::is_uppercase);
        let ty = self.ty.as_ref().filter(|ty| is_exported && TypeText::parse(ty).is_ok())?;
        let mut beside: Vec<String> = Vec::new();
        beside.extend(self.optional.map(|yes| if yes { "optional".to_owned() } else { "required".to_owned() }));
        let omit = if self.omit { ",omitempty" } else { "" };
        match &self.json {
            Some(json) => beside.push(format!("json `{json}{omit}`")),
            None if self.omit => beside.push("`omitempty`".to_owned()),
            None => {}
        }
        beside.extend(self.markers.iter().map(|marker| format!("`{marker}`")));
        beside.extend(self.default.as_ref().map(|value| format!("defaults to {value}")));
        let mut text = format!("`{} {ty}`", self.name);
        if !beside.is_empty() {
            text = format!("{text} ({})", beside.join(", "));
        }
        if let Some(owner) = &self.owner {
            text = format!("{text} to `{owner}`");
        }
        if let Some(place) = &self.place {
            text = format!("{text}, {place}");
        }
        let of = self.owner.as_deref().or(owner);
        let said = self.comment.as_ref().map(|said| {
            let target = of.map_or_else(|| self.name.clone(), |owner| format!("{owner}.{}", self.name));
            (Key::Comment, format!("`{target}` {}", comment(&self.name, said)))
        });
        Some(std::iter::once((Key::Field, text)).chain(said).collect())
    }
}

/// Whether a text can be nothing but a type: `*T`, `[]string`, `bool`, `metav1.Time`, `Mode`.
pub(super) fn is_type(text: &str) -> bool {
    let base = text.trim_start_matches(['*', '[', ']']);
    let named = |name: &str| is_go_identifier(name) && name.starts_with(char::is_uppercase);
    let sound = is_builtin(base)
        || named(base)
        || base.split_once('.').is_some_and(|(package, name)| is_go_identifier(package) && named(name))
        || text.starts_with("map[");
    sound && !text.contains(' ') && TypeText::parse(text).is_ok()
}

/// The parts of a text between marks that stand neither in quotes nor in code. Parentheses are such marks.
pub(super) fn split(text: &str) -> Vec<&str> {
    const WORDS: &[&str] = &[" and ", " with ", " — ", " – ", " - "];
    let (mut found, mut from, mut quote) = (Vec::new(), 0, None);
    for (at, c) in text.char_indices() {
        match c {
            '"' | '`' if quote.is_none() => quote = Some(c),
            _ if quote == Some(c) => quote = None,
            _ if quote.is_some() || at < from => {}
            ',' | ';' | '(' | ')' => {
                found.push(&text[from..at]);
                from = at + 1;
            }
            ' ' => {
                if let Some(word) = WORDS.iter().find(|word| text[at..].starts_with(**word)) {
                    found.push(&text[from..at]);
                    // The blank behind it may begin the next one.
                    from = at + word.len() - 1;
                }
            }
            _ => {}
        }
    }
    found.push(&text[from..]);
    found.into_iter().map(|part| part.trim().trim_end_matches('.').trim()).filter(|part| !part.is_empty()).collect()
}

/// The items of a list between commas and "and" that stand in no parentheses, quotes or code.
pub(super) fn items(text: &str) -> Vec<&str> {
    let (mut found, mut from, mut depth, mut quote) = (Vec::new(), 0, 0_usize, None);
    for (at, c) in text.char_indices() {
        match c {
            '"' | '`' if quote.is_none() => quote = Some(c),
            _ if quote == Some(c) => quote = None,
            _ if quote.is_some() || at < from => {}
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            ',' | ';' if depth == 0 => {
                found.push(&text[from..at]);
                from = at + 1;
            }
            ' ' if depth == 0 && text[at..].starts_with(" and ") => {
                found.push(&text[from..at]);
                from = at + " and".len();
            }
            _ => {}
        }
    }
    found.push(&text[from..]);
    found.into_iter().map(|item| item.trim().trim_end_matches('.')).filter(|item| !item.is_empty()).collect()
}

/// A text without the file at its end or its beginning: "… in `x/types.go`", "In x/types.go, …".
pub(super) fn without_file(text: &str) -> String {
    let text = text.trim().trim_end_matches(['.', ':']);
    let is_file = |word: &str| {
        let word = word.trim_matches(['`', '(', ')', ',']);
        word.contains('/') && word.ends_with(".go")
    };
    let words: Vec<&str> = text.split(' ').collect();
    let mut kept = words.as_slice();
    if let [place, file, rest @ ..] = kept
        && matches!(*place, "In" | "in")
        && is_file(file)
    {
        kept = rest;
    }
    while let [rest @ .., word] = kept {
        if *word == "and" && rest.last().is_some_and(|word| is_file(word)) {
            kept = rest;
            continue;
        }
        let link = rest.last().is_some_and(|word| matches!(*word, "in" | "to" | "of" | "file" | "and"));
        if !is_file(word) || !(link || word.starts_with('(')) {
            break;
        }
        kept = if link { &rest[..rest.len() - 1] } else { rest };
    }
    kept.join(" ").trim_end_matches(['.', ':', ',']).to_owned()
}
