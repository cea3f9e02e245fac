//! Print columns of new fields, which stand with the definitions of the kinds.

use crate::demand::words;
use crate::plan::{ManualReason, PlannedTask, Planner};

/// Where virt-operator defines the kinds.
const CRDS: &str = "pkg/virt-operator/resource/generate/components/crds.go";

/// Names the print columns that tasks ask for, with their place.
pub(super) fn leave(planner: &mut Planner<'_, '_>, tasks: &[usize]) {
    for &index in tasks {
        let task = planner.task(index);
        if texts(task).any(speaks) {
            let why = "a print column is added by hand, where the kind is defined".to_owned();
            let places = place(planner, task).into_iter().collect();
            planner.manual(&[index], &ManualReason::Inexact { why, places });
        }
    }
}

fn texts(task: &PlannedTask) -> impl Iterator<Item = &str> {
    task.details.iter().map(|line| line.text.as_str()).chain([task.title.as_str()])
}

fn speaks(text: &str) -> bool {
    let text = text.to_lowercase().replace(['-', '`'], " ");
    ["print column", "printer column", "printcolumn", "additionalprintercolumn"].iter().any(|said| text.contains(said))
}

/// The function that defines the kind whose spec or status a task names.
fn place(planner: &Planner<'_, '_>, task: &PlannedTask) -> Option<String> {
    let source = planner.survey.go(CRDS).ok().flatten()?;
    let named: Vec<&str> = texts(task).flat_map(words).map(|word| word.text).collect();
    let kinds = named.iter().filter_map(|name| name.strip_suffix("Status").or_else(|| name.strip_suffix("Spec")));
    let decl = kinds.into_iter().find_map(|kind| source.file.func(&format!("New{kind}Crd")))?;
    Some(format!("{CRDS}:{}", source.source.line(decl.span.start)))
}
