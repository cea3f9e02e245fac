use super::*;

const KUBEVIRT: &str = "\
# Tasks: Guest Clock

**Feature ID**: 007  
**Feature Name**: Guest Clock  
**Input**: Design documents from `/specs/007-guest-clock/`

```text
- [ ] T900 not a task, an example
```

<!-- - [ ] T901 not a task, a comment -->

## Constitutional Compliance ✅

- [x] **KubeVirt Razor**: fine
- [ ] **Feature Gate Requirements**: N/A

## Phase 1: Foundation

### Task 1.1: Gate

**Definition of Done**: `GuestClock` feature gate works

**Deliverables**:

- [ ] T001 [P] **Registration**
  - Configuration: Alpha stage
  - File: `pkg/virt-config/featuregate/guest_clock.go`

- [x] T002 **Docs** (if needed)
  - File: `docs/metrics.md` (extend existing)
  - Content: one
  - Content: two

**Acceptance Criteria**: works

- [ ] no task

## Phase 3.1: Flat

- [ ] T003 [P] [US1] Create the model in pkg/virt-handler/clock.go:10-20
  over two lines
- [ ] T004 Wrapped
      File: `pkg/virt-api/clock.go`

## Dependencies

- [ ] T003 before T004

## Success Criteria

- [ ] it works
";

fn read(text: &str) -> TaskFile {
    parse(&Source::new("tasks.md", text))
}

#[test]
fn the_kubevirt_dialect_is_read() {
    let file = read(KUBEVIRT);
    assert_eq!(file.title.as_ref().unwrap().text, "Guest Clock");
    assert_eq!(file.metadata("feature id").unwrap().value.text, "007");
    assert_eq!(file.compliance.iter().map(|c| c.done).collect::<Vec<_>>(), [true, false]);
    assert_eq!(file.phases.iter().map(|p| p.number.as_str()).collect::<Vec<_>>(), ["1", "3.1"]);
    assert_eq!(file.groups[0].title, "Gate");
    assert_eq!(file.groups[0].fields[0].value.text, "`GuestClock` feature gate works");
    let ids: Vec<_> = file.tasks.iter().map(|task| task.id.as_str()).collect();
    assert_eq!(ids, ["T001", "T002", "T003", "T004"]);
}

#[test]
fn a_task_keeps_its_parts_and_its_place() {
    let file = read(KUBEVIRT);
    let task = &file.tasks[0];
    assert_eq!(task.title.text, "Registration");
    assert!(task.is_parallel() && !task.done && !task.optional);
    assert_eq!(task.details("configuration").next().unwrap().text.text, "Alpha stage");
    assert_eq!(task.paths[0].text, "pkg/virt-config/featuregate/guest_clock.go");
    assert_eq!(file.line(task), 26);
    let place = file.source.line_column(task.paths[0].span.start);
    assert_eq!((place.line, place.column), (28, 12));
    let task = &file.tasks[1];
    assert!(task.done && task.optional);
    assert_eq!(task.paths[0].note.as_deref(), Some("extend existing"));
    assert_eq!(task.details("content").count(), 2);
}

#[test]
fn flat_and_wrapped_tasks_are_read() {
    let file = read(KUBEVIRT);
    let task = &file.tasks[2];
    assert_eq!(task.labels, ["P", "US1"]);
    assert_eq!(task.title.text, "Create the model in pkg/virt-handler/clock.go:10-20 over two lines");
    assert_eq!((task.paths[0].text.as_str(), task.paths[0].lines), ("pkg/virt-handler/clock.go", Some((10, 20))));
    assert_eq!(file.phase_number(task), Some("3.1"));
    let task = &file.tasks[3];
    assert_eq!(task.title.text, "Wrapped");
    assert_eq!(task.paths[0].text, "pkg/virt-api/clock.go");
}

#[test]
fn deliverables_without_an_id_are_numbered() {
    let file = read(
        "### Phase 1: A\n#### Task 1.1: B\n**Deliverables**:\n- [ ] **One**\n  - File: `docs/a.md`\n\n- [ ] **Two** (if needed)\n\n**Acceptance Criteria**: x\n- [ ] no\n",
    );
    let tasks: Vec<_> = file.tasks.iter().map(|t| (t.id.as_str(), t.title.text.as_str(), t.id_written)).collect();
    assert_eq!(tasks, [("T001", "One", false), ("T002", "Two", false)]);
    assert!(file.tasks[1].optional);
}

#[test]
fn line_endings_and_a_byte_order_mark_do_not_matter() {
    let windows = format!("\u{feff}{}", KUBEVIRT.replace('\n', "\r\n"));
    let file = read(&windows);
    assert_eq!(file.tasks.len(), 4);
    assert_eq!(file.tasks[0].title.text, "Registration");
    assert_eq!(file.tasks[1].paths[0].note.as_deref(), Some("extend existing"));
    assert_eq!(file.metadata("Feature Name").unwrap().value.text, "Guest Clock");
}

#[test]
fn a_task_can_be_dropped_in_many_words() {
    for line in [
        "Descoped: x",
        "N/A: x",
        "N/A x",
        "x (deferred)",
        "**SKIPPED** x",
        "No longer needed: x",
        "x\n  - Status: cancelled",
    ] {
        let file = parse(&Source::new("tasks.md", format!("- [ ] T001 {line}\n")));
        assert!(file.tasks[0].dropped.is_some(), "{line}");
    }
    for line in ["Show n/a when unset", "Handle the dropped packets", "x\n  - Status: in progress"] {
        let file = parse(&Source::new("tasks.md", format!("- [ ] T001 {line}\n")));
        assert_eq!(file.tasks[0].dropped, None, "{line}");
    }
}

#[test]
fn headings_are_tasks_with_a_word_before_the_id_too() {
    let file = read(
        "## Phase 1: A\n\n### T001: Clay [P]\n\n### Task T002: Glaze\n- File: `pkg/a.go`\n\n### Step T003 [P]: Kiln\n",
    );
    let tasks: Vec<_> =
        file.tasks.iter().map(|task| (task.id.as_str(), task.title.text.as_str(), task.is_parallel())).collect();
    assert_eq!(tasks, [("T001", "Clay", true), ("T002", "Glaze", false), ("T003", "Kiln", true)]);
    assert_eq!(file.tasks[1].paths.len(), 1);
    let file = read("- [ ] T001 Clay in `pkg/a.go` [P]\n- [ ] T002 [P] Glaze [P]\n");
    assert_eq!(file.tasks[0].title.text, "Clay in `pkg/a.go`");
    assert_eq!(file.tasks.iter().map(|task| task.labels.len()).collect::<Vec<_>>(), [1, 1]);
    let mark = file.tasks[0].parallel.unwrap();
    assert_eq!(mark.of(file.text()), "[P]");
}

#[test]
fn each_line_with_a_key_is_one() {
    let file = read(
        "# Tasks: A — work plan\n\n## Phase 1: B\n\n- [ ] T001 C\n  **File**: `pkg/a/b.go`\n  **Function**: `f()` which\n  does it\n\n  File: `pkg/a/c.go`\n  Test: works\n  Methods on `*T`:\n  - `g()`\n",
    );
    assert_eq!(file.title.as_ref().map(|title| title.text.as_str()), Some("A"));
    let task = &file.tasks[0];
    let shown: Vec<String> = task.details.iter().map(|detail| format!("{}|{}", detail.key, detail.text.text)).collect();
    assert_eq!(
        shown,
        [
            "file|`pkg/a/b.go`",
            "function|`f()` which does it",
            "file|`pkg/a/c.go`",
            "test|works",
            "|Methods on `*T`:",
            "|`g()`",
        ]
    );
    assert_eq!(task.paths.len(), 2);
    assert_eq!(task.title.text, "C");
}

#[test]
fn a_line_that_begins_with_a_path_names_a_file() {
    let file =
        read("## Phase 1: B\n\n- [ ] T001 C\n  - `pkg/a/b.go`: method `f()`\n  - `pkg/a/c.go`\n  - see pkg/a/d.go\n");
    let paths: Vec<&str> = file.tasks[0].paths.iter().map(|path| path.text.as_str()).collect();
    assert_eq!(paths, ["pkg/a/b.go", "pkg/a/c.go"]);
}

#[test]
fn fields_one_below_the_other_are_details_of_their_own() {
    let text = "# Tasks: X\n\n### TASK-001: Type\n\n**Status:** ✅ Done\n**Depends:** —\n**Files:** `pkg/a.go`\n\n\
        ### TASK-002: Use\n\n**Status:** Todo\n**Depends on**: TASK-001\n**Function**: `f() error`\n  that uses it\n";
    let file = parse(&Source::new("t", text));
    let keys = |task: usize| file.tasks[task].details.iter().map(|detail| &*detail.key).collect::<Vec<_>>();
    assert_eq!(keys(0), ["status", "depends", "files"]);
    assert_eq!(keys(1), ["status", "depends on", "function"]);
    assert_eq!(file.tasks[0].paths[0].text, "pkg/a.go");
    assert_eq!(file.tasks[1].details[2].text.text, "`f() error` that uses it");
    assert_eq!((file.tasks[0].done, file.tasks[1].done), (true, false));
}
