//! Unit tests: specs beside the code.

use serde::Serialize;

use super::specs::{self, GINKGO, Group, SpecGroup, Suite};
use crate::go::{ImportSpec, import_declaration, string};
use crate::pending::{Declared, PendingFiles, Refusal};
use crate::plan::{Assigned, Candidate, Claimed, Kind, Named, Planner, Role, Row, Unit};
use crate::repo_path::RepoPath;
use crate::template::{Context, Template, Text};
use crate::tree::parent;

#[derive(Debug)]
pub(super) struct UnitTest;

#[derive(Serialize, Context, Template, Debug)]
#[template("scaffolds/unit-test/new/pkg/__package__/__file___test.go.hbs")]
struct TestFile {
    header: String,
    package: String,
    imports: String,
    title: String,
    groups: Vec<Group>,
}

#[derive(Debug)]
struct Facts {
    file: RepoPath,
    template: TestFile,
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
            makes: "one failing unit spec for each `Test:` line, and the package's suite",
        }
    }

    fn templates(&self) -> &'static [Text] {
        &[TestFile::FILE]
    }

    fn claim(&self, _: &Candidate<'_, '_>, named: &Named<'_>) -> Option<Claimed> {
        matches!(named, Named::File { place, .. } if place.path.ends_with("_test.go")).then_some(Claimed::File)
    }

    fn plan(&self, planner: &mut Planner<'_, '_>, assigned: &Assigned) {
        let Some(place) = &assigned.place else { return };
        match facts(planner, &place.path, &assigned.tasks) {
            Ok(facts) => {
                specs::note(planner, &assigned.tasks, &place.path);
                planner.push(facts, &assigned.tasks);
            }
            Err(refusal) => planner.diagnose(refusal),
        }
    }
}

fn facts(planner: &mut Planner<'_, '_>, file: &RepoPath, tasks: &[usize]) -> Result<Facts, Refusal> {
    let survey = planner.survey;
    let folder = parent(file);
    planner.open(file)?;
    let groups: Vec<SpecGroup> = tasks.iter().map(|&task| SpecGroup::of(planner, task)).collect();
    let template = TestFile {
        header: survey.header().to_owned(),
        package: survey.package(folder).test_name.clone(),
        imports: import_declaration(&[ImportSpec::named(".", GINKGO)], survey.module()),
        title: string(&specs::title(file)),
        groups: specs::groups(&groups),
    };
    Ok(Facts { file: file.clone(), template, groups, suite: Suite::lacking(planner, folder)? })
}

impl Unit for Facts {
    fn files(&self) -> Vec<&RepoPath> {
        vec![&self.file]
    }

    fn render(&self, pending: &mut PendingFiles<'_>) -> Result<(), Refusal> {
        pending.write_go(&self.file, &self.template, &Declared::default())?;
        Suite::render(self.suite.as_ref(), pending)
    }

    fn specs(&self, task: &str) -> Vec<(RepoPath, String)> {
        specs::expected(&self.groups, task, &self.file)
    }
}
