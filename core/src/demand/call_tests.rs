use super::*;

fn shown(line: &str, bare: bool) -> Vec<String> {
    let one = |call: Call| {
        let name = |name: Option<FuncRef>| name.map_or_else(|| "?".to_owned(), |name| name.to_string());
        let callee = match call.said {
            Said::Both => "both".to_owned(),
            Said::All => "all".to_owned(),
            Said::It => name(call.callee),
        };
        let mut text = format!("{callee} <- {}", name(call.caller));
        if call.verb == Verb::Other {
            text.insert_str(0, "other ");
        }
        if let Some(file) = call.file {
            text = format!("{text} in {file}");
        }
        match call.place {
            Place::Open => {}
            Place::Start => text += " start",
            Place::End => text += " end",
            Place::After(other) => text = format!("{text} after {other}"),
            Place::Between(one, two) => text = format!("{text} between {one} and {two}"),
            Place::Before(other) => text = format!("{text} before {other}"),
        }
        if let Some(arguments) = call.arguments {
            text = format!("{text} with ({})", arguments.join(", "));
        }
        if let Some(condition) = call.condition {
            text = format!("{text} [{condition}]");
        }
        text
    };
    calls(line, bare).into_iter().map(one).collect()
}

#[test]
fn a_call_is_read_with_its_caller_and_place() {
    for (line, calls) in [
        ("Call it from `validateInterfacesFields`", &["? <- validateInterfacesFields"][..]),
        (
            "Call it from `vmiApplier.Apply` in `pkg/instancetype/preference/apply/vmi.go`",
            &["? <- vmiApplier.Apply in pkg/instancetype/preference/apply/vmi.go"],
        ),
        ("Call it in `updateStatus`", &["? <- updateStatus"]),
        ("Call it from `Execute` and start it in `onStartedLeading`", &["? <- Execute", "other ? <- onStartedLeading"]),
        ("Implement `validateX` in `pkg/a/b.go` and call it from `ValidateSpec`", &["? <- ValidateSpec"]),
        ("call `f` from `G`", &["f <- G"]),
        ("Call f() at the end of `(c *Controller) sync()`", &["f <- Controller.sync end"]),
        ("invoked by T.F()", &["? <- T.F"]),
        ("`f` is called from `G`", &["f <- G"]),
        ("`f` must be invoked from `G`, so that the status is right", &["f <- G"]),
        ("`G` calls `f`", &["f <- G"]),
        ("`G` should call it", &["? <- G"]),
        ("Wire `f` into `G()`", &["f <- G"]),
        ("Wire it up in `G` of `pkg/a/b.go`", &["? <- G in pkg/a/b.go"]),
        ("Hook it into the `sync` method of `Controller`", &["? <- Controller.sync"]),
        ("hooked into `sync` on `*Controller`", &["? <- Controller.sync"]),
        ("Hook up in `G`", &["? <- G"]),
        ("Add a call to `f` in `G`", &["f <- G"]),
        ("Add a call of `f()` at the start of `G`", &["f <- G start"]),
        ("Add the call to `G`", &["? <- G"]),
        ("register it in `onStart`", &["other ? <- onStart"]),
        ("Call it from `G` right after `h`", &["? <- G after h"]),
        ("Call it right before `h()` in `G`", &["? <- G before h"]),
        ("Call it from `G` before the final return", &["? <- G end"]),
        ("Call it before returning from `G`", &["? <- G end"]),
        ("Call it from `A` and from `B`", &["? <- A", "? <- B"]),
        ("Call it from `G` when the gate is enabled", &["? <- G [when the gate is enabled]"]),
        ("If `a.B` is set, call `f` from `G`", &["f <- G [If `a.B` is set]"]),
        ("In `G`, unless `a` is empty, call `f` in `G`", &["f <- G [unless `a` is empty]"]),
        ("Call it from `G`, guarded by `c.On()`", &["? <- G [guarded by `c.On()`]"]),
        ("Call it from `G` behind `c.AEnabled()`", &["? <- G [behind `c.AEnabled()`]"]),
        ("Call it from `G` in case `a.B` is set", &["? <- G [in case `a.B` is set]"]),
        ("Call it from `G`. The call must be skipped for x.", &["? <- G [The call must be skipped for x]"]),
        ("Call it from `G`; not for paused VMs", &["? <- G [not for paused VMs]"]),
        ("Call it from `G` except for x", &["? <- G [except for x]"]),
        ("Call it from `G`, as long as `c.On()`", &["? <- G [as long as `c.On()`]"]),
        ("Call it from `G`, provided that x is set", &["? <- G [provided that x is set]"]),
        ("`G` calls it, but only if x is set", &["? <- G [but only if x is set]"]),
        ("`f` is called from `G` and skipped while x", &["f <- G [skipped while x]"]),
        ("Call it from `G` for every interface", &["? <- G [for every interface]"]),
        ("Called for each interface in `G`", &["? <- G"]),
        ("`T.G` must also run a new `f(a int) error`", &["f <- T.G"]),
        ("checked in `Admit`", &["? <- Admit"]),
        ("Append its result in `G`", &["other ? <- G"]),
        ("Called on the rendered pod at the end of `G`", &["? <- G end"]),
        ("Call from `T.G` after `h`", &["? <- T.G after h"]),
        ("Call it only if x is set, from `G`", &["? <- ? [only if x is set, from `G`]"]),
        ("Call it from the update admitter", &["? <- ?"]),
        ("Call it from `pkg/a/b.go`", &["? <- ? in pkg/a/b.go"]),
        ("Call it from `pkg/a/b.go:G`", &["? <- G in pkg/a/b.go"]),
        ("Use it in `G` to set the field", &["? <- G"]),
        ("Calling `f` inside `G` keeps it small", &["f <- G"]),
        ("Add `f(x int)`; `G` runs it first thing", &["? <- G start"]),
        ("Let `G` (`pkg/a/b.go`) end with a call of the new `f(x int)`", &["f <- G in pkg/a/b.go end"]),
        ("`T.G` begins by calling `f`", &["f <- T.G start"]),
        ("`G` in pkg/a/b.go must first check `f(x int) bool` (new)", &["f <- G in pkg/a/b.go start"]),
        ("`sync` of `Controller` should finally call `f`", &["f <- Controller.sync end"]),
        ("`G` uses it to decide", &["? <- G"]),
        ("`G` should call it, before `h`, and log the error", &["? <- G before h [log the error]"]),
        ("have `G` call it prior to `h`", &["? <- G before h"]),
        ("has to be the last thing `G` does before it returns", &["? <- G end"]),
        ("Add `f()`; goes into `G` next to `h`", &["? <- G [next to `h`]"]),
        ("add `f()` in `pkg/a/b.go` and register in `G` (`pkg/c/d.go`)", &["other ? <- G in pkg/c/d.go"]),
    ] {
        assert_eq!(shown(line, false), calls, "{line}");
    }
}

#[test]
fn what_is_spelled_out_and_what_is_denied_is_read() {
    for (line, calls) in [
        ("`G` calls `c.f(vmiCopy, a.B())` after `h`", &["c.f <- G after h with (vmiCopy, a.B())"][..]),
        ("Call it from `G` as `x.f(a)` before `h`", &["x.f <- G before h with (a)"]),
        ("`G` calls it with `nil`", &["? <- G with (nil)"]),
        ("called from `G` with `a` and `b`, behind `h`", &["? <- G after h with (a, b)"]),
        ("`G` calls it with the VMs that failed", &["? <- G [with the VMs that failed]"]),
        ("Call `f(a int)` from `G`", &["f <- G"]),
        ("Call it from `G` between `a` and `b`", &["? <- G between a and b"]),
        ("`F` and `G` call it, the latter only for x", &["? <- F", "? <- G [the latter only for x]"]),
        ("`F`, `G` and `H` all call it", &["? <- F", "? <- G", "? <- H"]),
        ("called by `F`, `G` (with the old one) and `H`", &["? <- F", "? <- G [with the old one]", "? <- H"]),
        ("`F` calls it; so does `G` for y", &["? <- F", "? <- G [for y]"]),
        ("`F` calls it, `G` must not", &["? <- F"]),
        ("`F` calls it and returns early", &["? <- F [returns early]"]),
        ("`F` calls it, and `G` no longer calls `h`", &["? <- F"]),
        ("`F` must not call it while paused", &["? <- F [must not call it while paused]"]),
        ("`f()`, for use in `G`", &["? <- G"]),
        ("`G` appends its results to `list`", &["? <- G"]),
    ] {
        assert_eq!(shown(line, false), calls, "{line}");
    }
    for line in ["`G` no longer calls `h`", "`h` is no longer called from `G`", "`G` stops calling `h`"] {
        let gone = dropped_calls(line, false);
        assert_eq!(gone.len(), 1, "{line}");
        assert_eq!(gone[0].caller.as_ref().map(|caller| caller.name.as_str()), Some("G"), "{line}");
        assert_eq!(gone[0].callee.as_ref().map(|callee| callee.name.as_str()), Some("h"), "{line}");
    }
}

#[test]
fn words_between_a_verb_and_its_caller_say_where_or_how_often() {
    for (line, calls) in [
        ("Add `f()`, called first in `G`", &["? <- G start"][..]),
        ("Called last in `G`", &["? <- G end"]),
        ("called directly from `G`", &["? <- G"]),
        ("called twice from `G`", &["? <- G [twice]"]),
        ("Add `f()`, run as the last step of `G`", &["? <- G end"]),
        ("Add `f()`, triggered by `G`", &["? <- G"]),
        ("deferred in `G`", &["other ? <- G"]),
        ("`f()`, whose causes `G` appends", &["? <- G"]),
        ("`f(x int)` in `a/b.go`, run before `g`", &["? <- ? before g"]),
        ("Add `f(x int)`; it runs right after `g`", &["? <- ? after g"]),
        ("Add `f(x int)` to `a/b.go`, to be executed after `g`", &["? <- ? after g"]),
        ("`G` appends its causes", &["? <- G"]),
        ("`G` should add its causes to the list", &["? <- G"]),
        ("called from `G`, not from `H`", &["? <- G"]),
        ("called by the tests only, not by `G`", &["? <- ?"]),
    ] {
        assert_eq!(shown(line, false), calls, "{line}");
    }
}

#[test]
fn an_integration_may_be_the_caller_alone() {
    for (line, calls) in [
        ("`updateStatus`", &["? <- updateStatus"][..]),
        ("from `updateStatus` in `pkg/a/b.go`", &["? <- updateStatus in pkg/a/b.go"]),
        ("at the end of `updateStatus`", &["? <- updateStatus end"]),
        ("Register `/things-validate` in `pkg/virt-api/api.go`", &[]),
        ("Add it to the list in `pkg/a/strategy.go`", &[]),
        ("the informer factory", &[]),
        ("`F` → `f`, `G` → `g`", &[]),
        ("`F` calls the former, `G` the latter", &[]),
        ("last thing in `F`", &["? <- F end"]),
        ("one more check in `F`", &["? <- F"]),
        ("one more check per interface in `F`", &["? <- F [one more check per interface]"]),
        ("`F`, which has both", &["? <- F"]),
        ("`F` returns early if it is true", &["? <- F [returns early if it is true]"]),
        ("`f` is called from `F`; `g` from `G`", &["f <- F", "g <- G"]),
        ("`f` from `F` and `G` in `pkg/a/b.go`", &["f <- F in pkg/a/b.go", "f <- G in pkg/a/b.go"]),
    ] {
        assert_eq!(shown(line, true), calls, "{line}");
    }
}

#[test]
fn each_caller_gets_what_its_clause_names() {
    for (line, calls) in [
        ("Call `f` from `F` and `g` from `G`", &["f <- F", "g <- G"][..]),
        ("call `f` in `F`, `g` in `G` and `h` at the end of `H`", &["f <- F", "g <- G", "h <- H end"]),
        ("Wire `f` into `F` and `g` into `G`", &["f <- F", "g <- G"]),
        ("`f` is called from `F` and `g` from `G`", &["f <- F", "g <- G"]),
        ("Call `f` in `F`; `g` in `G`", &["f <- F", "g <- G"]),
        ("`F` calls `f`, `G` calls `g`", &["f <- F", "g <- G"]),
        ("`F` calls `f` and `G` calls `g`", &["f <- F", "g <- G"]),
        ("Call `f` from `F` and from `G`", &["f <- F", "f <- G"]),
        ("Call it from `F`, `G` and `H`", &["? <- F", "? <- G", "? <- H"]),
        ("Call `f` and `g` from `G`", &["f <- G", "g <- G"]),
        ("Call `f`, `g` from `F` and `G` respectively", &["f <- F", "g <- G"]),
        (
            "Call `f`, `g` and `h` from `F` and `G` respectively",
            &[
                "f <- F [respectively]",
                "f <- G [respectively]",
                "g <- F [respectively]",
                "g <- G [respectively]",
                "h <- F [respectively]",
                "h <- G [respectively]",
            ],
        ),
        ("`G` calls `f` and `g`", &["f <- G", "g <- G"]),
        ("`f` and `g` are called from `G`", &["f <- G", "g <- G"]),
        ("Add `T`, and `g` is called from `G`", &["g <- G"]),
        ("Call `f` from `F` and `g` from `G` if x is set", &["f <- F [if x is set]", "g <- G [if x is set]"]),
        ("Add `(c *C) f(x int)`, called from `F`, and `(c *C) g(x int)`, called from `G`", &["? <- F", "? <- G"]),
        ("Call both from `G`", &["both <- G"]),
        ("Call them in `G`", &["all <- G"]),
        ("Call each of them from `F` and `G`", &["all <- F", "all <- G"]),
        ("Add `f()` and `g()`; both are called from `G`", &["both <- G"]),
        ("They are called from `G`", &["all <- G"]),
        ("Both functions are called from `G`", &["both <- G"]),
        ("`G` calls both", &["both <- G"]),
        ("Check each interface in `G`", &[]),
        ("In `F` call `f`, in `G` call `g`", &["f <- F", "g <- G"]),
        ("In `F`, call `f`, and in `G`, call `g`", &["f <- F", "g <- G"]),
        ("`F` calls `f`, `G` does the same with `g`", &["f <- F"]),
    ] {
        assert_eq!(shown(line, false), calls, "{line}");
    }
    let found = shown("`f` from `F`, `g` from `G`", true);
    assert_eq!(found, ["f <- F", "g <- G"]);
}

#[test]
fn what_is_no_demand_for_a_call_is_none() {
    for line in [
        "Add optional field `A` to `B`",
        "Implement `f` in `pkg/a/b.go`",
        "Add `M()` to the `T` interface",
        "Register handlers in `SetupMetrics()`",
        "Extend `generatePodAnnotations` to write `kubevirt.io/x`",
        "Change `AdjustResources` to read `vmi.Status`",
        "Used by people in production",
        "Run `make generate` after changes",
        "the system call is slow",
        "`G` ends with a call",
        "Implement `f() error`, and add it to the `T` interface",
        "It goes into the `G` struct",
        "`f()` belongs in `pkg/a/b.go`",
        "The migration ends with a call to the guest",
        "`x` starts with a letter",
    ] {
        assert_eq!(shown(line, false), Vec::<String>::new(), "{line}");
    }
}
