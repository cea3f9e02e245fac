//! What a VEP adds to the API: its Go blocks and YAML examples, held against the types of the checkout.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::contradictions::contradictions;
use super::go_block::unread_diffs;
use super::sentences::Sentence;
use super::{Above, BlockField, BlockType, Vep, examples, field_said};
use crate::diagnostic::Diagnostic;
use crate::survey::Survey;
use crate::text::Span;
use crate::tree::join;

/// The folder of the API's groups.
pub(super) const API: &str = "staging/src/kubevirt.io/api";

/// The groups whose types VEPs extend, the main one first.
pub(super) const GROUPS: &[&str] = &[
    "core/v1",
    "migrations/v1alpha1",
    "pool/v1beta1",
    "pool/v1alpha1",
    "snapshot/v1beta1",
    "export/v1beta1",
    "clone/v1beta1",
    "clone/v1alpha1",
    "instancetype/v1beta1",
    "backup/v1alpha1",
];

/// Where a field comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Origin {
    /// A Go block states it.
    Stated,
    /// An example has it, and a Go block declares a type of its name.
    Matched,
    /// An example has it where the API has nothing: to be confirmed.
    Derived,
}

/// A field that the API lacks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewField {
    /// The struct of the checkout that it extends.
    pub parent: String,
    /// The file that declares the struct.
    pub file: String,
    /// Its name in Go.
    pub name: String,
    /// Its type; nothing if the example does not show one.
    pub ty: Option<String>,
    /// Its name in JSON.
    pub json: String,
    /// Where it stands.
    pub span: Span,
    /// What says so.
    pub origin: Origin,
    /// A field beside it whose name is almost the same.
    pub near: Option<String>,
    /// The fields of its struct that are there.
    pub beside: Vec<String>,
    /// The kind of the example that has it.
    pub kind: Option<String>,
    /// What the Go block states.
    pub block: Option<BlockField>,
}

/// A struct or a string type that the API lacks, whole.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewType {
    /// What the Go block states.
    pub block: BlockType,
    /// The file that gets it: that of the field that needs it.
    pub file: String,
}

/// A field of a Go block that the checkout has.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KnownField {
    /// The struct.
    pub parent: String,
    /// The file that declares the struct.
    pub file: String,
    /// Its name in JSON.
    pub json: String,
    /// The type that the block states.
    pub stated: String,
    /// The type that it has.
    pub has: String,
    /// Where it is stated.
    pub span: Span,
}

/// A field of an example that its struct lacks, and what the checkout has in its place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Misnamed {
    /// The struct.
    pub parent: String,
    /// The file that declares the struct.
    pub file: String,
    /// Its name in the example.
    pub json: String,
    /// What the checkout has.
    pub meant: String,
    /// Where it is shown.
    pub span: Span,
}

/// A constant that a Go block adds to a string type of the checkout.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewValue {
    /// The type.
    pub ty: String,
    /// The file that declares it.
    pub file: String,
    /// The constant.
    pub name: String,
    /// Its value.
    pub value: String,
    /// What stands above it.
    pub above: Above,
    /// Where it stands.
    pub span: Span,
}

/// What a VEP adds to the API.
#[derive(Clone, Debug, Default)]
pub struct ApiFacts {
    /// Fields of structs that are there.
    pub fields: Vec<NewField>,
    /// Types that those need.
    pub types: Vec<NewType>,
    /// Values that string types of the checkout get.
    pub values: Vec<NewValue>,
    /// Kinds that are new: their Go blocks embed `TypeMeta`.
    pub kinds: Vec<BlockType>,
    /// Types of Go blocks that no field of the API needs.
    pub unplaced: Vec<BlockType>,
    /// Fields of Go blocks that are there already.
    pub present: Vec<KnownField>,
    /// Types of Go blocks that the checkout declares, and the files that do.
    pub declared: BTreeMap<String, String>,
    /// Types of the checkout that a Go block extends: more or fewer fields than the block states.
    pub extended: BTreeSet<String>,
    /// Types of new fields that the checkout declares.
    pub known_types: Vec<String>,
    /// What could not be read.
    pub unread: Vec<Diagnostic>,
    /// Fields of examples that the checkout has elsewhere or under another name.
    pub misnamed: Vec<Misnamed>,
    /// Fields that prose gives a type, and no struct.
    pub homeless: Vec<(String, Span)>,
    /// Examples that the Go blocks rule out.
    pub contradictions: Vec<Diagnostic>,
}

/// The API of the checkout; a struct is read once.
pub(super) struct Checkout<'s, 't> {
    pub(super) survey: &'s Survey<'t>,
    structs: RefCell<Structs>,
}

/// A field of a struct: its name in JSON, its type.
type Field = (String, String);

/// The fields of structs, by folder and name.
type Structs = BTreeMap<(String, String), Rc<[Field]>>;

impl Checkout<'_, '_> {
    /// The group and the file that declare a type.
    pub(super) fn declared(&self, name: &str) -> Option<(String, String)> {
        GROUPS.iter().find_map(|group| {
            let folder = join(API, group);
            let source = self.survey.type_source(&folder, name)?;
            Some((folder, source.path().to_owned()))
        })
    }

    /// The fields of a struct; what it inlines is looked into.
    pub(super) fn fields(&self, folder: &str, name: &str) -> Rc<[Field]> {
        let key = (folder.to_owned(), name.to_owned());
        if let Some(known) = self.structs.borrow().get(&key) {
            return known.clone();
        }
        let found: Rc<[Field]> = self.members(folder, name, 3).into();
        self.structs.borrow_mut().insert(key, found.clone());
        found
    }

    fn members(&self, folder: &str, name: &str, depth: usize) -> Vec<Field> {
        let Some(source) = self.survey.type_source(folder, name) else { return Vec::new() };
        let members = source.target().struct_members(name).unwrap_or_default();
        let mut found = Vec::new();
        for (member, _) in members {
            let json = member.tag_of("json").map(|tag| tag.split(',').next().unwrap_or_default().to_owned());
            match json {
                Some(json) if !json.is_empty() => found.push((json, member.ty)),
                _ if depth > 0 && member.name.is_none() && !member.ty.contains('.') => {
                    found.extend(self.members(folder, member.ty.trim_start_matches('*'), depth - 1));
                }
                // What other packages inline is not seen from here.
                _ if member.name.is_none() => found.push(("*".to_owned(), member.ty)),
                _ => {}
            }
        }
        found
    }

    /// A field of a struct whose name is almost this one.
    pub(super) fn near(&self, folder: &str, parent: &str, json: &str) -> Option<String> {
        let fields = self.fields(folder, parent);
        let is_near = |known: &&(String, String)| json.len() > 4 && strsim::osa_distance(&known.0, json) <= 2;
        fields.iter().find(is_near).map(|(known, _)| known.clone())
    }

    /// What an example seems to mean by a field that its struct lacks: one of a field beside it that has all of its
    /// keys, or the plural of it.
    pub(super) fn meant(&self, folder: &str, parent: &str, json: &str, keys: &[&str]) -> Option<String> {
        let fields = self.fields(folder, parent);
        let plural = format!("{json}s");
        let near = fields.iter().find(|(known, _)| *known == plural || json.strip_suffix('s') == Some(known));
        if let Some((known, _)) = near {
            return Some(format!("`{known}`"));
        }
        fields.iter().filter(|(_, ty)| !ty.contains(['.', '['])).find_map(|(beside, ty)| {
            let inner = self.fields(folder, &base(ty));
            let (_, ty) = inner.iter().find(|(known, _)| known == json)?;
            let own = self.fields(folder, &base(ty));
            let fits = !keys.is_empty() && keys.iter().all(|key| own.iter().any(|(known, _)| known == key));
            fits.then(|| format!("`{beside}.{json}`"))
        })
    }
}

/// Whether a group of the API declares a type.
pub(super) fn is_declared(name: &str, survey: &Survey<'_>) -> bool {
    Checkout { survey, structs: RefCell::default() }.declared(name).is_some()
}

/// Holds the types of Go blocks and the examples against the checkout.
pub(super) fn api(vep: &Vep, blocks: &[BlockType], built: &[Sentence], survey: &Survey<'_>) -> ApiFacts {
    let checkout = Checkout { survey, structs: RefCell::default() };
    let mut facts = ApiFacts::default();
    let mut fresh: BTreeMap<&str, &BlockType> = BTreeMap::new();
    for block in blocks {
        let Some((folder, file)) = checkout.declared(&block.name) else {
            if block.is_fragment {
                continue;
            }
            let is_api = !block.is_struct && !block.values.is_empty() || !block.fields.is_empty();
            if is_api && block.fields.iter().any(|field| field.embedded && field.ty.ends_with("TypeMeta")) {
                facts.kinds.push(block.clone());
            } else if is_api {
                fresh.insert(&block.name, block);
            }
            continue;
        };
        facts.declared.insert(block.name.clone(), file.clone());
        let known = checkout.fields(&folder, &block.name);
        let states = |json: &str| block.fields.iter().any(|own| own.json == json);
        let is_whole = block.fields.iter().all(|own| known.iter().any(|(json, _)| *json == own.json))
            && known.iter().all(|(json, _)| states(json));
        if !is_whole || block.is_partial {
            facts.extended.insert(block.name.clone());
        }
        for field in &block.fields {
            if field.json.is_empty() {
                continue;
            }
            if let Some((_, has)) = known.iter().find(|(json, _)| *json == field.json) {
                facts.present.push(KnownField {
                    parent: block.name.clone(),
                    file: file.clone(),
                    json: field.json.clone(),
                    stated: field.ty.clone(),
                    has: has.clone(),
                    span: field.span,
                });
            } else if field.json != "-" {
                let beside = known.iter().map(|(json, _)| json.clone()).collect();
                facts.fields.push(NewField { beside, ..stated(block, field, &file) });
            }
        }
    }
    facts.unread.extend(unread_diffs(vep));
    examples::examples(vep, &checkout, blocks, &mut facts);
    field_said::fields(built, &checkout, blocks, &mut facts);
    facts.contradictions = contradictions(vep, blocks, &checkout);
    facts.values = examples::values(vep, blocks, &checkout);
    facts.extended.extend(facts.values.iter().map(|value| value.ty.clone()));
    // Types that the new fields need, and what those need in turn.
    let mut wanted: Vec<(String, String)> =
        facts.fields.iter().filter_map(|field| Some((base(field.ty.as_deref()?), field.file.clone()))).collect();
    let types = wanted.iter().map(|(name, _)| name).filter(|name| checkout.declared(name).is_some());
    facts.known_types = types.cloned().collect();
    while let Some((name, file)) = wanted.pop() {
        // What another group has of the core is declared there.
        let (name, file) = match name.split_once('.') {
            Some(("v1" | "virtv1" | "kubevirtv1", name)) => (name.to_owned(), join(API, "core/v1/types.go")),
            _ => (name, file),
        };
        let Some(block) = fresh.remove(name.as_str()) else { continue };
        wanted.extend(block.fields.iter().map(|field| (base(&field.ty), file.clone())));
        facts.types.push(NewType { block: block.clone(), file });
    }
    facts.unplaced = fresh.into_values().cloned().collect();
    facts.types.sort_by_key(|ty| ty.block.span.start);
    facts
}

fn stated(block: &BlockType, field: &BlockField, file: &str) -> NewField {
    NewField {
        parent: block.name.clone(),
        file: file.to_owned(),
        name: field.name.clone(),
        ty: Some(field.ty.clone()),
        json: field.json.clone(),
        span: field.span,
        origin: Origin::Stated,
        kind: None,
        block: Some(field.clone()),
        near: None,
        beside: Vec::new(),
    }
}

/// The name of a type without what surrounds it.
pub(super) fn base(ty: &str) -> String {
    ty.rsplit(['*', ']']).next().unwrap_or_default().to_owned()
}
