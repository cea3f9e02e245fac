//! Functions that tasks name: each is one head, under a name that Go leaves free.

use super::Subject;
use crate::diagnostic::Diagnostic;
use crate::kinds::{api_fault, api_help, function_faults, is_api_file};
use crate::plan::Key;

pub(super) fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    if !subject.is_kubevirt() {
        return;
    }
    for task in &subject.file.tasks {
        let is_api = task.paths.iter().any(|path| is_api_file(&path.text));
        for detail in task.details.iter().filter(|_| is_api) {
            let key = Key::parse(&detail.key).to_string();
            if let Some(why) = api_fault(&key, &detail.text.text) {
                let help = api_help(&why);
                let found_at = Diagnostic::warning("api-unclear", why).at(&subject.file.source, detail.text.span);
                found.push(found_at.help(help));
            }
        }
        // In another language a head is another thing.
        let is_go = task.paths.iter().all(|path| path.text.ends_with(".go"));
        for detail in task.details.iter().filter(|detail| is_go && Key::parse(&detail.key) == Key::Function) {
            for (code, why, help) in function_faults(&detail.text.text) {
                found.push(Diagnostic::error(code, why).at(&subject.file.source, detail.text.span).help(help));
            }
        }
    }
}
