//! The fields of a new kind's spec and status.

use crate::demand::ApiField as Stated;
use crate::go::{ImportSpec, Member, aligned_members, default_name};
use crate::kinds::sentence::comment;
use crate::kinds::struct_field::exists;
use crate::name::{Name, is_gate_name, is_predeclared};
use crate::plan::Planner;

/// Fields with the markers above them, in line with each other as gofmt has them.
pub(super) fn lines(rows: &[(Vec<String>, Member)]) -> Vec<String> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < rows.len() {
        let run = 1 + rows[at + 1..].iter().take_while(|(markers, _)| markers.is_empty()).count();
        let members: Vec<Member> = rows[at..at + run].iter().map(|(_, member)| member.clone()).collect();
        found.extend(rows[at].0.iter().cloned());
        found.extend(aligned_members(&members));
        at += run;
    }
    found
}

/// A field with the markers above it, and what its type needs.
pub(super) type ApiField = ((Vec<String>, Member), Vec<ImportSpec>);

/// The word that a line begins with: `SpoolSpec`, "Spec".
pub(super) fn own_name(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_alphanumeric()).unwrap_or(text.len());
    &text[..end]
}

/// A field of an API type.
pub(super) fn api_field(planner: &Planner<'_, '_>, folder: &str, field: &Stated) -> Result<ApiField, String> {
    const KNOWN: &[(&str, &str)] = &[
        ("corev1", "k8s.io/api/core/v1"),
        ("k8sv1", "k8s.io/api/core/v1"),
        ("metav1", "k8s.io/apimachinery/pkg/apis/meta/v1"),
        ("resource", "k8s.io/apimachinery/pkg/api/resource"),
        ("virtv1", "kubevirt.io/api/core/v1"),
    ];
    let survey = planner.survey;
    let name = field.name.as_str();
    if !is_gate_name(name) {
        return Err(format!("`{name}` cannot be the name of a field of the API"));
    }
    let ty = field.ty.as_ref().ok_or_else(|| format!("it does not give the type of `{name}`"))?;
    if let Some(owner) = &field.parent {
        return Err(format!("it puts `{name}` into `{owner}`"));
    }
    let mut imports = Vec::new();
    for (package, own) in &ty.names {
        match package {
            None if is_predeclared(own) || survey.declares(folder, own).is_some() => {}
            None => {
                return Err(format!(
                    "the field `{name}` has the type `{own}`, which {folder} does not declare: add both"
                ));
            }
            Some(package) => {
                let known = survey.imported(folder, package).or_else(|| {
                    KNOWN.iter().find(|(known, _)| known == package).map(|(alias, path)| {
                        if default_name(path) == *alias {
                            ImportSpec::plain(*path)
                        } else {
                            ImportSpec::named(alias, *path)
                        }
                    })
                });
                let import = known.ok_or_else(|| format!("no package `{package}` is known in {folder}"))?;
                if !exists(survey, &import.path, own) {
                    return Err(format!("the package {} has no type `{own}`", import.path));
                }
                imports.push(import);
            }
        }
    }
    let is_list = ty.text.starts_with("[]");
    let nilable = ty.text.starts_with('*') || is_list || ty.text.starts_with("map[");
    let optional = field.optional.unwrap_or(nilable);
    let json = field.json.clone().unwrap_or_else(|| Name::parse(name).camel());
    let tag = if optional { format!("`json:\"{json},omitempty\"`") } else { format!("`json:\"{json}\"`") };
    let member = Member { name: Some(name.to_owned()), ty: ty.text.clone(), tag: Some(tag) };
    let said = field.doc.0.as_deref().map(|text| format!("// {}", comment(name, text)));
    let mut lines: Vec<String> = said.into_iter().collect();
    lines.extend(optional.then(|| "// +optional".to_owned()));
    let stated = |marker: &str| field.markers.iter().any(|known| known.starts_with(marker));
    lines.extend((is_list && !stated("+listType")).then(|| "// +listType=atomic".to_owned()));
    lines.extend(field.markers.iter().map(|marker| format!("// {marker}")));
    Ok(((lines, member), imports))
}
