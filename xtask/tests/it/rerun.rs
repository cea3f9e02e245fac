//! Running again: after edits by the user, after changes of tasks.md, and with newer templates.

use kubevirt_scaffold::sample;
use kubevirt_scaffold_core::diagnostic::Severity;
use kubevirt_scaffold_core::pipeline::{Color, Proposal, propose};
use kubevirt_scaffold_core::plan::{Earlier, Options};
use kubevirt_scaffold_core::status::status;
use kubevirt_scaffold_core::survey::Survey;
use kubevirt_scaffold_core::text::Source;
use kubevirt_scaffold_core::tree::{MemoryTree, Tree as _};

const TASKS: &str = "# Tasks: Guest Heartbeat\n\n**Feature ID**: 007\n\n## Phase 1: Build\n\n\
    - [ ] T001 **Heartbeats are counted**\n  - File: `tests/heartbeat_test.go`\n  - Test: Heartbeats arrive\n  - Test: Heartbeats stop\n\
    - [ ] T002 **Heartbeat counter**\n  - File: `pkg/virt-handler/heartbeat/counter.go`\n  - Function: `countHeartbeats()` - counts them\n\
    - [ ] T003 **Document heartbeats**\n  - File: `docs/heartbeat.md`\n  - Content: How to read them\n";

const SPECS: &str = "tests/heartbeat_test.go";
const COUNTER: &str = "pkg/virt-handler/heartbeat/counter.go";

const STUB: &str = "Fail(\"T001: not implemented\")";

/// A checkout in memory, and what is known about it.
struct Ground {
    tree: MemoryTree,
    options: Options,
}

impl Ground {
    /// The sample tree with the tasks scaffolded.
    fn scaffolded() -> Self {
        let mut ground = Self { tree: sample::tree(), options: Options::default() };
        let proposal = ground.propose(TASKS);
        assert!(!proposal.is_refused(), "{}", said(&proposal));
        ground.apply(&proposal);
        ground
    }

    fn propose(&self, tasks: &str) -> Proposal {
        let survey = Survey::new(&self.tree).unwrap();
        propose(&Source::new("tasks.md", tasks), &survey, &self.options)
    }

    fn states(&self) -> Vec<&'static str> {
        let survey = Survey::new(&self.tree).unwrap();
        let (_, found) = status(&Source::new("tasks.md", TASKS), &survey, &self.options).unwrap();
        found.into_iter().map(|status| status.state.name()).collect()
    }

    fn apply(&mut self, proposal: &Proposal) {
        for change in &proposal.set.changes {
            self.tree.set(&change.path, Some(&change.after));
        }
        let tasks = proposal.plan.tasks.iter().map(|task| (task.id.clone(), task.title.clone())).collect();
        self.options.earlier =
            Earlier { files: proposal.set.emitted.clone(), tasks, keep_edited: false, ..Earlier::default() };
    }

    fn read(&self, path: &str) -> String {
        self.tree.read(path).unwrap().unwrap_or_else(|| panic!("{path} does not exist")).to_string()
    }

    /// The user edits a file.
    fn edit(&mut self, path: &str, from: &str, to: &str) {
        let text = self.read(path);
        assert!(text.contains(from), "{from:?} is not in {text}");
        self.tree.set(path, Some(&text.replacen(from, to, 1)));
    }

    /// As if an older template had made `from` where today's makes `to`.
    fn made_by_older(&mut self, path: &str, to: &str, from: &str) {
        self.edit(path, to, from);
        let file = self.options.earlier.files.get_mut(path).unwrap();
        file.emitted = file.emitted.replacen(to, from, 1).into();
    }

    fn after(&self, proposal: &Proposal, path: &str) -> String {
        let change = proposal.set.changes.iter().find(|change| change.path == path);
        change.map_or_else(|| self.read(path), |change| change.after.to_string())
    }
}

fn said(proposal: &Proposal) -> String {
    proposal.diagnostics().map(|diagnostic| diagnostic.render(false)).collect()
}

fn notes<'a>(proposal: &'a Proposal, code: &str) -> Vec<&'a str> {
    let notes = proposal.diagnostics().filter(|diagnostic| diagnostic.code == code);
    notes.map(|diagnostic| diagnostic.message.as_str()).collect()
}

#[test]
fn without_changes_there_is_nothing_to_do() {
    let ground = Ground::scaffolded();
    let proposal = ground.propose(TASKS);
    assert!(proposal.set.changes.is_empty(), "{}", proposal.diff(Color::Never));
    assert_eq!(notes(&proposal, "task-gone"), Vec::<&str>::new());
}

#[test]
fn what_is_filled_in_stays_and_new_tasks_add_their_stubs() {
    let mut ground = Ground::scaffolded();
    ground.edit(SPECS, STUB, "Expect(beats()).To(BeNumerically(\">\", 0))");
    let more = format!("{TASKS}- [ ] T004 **More**\n  - File: `{SPECS}`\n  - Test: Heartbeats come back\n");
    let proposal = ground.propose(&more);
    assert!(!proposal.is_refused(), "{}", said(&proposal));
    let specs = ground.after(&proposal, SPECS);
    assert!(specs.contains("Expect(beats())") && specs.contains("It(\"heartbeats come back\""), "{specs}");
    assert_eq!(specs.matches(STUB).count(), 1, "{specs}");
    ground.apply(&proposal);
    let again = ground.propose(&more);
    assert!(again.set.changes.is_empty(), "{}", again.diff(Color::Never));
}

#[test]
fn what_nobody_touched_becomes_what_the_templates_make_now() {
    let mut ground = Ground::scaffolded();
    let (newer, older) =
        ("It(\"heartbeats stop\", func() {\n\t\t\tBy(", "It(\"heartbeats stop\", func() {\n\t\t\tSkip(");
    ground.made_by_older(SPECS, newer, older);
    ground.edit(SPECS, STUB, "Expect(true).To(BeTrue())");
    let proposal = ground.propose(TASKS);
    assert!(!proposal.is_refused(), "{}", said(&proposal));
    let specs = ground.after(&proposal, SPECS);
    assert!(specs.contains(newer) && !specs.contains("Skip("), "{specs}");
    assert!(specs.contains("Expect(true).To(BeTrue())"), "{specs}");
    ground.apply(&proposal);
    assert!(ground.propose(TASKS).set.changes.is_empty());
}

#[test]
fn changes_of_both_sides_come_together_or_are_a_conflict() {
    let newer = "// countHeartbeats counts them";
    let older = "// countHeartbeats counts";
    let mut ground = Ground::scaffolded();
    let body = ground.read(COUNTER);
    assert!(body.contains(newer), "{body}");
    ground.made_by_older(COUNTER, newer, older);
    let line = body.lines().find(|line| line.contains("T002")).unwrap_or_else(|| panic!("{body}")).to_owned();
    ground.edit(COUNTER, &line, "\t// filled in by hand");
    let proposal = ground.propose(TASKS);
    assert!(!proposal.is_refused(), "{}", said(&proposal));
    let counter = ground.after(&proposal, COUNTER);
    assert!(counter.contains(newer) && counter.contains("\t// filled in by hand"), "{counter}");

    // The same line.
    ground.edit(COUNTER, older, "// countHeartbeats is mine");
    let proposal = ground.propose(TASKS);
    assert!(proposal.is_refused());
    assert_eq!(notes(&proposal, "stub-conflict").len(), 1, "{}", said(&proposal));
    let shown = proposal.conflicts(Color::Never);
    let both = ["<<<<<<< yours", "countHeartbeats is mine", "=======", newer, ">>>>>>> what the templates make now"];
    assert!(both.iter().all(|part| shown.contains(part)), "{shown}");

    ground.options.earlier.keep_edited = true;
    let proposal = ground.propose(TASKS);
    assert!(!proposal.is_refused(), "{}", said(&proposal));
    assert!(ground.after(&proposal, COUNTER).contains("countHeartbeats is mine"));
    assert_eq!(notes(&proposal, "stub-kept").len(), 1);
}

#[test]
fn imports_follow_the_stubs() {
    for (mine, keeps_fmt) in [("var mine = 1", false), ("var mine = fmt.Sprint(1)", true)] {
        let mut ground = Ground::scaffolded();
        ground.made_by_older(COUNTER, "\t\"errors\"\n", "\t\"fmt\"\n");
        ground.made_by_older(COUNTER, "errors.New(", "fmt.Errorf(");
        let text = ground.read(COUNTER);
        ground.tree.set(COUNTER, Some(&format!("{text}\n{mine}\n")));
        let proposal = ground.propose(TASKS);
        assert!(!proposal.is_refused(), "{}", said(&proposal));
        let counter = ground.after(&proposal, COUNTER);
        assert!(counter.contains("\t\"errors\"\n") && counter.contains("errors.New("), "{counter}");
        assert_eq!(counter.contains("\t\"fmt\"\n"), keeps_fmt, "{counter}");
        assert!(counter.contains(mine), "{counter}");
    }
}

#[test]
fn a_document_is_brought_together_as_a_whole() {
    let mut ground = Ground::scaffolded();
    let path = "docs/heartbeat.md";
    let text = ground.read(path);
    let heading = text.lines().next().unwrap().to_owned();
    ground.made_by_older(path, &heading, "# An older heading");
    let text = ground.read(path);
    ground.tree.set(path, Some(&format!("{text}\nMy own words.\n")));
    let proposal = ground.propose(TASKS);
    let document = ground.after(&proposal, path);
    assert!(document.starts_with(&heading) && document.ends_with("My own words.\n"), "{document}");
}

#[test]
fn tasks_that_are_gone_or_read_otherwise_are_named_and_nothing_is_deleted() {
    let ground = Ground::scaffolded();
    let without = TASKS.replace("T002 **Heartbeat counter**", "T009 **Another thing**");
    let proposal = ground.propose(&without);
    let said = notes(&proposal, "task-gone");
    assert!(said.iter().any(|note| note.starts_with("T002 was scaffolded, and no task has this ID")), "{said:?}");
    assert!(said.iter().any(|note| note.contains(COUNTER)), "{said:?}");
    assert!(proposal.diagnostics().all(|diagnostic| diagnostic.severity < Severity::Error));

    let renamed = TASKS
        .replace("**Heartbeats are counted**", "**Heartbeats are heard**")
        .replace("Test: Heartbeats stop", "Test: Heartbeats end");
    let proposal = ground.propose(&renamed);
    let said = notes(&proposal, "task-gone");
    assert!(said.iter().any(|note| note.starts_with("T001 was scaffolded as")), "{said:?}");
    let specs = ground.after(&proposal, SPECS);
    assert!(
        specs.contains("It(\"heartbeats stop\"") && specs.contains("func() {\n\t\tIt(\"heartbeats end\""),
        "{specs}"
    );
}

#[test]
fn asking_for_one_task_says_nothing_about_the_others() {
    let mut ground = Ground::scaffolded();
    ground.options.selection.only = Some("T003".to_owned());
    let proposal = ground.propose(TASKS);
    assert!(proposal.set.changes.is_empty());
    assert_eq!(notes(&proposal, "task-gone"), Vec::<&str>::new());
    let paths: Vec<&str> = proposal.set.emitted.keys().map(|path| &**path).collect();
    assert!(paths.contains(&SPECS) && paths.contains(&COUNTER), "what is known stays known: {paths:?}");
}

#[test]
fn what_was_thrown_away_is_not_said_to_stay() {
    let mut ground = Ground::scaffolded();
    let fresh = sample::tree();
    for path in [SPECS, COUNTER, "docs/heartbeat.md"] {
        ground.tree.set(path, fresh.read(path).unwrap().as_deref());
    }
    let other = "# Tasks: Guest Heartbeat\n\n## Phase 1: A\n\n- [ ] T008 **Else**\n  - File: `docs/else.md`\n  - Content: Else\n";
    let said = notes(&ground.propose(other), "task-gone").join("\n");
    assert!(!said.contains(SPECS) && !said.contains(COUNTER), "{said}");
    // Neither is it there because another task makes the same now.
    let renumbered = TASKS.replace("T002", "T009");
    let said = notes(&ground.propose(&renumbered), "task-gone").join("\n");
    assert!(!said.contains(COUNTER), "{said}");
}

#[test]
fn a_stub_without_its_mark_is_no_implementation() {
    let mut ground = Ground::scaffolded();
    assert_eq!(ground.states(), ["red", "scaffolded", "scaffolded"]);
    let specs = ground.read(SPECS).replace(STUB, "Skip(\"later\")");
    let page = ground.read("docs/heartbeat.md").replace("T003: to be written.", "TBD");
    let counter = ground.read(COUNTER);
    let body = counter.lines().find(|line| line.contains("T002: ")).unwrap();
    let counter = counter.replace(body, "\t_ = 0");
    for (path, text) in [(SPECS, &specs), ("docs/heartbeat.md", &page), (COUNTER, &counter)] {
        ground.tree.set(path, Some(text));
    }
    assert_eq!(ground.states(), ["red", "scaffolded", "scaffolded"]);
    for (path, text) in [
        (SPECS, specs.replace("Skip(\"later\")", "Expect(beats()).To(Succeed())")),
        ("docs/heartbeat.md", page.replace("TBD", "Look at it.").replace(": to be written.", " beats.")),
        (COUNTER, counter.replace("_ = 0", "count()")),
    ] {
        ground.tree.set(path, Some(&text));
    }
    assert_eq!(ground.states(), ["implemented"; 3]);
}
