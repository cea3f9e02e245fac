//! Verbs of titles.

use super::*;

#[test]
fn verbs_that_add_nothing_are_known() {
    for (title, verb) in [
        ("Remove the accessor", Some("remove")),
        ("tests: quarantine the spec", Some("quarantine")),
        ("Please fix the leak", Some("fix")),
        ("Get rid of the gate", Some("remove")),
        ("Drop handling", None),
        ("Fix: the leak", Some("fix")),
        ("Do not add a gate", Some("leave something as it is")),
        ("Phase out the gate", Some("remove")),
        ("Profile pages", None),
        ("Dropping the gate", Some("drop")),
        ("Relocating the gate", Some("relocate")),
        ("Fixes the leak", Some("fix")),
        ("Profiles of guests", None),
        ("String handling", None),
        ("Reword the comment", Some("reword")),
        ("Look into the leak", Some("investigate")),
        ("Find out why it leaks", Some("investigate")),
        ("Find out which node runs it", None),
        ("Ask the guest", None),
        ("Wait for the agent", None),
        ("Regenerate the certificate", None),
        ("Leave maintenance", None),
        ("Inline `v1.PersistentVolumeClaim`", None),
        ("Inline `Foo()`", Some("inline")),
        ("Inline the helper", Some("inline")),
        ("Speed up the spec", Some("optimize")),
        ("Make `pkg/a.go` obsolete", Some("remove")),
        ("Make the specs run serially", Some("change")),
        ("Make a reader", None),
        ("Make sure that it runs", None),
        ("Get `pkg/a.go` deleted", Some("delete")),
        ("Get the pulse", None),
        ("Migration of `pkg/a.go` to slog", Some("migrate")),
        ("Replacement of `pkg/a.go`", Some("replace")),
        ("Migration of a VM", None),
        ("Close the race in `pkg/a.go`", Some("fix")),
        ("Close the socket", None),
        ("fix(pulse): nil pointer in `pkg/a.go`", Some("fix")),
        ("refactor!: `pkg/a.go`", Some("refactor")),
        ("feat(pulse): add `pkg/a.go`", None),
        ("Guest pulse", None),
        ("Register the gate", None),
    ] {
        assert_eq!(verb_of(title), verb, "{title}");
    }
    // One word is a name.
    assert_eq!(first_of("Run", LOOKS), None);
    assert_eq!(first_of("Run the specs", LOOKS), Some("run"));
    assert_eq!(also_removes("Add the pulse; remove the old one"), Some("remove"));
    assert_eq!(also_removes("Handle create and delete events"), None);
    let own = |verb: &str| verb == "register";
    for (title, verb) in [
        ("Register A and remove B", Some("remove")),
        ("Register A, then rename B", Some("rename")),
        ("Register A and update the docs", Some("update")),
        ("Add C and register A", Some("add")),
        ("Register A and test coverage", Some("test")),
        ("Register A and B", None),
    ] {
        assert_eq!(also_asks(title, own).as_deref(), verb, "{title}");
    }
}

#[test]
fn what_is_so_already_or_no_more_asks_for_nothing_new() {
    for title in [
        "virt-handler no longer reads the pulse in `pkg/a.go`",
        "Feature gate registration is already done in `pkg/a.go`",
        "Ensure that the guide no longer names the gate",
    ] {
        assert!(nothing_new(&PlannedTask::sample(title, &[])).is_some(), "{title}");
    }
    for title in [
        "Detect nodes that no longer answer",
        "Reject a pulse when the node no longer has one",
        "Add a check: the node no longer answers",
        "Reject a VM that is already running",
    ] {
        assert!(nothing_new(&PlannedTask::sample(title, &[])).is_none(), "{title}");
    }
}

#[test]
fn a_label_may_name_the_work() {
    for (label, verb) in [
        ("Cleanup", Some("clean up")),
        ("Refactor", Some("refactor")),
        ("bugfix", Some("fix")),
        ("Polish", None),
        ("US1", None),
        ("sig-storage", None),
        ("Feature gate", None),
    ] {
        let task = PlannedTask { labels: vec![label.to_owned()], ..PlannedTask::sample("Pulse", &[]) };
        assert_eq!(other_work(&task), verb, "{label}");
    }
}

#[test]
fn the_noun_of_the_work_may_stand_last() {
    for (title, verb) in [
        ("Pulse handler cleanup in `pkg/a.go`", Some("clean up")),
        ("Pulse rename: `pkg/a.go`", Some("rename")),
        ("`a.go` → `b.go`", Some("move")),
        ("Apply the review feedback to `pkg/a.go`", Some("rework")),
        ("Add the pulse cleanup in `pkg/a.go`", None),
        ("Orphan cleanup in `pkg/cleanup.go`", None),
        ("Present the removal of the pulse", None),
        ("Pulse cleanup controller in `pkg/a.go`", None),
        ("Live migration of the pulse", None),
    ] {
        assert_eq!(other_work(&PlannedTask::sample(title, &[])), verb, "{title}");
    }
    let stated = [("function", "`cleanup()`")];
    assert_eq!(other_work(&PlannedTask::sample("Pulse cleanup in `pkg/a.go`", &stated)), None);
    assert!(nothing_new(&PlannedTask::sample("The pulse of `pkg/a.go` is removed", &[])).is_some());
    assert!(nothing_new(&PlannedTask::sample("Detach it when the pulse is removed", &[])).is_none());
}
