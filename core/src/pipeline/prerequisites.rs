//! What is held back: the implementation, until the constitution is complied with and the tests
//! are written.

use super::assign::Classification;
use crate::diagnostic::Diagnostic;
use crate::graph::{Graph, Incoming, Origin, graph};
use crate::plan::{Blocked, Need, Options, PlannedTask, Role};
use crate::survey::Survey;
use crate::task::TaskFile;

pub(super) struct Prerequisites<'a, 't> {
    pub(super) file: &'a TaskFile,
    pub(super) survey: &'a Survey<'t>,
    pub(super) options: &'a Options,
    pub(super) tasks: &'a mut [PlannedTask],
    pub(super) classification: &'a Classification,
    pub(super) blocked: &'a mut Vec<Blocked>,
    pub(super) needs: &'a mut Vec<Need>,
    pub(super) diagnostics: &'a mut Vec<Diagnostic>,
}

impl Prerequisites<'_, '_> {
    /// Takes out of the selection what must wait. Every task knows its kind already.
    pub(super) fn apply(&mut self) {
        self.compliance();
        if self.options.selection.is_partial() {
            self.dependencies();
        }
        if self.tasks.iter().any(|task| task.selected) || self.blocked.is_empty() {
            return;
        }
        let held: Vec<&str> = self.blocked.iter().map(|blocked| self.tasks[blocked.task].id.as_str()).collect();
        let message = format!("every selected task is held back: {}", held.join(", "));
        let first = self.file.tasks[self.tasks[self.blocked[0].task].index].span;
        let help = "see the reasons above; --ignore-compliance overrides them";
        self.diagnostics.push(Diagnostic::error("held-back", message).at(&self.file.source, first).help(help));
    }

    fn hold(&mut self, task: usize, reason: String) {
        self.tasks[task].selected = false;
        self.blocked.push(Blocked { task, reason });
    }

    /// Boxes of the compliance section that are not ticked hold the implementation back.
    fn compliance(&mut self) {
        let open: Vec<_> = self.file.compliance.iter().filter(|checkbox| !checkbox.done).collect();
        let Some(first) = open.first() else { return };
        let boxes = match open.len() {
            1 => "1 compliance box is not ticked".to_owned(),
            count => format!("{count} compliance boxes are not ticked"),
        };
        let implementation: Vec<usize> = self.selected(|task| task.role() == Some(Role::Implementation));
        let names: Vec<String> = open.iter().map(|checkbox| title(&checkbox.text.text)).collect();
        let at = |diagnostic: Diagnostic| diagnostic.at(&self.file.source, first.text.span);
        if self.options.ignore_compliance {
            let message = format!("{boxes}, and the implementation is scaffolded anyway (--ignore-compliance)");
            self.diagnostics.push(
                at(Diagnostic::warning("compliance-ignored", message)).help(format!("open: {}", names.join(", "))),
            );
            return;
        }
        let message = if implementation.is_empty() {
            boxes.clone()
        } else {
            let ids: Vec<&str> = implementation.iter().map(|&task| self.tasks[task].id.as_str()).collect();
            format!("{boxes}: the implementation is held back ({})", ids.join(", "))
        };
        let help = format!("verify and tick: {}; or pass --ignore-compliance", names.join(", "));
        self.diagnostics.push(at(Diagnostic::warning("compliance-unticked", message)).help(help));
        for task in implementation {
            self.hold(task, boxes.clone());
        }
    }

    fn selected(&self, wanted: fn(&PlannedTask) -> bool) -> Vec<usize> {
        (0..self.tasks.len()).filter(|&task| self.tasks[task].selected && wanted(&self.tasks[task])).collect()
    }

    /// What selected tasks wait for must be selected too, or be there.
    fn dependencies(&mut self) {
        let graph = graph(self.file);
        let incoming = Incoming::new(self.file.tasks.len(), &graph.links);
        for task in self.selected(|task| task.kind.is_some()) {
            let missing: Vec<usize> =
                self.waits_for(&graph, &incoming, task).into_iter().filter(|&on| !self.is_there(on)).collect();
            if missing.is_empty() {
                continue;
            }
            let (tests, others): (Vec<usize>, Vec<usize>) = missing.into_iter().partition(|&on| self.is_test(on));
            let ids = |tasks: &[usize], between| {
                tasks.iter().map(|&on| self.tasks[on].id.clone()).collect::<Vec<_>>().join(between)
            };
            let own = self.tasks[task].id.clone();
            let span = self.file.tasks[self.tasks[task].index].span;
            if !tests.is_empty()
                && self.tasks[task].role() == Some(Role::Implementation)
                && !self.options.ignore_compliance
            {
                let why = "waits for its tests";
                self.needs.extend(tests.iter().map(|&on| Need { task, on, why }));
                let (flag, ids) = (ids(&tests, ","), ids(&tests, ", "));
                let verb = if tests.len() == 1 { "is" } else { "are" };
                let message = format!("{own} is held back: its tests come first, and {ids} {verb} not scaffolded yet");
                let diagnostic = Diagnostic::warning("tests-first", message).at(&self.file.source, span);
                self.diagnostics.push(
                    diagnostic.help(format!("scaffold them too: --only {flag},{own}; or pass --ignore-compliance")),
                );
                self.hold(task, format!("the specs of {ids} do not exist yet"));
            } else if !others.is_empty() {
                self.needs.extend(others.iter().map(|&on| Need { task, on, why: "waits for it" }));
                let (flag, ids) = (ids(&others, ","), ids(&others, ", "));
                let verb = if others.len() == 1 { "is" } else { "are" };
                let message = format!("{own} waits for {ids}, which {verb} neither selected nor in the checkout");
                let diagnostic = Diagnostic::warning("prerequisite-missing", message).at(&self.file.source, span);
                self.diagnostics.push(diagnostic.help(format!("select them too: --only {flag},{own}")));
            }
        }
    }

    /// The tasks that are not selected and come before a task: those that the file states, and the
    /// tests of earlier phases.
    fn waits_for(&self, graph: &Graph, incoming: &Incoming, task: usize) -> Vec<usize> {
        let mut found: Vec<usize> = Vec::new();
        for link in incoming.of(task).map(|link| &graph.links[link]) {
            let wanted = |on: &usize| match link.origin {
                Origin::Stated => true,
                Origin::Phase => self.is_test(*on),
                Origin::Prose | Origin::File => false,
            };
            found.extend(link.from.iter().filter(|on| !self.tasks[*on].selected).filter(wanted));
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Whether the checkout has what a task makes: its file, and for tests one of its specs.
    fn is_there(&self, task: usize) -> bool {
        let planned = &self.tasks[task];
        if planned.kind.is_none() || self.file.tasks[planned.index].paths.is_empty() {
            return true;
        }
        self.classification.places(task).any(|place| {
            let Ok(Some(text)) = self.survey.text(&place.path) else { return false };
            !self.is_test(task)
                || text.contains(&format!("{}:", planned.id))
                || planned.specs().iter().any(|spec| text.contains(spec.as_str()))
        })
    }

    fn is_test(&self, task: usize) -> bool {
        self.tasks[task].role().is_some_and(Role::is_test)
    }
}

/// "**KubeVirt Razor**: …" is known by its title.
fn title(text: &str) -> String {
    text.split(':').next().unwrap_or(text).trim().to_owned()
}
