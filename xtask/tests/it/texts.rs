//! Words of a tasks.md stay words: whatever they look like, what is made of them is comments, strings and
//! names, and shows what it holds.

use kubevirt_scaffold_core::diagnostic::is_invisible;
use kubevirt_scaffold_core::go::{GoFile, TokenKind, check};
use kubevirt_scaffold_core::pipeline::{Color, Look, propose, summary};
use kubevirt_scaffold_core::plan::Options;
use kubevirt_scaffold_core::survey::Survey;
use kubevirt_scaffold_core::text::Source;

/// Texts that try to be more than text.
const TEXTS: &[&str] = &[
    "*/ var PWNED = 1 /*",
    "\" + PWNED + \"",
    "\"); PWNED; (\"",
    "`+PWNED+`",
    "\\\"); PWNED //",
    "\\",
    "ends in a backslash \\",
    "\\n PWNED",
    "\\u0022 + PWNED",
    "%s %d %!x(PWNED) %v",
    "{{PWNED}} {{{PWNED}}} {{#each x}}",
    "${PWNED} $(PWNED) `PWNED`",
    "a\u{2028}var PWNED = 1",
    "a\u{2029}var PWNED = 1",
    "a\u{85}var PWNED = 1",
    "a\u{b}var PWNED = 1",
    "a\u{c}var PWNED = 1",
    "a\u{0}var PWNED = 1",
    "a\rvar PWNED = 1",
    "\u{202e}var PWNED = 1",
    "\u{2066}x\u{2069} PWNED",
    "\u{feff}PWNED",
    "\u{200b}\u{200d}PWNED",
    "\u{1b}[2J\u{1b}]0;PWNED\u{7}",
    "// PWNED",
    "//go:build PWNED",
    "//go:generate PWNED",
    "//nolint:PWNED",
    "+build PWNED",
    "+k8s:deepcopy-gen=false",
    "+optional",
    "<script>PWNED</script>",
    "-->PWNED<!--",
    "[x](javascript:PWNED)",
    "'; DROP TABLE PWNED; --",
    "# gazelle:exclude PWNED",
    "\u{fffd}\u{10ffff}\u{e000}PWNED",
    "é日本😀 PWNED",
];

#[test]
fn texts_of_tasks_stay_texts() {
    let tree = kubevirt_scaffold::sample::tree();
    let survey = Survey::new(&tree).unwrap();
    let mut made = 0;
    for text in TEXTS {
        let tasks = format!(
            "# Tasks: Clock\n\n**Owner**: {text}\n\n## Phase 1: {text}\n\n\
             - [ ] T001 **Feature gate registration {text}**\n  - Gate: `GuestClock`\n  - Description: {text}\n\
             - [ ] T002 **{text}**\n  - File: `tests/clock_test.go`\n  - Test: {text}\n\
             - [ ] T003 **{text}**\n  - File: `pkg/virt-handler/clock/clock_test.go`\n  - Test: {text}\n  - Verify: {text}\n\
             - [ ] T004 **{text}**\n  - File: `pkg/virt-handler/clock/clock.go`\n  - Function: `tick()` - {text}\n\
             - [ ] T005 **{text}**\n  - File: `docs/clock.md`\n  - Content: {text}\n\
             - [ ] T006 **Validate {text}**\n  - File: `pkg/virt-api/webhooks/validating-webhook/admitters/clock.go`\n  - Function: `validateClock()` - {text}\n\
             - [ ] T007 **Discontinue the feature gate {text}**\n  - Gate: `Root`\n  - Message: {text}\n  - Release: {text}\n"
        );
        let proposal = propose(&Source::new("tasks.md", tasks), &survey, &Options::default());
        let hidden = |c: char| is_invisible(c) && !matches!(c, '\n' | '\t');
        let look = Look { color: Color::Never, path: &str::to_owned, files: true, place: &|line| line.to_string() };
        let shown = summary(&proposal, "x", &[], &look) + &proposal.diff(Color::Never);
        assert!(!shown.contains(hidden), "{text:?} is printed as it is");
        if proposal.is_refused() {
            continue;
        }
        for change in &proposal.set.changes {
            made += 1;
            let what = format!("{text:?} in {}:\n{}", change.path, change.after);
            assert!(!change.after.contains(hidden), "{what}");
            if change.path.ends_with(".go") {
                check(&change.after).unwrap_or_else(|error| panic!("{error:?}: {what}"));
                let file = GoFile::parse(&change.after).unwrap();
                let words = file.tokens.iter().filter(|token| token.kind == TokenKind::Word);
                assert!(words.map(|token| token.span.of(&change.after)).all(|word| !word.contains("PWNED")), "{what}");
                let orders = change.after.lines().map(str::trim_start);
                let mut orders = orders.filter(|line| {
                    line.starts_with("//go:") || line.starts_with("//nolint") || line.starts_with("// +")
                });
                assert!(orders.all(|line| !line.contains("PWNED") && !line.contains("deepcopy-gen=false")), "{what}");
            }
        }
    }
    assert!(made > 150, "{made}");
}
