//! A tasks.md, read: what it says, and where it says it.

mod details;
mod dropped;
mod gate;
mod heading;
mod id;
mod line;
mod lines;
mod mention;
mod outline;
mod parse;
mod path;
mod placeholder;
mod reference;
mod struck;

pub use gate::denies_gate;
pub use heading::{is_about_dependencies, is_phase};
pub use id::{is_id, number};
pub use lines::{Line, LineKind, lines};
pub use parse::parse;
pub use placeholder::{Missing, Placeholders, Style, keys as placeholder_keys, open_keys};
pub use reference::{Reference, Register, references};

use std::borrow::Cow;
use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::text::{Source, Span, TextEdit};

/// A tasks.md as it was read. Nothing in it is resolved: placeholders and wrong paths stand as written.
#[derive(Clone, Debug)]
pub struct TaskFile {
    /// The text that all spans point into.
    pub source: Source,
    text: Arc<str>,
    ordered: Option<Arc<str>>,
    /// The title, without "Tasks:".
    pub title: Option<Spanned>,
    /// `**Key**: value` lines of the header, in order.
    pub metadata: Vec<Field>,
    /// The checkboxes of the constitutional compliance section.
    pub compliance: Vec<Checkbox>,
    /// The phases, in order.
    pub phases: Vec<Phase>,
    /// The task groups, in order.
    pub groups: Vec<Group>,
    /// The tasks, in order.
    pub tasks: Vec<Task>,
    /// Every section, in order. Some headings are statements ("No Feature Gate Required").
    pub sections: Vec<Section>,
    /// Every line, in order: together they are the text.
    pub lines: Vec<Line>,
    found: mention::Found,
}

/// More tasks than this are not read: the largest real files have some hundreds.
const TASKS: usize = 20_000;
/// Deeper lists than this are not read.
const NESTING: usize = 32;

impl TaskFile {
    /// Why a file is not worked on, however well it is written: it is larger than any that people write.
    pub fn beyond_limits(&self) -> Option<Diagnostic> {
        if let Some(task) = self.tasks.get(TASKS) {
            let message =
                format!("{} holds {} tasks; more than {TASKS} are not read", self.source.name(), self.tasks.len());
            return Some(
                Diagnostic::error("tasks-count", message).at(&self.source, task.span).help("split it into features"),
            );
        }
        let text = self.source.text();
        let depth = |line: &Line| line.span.of(text).bytes().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let deep =
            self.lines.iter().filter(|line| line.kind == LineKind::Item).find(|line| depth(line) > 2 * NESTING)?;
        let message = format!("this list is nested deeper than {NESTING} levels");
        let span = Span::new(deep.span.start, deep.span.start + depth(deep));
        Some(Diagnostic::error("tasks-nesting", message).at(&self.source, span).help("a task has one list of details"))
    }
}

/// A heading, and what stands below it.
#[derive(Clone, Debug)]
pub struct Section {
    /// The number of `#`.
    pub level: usize,
    /// The text of the heading, without `#`.
    pub title: Spanned,
    /// From behind the heading to the next one of the same level or above.
    pub body: Span,
    /// What it is about.
    pub kind: SectionKind,
    /// The index of the section that it stands in.
    pub parent: Option<usize>,
    /// How its heading says that the tasks below it are dropped.
    pub dropped: Option<&'static str>,
}

/// What a section is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SectionKind {
    /// The constitutional compliance checklist.
    Compliance,
    /// A phase, by its index.
    Phase(usize),
    /// A task group, by its index.
    Group(usize),
    /// What has to come before what.
    Dependencies,
    /// Checkboxes that speak about tasks without being any.
    Remarks,
    /// A section that nothing is read from.
    Other,
}

/// A piece of text and where it stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Spanned {
    /// The text, without markup.
    pub text: String,
    /// Where it stands, with its markup.
    pub span: Span,
}

/// A `**Key**: value` line.
#[derive(Clone, Debug)]
pub struct Field {
    /// The key, as written.
    pub key: String,
    /// What stands behind the colon.
    pub value: Spanned,
}

/// A checkbox that is not a task.
#[derive(Clone, Debug)]
pub struct Checkbox {
    /// Whether it is ticked.
    pub done: bool,
    /// What stands behind the box, without markup.
    pub text: Spanned,
}

/// A phase: `## Phase 2: Integration-First Tests`.
#[derive(Clone, Debug)]
pub struct Phase {
    /// Its number as written: `2`, `3.1`, `3A`, `N`.
    pub number: String,
    /// What stands behind the number.
    pub title: Spanned,
}

/// A task group: `### Task 1.1: Feature Gate Setup`.
#[derive(Clone, Debug, Default)]
pub struct Group {
    /// The number as written: `1.1`.
    pub number: String,
    /// What stands behind the number, without markup.
    pub title: String,
    /// "Definition of Done", "Acceptance Criteria" and their like.
    pub fields: Vec<Field>,
}

/// A task: a checkbox line with what hangs below it.
#[derive(Clone, Debug)]
pub struct Task {
    /// Its place in [`TaskFile::tasks`].
    pub index: usize,
    /// Its ID: as written, or made up for a deliverable that has none.
    pub id: String,
    /// Whether the ID stands in the file.
    pub id_written: bool,
    /// Whether the box is ticked.
    pub done: bool,
    /// How the file says that the task is dropped: struck out, cancelled.
    pub dropped: Option<&'static str>,
    /// What stands in the brackets of its box, without them; none for a task that has no box.
    pub mark: Option<Span>,
    /// The labels after the ID: `P`, `US1`, …
    pub labels: Vec<String>,
    /// What is to be done, without markup.
    pub title: Spanned,
    /// Everything behind the labels, over all its lines.
    pub text: Span,
    /// "(if needed)" or "(optional)" stands after the title.
    pub optional: bool,
    /// The lines below the task.
    pub details: Vec<Detail>,
    /// The files that the task names as its own.
    pub paths: Vec<TaskPath>,
    /// The index of its phase.
    pub phase: Option<usize>,
    /// The index of its group.
    pub group: Option<usize>,
    /// The line with the box and the ID, or the heading that is a task.
    pub span: Span,
    /// Where the ID stands, if it does.
    pub id_span: Option<Span>,
    /// Where the `[P]` stands, with its brackets.
    pub parallel: Option<Span>,
    /// The first line and everything below that belongs to it.
    pub body: Span,
}

impl Task {
    /// Whether it is marked as able to run beside others.
    pub fn is_parallel(&self) -> bool {
        self.labels.iter().any(|label| label == "P")
    }

    /// The edit that ticks its box, or takes the tick away: the mark alone. Nothing if that is so
    /// already, or if there is no box.
    pub fn ticked(&self, done: bool) -> Option<TextEdit> {
        let mark = self.mark.filter(|_| self.done != done)?;
        Some(TextEdit::replace(mark, if done { "x" } else { " " }))
    }

    /// The texts of the details with a key, such as `test`.
    pub fn details<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a Detail> {
        self.details.iter().filter(move |detail| detail.key == key)
    }

    /// The title and every detail that says what the work is: not the file, not the tests.
    pub fn prose(&self) -> impl Iterator<Item = &Spanned> {
        std::iter::once(&self.title).chain(
            self.details
                .iter()
                .filter(|d| !matches!(&*d.key, "file" | "files" | "path" | "test" | "verify" | "pattern"))
                .map(|d| &d.text),
        )
    }
}

/// A line below a task: `File: …`, `Test: …`, or one without a key.
#[derive(Clone, Debug)]
pub struct Detail {
    /// The key in lower case; empty when there is none.
    pub key: Cow<'static, str>,
    /// The text after the key.
    pub text: Spanned,
}

impl Detail {
    /// Where the path stands that is all of the line, or that the line begins with: "- `pkg/x/y.go`: add …".
    fn leading_path(&self, source: &str) -> Option<Span> {
        if let Some(led) = self.led_by_path(source) {
            return Some(led);
        }
        let start = self.text.span.start;
        let text = self.text.span.of(source);
        let marks = [": ", " - ", " – ", " — "].iter().filter_map(|mark| text.find(mark));
        let bare = start + text.trim_end_matches(':').len();
        let colon = marks.min().map_or(bare, |at| start + at);
        let led = Span::new(start, colon);
        (self.key.is_empty() && is_path(led.of(source).trim())).then_some(led)
    }
}

impl Detail {
    /// The path that a sentence begins with: "In `x/y.go`, `T` gets …", "`x/y.go` declares".
    fn led_by_path(&self, source: &str) -> Option<Span> {
        const LEADS: &[&str] = &["In ", "in ", "Still in ", "Also in ", "Within ", "And in ", "To ", "Inside "];
        const BEHIND: &[&str] =
            &[",", ":", " declares", " defines", " gets", " gains", " needs", " receives", " grows", " learns"];
        let text = self.text.span.of(source);
        let lead = LEADS.iter().find(|lead| text.starts_with(**lead)).map_or(0, |lead| lead.len());
        let (path, behind) = text[lead..].strip_prefix('`')?.split_once('`')?;
        let is_file = (path.ends_with(".go") || path.ends_with(".md")) && path.contains('/') && is_path(path);
        let leads = BEHIND.iter().any(|word| behind.starts_with(word));
        let start = self.text.span.start + lead;
        (self.key.is_empty() && is_file && leads).then(|| Span::new(start, start + path.len() + 2))
    }

    /// Where the path stands at the end of a line that puts something there: "const `X` in `pkg/x/y.go`", "virt-api gets
    /// `list` on `x` (`pkg/x/y.go`)". What only points at a file begins in another way.
    fn stated_path(&self, source: &str) -> Option<Span> {
        const PUTS: &[&str] = &[
            "add",
            "allow",
            "const",
            "constant",
            "constants",
            "create",
            "declare",
            "define",
            "enum",
            "event",
            "field",
            "flag",
            "func",
            "function",
            "gauge",
            "counter",
            "grant",
            "helper",
            "implement",
            "introduce",
            "let",
            "method",
            "metric",
            "new",
            "put",
            "struct",
            "type",
            "write",
        ];
        const LEADS: &[&str] = &[" in ", " to ", " into ", " file ", "("];
        // What is done to a function, or what a struct gets.
        const DONE: &[&str] = &[
            "gets", "gains", "takes", "sets", "adds", "add", "appends", "calls", "passes", "returns", "starts",
            "reads", "grows", "learns", "receives", "needs",
        ];
        let text = self.text.span.of(source).trim_end_matches(['.', ' ', ')']);
        let first = text.split(|c: char| !c.is_alphanumeric()).find(|word| !word.is_empty())?.to_lowercase();
        // "Add `X` to `T` in `x/y.go`, and set …", "New file `x/y.go` with:"
        let goes_on = || {
            let (front, path, rest) = text.match_indices(".go`").find_map(|(at, end)| {
                let (front, path) = text[..at + end.len() - 1].rsplit_once('`')?;
                Some((front, path, &text[at + end.len()..]))
            })?;
            let is_done = rest.split_whitespace().next().is_some_and(|word| DONE.contains(&word)) && is_named(front);
            let ends = is_done
                || rest.starts_with([',', ';', ':'])
                || [". ", " with", " and "].iter().any(|next| rest.starts_with(next));
            (ends && front.matches('`').count() % 2 == 0).then_some((front, path))
        };
        let at_end = || text.strip_suffix('`')?.rsplit_once('`').filter(|(_, path)| is_path(path));
        // "`f(x int) error` in `x/y.go` does it"
        let behind = || {
            let end = text.find(".go`")? + ".go".len();
            text[..end].rsplit_once('`').filter(|(before, _)| is_subject(before))
        };
        let (before, path) = behind().or_else(at_end).or_else(goes_on)?;
        // "`kubevirt_x` in `x/y.go`": a metric. "`f(a int) bool` (`x/y.go`)", "`f` in `x/y.go` takes …".
        let is_bare = !before.contains(['(', '=']) && !before.starts_with("`kubevirt_");
        let names = is_named(before) && (!is_bare || before.len() + path.len() + 2 < text.len());
        let is_grant = ["virt-api ", "virt-controller ", "virt-handler ", "virt-operator "];
        let puts = names || PUTS.contains(&first.as_str()) || is_grant.iter().any(|who| before.starts_with(who));
        let leads = LEADS.iter().any(|lead| before.ends_with(lead));
        let puts = puts || is_subject(before);
        let is_file = path.ends_with(".go") || path.ends_with(".md");
        let start = self.text.span.start + before.len();
        (self.key.is_empty() && puts && leads && is_file && is_path(path))
            .then(|| Span::new(start, start + path.len() + 2))
    }
}

/// Whether nothing but code, one function or type or several, stands before a path: "`a(x int)` and `b()` in ".
fn is_subject(before: &str) -> bool {
    let mut parts = before.split('`');
    let is_first = parts.next().is_some_and(str::is_empty);
    let parts: Vec<&str> = parts.collect();
    let code = parts.first().copied().unwrap_or_default();
    let joints = parts.iter().skip(1).step_by(2).map(|joint| joint.trim());
    let is_head = code.contains('(') && code.contains([' ', ')']);
    let is_name = code.starts_with(|c: char| c.is_ascii_alphabetic()) && !code.contains(['.', '/', '-', '=', ' ', '_']);
    let (Some(last), true) = (joints.clone().next_back(), is_first && parts.len().is_multiple_of(2)) else {
        return false;
    };
    let plain = |joint: &str| matches!(joint, "and" | "," | ", and" | "on" | "of");
    (is_head || is_name) && joints.take(parts.len() / 2 - 1).all(plain) && matches!(last, "in" | "(")
}

/// Whether nothing but names in code stands before a place: "`a` and `b` in ".
fn is_named(before: &str) -> bool {
    let parts: Vec<&str> = before.split('`').collect();
    let between = |at: usize| matches!(parts[at], " and " | ", ");
    let [first, .., last] = parts.as_slice() else { return false };
    let is_last = [" in ", " (", "("].contains(last);
    first.is_empty() && is_last && parts.len() > 2 && (2..parts.len() - 1).step_by(2).all(between)
}

fn is_path(text: &str) -> bool {
    let text = text.trim_matches('`');
    text.contains('/') && !text.contains(|c: char| c.is_whitespace() || c == '`')
}

/// A file that a task names as its own.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TaskPath {
    /// The path as written, without line numbers.
    pub text: String,
    /// Where the path stands, without line numbers and backticks.
    pub span: Span,
    /// The lines that the task speaks of, as in `renderresources.go:393-490`.
    pub lines: Option<(usize, usize)>,
    /// What stands in parentheses behind it, such as `extend existing`.
    pub note: Option<String>,
}

impl TaskFile {
    /// The text as it is read: with blanks for what is struck out or commented away, so that all spans fit.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The same, where every ID is one of a task: what mentions of tasks are looked for in.
    pub fn ordered(&self) -> &str {
        self.ordered.as_deref().unwrap_or(&self.text)
    }

    /// The sections that a byte stands in, innermost first.
    pub fn around(&self, offset: usize) -> impl Iterator<Item = &Section> {
        let begun = self.sections.partition_point(|section| section.body.start <= offset);
        self.outwards(begun.checked_sub(1)).filter(move |section| section.body.contains(offset))
    }

    /// A section, and those that it stands in.
    pub fn outwards(&self, section: Option<usize>) -> impl Iterator<Item = &Section> {
        let first = section.map(|section| &self.sections[section]);
        std::iter::successors(first, |section| Some(&self.sections[section.parent?]))
    }

    /// The value of a header line, by its key in any case.
    pub fn metadata(&self, key: &str) -> Option<&Field> {
        self.metadata.iter().find(|field| field.key.eq_ignore_ascii_case(key))
    }

    /// The line of a task, counted from 1.
    pub fn line(&self, task: &Task) -> usize {
        self.source.line(task.span.start)
    }

    /// The number of a task's phase, as written.
    pub fn phase_number(&self, task: &Task) -> Option<&str> {
        task.phase.map(|phase| self.phases[phase].number.as_str())
    }
}
