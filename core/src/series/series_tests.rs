//! The rules of messages, with titles that nobody has developed against.

use std::fmt::Write as _;

use super::*;
use crate::survey::Survey;
use crate::tree::MemoryTree;

fn tree() -> MemoryTree {
    MemoryTree::new([
        ("go.mod", "module kubevirt.io/kubevirt\n"),
        ("pkg/virt-config/feature-gates.go", "package virtconfig\n"),
        ("pkg/virt-handler/vm.go", "package virthandler\n"),
        ("docs/x.md", "# X\n"),
        ("staging/src/kubevirt.io/api/core/v1/types.go", "package v1\n"),
    ])
}

fn steps(text: &str) -> (Series, Vec<Message>) {
    let tree = tree();
    let survey = Survey::new(&tree).unwrap();
    let source = Source::new("tasks.md", text);
    let ids: Vec<String> = crate::task::parse(&source).tasks.iter().map(|task| task.id.clone()).collect();
    let series = series(&source, &survey, &Options::default(), &ids).unwrap();
    let messages = series.steps.iter().map(|step| Message::new(&series.whole.plan, step, "virt-handler")).collect();
    (series, messages)
}

#[test]
fn messages_keep_the_guidelines_whatever_a_title_says() {
    let titles = [
        "The guide of @jane/team for guests, which fixes #12.",
        "A guide with a title that is so long that no subject of a commit has room for all of it, not by far (closes kubevirt/kubevirt#99)",
        "`Guide`",
        "Signed-off-by: Somebody Else <x@y.z>",
        "Überarbeitete Anleitung für Gäste, die sehr lange schlafen und dann plötzlich wieder aufwachen möchten",
        "Averyveryveryveryveryveryveryveryveryveryveryveryveryveryveryverylongword",
        "resolves https://github.com/kubevirt/kubevirt/issues/1",
    ];
    let mut text = "# Tasks: Guests, 4 of all\n\n## Phase 1: Docs\n\n".to_owned();
    for (at, title) in titles.iter().enumerate() {
        let _ = writeln!(text, "- [ ] T{:03} **{title}**\n  - File: `docs/page{at}.md`\n  - Content: A", at + 1);
    }
    let (series, messages) = steps(&text);
    assert_eq!(series.steps.len(), titles.len());
    for message in messages {
        assert_eq!(complaints(&message), [""; 0], "{}", message.text());
        assert!(!message.text().lines().any(|line| line.to_lowercase().contains("-by:")), "{}", message.text());
    }
}

#[test]
fn what_uses_a_name_goes_with_what_declares_it() {
    let change = |path: &str, text: &str| Change {
        path: RepoPath::known(path),
        before: None,
        after: text.into(),
        tasks: vec![0],
        order: 0,
        is_generated: false,
    };
    let types = change("a/types.go", "package a\n\ntype Clock struct {\n\tZone string\n}\n\nfunc newClock() {}\n");
    let user =
        change("b/use.go", "package b\n\n// newClock\nfunc use(c Clock) string { return c.Zone + \"newClock\" }\n");
    let promised = names::declared(&[types.clone(), user.clone()]);
    assert!(["Clock", "Zone", "newClock", "use"].iter().all(|name| promised.contains(*name)), "{promised:?}");
    assert_eq!(names::missing(std::slice::from_ref(&user), &promised), 2);
    assert_eq!(names::missing(&[types, user], &promised), 0);
}
