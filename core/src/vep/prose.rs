//! What prose, tables and commands of a VEP state beside Go and YAML: metrics, commands of virtctl, the values and the
//! members of fields.

use std::collections::{BTreeMap, BTreeSet};

use super::api::{API, GROUPS};
use super::left_out::LeftOut;
use super::sentences::Sentence;
use super::stance::Stance;
use super::{ApiFacts, NewField, Topic, Vep};
use crate::survey::Survey;
use crate::task::LineKind;
use crate::text::Span;
use crate::tree::join;

/// Names, each with its line.
type Names = Vec<(String, Span)>;

/// What prose states of a field: its name in JSON, and names that belong to it.
pub type OfField = (String, Vec<String>, Span);

/// What prose states.
#[derive(Clone, Debug, Default)]
pub struct ProseFacts {
    /// Metrics that the checkout's list lacks.
    pub metrics: Names,
    /// Events of which the checkout has no constant.
    pub events: Names,
    /// Conditions of which the API has no constant.
    pub conditions: Names,
    /// Commands of virtctl that the checkout lacks.
    pub commands: Names,
    /// The values of fields.
    pub values: Vec<OfField>,
    /// The members of fields, from tables.
    pub members: Vec<OfField>,
}

/// Reads them.
pub(super) fn prose(
    vep: &Vep,
    (all, built): (&[Sentence], &[Sentence]),
    api: &ApiFacts,
    survey: &Survey<'_>,
    left_out: &mut Vec<LeftOut>,
) -> ProseFacts {
    let is_built =
        |topic: Topic| !matches!(topic, Topic::Motivation | Topic::History | Topic::Excluded | Topic::Testing);
    let said: Vec<&Sentence> = built.iter().filter(|said| is_built(said.topic)).collect();
    let spoken: Vec<&Sentence> = all.iter().filter(|said| is_built(said.topic)).collect();
    let mut facts = ProseFacts {
        metrics: metrics(&spoken, survey, left_out),
        events: called(&spoken, &["event", "events"], survey, left_out),
        conditions: called(&spoken, &["condition", "conditions"], survey, left_out),
        commands: commands(vep, all, survey, left_out),
        ..ProseFacts::default()
    };
    let (values, tables) = (stated_values(&api.fields, &said), tables(vep));
    for field in &api.fields {
        let json = field.json.as_str();
        if field.ty.as_deref().is_none_or(|ty| ty == "string") {
            let shown = alternatives(vep, field).map(|values| (values, field.span));
            if let Some((values, span)) = shown.or_else(|| values.get(json).cloned()) {
                facts.values.push((json.to_owned(), values, span));
            }
        }
        if let Some((members, span)) = tables.get(json).filter(|_| field.ty.is_none()) {
            facts.members.push((json.to_owned(), members.clone(), *span));
        }
    }
    facts
}

/// `kubevirt_vmi_chimes_total`, unless the checkout's list has it.
fn metrics(said: &[&Sentence], survey: &Survey<'_>, left_out: &mut Vec<LeftOut>) -> Names {
    let mut found: Names = Vec::new();
    let mut left = Vec::new();
    let mut known = None;
    for sentence in said {
        for word in sentence.text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')) {
            let is_metric = word.starts_with("kubevirt_") && word.matches('_').count() > 1 && !word.ends_with('_');
            if !is_metric || found.iter().any(|(name, _)| name == word) {
                continue;
            }
            let known = known.get_or_insert_with(|| {
                ["docs/observability/metrics.md", "docs/metrics.md"]
                    .iter()
                    .find_map(|path| survey.text(path).ok().flatten())
            });
            // Without a list, nothing tells what is new.
            if known.as_ref().is_some_and(|list| !list.contains(word)) {
                let at = sentence.text.find(word).unwrap_or_default();
                match sentence.stance(at) {
                    None => found.push((word.to_owned(), sentence.line(at))),
                    Some(stance) => left.push((format!("`{word}`"), sentence.line(at), stance)),
                }
            }
        }
    }
    leave(left, &found, left_out);
    found
}

/// "the event `GuestMuted`", "a `GuestMuted` condition", unless the API has a constant of that value or some component
/// spells it out.
fn called(said: &[&Sentence], nouns: &[&str], survey: &Survey<'_>, left_out: &mut Vec<LeftOut>) -> Names {
    const SPELLED: &[&str] = &[
        "pkg/virt-controller/watch/common/common.go",
        "pkg/virt-controller/watch/vm/vm.go",
        "pkg/virt-handler/vm.go",
        "pkg/virt-handler/controller.go",
    ];
    let mut found: Names = Vec::new();
    let mut left = Vec::new();
    let mut known: Option<Vec<std::sync::Arc<str>>> = None;
    for sentence in said.iter().filter(|said| nouns.iter().any(|noun| said.text.to_lowercase().contains(noun))) {
        let parts: Vec<&str> = sentence.text.split('`').collect();
        for (number, name) in parts.iter().enumerate().filter(|(number, _)| number % 2 == 1) {
            let is_name = name.len() > 4
                && crate::name::is_go_identifier(name)
                && name.starts_with(|c: char| c.is_ascii_uppercase())
                && name.contains(|c: char| c.is_ascii_lowercase());
            let before = super::sentences::words(parts[number - 1]);
            let behind = super::sentences::words(parts.get(number + 1).unwrap_or(&""));
            let beside = nouns.iter().any(|noun| {
                [format!(" {noun} "), format!(" {noun} type "), format!(" {noun} of type "), format!(" {noun} called ")]
                    .iter()
                    .any(|words| before.ends_with(words))
                    || behind.starts_with(&format!(" {noun} "))
            });
            if !is_name || !beside || found.iter().any(|(known, _)| known == name) {
                continue;
            }
            let known = known.get_or_insert_with(|| spelled(SPELLED, survey));
            let quoted = format!("\"{name}\"");
            if known.is_empty() || known.iter().any(|text| text.contains(&quoted)) {
                continue;
            }
            let at = sentence.text.find(name).unwrap_or_default();
            match sentence.stance(at) {
                None => found.push(((*name).to_owned(), sentence.line(at))),
                Some(stance) => left.push((format!("`{name}`"), sentence.line(at), stance)),
            }
        }
    }
    leave(left, &found, left_out);
    found
}

/// The types of all groups of the API, and other files.
fn spelled(others: &[&str], survey: &Survey<'_>) -> Vec<std::sync::Arc<str>> {
    let types = GROUPS.iter().map(|group| join(&join(API, group), "types.go"));
    let all = types.chain(others.iter().map(|path| (*path).to_owned()));
    all.filter_map(|path| survey.text(&path).ok().flatten()).collect()
}

/// Names that are said not to be built, and nowhere to be built.
fn leave(mut left: Vec<(String, Span, Stance)>, found: &Names, left_out: &mut Vec<LeftOut>) {
    left.retain(|(what, ..)| !found.iter().any(|(name, _)| what.contains(name)));
    left.dedup_by(|a, b| a.0 == b.0);
    left_out.extend(left.into_iter().map(|(what, span, stance)| LeftOut { what, span, why: stance.why() }));
}

/// `virtctl chime`, in code, unless the checkout has such a command.
fn commands(vep: &Vep, all: &[Sentence], survey: &Survey<'_>, left_out: &mut Vec<LeftOut>) -> Names {
    const FOLDER: &str = "pkg/virtctl";
    let text = vep.document.source.text();
    let mut found: Names = Vec::new();
    let mut left = Vec::new();
    let mut known: Option<Vec<std::sync::Arc<str>>> = None;
    let prose = all.iter().filter(|said| !matches!(said.topic, Topic::Motivation | Topic::History));
    let spoken = prose.flat_map(|said| {
        said.text.split('`').skip(1).step_by(2).map(move |code| {
            let at = said.text.find(code).unwrap_or_default();
            (code, said.line(at), said.stance(at))
        })
    });
    let shown =
        vep.code().into_iter().filter(|(code, _)| !matches!(code.language.as_str(), "go" | "golang" | "yaml" | "yml"));
    let shown = shown.flat_map(|(code, _)| vep.document.lines_in(code.body).iter());
    let shown = shown.map(|line| (line.span.of(text).trim().trim_start_matches(['$', '#', ' ']), line.span, None));
    for (line, span, stance) in spoken.chain(shown.collect::<Vec<_>>()) {
        let Some(rest) = line.strip_prefix("virtctl ").or_else(|| line.strip_prefix("kubectl virt ")) else { continue };
        let name = rest.split_whitespace().next().unwrap_or_default();
        let is_name = name.len() > 2
            && name.starts_with(|c: char| c.is_ascii_lowercase())
            && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        if !is_name || found.iter().any(|(known, _)| known == name) {
            continue;
        }
        let known = known.get_or_insert_with(|| sources(FOLDER, survey));
        let is_known = |text: &str| text.contains(&format!("\"{name}\"")) || text.contains(&format!("\"{name} "));
        if !known.is_empty() && !known.iter().any(|text| is_known(text)) {
            match stance {
                None => found.push((name.to_owned(), span)),
                Some(stance) => left.push((format!("`virtctl {name}`"), span, stance)),
            }
        }
    }
    leave(left, &found, left_out);
    found
}

/// The Go files of a folder and of those in it.
fn sources(folder: &str, survey: &Survey<'_>) -> Vec<std::sync::Arc<str>> {
    let mut found = Vec::new();
    let mut open = vec![(folder.to_owned(), 2)];
    while let Some((folder, depth)) = open.pop() {
        for name in survey.tree().list(&folder) {
            let path = join(&folder, &name);
            if name.ends_with(".go") && !name.ends_with("_test.go") {
                found.extend(survey.text(&path).ok().flatten());
            } else if depth > 0 && !name.contains('.') {
                open.push((path, depth - 1));
            }
        }
    }
    found
}

/// `Reboot (default) | Terminate` in an example.
fn alternatives(vep: &Vep, field: &NewField) -> Option<Vec<String>> {
    let (_, value) =
        field.span.of(vep.document.source.text()).split_once(':').filter(|(_, value)| value.contains('|'))?;
    let parts: Vec<String> = value
        .split('|')
        .map(|part| {
            part.split(['(', '#']).next().unwrap_or_default().trim().trim_matches(['"', '\'', '<', '>']).to_owned()
        })
        .collect();
    (parts.len() > 1 && parts.iter().all(|part| is_value(part))).then_some(parts)
}

/// "`policy` is one of `A` and `B`": the values that sentences state of fields.
fn stated_values<'s>(fields: &[NewField], said: &[&'s Sentence]) -> BTreeMap<&'s str, (Vec<String>, Span)> {
    let wanted: BTreeSet<&str> = fields.iter().map(|field| field.json.as_str()).collect();
    let mut found = BTreeMap::new();
    for sentence in said.iter().filter(|said| said.has(&[" one of ", " either ", " can be ", " may be ", " values "])) {
        let mut behind = sentence.text.as_str();
        while let Some((code, rest)) = behind.split_once('`').and_then(|(_, rest)| rest.split_once('`')) {
            behind = rest;
            if !wanted.contains(code) || found.contains_key(code) {
                continue;
            }
            let parts = rest.split(['`', '"']).skip(1).step_by(2).filter(|part| is_value(part) && *part != code);
            let parts: Vec<String> = parts.map(str::to_owned).collect();
            if parts.len() > 1 {
                found.insert(code, (parts, sentence.span));
            }
        }
    }
    found
}

fn is_value(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
}

/// The first columns of tables of parameters, by the names in code of the lines above.
fn tables(vep: &Vep) -> BTreeMap<&str, (Vec<String>, Span)> {
    const HEADS: &[&str] = &["parameter", "field", "name", "property", "option", "attribute", "key"];
    let text = vep.document.source.text();
    let lines = &vep.document.lines;
    let first =
        |line: &str| line.trim().trim_start_matches('|').split('|').next().unwrap_or_default().trim().to_owned();
    let mut found = BTreeMap::new();
    for (at, line) in lines.iter().enumerate() {
        let is_first = line.kind == LineKind::Table && (at == 0 || lines[at - 1].kind != LineKind::Table);
        if !is_first || vep.topic_at(line.span.start).is_no_source() {
            continue;
        }
        let head = first(line.span.of(text)).to_lowercase();
        if !HEADS.contains(&head.trim_matches(['`', '*']).trim_end_matches('s')) {
            continue;
        }
        let rows = lines[at + 1..].iter().take_while(|line| line.kind == LineKind::Table);
        let names = rows.map(|line| first(line.span.of(text)).trim_matches('`').to_owned());
        let names: Vec<String> = names.filter(|name| is_value(name)).collect();
        if names.is_empty() {
            continue;
        }
        let before = lines[at.saturating_sub(4)..at].iter();
        for code in before.flat_map(|line| line.span.of(text).split('`').skip(1).step_by(2)) {
            let name = code.rsplit('.').next().unwrap_or_default();
            found.entry(name).or_insert_with(|| (names.clone(), line.span));
        }
    }
    found
}
