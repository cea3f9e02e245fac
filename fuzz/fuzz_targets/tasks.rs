//! Any bytes as a tasks.md, with any bytes as the documents beside it.
#![no_main]

use kubevirt_scaffold_core::check::{Against, check, fixes, json, sarif};
use kubevirt_scaffold_core::documents::Documents;
use kubevirt_scaffold_core::graph;
use kubevirt_scaffold_core::task::parse;
use kubevirt_scaffold_core::text::{Source, TextEdits};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    // What stands behind a form feed is a document of its own.
    let mut parts = text.split('\u{c}');
    let source = Source::new("tasks.md", parts.next().unwrap_or_default());
    let names = ["plan.md", "spec.md", "constitution.md", "data-model.md", "quickstart.md", "contracts/a.yaml"];
    let documents = Documents::new(names.into_iter().zip(parts).map(|(name, text)| Source::new(name, text)));

    let file = parse(&source);
    let printed: String = file.lines.iter().map(|line| line.span.of(source.text())).collect();
    assert_eq!(printed, source.text(), "a parsed file prints back");
    for task in &file.tasks {
        let Some(edit) = task.ticked(!task.done) else { continue };
        let span = edit.span;
        let ticked = TextEdits::from(edit).apply(source.text());
        assert!(ticked.starts_with(&source.text()[..span.start]) && ticked.ends_with(&source.text()[span.end..]));
    }

    let against = Against { documents: &documents, tree: None };
    let checked = check(&source, against);
    for diagnostic in &checked.diagnostics {
        diagnostic.render(false);
    }
    json("tasks.md", Some(&checked.file), &checked.diagnostics);
    sarif(&checked.diagnostics);
    for fix in fixes(&checked, against) {
        fix.edits.apply(source.text());
    }
    if checked.file.tasks.len() < 200 {
        graph::text(&checked.file, &checked.graph, &checked.analysis);
        graph::mermaid(&checked.file, &checked.graph);
        graph::dot(&checked.file, &checked.graph);
        graph::json(&checked.file, &checked.graph, &checked.analysis);
    }
});
