//! Fields of the API.

use serde::Serialize;

use super::desk::{Desk, Refusal, render};
use crate::go::GoFile;
use crate::plan::{ApiFieldUnit, has_field};
use crate::survey::GoSource;
use crate::template::{Context, Template};
use crate::text::Source;
use crate::tree::parent;

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
    let field = render(&Field {
        name: unit.field.clone(),
        feature: feature.clone(),
        gate: desk.gate().map(|gate| gate.name.clone()),
        ty: unit.ty.clone(),
        tag: format!("`json:\"{},omitempty\"`", unit.json),
    })?;
    let new_type = unit.new_type.as_ref().filter(|name| desk.survey.declares(parent(&unit.file), name).is_none());
    let new_type = match new_type {
        Some(name) => Some(render(&Type { name: name.clone(), feature })?),
        None => None,
    };
    desk.anchor_go(&unit.file, |target| {
        let source = GoSource { source: Source::new("", target.text), file: GoFile::clone(target.file) };
        let mut edits = Vec::new();
        if has_field(&source, &unit.struct_name, &unit.field).is_none() {
            edits.push(target.append_member(&unit.struct_name, &field)?);
        }
        edits.extend(new_type.map(|new_type| target.append_declaration(&new_type)));
        Ok(edits)
    })
}
