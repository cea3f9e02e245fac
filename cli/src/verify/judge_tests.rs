use std::collections::BTreeMap;

use kubevirt_scaffold_core::survey::Lanes;
use kubevirt_scaffold_core::verify::written;

use super::*;

const UNIT: &str = "pkg/virt-handler/clock/clock_test.go";
const FUNCTIONAL: &str = "tests/network/clock.go";

fn claim(file: &str, role: Role) -> Claim {
    Claim {
        id: "T002".into(),
        title: "Clock".into(),
        role: Some(role),
        files: vec![file.into()],
        specs: vec![(file.into(), "It ticks".into())],
        lacking: Vec::new(),
        manual: None,
        ungenerated: Vec::new(),
    }
}

/// A file with one spec.
fn file(label: &str, spec: &str) -> String {
    format!("package x\n\nvar _ = Describe(\"[{label}]Clock\", Label(\"{label}\"), func() {{\n\t{spec}\n}})\n")
}

fn evidence(path: &str, text: &str, runs: Vec<Run>) -> Evidence {
    Evidence {
        go: Ok("go1.26".into()),
        runs: BTreeMap::from([(folder(path).to_owned(), runs)]),
        written: BTreeMap::from([(path.to_owned(), written(text))]),
        ..Evidence::default()
    }
}

fn run(state: &str, message: &str) -> Run {
    Run { file: UNIT.into(), text: "it ticks".into(), state: state.into(), message: message.into(), ..Run::default() }
}

/// A suite that imports the folder of the network, and has a lane for it.
fn lanes() -> Specs {
    let lanes = Lanes { texts: vec!["[sig-network]".into()], labels: vec!["sig-network".into()] };
    Specs { imported: vec!["tests/network".into()], lanes: Some(lanes), ..Specs::default() }
}

/// What is said of the spec.
fn judged(claim: &Claim, evidence: &Evidence) -> (State, String) {
    let verdict = verdict(claim, evidence, &lanes());
    let last = verdict.findings.last().unwrap().clone();
    (last.state, last.detail)
}

const STUB: &str = "It(\"it ticks\", func() {\n\t\tFail(\"T002: not implemented\")\n\t})";

#[test]
fn a_unit_spec_is_red_by_its_own_assertion_only() {
    let filled = "It(\"it ticks\", func() {\n\t\tExpect(1).To(Equal(2))\n\t})";
    let empty = "It(\"it ticks\", func() {})";
    let skipped = "PIt(\"it ticks\", func() {\n\t\tFail(\"T002: not implemented\")\n\t})";
    for (spec, runs, state, detail) in [
        (STUB, vec![run("failed", "T002: not implemented")], State::Red, "T002: not implemented"),
        (STUB, vec![run("panicked", "Test Panicked")], State::Wrong, "panicked: Test Panicked"),
        (STUB, vec![run("failed", "in BeforeEach")], State::Wrong, "it fails for another reason: in BeforeEach"),
        (STUB, vec![], State::Wrong, "no suite runs it"),
        (skipped, vec![run("pending", "")], State::Wrong, "it never runs: PIt"),
        (empty, vec![run("passed", "")], State::Wrong, "it passes because it asserts nothing"),
        (filled, vec![run("passed", "")], State::Green, "it passes"),
        (filled, vec![run("failed", "Expected 1")], State::Red, "filled in, and failing: Expected 1"),
        ("It(\"other\", func() {})", vec![], State::Wrong, "there is no such spec in the file"),
    ] {
        let evidence = evidence(UNIT, &file("", spec), runs);
        assert_eq!(
            judged(&claim(UNIT, Role::Test { functional: false }), &evidence),
            (state, detail.to_owned()),
            "{spec}"
        );
    }
}

#[test]
fn a_functional_spec_must_be_reached_labelled_and_failing() {
    let claim = claim(FUNCTIONAL, Role::Test { functional: true });
    let sound = evidence(FUNCTIONAL, &file("sig-network", STUB), Vec::new());
    assert_eq!(judged(&claim, &sound).0, State::Red);
    let unlabelled = evidence(FUNCTIONAL, &file("", STUB), Vec::new());
    assert!(judged(&claim, &unlabelled).1.contains("name no SIG"));
    let other = STUB.replace("T002", "T009");
    let other = evidence(FUNCTIONAL, &file("sig-network", &other), Vec::new());
    assert_eq!(judged(&claim, &other).1, "it fails with T009, not with T002");
    let passing =
        evidence(FUNCTIONAL, &file("sig-network", "It(\"it ticks\", func() { By(\"launching\") })"), Vec::new());
    assert_eq!(judged(&claim, &passing).1, "it asserts nothing");
    let unreached = verdict(&claim, &sound, &Specs::default());
    assert!(unreached.is_wrong());
    let listed = Run {
        file: FUNCTIONAL.into(),
        text: "it ticks".into(),
        name: "[sig-network]Clock".into(),
        labels: vec!["sig-network".into()],
        ..Run::default()
    };
    let unassigned = Run { labels: Vec::new(), ..listed.clone() };
    for (suite, state) in [
        (Ok(vec![listed]), State::Red),
        (Ok(vec![unassigned]), State::Wrong),
        (Ok(vec![]), State::Wrong),
        (Err("x.go:1:1: no".into()), State::Wrong),
    ] {
        let evidence = Evidence { suite: Some(suite), ..evidence(FUNCTIONAL, &file("sig-network", STUB), Vec::new()) };
        assert_eq!(judged(&claim, &evidence).0, state);
    }
}

#[test]
fn a_functional_spec_that_does_not_compile_is_not_red() {
    let file_text = file("sig-network", STUB);
    let mut evidence = evidence(FUNCTIONAL, &file_text, Vec::new());
    evidence.vet("vet: tests/network/clock.go:9:3: undefined: Fial");
    let (state, detail) = judged(&claim(FUNCTIONAL, Role::Test { functional: true }), &evidence);
    assert_eq!(state, State::Wrong);
    assert!(detail.contains("undefined: Fial"), "{detail}");
}

#[test]
fn what_does_not_compile_is_not_red() {
    let mut evidence = evidence(UNIT, &file("", STUB), Vec::new());
    evidence.vet("vet: ./pkg/virt-handler/clock/other.go:3:2: undefined: y");
    let verdict = verdict(&claim(UNIT, Role::Test { functional: false }), &evidence, &Specs::default());
    let details: Vec<&str> = verdict.findings.iter().map(|finding| finding.detail.as_str()).collect();
    assert!(details.iter().all(|detail| detail.contains("undefined: y")), "{details:?}");
    evidence.go = Err("go cannot be started".into());
    evidence.broken.clear();
    assert!(!super::verdict(&claim(UNIT, Role::Test { functional: false }), &evidence, &Specs::default()).is_wrong());
}

#[test]
fn what_was_so_before_the_scaffolds_is_not_the_tasks() {
    let claim = claim(UNIT, Role::Test { functional: false });
    let stub = || file("", STUB);
    let home = || folder(UNIT).to_owned();
    let said = |now: &str, before: Option<&str>| {
        let mut evidence = evidence(UNIT, &stub(), vec![run("failed", "T002: not implemented")]);
        evidence.vet(now);
        evidence.before = before.map(|before| {
            let mut old = Evidence::default();
            old.vet(before);
            Box::new(old)
        });
        verdict(&claim, &evidence, &lanes()).findings.iter().map(|finding| finding.state).collect::<Vec<_>>()
    };
    let vet = |line: usize, what: &str| format!("vet: {UNIT}:{line}:2: {what}");
    // A complaint keeps nobody from running the specs.
    assert_eq!(said(&vet(3, "%d is wrong"), None), [State::Wrong, State::Red]);
    assert_eq!(said(&vet(13, "%d is wrong"), Some(&vet(3, "%d is wrong"))), [State::Before, State::Red]);
    assert_eq!(said(&vet(13, "%s is wrong"), Some(&vet(3, "%d is wrong"))), [State::Wrong, State::Red]);

    let shared = |before: &str| {
        let mut evidence = evidence(UNIT, &stub(), vec![run("failed", "no libvirt")]);
        let old = Run { text: "another".into(), ..run("failed", before) };
        evidence.before =
            Some(Box::new(Evidence { runs: BTreeMap::from([(home(), vec![old])]), ..Evidence::default() }));
        judged(&claim, &evidence).0
    };
    assert_eq!((shared("no libvirt"), shared("no qemu")), (State::Before, State::Wrong));
}

#[test]
fn what_is_left_and_what_is_pending_is_said() {
    let mut claim = claim(UNIT, Role::Test { functional: false });
    claim.manual = Some("change it".into());
    claim.ungenerated = vec!["Clock.zone".into()];
    let evidence = evidence(UNIT, &file("", STUB), vec![run("failed", "T002: not implemented")]);
    let verdict = verdict(&claim, &evidence, &lanes());
    let states: Vec<State> = verdict.findings.iter().map(|finding| finding.state).collect();
    assert_eq!(states, [State::Sound, State::Manual, State::Pending, State::Red]);
    assert!(!verdict.is_wrong());
}
