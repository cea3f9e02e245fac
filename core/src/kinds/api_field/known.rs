//! What tasks and the checkout give the API, for other kinds.

use super::Field;
use super::asked::asked;
use super::constants::constants;
use crate::demand::{ApiDemand, ApiField};
use crate::plan::Planner;

/// Whether a task gives a struct of the API a field. One that is named by its path may be any.
pub(in crate::kinds) fn adds(planner: &Planner<'_, '_>, name: &str, field: &str) -> bool {
    let is_it = |one: &ApiField| one.name.eq_ignore_ascii_case(field);
    let gives = |demand: &ApiDemand| match demand {
        ApiDemand::Field(one) => {
            is_it(one) && one.parent.as_ref().is_some_and(|parent| parent == name || parent.contains('.'))
        }
        ApiDemand::Struct(one) => one.name == name && one.fields.iter().any(is_it),
        _ => false,
    };
    planner.plan.tasks.iter().any(|task| asked(task).demands.iter().any(|(_, demand)| gives(demand)))
}

/// Whether a word is a value of a field's type: one of its constants, or what one holds.
pub(in crate::kinds) fn is_value(planner: &Planner<'_, '_>, field: &Field, word: &str) -> bool {
    let ty = field.ty().trim_start_matches(['*', '[', ']']);
    let holds = |demand: &ApiDemand| match demand {
        ApiDemand::Enum(one) => {
            let is_it = |(name, value): &(Option<String>, String)| value == word || name.as_deref() == Some(word);
            one.name == ty && one.values.iter().any(is_it)
        }
        ApiDemand::Constant(one) => {
            one.ty.as_deref() == Some(ty) && (one.name == word || one.value.as_deref() == Some(word))
        }
        _ => false,
    };
    let is_planned = planner.plan.tasks.iter().any(|task| asked(task).demands.iter().any(|(_, demand)| holds(demand)));
    let source = planner.survey.go(&field.file).ok().flatten();
    let known = source.map(|source| constants(&source.target())).unwrap_or_default();
    is_planned || known.iter().any(|known| known.is_of(ty, word))
}
