//! What is no VEP that tasks could come from, and why.

use super::{Topic, Vep, go_types, yaml_documents};
use crate::diagnostic::{Diagnostic, Severity};
use crate::task::LineKind;
use crate::text::Span;

/// That a document is a VEP with a design for kubevirt/kubevirt.
pub(super) fn guard(vep: &Vep) -> Result<(), Vec<Diagnostic>> {
    let source = &vep.document.source;
    let first = vep.title.span;
    let refused = |code: &'static str, message: String, span: Span, help: &str| {
        Err(vec![Diagnostic::error(code, message).at(source, span).help(help.to_owned())])
    };
    let own: Vec<Topic> = {
        let mut own: Vec<Topic> =
            vep.headings.iter().filter(|heading| heading.is_own).map(|heading| heading.topic).collect();
        own.sort_unstable();
        own.dedup();
        own
    };
    let known = Topic::TEMPLATE.iter().filter(|(topic, _)| own.contains(topic)).count();
    let name = source.name();
    if known < 5 || !own.contains(&Topic::Design) && !own.contains(&Topic::Goals) {
        let message =
            format!("{name} is not a VEP: it has {known} of the {} sections of the template", Topic::TEMPLATE.len());
        return refused("vep-none", message, first, "name a vep.md of kubevirt/enhancements, or a folder with plan.md");
    }
    let filled = |topic: Topic| {
        vep.sections(topic).any(|heading| {
            vep.document.lines_in(heading.body).iter().any(|line| {
                matches!(
                    line.kind,
                    LineKind::Text | LineKind::Item | LineKind::Table | LineKind::Quote | LineKind::Code
                ) && !line.span.of(source.text()).trim().is_empty()
            })
        })
    };
    // Some write the design into sections of their own names.
    let designs = || {
        let own = vep
            .headings
            .iter()
            .filter(|heading| matches!(heading.topic, Topic::Api | Topic::Other) && heading.level > 1);
        own.into_iter().any(|heading| {
            let mut lines = vep.document.lines_in(heading.body).iter();
            lines.any(|line| {
                matches!(line.kind, LineKind::Text | LineKind::Item) && !line.span.of(source.text()).trim().is_empty()
            })
        })
    };
    let is_template = vep.title.text.is_empty() || vep.title.text.starts_with("Your short, descriptive title");
    let empty: Vec<&str> = [(Topic::Overview, "Overview"), (Topic::Goals, "Goals"), (Topic::Design, "Design")]
        .into_iter()
        .filter(|(topic, _)| !(filled(*topic) || *topic == Topic::Design && designs()))
        .map(|(_, title)| title)
        .collect();
    if is_template && !empty.is_empty() || empty.len() > 1 || empty.contains(&"Design") {
        let message = format!(
            "{name} is not filled in: {} {} empty",
            empty.join(", "),
            if empty.len() == 1 { "is" } else { "are" }
        );
        return refused("vep-empty", message, first, "tasks come from the goals and the design: write them first");
    }
    let path = name.replace('\\', "/");
    if path.split('/').any(|part| part == "meta-VEPs" || part == "sig-release") {
        let message = format!("{name} is about process, and not about code of kubevirt/kubevirt");
        return refused("vep-process", message, first, "no tasks come from it");
    }
    if let Some((message, span)) = elsewhere(vep) {
        return refused("vep-elsewhere", message, span, "its tasks belong to that repository");
    }
    let mut found: Vec<Diagnostic> = go_types(vep).err().into_iter().collect();
    for (code, _) in vep.code() {
        found.extend(yaml_documents(&vep.document, &code).err().filter(|found| found.severity == Severity::Error));
    }
    if found.is_empty() { Ok(()) } else { Err(found) }
}

/// A VEP whose Repos section names other repositories, and not kubevirt/kubevirt.
fn elsewhere(vep: &Vep) -> Option<(String, Span)> {
    let text = vep.document.source.text();
    let section = vep.sections(Topic::Repos).next()?;
    let body =
        vep.document.lines_in(section.body).iter().filter(|line| matches!(line.kind, LineKind::Text | LineKind::Item));
    let body: Vec<&str> = body.map(|line| line.span.of(text).trim()).collect();
    let lower = body.join("\n").to_lowercase();
    let behind =
        |at: usize| lower[at..].chars().next().is_none_or(|c| !(c.is_alphanumeric() || matches!(c, '-' | '_')));
    let says = ["kubevirt/kubevirt", "kubevirt.io/kubevirt"]
        .iter()
        .any(|name| lower.match_indices(name).any(|(at, _)| behind(at + name.len())));
    let bare = lower.split(|c: char| !(c.is_alphanumeric() || matches!(c, '/' | '-' | '.'))).any(|word| {
        matches!(
            word.trim_matches('.'),
            "kubevirt" | "core" | "virt-launcher" | "virt-handler" | "virt-controller" | "virt-api"
        )
    });
    let others: Vec<&str> = lower
        .split(|c: char| !(c.is_alphanumeric() || matches!(c, '/' | '-' | '.' | '_')))
        .map(|word| word.trim_start_matches("https").trim_matches(['/', '.']).trim_start_matches("github.com/"))
        .filter(|word| {
            word.starts_with("kubevirt/") && word.len() > 9
                || matches!(*word, "containerized-data-importer" | "cdi" | "hyperconverged-cluster-operator" | "hco")
                || word.matches('/').count() == 1 && word.len() > 5 && !word.starts_with("update/")
        })
        .collect();
    let other = others.first()?;
    (!says && !bare).then(|| (format!("the VEP is about {other}, and not about kubevirt/kubevirt"), section.span))
}
