use std::sync::Arc;

use super::*;

fn change(before: Option<&str>, after: &str) -> Change {
    Change {
        path: crate::repo_path::RepoPath::known("a/b.go"),
        before: before.map(Arc::from),
        after: after.into(),
        tasks: vec![],
        order: 0,
    }
}

fn numbered(lines: std::ops::Range<usize>) -> String {
    lines.fold(String::new(), |text, n| text + &format!("line {n}\n"))
}

#[test]
fn a_new_file_has_gits_headers_and_no_time() {
    assert_eq!(
        unified(&change(None, "x\ny"), Color::Never),
        "diff --git a/a/b.go b/a/b.go\nnew file mode 100644\n--- /dev/null\n+++ b/a/b.go\n@@ -0,0 +1,2 @@\n+x\n+y\n\\ No newline at end of file\n"
    );
}

#[test]
fn hunks_are_numbered_from_the_start_of_the_file() {
    let before = numbered(1..60);
    let after = before.replace("line 40\n", "line 40\nnew\n").replace("line 10\n", "line ten\n");
    let text = unified(&change(Some(&before), &after), Color::Never);
    assert!(text.contains("@@ -7,7 +7,7 @@\n line 7\n line 8\n line 9\n-line 10\n+line ten\n"), "{text}");
    assert!(text.contains("@@ -38,6 +38,7 @@\n line 38\n line 39\n line 40\n+new\n line 41\n"), "{text}");
}

#[test]
fn an_end_that_repeats_the_start_of_an_insertion_is_no_trap() {
    let before = "a\n\nb\n";
    let text = unified(&change(Some(before), "a\n\nb\n\nb\n"), Color::Never);
    assert_eq!(text.lines().filter(|line| line.starts_with('+') && !line.starts_with("+++")).count(), 2, "{text}");
}

#[test]
fn words_that_differ_are_emphasized_on_a_terminal() {
    let text = unified(&change(Some("f(a, b)\n"), "f(a, b, c)\n"), Color::Always);
    assert!(text.contains("\u{1b}[1m\u{1b}[4m"), "{text:?}");
    assert!(!unified(&change(Some("f(a, b)\n"), "f(a, b, c)\n"), Color::Never).contains('\u{1b}'));
}
