//! Functions that tasks name: each is one head, under a name that Go leaves free.

use super::Subject;
use crate::diagnostic::Diagnostic;
use crate::kinds::function_faults;
use crate::plan::Key;

pub(super) fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    if !subject.is_kubevirt() {
        return;
    }
    for task in &subject.file.tasks {
        // In another language a head is another thing.
        let is_go = task.paths.iter().all(|path| path.text.ends_with(".go"));
        for detail in task.details.iter().filter(|detail| is_go && Key::parse(&detail.key) == Key::Function) {
            for (code, why, help) in function_faults(&detail.text.text) {
                found.push(Diagnostic::error(code, why).at(&subject.file.source, detail.text.span).help(help));
            }
        }
    }
}
