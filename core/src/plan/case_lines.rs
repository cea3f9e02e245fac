//! What the lines of a task of tests state: specs, containers, and tables with their entries.

use super::cases::KEYS;
use super::spec_lines::{CASES, ENTRIES, Line, OF_CASES, asks_for_entries, bare, keyed, led, read, spec, unquoted};
use super::spec_node::Container;
use super::spec_texts::{Spec, entries, is_no_text, orders_entries, table, tabled};
use super::spec_title::{is_of_file, listed, titled};
use super::{Key, PlannedTask, TaskLine};
use crate::demand::{Piece, Word, words};

/// The spec of a line.
pub(super) struct Stated {
    pub(super) line: usize,
    pub(super) way: Way,
    /// It stands in quotes, in a container of its line, or says what should be.
    pub(super) is_said: bool,
    pub(super) file: Option<String>,
    pub(super) spec: Spec,
}

impl Stated {
    fn table(line: usize, way: Way, spec: Spec) -> Self {
        Self { line, way, is_said: true, file: None, spec }
    }
}

/// The texts of the specs that a file is said to get: "gets one more spec, "boots"".
fn of_file(text: &str) -> Vec<String> {
    let (_, texts) = titled(text);
    let is_read = texts.iter().all(|own| own != text && !words(own).first().is_some_and(is_of_file));
    if is_read { texts } else { Vec::new() }
}

/// How a line states a spec. The lines of the first way that a task has are meant.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Way {
    /// `Test: boots`
    Keyed,
    /// `It("boots")`
    Written,
    /// An item below tests.
    Item,
}

/// What the lines of a task state.
#[derive(Default)]
pub(super) struct Lines {
    pub(super) specs: Vec<Stated>,
    pub(super) containers: Vec<usize>,
    pub(super) others: Vec<(usize, String)>,
    pub(super) unread: Vec<(usize, String)>,
    pub(super) changes: Vec<(usize, String)>,
    /// A line asks for entries of a table that is there: then the title is no text.
    pub(super) is_ordered: bool,
}

/// Why an item is no spec.
pub(super) const NO_SPEC: &str = "it does not read like the text of a spec";

/// Words that a line begins with which says how a test is written, and not what holds.
#[rustfmt::skip]
const ABOUT_TESTS: &[&str] = &[
    "add", "based", "copy", "cover", "covers", "create", "decorator", "decorators", "depends", "extend", "extends",
    "file", "follow", "follows", "helper", "helpers", "implement", "import", "label", "labels", "like", "location",
    "mock", "mocks", "move", "needs", "note", "path", "place", "put", "requires", "reuse", "reuses", "run", "runs",
    "see", "sig", "similar", "table", "todo", "update", "use", "uses", "using", "write",
];

impl PlannedTask {
    /// What its lines state, in the containers of its title if that has some, and in the table that it opens.
    pub(super) fn read_lines(&self, outer: &[Container], is_all_tests: bool, own_table: Option<Spec>) -> Lines {
        let mut found = Lines::default();
        let mut open = outer.to_vec();
        // A container with specs is complete where the next one begins.
        let mut is_complete = true;
        let mut in_table = own_table.is_some();
        let mut tables = Tables::default();
        if let Some(spec) = own_table {
            tables.open(&mut found, Stated::table(self.line, Way::Written, Spec { within: open.clone(), ..spec }));
        }
        for line in &self.details {
            let is_keyed = KEYS.contains(&line.key) || matches!(&line.key, Key::Other(word) if word == "it");
            let stated =
                (asks_for_entries(line) || line.key == Key::Prose || is_keyed).then(|| stated_table(line)).flatten();
            // "Entries:" is about the items below it.
            let is_entry = in_table && line.key == Key::Prose && line.is_item && is_plain(&line.text);
            in_table = is_entry || (asks_for_entries(line) || stated.is_some()) && opens(&line.text);
            if let Some(spec) = stated.filter(|_| is_all_tests) {
                let way = if is_keyed || line.key != Key::Prose { Way::Keyed } else { Way::Written };
                let within = open.iter().chain(&spec.within).cloned().collect();
                tables.open(&mut found, Stated::table(line.line, way, Spec { within, ..spec }));
                is_complete = true;
                continue;
            }
            if orders_entries(line) {
                found.is_ordered = true;
                found.unread.push((line.line, ENTRIES.to_owned()));
                continue;
            }
            if is_entry || asks_for_entries(line) {
                tables.entry(&mut found, line);
                continue;
            }
            if matches!(&line.key, Key::Other(word) if word == OF_CASES) {
                found.unread.push((line.line, CASES.to_owned()));
                // What stands in a table is no title.
                found.is_ordered = true;
                continue;
            }
            // "(if needed)" is a note, and a file alone says where.
            let is_none = line.text.trim_start().starts_with('(') || super::cases::is_path(&line.text);
            // Beside code, it may say what the task is about.
            let container = keyed(line).filter(|_| is_all_tests || line.text.starts_with(['"', '“', '`']));
            if container.is_none() && !is_keyed && (line.key != Key::Prose || is_none) {
                continue;
            }
            let (file, text) = if is_keyed || line.key == Key::Prose { led(&line.text) } else { (None, &*line.text) };
            let way = if is_keyed { Way::Keyed } else { Way::Item };
            let is_fresh = !is_complete;
            let base = |open: &[Container], own: &[Container]| match own.first() {
                // A container stands beside those that have specs, and may be named again.
                Some(next) if open.contains(next) => open.iter().position(|known| known == next).unwrap_or_default(),
                Some(next) if !is_fresh => outer.len() + kept(&open[outer.len()..], next),
                _ => open.len(),
            };
            let mut push = |way: Way, is_said: bool, spec: Spec| {
                let within = open[..base(&open, &spec.within)].iter().chain(&spec.within).cloned().collect();
                let file = file.map(str::to_owned);
                found.specs.push(Stated { line: line.line, way, is_said, file, spec: Spec { within, ..spec } });
                is_complete = true;
            };
            let plain = |text: &str| Spec { text: spec(text), ..Spec::default() };
            match container.map_or_else(|| read(text), |container| Line::Containers(vec![container])) {
                Line::Specs(specs) => {
                    for spec in specs {
                        let is_node = spec.is_node && spec.within.is_empty();
                        push(if is_node { way.min(Way::Written) } else { way }, true, spec);
                    }
                }
                Line::Containers(own) => {
                    open.truncate(base(&open, &own));
                    open.extend(own);
                    is_complete = false;
                    found.containers.push(line.line);
                }
                Line::Changes(spec) => found.changes.push((line.line, spec)),
                Line::Unread(why) => found.unread.push((line.line, why.to_owned())),
                Line::Other if is_keyed && !lists_shoulds(text) => {
                    push(way, true, Spec { text: unquoted(text).to_owned(), ..Spec::default() });
                }
                // "gets one more spec": it speaks of the file.
                Line::Other if file.is_some() && !is_keyed && words(text).first().is_some_and(is_of_file) => {
                    let texts = of_file(text);
                    if texts.is_empty() {
                        found.unread.push((line.line, NO_SPEC.to_owned()));
                    }
                    for text in &texts {
                        push(way, true, plain(text));
                    }
                }
                Line::Other if is_keyed || file.is_some() && !is_no_text(text) || line.is_item && is_should(text) => {
                    for text in &listed(text) {
                        push(way, true, plain(text));
                    }
                }
                // A paragraph may say anything, but for a text in quotes.
                Line::Other if !line.is_item => {}
                // In a container, small letters begin a text and no order.
                Line::Other if !is_no_text(text) && (is_case(text) || !open.is_empty() && begins_small(text)) => {
                    push(way, false, plain(text));
                }
                Line::Other => found.others.push((line.line, NO_SPEC.to_owned())),
            }
        }
        let is_functional = self.named.iter().any(|(path, _)| path.starts_with("tests/"));
        tables.close(&mut found, is_all_tests && !is_functional);
        let is_keyed = |at: usize| self.details.iter().any(|line| line.line == at && KEYS.contains(&line.key));
        found.unread.retain(|(line, _)| is_all_tests || is_keyed(*line));
        found
    }
}

/// The tables of a task, by the lines of their entries.
#[derive(Default)]
struct Tables {
    /// Where they stand among the specs.
    all: Vec<usize>,
    lines: Vec<(Option<usize>, usize)>,
}

impl Tables {
    fn open(&mut self, found: &mut Lines, table: Stated) {
        self.all.push(found.specs.len());
        found.specs.push(table);
    }

    fn entry(&mut self, found: &mut Lines, line: &TaskLine) {
        let last = self.all.last().copied();
        self.lines.push((last, line.line));
        let Some(table) = last.and_then(|at| found.specs.get_mut(at)) else { return };
        let text = bare(&line.text).trim_start_matches("Entries:").trim();
        let is_one = line.key == Key::Prose && !text.contains("Entry(") || line.key == Key::Other("entry".to_owned());
        let list = match text {
            "" => Some(Vec::new()),
            _ if is_one && !text.starts_with(['"', '“', '`']) => Some(vec![text.to_owned()]),
            _ => entries(text),
        };
        table.spec.entries = table.spec.entries.take().zip(list).map(|(known, list)| [known, list].concat());
    }

    /// Leaves to people the tables that cannot be made, and the entries of none.
    fn close(self, found: &mut Lines, is_made: bool) {
        let is_whole =
            |at: &usize| is_made && found.specs[*at].spec.entries.as_ref().is_some_and(|all| !all.is_empty());
        let whole: Vec<usize> = self.all.iter().copied().filter(is_whole).collect();
        for (table, line) in self.lines {
            match table.filter(|at| whole.contains(at)) {
                Some(_) => found.containers.push(line),
                None => found.unread.push((line, ENTRIES.to_owned())),
            }
        }
        for at in self.all.into_iter().rev().filter(|at| !whole.contains(at)) {
            found.unread.push((found.specs.remove(at).line, ENTRIES.to_owned()));
        }
    }
}

/// The table that a line states.
fn stated_table(line: &TaskLine) -> Option<Spec> {
    match &line.key {
        Key::Other(word) if ["table", "describetable"].contains(&word.as_str()) => {
            let text = line.text.trim();
            let quoted = table(&format!("table {text}"));
            let plain = || Spec { text: bare(text).to_owned(), entries: Some(Vec::new()), ..Spec::default() };
            quoted.or_else(|| (!text.is_empty() && !text.contains(['"', '`'])).then(plain))
        }
        _ => table(bare(&line.text)).or_else(|| tabled(bare(&line.text))),
    }
}

/// Whether an item below "entries:" is the text of one.
fn is_plain(text: &str) -> bool {
    match read(text) {
        Line::Other => true,
        Line::Specs(specs) => specs.iter().all(|spec| !spec.is_node && spec.within.is_empty()),
        _ => false,
    }
}

fn lists_shoulds(text: &str) -> bool {
    let list = listed(text);
    list.len() > 1 && list.iter().all(|text| is_should(text))
}

fn is_should(text: &str) -> bool {
    ["should ", "Should ", "it should ", "It should "].iter().any(|word| text.starts_with(word))
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
