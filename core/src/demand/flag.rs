//! Command-line flags: ``Add flag `--dry-run` of type bool, default false - changes nothing``.

use super::flag_said::{FlagNames, is_flag, names, own, purpose};
use super::flag_value::{default, is_unread, listed_default};
use super::help::without_orders;
use super::{Piece, Word, words};
use crate::text::unquoted;

/// What a flag holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FlagType {
    /// True or false.
    Bool,
    /// A text.
    String,
    /// A number.
    Int,
    /// A number of 32 bits.
    Int32,
    /// A number of 64 bits.
    Int64,
    /// A number that is not negative.
    Uint,
    /// A number with a fraction.
    Float64,
    /// A time span.
    Duration,
    /// Texts.
    StringSlice,
    /// Texts by their keys.
    StringToString,
}

impl FlagType {
    pub(super) fn parse(word: &str) -> Option<Self> {
        Some(match word.to_lowercase().as_str() {
            "bool" | "boolean" => Self::Bool,
            "string" => Self::String,
            "int" | "integer" => Self::Int,
            "int32" => Self::Int32,
            "int64" => Self::Int64,
            "uint" => Self::Uint,
            "float64" | "float" => Self::Float64,
            "duration" | "time.duration" => Self::Duration,
            "[]string" | "stringslice" | "string-slice" | "stringarray" => Self::StringSlice,
            "map[string]string" | "stringtostring" | "string-to-string" => Self::StringToString,
            _ => return None,
        })
    }

    /// The name that pflag has for it, as in `BoolVar`.
    pub fn pflag(self) -> &'static str {
        match self {
            Self::Bool => "Bool",
            Self::String => "String",
            Self::Int => "Int",
            Self::Int32 => "Int32",
            Self::Int64 => "Int64",
            Self::Uint => "Uint",
            Self::Float64 => "Float64",
            Self::Duration => "Duration",
            Self::StringSlice => "StringSlice",
            Self::StringToString => "StringToString",
        }
    }

    /// Its type in Go.
    pub fn go(self) -> &'static str {
        match self {
            Self::Bool => "bool",
            Self::String => "string",
            Self::Int => "int",
            Self::Int32 => "int32",
            Self::Int64 => "int64",
            Self::Uint => "uint",
            Self::Float64 => "float64",
            Self::Duration => "time.Duration",
            Self::StringSlice => "[]string",
            Self::StringToString => "map[string]string",
        }
    }

    /// The value that it has where nobody says another.
    pub fn zero(self) -> &'static str {
        match self {
            Self::Bool => "false",
            Self::String => "\"\"",
            Self::StringSlice | Self::StringToString => "nil",
            _ => "0",
        }
    }
}

/// A flag that a line asks for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FlagDemand {
    /// Its name, without dashes.
    pub name: String,
    /// What it holds, if the line says so.
    pub ty: Option<FlagType>,
    /// Its default, as Go, if the line says so.
    pub default: Option<String>,
    /// What it is for, in the line's words.
    pub usage: Option<String>,
    /// What else belongs to it.
    pub names: FlagNames,
}

/// Verbs of lines about a new flag.
const ADDS: &[&str] = &[
    "accept",
    "accepts",
    "support",
    "supports",
    "pass",
    "offer",
    "offers",
    "get",
    "gets",
    "take",
    "takes",
    "make",
    "allow",
    "gain",
    "gains",
    "grow",
    "grows",
    "learn",
    "learns",
    "add",
    "adds",
    "adding",
    "introduce",
    "new",
    "define",
    "implement",
    "create",
    "register",
    "provide",
    "expose",
];

/// What a flag is called.
pub(super) const NOUNS: &[&str] = &["flag", "flags", "option", "argument", "parameter"];

/// What is taken away or changed is not added.
const OTHERS: &[&str] = &["deprecate", "remove", "rename", "drop", "hide", "change", "existing", "replace", "like"];

/// The flag that a line asks for: nothing if it is about something else. `bare` lines need no verb.
pub fn flag(line: &str, bare: bool) -> Result<Option<FlagDemand>, String> {
    let all = words(line);
    let adds = all.iter().take(6).any(|word| word.is(ADDS));
    let inside = |word: &Word<'_>| word.text.split_once(' ').is_some_and(|(_, ty)| FlagType::parse(ty).is_some());
    let typed = all.iter().any(|word| FlagType::parse(word.text).is_some()) && all.iter().any(|word| is_flag(word))
        || all.iter().any(|word| is_flag(word) && inside(word));
    // "Flag `--x` (bool)"
    let adds = adds || typed && (all.first().is_some_and(|word| word.is(NOUNS)) || is_labelled(&all));
    let speaks = typed || all.iter().any(|word| word.is(NOUNS));
    // "Extend the `--x` flag": it is there.
    let changed = all
        .windows(2)
        .any(|two| two[0].is(&["extend", "update", "adjust", "modify", "fix", "the", "existing"]) && is_flag(&two[1]));
    let begins = all.iter().find(|word| word.piece == Piece::Prose);
    let extends = begins.is_some_and(|word| word.is(&["extend", "update", "adjust", "modify", "fix", "teach", "let"]));
    let changes = all.iter().take(6).any(|word| word.is(OTHERS)) || changed && extends;
    if !(bare || adds && speaks && !changes) {
        return Ok(None);
    }
    let (mut named, others) = own(&all);
    // "`--x` (int): at most `--y`": the help may speak of others.
    let is_head =
        |head: &[Word<'_>]| head.iter().any(is_flag) && head.iter().any(|word| FlagType::parse(word.text).is_some());
    if let Some(help) = (0..all.len()).find(|at| all[*at].is_mark(":") && is_head(&all[..*at])) {
        named.retain(|word| word.at < all[help].at);
    }
    let name = match named[..] {
        [] if !bare => {
            // "a flag `max-pulses`"
            let beside = all.windows(2).find(|two| two[0].is(&["flag", "option"]) && two[1].piece == Piece::Code);
            beside.map(|two| &two[1]).filter(|_| adds)
        }
        [] if bare => all.first().filter(|word| word.piece == Piece::Code || all.len() == 1),
        [] => None,
        [one] => Some(one),
        _ => return Err("it names more than one flag; one line adds one".to_owned()),
    };
    let Some(word) = name else { return Ok(None) };
    let (name, behind) = match word.text.trim_start_matches('-').split_once([' ', '=']) {
        Some((name, behind)) => (name, Some(behind.trim())),
        None => (word.text.trim_start_matches('-'), None),
    };
    let sound = |c: char| c.is_ascii_alphanumeric() || c == '-';
    if name.is_empty() || !name.chars().all(sound) || !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return Err(format!("`{name}` cannot be the name of a flag"));
    }
    // A text that is put together: what its other part is, only the code says.
    if ["\"+", "\" + ", "+\"", " + \""].iter().any(|sum| line.contains(sum)) {
        return Err(format!("what it says of --{name} is put together with `+`, which is written by hand"));
    }
    let at = all.iter().position(|known| known.at == word.at).unwrap_or(0);
    let usage = usage_of(line, &all, word.at, name);
    // What says the usage is no part of the rest.
    let spans = usage.as_deref().and_then(|usage| {
        let start = line.replace('`', " ").find(usage)?;
        Some(start..start + usage.len())
    });
    let end = spans.as_ref().map_or(line.len(), |usage| usage.start);
    let said: Vec<Word<'_>> =
        all.iter().filter(|word| spans.as_ref().is_none_or(|usage| !usage.contains(&word.at))).copied().collect();
    let all = said;
    let at = all.iter().position(|known| known.at == word.at).unwrap_or(at);
    // `--x bool`, a word for a type directly before `flag`, or one behind `type` or in parentheses.
    let mut types = behind.and_then(FlagType::parse).into_iter().collect::<Vec<_>>();
    let lists = |word: &Word<'_>| word.is(&["repeatable", "repeated", "multiple"]);
    let slice = |two: &[Word<'_>]| two[0].is(&["string"]) && two[1].is(&["slice", "array", "list"]);
    let many = all.iter().any(lists) || all.windows(2).any(slice) || all.iter().any(|word| word.is(&["strings"]));
    let previous = |index: usize| index.checked_sub(1).map(|before| &all[before]);
    for (index, word) in all.iter().enumerate() {
        let Some(ty) = FlagType::parse(word.text) else { continue };
        let of_type = previous(index).is_some_and(|before| before.is(&["type"]));
        let before_flag = index + 1 == at || all.get(index + 1).is_some_and(|next| next.is(&["flag", "option"]));
        let in_parentheses =
            previous(index).is_some_and(|before| before.is_mark("(") || before.is_mark(":") || before.is_mark(","));
        let adjacent = index == at + 1;
        // "a string without a default", "takes an int"
        let is_one = previous(index).is_some_and(|before| before.is(&["a", "an"])) && index > at;
        if of_type || before_flag || in_parentheses || adjacent || is_one {
            types.push(ty);
        }
    }
    if many && types.iter().all(|ty| *ty == FlagType::String) {
        types = vec![FlagType::StringSlice];
    } else if many && !types.contains(&FlagType::StringSlice) {
        return Err(format!("it says that `--{name}` may come more than once, and a type that holds one value"));
    }
    types.dedup();
    let ty = match types[..] {
        [] => None,
        [one] => Some(one),
        _ => return Err(format!("it states two types of `--{name}`")),
    };
    let default = match default(line, &all, ty)? {
        None => listed_default(&all, at, ty)?,
        known => known,
    };
    if let Some(word) =
        all[at + 1..].iter().take_while(|word| word.at < end).find(|word| is_unread(word, default.is_some()))
    {
        return Err(format!("it is unclear what `{}` says of --{name}", word.text));
    }
    let usage = usage.or_else(|| purpose(line));
    let names = names(&all, others);
    Ok(Some(FlagDemand { name: name.to_owned(), ty, default, usage, names }))
}

/// Whether only what it is stands before a flag: "`x.go`: bool flag `--x`", "virt-x: a `--x` flag".
fn is_labelled(all: &[Word<'_>]) -> bool {
    let Some(flag) = all.iter().position(|word| word.text.starts_with("--")) else { return false };
    let from = all[..flag].iter().rposition(|word| word.is_mark(":")).map_or(0, |mark| mark + 1);
    let is_plain = |word: &Word<'_>| {
        word.is(NOUNS) || word.is(&["a", "an", "optional", "command-line"]) || FlagType::parse(word.text).is_some()
    };
    all[from..flag].iter().all(is_plain)
}

/// What a line says that a flag is for, behind a dash or a colon, or in quotes.
fn usage_of(line: &str, all: &[Word<'_>], flag: usize, name: &str) -> Option<String> {
    let usage = ["- ", "– ", "— "]
        .iter()
        .filter_map(|dash| line.split_once(&format!(" {dash}")))
        .map(|(_, usage)| usage)
        .next();
    // "Add `--x` (bool) to virt-y: what it is for".
    let said = || {
        let behind = &line[flag..];
        let is_open = |head: &str| head.matches('(').count() > head.matches(')').count();
        let (at, _) = behind.match_indices(": ").find(|(at, _)| !is_open(&behind[..*at]))?;
        let is_value = behind[..at].ends_with("default") || behind[..at].ends_with("type");
        (behind[..at].contains(name) && !is_value).then(|| &behind[at + 2..])
    };
    let usage = usage
        .or_else(said)
        .map(|usage| told(usage).unwrap_or(usage))
        .map(|usage| unquoted(without_orders(usage, ORDERS).replace('`', "").trim()).to_owned())
        .filter(|usage| !usage.is_empty() && !usage.starts_with("- ") && !usage.ends_with("(default)"));
    let quoted = || help_text(all, line, flag);
    usage.or_else(quoted)
}

/// Words with which a clause says what is done with a flag, and not what it is for.
const ORDERS: &[&str] = &["hidden", "deprecated", "env", "environment", "mutually", "persistent", "required", "mark"];

/// What stands in quotes at the start of a text, or behind a type and a default: `int, default 1, "Scales it."`.
fn told(text: &str) -> Option<&str> {
    let (before, rest) = text.split_once('"')?;
    let (quoted, _) = rest.split_once('"')?;
    let says = |word: &Word<'_>| FlagType::parse(word.text).is_some() || word.is(&["default", "help", "usage"]);
    let leads = before.trim().is_empty() || words(before).iter().any(says);
    (leads && quoted.trim().contains(' ')).then_some(quoted)
}

/// What a line gives as the text of help: `help text "How often"`, `described as "How often"`, or several words in quotes
/// behind the flag.
fn help_text(all: &[Word<'_>], line: &str, flag: usize) -> Option<String> {
    let labelled = all.iter().find(|word| word.is(&["help", "usage", "description", "described"]));
    let mut quoted = line[labelled.map_or(flag, |word| word.at)..].split('"').skip(1).step_by(2);
    let text = quoted.find(|text| labelled.is_some() || text.trim().contains(' '))?;
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_read_exactly() {
        for (line, read) in [
            ("Add flag `--launch-security` to `virtctl create preference`", "launch-security - -"),
            ("Add flag `--vm-stats` of type bool to virt-launcher", "vm-stats Bool -"),
            ("Add a boolean flag `--dry-run` (default false) - changes nothing", "dry-run Bool false"),
            ("Add the `--output string` flag, defaults to `json`", "output String \"json\""),
            ("Introduce flag --threads (int, default: 3)", "threads Int 3"),
            ("Add the boolean `--all` option to `x.go`", "all Bool -"),
            ("Pass `--threads` to the pod", "nothing"),
            ("`virtctl x` accepts `--wait` (bool, default false)", "wait Bool false"),
            ("Add the repeatable flag `--label` (string)", "label StringSlice -"),
            ("Add an integer flag `max-pulses` with default 10", "max-pulses Int 10"),
            ("Add flag `--x` of type string, default empty", "x String \"\""),
            ("New flag `--selector` (StringToString, default nil): which", "selector StringToString nil"),
            ("Add flag `--selector` of type map[string]string", "selector StringToString -"),
            ("New flag `--period` (time.Duration), default 5s", "period Duration 5*time.Second"),
            ("Deprecate the `--dry-run` flag (bool)", "nothing"),
            ("Extend the `--dry-run` flag (string)", "nothing"),
            ("Add `--period` (duration, 30s by default) to virt-handler: how often", "period Duration 30*time.Second"),
            ("Add a boolean flag `--dry-run`, off by default", "dry-run Bool false"),
            ("Add flag `--threads` (int): 3 (default)", "threads Int 3"),
            ("Add `--dir string` to `x.go` with the default \"/var/run\"", "dir String \"/var/run\""),
            ("Flag `--period` (duration, 30s) for virt-y in `x.go`", "period Duration 30*time.Second"),
            ("`x.go`: bool flag `--dry-run`, on by default", "dry-run Bool true"),
            ("virt-y: a `--port` int flag (8189)", "port Int 8189"),
            ("virt-y grows a `--ratio` flag (float64, 0.5)", "ratio Float64 0.5"),
            ("New flag `--dir` (string, `/var/run`) of virt-y", "dir String \"/var/run\""),
            ("New flag `--label` (string, required)", "label String -"),
            ("New flag `--label` (string, whichever)", "error"),
            ("virt-y: flag `--dry-run` bool, true unless said otherwise", "error"),
            ("`x.go`: duration flag `--period`, 90s", "error"),
            ("`x.go`: int flag `--threads`, between 1 and 8", "error"),
            ("New flag `--threads` (int, as many as there are)", "error"),
            ("`virtctl x` calls it with the `--dry-run` bool flag", "nothing"),
            ("Flag `--x` of `virtctl y`, a string without a default: \"What it is.\"", "x String -"),
            ("Flag `--x` in `y.go`: int, default 1, \"--x=2: Scales it.\" It excludes `--z`.", "x Int 1"),
            ("Flag `--x` takes an int, without a default", "x Int -"),
            ("Add flags `--a` and `--b`", "error"),
            ("Add flag `--threads` of type int, default many", "error"),
        ] {
            let shown = match flag(line, false) {
                Err(_) => "error".to_owned(),
                Ok(None) => "nothing".to_owned(),
                Ok(Some(found)) => {
                    let ty = found.ty.map_or("-", FlagType::pflag);
                    format!("{} {ty} {}", found.name, found.default.as_deref().unwrap_or("-"))
                }
            };
            assert_eq!(shown, read, "{line}");
        }
        let usage = flag("Add flag `--a` of type bool - does it", false).unwrap().unwrap().usage;
        assert_eq!(usage.as_deref(), Some("does it"));
        let usage = flag("Add `--a` (bool), help text \"Does it\", to virt-x", false).unwrap().unwrap().usage;
        assert_eq!(usage.as_deref(), Some("Does it"));
        let usage = flag("Add flag `--a` (string, default \"x\") \"Does it\" to virt-x", false).unwrap().unwrap().usage;
        assert_eq!(usage.as_deref(), Some("Does it"));
        let usage = flag("Add `--a` (bool, default: false) to virt-x: does it", false).unwrap().unwrap().usage;
        assert_eq!(usage.as_deref(), Some("does it"));
    }
}
