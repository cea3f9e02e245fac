//! How the API merges a list: by the names of its elements, or as a whole.

use super::ApiField;
use super::names::json_name;
use super::place::declares_type;
use super::settle::settled;
use crate::demand::ApiDemand;
use crate::plan::{Kind, Planner};
use crate::tree::parent;

/// The markers of a list of some type in a folder of the API: a map by `name` if each element is known to have one.
pub(super) fn markers(planner: &Planner<'_, '_>, folder: &str, ty: &str) -> Vec<String> {
    let markers: &[&str] = match ty.strip_prefix("[]") {
        None | Some("byte") => &[],
        Some(element) if is_named(planner, folder, element) => &["+listType=map", "+listMapKey=name"],
        Some(_) => &["+listType=atomic"],
    };
    markers.iter().map(|&marker| marker.to_owned()).collect()
}

/// Whether a struct of the package has a `name` that cannot be left out: one that is there, or one that tasks add.
fn is_named(planner: &Planner<'_, '_>, folder: &str, element: &str) -> bool {
    if let Some(file) = declares_type(planner.survey, folder, element) {
        let source = planner.survey.go(&file).ok().flatten();
        let decl = source.as_ref().and_then(|source| source.target().file.declares(element).map(|decl| decl.span));
        return source.zip(decl).is_some_and(|(source, span)| requires_name(span.of(source.source.text())));
    }
    let is_api = |kind: &dyn Kind| kind.name() == ApiField.name();
    planner.claims.iter().enumerate().any(|(task, claims)| {
        let places = claims.iter().filter(|(kind, _)| is_api(*kind)).filter_map(|(_, place)| place.as_ref());
        let mut own = places.filter(|place| parent(&place.path) == folder);
        own.any(|place| {
            settled(planner, place, task).iter().any(|(_, demand)| match demand {
                ApiDemand::Struct(new) if new.name == element => new.fields.iter().any(|field| {
                    let json = field.json.clone().unwrap_or_else(|| json_name(&field.name));
                    let is_string = field.ty.as_ref().is_some_and(|ty| ty.text == "string");
                    json == "name" && is_string && field.optional != Some(true) && field.omit != Some(true)
                }),
                _ => false,
            })
        })
    })
}

/// Whether a struct's text has a field ``Name string `json:"name"` `` that no marker makes optional.
fn requires_name(text: &str) -> bool {
    let mut comment: Vec<&str> = Vec::new();
    for line in text.lines().map(str::trim) {
        if let Some(text) = line.strip_prefix("//") {
            comment.push(text.trim());
            continue;
        }
        if let ["Name", "string", tag, ..] = line.split_whitespace().collect::<Vec<_>>().as_slice() {
            return tag.trim_matches('`') == "json:\"name\"" && !comment.contains(&"+optional");
        }
        comment.clear();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::requires_name;

    #[test]
    fn a_name_that_can_be_left_out_is_no_key() {
        let of = |field: &str| requires_name(&format!("type Disk struct {{\n\t// Name of it.\n\t{field}\n}}"));
        assert!(of("Name string `json:\"name\"`"));
        assert!(of("Name  string `json:\"name\" valid:\"required\"`"));
        for field in [
            "Name string `json:\"name,omitempty\"`",
            "Name *string `json:\"name\"`",
            "Name string `json:\"volumeName\"`",
            "// +optional\n\tName string `json:\"name\"`",
            "VolumeName string `json:\"name\"`",
        ] {
            assert!(!of(field), "{field}");
        }
    }
}
