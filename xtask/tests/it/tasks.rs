//! What holds for every text, however it came about, that is read as a tasks.md.

use kubevirt_scaffold_core::check::{Against, check, fixes, json, sarif};
use kubevirt_scaffold_core::documents::Documents;
use kubevirt_scaffold_core::draft::draft;
use kubevirt_scaffold_core::graph;
use kubevirt_scaffold_core::task::{TaskFile, parse};
use kubevirt_scaffold_core::text::{Source, TextEdits};
use proptest::collection::vec;
use proptest::prelude::*;

/// Lines of the kind that people write, and some that nobody should.
fn line() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "- \\[[ xX~]?\\] \\*{0,2}T-?[0-9]{1,4}[a-c]?\\*{0,2} (\\[P\\] )?(\\[US[1-3]\\] )?[a-z`/._]{0,20}",
        2 => "  - (File|Test|Function|Depends on): [a-zT0-9`/._()-]{0,24}",
        1 => "#{1,4} (Phase [0-9]: |Task [0-9]\\.[0-9]: |Dependencies|Constitutional Compliance)?[A-Za-z -]{0,10}",
        1 => "- (T00[1-9](-T00[1-9])?|Phase [1-3]) (before|→|->|blocks|depends on|←) (T00[1-9]|Phase [1-3])",
        1 => prop::sample::select(vec![
            "```", "```go", "~~~", "<!--", "-->", "---", "> x", "| a | b |", "", "\t- x", "\u{feff}", "**Deliverables**:",
            "<!-- allow: path-none -->", "func f(a int) error {", "├── pkg/ # NEW: x", "Name: \"m\",", "TXXX", "任务T012、完成",
        ]).prop_map(str::to_owned),
        1 => "\\PC{0,30}",
    ]
}

fn document() -> impl Strategy<Value = String> {
    let end = prop::sample::select(vec!["\n", "\r\n", ""]);
    (vec(line(), 0..40), end).prop_map(|(lines, end)| lines.join(if end.is_empty() { "\n" } else { end }) + end)
}

fn bytes() -> impl Strategy<Value = String> {
    vec(any::<u8>(), 0..400).prop_map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

fn prints_back(file: &TaskFile) {
    let text = file.source.text();
    let printed: String = file.lines.iter().map(|line| line.span.of(text)).collect();
    assert_eq!(printed, text);
    for task in &file.tasks {
        let Some(edit) = task.ticked(!task.done) else { continue };
        let span = edit.span;
        let ticked = TextEdits::from(edit).apply(text);
        assert!(ticked.starts_with(&text[..span.start]) && ticked.ends_with(&text[span.end..]));
        let again = parse(&Source::new("tasks.md", ticked));
        assert_eq!(again.tasks.len(), file.tasks.len(), "a tick changes nothing but the tick");
        assert_eq!(again.tasks[task.index].done, !task.done);
    }
}

fn looks_at(text: &str, others: &[String]) {
    let source = Source::new("tasks.md", text);
    let names = ["plan.md", "spec.md", "constitution.md", "data-model.md", "quickstart.md", "contracts/a.yaml"];
    // A plan has a title, or nothing is made of it.
    let titled = |name: &str, text: &str| {
        if name == "plan.md" { format!("# Implementation Plan: X\n\n{text}") } else { text.to_owned() }
    };
    let others = names.iter().zip(others).map(|(name, text)| Source::new(*name, titled(name, text)));
    let documents = Documents::new(others.chain([source.clone()]));
    let against = Against { documents: &documents, tree: None };
    let checked = check(&source, against);
    for diagnostic in &checked.diagnostics {
        diagnostic.render(false);
    }
    json("tasks.md", Some(&checked.file), &checked.diagnostics, None);
    sarif(&checked.diagnostics);
    for fix in fixes(&checked, against) {
        fix.edits.apply(text);
    }
    graph::text(&checked.file, &checked.graph, &checked.analysis);
    graph::mermaid(&checked.file, &checked.graph);
    graph::dot(&checked.file, &checked.graph);
    graph::json(&checked.file, &checked.graph, &checked.analysis);
    if let Ok(drafted) = draft(&documents, "x") {
        assert_eq!(Ok(drafted.text), draft(&documents, "x").map(|again| again.text).map_err(drop));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_file_prints_back_and_a_tick_is_one_edit(text in document()) {
        prints_back(&parse(&Source::new("tasks.md", text)));
    }

    #[test]
    fn any_bytes_are_read(text in bytes()) {
        prints_back(&parse(&Source::new("tasks.md", text.as_str())));
        looks_at(&text, &[]);
    }

    #[test]
    fn any_file_is_checked_drawn_and_extended(text in document(), others in vec(document(), 6)) {
        looks_at(&text, &others);
    }
}
