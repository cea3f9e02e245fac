//! What is no VEP that tasks could come from, and why.

use super::facts::COMPONENTS;
use super::gate::OWN;
use super::{Topic, Vep, go_types, mentions, yaml_documents};
use crate::diagnostic::{Diagnostic, Severity};
use crate::task::LineKind;
use crate::text::Span;

/// That a document is a VEP with a design for kubevirt/kubevirt.
pub(super) fn guard(vep: &Vep) -> Result<(), Vec<Diagnostic>> {
    let source = &vep.document.source;
    let first = vep.title.span;
    let refused = |code: &'static str, message: String, span: Span, help: &str| {
        let line = Span::new(span.start, span.start + span.of(source.text()).trim_end().len());
        Err(vec![Diagnostic::error(code, message).at(source, line).help(help.to_owned())])
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
        return refused("vep-elsewhere", message, span, "its tasks belong there");
    }
    let mut found: Vec<Diagnostic> = go_types(vep).err().into_iter().collect();
    for (code, _) in vep.code() {
        found.extend(yaml_documents(&vep.document, &code).err().filter(|found| found.severity == Severity::Error));
    }
    if found.is_empty() { Ok(()) } else { Err(found) }
}

/// A VEP whose Repos section names other repositories, and not kubevirt/kubevirt; or whose design is about those alone.
fn elsewhere(vep: &Vep) -> Option<(String, Span)> {
    let text = vep.document.source.text();
    let section = vep.sections(Topic::Repos).next()?;
    if let Some(names) = designed_elsewhere(vep, section.body.of(text)) {
        let message = format!("the design is about {names}, and names no component of kubevirt/kubevirt");
        let design = vep.sections(Topic::Design).next().unwrap_or(section);
        return Some((message, design.span));
    }
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

/// Two projects or more of the Repos section that the design speaks of again and again, where it speaks of no component
/// and no feature gate of KubeVirt's: it is built there.
fn designed_elsewhere(vep: &Vep, repos: &str) -> Option<String> {
    let mut designed = String::new();
    for (line, _, topic) in vep.prose() {
        if matches!(topic, Topic::Design | Topic::Api | Topic::Other | Topic::Graduation) {
            designed.push_str(line);
            designed.push('\n');
        }
    }
    let own = COMPONENTS.iter().any(|component| designed.contains(component))
        || designed.contains("pkg/")
        || mentions(vep).iter().any(|mention| mention.score >= OWN);
    if own {
        return None;
    }
    let is_word = |c: char| c.is_alphanumeric() || c == '-';
    let count = |name: &str| {
        let lower = designed.to_lowercase();
        let all = lower.match_indices(name);
        let whole =
            all.filter(|(at, _)| !lower[..*at].ends_with(is_word) && !lower[at + name.len()..].starts_with(is_word));
        whole.count()
    };
    // `- CDI: [kubevirt/containerized-data-importer](…)`: what it is called, and where it lives.
    let mut names: Vec<(String, usize)> = Vec::new();
    for line in repos.lines().filter(|line| line.trim_start().starts_with(['-', '*'])) {
        let label =
            line.trim_start().trim_start_matches(['-', '*', ' ']).split([':', '[', '(']).next().unwrap_or_default();
        let label = label.trim().to_owned();
        let lower = label.to_lowercase();
        if lower.len() >= 2 && lower != "kubevirt" && lower.chars().all(is_word) {
            names.push((label, count(&lower)));
        }
    }
    names.retain(|(_, times)| *times >= 5);
    let listed: Vec<String> = names.into_iter().map(|(name, _)| name).collect();
    (listed.len() > 1).then(|| listed.join(" and "))
}
