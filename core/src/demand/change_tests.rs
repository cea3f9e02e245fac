//! Lines that want code otherwise.

use super::*;

fn shown(line: &str) -> String {
    let by = |by: &By| match by {
        By::Function(name) => name.clone(),
        By::File(file) => format!("file {file}"),
        By::Tests => "tests".to_owned(),
        By::Callers => "callers".to_owned(),
    };
    let all = |list: &[By]| list.iter().map(by).collect::<Vec<_>>().join(", ");
    let one = |change: CodeChange| match change {
        CodeChange::Parameters { functions, parameters, place, .. } => {
            format!("{}({parameters}) {place:?}", functions.join(", "))
        }
        CodeChange::Head { head, .. } => format!("head {head}"),
        CodeChange::Passed { arguments, function, by } => {
            format!("pass {} to {} by {}", arguments.join(", "), function.as_deref().unwrap_or("it"), all(&by))
        }
        CodeChange::Replaced { old, new, within, every } => {
            format!("{old} -> {new} in {}{}", all(&within), if every { ", every" } else { "" })
        }
        CodeChange::Renamed { old, new, .. } => format!("{old} => {new}"),
    };
    changes(line).map_or_else(|| "-".to_owned(), |found| found.into_iter().map(one).collect::<Vec<_>>().join("; "))
}

#[test]
fn what_lines_want_otherwise() {
    for (line, said) in [
        ("Add the parameter `x *a.X` to `f`", "f(x *a.X) Last"),
        ("`f` takes another argument, `x *a.X`, after `y`", "f(x *a.X) After(\"y\")"),
        ("`f` gets a new first parameter `x X`", "f(x X) At(0)"),
        ("Give `T.f` a second parameter `x X`; `g` passes `y`", "T.f(x X) At(1); pass y to it by g"),
        (
            "Give `f` a third parameter `x bool`, which all callers set to `false`",
            "f(x bool) At(2); pass false to it by callers",
        ),
        (
            "`f` takes a third parameter `x X`; `g` passes `y`, the unit tests too",
            "f(x X) At(2); pass y to it by g, tests",
        ),
        (
            "`f` gets a parameter `x X`. `g` and `h` pass `y` and so do the tests",
            "f(x X) Last; pass y to it by g, h, tests",
        ),
        (
            "Add a last parameter `x bool` to `f`; virt-launcher passes `*x`",
            "f(x bool) Last; pass *x to it by file cmd/virt-launcher/",
        ),
        ("Give `f` a parameter `x X`; `g` sets `x` to `y`", "-"),
        (
            "Extend `f` with two parameters, `x X` and `y *Y`, and pass `nil` and `c.y` in `g` and `h`",
            "f(x X, y *Y) Last; pass nil, c.y to it by g, h",
        ),
        (
            "Change the signature of `f` to `f(a A, b B) bool`. `g` passes `c.x`, the tests pass `nil`.",
            "head f(a A, b B) bool; pass c.x to it by g; pass nil to it by tests",
        ),
        ("`f(a A)` becomes `f(a A, b B)`", "head f(a A, b B)"),
        ("Pass `c.x` to `p.New` in `sync`", "pass c.x to p.New by sync"),
        ("Pass `c.x` to `p.New` from `sync` (`pkg/a/b.go`)", "pass c.x to p.New by sync"),
        ("`f`, `g` and `h` pass `x`", "pass x to it by f, g, h"),
        ("`f` of `T` takes `x X`, too", "T.f(x X) Last"),
        ("pass `nil` everywhere", "pass nil to it by callers"),
        ("All callers pass `nil`", "pass nil to it by callers"),
        ("the unit tests pass `nil`", "pass nil to it by tests"),
        ("`pkg/a/b_test.go` passes `nil`", "pass nil to it by file pkg/a/b_test.go"),
        ("Replace `a.F(x)` with `b.F(x)` in `g`", "a.F(x) -> b.F(x) in g"),
        ("In `g`, use `b.F(x)` instead of `a.F(x)`", "a.F(x) -> b.F(x) in g"),
        ("`g` and `h` call `b.F(x)` instead of `a.F(x)`", "a.F(x) -> b.F(x) in g, h"),
        ("Replace every call of `a.F` with `b.F`", "a.F -> b.F in , every"),
        ("Replace all uses of `a.F` by `b.F` in `pkg/a/b.go`", "a.F -> b.F in file pkg/a/b.go, every"),
        ("Rename `f` to `g`, with all its callers", "f => g"),
        ("In `a/b.go`, rename the function `f` to `g`", "f => g"),
        ("In `a/b.go` the function `f` becomes `g`", "f => g"),
        ("In `a/b.go`: `f` is called `g` from now on", "f => g"),
        ("virt-launcher: `T.f` -> `g` in `a/b.go`", "T.f => g"),
        ("In the function `f` becomes `g`", "f => g"),
        ("In `f` the value becomes `g`", "-"),
        ("In `f`, a helper called `g`", "-"),
        ("A new function `f`, called `g`", "-"),
        ("`f` becomes `g` when the gate is on", "-"),
        ("`f(a A, b B) C`; `g` passes `x`", "head f(a A, b B) C; pass x to it by g"),
        ("`f(a A, b B) C`", "-"),
        ("Change `plan` to be faster", "-"),
        ("Change `f` to read `a.b` and fall back to the sum", "-"),
        ("Add the field `x X` to `S`", "-"),
        ("Pass `c.x` to `p.New` only if it is set", "-"),
        ("Replace the call of `f` with a loop", "-"),
        ("Do not pass `x` to `f`", "-"),
        ("`f` no longer takes `x X`", "-"),
        ("Rename `f` to `g` when the gate is on", "-"),
    ] {
        assert_eq!(shown(line), said, "{line}");
    }
}
