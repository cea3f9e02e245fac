//! The tasks of the components, and those before a release.

use std::fmt::Write as _;

use super::admission::is_admission;
use super::api::API;
use super::facts::usual_files;
use super::spelled::spelled;
use super::tasks::{Maker, sentence};
use super::{GateFact, PlaceFact};
use crate::draft::{Draft, Group};
use crate::tree::file_name;

fn is_test(path: &str) -> bool {
    path.ends_with("_test.go") || path.starts_with("tests/")
}

impl Maker<'_, '_> {
    pub(super) fn components(&mut self) {
        let facts = self.facts;
        let mut made = Vec::new();
        // What other tasks change already is not said twice.
        let groups = self.tasks.foundation.iter().chain(&self.tasks.implementation);
        let mut covered: Vec<String> =
            groups.flat_map(|group| &group.tasks).filter_map(|task| task.file.clone()).collect();
        if matches!(facts.gate, GateFact::Named { .. }) && facts.registered.is_none() {
            covered.push("pkg/virt-config/feature-gates.go".to_owned());
        }
        let own =
            |place: &&PlaceFact| !is_test(&place.path) && (place.rule.is_some() || !covered.contains(&place.path));
        let granted = |path: &str| facts.accesses.iter().any(|access| access.file == path);
        for place in facts.places.iter().filter(own).filter(|place| !granted(&place.path)) {
            let mut task = Draft::new(format!("Change {}", file_name(&place.path)));
            let spelled = if place.rule.is_none() { spelled(self.vep, &place.path) } else { Vec::new() };
            task = match place.rule {
                Some(_) => task.line("Review", place.what.clone()),
                None if spelled.is_empty() => {
                    task.line("Review", "the VEP names this file; what changes in it is in the design")
                }
                None => task.line("Review", "the VEP names this file; what else changes in it is in the design"),
            };
            for (key, line, span) in spelled {
                task = task.line(key, line).from(&self.place(span));
            }
            for span in place.spans.iter().take(4) {
                task = task.from(&self.place(*span));
            }
            if let Some(rule) = place.rule {
                task = task.from(rule);
            }
            if place.path.starts_with(API) {
                task = task.line("Command", "Run `make generate` after the change");
            }
            task.file = Some(place.path.clone());
            task.extends = true;
            made.push(task);
        }
        made.extend(self.accesses());
        made.extend(self.said());
        let names: Vec<&str> = facts.components.iter().map(|(name, _)| *name).collect();
        if names.is_empty() && made.is_empty() || !names.is_empty() {
            let mut task = Draft::new("Component Logic");
            for (name, span) in &facts.components {
                task = task.line("Component", *name).from(&self.place(*span));
            }
            if names.is_empty()
                && let Some(design) = self.vep.sections(super::Topic::Design).next()
            {
                task = task.from(&self.place(design.span));
            }
            let mut question = self.which_files(&names);
            let likely: Vec<String> = names
                .iter()
                .flat_map(|name| usual_files(name, self.survey))
                .filter(|file| !facts.places.iter().any(|known| known.path == *file))
                .map(|file| format!("`{file}`"))
                .collect();
            if !likely.is_empty() {
                let _ = write!(question, " Likely candidates: {}.", likely.join(", "));
            }
            let (task, answer) = self.ask(task, question);
            made.push(task);
            made.extend(self.answered(answer));
        }
        self.admission(&made);
        let done_when = "the tests of phase 2 pass";
        self.tasks.implementation.push(Group { title: "Component Logic".to_owned(), done_when, tasks: made });
    }

    /// What is to be asked about files. What the VEP names is not said to be lacking.
    fn which_files(&self, names: &[&str]) -> String {
        let named: Vec<String> = self
            .facts
            .places
            .iter()
            .filter(|place| place.rule.is_none() && !is_test(&place.path))
            .map(|place| format!("`{}`", place.path))
            .chain(self.facts.new_files.iter().map(|(path, _)| format!("`{path}`, which the checkout lacks")))
            .collect();
        let of = if names.is_empty() { String::new() } else { format!(" of {}", names.join(", ")) };
        if !named.is_empty() {
            return format!("Which other files{of} will change? The VEP names {}.", named.join(", "));
        }
        if self.facts.left_out.iter().any(|left| left.what.ends_with(".go`")) {
            return format!("Which files{of} will change? The VEP does not say that any file it names will.");
        }
        if !names.is_empty() {
            return format!("Which files{of} will change? The VEP names components, not files.");
        }
        "Which files will change? The design names none that the checkout has.".to_owned()
    }

    /// The roles of components that get rules, a task each.
    fn accesses(&self) -> Vec<Draft> {
        let mut made: Vec<Draft> = Vec::new();
        for access in &self.facts.accesses {
            let at = made.iter().position(|task| task.file.as_ref() == Some(&access.file)).unwrap_or_else(|| {
                let mut task = Draft::new(format!("Access of {}", access.component));
                (task.file, task.extends) = (Some(access.file.clone()), true);
                made.push(task.from("rule: the component's role is there"));
                made.len() - 1
            });
            made[at] = made[at].clone().line("Task", access.line()).from(&self.place(access.span));
        }
        made
    }

    /// What prose states: commands, metrics, events and conditions.
    fn said(&self) -> Vec<Draft> {
        const ROOT: &str = "pkg/virtctl/root.go";
        let said = &self.facts.prose;
        let mut made = Vec::new();
        if !said.commands.is_empty() {
            let mut task = Draft::new("Commands of virtctl");
            task.file = self.survey.exists(ROOT).then(|| ROOT.to_owned());
            task.extends = true;
            for (name, span) in &said.commands {
                let line = format!("`virtctl {name}`, which the checkout lacks; its package is a decision");
                task = task.line("Review", line).from(&self.place(*span));
            }
            made.push(task.from("rule: every command is added there"));
        }
        for (title, names, what) in [
            ("Events", &said.events, "an event that the checkout lacks; where it is emitted is a decision"),
            ("Conditions", &said.conditions, "a condition that the checkout lacks; who sets it is a decision"),
        ] {
            if !names.is_empty() {
                let task = Draft::new(title);
                made.push(names.iter().fold(task, |task, (name, span)| {
                    task.line("Review", format!("`{name}`, {what}")).from(&self.place(*span))
                }));
            }
        }
        if !said.metrics.is_empty() {
            let mut task = Draft::new("Metrics");
            for (name, span) in &said.metrics {
                let line = format!(
                    "`{name}`, which the checkout's list of metrics lacks; where it is collected is a decision"
                );
                task = task.line("Review", line).from(&self.place(*span));
            }
            made.push(task);
        }
        made
    }

    /// The files that an answer names.
    fn answered(&self, answer: Option<String>) -> Vec<Draft> {
        let answer = answer.unwrap_or_default();
        let paths = answer.split([',', ' ', '`']).filter(|path| path.contains('/') && path.ends_with(".go"));
        let task = |path: &str| {
            let mut task = Draft::new(format!("Change {}", file_name(path))).from("the answer to the question");
            task.file = Some(path.to_owned());
            task.extends = self.survey.exists(path);
            task
        };
        paths.map(task).collect()
    }

    /// Who admits it, where the VEP speaks of that and no task names a file of it.
    fn admission(&mut self, components: &[Draft]) {
        let groups = self.tasks.implementation.iter().flat_map(|group| &group.tasks);
        let is_there = groups.chain(components).filter_map(|task| task.file.as_deref()).any(is_admission);
        let Some(open) = self.facts.admission.as_ref().filter(|_| !is_there) else { return };
        let mut task = Draft::new("Admission").line("Review", "what users may ask for is checked before it is stored");
        for span in &open.spans {
            task = task.from(&self.place(*span));
        }
        let candidates: Vec<String> = open.candidates.iter().map(|file| format!("`{file}`")).collect();
        let question = format!(
            "Which webhook admits what is new, or does none? Such things are admitted in {}. Answer with files, or `none`.",
            candidates.join(", ")
        );
        let (task, answer) = self.ask(task, question);
        let mut made = vec![task];
        made.extend(self.answered(answer));
        let done_when = "what is not allowed is rejected, with the reason";
        self.tasks.implementation.push(Group { title: "Admission".to_owned(), done_when, tasks: made });
    }

    pub(super) fn release(&mut self) {
        let of = |topic| self.vep.sections(topic).next().map(|heading| self.vep.place(heading.span));
        let mut guide = Draft::new("User Guide");
        for goal in &self.facts.goals {
            guide = guide.line("Requirement", sentence(&goal.text)).from(&self.place(goal.span));
        }
        guide = guide.line("Review", "users read kubevirt/user-guide, which is another repository");
        let mut review = Draft::new("Security Review")
            .line("Review", "no new privileges beyond those of pods")
            .line("Review", "isolation is kept");
        if let Some(place) = of(super::Topic::Security) {
            review = review.from(&place);
        }
        // Whether something is lost, the VEP says or leaves open: nothing is claimed in its name.
        let mut update = Draft::new("Update and Rollback");
        update = match of(super::Topic::Update) {
            Some(place) => update
                .line("Review", format!("compare an update and a rollback with what the VEP says about them ({place})"))
                .from(&place),
            None => update.line("Review", "the VEP says nothing about an update and a rollback: try both"),
        };
        for (title, done_when, task) in [
            ("Documentation", "users can enable the feature and troubleshoot it", guide),
            ("Compatibility", "an update and a rollback were tried", update),
            ("Security Review", "the review is done, without open issues", review),
        ] {
            self.tasks.release.push(Group { title: title.to_owned(), done_when, tasks: vec![task] });
        }
    }
}
