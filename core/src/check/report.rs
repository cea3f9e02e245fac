//! What was found, for programs: JSON version 1, and SARIF 2.1.0.

use serde::Serialize;
use serde_json::{Value, json};

use super::rules::RULES;
use crate::diagnostic::{Diagnostic, DiagnosticJson, Severity, visible_json};
use crate::task::TaskFile;

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    file: &'a str,
    tasks: Vec<TaskJson<'a>>,
    diagnostics: Vec<DiagnosticJson<'a>>,
    /// What `scaffold` would leave to people, if that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    manual: Option<&'a [LeftJson]>,
}

/// A task, or a part of it, that `scaffold` would leave to people.
#[derive(Serialize, Debug)]
pub struct LeftJson {
    /// The task's ID.
    pub task: String,
    /// Why.
    pub reason: String,
}

#[derive(Serialize)]
struct TaskJson<'a> {
    id: &'a str,
    title: &'a str,
    phase: Option<&'a str>,
    line: usize,
    labels: &'a [String],
    done: bool,
    paths: Vec<&'a str>,
}

/// The tasks of a file and what was found.
pub fn json(name: &str, file: Option<&TaskFile>, found: &[Diagnostic], manual: Option<&[LeftJson]>) -> String {
    let tasks = file.map(tasks).unwrap_or_default();
    let diagnostics = found.iter().map(DiagnosticJson::from).collect();
    let document = Document { version: 1, file: name, tasks, diagnostics, manual };
    visible_json(&serde_json::to_string_pretty(&document).expect("strings and numbers become JSON"))
}

fn tasks(file: &TaskFile) -> Vec<TaskJson<'_>> {
    let tasks = file.tasks.iter().map(|task| TaskJson {
        id: &task.id,
        title: &task.title.text,
        phase: file.phase_number(task),
        line: file.line(task),
        labels: &task.labels,
        done: task.done,
        paths: file.mentions(task).iter().map(|path| path.text.as_str()).collect(),
    });
    tasks.collect()
}

/// The findings as SARIF, which code hosts show beside the lines.
pub fn sarif(found: &[Diagnostic]) -> String {
    let results: Vec<Value> = found.iter().map(result).collect();
    let rules: Vec<Value> =
        RULES.iter().map(|rule| json!({"id": rule.code, "shortDescription": {"text": rule.summary}})).collect();
    let document = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {"name": "kubevirt-scaffold", "version": env!("CARGO_PKG_VERSION"), "rules": rules}},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    visible_json(&serde_json::to_string_pretty(&document).expect("strings and numbers become JSON"))
}

fn result(diagnostic: &Diagnostic) -> Value {
    let level = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    let help = diagnostic.help.as_deref().filter(|help| !help.is_empty());
    let text = help.map_or(diagnostic.message.clone(), |help| format!("{}. {help}", diagnostic.message));
    let mut result = json!({"ruleId": diagnostic.code, "level": level, "message": {"text": text}});
    if let Some(index) = RULES.iter().position(|rule| rule.code == diagnostic.code) {
        result["ruleIndex"] = json!(index);
    }
    if let Some((source, span)) = &diagnostic.place {
        let (start, end) = (source.line_column(span.start), source.line_column(span.end));
        result["locations"] = json!([{
            "physicalLocation": {
                "artifactLocation": {"uri": source.name().replace('\\', "/")},
                "region": {
                    "startLine": start.line, "startColumn": start.column,
                    "endLine": end.line, "endColumn": end.column,
                },
            },
        }]);
    }
    result
}
