//! Types that a plan adds to packages: who reads a signature may meet one that is not there yet.

use std::rc::Rc;

use super::struct_field;
use crate::plan::Planner;
pub(super) use crate::plan::{PlannedType, PlannedTypes};
use crate::tree::parent;

/// Whether selected tasks add a type to the package of a folder.
pub(super) fn is_planned(planner: &Planner<'_, '_>, folder: &str, name: &str) -> bool {
    planned(planner, folder).contains_key(name)
}

/// The types that selected tasks add to the package of a folder.
pub(super) fn planned(planner: &Planner<'_, '_>, folder: &str) -> Rc<PlannedTypes> {
    if let Some(known) = planner.types.borrow().get(folder) {
        return known.clone();
    }
    // Whoever asks while they are looked up gets none: two packages cannot need each other.
    planner.types.borrow_mut().insert(folder.to_owned(), Rc::default());
    let own = planner.assigned.iter().filter(|assigned| {
        assigned.place.as_ref().is_some_and(|place| parent(&place.path) == folder && !place.path.ends_with("_test.go"))
    });
    let own: Vec<_> = own.collect();
    let mut found = struct_field::types(planner, &own);
    let made = own.iter().flat_map(|assigned| assigned.kind.types(planner, assigned));
    found.extend(made.map(|name| (name, PlannedType::Struct)));
    let found = Rc::new(found);
    planner.types.borrow_mut().insert(folder.to_owned(), found.clone());
    found
}
