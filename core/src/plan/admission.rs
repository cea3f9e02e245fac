//! Admission: which validation function goes where, and what it looks at.

use super::api;
use super::functions::functions;
use super::path::{Placed, stem};
use super::unit::{Builder, SpecGroup, UnitKind};
use super::{ApiFieldUnit, Scaffold};
use crate::diagnostic::Diagnostic;
use crate::go::FuncName;
use crate::name::Name;
use crate::survey::{EntryPoint, Validator};
use crate::tree::parent;

/// A validation function, its call, and its test.
#[derive(Clone, Debug)]
pub struct AdmissionUnit {
    /// The file of the function.
    pub file: String,
    /// The file of its test.
    pub test_file: String,
    /// The function.
    pub function: String,
    /// Where it is called from.
    pub entry: EntryPoint,
    /// The field that it guards, if this plan or the checkout has one.
    pub field: Option<ApiFieldUnit>,
    /// The task's ID.
    pub task: String,
    /// What the task says is to be validated.
    pub purpose: Vec<String>,
    /// Specs that the task names beyond the test of the gate.
    pub groups: Vec<SpecGroup>,
}

impl AdmissionUnit {
    /// Whether what is validated can be set in a spec.
    pub fn sets_field(&self) -> bool {
        let Some(field) = &self.field else { return false };
        self.entry.validator == Validator::KubeVirt || field.from_vmi_spec().is_some()
    }

    /// The text of its own spec, which the task need not name.
    pub fn spec(&self, has_gate: bool) -> &'static str {
        match (has_gate, self.sets_field()) {
            (true, true) => "should accept the field only while the feature gate is enabled",
            (true, false) => "should validate only while the feature gate is enabled",
            (false, true) => "should accept a valid field",
            (false, false) => "should reject what is not valid",
        }
    }
}

/// The validation function that tasks ask for.
pub(super) fn unit(builder: &Builder<'_, '_>, place: &Placed, tasks: &[usize]) -> Result<AdmissionUnit, Diagnostic> {
    let folder = parent(&place.path);
    let line = builder.file.tasks[builder.plan.tasks[tasks[0]].index].span;
    let entry = builder.survey.entry_point(folder).expect("the classifier found an entry point");
    let entry = entry.map_err(|diagnostic| diagnostic.at(&builder.file.source, line))?;
    let named = tasks.iter().flat_map(|&task| functions(&builder.plan.tasks[task]).0).next();
    let said = named.as_ref().map(|function| function.purpose.clone()).filter(|purpose| !purpose.is_empty());
    let function = named.map_or_else(|| default_name(builder, place, &entry), |function| function.name);
    let task = &builder.plan.tasks[tasks[0]];
    let purpose = task.details(&["task", "logic", "validation", "integration"]).map(str::to_owned);
    let purpose = said.into_iter().chain(purpose).collect();
    let tested =
        tasks.iter().copied().filter(|&task| builder.plan.tasks[task].details(&["test", "tests"]).next().is_some());
    let groups = tested.map(|task| builder.spec_group(task)).collect();
    Ok(AdmissionUnit {
        file: place.path.clone(),
        test_file: place.path.replace(".go", "_test.go"),
        function,
        field: field(builder, &entry),
        entry,
        task: task.id.clone(),
        purpose,
        groups,
    })
}

/// `validateGuestHeartbeat`; exported where another package calls it.
fn default_name(builder: &Builder<'_, '_>, place: &Placed, entry: &EntryPoint) -> String {
    let feature = builder.plan.feature.gate.as_ref().map(|gate| gate.name.trim_end_matches("Gate").to_owned());
    let feature = feature.unwrap_or_else(|| Name::parse(&builder.plan.feature.slug).pascal());
    let verb = if entry.exported { "Validate" } else { "validate" };
    let name = format!("{verb}{feature}");
    let taken = |unit: &super::Unit| matches!(&unit.kind, UnitKind::Admission(other) if other.function == name);
    if builder.plan.units.iter().any(taken) {
        let words = stem(&place.path).without_suffix(&["webhook"]).without_suffix(&["admitter"]);
        return format!("{verb}{}", words.pascal());
    }
    name
}

/// The API field of the feature: one that this plan adds, or one that a former run added.
fn field(builder: &Builder<'_, '_>, entry: &EntryPoint) -> Option<ApiFieldUnit> {
    let reaches = |unit: &ApiFieldUnit| match entry.validator {
        Validator::KubeVirt => unit.struct_name == "KubeVirtConfiguration",
        _ => unit.from_vmi_spec().is_some(),
    };
    let planned = builder.assigned.files.iter().filter(|file| file.scaffold == Scaffold::ApiField);
    let mut planned = planned.filter_map(|file| api::unit(builder, file.place.as_ref()?, &file.tasks).ok());
    planned.find(reaches).or_else(|| {
        // Tasks that are not selected now may have been done before.
        let all = builder.file.tasks.iter().enumerate().filter(|(index, _)| {
            let task = &builder.plan.tasks[*index];
            task.scaffold == Scaffold::ApiField && !task.selected
        });
        let mut there = all.filter_map(|(index, task)| {
            let path = task.paths.first()?;
            let path = builder.options.placeholders.resolve(&path.text, crate::task::Style::Path).0;
            let path =
                path.strip_prefix("api/").map_or(path.clone(), |rest| format!("staging/src/kubevirt.io/api/{rest}"));
            let unit = api::unit(builder, &Placed { path, exists: true }, &[index]).ok()?;
            let source = builder.survey.go(&unit.file).ok().flatten()?;
            api::has_field(&source.target(), &unit.struct_name, &unit.field).map(|_| unit)
        });
        there.find(reaches)
    })
}

impl AdmissionUnit {
    /// The function that calls it.
    pub fn caller(&self) -> FuncName<'_> {
        FuncName { receiver: self.entry.receiver.as_deref(), name: &self.entry.function }
    }
}
