//! From blocks to tasks.

use std::sync::Arc;

use super::details::lines;
use super::dropped::{dropped, dropped_below, is_dropped, is_dropped_label};
use super::heading::{PHASES, is_about_dependencies, numbered, phase_heading};
use super::id::number;
use super::line::{Head, bare_head, head, is_done_status, key_value, plain, title};
use super::lines::lines as document_lines;
use super::outline::{Block, Item, blocks};
use super::reference::without_short_ids;
use super::struck::without;
use super::{Checkbox, Field, Group, Phase, Section, SectionKind, Spanned, Task, TaskFile};
use crate::text::{Source, Span, line_start};

/// Reads a tasks.md. Nothing is refused here: what cannot be read as a task is no task.
pub fn parse(source: &Source) -> TaskFile {
    let lines = document_lines(source.text());
    let text: Arc<str> = without(source.text(), &lines).map_or_else(|| source.text().into(), Arc::from);
    let blocks = blocks(&text, &lines);
    // A document without a single task of the usual form may have them in another.
    let profiles = [Profile::Boxes, Profile::Bare, Profile::Groups];
    let files = profiles.into_iter().map(|profile| read(source, &text, &blocks, profile));
    let mut file = files
        .into_iter()
        .find(|file| !file.tasks.is_empty())
        .unwrap_or_else(|| read(source, &text, &blocks, Profile::Boxes));
    number_deliverables(&mut file.tasks);
    file.ordered = without_short_ids(&file.text, &file.tasks).map(Arc::from);
    file.lines = lines;
    file
}

/// Where the tasks of a document are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Profile {
    /// `- [ ] T001 Title`, and checkboxes below `**Deliverables**:`
    Boxes,
    /// `### T001: Title`, `- ✅ T001 Title`
    Bare,
    /// `### Task 1.1: Title`
    Groups,
}

fn read(source: &Source, text: &Arc<str>, blocks: &[Block], profile: Profile) -> TaskFile {
    let mut reader = Reader {
        text,
        profile,
        file: TaskFile {
            source: source.clone(),
            text: text.clone(),
            ordered: None,
            title: None,
            metadata: Vec::new(),
            compliance: Vec::new(),
            phases: Vec::new(),
            groups: Vec::new(),
            tasks: Vec::new(),
            sections: Vec::new(),
            lines: Vec::new(),
            found: super::mention::Found::default(),
        },
        open: Vec::new(),
        deliverables: false,
        heading_task: false,
        line_task: false,
        extended: Vec::new(),
    };
    for block in blocks {
        match block {
            Block::Heading { level, text } => reader.heading(*level, *text),
            Block::Paragraph(span) => reader.paragraph(*span),
            Block::Item(item) => reader.item(item),
        }
    }
    for index in std::mem::take(&mut reader.extended) {
        let task = &reader.file.tasks[index];
        reader.file.tasks[index].paths = reader.paths(task.title.span, &task.details);
    }
    reader.file
}

/// A title without the words behind it that say what the document is: "Guest Pulse: tasks", "Guest Pulse — work plan".
fn without_kind(title: &str) -> &str {
    const KINDS: &[&str] = &["tasks", "task list", "tasks list", "work plan", "implementation plan", "plan", "to do"];
    let marks = [": ", " - ", " – ", " — "];
    let parts = marks.iter().find_map(|mark| title.rsplit_once(mark));
    let is_kind = |kind: &str| KINDS.iter().any(|known| known.eq_ignore_ascii_case(kind.trim()));
    parts.filter(|(name, kind)| !name.is_empty() && is_kind(kind)).map_or(title, |(name, _)| name.trim_end())
}

/// How a task is dropped that its own line says nothing of.
const BELOW: &str = "a line below it says so";

/// Sections whose checkboxes speak about tasks without being any.
const REMARKS: &[&str] = &[
    "validation checklist",
    "success criteria",
    "acceptance criteria",
    "parallel example",
    "parallel execution example",
    "execution flow",
    "research questions",
];

pub(super) struct Reader<'a> {
    pub(super) text: &'a str,
    profile: Profile,
    pub(super) file: TaskFile,
    /// The sections that the current block stands in, outermost first, by index.
    open: Vec<usize>,
    /// Whether `**Deliverables**:` stands above and no other field since.
    deliverables: bool,
    /// Whether the heading above is a task, which what follows belongs to.
    heading_task: bool,
    /// Whether a task on a line of its own stands right above: a list below it belongs to it.
    line_task: bool,
    /// The tasks that something was added to: their paths are read when all of it is there.
    extended: Vec<usize>,
}

impl Reader<'_> {
    fn heading(&mut self, level: usize, span: Span) {
        let text = plain(span.of(self.text));
        let line = line_start(self.text, span.start);
        while self.open.last().is_some_and(|&section| self.file.sections[section].level >= level) {
            let closed = self.open.pop().expect("there is a last one");
            self.file.sections[closed].body.end = line;
        }
        if level == 1 && self.file.title.is_none() {
            let name =
                text.strip_prefix("Tasks").map_or(text.as_str(), |rest| rest.trim_start_matches([':', ' ', '-']));
            let name = without_kind(name);
            let start = span.end - span.of(self.text).trim_end().len().min(name.len());
            let start = self.text.floor_char_boundary(start);
            self.file.title = Some(Spanned { text: name.to_owned(), span: Span::new(start, span.end) });
        }
        let kind = self.classify(level, &text, span);
        let title = Spanned { text, span };
        let parent = self.open.last().copied();
        self.open.push(self.file.sections.len());
        let body = Span::new(span.end, self.text.len());
        let dropped = dropped_below(span.of(self.text)).filter(|_| level > 1);
        self.file.sections.push(Section { level, title, body, kind, parent, dropped });
        self.deliverables = false;
        self.line_task = false;
        self.heading_task(span);
    }

    /// A heading that is a task itself.
    fn heading_task(&mut self, span: Span) {
        let raw = span.of(self.text);
        let head = match self.profile {
            Profile::Boxes => None,
            Profile::Bare => bare_head(raw).filter(|_| !self.is_remark()),
            Profile::Groups => {
                let group = self.file.sections.last().filter(|section| matches!(section.kind, SectionKind::Group(_)));
                let title = raw.find(':').map_or(0, |at| at + 1);
                let text = title + (raw[title..].len() - raw[title..].trim_start().len());
                group.map(|_| Head { text, ..Head::default() })
            }
        };
        self.heading_task = head.is_some();
        if let Some(head) = head {
            let item = Item::heading(span);
            let task = self.task(&item, head);
            self.file.tasks.push(task);
        }
    }

    fn classify(&mut self, level: usize, text: &str, span: Span) -> SectionKind {
        let bare = text.trim_start_matches(|c: char| !c.is_alphanumeric());
        let lower = bare.to_lowercase();
        let inside = self.open.iter().any(|&section| matches!(self.file.sections[section].kind, SectionKind::Phase(_)));
        if let Some((number, title)) = phase_heading(bare, level, inside) {
            let title = Spanned { text: title.to_owned(), span };
            self.file.phases.push(Phase { number: number.to_owned(), title });
            return SectionKind::Phase(self.file.phases.len() - 1);
        }
        if let Some((number, title)) = numbered(bare, &["Task"]) {
            self.file.groups.push(Group { number: number.to_owned(), title: title.to_owned(), fields: Vec::new() });
            return SectionKind::Group(self.file.groups.len() - 1);
        }
        if lower.contains("constitution") && lower.contains("compliance") {
            SectionKind::Compliance
        } else if is_about_dependencies(&lower) && !inside && level > 1 {
            SectionKind::Dependencies
        } else if REMARKS.iter().any(|remark| lower.starts_with(remark))
            || lower == "format"
            || lower.starts_with("format:")
            || lower.contains("research questions")
        {
            SectionKind::Remarks
        } else {
            SectionKind::Other
        }
    }

    fn nearest<T>(&self, pick: impl Fn(SectionKind) -> Option<T>) -> Option<T> {
        self.open.iter().rev().find_map(|&section| pick(self.file.sections[section].kind))
    }

    fn phase(&self) -> Option<usize> {
        self.nearest(|kind| if let SectionKind::Phase(index) = kind { Some(index) } else { None })
    }

    fn group(&self) -> Option<usize> {
        self.nearest(|kind| if let SectionKind::Group(index) = kind { Some(index) } else { None })
    }

    fn within(&self, kind: SectionKind) -> bool {
        self.open.iter().any(|&section| self.file.sections[section].kind == kind)
    }

    fn is_remark(&self) -> bool {
        self.within(SectionKind::Remarks) || self.within(SectionKind::Dependencies)
    }

    /// Header lines, and the fields of a task group.
    fn paragraph(&mut self, span: Span) {
        if self.heading_task {
            self.add_to_last(&Item::heading(span));
        } else if self.profile == Profile::Bare && !self.is_remark() {
            self.bare_lines(span);
        }
        // `**Phase 8: Bold**` on a line of its own is a heading in all but its marks.
        let raw = span.of(self.text);
        let bold = raw.strip_prefix("**").and_then(|raw| raw.trim_end().strip_suffix("**"));
        if bold.is_some_and(|inner| !inner.contains(['*', '\n']) && numbered(inner, PHASES).is_some()) {
            return self.heading(6, Span::new(span.start + 2, span.start + raw.trim_end().len() - 2));
        }
        for line in lines(self.text, span) {
            let raw = line.of(self.text);
            if !raw.starts_with("**") {
                continue;
            }
            let Some((key, value)) = key_value(raw) else { continue };
            let value = Span::new(line.start + value, line.end);
            let value = Spanned { text: plain(value.of(self.text)), span: value };
            let field = Field { key: key.to_owned(), value };
            self.deliverables = key.eq_ignore_ascii_case("deliverables");
            match self.group() {
                Some(group) => self.file.groups[group].fields.push(field),
                None if self.open.len() <= 1 => self.file.metadata.push(field),
                None => {}
            }
        }
    }

    /// `T001 [CORE] Title` on a line of its own.
    fn bare_lines(&mut self, span: Span) {
        for line in lines(self.text, span) {
            let raw = line.of(self.text);
            let begins = raw.starts_with(['T', '*', '[']);
            let head = bare_head(raw).filter(|head| begins && head.text < raw.len());
            self.line_task = head.is_some();
            if let Some(head) = head {
                let task = self.task(&Item::heading(line), head);
                self.file.tasks.push(task);
            }
        }
    }

    fn item(&mut self, item: &Item) {
        let raw = item.text.of(self.text);
        let head = match self.profile {
            Profile::Bare => head(raw).or_else(|| bare_head(raw)),
            Profile::Boxes | Profile::Groups => head(raw),
        };
        if self.within(SectionKind::Compliance) && head.as_ref().is_none_or(|head| head.id.is_none()) {
            if let Some(head) = head {
                let span = Span::new(item.text.start + head.text, item.text.end);
                let text = Spanned { text: plain(span.of(self.text)), span };
                self.file.compliance.push(Checkbox { done: head.done, text });
            }
            return;
        }
        let is_task = head.as_ref().is_some_and(|head| match head.id {
            Some(_) => !self.is_remark(),
            None => self.profile == Profile::Boxes && self.deliverables && self.phase().is_some(),
        });
        match head {
            Some(head) if is_task => {
                let task = self.task(item, head);
                self.file.tasks.push(task);
            }
            _ if self.heading_task || self.line_task => self.add_to_last(item),
            _ => {}
        }
        self.tasks_below(item);
    }

    /// Tasks below an item, at any depth, are tasks of their own.
    fn tasks_below(&mut self, item: &Item) {
        for child in &item.children {
            if head(child.text.of(self.text)).is_some_and(|head| head.id.is_some()) {
                self.item(child);
            } else {
                self.tasks_below(child);
            }
        }
    }

    /// What stands below a heading that is a task belongs to it: its fields, and whether it is done.
    fn add_to_last(&mut self, item: &Item) {
        let mut details = Vec::new();
        self.add_details(std::slice::from_ref(item), &mut details);
        let Some(mut task) = self.file.tasks.pop() else { return };
        task.body.end = item.end().max(task.body.end);
        task.done |= details.iter().any(|detail| detail.key == "status" && is_done_status(&detail.text.text));
        let is_dropped = details.iter().any(is_dropped);
        task.dropped = task.dropped.or_else(|| is_dropped.then_some(BELOW));
        task.details.append(&mut details);
        self.file.tasks.push(task);
        let last = self.file.tasks.len() - 1;
        if self.extended.last() != Some(&last) {
            self.extended.push(last);
        }
    }

    fn task(&self, item: &Item, head: Head) -> Task {
        // A hard-wrapped line belongs to the title, unless it is a field of its own.
        let mut parts = self.parts(Span::new(item.text.start + head.text, item.text.end)).into_iter();
        let mut text = parts.next().unwrap_or(Span::new(item.text.start + head.text, item.text.end));
        let mut details: Vec<_> = parts.filter_map(|part| self.detail(part)).collect();
        text.end = text.start + text.of(self.text).trim_end().len();
        // `Title [P]`
        let mut head = head;
        if let Some(inner) = text.of(self.text).strip_suffix("[P]").map(str::trim_end).filter(|inner| !inner.is_empty())
            && !text.of(self.text).contains('\n')
            && head.id.is_some()
        {
            let mark = Span::new(text.end - "[P]".len(), text.end);
            text.end = text.start + inner.len();
            if head.parallel.is_none() {
                head.parallel = Some(Span::new(mark.start - item.text.start, mark.end - item.text.start));
                head.labels.push("P".to_owned());
            }
        }
        self.add_details(&item.children, &mut details);
        let title = title(self.text, text);
        let first_line = lines(self.text, item.text).next().unwrap_or(item.text);
        let lower = text.of(self.text).to_lowercase();
        let mark = head.mark.map_or("", |span| span.shifted(item.text.start).of(self.text).trim());
        let below = || details.iter().any(is_dropped);
        let dropped = dropped(mark, first_line.of(self.text), (head.id_span, head.text), &title.text)
            .or_else(|| head.labels.iter().any(|label| is_dropped_label(label)).then_some("its label says so"))
            .or_else(|| below().then_some(BELOW))
            .or_else(|| self.open.iter().rev().find_map(|&section| self.file.sections[section].dropped));
        Task {
            labels: head.labels,
            dropped,
            index: self.file.tasks.len(),
            id_written: head.id.is_some(),
            id: head.id.unwrap_or_default(),
            done: head.done,
            mark: head.mark.map(|span| span.shifted(item.text.start)),
            id_span: head.id_span.map(|span| span.shifted(item.text.start)),
            parallel: head.parallel.map(|span| span.shifted(item.text.start)),
            optional: lower.contains("(if needed)") || is_optional(&lower),
            paths: self.paths(text, &details),
            title,
            text,
            details,
            phase: self.phase(),
            group: self.group(),
            span: first_line,
            body: Span::new(line_start(self.text, item.text.start), item.own_end(self.text)),
        }
    }
}

/// Deliverables without an ID get the next free number, in order.
fn number_deliverables(tasks: &mut [Task]) {
    let written = tasks.iter().filter_map(|task| number(&task.id));
    let free = written.max().unwrap_or(0) + 1..;
    for (number, task) in free.zip(tasks.iter_mut().filter(|task| !task.id_written)) {
        task.id = format!("T{number:03}");
    }
}

/// Whether a task is marked as optional: behind a field in code, the word is about the field.
fn is_optional(text: &str) -> bool {
    let of_field = |before: &str| {
        let code = before.trim_end().strip_suffix('`').and_then(|before| before.rsplit('`').next());
        code.is_some_and(|code| !code.contains('/'))
    };
    text.match_indices("(optional)").any(|(at, _)| !of_field(&text[..at]))
}

#[cfg(test)]
#[path = "parse_tests.rs"]
mod tests;
