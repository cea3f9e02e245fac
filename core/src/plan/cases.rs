//! What a task of tests says: the texts of its specs, what they are about, and what they need to run.

use super::spec_lines::{test_ids, unquoted, without_it, without_sig};
use super::{Key, PlannedTask, TaskLine};
use crate::demand::{Piece, Word, words};

/// The specs that a task states.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Cases {
    /// What they are about; empty if the task says nothing but that it is about tests.
    pub about: String,
    /// Their texts.
    pub specs: Vec<String>,
    /// The container that each of them is written into, as Ginkgo has it; none for any of them, or one for each.
    pub contexts: Vec<String>,
    /// The lines without a key that are texts of specs.
    pub lines: Vec<usize>,
    /// The lines beside them that do not read like one.
    pub unread: Vec<usize>,
    /// What the task says that the specs need: the line, and the decorator as it stands there.
    pub decorators: Vec<(usize, String)>,
}

const KEYS: &[Key] = &[Key::Test, Key::Verify, Key::Scenario];

/// Words that a title says of tests, and that tell nothing about what is tested.
const TESTS: &[&str] = &[
    "a",
    "add",
    "additional",
    "an",
    "and",
    "called",
    "case",
    "cases",
    "cover",
    "coverage",
    "covering",
    "covers",
    "create",
    "e2e",
    "end-to-end",
    "for",
    "functional",
    "implement",
    "in",
    "integration",
    "it",
    "more",
    "named",
    "new",
    "of",
    "spec",
    "specs",
    "suite",
    "test",
    "tests",
    "that",
    "the",
    "these",
    "to",
    "unit",
    "with",
    "write",
];

/// Words that a line begins with which says how a test is written, and not what holds.
const ABOUT_TESTS: &[&str] = &[
    "add",
    "based",
    "copy",
    "cover",
    "covers",
    "create",
    "decorator",
    "decorators",
    "depends",
    "extend",
    "extends",
    "file",
    "follow",
    "follows",
    "helper",
    "helpers",
    "implement",
    "import",
    "label",
    "labels",
    "like",
    "location",
    "mock",
    "mocks",
    "move",
    "needs",
    "note",
    "path",
    "place",
    "put",
    "requires",
    "reuse",
    "reuses",
    "run",
    "runs",
    "see",
    "sig",
    "similar",
    "table",
    "todo",
    "update",
    "use",
    "uses",
    "using",
    "write",
];

impl PlannedTask {
    /// What it says about tests: its `Test:` lines; else the items below it that read like texts of specs, if all its
    /// files are tests; else its title.
    pub fn cases(&self) -> Cases {
        let decorated: Vec<&TaskLine> = self.details.iter().filter(|line| is_decorators(&line.key)).collect();
        let mut decorators: Vec<(usize, String)> =
            decorated.iter().flat_map(|line| named(&line.text).map(|name| (line.line, name))).collect();
        let labelled = self.says().replace(" and label it ", ", ").replace(" and mark it ", ", ");
        let (subject, needed) = without_needs(&without_sig(&labelled));
        decorators.extend(needed.into_iter().map(|name| (self.line, name)));
        let keyed: Vec<String> = self.details(KEYS).map(|text| unquoted(text).to_owned()).collect();
        // "(if needed)" is a note.
        let is_note = |line: &TaskLine| line.text.trim_start().starts_with('(');
        let items = self.details.iter().filter(|line| line.key == Key::Prose && line.is_item && !is_note(line));
        let written = self.ginkgo();
        let (cases, others): (Vec<&TaskLine>, Vec<&TaskLine>) =
            items.filter(|line| !is_path(&line.text)).partition(|line| is_case(&line.text));
        let (title, listed) = titled(&subject);
        let mut found = Cases { about: title, decorators, ..Cases::default() };
        if !keyed.is_empty() {
            found.specs = keyed;
        } else if !written.specs.is_empty() {
            let is_read = |line: &&&TaskLine| !written.lines.contains(&line.line);
            found.unread = cases.iter().chain(&others).filter(is_read).map(|line| line.line).collect();
            (found.specs, found.contexts, found.lines) = (written.specs, written.contexts, written.lines);
        } else if !cases.is_empty() && self.is_all_tests() {
            found.specs = cases.iter().map(|line| without_it(line.text.trim_end_matches('.')).to_owned()).collect();
            found.lines = cases.iter().map(|line| line.line).collect();
            found.unread = others.iter().map(|line| line.line).collect();
        } else if let Some(spec) = self.title_node() {
            (found.specs, found.about) = (vec![spec], String::new());
        } else {
            found.specs = listed;
        }
        let is_said = |id: &&str| found.specs.iter().any(|text| text.contains(*id));
        let ids: Vec<&str> = test_ids(&self.title).filter(|id| !is_said(id)).collect();
        match (found.specs.as_mut_slice(), ids.as_slice()) {
            (_, []) => {}
            // KubeVirt has the test's ID before the text.
            ([spec], [id]) => *spec = format!("{id}{spec}"),
            _ => found.unread.push(self.line),
        }
        found
    }

    /// What its title says beside the file that it names; nothing if it is that file alone.
    pub fn says(&self) -> &str {
        said(&self.subject)
    }

    /// The texts of its specs.
    pub fn specs(&self) -> Vec<String> {
        self.cases().specs
    }

    /// Whether all files that it names are tests.
    fn is_all_tests(&self) -> bool {
        !self.named.is_empty() && self.named.iter().all(|(path, _)| is_test_file(path))
    }
}

/// Whether a file holds tests.
pub(crate) fn is_test_file(path: &str) -> bool {
    path.ends_with("_test.go") || path.starts_with("tests/")
}

fn is_decorators(key: &Key) -> bool {
    matches!(key, Key::Other(word) if ["decorator", "decorators", "ginkgo decorators"].contains(&word.as_str()))
}

/// The decorators of a list: `decorators.RequiresX`, `Serial`.
fn named(list: &str) -> impl Iterator<Item = String> {
    let plain = list.replace('`', "");
    let names = plain.split([',', ';', ' ']).map(|name| name.trim().trim_start_matches("decorators.").to_owned());
    let is_name =
        |name: &String| name.starts_with(|c: char| c.is_ascii_uppercase()) && crate::name::is_go_identifier(name);
    names.filter(is_name).collect::<Vec<_>>().into_iter()
}

/// A subject without the marks that are left where a path was.
fn said(subject: &str) -> &str {
    let bare = subject.trim_matches('`');
    let is_only_path = subject.starts_with('`') && is_path(subject.trim_end_matches([':', ' ']));
    if is_only_path || bare.ends_with(".go") && !bare.contains(' ') { "" } else { subject }
}

/// A subject without what its words, or those before its colon, say that the specs need.
fn without_needs(subject: &str) -> (String, Vec<String>) {
    // "A spec (sig-compute, Serial): …": what stands in parentheses and only says what is needed.
    if let Some((before, rest)) = subject.split_once('(')
        && let Some((inner, behind)) = rest.split_once(')')
    {
        let (kept, found) = needs(inner);
        if kept.trim().is_empty() && !inner.trim().is_empty() {
            let (subject, more) = without_needs(&format!("{}{behind}", before.trim_end()));
            return (subject, found.into_iter().chain(more).collect());
        }
    }
    let Some((head, tail)) = subject.split_once(": ") else { return needs(subject) };
    let (head, found) = needs(head);
    let head = head.trim();
    (if head.is_empty() { tail.trim().to_owned() } else { format!("{head}: {tail}") }, found)
}

/// The decorators that words name: `decorators.RequiresX` anywhere, and others in backticks, or before "decorator".
fn decorators(line: &[Word<'_>]) -> Vec<String> {
    let says = line.iter().any(|word| word.is(&["decorator", "decorators"]));
    let is_one = |at: usize| {
        let before = line.get(at + 1).is_some_and(|next| next.is(&["decorator"]));
        line[at].text.starts_with("decorators.")
            || says && (line[at].piece == Piece::Code || before && line[at].is_code())
    };
    (0..line.len()).filter(|at| is_one(*at)).flat_map(|at| named(line[at].text)).collect()
}

/// A subject without the clauses that say what the specs need, and those: "SIG compute, serial, needs the `RequiresX`
/// decorator".
fn needs(subject: &str) -> (String, Vec<String>) {
    let mut found = Vec::new();
    let mut kept: Vec<&str> = Vec::new();
    for clause in subject.split(", ") {
        let line = words(clause);
        let says = |word: &str| line.iter().any(|known| known.is(&[word]));
        let is_serial = line.len() == 1 && says("serial");
        let is_ordered = line.len() == 1 && says("ordered");
        let named_here = decorators(&line);
        if says("decorator") || says("decorators") || !named_here.is_empty() {
            found.extend(named_here);
        } else if is_serial {
            found.push("Serial".to_owned());
        } else if is_ordered {
            found.push("Ordered".to_owned());
        } else if test_ids(clause).next().is_some()
            && line.iter().all(|word| {
                word.piece == Piece::Mark
                    || word.is(&["label", "labels", "labelled", "labeled", "id"])
                    || word.text.starts_with("[test_id")
            })
        {
            // It stands at the text of the spec.
        } else if !line.first().is_some_and(|word| word.is(&["sig", "owner"]) || word.text.starts_with("sig-")) {
            kept.push(clause);
        }
    }
    // Where nothing is needed, a comma is one of the text's own.
    if found.is_empty() && kept.len() == subject.split(", ").count() {
        return (subject.to_owned(), found);
    }
    (kept.join(", "), found)
}

/// What a title is about, and the texts of specs in it: those in quotes, those of a list behind a colon, or itself.
fn titled(subject: &str) -> (String, Vec<String>) {
    const MARKS: [char; 7] = [':', ',', ';', '-', '–', '—', ' '];
    let subject = subject.trim_start_matches(MARKS).trim();
    if subject.is_empty() {
        return (String::new(), Vec::new());
    }
    let (outside, quoted) = quotes(subject);
    if !quoted.is_empty() && (says_tests(&outside) || leads_on(&outside)) {
        let rest = if is_about_tests(&outside) || leads_on(&outside) { String::new() } else { outside };
        return (rest, quoted);
    }
    let behind = |head: &str| says_tests(head) || is_about_tests(head) || covered(head).is_some();
    if let Some((head, tail)) = subject.split_once(':').filter(|(head, tail)| behind(head) && tail.starts_with(' '))
        && !says_tests(tail)
    {
        let head = if is_about_tests(head) { "" } else { covered(head).unwrap_or(head).trim() };
        return (head.to_owned(), listed(tail.trim_start_matches(MARKS)));
    }
    if let Some(found) = ordered(subject) {
        return found;
    }
    if is_about_tests(subject) {
        // "Unit tests": the only text that there is.
        return (String::new(), vec![subject.to_owned()]);
    }
    let list = listed(subject);
    if list.len() > 1 && !says_tests(subject) {
        return (String::new(), list);
    }
    (subject.to_owned(), vec![subject.to_owned()])
}

/// What a head orders to test with a list: "Cover `f` with".
fn covered(head: &str) -> Option<&str> {
    let line = words(head);
    let (first, last) = (line.first()?, line.last()?);
    let is_order = first.is(&["cover", "test", "check", "exercise"]) && last.is(&["with", "for", "against"]);
    (is_order && line.len() > 2).then(|| head[first.at + first.text.len()..last.at].trim())
}

/// What a title orders to test, and what that is about: "Verify that a guest boots, and that it stops", "Extend it with a
/// case where a guest hangs", "Test the clock".
fn ordered(subject: &str) -> Option<(String, Vec<String>)> {
    const ORDERS: &[&str] =
        &["verify", "check", "test", "ensure", "assert", "prove", "confirm", "cover", "exercise", "show"];
    const CASES: &[&str] = &["case", "cases", "scenario", "spec", "specs", "test", "tests", "check"];
    let line = words(subject);
    let is_that = |at: usize| line.get(at).is_some_and(|word| word.is(&["that", "whether"]));
    let is_order = |at: usize| line.get(at).is_some_and(|word| word.is(ORDERS));
    let asks = |word: &Word<'_>| word.is(TESTS) || word.is(&["extend", "one", "another", "further", "by", "its"]);
    let behind = if is_order(0) && line.len() > 2 {
        usize::from(is_that(1)) + 1
    } else {
        // Up to "a case where", "a test that checks that".
        let at = line.iter().position(|word| word.is(&["where", "that", "which"]))?;
        let is_case = at > 0 && line[at - 1].is(CASES) && line[..at].iter().all(asks);
        let checks =
            line.get(at + 1).is_some_and(|word| word.is(&["verifies", "checks", "proves", "shows", "ensures"]));
        at + 1 + is_case.then(|| usize::from(checks) * (1 + usize::from(is_that(at + 2))))?
    };
    let first = line.get(behind)?;
    // Code begins behind its backtick.
    let rest = &subject[first.at - usize::from(first.piece == Piece::Code)..];
    let parts = rest.replace(", and that ", "; ").replace(" and that ", "; ").replace(", that ", "; ");
    let specs = listed(&parts);
    let about = if is_order(0) && !is_that(1) { rest.to_owned() } else { String::new() };
    specs.iter().all(|text| text.contains(' ')).then_some((about, specs))
}

/// The parts of a list: "rejects a; accepts b", "should reject a, should accept b".
fn listed(text: &str) -> Vec<String> {
    let shoulds: Vec<&str> = text.split(", ").collect();
    let is_should = |part: &&str| part.trim_start_matches("and ").trim_start().starts_with("should ");
    let joined =
        if !text.contains(';') && shoulds.iter().all(is_should) { text.replace(", ", "; ") } else { text.to_owned() };
    let parts = joined.split(';').map(|part| part.trim().trim_end_matches('.'));
    let parts = parts.map(|part| part.strip_prefix("and ").unwrap_or(part).trim().to_owned());
    parts.filter(|part| !part.is_empty()).collect()
}

/// What stands outside of the quotes of a text, and what in them.
fn quotes(text: &str) -> (String, Vec<String>) {
    let plain = text.replace(['“', '”'], "\"");
    let parts: Vec<&str> = plain.split('"').collect();
    if parts.len().is_multiple_of(2) {
        return (text.to_owned(), Vec::new());
    }
    let outside: Vec<&str> = parts.iter().step_by(2).map(|part| part.trim()).filter(|part| !part.is_empty()).collect();
    let inside = parts.iter().skip(1).step_by(2).map(|part| part.trim().to_owned());
    (outside.join(" "), inside.filter(|part| part.contains(' ')).collect())
}

fn says_tests(text: &str) -> bool {
    words(text).iter().any(|word| word.is(&["test", "tests", "spec", "specs", "case", "cases", "coverage"]))
}

/// Whether a text says nothing but that a file gets what is quoted: "covers "…" and "…"".
fn leads_on(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "a", "adds", "also", "and", "contains", "cover", "covering", "covers", "for", "gains", "get", "gets", "has",
        "have", "holds", "it", "its", "new", "plus", "should", "that", "they", "with",
    ];
    words(text).iter().all(|word| word.piece == Piece::Mark || word.is(TESTS) || word.is(WORDS))
}

/// Whether a text says nothing but that it is about tests.
fn is_about_tests(text: &str) -> bool {
    words(text).iter().all(|word| word.piece == Piece::Mark || word.is(TESTS))
}

fn is_path(text: &str) -> bool {
    let bare = text.trim().trim_matches('`');
    bare.contains('/') && !bare.contains(char::is_whitespace)
}

/// Whether a line reads like the text of a spec: it says what holds, and not how it is tested.
fn is_case(text: &str) -> bool {
    let line = words(text);
    let prose: Vec<&Word<'_>> = line.iter().filter(|word| word.piece == Piece::Prose).collect();
    let names_file = line.iter().any(|word| word.text.contains('/') && word.text.ends_with(".go"));
    let is_head = text.trim_end().ends_with(':');
    prose.len() > 1 && !names_file && !is_head && !line.first().is_some_and(|word| word.is(ABOUT_TESTS))
}

#[cfg(test)]
#[path = "cases_tests.rs"]
mod tests;
