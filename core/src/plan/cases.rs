//! What a task of tests says: the texts of its specs, what they are about, and what they need to run.

use super::spec_lines::{
    CASES, ENTRIES, Line, OF_CASES, REFERS, asks_for_entries, keyed, led, read, refers, spec, test_ids, unquoted,
    without_sig,
};
use super::spec_node::{Container, stated};
use super::spec_title::{beside, is_about_tests, listed, says_tests, titled};
use super::{Key, PlannedTask, TaskLine};
use crate::demand::{Piece, Word, words};

/// The specs that a task states.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Cases {
    /// What they are about; empty if the task says nothing but that it is about tests.
    pub about: String,
    /// Their texts.
    pub specs: Vec<String>,
    /// The containers that the task states for each of them, outermost first.
    pub within: Vec<Vec<Container>>,
    /// The file of tests that the line of each of them begins with.
    pub files: Vec<Option<String>>,
    /// The spec of the file that the task puts them beside.
    pub beside: Option<String>,
    /// The lines that are texts of specs, or containers of some.
    pub lines: Vec<usize>,
    /// The lines beside them of which no spec is made, and why.
    pub unread: Vec<(usize, String)>,
    /// What the task says that the specs need: the line, and the decorator as it stands there.
    pub decorators: Vec<(usize, String)>,
}

/// The spec of a line.
struct Stated {
    line: usize,
    way: Way,
    within: Vec<Container>,
    file: Option<String>,
    text: String,
}

/// How a line states a spec. The lines of the first way that a task has are meant.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Way {
    /// `Test: boots`
    Keyed,
    /// `It("boots")`
    Written,
    /// An item below tests.
    Item,
}

/// What the lines of a task state.
#[derive(Default)]
struct Lines {
    specs: Vec<Stated>,
    containers: Vec<usize>,
    others: Vec<(usize, String)>,
    unread: Vec<(usize, String)>,
}

const KEYS: &[Key] = &[Key::Test, Key::Verify, Key::Scenario];

/// Why an item is no spec.
const NO_SPEC: &str = "it does not read like the text of a spec";

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
        self.cases_of(!self.named.is_empty() && self.named.iter().all(|(path, _)| is_test_file(path)))
    }

    /// The same, where it is known whether all its files are tests.
    pub(crate) fn cases_of(&self, is_all_tests: bool) -> Cases {
        let decorated: Vec<&TaskLine> = self.details.iter().filter(|line| is_decorators(&line.key)).collect();
        let mut decorators: Vec<(usize, String)> =
            decorated.iter().flat_map(|line| named(&line.text).map(|name| (line.line, name))).collect();
        let labelled = self.says().replace(" and label it ", ", ").replace(" and mark it ", ", ");
        let (subject, needed) = without_needs(&without_sig(&labelled));
        decorators.extend(needed.into_iter().map(|name| (self.line, name)));
        let (subject, outer) = stated(&subject).map_or((subject, None), |(rest, outer)| (rest, Some(outer)));
        let (subject, beside) = beside(&subject);
        let (title, listed) = titled(&subject);
        let outer: Vec<Container> = outer.into_iter().collect();
        let read = self.read_lines(&outer, is_all_tests);
        let mut found = Cases { about: title, beside, decorators, unread: read.unread, ..Cases::default() };
        let way = read.specs.iter().map(|stated| stated.way).min();
        match way.filter(|way| *way < Way::Item || is_all_tests) {
            Some(way) => {
                let (own, rest): (Vec<Stated>, Vec<Stated>) =
                    read.specs.into_iter().partition(|known| known.way == way);
                if way != Way::Keyed {
                    found.unread.extend(rest.iter().map(|known| (known.line, NO_SPEC.to_owned())));
                    found.unread.extend(read.others);
                }
                found.lines = own.iter().map(|known| known.line).chain(read.containers).collect();
                found.lines.dedup();
                for known in own {
                    found.specs.push(known.text);
                    found.within.push(known.within);
                    found.files.push(known.file);
                }
            }
            // What its `Test:` lines say is no text, and its title is none either then.
            None if self.details(KEYS).next().is_some() => {}
            None => {
                if let Some(spec) = self.title_node() {
                    (found.specs, found.about) = (vec![spec], String::new());
                } else if outer.is_empty() || !says_tests(&subject) || listed != [subject.as_str()] {
                    found.specs = listed.into_iter().filter(|text| !is_about_tests(text)).collect();
                }
                if found.specs.iter().any(|text| refers(text)) {
                    found.specs.clear();
                    found.unread.push((self.line, REFERS.to_owned()));
                }
                if is_all_tests && found.specs.is_empty() {
                    found.unread.extend(read.others);
                }
                found.within = vec![outer; found.specs.len()];
                found.files = vec![None; found.specs.len()];
            }
        }
        found.unread.sort();
        let is_said = |id: &&str| found.specs.iter().any(|text| text.contains(*id));
        let ids: Vec<&str> = test_ids(&self.title).filter(|id| !is_said(id)).collect();
        match (found.specs.as_mut_slice(), ids.as_slice()) {
            (_, []) => {}
            // KubeVirt has the test's ID before the text.
            ([spec], [id]) => *spec = format!("{id}{spec}"),
            _ => found.unread.push((self.line, NO_SPEC.to_owned())),
        }
        found
    }

    /// Whether its title says nothing but that it is about tests, where they are, or in which container.
    pub(crate) fn is_about_tests(&self) -> bool {
        let subject = without_sig(self.says());
        is_about_tests(&stated(&subject).map_or(subject, |(rest, _)| rest))
    }

    /// What its lines state, in the container of its title if that has one.
    fn read_lines(&self, outer: &[Container], is_all_tests: bool) -> Lines {
        let mut found = Lines::default();
        let mut open = outer.to_vec();
        // A container with specs is complete where the next one begins.
        let mut is_complete = true;
        let mut in_table = false;
        for line in &self.details {
            let is_keyed = KEYS.contains(&line.key) || matches!(&line.key, Key::Other(word) if word == "it");
            // "Entries:" is about the items below it.
            let is_entry = in_table && line.key == Key::Prose && line.is_item && read(&line.text) == Line::Other;
            in_table = is_entry || asks_for_entries(line) && opens(&line.text);
            if is_entry || asks_for_entries(line) {
                found.unread.push((line.line, ENTRIES.to_owned()));
                continue;
            }
            if matches!(&line.key, Key::Other(word) if word == OF_CASES) {
                found.unread.push((line.line, CASES.to_owned()));
                continue;
            }
            // "(if needed)" is a note, and a file alone says where.
            let is_none = line.text.trim_start().starts_with('(') || is_path(&line.text);
            // Beside code, it may say what the task is about.
            let container = keyed(line).filter(|_| is_all_tests || line.text.starts_with(['"', '“', '`']));
            if container.is_none() && !is_keyed && (line.key != Key::Prose || is_none) {
                continue;
            }
            let (file, text) = if is_keyed || line.key == Key::Prose { led(&line.text) } else { (None, &*line.text) };
            let way = if is_keyed { Way::Keyed } else { Way::Item };
            let is_fresh = !is_complete;
            let base = |open: &[Container], own: &[Container]| match own.first() {
                // A container stands beside those that have specs.
                Some(next) if !is_fresh => outer.len() + kept(&open[outer.len()..], next),
                _ => open.len(),
            };
            let mut push = |way: Way, own: &[Container], text: String| {
                let within = open[..base(&open, own)].iter().chain(own).cloned().collect();
                found.specs.push(Stated { line: line.line, way, within, file: file.map(str::to_owned), text });
                is_complete = true;
            };
            match container.map_or_else(|| read(text), Line::Container) {
                Line::Specs(own, texts) => {
                    let way = way.min(if own.is_empty() { Way::Written } else { way });
                    for text in texts {
                        push(way, &own, text);
                    }
                }
                Line::Container(container) => {
                    open.truncate(base(&open, std::slice::from_ref(&container)));
                    if open.last() != Some(&container) {
                        open.push(container);
                    }
                    is_complete = false;
                    found.containers.push(line.line);
                }
                Line::Unread(why) => found.unread.push((line.line, why.to_owned())),
                Line::Other if is_keyed => push(way, &[], unquoted(text).to_owned()),
                Line::Other if file.is_some() => {
                    for text in listed(text) {
                        push(way, &[], spec(&text));
                    }
                }
                Line::Other if !line.is_item => {
                    // A paragraph may say anything, but for a text in quotes.
                    if unquoted(text) != text {
                        push(way, &[], spec(text));
                    }
                }
                // In a container, small letters begin a text and no order.
                Line::Other if is_case(text) || !open.is_empty() && begins_small(text) => push(way, &[], spec(text)),
                Line::Other => found.others.push((line.line, NO_SPEC.to_owned())),
            }
        }
        let is_keyed = |at: usize| self.details.iter().any(|line| line.line == at && KEYS.contains(&line.key));
        found.unread.retain(|(line, _)| is_all_tests || is_keyed(*line));
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

/// Whether a line is about those below it.
fn opens(text: &str) -> bool {
    text.trim().is_empty() || text.trim_end().ends_with(':')
}

/// How many of the containers that are open hold the next one too: a `Describe` holds what is none.
fn kept(open: &[Container], next: &Container) -> usize {
    let holds = |known: &Container| known.call == "Describe" && next.call != "Describe";
    open.iter().rposition(holds).map_or(0, |at| at + 1)
}

/// Whether a text begins with a word in small letters.
fn begins_small(text: &str) -> bool {
    text.contains(' ') && text.trim_start().starts_with(|c: char| c.is_lowercase())
}

#[cfg(test)]
#[path = "cases_tests.rs"]
mod tests;
