use super::{markdown, topics};

#[test]
fn a_title_says_what_a_page_holds() {
    for (subject, is_path_first, said) in [
        ("what it returns, how to filter it", true, &["What it returns", "How to filter it"][..]),
        ("Guest clock: limits; zones, known and unknown", false, &["Limits", "Zones, known and unknown"]),
        ("Document the filter and the answer", false, &["The filter and the answer"]),
        ("Document the feature", false, &[]),
        ("a page for users; sections: Overview, Known limits", false, &["Overview", "Known limits"]),
        ("Document rate limits: enabling, units and dead ends", false, &["Enabling", "Units", "Dead ends"]),
        ("Document it: what it shows, known limits", false, &["What it shows", "Known limits"]),
        ("user docs: (how to enable it, limits)", false, &["How to enable it", "Limits"]),
        ("docs: update (if needed)", false, &[]),
        (
            "explains when to use it, its limits and how to watch it",
            true,
            &["When to use it", "Its limits", "How to watch it"],
        ),
        ("a page that describes the known limits", true, &["The known limits"]),
        ("docs: add a \"Known limits\" section to", false, &["Known limits"]),
        ("New page with sections Symptoms, Diagnosis and Fixes", false, &["Symptoms", "Diagnosis", "Fixes"]),
        ("Write user-facing documentation on how to enable it", false, &["How to enable it"]),
        ("User guide", false, &[]),
        ("User guide", true, &[]),
        ("", true, &[]),
    ] {
        assert_eq!(topics(subject, is_path_first), said, "{subject}");
    }
}

#[test]
fn a_heading_holds_words_and_code_alone() {
    for (text, shown) in [
        ("Known limits", "Known limits"),
        ("The `--flag <x>` flag", "The `--flag <x>` flag"),
        ("<script>x</script>", "\\<script\\>x\\</script\\>"),
        ("[x](javascript:y) | z", "\\[x\\](javascript:y) \\| z"),
        ("a ` <b>", "a \\` \\<b\\>"),
        ("``<b>``", "\\`\\`\\<b\\>\\`\\`"),
        ("&lt;b\u{202e}", "\\&lt;b\\\\u{202e}"),
    ] {
        assert_eq!(markdown(text), shown);
    }
}
