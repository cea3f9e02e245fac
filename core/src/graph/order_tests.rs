//! Statements in other words: read, or named as not read, and never turned round.

use super::*;
use crate::task::parse;
use crate::text::Source;

/// The edges by IDs that a line states among eight tasks, and whether something is named as not read.
fn said(line: &str) -> (Vec<String>, bool) {
    let tasks: Vec<String> = (1..=8).map(|at| format!("- [ ] T{at:03} Make `pkg/cup/f{at}.go`\n")).collect();
    let tasks = tasks.concat();
    let file = parse(&Source::new("tasks.md", format!("## Phase 1: A\n\n{tasks}\n## Dependencies\n\n- {line}\n")));
    edges(&file)
}

fn edges(file: &TaskFile) -> (Vec<String>, bool) {
    let graph = graph(file);
    let id = |index: usize| file.tasks[index].id.trim_start_matches(['T', '0']).to_owned();
    let pairs = graph.stated().flat_map(|link| {
        link.from.iter().flat_map(|from| link.to.iter().map(move |to| (from, to))).collect::<Vec<_>>()
    });
    let mut found: Vec<String> = pairs.map(|(from, to)| format!("{}>{}", id(from), id(to))).collect();
    found.sort();
    found.dedup();
    (found, !graph.unread.is_empty())
}

#[test]
fn what_is_denied_or_was_once_so_is_no_order() {
    for line in [
        "~~T001 → T002~~",
        "<del>T001 → T002</del>",
        "<!-- T001 → T002 -->",
        "No dependency: T003 → T004",
        "Not needed: T003 depends on T004",
    ] {
        assert_eq!(said(line), (vec![], false), "{line}");
    }
    for line in [
        "T005 can be done before T004",
        "T005 may land before T004",
        "T001 -/-> T002",
        "T001 ✗→ T002",
        "T001 →✗ T002",
        "T001 <-> T002",
        "T001 <--> T002",
        "T001 ↛ T002",
        "T001 → T002 was removed",
        "T002 no longer depends on T001, see T003",
        "Old: T001 → T002",
        "Previously: T001 → T002",
    ] {
        assert_eq!(said(line).0, Vec::<String>::new(), "{line}");
        assert!(said(line).1 || line.contains("no longer"), "{line}");
    }
}

#[test]
fn brackets_and_lists_are_one_side() {
    for (line, expected) in [
        ("T001 → [T002, T003] → T004", vec!["1>2", "1>3", "2>4", "3>4"]),
        ("[T001] → [T002] → T003", vec!["1>2", "2>3"]),
        ("T001 → (T002, T003) → T004", vec!["1>2", "1>3", "2>4", "3>4"]),
        ("T001 -> [T002 & T003]", vec!["1>2", "1>3"]),
        ("T001…T003 → T005", vec!["1>5", "2>5", "3>5"]),
        ("T001/T002/T003 → T006", vec!["1>6", "2>6", "3>6"]),
        ("T001 before anything else", vec!["1>2", "1>3", "1>4", "1>5", "1>6", "1>7", "1>8"]),
        ("T003 depends on all previous tasks", vec!["1>3", "2>3"]),
        ("T003 requires all the above", vec!["1>3", "2>3"]),
        ("T003 waits for every earlier task", vec!["1>3", "2>3"]),
    ] {
        assert_eq!(said(line), (expected.into_iter().map(str::to_owned).collect(), false), "{line}");
    }
}

#[test]
fn what_is_not_read_is_named() {
    for line in [
        "Sequential: T001, T002, T003",
        "T001, T002 and T003 run in sequence",
        "T002 after T001; T003 too",
        "T004 depends on the tasks above it in the plan",
        "T001-T004 one after another",
    ] {
        assert!(said(line).1, "{line}: {:?}", said(line));
    }
}

#[test]
fn ids_of_one_digit_have_an_order() {
    let text = "- [ ] T1 a\n- [ ] T2 b\n- [ ] T3 c\n- [ ] T10 d (depends on T3)\n\n## Dependencies\n\n- T2 requires T1\n\
        - T1 → T3\n- T2 blocks T10\n";
    let expected = ["1>2", "1>3", "2>10", "3>10"].map(str::to_owned).to_vec();
    assert_eq!(edges(&parse(&Source::new("t", text))), (expected.clone(), false));
    for style in ["T-", "TASK-"] {
        let text = text.replace(" T", &format!(" {style}"));
        let (found, unread) = edges(&parse(&Source::new("t", text)));
        assert_eq!((found.len(), unread), (4, false), "{style}: {found:?}");
    }
    let text = "- [ ] T1.1 a\n- [ ] T1.2 b (depends on T1.1)\n- [ ] T2.1 c (after all the above)\n";
    assert_eq!(edges(&parse(&Source::new("t", text))).0.len(), 3);
}

#[test]
fn phases_that_run_side_by_side_do_not_wait_for_each_other() {
    let order = |lines: &str| {
        let tasks: Vec<String> =
            (1..=4).map(|at| format!("## Phase {at}: P{at}\n\n- [ ] T00{at} Make `pkg/cup/f{at}.go`\n\n")).collect();
        let tasks = tasks.concat();
        let file = parse(&Source::new("t", format!("{tasks}## Dependencies\n\n{lines}\n")));
        let graph = graph(&file);
        let links = graph.links.iter().filter(|link| link.origin == Origin::Phase);
        let links: Vec<String> =
            links.map(|link| format!("{}>{}", link.from.first().unwrap() + 1, link.to.first().unwrap() + 1)).collect();
        (links.join(" "), !graph.unread.is_empty())
    };
    assert_eq!(order("").0, "1>2 2>3 3>4");
    for line in [
        "- Phase 2 and Phase 3 can run in parallel",
        "- Phases 2 and 3 are independent",
        "- Phases 2-3 run concurrently",
        "- Phase 3 does not depend on Phase 2, only on Phase 1",
        "- Phase 3 depends only on Phase 1",
        "- Phase 3 can start in parallel with Phase 2",
        "- After Phase 1, Phases 2 and 3 can run in parallel",
        "- Phase 2 and Phase 3 can proceed in parallel once Phase 1 is done",
        "- Phase 3 is independent of Phase 2",
    ] {
        assert_eq!(order(line), ("1>2 1>3 2>4 3>4".to_owned(), false), "{line}");
    }
    for line in [
        "- Phase 2 must not run in parallel with Phase 3",
        "- Tasks in Phase 2 and Phase 3 marked [P] can run in parallel",
        "- Phase 3 depends on Phase 2",
        "- Within Phase 2, tasks can run in parallel",
    ] {
        assert_eq!(order(line), ("1>2 2>3 3>4".to_owned(), false), "{line}");
    }
    assert!(order("- Phase 2 and Phase 3 can run in parallel until Phase 1 blocks them").1);
}

#[test]
fn a_heading_that_could_be_a_task_and_is_none_is_named() {
    for heading in ["### Task 2: Glaze", "### Step 2: Glaze"] {
        let text =
            format!("## Phase 1: A\n\n### T001: Clay\n\n- File: `pkg/a.go`\n\n{heading}\n\n- File: `pkg/b.go`\n");
        let file = parse(&Source::new("t", text));
        assert!(
            unread(&file, &graph(&file)).iter().any(|found| found.message.contains("number in place")),
            "{heading}"
        );
    }
    let groups = "## Phase 1: A\n\n### Task 1.1: B\n\n- [ ] T001 Clay\n";
    let file = parse(&Source::new("t", groups));
    assert!(unread(&file, &graph(&file)).is_empty());
}
