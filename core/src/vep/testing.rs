//! What the testing section of a VEP names: cases of functional tests, unit tests, and what is no case at all.

use super::paths::{self, points_at};
use super::sentences::{Sentence, said, words};
use super::stance::{Stance, stance};
use super::test_words::{
    EXISTING, HOW, NONE, asserts, denial, is_about_tests, is_action, is_functional, is_kind, is_plan, is_unit,
};
use super::{Topic, Vep};
use crate::survey::Survey;
use crate::task::LineKind;
use crate::text::Span;
use crate::tree::Kind;

/// What a line of the testing section is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CaseKind {
    /// A case of a functional test.
    Functional,
    /// Something that unit tests show.
    Unit,
    /// No case, and why.
    NoCase(&'static str),
}

/// A case, or what is none.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Case {
    /// What it is.
    pub kind: CaseKind,
    /// Its text, on one line.
    pub text: String,
    /// Where it stands.
    pub span: Span,
    /// The file that the VEP names for it.
    pub file: Option<String>,
    /// Where its steps stand, if it has some.
    pub steps: Vec<Span>,
}

/// What the tests of a VEP are to show.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Tests {
    /// In the order of the text.
    pub cases: Vec<Case>,
    /// The VEP says that there are to be no functional tests, or that those that exist are enough.
    pub denied: bool,
}

impl Tests {
    /// Those of a kind.
    pub fn of(&self, kind: CaseKind) -> impl Iterator<Item = &Case> {
        self.cases.iter().filter(move |case| case.kind == kind)
    }

    /// How many cases there are.
    pub fn count(&self) -> usize {
        self.of(CaseKind::Functional).chain(self.of(CaseKind::Unit)).count()
    }
}

/// A line of the section before it is judged.
struct Entry<'a> {
    text: String,
    span: Span,
    kind: LineKind,
    indent: usize,
    numbered: bool,
    said: Option<&'a Sentence>,
    cells: Vec<String>,
}

/// What is said above a line: the kind of test, its file.
#[derive(Clone, Default)]
struct Context {
    unit: bool,
    file: Option<String>,
    none: Option<&'static str>,
    title: Option<String>,
}

/// Reads the testing section.
pub(super) fn tests(vep: &Vep, survey: &Survey<'_>) -> Tests {
    let all = said(vep);
    let entries = entries(vep, all);
    let mut reader = Reader { survey, found: Tests::default(), context: Context::default(), labels: Vec::new() };
    let mut at = 0;
    while at < entries.len() {
        at = reader.read(&entries, at);
    }
    // Where more tests are announced, those that exist are not all.
    let more = [" add ", " additional ", " new ", " dedicated ", " further ", " added "];
    let is_more =
        |case: &&Case| case.kind == CaseKind::NoCase(HOW) && more.iter().any(|word| words(&case.text).contains(word));
    reader.found.denied &= !reader.found.cases.iter().any(|case| is_more(&case));
    reader.found
}

/// Headings, sentences, items and rows, in order.
fn entries<'a>(vep: &Vep, all: &'a [Sentence]) -> Vec<Entry<'a>> {
    let mut found: Vec<Entry<'a>> = Vec::new();
    for said in all.iter().filter(|said| said.topic == Topic::Testing && said.kind != LineKind::Item) {
        if said.kind == LineKind::Table {
            continue;
        }
        let text = said.text.replace("**", "");
        let (span, kind, said) = (said.span, said.kind, Some(said));
        found.push(Entry { text, span, kind, indent: 0, numbered: false, said, cells: Vec::new() });
    }
    for item in vep.items().into_iter().filter(|item| item.topic == Topic::Testing) {
        let said = all.iter().find(|said| said.span.contains(item.span.start));
        let line = vep.document.source.text()[..item.span.start].rsplit('\n').next().unwrap_or_default();
        let numbered = line.trim_start().starts_with(|c: char| c.is_ascii_digit());
        let (text, span, indent, kind) = (item.text, item.span, item.indent, LineKind::Item);
        found.push(Entry { text, span, kind, indent, numbered, said, cells: Vec::new() });
    }
    for heading in vep.sections(Topic::Testing) {
        for row in vep.document.rows(heading.body).into_iter().filter(|row| !row.is_empty()) {
            if vep.topic_at(row[0].span.start) == Topic::Testing {
                let cells: Vec<String> = row.iter().map(|cell| cell.text.replace("**", "")).collect();
                let (text, span) = (cells.join(" - "), row[0].span);
                let kind = LineKind::Table;
                found.push(Entry { text, span, kind, indent: 0, numbered: false, said: None, cells });
            }
        }
    }
    found.sort_by_key(|entry| entry.span.start);
    found.dedup_by(|a, b| a.kind == LineKind::Table && a.span == b.span);
    found
}

struct Reader<'s, 't> {
    survey: &'s Survey<'t>,
    found: Tests,
    context: Context,
    /// The labels among the items above, with how far they are indented and what was said before them.
    labels: Vec<(usize, Context)>,
}

impl Reader<'_, '_> {
    /// Reads an entry, and what belongs to it. The next one is given.
    fn read(&mut self, entries: &[Entry<'_>], at: usize) -> usize {
        let entry = &entries[at];
        match entry.kind {
            LineKind::Heading(_) => {
                self.labels.clear();
                self.context = Context::default();
                self.label(entry.text.trim_matches(['#', ' ', '*']));
            }
            LineKind::Table => {
                let (text, unit) = row(&entry.cells);
                self.context.unit |= unit;
                self.case(&text, entry, Vec::new());
                self.context.unit &= !unit;
            }
            LineKind::Item => return self.item(entries, at),
            _ if entry.text.trim_end_matches('*').ends_with(':') || is_bold(entry) => {
                self.labels.clear();
                let before = self.context.clone();
                // A label of another kind is not below the last one.
                self.context = Context { title: before.title, unit: before.unit, ..Context::default() };
                self.label(&entry.text);
            }
            _ => self.sentence(entry),
        }
        at + 1
    }

    /// What a heading or a line with a colon says of what stands below it.
    fn label(&mut self, text: &str) {
        let words = words(text);
        if is_unit(&words) {
            self.context.unit = true;
        } else if is_functional(&words) {
            self.context.unit = false;
        }
        if let Some(file) = self.file(text) {
            self.context.unit = is_unit_file(&file);
            self.context.file = Some(file);
        }
        if words.starts_with(" existing ") && is_about_tests(&words) || words.contains(" existing tests ") {
            self.context.none = Some(EXISTING);
        } else if let Some(why) = denial(&words) {
            self.context.none = Some(why);
        } else if matches!(stance(&words), Some(Stance::Rejected | Stance::Postponed)) {
            self.context.none = Some(NONE);
        }
        let plain = text.trim_end_matches([':', '*', ' ']);
        self.context.title = (!is_kind(plain) && self.context.file.is_none()).then(|| plain.to_owned());
    }

    /// A sentence of a paragraph: a case only where it says what a test shows.
    fn sentence(&mut self, entry: &Entry<'_>) {
        let words = words(&entry.text);
        // "We will set up a lane to ensure that": what people do, and not what a test shows.
        let is_ours = [" we ", " us ", " our "].iter().any(|word| words.contains(word));
        let names_cases = asserts(&words.replace(" tests that ", " "));
        let is_aim = words.starts_with(" the goal ") || words.starts_with(" the aim ");
        let shows = names_cases && !is_plan(&words) && !is_ours && !is_aim;
        if denial(&words).is_none() && !is_unit(&words) && !shows {
            self.push(CaseKind::NoCase(HOW), &entry.text, entry.span, None, Vec::new());
        } else {
            self.case(&entry.text, entry, Vec::new());
        }
    }

    /// An item with those below it, and the items beside it where they are the steps of one case.
    fn item(&mut self, entries: &[Entry<'_>], at: usize) -> usize {
        let entry = &entries[at];
        while self.labels.last().is_some_and(|(indent, _)| *indent >= entry.indent) {
            self.context = self.labels.pop().map(|(_, context)| context).unwrap_or_default();
        }
        let below = |other: &&Entry<'_>| other.kind == LineKind::Item && other.indent > entry.indent;
        let children = entries[at + 1..].iter().take_while(below).count();
        let acts = |at: usize| is_action(&entries[at].text) && !asserts(&words(&entries[at].text));
        let is_first = at == 0 || entries[at - 1].kind != LineKind::Item || entries[at - 1].indent < entry.indent;
        if is_first && acts(at) {
            let beside: Vec<usize> = (at..entries.len())
                .take_while(|other| entries[*other].kind == LineKind::Item && entries[*other].indent >= entry.indent)
                .filter(|other| entries[*other].indent == entry.indent)
                .collect();
            let shown = beside.iter().any(|at| asserts(&words(&entries[*at].text)));
            // Two things are done before something is shown, or they are numbered below a title: steps.
            let doings = beside.iter().filter(|at| acts(**at)).count();
            if shown && (doings > 1 || entry.numbered && self.context.title.is_some()) {
                let last = *beside.last().unwrap_or(&at);
                let end = last + 1 + entries[last + 1..].iter().take_while(below).count();
                let title = self.context.title.clone().unwrap_or_else(|| {
                    let of = |at: usize| sentence(&entries[at].text);
                    format!("{}: {}", of(at), of(last))
                });
                self.case(&title, entry, entries[at..end].iter().map(|step| step.span).collect());
                return end;
            }
        }
        if let Some(next) = entries.get(at + 1 + children).filter(|next| next.indent == entry.indent)
            && acts(at)
            && next.kind == LineKind::Item
            && asserts(&words(&next.text))
            && !acts(at + 1 + children)
        {
            let text = format!("{}: {}", sentence(&entry.text), sentence(&next.text));
            self.case(&text, entry, vec![entry.span, next.span]);
            return at + 2 + children;
        }
        let text = entry.text.trim_end_matches('*');
        let is_label = text.ends_with(':') || children > 0 && (is_kind(text) || text.split(' ').count() < 4);
        let details = &entries[at + 1..at + 1 + children];
        let is_example = |child: &Entry<'_>| child.text.to_lowercase().starts_with("example");
        if is_label && !details.iter().any(is_example) {
            self.labels.push((entry.indent, self.context.clone()));
            self.label(text);
            return at + 1;
        }
        let steps: Vec<Span> = details.iter().map(|child| child.span).collect();
        self.case(&entry.text, entry, steps);
        at + 1 + children
    }

    /// A line that may be a case.
    fn case(&mut self, text: &str, entry: &Entry<'_>, steps: Vec<Span>) {
        let (label, rest) = text.split_once(':').unwrap_or(("", text));
        let is_labelled = is_kind(label) && !rest.trim().is_empty();
        let shown = if is_labelled { rest.trim() } else { text };
        let (all, own) = (words(text), words(shown));
        let file = self.file(text);
        let says_unit = || {
            if is_labelled {
                is_unit(&words(label))
            } else {
                (is_unit(&all) || self.context.unit) && !is_functional(&all)
            }
        };
        let unit = file.as_deref().map_or_else(says_unit, is_unit_file);
        let around = entry.said.is_some_and(Sentence::is_given_up);
        let (label, all_label) = (words(label), is_labelled || !label.is_empty());
        let exist = all_label && label.starts_with(" existing ") && is_about_tests(&label);
        let why = denial(&own).or(exist.then_some(EXISTING)).or(self.context.none).or(around.then_some(NONE));
        let kind = match why {
            Some(why) => CaseKind::NoCase(why),
            None if is_kind(shown) || is_plan(&own) && !unit => CaseKind::NoCase(HOW),
            None if unit => CaseKind::Unit,
            None => CaseKind::Functional,
        };
        self.found.denied |= matches!(why, Some(NONE | EXISTING)) && !unit && !own.contains(" unit ");
        let file = file.or_else(|| self.context.file.clone());
        self.push(kind, shown, entry.span, file, steps);
    }

    fn push(&mut self, kind: CaseKind, text: &str, span: Span, file: Option<String>, steps: Vec<Span>) {
        let text = sentence(text);
        if text.len() > 3 {
            self.found.cases.push(Case { kind, text, span, file, steps });
        }
    }

    /// The file of tests that a text names, unless it only points at it.
    fn file(&self, text: &str) -> Option<String> {
        for (at, path) in paths::words(text) {
            let is_test = path.ends_with("_test.go") || path.starts_with("tests/") && path.ends_with(".go");
            let is_new = !path.ends_with("_test.go") && path.matches('/').count() < 3;
            let is_there = self.survey.kind(path) == Some(Kind::File);
            if is_test && path.contains('/') && !points_at(&text[..at]) && (is_there || is_new || is_unit_file(path)) {
                return Some(path.to_owned());
            }
        }
        None
    }
}

/// A line that is bold as a whole, as headings are.
fn is_bold(entry: &Entry<'_>) -> bool {
    entry.said.is_some_and(|said| {
        said.text.starts_with("**") && said.text.ends_with("**") && said.text.matches("**").count() == 2
    })
}

/// A row's text, and whether it is about a unit test.
fn row(cells: &[String]) -> (String, bool) {
    let unit = cells.iter().any(|cell| is_kind(cell) && is_unit(&words(cell)));
    let own: Vec<&str> = cells.iter().map(String::as_str).filter(|cell| !is_kind(cell)).collect();
    let first = own.iter().find(|cell| cell.split_whitespace().count() > 2);
    (first.map_or_else(|| own.join(" - "), |first| (*first).to_owned()), unit)
}

fn sentence(text: &str) -> String {
    text.trim().trim_end_matches('.').to_owned()
}

fn is_unit_file(path: &str) -> bool {
    !path.starts_with("tests/")
}
