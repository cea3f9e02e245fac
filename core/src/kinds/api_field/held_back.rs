//! Fields whose type another task was to declare, and does not.

use std::collections::BTreeSet;

use super::change::Change;
use super::resolve::planned_types;
use super::{ApiField, Left, Wanted, made};
use crate::plan::{Kind, Planner, ResolvedPath};
use crate::tree::parent;

/// Takes out of what is wanted the fields and structs of a type that stays undeclared, with the reason.
pub(super) fn hold_back(
    planner: &Planner<'_, '_>,
    place: &ResolvedPath,
    wanted: &mut Vec<Wanted>,
    left: &mut Vec<(usize, usize, Left)>,
) {
    let folder = parent(&place.path);
    let promised: BTreeSet<String> =
        planned_types(planner).into_iter().filter(|(known, _)| known == folder).map(|(_, name)| name).collect();
    if promised.is_empty() || !wanted.iter().any(|(change, _)| uses(change, &promised).is_some()) {
        return;
    }
    let is_there = |name: &str| super::place::declares_type(planner.survey, folder, name).is_some();
    let mut lacking: BTreeSet<String> = promised.into_iter().filter(|name| !is_there(name)).collect();
    // What tasks that are not selected add is there, or comes with them.
    let unselected = planner.claims.iter().enumerate().filter(|(task, _)| !planner.task(*task).selected);
    let later = unselected.flat_map(|(task, claims)| {
        let own = claims.iter().filter(|(kind, _)| kind.name() == ApiField.name());
        own.filter_map(move |(_, place)| Some((task, place.as_ref()?)))
    });
    let selected = planner.assigned.iter().filter(|file| file.kind.name() == ApiField.name());
    let here = selected.filter_map(|file| Some((file.tasks.clone(), file.place.as_ref()?)));
    for (tasks, place) in later.map(|(task, place)| (vec![task], place)).chain(here) {
        for (change, _) in made(planner, place, &tasks).0 {
            for name in change.declares() {
                lacking.remove(name);
            }
        }
    }
    // A struct that is not written may have been needed by another.
    loop {
        let Some(at) = wanted.iter().position(|(change, _)| uses(change, &lacking).is_some()) else { return };
        let (change, lines) = wanted.remove(at);
        let name = uses(&change, &lacking).unwrap_or_default();
        let why = format!("`{}` needs the type `{name}`, which another line is to declare and does not", change.name());
        let help = "see what is said of that line; once the type is declared, the rest follows".to_owned();
        left.extend(lines.into_iter().map(|(task, line)| (task, line, Left::Line(why.clone(), help.clone()))));
        lacking.extend(change.declares().into_iter().map(str::to_owned));
    }
}

/// One of some types that a change needs.
fn uses(change: &Change, names: &BTreeSet<String>) -> Option<String> {
    let fields = match change {
        Change::Field(field) => std::slice::from_ref(field),
        Change::Struct(new) => new.fields.as_slice(),
        Change::Enum(_) | Change::Constant(_) => &[],
    };
    let own = change.declares();
    let mut words = fields.iter().filter(|field| field.new_type.is_none()).flat_map(|field| {
        // What a package qualifies is not of this folder.
        field.ty.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.')).filter(|word| !word.contains('.'))
    });
    words.find(|word| names.contains(*word) && !own.contains(word)).map(str::to_owned)
}
