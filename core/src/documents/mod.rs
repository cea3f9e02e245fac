//! The design documents of a feature: plan.md, spec.md and their like, read for facts.

mod go_facts;
mod markdown;
mod question;
mod tree_art;

pub use go_facts::{Conflict, Function, conflicts, functions};
pub use markdown::{Code, Document, Item, Part};
pub use question::open_questions;
pub use tree_art::{Entry, entries};

use crate::text::Source;

/// The documents of one feature, as far as they are there.
#[derive(Clone, Debug, Default)]
pub struct Documents {
    /// plan.md
    pub plan: Option<Document>,
    /// spec.md
    pub spec: Option<Document>,
    /// research.md
    pub research: Option<Document>,
    /// data-model.md
    pub data_model: Option<Document>,
    /// quickstart.md
    pub quickstart: Option<Document>,
    /// component-integration.md
    pub integration: Option<Document>,
    /// The files in contracts/, sorted.
    pub contracts: Vec<Document>,
    /// constitution.md
    pub constitution: Option<Document>,
    /// The tasks.md that is there already; a new one is merged into it.
    pub tasks: Option<Source>,
}

impl Documents {
    /// Takes each text for what its name says.
    pub fn new(sources: impl IntoIterator<Item = Source>) -> Self {
        let mut found = Self::default();
        for source in sources {
            let name = source.name().replace('\\', "/");
            let file = name.rsplit('/').next().unwrap_or_default();
            let document = || Some(Document::new(&source));
            if name.split('/').rev().nth(1) == Some("contracts") {
                found.contracts.extend(document());
                continue;
            }
            match file {
                "plan.md" => found.plan = document(),
                "implementation-plan.md" if found.plan.is_none() => found.plan = document(),
                "spec.md" => found.spec = document(),
                "feature-spec.md" if found.spec.is_none() => found.spec = document(),
                "research.md" => found.research = document(),
                "data-model.md" => found.data_model = document(),
                "quickstart.md" => found.quickstart = document(),
                "component-integration.md" => found.integration = document(),
                "constitution.md" => found.constitution = document(),
                "tasks.md" => found.tasks = Some(source),
                _ => {}
            }
        }
        found.contracts.sort_by(|a, b| a.source.name().cmp(b.source.name()));
        found
    }

    /// The documents of the feature itself, in the order in which they are written.
    pub fn design(&self) -> impl Iterator<Item = &Document> {
        let named = [&self.spec, &self.plan, &self.research, &self.data_model, &self.quickstart, &self.integration];
        named.into_iter().flatten().chain(&self.contracts)
    }

    /// The principle that allows no feature without a gate, if the constitution has one.
    pub fn gate_principle(&self) -> Option<(&Document, &Part)> {
        let constitution = self.constitution.as_ref()?;
        let strict = |part: &&Part| {
            let title = part.title.text.to_lowercase();
            title.contains("feature gate") && title.contains("non-negotiable")
        };
        constitution.sections.iter().find(strict).map(|part| (constitution, part))
    }
}
