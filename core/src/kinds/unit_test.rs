//! Unit tests: specs beside the code.

use super::spec_place::{Containers, Placed, PlacedFile, speaks_of};
use super::specs::{self, SpecGroup, Suite};
use crate::pending::{Declared, PendingFiles, Refusal};
use crate::plan::{Assigned, Candidate, Claimed, Kind, Named, Planner, Role, Row, Unit};
use crate::repo_path::RepoPath;
use crate::template::{Template, Text};
use crate::tree::parent;

#[derive(Debug)]
pub(super) struct UnitTest;

#[derive(Debug)]
struct Facts {
    file: RepoPath,
    placed: Vec<PlacedFile>,
    groups: Vec<SpecGroup>,
    suite: Option<Suite>,
}

impl Kind for UnitTest {
    fn name(&self) -> &'static str {
        "unit-test"
    }

    fn role(&self) -> Role {
        Role::Test { functional: false }
    }

    fn row(&self) -> Row {
        Row {
            names: "`pkg/**/*_test.go`",
            makes: "one failing unit spec for each `Test:` line, in the container that it names, and the package's suite",
        }
    }

    fn templates(&self) -> &'static [Text] {
        &[PlacedFile::FILE]
    }

    fn claim(&self, _: &Candidate<'_, '_>, named: &Named<'_>) -> Option<Claimed> {
        matches!(named, Named::File { place, .. } if place.path.ends_with("_test.go")).then_some(Claimed::File)
    }

    fn plan(&self, planner: &mut Planner<'_, '_>, assigned: &Assigned) {
        let Some(place) = &assigned.place else { return };
        let tasks = specs::stating(planner, &assigned.tasks);
        if tasks.is_empty() {
            return;
        }
        match facts(planner, &place.path, &tasks) {
            Ok(facts) => {
                specs::note(planner, &tasks, &place.path);
                for &task in &tasks {
                    specs::decorators(planner, task, &place.path);
                }
                planner.push(facts, &tasks);
            }
            Err(refusal) => planner.diagnose(refusal),
        }
    }
}

fn facts(planner: &mut Planner<'_, '_>, file: &RepoPath, tasks: &[usize]) -> Result<Facts, Refusal> {
    planner.open(file)?;
    let containers = planner.survey.go(file)?.map(|source| Containers::of(&source)).unwrap_or_default();
    let own = |&task: &usize| SpecGroup::open(planner, task).into_iter().map(move |group| (task, group));
    let (owners, groups): (Vec<usize>, Vec<SpecGroup>) = tasks.iter().flat_map(own).unzip();
    let mut placed: Vec<Placed> = Vec::new();
    for (task, (title, specs)) in owners.into_iter().zip(specs::told_apart(&groups)) {
        let id = &planner.task(task).id;
        let subject = &planner.task(task).subject;
        for spec in specs {
            let path = place(&containers, file, [subject.as_str(), &spec], title);
            match placed.iter_mut().find(|known| known.task == *id && known.path == path) {
                Some(known) => known.specs.push(spec),
                None => placed.push(Placed { task: id.clone(), path, specs: vec![spec] }),
            }
        }
    }
    let placed = placed.iter().map(|placed| PlacedFile::new(planner, file, placed)).collect();
    let suite = Suite::lacking(planner, parent(file))?;
    Ok(Facts { file: file.clone(), placed, groups, suite })
}

/// The container of a spec: the one that its task speaks of, or its own text; else one of the task, in the outermost.
fn place(containers: &Containers, file: &str, said: [&str; 2], title: &str) -> Vec<String> {
    let own = (!title.is_empty()).then(|| title.to_owned());
    let mut named = said.iter().filter_map(|text| containers.only(|title| speaks_of(text, title)));
    match named.next() {
        Some([outermost]) => std::iter::once(outermost.clone()).chain(own).collect(),
        Some(path) => path.to_vec(),
        None => std::iter::once(containers.outermost(file).unwrap_or_default().to_owned()).chain(own).collect(),
    }
}

impl Unit for Facts {
    fn files(&self) -> Vec<&RepoPath> {
        vec![&self.file]
    }

    fn render(&self, pending: &mut PendingFiles<'_>) -> Result<(), Refusal> {
        for placed in &self.placed {
            pending.write_go(&self.file, placed, &Declared::default())?;
        }
        Suite::render(self.suite.as_ref(), pending)
    }

    fn specs(&self, task: &str) -> Vec<(RepoPath, String)> {
        specs::expected(&self.groups, task, &self.file)
    }
}
