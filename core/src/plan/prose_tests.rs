use super::*;
use crate::plan::{PlannedTask, Scaffold};

fn task(title: &str, details: &[(&str, &str)]) -> PlannedTask {
    PlannedTask {
        index: 0,
        id: "T004".into(),
        title: title.into(),
        subject: title.into(),
        phase: None,
        line: 1,
        details: details.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
        optional: false,
        scaffold: Scaffold::Component,
        selected: true,
    }
}

#[test]
fn constants_are_read_from_prose() {
    let found =
        enumeration(&task("Types", &[("task", "Define ClockSource constants (rtc, kvm-clock, unknown)")])).unwrap();
    assert_eq!(
        (found.name.as_str(), found.values),
        ("ClockSource", vec!["rtc".into(), "kvm-clock".into(), "unknown".into()])
    );
    assert_eq!(enumeration(&task("Types", &[("task", "Define the constants (see above)")])), None);
}

#[test]
fn metrics_are_read_from_prose() {
    let found = metric(&task(
        "Metric",
        &[("task", "Define `kubevirt_vmi_clock_info` InfoVec metric"), ("labels", "namespace, name")],
    ));
    let found = found.unwrap();
    assert_eq!(found.help, "Information about the VMI clock.");
    assert_eq!((found.is_counter, found.labels), (false, vec!["namespace".into(), "name".into()]));
    assert!(metric(&task("Metric", &[("task", "Add counter kubevirt_resyncs_total metric")])).unwrap().is_counter);
    assert_eq!(metric(&task("Metric", &[("task", "Define the metric")])), None);
    let said = metric(&task("Metric", &[("content", "`kubevirt_resyncs_total` counter, number of lost resyncs")]));
    assert_eq!(said.unwrap().help, "Number of lost resyncs.");
}

#[test]
fn sentences_begin_with_the_name() {
    let task = task("VMI Add Event Handler", &[]);
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
