use super::*;
use crate::repo_path::RepoPath;

#[test]
fn titles_state_their_specs() {
    for (title, about, specs) in [
        ("Unit tests for the planner", "Unit tests for the planner", &["Unit tests for the planner"][..]),
        (": specs for: type is qemu; error if the gate is off", "", &["type is qemu", "error if the gate is off"]),
        ("Unit tests: rejects a thing; accepts another", "", &["rejects a thing", "accepts another"]),
        ("Unit tests for the planner: skips nodes", "Unit tests for the planner", &["skips nodes"]),
        ("Functional test \"should boot a guest\"", "", &["should boot a guest"]),
        ("E2E test “should boot it” for pools", "E2E test for pools", &["should boot it"]),
        ("rejects a thing; accepts another", "", &["rejects a thing", "accepts another"]),
        ("verify that a guest boots, and that it stops", "", &["a guest boots", "it stops"]),
        ("Verify hotplug with a clock", "hotplug with a clock", &["hotplug with a clock"]),
        ("Extend with a case where a guest hangs", "", &["a guest hangs"]),
        ("Add a test that checks that a guest hangs", "", &["a guest hangs"]),
        ("Unit tests: should do a, should skip b", "", &["should do a", "should skip b"]),
        ("Add e2e tests covering: a boot; a stop", "", &["a boot", "a stop"]),
        ("Cover `boots` with: no disk; two disks", "`boots`", &["no disk", "two disks"]),
        ("`pkg/x/y_test.go`:", "", &[]),
        (", SIG compute, needs the `RequiresX` decorator", "", &[]),
        ("its tests. It", "", &[]),
        ("Unit tests", "", &[]),
        ("Same for the VMI", "Same for the VMI", &[]),
        ("Unit tests, in a new Context \"x y\"", "", &[]),
        ("Add the context `x` with the specs \"a b\" and \"c d\"", "", &["a b", "c d"]),
        ("Add a spec, \"a b\", beside \"c d\"", "", &["a b"]),
        ("Links carry traffic: over both", "Links carry traffic: over both", &["Links carry traffic: over both"]),
    ] {
        let cases = PlannedTask::sample(title, &[]).cases();
        assert_eq!(
            (cases.about.as_str(), cases.specs),
            (about, specs.iter().map(|s| (*s).to_owned()).collect()),
            "{title}"
        );
    }
}

#[test]
fn items_of_tests_are_specs_where_they_read_like_ones() {
    let mut task =
        PlannedTask::sample("Unit tests", &[("", "with the gate off, nothing changes"), ("", "Use the fake client")]);
    task.details[0].line = 3;
    task.details[1].line = 4;
    for line in &mut task.details {
        line.is_item = true;
    }
    // Beside code, an item may be about it.
    assert!(task.specs().is_empty());
    task.named = vec![(RepoPath::known("pkg/x/y_test.go"), 1)];
    let cases = task.cases();
    assert_eq!(cases.specs, ["with the gate off, nothing changes"]);
    assert_eq!((cases.lines, cases.unread), (vec![3], vec![(4, NO_SPEC.to_owned())]));
}

#[test]
fn needs_are_read_from_every_clause() {
    for (title, specs, needed) in [
        ("Unit tests, serial: resets the clock", "resets the clock", &["Serial"][..]),
        ("Boots, SIG compute, Ordered", "Boots", &["Ordered"]),
        ("Functional test [sig-network], serial", "", &["Serial"]),
        ("Spec (sig-compute, Serial, `decorators.GPU`): a guest boots", "a guest boots", &["Serial", "GPU"]),
        ("Tests: add `It(\"should boot\", …)` to the `VMI` context", "should boot", &[]),
        ("Boots (twice)", "Boots (twice)", &[]),
        ("e2e, serial: a guest survives", "a guest survives", &["Serial"]),
        ("E2E tests with the decorators `decorators.RequiresX` and `Serial`", "", &["RequiresX", "Serial"]),
        ("needs `decorators.RequiresX`", "", &["RequiresX"]),
        ("Boots, needs the RequiresX decorator", "Boots", &["RequiresX"]),
        ("Boots, with VMs and a PVC", "Boots, with VMs and a PVC", &[]),
    ] {
        let cases = PlannedTask::sample(title, &[]).cases();
        let names: Vec<String> = cases.decorators.into_iter().map(|(_, name)| name).collect();
        assert_eq!((cases.specs.join("; ").as_str(), names.join(" ")), (specs, needed.join(" ")), "{title}");
    }
}

#[test]
fn decorators_are_no_titles() {
    let details = [("decorators", "`decorators.RequiresArm`, Serial"), ("test", "should boot")];
    let cases = PlannedTask::sample("Boots, serial, needs the `RequiresX` decorator", &details).cases();
    assert_eq!(cases.about, "Boots");
    let names: Vec<String> = cases.decorators.into_iter().map(|(_, name)| name).collect();
    assert_eq!(names, ["RequiresArm", "Serial", "Serial", "RequiresX"]);
}
