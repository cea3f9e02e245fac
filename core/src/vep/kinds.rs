//! Kinds of the API that a VEP's examples show and that the checkout lacks.

use super::api::API;
use super::{Topic, Vep, yaml_documents};
use crate::name::is_gate_name;
use crate::survey::Survey;
use crate::text::Span;
use crate::tree::join;

/// A kind that an example shows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewKind {
    /// Its name.
    pub name: String,
    /// The name of its group, before `.kubevirt.io`.
    pub group: String,
    /// Its version.
    pub version: String,
    /// The example has a status, too.
    pub has_status: bool,
    /// Where it is shown.
    pub span: Span,
    /// Another repository that the VEP is about, which may be its home.
    pub home: Option<String>,
}

/// The kinds, each once.
pub(super) fn kinds(vep: &Vep, survey: &Survey<'_>) -> Vec<NewKind> {
    let mut found: Vec<NewKind> = Vec::new();
    for (code, topic) in vep.code() {
        if topic == Topic::Testing {
            continue;
        }
        for document in yaml_documents(&vep.document, &code).unwrap_or_default() {
            let field = |key: &str| document.iter().find(|field| field.path == [key]);
            let (Some(kind), Some(version)) = (field("kind"), field("apiVersion")) else { continue };
            let (Some(name), Some(stated)) = (&kind.value, &version.value) else { continue };
            let Some((group, version)) = stated.split_once('/') else { continue };
            let Some(group) = group.strip_suffix(".kubevirt.io") else { continue };
            let plain =
                |text: &str| !text.is_empty() && text.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
            // What other projects of KubeVirt have, their own repositories declare.
            let foreign =
                matches!(group, "cdi" | "upload.cdi" | "hco" | "ssp" | "forklift" | "nmstate" | "subresources");
            if !plain(group) || !plain(version) || !version.starts_with('v') || !is_gate_name(name) || foreign {
                continue;
            }
            let has_status = field("status").is_some();
            if let Some(known) = found.iter_mut().find(|known| known.name == *name) {
                known.has_status |= has_status;
                continue;
            }
            let folder = join(&join(API, group), version);
            if survey.type_source(&folder, name).is_none() && !is_declared(survey, group, name) {
                let (name, group, version) = (name.clone(), group.to_owned(), version.to_owned());
                found.push(NewKind { name, group, version, has_status, span: kind.span, home: home(vep) });
            }
        }
    }
    found
}

/// Whether a group has a kind in another version.
fn is_declared(survey: &Survey<'_>, group: &str, name: &str) -> bool {
    ["v1", "v1alpha1", "v1alpha2", "v1beta1", "v1beta2"]
        .iter()
        .any(|version| survey.type_source(&join(&join(API, group), version), name).is_some())
}

/// A repository of KubeVirt's beside kubevirt/kubevirt that the Repos section names, documents apart.
fn home(vep: &Vep) -> Option<String> {
    let section = vep.sections(Topic::Repos).next()?;
    let text = section.body.of(vep.document.source.text());
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '.')));
    let mut names = words.filter_map(|word| {
        let at = word.find("kubevirt/")?;
        let name = word[at..].trim_matches(['/', '.']).split('/').take(2).collect::<Vec<_>>().join("/");
        let documents = [
            "kubevirt/kubevirt",
            "kubevirt/user-guide",
            "kubevirt/enhancements",
            "kubevirt/community",
            "kubevirt/project-infra",
        ];
        (name.contains('/') && !name.ends_with('/') && !documents.contains(&name.as_str())).then_some(name)
    });
    names.next()
}
