//! The front matter of a VEP: its gate, its status, its milestones.

use super::Vep;
use super::gate::names;
use crate::survey::Stage;
use crate::task::LineKind;
use crate::text::Span;

/// The lines of the front matter: how far they are indented, the key, the value without quotes and comment, the place.
fn entries(vep: &Vep) -> impl Iterator<Item = (usize, &str, &str, Span)> {
    let text = vep.document.source.text();
    vep.document.lines.iter().filter(|line| line.kind == LineKind::FrontMatter).filter_map(move |line| {
        let raw = line.span.of(text).trim_end();
        let (key, value) = raw.split_once(':')?;
        let value = value.split(" #").next().unwrap_or_default().trim().trim_matches(['"', '\'']);
        let indent = key.len() - key.trim_start().len();
        Some((indent, key.trim(), value, line.span))
    })
}

/// Its feature gate.
pub(super) fn gate(vep: &Vep) -> Option<(String, Span)> {
    let (.., value, span) = entries(vep).find(|(_, key, ..)| matches!(*key, "feature-gate" | "featureGate"))?;
    let [(_, name, _)] = <[_; 1]>::try_from(names(value)).ok()?;
    (name == value).then_some((name, span))
}

/// That nobody is to build it now, in the word of the VEP.
pub(super) fn halted(vep: &Vep) -> Option<(String, Span)> {
    const HALTS: &[&str] = &["deferred", "rejected", "withdrawn", "replaced", "superseded", "declined"];
    let (.., value, span) = entries(vep).find(|(indent, key, ..)| *indent == 0 && *key == "status")?;
    let word = value.to_lowercase();
    HALTS.contains(&word.as_str()).then_some((word, span))
}

/// Its milestones: the stage, what stands there, and where.
pub(super) fn milestones(vep: &Vep) -> Vec<(Stage, String, Span)> {
    let mut within = false;
    let mut found = Vec::new();
    for (indent, key, value, span) in entries(vep) {
        if indent == 0 {
            within = matches!(key, "milestone" | "milestones");
        }
        let stage = match key {
            "alpha" => Stage::Alpha,
            "beta" => Stage::Beta,
            "ga" | "stable" => Stage::Ga,
            _ => continue,
        };
        if within && indent > 0 {
            found.push((stage, value.to_owned(), span));
        }
    }
    found
}
