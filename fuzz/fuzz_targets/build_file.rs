//! Any bytes as a BUILD.bazel that files and deps are added to. What can be read before can be read after,
//! a second update has nothing to do, and what was there is still there in its order.
#![no_main]

use kubevirt_scaffold_core::build_file::{RuleKind, Wanted, WantedRule, update};
use kubevirt_scaffold_core::text::TextEdits;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let readable = update(text, &Wanted::default()).is_ok();
    for (kind, embed) in [(RuleKind::Library, false), (RuleKind::Test, false), (RuleKind::Test, true)] {
        let mut wanted = Wanted { importpath: "kubevirt.io/kubevirt/pkg/x".into(), race: true, ..Wanted::default() };
        *wanted.rule(kind) = WantedRule {
            srcs: vec!["b.go".into(), "m_test.go".into()],
            deps: vec![":go_default_library".into(), "//pkg/b:go_default_library".into(), "//vendor/c:d".into()],
            embedsrcs: if embed { vec!["a.txt".into()] } else { Vec::new() },
            cgo: embed,
            embed,
            ..WantedRule::default()
        };
        let Ok(edits) = update(text, &wanted) else { continue };
        assert!(readable, "what cannot be read is not edited");
        let result = edits.apply(text);
        let again = update(&result, &wanted).unwrap_or_else(|error| panic!("{error:?} in {result:?}"));
        assert_eq!(again, TextEdits::default(), "a second update of {result:?}");
        for edit in edits.iter() {
            kept(edit.span.of(text), &edit.text);
        }
    }
});

/// Every string and every comment of a replaced part is in what replaces it, but for the library that a
/// test embeds.
fn kept(before: &str, after: &str) {
    for piece in before.split(|c: char| c.is_whitespace() || matches!(c, '[' | ']' | ',' | '(' | ')')) {
        let own = piece.contains("go_default_library");
        assert!(own || after.contains(piece), "{piece:?} of {before:?} is lost in {after:?}");
    }
}
