//! What the house promises of the way from a tasks.md to texts, for every case.

use std::cell::Cell;
use std::fs;
use std::sync::Arc;

use kubevirt_scaffold::disk::DiskTree;
use kubevirt_scaffold_core::pipeline::{Proposal, decide, propose, render};
use kubevirt_scaffold_core::plan::{Options, Use};
use kubevirt_scaffold_core::survey::Survey;
use kubevirt_scaffold_core::template::Renderer;
use kubevirt_scaffold_core::text::Source;
use kubevirt_scaffold_core::tree::{Kind, ReadError, Tree};
use xtask::test::case::{Case, folders};

/// A tree that nobody may ask any more once it is sealed.
struct Sealed {
    tree: DiskTree,
    sealed: Cell<bool>,
}

impl Sealed {
    fn open(&self) -> &DiskTree {
        assert!(!self.sealed.get(), "the checkout was asked after the plan was made");
        &self.tree
    }
}

impl Tree for Sealed {
    fn read(&self, path: &str) -> Result<Option<Arc<str>>, ReadError> {
        self.open().read(path)
    }

    fn kind(&self, path: &str) -> Option<Kind> {
        self.open().kind(path)
    }

    fn list(&self, folder: &str) -> Vec<String> {
        self.open().list(folder)
    }
}

/// The cases that scaffold and are planned, with their texts.
fn cases() -> Vec<(Case, Source)> {
    let cases = folders().unwrap().into_iter().map(|folder| Case::new(&folder));
    let planned = cases.filter(|case| case.is_scaffold() && case.is_planned());
    let read = |case: Case| {
        let text = fs::read_to_string(case.folder.join("tasks.md")).unwrap();
        (case, Source::new("tasks.md", text))
    };
    let cases: Vec<_> = planned.map(read).collect();
    assert!(cases.len() > 20, "the cases are not where they should be");
    cases
}

#[test]
fn nothing_asks_the_checkout_after_the_plan() {
    let renderer = Renderer::default();
    let mut texts = 0;
    for (case, tasks) in cases() {
        let checkout = case.checkout().unwrap();
        let tree = Sealed { tree: DiskTree::new(checkout.path()), sealed: Cell::new(false) };
        let survey = Survey::new(&tree).unwrap_or_else(|error| panic!("{}: {}", case.name(), error.0));
        let options = Options { ignore_compliance: true, ..Options::default() };
        let decided = decide(&tasks, &survey, &options);
        tree.sealed.set(true);
        texts += render(decided, &options, &renderer).set.changes.len();
    }
    assert!(texts > 50, "hardly anything was rendered: {texts}");
}

/// Every line of a task is accounted for, once; where something is made of the task, its title and the lines
/// that name its files are among what was used for that.
fn accounted(name: &str, proposal: &Proposal) {
    let text = proposal.file.source.text();
    for (index, planned) in proposal.plan.tasks.iter().enumerate() {
        let task = &proposal.file.tasks[planned.index];
        let first = text[..task.body.start].matches('\n').count() + 1;
        let lines = task.body.of(text).lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
        let expected: Vec<usize> = lines.map(|(at, _)| first + at).collect();
        let known: Vec<usize> = planned.lines.iter().map(|line| line.line).collect();
        // A table behind the last line belongs to the task as well.
        let (own, behind) = known.split_at(expected.len().min(known.len()));
        assert_eq!(own, expected, "{name}: the lines of {}", planned.id);
        let is_row = |line: &usize| text.lines().nth(line - 1).is_some_and(|line| line.trim().starts_with('|'));
        assert!(behind.iter().all(is_row), "{name}: behind the lines of {}: {behind:?}", planned.id);
        for line in &planned.lines {
            let told = line.kind.is_some() || line.reason.is_some();
            assert!(told, "{name}: line {} of {} has neither a kind nor a reason", line.line, planned.id);
            assert!(line.used != Use::Change || line.kind.is_none() || !line.paths.is_empty(), "{name}: {line:?}");
        }
        let is_made = proposal.plan.units_of(index).next().is_some();
        let title = planned.lines.iter().find(|line| line.line == planned.line).unwrap();
        assert_eq!(title.used == Use::Change, is_made, "{name}: the title of {}: {title:?}", planned.id);
    }
}

#[test]
fn every_line_of_a_task_is_accounted_for() {
    for (case, tasks) in cases() {
        let checkout = case.checkout().unwrap();
        let tree = DiskTree::new(checkout.path());
        let survey = Survey::new(&tree).unwrap_or_else(|error| panic!("{}: {}", case.name(), error.0));
        let options = Options { ignore_compliance: true, ..Options::default() };
        let proposal = propose(&tasks, &survey, &options);
        if !proposal.is_refused() {
            accounted(&case.name(), &proposal);
        }
    }
}

#[test]
fn a_line_that_nothing_reads_says_so() {
    let (case, _) = cases().into_iter().find(|(case, _)| case.name() == "template").unwrap();
    let checkout = case.checkout().unwrap();
    let tree = DiskTree::new(checkout.path());
    let survey = Survey::new(&tree).unwrap();
    let text = "# Tasks: Guest heartbeat\n\n- [ ] T001 Specs of the heartbeat\n  - **File**: `tests/heartbeat_test.go`\n  - **Test**: it beats\n  - **Moon phase**: full\n  - Depends on: T000\n  - sing a song\n";
    let proposal = propose(&Source::new("tasks.md", text), &survey, &Options::default());
    let uses: Vec<(usize, &str)> =
        proposal.plan.tasks[0].lines.iter().map(|line| (line.line, line.used.name())).collect();
    assert_eq!(uses, [(3, "change"), (4, "change"), (5, "change"), (6, "unread"), (7, "ignored"), (8, "unread")]);
}
