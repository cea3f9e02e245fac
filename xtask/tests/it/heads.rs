//! Heads of functions, as tasks write them: what is taken is one function, whatever the text.

use kubevirt_scaffold_core::go::{DeclKind, FunctionHead, GoFile, check};
use proptest::prelude::*;

/// Pieces of heads, right ones and wrong ones.
fn head() -> impl Strategy<Value = String> {
    let ty = prop::sample::select(vec![
        "int",
        "*v1.X",
        "[]string",
        "map[string]*a.B",
        "chan int",
        "<-chan int",
        "chan<- (<-chan T)",
        "func(int) error",
        "...T",
        "[3]int",
        "[]func(a, b int) (c error)",
        "interface{}",
        "struct{}",
        "sets.Set[string]",
        "(T)",
        "select",
        "[n]int",
        "{}",
        "²",
        "interface{ A() }",
        "A.B.C",
        "*",
        "x y",
        "map[T]",
        "func",
        "chan",
        "[]",
        "G[A, B]",
        "~int",
        "A | B",
    ]);
    let name = prop::sample::select(vec!["a", "b", "_", "error", "func", "errors", "Größe", "", "a, b", "nil", "v1"]);
    let parameter = (name, ty).prop_map(|(name, ty)| format!("{name} {ty}"));
    let list = || prop::collection::vec(parameter.clone(), 0..4).prop_map(|list| list.join(", "));
    let end = prop::sample::select(vec![
        "",
        "",
        "",
        " {",
        " {}",
        "; func init() {}",
        " {}; var x = 1",
        "\u{0}",
        " // x",
        " = 1",
    ]);
    let receiver = prop::sample::select(vec!["", "", "(c *C) ", "(C) ", "(c C, d D) ", "() ", "func "]);
    let results =
        prop_oneof![Just(String::new()), list().prop_map(|list| format!("({list})")), Just("error".to_owned())];
    prop_oneof![
        9 => (receiver, "[a-z]{1,4}", list(), results, end)
            .prop_map(|(receiver, name, list, results, end)| format!("{receiver}{name}({list}) {results}{end}")),
        1 => "\\PC{0,40}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: std::env::var("TEXTS").ok().and_then(|count| count.parse().ok()).unwrap_or(4000),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// What the fuzz target `signatures` holds, too.
    #[test]
    fn a_head_is_one_function(text in head()) {
        if let Ok(head) = FunctionHead::parse(&text) {
            let receiver = head.receiver.as_ref().map(|receiver| {
                let name = receiver.names.first().map(|name| format!("{name} ")).unwrap_or_default();
                format!("({name}{}) ", receiver.ty.text)
            });
            let written = format!("{}{}{}", receiver.unwrap_or_default(), head.name, head.signature());
            prop_assert_eq!(FunctionHead::parse(&written), Ok(head.clone()), "{}", written);
            let source = format!("package a\n\nfunc {written} {{\n}}\n");
            check(&source).unwrap();
            let file = GoFile::parse(&source).unwrap();
            prop_assert!(file.imports.is_empty());
            let only = file.decls.len() == 1 && file.decls[0].kind == DeclKind::Func && file.decls[0].name() == head.name;
            prop_assert!(only, "{}", source);
        }
    }
}
