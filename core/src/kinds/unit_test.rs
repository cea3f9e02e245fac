//! Unit tests: specs beside the code.

use std::collections::BTreeSet;

use super::spec_place::{Containers, Placed, PlacedFile, speaks_of};
use super::specs::{self, SpecGroup, Suite};
use crate::pending::{PendingFiles, Refusal};
use crate::plan::{Assigned, Candidate, Claimed, Container, Kind, ManualReason, Named, Planner, Role, Row, Unit};
use crate::repo_path::RepoPath;
use crate::template::{Template, Text};
use crate::tree::parent;

#[derive(Debug)]
pub(super) struct UnitTest;

#[derive(Debug)]
struct Facts {
    file: RepoPath,
    /// Each, and whether the task states its containers.
    placed: Vec<(PlacedFile, bool)>,
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
        let tasks = specs::stating(planner, &assigned.tasks, &place.path);
        if tasks.is_empty() {
            return;
        }
        match facts(planner, &place.path, &tasks) {
            Ok(facts) if facts.placed.is_empty() => {}
            Ok(facts) => {
                // What has no place is told.
                let is_placed = |task: &usize| facts.groups.iter().any(|group| group.task == planner.task(*task).id);
                let tasks: Vec<usize> = tasks.into_iter().filter(is_placed).collect();
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
    let mut kept = Vec::new();
    for ((task, (title, specs)), group) in owners.into_iter().zip(specs::told_apart(&groups)).zip(&groups) {
        let planned = planner.task(task);
        let (id, line, subject) = (planned.id.clone(), planned.line, planned.subject.clone());
        let cases = planned.cases();
        let entries = |spec: &str| {
            let is_it = |text: &String| {
                spec.strip_prefix(&specs::begun(planner, text))
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with(" (T"))
            };
            let found = cases.specs.iter().zip(&cases.entries).find(|(text, _)| is_it(text));
            found.and_then(|(_, entries)| entries.clone()).unwrap_or_default()
        };
        let (mut unplaced, mut texts) = (BTreeSet::new(), Vec::new());
        for spec in specs {
            let said = Said {
                title,
                within: &group.within,
                texts: [subject.as_str(), &spec],
                beside: cases.beside.as_deref(),
            };
            let (path, why) = place(&containers, file, &said);
            unplaced.extend(why);
            texts.push((path, (entries(&spec), spec)));
        }
        for why in unplaced {
            planner.manual(&[task], &ManualReason::Unwritable { line, why: format!("{file}: {why}") });
        }
        let is_stated = !group.within.is_empty();
        kept.push(texts.iter().all(|(path, _)| path.is_some()));
        for (path, (entries, spec)) in texts {
            let (Some(path), spec) = (path, (spec, entries)) else { continue };
            match placed.iter_mut().find(|known| known.task == id && known.path == path && known.is_stated == is_stated)
            {
                Some(known) => known.specs.push(spec),
                None => placed.push(Placed { task: id.clone(), path, is_stated, specs: vec![spec] }),
            }
        }
    }
    let placed = placed.iter().map(|placed| (PlacedFile::new(planner, file, placed), placed.is_stated)).collect();
    let groups = groups.into_iter().zip(kept).filter(|(_, is_kept)| *is_kept).map(|(group, _)| group).collect();
    let suite = Suite::lacking(planner, parent(file))?;
    Ok(Facts { file: file.clone(), placed, groups, suite })
}

/// What a task says of where a spec belongs.
struct Said<'a> {
    /// What its specs are about, if it says so.
    title: &'a str,
    /// The containers that it states.
    within: &'a [Container],
    /// Its subject, and the text of the spec.
    texts: [&'a str; 2],
    /// The spec that it puts its own beside.
    beside: Option<&'a str>,
}

/// The containers of a spec: those that its task states, or the one that it speaks of, or the spec's own text; else one of
/// the task, in the outermost. And what of it there is to say.
fn place(containers: &Containers, file: &str, said: &Said<'_>) -> (Option<Vec<Container>>, Option<String>) {
    let steps = |path: &[String]| path.iter().map(|title| Container::context(title)).collect::<Vec<_>>();
    let outermost = || containers.outermost(file);
    if !said.within.is_empty() {
        return match containers.within(file, said.within) {
            Ok(path) => (Some(path), None),
            Err(why) => (None, Some(why)),
        };
    }
    let own = (!says_nothing(said.title, file)).then(|| Container::context(said.title));
    let mut named = said.texts.iter().filter_map(|text| containers.only(|title| speaks_of(text, title)));
    let beside = said.beside.and_then(|spec| containers.holding(spec));
    let why = said.beside.filter(|_| beside.is_none());
    let why = why.map(|spec| format!("it does not hold one spec \"{spec}\" beside which another one can stand"));
    let path = match (beside, named.next()) {
        (None, Some([outermost])) => std::iter::once(Container::context(outermost)).chain(own).collect(),
        (Some(path), _) | (None, Some(path)) => steps(path),
        (None, None) => std::iter::once(Container::context(outermost().unwrap_or_default())).chain(own).collect(),
    };
    (Some(path), why)
}

/// Whether the title of a container says no more than the file's path: "the admitter" in `…/vmi-create-admitter_test.go`.
fn says_nothing(title: &str, file: &str) -> bool {
    const PLAIN: &[&str] = &[
        "the",
        "a",
        "an",
        "of",
        "for",
        "in",
        "and",
        "new",
        "more",
        "table",
        "test",
        "spec",
        "case",
        "entry",
        "entrie",
        "container",
        "unit",
    ];
    let bare = |word: &str| word.trim_end_matches('s').to_lowercase();
    let path: Vec<String> = file.split(|c: char| !c.is_alphanumeric()).map(bare).collect();
    title
        .split([' ', ',', ':', '-'])
        .map(bare)
        .all(|word| word.is_empty() || PLAIN.contains(&&*word) || path.contains(&word))
}

impl Unit for Facts {
    fn files(&self) -> Vec<&RepoPath> {
        vec![&self.file]
    }

    fn render(&self, pending: &mut PendingFiles<'_>) -> Result<(), Refusal> {
        for (placed, is_stated) in &self.placed {
            pending.write_specs(&self.file, placed, *is_stated)?;
        }
        Suite::render(self.suite.as_ref(), pending)
    }

    fn specs(&self, task: &str) -> Vec<(RepoPath, String)> {
        specs::expected(&self.groups, task, &self.file)
    }
}
