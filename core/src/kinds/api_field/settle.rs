//! What the checkout settles about the demands of a task: whether a struct is there, and gets fields, or is made.

use std::collections::BTreeSet;

use super::asked::asked;
use super::place::{declares_type, is_struct, top_level};
use super::resolve::added;
use super::{Field, Left, earlier};
use crate::demand::{ApiDemand, ApiField, ApiStruct, Description, words};
use crate::name::Name;
use crate::plan::{ManualReason, Planner, ResolvedPath};
use crate::tree::parent;

/// The demands of a task about a file, each with its line.
pub(super) fn settled(planner: &Planner<'_, '_>, place: &ResolvedPath, task: usize) -> Vec<(usize, ApiDemand)> {
    let mut stated = asked(planner.whole(task)).demands;
    if stated.is_empty() {
        stated.extend(earlier::same_for(planner, task).map(|demand| (planner.whole(task).line, demand)));
    }
    for at in 0..stated.len() {
        let (before, own) = stated.split_at_mut(at);
        if let Some((line, ApiDemand::Field(field))) = own.first_mut() {
            earlier::complete(planner, (task, *line), before, field);
        }
    }
    let demands = stated.into_iter();
    let demands = demands.flat_map(|(line, demand)| match demand {
        ApiDemand::Struct(known) if is_extended(planner, place, (task, line), &known) => {
            let owner = known.name;
            let fields = known.fields.into_iter();
            fields.map(|field| (line, ApiDemand::Field(ApiField { parent: Some(owner.clone()), ..field }))).collect()
        }
        demand => vec![(line, demand)],
    });
    made_of_fields(planner, place, task, demands.collect())
}

/// Whether a line `Struct: X` names the struct that gets the fields below it: one that is there, and lacks them.
fn is_extended(
    planner: &Planner<'_, '_>,
    place: &ResolvedPath,
    (task, line): (usize, usize),
    known: &ApiStruct,
) -> bool {
    let task = planner.whole(task);
    let said = task.details.iter().find(|own| own.line == line);
    let is_new = said.is_some_and(|own| own.text.to_lowercase().contains("new "));
    let names = asked(task).heads.contains(&line) && !is_new;
    let is_bare =
        known.comment.is_empty() && known.markers.is_empty() && known.doc.0.is_none() && !known.fields.is_empty();
    let Some(file) = declares_type(planner.survey, parent(&place.path), &known.name) else { return false };
    let source = planner.survey.go(&file).ok().flatten();
    names && is_bare && source.is_some_and(|source| is_struct(&source.target(), &known.name))
}

/// Fields of a struct that nobody declares, and that another field of the task has as its type, are that struct:
/// "Add `Fans []Fan` to `Spec`. `Fan` holds `Name string` and `Rpm int32`."
fn made_of_fields(
    planner: &Planner<'_, '_>,
    place: &ResolvedPath,
    task: usize,
    demands: Vec<(usize, ApiDemand)>,
) -> Vec<(usize, ApiDemand)> {
    let owners: BTreeSet<String> = demands.iter().filter_map(|(_, demand)| owner(demand).map(str::to_owned)).collect();
    let types: BTreeSet<String> = demands.iter().flat_map(|(_, demand)| types(demand)).collect();
    let is_stated = |name: &str| {
        let all = (0..planner.claims.len()).map(|task| asked(planner.whole(task)));
        all.flat_map(|asked| asked.demands).any(|(_, demand)| added(&demand) == Some(name))
    };
    let says_new = says_new(&planner.whole(task).title);
    let is_made = |name: &String| {
        (says_new || types.contains(name))
            && declares_type(planner.survey, parent(&place.path), name).is_none()
            && !is_stated(name)
    };
    let made: Vec<String> = owners.into_iter().filter(is_made).collect();
    if made.is_empty() || !asked(planner.whole(task)).faults.is_empty() {
        return demands;
    }
    let mut kept: Vec<(usize, ApiDemand)> = Vec::new();
    for (line, demand) in demands {
        let ApiDemand::Field(field) = demand else {
            kept.push((line, demand));
            continue;
        };
        let Some(name) = field.parent.clone().filter(|name| made.contains(name)) else {
            kept.push((line, ApiDemand::Field(field)));
            continue;
        };
        let field = ApiField { parent: None, ..field };
        let known = kept.iter_mut().find_map(|(_, demand)| match demand {
            ApiDemand::Struct(known) if known.name == name => Some(known),
            _ => None,
        });
        if let Some(known) = known {
            known.fields.push(field);
        } else {
            let new = ApiStruct { name, fields: vec![field], ..ApiStruct::default() };
            kept.push((line, ApiDemand::Struct(new)));
        }
    }
    kept
}

/// Whether a title says that what stands below it are the fields of new structs: "New status structs in `x/types.go`".
fn says_new(title: &str) -> bool {
    let all = words(title);
    let new = all.iter().position(|word| word.is(&["new"]));
    let behind = new.map_or(&[][..], |new| &all[new + 1..all.len().min(new + 4)]);
    let noun = behind.iter().find(|word| word.is(&["struct", "structs", "field", "fields", "existing", "of", "in"]));
    noun.is_some_and(|word| word.is(&["struct", "structs"]))
}

/// The struct that gets a field, by its name.
fn owner(demand: &ApiDemand) -> Option<&str> {
    match demand {
        ApiDemand::Field(field) => field.parent.as_deref().filter(|name| !name.contains('.')),
        _ => None,
    }
}

/// The names of this package that the fields of a demand have in their types.
fn types(demand: &ApiDemand) -> Vec<String> {
    let fields = match demand {
        ApiDemand::Field(field) => std::slice::from_ref(field),
        ApiDemand::Struct(known) => known.fields.as_slice(),
        _ => &[],
    };
    let types = fields.iter().filter_map(|field| field.ty.as_ref());
    types.flat_map(|ty| &ty.names).filter(|(package, _)| package.is_none()).map(|(_, name)| name.clone()).collect()
}

/// The field of the feature: a struct of its name, which is empty until somebody says what is in it.
pub(super) fn feature_field(
    planner: &Planner<'_, '_>,
    place: &ResolvedPath,
    struct_name: String,
) -> Result<Field, Left> {
    let survey = planner.survey;
    let (file, folder) = (&place.path, parent(&place.path));
    if !place.exists {
        return Err(Left::Manual(ManualReason::NoApiFile(file.to_string())));
    }
    let lacks = || Left::Manual(ManualReason::NoStruct { file: file.to_string(), name: struct_name.clone() });
    let file = declares_type(survey, folder, &struct_name).ok_or_else(lacks)?;
    let source = survey.go(&file).ok().flatten().filter(|source| is_struct(&source.target(), &struct_name));
    let source = source.ok_or_else(lacks)?;
    let name = planner.identifier();
    // A second run finds the field, and the struct made for it, in place.
    let there =
        source.target().struct_fields(&struct_name).unwrap_or_default().into_iter().find(|known| known.name == name);
    if there.is_none() {
        top_level(&source.target(), &struct_name)?;
    }
    let made = match &there {
        Some(known) => known.ty.trim_start_matches('*').to_owned(),
        None if survey.declares(folder, &name).is_some() => format!("{name}Configuration"),
        None => name.clone(),
    };
    Ok(Field {
        json: Name::parse(&name).camel(),
        ty: there.map_or_else(|| format!("*{made}"), |known| known.ty),
        new_type: made.starts_with(char::is_uppercase).then_some(made),
        asked: (file != place.path).then(|| place.path.clone()),
        file,
        struct_name,
        name,
        embedded: false,
        optional: true,
        omit: true,
        comment: Vec::new(),
        default: None,
        merge_key: None,
        tag: None,
        markers: Vec::new(),
        deprecated: None,
        doc: Description::default(),
        imports: Vec::new(),
        own_type: None,
    })
}
