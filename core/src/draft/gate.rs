//! What the design documents say of the feature gate.

use super::facts::{Fact, GateFact, fact};
use crate::documents::{Document, Documents};
use crate::name::is_gate_name;
use crate::task::denies_gate;
use crate::text::Span;

pub(super) fn gate(documents: &Documents) -> GateFact {
    let both =
        [(&documents.spec, &["Feature Gate"][..]), (&documents.plan, &["Feature Gate Strategy", "Feature Gate"][..])];
    let said: Vec<Fact> = both
        .into_iter()
        .filter_map(|(document, keys)| Some((document.as_ref()?, keys)))
        .flat_map(|(document, keys)| keys.iter().filter_map(|key| labelled(document, key)))
        .filter(|fact| !fact.text.starts_with('['))
        .collect();
    let named = |fact: &Fact| {
        let words = fact.text.split(|c: char| !c.is_ascii_alphanumeric());
        let mut gates =
            words.filter(|word| is_gate_name(word) && word.chars().filter(char::is_ascii_uppercase).count() > 1);
        gates
            .find(|word| word.chars().any(char::is_lowercase))
            .map(|text| Fact { text: text.to_owned(), place: fact.place.clone() })
    };
    let denied: Vec<Fact> = said.iter().filter(|fact| denies_gate(&fact.text)).cloned().collect();
    let wanted = said.iter().find(|fact| !denies_gate(&fact.text));
    match (said.iter().filter(|fact| !denies_gate(&fact.text)).find_map(named), wanted) {
        (Some(name), _) => GateFact::Named(name),
        (None, Some(wanted)) => GateFact::Wanted(wanted.clone()),
        (None, None) if denied.is_empty() => GateFact::Unsaid,
        (None, None) => GateFact::Denied(denied),
    }
}

/// What a document says behind a key: `**Key**: value`, or an item `Key: value`.
fn labelled(document: &Document, key: &str) -> Option<Fact> {
    let item = || {
        document.items(document.all()).into_iter().find_map(|item| {
            let (label, value) = item.text.text.split_once(':')?;
            let is_key = label.trim_matches(['*', '_', ' ']).eq_ignore_ascii_case(key);
            let text = value.trim_matches(['*', '_', ' ']).to_owned();
            (is_key && !text.is_empty()).then(|| Fact { text, place: document.place(item.text.span) })
        })
    };
    document.field(key).map(|field| fact(document, &field.value)).or_else(item)
}

/// The first place that speaks of a feature gate without such a line.
pub(super) fn mentioned(documents: &Documents) -> Option<String> {
    [&documents.spec, &documents.plan].into_iter().flatten().find_map(|document| {
        let text = document.source.text().to_lowercase();
        // Some lower case letters are longer.
        let at = text.find("feature gate").filter(|_| text.len() == document.source.text().len())?;
        Some(document.place(Span::at(at)))
    })
}
