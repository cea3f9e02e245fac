//! The nodes and the containers of Ginkgo that a text states: `Describe("x")`, "in a new context "x"".

/// A container of specs, as Ginkgo has it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Container {
    /// The function that makes it: `Describe`, `Context`, `When`.
    pub call: &'static str,
    /// Its text.
    pub text: String,
}

impl Container {
    /// A `Context`.
    pub fn context(text: &str) -> Self {
        Self { call: "Context", text: text.to_owned() }
    }

    pub(super) fn new(call: &'static str, text: &str) -> Self {
        Self { call, text: text.trim().to_owned() }
    }

    /// Its text as Ginkgo reports it.
    pub fn title(&self) -> String {
        if self.call == "When" { format!("when {}", self.text) } else { self.text.clone() }
    }
}

/// A node of Ginkgo that a text begins with.
pub(super) struct Node<'a> {
    pub(super) call: &'static str,
    pub(super) text: String,
    /// What stands behind its text.
    pub(super) behind: &'a str,
}

pub(super) fn node(line: &str) -> Option<Node<'_>> {
    // KubeVirt wraps the outermost container: `Describe(SIG("x", …))`.
    const NODES: &[(&str, &str)] = &[
        ("It", "It"),
        ("Specify", "It"),
        ("Context", "Context"),
        ("Describe(SIG(", "Describe"),
        ("SIGDescribe", "Describe"),
        ("SIG(", "Describe"),
        ("Describe", "Describe"),
        ("When", "When"),
    ];
    let line = line.trim();
    let text = line.trim_start_matches('`');
    let (call, rest) = NODES.iter().find_map(|(name, call)| {
        let rest = text.strip_prefix(name)?.trim_start_matches([':', '(', ' ']);
        let is_code = rest.starts_with('`') && text.len() == line.len();
        (rest.starts_with(['"', '“', '\'']) || is_code).then_some((*call, rest))
    })?;
    let (text, behind) = literal(rest)?;
    // "a "+"b" is more than one.
    let is_whole = !text.trim().is_empty() && !behind.trim_start().starts_with('+');
    is_whole.then(|| Node { call, text: text.trim().to_owned(), behind })
}

/// A text without what its containers are given beside their texts, and that: `Describe("x", Serial)`.
pub(super) fn marked(text: &str) -> (String, Vec<String>) {
    let mut marks = Vec::new();
    let parts = text.split('`').enumerate().map(|(at, part)| {
        let Some(node) = node(part).filter(|node| at % 2 == 1 && node.call != "It") else { return part.to_owned() };
        let given = node.behind.trim_start_matches([',', ' ']).trim_end_matches([')', ' ']);
        let given = given.split(", ").map(str::trim).take_while(|one| !one.starts_with("func"));
        // What closes the last one is cut off with what closes the container.
        let open = |one: &str| one.matches('(').count().saturating_sub(one.matches(')').count());
        let closed = |one: &str| one.to_owned() + &")".repeat(open(one));
        let given = given.filter(|one| !one.is_empty()).map(|one| closed(one.trim_start_matches("decorators.")));
        marks.extend(given);
        format!("{}({})", node.call, crate::go::string(&node.text))
    });
    let plain = parts.collect::<Vec<_>>().join("`");
    if marks.is_empty() { (text.to_owned(), marks) } else { (plain, marks) }
}

/// The text in the quotes that a text begins with, and what stands behind them.
pub(super) fn literal(text: &str) -> Option<(String, &str)> {
    let open = text.chars().next()?;
    let close = if open == '“' { '”' } else { open };
    let inner = &text[open.len_utf8()..];
    let mut found = String::new();
    let mut chars = inner.char_indices();
    while let Some((at, c)) = chars.next() {
        let behind = &inner[at + c.len_utf8()..];
        // "doesn't" ends nothing.
        let is_inside = c == '\'' && behind.starts_with(char::is_alphanumeric);
        match c {
            '\\' if open != '`' => match chars.next() {
                Some((_, c)) if matches!(c, '"' | '\\' | '\'') => found.push(c),
                _ => return None,
            },
            c if (c == close || c == '"' && open == '“') && !is_inside => return Some((found, behind)),
            c => found.push(c),
        }
    }
    None
}

/// The containers that a text states for its specs, and the text without them: "in a new Context "x"", "under
/// `Describe("x")`", "the "x" context", "Describe "x" > Context "y"".
pub(super) fn stated(text: &str) -> Option<(String, Vec<Container>)> {
    let path = path(text)?;
    let rest = format!("{}{}", without_joint(&text[..path.start]), path.behind.trim_start_matches(')'));
    Some((rest.trim().trim_end_matches([':', ',']).trim_end().to_owned(), path.containers))
}

/// Containers that stand in a text one behind the other.
pub(super) struct Path<'a> {
    /// Where the first one begins.
    pub(super) start: usize,
    /// Outermost first.
    pub(super) containers: Vec<Container>,
    /// What stands behind the last one.
    pub(super) behind: &'a str,
}

pub(super) fn path(text: &str) -> Option<Path<'_>> {
    let (start, mut end, first) = one(text)?;
    let mut containers = vec![first];
    loop {
        let rest = &text[end..];
        let arrow = rest.trim_start_matches([')', '`', ' ']);
        let arrow =
            ["->", ">", "›", "→", "»", "/"].iter().find_map(|mark| arrow.strip_prefix(mark)).map(str::trim_start);
        let named = arrow.filter(|rest| rest.starts_with(['"', '“'])).and_then(literal);
        let (to, next, is_inside) = match (one(rest), named) {
            (_, Some((title, behind))) => (text.len() - behind.len(), Container::context(title.trim()), true),
            (Some((from, to, next)), None) => {
                let between = rest[..from].trim_matches([')', '`', ' ']);
                if !without_joint(between.trim_start_matches(['-', '>', '›', '→', '»', '/'])).is_empty() {
                    break;
                }
                // "Context "x" of Describe "y""
                let is_of = between.split(' ').next().is_some_and(|word| ["of", "in", "inside"].contains(&word));
                let is_new = between.contains(" new") || between.contains(" a ") || between.ends_with(" a");
                (end + to, next, !is_of || is_new || containers[0].call == "Describe")
            }
            (None, None) => break,
        };
        containers.insert(if is_inside { containers.len() } else { 0 }, next);
        end = to;
    }
    Some(Path { start, containers, behind: &text[end..] })
}

/// The first container that a text states, and where it stands.
fn one(text: &str) -> Option<(usize, usize, Container)> {
    let found = quoted(text);
    let named = found.iter().find_map(|quoted| as_code(quoted).or_else(|| before(text, quoted)));
    let pointed = || found.last().and_then(|quoted| pointed(text, quoted));
    named.or_else(|| found.iter().find_map(|quoted| behind(text, quoted))).or_else(pointed)
}

/// "(in "x")" at the end of a text.
fn pointed(text: &str, quoted: &Quoted<'_>) -> Option<(usize, usize, Container)> {
    const LEADS: &[&str] = &["in", "inside", "within", "under", "below"];
    let lead = text[..quoted.start].trim_end().rsplit_once('(')?.1;
    let is_end = matches!(text[quoted.end..].trim(), ")" | ")." | ").,");
    let is_one = is_end && !quoted.is_code && LEADS.contains(&lead) && !quoted.inner.trim().is_empty();
    is_one.then(|| (quoted.start, quoted.end, Container::new("Context", quoted.inner)))
}

/// A piece of a text in quotes or backticks: where it begins and ends, and what stands in it.
struct Quoted<'a> {
    start: usize,
    end: usize,
    inner: &'a str,
    is_code: bool,
}

fn quoted(text: &str) -> Vec<Quoted<'_>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(open) = text[at..].find(['"', '“', '`']).map(|open| at + open) {
        let mark = text[open..].chars().next().unwrap_or('"');
        let from = open + mark.len_utf8();
        let close = if mark == '“' { '”' } else { mark };
        let Some(end) = text[from..].find(close).map(|end| from + end) else { break };
        at = end + close.len_utf8();
        found.push(Quoted { start: open, end: at, inner: &text[from..end], is_code: mark == '`' });
    }
    found
}

/// The function of a word for a container.
fn call(word: &str) -> Option<&'static str> {
    match word {
        "Context" | "context" | "container" | "Container" => Some("Context"),
        "Describe" | "describe" => Some("Describe"),
        "When" => Some("When"),
        _ => None,
    }
}

/// `Describe("x")`
fn as_code(quoted: &Quoted<'_>) -> Option<(usize, usize, Container)> {
    let node = node(quoted.inner).filter(|node| quoted.is_code && node.call != "It")?;
    Some((quoted.start, quoted.end, Container { call: node.call, text: node.text }))
}

/// `Describe "x"`, "a context called "x""
fn before(text: &str, quoted: &Quoted<'_>) -> Option<(usize, usize, Container)> {
    const BETWEEN: &[&str] = &["called", "named", "titled", "block", "container", "node", "for"];
    let mut head = text[..quoted.start].trim_end().trim_end_matches(['(', ':', '`']).trim_end();
    loop {
        let start = head.rfind(|c: char| !c.is_alphanumeric()).map_or(0, |at| at + 1);
        let word = &head[start..];
        if let Some(call) = call(word).filter(|_| !quoted.inner.trim().is_empty()) {
            // "`Describe` "x""
            let start = text[..start].strip_suffix('`').map_or(start, str::len);
            return Some((start, quoted.end, Container::new(call, quoted.inner)));
        }
        head = head.strip_suffix(word).filter(|_| BETWEEN.contains(&word))?.trim_end();
    }
}

/// "the "x" context"
fn behind(text: &str, quoted: &Quoted<'_>) -> Option<(usize, usize, Container)> {
    let rest = text[quoted.end..].strip_prefix(' ')?;
    let end = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
    let call = call(&rest[..end]).filter(|call| *call != "When" && !quoted.inner.trim().is_empty())?;
    let block =
        [" block", " container"].iter().find(|word| rest[end..].starts_with(**word)).map_or(0, |word| word.len());
    let start = text.len() - rest.len();
    Some((quoted.start, start + end + block, Container::new(call, quoted.inner)))
}

/// A text without the words at its end that put something into a container.
pub(super) fn without_joint(text: &str) -> &str {
    const JOINTS: &[&str] = &[
        "a", "an", "the", "new", "existing", "own", "its", "in", "into", "to", "under", "below", "inside", "within",
        "by", "of", "with", "on", "as",
    ];
    let mut text = text.trim_end();
    loop {
        let bare = text.trim_end_matches([',', ';', '-', '–', '—', '(', ' ']);
        let start = bare.rfind(' ').map_or(0, |at| at + 1);
        if bare.is_empty()
            || !JOINTS.iter().any(|word| word.eq_ignore_ascii_case(bare[start..].trim_start_matches('(')))
        {
            return bare;
        }
        text = bare[..start].trim_end();
    }
}
