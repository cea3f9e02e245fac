//! What the examples of a VEP and the constants of its Go blocks add to the API of the checkout.

use std::collections::BTreeSet;

use super::api::{API, Checkout, Misnamed, base};
use super::go_block::above;
use super::{ApiFacts, BlockType, NewField, NewValue, Origin, Topic, Vep, YamlField, yaml_documents};
use crate::diagnostic::Diagnostic;
use crate::name::is_go_identifier;
use crate::tree::join;

/// Whole YAML documents, walked from their kind down.
pub(super) fn examples(vep: &Vep, checkout: &Checkout<'_, '_>, blocks: &[BlockType], facts: &mut ApiFacts) {
    let shown: BTreeSet<&str> = blocks.iter().flat_map(|block| &block.fields).map(|own| own.json.as_str()).collect();
    for (code, _) in vep.code() {
        let documents = match yaml_documents(&vep.document, &code) {
            Ok(documents) => documents,
            Err(unread) => {
                facts.unread.push(unread);
                continue;
            }
        };
        for document in documents {
            let value =
                |key: &str| document.iter().find(|field| field.path == [key]).and_then(|field| field.value.as_deref());
            let Some(kind) = value("kind") else { continue };
            // A sketch may leave out the version; the kind is KubeVirt's or it is not.
            if value("apiVersion").is_some_and(|version| !version.contains("kubevirt.io/")) {
                continue;
            }
            let Some((folder, _)) = checkout.declared(kind) else { continue };
            for (at, field) in document.iter().enumerate() {
                let Some((parent, json)) = missing(checkout, &folder, kind, &field.path) else { continue };
                let known = facts.fields.iter().any(|known| known.parent == parent.1 && known.json == json);
                if known || shown.contains(json.as_str()) {
                    continue;
                }
                let behind = document[at + 1..].iter().take_while(|more| more.path.len() > field.path.len());
                let behind: Vec<&YamlField> = behind.collect();
                let inner = behind.iter().filter(|more| more.path.len() == field.path.len() + 1);
                let keys: Vec<&str> = inner.filter_map(|more| Some(more.path.last()?.trim_end_matches("[]"))).collect();
                if let Some(meant) = checkout.meant(&parent.0, &parent.1, &json, &keys) {
                    let message = format!("`{json}` is not a field of {}", parent.1);
                    let found = Diagnostic::warning("vep-field", message).at(&vep.document.source, field.span);
                    if !facts.unread.iter().any(|known| known.message == found.message) {
                        facts.unread.push(found.help(format!("did you mean {meant}?")));
                        let file = checkout.declared(&parent.1).map(|(_, file)| file).unwrap_or_default();
                        facts.misnamed.push(Misnamed { parent: parent.1, file, json, meant, span: field.span });
                    }
                    continue;
                }
                let Some((_, file)) = checkout.declared(&parent.1) else { continue };
                let last = field.path.len() - 1;
                let own = |more: &&YamlField| more.path.get(last).is_some_and(|key| key.trim_end_matches("[]") == json);
                let is_list = document[at..].iter().take_while(own).any(|more| more.path[last].ends_with("[]"));
                let matched = of_block(&json, is_list, blocks, checkout);
                let ty = match field.value.as_deref() {
                    _ if matched.is_some() => matched.clone(),
                    Some("true" | "false") => Some("*bool".to_owned()),
                    Some(value) if value.parse::<i64>().is_ok() => Some("*int64".to_owned()),
                    Some(_) if behind.is_empty() => Some("string".to_owned()),
                    _ => None,
                };
                let near = checkout.near(&parent.0, &parent.1, &json);
                let beside = checkout.fields(&parent.0, &parent.1).iter().map(|(known, _)| known.clone()).collect();
                facts.fields.push(NewField {
                    near,
                    beside,
                    parent: parent.1,
                    file,
                    name: capital(&json),
                    ty,
                    json,
                    span: field.span,
                    origin: if matched.is_some() { Origin::Matched } else { Origin::Derived },
                    kind: Some(kind.to_owned()),
                    block: None,
                });
            }
        }
    }
}

/// The type that a Go block declares for a field of an example: `utilityVolumes` is a list of `UtilityVolume`.
fn of_block(json: &str, is_list: bool, blocks: &[BlockType], checkout: &Checkout<'_, '_>) -> Option<String> {
    let one = json.strip_suffix('s').filter(|_| is_list).unwrap_or(json);
    let mut own = blocks.iter().filter(|block| block.name.eq_ignore_ascii_case(one));
    let block = own.next().filter(|block| checkout.declared(&block.name).is_none())?;
    Some(match (is_list, block.is_struct) {
        (true, _) => format!("[]{}", block.name),
        (false, true) => format!("*{}", block.name),
        (false, false) => block.name.clone(),
    })
}

/// `X T = "x"` in a Go block, where `T` is a string type of the checkout that lacks the value.
pub(super) fn values(vep: &Vep, blocks: &[BlockType], checkout: &Checkout<'_, '_>) -> Vec<NewValue> {
    let text = vep.document.source.text();
    let mut found: Vec<NewValue> = Vec::new();
    for (code, topic) in vep.code() {
        if !matches!(code.language.as_str(), "go" | "golang") || topic == Topic::Testing {
            continue;
        }
        for line in vep.document.lines_in(code.body) {
            let Some((left, right)) = line.span.of(text).split_once('=') else { continue };
            let left = left.trim().trim_start_matches('+').trim_start().trim_start_matches("const ");
            let right = right.trim();
            let value = right.strip_prefix('"').and_then(|rest| rest.split_once('"'));
            let ([name, ty], Some((value, behind))) = (&left.split_whitespace().collect::<Vec<_>>()[..], value) else {
                continue;
            };
            let is_whole = behind.trim().is_empty() || behind.trim_start().starts_with("//");
            let own = blocks.iter().any(|block| block.name == **ty && block.values.is_empty() && block.is_struct);
            if !is_whole || own || !is_go_identifier(name) || !is_go_identifier(ty) {
                continue;
            }
            let Some((_, file)) = checkout.declared(ty) else { continue };
            let Some(source) = checkout.survey.text(&file).ok().flatten() else { continue };
            let quoted = format!("\"{value}\"");
            let is_there = source
                .lines()
                .any(|line| line.trim_end().ends_with(&quoted) && line.split_whitespace().any(|word| word == *ty));
            if !is_there && !found.iter().any(|known| known.name == **name) {
                let (ty, name, value) = ((*ty).to_owned(), (*name).to_owned(), value.to_owned());
                let above = above(text, line.span.start);
                found.push(NewValue { ty, file, name, value, above, span: line.span });
            }
        }
    }
    found
}

pub(super) fn capital(json: &str) -> String {
    let mut letters = json.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// The struct that lacks the last key of a path, if it has all keys before it.
pub(super) fn missing(
    checkout: &Checkout<'_, '_>,
    folder: &str,
    kind: &str,
    path: &[String],
) -> Option<((String, String), String)> {
    let (mut folder, mut name) = (folder.to_owned(), kind.to_owned());
    let mut is_key_of_map = false;
    for (at, key) in path.iter().enumerate() {
        // Any word may be a key of a map; what it maps to goes on.
        if std::mem::take(&mut is_key_of_map) {
            continue;
        }
        let key = key.trim_end_matches("[]");
        if at == 0 && matches!(key, "metadata" | "apiVersion" | "kind") {
            return None;
        }
        let fields = checkout.fields(&folder, &name);
        let Some((_, ty)) = fields.iter().find(|(json, _)| json == key) else {
            // A struct that inlines what is not seen from here may have the key.
            let opaque = fields.iter().any(|(json, _)| json == "*") || fields.is_empty();
            let plain = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric());
            return (at + 1 == path.len() && !opaque && plain).then(|| ((folder, name), key.to_owned()));
        };
        is_key_of_map = ty.trim_start_matches('*').starts_with("map[");
        let ty = base(ty);
        let (package, ty) = ty.split_once('.').map_or((None, ty.as_str()), |(package, ty)| (Some(package), ty));
        // `virtv1.VirtualMachineSpec` of another group is core's; what is Kubernetes' own is opaque.
        if let Some(package) = package {
            let source = checkout.survey.type_source(&folder, &name)?;
            let import = source.file.import("kubevirt.io/api/core/v1")?;
            if import.name() != package || checkout.survey.type_source(&join(API, "core/v1"), ty).is_none() {
                return None;
            }
            folder = join(API, "core/v1");
        }
        checkout.survey.type_source(&folder, ty)?;
        ty.clone_into(&mut name);
    }
    None
}
