use std::sync::Arc;

use super::*;

fn change(before: Option<&str>, after: &str) -> Change {
    Change {
        path: crate::repo_path::RepoPath::known("a/b.go"),
        before: before.map(Arc::from),
        after: after.into(),
        tasks: vec![],
        order: 0,
        is_generated: false,
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

#[test]
fn code_has_its_colours_on_a_terminal() {
    let text = unified(&change(Some("a\n"), "a\nreturn \"x\" // y\n"), Color::Always);
    for expected in ["\u{1b}[32m+\u{1b}[0m", "\u{1b}[33m\"x\"\u{1b}[0m", "\u{1b}[90m// y\u{1b}[0m"] {
        assert!(text.contains(expected), "{text:?}");
    }
    // What goes away has one colour.
    let text = unified(&change(Some("a\nreturn \"x\"\n"), "a\n"), Color::Always);
    assert!(text.contains("\u{1b}[31mreturn \"x\"\u{1b}[0m"), "{text:?}");
}

#[test]
fn a_name_cannot_write_a_header() {
    for (path, quoted) in [
        ("x\n+++ b/.git/hooks\n@@ -1 +1 @@\n+y.md", r#""b/x\012+++ b/.git/hooks\012@@ -1 +1 @@\012+y.md""#),
        ("a \"b\"\u{1b}[2J.md", r#""b/a \042b\042\033[2J.md""#),
        ("x\u{202e}.md", r#""b/x\342\200\256.md""#),
        ("plain name é.md", "b/plain name é.md"),
    ] {
        let text = diff_texts(path, Some("a\n"), "b\n", Color::Never);
        let headers: Vec<&str> = text.lines().filter(|line| line.starts_with("+++ ")).collect();
        assert_eq!(headers, [format!("+++ {quoted}")], "{text}");
    }
}

#[test]
fn colours_are_for_people_who_are_to_see_what_there_is() {
    let (before, after) = ("a\u{1b}[8m\u{202e}\r\nb\r\n", "a\u{1b}[8m\u{202e}\r\nc\u{9b}\r\n");
    let text = unified(&change(Some(before), after), Color::Always);
    assert!(!text.contains("\u{1b}[8m") && !text.contains(['\u{202e}', '\u{9b}', '\r']), "{text:?}");
    assert!(text.contains("\\u{1b}[8m\\u{202e}") && text.contains("c\\u{9b}"), "{text:?}");
    let plain = unified(&change(Some(before), after), Color::Never);
    assert!(plain.contains(" a\u{1b}[8m\u{202e}\r\n-b\r\n+c\u{9b}\r\n"), "git apply takes it as it is: {plain:?}");
}
