//! The specs that one text states: those in quotes or written as Ginkgo has them, those of a list in a container, and
//! tables with their entries.

use super::spec_lines::spec;
use super::spec_node::{Container, literal, node, path, without_joint};
use super::spec_title::{is_about_tests, leads_on, listed};
use super::{Key, TaskLine};
use crate::demand::{Piece, Word, words};

/// A spec as a text states it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Spec {
    /// The containers that the text states for it alone.
    pub(super) within: Vec<Container>,
    pub(super) text: String,
    /// The entries of a table.
    pub(super) entries: Option<Vec<String>>,
    /// What the text says beside it.
    pub(super) also: Option<String>,
    /// It is written as Ginkgo has it.
    pub(super) is_node: bool,
}

/// The specs of a text that states some of them in quotes, as Ginkgo has them, as a table, or in a container; and the
/// containers that it names last, for the specs below.
pub(super) fn specs(text: &str) -> Option<(Vec<Spec>, Vec<Container>)> {
    let clauses = clauses(text);
    let placed: Vec<_> = clauses.iter().map(|clause| placed(clause)).collect();
    let is_placed = placed.iter().any(Option::is_some);
    let (mut found, mut open): (Vec<Spec>, Vec<Container>) = (Vec::new(), Vec::new());
    for (clause, placed) in clauses.iter().zip(placed) {
        let (own, tail) = placed.map_or((None, *clause), |(own, tail)| (Some(own), tail));
        open = own.unwrap_or(open);
        let tail = tail.trim();
        if tail.is_empty() {
            continue;
        }
        let mut specs = table(tail).map(|table| vec![table]).or_else(|| written(tail, is_placed)).unwrap_or_default();
        if specs.is_empty() {
            match found.last_mut() {
                Some(last) if !is_placed => last.also = Some(tail.to_owned()),
                _ if is_placed => {
                    specs = listed(tail).iter().map(|text| Spec { text: spec(text), ..Spec::default() }).collect();
                }
                _ => return None,
            }
        }
        found.extend(specs.into_iter().map(|spec| Spec { within: open.clone(), ..spec }));
    }
    (!found.is_empty() || is_placed).then_some((found, open))
}

/// The clauses of a text, each of which may have its own container.
fn clauses(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let (mut start, mut open) = (0, None);
    for (at, c) in text.char_indices() {
        match (open, c) {
            (None, '"' | '`') => open = Some(c),
            (None, '“') => open = Some('”'),
            (Some(close), c) if c == close => open = None,
            (None, ';') => {
                found.push(&text[start..at]);
                start = at + 1;
            }
            (None, ',') if [", and (", ", ("].iter().any(|joint| text[at..].starts_with(joint)) => {
                found.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    found.push(&text[start..]);
    found.into_iter().map(|clause| clause.trim().trim_end_matches('.')).filter(|clause| !clause.is_empty()).collect()
}

/// The containers that a clause puts its specs into, and what it says of them.
fn placed(clause: &str) -> Option<(Vec<Container>, &str)> {
    let path = path(clause)?;
    let head = without_joint(&clause[..path.start]);
    let behind = path.behind.trim_start_matches([')', '`', ' ']);
    let behind = if behind.starts_with(", func") { "" } else { behind };
    if is_about_tests(head) || leads_on(head) {
        let marked = [":", "-", "–", "—", ","].iter().find_map(|mark| behind.strip_prefix(mark));
        let says = ["\"", "“", "`", "It", "it ", "should ", "with ", "add "];
        let tail = marked.or_else(|| says.iter().any(|word| behind.starts_with(word)).then_some(behind));
        return match tail {
            Some(tail) => Some((path.containers, tail)),
            None => behind.trim_matches([')', '{', '.', ' ']).is_empty().then_some((path.containers, "")),
        };
    }
    // "should wait (in the context "x")"
    let joint = &clause[head.len()..path.start];
    let is_led = joint.split(' ').any(|word| ["in", "under", "inside", "within", "into", "below"].contains(&word));
    let is_call = !clause[path.start..].starts_with(['"', '“']);
    let is_last = behind.trim_matches([')', '.', ' ']).is_empty();
    (is_last && (joint.contains('(') || is_led && is_call)).then_some((path.containers, head))
}

/// The specs of a text that writes nothing but specs, in quotes or as Ginkgo has them: "adds `It("a")` and "b c"".
fn written(text: &str, is_placed: bool) -> Option<Vec<Spec>> {
    let start = (0..text.len()).find(|at| {
        let is_start = text.is_char_boundary(*at) && !text[..*at].ends_with(char::is_alphanumeric);
        is_start && (text[*at..].starts_with(['"', '“', '`']) || is_it(&text[*at..]))
    })?;
    if !leads_on(&text[..start]) {
        return None;
    }
    let (mut rest, mut found) = (&text[start..], Vec::new());
    while let Some((spec, behind)) = one(rest, is_placed) {
        found.push(spec);
        rest = behind.trim_start_matches([')', '`']);
        let next = rest.trim_start_matches([',', '&', '+', ' ']);
        let next =
            ["and with ", "and ", "plus ", "or "].iter().find_map(|joint| next.strip_prefix(joint)).unwrap_or(next);
        if one(next, is_placed).is_none() {
            break;
        }
        rest = next;
    }
    let last = found.last_mut()?;
    let body = [", func", ", …", ", ...", ", FlakeAttempts"].iter().any(|body| rest.starts_with(body));
    let also = rest.trim_matches([',', ';', '-', '–', '—', ':', '(', ')', '`', ' ', '…']);
    let is_said = !body && !also.is_empty() && !is_about_tests(also);
    // "`a b` is set" is a sentence.
    if is_said && !last.is_node && !rest.trim_start().starts_with([',', ';', ':', '-', '–', '—', '(']) {
        return None;
    }
    last.also = is_said.then(|| also.to_owned());
    Some(found)
}

fn is_it(text: &str) -> bool {
    node(text).is_some_and(|node| node.call == "It")
}

/// The spec that a text begins with, and what stands behind it.
fn one(text: &str, is_placed: bool) -> Option<(Spec, &str)> {
    if let Some(node) = node(text).filter(|node| node.call == "It") {
        return Some((Spec { text: node.text, is_node: true, ..Spec::default() }, node.behind));
    }
    let is_code = text.starts_with('`');
    let (inner, behind) = literal(text).filter(|_| text.starts_with(['"', '“', '`']))?;
    let inner = inner.trim();
    let is_prose = !inner.contains(['(', ')', '{', '=', '[', '<', '>', '*', '/', '_']) && !is_go(inner);
    let is_one = (inner.contains(' ') || is_placed && !is_code) && (!is_code || is_prose);
    is_one.then(|| (Spec { text: spec(inner), ..Spec::default() }, behind))
}

/// Whether code declares something, or is a field with its type.
fn is_go(code: &str) -> bool {
    let mut all = code.split(' ');
    let first = all.next().unwrap_or_default();
    ["func", "type", "var", "const", "go", "make", "return", "import"].contains(&first)
        || all.count() == 1 && first.starts_with(|c: char| c.is_ascii_uppercase())
}

/// The table that a text states, with the entries that it names: "a table "x" with the entries "a" and "b"".
pub(super) fn table(text: &str) -> Option<Spec> {
    let lower = text.to_ascii_lowercase();
    lower.match_indices("table").find_map(|(at, word)| {
        let start = if lower[..at].ends_with("describe") { at - "describe".len() } else { at };
        let head = text[..start].trim_end_matches(['`', ' ']);
        let head = head.rsplit([':', ',']).next().unwrap_or(head);
        let rest = &text[at + word.len()..];
        let named =
            rest.strip_prefix('`').unwrap_or(rest).trim_start_matches([':', '(', ' ']).trim_start_matches("called ");
        if !leads_on(head) || rest.starts_with(char::is_alphanumeric) || !named.starts_with(['"', '“', '`']) {
            return None;
        }
        let (name, behind) = literal(named).filter(|(name, _)| !name.trim().is_empty())?;
        let behind = behind.trim_start_matches([')', '`', ',', ' ']);
        let behind = if behind.starts_with("func") { "" } else { behind };
        let (entries, also) = match lists_entries(behind) {
            Some(list) => (entries(list).unwrap_or_default(), None),
            None => (Vec::new(), Some(behind.trim_matches([':', '{', '.', ' ', ')', '`', '…']).to_owned())),
        };
        let also = also.filter(|also| !also.is_empty());
        Some(Spec { text: name.trim().to_owned(), entries: Some(entries), also, ..Spec::default() })
    })
}

/// A text with the entries of its table in parentheses at its end: "accepts the types (table: amd64 vga, arm64 ramfb)".
pub(super) fn tabled(text: &str) -> Option<Spec> {
    let (head, list) = text.trim_end_matches('.').strip_suffix(')')?.rsplit_once(" (")?;
    let (key, list) = list.split_once(": ")?;
    let is_table = words(key).iter().all(|word| word.is(&["a", "as", "table", "entries", "cases", "with", "the"]));
    let entries = entries(list).filter(|list| is_table && list.len() > 1)?;
    Some(Spec { text: spec(head), entries: Some(entries), ..Spec::default() })
}

/// Whether a line orders entries for a table that is there: "Add an entry "x" to the table".
pub(super) fn orders_entries(line: &TaskLine) -> bool {
    const ORDERS: &[&str] = &["add", "append", "extend", "insert", "put"];
    let all = words(&line.text);
    let says = |known: &[&str]| all.iter().any(|word| known.iter().any(|one| word.text.eq_ignore_ascii_case(one)));
    let is_order = all.iter().find(|word| word.piece == Piece::Prose).is_some_and(|word| word.is(ORDERS));
    matches!(line.key, Key::Task | Key::Implementation | Key::Prose)
        && is_order
        && says(&["entry", "entries", "row", "rows"])
        && says(&["table", "tables", "describetable"])
}

/// What stands behind "with the entries".
fn lists_entries(text: &str) -> Option<&str> {
    const LEADS: &[&str] = &[
        "with",
        "and",
        "the",
        "these",
        "following",
        "its",
        "new",
        "two",
        "three",
        "four",
        "entries",
        "entry",
        "cases",
        "for",
    ];
    let line = words(text);
    let end = line.iter().position(|word| !(word.is(LEADS) || word.is_mark(":"))).unwrap_or(line.len());
    let says = line[..end].iter().any(|word| word.is(&["entries", "entry", "cases"]));
    let is_call = text.starts_with("Entry(");
    let at = line.get(end).map_or(text.len(), |word| word.at);
    // A quote or a backtick stands before its word.
    let at = text[..at].trim_end_matches(['"', '“', '`', '(']).len();
    if is_call { Some(text) } else { says.then(|| text[at..].trim()) }
}

/// The texts of entries: `"a" and "b"`, `Entry("a")`, "a, b and c". An entry with arguments is not one that can be made.
pub(super) fn entries(text: &str) -> Option<Vec<String>> {
    let text = text.trim().trim_end_matches([';', '.', ',']);
    let mut found = Vec::new();
    if !text.contains("Entry(") && !text.starts_with(['"', '“', '`']) {
        if text.contains("; ") {
            let all = text.split("; ").map(|entry| entry.trim().trim_start_matches("and ").to_owned());
            return Some(all.filter(|entry| !entry.is_empty()).collect());
        }
        let list = text.replace(", and ", ", ").replace(" and ", ", ");
        found.extend(list.split(", ").map(|entry| entry.trim().to_owned()).filter(|entry| !entry.is_empty()));
        return Some(found);
    }
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches(['`', ',', ';', ' ']).trim_start_matches("and ").trim_start_matches('`');
        if rest.is_empty() {
            return Some(found);
        }
        let call = rest.strip_prefix("Entry(");
        let (entry, behind) = literal(call.unwrap_or(rest)).filter(|(entry, _)| !entry.trim().is_empty())?;
        let behind = match call {
            Some(_) => behind.strip_prefix(')')?,
            None => behind,
        };
        found.push(entry.trim().to_owned());
        rest = behind;
    }
}

/// The specs of the file that a text asks to change: "extend "boots" by a check".
pub(super) fn changed(text: &str) -> Option<String> {
    const VERBS: &[&str] = &[
        "extend", "adapt", "adjust", "update", "change", "amend", "modify", "fix", "rework", "rename", "remove",
        "delete", "drop", "skip", "move", "enhance", "tweak",
    ];
    const OBJECTS: &[&str] = &["the", "existing", "spec", "test", "case", "it", "this", "unit"];
    let at = text.find(['"', '“', '`'])?;
    let head = text[..at].trim_end_matches(['(', ' ']);
    let line = words(head);
    let (first, rest) = line.split_first()?;
    if !first.is(VERBS) || !rest.iter().all(|word| word.is(OBJECTS)) || path(text).is_some() {
        return None;
    }
    let quoted = text[at..].trim_start_matches('`').trim_start_matches("It(");
    let quoted = if quoted.starts_with(['"', '“']) { quoted } else { &text[at..] };
    literal(quoted).map(|(name, _)| name.trim().to_owned()).filter(|name| name.contains(' '))
}

/// Whether a text can be no text of a spec: it orders to write code, or is what is left of a title.
pub(crate) fn is_no_text(text: &str) -> bool {
    const ORDERS: &[&str] = &[
        "let", "move", "rename", "wire", "pass", "replace", "set", "add", "create", "register", "remove", "delete",
        "drop", "call", "expose",
    ];
    let line = words(text);
    let prose: Vec<&str> = line.iter().filter(|word| word.piece == Piece::Prose).map(|word| word.text).collect();
    let says_code = line.iter().any(Word::is_code);
    let is_order = line.first().is_some_and(|word| word.is(ORDERS)) && says_code;
    let is_place = line.first().is_some_and(|word| word.is(&["before", "after"]))
        && prose.iter().skip(1).take(2).any(|word| matches!(*word, "call" | "calls" | "calling"));
    is_order || is_place || is_leftover(text)
}

/// Whether a text is what is left of a title: it begins with a preposition and code, names a file, or opens a quote.
pub(crate) fn is_leftover(text: &str) -> bool {
    let all = words(text);
    let line = match all.as_slice() {
        [first, rest @ ..] if first.is(&["should"]) => rest,
        line => line,
    };
    let is_broken = line.first().is_some_and(|word| word.is(&["in", "of", "at", "into", "from", "to", "not"]))
        && line.get(1).is_none_or(|word| word.is_code() || word.piece == Piece::Mark);
    let is_path = |text: &str| {
        let roots = ["pkg/", "cmd/", "tests/", "staging/", "tools/"];
        text.contains('/') && text.ends_with(".go") || roots.iter().any(|root| text.starts_with(root))
    };
    let names_file = line.iter().any(|word| is_path(word.text.trim_matches(['(', ')'])));
    let is_open = ['"', '`'].iter().any(|mark| text.matches(*mark).count() % 2 == 1)
        || text.matches('(').count() != text.matches(')').count();
    is_broken || names_file || is_open
}
