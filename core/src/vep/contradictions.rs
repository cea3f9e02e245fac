//! The examples of a VEP held against its own Go blocks.

use super::api::{API, Checkout, base};
use super::{BlockField, BlockType, Vep, YamlField, yaml_documents};
use crate::diagnostic::Diagnostic;
use crate::name::nearest;
use crate::tree::join;

/// Values and keys of whole examples that the Go blocks rule out, each once.
pub(super) fn contradictions(vep: &Vep, blocks: &[BlockType], checkout: &Checkout<'_, '_>) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = Vec::new();
    for (code, _) in vep.code() {
        for document in yaml_documents(&vep.document, &code).unwrap_or_default() {
            let value =
                |key: &str| document.iter().find(|field| field.path == [key]).and_then(|field| field.value.as_deref());
            let (Some(kind), Some(version)) = (value("kind"), value("apiVersion")) else { continue };
            if !version.contains("kubevirt.io/") {
                continue;
            }
            for (at, field) in document.iter().enumerate() {
                let Some(wrong) = contradiction(checkout, blocks, kind, field, &document[at + 1..]) else { continue };
                let (message, help) = wrong;
                if !found.iter().any(|known| known.message == message) {
                    let diagnostic = Diagnostic::warning("vep-contradiction", message);
                    found.push(diagnostic.at(&vep.document.source, field.span).help(help));
                }
            }
        }
    }
    found
}

/// What is wrong with a key of an example, and what to do about it.
fn contradiction(
    checkout: &Checkout<'_, '_>,
    blocks: &[BlockType],
    kind: &str,
    field: &YamlField,
    behind: &[YamlField],
) -> Option<(String, String)> {
    let mut folder = checkout.declared(kind).map(|(folder, _)| folder);
    let mut name = kind.to_owned();
    for (at, key) in field.path.iter().enumerate() {
        let (json, is_element) = (key.trim_end_matches("[]"), key.ends_with("[]"));
        if at == 0 && matches!(json, "metadata" | "apiVersion" | "kind") {
            return None;
        }
        let is_last = at + 1 == field.path.len();
        let block = blocks.iter().find(|block| block.name == name && block.is_struct);
        let stated = block.and_then(|block| block.fields.iter().find(|own| own.json == json));
        let known = folder.as_ref().and_then(|folder| {
            let fields = checkout.fields(folder, &name);
            fields.iter().find(|(own, _)| own == json).map(|(_, ty)| ty.clone())
        });
        let ty = match (stated, &known) {
            (Some(stated), _) => stated.ty.clone(),
            (None, Some(ty)) => ty.clone(),
            (None, None) => {
                // Of a type that is whole and the VEP's own, every field is known.
                let block = block.filter(|_| folder.is_none() && is_last).filter(|block| is_whole(block))?;
                let names = block.fields.iter().map(|own| own.json.as_str());
                let near = nearest(json, names).first().map(|near| format!("did you mean `{near}`?"));
                let message = format!("`{json}` is not a field of `{name}`, which the Go block declares");
                return Some((message, near.unwrap_or_else(|| "add it to the Go block, or remove it".to_owned())));
            }
        };
        if let (Some(stated), None) = (stated, &known) {
            let seen = Seen { field, behind, is_last, is_element };
            if let Some(what) = seen.mismatch(stated, blocks) {
                let message = format!("the example has {what} in `{json}`, and the Go block has `{}`", stated.ty);
                return Some((message, "one of them is wrong".to_owned()));
            }
        }
        let next = base(&ty);
        let (package, next) = next.split_once('.').map_or((None, next.as_str()), |(package, ty)| (Some(package), ty));
        if package.is_some_and(|package| !package.contains("virt") && package != "v1") || ty.starts_with("map[") {
            return None;
        }
        let here = folder.clone().filter(|folder| checkout.survey.type_source(folder, next).is_some());
        folder = here.or_else(|| {
            let core = join(API, "core/v1");
            checkout.survey.type_source(&core, next).map(|_| core)
        });
        if folder.is_none() && !blocks.iter().any(|block| block.name == next) {
            return None;
        }
        next.clone_into(&mut name);
    }
    None
}

/// Nothing is left out of a type, and nothing is inlined.
fn is_whole(block: &BlockType) -> bool {
    !block.is_partial
        && !block.fields.is_empty()
        && block.fields.iter().all(|own| !own.embedded && !own.json.is_empty())
}

/// A key as an example has it.
struct Seen<'a> {
    field: &'a YamlField,
    behind: &'a [YamlField],
    is_last: bool,
    is_element: bool,
}

impl Seen<'_> {
    /// What the example has that a field of the Go block cannot hold.
    fn mismatch(&self, stated: &BlockField, blocks: &[BlockType]) -> Option<String> {
        let ty = stated.ty.trim_start_matches('*');
        let is_list = ty.starts_with("[]") && ty != "[]byte";
        let own = blocks.iter().find(|block| block.name == base(ty));
        let depth = self.field.path.len();
        if !self.is_last {
            let has_keys = own.is_some_and(|own| own.is_struct);
            return match (is_list, self.is_element) {
                (true, false) if has_keys => Some("keys and no list".to_owned()),
                (false, true) if has_keys => Some("a list".to_owned()),
                _ => None,
            };
        }
        let last = self.field.path.last()?.trim_end_matches("[]");
        let above = &self.field.path[..depth - 1];
        let is_below = |more: &&YamlField| {
            more.path.len() >= depth
                && more.path[..depth - 1] == *above
                && more.path[depth - 1].trim_end_matches("[]") == last
        };
        let is_filled = self.behind.first().is_some_and(|more| is_below(&more));
        let value = self.field.value.as_deref().filter(|_| !is_filled)?;
        // What stands for a value is none.
        if value.is_empty() || value.contains(['<', '>', '$', '{', '|', '…', '[']) || value.contains("...") {
            return None;
        }
        if matches!(value, "~" | "null") || self.is_element {
            return None;
        }
        if is_list {
            return Some(format!("`{value}`"));
        }
        let is_number = value.parse::<i64>().is_ok();
        let wrong = match ty {
            "bool" => !matches!(value, "true" | "false"),
            "int" | "int32" | "int64" | "uint" | "uint32" | "uint64" => !is_number,
            _ => own.is_some_and(|own| {
                own.is_struct && !own.fields.is_empty()
                    || !own.is_struct && !own.values.is_empty() && !own.values.iter().any(|(_, known)| known == value)
            }),
        };
        wrong.then(|| format!("`{value}`"))
    }
}
