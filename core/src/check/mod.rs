//! What is wrong with a tasks.md, and with the documents that it comes from.

mod allow;
mod dependencies;
mod design;
mod fix;
mod functions;
mod ids;
mod kubevirt;
mod paths;
mod report;
mod rules;
mod tests_first;
mod text_rules;

pub use fix::{Fix, fixes};
pub use report::{LeftJson, json, sarif};
pub use rules::{RULES, Rule};

use crate::diagnostic::{Diagnostic, Severity};
use crate::documents::Documents;
use crate::graph::{Analysis, Graph, analyse, graph, unread};
use crate::task::{TaskFile, parse};
use crate::text::Source;
use crate::tree::Tree;

/// A tasks.md with what is found out about it.
#[derive(Debug)]
pub struct Checked {
    /// The tasks.md as it was read.
    pub file: TaskFile,
    /// What comes before what.
    pub graph: Graph,
    /// What follows from it.
    pub analysis: Analysis,
    /// What there is to say, by file and place; what the file allows is left out.
    pub diagnostics: Vec<Diagnostic>,
}

/// What a file is checked against.
#[derive(Clone, Copy)]
pub struct Against<'a> {
    /// The documents beside it.
    pub documents: &'a Documents,
    /// The checkout, if there is one.
    pub tree: Option<&'a dyn Tree>,
}

/// Checks a tasks.md by every rule. A file beyond the limits gets that one diagnostic and no other.
pub fn check(source: &Source, against: Against<'_>) -> Checked {
    let file = parse(source);
    if let Some(beyond) = file.beyond_limits() {
        let (graph, analysis) = (Graph::default(), Analysis::default());
        return Checked { file, graph, analysis, diagnostics: vec![beyond] };
    }
    let graph = graph(&file);
    let analysis = analyse(&file, &graph);
    let subject = Subject { file: &file, graph: &graph, analysis: &analysis, documents: against.documents };
    // The paths of another project are not looked up in KubeVirt.
    let tree = against.tree.filter(|_| subject.is_kubevirt());
    let mut found = Vec::new();
    dependencies::check(&subject, &mut found);
    tests_first::check(&subject, &mut found);
    paths::check(&subject, tree, &mut found);
    design::check(&subject, &mut found);
    found.extend(unread(&file, &graph));
    ids::check(&subject, &mut found);
    text_rules::check(&subject, &mut found);
    kubevirt::check(&subject, &mut found);
    functions::check(&subject, &mut found);
    allow::apply(&file, &mut found);
    let place = |diagnostic: &Diagnostic| {
        let place = diagnostic.place.as_ref().map(|(source, span)| (source.name().to_owned(), span.start));
        (place.as_ref().is_some_and(|(name, _)| name != source.name()), place, diagnostic.code)
    };
    found.sort_by_cached_key(place);
    Checked { file, graph, analysis, diagnostics: found }
}

impl Checked {
    /// Whether something was found that ought to be fixed.
    pub fn is_faulty(&self) -> bool {
        self.diagnostics.iter().any(|diagnostic| diagnostic.severity >= Severity::Warning)
    }
}

/// How many IDs a message lists.
const LISTED: usize = 8;

/// What the rules look at.
struct Subject<'a> {
    file: &'a TaskFile,
    graph: &'a Graph,
    analysis: &'a Analysis,
    documents: &'a Documents,
}

impl Subject<'_> {
    /// `T001, T002 and T003`; long lists are cut.
    fn ids(&self, tasks: &[usize]) -> String {
        self.ids_of(tasks.iter().copied().take(LISTED), tasks.len())
    }

    /// The same for some tasks, of which the first [`LISTED`] are given.
    fn ids_of(&self, first: impl Iterator<Item = usize>, count: usize) -> String {
        let ids: Vec<&str> = first.map(|task| self.file.tasks[task].id.as_str()).collect();
        match &ids[..] {
            [] => String::new(),
            [only] => (*only).to_owned(),
            [many @ .., last] if count <= LISTED => format!("{} and {last}", many.join(", ")),
            _ => format!("{} and {} others", ids[..6].join(", "), count - 6),
        }
    }

    /// Whether the file is written for KubeVirt.
    fn is_kubevirt(&self) -> bool {
        let text = self.file.source.text();
        text.contains("KubeVirt") || text.contains("kubevirt")
    }
}

#[cfg(test)]
#[path = "check_tests.rs"]
mod tests;
