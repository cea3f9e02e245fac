//! The plan as JSON, version 1.

use std::fmt::Write as _;

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{Color, Proposal, action, unified};
use crate::diagnostic::{Diagnostic, DiagnosticJson, visible_json};
use crate::pipeline::{Change, Hook};
use crate::plan::{LineUse, PlannedTask};

/// What came of a run, beside the plan itself.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Where the checkout is.
    pub root: Option<String>,
    /// The commit that is checked out.
    pub commit: Option<String>,
    /// Where the checkout keeps active gates.
    pub layout: Option<String>,
    /// Whether the files were written.
    pub applied: bool,
    /// Why writing failed, if it did.
    pub failure: Option<Diagnostic>,
    /// The steps that are to run, or were; all of the plan's unless the user chose.
    pub hooks: Vec<Hook>,
}

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    feature: Option<FeatureJson<'a>>,
    kubevirt: KubeVirtJson<'a>,
    tasks: Vec<TaskJson<'a>>,
    changes: Vec<ChangeJson<'a>>,
    manual: Vec<ManualJson<'a>>,
    hooks: Vec<HookJson<'a>>,
    diagnostics: Vec<DiagnosticJson<'a>>,
    applied: bool,
}

#[derive(Serialize)]
struct FeatureJson<'a> {
    id: Option<&'a str>,
    name: &'a str,
    slug: &'a str,
    gate: Option<&'a str>,
}

#[derive(Serialize)]
struct KubeVirtJson<'a> {
    root: Option<&'a str>,
    commit: Option<&'a str>,
    layout: Option<&'a str>,
}

#[derive(Serialize)]
struct TaskJson<'a> {
    id: &'a str,
    title: &'a str,
    phase: Option<&'a str>,
    line: usize,
    scaffold: &'static str,
    state: &'static str,
    lines: Vec<LineJson<'a>>,
}

#[derive(Serialize)]
struct LineJson<'a> {
    line: usize,
    #[serde(rename = "use")]
    used: &'static str,
    kind: Option<&'static str>,
    paths: Vec<&'a str>,
    reason: Option<&'a str>,
}

#[derive(Serialize)]
struct ChangeJson<'a> {
    path: &'a str,
    action: &'static str,
    tasks: Vec<&'a str>,
    before_sha256: Option<String>,
    after_sha256: String,
    diff: String,
}

#[derive(Serialize)]
struct ManualJson<'a> {
    task: &'a str,
    reason: String,
}

#[derive(Serialize)]
struct HookJson<'a> {
    name: &'a str,
    command: String,
    reason: &'a str,
}

/// The document for a plan, carried out or not.
pub fn plan<'a>(proposal: &'a Proposal, outcome: &'a Outcome) -> String {
    let plan = &proposal.plan;
    let id = |task: &usize| plan.tasks[*task].id.as_str();
    print(&Document {
        version: 1,
        feature: Some(FeatureJson {
            id: plan.feature.id.as_deref(),
            name: &plan.feature.name,
            slug: &plan.feature.slug,
            gate: plan.feature.gate.as_ref().map(|gate| gate.name.as_str()),
        }),
        kubevirt: kubevirt(outcome),
        tasks: plan.tasks.iter().enumerate().map(|(index, task)| task_json(proposal, index, task)).collect(),
        changes: proposal
            .ordered()
            .into_iter()
            .map(|change| change_json(change, change.tasks.iter().map(id)))
            .collect(),
        manual: plan.manual.iter().map(|m| ManualJson { task: id(&m.task), reason: m.reason.to_string() }).collect(),
        hooks: outcome.hooks.iter().map(hook_json).collect(),
        diagnostics: proposal.diagnostics().chain(&outcome.failure).map(DiagnosticJson::from).collect(),
        applied: outcome.applied,
    })
}

/// The document for a run that came to no plan.
pub fn diagnostics(found: &[Diagnostic], outcome: &Outcome) -> String {
    print(&Document {
        version: 1,
        feature: None,
        kubevirt: kubevirt(outcome),
        tasks: Vec::new(),
        changes: Vec::new(),
        manual: Vec::new(),
        hooks: Vec::new(),
        diagnostics: found.iter().map(DiagnosticJson::from).collect(),
        applied: false,
    })
}

fn print(document: &Document<'_>) -> String {
    visible_json(&serde_json::to_string_pretty(document).expect("strings and numbers become JSON"))
}

fn kubevirt(outcome: &Outcome) -> KubeVirtJson<'_> {
    KubeVirtJson { root: outcome.root.as_deref(), commit: outcome.commit.as_deref(), layout: outcome.layout.as_deref() }
}

fn task_json<'a>(proposal: &Proposal, index: usize, task: &'a PlannedTask) -> TaskJson<'a> {
    let changes = proposal.set.changes.iter().any(|change| change.tasks.contains(&index));
    let has_unit = proposal.plan.units_of(index).next().is_some();
    let state = if proposal.plan.blocked.iter().any(|blocked| blocked.task == index) {
        "held"
    } else if !task.selected {
        "skipped"
    } else if changes {
        "planned"
    } else if has_unit {
        "present"
    } else {
        "manual"
    };
    let kind = task.kind.filter(|_| state != "manual");
    TaskJson {
        id: &task.id,
        title: &task.said,
        phase: task.phase.as_deref(),
        line: task.line,
        scaffold: kind.map_or("manual", |kind| kind.name()),
        state,
        lines: task.lines.iter().map(line_json).collect(),
    }
}

fn line_json(line: &LineUse) -> LineJson<'_> {
    LineJson {
        line: line.line,
        used: line.used.name(),
        kind: line.kind,
        paths: line.paths.iter().map(|path| &**path).collect(),
        reason: line.reason.as_deref(),
    }
}

fn change_json<'a>(change: &'a Change, tasks: impl Iterator<Item = &'a str>) -> ChangeJson<'a> {
    ChangeJson {
        path: &change.path,
        action: action(change),
        tasks: tasks.collect(),
        before_sha256: change.before.as_deref().map(sha256),
        after_sha256: sha256(&change.after),
        diff: unified(change, Color::Never),
    }
}

fn hook_json(hook: &Hook) -> HookJson<'_> {
    HookJson { name: &hook.name, command: hook.command(), reason: &hook.reason }
}

/// The SHA-256 of a text, in hexadecimal digits.
pub fn sha256(text: &str) -> String {
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(text.as_bytes()) {
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}
