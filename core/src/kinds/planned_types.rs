//! Types that a plan adds to packages: who reads a signature may meet one that is not there yet.

use std::rc::Rc;

use super::component::string_types;
use super::{api_field, struct_field};
use crate::plan::{Assigned, Planner};
pub(super) use crate::plan::{PlannedType, PlannedTypes};
use crate::tree::parent;

/// Whether tasks add a type to the package of a folder.
pub(super) fn is_planned(planner: &Planner<'_, '_>, folder: &str, name: &str) -> bool {
    planned(planner, folder).contains_key(name)
}

/// The types that tasks add to the package of a folder, selected or not: those that are made, and not those of which a
/// line only speaks.
pub(super) fn planned(planner: &Planner<'_, '_>, folder: &str) -> Rc<PlannedTypes> {
    if let Some(known) = planner.types.borrow().get(folder) {
        return known.clone();
    }
    // Whoever asks while they are looked up gets none: two packages cannot need each other.
    planner.types.borrow_mut().insert(folder.to_owned(), Rc::default());
    let files = files(planner, folder);
    let mut found = struct_field::types(planner, &files.iter().collect::<Vec<_>>());
    let tasks = files.iter().flat_map(|file| &file.tasks);
    let strings = tasks.flat_map(|task| string_types(planner.whole(*task)));
    found.extend(strings.map(|name| (name, PlannedType::Other("string".to_owned()))));
    let made = files.iter().flat_map(|file| file.kind.types(planner, file));
    found.extend(made.map(|name| (name, PlannedType::Struct)));
    found.extend(api_field::types(planner, folder));
    let found = Rc::new(found);
    planner.types.borrow_mut().insert(folder.to_owned(), found.clone());
    found
}

/// The files of a folder that tasks are about, tests apart, each with the kind that takes it.
fn files(planner: &Planner<'_, '_>, folder: &str) -> Vec<Assigned> {
    let mut files: Vec<Assigned> = Vec::new();
    for (task, claims) in planner.claims.iter().enumerate() {
        for (kind, place) in claims {
            let Some(place) = place.as_ref().filter(|place| parent(&place.path) == folder) else { continue };
            if place.path.ends_with("_test.go") {
                continue;
            }
            match files.iter_mut().find(|file| file.kind.name() == kind.name() && file.place.as_ref() == Some(place)) {
                Some(file) => file.tasks.push(task),
                None => files.push(Assigned { kind: *kind, place: Some(place.clone()), tasks: vec![task] }),
            }
        }
    }
    files
}
