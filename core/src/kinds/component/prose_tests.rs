use super::super::Enumeration;
use super::*;

fn enumeration(task: &PlannedTask) -> Option<Enumeration> {
    enumerations(task).into_iter().next()
}

#[test]
fn constants_are_read_from_prose() {
    let found = enumeration(&PlannedTask::sample(
        "Types",
        &[("task", "Define ClockSource constants (rtc, kvm-clock, unknown)")],
    ))
    .unwrap();
    let value = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(
        (found.name.as_str(), found.values),
        (
            "ClockSource",
            vec![
                value("ClockSourceRTC", "rtc"),
                value("ClockSourceKVMClock", "kvm-clock"),
                value("ClockSourceUnknown", "unknown")
            ]
        )
    );
    let keyed = |text: &str| enumeration(&PlannedTask::sample("Types", &[("enum", text)]));
    assert_eq!(keyed("`Mode` (on, off)").unwrap().values, vec![value("ModeOn", "on"), value("ModeOff", "off")]);
    assert_eq!(keyed("`Mode` (`ModeOn`, `ModeOff`)"), None);
    assert_eq!(keyed("`clockMode` (on)").unwrap().values, vec![value("clockModeOn", "on")]);
    let task = |text: &str| enumeration(&PlannedTask::sample("Types", &[("task", text)]));
    assert_eq!(task("Define Mode constants (ModeOn, ModeOff)"), None);
    let typed = task("Add type `Mode string` with the values `ModeOn = \"on\"` and `ModeOff = \"off\"`");
    assert_eq!(typed.unwrap().values, vec![value("ModeOn", "on"), value("ModeOff", "off")]);
    assert_eq!(task("Add type `Mode string` with the values `on` and `off`"), None);
    assert_eq!(enumeration(&PlannedTask::sample("Types", &[("task", "Define the constants (see above)")])), None);
}

#[test]
fn sentences_begin_with_the_name() {
    let task = PlannedTask::sample("VMI Add Event Handler", &[]);
    for (purpose, expected) in [
        ("check it", "f checks it."),
        ("Apply them", "f applies them."),
        ("counts it.", "f counts it."),
        ("for VMI events", "f is for VMI events."),
        ("", ""),
        ("whether it is quiet", "f reports whether it is quiet."),
        ("true if it is quiet", "f returns true if it is quiet."),
        ("raise an event, e.g. one", "f raises an event, e.g. one."),
        ("f is the one that counts. It is pure", "f is the one that counts. It is pure."),
        ("deletes of pods", ""),
        ("sorted by name", ""),
        ("with an event", ""),
        ("forgets everything", "f forgets everything."),
        ("details of it", ""),
        ("Detection logic", ""),
    ] {
        assert_eq!(doc("f", purpose, &task), expected);
    }
}

#[test]
fn a_title_that_says_nothing_is_no_sentence() {
    let of = |title: &str, functions: &[(&str, &str)]| doc("f", "", &PlannedTask::sample(title, functions));
    for title in ["Code", "API changes", "Primary Component Implementation", "Implement `f`", "Sync"] {
        assert_eq!(of(title, &[]), "", "{title}");
    }
    assert_eq!(of("Sync The Clock", &[]), "f syncs the clock.");
    assert_eq!(of("Clock Detection Implementation", &[]), "");
    assert_eq!(of("Raise an event if it stops", &[]), "f raises an event if it stops.");
    // Of two functions, a title says what both do together.
    assert_eq!(of("Sync the clock", &[("function", "`f(a int)`"), ("function", "`g(a int)`")]), "");
}

#[test]
fn scraps_are_no_sentences() {
    for (text, kept) in [
        (").", ""),
        ("it", ""),
        ("to be", ""),
        ("unlike setIfNotNil, it is not", ""),
        ("→", ""),
        ("string) string; both in a/b.go", ""),
        ("is", ""),
        (": `func f(x int)` and `func g()`", ""),
        ("which resolves the claim", "resolves the claim"),
        ("which is nice", ""),
        ("checks it; called twice", "checks it"),
        ("check `/dev/mshv` device exists", "check `/dev/mshv` device exists"),
        ("Detection logic", "Detection logic"),
        ("the sum of all (in bytes)", "the sum of all (in bytes)"),
    ] {
        assert_eq!(clause(text), kept, "{text}");
    }
}

#[test]
fn what_is_done_to_existing_code_is_no_step_of_a_new_function() {
    let there = |name: &str| ["plan", "apply"].contains(&name);
    for (text, is_other) in [
        ("Extend `plan` to read it", true),
        ("`plan` gets a parameter", true),
        ("`plan` uses the cache instead of the client", true),
        ("`plan` and `apply` return `(*Ref, error)` instead of `(*Revision, error)`", true),
        ("In `plan`, return early where it is nil", true),
        ("`plan` and `other` return it", false),
        ("`plan` is called by it", false),
        ("`plan` for each of them", false),
        ("In `other`, return early", false),
        ("returns what `plan` gives back", false),
    ] {
        assert_eq!(changes_other(text, "f", &there), is_other, "{text}");
    }
}
