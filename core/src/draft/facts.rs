//! What the design documents say, each with the place that says it.

use super::gate;
use crate::documents::{Document, Documents, Function, Item, entries, functions};
use crate::task::Spanned;
use crate::text::{Span, code_spans, squeezed};

/// A statement and where it stands: `plan.md:12`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Fact {
    pub(super) text: String,
    pub(super) place: String,
}

/// What is said about the feature gate.
#[derive(Clone, Debug)]
pub(super) enum GateFact {
    /// It has a name.
    Named(Fact),
    /// There is to be one, and no document names it.
    Wanted(Fact),
    /// There is to be none.
    Denied(Vec<Fact>),
    /// No document speaks of the gate.
    Unsaid,
}

/// A file that is to be made or changed.
#[derive(Clone, Debug)]
pub(super) struct FileFact {
    pub(super) path: String,
    pub(super) new: bool,
    pub(super) note: String,
    pub(super) place: String,
    pub(super) functions: Vec<(Function, String)>,
}

/// A user story of the specification.
#[derive(Clone, Debug)]
pub(super) struct Story {
    pub(super) number: String,
    pub(super) wish: Fact,
    pub(super) criteria: Vec<Fact>,
}

/// A contract with the tests that it asks for.
#[derive(Clone, Debug)]
pub(super) struct Contract {
    pub(super) name: String,
    pub(super) place: String,
    pub(super) integration: Vec<Fact>,
    pub(super) unit: Vec<Fact>,
    pub(super) performance: Vec<Fact>,
    pub(super) fallbacks: Vec<Fact>,
}

/// Everything that is read.
#[derive(Clone, Debug)]
pub(super) struct Facts {
    pub(super) name: Option<Fact>,
    pub(super) id: Option<String>,
    pub(super) date: Option<String>,
    pub(super) gate: GateFact,
    /// The plan's constitution check: text, tick, place.
    pub(super) checks: Vec<(Fact, bool)>,
    pub(super) files: Vec<FileFact>,
    /// Files that the plan names, where nothing says whether they are new.
    pub(super) unmarked: Vec<Fact>,
    /// `type X string` and its constants: the type, the values, the file if it is said.
    pub(super) types: Vec<(Fact, Vec<String>, Option<String>)>,
    /// The metric's name, its constructor, its labels, its file.
    pub(super) metrics: Vec<(Fact, String, Vec<String>, Option<String>)>,
    pub(super) stories: Vec<Story>,
    pub(super) edges: Vec<Fact>,
    pub(super) lifecycle: Vec<Fact>,
    pub(super) failures: Vec<Fact>,
    pub(super) contracts: Vec<Contract>,
    pub(super) no_api: Option<Fact>,
    pub(super) environment: Vec<Fact>,
    pub(super) decisions: Vec<Fact>,
    pub(super) docs: Vec<Fact>,
    pub(super) security: Vec<Fact>,
    pub(super) performance: Vec<Fact>,
    /// The specification's testing strategy.
    pub(super) unit: Vec<Fact>,
    pub(super) integration: Vec<Fact>,
}

/// What the documents state, each with its place.
pub(super) fn facts(documents: &Documents) -> Facts {
    let plan = documents.plan.as_ref();
    let spec = documents.spec.as_ref();
    Facts {
        name: name(documents),
        id: id(documents),
        date: plan.and_then(|plan| plan.field("Date")).map(|field| field.value.text),
        gate: gate::gate(documents),
        checks: plan.map(checks).unwrap_or_default(),
        files: files(documents),
        unmarked: unmarked(documents),
        types: documents.design().flat_map(types).collect(),
        metrics: documents.data_model.as_ref().map(metrics).unwrap_or_default(),
        stories: spec.map(stories).unwrap_or_default(),
        edges: spec.map(|spec| items_below(spec, &["edge cases"])).unwrap_or_default(),
        lifecycle: documents.data_model.as_ref().map(|model| rows_below(model, "lifecycle events")).unwrap_or_default(),
        failures: documents
            .data_model
            .as_ref()
            .map(|model| rows_below(model, "detection failures"))
            .unwrap_or_default(),
        contracts: documents.contracts.iter().filter_map(contract).collect(),
        no_api: no_api(documents),
        environment: environment(documents),
        decisions: documents.research.as_ref().map(decisions).unwrap_or_default(),
        docs: spec
            .map(|spec| items_below(spec, &["user documentation", "operations documentation"]))
            .unwrap_or_default(),
        security: spec.map(|spec| items_below(spec, &["security considerations"])).unwrap_or_default(),
        performance: plan
            .and_then(|plan| plan.field("Performance Goals").map(|field| vec![fact(plan, &field.value)]))
            .unwrap_or_default(),
        unit: spec.map(|spec| items_below(spec, &["unit testing"])).unwrap_or_default(),
        integration: spec.map(|spec| items_below(spec, &["integration testing"])).unwrap_or_default(),
    }
}

pub(super) fn fact(document: &Document, spanned: &Spanned) -> Fact {
    Fact { text: squeezed(&spanned.text), place: document.place(spanned.span) }
}

fn name(documents: &Documents) -> Option<Fact> {
    let titled = |document: &Document, prefix: &str| {
        let first = document.sections.iter().find(|part| part.level == 1)?;
        let title = first.title.text.as_str();
        let other = || title.split_once([':', '：']).filter(|(before, _)| !before.is_ascii()).map(|(_, name)| name);
        let text = title.strip_prefix(prefix).or_else(other)?.trim_start_matches([':', ' ']).to_owned();
        (!text.is_empty() && !text.contains('[')).then(|| Fact { text, place: document.place(first.title.span) })
    };
    let plan = documents.plan.as_ref().and_then(|plan| titled(plan, "Implementation Plan"));
    let spec = documents.spec.as_ref();
    let field = || spec.and_then(|spec| spec.field("Feature Name").map(|field| fact(spec, &field.value)));
    plan.or_else(field).or_else(|| spec.and_then(|spec| titled(spec, "Feature Specification")))
}

fn id(documents: &Documents) -> Option<String> {
    let spec = documents.spec.as_ref().and_then(|spec| spec.field("Feature ID")).map(|field| field.value.text);
    let branch = || {
        let field = documents.plan.as_ref()?.field("Branch")?;
        let branch = field.value.text.trim_matches('`').to_owned();
        let digits: String = branch.rsplit('/').next()?.chars().take_while(char::is_ascii_digit).collect();
        (!digits.is_empty()).then_some(digits)
    };
    spec.filter(|id| !id.contains('[')).or_else(branch)
}

fn checks(plan: &Document) -> Vec<(Fact, bool)> {
    let Some(part) = plan.section("constitution check").or_else(|| plan.section("constitutional compliance")) else {
        return Vec::new();
    };
    let items = plan.items(part.body).into_iter();
    items.filter_map(|item| item.ticked.map(|ticked| (fact(plan, &item.text), ticked))).collect()
}

/// Files that drawings, lists or code blocks mark as new or to be changed.
fn files(documents: &Documents) -> Vec<FileFact> {
    let mut found: Vec<FileFact> = Vec::new();
    let mut add = |file: FileFact| {
        if !found.iter().any(|known| known.path == file.path) {
            found.push(file);
        }
    };
    let ordered =
        documents.quickstart.iter().chain(&documents.plan).chain(&documents.data_model).chain(&documents.integration);
    for document in ordered.clone() {
        for entry in entries(document) {
            let new = entry.marked("NEW");
            if (new || entry.marked("MODIFY") || entry.marked("EDIT")) && !entry.is_open() && !entry.path.ends_with('/')
            {
                let note = entry.note.split_once(':').map_or("", |(_, note)| note.trim()).to_owned();
                let place = document.place(entry.span);
                add(FileFact { path: entry.path, new, note, place, functions: Vec::new() });
            }
        }
        for part in &document.sections {
            let title = part.title.text.to_lowercase();
            let (new, listed) =
                (title.contains("new files"), title.contains("modified files") || title.contains("files to modify"));
            if new || listed {
                for code in document.code(part.body).into_iter().filter(|_| new) {
                    for line in document.lines_in(code.body) {
                        let path = line.span.of(document.source.text()).trim().to_owned();
                        let place = document.place(line.span);
                        if path.contains('/') && path.contains('.') && path.is_ascii() && !path.contains([' ', '[']) {
                            add(FileFact { path, new, note: String::new(), place, functions: Vec::new() });
                        }
                    }
                }
                for item in document.items(part.body) {
                    for path in coded_paths(&item.text.text) {
                        let note = item.text.text.split_once("`:").map_or("", |(_, note)| note.trim()).to_owned();
                        add(FileFact { path, new, note, place: document.place(item.text.span), functions: Vec::new() });
                    }
                }
            }
        }
    }
    // Which functions go where: the quickstart first, which is written last.
    for document in documents.quickstart.iter().chain(&documents.data_model) {
        for function in functions(document) {
            let Some(path) = &function.file else { continue };
            let place = document.place(function.span);
            let known = found.iter().any(|file| file.functions.iter().any(|(known, _)| known.name == function.name));
            if known || function.receiver.is_some() {
                continue;
            }
            match found.iter_mut().find(|file| file.path == *path) {
                Some(file) => file.functions.push((function, place)),
                None => found.push(FileFact {
                    path: path.clone(),
                    new: true,
                    note: String::new(),
                    place: place.clone(),
                    functions: vec![(function, place)],
                }),
            }
        }
    }
    found
}

/// Files that items of the plan name, where nothing says whether they are new; as many as a question can hold.
fn unmarked(documents: &Documents) -> Vec<Fact> {
    const MOST: usize = 8;
    let Some(plan) = &documents.plan else { return Vec::new() };
    let items = plan.items(plan.all()).into_iter();
    let named = items.flat_map(|item| {
        let place = plan.place(item.text.span);
        let paths = coded_paths(&item.text.text).into_iter();
        paths.map(move |text| Fact { text, place: place.clone() }).collect::<Vec<_>>()
    });
    named.take(MOST).collect()
}

/// The paths in backticks of a text.
fn coded_paths(text: &str) -> Vec<String> {
    let codes = code_spans(text);
    codes
        .filter(|code| code.contains('/') && code.contains('.') && !code.contains([' ', '[', '*']))
        .map(str::to_owned)
        .collect()
}

/// `type HypervisorType string` with its constants.
fn types(document: &Document) -> Vec<(Fact, Vec<String>, Option<String>)> {
    let text = document.source.text();
    let mut found = Vec::new();
    // Types of the data model alone: contracts and sketches have types that nobody asked for.
    if document.name() != "data-model.md" {
        return found;
    }
    for code in document.code(document.all()).into_iter().filter(|code| code.language == "go") {
        let lines: Vec<(&str, Span)> =
            document.lines_in(code.body).iter().map(|line| (line.span.of(text).trim(), line.span)).collect();
        for &(line, span) in &lines {
            let Some(rest) = line.strip_prefix("type ") else { continue };
            let mut words = rest.split_whitespace();
            let (Some(name), Some("string")) = (words.next(), words.next()) else { continue };
            let values = lines.iter().filter_map(|(line, _)| {
                let (left, right) = line.split_once('=')?;
                (left.split_whitespace().nth(1) == Some(name))
                    .then(|| right.trim().split('"').nth(1).map(str::to_owned))?
            });
            let fact = Fact { text: name.to_owned(), place: document.place(span) };
            found.push((fact, values.collect(), None));
        }
    }
    found
}

/// Metrics of code blocks that say which file they go to, or else of any.
fn metrics(document: &Document) -> Vec<(Fact, String, Vec<String>, Option<String>)> {
    let text = document.source.text();
    let mut found: Vec<(Fact, String, Vec<String>, Option<String>)> = Vec::new();
    for code in document.code(document.all()).into_iter().filter(|code| code.language == "go") {
        let (mut file, mut constructor): (Option<String>, Option<String>) = (None, None);
        for line in document.lines_in(code.body) {
            let raw = line.span.of(text).trim();
            if let Some(path) =
                raw.strip_prefix("//").map(str::trim).filter(|path| path.ends_with(".go") && path.contains('/'))
            {
                file = Some(path.to_owned());
            }
            if let Some(at) = raw.find("operatormetrics.New") {
                let name: String = raw[at + 19..].chars().take_while(|c| c.is_alphanumeric()).collect();
                constructor = Some(name);
            }
            if let (Some(name), Some(kind)) =
                (raw.strip_prefix("Name: \"").and_then(|rest| rest.split('"').next()), &constructor)
            {
                let fact = Fact { text: name.to_owned(), place: document.place(line.span) };
                let metric = (fact, kind.clone(), Vec::new(), file.clone());
                match found.iter_mut().find(|known| known.0.text == name) {
                    // A block that names its file knows better.
                    Some(known) if known.3.is_none() && file.is_some() => *known = metric,
                    Some(_) => {}
                    None => found.push(metric),
                }
            }
            if let (Some(list), Some(last)) = (raw.strip_prefix("[]string{"), found.last_mut()) {
                last.2 = list.split('"').skip(1).step_by(2).map(str::to_owned).collect();
            }
        }
    }
    found
}

/// `**Story 1**: As a …`, with the acceptance criteria below.
fn stories(spec: &Document) -> Vec<Story> {
    let mut found: Vec<Story> = Vec::new();
    let Some(part) = spec.section("user stories") else { return found };
    let fields = spec.fields(part.body);
    let stories: Vec<_> = fields.into_iter().filter(|field| field.key.starts_with("Story ")).collect();
    for (index, story) in stories.iter().enumerate() {
        let end = stories.get(index + 1).map_or(part.body.end, |next| next.value.span.start);
        let section = spec.sections.iter().find(|part| part.body.start > story.value.span.end);
        let end = section.map_or(end, |section| end.min(section.title.span.start));
        let below = Span::new(story.value.span.end, end.max(story.value.span.end));
        let is_criterion = |item: &Item| item.ticked.is_some() || item.indent > 0;
        found.push(Story {
            number: story.key.trim_start_matches("Story ").to_owned(),
            wish: fact(spec, &story.value),
            criteria: spec
                .items(below)
                .iter()
                .filter(|item| is_criterion(item))
                .map(|item| fact(spec, &item.text))
                .collect(),
        });
    }
    found
}

/// The items below the first heading that begins with one of some words.
fn items_below(document: &Document, titles: &[&str]) -> Vec<Fact> {
    let mut found = Vec::new();
    for title in titles {
        if let Some(part) = document.section(title) {
            found.extend(document.items(part.body).iter().map(|item| fact(document, &item.text)));
        }
    }
    found
}

/// The first two cells of each row below a heading.
fn rows_below(document: &Document, title: &str) -> Vec<Fact> {
    let Some(part) = document.section(title) else { return Vec::new() };
    let row = |cells: Vec<Spanned>| {
        let first = cells.first()?;
        let rest: Vec<&str> = cells[1..].iter().map(|cell| cell.text.as_str()).collect();
        Some(Fact { text: format!("{}: {}", first.text, rest.join(", ")), place: document.place(first.span) })
    };
    document.rows(part.body).into_iter().filter_map(row).collect()
}

fn contract(document: &Document) -> Option<Contract> {
    let below = |title: &str| {
        let part = document.section(title)?;
        Some(document.items(part.body).iter().map(|item| fact(document, &item.text)).collect::<Vec<_>>())
    };
    let fallbacks = rows_below(document, "fallback behavior");
    let contract = Contract {
        name: document.sections.first().map(|part| part.title.text.clone())?,
        place: document.place(document.sections.first()?.title.span),
        integration: below("integration test").unwrap_or_default(),
        unit: below("unit test").unwrap_or_default(),
        performance: below("performance test").unwrap_or_default(),
        fallbacks,
    };
    let asks = !(contract.integration.is_empty() && contract.unit.is_empty() && contract.fallbacks.is_empty());
    asks.then_some(contract)
}

/// "CRD Modifications: None Required", "No API Extensions Required".
fn no_api(documents: &Documents) -> Option<Fact> {
    documents.design().find_map(|document| {
        let says = |title: &str| {
            let lower = title.to_lowercase();
            let about = lower.contains("crd modification") || lower.contains("api");
            about && (lower.contains("none required") || lower.contains("no api") || lower.contains("not required"))
        };
        let part = document.sections.iter().find(|part| says(&part.title.text))?;
        Some(fact(document, &part.title))
    })
}

fn environment(documents: &Documents) -> Vec<Fact> {
    let mut found = Vec::new();
    if let Some((document, part)) = documents.quickstart.as_ref().and_then(|d| Some((d, d.section("prerequisites")?))) {
        let text = document.source.text();
        for code in document.code(document.own(part)) {
            for line in document.lines_in(code.body) {
                let raw = line.span.of(text).trim();
                if !raw.is_empty() && !raw.starts_with('#') {
                    found.push(Fact { text: format!("`{raw}`"), place: document.place(line.span) });
                }
            }
        }
        found.extend(document.items(document.own(part)).iter().map(|item| fact(document, &item.text)));
    }
    if let Some(spec) = &documents.spec {
        found.extend(items_below(spec, &["host environment requirements"]));
    }
    found
}

fn decisions(research: &Document) -> Vec<Fact> {
    let Some(part) = research.section("architecture decision") else { return Vec::new() };
    research.items(part.body).iter().map(|item| fact(research, &item.text)).collect()
}
