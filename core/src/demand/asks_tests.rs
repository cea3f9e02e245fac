use super::*;

fn left(text: &str) -> String {
    without(text, &read(text).0)
}

#[test]
fn what_is_asked_for_stays() {
    for text in [
        "Add `A *int32` to `B` in `a/types.go`",
        "Add `f(x int) error` that does not block, to `a/b.go`",
        "Reject VMs that do not set `x`: add `validateX(a int) error`",
        "When the gate is off, reject it: add `validateX(a int) error`",
        "In `a/b.go`, add `f()` and call it from `G`",
        "To support this without a restart, add `f()` to `a/b.go`",
        "Add `f()`, used by a later task",
        "Add `f()` to `a/b.go` for later use",
        "After T002, add `f()` to `a/b.go`",
        "Add `f()` once T002 is merged",
        "Add `f() error`, which fails if the guest is off",
        "If it is missing, create `f()` in `a/b.go`",
        "No API change: add `f()` to `a/b.go`",
        "Add a test helper `f(x int) error`",
        "Call `f` from `G` when the gate is on",
        "`A` gets a field `b`",
        "`virt-x` may create `guestpulses`",
        "One of a list of calls of `f()`",
        "A type that no task adds",
        "When hotplugging, add the volume",
        "Do not use the cache: add `f()`",
        "`virt-x` must no longer get `pods`",
        "The gates of WorkloadEncryption stay, so no new one is added",
        "Rejected disks: `f(x int) error`",
        "`f()` should be called from `G`",
        "Support it by adding `f()` to `a/b.go`",
        "The call in `G` is done with `f(x int)`",
        "In `G`, when `a.State` is `x`, store `b` in `c` before it is appended",
        "If `a.B` is set, call `f` from `G`",
    ] {
        assert_eq!(left(text), text);
    }
}

#[test]
fn what_is_denied_put_off_or_only_thought_of_asks_for_nothing() {
    for text in [
        "We won't add `A *int32` to `B` in `a/types.go`",
        "We don’t want to add `A *int32`",
        "Nobody should add `A *int32` to `B`",
        "~~Add `A *int32` to `B`~~",
        "In the future we may add `A *int32` to `B`",
        "A later PR will add `A *int32` to `B`",
        "The next release adds `A *int32`",
        "Someone else adds `A *int32` to `B`",
        "T005 will add `A *int32` to `B`",
        "If the maintainers agree, add `A *int32` to `B`",
        "If the maintainers agree add `A *int32` to `B`",
        "Only if T002 is not accepted: add function `f()`",
        "Once `X` is GA, add `A *int32` to `B`",
        "Reject attempts to add `A *int32` to `B`",
        "REJECTED: add `A *int32` to `B`",
        "It is too early to add `A *int32` to `B`",
        "Verify that nobody can add `A *int32` to `B`",
        "If `A` works here, add `A *int32` to `B`",
        "Unless `f()` is taken, add `f()` to `a/b.go`",
        "`a/b.go`: we considered adding `f(x int) error`, but it isn't needed",
        "Add a test that `f(x int) error` is called, in `a/b.go`",
        "Add `A *int32` to `B` in a follow-up",
        "Add `A *int32` to `B` if SIG API agrees",
        "There is no need to add `A *int32`",
        "It would be nice to add `A *int32` to `B`",
        "Instead of adding `A *int32` to `B`",
        "`A *int32` (dropped after review)",
        "`A *int32` - won't do",
        "Should reviewers ask for it, add `A *int32` to `B`",
        "Maybe extend the API: add `A *int32` to `B`",
        "Wait with adding `A *int32` to `B`",
        "Hold off on adding `A *int32` to `B`",
        "Do we need to add `A *int32` to `B`?",
        "Example: add `A *int32` to `B`",
        "Alternatively, add `A *int32` to `B`",
        "Wiring it into `G` is left to T009",
        "The call in `G` is out of scope",
        "Must not be called from `G`",
        "Later, `G` will call it",
        "In a follow-up, call it from `G`",
        "Never call it from `G`",
        "not called from `G`",
    ] {
        assert_eq!(left(text).trim(), "", "{text}");
    }
}

#[test]
fn a_part_can_ask_and_another_not() {
    for (text, kept) in [
        ("Add `f()` to `a.go`; unlike `h`, it is not called from `G`", "Add `f()` to `a.go`"),
        ("Add `f()` to `a.go`, to be called from `G` in a follow-up", "Add `f()` to `a.go`"),
        ("Add `f()` (not called from `G`) to `T`", "Add `f()` () to `T`"),
        ("Add `f()` to `a.go` and call it from `G` later", "Add `f()` to `a.go` and"),
        ("Fields: `A int` and `B int` (later)", "Fields: `A int`"),
        ("Add `A int` ~~and `B int`~~ to `C`", "Add `A int`  to `C`"),
        ("Do not add `f()` or call it from `G`", ""),
        ("Do not use `x`: add `f()`", "add `f()`"),
        ("Add `f()` without calling `G`", "Add `f()`"),
    ] {
        assert_eq!(left(text).trim(), kept, "{text}");
    }
}
