//! Fields of the API.

use serde::Serialize;

use super::desk::{Desk, Refusal};
use crate::plan::{ApiFieldUnit, has_field};
use crate::template::{Context, Template, Text};
use crate::tree::parent;

pub(super) const TEMPLATES: &[Text] = &[Field::FILE, Type::FILE];

#[derive(Serialize, Context, Template)]
#[template("scaffolds/api-field/edit/staging/src/kubevirt.io/api/core/v1/types.go/field.hbs")]
struct Field {
    name: String,
    feature: String,
    gate: Option<String>,
    ty: String,
    tag: String,
}

#[derive(Serialize, Context, Template)]
#[template("scaffolds/api-field/edit/staging/src/kubevirt.io/api/core/v1/types.go/type.hbs")]
struct Type {
    name: String,
    feature: String,
}

pub(super) fn write(desk: &mut Desk<'_, '_>, unit: &ApiFieldUnit) -> Result<(), Refusal> {
    let feature = desk.plan.feature.name.clone();
    let field = desk.render(&Field {
        name: unit.field.clone(),
        feature: feature.clone(),
        gate: desk.gate().map(|gate| gate.name.clone()),
        ty: unit.ty.clone(),
        tag: format!("`json:\"{},omitempty\"`", unit.json),
    })?;
    let new_type = unit.new_type.as_ref().filter(|name| desk.survey.declares(parent(&unit.file), name).is_none());
    let new_type = match new_type {
        Some(name) => Some(desk.render(&Type { name: name.clone(), feature })?),
        None => None,
    };
    desk.anchor_go(&unit.file, |target| {
        let mut edits = Vec::new();
        if has_field(target, &unit.struct_name, &unit.field).is_none() {
            edits.push(target.append_member(&unit.struct_name, &field)?);
        }
        if let Some(new_type) = new_type {
            edits.push(target.after_type(&unit.struct_name, &new_type)?);
        }
        Ok(edits)
    })
}
