use super::*;
use crate::task::parse;
use crate::text::Source;

fn shown(block: &str, path: &str) -> Vec<String> {
    let text = format!(
        "- [ ] T001 Some Go in `{path}`\n\n  ```go\n{block}\n  ```\n\n- [ ] T002 More\n\n  ```go\n  func other()\n  ```\n"
    );
    let file = parse(&Source::new("tasks.md", text));
    lines(&file, &file.tasks[0]).0.iter().map(|line| format!("{} {}: {}", line.line, line.key, line.text)).collect()
}

#[test]
fn go_below_a_task_asks_for_what_it_declares() {
    const API: &str = "staging/src/kubevirt.io/api/core/v1/types.go";
    const CODE: &str = "pkg/x/y.go";
    for (block, path, read) in [
        (
            "  // f reads it.\n  func (n *N) f(a int) error",
            CODE,
            vec!["5 function: `(n *N) f(a int) error`, with the comment \"f reads it.\""],
        ),
        ("  func f() {\n  }\n  func g() int { return 1 }", CODE, vec![]),
        (
            "  // A is a.\n  A Kind = \"a\"\n  B int = 2",
            CODE,
            vec!["5 constants: `A Kind = \"a\"`, with the comment \"A is a.\"", "6 constants: `B int = 2`"],
        ),
        ("  const A = \"a\"", CODE, vec!["4 constants: `A = \"a\"`"]),
        ("  A = iota", CODE, vec![]),
        (
            "  type Mode string\n  const (\n    ModeOn Mode = \"on\"\n    Other = \"x\"\n  )",
            CODE,
            vec!["4 enum: `Mode`: `ModeOn = \"on\"`", "4 comment: `Mode` ", "7 constants: `Other = \"x\"`"],
        ),
        (
            "  // Foo is it.\n  type Foo struct {\n    // Name of it\n    // +listType=atomic\n    Name []string `json:\"name\"`\n    v1.Bar `json:\",inline\"`\n  }",
            API,
            vec![
                "5 struct: `Foo`",
                // The break keeps the lines of a comment as they are.
                "5 comment: `Foo` \nFoo is it.",
                // Which of its fields stand behind a blank line: none.
                "5 markers: `Foo` \n",
                "8 field: `Name []string`",
                "8 comment: `Foo.Name` \nName of it",
                "8 markers: `Foo.Name` `+listType=atomic`, `json:\"name\"`",
                "9 field: inline `v1.Bar`",
            ],
        ),
        (
            "  type Foo struct {\n    a, b int\n    c T\n  }",
            CODE,
            vec!["4 struct: `Foo` with fields `a int`, `b int`, `c T`"],
        ),
        ("  type Foo struct {\n    ...\n  }", CODE, vec![]),
        (
            "  type Foo struct {\n    // ... existing fields\n    // It is required.\n    Bar *int `json:\"bar,omitempty\"`\n  }",
            API,
            vec![
                "7 field: `Bar *int` to `Foo`",
                "7 comment: `Foo.Bar` \nIt is required.",
                "7 markers: `Foo.Bar` `json:\"bar,omitempty\"`",
            ],
        ),
        ("  type Foo struct {\n    ...\n    Bar *int\n  }", CODE, vec!["6 field: `Bar *int` to `Foo`"]),
        (
            "  // Mode is a mode.\n  // +kubebuilder:validation:Enum=on\n  type Mode string\n  const (\n    // ModeOn is on.\n    ModeOn Mode = \"on\"\n  )",
            API,
            vec![
                "6 enum: `Mode`: `ModeOn = \"on\"`",
                "6 comment: `Mode` \nMode is a mode.",
                "6 markers: `Mode` `+kubebuilder:validation:Enum=on`",
                // Which of its constants stand behind a blank line: none.
                "6 markers: `Mode` \n",
                "9 comment: `ModeOn` \nModeOn is on.",
            ],
        ),
        ("  import \"x\"\n  var a = 1", CODE, vec![]),
    ] {
        assert_eq!(shown(block, path), read, "{block}");
    }
}
