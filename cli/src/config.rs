//! What is said once and for all, in TOML: beside the tasks.md, in the checkout, and in the user's configuration folder.
//!
//! A file that came with a checkout or a feature is somebody else's: it sets names, and says neither which checkout is
//! changed nor which steps run.

use std::collections::BTreeMap;
use std::env;
use std::path::{Path, PathBuf};

use clap::ValueEnum as _;
use kubevirt_scaffold_core::diagnostic::{Diagnostic, is_invisible};
use kubevirt_scaffold_core::name::nearest;
use kubevirt_scaffold_core::plan::is_release;
use kubevirt_scaffold_core::text::{Source, Span};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::flags::Hooks;
use crate::{files, input};

/// The name of the file in a checkout, and beside a tasks.md.
pub const FILE: &str = input::CONFIGURATION;
/// The largest configuration that is read.
const LIMIT: u64 = 256 << 10;

/// A value, and where it stands.
#[derive(Clone, Debug)]
pub struct Set<T> {
    /// The value.
    pub value: T,
    /// The file.
    pub source: Source,
    /// The place of the value.
    pub span: Span,
    /// The place of its key.
    pub key: Span,
}

impl<T> Set<T> {
    /// The number of its line, counted from 1.
    pub fn line(&self) -> usize {
        self.source.line(self.span.start)
    }
}

/// What one file says.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// The checkout.
    pub checkout: Option<Set<PathBuf>>,
    /// Which follow-up steps run.
    pub hooks: Option<Set<Hooks>>,
    /// The owner of feature gates.
    pub owner: Option<Set<String>>,
    /// The release that feature gates first appear in.
    pub release: Option<Set<String>>,
    /// Values of placeholders.
    pub set: BTreeMap<String, Set<String>>,
}

/// Whose file it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// It lies beside the tasks.md.
    Feature,
    /// It lies in the checkout.
    Checkout,
    /// It is the user's own.
    User,
}

/// A file that is looked for.
#[derive(Clone, Debug)]
pub struct Layer {
    /// Whose it is.
    pub scope: Scope,
    /// Where it would be.
    pub path: PathBuf,
    /// What it says; nothing if it is not there.
    pub config: Option<Config>,
}

/// Every file that says something about a tasks.md in a checkout. The first one that sets a value has it.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The files.
    pub layers: Vec<Layer>,
}

impl Settings {
    /// Reads them. What is wrong with one of them is an error.
    pub fn read(tasks: Option<&Path>, root: Option<&Path>) -> Result<Self, Vec<Diagnostic>> {
        let beside = tasks.map(|tasks| (Scope::Feature, tasks.parent().unwrap_or(Path::new("")).join(FILE)));
        let within = root.map(|root| (Scope::Checkout, root.join(FILE)));
        let is_same = |a: &Path, b: &Path| a.canonicalize().ok().is_some_and(|a| b.canonicalize().ok() == Some(a));
        let within = within.filter(|(_, path)| beside.as_ref().is_none_or(|(_, other)| !is_same(path, other)));
        let own = user_path().map(|path| (Scope::User, path));
        let (mut layers, mut wrong) = (Vec::new(), Vec::new());
        for (scope, path) in beside.into_iter().chain(within).chain(own) {
            match read(&path, scope) {
                Ok(config) => layers.push(Layer { scope, path, config }),
                Err(found) => wrong.extend(found),
            }
        }
        if wrong.is_empty() { Ok(Self { layers }) } else { Err(wrong) }
    }

    /// What the files that are there say, the first one first.
    pub fn configs(&self) -> impl DoubleEndedIterator<Item = (Scope, &Config)> {
        self.layers.iter().filter_map(|layer| Some((layer.scope, layer.config.as_ref()?)))
    }

    /// The value of the first file that has one.
    pub fn first<T>(&self, of: impl Fn(&Config) -> Option<&Set<T>>) -> Option<&Set<T>> {
        self.configs().find_map(|(_, config)| of(config))
    }
}

/// What the user's own file says; nothing if it is not there.
pub fn user() -> Result<Config, Vec<Diagnostic>> {
    user_path().map_or(Ok(None), |path| read(&path, Scope::User)).map(Option::unwrap_or_default)
}

/// Where the user's own file would be.
fn user_path() -> Option<PathBuf> {
    let named = env::var_os("XDG_CONFIG_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    let folder = named.or_else(|| env::home_dir().map(|home| home.join(".config")))?;
    Some(folder.join("kubevirt-scaffold/config.toml"))
}

/// Reads a file; nothing if it is not there.
fn read(path: &Path, scope: Scope) -> Result<Option<Config>, Vec<Diagnostic>> {
    let name = path.display().to_string();
    let refused = |reason: String| {
        let found = Diagnostic::error("file-unreadable", format!("{name} {reason}"));
        vec![found.at(&Source::new(name.as_str(), ""), Span::at(0)).help("make it readable, or move it away")]
    };
    let bytes = match files::read(path, LIMIT) {
        Ok(bytes) => bytes,
        Err(error) if input::is_absent(&error) => return Ok(None),
        Err(error) => return Err(refused(format!("cannot be read: {error}"))),
    };
    let text = String::from_utf8(bytes);
    let text = text.map_err(|error| refused(format!("is not UTF-8 (at byte {})", error.utf8_error().valid_up_to())))?;
    parse(&Source::new(name.as_str(), text), scope).map(Some)
}

/// What a text says.
pub fn parse(source: &Source, scope: Scope) -> Result<Config, Vec<Diagnostic>> {
    let table = DeTable::parse(source.text()).map_err(|error| {
        let span = error.span().map_or(Span::at(0), |range| Span::new(range.start, range.end));
        let reason = error.message().lines().next().unwrap_or_default().to_owned();
        let found = Diagnostic::error("config-syntax", format!("{} is not TOML: {reason}", source.name()));
        vec![found.at(source, span).help("a line is `key = \"value\"`, such as owner = \"sig-compute / @user\"")]
    })?;
    let mut reader = Reader { source, scope, found: Vec::new(), config: Config::default() };
    for (key, value) in table.get_ref() {
        reader.entry(key.get_ref(), range(key), value);
    }
    let Reader { mut found, config, .. } = reader;
    found.sort_by_key(|found| found.place.as_ref().map(|(_, span)| span.start));
    if found.is_empty() { Ok(config) } else { Err(found) }
}

fn range<T>(spanned: &Spanned<T>) -> Span {
    Span::new(spanned.span().start, spanned.span().end)
}

/// Every key of a file.
const KEYS: &[&str] = &["checkout", "hooks", "owner", "release", "components", "set"];

struct Reader<'s> {
    source: &'s Source,
    scope: Scope,
    found: Vec<Diagnostic>,
    config: Config,
}

impl Reader<'_> {
    fn entry(&mut self, key: &str, at: Span, value: &Spanned<DeValue<'_>>) {
        if matches!(key, "checkout" | "hooks") && self.scope != Scope::User {
            let message = format!("`{key}` is not allowed in a file that came with the checkout or the feature");
            let help = format!("it is for the command line, and for your own {}", own());
            return self.refuse("config-scope", message, at, help);
        }
        match key {
            "checkout" => self.config.checkout = self.text(key, at, value).and_then(|text| self.folder(&text)),
            "hooks" => self.config.hooks = self.text(key, at, value).and_then(|text| self.steps(&text)),
            "owner" => self.config.owner = self.text(key, at, value).and_then(|text| self.owner(text)),
            "release" => self.config.release = self.text(key, at, value).and_then(|text| self.release(text)),
            "components" => self.components(at, value),
            "set" => match value.get_ref() {
                DeValue::Table(table) => {
                    for (key, value) in table {
                        if let Some(text) = self.text(key.get_ref(), range(key), value) {
                            self.placeholder(key.get_ref(), text);
                        }
                    }
                }
                other => self.mistyped(key, "a table of placeholders", other, range(value), "[set]\nfeature = \"…\""),
            },
            _ => {
                let known = key.to_lowercase();
                let near = nearest(&known, KEYS.iter().copied());
                let is_placeholder = known == "feature" || known.starts_with("component");
                let help = match near.first() {
                    Some(near) => format!("did you mean `{near}`?"),
                    None if known.starts_with("placeholder") => "put placeholders under [set]".to_owned(),
                    None if is_placeholder => format!("put the value of a placeholder under [set]: {key} = \"…\""),
                    None => format!("there are: {}", KEYS.join(", ")),
                };
                self.refuse("config-key", format!("there is no key `{key}`"), at, help);
            }
        }
    }

    fn refuse(&mut self, code: &'static str, message: String, at: Span, help: impl Into<String>) {
        let found = Diagnostic { code, ..Diagnostic::error("config-value", message) };
        self.found.push(found.at(self.source, at).help(help));
    }

    fn mistyped(&mut self, key: &str, wanted: &str, value: &DeValue<'_>, at: Span, example: &str) {
        let message = format!("`{key}` must be {wanted}, not {}", kind(value));
        self.refuse("config-type", message, at, format!("such as {}", example.replace('\n', ", then ")));
    }

    fn set<T>(&self, value: T, key: Span, span: Span) -> Set<T> {
        Set { value, source: self.source.clone(), span, key }
    }

    fn text(&mut self, key: &str, at: Span, value: &Spanned<DeValue<'_>>) -> Option<Set<String>> {
        match value.get_ref() {
            DeValue::String(text) => Some(self.set(text.clone().into_owned(), at, range(value))),
            other => {
                let example = match key {
                    "release" => "v1.10.0",
                    "owner" => "sig-compute / @user",
                    "hooks" => "native",
                    _ => "…",
                };
                self.mistyped(key, "a text in quotes", other, range(value), &format!("{key} = \"{example}\""));
                None
            }
        }
    }

    fn folder(&mut self, text: &Set<String>) -> Option<Set<PathBuf>> {
        let home = || text.value.strip_prefix("~/").and_then(|below| Some(env::home_dir()?.join(below)));
        let path = home().unwrap_or_else(|| PathBuf::from(&text.value));
        if path.is_absolute() {
            return Some(self.set(path, text.key, text.span));
        }
        let message = "a checkout that counts from everywhere is an absolute path".to_owned();
        self.refuse("config-value", message, text.span, "such as \"/home/me/src/kubevirt\" or \"~/src/kubevirt\"");
        None
    }

    fn steps(&mut self, text: &Set<String>) -> Option<Set<Hooks>> {
        if let Ok(hooks) = Hooks::from_str(&text.value, false) {
            return Some(self.set(hooks, text.key, text.span));
        }
        let known = Hooks::value_variants().iter().filter_map(clap::ValueEnum::to_possible_value);
        let known: Vec<String> = known.map(|value| value.get_name().to_owned()).collect();
        let help = nearest(&text.value, known.iter().map(String::as_str))
            .first()
            .map_or_else(|| format!("there are: {}", known.join(", ")), |near| format!("did you mean `{near}`?"));
        self.refuse("config-value", format!("no steps are called `{}`", text.value), text.span, help);
        None
    }

    fn owner(&mut self, text: Set<String>) -> Option<Set<String>> {
        if !text.value.contains(is_invisible) && !text.value.trim().is_empty() {
            return Some(text);
        }
        let message = "the owner must fit on one line of a comment".to_owned();
        self.refuse("config-value", message, text.span, "such as owner = \"sig-compute / @user\"");
        None
    }

    fn release(&mut self, text: Set<String>) -> Option<Set<String>> {
        if is_release(&text.value) {
            return Some(text);
        }
        let message = format!("`{}` is not a release", text.value);
        self.refuse("config-value", message, text.span, "such as release = \"v1.10.0\"");
        None
    }

    /// The values of `[component]`, `[component2]` and so on.
    fn components(&mut self, at: Span, value: &Spanned<DeValue<'_>>) {
        let example = "components = [\"handler\", \"controller\"]";
        let DeValue::Array(list) = value.get_ref() else {
            return self.mistyped("components", "a list", value.get_ref(), range(value), example);
        };
        for (number, value) in list.iter().enumerate() {
            let key = if number == 0 { "component".to_owned() } else { format!("component{}", number + 1) };
            match value.get_ref() {
                DeValue::String(text) => {
                    let text = self.set(text.clone().into_owned(), at, range(value));
                    self.placeholder(&key, text);
                }
                other => self.mistyped("components", "a list of texts", other, range(value), example),
            }
        }
    }

    fn placeholder(&mut self, key: &str, text: Set<String>) {
        if let Err(why) = fitting(key, &text.value) {
            return self.refuse("config-value", why, text.span, "values are words, such as \"handler\"");
        }
        let (span, known) = (text.span, key.to_lowercase().replace([' ', '-'], "_"));
        if self.config.set.insert(known, text).is_some() {
            self.refuse("config-value", format!("`{key}` has two values"), span, "leave one of them");
        }
    }
}

fn own() -> String {
    user_path().map_or_else(|| "configuration".to_owned(), |path| path.display().to_string())
}

fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// Whether a placeholder can have a value; the error says why not.
pub fn fitting(key: &str, value: &str) -> Result<(), String> {
    if value.trim().is_empty() {
        return Err(format!("`{key}` has no value"));
    }
    // The feature's name has rules of its own.
    let is_step = |part: &str| matches!(part, "." | "..");
    let is_odd = value.contains(is_invisible)
        || value.trim().starts_with(['/', '.', '~'])
        || value.trim().split('/').any(is_step);
    if is_odd && key != "feature" {
        Err(format!("the value of `{key}` has no place in a name or a path"))
    } else {
        Ok(())
    }
}

/// A text with more values of placeholders, and with every byte that it has. Nothing if that cannot be done for sure.
pub fn with_values(text: &str, values: &BTreeMap<String, String>) -> Option<String> {
    let lines: Vec<String> = values.iter().map(|(key, value)| format!("{} = {}\n", word(key), string(value))).collect();
    let lines = lines.concat();
    let before = DeTable::parse(text).ok()?;
    let has_table = before.get_ref().iter().any(|(key, _)| key.get_ref() == "set");
    let after = if has_table {
        let is_head = |line: &&str| line.split('#').next().unwrap_or_default().trim() == "[set]";
        let head = text.split_inclusive('\n').find(is_head)?;
        let end = head.as_ptr() as usize - text.as_ptr() as usize + head.len();
        let line = if head.ends_with('\n') { "" } else { "\n" };
        format!("{}{line}{lines}{}", &text[..end], &text[end..])
    } else {
        let gap = if text.is_empty() || text.ends_with("\n\n") {
            ""
        } else if text.ends_with('\n') {
            "\n"
        } else {
            "\n\n"
        };
        format!("{text}{gap}[set]\n{lines}")
    };
    let wanted = placeholders(&before, Some(values));
    let got = DeTable::parse(&after).ok().map(|table| placeholders(&table, None));
    (got == Some(wanted)).then_some(after)
}

/// The texts below `[set]`, and more.
fn placeholders(table: &Spanned<DeTable<'_>>, more: Option<&BTreeMap<String, String>>) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for (_, value) in table.get_ref().iter().filter(|(key, _)| key.get_ref() == "set") {
        let DeValue::Table(set) = value.get_ref() else { continue };
        for (key, value) in set {
            let text = value.get_ref().as_str().unwrap_or_default();
            found.insert(key.get_ref().clone().into_owned(), text.to_owned());
        }
    }
    found.extend(more.into_iter().flatten().map(|(key, value)| (key.clone(), value.clone())));
    found
}

fn word(key: &str) -> String {
    let is_bare =
        !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    if is_bare { key.to_owned() } else { string(key) }
}

fn string(value: &str) -> String {
    format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
#[path = "config_tests.rs"]
mod tests;
