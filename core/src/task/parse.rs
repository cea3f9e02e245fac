//! From blocks to tasks.

use super::line::{head, key_value, plain, title};
use super::outline::{Block, Item, blocks};
use super::path::{Expect, lines_in_words, paths};
use super::{Checkbox, Detail, Field, Group, Phase, Spanned, Task, TaskFile, TaskPath};
use crate::text::{Source, Span};

/// Reads a tasks.md. Nothing is refused here: what cannot be read as a task is no task.
pub fn parse(source: &Source) -> TaskFile {
    let mut reader = Reader {
        text: source.text(),
        file: TaskFile {
            source: source.clone(),
            title: None,
            metadata: Vec::new(),
            compliance: Vec::new(),
            phases: Vec::new(),
            groups: Vec::new(),
            tasks: Vec::new(),
            headings: Vec::new(),
        },
        sections: Vec::new(),
        deliverables: false,
    };
    for block in blocks(source.text()) {
        match block {
            Block::Heading { level, text } => reader.heading(level, text),
            Block::Paragraph(span) => reader.paragraph(span),
            Block::Item(item) => reader.item(&item),
        }
    }
    let mut file = reader.file;
    number_deliverables(&mut file.tasks);
    file
}

/// Sections whose checkboxes speak about tasks without being any.
const REMARKS: &[&str] = &[
    "dependencies",
    "validation checklist",
    "success criteria",
    "parallel example",
    "format",
    "execution flow",
    "research questions",
    "notes",
    "risk",
];

struct Reader<'a> {
    text: &'a str,
    file: TaskFile,
    /// The headings that the current block stands under, outermost first.
    sections: Vec<Section>,
    /// Whether `**Deliverables**:` stands above and no other field since.
    deliverables: bool,
}

#[derive(Clone, Copy)]
struct Section {
    level: usize,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Compliance,
    Phase(usize),
    Group(usize),
    /// Lists of checkboxes that speak about tasks without being any.
    Remarks,
    Other,
}

impl Reader<'_> {
    fn heading(&mut self, level: usize, span: Span) {
        let text = plain(span.of(self.text));
        self.file.headings.push(Spanned { text: text.clone(), span });
        while self.sections.last().is_some_and(|section| section.level >= level) {
            self.sections.pop();
        }
        if level == 1 && self.file.title.is_none() {
            let name =
                text.strip_prefix("Tasks").map_or(text.as_str(), |rest| rest.trim_start_matches([':', ' ', '-']));
            let start = span.end - span.of(self.text).trim_end().len().min(name.len());
            self.file.title = Some(Spanned { text: name.to_owned(), span: Span::new(start, span.end) });
        }
        let kind = self.classify(&text, span);
        self.sections.push(Section { level, kind });
        self.deliverables = false;
    }

    fn classify(&mut self, text: &str, span: Span) -> Kind {
        let bare = text.trim_start_matches(|c: char| !c.is_alphanumeric());
        let lower = bare.to_lowercase();
        if let Some((number, title)) = numbered(bare, &["Phase", "Fase"]) {
            let title = Spanned { text: title.to_owned(), span };
            self.file.phases.push(Phase { number: number.to_owned(), title });
            return Kind::Phase(self.file.phases.len() - 1);
        }
        if let Some((number, title)) = numbered(bare, &["Task"]) {
            self.file.groups.push(Group { number: number.to_owned(), title: title.to_owned(), fields: Vec::new() });
            return Kind::Group(self.file.groups.len() - 1);
        }
        if lower.contains("constitution") && lower.contains("compliance") {
            Kind::Compliance
        } else if REMARKS.iter().any(|remark| lower.starts_with(remark)) || lower.contains("research questions") {
            Kind::Remarks
        } else {
            Kind::Other
        }
    }

    fn nearest<T>(&self, pick: impl Fn(Kind) -> Option<T>) -> Option<T> {
        self.sections.iter().rev().find_map(|section| pick(section.kind))
    }

    fn phase(&self) -> Option<usize> {
        self.nearest(|kind| if let Kind::Phase(index) = kind { Some(index) } else { None })
    }

    fn group(&self) -> Option<usize> {
        self.nearest(|kind| if let Kind::Group(index) = kind { Some(index) } else { None })
    }

    fn within(&self, kind: Kind) -> bool {
        self.sections.iter().any(|section| section.kind == kind)
    }

    /// Header lines, and the fields of a task group.
    fn paragraph(&mut self, span: Span) {
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
                None if self.sections.len() <= 1 => self.file.metadata.push(field),
                None => {}
            }
        }
    }

    fn item(&mut self, item: &Item) {
        let raw = item.text.of(self.text);
        let head = head(raw);
        if self.within(Kind::Compliance) {
            if let Some(head) = head {
                let span = Span::new(item.text.start + head.text, item.text.end);
                let text = Spanned { text: plain(span.of(self.text)), span };
                self.file.compliance.push(Checkbox { done: head.done, text });
            }
            return;
        }
        let is_task = head.as_ref().is_some_and(|head| match head.id {
            Some(_) => !self.within(Kind::Remarks),
            None => self.deliverables && self.phase().is_some(),
        });
        if is_task {
            let task = self.task(item, head.expect("a task has a head"));
            self.file.tasks.push(task);
        }
        for child in &item.children {
            if super::line::head(child.text.of(self.text)).is_some_and(|head| head.id.is_some()) {
                self.item(child);
            }
        }
    }

    fn task(&self, item: &Item, head: super::line::Head) -> Task {
        let mut text = Span::new(item.text.start + head.text, item.text.end);
        let mut details = Vec::new();
        // A hard-wrapped line belongs to the title, unless it is a field of its own.
        for line in lines(self.text, text).skip(1) {
            if let Some(detail) = self.detail(line).filter(|detail| !detail.key.is_empty()) {
                text.end = text.end.min(line.start);
                details.push(detail);
            }
        }
        text.end = text.start + text.of(self.text).trim_end().len();
        self.add_details(&item.children, &mut details);
        let title = title(self.text, text);
        let first_line = lines(self.text, item.text).next().unwrap_or(item.text);
        let lower = text.of(self.text).to_lowercase();
        Task {
            id: head.id.clone().unwrap_or_default(),
            id_written: head.id.is_some(),
            done: head.done,
            labels: head.labels,
            optional: lower.contains("(if needed)") || lower.contains("(optional)"),
            paths: self.paths(text, &details),
            title,
            details,
            phase: self.phase(),
            group: self.group(),
            span: first_line,
        }
    }

    fn add_details(&self, items: &[Item], details: &mut Vec<Detail>) {
        for item in items {
            let raw = item.text.of(self.text);
            if head(raw).is_some_and(|head| head.id.is_some()) {
                continue;
            }
            let inner = raw.trim_start_matches(|c: char| {
                matches!(c, '-' | '*' | '+' | '.' | ')' | ' ' | '\t') || c.is_ascii_digit()
            });
            let inner = if raw.trim_start_matches(['-', '+', ' ']).starts_with("**") {
                raw.trim_start_matches(['-', '+', ' '])
            } else {
                inner
            };
            let span = Span::new(item.text.end - inner.len(), item.text.end);
            details.extend(self.detail(span));
            self.add_details(&item.children, details);
        }
    }

    fn detail(&self, span: Span) -> Option<Detail> {
        let raw = span.of(self.text);
        if raw.trim().is_empty() {
            return None;
        }
        let (key, value) = key_value(raw).map_or((String::new(), 0), |(key, value)| (key.to_lowercase(), value));
        let span = Span::new(span.start + value, span.end);
        Some(Detail { key, text: Spanned { text: plain(span.of(self.text)), span } })
    }

    /// The files of a task: those of its `File:` lines; without any, those in its own text, or
    /// in a `Location:` line.
    fn paths(&self, text: Span, details: &[Detail]) -> Vec<TaskPath> {
        let of = |keys: &[&str], expect| -> Vec<TaskPath> {
            let lines = details.iter().filter(|detail| keys.contains(&detail.key.as_str()));
            lines.flat_map(|detail| paths(self.text, detail.text.span, expect)).collect()
        };
        let mut found = of(&["file", "files", "path", "paths", "target"], Expect::Paths);
        if found.is_empty() {
            found = paths(self.text, text, Expect::Prose);
        }
        if found.is_empty() {
            found = of(&["location"], Expect::Prose);
        }
        if let [path] = found.as_mut_slice() {
            let location = details.iter().find(|detail| detail.key == "location");
            path.lines = path.lines.or_else(|| lines_in_words(&location?.text.text));
        }
        found
    }
}

/// `Phase 3.1: Setup` is a number and a title.
fn numbered<'a>(text: &'a str, words: &[&str]) -> Option<(&'a str, &'a str)> {
    let rest = words.iter().find_map(|word| text.strip_prefix(word))?.strip_prefix(' ')?.trim_start();
    let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '.')).unwrap_or(rest.len());
    let number = rest[..end].trim_end_matches('.');
    let numeric = number.starts_with(|c: char| c.is_ascii_digit()) || matches!(number, "N" | "Final");
    let title = rest[end..].trim_start_matches([':', ' ', '-', '–', '—', '.']);
    numeric.then_some((number, title))
}

/// The lines of a span, without indentation and line ends.
fn lines(text: &str, span: Span) -> impl Iterator<Item = Span> {
    let mut at = span.start;
    span.of(text).split_inclusive('\n').map(move |line| {
        let start = at + (line.len() - line.trim_start().len());
        let end = at + line.trim_end().len();
        at += line.len();
        Span::new(start.min(end), end)
    })
}

/// Deliverables without an ID get the next free number, in order.
fn number_deliverables(tasks: &mut [Task]) {
    let written = tasks.iter().filter_map(|task| task.id.trim_start_matches(['T', '-']).parse::<usize>().ok());
    let free = written.max().unwrap_or(0) + 1..;
    for (number, task) in free.zip(tasks.iter_mut().filter(|task| !task.id_written)) {
        task.id = format!("T{number:03}");
    }
}

#[cfg(test)]
#[path = "parse_tests.rs"]
mod tests;
