//! Documents.

use serde::Serialize;

use super::desk::{Desk, Refusal};
use crate::diagnostic::visible;
use crate::plan::{DocsUnit, Stage};
use crate::template::{Context, Template, Text};
use crate::text::LineEnding;

pub(super) const TEMPLATES: &[Text] = &[Document::FILE, Section::FILE];

#[derive(Serialize, Context, Template)]
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

#[derive(Serialize, Context, Template)]
#[template("scaffolds/docs/edit/docs/__file__.md/section.hbs")]
struct Section {
    heading: String,
    task: String,
}

pub(super) fn write(desk: &mut Desk<'_, '_>, unit: &DocsUnit) -> Result<(), Refusal> {
    let section = |(heading, task): &(String, String)| Section { heading: visible(heading), task: task.clone() };
    let sections = unit.sections.iter().map(section);
    if let Some(text) = desk.text(&unit.file)? {
        let added = missing(desk, &text, sections)?;
        return if added.is_empty() { Ok(()) } else { desk.put(&unit.file, text.to_string() + &added) };
    }
    let (overview, sections): (Vec<Section>, Vec<Section>) =
        sections.partition(|section| section.heading.eq_ignore_ascii_case("overview"));
    let gate = desk.gate().filter(|_| unit.shows_gate);
    let document = Document {
        title: visible(&unit.title),
        feature: desk.plan.feature.name.clone(),
        overview: overview.into_iter().next().map(|section| section.task),
        gate: gate.map(|gate| gate.name.clone()),
        default_word: match gate.map(|gate| gate.stage) {
            Some(Stage::Beta) => "enabled",
            _ => "disabled",
        }
        .to_owned(),
        sections,
    };
    let text = desk.render(&document)?;
    desk.put(&unit.file, text)
}

/// The sections that a document lacks, to be put at its end.
fn missing(desk: &Desk<'_, '_>, text: &str, sections: impl Iterator<Item = Section>) -> Result<String, Refusal> {
    let headings: Vec<&str> =
        text.lines().filter(|line| line.starts_with('#')).map(|line| line.trim_start_matches('#').trim()).collect();
    let mut added = String::new();
    for section in sections.filter(|section| !headings.contains(&section.heading.as_str())) {
        let gap = if added.is_empty() && !text.ends_with('\n') { "\n\n" } else { "\n" };
        added.push_str(gap);
        added.push_str(&desk.render(&section)?);
    }
    Ok(LineEnding::of(text).apply(added))
}
