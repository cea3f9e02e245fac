//! Documents: a page with the sections of its tasks.

use serde::Serialize;

use crate::demand::{Word, words};
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
        let planned = task.planned;
        let states = planned.details(&[Key::Content]).next().is_some();
        let verb = intent::other_work(planned).filter(|verb| !matches!(*verb, "document" | "describe" | "explain"));
        let verb = verb.or_else(|| intent::only_looks(planned).filter(|verb| *verb != "make sure" && !states));
        let verb = verb.or_else(|| intent::nothing_new(planned)).or_else(|| intent::rewords(planned))?;
        Some(ManualReason::OtherWork(verb.to_owned()))
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

/// Whether an item names something to be written about, and not what else is to be done.
fn is_topic(text: &str) -> bool {
    const VERBS: &[&str] =
        &["add", "link", "mention", "include", "see", "use", "update", "refer", "note", "place", "put"];
    let line = words(text);
    !line.is_empty() && !line[0].is(VERBS)
}

/// What a title says that a page is to hold: "`docs/x.md`: what it returns, how to filter it", "Document the filter".
fn topics(subject: &str, is_path_first: bool) -> Vec<String> {
    const ASKS: &[&str] = &["what", "how", "why", "when", "where", "which", "who"];
    const WHOLE: &[&str] = &[
        "the",
        "a",
        "new",
        "this",
        "feature",
        "page",
        "guide",
        "it",
        "everything",
        "user",
        "docs",
        "documentation",
        "update",
        "extend",
        "add",
        "create",
        "write",
        "to",
    ];
    if let Some(named) = named(subject) {
        return named;
    }
    let line = words(subject);
    let writes = |word: &Word<'_>| word.is(&["document", "describe", "explain"]);
    let topic = match line.first() {
        Some(first) if writes(first) && line.len() > 1 => {
            let rest = subject[line[1].at..].trim_start_matches('`');
            if let Some(headings) = rest.split_once(": ").and_then(|(_, tail)| headings(tail)) {
                return headings;
            }
            // "Document it: how to enable it, limits".
            let named = rest.split_once(": ").filter(|(head, _)| words(head).iter().all(|word| word.is(WHOLE)));
            named.map_or(rest, |(_, tail)| tail)
        }
        Some(_) => match subject.split_once(": ") {
            // "…; sections: Overview, Limits".
            Some((head, tail))
                if words(head).last().is_some_and(|word| word.is(&["sections", "headings", "topics"])) =>
            {
                return listed(&tail.replace(", ", "; "));
            }
            Some((_, tail)) => {
                if let Some(headings) = headings(tail) {
                    return headings;
                }
                tail
            }
            None if is_path_first || told(subject) != subject => subject,
            None => return Vec::new(),
        },
        None => return Vec::new(),
    };
    // "(how to enable it, limits)" lists them; "(if needed)" says nothing of the page.
    let (topic, note) = match topic.strip_suffix(')').and_then(|text| text.rsplit_once('(')) {
        Some((head, note)) => (head.trim(), Some(note)),
        None => (topic, None),
    };
    if let Some(note) = note.filter(|note| topic.is_empty() && note.contains(',')) {
        return listed(&note.replace(", ", "; "));
    }
    if words(topic).iter().all(|word| word.is(WHOLE)) {
        return Vec::new();
    }
    let topic = told(topic);
    // Questions are told apart by commas, and the last one by "and".
    let mut topic = topic.to_owned();
    for word in ASKS {
        topic = topic.replace(&format!(" and {word} "), &format!(", {word} ")).replace(",, ", ", ");
    }
    let topic = topic.as_str();
    let asks = |part: &str| words(part).first().is_some_and(|word| word.is(ASKS) || word.is(&["and"]));
    let parts: Vec<&str> = topic.split(", ").collect();
    let is_short = |part: &&str| asks(part) || words(part).len() < 3;
    if !topic.contains(';') && asks(parts[0]) && parts.iter().all(is_short) {
        return listed(&topic.replace(", ", "; "));
    }
    listed(topic)
}

/// The headings of an item: "`docs/x.md`: enabling, limits" lists those of a page.
fn below(item: &str) -> Vec<String> {
    match item.split_once(": ").filter(|(path, _)| path.trim_matches('`').ends_with(".md") && !path.contains(' ')) {
        Some((_, tail)) => headings(tail).unwrap_or_else(|| listed(tail)),
        None => listed(item),
    }
}

/// The headings that a list behind a colon is: "enabling, units and troubleshooting".
fn headings(tail: &str) -> Option<Vec<String>> {
    let (first, last) = tail.rsplit_once(", ").unwrap_or(("", tail));
    let last = last.strip_prefix("and ").unwrap_or(last);
    let parts: Vec<&str> = first.split(", ").filter(|part| !part.is_empty()).chain(last.split(" and ")).collect();
    let is_short = |part: &&str| (1..4).contains(&words(part).len()) && !part.contains([';', '(', '.']);
    (parts.len() > 1 && parts.iter().all(is_short)).then(|| listed(&parts.join(";")))
}

/// The sections that a title names: "add a "Known limits" section", "with sections Symptoms, Diagnosis and Fixes".
fn named(subject: &str) -> Option<Vec<String>> {
    let plain = subject.replace(['“', '”'], "\"");
    let (before, rest) =
        ["sections ", "section ", "headings "].iter().find_map(|word| plain.split_once(word)).or_else(|| {
            let head =
                plain.trim_end().strip_suffix("section").or_else(|| plain.trim_end().strip_suffix("sections"))?;
            Some((head, ""))
        })?;
    let quoted: Vec<&str> = plain.split('"').skip(1).step_by(2).collect();
    if !quoted.is_empty() && plain.matches('"').count().is_multiple_of(2) {
        return Some(listed(&quoted.join("; ")));
    }
    let is_list = before.trim_end().ends_with("with") || before.trim_end().ends_with("with the");
    let is_name = |text: &str| text.trim().starts_with(|c: char| c.is_uppercase());
    let list = rest.replace(", and ", "; ").replace(" and ", "; ").replace(", ", "; ");
    (is_list && !rest.contains(':') && list.split(';').all(is_name)).then(|| listed(&list))
}

/// What a text is about that says so first: "explains how to enable it", "page that describes the limits".
fn told(topic: &str) -> &str {
    const TELLS: &[&str] = &[
        "explains",
        "describes",
        "documents",
        "covers",
        "tells",
        "lists",
        "shows",
        "explaining",
        "describing",
        "documenting",
        "covering",
        "about",
        "on",
    ];
    const BEFORE: &[&str] = &[
        "a",
        "the",
        "new",
        "page",
        "guide",
        "document",
        "documentation",
        "that",
        "which",
        "user",
        "user-facing",
        "docs",
        "write",
        "add",
    ];
    let line = words(topic);
    let at = line.iter().position(|word| !word.is(BEFORE)).filter(|at| line[*at].is(TELLS));
    at.and_then(|at| line.get(at + 1)).map_or(topic, |word| topic[word.at..].trim_start_matches('`'))
}

/// The headings in a `Content:` line: `overview; limits, known and unknown` has two.
fn listed(content: &str) -> Vec<String> {
    let parts = content.split(';');
    let parts = parts.map(|part| part.trim().trim_start_matches("and ").trim());
    let capital = |part: &str| {
        let mut chars = part.chars();
        chars.next().map(|first| first.to_uppercase().chain(chars).collect::<String>())
    };
    parts.filter_map(capital).collect()
}

#[cfg(test)]
#[path = "docs_tests.rs"]
mod tests;
