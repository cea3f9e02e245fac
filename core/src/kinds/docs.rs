//! Documents: a page with the sections of its tasks.

use serde::Serialize;

use super::docs_topics::{below, is_topic, listed, topics};
use crate::diagnostic::visible;
use crate::name::Name;
use crate::pending::{PendingFiles, Refusal};
use crate::plan::{
    Assigned, Candidate, Claimed, Key, Kind, ManualReason, Named, PlannedTask, Planner, ResolvedPath, Role, Row,
    TaskLine, Unit, Use, intent,
};
use crate::repo_path::RepoPath;
use crate::survey::Stage;
use crate::template::{Context, Template, Text};
use crate::text::LineEnding;
use crate::tree::file_name;

#[derive(Debug)]
pub(super) struct Docs;

#[derive(Serialize, Context, Template, Debug)]
#[template("scaffolds/docs/new/docs/__file__.md.hbs")]
struct Document {
    title: String,
    feature: String,
    /// The task that asks for the overview, if one does.
    overview: Option<String>,
    gate: Option<String>,
    default_word: String,
    sections: Vec<Section>,
}

#[derive(Clone, Serialize, Context, Template, Debug)]
#[template("scaffolds/docs/edit/docs/__file__.md/section.hbs")]
struct Section {
    heading: String,
    task: String,
}

/// A page.
#[derive(Debug)]
struct Facts {
    file: RepoPath,
    /// The page, where it is to be made.
    document: Document,
    /// Every section, for a page that is there.
    sections: Vec<Section>,
}

impl Kind for Docs {
    fn name(&self) -> &'static str {
        "docs"
    }

    fn role(&self) -> Role {
        Role::Document
    }

    fn row(&self) -> Row {
        Row { names: "`docs/*.md`", makes: "a document with the sections of the `Content:` lines" }
    }

    fn templates(&self) -> &'static [Text] {
        &[Document::FILE, Section::FILE]
    }

    fn claim(&self, _: &Candidate<'_, '_>, named: &Named<'_>) -> Option<Claimed> {
        matches!(named, Named::File { place, .. } if place.path.ends_with(".md")).then_some(Claimed::File)
    }

    fn refuses(&self, task: &Candidate<'_, '_>) -> Option<ManualReason> {
        task.planned.once("other work on pages", || other_work(task.planned))
    }

    fn plan(&self, planner: &mut Planner<'_, '_>, assigned: &Assigned) {
        let Some(place) = &assigned.place else { return };
        let assigned = &Assigned { tasks: with_sections(planner, place, &assigned.tasks), ..assigned.clone() };
        if assigned.tasks.is_empty() {
            return;
        }
        if let Err(refusal) = planner.open(&place.path) {
            return planner.diagnose(refusal);
        }
        let mut sections = Vec::new();
        for &task in &assigned.tasks {
            let task = planner.task(task);
            let heading = |content: &str| markdown(content.trim_matches(['#', ' ', '.']));
            let (contents, _) = contents(task);
            let own = contents.iter().map(|content| Section { heading: heading(content), task: task.id.clone() });
            sections.extend(own);
        }
        let document = document(planner, &place.path, &sections);
        for &task in &assigned.tasks {
            for line in unread(planner.task(task)) {
                let why = "it names no section".to_owned();
                planner.manual(&[task], &ManualReason::Unwritable { line, why });
            }
            for line in contents(planner.task(task)).1 {
                planner.note(task, line, Use::Change, std::slice::from_ref(&place.path));
            }
        }
        planner.push(Facts { file: place.path.clone(), document, sections }, &assigned.tasks);
    }
}

/// Why a task about pages is left to people, if it is.
fn other_work(planned: &PlannedTask) -> Option<ManualReason> {
    let states = planned.details(&[Key::Content]).next().is_some();
    let verb = intent::other_work(planned).filter(|verb| !matches!(*verb, "document" | "describe" | "explain"));
    let verb = verb.or_else(|| intent::only_looks(planned).filter(|verb| *verb != "make sure" && !states));
    let verb = verb.or_else(|| intent::nothing_new(planned)).or_else(|| intent::rewords(planned))?;
    Some(ManualReason::OtherWork(verb.to_owned()))
}

/// The tasks that something is made for. A page without sections is made once; a page that is there needs some.
fn with_sections(planner: &mut Planner<'_, '_>, place: &ResolvedPath, tasks: &[usize]) -> Vec<usize> {
    let file = place.path.to_string();
    let has_sections = |planner: &Planner<'_, '_>, task| !contents(planner.task(task)).0.is_empty();
    let made = planner.options.earlier.has_made(&place.path);
    let text = planner.survey.text(&place.path).ok().flatten();
    let foreign = !made && text.is_some_and(|text| !text.contains(": to be written."));
    let mut first = tasks.iter().copied().find(|&task| has_sections(planner, task));
    let mut kept = Vec::new();
    for &task in tasks {
        if has_sections(planner, task) {
            kept.push(task);
        } else if foreign {
            planner.manual(&[task], &ManualReason::NoSection(file.clone()));
        } else if let Some(first) = first {
            let first = planner.task(first).id.clone();
            planner.manual(&[task], &ManualReason::NothingOfItsOwn { file: file.clone(), what: "section", first });
        } else {
            first = Some(task);
            kept.push(task);
        }
    }
    kept
}

fn document(planner: &Planner<'_, '_>, file: &str, sections: &[Section]) -> Document {
    let stem = file_name(file).trim_end_matches(".md");
    let name = Name::parse(stem);
    let feature = &planner.feature().name;
    let title = if name == Name::parse(feature) { feature.clone() } else { name.title() };
    let gate = planner.gate().filter(|_| !stem.contains("troubleshoot"));
    let (overview, sections): (Vec<Section>, Vec<Section>) =
        sections.iter().cloned().partition(|section| section.heading.eq_ignore_ascii_case("overview"));
    let is_on = gate.is_some_and(|gate| gate.stage == Stage::Beta);
    Document {
        title: markdown(&title),
        feature: markdown(feature),
        overview: overview.into_iter().next().map(|section| section.task),
        gate: gate.map(|gate| gate.name.clone()),
        default_word: if is_on { "enabled" } else { "disabled" }.to_owned(),
        sections,
    }
}

/// A text on one line of Markdown: words and code, and neither HTML nor links nor tables.
fn markdown(text: &str) -> String {
    let text = visible(text);
    let mut shown = String::with_capacity(text.len());
    let closed = text.matches('`').count().is_multiple_of(2) && !text.contains("``");
    let mut in_code = false;
    for c in text.chars() {
        match c {
            '`' if closed => in_code = !in_code,
            '`' | '<' | '>' | '[' | ']' | '|' | '&' | '\\' if !in_code => shown.push('\\'),
            _ => {}
        }
        shown.push(c);
    }
    shown
}

impl Unit for Facts {
    fn files(&self) -> Vec<&RepoPath> {
        vec![&self.file]
    }

    fn render(&self, pending: &mut PendingFiles<'_>) -> Result<(), Refusal> {
        match pending.text(&self.file)? {
            None => {
                let text = pending.render(&self.document)?;
                pending.put(&self.file, text)
            }
            Some(text) => {
                let added = missing(pending, &text, &self.sections)?;
                if added.is_empty() { Ok(()) } else { pending.put(&self.file, text.to_string() + &added) }
            }
        }
    }
}

/// The sections that a document lacks, to be put at its end.
fn missing(pending: &PendingFiles<'_>, text: &str, sections: &[Section]) -> Result<String, Refusal> {
    let headings: Vec<&str> =
        text.lines().filter(|line| line.starts_with('#')).map(|line| line.trim_start_matches('#').trim()).collect();
    let mut added = String::new();
    for section in sections.iter().filter(|section| !headings.contains(&section.heading.as_str())) {
        let gap = if added.is_empty() && !text.ends_with('\n') { "\n\n" } else { "\n" };
        added.push_str(gap);
        added.push_str(&pending.render(section)?);
    }
    Ok(LineEnding::of(text).apply(added))
}

/// The headings that a task states, and the lines that do: `Content:` lines; else the items below a page, or what its title
/// says behind a colon or behind "Document".
fn contents(task: &PlannedTask) -> (Vec<String>, Vec<usize>) {
    task.once("contents", || read_contents(task))
}

fn read_contents(task: &PlannedTask) -> (Vec<String>, Vec<usize>) {
    let keyed: Vec<&TaskLine> = task.lines_of(&[Key::Content]).collect();
    if !keyed.is_empty() {
        return (
            keyed.iter().flat_map(|line| listed(&line.text)).collect(),
            keyed.iter().map(|line| line.line).collect(),
        );
    }
    if !names_pages(task) {
        return (Vec::new(), Vec::new());
    }
    let items: Vec<&TaskLine> = items(task).filter(|line| is_topic(&line.text)).collect();
    if !items.is_empty() {
        return (
            items.iter().flat_map(|line| below(&line.text)).collect(),
            items.iter().map(|line| line.line).collect(),
        );
    }
    let says = task.says();
    // "`docs/x.md` (how to enable it, limits)"
    let is_list = says.starts_with('(') || task.title.starts_with(['`', '[']) || task.title.starts_with("docs/");
    (topics(says, is_list), Vec::new())
}

/// Whether a task names pages alone. Which files it names is known once all tasks are read.
fn names_pages(task: &PlannedTask) -> bool {
    task.once("pages", || !task.named.is_empty() && task.named.iter().all(|(path, _)| path.ends_with(".md")))
}

/// The items of a task about pages alone that name no section.
fn unread(task: &PlannedTask) -> Vec<usize> {
    task.once("unread items", || read_unread(task))
}

fn read_unread(task: &PlannedTask) -> Vec<usize> {
    if !names_pages(task) || task.details(&[Key::Content]).next().is_some() {
        return Vec::new();
    }
    items(task).filter(|line| !is_topic(&line.text)).map(|line| line.line).collect()
}

/// The items below a task without a key, which are neither a path nor a note such as "(if needed)".
fn items(task: &PlannedTask) -> impl Iterator<Item = &TaskLine> {
    let is_path = |text: &str| !text.trim().contains(' ') && text.contains('/');
    let is_other = move |text: &str| is_path(text) || text.trim_start().starts_with('(');
    task.details.iter().filter(move |line| line.key == Key::Prose && line.is_item && !is_other(&line.text))
}

#[cfg(test)]
#[path = "docs_tests.rs"]
mod tests;
