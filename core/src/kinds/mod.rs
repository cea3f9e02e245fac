//! The kinds of scaffolds, one module each.
//!
//! A kind says in one place which tasks are its own, what it needs to know of the checkout, the facts of its
//! plan and how these become texts, what follows when its files change, what `status` and `verify` may expect,
//! and its row in the documents. Nothing else tells kinds apart: a new kind is a module, a row in [`ALL`], a
//! folder in `scaffolds/` and its cases.

mod admission;
mod api_field;
mod api_kind;
mod changed;
mod component;
mod constant;
mod docs;
mod docs_topics;
mod domain_configurator;
mod edited;
mod feature_gate;
mod feature_gate_test;
mod flag;
mod functional_test;
mod gate_state;
mod libvmi_option;
mod metric;
mod metric_list;
mod planned_types;
mod rbac;
mod sentence;
mod spec_place;
mod specs;
mod struct_field;
mod suite_gate;
mod unit_test;
mod uses;
mod wiring;

use crate::plan::{Kind, PlannedTask};
use crate::template::Text;

/// All kinds. What a task names goes to the first one that claims it.
pub const ALL: &[&dyn Kind] = &[
    &changed::ChangedCode,
    &gate_state::GateStateKind,
    &feature_gate::FeatureGate,
    &feature_gate_test::FeatureGateTest,
    &functional_test::FunctionalTest,
    &unit_test::UnitTest,
    &rbac::Rbac,
    &admission::Admission,
    &api_kind::ApiKind,
    &api_field::ApiField,
    &domain_configurator::DomainConfigurator,
    &flag::Flag,
    &struct_field::StructField,
    &metric::MetricKind,
    &constant::Constant,
    &suite_gate::SuiteGate,
    &libvmi_option::LibvmiOption,
    &component::Component,
    &docs::Docs,
    &edited::EditedFunction,
];

/// The type whose methods a line speaks of before it lists them, "Methods on `*T`:", "`T` gains:", and whether it says
/// nothing else.
pub(crate) fn methods_of(line: &str) -> Option<(String, bool)> {
    component::of_list(line).map(|(ty, whole)| (ty.text, whole))
}

/// Whether code is the head of a function, and no call.
pub(crate) fn is_function_head(code: &str) -> bool {
    component::is_head(code)
}

/// What is wrong with the functions that the text behind a `Function:` names: the rule, what is so, what to do.
pub(crate) fn function_faults(text: &str) -> Vec<(&'static str, String, &'static str)> {
    component::faults(text).into_iter().map(|fault| (fault.code, fault.why.clone(), fault.help())).collect()
}

/// Why a line about the API is left to people, and what would help, wherever it stands.
pub(crate) use api_field::{fault as api_fault, help as api_help, implied_file, is_api_file};

pub(crate) use changed::split as split_changes;
pub(crate) use sentence::comment;

/// The names of the functions whose heads a task spells out, written or not.
pub(crate) fn spelled_heads(task: &PlannedTask) -> Vec<String> {
    component::all_spelled(task)
}

/// Every template that a kind can render from.
pub fn templates() -> Vec<Text> {
    let shared = specs::TEMPLATES.iter().chain(wiring::TEMPLATES);
    ALL.iter().flat_map(|kind| kind.templates()).chain(shared).copied().collect()
}

/// Lines of a Markdown table of the kinds: what a task names, and what is made of it.
pub fn table() -> String {
    let rows = ALL.iter().map(|kind| kind.row());
    let rows = rows.map(|row| format!("| {} | {} |\n", row.names, row.makes));
    format!("| the task names | what is scaffolded |\n|---|---|\n{}", rows.collect::<String>())
}
