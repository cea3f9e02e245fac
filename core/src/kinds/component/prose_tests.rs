use super::*;

#[test]
fn constants_are_read_from_prose() {
    let found = enumeration(&PlannedTask::sample(
        "Types",
        &[("task", "Define ClockSource constants (rtc, kvm-clock, unknown)")],
    ))
    .unwrap();
    assert_eq!(
        (found.name.as_str(), found.values),
        ("ClockSource", vec!["rtc".into(), "kvm-clock".into(), "unknown".into()])
    );
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
        ("", "f implements T004: VMI Add Event Handler."),
        ("forgets everything", "f forgets everything."),
        ("details of it", "f implements T004: details of it."),
        ("Detection logic", "f implements T004: Detection logic."),
    ] {
        assert_eq!(doc("f", purpose, &task), expected);
    }
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
