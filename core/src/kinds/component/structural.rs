//! Lines about how code is put together, which no function does when it runs.

use crate::demand::{Piece, Word, words};

/// Whether a line asks for something else than what a function does: a declaration of its own, a name or a place that
/// changes, work in another file, tests, generated code. `there` knows the names that the package has.
pub(in crate::kinds) fn is_structural(text: &str, there: &dyn Fn(&str) -> bool) -> bool {
    const RENAMES: &[&str] = &["rename", "export", "unexport", "move", "inline", "extract", "split"];
    const REMOVES: &[&str] = &["remove", "delete", "drop", "replace", "retire"];
    const DECLARED: &[&str] = &[
        "field",
        "struct",
        "type",
        "interface",
        "constant",
        "const",
        "variable",
        "var",
        "builder",
        "method",
        "helper",
        "function",
        "func",
        "constructor",
        "flag",
    ];
    // What an order to add declares. A function adds labels and conditions when it runs.
    const ADDED: &[&str] = &["field", "fields", "struct", "type", "interface", "constant", "const", "variable", "flag"];
    const ADDS: &[&str] = &["add", "introduce", "define", "declare", "create"];
    let line = words(text);
    let rest = line.iter().take_while(|word| word.is(&["a", "an", "the", "new", "bool", "string", "int"])).count();
    let line = &line[rest..];
    let Some((first, behind)) = line.split_first() else { return false };
    let object = behind.iter().find(|word| !word.is(&["the", "existing", "function", "method", "of", "signature"]));
    let object = object.filter(|word| word.piece == Piece::Code);
    let is_there = |word: &Word<'_>| there(word.text.trim_end_matches("()"));
    let has = |phrase: &[&str]| {
        line.windows(phrase.len()).any(|words| words.iter().zip(phrase).all(|(word, part)| word.is(&[part])))
    };
    let added = line.get(1..).filter(|_| first.is(ADDS)).unwrap_or_default();
    let is_open = |word: &&Word<'_>| word.piece == Piece::Prose && !word.is(ADDED);
    let added = &added[added.iter().take(3).take_while(is_open).count()..];
    let declares = added.windows(2).next().is_some_and(|pair| {
        let is_code = |word: &Word<'_>| word.piece == Piece::Code;
        pair[0].is(ADDED) && is_code(&pair[1]) || is_code(&pair[0]) && pair[1].is(ADDED)
    });
    let tests = has(&["unit", "test"]) || has(&["unit", "tests"]) || has(&["functional", "test"]);
    first.is(RENAMES) && object.is_some()
        || first.is(REMOVES) && object.is_some_and(is_there)
        || first.is(DECLARED) && behind.first().is_some_and(|word| word.piece == Piece::Code)
        || declares
        || tests && first.is(&["cover", "add", "write", "test", "extend"])
        || has(&["new", "field"])
        || has(&["signature", "of"])
        || line
            .iter()
            .any(|word| word.piece == Piece::Code && (word.text.ends_with(".go") || word.text.starts_with("make ")))
}

#[cfg(test)]
mod tests {
    use super::is_structural;

    #[test]
    fn what_a_function_does_is_not_structural() {
        let there = |name: &str| matches!(name, "plan" | "Clock");
        for (text, expected) in [
            ("rename `plan` to `planAll`", true),
            ("move `plan` to `other.go`", true),
            ("delete `plan`", true),
            ("Remove `serviceAccount` from `pkg/x/volumes.go`", true),
            ("change the signature of `plan` to `plan(a int) error`", true),
            ("builder `WithX(on bool) *Options` on `*Options`", true),
            ("the field `count int` in `Clock`", true),
            ("`Clock` has to count in a new field `count int`", true),
            ("type `Reason string` with `A` and `B`", true),
            ("a bool flag `--dry-run` on `NewCommand`", true),
            ("cover it with a unit test", true),
            ("run `make generate`", true),
            ("Add struct `span` with the field `from, to int`", true),
            ("Add the unexported `span` struct", true),
            ("Add a new bool flag `--dry-run`", true),
            ("Add flag `--dry-run` of type bool - Only show what would be done", true),
            ("Add the label `kubevirt.io/x` to the pod", false),
            ("Add the volume to the pod, with the field `path`", false),
            ("register it in `pkg/x/manager.go`", true),
            ("Remove the finalizer from the VM", false),
            ("delete the pod `virt-launcher` and wait", false),
            ("remove `finalizer` from the list", false),
            ("move the VM to the node", false),
            ("only when the `Plugins` feature gate is enabled", false),
            ("emit the event `Halted`", false),
            ("write the file `/run/x.sock`", false),
        ] {
            assert_eq!(is_structural(text, &there), expected, "{text}");
        }
    }
}
