//! A VEP: KubeVirt's own design document, and what it states about a feature.
//!
//! `Vep` is the document: sections, items, blocks, each with its place. `Facts` is what it states, held against a
//! checkout. Nothing is invented: a fact has a line of the VEP or a rule with a name; what neither text nor checkout
//! answers is a question.

mod access;
mod admission;
mod api;
mod api_tasks;
mod component_tasks;
mod contradictions;
mod domain_xml;
mod examples;
mod facts;
mod field_said;
mod front_matter;
mod gate;
mod gate_denied;
mod gate_phrases;
mod gate_said;
mod gate_tasks;
mod go_block;
mod guard;
mod head;
mod held;
mod in_code;
mod kinds;
mod left_out;
mod lines;
mod notes;
mod outline;
mod paths;
mod phrases;
mod places;
mod prose;
mod renamed;
mod review;
mod sentences;
mod spec_folders;
mod spelled;
mod stance;
mod tasks;
mod test_tasks;
mod test_words;
mod testing;
mod unmentioned;
mod write;
mod yaml;

pub use access::AccessFact;
pub use admission::OpenAdmission;
pub use api::{ApiFacts, KnownField, Misnamed, NewField, NewType, NewValue, Origin};
pub use facts::{Facts, Release, facts};
pub use gate::GateFact;
pub use gate_said::{GateMention, mentions};
pub use go_block::{Above, BlockField, BlockType, go_types};
pub use held::{Held, HeldState, held};
pub use kinds::NewKind;
pub use left_out::LeftOut;
pub use outline::{Heading, Topic, stage_of};
pub use places::PlaceFact;
pub use prose::{OfField, ProseFacts};
pub use review::review;
pub use tasks::{Answers, DraftedVep, answers, draft};
pub use testing::{Case, CaseKind, Tests};
pub use yaml::{YamlField, yaml_documents, yaml_fields};

use self::sentences::Sentence;
use self::stance::Stance;
use crate::diagnostic::Diagnostic;
use crate::documents::{Code, Document};
use crate::survey::Stage;
use crate::task::{LineKind, Spanned};
use crate::text::{Source, Span, squeezed};

/// A VEP's text and outline.
#[derive(Clone, Debug)]
pub struct Vep {
    /// The text, its lines and its plain headings.
    pub document: Document,
    /// All headings, also bold ones, in order.
    pub headings: Vec<Heading>,
    /// Its number, from the title or the path.
    pub number: Option<String>,
    /// What it is called, without its number.
    pub title: Spanned,
    /// The SIG of its path: `sig-compute`.
    pub sig: Option<String>,
    /// The release that it targets without a stage.
    pub ships: Option<(Option<String>, Span)>,
    /// The releases that it targets: the stage, the release (`v1.9.0`), and where that stands.
    pub targets: Vec<(Stage, Option<String>, Span)>,
    /// Its sentences: every reader asks for them.
    said: Vec<Sentence>,
    /// Parts that tell of what is not built.
    left_out: Vec<Span>,
    /// The blocks of code that are not built, by where they begin, and why.
    given_up: Vec<(Span, Stance)>,
}

/// A list item of a VEP.
#[derive(Clone, Debug)]
pub struct VepItem {
    /// Its text, on one line.
    pub text: String,
    /// Where it stands.
    pub span: Span,
    /// Its box.
    pub ticked: Option<bool>,
    /// How far it is indented.
    pub indent: usize,
    /// What the section is about.
    pub topic: Topic,
    /// The stage that the heading above is about.
    pub stage: Option<Stage>,
    /// The heading above it.
    pub heading: String,
}

impl Vep {
    /// Reads a VEP. What is none is an error that says why: another document, an empty template, a VEP about process
    /// or about other repositories.
    pub fn read(source: &Source) -> Result<Self, Vec<Diagnostic>> {
        let vep = Self::new(source);
        guard::guard(&vep).map(|()| vep)
    }

    /// Whether a document has the form of a VEP: most sections of the template, and no tasks.
    pub fn is_vep(source: &Source) -> bool {
        // Asked of every tasks.md: what is cheap first.
        if source.text().trim_start_matches('\u{feff}').trim_start().starts_with("# Tasks") {
            return false;
        }
        let vep = Self::new(source);
        Topic::TEMPLATE.iter().filter(|(topic, _)| vep.sections(*topic).next().is_some()).count() >= 5
    }

    /// Reads a document as a VEP, whatever it is.
    pub fn new(source: &Source) -> Self {
        let mut document = Document::new(source);
        lines::settle(&mut document);
        let headings = outline::headings(&document);
        let path = source.name().replace('\\', "/");
        let sig = path.split('/').find(|part| part.starts_with("sig-")).map(str::to_owned);
        let first = headings.iter().find(|heading| heading.level == 1).or_else(|| headings.first());
        let (number, title) = first.map_or((None, Spanned { text: String::new(), span: Span::at(0) }), |first| {
            let (number, title) = head::numbered(&first.title);
            (number, Spanned { text: title, span: first.span })
        });
        let of_path = || {
            let part = path.split('/').rev().nth(1)?;
            let digits: String = part.chars().take_while(char::is_ascii_digit).collect();
            (!digits.is_empty() && part[digits.len()..].starts_with(['-', '_'])).then_some(digits)
        };
        let number = number.or_else(of_path).map(|number| number.trim_start_matches('0').to_owned());
        let mut vep = Self {
            document,
            headings,
            number,
            title,
            sig,
            ships: None,
            targets: Vec::new(),
            said: Vec::new(),
            left_out: Vec::new(),
            given_up: Vec::new(),
        };
        if vep.sig.is_none() {
            vep.sig = vep.stated_sig();
        }
        vep.targets = vep.target_releases();
        vep.ships = vep.shipped();
        vep.said = sentences::read(&vep);
        vep.left_out = left_out::parts(&vep, &vep.said);
        if !vep.left_out.is_empty() {
            vep.said = sentences::read(&vep);
        }
        vep.given_up = {
            let blocks = vep.code().into_iter();
            blocks.filter_map(|(code, _)| Some((code.body, left_out::block(&vep, &code, &vep.said)?))).collect()
        };
        vep
    }

    /// `vep.md:12`
    pub fn place(&self, span: Span) -> String {
        self.document.place(span)
    }

    /// The innermost heading above a place.
    pub fn heading_at(&self, offset: usize) -> Option<&Heading> {
        let above = self.headings.partition_point(|heading| heading.span.start <= offset);
        self.headings[..above].iter().rev().find(|heading| offset < heading.body.end)
    }

    /// What the section around a place is about.
    pub fn topic_at(&self, offset: usize) -> Topic {
        if self.left_out.iter().any(|part| part.contains(offset)) {
            return Topic::Excluded;
        }
        self.heading_at(offset).map_or(Topic::Head, |heading| heading.topic)
    }

    /// The sections about a topic whose own words say so.
    pub fn sections(&self, topic: Topic) -> impl Iterator<Item = &Heading> {
        self.headings.iter().filter(move |heading| heading.topic == topic && heading.is_own)
    }

    /// The lines of prose: text, items, tables and quotes of sections that may say what is to be built, each on one
    /// line of the text, with its topic.
    pub fn prose(&self) -> impl Iterator<Item = (&str, Span, Topic)> {
        let text = self.document.source.text();
        let lines = self.document.lines.iter().filter(|line| {
            matches!(
                line.kind,
                LineKind::Text | LineKind::Item | LineKind::Table | LineKind::Heading(_) | LineKind::Quote
            )
        });
        lines
            .map(move |line| (line.span.of(text).trim_end(), line.span, self.topic_at(line.span.start)))
            .filter(|(_, _, topic)| !topic.is_no_source())
    }

    /// The list items of the document, wrapped lines joined. Sections that are no source are left out.
    pub fn items(&self) -> Vec<VepItem> {
        let text = self.document.source.text();
        let mut found = Vec::new();
        let lines = &self.document.lines;
        for (at, line) in lines.iter().enumerate().filter(|(_, line)| line.kind == LineKind::Item) {
            let heading = self.heading_at(line.span.start);
            let topic = self.topic_at(line.span.start);
            if topic.is_no_source() {
                continue;
            }
            let Some(item) = self.document.items(line.span).into_iter().next() else { continue };
            let mut words = item.text.text.clone();
            for more in lines[at + 1..].iter().take_while(|more| more.kind == LineKind::Text) {
                words.push(' ');
                words.push_str(more.span.of(text).trim());
            }
            found.push(VepItem {
                text: squeezed(&words).replace("**", ""),
                span: item.text.span,
                ticked: item.ticked,
                indent: item.indent,
                topic,
                stage: heading.and_then(|heading| heading.stage),
                heading: heading.map(|heading| heading.title.clone()).unwrap_or_default(),
            });
        }
        found
    }

    /// The code blocks with their language and topic, as far as they may say what is to be built.
    pub fn code(&self) -> Vec<(Code, Topic)> {
        let blocks = self.document.code(self.document.all()).into_iter();
        let blocks = blocks.map(|code| {
            let topic = self.topic_at(code.body.start);
            (code, topic)
        });
        let given_up = |code: &Code| self.given_up.iter().any(|(body, _)| *body == code.body);
        blocks.filter(|(code, topic)| !topic.is_no_source() && !given_up(code)).collect()
    }

    /// The stage that the VEP is at: the last that it targets a release for.
    pub fn stage(&self) -> Stage {
        let stated = self.targets.iter().filter(|(_, release, _)| release.is_some());
        stated.map(|(stage, ..)| *stage).max().unwrap_or_default()
    }

    /// Whether it targets a release, with stages or without.
    pub fn has_target(&self) -> bool {
        let staged = self.targets.iter().any(|(_, release, _)| release.is_some());
        staged || self.ships.as_ref().is_some_and(|(release, _)| release.is_some())
    }
}
