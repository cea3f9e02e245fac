//! Tests of what reaches a terminal.

use super::*;

#[test]
fn a_terminal_gets_our_colours_and_nothing_else_that_it_obeys() {
    for (text, colored, shown) in [
        ("plain\tand\nlines\n", true, "plain\tand\nlines\n"),
        ("\u{1b}[31mred\u{1b}[0m", true, "\u{1b}[31mred\u{1b}[0m"),
        ("\u{1b}[1;32mred\u{1b}[0m", false, "\\u{1b}[1;32mred\\u{1b}[0m"),
        ("\u{1b}[8mhidden", true, "\\u{1b}[8mhidden"),
        ("\u{1b}[2J\u{1b}]0;x\u{7}", true, "\\u{1b}[2J\\u{1b}]0;x\\u{7}"),
        ("a\u{9b}2Jb\u{202e}c\u{61c}d\re", true, "a\\u{9b}2Jb\\u{202e}c\\u{61c}d\\u{d}e"),
        ("\u{1b}", true, "\\u{1b}"),
        ("\u{1b}[31\u{202e}m", true, "\\u{1b}[31\\u{202e}m"),
        ("line\r\n", true, "line\n"),
        (
            "\u{1b}]8;;file://h/a%20b#3\u{1b}\\x\u{1b}]8;;\u{1b}\\",
            true,
            "\u{1b}]8;;file://h/a%20b#3\u{1b}\\x\u{1b}]8;;\u{1b}\\",
        ),
        ("\u{1b}]8;;file://h/a\u{1b}\\x", false, "\\u{1b}]8;;file://h/a\\u{1b}\\x"),
        ("\u{1b}]8;;https://h/a\u{1b}\\x", true, "\\u{1b}]8;;https://h/a\\u{1b}\\x"),
        ("\u{1b}]8;id=1;file://h/a\u{1b}\\x", true, "\\u{1b}]8;id=1;file://h/a\\u{1b}\\x"),
        ("\u{1b}]8;;file://h/a\u{7}x", true, "\\u{1b}]8;;file://h/a\\u{7}x"),
        ("\u{1b}]8;;\u{1b}[2J", true, "\\u{1b}]8;;\\u{1b}[2J"),
    ] {
        assert_eq!(safe(text, colored), shown, "{text:?}");
    }
}

#[test]
fn of_many_findings_of_one_rule_the_first_are_shown_and_the_rest_counted() {
    let gap = |at: usize| Diagnostic::note("id-gap", format!("gap {at}"));
    let found: Vec<Diagnostic> = (0..SHOWN + 3).map(gap).chain([Diagnostic::error("other", "alone")]).collect();
    let text = rendered(&found, Color::Never);
    assert!(text.contains(&format!("gap {}\n", SHOWN - 1)) && !text.contains(&format!("gap {SHOWN}\n")), "{text}");
    assert!(text.contains("note[id-gap]: 3 more like the first 20") && text.contains("alone"), "{text}");
}
