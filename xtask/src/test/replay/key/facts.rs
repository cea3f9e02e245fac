//! What an answer key says that pull requests did: a JSON list of features, each with its pull requests.

use std::collections::BTreeMap;

use serde::Deserialize;

/// A feature, as the key has it.
#[derive(Deserialize, Debug)]
pub(super) struct Entry {
    pub(super) gate: Option<String>,
    pub(super) vep_number: Option<String>,
    prs: Vec<Pull>,
    #[serde(default)]
    api_fields: Vec<ApiField>,
    #[serde(default)]
    api_types: Vec<ApiType>,
    #[serde(default)]
    api_consts: Vec<ApiConst>,
    /// File, and the functions and methods that it gained.
    #[serde(default)]
    new_functions: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    admitters: Vec<Admitter>,
}

#[derive(Clone, Deserialize, Debug)]
pub(super) struct Pull {
    pub(super) pr: u32,
    pub(super) merge_commit: String,
    pub(super) parent_commit: String,
}

#[derive(Clone, Deserialize, Debug)]
pub(super) struct ApiField {
    #[serde(default)]
    pr: Option<u32>,
    /// The folder below the API: `core/v1`.
    pub(super) pkg: String,
    #[serde(rename = "type")]
    pub(super) parent: String,
    pub(super) field: String,
    pub(super) go_type: String,
    pub(super) json: String,
    /// It was there, as something else.
    pub(super) changed: bool,
}

#[derive(Clone, Deserialize, Debug)]
pub(super) struct ApiType {
    pr: Option<u32>,
    pub(super) pkg: String,
    #[serde(rename = "type")]
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) under: String,
}

#[derive(Clone, Deserialize, Debug)]
pub(super) struct ApiConst {
    pr: Option<u32>,
    pub(super) pkg: String,
    pub(super) name: String,
    #[serde(rename = "type")]
    pub(super) ty: String,
    /// As Go.
    pub(super) value: String,
}

#[derive(Deserialize, Debug)]
struct Admitter {
    path: String,
    functions: Vec<String>,
}

/// The facts of one pull request.
#[derive(Debug)]
pub(super) struct Facts {
    pub(super) pull: Pull,
    pub(super) fields: Vec<ApiField>,
    pub(super) types: Vec<ApiType>,
    pub(super) constants: Vec<ApiConst>,
    /// File and function; `(*T).name` for a method. The key does not say which pull request of the feature.
    pub(super) functions: Vec<(String, String)>,
    /// Those of them that admit.
    pub(super) admits: Vec<(String, String)>,
}

impl Entry {
    /// The facts of each pull request.
    pub(super) fn facts(&self) -> Vec<Facts> {
        let functions = self.new_functions.iter().flat_map(|(path, names)| names.iter().map(move |name| (path, name)));
        let functions: Vec<(String, String)> = functions.map(|(path, name)| (path.clone(), name.clone())).collect();
        let admits =
            self.admitters.iter().flat_map(|one| one.functions.iter().map(|name| (one.path.clone(), name.clone())));
        let admits: Vec<(String, String)> = admits.collect();
        let own = |pr: Option<u32>, pull: &Pull| pr == Some(pull.pr) || pr.is_none() && self.prs.len() == 1;
        let facts = self.prs.iter().map(|pull| Facts {
            pull: pull.clone(),
            fields: self.api_fields.iter().filter(|fact| own(fact.pr, pull) && !fact.changed).cloned().collect(),
            types: self.api_types.iter().filter(|fact| own(fact.pr, pull)).cloned().collect(),
            constants: self.api_consts.iter().filter(|fact| own(fact.pr, pull)).cloned().collect(),
            functions: functions.clone(),
            admits: admits.clone(),
        });
        facts.collect()
    }
}
