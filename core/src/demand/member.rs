//! Fields of structs: ``Add `Mode string` (xml `mode,attr`) to `Clock` ``, and structs with their fields.

use super::{Piece, Word, words};
use crate::go::{FunctionHead, TypeText};
use crate::name::is_go_identifier;

/// A field that a line asks for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FieldDemand {
    /// Its name in Go.
    pub name: String,
    /// Its type.
    pub ty: Option<TypeText>,
    /// Its tag without backticks, `xml:"mode,attr"`.
    pub tag: Option<String>,
}

/// What a line asks of the structs of a file.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct MemberDemand {
    /// A struct that is to be declared.
    pub new_struct: Option<String>,
    /// The struct that gets the fields, if the line names one that is there.
    pub parent: Option<String>,
    /// The fields.
    pub fields: Vec<FieldDemand>,
    /// The lines below it may list more fields of the struct.
    pub is_open: bool,
}

/// The type that a text is, if it is exactly one.
pub fn type_text(text: &str) -> Option<TypeText> {
    let head = FunctionHead::parse(&format!("f(x {text})")).ok()?;
    let [one] = &head.parameters[..] else { return None };
    let plain = head.results.is_empty() && head.receiver.is_none() && !one.variadic && one.names == ["x"];
    plain.then(|| one.ty.clone())
}

/// Words that begin a line about something new.
const ADDS: &[&str] = &[
    "add",
    "adds",
    "adding",
    "introduce",
    "define",
    "declare",
    "create",
    "new",
    "extend",
    "give",
    "include",
    "implement",
];

/// Words before the struct that gets a field.
const INTO: &[&str] = &["to", "in", "into", "on", "inside", "within", "extend", "give"];

/// Words that say nothing between a preposition and a name.
const FILLERS: &[&str] = &[
    "the", "a", "an", "libvirt", "domain", "existing", "api", "struct", "type", "launcher", "virtwrap", "internal",
    "our", "its", "xml", "schema", "optional", "new", "called", "named", "go", "pointer", "string", "list",
];

/// What may be a tag, or introduce one.
const TAG_WORDS: &[&str] = &["xml", "json", "tag", "tags", "tagged"];

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
/// lines need no verb.
pub fn members(line: &str, bare: bool) -> Result<Option<MemberDemand>, String> {
    let line = &quoted_tags(line);
    let all = words(line);
    if !bare && !begins_with_verb(&all) {
        return Ok(None);
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
    reader.read()?;
    let mut found = reader.found;
    found.is_open = found.new_struct.is_some() && found.fields.is_empty();
    if found.new_struct.is_none() && found.fields.is_empty() {
        return Ok(None);
    }
    match found.fields.iter().find(|field| field.ty.is_none()) {
        Some(field) => Err(format!("the line states no type of `{}`", field.name)),
        None => Ok(Some(found)),
    }
}

/// Whether a line begins with a verb of adding, maybe behind a few words that end with a colon or a dash.
fn begins_with_verb(all: &[Word<'_>]) -> bool {
    let is_plain = |at: &usize| all[*at].piece == Piece::Prose;
    let first = (0..all.len()).find(is_plain);
    let after = |mark: &str| all.iter().take(8).position(|word| word.is_mark(mark)).map(|at| at + 1);
    [first, after(":"), after("-"), after("–"), after("—")]
        .into_iter()
        .flatten()
        .any(|at| all.get(at).is_some_and(|word| word.is(ADDS)))
}

/// A tag in backticks inside of code in backticks: ``A int `xml:"a"` `` is read with its backticks left out.
fn quoted_tags(line: &str) -> String {
    let mut text = line.to_owned();
    let mut from = 0;
    while let Some(at) =
        ["xml", "json"].iter().filter_map(|key| Some(from + text[from..].find(&format!(" `{key}:\""))?)).min()
    {
        from = at + 2;
        let Some(open) = text[..at].rfind('`') else { continue };
        let code = &text[open + 1..at];
        let Some(close) = text[from..].find("\"`").map(|close| from + close) else { continue };
        if code.starts_with(' ') || code.split_whitespace().count() < 2 {
            continue;
        }
        let rest = &text[close + 2..];
        let rest = [" ``", "``", " `", "`"].iter().find_map(|end| rest.strip_prefix(end)).unwrap_or(rest);
        let start = text[..open + 1].strip_suffix("``").unwrap_or(&text[..open]);
        let read = format!("{start}`{code} {}\"`", &text[from..close]);
        text = format!("{read}{rest}");
        from = read.len();
    }
    text
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
fn field(code: &str) -> Option<FieldDemand> {
    let (name, rest) = code.split_once(char::is_whitespace)?;
    if !is_go_identifier(name) {
        return None;
    }
    let rest = rest.trim();
    let tag_at = ["xml:\"", "json:\""].iter().filter_map(|key| rest.find(key)).min();
    let (ty, tag) = match tag_at {
        Some(at) => (rest[..at].trim(), Some(rest[at..].trim())),
        None => (rest, None),
    };
    let tag = match tag {
        Some(tag) => Some(whole_tag(tag)?),
        None => None,
    };
    Some(FieldDemand { name: name.to_owned(), ty: Some(type_text(ty)?), tag })
}

/// `xml:"a,attr" json:"a"`, and nothing else.
fn whole_tag(text: &str) -> Option<String> {
    let text = text.trim().trim_matches('`');
    let mut rest = text;
    while !rest.is_empty() {
        let (key, after) = rest.split_once(":\"")?;
        let (value, after) = after.split_once('"')?;
        let sound = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | ',' | ':' | '.' | '>' | ' ');
        if key.is_empty() || !key.bytes().all(|byte| byte.is_ascii_lowercase()) || !value.chars().all(sound) {
            return None;
        }
        rest = after.trim_start();
    }
    (!text.is_empty()).then(|| text.to_owned())
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
                Item::Field(field) => self.found.fields.push(field.clone()),
                Item::Code(text, quoted) => {
                    let taken = self.code(text);
                    if !taken && *quoted {
                        return Err(format!("what `{text}` is there for is not understood"));
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
                field.ty = type_text(word);
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
        let open = self.found.fields.last().is_some_and(|field| field.ty.is_none());
        let of_type = last == Some("type") && (before.get(1).map(String::as_str) == Some("of") || open);
        let adjacent = self.at > 0 && matches!(self.items[self.at - 1], Item::Code(..) | Item::Mark);
        if open && (of_type || adjacent || last == Some("of")) {
            return match (type_text(text), self.found.fields.last_mut()) {
                (Some(ty), Some(field)) => {
                    field.ty = Some(ty);
                    true
                }
                _ => false,
            };
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
        match significant {
            Some(word)
                if INTO.contains(&word)
                    && (self.found.parent.is_none() || self.found.parent.as_deref() == Some(text)) =>
            {
                self.found.parent = Some(text.to_owned());
                true
            }
            Some(word) if ADDS.contains(&word) && struct_word && self.is_first() => {
                self.found.new_struct = Some(text.to_owned());
                true
            }
            None if self.bare && struct_word && self.is_first() => {
                self.found.new_struct = Some(text.to_owned());
                true
            }
            Some("field" | "fields" | "attribute" | "member" | "and" | "with") => self.open_field(text),
            Some(word) if ADDS.contains(&word) => self.open_field(text),
            None if self.bare => self.open_field(text),
            _ => false,
        }
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

fn is_builtin(word: &str) -> bool {
    matches!(
        word,
        "bool"
            | "string"
            | "int"
            | "int8"
            | "int16"
            | "int32"
            | "int64"
            | "uint"
            | "uint8"
            | "uint16"
            | "uint32"
            | "uint64"
            | "float32"
            | "float64"
            | "byte"
            | "any"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(line: &str) -> String {
        let field = |field: &FieldDemand| {
            let ty = field.ty.as_ref().map_or("?", |ty| ty.text.as_str());
            format!("{} {ty} {}", field.name, field.tag.as_deref().unwrap_or("-"))
        };
        match members(line, false) {
            Err(why) => format!("error: {why}"),
            Ok(None) => "nothing".to_owned(),
            Ok(Some(found)) => {
                let new = found.new_struct.map(|name| format!("struct {name}: ")).unwrap_or_default();
                let to = found.parent.map(|name| format!(" > {name}")).unwrap_or_default();
                format!("{new}{}{to}", found.fields.iter().map(field).collect::<Vec<_>>().join("; "))
            }
        }
    }

    #[test]
    fn lines_are_read_exactly() {
        for (line, read) in [
            (
                "Add `OnReboot string` with xml tag `on_reboot,omitempty` to the libvirt `DomainSpec` in `pkg/a/schema.go`",
                "OnReboot string xml:\"on_reboot,omitempty\" > DomainSpec",
            ),
            (
                "Add OnReboot string with xml tag on_reboot,omitempty to the libvirt DomainSpec",
                "OnReboot string xml:\"on_reboot,omitempty\" > DomainSpec",
            ),
            (
                "Add field `Target *ControllerTarget` (`xml:\"target,omitempty\"`) to `Controller`",
                "Target *ControllerTarget xml:\"target,omitempty\" > Controller",
            ),
            (
                "Add a field `Hotplug` of type `string` (xml `hotplug,attr,omitempty`) to `ControllerTarget`",
                "Hotplug string xml:\"hotplug,attr,omitempty\" > ControllerTarget",
            ),
            (
                "Extend `HostDevice` with `Driver *HostDevDriver` (xml: `driver,omitempty`) and `ACPI *ACPIHostDev` (xml: `acpi,omitempty`)",
                "Driver *HostDevDriver xml:\"driver,omitempty\"; ACPI *ACPIHostDev xml:\"acpi,omitempty\" > HostDevice",
            ),
            (
                "Add struct `IOMMUDevice` with fields `Model string` (xml attribute `model`) and `Driver *IOMMUDriver` (xml element `driver`, omitempty)",
                "struct IOMMUDevice: Model string xml:\"model,attr\"; Driver *IOMMUDriver xml:\"driver,omitempty\"",
            ),
            (
                "Add the struct `HostDevDriver` with `Iommufd string `xml:\"iommufd,attr,omitempty\"``",
                "struct HostDevDriver: Iommufd string xml:\"iommufd,attr,omitempty\"",
            ),
            (
                "Define a new type `QGS` with field `Path string` (xml tag `path,attr`)",
                "struct QGS: Path string xml:\"path,attr\"",
            ),
            ("Firmware: add `Kernel string` (xml `kernel`) to OS", "Kernel string xml:\"kernel\" > OS"),
            ("Add field `X` to `Y`", "error: the line states no type of `X`"),
            (
                "Add `DiskIDs []string` to the `VirtualMachineOptions` struct",
                "DiskIDs []string - > VirtualMachineOptions",
            ),
            ("Add the constant `A = \"b\"`", "nothing"),
            ("Add a method `Run()` to `T`", "nothing"),
            ("Use `A string` of `B`", "nothing"),
            ("Add a field for the mode", "nothing"),
            ("Add `A string` like `C` to `B`", "error: what `C` is there for is not understood"),
        ] {
            assert_eq!(shown(line), read, "{line}");
        }
    }

    #[test]
    fn a_type_is_exactly_one() {
        assert_eq!(type_text("map[string] string").unwrap().text, "map[string]string");
        for text in ["string) (y int", "", "a b", "string, y int", "...string", "x"] {
            assert!(type_text(text).is_none() || text == "x", "{text}");
        }
    }
}
