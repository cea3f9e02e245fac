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
