use super::super::phrased::without_call;
use super::*;

fn names(key: &str, text: &str) -> (Vec<String>, Vec<String>) {
    let (wanted, existing) = functions(&PlannedTask::sample("Do it", &[(key, text)]));
    (wanted.into_iter().map(|function| function.name).collect(), existing)
}

#[test]
fn new_functions_are_told_from_those_that_are_there() {
    for (key, text, wanted, existing) in [
        ("function", "`hasSupport()` - check `/dev/mshv` device exists", vec!["hasSupport"], vec![]),
        ("task", "Implement `a()` and `b()`", vec!["a", "b"], vec![]),
        ("task", "Add registration to existing `SetupMetrics()` function", vec![], vec!["SetupMetrics"]),
        ("task", "Register handlers in `SetupMetrics()`", vec![], vec!["SetupMetrics"]),
        ("task", "Implement handleVMIAdd() for events", vec!["handleVMIAdd"], vec![]),
        ("function", "Detection logic for availability", vec![], vec![]),
        ("task", "Add a call of `log.Log()`", vec![], vec![]),
        ("function", "`validateTrunk` - VLAN IDs are small", vec!["validateTrunk"], vec![]),
        ("function", "Extend `Controller`", vec![], vec![]),
        ("function", "`a()`, `b(x int)` and c()", vec!["a", "b", "c"], vec![]),
        ("function", "`a()` - calls `b()` and c()", vec!["a"], vec!["b", "c"]),
        ("function", "`(c *Controller) sync(x int) error` - syncs", vec!["sync"], vec![]),
        ("", "Planner `plan()` in `pkg/x/plan.go`", vec!["plan"], vec![]),
        ("", "Wire `plan()` in `pkg/x/plan.go`", vec![], vec!["plan"]),
        ("", "Call of `plan()` in `pkg/x/plan.go`", vec![], vec!["plan"]),
        ("", "Implement `plan` in `pkg/x/plan.go` and call it from `Run`", vec!["plan"], vec![]),
        ("", "Implement `PlanConfigurator` in `pkg/x/plan.go`", vec![], vec![]),
        ("task", "Add a helper `plan`", vec!["plan"], vec![]),
        ("task", "Add `M() error` to the `T` interface", vec!["M"], vec![]),
        ("task", "Extend the `T` interface with `M() error` and `N()`", vec!["M", "N"], vec![]),
        ("task", "Extend `plan` so that it calls `M()`", vec![], vec!["M"]),
        ("task", "Implement the sync with `log.Log()`", vec![], vec![]),
        ("task", "Add `func (c *T) pulse(x int) error`", vec!["pulse"], vec![]),
        ("task", "Forbid it: `admit(a, b int) error`, checked in `Admit`", vec!["admit"], vec![]),
        ("task", "`T.Pulse(x int) error` is implemented", vec!["Pulse"], vec![]),
        ("function", "isPulse(x int) bool", vec!["isPulse"], vec![]),
    ] {
        let strings = |list: Vec<&str>| list.into_iter().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(names(key, text), (strings(wanted), strings(existing)), "{text}");
    }
}

#[test]
fn methods_are_known_however_they_are_written() {
    for (key, text, receiver, purpose) in [
        ("function", "`X()` on `*T`", Some("*T"), ""),
        ("function", "`X()` on `*T` - does it", Some("*T"), "does it"),
        ("function", "`X(a int) error` on T", Some("T"), ""),
        ("function", "`(c *T) X()` does it", Some("*T"), "does it"),
        ("function", "`T.X()`", Some("T"), ""),
        ("function", "`(*T).X() error`", Some("*T"), ""),
        ("task", "Add method `X()` to `*T`", Some("*T"), ""),
        ("task", "Give `*T` a method `X() error`", Some("*T"), ""),
        ("task", "`T` gains an unexported method `x() error`", Some("T"), ""),
        ("task", "`*T` needs a `x(a int) error` method", Some("*T"), ""),
        ("function", "`x` on `*T`, takes `a int`, returns `error`", Some("*T"), ""),
        ("task", "Add `X() error` to the `T` interface", Some("T"), ""),
        ("task", "Add to the `T` interface the method `X() error`", Some("T"), ""),
        ("task", "Extend the `T` interface with `X()`", Some("T"), ""),
        ("task", "Add a method `X` on the `T` struct", Some("T"), ""),
        ("task", "Add method `X(a int) error` to the pool `*T`", Some("*T"), ""),
        ("task", "Give the pool `*T` a method `X(a int) error`", Some("*T"), ""),
        ("task", "Add the method `X()` for the shared `T`", Some("T"), ""),
        ("task", "Add `X() error` for the shared `T`", None, "for the shared T"),
        ("task", "Add struct `T` with `A int` and a function `X(a int) error`", None, ""),
        ("function", "`X()` - check of `T`", None, ""),
        ("task", "Add `X()` to `pkg/a/b.go`", None, ""),
    ] {
        let (wanted, _) = functions(&PlannedTask::sample("Do it", &[(key, text)]));
        assert_eq!(wanted.len(), 1, "{text}");
        assert_eq!((wanted[0].receiver(), wanted[0].said.text.as_str()), (receiver, purpose), "{text}");
    }
    for (key, text, ty) in [
        ("receiver", "`*T`", "*T"),
        ("task", "Extend the `T` interface", "T"),
        ("task", "Add it to the interface `T`", "T"),
    ] {
        let (wanted, _) = functions(&PlannedTask::sample("Do it", &[("function", "`X()`"), (key, text)]));
        assert_eq!(wanted[0].receiver(), Some(ty), "{text}");
    }
}

#[test]
fn methods_that_are_listed_share_their_receiver() {
    for (key, text, receivers) in [
        ("", "Add methods `a(x int) error` and `b() error` to `*T`", [Some("*T"), Some("*T")]),
        ("task", "Add methods `a(x int) error` and `b() error` to the pool `*T`", [Some("*T"), Some("*T")]),
        ("function", "`a(x int) error`, `b() error` on `*T`", [Some("*T"), Some("*T")]),
        ("task", "Give the pool `*T` the methods `a(x int) error` and `b() error`", [Some("*T"), Some("*T")]),
        (
            "task",
            "Add two unexported methods, `a(x int) error` and `b() error`, to the pool `*T`",
            [Some("*T"), Some("*T")],
        ),
        ("task", "Add `a(x int) error`, `b() error` as methods of `T`", [Some("T"), Some("T")]),
        ("task", "`T` gains `a(x int) error` and `b() error`; implement both on `*U`", [Some("T"), Some("T")]),
        ("task", "Add `a(x int) error` and `b() error`; both are methods of `T`", [Some("T"), Some("T")]),
        ("function", "`a(x int) error`, `b() error` (both on `T`)", [Some("T"), Some("T")]),
        ("task", "Add `a(x int) error` and `b() error`; all on `*T`", [Some("*T"), Some("*T")]),
        ("task", "Add `a(x int) error` and `b() error`, pointer-receiver methods of `T`", [Some("*T"), Some("*T")]),
        ("task", "On `T`, add `a(x int) error` and `b() error`", [Some("T"), Some("T")]),
        ("task", "Add to the type `T` the methods `a(x int) error` and `b() error`", [Some("T"), Some("T")]),
        ("task", "Add `a(x int) error` for `T`, and a function `b() error`", [Some("T"), None]),
        ("function", "`a(x int) error`, `b() error` - on `T`", [Some("T"), Some("T")]),
        ("task", "Add `a(x int) error` and `b() error`; both are methods of the poller", [None, None]),
        ("task", "Add two methods, `a(x int) error` and `b() error`, to the pool controller", [None, None]),
        ("task", "Add `a(x int) error` and `(t *T) b() error`", [None, Some("*T")]),
        ("task", "Add methods `a(x int) error` and `b() error`", [None, None]),
    ] {
        let (wanted, _) = functions(&PlannedTask::sample("Do it", &[(key, text)]));
        let found: Vec<Option<&str>> = wanted.iter().map(Function::receiver).collect();
        assert_eq!(found, receivers, "{text}");
        assert_eq!(wanted[0].said.text, "", "{text}");
        let lost = text.contains("method") && receivers.contains(&None);
        assert_eq!(wanted[0].fault().map(|fault| fault.code), lost.then_some("receiver-unknown"), "{text}");
    }
}

#[test]
fn the_form_of_a_receiver_is_taken_as_a_line_states_it() {
    for (text, receiver, spoken, purpose) in [
        ("Give `T` a `X() string` method (value receiver)", Some("T"), false, ""),
        ("Add `X() error` to `T` (pointer receiver)", Some("*T"), false, ""),
        ("Add `X() bool` as a value-receiver method of `T`", Some("T"), false, ""),
        ("Add `X() bool`, a pointer-receiver method of `T`", Some("*T"), false, ""),
        ("Add a method `X() bool` with value receiver to `T`", Some("T"), false, ""),
        ("value receiver method `X() bool` on `T`", Some("T"), false, ""),
        ("Add `X() bool` to `T` by value", Some("T"), false, ""),
        ("Add the method `X() bool` on a pointer to `T`", Some("*T"), false, ""),
        ("Add `(T) X() bool` (value receiver)", Some("T"), false, ""),
        ("Add `X() bool` to `T`", Some("T"), true, ""),
        ("Add `X() bool` to `*T` (value receiver)", None, false, ""),
        ("Add `X() bool` (value receiver)", None, false, ""),
        ("Add method `X() bool` to `T` (pointer receiver) - compares values", Some("*T"), false, "compares values"),
        ("Add `X() bool`, a method of `T`, which orders by value", Some("T"), true, "orders by value"),
    ] {
        let (wanted, _) = functions(&PlannedTask::sample("Do it", &[("task", text)]));
        assert_eq!(wanted.len(), 1, "{text}");
        let head = wanted[0].head.as_ref().unwrap();
        let found = head.receiver.as_ref().map(|receiver| receiver.is_spoken);
        assert_eq!((wanted[0].receiver(), found.unwrap_or_default()), (receiver, spoken), "{text}");
        assert_eq!(wanted[0].said.text, purpose, "{text}");
        assert_eq!(
            wanted[0].fault().map(|fault| fault.code),
            receiver.is_none().then_some("receiver-unknown"),
            "{text}"
        );
    }
}

#[test]
fn what_is_not_one_function_is_not_written() {
    for (text, code) in [
        ("`a() {}; func init() { println(1) }; func b()`", "signature-wrong"),
        ("`aC() {{x}}`", "signature-wrong"),
        ("`a(\u{0})`", "signature-wrong"),
        ("`a(...)`", "signature-wrong"),
        ("`a(x int`", "signature-wrong"),
        ("`init()`", "name-reserved"),
        ("`init`", "name-reserved"),
        ("main() - starts", "name-reserved"),
        ("`len(x []string) int`", "name-reserved"),
        ("`error()`", "name-reserved"),
        ("`_()`", "name-reserved"),
        ("`(c *Controller) _()`", "name-reserved"),
    ] {
        let found: Vec<&str> = faults(text).into_iter().map(|fault| fault.code).collect();
        assert_eq!(found, [code], "{text}");
    }
    for (text, moved) in [
        ("`a(x int) error` - moved from `pkg/x/y.go`, now with more", true),
        ("`a(x int) error`, extracted out of `b`", true),
        ("`a(x int) error` moves the disk to where it was taken", false),
        ("`a(x int) error` - reads from the disk", false),
    ] {
        let found: Vec<&str> = faults(text).into_iter().map(|fault| fault.code).collect();
        assert_eq!(found, if moved { vec!["function-moved"] } else { vec![] }, "{text}");
    }
    for text in ["`(c *Controller) init()`", "`a(x int) (bool, error)` - says so", "Extend `Controller`"] {
        assert_eq!(faults(text), [], "{text}");
    }
}

#[test]
fn what_is_no_purpose_is_kept_apart() {
    for (text, purpose, more, left) in [
        (
            "`x(a int)` in `p/q.go`: counts it, e.g. twice. The sum is kept.",
            "counts it, e.g. twice. The sum is kept",
            vec![],
            None,
        ),
        ("`x(a int)` in `p/q.go`. The result is sorted.", "", vec!["The result is sorted"], None),
        ("`x(a int)` in `p/q.go`; deletes of pods call it", "", vec![], Some("deletes of pods call it")),
        ("`x(a int)` - check of `T`", "", vec!["check of T"], None),
        ("`x(a int)` in `p/q.go`, kept in `fns` under `b`", "", vec![], Some("kept in `fns` under `b`")),
        ("`x(a int)` in `p/q.go`. `y` needs it.", "", vec![], None),
        ("`x(a int)` in `p/q.go`; add the name to `fns`", "", vec![], Some("add the name to `fns`")),
        (
            "`x(a int)`, commented \"x counts, i.e. adds. It is \"pure\".\"",
            "x counts, i.e. adds. It is \"pure\"",
            vec![],
            None,
        ),
        ("`x(a int)` (\"x counts it\") in `p/q.go`", "x counts it", vec![], None),
        ("`x(a int)` logs \"it is counted now\"", "logs \"it is counted now\"", vec![], None),
    ] {
        let (wanted, _) = functions(&PlannedTask::sample("Do it", &[("function", text)]));
        let said = &wanted[0].said;
        assert_eq!((said.text.as_str(), said.left.as_deref()), (purpose, left), "{text}");
        assert_eq!(said.more, more, "{text}");
    }
}

#[test]
fn a_purpose_is_what_stands_behind() {
    let (wanted, _) =
        functions(&PlannedTask::sample("Do it", &[("function", "`hasSupport()` - check `/dev/mshv` device exists")]));
    assert_eq!(wanted[0].said.text, "check /dev/mshv device exists");
    for (text, purpose) in [
        ("in pkg/a/b.go and call it from G", ""),
        ("in pkg/a/b.go - checks it", "checks it"),
        ("checks it, called from G", "checks it"),
        ("calls nobody", "calls nobody"),
        ("checks what is there", "checks what is there"),
    ] {
        assert_eq!(without_call(text), purpose, "{text}");
    }
}
