//! The tasks of tests: what the testing section names, and the user stories.

use std::collections::BTreeSet;

use super::tasks::{Maker, sentence};
use super::{Case, CaseKind, GateFact, Topic, spec_folders};
use crate::draft::Draft;
use crate::name::Name;
use crate::text::Span;
use crate::tree::{Kind, join};

impl Maker<'_, '_> {
    /// The folder of the functional specs: that of the SIG.
    fn spec_folder(&self) -> Option<String> {
        let sig = self.vep.sig.as_deref()?.trim_start_matches("sig-");
        let mut folders = [format!("tests/{sig}"), "tests/compute".to_owned(), "tests".to_owned()].into_iter();
        folders.find(|folder| self.survey.kind(folder) == Some(Kind::Folder))
    }

    /// The file of the functional specs in a folder, named after the feature.
    fn spec_file(&self, folder: &str) -> Option<String> {
        let name = match &self.facts.gate {
            GateFact::Named { name, .. } => Name::parse(name),
            _ => Name::parse(&self.vep.title.text.split_whitespace().take(5).collect::<Vec<_>>().join(" ")),
        };
        let mut slug = name.snake();
        if folder == "tests" {
            slug.push_str("_test");
        }
        let plain = slug.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        let stem = slug.trim_end_matches("_test");
        (plain && !stem.is_empty())
            .then(|| join(folder, &format!("{}.go", if folder == "tests" { slug.as_str() } else { stem })))
    }

    pub(super) fn tests(&mut self) {
        const RULE: &str = "rule: the folder of the VEP's SIG";
        let facts = self.facts;
        let own = self.spec_folder();
        let file = own.as_deref().and_then(|folder| self.spec_file(folder));
        let functional: Vec<&Case> = facts.tests.of(CaseKind::Functional).collect();
        // Of other SIGs, where the VEP lists them under their names.
        let labelled = |case: &&Case| {
            let label =
                if case.file.is_none() { spec_folders::labelled(self.vep, case.span, self.survey) } else { None };
            label.filter(|(folder, _)| own.as_ref() != Some(folder))
        };
        let groups: Vec<Option<(String, Span)>> = functional.iter().map(labelled).collect();
        let place = |at: usize| (functional[at].file.as_ref(), groups[at].as_ref().map(|(folder, _)| folder));
        let mut made: Vec<Draft> = Vec::new();
        let mut places: Vec<(Option<&String>, Option<&String>)> = Vec::new();
        for at in 0..functional.len() {
            if !places.contains(&place(at)) {
                places.push(place(at));
            }
        }
        for (named, folder) in places {
            let mut task = Draft::new("Functional Tests - Testing Approach");
            match (named, folder) {
                (Some(path), _) => {
                    task.file = Some(path.clone());
                    task.extends = self.survey.exists(path);
                }
                (None, Some(folder)) => task.file = self.spec_file(folder),
                (None, None) => task.file.clone_from(&file),
            }
            let label = groups.iter().flatten().find(|(known, _)| Some(known) == folder);
            if let Some((_, span)) = label {
                task = task.from(&self.place(*span));
            }
            let mut seen = BTreeSet::new();
            let cases = functional.iter().enumerate().filter(|(at, _)| place(*at) == (named, folder));
            for case in cases.map(|(_, case)| case) {
                let mut text = case.text.clone();
                if !seen.insert(text.clone()) {
                    // The same words below another heading are another case.
                    let heading = self.vep.heading_at(case.span.start).map_or("", |heading| &heading.title);
                    text = format!("{text} ({heading})");
                    if !seen.insert(text.clone()) {
                        continue;
                    }
                }
                task = task.line("Test", text).from(&self.place(case.span));
                if let Some((stand, last)) = self.steps(case) {
                    task = task.line("Review", format!("its steps {stand}")).from(&last);
                }
            }
            made.push(match &own {
                _ if named.is_some() || folder.is_some() => task,
                Some(_) => task.from(RULE),
                None => task.line("Review", "the VEP names no SIG, and so no folder of its specs"),
            });
        }
        made.extend(self.unit_tests());
        made.extend(self.notes());
        let told = self.vep.sections(Topic::Stories).next();
        let is_bare = functional.is_empty() && !facts.tests.denied;
        if let Some(told) = told.filter(|_| !facts.stories.is_empty() || is_bare) {
            let mut task = Draft::new("E2E Test - User Stories");
            for story in &facts.stories {
                task = task.line("Story", sentence(&story.text)).from(&self.place(story.span));
            }
            if facts.stories.is_empty() {
                task = task.from(&self.place(told.span));
            }
            if is_bare {
                let title = format!("{} serves its user stories", sentence(&self.vep.title.text));
                task = task.line("Test", title).from(RULE);
                task.file.clone_from(&file);
            }
            made.push(task);
        }
        self.tasks.tests.extend(made);
    }

    /// What unit tests show, by the file that the VEP names for them.
    fn unit_tests(&self) -> Vec<Draft> {
        let units: Vec<&Case> = self.facts.tests.of(CaseKind::Unit).collect();
        let mut made: Vec<Draft> = Vec::new();
        for named in files(&units) {
            let mut task = Draft::new("Unit Tests - Testing Approach");
            if let Some(path) = named {
                let is_there = self.survey.kind(path) == Some(Kind::File);
                task.file = is_there.then(|| path.clone());
                task.extends = is_there;
                if !is_there {
                    task = task.line("Review", format!("the VEP puts them into `{path}`, which the checkout lacks"));
                }
            }
            for case in units.iter().filter(|case| case.file.as_ref() == named) {
                let mut text = case.text.clone();
                // Without a file, nothing but this says that it is no functional test.
                let key = if task.file.is_some() { "Test" } else { "Review" };
                if key == "Review" && !text.to_lowercase().contains("unit") {
                    text.insert_str(0, "a unit test: ");
                }
                task = task.line(key, text).from(&self.place(case.span));
                if let Some((stand, _)) = self.steps(case) {
                    task = task.line("Review", format!("its parts {stand}"));
                }
            }
            made.push(task);
        }
        made
    }

    /// What the section says beside cases.
    fn notes(&self) -> Option<Draft> {
        let mut told: Vec<(&str, Vec<String>)> = Vec::new();
        for case in &self.facts.tests.cases {
            let CaseKind::NoCase(why) = case.kind else { continue };
            let place = self.place(case.span);
            match told.iter_mut().find(|(known, _)| *known == why) {
                Some((_, places)) if !places.contains(&place) => places.push(place),
                Some(_) => {}
                None => told.push((why, vec![place])),
            }
        }
        let mut task = Draft::new("Testing Notes");
        for (why, places) in &told {
            task = task.line("Review", format!("{why}: {}", places.join(", ")));
            for place in places {
                task = task.from(place);
            }
        }
        (!told.is_empty()).then_some(task)
    }

    /// Where the steps of a case stand, and the last one.
    fn steps(&self, case: &Case) -> Option<(String, String)> {
        let (first, last) = (self.place(*case.steps.first()?), self.place(*case.steps.last()?));
        let stand = if first == last { format!("stand in {first}") } else { format!("stand in {first} to {last}") };
        Some((stand, last))
    }
}

/// The files that cases name, each once.
fn files<'a>(cases: &[&'a Case]) -> Vec<Option<&'a String>> {
    let mut found: Vec<Option<&String>> = Vec::new();
    for case in cases {
        if !found.contains(&case.file.as_ref()) {
            found.push(case.file.as_ref());
        }
    }
    found
}
