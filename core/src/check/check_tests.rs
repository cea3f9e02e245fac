use super::*;
use crate::documents::Documents;
use crate::text::TextEdits;
use crate::tree::MemoryTree;

const HEAD: &str = "# Tasks: Guest Clock\n\nFor KubeVirt.\n\n";

fn codes(text: &str) -> Vec<String> {
    codes_with(text, &[], None)
}

fn codes_with(text: &str, documents: &[(&str, &str)], tree: Option<&dyn Tree>) -> Vec<String> {
    let documents = Documents::new(documents.iter().map(|(name, text)| Source::new(*name, *text)));
    let checked = check(&Source::new("tasks.md", text), Against { documents: &documents, tree });
    let shown = |diagnostic: &Diagnostic| {
        let line = diagnostic.place.as_ref().map_or(0, |(source, span)| source.line(span.start));
        let letter = diagnostic.severity.name().chars().next().unwrap_or_default();
        format!("{letter} {} {line}", diagnostic.code)
    };
    checked.diagnostics.iter().map(shown).collect()
}

/// A file that nothing is wrong with, and more tasks behind its own.
fn sound(more: &str) -> String {
    format!(
        "{HEAD}## Phase 1: Foundation\n\
         - [ ] T001 Feature gate in `pkg/virt-config/featuregate/active.go`\n\
         - [ ] T002 Spec in `tests/guest_clock_test.go`\n\
         - [ ] T003 Security review in `docs/security.md`\n{more}"
    )
}

#[test]
fn a_sound_file_has_nothing_to_say() {
    assert_eq!(codes(&sound("")), [""; 0]);
}

#[test]
fn marks_that_contradict_files_and_dependencies_are_found() {
    let text = sound(
        "- [ ] T004 [P] A in `docs/a.md`\n- [ ] T005 [P] B in `docs/a.md`\n- [ ] T006 [P] C in `docs/c.md` (depends on T005)\n",
    );
    assert_eq!(codes(&text), ["e parallel-file 9", "e parallel-dependent 11"]);
    // In two phases they do not meet.
    let text = sound("- [ ] T004 [P] A in `docs/a.md`\n## Phase 2: B\n- [ ] T005 [P] B in `docs/a.md`\n");
    assert_eq!(codes(&text), [""; 0]);
}

#[test]
fn numbers_are_looked_at() {
    let text = sound(
        "- [ ] T007 A in `docs/a.md`\n- [ ] T005 B in `docs/b.md`\n- [ ] T007 C in `docs/c.md`\n\nsee T099 and T001\n",
    );
    assert_eq!(codes(&text), ["n id-gap 9", "n id-order 10", "e id-duplicate 11", "w task-missing 13"]);
    assert_eq!(codes(&sound("\n## Summary\n**Total Tasks**: 4\n")), ["w total-wrong 11"]);
    assert_eq!(codes("# Tasks\n\nnothing\n"), ["e tasks-none 1"]);
}

#[test]
fn orders_that_contradict_themselves_are_found() {
    let text = sound(
        "- [x] T004 A in `docs/a.md`\n\n## Dependencies\n- T001 before T004\n- T004 before T002\n- T002 → T001\n",
    );
    let found = codes(&text);
    for expected in ["e dependency-cycle 12", "w dependency-later 13", "w done-early 9", "w dependency-later 14"] {
        assert!(found.iter().any(|code| code == expected), "{expected}: {found:?}");
    }
}

#[test]
fn tests_come_first() {
    let code = "- [ ] T004 Code in `pkg/virt-handler/clock.go`\n- [ ] T005 Test in `pkg/virt-handler/clock_test.go`\n";
    assert_eq!(codes(&sound(&format!("## Phase 2: Core Implementation\n{code}"))), ["w tests-late 11"]);
    let claims = format!("## Phase 2: Core Implementation\ntests MUST be written first\n{code}");
    assert_eq!(codes(&sound(&claims)), ["e tests-late 12"]);
    // The test of a file stands in front of the code of its phase: that there are more later is fine.
    let first = "- [ ] T004 Test in `pkg/virt-handler/clock_test.go`\n- [ ] T005 Code in `pkg/virt-handler/clock.go`\n## Phase 3: More\n- [ ] T006 More in `pkg/virt-handler/clock_test.go`\n";
    assert_eq!(codes(&sound(&format!("## Phase 2: Core\ntests MUST be written first\n{first}"))), [""; 0]);
}

#[test]
fn what_was_left_is_found() {
    let text = "# Tasks: [FEATURE NAME]\n\n<!-- The tasks below are SAMPLE tasks -->\n- [ ] T001 Gate in `docs/a.md`, owner TBD\n- [ ] TXXX [P] more\n\n[NEEDS CLARIFICATION: which one?]\n`[NEEDS CLARIFICATION: x]`\n";
    assert_eq!(
        codes(text),
        ["e placeholder 1", "e sample-left 3", "w todo-left 4", "e sample-left 5", "e clarification-open 7"]
    );
}

#[test]
fn kubevirts_own_rules_are_kept() {
    let text = format!(
        "{HEAD}- [ ] T001 Field in `staging/src/kubevirt.io/api/core/v1/types.go`\n- [ ] T002 Both in `pkg/virt-api/a.go` and `pkg/virt-handler/b.go`\n"
    );
    let found = codes(&text);
    for expected in [
        "e gate-absent 1",
        "w api-generate 5",
        "w api-validation 5",
        "w component-separation 6",
        "w security-review-absent 6",
    ] {
        assert!(found.iter().any(|code| code == expected), "{expected}: {found:?}");
    }
    // Another project has other rules.
    assert_eq!(codes("# Tasks: Shop\n- [ ] T001 Field in `src/types.ts`\n"), [""; 0]);
}

#[test]
fn a_gate_that_the_constitution_demands_cannot_be_denied() {
    let constitution = ("constitution.md", "### II. Feature Gate Requirements (NON-NEGOTIABLE)\n");
    let plan = (
        "plan.md",
        "**Feature Gate Strategy**: N/A - small\n\nsee Principle VII\n\n**Estimated Output**: 20-30 tasks\n",
    );
    let text = "# Tasks: KubeVirt Clock\n\n## Constitutional Compliance\n- [x] **Feature Gate Requirements**: N/A - small\n\n## Phase 1: A\n- [ ] T001 Spec in `tests/a_test.go`\n- [ ] T002 Security review in `docs/s.md`\n";
    let found = codes_with(text, &[constitution, plan], None);
    assert_eq!(found, ["e gate-denied 4", "w article-unknown 3", "n estimate-off 5"]);
    let allowed = text.replace("- [x] **Fea", "<!-- allow: gate-denied (agreed) -->\n- [x] **Fea");
    assert_eq!(codes_with(&allowed, &[constitution], None), [""; 0]);
}

#[test]
fn documents_must_agree_with_each_other() {
    let model = (
        "data-model.md",
        "```go\nvar x = operatormetrics.NewInfoVec(\n    Name: \"m\",\n)\nfunc detect(a int) error {\n}\nAddFunc: onAdd,\n```\n",
    );
    let quick = (
        "quickstart.md",
        "```go\nvar x = operatormetrics.NewInfoMetric(\n    Name: \"m\",\n)\nfunc detect() error\nAddFunc: handleAdd,\n```\n",
    );
    let found = codes_with(&sound(""), &[model, quick, ("contracts/api.yaml", "# API\n\n**a**: b: c\n- d\n")], None);
    assert_eq!(
        found,
        ["w contract-format 3", "w documents-disagree 2", "w documents-disagree 5", "w documents-disagree 7"]
    );
}

#[test]
fn paths_are_looked_up_and_corrected() {
    let tree = MemoryTree::new([
        ("Makefile", "functest: build\n\tx\ngenerate:\n"),
        ("docs/observability/metrics.md", ""),
        ("staging/src/kubevirt.io/api/core/v1/types.go", ""),
        ("pkg/virt-config/featuregate/active.go", ""),
        ("tests/a_test.go", ""),
        ("api/openapi-spec/swagger.json", ""),
    ]);
    let text = sound(
        "- [ ] T004 Docs\n  - File: `docs/metrics.md` (extend existing)\n- [ ] T005 Field and `make generate`, validation\n  - File: `api/core/v1/types.go`\n- [ ] T006 Run `make test-functional` in `tests/`\n",
    );
    let plan = ("plan.md", "```text\npkg/\n├── virt-config/\n│   └── nothing/\n└── [FEATURE]/\n```\n");
    let found = codes_with(&text, &[plan], Some(&tree));
    assert_eq!(found, ["w path-unknown 10", "w path-unknown 12", "w make-unknown 13", "w path-unknown 4"]);
    let documents = Documents::default();
    let against = Against { documents: &documents, tree: Some(&tree) };
    let source = Source::new("tasks.md", text);
    let edits = fixes(&check(&source, against), against).into_iter().flat_map(|fix| fix.edits.to_vec());
    let fixed = TextEdits::new(edits.collect()).unwrap().apply(source.text());
    assert!(
        fixed.contains("`docs/observability/metrics.md`")
            && fixed.contains("`staging/src/kubevirt.io/api/core/v1/types.go`")
    );
}

#[test]
fn paths_stay_inside() {
    let text = sound(
        "- [ ] T004 A in `/home/me/kubevirt/pkg/a.go`\n- [ ] T005 B in `../b.go`\n- [ ] T006 Implement it\n- [ ] T007 Run it\n",
    );
    assert_eq!(codes(&text), ["e path-absolute 9", "e path-escapes 10", "w path-none 11", "n path-none 12"]);
}

#[test]
fn allowances_hold_where_they_stand() {
    let on_task = sound("- [ ] T004 Implement it <!-- allow: path-none (a meeting) -->\n- [ ] T005 Implement that\n");
    assert_eq!(codes(&on_task), ["w path-none 10"]);
    let above = sound("<!-- allow: path-none -->\n- [ ] T004 Implement it\n");
    assert_eq!(codes(&above), [""; 0]);
    let everywhere = sound("- [ ] T004 Implement it\n- [ ] T005 Implement that\n<!-- allow-file: path-none -->\n");
    assert_eq!(codes(&everywhere), [""; 0]);
    let wrong = sound("<!-- allow: path-non, id-duplicate, todo-left -->\n");
    assert_eq!(codes(&wrong), ["w allow-unknown 9", "w allow-unknown 9", "n allow-unused 9"]);
}

#[test]
fn fixes_leave_nothing_that_they_fix() {
    let text = "## Phase 1: A\n- [ ] T002 [P] A in `docs/a.md`\n- [ ] T005 [P] B in `docs/a.md`, after T002-T002\n- [x] T009 **[P]** C in `docs/c.md` (depends on T005)\n\nT002-T009 belong together\n";
    let documents = Documents::default();
    let against = Against { documents: &documents, tree: None };
    let source = Source::new("tasks.md", text);
    let mut now = source;
    for _ in 0..3 {
        let mut edits = TextEdits::default();
        for fix in fixes(&check(&now, against), against) {
            edits.join(&fix.edits);
        }
        now = Source::new("tasks.md", edits.apply(now.text()));
    }
    assert_eq!(
        now.text(),
        "## Phase 1: A\n- [ ] T001 [P] A in `docs/a.md`\n- [ ] T002 B in `docs/a.md`, after T001-T001\n- [x] T003 C in `docs/c.md` (depends on T002)\n\nT001-T003 belong together\n"
    );
}

#[test]
fn programs_can_read_it() {
    let source = Source::new("tasks.md", "- [x] T001 [P] A in `docs/a.md`\n- [ ] T001 B\n");
    let documents = Documents::default();
    let checked = check(&source, Against { documents: &documents, tree: None });
    let json: serde_json::Value =
        serde_json::from_str(&json("tasks.md", Some(&checked.file), &checked.diagnostics, None)).unwrap();
    assert_eq!(json["version"], 1);
    assert_eq!(json["tasks"][0]["paths"][0], "docs/a.md");
    assert_eq!(json["tasks"][0]["labels"][0], "P");
    assert_eq!(json["diagnostics"][0]["code"], "id-duplicate");
    let sarif: serde_json::Value = serde_json::from_str(&sarif(&checked.diagnostics)).unwrap();
    let result = &sarif["runs"][0]["results"][0];
    assert_eq!((result["ruleId"].as_str(), result["level"].as_str()), (Some("id-duplicate"), Some("error")));
    assert_eq!(result["locations"][0]["physicalLocation"]["region"]["startLine"], 2);
}

#[test]
fn a_range_without_its_second_letter_is_numbered_anew() {
    for dash in ["-", "–", "→→"] {
        let text =
            format!("{HEAD}## Phase 1: A\n\n- [ ] T002 a\n- [ ] T003 b\n\n## Dependencies\n\nT002{dash}003 first\n");
        let documents = Documents::default();
        let against = Against { documents: &documents, tree: None };
        let checked = check(&Source::new("tasks.md", text.as_str()), against);
        let fix = fixes(&checked, against).into_iter().find(|fix| fix.code == "id-gap").unwrap();
        let fixed = fix.edits.apply(&text);
        assert!(fixed.ends_with(&format!("T001{dash}002 first\n")), "{fixed}");
    }
}
