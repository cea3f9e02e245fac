//! What a task of tests says: the texts of its specs, what they are about, and what they need to run.

use super::case_lines::{NO_SPEC, Stated, Way};
use super::spec_lines::{REFERS, refers, test_ids, without_sig};
use super::spec_node::{Container, marked, stated};
use super::spec_texts::{self, Spec, changed, is_leftover, table, tabled};
use super::spec_title::{beside, is_about_tests, says_tests, titled};
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
    /// The entries of each of them that is a table.
    pub entries: Vec<Option<Vec<String>>>,
    /// The specs that are there and that lines change.
    pub changes: Vec<(usize, String)>,
    /// The spec of the file that the task puts them beside.
    pub beside: Option<String>,
    /// The lines that are texts of specs, or containers of some.
    pub lines: Vec<usize>,
    /// The lines beside them of which no spec is made, and why.
    pub unread: Vec<(usize, String)>,
    /// What the task says that the specs need: the line, and the decorator as it stands there.
    pub decorators: Vec<(usize, String)>,
}

pub(super) const KEYS: &[Key] = &[Key::Test, Key::Verify, Key::Scenario];

/// A text without the decorator that it ends with, and that: "boots, Serial", "boots (label: Periodic)".
fn mark_behind(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_end_matches('.');
    let aside = || {
        let inner = text.strip_suffix(')')?;
        inner.rsplit_once(" (label: ").or_else(|| inner.rsplit_once(" (decorator: "))
    };
    text.strip_suffix(", Serial").map(|front| (front, "Serial")).or_else(aside).filter(|(front, _)| !front.is_empty())
}

/// Whether a title only leads to specs: "In the tests of pools:", "one spec for each kind".
fn leads(title: &str) -> bool {
    const COUNTS: &[&str] = &["a", "the", "these", "following", "new", "one", "two", "three", "four", "more", "some"];
    let all = words(title);
    let counts = all.iter().take_while(|word| word.is(COUNTS)).count();
    let is_test = |word: &Word<'_>| word.is(&["spec", "specs", "case", "cases", "test", "tests"]);
    title.ends_with(':') && says_tests(title) || counts > 0 && all.get(counts).is_some_and(is_test)
}

impl Cases {
    /// The lines of the entries of tables, and of what stands with them.
    pub(super) fn entries_of(self) -> Vec<usize> {
        if self.entries.iter().any(Option::is_some) { self.lines } else { Vec::new() }
    }
}

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
        let (title, marks) = marked(self.says());
        decorators.extend(marks.into_iter().map(|name| (self.line, name)));
        for line in self.details.iter().filter(|line| is_container(line)) {
            decorators.extend(marked(&line.text).1.into_iter().map(|name| (line.line, name)));
        }
        let labelled = title.replace(" and label it ", ", ").replace(" and mark it ", ", ");
        let labelled = labelled.replace("[Serial]", "(Serial)").replace("Test plan", "Tests");
        let (subject, needed) = without_needs(&without_sig(&labelled));
        // Behind the text of one spec of several, it is that one's.
        let is_of_one = labelled.contains("\" (") && labelled.matches('"').count() > 2;
        let of_one = needed.iter().filter(|_| is_of_one);
        let of_one = of_one.map(|name| (self.line, format!("`{name}` of one spec is written by hand")));
        let of_one: Vec<(usize, String)> = of_one.collect();
        decorators.extend(needed.into_iter().filter(|_| !is_of_one).map(|name| (self.line, name)));
        let (subject, outer) = stated(&subject).unwrap_or((subject, Vec::new()));
        let (subject, beside) = beside(&subject);
        let own_table = table(&subject).or_else(|| tabled(&subject));
        let (title, listed) = if own_table.is_some() { Default::default() } else { titled(&subject) };
        let read = self.read_lines(&outer, is_all_tests, own_table);
        // "In the tests of pools:" leads to the specs.
        let title = if leads(&title) { String::new() } else { title };
        let mut found = Cases { about: title, beside, decorators, unread: read.unread, ..Cases::default() };
        found.unread.extend(of_one);
        found.changes = read.changes;
        let way = read.specs.iter().map(|stated| stated.way).min();
        let mut push = |spec: Spec, file: Option<String>, unread: &mut Vec<(usize, String)>, line: usize| {
            unread.extend(spec.also.as_ref().map(|also| (line, format!("it also says \"{also}\""))));
            // "…, Serial", "… (label: Periodic)": what one spec of several needs.
            let spec = match mark_behind(&spec.text).filter(|_| !spec.is_node) {
                Some((text, mark)) => {
                    unread.push((line, format!("`{mark}` of one spec is written by hand")));
                    Spec { text: text.to_owned(), ..spec }
                }
                None => spec,
            };
            // Backticks are marks of the list, unless it writes Go itself.
            found.specs.push(if spec.is_node { spec.text } else { spec.text.replace('`', "") });
            found.within.push(spec.within);
            found.entries.push(spec.entries);
            found.files.push(file);
        };
        match way.filter(|way| *way < Way::Item || is_all_tests) {
            Some(way) => {
                let (own, rest): (Vec<Stated>, Vec<Stated>) = read
                    .specs
                    .into_iter()
                    .partition(|known| known.way == way || way == Way::Written && is_all_tests && known.is_said);
                if way != Way::Keyed {
                    found.unread.extend(rest.iter().map(|known| (known.line, NO_SPEC.to_owned())));
                    found.unread.extend(read.others);
                }
                found.lines = own.iter().map(|known| known.line).chain(read.containers).collect();
                found.lines.dedup();
                for known in own {
                    push(known.spec, known.file, &mut found.unread, known.line);
                }
            }
            // What its `Test:` lines say is no text, and its title is none either then.
            None if self.details(KEYS).next().is_some() || read.is_ordered => {}
            None => {
                if let Some(spec) = changed(&subject) {
                    found.changes.push((self.line, spec));
                } else if let Some((specs, _)) =
                    spec_texts::specs(&subject).filter(|(specs, _)| specs.iter().any(|spec| spec.is_node))
                {
                    found.about.clear();
                    for spec in specs {
                        push(Spec { within: outer.clone(), ..spec }, None, &mut found.unread, self.line);
                    }
                } else if outer.is_empty() || !says_tests(&subject) || listed != [subject.as_str()] {
                    for text in listed.into_iter().filter(|text| !is_about_tests(text) && !is_leftover(text)) {
                        push(
                            Spec { within: outer.clone(), text, ..Spec::default() },
                            None,
                            &mut found.unread,
                            self.line,
                        );
                    }
                }
                if found.specs.iter().any(|text| refers(text)) {
                    found.specs.clear();
                    found.unread.push((self.line, REFERS.to_owned()));
                }
                if is_all_tests && found.specs.is_empty() {
                    found.unread.extend(read.others);
                }
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

/// Whether a line can write a container as Ginkgo has it.
fn is_container(line: &TaskLine) -> bool {
    matches!(&line.key, Key::Other(word) if word == "describe" || word == "context") || line.key == Key::Prose
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

pub(super) fn is_path(text: &str) -> bool {
    let bare = text.trim().trim_matches('`');
    bare.contains('/') && !bare.contains(char::is_whitespace)
}

#[cfg(test)]
#[path = "cases_tests.rs"]
mod tests;
