use super::*;
use crate::task::parse;
use crate::text::Source;

const FILE: &str = "\
# Tasks: X

## Phase 1: Foundation
- [ ] T001 Gate in `pkg/a.go`
- [ ] T002 [P] Test in `pkg/a_test.go`

## Phase 2: Tests
- [ ] T003 [P] Spec in `tests/x_test.go`
- [ ] T004 [P] Spec in `tests/x_test.go`

## Phase 3: Core Implementation (ONLY after tests)
- [ ] T005 Code in `pkg/b.go` (depends on T001)
- [ ] T006 More in `pkg/c.go`

## Phase 4: Release Preparation
- [ ] T007 Docs in `docs/x.md`

## Dependencies

- Compliance before Phase 1
- Gate setup (T001-T002) before tests (T003-T004)
- T005 → T006
- Core implementation before release preparation (T007)
- T002 and T003 do not block T006
";

fn read(text: &str) -> (TaskFile, Graph, Analysis) {
    let file = parse(&Source::new("tasks.md", text));
    let graph = graph(&file);
    let analysis = analyse(&file, &graph);
    (file, graph, analysis)
}

fn stated(graph: &Graph) -> Vec<(Vec<usize>, Vec<usize>)> {
    graph.trusted().map(|link| (link.from.iter().collect(), link.to.iter().collect())).collect()
}

#[test]
fn what_a_file_states_is_read() {
    let (_, graph, _) = read(FILE);
    let links = stated(&graph);
    assert!(links.contains(&(vec![0, 1], vec![2, 3])), "{links:?}");
    assert!(links.contains(&(vec![4], vec![5])), "{links:?}");
    assert!(links.contains(&(vec![4, 5], vec![6])), "{links:?}");
    assert!(links.contains(&(vec![0], vec![4])), "{links:?}");
    assert_eq!(links.len(), 4, "{links:?}");
    assert_eq!(graph.unknown, []);
}

#[test]
fn batches_and_the_critical_path_follow() {
    let (file, _, analysis) = read(FILE);
    assert_eq!(analysis.batches, [vec![0, 1], vec![2], vec![3], vec![4], vec![5], vec![6]]);
    let path: Vec<&str> = analysis.critical_path.iter().map(|&task| file.tasks[task].id.as_str()).collect();
    assert_eq!(path, ["T001", "T003", "T004", "T005", "T006", "T007"]);
    assert!(analysis.cycles.is_empty());
}

#[test]
fn a_cycle_is_named_and_overlapping_ranges_are_none() {
    let (_, _, analysis) = read("- [ ] T001 a\n- [ ] T002 b\n- [ ] T003 c\n\n## Dependencies\n- T001 → T002 → T001\n");
    assert_eq!(analysis.cycles, [vec![0, 1]]);
    let (_, graph, analysis) = read(
        "- [ ] T001 a\n- [ ] T002 b\n- [ ] T003 c\n\n## Dependencies\n- Tests (T001-T002) → Code (T002-T003)\n- T003 blocks T009\n",
    );
    assert_eq!(stated(&graph), [(vec![0], vec![2])]);
    assert!(analysis.cycles.is_empty());
    assert_eq!(graph.unknown[0].1, "T009");
}

#[test]
fn diagrams_are_read_downwards() {
    let (_, graph, _) =
        read("- [ ] T001 a\n- [ ] T002 b\n- [ ] T003 c\n\n## Dependencies\n```\nT001\n  ↓\nT002 → T003\n```\n");
    assert!(stated(&graph).contains(&(vec![1], vec![2])));
    let (_, graph, _) =
        read("- [ ] T001 a\n- [ ] T002 b\n- [ ] T003 c\n\n## Dependencies\n```\nT001\n  ↓\nT002, T003\n```\n");
    assert_eq!(stated(&graph), [(vec![0], vec![1, 2])]);
}

#[test]
fn stories_wait_for_the_foundation_and_not_for_each_other() {
    let (_, graph, _) = read(
        "## Phase 1: Setup\n- [ ] T001 a\n## Phase 2: User Story 1 - A\n- [ ] T002 b\n## Phase 3: User Story 2 - B\n- [ ] T003 c\n## Phase 4: Polish\n- [ ] T004 d\n",
    );
    let links: Vec<_> = graph.links.iter().map(|link| (link.from.first(), link.to.first())).collect();
    assert_eq!(links, [(0, 1), (0, 2), (1, 3), (2, 3)].map(|(from, to)| (Some(from), Some(to))));
}

#[test]
fn an_arrow_may_point_to_words_that_turn_it_round() {
    let tasks = "## Phase 1: A\n- [ ] T001 a\n## Phase 2: B\n- [ ] T002 b\n- [ ] T003 c\n\n## Dependencies\n";
    for (line, expected) in [
        ("2. **Phase 2 (B)** → Can start immediately after Phase 1", vec![]),
        ("T003 → depends on T002", vec![(vec![1], vec![2])]),
        ("T003 ← T002", vec![(vec![1], vec![2])]),
        ("T002 → [tests T001]", vec![]),
        ("T002 block T003 (x before y)", vec![(vec![1], vec![2])]),
        ("T003 does not depend on T002", vec![]),
    ] {
        let (_, graph, _) = read(&format!("{tasks}- {line}\n"));
        assert_eq!(stated(&graph), expected, "{line}");
    }
}

fn many(count: usize) -> String {
    (1..=count).fold(String::new(), |text, at| text + &format!("- [ ] T{at:03} x\n"))
}

#[test]
fn a_range_means_what_its_tasks_mean_one_by_one() {
    let tasks = many(40);
    let one_by_one = |first: std::ops::RangeInclusive<usize>, then: std::ops::RangeInclusive<usize>| -> String {
        let line = |at: usize| then.clone().map(move |to| format!("- T{at:03} before T{to:03}\n"));
        first.flat_map(line).collect()
    };
    for more in ["", "- T035 before T002\n", "- T012 before T030\n- T030 before T012\n- T039 before T001\n"] {
        let ranges = "- T003-T011 before T014-T029\n- T012-T020 before T031-T038\n";
        let pairs = one_by_one(3..=11, 14..=29) + &one_by_one(12..=20, 31..=38);
        let [ranges, pairs] = [ranges, &pairs].map(|said| read(&format!("{tasks}\n## Dependencies\n\n{said}{more}")).2);
        assert_eq!(ranges.cycles, pairs.cycles, "{more}");
        if ranges.cycles.is_empty() {
            assert_eq!((&ranges.batches, &ranges.critical_path), (&pairs.batches, &pairs.critical_path), "{more}");
        }
    }
}

#[test]
fn what_waits_in_a_circle_still_waits_for_what_is_no_part_of_it() {
    let tasks = many(12);
    let said = "- T001 before T002\n- T002 before T003-T010\n- T004 before T005\n- T005 before T004\n- T011 before T003-T008\n";
    let (_, _, analysis) = read(&format!("{tasks}\n## Dependencies\n\n{said}- T012 before T011\n- T007 before T012\n"));
    assert_eq!(analysis.cycles, [vec![3, 4], vec![6, 10, 11]]);
    assert_eq!(analysis.batches, [vec![0, 10, 11], vec![1], vec![2, 3, 4, 5, 6, 7, 8, 9]]);
}

#[test]
fn a_phrase_means_the_only_title_that_fits() {
    let tasks = "## Phase 1: Core Setup\n- [ ] T001 a\n## Phase 2: The Core Implementation\n- [ ] T002 b\n\
                 ## Phase 3: Core Setup\n- [ ] T003 c\n### Task 3.1: Release Notes\n- [ ] T004 d\n\n## Dependencies\n";
    for (line, expected) in [
        ("Core implementation before release notes", vec![(vec![1], vec![3])]),
        ("Core setup before T004", vec![]),
        ("Core before T004", vec![]),
        ("Implementation before T004", vec![]),
        ("Phase 2 before phase 3", vec![(vec![1], vec![2, 3])]),
    ] {
        let (_, graph, _) = read(&format!("{tasks}- {line}\n"));
        assert_eq!(stated(&graph), expected, "{line}");
    }
}

/// The links that a text states about six tasks, and the number of lines that are not read.
fn said(text: &str) -> (String, usize) {
    let (file, graph, _) = read(&format!("# Tasks: X\n\n## Phase 1: A\n\n{}\n{text}\n", many(6)));
    let pairs = graph.stated().flat_map(|link| {
        let to: Vec<usize> = link.to.iter().collect();
        link.from.iter().flat_map(move |from| to.clone().into_iter().map(move |to| (from + 1, to + 1)))
    });
    let pairs: BTreeSet<(usize, usize)> = pairs.collect();
    let pairs: Vec<String> = pairs.into_iter().map(|(from, to)| format!("{from}>{to}")).collect();
    (pairs.join(" "), unread(&file, &graph).len())
}

#[test]
fn orders_are_read_in_many_words_or_named_as_unread() {
    for (text, pairs, unread) in [
        ("- T001 ➡ T002\n- T003 ⟹ T004\n- T005 ~> T006", "1>2 3>4 5>6", 0),
        ("- T002 ⬅ T001\n- T004 ⇐ T003", "1>2 3>4", 0),
        ("- T002 needs T001\n- T003 must wait for T002", "1>2 2>3", 0),
        ("- T002 cannot start until T001 is done", "1>2", 0),
        ("- T003 must not land before T001", "1>3", 0),
        ("- Once T001 is done, T002 can start", "1>2", 0),
        ("- T001 then T002, then T003", "1>2 2>3", 0),
        ("- T002 depends on T001 but not on T003", "1>2", 0),
        ("- T003 depends on T001 and T002, not T004", "1>3 2>3", 0),
        ("- T003 is independent of T004, but T002 depends on T001", "1>2", 0),
        ("- T002 (depends on T001)", "1>2", 0),
        ("- T002\n  - depends on: T001", "1>2", 0),
        ("- T002 does not depend on T001", "", 0),
        ("- T001 (types), T002 (tests)", "", 0),
        ("- T002 and T003 can run in parallel", "", 0),
        ("- T005 builds upon T004, while T006 needs only T001", "1>6 4>5", 0),
        ("- T003 can only begin once T001 and T002 are merged", "1>3 2>3", 0),
        ("- Before T005: T002", "2>5", 0),
        ("- After T001: T002, T003", "1>2 1>3", 0),
        ("- After T001, T002 and T003, start T004", "", 1),
        ("- T003 uses T002 and needs T001", "", 1),
        ("- T001 unlocks T002 and T003", "1>2 1>3", 0),
        ("- T001 -> {T002, T003} -> T004", "1>2 1>3 2>4 3>4", 0),
        ("- T001 → (T002, T003) → T004", "1>2 1>3 2>4 3>4", 0),
        ("- First T001, then T002 and T003, finally T004", "1>2 1>3 2>4 3>4", 0),
        ("- T002 (T001)", "", 1),
        ("- T001: none; T002: T001", "", 1),
        ("- T002, 003 and 004 depend on T001", "1>2 1>3 1>4", 0),
        ("- T002,3,4 depend on T001", "1>2", 1),
        ("- T003 depends on T001 (not T002)", "1>3", 0),
        ("- T002 cannot begin without T001", "1>2", 0),
        ("- Hold T002 until T001 has merged", "", 1),
        ("- Don't start T002 until T001 has merged", "", 1),
        ("- Batch A: T001, T002\n- Batch B: T003", "", 1),
        ("- Group A (parallel): T001, T002", "", 0),
        ("| Step | Tasks | After |\n|---|---|---|\n| 1 | T001 | |\n| 2 | T002 | 1 |", "", 1),
        ("| Task | Depends on |\n|---|---|\n| T001 | none |\n| T002 | T001 |", "1>2", 0),
        ("```\nT001 ──► T002 ──► T003\n            └───► T004\n```", "1>2 2>3 2>4", 0),
        ("```\nT001 ──┬──▶ T002\n       └──▶ T003 ──▶ T004\n```", "1>2 1>3 3>4", 0),
        ("```\nT001 → T002\n       ↘ T003\n```", "1>2 2>3", 0),
        ("- T001\n  ↳ T002", "", 1),
        ("- all tasks wait for T001", "1>2 1>3 1>4 1>5 1>6", 0),
        ("- Gate (T001-T002) before everything else", "1>3 1>4 1>5 1>6 2>3 2>4 2>5 2>6", 0),
        ("- T006 after all other tasks", "1>6 2>6 3>6 4>6 5>6", 0),
        ("- No task may start before T001 is merged", "", 1),
        ("- T004 is last, everything else comes earlier", "", 1),
        ("- T001 should be done prior to T002", "1>2", 0),
        ("- T002: T001", "", 1),
        ("- T001 > T002", "", 1),
        ("- T001\n  - T002", "", 1),
        ("1. T001\n2. T002", "", 1),
        ("- Wave 1: T001\n- Wave 2: T002, T003 (after T001)", "1>2 1>3", 0),
        ("### Step 1\n- T001\n- T002\n### Step 2\n- T003", "1>3 2>3", 0),
        ("| Wave | Tasks |\n|--|--|\n| 1 | T001 |\n| 2 | T002 |\n| 2 | T003 |", "1>2 1>3", 0),
        ("| Task | Blocked by | Blocks |\n|--|--|--|\n| T002 | T001 | T003 |", "1>2 2>3", 0),
        ("| From | To |\n|--|--|\n| T001 | T002 |", "1>2", 0),
        ("T001\n↓\nT002", "1>2", 0),
        ("```\nT001 ─┬─> T002\n      └─> T003\n```", "1>2 1>3", 0),
        ("```\nT001 ─┐\n      ├─> T003\nT002 ─┘\n```", "", 1),
        ("```\n   T001\n  /    \\\nT002  T003\n```", "", 1),
        ("```yaml\nT002:\n  needs: [T001]\n```", "", 1),
        ("```mermaid\ngraph TD\n  A[T001 a]\n  B(T002)\n  C[T003]\n  A --> B & C\n```", "1>2 1>3", 0),
        ("```mermaid\ngraph TD\n  T001 --- T002\n```", "", 1),
    ] {
        assert_eq!(said(&format!("## Dependencies\n\n{text}")), (pairs.to_owned(), unread), "{text}");
    }
}

#[test]
fn what_is_said_outside_of_the_dependency_sections_counts_as_well() {
    for (text, pairs, unread) in [
        ("**Note**: T002 must wait for T001", "1>2", 0),
        ("> T001 must be completed before T002", "1>2", 0),
        ("T004 touches what T003 needs", "", 1),
        ("T001 and T002 share a file", "", 0),
        ("## Task graph\n\n```mermaid\ngraph TD\n  A[T001] --> B[T002]\n```", "1>2", 0),
        ("## Plan\n\n- Batch 1: T001\n- Batch 2: T002", "1>2", 0),
        ("## Tree\n\n```\nT001\n├── T002\n└── T003\n```", "", 1),
    ] {
        assert_eq!(said(text), (pairs.to_owned(), unread), "{text}");
    }
}

#[test]
fn a_task_says_what_it_waits_for_in_many_words() {
    for (text, pairs, unread) in [
        (" ← T001", "1>7", 0),
        (" <depends on T001>", "1>7", 0),
        (" | depends on T001", "1>7", 0),
        (" (following T001)", "1>7", 0),
        (" (blocks T001)", "7>1", 0),
        ("\n  - Predecessors: T001, T002", "1>7 2>7", 0),
        ("\n  - Must come after T001", "1>7", 0),
        ("\n  - Depends on tasks T001 and T002", "1>7 2>7", 0),
        ("\n  - Dependencies:\n    - T001\n    - T002", "1>7 2>7", 0),
        (" (T001 must be done first)", "", 1),
        (" ⛔ T001", "", 1),
        ("\n  - Parent: T001", "", 1),
        (" (must fail until T001)", "", 0),
        (" like T001", "", 0),
    ] {
        let (text, expected) = (format!("- [ ] T007 x{text}\n"), (pairs.to_owned(), unread));
        assert_eq!(said(&text), expected, "{text}");
    }
}

#[test]
fn what_looks_like_a_task_and_is_not_read_is_named() {
    let tasks = "# Tasks: X\n\n## Phase 1: A\n\n- [ ] T001 x\n";
    for (text, name) in [
        ("- [ ] T002_a x", "a checkbox whose ID is not read"),
        ("- [ ] T002-1 x", "a checkbox without an ID"),
        ("- [ ] T002-T004 x", "a checkbox without an ID"),
        ("- [ ] (T002) x", "a checkbox whose ID is not read"),
        ("- [ ] [T002](#t002) x", "a checkbox whose ID is not read"),
        ("-[ ] T002 x", "a line with an ID inside another task"),
        ("( ) T002 x", "a line with an ID inside another task"),
        ("\n[ ] T002 x", "a line that begins with an ID"),
        ("\nT002 x", "a line that begins with an ID"),
        ("- TODO T002 x", "a list item with an ID and without a box"),
        ("- **[ ]** T002 x", "a checkbox whose ID is not read"),
        ("1. T002 x", "a list item with an ID and without a box"),
        ("\n> - [ ] T002 x", "a task inside a code block, a quote or a comment"),
        ("\nPhase 2: B\n----------\n\n- [ ] T002 x", "a heading above tasks that is not read as a phase"),
        ("\n**Deliverables**:\n- x\n- y", "a deliverable without a box"),
    ] {
        let (file, graph, _) = read(&format!("{tasks}{text}\n"));
        let found: Vec<String> = unread(&file, &graph).into_iter().map(|found| found.message).collect();
        assert!(found.len() == 1 && found[0].contains(name), "{text}: {found:?}");
    }
    for text in ["  goes on with T001", "\nT001 is first.", "\n```\n- [ ] T009 x\n```", "- [ ] T002 x\n  for T009"] {
        let (file, graph, _) = read(&format!("{tasks}{text}\n"));
        assert_eq!(unread(&file, &graph).len(), 0, "{text}");
    }
    let (file, graph, _) = read("# Tasks: X\n\n## Part 1: A\n- [ ] T001 x\n\n## Part 2: B\n- [ ] T002 x\n");
    assert_eq!(unread(&file, &graph).len(), 1);
}
